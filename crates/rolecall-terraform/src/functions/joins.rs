//! Functions that make one collection of several: maps merged, lists joined and flattened, sets combined.

use rolecall_value::{Array, Condition, Inputs, Item, Kind, Object, Property, ReasonKind, Value, truth};

use super::collections::contains;
use super::list;
use crate::values::{as_set, error, expand, is_error, iterate, make_set, pending, scalar_text, texts};

/// How many elements a product may have.
const MAX_PRODUCT: usize = 100_000;

pub(super) fn merge(inputs: &Inputs, arguments: &[Value]) -> Value {
    let arguments: Vec<Value> = arguments.iter().map(|argument| expand(inputs, argument)).collect();
    let mut out = Object::default();
    let mut failed = None;
    for argument in &arguments {
        for (when, value) in argument.alternatives() {
            match value.kind() {
                Kind::Null => {}
                Kind::Object(object) => {
                    if let Some(rest) = &object.rest {
                        add_open(inputs, &mut out, rest, &when);
                    }
                    for (key, property) in object.entries() {
                        let property = Property { when: when.and(&property.when), ..property.clone() };
                        if !property.when.is_false() {
                            out.insert(&key, Property { name: None, ..property });
                        }
                    }
                }
                _ if is_error(value) => failed = Some(value.clone()),
                Kind::Symbol(_) | Kind::Unknown(_) => add_open(inputs, &mut out, value, &when),
                _ => failed = Some(error("`merge` of a value that is no map", format!("merge({})", texts(&arguments)))),
            }
        }
    }
    match failed {
        Some(failed) if out.properties.is_empty() => failed,
        _ => out.into(),
    }
}

/// An open map behind what is known: a key that is there already stays only where the open one does not have it.
fn add_open(inputs: &Inputs, out: &mut Object, open: &Value, when: &Condition) {
    for (key, property) in &mut out.properties {
        let name = property.name.clone().unwrap_or_else(|| Value::string(key.shared()));
        let theirs = name
            .as_str()
            .and_then(|name| open.get(name))
            .unwrap_or_else(|| pending("lookup", &[open.clone(), name.clone()]));
        let has = truth(inputs, &pending("contains", &[pending("keys", std::slice::from_ref(open)), name])).and(when);
        property.value = Value::choose(&has, &theirs, &property.value);
        property.when = property.when.or(&has);
    }
    let open = if when.is_true() { open.clone() } else { Value::choose(when, open, &Object::default().into()) };
    out.rest = Some(match out.rest.take() {
        None => open,
        Some(before) if before == open => before,
        Some(before) => pending("merge", &[before, open]),
    });
}

pub(super) fn concat(inputs: &Inputs, arguments: &[Value]) -> Value {
    let mut items = Vec::new();
    for argument in arguments {
        match append(inputs, argument, &Condition::TRUE, &mut items) {
            Ok(()) => {}
            Err(value) => return value,
        }
    }
    Array { items }.into()
}

/// Adds the elements of a list, which may be conditional or open.
fn append(inputs: &Inputs, value: &Value, when: &Condition, items: &mut Vec<Item>) -> Result<(), Value> {
    for (own, alternative) in expand(inputs, value).alternatives() {
        let when = when.and(&own);
        if when.is_false() {
            continue;
        }
        match alternative.kind() {
            Kind::Null if !own.is_true() => {}
            Kind::Unknown(_) if is_error(alternative) => return Err(alternative.clone()),
            _ => match as_set(alternative).or(alternative.as_array()) {
                Some(array) => {
                    let all = array.items.iter().map(|item| Item { when: when.and(&item.when), ..item.clone() });
                    items.extend(all.filter(|item| !item.when.is_false()));
                }
                None => {
                    for entry in iterate(inputs, alternative)? {
                        let when = when.and(&entry.when);
                        if !when.is_false() {
                            items.push(Item { value: entry.value, when, many: entry.many });
                        }
                    }
                }
            },
        }
    }
    Ok(())
}

pub(super) fn flatten(inputs: &Inputs, value: &Value) -> Value {
    let mut items = Vec::new();
    match flatten_into(inputs, value, &Condition::TRUE, false, 0, &mut items) {
        Ok(()) => Array { items }.into(),
        Err(value) => value,
    }
}

fn flatten_into(
    inputs: &Inputs,
    value: &Value,
    when: &Condition,
    many: bool,
    depth: u32,
    items: &mut Vec<Item>,
) -> Result<(), Value> {
    if depth > 64 {
        return Err(Value::unknown(ReasonKind::Limit, "lists nest too deep", "flatten"));
    }
    for (own, alternative) in value.alternatives() {
        let when = when.and(&own);
        if when.is_false() {
            continue;
        }
        if is_error(alternative) && depth == 0 {
            return Err(alternative.clone());
        }
        match as_set(alternative).or(alternative.as_array()) {
            Some(array) => {
                for item in &array.items {
                    let when = when.and(&item.when);
                    flatten_into(inputs, &item.value, &when, many || item.many, depth + 1, items)?;
                }
            }
            None if depth == 0 => append(inputs, alternative, &when, items)?,
            // An open element may be a list itself: it stands for its own elements either way.
            None => items.push(Item { value: alternative.clone(), when, many }),
        }
    }
    Ok(())
}

