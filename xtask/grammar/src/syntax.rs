//! Writes the typed syntax layer of `rolecall-bicep` from the grammar's `node-types.json`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

#[derive(Deserialize, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct TypeName {
    #[serde(rename = "type")]
    name: String,
    named: bool,
}

#[derive(Deserialize)]
struct FieldInfo {
    multiple: bool,
    types: Vec<TypeName>,
}

#[derive(Deserialize)]
struct NodeType {
    #[serde(rename = "type")]
    name: String,
    named: bool,
    #[serde(default)]
    fields: BTreeMap<String, FieldInfo>,
    #[serde(default)]
    subtypes: Vec<TypeName>,
    children: Option<serde::de::IgnoredAny>,
}

/// Names for the sets of kinds that a field can hold and the grammar has no name for.
const UNIONS: [(&str, &str, &[&str]); 11] = [
    ("ArrayItem", "An item of an array.", &["expression", "spread"]),
    (
        "ObjectItem",
        "An item of an object; nested resources stand only in the body of a resource.",
        &["property", "resource_declaration", "spread"],
    ),
    ("PropertyKey", "The key of a property, or the name of an extension.", &["identifier", "string_literal"]),
    ("DeclarationBody", "The body of a resource or module.", &["for_expression", "if_body", "object"]),
    (
        "ForBody",
        "The body of a loop; a condition stands only in the loop of a resource or module.",
        &["expression", "if_body"],
    ),
    ("ForVariable", "The variables of a loop.", &["identifier", "index_variables"]),
    ("ImportedName", "The name of an imported symbol.", &["identifier", "string"]),
    ("ImportedSymbols", "What an import takes.", &["import_list", "wildcard_import"]),
    ("UsingPath", "The template that a parameter file is for.", &["none_literal", "string_literal"]),
    ("ObjectTypeItem", "A member of an object type.", &["object_type_additional_properties", "object_type_property"]),
    (
        "StringPiece",
        "A piece of text between the holes of a string.",
        &["string_left", "string_middle", "string_right"],
    ),
];

const MULTILINE_PIECE: (&str, &str, &[&str]) = (
    "MultilineStringPiece",
    "A piece of text between the holes of a multi-line string.",
    &["multiline_string_left", "multiline_string_middle", "multiline_string_right"],
);

const OPERATORS: [(&str, &str); 17] = [
    ("!", "Not"),
    ("!=", "NotEquals"),
    ("!~", "NotEqualsInsensitive"),
    ("%", "Modulo"),
    ("&&", "And"),
    ("*", "Multiply"),
    ("+", "Add"),
    ("-", "Minus"),
    ("/", "Divide"),
    ("<", "Less"),
    ("<=", "LessOrEqual"),
    ("==", "Equals"),
    ("=~", "EqualsInsensitive"),
    (">", "Greater"),
    (">=", "GreaterOrEqual"),
    ("??", "Coalesce"),
    ("||", "Or"),
];

fn camel(snake: &str) -> String {
    snake
        .split('_')
        .map(|word| {
            let mut letters = word.chars();
            letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
        })
        .collect()
}

fn method(field: &str, multiple: bool) -> String {
    match (field, multiple) {
        ("type", _) => "ty".to_owned(),
        (field, true) => format!("{field}s"),
        (field, false) => field.to_owned(),
    }
}

struct Schema {
    nodes: Vec<NodeType>,
    supertypes: BTreeMap<String, BTreeSet<String>>,
}

impl Schema {
    fn parse(node_types: &str) -> Result<Self> {
        let mut nodes: Vec<NodeType> = serde_json::from_str(node_types).context("node-types.json")?;
        nodes.retain(|node| node.named);
        if let Some(node) = nodes.iter().find(|node| node.children.is_some()) {
            bail!("`{}` has children without a field", node.name);
        }
        let supertypes = nodes
            .iter()
            .filter(|node| !node.subtypes.is_empty())
            .map(|node| (node.name.clone(), node.subtypes.iter().map(|kind| kind.name.clone()).collect()))
            .collect();
        Ok(Self { nodes, supertypes })
    }

    /// The kinds of node that a type name stands for.
    fn closure(&self, name: &str) -> BTreeSet<String> {
        match self.supertypes.get(name) {
            Some(kinds) => kinds.iter().flat_map(|kind| self.closure(kind)).collect(),
            None => BTreeSet::from([name.to_owned()]),
        }
    }

