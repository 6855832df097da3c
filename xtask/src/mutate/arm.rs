//! Changes of ARM templates, by the tree of their JSON.

use std::fmt::Write;
use std::ops::Range;
use std::path::Path;

use jsonc_parser::ast::{Object, ObjectProp, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::Kind;
use super::edit::{Edit, Mutant, Unit, insert, replace};
use super::make::{ELSEWHERE, RENAMED, Weak};

fn parse(text: &str) -> Option<Value<'_>> {
    parse_to_ast(text, &CollectOptions::default(), &ParseOptions::default()).ok()?.value
}

fn range(node: &impl Ranged) -> Range<usize> {
    let range = node.range();
    range.start..range.end
}

/// A member of an object, without regard to case.
fn member<'v, 'a>(object: &'v Object<'a>, name: &str) -> Option<&'v ObjectProp<'a>> {
    object.properties.iter().find(|property| property.name.as_str().eq_ignore_ascii_case(name))
}

fn value<'v, 'a>(object: &'v Object<'a>, name: &str) -> Option<&'v Value<'a>> {
    member(object, name).map(|property| &property.value)
}

/// An object and what stands around it.
struct Found<'v, 'a> {
    object: &'v Object<'a>,
    /// What to remove to be rid of it, and its neighbours' ends: before and behind.
    own: Range<usize>,
    before: Option<usize>,
    behind: Option<usize>,
}

fn find<'v, 'a>(root: &'v Value<'a>, wanted: &Range<usize>) -> Option<Found<'v, 'a>> {
    let mut at = root;
    loop {
        let parts: Vec<(Range<usize>, &Value<'a>)> = match at {
            Value::Object(object) => object.properties.iter().map(|one| (range(one), &one.value)).collect(),
            Value::Array(array) => array.elements.iter().map(|one| (range(one), one)).collect(),
            _ => return None,
        };
        let place = parts.iter().position(|(_, value)| {
            let own = range(*value);
            own.start <= wanted.start && own.end >= wanted.end
        })?;
        let (own, value) = &parts[place];
        if range(*value) == *wanted {
            let Value::Object(object) = value else { return None };
            let before = place.checked_sub(1).map(|place| parts[place].0.end);
            let behind = parts.get(place + 1).map(|(next, _)| next.start);
            return Some(Found { object, own: own.clone(), before, behind });
        }
        at = value;
    }
}

/// The edits that take a grant away; `None` where this way of doing it does not fit the text.
pub fn break_unit(text: &str, unit: &Unit, kind: Kind, weak: &Weak) -> Option<Vec<Edit>> {
    let root = parse(text)?;
    let found = find(&root, &unit.range())?;
    let object = found.object;
    let inner = |name: &str| match value(object, "properties")? {
        Value::Object(properties) => value(properties, name),
        _ => None,
    };
    let written = |value: &Value<'_>| text.get(range(value)).map(str::to_owned);
    let edit = match kind {
        Kind::Drop => match (found.before, found.behind) {
            (_, Some(next)) => replace(found.own.start..next, ""),
            (Some(before), None) => replace(before..found.own.end, ""),
            (None, None) => replace(found.own, ""),
        },
        Kind::Never => match member(object, "condition") {
            Some(condition) => replace(range(&condition.value), "false"),
            None => insert(range(object).start + 1, "\"condition\": false, "),
        },
        Kind::Order => {
            let edits = orders(&root, &found, text)?;
            return (!edits.is_empty()).then_some(edits);
        }
        _ if unit.module => return None,
        Kind::Principal => {
            let id = format!("resourceId('Microsoft.Storage/storageAccounts', '{ELSEWHERE}')");
            let other = format!("\"[reference({id}, '2023-01-01', 'full').identity.principalId]\"");
            replace(range(inner("principalId")?), other)
        }
        Kind::ClientId => {
            let principal = inner("principalId")?;
            let written = written(principal).filter(|text| text.starts_with("\"[reference("))?;
            let other = written.strip_suffix(".principalId]\"")?;
            replace(range(principal), format!("{other}.clientId]\""))
        }
        Kind::OtherIdentity => {
            let principal = inner("principalId")?;
            let own = written(principal)?;
            if !own.to_lowercase().contains("'microsoft.managedidentity/userassignedidentities'") {
                return None;
            }
            let names = identities(&root);
            let other = names.iter().find(|name| !own.contains(&format!("'{name}'")))?;
            // Both names stand in the text, so they are known to differ.
            names.iter().find(|name| own.contains(&format!("'{name}'")))?;
            let id = format!("resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', '{other}')");
            replace(range(principal), format!("\"[reference({id}, '2023-01-31').principalId]\""))
        }
        Kind::Role => {
            let id = format!("subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '{}')", weak.guid);
            replace(range(inner("roleDefinitionId")?), format!("\"[{id}]\""))
        }
        Kind::Scope => scope(&root, object)?,
        _ => return None,
    };
    Some(vec![edit])
}

