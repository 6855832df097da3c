//! `requirements`: every permission that deployments need, cluster by cluster, and what whoever deploys them needs.
//!
//! The formats share one document, which [`json()`] writes as it is (`schemas/requirements.schema.json`); [`table()`] and
//! [`markdown()`] show it to people, and [`why()`] the way from one need to its grant. [`code()`] and [`az()`] write what gives the
//! roles that are missing.

mod code;
mod document;
mod markdown;
mod table;
mod why;

use std::io;

use rolecall_rules::Needs;

use crate::Run;

pub(crate) use code::left_to_owners;
pub use code::{Code, az, code};
pub use markdown::markdown;
pub use table::table;
pub use why::{NoSuchNeed, why};

/// The JSON Schema of what [`json()`] writes.
pub const SCHEMA: &str = include_str!("../../schemas/requirements.schema.json");

/// What is needed in the deployments of a run.
pub struct Requirements<'a> {
    /// The run; its reports hold the permission questions.
    pub run: &'a Run<'a>,
    /// What each of its deployments needs beyond them.
    pub needs: &'a [Needs],
}

/// Writes everything as JSON.
///
/// # Errors
/// Those of `out`.
pub fn json(out: &mut dyn io::Write, requirements: &Requirements<'_>) -> io::Result<()> {
    crate::safe_json::write(out, &document::Document::new(requirements))
}
