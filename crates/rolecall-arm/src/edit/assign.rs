//! Role assignments that are added.

use rolecall_graph::{Assign, Site, Spelled, Unit};
use rolecall_source::{Edit, Span};
use rolecall_value::{ResourceId, Scope as Place, Value};

use super::body::Body;
use super::text::{Around, Text, add, bytes, depend, find, member, quoted, range, reference, string, unique};
use super::tree::Json;
use super::words::{expression, goes_to, principal, scope};

/// Where an assignment is written, and by which means.
#[derive(Clone, Copy)]
struct Way {
    /// Whether it may be a nested deployment to the resource group of the scope.
    nested: bool,
    /// Whether the principal may be handed on by parameters.
    passes: bool,
}

/// The ways, the plainest first.
const WAYS: [Way; 4] = [
    Way { nested: false, passes: false },
    Way { nested: false, passes: true },
    Way { nested: true, passes: false },
    Way { nested: true, passes: true },
];

/// The edits that add a role assignment beside its scope.
pub(super) fn assign(site: &Site<'_>, assign: &Assign) -> Result<Vec<Edit>, String> {
    let needed = site.declared(assign.needed_by).ok_or("nothing declares what needs it")?;
    let own = site.created(&assign.scope).and_then(|(scope, _)| site.declared(scope));
    let homes = site.homes(assign);
    let mut refusal = None;
    for way in WAYS {
        for unit in &homes {
            // Beside the scope, beside what needs it, else behind the last resource.
            let beside = own.iter().chain([&needed]).find(|(home, _)| home == unit).map(|(_, span)| *span);
            let Some(beside) = beside.or_else(|| last(site, unit)) else { continue };
            match assign_in(site, assign, unit, beside, &needed, way) {
                Ok(edits) => return Ok(edits),
                Err(why) => refusal = refusal.or(Some(why)),
            }
        }
    }
    Err(refusal.unwrap_or_else(|| "no template names both the principal and the scope".to_owned()))
}

/// The last resource of a unit.
fn last(site: &Site<'_>, unit: &Unit) -> Option<Span> {
    let text = Text::of(site, unit.file).ok()?;
    let last = match member(text.template(unit)?, "resources")? {
        Json::Array(array) => array.elements.last()?,
        Json::Object(object) => &object.properties.last()?.value,
        _ => return None,
    };
    let range = range(last);
    Some(Span::new(unit.file, range.start, range.end))
}

/// Whether the expressions of a nested template are those of the template around it.
fn is_outer(site: &Site<'_>, unit: &Unit) -> bool {
    let Some(call) = unit.calls.first().filter(|call| call.file == unit.file) else { return false };
    let inner = || {
        let text = Text::read(site, *call).ok()?;
        let root = text.root().ok()?;
        let properties = member(find(root, &bytes(*call))?.0, "properties")?.as_object()?;
        let options = member(properties, "expressionEvaluationOptions")?.as_object()?;
        string(options, "scope").map(|scope| scope.eq_ignore_ascii_case("inner"))
    };
    !inner().unwrap_or(false)
}

