//! Who grants what to whom in a deployment: role assignments and the access policies of key vaults.
//!
//! Both become [`Assignment`]s: a principal, a role, a scope, a condition. What an access policy allows is written as a
//! role of its own. Whether an assignment helps anybody is [`Permissions`](crate::Permissions)' question.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use rolecall_value::{
    Case, Condition, Equality, Kind, Origin, Reason, ReasonKind, ResourceId, Scope, Value, equality, walk,
};
use serde::Deserialize;

use crate::open::{because, expand, narrow};
use crate::roles::{PermissionBlock, RoleDefinition, RoleRef, Roles};
use crate::{Deployment, Identities, MadeBy, Resource, ResourceIndex};

/// The type of role assignments.
pub const ROLE_ASSIGNMENTS: &str = "Microsoft.Authorization/roleAssignments";
const SCHEDULE_REQUESTS: &str = "Microsoft.Authorization/roleAssignmentScheduleRequests";
pub(crate) const VAULTS: &str = "Microsoft.KeyVault/vaults";
const ACCESS_POLICIES: &str = "Microsoft.KeyVault/vaults/accessPolicies";

/// Requests that take a role away or end it.
const REMOVALS: [&str; 3] = ["AdminRemove", "SelfDeactivate", "Cancel"];

/// A grant that the deployment makes, or that AKS makes for it.
#[derive(Clone, Debug)]
pub struct Assignment {
    /// The resource that grants.
    pub resource: ResourceIndex,
    /// What it is.
    pub kind: AssignmentKind,
    /// Who gets the role: canonical, possibly conditional.
    pub principal: Value,
    /// The principal as the template gives it.
    pub written_principal: Value,
    /// The role; the conditions exclude each other and cover everything.
    pub roles: Vec<(Condition, RoleRef)>,
    /// Where.
    pub scope: Scope,
    /// Whether that is a resource group that AKS makes.
    pub on_node_group: bool,
    /// The declared type of the principal.
    pub principal_type: Option<Value>,
    /// Azure's condition (ABAC) on the assignment.
    pub condition: Option<Value>,
    /// When it is made.
    pub when: Condition,
    /// Whether it stands for any number of assignments: a loop over something open.
    pub many: bool,
    /// Where it may have no effect although it is made, and why that is open.
    pub doubts: Vec<(Condition, Reason)>,
    /// Who makes it.
    pub made_by: MadeBy,
    /// Where it is written.
    pub origin: Origin,
}

/// Kinds of assignments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssignmentKind {
    /// A role assignment.
    Role,
    /// An entry of a key vault's access policies.
    AccessPolicy,
}

/// All assignments of a deployment, in order of their resources.
pub fn assignments(deployment: &Deployment, identities: &Identities<'_>, roles: &Roles) -> Vec<Assignment> {
    let mut out = Vec::new();
    for (index, resource) in deployment.enumerate() {
        let of_type = |name: &str| resource.id.resource_type.is(name);
        if of_type(ROLE_ASSIGNMENTS) || of_type(SCHEDULE_REQUESTS) {
            role_assignment(deployment, identities, roles, (index, resource), &mut out);
        } else if of_type(VAULTS) || of_type(ACCESS_POLICIES) {
            access_policies(deployment, identities, (index, resource), &mut out);
        }
    }
    out
}

fn role_assignment(
    deployment: &Deployment,
    identities: &Identities<'_>,
    roles: &Roles,
    (index, resource): (ResourceIndex, &Resource),
    out: &mut Vec<Assignment>,
) {
    let inputs = &deployment.inputs;
    let properties = resource.body.get("properties").unwrap_or_else(Value::null);
    let property = |name: &str| properties.get(name).filter(|value| !value.is_null());
    let mut when = resource.when.clone();
    let mut doubts = Vec::new();
    if let Some(request) = property("requestType") {
        let mut open = Condition::TRUE;
        for (own, request) in expand(inputs, &request) {
            if let Some(text) = request.as_str() {
                open = open.and_not(&own);
                if REMOVALS.iter().any(|removal| removal.eq_ignore_ascii_case(text)) {
                    when = when.and_not(&own);
                }
            }
        }
        if !open.is_false() {
            let reason = because(&[&request], || format!("`{}` may take the role away", request.plain()));
            doubts.push((open, reason));
        }
    }
    let written = property("principalId").unwrap_or_else(Value::null);
    let role = narrow(&property("roleDefinitionId").unwrap_or_else(Value::null), &when);
    let resolved = roles.resolve(inputs, &role);
    for (own, scope) in scopes(identities, &resource.id.scope) {
        let when = when.and(&own);
        if when.is_false() {
            continue;
        }
        out.push(Assignment {
            resource: index,
            kind: AssignmentKind::Role,
            principal: narrow(&identities.canonical(&written), &when),
            written_principal: written.clone(),
            roles: resolved.clone(),
            on_node_group: identities.is_node_group(&scope),
            scope,
            principal_type: property("principalType"),
            condition: property("condition"),
            when,
            many: resource.many,
            doubts: doubts.clone(),
            made_by: resource.made_by,
            origin: resource.origin,
        });
    }
}

/// A scope with what it is made of rewritten to what it means.
pub(crate) fn scopes(identities: &Identities<'_>, scope: &Scope) -> Vec<(Condition, Scope)> {
    let read = match scope {
        Scope::Opaque(value) => {
            let value = identities.canonical(value);
            value.alternatives().into_iter().map(|(when, value)| (when, Scope::parse(value))).collect()
        }
        _ => vec![(Condition::TRUE, scope.clone())],
    };
    let placed = |(when, scope): (Condition, Scope)| {
        identities.placed(scope).into_iter().map(move |(own, scope)| (when.and(&own), scope))
    };
    read.into_iter().flat_map(placed).filter(|(when, _)| !when.is_false()).collect()
}

