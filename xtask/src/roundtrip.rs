//! `cargo xtask roundtrip DIR`: takes deployments, breaks a grant in their text, lets the fixes mend it and analyses again.
//!
//! A mended text must parse, must have no finding that the deployment did not have before it was broken, or has when it is
//! mended unbroken, and must not be changed by a second run. Where a deployment is broken so that somebody outside may still
//! grant what it needs, that is mended as well. Where no fix is offered the reason is counted. Fixes that are offered and
//! do not mend are faults.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use anyhow::ensure;
use rolecall_rules::{Certainty, Finding};
use rolecall_workspace::{Analysis, Fixes, Options, mend};

use crate::mutate::run::{Key, Seen, Subject, subjects};
use crate::mutate::{judge, make, repositories};

/// What became of broken deployments of one language.
#[derive(Default)]
struct Counts {
    deployments: usize,
    mended: usize,
    /// Findings that were given up, by the reason.
    left: BTreeMap<String, usize>,
    faults: Vec<String>,
}

/// Runs it, over deployments whose name has a text.
///
/// # Errors
/// A fix did not mend, or bred something new.
pub fn run(dir: &Path, only: Option<&str>, list: bool) -> anyhow::Result<()> {
    let mut counts: BTreeMap<&'static str, Counts> = BTreeMap::new();
    for repository in repositories(dir)? {
        for subject in subjects(&repository, None)? {
            if only.is_none_or(|only| subject.name().contains(only)) {
                one(&subject, &mut counts, list);
            }
        }
    }
    let mut out = std::io::stdout().lock();
    for (language, counts) in &counts {
        let left: usize = counts.left.values().sum();
        let Counts { deployments, mended, faults, .. } = counts;
        writeln!(
            out,
            "{language}: {deployments} deployments: {mended} mended, {left} not mended, {} faults",
            faults.len()
        )?;
        for (why, count) in &counts.left {
            writeln!(out, "  {count:4} {why}")?;
        }
        faults.iter().try_for_each(|fault| writeln!(out, "  FAULT {fault}"))?;
    }
    let faults: usize = counts.values().map(|counts| counts.faults.len()).sum();
    ensure!(faults == 0, "{faults} fixes did not mend");
    Ok(())
}

fn one(subject: &Subject, counts: &mut BTreeMap<&'static str, Counts>, list: bool) {
    let Some(base) = subject.analyse(Vec::new(), &[]).filter(|base| !base.is_empty()) else { return };
    let mut any = false;
    // What is found where the deployment is mended unbroken, by what is mended.
    let mut unbroken: BTreeMap<Fixes, Vec<Key>> = BTreeMap::new();
    for mutant in make::breaking(subject, &base) {
        let buffers = mutant.buffers(&base);
        let Some(broken) = subject.analyse(buffers.clone(), &[]) else { continue };
        let judged = judge::broken(&base, &broken, &mutant, &subject.root);
        // What is not found cannot be mended.
        let mut known: Vec<Key> = base.report().findings.iter().map(Key::finding).collect();
        let missing = new_findings(&known, broken.report().findings.iter());
        if judged.unsound.is_some() || missing.is_empty() {
            continue;
        }
        let counts = counts.entry(base.language().name()).or_default();
        counts.deployments += usize::from(!any);
        any = true;
        let fixes = wanted(&broken, &missing);
        let with = |buffers| Options { fixes, ..subject.options(buffers, &[]).0 };
        let options = with(buffers);
        known.extend_from_slice(unbroken.entry(fixes).or_insert_with(|| {
            let done = mend(&with(Vec::new()), true);
            done.iter().flat_map(|done| findings(&done.analysis)).map(Key::finding).collect()
        }));
        // What the break brings up beside the missing grant, such as a name that says another principal.
        let besides: Vec<Key> = broken
            .report()
            .findings
            .iter()
            .filter(|one| !is_of_a_grant(&one.rule))
            .map(Key::finding)
            .filter(|key| missing.contains(key))
            .collect();
        let name =
            format!("{} {} {}", subject.name(), mutant.kind.name(), mutant.unit.as_ref().map_or(0, |unit| unit.start));
        match mended(&options, &base, &known, &missing, &besides) {
            Ok(Ok(())) => counts.mended += 1,
            Ok(Err(why)) => {
                if list {
                    let _ = writeln!(std::io::stderr(), "{name}: {why}");
                }
                *counts.left.entry(why).or_default() += 1;
            }
            Err(fault) => counts.faults.push(format!("{name}: {fault}")),
        }
    }
}

/// What is to be mended: what somebody outside may grant as well, where that is among what is new.
fn wanted(broken: &Seen, missing: &[Key]) -> Fixes {
    let assumed = |one: &&Finding| one.certainty == Certainty::Assumed && is_of_a_grant(&one.rule);
    let found = broken.report().findings.iter().filter(assumed).map(Key::finding).any(|key| missing.contains(&key));
    if found { Fixes::Assumed } else { Fixes::Wrong }
}

/// Mends the texts; the inner error says why no fix was offered, the outer what a fix did wrong.
fn mended(
    options: &Options,
    base: &Seen,
    known: &[Key],
    missing: &[Key],
    besides: &[Key],
) -> Result<Result<(), String>, String> {
    let done = mend(options, true).map_err(|error| error.to_string())?;
    let mut left = new_findings(known, findings(&done.analysis));
    left.retain(|key| !besides.contains(key));
    if !left.is_empty() {
        let refused = done.analysis.deployments.iter().flat_map(|one| &one.unmended).map(|one| &one.why);
        let why = refused.chain(done.given_up.iter().map(|one| &one.why)).next().cloned();
        return Ok(Err(why.unwrap_or_else(|| format!("no fix against {}", left[0].about))));
    }
    if done.changed.is_empty() {
        return Ok(Err(format!("no fix against {}", missing[0].about)));
    }
    let errors = |analysis: &Analysis| {
        analysis.diagnostics.iter().filter(|one| one.level == rolecall_source::Level::Error).count()
    };
    if errors(&done.analysis) > base.errors.len() {
        return Err("the mended text has errors".to_owned());
    }
    let mut again = options.clone();
    again.buffers.extend(done.changed.iter().map(|one| (one.path.clone(), one.new.as_str().into())));
    let twice = mend(&again, true).map_err(|error| error.to_string())?;
    if let Some(one) = twice.changed.first() {
        return Err(format!("a second run changes {}: {:?}", one.path.display(), twice.applied));
    }
    Ok(Ok(()))
}

/// Whether a rule says that a grant is missing.
fn is_of_a_grant(rule: &str) -> bool {
    rolecall_rules::rule(rule).is_some_and(|entry| entry.rule.requirements.iter().any(|one| one.need.is_some()))
}

fn findings(analysis: &Analysis) -> impl Iterator<Item = &Finding> {
    analysis.deployments.iter().flat_map(|one| &one.report.findings)
}

/// The findings that there were none of before.
fn new_findings<'f>(known: &[Key], findings: impl Iterator<Item = &'f Finding>) -> Vec<Key> {
    findings.map(Key::finding).filter(|key| !known.contains(key)).collect()
}
