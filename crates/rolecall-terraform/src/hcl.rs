//! HCL text to syntax tree.
//!
//! The parser gives up at the first error. Here one broken block costs one block: the top-level structure around the
//! error is blanked, byte for byte, and the rest is parsed again.

use std::ops::Range;

use hcl_edit::Span as _;
use hcl_edit::expr::{self, BinaryOperator, Expression, ObjectKey, TraversalOperator, UnaryOperator};
use hcl_edit::structure::Structure;
use hcl_edit::template::{Directive, Element, Strip, Template};
use rolecall_source::{Diagnostic, FileId, Span};

use crate::syntax::{Attribute, Binary, Block, Body, Expr, ExprKind, For, Part, Step, Unary};

/// How many broken blocks of one file are looked past.
const MAX_BROKEN: usize = 50;

/// Parses a file. What is broken is left out and said.
pub fn parse(file: FileId, text: &str) -> (Body, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let error = match hcl_edit::parser::parse_body(text) {
        Ok(body) => return (Lower { file, offset: 0 }.body(&body), diagnostics),
        Err(error) => error,
    };
    let mended = mend(text);
    let (mended, twice) = rename_twice(file, mended);
    diagnostics.extend(twice);
    let (mut source, mut error) = match hcl_edit::parser::parse_body(&mended) {
        Ok(body) => return (Lower { file, offset: 0 }.body(&body), diagnostics),
        // The mending moves no byte, so places stay true.
        Err(again) => {
            (mended.into_bytes(), if again.location().offset() > error.location().offset() { again } else { error })
        }
    };
    let pieces = pieces(text);
    let mut body = Body::default();
    if diagnostics.len() < MAX_BROKEN {
        // The first error is known; every piece by itself tells which are broken, in one pass.
        for piece in pieces {
            let Some(part) = source.get(piece.clone()).and_then(|bytes| std::str::from_utf8(bytes).ok()) else {
                continue;
            };
            match hcl_edit::parser::parse_body(part) {
                Ok(parsed) => {
                    let lowered = Lower { file, offset: piece.start }.body(&parsed);
                    body.attributes.extend(lowered.attributes);
                    body.blocks.extend(lowered.blocks);
                }
                Err(broken) => {
                    if diagnostics.len() < MAX_BROKEN {
                        let at = (piece.start + broken.location().offset()).min(text.len());
                        diagnostics.push(Diagnostic::error(
                            Span::new(file, at, (at + 1).min(text.len().max(at))),
                            format!("this block cannot be read and is left out: {}", explain(&broken)),
                        ));
                    }
                    error = broken;
                    source[piece].iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
                }
            }
        }
    }
    if diagnostics.is_empty() {
        // Each piece is well-formed and the whole is not: what stands between pieces is wrong.
        let at = error.location().offset().min(text.len());
        let message = format!("the file is not well-formed: {}", explain(&error));
        diagnostics.push(Diagnostic::error(Span::new(file, at, at), message));
    }
    (body, diagnostics)
}

/// Parses an expression that stands at `offset` of a file.
pub fn expression(file: FileId, offset: usize, text: &str) -> Result<Expr, String> {
    match hcl_edit::parser::parse_expr(text) {
        Ok(parsed) => Ok(Lower { file, offset }.expr(&parsed)),
        Err(error) => Err(explain(&error)),
    }
}

/// Parses the inside of a string that stands at `offset` of a file.
pub fn template(file: FileId, offset: usize, text: &str) -> Result<Vec<Part>, String> {
    match hcl_edit::parser::parse_template(text) {
        Ok(parsed) => Ok(Lower { file, offset }.template(&parsed)),
        Err(error) => Err(explain(&error)),
    }
}

fn explain(error: &hcl_edit::parser::Error) -> String {
    error.message().replace('\n', "; ")
}