pub(super) fn set_operation(inputs: &Inputs, name: &str, arguments: &[Value]) -> Value {
    if name == "setunion" {
        let joined = concat(inputs, arguments);
        return match joined.as_array() {
            Some(array) => make_set(array.items.clone()),
            None => joined,
        };
    }
    let sets: Option<Vec<Vec<Item>>> = arguments
        .iter()
        .map(|argument| {
            let joined = concat(inputs, std::slice::from_ref(argument));
            joined.as_array().filter(|array| array.items.iter().all(|item| !item.many)).map(|array| array.items.clone())
        })
        .collect();
    let Some(sets) = sets else { return pending(name, arguments) };
    let Some((first, others)) = sets.split_first() else { return make_set(Vec::new()) };
    let others: Vec<rustc_hash::FxHashMap<String, Condition>> = others
        .iter()
        .map(|items| {
            let mut map: rustc_hash::FxHashMap<String, Condition> = rustc_hash::FxHashMap::default();
            for item in items {
                let known = map.entry(item.value.text()).or_insert(Condition::FALSE);
                *known = known.or(&item.when);
            }
            map
        })
        .collect();
    let mut out = Vec::new();
    for item in first {
        let text = item.value.text();
        let mut when = item.when.clone();
        for other in &others {
            let there = other.get(&text).cloned().unwrap_or(Condition::FALSE);
            when = if name == "setintersection" { when.and(&there) } else { when.and_not(&there) };
        }
        if !when.is_false() {
            out.push(Item { when, ..item.clone() });
        }
    }
    make_set(out)
}

pub(super) fn zipmap(inputs: &Inputs, keys: &Value, values: &Value) -> Value {
    let (Some(keys_array), Some(values_array)) = (as_set(keys).or(keys.as_array()), values.as_array()) else {
        return pending("zipmap", &[keys.clone(), values.clone()]);
    };
    let _ = inputs;
    if keys_array.items.len() != values_array.items.len() {
        return error("`zipmap` needs as many keys as values", "zipmap");
    }
    let mut object = Object::default();
    for (key, value) in keys_array.items.iter().zip(&values_array.items) {
        object.insert(&key.value, Property { name: None, value: value.value.clone(), when: key.when.and(&value.when) });
    }
    object.into()
}

pub(super) fn matchkeys(inputs: &Inputs, values: &Value, keys: &Value, wanted: &Value) -> Value {
    let (Some(values_array), Some(keys_array)) = (values.as_array(), keys.as_array()) else {
        return pending("matchkeys", &[values.clone(), keys.clone(), wanted.clone()]);
    };
    let mut items = Vec::new();
    for (value, key) in values_array.items.iter().zip(&keys_array.items) {
        let when = value.when.and(&truth(inputs, &contains(inputs, wanted, &key.value)));
        if !when.is_false() {
            items.push(Item { when, ..value.clone() });
        }
    }
    Array { items }.into()
}

pub(super) fn transpose(value: &Value) -> Option<Value> {
    let mut out: std::collections::BTreeMap<String, Vec<Value>> = std::collections::BTreeMap::new();
    let mut entries: Vec<_> = value.as_object()?.properties.iter().collect();
    entries.sort_by(|(a, _), (b, _)| a.as_str().cmp(b.as_str()));
    for (key, property) in entries {
        for item in list(&property.value)? {
            out.entry(scalar_text(&item)?).or_default().push(Value::string(key.shared()));
        }
    }
    Some(Value::object(out.into_iter().map(|(key, values)| (key, Value::array(values)))))
}

pub(super) fn setproduct(inputs: &Inputs, arguments: &[Value]) -> Value {
    let sets = arguments.iter().all(|argument| as_set(argument).is_some());
    let mut rows: Vec<(Vec<Value>, Condition, bool)> = vec![(Vec::new(), Condition::TRUE, false)];
    for argument in arguments {
        let entries = match iterate(inputs, argument) {
            Ok(entries) => entries,
            Err(error) => return error,
        };
        if rows.len().saturating_mul(entries.len()) > MAX_PRODUCT {
            let detail = format!("`setproduct` has more than {MAX_PRODUCT} elements");
            return Value::unknown(ReasonKind::Limit, detail, "setproduct");
        }
        let mut next = Vec::with_capacity(rows.len() * entries.len());
        for (row, when, many) in &rows {
            for entry in &entries {
                let both = when.and(&entry.when);
                if !both.is_false() {
                    let mut row = row.clone();
                    row.push(entry.value.clone());
                    next.push((row, both, *many || entry.many));
                }
            }
        }
        rows = next;
    }
    let items: Vec<Item> =
        rows.into_iter().map(|(row, when, many)| Item { value: Value::array(row), when, many }).collect();
    if sets { make_set(items) } else { Array { items }.into() }
}
