//! What Terraform's types need beyond the value domain: sets, `true` in strings, walking over what is partly open.
//!
//! A set is a call of `toset` on the array of its elements, each once and in order; [`without_sets`] makes arrays of
//! them where a value leaves for the graph. An error of Terraform's (a missing attribute, an index out of range) is an
//! unknown of kind *invalid*: `try` and `can` look for those.

use std::sync::Arc;

use rolecall_value::{Array, Condition, Inputs, Item, Kind, Object, Piece, Property, ReasonKind, Symbol, Value};

/// How many combinations of conditional arguments are tried.
const MAX_COMBINATIONS: usize = 1024;

/// An element met while walking over a collection.
#[derive(Clone)]
pub struct Entry {
    pub key: Value,
    pub value: Value,
    pub when: Condition,
    /// Whether it stands for any number of elements.
    pub many: bool,
}

/// The elements of a set.
pub fn as_set(value: &Value) -> Option<&Array> {
    match value.as_symbol()? {
        Symbol::Call { function, arguments } if &**function == "toset" => arguments.first()?.as_array(),
        _ => None,
    }
}

/// A set of these elements.
pub fn make_set(items: Vec<Item>) -> Value {
    let mut texts: Vec<(String, Item)> = Vec::with_capacity(items.len());
    let mut seen: rustc_hash::FxHashMap<String, usize> = rustc_hash::FxHashMap::default();
    for item in items {
        let text = sort_text(&item.value);
        match seen.get(&text) {
            Some(&at) => {
                let known: &mut Item = &mut texts[at].1;
                known.when = known.when.or(&item.when);
                known.many |= item.many;
            }
            None => {
                seen.insert(text.clone(), texts.len());
                texts.push((text, item));
            }
        }
    }
    texts.sort_by(|(a, _), (b, _)| a.cmp(b));
    let array = Array { items: texts.into_iter().map(|(_, item)| item).collect() };
    Value::call("toset", vec![array.into()])
}

/// Numbers sort as numbers, everything else as text.
fn sort_text(value: &Value) -> String {
    match value.kind() {
        Kind::Str(text) => format!("s{text}"),
        Kind::Int(int) => format!("i{:021}", i128::from(*int) + (1i128 << 64)),
        _ => format!("z{}", value.text()),
    }
}

/// The value with arrays in place of sets, all the way down.
pub fn without_sets(value: &Value) -> Value {
    let plain = match value.kind() {
        Kind::Symbol(symbol) => match &**symbol {
            Symbol::Call { function, arguments } if &**function == "toset" => match arguments.first() {
                Some(array) => without_sets(array),
                None => return value.clone(),
            },
            _ => return value.clone(),
        },
        Kind::Array(array) => Array {
            items: array.items.iter().map(|item| Item { value: without_sets(&item.value), ..item.clone() }).collect(),
        }
        .into(),
        Kind::Object(object) => {
            let mut out = (**object).clone();
            for property in out.properties.values_mut() {
                property.value = without_sets(&property.value);
            }
            out.into()
        }
        Kind::Cond(alternatives) => {
            Value::cond(alternatives.iter().map(|(when, value)| (when.clone(), without_sets(value))))
        }
        _ => return value.clone(),
    };
    plain.or_origin(value.origin())
}

/// How a scalar reads as a string.
pub fn scalar_text(value: &Value) -> Option<String> {
    match value.kind() {
        Kind::Str(text) => Some(text.to_string()),
        Kind::Bool(value) => Some(value.to_string()),
        _ => number_text(value),
    }
}

/// How a number reads.
pub fn number_text(value: &Value) -> Option<String> {
    match value.kind() {
        Kind::Int(value) => Some(value.to_string()),
        Kind::Float(value) => Some(value.to_string()),
        _ => None,
    }
}

/// A piece of a string made from a value that is not conditional.
pub fn piece(value: &Value) -> Piece {
    match scalar_text(value) {
        Some(text) => Piece::Literal(text.into()),
        None => Piece::Hole(value.clone()),
    }
}

