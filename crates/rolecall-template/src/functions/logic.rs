//! Comparison and logic.

use std::cmp::Ordering;

use rolecall_value::{Case, Condition, Equality, Inputs, Kind, ReasonKind, Symbol, Value, truth};

use super::spread::compare;
use super::{Answer, Call, Stop, call_text, expand, mismatch, open, type_of};

/// The bool that is true exactly where the condition holds.
pub fn from_condition(condition: &Condition) -> Value {
    if condition.is_too_large() {
        let detail = "the condition is too large to reason about";
        return Value::unknown(ReasonKind::Limit, detail, "a condition too large");
    }
    Value::choose(condition, &Value::bool(true), &Value::bool(false))
}

/// The bool of an answer in three parts; where it is undecided it is the call itself.
pub(super) fn from_equality(answer: &Equality, undecided: impl FnOnce() -> Value) -> Value {
    let rest = answer.undecided();
    if rest.is_false() {
        return from_condition(&answer.equal);
    }
    if answer.equal.is_too_large() || answer.different.is_too_large() {
        return from_condition(&Condition::TOO_LARGE);
    }
    Value::cond([
        (answer.equal.clone(), Value::bool(true)),
        (answer.different.clone(), Value::bool(false)),
        (rest, undecided()),
    ])
}

/// Strings compare with regard to case, and values of different types differ.
pub(super) fn equals(call: &Call<'_>, arguments: &[Value]) -> Answer {
    let [a, b] = arguments else { return Err(Stop::Open) };
    let answer = compare(call.inputs, a, b, Case::Sensitive);
    Ok(from_equality(&answer, || {
        // One spelling for both orders, with what is known last.
        let (a, b) = match (a.is_known(), b.is_known()) {
            (true, false) => (b, a),
            (false, true) => (a, b),
            _ if b.text() < a.text() => (b, a),
            _ => (a, b),
        };
        open(call.name, &[a.clone(), b.clone()])
    }))
}

pub(super) fn not(call: &Call<'_>, arguments: &[Value]) -> Answer {
    let [value] = arguments else { return Err(Stop::Open) };
    boolish(value)?;
    Ok(from_condition(&truth(call.inputs, &expand(call.inputs, value)).not()))
}

pub(super) fn and(call: &Call<'_>, arguments: &[Value]) -> Answer {
    connect(call.inputs, arguments, true)
}

pub(super) fn or(call: &Call<'_>, arguments: &[Value]) -> Answer {
    connect(call.inputs, arguments, false)
}

/// `and` where `neutral` is true, `or` where it is false. What one undecided argument leaves open stays that argument, so
/// that its reason is kept; several become opaque tests.
fn connect(inputs: &Inputs, arguments: &[Value], neutral: bool) -> Answer {
    let mut all = Condition::TRUE;
    let mut settled = Condition::FALSE;
    let mut undecided: Vec<(Condition, Value)> = Vec::new();
    let mut open_arguments = 0;
    for argument in arguments {
        boolish(argument)?;
        let argument = expand(inputs, argument);
        let before = undecided.len();
        let mut holds = Condition::FALSE;
        for (when, value) in argument.alternatives() {
            match value.as_bool() {
                Some(value) if value == neutral => holds = holds.or(&when),
                Some(_) => settled = settled.or(&when),
                None => undecided.push((when, value.clone())),
            }
        }
        all = all.and(&holds);
        open_arguments += usize::from(undecided.len() > before);
    }
    if settled.is_true() {
        return Ok(Value::bool(!neutral));
    }
    let rest = all.or(&settled).not();
    if rest.is_false() {
        return Ok(from_condition(if neutral { &all } else { &settled }));
    }
    if open_arguments == 1 && !rest.is_too_large() {
        let parts = undecided.into_iter().map(|(when, value)| (rest.and(&when), value));
        return Ok(Value::cond(
            [(all, Value::bool(neutral)), (settled, Value::bool(!neutral))].into_iter().chain(parts),
        ));
    }
    let truths = arguments.iter().map(|argument| truth(inputs, argument));
    Ok(from_condition(&if neutral {
        truths.fold(Condition::TRUE, |all, one| all.and(&one))
    } else {
        truths.fold(Condition::FALSE, |all, one| all.or(&one))
    }))
}

pub(super) fn if_then_else(call: &Call<'_>, arguments: &[Value]) -> Answer {
    let [condition, then, otherwise] = arguments else { return Err(Stop::Open) };
    boolish(condition)?;
    Ok(Value::choose(&truth(call.inputs, &expand(call.inputs, condition)), then, otherwise))
}

