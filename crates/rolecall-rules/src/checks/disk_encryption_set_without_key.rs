//! The keys of the disk encryption sets that clusters use.

use rolecall_value::{Condition, ResourceId, Value};
use rustc_hash::FxHashSet;

use super::{Context, keys};
use crate::demand::{Demand, span_of};
use crate::trigger;

/// `places` are ids of disk encryption sets. What is not made here says nothing of its key.
pub(super) fn places<'r>(context: &Context<'_>, places: Vec<Demand<'r>>) -> Vec<Demand<'r>> {
    let deployment = context.deployment;
    let mut known = FxHashSet::default();
    let mut out = Vec::new();
    for place in places {
        let Some(id) = ResourceId::parse(&place.scope) else { continue };
        for (index, created) in context.permissions.identities().resources(&id) {
            let Some(set) = deployment.resource(index) else { continue };
            let used = place.when.and(&created.yes);
            if used.is_false() {
                continue;
            }
            let given = |path: &str| trigger::given(&deployment.inputs, &set.body, path);
            let vaults = given("properties.activeKey.sourceVault.id");
            for found in given("properties.activeKey.keyUrl") {
                for (when, key) in keys::behind(context, &found.value) {
                    let when = used.and(&found.when).and(&when);
                    for (when, scope) in within(key, &vaults_of(&vaults), &when) {
                        let span = span_of(deployment, &found.value, set);
                        let new = known.insert((index, place.cluster.to_value().text(), scope.text(), span));
                        if !when.is_false() && new {
                            out.push(Demand { resource: index, scope, when, span, ..place.clone() });
                        }
                    }
                }
            }
        }
    }
    out
}

fn vaults_of(found: &[rolecall_value::Found]) -> Vec<(Condition, ResourceId)> {
    let vaults = found.iter().filter_map(|found| Some((found.when.clone(), ResourceId::parse(&found.value)?)));
    vaults.filter(|(_, id)| id.resource_type.is(keys::VAULTS)).collect()
}

/// The key itself, or, where its address does not say where it lies, the one key that is asked about in the vault named.
fn within(key: Value, vaults: &[(Condition, ResourceId)], when: &Condition) -> Vec<(Condition, Value)> {
    if ResourceId::parse(&key).is_some() || vaults.is_empty() {
        return vec![(when.clone(), key)];
    }
    let name = |vault: &ResourceId| vault.child("keys", Value::call("keyvaultkey", vec![key.clone()])).to_value();
    vaults.iter().map(|(own, vault)| (when.and(own), name(vault).with_origin(key.origin()))).collect()
}
