//! What a finding about a missing permission says beyond its rule's data: what was found instead, the exact actions, who
//! can grant them.

use rolecall_graph::{NearKind, NearMiss};
use rolecall_source::Note;
use rolecall_value::{Condition, Kind, ResourceId, Scope, Symbol, Value};
use rustc_hash::FxHashSet;

use crate::checks::Context;
use crate::demand::Demand;
use crate::model::{BeforeCluster, RoleNeed};
use crate::{Finding, NamedPlace, mend, settle, words};

/// A permission that is missing.
pub(crate) struct Missing<'m> {
    /// What is needed.
    pub need: &'m RoleNeed,
    /// What demands it.
    pub demand: &'m Demand<'m>,
    /// Who needs it, where that is known.
    pub principal: Option<&'m Value>,
    /// Who needs it, as a message names it.
    pub name: &'m str,
    /// When it is missing.
    pub when: &'m Condition,
    /// What is there instead.
    pub near: &'m [NearMiss],
    /// Assignments that other needs rest on, by their places.
    pub in_use: &'m FxHashSet<usize>,
}

/// Completes a finding that nobody grants the permission.
pub(crate) fn say_missing(context: &Context<'_>, missing: &Missing<'_>, finding: &mut Finding) {
    for near in missing.near {
        say_near(context, missing, near, finding);
    }
    if let Some(line) = missing.near.first().and_then(|near| change(missing, near))
        && let Some(first) = finding.remedy.first_mut()
    {
        *first = line;
    }
    finding.mend = mend::missing(context, missing);
    finding.remedy.push(rights(context, missing));
    declarations(context, missing, finding);
}

/// Adds what was found instead.
fn say_near(context: &Context<'_>, missing: &Missing<'_>, near: &NearMiss, finding: &mut Finding) {
    let text = format!("found: {}", instead(context, missing, near, finding.when.as_deref()));
    if let Some(span) = context.deployment.origins.span(near.origin) {
        finding.places.push(NamedPlace { reason: finding.reasons.len(), offset: text.len(), span });
        finding.related.push(Note { message: format!("{} is assigned here", near.role), span });
    }
    finding.reasons.push(text);
}

/// Completes a finding that somebody outside must grant the permission.
pub(crate) fn say_assumed(context: &Context<'_>, missing: &Missing<'_>, because: &str, finding: &mut Finding) {
    let role = &missing.need.least_role;
    let scope = words::resource(&missing.demand.scope);
    finding.headline = format!("{} needs {} on {scope}, and nothing here grants it", missing.name, role.name);
    finding.reasons.push(format!("{because}, so somebody else may grant it"));
    for near in missing.near {
        say_near(context, missing, near, finding);
    }
    finding.remedy =
        vec![format!("see that {} gives {} to {} on {scope}", missing.need.owner, words::role(role), missing.name)];
    finding.remedy.push(words::actions(missing.need));
    finding.mend = mend::missing(context, missing);
    declarations(context, missing, finding);
}

/// What an assignment does in place of what is needed. `otherwise` names values of the inputs for which the finding holds,
/// where it does not for those given.
fn instead(context: &Context<'_>, missing: &Missing<'_>, near: &NearMiss, otherwise: Option<&str>) -> String {
    let role = &near.role;
    let needed = words::resource(&missing.demand.scope);
    let there = scope(&near.scope);
    let on = if there == needed { "there".to_owned() } else { format!("on {there}") };
    let name = missing.name;
    match near.kind {
        NearKind::PrincipalIsClientId => {
            format!("{role} {on}, but its principalId is the client id of {name}, not the principal id")
        }
        NearKind::PrincipalIsResourceId => {
            format!("{role} {on}, but its principalId is the resource id of {name}, not the principal id")
        }
        NearKind::PrincipalIsName => {
            format!("{role} {on}, but its principalId is the name of {name}, not the principal id")
        }
        NearKind::PrincipalIsSystemAssigned => {
            format!("{role} {on}, but for the cluster's own identity, and the cluster runs as {name}")
        }
        NearKind::NarrowerCondition => match (settle::when(context.deployment, &near.when), otherwise) {
            (Some(when), _) => format!("{role} for this principal {on}, but only when {when}"),
            (None, Some(when)) => format!("{role} for this principal {on}, but not when {when}"),
            (None, None) => format!("{role} for this principal {on}, but only under a narrower condition"),
        },
        NearKind::AnotherScope if there == name => format!("{role} for this principal, but on {there} itself"),
        NearKind::AnotherScope => format!("{role} for this principal, but on {there}"),
        NearKind::RoleLacksAction => {
            format!("{role} for this principal {on}, which lacks {}", near.lacking.join(" and "))
        }
        NearKind::VaultAsksPolicies => {
            format!("{role} for this principal {on}, where the vault decides by its access policies")
        }
        NearKind::AnotherPrincipal => format!("{role} {on}, but for {}", near.principal),
    }
}

