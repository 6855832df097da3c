//! What a finding about a missing permission says beyond its rule's data: what was found instead, the exact actions, who
//! can grant them.

use rolecall_graph::{NearKind, NearMiss};
use rolecall_source::Note;
use rolecall_value::{ResourceId, Scope, Value};

use crate::checks::Context;
use crate::demand::Demand;
use crate::model::{BeforeCluster, RoleNeed};
use crate::{Finding, NamedPlace, settle, words};

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
    /// What is there instead.
    pub near: &'m [NearMiss],
}

/// Completes a finding that nobody grants the permission.
pub(crate) fn say_missing(context: &Context<'_>, missing: &Missing<'_>, finding: &mut Finding) {
    for near in missing.near {
        let span = context.deployment.origins.span(near.origin);
        let text = format!("found: {}", instead(context, missing, near));
        if let Some(span) = span {
            finding.places.push(NamedPlace { reason: finding.reasons.len(), offset: text.len(), span });
            finding.related.push(Note { message: format!("{} is assigned here", near.role), span });
        }
        finding.reasons.push(text);
    }
    if let Some(line) = missing.near.first().and_then(|near| mend(missing, near))
        && let Some(first) = finding.remedy.first_mut()
    {
        *first = line;
    }
    finding.remedy.push(rights(context, missing));
    declarations(context, missing, finding);
}

/// Completes a finding that somebody outside must grant the permission.
pub(crate) fn say_assumed(context: &Context<'_>, missing: &Missing<'_>, because: &str, finding: &mut Finding) {
    let role = &missing.need.least_role;
    let scope = words::resource(&missing.demand.scope);
    finding.headline = format!("{} needs {} on {scope}, and nothing here grants it", missing.name, role.name);
    finding.reasons.push(format!("{because}, so somebody else may grant it"));
    finding.remedy =
        vec![format!("see that {} gives {} to {} on {scope}", missing.need.owner, words::role(role), missing.name)];
    finding.remedy.push(words::actions(missing.need));
    declarations(context, missing, finding);
}

/// What an assignment does in place of what is needed.
fn instead(context: &Context<'_>, missing: &Missing<'_>, near: &NearMiss) -> String {
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
        NearKind::NarrowerCondition => match settle::when(context.deployment, &near.when) {
            Some(when) => format!("{role} for this principal {on}, but only when {when}"),
            None => format!("{role} for this principal {on}, but only under a narrower condition"),
        },
        NearKind::AnotherScope if there == name => format!("{role} for this principal, but on {there} itself"),
        NearKind::AnotherScope => format!("{role} for this principal, but on {there}"),
        NearKind::RoleLacksAction => {
            format!("{role} for this principal {on}, which lacks {}", near.lacking.join(" and "))
        }
        NearKind::AnotherPrincipal => format!("{role} {on}, but for {}", near.principal),
    }
}

/// How to turn an assignment into the one that is needed.
fn mend(missing: &Missing<'_>, near: &NearMiss) -> Option<String> {
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
        NearKind::AnotherScope => format!("set the scope of that assignment to {needed}"),
        NearKind::RoleLacksAction => format!("assign {} there instead", words::role(&missing.need.least_role)),
        // The other principal may need its role as well.
        NearKind::AnotherPrincipal => return None,
    };
    Some(match missing.need.before_cluster {
        BeforeCluster::Required => format!("{change}, and let the cluster depend on it"),
        BeforeCluster::Recommended | BeforeCluster::Impossible => change,
    })
}

fn scope(scope: &Scope) -> String {
    match scope {
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
    let here = id.is_some_and(|id| context.permissions.identities().created(&id).yes.is_true());
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
