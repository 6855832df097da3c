//! Conditional arguments: a function over one alternative each, and its results under their conditions again.

use rolecall_value::{
    Array, Case, Condition, Equality, Inputs, Item, Kind, MAX_ALTERNATIVES, MAX_SIZE, Object, Piece, Property, Symbol,
    Value, equality,
};

use super::strings::text_of;
use super::{Answer, Call, Stop};

/// How many alternatives a closed input may have to be taken apart.
const MAX_EXPANDED: usize = 16;

/// How many combinations of arguments a function is computed for.
const MAX_COMBINATIONS: usize = MAX_ALTERNATIVES * 4;

/// A closed input as a conditional value; any other value as it is. Inputs with more than 16 alternatives stay.
pub fn expand(inputs: &Inputs, value: &Value) -> Value {
    match value.kind() {
        Kind::Cond(alternatives) if alternatives.iter().any(|(_, value)| is_closed(value)) => {
            value.map(|value| expand(inputs, value))
        }
        Kind::Symbol(symbol) => match &**symbol {
            Symbol::Input(input) => match &input.alternatives {
                Some(alternatives) if alternatives.len() <= MAX_EXPANDED => {
                    Value::cond(alternatives.iter().map(|constant| (inputs.is(input, constant), constant.clone())))
                        .or_origin(value.origin())
                }
                _ => value.clone(),
            },
            Symbol::Call { function, arguments } if is_closed(value) => {
                let arguments: Vec<Value> = arguments.iter().map(|argument| take_apart(inputs, argument)).collect();
                super::apply(inputs, function, &arguments)
                    .map_or_else(|| value.clone(), |expanded| expanded.or_origin(value.origin()))
            }
            _ => value.clone(),
        },
        _ => value.clone(),
    }
}

/// Whether [`expand`] takes the value apart: a closed input, or a function of nothing else that is open. The hash that is
/// never computed would only be multiplied.
fn is_closed(value: &Value) -> bool {
    let in_text = |argument: &Value| match argument.kind() {
        Kind::Text(pieces) => pieces.iter().all(|piece| match piece {
            Piece::Literal(_) => true,
            Piece::Hole(hole) => is_closed(hole),
        }),
        _ => false,
    };
    match value.as_symbol() {
        Some(Symbol::Input(input)) => input.alternatives.as_ref().is_some_and(|all| all.len() <= MAX_EXPANDED),
        Some(Symbol::Call { function, arguments }) => {
            &**function != "uniquestring"
                && arguments.iter().all(|argument| argument.is_known() || is_closed(argument) || in_text(argument))
                && arguments.iter().any(|argument| !argument.is_known())
        }
        _ => false,
    }
}

/// A closed input, or a string with such in its holes, as a conditional value.
pub(super) fn take_apart(inputs: &Inputs, value: &Value) -> Value {
    fill(inputs, value).unwrap_or_else(|| expand(inputs, value))
}

/// An object with a property for each alternative of a name that closed inputs make.
pub(super) fn names_apart(inputs: &Inputs, object: &Object) -> Object {
    let mut apart = Object { rest: object.rest.clone(), ..Object::default() };
    for (name, property) in object.entries() {
        apart.insert(&take_apart(inputs, &name), Property { name: None, ..property.clone() });
    }
    apart
}

/// The same for everything in an array or object.
fn all_apart(inputs: &Inputs, value: &Value) -> Value {
    match value.kind() {
        Kind::Array(array) => {
            let items = array.items.iter().map(|item| Item { value: all_apart(inputs, &item.value), ..item.clone() });
            Array { items: items.collect() }.into()
        }
        Kind::Object(object) => {
            let mut object = names_apart(inputs, object);
            for property in object.properties.values_mut() {
                property.value = all_apart(inputs, &property.value);
            }
            object.into()
        }
        Kind::Cond(_) => value.map(|value| all_apart(inputs, value)),
        _ => take_apart(inputs, value),
    }
}

/// When two values are the same; where that is open, closed inputs in them are taken apart.
pub(super) fn compare(inputs: &Inputs, a: &Value, b: &Value, case: Case) -> Equality {
    let answer = equality(inputs, a, b, case);
    if answer.undecided().is_false() {
        return answer;
    }
    let (x, y) = (all_apart(inputs, a), all_apart(inputs, b));
    if x == *a && y == *b { answer } else { equality(inputs, &x, &y, case) }
}