/// When a vault decides by role assignments, and when by its access policies; where neither holds it is open.
pub(crate) fn vault_uses_roles(deployment: &Deployment, vault: &Resource) -> (Equality, Option<Value>) {
    let mut answer = Equality { equal: Condition::FALSE, different: Condition::TRUE };
    let mut open = None;
    for found in walk(&deployment.inputs, &vault.body, "properties.enableRbacAuthorization") {
        let same = equality(&deployment.inputs, &found.value, &Value::bool(true), Case::Insensitive);
        answer.equal = answer.equal.or(&found.when.and(&same.equal));
        answer.different = answer.different.and_not(&found.when).or(&found.when.and(&same.different));
        if !same.undecided().is_false() {
            open = Some(found.value);
        }
    }
    (answer, open)
}

fn access_policies(
    deployment: &Deployment,
    identities: &Identities<'_>,
    (index, resource): (ResourceIndex, &Resource),
    out: &mut Vec<Assignment>,
) {
    let vault_id = if resource.id.resource_type.is(VAULTS) {
        resource.id.clone()
    } else if resource.id.name().as_str().is_some_and(|name| name.eq_ignore_ascii_case("remove")) {
        return;
    } else {
        match resource.id.parent() {
            Some(parent) => parent,
            None => return,
        }
    };
    let mut when = resource.when.clone();
    let mut doubts = Vec::new();
    for (vault, created) in identities.resources(&vault_id) {
        let Some(vault) = deployment.resource(vault) else { continue };
        let (roles, open) = vault_uses_roles(deployment, vault);
        when = when.and_not(&created.yes.and(&roles.equal));
        let undecided = created.yes.and(&roles.undecided());
        if !undecided.is_false() {
            let value = open.unwrap_or_else(Value::null);
            let reason = because(&[&value], || {
                format!("`{}` decides whether the vault uses its access policies", value.plain())
            });
            doubts.push((undecided, reason));
        }
    }
    for entry in walk(&deployment.inputs, &resource.body, "properties.accessPolicies[]") {
        let when = when.and(&entry.when);
        if when.is_false() {
            continue;
        }
        let written = entry.value.get("objectId").unwrap_or_else(Value::null);
        let role = policy_role(&entry.value.get("permissions").unwrap_or_else(Value::null));
        out.push(Assignment {
            resource: index,
            kind: AssignmentKind::AccessPolicy,
            principal: narrow(&identities.canonical(&written), &when),
            written_principal: written,
            roles: vec![(Condition::TRUE, RoleRef::Role(Arc::new(role)))],
            scope: Scope::Resource(Arc::new(vault_id.clone())),
            on_node_group: false,
            principal_type: None,
            condition: None,
            when,
            many: resource.many || !entry.certain,
            doubts: doubts.clone(),
            made_by: resource.made_by,
            origin: if entry.value.origin() == Origin::NONE { resource.origin } else { entry.value.origin() },
        });
    }
}

#[derive(Deserialize)]
struct PolicyFacts {
    keys: BTreeMap<String, Vec<String>>,
    secrets: BTreeMap<String, Vec<String>>,
    certificates: BTreeMap<String, Vec<String>>,
}

fn policy_facts() -> Option<&'static PolicyFacts> {
    static FACTS: OnceLock<Option<PolicyFacts>> = OnceLock::new();
    FACTS.get_or_init(|| serde_json::from_str(include_str!("../data/access-policies.json")).ok()).as_ref()
}

/// What the permissions of an access policy allow, as a role.
fn policy_role(permissions: &Value) -> RoleDefinition {
    let mut block = PermissionBlock::default();
    let mut parts = Vec::new();
    if let Some(facts) = policy_facts() {
        for (name, table) in [("keys", &facts.keys), ("secrets", &facts.secrets), ("certificates", &facts.certificates)]
        {
            let Some(list) = permissions.get(name).filter(|list| !list.is_null()) else { continue };
            let known = list.as_array().filter(|_| list.is_known());
            let Some(known) = known else {
                block.open = Some(open_permissions(&list));
                continue;
            };
            let words: Vec<_> = known.items.iter().filter_map(|item| item.value.as_str()).collect();
            for word in &words {
                let actions = table.get(&word.to_ascii_lowercase()).into_iter().flatten();
                block.data_actions.extend(actions.cloned());
            }
            if !words.is_empty() {
                parts.push(format!("{name}: {}", words.join(", ")));
            }
        }
    }
    if matches!(permissions.kind(), Kind::Symbol(_) | Kind::Unknown(_)) {
        block.open = Some(open_permissions(permissions));
    }
    let name = format!("access policy ({})", parts.join("; "));
    RoleDefinition { guid: String::new(), name, blocks: vec![block], custom: None }
}

fn open_permissions(value: &Value) -> Reason {
    match value.first_unknown().and_then(Value::as_unknown) {
        Some(unknown) => unknown.reason.clone(),
        None => Reason {
            kind: ReasonKind::Runtime,
            detail: format!("`{}` decides what the access policy allows", value.plain()).into(),
        },
    }
}

/// The vault that a scope is or lies in.
pub(crate) fn vault_of(scope: &Scope) -> Option<ResourceId> {
    let mut id = scope.as_resource().cloned();
    while let Some(current) = id {
        if current.resource_type.is(VAULTS) {
            return Some(current);
        }
        id = current.parent();
    }
    None
}
