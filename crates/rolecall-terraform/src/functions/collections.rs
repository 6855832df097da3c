//! Functions over collections, which need not know all of them.

use rolecall_value::{
    Array, Case, Condition, Inputs, Item, Kind, Object, Property, ReasonKind, Value, equality, truth,
};

use super::{is_settled, list};
use crate::types::Type;
use crate::values::{
    Entry, as_set, distribute, error, expand, from_condition, index, is_error, iterate, make_set, pending, scalar_text,
    texts,
};

/// How many elements a product may have.
const MAX_PRODUCT: usize = 100_000;

pub(super) fn call(inputs: &Inputs, name: &str, arguments: &[Value]) -> Option<Value> {
    let first = || arguments.first().cloned().unwrap_or_else(Value::null);
    Some(match (name, arguments) {
        ("length", [value]) => length(inputs, value),
        ("merge", _) => merge(inputs, arguments),
        ("concat", _) => concat(inputs, arguments),
        ("flatten", [value]) => flatten(inputs, value),
        ("keys", [value]) => entries_list(inputs, name, value, |entry| entry.key),
        ("values", [value]) => entries_list(inputs, name, value, |entry| entry.value),
        ("toset", [value]) => over_list(inputs, name, value, &|items| make_set(unify(items))),
        ("tolist", [value]) => over_list(inputs, name, value, &|items| Array { items: unify(items) }.into()),
        ("list", _) => Value::array(arguments.iter().cloned()),
        ("map", _) => {
            let mut object = Object::default();
            for pair in arguments.chunks(2) {
                if let [key, value] = pair {
                    object.insert(key, Property::from(value.clone()));
                }
            }
            object.into()
        }
        ("tomap", [value]) => value.clone(),
        ("tostring", [value]) => scalar_type(&Type::String, value, inputs, "string"),
        ("tonumber", [value]) => scalar_type(&Type::Number, value, inputs, "number"),
        ("tobool", [value]) => scalar_type(&Type::Bool, value, inputs, "bool"),
        ("distinct", [value]) => over_list(inputs, name, value, &|items| distinct(items)),
        ("compact", [value]) => over_list(inputs, name, value, &|items| compact(inputs, items)),
        ("reverse", [value]) => over_list(inputs, name, value, &|mut items| {
            items.reverse();
            Array { items }.into()
        }),
        ("one", [value]) => one(inputs, value),
        ("element", [value, at]) => element(inputs, value, at),
        ("lookup", [map, key]) => index(inputs, map, key),
        ("lookup", [map, key, default]) => or_else(&index(inputs, map, key), default),
        ("contains", [value, wanted]) => contains(inputs, value, wanted),
        ("index", [value, wanted]) => index_of(inputs, value, wanted),
        ("coalesce", _) => coalesce(inputs, arguments, &|value| value.is_null() || value.as_str() == Some("")),
        ("coalescelist", _) => coalesce(inputs, arguments, &|value| {
            value.is_null() || as_set(value).or(value.as_array()).is_some_and(|array| array.items.is_empty())
        }),
        ("alltrue" | "anytrue", [value]) => all_true(inputs, name == "alltrue", value),
        ("setunion" | "setintersection" | "setsubtract", _) => set_operation(inputs, name, arguments),
        ("zipmap", [keys, values]) => zipmap(inputs, keys, values),
        ("slice", [value, start, end]) => slice(inputs, value, start, end),
        ("chunklist", [value, size]) => chunklist(inputs, value, size),
        ("matchkeys", [values, keys, wanted]) => matchkeys(inputs, values, keys, wanted),
        ("transpose", [_]) => {
            let value = first();
            if is_settled(&value) { transpose(&value)? } else { pending(name, arguments) }
        }
        ("setproduct", _) => setproduct(inputs, arguments),
        ("sort", [value]) => {
            let sorted = over_list(inputs, name, value, &|items| make_set(items));
            match as_set(&sorted) {
                Some(set) if set.items.len() == list(value).map_or(0, |all| all.len()) => Value::from(set.clone()),
                _ => return None,
            }
        }
        _ => return None,
    })
}

fn scalar_type(of: &Type, value: &Value, inputs: &Inputs, name: &str) -> Value {
    let value = match of {
        Type::String => value.clone(),
        _ => expand(inputs, value),
    };
    value.map(|value| {
        let converted = of.convert(value);
        let fits = matches!(
            (of, converted.kind()),
            (_, Kind::Null | Kind::Symbol(_) | Kind::Unknown(_) | Kind::Text(_))
                | (Type::String, Kind::Str(_))
                | (Type::Number, Kind::Int(_) | Kind::Float(_))
                | (Type::Bool, Kind::Bool(_))
        );
        if fits && as_set(&converted).is_none() {
            converted
        } else {
            error(format!("the value is no {name}"), format!("to{name}({})", value.text()))
        }
    })
}