/// The edits that take an assignment, or the deployment that makes it, out of every `dependsOn`: by its symbolic name, by its
/// type, of a deployment by its name too.
fn orders(root: &Value<'_>, found: &Found<'_, '_>, text: &str) -> Option<Vec<Edit>> {
    let symbol = text.get(found.own.clone())?.strip_prefix('"').and_then(|rest| rest.split('"').next());
    let string = |name: &str| Some(value(found.object, name)?.as_string_lit()?.value.to_lowercase());
    let deployment = string("type")? == "microsoft.resources/deployments";
    let name = string("name")?;
    let name = name.trim_start_matches('[').trim_end_matches(']');
    let names_it = |item: &str| {
        let item = item.to_lowercase();
        symbol.is_some_and(|symbol| item.trim_matches('"') == symbol.to_lowercase())
            || !deployment && item.contains("/roleassignments")
            || deployment && item.contains(name) && item.contains("/deployments")
    };
    let mut edits = Vec::new();
    let mut open = vec![root];
    while let Some(at) = open.pop() {
        match at {
            Value::Array(array) => open.extend(&array.elements),
            Value::Object(object) => {
                for property in &object.properties {
                    match &property.value {
                        Value::Array(array) if property.name.as_str().eq_ignore_ascii_case("dependsOn") => {
                            let items: Vec<_> =
                                array.elements.iter().filter_map(|item| text.get(range(item))).collect();
                            let kept: Vec<_> = items.iter().copied().filter(|item| !names_it(item)).collect();
                            if kept.len() < items.len() {
                                edits.push(replace(range(array), format!("[{}]", kept.join(", "))));
                            }
                        }
                        value => open.push(value),
                    }
                }
            }
            _ => {}
        }
    }
    Some(edits)
}

/// The literal names of the identities at the top of a template.
fn identities<'a>(root: &Value<'a>) -> Vec<String> {
    let Some(resources) = root.as_object().and_then(|root| value(root, "resources")) else { return Vec::new() };
    let all: Vec<&Value<'_>> = match resources {
        Value::Array(array) => array.elements.iter().collect(),
        Value::Object(object) => object.properties.iter().map(|one| &one.value).collect(),
        _ => Vec::new(),
    };
    let name = |resource: &&Value<'_>| {
        let resource = resource.as_object()?;
        let string = |name: &str| Some(value(resource, name)?.as_string_lit()?.value.to_string());
        let identity = string("type")?.eq_ignore_ascii_case("Microsoft.ManagedIdentity/userAssignedIdentities");
        string("name").filter(|name| identity && !name.starts_with('['))
    };
    all.iter().filter_map(name).collect()
}

