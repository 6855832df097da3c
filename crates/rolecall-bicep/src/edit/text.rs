//! A Bicep file as it is edited: its declarations by place, and edits in its own layout.

use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use rolecall_graph::{Site, Unit};
use rolecall_source::{Edit, FileId, SourceFile, Span};
use tree_sitter::Node;

use crate::File;
use crate::syntax::{
    ArrayItem, DeclarationBody, Expression, ForBody, IfBody, ModuleDeclaration, Object, ObjectItem, PropertyKey,
    ResourceDeclaration, SyntaxNode,
};

/// A file with its tree.
pub(super) struct Text {
    pub source: Arc<SourceFile>,
    pub file: Rc<File>,
}

impl Text {
    pub fn read(site: &Site<'_>, unit: &Unit) -> Result<Self, String> {
        Text::of(site, unit.file)
    }

    pub fn of(site: &Site<'_>, file: FileId) -> Result<Self, String> {
        let source = site.files.get(file).ok_or("its file was not kept")?;
        let file = site.tree(file, || File::parse(&source.text));
        if file.has_error() {
            return Err(format!("`{}` does not parse", source.path.display()));
        }
        Ok(Text { source, file })
    }

    pub fn str(&self) -> &str {
        &self.source.text
    }

    pub fn edit(&self, range: Range<usize>, text: String) -> Edit {
        self.source.edit(range, &text)
    }

    pub fn slice(&self, range: Range<usize>) -> &str {
        self.str().get(range).unwrap_or_default()
    }

    /// The white space in front of the line of a byte.
    pub fn indent(&self, at: usize) -> &str {
        self.source.indent(at)
    }

    /// Whether nothing but a comment stands between a byte and the end of its line, which is where that is.
    pub fn line_end(&self, at: usize) -> Option<usize> {
        let rest = &self.str()[at..];
        let end = rest.find(['\r', '\n']).unwrap_or(rest.len());
        let between = rest[..end].trim();
        (between.is_empty() || between.starts_with("//")).then_some(at + end)
    }
}

/// The statement or nested resource that something is declared by.
#[derive(Clone, Copy)]
pub(super) enum Declaration<'t> {
    Resource(ResourceDeclaration<'t>),
    Module(ModuleDeclaration<'t>),
}

impl<'t> Declaration<'t> {
    /// The declaration at these bytes, and those around it, outermost first.
    pub fn find(file: &'t File, range: &Range<usize>) -> Option<(Self, Vec<ResourceDeclaration<'t>>)> {
        let mut around = Vec::new();
        let mut at: Node<'t> =
            file.statements().map(|one| one.node()).find(|node| contains(&node.byte_range(), range))?;
        loop {
            if at.byte_range() == *range {
                if let Some(one) = ResourceDeclaration::cast(at) {
                    return Some((Declaration::Resource(one), around));
                }
                if let Some(one) = ModuleDeclaration::cast(at) {
                    return Some((Declaration::Module(one), around));
                }
            }
            around.extend(ResourceDeclaration::cast(at));
            at = at.children(&mut at.walk()).find(|node| contains(&node.byte_range(), range))?;
        }
    }

    pub fn body(self) -> Option<DeclarationBody<'t>> {
        match self {
            Declaration::Resource(one) => one.body(),
            Declaration::Module(one) => one.body(),
        }
    }

    pub fn object(self) -> Option<Object<'t>> {
        match self.body()? {
            DeclarationBody::Object(object) => Some(object),
            DeclarationBody::IfBody(body) => body.body(),
            DeclarationBody::ForExpression(one) => match one.body()? {
                ForBody::Expression(Expression::Object(object)) => Some(object),
                ForBody::IfBody(body) => body.body(),
                ForBody::Expression(_) => None,
            },
        }
    }

    pub fn is_loop(self) -> bool {
        matches!(self.body(), Some(DeclarationBody::ForExpression(_)))
    }

    pub fn condition(self, text: &'t str) -> Option<&'t str> {
        let of = |body: IfBody<'t>| text.get(body.condition()?.span());
        match self.body()? {
            DeclarationBody::IfBody(body) => of(body),
            _ => None,
        }
    }

    pub fn name(self, text: &'t str) -> Option<&'t str> {
        match self {
            Declaration::Resource(one) => one.name(),
            Declaration::Module(one) => one.name(),
        }
        .map(|name| name.text(text))
    }

    pub fn node(self) -> Node<'t> {
        match self {
            Declaration::Resource(one) => one.node(),
            Declaration::Module(one) => one.node(),
        }
    }
}

pub(super) fn contains(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    outer.start <= inner.start && outer.end >= inner.end
}

pub(super) fn bytes(span: Span) -> Range<usize> {
    span.start as usize..span.end as usize
}