/// Elements of one type, as lists and sets have them: where one is a string, all are.
fn unify(items: Vec<Item>) -> Vec<Item> {
    let strings = items.iter().any(|item| matches!(item.value.kind(), Kind::Str(_) | Kind::Text(_)));
    if !strings {
        return items;
    }
    items
        .into_iter()
        .map(|item| match scalar_text(&item.value) {
            Some(text) if item.value.as_str().is_none() => Item { value: Value::string(text), ..item },
            _ => item,
        })
        .collect()
}

/// A function of the items of a list or set, alternative by alternative.
fn over_list(inputs: &Inputs, name: &str, value: &Value, of: &dyn Fn(Vec<Item>) -> Value) -> Value {
    expand(inputs, value).map(|value| {
        match as_set(value).or(value.as_array()) {
            Some(array) => of(array.items.clone()),
            None if is_error(value) => value.clone(),
            // What is open stays what it is: as a collection it has the same elements.
            None if matches!(name, "toset" | "tolist" | "distinct")
                && !value.is_null()
                && value.as_object().is_none() =>
            {
                value.clone()
            }
            None if value.is_null() => error(format!("`{name}` of null"), format!("{name}(null)")),
            None => pending(name, std::slice::from_ref(value)),
        }
        .or_origin(value.origin())
    })
}

fn length(inputs: &Inputs, value: &Value) -> Value {
    let value = expand(inputs, value);
    value.map(|value| {
        let whens: Vec<Condition> = match value.kind() {
            Kind::Str(text) => return Value::int(i64::try_from(text.chars().count()).unwrap_or(i64::MAX)),
            Kind::Object(object)
                if object.rest.is_none() && object.properties.values().all(|one| one.name.is_none()) =>
            {
                object.properties.values().map(|property| property.when.clone()).collect()
            }
            Kind::Null => return error("the length of null", "length(null)"),
            _ => match as_set(value).or(value.as_array()) {
                Some(array) if array.items.iter().all(|item| !item.many) => {
                    array.items.iter().map(|item| item.when.clone()).collect()
                }
                _ => return pending("length", std::slice::from_ref(value)),
            },
        };
        count(&whens)
    })
}

/// How many of these hold.
fn count(whens: &[Condition]) -> Value {
    let certain = whens.iter().filter(|when| when.is_true()).count();
    let open: Vec<&Condition> = whens.iter().filter(|when| !when.is_true()).collect();
    let base = i64::try_from(certain).unwrap_or(i64::MAX);
    if open.len() >= rolecall_value::MAX_ALTERNATIVES {
        return Value::unknown(
            ReasonKind::Limit,
            "too many elements are there only under conditions",
            format!("length of {} elements", whens.len()),
        );
    }
    let mut counts = vec![Condition::TRUE];
    for when in open {
        let mut next = vec![Condition::FALSE; counts.len() + 1];
        for (count, so_far) in counts.iter().enumerate() {
            next[count] = next[count].or(&so_far.and_not(when));
            next[count + 1] = next[count + 1].or(&so_far.and(when));
        }
        counts = next;
    }
    Value::cond((base..).zip(counts).map(|(count, when)| (when, Value::int(count))))
}

fn merge(inputs: &Inputs, arguments: &[Value]) -> Value {
    let arguments: Vec<Value> = arguments.iter().map(|argument| expand(inputs, argument)).collect();
    let mut out = Object::default();
    let mut failed = None;
    for argument in &arguments {
        for (when, value) in argument.alternatives() {
            match value.kind() {
                Kind::Null => {}
                Kind::Object(object) => {
                    for (key, property) in object.entries() {
                        let property = Property { when: when.and(&property.when), ..property.clone() };
                        if !property.when.is_false() {
                            out.insert(&key, Property { name: None, ..property });
                        }
                    }
                    if let Some(rest) = &object.rest {
                        add_open(&mut out, rest);
                    }
                }
                _ if is_error(value) => failed = Some(value.clone()),
                Kind::Symbol(_) | Kind::Unknown(_) => add_open(&mut out, value),
                _ => failed = Some(error("`merge` of a value that is no map", format!("merge({})", texts(&arguments)))),
            }
        }
    }
    match failed {
        Some(failed) if out.properties.is_empty() => failed,
        _ => out.into(),
    }
}

/// An open map behind what is known. A known key may be replaced by it, which nobody does whose keys matter: what is
/// written here stays.
fn add_open(out: &mut Object, open: &Value) {
    out.rest = Some(match out.rest.take() {
        None => open.clone(),
        Some(before) if before == *open => before,
        Some(before) => pending("merge", &[before, open.clone()]),
    });
}

