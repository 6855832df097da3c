//! Looking into values: properties, indices, and the functions that do so safely.

use rolecall_value::{Array, Case, Inputs, Key, Kind, Object, Value};

use super::spread::compare;
use super::{Answer, Call, Stop, derived, expand, shape, spread};

/// `base.key`, `base['key']` and `base[0]`. `safe` gives `null` for what is not there, `from_end` counts an index from the
/// end, from 1. Without `safe`, what is not there is unknown: the template is wrong.
pub fn member(inputs: &Inputs, base: &Value, key: &Value, safe: bool, from_end: bool) -> Value {
    let call = Call { inputs, name: "member" };
    let arguments = [expand(inputs, base), expand(inputs, key)];
    spread::each(&call, &arguments, |chosen| {
        let answer = one(inputs, &chosen[0], &chosen[1], safe, from_end);
        match answer {
            Err(Stop::Open) if safe || from_end => {
                let name = match (safe, from_end) {
                    (true, true) => "tryindexfromend",
                    (true, false) => "tryget",
                    _ => "indexfromend",
                };
                super::open(name, chosen)
            }
            answer => call.settle(answer, chosen),
        }
    })
}

fn one(inputs: &Inputs, base: &Value, key: &Value, safe: bool, from_end: bool) -> Answer {
    match (base.kind(), key.kind()) {
        (Kind::Null, _) if safe => Ok(Value::null()),
        // A name that is not known may turn out to be this one.
        (Kind::Object(object), Kind::Str(_)) if object.properties.values().any(|property| property.name.is_some()) => {
            by_symbolic_name(inputs, object, key, safe)
        }
        // Of what stands behind nobody knows whether it is there, so a safe access stays one.
        (Kind::Object(object), Kind::Str(name)) if safe && let Some(rest) = &object.rest => {
            let behind = || member(inputs, rest, key, true, false);
            Ok(match object.properties.get(&Key::from(&**name)) {
                Some(property) if property.when.is_true() => property.value.clone(),
                Some(property) => Value::choose(&property.when, &property.value, &behind()),
                None => behind(),
            })
        }
        (Kind::Object(object), Kind::Str(name)) => match base.get(name) {
            Some(value) => Ok(value),
            None if safe => Ok(Value::null()),
            None => Err(missing(object, name)),
        },
        (Kind::Object(object), Kind::Text(_) | Kind::Symbol(_)) => by_symbolic_name(inputs, object, key, safe),
        (Kind::Array(array), Kind::Int(index)) => at(array, *index, safe, from_end),
        (Kind::Symbol(_), Kind::Str(name)) if !safe => base.get(name).ok_or(Stop::Open),
        (Kind::Unknown(_), Kind::Str(name)) => base.get(name).ok_or(Stop::Open),
        (Kind::Unknown(unknown), _) => Ok(derived(unknown, &format!("[{}]", key.text()))),
        (Kind::Symbol(_), _) | (_, Kind::Symbol(_) | Kind::Unknown(_) | Kind::Text(_)) => Err(Stop::Open),
        (Kind::Object(_), _) => Err(Stop::Invalid("an object is looked into by a string".to_owned())),
        (Kind::Array(_), _) => Err(Stop::Invalid("an array is looked into by an int".to_owned())),
        (Kind::Null, _) => Err(Stop::Invalid(format!("null has no {}", key.text()))),
        _ => Err(Stop::Invalid(format!("{} has no {}", base.text(), key.text()))),
    }
}

fn missing(object: &Object, name: &str) -> Stop {
    let mut names: Vec<&str> = object.properties.keys().map(|key| key.as_str()).take(8).collect();
    if object.properties.len() > names.len() {
        names.push("…");
    }
    let names = names.join(", ");
    Stop::Invalid(match object.properties.is_empty() {
        true => format!("there is no property {name}: the object is empty"),
        false => format!("there is no property {name} among {names}"),
    })
}

/// A name that is built alike is the same; one that differs from all is not there.
fn by_symbolic_name(inputs: &Inputs, object: &Object, key: &Value, safe: bool) -> Answer {
    let mut left = rolecall_value::Condition::TRUE;
    let mut parts = Vec::new();
    for (name, property) in object.entries() {
        let answer = compare(inputs, &name, key, Case::Insensitive);
        let certain = answer.equal.and(&property.when);
        parts.push((left.and(&certain), property.value.clone()));
        let open = answer.undecided().and(&property.when).and(&left);
        if !open.is_false() {
            return Err(Stop::Open);
        }
        left = left.and_not(&certain);
    }
    let behind = match &object.rest {
        Some(rest) if !left.is_false() => one(inputs, rest, key, safe, false)?,
        _ if left.is_true() && !safe => return Err(Stop::Invalid(format!("there is no property {}", key.text()))),
        _ => Value::null(),
    };
    parts.push((left, behind));
    Ok(Value::cond(parts))
}

fn at(array: &Array, index: i64, safe: bool, from_end: bool) -> Answer {
    let beyond = || match safe {
        true => Ok(Value::null()),
        false => Err(Stop::Invalid(format!("there is no item {index} in an array of {}", array.items.len()))),
    };
    let place = if from_end { index.checked_sub(1) } else { Some(index) };
    let Some(place) = place.and_then(|place| usize::try_from(place).ok()) else { return beyond() };
    if let Some(front) = array.items.get(..=place).filter(|_| !from_end)
        && front.iter().all(|item| !item.many && item.when.is_true())
    {
        return Ok(array.items[place].value.clone());
    }
    shape::item_at(array, place, from_end)?.map_or_else(beyond, Ok)
}

/// `tryGet(value, key, …)`: what is not there is `null`.
pub(super) fn try_get(call: &Call<'_>, arguments: &[Value]) -> Answer {
    let Some((base, keys)) = arguments.split_first() else { return Err(Stop::Open) };
    Ok(keys.iter().fold(base.clone(), |base, key| member(call.inputs, &base, key, true, false)))
}

/// `tryIndexFromEnd(array, place)`: counted from the end, from 1; `null` beyond the first.
pub(super) fn try_index_from_end(call: &Call<'_>, arguments: &[Value]) -> Answer {
    let [base, index] = arguments else { return Err(Stop::Open) };
    Ok(member(call.inputs, base, index, true, true))
}

/// `indexFromEnd(array, place)`: counted from the end, from 1.
pub(super) fn index_from_end(call: &Call<'_>, arguments: &[Value]) -> Answer {
    let [base, index] = arguments else { return Err(Stop::Open) };
    Ok(member(call.inputs, base, index, false, true))
}