    /// The Rust type for what a field holds.
    fn rust_type(&self, node: &str, field: &str, info: &FieldInfo) -> Result<String> {
        let names: BTreeSet<&str> = info.types.iter().map(|kind| kind.name.as_str()).collect();
        if info.types.iter().all(|kind| !kind.named) {
            return Ok(match (names.len(), field) {
                (1, _) => "Token".to_owned(),
                (2, _) => "UnaryOperator".to_owned(),
                _ => "BinaryOperator".to_owned(),
            });
        }
        if let [one] = info.types.as_slice() {
            return Ok(camel(&one.name));
        }
        let known = UNIONS
            .iter()
            .chain([&MULTILINE_PIECE])
            .find(|(_, _, kinds)| kinds.iter().copied().collect::<BTreeSet<_>>() == names);
        if let Some((name, _, _)) = known {
            return Ok((*name).to_owned());
        }
        let kinds: BTreeSet<String> = info.types.iter().flat_map(|kind| self.closure(&kind.name)).collect();
        for group in ["expression", "type", "declared_type"] {
            if kinds.is_subset(&self.closure(group)) {
                return Ok(camel(group));
            }
        }
        bail!("the field `{field}` of `{node}` needs a name for what it holds: {names:?}")
    }
}

/// The source of `crates/rolecall-bicep/src/syntax/generated.rs`.
pub fn typed_layer(node_types: &str) -> Result<String> {
    let schema = Schema::parse(node_types)?;
    let mut out = String::from(
        "//! Generated from `grammars/bicep/src/node-types.json` by `cargo xtask codegen`.\n\nuse tree_sitter::Node;\n\nuse super::{Children, SyntaxNode, Token, field, fields};\n\n",
    );
    kinds(&mut out, &schema)?;
    field_names(&mut out, &schema)?;
    for node in schema.nodes.iter().filter(|node| node.subtypes.is_empty()) {
        structure(&mut out, &schema, node)?;
    }
    for (name, subtypes) in &schema.supertypes {
        let doc = format!("Any node of the group `{name}`.");
        group(&mut out, &schema, &camel(name), &doc, &subtypes.iter().map(String::as_str).collect::<Vec<_>>())?;
    }
    for (name, doc, kinds) in UNIONS.iter().chain([&MULTILINE_PIECE]) {
        group(&mut out, &schema, name, doc, kinds)?;
    }
    operators(&mut out, "UnaryOperator", "An operator before its operand.", &["!", "-"])?;
    let binary: Vec<&str> = OPERATORS.iter().map(|(text, _)| *text).filter(|text| *text != "!").collect();
    operators(&mut out, "BinaryOperator", "An operator between its operands.", &binary)?;
    Ok(out)
}

fn kinds(out: &mut String, schema: &Schema) -> Result<()> {
    let kinds: Vec<&str> =
        schema.nodes.iter().filter(|node| node.subtypes.is_empty()).map(|node| node.name.as_str()).collect();
    writeln!(
        out,
        "/// Every kind of node.\n#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]\npub enum SyntaxKind {{"
    )?;
    for kind in &kinds {
        writeln!(out, "    /// `{kind}`\n    {},", camel(kind))?;
    }
    for (text, name) in OPERATORS {
        writeln!(out, "    /// `{text}`\n    {name}Operator,")?;
    }
    writeln!(
        out,
        "}}\n\nimpl SyntaxKind {{\n    pub(super) fn from_name(name: &str, named: bool) -> Option<Self> {{\n        Some(match (name, named) {{"
    )?;
    for kind in &kinds {
        writeln!(out, "            ({kind:?}, true) => Self::{},", camel(kind))?;
    }
    for (text, name) in OPERATORS {
        writeln!(out, "            ({text:?}, false) => Self::{name}Operator,")?;
    }
    writeln!(out, "            _ => return None,\n        }})\n    }}\n}}\n")?;
    Ok(())
}

fn field_names(out: &mut String, schema: &Schema) -> Result<()> {
    let names: BTreeSet<&str> = schema.nodes.iter().flat_map(|node| node.fields.keys()).map(String::as_str).collect();
    writeln!(out, "#[derive(Clone, Copy)]\npub(super) enum Field {{")?;
    for name in &names {
        writeln!(out, "    {},", camel(name))?;
    }
    writeln!(out, "}}\n\nimpl Field {{\n    pub(super) const COUNT: usize = {};", names.len())?;
    writeln!(out, "    pub(super) const ALL: [Self; Self::COUNT] = [")?;
    for name in &names {
        writeln!(out, "        Self::{},", camel(name))?;
    }
    writeln!(out, "    ];\n\n    pub(super) fn name(self) -> &'static str {{\n        match self {{")?;
    for name in &names {
        writeln!(out, "            Self::{} => {name:?},", camel(name))?;
    }
    writeln!(out, "        }}\n    }}\n}}\n")?;
    Ok(())
}

