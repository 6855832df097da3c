//! Role assignments that are added.

use hcl_edit::Span as _;
use rolecall_graph::{Assign, ExactRole, Site, Spelled, Target, Unit, Units, Wanted};
use rolecall_source::{Edit, Span};
use rolecall_value::{Scope, Value};

use super::rows::add;
use super::text::{Text, address, depend, label, labels, repeated, snake};
use super::words::{Words, made_by_dynamic, principal, scope};

const ASSIGNMENT: &str = "azurerm_role_assignment";
const DEFINITION: &str = "azurerm_role_definition";

/// The edits that add a role assignment: beside its scope, beside what needs it, or beside the calls of the modules that do;
/// and how many instances of a module have it then.
pub(super) fn assign(site: &Site<'_>, assign: &Assign) -> Result<(Vec<Edit>, usize), String> {
    let needed = site.declared(assign.needed_by).ok_or("nothing declares what needs it")?;
    let own = site.created(&assign.scope).and_then(|(scope, _)| site.declared(scope));
    let mut homes: Vec<(Unit, Span)> = own.iter().chain([&needed]).cloned().collect();
    for (unit, _) in own.iter().chain([&needed]) {
        homes.extend(unit.and_around().filter_map(|unit| unit.parent()));
    }
    let mut refusal = None;
    // Where it is made once before where it is made in each instance of a module.
    for (shared, passes) in [(false, false), (false, true), (true, false), (true, true)] {
        for (unit, beside) in homes.iter().filter(|(unit, _)| site.is_shared(unit) == shared) {
            match assign_in(site, assign, unit, *beside, &needed, passes) {
                Ok(edits) => return Ok((edits, site.instances(unit))),
                Err(why) => refusal = refusal.or(Some(why)),
            }
        }
    }
    Err(refusal.unwrap_or_else(|| "no module names both the principal and the scope".to_owned()))
}

/// Words for what an assignment is made of, and the edits that bring them there.
type Said = (Spelled, Vec<Edit>);

