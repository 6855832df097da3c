//! Rules that the vocabulary of triggers cannot express: a function each, in the file of the rule's name.
//!
//! Some find only the places that the rule's data cannot name, and leave the question to the engine; some do it all;
//! some look at what the engine found out. What an Azure error says is not known here: words are data.

use std::cell::OnceCell;

use rolecall_graph::{Deployment, Permissions, Resource};
use rolecall_value::ResourceId;

use crate::RuleOptions;
use crate::demand::{ByType, Demand};
use crate::engine::Work;
use crate::model::Rule;

pub(crate) use role_without_need::is_needless;

mod add_on_identity_given;
mod allowed;
mod api_server_subnet_not_delegated;
mod app_routing_vault_without_role;
mod application_gateway_without_role;
mod assignments;
mod backup_without_role;
mod backup_without_trusted_access;
mod by_name;
mod cluster_admin_role;
mod cluster_identity_count;
mod cluster_with_service_principal;
mod cluster_without_identity;
mod compute_in_another_region;
mod container_insights_without_rule;
mod credentials;
mod disk_encryption_set_without_key;
mod duplicate_role_assignment;
mod federated_credential_audience;
mod federated_credential_issuer;
mod federated_credential_limit;
mod federated_credential_name;
mod federated_credential_subject;
mod federated_credential_unsupported_in_region;
mod federated_credential_without_issuer;
mod federated_credentials_in_parallel;
mod fqdn_subdomain_without_zone;
mod gateway_subnet_without_role;
mod group_without_object_id;
mod holders;
mod identity_created_after_cluster;
mod identity_profile_key;
mod issuer;
mod key_vault_grant_without_effect;
mod keys;
mod kms_key_without_role;
mod kms_private_vault_incomplete;
mod kms_private_vault_without_role;
mod kms_vault_firewall;
mod kubelet_identity_invalid;
mod kubelet_identity_mismatch;
mod kubernetes_role_without_azure_rbac;
mod kubernetes_role_without_cluster_user;
mod nobody_can_administer;
mod overprivileged_identity;
mod principal_id_of_no_principal;
mod principal_type_missing;
mod principal_type_wrong;
mod private_dns_zone_name;
mod redundant_role_assignment;
mod registry_without_pull_role;
mod role_assigned_after_cluster;
mod role_assignment_name;
mod role_definition_id_malformed;
mod role_in_locked_resource_group;
mod role_on_broad_scope;
mod role_without_need;
mod route_table_associated_after_cluster;
mod route_table_without_role;
mod service_account_client_id;
mod sign_in;
mod subnets;
mod system_assigned_with_custom_network;
mod system_assigned_with_own_resources;
mod unknown_role;
mod virtual_network_without_role;
mod virtual_node_subnet_without_role;
mod workload_identity_of_cluster;
mod workload_identity_without_issuer;

/// Where a cluster names its private DNS zone.
const ZONE: &str = "properties.apiServerAccessProfile.privateDNSZone";

/// Words that stand where a zone's id would, and mean none of the cluster's own.
const NO_ZONE: [&str; 2] = ["system", "none"];

/// What a check sees.
pub(crate) struct Context<'a> {
    /// The deployment.
    pub deployment: &'a Deployment,
    /// Its resources by type.
    pub resources: &'a ByType,
    /// Its identities and what they may do.
    pub permissions: &'a Permissions<'a>,
    /// What the configuration sets of rules.
    pub options: &'a RuleOptions,
    by_text: OnceCell<assignments::ByText>,
    holders: OnceCell<holders::Holders>,
    users: role_without_need::Users,
}

impl<'a> Context<'a> {
    /// Nothing looked at yet.
    pub fn new(
        deployment: &'a Deployment,
        resources: &'a ByType,
        permissions: &'a Permissions<'a>,
        options: &'a RuleOptions,
    ) -> Self {
        Context {
            deployment,
            resources,
            permissions,
            options,
            by_text: OnceCell::new(),
            holders: OnceCell::new(),
            users: role_without_need::Users::default(),
        }
    }

    /// The identities of the clusters that templates make.
    fn holders(&self) -> &holders::Holders {
        self.holders.get_or_init(|| holders::Holders::new(self))
    }

    /// The resources with this id that can have an identity. An id that is written alike is the same id, so this finds what
    /// is certain, and does so without comparing an open name with all others.
    fn written_as(&self, id: &ResourceId) -> impl Iterator<Item = &'a Resource> {
        let by_text = self.by_text.get_or_init(|| assignments::ByText::new(self.deployment));
        by_text.of(id).iter().filter_map(|index| self.deployment.resource(*index))
    }
}

/// How a rule is applied.
#[derive(Clone, Copy)]
pub(crate) enum Mechanism {
    /// The engine does it from the data.
    Engine,
    /// This turns the places that the data names into those that are meant; the engine does the rest.
    Places(for<'r> fn(&Context<'_>, Vec<Demand<'r>>) -> Vec<Demand<'r>>),
    /// This does it.
    Check(for<'r> fn(&Context<'_>, &'r Rule, &mut Work<'r>)),
    /// This does it, and looks at the answers of all rules that ask for permissions.
    Answers(for<'r> fn(&Context<'_>, &'r Rule, &mut Work<'r>)),
}

