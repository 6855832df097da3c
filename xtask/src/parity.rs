//! Whether a Bicep file and the template that its compiler made of it give the same graph.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

use rolecall_report::{Deployed, Run, graph};
use rolecall_source::FileId;
use rolecall_workspace::{Analysis, Options, analyse};
use serde_json::Value;

/// What became of a pair.
enum Outcome {
    Equal(Counts),
    NotRestored,
    /// The first difference, and under which cause it is counted.
    Different {
        cause: String,
        detail: String,
    },
}

/// What was compared, so that an empty comparison shows.
#[derive(Default)]
struct Counts {
    resources: usize,
    assignments: usize,
    edges: usize,
}

/// `corpus parity`.
pub fn run(dir: &Path, list: bool, only: Option<&str>) -> anyhow::Result<()> {
    let dir = dir.canonicalize()?;
    let mut out = std::io::stdout().lock();
    let mut causes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let (mut pairs, mut equal, mut apart) = (0, 0, 0);
    let mut total = Counts::default();
    for (bicep, compiled) in find(&dir) {
        let name = compiled.strip_prefix(&dir).unwrap_or(&compiled).display().to_string();
        if only.is_some_and(|only| !name.contains(only)) {
            continue;
        }
        pairs += 1;
        match compare(&dir, &bicep, &compiled) {
            Outcome::Equal(counts) => {
                equal += 1;
                total.resources += counts.resources;
                total.assignments += counts.assignments;
                total.edges += counts.edges;
            }
            Outcome::NotRestored => {
                pairs -= 1;
                apart += 1;
            }
            Outcome::Different { cause, detail } => {
                causes.entry(cause).or_default().push(format!("{name}: {detail}"));
            }
        }
    }
    let mut ordered: Vec<_> = causes.iter().collect();
    ordered.sort_by_key(|(cause, names)| (std::cmp::Reverse(names.len()), cause.as_str()));
    for (cause, names) in ordered {
        writeln!(out, "{:5}  {cause}", names.len())?;
        for name in names.iter().take(if list { usize::MAX } else { 1 }) {
            writeln!(out, "       {name}")?;
        }
    }
    writeln!(out, "{pairs} pairs, {equal} equal; {apart} more use modules that are not restored")?;
    let Counts { resources, assignments, edges } = total;
    writeln!(out, "compared in equal pairs: {resources} resources, {assignments} assignments, {edges} edges")?;
    Ok(())
}

/// Bicep files with a template that the compiler stamped beside them: of the same name, or `name.symbolicnames.json`.
fn find(dir: &Path) -> Vec<(PathBuf, PathBuf)> {
    let mut found = Vec::new();
    let mut folders = vec![dir.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let Ok(kind) = entry.file_type() else { continue };
            if kind.is_dir() {
                folders.push(path);
                continue;
            }
            if path.extension().is_none_or(|extension| extension != "bicep") {
                continue;
            }
            for suffix in ["json", "symbolicnames.json"] {
                let compiled = path.with_extension(suffix);
                if is_stamped(&compiled) {
                    found.push((path.clone(), compiled));
                }
            }
        }
    }
    found.sort();
    found
}

fn is_stamped(path: &Path) -> bool {
    let Ok(text) = std::fs::read_to_string(path) else { return false };
    let Ok(template) = serde_json::from_str::<Value>(text.trim_start_matches('\u{feff}')) else { return false };
    template["metadata"]["_generator"]["name"].as_str().is_some_and(|name| name.eq_ignore_ascii_case("bicep"))
}

fn compare(root: &Path, bicep: &Path, compiled: &Path) -> Outcome {
    let different = |cause: &str, detail: String| Outcome::Different { cause: cause.to_owned(), detail };
    let [ours, theirs] = [bicep, compiled].map(|path| graphs(root, path));
    let (ours, theirs) = match (ours, theirs) {
        (Ok(ours), Ok(theirs)) => (ours, theirs),
        (Err(error), _) | (_, Err(error)) => return different("it cannot be analysed", error.to_string()),
    };
    let unresolved = |graph: &Value| {
        let reasons = graph["unresolved"].as_array().into_iter().flatten();
        reasons.filter_map(|one| one["reason"].as_str()).any(|reason| reason.contains("is not restored"))
    };
    if ours.iter().any(unresolved) {
        return Outcome::NotRestored;
    }
    if ours.len() != theirs.len() {
        return different("the number of deployments", format!("{} and {}", ours.len(), theirs.len()));
    }
    let mut counts = Counts::default();
    for (ours, theirs) in ours.iter().zip(&theirs) {
        if let Some((cause, detail)) = first_difference(ours, theirs) {
            return Outcome::Different { cause, detail };
        }
        let count = |name: &str| ours[name].as_array().map_or(0, Vec::len);
        counts.resources += count("resources");
        counts.assignments += count("assignments");
        counts.edges += count("edges");
    }
    Outcome::Equal(counts)
}

fn graphs(root: &Path, path: &Path) -> anyhow::Result<Vec<Value>> {
    let options = Options {
        current_dir: root.to_path_buf(),
        paths: vec![path.to_path_buf()],
        root: Some(root.to_path_buf()),
        compiled: true,
        keep_graphs: true,
        select: vec!["none".to_owned()],
        ..Options::default()
    };
    let analysis = analyse(&options)?;
    let file = path.canonicalize()?;
    let is_entry = |id: FileId| {
        use rolecall_source::Files;
        analysis.files.get(id).is_some_and(|known| known.path == file)
    };
    let deployments: Vec<_> = analysis.deployments.iter().filter(|one| is_entry(one.entry)).collect();
    let run = as_run(&analysis, &options);
    Ok(graph::values(&run, deployments.iter().filter_map(|one| one.deployment.as_ref())))
}

