//! GitLab's code quality report, which shows findings in merge requests: a list of issues in the shape of Code Climate.

use std::collections::HashMap;
use std::io;

use rolecall_source::Level;
use serde::Serialize;

use crate::Run;
use crate::remark::remarks;
use crate::safe_json;

#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

/// Writes a run, with assumed findings only where `assumed` asks for them. What no file holds is left out: the report has
/// no place for it.
///
/// # Errors
/// Those of `out`.
pub fn write(out: &mut dyn io::Write, run: &Run<'_>, assumed: bool) -> io::Result<()> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut issues = Vec::new();
    for remark in remarks(run, assumed) {
        let Some(place) = remark.place else { continue };
        // GitLab takes issues with one fingerprint for one issue.
        let count = seen.entry(remark.fingerprint.clone()).or_default();
        *count += 1;
        let fingerprint = if *count == 1 { remark.fingerprint } else { format!("{}-{count}", remark.fingerprint) };
        issues.push(Issue {
            description: remark.lines.join("\n"),
            check_name: remark.check,
            fingerprint,
            severity: match remark.level {
                Level::Error => "critical",
                Level::Warning => "major",
                Level::Note => "info",
            },
            location: Location { path: place.path, lines: Lines { begin: place.start.line, end: place.end.line } },
        });
    }
    safe_json::write(out, &issues)
}