fn concat(inputs: &Inputs, arguments: &[Value]) -> Value {
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
                    items.extend(array.items.iter().map(|item| Item { when: when.and(&item.when), ..item.clone() }))
                }
                None => {
                    for entry in iterate(inputs, alternative)? {
                        items.push(Item { value: entry.value, when: when.and(&entry.when), many: entry.many });
                    }
                }
            },
        }
    }
    items.retain(|item| !item.when.is_false());
    Ok(())
}

fn flatten(inputs: &Inputs, value: &Value) -> Value {
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
    items.retain(|item| !item.when.is_false());
    Ok(())
}

fn entries_list(inputs: &Inputs, name: &str, value: &Value, pick: impl Fn(Entry) -> Value + Copy) -> Value {
    if value.as_symbol().is_some() && as_set(value).is_none() {
        return pending(name, std::slice::from_ref(value));
    }
    match iterate(inputs, value) {
        Ok(entries) => {
            let items = entries.into_iter().map(|entry| {
                let (when, many) = (entry.when.clone(), entry.many);
                Item { value: pick(entry), when, many }
            });
            Array { items: items.collect() }.into()
        }
        Err(error) => error,
    }
}

fn distinct(items: Vec<Item>) -> Value {
    let mut out: Vec<Item> = Vec::new();
    let mut places: rustc_hash::FxHashMap<String, usize> = rustc_hash::FxHashMap::default();
    for item in items {
        let text = item.value.text();
        match places.get(&text) {
            Some(&at) => out[at].when = out[at].when.or(&item.when),
            None => {
                places.insert(text, out.len());
                out.push(item);
            }
        }
    }
    Array { items: out }.into()
}

fn compact(inputs: &Inputs, items: Vec<Item>) -> Value {
    let mut out = Vec::new();
    for item in items {
        for (own, value) in expand(inputs, &item.value).alternatives() {
            if !value.is_null() && value.as_str() != Some("") {
                out.push(Item { value: value.clone(), when: item.when.and(&own), many: item.many });
            }
        }
    }
    out.retain(|item| !item.when.is_false());
    Array { items: out }.into()
}

fn one(inputs: &Inputs, value: &Value) -> Value {
    expand(inputs, value).map(|value| match as_set(value).or(value.as_array()) {
        Some(array) => match &array.items[..] {
            [] => Value::null(),
            [only] if only.many => only.value.clone(),
            items if items.iter().any(|item| item.many) => pending("one", std::slice::from_ref(value)),
            items => {
                let certain = items.iter().filter(|item| item.when.is_true()).count();
                if certain > 1 {
                    return error("`one` of more than one element", format!("one({})", value.text()));
                }
                crate::values::nth(items, 0, Value::null())
            }
        },
        None if value.is_null() || is_error(value) => error("`one` of no list", "one(null)"),
        None => pending("one", std::slice::from_ref(value)),
    })
}

fn element(inputs: &Inputs, value: &Value, at: &Value) -> Value {
    distribute(&[expand(inputs, value), expand(inputs, at)], &mut |arguments| {
        let (value, at) = (&arguments[0], &arguments[1]);
        match (as_set(value).or(value.as_array()), super::int(at)) {
            (Some(array), Some(at)) if !array.items.is_empty() => {
                let certain = array.items.iter().all(|item| item.when.is_true() && !item.many);
                let length = i64::try_from(array.items.len()).unwrap_or(i64::MAX);
                let at = if certain { at.rem_euclid(length) } else { at };
                index(inputs, &Value::from(array.clone()), &Value::int(at))
            }
            (Some(array), _) if array.items.is_empty() => error("`element` of an empty list", "element([])"),
            (Some(array), None) => index(inputs, &Value::from(array.clone()), at),
            _ => match value.kind() {
                Kind::Symbol(_) | Kind::Unknown(_) => index(inputs, value, at),
                _ => error("`element` of no list", format!("element({})", texts(arguments))),
            },
        }
    })
}

/// The value, and the other where it is an error.
pub(crate) fn or_else(value: &Value, otherwise: &Value) -> Value {
    match value.kind() {
        Kind::Cond(alternatives) => Value::cond(
            alternatives
                .iter()
                .map(|(when, value)| (when.clone(), if is_error(value) { otherwise.clone() } else { value.clone() })),
        ),
        _ if is_error(value) => otherwise.clone(),
        _ => value.clone(),
    }
}

