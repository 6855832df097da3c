//! The subnet of a cluster's virtual nodes: it is named alone, and lies in the network of the node pools.

use super::{Context, subnets};
use crate::demand::Demand;
use crate::trigger;

const POOLS: &str = "properties.agentPoolProfiles[].vnetSubnetID";

/// `places` are names of subnets. Without a network of their own the nodes are in one that AKS made.
pub(super) fn places<'r>(context: &Context<'_>, places: Vec<Demand<'r>>) -> Vec<Demand<'r>> {
    let mut out: Vec<Demand<'r>> = Vec::new();
    for place in places {
        let Some(cluster) = context.deployment.resource(place.resource) else { continue };
        let mut rest = place.when.clone();
        for found in trigger::given(&context.deployment.inputs, &cluster.body, POOLS) {
            let when = rest.and(&found.when);
            let Some(network) = subnets::network(&found.value).filter(|_| !when.is_false()) else { continue };
            rest = rest.and_not(&when);
            let scope = network.child("subnets", place.scope.clone()).to_value().with_origin(place.scope.origin());
            out.push(Demand { scope, when, ..place.clone() });
        }
    }
    out
}
