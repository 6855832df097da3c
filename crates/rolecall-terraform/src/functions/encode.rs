//! Encodings and hashes.

use md5::Md5;
use rolecall_value::{Kind, Object, Property, Value};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};
use yaml_rust2::parser::{Event, MarkedEventReceiver, Parser};
use yaml_rust2::scanner::{Marker, TScalarStyle};

use super::text;
use crate::types::{from_float, parse_number};
use crate::values::{as_set, error, number_text};

/// How deep YAML and JSON may nest.
const MAX_DEPTH: usize = 128;

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

pub(super) fn call(name: &str, arguments: &[Value]) -> Option<Value> {
    let first = || text(arguments, 0);
    let string = |text: String| Value::string(text);
    Some(match name {
        "base64encode" => string(base64(first()?.as_bytes())),
        "base64decode" => string(String::from_utf8(from_base64(&first()?)?).ok()?),
        "textencodebase64" => match &*text(arguments, 1)?.to_uppercase() {
            "UTF-8" => string(base64(first()?.as_bytes())),
            "UTF-16LE" => string(base64(&first()?.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>())),
            _ => return None,
        },
        "textdecodebase64" => match &*text(arguments, 1)?.to_uppercase() {
            "UTF-8" => string(String::from_utf8(from_base64(&first()?)?).ok()?),
            _ => return None,
        },
        "md5" => string(hex(&Md5::digest(first()?))),
        "sha1" => string(hex(&Sha1::digest(first()?))),
        "sha256" => string(hex(&Sha256::digest(first()?))),
        "sha512" => string(hex(&Sha512::digest(first()?))),
        "base64sha256" => string(base64(&Sha256::digest(first()?))),
        "base64sha512" => string(base64(&Sha512::digest(first()?))),
        "uuidv5" => string(uuid_v5(&first()?, &text(arguments, 1)?)?),
        "urlencode" => string(url_encode(&first()?)),
        "urldecode" => string(url_decode(&first()?)?),
        "jsonencode" => string(json_text(arguments.first()?)?),
        "jsondecode" => match serde_json::from_str(&first()?) {
            Ok(value) => from_json(&value),
            Err(_) => error("the text is not JSON", format!("jsondecode({})", crate::values::texts(arguments))),
        },
        "yamldecode" => match yaml(&first()?) {
            Some(value) => value,
            None => error("the text is not YAML", format!("yamldecode({})", crate::values::texts(arguments))),
        },
        "yamlencode" => string(yaml_text(arguments.first()?, 0)?),
        "csvdecode" => csv(&first()?)?,
        _ => return None,
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Base 64 with padding.
pub(crate) fn base64(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().enumerate().fold(0u32, |word, (at, byte)| word | u32::from(*byte) << (16 - 8 * at));
        for at in 0..4 {
            let digit = usize::try_from(word >> (18 - 6 * at) & 63).unwrap_or(0);
            out.push(if at <= chunk.len() { char::from(BASE64[digit]) } else { '=' });
        }
    }
    out
}

fn from_base64(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text
        .trim_end_matches('=')
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace())
        .map(|byte| BASE64.iter().position(|known| *known == byte).and_then(|at| u32::try_from(at).ok()))
        .collect();
    let mut out = Vec::new();
    for chunk in digits?.chunks(4) {
        let word = chunk.iter().enumerate().fold(0u32, |word, (at, digit)| word | digit << (18 - 6 * at));
        let bytes = word.to_be_bytes();
        out.extend_from_slice(&bytes[1..chunk.len().max(1)]);
    }
    Some(out)
}

fn uuid_v5(namespace: &str, name: &str) -> Option<String> {
    let namespace = match namespace {
        "dns" => "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
        "url" => "6ba7b811-9dad-11d1-80b4-00c04fd430c8",
        "oid" => "6ba7b812-9dad-11d1-80b4-00c04fd430c8",
        "x500" => "6ba7b814-9dad-11d1-80b4-00c04fd430c8",
        other => other,
    };
    let digits = namespace.replace('-', "");
    let mut bytes = Vec::with_capacity(16 + name.len());
    for at in (0..32).step_by(2) {
        bytes.push(u8::from_str_radix(digits.get(at..at + 2)?, 16).ok()?);
    }
    bytes.extend_from_slice(name.as_bytes());
    let hash = Sha1::digest(&bytes);
    let mut id = hash[..16].to_vec();
    id[6] = id[6] & 0x0f | 0x50;
    id[8] = id[8] & 0x3f | 0x80;
    let text = hex(&id);
    Some(format!("{}-{}-{}-{}-{}", &text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..]))
}

