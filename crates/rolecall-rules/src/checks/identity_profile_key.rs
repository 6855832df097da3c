//! Entries of a cluster's identity profile that AKS has no use for.

use rolecall_value::{Value, walk};

use super::Context;
use crate::demand::{Demand, demands, span_of};
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::Rule;

/// The one entry that AKS reads, whatever the case of its letters.
const KUBELET: &str = "kubeletidentity";

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let deployment = context.deployment;
    for place in demands(deployment, context.resources, rule) {
        let Some(cluster) = deployment.resource(place.resource) else { continue };
        for profile in walk(&deployment.inputs, &cluster.body, "properties.identityProfile") {
            let Some(object) = profile.value.as_object() else { continue };
            for (name, property) in object.entries() {
                let Some(key) = name.as_str().filter(|key| !key.eq_ignore_ascii_case(KUBELET)) else { continue };
                let given = property.value.alternatives().into_iter().filter(|(_, value)| !value.is_null());
                for (own, value) in given {
                    let when = place.when.and(&profile.when).and(&property.when).and(&own);
                    let at: Value = value.clone().or_origin(profile.value.origin());
                    let demand = Demand { span: span_of(deployment, &at, cluster), ..place.clone() };
                    let case = Case { value: key, expected: KUBELET, ..Case::new(&demand) };
                    work.report.findings.extend(findings::certain(context, rule, &case, &when));
                }
            }
        }
    }
}
