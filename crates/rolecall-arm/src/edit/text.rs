//! An ARM template as it is edited: its objects by place, and edits in its own layout.

use std::ops::Range;
use std::sync::Arc;

use jsonc_parser::ast::{Object, ObjectProp, Value as Json};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use rolecall_graph::Site;
use rolecall_source::{Edit, SourceFile, Span};

use super::words::{expression, id};

/// A file.
pub(super) struct Text(pub Arc<SourceFile>);

impl Text {
    pub fn read(site: &Site<'_>, span: Span) -> Result<Self, String> {
        Ok(Text(site.files.get(span.file).ok_or("its file was not kept")?))
    }

    pub fn root(&self) -> Result<Json<'_>, String> {
        let parsed = parse_to_ast(&self.0.text, &CollectOptions::default(), &ParseOptions::default());
        let whole = parsed.ok().and_then(|parsed| parsed.value);
        whole.ok_or_else(|| format!("`{}` does not parse", self.0.path.display()))
    }

    pub fn slice(&self, range: Range<usize>) -> &str {
        self.0.text.get(range).unwrap_or_default()
    }

    pub fn edit(&self, range: Range<usize>, text: String) -> Edit {
        let text = if self.0.text.contains("\r\n") { text.replace('\n', "\r\n") } else { text };
        Edit { span: Span::new(self.0.id, range.start, range.end), text }
    }

    pub fn indent(&self, at: usize) -> &str {
        let start = self.0.text[..at].rfind('\n').map_or(0, |end| end + 1);
        let line = &self.0.text[start..];
        &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
    }

    /// The white space of one level.
    pub fn step(&self, object: &Object<'_>) -> String {
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

pub(super) fn property<'v, 'a>(object: &'v Object<'a>, name: &str) -> Option<&'v ObjectProp<'a>> {
    object.properties.iter().find(|one| one.name.as_str().eq_ignore_ascii_case(name))
}

pub(super) fn member<'v, 'a>(object: &'v Object<'a>, name: &str) -> Option<&'v Json<'a>> {
    property(object, name).map(|one| &one.value)
}

pub(super) fn string<'v>(object: &'v Object<'_>, name: &str) -> Option<&'v str> {
    member(object, name).and_then(Json::as_string_lit).map(|text| text.value.as_ref())
}

/// What an object stands in.
pub(super) enum Around<'v, 'a> {
    List,
    Named(&'v str, &'v Object<'a>),
    Nothing,
}

/// The object at these bytes.
pub(super) fn find<'v, 'a>(root: &'v Json<'a>, wanted: &Range<usize>) -> Option<(&'v Object<'a>, Around<'v, 'a>)> {
    let (mut at, mut around) = (root, Around::Nothing);
    loop {
        if range(at) == *wanted {
            return at.as_object().map(|object| (object, around));
        }
        let holds = |value: &Json<'_>| range(value).start <= wanted.start && range(value).end >= wanted.end;
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

/// The edit that adds a member at the end of an object, in its layout.
pub(super) fn add(text: &Text, object: &Object<'_>, member: &str) -> Result<Edit, String> {
    let last = object.properties.last().ok_or("the object is empty")?;
    let (start, end) = (range(last).start, range(last).end);
    let one_line = !text.slice(range(object).start..start).contains('\n');
    Ok(match one_line {
        true => text.edit(end..end, format!(", {}", member.split_whitespace().collect::<Vec<_>>().join(" "))),
        false => {
            let indent = text.indent(start);
            text.edit(end..end, format!(",\n{indent}{}", member.replace('\n', &format!("\n{indent}"))))
        }
    })
}

/// The edit that makes a resource wait.
pub(super) fn depend(text: &Text, object: &Object<'_>, on: &str) -> Result<Option<Edit>, String> {
    let step = text.step(object);
    let Some(own) = member(object, "dependsOn") else {
        return add(text, object, &format!("\"dependsOn\": [\n{step}{}\n]", quoted(on))).map(Some);
    };
    let Json::Array(array) = own else { return Err("its `dependsOn` is no list".to_owned()) };
    if array.elements.iter().any(|one| one.as_string_lit().is_some_and(|text| text.value == on)) {
        return Ok(None);
    }
    let Some(last) = array.elements.last() else {
        let indent = text.indent(range(array).start);
        return Ok(Some(text.edit(range(array), format!("[\n{indent}{step}{}\n{indent}]", quoted(on)))));
    };
    let end = range(last).end;
    let many = text.slice(range(array).start..range(last).start).contains('\n');
    let between = if many { format!("\n{}", text.indent(range(last).start)) } else { " ".to_owned() };
    Ok(Some(text.edit(end..end, format!(",{between}{}", quoted(on)))))
}

/// How `dependsOn` names a resource: its symbolic name, else its id.
pub(super) fn reference(object: &Object<'_>, around: &Around<'_, '_>) -> Option<String> {
    if let Around::Named(name, _) = around {
        return Some((*name).to_owned());
    }
    let name = expression(string(object, "name")?);
    match (string(object, "scope"), string(object, "type")?) {
        (Some(scope), ty) => Some(format!("[extensionResourceId({}, '{ty}', {name})]", expression(scope))),
        (None, ty) if ty.matches('/').count() == 1 => Some(format!("[resourceId('{ty}', {name})]")),
        (None, _) => id(object).map(|id| format!("[{id}]")),
    }
}

pub(super) fn unique(names: &Object<'_>, name: &str) -> String {
    let free = |name: &String| property(names, name).is_none();
    let numbered = (2..1000).map(|number| format!("{name}{number}"));
    [name.to_owned()].into_iter().chain(numbered).find(free).unwrap_or_default()
}
