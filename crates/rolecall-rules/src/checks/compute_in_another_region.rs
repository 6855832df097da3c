//! What nodes are made with, in another region than the cluster.

use rolecall_graph::{Resource, ResourceIndex};
use rolecall_value::{Condition, ResourceId, Value};

use super::Context;
use crate::demand::{Demand, demands};
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::Rule;
use crate::trigger;

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    for place in demands(context.deployment, context.resources, rule) {
        let Some(used) = ResourceId::parse(&place.scope) else { continue };
        let used = regions(context, &used);
        for (cluster_when, cluster) in regions(context, &place.cluster) {
            for (own, region) in used.iter().filter(|(_, region)| *region != cluster) {
                let when = place.when.and(own).and(&cluster_when);
                let demand = Demand { when: when.clone(), ..place.clone() };
                let case = Case { value: region, expected: &cluster, ..Case::new(&demand) };
                work.report.findings.extend(findings::certain(context, rule, &case, &when));
            }
        }
    }
}

/// The regions in which this deployment certainly makes a resource, as far as they are known, and when.
fn regions(context: &Context<'_>, id: &ResourceId) -> Vec<(Condition, String)> {
    let deployment = context.deployment;
    let made = context.permissions.identities().resources(id).into_iter();
    let made = made.filter_map(|(index, created): (ResourceIndex, _)| Some((deployment.resource(index)?, created.yes)));
    made.flat_map(|(resource, when): (&Resource, Condition)| {
        let found = trigger::given(&deployment.inputs, &resource.body, "location");
        found.into_iter().filter_map(move |found| Some((found.when.and(&when), region(&found.value)?)))
    })
    .filter(|(when, _)| !when.is_false())
    .collect()
}

/// The name of a region in its one spelling.
fn region(location: &Value) -> Option<String> {
    location.as_str().map(|text| text.replace(' ', "").to_ascii_lowercase()).filter(|text| !text.is_empty())
}
