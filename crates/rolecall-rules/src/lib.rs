//! Rules: what can be wrong with a deployment, and how to say so.
//!
//! A rule is a folder `rules/<id>/`; the registry that embeds them is generated. Requirement rules are data, read by one
//! engine; check rules are a function in `checks/<id>.rs`.
//!
//! This crate sees only the resource graph: no syntax, no file, no output format.

mod finding;

pub use finding::{BreaksAt, Certainty, Finding, NamedPlace, Question, QuestionAnswer, Report};
