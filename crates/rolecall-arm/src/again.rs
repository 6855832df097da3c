//! A template read again after an edit: only the nested template that the edit lies in is parsed and lowered, without those
//! that lie in it; the others are kept, and their places are moved.
//!
//! What comes out is what [`parse`] makes of the new text. JSON is read from left to right, so an object that was read whole
//! is read the same wherever it stands, and what stands around it is read as before.

use std::ops::Range;
use std::sync::Arc;

use jsonc_parser::ast::Value;
use jsonc_parser::common::Ranged;
use rolecall_source::{Diagnostic, SourceFile, Span};
use rolecall_template::ir::{DeploymentSource, NestedDeployment, Template};

use crate::document::{self, Source};
use crate::lower::{Kept, Lower, Strings};
use crate::template::{Parsed, parse};
use crate::text::Seams;

/// How deep text may nest to be read in parts: half of what the parser takes, which only knows a part's own depth.
const MAX_DEPTH: usize = 250;

/// What each template in a template adds to that: `resources`, a resource, its `properties` and the `template` in them.
const DEPTH_OF_TEMPLATE: usize = 8;

/// Reads a template whose text was that of `before` when `parsed` came of it.
pub fn parse_again(file: &SourceFile, before: &SourceFile, parsed: Parsed) -> Parsed {
    let edit = Edit::between(before.text.as_bytes(), file.text.as_bytes());
    edit.apply(file, parsed).unwrap_or_else(|| parse(file))
}

/// How many bytes are compared at a time.
const BLOCK: usize = 256;

/// What is another in two texts.
struct Edit {
    start: usize,
    end_before: usize,
    end: usize,
}

impl Edit {
    fn between(before: &[u8], now: &[u8]) -> Self {
        // By blocks first, which are compared as a whole.
        let blocks = common(before.chunks_exact(BLOCK).zip(now.chunks_exact(BLOCK))) * BLOCK;
        let start = blocks + common(before[blocks..].iter().zip(&now[blocks..]));
        let (one, other) = (&before[start..], &now[start..]);
        let blocks = common(one.rchunks_exact(BLOCK).zip(other.rchunks_exact(BLOCK))) * BLOCK;
        let (one, other) = (&one[..one.len() - blocks], &other[..other.len() - blocks]);
        let behind = blocks + common(one.iter().rev().zip(other.iter().rev()));
        Edit { start, end_before: before.len() - behind, end: now.len() - behind }
    }

    /// Whether it lies between the ends of a range.
    fn is_in(&self, range: &Range<usize>) -> bool {
        range.start < self.start && self.end_before < range.end
    }

    /// Whether a range lies before or behind it.
    fn leaves(&self, range: &Range<usize>) -> bool {
        range.end <= self.start || self.end_before <= range.start
    }

    /// Where a range has come to that it lies in, or that it leaves.
    fn moved(&self, Range { start, end }: Range<usize>) -> Range<usize> {
        let behind = |offset: usize| (offset >= self.end_before).then(|| offset - self.end_before + self.end);
        let new_start = behind(start).unwrap_or(start.min(self.start));
        let new_end = if end <= self.start { end } else { behind(end).unwrap_or(self.start) };
        new_start..new_end.max(new_start)
    }

    /// What comes of a template; none where it is to be read as a whole.
    fn apply(&self, file: &SourceFile, parsed: Parsed) -> Option<Parsed> {
        let Parsed { template, mut diagnostics, unsound } = parsed;
        // Others may still know it, but nobody may have it.
        let mut root = Arc::new(Arc::try_unwrap(template?).ok()?);
        let way = self.way(&root, unsound.as_ref());
        let is_whole = way.is_empty();
        if is_whole && unsound.is_some() {
            return None;
        }
        let (innermost, outer_scope) = follow(&root, &way)?;
        let part_before = if is_whole { 0..usize::MAX } else { innermost.span.range() };
        let children = innermost.deployments().into_iter().filter_map(inline).map(|child| child.span.range());
        let untouched: Vec<_> = children.filter(|child| unsound.is_none() && self.leaves(child)).collect();
        diagnostics.retain(|one| !is_of(one, &part_before) || untouched.iter().any(|child| is_of(one, child)));
        let mut move_span = |span: &mut Span| {
            let Range { start, end } = self.moved(span.range());
            *span = Span::new(file.id, start, end);
        };
        diagnostics.iter_mut().for_each(|one| one.each_span(&mut move_span));
        Arc::get_mut(&mut root)?.diagnostics.clear();
        Arc::get_mut(&mut root)?.each_span(&mut move_span).ok()?;

        let untouched: Vec<_> = untouched.into_iter().map(|child| self.moved(child)).collect();
        let (innermost, _) = follow(&root, &way)?;
        let range = if is_whole { 0..file.text.len() } else { innermost.span.range() };
        let part = Part { file, range, outer_scope, depth: way.len() * DEPTH_OF_TEMPLATE };
        let mut kept: Vec<_> = innermost.deployments().into_iter().filter_map(Kept::of).collect();
        kept.retain(|one| untouched.contains(&one.template.span.range()));
        let read = part.read(kept).filter(|read| read.is_json);
        let Read { template, is_json, diagnostics: own } = match read {
            Some(read) => read,
            None if is_whole => return None,
            // What is no JSON may reach into what stands in it, and what moved to another place is read there.
            None => {
                diagnostics.retain(|one| !is_of(one, &part.range));
                part.read(Vec::new())?
            }
        };
        diagnostics.extend(own);
        *follow_mut(&mut root, &way)? = Arc::new(template);
        Some(Parsed::new(Arc::into_inner(root), diagnostics, (!is_json).then_some(part.range)))
    }

