//! Changes to text: what a fix writes, in bytes of files of the snapshot.
//!
//! It knows neither how a language is written nor what is wrong; the front ends make edits, others apply them.

use crate::Span;

/// A replacement of bytes: an insertion where the span is empty.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// What is replaced.
    pub span: Span,
    /// What stands there then.
    pub text: String,
}

/// Edits that mend something together: all of them or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an order: `set the scope to id-aks-kubelet`.
    pub title: String,
    /// Whether it may be applied unasked.
    pub safety: Safety,
    /// The edits, which do not overlap, by place.
    pub edits: Vec<Edit>,
}

/// Whether a fix may be applied unasked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Safety {
    /// It only says better what is meant already.
    Safe,
    /// It gives a permission, or changes what is deployed in another way: somebody must look.
    Unsafe,
}

impl Safety {
    /// The lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            Safety::Safe => "safe",
            Safety::Unsafe => "unsafe",
        }
    }
}
