//! The expression language inside of strings: `[concat(parameters('a'), '-x')]`.
//!
//! Whether `[…]` is an expression at all is decided by [`classify`]; the rest of this module reads one by recursive
//! descent, bounded by [`MAX_DEPTH`] in every direction a tree can grow.

use std::sync::Arc;

use rolecall_source::{FileId, Span};
use rolecall_template::ir::{Expr, ExprKind};

use crate::text::{Names, Offsets};

/// How deep an expression may nest: calls in arguments and accesses in a row alike.
pub(crate) const MAX_DEPTH: usize = 160;

/// What a string says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content<'a> {
    /// This text.
    Literal(&'a str),
    /// This text, which is an expression one bracket less deep.
    Escaped(&'a str),
    /// The expression between the brackets.
    Expression(&'a str),
}

/// Whether a string is an expression. One that starts with `[` and does not end with `]` is plain text.
pub(crate) fn classify(text: &str) -> Content<'_> {
    match text.strip_prefix('[') {
        Some(rest) if text.len() > 1 && text.ends_with(']') => {
            if rest.starts_with('[') {
                Content::Escaped(rest)
            } else {
                Content::Expression(&rest[..rest.len() - 1])
            }
        }
        _ => Content::Literal(text),
    }
}

/// Why an expression cannot be read, and at which offset of the decoded string.
#[derive(Debug)]
pub(crate) struct SyntaxError {
    pub(crate) offset: usize,
    pub(crate) message: String,
}

/// Reads one expression.
pub(crate) struct Reader<'a> {
    /// The decoded string, brackets included, so that offsets are those of `offsets`.
    text: &'a str,
    at: usize,
    /// Where the expression ends.
    end: usize,
    file: FileId,
    offsets: &'a Offsets,
    names: &'a mut Names,
    /// Whether it stands in a user-defined function, where `parameters` means the function's own.
    in_function: bool,
}

/// An expression and the height of its tree.
type Read = Result<(Expr, usize), SyntaxError>;

impl<'a> Reader<'a> {
    /// Reads the expression in `text`, a decoded string with its brackets.
    pub(crate) fn read(
        text: &'a str,
        file: FileId,
        offsets: &'a Offsets,
        names: &'a mut Names,
        in_function: bool,
    ) -> Result<Expr, SyntaxError> {
        let mut reader =
            Reader { text, at: 1, end: text.len().saturating_sub(1).max(1), file, offsets, names, in_function };
        let (expr, _) = reader.expression(0)?;
        reader.skip_space();
        if reader.at < reader.end { Err(reader.unexpected("the end of the expression")) } else { Ok(expr) }
    }

    fn peek(&self) -> Option<u8> {
        if self.at < self.end { self.text.as_bytes().get(self.at).copied() } else { None }
    }

    fn skip_space(&mut self) {
        while let Some(next) = self.text.get(self.at..self.end).and_then(|rest| rest.chars().next()) {
            if !next.is_whitespace() {
                break;
            }
            self.at += next.len_utf8();
        }
    }

    fn eat(&mut self, byte: u8) -> bool {
        self.skip_space();
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn expect(&mut self, byte: u8) -> Result<(), SyntaxError> {
        if self.eat(byte) { Ok(()) } else { Err(self.unexpected(&format!("`{}`", char::from(byte)))) }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, self.offsets.file_offset(start), self.offsets.file_offset(end))
    }

    fn error(&self, offset: usize, message: impl Into<String>) -> SyntaxError {
        SyntaxError { offset, message: message.into() }
    }

    fn unexpected(&self, wanted: &str) -> SyntaxError {
        let found = match self.text.get(self.at..self.end).and_then(|rest| rest.chars().next()) {
            Some(found) => format!("`{found}`"),
            None => "the end".to_owned(),
        };
        self.error(self.at, format!("expected {wanted}, found {found}"))
    }

    fn too_deep(&self, offset: usize) -> SyntaxError {
        self.error(offset, format!("it nests more than {MAX_DEPTH} levels deep"))
    }

    fn expression(&mut self, depth: usize) -> Read {
        self.skip_space();
        let start = self.at;
        if depth >= MAX_DEPTH {
            return Err(self.too_deep(start));
        }
        let (mut base, mut height) = self.primary(depth)?;
        loop {
            self.skip_space();
            let (key, safe, key_height) = match self.peek() {
                Some(b'.') => {
                    self.at += 1;
                    let safe = self.eat(b'?');
                    (self.member_name()?, safe, 1)
                }
                Some(b'?') => {
                    self.at += 1;
                    if self.eat(b'.') {
                        (self.member_name()?, true, 1)
                    } else {
                        self.expect(b'[')?;
                        let (key, key_height) = self.index(depth)?;
                        (key, true, key_height)
                    }
                }
                Some(b'[') => {
                    self.at += 1;
                    let safe = self.eat(b'?');
                    let (key, key_height) = self.index(depth)?;
                    (key, safe, key_height)
                }
                _ => return Ok((base, height)),
            };
            height = 1 + height.max(key_height);
            if depth + height > MAX_DEPTH {
                return Err(self.too_deep(self.at));
            }
            let span = self.span(start, self.at);
            let kind = ExprKind::Member { base: Box::new(base), key: Box::new(key), safe, from_end: false };
            base = Expr { kind, span };
        }
    }

