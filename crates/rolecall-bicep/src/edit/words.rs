//! How Bicep names things: principals, scopes, roles.

use std::ops::Range;

use rolecall_graph::{Name, NameKind, RoleChoice, Site, Spelled, Target, Unit, Units, Wanted};
use rolecall_source::Span;
use rolecall_value::{Kind, ResourceId, Scope as Place, Value, id_equality};

use super::module::scope_of;
use super::text::{Declaration, Text, bytes, identifier, member, short, symbol, unique};
use crate::syntax::{Expression, ObjectItem, PropertyKey, ResourceDeclaration, Statement, SyntaxNode};

/// The version of the API by which an identity is named that no file here declares.
const IDENTITY: &str = "Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31";

/// Through how many variables it is followed what one is made of.
const MAX_VARIABLES: usize = 8;

/// Bicep's words.
pub(super) struct Words<'s>(pub &'s Site<'s>);

impl Units for Words<'_> {
    fn own(&self, declared: Span, wanted: &Wanted) -> Option<Spelled> {
        let text = Text::of(self.0, declared.file).ok()?;
        let (declaration, around) = Declaration::find(&text.file, &bytes(declared))?;
        let symbol = symbol(declaration, &around, text.str())?;
        Some(spelled(&symbol, wanted, declared))
    }

    fn named(&self, unit: &Unit, name: &Name, wanted: &Wanted) -> Option<Spelled> {
        let text = Text::read(self.0, unit).ok()?;
        match name.kind {
            NameKind::Resource { .. } => {
                let symbol = indexed(&text, &name.name, name.round.as_ref())?;
                let declared = declaration(&text, &name.name)?.span();
                Some(spelled(&symbol, wanted, Span::new(unit.file, declared.start, declared.end)))
            }
            NameKind::Parameter => {
                let own = name.name.to_string();
                Some(Spelled { text: own.clone(), stable: Some(own), uses: Vec::new() })
            }
            NameKind::Variable => {
                let own = name.name.to_string();
                let stable = is_early(&text, &own, MAX_VARIABLES).then(|| own.clone());
                Some(Spelled { text: own, stable, uses: Vec::new() })
            }
            NameKind::Output => None,
        }
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

    fn output(&self, parent: &Unit, call: Span, round: Option<&Value>, name: &str) -> Option<String> {
        let text = Text::read(self.0, parent).ok()?;
        let (declaration, around) = Declaration::find(&text.file, &bytes(call))?;
        let symbol = match around.is_empty() && declaration.is_loop() {
            true => indexed(&text, declaration.name(text.str())?, Some(round?))?,
            false => symbol(declaration, &around, text.str())?,
        };
        Some(format!("{symbol}.outputs.{name}"))
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

/// Whether a variable is known when the deployment starts: neither it nor a variable that it is made of says what a resource or
/// a module answers.
fn is_early(text: &Text, variable: &str, depth: usize) -> bool {
    let value = |name: &str| {
        text.file.statements().find_map(|statement| match statement {
            Statement::VariableDeclaration(one) if one.name()?.text(text.str()) == name => {
                Some(one.value()?.text(text.str()))
            }
            _ => None,
        })
    };
    let Some(own) = value(variable) else { return false };
    let answers = [".properties", ".outputs", ".identity", "reference(", ".list", "::"];
    if depth == 0 || answers.iter().any(|one| own.contains(one)) {
        return false;
    }
    let words = own.split(|one: char| !one.is_ascii_alphanumeric() && one != '_');
    words.filter(|word| value(word).is_some()).all(|word| is_early(text, word, depth - 1))
}

fn spelled(symbol: &str, wanted: &Wanted, declared: Span) -> Spelled {
    let id = format!("{symbol}.id");
    let text = match wanted {
        Wanted::Id => id.clone(),
        Wanted::Attribute(path) => format!("{symbol}.{path}"),
    };
    Spelled { text, stable: Some(id), uses: vec![declared] }
}

/// The declaration of a resource by its symbolic name, `a::b` of one that is nested.
pub(super) fn declaration<'t>(text: &'t Text, symbol: &str) -> Option<ResourceDeclaration<'t>> {
    let mut names = symbol.split("::");
    let top = names.next()?;
    let is = |one: &ResourceDeclaration<'_>, name: &str| one.name().is_some_and(|own| own.text(text.str()) == name);
    let mut found = text.file.statements().find_map(|statement| match statement {
        Statement::ResourceDeclaration(one) if is(&one, top) => Some(one),
        _ => None,
    })?;
    for name in names {
        let mut inner = found.node().walk();
        let object = Declaration::Resource(found).object()?;
        let nested = object.node().children(&mut inner).filter_map(ResourceDeclaration::cast).find(|one| is(one, name));
        found = nested?;
    }
    Some(found)
}

