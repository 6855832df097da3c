//! Functions over one collection, which need not know all of it; and which function of collections is which.

use rolecall_value::{
    Array, Case, Condition, Inputs, Item, Kind, Object, Property, ReasonKind, Value, equality, truth,
};

use super::{is_settled, joins, list};
use crate::types::Type;
use crate::values::{
    Entry, as_set, distribute, error, expand, from_condition, index, is_error, iterate, make_set, pending, scalar_text,
    texts,
};

pub(super) fn call(inputs: &Inputs, name: &str, arguments: &[Value]) -> Option<Value> {
    let first = || arguments.first().cloned().unwrap_or_else(Value::null);
    Some(match (name, arguments) {
        ("length", [value]) => length(inputs, value),
        ("merge", _) => joins::merge(inputs, arguments),
        ("concat", _) => joins::concat(inputs, arguments),
        ("flatten", [value]) => joins::flatten(inputs, value),
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
        ("setunion" | "setintersection" | "setsubtract", _) => joins::set_operation(inputs, name, arguments),
        ("zipmap", [keys, values]) => joins::zipmap(inputs, keys, values),
        ("slice", [value, start, end]) => slice(inputs, value, start, end),
        ("chunklist", [value, size]) => chunklist(inputs, value, size),
        ("matchkeys", [values, keys, wanted]) => joins::matchkeys(inputs, values, keys, wanted),
        ("transpose", [_]) => {
            let value = first();
            if is_settled(&value) { joins::transpose(&value)? } else { pending(name, arguments) }
        }
        ("setproduct", _) => joins::setproduct(inputs, arguments),
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

pub(super) fn contains(inputs: &Inputs, value: &Value, wanted: &Value) -> Value {
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
