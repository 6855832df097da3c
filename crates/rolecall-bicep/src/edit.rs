//! Edits of Bicep text: what a [`Mend`] asks for, in the words and the style of the file.
//!
//! A file that does not parse gets no edit, and neither does what cannot be named where it is needed: the refusal says why.

use std::ops::Range;
use std::sync::Arc;

use rolecall_graph::{Assign, Mend, ResourceIndex, RoleChoice, Setting, Site, Step, Unit, Units, Wanted};
use rolecall_source::{Edit, SourceFile, Span};
use rolecall_value::{ResourceId, Value};

use crate::File;
use crate::syntax::{
    ArrayItem, DeclarationBody, Expression, ForBody, IfBody, ModuleDeclaration, Object, ObjectItem, PropertyKey,
    ResourceDeclaration, Statement, SyntaxNode,
};
use tree_sitter::Node;

/// The edits that do what is asked.
///
/// # Errors
/// Why it cannot be done in the text.
pub fn mend(site: &Site<'_>, mend: &Mend) -> Result<Vec<Edit>, String> {
    let mut edits = Vec::new();
    for step in &mend.steps {
        match step {
            Step::Set { assignment, to } => edits.extend(set(site, *assignment, to)?),
            Step::Await { resource, on } => edits.extend(wait(site, *resource, *on)?),
            Step::Assign(one) => edits.extend(assign(site, one)?),
        }
    }
    edits.sort_by_key(|edit| (edit.span.file, edit.span.start, edit.span.end));
    Ok(edits)
}

/// A file with its tree.
struct Text {
    source: Arc<SourceFile>,
    file: File,
}

impl Text {
    fn read(site: &Site<'_>, unit: &Unit) -> Result<Self, String> {
        let source = site.files.get(unit.file).ok_or("its file was not kept")?;
        let file = File::parse(&source.text);
        if file.has_error() {
            return Err(format!("`{}` does not parse", source.path.display()));
        }
        Ok(Text { source, file })
    }

    fn str(&self) -> &str {
        &self.source.text
    }

    fn edit(&self, range: Range<usize>, text: String) -> Edit {
        let end = if self.str().contains("\r\n") { text.replace('\n', "\r\n") } else { text };
        Edit { span: Span::new(self.source.id, range.start, range.end), text: end }
    }

    fn slice(&self, range: Range<usize>) -> &str {
        self.str().get(range).unwrap_or_default()
    }

    /// The white space in front of the line of a byte.
    fn indent(&self, at: usize) -> &str {
        let start = self.str()[..at].rfind('\n').map_or(0, |end| end + 1);
        let line = &self.str()[start..];
        &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
    }

    /// Whether nothing but a comment stands between a byte and the end of its line, which is where that is.
    fn line_end(&self, at: usize) -> Option<usize> {
        let rest = &self.str()[at..];
        let end = rest.find(['\r', '\n']).unwrap_or(rest.len());
        let between = rest[..end].trim();
        (between.is_empty() || between.starts_with("//")).then_some(at + end)
    }
}

