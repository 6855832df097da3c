//! Subnets for API servers that this deployment writes without leaving them to AKS.

use rolecall_graph::Need;
use rolecall_value::Condition;

use super::{Context, subnets};
use crate::demand::{Demand, demands};
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::{Rule, Trigger};
use crate::trigger;

/// The service that the subnet is to be delegated to.
const SERVICE: &str = "Microsoft.ContainerService/managedClusters";

/// What AKS does to delegate it.
const WRITE: &str = "Microsoft.Network/virtualNetworks/subnets/write";

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let deployment = context.deployment;
    let inputs = &deployment.inputs;
    let one_of = |path: &str, constant: &str| Trigger::OneOf(path.to_owned(), vec![constant.to_owned()]);
    for place in demands(deployment, context.resources, rule) {
        let Some(cluster) = deployment.resource(place.resource) else { continue };
        let (mut written, mut delegated) = (Condition::FALSE, Condition::FALSE);
        for part in subnets::parts(deployment, context.permissions.identities(), &place.scope) {
            let own =
                trigger::holds(inputs, &part.body, &one_of("properties.delegations[].properties.serviceName", SERVICE));
            written = written.or(&part.when);
            delegated = delegated.or(&part.when.and(&own));
        }
        // An Automatic cluster delegates the subnet itself.
        let automatic = trigger::holds(inputs, &cluster.body, &one_of("sku.name", "Automatic"));
        let when = place.when.and(&written).and_not(&delegated).and_not(&automatic);
        let when = when.and(&may_not_write(context, &place, &when));
        let case = Case { value: SERVICE, ..Case::new(&place) };
        work.report.findings.extend(findings::certain(context, rule, &case, &when));
    }
}

/// When the control plane certainly may not write the subnet: where it may, AKS delegates the subnet in its name.
fn may_not_write(context: &Context<'_>, place: &Demand<'_>, when: &Condition) -> Condition {
    let mut out = Condition::FALSE;
    for (own, plane) in context.permissions.identities().control_plane(place.resource) {
        let Some(principal) = plane.principal() else { continue };
        let (actions, when) = ([WRITE.to_owned()], when.and(&own));
        let need = Need { principal, scope: &place.scope, actions: &actions, data_actions: &[], when: &when };
        out = out.or(&context.permissions.ask(&need).missing);
    }
    out
}
