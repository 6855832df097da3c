//! What becomes of findings once the rules have spoken: their levels, which of them are suppressed or accepted, and what is
//! to be said of the configuration, the suppressions and the baseline themselves.

use std::path::Path;

use rolecall_graph::{OutsideGrant, Subjects};
use rolecall_rules::{Certainty, Finding, STALE_CONFIGURATION};
use rolecall_source::{FileId, Files, Level, Span};
use rustc_hash::FxHashSet;

use crate::baseline::Baseline;
use crate::config::{Config, RuleLevel};
use crate::named::Named;
use crate::pipeline::is_selected;
use crate::suppressions::Suppressions;
use crate::{Analysis, Options};

/// What is known when a run is over.
pub(crate) struct Review<'r> {
    pub options: &'r Options,
    pub named: &'r Named,
    pub config: &'r Config,
    /// The configuration's grants, then those that were listed.
    pub outside: &'r [OutsideGrant],
    /// What the deployments know of, where there are such grants.
    pub subjects: &'r Subjects,
    /// Entries of which not every parameter set was asked about.
    pub partial: FxHashSet<FileId>,
}

impl Review<'_> {
    /// Settles the findings of an analysis.
    pub fn run(&self, analysis: &mut Analysis, mut baseline: Baseline) {
        let mut suppressions = Suppressions::read(&analysis.files);
        for finding in analysis.deployments.iter_mut().flat_map(|one| &mut one.report.findings) {
            self.set_level(finding);
            suppressions.apply(finding);
        }
        let mut upkeep = self.stale_configuration(analysis);
        let entries: FxHashSet<FileId> = analysis.deployments.iter().map(|one| one.entry).collect();
        let judged = |file: FileId| {
            let covered = || analysis.files.get(file).is_some_and(|file| self.judges(&file.path, analysis));
            !self.named.replaces_values(self.options)
                && !self.partial.contains(&file)
                && (entries.contains(&file) || covered())
        };
        upkeep.extend(suppressions.findings(judged, |rule| self.ran(rule)));
        analysis.upkeep = self.settled(analysis, upkeep);
        baseline.apply(analysis);
        let judged = |file: &str| {
            !self.named.replaces_values(self.options) && self.judges(&analysis.files.root().join(file), analysis)
        };
        let stale = self.settled(analysis, baseline.stale(judged, |rule| self.ran(rule)));
        analysis.upkeep.extend(stale);
    }

    fn ran(&self, rule: &str) -> bool {
        is_selected(self.options, self.config, rule)
    }

    /// Whether all that concerns a file was analysed, so that what says something of it and has no effect is stale.
    fn judges(&self, path: &Path, analysis: &Analysis) -> bool {
        self.named.covers(path) && !analysis.compiled.iter().any(|compiled| compiled == path)
    }

    /// Findings about what people tell the analysis, as far as they are wanted: with their levels, in order.
    fn settled(&self, analysis: &Analysis, mut upkeep: Vec<Finding>) -> Vec<Finding> {
        upkeep.retain(|finding| self.ran(&finding.rule));
        upkeep.iter_mut().for_each(|finding| self.set_level(finding));
        let path = |finding: &Finding| analysis.files.get(finding.span.file).map(|file| file.path.clone());
        upkeep.sort_by_cached_key(|finding| (path(finding), finding.span.start, finding.headline.clone()));
        upkeep
    }

    fn set_level(&self, finding: &mut Finding) {
        if let Some(RuleLevel::At(level)) = self.config.levels.get(&finding.rule) {
            finding.level = match finding.certainty {
                Certainty::Definite => *level,
                Certainty::Reachable => level.lowered(),
                Certainty::Assumed => Level::Note,
            };
        }
    }

    /// Entries of the configuration that apply to nothing. Only a run over all that it is for can tell.
    fn stale_configuration(&self, analysis: &Analysis) -> Vec<Finding> {
        let mut out = Vec::new();
        let stale = |span: Span, headline: String| {
            let subject = analysis.files.get(span.file).and_then(|file| file.text.get(span.range()).map(str::to_owned));
            Finding::of_upkeep(STALE_CONFIGURATION, span, headline, subject.as_deref().unwrap_or_default())
        };
        let mut say = |span, headline| out.push(stale(span, headline));
        let own = self.config.grants.len();
        if !analysis.deployments.is_empty() {
            if self.config.folder().is_some_and(|folder| self.named.covers(folder)) {
                for grant in &self.config.grants {
                    let what = match (self.subjects.know_principal(grant), self.subjects.know_scope(grant)) {
                        (true, true) => continue,
                        (false, true) => "principal is no identity",
                        (true, false) => "scope holds nothing",
                        (false, false) => "principal is no identity, and whose scope holds nothing,",
                    };
                    say(grant.span, format!("this is a grant whose {what} of the deployments analysed"));
                }
                for exclude in self.config.exclude.iter().filter(|exclude| !exclude.was_met()) {
                    say(exclude.span, "this leaves nothing out".to_owned());
                }
            }
            let listed = &self.outside[own..];
            if let Some(first) = listed.first()
                && !listed.iter().any(|grant| self.subjects.know_principal(grant) && self.subjects.know_scope(grant))
            {
                let headline = "none of the role assignments listed is for an identity and a scope of the deployments \
                                analysed: `az identity list -o json` as a second --grants names the identities"
                    .to_owned();
                say(Span::file_start(first.span.file), headline);
            }
        }
        for listed in &self.config.deployments {
            for path in std::iter::once(&listed.entry).chain(&listed.parameters) {
                if self.named.covers(&listed.entry.value)
                    && analysis.files.read(&path.value).is_err()
                    && analysis.files.list(&path.value).is_err()
                {
                    // What should have been analysed and was not must not look like success.
                    let headline = "there is no such file, so this deployment is not analysed".to_owned();
                    out.push(Finding { level: Level::Error, ..stale(path.span, headline) });
                }
            }
        }
        out
    }
}
