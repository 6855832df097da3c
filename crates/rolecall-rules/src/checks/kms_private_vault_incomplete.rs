//! Clusters that reach the vault of their key over the network, and do not say all that AKS needs for it.

use rolecall_graph::Language;

use super::Context;
use crate::demand::demands;
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::Rule;

/// The entry about the vault's id, which Terraform's provider finds by itself.
const VAULT_ID: &str = "KMS-PRIVATE-VAULT-ID";

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let deployment = context.deployment;
    for place in demands(deployment, context.resources, rule) {
        let completed =
            deployment.language == Language::Terraform && deployment.unchecked.binary_search(&place.resource).is_err();
        if place.requirement.id == VAULT_ID && completed {
            continue;
        }
        work.report.findings.extend(findings::certain(context, rule, &Case::new(&place), &place.when));
    }
}
