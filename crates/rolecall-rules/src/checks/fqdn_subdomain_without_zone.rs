//! Clusters that choose the subdomain of their private name, and have no zone of their own to put it into.

use rolecall_value::{Condition, walk};

use super::{Context, NO_ZONE, ZONE};
use crate::demand::demands;
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::{Rule, RuleLevel, Trigger};
use crate::trigger;

const PRIVATE: &str = "properties.apiServerAccessProfile.enablePrivateCluster";

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let deployment = context.deployment;
    let inputs = &deployment.inputs;
    for mut place in demands(deployment, context.resources, rule) {
        let Some(cluster) = deployment.resource(place.resource) else { continue };
        let is_private = Trigger::OneOf(PRIVATE.to_owned(), vec!["true".to_owned()]);
        let private = trigger::holds(inputs, &cluster.body, &is_private);
        // What is not known to be one of the words may be a zone.
        let zone = trigger::given(inputs, &cluster.body, ZONE).into_iter().fold(Condition::FALSE, |any, found| {
            let word = found.value.as_str().is_some_and(|text| NO_ZONE.iter().any(|no| text.eq_ignore_ascii_case(no)));
            if word { any } else { any.or(&found.when) }
        });
        // An empty text is filled in later.
        let empty = walk(inputs, &cluster.body, ZONE).into_iter().filter(|found| found.value.as_str() == Some(""));
        let zone = empty.fold(zone, |any, found| any.or(&found.when));
        // Terraform's provider refuses it; what Azure does, the documentation leaves open.
        if !deployment.has_provider(place.resource) {
            place.level = Some(RuleLevel::Warning);
        }
        let when = place.when.and_not(&private.and(&zone));
        let value = place.scope.label();
        let case = Case { value: &value, ..Case::new(&place) };
        work.report.findings.extend(findings::certain(context, rule, &case, &when));
    }
}
