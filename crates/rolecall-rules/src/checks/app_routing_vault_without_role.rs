//! Vaults that are made together with a cluster whose ingress add-on can take certificates from one. No template says
//! whether it does, so it is only asked about where there is one vault and one cluster.

use rolecall_graph::CLUSTERS;

use super::{Context, keys};
use crate::demand::Demand;

/// `places` are clusters with the add-ons that it takes.
pub(super) fn places<'r>(context: &Context<'_>, places: Vec<Demand<'r>>) -> Vec<Demand<'r>> {
    let ([_], [vault]) = (context.resources.of(CLUSTERS), context.resources.of(keys::VAULTS)) else {
        return Vec::new();
    };
    let Some(resource) = context.deployment.resource(*vault) else { return Vec::new() };
    let origin = resource.origin;
    let on_vault = |place: Demand<'r>| Demand {
        scope: resource.id.to_value().with_origin(origin),
        when: place.when.and(&resource.when),
        span: context.deployment.origins.span(origin).unwrap_or(place.span),
        ..place
    };
    places.into_iter().map(on_vault).filter(|place| !place.when.is_false()).collect()
}
