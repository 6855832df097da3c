//! Clusters that say neither which identity nor which service principal they run as.

use rolecall_graph::ControlPlane;
use rolecall_value::{Condition, walk};

use super::Context;
use crate::Certainty;
use crate::demand::demands;
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::{Rule, RuleLevel};

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let deployment = context.deployment;
    for mut place in demands(deployment, context.resources, rule) {
        let Some(cluster) = deployment.resource(place.resource) else { continue };
        let planes = context.permissions.identities().control_plane(place.resource);
        let none = planes.into_iter().filter(|(_, plane)| *plane == ControlPlane::None);
        let none = none.fold(Condition::FALSE, |any, (when, _)| any.or(&when));
        // A block that is there, if only with an empty client id, gets its values somewhere.
        let named = walk(&deployment.inputs, &cluster.body, "properties.servicePrincipalProfile")
            .into_iter()
            .fold(Condition::FALSE, |any, found| any.or(&found.when));
        // Terraform's provider insists on one; what Azure itself does, no source says.
        if !deployment.has_provider(place.resource) {
            place.level = Some(RuleLevel::Warning);
        }
        let when = place.when.and(&none).and_not(&named);
        let Some(mut finding) = findings::certain(context, rule, &Case::new(&place), &when) else { continue };
        if finding.certainty == Certainty::Definite && !place.when.implies(&when) {
            // A template that can be given an identity leaves the choice to who deploys it.
            finding.level = finding.level.lowered();
        }
        work.report.findings.push(finding);
    }
}
