//! Clusters that nobody can administer.
//!
//! Where a role is assigned that would count with Azure RBAC on, that finding names the cause, and says this too.

use super::Context;
use crate::demand::demands;
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::Rule;

/// The rule about roles that do not count in a cluster.
const ROLE_WITHOUT_EFFECT: &str = "kubernetes-role-without-azure-rbac";

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    for demand in demands(context.deployment, context.resources, rule) {
        let Some(found) = findings::certain(context, rule, &Case::new(&demand), &demand.when) else { continue };
        let mut others = work.report.findings.iter_mut().filter(|other| other.rule == ROLE_WITHOUT_EFFECT);
        let cause = others.find(|other| {
            let here = other.scope.as_ref() == Some(&found.resource);
            here && (other.certainty, &other.when) == (found.certainty, &found.when) && other.level >= found.level
        });
        match cause {
            Some(cause) => cause.reasons.push(format!("so {}", found.headline)),
            None => work.report.findings.push(found),
        }
    }
}
