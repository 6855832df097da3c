//! Runs over real repositories: does anything break, and is what is found true?

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use rolecall_report::relative;
use rolecall_rules::{Certainty, Finding, QuestionAnswer};
use rolecall_source::{Files, Level};
use rolecall_workspace::{Analysed, Analysis, Options, analyse};
use serde::Deserialize;

use crate::resolved::Resolved;

/// The repositories of a folder, by name.
pub fn repositories(dir: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(dir).with_context(|| format!("cannot read {}", dir.display()))?;
    let mut folders: Vec<_> =
        entries.filter_map(|entry| entry.ok()?.path().canonicalize().ok()).filter(|path| path.is_dir()).collect();
    folders.sort();
    if folders.is_empty() {
        bail!("there is no repository in {}", dir.display());
    }
    Ok(folders)
}

/// What Bicep compiled is read too: its source may not be. `named` are files that count even where git ignores them.
pub fn analysis(repository: &Path, named: Vec<PathBuf>, graphs: bool) -> anyhow::Result<Analysis> {
    let options = Options {
        current_dir: repository.to_path_buf(),
        paths: std::iter::once(repository.to_path_buf()).chain(named).collect(),
        root: Some(repository.to_path_buf()),
        compiled: true,
        keep_graphs: graphs,
        ..Options::default()
    };
    Ok(analyse(&options)?)
}

/// The name of its folder.
pub fn name(repository: &Path) -> String {
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
        let analysis = analysis(&repository, Vec::new(), false)?;
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

/// One judged finding, or an expected silence.
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
    /// How the id of what is needed ends, where one resource has several findings.
    #[serde(default)]
    scope: String,
    verdict: Verdict,
    /// One sentence.
    #[allow(dead_code, reason = "for who reads the ledger")]
    why: String,
}

impl Row {
    fn is_of(&self, key: &Key) -> bool {
        let ends_with = |text: &str, end: &str| text.to_lowercase().ends_with(&end.to_lowercase());
        self.path == key.path
            && self.rule == key.rule
            && self.names(&key.resource)
            && ends_with(&key.scope, &self.scope)
    }

    /// Whether an id is that of the row's resource.
    fn names(&self, id: &str) -> bool {
        match self.resource.strip_suffix('*') {
            Some(start) => id.starts_with(start),
            None => self.resource == id,
        }
    }

    fn text(&self) -> String {
        let Row { repository, path, rule, resource, scope, .. } = self;
        format!("{repository}/{path} {rule} {resource} {scope}").trim_end().to_owned()
    }
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    /// The finding is right, definite or reachable, and must be reported.
    True,
    /// It would be wrong, a note on what others must grant too, and must not be reported.
    False,
    /// It is right as a note on what others must grant, and must be reported as no more.
    Assumed,
    /// Nothing definite or reachable may be reported.
    Silent,
}

impl Verdict {
    fn is_right(self, certainty: Certainty) -> bool {
        match self {
            Verdict::True => certainty != Certainty::Assumed,
            Verdict::False => false,
            Verdict::Assumed | Verdict::Silent => certainty == Certainty::Assumed,
        }
    }

    fn wants_one(self) -> bool {
        matches!(self, Verdict::True | Verdict::Assumed)
    }
}

/// A checked-out repository, in a folder named `owner+name` or `owner+name@label`.
struct Checkout {
    folder: PathBuf,
    /// `owner/name`.
    repository: String,
    /// The first characters of its commit at least, where known: from `commits.txt` beside it (lines of `owner/name@label
    /// commit`), from its own `.git`, or the label.
    commit: Option<String>,
}

impl Checkout {
    fn of(folder: &Path, commits: &BTreeMap<String, String>) -> Self {
        let full = name(folder).replacen('+', "/", 1);
        let (repository, label) = full.split_once('@').unwrap_or((&full, ""));
        let is_commit = |text: &str| text.len() >= 7 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let commit = commits.get(&full).cloned().or_else(|| head(folder));
        let commit = commit.or_else(|| is_commit(label).then(|| label.to_owned()));
        Checkout { folder: folder.to_path_buf(), repository: repository.to_owned(), commit }
    }

    /// Whether a row was read in it: at its commit, or, where that is not known, at the path that the row names.
    fn is_of(&self, row: &Row) -> bool {
        self.repository == row.repository
            && match &self.commit {
                Some(commit) => row.commit.starts_with(commit.as_str()),
                None => self.folder.join(&row.path).is_file(),
            }
    }
}

/// The commit that is checked out, from git's own files.
fn head(folder: &Path) -> Option<String> {
    let git = folder.join(".git");
    let head = std::fs::read_to_string(git.join("HEAD")).ok()?;
    let head = head.trim();
    match head.strip_prefix("ref: ") {
        Some(reference) => Some(std::fs::read_to_string(git.join(reference)).ok()?.trim().to_owned()),
        None => Some(head.to_owned()),
    }
}

/// `commits.txt` of a folder of checkouts; nothing where there is none.
fn commits(dir: &Path) -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(dir.join("commits.txt")).unwrap_or_default();
    let lines = text.lines().filter_map(|line| line.trim().split_once(' '));
    lines.map(|(name, commit)| (name.to_owned(), commit.trim().to_owned())).collect()
}

