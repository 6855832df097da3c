//! Resource graphs for Graphviz.

use std::io;

use serde_json::Value;

use crate::printable;

/// How much of a name a node shows, in characters.
const MAX_LABEL: usize = 60;

/// Writes graphs for Graphviz: a cluster of nodes for each deployment, resources from outside dashed, and an
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
        writeln!(out, "    label={};", quoted(&printable(&label)))?;
        for resource in list("resources") {
            let text = |name: &str| resource[name].as_str().unwrap_or_default();
            let node = quoted(&printable(&format!("{number}:{}", text("id"))));
            let name: String = text("name").chars().take(MAX_LABEL).collect();
            let name = if name == text("name") { name } else { format!("{name}…") };
            let kind = text("type").rsplit('/').next().unwrap_or_default();
            let label = quoted(&format!("{}\n{}", printable(kind), printable(&name)));
            let style = if resource["outside"].as_bool() == Some(true) { " style=dashed" } else { "" };
            writeln!(out, "    {node} [label={label}{style}];")?;
        }
        for edge in list("edges") {
            let end = |name: &str| quoted(&printable(&format!("{number}:{}", edge[name].as_str().unwrap_or_default())));
            writeln!(out, "    {} -> {};", end("from"), end("to"))?;
        }
        writeln!(out, "  }}")?;
    }
    writeln!(out, "}}")
}

/// A string of the DOT language.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
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
