//! Makes a rule from the template `rules/_template/`.

use std::fs;
use std::path::Path;

use anyhow::{Context, ensure};

use crate::codegen;

/// What stands in the template where the id goes.
const ID: &str = "RULE-ID";

/// The files of a rule, below its folder.
const FILES: [&str; 3] = ["rule.toml", "README.md", "cases/basic.md"];

/// Makes `rules/<id>/` and brings the registry up to date; with `check`, says only whether that would go well.
///
/// # Errors
/// An id that is taken or badly formed, a broken template, or the system's.
pub fn run(root: &Path, id: &str, check: bool) -> anyhow::Result<()> {
    let letters = id.split('-').all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase()));
    ensure!(letters, "'{id}' is not kebab-case: lower-case words joined by '-', without digits");
    let folder = root.join("rules").join(id);
    ensure!(!folder.exists(), "{} is there already", folder.display());
    let template = root.join("rules/_template");
    let mut files = Vec::new();
    for name in FILES {
        let path = template.join(name);
        let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        ensure!(text.contains(ID) || name.starts_with("cases"), "{} does not say {ID}", path.display());
        files.push((folder.join(name), text.replace(ID, id)));
    }
    if check {
        return Ok(());
    }
    for (path, text) in files {
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).with_context(|| format!("making {}", parent.display()))?;
        }
        fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
    }
    codegen::write(root)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use rolecall_rules::Rule;

    use super::*;

    fn copy(from: &Path, to: &Path) {
        fs::create_dir_all(to).expect("created");
        for entry in fs::read_dir(from).expect("read") {
            let entry = entry.expect("read");
            let target = to.join(entry.file_name());
            if entry.file_type().expect("a type").is_dir() {
                copy(&entry.path(), &target);
            } else {
                fs::copy(entry.path(), target).expect("copied");
            }
        }
    }

    /// The parts of the repository that the helper touches.
    fn repository() -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let root = dir.path().to_owned();
        copy(&crate::root().join("rules"), &root.join("rules"));
        fs::create_dir_all(root.join("crates/rolecall-rules/src")).expect("created");
        let schemas = "crates/rolecall-workspace/schemas";
        copy(&crate::root().join(schemas), &root.join(schemas));
        codegen::write(&root).expect("written");
        (dir, root)
    }

    #[test]
    fn a_fourth_rule_enters_the_registry() {
        let (_dir, root) = repository();
        run(&root, "registry-without-pull", false).expect("made");
        codegen::check(&root).expect("up to date");
        let registry = fs::read_to_string(root.join("crates/rolecall-rules/src/registry.rs")).expect("read");
        assert!(registry.contains("# registry-without-pull\n"));
        let data = fs::read_to_string(root.join("rules/registry-without-pull/rule.toml")).expect("read");
        let rule: Rule = toml::from_str(&data).expect("a rule");
        assert_eq!((rule.id.as_str(), rule.problems()), ("registry-without-pull", Vec::new()));
    }

    #[test]
    fn a_check_writes_nothing() {
        let (_dir, root) = repository();
        run(&root, "registry-without-pull", true).expect("in order");
        assert!(!root.join("rules/registry-without-pull").exists());
    }

    #[test]
    fn an_id_is_free_and_kebab_case() {
        let (_dir, root) = repository();
        for id in ["subnet-without-role", "Bad", "a--b", "a1", "", "../a"] {
            assert!(run(&root, id, true).is_err(), "{id}");
        }
    }
}
