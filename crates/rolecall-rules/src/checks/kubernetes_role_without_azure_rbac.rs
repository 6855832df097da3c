//! Roles for Kubernetes on clusters that do not ask Azure what one may do.

use super::Context;
use super::sign_in::{azure_rbac, is_for_kubernetes, on_clusters};
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::Rule;
use crate::words;

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let Some(requirement) = rule.requirements.first() else { return };
    for one in on_clusters(context).into_iter().filter(|one| is_for_kubernetes(one.role)) {
        let when = one.when.and_not(&azure_rbac(context, one.cluster));
        let scope = one.written.assignment.scope.to_value().with_origin(one.written.resource.origin);
        let demand = one.written.demand(context, requirement, scope, &when);
        let cluster = words::resource_id(&one.cluster_id);
        let principal = one.written.principal(context);
        let case = Case { principal: &principal, role: &one.role.name, value: &cluster, ..Case::new(&demand) };
        let Some(mut finding) = findings::certain(context, rule, &case, &when) else { continue };
        let declared = context.deployment.origins.span(one.cluster.origin);
        finding.related.extend(words::declared(&format!("cluster {cluster}"), declared));
        work.report.findings.push(finding);
    }
}