fn assign_in(
    site: &Site<'_>,
    assign: &Assign,
    unit: &Unit,
    beside: Span,
    needed: &(Unit, Span),
    way: Way,
) -> Result<Vec<Edit>, String> {
    let text = Text::read(site, beside)?;
    let root = text.root()?;
    if site.is_shared(unit) {
        return Err("the template is deployed more than once".to_owned());
    }
    // An assignment stands in the resource group of what it is on.
    let scope_id = ResourceId::parse(&assign.scope);
    let is_group = site.is_group_of(unit, &assign.scope);
    let is_here = |unit: &Unit| {
        scope_id.as_ref().map_or_else(|| site.is_group_of(unit, &assign.scope), |id| goes_to(site, unit, id))
    };
    let nested = way.nested && !is_here(unit);
    if nested {
        // Of an id from outside it is known that it is one of a resource.
        let grouped = scope_id.as_ref().is_none_or(|id| matches!(id.scope, Place::ResourceGroup(..)));
        if !grouped || is_outer(site, unit) {
            return Err("the scope lies in no resource group that a deployment could go to".to_owned());
        }
    } else if !is_here(unit) {
        return Err("the scope lies in another resource group".to_owned());
    } else if is_outer(site, unit) && !unit.and_around().all(|one| is_here(&one)) {
        return Err("the nested template sees what its parent sees, in another resource group".to_owned());
    }
    let on = match is_group {
        true => "resourceGroup().id".to_owned(),
        false => scope(site, unit, &assign.scope)?,
    };
    if nested && on.contains("reference(") {
        return Err("where the scope lies is not known when the deployment starts".to_owned());
    }
    let (who, mut edits) = match principal(site, unit, &assign.principal) {
        Ok(who) => (who, Vec::new()),
        Err(why) if !way.passes => return Err(why),
        Err(_) => pass(site, unit, &assign.principal)?,
    };
    let (object, around) = find(root, &bytes(beside)).ok_or("the place was not found")?;
    let by = who.stable.clone().unwrap_or_else(|| who.text.clone());
    if by.contains(".outputs.") {
        return Err("the name of the assignment would depend on an output".to_owned());
    }
    // It waits for what it names, as far as it is declared beside it.
    let mut waits = Vec::new();
    let mut conditions: Vec<String> = Vec::new();
    let parent = scope_id.as_ref().and_then(|id| id.parent()).map(|id| id.to_value());
    let scopes = [Some(&assign.scope), parent.as_ref()].into_iter().flatten().find_map(|id| site.created(id));
    let concerned: Vec<_> = scopes
        .map(|(index, _)| index)
        .into_iter()
        .chain(site.principal(&assign.principal).map(|(index, _)| index))
        .collect();
    for index in &concerned {
        let Some((_, declared)) = site.declared(*index).filter(|(home, _)| home == unit) else { continue };
        let Some((object, around)) = find(root, &bytes(declared)) else { continue };
        let reference = reference(object, &around).ok_or("what it is on cannot be named")?;
        if !waits.contains(&reference) {
            waits.push(reference);
        }
        conditions.extend(string(object, "condition").map(expression).filter(|one| !conditions.contains(one)));
    }
    for used in who.uses.iter().copied().chain((needed.0 == *unit).then_some(needed.1)) {
        if let Some((object, _)) = find(root, &bytes(used)) {
            conditions.extend(string(object, "condition").map(expression).filter(|one| !conditions.contains(one)));
        }
    }
    let condition = match &conditions[..] {
        [] => None,
        [one] => Some(one.clone()),
        several => Some(format!("and({})", several.join(", "))),
    };
    let body = Body {
        assign,
        on: &on,
        who: &who.text,
        by: &by,
        condition: condition.as_deref(),
        waits: &waits,
        is_group,
        more: site.has_assignments(&assign.scope),
        step: &text.step(object),
    };
    let made = if nested { body.there() } else { body.here() };
    let (end, start, head) = match &around {
        Around::List => (range(object).end, range(object).start, String::new()),
        Around::Named(..) if made.role.is_some() => {
            return Err("a role of its own takes a template without symbolic names".to_owned());
        }
        Around::Named(_, names) => {
            let own =
                names.properties.iter().find(|one| range(&one.value) == range(object)).ok_or("no place for it")?;
            let symbol = unique(names, &format!("{}Role", own.name.as_str()));
            (range(object).end, range(own).start, format!("\"{symbol}\": "))
        }
        Around::Nothing => return Err("there is no list of resources".to_owned()),
    };
    if !text.slice(0..start).ends_with([' ', '\n', '\t', '{', '[']) || text.source.text.lines().nth(2).is_none() {
        return Err("the template stands on one line".to_owned());
    }
    let indent = text.indent(start);
    let body = made.text.replace('\n', &format!("\n{indent}"));
    let role = made.role.map(|role| format!("{indent}{},\n", role.replace('\n', &format!("\n{indent}"))));
    edits.extend(text.behind(end, &format!("{}{indent}{head}{body}", role.unwrap_or_default())));
    let own = match &around {
        Around::Named(..) => head.split('"').nth(1).unwrap_or_default().to_owned(),
        _ => made.reference,
    };
    let mut order = Order { site, unit, at: beside, own, edits };
    for index in concerned {
        order.home_waits_for(site.declared(index))?;
    }
    if assign.awaited {
        order.waited_for_by(needed)?;
    }
    let mut edits = order.edits;
    edits.sort_by_key(|edit| (edit.span.file, edit.span.start));
    Ok(edits)
}

/// The order that an assignment asks for.
struct Order<'w> {
    site: &'w Site<'w>,
    unit: &'w Unit,
    at: Span,
    /// How `dependsOn` names the assignment.
    own: String,
    edits: Vec<Edit>,
}

