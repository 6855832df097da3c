//! The vaults that clusters reach over the network: the one that a cluster names, else the one that its key lies in.

use rolecall_value::{Condition, ResourceId};

use super::{Context, keys};
use crate::demand::Demand;
use crate::trigger;

const VAULT: &str = "properties.securityProfile.azureKeyVaultKms.keyVaultResourceId";

/// `places` are the addresses of keys.
pub(super) fn places<'r>(context: &Context<'_>, places: Vec<Demand<'r>>) -> Vec<Demand<'r>> {
    let mut out: Vec<Demand<'r>> = Vec::new();
    for place in places {
        let Some(cluster) = context.deployment.resource(place.resource) else { continue };
        let mut named = Condition::FALSE;
        for found in trigger::given(&context.deployment.inputs, &cluster.body, VAULT) {
            named = named.or(&found.when);
            let span = crate::demand::span_of(context.deployment, &found.value, cluster);
            out.push(Demand { when: place.when.and(&found.when), scope: found.value, span, ..place.clone() });
        }
        for (when, key) in keys::behind(context, &place.scope) {
            let vault = ResourceId::parse(&key).and_then(|key| key.parent());
            let scope = vault.map_or_else(|| key.clone(), |vault| vault.to_value().with_origin(key.origin()));
            out.push(Demand { scope, when: place.when.and(&when).and_not(&named), ..place.clone() });
        }
    }
    out.retain(|place| !place.when.is_false());
    out
}
