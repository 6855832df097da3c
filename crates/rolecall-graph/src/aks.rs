//! What AKS makes by itself: the node resource group, the kubelet's and the add-ons' identities in it, and their grants.
//!
//! The names and roles are data (`data/aks.json`). What a cluster's body says decides which of them there are, and under
//! which conditions. AKS grants only on the node resource group; everything else is up to the template.

use std::sync::{Arc, OnceLock};

use rolecall_value::{Case, Condition, Object, Piece, ResourceId, Scope, Value, equality, walk};
use serde::Deserialize;

use crate::identities::{USER_ASSIGNED, control_plane, kubelet, user_assigned_principal};
use crate::query::RESOURCE_GROUPS;
use crate::{ControlPlane, Deployment, Kubelet, MadeBy, Resource, ResourceIndex};

/// The type of clusters.
pub const CLUSTERS: &str = "Microsoft.ContainerService/managedClusters";

const ROLE_ASSIGNMENTS: &str = "Microsoft.Authorization/roleAssignments";

/// How long the name of a resource group that AKS chooses may be; the rest is cut off.
const MAX_GROUP_NAME: usize = 80;

#[derive(Deserialize)]
struct Facts {
    node_resource_group: NodeResourceGroup,
    kubelet_identity: String,
    addons: Vec<Addon>,
    grants: Vec<GrantFact>,
}

#[derive(Deserialize)]
struct NodeResourceGroup {
    path: String,
    default: String,
}

#[derive(Deserialize)]
struct Addon {
    name: String,
    /// The add-on in the cluster's body: `enabled` stands below it, and so does `identity` in what Azure answers.
    path: String,
}

#[derive(Deserialize)]
struct GrantFact {
    /// `control_plane` or the path of an add-on.
    to: String,
    /// The role's GUID, granted on the node resource group.
    role: String,
}

fn facts() -> Option<&'static Facts> {
    static FACTS: OnceLock<Option<Facts>> = OnceLock::new();
    FACTS.get_or_init(|| serde_json::from_str(include_str!("../data/aks.json")).ok()).as_ref()
}

/// Adds what AKS makes for each cluster of a deployment.
pub fn add_managed(deployment: &mut Deployment) {
    let clusters: Vec<ResourceIndex> = deployment.of_type(CLUSTERS).map(|(index, _)| index).collect();
    for cluster in clusters {
        for resource in managed(deployment, cluster) {
            let index = ResourceIndex(u32::try_from(deployment.resources.len()).unwrap_or(u32::MAX));
            deployment.edges.push((index, cluster));
            deployment.resources.push(resource);
        }
    }
}

fn managed(deployment: &Deployment, cluster: ResourceIndex) -> Vec<Resource> {
    let (Some(facts), Some(resource)) = (facts(), deployment.resource(cluster)) else { return Vec::new() };
    let make = |id: ResourceId, when: Condition, body: Value| Resource {
        id,
        when,
        many: resource.many,
        body,
        made_by: MadeBy::Azure(cluster),
        origin: resource.origin,
    };
    let empty = || Object::default().into();
    let mut out = Vec::new();
    for (when, group) in node_groups(deployment, resource) {
        let when = resource.when.and(&when);
        let Scope::ResourceGroup(subscription, name) = &group else { continue };
        if when.is_false() {
            continue;
        }
        let scope = Scope::Subscription(subscription.clone());
        let id = ResourceId { scope, resource_type: RESOURCE_GROUPS.into(), names: vec![name.clone()] };
        out.push(make(id, when.clone(), empty()));
        for grant in &facts.grants {
            for (own, principal) in grantees(deployment, cluster, &group, &grant.to) {
                let when = when.and(&own);
                if !when.is_false() {
                    out.push(make(
                        assignment_id(&group, &principal, &grant.role),
                        when,
                        assignment(&principal, &grant.role),
                    ));
                }
            }
        }
    }
    for (when, kubelet) in kubelet(deployment, cluster) {
        if let Kubelet::Made { identity, .. } = kubelet
            && let Some(id) = ResourceId::parse(&identity)
        {
            out.push(make(id, when, empty()));
        }
    }
    for addon in &facts.addons {
        for (when, identity) in addon_identities(deployment, resource, addon) {
            if let Some(id) = ResourceId::parse(&identity) {
                out.push(make(id, when, empty()));
            }
        }
    }
    out
}

