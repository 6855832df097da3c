//! How people sign in to a cluster, as far as its definition says.
//!
//! Azure knows four ways. Which people may take one is a matter of roles and groups, and is not known here.

use rolecall_value::{Condition, walk};

use crate::aks::CLUSTERS;
use crate::{Deployment, Resource};

/// A way to sign in to a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Login {
    /// By the local administrator's certificate.
    LocalAccount,
    /// By Entra ID, with what role bindings of Kubernetes allow.
    RoleBindings,
    /// By Entra ID, as a member of a group of administrators.
    AdminGroup,
    /// By Entra ID, with what roles of Azure allow.
    AzureRoles,
}

impl Login {
    /// The lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            Login::LocalAccount => "local-account",
            Login::RoleBindings => "role-bindings",
            Login::AdminGroup => "admin-group",
            Login::AzureRoles => "azure-roles",
        }
    }

    /// The role on the cluster that fetches the kubeconfig for it.
    pub fn role(self) -> &'static str {
        match self {
            Login::LocalAccount => "Azure Kubernetes Service Cluster Admin Role",
            Login::RoleBindings | Login::AdminGroup | Login::AzureRoles => "Azure Kubernetes Service Cluster User Role",
        }
    }
}

/// The ways in which people may sign in to a cluster, each with when. A definition that only changes a cluster (no node
/// pools and no identity) says nothing of it.
pub fn logins(deployment: &Deployment, cluster: &Resource) -> Vec<(Login, Condition)> {
    let inputs = &deployment.inputs;
    let given = |path: &str| {
        walk(inputs, &cluster.body, path).into_iter().fold(Condition::FALSE, |any, found| {
            let here = match found.certain {
                true => found.when,
                false => found.when.and(&inputs.opaque(&format!("{} is given", found.value.text()))),
            };
            any.or(&here)
        })
    };
    let on = |path: &str| {
        walk(inputs, &cluster.body, path)
            .into_iter()
            .fold(Condition::FALSE, |any, found| any.or(&found.when.and(&rolecall_value::truth(inputs, &found.value))))
    };
    let whole = given("properties.agentPoolProfiles").or(&given("identity"));
    if !cluster.id.resource_type.is(CLUSTERS) || whole.is_false() {
        return Vec::new();
    }
    let automatic = walk(inputs, &cluster.body, "sku.name")
        .into_iter()
        .filter(|found| found.value.as_str().is_some_and(|name| name.eq_ignore_ascii_case("Automatic")))
        .fold(Condition::FALSE, |any, found| any.or(&found.when));
    let entra = given("properties.aadProfile").or(&automatic);
    let azure = entra.and(&on("properties.aadProfile.enableAzureRBAC").or(&automatic));
    let local = on("properties.disableLocalAccounts").or(&automatic).not();
    let groups = given("properties.aadProfile.adminGroupObjectIDs[]");
    let all = [
        (Login::LocalAccount, local),
        (Login::RoleBindings, entra.and_not(&azure)),
        (Login::AdminGroup, entra.and_not(&azure).and(&groups)),
        (Login::AzureRoles, azure),
    ];
    all.into_iter().filter(|(_, when)| !when.is_false()).collect()
}
