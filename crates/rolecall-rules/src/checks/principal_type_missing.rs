//! Assignments to identities that the deployment itself creates, without a word on what kind of principal they are for.

use rolecall_value::Condition;

use super::Context;
use super::assignments;
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::Rule;
use crate::{Finding, mend};

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let Some(requirement) = rule.requirements.first() else { return };
    for written in assignments::written(context) {
        // Terraform's provider asks again until Azure knows the principal.
        if context.deployment.has_provider(written.assignment.resource) {
            continue;
        }
        let absent = written.assignment.when.and(&written.type_absent());
        if absent.is_false() {
            continue;
        }
        for (own, principal) in written.assignment.principal.alternatives() {
            let Some(id) = assignments::owner(principal) else { continue };
            let created = context.written_as(&id).fold(Condition::FALSE, |any, one| any.or(&one.when));
            let when = absent.and(&own).and(&created);
            if when.is_false() {
                continue;
            }
            let mut demand = written.demand(context, requirement, principal.clone(), &when);
            if let Some(span) = written.span(context) {
                demand.span = span;
            }
            let name = context.permissions.identities().describe(principal);
            let role = written.name();
            let case = Case { principal: &name, role: &role, ..Case::new(&demand) };
            let mend = mend::principal_type(written.assignment.resource, "ServicePrincipal");
            let found = findings::certain(context, rule, &case, &when);
            work.report.findings.extend(found.map(|finding| Finding { mend: Some(mend), ..finding }));
        }
    }
}