/// Whom a grant goes to, in one alternative of the node resource group.
fn grantees(deployment: &Deployment, cluster: ResourceIndex, group: &Scope, to: &str) -> Vec<(Condition, Value)> {
    let Some(resource) = deployment.resource(cluster) else { return Vec::new() };
    if to == "control_plane" {
        let planes = control_plane(deployment, cluster).into_iter();
        return planes
            .filter(|(_, plane)| !matches!(plane, ControlPlane::ServicePrincipal { .. }))
            .filter_map(|(when, plane)| Some((when, plane.principal()?.clone())))
            .collect();
    }
    let Some(addon) = facts().and_then(|facts| facts.addons.iter().find(|addon| addon.path == to)) else {
        return Vec::new();
    };
    let identity = identity_in(group, fill(&addon.name, &[("cluster", resource.id.name())]));
    vec![(enabled(deployment, resource, addon), user_assigned_principal(&identity))]
}

fn assignment_id(group: &Scope, principal: &Value, role: &str) -> ResourceId {
    let name = Value::call("guid", vec![group.to_value(), principal.clone(), Value::string(role)]);
    ResourceId { scope: group.clone(), resource_type: ROLE_ASSIGNMENTS.into(), names: vec![name] }
}

fn assignment(principal: &Value, role: &str) -> Value {
    let role = format!("/providers/Microsoft.Authorization/roleDefinitions/{role}");
    let properties = Value::object([("principalId", principal.clone()), ("roleDefinitionId", Value::string(role))]);
    Value::object([("properties", properties)])
}

/// The node resource groups that a cluster may have, under conditions.
pub(crate) fn groups_of(deployment: &Deployment, cluster: ResourceIndex) -> Vec<(Condition, Scope)> {
    deployment.resource(cluster).map_or_else(Vec::new, |cluster| node_groups(deployment, cluster))
}

/// Where a cluster answers the name of its node resource group.
pub(crate) fn node_group_path() -> Option<&'static str> {
    facts().map(|facts| facts.node_resource_group.path.as_str())
}

/// The node resource groups that a cluster may have, under conditions that cover everything; none where the cluster's
/// own resource group is not known to be one.
fn node_groups(deployment: &Deployment, cluster: &Resource) -> Vec<(Condition, Scope)> {
    let (Some(facts), Scope::ResourceGroup(subscription, group)) = (facts(), &cluster.id.scope) else {
        return Vec::new();
    };
    let mut names = Vec::new();
    let mut rest = Condition::TRUE;
    for found in walk(&deployment.inputs, &cluster.body, &facts.node_resource_group.path) {
        let when = rest.and(&found.when);
        if found.value.as_str() != Some("") && !when.is_false() {
            rest = rest.and_not(&when);
            names.push((when, found.value));
        }
    }
    if !rest.is_false() {
        let location = cluster.body.get("location").unwrap_or_else(Value::null);
        for (when, location) in location.alternatives() {
            let location = match location.as_str() {
                Some(text) => Value::string(text.replace(' ', "").to_ascii_lowercase()),
                None => location.clone(),
            };
            let name = fill(
                &facts.node_resource_group.default,
                &[("resource_group", group.clone()), ("cluster", cluster.id.name()), ("location", location)],
            );
            let name =
                match name.as_str().and_then(|text| text.char_indices().nth(MAX_GROUP_NAME).map(|(at, _)| &text[..at]))
                {
                    Some(cut) => Value::string(cut),
                    None => name,
                };
            names.push((rest.and(&when), name));
        }
    }
    names.retain(|(when, _)| !when.is_false());
    let scope = |name| Scope::ResourceGroup(subscription.clone(), name);
    names.into_iter().map(|(when, name)| (when, scope(name))).collect()
}

/// The identities that AKS makes for the kubelet, where the cluster brings none.
pub(crate) fn kubelet_identity(deployment: &Deployment, cluster: &Resource) -> Vec<(Condition, Value)> {
    let Some(facts) = facts() else { return Vec::new() };
    let name = fill(&facts.kubelet_identity, &[("cluster", cluster.id.name())]);
    let groups = node_groups(deployment, cluster).into_iter();
    groups.map(|(when, group)| (when, identity_in(&group, name.clone()))).collect()
}

