//! The mutation harness: `cargo xtask mutate`.
//!
//! It takes deployments as they are, changes their source text in one known way and analyses them again. A change that
//! takes a permission away must bring the finding of the requirement that rested on it, and nothing else. A change that
//! means nothing must change nothing. What rests on what comes from the analyser itself: a granted question names the
//! resources that grant it. No rule and no resource but the role assignment is known here.

mod arm;
mod bicep;
mod cases;
mod edit;
mod judge;
mod make;
mod report;
mod run;
mod terraform;
mod witness;

#[cfg(test)]
mod tests;

use std::io::Write;
use std::path::{Path, PathBuf};

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
/// `examples`.
fn own(root: &Path, options: &Options, report: &mut Report) -> anyhow::Result<()> {
    for folder in ["tests", "examples"] {
        for subject in run::subjects(&root.join(folder).canonicalize()?, options.rule.as_deref())? {
            if options.only.as_ref().is_none_or(|only| subject.name().contains(only.as_str())) {
                mutate(&subject, report);
            }
        }
    }
    for case in cases::all(root)? {
        if options.only.as_ref().is_some_and(|only| !case.name.contains(only.as_str())) {
            continue;
        }
        let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
        case.write(folder.path()).with_context(|| format!("cannot write {}", case.name))?;
        for subject in run::subjects(&folder.path().canonicalize()?, options.rule.as_deref())? {
            mutate(&Subject { label: Some(case.name.clone()), ..subject }, report);
        }
    }
    Ok(())
}

/// The repositories of a folder: those named `owner+name`, else the folder itself.
fn repositories(dir: &Path) -> anyhow::Result<Vec<PathBuf>> {
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