fn assign_in(
    site: &Site<'_>,
    assign: &Assign,
    unit: &Unit,
    beside: Span,
    needed: &(Unit, Span),
    passes: bool,
) -> Result<Vec<Edit>, String> {
    let text = Text::read(site, beside)?;
    let block = text.block(beside).ok_or("the place was not found")?;
    let both = |words: &Words<'_>| -> Result<(Said, Said), String> {
        let who = principal(words, unit, &assign.principal).map(|who| (who, Vec::new()));
        let on = scope(words, unit, &assign.scope).map(|on| (on, Vec::new()));
        let brought = |said: Result<Said, String>, target: Target<'_>| match said {
            Err(why) if passes => bring(words, unit, target).ok_or(why),
            said => said,
        };
        let on = brought(on, Target::Id(&assign.scope))?;
        Ok((brought(who, Target::Principal(&assign.principal))?, on))
    };
    let plain = Words { site, round: None };
    let (round, ((who, brought), (on, more))) = match both(&plain) {
        Ok(found) => (None, found),
        Err(why) => {
            // In the rounds of the block that it stands beside, or of what needs it.
            let mut rounds = vec![repeated(&text, block).map(|(kind, over, _)| (kind.to_owned(), over.to_owned()))];
            if needed.0 == *unit {
                let other = Text::read(site, needed.1)?;
                let own = other.block(needed.1).and_then(|block| repeated(&other, block));
                rounds.push(own.map(|(kind, over, _)| (kind.to_owned(), over.to_owned())));
            }
            let found = rounds.into_iter().flatten().find_map(|round| {
                let words = Words { site, round: Some(round.clone()) };
                both(&words).ok().map(|found| (Some(round), found))
            });
            found.ok_or(why)?
        }
    };
    let only_where = only_where(site, unit, &assign.principal)?;
    let round = match (round, only_where) {
        (Some(_), Some(_)) => return Err("the identity is there under a condition of its own".to_owned()),
        (round, only_where) => round.or(only_where),
    };
    let mut edits: Vec<Edit> = brought;
    edits.extend(more.into_iter().filter(|edit| !edits.contains(edit)).collect::<Vec<_>>());
    let files = plain.files(unit);
    let folder = text.source.path.parent().unwrap_or(&text.source.path);
    let what_for = format!("{} {} {}", who.text, on.text, assign.role.guid);
    let named = |kind: &str, name: String| {
        let is_taken = |name: &str| {
            let wanted = format!("{kind}.{name}");
            files.iter().any(|text| text.body.blocks().filter_map(address).any(|one| one == wanted))
                || !site.is_free(folder, &wanted, &what_for)
        };
        free(&snake(&name), is_taken)
    };
    let mut blocks = Vec::new();
    let (of, name) = match assign.is_exact {
        false => (
            ("role_definition_name", format!("\"{}\"", assign.role.name)),
            named(ASSIGNMENT, format!("{} {}", label(&on.text), assign.role.name)),
        ),
        true if round.is_some() => return Err("a role of its own is not defined in a loop".to_owned()),
        true => {
            let plain_name = snake(&format!("{} {}", label(&on.text), assign.exact.name));
            let name = named(DEFINITION, plain_name.clone());
            let number = name.strip_prefix(&plain_name).unwrap_or_default();
            blocks.push(definition(&plain, unit, &assign.exact, (&name, number), (&assign.scope, &on.text)));
            site.give(folder, &format!("{DEFINITION}.{name}"), &what_for);
            (
                ("role_definition_id", format!("{DEFINITION}.{name}.role_definition_resource_id")),
                named(ASSIGNMENT, name),
            )
        }
    };
    let rows = [
        ("scope", on.text.clone()),
        of,
        ("principal_id", who.text.clone()),
        ("principal_type", "\"ServicePrincipal\"".to_owned()),
    ];
    let loops = round.iter().map(|(kind, over)| format!("  {kind} = {over}\n\n")).collect::<String>();
    blocks.push(format!("resource \"{ASSIGNMENT}\" \"{name}\" {{\n{loops}{}}}", laid_out("  ", &rows)));
    let out = blocks.join("\n\n");
    let at = text.line_end(beside.end as usize);
    edits.push(text.edit(at..at, format!("\n\n{out}")));
    if assign.awaited {
        let (common, later, earlier) = Site::together(needed, &(unit.clone(), beside));
        let on_what = match common == *unit {
            true => format!("{ASSIGNMENT}.{name}"),
            false => {
                // The call of the module that it will stand in.
                let other = Text::read(site, earlier)?;
                other.block(earlier).and_then(address).ok_or("what it waits for was not found")?
            }
        };
        if later == earlier && common != *unit {
            return Err("what needs it and the assignment would be made by one module call".to_owned());
        }
        let used = who.uses.iter().chain(&on.uses).any(|used| *used == later || site.waits(*used, later));
        if used || common != *unit && site.waits(earlier, later) {
            return Err("what the assignment names waits for what needs it".to_owned());
        }
        let other = Text::read(site, later)?;
        let block = other.block(later).ok_or("what has to wait was not found")?;
        edits.extend(depend(&other, block, &on_what)?);
    }
    site.give(folder, &format!("{ASSIGNMENT}.{name}"), &what_for);
    edits.sort_by_key(|edit| (edit.span.file, edit.span.start));
    Ok(edits)
}

