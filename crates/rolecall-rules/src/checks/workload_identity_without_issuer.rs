//! Clusters whose workload identity is on while nobody issues tokens.

use rolecall_graph::Language;

use super::{Context, issuer};
use crate::demand::demands;
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::{Rule, RuleLevel};

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let deployment = context.deployment;
    for mut place in demands(deployment, context.resources, rule) {
        let Some(cluster) = deployment.resource(place.resource) else { continue };
        // Terraform's provider refuses it; what Azure itself does, no source says.
        if deployment.language != Language::Terraform {
            place.level = Some(RuleLevel::Warning);
        }
        let when = place.when.and(&issuer::off(&deployment.inputs, cluster));
        work.report.findings.extend(findings::certain(context, rule, &Case::new(&place), &when));
    }
}
