//! Functions that put arrays and objects together. Conditional arguments are joined, not multiplied: what only one
//! alternative brings is there under its condition, so twenty optional parts stay one value with twenty guards.

use indexmap::map::Entry;
use rolecall_value::{Array, Case, Condition, Inputs, Item, Kind, Object, Property, Type, Value, truth};
use rustc_hash::FxHashMap;

use super::arrays::each_of;
use super::spread::{compare, names_apart};
use super::strings::text_of;
use super::{Answer, Call, MAX_ITEMS, Stop, expand, mismatch, open, spread, type_of};

/// How many properties an open object may put in doubt one by one.
const MAX_DOUBTS: usize = 64;

/// Strings or arrays, one after the other.
pub(super) fn concat(call: &Call<'_>, arguments: &[Value]) -> Answer {
    let expanded: Vec<Value> = arguments.iter().map(|value| unless_text(call.inputs, value)).collect();
    if expanded.iter().any(is_array) {
        if !expanded.iter().all(|value| value.alternatives().iter().all(|(_, value)| is_array(value) || is_open(value)))
        {
            return Ok(spread::each(call, &expanded, |chosen| match chosen.iter().any(is_array) {
                true => call.settle(concat_arrays(chosen), chosen),
                false => call.settle(concat_strings(chosen), chosen),
            }));
        }
        return concat_arrays(&expanded);
    }
    Ok(spread::textual(call, arguments, |_, chosen| concat_strings(chosen)))
}

/// Closed inputs of arrays taken apart; others stay to become holes.
fn unless_text(inputs: &Inputs, value: &Value) -> Value {
    let expanded = expand(inputs, value);
    if is_array(&expanded) { expanded } else { value.clone() }
}

/// Whether the value is or may be an array.
fn is_array(value: &Value) -> bool {
    value.alternatives().iter().any(|(_, value)| type_of(value) == Some(Type::Array))
}

fn is_open(value: &Value) -> bool {
    matches!(value.kind(), Kind::Symbol(_) | Kind::Unknown(_))
}

fn concat_arrays(arguments: &[Value]) -> Answer {
    let mut items = Vec::new();
    for argument in arguments {
        spill(argument, &Condition::TRUE, &mut items)?;
    }
    Ok(Array { items }.into())
}

/// Adds the items of an array, and any number of items for one that is not known.
fn spill(value: &Value, when: &Condition, items: &mut Vec<Item>) -> Result<(), Stop> {
    for (alternative, value) in value.alternatives() {
        let when = when.and(&alternative);
        match value.kind() {
            Kind::Array(array) => {
                items.extend(array.items.iter().filter_map(|item| {
                    let when = item.when.and(&when);
                    (!when.is_false()).then(|| Item { when, ..item.clone() })
                }));
            }
            Kind::Symbol(_) | Kind::Unknown(_) => items.push(Item { when, ..each_of(value, value) }),
            _ => return Err(mismatch(value, "an array")),
        }
    }
    if items.len() > MAX_ITEMS * 16 {
        return Err(Stop::Limit("the array is too long".to_owned()));
    }
    Ok(())
}

fn concat_strings(arguments: &[Value]) -> Answer {
    for argument in arguments {
        if matches!(argument.kind(), Kind::Array(_) | Kind::Object(_)) {
            return Err(mismatch(argument, "a string"));
        }
    }
    Ok(text_of(arguments.iter().map(|value| rolecall_value::Piece::Hole(value.clone()))))
}

/// An array of the arguments.
pub(super) fn create_array(_: &Call<'_>, arguments: &[Value]) -> Answer {
    Ok(Value::array(arguments.iter().cloned()))
}

/// An object of names and values by turns.
pub(super) fn create_object(call: &Call<'_>, arguments: &[Value]) -> Answer {
    if !arguments.len().is_multiple_of(2) {
        return Err(Stop::Invalid("a name has no value".to_owned()));
    }
    let mut object = Object::default();
    for pair in arguments.chunks_exact(2) {
        let name = expand(call.inputs, &pair[0]);
        for (_, name) in name.alternatives() {
            if !matches!(name.kind(), Kind::Str(_) | Kind::Text(_) | Kind::Symbol(_) | Kind::Unknown(_)) {
                return Err(mismatch(name, "a string"));
            }
        }
        object.insert(&name, pair[1].clone().into());
    }
    Ok(object.into())
}

