//! The keys that clusters encrypt their secrets with, each with the requirement that fits how its vault decides.

use rolecall_graph::CLUSTERS;
use rolecall_value::Condition;

use super::{Context, keys};
use crate::demand::Demand;
use crate::model::RuleLevel;
use crate::trigger;

const NETWORK: &str = "properties.securityProfile.azureKeyVaultKms.keyVaultNetworkAccess";

/// `places` are the addresses of keys that clusters name, and vaults that decide by access policies.
pub(super) fn places<'r>(context: &Context<'_>, places: Vec<Demand<'r>>) -> Vec<Demand<'r>> {
    let inputs = &context.deployment.inputs;
    let is_cluster = |place: &Demand<'r>| {
        let resource = context.deployment.resource(place.resource);
        resource.is_some_and(|resource| resource.id.resource_type.is(CLUSTERS))
    };
    let (clusters, vaults): (Vec<_>, Vec<_>) = places.into_iter().partition(is_cluster);
    let mut out = Vec::new();
    for place in clusters {
        let Some(cluster) = context.deployment.resource(place.resource) else { continue };
        let private =
            trigger::given(inputs, &cluster.body, NETWORK).into_iter().fold(Condition::FALSE, |any, found| {
                any.or(&found.when.and(&trigger::is(inputs, &found.value, "Private")))
            });
        for (when, key) in keys::behind(context, &place.scope) {
            let when = place.when.and(&when);
            let mut by_policies = Condition::FALSE;
            for (index, created) in keys::vaults(context, &key) {
                for vault in vaults.iter().filter(|vault| vault.resource == index) {
                    let when = when.and(&created).and(&vault.when);
                    by_policies = by_policies.or(&when);
                    let own = Demand { requirement: vault.requirement, scope: key.clone(), when, ..place.clone() };
                    split(own, &private, &mut out);
                }
            }
            split(Demand { scope: key, when: when.and_not(&by_policies), ..place.clone() }, &private, &mut out);
        }
    }
    out
}

/// What AKS cannot look at before it creates the cluster fails only later.
fn split<'r>(place: Demand<'r>, private: &Condition, out: &mut Vec<Demand<'r>>) {
    let (later, before) = (place.when.and(private), place.when.and_not(private));
    if !before.is_false() {
        out.push(Demand { when: before, ..place.clone() });
    }
    if !later.is_false() {
        out.push(Demand { when: later, level: Some(RuleLevel::Warning), ..place });
    }
}
