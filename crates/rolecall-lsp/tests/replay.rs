//! Two thousand random edits of deployments in three languages leave the server with what a fresh check says.

mod client;

use std::path::{Path, PathBuf};

use client::replay::replay;

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("created");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).expect("copied");
        }
    }
}

fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { files(&path, into) } else { into.push(path) }
    }
    into.sort();
}

fn replayed(language: &str, edits: usize) {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/workspaces/clean").join(language);
    // In a package of its own there is nothing to edit.
    if !source.is_dir() {
        return;
    }
    let dir = tempfile::tempdir().expect("a temporary folder");
    let folder = dir.path().canonicalize().expect("resolved");
    copy(&source, &folder);
    let mut all = Vec::new();
    files(&folder, &mut all);
    assert_eq!(replay(&folder, &all, edits, 0x5EED), edits / 100);
}

#[test]
fn edits_of_bicep_leave_what_a_fresh_check_says() {
    replayed("bicep", 800);
}

#[test]
fn edits_of_arm_templates_leave_what_a_fresh_check_says() {
    replayed("arm", 600);
}

#[test]
fn edits_of_terraform_leave_what_a_fresh_check_says() {
    replayed("terraform", 600);
}
