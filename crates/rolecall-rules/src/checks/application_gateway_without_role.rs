//! The application gateways that clusters configure, and the resource groups that they stand in.

use rolecall_graph::CLUSTERS;
use rolecall_value::ResourceId;

use super::Context;
use crate::demand::{Demand, span_of};
use crate::trigger;

const GATEWAY: &str = "properties.addonProfiles.ingressApplicationGateway.config.applicationGatewayId";

/// `places` are ids of gateways, and clusters whose gateways' groups are asked about.
pub(super) fn places<'r>(context: &Context<'_>, places: Vec<Demand<'r>>) -> Vec<Demand<'r>> {
    let mut out = Vec::new();
    for place in places {
        if !ResourceId::parse(&place.scope).is_some_and(|id| id.resource_type.is(CLUSTERS)) {
            out.push(place);
            continue;
        }
        let Some(cluster) = context.deployment.resource(place.resource) else { continue };
        for found in trigger::given(&context.deployment.inputs, &cluster.body, GATEWAY) {
            // Of an id from elsewhere nobody knows the group: the question about the gateway says so.
            let Some(id) = ResourceId::parse(&found.value) else { continue };
            let scope = id.scope.to_value().with_origin(found.value.origin());
            let span = span_of(context.deployment, &found.value, cluster);
            out.push(Demand { scope, when: place.when.and(&found.when), span, ..place.clone() });
        }
    }
    out.retain(|place| !place.when.is_false());
    out
}
