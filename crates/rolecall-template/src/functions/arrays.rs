//! Functions of arrays, and those that take a string or an object as well.

use rolecall_value::{Array, Case, Condition, Equality, Item, Kind, Object, Piece, Property, ReasonKind, Type, Value};

use super::logic::{from_condition, from_equality};
use super::spread::{compare, names_apart};
use super::strings::{self, pieces};
use super::{Answer, Call, MAX_ITEMS, Stop, derived, expand, int, mismatch, open, shape, str, type_of};

/// An array as it is; anything else as the only item of one.
pub(super) fn array(call: &Call<'_>, arguments: &[Value]) -> Answer {
    let [value] = arguments else { return Err(Stop::Open) };
    let value = expand(call.inputs, value);
    Ok(value.map(|value| match value.kind() {
        Kind::Array(_) => value.clone(),
        _ if type_of(value) == Some(Type::Array) => value.clone(),
        Kind::Symbol(_) | Kind::Unknown(_) if type_of(value).is_none() => open(call.name, std::slice::from_ref(value)),
        _ => Value::array([value.clone()]),
    }))
}

/// Whether an array has an item, an object a key or a string a part. Azure's documentation of template functions: strings
/// compare with regard to case, keys without.
pub(super) fn contains(call: &Call<'_>, arguments: &[Value]) -> Answer {
    let [container, sought] = arguments else { return Err(Stop::Open) };
    match container.kind() {
        Kind::Array(array) => {
            let answer = Equality::any(array.items.iter().map(|item| {
                let mut answer = compare(call.inputs, &item.value, sought, Case::Sensitive);
                if item.many {
                    // None of any number may be there.
                    answer.equal = Condition::FALSE;
                }
                Equality { equal: answer.equal.and(&item.when), different: answer.different.or(&item.when.not()) }
            }));
            Ok(from_equality(&answer, || open(call.name, arguments)))
        }
        Kind::Object(object) => {
            let answer = match sought.kind() {
                Kind::Int(key) => has_key(call, object, &Value::string(key.to_string())),
                Kind::Str(_) | Kind::Text(_) | Kind::Symbol(_) => has_key(call, object, sought),
                _ => return Err(mismatch(sought, "a string")),
            };
            Ok(from_equality(&answer, || open(call.name, arguments)))
        }
        Kind::Str(_) | Kind::Text(_) => strings::contains(container, sought),
        Kind::Symbol(_) | Kind::Unknown(_) => Err(Stop::Open),
        _ => Err(mismatch(container, "an array, an object or a string")),
    }
}

fn has_key(call: &Call<'_>, object: &Object, key: &Value) -> Equality {
    if let (Some(name), true) = (key.as_str(), object.properties.values().all(|property| property.name.is_none())) {
        let when = object
            .properties
            .get(&rolecall_value::Key::from(name))
            .map_or(Condition::FALSE, |property| property.when.clone());
        return Equality { different: if object.rest.is_some() { Condition::FALSE } else { when.not() }, equal: when };
    }
    let answer = Equality::any(object.entries().map(|(name, property)| {
        let answer = compare(call.inputs, &name, key, Case::Insensitive);
        Equality { equal: answer.equal.and(&property.when), different: answer.different.or(&property.when.not()) }
    }));
    match &object.rest {
        Some(_) => Equality { different: Condition::FALSE, ..answer },
        None => answer,
    }
}

/// Whether an array, object or string has nothing in it; `null` has not either.
pub(super) fn empty(_: &Call<'_>, arguments: &[Value]) -> Answer {
    let [value] = arguments else { return Err(Stop::Open) };
    match value.kind() {
        Kind::Null => Ok(Value::bool(true)),
        Kind::Str(text) => Ok(Value::bool(text.is_empty())),
        Kind::Text(pieces) => match pieces.iter().any(|piece| match piece {
            Piece::Literal(text) => !text.is_empty(),
            Piece::Hole(hole) => strings::never_empty(hole),
        }) {
            true => Ok(Value::bool(false)),
            false => Err(Stop::Open),
        },
        Kind::Symbol(_) if strings::never_empty(value) => Ok(Value::bool(false)),
        Kind::Array(array) => {
            let some =
                array.items.iter().filter(|item| !item.many).fold(Condition::FALSE, |all, item| all.or(&item.when));
            if !some.is_true() && array.items.iter().any(|item| item.many) {
                return Err(Stop::Open);
            }
            Ok(from_condition(&some.not()))
        }
        Kind::Object(object) => {
            let some = object.properties.values().fold(Condition::FALSE, |all, property| all.or(&property.when));
            if !some.is_true() && object.rest.is_some() {
                return Err(Stop::Open);
            }
            Ok(from_condition(&some.not()))
        }
        _ => Err(mismatch(value, "an array, an object or a string")),
    }
}