/// What the parser refuses and Terraform takes: a line break behind a binary operator inside braces, and a byte order
/// mark. Bytes stay where they are.
fn mend(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let mut scanner = Scanner::new(text.as_bytes());
    let mut last: Option<(usize, u8)> = None;
    while let Some(token) = scanner.next_code() {
        match bytes.get(token).copied() {
            Some(b'\n') => {
                let operator = match last {
                    Some((at, b'=')) => at > 0 && matches!(bytes[at - 1], b'=' | b'!' | b'<' | b'>'),
                    Some((_, byte)) => {
                        matches!(byte, b'+' | b'-' | b'*' | b'/' | b'%' | b'<' | b'&' | b'|' | b'?' | b':')
                    }
                    None => false,
                };
                let arrow = matches!(last, Some((at, b'>')) if at > 0 && bytes[at - 1] == b'=');
                if (operator || matches!(last, Some((_, b'>'))) && !arrow) && scanner.depth > 0 {
                    bytes[token] = b' ';
                }
            }
            Some(byte) if !byte.is_ascii_whitespace() => last = Some((token, byte)),
            _ => {}
        }
    }
    // Only ASCII bytes were replaced by spaces.
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// Terraform takes an object with a key that stands twice, the parser does not: later ones get another name.
fn rename_twice(file: FileId, mut text: String) -> (String, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    while diagnostics.len() < MAX_BROKEN {
        let Err(error) = hcl_edit::parser::parse_body(&text) else { break };
        if !error.message().contains("redefined object key") {
            break;
        }
        let end = error.location().offset().min(text.len());
        let word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
        let bytes = text.as_bytes();
        let skipped = bytes[end..].iter().take_while(|byte| byte.is_ascii_whitespace() || **byte == b'"').count();
        let from = end + skipped;
        let length = bytes[from..].iter().take_while(|byte| word(**byte)).count();
        if length == 0 {
            break;
        }
        let key = text[from..from + length].to_owned();
        let number = format!("{}", diagnostics.len());
        let name: String = "z".repeat(length.saturating_sub(number.len())) + &number;
        if name.len() != length {
            break;
        }
        text.replace_range(from..from + length, &name);
        let message = format!("the key `{key}` stands twice in one object; the first one counts");
        diagnostics.push(Diagnostic::warning(Span::new(file, from, from + length), message));
    }
    (text, diagnostics)
}

/// The top-level structures of a file: each from its first byte to its end of line.
fn pieces(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let mut scanner = Scanner::new(bytes);
    let mut start = None;
    let mut line_start = 0;
    while let Some(at) = scanner.next_code() {
        let byte = bytes[at];
        // A block's keyword in the first column begins a new structure even where a brace is missing.
        if at == line_start && scanner.depth > 0 && begins_block(&text[at..]) {
            if let Some(from) = start.replace(at) {
                out.push(from..at);
            }
            scanner.depth = 0;
        }
        if byte == b'\n' {
            line_start = at + 1;
            if scanner.depth <= 0
                && let Some(from) = start.take()
            {
                out.push(from..at + 1);
            }
        } else if start.is_none() && !byte.is_ascii_whitespace() {
            start = Some(at);
        }
    }
    if let Some(from) = start {
        out.push(from..bytes.len());
    }
    out
}

fn begins_block(text: &str) -> bool {
    ["resource ", "data ", "variable ", "module ", "output ", "provider ", "locals ", "terraform ", "moved ", "import "]
        .iter()
        .any(|word| text.starts_with(word))
        && text.lines().next().is_some_and(|line| line.trim_end().ends_with('{') || line.trim_end().ends_with('}'))
}

/// Walks over the bytes of HCL that are neither comment nor string nor heredoc.
struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    depth: i64,
}

