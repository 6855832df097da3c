//! The graph as JSON, in one canonical spelling: the graphs of equal deployments are equal text, apart from where things
//! are written.
//!
//! Names of symbols, modules and variables never show. Holes in strings are written `${…}`, a literal `${` as `$${`; what
//! is no plain JSON is an object with one key that begins with `$`: `$when` (alternatives), `$if` (there under a
//! condition), `$each` (any number), `$rest` (an open object behind), `$unknown`.

use std::collections::{BTreeMap, BTreeSet};

use rolecall_source::{FileId, Span};
use rolecall_value::{Condition, Inputs, Kind, Origin, Piece, ResourceId, Symbol, Value};
use serde_json::{Map, Value as Json, json};

use crate::{Deployment, Login, Permissions, RoleRef, logins};

/// How a graph names places.
pub struct Places<'p> {
    /// The path of a file as it is shown.
    pub file: &'p dyn Fn(FileId) -> String,
    /// A range of bytes as it is shown.
    pub position: &'p dyn Fn(Span) -> Json,
}

/// One deployment of `rolecall graph --format json`.
pub fn graph_json(permissions: &Permissions<'_>, places: &Places<'_>) -> Json {
    let deployment = permissions.deployment();
    let place = |origin: Origin| deployment.origins.span(origin).map_or(Json::Null, places.position);
    json!({
        "entry": (places.file)(deployment.entry),
        "parameters": deployment.parameters.iter().map(|file| (places.file)(*file)).collect::<Vec<_>>(),
        "language": deployment.language.name(),
        "resources": resources(deployment, &place),
        "assignments": assignments(permissions, &place),
        "edges": edges(deployment),
        "unresolved": deployment
            .unresolved
            .iter()
            .map(|one| json!({ "reason": format!("{}: {}", one.what, one.reason), "position": place(one.origin) }))
            .collect::<Vec<_>>(),
    })
}

fn resources(deployment: &Deployment, place: &dyn Fn(Origin) -> Json) -> Vec<Json> {
    let inputs = &deployment.inputs;
    let mut out: Vec<(String, String, Json)> = Vec::new();
    let mut own = BTreeSet::new();
    for resource in &deployment.resources {
        let id = id_text(&resource.id);
        own.insert(id.to_lowercase());
        let mut body = match value_json(inputs, &resource.body) {
            Json::Object(map) => map,
            other => [("$rest".to_owned(), other)].into_iter().collect(),
        };
        body.shift_remove("apiVersion");
        let when = when_json(inputs, &resource.when);
        let mut node = json!({
            "id": &id,
            "type": resource.id.resource_type.as_str(),
            "name": string(&resource.id.name()),
            "scope": string(&resource.id.scope.to_value()),
            "outside": false,
            "when": &when,
            "body": body,
            "position": place(resource.origin),
        });
        let logins = logins(deployment, resource);
        if !logins.is_empty() {
            let login = |(login, when): &(Login, Condition)| json!({ "method": login.name(), "role": login.role(), "when": when_json(inputs, when) });
            node["sign_in"] = logins.iter().map(login).collect();
        }
        out.push((id, when.to_string(), node));
    }
    for (_, id) in named(deployment) {
        // A part of a resource is written in it, and comes from no other place.
        let mut at = Some(id.clone());
        let mut inside = false;
        while let Some(id) = at {
            inside |= own.contains(&id_text(&id).to_lowercase());
            at = id.parent();
        }
        if !inside {
            let text = id_text(&id);
            let node = json!({
                "id": &text,
                "type": id.resource_type.as_str(),
                "name": string(&id.name()),
                "scope": string(&id.scope.to_value()),
                "outside": true,
                "when": null,
                "body": null,
                "position": null,
            });
            out.push((text, String::new(), node));
        }
    }
    sorted(out)
}

/// The ids that bodies and scopes name, by their folded text. Role definitions are named with their assignments.
pub(crate) fn named(deployment: &Deployment) -> BTreeMap<String, ResourceId> {
    let mut out = BTreeMap::new();
    for resource in &deployment.resources {
        collect(&resource.body, &mut out);
        let mut scope = resource.id.scope.as_resource().cloned();
        while let Some(id) = scope {
            scope = id.scope.as_resource().cloned();
            add(id, &mut out);
        }
    }
    out
}

fn add(id: ResourceId, out: &mut BTreeMap<String, ResourceId>) {
    // An id that cannot be read out of its text (a name in it is empty) is nothing that somebody names.
    let readable = || ResourceId::parse(&id.to_value()).is_some();
    if !id.resource_type.is("Microsoft.Authorization/roleDefinitions") && readable() {
        out.entry(id_text(&id).to_lowercase()).or_insert(id);
    }
}

