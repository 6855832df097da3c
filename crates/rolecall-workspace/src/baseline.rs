//! Findings that are accepted for now: a file written once, against which only what is new counts.
//!
//! A finding is known again by its fingerprint, which is made of rule, entry, resource, principal and scope, never of a
//! line; a problem of a file by what it says. The rest of an entry is for people.

use std::path::Path;
use std::sync::Arc;

use jsonc_parser::ast::{Object, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use rolecall_rules::{Finding, STALE_BASELINE, Silenced};
use rolecall_source::{Diagnostic, FileId, Files, SourceFile, Span};
use rustc_hash::FxHashMap;
use serde_json::json;

use crate::Analysis;

const SCHEMA_VERSION: u32 = 1;

/// A baseline that was read.
#[derive(Default)]
pub(crate) struct Baseline {
    findings: FxHashMap<String, Entry>,
    /// By file and message.
    problems: FxHashMap<(String, String), Entry>,
}

struct Entry {
    span: Span,
    rule: String,
    /// The file of the entry template, from the root.
    file: String,
    used: bool,
}

/// A path as fingerprints and baselines have it: from the root, with `/`.
pub(crate) fn from_root(path: &Path, root: &Path) -> String {
    let path = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    parts.join("/")
}

impl Baseline {
    /// Reads a baseline.
    ///
    /// # Errors
    /// What of it is none.
    pub fn read(file: &Arc<SourceFile>) -> Result<Self, Vec<Diagnostic>> {
        let span = |range: jsonc_parser::common::Range| Span::new(file.id, range.start, range.end);
        let refused = |span, message: &str| vec![Diagnostic::error(span, message)];
        let tree = parse_to_ast(&file.text, &CollectOptions::default(), &ParseOptions::default())
            .map_err(|error| refused(span(error.range()), &format!("this is not valid JSON: {}", error.kind())))?;
        let start = Span::file_start(file.id);
        let Some(Value::Object(top)) = &tree.value else {
            return Err(refused(start, "this is no baseline: `--write-baseline` writes one"));
        };
        match top.get("schema_version").map(|property| &property.value) {
            Some(Value::NumberLit(number)) if number.value == SCHEMA_VERSION.to_string() => {}
            _ => {
                return Err(refused(
                    start,
                    "this is no baseline of a version that is known: `schema_version` must be 1",
                ));
            }
        }
        let mut baseline = Baseline::default();
        for (name, keys) in [("findings", ["fingerprint", "entry"]), ("problems", ["message", "file"])] {
            let Some(Value::Array(rows)) = top.get(name).map(|property| &property.value) else {
                return Err(refused(start, &format!("this baseline has no array `{name}`")));
            };
            for row in &rows.elements {
                let text = |key: &str| match row {
                    Value::Object(row) => string(row, key),
                    _ => None,
                };
                let [Some(key), Some(file)] = keys.map(text) else {
                    let message = format!("this entry of the baseline lacks `{}` or `{}`", keys[0], keys[1]);
                    return Err(refused(span(row.range()), &message));
                };
                let rule = text("rule").unwrap_or_default();
                let entry = Entry { span: span(row.range()), rule, file: file.clone(), used: false };
                if name == "findings" {
                    baseline.findings.insert(key, entry);
                } else {
                    baseline.problems.insert((file, key), entry);
                }
            }
        }
        Ok(baseline)
    }

    /// Silences what it holds, and takes accepted problems away.
    pub fn apply(&mut self, analysis: &mut Analysis) {
        let Analysis { files, deployments, upkeep, diagnostics, unreadable, accepted, .. } = analysis;
        let name = |id: FileId| files.get(id).map(|file| from_root(&file.path, files.root())).unwrap_or_default();
        let mut silence = |finding: &mut Finding, entry: &str| {
            if let Some(known) = self.findings.get_mut(&finding.fingerprint(entry)) {
                known.used = true;
                finding.silenced.get_or_insert(Silenced::Baseline);
            }
        };
        for deployment in deployments {
            let entry = name(deployment.entry);
            deployment.report.findings.iter_mut().for_each(|finding| silence(finding, &entry));
        }
        for finding in upkeep {
            silence(finding, &name(finding.span.file));
        }
        let mut is_new = |file: String, message: String| {
            let key = (file, message);
            let Some(known) = self.problems.get_mut(&key) else { return true };
            known.used = true;
            accepted.push(key);
            false
        };
        diagnostics.retain(|one| is_new(name(one.span.file), one.message.clone()));
        unreadable.retain(|one| is_new(from_root(&one.path, files.root()), one.message()));
    }

    /// The entries that are not found any more, of rules that `ran` and files that are `judged`.
    pub fn stale(&self, judged: impl Fn(&str) -> bool, ran: impl Fn(&str) -> bool) -> Vec<Finding> {
        let findings = self.findings.values().filter(|entry| ran(&entry.rule));
        let stale = findings.chain(self.problems.values()).filter(|entry| !entry.used && judged(&entry.file));
        let say = |entry: &Entry| {
            let what = if entry.rule.is_empty() { "this problem" } else { &entry.rule };
            let headline = format!("`{}` has {what} no more: write the baseline anew", entry.file);
            Finding::of_upkeep(STALE_BASELINE, entry.span, headline, &entry.file)
        };
        stale.map(say).collect()
    }
}

fn string(row: &Object<'_>, key: &str) -> Option<String> {
    match &row.get(key)?.value {
        Value::StringLit(text) => Some(text.value.to_string()),
        _ => None,
    }
}

impl Analysis {
    /// The baseline that accepts all that was found, but for what a comment suppresses already: JSON, sorted.
    pub fn baseline(&self) -> String {
        let root = self.files.root();
        let name = |id: FileId| self.files.get(id).map(|file| from_root(&file.path, root)).unwrap_or_default();
        let of_deployments = self.deployments.iter().flat_map(|deployment| {
            let entry = name(deployment.entry);
            deployment.report.findings.iter().map(move |finding| (finding, entry.clone()))
        });
        let of_upkeep = self.upkeep.iter().filter(|finding| finding.rule != STALE_BASELINE);
        let all = of_deployments.chain(of_upkeep.map(|finding| (finding, name(finding.span.file))));
        let open = all.filter(|(finding, _)| !matches!(finding.silenced, Some(Silenced::Comment { .. })));
        let mut findings: Vec<_> = open
            .map(|(finding, entry)| {
                let key = (entry.clone(), finding.rule.clone(), finding.fingerprint(&entry));
                let row = json!({
                    "fingerprint": key.2,
                    "rule": finding.rule,
                    "entry": entry,
                    "resource": finding.resource,
                    "principal": finding.principal,
                    "scope": finding.scope,
                });
                (key, row)
            })
            .collect();
        findings.sort_by(|(a, _), (b, _)| a.cmp(b));
        findings.dedup_by(|(a, _), (b, _)| a == b);
        let diagnostics = self.diagnostics.iter().map(|one| (name(one.span.file), one.message.clone()));
        let unreadable = self.unreadable.iter().map(|one| (from_root(&one.path, root), one.message()));
        let mut problems: Vec<_> = self.accepted.iter().cloned().chain(diagnostics).chain(unreadable).collect();
        problems.sort();
        problems.dedup();
        let document = json!({
            "schema_version": SCHEMA_VERSION,
            "findings": findings.into_iter().map(|(_, row)| row).collect::<Vec<_>>(),
            "problems": problems
                .into_iter()
                .map(|(file, message)| json!({ "file": file, "message": message }))
                .collect::<Vec<_>>(),
        });
        format!("{document:#}\n")
    }

    /// Silences all that was found, as a baseline written of it would.
    pub fn accept_all(&mut self) {
        let findings = self.deployments.iter_mut().flat_map(|one| &mut one.report.findings);
        for finding in findings.chain(&mut self.upkeep) {
            finding.silenced.get_or_insert(Silenced::Baseline);
        }
        let (files, root) = (&self.files, self.files.root());
        let name = |id: FileId| files.get(id).map(|file| from_root(&file.path, root)).unwrap_or_default();
        self.accepted.extend(self.diagnostics.drain(..).map(|one| (name(one.span.file), one.message)));
        self.accepted.extend(self.unreadable.drain(..).map(|one| (from_root(&one.path, root), one.message())));
    }
}