/// The block that defines a role with exactly the actions, in the resource group of what it is for: nowhere below can one be
/// defined.
fn definition(
    words: &Words<'_>,
    unit: &Unit,
    role: &ExactRole,
    (name, number): (&str, &str),
    (scope, spelled): (&Value, &str),
) -> String {
    let mut group = Scope::parse(scope);
    while let Scope::Resource(id) = group {
        group = id.scope.clone();
    }
    let group = words.site.spell(words, unit, Target::Id(&group.to_value())).map(|group| group.text);
    let list =
        |all: &[String]| format!("[{}]", all.iter().map(|one| format!("\"{one}\"")).collect::<Vec<_>>().join(", "));
    let rows = [
        // Its name must be the only one of its kind in the tenant.
        ("name", format!("\"{} {}{number}\"", role.name, snake(&label(spelled)))),
        ("scope", group.unwrap_or_else(|| format!("split(\"/providers/\", {spelled})[0]"))),
    ];
    let lists = [("actions", &role.actions), ("data_actions", &role.data_actions)];
    let lists: Vec<_> =
        lists.into_iter().filter(|(_, all)| !all.is_empty()).map(|(key, all)| (key, list(all))).collect();
    format!(
        "resource \"{DEFINITION}\" \"{name}\" {{\n{}\n  permissions {{\n{}  }}\n}}",
        laid_out("  ", &rows),
        laid_out("    ", &lists)
    )
}

/// Attributes, a line each, with their equals signs under one another.
fn laid_out(indent: &str, rows: &[(&str, String)]) -> String {
    let width = rows.iter().map(|(key, _)| key.len()).max().unwrap_or(0);
    rows.iter().map(|(key, value)| format!("{indent}{key:width$} = {value}\n")).collect()
}

/// What limits an assignment to where its principal is there: `count` and its value, where a `dynamic` block makes it.
fn only_where(site: &Site<'_>, unit: &Unit, principal: &Value) -> Result<Option<(String, String)>, String> {
    let Some((resource, wanted)) = site.principal(principal) else { return Ok(None) };
    let Some((home, declared)) = site.declared(resource) else { return Ok(None) };
    let text = Text::read(site, declared)?;
    let Some(own) = text.block(declared).and_then(|block| made_by_dynamic(block, &wanted)) else { return Ok(None) };
    let over = text.written(own, "for_each").filter(|_| home == *unit);
    match over {
        Some(over) => Ok(Some(("count".to_owned(), format!("length({over})")))),
        None if site.is_always_there(resource, &wanted) => Ok(None),
        None => Err("the identity is only there under a condition that cannot be named there".to_owned()),
    }
}

/// Brings something to a unit that cannot name it: up from a module below by an output, down from above by a variable.
fn bring(words: &Words<'_>, unit: &Unit, target: Target<'_>) -> Option<Said> {
    if let Some(spelled) = words.site.spell(words, unit, target) {
        return Some((spelled, Vec::new()));
    }
    let resource = match target {
        Target::Id(id) => words.site.created(id).map(|(index, _)| (index, Wanted::Id)),
        Target::Principal(principal) => words.site.principal(principal),
        Target::Text(_) => None,
    };
    let (home, _) = words.site.declared(resource?.0)?;
    if home == *unit {
        // Where it is declared there is no way to name it, so there is nothing to bring from there.
        return None;
    }
    match home.is_in(unit) {
        true => up(words, unit, &home, target),
        false => down(words, unit, target),
    }
}

