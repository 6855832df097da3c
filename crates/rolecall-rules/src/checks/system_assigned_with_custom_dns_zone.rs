//! A private DNS zone of its own with a system-assigned control plane identity.

use rolecall_graph::ControlPlane;
use rolecall_value::{Condition, truth, walk};

use super::Context;
use crate::demand::demands;
use crate::findings::{Case, finding, undecided};
use crate::model::Rule;
use crate::settle::{Settled, settle};
use crate::{Certainty, Report, trigger, words};

/// Words that stand where a zone's id would, and mean none of the cluster's own.
const NO_ZONE: [&str; 2] = ["system", "none"];

/// Whether the cluster is private at all.
const PRIVATE: &str = "properties.apiServerAccessProfile.enablePrivateCluster";

pub(super) fn check(context: &Context<'_>, rule: &Rule, report: &mut Report) {
    let inputs = &context.deployment.inputs;
    for demand in demands(context.deployment, context.resources, rule) {
        let own_zone = NO_ZONE
            .into_iter()
            .fold(demand.when.clone(), |when, word| when.and_not(&trigger::is(inputs, &demand.scope, word)));
        // What AKS does with a zone of a cluster that is not private, no source says.
        let private = context.deployment.resource(demand.resource).map_or(Condition::FALSE, |cluster| {
            walk(inputs, &cluster.body, PRIVATE)
                .iter()
                .fold(Condition::FALSE, |any, found| any.or(&found.when.and(&truth(inputs, &found.value))))
        });
        let own_zone = own_zone.and(&private);
        for (when, plane) in context.permissions.identities().control_plane(demand.resource) {
            let when = own_zone.and(&when);
            let (principal, name) = match &plane {
                ControlPlane::SystemAssigned { principal } => (
                    Some(principal),
                    format!("the system-assigned identity of {}", words::resource_id(&demand.cluster)),
                ),
                ControlPlane::Unknown(_) => (None, format!("the identity of {}", words::resource_id(&demand.cluster))),
                _ => continue,
            };
            let case = Case { requirement: demand.requirement, demand: &demand, others: &[], principal: &name };
            let certainty = match (settle(context.deployment, &when), &plane) {
                (Settled::Never, _) => continue,
                (Settled::CannotTell { reason, cause }, _) => {
                    report.questions.push(undecided(&case, reason, cause));
                    continue;
                }
                (_, ControlPlane::Unknown(reason)) => {
                    report.questions.push(undecided(&case, reason.to_string(), reason.kind.name()));
                    continue;
                }
                (Settled::Definite, _) => (Certainty::Definite, None),
                (Settled::Reachable(values), _) => (Certainty::Reachable, Some(values)),
            };
            let mut finding = finding(context.deployment, rule, &case, false, certainty);
            if let Some(span) = principal.and_then(|principal| context.deployment.origins.span(principal.origin())) {
                let message = "the identity is system-assigned here".to_owned();
                finding.related.push(rolecall_source::Note { message, span });
            }
            report.findings.push(finding);
        }
    }
}
