//! Numbers.

use rolecall_value::{Kind, Value};

use super::{int, list, number, text};
use crate::types::from_float;
use crate::values::error;

/// How long a `range` may get: Terraform's own limit.
const MAX_RANGE: usize = 1024;

pub(super) fn call(name: &str, arguments: &[Value]) -> Option<Value> {
    let first = || number(arguments.first()?);
    Some(match name {
        "abs" => from_float(first()?.abs()),
        "ceil" => from_float(first()?.ceil()),
        "floor" => from_float(first()?.floor()),
        "signum" => Value::int(match first()? {
            value if value > 0.0 => 1,
            value if value < 0.0 => -1,
            _ => 0,
        }),
        "log" => from_float(first()?.log(number(arguments.get(1)?)?)),
        "pow" => from_float(first()?.powf(number(arguments.get(1)?)?)),
        "max" | "min" => {
            let pick = if name == "max" { f64::max } else { f64::min };
            let numbers: Option<Vec<f64>> = arguments.iter().map(number).collect();
            match numbers?.into_iter().reduce(pick) {
                Some(value) => from_float(value),
                None => error(format!("`{name}` needs a number"), format!("{name}()")),
            }
        }
        "sum" => {
            let values = list(arguments.first()?)?;
            if values.is_empty() {
                return Some(error("`sum` needs at least one number", "sum([])"));
            }
            let whole: Option<Vec<i64>> = values.iter().map(int).collect();
            match whole.and_then(|all| all.into_iter().try_fold(0i64, i64::checked_add)) {
                Some(sum) => Value::int(sum),
                None => from_float(values.iter().map(number).sum::<Option<f64>>()?),
            }
        }
        "parseint" => {
            let base = u32::try_from(int(arguments.get(1)?)?).ok().filter(|base| (2..=36).contains(base))?;
            Value::int(i64::from_str_radix(&text(arguments, 0)?, base).ok()?)
        }
        "range" => range(arguments)?,
        _ => return None,
    })
}

fn range(arguments: &[Value]) -> Option<Value> {
    let numbers: Option<Vec<f64>> = arguments.iter().map(number).collect();
    let (start, limit, step) = match numbers?[..] {
        [limit] => (0.0, limit, if limit < 0.0 { -1.0 } else { 1.0 }),
        [start, limit] => (start, limit, if limit < start { -1.0 } else { 1.0 }),
        [start, limit, step] => (start, limit, step),
        _ => return None,
    };
    if step == 0.0 || (limit - start) * step < 0.0 {
        return Some(error("the step of `range` leads away from its end", "range"));
    }
    let mut out = Vec::new();
    let mut at = start;
    while if step > 0.0 { at < limit } else { at > limit } {
        if out.len() == MAX_RANGE {
            let detail = format!("`range` has more than {MAX_RANGE} elements, which Terraform refuses");
            return Some(error(detail, format!("range({start}, {limit}, {step})")));
        }
        out.push(from_float(at));
        at += step;
    }
    Some(Value::array(out))
}

/// The arithmetic operators. `None` where an operand is no number.
pub(crate) fn arithmetic(operator: char, a: &Value, b: &Value) -> Option<Value> {
    if let (Kind::Int(a), Kind::Int(b)) = (a.kind(), b.kind()) {
        let whole = match operator {
            '+' => a.checked_add(*b),
            '-' => a.checked_sub(*b),
            '*' => a.checked_mul(*b),
            '/' if *b != 0 && a % b == 0 => a.checked_div(*b),
            '%' if *b != 0 => a.checked_rem(*b),
            _ => None,
        };
        if let Some(whole) = whole {
            return Some(Value::int(whole));
        }
    }
    let (a, b) = (number(a)?, number(b)?);
    if matches!(operator, '/' | '%') && b == 0.0 {
        return Some(error("a number is divided by zero", format!("{a} {operator} 0")));
    }
    Some(from_float(match operator {
        '+' => a + b,
        '-' => a - b,
        '*' => a * b,
        '/' => a / b,
        _ => a % b,
    }))
}