fn scope(root: &Value<'_>, object: &Object<'_>) -> Option<Edit> {
    let schema = value(root.as_object()?, "$schema")?.as_string_lit()?;
    if !schema.value.to_lowercase().contains("/deploymenttemplate.json") {
        return None;
    }
    let ty = value(object, "type")?.as_string_lit()?.value.to_lowercase();
    if ty != "microsoft.authorization/roleassignments" {
        return None;
    }
    let elsewhere = format!("\"[resourceId('Microsoft.Storage/storageAccounts', '{ELSEWHERE}')]\"");
    Some(match member(object, "scope") {
        Some(scope) => replace(range(&scope.value), elsewhere),
        None => insert(range(object).start + 1, format!("\"scope\": {elsewhere}, ")),
    })
}

/// The edits that mean nothing.
pub fn keep(text: &str, kind: Kind) -> Option<Vec<Edit>> {
    let root = parse(text)?;
    let object = root.as_object()?;
    match kind {
        Kind::Rename => rename(object, text),
        Kind::Extract => extract(object, text),
        Kind::Reorder => {
            let ranges: Vec<Range<usize>> = match value(object, "resources")? {
                Value::Array(array) => array.elements.iter().map(range).collect(),
                Value::Object(object) => object.properties.iter().map(range).collect(),
                _ => return None,
            };
            let texts = ranges.iter().rev().map(|range| text.get(range.clone()).unwrap_or_default());
            Some(ranges.iter().cloned().zip(texts).map(|(range, text)| replace(range, text)).collect())
        }
        Kind::Reformat => Some(reformat(&root)),
        _ => None,
    }
}

/// Where every string of a value stands, the names of its members included.
fn strings(root: &Value<'_>) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut open = vec![root];
    while let Some(value) = open.pop() {
        match value {
            Value::StringLit(string) => out.push(range(string)),
            Value::Array(array) => open.extend(&array.elements),
            Value::Object(object) => {
                out.extend(object.properties.iter().map(|property| range(&property.name)));
                open.extend(object.properties.iter().map(|property| &property.value));
            }
            _ => {}
        }
    }
    out
}

/// New names for variables, where no template inside has variables of its own.
fn rename(root: &Object<'_>, text: &str) -> Option<Vec<Edit>> {
    let variables = value(root, "variables")?.as_object()?;
    if text.matches("\"variables\"").count() > 1 || member(variables, "copy").is_some() {
        return None;
    }
    let mut edits = Vec::new();
    for property in &variables.properties {
        edits.push(insert(range(&property.name).end - 1, RENAMED));
    }
    for property in &root.properties {
        for own in strings(&property.value) {
            let raw = text.get(own.clone())?;
            if !raw.starts_with("\"[") {
                continue;
            }
            let lower = raw.to_ascii_lowercase();
            let mut at = 0;
            while let Some(found) = lower[at..].find("variables(") {
                at += found + "variables(".len();
                let quoted = raw[at..].trim_start();
                let start = at + raw[at..].len() - quoted.len() + 1;
                if !quoted.starts_with('\'') {
                    return None;
                }
                let end = start + raw[start..].find('\'')?;
                edits.push(insert(own.start + end, RENAMED));
                at = end;
            }
        }
    }
    Some(edits)
}

/// What must be written in place: Azure reads it before it evaluates anything, or it is a template of its own.
const IN_PLACE: [&str; 13] = [
    "type",
    "templateLink",
    "apiVersion",
    "template",
    "copy",
    "comments",
    "metadata",
    "mode",
    "scope",
    "condition",
    "dependsOn",
    "name",
    "expressionEvaluationOptions",
];

/// How many literals are pulled out of one file.
const MOST_LITERALS: usize = 24;