fn as_run<'a>(analysis: &'a Analysis, options: &'a Options) -> Run<'a> {
    let deployed = analysis.deployments.iter().map(|one| Deployed {
        entry: one.entry,
        parameters: &one.parameters,
        report: &one.report,
    });
    Run {
        files: &analysis.files,
        current_dir: &options.current_dir,
        file_count: analysis.file_count,
        deployments: deployed.collect(),
        upkeep: &[],
        diagnostics: &analysis.diagnostics,
        unreadable: &analysis.unreadable,
        accepted: 0,
    }
}

fn first_difference(ours: &Value, theirs: &Value) -> Option<(String, String)> {
    for section in ["resources", "assignments"] {
        let nodes = |graph: &Value| {
            let mut nodes: BTreeMap<String, Vec<Value>> = BTreeMap::new();
            for node in graph[section].as_array().into_iter().flatten() {
                let mut node = node.clone();
                if let Some(map) = node.as_object_mut() {
                    map.remove("position");
                }
                let key = match section {
                    "resources" => node["id"].as_str().unwrap_or_default().to_lowercase(),
                    _ => format!("{}{}{}", node["principal"], node["role"], node["scope"]).to_lowercase(),
                };
                nodes.entry(key).or_default().push(node);
            }
            nodes
        };
        let (ours, theirs) = (nodes(ours), nodes(theirs));
        for (id, nodes) in &ours {
            let Some(others) = theirs.get(id) else {
                let other = theirs.keys().find(|other| !ours.contains_key(*other));
                let other = other.map_or("nothing", |other| other);
                return Some((format!("{section}: only in Bicep"), format!("{id}\n         where ARM has {other}")));
            };
            for (node, other) in nodes.iter().zip(others) {
                if let Some((path, detail)) = difference(node, other, String::new()) {
                    let kind = path.split(['.', '[']).take(3).collect::<Vec<_>>().join(".");
                    return Some((format!("{section}: {kind}"), format!("{id} {path}: {detail}")));
                }
            }
            if nodes.len() != others.len() {
                return Some((format!("{section}: how often"), id.clone()));
            }
        }
        if let Some(id) = theirs.keys().find(|id| !ours.contains_key(*id)) {
            return Some((format!("{section}: only in ARM"), id.clone()));
        }
    }
    let (ours, theirs) = (closure(ours), closure(theirs));
    if let Some((from, to)) = ours.difference(&theirs).next() {
        return Some(("edges: only in Bicep".to_owned(), format!("{from} -> {to}")));
    }
    let (from, to) = theirs.difference(&ours).next()?;
    Some(("edges: only in ARM".to_owned(), format!("{from} -> {to}")))
}

fn difference(ours: &Value, theirs: &Value, path: String) -> Option<(String, String)> {
    match (ours, theirs) {
        (Value::Object(ours), Value::Object(theirs)) => {
            let [ours, theirs] = [ours, theirs].map(|map| {
                let folded = map.iter().map(|(name, value)| {
                    let name = if name.contains("/providers/") { name.to_lowercase() } else { name.clone() };
                    (name, value)
                });
                folded.collect::<BTreeMap<_, _>>()
            });
            let names: BTreeSet<_> = ours.keys().chain(theirs.keys()).collect();
            names.into_iter().find_map(|name| {
                let path = format!("{path}.{name}");
                match (ours.get(name), theirs.get(name)) {
                    (Some(ours), Some(theirs)) => difference(ours, theirs, path),
                    (ours, theirs) => {
                        let [ours, theirs] = [ours, theirs].map(|value| short(value.copied()));
                        Some((path, format!("{ours}\n         and {theirs}")))
                    }
                }
            })
        }
        (Value::Array(ours), Value::Array(theirs)) if ours.len() == theirs.len() => ours
            .iter()
            .zip(theirs)
            .enumerate()
            .find_map(|(place, (ours, theirs))| difference(ours, theirs, format!("{path}[{place}]"))),
        // The compiler writes types as the providers do, whatever the file says; Azure ignores case in ids.
        (Value::String(ours), Value::String(theirs)) if ours.to_lowercase() == theirs.to_lowercase() => {
            let is_id = path.ends_with(".type") || ours.contains("/providers/");
            (!is_id && ours != theirs).then(|| (path, format!("{ours:?}\n         and {theirs:?}")))
        }
        _ if ours == theirs => None,
        _ => Some((path, format!("{}\n         and {}", short(Some(ours)), short(Some(theirs))))),
    }
}

fn short(value: Option<&Value>) -> String {
    match value {
        Some(value) => value.to_string().chars().take(400).collect(),
        None => "nothing".to_owned(),
    }
}

/// What waits for what, at any number of steps.
fn closure(graph: &Value) -> BTreeSet<(String, String)> {
    let mut next: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for edge in graph["edges"].as_array().into_iter().flatten() {
        let end = |name: &str| edge[name].as_str().unwrap_or_default().to_lowercase();
        next.entry(end("from")).or_default().insert(end("to"));
    }
    let mut all = BTreeSet::new();
    for from in next.keys() {
        let mut open = vec![from];
        let mut seen = BTreeSet::new();
        while let Some(at) = open.pop() {
            for to in next.get(at).into_iter().flatten() {
                if seen.insert(to) {
                    all.insert((from.clone(), to.clone()));
                    open.push(to);
                }
            }
        }
    }
    all
}
