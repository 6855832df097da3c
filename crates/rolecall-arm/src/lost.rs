//! What could not be read of a text, where it was lost: a part of a value, a property that may have been there, or more.
//!
//! Whoever reads an object takes its hole once the hole is accounted for. What nobody took makes the template incomplete.

use jsonc_parser::ast::{Object, Value};
use jsonc_parser::common::{Range, Ranged};
use rolecall_source::Span;
use rolecall_template::ir::{Element, Expr};

use crate::lower::{LoopParts, Lower, as_loop, as_loops, field};
use crate::repair::Hole;

const LOST: &str = "a part of it cannot be read";

impl<'t> Lower<'t> {
    /// What was lost of an object or array.
    pub(crate) fn hole_in(&self, range: Range) -> Option<&'t Hole> {
        self.repair?.holes.get(&self.own(range.start))
    }

    /// Accounts for what was lost of an object or array; whether something was.
    pub(crate) fn take_hole(&mut self, range: Range) -> bool {
        !self.holes.is_empty() && self.holes.remove(&self.own(range.start)).is_some()
    }

    /// The first hole in this range that nothing accounts for; all of them are accounted for now.
    pub(crate) fn take_holes(&mut self, range: Range) -> Option<Span> {
        if self.holes.is_empty() {
            return None;
        }
        let within = self.own(range.start)..self.own(range.end).max(self.own(range.start) + 1);
        let mut taken = self.holes.extract_if(within, |_, _| true);
        let first = taken.next()?.1.range;
        taken.for_each(drop);
        let seams = &self.source.seams;
        Some(Span::new(self.source.file, seams.place(first.start), seams.place(first.end)))
    }

    /// What is lost of this property means nothing.
    pub(crate) fn pass_over(&mut self, object: &Object<'_>, name: &str) {
        if let Some(value) = field(object, name).filter(|_| !self.holes.is_empty()) {
            self.take_holes(value.range());
        }
    }

    /// Whether an object has no such property as far as it can be read, and may have it.
    pub(crate) fn may_have(&self, object: &Object<'_>, name: &str) -> bool {
        self.hole_in(object.range).is_some_and(|hole| hole.may_be(name)) && field(object, name).is_none()
    }

    /// A property that an object has, or may have.
    pub(crate) fn field_or_lost(&mut self, object: &Object<'_>, name: &str) -> Option<Expr> {
        match field(object, name) {
            Some(value) => Some(self.value(value)),
            None => self.may_have(object, name).then(|| self.invalid(object.range, LOST)),
        }
    }

    /// Says that an object lacks something, unless that may be what could not be read of it.
    pub(crate) fn missing(&mut self, object: &Object<'_>, message: &str) {
        if self.hole_in(object.range).is_none() {
            self.error(object.range, message);
        }
    }

    /// What was lost of an object or array, as a part of its value.
    pub(crate) fn lost(&self, range: Range) -> Option<Element> {
        self.hole_in(range).map(|_| self.lost_part(range))
    }

    /// The same where it is known that something was.
    pub(crate) fn lost_part(&self, range: Range) -> Element {
        Element::Spread(self.invalid(range, LOST))
    }

    /// The entries of a `copy` array that can be read; `None` where this is an ordinary property of that name.
    pub(crate) fn loops<'o, 'a>(&self, value: &'o Value<'a>) -> Option<Vec<LoopParts<'o, 'a>>> {
        let elements = &value.as_array()?.elements;
        let is_lost = |value: &Value<'_>| self.hole_in(value.range()).is_some();
        match is_lost(value) || elements.iter().any(is_lost) {
            true => Some(elements.iter().filter_map(as_loop).collect()),
            false => as_loops(value),
        }
    }
}