impl<'a> Scanner<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Scanner { bytes, at: 0, depth: 0 }
    }

    fn starts(&self, text: &[u8]) -> bool {
        self.bytes[self.at..].starts_with(text)
    }

    fn skip_line(&mut self) {
        self.at += memchr(b'\n', &self.bytes[self.at..]).unwrap_or(self.bytes.len() - self.at);
    }

    /// The place of the next byte of code; line ends count.
    fn next_code(&mut self) -> Option<usize> {
        loop {
            let byte = *self.bytes.get(self.at)?;
            match byte {
                b'#' => self.skip_line(),
                b'/' if self.starts(b"//") => self.skip_line(),
                b'/' if self.starts(b"/*") => {
                    let end = find(&self.bytes[self.at + 2..], b"*/");
                    self.at = end.map_or(self.bytes.len(), |end| self.at + 2 + end + 2);
                }
                b'"' => {
                    let at = self.at;
                    self.string();
                    return Some(at);
                }
                b'<' if self.starts(b"<<") && self.heredoc() => {}
                _ => {
                    match byte {
                        b'{' | b'(' | b'[' => self.depth += 1,
                        b'}' | b')' | b']' => self.depth -= 1,
                        _ => {}
                    }
                    self.at += 1;
                    return Some(self.at - 1);
                }
            }
        }
    }

    /// Skips a quoted string with the expressions in it; it ends with its line at the latest.
    fn string(&mut self) {
        self.at += 1;
        let mut holes: Vec<u32> = Vec::new();
        while let Some(&byte) = self.bytes.get(self.at) {
            match (byte, holes.last_mut()) {
                (b'\\', _) => self.at += 1,
                (b'$' | b'%', _)
                    if self.bytes.get(self.at + 1) == Some(&byte) && self.bytes.get(self.at + 2) == Some(&b'{') =>
                {
                    self.at += 2;
                }
                (b'$' | b'%', _) if self.bytes.get(self.at + 1) == Some(&b'{') => {
                    holes.push(0);
                    self.at += 1;
                }
                (b'{', Some(depth)) => *depth += 1,
                (b'}', Some(0)) => {
                    holes.pop();
                }
                (b'}', Some(depth)) => *depth -= 1,
                (b'"', None) => {
                    self.at += 1;
                    return;
                }
                (b'"', Some(_)) => {
                    // A string inside a hole: without nesting further, its quotes only pair up.
                    let rest = &self.bytes[self.at + 1..];
                    let end = rest.iter().position(|byte| matches!(byte, b'"' | b'\n')).unwrap_or(rest.len());
                    self.at += 1 + end;
                    if self.bytes.get(self.at) == Some(&b'\n') {
                        return;
                    }
                }
                (b'\n', None) => return,
                _ => {}
            }
            self.at += 1;
        }
    }

    /// Skips a heredoc, where one begins here.
    fn heredoc(&mut self) -> bool {
        let mut at = self.at + 2;
        if self.bytes.get(at) == Some(&b'-') {
            at += 1;
        }
        let end = at
            + self.bytes[at..]
                .iter()
                .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
                .count();
        if end == at {
            return false;
        }
        let word = &self.bytes[at..end];
        let mut line = end;
        while let Some(next) = memchr(b'\n', &self.bytes[line..]) {
            line += next + 1;
            let rest = &self.bytes[line..];
            let text = &rest[..memchr(b'\n', rest).unwrap_or(rest.len())];
            if text.trim_ascii() == word {
                self.at = line + text.len();
                return true;
            }
        }
        self.at = self.bytes.len();
        true
    }
}

fn memchr(byte: u8, bytes: &[u8]) -> Option<usize> {
    bytes.iter().position(|&other| other == byte)
}

fn find(bytes: &[u8], word: &[u8]) -> Option<usize> {
    bytes.windows(word.len()).position(|window| window == word)
}

/// From the parser's tree to ours. The parser bounds the depth.
struct Lower {
    file: FileId,
    /// Where the text begins in the file.
    offset: usize,
}

impl Lower {
    fn span(&self, range: Option<Range<usize>>) -> Span {
        let range = range.unwrap_or_default();
        Span::new(self.file, self.offset + range.start, self.offset + range.end)
    }

    fn body(&self, body: &hcl_edit::structure::Body) -> Body {
        let mut out = Body::default();
        for structure in body.iter() {
            match structure {
                Structure::Attribute(attribute) => out.attributes.push(Attribute {
                    name: attribute.key.as_str().into(),
                    value: self.expr(&attribute.value),
                    span: self.span(attribute.span()),
                }),
                Structure::Block(block) => out.blocks.push(Block {
                    kind: block.ident.as_str().into(),
                    labels: block.labels.iter().map(|label| label.as_str().into()).collect(),
                    body: self.body(&block.body),
                    span: self.span(block.span()),
                }),
            }
        }
        out
    }

