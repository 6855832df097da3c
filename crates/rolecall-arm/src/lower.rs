//! JSON values to expressions: strings, property loops, names that are expressions.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use jsonc_parser::ast::{Array, Object, ObjectProp, ObjectPropName, StringLit, Value};
use jsonc_parser::common::{Range, Ranged};
use rolecall_source::{Diagnostic, FileId, Span};
use rolecall_template::ir::{Copy, Element, Expr, ExprKind, Template};

use crate::document::{Document, Source};
use crate::expression::{Content, Reader, classify};
use crate::repair::{Hole, Repair};
use crate::text::{Names, Offsets};

/// How strings are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strings {
    /// `[…]` is an expression.
    Expressions,
    /// The same in the body of a user-defined function.
    Function,
    /// Everything is text: parameter files.
    Literal,
}

/// What lowering of one document needs.
pub(crate) struct Lower<'t> {
    pub(crate) source: &'t Source<'t>,
    /// The text that was parsed.
    text: &'t str,
    /// What was done to it.
    pub(crate) repair: Option<&'t Repair>,
    /// The holes in it that nothing accounts for yet.
    pub(crate) holes: BTreeMap<usize, Hole>,
    /// Whether names that the template declares may be lost.
    pub(crate) lost_names: bool,
    pub(crate) names: Names,
    pub(crate) strings: Strings,
    /// Whether it is in a nested template that its parent evaluates first.
    pub(crate) outer_scope: bool,
    /// The nested templates that were cut out of the source, each until it is put in its place.
    pub(crate) kept: Vec<Option<Kept>>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// A nested template that was lowered before.
pub(crate) struct Kept {
    pub(crate) template: Arc<Template>,
    pub(crate) outer_scope: bool,
}

impl<'t> Lower<'t> {
    pub(crate) fn new(document: &Document<'t>, strings: Strings) -> Self {
        Lower {
            source: document.source,
            text: document.text,
            repair: document.repair,
            holes: document.repair.map(|repair| repair.holes.clone()).unwrap_or_default(),
            lost_names: false,
            names: Names::default(),
            strings,
            outer_scope: false,
            kept: Vec::new(),
            diagnostics: Vec::new(),
        }
    }

    pub(crate) fn file(&self) -> FileId {
        self.source.file
    }

    pub(crate) fn place(&self, offset: usize) -> usize {
        self.source.seams.place(self.own(offset))
    }

    /// The offset in the source of one in the text that was parsed.
    pub(crate) fn own(&self, offset: usize) -> usize {
        self.repair.map_or(offset, |repair| repair.place(offset))
    }

    pub(crate) fn span(&self, range: Range) -> Span {
        Span::new(self.source.file, self.place(range.start), self.place(range.end))
    }

    /// The nested template that was cut out where this object stands; none where it was put in another place.
    pub(crate) fn kept_at(&mut self, object: &Object<'_>, outer_scope: bool) -> Option<Arc<Template>> {
        let place = self.source.seams.piece_at(self.own(object.range.start))?;
        let kept = self.kept.get_mut(place)?.take_if(|kept| kept.outer_scope == outer_scope)?;
        Some(kept.template)
    }

    pub(crate) fn error(&mut self, range: Range, message: impl Into<String>) {
        let span = self.span(range);
        self.diagnostics.push(Diagnostic::error(span, message));
    }

    /// What a missing or impossible part of a template becomes.
    pub(crate) fn invalid(&self, range: Range, reason: &str) -> Expr {
        Expr { kind: ExprKind::Invalid(reason.into()), span: self.span(range) }
    }

    /// A value as an expression.
    pub(crate) fn value(&mut self, value: &Value<'_>) -> Expr {
        let kind = match value {
            Value::StringLit(literal) => return self.string(literal),
            Value::Object(object) => return self.object(object),
            Value::Array(array) => ExprKind::Array(self.array(array)),
            Value::NumberLit(number) => match (number.value.parse::<i64>(), number.value.parse::<f64>()) {
                (Ok(value), _) => ExprKind::Int(value),
                (_, Ok(value)) => ExprKind::Float(value),
                _ => ExprKind::Invalid("this is no decimal number".into()),
            },
            Value::BooleanLit(literal) => ExprKind::Bool(literal.value),
            Value::NullKeyword(_) => ExprKind::Null,
        };
        Expr { kind, span: self.span(value.range()) }
    }