/// How the rule with this id is applied.
pub(crate) fn of(id: &str) -> Mechanism {
    match id {
        "add-on-identity-given" => Mechanism::Check(add_on_identity_given::check),
        "api-server-subnet-not-delegated" => Mechanism::Check(api_server_subnet_not_delegated::check),
        "app-routing-vault-without-role" => Mechanism::Places(app_routing_vault_without_role::places),
        "application-gateway-without-role" => Mechanism::Places(application_gateway_without_role::places),
        "backup-without-role" => Mechanism::Places(backup_without_role::places),
        "backup-without-trusted-access" => Mechanism::Check(backup_without_trusted_access::check),
        "cluster-admin-role" => Mechanism::Check(cluster_admin_role::check),
        "cluster-identity-count" => Mechanism::Check(cluster_identity_count::check),
        "cluster-with-service-principal" => Mechanism::Check(cluster_with_service_principal::check),
        "cluster-without-identity" => Mechanism::Check(cluster_without_identity::check),
        "compute-in-another-region" => Mechanism::Check(compute_in_another_region::check),
        "container-insights-without-rule" => Mechanism::Check(container_insights_without_rule::check),
        "disk-encryption-set-without-key" => Mechanism::Places(disk_encryption_set_without_key::places),
        "duplicate-role-assignment" => Mechanism::Check(duplicate_role_assignment::check),
        "federated-credential-audience" => Mechanism::Check(federated_credential_audience::check),
        "federated-credential-issuer" => Mechanism::Check(federated_credential_issuer::check),
        "federated-credential-limit" => Mechanism::Check(federated_credential_limit::check),
        "federated-credential-name" => Mechanism::Check(federated_credential_name::check),
        "federated-credential-subject" => Mechanism::Check(federated_credential_subject::check),
        "federated-credential-unsupported-in-region" => {
            Mechanism::Check(federated_credential_unsupported_in_region::check)
        }
        "federated-credential-without-issuer" => Mechanism::Check(federated_credential_without_issuer::check),
        "federated-credentials-in-parallel" => Mechanism::Check(federated_credentials_in_parallel::check),
        "fqdn-subdomain-without-zone" => Mechanism::Check(fqdn_subdomain_without_zone::check),
        "gateway-subnet-without-role" => Mechanism::Places(gateway_subnet_without_role::places),
        "group-without-object-id" => Mechanism::Check(group_without_object_id::check),
        "identity-created-after-cluster" => Mechanism::Check(identity_created_after_cluster::check),
        "identity-profile-key" => Mechanism::Check(identity_profile_key::check),
        "key-vault-grant-without-effect" => Mechanism::Answers(key_vault_grant_without_effect::check),
        "kms-key-without-role" => Mechanism::Places(kms_key_without_role::places),
        "kms-private-vault-incomplete" => Mechanism::Check(kms_private_vault_incomplete::check),
        "kms-private-vault-without-role" => Mechanism::Places(kms_private_vault_without_role::places),
        "kms-vault-firewall" => Mechanism::Check(kms_vault_firewall::check),
        "kubelet-identity-invalid" => Mechanism::Check(kubelet_identity_invalid::check),
        "kubelet-identity-mismatch" => Mechanism::Check(kubelet_identity_mismatch::check),
        "kubernetes-role-without-azure-rbac" => Mechanism::Check(kubernetes_role_without_azure_rbac::check),
        "kubernetes-role-without-cluster-user" => Mechanism::Places(kubernetes_role_without_cluster_user::places),
        "nobody-can-administer" => Mechanism::Answers(nobody_can_administer::check),
        "overprivileged-identity" => Mechanism::Check(overprivileged_identity::check),
        "principal-id-of-no-principal" => Mechanism::Answers(principal_id_of_no_principal::check),
        "principal-type-missing" => Mechanism::Check(principal_type_missing::check),
        "principal-type-wrong" => Mechanism::Check(principal_type_wrong::check),
        "private-dns-zone-name" => Mechanism::Check(private_dns_zone_name::check),
        "redundant-role-assignment" => Mechanism::Check(redundant_role_assignment::check),
        "registry-without-pull-role" => Mechanism::Places(registry_without_pull_role::places),
        "role-assigned-after-cluster" => Mechanism::Answers(role_assigned_after_cluster::check),
        "role-assignment-name" => Mechanism::Check(role_assignment_name::check),
        "role-definition-id-malformed" => Mechanism::Check(role_definition_id_malformed::check),
        "role-in-locked-resource-group" => Mechanism::Check(role_in_locked_resource_group::check),
        "role-on-broad-scope" => Mechanism::Answers(role_on_broad_scope::check),
        "role-without-need" => Mechanism::Answers(role_without_need::check),
        "route-table-associated-after-cluster" => Mechanism::Check(route_table_associated_after_cluster::check),
        "route-table-without-role" => Mechanism::Places(route_table_without_role::places),
        "service-account-client-id" => Mechanism::Check(service_account_client_id::check),
        "system-assigned-with-custom-network" => Mechanism::Places(system_assigned_with_custom_network::places),
        "system-assigned-with-own-resources" => Mechanism::Answers(system_assigned_with_own_resources::check),
        "unknown-role" => Mechanism::Check(unknown_role::check),
        "virtual-network-without-role" => Mechanism::Places(virtual_network_without_role::places),
        "virtual-node-subnet-without-role" => Mechanism::Places(virtual_node_subnet_without_role::places),
        "workload-identity-of-cluster" => Mechanism::Check(workload_identity_of_cluster::check),
        "workload-identity-without-issuer" => Mechanism::Check(workload_identity_without_issuer::check),
        _ => Mechanism::Engine,
    }
}
