//! The line above a cluster that says how many permissions it needs, and what became of them.

use std::collections::BTreeMap;

use gen_lsp_types::{CodeLens, Command, Uri};
use rolecall_graph::CLUSTERS;
use rolecall_rules::{Question, QuestionAnswer};

use crate::describe::of_cluster;
use crate::documents::path_of;
use crate::locate::sites;
use crate::requests::SHOW_REQUIREMENTS;
use crate::worker::Worker;

impl Worker {
    /// The lenses of a document.
    pub(crate) fn lenses(&self, uri: &Uri) -> Vec<CodeLens> {
        let Some(path) = path_of(uri).filter(|_| self.settings.code_lens != Some(false)) else { return Vec::new() };
        let mut texts: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        let mut lenses = Vec::new();
        for analysis in self.folders.iter().filter_map(|folder| folder.analysis()) {
            for site in sites(analysis, &path) {
                for (index, span) in site.resources() {
                    let Some(resource) = site.deployment.resource(index) else { continue };
                    if !resource.id.resource_type.is(CLUSTERS) {
                        continue;
                    }
                    let text = tally(&of_cluster(&site, &resource.id));
                    let known = texts.entry(span.start as usize).or_default();
                    if !known.contains(&text) {
                        known.push(text);
                        let start = span.start as usize;
                        let range = self.client.can.encoding.range(&site.file.text, site.file.lines(), start..start);
                        lenses.push((start, range));
                    }
                }
            }
        }
        lenses.sort_by_key(|(start, _)| *start);
        lenses.dedup_by_key(|(start, _)| *start);
        let lens = |(start, range): (usize, _)| {
            // Parameter sets that differ are all told.
            let title = texts.get(&start).map(|texts| texts.join(" | ")).unwrap_or_default();
            let command = Command { title, command: SHOW_REQUIREMENTS.to_owned(), tooltip: None, arguments: None };
            CodeLens { range, command: Some(command), data: None }
        };
        lenses.into_iter().map(lens).collect()
    }
}

/// `9 permissions: 6 granted, 1 missing, 2 elsewhere`. A permission that is granted under some conditions only counts by the
/// rest.
pub(crate) fn tally(questions: &[&Question]) -> String {
    let mut all: BTreeMap<(&str, &str, &str), QuestionAnswer> = BTreeMap::new();
    let rank = |answer| match answer {
        QuestionAnswer::Granted => 0,
        QuestionAnswer::Assumed => 1,
        QuestionAnswer::Undecided => 2,
        QuestionAnswer::Missing => 3,
    };
    for question in questions {
        let known = all.entry((&question.requirement, &question.principal, &question.scope)).or_insert(question.answer);
        if rank(question.answer) > rank(*known) {
            *known = question.answer;
        }
    }
    let count = |wanted| all.values().filter(|answer| **answer == wanted).count();
    let noun = if all.len() == 1 { "permission" } else { "permissions" };
    let parts = [
        (QuestionAnswer::Granted, "granted"),
        (QuestionAnswer::Missing, "missing"),
        (QuestionAnswer::Assumed, "elsewhere"),
        (QuestionAnswer::Undecided, "undecided"),
    ];
    let parts: Vec<_> = parts
        .into_iter()
        .map(|(answer, name)| (count(answer), name))
        .filter(|(count, _)| *count > 0)
        .map(|(count, name)| format!("{count} {name}"))
        .collect();
    match parts.is_empty() {
        true => "no permissions needed".to_owned(),
        false => format!("{} {noun}: {}", all.len(), parts.join(", ")),
    }
}
