//! SARIF 2.1.0, for code scanning.
//!
//! Files are relative to the root, columns count UTF-16 units. A finding that is equal in several deployments is one
//! result that lists them. What is wrong with the files themselves stands in the invocation's notifications.
//!
//! GitHub tells alerts apart by `primaryLocationLineHash`. Its upload action makes it from the line's text and warns where
//! somebody else did, so it is left to it; our own fingerprint, which survives edits of that line too, stands beside it.
//!
//! What is written must be valid for the standard's schema (a test) and for the rules `Sarif;Ghas` of Microsoft's
//! `sarif-multitool`, which `cargo xtask integration` runs:
//! `Sarif.Multitool validate out.sarif --rule-kind "Sarif;Ghas" --level "Error;Warning;Note" --log ForceOverwrite -o log.sarif`
//! prints no line with `: error `.

mod catalogue;
mod place;

use std::collections::BTreeMap;
use std::io;

use rolecall_rules::{Finding, Silenced, rule_ids};
use rolecall_source::{Diagnostic, Edit, FileId, Fix, Level, Span, Unreadable};
use serde_json::{Value, json};
use serde_sarif::sarif::{
    ArtifactChange, ArtifactContent, ArtifactLocation, Fix as SarifFix, Invocation, Location, Message,
    MultiformatMessageString, Notification, PropertyBag, Replacement, Result as SarifResult, ResultLevel,
    Run as SarifRun, RunAutomationDetails, Sarif, Suppression, Tool,
};

use crate::remark::safe;
use crate::run::{Base, Shared};
use crate::{Run, printable, safe_json};
use place::{ROOT, artifact, location, physical, plain_region, start_region};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The name under which fingerprints are kept; its number changes when their making does.
const FINGERPRINT: &str = "rolecall/v1";

/// Writes a run, with assumed findings only where `assumed` asks for them.
///
/// # Errors
/// Those of `out`.
pub fn write(out: &mut dyn io::Write, run: &Run<'_>, assumed: bool) -> io::Result<()> {
    let mut results: Vec<_> = run.shared_findings(assumed).iter().map(|shared| result(run, shared)).collect();
    if results.iter().any(|result| result.suppressions.is_some()) {
        // The standard has it in all results or in none.
        for result in &mut results {
            result.suppressions.get_or_insert_default();
        }
    }
    let unreadable = run.unreadable.iter().map(|one| unreadable_notification(run, one));
    let diagnostics = run.diagnostics.iter().map(|one| notification(run, one));
    let invocation = Invocation::builder()
        .execution_successful(!run.broke_down)
        .tool_execution_notifications(unreadable.chain(diagnostics).collect::<Vec<_>>())
        .build();
    let root = ArtifactLocation::builder()
        .uri(crate::paths::folder_uri(run.files.root()))
        .description(message("the folder that files are named from"))
        .build();
    let sarif = Sarif::builder()
        .schema(SCHEMA)
        .version(json!("2.1.0"))
        .runs(vec![
            SarifRun::builder()
                .tool(Tool::builder().driver(catalogue::driver()).build())
                // A category alone: the part behind the slash would tell one run from the next.
                .automation_details(RunAutomationDetails::builder().id("rolecall/").build())
                .original_uri_base_ids(BTreeMap::from([(ROOT.to_owned(), root)]))
                .column_kind(json!("utf16CodeUnits"))
                .invocations(vec![invocation])
                .results(results)
                .build(),
        ])
        .build();
    safe_json::write(out, &sarif)
}

fn result(run: &Run<'_>, shared: &Shared<'_>) -> SarifResult {
    let finding = &without_marks(shared.finding);
    let shared = &Shared { finding, deployments: shared.deployments.clone() };
    let mut related = Related::new(run);
    for note in &finding.related {
        related.add(note.span, Some(&note.message));
    }
    let named: Vec<_> = finding.places.iter().map(|place| (place.span, related.add(place.span, None))).collect();
    // A link in a message leads to the related location with its number.
    let show = |span: Span| {
        let place = run.short_place(span, Base::Root);
        match named.iter().find(|(one, _)| *one == span) {
            Some((_, Some(id))) => format!("{LINK_OPEN}{place}{LINK_BETWEEN}{id}{LINK_CLOSE}"),
            _ => place,
        }
    };
    let text = links(&safe(run.full_message(shared, show)).join("\n"));
    let fingerprint = run.fingerprint(shared.deployments.first().map(|deployed| deployed.entry), finding);
    let mut result = SarifResult::builder()
        .message(Message::builder().text(text).build())
        .rule_id(finding.rule.clone())
        .level(match finding.level {
            Level::Error => ResultLevel::Error,
            Level::Warning => ResultLevel::Warning,
            Level::Note => ResultLevel::Note,
        })
        .locations(location(run, finding.span).into_iter().collect::<Vec<_>>())
        .related_locations(related.places)
        .partial_fingerprints(BTreeMap::from([(FINGERPRINT.to_owned(), fingerprint)]))
        .properties(PropertyBag::builder().additional_properties(properties(run, shared)).build())
        .build();
    result.rule_index = rule_ids().position(|id| id == finding.rule).and_then(|index| i64::try_from(index).ok());
    result.suppressions = finding.silenced.as_ref().map(|silenced| vec![suppression(run, silenced)]);
    result.fixes = finding.fix.as_ref().and_then(|fix| self::fix(run, fix)).map(|fix| vec![fix]);
    result
}