/// A symbolic name with the index of one of its rounds, where the file itself names that round so: which one has which place
/// may be up to a parameter.
fn indexed(text: &Text, symbol: &str, round: Option<&Value>) -> Option<String> {
    let Some(round) = round else { return Some(symbol.to_owned()) };
    let Kind::Int(index) = round.kind() else { return None };
    let indexed = format!("{symbol}[{index}]");
    let edge = |at: usize| text.str()[..at].chars().next_back().is_none_or(|one| !one.is_alphanumeric() && one != '_');
    text.str().match_indices(&indexed).any(|(at, _)| edge(at)).then_some(indexed)
}

/// A resource that a unit has a name for, and the declaration that gives it one where there is none.
pub(super) struct Named {
    /// The symbolic name.
    pub symbol: String,
    /// What declares it, where nothing does yet.
    pub declare: Option<String>,
    /// Where it, or what it is a part of, is declared.
    pub beside: Option<Range<usize>>,
}

/// The principal id as a unit names it, with a declaration of the identity where it takes one.
pub(super) fn principal(
    site: &Site<'_>,
    text: &Text,
    unit: &Unit,
    principal: &Value,
) -> Result<(Spelled, Option<String>), String> {
    let cannot = || format!("`{}` cannot name the principal", short(text));
    if let Some(spelled) = site.spell(&Words(site), unit, Target::Principal(principal)) {
        return Ok((spelled, None));
    }
    let identity = match principal.as_symbol() {
        Some(rolecall_value::Symbol::Attribute { resource, path })
            if path.eq_ignore_ascii_case("properties.principalId") =>
        {
            resource
        }
        _ => return Err(cannot()),
    };
    // An identity that the file declares as existing, and names by its id.
    let by = |value: &Value| written(site, text, value, rolecall_graph::USER_ASSIGNED);
    if let Some(symbol) = by(identity).or_else(|| by(principal)) {
        let stable = Some(format!("{symbol}.id"));
        return Ok((Spelled { text: format!("{symbol}.properties.principalId"), stable, uses: Vec::new() }, None));
    }
    // One that AKS makes has a name of which nothing is promised.
    let made = site.created(identity).filter(|(_, found)| found.made_by == rolecall_graph::MadeBy::Template);
    let id = made.and_then(|_| ResourceId::parse(identity)).ok_or_else(cannot)?;
    let own = existing(site, text, unit, &id, IDENTITY).ok_or_else(cannot)?;
    let symbol = own.symbol;
    let stable = Some(format!("{symbol}.id"));
    Ok((Spelled { text: format!("{symbol}.properties.principalId"), stable, uses: Vec::new() }, own.declare))
}

/// The resource of the file that a value is the id of by its text, `X.id` or `'${X.id}'`.
///
/// What is derived from another id, as that of a network from that of a subnet, has the other's text.
fn written(site: &Site<'_>, text: &Text, value: &Value, ty: &str) -> Option<String> {
    let chain = site.deployment.origins.chain(value.origin());
    let spans = chain.iter().map(|node| node.span).filter(|span| span.file == text.source.id);
    let written = spans.filter_map(|span| text.str().get(bytes(span)));
    let symbols = written.filter_map(|text| {
        let inner = text.strip_prefix("'${").and_then(|rest| rest.strip_suffix("}'")).unwrap_or(text);
        inner.strip_suffix(".id")
    });
    let is_of_type = |one: ResourceDeclaration<'_>| {
        let own = one.ty().map(|own| own.text(text.str()).trim_matches('\'').to_ascii_lowercase()).unwrap_or_default();
        let own = own.split('@').next().unwrap_or_default();
        // A nested declaration has but the end of its type.
        own == ty.to_ascii_lowercase() || !own.contains('/') && ty.to_ascii_lowercase().ends_with(&format!("/{own}"))
    };
    let is_declared = |symbol: &&str| {
        declaration(text, symbol).is_some_and(|one| !Declaration::Resource(one).is_loop() && is_of_type(one))
    };
    symbols.into_iter().find(is_declared).map(str::to_owned)
}

/// The definition of a role.
pub(super) fn role(text: &Text, role: &RoleChoice) -> String {
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

/// The resource of the unit that a scope is, and its symbolic name.
pub(super) fn scope_declaration<'t>(
    site: &Site<'_>,
    text: &'t Text,
    unit: &Unit,
    value: &Value,
) -> Option<(String, ResourceDeclaration<'t>)> {
    let id = ResourceId::parse(value)?;
    let by_name = site.spell(&Words(site), unit, Target::Id(value)).and_then(|spelled| {
        let symbol = spelled.text.strip_suffix(".id")?.to_owned();
        declaration(text, symbol.split('[').next().unwrap_or_default()).map(|own| (symbol, own))
    });
    by_name.or_else(|| {
        let symbol = written(site, text, value, id.resource_type.as_str())?;
        declaration(text, &symbol).map(|own| (symbol, own))
    })
}

