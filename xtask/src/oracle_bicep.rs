//! Compares our trees with the official parser's, as its own baselines record them.
//!
//! A baseline is the source with lines of the form `//@[002:0017) | ├─StringSyntax` after each source line: the columns at which a node that
//! begins on that line starts and ends, counted in UTF-16 units from the beginning of the line. Both trees become the same list of labels and
//! spans in pre-order; nodes that only one side has (wrappers around one child, punctuation) are left out of it.

#![allow(clippy::print_stdout, reason = "a report goes to standard output")]

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use rolecall_bicep::File;
use rolecall_bicep::syntax::SyntaxKind;
use tree_sitter::{Node, TreeCursor};

#[derive(Debug, PartialEq, Eq, Clone)]
struct Entry {
    start: usize,
    end: usize,
    label: String,
}

/// One node of the official tree.
struct Official {
    depth: usize,
    start: usize,
    end: usize,
    name: String,
    /// What a token shows of its text.
    text: String,
}

/// Compares every baseline under `dir` whose path contains none of `skip`.
pub fn oracle(dir: &Path, skip: &[String]) -> Result<()> {
    let (mut equal, mut nodes) = (0, 0);
    let mut different = Vec::new();
    for path in crate::corpus_bicep::files(dir, &["bicep", "bicepparam"])? {
        let shown = path.display().to_string();
        let is_baseline = shown.ends_with(".syntax.bicep") || shown.ends_with(".syntax.bicepparam");
        if !is_baseline || skip.iter().any(|part| shown.contains(part.as_str())) {
            continue;
        }
        match compare(&path).with_context(|| shown.clone())? {
            Ok(count) => {
                equal += 1;
                nodes += count;
            }
            Err(difference) => different.push(format!("{shown}\n{difference}")),
        }
    }
    for difference in &different {
        println!("{difference}");
    }
    println!("trees equal     {equal}, with {nodes} nodes compared");
    println!("trees different {}", different.len());
    if equal + different.len() == 0 {
        bail!("no baseline found");
    }
    Ok(())
}

fn source_of(baseline: &Path) -> PathBuf {
    PathBuf::from(baseline.display().to_string().replace(".syntax.", "."))
}

fn compare(path: &Path) -> Result<Result<usize, String>> {
    let source = fs::read_to_string(source_of(path))?;
    // The official offsets do not count a byte order mark.
    let source = source.strip_prefix('\u{feff}').unwrap_or(&source);
    let official = canonical_official(&read_baseline(&fs::read_to_string(path)?, source)?);
    let ours = canonical_ours(source);
    let differs = (0..official.len().max(ours.len())).find(|index| official.get(*index) != ours.get(*index));
    Ok(match differs {
        None => Ok(official.len()),
        Some(index) => {
            let show = |entry: Option<&Entry>| match entry {
                Some(entry) => {
                    let line = source[..entry.start.min(source.len())].matches('\n').count() + 1;
                    let text = source.get(entry.start..entry.end).unwrap_or_default();
                    format!("line {line} {} {:?}", entry.label, text.chars().take(60).collect::<String>())
                }
                None => "nothing".to_owned(),
            };
            Err(format!("  official: {}\n  ours:     {}", show(official.get(index)), show(ours.get(index))))
        }
    })
}

fn read_baseline(baseline: &str, source: &str) -> Result<Vec<Official>> {
    let units = utf16_to_bytes(source);
    let lines: Vec<usize> = line_starts(source);
    let mut line = 0;
    let mut nodes = Vec::new();
    for text in baseline.lines() {
        let Some(note) = text.strip_prefix("//@[") else {
            line += 1;
            continue;
        };
        let (span, rest) = note.split_once(") ").context("a note without a span")?;
        let (start, end) = span.split_once(':').context("a span without an end")?;
        let base = *lines.get(line - 1).context("more lines than the source has")?;
        let at = |column: &str| -> Result<usize> {
            let unit = base + column.parse::<usize>()?;
            Ok(*units.get(unit).context("a column outside the source")?)
        };
        let drawn = rest.chars().take_while(|letter| !letter.is_ascii_alphabetic()).count();
        let shown: String = rest.chars().skip(drawn).collect();
        let (name, text) = match shown.split_once(" |") {
            Some((name, text)) => (name.to_owned(), text.strip_suffix('|').unwrap_or(text).to_owned()),
            None => (shown, String::new()),
        };
        nodes.push(Official { depth: drawn / 2, start: at(start)?, end: at(end)?, name, text });
    }
    Ok(nodes)
}

