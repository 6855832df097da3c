//! What the names in a text are worth, in each instance of it.
//!
//! Rules ask about resources and never look here; whoever edits a text has to know by which of its names it can say what it
//! means. Only what an evaluation has come to anyway is kept: a name that nothing uses may be missing.

use std::sync::Arc;

use rolecall_source::FileId;
use rolecall_value::{Condition, Origin, Scope, Value};

/// One instance of a template or module: a module that is called twice, or by a loop, has several.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The call that brought it about, where the chain of its resources' origins goes on; [`Origin::NONE`] where there is none.
    pub origin: Origin,
    /// A file of it.
    pub file: FileId,
    /// The index or key of the call, where that is a loop.
    pub round: Option<Value>,
    /// When it is there.
    pub when: Condition,
    /// Where its resources go, where that is said for all of them.
    pub target: Option<Scope>,
    /// Its names.
    pub names: Vec<Name>,
}

/// A name and what it is worth.
#[derive(Clone, Debug)]
pub struct Name {
    /// What it is the name of.
    pub kind: NameKind,
    /// The name.
    pub name: Arc<str>,
    /// The index or key, where it is declared in a loop.
    pub round: Option<Value>,
    /// The value; of a resource its id.
    pub value: Value,
    /// When there is such a thing.
    pub when: Condition,
}

/// What a name is the name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameKind {
    /// A parameter or input variable.
    Parameter,
    /// A variable or local.
    Variable,
    /// A resource by its symbolic name: `existing` where nothing is deployed by it.
    Resource {
        /// Whether it is only declared to be there.
        existing: bool,
    },
    /// What the template gives to whoever calls it.
    Output,
}
