//! `check --format markdown`: a page for pull requests and jobs. The roles that are missing come first, as a table that says
//! what to give to whom.

use std::collections::BTreeMap;
use std::io;

use rolecall_rules::{Certainty, RoleNeed, claim};
use rolecall_source::Level;

use crate::requirements::left_to_owners;
use crate::run::{Base, Shared};
use crate::{Run, coverage, printable};

/// How many rows a table has at most: pages of jobs hold a megabyte.
const MAX_ROWS: usize = 200;

/// Writes a run.
///
/// # Errors
/// Those of `out`.
pub fn write(out: &mut dyn io::Write, run: &Run<'_>) -> io::Result<()> {
    writeln!(out, "## rolecall\n\n{}\n", escaped(&coverage(run)))?;
    let shared = run.shared_findings(true);
    let open: Vec<_> = shared.iter().filter(|shared| shared.finding.silenced.is_none()).collect();
    let of = |shared: &Shared<'_>| claim(&shared.finding.requirement).and_then(|(_, one)| one.need.as_ref());
    let said = |shared: &&&Shared<'_>| shared.finding.certainty != Certainty::Assumed;
    let roles: Vec<_> = open.iter().filter(said).filter_map(|shared| Some((*shared, of(shared)?))).collect();
    let others: Vec<_> = open.iter().filter(said).filter(|shared| of(shared).is_none()).collect();
    if !roles.is_empty() {
        writeln!(out, "### Missing roles\n\n| level | who | needs | on | least role | for | in |")?;
        writeln!(out, "| --- | --- | --- | --- | --- | --- | --- |")?;
        for (shared, need) in roles.iter().take(MAX_ROWS) {
            role(out, run, shared, need)?;
        }
        more(out, roles.len())?;
    }
    if !others.is_empty() {
        writeln!(out, "### Findings\n\n| level | rule | what is wrong | at | in |\n| --- | --- | --- | --- | --- |")?;
        for shared in others.iter().take(MAX_ROWS) {
            let (headline, _) = run.message(shared.finding, |span| run.short_place(span, Base::Root));
            let at = run.short_place(shared.finding.span, Base::Root);
            let level = shared.finding.level.name();
            cells(
                out,
                &[level, &shared.finding.rule, &headline, &at, &run.whereabouts(shared, Base::Root).join("; ")],
            )?;
        }
        more(out, others.len())?;
    }
    owners(out, run)?;
    problems(out, run)?;
    elsewhere(out, run, &open)?;
    if open.is_empty() && run.summary().clusters > 0 {
        writeln!(out, "Nothing is wrong.\n")?;
    }
    Ok(())
}

/// A permission that is missing: who needs which role where.
fn role(out: &mut dyn io::Write, run: &Run<'_>, shared: &Shared<'_>, need: &RoleNeed) -> io::Result<()> {
    let finding = shared.finding;
    let principal = finding.principal.as_deref().unwrap_or_default();
    let mut questions = shared.deployments.iter().flat_map(|one| &one.report.questions);
    let same = questions.find(|one| {
        one.requirement == finding.requirement
            && Some(&one.scope) == finding.scope.as_ref()
            && one.principal == principal
    });
    let scope = same.map(|one| one.scope_name.as_str()).or(finding.scope.as_deref()).unwrap_or_default();
    let actions: Vec<_> = need.actions.iter().chain(&need.data_actions).map(String::as_str).collect();
    let reason = format!("{} ({})", finding.rule, run.short_place(finding.span, Base::Root));
    let whereabouts = run.whereabouts(shared, Base::Root).join("; ");
    let who = match &finding.when {
        Some(when) => format!("{principal}, when {when}"),
        None => principal.to_owned(),
    };
    let role = format!("{} ({})", need.least_role.name, need.least_role.id);
    cells(out, &[finding.level.name(), &who, &actions.join(", "), scope, &role, &reason, &whereabouts])
}

fn more(out: &mut dyn io::Write, rows: usize) -> io::Result<()> {
    match rows.checked_sub(MAX_ROWS) {
        None | Some(0) => writeln!(out),
        Some(rest) => writeln!(out, "\nand {rest} more\n"),
    }
}

/// The commands for what no edit of these files can grant.
fn owners(out: &mut dyn io::Write, run: &Run<'_>) -> io::Result<()> {
    let left = left_to_owners(run);
    if left.is_empty() {
        return Ok(());
    }
    writeln!(out, "### For whoever owns the scope\n\nThese files have no words for it:\n")?;
    for lack in left.iter().take(MAX_ROWS) {
        // Indented code has no end that a name could write.
        writeln!(out, "    # {}", lack.title())?;
        for command in lack.commands(false) {
            command.lines().try_for_each(|line| writeln!(out, "    {line}"))?;
        }
    }
    more(out, left.len())
}

/// What is wrong with the files.
fn problems(out: &mut dyn io::Write, run: &Run<'_>) -> io::Result<()> {
    let unreadable = run.unreadable.iter().map(|one| {
        let at = format!("{}:{}", crate::relative(&one.path, run.folder(Base::Root)), one.at().line);
        (one.level, one.message(), at)
    });
    let diagnostics =
        run.diagnostics.iter().map(|one| (one.level, one.message.clone(), run.short_place(one.span, Base::Root)));
    let all: Vec<_> = unreadable.chain(diagnostics).filter(|(level, ..)| *level != Level::Note).collect();
    if all.is_empty() {
        return Ok(());
    }
    writeln!(out, "### Files that are not covered\n\n| level | what is wrong | at |\n| --- | --- | --- |")?;
    for (level, message, at) in all.iter().take(MAX_ROWS) {
        cells(out, &[level.name(), message, at])?;
    }
    more(out, all.len())
}

/// How many permissions of each cluster are left to others.
fn elsewhere(out: &mut dyn io::Write, run: &Run<'_>, open: &[&Shared<'_>]) -> io::Result<()> {
    let mut clusters: BTreeMap<(&str, &str, String), usize> = BTreeMap::new();
    for shared in open.iter().filter(|shared| shared.finding.certainty == Certainty::Assumed) {
        let place = run.short_place(shared.finding.span, Base::Root);
        *clusters.entry((&shared.finding.resource, &shared.finding.resource_name, place)).or_default() += 1;
    }
    for ((_, name, place), count) in &clusters {
        let (noun, verb) = if *count == 1 { ("permission", "is") } else { ("permissions", "are") };
        let line = format!("{count} {noun} of {name} ({place}) {verb} not granted here and must be granted elsewhere");
        writeln!(out, "- {}: `rolecall requirements` lists them", escaped(&line))?;
    }
    if clusters.is_empty() { Ok(()) } else { writeln!(out) }
}

/// A row of a table.
pub(crate) fn cells(out: &mut dyn io::Write, cells: &[&str]) -> io::Result<()> {
    for cell in cells {
        write!(out, "| {} ", escaped(cell))?;
    }
    writeln!(out, "|")
}

/// A text as Markdown shows it: names come from files that anybody may have written.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for character in printable(text).chars() {
        match character {
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '@' => out.push_str("&#64;"),
            '$' => out.push_str("&#36;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '#' | '|' | '!' | '~' | '>' => {
                out.extend(['\\', character])
            }
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_markup() {
        assert_eq!(escaped("a|b <script> `x` [l](u) @user"), "a\\|b &lt;script\\> \\`x\\` \\[l\\](u) &#64;user");
        assert_eq!(escaped("$x$"), "&#36;x&#36;");
        assert_eq!(escaped("a\nb"), "a\\\\u\\{a\\}b");
    }
}