/// The byte offset of every UTF-16 unit.
fn utf16_to_bytes(source: &str) -> Vec<usize> {
    let mut units = Vec::with_capacity(source.len() + 1);
    for (at, letter) in source.char_indices() {
        units.extend(std::iter::repeat_n(at, letter.len_utf16()));
    }
    units.push(source.len());
    units
}

/// The first UTF-16 unit of every line.
fn line_starts(source: &str) -> Vec<usize> {
    let mut starts = vec![0];
    let mut unit = 0;
    for letter in source.chars() {
        unit += letter.len_utf16();
        if letter == '\n' {
            starts.push(unit);
        }
    }
    starts
}

fn canonical_official(nodes: &[Official]) -> Vec<Entry> {
    let mut entries = Vec::new();
    for (index, node) in nodes.iter().enumerate() {
        let tokens: Vec<(&str, &str)> = nodes[index + 1..]
            .iter()
            .take_while(|child| child.depth > node.depth)
            .filter(|child| child.depth == node.depth + 1)
            .map(|child| (child.name.as_str(), child.text.as_str()))
            .collect();
        let has = |token: &str| tokens.iter().any(|(name, _)| *name == token);
        let label = match node.name.as_str() {
            "IdentifierSyntax" => "identifier".to_owned(),
            "VariableAccessSyntax" => "variable".to_owned(),
            "StringSyntax" | "StringTypeLiteralSyntax" => "string".to_owned(),
            "Token(StringComplete)"
            | "Token(StringLeftPiece)"
            | "Token(StringMiddlePiece)"
            | "Token(StringRightPiece)" => "piece".to_owned(),
            "IntegerLiteralSyntax" | "IntegerTypeLiteralSyntax" => "integer".to_owned(),
            "BooleanLiteralSyntax" | "BooleanTypeLiteralSyntax" => "boolean".to_owned(),
            "NullLiteralSyntax" | "NullTypeLiteralSyntax" => "null".to_owned(),
            "BinaryOperationSyntax" | "UnaryOperationSyntax" | "UnaryTypeOperationSyntax" => {
                let operator = tokens.iter().find(|(name, _)| name.starts_with("Token(")).map_or("", |(_, text)| text);
                format!("operation {operator}")
            }
            "PropertyAccessSyntax" => format!("property access{}", if has("Token(Question)") { " safe" } else { "" }),
            "ArrayAccessSyntax" => format!(
                "index access{}{}",
                if has("Token(Question)") { " safe" } else { "" },
                if has("Token(Hat)") { " from end" } else { "" }
            ),
            "ResourceDeclarationSyntax" => {
                let existing = tokens.contains(&("Token(Identifier)", "existing"));
                format!("resource{}", if existing { " existing" } else { "" })
            }
            name => match PAIRS.iter().find(|(official, _)| *official == name) {
                Some((_, label)) => (*label).to_owned(),
                None if name.starts_with("Token(") || WRAPPERS.contains(&name) => continue,
                None => format!("unknown {name}"),
            },
        };
        entries.push(Entry { start: node.start, end: node.end, label });
    }
    entries
}

/// Nodes that our tree has no counterpart of, because they only wrap one child or a few tokens.
const WRAPPERS: [&str; 17] = [
    "ProgramSyntax",
    "ArrayItemSyntax",
    "FunctionArgumentSyntax",
    "ParameterDefaultValueSyntax",
    "UnionTypeMemberSyntax",
    "ArrayTypeMemberSyntax",
    "ParameterizedTypeArgumentSyntax",
    "LocalVariableSyntax",
    "VariableBlockSyntax",
    "TypedLambdaSyntax",
    "TypedVariableBlockSyntax",
    "AliasAsClauseSyntax",
    "CompileTimeImportFromClauseSyntax",
    // An absent clause.
    "SkippedTriviaSyntax",
    "UsingWithClauseSyntax",
    "ExtensionWithClauseSyntax",
    "NoneLiteralSyntax",
];