    fn array(&mut self, array: &Array<'_>) -> Vec<Element> {
        let mut elements: Vec<_> = array.elements.iter().map(|item| Element::Item(self.value(item))).collect();
        if let Some(hole) = self.hole_in(array.range) {
            let place = array.elements.partition_point(|item| self.own(item.range().start) < hole.range.start);
            elements.splice(place..place, self.lost(array.range));
            self.take_hole(array.range);
        }
        elements
    }

    /// A string: text, or the expression in it.
    pub(crate) fn string(&mut self, literal: &StringLit<'_>) -> Expr {
        let text: &str = &literal.value;
        let span = self.span(literal.range);
        let content = if self.strings == Strings::Literal { Content::Literal(text) } else { classify(text) };
        let kind = match content {
            Content::Literal(text) => ExprKind::Str(self.names.share(text)),
            Content::Escaped(_) if self.outer_scope => ExprKind::Invalid(
                "an expression that its parent escapes is evaluated in the nested deployment, and not followed".into(),
            ),
            Content::Escaped(text) => ExprKind::Str(self.names.share(text)),
            Content::Expression(_) => return self.expression(literal),
        };
        Expr { kind, span }
    }

    fn expression(&mut self, literal: &StringLit<'_>) -> Expr {
        let offsets = self.offsets(literal);
        let in_function = self.strings == Strings::Function;
        match Reader::read(&literal.value, self.source.file, &offsets, &mut self.names, in_function) {
            Ok(expr) => expr,
            Err(error) => {
                let length =
                    literal.value.get(error.offset..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
                let start = offsets.file_offset(error.offset);
                let span = Span::new(self.file(), start, offsets.file_offset(error.offset + length));
                let message = format!("this expression cannot be read: {}", error.message);
                self.diagnostics.push(Diagnostic::error(span, message));
                let reason = format!("the expression cannot be read: {}", error.message);
                Expr { kind: ExprKind::Invalid(reason.into()), span: self.span(literal.range) }
            }
        }
    }

    fn offsets(&self, literal: &StringLit<'_>) -> Offsets {
        let Range { start, end } = literal.range;
        let raw = self.text.get(start + 1..end.saturating_sub(1)).unwrap_or_default();
        let start = self.place(start + 1);
        // Equal length means that nothing is escaped.
        if raw.len() == literal.value.len() { Offsets::plain(start) } else { Offsets::new(raw, start) }
    }

    /// An object, with the loops of its `copy` as the properties that they make.
    pub(crate) fn object(&mut self, object: &Object<'_>) -> Expr {
        self.take_hole(object.range);
        self.object_without(object, |_| false)
    }

    /// The same without the properties that `leave_out` names.
    pub(crate) fn object_without(&mut self, object: &Object<'_>, leave_out: impl Fn(&str) -> bool) -> Expr {
        self.report_duplicates(object);
        // First: what can be read overrides what may have been lost.
        let mut elements: Vec<_> = self.lost(object.range).into_iter().collect();
        elements.reserve(object.properties.len());
        for property in &object.properties {
            let name = property.name.as_str();
            if leave_out(name) {
                continue;
            }
            if self.strings != Strings::Literal
                && name.eq_ignore_ascii_case("copy")
                && let Some(loops) = self.loops(&property.value)
            {
                if self.take_holes(property.value.range()).is_some() {
                    elements.insert(0, self.lost_part(property.value.range()));
                }
                for one in loops {
                    elements.push(Element::Property(self.string(one.name), self.loop_over(&one)));
                }
                continue;
            }
            let name = self.property_name(&property.name);
            elements.push(Element::Property(name, self.value(&property.value)));
        }
        Expr { kind: ExprKind::Object(elements), span: self.span(object.range) }
    }

    fn property_name(&mut self, name: &ObjectPropName<'_>) -> Expr {
        match name {
            ObjectPropName::String(literal) => self.string(literal),
            ObjectPropName::Word(word) => {
                Expr { kind: ExprKind::Str(self.names.share(word.value)), span: self.span(word.range) }
            }
        }
    }

    /// The loop of one entry of a `copy` array.
    pub(crate) fn loop_over(&mut self, one: &LoopParts<'_, '_>) -> Expr {
        let span = self.span(one.range);
        let copy = Copy {
            span,
            name: Some(self.names.share(&one.name.value)),
            count: self.value(one.count),
            item: None,
            index: None,
            batch: None,
        };
        let body = self.value(one.input);
        Expr { kind: ExprKind::Loop { copy: Box::new(copy), body: Box::new(body) }, span }
    }

    /// The `copy` of a resource or an output.
    pub(crate) fn copy(&mut self, value: &Value<'_>) -> Copy {
        let span = self.span(value.range());
        let Value::Object(object) = value else {
            self.error(value.range(), "`copy` must be an object with a `count`");
            let count = self.invalid(value.range(), "`copy` is no object");
            return Copy { span, name: None, count, item: None, index: None, batch: None };
        };
        let name = match field(object, "name") {
            Some(Value::StringLit(name)) => Some(self.names.share(&name.value)),
            _ => None,
        };
        let count = match field(object, "count") {
            Some(count) => self.value(count),
            None => {
                self.missing(object, "`copy` has no `count`");
                self.invalid(object.range, "`copy` has no `count`")
            }
        };
        let serial =
            matches!(field(object, "mode"), Some(Value::StringLit(mode)) if mode.value.eq_ignore_ascii_case("serial"));
        let size = field(object, "batchSize").and_then(|size| match size {
            Value::NumberLit(size) => size.value.parse().ok(),
            _ => None,
        });
        Copy { span, name, count, item: None, index: None, batch: serial.then(|| size.unwrap_or(1)) }
    }

    /// Warns of properties that stand twice in an object: the last one wins.
    pub(crate) fn report_duplicates(&mut self, object: &Object<'_>) {
        let properties = &object.properties;
        if properties.len() <= 12 {
            for (at, property) in properties.iter().enumerate().skip(1) {
                let name = property.name.as_str();
                if let Some(first) = properties[..at].iter().find(|earlier| earlier.name.as_str() == name) {
                    self.report_duplicate(first, property);
                }
            }
            return;
        }
        let mut seen = HashSet::with_capacity(properties.len());
        for property in properties {
            if !seen.insert(property.name.as_str()) {
                self.report_duplicate(property, property);
            }
        }
    }

    fn report_duplicate(&mut self, first: &ObjectProp<'_>, again: &ObjectProp<'_>) {
        let name = again.name.as_str();
        let mut diagnostic = Diagnostic::warning(
            self.span(again.name.range()),
            format!("`{name}` stands twice in this object; the last one counts"),
        );
        if !std::ptr::eq(first, again) {
            diagnostic = diagnostic.with_note(self.span(first.name.range()), "here first");
        }
        self.diagnostics.push(diagnostic);
    }

    /// A short text, stored once.
    pub(crate) fn share(&mut self, text: &str) -> Arc<str> {
        self.names.share(text)
    }
}

/// The last property of this name, as Azure looks up what it defines itself: without regard to case.
pub(crate) fn field<'o, 'a>(object: &'o Object<'a>, name: &str) -> Option<&'o Value<'a>> {
    object.properties.iter().rev().find(|property| property.name.as_str().eq_ignore_ascii_case(name)).map(|p| &p.value)
}

/// The same where it must be a string.
pub(crate) fn text_field<'o, 'a>(object: &'o Object<'a>, name: &str) -> Option<&'o StringLit<'a>> {
    field(object, name).and_then(Value::as_string_lit)
}

/// One entry of a `copy` array.
pub(crate) struct LoopParts<'o, 'a> {
    pub(crate) range: Range,
    pub(crate) name: &'o StringLit<'a>,
    pub(crate) count: &'o Value<'a>,
    pub(crate) input: &'o Value<'a>,
}

/// The entries of a `copy` array; `None` where this is an ordinary property of that name.
pub(crate) fn as_loops<'o, 'a>(value: &'o Value<'a>) -> Option<Vec<LoopParts<'o, 'a>>> {
    let elements = &value.as_array()?.elements;
    if elements.is_empty() { None } else { elements.iter().map(as_loop).collect() }
}

/// One of them.
pub(crate) fn as_loop<'o, 'a>(item: &'o Value<'a>) -> Option<LoopParts<'o, 'a>> {
    let object = item.as_object()?;
    Some(LoopParts {
        range: object.range,
        name: text_field(object, "name")?,
        count: field(object, "count")?,
        input: field(object, "input")?,
    })
}
