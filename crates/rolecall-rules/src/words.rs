//! Findings in words: names, templates filled in, chains of hops.

use rolecall_graph::Deployment;
use rolecall_source::{Note, Span};
use rolecall_value::{Hop, Origin, ResourceId, Scope, Value};

use crate::model::{RoleName, RoleNeed};
use crate::outcome;

/// A line and where in it a place is to be written.
#[derive(Debug, PartialEq)]
pub(crate) struct Line {
    /// The text.
    pub text: String,
    /// Behind which byte the place goes.
    pub place: Option<usize>,
}

/// Fills in a message of a rule's data. `{place}` vanishes and is remembered; what `names` lacks stays as it is.
pub(crate) fn fill(template: &str, names: &[(&str, &str)]) -> Line {
    let mut line = Line { text: String::with_capacity(template.len()), place: None };
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        line.text.push_str(&rest[..open]);
        let Some(close) = rest[open..].find('}') else {
            rest = &rest[open..];
            break;
        };
        let name = &rest[open + 1..open + close];
        match names.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => line.text.push_str(value),
            None if name == "place" => line.place = Some(line.text.len()),
            None => line.text.push_str(&rest[open..=open + close]),
        }
        rest = &rest[open + close + 1..];
    }
    line.text.push_str(rest);
    line
}

/// A resource as a person would name it: `` `vnet/nodes` ``.
pub(crate) fn resource(id: &Value) -> String {
    match Scope::parse(id) {
        Scope::Resource(id) => resource_id(&id),
        group @ Scope::ResourceGroup(..) => outcome::scope(&group),
        _ => format!("`{}`", id.label()),
    }
}

/// A resource by its names.
pub(crate) fn resource_id(id: &ResourceId) -> String {
    format!("`{}`", id.names.iter().map(Value::label).collect::<Vec<_>>().join("/"))
}

/// A role with its GUID.
pub(crate) fn role(role: &RoleName) -> String {
    format!("{} ({})", role.name, role.id)
}

/// The exact actions and the least role that grants them.
pub(crate) fn actions(need: &RoleNeed) -> String {
    let actions: Vec<_> = need.actions.iter().chain(&need.data_actions).map(String::as_str).collect();
    format!("the actions are {} (least role: {})", actions.join(" and "), role(&need.least_role))
}

/// The hops by which a value came to the place where it is used; that place itself is left out.
pub(crate) fn hops(deployment: &Deployment, origin: Origin) -> Vec<Note> {
    /// What nobody reads to the end.
    const MOST: usize = 8;
    let chain = deployment.origins.chain(origin);
    let mut notes: Vec<Note> = Vec::new();
    for pair in chain.windows(2).take(MOST) {
        let message = match &pair[0].hop {
            Hop::Written => continue,
            Hop::Parameter(name) => format!("parameter `{name}` gets its value here"),
            Hop::Variable(name) => format!("variable `{name}` is set here"),
            Hop::Output(name) => format!("output `{name}` is made here"),
            Hop::Module(name) => format!("module `{name}` is called here"),
        };
        if pair[0].span != pair[1].span {
            notes.push(Note { message, span: pair[1].span });
        }
    }
    notes
}

/// A note on where something is declared.
pub(crate) fn declared(name: &str, span: Option<Span>) -> Option<Note> {
    Some(Note { message: format!("{name} is declared here"), span: span? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_filled_in_and_the_place_remembered() {
        let line = fill("{a} uses {b}{place}, so", &[("a", "x"), ("b", "{a}")]);
        assert_eq!(line, Line { text: "x uses {a}, so".to_owned(), place: Some("x uses {a}".len()) });
    }

    #[test]
    fn an_unknown_name_or_open_brace_stays() {
        assert_eq!(fill("{c} {", &[]).text, "{c} {");
    }

    #[test]
    fn a_child_resource_is_named_with_its_parent() {
        let id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/n";
        assert_eq!(resource(&Value::string(id)), "`v/n`");
    }
}