    /// The rest of `[key]`, its opening bracket read.
    fn index(&mut self, depth: usize) -> Read {
        let key = self.expression(depth + 1)?;
        self.expect(b']')?;
        Ok(key)
    }

    fn member_name(&mut self) -> Result<Expr, SyntaxError> {
        self.skip_space();
        let start = self.at;
        let name = self.name();
        if name.is_empty() {
            return Err(self.unexpected("a property name"));
        }
        Ok(Expr { kind: ExprKind::Str(self.names.share(name)), span: self.span(start, self.at) })
    }

    fn name(&mut self) -> &'a str {
        let text = self.text;
        let rest = text.get(self.at..self.end).unwrap_or_default();
        let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '$').unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn primary(&mut self, depth: usize) -> Read {
        let start = self.at;
        let kind = match self.peek() {
            Some(b'\'') => ExprKind::Str(self.string()?),
            Some(b'-' | b'+' | b'0'..=b'9') => self.number()?,
            Some(byte) if byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80 => return self.call(depth),
            _ => return Err(self.unexpected("a function, a string or a number")),
        };
        Ok((Expr { kind, span: self.span(start, self.at) }, 1))
    }

    fn string(&mut self) -> Result<Arc<str>, SyntaxError> {
        let start = self.at;
        let text = self.text;
        let bytes = &text.as_bytes()[..self.end];
        let mut from = start + 1;
        let mut doubled = false;
        loop {
            let Some(quote) = bytes.get(from..).and_then(|rest| memchr::memchr(b'\'', rest)) else {
                return Err(self.error(start, "this string has no closing quote"));
            };
            from += quote + 1;
            if bytes.get(from) != Some(&b'\'') {
                break;
            }
            doubled = true;
            from += 1;
        }
        self.at = from;
        let content = &text[start + 1..from - 1];
        Ok(if doubled { content.replace("''", "'").into() } else { self.names.share(content) })
    }

    fn number(&mut self) -> Result<ExprKind, SyntaxError> {
        let start = self.at;
        let rest = &self.text[start..self.end];
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"+-.".contains(c)).unwrap_or(rest.len());
        let number = &rest[..length];
        self.at += length;
        if let Ok(value) = number.parse::<i64>() {
            return Ok(ExprKind::Int(value));
        }
        match number.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(ExprKind::Float(value)),
            _ => Err(self.error(start, format!("`{number}` is no number"))),
        }
    }

    fn call(&mut self, depth: usize) -> Read {
        let start = self.at;
        let mut name = self.name();
        let mut namespace = None;
        self.skip_space();
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.skip_space();
            namespace = Some(name);
            name = self.name();
        }
        if name.is_empty() || !self.eat(b'(') {
            return Err(self.unexpected("`(`"));
        }
        let mut arguments = Vec::new();
        let mut height = 0;
        if !self.eat(b')') {
            loop {
                let (argument, argument_height) = self.expression(depth + 1)?;
                height = height.max(argument_height);
                arguments.push(argument);
                if !self.eat(b',') {
                    self.expect(b')')?;
                    break;
                }
            }
        }
        let kind = match namespace {
            None => self.call_kind(name, arguments),
            Some(namespace) => {
                let namespace = Some(self.names.share(namespace));
                ExprKind::Call { namespace, name: self.names.share(name), arguments }
            }
        };
        Ok((Expr { kind, span: self.span(start, self.at) }, height + 1))
    }

    /// A call, or what stands for it in the IR.
    fn call_kind(&mut self, name: &str, mut arguments: Vec<Expr>) -> ExprKind {
        let local = (self.in_function && name.eq_ignore_ascii_case("parameters"))
            || name.eq_ignore_ascii_case("lambdaVariables");
        if local && let [Expr { kind: ExprKind::Str(local), .. }] = &arguments[..] {
            return ExprKind::Local(local.clone());
        }
        if name.eq_ignore_ascii_case("lambda")
            && let Some(parameters) = lambda_parameters(&arguments)
            && let Some(body) = arguments.pop()
        {
            return ExprKind::Lambda { parameters, body: Box::new(body) };
        }
        ExprKind::Call { namespace: None, name: self.names.share(name), arguments }
    }
}

/// The names of a lambda's parameters: all arguments but the last.
fn lambda_parameters(arguments: &[Expr]) -> Option<Vec<Arc<str>>> {
    let (_, names) = arguments.split_last()?;
    names
        .iter()
        .map(|name| match &name.kind {
            ExprKind::Str(name) => Some(name.clone()),
            _ => None,
        })
        .collect()
}
