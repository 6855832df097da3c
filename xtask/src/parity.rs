//! Whether a Bicep file and the template that its compiler made of it give the same graph.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rolecall_graph::{Deployment, Permissions};
use rolecall_report::{Deployed, Run, graph};
use rolecall_source::{DiskFiles, Files};
use rolecall_workspace::{Analysis, Options, analyse};
use serde_json::Value;

use crate::unknowns::Counts;

/// What became of a pair.
enum Outcome {
    Equal,
    NotRestored,
    /// The template was compiled of another file: it has other parameters or outputs.
    Stale,
    /// The first difference, and under which cause it is counted.
    Different {
        cause: String,
        detail: String,
    },
}

/// What was compared, so that an empty comparison shows.
#[derive(Default)]
struct Compared {
    resources: usize,
    bodies: usize,
    /// Scalars in bodies.
    leaves: usize,
    assignments: usize,
    edges: usize,
    known: Counts,
}

/// `corpus parity`.
pub fn run(dir: &Path, list: bool, only: Option<&str>) -> anyhow::Result<()> {
    let dir = dir.canonicalize()?;
    let mut out = std::io::stdout().lock();
    let mut causes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let (mut pairs, mut equal, mut apart) = (0, 0, 0);
    let mut stale = Vec::new();
    let mut compared = Compared::default();
    for (bicep, compiled) in find(&dir) {
        let name = compiled.strip_prefix(&dir).unwrap_or(&compiled).display().to_string();
        if only.is_some_and(|only| !name.contains(only)) {
            continue;
        }
        pairs += 1;
        match compare(&dir, &bicep, &compiled, &mut compared) {
            Outcome::Equal => equal += 1,
            Outcome::NotRestored => {
                pairs -= 1;
                apart += 1;
            }
            Outcome::Stale => {
                pairs -= 1;
                stale.push(name);
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
    writeln!(out, "{pairs} pairs, {equal} equal")?;
    writeln!(
        out,
        "apart: {apart} use modules that are not restored, {} have other parameters or outputs",
        stale.len()
    )?;
    for name in stale.iter().filter(|_| list) {
        writeln!(out, "       {name}")?;
    }
    let Compared { resources, bodies, leaves, assignments, edges, known } = compared;
    writeln!(
        out,
        "compared: {resources} resources, {bodies} bodies with {leaves} values, {assignments} assignments, {edges} edges"
    )?;
    crate::unknowns::report(&known, &mut out)
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

fn compare(root: &Path, bicep: &Path, compiled: &Path, compared: &mut Compared) -> Outcome {
    let different = |cause: &str, detail: String| Outcome::Different { cause: cause.to_owned(), detail };
    if declared_in_bicep(bicep) != declared_in_arm(compiled) {
        return Outcome::Stale;
    }
    let ours = match graphs(root, bicep, &[]) {
        Ok(ours) => ours,
        Err(error) => return different("it cannot be analysed", error.to_string()),
    };
    let unresolved = |graph: &Value| {
        let reasons = graph["unresolved"].as_array().into_iter().flatten();
        reasons.filter_map(|one| one["reason"].as_str()).any(|reason| reason.contains("is not restored"))
    };
    if ours.iter().any(|(graph, _)| unresolved(graph)) {
        return Outcome::NotRestored;
    }
    for (ours, deployment) in &ours {
        // Whichever parameters the Bicep file is deployed with, the template gets too.
        let given = ours["parameters"].as_array().into_iter().flatten();
        let given: Vec<_> = given.filter_map(Value::as_str).map(|file| root.join(file)).collect();
        let theirs = match graphs(root, compiled, &given) {
            Ok(theirs) => theirs,
            Err(error) => return different("it cannot be analysed", error.to_string()),
        };
        let [(theirs, _)] = &theirs[..] else {
            return different("the number of deployments", theirs.len().to_string());
        };
        count(ours, deployment, compared);
        let (alike, other) = (canonical(ours), canonical(theirs));
        // As texts, so that the order of properties counts too.
        let texts = [&alike, &other].map(Value::to_string);
        if texts[0] != texts[1] {
            let (cause, detail) = first_difference(&alike, &other);
            return Outcome::Different { cause, detail };
        }
    }
    Outcome::Equal
}

/// Counts what is compared of a deployment, and how well it is known.
fn count(graph: &Value, deployment: &Deployment, into: &mut Compared) {
    fn leaves(value: &Value) -> usize {
        match value {
            Value::Object(map) => map.values().map(leaves).sum(),
            Value::Array(items) => items.iter().map(leaves).sum(),
            _ => 1,
        }
    }
    let length = |name: &str| graph[name].as_array().map_or(0, Vec::len);
    into.resources += length("resources");
    into.assignments += length("assignments");
    into.edges += length("edges");
    for body in graph["resources"].as_array().into_iter().flatten().map(|node| &node["body"]) {
        into.bodies += usize::from(body.as_object().is_some_and(|body| !body.is_empty()));
        into.leaves += if body.is_null() { 0 } else { leaves(body) };
    }
    for resource in &deployment.resources {
        into.known.add_value("name", &resource.id.name());
        into.known.add_value("scope", &resource.id.scope.to_value());
    }
    for assignment in Permissions::new(deployment).assignments() {
        into.known.add_value("principal", &assignment.principal);
        into.known.add_value("scope of assignment", &assignment.scope.to_value());
    }
}

/// The names of the parameters and outputs that a Bicep file declares.
fn declared_in_bicep(path: &Path) -> Option<BTreeSet<String>> {
    let files = DiskFiles::new(path.parent()?).ok()?;
    let file = files.read(path).ok()?;
    let template = rolecall_bicep::parse(&file, &files, &rolecall_bicep::Library::default()).template?;
    let parameters = template.parameters.keys().map(|name| format!("param {}", name.as_str()));
    Some(parameters.chain(template.outputs.keys().map(|name| format!("output {}", name.as_str()))).collect())
}

/// The same of a compiled template.
fn declared_in_arm(path: &Path) -> Option<BTreeSet<String>> {
    let text = std::fs::read_to_string(path).ok()?;
    let template: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).ok()?;
    let names = |section: &str, kind: &str| -> Vec<String> {
        template[section].as_object().into_iter().flatten().map(|(name, _)| format!("{kind} {name}")).collect()
    };
    Some(names("parameters", "param").into_iter().chain(names("outputs", "output")).collect())
}

/// The deployments of one template, as JSON and as such; `parameters` in place of the files beside it.
fn graphs(root: &Path, path: &Path, parameters: &[PathBuf]) -> anyhow::Result<Vec<(Value, Arc<Deployment>)>> {
    let options = Options {
        current_dir: root.to_path_buf(),
        paths: vec![path.to_path_buf()],
        root: Some(root.to_path_buf()),
        parameters: parameters.to_vec(),
        compiled: true,
        keep_graphs: true,
        select: vec!["none".to_owned()],
        ..Options::default()
    };
    let analysis = analyse(&options)?;
    let file = path.canonicalize()?;
    let entries: Vec<_> = analysis
        .deployments
        .iter()
        .map(|one| analysis.files.get(one.entry).is_some_and(|known| known.path == file))
        .collect();
    let kept = analysis.deployments.iter().zip(entries).filter(|(_, own)| *own);
    let deployments: Vec<_> = kept.filter_map(|(one, _)| one.deployment.clone()).collect();
    let values = graph::values(&as_run(&analysis, &options), deployments.iter().map(|one| &**one));
    Ok(values.into_iter().zip(deployments).collect())
}

fn as_run<'a>(analysis: &'a Analysis, options: &'a Options) -> Run<'a> {
    let deployed = analysis.deployments.iter().map(|one| Deployed {
        entry: one.entry,
        parameters: &one.parameters,
        report: &one.report,
    });
    Run {
        files: &*analysis.files,
        current_dir: &options.current_dir,
        file_count: analysis.file_count,
        deployments: deployed.collect(),
        upkeep: &[],
        diagnostics: &analysis.diagnostics,
        unreadable: &analysis.unreadable,
        accepted: 0,
        broke_down: false,
    }
}

/// What is left of a graph once it no longer shows how the deployment is written: the same text for equal deployments.
fn canonical(graph: &Value) -> Value {
    let mut graph = graph.clone();
    if let Some(map) = graph.as_object_mut() {
        for name in ["entry", "parameters", "language", "unresolved"] {
            map.remove(name);
        }
        for section in ["resources", "assignments"] {
            for node in map.get_mut(section).and_then(Value::as_array_mut).into_iter().flatten() {
                node.as_object_mut().map(|node| node.remove("position"));
            }
        }
        let edges = closure(map.get("edges")).into_iter().map(|(from, to)| serde_json::json!([from, to]));
        map.insert("edges".to_owned(), edges.collect());
    }
    graph
}

/// The first difference of two canonical graphs that are not the same text.
fn first_difference(ours: &Value, theirs: &Value) -> (String, String) {
    for section in ["resources", "assignments"] {
        let nodes = |graph: &Value| {
            let mut nodes: BTreeMap<String, Vec<Value>> = BTreeMap::new();
            for node in graph[section].as_array().into_iter().flatten() {
                let key = match section {
                    "resources" => node["id"].as_str().unwrap_or_default().to_owned(),
                    _ => format!("{}{}{}", node["principal"], node["role"], node["scope"]),
                };
                nodes.entry(key).or_default().push(node.clone());
            }
            nodes
        };
        let (ours, theirs) = (nodes(ours), nodes(theirs));
        for (id, nodes) in &ours {
            let Some(others) = theirs.get(id) else {
                let other = theirs.keys().find(|other| !ours.contains_key(*other));
                let other = other.map_or("nothing", |other| other);
                return (format!("{section}: only in Bicep"), format!("{id}\n         where ARM has {other}"));
            };
            for (node, other) in nodes.iter().zip(others) {
                if let Some((path, detail)) = difference(node, other, String::new()) {
                    let kind = path.split(['.', '[']).take(3).collect::<Vec<_>>().join(".");
                    return (format!("{section}: {kind}"), format!("{id} {path}: {detail}"));
                }
            }
            if nodes.len() != others.len() {
                return (format!("{section}: how often"), id.clone());
            }
        }
        if let Some(id) = theirs.keys().find(|id| !ours.contains_key(*id)) {
            return (format!("{section}: only in ARM"), id.clone());
        }
    }
    let edges = |graph: &Value| -> BTreeSet<String> {
        graph["edges"].as_array().into_iter().flatten().map(Value::to_string).collect()
    };
    let (ours, theirs) = (edges(ours), edges(theirs));
    if let Some(edge) = ours.difference(&theirs).next() {
        return ("edges: only in Bicep".to_owned(), edge.clone());
    }
    match theirs.difference(&ours).next() {
        Some(edge) => ("edges: only in ARM".to_owned(), edge.clone()),
        None => ("the order".to_owned(), "the same parts in another order".to_owned()),
    }
}

fn difference(ours: &Value, theirs: &Value, path: String) -> Option<(String, String)> {
    match (ours, theirs) {
        (Value::Object(ours), Value::Object(theirs)) => {
            let names: BTreeSet<_> = ours.keys().chain(theirs.keys()).collect();
            names.into_iter().find_map(|name| {
                let path = format!("{path}.{name}");
                match (ours.get(name), theirs.get(name)) {
                    (Some(ours), Some(theirs)) => difference(ours, theirs, path),
                    (ours, theirs) => Some((path, format!("{}\n         and {}", short(ours), short(theirs)))),
                }
            })
        }
        (Value::Array(ours), Value::Array(theirs)) if ours.len() == theirs.len() => ours
            .iter()
            .zip(theirs)
            .enumerate()
            .find_map(|(place, (ours, theirs))| difference(ours, theirs, format!("{path}[{place}]"))),
        _ if ours == theirs => None,
        _ => Some((path, format!("{}\n         and {}", short(Some(ours)), short(Some(theirs))))),
    }
}

fn short(value: Option<&Value>) -> String {
    match value {
        Some(value) => value.to_string().chars().take(1200).collect(),
        None => "nothing".to_owned(),
    }
}

/// What waits for what, at any number of steps.
fn closure(edges: Option<&Value>) -> BTreeSet<(String, String)> {
    let mut next: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for edge in edges.and_then(Value::as_array).into_iter().flatten() {
        let end = |name: &str| edge[name].as_str().unwrap_or_default().to_owned();
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
