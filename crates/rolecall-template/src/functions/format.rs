//! .NET composite formatting: `{0}`, `{0:D2}`, `{0,8}`, `{{` and `}}`.

use rolecall_value::{Kind, Piece, Value};

use super::strings::text_of;
use super::{Answer, Call, MAX_TEXT, Stop, mismatch, str};

/// The widest field, and the most digits, that are written out.
const MAX_WIDTH: usize = 1024;

/// The first argument with its items filled in. Bicep writes every interpolation as this.
pub(super) fn format(_: &Call<'_>, arguments: &[Value]) -> Answer {
    let Some((pattern, values)) = arguments.split_first() else { return Err(Stop::Open) };
    let pattern = str(pattern)?;
    let wrong = |what: &str| Stop::Invalid(format!("the format '{pattern}' {what}"));
    let mut pieces = Vec::new();
    let mut size = 0usize;
    let mut literal = String::new();
    let mut characters = pattern.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '{' | '}' if characters.peek() == Some(&character) => {
                characters.next();
                literal.push(character);
            }
            '}' => return Err(wrong("has a } without {")),
            '{' => {
                let mut item = String::new();
                loop {
                    match characters.next() {
                        Some('}') => break,
                        Some('{') | None => return Err(wrong("has a { without }")),
                        Some(character) => item.push(character),
                    }
                }
                let (item, specifier) = match item.split_once(':') {
                    Some((item, specifier)) => (item, specifier),
                    None => (&*item, ""),
                };
                let (index, width) = match item.split_once(',') {
                    Some((index, width)) => {
                        (index, width.trim().parse::<i32>().map_err(|_| wrong("has a width that is no int"))?)
                    }
                    None => (item, 0),
                };
                let index: usize = index.trim().parse().map_err(|_| wrong("has an item that is no number"))?;
                let value = values.get(index).ok_or_else(|| wrong("names an argument that is not given"))?;
                size = size.saturating_add((value.size() as usize).saturating_mul(16));
                if size > MAX_TEXT || width.unsigned_abs() as usize > MAX_WIDTH {
                    return Err(Stop::Limit(format!(
                        "the result is longer than the {MAX_TEXT} bytes that are followed"
                    )));
                }
                pieces.push(Piece::Literal(std::mem::take(&mut literal).into()));
                pieces.push(fill(value, width, specifier)?);
            }
            _ => literal.push(character),
        }
    }
    pieces.push(Piece::Literal(literal.into()));
    Ok(text_of(pieces))
}

fn fill(value: &Value, width: i32, specifier: &str) -> Result<Piece, Stop> {
    let text = match value.kind() {
        Kind::Int(number) if !specifier.is_empty() => numeric(*number, specifier)?,
        Kind::Array(_) | Kind::Object(_) => return Err(Stop::Open),
        Kind::Symbol(_) | Kind::Unknown(_) | Kind::Text(_) if width != 0 => return Err(Stop::Open),
        Kind::Symbol(_) | Kind::Unknown(_) if !specifier.is_empty() => return Err(Stop::Open),
        Kind::Cond(_) => return Err(mismatch(value, "one value")),
        _ if width == 0 => return Ok(Piece::Hole(value.clone())),
        _ => match Value::pieces([Piece::Hole(value.clone())]).as_str() {
            Some(text) => text.to_owned(),
            None => return Err(Stop::Open),
        },
    };
    let missing = (width.unsigned_abs() as usize).saturating_sub(text.encode_utf16().count());
    let padding = " ".repeat(missing);
    Ok(Piece::Literal(if width < 0 { text + &padding } else { padding + &text }.into()))
}

/// The standard specifiers that make sense for an int, and custom ones of zeros alone.
fn numeric(number: i64, specifier: &str) -> Result<String, Stop> {
    let wrong = || Stop::Invalid(format!("'{specifier}' formats no int"));
    if specifier.bytes().all(|byte| byte == b'0') && specifier.len() <= MAX_WIDTH {
        return Ok(padded(number, specifier.len()));
    }
    let mut characters = specifier.chars();
    let letter = characters.next().ok_or_else(wrong)?;
    let precision = match characters.as_str() {
        "" => None,
        digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            let precision: usize = digits.parse().map_err(|_| wrong())?;
            if precision > MAX_WIDTH {
                return Err(Stop::Limit("the number has too many digits".to_owned()));
            }
            Some(precision)
        }
        _ => return Err(Stop::Open),
    };
    let fraction = |default: usize| match precision.unwrap_or(default) {
        0 => String::new(),
        digits => format!(".{}", "0".repeat(digits)),
    };
    match letter {
        'D' | 'd' => Ok(padded(number, precision.unwrap_or(0))),
        'X' => Ok(format!("{number:0width$X}", width = precision.unwrap_or(0))),
        'x' => Ok(format!("{number:0width$x}", width = precision.unwrap_or(0))),
        'N' | 'n' => Ok(grouped(number) + &fraction(2)),
        'F' | 'f' => Ok(number.to_string() + &fraction(2)),
        'G' | 'g' if precision.is_none_or(|precision| precision >= 19 || precision == 0) => Ok(number.to_string()),
        'C' | 'c' | 'E' | 'e' | 'P' | 'p' | 'R' | 'r' | 'G' | 'g' | 'B' | 'b' => Err(Stop::Open),
        _ if letter.is_ascii_alphabetic() => Err(wrong()),
        _ => Err(Stop::Open),
    }
}

/// The sign does not count as a digit.
fn padded(number: i64, digits: usize) -> String {
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{:0digits$}", number.unsigned_abs())
}

fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut out = String::from(if number < 0 { "-" } else { "" });
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
