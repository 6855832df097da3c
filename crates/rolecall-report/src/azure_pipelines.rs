//! Logging commands of Azure Pipelines, which list what is wrong on the page of the run.
//!
//! Azure Pipelines knows errors and warnings; notes are lines of the log.

use std::io;

use rolecall_source::Level;

use crate::Run;
use crate::remark::{Remark, remarks};

/// Writes one command or line for each finding and each problem of a file, with assumed findings only where `assumed` asks
/// for them.
///
/// # Errors
/// Those of `out`.
pub fn write(out: &mut dyn io::Write, run: &Run<'_>, assumed: bool) -> io::Result<()> {
    for remark in remarks(run, assumed) {
        match remark.level {
            Level::Error => writeln!(out, "{}", command("error", &remark))?,
            Level::Warning => writeln!(out, "{}", command("warning", &remark))?,
            Level::Note => writeln!(out, "{}", remark.in_one_line())?,
        }
    }
    Ok(())
}

fn command(kind: &str, remark: &Remark) -> String {
    let mut properties = format!("type={kind};");
    if let Some(place) = &remark.place {
        let (path, at) = (property(&place.path), place.start);
        properties.push_str(&format!("sourcepath={path};linenumber={};columnnumber={};", at.line, at.column));
    }
    properties.push_str(&format!("code={};", property(&remark.check)));
    format!("##vso[task.logissue {properties}]{}", data(&remark.lines.join("\n")))
}

/// The text of a command.
fn data(text: &str) -> String {
    text.replace('%', "%AZP25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property's value.
fn property(text: &str) -> String {
    data(text).replace(']', "%5D").replace(';', "%3B")
}
