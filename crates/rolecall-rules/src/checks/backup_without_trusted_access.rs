//! Backups of clusters whose vault the cluster does not let in.

use rolecall_graph::CLUSTERS;
use rolecall_value::{Case as Letters, Condition, ResourceId, Value, equality, id_equality, walk};

use super::Context;
use super::backup_without_role::{CLUSTER, made};
use crate::demand::{Demand, demands};
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::Rule;
use crate::{trigger, words};

const BINDINGS: &str = "Microsoft.ContainerService/managedClusters/trustedAccessRoleBindings";
const ROLE: &str = "Microsoft.DataProtection/backupVaults/backup-operator";

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let deployment = context.deployment;
    for place in demands(deployment, context.resources, rule) {
        let Some(instance) = deployment.resource(place.resource) else { continue };
        let Some(vault) = instance.id.parent() else { continue };
        for found in trigger::given(&deployment.inputs, &instance.body, CLUSTER) {
            let Some(cluster) = ResourceId::parse(&found.value).filter(|id| id.resource_type.is(CLUSTERS)) else {
                continue;
            };
            let here = made(context, &cluster).into_iter().fold(Condition::FALSE, |any, (_, when)| any.or(&when));
            // What cannot be seen may make the binding.
            let hidden = context.permissions.hidden_for(&cluster);
            let when = place.when.and(&found.when).and(&here).and_not(&hidden);
            let when = when.and_not(&let_in(context, &cluster, &vault));
            let vault = words::resource_id(&vault);
            let demand = Demand { cluster, scope: found.value, when: when.clone(), ..place.clone() };
            let case = Case { principal: &vault, ..Case::new(&demand) };
            work.report.findings.extend(findings::certain(context, rule, &case, &when));
        }
    }
}

/// When a binding of the cluster may let the vault in.
fn let_in(context: &Context<'_>, cluster: &ResourceId, vault: &ResourceId) -> Condition {
    let inputs = &context.deployment.inputs;
    let mut any = Condition::FALSE;
    for resource in context.resources.of(BINDINGS).iter().filter_map(|&index| context.deployment.resource(index)) {
        let Some(parent) = resource.id.parent() else { continue };
        let elsewhere = id_equality(inputs, &parent, cluster).different;
        let sources = walk(inputs, &resource.body, "properties.sourceResourceId").into_iter();
        let another = sources.fold(Condition::FALSE, |any, found| match ResourceId::parse(&found.value) {
            Some(id) => any.or(&found.when.and(&id_equality(inputs, &id, vault).different)),
            None => any,
        });
        let roles = walk(inputs, &resource.body, "properties.roles[]").into_iter();
        let role = roles.fold(Condition::FALSE, |any, found| {
            let same = equality(inputs, &found.value, &Value::string(ROLE), Letters::Insensitive);
            any.or(&found.when.and_not(&same.different))
        });
        any = any.or(&resource.when.and(&role).and_not(&elsewhere).and_not(&another));
    }
    any
}
