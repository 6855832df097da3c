//! Changes of Bicep text, by its syntax tree.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::ops::Range;
use std::path::Path;

use rolecall_bicep::File;
use rolecall_bicep::syntax::{
    DeclarationBody, Expression, ForBody, ModuleDeclaration, Object, ObjectItem, PropertyKey, ResourceDeclaration,
    Statement, StringLiteral, SyntaxKind, SyntaxNode,
};
use tree_sitter::Node;

use super::Kind;
use super::edit::{Edit, Mutant, Unit, insert, replace};
use super::make::{ELSEWHERE, RENAMED, Weak};

/// The statement or nested resource that a unit is.
#[derive(Clone, Copy)]
enum Declaration<'t> {
    Resource(ResourceDeclaration<'t>),
    Module(ModuleDeclaration<'t>),
}

impl<'t> Declaration<'t> {
    fn find(file: &'t File, range: &Range<usize>) -> Option<Self> {
        let mut open: Vec<Node<'t>> = file.statements().map(|statement| statement.node()).collect();
        while let Some(node) = open.pop() {
            let around = node.byte_range();
            if around.end < range.end || around.start > range.start {
                continue;
            }
            if around == *range {
                if let Some(resource) = ResourceDeclaration::cast(node) {
                    return Some(Declaration::Resource(resource));
                }
                if let Some(module) = ModuleDeclaration::cast(node) {
                    return Some(Declaration::Module(module));
                }
            }
            open.extend(node.children(&mut node.walk()));
        }
        None
    }

    fn body(self) -> Option<DeclarationBody<'t>> {
        match self {
            Declaration::Resource(one) => one.body(),
            Declaration::Module(one) => one.body(),
        }
    }

    fn node(self) -> Node<'t> {
        match self {
            Declaration::Resource(one) => one.node(),
            Declaration::Module(one) => one.node(),
        }
    }

    fn name(self, text: &str) -> Option<&str> {
        let name = match self {
            Declaration::Resource(one) => one.name(),
            Declaration::Module(one) => one.name(),
        };
        name.map(|name| name.text(text))
    }

    /// The braces, whatever stands around them.
    fn object(self) -> Option<Object<'t>> {
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
}

/// The value of a property.
fn property<'t>(object: Object<'t>, name: &str, text: &str) -> Option<Expression<'t>> {
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

/// The edits that take a grant away; `None` where this way of doing it does not fit the text.
pub fn break_unit(text: &str, unit: &Unit, kind: Kind, weak: &Weak) -> Option<Vec<Edit>> {
    let file = File::parse(text);
    if file.has_error() {
        return None;
    }
    let declaration = Declaration::find(&file, &unit.range())?;
    let object = declaration.object()?;
    let inner = |name: &str| match property(object, "properties", text)? {
        Expression::Object(properties) => property(properties, name, text),
        _ => None,
    };
    if unit.module != matches!(declaration, Declaration::Module(_)) {
        return None;
    }
    match kind {
        Kind::Drop => drop(&file, declaration, text),
        Kind::Never => Some(vec![never(declaration)?]),
        Kind::Order => orders(&file, declaration, text).0.filter(|edits| !edits.is_empty()),
        _ if unit.module => None,
        Kind::Principal => {
            let other = replace(inner("principalId")?.span(), format!("{ELSEWHERE}.identity.principalId"));
            Some(vec![other, elsewhere(&file, text)])
        }
        Kind::ClientId => {
            let principal = inner("principalId")?;
            let written = principal.text(text).strip_suffix(".properties.principalId")?;
            Some(vec![replace(principal.span(), format!("{written}.properties.clientId"))])
        }
        Kind::OtherIdentity => {
            let principal = inner("principalId")?;
            let symbol = principal.text(text).strip_suffix(".properties.principalId")?;
            let own = identities(&file, text).into_iter().collect::<BTreeMap<_, _>>();
            let named = own.get(symbol)?;
            let other = own.iter().find(|(_, name)| *name != named)?.0;
            Some(vec![replace(principal.span(), format!("{other}.properties.principalId"))])
        }
        Kind::Role => {
            let role = format!("subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '{}')", weak.guid);
            Some(vec![replace(inner("roleDefinitionId")?.span(), role)])
        }
        Kind::Scope => scope(&file, declaration, object, text),
        _ => None,
    }
}

