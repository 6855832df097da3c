//! What two builds say of the same repositories: findings that are new, that are gone, and that changed.
//!
//! Both are run as programs, so that any build that writes JSON can be the base.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail, ensure};
use serde_json::Value;

use crate::corpus::{name, repositories};

/// A finding of a repository: what stays the same while it stays, and what is said of it.
type Findings = BTreeMap<Key, Vec<String>>;

/// Repository, entry, parameter files, rule and fingerprint.
type Key = (String, String, String, String, String);

/// `corpus diff`. `base` is a build of the program, or a revision that is built in a worktree of its own.
///
/// # Errors
/// A build fails, or the program does not write JSON.
pub fn run(root: &Path, base: &str, dir: &Path, list: bool, only: Option<&str>) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let before = if Path::new(base).is_file() {
        Path::new(base).canonicalize().with_context(|| format!("cannot read {base}"))?
    } else {
        build_revision(root, base)?
    };
    let after = build(root, &root.join("target"))?;
    let mut rules: BTreeMap<String, [usize; 4]> = BTreeMap::new();
    for repository in repositories(dir)?.iter().filter(|path| only.is_none_or(|text| name(path).contains(text))) {
        let (old, new) = (findings(&before, repository)?, findings(&after, repository)?);
        for change in changes(old, new) {
            let counts = rules.entry(change.rule().to_owned()).or_default();
            counts[change.kind as usize] += 1;
            if list && change.kind != Kind::Same {
                writeln!(out, "{}", change.line())?;
            }
        }
    }
    writeln!(out, "| rule | added | removed | changed | same |\n| --- | --: | --: | --: | --: |")?;
    let mut all = [0; 4];
    for (rule, counts) in &rules {
        let [same, added, removed, changed] = counts;
        writeln!(out, "| {rule} | {added} | {removed} | {changed} | {same} |")?;
        all.iter_mut().zip(counts).for_each(|(all, one)| *all += one);
    }
    let [same, added, removed, changed] = all;
    writeln!(out, "{added} added, {removed} removed, {changed} changed, {same} same")?;
    Ok(())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Same,
    Added,
    Removed,
    Changed,
}

#[derive(Debug)]
struct Change {
    kind: Kind,
    key: Key,
    before: String,
    after: String,
}

impl Change {
    fn rule(&self) -> &str {
        &self.key.3
    }

    fn line(&self) -> String {
        let (repository, entry, parameters, rule, _) = &self.key;
        let with = if parameters.is_empty() { String::new() } else { format!(" with {parameters}") };
        let place = format!("{repository}/{entry}{with} {rule}");
        match self.kind {
            Kind::Added => format!("+ {place}: {}", self.after),
            Kind::Removed => format!("- {place}: {}", self.before),
            Kind::Same | Kind::Changed => format!("~ {place}: {}\n    now: {}", self.before, self.after),
        }
    }
}

/// What became of each finding.
fn changes(mut old: Findings, new: Findings) -> Vec<Change> {
    let mut out = Vec::new();
    let mut add = |kind, key: &Key, before: Option<String>, after: Option<String>| {
        let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
        out.push(Change { kind, key: key.clone(), before, after });
    };
    for (key, after) in new {
        let mut gone = old.remove(&key).unwrap_or_default();
        let mut came = Vec::new();
        // What is the same on both sides first, so that the rest pairs up.
        for one in after {
            match gone.iter().position(|other| *other == one) {
                Some(place) => add(Kind::Same, &key, Some(gone.remove(place)), Some(one)),
                None => came.push(one),
            }
        }
        let mut gone = gone.into_iter();
        for one in came {
            let before = gone.next();
            let kind = if before.is_some() { Kind::Changed } else { Kind::Added };
            add(kind, &key, before, Some(one));
        }
        gone.for_each(|one| add(Kind::Removed, &key, Some(one), None));
    }
    for (key, gone) in old {
        gone.into_iter().for_each(|one| add(Kind::Removed, &key, Some(one), None));
    }
    out.sort_by(|a, b| a.key.cmp(&b.key));
    out
}

/// What a build finds in a repository.
fn findings(program: &Path, repository: &Path) -> anyhow::Result<Findings> {
    let output = Command::new(program)
        .args(["check", ".", "--root", ".", "--format", "json", "--fail-on", "never"])
        .current_dir(repository)
        .stderr(Stdio::piped())
        .output()
        .with_context(|| format!("cannot run {}", program.display()))?;
    // A repository without a template has nothing to compare.
    if output.status.code() == Some(3) {
        return Ok(Findings::new());
    }
    let report: Value = serde_json::from_slice(&output.stdout).with_context(|| {
        let error = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        format!("{} wrote no JSON in {}: {error}", program.display(), repository.display())
    })?;
    Ok(read(&name(repository), &report))
}