/// The items of the arrays in an array.
pub(super) fn flatten(call: &Call<'_>, arguments: &[Value]) -> Answer {
    let [value] = arguments else { return Err(Stop::Open) };
    let mut items = Vec::new();
    for (alternative, value) in expand(call.inputs, value).alternatives() {
        let Kind::Array(array) = value.kind() else { return Err(mismatch(value, "an array")) };
        for item in &array.items {
            let from = items.len();
            spill(&expand(call.inputs, &item.value), &item.when.and(&alternative), &mut items)?;
            items[from..].iter_mut().for_each(|spilled| spilled.many |= item.many);
        }
    }
    Ok(Array { items }.into())
}

/// Arrays without duplicates, or objects merged: nested objects too, the later value where both have one that is no object.
pub(super) fn union(call: &Call<'_>, arguments: &[Value]) -> Answer {
    let expanded: Vec<Value> = arguments.iter().map(|value| expand(call.inputs, value)).collect();
    let any = |test: fn(&Value) -> bool| {
        expanded.iter().any(|value| value.alternatives().iter().any(|(_, value)| test(value)))
    };
    let arrays = any(|value| matches!(value.kind(), Kind::Array(_)));
    let objects = any(|value| matches!(value.kind(), Kind::Object(_)));
    match (arrays, objects) {
        (true, false) => union_arrays(call.inputs, &expanded),
        (false, true) => union_objects(call.inputs, &expanded, true),
        (false, false) => {
            match expanded.iter().flat_map(|value| value.alternatives()).find(|(_, value)| !is_open(value)) {
                Some((_, wrong)) => Err(mismatch(wrong, "an array or an object")),
                None => Err(Stop::Open),
            }
        }
        (true, true) => Ok(spread::each(call, &expanded, |chosen| {
            let answer = match chosen.iter().any(|value| value.as_array().is_some()) {
                true => union_arrays(call.inputs, chosen),
                false => union_objects(call.inputs, chosen, true),
            };
            call.settle(answer, chosen)
        })),
    }
}

/// The objects in an array merged on their first level; the later property wins.
pub(super) fn shallow_merge(call: &Call<'_>, arguments: &[Value]) -> Answer {
    let [value] = arguments else { return Err(Stop::Open) };
    let mut all = Object::default();
    for (alternative, value) in expand(call.inputs, value).alternatives() {
        let Kind::Array(array) = value.kind() else { return Err(mismatch(value, "an array of objects")) };
        for item in &array.items {
            if item.many {
                return Err(Stop::Open);
            }
            add(call.inputs, &mut all, &expand(call.inputs, &item.value), &item.when.and(&alternative), false)?;
        }
    }
    Ok(all.into())
}

/// What two equal items keep is the first. Two that may be equal both stay: what reads an array as a set sees no
/// difference.
fn union_arrays(inputs: &Inputs, arguments: &[Value]) -> Answer {
    let mut all = Vec::new();
    for argument in arguments {
        spill(argument, &Condition::TRUE, &mut all)?;
    }
    Ok(Array { items: distinct(inputs, all) }.into())
}

fn distinct(inputs: &Inputs, all: Vec<Item>) -> Vec<Item> {
    const MAX_COMPARED: usize = 256;
    let mut items: Vec<Item> = Vec::with_capacity(all.len());
    // Where each known item stands, once for each guard that it came with.
    let mut known: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    let mut open: Vec<usize> = Vec::new();
    for mut item in all {
        if item.many {
            items.push(item);
            continue;
        }
        let text = item.value.is_known().then(|| item.value.text());
        let alike = text.as_ref().and_then(|text| known.get(text)).map_or(&[][..], Vec::as_slice);
        for other in alike {
            item.when = item.when.and_not(&items[*other].when);
        }
        let every: Vec<usize>;
        let others = if text.is_some() {
            &open
        } else {
            every = (0..items.len().min(MAX_COMPARED)).collect();
            &every
        };
        for other in others.iter().take(MAX_COMPARED).map(|place| &items[*place]).filter(|other| !other.many) {
            if item.when.is_false() {
                break;
            }
            let equal = compare(inputs, &other.value, &item.value, Case::Sensitive).equal;
            item.when = item.when.and_not(&equal.and(&other.when));
        }
        if item.when.is_false() {
            continue;
        }
        match text {
            Some(text) => known.entry(text).or_default().push(items.len()),
            None => open.push(items.len()),
        }
        items.push(item);
    }
    items
}

fn union_objects(inputs: &Inputs, arguments: &[Value], deep: bool) -> Answer {
    let mut all = Object::default();
    for argument in arguments {
        add(inputs, &mut all, argument, &Condition::TRUE, deep)?;
    }
    Ok(all.into())
}

