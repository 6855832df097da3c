//! The text that people read.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use codespan_reporting::term::termcolor::{Ansi, Color, ColorSpec, NoColor, WriteColor};
use rolecall_rules::{Certainty, QuestionAnswer};
use rolecall_source::{Diagnostic, FileId, Files, Level, ReadError, Safety, SourceFile};

use crate::coverage::{count, coverage_lines};
use crate::requirements::left_to_owners;
use crate::run::{Base, Shared};
use crate::sign_in::sign_in_lines;
use crate::snippet::Sources;
use crate::{Run, links, printable, relative, terminal};

/// How many different undecided questions are listed.
const MAX_UNDECIDED: usize = 10;

/// What the text shows.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Every assumed finding, not one note for each cluster.
    pub assumed: bool,
    /// Colours, for a terminal.
    pub color: bool,
    /// Says how much can be mended, where fixes were made.
    pub fixes: bool,
    /// Hyperlinks, for a terminal that knows them: of rules to their pages, of files to themselves.
    pub links: bool,
}

/// Writes a run.
///
/// # Errors
/// Those of `out`.
pub fn write(out: &mut dyn io::Write, run: &Run<'_>, options: Options) -> io::Result<()> {
    if options.color { render(&mut Ansi::new(out), run, options) } else { render(&mut NoColor::new(out), run, options) }
}

/// Writes what is wrong with a file that is no template, such as the configuration.
///
/// # Errors
/// Those of `out`.
pub fn problems(
    out: &mut dyn io::Write,
    file: &Arc<SourceFile>,
    problems: &[Diagnostic],
    current_dir: &Path,
) -> io::Result<()> {
    let run = Run {
        files: &OneFile(file.clone()),
        current_dir,
        file_count: 1,
        deployments: Vec::new(),
        upkeep: &[],
        diagnostics: problems,
        unreadable: &[],
        accepted: 0,
        broke_down: false,
    };
    diagnostics(&mut NoColor::new(out), &run, &Sources::new(&run, false))
}

/// A snapshot of one file.
struct OneFile(Arc<SourceFile>);

impl Files for OneFile {
    fn root(&self) -> &Path {
        self.0.path.parent().unwrap_or(&self.0.path)
    }

    fn read(&self, path: &Path) -> Result<Arc<SourceFile>, ReadError> {
        if path == self.0.path { Ok(self.0.clone()) } else { Err(ReadError::NotFound) }
    }

    fn get(&self, id: FileId) -> Option<Arc<SourceFile>> {
        (id == self.0.id).then(|| self.0.clone())
    }

    fn list(&self, _: &Path) -> Result<Arc<[PathBuf]>, ReadError> {
        Err(ReadError::NotFound)
    }
}

fn diagnostics(out: &mut dyn WriteColor, run: &Run<'_>, sources: &Sources<'_>) -> io::Result<()> {
    for diagnostic in run.diagnostics {
        level(out, diagnostic.level)?;
        writeln!(out, ": {}", printable(&diagnostic.message))?;
        sources.write(out, diagnostic.level, diagnostic.span, &diagnostic.related)?;
        writeln!(out)?;
    }
    Ok(())
}

fn render(out: &mut dyn WriteColor, run: &Run<'_>, options: Options) -> io::Result<()> {
    let sources = Sources::new(run, options.links);
    for unreadable in run.unreadable {
        level(out, unreadable.level)?;
        writeln!(out, ": {}", printable(&unreadable.message()))?;
        let at = unreadable.at();
        writeln!(out, "  --> {}:{}:{}\n", printable(&relative(&unreadable.path, run.current_dir)), at.line, at.column)?;
    }
    diagnostics(out, run, &sources)?;
    let several = run.deployments.len() > 1;
    let mut findings = run.shared_findings(options.assumed);
    // In each file the worst first: whoever reads on may stop where it matters no more.
    findings.sort_by_cached_key(|shared| (run.path(shared.finding.span.file), Reverse(shared.finding.level)));
    for shared in findings.iter().filter(|shared| shared.finding.silenced.is_none()) {
        finding(out, run, shared, several, options.links)?;
        sources.write(out, shared.finding.level, shared.finding.span, &shared.finding.related)?;
        writeln!(out)?;
    }
    if !options.assumed {
        folded(out, run)?;
    }
    owners(out, run)?;
    undecided(out, run)?;
    summary(out, run, options)
}

/// The commands for what no edit of these files can grant.
fn owners(out: &mut dyn WriteColor, run: &Run<'_>) -> io::Result<()> {
    let left = left_to_owners(run);
    if left.is_empty() {
        return Ok(());
    }
    writeln!(out, "these files have no words for it; whoever owns the scope can run:")?;
    for lack in left {
        writeln!(out, "  # {}", lack.title())?;
        for command in lack.commands(false) {
            command.lines().try_for_each(|line| writeln!(out, "  {line}"))?;
        }
    }
    writeln!(out)
}

fn finding(out: &mut dyn WriteColor, run: &Run<'_>, shared: &Shared<'_>, several: bool, links: bool) -> io::Result<()> {
    let finding = shared.finding;
    level(out, finding.level)?;
    let rule = printable(&finding.rule);
    let page = rolecall_rules::rule(&finding.rule).and_then(links::of_rule).filter(|_| links);
    write!(out, "[{}]", page.map_or(rule.to_string(), |page| terminal::link(&rule, &page)))?;
    if let Some(breaks_at) = finding.breaks_at {
        let verb = if finding.certainty == Certainty::Definite { "fails" } else { "may fail" };
        write!(out, " {verb} at {}", breaks_at.name())?;
    }
    writeln!(out)?;
    let (headline, lines) = run.message(finding, |span| run.short_place(span, Base::CurrentDir));
    out.set_color(ColorSpec::new().set_bold(true))?;
    write!(out, "{}", printable(&headline))?;
    out.reset()?;
    writeln!(out)?;
    for line in lines {
        writeln!(out, "  {}", printable(&line))?;
    }
    if several {
        for line in run.whereabouts(shared, Base::CurrentDir) {
            writeln!(out, "  in: {}", printable(&line))?;
        }
    }
    Ok(())
}

