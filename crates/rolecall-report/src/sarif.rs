//! SARIF 2.1.0, for code scanning.
//!
//! Files are relative to the root, columns count UTF-16 units. A finding that is equal in several deployments is one
//! result that lists them. What is wrong with the files themselves stands in the invocation's notifications.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use rolecall_rules::{Entry, Silenced, Upkeep, rule_ids, rules, upkeep};
use rolecall_source::{Diagnostic, Level, LineColumn, Span, Unreadable};
use serde_json::{Value, json};
use serde_sarif::sarif::{
    ArtifactLocation, Invocation, Location, Message, MultiformatMessageString, Notification, PhysicalLocation,
    PropertyBag, Region, ReportingConfiguration, ReportingDescriptor, Result as SarifResult, ResultLevel,
    Run as SarifRun, Sarif, Suppression, Tool, ToolComponent,
};

use crate::run::Shared;
use crate::{Run, paths, relative};

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
        .execution_successful(true)
        .tool_execution_notifications(unreadable.chain(diagnostics).collect::<Vec<_>>())
        .build();
    let driver = ToolComponent::builder()
        .name("rolecall")
        .semantic_version(env!("CARGO_PKG_VERSION"))
        .rules(rules().iter().map(descriptor).chain(upkeep().iter().map(upkeep_descriptor)).collect::<Vec<_>>())
        .build();
    let sarif = Sarif::builder()
        .schema(SCHEMA)
        .version(json!("2.1.0"))
        .runs(vec![
            SarifRun::builder()
                .tool(Tool::builder().driver(driver).build())
                .column_kind(json!("utf16CodeUnits"))
                .invocations(vec![invocation])
                .results(results)
                .build(),
        ])
        .build();
    serde_json::to_writer_pretty(&mut *out, &sarif)?;
    writeln!(out)
}

fn descriptor(entry: &Entry) -> ReportingDescriptor {
    let rule = &entry.rule;
    ReportingDescriptor::builder()
        .id(rule.id.clone())
        .short_description(plain(&rule.title))
        .help(MultiformatMessageString::builder().text(entry.page).markdown(entry.page).build())
        .default_configuration(ReportingConfiguration::builder().level(json!(rule.level.level().name())).build())
        .properties(PropertyBag::builder().tags(rule.families.clone()).build())
        .build()
}

fn upkeep_descriptor(kind: &Upkeep) -> ReportingDescriptor {
    ReportingDescriptor::builder()
        .id(kind.id)
        .short_description(plain(kind.title))
        .help(MultiformatMessageString::builder().text(kind.page).markdown(kind.page).build())
        .default_configuration(ReportingConfiguration::builder().level(json!(kind.level.name())).build())
        .build()
}

fn plain(text: &str) -> MultiformatMessageString {
    MultiformatMessageString::builder().text(text).build()
}

fn result(run: &Run<'_>, shared: &Shared<'_>) -> SarifResult {
    let finding = shared.finding;
    let (headline, lines) = run.message(finding);
    let text = std::iter::once(headline).chain(lines).collect::<Vec<_>>().join("\n");
    let deployments: Vec<_> = shared
        .deployments
        .iter()
        .map(|deployed| {
            let parameters: Vec<_> = deployed.parameters.iter().map(|file| run.name_from_root(*file)).collect();
            json!({"entry": run.name_from_root(deployed.entry), "parameters": parameters})
        })
        .collect();
    let mut properties: BTreeMap<String, Value> = BTreeMap::new();
    if !finding.requirement.is_empty() {
        properties.insert("requirement".to_owned(), json!(finding.requirement));
    }
    properties.insert("certainty".to_owned(), json!(finding.certainty.name()));
    properties.insert("breaksAt".to_owned(), json!(finding.breaks_at.map(|breaks_at| breaks_at.name())));
    properties.insert("deployments".to_owned(), Value::Array(deployments));
    let related = (1..).zip(&finding.related).filter_map(|(id, note)| {
        let mut place = location(run, note.span)?;
        place.id = Some(id);
        place.message = Some(message(&note.message));
        Some(place)
    });
    let fingerprint = run.fingerprint(shared.deployments.first().map(|deployed| deployed.entry), finding);
    let fingerprints = BTreeMap::from([(FINGERPRINT.to_owned(), fingerprint)]);
    let mut result = SarifResult::builder()
        .message(message(&text))
        .rule_id(finding.rule.clone())
        .level(match finding.level {
            Level::Error => ResultLevel::Error,
            Level::Warning => ResultLevel::Warning,
            Level::Note => ResultLevel::Note,
        })
        .locations(location(run, finding.span).into_iter().collect::<Vec<_>>())
        .related_locations(related.collect::<Vec<_>>())
        .partial_fingerprints(fingerprints)
        .properties(PropertyBag::builder().additional_properties(properties).build())
        .build();
    result.rule_index = rule_ids().position(|id| id == finding.rule).and_then(|index| i64::try_from(index).ok());
    result.suppressions = finding.silenced.as_ref().map(|silenced| vec![suppression(run, silenced)]);
    result
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

fn notification(run: &Run<'_>, diagnostic: &Diagnostic) -> Notification {
    Notification::builder()
        .level(json!(diagnostic.level.name()))
        .message(message(&diagnostic.message))
        .locations(location(run, diagnostic.span).into_iter().collect::<Vec<_>>())
        .build()
}

fn unreadable_notification(run: &Run<'_>, unreadable: &Unreadable) -> Notification {
    let place = physical(run, &unreadable.path, None);
    Notification::builder()
        .level(json!(unreadable.level.name()))
        .message(message(&unreadable.message()))
        .locations(vec![Location::builder().physical_location(place).build()])
        .build()
}

fn message(text: &str) -> Message {
    Message::builder().text(text).build()
}

fn location(run: &Run<'_>, span: Span) -> Option<Location> {
    let file = run.file(span.file)?;
    let at = |offset: u32| file.lines().position_utf16(&file.text, offset as usize);
    let region = region(at(span.start), at(span.end));
    Some(Location::builder().physical_location(physical(run, &file.path, Some(region))).build())
}

fn region(start: LineColumn, end: LineColumn) -> Region {
    Region::builder()
        .start_line(i64::from(start.line))
        .start_column(i64::from(start.column))
        .end_line(i64::from(end.line))
        .end_column(i64::from(end.column))
        .build()
}

fn physical(run: &Run<'_>, path: &Path, region: Option<Region>) -> PhysicalLocation {
    let root = run.files.root();
    let artifact = if path.starts_with(root) {
        ArtifactLocation::builder().uri(paths::uri(&relative(path, root))).uri_base_id("%SRCROOT%").build()
    } else {
        let absolute = paths::uri(&relative(path, Path::new("")));
        ArtifactLocation::builder().uri(format!("file://{absolute}")).build()
    };
    let mut place = PhysicalLocation::builder().artifact_location(artifact).build();
    place.region = region;
    place
}
