//! JSON text, as `string` writes and `json` reads it.

use std::fmt::Write;

use rolecall_value::{Condition, Inputs, Item, Kind, MAX_ALTERNATIVES, Object, Property, Value};

use super::spread::take_apart;
use super::{Answer, MAX_TEXT, Stop};

/// How deep JSON may be nested.
const MAX_DEPTH: usize = 128;

/// The JSON of an array or object, for each combination of what is conditional in it. Properties stand in the order of
/// the joined object; where only a condition decides which of two names came first, Azure's text may have them the other
/// way round.
pub(super) fn write(inputs: &Inputs, value: &Value) -> Answer {
    let plain = plain(inputs, value, 0)?;
    let mut parts = Vec::with_capacity(plain.len());
    for (when, value) in plain {
        let mut out = String::new();
        write_value(&value, &mut out)?;
        parts.push((when, Value::string(out)));
    }
    Ok(Value::cond(parts))
}

/// The value without conditions inside, for each combination of them; open where anything in it is not known.
fn plain(inputs: &Inputs, value: &Value, depth: usize) -> Result<Vec<(Condition, Value)>, Stop> {
    if depth > MAX_DEPTH {
        return Err(Stop::Limit(format!("it is nested more than {MAX_DEPTH} deep")));
    }
    if value.is_known() {
        return Ok(vec![(Condition::TRUE, value.clone())]);
    }
    match take_apart(inputs, value).kind() {
        Kind::Array(array) => {
            let mut all = vec![(Condition::TRUE, Vec::new())];
            for item in &array.items {
                if item.many {
                    return Err(Stop::Open);
                }
                let choices = plain(inputs, &item.value, depth + 1)?;
                combine(&mut all, &item.when, &choices, |items: &mut Vec<Item>, value| {
                    items.push(value.clone().into())
                })?;
            }
            Ok(all.into_iter().map(|(when, items)| (when, rolecall_value::Array { items }.into())).collect())
        }
        Kind::Object(object) => {
            if object.rest.is_some() || object.properties.values().any(|property| property.name.is_some()) {
                return Err(Stop::Open);
            }
            let mut all = vec![(Condition::TRUE, Object::default())];
            for (key, property) in &object.properties {
                let choices = plain(inputs, &property.value, depth + 1)?;
                combine(&mut all, &property.when, &choices, |object: &mut Object, value| {
                    object.properties.insert(key.clone(), Property::from(value.clone()));
                })?;
            }
            Ok(all.into_iter().map(|(when, object)| (when, object.into())).collect())
        }
        Kind::Cond(alternatives) => {
            let mut all = Vec::new();
            for (when, value) in alternatives.iter() {
                let inner = plain(inputs, value, depth + 1)?;
                all.extend(inner.into_iter().map(|(inner, value)| (when.and(&inner), value)));
            }
            all.retain(|(when, _)| !when.is_false());
            within_limit(&all)?;
            Ok(all)
        }
        _ => Err(Stop::Open),
    }
}

fn combine<T: Clone>(
    all: &mut Vec<(Condition, T)>,
    present: &Condition,
    choices: &[(Condition, Value)],
    add: impl Fn(&mut T, &Value),
) -> Result<(), Stop> {
    if let (true, [(_, value)]) = (present.is_true(), choices) {
        all.iter_mut().for_each(|(_, part)| add(part, value));
        return Ok(());
    }
    let mut next = Vec::new();
    for (when, part) in all.drain(..) {
        for (choice, value) in choices {
            let when = when.and(present).and(choice);
            if !when.is_false() {
                let mut part = part.clone();
                add(&mut part, value);
                next.push((when, part));
            }
        }
        let absent = when.and_not(present);
        if !absent.is_false() {
            next.push((absent, part));
        }
        within_limit(&next)?;
    }
    *all = next;
    Ok(())
}

fn within_limit<T>(all: &[T]) -> Result<(), Stop> {
    match all.len() > MAX_ALTERNATIVES {
        true => Err(Stop::Limit("the value has too many alternatives".to_owned())),
        false => Ok(()),
    }
}

fn write_value(value: &Value, out: &mut String) -> Result<(), Stop> {
    if out.len() > MAX_TEXT {
        return Err(Stop::Limit("the text is too long".to_owned()));
    }
    match value.kind() {
        Kind::Null => out.push_str("null"),
        Kind::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Kind::Int(value) => {
            let _ = write!(out, "{value}");
        }
        Kind::Float(value) => {
            let _ = write!(out, "{value:?}");
        }
        Kind::Str(text) => write_string(text, out),
        Kind::Array(array) => {
            out.push('[');
            for (index, item) in array.items.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { "," });
                write_value(&item.value, out)?;
            }
            out.push(']');
        }
        Kind::Object(object) => {
            out.push('{');
            for (index, (key, property)) in object.properties.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { "," });
                write_string(key.as_str(), out);
                out.push(':');
                write_value(&property.value, out)?;
            }
            out.push('}');
        }
        _ => return Err(Stop::Open),
    }
    Ok(())
}

fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\0'..='\u{1f}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(character));
            }
            _ => out.push(character),
        }
    }
    out.push('"');
}

/// What a JSON text says. Azure's reader takes more than the standard: single quotes, names without quotes.
pub(super) fn read(name: &str, text: &str) -> Answer {
    match serde_json::from_str(text) {
        Ok(value) => Ok(from_json(value)),
        Err(error) => Err(Stop::Unsupported(format!("the text that {name} reads is no JSON: {error}"))),
    }
}

fn from_json(value: serde_json::Value) -> Value {
    match value {
        serde_json::Value::Null => Value::null(),
        serde_json::Value::Bool(value) => Value::bool(value),
        serde_json::Value::Number(number) => match number.as_i64() {
            Some(number) => Value::int(number),
            None => Kind::Float(number.as_f64().unwrap_or(f64::INFINITY)).into(),
        },
        serde_json::Value::String(text) => Value::string(text),
        serde_json::Value::Array(items) => Value::array(items.into_iter().map(from_json)),
        serde_json::Value::Object(object) => {
            Value::object(object.into_iter().map(|(key, value)| (key, from_json(value))))
        }
    }
}