/// The symbol for a scope in a unit.
pub(super) fn scope(site: &Site<'_>, text: &Text, unit: &Unit, value: &Value) -> Result<Named, String> {
    let cannot = || format!("`{}` does not declare the scope", short(text));
    let id = ResourceId::parse(value).ok_or_else(cannot)?;
    if let Some((symbol, one)) = scope_declaration(site, text, unit, value) {
        if one.existing().is_some() && scope_of(text, one).is_some() {
            return Err("the scope lies in another resource group, which takes a module".to_owned());
        }
        // A nested declaration has nothing beside it.
        let whole = text.file.statements().map(|one| one.node().byte_range());
        let beside = whole.into_iter().find(|whole| whole.start <= one.span().start && whole.end >= one.span().end);
        return Ok(Named { symbol, declare: None, beside });
    }
    if let Some(own) = child(site, text, unit, &id) {
        return own;
    }
    let version = site.created(value).and_then(|(index, _)| site.declared(index)).and_then(|(_, declared)| {
        let text = Text::of(site, declared.file).ok()?;
        let (declaration, _) = Declaration::find(&text.file, &bytes(declared))?;
        let Declaration::Resource(one) = declaration else { return None };
        let (_, version) = one.ty()?.text(text.str()).trim_matches('\'').split_once('@')?;
        Some(version.to_owned())
    });
    let version = version.ok_or_else(cannot)?;
    existing(site, text, unit, &id, &format!("{}@{version}", id.resource_type)).ok_or_else(cannot)
}

/// A child that its parent writes in its own body.
fn child(site: &Site<'_>, text: &Text, unit: &Unit, id: &ResourceId) -> Option<Result<Named, String>> {
    let parent = id.parent()?;
    let (resource, _) = site.created(&parent.to_value())?;
    let (_, declared) = site.declared(resource).filter(|(home, _)| home == unit)?;
    let (declaration, around) = Declaration::find(&text.file, &bytes(declared))?;
    let outer = symbol(declaration, &around, text.str())?;
    let Declaration::Resource(one) = declaration else { return None };
    let (_, version) = one.ty()?.text(text.str()).trim_matches('\'').split_once('@')?;
    let name = id.name();
    let Some(name) = name.as_str().filter(|name| !name.contains(['\'', '\\', '$'])) else {
        return Some(Err("the name of the scope is not known".to_owned()));
    };
    let own = unique(text, &identifier(name, &outer));
    let head = format!("resource {own} '{}@{version}' existing", id.resource_type);
    let declare = Some(format!("{head} = {{\n  parent: {outer}\n  name: '{name}'\n}}"));
    Some(Ok(Named { symbol: own, declare, beside: Some(declaration.node().byte_range()) }))
}

/// A declaration of a resource as existing, where the unit can say its name and goes to where it is.
fn existing(site: &Site<'_>, text: &Text, unit: &Unit, id: &ResourceId, ty: &str) -> Option<Named> {
    let target = site.frame(unit)?.target.as_ref()?;
    if !matches!(id.scope, Place::ResourceGroup(..)) {
        return None;
    }
    // The same resource there as here: only where it is differs, if anything.
    let there = ResourceId { scope: target.clone(), ..id.clone() };
    if !id_equality(&site.deployment.inputs, &there, id).equal.is_true() {
        return None;
    }
    if let [_] = &id.names[..]
        && let Some(whole) =
            site.spell(&Words(site), unit, Target::Id(&id.to_value())).and_then(|spelled| spelled.stable)
    {
        let own = unique(text, &identifier(whole.trim_end_matches("Id").trim_end_matches("Resource"), "own"));
        let declare = format!("resource {own} '{ty}' existing = {{\n  name: last(split({whole}, '/'))\n}}");
        return Some(Named { symbol: own, declare: Some(declare), beside: None });
    }
    let mut names = Vec::new();
    for name in &id.names {
        let spelled = site.spell(&Words(site), unit, Target::Text(name)).and_then(|spelled| spelled.stable);
        match (spelled, literal(site, name)) {
            (Some(words), _) => names.push(format!("${{{words}}}")),
            (None, Some(text)) => names.push(text),
            (None, None) => return None,
        }
    }
    // A name that is written out nowhere but here says nothing about other parameters.
    if !names.iter().any(|name| name.starts_with("${")) {
        return None;
    }
    let name = match &names[..] {
        [one] => one.trim_start_matches("${").trim_end_matches('}').to_owned(),
        several => format!("'{}'", several.join("/")),
    };
    let words: String = names.last()?.chars().filter(|one| !matches!(one, '$' | '{' | '}')).collect();
    let own = unique(text, &identifier(words.trim_end_matches("Name"), "own"));
    let declare = format!("resource {own} '{ty}' existing = {{\n  name: {name}\n}}");
    Some(Named { symbol: own, declare: Some(declare), beside: None })
}

/// A name that the texts write out as it is.
fn literal(site: &Site<'_>, name: &Value) -> Option<String> {
    let own = name.as_str().filter(|name| !name.contains(['\'', '\\', '$']))?;
    let chain = site.deployment.origins.chain(name.origin());
    let [only] = &chain[..] else { return None };
    let written = site.text(only.span)?;
    (written.trim_matches(['\'', '"']) == own).then(|| own.to_owned())
}
