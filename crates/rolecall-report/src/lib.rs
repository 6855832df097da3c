//! Output formats: the one place where a finding becomes text.
//!
//! A [`Run`] is what an analysis found; [`text`], [`json`] and [`sarif`] write it. [`requirements`] what deployments
//! need, [`graph`] resource graphs, and [`catalogue`] the rules. All output is deterministic: it depends on paths and texts, never on the order of reading.
//!
//! This crate decides nothing: what is wrong, how serious it is and what the process exits with are settled before.

pub mod catalogue;
pub mod graph;
pub mod json;
pub mod requirements;
pub mod sarif;
pub mod text;

mod paths;
mod run;
mod snippet;
mod terminal;

pub use paths::relative;
pub use run::{Deployed, Run, Summary};
pub use terminal::printable;