    /// The way to the innermost template that it lies in, with all that is no JSON.
    fn way(&self, root: &Template, unsound: Option<&Range<usize>>) -> Vec<usize> {
        let is_around = |template: &Template| {
            let range = template.span.range();
            self.is_in(&range) && unsound.is_none_or(|one| range.start <= one.start && one.end <= range.end)
        };
        let mut way = Vec::new();
        let mut innermost = root;
        loop {
            let mut inner = innermost.deployments().into_iter().map(inline).enumerate();
            let Some((place, next)) = inner.find_map(|(place, one)| Some((place, one.filter(|one| is_around(one))?)))
            else {
                return way;
            };
            way.push(place);
            innermost = next;
        }
    }
}

/// A part of a text that is one template.
struct Part<'f> {
    file: &'f SourceFile,
    range: Range<usize>,
    outer_scope: bool,
    /// How deep it stands.
    depth: usize,
}

/// What a part was read as.
struct Read {
    template: Template,
    is_json: bool,
    diagnostics: Vec<Diagnostic>,
}

impl Part<'_> {
    /// Reads it without those of its templates that are kept; none where that is not all of it, or what is kept has another
    /// place in it than it had.
    fn read(&self, mut kept: Vec<Kept>) -> Option<Read> {
        kept.sort_by_key(|one| one.template.span);
        let pieces = kept.iter().map(|one| one.template.span.range());
        let (text, seams) = Seams::cut(&self.file.text, self.range.clone(), pieces)?;
        let source = Source { file: self.file.id, text: &text, seams };
        let mut diagnostics = Vec::new();
        let (template, is_json) = document::read(&source, &mut diagnostics, |document, diagnostics| {
            let is_json = diagnostics.is_empty();
            let value = document.value.as_ref()?;
            // What reaches out of the part is another thing in the whole text, and so is a comment that ends with it.
            let is_local = document.repair.is_none_or(|repair| repair.is_local);
            let ends_with_it = value.range().end == document.text.len() || self.range.end == self.file.text.len();
            if !is_local || !ends_with_it {
                return None;
            }
            if self.depth + depth_of(value) > MAX_DEPTH {
                return None;
            }
            let mut lower = Lower::new(&document, Strings::Expressions);
            lower.kept = kept.into_iter().map(Some).collect();
            let template = lower.template(value.as_object()?, self.outer_scope);
            diagnostics.append(&mut lower.diagnostics);
            lower.kept.iter().all(Option::is_none).then_some((template, is_json))
        })?;
        Some(Read { template, is_json, diagnostics })
    }
}

impl Kept {
    fn of(deployment: &NestedDeployment) -> Option<Self> {
        let template = inline(deployment)?.clone();
        Some(Kept { template, outer_scope: deployment.outer_scope })
    }
}

fn inline(deployment: &NestedDeployment) -> Option<&Arc<Template>> {
    match &deployment.source {
        DeploymentSource::Inline(template) => Some(template),
        DeploymentSource::Path(_) | DeploymentSource::Remote(_) => None,
    }
}

/// The template at the end of a way, and whether its parent evaluates it first.
fn follow<'t>(root: &'t Arc<Template>, way: &[usize]) -> Option<(&'t Arc<Template>, bool)> {
    way.iter().try_fold((root, false), |(template, _), place| {
        let deployment = template.deployments().into_iter().nth(*place)?;
        Some((inline(deployment)?, deployment.outer_scope))
    })
}

/// The same, to put another in its place.
fn follow_mut<'t>(root: &'t mut Arc<Template>, way: &[usize]) -> Option<&'t mut Arc<Template>> {
    way.iter().try_fold(root, |template, place| {
        let deployment = Arc::get_mut(template)?.deployments_mut().into_iter().nth(*place)?;
        match &mut deployment.source {
            DeploymentSource::Inline(template) => Some(template),
            DeploymentSource::Path(_) | DeploymentSource::Remote(_) => None,
        }
    })
}

fn is_of(diagnostic: &Diagnostic, range: &Range<usize>) -> bool {
    let span = diagnostic.span.range();
    range.start <= span.start && span.end <= range.end
}

/// How many of the first are the same.
fn common<T: PartialEq>(pairs: impl Iterator<Item = (T, T)>) -> usize {
    pairs.take_while(|(one, other)| one == other).count()
}

/// How many levels the parser takes for it: a property has one of its own.
fn depth_of(value: &Value<'_>) -> usize {
    match value {
        Value::Object(object) => 2 + object.properties.iter().map(|one| depth_of(&one.value)).max().unwrap_or_default(),
        Value::Array(array) => 1 + array.elements.iter().map(depth_of).max().unwrap_or_default(),
        _ => 1,
    }
}
