//! The function library.
//!
//! A function either works on what is partly known ([`collections`]: `length` of a list of unknowns is known) or needs
//! its arguments whole: those are tried for each combination of their alternatives, and where one is still open the
//! result is a call (of something symbolic) or unknown (of something unknown). An error in an argument is an error.
//!
//! `try`, `can`, `templatefile` and what reads files need the evaluator and are not here; what needs a clock or a random
//! source stays symbolic.

mod collections;
mod encode;
mod joins;
mod network;
mod numbers;
mod patterns;
mod strings;
mod time;

pub(crate) use encode::from_json;
pub(crate) use numbers::arithmetic;
use rolecall_value::{Inputs, Kind, Value};

use crate::values::{as_set, distribute, error, expand, is_error, pending, scalar_text};

/// Calls a function. `None` where there is none of this name.
pub fn call(inputs: &Inputs, name: &str, arguments: &[Value]) -> Option<Value> {
    if let Some(failed) = arguments.iter().find(|argument| is_error(argument)) {
        return Some(failed.clone());
    }
    if let Some(value) = collections::call(inputs, name, arguments) {
        return Some(value);
    }
    match name {
        "timestamp" | "plantimestamp" | "uuid" | "bcrypt" | "rsadecrypt" => {
            return Some(Value::call(name, arguments.to_vec()));
        }
        // What a value is shown as is not what it is.
        "sensitive" | "nonsensitive" | "ephemeralasnull" => return arguments.first().cloned(),
        "issensitive" => return Some(Value::bool(false)),
        "base64gzip" => return Some(pending(name, arguments)),
        _ => {}
    }
    if !known_name(name) {
        return None;
    }
    let arguments: Vec<Value> = arguments.iter().map(|argument| expand(inputs, argument)).collect();
    Some(distribute(&arguments, &mut |arguments| {
        if let Some(failed) = arguments.iter().find(|argument| is_error(argument)) {
            return failed.clone();
        }
        if let Some(value) = strings::partly(name, arguments) {
            return value;
        }
        if !arguments.iter().all(is_settled) {
            return pending(arm_name(name), arguments);
        }
        scalar(name, arguments)
    }))
}

fn scalar(name: &str, arguments: &[Value]) -> Value {
    strings::call(name, arguments)
        .or_else(|| numbers::call(name, arguments))
        .or_else(|| encode::call(name, arguments))
        .or_else(|| network::call(name, arguments))
        .or_else(|| time::call(name, arguments))
        .unwrap_or_else(|| {
            error(
                format!("the arguments of `{name}` do not fit"),
                format!("{name}({})", crate::values::texts(arguments)),
            )
        })
}

/// The names of the functions that need their arguments whole.
const NAMES: [&str; 65] = [
    "abs",
    "base64decode",
    "base64encode",
    "base64sha256",
    "base64sha512",
    "ceil",
    "chomp",
    "cidrhost",
    "cidrnetmask",
    "cidrsubnet",
    "cidrsubnets",
    "csvdecode",
    "endswith",
    "floor",
    "format",
    "formatdate",
    "formatlist",
    "indent",
    "join",
    "jsondecode",
    "jsonencode",
    "log",
    "lower",
    "max",
    "md5",
    "min",
    "parseint",
    "pow",
    "regex",
    "regexall",
    "replace",
    "sha1",
    "sha256",
    "sha512",
    "signum",
    "split",
    "startswith",
    "strcontains",
    "strrev",
    "substr",
    "textdecodebase64",
    "textencodebase64",
    "timeadd",
    "timecmp",
    "title",
    "trim",
    "trimprefix",
    "trimspace",
    "trimsuffix",
    "upper",
    "urlencode",
    "urldecode",
    "uuidv5",
    "yamldecode",
    "yamlencode",
    "range",
    "basename",
    "dirname",
    "pathexpand",
    "abspath",
    "provider::azapi::build_resource_id",
    "sort",
    "sum",
    "setproduct",
    "provider::azurerm::normalise_resource_id",
];

fn known_name(name: &str) -> bool {
    NAMES.contains(&name)
}

/// ARM's name of a function that both languages have, so that equal calls are equal.
fn arm_name(name: &str) -> &str {
    match name {
        "lower" => "tolower",
        "upper" => "toupper",
        "base64encode" => "base64",
        "base64decode" => "base64tostring",
        "jsondecode" => "json",
        _ => name,
    }
}

/// Whether all of a value is known; sets are.
pub(crate) fn is_settled(value: &Value) -> bool {
    match value.kind() {
        Kind::Array(array) => {
            array.items.iter().all(|item| !item.many && item.when.is_true() && is_settled(&item.value))
        }
        Kind::Object(object) => {
            object.rest.is_none()
                && object
                    .properties
                    .values()
                    .all(|property| property.name.is_none() && property.when.is_true() && is_settled(&property.value))
        }
        Kind::Symbol(_) => as_set(value).is_some_and(|set| {
            set.items.iter().all(|item| !item.many && item.when.is_true() && is_settled(&item.value))
        }),
        _ => value.is_known(),
    }
}

/// The text of a scalar argument.
pub(crate) fn text(arguments: &[Value], at: usize) -> Option<String> {
    scalar_text(arguments.get(at)?)
}

/// A number argument, also one written in a string.
pub(crate) fn number(value: &Value) -> Option<f64> {
    match value.kind() {
        Kind::Int(value) => Some(*value as f64),
        Kind::Float(value) => Some(*value),
        Kind::Str(text) => number(&crate::types::parse_number(text)?),
        _ => None,
    }
}

/// A whole number argument.
pub(crate) fn int(value: &Value) -> Option<i64> {
    match value.kind() {
        Kind::Int(value) => Some(*value),
        Kind::Str(text) => text.parse().ok(),
        _ => None,
    }
}

/// The elements of a list or set argument.
pub(crate) fn list(value: &Value) -> Option<Vec<Value>> {
    let array = as_set(value).or(value.as_array())?;
    Some(array.items.iter().map(|item| item.value.clone()).collect())
}