/// The findings of a report.
fn read(repository: &str, report: &Value) -> Findings {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut out = Findings::new();
    for finding in report["findings"].as_array().into_iter().flatten() {
        let deployment = &finding["deployment"];
        let parameters = deployment["parameters"].as_array().into_iter().flatten().map(text).collect::<Vec<_>>();
        let key = (
            repository.to_owned(),
            text(&deployment["entry"]),
            parameters.join(", "),
            text(&finding["rule"]),
            text(&finding["fingerprint"]),
        );
        let when = finding["when"].as_str().map(|when| format!(" when {when}")).unwrap_or_default();
        let said = format!(
            "{} {}{when}: {} ({}:{})",
            text(&finding["level"]),
            text(&finding["certainty"]),
            text(&finding["message"]).lines().next().unwrap_or_default(),
            text(&finding["position"]["file"]),
            finding["position"]["line"],
        );
        out.entry(key).or_default().push(said);
    }
    out.values_mut().for_each(|all| all.sort());
    out
}

/// Builds a revision in a worktree of its own, below `target`.
fn build_revision(root: &Path, revision: &str) -> anyhow::Result<PathBuf> {
    let git = |arguments: &[&str]| -> anyhow::Result<String> {
        let output = Command::new("git").args(arguments).current_dir(root).output().context("cannot run git")?;
        if !output.status.success() {
            bail!("git {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let commit = git(&["rev-parse", "--verify", &format!("{revision}^{{commit}}")])
        .with_context(|| format!("`{revision}` is neither a program nor a revision"))?;
    let tree = root.join("target/base").join(&commit);
    if !tree.is_dir() {
        git(&["worktree", "add", "--detach", &tree.to_string_lossy(), &commit])?;
    }
    // One folder for all of them, so that dependencies are compiled once.
    let built = build(&tree, &root.join("target/base/target"));
    git(&["worktree", "remove", "--force", &tree.to_string_lossy()])?;
    built
}

/// Builds the program, in the profile of this one.
fn build(root: &Path, target: &Path) -> anyhow::Result<PathBuf> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let mut command = Command::new(cargo);
    command.args(["build", "--quiet", "--package", "rolecall", "--target-dir"]).arg(target).current_dir(root);
    let profile = if cfg!(debug_assertions) {
        "debug"
    } else {
        command.arg("--release");
        "release"
    };
    ensure!(command.status().context("cannot run cargo")?.success(), "{} was not built", root.display());
    Ok(target.join(profile).join(format!("rolecall{}", std::env::consts::EXE_SUFFIX)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn report(findings: &[(&str, &str, &str)]) -> Findings {
        let all = findings.iter().map(|(rule, fingerprint, message)| {
            json!({
                "rule": rule, "fingerprint": fingerprint, "level": "error", "certainty": "definite", "when": null,
                "message": message, "deployment": { "entry": "main.bicep", "parameters": [] },
                "position": { "file": "main.bicep", "line": 1 },
            })
        });
        read("o+n", &json!({ "findings": all.collect::<Vec<_>>() }))
    }

    #[test]
    fn findings_are_told_by_their_fingerprint() {
        let old = report(&[("a", "1", "stays"), ("a", "2", "goes"), ("b", "3", "says this")]);
        let new = report(&[("a", "1", "stays"), ("b", "3", "says that"), ("b", "4", "comes")]);
        let mut kinds: Vec<_> = changes(old, new).iter().map(|one| (one.key.4.clone(), one.kind)).collect();
        kinds.sort_by(|a, b| a.0.cmp(&b.0));
        let expected = [("1", Kind::Same), ("2", Kind::Removed), ("3", Kind::Changed), ("4", Kind::Added)];
        assert_eq!(kinds, expected.map(|(key, kind)| (key.to_owned(), kind)));
    }

    #[test]
    fn of_two_alike_one_may_go() {
        let old = report(&[("a", "1", "x"), ("a", "1", "y")]);
        let new = report(&[("a", "1", "y")]);
        let kinds: Vec<_> = changes(old, new).iter().map(|one| one.kind).collect();
        assert_eq!(kinds, [Kind::Same, Kind::Removed]);
    }
}
