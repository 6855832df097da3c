//! A configuration file as it is edited: its blocks by place, and edits in its own layout.

use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use hcl_edit::Span as _;
use hcl_edit::expr::Expression;
use hcl_edit::structure::{Block, Body};
use rolecall_graph::Site;
use rolecall_source::{Edit, SourceFile, Span};

/// A file with its tree.
pub(super) struct Text {
    pub source: Arc<SourceFile>,
    pub body: Rc<Body>,
}

impl Text {
    pub fn new(site: &Site<'_>, source: Arc<SourceFile>) -> Result<Self, String> {
        let name = source.path.display().to_string();
        if !name.ends_with(".tf") && !name.ends_with(".tofu") {
            return Err(format!("`{name}` is no configuration in HCL"));
        }
        let body = site.tree(source.id, || hcl_edit::parser::parse_body(&source.text).ok().map(Rc::new));
        let body = Option::clone(&body).ok_or_else(|| format!("`{name}` does not parse"))?;
        Ok(Text { source, body })
    }

    pub fn read(site: &Site<'_>, span: Span) -> Result<Self, String> {
        Text::new(site, site.files.get(span.file).ok_or("its file was not kept")?)
    }

    pub fn slice(&self, range: Range<usize>) -> &str {
        self.source.text.get(range).unwrap_or_default()
    }

    pub fn edit(&self, range: Range<usize>, text: String) -> Edit {
        self.source.edit(range, &text)
    }

    pub fn block(&self, declared: Span) -> Option<&Block> {
        let wanted = declared.start as usize..declared.end as usize;
        self.body.blocks().find(|block| block.span().is_some_and(|own| own == wanted))
    }

    pub fn value(&self, block: &Block, name: &str) -> Option<Range<usize>> {
        block.body.get_attribute(name)?.value.span()
    }

    pub fn written(&self, block: &Block, name: &str) -> Option<&str> {
        Some(self.slice(self.value(block, name)?).trim())
    }

    /// The end of the line of a byte, where nothing but a comment stands before it.
    pub fn line_end(&self, at: usize) -> usize {
        let rest = &self.source.text[at..];
        let end = rest.find(['\r', '\n']).unwrap_or(rest.len());
        let between = rest[..end].trim();
        if between.is_empty() || between.starts_with(['#', '/']) { at + end } else { at }
    }

    pub fn indent(&self, at: usize) -> &str {
        self.source.indent(at)
    }
}

pub(super) fn labels(block: &Block) -> Vec<&str> {
    block.labels.iter().map(|label| label.as_str()).collect()
}

/// How other blocks name a block.
pub(super) fn address(block: &Block) -> Option<String> {
    match (block.ident.as_str(), &labels(block)[..]) {
        ("resource", [kind, name]) => Some(format!("{kind}.{name}")),
        ("data", [kind, name]) => Some(format!("data.{kind}.{name}")),
        ("module", [name]) => Some(format!("module.{name}")),
        _ => None,
    }
}

/// The `count` or `for_each` of a block, as written, and how one of its instances is named within the same loop.
pub(super) fn repeated<'t>(text: &'t Text, block: &Block) -> Option<(&'static str, &'t str, &'static str)> {
    text.written(block, "count")
        .map(|own| ("count", own, "[count.index]"))
        .or_else(|| text.written(block, "for_each").map(|own| ("for_each", own, "[each.key]")))
}

/// The edit that makes a block wait for an address.
pub(super) fn depend(text: &Text, block: &Block, on: &str) -> Result<Option<Edit>, String> {
    let Some(attribute) = block.body.get_attribute("depends_on") else {
        let close = block.span().ok_or("the block has no place")?.end - 1;
        let line = text.source.text[..close].rfind('\n').map_or(0, |end| end + 1);
        if !text.slice(line..close).trim().is_empty() {
            return Err("the block stands on one line".to_owned());
        }
        let outer = text.slice(line..close).to_owned();
        return Ok(Some(text.edit(line..line, format!("\n{outer}  depends_on = [{on}]\n"))));
    };
    let Expression::Array(array) = &attribute.value else { return Err("its `depends_on` is no list".to_owned()) };
    let own = array.span().ok_or("the list has no place")?;
    let spans: Vec<Range<usize>> = array.iter().filter_map(|one| one.span()).collect();
    if spans.iter().any(|span| text.slice(span.clone()).trim() == on) {
        return Ok(None);
    }
    let Some(last) = spans.last() else { return Ok(Some(text.edit(own, format!("[{on}]")))) };
    let end = last.start + text.slice(last.clone()).trim_end().len();
    let behind = text.slice(end..own.end);
    let comma = behind.trim_start().starts_with(',');
    let many_lines = text.slice(own.clone()).contains('\n');
    let at = if comma { end + behind.find(',').unwrap_or_default() + 1 } else { end };
    Ok(Some(match (many_lines, comma) {
        (true, true) => {
            let line_end = text.line_end(at);
            text.edit(line_end..line_end, format!("\n{}{on},", text.indent(last.start)))
        }
        (true, false) => text.edit(at..at, format!(",\n{}{on}", text.indent(last.start))),
        (false, true) => text.edit(at..at, format!(" {on}")),
        (false, false) => text.edit(at..at, format!(", {on}")),
    }))
}

/// The label of what an expression names.
pub(super) fn label(expression: &str) -> String {
    let expression = expression.strip_prefix("one(").unwrap_or(expression);
    let parts: Vec<_> = expression.split('.').filter(|part| *part != "data").collect();
    match parts[..] {
        ["var", name, ..] => name.trim_end_matches("_id").to_owned(),
        ["module", name, output, ..] => format!("{name} {}", output.trim_end_matches("_id")),
        [_, name, ..] => name.split('[').next().unwrap_or_default().to_owned(),
        _ => "scope".to_owned(),
    }
}

pub(super) fn snake(text: &str) -> String {
    let words = text.split(|one: char| !one.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("_")
}
