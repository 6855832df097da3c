//! What an analysis found, in the shape that the formats share.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rolecall_rules::{Certainty, Finding, QuestionAnswer, Report};
use rolecall_source::{Diagnostic, FileId, Files, Level, LineColumn, SourceFile, Span, Unreadable};

use crate::relative;

/// Everything that one run of `check` has to say.
pub struct Run<'a> {
    /// The files that were read.
    pub files: &'a dyn Files,
    /// The folder that the command runs in, absolute, links resolved: text and JSON name files relative to it.
    pub current_dir: &'a Path,
    /// How many templates and parameter files were read.
    pub file_count: usize,
    /// The deployments in order.
    pub deployments: Vec<Deployed<'a>>,
    /// What is wrong with the configuration, with suppressions and the baseline, in order.
    pub upkeep: &'a [Finding],
    /// What is wrong with the files, in order.
    pub diagnostics: &'a [Diagnostic],
    /// What could not be read, in order.
    pub unreadable: &'a [Unreadable],
    /// How many further problems of files the baseline accepts.
    pub accepted: usize,
    /// Whether a part of the analysis broke down.
    pub broke_down: bool,
}

/// One deployment and what the rules say of it.
#[derive(Clone, Copy)]
pub struct Deployed<'a> {
    /// The entry template.
    pub entry: FileId,
    /// The files that gave values to its parameters.
    pub parameters: &'a [FileId],
    /// The findings and questions.
    pub report: &'a Report,
}

/// The figures of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Deployments.
    pub deployments: usize,
    /// Clusters, counted in each deployment.
    pub clusters: usize,
    /// Answers to permission questions: granted, missing, assumed, undecided.
    pub questions: [usize; 4],
    /// Findings: errors, warnings, notes.
    pub findings: [usize; 3],
    /// Findings that a comment or the baseline silences.
    pub suppressed: usize,
}

/// A finding and the deployments that it is equal in; none where it is about what people tell the analysis.
pub(crate) struct Shared<'a> {
    pub finding: &'a Finding,
    pub deployments: Vec<Deployed<'a>>,
}

/// The folder that the names of files begin at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Base {
    /// The folder that the command runs in: what people and their editors read.
    CurrentDir,
    /// The root: what is read elsewhere, beside the repository.
    Root,
}

/// A place as it is written: 1-based, columns in characters.
pub(crate) struct Place {
    pub path: PathBuf,
    pub start: LineColumn,
    pub end: LineColumn,
}

impl<'a> Run<'a> {
    /// The figures.
    pub fn summary(&self) -> Summary {
        let mut summary = Summary { deployments: self.deployments.len(), ..Summary::default() };
        for deployed in &self.deployments {
            summary.clusters += deployed.report.clusters;
            for question in &deployed.report.questions {
                summary.questions[answer_index(question.answer)] += 1;
            }
        }
        for finding in self.findings() {
            match finding.silenced {
                Some(_) => summary.suppressed += 1,
                None => summary.findings[level_index(finding.level)] += 1,
            }
        }
        summary
    }

