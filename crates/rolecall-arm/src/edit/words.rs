//! How ARM templates name things: principals, scopes, roles.

use rolecall_graph::{MadeBy, Name, NameKind, Site, Spelled, Target, Unit, Units, Wanted};
use rolecall_source::Span;
use rolecall_value::{ResourceId, Scope as Place, Symbol, Value, id_equality};

use super::text::{Text, bytes, find, member, string};
use super::tree::Object;

/// The version of the API by which an identity is asked that no file here declares, as an expression.
const IDENTITY_VERSION: &str = "'2023-01-31'";

/// The type of nested deployments.
pub(super) const DEPLOYMENTS: &str = "Microsoft.Resources/deployments";

/// An expression without its brackets; a literal with its quotes.
pub(super) fn expression(text: &str) -> String {
    match text.strip_prefix('[').filter(|_| !text.starts_with("[[")).and_then(|rest| rest.strip_suffix(']')) {
        Some(inner) => inner.to_owned(),
        None => format!("'{}'", text.replace('\'', "''")),
    }
}

/// The id of a nested deployment, which is where it deploys to.
pub(super) fn deployment_id(object: &Object) -> Option<String> {
    let name = expression(string(object, "name")?);
    let (subscription, group) = (string(object, "subscriptionId"), string(object, "resourceGroup"));
    Some(match (subscription.map(expression), group.map(expression)) {
        (Some(subscription), Some(group)) => format!("resourceId({subscription}, {group}, '{DEPLOYMENTS}', {name})"),
        (Some(subscription), None) => format!("subscriptionResourceId({subscription}, '{DEPLOYMENTS}', {name})"),
        (None, Some(group)) => format!("resourceId({group}, '{DEPLOYMENTS}', {name})"),
        (None, None) => format!("resourceId('{DEPLOYMENTS}', {name})"),
    })
}

/// The id of a resource by its type and name, for names that can be taken apart.
pub(super) fn id(object: &Object) -> Option<String> {
    let ty = string(object, "type")?;
    let name = expression(string(object, "name")?);
    if name.to_lowercase().contains("copyindex(")
        || member(object, "copy").is_some()
        || member(object, "scope").is_some()
    {
        return None;
    }
    if ty.eq_ignore_ascii_case(DEPLOYMENTS) {
        return deployment_id(object);
    }
    let names = match ty.matches('/').count() {
        1 => name,
        2 => two(&name)?,
        _ => return None,
    };
    Some(format!("resourceId('{ty}', {names})"))
}

/// The two names in a name with a slash.
fn two(name: &str) -> Option<String> {
    if let Some(parts) = name.strip_prefix("format('{0}/{1}', ").and_then(|rest| rest.strip_suffix(')')) {
        return Some(parts.to_owned());
    }
    if let Some(inner) = name.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        let (outer, own) = inner.split_once('/')?;
        return (!own.contains('/')).then(|| format!("'{outer}', '{own}'"));
    }
    let inner = name.strip_prefix("concat(")?.strip_suffix(')')?;
    let compact = inner.replace(", ", ",");
    let (outer, own) = compact.split_once(",'/',").map(|(a, b)| (a.to_owned(), b.to_owned())).or_else(|| {
        let (outer, own) = compact.split_once(",'/")?;
        Some((outer.to_owned(), format!("'{own}")))
    })?;
    (!outer.contains(',') || outer.ends_with(')')).then(|| format!("{outer}, {own}"))
}

pub(super) fn role(guid: &str) -> String {
    format!("[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '{guid}')]")
}

/// ARM's words.
pub(super) struct Words<'s>(pub &'s Site<'s>);

impl Words<'_> {
    fn at<R>(&self, declared: Span, with: impl FnOnce(&Object) -> Option<R>) -> Option<R> {
        let text = Text::read(self.0, declared).ok()?;
        let root = text.root().ok()?;
        with(find(root, &bytes(declared))?.0)
    }
}

/// What Azure answers at a path of the resource with this id; the version is an expression.
fn answer(id: &str, version: &str, path: &str) -> String {
    match path.strip_prefix("properties.") {
        Some(rest) => format!("reference({id}, {version}).{rest}"),
        None => format!("reference({id}, {version}, 'full').{path}"),
    }
}