fn boolish(value: &Value) -> Result<(), Stop> {
    for (_, value) in value.alternatives() {
        match value.kind() {
            Kind::Bool(_) | Kind::Symbol(_) | Kind::Unknown(_) => {}
            _ => return Err(mismatch(value, "a bool")),
        }
    }
    Ok(())
}

pub(super) fn less(call: &Call<'_>, arguments: &[Value]) -> Answer {
    order(call, arguments, Ordering::is_lt)
}

pub(super) fn less_or_equals(call: &Call<'_>, arguments: &[Value]) -> Answer {
    order(call, arguments, Ordering::is_le)
}

pub(super) fn greater(call: &Call<'_>, arguments: &[Value]) -> Answer {
    order(call, arguments, Ordering::is_gt)
}

pub(super) fn greater_or_equals(call: &Call<'_>, arguments: &[Value]) -> Answer {
    order(call, arguments, Ordering::is_ge)
}

fn order(_: &Call<'_>, arguments: &[Value], holds: fn(Ordering) -> bool) -> Answer {
    let [a, b] = arguments else { return Err(Stop::Open) };
    let ordering = match (a.kind(), b.kind()) {
        (Kind::Int(a), Kind::Int(b)) => a.cmp(b),
        (Kind::Str(a), Kind::Str(b)) => ordinal(a, b),
        (Kind::Int(_) | Kind::Str(_) | Kind::Text(_) | Kind::Symbol(_) | Kind::Unknown(_), _) => match b.kind() {
            Kind::Int(_) | Kind::Str(_) | Kind::Text(_) | Kind::Symbol(_) | Kind::Unknown(_) => {
                return match (type_of(a), type_of(b)) {
                    (Some(x), Some(y)) if x != y => {
                        Err(Stop::Invalid(format!("an {} and a {} cannot be compared", x.name(), y.name())))
                    }
                    _ => Err(Stop::Open),
                };
            }
            _ => return Err(mismatch(b, "an int or a string")),
        },
        _ => return Err(mismatch(a, "an int or a string")),
    };
    Ok(Value::bool(holds(ordering)))
}

/// As .NET's ordinal comparison orders strings: by UTF-16 units.
fn ordinal(a: &str, b: &str) -> Ordering {
    a.encode_utf16().cmp(b.encode_utf16())
}

/// The first that is not `null`. A value that is never `null` once deployed ends the search: an input, an attribute, a fact
/// of the environment, a computed string.
pub(super) fn coalesce(call: &Call<'_>, arguments: &[Value]) -> Answer {
    let mut left = Condition::TRUE;
    let mut parts: Vec<(Condition, Value)> = Vec::new();
    for (index, argument) in arguments.iter().enumerate() {
        let argument = expand(call.inputs, argument);
        let mut null = Condition::FALSE;
        for (when, value) in argument.alternatives() {
            match value.kind() {
                Kind::Null => null = null.or(&when),
                Kind::Symbol(_) | Kind::Unknown(_) if may_be_null(value) && index + 1 < arguments.len() => {
                    let mut rest = arguments[index..].to_vec();
                    rest[0] = value.clone();
                    parts.push((left.and(&when), open(call.name, &rest)));
                }
                _ => parts.push((left.and(&when), value.clone().or_origin(argument.origin()))),
            }
        }
        left = left.and(&null);
        if left.is_false() {
            break;
        }
    }
    parts.push((left, Value::null()));
    Ok(Value::cond(parts))
}

fn may_be_null(value: &Value) -> bool {
    match value.as_symbol() {
        Some(Symbol::Input(_) | Symbol::Attribute { .. } | Symbol::Environment(_)) => false,
        Some(Symbol::Call { function, .. }) => {
            matches!(&**function, "member" | "each" | "tryget" | "first" | "last" | "coalesce" | "json")
        }
        None => true,
    }
}

pub(super) fn literal_true(_: &Call<'_>, _: &[Value]) -> Answer {
    Ok(Value::bool(true))
}

pub(super) fn literal_false(_: &Call<'_>, _: &[Value]) -> Answer {
    Ok(Value::bool(false))
}

pub(super) fn null(_: &Call<'_>, _: &[Value]) -> Answer {
    Ok(Value::null())
}

/// A call of `fail` is an error of the deployment that reaches it.
pub(super) fn fail(call: &Call<'_>, arguments: &[Value]) -> Answer {
    let message = arguments.first().map(Value::plain).unwrap_or_default();
    let detail = format!("the template fails here: {message}");
    Ok(Value::unknown(ReasonKind::Refused, detail, call_text(call.name, arguments)))
}
