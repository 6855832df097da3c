//! Output formats: the one place where a finding becomes text.
//!
//! A [`Run`] is what an analysis found. [`text`], [`json`], [`sarif`], [`github`], [`gitlab`], [`junit`] and
//! [`azure_pipelines`] write it; [`requirements`] writes what deployments need, [`graph`] resource graphs, and [`catalogue`] the rules. Names from templates take
//! effect in none of them: not on a terminal, in a pipeline's log, in a browser or in Markdown. All output is deterministic: it depends on paths and texts, never on the order of reading.
//!
//! This crate decides nothing: what is wrong, how serious it is and what the process exits with are settled before.

pub mod azure_pipelines;
pub mod catalogue;
pub mod diff;
pub mod editor;
pub mod github;
pub mod gitlab;
pub mod graph;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod requirements;
pub mod sarif;
pub mod text;

mod az;
mod coverage;
mod links;
mod paths;
mod remark;
mod run;
mod safe_json;
mod sign_in;
mod snippet;
mod terminal;

pub use coverage::{coverage, coverage_lines};
pub use paths::relative;
pub use run::{Deployed, Run, Summary};
pub use terminal::printable;
