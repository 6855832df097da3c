//! What mends a finding, in terms of the graph: which assignment is to be changed, or which one is missing.
//!
//! To give a permission, or to change to whom, where or under which order of resources one is given, is never *safe* unless
//! it only says better what the template means already.

use rolecall_graph::{
    Assign, CLUSTERS, ExactRole, Language, Mend, NearKind, NearMiss, ResourceIndex, RoleChoice, Setting, Step,
};
use rolecall_source::Safety;
use rolecall_value::{ResourceId, Value};

use crate::checks::{Context, is_needless};
use crate::model::{BeforeCluster, RoleName};
use crate::outcome::{Missing, may_move};
use crate::words;

/// A resource that is made to wait for another.
pub(crate) fn wait(resource: ResourceIndex, on: ResourceIndex, what: &str, for_what: &str) -> Mend {
    Mend {
        title: format!("let {what} depend on {for_what}"),
        safety: Safety::Safe,
        steps: vec![Step::Await { resource, on }],
        otherwise: None,
    }
}

/// The kind of principal of an assignment, which Azure finds out for itself where it can.
pub(crate) fn principal_type(assignment: ResourceIndex, kind: &str) -> Mend {
    let to = Setting::PrincipalType(kind.to_owned());
    Mend {
        title: format!("set `principalType` to `{kind}`"),
        safety: Safety::Safe,
        steps: vec![Step::Set { assignment, to }],
        otherwise: None,
    }
}

/// Another role for an assignment.
pub(crate) fn role(assignment: ResourceIndex, name: &str, guid: &str) -> Mend {
    let to = Setting::Role(RoleChoice { name: name.to_owned(), guid: guid.to_owned() });
    Mend {
        title: format!("assign {name} there instead"),
        safety: Safety::Unsafe,
        steps: vec![Step::Set { assignment, to }],
        otherwise: None,
    }
}

/// The principal id that an assignment should have.
///
/// Where no kind of principal is given it is given as well: Azure may not know a new identity yet.
pub(crate) fn principal(context: &Context<'_>, assignment: ResourceIndex, principal: Value, name: &str) -> Mend {
    let to = Setting::Principal(principal);
    let mut steps = vec![Step::Set { assignment, to }];
    let mut own = context.permissions.assignments().iter().filter(|one| one.resource == assignment);
    if context.deployment.language != Language::Terraform && own.all(|one| one.principal_type.is_none()) {
        steps.push(Step::Set { assignment, to: Setting::PrincipalType("ServicePrincipal".to_owned()) });
    }
    Mend {
        title: format!("set `principalId` to the principal id of {name}"),
        safety: Safety::Unsafe,
        steps,
        otherwise: None,
    }
}

/// What grants a missing permission: the near miss mended, where it is one, else an assignment of its own.
pub(crate) fn missing(context: &Context<'_>, missing: &Missing<'_>) -> Option<Mend> {
    let principal_id = missing.principal?;
    let name = missing.name;
    let near = missing.near.first().and_then(|near| near_miss(context, missing, near, principal_id));
    let RoleName { name: role, id: guid } = missing.need.least_role.clone();
    let scope = words::resource(&missing.demand.scope);
    let awaited = missing.need.before_cluster == BeforeCluster::Required;
    let Some(needed_by) = needed_by(context, missing) else { return near };
    let assign = Assign {
        needed_by,
        principal: principal_id.clone(),
        role: RoleChoice { name: role.clone(), guid },
        scope: missing.demand.scope.clone(),
        scope_type: missing.need.scope_type.clone(),
        awaited,
        exact: ExactRole {
            name: format!("AKS {}", missing.demand.requirement.id),
            actions: missing.need.actions.clone(),
            data_actions: missing.need.data_actions.clone(),
        },
        is_exact: false,
    };
    let own = Mend {
        title: format!("assign {role} to {name} on {scope}"),
        safety: Safety::Unsafe,
        steps: vec![Step::Assign(assign)],
        otherwise: None,
    };
    Some(match near {
        Some(near) => Mend { otherwise: Some(Box::new(own)), ..near },
        None => own,
    })
}

fn near_miss(context: &Context<'_>, missing: &Missing<'_>, near: &NearMiss, principal_id: &Value) -> Option<Mend> {
    match near.kind {
        NearKind::PrincipalIsClientId
        | NearKind::PrincipalIsResourceId
        | NearKind::PrincipalIsName
        | NearKind::PrincipalIsSystemAssigned => {
            Some(principal(context, near.resource, principal_id.clone(), missing.name))
        }
        NearKind::AnotherScope if may_move(missing, near) => Some(Mend {
            title: format!("set the scope of that assignment to {}", words::resource(&missing.demand.scope)),
            safety: Safety::Unsafe,
            steps: vec![Step::Set { assignment: near.resource, to: Setting::Scope(missing.demand.scope.clone()) }],
            otherwise: None,
        }),
        NearKind::RoleLacksAction if !missing.in_use.contains(&near.assignment) => {
            Some(role(near.resource, &missing.need.least_role.name, &missing.need.least_role.id))
        }
        NearKind::AnotherPrincipal
            if !missing.in_use.contains(&near.assignment) && is_needless(context, near.assignment) =>
        {
            Some(principal(context, near.resource, principal_id.clone(), missing.name))
        }
        NearKind::NarrowerCondition if is_always_there(context, missing) => Some(Mend {
            title: format!("make that assignment of {} to {} whenever the deployment is made", near.role, missing.name),
            safety: Safety::Unsafe,
            steps: vec![Step::Set { assignment: near.resource, to: Setting::Always }],
            otherwise: None,
        }),
        _ => None,
    }
}

/// Whether what needs a permission, and what it is on, are made without a condition.
fn is_always_there(context: &Context<'_>, missing: &Missing<'_>) -> bool {
    let is_made = |resource: ResourceIndex| context.deployment.resource(resource).is_some_and(|one| one.when.is_true());
    let identities = context.permissions.identities();
    let principal = missing.principal.and_then(|principal| identities.resource_of(principal));
    let scope = ResourceId::parse(&missing.demand.scope).map(|id| identities.resources(&id)).unwrap_or_default();
    is_made(missing.demand.resource)
        && principal.is_none_or(|(index, _)| is_made(index))
        && scope.iter().all(|(index, _)| is_made(*index))
}

/// What needs the permission, and waits for it: the cluster, or the node pool that demands it.
fn needed_by(context: &Context<'_>, missing: &Missing<'_>) -> Option<ResourceIndex> {
    let own = context.deployment.resource(missing.demand.resource)?;
    let kind = own.id.resource_type.as_str().to_ascii_lowercase();
    if kind.starts_with(&CLUSTERS.to_ascii_lowercase()) {
        return Some(missing.demand.resource);
    }
    cluster(context, &missing.demand.cluster).or(Some(missing.demand.resource))
}

/// The cluster with this id, where templates make it.
fn cluster(context: &Context<'_>, id: &ResourceId) -> Option<ResourceIndex> {
    let found = context.permissions.identities().resources(id);
    found.into_iter().find(|(_, created)| !created.yes.is_false()).map(|(index, _)| index)
}