impl Units for Words<'_> {
    fn own(&self, declared: Span, wanted: &Wanted) -> Option<Spelled> {
        self.at(declared, |object| {
            let id = id(object)?;
            let text = match wanted {
                Wanted::Id => id.clone(),
                Wanted::Attribute(path) => answer(&id, &expression(string(object, "apiVersion")?), path),
            };
            Some(Spelled { text, stable: Some(id), uses: vec![declared] })
        })
    }

    fn named(&self, _: &Unit, name: &Name, _: &Wanted) -> Option<Spelled> {
        let text = match name.kind {
            NameKind::Parameter => self.parameter(&name.name),
            NameKind::Variable => format!("variables('{}')", name.name),
            NameKind::Resource { .. } | NameKind::Output => return None,
        };
        Some(Spelled { stable: Some(text.clone()), text, uses: Vec::new() })
    }

    fn outputs(&self, unit: &Unit) -> Vec<(String, String)> {
        let find = || {
            let text = Text::of(self.0, unit.file).ok()?;
            let template = text.template(unit)?;
            let outputs = member(template, "outputs")?.as_object()?;
            let each = outputs.properties.iter().filter_map(|one| {
                Some((one.name.as_str().to_owned(), expression(string(one.value.as_object()?, "value")?)))
            });
            Some(each.collect())
        };
        find().unwrap_or_default()
    }

    fn output(&self, _: &Unit, call: Span, round: Option<&Value>, name: &str) -> Option<String> {
        self.at(call, |object| {
            let id = deployment_id(object)?;
            (round.is_none() && member(object, "copy").is_none())
                .then(|| format!("reference({id}, '2022-09-01').outputs.{name}.value"))
        })
    }

    fn arguments(&self, _: &Unit, call: Span) -> Vec<(String, String)> {
        self.at(call, |object| {
            let passed = member(member(object, "properties")?.as_object()?, "parameters")?.as_object()?;
            let each = passed.properties.iter().filter_map(|one| {
                Some((one.name.as_str().to_owned(), expression(string(one.value.as_object()?, "value")?)))
            });
            Some(each.collect())
        })
        .unwrap_or_default()
    }

    fn parameter(&self, name: &str) -> String {
        format!("parameters('{name}')")
    }
}

/// The expression by which an id of this type came to a place in the file: what is derived from another id has that one's.
fn written(site: &Site<'_>, value: &Value, ty: &str, file: rolecall_source::FileId) -> Option<String> {
    let chain = site.deployment.origins.chain(value.origin());
    let text = chain.first().filter(|node| node.span.file == file).and_then(|node| site.text(node.span))?;
    let text = text.trim().trim_matches('"').trim_start_matches('[').trim_end_matches(']');
    let lower = text.to_ascii_lowercase();
    // The type may stand behind a subscription and a resource group.
    let inner = lower.strip_prefix("resourceid(").and_then(|rest| rest.strip_suffix(')'))?;
    let mut depth = 0_i32;
    let is_one_call = inner.chars().all(|one| {
        depth += i32::from(one == '(') - i32::from(one == ')');
        depth >= 0
    });
    let named = format!("'{}',", ty.to_ascii_lowercase());
    let sound = is_one_call && inner.contains(&named) && !lower.contains("copyindex(") && !lower.contains("reference(");
    sound.then(|| text.to_owned())
}

