//! Federated credentials that name the issuer of a cluster which issues nothing, or whose workload identity is off.

use rolecall_source::Note;

use super::credentials::{self, issuing_cluster};
use super::{Context, issuer};
use crate::demand::partial_update;
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::Rule;
use crate::words;

const WORKLOAD_IDENTITY: &str = "properties.securityProfile.workloadIdentity.enabled";

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let [no_issuer, no_webhook] = &rule.requirements[..] else { return };
    let deployment = context.deployment;
    let inputs = &deployment.inputs;
    for credential in credentials::credentials(context) {
        for found in credentials::given(context, credential.resource, "properties.issuer") {
            let Some(id) = issuing_cluster(&found.value) else { continue };
            let when = credential.resource.when.and(&found.when);
            let name = words::resource_id(&id);
            for (index, created) in context.permissions.identities().resources(&id) {
                let Some(cluster) = deployment.resource(index) else { continue };
                let when = when.and(&created.yes).and_not(&partial_update(deployment, cluster));
                let issuer_off = issuer::off(inputs, cluster);
                let on =
                    issuer::says(inputs, cluster, WORKLOAD_IDENTITY, "true").or(&issuer::automatic(inputs, cluster));
                for (requirement, when) in
                    [(no_issuer, when.and(&issuer_off)), (no_webhook, when.and_not(&issuer_off).and_not(&on))]
                {
                    let demand = credential.demand(context, requirement, found.value.clone(), &when);
                    let case = Case { value: &name, ..Case::new(&demand) };
                    let finding = findings::certain(context, rule, &case, &when);
                    let span = deployment.origins.span(cluster.origin);
                    work.report.findings.extend(finding.map(|mut finding| {
                        finding.related.extend(
                            span.map(|span| Note { message: format!("cluster {name} is declared here"), span }),
                        );
                        finding
                    }));
                }
            }
        }
    }
}
