//! Edits of Terraform text: what a [`Mend`] asks for, in the words and the style of the file.
//!
//! A file that does not parse gets no edit, and neither does what cannot be named where it is needed: the refusal says why.

mod assign;
mod rows;
mod text;
mod words;

use rolecall_graph::{Mend, ResourceIndex, Setting, Site, Step};
use rolecall_source::Edit;

use rows::{add, replace};
use text::{Text, address, depend, labels, repeated};
use words::{Words, principal, scope};

/// Edits, and for how many things of one kind they do what is asked: a module that is called more than once has one text, so
/// what is written into it has to be right for each of its instances.
pub struct Mended {
    /// The edits, by place.
    pub edits: Vec<Edit>,
    /// How many there are: one where nothing else is touched.
    pub instances: usize,
}

/// The edits that do what is asked.
///
/// # Errors
/// Why it cannot be done in the text.
pub fn mend(site: &Site<'_>, mend: &Mend) -> Result<Mended, String> {
    let mut done = Mended { edits: Vec::new(), instances: 1 };
    for step in &mend.steps {
        let (edits, instances) = match step {
            Step::Set { assignment, to } => set(site, *assignment, to)?,
            Step::Await { resource, on } => (wait(site, *resource, *on)?, 1),
            Step::Assign(one) => assign::assign(site, one)?,
        };
        done.edits.extend(edits);
        done.instances = done.instances.max(instances);
    }
    done.edits.sort_by_key(|edit| (edit.span.file, edit.span.start, edit.span.end));
    Ok(done)
}

fn set(site: &Site<'_>, assignment: ResourceIndex, to: &Setting) -> Result<(Vec<Edit>, usize), String> {
    let (unit, declared) = site.declared(assignment).ok_or("nothing declares the assignment")?;
    let text = Text::read(site, declared)?;
    let block = text.block(declared).ok_or("the assignment was not found")?;
    if labels(block).first() != Some(&"azurerm_role_assignment") {
        return Err("the assignment is no azurerm_role_assignment".to_owned());
    }
    let instances = match to {
        Setting::PrincipalType(_) => 1,
        _ => site.made_of(assignment).ok_or("nobody can tell how many assignments the block makes")?,
    };
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
                (None, Some(_)) => {
                    let name = format!("\"{}\"", role.name);
                    let edits = replace(&text, block, "role_definition_id", "role_definition_name", &name)?;
                    return Ok((edits, instances));
                }
                (None, None) => return Err("the assignment names no role".to_owned()),
            }
        }
    };
    let edits = match text.value(block, name) {
        Some(own) => vec![text.edit(own, value)],
        None => add(&text, block, name, &value, "principal_id")?,
    };
    Ok((edits, instances))
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
