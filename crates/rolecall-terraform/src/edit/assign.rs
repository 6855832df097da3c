//! Role assignments that are added.

use hcl_edit::Span as _;
use rolecall_graph::{Assign, Site, Spelled, Target, Unit, Units, Wanted};
use rolecall_source::{Edit, Span};

use super::text::{Text, add, address, depend, label, labels, repeated, snake};
use super::words::{Words, principal, scope};

/// The edits that add a role assignment: beside its scope, beside what needs it, or beside the calls of the modules that do.
pub(super) fn assign(site: &Site<'_>, assign: &Assign) -> Result<Vec<Edit>, String> {
    let needed = site.declared(assign.needed_by).ok_or("nothing declares what needs it")?;
    let own = site.created(&assign.scope).and_then(|(scope, _)| site.declared(scope));
    let mut homes: Vec<(Unit, Span)> = own.iter().chain([&needed]).cloned().collect();
    for (unit, _) in own.iter().chain([&needed]) {
        homes.extend(unit.and_around().filter_map(|unit| unit.parent()));
    }
    let mut refusal = None;
    for passes in [false, true] {
        for (unit, beside) in &homes {
            match assign_in(site, assign, unit, *beside, &needed, passes) {
                Ok(edits) => return Ok(edits),
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
    if site.is_shared(unit) {
        return Err("the module is called more than once".to_owned());
    }
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
    let mut edits: Vec<Edit> = brought;
    edits.extend(more.into_iter().filter(|edit| !edits.contains(edit)).collect::<Vec<_>>());
    let taken = |name: &str| address_is_taken(&plain, unit, &format!("azurerm_role_assignment.{name}"));
    let name = free(&snake(&format!("{} {}", label(&on.text), assign.role.name)), taken);
    let mut out = format!("resource \"azurerm_role_assignment\" \"{name}\" {{\n");
    if let Some((kind, over)) = &round {
        out += &format!("  {kind} = {over}\n\n");
    }
    let rows = [
        ("scope", on.text.clone()),
        ("role_definition_name", format!("\"{}\"", assign.role.name)),
        ("principal_id", who.text.clone()),
        ("principal_type", "\"ServicePrincipal\"".to_owned()),
    ];
    for (key, value) in rows {
        out += &format!("  {key:20} = {value}\n");
    }
    out.push('}');
    let at = text.line_end(beside.end as usize);
    edits.push(text.edit(at..at, format!("\n\n{out}")));
    if assign.awaited {
        let (common, later, earlier) = Site::together(needed, &(unit.clone(), beside));
        let on_what = match common == *unit {
            true => format!("azurerm_role_assignment.{name}"),
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
    edits.sort_by_key(|edit| (edit.span.file, edit.span.start));
    Ok(edits)
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
    let taken = |name: &str| {
        files.iter().any(|text| text.body.blocks().filter(is_output).any(|one| labels(one).first() == Some(&name)))
    };
    let name = free(&snake(&named_like(&inner.text)), taken);
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
    let taken = |name: &str| {
        files.iter().any(|text| text.body.blocks().filter(is_variable).any(|one| labels(one).first() == Some(&name)))
    };
    let name = free(&snake(&named_like(&given.text)), taken);
    let last = |text: &Text| text.body.blocks().filter(is_variable).filter_map(|one| one.span()).last();
    let (file, end) = files.iter().find_map(|text| last(text).map(|span| (text, span.end)))?;
    let at = file.line_end(end);
    edits.push(file.edit(at..at, format!("\n\nvariable \"{name}\" {{\n  type = string\n}}")));
    edits.push(add(&outer, block, &name, &given.text).ok()?);
    Some((Spelled { text: format!("var.{name}"), stable: None, uses: Vec::new() }, edits))
}

/// A name for what an expression names: `control principal_id`.
fn named_like(expression: &str) -> String {
    let tail = if expression.ends_with(".id") { "id" } else { "principal_id" };
    match expression.strip_prefix("var.") {
        Some(own) => own.to_owned(),
        None => {
            let plain: String = label(expression).chars().map(|one| if one == '"' { ' ' } else { one }).collect();
            format!("{} {tail}", plain.trim_end_matches("principal").trim())
        }
    }
}

fn address_is_taken(words: &Words<'_>, unit: &Unit, wanted: &str) -> bool {
    words.files(unit).iter().any(|text| text.body.blocks().filter_map(address).any(|one| one == wanted))
}

/// The name, or one with a number where it is taken.
fn free(name: &str, taken: impl Fn(&str) -> bool) -> String {
    let numbered = (2..1000).map(|number| format!("{name}_{number}"));
    [name.to_owned()].into_iter().chain(numbered).find(|name| !taken(name)).unwrap_or_default()
}