/// One note for each cluster in place of its assumed findings.
fn folded(out: &mut dyn WriteColor, run: &Run<'_>) -> io::Result<()> {
    let mut clusters: BTreeMap<(&str, &str, String), usize> = BTreeMap::new();
    for shared in run.shared_findings(true) {
        if shared.finding.certainty == Certainty::Assumed && shared.finding.silenced.is_none() {
            let place = run.short_place(shared.finding.span, Base::CurrentDir);
            *clusters.entry((&shared.finding.resource, &shared.finding.resource_name, place)).or_default() += 1;
        }
    }
    let any = !clusters.is_empty();
    for ((_, name, place), count) in clusters {
        level(out, Level::Note)?;
        let (noun, verb) = if count == 1 { ("permission", "is") } else { ("permissions", "are") };
        let (name, place) = (printable(name), printable(&place));
        writeln!(
            out,
            ": {count} {noun} of `{name}` ({place}) {verb} not granted here and must be granted elsewhere: `rolecall requirements` lists them"
        )?;
    }
    if any { writeln!(out) } else { Ok(()) }
}

/// The questions that could not be answered, equal ones of several deployments once.
fn undecided(out: &mut dyn WriteColor, run: &Run<'_>) -> io::Result<()> {
    let mut lines: BTreeMap<String, usize> = BTreeMap::new();
    for question in run.deployments.iter().flat_map(|deployed| &deployed.report.questions) {
        if question.answer == QuestionAnswer::Undecided {
            let when = question.when.as_ref().map(|when| format!(", when {when}")).unwrap_or_default();
            let place = run.short_place(question.span, Base::CurrentDir);
            let (requirement, principal, scope) = (&question.requirement, &question.principal, &question.scope);
            let line = format!("{requirement} for `{principal}` on `{scope}` ({place}){when}: {}", question.reason);
            *lines.entry(line).or_default() += 1;
        }
    }
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(out, "cannot tell:")?;
    for line in lines.keys().take(MAX_UNDECIDED) {
        writeln!(out, "  {}", printable(line))?;
    }
    if lines.len() > MAX_UNDECIDED {
        writeln!(out, "  and {} more: --format json lists all", lines.len() - MAX_UNDECIDED)?;
    }
    writeln!(out)
}

fn summary(out: &mut dyn WriteColor, run: &Run<'_>, options: Options) -> io::Result<()> {
    let summary = run.summary();
    let unread = run.unreadable.iter().filter(|one| one.level == Level::Error).count();
    let broken = run.diagnostics.iter().filter(|one| one.level == Level::Error).count();
    if unread + broken > 0 {
        let problems = count(unread + broken, "problem", "problems");
        writeln!(out, "{problems} in the files: the answers below do not cover what could not be read")?;
    }
    if run.accepted > 0 {
        let problems = count(run.accepted, "problem", "problems");
        writeln!(out, "{problems} in the files that the baseline accepts")?;
    }
    let covered = |out: &mut dyn WriteColor| {
        let mut lines = coverage_lines(run).into_iter().chain(sign_in_lines(run));
        lines.try_for_each(|line| writeln!(out, "{line}"))
    };
    let nothing_said = run.shared_findings(true).is_empty();
    if summary.clusters == 0 && nothing_said {
        return covered(out);
    }
    let mut found = [0; 3];
    let mut suppressed = 0;
    let (mut safe, mut unsafe_) = (0, 0);
    for shared in run.shared_findings(true) {
        if shared.finding.silenced.is_some() {
            suppressed += 1;
            continue;
        }
        found[match shared.finding.level {
            Level::Error => 0,
            Level::Warning => 1,
            Level::Note => 2,
        }] += 1;
        match shared.finding.fix.as_ref().map(|fix| fix.safety) {
            Some(Safety::Safe) => safe += 1,
            Some(Safety::Unsafe) => unsafe_ += 1,
            None => {}
        }
    }
    let mut findings = vec![
        count(found[0], "error", "errors"),
        count(found[1], "warning", "warnings"),
        count(found[2], "note", "notes"),
    ];
    if suppressed > 0 {
        findings.push(format!("{suppressed} suppressed"));
    }
    writeln!(out, "{}", findings.join(", "))?;
    let how = match (safe, unsafe_) {
        _ if !options.fixes => None,
        (0, 0) => None,
        (safe, 0) => Some(format!("{safe} can be mended with --fix")),
        (0, others) => Some(format!("{others} can be mended with --fix --unsafe-fixes")),
        (safe, others) => Some(format!("{safe} can be mended with --fix, {others} more with --fix --unsafe-fixes")),
    };
    if let Some(how) = how {
        writeln!(out, "{how}; --diff in place of --fix shows how")?;
    }
    covered(out)
}

fn level(out: &mut dyn WriteColor, level: Level) -> io::Result<()> {
    let color = match level {
        Level::Error => Color::Red,
        Level::Warning => Color::Yellow,
        Level::Note => Color::Green,
    };
    out.set_color(ColorSpec::new().set_fg(Some(color)).set_bold(true))?;
    write!(out, "{}", level.name())?;
    out.reset()
}