/// An error of the configuration's.
pub fn error(detail: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Value {
    Value::unknown(ReasonKind::Invalid, detail, text)
}

/// Whether a value is an error.
pub fn is_error(value: &Value) -> bool {
    value.as_unknown().is_some_and(|unknown| is_error_kind(unknown.reason.kind))
}

fn is_error_kind(kind: ReasonKind) -> bool {
    matches!(kind, ReasonKind::Invalid | ReasonKind::Refused)
}

/// When a value holds an error anywhere that Terraform would stumble over.
pub fn error_condition(value: &Value) -> Condition {
    match value.kind() {
        Kind::Unknown(_) if is_error(value) => Condition::TRUE,
        Kind::Cond(alternatives) => alternatives
            .iter()
            .map(|(when, value)| when.and(&error_condition(value)))
            .fold(Condition::FALSE, |all, one| all.or(&one)),
        Kind::Array(array) => array
            .items
            .iter()
            .map(|item| item.when.and(&error_condition(&item.value)))
            .fold(Condition::FALSE, |all, one| all.or(&one)),
        Kind::Object(object) => object
            .properties
            .values()
            .map(|property| property.when.and(&error_condition(&property.value)))
            .fold(Condition::FALSE, |all, one| all.or(&one)),
        Kind::Symbol(symbol) => match &**symbol {
            Symbol::Call { function, arguments } if &**function == "toset" => {
                arguments.first().map_or(Condition::FALSE, error_condition)
            }
            _ => Condition::FALSE,
        },
        Kind::Text(pieces) => pieces
            .iter()
            .map(|piece| match piece {
                Piece::Hole(value) => error_condition(value),
                Piece::Literal(_) => Condition::FALSE,
            })
            .fold(Condition::FALSE, |all, one| all.or(&one)),
        _ => Condition::FALSE,
    }
}

/// The value where the condition holds: alternatives that it excludes are gone.
pub fn assuming(value: &Value, when: &Condition) -> Value {
    if when.is_true() {
        return value.clone();
    }
    let narrowed = match value.kind() {
        Kind::Cond(alternatives) => {
            let kept: Vec<_> = alternatives
                .iter()
                .map(|(own, value)| (when.and(own), value))
                .filter(|(both, _)| !both.is_false())
                .collect();
            match &kept[..] {
                [] => value.clone(),
                [(_, only)] => assuming(only, when),
                // Conditions have to cover everything: the last alternative takes what is excluded.
                [first @ .., (_, last)] => {
                    let mut rest = Condition::TRUE;
                    let mut out = Vec::new();
                    for (both, value) in first {
                        rest = rest.and_not(both);
                        out.push((both.clone(), assuming(value, both)));
                    }
                    out.push((rest, assuming(last, when)));
                    Value::cond(out)
                }
            }
        }
        Kind::Array(array) => {
            let items = array.items.iter().filter_map(|item| {
                let both = when.and(&item.when);
                let own = if when.implies(&item.when) { Condition::TRUE } else { item.when.clone() };
                (!both.is_false()).then(|| Item { value: assuming(&item.value, &both), when: own, many: item.many })
            });
            Array { items: items.collect() }.into()
        }
        Kind::Object(object) => {
            let mut out = Object { rest: object.rest.as_ref().map(|rest| assuming(rest, when)), ..Object::default() };
            for (key, property) in &object.properties {
                let both = when.and(&property.when);
                if !both.is_false() {
                    let own = if when.implies(&property.when) { Condition::TRUE } else { property.when.clone() };
                    let value = assuming(&property.value, &both);
                    out.properties.insert(key.clone(), Property { name: property.name.clone(), value, when: own });
                }
            }
            out.into()
        }
        _ => return value.clone(),
    };
    narrowed.or_origin(value.origin())
}

/// A bool that is true exactly when the condition holds.
pub fn from_condition(when: &Condition) -> Value {
    Value::choose(when, &Value::bool(true), &Value::bool(false))
}

/// A closed input as alternatives; other values as they are.
pub fn expand(inputs: &Inputs, value: &Value) -> Value {
    match value.as_symbol() {
        Some(Symbol::Input(input)) => match &input.alternatives {
            Some(all) => {
                Value::cond(all.iter().map(|one| (inputs.is(input, one), one.clone()))).or_origin(value.origin())
            }
            None => value.clone(),
        },
        _ => value.clone(),
    }
}

/// Applies a function to all combinations of the arguments' alternatives.
pub fn distribute(arguments: &[Value], function: &mut dyn FnMut(&[Value]) -> Value) -> Value {
    let combinations = arguments
        .iter()
        .map(|argument| match argument.kind() {
            Kind::Cond(alternatives) => alternatives.len(),
            _ => 1,
        })
        .try_fold(1usize, usize::checked_mul);
    if combinations.is_none_or(|combinations| combinations > MAX_COMBINATIONS) {
        let detail = format!("the arguments have more than {MAX_COMBINATIONS} combinations of alternatives");
        return Value::unknown(ReasonKind::Limit, detail, texts(arguments));
    }
    choose(arguments, &Condition::TRUE, function)
}

fn choose(arguments: &[Value], when: &Condition, function: &mut dyn FnMut(&[Value]) -> Value) -> Value {
    let Some(at) = arguments.iter().position(|argument| matches!(argument.kind(), Kind::Cond(_))) else {
        return function(arguments);
    };
    let Kind::Cond(alternatives) = arguments[at].kind() else { return function(arguments) };
    let mut out = Vec::with_capacity(alternatives.len());
    for (own, alternative) in alternatives.iter() {
        let both = when.and(own);
        // Combinations that exclude each other are never looked at.
        if both.is_false() {
            continue;
        }
        let mut fixed = arguments.to_vec();
        fixed[at] = alternative.clone().or_origin(arguments[at].origin());
        out.push((own.clone(), choose(&fixed, &both, function)));
    }
    Value::cond(cover(out))
}

/// The alternatives with the last one taking what none covers (what was excluded from outside).
fn cover(mut alternatives: Vec<(Condition, Value)>) -> Vec<(Condition, Value)> {
    let Some((last, _)) = alternatives.split_last() else { return alternatives };
    let _ = last;
    let mut rest = Condition::TRUE;
    let count = alternatives.len();
    for (place, (when, _)) in alternatives.iter_mut().enumerate() {
        if place + 1 == count {
            *when = rest.clone();
        } else {
            rest = rest.and_not(when);
        }
    }
    alternatives
}

/// The texts of values, for a call that is not computed.
pub fn texts(values: &[Value]) -> String {
    values.iter().map(Value::text).collect::<Vec<_>>().join(", ")
}

/// The result of a function that cannot be computed for these arguments: unknown where one is unknown, else a call.
pub fn pending(name: &str, arguments: &[Value]) -> Value {
    let unknown = arguments.iter().find_map(|argument| argument.first_unknown());
    match unknown.and_then(Value::as_unknown) {
        Some(unknown) => {
            let text = format!("{name}({})", texts(arguments));
            Value::unknown(unknown.reason.kind, unknown.reason.detail.clone(), text)
        }
        None => Value::call(name, arguments.iter().map(without_sets).collect()),
    }
}

/// The same unknown behind another expression.
pub fn rename(unknown: &Value, text: &str) -> Value {
    match unknown.as_unknown() {
        Some(inner) => {
            Value::unknown(inner.reason.kind, inner.reason.detail.clone(), text).with_origin(unknown.origin())
        }
        None => unknown.clone(),
    }
}

/// Whether a name stands for any number of names: the key of an open map in a loop.
pub fn is_open_key(name: &Value) -> bool {
    match name.kind() {
        Kind::Symbol(symbol) => match &**symbol {
            Symbol::Call { function, arguments } => {
                matches!(&**function, "each" | "each_key") || arguments.iter().any(is_open_key)
            }
            _ => false,
        },
        Kind::Text(pieces) => pieces.iter().any(|piece| match piece {
            Piece::Hole(value) => is_open_key(value),
            Piece::Literal(_) => false,
        }),
        Kind::Unknown(unknown) => unknown.text.contains("each_key(") || unknown.text.contains("[*]"),
        _ => false,
    }
}

/// The elements of a collection, in order; an open one has one entry that stands for all. `Err` is an error.
pub fn iterate(inputs: &Inputs, value: &Value) -> Result<Vec<Entry>, Value> {
    let value = &expand(inputs, value);
    if let Some(set) = as_set(value) {
        return Ok(set
            .items
            .iter()
            .map(|item| Entry {
                key: item.value.clone(),
                value: item.value.clone(),
                when: item.when.clone(),
                many: item.many,
            })
            .collect());
    }
    match value.kind() {
        Kind::Array(array) => Ok(array
            .items
            .iter()
            .enumerate()
            .map(|(place, item)| Entry {
                key: if item.many {
                    Value::call("each_key", vec![item.value.clone()])
                } else {
                    Value::int(i64::try_from(place).unwrap_or(i64::MAX))
                },
                value: item.value.clone(),
                when: item.when.clone(),
                many: item.many,
            })
            .collect()),
        Kind::Object(object) => {
            let mut names: Vec<(Value, &Property)> = object.entries().collect();
            // Terraform walks over maps in order of their keys.
            names.sort_by_cached_key(|(name, _)| name.plain());
            let mut entries: Vec<Entry> = names
                .into_iter()
                .map(|(key, property)| Entry {
                    many: is_open_key(&key),
                    key,
                    value: property.value.clone(),
                    when: property.when.clone(),
                })
                .collect();
            if let Some(rest) = &object.rest {
                entries.extend(iterate(inputs, rest)?);
            }
            Ok(entries)
        }
        Kind::Cond(alternatives) => {
            let mut merged: Vec<Entry> = Vec::new();
            let mut places: rustc_hash::FxHashMap<String, usize> = rustc_hash::FxHashMap::default();
            let mut failed = None;
            let mut any = false;
            for (when, alternative) in alternatives.iter() {
                let entries = match iterate(inputs, alternative) {
                    Ok(entries) => entries,
                    // `null` or an error in one alternative: Terraform refuses that one.
                    Err(error) => {
                        failed = Some(error);
                        continue;
                    }
                };
                any = true;
                let keyed = as_set(alternative).is_some() || alternative.as_object().is_some();
                for entry in entries {
                    let when = when.and(&entry.when);
                    if when.is_false() {
                        continue;
                    }
                    let text =
                        if keyed { entry.key.text() } else { format!("{}:{}", entry.key.text(), entry.value.text()) };
                    match places.get(&text) {
                        Some(&at) => {
                            let known = &mut merged[at];
                            known.value = Value::choose(&when, &entry.value, &known.value);
                            known.when = known.when.or(&when);
                            known.many |= entry.many;
                        }
                        None => {
                            places.insert(text, merged.len());
                            merged.push(Entry { when, ..entry });
                        }
                    }
                }
            }
            match failed {
                Some(error) if !any => Err(error),
                _ => Ok(merged),
            }
        }
        Kind::Unknown(unknown) if is_error_kind(unknown.reason.kind) => Err(value.clone()),
        Kind::Unknown(unknown) => {
            let key = rename(value, &format!("each_key({})", unknown.text));
            let element = rename(value, &format!("{}[*]", unknown.text));
            Ok(vec![Entry { key, value: element, when: Condition::TRUE, many: true }])
        }
        Kind::Symbol(_) => Ok(vec![Entry {
            key: Value::call("each_key", vec![value.clone()]),
            value: Value::call("each", vec![value.clone()]).or_origin(value.origin()),
            when: Condition::TRUE,
            many: true,
        }]),
        Kind::Null => Err(error("a null value is walked over", "for over null")),
        _ => Err(error("a value that is no collection is walked over", format!("for over {}", value.text()))),
    }
}

/// `base.name`.
pub fn attribute(base: &Value, name: &str) -> Value {
    if let Kind::Cond(_) = base.kind() {
        return base.map(|base| attribute(base, name));
    }
    match base.kind() {
        Kind::Object(object) => match object.properties.get(&rolecall_value::Key::from(name)) {
            Some(property) if !property.when.is_true() => {
                let otherwise = match &object.rest {
                    Some(rest) => attribute(rest, name),
                    None => missing(base, name),
                };
                Value::choose(&property.when, &property.value, &otherwise)
            }
            Some(property) => property.value.clone(),
            None => match &object.rest {
                Some(rest) => attribute(rest, name),
                // A map whose keys are open may have this one.
                None => match object.entries().find(|(key, _)| is_open_key(key)) {
                    Some((_, property)) => property.value.clone(),
                    None => missing(base, name),
                },
            },
        },
        Kind::Array(_) if name.parse::<i64>().is_ok() => index_of(base, &Value::int(name.parse().unwrap_or(0))),
        Kind::Symbol(_) if as_set(base).is_none() => base.get(name).unwrap_or_else(|| missing(base, name)),
        Kind::Unknown(_) if !is_error(base) => base.get(name).unwrap_or_else(|| missing(base, name)),
        Kind::Unknown(_) => base.clone(),
        Kind::Null => error("an attribute of null is asked for", format!("null.{name}")),
        _ => missing(base, name),
    }
}

fn missing(base: &Value, name: &str) -> Value {
    error(format!("there is no attribute `{name}`"), format!("{}.{name}", short(base)))
}

/// A text that identifies the value without repeating all of it.
fn short(value: &Value) -> String {
    let text = value.text();
    if text.len() <= 200 {
        return text;
    }
    let mut hasher = rustc_hash::FxHasher::default();
    std::hash::Hash::hash(&text, &mut hasher);
    format!("value#{:016x}", std::hash::Hasher::finish(&hasher))
}

/// `base[key]`.
pub fn index(inputs: &Inputs, base: &Value, key: &Value) -> Value {
    let base = match base.kind() {
        Kind::Symbol(_) => &expand(inputs, base),
        _ => base,
    };
    let key = match (base.kind(), key.kind()) {
        (Kind::Object(_) | Kind::Array(_), Kind::Symbol(_)) => &expand(inputs, key),
        _ => key,
    };
    distribute(&[base.clone(), key.clone()], &mut |arguments| index_of(&arguments[0], &arguments[1]))
}

fn index_of(base: &Value, key: &Value) -> Value {
    match (base.kind(), key.kind()) {
        (Kind::Unknown(_), _) if is_error(base) => base.clone(),
        (_, Kind::Unknown(_)) if is_error(key) => key.clone(),
        (Kind::Null, _) => error("an element of null is asked for", "null[]"),
        (Kind::Object(object), _) => match scalar_text(key) {
            Some(name) => attribute(base, &name),
            None => {
                // The key of an open map's own loop finds its own entry.
                let found = object.entries().find(|(name, _)| name == key);
                match found {
                    Some((_, property)) => property.value.clone(),
                    None => open_member(base, object, key),
                }
            }
        },
        (Kind::Array(array), Kind::Int(place)) => item(base, array, *place),
        (Kind::Array(_), Kind::Str(text)) => match text.parse() {
            Ok(place) => index_of(base, &Value::int(place)),
            Err(_) => error("a list has no attributes", format!("{}['{text}']", short(base))),
        },
        (Kind::Array(array), _) => match &array.items[..] {
            // An array that stands for any number of items has the one that stands for each.
            [only] if only.many => only.value.clone(),
            [] => error("an element of an empty list is asked for", "[][]"),
            _ => pending("member", &[base.clone(), key.clone()]),
        },
        (Kind::Unknown(unknown), _) => rename(base, &format!("{}[{}]", unknown.text, key.text())),
        (Kind::Symbol(_), _) if as_set(base).is_some() => {
            error("the elements of a set have no index", format!("{}[]", short(base)))
        }
        (Kind::Symbol(symbol), _) => {
            // The element of an open collection at the key that its loop is at.
            if let Some(Symbol::Call { function, arguments }) = key.as_symbol()
                && &**function == "each_key"
                && arguments.first() == Some(base)
            {
                return Value::call("each", vec![base.clone()]);
            }
            let _ = symbol;
            match key.as_str() {
                Some(name) => base.get(name).unwrap_or_else(|| missing(base, name)),
                None => pending("member", &[base.clone(), key.clone()]),
            }
        }
        _ => error("a value without elements is indexed", format!("{}[{}]", short(base), key.text())),
    }
}

/// The value of a map at a key that is open: one of its values, where all of them are the same kind of thing.
fn open_member(base: &Value, object: &Object, key: &Value) -> Value {
    if let Some((_, property)) = object.entries().find(|(name, _)| is_open_key(name)) {
        return property.value.clone();
    }
    if let (true, Some(rest)) = (object.properties.is_empty(), &object.rest) {
        return index_of(rest, key);
    }
    pending("member", &[base.clone(), key.clone()])
}

fn item(base: &Value, array: &Array, place: i64) -> Value {
    let none = || error(format!("there is no item {place}"), format!("{}[{place}]", short(base)));
    let Ok(place) = usize::try_from(place) else { return none() };
    let certain = |items: &[Item]| items.iter().all(|item| !item.many && item.when.is_true());
    match array.items.get(place) {
        Some(item) if certain(&array.items[..=place]) => item.value.clone(),
        None if certain(&array.items) => none(),
        _ => match &array.items[..] {
            [only] if only.many => only.value.clone(),
            items if place >= items.len() && items.iter().all(|item| !item.many) => none(),
            items if items.iter().all(|item| !item.many) => nth(items, place, none()),
            _ => pending("member", &[base.clone(), Value::int(i64::try_from(place).unwrap_or(i64::MAX))]),
        },
    }
}

/// The item at a place of an array of which some items may be missing.
pub fn nth(items: &[Item], index: usize, none: Value) -> Value {
    // How many items are there before: one condition for each count up to the index.
    let mut before = vec![Condition::FALSE; index + 1];
    before[0] = Condition::TRUE;
    let mut alternatives = Vec::new();
    let mut covered = Condition::FALSE;
    for item in items {
        let here = before[index].and(&item.when);
        covered = covered.or(&here);
        alternatives.push((here, item.value.clone()));
        for count in (0..=index).rev() {
            let stays = before[count].and_not(&item.when);
            let comes = if count > 0 { before[count - 1].and(&item.when) } else { Condition::FALSE };
            before[count] = stays.or(&comes);
        }
    }
    alternatives.push((covered.not(), none));
    Value::cond(alternatives)
}