/// The statement or nested resource that something is declared by.
#[derive(Clone, Copy)]
enum Declaration<'t> {
    Resource(ResourceDeclaration<'t>),
    Module(ModuleDeclaration<'t>),
}

impl<'t> Declaration<'t> {
    /// The declaration at these bytes, and those around it, outermost first.
    fn find(file: &'t File, range: &Range<usize>) -> Option<(Self, Vec<ResourceDeclaration<'t>>)> {
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

    fn body(self) -> Option<DeclarationBody<'t>> {
        match self {
            Declaration::Resource(one) => one.body(),
            Declaration::Module(one) => one.body(),
        }
    }

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

    fn is_loop(self) -> bool {
        matches!(self.body(), Some(DeclarationBody::ForExpression(_)))
    }

    fn condition(self, text: &'t str) -> Option<&'t str> {
        let of = |body: IfBody<'t>| text.get(body.condition()?.span());
        match self.body()? {
            DeclarationBody::IfBody(body) => of(body),
            _ => None,
        }
    }

    fn name(self, text: &'t str) -> Option<&'t str> {
        match self {
            Declaration::Resource(one) => one.name(),
            Declaration::Module(one) => one.name(),
        }
        .map(|name| name.text(text))
    }

    fn node(self) -> Node<'t> {
        match self {
            Declaration::Resource(one) => one.node(),
            Declaration::Module(one) => one.node(),
        }
    }
}

fn contains(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    outer.start <= inner.start && outer.end >= inner.end
}

fn bytes(span: Span) -> Range<usize> {
    span.start as usize..span.end as usize
}

fn member<'t>(object: Object<'t>, name: &str, text: &str) -> Option<Expression<'t>> {
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
fn symbol<'t>(declaration: Declaration<'t>, around: &[ResourceDeclaration<'t>], text: &'t str) -> Option<String> {
    if declaration.is_loop() || around.iter().any(|one| Declaration::Resource(*one).is_loop()) {
        return None;
    }
    let outer = around.iter().map(|one| one.name().map(|name| name.text(text)));
    let names: Option<Vec<_>> = outer.chain([declaration.name(text)]).collect();
    Some(names?.join("::"))
}

/// Bicep's words.
struct Words<'s>(&'s Site<'s>);

impl Units for Words<'_> {
    fn own(&self, unit: &Unit, declared: Span, wanted: Wanted) -> Option<String> {
        let text = Text::read(self.0, unit).ok()?;
        let (declaration, around) = Declaration::find(&text.file, &bytes(declared))?;
        let symbol = symbol(declaration, &around, text.str())?;
        let tail = match wanted {
            Wanted::Id => "id",
            Wanted::PrincipalId => "properties.principalId",
            Wanted::SystemPrincipalId => "identity.principalId",
            Wanted::KubeletPrincipalId => "properties.identityProfile.kubeletidentity.objectId",
        };
        Some(format!("{symbol}.{tail}"))
    }

    fn outputs(&self, unit: &Unit) -> Vec<(String, String)> {
        let Ok(text) = Text::read(self.0, unit) else { return Vec::new() };
        let outputs = text.file.statements().filter_map(|statement| match statement {
            Statement::OutputDeclaration(one) => {
                Some((one.name()?.text(text.str()).to_owned(), one.value()?.text(text.str()).to_owned()))
            }
            _ => None,
        });
        outputs.collect()
    }

    fn output(&self, parent: &Unit, call: Span, name: &str) -> Option<String> {
        let text = Text::read(self.0, parent).ok()?;
        let (declaration, around) = Declaration::find(&text.file, &bytes(call))?;
        Some(format!("{}.outputs.{name}", symbol(declaration, &around, text.str())?))
    }

    fn arguments(&self, parent: &Unit, call: Span) -> Vec<(String, String)> {
        let find = || {
            let text = Text::read(self.0, parent).ok()?;
            let (declaration, _) = Declaration::find(&text.file, &bytes(call))?;
            let Expression::Object(params) = member(declaration.object()?, "params", text.str())? else { return None };
            let passed = params.items().filter_map(|item| match item {
                ObjectItem::Property(one) => {
                    let (PropertyKey::Identifier(key), value) = (one.key()?, one.value()?) else { return None };
                    Some((key.text(text.str()).to_owned(), value.text(text.str()).to_owned()))
                }
                _ => None,
            });
            Some(passed.collect())
        };
        find().unwrap_or_default()
    }

    fn parameter(&self, name: &str) -> String {
        name.to_owned()
    }
}

/// The principal id as a unit names it.
fn principal(site: &Site<'_>, text: &Text, unit: &Unit, principal: &Value) -> Result<String, String> {
    let cannot = || format!("`{}` cannot name the principal", short(text));
    if let Some((resource, wanted)) = site.principal(principal) {
        return site.spell(&Words(site), unit, resource, wanted).ok_or_else(cannot);
    }
    // An identity that the file declares as existing, and names by its id.
    let identity = match principal.as_symbol() {
        Some(rolecall_value::Symbol::Attribute { resource, path })
            if path.eq_ignore_ascii_case("properties.principalId") =>
        {
            resource
        }
        _ => return Err(cannot()),
    };
    let symbol = named(site, text, identity).or_else(|| named(site, text, principal)).ok_or_else(cannot)?;
    Ok(format!("{symbol}.properties.principalId"))
}

