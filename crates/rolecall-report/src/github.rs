//! Workflow commands of GitHub Actions, which become annotations of the changed lines.
//!
//! GitHub shows ten errors, ten warnings and ten notices of a step; the log has all of them, and so has code scanning,
//! which SARIF feeds.

use std::io;

use rolecall_source::Level;

use crate::Run;
use crate::remark::{Remark, remarks};

/// Writes one command for each finding and each problem of a file, with assumed findings only where `assumed` asks for them.
///
/// # Errors
/// Those of `out`.
pub fn write(out: &mut dyn io::Write, run: &Run<'_>, assumed: bool) -> io::Result<()> {
    remarks(run, assumed).iter().try_for_each(|remark| writeln!(out, "{}", command(remark)))
}

fn command(remark: &Remark) -> String {
    let name = match remark.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "notice",
    };
    let mut properties = Vec::new();
    if let Some(place) = &remark.place {
        properties.push(format!("file={}", property(&place.path)));
        properties.push(format!("line={},endLine={}", place.start.line, place.end.line));
        // Columns of another line are refused.
        if place.start.line == place.end.line {
            properties.push(format!("col={},endColumn={}", place.start.column, place.end.column));
        }
    }
    properties.push(format!("title={}", property(&remark.check)));
    format!("::{name} {}::{}", properties.join(","), data(&remark.lines.join("\n")))
}

/// The text of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property's value.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
