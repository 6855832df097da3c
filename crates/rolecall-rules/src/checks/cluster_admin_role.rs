//! The role for the local administrator's credentials: of no use where there are none, and a way around Entra ID elsewhere.

use super::allowed::Allowed;
use super::sign_in::on_clusters;
use super::{Context, issuer};
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::Rule;
use crate::words;

/// Azure Kubernetes Service Cluster Admin Role.
const CLUSTER_ADMIN: &str = "0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8";

const LOCAL_ACCOUNTS: &str = "properties.disableLocalAccounts";

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let [useless, bypass] = &rule.requirements[..] else { return };
    let (inputs, allowed) = (&context.deployment.inputs, Allowed::new(context, rule));
    for one in on_clusters(context).into_iter().filter(|one| one.role.guid == CLUSTER_ADMIN) {
        let assignment = one.written.assignment;
        let is_allowed = |principal| allowed.has(one.role, &assignment.scope, principal);
        if assignment.principal.alternatives().into_iter().all(|(_, principal)| is_allowed(principal)) {
            continue;
        }
        let disabled =
            issuer::says(inputs, one.cluster, LOCAL_ACCOUNTS, "true").or(&issuer::automatic(inputs, one.cluster));
        let entra = issuer::present(inputs, one.cluster, "properties.aadProfile");
        for (requirement, when) in
            [(useless, one.when.and(&disabled)), (bypass, one.when.and_not(&disabled).and(&entra))]
        {
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
}