    /// All findings, those that are silenced too.
    fn findings(&self) -> impl Iterator<Item = &'a Finding> {
        self.deployments.iter().flat_map(|deployed| &deployed.report.findings).chain(self.upkeep)
    }

    /// The most serious level among findings, diagnostics and unreadable files.
    pub fn worst(&self) -> Option<Level> {
        let findings = self.findings().filter(|one| one.silenced.is_none()).map(|one| one.level);
        let diagnostics = self.diagnostics.iter().map(|one| one.level);
        findings.chain(diagnostics).chain(self.unreadable.iter().map(|one| one.level)).max()
    }

    pub(crate) fn file(&self, id: FileId) -> Option<Arc<SourceFile>> {
        self.files.get(id)
    }

    pub(crate) fn path(&self, id: FileId) -> PathBuf {
        self.file(id).map_or_else(PathBuf::new, |file| file.path.clone())
    }

    /// A file as text and JSON name it.
    pub(crate) fn name(&self, id: FileId) -> String {
        self.name_from(id, Base::CurrentDir)
    }

    /// A file relative to a folder.
    pub(crate) fn name_from(&self, id: FileId, base: Base) -> String {
        relative(&self.path(id), self.folder(base))
    }

    pub(crate) fn folder(&self, base: Base) -> &Path {
        match base {
            Base::CurrentDir => self.current_dir,
            Base::Root => self.files.root(),
        }
    }

    pub(crate) fn place(&self, span: Span) -> Option<Place> {
        let file = self.file(span.file)?;
        let at = |offset: u32| file.lines().position(&file.text, offset as usize);
        Some(Place { path: file.path.clone(), start: at(span.start), end: at(span.end) })
    }

    /// `infra/main.json:88`.
    pub(crate) fn short_place(&self, span: Span, base: Base) -> String {
        match self.place(span) {
            Some(place) => format!("{}:{}", relative(&place.path, self.folder(base)), place.start.line),
            None => "a file that was not kept".to_owned(),
        }
    }

    /// The findings by place, those that are equal in several deployments joined, silenced ones too. Assumed ones only where
    /// asked for.
    pub(crate) fn shared_findings(&self, assumed: bool) -> Vec<Shared<'a>> {
        let mut all: Vec<Shared<'a>> =
            self.upkeep.iter().map(|finding| Shared { finding, deployments: Vec::new() }).collect();
        let mut known: HashMap<(Span, &str, &str), Vec<usize>> = HashMap::new();
        for deployed in &self.deployments {
            for finding in &deployed.report.findings {
                if finding.certainty == Certainty::Assumed && !assumed {
                    continue;
                }
                let places = known.entry((finding.span, &finding.rule, &finding.resource)).or_default();
                // The edits that mend it in one deployment may be others in another.
                let bare = |finding: &Finding| Finding { fix: None, ..finding.clone() };
                let same = |other: &Finding| other == finding || bare(other) == bare(finding);
                match places.iter().find(|place| same(all[**place].finding)) {
                    Some(place) => all[*place].deployments.push(*deployed),
                    None => {
                        places.push(all.len());
                        all.push(Shared { finding, deployments: vec![*deployed] });
                    }
                }
            }
        }
        all.sort_by_cached_key(|shared| {
            let finding = shared.finding;
            let path = self.path(finding.span.file);
            (path, finding.span.start, finding.rule.clone(), finding.requirement.clone(), finding.resource.clone())
        });
        all
    }

    /// `main.json with prod.parameters.json`.
    pub fn deployment_name(&self, deployed: &Deployed<'_>) -> String {
        self.deployment_name_from(deployed, Base::CurrentDir)
    }

    pub(crate) fn deployment_name_from(&self, deployed: &Deployed<'_>, base: Base) -> String {
        let entry = self.name_from(deployed.entry, base);
        if deployed.parameters.is_empty() {
            return entry;
        }
        format!("{entry} with {}", self.parameter_names(deployed, base))
    }

    /// The deployments of a finding, a line for each entry: which of its parameter files it fails with, where it does not
    /// with all of them.
    pub(crate) fn whereabouts(&self, shared: &Shared<'_>, base: Base) -> Vec<String> {
        let mut lines = Vec::new();
        let mut entries: Vec<FileId> = shared.deployments.iter().map(|deployed| deployed.entry).collect();
        entries.dedup();
        // Environments name their resources differently: what is found at the same place is the same mistake.
        let fails = |deployed: &&Deployed<'_>| {
            let same = |one: &Finding| {
                (&one.rule, one.span, one.certainty)
                    == (&shared.finding.rule, shared.finding.span, shared.finding.certainty)
                    && one.silenced.is_none()
            };
            deployed.report.findings.iter().any(same)
        };
        for entry in entries {
            let all: Vec<_> = self.deployments.iter().filter(|deployed| deployed.entry == entry).collect();
            let failing: Vec<_> = all.iter().copied().filter(fails).collect();
            let name = self.name_from(entry, base);
            lines.push(match (&all[..], &failing[..]) {
                ([only], _) => self.deployment_name_from(only, base),
                (all, failing) if all.len() == failing.len() => {
                    format!("{name}, with all its {} parameter sets", all.len())
                }
                (_, failing) => {
                    let sets: Vec<_> = failing.iter().map(|deployed| self.parameter_names(deployed, base)).collect();
                    let verb = if shared.finding.certainty == Certainty::Definite { "fails" } else { "may fail" };
                    format!("{name}, {verb} only with {} (of {} parameter sets)", sets.join(", "), all.len())
                }
            });
        }
        lines
    }

    pub(crate) fn parameter_names(&self, deployed: &Deployed<'_>, base: Base) -> String {
        let parameters: Vec<_> = deployed.parameters.iter().map(|file| self.name_from(*file, base)).collect();
        if parameters.is_empty() { "no parameters".to_owned() } else { parameters.join(" and ") }
    }

    /// All that a finding says, in the order that every format keeps: what, why, what instead, what to do, Azure's error.
    /// `show` writes a place.
    pub(crate) fn message(&self, finding: &Finding, show: impl Fn(Span) -> String) -> (String, Vec<String>) {
        let headline = match &finding.when {
            Some(when) if !finding.headline.contains(when.as_str()) => format!("{}, when {when}", finding.headline),
            _ => finding.headline.clone(),
        };
        let mut lines = finding.reasons_with_places(show);
        lines.extend(finding.remedy.iter().map(|line| format!("do: {line}")));
        lines.extend(finding.azure_error.iter().map(|error| format!("Azure says: {error}")));
        (headline, lines)
    }

    /// The lines of a finding that a reader elsewhere needs: its message, and which deployments it is in where there are
    /// several.
    pub(crate) fn full_message(&self, shared: &Shared<'_>, show: impl Fn(Span) -> String) -> Vec<String> {
        let (headline, lines) = self.message(shared.finding, show);
        let mut all = vec![headline];
        all.extend(lines);
        if self.deployments.len() > 1 {
            all.extend(self.whereabouts(shared, Base::Root).into_iter().map(|line| format!("in: {line}")));
        }
        all
    }

    /// The finding's [fingerprint](Finding::fingerprint) in the deployment of an entry, or in the file that it is about.
    pub(crate) fn fingerprint(&self, entry: Option<FileId>, finding: &Finding) -> String {
        finding.fingerprint(&self.name_from(entry.unwrap_or(finding.span.file), Base::Root))
    }
}

fn answer_index(answer: QuestionAnswer) -> usize {
    match answer {
        QuestionAnswer::Granted => 0,
        QuestionAnswer::Missing => 1,
        QuestionAnswer::Assumed => 2,
        QuestionAnswer::Undecided => 3,
    }
}

fn level_index(level: Level) -> usize {
    match level {
        Level::Error => 0,
        Level::Warning => 1,
        Level::Note => 2,
    }
}