/// The user-assigned identities that a file declares one by one, each with its name as written.
fn identities<'t>(file: &File, text: &'t str) -> Vec<(&'t str, &'t str)> {
    let declared = file.statements().filter_map(|statement| match statement {
        Statement::ResourceDeclaration(one) => {
            let ty = one.ty()?.text(text).to_lowercase();
            let single = matches!(one.body()?, DeclarationBody::Object(_)) && one.existing().is_none();
            let identity = ty.starts_with("'microsoft.managedidentity/userassignedidentities@");
            let name = property(Declaration::Resource(one).object()?, "name", text)?.text(text);
            (single && identity).then_some((one.name()?.text(text), name))
        }
        _ => None,
    });
    declared.collect()
}

fn scope(file: &File, declaration: Declaration<'_>, object: Object<'_>, text: &str) -> Option<Vec<Edit>> {
    let Declaration::Resource(resource) = declaration else { return None };
    let plain = resource.ty()?.text(text).to_lowercase().starts_with("'microsoft.authorization/roleassignments@");
    if !plain || is_above_groups(file, text) {
        return None;
    }
    let edit = match property(object, "scope", text) {
        Some(scope) => replace(scope.span(), ELSEWHERE),
        None => insert(object.span().start + 1, format!("\n  scope: {ELSEWHERE}")),
    };
    Some(vec![edit, elsewhere(file, text)])
}

/// Whether the file is deployed to anything above a resource group.
fn is_above_groups(file: &File, text: &str) -> bool {
    file.statements().any(|statement| match statement {
        Statement::TargetScopeDeclaration(target) => !target.text(text).contains("'resourceGroup'"),
        _ => false,
    })
}

/// The declaration of a resource that nobody needs.
fn elsewhere(file: &File, text: &str) -> Edit {
    let scope =
        if is_above_groups(file, text) { format!("  scope: resourceGroup('{ELSEWHERE}')\n") } else { String::new() };
    let head = format!("\nresource {ELSEWHERE} 'Microsoft.Storage/storageAccounts@2023-01-01' existing = {{\n");
    insert(text.len(), format!("{head}{scope}  name: '{ELSEWHERE}'\n}}\n"))
}

fn never(declaration: Declaration<'_>) -> Option<Edit> {
    let condition = |object: Object<'_>| insert(object.span().start, "if (false) ");
    let falsify = |body: rolecall_bicep::syntax::IfBody<'_>| Some(replace(body.condition()?.span(), "(false)"));
    match declaration.body()? {
        DeclarationBody::Object(object) => Some(condition(object)),
        DeclarationBody::IfBody(body) => falsify(body),
        DeclarationBody::ForExpression(one) => match one.body()? {
            ForBody::Expression(Expression::Object(object)) => Some(condition(object)),
            ForBody::IfBody(body) => falsify(body),
            ForBody::Expression(_) => None,
        },
    }
}

/// Removes a declaration and what depends on it by name alone; where more of the file needs it, it has to stay.
fn drop(file: &File, declaration: Declaration<'_>, text: &str) -> Option<Vec<Edit>> {
    let (edits, needed) = orders(file, declaration, text);
    let mut edits = edits.filter(|_| !needed)?;
    edits.push(replace(declaration.node().byte_range(), ""));
    Some(edits)
}

