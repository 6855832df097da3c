//! The firewalls of the vaults that hold clusters' keys.

use rolecall_value::Condition;

use super::{Context, keys};
use crate::demand::{Demand, demands, span_of};
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::Rule;
use crate::trigger;

const ACTION: &str = "properties.networkAcls.defaultAction";

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let deployment = context.deployment;
    let inputs = &deployment.inputs;
    for place in demands(deployment, context.resources, rule) {
        for (own, key) in keys::behind(context, &place.scope) {
            for (index, created) in keys::vaults(context, &key) {
                let Some(vault) = deployment.resource(index) else { continue };
                let closed = trigger::given(inputs, &vault.body, ACTION);
                let shut = closed.iter().fold(Condition::FALSE, |any, found| {
                    any.or(&found.when.and(&trigger::is(inputs, &found.value, "Deny")))
                });
                let when = place.when.and(&own).and(&created).and(&shut);
                let span = closed.first().map_or(place.span, |found| span_of(deployment, &found.value, vault));
                let demand = Demand { scope: vault.id.to_value(), span, when: when.clone(), ..place.clone() };
                work.report.findings.extend(findings::certain(context, rule, &Case::new(&demand), &when));
            }
        }
    }
}
