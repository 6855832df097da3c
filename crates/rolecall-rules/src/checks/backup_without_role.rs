//! What a backup of a cluster touches: the cluster, the resource group of its snapshots, the storage account of the
//! extension in it.

use rolecall_graph::{CLUSTERS, ResourceIndex};
use rolecall_value::{Condition, ResourceId, Scope, Value, equality, walk};

use super::Context;
use crate::demand::Demand;
use crate::trigger;

/// The type of storage accounts.
const ACCOUNTS: &str = "Microsoft.Storage/storageAccounts";
/// The type of extensions.
const EXTENSIONS: &str = "Microsoft.KubernetesConfiguration/extensions";
/// Where a backup names its cluster.
pub(super) const CLUSTER: &str = "properties.dataSourceInfo.resourceID";
/// The setting of the extension that names the storage account; its name is one word, dots and all.
const ACCOUNT: &str = "configuration.backupStorageLocation.config.storageAccount";

/// `places` are extensions, clusters and groups that backups name.
pub(super) fn places<'r>(context: &Context<'_>, places: Vec<Demand<'r>>) -> Vec<Demand<'r>> {
    let mut out = Vec::new();
    for place in places {
        let Some(resource) = context.deployment.resource(place.resource) else { continue };
        if resource.id.resource_type.is(EXTENSIONS) {
            out.extend(account(context, &place));
            continue;
        }
        let need = place.requirement.need.as_ref();
        let Some(cluster) = cluster_of(context, &place) else { continue };
        let Some(scope) = scope(&place.scope, &cluster) else { continue };
        if need.is_some_and(|need| need.identity == crate::model::Who::ControlPlane) {
            out.push(Demand { cluster, scope, ..place });
            continue;
        }
        let Some(vault) = resource.id.parent() else { continue };
        for (index, when) in made(context, &vault) {
            let when = place.when.and(&when);
            if !when.is_false() {
                out.push(Demand {
                    cluster: cluster.clone(),
                    resource: index,
                    scope: scope.clone(),
                    when,
                    ..place.clone()
                });
            }
        }
    }
    out
}

/// The resources of this deployment that certainly have an id, and when.
pub(super) fn made(context: &Context<'_>, id: &ResourceId) -> Vec<(ResourceIndex, Condition)> {
    let found = context.permissions.identities().resources(id).into_iter();
    found.filter(|(_, created)| !created.yes.is_false()).map(|(index, created)| (index, created.yes)).collect()
}

/// The cluster of the backup that a place stands in.
fn cluster_of(context: &Context<'_>, place: &Demand<'_>) -> Option<ResourceId> {
    let body = &context.deployment.resource(place.resource)?.body;
    let found = trigger::given(&context.deployment.inputs, body, CLUSTER);
    let ids = found.iter().filter(|found| !found.when.excludes(&place.when));
    ids.filter_map(|found| ResourceId::parse(&found.value)).find(|id| id.resource_type.is(CLUSTERS))
}

/// A resource group is named by its id, and in Terraform by its name, in the cluster's subscription.
fn scope(written: &Value, cluster: &ResourceId) -> Option<Value> {
    if ResourceId::parse(written).is_some() || !matches!(Scope::parse(written), Scope::Opaque(_)) {
        return Some(written.clone());
    }
    let Scope::ResourceGroup(subscription, _) = &cluster.scope else { return None };
    let group = Scope::ResourceGroup(subscription.clone(), written.clone());
    Some(group.to_value().with_origin(written.origin()))
}

/// The storage accounts of this deployment that an extension names.
fn account<'r>(context: &Context<'_>, place: &Demand<'r>) -> Vec<Demand<'r>> {
    let inputs = &context.deployment.inputs;
    let mut out = Vec::new();
    let Some(resource) = context.deployment.resource(place.resource) else { return out };
    for settings in walk(inputs, &resource.body, "properties.configurationSettings") {
        let Some(name) = settings.value.get(ACCOUNT).filter(|_| settings.certain) else { continue };
        for &index in context.resources.of(ACCOUNTS) {
            let Some(account) = context.deployment.resource(index) else { continue };
            let same = equality(inputs, &account.id.name(), &name, rolecall_value::Case::Insensitive);
            let when = place.when.and(&settings.when).and(&account.when).and(&same.equal);
            if !when.is_false() {
                let scope = account.id.to_value().with_origin(name.origin());
                let span = crate::demand::span_of(context.deployment, &settings.value, resource);
                out.push(Demand { scope, when, span, ..place.clone() });
            }
        }
    }
    out
}
