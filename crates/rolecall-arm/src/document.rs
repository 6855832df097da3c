//! JSON text to a tree, and what can be saved of broken text.
//!
//! Azure accepts comments and raw line breaks in strings, and a comma behind the last element, which is a warning here;
//! everything else that is not JSON is an error. A broken text is read once more with every leniency that the parser has,
//! and if that fails too, [repaired](crate::repair) and read again. So a text is parsed four times at most.

use jsonc_parser::ast::Value;
use jsonc_parser::common::Range;
use jsonc_parser::errors::{ParseError, ParseErrorKind};
use rolecall_source::{Diagnostic, FileId, SourceFile, Span};

use crate::json::{Leniency, parse};
use crate::repair::{Repair, Repaired, repair};
use crate::text::Seams;

/// What is to be read: a file's text, or a part of it.
pub(crate) struct Source<'a> {
    pub(crate) file: FileId,
    pub(crate) text: &'a str,
    pub(crate) seams: Seams,
}

impl<'a> Source<'a> {
    /// A whole file.
    pub(crate) fn whole(file: &'a SourceFile) -> Self {
        Source { file: file.id, text: &file.text, seams: Seams::default() }
    }

    fn span(&self, Range { start, end }: Range) -> Span {
        Span::new(self.file, self.seams.place(start), self.seams.place(end))
    }
}

/// What could be read.
pub(crate) struct Document<'a> {
    pub(crate) source: &'a Source<'a>,
    /// The text that was parsed: the source's, or a repaired copy.
    pub(crate) text: &'a str,
    /// The tree; none in an empty file.
    pub(crate) value: Option<Value<'a>>,
    /// What was done to the text so that it could be parsed.
    pub(crate) repair: Option<&'a Repair>,
}

impl Document<'_> {
    /// The range in the source of one in the text that was parsed.
    pub(crate) fn place(&self, Range { start, end }: Range) -> std::ops::Range<usize> {
        let place = |offset| self.repair.map_or(offset, |repair| repair.place(offset));
        place(start)..place(end)
    }
}

/// Parses the source and hands the tree to `then`; what is wrong goes to `diagnostics`.
pub(crate) fn read<R>(
    source: &Source<'_>,
    diagnostics: &mut Vec<Diagnostic>,
    then: impl FnOnce(Document<'_>, &mut Vec<Diagnostic>) -> R,
) -> R {
    let text = source.text;
    let whole = |value| Document { source, text, value, repair: None };
    let mut error = match parse(text, Leniency::Comments) {
        Ok(value) => return then(whole(value), diagnostics),
        Err(error) => error,
    };
    if matches!(error.kind(), ParseErrorKind::TrailingCommasNotAllowed) {
        let message = "this is not valid JSON: nothing follows this comma (Azure accepts it, other tools do not)";
        diagnostics.push(Diagnostic::warning(source.span(shown_range(text, &error)), message));
        error = match parse(text, Leniency::TrailingCommas) {
            Ok(value) => return then(whole(value), diagnostics),
            Err(error) => error,
        };
    }
    if let Ok(value) = parse(text, Leniency::All) {
        diagnostics.push(Diagnostic::error(source.span(shown_range(text, &error)), message(&error)));
        return then(whole(value), diagnostics);
    }
    let Repaired { text, repair, faults } = repair(text);
    for fault in faults.iter().take(MAX_SHOWN) {
        let span = source.span(Range { start: fault.range.start, end: fault.range.end });
        diagnostics.push(Diagnostic::error(span, format!("this is not valid JSON: {}", fault.says)));
    }
    let value = parse(&text, Leniency::All).unwrap_or_default();
    then(Document { source, text: &text, value, repair: Some(&repair) }, diagnostics)
}

/// How much of what is wrong with a text is told: one slip with a bracket can make all behind it look wrong.
const MAX_SHOWN: usize = 10;

fn message(error: &ParseError) -> String {
    let kind = match error.kind() {
        ParseErrorKind::UnterminatedObject => "this object is never closed".to_owned(),
        ParseErrorKind::UnterminatedArray => "this array is never closed".to_owned(),
        ParseErrorKind::NestingDepthExceeded => "it nests too deep to be read".to_owned(),
        kind => {
            let text = kind.to_string();
            let mut rest = text.chars();
            rest.next().map_or_else(String::new, |first| first.to_lowercase().chain(rest).collect())
        }
    };
    format!("this is not valid JSON: {kind}")
}

/// An object or array that is never closed is shown at its bracket, not down to the end of the file.
fn shown_range(text: &str, error: &ParseError) -> Range {
    let Range { start, end } = error.range();
    let start = floor(text, start);
    match error.kind() {
        ParseErrorKind::UnterminatedObject
        | ParseErrorKind::UnterminatedArray
        | ParseErrorKind::UnterminatedCommentBlock
        | ParseErrorKind::NestingDepthExceeded => Range { start, end: floor(text, start + 1) },
        _ => Range { start, end: floor(text, end).max(start) },
    }
}

fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
