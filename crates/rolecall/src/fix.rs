//! `check --fix` and `check --diff`.

use anyhow::bail;
use rolecall_report::{diff, relative};
use rolecall_source::{Files, Span, create_file, replace_file};
use rolecall_workspace::{Analysis, Mended, Options, Unmended, mend};

use crate::arguments::Check;
use crate::commands::output;
use crate::{Status, complain};

/// Writes what would be changed.
///
/// # Errors
/// The analysis fails, or the output cannot be written.
pub fn show(options: &Options, check: &Check) -> anyhow::Result<Status> {
    let mended = mend(options, check.unsafe_fixes)?;
    output(check.source.output.as_ref(), |out| {
        let mut changed = mended.changed.iter();
        changed.try_for_each(|one| diff::write(out, &options.current_dir, &one.path, one.old.as_deref(), &one.new))
    })?;
    say(options, &mended);
    if mended.analysis.broke_down {
        return Ok(Status::Failed);
    }
    if mended.analysis.deployments.is_empty() {
        return Ok(Status::Nothing);
    }
    Ok(if mended.changed.is_empty() { Status::Clean } else { Status::Findings })
}

/// Changes the files, and gives the analysis of what they are then.
///
/// # Errors
/// The analysis fails, or a file cannot be written; each file is written as a whole or not at all.
pub fn write(options: &Options, check: &Check) -> anyhow::Result<Analysis> {
    let mended = mend(options, check.unsafe_fixes)?;
    let mut failed = Vec::new();
    // What is new comes first, since the others use it.
    let (new, there): (Vec<_>, Vec<_>) = mended.changed.iter().partition(|one| one.old.is_none());
    for one in new.into_iter().chain(there) {
        let written = match &one.old {
            Some(old) => replace_file(&one.path, old, &one.new),
            None => create_file(&one.path, &one.new),
        };
        if let Err(why) = written {
            failed.push(format!("cannot write `{}`: {why}", relative(&one.path, &options.current_dir)));
            if one.old.is_none() {
                break;
            }
        }
    }
    if !failed.is_empty() {
        bail!("{}", failed.join("; "));
    }
    say(options, &mended);
    Ok(mended.analysis)
}

/// What was done and what was not, on standard error.
fn say(options: &Options, mended: &Mended) {
    let files = mended.changed.len();
    if !mended.applied.is_empty() {
        let count = |number: usize, noun: &str| format!("{number} {noun}{}", if number == 1 { "" } else { "s" });
        complain(&format!(
            "{} in {}:",
            count(mended.applied.len(), "fix").replace("fixs", "fixes"),
            count(files, "file")
        ));
        mended.applied.iter().for_each(|title| complain(&format!("  {title}")));
    }
    if mended.withheld > 0 {
        complain(&format!("{} more can be mended with --unsafe-fixes", mended.withheld));
    }
    let given_up = mended.given_up.iter().map(|one| {
        let place = format!("{}:{}", relative(&one.path, &options.current_dir), one.line);
        format!("not mended: {} ({place}): {}", one.title, one.why)
    });
    let refused = mended.analysis.deployments.iter().flat_map(|one| &one.unmended);
    let mut lines: Vec<String> = given_up.chain(refused.map(|one| unmended(options, &mended.analysis, one))).collect();
    lines.sort();
    lines.dedup();
    lines.iter().for_each(|line| complain(line));
}

fn unmended(options: &Options, analysis: &Analysis, one: &Unmended) -> String {
    format!("not mended: {} ({}): {}", one.headline, place(options, analysis, one.span), one.why)
}

fn place(options: &Options, analysis: &Analysis, span: Span) -> String {
    let Some(file) = analysis.files.get(span.file) else { return "?".to_owned() };
    let line = file.lines().position(&file.text, span.start as usize).line;
    format!("{}:{line}", relative(&file.path, &options.current_dir))
}
