//! Edits of ARM templates: what a [`Mend`] asks for, in the words and the style of the file.
//!
//! A file that does not parse gets no edit, and neither does what cannot be named where it is needed: the refusal says why.

use std::ops::Range;
use std::sync::Arc;

use jsonc_parser::ast::{Object, ObjectProp, Value as Json};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use rolecall_graph::{Assign, Mend, ResourceIndex, Setting, Site, Step, Unit, Units, Wanted};
use rolecall_source::{Edit, SourceFile, Span};
use rolecall_value::{ResourceId, Symbol, Value};

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

/// A file.
struct Text(Arc<SourceFile>);

impl Text {
    fn read(site: &Site<'_>, span: Span) -> Result<Self, String> {
        Ok(Text(site.files.get(span.file).ok_or("its file was not kept")?))
    }

    fn root(&self) -> Result<Json<'_>, String> {
        let parsed = parse_to_ast(&self.0.text, &CollectOptions::default(), &ParseOptions::default());
        let whole = parsed.ok().and_then(|parsed| parsed.value);
        whole.ok_or_else(|| format!("`{}` does not parse", self.0.path.display()))
    }

    fn slice(&self, range: Range<usize>) -> &str {
        self.0.text.get(range).unwrap_or_default()
    }

    fn edit(&self, range: Range<usize>, text: String) -> Edit {
        let text = if self.0.text.contains("\r\n") { text.replace('\n', "\r\n") } else { text };
        Edit { span: Span::new(self.0.id, range.start, range.end), text }
    }

    fn indent(&self, at: usize) -> &str {
        let start = self.0.text[..at].rfind('\n').map_or(0, |end| end + 1);
        let line = &self.0.text[start..];
        &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
    }

    /// The white space of one level.
    fn step(&self, object: &Object<'_>) -> String {
        let outer = self.indent(range(object).start);
        let inner = object.properties.first().map_or("", |one| self.indent(range(one).start));
        inner.strip_prefix(outer).filter(|step| !step.is_empty()).unwrap_or("  ").to_owned()
    }
}

fn range(node: &impl Ranged) -> Range<usize> {
    let range = node.range();
    range.start..range.end
}

fn bytes(span: Span) -> Range<usize> {
    span.start as usize..span.end as usize
}

fn property<'v, 'a>(object: &'v Object<'a>, name: &str) -> Option<&'v ObjectProp<'a>> {
    object.properties.iter().find(|one| one.name.as_str().eq_ignore_ascii_case(name))
}

fn member<'v, 'a>(object: &'v Object<'a>, name: &str) -> Option<&'v Json<'a>> {
    property(object, name).map(|one| &one.value)
}

fn string<'v>(object: &'v Object<'_>, name: &str) -> Option<&'v str> {
    member(object, name).and_then(Json::as_string_lit).map(|text| text.value.as_ref())
}

