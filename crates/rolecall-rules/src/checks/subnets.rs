//! What is attached to a subnet: route tables, network security groups, NAT gateways.
//!
//! A subnet is written as a resource, in its virtual network, or in parts, as Terraform's associations do; all of them
//! count.

use rolecall_graph::{Deployment, Identities, ResourceIndex};
use rolecall_value::{Case, Condition, Found, ResourceId, Scope, Value, equality, walk};

use super::Context;
use crate::demand::Demand;
use crate::trigger;

/// The type of subnets.
pub(super) const SUBNETS: &str = "Microsoft.Network/virtualNetworks/subnets";

const NETWORKS: &str = "Microsoft.Network/virtualNetworks";

/// A body that says something of a subnet, and when it does.
pub(super) struct Part {
    /// The subnet's own object: `properties` and so on.
    pub body: Value,
    /// The resource in which it stands: the subnet, or its network.
    pub resource: ResourceIndex,
    /// When it is about the subnet asked for.
    pub when: Condition,
}

/// The id of a subnet's network: what stands before `/subnets/…`, and of an id from elsewhere its segments. None where the
/// value is certainly no subnet's id.
pub(super) fn network(subnet: &Value) -> Option<ResourceId> {
    match ResourceId::parse(subnet) {
        Some(id) => id.parent().filter(|_| id.resource_type.is(SUBNETS)),
        None if subnet.as_symbol().is_none() => None,
        None => {
            let parts = Value::call("split", vec![subnet.clone(), Value::string("/")]);
            let segment = |at| Value::call("member", vec![parts.clone(), Value::int(at)]);
            let group = Scope::ResourceGroup(segment(2), segment(4));
            Some(ResourceId { scope: group, resource_type: NETWORKS.into(), names: vec![segment(8)] })
        }
    }
}

/// Everything that this deployment writes about a subnet.
pub(super) fn parts(deployment: &Deployment, identities: &Identities<'_>, subnet: &Value) -> Vec<Part> {
    let Some(id) = ResourceId::parse(subnet).filter(|id| id.resource_type.is(SUBNETS)) else { return Vec::new() };
    let mut parts = Vec::new();
    for (index, created) in identities.resources(&id) {
        if let Some(resource) = deployment.resource(index).filter(|_| !created.yes.is_false()) {
            parts.push(Part { body: resource.body.clone(), resource: index, when: created.yes });
        }
    }
    let network = id.parent().into_iter().flat_map(|network| identities.resources(&network));
    for (index, created) in network {
        let Some(resource) = deployment.resource(index).filter(|_| !created.yes.is_false()) else { continue };
        for listed in walk(&deployment.inputs, &resource.body, "properties.subnets[]") {
            let Some(name) = listed.value.get("name").filter(|_| listed.certain) else { continue };
            let same = equality(&deployment.inputs, &name, &id.name(), Case::Insensitive).equal;
            let when = created.yes.and(&listed.when).and(&same);
            if !when.is_false() {
                parts.push(Part { body: listed.value, resource: index, when });
            }
        }
    }
    parts
}

/// The ids at a path of a subnet, such as `properties.routeTable.id`.
pub(super) fn attached(context: &Context<'_>, subnet: &Value, path: &str) -> Vec<Found> {
    let mut out: Vec<Found> = Vec::new();
    for part in parts(context.deployment, context.permissions.identities(), subnet) {
        for found in trigger::given(&context.deployment.inputs, &part.body, path) {
            let when = found.when.and(&part.when);
            match out.iter_mut().find(|known| known.value == found.value) {
                Some(known) => known.when = known.when.or(&when),
                None if when.is_false() => {}
                None => out.push(Found { when, ..found }),
            }
        }
    }
    out
}

/// Demands on subnets turned into demands on what is attached to them.
pub(super) fn on_attached<'r>(context: &Context<'_>, places: Vec<Demand<'r>>, path: &str) -> Vec<Demand<'r>> {
    let mut out = Vec::new();
    for place in places {
        for found in attached(context, &place.scope, path) {
            let when = place.when.and(&found.when);
            if !when.is_false() {
                out.push(Demand { scope: found.value, when, ..place.clone() });
            }
        }
    }
    out
}
