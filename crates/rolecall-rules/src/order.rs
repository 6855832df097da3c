//! Which resource waits for which, through any number of others.

use rolecall_graph::{Deployment, ResourceIndex};
use rustc_hash::{FxHashMap, FxHashSet};

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
}
