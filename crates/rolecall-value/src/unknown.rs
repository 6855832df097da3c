//! What cannot be known, and why.

use std::sync::Arc;

/// A value that cannot be known.
#[derive(Clone, Debug, PartialEq)]
pub struct Unknown {
    /// Why.
    pub reason: Reason,
    /// Its type, where that is known.
    pub of_type: Option<Type>,
    /// The canonical text of the expression behind it. The same text in one deployment is the same value.
    pub text: Arc<str>,
}

/// Why something is unknown.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reason {
    /// The kind, by which reasons are counted.
    pub kind: ReasonKind,
    /// The particulars.
    pub detail: Arc<str>,
}

/// Kinds of reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ReasonKind {
    /// A construct or function that is not evaluated.
    Unsupported,
    /// A module, linked template or file that could not be read.
    Unread,
    /// A limit of the analyser.
    Limit,
    /// The template cannot be read there.
    Invalid,
    /// Azure evaluates it, and refuses the deployment when it does: a property that is not there, an argument of the
    /// wrong type. So nothing that is deployed has this value.
    Refused,
    /// Only the running deployment decides, and nothing identifies the value.
    Runtime,
    /// Whoever deploys decides: an open parameter, an id that was looked up elsewhere.
    Outside,
}

impl ReasonKind {
    /// The lower-case name that reports show.
    pub fn name(self) -> &'static str {
        match self {
            ReasonKind::Unsupported => "unsupported",
            ReasonKind::Unread => "unread",
            ReasonKind::Limit => "limit",
            ReasonKind::Invalid => "invalid",
            ReasonKind::Refused => "refused",
            ReasonKind::Runtime => "runtime",
            ReasonKind::Outside => "outside",
        }
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.detail)
    }
}

/// Types as templates name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// `bool`.
    Bool,
    /// `int`.
    Int,
    /// `string`.
    String,
    /// `array`.
    Array,
    /// `object`.
    Object,
}

impl Type {
    /// The lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            Type::Bool => "bool",
            Type::Int => "int",
            Type::String => "string",
            Type::Array => "array",
            Type::Object => "object",
        }
    }
}
