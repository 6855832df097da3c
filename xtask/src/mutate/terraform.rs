//! Changes of Terraform text, by the spans of its blocks.

use super::Kind;
use super::edit::{Edit, Mutant, Unit};
use super::make::Weak;
use super::run::{Seen, Subject};

/// The edits that take a grant away; `None` where this way of doing it does not fit the text.
pub fn break_unit(_text: &str, _unit: &Unit, _kind: Kind, _weak: &Weak) -> Option<Vec<Edit>> {
    None
}

/// The mutants that mean nothing.
pub fn keep(_subject: &Subject, _base: &Seen) -> Vec<Mutant> {
    Vec::new()
}