fn url_encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
            b' ' => "+".to_owned(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

fn url_decode(text: &str) -> Option<String> {
    let mut out = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'+' => out.push(b' '),
            b'%' => {
                let digits = [bytes.next()?, bytes.next()?];
                out.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
            }
            _ => out.push(byte),
        }
    }
    String::from_utf8(out).ok()
}

/// JSON as Terraform writes it: keys in order, `<`, `>` and `&` escaped.
pub(crate) fn json_text(value: &Value) -> Option<String> {
    let text = serde_json::to_string(&to_json(value, 0)?).ok()?;
    Some(text.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026"))
}

fn to_json(value: &Value, depth: usize) -> Option<serde_json::Value> {
    use serde_json::Value as Json;
    if depth > MAX_DEPTH {
        return None;
    }
    Some(match value.kind() {
        Kind::Null => Json::Null,
        Kind::Bool(value) => Json::Bool(*value),
        Kind::Int(value) => Json::from(*value),
        Kind::Float(value) => Json::from(*value),
        Kind::Str(text) => Json::String(text.to_string()),
        Kind::Object(object) => {
            let mut entries: Vec<_> = object.properties.iter().collect();
            entries.sort_by(|(a, _), (b, _)| a.as_str().cmp(b.as_str()));
            let entries: Option<serde_json::Map<_, _>> = entries
                .into_iter()
                .map(|(key, property)| Some((key.as_str().to_owned(), to_json(&property.value, depth + 1)?)))
                .collect();
            Json::Object(entries?)
        }
        _ => {
            let array = as_set(value).or(value.as_array())?;
            let items: Option<Vec<_>> = array.items.iter().map(|item| to_json(&item.value, depth + 1)).collect();
            Json::Array(items?)
        }
    })
}

/// JSON as a value.
pub(crate) fn from_json(json: &serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::null(),
        serde_json::Value::Bool(value) => Value::bool(*value),
        serde_json::Value::Number(number) => match number.as_i64() {
            Some(int) => Value::int(int),
            None => from_float(number.as_f64().unwrap_or(f64::NAN)),
        },
        serde_json::Value::String(text) => Value::string(text.as_str()),
        serde_json::Value::Array(items) => Value::array(items.iter().map(from_json)),
        serde_json::Value::Object(entries) => {
            Value::object(entries.iter().map(|(key, value)| (key.as_str(), from_json(value))))
        }
    }
}

fn csv(text: &str) -> Option<Value> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let (mut row, mut field, mut quoted) = (Vec::new(), String::new(), false);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                field.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut field)),
            '\r' if !quoted => {}
            '\n' if !quoted => {
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            other => field.push(other),
        }
    }
    if !field.is_empty() || !row.is_empty() {
        row.push(field);
        rows.push(row);
    }
    rows.retain(|row| row.iter().any(|field| !field.is_empty()));
    let (header, rows) = rows.split_first()?;
    Some(Value::array(rows.iter().map(|row| {
        Value::object(
            header
                .iter()
                .enumerate()
                .map(|(at, name)| (name.as_str(), Value::string(row.get(at).map_or("", String::as_str)))),
        )
    })))
}

/// The first document of a YAML text.
fn yaml(text: &str) -> Option<Value> {
    let mut builder = Builder::default();
    Parser::new_from_str(text).load(&mut builder, false).ok()?;
    if builder.failed { None } else { Some(builder.root.unwrap_or_else(Value::null)) }
}

/// Builds a value from events; an alias shares what it names, so that aliases of aliases cost nothing.
#[derive(Default)]
struct Builder {
    open: Vec<(Open, usize)>,
    anchors: rustc_hash::FxHashMap<usize, Value>,
    root: Option<Value>,
    failed: bool,
}

enum Open {
    Sequence(Vec<Value>),
    Mapping(Object, Option<Value>),
}

