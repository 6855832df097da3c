//! Findings that people suppress, in a comment beside what is found or in the metadata around it.

use std::path::Path;

use rolecall_rules::{Finding, INVALID_SUPPRESSION, Silenced, UNUSED_SUPPRESSION};
use rolecall_source::{Comments, Directive, DiskFiles, FileId, MARK, SourceFile, Span, directives};
use rustc_hash::FxHashMap;

/// The suppressions of the files of a run.
pub(crate) struct Suppressions {
    files: FxHashMap<FileId, Vec<Suppression>>,
}

struct Suppression {
    request: Directive,
    /// For each rule of the request whether it suppressed anything.
    used: Vec<bool>,
}

impl Suppressions {
    /// Reads those of all files that were read.
    pub fn read(files: &DiskFiles) -> Self {
        let mut all = FxHashMap::default();
        for file in files.all() {
            let found = of_file(&file);
            if !found.is_empty() {
                let with = |request: Directive| Suppression { used: vec![false; request.rules.len()], request };
                all.insert(file.id, found.into_iter().map(with).collect());
            }
        }
        Suppressions { files: all }
    }

    /// Silences a finding where it is suppressed.
    pub fn apply(&mut self, finding: &mut Finding) {
        let at = finding.span.start as usize;
        for Suppression { request, used } in self.files.get_mut(&finding.span.file).into_iter().flatten() {
            if !request.covers.contains(&at) || request.reason.is_empty() {
                continue;
            }
            for (rule, used) in request.rules.iter().zip(used) {
                if *rule == finding.rule {
                    *used = true;
                    let span = Span::new(finding.span.file, request.range.start, request.range.end);
                    finding.silenced = Some(Silenced::Comment { reason: request.reason.clone(), span });
                }
            }
        }
    }

    /// What is wrong with those in the files that are `judged`; a rule that did not run is never found to be unused.
    pub fn findings(&self, judged: impl Fn(FileId) -> bool, ran: impl Fn(&str) -> bool) -> Vec<Finding> {
        let mut out = Vec::new();
        for (file, suppressions) in self.files.iter().filter(|(file, _)| judged(**file)) {
            for Suppression { request, used } in suppressions {
                let span = Span::new(*file, request.range.start, request.range.end);
                let mut say = |id: &str, headline: String| {
                    out.push(Finding::of_upkeep(id, span, headline, &request.rules.join(", ")));
                };
                if request.rules.is_empty() {
                    let headline = "this names no rule, and suppresses nothing: what hides everything would hide the next \
                                    mistake too, so write `rolecall: ignore[rule] reason`";
                    say(INVALID_SUPPRESSION, headline.to_owned());
                    continue;
                }
                if request.reason.is_empty() {
                    let headline = "this gives no reason, and suppresses nothing without one: write `rolecall: ignore[rule] \
                                    reason`";
                    say(INVALID_SUPPRESSION, headline.to_owned());
                }
                for (rule, used) in request.rules.iter().zip(used) {
                    if !rolecall_rules::is_rule(rule) {
                        let headline = format!("there is no rule `{rule}`: `rolecall rules` lists all");
                        say(INVALID_SUPPRESSION, headline);
                    } else if !used && !request.reason.is_empty() && ran(rule) {
                        let headline = format!("`{rule}` finds nothing here, so this suppresses nothing");
                        say(UNUSED_SUPPRESSION, headline);
                    }
                }
            }
        }
        out
    }
}

fn of_file(file: &SourceFile) -> Vec<Directive> {
    if memchr::memmem::find(file.text.as_bytes(), MARK.trim_end_matches(':').as_bytes()).is_none() {
        return Vec::new();
    }
    let Some(language) = language(&file.path) else { return Vec::new() };
    let mut found = directives(&file.text, language);
    if language == Comments::Json {
        found.extend(rolecall_arm::metadata_directives(file));
        found.sort_by_key(|one| one.range.start);
    }
    found
}

fn language(path: &Path) -> Option<Comments> {
    match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "bicep" | "bicepparam" => Some(Comments::Bicep),
        "json" | "jsonc" => Some(Comments::Json),
        "tf" | "tofu" | "tfvars" => Some(Comments::Hcl),
        _ => None,
    }
}
