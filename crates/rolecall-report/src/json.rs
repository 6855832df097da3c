//! `check --format json`, as `schemas/check.schema.json` describes it.

use std::io;

use rolecall_rules::{Finding, Question};
use rolecall_source::{Fix, LineColumn, Span};
use serde::Serialize;

use crate::run::{Base, Deployed};
use crate::{Run, relative, safe_json};

/// The JSON Schema of what [`write()`] writes.
pub const SCHEMA: &str = include_str!("../schemas/check.schema.json");

const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
struct Document {
    schema_version: u32,
    findings: Vec<FindingRow>,
    questions: Vec<QuestionRow>,
    diagnostics: Vec<DiagnosticRow>,
    summary: SummaryRow,
}

#[derive(Serialize)]
struct FindingRow {
    rule: String,
    requirement: Option<String>,
    level: &'static str,
    certainty: &'static str,
    breaks_at: Option<&'static str>,
    message: String,
    deployment: DeploymentRow,
    resource: Option<String>,
    when: Option<String>,
    position: Option<Position>,
    related: Vec<RelatedRow>,
    fix: Option<FixRow>,
    suppressed: bool,
    fingerprint: String,
}

#[derive(Clone, Serialize)]
struct DeploymentRow {
    entry: String,
    parameters: Vec<String>,
}

#[derive(Serialize)]
struct RelatedRow {
    message: String,
    position: Option<Position>,
}

#[derive(Serialize)]
struct FixRow {
    title: String,
    safety: &'static str,
    edits: Vec<EditRow>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    files: Vec<NewFileRow>,
}

/// A file that a fix adds.
#[derive(Serialize)]
struct NewFileRow {
    file: String,
    text: String,
}

#[derive(Serialize)]
struct EditRow {
    position: Position,
    text: String,
}

/// A place: 1-based, columns in characters.
#[derive(Clone, Serialize)]
pub(crate) struct Position {
    pub file: String,
    pub line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize)]
struct QuestionRow {
    requirement: String,
    principal: String,
    scope: String,
    answer: &'static str,
    when: Option<String>,
    by: Option<ByRow>,
    reason: String,
    deployment: DeploymentRow,
    position: Option<Position>,
}

#[derive(Serialize)]
struct ByRow {
    position: Option<Position>,
}

#[derive(Serialize)]
struct DiagnosticRow {
    level: &'static str,
    message: String,
    position: Option<Position>,
}

#[derive(Serialize)]
struct SummaryRow {
    files: usize,
    deployments: usize,
    clusters: usize,
    questions: QuestionCounts,
    findings: FindingCounts,
}

#[derive(Serialize)]
struct QuestionCounts {
    granted: usize,
    missing: usize,
    assumed: usize,
    undecided: usize,
}

#[derive(Serialize)]
struct FindingCounts {
    error: usize,
    warning: usize,
    note: usize,
    suppressed: usize,
}

/// Writes a run: every finding of every deployment, assumed ones too.
///
/// # Errors
/// Those of `out`.
pub fn write(out: &mut dyn io::Write, run: &Run<'_>) -> io::Result<()> {
    let summary = run.summary();
    let [granted, missing, assumed, undecided] = summary.questions;
    let [error, warning, note] = summary.findings;
    let mut document = Document {
        schema_version: SCHEMA_VERSION,
        findings: Vec::new(),
        questions: Vec::new(),
        diagnostics: diagnostics(run),
        summary: SummaryRow {
            files: run.file_count,
            deployments: summary.deployments,
            clusters: summary.clusters,
            questions: QuestionCounts { granted, missing, assumed, undecided },
            findings: FindingCounts { error, warning, note, suppressed: summary.suppressed },
        },
    };
    for deployed in &run.deployments {
        let deployment = DeploymentRow {
            entry: run.name(deployed.entry),
            parameters: deployed.parameters.iter().map(|file| run.name(*file)).collect(),
        };
        let findings =
            deployed.report.findings.iter().map(|finding| finding_row(run, Some(deployed), &deployment, finding));
        document.findings.extend(findings);
        let questions = deployed.report.questions.iter().map(|question| question_row(run, &deployment, question));
        document.questions.extend(questions);
    }
    for finding in run.upkeep {
        let deployment = DeploymentRow { entry: run.name(finding.span.file), parameters: Vec::new() };
        document.findings.push(finding_row(run, None, &deployment, finding));
    }
    safe_json::write(out, &document)
}