fn collect(value: &Value, out: &mut BTreeMap<String, ResourceId>) {
    match value.kind() {
        Kind::Str(text) if text.starts_with('/') => {
            if let Some(id) = ResourceId::parse(value) {
                add(id, out);
            }
        }
        Kind::Text(pieces) => match (pieces.first(), ResourceId::parse(value)) {
            (Some(Piece::Literal(text)), Some(id)) if text.starts_with('/') => add(id, out),
            _ => pieces.iter().for_each(|piece| {
                if let Piece::Hole(hole) = piece {
                    collect(hole, out);
                }
            }),
        },
        Kind::Array(array) => array.items.iter().for_each(|item| collect(&item.value, out)),
        Kind::Object(object) => {
            for (name, property) in object.entries() {
                collect(&name, out);
                collect(&property.value, out);
            }
            if let Some(rest) = &object.rest {
                collect(rest, out);
            }
        }
        Kind::Cond(alternatives) => alternatives.iter().for_each(|(_, value)| collect(value, out)),
        Kind::Symbol(symbol) => match &**symbol {
            Symbol::Attribute { resource, .. } => collect(resource, out),
            Symbol::Call { arguments, .. } => arguments.iter().for_each(|argument| collect(argument, out)),
            Symbol::Input(_) | Symbol::Environment(_) => {}
        },
        _ => {}
    }
}

fn assignments(permissions: &Permissions<'_>, place: &dyn Fn(Origin) -> Json) -> Vec<Json> {
    let inputs = &permissions.deployment().inputs;
    let mut out = Vec::new();
    for assignment in permissions.assignments() {
        for (own, role) in &assignment.roles {
            let when = assignment.when.and(own);
            if when.is_false() {
                continue;
            }
            let (name, id) = match role {
                RoleRef::Role(role) => (Json::from(role.name.as_str()), Json::from(role.guid.as_str())),
                RoleRef::Unknown { id, .. } => (Json::Null, Json::from(id.as_str())),
            };
            let node = json!({
                "principal": value_json(inputs, &assignment.principal),
                "role": { "name": name, "id": id },
                "scope": string(&assignment.scope.to_value()),
                "when": when_json(inputs, &when),
                "position": place(assignment.origin),
            });
            let key =
                [&node["scope"], &node["principal"], &node["role"], &node["when"]].map(Json::to_string).join("\n");
            out.push((key, String::new(), node));
        }
    }
    sorted(out)
}

fn edges(deployment: &Deployment) -> Vec<Json> {
    let id = |index| deployment.resource(index).map(|resource| id_text(&resource.id));
    let all: BTreeSet<_> = deployment.edges.iter().filter_map(|(from, to)| Some((id(*from)?, id(*to)?))).collect();
    all.into_iter().filter(|(from, to)| from != to).map(|(from, to)| json!({ "from": from, "to": to })).collect()
}

fn sorted(mut nodes: Vec<(String, String, Json)>) -> Vec<Json> {
    nodes.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
    nodes.into_iter().map(|(_, _, node)| node).collect()
}

/// The canonical text of an id, holes as `${…}`.
pub fn id_text(id: &ResourceId) -> String {
    string(&id.to_value())
}

fn when_json(inputs: &Inputs, when: &Condition) -> Json {
    if when.is_true() { Json::Null } else { Json::from(inputs.describe(when)) }
}

/// A string-like value as one string, holes as `${…}`.
fn string(value: &Value) -> String {
    match value.kind() {
        Kind::Str(text) => text.replace("${", "$${"),
        Kind::Text(pieces) => pieces
            .iter()
            .map(|piece| match piece {
                Piece::Literal(text) => text.replace("${", "$${"),
                Piece::Hole(value) => format!("${{{}}}", value.text()),
            })
            .collect(),
        _ => format!("${{{}}}", value.text()),
    }
}

/// A value as JSON, in the canonical spelling of the graph; object keys are sorted.
pub fn value_json(inputs: &Inputs, value: &Value) -> Json {
    match value.kind() {
        Kind::Null => Json::Null,
        Kind::Bool(value) => Json::from(*value),
        Kind::Int(value) => Json::from(*value),
        Kind::Float(value) => Json::from(*value),
        Kind::Str(_) | Kind::Text(_) | Kind::Symbol(_) => Json::from(string(value)),
        Kind::Unknown(unknown) => json!({ "$unknown": &*unknown.reason.detail }),
        Kind::Array(array) => {
            let item = |item: &rolecall_value::Item| {
                let own = value_json(inputs, &item.value);
                let each = if item.many { json!({ "$each": own }) } else { own };
                guarded(inputs, &item.when, each)
            };
            array.items.iter().map(item).collect()
        }
        Kind::Object(object) => {
            let entries = object.entries().map(|(name, property)| {
                (string(&name), guarded(inputs, &property.when, value_json(inputs, &property.value)))
            });
            let rest = object.rest.as_ref().map(|rest| ("$rest".to_owned(), value_json(inputs, rest)));
            let sorted: BTreeMap<String, Json> = entries.chain(rest).collect();
            Json::Object(sorted.into_iter().collect::<Map<_, _>>())
        }
        Kind::Cond(alternatives) => {
            let mut all: Vec<(String, Json)> =
                alternatives.iter().map(|(when, value)| (inputs.describe(when), value_json(inputs, value))).collect();
            all.sort_by(|a, b| a.0.cmp(&b.0));
            let all = all.into_iter().map(|(when, value)| json!({ "when": when, "value": value }));
            json!({ "$when": all.collect::<Vec<_>>() })
        }
    }
}

fn guarded(inputs: &Inputs, when: &Condition, value: Json) -> Json {
    if when.is_true() { value } else { json!({ "$if": inputs.describe(when), "value": value }) }
}
