//! JSON text to a tree, and what can be saved of broken text.
//!
//! Azure accepts comments and raw line breaks in strings, and a comma behind the last element, which is a warning here;
//! everything else that is not JSON is an error. A broken text is read once more with every leniency that the parser has,
//! and if that fails too, up to where it broke, with the brackets that were open then closed. So a text is parsed four
//! times at most.

use jsonc_parser::ast::Value;
use jsonc_parser::common::Range;
use jsonc_parser::errors::{ParseError, ParseErrorKind};
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use rolecall_source::{Diagnostic, FileId, SourceFile, Span};

use crate::detect::{end_of_string, skip_comment};
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
    /// The text that was parsed: the source's, or a mended copy.
    pub(crate) text: &'a str,
    /// How much of it is the source's own.
    pub(crate) own: usize,
    /// The tree; none in an empty file.
    pub(crate) value: Option<Value<'a>>,
    /// Where the text broke off, where it did.
    pub(crate) incomplete: Option<Span>,
}

/// Parses the source and hands the tree to `then`; what is wrong goes to `diagnostics`.
pub(crate) fn read<R>(
    source: &Source<'_>,
    diagnostics: &mut Vec<Diagnostic>,
    then: impl FnOnce(Document<'_>, &mut Vec<Diagnostic>) -> R,
) -> R {
    let text = source.text;
    let whole = |value| Document { source, text, own: text.len(), value, incomplete: None };
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
    diagnostics.push(Diagnostic::error(source.span(shown_range(text, &error)), message(&error)));
    let error = match parse(text, Leniency::All) {
        Ok(value) => return then(whole(value), diagnostics),
        Err(error) => error,
    };
    let (own, mended) = mend(text, break_offset(text, &error));
    let incomplete = Some(source.span(Range { start: own, end: text.len() }));
    let value = parse(&mended, Leniency::All).unwrap_or_default();
    then(Document { source, text: &mended, own, value, incomplete }, diagnostics)
}

/// What of a text that is no JSON is accepted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Leniency {
    Comments,
    TrailingCommas,
    All,
}

fn parse(text: &str, leniency: Leniency) -> Result<Option<Value<'_>>, ParseError> {
    let all = leniency == Leniency::All;
    let options = ParseOptions {
        allow_comments: true,
        allow_trailing_commas: leniency >= Leniency::TrailingCommas,
        allow_loose_object_property_names: all,
        allow_missing_commas: all,
        allow_single_quoted_strings: all,
        allow_hexadecimal_numbers: all,
        allow_unary_plus_numbers: all,
        allow_bare_decimal_point_numbers: all,
        allow_non_finite_numbers: all,
        allow_extended_string_escapes: all,
    };
    Ok(parse_to_ast(text, &CollectOptions::default(), &options)?.value)
}

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

fn break_offset(text: &str, error: &ParseError) -> usize {
    match error.kind() {
        ParseErrorKind::UnterminatedObject | ParseErrorKind::UnterminatedArray => text.len(),
        _ => floor(text, error.range().start),
    }
}

fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// The text up to the last complete value before `end`, and its length; open brackets are closed behind it.
fn mend(text: &str, end: usize) -> (usize, String) {
    let bytes = &text.as_bytes()[..end];
    let mut open: Vec<u8> = Vec::new();
    let mut complete = 0;
    let mut after_colon = false;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        // A string in an object is a value only behind a colon; elsewhere it is a name, which alone is nothing.
        let is_value = after_colon || open.last() == Some(&b']');
        let next = match byte {
            b'"' => match end_of_string(bytes, at) {
                Some(end) => end,
                None => break,
            },
            b'/' => match skip_comment(bytes, at) {
                Some(end) => end,
                None => break,
            },
            b'{' => {
                open.push(b'}');
                at + 1
            }
            b'[' => {
                open.push(b']');
                at + 1
            }
            b'}' | b']' => {
                if open.last() != Some(&byte) {
                    break;
                }
                open.pop();
                at + 1
            }
            b',' | b':' => at + 1,
            byte if byte.is_ascii_whitespace() => at + 1,
            // A number or word: complete only when something else follows.
            _ => {
                let rest = &bytes[at..];
                let stop = |byte: &u8| byte.is_ascii_whitespace() || b",:]}[{\"/".contains(byte);
                match rest.iter().position(stop) {
                    Some(length) => at + length,
                    None => break,
                }
            }
        };
        match byte {
            b'{' | b'[' | b'}' | b']' => complete = next,
            b'/' | b',' | b':' => {}
            byte if byte.is_ascii_whitespace() => {}
            _ if is_value => complete = next,
            _ => {}
        }
        after_colon = match byte {
            b':' => true,
            b'/' => after_colon,
            byte if byte.is_ascii_whitespace() => after_colon,
            _ => false,
        };
        at = next;
        if open.is_empty() && complete > 0 {
            break;
        }
    }
    let mut mended = text[..complete].to_owned();
    mended.extend(open.iter().rev().map(|byte| char::from(*byte)));
    (complete, mended)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_text_is_closed_behind_its_last_complete_value() {
        for (text, expected) in [
            (r#"{"a": 1, "b": [1, 2, {"c": tr"#, r#"{"a": 1, "b": [1, 2, {}]}"#),
            (r#"{"a": 1, "b": "x"#, r#"{"a": 1}"#),
            (r#"{"a": 1, "b""#, r#"{"a": 1}"#),
            (r#"{"a": ["x", "y"#, r#"{"a": ["x"]}"#),
            (r#"{"a": "}"} trailing"#, r#"{"a": "}"}"#),
            (r#"{"a": 1 /* { "#, r#"{"a": 1}"#),
            ("", ""),
        ] {
            assert_eq!(mend(text, text.len()).1, expected, "{text}");
        }
    }
}