fn structure(out: &mut String, schema: &Schema, node: &NodeType) -> Result<()> {
    let name = camel(&node.name);
    writeln!(
        out,
        "/// `{}`\n#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]\npub struct {name}<'t>(Node<'t>);\n",
        node.name
    )?;
    writeln!(out, "impl<'t> SyntaxNode<'t> for {name}<'t> {{")?;
    writeln!(
        out,
        "    fn cast(node: Node<'t>) -> Option<Self> {{\n        (SyntaxKind::of(node) == Some(SyntaxKind::{name})).then_some(Self(node))\n    }}\n"
    )?;
    writeln!(out, "    fn node(self) -> Node<'t> {{\n        self.0\n    }}\n}}\n")?;
    if node.fields.is_empty() {
        return Ok(());
    }
    writeln!(out, "impl<'t> {name}<'t> {{")?;
    for (index, (field, info)) in node.fields.iter().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        let rust_type = schema.rust_type(&node.name, field, info)?;
        let (returns, call) = if info.multiple {
            (format!("Children<'t, {rust_type}<'t>>"), "fields")
        } else {
            (format!("Option<{rust_type}<'t>>"), "field")
        };
        writeln!(out, "    /// The field `{field}`.\n    #[must_use]")?;
        writeln!(
            out,
            "    pub fn {}(self) -> {returns} {{\n        {call}(self.0, Field::{})\n    }}",
            method(field, info.multiple),
            camel(field)
        )?;
    }
    writeln!(out, "}}\n")?;
    Ok(())
}

fn group(out: &mut String, schema: &Schema, name: &str, doc: &str, kinds: &[&str]) -> Result<()> {
    let in_group = |kind: &str| kinds.iter().any(|group| *group != kind && schema.closure(group).contains(kind));
    let kinds: Vec<&str> = kinds.iter().copied().filter(|kind| !in_group(kind)).collect();
    writeln!(out, "/// {doc}\n#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]\npub enum {name}<'t> {{")?;
    for kind in &kinds {
        writeln!(out, "    /// `{kind}`\n    {0}({0}<'t>),", camel(kind))?;
    }
    writeln!(out, "}}\n\nimpl<'t> SyntaxNode<'t> for {name}<'t> {{")?;
    writeln!(out, "    fn cast(node: Node<'t>) -> Option<Self> {{\n        match SyntaxKind::of(node)? {{")?;
    for kind in &kinds {
        let patterns: Vec<String> =
            schema.closure(kind).iter().map(|member| format!("SyntaxKind::{}", camel(member))).collect();
        writeln!(out, "            {} => {1}::cast(node).map(Self::{1}),", patterns.join(" | "), camel(kind))?;
    }
    writeln!(out, "            _ => None,\n        }}\n    }}\n")?;
    writeln!(out, "    fn node(self) -> Node<'t> {{\n        match self {{")?;
    for kind in kinds {
        writeln!(out, "            Self::{}(node) => node.node(),", camel(kind))?;
    }
    writeln!(out, "        }}\n    }}\n}}\n")?;
    Ok(())
}

fn operators(out: &mut String, name: &str, doc: &str, texts: &[&str]) -> Result<()> {
    writeln!(out, "/// {doc}\n#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]\npub enum {name}<'t> {{")?;
    let named = || OPERATORS.iter().filter(|(text, _)| texts.contains(text));
    for (text, variant) in named() {
        writeln!(out, "    /// `{text}`\n    {variant}(Token<'t>),")?;
    }
    writeln!(out, "}}\n\nimpl<'t> SyntaxNode<'t> for {name}<'t> {{")?;
    writeln!(
        out,
        "    fn cast(node: Node<'t>) -> Option<Self> {{\n        let token = Token::cast(node)?;\n        match SyntaxKind::of(node)? {{"
    )?;
    for (_, variant) in named() {
        writeln!(out, "            SyntaxKind::{variant}Operator => Some(Self::{variant}(token)),")?;
    }
    writeln!(out, "            _ => None,\n        }}\n    }}\n")?;
    writeln!(out, "    fn node(self) -> Node<'t> {{\n        match self {{")?;
    let patterns: Vec<String> = named().map(|(_, variant)| format!("Self::{variant}(token)")).collect();
    writeln!(out, "            {} => token.node(),", patterns.join(" | "))?;
    writeln!(out, "        }}\n    }}\n}}\n")?;
    Ok(())
}