/// What an object stands in.
enum Around<'v, 'a> {
    List,
    Named(&'v str, &'v Object<'a>),
    Nothing,
}

/// The object at these bytes.
fn find<'v, 'a>(root: &'v Json<'a>, wanted: &Range<usize>) -> Option<(&'v Object<'a>, Around<'v, 'a>)> {
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

/// An expression without its brackets; a literal with its quotes.
fn expression(text: &str) -> String {
    match text.strip_prefix('[').filter(|_| !text.starts_with("[[")).and_then(|rest| rest.strip_suffix(']')) {
        Some(inner) => inner.to_owned(),
        None => format!("'{}'", text.replace('\'', "''")),
    }
}

/// The id of a resource by its type and name, for names that can be taken apart.
fn id(object: &Object<'_>) -> Option<String> {
    let ty = string(object, "type")?;
    let name = expression(string(object, "name")?);
    if name.to_lowercase().contains("copyindex(")
        || member(object, "copy").is_some()
        || member(object, "scope").is_some()
    {
        return None;
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

/// ARM's words.
struct Words<'s>(&'s Site<'s>);

impl Words<'_> {
    fn at<R>(&self, declared: Span, with: impl FnOnce(&Object<'_>) -> Option<R>) -> Option<R> {
        let text = Text::read(self.0, declared).ok()?;
        let root = text.root().ok()?;
        with(find(&root, &bytes(declared))?.0)
    }
}

impl Units for Words<'_> {
    fn own(&self, _: &Unit, declared: Span, wanted: Wanted) -> Option<String> {
        self.at(declared, |object| {
            let id = id(object)?;
            let version = string(object, "apiVersion")?;
            if version.starts_with('[') {
                return None;
            }
            Some(match wanted {
                Wanted::Id => id,
                Wanted::PrincipalId => format!("reference({id}, '{version}').principalId"),
                Wanted::SystemPrincipalId => format!("reference({id}, '{version}', 'full').identity.principalId"),
                Wanted::KubeletPrincipalId => {
                    format!("reference({id}, '{version}').identityProfile.kubeletidentity.objectId")
                }
            })
        })
    }

    fn outputs(&self, unit: &Unit) -> Vec<(String, String)> {
        let find = || {
            let file = self.0.files.get(unit.file)?;
            let text = Text(file);
            let root = text.root().ok()?;
            // A nested template stands in the resource that deploys it.
            let template = match unit.calls.first().filter(|call| call.file == unit.file) {
                Some(call) => member(member(find(&root, &bytes(*call))?.0, "properties")?.as_object()?, "template")?
                    .as_object()?,
                None => root.as_object()?,
            };
            let outputs = member(template, "outputs")?.as_object()?;
            let each = outputs.properties.iter().filter_map(|one| {
                Some((one.name.as_str().to_owned(), expression(string(one.value.as_object()?, "value")?)))
            });
            Some(each.collect())
        };
        find().unwrap_or_default()
    }

    fn output(&self, _: &Unit, call: Span, name: &str) -> Option<String> {
        self.at(call, |object| {
            let deployment = expression(string(object, "name")?);
            member(object, "copy").is_none().then(|| {
                format!("reference(resourceId('Microsoft.Resources/deployments', {deployment}), '2022-09-01').outputs.{name}.value")
            })
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

/// The expressions by which a value came to a place in the file.
fn texts(site: &Site<'_>, value: &Value, file: rolecall_source::FileId) -> Vec<String> {
    let chain = site.deployment.origins.chain(value.origin());
    let here = chain.iter().take(1).filter(|node| node.span.file == file).filter_map(|node| site.text(node.span));
    let sound = |text: &String| {
        let starts = ["resourceId(", "parameters(", "variables(", "subscriptionResourceId("];
        starts.iter().any(|start| text.starts_with(start)) && !text.contains("copyIndex(") && text.ends_with(')')
    };
    here.map(|text| text.trim().trim_matches('"').trim_start_matches('[').trim_end_matches(']').to_owned())
        .filter(sound)
        .collect()
}

/// The principal id as a unit names it, and the id of its resource.
fn principal(site: &Site<'_>, unit: &Unit, principal: &Value) -> Result<(String, Option<String>), String> {
    let cannot = || "the template cannot name the principal".to_owned();
    let words = Words(site);
    if let Some((resource, wanted)) = site.principal(principal) {
        let id = site.spell(&words, unit, resource, Wanted::Id);
        if let Some(spelled) = site.spell(&words, unit, resource, wanted) {
            return Ok((spelled, id));
        }
        if let (Some(id), Wanted::PrincipalId) = (id, wanted) {
            return Ok((format!("reference({id}, '2023-01-31').principalId"), Some(id)));
        }
    }
    let identity = match principal.as_symbol() {
        Some(Symbol::Attribute { resource, path }) if path.eq_ignore_ascii_case("properties.principalId") => resource,
        _ => return Err(cannot()),
    };
    let id = texts(site, identity, unit.file).into_iter().chain(texts(site, principal, unit.file)).next();
    let id = id.ok_or_else(cannot)?;
    Ok((format!("reference({id}, '2023-01-31').principalId"), Some(id)))
}

fn scope(site: &Site<'_>, unit: &Unit, scope: &Value) -> Result<String, String> {
    if let Some((resource, found)) = site.created(scope)
        && ResourceId::parse(scope).is_some_and(|id| id.resource_type == found.id.resource_type)
        && let Some(spelled) = site.spell(&Words(site), unit, resource, Wanted::Id)
    {
        return Ok(spelled);
    }
    texts(site, scope, unit.file).into_iter().next().ok_or_else(|| "the template cannot name the scope".to_owned())
}

fn role(guid: &str) -> String {
    format!("[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '{guid}')]")
}

fn quoted(text: &str) -> String {
    serde_json::Value::String(text.to_owned()).to_string()
}

fn set(site: &Site<'_>, assignment: ResourceIndex, to: &Setting) -> Result<Vec<Edit>, String> {
    let (unit, declared) = site.declared(assignment).ok_or("nothing declares the assignment")?;
    let text = Text::read(site, declared)?;
    let root = text.root()?;
    let (object, _) = find(&root, &bytes(declared)).ok_or("the assignment was not found")?;
    if !matches!(to, Setting::PrincipalType(_)) && !site.is_single(assignment) {
        return Err("the declaration stands for several assignments".to_owned());
    }
    let properties =
        member(object, "properties").and_then(Json::as_object).ok_or("the assignment has no properties")?;
    let (object, name, value) = match to {
        Setting::Principal(value) => (properties, "principalId", format!("[{}]", principal(site, &unit, value)?.0)),
        Setting::PrincipalType(kind) => (properties, "principalType", kind.clone()),
        Setting::Role(choice) => (properties, "roleDefinitionId", role(&choice.guid)),
        Setting::Scope(value) => (object, "scope", format!("[{}]", scope(site, &unit, value)?)),
    };
    let mut edits = vec![match member(object, name) {
        Some(own) => text.edit(range(own), quoted(&value)),
        None => add(&text, object, &format!("\"{name}\": {}", quoted(&value)))?,
    }];
    // Two assignments must not have one name, so it follows the scope.
    if let Setting::Scope(_) = to
        && let Some(given) = member(object, "name")
        && let Some(arguments) = string(object, "name").and_then(|name| name.strip_prefix("[guid(")?.strip_suffix(")]"))
    {
        let id = expression(&value);
        let old = string(object, "scope").map(expression);
        let arguments = match old.filter(|old| arguments.contains(old.as_str())) {
            Some(old) => arguments.replace(&old, &id),
            None => format!("{arguments}, {id}"),
        };
        edits.push(text.edit(range(given), quoted(&format!("[guid({arguments})]"))));
    }
    edits.sort_by_key(|edit| edit.span.start);
    Ok(edits)
}

/// The edit that adds a member at the end of an object, in its layout.
fn add(text: &Text, object: &Object<'_>, member: &str) -> Result<Edit, String> {
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
fn depend(text: &Text, object: &Object<'_>, on: &str) -> Result<Option<Edit>, String> {
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
fn reference(object: &Object<'_>, around: &Around<'_, '_>) -> Option<String> {
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

fn wait(site: &Site<'_>, resource: ResourceIndex, on: ResourceIndex) -> Result<Vec<Edit>, String> {
    let later = site.declared(resource).ok_or("nothing declares what has to wait")?;
    let earlier = site.declared(on).ok_or("nothing declares what it has to wait for")?;
    let (later, earlier) = together(&later, &earlier);
    if later == earlier || later.file != earlier.file {
        return Err("both are made by one nested deployment".to_owned());
    }
    let text = Text::read(site, later)?;
    let root = text.root()?;
    let (object, around) = find(&root, &bytes(earlier)).ok_or("what it waits for was not found")?;
    if member(object, "copy").is_some() {
        return Err("what it waits for is a loop".to_owned());
    }
    let on = reference(object, &around).ok_or("what it waits for cannot be named")?;
    let (object, _) = find(&root, &bytes(later)).ok_or("what has to wait was not found")?;
    Ok(depend(&text, object, &on)?.into_iter().collect())
}

fn together(a: &(Unit, Span), b: &(Unit, Span)) -> (Span, Span) {
    let shared = a.0.calls.iter().rev().zip(b.0.calls.iter().rev()).take_while(|(a, b)| a == b).count();
    let at = |(unit, own): &(Unit, Span)| match unit.calls.len() - shared {
        0 => *own,
        depth => unit.calls[depth - 1],
    };
    (at(a), at(b))
}

fn assign(site: &Site<'_>, assign: &Assign) -> Result<Vec<Edit>, String> {
    let needed = site.declared(assign.needed_by).ok_or("nothing declares what needs it")?;
    let own = site.created(&assign.scope).and_then(|(scope, _)| site.declared(scope));
    let mut refusal = None;
    for (unit, beside) in own.iter().chain([&needed]) {
        match assign_in(site, assign, unit, *beside, &needed) {
            Ok(edits) => return Ok(edits),
            Err(why) => refusal = refusal.or(Some(why)),
        }
    }
    Err(refusal.unwrap_or_else(|| "no template names both the principal and the scope".to_owned()))
}

fn assign_in(
    site: &Site<'_>,
    assign: &Assign,
    unit: &Unit,
    beside: Span,
    needed: &(Unit, Span),
) -> Result<Vec<Edit>, String> {
    let text = Text::read(site, beside)?;
    let root = text.root()?;
    let calls = site.deployment.enumerate().filter_map(|(index, _)| site.declared(index));
    if !unit.calls.is_empty()
        && unit.calls[0].file != unit.file
        && calls.map(|(own, _)| own).any(|own| own.file == unit.file && own.calls != unit.calls)
    {
        return Err("the template is linked more than once".to_owned());
    }
    // An assignment stands in the resource group of what it is on.
    let group = |id: &ResourceId| id.scope.to_value().text().to_lowercase();
    let own =
        site.created(&assign.scope).and_then(|(index, _)| site.declared(index)).is_some_and(|(home, _)| home == *unit);
    let here = ResourceId::parse(&assign.scope).zip(site.deployment.resource(assign.needed_by));
    if !own && here.is_none_or(|(scope, needed_by)| group(&scope) != group(&needed_by.id)) {
        return Err("the scope lies in another resource group, which takes a nested deployment".to_owned());
    }
    let on = scope(site, unit, &assign.scope)?;
    let (who, identity) = principal(site, unit, &assign.principal)?;
    let (object, around) = find(&root, &bytes(beside)).ok_or("the place was not found")?;
    let guid = &assign.role.guid;
    let by = identity.clone().unwrap_or_else(|| who.clone());
    if by.contains(".outputs.") {
        return Err("the name of the assignment would depend on an output".to_owned());
    }
    let name = format!("guid({on}, {by}, '{guid}')");
    // It waits for what it names, as far as it is declared beside it.
    let mut waits = Vec::new();
    let mut conditions: Vec<String> = Vec::new();
    let scope_id = ResourceId::parse(&assign.scope);
    let parent = scope_id.and_then(|id| id.parent()).map(|id| id.to_value());
    let scopes = [Some(&assign.scope), parent.as_ref()].into_iter().flatten().find_map(|id| site.created(id));
    let concerned =
        scopes.map(|(index, _)| index).into_iter().chain(site.principal(&assign.principal).map(|(index, _)| index));
    for index in concerned {
        let Some((home, declared)) = site.declared(index).filter(|(home, _)| home == unit) else { continue };
        let _ = home;
        let Some((object, around)) = find(&root, &bytes(declared)) else { continue };
        let reference = reference(object, &around).ok_or("what it is on cannot be named")?;
        if !waits.contains(&reference) {
            waits.push(reference);
        }
        conditions.extend(string(object, "condition").map(expression).filter(|one| !conditions.contains(one)));
    }
    if needed.0 == *unit
        && let Some((object, _)) = find(&root, &bytes(needed.1))
    {
        conditions.extend(string(object, "condition").map(expression).filter(|one| !conditions.contains(one)));
    }
    let condition = match &conditions[..] {
        [] => None,
        [one] => Some(format!("[{one}]")),
        several => Some(format!("[and({})]", several.join(", "))),
    };
    let step = text.step(object);
    let mut members = vec![
        ("type", "Microsoft.Authorization/roleAssignments".to_owned()),
        ("apiVersion", "2022-04-01".to_owned()),
        ("name", format!("[{name}]")),
        ("scope", format!("[{on}]")),
    ];
    if let Some(condition) = condition {
        members.insert(0, ("condition", condition));
    }
    let mut lines: Vec<String> =
        members.iter().map(|(key, value)| format!("{step}\"{key}\": {}", quoted(value))).collect();
    if !waits.is_empty() {
        let items: Vec<_> = waits.iter().map(|one| format!("{step}{step}{}", quoted(one))).collect();
        lines.push(format!("{step}\"dependsOn\": [\n{}\n{step}]", items.join(",\n")));
    }
    let inner = [
        ("roleDefinitionId", role(guid)),
        ("principalId", format!("[{who}]")),
        ("principalType", "ServicePrincipal".to_owned()),
    ];
    let inner: Vec<_> = inner.iter().map(|(key, value)| format!("{step}{step}\"{key}\": {}", quoted(value))).collect();
    lines.push(format!("{step}\"properties\": {{\n{}\n{step}}}", inner.join(",\n")));
    let body = format!("{{\n{}\n}}", lines.join(",\n"));
    let (end, start, head) = match &around {
        Around::List => (range(object).end, range(object).start, String::new()),
        Around::Named(_, names) => {
            let own =
                names.properties.iter().find(|one| range(&one.value) == range(object)).ok_or("no place for it")?;
            let symbol = unique(names, &format!("{}Role", own.name.as_str()));
            (range(object).end, range(own).start, format!("\"{symbol}\": "))
        }
        Around::Nothing => return Err("there is no list of resources".to_owned()),
    };
    if !text.slice(0..start).ends_with([' ', '\n', '\t', '{', '[']) || text.0.text.lines().count() < 3 {
        return Err("the template stands on one line".to_owned());
    }
    let indent = text.indent(start);
    let body = body.replace('\n', &format!("\n{indent}"));
    let mut edits = vec![text.edit(end..end, format!(",\n{indent}{head}{body}"))];
    if assign.awaited {
        let (later, earlier) = together(needed, &(unit.clone(), beside));
        let other = Text::read(site, later)?;
        let whole = other.root()?;
        let awaited = if needed.0 == *unit {
            match &around {
                Around::Named(..) => head.split('"').nth(1).unwrap_or_default().to_owned(),
                _ => format!("[extensionResourceId({on}, 'Microsoft.Authorization/roleAssignments', {name})]"),
            }
        } else {
            if later == earlier {
                return Err("what needs it and the assignment would be made by one deployment".to_owned());
            }
            let (call, around) = find(&whole, &bytes(earlier)).ok_or("the nested deployment was not found")?;
            reference(call, &around).ok_or("the nested deployment cannot be named")?
        };
        let later = if needed.0 == *unit { needed.1 } else { later };
        let (object, _) = find(&whole, &bytes(later)).ok_or("what has to wait was not found")?;
        edits.extend(depend(&other, object, &awaited)?);
    }
    edits.sort_by_key(|edit| (edit.span.file, edit.span.start));
    Ok(edits)
}

fn unique(names: &Object<'_>, name: &str) -> String {
    let free = |name: &String| property(names, name).is_none();
    let numbered = (2..1000).map(|number| format!("{name}{number}"));
    [name.to_owned()].into_iter().chain(numbered).find(free).unwrap_or_default()
}