/// Items, properties or UTF-16 units.
pub(super) fn length(_: &Call<'_>, arguments: &[Value]) -> Answer {
    let [value] = arguments else { return Err(Stop::Open) };
    match value.kind() {
        Kind::Array(array) => shape::length(array),
        Kind::Object(object) => {
            if object.rest.is_some() || object.properties.values().any(|property| property.name.is_some()) {
                return Err(Stop::Open);
            }
            let items =
                object.properties.values().map(|property| Item { when: property.when.clone(), ..Value::null().into() });
            shape::length(&Array { items: items.collect() })
        }
        Kind::Str(text) => Ok(Value::int(i64::try_from(text.encode_utf16().count()).unwrap_or(i64::MAX))),
        Kind::Text(_) => Err(Stop::Open),
        _ => Err(mismatch(value, "an array, an object or a string")),
    }
}

/// The first item or character. An empty string has an empty one, an empty array `null`.
pub(super) fn first(_: &Call<'_>, arguments: &[Value]) -> Answer {
    end(arguments, false)
}

/// The last item or character.
pub(super) fn last(_: &Call<'_>, arguments: &[Value]) -> Answer {
    end(arguments, true)
}

fn end(arguments: &[Value], from_end: bool) -> Answer {
    let [value] = arguments else { return Err(Stop::Open) };
    match value.kind() {
        Kind::Array(array) => Ok(shape::item_at(array, 0, from_end)?.unwrap_or_else(Value::null)),
        Kind::Str(_) | Kind::Text(_) => {
            let pieces = pieces(value)?;
            let piece = if from_end { pieces.last() } else { pieces.first() };
            match piece {
                None => Ok(Value::string("")),
                Some(Piece::Literal(text)) => {
                    let character = if from_end { text.chars().next_back() } else { text.chars().next() };
                    Ok(Value::string(character.map(String::from).unwrap_or_default()))
                }
                Some(Piece::Hole(_)) => Err(Stop::Open),
            }
        }
        _ => Err(mismatch(value, "an array or a string")),
    }
}

/// The first `n` items or characters.
pub(super) fn take(_: &Call<'_>, arguments: &[Value]) -> Answer {
    let [value, n] = arguments else { return Err(Stop::Open) };
    let n = count(n)?;
    match value.kind() {
        Kind::Array(array) => Ok(shape::divide(array, n, true)?.into()),
        Kind::Str(_) | Kind::Text(_) => strings::take(value, n),
        _ => Err(mismatch(value, "an array or a string")),
    }
}

/// All but the first `n` items or characters.
pub(super) fn skip(_: &Call<'_>, arguments: &[Value]) -> Answer {
    let [value, n] = arguments else { return Err(Stop::Open) };
    let n = count(n)?;
    match value.kind() {
        Kind::Array(array) => Ok(shape::divide(array, n, false)?.into()),
        Kind::Str(_) | Kind::Text(_) => strings::skip(value, n),
        _ => Err(mismatch(value, "an array or a string")),
    }
}

/// Below 0 nothing is counted.
fn count(n: &Value) -> Result<usize, Stop> {
    Ok(usize::try_from(int(n)?.max(0)).unwrap_or(usize::MAX))
}

/// The place of an item in an array (with regard to case), or of a part in a string (without); -1 where there is none.
pub(super) fn index_of(call: &Call<'_>, arguments: &[Value]) -> Answer {
    place(call, arguments, false)
}