fn properties(run: &Run<'_>, shared: &Shared<'_>) -> BTreeMap<String, Value> {
    let finding = shared.finding;
    let name = |file: FileId| run.name_from(file, Base::Root);
    let deployments: Vec<_> = shared
        .deployments
        .iter()
        .map(|deployed| {
            let parameters: Vec<_> = deployed.parameters.iter().map(|file| name(*file)).collect();
            json!({"entry": name(deployed.entry), "parameters": parameters})
        })
        .collect();
    let mut properties = BTreeMap::new();
    if !finding.requirement.is_empty() {
        properties.insert("requirement".to_owned(), json!(finding.requirement));
    }
    properties.insert("certainty".to_owned(), json!(finding.certainty.name()));
    properties.insert("breaksAt".to_owned(), json!(finding.breaks_at.map(|breaks_at| breaks_at.name())));
    properties.insert("deployments".to_owned(), Value::Array(deployments));
    properties
}

/// The places that belong to a result, each span once for each thing said of it, with ids from 1.
struct Related<'r> {
    run: &'r Run<'r>,
    known: Vec<(Span, i64)>,
    places: Vec<Location>,
}

impl<'r> Related<'r> {
    fn new(run: &'r Run<'r>) -> Self {
        Related { run, known: Vec::new(), places: Vec::new() }
    }

    /// The id of a place: with something said of it a place of its own, else one that is there already.
    fn add(&mut self, span: Span, says: Option<&str>) -> Option<i64> {
        if let Some((_, id)) = self.known.iter().find(|(one, _)| *one == span && says.is_none()) {
            return Some(*id);
        }
        let mut place = location(self.run, span)?;
        let id = i64::try_from(self.places.len()).ok()? + 1;
        place.id = Some(id);
        place.message = says.map(message);
        self.places.push(place);
        self.known.push((span, id));
        Some(id)
    }
}

/// Stand-ins for the marks of a link, which nobody else uses: they are taken out of names, so that no name makes a link.
const LINK_OPEN: char = '\u{f0001}';
const LINK_BETWEEN: char = '\u{f0002}';
const LINK_CLOSE: char = '\u{f0003}';

/// A finding whose texts hold no such mark; lengths stay, so that places in texts stay true.
fn without_marks(finding: &Finding) -> Finding {
    let clean = |text: &mut String| *text = text.replace([LINK_OPEN, LINK_BETWEEN, LINK_CLOSE], "????");
    let mut finding = finding.clone();
    clean(&mut finding.headline);
    finding.reasons.iter_mut().chain(&mut finding.remedy).for_each(clean);
    finding
}

/// A message with its links written out; what only looks like one, and comes from a name, is cut.
fn links(text: &str) -> String {
    text.replace("](", "] (").replace(LINK_OPEN, "[").replace(LINK_BETWEEN, "](").replace(LINK_CLOSE, ")")
}

fn suppression(run: &Run<'_>, silenced: &Silenced) -> Suppression {
    match silenced {
        Silenced::Comment { reason, span } => {
            let mut suppression = Suppression::builder().kind(json!("inSource")).justification(reason.clone()).build();
            suppression.location = location(run, *span);
            suppression
        }
        Silenced::Baseline => {
            Suppression::builder().kind(json!("external")).justification("it is in the baseline").build()
        }
    }
}

/// A fix, file by file; none where a file of it was not kept.
fn fix(run: &Run<'_>, fix: &Fix) -> Option<SarifFix> {
    let mut files: BTreeMap<String, (FileId, Vec<&Edit>)> = BTreeMap::new();
    for edit in &fix.edits {
        let name = run.name_from(edit.span.file, Base::Root);
        files.entry(name).or_insert((edit.span.file, Vec::new())).1.push(edit);
    }
    let change = |(file, edits): (FileId, Vec<&Edit>)| {
        let source = run.file(file)?;
        let replacement = |edit: &Edit| {
            let text = ArtifactContent::builder().text(edit.text.clone()).build();
            Replacement::builder().deleted_region(plain_region(&source, edit.span)).inserted_content(text).build()
        };
        let replacements = edits.into_iter().map(replacement).collect::<Vec<_>>();
        Some(
            ArtifactChange::builder().artifact_location(artifact(run, &source.path)).replacements(replacements).build(),
        )
    };
    let mut changes = files.into_values().map(change).collect::<Option<Vec<_>>>()?;
    // A file that is not there yet is empty: its text takes the place of nothing.
    changes.extend(fix.files.iter().map(|new| {
        let text = ArtifactContent::builder().text(new.text.clone()).build();
        let replacement = Replacement::builder().deleted_region(start_region()).inserted_content(text).build();
        ArtifactChange::builder().artifact_location(artifact(run, &new.path)).replacements(vec![replacement]).build()
    }));
    Some(SarifFix::builder().description(message(&fix.title)).artifact_changes(changes).build())
}

fn notification(run: &Run<'_>, diagnostic: &Diagnostic) -> Notification {
    Notification::builder()
        .level(json!(diagnostic.level.name()))
        .message(message(&diagnostic.message))
        .locations(location(run, diagnostic.span).into_iter().collect::<Vec<_>>())
        .build()
}

fn unreadable_notification(run: &Run<'_>, unreadable: &Unreadable) -> Notification {
    let place = physical(run, &unreadable.path);
    Notification::builder()
        .level(json!(unreadable.level.name()))
        .message(message(&unreadable.message()))
        .locations(vec![Location::builder().physical_location(place).build()])
        .build()
}

/// A message of one line, without links.
fn message(text: &str) -> Message {
    Message::builder().text(links(&printable(text))).build()
}

fn plain(text: &str) -> MultiformatMessageString {
    MultiformatMessageString::builder().text(text).build()
}
