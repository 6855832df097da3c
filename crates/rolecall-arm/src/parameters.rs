//! Parameter files: values by name, all of them literal.

use indexmap::IndexMap;
use jsonc_parser::ast::{Object, Value};
use jsonc_parser::common::Ranged;
use rolecall_source::{Diagnostic, SourceFile, Span};
use rolecall_template::ir::{Element, Expr, ExprKind};
use rolecall_value::Key;

use crate::document::{self, Document, Source};
use crate::lower::{Lower, Strings, field};

/// A parameter file that was read.
#[derive(Debug)]
pub struct ParsedParameters {
    /// What is given, in order.
    pub parameters: IndexMap<Key, ParameterValue>,
    /// Whether others may be given in what could not be read.
    pub lost: bool,
    /// What is wrong with the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// What a parameter file gives to one parameter.
#[derive(Debug)]
pub enum ParameterValue {
    /// A literal; no expressions, but [`ExprKind::Invalid`] where a placeholder stands inside of an array or object.
    /// `null` leaves the parameter to its default.
    Value(Expr),
    /// What stands where the value comes later: a [placeholder](is_placeholder), `''`, `{}`, or an `expression` over what
    /// only the deploying tool knows. The parameter is open; the expression is what is written, for messages.
    Placeholder(Expr),
    /// A secret of a key vault; the span of the reference.
    Secret(Span),
}

/// Reads a parameter file: its `parameters`, or where it has no such key and no `$schema`, itself.
pub fn parse_parameters(file: &SourceFile) -> ParsedParameters {
    let mut diagnostics = Vec::new();
    let (parameters, lost) = document::read(&Source::whole(file), &mut diagnostics, |document, diagnostics| {
        let mut lower = Lower::new(&document, Strings::Literal);
        let Document { value, repair, .. } = document;
        let parameters = match &value {
            Some(Value::Object(object)) => lower.given(object),
            _ if repair.is_some() => return (IndexMap::new(), true),
            _ => {
                let span = Span::new(file.id, 0, file.text.len());
                lower.diagnostics.push(Diagnostic::error(span, "a parameter file must be a JSON object"));
                IndexMap::new()
            }
        };
        diagnostics.append(&mut lower.diagnostics);
        (parameters, !lower.holes.is_empty())
    });
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span.start, diagnostic.span.end));
    ParsedParameters { parameters, lost, diagnostics }
}

/// Reads JSON data that a template loads as it is: no string in it is an expression. None where the text is no JSON.
pub fn parse_data(file: &SourceFile) -> Option<Expr> {
    document::read(&Source::whole(file), &mut Vec::new(), |document, _| {
        let mut lower = Lower::new(&document, Strings::Literal);
        document.value.filter(|_| document.repair.is_none()).map(|value| lower.value(&value))
    })
}

/// Whether a string of a parameter file stands for a value that comes later: `${NAME}` and `${NAME=default}` (azd,
/// Maven), `#{name}#`, `__name__`, `$(name)`, `{{name}}`, `<name>` and `[its name]` (pipelines, readers), `GEN-UNIQUE` and its like
/// (template tests), and the GUID of zeros alone.
pub fn is_placeholder(text: &str) -> bool {
    let text = text.trim();
    if text.starts_with("GEN-") || text.starts_with("GET-PREREQ-") || text == "00000000-0000-0000-0000-000000000000" {
        return true;
    }
    if [("${", "}"), ("#{", "}"), ("$(", ")"), ("{{", "}}")]
        .iter()
        .any(|(open, close)| encloses_name(text, open, close))
    {
        return true;
    }
    let whole = |open: &str, close: &str| {
        let inner = text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
        inner.is_some_and(|inner| !inner.is_empty() && !inner.contains(['<', '>', '\n']))
    };
    whole("<", ">") || whole("__", "__") || names_a_segment(text)
}

/// Whether a segment of an id, or the whole text, is words in brackets: `/subscriptions/[subscription id]/…`.
fn names_a_segment(text: &str) -> bool {
    text.split('/').any(|segment| {
        let inner = segment.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        inner.is_some_and(|inner| {
            inner.contains([' ', '-', '_'])
                && inner.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.'))
                && inner.starts_with(char::is_alphabetic)
        })
    })
}

/// Whether a name or a short expression stands between the brackets somewhere in the text.
fn encloses_name(text: &str, open: &str, close: &str) -> bool {
    let Some((_, behind)) = text.split_once(open) else { return false };
    let Some((inner, _)) = behind.split_once(close) else { return false };
    let inner = inner.trim();
    inner.starts_with(|c: char| c.is_alphabetic() || c == '_') && !inner.contains(['\n', '{', '"', ';'])
}

impl Lower<'_> {
    fn given(&mut self, object: &Object<'_>) -> IndexMap<Key, ParameterValue> {
        self.report_duplicates(object);
        let section = match field(object, "parameters") {
            Some(Value::Object(section)) => section,
            Some(other) => {
                self.error(other.range(), "`parameters` must be an object");
                return IndexMap::new();
            }
            None if field(object, "$schema").is_none() => object,
            None => return IndexMap::new(),
        };
        if !std::ptr::eq(section, object) {
            self.report_duplicates(section);
        }
        let mut given = IndexMap::new();
        for property in &section.properties {
            let Value::Object(entry) = &property.value else {
                // Beside the parameters of a bare file may stand other things.
                if !std::ptr::eq(section, object) {
                    self.error(property.value.range(), "a parameter's value must stand in an object: {\"value\": …}");
                }
                continue;
            };
            self.pass_over(entry, "metadata");
            let value = match (field(entry, "value"), field(entry, "reference")) {
                (Some(value), _) => {
                    let expr = self.value(value);
                    if is_open(&expr) {
                        ParameterValue::Placeholder(expr)
                    } else {
                        ParameterValue::Value(without_placeholders(expr))
                    }
                }
                (None, Some(reference)) => ParameterValue::Secret(self.span(reference.range())),
                (None, None) if field(entry, "expression").is_some() => ParameterValue::Placeholder(self.object(entry)),
                (None, None) if self.hole_in(entry.range).is_some() => ParameterValue::Placeholder(self.object(entry)),
                (None, None) => continue,
            };
            // Its value is there, or known to be lost.
            self.take_hole(entry.range);
            given.insert(Key::from(self.share(property.name.as_str())), value);
        }
        given
    }
}

fn is_open(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Str(text) => text.trim().is_empty() || is_placeholder(text),
        ExprKind::Object(elements) => elements.is_empty(),
        _ => false,
    }
}

/// Makes strings that are placeholders invalid, with that reason.
fn without_placeholders(expr: Expr) -> Expr {
    let Expr { kind, span } = expr;
    let kind = match kind {
        ExprKind::Str(text) if is_placeholder(&text) => {
            ExprKind::Invalid(format!("`{text}` is a placeholder for a value that comes later").into())
        }
        ExprKind::Array(elements) => ExprKind::Array(elements.into_iter().map(element_without_placeholders).collect()),
        ExprKind::Object(elements) => {
            ExprKind::Object(elements.into_iter().map(element_without_placeholders).collect())
        }
        kind => kind,
    };
    Expr { kind, span }
}

fn element_without_placeholders(element: Element) -> Element {
    match element {
        Element::Item(item) => Element::Item(without_placeholders(item)),
        Element::Property(name, value) => Element::Property(name, without_placeholders(value)),
        Element::Spread(spread) => Element::Spread(without_placeholders(spread)),
    }
}
