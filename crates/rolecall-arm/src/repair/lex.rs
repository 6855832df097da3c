//! The tokens of text that may be no JSON.
//!
//! Whether a token is JSON is asked of the parser. Where it may stand is not known here.

use std::ops::Range;

use memchr::memchr2;

use crate::detect::{end_of_string, skip_comment};
use crate::json::is_lenient_json;

/// A token, with the line that it stands in.
#[derive(Debug)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) range: Range<usize>,
    /// Whether it is the first in its line.
    pub(crate) starts_line: bool,
    /// Where its line begins.
    pub(crate) line: usize,
    /// How far the first token in its line is indented.
    pub(crate) indent: usize,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A bracket that opens, with the one that closes it.
    Open(u8),
    Close(u8),
    Comma,
    Colon,
    /// A string.
    Text,
    /// A number, a keyword, or any other run of characters.
    Word,
    /// Nothing that JSON has, and why.
    Wrong(&'static str),
}

/// Reads tokens one by one.
pub(crate) struct Lexer<'t> {
    pub(crate) text: &'t str,
    at: usize,
    line: usize,
    /// The end of the last line that was asked for.
    line_end: usize,
    starts_line: bool,
    indent: usize,
    /// Up to where no quote closes a string that began in an earlier line.
    no_quote: usize,
    has_no_end_of_comment: bool,
}

impl<'t> Lexer<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Lexer {
            text,
            at: 0,
            line: 0,
            line_end: 0,
            starts_line: true,
            indent: 0,
            no_quote: 0,
            has_no_end_of_comment: false,
        }
    }

    /// Whether something was looked for up to the end of the text and not found.
    pub(crate) fn looked_out(&self) -> bool {
        self.no_quote == self.text.len() || self.has_no_end_of_comment
    }

    /// Whether what follows is a colon.
    pub(crate) fn is_before_colon(&mut self, end: usize) -> bool {
        let next = self.skip(end, |_| {});
        self.text.as_bytes().get(next) == Some(&b':')
    }

    /// Why a token cannot be a name.
    pub(crate) fn no_name(&self, token: &Token) -> Option<&'static str> {
        if token.kind == Kind::Text {
            return self.no_value(token);
        }
        let name = self.text.get(token.range.clone()).unwrap_or_default();
        let ends = matches!(self.text.as_bytes().get(token.range.end), Some(b':' | b' ' | b'\t' | b'\r' | b'\n'));
        (!ends || !is_lenient_json(&format!("{{{name}:0}}"))).then_some("the name of a property stands in quotes")
    }

    /// Why a token cannot be a value.
    pub(crate) fn no_value(&self, token: &Token) -> Option<&'static str> {
        let value = self.text.get(token.range.clone()).unwrap_or_default();
        let (is_plain, says) = match token.kind {
            Kind::Text => (!value.contains('\\'), "no such escape may stand in a string"),
            _ => (matches!(value, "true" | "false" | "null"), "this is no value: text stands in quotes"),
        };
        (!is_plain && !is_lenient_json(value)).then_some(says)
    }

    /// The first place from `at` on that is neither white space nor a comment. `breaks` gets where each line on the way begins.
    fn skip(&mut self, mut at: usize, mut breaks: impl FnMut(usize)) -> usize {
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'\n' | b'\r' => {
                    at += 1;
                    breaks(at);
                }
                b' ' | b'\t' | 0x0B | 0x0C => at += 1,
                b'/' => match self.end_of_comment(at) {
                    Some(end) => at = end,
                    None => break,
                },
                0x80.. => match self.text.get(at..).and_then(|rest| rest.chars().next()) {
                    Some(space) if space.is_whitespace() => at += space.len_utf8(),
                    _ => break,
                },
                _ => break,
            }
        }
        at
    }

    /// One past the comment that opens at `at`; none where none does, or it is never closed.
    fn end_of_comment(&mut self, at: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        if bytes.get(at + 1) != Some(&b'*') {
            return skip_comment(bytes, at);
        }
        // Looked for once: whoever opens thousands of comments closes none.
        let end = if self.has_no_end_of_comment { None } else { skip_comment(bytes, at) };
        self.has_no_end_of_comment = end.is_none();
        end
    }

    /// Where the line ends that this place is in.
    fn line_end(&mut self, at: usize) -> usize {
        let bytes = self.text.as_bytes();
        if self.line_end < at || self.line_end == 0 {
            self.line_end = memchr2(b'\n', b'\r', &bytes[at..]).map_or(bytes.len(), |end| at + end);
        }
        self.line_end
    }

    /// What begins with a quote, and where it ends.
    fn string(&mut self, start: usize, quote: u8) -> (Kind, usize) {
        let line_end = self.line_end(start);
        let bytes = self.text.as_bytes();
        let unclosed = (Kind::Wrong("this string is never closed"), line_end);
        if quote == b'\'' || start < self.no_quote {
            return end_of_string(&bytes[..line_end], start).map_or(unclosed, |end| (Kind::Text, end));
        }
        let Some(end) = end_of_string(bytes, start) else {
            self.no_quote = bytes.len();
            return unclosed;
        };
        // A string may go over lines; but a quote that no value ends with opens another one.
        let next = if end > line_end { self.skip(end, |_| {}) } else { end };
        if end > line_end && !matches!(bytes.get(next), None | Some(b',' | b':' | b'}' | b']')) {
            self.no_quote = end - 1;
            return unclosed;
        }
        (Kind::Text, end)
    }
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let (mut line, mut starts_line) = (self.line, self.starts_line);
        let start = self.skip(self.at, |begin| (line, starts_line) = (begin, true));
        let bytes = self.text.as_bytes();
        let byte = *bytes.get(start)?;
        if starts_line {
            self.indent = start - line;
        }
        (self.line, self.starts_line) = (line, false);
        let (kind, end) = match byte {
            b'{' => (Kind::Open(b'}'), start + 1),
            b'[' => (Kind::Open(b']'), start + 1),
            b'}' | b']' => (Kind::Close(byte), start + 1),
            b',' => (Kind::Comma, start + 1),
            b':' => (Kind::Colon, start + 1),
            b'"' | b'\'' => self.string(start, byte),
            b'/' if bytes.get(start + 1) == Some(&b'*') => {
                (Kind::Wrong("this comment is never closed"), self.line_end(start))
            }
            b'/' => (Kind::Wrong("a slash stands only in strings and comments"), start + 1),
            _ => {
                let ends = |c: char| c.is_whitespace() || "{}[],:\"'/".contains(c);
                (
                    Kind::Word,
                    self.text.get(start..).and_then(|rest| rest.find(ends)).map_or(bytes.len(), |at| start + at),
                )
            }
        };
        self.at = end;
        Some(Token { kind, range: start..end, starts_line, line, indent: self.indent })
    }
}
