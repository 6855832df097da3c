//! What becomes of findings once the rules have spoken: the levels that the configuration gives them, and what is to be
//! said of the configuration itself.

use rolecall_graph::{OutsideGrant, Subjects};
use rolecall_rules::{Certainty, Finding, STALE_CONFIGURATION};
use rolecall_source::{Files, Level, Span};

use crate::config::{Config, RuleLevel};
use crate::discover::Named;
use crate::pipeline::is_selected;
use crate::{Analysis, Error, Options};

/// What is known when a run is over.
pub(crate) struct Review<'r> {
    pub options: &'r Options,
    pub named: &'r Named,
    pub config: &'r Config,
    /// The configuration's grants, then those that were listed.
    pub outside: &'r [OutsideGrant],
    /// What the deployments know of, where there are such grants.
    pub subjects: &'r Subjects,
}

impl Review<'_> {
    /// Settles the findings of an analysis.
    pub fn run(&self, analysis: &mut Analysis) -> Result<(), Error> {
        let mut upkeep = self.stale_configuration(analysis);
        upkeep.retain(|finding| is_selected(self.options, self.config, &finding.rule));
        let path = |finding: &Finding| analysis.files.get(finding.span.file).map(|file| file.path.clone());
        upkeep.sort_by_cached_key(|finding| (path(finding), finding.span, finding.headline.clone()));
        let findings = analysis.deployments.iter_mut().flat_map(|one| &mut one.report.findings);
        findings.chain(&mut upkeep).for_each(|finding| self.set_level(finding));
        analysis.upkeep = upkeep;
        Ok(())
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
                    let what = match self.subjects.know(grant) {
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
                && !listed.iter().any(|grant| self.subjects.know(grant) == (true, true))
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
