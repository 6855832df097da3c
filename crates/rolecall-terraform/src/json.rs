//! JSON configuration (`.tf.json`, `.tofu.json`) and JSON variable files to the syntax tree of HCL.
//!
//! Where JSON may mean an attribute or a block, the tree says attribute; mappings take an object or a list of objects for
//! blocks. Strings are templates; in places that take references they are taken apart there.

use jsonc_parser::ast::{Object, Value};
use jsonc_parser::common::Ranged;
use rolecall_source::{Diagnostic, FileId, Span};

use crate::hcl::{self, simplify};
use crate::syntax::{Attribute, Block, Body, Expr, ExprKind};

/// Block kinds of a configuration with the number of their labels.
const KINDS: [(&str, usize); 11] = [
    ("resource", 2),
    ("data", 2),
    ("ephemeral", 2),
    ("variable", 1),
    ("output", 1),
    ("module", 1),
    ("provider", 1),
    ("locals", 0),
    ("terraform", 0),
    ("moved", 0),
    ("import", 0),
];

/// Parses a configuration file.
pub fn parse(file: FileId, text: &str) -> (Body, Vec<Diagnostic>) {
    let lower = Lower { file, templates: true };
    let (root, diagnostics) = lower.root(text);
    let mut body = Body::default();
    let Some(root) = root else { return (body, diagnostics) };
    for property in &root.properties {
        let kind = property.name.as_str();
        if let Some((_, labels)) = KINDS.iter().find(|(known, _)| *known == kind) {
            lower.blocks(kind, *labels, &mut Vec::new(), &property.value, &mut body.blocks);
        }
    }
    (body, diagnostics)
}

/// Parses a variable file: an object whose strings are strings.
pub fn variables(file: FileId, text: &str) -> (Body, Vec<Diagnostic>) {
    let lower = Lower { file, templates: false };
    let (root, diagnostics) = lower.root(text);
    (root.map(|root| lower.body(&root)).unwrap_or_default(), diagnostics)
}

struct Lower {
    file: FileId,
    templates: bool,
}

impl Lower {
    fn root<'a>(&self, text: &'a str) -> (Option<Object<'a>>, Vec<Diagnostic>) {
        let options = jsonc_parser::ParseOptions::default();
        match jsonc_parser::parse_to_ast(text, &jsonc_parser::CollectOptions::default(), &options) {
            Ok(parsed) => match parsed.value {
                Some(Value::Object(object)) => (Some(object), Vec::new()),
                _ => {
                    let span = Span::file_start(self.file);
                    (None, vec![Diagnostic::error(span, "the file is not a JSON object, as configuration must be")])
                }
            },
            Err(error) => {
                let at = error.range().start;
                let message = format!("the file is not well-formed JSON: {}", error.kind());
                (None, vec![Diagnostic::error(Span::new(self.file, at, at), message)])
            }
        }
    }

    fn span(&self, node: &impl Ranged) -> Span {
        Span::new(self.file, node.start(), node.end())
    }

    fn blocks(
        &self,
        kind: &str,
        labels: usize,
        found: &mut Vec<std::sync::Arc<str>>,
        value: &Value<'_>,
        out: &mut Vec<Block>,
    ) {
        match value {
            Value::Array(array) => {
                for element in &array.elements {
                    self.blocks(kind, labels, found, element, out);
                }
            }
            Value::Object(object) if labels > 0 => {
                for property in &object.properties {
                    found.push(property.name.as_str().into());
                    self.blocks(kind, labels - 1, found, &property.value, out);
                    found.pop();
                }
            }
            Value::Object(object) => out.push(Block {
                kind: kind.into(),
                labels: found.clone(),
                body: self.block_body(kind, object),
                span: self.span(object),
            }),
            _ => {}
        }
    }

    fn block_body(&self, kind: &str, object: &Object<'_>) -> Body {
        let mut body = self.body(object);
        // The meta-blocks that are read as blocks everywhere.
        let nested: &[&str] = match kind {
            "variable" => &["validation"],
            "terraform" => &["required_providers", "backend"],
            "resource" | "data" => &["lifecycle", "timeouts"],
            _ => &[],
        };
        for name in nested {
            if let Some(property) = object.properties.iter().find(|property| property.name.as_str() == *name) {
                body.attributes.retain(|attribute| &*attribute.name != *name);
                let labels = usize::from(*name == "backend");
                self.blocks(name, labels, &mut Vec::new(), &property.value, &mut body.blocks);
            }
        }
        // `"dynamic": {"identity": {"for_each": …, "content": {…}}}`.
        if let Some(property) = object.properties.iter().find(|property| property.name.as_str() == "dynamic") {
            body.attributes.retain(|attribute| &*attribute.name != "dynamic");
            let from = body.blocks.len();
            self.blocks("dynamic", 1, &mut Vec::new(), &property.value, &mut body.blocks);
            for block in &mut body.blocks[from..] {
                if let Some(at) = block.body.attributes.iter().position(|attribute| &*attribute.name == "content") {
                    let content = block.body.attributes.swap_remove(at);
                    if let ExprKind::Object(entries) = content.value.kind {
                        block.body.blocks.push(Block {
                            kind: "content".into(),
                            labels: Vec::new(),
                            body: entries_body(entries),
                            span: content.span,
                        });
                    }
                }
            }
        }
        body
    }

    fn body(&self, object: &Object<'_>) -> Body {
        let attributes =
            object.properties.iter().filter(|property| property.name.as_str() != "//").map(|property| Attribute {
                name: property.name.as_str().into(),
                value: self.expr(&property.value),
                span: self.span(property),
            });
        Body { attributes: attributes.collect(), blocks: Vec::new() }
    }

    fn expr(&self, value: &Value<'_>) -> Expr {
        let span = self.span(value);
        let kind = match value {
            Value::NullKeyword(_) => ExprKind::Null,
            Value::BooleanLit(literal) => ExprKind::Bool(literal.value),
            Value::NumberLit(literal) => match literal.value.parse::<i64>() {
                Ok(int) => ExprKind::Int(int),
                Err(_) => literal
                    .value
                    .parse()
                    .map_or_else(|_| ExprKind::Invalid("the number cannot be read".into()), ExprKind::Float),
            },
            Value::StringLit(literal) => self.string(&literal.value, span),
            Value::Array(array) => ExprKind::Tuple(array.elements.iter().map(|element| self.expr(element)).collect()),
            Value::Object(object) => ExprKind::Object(
                object
                    .properties
                    .iter()
                    .filter(|property| property.name.as_str() != "//")
                    .map(|property| {
                        let key = self.string(property.name.as_str(), self.span(property));
                        (Expr { kind: key, span: self.span(property) }, self.expr(&property.value))
                    })
                    .collect(),
            ),
        };
        Expr { kind, span }
    }

    fn string(&self, text: &str, span: Span) -> ExprKind {
        if !self.templates || !(text.contains("${") || text.contains("%{")) {
            return ExprKind::Str(text.into());
        }
        // Places inside are only true where the JSON string has no escapes; the string's own place is near enough.
        match hcl::template(self.file, span.start as usize + 1, text) {
            Ok(parts) => simplify(parts),
            Err(reason) => ExprKind::Invalid(reason.into()),
        }
    }
}

/// The entries of an object as a body.
fn entries_body(entries: Vec<(Expr, Expr)>) -> Body {
    let attributes = entries.into_iter().filter_map(|(key, value)| {
        let span = value.span;
        Some(Attribute { name: key.literal()?.into(), value, span })
    });
    Body { attributes: attributes.collect(), blocks: Vec::new() }
}