/// The identity behind an output of a cluster, as `properties.addonProfiles.omsagent.identity.objectId` names it.
pub(crate) fn addon_identity(deployment: &Deployment, cluster: ResourceIndex, path: &str) -> Vec<(Condition, Value)> {
    let (Some(facts), Some(resource)) = (facts(), deployment.resource(cluster)) else { return Vec::new() };
    let addon = facts.addons.iter().find(|addon| {
        let output = path.rsplit_once('.').map_or(path, |(output, _)| output);
        output.strip_suffix(".identity").is_some_and(|own| own.eq_ignore_ascii_case(&addon.path))
    });
    addon.map_or_else(Vec::new, |addon| addon_identities(deployment, resource, addon))
}

/// The path of the add-on whose identity this is.
pub(crate) fn addon_of(deployment: &Deployment, owner: &Resource, identity: &ResourceId) -> Option<&'static str> {
    let is_own = |addon: &&Addon| {
        let made = addon_identities(deployment, owner, addon);
        made.iter().any(|(_, own)| ResourceId::parse(own).as_ref() == Some(identity))
    };
    facts()?.addons.iter().find(is_own).map(|addon| addon.path.as_str())
}

fn addon_identities(deployment: &Deployment, cluster: &Resource, addon: &Addon) -> Vec<(Condition, Value)> {
    let enabled = cluster.when.and(&enabled(deployment, cluster, addon));
    if enabled.is_false() {
        return Vec::new();
    }
    let name = fill(&addon.name, &[("cluster", cluster.id.name())]);
    let groups = node_groups(deployment, cluster).into_iter();
    groups
        .map(|(when, group)| (enabled.and(&when), identity_in(&group, name.clone())))
        .filter(|(when, _)| !when.is_false())
        .collect()
}

/// The identities that AKS makes for the add-on at this path of a cluster's body, as principal ids, and when the add-on is
/// on and none is known: the name of the node resource group cannot be told.
pub(crate) fn addon_principals(
    deployment: &Deployment,
    cluster: ResourceIndex,
    path: &str,
) -> (Vec<(Condition, Value)>, Condition) {
    let (Some(facts), Some(resource)) = (facts(), deployment.resource(cluster)) else {
        return (Vec::new(), Condition::FALSE);
    };
    let Some(addon) = facts.addons.iter().find(|addon| addon.path.eq_ignore_ascii_case(path)) else {
        return (Vec::new(), Condition::FALSE);
    };
    let mut rest = resource.when.and(&enabled(deployment, resource, addon));
    let mut out = Vec::new();
    for (when, identity) in addon_identities(deployment, resource, addon) {
        rest = rest.and_not(&when);
        out.push((when, user_assigned_principal(&identity)));
    }
    (out, rest)
}

/// When an add-on is certainly on.
fn enabled(deployment: &Deployment, cluster: &Resource, addon: &Addon) -> Condition {
    let inputs = &deployment.inputs;
    let on = walk(inputs, &cluster.body, &format!("{}.enabled", addon.path)).into_iter().map(|found| {
        let text = Value::string("true");
        let is = |value| equality(inputs, &found.value, value, Case::Insensitive).equal;
        found.when.and(&is(&Value::bool(true)).or(&is(&text)))
    });
    on.fold(Condition::FALSE, |all, one| all.or(&one))
}

fn identity_in(group: &Scope, name: Value) -> Value {
    ResourceId { scope: group.clone(), resource_type: USER_ASSIGNED.into(), names: vec![name] }.to_value()
}

/// A name from the data with its `{placeholders}` filled in; none of them is conditional.
fn fill(template: &str, values: &[(&str, Value)]) -> Value {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, tail) = after.split_once('}').unwrap_or((after, ""));
        pieces.push(Piece::Literal(Arc::from(before)));
        let value = values.iter().find(|(own, _)| *own == name).map_or_else(Value::null, |(_, value)| value.clone());
        pieces.push(Piece::Hole(value));
        rest = tail;
    }
    pieces.push(Piece::Literal(Arc::from(rest)));
    Value::pieces(pieces)
}