impl Order<'_> {
    /// What needs the assignment waits for it, or for the deployment that makes it.
    fn waited_for_by(&mut self, needed: &(Unit, Span)) -> Result<(), String> {
        let (common, later, earlier) = Site::together(needed, &(self.unit.clone(), self.at));
        let other = Text::read(self.site, later)?;
        let whole = other.root()?;
        let awaited = if common == *self.unit {
            self.own.clone()
        } else {
            if later == earlier {
                return Err("what needs it and the assignment would be made by one deployment".to_owned());
            }
            if self.site.waits(earlier, later) {
                return Err("the deployment that would assign the role waits for what needs it".to_owned());
            }
            let (call, around) = find(whole, &bytes(earlier)).ok_or("the nested deployment was not found")?;
            reference(call, &around).ok_or("the nested deployment cannot be named")?
        };
        let (object, _) = find(whole, &bytes(later)).ok_or("what has to wait was not found")?;
        self.edits.extend(depend(&other, object, &awaited)?);
        Ok(())
    }

    /// The deployment that makes the assignment waits for the one that makes what it names.
    fn home_waits_for(&mut self, declared: Option<(Unit, Span)>) -> Result<(), String> {
        let Some(declared) = declared else { return Ok(()) };
        let (common, earlier, later) = Site::together(&declared, &(self.unit.clone(), self.at));
        if common == *self.unit && declared.0 == *self.unit || self.site.waits(later, earlier) && common != *self.unit {
            return Ok(());
        }
        if common == *self.unit {
            // A deployment beside it makes what it names.
            return Err("what it names is made by a nested deployment".to_owned());
        }
        if later == earlier || self.site.waits(earlier, later) {
            return Err("what it names is made after it".to_owned());
        }
        let other = Text::read(self.site, later)?;
        let whole = other.root()?;
        let (on, around) = find(whole, &bytes(earlier)).ok_or("what it names was not found")?;
        let on = reference(on, &around).ok_or("what it names cannot be named")?;
        let (call, _) = find(whole, &bytes(later)).ok_or("the nested deployment was not found")?;
        self.edits.extend(depend(&other, call, &on)?);
        Ok(())
    }
}

/// Hands a principal id on to a linked template or a nested one with its own scope: a parameter there, and a value for it in
/// the deployment.
fn pass(site: &Site<'_>, unit: &Unit, principal: &Value) -> Result<(Spelled, Vec<Edit>), String> {
    let cannot = || "the template cannot name the principal".to_owned();
    let (parent, call) = unit.parent().ok_or_else(cannot)?;
    if site.is_shared(unit) || is_outer(site, unit) {
        return Err(cannot());
    }
    let (given, mut edits) = match super::words::principal(site, &parent, principal) {
        Ok(given) => (given, Vec::new()),
        Err(_) => pass(site, &parent, principal)?,
    };
    for used in &given.uses {
        let other = Text::read(site, *used)?;
        let root = other.root()?;
        let sure = find(root, &bytes(*used)).is_some_and(|(object, _)| string(object, "condition").is_none());
        if !sure || *used == call || site.waits(*used, call) {
            return Err("the nested deployment cannot be given the principal".to_owned());
        }
    }
    let outer = Text::read(site, call)?;
    let root = outer.root()?;
    let (object, _) = find(root, &bytes(call)).ok_or_else(cannot)?;
    let properties = member(object, "properties").and_then(Json::as_object).ok_or_else(cannot)?;
    let step = outer.step(object);
    let inner = Text::of(site, unit.file)?;
    let template = inner.template(unit).ok_or_else(cannot)?;
    let declared = member(template, "parameters");
    let name = declared.and_then(Json::as_object).map_or("principalId".to_owned(), |own| unique(own, "principalId"));
    let declaration = format!("\"{name}\": {{ \"type\": \"string\" }}");
    edits.extend(match declared {
        Some(Json::Object(parameters)) => add(&inner, parameters, &declaration)?,
        Some(_) => return Err("the parameters of the nested template are not written out".to_owned()),
        None => {
            let step = inner.step(template);
            add(&inner, template, &format!("\"parameters\": {{\n{step}{declaration}\n}}"))?
        }
    });
    let value = quoted(&format!("[{}]", given.text));
    edits.extend(match member(properties, "parameters") {
        Some(Json::Object(passed)) => add(&outer, passed, &format!("\"{name}\": {{ \"value\": {value} }}"))?,
        Some(_) => return Err("the parameters of the nested deployment are not written out".to_owned()),
        None => {
            let entry = format!("{step}\"{name}\": {{ \"value\": {value} }}");
            add(&outer, properties, &format!("\"parameters\": {{\n{entry}\n}}"))?
        }
    });
    let text = format!("parameters('{name}')");
    Ok((Spelled { stable: Some(text.clone()), text, uses: Vec::new() }, edits))
}
