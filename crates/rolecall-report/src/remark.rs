//! What a run has to say, one remark after another: the common ground of the formats that pipelines read.
//!
//! Texts are safe to print, files are named from the root. What is suppressed is left out.

use std::path::Path;

use rolecall_source::{Level, LineColumn, Span};

use crate::run::Base;
use crate::{Run, printable, relative};

/// The name, in place of a rule's, of what is wrong with a file.
pub(crate) const BROKEN_FILE: &str = "broken-file";

/// One thing to say.
pub(crate) struct Remark {
    pub level: Level,
    /// The rule, or [`BROKEN_FILE`].
    pub check: String,
    /// What is wrong, why and what to do.
    pub lines: Vec<String>,
    /// Where, if a file holds it.
    pub place: Option<FilePlace>,
    /// The same while it is the same.
    pub fingerprint: String,
}

/// A place in a file: 1-based, columns in characters.
pub(crate) struct FilePlace {
    /// The path from the root.
    pub path: String,
    pub start: LineColumn,
    pub end: LineColumn,
}

/// All remarks: what could not be read, what is wrong with files, then the findings by place, equal ones of several
/// deployments once. Assumed findings only where asked for.
pub(crate) fn remarks(run: &Run<'_>, assumed: bool) -> Vec<Remark> {
    let unreadable = run.unreadable.iter().map(|one| {
        let place = file_place(run, &one.path, one.at(), one.at());
        of_file(one.level, one.message(), Some(place))
    });
    let diagnostics = run.diagnostics.iter().map(|one| of_file(one.level, one.message.clone(), place(run, one.span)));
    let mut all: Vec<_> = unreadable.chain(diagnostics).collect();
    for shared in run.shared_findings(assumed) {
        let finding = shared.finding;
        if finding.silenced.is_none() {
            all.push(Remark {
                level: finding.level,
                check: printable(&finding.rule).into_owned(),
                lines: safe(run.full_message(&shared, |span| run.short_place(span, Base::Root))),
                place: place(run, finding.span),
                fingerprint: run.fingerprint(shared.deployments.first().map(|one| one.entry), finding),
            });
        }
    }
    all
}

fn of_file(level: Level, message: String, place: Option<FilePlace>) -> Remark {
    let path = place.as_ref().map(|place| place.path.as_str()).unwrap_or_default();
    let fingerprint = rolecall_rules::fingerprint(&[BROKEN_FILE, path, &message]);
    Remark { level, check: BROKEN_FILE.to_owned(), lines: safe(vec![message]), place, fingerprint }
}

/// Lines that are safe to print.
pub(crate) fn safe(lines: Vec<String>) -> Vec<String> {
    lines.into_iter().map(|line| printable(&line).into_owned()).collect()
}

/// A place as a remark names it.
pub(crate) fn place(run: &Run<'_>, span: Span) -> Option<FilePlace> {
    let place = run.place(span)?;
    Some(file_place(run, &place.path, place.start, place.end))
}

fn file_place(run: &Run<'_>, path: &Path, start: LineColumn, end: LineColumn) -> FilePlace {
    let path = printable(&relative(path, run.folder(Base::Root))).into_owned();
    FilePlace { path, start, end }
}

impl Remark {
    /// `main.json:8: error[some-rule]: what is wrong`, for a log.
    pub fn in_one_line(&self) -> String {
        let place = self.place.as_ref().map(|place| format!("{}:{}: ", place.path, place.start.line));
        let headline = self.lines.first().map(String::as_str).unwrap_or_default();
        format!("{}{}[{}]: {headline}", place.unwrap_or_default(), self.level.name(), self.check)
    }
}
