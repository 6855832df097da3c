//! The template function library: what a function is worth for given argument values.
//!
//! A function is declared once, in one table: its name, its arity, and who computes it. Those that need nothing
//! but their arguments are computed here, over everything that a [`Value`] can be: conditional arguments give conditional
//! results, closed inputs are taken apart where the result depends on them, strings keep their holes, and what cannot be
//! computed yet stays a call that equals itself. A wrong call is an unknown value that says what is wrong.
//!
//! Nothing here knows parameters, resources, scopes or files: functions that do are declared as [`Role::Context`] and are the
//! evaluator's.

mod access;
mod arrays;
mod conversions;
mod dates;
mod format;
mod hash;
mod json;
mod lambda;
mod logic;
mod merge;
mod network;
mod numbers;
mod shape;
mod spread;
mod strings;
mod table;
mod uri;

use rolecall_source::Span;
use rolecall_value::{Inputs, Kind, MAX_SIZE, ReasonKind, Symbol, Type, Unknown, Value};

pub use access::member;
pub use lambda::{Body, call_with_lambda};
pub use logic::from_condition;
pub use spread::expand;
pub use table::{Role, Signature, signature};

use table::Compute;

/// How many bytes a string may have: what a value of [`MAX_SIZE`] can hold.
const MAX_TEXT: usize = MAX_SIZE as usize * 16;

/// How many items a function may make out of nothing.
const MAX_ITEMS: usize = 1 << 16;

/// Past this length the text of a call is replaced by a digest, so that texts of texts stay small.
const MAX_CALL_TEXT: usize = 4096;

/// Computes a pure function; `name` in lower case. `None`: there is no such pure function. What is wrong with the call
/// makes the result unknown, with a reason of the kind [`ReasonKind::Refused`]. Origins are left to the caller, but what
/// was taken out of an argument keeps its own. The result says nothing about `span`, which is for callers' symmetry with
/// functions that do.
pub fn call(inputs: &Inputs, name: &str, arguments: &[Value], _span: Span) -> Option<Value> {
    apply(inputs, name, arguments)
}

/// The same without a place: the function by which [`substitute`](rolecall_value::substitute) computes again what became
/// known. `member`, property access, is among them.
pub fn apply(inputs: &Inputs, name: &str, arguments: &[Value]) -> Option<Value> {
    if name == "member" {
        let [base, key] = arguments else { return None };
        return Some(member(inputs, base, key, false, false));
    }
    let signature = signature(name)?;
    if let Some(wrong) = wrong_arity(signature, arguments) {
        return (signature.role == Role::Pure).then_some(wrong);
    }
    let call = Call { inputs, name: signature.name };
    if arguments.iter().fold(0, |sum: u32, value| sum.saturating_add(value.size())) > MAX_SIZE.saturating_mul(2) {
        return (signature.role == Role::Pure).then(|| call.limit(arguments, "its arguments are too large"));
    }
    match signature.compute? {
        Compute::Joined(function) => Some(spread::joined(&call, arguments, function)),
        Compute::Strict(function) => Some(spread::strict(&call, arguments, function)),
        Compute::Text(function) => Some(spread::textual(&call, arguments, function)),
    }
}

/// The unknown value of a call with too few or too many arguments.
fn wrong_arity(signature: &Signature, arguments: &[Value]) -> Option<Value> {
    let count = arguments.len();
    if (signature.min..=signature.max).contains(&count) {
        return None;
    }
    let expected = match (signature.min, signature.max) {
        (min, max) if min == max => format!("{min}"),
        (min, usize::MAX) => format!("at least {min}"),
        (min, max) => format!("{min} to {max}"),
    };
    let detail = format!("{} takes {expected} arguments, not {count}", signature.name);
    Some(Value::unknown(ReasonKind::Refused, detail, call_text(signature.name, arguments)))
}

/// Why a function gives no value.
#[derive(Debug)]
enum Stop {
    /// Its arguments are not known enough.
    Open,
    /// The call is wrong.
    Invalid(String),
    /// Azure may read more than is read here.
    Unsupported(String),
    /// The result would pass a limit.
    Limit(String),
}

type Answer = Result<Value, Stop>;

/// A function being computed.
struct Call<'a> {
    inputs: &'a Inputs,
    name: &'static str,
}

