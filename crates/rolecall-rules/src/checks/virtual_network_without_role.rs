//! The virtual networks of the subnets that a cluster's node pools use, where it brings its own private DNS zone.

use rolecall_value::{Condition, ResourceId, Scope, Value};

use super::{Context, NO_ZONE, ZONE, subnets};
use crate::demand::Demand;
use crate::trigger;

const NETWORKS: &str = "Microsoft.Network/virtualNetworks";

pub(super) fn places<'r>(context: &Context<'_>, places: Vec<Demand<'r>>) -> Vec<Demand<'r>> {
    let inputs = &context.deployment.inputs;
    let mut out = Vec::new();
    for place in places {
        let Some(cluster) = context.deployment.resource(place.resource) else { continue };
        let own_zone = trigger::given(inputs, &cluster.body, ZONE).into_iter().fold(Condition::FALSE, |any, found| {
            let words = NO_ZONE.iter().map(|word| trigger::is(inputs, &found.value, word));
            any.or(&words.fold(found.when, |when, word| when.and_not(&word)))
        });
        let scope = network(&place.scope).with_origin(place.scope.origin());
        let when = place.when.and(&own_zone);
        if !when.is_false() {
            out.push(Demand { scope, when, ..place });
        }
    }
    out
}

/// The id of a subnet's network: what stands before `/subnets/…`, and of an id from elsewhere its segments.
fn network(subnet: &Value) -> Value {
    match ResourceId::parse(subnet) {
        Some(id) if id.resource_type.is(subnets::SUBNETS) => {
            id.parent().map_or_else(|| subnet.clone(), |network| network.to_value())
        }
        // An id of something else: the question says so.
        Some(_) => subnet.clone(),
        None if subnet.as_symbol().is_none() => subnet.clone(),
        None => {
            let parts = Value::call("split", vec![subnet.clone(), Value::string("/")]);
            let segment = |at| Value::call("member", vec![parts.clone(), Value::int(at)]);
            let group = Scope::ResourceGroup(segment(2), segment(4));
            ResourceId { scope: group, resource_type: NETWORKS.into(), names: vec![segment(8)] }.to_value()
        }
    }
}
