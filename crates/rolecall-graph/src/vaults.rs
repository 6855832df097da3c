//! Key vaults: whether they decide by role assignments or by their access policies, and what the policies grant.
//!
//! A vault asks one of the two alone, so a grant of the other kind has no effect on its data. Who needs a vault is not
//! known here.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use rolecall_value::{
    Case, Condition, Equality, Kind, Origin, Reason, ReasonKind, ResourceId, Scope, Value, equality, walk,
};
use serde::Deserialize;

use crate::assignments::{Assignment, AssignmentKind};
use crate::open::{because, narrow};
use crate::roles::{PermissionBlock, RoleDefinition, RoleRef};
use crate::{Deployment, Identities, Permissions, Resource, ResourceIndex};

/// The type of key vaults.
pub(crate) const VAULTS: &str = "Microsoft.KeyVault/vaults";
pub(crate) const ACCESS_POLICIES: &str = "Microsoft.KeyVault/vaults/accessPolicies";

/// The first version of the API with which a new vault decides by role assignments where nothing is said.
const BY_ROLES_SINCE: &str = "2026-02-01";

/// A grant on the data of a vault that decides by the other kind of grant.
#[derive(Clone, Debug)]
pub struct Idle {
    /// The grant; its condition is when it is made and has no effect.
    pub assignment: Assignment,
    /// The vault.
    pub vault: ResourceIndex,
}

impl Permissions<'_> {
    /// The grants that have no effect on the data of a vault of this deployment, since the vault decides by the other kind:
    /// roles at the vault or below it, and access policies.
    pub fn idle(&self) -> Vec<Idle> {
        let deployment = self.deployment();
        let mut out = Vec::new();
        for assignment in self.assignments().iter().filter(|one| one.kind == AssignmentKind::Role) {
            let Some(id) = vault_of(&assignment.scope) else { continue };
            for (vault, created) in self.identities().resources(&id) {
                let Some(resource) = deployment.resource(vault) else { continue };
                let (roles, _) = vault_uses_roles(deployment, resource);
                let when = assignment.when.and(&created.yes).and(&roles.different);
                if !when.is_false() {
                    out.push(Idle { assignment: Assignment { when, ..assignment.clone() }, vault });
                }
            }
        }
        for (index, resource) in deployment.enumerate() {
            let Some(id) = vault_with_policies(resource) else { continue };
            for (vault, created) in self.identities().resources(&id) {
                let Some(own) = deployment.resource(vault) else { continue };
                let (roles, _) = vault_uses_roles(deployment, own);
                let when = resource.when.and(&created.yes).and(&roles.equal);
                let mut all = Vec::new();
                entries(deployment, self.identities(), (index, resource), &id, (&when, &[]), &mut all);
                out.extend(all.into_iter().map(|assignment| Idle { assignment, vault }));
            }
        }
        out
    }
}

impl Permissions<'_> {
    /// When the vault that a scope is or lies in is created here and decides by its access policies.
    pub(crate) fn asks_policies(&self, scope: &Scope) -> Condition {
        let Some(id) = vault_of(scope) else { return Condition::FALSE };
        let vaults = self.identities().resources(&id).into_iter();
        vaults.fold(Condition::FALSE, |any, (vault, created)| {
            let vault = self.deployment().resource(vault).map(|vault| vault_uses_roles(self.deployment(), vault).0);
            vault.map_or_else(|| any.clone(), |roles| any.or(&created.yes.and(&roles.different)))
        })
    }
}

/// The vault whose access policies a resource has.
fn vault_with_policies(resource: &Resource) -> Option<ResourceId> {
    if resource.id.resource_type.is(VAULTS) {
        return Some(resource.id.clone());
    }
    let removes = resource.id.name().as_str().is_some_and(|name| name.eq_ignore_ascii_case("remove"));
    resource.id.parent().filter(|_| resource.id.resource_type.is(ACCESS_POLICIES) && !removes)
}

/// When a vault decides by role assignments, and when by its access policies; where neither holds it is open.
pub(crate) fn vault_uses_roles(deployment: &Deployment, vault: &Resource) -> (Equality, Option<Value>) {
    let version = vault.body.get("apiVersion");
    // A vault that is there already stays as it is.
    let either = version.as_ref().and_then(Value::as_str).is_some_and(|version| version >= BY_ROLES_SINCE);
    let absent = if either { Condition::FALSE } else { Condition::TRUE };
    let mut answer = Equality { equal: Condition::FALSE, different: absent };
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

/// What the access policies of a resource grant.
pub(crate) fn access_policies(
    deployment: &Deployment,
    identities: &Identities<'_>,
    (index, resource): (ResourceIndex, &Resource),
    out: &mut Vec<Assignment>,
) {
    let Some(vault_id) = vault_with_policies(resource) else { return };
    let mut when = resource.when.clone();
    let mut doubts = Vec::new();
    for (vault, created) in identities.resources(&vault_id) {
        let Some(vault) = deployment.resource(vault) else { continue };
        let (roles, open) = vault_uses_roles(deployment, vault);
        when = when.and_not(&created.yes.and(&roles.equal));
        let undecided = created.yes.and(&roles.undecided());
        if !undecided.is_false() {
            let value = open.unwrap_or_else(Value::null);
            let reason = because(&[&value], || match value.is_null() {
                true => "whether the vault uses its access policies hangs on whether it is there already".to_owned(),
                false => format!("`{}` decides whether the vault uses its access policies", value.plain()),
            });
            doubts.push((undecided, reason));
        }
    }
    entries(deployment, identities, (index, resource), &vault_id, (&when, &doubts), out);
}

/// The entries in the access policies of a resource, each under a condition and with what is open.
fn entries(
    deployment: &Deployment,
    identities: &Identities<'_>,
    (index, resource): (ResourceIndex, &Resource),
    vault: &ResourceId,
    (when, doubts): (&Condition, &[(Condition, Reason)]),
    out: &mut Vec<Assignment>,
) {
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
            scope: Scope::Resource(Arc::new(vault.clone())),
            on_node_group: false,
            principal_type: None,
            condition: None,
            when,
            many: resource.many || !entry.certain,
            doubts: doubts.to_vec(),
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
