//! Roles that give roles or change everything, on resource groups and more, for identities of a cluster.

use super::Context;
use super::allowed::Allowed;
use super::holders::{self, Power, Reach};
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::{Rule, RuleLevel};

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let Some(requirement) = rule.requirements.first() else { return };
    let allowed = Allowed::new(context, rule);
    for held in context.holders().held(context, |_| true) {
        for (when, role) in held.roles() {
            let Some((power, less)) = holders::too_much(&held, role).filter(|_| !when.is_false()) else { continue };
            let written = &held.written;
            if allowed.has(role, &written.assignment.scope, &held.holder.principal) {
                continue;
            }
            let mut demand = written.demand(context, requirement, written.assignment.scope.to_value(), &when);
            if let Some(span) = written.span(context) {
                demand.span = span;
            }
            demand.level = less.then_some(RuleLevel::Note);
            let principal = written.principal(context);
            let harm = match power {
                Power::Assign => "whoever acts as it can give any role on what lies there to anybody",
                Power::Change => "whoever acts as it can change and delete all that lies there",
            };
            let case = Case {
                principal: &principal,
                role: &written.name(),
                value: &held.holder.who,
                expected: harm,
                ..Case::new(&demand)
            };
            let Some(mut finding) = findings::certain(context, rule, &case, &when) else { continue };
            if held.holder.reach == Reach::ControlPlane {
                // No pod is concerned.
                finding.remedy.truncate(1);
            }
            work.report.findings.push(finding);
        }
    }
}