/// The literals in the bodies of resources, half of them in variables, half in parameters.
fn extract(root: &Object<'_>, text: &str) -> Option<Vec<Edit>> {
    let mut open = vec![value(root, "resources")?];
    let mut edits = Vec::new();
    let mut declared = [String::new(), String::new()];
    while let Some(at) = open.pop() {
        match at {
            Value::Array(array) => open.extend(&array.elements),
            Value::Object(object) => {
                for property in &object.properties {
                    let in_place = |name: &str| property.name.as_str().eq_ignore_ascii_case(name);
                    if !IN_PLACE.iter().any(|name| in_place(name)) {
                        open.push(&property.value);
                    }
                }
            }
            Value::StringLit(string) if !string.value.starts_with('[') && edits.len() < MOST_LITERALS => {
                let number = edits.len();
                let raw = text.get(range(string))?;
                let (function, entry) = match number % 2 {
                    0 => ("variables", format!("\"extracted{number}\": {raw}")),
                    _ => (
                        "parameters",
                        format!("\"extracted{number}\": {{\"type\": \"string\", \"defaultValue\": {raw}}}"),
                    ),
                };
                let _ = write!(declared[number % 2], "{entry},");
                edits.push(replace(range(string), format!("\"[{function}('extracted{number}')]\"")));
            }
            _ => {}
        }
    }
    for (name, declared) in ["variables", "parameters"].into_iter().zip(declared) {
        let declared = declared.trim_end_matches(',');
        if declared.is_empty() {
            continue;
        }
        edits.push(match value(root, name) {
            Some(Value::Object(object)) => {
                let comma = if object.properties.is_empty() { "" } else { ", " };
                insert(range(object).start + 1, format!("{declared}{comma}"))
            }
            Some(_) => return None,
            None => insert(range(root).start + 1, format!("\"{name}\": {{{declared}}}, ")),
        });
    }
    Some(edits)
}

/// Everything on lines of its own, with the other kind of line ends.
fn reformat(root: &Value<'_>) -> Vec<Edit> {
    let mut starts = Vec::new();
    let mut open = vec![root];
    while let Some(value) = open.pop() {
        match value {
            Value::Array(array) => {
                starts.extend(array.elements.iter().map(|one| range(one).start));
                open.extend(&array.elements);
            }
            Value::Object(object) => {
                starts.extend(object.properties.iter().map(|one| range(one).start));
                open.extend(object.properties.iter().map(|property| &property.value));
            }
            _ => {}
        }
    }
    starts.into_iter().map(|at| insert(at, "\r\n\t")).collect()
}

/// The template as a nested deployment, in a template that passes all parameters through.
pub fn wrap(path: &Path, text: &str) -> Option<Mutant> {
    // In a module it is the module's.
    if text.contains("deployment().name") {
        return None;
    }
    let root = parse(text)?;
    let object = root.as_object()?;
    let schema = value(object, "$schema")?.as_string_lit()?;
    let of_group = schema.value.to_lowercase().contains("/deploymenttemplate.json");
    let location = if of_group { "" } else { "\"location\": \"[deployment().location]\", " };
    let mut head = String::new();
    for name in ["languageVersion", "definitions", "parameters"] {
        if let Some(member) = member(object, name) {
            let _ = write!(head, "{}, ", text.get(range(member))?);
        }
    }
    let symbolic = matches!(value(object, "resources")?, Value::Object(_));
    let mut passed = String::new();
    if let Some(Value::Object(parameters)) = value(object, "parameters") {
        for property in &parameters.properties {
            let name = property.name.as_str();
            let _ = write!(passed, "\"{name}\": {{\"value\": \"[parameters('{name}')]\"}},");
        }
    }
    let deployment = format!(
        "{{\"type\": \"Microsoft.Resources/deployments\", \"apiVersion\": \"2022-09-01\", \"name\": \"wrapped\", {location}\
         \"properties\": {{\"mode\": \"Incremental\", \"expressionEvaluationOptions\": {{\"scope\": \"inner\"}}, \
         \"parameters\": {{{}}}, \"template\": {}}}}}",
        passed.trim_end_matches(','),
        text.get(range(&root))?
    );
    let resources = if symbolic { format!("{{\"wrapped\": {deployment}}}") } else { format!("[{deployment}]") };
    let whole = format!(
        "{{\"$schema\": \"{}\", \"contentVersion\": \"1.0.0.0\", {head}\"resources\": {resources}}}\n",
        schema.value
    );
    Some(Mutant::of(Kind::Wrap, None, path, vec![replace(0..text.len(), whole)]))
}
