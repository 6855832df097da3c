//! What the Azure CLI lists: role assignments, and the managed identities that they are for.
//!
//! `az role assignment list --all -o json` names a managed identity by its object id and its client id alone. Deployments
//! name identities by what they are called; `az identity list -o json` says which is which, so both are read.

use jsonc_parser::ast::{Object, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use rolecall_graph::{OutsideGrant, OutsideRole, Pattern, Principals, USER_ASSIGNED};
use rolecall_source::{Diagnostic, SourceFile, Span};
use rustc_hash::FxHashMap;

/// The grants in what `az` listed into these files; identities in any of them name the principals of all.
///
/// # Errors
/// What of a file is no such list.
pub(crate) fn read_listed(files: &[std::sync::Arc<SourceFile>]) -> Result<Vec<OutsideGrant>, Vec<Diagnostic>> {
    let mut problems = Vec::new();
    let mut identities = FxHashMap::default();
    let mut assignments = Vec::new();
    for file in files {
        if let Err(problem) = read(file, &mut identities, &mut assignments) {
            problems.push(problem);
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(assignments.into_iter().map(|assignment| assignment.grant(&identities)).collect())
}

/// A row of `az role assignment list`.
struct Assignment {
    principal_id: String,
    principal_name: Option<String>,
    role: OutsideRole,
    scope: String,
    condition: Option<String>,
    span: Span,
}

impl Assignment {
    fn grant(self, identities: &FxHashMap<String, Vec<String>>) -> OutsideGrant {
        let mut names = vec![Pattern::literal(&self.principal_id)];
        names.extend(self.principal_name.as_deref().map(Pattern::literal));
        let known = identities.get(&self.principal_id.to_lowercase());
        names.extend(known.into_iter().flatten().map(|name| Pattern::literal(name)));
        OutsideGrant {
            principal: Principals::new(names),
            role: self.role,
            scope: Pattern::literal(&self.scope),
            condition: self.condition,
            reason: None,
            span: self.span,
        }
    }
}

fn read(
    file: &SourceFile,
    identities: &mut FxHashMap<String, Vec<String>>,
    assignments: &mut Vec<Assignment>,
) -> Result<(), Diagnostic> {
    let span = |range: jsonc_parser::common::Range| Span::new(file.id, range.start, range.end);
    let tree = parse_to_ast(&file.text, &CollectOptions::default(), &ParseOptions::default())
        .map_err(|error| Diagnostic::error(span(error.range()), format!("this is not valid JSON: {}", error.kind())))?;
    let Some(Value::Array(rows)) = tree.value else {
        let message = "this is no output of `az role assignment list --all -o json`, which is an array";
        return Err(Diagnostic::error(Span::file_start(file.id), message));
    };
    for row in &rows.elements {
        let refused = |what: &str| {
            let message = format!("this is no row of `az role assignment list --all -o json`: it has no {what}");
            Diagnostic::error(span(row.range()), message)
        };
        let Value::Object(row) = row else { return Err(refused("properties")) };
        let text = |name: &str| string(row, name);
        let principal_id = text("principalId").ok_or_else(|| refused("`principalId`"))?;
        if text("type").is_some_and(|own| own.eq_ignore_ascii_case(USER_ASSIGNED)) {
            let names = identities.entry(principal_id.to_lowercase()).or_default();
            names.extend([text("id"), text("name")].into_iter().flatten());
            continue;
        }
        let name = text("roleDefinitionName");
        // The id is surer than the name, which `--query` may have left out or somebody changed since.
        let role = text("roleDefinitionId").or(name.clone()).ok_or_else(|| refused("`roleDefinitionId`"))?;
        let by_id = OutsideRole::new(&role).ok().filter(|role| matches!(role, OutsideRole::BuiltIn(..)));
        let role = by_id.unwrap_or_else(|| OutsideRole::Custom(name.unwrap_or(role).to_lowercase()));
        assignments.push(Assignment {
            principal_id,
            principal_name: text("principalName"),
            role,
            scope: text("scope").ok_or_else(|| refused("`scope`"))?,
            condition: text("condition"),
            span: span(row.range),
        });
    }
    Ok(())
}

/// A property that is a string with something in it.
fn string(row: &Object<'_>, name: &str) -> Option<String> {
    let value = &row.properties.iter().find(|property| property.name.as_str() == name)?.value;
    match value {
        Value::StringLit(text) if !text.value.is_empty() => Some(text.value.to_string()),
        _ => None,
    }
}