pub(super) fn member<'t>(object: Object<'t>, name: &str, text: &str) -> Option<Expression<'t>> {
    object.items().find_map(|item| match item {
        ObjectItem::Property(property) => {
            let key = match property.key()? {
                PropertyKey::Identifier(key) => key.text(text),
                PropertyKey::StringLiteral(key) => key.text(text).trim_matches('\''),
            };
            if key == name { property.value() } else { None }
        }
        _ => None,
    })
}

/// The symbolic name of a declaration: `vnet::nodes` where it is nested.
pub(super) fn symbol<'t>(
    declaration: Declaration<'t>,
    around: &[ResourceDeclaration<'t>],
    text: &'t str,
) -> Option<String> {
    if declaration.is_loop() || around.iter().any(|one| Declaration::Resource(*one).is_loop()) {
        return None;
    }
    let outer = around.iter().map(|one| one.name().map(|name| name.text(text)));
    let names: Option<Vec<_>> = outer.chain([declaration.name(text)]).collect();
    Some(names?.join("::"))
}

pub(super) fn short(text: &Text) -> String {
    text.source.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The edit that adds a property at the end of an object.
pub(super) fn add(text: &Text, object: Object<'_>, property: &str) -> Result<Edit, String> {
    let span = object.span();
    let Some(last) = object.items().last() else {
        let inside = text.slice(span.start + 1..span.end.saturating_sub(1));
        if inside.trim().is_empty() {
            let indent = text.indent(span.start).to_owned();
            let property = property.replace('\n', &format!("\n{indent}  "));
            return Ok(text.edit(span, format!("{{\n{indent}  {property}\n{indent}}}")));
        }
        return Err("an object holds nothing but a comment".to_owned());
    };
    let end = last.node().byte_range().end;
    if let Some(line_end) = text.line_end(end).filter(|line_end| *line_end < span.end) {
        let indent = text.indent(last.node().start_byte());
        let property = property.replace('\n', &format!("\n{indent}"));
        return Ok(text.edit(line_end..line_end, format!("\n{indent}{property}")));
    }
    let behind = text.slice(end..span.end).trim_start();
    let comma = if behind.starts_with(',') { "" } else { "," };
    let at = if comma.is_empty() { end + text.slice(end..span.end).find(',').map_or(0, |at| at + 1) } else { end };
    Ok(text.edit(at..at, format!("{comma} {}", property.split_whitespace().collect::<Vec<_>>().join(" "))))
}

/// The edit that makes a declaration wait for the symbols.
pub(super) fn depend(text: &Text, declaration: Declaration<'_>, on: &str) -> Result<Option<Edit>, String> {
    let object = declaration.object().ok_or("what has to wait has no body")?;
    let Some(own) = member(object, "dependsOn", text.str()) else {
        return add(text, object, &format!("dependsOn: [\n  {on}\n]")).map(Some);
    };
    let Expression::Array(array) = own else { return Err("its `dependsOn` is no list".to_owned()) };
    let items: Vec<Node<'_>> = array
        .items()
        .map(|item| match item {
            ArrayItem::Expression(one) => one.node(),
            ArrayItem::Spread(one) => one.node(),
        })
        .collect();
    if items.iter().any(|item| text.slice(item.byte_range()) == on) {
        return Ok(None);
    }
    let span = array.span();
    let Some(last) = items.last() else {
        let indent = text.indent(object.items().last().map_or(0, |one| one.node().start_byte())).to_owned();
        return Ok(Some(text.edit(span, format!("[\n{indent}  {on}\n{indent}]"))));
    };
    let end = last.byte_range().end;
    if let Some(line_end) = text.line_end(end).filter(|line_end| *line_end < span.end) {
        return Ok(Some(text.edit(line_end..line_end, format!("\n{}{on}", text.indent(last.start_byte())))));
    }
    Ok(Some(text.edit(end..end, format!(", {on}"))))
}

/// A name made of letters and digits.
pub(super) fn identifier(name: &str, otherwise: &str) -> String {
    let mut out = String::new();
    let mut upper = false;
    for character in name.chars() {
        if character.is_ascii_alphanumeric() {
            out.push(if upper { character.to_ascii_uppercase() } else { character });
            upper = false;
        } else {
            upper = !out.is_empty();
        }
    }
    match out.chars().next() {
        Some(first) if first.is_ascii_alphabetic() => out[..1].to_ascii_lowercase() + &out[1..],
        _ => format!("{otherwise}{out}"),
    }
}

/// The name, or one with a number where the file uses it.
pub(super) fn unique(text: &Text, name: &str) -> String {
    let is_used = |name: &str| {
        text.str().match_indices(name).any(|(at, _)| {
            let edge = |character: Option<char>| character.is_none_or(|one| !one.is_alphanumeric() && one != '_');
            edge(text.str()[..at].chars().next_back()) && edge(text.str()[at + name.len()..].chars().next())
        })
    };
    let numbered = (2..).map(|number| format!("{name}{number}"));
    [name.to_owned()].into_iter().chain(numbered.take(1000)).find(|name| !is_used(name)).unwrap_or_default()
}