/// What identifies a finding in the ledger.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    /// The place of its checkout.
    checkout: usize,
    path: String,
    rule: String,
    resource: String,
    scope: String,
}

impl Key {
    fn of(checkout: usize, path: &str, finding: &Finding) -> Self {
        Key {
            checkout,
            path: path.to_owned(),
            rule: finding.rule.clone(),
            resource: finding.resource.clone(),
            scope: finding.scope.clone().unwrap_or_default(),
        }
    }
}

/// `corpus check`.
pub fn check(root: &Path, dir: &Path, rows: bool) -> anyhow::Result<()> {
    let path = root.join("tests/truth.toml");
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let ledger: Ledger = toml::from_str(&text).with_context(|| format!("cannot read {}", path.display()))?;
    let mut found: BTreeMap<Key, Finding> = BTreeMap::new();
    let mut declared: BTreeSet<(usize, String, String)> = BTreeSet::new();
    let mut seen: Vec<Checkout> = Vec::new();
    let mut questions = [0; 4];
    let mut causes: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    let mut resolved = Resolved::default();
    let commits = commits(dir);
    for folder in repositories(dir)? {
        let checkout = Checkout::of(&folder, &commits);
        let read: BTreeSet<_> = ledger.row.iter().filter(|row| checkout.is_of(row)).map(|row| &row.path).collect();
        let named = read.iter().map(|path| folder.join(path)).filter(|path| path.is_file()).collect();
        let analysis = analysis(&folder, named, true)?;
        for one in &analysis.deployments {
            let path = entry(&analysis, one, &folder);
            if read.contains(&path) {
                let resources = one.deployment.iter().flat_map(|deployment| &deployment.resources);
                let ids = resources.filter(|one| !one.when.is_false()).map(|one| one.id.to_value().plain());
                declared.extend(ids.map(|id| (seen.len(), path.clone(), id)));
            }
            if let Some(deployment) = &one.deployment {
                resolved.add(deployment, &one.report);
            }
            for finding in &one.report.findings {
                found.entry(Key::of(seen.len(), &path, finding)).or_insert_with(|| finding.clone());
            }
            for question in &one.report.questions {
                questions[answer(question.answer)] += 1;
                if question.answer == QuestionAnswer::Undecided {
                    let cause = question.cause.as_ref().unwrap_or(&question.reason);
                    let place = if rows {
                        format!("{} in {}/{path}", question.reason, name(&folder))
                    } else {
                        question.reason.clone()
                    };
                    *causes.entry(cause.clone()).or_default().entry(place).or_default() += 1;
                }
            }
        }
        seen.push(checkout);
    }
    let mut out = std::io::stdout().lock();
    let judged = judge(&mut out, &ledger, &found, &declared, &seen)?;
    let (assumed, unjudged): (Vec<_>, Vec<_>) = found
        .iter()
        .filter(|(key, _)| !judged.contains(key))
        .partition(|(_, finding)| finding.certainty == Certainty::Assumed);
    writeln!(
        out,
        "nobody judged {} findings{} and {} notes on what others must grant",
        unjudged.len(),
        if rows { "" } else { " (--rows writes them)" },
        assumed.len()
    )?;
    if rows {
        for (key, finding) in unjudged {
            let Checkout { repository, commit, .. } = &seen[key.checkout];
            writeln!(out, "\n# {}: {}", finding.level.name(), finding.headline)?;
            let commit = commit.as_deref().unwrap_or_default();
            writeln!(out, "[[row]]\nrepository = {repository:?}\ncommit = {commit:?}\npath = {:?}", key.path)?;
            writeln!(out, "rule = {:?}\nresource = {:?}\nscope = {:?}", key.rule, key.resource, key.scope)?;
            writeln!(out, "verdict = \"\"\nwhy = \"\"")?;
        }
    }
    let [granted, missing, assumed, undecided] = questions;
    let all = questions.iter().sum::<usize>();
    let decided = 100.0 * (all - undecided) as f64 / all.max(1) as f64;
    writeln!(
        out,
        "questions: {granted} granted, {missing} missing, {assumed} assumed, {undecided} undecided: {decided:.1} % decided"
    )?;
    let count = |reasons: &BTreeMap<String, usize>| reasons.values().sum::<usize>();
    for (cause, reasons) in by_frequency(causes, count) {
        writeln!(out, "{:6}  {cause}", count(&reasons))?;
        for (reason, count) in by_frequency(reasons, |count| *count) {
            writeln!(out, "{count:14}  {reason}")?;
        }
    }
    resolved.write(&mut out)?;
    Ok(())
}

/// The most frequent first.
fn by_frequency<T>(all: BTreeMap<String, T>, count: impl Fn(&T) -> usize) -> Vec<(String, T)> {
    let mut all: Vec<_> = all.into_iter().collect();
    all.sort_by(|a, b| count(&b.1).cmp(&count(&a.1)).then_with(|| a.0.cmp(&b.0)));
    all
}