/// The resource of the file that a value is the id of by its text, `X.id` or `'${X.id}'`.
fn named(site: &Site<'_>, text: &Text, value: &Value) -> Option<String> {
    let chain = site.deployment.origins.chain(value.origin());
    let spans = chain.iter().map(|node| node.span).filter(|span| span.file == text.source.id);
    let written = spans.filter_map(|span| text.str().get(bytes(span)));
    let symbols = written.filter_map(|text| {
        let inner = text.strip_prefix("'${").and_then(|rest| rest.strip_suffix("}'")).unwrap_or(text);
        inner.strip_suffix(".id")
    });
    let is_declared = |symbol: &&str| {
        let (outer, _) = symbol.split_once("::").unwrap_or((symbol, ""));
        text.file.statements().any(|statement| match statement {
            Statement::ResourceDeclaration(one) => {
                one.name().is_some_and(|name| name.text(text.str()) == outer) && !Declaration::Resource(one).is_loop()
            }
            _ => false,
        })
    };
    symbols.into_iter().find(is_declared).map(str::to_owned)
}

fn short(text: &Text) -> String {
    text.source.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn role(text: &Text, role: &RoleChoice) -> String {
    // At a resource group as at a subscription this is the definition of the subscription.
    let tenant = text.file.statements().any(|statement| match statement {
        Statement::TargetScopeDeclaration(one) => {
            one.text(text.str()).contains("'tenant'") || one.text(text.str()).contains("'managementGroup'")
        }
        _ => false,
    });
    let function = if tenant { "tenantResourceId" } else { "subscriptionResourceId" };
    format!("{function}('Microsoft.Authorization/roleDefinitions', '{}')", role.guid)
}

/// The edit that sets something in a role assignment.
fn set(site: &Site<'_>, assignment: ResourceIndex, to: &Setting) -> Result<Vec<Edit>, String> {
    let (unit, declared) = site.declared(assignment).ok_or("nothing declares the assignment")?;
    let text = Text::read(site, &unit)?;
    let (declaration, _) = Declaration::find(&text.file, &bytes(declared)).ok_or("the assignment was not found")?;
    let object = declaration.object().ok_or("the assignment has no body")?;
    if !matches!(to, Setting::PrincipalType(_)) && !site.is_single(assignment) {
        return Err("the declaration stands for several assignments".to_owned());
    }
    let properties = match member(object, "properties", text.str()) {
        Some(Expression::Object(properties)) => properties,
        _ => return Err("the properties of the assignment are not written out".to_owned()),
    };
    let (object, name, value) = match to {
        Setting::Principal(value) => (properties, "principalId", principal(site, &text, &unit, value)?),
        Setting::PrincipalType(kind) => (properties, "principalType", format!("'{kind}'")),
        Setting::Role(choice) => (properties, "roleDefinitionId", role(&text, choice)),
        Setting::Scope(value) => {
            let symbol = scope(site, &text, &unit, value)?.symbol;
            (object, "scope", symbol.ok_or("the scope has no symbolic name there")?)
        }
    };
    let own = member(object, name, text.str());
    let mut edits = vec![match own {
        Some(own) => text.edit(own.span(), value.clone()),
        None => add(&text, object, &format!("{name}: {value}"))?,
    }];
    if let Setting::Scope(_) = to
        && let Some(given) = member(object, "name", text.str())
        && let Some(renamed) = renamed(given.text(text.str()), own.map(|own| own.text(text.str())), &value)
    {
        edits.push(text.edit(given.span(), renamed));
    }
    edits.sort_by_key(|edit| edit.span.start);
    Ok(edits)
}

/// The name of an assignment made of another scope: two assignments must not have one name.
fn renamed(name: &str, old: Option<&str>, new: &str) -> Option<String> {
    let arguments = name.strip_prefix("guid(").and_then(|rest| rest.strip_suffix(')'))?;
    let id = format!("{new}.id");
    if let Some(old) = old.map(|old| format!("{old}.id")).filter(|old| arguments.contains(old.as_str())) {
        return Some(format!("guid({})", arguments.replace(&old, &id)));
    }
    (!arguments.contains(&id)).then(|| format!("guid({}, {id})", arguments.trim_end()))
}

/// The edit that adds a property at the end of an object.
fn add(text: &Text, object: Object<'_>, property: &str) -> Result<Edit, String> {
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
fn depend(text: &Text, declaration: Declaration<'_>, on: &str) -> Result<Option<Edit>, String> {
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

/// The edits that make one resource wait for another, in the innermost unit that holds both.
fn wait(site: &Site<'_>, resource: ResourceIndex, on: ResourceIndex) -> Result<Vec<Edit>, String> {
    let later = site.declared(resource).ok_or("nothing declares what has to wait")?;
    let earlier = site.declared(on).ok_or("nothing declares what it has to wait for")?;
    let (unit, later, earlier) = together(later, earlier);
    if later == earlier {
        return Err("both are made by one module call".to_owned());
    }
    let text = Text::read(site, &unit)?;
    let (later, _) = Declaration::find(&text.file, &bytes(later)).ok_or("what has to wait was not found")?;
    let (earlier, around) = Declaration::find(&text.file, &bytes(earlier)).ok_or("what it waits for was not found")?;
    let names = around.iter().map(|one| one.name().map(|name| name.text(text.str())));
    let names: Option<Vec<_>> = names.chain([earlier.name(text.str())]).collect();
    let on = names.ok_or("what it waits for has no symbolic name")?.join("::");
    Ok(depend(&text, later, &on)?.into_iter().collect())
}

/// The innermost unit that holds two places, and what stands in it for each: the place or the call of the module around it.
fn together(a: (Unit, Span), b: (Unit, Span)) -> (Unit, Span, Span) {
    let shared = a.0.calls.iter().rev().zip(b.0.calls.iter().rev()).take_while(|(a, b)| a == b).count();
    let at = |(unit, own): &(Unit, Span)| match unit.calls.len() - shared {
        0 => *own,
        depth => unit.calls[depth - 1],
    };
    let (own, other) = (at(&a), at(&b));
    let calls = a.0.calls[a.0.calls.len() - shared..].to_vec();
    (Unit { file: own.file, calls }, own, other)
}

/// What an assignment can be scoped to.
struct Scope {
    /// Its symbolic name, where the file has it.
    symbol: Option<String>,
    /// A declaration that gives it one, and that name.
    declare: Option<(String, String)>,
    /// Where it, or what it is a part of, is declared.
    beside: Range<usize>,
}

/// The symbol for a scope in a unit.
fn scope(site: &Site<'_>, text: &Text, unit: &Unit, value: &Value) -> Result<Scope, String> {
    let cannot = || format!("`{}` does not declare the scope", short(text));
    if let Some((resource, _)) = site.created(value)
        && let Some((home, declared)) = site.declared(resource)
        && home == *unit
        && (unit.calls.is_empty() || site.is_single(resource))
        && let Some((declaration, around)) = Declaration::find(&text.file, &bytes(declared))
    {
        let statement = around.first().map_or(declaration.node(), |one| one.node()).byte_range();
        let own = ResourceId::parse(value).zip(site.deployment.resource(resource));
        if let Some((id, found)) = own
            && id.resource_type == found.id.resource_type
        {
            let symbol = symbol(declaration, &around, text.str()).ok_or("the scope is made by a loop")?;
            return Ok(Scope { symbol: Some(symbol), declare: None, beside: statement });
        }
    }
    if let Some(symbol) = named(site, text, value) {
        let outer = symbol.split("::").next().unwrap_or_default().to_owned();
        let found = text.file.statements().find_map(|statement| match statement {
            Statement::ResourceDeclaration(one) if one.name().is_some_and(|name| name.text(text.str()) == outer) => {
                Some(one)
            }
            _ => None,
        });
        let one = found.ok_or_else(cannot)?;
        let object = Declaration::Resource(one).object().ok_or_else(cannot)?;
        if one.existing().is_some() && member(object, "scope", text.str()).is_some() {
            return Err("the scope lies in another resource group, which takes a module".to_owned());
        }
        return Ok(Scope { symbol: Some(symbol), declare: None, beside: one.span() });
    }
    // A child that its parent writes in its own body.
    let id = ResourceId::parse(value).ok_or_else(cannot)?;
    let parent = id.parent().ok_or_else(cannot)?;
    let (resource, _) = site.created(&parent.to_value()).ok_or_else(cannot)?;
    let (home, declared) = site.declared(resource).filter(|(home, _)| home == unit).ok_or_else(cannot)?;
    let _ = home;
    let (declaration, around) = Declaration::find(&text.file, &bytes(declared)).ok_or_else(cannot)?;
    let outer = symbol(declaration, &around, text.str()).ok_or_else(cannot)?;
    let Declaration::Resource(one) = declaration else { return Err(cannot()) };
    let ty = one.ty().ok_or_else(cannot)?.text(text.str()).trim_matches('\'').to_owned();
    let (_, version) = ty.split_once('@').ok_or_else(cannot)?;
    let name = id.name();
    let name =
        name.as_str().filter(|name| !name.contains(['\'', '\\', '$'])).ok_or("the name of the scope is not known")?;
    let own = unique(text, &identifier(name, &outer));
    let declare = format!(
        "resource {own} '{}@{version}' existing = {{\n  parent: {outer}\n  name: '{name}'\n}}",
        id.resource_type
    );
    Ok(Scope { symbol: None, declare: Some((own, declare)), beside: declaration.node().byte_range() })
}

/// A name made of letters and digits.
fn identifier(name: &str, otherwise: &str) -> String {
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
fn unique(text: &Text, name: &str) -> String {
    let is_used = |name: &str| {
        text.str().match_indices(name).any(|(at, _)| {
            let edge = |character: Option<char>| character.is_none_or(|one| !one.is_alphanumeric() && one != '_');
            edge(text.str()[..at].chars().next_back()) && edge(text.str()[at + name.len()..].chars().next())
        })
    };
    let numbered = (2..).map(|number| format!("{name}{number}"));
    [name.to_owned()].into_iter().chain(numbered.take(1000)).find(|name| !is_used(name)).unwrap_or_default()
}

/// The edits that add a role assignment beside its scope.
fn assign(site: &Site<'_>, assign: &Assign) -> Result<Vec<Edit>, String> {
    let needed = site.declared(assign.needed_by).ok_or("nothing declares what needs it")?;
    let mut refusal = None;
    for unit in homes(site, assign, &needed.0) {
        match assign_in(site, assign, &unit, &needed) {
            Ok(edits) => return Ok(edits),
            Err(why) => refusal = refusal.or(Some(why)),
        }
    }
    Err(refusal.unwrap_or_else(|| "no file names both the principal and the scope".to_owned()))
}

/// Where the assignment may stand, the best first: beside the scope, beside what needs it.
fn homes(site: &Site<'_>, assign: &Assign, needed: &Unit) -> Vec<Unit> {
    let own = site.created(&assign.scope).and_then(|(scope, _)| site.declared(scope));
    let mut homes: Vec<Unit> = own.map(|(unit, _)| unit).into_iter().chain([needed.clone()]).collect();
    // Where the id of the scope was handed on from.
    for node in site.deployment.origins.chain(assign.scope.origin()) {
        if let Some(depth) = needed.calls.iter().position(|call| call.file == node.span.file) {
            homes.push(Unit { file: node.span.file, calls: needed.calls[depth + 1..].to_vec() });
        }
    }
    homes.dedup();
    homes
}

fn assign_in(site: &Site<'_>, assign: &Assign, unit: &Unit, needed: &(Unit, Span)) -> Result<Vec<Edit>, String> {
    let text = Text::read(site, unit)?;
    if !unit.calls.is_empty() && called_twice(site, unit) {
        return Err(format!("`{}` is a module that is called more than once", short(&text)));
    }
    let scope = scope(site, &text, unit, &assign.scope)?;
    let who = principal(site, &text, unit, &assign.principal)?;
    let target = scope.symbol.clone().or_else(|| scope.declare.as_ref().map(|(name, _)| name.clone()));
    let target = target.ok_or("the scope has no name")?;
    let name = unique(&text, &format!("{}{}", target.replace("::", "_"), pascal(&assign.role.name)));
    // Under the conditions of what it names.
    let mut conditions: Vec<String> = Vec::new();
    let mut under = |range: &Range<usize>| {
        if let Some((declaration, _)) = Declaration::find(&text.file, range)
            && let Some(condition) = declaration.condition(text.str())
        {
            let condition = condition.trim_start_matches('(').trim_end_matches(')');
            let whole = declaration.condition(text.str()).unwrap_or_default();
            let condition = if whole == format!("({condition})") { condition.to_owned() } else { whole.to_owned() };
            if !conditions.contains(&condition) {
                conditions.push(condition);
            }
        }
    };
    under(&scope.beside);
    if let Some((resource, _)) = site.principal(&assign.principal)
        && let Some((home, declared)) = site.declared(resource)
        && home == *unit
    {
        under(&bytes(declared));
    }
    if needed.0 == *unit {
        under(&bytes(needed.1));
    }
    let when = match &conditions[..] {
        [] => String::new(),
        [one] => format!("if ({one}) "),
        several => format!("if ({}) ", several.iter().map(|one| format!("({one})")).collect::<Vec<_>>().join(" && ")),
    };
    let role = role(&text, &assign.role);
    let guid = &assign.role.guid;
    let named_by = who.rsplit_once(".outputs.").map_or_else(|| start_known(&who), |_| None);
    let named_by = named_by.unwrap_or_else(|| format!("'{}'", plain_name(site, &assign.principal)));
    let mut out = String::new();
    if let Some((_, declare)) = &scope.declare {
        out += &format!("{declare}\n\n");
    }
    out += &format!(
        "// {}\nresource {name} 'Microsoft.Authorization/roleAssignments@2022-04-01' = {when}{{\n  name: guid({target}.id, {named_by}, '{guid}')\n  \
         scope: {target}\n  properties: {{\n    principalId: {who}\n    principalType: 'ServicePrincipal'\n    \
         roleDefinitionId: {role}\n  }}\n}}",
        assign.role.name,
    );
    let at = text.line_end(scope.beside.end).unwrap_or(scope.beside.end);
    let mut edits = vec![text.edit(at..at, format!("\n\n{out}"))];
    if assign.awaited {
        let (common, later, earlier) = together(needed.clone(), (unit.clone(), Span::new(unit.file, at, at)));
        let other = Text::read(site, &common)?;
        let (later, _) = Declaration::find(&other.file, &bytes(later)).ok_or("what has to wait was not found")?;
        let on = if common == *unit {
            name
        } else {
            let (call, _) = Declaration::find(&other.file, &bytes(earlier)).ok_or("the module call was not found")?;
            call.name(other.str()).ok_or("the module has no name")?.to_owned()
        };
        if later.node().byte_range() == bytes(earlier) {
            return Err("what needs it and the assignment would be made by one module call".to_owned());
        }
        edits.extend(depend(&other, later, &on)?);
    }
    edits.sort_by_key(|edit| (edit.span.file, edit.span.start));
    Ok(edits)
}

/// The id of the resource whose principal id this is: it is known when the deployment starts.
fn start_known(principal: &str) -> Option<String> {
    let tails =
        [".properties.principalId", ".identity.principalId", ".properties.identityProfile.kubeletidentity.objectId"];
    tails
        .iter()
        .find_map(|tail| principal.strip_suffix(tail))
        .map(|symbol| format!("{symbol}.id"))
        .or_else(|| (!principal.contains('.')).then(|| principal.to_owned()))
}

fn plain_name(site: &Site<'_>, principal: &Value) -> String {
    let name: String = site.identities.describe(principal);
    name.chars().filter(|one| one.is_ascii_alphanumeric() || matches!(one, '-' | '_' | '.')).collect()
}

/// Whether a module's file is called by more than one declaration, or by a loop.
fn called_twice(site: &Site<'_>, unit: &Unit) -> bool {
    let calls = site.deployment.enumerate().filter_map(|(index, _)| site.declared(index)).map(|(own, _)| own);
    let mut others = calls.filter(|own| own.file == unit.file);
    others.any(|own| own.calls != unit.calls)
}

/// `Network Contributor` as `NetworkContributor`.
fn pascal(name: &str) -> String {
    let words = name.split(|one: char| !one.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| word[..1].to_ascii_uppercase() + &word[1..]).collect()
}
