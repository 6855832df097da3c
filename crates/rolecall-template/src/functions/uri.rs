//! URIs and data URIs.

use rolecall_value::{Kind, Piece, Value};

use super::conversions::{decode_text, encode};
use super::strings::{pieces, text_of};
use super::{Answer, Call, Stop, mismatch, str};

/// A reference resolved against a base address (RFC 3986, 5.2). Where the base has holes, only a plain relative path is
/// joined: to the base up to its last slash.
pub(super) fn uri(_: &Call<'_>, arguments: &[Value]) -> Answer {
    let [base, relative] = arguments else { return Err(Stop::Open) };
    match (base.kind(), relative.kind()) {
        (Kind::Str(base), Kind::Str(relative)) => resolve(base, relative).map(Value::string),
        (Kind::Str(_) | Kind::Text(_), Kind::Str(_) | Kind::Text(_)) => {
            let plain = match pieces(relative)?.first() {
                None => false,
                Some(Piece::Literal(text)) => !text.starts_with(['/', '?', '#', '.']) && !text.contains([':']),
                Some(Piece::Hole(_)) => false,
            };
            let dots =
                pieces(relative)?.iter().any(|piece| matches!(piece, Piece::Literal(text) if text.contains("/.")));
            let mut front = pieces(base)?;
            let Some(Piece::Literal(last)) = front.pop() else { return Err(Stop::Open) };
            let Some(slash) = last.rfind('/').filter(|_| plain && !dots) else { return Err(Stop::Open) };
            front.push(Piece::Literal(last[..=slash].into()));
            front.extend(pieces(relative)?);
            Ok(text_of(front))
        }
        (Kind::Str(_) | Kind::Text(_), _) => Err(mismatch(relative, "a string")),
        _ => Err(mismatch(base, "a string")),
    }
}

fn resolve(base: &str, relative: &str) -> Result<String, Stop> {
    let wrong = || Stop::Invalid(format!("'{base}' is no absolute address"));
    if has_scheme(relative) {
        return Ok(relative.to_owned());
    }
    let (scheme, rest) = base.split_once("://").filter(|_| has_scheme(base)).ok_or_else(wrong)?;
    if let Some(rest) = relative.strip_prefix("//") {
        return Ok(format!("{scheme}://{rest}"));
    }
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let path_end = path.find(['?', '#']).unwrap_or(path.len());
    let (path, tail) = path.split_at(path_end);
    let query = &tail[..tail.find('#').unwrap_or(tail.len())];
    let (relative_path, relative_tail) = relative.split_at(relative.find(['?', '#']).unwrap_or(relative.len()));
    let (joined, tail) = if relative_path.is_empty() {
        let tail =
            if relative_tail.starts_with('?') { relative_tail.to_owned() } else { query.to_owned() + relative_tail };
        (path.to_owned(), tail)
    } else if relative_path.starts_with('/') {
        (relative_path.to_owned(), relative_tail.to_owned())
    } else {
        let folder = path.rfind('/').map_or("/", |slash| &path[..=slash]);
        (folder.to_owned() + relative_path, relative_tail.to_owned())
    };
    Ok(format!("{scheme}://{authority}{}{tail}", without_dots(&joined)))
}

fn has_scheme(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && scheme.chars().all(|letter| letter.is_ascii_alphanumeric() || "+-.".contains(letter))
    })
}

/// A path without `.` and `..`.
fn without_dots(path: &str) -> String {
    let mut out: Vec<&str> = Vec::new();
    let segments: Vec<&str> = path.split('/').collect();
    for (index, segment) in segments.iter().enumerate() {
        let last = index + 1 == segments.len();
        match *segment {
            "." if last => out.push(""),
            "." => {}
            ".." => {
                if out.len() > 1 {
                    out.pop();
                }
                if last {
                    out.push("");
                }
            }
            segment => out.push(segment),
        }
    }
    let joined = out.join("/");
    if joined.is_empty() { "/".to_owned() } else { joined }
}

/// Everything but letters, digits and `-_.~` as `%XX` of its UTF-8.
pub(super) fn component(_: &Call<'_>, arguments: &[Value]) -> Answer {
    let [value] = arguments else { return Err(Stop::Open) };
    let mut out = String::new();
    for byte in str(value)?.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    Ok(Value::string(out))
}

pub(super) fn component_to_string(_: &Call<'_>, arguments: &[Value]) -> Answer {
    let [value] = arguments else { return Err(Stop::Open) };
    unescape(str(value)?).map(Value::string)
}

/// What is no escape stays as it is.
fn unescape(text: &str) -> Result<String, Stop> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut place = 0;
    while let Some(&byte) = bytes.get(place) {
        let escaped = bytes
            .get(place + 1..place + 3)
            .filter(|digits| byte == b'%' && digits.iter().all(u8::is_ascii_hexdigit))
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        out.push(escaped.unwrap_or(byte));
        place += if escaped.is_some() { 3 } else { 1 };
    }
    String::from_utf8(out).map_err(|_| Stop::Unsupported(format!("'{text}' is no escaped UTF-8")))
}

pub(super) fn data_uri(_: &Call<'_>, arguments: &[Value]) -> Answer {
    let [value] = arguments else { return Err(Stop::Open) };
    Ok(Value::string(format!("data:text/plain;charset=utf8;base64,{}", encode(str(value)?.as_bytes()))))
}

pub(super) fn data_uri_to_string(_: &Call<'_>, arguments: &[Value]) -> Answer {
    let [value] = arguments else { return Err(Stop::Open) };
    let text = str(value)?;
    let wrong = || Stop::Invalid("the string is no data URI".to_owned());
    let (head, data) = text.strip_prefix("data:").and_then(|rest| rest.split_once(',')).ok_or_else(wrong)?;
    match head.split(';').any(|part| part.eq_ignore_ascii_case("base64")) {
        true => decode_text(data).map(Value::string),
        false => unescape(data).map(Value::string),
    }
}