/// Compares the ledger with what was found; the keys that it judges.
fn judge(
    out: &mut impl Write,
    ledger: &Ledger,
    found: &BTreeMap<Key, Finding>,
    declared: &BTreeSet<(usize, String, String)>,
    seen: &[Checkout],
) -> anyhow::Result<BTreeSet<Key>> {
    let (mut right, mut wrong, mut missed, mut silent) = (0_u32, 0_u32, 0_u32, 0_u32);
    let mut judged = BTreeSet::new();
    for row in &ledger.row {
        let Some(checkout) = seen.iter().position(|checkout| checkout.is_of(row)) else {
            writeln!(out, "not checked out: {} of {}", row.text(), row.commit)?;
            continue;
        };
        let mut any = false;
        for (key, finding) in found.iter().filter(|(key, _)| key.checkout == checkout && row.is_of(key)) {
            judged.insert(key.clone());
            any = true;
            if row.verdict.is_right(finding.certainty) {
                right += 1;
            } else {
                wrong += 1;
                writeln!(out, "wrong: {}: {} {}", row.text(), finding.certainty.name(), finding.level.name())?;
            }
        }
        let is_it = |(of, path, id): &(usize, String, String)| *of == checkout && *path == row.path && row.names(id);
        if !any && !declared.iter().any(is_it) {
            // Silence about what is not there says nothing.
            writeln!(out, "no such resource: {}", row.text())?;
            continue;
        }
        match (any, row.verdict.wants_one()) {
            (false, true) => {
                missed += 1;
                writeln!(out, "missed: {}", row.text())?;
            }
            (false, false) => silent += 1,
            (true, _) => {}
        }
    }
    if right + wrong > 0 {
        let precision = 100.0 * f64::from(right) / f64::from(right + wrong);
        writeln!(out, "precision: {precision:.1} % ({right} right, {wrong} wrong), {missed} missed")?;
    } else {
        writeln!(out, "precision: unknown, for no finding has a row; {missed} missed")?;
    }
    writeln!(out, "{silent} rows expect silence and have it")?;
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
            "repository = 'o/n'\ncommit = '{commit}'\npath = 'a.json'\nrule = 'r'\nresource = 'x'\nscope = '/subnets/a'\n\
             verdict = 'true'\nwhy = 'w'"
        );
        toml::from_str(&text).expect("a row")
    }

    fn checkout(folder: &str, commits: &BTreeMap<String, String>) -> Checkout {
        Checkout::of(Path::new(folder), commits)
    }

    #[test]
    fn a_checkout_of_a_known_commit_is_of_the_rows_of_that_commit() {
        let row = row("abcdef0123");
        let commits = |commit: &str| [("o/n@arm".to_owned(), commit.to_owned())].into();
        assert!(checkout("o+n@arm", &commits("abcdef0123")).is_of(&row));
        assert!(!checkout("o+n@arm", &commits("0123abcdef")).is_of(&row));
        assert!(checkout("o+n@abcdef0", &BTreeMap::new()).is_of(&row));
        assert!(!checkout("o+other@abcdef0", &BTreeMap::new()).is_of(&row));
    }

    #[test]
    fn a_checkout_of_an_unknown_commit_is_of_the_rows_whose_file_it_has() {
        let dir = std::env::temp_dir().join(format!("truth-{}", std::process::id()));
        let folder = dir.join("o+n");
        std::fs::create_dir_all(&folder).expect("created");
        let found = |folder: &Path| Checkout::of(folder, &BTreeMap::new()).is_of(&row("abcdef0123"));
        assert!(!found(&folder));
        std::fs::write(folder.join("a.json"), "{}").expect("written");
        assert!(found(&folder));
        std::fs::create_dir_all(folder.join(".git")).expect("created");
        std::fs::write(folder.join(".git/HEAD"), "0123abcdef\n").expect("written");
        assert!(!found(&folder));
        std::fs::remove_dir_all(&dir).expect("removed");
    }

    #[test]
    fn a_row_is_of_the_findings_whose_scope_ends_as_it_says() {
        let key = |scope: &str| Key {
            checkout: 0,
            path: "a.json".to_owned(),
            rule: "r".to_owned(),
            resource: "x".to_owned(),
            scope: scope.to_owned(),
        };
        assert!(row("c").is_of(&key("/v/Subnets/A")));
        assert!(!row("c").is_of(&key("/v/subnets/b")));
    }

    #[test]
    fn each_verdict_says_which_certainties_are_right() {
        let right = |verdict: Verdict| [Certainty::Definite, Certainty::Assumed].map(|one| verdict.is_right(one));
        assert_eq!(right(Verdict::True), [true, false]);
        assert_eq!(right(Verdict::False), [false, false]);
        assert_eq!(right(Verdict::Assumed), [false, true]);
        assert_eq!(right(Verdict::Silent), [false, true]);
    }

    #[test]
    fn the_ledger_can_be_read() {
        let text = include_str!("../../tests/truth.toml");
        toml::from_str::<Ledger>(text).expect("tests/truth.toml");
    }
}
