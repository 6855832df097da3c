//! The mutation harness: `cargo xtask mutate`.
//!
//! It takes deployments as they are, changes their source text in one known way and analyses them again. A change that
//! takes a permission away must bring the finding of the requirement that rested on it, and nothing else. A change that
//! means nothing must change nothing. What rests on what comes from the analyser itself: a granted question names the
//! resources that grant it. No rule and no resource but the role assignment is known here.

mod arm;
mod bicep;
mod cases;
pub mod edit;
pub mod judge;
pub mod make;
mod report;
pub mod run;
mod terraform;
mod witness;

#[cfg(test)]
mod tests;

use std::io::Write;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, bail};

use report::Report;
use run::Subject;

/// What to do, and how much of it.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Lists every miss and noise with its change.
    pub list: bool,
    /// Only deployments whose path has this text.
    pub only: Option<String>,
    /// This rule alone.
    pub rule: Option<String>,
    /// The share of mutants in percent that must be caught in each language.
    pub at_least: f64,
}

/// Noise above this share, in percent of all mutants, fails the run.
const MOST_NOISE: f64 = 1.0;

/// A change and what it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The assignment, or the call of the module that makes it, is gone.
    Drop,
    /// It is there and never made.
    Never,
    /// It is for the identity of a resource that nobody needs.
    Principal,
    /// It is for another identity of the file.
    OtherIdentity,
    /// Its principal is the client id in place of the principal id.
    ClientId,
    /// It is on a resource that nobody needs.
    Scope,
    /// Its role allows nothing of what is needed.
    Role,
    /// Nothing depends on it any more.
    Order,
    /// Variables and resources have other symbolic names.
    Rename,
    /// Literals stand in variables, locals or parameters.
    Extract,
    /// Statements stand in the opposite order.
    Reorder,
    /// Everything is called from a module.
    Wrap,
    /// Line ends, comments and white space differ.
    Reformat,
    /// The values that a reachable finding names are given.
    Replay,
}

impl Kind {
    /// Those that take a permission away.
    pub const BREAKING: [Kind; 8] = [
        Kind::Drop,
        Kind::Never,
        Kind::Principal,
        Kind::OtherIdentity,
        Kind::ClientId,
        Kind::Scope,
        Kind::Role,
        Kind::Order,
    ];
    /// Those that mean nothing.
    pub const KEEPING: [Kind; 5] = [Kind::Rename, Kind::Extract, Kind::Reorder, Kind::Wrap, Kind::Reformat];

    /// The lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Drop => "drop",
            Kind::Never => "condition",
            Kind::Principal => "principal",
            Kind::OtherIdentity => "other identity",
            Kind::ClientId => "client id",
            Kind::Scope => "scope",
            Kind::Role => "role",
            Kind::Order => "order",
            Kind::Rename => "rename",
            Kind::Extract => "extract",
            Kind::Reorder => "reorder",
            Kind::Wrap => "wrap",
            Kind::Reformat => "reformat",
            Kind::Replay => "replay",
        }
    }
}

/// `mutate`.
///
/// # Errors
/// Nothing could be mutated, or too much was missed or noisy.
pub fn run(root: &Path, dir: Option<&Path>, options: &Options) -> anyhow::Result<()> {
    let mut report = Report::default();
    match dir {
        None => own(root, options, &mut report)?,
        Some(dir) => {
            for repository in repositories(dir)? {
                for subject in run::subjects(&repository, options.rule.as_deref())? {
                    if options.only.as_ref().is_none_or(|only| subject.name().contains(only.as_str())) {
                        mutate(&subject, &mut report);
                    }
                }
            }
        }
    }
    let mut out = std::io::stdout().lock();
    if options.list {
        report.list(&mut out)?;
    }
    report.write(&mut out)?;
    out.flush()?;
    report.verdict(options.at_least, MOST_NOISE)
}

/// Everything that can be done to one deployment.
pub fn mutate(subject: &Subject, report: &mut Report) {
    let Some(base) = subject.analyse(Vec::new(), &[]) else { return };
    if base.is_empty() {
        return;
    }
    report.deployment(&base);
    for mutant in make::breaking(subject, &base) {
        let Some(seen) = subject.analyse(mutant.buffers(&base), &[]) else { continue };
        report.broken(subject, &base, &mutant, judge::broken(&base, &seen, &mutant, &subject.root));
    }
    for mutant in make::keeping(subject, &base) {
        let Some(seen) = subject.analyse(mutant.buffers(&base), &[]) else { continue };
        report.kept(subject, &base, &mutant, judge::kept(&base, &seen));
    }
    witness::replay(subject, &base, report);
}

/// The repository's own workspaces, under all rules: the cases and examples of rules, and what stands in `tests` and
/// `examples`. Only what is right is changed: of the others, what they may reach is replayed.
fn own(root: &Path, options: &Options, report: &mut Report) -> anyhow::Result<()> {
    let wanted = |name: &str| options.only.as_ref().is_none_or(|only| name.contains(only.as_str()));
    for folder in ["tests", "examples"] {
        let subjects = run::subjects(&root.join(folder).canonicalize()?, options.rule.as_deref())?;
        let subjects: Vec<_> = subjects.into_iter().filter(|subject| wanted(&subject.name())).collect();
        side_by_side(&subjects, right).into_iter().for_each(|one| report.add(one));
    }
    let cases: Vec<_> = cases::all(root)?.into_iter().filter(|case| wanted(&case.name)).collect();
    let of_case = |case: &cases::Case| -> anyhow::Result<Vec<Report>> {
        let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
        case.write(folder.path()).with_context(|| format!("cannot write {}", case.name))?;
        let subjects = run::subjects(&folder.path().canonicalize()?, options.rule.as_deref())?;
        Ok(subjects.into_iter().map(|one| right(&Subject { label: Some(case.name.clone()), ..one })).collect())
    };
    for one in side_by_side(&cases, of_case) {
        one?.into_iter().for_each(|one| report.add(one));
    }
    Ok(())
}

/// Does the same to each item, on as many threads as there are processors. The analysis has threads of its own, and a pool
/// that waits for another takes up more work meanwhile, one on top of the other; so these are plain threads.
fn side_by_side<T: Sync, R: Send>(items: &[T], one: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            match items.get(place) {
                Some(item) => done.push((place, one(item))),
                None => return done,
            }
        }
    };
    let count = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let mut all: Vec<(usize, R)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..count).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    });
    all.sort_by_key(|(place, _)| *place);
    all.into_iter().map(|(_, done)| done).collect()
}

/// Everything that can be done to a deployment in which nothing is wrong.
fn right(subject: &Subject) -> Report {
    let mut report = Report::default();
    let Some(base) = subject.analyse(Vec::new(), &[]) else { return report };
    if base.is_right() {
        mutate(subject, &mut report);
    } else {
        report.deployment(&base);
        witness::replay(subject, &base, &mut report);
    }
    report
}

/// The repositories of a folder: those named `owner+name`, else the folder itself.
pub fn repositories(dir: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let dir = dir.canonicalize().with_context(|| format!("cannot read {}", dir.display()))?;
    if !dir.is_dir() {
        bail!("{} is no folder", dir.display());
    }
    let entries = std::fs::read_dir(&dir).with_context(|| format!("cannot read {}", dir.display()))?;
    let mut folders: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    folders.retain(|path| path.is_dir() && path.file_name().is_some_and(|name| name.to_string_lossy().contains('+')));
    folders.sort();
    let folders: Vec<_> = folders.into_iter().filter_map(|folder| folder.canonicalize().ok()).collect();
    Ok(if folders.is_empty() { vec![dir] } else { folders })
}