impl Builder {
    fn add(&mut self, value: Value, anchor: usize) {
        if anchor > 0 {
            self.anchors.insert(anchor, value.clone());
        }
        match self.open.last_mut() {
            None => self.root = self.root.take().or(Some(value)),
            Some((Open::Sequence(items), _)) => items.push(value),
            Some((Open::Mapping(object, key), _)) => match key.take() {
                None => *key = Some(value),
                Some(key) if key.as_str() == Some("<<") => {
                    let merged = value.as_object().map(|other| other.properties.clone()).unwrap_or_default();
                    for (key, property) in merged {
                        object.properties.entry(key).or_insert(property);
                    }
                }
                Some(key) => match crate::values::scalar_text(&key) {
                    Some(key) => object.insert(&Value::string(key), Property::from(value)),
                    None => self.failed = true,
                },
            },
        }
    }
}

impl MarkedEventReceiver for Builder {
    fn on_event(&mut self, event: Event, _: Marker) {
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let value = if style == TScalarStyle::Plain { plain(&text) } else { Value::string(text) };
                self.add(value, anchor);
            }
            Event::Alias(anchor) => match self.anchors.get(&anchor).cloned() {
                Some(value) => self.add(value, 0),
                None => self.failed = true,
            },
            Event::SequenceStart(anchor, _) => self.open.push((Open::Sequence(Vec::new()), anchor)),
            Event::MappingStart(anchor, _) => self.open.push((Open::Mapping(Object::default(), None), anchor)),
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some((open, anchor)) = self.open.pop() {
                    let value = match open {
                        Open::Sequence(items) => Value::array(items),
                        Open::Mapping(object, _) => object.into(),
                    };
                    self.add(value, anchor);
                }
            }
            _ => {}
        }
        self.failed |= self.open.len() > MAX_DEPTH;
    }
}

/// A plain scalar, as Terraform's YAML reads it: with the words for truth of YAML 1.1.
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::null(),
        "true" | "True" | "TRUE" | "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Value::bool(true),
        "false" | "False" | "FALSE" | "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Value::bool(false),
        // A date is a time stamp, and time stamps are strings.
        _ if is_date(text) => Value::string(format!("{text}T00:00:00Z")),
        _ if text.starts_with("0x") => {
            i64::from_str_radix(&text[2..], 16).map_or_else(|_| Value::string(text), Value::int)
        }
        _ if text.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '-' | '+' | '.')) => {
            parse_number(text).unwrap_or_else(|| Value::string(text))
        }
        _ => Value::string(text),
    }
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    parts.iter().map(|part| part.len()).eq([4, 2, 2]) && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

fn yaml_text(value: &Value, depth: usize) -> Option<String> {
    if depth > MAX_DEPTH {
        return None;
    }
    let pad = "  ".repeat(depth);
    if let Some(object) = value.as_object() {
        if object.properties.is_empty() {
            return Some("{}\n".to_owned());
        }
        let mut entries: Vec<_> = object.properties.iter().collect();
        entries.sort_by(|(a, _), (b, _)| a.as_str().cmp(b.as_str()));
        let mut out = String::new();
        for (key, property) in entries {
            let key = json_text(&Value::string(key.shared()))?;
            out.push_str(&format!("{pad}{key}:{}", yaml_below(&property.value, depth)?));
        }
        return Some(out);
    }
    if let Some(array) = as_set(value).or(value.as_array()) {
        if array.items.is_empty() {
            return Some("[]\n".to_owned());
        }
        let mut out = String::new();
        for item in &array.items {
            let inner = yaml_text(&item.value, depth + 1)?;
            out.push_str(&format!("{pad}- {}", inner.trim_start_matches(' ')));
        }
        return Some(out);
    }
    Some(match value.as_str() {
        Some(_) => format!("{}\n", json_text(value)?),
        None => match number_text(value) {
            Some(text) => format!("{text}\n"),
            None => format!("{}\n", json_text(value)?),
        },
    })
}

fn yaml_below(value: &Value, depth: usize) -> Option<String> {
    let nested = value.as_object().is_some_and(|object| !object.properties.is_empty());
    let listed = as_set(value).or(value.as_array()).is_some_and(|array| !array.items.is_empty());
    Some(match (nested, listed) {
        (true, _) => format!("\n{}", yaml_text(value, depth + 1)?),
        (_, true) => format!("\n{}", yaml_text(value, depth)?),
        _ => format!(" {}", yaml_text(value, depth)?),
    })
}
