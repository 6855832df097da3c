//! Resource graphs, for programs and for Graphviz.

use std::io;

use rolecall_graph::{Deployment, Permissions, Places, graph_json};
use serde_json::Value;

use crate::{Run, json::position_json};

/// How much of a name a node shows, in characters.
const MAX_LABEL: usize = 60;

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

/// Writes the same graphs for Graphviz: a cluster of nodes for each deployment, resources from outside dashed, and an
/// edge from what waits to what it waits for.
///
/// # Errors
/// Those of `out`.
pub fn dot(out: &mut dyn io::Write, deployments: &[Value]) -> io::Result<()> {
    writeln!(out, "digraph rolecall {{")?;
    writeln!(out, "  node [shape=box];")?;
    for (number, deployment) in deployments.iter().enumerate() {
        let list = |name: &str| deployment[name].as_array().map(Vec::as_slice).unwrap_or_default();
        let parameters: Vec<_> = list("parameters").iter().filter_map(Value::as_str).collect();
        let entry = deployment["entry"].as_str().unwrap_or_default();
        let label = match parameters[..] {
            [] => entry.to_owned(),
            _ => format!("{entry} with {}", parameters.join(" and ")),
        };
        writeln!(out, "  subgraph cluster_{number} {{")?;
        writeln!(out, "    label={};", quoted(&label))?;
        for resource in list("resources") {
            let text = |name: &str| resource[name].as_str().unwrap_or_default();
            let node = quoted(&format!("{number}:{}", text("id")));
            let name: String = text("name").chars().take(MAX_LABEL).collect();
            let name = if name == text("name") { name } else { format!("{name}…") };
            let kind = text("type").rsplit('/').next().unwrap_or_default();
            let label = quoted(&format!("{kind}\n{name}"));
            let style = if resource["outside"].as_bool() == Some(true) { " style=dashed" } else { "" };
            writeln!(out, "    {node} [label={label}{style}];")?;
        }
        for edge in list("edges") {
            let end = |name: &str| quoted(&format!("{number}:{}", edge[name].as_str().unwrap_or_default()));
            writeln!(out, "    {} -> {};", end("from"), end("to"))?;
        }
        writeln!(out, "  }}")?;
    }
    writeln!(out, "}}")
}

/// A string of the DOT language.
fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            _ => out.push_str(&crate::printable(character.encode_utf8(&mut [0; 4]))),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dot_names_cannot_break_out_of_their_quotes() {
        let graph = serde_json::json!({
            "entry": "main.json",
            "parameters": ["p.json"],
            "resources": [{"id": "a\"]\\", "type": "N/t", "name": "x", "outside": true}],
            "edges": [{"from": "a\"]\\", "to": "b"}],
        });
        let mut out = Vec::new();
        dot(&mut out, &[graph]).expect("written");
        let text = String::from_utf8(out).expect("text");
        assert!(text.contains(r#""0:a\"]\\" [label="t\nx" style=dashed];"#), "{text}");
        assert!(text.contains(r#""0:a\"]\\" -> "0:b";"#), "{text}");
        assert!(text.contains(r#"label="main.json with p.json";"#), "{text}");
    }
}