/// An output in each module on the way up.
fn up(words: &Words<'_>, unit: &Unit, home: &Unit, target: Target<'_>) -> Option<Said> {
    let site = words.site;
    let child = home.and_around().find(|one| one.parent().is_some_and(|(parent, _)| parent == *unit))?;
    let (_, call) = child.parent()?;
    let plain = Words { site, round: None };
    let (inner, mut edits) = bring(&plain, &child, target)?;
    // Where the module is called more than once, every instance has to have it.
    if site.is_shared(&child) && inner.stable.is_none() {
        return None;
    }
    let round = site.frame(&child).and_then(|frame| frame.round.clone());
    let files = plain.files(&child);
    let is_output = |block: &&hcl_edit::structure::Block| block.ident.as_str() == "output";
    let folder = files.first()?.source.path.parent()?.to_owned();
    let taken = |name: &str| {
        files.iter().any(|text| text.body.blocks().filter(is_output).any(|one| labels(one).first() == Some(&name)))
            || !site.is_free(&folder, &format!("output.{name}"), &inner.text)
    };
    let name = free(&snake(&named_like(&inner.text)), taken);
    site.give(&folder, &format!("output.{name}"), &inner.text);
    let text = words.output(unit, call, round.as_ref(), &name)?;
    let last = |text: &Text| text.body.blocks().filter(is_output).filter_map(|one| one.span()).last();
    let (file, end) = files.iter().find_map(|text| last(text).map(|span| (text, span.end))).or_else(|| {
        let file = files.iter().find(|text| text.source.id == home.file).or(files.first())?;
        Some((file, file.body.blocks().last()?.span()?.end))
    })?;
    let at = file.line_end(end);
    edits.push(file.edit(at..at, format!("\n\noutput \"{name}\" {{\n  value = {}\n}}", inner.text)));
    Some((Spelled { text, stable: None, uses: vec![call] }, edits))
}

/// A variable of the module, and a value for it in its call.
fn down(words: &Words<'_>, unit: &Unit, target: Target<'_>) -> Option<Said> {
    let site = words.site;
    let (parent, call) = unit.parent()?;
    let plain = Words { site, round: None };
    let (given, mut edits) = bring(&plain, &parent, target)?;
    if given.uses.iter().any(|used| *used == call || site.waits(*used, call)) {
        return None;
    }
    let outer = Text::read(site, call).ok()?;
    let block = outer.block(call)?;
    let files = words.files(unit);
    let is_variable = |block: &&hcl_edit::structure::Block| block.ident.as_str() == "variable";
    let folder = files.first()?.source.path.parent()?.to_owned();
    let taken = |name: &str| {
        files.iter().any(|text| text.body.blocks().filter(is_variable).any(|one| labels(one).first() == Some(&name)))
            || !site.is_free(&folder, &format!("var.{name}"), &given.text)
    };
    let name = free(&snake(&named_like(&given.text)), taken);
    site.give(&folder, &format!("var.{name}"), &given.text);
    let last = |text: &Text| text.body.blocks().filter(is_variable).filter_map(|one| one.span()).last();
    let (file, end) = files.iter().find_map(|text| last(text).map(|span| (text, span.end)))?;
    let at = file.line_end(end);
    edits.push(file.edit(at..at, format!("\n\nvariable \"{name}\" {{\n  type = string\n}}")));
    edits.extend(add(&outer, block, &name, &given.text, "").ok()?);
    Some((Spelled { text: format!("var.{name}"), stable: None, uses: Vec::new() }, edits))
}

/// A name for what an expression names: `control_principal_id`, `main_identity_principal_id`, `subnet_id`.
fn named_like(expression: &str) -> String {
    if let Some(own) = expression.strip_prefix("var.") {
        return own.to_owned();
    }
    let plain: String = label(expression).chars().map(|one| if one == '"' { ' ' } else { one }).collect();
    let plain = plain.trim_end_matches("principal").trim();
    if expression.ends_with(".id") {
        return format!("{plain} id");
    }
    // The block of a resource that answers it.
    let block = expression.rsplit('.').nth(1).filter(|part| part.contains('[') && expression.split('.').count() > 3);
    match block.and_then(|part| part.split('[').next()) {
        Some("identity") => format!("{plain} identity principal_id"),
        Some(block) => format!("{block} principal_id"),
        None => format!("{plain} principal_id"),
    }
}

/// The name, or one with a number where it is taken.
fn free(name: &str, taken: impl Fn(&str) -> bool) -> String {
    let numbered = (2..1000).map(|number| format!("{name}_{number}"));
    [name.to_owned()].into_iter().chain(numbered).find(|name| !taken(name)).unwrap_or_default()
}