/// The last such place.
pub(super) fn last_index_of(call: &Call<'_>, arguments: &[Value]) -> Answer {
    place(call, arguments, true)
}

fn place(call: &Call<'_>, arguments: &[Value], from_end: bool) -> Answer {
    let [container, sought] = arguments else { return Err(Stop::Open) };
    let array = match container.kind() {
        Kind::Array(array) => array,
        Kind::Str(text) => return strings::index_of(text, str(sought)?, from_end),
        Kind::Text(_) => return Err(Stop::Open),
        _ => return Err(mismatch(container, "an array or a string")),
    };
    if array.items.iter().any(|item| item.many || !item.when.is_true()) {
        return Err(Stop::Open);
    }
    let mut left = Condition::TRUE;
    let mut parts = Vec::new();
    for step in 0..array.items.len() {
        let index = if from_end { array.items.len() - 1 - step } else { step };
        let answer = compare(call.inputs, &array.items[index].value, sought, Case::Sensitive);
        if !answer.undecided().and(&left).is_false() {
            return Err(Stop::Open);
        }
        parts.push((left.and(&answer.equal), Value::int(i64::try_from(index).unwrap_or(i64::MAX))));
        left = left.and_not(&answer.equal);
        if left.is_false() {
            break;
        }
    }
    parts.push((left, Value::int(-1)));
    Ok(Value::cond(parts))
}

/// `range(start, count)`: Azure takes at most 10,000, and a sum within 32 bits.
pub(super) fn range(_: &Call<'_>, arguments: &[Value]) -> Answer {
    let [start, count] = arguments else { return Err(Stop::Open) };
    let (start, count) = (int(start)?, int(count)?);
    if count < 0 {
        return Err(Stop::Invalid(format!("a count of {count} is negative")));
    }
    if usize::try_from(count).map_or(true, |count| count > MAX_ITEMS) {
        return Err(Stop::Limit(format!("{count} items are more than the {MAX_ITEMS} that are followed")));
    }
    let end = start.checked_add(count).ok_or_else(|| Stop::Invalid("the range leaves 64 bits".to_owned()))?;
    Ok(Value::array((start..end).map(Value::int)))
}

/// The properties as objects with `key` and `value`, sorted by key; names that are not known by their canonical texts.
pub(super) fn items(call: &Call<'_>, arguments: &[Value]) -> Answer {
    entries(call, arguments, |name, property| {
        Value::object([("key", name), ("value", property.value.clone())]).or_origin(property.value.origin())
    })
}

/// The names of the properties, sorted.
pub(super) fn object_keys(call: &Call<'_>, arguments: &[Value]) -> Answer {
    entries(call, arguments, |name, _| name)
}

fn entries(call: &Call<'_>, arguments: &[Value], of: impl Fn(Value, &Property) -> Value) -> Answer {
    let [value] = arguments else { return Err(Stop::Open) };
    let Kind::Object(given) = value.kind() else { return Err(mismatch(value, "an object")) };
    let object = names_apart(call.inputs, given);
    let mut found: Vec<(String, Item)> = object
        .entries()
        .map(|(name, property)| {
            let order = name.plain().to_lowercase();
            (order, Item { value: of(name, property), when: property.when.clone(), many: false })
        })
        .collect();
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut items: Vec<Item> = found.into_iter().map(|(_, item)| item).collect();
    if let Some(rest) = &object.rest {
        items.push(each_of(&Value::call("items", vec![rest.clone()]), rest));
    }
    Ok(Array { items }.into())
}

/// Any number of items: those of an array that is not known. `from` is what may be unknown in it.
pub(super) fn each_of(array: &Value, from: &Value) -> Item {
    let value = match from.first_unknown().and_then(Value::as_unknown) {
        Some(unknown) if from.as_unknown().is_some() => derived(unknown, "[*]"),
        Some(unknown) => Value::unknown(
            ReasonKind::clone(&unknown.reason.kind),
            unknown.reason.detail.clone(),
            format!("{}[*]", array.text()),
        ),
        None => Value::call("each", vec![array.clone()]),
    };
    Item { value: value.or_origin(array.origin()), when: Condition::TRUE, many: true }
}
