//! Which resource waits for which, through any number of others.

use rolecall_graph::{Deployment, Resource, ResourceIndex};
use rustc_hash::{FxHashMap, FxHashSet};

/// What takes so long to make that what nothing waits for may be there by then: the provider itself waits until a role
/// assignment can be seen.
const SLOW: [&str; 8] = [
    "Microsoft.Authorization/roleAssignments",
    "Microsoft.ContainerService/managedClusters",
    "Microsoft.Compute/virtualMachines",
    "Microsoft.Network/applicationGateways",
    "Microsoft.Network/azureFirewalls",
    "Microsoft.Network/bastionHosts",
    "Microsoft.Network/natGateways",
    "Microsoft.Network/virtualNetworkGateways",
];

/// The order of a deployment.
pub(crate) struct Order<'d> {
    deployment: &'d Deployment,
    waits_for: FxHashMap<ResourceIndex, Vec<ResourceIndex>>,
}

/// What a resource waits for.
pub(crate) struct Before {
    /// The resources.
    pub known: FxHashSet<ResourceIndex>,
    /// Whether it may wait for more, since a `dependsOn` on the way is not known in full.
    pub open: bool,
}

impl<'d> Order<'d> {
    /// Indexes the edges.
    pub(crate) fn new(deployment: &'d Deployment) -> Self {
        let mut waits_for: FxHashMap<ResourceIndex, Vec<ResourceIndex>> = FxHashMap::default();
        for &(waits, on) in &deployment.edges {
            waits_for.entry(waits).or_default().push(on);
        }
        Order { deployment, waits_for }
    }

    /// What a resource waits for.
    pub(crate) fn before(&self, resource: ResourceIndex) -> Before {
        let mut known = FxHashSet::default();
        let mut ahead = vec![resource];
        while let Some(at) = ahead.pop() {
            ahead.extend(self.waits_for.get(&at).into_iter().flatten().filter(|next| known.insert(**next)));
        }
        let is_open = |index: &ResourceIndex| self.deployment.open_order.binary_search(index).is_ok();
        let open = is_open(&resource) || known.iter().any(is_open);
        Before { known, open }
    }

    /// Whether a resource may be there in time for another that does not wait for it, by chance: that one waits for
    /// something slow that the resource does not wait for.
    pub(crate) fn wins_by_chance(&self, resource: &Before, other: &Before) -> bool {
        other.known.iter().any(|first| !resource.known.contains(first) && self.is_slow(*first))
    }

    /// Whether a resource takes as long to make as a role assignment, or longer.
    fn is_slow(&self, index: ResourceIndex) -> bool {
        let slow = |resource: &Resource| SLOW.iter().any(|name| resource.id.resource_type.is(name));
        self.deployment.resource(index).is_some_and(slow)
    }
}