/// The edits that take a declaration out of every `dependsOn`, and whether it is named elsewhere too.
fn orders(file: &File, declaration: Declaration<'_>, text: &str) -> (Option<Vec<Edit>>, bool) {
    let Some(name) = declaration.name(text) else { return (None, false) };
    let own = declaration.node().byte_range();
    let (mut edits, mut needed) = (Vec::new(), false);
    for used in tokens(file).into_iter().filter(|token| token.kind() != "comment" && own_text(*token, text) == name) {
        if own.contains(&used.start_byte()) || SyntaxKind::of(used) == Some(SyntaxKind::Identifier) {
            continue;
        }
        let array = used.parent().filter(|parent| SyntaxKind::of(*parent) == Some(SyntaxKind::Array));
        let key = array.and_then(|array| array.parent()?.child(0));
        match key {
            Some(key) if own_text(key, text) == "dependsOn" => {
                // Items stand on lines of their own or have commas between them.
                let behind = text.get(used.end_byte()..).unwrap_or_default();
                let comma = behind.len() - behind.trim_start_matches([' ', '\t']).len();
                let comma = if behind[comma..].starts_with(',') { comma + 1 } else { 0 };
                edits.push(replace(used.start_byte()..used.end_byte() + comma, ""));
            }
            _ => needed = true,
        }
    }
    (Some(edits), needed)
}

fn own_text<'s>(node: Node<'_>, text: &'s str) -> &'s str {
    text.get(node.byte_range()).unwrap_or_default()
}

/// The nodes without children, in order.
fn tokens<'t>(file: &'t File) -> Vec<Node<'t>> {
    let mut out = Vec::new();
    for piece in file.pieces() {
        let Some(tree) = piece.tree() else { continue };
        let mut open = vec![tree.root_node()];
        while let Some(node) = open.pop() {
            let mut children: Vec<_> = node.children(&mut node.walk()).collect();
            if children.is_empty() {
                out.push(node);
            }
            children.reverse();
            open.extend(children);
        }
    }
    out
}

/// The edits that mean nothing.
pub fn keep(text: &str, kind: Kind) -> Option<Vec<Edit>> {
    let file = File::parse(text);
    if file.has_error() {
        return None;
    }
    match kind {
        Kind::Rename => Some(rename(&file, text)),
        Kind::Extract => Some(extract(&file, text)),
        Kind::Reorder => {
            let ranges: Vec<_> = file.statements().map(|statement| statement.span()).collect();
            let texts = ranges.iter().rev().map(|range| text.get(range.clone()).unwrap_or_default());
            Some(ranges.iter().cloned().zip(texts).map(|(range, text)| replace(range, text)).collect())
        }
        Kind::Reformat => reformat(&file, text),
        _ => None,
    }
}

/// New names for variables, resources and modules, unless something inner has the same name.
fn rename(file: &File, text: &str) -> Vec<Edit> {
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    for statement in file.statements() {
        let name = match statement {
            Statement::VariableDeclaration(one) if one.decorators().next().is_none() => one.name(),
            Statement::ResourceDeclaration(one) => one.name(),
            Statement::ModuleDeclaration(one) => one.name(),
            _ => None,
        };
        names.extend(name.map(|name| (name.text(text), name.span().start)));
    }
    let tokens = tokens(file);
    let mut edits = Vec::new();
    let mut shadowed: BTreeSet<&str> = BTreeSet::new();
    for token in &tokens {
        let own = own_text(*token, text);
        let Some(declared) = names.get(own) else { continue };
        let parent = token.parent().and_then(SyntaxKind::of);
        match SyntaxKind::of(*token) {
            Some(SyntaxKind::VariableReference) => {}
            Some(SyntaxKind::Identifier) if token.start_byte() == *declared => {}
            Some(SyntaxKind::Identifier) => {
                let is_local = matches!(
                    parent,
                    Some(
                        SyntaxKind::ForExpression
                            | SyntaxKind::IndexVariables
                            | SyntaxKind::LambdaExpression
                            | SyntaxKind::LambdaParameters
                            | SyntaxKind::TypedParameter
                    )
                );
                if is_local {
                    shadowed.insert(own);
                }
                continue;
            }
            _ => continue,
        }
        edits.push((own, insert(token.end_byte(), RENAMED)));
    }
    edits.into_iter().filter(|(name, _)| !shadowed.contains(name)).map(|(_, edit)| edit).collect()
}

/// How many literals are pulled out of one file.
const MOST_LITERALS: usize = 24;

