//! Whole configurations, each for one reason.

mod console;
mod functions;
mod hostile;
mod language;
mod mapped;
mod reading;

use rolecall_graph::{Deployment, Resource};
use rolecall_source::{DiskFiles, Files, Level};
use rolecall_value::Value;

use crate::{Cache, Options, evaluate};

/// A folder with these files.
pub(crate) fn folder(files: &[(&str, &str)]) -> (tempfile::TempDir, DiskFiles) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in files {
        let path = dir.path().join("root").join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("created");
        std::fs::write(path, text).expect("written");
    }
    let snapshot = DiskFiles::new(&dir.path().join("root")).expect("resolved");
    (dir, snapshot)
}

/// Evaluates the root of a folder with these files.
pub(crate) fn run(files: &[(&str, &str)]) -> Deployment {
    run_with(files, &Options::default())
}

pub(crate) fn run_with(files: &[(&str, &str)], options: &Options) -> Deployment {
    let (_dir, snapshot) = folder(files);
    evaluate(snapshot.root(), &snapshot, options, &Cache::default())
}

/// Evaluates one file, in which nothing may be wrong.
pub(crate) fn clean(text: &str) -> Deployment {
    let deployment = run(&[("main.tf", text)]);
    let wrong: Vec<_> = deployment.diagnostics.iter().map(|diagnostic| &diagnostic.message).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    deployment
}

/// The only resource of a type.
pub(crate) fn one<'a>(deployment: &'a Deployment, of_type: &'a str) -> &'a Resource {
    let found: Vec<_> = deployment.of_type(of_type).map(|(_, resource)| resource).collect();
    assert_eq!(found.len(), 1, "{:?}", found.iter().map(|resource| resource.id.to_value().plain()).collect::<Vec<_>>());
    found[0]
}

/// The value of an expression, as the tag of a resource group.
pub(crate) fn value(expression: &str) -> Value {
    value_in("", expression)
}

/// The value of an expression beside these declarations.
pub(crate) fn value_in(declarations: &str, expression: &str) -> Value {
    let text = format!(
        "{declarations}\nresource \"azurerm_resource_group\" \"probe\" {{\n  name = \"probe\"\n  location = \"l\"\n  tags = {{ v = {expression} }}\n}}\n"
    );
    let deployment = run(&[("main.tf", &text)]);
    let probe =
        deployment.resources.iter().find(|resource| resource.id.name().as_str() == Some("probe")).expect("the probe");
    probe.body.get("tags").and_then(|tags| tags.get("v")).expect("the value")
}

pub(crate) fn property(resource: &Resource, path: &str) -> Value {
    path.split('.').fold(resource.body.clone(), |value, name| value.get(name).unwrap_or_else(Value::null))
}

pub(crate) fn errors(deployment: &Deployment) -> Vec<&str> {
    let errors = deployment.diagnostics.iter().filter(|diagnostic| diagnostic.level == Level::Error);
    errors.map(|diagnostic| diagnostic.message.as_str()).collect()
}
