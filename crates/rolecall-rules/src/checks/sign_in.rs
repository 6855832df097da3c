//! What the rules about signing in have in common: roles that are assigned on a cluster or on one of its namespaces.

use rolecall_graph::{CLUSTERS, Resource, ResourceIndex, RoleDefinition, RoleRef};
use rolecall_value::{Condition, ResourceId, Scope};

use super::assignments::{self, Written};
use super::{Context, issuer};
use crate::demand::partial_update;

/// Where a cluster says whether Azure's roles decide what one may do in Kubernetes.
const AZURE_RBAC: &str = "properties.aadProfile.enableAzureRBAC";

/// What roles for Kubernetes grant data actions below.
const KUBERNETES: &str = "microsoft.containerservice/managedclusters/";

/// A role that a template assigns on a cluster of the deployment, or on a namespace of it.
pub(super) struct OnCluster<'a> {
    /// The assignment.
    pub written: Written<'a>,
    /// The role.
    pub role: &'a RoleDefinition,
    /// The cluster's id.
    pub cluster_id: ResourceId,
    /// The cluster.
    pub cluster: &'a Resource,
    /// When both are there.
    pub when: Condition,
}

/// The roles that templates assign on clusters that templates make, in order.
pub(super) fn on_clusters<'a>(context: &Context<'a>) -> Vec<OnCluster<'a>> {
    let mut out = Vec::new();
    for written in assignments::written(context) {
        let Some(cluster_id) = cluster_of(&written.assignment.scope) else { continue };
        for (index, when) in clusters(context, &cluster_id) {
            let Some(cluster) = context.deployment.resource(index) else { continue };
            for (own, role) in &written.assignment.roles {
                let RoleRef::Role(role) = role else { continue };
                let when = written.assignment.when.and(&when).and(own);
                if !when.is_false() {
                    out.push(OnCluster { written, role, cluster_id: cluster_id.clone(), cluster, when });
                }
            }
        }
    }
    out
}

/// The cluster that a scope is, or lies in.
fn cluster_of(scope: &Scope) -> Option<ResourceId> {
    let id = scope.as_resource()?;
    if id.resource_type.is(CLUSTERS) {
        return Some(id.clone());
    }
    id.parent().filter(|parent| parent.resource_type.is(CLUSTERS))
}

fn clusters(context: &Context<'_>, id: &ResourceId) -> Vec<(ResourceIndex, Condition)> {
    let made = context.permissions.identities().resources(id).into_iter();
    made.filter_map(|(index, created)| {
        let cluster = context.deployment.resource(index)?;
        Some((index, created.yes.and_not(&partial_update(context.deployment, cluster))))
    })
    .filter(|(_, when)| !when.is_false())
    .collect()
}

/// When Azure's roles decide what one may do in the cluster.
pub(super) fn azure_rbac(context: &Context<'_>, cluster: &Resource) -> Condition {
    let inputs = &context.deployment.inputs;
    issuer::says(inputs, cluster, AZURE_RBAC, "true").or(&issuer::automatic(inputs, cluster))
}

/// Whether a role says what one may do in Kubernetes.
pub(super) fn is_for_kubernetes(role: &RoleDefinition) -> bool {
    role.blocks
        .iter()
        .any(|block| block.data_actions.iter().any(|action| action.to_ascii_lowercase().starts_with(KUBERNETES)))
}
