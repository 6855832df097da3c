//! Runs over real repositories: does anything break, and is what is found true?

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use rolecall_report::relative;
use rolecall_rules::{Certainty, Finding, QuestionAnswer};
use rolecall_source::{Files, Level};
use rolecall_workspace::{Analysed, Analysis, Options, analyse};
use serde::Deserialize;

/// The repositories of a folder, by name.
fn repositories(dir: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(dir).with_context(|| format!("cannot read {}", dir.display()))?;
    let mut folders: Vec<_> =
        entries.filter_map(|entry| entry.ok()?.path().canonicalize().ok()).filter(|path| path.is_dir()).collect();
    folders.sort();
    if folders.is_empty() {
        bail!("there is no repository in {}", dir.display());
    }
    Ok(folders)
}

/// What Bicep compiled is read too: its source may not be.
fn analysis(repository: &Path) -> anyhow::Result<Analysis> {
    let options = Options {
        current_dir: repository.to_path_buf(),
        paths: vec![repository.to_path_buf()],
        root: Some(repository.to_path_buf()),
        compiled: true,
        ..Options::default()
    };
    Ok(analyse(&options)?)
}

fn name(repository: &Path) -> String {
    repository.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn entry(analysis: &Analysis, one: &Analysed, repository: &Path) -> String {
    analysis.files.get(one.entry).map(|file| relative(&file.path, repository)).unwrap_or_default()
}

/// `corpus run`.
pub fn run(dir: &Path, list: bool) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let start = Instant::now();
    let (mut files, mut deployments, mut clusters, mut broken) = (0, 0, 0, 0);
    let mut failures: Vec<String> = Vec::new();
    let mut slowest: (Duration, String) = (Duration::ZERO, "none".to_owned());
    for repository in repositories(dir)? {
        let analysis = analysis(&repository)?;
        files += analysis.file_count;
        deployments += analysis.deployments.len();
        broken += usize::from(analysis.broke_down);
        for one in &analysis.deployments {
            clusters += one.report.clusters;
            if one.elapsed > slowest.0 {
                slowest = (one.elapsed, format!("{}/{}", name(&repository), entry(&analysis, one, &repository)));
            }
        }
        for diagnostic in analysis.diagnostics.iter().filter(|one| one.level == Level::Error) {
            let Some(file) = analysis.files.get(diagnostic.span.file) else { continue };
            let line = file.lines().position(&file.text, diagnostic.span.start as usize).line;
            let path = relative(&file.path, &repository);
            failures.push(format!("{}/{path}:{line}: {}", name(&repository), diagnostic.message));
        }
        for unreadable in analysis.unreadable.iter().filter(|one| one.level == Level::Error) {
            let path = relative(&unreadable.path, &repository);
            failures.push(format!("{}/{path}: {}", name(&repository), unreadable.message()));
        }
    }
    if list {
        for failure in &failures {
            writeln!(out, "{failure}")?;
        }
    }
    writeln!(out, "{files} files, {deployments} deployments, {clusters} clusters")?;
    writeln!(out, "{} failures, {broken} repositories in which the analysis broke down", failures.len())?;
    writeln!(out, "{:.1} s", start.elapsed().as_secs_f64())?;
    writeln!(out, "slowest: {} ({:.2} s)", slowest.1, slowest.0.as_secs_f64())?;
    Ok(())
}

/// `tests/truth.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ledger {
    #[serde(default)]
    row: Vec<Row>,
}

/// One judged finding.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    /// `owner/name`.
    repository: String,
    /// The commit that was read.
    commit: String,
    /// The entry template.
    path: String,
    rule: String,
    /// The canonical id of the finding's resource.
    resource: String,
    verdict: Verdict,
    /// One sentence.
    #[allow(dead_code, reason = "for who reads the ledger")]
    why: String,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    /// The finding is right and must be reported.
    True,
    /// It would be wrong and must not be reported.
    False,
}

/// A checked-out repository, as its folder is named: `owner+name`, or `owner+name@commit` with the first characters of
/// the commit.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Checkout {
    /// `owner/name`.
    repository: String,
    commit: Option<String>,
}

impl Checkout {
    fn of(folder: &str) -> Self {
        let (name, commit) = match folder.split_once('@') {
            Some((name, commit)) => (name, Some(commit.to_owned())),
            None => (folder, None),
        };
        Checkout { repository: name.replacen('+', "/", 1), commit }
    }

    fn is_of(&self, row: &Row) -> bool {
        self.repository == row.repository
            && self.commit.as_ref().is_none_or(|commit| !commit.is_empty() && row.commit.starts_with(commit.as_str()))
    }
}

/// What identifies a finding in the ledger.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    checkout: Checkout,
    path: String,
    rule: String,
    resource: String,
}

impl Key {
    fn of(checkout: &Checkout, path: &str, finding: &Finding) -> Self {
        Key {
            checkout: checkout.clone(),
            path: path.to_owned(),
            rule: finding.rule.clone(),
            resource: finding.resource.clone(),
        }
    }

    fn text(&self) -> String {
        format!("{}/{} {} {}", self.checkout.repository, self.path, self.rule, self.resource)
    }
}