const PAIRS: [(&str, &str); 52] = [
    ("ArraySyntax", "array"),
    ("ObjectSyntax", "object"),
    ("ObjectPropertySyntax", "property"),
    ("SpreadExpressionSyntax", "spread"),
    ("FunctionCallSyntax", "call"),
    ("InstanceFunctionCallSyntax", "method call"),
    ("ResourceAccessSyntax", "resource access"),
    ("NonNullAssertionSyntax", "non-null"),
    ("ParenthesizedExpressionSyntax", "parenthesized"),
    ("TernaryOperationSyntax", "conditional"),
    ("LambdaSyntax", "lambda"),
    ("ForSyntax", "for"),
    ("IfConditionSyntax", "if"),
    ("DecoratorSyntax", "decorator"),
    ("TypeVariableAccessSyntax", "type"),
    ("ParameterizedTypeInstantiationSyntax", "parameterized type"),
    ("InstanceParameterizedTypeInstantiationSyntax", "qualified parameterized type"),
    ("TypePropertyAccessSyntax", "type property"),
    ("TypeArrayAccessSyntax", "type index"),
    ("TypeItemsAccessSyntax", "type items"),
    ("TypeAdditionalPropertiesAccessSyntax", "type additional properties"),
    ("ArrayTypeSyntax", "array type"),
    ("TupleTypeSyntax", "tuple type"),
    ("TupleTypeItemSyntax", "tuple type item"),
    ("ObjectTypeSyntax", "object type"),
    ("ObjectTypePropertySyntax", "object type property"),
    ("ObjectTypeAdditionalPropertiesSyntax", "object type additional properties"),
    ("ParenthesizedTypeSyntax", "parenthesized type"),
    ("NullableTypeSyntax", "nullable"),
    ("NonNullableTypeSyntax", "non-nullable"),
    ("UnionTypeSyntax", "union"),
    ("ResourceTypeSyntax", "resource type"),
    ("TargetScopeSyntax", "target scope"),
    ("MetadataDeclarationSyntax", "metadata"),
    ("ParameterDeclarationSyntax", "parameter"),
    ("ParameterAssignmentSyntax", "parameter assignment"),
    ("VariableDeclarationSyntax", "variable declaration"),
    ("TypeDeclarationSyntax", "type declaration"),
    ("FunctionDeclarationSyntax", "function"),
    ("TypedLocalVariableSyntax", "typed parameter"),
    ("ModuleDeclarationSyntax", "module"),
    ("OutputDeclarationSyntax", "output"),
    ("AssertDeclarationSyntax", "assert"),
    ("TestDeclarationSyntax", "test"),
    ("CompileTimeImportDeclarationSyntax", "import"),
    ("ImportedSymbolsListSyntax", "import list"),
    ("ImportedSymbolsListItemSyntax", "import item"),
    ("WildcardImportSyntax", "wildcard import"),
    ("ExtensionDeclarationSyntax", "extension"),
    ("UsingDeclarationSyntax", "using"),
    ("ExtendsDeclarationSyntax", "extends"),
    ("ExtensionConfigAssignmentSyntax", "extension config"),
];

fn canonical_ours(source: &str) -> Vec<Entry> {
    let file = File::parse(source);
    let mut entries = Vec::new();
    for piece in file.pieces() {
        match piece.tree() {
            Some(tree) => walk(&mut tree.walk(), source, &mut entries),
            None => {
                let range = piece.range();
                entries.push(Entry { start: range.start, end: range.end, label: "unreadable".to_owned() });
            }
        }
    }
    entries
}

fn walk(cursor: &mut TreeCursor<'_>, source: &str, entries: &mut Vec<Entry>) {
    loop {
        let node = cursor.node();
        let labels: Vec<String> =
            if node.is_error() || node.is_missing() { vec!["error".to_owned()] } else { labels(node, source) };
        for label in labels {
            entries.push(Entry { start: node.start_byte(), end: node.end_byte(), label });
        }
        if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
        }
    }
}

