//! Conversions between types, and base64.

use rolecall_value::{Kind, Piece, Symbol, Value};

use super::{Answer, Call, Stop, json as notation, mismatch, str};

/// A value as text: a string as it is, a bool as .NET writes it, arrays and objects as JSON.
pub(super) fn string(call: &Call<'_>, arguments: &[Value]) -> Answer {
    let [value] = arguments else { return Err(Stop::Open) };
    match value.kind() {
        Kind::Str(_) | Kind::Text(_) => Ok(value.clone()),
        Kind::Int(_) | Kind::Bool(_) | Kind::Float(_) => Ok(Value::pieces([Piece::Hole(value.clone())])),
        Kind::Symbol(symbol) => match &**symbol {
            Symbol::Environment(_) => Ok(value.clone()),
            _ => Err(Stop::Open),
        },
        Kind::Array(_) | Kind::Object(_) => notation::write(call.inputs, value),
        _ => Err(Stop::Open),
    }
}

pub(super) fn int(_: &Call<'_>, arguments: &[Value]) -> Answer {
    let [value] = arguments else { return Err(Stop::Open) };
    match value.kind() {
        Kind::Int(_) => Ok(value.clone()),
        Kind::Float(number) if number.fract() == 0.0 && number.abs() < 9.0e15 => Ok(Value::int(*number as i64)),
        Kind::Str(text) => {
            let number = text.trim().parse().map_err(|_| Stop::Invalid(format!("'{text}' is no int")))?;
            Ok(Value::int(number))
        }
        Kind::Text(_) => Err(Stop::Open),
        _ => Err(mismatch(value, "a string or an int")),
    }
}

pub(super) fn float(_: &Call<'_>, arguments: &[Value]) -> Answer {
    let [value] = arguments else { return Err(Stop::Open) };
    match value.kind() {
        Kind::Int(number) => Ok(Kind::Float(*number as f64).into()),
        Kind::Float(_) => Ok(value.clone()),
        _ => {
            let text = str(value)?;
            let number: f64 = text.trim().parse().map_err(|_| Stop::Invalid(format!("'{text}' is no number")))?;
            match number.is_finite() {
                true => Ok(Kind::Float(number).into()),
                false => Err(Stop::Invalid(format!("'{text}' is no number"))),
            }
        }
    }
}

/// `'true'` and 1 are true, `'false'` and 0 are not.
pub(super) fn bool(_: &Call<'_>, arguments: &[Value]) -> Answer {
    let [value] = arguments else { return Err(Stop::Open) };
    match value.kind() {
        Kind::Bool(_) => Ok(value.clone()),
        Kind::Int(number) => Ok(Value::bool(*number != 0)),
        Kind::Str(text) if text.trim().eq_ignore_ascii_case("true") || &**text == "1" => Ok(Value::bool(true)),
        Kind::Str(text) if text.trim().eq_ignore_ascii_case("false") || &**text == "0" => Ok(Value::bool(false)),
        Kind::Str(text) => Err(Stop::Invalid(format!("'{text}' is no bool"))),
        Kind::Text(_) => Err(Stop::Open),
        _ => Err(mismatch(value, "a string or an int")),
    }
}

/// What a JSON text says.
pub(super) fn json(call: &Call<'_>, arguments: &[Value]) -> Answer {
    let [value] = arguments else { return Err(Stop::Open) };
    match value.kind() {
        // `json(string(x))` is x, and what `string` keeps of a value with holes is not needed.
        Kind::Symbol(symbol) => match &**symbol {
            Symbol::Call { function, arguments } if &**function == "string" => match &arguments[..] {
                [inner] if !matches!(inner.kind(), Kind::Symbol(_)) => Ok(inner.clone()),
                _ => Err(Stop::Open),
            },
            _ => Err(Stop::Open),
        },
        _ => notation::read(call.name, str(value)?),
    }
}

pub(super) fn base64(_: &Call<'_>, arguments: &[Value]) -> Answer {
    let [value] = arguments else { return Err(Stop::Open) };
    Ok(Value::string(encode(str(value)?.as_bytes())))
}

pub(super) fn base64_to_string(_: &Call<'_>, arguments: &[Value]) -> Answer {
    let [value] = arguments else { return Err(Stop::Open) };
    // Back and forth is the value itself.
    if let Some(Symbol::Call { function, arguments }) = value.as_symbol()
        && let ("base64", [inner]) = (&**function, &arguments[..])
    {
        return Ok(inner.clone());
    }
    Ok(Value::string(decode_text(str(value)?)?))
}

pub(super) fn base64_to_json(call: &Call<'_>, arguments: &[Value]) -> Answer {
    let [value] = arguments else { return Err(Stop::Open) };
    notation::read(call.name, &decode_text(str(value)?)?)
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

pub(super) fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = chunk.iter().fold(0u32, |group, byte| group << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let digit = (group >> (18 - 6 * place)) as usize & 63;
            out.push(if place <= chunk.len() { char::from(ALPHABET[digit]) } else { '=' });
        }
    }
    out
}

/// The text behind base64; wrong where it is no base64 or no UTF-8.
pub(super) fn decode_text(text: &str) -> Result<String, Stop> {
    let wrong = || Stop::Invalid("the string is no base64 of a text".to_owned());
    let digits = text.trim_end_matches('=');
    let padding = text.len() - digits.len();
    if !text.len().is_multiple_of(4) || padding > 2 {
        return Err(wrong());
    }
    let mut bytes = Vec::with_capacity(digits.len() / 4 * 3 + 2);
    let (mut group, mut bits) = (0u32, 0);
    for digit in digits.bytes() {
        let value = ALPHABET.iter().position(|known| *known == digit).ok_or_else(wrong)?;
        group = (group << 6 | value as u32) & 0xff_ffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((group >> bits) as u8);
        }
    }
    String::from_utf8(bytes).map_err(|_| Stop::Unsupported("the base64 is of no UTF-8 text".to_owned()))
}