fn contains(inputs: &Inputs, value: &Value, wanted: &Value) -> Value {
    let value = expand(inputs, value);
    if is_error(wanted) {
        return wanted.clone();
    }
    value.map(|value| match as_set(value).or(value.as_array()) {
        Some(array) => {
            let mut found = Condition::FALSE;
            let mut open = Condition::FALSE;
            for item in &array.items {
                let same = equality(inputs, &item.value, wanted, Case::Sensitive);
                let certain = if item.many { Condition::FALSE } else { item.when.clone() };
                found = found.or(&certain.and(&same.equal));
                open = open.or(&item.when.and(&same.different.not()).and_not(&certain.and(&same.equal)));
            }
            open = open.and_not(&found);
            if open.is_false() {
                return from_condition(&found);
            }
            let test =
                truth(inputs, &Value::call("contains", vec![crate::values::without_sets(value), wanted.clone()]));
            from_condition(&found.or(&open.and(&test)))
        }
        None if value.is_null() => error("`contains` of null", "contains(null)"),
        None => pending("contains", &[value.clone(), wanted.clone()]),
    })
}

fn index_of(inputs: &Inputs, value: &Value, wanted: &Value) -> Value {
    distribute(&[expand(inputs, value), expand(inputs, wanted)], &mut |arguments| {
        let Some(array) = arguments[0].as_array() else { return pending("index", arguments) };
        for (at, item) in array.items.iter().enumerate() {
            let same = equality(inputs, &item.value, &arguments[1], Case::Sensitive);
            match same.decided() {
                Some(true) if item.when.is_true() && !item.many => {
                    return Value::int(i64::try_from(at).unwrap_or(i64::MAX));
                }
                Some(false) if item.when.is_true() && !item.many => {}
                _ => return pending("index", arguments),
            }
        }
        error("the list has no such element", format!("index({})", texts(arguments)))
    })
}

fn coalesce(inputs: &Inputs, arguments: &[Value], empty: &dyn Fn(&Value) -> bool) -> Value {
    let mut rest = Condition::TRUE;
    let mut out: Vec<(Condition, Value)> = Vec::new();
    for argument in arguments {
        for (when, value) in argument.alternatives() {
            let here = rest.and(&when);
            if here.is_false() || empty(value) || is_error(value) {
                continue;
            }
            // An open input without value, where more follows, may be null or empty.
            out.push((here, value.clone()));
        }
        let taken = out.iter().fold(Condition::FALSE, |all, (when, _)| all.or(when));
        rest = taken.not();
        if rest.is_false() {
            break;
        }
    }
    let _ = inputs;
    if !rest.is_false() {
        out.push((rest, error("all arguments of `coalesce` are null or empty", "coalesce()")));
    }
    Value::cond(out)
}

fn all_true(inputs: &Inputs, all: bool, value: &Value) -> Value {
    let entries = match iterate(inputs, value) {
        Ok(entries) => entries,
        Err(error) => return error,
    };
    let mut result = Condition::constant(all);
    for entry in entries {
        let holds = truth(inputs, &Type::Bool.convert(&entry.value));
        result = if all { result.and(&entry.when.not().or(&holds)) } else { result.or(&entry.when.and(&holds)) };
    }
    from_condition(&result)
}

fn set_operation(inputs: &Inputs, name: &str, arguments: &[Value]) -> Value {
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

fn zipmap(inputs: &Inputs, keys: &Value, values: &Value) -> Value {
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

fn slice(inputs: &Inputs, value: &Value, start: &Value, end: &Value) -> Value {
    distribute(&[expand(inputs, value), expand(inputs, start), expand(inputs, end)], &mut |arguments| {
        let bound = |at: usize| super::int(&arguments[at]).and_then(|at| usize::try_from(at).ok());
        match (arguments[0].as_array(), bound(1), bound(2)) {
            (Some(array), Some(start), Some(end)) => match array.items.get(start..end) {
                Some(items) => Array { items: items.to_vec() }.into(),
                None => error("`slice` reaches past its list", format!("slice({})", texts(arguments))),
            },
            _ => pending("slice", arguments),
        }
    })
}

fn chunklist(inputs: &Inputs, value: &Value, size: &Value) -> Value {
    expand(inputs, value).map(|value| match (value.as_array(), super::int(size)) {
        (Some(array), Some(size)) => {
            let size = usize::try_from(size).ok().filter(|size| *size > 0).unwrap_or(array.items.len().max(1));
            Value::array(array.items.chunks(size).map(|items| Value::from(Array { items: items.to_vec() })))
        }
        _ => pending("chunklist", &[value.clone(), size.clone()]),
    })
}

fn matchkeys(inputs: &Inputs, values: &Value, keys: &Value, wanted: &Value) -> Value {
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

fn transpose(value: &Value) -> Option<Value> {
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

fn setproduct(inputs: &Inputs, arguments: &[Value]) -> Value {
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