fn labels(node: Node<'_>, source: &str) -> Vec<String> {
    use SyntaxKind as K;
    let token = |field: &str| node.child_by_field_name(field).map(|child| &source[child.byte_range()]);
    let one = |label: &str| vec![label.to_owned()];
    let Some(kind) = K::of(node) else { return Vec::new() };
    match kind {
        K::Identifier => one("identifier"),
        K::VariableReference => vec!["variable".to_owned(), "identifier".to_owned()],
        K::TypeReference => vec!["type".to_owned(), "identifier".to_owned()],
        K::String | K::MultilineString => vec!["string".to_owned(), "piece".to_owned()],
        K::InterpolatedString | K::InterpolatedMultilineString => one("string"),
        K::StringLeft
        | K::StringMiddle
        | K::StringRight
        | K::MultilineStringLeft
        | K::MultilineStringMiddle
        | K::MultilineStringRight => one("piece"),
        K::Integer => one("integer"),
        K::Boolean => one("boolean"),
        K::Null => one("null"),
        K::BinaryExpression | K::UnaryExpression | K::UnaryType => {
            vec![format!("operation {}", token("operator").unwrap_or_default())]
        }
        K::PropertyAccess => vec![format!("property access{}", if token("safe").is_some() { " safe" } else { "" })],
        K::IndexAccess => vec![format!(
            "index access{}{}",
            if token("safe").is_some() { " safe" } else { "" },
            if token("from_end").is_some() { " from end" } else { "" }
        )],
        K::ResourceDeclaration => {
            vec![format!("resource{}", if token("existing").is_some() { " existing" } else { "" })]
        }
        K::Array => one("array"),
        K::Object => one("object"),
        K::Property => one("property"),
        K::Spread => one("spread"),
        K::CallExpression => one("call"),
        K::MethodCall => one("method call"),
        K::ResourceAccess => one("resource access"),
        K::NonNullAssertion => one("non-null"),
        K::ParenthesizedExpression => one("parenthesized"),
        K::ConditionalExpression => one("conditional"),
        K::LambdaExpression => one("lambda"),
        K::ForExpression => one("for"),
        K::IfBody => one("if"),
        K::Decorator => one("decorator"),
        K::ParameterizedType => one("parameterized type"),
        K::QualifiedParameterizedType => one("qualified parameterized type"),
        K::TypePropertyAccess => one("type property"),
        K::TypeIndexAccess => one("type index"),
        K::TypeItemsAccess => one("type items"),
        K::TypeAdditionalPropertiesAccess => one("type additional properties"),
        K::ArrayType => one("array type"),
        K::TupleType => one("tuple type"),
        K::TupleTypeItem => one("tuple type item"),
        K::ObjectType => one("object type"),
        K::ObjectTypeProperty => one("object type property"),
        K::ObjectTypeAdditionalProperties => one("object type additional properties"),
        K::ParenthesizedType => one("parenthesized type"),
        K::NullableType => one("nullable"),
        K::NonNullableType => one("non-nullable"),
        K::UnionType => one("union"),
        K::ResourceType => one("resource type"),
        K::TargetScopeDeclaration => one("target scope"),
        K::MetadataDeclaration => one("metadata"),
        K::ParameterDeclaration => one("parameter"),
        K::ParameterAssignment => one("parameter assignment"),
        K::VariableDeclaration => one("variable declaration"),
        K::TypeDeclaration => one("type declaration"),
        K::FunctionDeclaration => one("function"),
        K::TypedParameter => one("typed parameter"),
        K::ModuleDeclaration => one("module"),
        K::OutputDeclaration => one("output"),
        K::AssertDeclaration => one("assert"),
        K::TestDeclaration => one("test"),
        K::ImportDeclaration => one("import"),
        K::ImportList => one("import list"),
        K::ImportItem => one("import item"),
        K::WildcardImport => one("wildcard import"),
        K::ExtensionDeclaration => one("extension"),
        K::UsingDeclaration => one("using"),
        K::ExtendsDeclaration => one("extends"),
        K::ExtensionConfig => one("extension config"),
        _ => Vec::new(),
    }
}
