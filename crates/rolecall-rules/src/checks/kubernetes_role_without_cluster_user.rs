//! Whose roles say what they may do in Kubernetes, and who needs the kubeconfig to get there.

use rolecall_graph::Verdict;
use rustc_hash::FxHashMap;

use super::Context;
use super::sign_in::{azure_rbac, is_for_kubernetes, on_clusters};
use crate::demand::Demand;

/// An assignment of such a role that does not give the kubeconfig as well demands it, on the cluster, for whom it is.
pub(super) fn places<'r>(context: &Context<'_>, demands: Vec<Demand<'r>>) -> Vec<Demand<'r>> {
    let mut all: FxHashMap<_, Vec<_>> = FxHashMap::default();
    for one in on_clusters(context) {
        all.entry(one.written.assignment.resource).or_default().push(one);
    }
    let mut out = Vec::new();
    for demand in demands {
        let Some(need) = &demand.requirement.need else { continue };
        for one in all.get(&demand.resource).into_iter().flatten() {
            let whole = need.actions.iter().all(|action| one.role.grants(action, false) == Verdict::Granted);
            let when = one.when.and(&azure_rbac(context, one.cluster));
            if !is_for_kubernetes(one.role) || whole || when.is_false() || one.written.assignment.many {
                continue;
            }
            let scope = one.cluster_id.to_value().with_origin(one.written.resource.origin);
            out.push(Demand { cluster: one.cluster_id.clone(), scope, when, ..demand.clone() });
        }
    }
    out
}