    fn exprs<'a>(&self, all: impl Iterator<Item = &'a Expression>) -> Vec<Expr> {
        all.map(|one| self.expr(one)).collect()
    }

    fn expr(&self, expr: &Expression) -> Expr {
        let kind = match expr {
            Expression::Null(_) => ExprKind::Null,
            Expression::Bool(value) => ExprKind::Bool(*value.value()),
            Expression::Number(number) => match number.value().as_i64() {
                Some(int) => ExprKind::Int(int),
                None => ExprKind::Float(number.value().as_f64().unwrap_or(f64::NAN)),
            },
            Expression::String(text) => ExprKind::Str(text.as_str().into()),
            Expression::Array(array) => ExprKind::Tuple(self.exprs(array.iter())),
            Expression::Object(object) => {
                ExprKind::Object(object.iter().map(|(key, value)| (self.key(key), self.expr(value.expr()))).collect())
            }
            Expression::StringTemplate(template) => simplify(self.template(template)),
            Expression::HeredocTemplate(heredoc) => {
                // The parser has taken the indent of `<<-` away, and ends a heredoc before its last line break.
                let mut parts = self.template(&heredoc.template);
                match parts.last_mut() {
                    Some(Part::Literal(text)) if text.ends_with('\n') => {}
                    Some(Part::Literal(text)) => *text = format!("{text}\n").into(),
                    Some(_) => parts.push(Part::Literal("\n".into())),
                    None => {}
                }
                simplify(parts)
            }
            Expression::Parenthesis(inner) => return self.expr(inner.inner()),
            Expression::Variable(name) => ExprKind::Variable(name.as_str().into()),
            Expression::Conditional(conditional) => ExprKind::Conditional(Box::new([
                self.expr(&conditional.cond_expr),
                self.expr(&conditional.true_expr),
                self.expr(&conditional.false_expr),
            ])),
            Expression::FuncCall(call) => {
                let mut name = String::new();
                for part in &call.name.namespace {
                    name.push_str(part.as_str());
                    name.push_str("::");
                }
                name.push_str(call.name.name.as_str());
                // `core::` names the built-in functions themselves.
                let name = name.strip_prefix("core::").unwrap_or(&name).into();
                ExprKind::Call(name, self.exprs(call.args.iter()), call.args.expand_final())
            }
            Expression::Traversal(traversal) => {
                let steps = traversal.operators.iter().map(|operator| match operator.value() {
                    TraversalOperator::AttrSplat(_) => Step::AttributeSplat,
                    TraversalOperator::FullSplat(_) => Step::FullSplat,
                    TraversalOperator::GetAttr(name) => Step::Attribute(name.as_str().into()),
                    TraversalOperator::Index(index) => Step::Index(self.expr(index)),
                    TraversalOperator::LegacyIndex(index) => Step::Index(Expr {
                        kind: ExprKind::Int(i64::try_from(*index.value()).unwrap_or(i64::MAX)),
                        span: self.span(operator.span()),
                    }),
                });
                let steps = steps.collect();
                ExprKind::Traversal(Box::new(self.expr(&traversal.expr)), steps)
            }
            Expression::UnaryOp(operation) => {
                let operator = match operation.operator.value() {
                    UnaryOperator::Neg => Unary::Minus,
                    UnaryOperator::Not => Unary::Not,
                };
                ExprKind::Unary(operator, Box::new(self.expr(&operation.expr)))
            }
            Expression::BinaryOp(operation) => ExprKind::Binary(
                binary(*operation.operator.value()),
                Box::new([self.expr(&operation.lhs_expr), self.expr(&operation.rhs_expr)]),
            ),
            Expression::ForExpr(each) => self.each(each),
        };
        Expr { kind, span: self.span(expr.span()) }
    }

    fn each(&self, each: &expr::ForExpr) -> ExprKind {
        ExprKind::For(Box::new(For {
            key: each.intro.key_var.as_ref().map(|name| name.as_str().into()),
            value: each.intro.value_var.as_str().into(),
            collection: self.expr(&each.intro.collection_expr),
            result_key: each.key_expr.as_ref().map(|key| self.expr(key)),
            result: self.expr(&each.value_expr),
            grouping: each.grouping,
            condition: each.cond.as_ref().map(|condition| self.expr(&condition.expr)),
        }))
    }

    fn key(&self, key: &ObjectKey) -> Expr {
        match key {
            ObjectKey::Ident(name) => Expr { kind: ExprKind::Str(name.as_str().into()), span: self.span(name.span()) },
            ObjectKey::Expression(Expression::Variable(name)) => {
                Expr { kind: ExprKind::Str(name.as_str().into()), span: self.span(name.span()) }
            }
            ObjectKey::Expression(expr) => self.expr(expr),
        }
    }

    fn template(&self, template: &Template) -> Vec<Part> {
        let elements: Vec<&Element> = template.iter().collect();
        let mut out = Vec::new();
        for (place, element) in elements.iter().enumerate() {
            match element {
                Element::Literal(text) => {
                    let mut text = text.as_str();
                    if place > 0 && strips(elements[place - 1]).1 {
                        text = text.trim_start();
                    }
                    if elements.get(place + 1).is_some_and(|next| strips(next).0) {
                        text = text.trim_end();
                    }
                    if !text.is_empty() {
                        out.push(Part::Literal(text.into()));
                    }
                }
                Element::Interpolation(hole) => out.push(Part::Hole(self.expr(&hole.expr))),
                Element::Directive(directive) => out.push(match &**directive {
                    Directive::If(choice) => {
                        let end = choice.endif_expr.strip;
                        let (otherwise, middle) = match &choice.else_expr {
                            Some(other) => (
                                trimmed(self.template(&other.template), strip_end(other.strip), strip_start(end)),
                                other.strip,
                            ),
                            None => (Vec::new(), end),
                        };
                        let then = self.template(&choice.if_expr.template);
                        let then = trimmed(then, strip_end(choice.if_expr.strip), strip_start(middle));
                        Part::If(self.expr(&choice.if_expr.cond_expr), then, otherwise)
                    }
                    Directive::For(each) => {
                        let head = &each.for_expr;
                        let inner = self.template(&head.template);
                        let inner = trimmed(inner, strip_end(head.strip), strip_start(each.endfor_expr.strip));
                        let key = head.key_var.as_ref().map(|name| name.as_str().into());
                        Part::For(key, head.value_var.as_str().into(), self.expr(&head.collection_expr), inner)
                    }
                }),
            }
        }
        out
    }
}

