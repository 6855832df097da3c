//! Identities that a deployment creates for a cluster that does not wait for them.

use rolecall_graph::{ControlPlane, Kubelet, MadeBy};
use rolecall_value::{Condition, ResourceId, Value};

use super::Context;
use crate::demand::{Demand, demands, span_of};
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::{Rule, RuleLevel};
use crate::order::Order;
use crate::{mend, words};

const BY_CHANCE: &str = "the cluster waits for slow resources first, so the identity may be there in time, by chance";

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let deployment = context.deployment;
    let identities = context.permissions.identities();
    let order = Order::new(deployment);
    for place in demands(deployment, context.resources, rule) {
        let Some(cluster) = deployment.resource(place.resource) else { continue };
        let before = order.before(place.resource);
        if before.open {
            continue;
        }
        let planes = identities.control_plane(place.resource).into_iter().filter_map(|(when, plane)| match plane {
            ControlPlane::UserAssigned { identity, .. } => Some((when, identity)),
            _ => None,
        });
        let kubelets = identities.kubelet(place.resource).into_iter().filter_map(|(when, kubelet)| match kubelet {
            Kubelet::Brought { identity, certain: true, .. } => Some((when, identity)),
            _ => None,
        });
        let mut used: Vec<(Condition, Value)> = Vec::new();
        for (when, identity) in planes.chain(kubelets) {
            match used.iter_mut().find(|(_, known)| *known == identity) {
                Some((known, _)) => *known = known.or(&when),
                None => used.push((when, identity)),
            }
        }
        for (when, identity) in used {
            let Some(id) = ResourceId::parse(&identity) else { continue };
            let (mut early, mut late, mut made) = (Condition::FALSE, Condition::FALSE, None);
            let mut by_chance = true;
            for (index, created) in identities.resources(&id) {
                let Some(resource) = deployment.resource(index) else { continue };
                if resource.made_by != MadeBy::Template || before.known.contains(&index) {
                    early = early.or(&created.yes).or(&created.open);
                } else if !created.yes.is_false() {
                    late = late.or(&created.yes);
                    made = Some(index);
                    by_chance &= order.wins_by_chance(&order.before(index), &before);
                }
            }
            let when = place.when.and(&when).and(&late).and_not(&early);
            let span = span_of(deployment, &identity, cluster);
            let level = by_chance.then_some(RuleLevel::Warning);
            let demand = Demand { scope: identity, span, level, ..place.clone() };
            let Some(mut finding) = findings::certain(context, rule, &Case::new(&demand), &when) else { continue };
            if by_chance {
                finding.reasons.push(BY_CHANCE.to_owned());
            }
            if let Some(made) = made {
                let (what, on) = (words::resource_id(&cluster.id), words::resource_id(&id));
                finding.mend = Some(mend::wait(place.resource, made, &what, &on));
            }
            let made = made.and_then(|index| deployment.resource(index));
            let declared = made.and_then(|resource| deployment.origins.span(resource.origin));
            finding.related.extend(words::declared(&words::resource_id(&id), declared));
            work.report.findings.push(finding);
        }
    }
}
