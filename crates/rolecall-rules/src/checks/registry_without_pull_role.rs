//! Which registries a cluster's nodes pull from. No template says it: a registry that is made together with a cluster is
//! taken for its own where there is one of each, or where an assignment says so; with several it is only worth a note.

use rolecall_graph::{CLUSTERS, NearKind, Need, Resource, ResourceIndex};
use rolecall_value::{Condition, truth, walk};

use super::Context;
use crate::demand::{Demand, partial_update};
use crate::model::RuleLevel;

/// Past it, nobody can say which cluster uses which registry.
const MAX_PAIRS: usize = 64;

/// `places` are registries with the requirement that fits how they decide, and registries that clusters name.
pub(super) fn places<'r>(context: &Context<'_>, places: Vec<Demand<'r>>) -> Vec<Demand<'r>> {
    let deployment = context.deployment;
    let is_cluster = |place: &Demand<'r>| {
        deployment.resource(place.resource).is_some_and(|resource| resource.id.resource_type.is(CLUSTERS))
    };
    let (mut out, registries): (Vec<_>, Vec<_>) = places.into_iter().partition(is_cluster);
    let clusters: Vec<(ResourceIndex, &Resource, Condition)> = context
        .resources
        .of(CLUSTERS)
        .iter()
        .filter_map(|&index| deployment.resource(index).map(|resource| (index, resource)))
        .map(|(index, resource)| (index, resource, resource.when.and_not(&partial_update(deployment, resource))))
        .filter(|(_, _, when)| !when.is_false())
        .collect();
    if clusters.len().saturating_mul(registries.len()) > MAX_PAIRS {
        return out;
    }
    let pulls = Pulls::new(context, &registries, &clusters);
    for (row, registry) in registries.iter().enumerate() {
        let Some(body) = deployment.resource(registry.resource).map(|resource| &resource.body) else { continue };
        let is_on = |path: &str| {
            let found = walk(&deployment.inputs, body, path);
            found
                .iter()
                .fold(Condition::FALSE, |any, one| any.or(&one.when.and(&truth(&deployment.inputs, &one.value))))
        };
        let by_password = is_on("properties.adminUserEnabled");
        let needed = registry.when.and_not(&is_on("properties.anonymousPullEnabled"));
        for (column, (index, cluster, when)) in clusters.iter().enumerate() {
            let when = needed.and(when).and_not(&pulls.elsewhere(row, column));
            if when.is_false() {
                continue;
            }
            let other_cluster = clusters.iter().any(|(other, _, there)| other != index && !there.excludes(&when));
            let other_registry =
                registries.iter().any(|other| other.resource != registry.resource && !other.when.excludes(&when));
            let unclear = other_cluster || other_registry || !by_password.excludes(&when);
            let unclear = unclear && !is_meant(context, registry, *index, &when);
            out.push(Demand {
                cluster: cluster.id.clone(),
                resource: *index,
                when,
                level: unclear.then_some(RuleLevel::Note),
                ..registry.clone()
            });
        }
    }
    out
}

/// Whether some assignment on a registry was meant for a cluster's kubelet identity, and misses it.
fn is_meant(context: &Context<'_>, registry: &Demand<'_>, cluster: ResourceIndex, when: &Condition) -> bool {
    let Some(need) = &registry.requirement.need else { return false };
    let (actions, data_actions) = (&need.actions, &need.data_actions);
    let mut kubelets = context.permissions.identities().kubelet(cluster).into_iter();
    kubelets.any(|(own, kubelet)| {
        let Some(principal) = kubelet.principal() else { return false };
        let when = &when.and(&own);
        let asked = context.permissions.ask(&Need { principal, scope: &registry.scope, actions, data_actions, when });
        asked.near.iter().any(|near| {
            use NearKind::{PrincipalIsClientId, PrincipalIsName, PrincipalIsResourceId, RoleLacksAction};
            matches!(near.kind, PrincipalIsClientId | PrincipalIsName | PrincipalIsResourceId | RoleLacksAction)
        })
    })
}

/// When the nodes of each cluster may pull from each registry: a row for each registry.
struct Pulls(Vec<Vec<Condition>>);

impl Pulls {
    fn new(
        context: &Context<'_>,
        registries: &[Demand<'_>],
        clusters: &[(ResourceIndex, &Resource, Condition)],
    ) -> Self {
        if clusters.len() < 2 && registries.len() < 2 {
            return Pulls(Vec::new());
        }
        let granted = |registry: &Demand<'_>, cluster: ResourceIndex| {
            let Some(need) = &registry.requirement.need else { return Condition::FALSE };
            let (actions, data_actions) = (&need.actions, &need.data_actions);
            context.permissions.identities().kubelet(cluster).iter().fold(Condition::FALSE, |any, (when, kubelet)| {
                let Some(principal) = kubelet.principal() else { return any };
                let need = Need { principal, scope: &registry.scope, actions, data_actions, when };
                any.or(&context.permissions.ask(&need).granted)
            })
        };
        let row = |registry| clusters.iter().map(|(index, _, _)| granted(registry, *index)).collect();
        Pulls(registries.iter().map(row).collect())
    }

    /// When a cluster that may not pull from a registry pulls from another, and the registry serves another cluster: then
    /// nothing says that the two have to do with each other.
    fn elsewhere(&self, row: usize, column: usize) -> Condition {
        let any = |all: &mut dyn Iterator<Item = &Condition>| all.fold(Condition::FALSE, |any, one| any.or(one));
        let Some(own) = self.0.get(row) else { return Condition::FALSE };
        let cluster = any(&mut self.0.iter().filter_map(|row| row.get(column)));
        let registry = any(&mut own.iter());
        own.get(column).map_or(Condition::FALSE, |own| cluster.and(&registry).and_not(own))
    }
}