/// A string whose holes that are closed inputs are filled, under conditions; `None` where it has no such hole.
fn fill(inputs: &Inputs, value: &Value) -> Option<Value> {
    let Kind::Text(pieces) = value.kind() else { return None };
    let closed = |piece: &Piece| matches!(piece, Piece::Hole(hole) if is_closed(hole));
    if !pieces.iter().any(closed) {
        return None;
    }
    let mut partial: Vec<(Condition, Vec<Piece>)> = vec![(Condition::TRUE, Vec::new())];
    for piece in pieces.iter() {
        let choices: Vec<(Condition, Piece)> = match piece {
            Piece::Hole(hole) if closed(piece) => expand(inputs, hole)
                .alternatives()
                .into_iter()
                .map(|(when, value)| (when, Piece::Hole(value.clone())))
                .collect(),
            _ => vec![(Condition::TRUE, piece.clone())],
        };
        let mut next = Vec::with_capacity(partial.len() * choices.len());
        for (when, pieces) in &partial {
            for (choice, piece) in &choices {
                let when = when.and(choice);
                if !when.is_false() {
                    next.push((when, pieces.iter().cloned().chain([piece.clone()]).collect()));
                }
            }
        }
        if next.len() > MAX_ALTERNATIVES {
            return None;
        }
        partial = next;
    }
    Some(Value::cond(partial.into_iter().map(|(when, pieces)| (when, text_of(pieces)))))
}

/// Computes a function that can join conditional arguments. Where one alternative is wrong, the others still have their
/// results.
pub(super) fn joined(call: &Call<'_>, arguments: &[Value], function: fn(&Call<'_>, &[Value]) -> Answer) -> Value {
    match function(call, arguments) {
        Ok(value) => value,
        Err(stop) => {
            let expanded: Vec<Value> = arguments.iter().map(|value| expand(call.inputs, value)).collect();
            match expanded.iter().any(|value| matches!(value.kind(), Kind::Cond(_))) {
                true => each(call, &expanded, |chosen| call.settle(function(call, chosen), chosen)),
                false => call.settle(Err(stop), arguments),
            }
        }
    }
}

/// Computes a function that wants to see values: closed inputs are taken apart, those in strings only where the function
/// cannot do without.
pub(super) fn strict(call: &Call<'_>, arguments: &[Value], function: fn(&Call<'_>, &[Value]) -> Answer) -> Value {
    let expanded: Vec<Value> = arguments.iter().map(|value| expand(call.inputs, value)).collect();
    each(call, &expanded, |chosen| match function(call, chosen) {
        Err(Stop::Open) => {
            let mut filled = false;
            let again: Vec<Value> = chosen
                .iter()
                .map(|value| match fill(call.inputs, value) {
                    Some(value) => {
                        filled = true;
                        value
                    }
                    None => value.clone(),
                })
                .collect();
            if filled {
                each(call, &again, |chosen| call.settle(function(call, chosen), chosen))
            } else {
                call.settle(Err(Stop::Open), chosen)
            }
        }
        answer => call.settle(answer, chosen),
    })
}

/// Computes a function that makes a string: inputs stay, for they can be holes. An input that is no string is written
/// out, since its own value and its text are not the same.
pub(super) fn textual(call: &Call<'_>, arguments: &[Value], function: fn(&Call<'_>, &[Value]) -> Answer) -> Value {
    let arguments: Vec<Value> = arguments.iter().map(|value| written(call.inputs, value)).collect();
    each(call, &arguments, |chosen| call.settle(function(call, chosen), chosen))
}

/// A closed input that is not always a string, taken apart.
pub(super) fn written(inputs: &Inputs, value: &Value) -> Value {
    match value.as_symbol() {
        Some(Symbol::Input(input)) => match &input.alternatives {
            Some(all) if all.iter().all(|constant| constant.as_str().is_some()) => value.clone(),
            _ => expand(inputs, value),
        },
        _ => expand_alternatives(inputs, value),
    }
}

fn expand_alternatives(inputs: &Inputs, value: &Value) -> Value {
    match value.kind() {
        Kind::Cond(_) => value.map(|value| written(inputs, value)),
        _ => value.clone(),
    }
}

/// Applies a function to each combination of alternatives that can be.
pub(super) fn each(call: &Call<'_>, arguments: &[Value], mut function: impl FnMut(&[Value]) -> Value) -> Value {
    if !arguments.iter().any(|value| matches!(value.kind(), Kind::Cond(_))) {
        return function(arguments);
    }
    let largest = |value: &Value| value.alternatives().iter().map(|(_, value)| value.size()).max().unwrap_or(0);
    let size = arguments.iter().fold(1, |sum: u32, value| sum.saturating_add(largest(value)));
    let most = MAX_COMBINATIONS.min(MAX_SIZE as usize * 4 / size as usize);
    let mut combinations: Vec<(Condition, Vec<Value>)> = vec![(Condition::TRUE, Vec::new())];
    for value in arguments {
        let alternatives = value.alternatives();
        let mut next = Vec::with_capacity(combinations.len());
        for (when, chosen) in &combinations {
            for (alternative, value) in &alternatives {
                let when = when.and(alternative);
                if !when.is_false() {
                    next.push((when, chosen.iter().cloned().chain([(*value).clone()]).collect()));
                }
            }
        }
        if next.len() > most {
            return call.limit(arguments, "its arguments have too many alternatives together");
        }
        combinations = next;
    }
    Value::cond(combinations.into_iter().map(|(when, chosen)| (when, function(&chosen))))
}
