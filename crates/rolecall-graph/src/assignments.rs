//! Who grants what to whom in a deployment: role assignments and the access policies of key vaults.
//!
//! Both become [`Assignment`]s: a principal, a role, a scope, a condition. What an access policy allows is written as a
//! role of its own (see `vaults`). Whether an assignment helps anybody is [`Permissions`](crate::Permissions)' question.

use rolecall_value::{Condition, Inputs, Origin, Reason, Scope, Value};

use crate::open::{because, expand, narrow};
use crate::roles::{RoleRef, Roles};
use crate::vaults::{ACCESS_POLICIES, VAULTS, access_policies};
use crate::{Deployment, Identities, MadeBy, Resource, ResourceIndex};

/// The type of role assignments.
pub const ROLE_ASSIGNMENTS: &str = "Microsoft.Authorization/roleAssignments";
const SCHEDULE_REQUESTS: &str = "Microsoft.Authorization/roleAssignmentScheduleRequests";

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
    let mut roles = Resolved { roles, recent: Vec::new() };
    for (index, resource) in deployment.enumerate() {
        let of_type = |name: &str| resource.id.resource_type.is(name);
        if of_type(ROLE_ASSIGNMENTS) || of_type(SCHEDULE_REQUESTS) {
            role_assignment(deployment, identities, &mut roles, (index, resource), &mut out);
        } else if of_type(VAULTS) || of_type(ACCESS_POLICIES) {
            access_policies(deployment, identities, (index, resource), &mut out);
        }
    }
    out
}

/// Roles by the ids that led to them. Most assignments are of a few roles, and following an id is dear.
struct Resolved<'a> {
    roles: &'a Roles,
    recent: Vec<(Value, Vec<(Condition, RoleRef)>)>,
}

impl Resolved<'_> {
    fn of(&mut self, inputs: &Inputs, id: &Value) -> Vec<(Condition, RoleRef)> {
        /// How many ids are kept: comparing with more costs what it saves.
        const KEPT: usize = 8;
        if let Some((_, known)) = self.recent.iter().find(|(known, _)| known == id) {
            return known.clone();
        }
        let found = self.roles.resolve(inputs, id);
        if self.recent.len() < KEPT && found.iter().all(|(_, role)| matches!(role, RoleRef::Role(_))) {
            self.recent.push((id.clone(), found.clone()));
        }
        found
    }
}

fn role_assignment(
    deployment: &Deployment,
    identities: &Identities<'_>,
    roles: &mut Resolved<'_>,
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
    let resolved = roles.of(inputs, &role);
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
