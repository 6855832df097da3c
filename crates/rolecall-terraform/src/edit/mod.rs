//! Edits of Terraform text: what a [`Mend`] asks for, in the words and the style of the file.
//!
//! A file that does not parse gets no edit, and neither does what cannot be named where it is needed: the refusal says why.

mod assign;
mod text;
mod words;

use hcl_edit::Span as _;
use rolecall_graph::{Mend, ResourceIndex, Setting, Site, Step};
use rolecall_source::Edit;

use text::{Text, add, address, depend, labels, repeated};
use words::{Words, principal, scope};

/// The edits that do what is asked.
///
/// # Errors
/// Why it cannot be done in the text.
pub fn mend(site: &Site<'_>, mend: &Mend) -> Result<Vec<Edit>, String> {
    let mut edits = Vec::new();
    for step in &mend.steps {
        match step {
            Step::Set { assignment, to } => edits.push(set(site, *assignment, to)?),
            Step::Await { resource, on } => edits.extend(wait(site, *resource, *on)?),
            Step::Assign(one) => edits.extend(assign::assign(site, one)?),
        }
    }
    edits.sort_by_key(|edit| (edit.span.file, edit.span.start, edit.span.end));
    Ok(edits)
}

fn set(site: &Site<'_>, assignment: ResourceIndex, to: &Setting) -> Result<Edit, String> {
    let (unit, declared) = site.declared(assignment).ok_or("nothing declares the assignment")?;
    let text = Text::read(site, declared)?;
    let block = text.block(declared).ok_or("the assignment was not found")?;
    if labels(block).first() != Some(&"azurerm_role_assignment") {
        return Err("the assignment is no azurerm_role_assignment".to_owned());
    }
    if !matches!(to, Setting::PrincipalType(_)) && !site.is_single(assignment) {
        return Err("the block stands for several assignments".to_owned());
    }
    let round = repeated(&text, block).map(|(kind, over, _)| (kind.to_owned(), over.to_owned()));
    let words = Words { site, round };
    let (name, value) = match to {
        Setting::Principal(value) => ("principal_id", principal(&words, &unit, value)?.text),
        Setting::Always => return Err("what its `count` or `for_each` is for is not known".to_owned()),
        Setting::PrincipalType(kind) => ("principal_type", format!("\"{kind}\"")),
        Setting::Scope(value) => ("scope", scope(&words, &unit, value)?.text),
        Setting::Role(role) => {
            match (text.value(block, "role_definition_name"), text.value(block, "role_definition_id")) {
                (Some(_), _) => ("role_definition_name", format!("\"{}\"", role.name)),
                (None, Some(own)) => {
                    let key = block.body.get_attribute("role_definition_id").and_then(|one| one.key.span());
                    let start = key.map_or(own.start, |key| key.start);
                    return Ok(text.edit(start..own.end, format!("role_definition_name = \"{}\"", role.name)));
                }
                (None, None) => return Err("the assignment names no role".to_owned()),
            }
        }
    };
    match text.value(block, name) {
        Some(own) => Ok(text.edit(own, value)),
        None => add(&text, block, name, &value),
    }
}

fn wait(site: &Site<'_>, resource: ResourceIndex, on: ResourceIndex) -> Result<Vec<Edit>, String> {
    let later = site.declared(resource).ok_or("nothing declares what has to wait")?;
    let earlier = site.declared(on).ok_or("nothing declares what it has to wait for")?;
    let (_, later, earlier) = Site::together(&later, &earlier);
    if later == earlier {
        return Err("both are made by one module call".to_owned());
    }
    let other = Text::read(site, earlier)?;
    let on = other.block(earlier).and_then(address).ok_or("what it waits for was not found")?;
    let text = Text::read(site, later)?;
    let block = text.block(later).ok_or("what has to wait was not found")?;
    Ok(depend(&text, block, &on)?.into_iter().collect())
}
