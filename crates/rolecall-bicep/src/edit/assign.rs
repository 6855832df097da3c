//! Role assignments that are added.

use std::ops::Range;

use rolecall_graph::{Assign, Site, Spelled, Target, Unit};
use rolecall_source::{Edit, Rewrite, Span};
use rolecall_value::Value;

use super::module::{Elsewhere, elsewhere};
use super::text::{Declaration, Text, add, bytes, depend, identifier, member, short, unique};
use super::words::{Named, Words, principal, role, scope};
use crate::syntax::{Expression, Statement, SyntaxNode};

/// By which means an assignment is written.
#[derive(Clone, Copy)]
struct Way {
    /// Whether by a module that is deployed to where the scope lies.
    module: bool,
    /// Whether the principal may be handed on by parameters.
    passes: bool,
}

/// The ways, the plainest first.
const WAYS: [Way; 4] = [
    Way { module: false, passes: false },
    Way { module: false, passes: true },
    Way { module: true, passes: false },
    Way { module: true, passes: true },
];

/// The edits that add a role assignment beside its scope.
pub(super) fn assign(site: &Site<'_>, assign: &Assign) -> Result<Rewrite, String> {
    let needed = site.declared(assign.needed_by).ok_or("nothing declares what needs it")?;
    let mut refusal = None;
    let homes = site.homes(assign);
    for way in WAYS {
        for unit in &homes {
            match assign_in(site, assign, unit, &needed, way) {
                Ok(changes) => return Ok(changes),
                Err(why) => refusal = refusal.or(Some(why)),
            }
        }
    }
    Err(refusal.unwrap_or_else(|| "no file names both the principal and the scope".to_owned()))
}

fn assign_in(
    site: &Site<'_>,
    assign: &Assign,
    unit: &Unit,
    needed: &(Unit, Span),
    way: Way,
) -> Result<Rewrite, String> {
    let text = Text::read(site, unit)?;
    if site.is_shared(unit) {
        return Err(format!("`{}` is a module that is called more than once", short(&text)));
    }
    let place = match way.module {
        false if site.is_group_of(unit, &assign.scope) => Place::Group,
        false => Place::Here(scope(site, &text, unit, &assign.scope)?),
        true => Place::There(elsewhere(site, &text, unit, assign)?),
    };
    let (who, declare, mut edits) = match principal(site, &text, unit, &assign.principal) {
        Ok((who, declare)) => (who, declare, Vec::new()),
        Err(why) if !way.passes => return Err(why),
        Err(_) => {
            let (who, edits) = pass(site, &text, unit, &assign.principal)?;
            (who, None, edits)
        }
    };
    let target = place.label().to_owned();
    let plain = target.replace("::", "_").replace(['[', ']'], "");
    let name = unique(&text, &format!("{plain}{}", pascal(assign.role_name())));
    let needs = (needed.0 == *unit).then_some(needed.1);
    let beside = place.beside().or_else(|| text.file.statements().last().map(|one| one.node().byte_range()));
    let beside = beside.ok_or("the file is empty")?;
    let when = condition(&text, place.beside().into_iter().chain(who.uses.iter().copied().chain(needs).map(bytes)));
    let mut out = String::new();
    for declare in place.declare().into_iter().chain(&declare) {
        out += &format!("{declare}\n\n");
    }
    let mut files = Vec::new();
    out += &match &place {
        Place::There(elsewhere) => {
            files.extend(elsewhere.file.clone());
            elsewhere.call(assign, &name, &when, &who.text)
        }
        Place::Here(_) | Place::Group => {
            let (id, scope) = match &place {
                Place::Group => ("resourceGroup().id".to_owned(), String::new()),
                _ => (format!("{target}.id"), format!("  scope: {target}\n")),
            };
            let by = who.stable.clone().unwrap_or_else(|| format!("'{}'", plain_name(site, &assign.principal)));
            let more = if site.has_assignments(&assign.scope) { format!(", '{name}'") } else { String::new() };
            let (before, title, last, role) = match assign.is_exact {
                true => {
                    let symbol = unique(&text, &format!("{plain}Role"));
                    let definition = exact_role(assign, &symbol, &when, &id, &by);
                    (definition + "\n\n", assign.role_name(), format!("{symbol}.name"), format!("{symbol}.id"))
                }
                false => {
                    let guid = format!("'{}'{more}", assign.role.guid);
                    (String::new(), assign.role_name(), guid, role(&text, &assign.role))
                }
            };
            format!(
                "{before}// {title}\nresource {name} 'Microsoft.Authorization/roleAssignments@2022-04-01' = {when}{{\n  name: guid({id}, {by}, {last})\n{scope}  \
                 properties: {{\n    principalId: {}\n    principalType: 'ServicePrincipal'\n    \
                 roleDefinitionId: {role}\n  }}\n}}",
                who.text,
            )
        }
    };
    let at = text.line_end(beside.end).unwrap_or(beside.end);
    edits.push(text.edit(at..at, format!("\n\n{out}")));
    let mut waits = Waits { site, unit, at: Span::new(unit.file, at, at), name: &name, edits };
    // What is named by its name alone has to be there.
    let declared = |id: &Value| site.created(id).and_then(|(index, _)| site.declared(index));
    if place.declare().is_some() && place.beside().is_none() {
        waits.home_waits_for(declared(&assign.scope))?;
    }
    if declare.is_some() {
        waits.home_waits_for(site.principal(&assign.principal).and_then(|(index, _)| site.declared(index)))?;
    }
    if assign.awaited {
        waits.waited_for_by(needed)?;
    }
    let mut edits = waits.edits;
    edits.sort_by_key(|edit| (edit.span.file, edit.span.start));
    Ok(Rewrite { edits, files })
}