/// The principal id as a unit names it; what is stable is the id of its resource.
pub(super) fn principal(site: &Site<'_>, unit: &Unit, principal: &Value) -> Result<Spelled, String> {
    let cannot = || "the template cannot name the principal".to_owned();
    if let Some(spelled) = site.spell(&Words(site), unit, Target::Principal(principal)) {
        return Ok(spelled);
    }
    let created = site.principal(principal);
    if let Some((resource, Wanted::Attribute(path))) = &created
        && let Some(own) = site.deployment.resource(*resource)
        && let Some(version) = version(site, *resource)
    {
        let id = own.id.to_value();
        if let Ok(spelled) = resource_id(site, unit, &id) {
            return Ok(Spelled { text: answer(&spelled.text, &version, path), ..spelled });
        }
    }
    let identity = match principal.as_symbol() {
        Some(Symbol::Attribute { resource, path }) if path.eq_ignore_ascii_case("properties.principalId") => resource,
        _ => return Err(cannot()),
    };
    // One that AKS makes has a name of which nothing is promised.
    let made_by_azure = site.created(identity).is_some_and(|(_, found)| found.made_by != MadeBy::Template);
    // An id that is given to the deployment is no more than a text.
    let target = if ResourceId::parse(identity).is_some() { Target::Id(identity) } else { Target::Text(identity) };
    let named = site.spell(&Words(site), unit, target).filter(|_| !made_by_azure).map(|one| one.text);
    let id = named.or_else(|| {
        let by = |value: &Value| written(site, value, rolecall_graph::USER_ASSIGNED, unit.file);
        by(identity).or_else(|| by(principal))
    });
    let id = id.ok_or_else(cannot)?;
    Ok(Spelled { text: answer(&id, IDENTITY_VERSION, "properties.principalId"), stable: Some(id), uses: Vec::new() })
}

/// The version of the API by which a resource is declared, as an expression that any unit understands.
fn version(site: &Site<'_>, resource: rolecall_graph::ResourceIndex) -> Option<String> {
    let (_, declared) = site.declared(resource)?;
    Words(site)
        .at(declared, |object| string(object, "apiVersion").filter(|version| !version.starts_with('[')).map(expression))
}

/// The id of a resource as a unit names it.
fn resource_id(site: &Site<'_>, unit: &Unit, id: &Value) -> Result<Spelled, String> {
    if let Some(spelled) = site.spell(&Words(site), unit, Target::Id(id)) {
        return Ok(spelled);
    }
    let own = match ResourceId::parse(id) {
        Some(id) => built(site, unit, &id),
        // An id that is given to the deployment.
        None => site.spell(&Words(site), unit, Target::Text(id)),
    };
    own.ok_or_else(|| "the template cannot name the scope".to_owned())
}

/// An id that is built of names, where the unit can say them and goes to where the resource is.
fn built(site: &Site<'_>, unit: &Unit, id: &ResourceId) -> Option<Spelled> {
    if !goes_to(site, unit, id) || !matches!(id.scope, Place::ResourceGroup(..)) {
        return None;
    }
    let (mut names, mut known) = (Vec::new(), false);
    for name in &id.names {
        let spelled = site.spell(&Words(site), unit, Target::Text(name)).and_then(|spelled| spelled.stable);
        known |= spelled.is_some();
        names.push(spelled.or_else(|| literal(site, name))?);
    }
    // A name that is written out nowhere but here says nothing about other parameters.
    let text = format!("resourceId('{}', {})", id.resource_type, names.join(", "));
    known.then(|| Spelled { stable: Some(text.clone()), text, uses: Vec::new() })
}

/// Whether resources of a unit go where a resource is.
pub(super) fn goes_to(site: &Site<'_>, unit: &Unit, id: &ResourceId) -> bool {
    let Some(target) = site.frame(unit).and_then(|frame| frame.target.as_ref()) else { return false };
    let there = ResourceId { scope: target.clone(), ..id.clone() };
    id_equality(&site.deployment.inputs, &there, id).equal.is_true()
}

/// A name that the texts write out as it is.
fn literal(site: &Site<'_>, name: &Value) -> Option<String> {
    let own = name.as_str().filter(|name| !name.contains('\''))?;
    let chain = site.deployment.origins.chain(name.origin());
    let [only] = &chain[..] else { return None };
    let written = site.text(only.span)?;
    (written.trim_matches(['\'', '"']) == own).then(|| format!("'{own}'"))
}

/// The id of a scope as a unit names it.
pub(super) fn scope(site: &Site<'_>, unit: &Unit, scope: &Value) -> Result<String, String> {
    resource_id(site, unit, scope).map(|spelled| spelled.text).or_else(|why| {
        let ty = ResourceId::parse(scope).map(|id| id.resource_type).ok_or_else(|| why.clone())?;
        written(site, scope, ty.as_str(), unit.file).ok_or(why)
    })
}
