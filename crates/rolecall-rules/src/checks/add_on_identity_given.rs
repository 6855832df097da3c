//! Add-ons that are given an identity: AKS makes their identities by itself, and takes no other.

use rolecall_graph::{MadeBy, USER_ASSIGNED};
use rolecall_value::{Condition, ResourceId, Value, walk};

use super::Context;
use crate::demand::{Demand, demands, span_of};
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::Rule;
use crate::words;

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let deployment = context.deployment;
    for place in demands(deployment, context.resources, rule) {
        let Some(cluster) = deployment.resource(place.resource) else { continue };
        for path in ["properties.addonProfiles[].identity", "properties.ingressProfile.webAppRouting.identity"] {
            for found in walk(&deployment.inputs, &cluster.body, &format!("{path}.resourceId")) {
                let when = place.when.and(&found.when).and(&brought(context, &found.value));
                if !found.certain || when.is_false() {
                    continue;
                }
                let span = span_of(deployment, &found.value, cluster);
                let value = words::resource(&found.value);
                let demand = Demand { scope: found.value, span, when: when.clone(), ..place.clone() };
                let case = Case { value: &value, ..Case::new(&demand) };
                work.report.findings.extend(findings::certain(context, rule, &case, &when));
            }
        }
    }
}

/// When it is an identity that this deployment makes itself: what an exported template repeats is AKS' own.
fn brought(context: &Context<'_>, identity: &Value) -> Condition {
    let Some(id) = ResourceId::parse(identity).filter(|id| id.resource_type.is(USER_ASSIGNED)) else {
        return Condition::FALSE;
    };
    let made = |index| context.deployment.resource(index).is_some_and(|own| own.made_by == MadeBy::Template);
    let found = context.permissions.identities().resources(&id).into_iter();
    found.filter(|(index, _)| made(*index)).fold(Condition::FALSE, |any, (_, created)| any.or(&created.yes))
}