/// Where an assignment goes.
enum Place {
    /// To the resource group itself that the file is deployed to.
    Group,
    /// To where the file does, on what has this name.
    Here(Named),
    /// To where a module takes it.
    There(Elsewhere),
}

impl Place {
    fn label(&self) -> &str {
        match self {
            Place::Group => "resourceGroup",
            Place::Here(named) => &named.symbol,
            Place::There(elsewhere) => &elsewhere.label,
        }
    }

    fn beside(&self) -> Option<Range<usize>> {
        match self {
            Place::Group => None,
            Place::Here(named) => named.beside.clone(),
            Place::There(elsewhere) => elsewhere.beside.clone(),
        }
    }

    fn declare(&self) -> Option<&String> {
        match self {
            Place::Here(named) => named.declare.as_ref(),
            Place::Group | Place::There(_) => None,
        }
    }
}

/// The order that an assignment asks for.
struct Waits<'w> {
    site: &'w Site<'w>,
    unit: &'w Unit,
    at: Span,
    name: &'w str,
    edits: Vec<Edit>,
}

impl Waits<'_> {
    /// What needs the assignment waits for it, or for the module that makes it.
    fn waited_for_by(&mut self, needed: &(Unit, Span)) -> Result<(), String> {
        let (common, later, earlier) = Site::together(needed, &(self.unit.clone(), self.at));
        let other = Text::read(self.site, &common)?;
        let (declaration, _) = Declaration::find(&other.file, &bytes(later)).ok_or("what has to wait was not found")?;
        let on = if common == *self.unit {
            self.name.to_owned()
        } else {
            if later == earlier {
                return Err("what needs it and the assignment would be made by one module call".to_owned());
            }
            if self.site.waits(earlier, later) {
                return Err("the module that would assign the role waits for what needs it".to_owned());
            }
            let (call, _) = Declaration::find(&other.file, &bytes(earlier)).ok_or("the module call was not found")?;
            call.name(other.str()).ok_or("the module has no name")?.to_owned()
        };
        self.edits.extend(depend(&other, declaration, &on)?);
        Ok(())
    }

    /// The module that makes the assignment waits for what makes something that it names by name.
    fn home_waits_for(&mut self, declared: Option<(Unit, Span)>) -> Result<(), String> {
        let Some(declared) = declared else { return Ok(()) };
        let (common, earlier, later) = Site::together(&declared, &(self.unit.clone(), self.at));
        if common == *self.unit || self.site.waits(later, earlier) {
            return Ok(());
        }
        if later == earlier || self.site.waits(earlier, later) {
            return Err("what it names is made after it".to_owned());
        }
        let other = Text::read(self.site, &common)?;
        let (call, _) = Declaration::find(&other.file, &bytes(later)).ok_or("the module call was not found")?;
        let (on, _) = Declaration::find(&other.file, &bytes(earlier)).ok_or("what it names was not found")?;
        let on = on.name(other.str()).ok_or("what it names has no symbolic name")?.to_owned();
        self.edits.extend(depend(&other, call, &on)?);
        Ok(())
    }
}