/// Merges an object into another, where a condition holds.
fn add(inputs: &Inputs, all: &mut Object, value: &Value, when: &Condition, deep: bool) -> Result<(), Stop> {
    for (alternative, value) in value.alternatives() {
        let when = when.and(&alternative);
        if when.is_false() {
            continue;
        }
        match value.kind() {
            Kind::Object(object) => {
                if let Some(rest) = &object.rest {
                    add_open(inputs, all, rest, &when, deep);
                }
                for (name, property) in object.entries() {
                    let property = Property { when: property.when.and(&when), ..property.clone() };
                    add_property(inputs, all, &name, property, deep);
                }
            }
            Kind::Symbol(_) | Kind::Unknown(_) => add_open(inputs, all, value, &when, deep),
            _ => return Err(mismatch(value, "an object")),
        }
    }
    Ok(())
}

fn add_property(inputs: &Inputs, all: &mut Object, name: &Value, new: Property, deep: bool) {
    if new.when.is_false() {
        return;
    }
    let key = name.as_str().map_or_else(|| name.text().into(), rolecall_value::Key::from);
    let behind = all.rest.as_ref().filter(|_| deep).and_then(|rest| rest.get(name.as_str()?));
    match all.properties.entry(key) {
        Entry::Occupied(mut entry) => {
            let old = entry.get_mut();
            let present = old.when.or(&new.when);
            old.value = if deep { merged(inputs, old, &new, &present) } else { later(old, &new) };
            old.when = present;
        }
        Entry::Vacant(entry) => {
            let value = match (new.value.kind(), behind) {
                (Kind::Object(_), Some(behind)) => overlaid(&new.value, &behind),
                _ => new.value,
            };
            entry.insert(Property { value, ..new });
        }
    }
}

fn later(old: &Property, new: &Property) -> Value {
    // Where both are absent the value does not matter, so only the later one's condition chooses.
    if old.when.implies(&new.when) { new.value.clone() } else { Value::choose(&new.when, &new.value, &old.value) }
}

/// Two properties of one name: objects are merged into one with guarded parts, of anything else the later one wins.
fn merged(inputs: &Inputs, old: &Property, new: &Property, present: &Condition) -> Value {
    let all_objects = |value: &Value| value.alternatives().iter().all(|(_, value)| value.as_object().is_some());
    let some_object = |value: &Value| value.alternatives().iter().any(|(_, value)| value.as_object().is_some());
    if all_objects(&old.value) && all_objects(&new.value) {
        let guard = |when: &Condition| if present.implies(when) { Condition::TRUE } else { when.clone() };
        let mut object = Object::default();
        // Objects cannot be the wrong type.
        let _ = add(inputs, &mut object, &old.value, &guard(&old.when), true);
        let _ = add(inputs, &mut object, &new.value, &guard(&new.when), true);
        return Value::from(object).with_origin(new.value.origin());
    }
    if !some_object(&old.value) || !some_object(&new.value) {
        return later(old, new);
    }
    let mut parts = vec![(new.when.not(), old.value.clone()), (new.when.and_not(&old.when), new.value.clone())];
    let both = old.when.and(&new.when);
    for (x, a) in old.value.alternatives() {
        for (y, b) in new.value.alternatives() {
            let when = both.and(&x).and(&y);
            let value = match (a.as_object(), b.as_object()) {
                (Some(_), Some(_)) if !when.is_false() => {
                    union_objects(inputs, &[a.clone(), b.clone()], true).unwrap_or_else(|_| b.clone())
                }
                _ => b.clone(),
            };
            parts.push((when, value));
        }
    }
    Value::cond(parts)
}

/// An object with an open one behind it, on every level.
fn overlaid(value: &Value, behind: &Value) -> Value {
    let Kind::Object(object) = value.kind() else { return value.clone() };
    if object.rest.is_some() {
        return value.clone();
    }
    let mut object = Object::clone(object);
    for (key, property) in &mut object.properties {
        if let Some(behind) = behind.get(key.as_str()).filter(|_| property.name.is_none()) {
            property.value = overlaid(&property.value, &behind);
        }
    }
    object.rest = Some(behind.clone());
    Value::from(object).with_origin(value.origin())
}

