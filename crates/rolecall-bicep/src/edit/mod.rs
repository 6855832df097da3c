//! Edits of Bicep text: what a [`Mend`] asks for, in the words and the style of the file.
//!
//! A file that does not parse gets no edit, and neither does what cannot be named where it is needed: the refusal says why.

mod assign;
mod module;
mod text;
mod words;

use rolecall_graph::{Mend, ResourceIndex, Setting, Site, Step};
use rolecall_source::{Edit, Rewrite};

use crate::syntax::{DeclarationBody, Expression, SyntaxNode};
use text::{Declaration, Text, add, bytes, depend, member};
use words::{principal, role, scope};

/// The changes that do what is asked.
///
/// # Errors
/// Why it cannot be done in the text.
pub fn mend(site: &Site<'_>, mend: &Mend) -> Result<Rewrite, String> {
    let Rewrite { mut edits, mut files } = Rewrite::default();
    for step in &mend.steps {
        match step {
            Step::Set { assignment, to } => edits.extend(set(site, *assignment, to)?),
            Step::Await { resource, on } => edits.extend(wait(site, *resource, *on)?),
            Step::Assign(one) => {
                let made = assign::assign(site, one)?;
                edits.extend(made.edits);
                files.extend(made.files);
            }
        }
    }
    edits.sort_by_key(|edit| (edit.span.file, edit.span.start, edit.span.end));
    Ok(Rewrite { edits, files })
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
        Setting::Principal(value) => (properties, "principalId", known(principal(site, &text, &unit, value)?)?),
        Setting::Always => {
            let Some(DeclarationBody::IfBody(body)) = declaration.body() else {
                return Err("the assignment itself has no condition".to_owned());
            };
            let (start, end) = (body.span().start, object.span().start);
            return match text.slice(start..end).contains("//") || text.slice(start..end).contains("/*") {
                true => Err("a comment stands in its condition".to_owned()),
                false => Ok(vec![text.edit(start..end, String::new())]),
            };
        }
        Setting::PrincipalType(kind) => (properties, "principalType", format!("'{kind}'")),
        Setting::Role(choice) => (properties, "roleDefinitionId", role(&text, choice)),
        Setting::Scope(value) => {
            let own = scope(site, &text, &unit, value)?;
            let symbol = own.declare.is_none().then_some(own.symbol);
            (object, "scope", symbol.ok_or("the scope has no symbolic name there")?)
        }
    };
    let own = member(object, name, text.str());
    let mut edits = vec![match own {
        Some(own) => text.edit(own.span(), value.clone()),
        None => add(&text, object, &format!("{name}: {value}"))?,
    }];
    let whole = declaration.object().and_then(|whole| member(whole, "name", text.str()));
    let old = own.map(|own| own.text(text.str()));
    let renamed = whole.and_then(|given| match to {
        Setting::Scope(_) => renamed(given.text(text.str()), old, &value),
        Setting::Principal(_) => renamed_for(given.text(text.str()), old?, &value),
        _ => None,
    });
    if let (Some(given), Some(renamed)) = (whole, renamed) {
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

/// The name of an assignment made for another principal, where it is made of the id of the one before.
fn renamed_for(name: &str, old: &str, new: &str) -> Option<String> {
    let arguments = name.strip_prefix("guid(").and_then(|rest| rest.strip_suffix(')'))?;
    let id = |principal: &str| principal.split_once(".properties.").map(|(owner, _)| format!("{owner}.id"));
    let (old, new) = (id(old)?, id(new)?);
    arguments.contains(&old).then(|| format!("guid({})", arguments.replace(&old, &new)))
}

/// The edits that make one resource wait for another, in the innermost unit that holds both.
fn wait(site: &Site<'_>, resource: ResourceIndex, on: ResourceIndex) -> Result<Vec<Edit>, String> {
    let later = site.declared(resource).ok_or("nothing declares what has to wait")?;
    let earlier = site.declared(on).ok_or("nothing declares what it has to wait for")?;
    let (unit, later, earlier) = Site::together(&later, &earlier);
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

/// The words for a principal that the file has a name for already.
fn known((spelled, declare): (rolecall_graph::Spelled, Option<String>)) -> Result<String, String> {
    declare.is_none().then_some(spelled.text).ok_or_else(|| "the principal has no symbolic name there".to_owned())
}