fn finding_row(
    run: &Run<'_>,
    deployed: Option<&Deployed<'_>>,
    deployment: &DeploymentRow,
    finding: &Finding,
) -> FindingRow {
    let (headline, lines) = run.message(finding, |span| run.short_place(span, Base::CurrentDir));
    FindingRow {
        rule: finding.rule.clone(),
        requirement: deployed.map(|_| finding.requirement.clone()),
        level: finding.level.name(),
        certainty: finding.certainty.name(),
        breaks_at: finding.breaks_at.map(|breaks_at| breaks_at.name()),
        message: std::iter::once(headline).chain(lines).collect::<Vec<_>>().join("\n"),
        deployment: deployment.clone(),
        resource: deployed.map(|_| finding.resource.clone()),
        when: finding.when.clone(),
        position: position(run, finding.span),
        related: finding
            .related
            .iter()
            .map(|note| RelatedRow { message: note.message.clone(), position: position(run, note.span) })
            .collect(),
        fix: finding.fix.as_ref().and_then(|fix| fix_row(run, fix)),
        suppressed: finding.silenced.is_some(),
        fingerprint: run.fingerprint(deployed.map(|deployed| deployed.entry), finding),
    }
}

/// A fix; none where a file of it was not kept.
fn fix_row(run: &Run<'_>, fix: &Fix) -> Option<FixRow> {
    let edit =
        |edit: &rolecall_source::Edit| Some(EditRow { position: position(run, edit.span)?, text: edit.text.clone() });
    let edits = fix.edits.iter().map(edit).collect::<Option<_>>()?;
    let file = |new: &rolecall_source::NewFile| NewFileRow {
        file: relative(&new.path, run.current_dir),
        text: new.text.clone(),
    };
    let files = fix.files.iter().map(file).collect();
    Some(FixRow { title: fix.title.clone(), safety: fix.safety.name(), edits, files })
}

fn question_row(run: &Run<'_>, deployment: &DeploymentRow, question: &Question) -> QuestionRow {
    QuestionRow {
        requirement: question.requirement.clone(),
        principal: question.principal.clone(),
        scope: question.scope.clone(),
        answer: question.answer.name(),
        when: question.when.clone(),
        by: question.by.map(|span| ByRow { position: position(run, span) }),
        reason: question.reason.clone(),
        deployment: deployment.clone(),
        position: position(run, question.span),
    }
}

fn diagnostics(run: &Run<'_>) -> Vec<DiagnosticRow> {
    let unreadable = run.unreadable.iter().map(|unreadable| DiagnosticRow {
        level: unreadable.level.name(),
        message: unreadable.message(),
        position: Some(Position::new(relative(&unreadable.path, run.current_dir), unreadable.at(), unreadable.at())),
    });
    let diagnostics = run.diagnostics.iter().map(|diagnostic| DiagnosticRow {
        level: diagnostic.level.name(),
        message: diagnostic.message.clone(),
        position: position(run, diagnostic.span),
    });
    unreadable.chain(diagnostics).collect()
}

/// A place as JSON; `null` where no file holds it.
pub(crate) fn position_json(run: &Run<'_>, span: Span) -> serde_json::Value {
    serde_json::to_value(position(run, span)).unwrap_or_default()
}

/// A place as every JSON document of ours has it; `None` where no file holds it.
pub(crate) fn position(run: &Run<'_>, span: Span) -> Option<Position> {
    let place = run.place(span)?;
    Some(Position::new(relative(&place.path, run.current_dir), place.start, place.end))
}

impl Position {
    fn new(file: String, start: LineColumn, end: LineColumn) -> Self {
        Position { file, line: start.line, column: start.column, end_line: end.line, end_column: end.column }
    }
}