/// `corpus check`.
pub fn check(root: &Path, dir: &Path, rows: bool) -> anyhow::Result<()> {
    let path = root.join("tests/truth.toml");
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let ledger: Ledger = toml::from_str(&text).with_context(|| format!("cannot read {}", path.display()))?;
    let mut found: BTreeMap<Key, Finding> = BTreeMap::new();
    let mut seen: Vec<Checkout> = Vec::new();
    let mut questions = [0; 4];
    let mut causes: BTreeMap<String, usize> = BTreeMap::new();
    for folder in repositories(dir)? {
        let checkout = Checkout::of(&name(&folder));
        let analysis = analysis(&folder)?;
        for one in &analysis.deployments {
            let path = entry(&analysis, one, &folder);
            for finding in one.report.findings.iter().filter(|finding| finding.certainty != Certainty::Assumed) {
                found.entry(Key::of(&checkout, &path, finding)).or_insert_with(|| finding.clone());
            }
            for question in &one.report.questions {
                questions[answer(question.answer)] += 1;
                if question.answer == QuestionAnswer::Undecided {
                    let cause = question.cause.as_ref().unwrap_or(&question.reason);
                    *causes.entry(cause.clone()).or_default() += 1;
                }
            }
        }
        seen.push(checkout);
    }
    let mut out = std::io::stdout().lock();
    let judged = judge(&mut out, &ledger, &found, &seen)?;
    let unjudged: Vec<_> = found.iter().filter(|(key, _)| !judged.contains(key)).collect();
    writeln!(out, "{} findings have no row{}", unjudged.len(), if rows { ":" } else { " (--rows writes them)" })?;
    if rows {
        for (key, finding) in unjudged {
            writeln!(out, "\n# {}: {}", finding.level.name(), finding.headline)?;
            let Checkout { repository, commit } = &key.checkout;
            writeln!(
                out,
                "[[row]]\nrepository = {repository:?}\ncommit = {:?}",
                commit.as_deref().unwrap_or_default()
            )?;
            writeln!(out, "path = {:?}", key.path)?;
            writeln!(out, "rule = {:?}\nresource = {:?}\nverdict = \"\"\nwhy = \"\"", key.rule, key.resource)?;
        }
    }
    let [granted, missing, assumed, undecided] = questions;
    writeln!(out, "questions: {granted} granted, {missing} missing, {assumed} assumed, {undecided} undecided")?;
    let mut causes: Vec<_> = causes.into_iter().collect();
    causes.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    for (cause, count) in causes {
        writeln!(out, "{count:6}  {cause}")?;
    }
    Ok(())
}

/// Compares the ledger with what was found; the keys that it judges.
fn judge(
    out: &mut impl Write,
    ledger: &Ledger,
    found: &BTreeMap<Key, Finding>,
    seen: &[Checkout],
) -> anyhow::Result<Vec<Key>> {
    let (mut right, mut wrong, mut missed, mut absent) = (0_u32, 0_u32, 0_u32, 0_u32);
    let mut judged = Vec::new();
    for row in &ledger.row {
        let Some(checkout) = seen.iter().find(|checkout| checkout.is_of(row)) else {
            absent += 1;
            continue;
        };
        let (path, rule, resource) = (row.path.clone(), row.rule.clone(), row.resource.clone());
        let key = Key { checkout: checkout.clone(), path, rule, resource };
        match (found.contains_key(&key), row.verdict) {
            (true, Verdict::True) => right += 1,
            (true, Verdict::False) => {
                wrong += 1;
                writeln!(out, "wrong: {}", key.text())?;
            }
            (false, Verdict::True) => {
                missed += 1;
                writeln!(out, "missed: {}", key.text())?;
            }
            (false, Verdict::False) => {}
        }
        judged.push(key);
    }
    if right + wrong > 0 {
        let precision = 100.0 * f64::from(right) / f64::from(right + wrong);
        writeln!(out, "precision: {precision:.1} % ({right} right, {wrong} wrong), {missed} missed")?;
    } else {
        writeln!(out, "precision: unknown, for no finding has a row; {missed} missed")?;
    }
    if absent > 0 {
        writeln!(out, "{absent} rows are of repositories that are not there")?;
    }
    Ok(judged)
}

fn answer(answer: QuestionAnswer) -> usize {
    match answer {
        QuestionAnswer::Granted => 0,
        QuestionAnswer::Missing => 1,
        QuestionAnswer::Assumed => 2,
        QuestionAnswer::Undecided => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(commit: &str) -> Row {
        let text = format!(
            "repository = 'o/n'\ncommit = '{commit}'\npath = 'a.json'\nrule = 'r'\nresource = 'x'\nverdict = 'true'\nwhy = 'w'"
        );
        toml::from_str(&text).expect("a row")
    }

    #[test]
    fn a_checkout_with_a_commit_is_of_the_rows_of_that_commit() {
        let row = row("abcdef0123");
        assert!(Checkout::of("o+n").is_of(&row));
        assert!(Checkout::of("o+n@abcdef0").is_of(&row));
        assert!(!Checkout::of("o+n@compiled").is_of(&row));
        assert!(!Checkout::of("o+other").is_of(&row));
    }

    #[test]
    fn the_ledger_can_be_read() {
        let text = include_str!("../../tests/truth.toml");
        toml::from_str::<Ledger>(text).expect("tests/truth.toml");
    }
}
