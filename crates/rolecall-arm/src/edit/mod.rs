//! Edits of ARM templates: what a [`Mend`] asks for, in the words and the style of the file.
//!
//! A file that does not parse gets no edit, and neither does what cannot be named where it is needed: the refusal says why.

mod assign;
mod body;
mod text;
mod tree;
mod words;

use rolecall_graph::{Mend, ResourceIndex, Setting, Site, Step};
use rolecall_source::Edit;

use text::{Text, add, bytes, depend, find, member, quoted, range, reference, remove, string};
use tree::Json;
use words::{expression, principal, role, scope};

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
            Step::Assign(one) => edits.extend(assign::assign(site, one)?),
        }
    }
    edits.sort_by_key(|edit| (edit.span.file, edit.span.start, edit.span.end));
    Ok(edits)
}

fn set(site: &Site<'_>, assignment: ResourceIndex, to: &Setting) -> Result<Vec<Edit>, String> {
    let (unit, declared) = site.declared(assignment).ok_or("nothing declares the assignment")?;
    let text = Text::read(site, declared)?;
    let root = text.root()?;
    let (object, _) = find(root, &bytes(declared)).ok_or("the assignment was not found")?;
    if !matches!(to, Setting::PrincipalType(_)) && !site.is_single(assignment) {
        return Err("the declaration stands for several assignments".to_owned());
    }
    let properties =
        member(object, "properties").and_then(Json::as_object).ok_or("the assignment has no properties")?;
    let (object, name, value) = match to {
        Setting::Principal(value) => (properties, "principalId", format!("[{}]", principal(site, &unit, value)?.text)),
        Setting::Always => return remove(&text, object, "condition").map(|edit| vec![edit]),
        Setting::PrincipalType(kind) => (properties, "principalType", kind.clone()),
        Setting::Role(choice) => (properties, "roleDefinitionId", role(&choice.guid)),
        Setting::Scope(value) => (object, "scope", format!("[{}]", scope(site, &unit, value)?)),
    };
    let mut edits = match member(object, name) {
        Some(own) => vec![text.edit(range(own), quoted(&value))],
        None => add(&text, object, &format!("\"{name}\": {}", quoted(&value)))?,
    };
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

fn wait(site: &Site<'_>, resource: ResourceIndex, on: ResourceIndex) -> Result<Vec<Edit>, String> {
    let later = site.declared(resource).ok_or("nothing declares what has to wait")?;
    let earlier = site.declared(on).ok_or("nothing declares what it has to wait for")?;
    let (_, later, earlier) = Site::together(&later, &earlier);
    if later == earlier || later.file != earlier.file {
        return Err("both are made by one nested deployment".to_owned());
    }
    let text = Text::read(site, later)?;
    let root = text.root()?;
    let (object, around) = find(root, &bytes(earlier)).ok_or("what it waits for was not found")?;
    if member(object, "copy").is_some() {
        return Err("what it waits for is a loop".to_owned());
    }
    let on = reference(object, &around).ok_or("what it waits for cannot be named")?;
    let (object, _) = find(root, &bytes(later)).ok_or("what has to wait was not found")?;
    depend(&text, object, &on)
}