/// The literals in the bodies of resources and modules, half of them in variables, half in parameters.
fn extract(file: &File, text: &str) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut declared = String::new();
    let mut open: Vec<Node<'_>> = Vec::new();
    for statement in file.statements() {
        match statement {
            Statement::ResourceDeclaration(one) => open.extend(one.body().map(|body| body.node())),
            Statement::ModuleDeclaration(one) => open.extend(one.body().map(|body| body.node())),
            _ => {}
        }
    }
    while let Some(node) = open.pop() {
        if SyntaxKind::of(node) == Some(SyntaxKind::Property)
            && let Some(property) = rolecall_bicep::syntax::Property::cast(node)
            && let Some(Expression::StringLiteral(literal @ StringLiteral::String(_))) = property.value()
            && edits.len() < MOST_LITERALS
        {
            let (number, value) = (edits.len(), literal.text(text));
            let keyword = if number % 2 == 0 { "var" } else { "param" };
            let ty = if number % 2 == 0 { "" } else { " string" };
            let _ = write!(declared, "\n{keyword} extracted{number}{ty} = {value}\n");
            edits.push(replace(literal.span(), format!("extracted{number}")));
        }
        open.extend(node.children(&mut node.walk()));
    }
    if !edits.is_empty() {
        edits.push(insert(text.len(), declared));
    }
    edits
}

/// Comments and empty lines between statements, and the other kind of line ends.
fn reformat(file: &File, text: &str) -> Option<Vec<Edit>> {
    if text.contains("'''") {
        return None;
    }
    let mut edits: Vec<Edit> = file
        .statements()
        .map(|statement| insert(statement.span().end, " // a comment\n\n/* another\n   one */\n"))
        .collect();
    let ends = text.match_indices('\n').filter(|(at, _)| !text[..*at].ends_with('\r'));
    edits.extend(ends.map(|(at, _)| replace(at..at + 1, "\r\n")));
    Some(edits)
}

/// The file as a module, and a file in its place that passes all parameters through.
pub fn wrap(path: &Path, text: &str) -> Option<Mutant> {
    // In a module it is the module's.
    if text.contains("deployment().name") {
        return None;
    }
    let file = File::parse(text);
    if file.has_error() {
        return None;
    }
    let mut head = String::new();
    let mut params = String::new();
    let mut declared: BTreeSet<&str> = BTreeSet::new();
    for statement in file.statements() {
        match statement {
            Statement::ParameterDeclaration(one) => {
                let name = one.name()?.text(text);
                let _ = writeln!(params, "    {name}: {name}");
            }
            Statement::TargetScopeDeclaration(_) | Statement::TypeDeclaration(_) => {}
            Statement::ImportDeclaration(_) | Statement::FunctionDeclaration(_) => {}
            Statement::VariableDeclaration(one) => {
                declared.extend(one.name().map(|name| name.text(text)));
                continue;
            }
            Statement::ResourceDeclaration(_) | Statement::ModuleDeclaration(_) => {
                let name = match statement {
                    Statement::ResourceDeclaration(one) => one.name(),
                    Statement::ModuleDeclaration(one) => one.name(),
                    _ => None,
                };
                declared.extend(name.map(|name| name.text(text)));
                continue;
            }
            Statement::ExtensionDeclaration(_) => return None,
            _ => continue,
        }
        let _ = writeln!(head, "{}", statement.text(text));
    }
    // What a default refers to would have to come along.
    let wrapper = File::parse(&head);
    let refers = |token: &Node<'_>| {
        SyntaxKind::of(*token) == Some(SyntaxKind::VariableReference) && declared.contains(own_text(*token, &head))
    };
    if tokens(&wrapper).iter().any(refers) {
        return None;
    }
    let inner = path.with_file_name("rolecall_wrapped.bicep");
    let call = format!(
        "{head}\nmodule wrapped 'rolecall_wrapped.bicep' = {{\n  name: 'wrapped'\n  params: {{\n{params}  }}\n}}\n"
    );
    let whole = replace(0..text.len(), call);
    Some(Mutant {
        kind: Kind::Wrap,
        unit: None,
        edits: vec![(path.to_path_buf(), vec![whole])],
        new: vec![(inner, text.to_owned())],
    })
}
