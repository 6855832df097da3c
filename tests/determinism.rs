//! The same input gives the same bytes, whatever the number of threads, the order in which files were made, and the order
//! in which they are named. `cargo xtask integration` makes hundreds of such runs; here are a few of each format.

mod common;

use std::path::{Path, PathBuf};

use common::{Workspace, ran, repository, rolecall};

const FORMATS: [&[&str]; 14] = [
    &["check"],
    &["check", "--format", "json"],
    &["check", "--format", "sarif", "--assumed"],
    &["check", "--format", "github"],
    &["check", "--format", "gitlab"],
    &["check", "--format", "junit"],
    &["check", "--format", "azure-pipelines"],
    &["check", "--format", "markdown"],
    &["requirements"],
    &["requirements", "--format", "json"],
    &["graph"],
    &["graph", "--format", "dot"],
    &["graph", "--format", "mermaid"],
    &["graph", "--format", "html"],
];

/// Folders of the repository with deployments in all languages, findings and broken files.
const FOLDERS: [&str; 5] = [
    "examples",
    "tests/workspaces/clean",
    "tests/workspaces/firing/duplicate-role-assignment",
    "tests/workspaces/firing/registry-without-pull-role",
    "tests/workspaces/firing/unknown-role",
];

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> =
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() { files(&path, out) } else { out.push(path) }
    }
}

/// The same files, made in an order of its own.
fn workspace(turn: usize, reversed: bool) -> Workspace {
    let mut all = Vec::new();
    FOLDERS.iter().for_each(|folder| files(&repository().join(folder), &mut all));
    let len = all.len();
    all.rotate_left(turn % len);
    if reversed {
        all.reverse();
    }
    let workspace = Workspace::new();
    for path in all {
        let relative = path.strip_prefix(repository()).expect("inside");
        workspace.write_bytes(relative.to_str().expect("text"), &std::fs::read(&path).expect("read"));
    }
    workspace.write(
        "cut.json",
        "{\"$schema\": \"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#\", ",
    );
    workspace.write_bytes("examples/unreadable.bicep", b"\xff");
    std::fs::create_dir(workspace.path().join(".git")).expect("created");
    workspace
}

fn output(workspace: &Workspace, format: &[&str], threads: usize, reversed: bool) -> String {
    let mut paths = ["cut.json", "examples", "tests"];
    if reversed {
        paths.reverse();
    }
    let mut command = rolecall(workspace.path());
    let run = ran(command.args(format).args(paths).env("RAYON_NUM_THREADS", threads.to_string()));
    assert!(run.status < 2, "{}", run.text());
    // The root is named in SARIF.
    let root = workspace.path().canonicalize().expect("a folder");
    format!("{}{}", run.stdout, run.stderr).replace(root.to_str().expect("text"), "")
}

#[test]
fn every_format_is_the_same_whatever_the_threads_and_the_order_of_files() {
    let first = workspace(0, false);
    let expected: Vec<_> = FORMATS.iter().map(|format| output(&first, format, 1, false)).collect();
    for (format, text) in FORMATS.iter().zip(&expected) {
        assert!(text.len() > 500, "{format:?}: {text}");
    }
    let other = workspace(17, true);
    for (turn, (format, text)) in FORMATS.iter().zip(&expected).enumerate() {
        let threads = [2, 8, 3][turn % 3];
        assert!(output(&other, format, threads, true) == *text, "{format:?} with {threads} threads");
    }
}
