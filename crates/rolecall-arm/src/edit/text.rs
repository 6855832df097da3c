//! An ARM template as it is edited: its objects by place, and edits in its own layout.

use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use jsonc_parser::common::Ranged;
use rolecall_graph::{Site, Unit};
use rolecall_source::{Edit, FileId, SourceFile, Span};

use super::tree::{Json, Object, Property, parse};
use super::words::{DEPLOYMENTS, deployment_id, expression, id};

/// A file with its tree, if it has one.
pub(super) struct Text {
    pub source: Arc<SourceFile>,
    tree: Rc<Option<Json>>,
}

impl Text {
    pub fn read(site: &Site<'_>, span: Span) -> Result<Self, String> {
        Text::of(site, span.file)
    }

    pub fn of(site: &Site<'_>, file: FileId) -> Result<Self, String> {
        let source = site.files.get(file).ok_or("its file was not kept")?;
        let tree = site.tree(file, || parse(&source.text));
        Ok(Text { source, tree })
    }

    pub fn root(&self) -> Result<&Json, String> {
        self.tree.as_ref().as_ref().ok_or_else(|| format!("`{}` does not parse", self.source.path.display()))
    }

    /// The template that is a unit, in its text: a file, or what a nested deployment holds.
    pub fn template(&self, unit: &Unit) -> Option<&Object> {
        let root = self.root().ok()?;
        match unit.calls.first().filter(|call| call.file == unit.file) {
            Some(call) => {
                member(member(find(root, &bytes(*call))?.0, "properties")?.as_object()?, "template")?.as_object()
            }
            None => root.as_object(),
        }
    }

    pub fn slice(&self, range: Range<usize>) -> &str {
        self.source.text.get(range).unwrap_or_default()
    }

    pub fn edit(&self, range: Range<usize>, text: String) -> Edit {
        self.source.edit(range, &text)
    }

    pub fn indent(&self, at: usize) -> &str {
        self.source.indent(at)
    }

    /// The edits that put an element of a list, or a member of an object, behind the one that ends there: on a line of its
    /// own, behind the comment that ends the line of that one.
    pub fn behind(&self, end: usize, new: &str) -> Vec<Edit> {
        let rest = &self.source.text[end..];
        let line = &rest[..rest.find(['\r', '\n']).unwrap_or(rest.len())];
        let (comma, tail) = match line.trim_start().strip_prefix(',') {
            Some(tail) => (true, tail.trim()),
            None => (false, line.trim()),
        };
        let is_comment = tail.starts_with("//")
            || tail.starts_with("/*") && tail.find("*/").is_some_and(|close| close + 2 == tail.len());
        let at = end + line.len();
        match (is_comment, comma) {
            (false, _) => vec![self.edit(end..end, format!(",\n{new}"))],
            (true, true) => vec![self.edit(at..at, format!("\n{new},"))],
            (true, false) => vec![self.edit(end..end, ",".to_owned()), self.edit(at..at, format!("\n{new}"))],
        }
    }

    /// The white space of one level.
    pub fn step(&self, object: &Object) -> String {
        let outer = self.indent(range(object).start);
        let inner = object.properties.first().map_or("", |one| self.indent(range(one).start));
        inner.strip_prefix(outer).filter(|step| !step.is_empty()).unwrap_or("  ").to_owned()
    }
}

pub(super) fn range(node: &impl Ranged) -> Range<usize> {
    let range = node.range();
    range.start..range.end
}

pub(super) fn bytes(span: Span) -> Range<usize> {
    span.start as usize..span.end as usize
}

pub(super) fn property<'v>(object: &'v Object, name: &str) -> Option<&'v Property> {
    object.properties.iter().find(|one| one.name.as_str().eq_ignore_ascii_case(name))
}

pub(super) fn member<'v>(object: &'v Object, name: &str) -> Option<&'v Json> {
    property(object, name).map(|one| &one.value)
}

pub(super) fn string<'v>(object: &'v Object, name: &str) -> Option<&'v str> {
    member(object, name).and_then(Json::as_text)
}

/// What an object stands in.
pub(super) enum Around<'v> {
    List,
    Named(&'v str, &'v Object),
    Nothing,
}

/// The object at these bytes.
pub(super) fn find<'v>(root: &'v Json, wanted: &Range<usize>) -> Option<(&'v Object, Around<'v>)> {
    let (mut at, mut around) = (root, Around::Nothing);
    loop {
        if range(at) == *wanted {
            return at.as_object().map(|object| (object, around));
        }
        let holds = |value: &Json| range(value).start <= wanted.start && range(value).end >= wanted.end;
        (at, around) = match at {
            Json::Array(array) => (array.elements.iter().find(|one| holds(one))?, Around::List),
            Json::Object(object) => {
                let one = object.properties.iter().find(|one| holds(&one.value))?;
                (&one.value, Around::Named(one.name.as_str(), object))
            }
            _ => return None,
        };
    }
}

pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::String(text.to_owned()).to_string()
}

/// The edits that add a member at the end of an object, in its layout.
pub(super) fn add(text: &Text, object: &Object, member: &str) -> Result<Vec<Edit>, String> {
    let Some(last) = object.properties.last() else {
        if text.slice(range(object)).trim_matches(['{', '}']).trim().is_empty() {
            let indent = text.indent(range(object).start);
            let inner = format!("{indent}{}", text.step(object));
            let member = member.replace('\n', &format!("\n{inner}"));
            return Ok(vec![text.edit(range(object), format!("{{\n{inner}{member}\n{indent}}}"))]);
        }
        return Err("an object holds nothing but a comment".to_owned());
    };
    let (start, end) = (range(last).start, range(last).end);
    let one_line = !text.slice(range(object).start..start).contains('\n');
    Ok(match one_line {
        true => {
            vec![text.edit(end..end, format!(", {}", member.split_whitespace().collect::<Vec<_>>().join(" ")))]
        }
        false => {
            let indent = text.indent(start);
            text.behind(end, &format!("{indent}{}", member.replace('\n', &format!("\n{indent}"))))
        }
    })
}

/// The edit that takes a member out of an object.
pub(super) fn remove(text: &Text, object: &Object, name: &str) -> Result<Edit, String> {
    let own = property(object, name).ok_or_else(|| format!("`{name}` was not found"))?;
    let at = object.properties.iter().position(|one| range(one) == range(own)).unwrap_or_default();
    let gone = match (object.properties.get(at + 1), at.checked_sub(1).and_then(|at| object.properties.get(at))) {
        (Some(next), _) => range(own).start..range(next).start,
        (None, Some(last)) => range(last).end..range(own).end,
        (None, None) => range(own),
    };
    let between = text.slice(gone.clone()).replace(text.slice(range(own)), "");
    match between.chars().all(|one| one.is_whitespace() || one == ',') {
        true => Ok(text.edit(gone, String::new())),
        false => Err(format!("a comment stands beside `{name}`")),
    }
}

/// The edits that make a resource wait.
pub(super) fn depend(text: &Text, object: &Object, on: &str) -> Result<Vec<Edit>, String> {
    let step = text.step(object);
    let Some(own) = member(object, "dependsOn") else {
        return add(text, object, &format!("\"dependsOn\": [\n{step}{}\n]", quoted(on)));
    };
    let Json::Array(array) = own else { return Err("its `dependsOn` is no list".to_owned()) };
    if array.elements.iter().any(|one| one.as_text().is_some_and(|text| text == on)) {
        return Ok(Vec::new());
    }
    let Some(last) = array.elements.last() else {
        if !text.slice(range(array)).trim_matches(['[', ']']).trim().is_empty() {
            return Err("its `dependsOn` holds nothing but a comment".to_owned());
        }
        let indent = text.indent(range(array).start);
        return Ok(vec![text.edit(range(array), format!("[\n{indent}{step}{}\n{indent}]", quoted(on)))]);
    };
    let end = range(last).end;
    let many = text.slice(range(array).start..range(last).start).contains('\n');
    Ok(match many {
        true => text.behind(end, &format!("{}{}", text.indent(range(last).start), quoted(on))),
        false => vec![text.edit(end..end, format!(", {}", quoted(on)))],
    })
}

/// How `dependsOn` names a resource: its symbolic name, else its id.
pub(super) fn reference(object: &Object, around: &Around<'_>) -> Option<String> {
    if let Around::Named(name, _) = around {
        return Some((*name).to_owned());
    }
    let name = expression(string(object, "name")?);
    match (string(object, "scope"), string(object, "type")?) {
        (Some(scope), ty) => Some(format!("[extensionResourceId({}, '{ty}', {name})]", expression(scope))),
        (None, ty) if ty.eq_ignore_ascii_case(DEPLOYMENTS) => deployment_id(object).map(|id| format!("[{id}]")),
        (None, ty) if ty.matches('/').count() == 1 => Some(format!("[resourceId('{ty}', {name})]")),
        (None, _) => id(object).map(|id| format!("[{id}]")),
    }
}

pub(super) fn unique(names: &Object, name: &str) -> String {
    let free = |name: &String| property(names, name).is_none();
    let numbered = (2..1000).map(|number| format!("{name}{number}"));
    [name.to_owned()].into_iter().chain(numbered).find(free).unwrap_or_default()
}