/// Merges an open object in: what is there already holds only where the open one does not say otherwise.
fn add_open(inputs: &Inputs, all: &mut Object, rest: &Value, when: &Condition, deep: bool) {
    let before = Value::from(Object::clone(all));
    let many = all.properties.len() > MAX_DOUBTS;
    let merged = open("union", &[before, rest.clone()]);
    for (key, property) in &mut all.properties {
        let name = property.name.clone().unwrap_or_else(|| Value::string(key.shared()));
        let theirs = name
            .as_str()
            .and_then(|name| rest.get(name))
            .unwrap_or_else(|| open("member", &[rest.clone(), name.clone()]));
        if deep
            && when.is_true()
            && property.value.as_object().is_some_and(|object| object.rest.is_none())
            && property.when.is_true()
        {
            let mut inner = property.value.as_object().cloned().unwrap_or_default();
            add_open(inputs, &mut inner, &theirs, when, deep);
            property.value = Value::from(inner).with_origin(property.value.origin());
            continue;
        }
        if many {
            let doubtful = open("member", &[merged.clone(), name]);
            property.value = Value::choose(when, &doubtful, &property.value);
            continue;
        }
        let says = truth(inputs, &open("contains", &[rest.clone(), name])).and(when);
        property.value = Value::choose(&says, &theirs, &property.value);
        property.when = property.when.or(&says);
    }
    let rest = if when.is_true() { rest.clone() } else { Value::choose(when, rest, &Value::from(Object::default())) };
    all.rest = Some(match all.rest.take() {
        Some(before) if before != rest => open("union", &[before, rest]),
        _ => rest,
    });
}

/// What all arrays have, or what all objects have with the same value.
pub(super) fn intersection(call: &Call<'_>, arguments: &[Value]) -> Answer {
    let Some((first, others)) = arguments.split_first() else { return Err(Stop::Open) };
    match first.kind() {
        Kind::Array(array) => {
            let others: Vec<&Array> = others
                .iter()
                .map(|other| other.as_array().ok_or_else(|| mismatch(other, "an array")))
                .collect::<Result<_, _>>()?;
            intersect_arrays(call.inputs, array, &others)
        }
        Kind::Object(object) => {
            let others: Vec<&Object> = others
                .iter()
                .map(|other| other.as_object().ok_or_else(|| mismatch(other, "an object")))
                .collect::<Result<_, _>>()?;
            intersect_objects(call.inputs, object, &others)
        }
        _ => Err(mismatch(first, "an array or an object")),
    }
}

fn intersect_arrays(inputs: &Inputs, first: &Array, others: &[&Array]) -> Answer {
    let comparisons = others.iter().map(|other| other.items.len()).sum::<usize>().saturating_mul(first.items.len());
    if comparisons > MAX_ITEMS * 16 {
        return Err(Stop::Limit("the arrays are too long to compare".to_owned()));
    }
    let mut items = Vec::new();
    for item in distinct(inputs, first.items.clone()) {
        let mut when = item.when.clone();
        for other in others {
            let mut found = Condition::FALSE;
            let mut absent = Condition::TRUE;
            for candidate in &other.items {
                let answer = compare(inputs, &item.value, &candidate.value, Case::Sensitive);
                if !candidate.many {
                    found = found.or(&answer.equal.and(&candidate.when));
                }
                absent = absent.and(&answer.different.or(&candidate.when.not()));
            }
            if !found.or(&absent).is_true() {
                return Err(Stop::Open);
            }
            when = when.and(&found);
        }
        if !when.is_false() {
            items.push(Item { when, ..item });
        }
    }
    Ok(Array { items }.into())
}

fn intersect_objects(inputs: &Inputs, first: &Object, others: &[&Object]) -> Answer {
    let mut object = Object::default();
    let first = &names_apart(inputs, first);
    let others: Vec<Object> = others.iter().map(|other| names_apart(inputs, other)).collect();
    let plain =
        |object: &Object| object.rest.is_none() && object.properties.values().all(|property| property.name.is_none());
    if !plain(first) || !others.iter().all(plain) {
        return Err(Stop::Open);
    }
    for (key, property) in &first.properties {
        let mut when = property.when.clone();
        for other in &others {
            let Some(other) = other.properties.get(key) else {
                when = Condition::FALSE;
                break;
            };
            let answer = compare(inputs, &property.value, &other.value, Case::Sensitive);
            if !answer.undecided().is_false() {
                return Err(Stop::Open);
            }
            when = when.and(&other.when).and(&answer.equal);
        }
        if !when.is_false() {
            object.properties.insert(key.clone(), Property { when, ..property.clone() });
        }
    }
    Ok(object.into())
}
