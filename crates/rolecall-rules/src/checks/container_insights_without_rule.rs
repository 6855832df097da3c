//! Clusters that send logs with their managed identity, and are bound to no rule that says what is collected.

use rolecall_value::{Condition, ResourceId, Scope, id_equality};

use super::Context;
use crate::demand::demands;
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::Rule;

const ASSOCIATIONS: &str = "Microsoft.Insights/dataCollectionRuleAssociations";

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let deployment = context.deployment;
    for place in demands(deployment, context.resources, rule) {
        // What cannot be seen may make the association: policies often do.
        let hidden = context.permissions.hidden_for(&place.cluster);
        let when = place.when.and_not(&hidden).and_not(&associated(context, &place.cluster));
        work.report.findings.extend(findings::certain(context, rule, &Case::new(&place), &when));
    }
}

/// When an association of the deployment may be the cluster's.
fn associated(context: &Context<'_>, cluster: &ResourceId) -> Condition {
    let mut any = Condition::FALSE;
    for resource in context.resources.of(ASSOCIATIONS).iter().filter_map(|&index| context.deployment.resource(index)) {
        let another = match &resource.id.scope {
            Scope::Resource(on) => id_equality(&context.deployment.inputs, on, cluster).different,
            _ => Condition::FALSE,
        };
        any = any.or(&resource.when.and_not(&another));
    }
    any
}