impl Call<'_> {
    /// The value of an answer to a call with these arguments.
    fn settle(&self, answer: Answer, arguments: &[Value]) -> Value {
        match answer {
            Ok(value) => value,
            Err(Stop::Open) => open(self.name, arguments),
            Err(Stop::Invalid(detail)) => {
                let detail = format!("{}: {detail}", self.name);
                Value::unknown(ReasonKind::Refused, detail, call_text(self.name, arguments))
            }
            Err(Stop::Unsupported(detail)) => {
                let detail = format!("{}: {detail}", self.name);
                Value::unknown(ReasonKind::Unsupported, detail, call_text(self.name, arguments))
            }
            Err(Stop::Limit(detail)) => self.limit(arguments, &detail),
        }
    }

    fn limit(&self, arguments: &[Value], detail: &str) -> Value {
        Value::unknown(ReasonKind::Limit, format!("{}: {detail}", self.name), call_text(self.name, arguments))
    }
}

/// A call that cannot be computed yet: unknown for the reason of the first unknown in it, else symbolic.
fn open(name: &str, arguments: &[Value]) -> Value {
    match arguments.iter().find_map(Value::first_unknown).and_then(Value::as_unknown) {
        Some(unknown) => Value::unknown(unknown.reason.kind, unknown.reason.detail.clone(), call_text(name, arguments)),
        None => Value::call(name, arguments.to_vec()),
    }
}

/// The canonical text of a call, as a symbolic call would have it.
fn call_text(name: &str, arguments: &[Value]) -> String {
    let text = Value::call(name, arguments.to_vec()).text();
    if text.len() <= MAX_CALL_TEXT {
        return text;
    }
    let mut hasher = rustc_hash::FxHasher::default();
    std::hash::Hash::hash(&text, &mut hasher);
    format!("{name}(#{:016x})", std::hash::Hasher::finish(&hasher))
}

/// An unknown part of an unknown.
fn derived(unknown: &Unknown, suffix: &str) -> Value {
    Value::unknown(unknown.reason.kind, unknown.reason.detail.clone(), format!("{}{suffix}", unknown.text))
}

/// The type of a value, `None` where it has none yet (and for `null`, which has none at all).
fn type_of(value: &Value) -> Option<Type> {
    match value.kind() {
        Kind::Bool(_) => Some(Type::Bool),
        Kind::Int(_) => Some(Type::Int),
        Kind::Str(_) | Kind::Text(_) => Some(Type::String),
        Kind::Array(_) => Some(Type::Array),
        Kind::Object(_) => Some(Type::Object),
        Kind::Unknown(unknown) => unknown.of_type,
        Kind::Symbol(symbol) => match &**symbol {
            Symbol::Call { function, .. } => returned_type(function),
            _ => None,
        },
        Kind::Null | Kind::Float(_) | Kind::Cond(_) => None,
    }
}

/// What a function returns, where that does not depend on its arguments.
fn returned_type(name: &str) -> Option<Type> {
    match name {
        "base64"
        | "base64tostring"
        | "datauri"
        | "datauritostring"
        | "format"
        | "guid"
        | "join"
        | "padleft"
        | "replace"
        | "string"
        | "substring"
        | "tolower"
        | "toupper"
        | "trim"
        | "uniquestring"
        | "uri"
        | "uricomponent"
        | "uricomponenttostring"
        | "cidrhost"
        | "cidrsubnet"
        | "datetimeadd"
        | "datetimefromepoch" => Some(Type::String),
        "contains" | "empty" | "endswith" | "equals" | "startswith" | "less" | "lessorequals" | "greater"
        | "greaterorequals" | "bool" => Some(Type::Bool),
        "add" | "sub" | "mul" | "div" | "mod" | "min" | "max" | "length" | "indexof" | "lastindexof" | "int"
        | "datetimetoepoch" => Some(Type::Int),
        "split" | "range" | "items" | "objectkeys" | "map" | "filter" | "sort" | "flatten" | "array" => {
            Some(Type::Array)
        }
        _ => None,
    }
}

/// Open where the value may still turn out to be of the type wanted, a wrong call where not.
fn mismatch(value: &Value, wanted: &str) -> Stop {
    let found = match value.kind() {
        Kind::Symbol(_) | Kind::Unknown(_) | Kind::Cond(_) => return Stop::Open,
        Kind::Null => "null",
        Kind::Float(_) => "a number with a fraction",
        Kind::Bool(_) => "a bool",
        Kind::Int(_) => "an int",
        Kind::Str(_) | Kind::Text(_) => "a string",
        Kind::Array(_) => "an array",
        Kind::Object(_) => "an object",
    };
    Stop::Invalid(format!("{found} stands where {wanted} is wanted"))
}

fn int(value: &Value) -> Result<i64, Stop> {
    value.as_int().ok_or_else(|| mismatch(value, "an int"))
}

fn str(value: &Value) -> Result<&str, Stop> {
    match value.kind() {
        Kind::Str(text) => Ok(text),
        Kind::Text(_) => Err(Stop::Open),
        _ => Err(mismatch(value, "a string")),
    }
}

#[cfg(test)]
mod tests;
