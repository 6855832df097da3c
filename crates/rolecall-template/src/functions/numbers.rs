//! Integer arithmetic, in 64 bits as Azure does it.

use rolecall_value::{Kind, Value};

use super::{Answer, Call, Stop, expand, int, mismatch, spread};

fn two(arguments: &[Value], name: &str, of: fn(i64, i64) -> Option<i64>) -> Answer {
    let [a, b] = arguments else { return Err(Stop::Open) };
    let (a, b) = (int(a), int(b));
    // A wrong argument is wrong whatever the other may be.
    let (a, b) = match (a, b) {
        (Err(wrong @ Stop::Invalid(_)), _) | (_, Err(wrong @ Stop::Invalid(_))) => return Err(wrong),
        (a, b) => (a?, b?),
    };
    of(a, b).map(Value::int).ok_or_else(|| Stop::Invalid(format!("{name} of {a} and {b} is no 64-bit int")))
}

pub(super) fn add(_: &Call<'_>, arguments: &[Value]) -> Answer {
    two(arguments, "the sum", i64::checked_add)
}

pub(super) fn sub(_: &Call<'_>, arguments: &[Value]) -> Answer {
    two(arguments, "the difference", i64::checked_sub)
}

pub(super) fn mul(_: &Call<'_>, arguments: &[Value]) -> Answer {
    two(arguments, "the product", i64::checked_mul)
}

/// Truncates towards zero.
pub(super) fn div(_: &Call<'_>, arguments: &[Value]) -> Answer {
    two(arguments, "the quotient", i64::checked_div)
}

/// Has the sign of the dividend.
pub(super) fn modulo(_: &Call<'_>, arguments: &[Value]) -> Answer {
    two(arguments, "the remainder", i64::checked_rem)
}

pub(super) fn min(call: &Call<'_>, arguments: &[Value]) -> Answer {
    extreme(call, arguments, i64::min)
}

pub(super) fn max(call: &Call<'_>, arguments: &[Value]) -> Answer {
    extreme(call, arguments, i64::max)
}

/// Of the ints given, or of those in one array, where each item has alternatives of its own.
fn extreme(call: &Call<'_>, arguments: &[Value], better: fn(i64, i64) -> i64) -> Answer {
    let array = match arguments {
        [only] => match only.kind() {
            Kind::Array(array) => array,
            Kind::Int(_) => return Ok(only.clone()),
            _ => return Err(mismatch(only, "an array of ints")),
        },
        _ => return best(arguments, better),
    };
    if array.items.iter().any(|item| item.many || !item.when.is_true()) {
        return Err(Stop::Open);
    }
    let values: Vec<Value> = array.items.iter().map(|item| expand(call.inputs, &item.value)).collect();
    if values.iter().any(|value| matches!(value.kind(), Kind::Cond(_))) {
        return Ok(spread::each(call, &values, |chosen| call.settle(best(chosen, better), chosen)));
    }
    best(&values, better)
}

fn best(values: &[Value], better: fn(i64, i64) -> i64) -> Answer {
    let mut best = None;
    let mut undecided = false;
    for value in values {
        match int(value) {
            Ok(value) => best = Some(best.map_or(value, |best| better(best, value))),
            Err(Stop::Open) => undecided = true,
            Err(wrong) => return Err(wrong),
        }
    }
    match best {
        _ if undecided => Err(Stop::Open),
        Some(best) => Ok(Value::int(best)),
        None => Err(Stop::Invalid("the array is empty".to_owned())),
    }
}
