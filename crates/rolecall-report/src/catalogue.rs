//! The catalogue of rules as people read it.

use std::io;

use rolecall_rules::{Entry, rule_ids, rules, upkeep};

/// Writes one line for each rule and each kind of upkeep: its id, level and title.
///
/// # Errors
/// Those of `out`.
pub fn list(out: &mut dyn io::Write) -> io::Result<()> {
    let width = rule_ids().map(str::len).max().unwrap_or_default();
    for entry in rules() {
        let rule = &entry.rule;
        writeln!(out, "{:width$}  {:7}  {}", rule.id, rule.level.level().name(), rule.title)?;
    }
    for kind in upkeep() {
        writeln!(out, "{:width$}  {:7}  {}", kind.id, kind.level.name(), kind.title)?;
    }
    Ok(())
}

/// Writes the page of a rule.
///
/// # Errors
/// Those of `out`.
pub fn page(out: &mut dyn io::Write, page: &str) -> io::Result<()> {
    writeln!(out, "{}", page.trim_end())
}

/// Writes what Azure says with an error code, and which rules prevent it; their pages follow.
///
/// # Errors
/// Those of `out`.
pub fn error(out: &mut dyn io::Write, code: &str, against: &[&Entry]) -> io::Result<()> {
    for entry in against {
        for error in entry.azure_errors() {
            if error.code.eq_ignore_ascii_case(code) {
                let says = if error.says.is_empty() { "only its name is known" } else { error.says.as_str() };
                writeln!(out, "{}: {says}", error.code)?;
                writeln!(out, "prevented by {}\n", entry.rule.id)?;
            }
        }
    }
    Ok(())
}