/// Whether an element takes the white space before and behind it.
fn strips(element: &Element) -> (bool, bool) {
    match element {
        Element::Literal(_) => (false, false),
        Element::Interpolation(hole) => (strip_start(hole.strip), strip_end(hole.strip)),
        Element::Directive(directive) => match &**directive {
            Directive::If(choice) => (strip_start(choice.if_expr.strip), strip_end(choice.endif_expr.strip)),
            Directive::For(each) => (strip_start(each.for_expr.strip), strip_end(each.endfor_expr.strip)),
        },
    }
}

fn strip_start(strip: Strip) -> bool {
    matches!(strip, Strip::Start | Strip::Both)
}

fn strip_end(strip: Strip) -> bool {
    matches!(strip, Strip::End | Strip::Both)
}

fn trimmed(mut parts: Vec<Part>, start: bool, end: bool) -> Vec<Part> {
    if start && let Some(Part::Literal(text)) = parts.first_mut() {
        *text = text.trim_start().into();
    }
    if end && let Some(Part::Literal(text)) = parts.last_mut() {
        *text = text.trim_end().into();
    }
    parts
}

/// A template of literals alone is a string; one hole alone stays a hole, for it keeps its type.
pub fn simplify(parts: Vec<Part>) -> ExprKind {
    if parts.iter().all(|part| matches!(part, Part::Literal(_))) {
        let text: String = parts
            .iter()
            .filter_map(|part| match part {
                Part::Literal(text) => Some(&**text),
                _ => None,
            })
            .collect();
        return ExprKind::Str(text.into());
    }
    ExprKind::Template(parts)
}

fn binary(operator: BinaryOperator) -> Binary {
    match operator {
        BinaryOperator::Eq => Binary::Equal,
        BinaryOperator::NotEq => Binary::NotEqual,
        BinaryOperator::LessEq => Binary::LessOrEqual,
        BinaryOperator::GreaterEq => Binary::GreaterOrEqual,
        BinaryOperator::Less => Binary::Less,
        BinaryOperator::Greater => Binary::Greater,
        BinaryOperator::Plus => Binary::Add,
        BinaryOperator::Minus => Binary::Subtract,
        BinaryOperator::Mul => Binary::Multiply,
        BinaryOperator::Div => Binary::Divide,
        BinaryOperator::Mod => Binary::Modulo,
        BinaryOperator::And => Binary::And,
        BinaryOperator::Or => Binary::Or,
    }
}
