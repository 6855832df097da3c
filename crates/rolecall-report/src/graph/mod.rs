//! Resource graphs, for programs ([`json()`]) and for Graphviz ([`dot()`]); and a picture of who may do what where, for
//! pull requests ([`mermaid()`]) and as a page ([`html()`]).

mod dot;
mod html;
mod mermaid;
mod picture;

use std::io;

use rolecall_graph::{Deployment, Permissions, Places, graph_json};
use serde_json::Value;

use crate::{Run, json::position_json};

pub use dot::dot;
pub use html::html;
pub use mermaid::mermaid;
pub use picture::{Picture, picture};

/// The graphs of deployments, files named as in the JSON of findings.
pub fn values<'d>(run: &Run<'_>, deployments: impl IntoIterator<Item = &'d Deployment>) -> Vec<Value> {
    let places = Places { file: &|id| run.name(id), position: &|span| position_json(run, span) };
    deployments.into_iter().map(|deployment| graph_json(&Permissions::new(deployment), &places)).collect()
}

/// Writes graphs, each as one element of `deployments`.
///
/// # Errors
/// Those of `out`.
pub fn json(out: &mut dyn io::Write, deployments: &[Value]) -> io::Result<()> {
    let document = serde_json::json!({"schema_version": 1, "deployments": deployments});
    crate::safe_json::write(out, &document)
}
