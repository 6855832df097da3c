//! How much was analysed, and what could not be told: no findings on no clusters must not look like success.

use std::collections::BTreeMap;

use rolecall_rules::QuestionAnswer;

use crate::run::{Base, Deployed};
use crate::{Run, printable};

/// How many entries are listed.
const MAX_ENTRIES: usize = 8;

/// How many sets of parameters of an entry are listed.
const MAX_SETS: usize = 6;

/// How much was analysed, in one line.
pub fn coverage(run: &Run<'_>) -> String {
    let summary = run.summary();
    let deployments = count(summary.deployments, "deployment", "deployments");
    if summary.clusters == 0 {
        return format!("{deployments}, no AKS cluster: there was nothing to check");
    }
    let clusters = count(summary.clusters, "cluster", "clusters");
    let questions = count(summary.questions.iter().sum(), "permission question", "permission questions");
    let [granted, missing, assumed, undecided] = summary.questions;
    format!(
        "{deployments}, {clusters}: {questions}: {granted} granted, {missing} missing, {assumed} assumed, {undecided} undecided"
    )
}

/// What was analysed, line by line: the entries that have clusters with their parameter files, [`coverage`], and last what
/// was not decided and why.
pub fn coverage_lines(run: &Run<'_>) -> Vec<String> {
    let mut lines = analysed(run);
    lines.push(coverage(run));
    lines.extend(not_decided(run));
    lines.into_iter().map(|line| printable(&line).into_owned()).collect()
}

/// The entries with clusters.
fn analysed(run: &Run<'_>) -> Vec<String> {
    let (with, without): (Vec<&Deployed<'_>>, Vec<_>) = run.deployments.iter().partition(|one| one.report.clusters > 0);
    let entries: Vec<_> = with.chunk_by(|a, b| a.entry == b.entry).collect();
    let mut lines: Vec<_> = entries.iter().take(MAX_ENTRIES).map(|sets| format!("  {}", entry(run, sets))).collect();
    if entries.len() > MAX_ENTRIES {
        let more = count(entries.len() - MAX_ENTRIES, "more entry", "more entries");
        lines.push(format!("  and {more} with clusters"));
    }
    if !without.is_empty() && !with.is_empty() {
        lines.push(format!("  and {} without an AKS cluster", count(without.len(), "deployment", "deployments")));
    }
    match &mut lines[..] {
        [] => {}
        [only] => *only = format!("analysed {}", only.trim_start()),
        _ => lines.insert(0, "analysed".to_owned()),
    }
    lines
}

/// `main.bicep with dev.bicepparam; with prod.bicepparam`.
fn entry(run: &Run<'_>, sets: &[&Deployed<'_>]) -> String {
    let Some(first) = sets.first() else { return String::new() };
    let mut line = run.name_from(first.entry, Base::CurrentDir);
    if sets.len() == 1 && first.parameters.is_empty() {
        return line;
    }
    let named = sets.iter().take(MAX_SETS).map(|one| format!("with {}", run.parameter_names(one, Base::CurrentDir)));
    line.push(' ');
    line.push_str(&named.collect::<Vec<_>>().join("; "));
    if sets.len() > MAX_SETS {
        line.push_str(&format!("; with {} more", sets.len() - MAX_SETS));
    }
    line
}

/// How many questions were not decided, and for which kinds of reasons, the most frequent first.
fn not_decided(run: &Run<'_>) -> Option<String> {
    let mut causes: BTreeMap<&str, usize> = BTreeMap::new();
    for question in run.deployments.iter().flat_map(|deployed| &deployed.report.questions) {
        if question.answer == QuestionAnswer::Undecided {
            *causes.entry(question.cause.as_deref().unwrap_or_default()).or_default() += 1;
        }
    }
    let total: usize = causes.values().sum();
    let mut causes: Vec<_> = causes.into_iter().collect();
    causes.sort_by_key(|(cause, count)| (std::cmp::Reverse(*count), *cause));
    let causes: Vec<_> = causes.into_iter().map(|(cause, count)| format!("{count} for {}", in_words(cause))).collect();
    (total > 0).then(|| format!("not decided: {}", causes.join(", ")))
}

/// What stands in the way of an answer.
fn in_words(cause: &str) -> &str {
    match cause {
        "unsupported" => "something that is not evaluated",
        "unread" => "a module, template or file that was not there to read",
        "limit" => "a limit of the analysis",
        "invalid" => "text that cannot be read",
        "refused" => "what Azure itself refuses to evaluate",
        "runtime" => "what only the running deployment decides",
        "outside" => "values that only whoever deploys knows",
        "condition" => "conditions that nobody can decide before deployment",
        "" => "no reason that was given",
        other => other,
    }
}

pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
