//! The subnets of the application gateways that clusters configure.

use rolecall_value::ResourceId;

use super::{Context, subnets};
use crate::demand::Demand;
use crate::trigger;

const FRONT: &str = "properties.gatewayIPConfigurations[].properties.subnet.id";

/// `places` are ids of gateways that are there already, which lead to their subnets, and of subnets that one is made in.
pub(super) fn places<'r>(context: &Context<'_>, places: Vec<Demand<'r>>) -> Vec<Demand<'r>> {
    let mut out = Vec::new();
    for place in places {
        let Some(id) = ResourceId::parse(&place.scope) else {
            // What a parameter names is a gateway or a subnet by the property that it is given to.
            continue;
        };
        if id.resource_type.is(subnets::SUBNETS) {
            out.push(place);
            continue;
        }
        for (index, created) in context.permissions.identities().resources(&id) {
            let Some(gateway) = context.deployment.resource(index) else { continue };
            for found in trigger::given(&context.deployment.inputs, &gateway.body, FRONT) {
                let when = place.when.and(&created.yes).and(&found.when);
                if !when.is_false() {
                    out.push(Demand { scope: found.value, when, ..place.clone() });
                }
            }
        }
    }
    out
}
