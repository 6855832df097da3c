//! Which registries a cluster's nodes pull from. No template says it: a registry that is made together with a cluster is
//! taken for its own where there is one of each, and with several it is only worth a note.

use rolecall_graph::{CLUSTERS, Resource, ResourceIndex};
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
    for registry in &registries {
        let Some(body) = deployment.resource(registry.resource).map(|resource| &resource.body) else { continue };
        let is_on = |path: &str| {
            let found = walk(&deployment.inputs, body, path);
            found
                .iter()
                .fold(Condition::FALSE, |any, one| any.or(&one.when.and(&truth(&deployment.inputs, &one.value))))
        };
        let by_password = is_on("properties.adminUserEnabled");
        let needed = registry.when.and_not(&is_on("properties.anonymousPullEnabled"));
        for (index, cluster, when) in &clusters {
            let when = needed.and(when);
            if when.is_false() {
                continue;
            }
            let other_cluster = clusters.iter().any(|(other, _, there)| other != index && !there.excludes(&when));
            let other_registry =
                registries.iter().any(|other| other.resource != registry.resource && !other.when.excludes(&when));
            let unclear = other_cluster || other_registry || !by_password.excludes(&when);
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