/// How to turn an assignment into the one that is needed.
fn change(missing: &Missing<'_>, near: &NearMiss) -> Option<String> {
    let name = missing.name;
    let needed = words::resource(&missing.demand.scope);
    let change = match near.kind {
        NearKind::PrincipalIsClientId
        | NearKind::PrincipalIsResourceId
        | NearKind::PrincipalIsName
        | NearKind::PrincipalIsSystemAssigned => {
            format!("set `principalId` of that assignment to the principal id of {name}")
        }
        NearKind::NarrowerCondition => "make that assignment whenever the cluster is made".to_owned(),
        NearKind::AnotherScope if may_move(missing, near) => format!("set the scope of that assignment to {needed}"),
        // It is of use where it is.
        NearKind::AnotherScope => return None,
        NearKind::RoleLacksAction => format!("assign {} there instead", words::role(&missing.need.least_role)),
        // The other principal may need its role as well; how a vault shall decide is for its owner to say.
        NearKind::AnotherPrincipal | NearKind::VaultAsksPolicies => return None,
    };
    Some(match missing.need.before_cluster {
        BeforeCluster::Required => format!("{change}, and let the cluster depend on it"),
        BeforeCluster::Recommended | BeforeCluster::Impossible => change,
    })
}

/// Whether an assignment at another scope was meant for this one: no other need rests on it, and it either grants no more
/// than what is needed or stands at a resource of the same kind.
pub(crate) fn may_move(missing: &Missing<'_>, near: &NearMiss) -> bool {
    let of_kind = |id: &ResourceId| id.resource_type.is(&missing.need.scope_type);
    !missing.in_use.contains(&near.assignment)
        && (near.role == missing.need.least_role.name || near.scope.as_resource().is_some_and(of_kind))
}

/// A scope as a person would name it.
pub(crate) fn scope(scope: &Scope) -> String {
    let own = |name: &Value| matches!(name.kind(), Kind::Symbol(symbol) if matches!(**symbol, Symbol::Environment(_)));
    match scope {
        Scope::ResourceGroup(_, name) if own(name) => "the deployment's resource group".to_owned(),
        Scope::Resource(id) => words::resource_id(id),
        Scope::ResourceGroup(_, name) => format!("resource group `{}`", name.label()),
        Scope::Subscription(id) => format!("subscription `{}`", id.label()),
        Scope::ManagementGroup(name) => format!("management group `{}`", name.label()),
        Scope::Tenant => "the tenant".to_owned(),
        Scope::Opaque(value) => format!("`{}`", value.label()),
    }
}

/// The exact actions, the least role and who can grant them.
fn rights(context: &Context<'_>, missing: &Missing<'_>) -> String {
    let id = ResourceId::parse(&missing.demand.scope);
    let here = id.is_some_and(|id| missing.when.implies(&context.permissions.identities().created(&id).yes));
    let actions = words::actions(missing.need);
    if here {
        let scope = words::resource(&missing.demand.scope);
        format!("{actions}; {scope} is created here, so the assignment can stand beside it")
    } else {
        format!("{actions}; {} can grant them", missing.need.owner)
    }
}

/// Notes on where the identity and the resource are declared.
fn declarations(context: &Context<'_>, missing: &Missing<'_>, finding: &mut Finding) {
    let identities = context.permissions.identities();
    let span = |origin| context.deployment.origins.span(origin);
    if let Some((_, resource)) = missing.principal.and_then(|principal| identities.resource_of(principal)) {
        finding.related.extend(words::declared(missing.name, span(resource.origin)));
    }
    if let Some(id) = ResourceId::parse(&missing.demand.scope) {
        let found = identities.resources(&id).into_iter().find(|(_, created)| !created.yes.is_false());
        if let Some(resource) = found.and_then(|(index, _)| context.deployment.resource(index)) {
            finding.related.extend(words::declared(&words::resource_id(&id), span(resource.origin)));
        }
    }
}
