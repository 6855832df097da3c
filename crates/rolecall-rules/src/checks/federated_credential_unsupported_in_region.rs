//! Federated credentials of identities in regions where Azure makes none.

use rolecall_value::Symbol;

use super::Context;
use super::credentials;
use crate::demand::demands;
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::Rule;

/// The rule's data name the identities by their regions.
pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let deployment = context.deployment;
    let credentials = credentials::credentials(context);
    if credentials.is_empty() {
        return;
    }
    let mut places = demands(deployment, context.resources, rule);
    // Which region somebody outside gives, this deployment does not say.
    places.retain(|place| !matches!(place.scope.as_symbol(), Some(Symbol::Input(_))));
    for credential in &credentials {
        for (index, created) in context.permissions.identities().resources(&credential.identity) {
            for place in places.iter().filter(|place| place.resource == index) {
                let when = credential.concerned.and(&created.yes).and(&place.when);
                let mut demand = credential.whole(context, place.requirement, &when);
                demand.scope = place.scope.clone();
                work.report.findings.extend(findings::certain(context, rule, &Case::new(&demand), &when));
            }
        }
    }
}
