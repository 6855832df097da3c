//! The virtual networks of the subnets that a cluster's node pools use, where it brings its own private DNS zone.

use rolecall_value::Condition;

use super::{Context, NO_ZONE, ZONE, subnets};
use crate::demand::Demand;
use crate::trigger;

pub(super) fn places<'r>(context: &Context<'_>, places: Vec<Demand<'r>>) -> Vec<Demand<'r>> {
    let inputs = &context.deployment.inputs;
    let mut out = Vec::new();
    for place in places {
        let Some(cluster) = context.deployment.resource(place.resource) else { continue };
        let own_zone = trigger::given(inputs, &cluster.body, ZONE).into_iter().fold(Condition::FALSE, |any, found| {
            let words = NO_ZONE.iter().map(|word| trigger::is(inputs, &found.value, word));
            any.or(&words.fold(found.when, |when, word| when.and_not(&word)))
        });
        let network = subnets::network(&place.scope).map(|network| network.to_value());
        let scope = network.unwrap_or_else(|| place.scope.clone()).with_origin(place.scope.origin());
        let when = place.when.and(&own_zone);
        if !when.is_false() {
            out.push(Demand { scope, when, ..place });
        }
    }
    out
}