/// Hands a principal id on to a module: a parameter there, and a value for it in each call that leads there.
fn pass(site: &Site<'_>, text: &Text, unit: &Unit, principal: &Value) -> Result<(Spelled, Vec<Edit>), String> {
    let cannot = || format!("`{}` cannot name the principal", short(text));
    let (parent, call) = unit.parent().ok_or_else(cannot)?;
    if site.is_shared(unit) {
        return Err(format!("`{}` is a module that is called more than once", short(text)));
    }
    let outer = Text::read(site, &parent)?;
    let (given, mut edits) = match site.spell(&Words(site), &parent, Target::Principal(principal)) {
        Some(given) => (given, Vec::new()),
        None => pass(site, &outer, &parent, principal)?,
    };
    let (declaration, _) = Declaration::find(&outer.file, &bytes(call)).ok_or_else(cannot)?;
    for used in &given.uses {
        let is_sure = Declaration::find(&outer.file, &bytes(*used)).is_some_and(|(one, _)| {
            one.condition(outer.str()).is_none_or(|own| declaration.condition(outer.str()) == Some(own))
        });
        if !is_sure || *used == call || site.waits(*used, call) {
            return Err(format!("`{}` cannot be given the principal", short(text)));
        }
    }
    let label = given.text.split(['.', '[', ':']).next().unwrap_or_default();
    let label = if given.text.contains(['.', '[']) { format!("{label}PrincipalId") } else { label.to_owned() };
    let name = unique(text, &identifier(&label, "principalId"));
    let object = declaration.object().ok_or_else(cannot)?;
    edits.push(match member(object, "params", outer.str()) {
        Some(Expression::Object(params)) => add(&outer, params, &format!("{name}: {}", given.text))?,
        Some(_) => return Err(format!("the parameters of `{}` are not written out", short(text))),
        None => add(&outer, object, &format!("params: {{\n  {name}: {}\n}}", given.text))?,
    });
    let parameters = text.file.statements().filter_map(|statement| match statement {
        Statement::ParameterDeclaration(one) => Some(one.span().end),
        _ => None,
    });
    let last = parameters.last().ok_or_else(cannot)?;
    let at = text.line_end(last).ok_or_else(cannot)?;
    edits.push(text.edit(at..at, format!("\nparam {name} string")));
    Ok((Spelled { text: name.clone(), stable: Some(name), uses: Vec::new() }, edits))
}

/// The conditions of declarations, together, as they stand in front of a body.
fn condition(text: &Text, ranges: impl Iterator<Item = std::ops::Range<usize>>) -> String {
    let mut conditions: Vec<String> = Vec::new();
    for range in ranges {
        let found = Declaration::find(&text.file, &range);
        let Some(whole) = found.and_then(|(declaration, _)| declaration.condition(text.str())) else { continue };
        let inner = whole.trim_start_matches('(').trim_end_matches(')');
        let condition = if whole == format!("({inner})") { inner.to_owned() } else { whole.to_owned() };
        if !conditions.contains(&condition) {
            conditions.push(condition);
        }
    }
    match &conditions[..] {
        [] => String::new(),
        [one] => format!("if ({one}) "),
        several => format!("if ({}) ", several.iter().map(|one| format!("({one})")).collect::<Vec<_>>().join(" && ")),
    }
}

/// A role that has exactly what is needed. The tenant knows it by a name that no other role may have.
pub(super) fn exact_role(assign: &Assign, symbol: &str, when: &str, id: &str, by: &str) -> String {
    let role = &assign.exact;
    format!(
        "// Exactly what is needed\nresource {symbol} 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {when}{{\n  \
         name: guid({id}, {by}, '{}')\n  properties: {{\n    roleName: '{} ${{uniqueString({id}, {by})}}'\n    \
         type: 'CustomRole'\n    permissions: [\n      {{\n{}      }}\n    ]\n    assignableScopes: [\n      resourceGroup().id\n    ]\n  }}\n}}",
        role.name,
        role.name,
        permission(assign),
    )
}

/// The actions of a role that has exactly what is needed.
fn permission(assign: &Assign) -> String {
    let list = |name: &str, all: &[String]| match all {
        [] => String::new(),
        all => {
            let lines: String = all.iter().map(|one| format!("          '{one}'\n")).collect();
            format!("        {name}: [\n{lines}        ]\n")
        }
    };
    list("actions", &assign.exact.actions) + &list("dataActions", &assign.exact.data_actions)
}

fn plain_name(site: &Site<'_>, principal: &Value) -> String {
    let name: String = site.identities.describe(principal);
    name.chars().filter(|one| one.is_ascii_alphanumeric() || matches!(one, '-' | '_' | '.')).collect()
}

/// `Network Contributor` as `NetworkContributor`.
fn pascal(name: &str) -> String {
    let words = name.split(|one: char| !one.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| word[..1].to_ascii_uppercase() + &word[1..]).collect()
}
