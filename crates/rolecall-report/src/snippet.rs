//! The lines of source under a message.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use codespan_reporting::diagnostic::{Diagnostic, Label, Severity};
use codespan_reporting::files;
use codespan_reporting::term::termcolor::{Ansi, NoColor, WriteColor};
use codespan_reporting::term::{self, Config};
use rolecall_source::{FileId, Level, Note, SourceFile, Span};

use crate::paths::file_uri;
use crate::run::Base;
use crate::terminal::{link, printable_source};
use crate::{Run, printable};

/// A line longer than this is not shown: minified templates stand in one line.
const MAX_LINE: usize = 400;

/// How many further places are shown under one message.
const MAX_LABELS: usize = 12;

/// The sources of a run as the renderer asks for them.
pub(crate) struct Sources<'a> {
    run: &'a Run<'a>,
    links: bool,
    replaced: Mutex<HashMap<FileId, Shown>>,
}

/// A file's text, made safe to print.
#[derive(Clone)]
pub(crate) struct Shown {
    file: Arc<SourceFile>,
    replaced: Option<Arc<str>>,
}

impl AsRef<str> for Shown {
    fn as_ref(&self) -> &str {
        self.replaced.as_deref().unwrap_or(&self.file.text)
    }
}

impl<'a> Sources<'a> {
    /// `links` makes a hyperlink of each file's name.
    pub(crate) fn new(run: &'a Run<'a>, links: bool) -> Self {
        Sources { run, links, replaced: Mutex::default() }
    }

    fn shown(&self, id: FileId) -> Result<Shown, files::Error> {
        let mut replaced = self.replaced.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(shown) = replaced.get(&id) {
            return Ok(shown.clone());
        }
        let file = self.run.file(id).ok_or(files::Error::FileMissing)?;
        let text = match printable_source(&file.text) {
            std::borrow::Cow::Borrowed(_) => None,
            std::borrow::Cow::Owned(text) => Some(text.into()),
        };
        let shown = Shown { file, replaced: text };
        replaced.insert(id, shown.clone());
        Ok(shown)
    }

    /// Writes the place of `span` and, where its line is short enough to be read, the line with the places in `related`.
    pub(crate) fn write(
        &self,
        out: &mut dyn WriteColor,
        level: Level,
        span: Span,
        related: &[Note],
    ) -> std::io::Result<()> {
        let Some(primary) = self.first_line(span) else {
            return writeln!(out, "  --> {}", printable(&self.run.short_place(span, Base::CurrentDir)));
        };
        let mut labels = vec![Label::primary(span.file, primary)];
        let mut shown: Vec<&Note> = Vec::new();
        for note in related.iter().take(MAX_LABELS) {
            if shown.contains(&note) {
                continue;
            }
            shown.push(note);
            if let Some(range) = self.first_line(note.span) {
                labels.push(Label::secondary(note.span.file, range).with_message(printable(&note.message)));
            }
        }
        let severity = match level {
            Level::Error => Severity::Error,
            Level::Warning => Severity::Warning,
            Level::Note => Severity::Note,
        };
        let diagnostic = Diagnostic::new(severity).with_labels(labels);
        let mut buffer = Vec::new();
        let rendered = if out.supports_color() {
            term::emit_to_write_style(&mut Ansi::new(&mut buffer), &Config::default(), self, &diagnostic)
        } else {
            term::emit_to_write_style(&mut NoColor::new(&mut buffer), &Config::default(), self, &diagnostic)
        };
        if rendered.is_err() {
            return writeln!(out, "  --> {}", printable(&self.run.short_place(span, Base::CurrentDir)));
        }
        // The renderer begins with a header of its own; ours is already written.
        let body = buffer.iter().position(|byte| *byte == b'\n').map_or(&[][..], |end| &buffer[end + 1..]);
        out.write_all(body.trim_ascii_end())?;
        writeln!(out)
    }

    /// The part of a span in its first line, where that line can be shown.
    fn first_line(&self, span: Span) -> Option<std::ops::Range<usize>> {
        let file = self.run.file(span.file)?;
        let line = file.lines().position(&file.text, span.start as usize).line;
        let range = file.lines().line_range(&file.text, line)?;
        if range.len() > MAX_LINE {
            return None;
        }
        let content = range.start + file.text.get(range.clone())?.trim_end().len();
        let start = (span.start as usize).min(content.max(range.start));
        let end = (span.end as usize).clamp(start, content.max(start));
        file.text.get(start..end).map(|_| start..end)
    }
}

impl<'f> files::Files<'f> for Sources<'_> {
    type FileId = FileId;
    type Name = String;
    type Source = Shown;

    fn name(&'f self, id: FileId) -> Result<String, files::Error> {
        let name = self.run.name(id);
        let name = printable(&name);
        Ok(if self.links { link(&name, &file_uri(&self.run.path(id))) } else { name.into_owned() })
    }

    fn source(&'f self, id: FileId) -> Result<Shown, files::Error> {
        self.shown(id)
    }

    fn line_index(&'f self, id: FileId, byte: usize) -> Result<usize, files::Error> {
        let shown = self.shown(id)?;
        Ok(shown.file.lines().position(&shown.file.text, byte).line as usize - 1)
    }

    fn line_range(&'f self, id: FileId, line: usize) -> Result<std::ops::Range<usize>, files::Error> {
        let shown = self.shown(id)?;
        let number = u32::try_from(line + 1).unwrap_or(u32::MAX);
        let missing = files::Error::LineTooLarge { given: line, max: line };
        shown.file.lines().line_range(&shown.file.text, number).ok_or(missing)
    }
}
