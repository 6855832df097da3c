//! What provider resources become in ARM.

use rolecall_value::Symbol;

use super::{clean, one, property, run};

const CLUSTER: &str = "Microsoft.ContainerService/managedClusters";
const ASSIGNMENT: &str = "Microsoft.Authorization/roleAssignments";
const SUBNET: &str = "Microsoft.Network/virtualNetworks/subnets";

fn cluster(extra: &str) -> String {
    format!(
        "resource \"azurerm_kubernetes_cluster\" \"c\" {{\n  name = \"c\"\n  resource_group_name = \"g\"\n  {extra}\n}}\n"
    )
}

fn assignment(role: &str, principal: &str) -> String {
    format!(
        "resource \"azurerm_role_assignment\" \"a\" {{\n  scope = \"/subscriptions/s\"\n  {role}\n  principal_id = {principal}\n}}\n"
    )
}

fn principal(text: &str, expression: &str) -> String {
    let deployment = clean(&format!("{text}{}", assignment("role_definition_name = \"Reader\"", expression)));
    property(one(&deployment, ASSIGNMENT), "properties.principalId").text()
}

#[test]
fn no_network_profile_means_kubenet() {
    let deployment = clean(&cluster(""));
    assert_eq!(
        property(one(&deployment, CLUSTER), "properties.networkProfile.networkPlugin").as_str(),
        Some("kubenet")
    );
    let deployment = clean(&cluster("network_profile {\n    network_plugin = \"azure\"\n  }"));
    assert_eq!(property(one(&deployment, CLUSTER), "properties.networkProfile.networkPlugin").as_str(), Some("azure"));
}

#[test]
fn the_issuer_is_on_since_azurerm_5() {
    let enabled = |version: &str| {
        let text = format!(
            "terraform {{\n  required_providers {{\n    azurerm = {{ source = \"hashicorp/azurerm\", version = \"{version}\" }}\n  }}\n}}\n{}",
            cluster("")
        );
        let deployment = clean(&text);
        property(one(&deployment, CLUSTER), "properties.oidcIssuerProfile.enabled")
    };
    assert_eq!(enabled("~> 5.0").as_bool(), Some(true));
    assert_eq!(enabled("~> 4.0").as_bool(), Some(false));
    assert!(enabled(">= 3.0").as_unknown().is_some());
}

#[test]
fn the_lock_file_says_the_version() {
    let lock = "provider \"registry.terraform.io/hashicorp/azurerm\" {\n  version = \"5.1.0\"\n}\n";
    let deployment = run(&[("main.tf", &cluster("")), (".terraform.lock.hcl", lock)]);
    assert_eq!(property(one(&deployment, CLUSTER), "properties.oidcIssuerProfile.enabled").as_bool(), Some(true));
}

#[test]
fn identities_of_a_cluster_are_attributes_of_it() {
    let text = cluster(
        "identity {\n    type = \"SystemAssigned\"\n  }\n  oms_agent {\n    log_analytics_workspace_id = \"w\"\n  }",
    );
    let reference = |path: &str| {
        format!(
            "reference('/subscriptions/{{subscription().subscriptionId}}/resourceGroups/g/providers/{CLUSTER}/c').{path}"
        )
    };
    for (expression, path) in [
        ("identity[0].principal_id", "identity.principalId"),
        ("kubelet_identity[0].object_id", "properties.identityProfile.kubeletidentity.objectId"),
        ("oms_agent[0].oms_agent_identity[0].object_id", "properties.addonProfiles.omsagent.identity.objectId"),
    ] {
        assert_eq!(principal(&text, &format!("azurerm_kubernetes_cluster.c.{expression}")), reference(path));
    }
}

#[test]
fn old_and_new_names_are_one_property() {
    for argument in ["enable_node_public_ip", "node_public_ip_enabled"] {
        let deployment =
            clean(&cluster(&format!("default_node_pool {{\n    name = \"n\"\n    {argument} = true\n  }}")));
        let pools = property(one(&deployment, CLUSTER), "properties.agentPoolProfiles");
        assert_eq!(
            pools.as_array().expect("pools").items[0].value.get("enableNodePublicIP").and_then(|value| value.as_bool()),
            Some(true)
        );
    }
}

#[test]
fn a_data_source_names_the_resource_that_is_made_here() {
    let text = "resource \"azurerm_user_assigned_identity\" \"x\" {\n  name = \"id\"\n  resource_group_name = \"g\"\n}\ndata \"azurerm_user_assigned_identity\" \"x\" {\n  name = \"id\"\n  resource_group_name = \"g\"\n}\n";
    assert_eq!(
        principal(text, "data.azurerm_user_assigned_identity.x.principal_id"),
        principal(text, "azurerm_user_assigned_identity.x.principal_id")
    );
}

#[test]
fn a_role_is_named_or_given_by_id() {
    let reader = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
    let id = |text: &str| {
        let deployment = clean(text);
        property(one(&deployment, ASSIGNMENT), "properties.roleDefinitionId").plain()
    };
    assert!(id(&assignment("role_definition_name = \"reader\"", "\"p\"")).ends_with(reader));
    let data =
        "data \"azurerm_subscription\" \"s\" {}\ndata \"azurerm_role_definition\" \"r\" {\n  name = \"Reader\"\n}\n";
    for expression in [
        "data.azurerm_role_definition.r.id",
        "\"${data.azurerm_subscription.s.id}${data.azurerm_role_definition.r.id}\"",
    ] {
        assert!(
            id(&format!("{data}{}", assignment(&format!("role_definition_id = {expression}"), "\"p\"")))
                .ends_with(reader)
        );
    }
}

#[test]
fn a_custom_role_is_found_by_name_and_by_id() {
    let role = "resource \"azurerm_role_definition\" \"r\" {\n  name = \"mine\"\n  scope = \"/subscriptions/s\"\n  permissions {\n    actions = [\"a/b/read\"]\n  }\n}\n";
    for named in [
        "role_definition_name = \"mine\"",
        "role_definition_id = azurerm_role_definition.r.role_definition_resource_id",
        "role_definition_id = azurerm_role_definition.r.id",
    ] {
        let deployment = clean(&format!("{role}{}", assignment(named, "\"p\"")));
        let given = property(one(&deployment, ASSIGNMENT), "properties.roleDefinitionId").plain();
        let own = one(&deployment, "Microsoft.Authorization/roleDefinitions").id.name().plain();
        assert!(given.contains(&own), "{given} {own}");
    }
}

#[test]
fn associations_change_the_subnet() {
    let deployment = clean(
        "resource \"azurerm_subnet\" \"s\" {\n  name = \"s\"\n  virtual_network_name = \"v\"\n  resource_group_name = \"g\"\n}\nresource \"azurerm_route_table\" \"r\" {\n  name = \"r\"\n  resource_group_name = \"g\"\n}\nresource \"azurerm_subnet_route_table_association\" \"a\" {\n  subnet_id = azurerm_subnet.s.id\n  route_table_id = azurerm_route_table.r.id\n}\n",
    );
    assert!(property(one(&deployment, SUBNET), "properties.routeTable.id").plain().ends_with("/routeTables/r"));
}

#[test]
fn a_subnet_inside_its_network_is_a_subnet() {
    let deployment = clean(
        "resource \"azurerm_virtual_network\" \"v\" {\n  name = \"v\"\n  resource_group_name = \"g\"\n  subnet {\n    name = \"inner\"\n    security_group = \"/subscriptions/s/n\"\n  }\n}\nresource \"azurerm_role_assignment\" \"a\" {\n  scope = azurerm_virtual_network.v.subnet.*.id[0]\n  role_definition_name = \"Reader\"\n  principal_id = \"p\"\n}\n",
    );
    let subnet = one(&deployment, SUBNET).id.to_value().plain();
    assert_eq!(one(&deployment, ASSIGNMENT).id.scope.to_value().plain(), subnet);
}

#[test]
fn access_policies_are_elements_of_the_vault() {
    let deployment = clean(
        "resource \"azurerm_key_vault\" \"v\" {\n  name = \"v\"\n  resource_group_name = \"g\"\n}\nresource \"azurerm_key_vault_access_policy\" \"p\" {\n  key_vault_id = azurerm_key_vault.v.id\n  object_id = \"o\"\n  secret_permissions = [\"Get\"]\n}\n",
    );
    let policies = property(one(&deployment, "Microsoft.KeyVault/vaults"), "properties.accessPolicies");
    assert_eq!(policies.text(), "[{objectId: 'o', permissions: {secrets: ['Get']}}]");
}

#[test]
fn azapi_bodies_are_arm_in_both_versions() {
    for body in ["{ properties = { dnsPrefix = \"d\" } }", "jsonencode({ properties = { dnsPrefix = \"d\" } })"] {
        let deployment = clean(&format!(
            "resource \"azurerm_resource_group\" \"g\" {{\n  name = \"g\"\n}}\nresource \"azapi_resource\" \"c\" {{\n  type = \"{CLUSTER}@2024-01-01\"\n  parent_id = azurerm_resource_group.g.id\n  name = \"c\"\n  identity {{\n    type = \"SystemAssigned\"\n  }}\n  body = {body}\n}}\n"
        ));
        let cluster = one(&deployment, CLUSTER);
        assert_eq!(property(cluster, "properties.dnsPrefix").as_str(), Some("d"));
        assert_eq!(property(cluster, "identity.type").as_str(), Some("SystemAssigned"));
        assert!(cluster.id.to_value().plain().ends_with(&format!("/resourceGroups/g/providers/{CLUSTER}/c")));
    }
}

#[test]
fn azapi_answers_are_attributes() {
    let text = format!(
        "resource \"azapi_resource\" \"c\" {{\n  type = \"{CLUSTER}@2024-01-01\"\n  parent_id = \"/subscriptions/s/resourceGroups/g\"\n  name = \"c\"\n  body = {{}}\n}}\n"
    );
    for expression in [
        "azapi_resource.c.output.properties.identityProfile.kubeletidentity.objectId",
        "jsondecode(azapi_resource.c.output).properties.identityProfile.kubeletidentity.objectId",
    ] {
        assert!(
            principal(&text, expression).ends_with(".properties.identityProfile.kubeletidentity.objectId"),
            "{expression}"
        );
    }
}

#[test]
fn an_azapi_role_assignment_stands_on_its_parent() {
    let deployment = clean(&format!(
        "resource \"azapi_resource\" \"a\" {{\n  type = \"{ASSIGNMENT}@2022-04-01\"\n  parent_id = \"/subscriptions/s/resourceGroups/g\"\n  name = \"n\"\n  body = {{ properties = {{ principalId = \"p\" }} }}\n}}\n"
    ));
    assert_eq!(one(&deployment, ASSIGNMENT).id.scope.to_value().plain(), "/subscriptions/s/resourceGroups/g");
}

#[test]
fn the_id_of_a_service_principal_changed_in_azuread_3() {
    let id = |version: &str| {
        let text = format!(
            "terraform {{\n  required_providers {{\n    azuread = {{ version = \"{version}\" }}\n  }}\n}}\nresource \"azuread_service_principal\" \"p\" {{\n  client_id = \"c\"\n}}\n"
        );
        principal(&text, "azuread_service_principal.p.id")
    };
    assert_eq!(id("~> 2.0"), "serviceprincipal('c')");
    assert!(id("~> 3.0").starts_with("'/servicePrincipals/"));
}

#[test]
fn names_with_holes_are_strings_with_holes() {
    let deployment = clean(
        "resource \"random_string\" \"r\" {\n  length = 4\n}\nresource \"azurerm_user_assigned_identity\" \"x\" {\n  name = \"id-${random_string.r.result}\"\n  resource_group_name = \"g\"\n}\n",
    );
    let name = one(&deployment, "Microsoft.ManagedIdentity/userAssignedIdentities").id.name();
    assert_eq!(name.text(), "'id-{reference('random_string.r').result}'");
}

#[test]
fn a_resource_group_is_named_by_reference() {
    let deployment = clean(
        "resource \"azurerm_resource_group\" \"g\" {\n  name = \"grp\"\n}\nresource \"azurerm_user_assigned_identity\" \"x\" {\n  name = \"i\"\n  resource_group_name = azurerm_resource_group.g.name\n}\n",
    );
    let id = &one(&deployment, "Microsoft.ManagedIdentity/userAssignedIdentities").id;
    assert!(id.to_value().plain().contains("/resourceGroups/grp/"));
    assert_eq!(deployment.edges.len(), 1);
}

#[test]
fn an_unmapped_resource_is_itself() {
    let text = "resource \"azurerm_some_future_thing\" \"x\" {\n  name = \"x\"\n  identity {\n    type = \"SystemAssigned\"\n  }\n}\n";
    let principal = principal(text, "azurerm_some_future_thing.x.identity[0].principal_id");
    assert_eq!(principal, "reference('azurerm_some_future_thing.x').identity.principalId");
}

#[test]
fn a_list_of_ids_becomes_references() {
    let deployment = clean(&cluster(
        "network_profile {\n    network_plugin = \"azure\"\n    load_balancer_profile {\n      outbound_ip_address_ids = [\"a\", \"b\"]\n    }\n  }",
    ));
    let ips =
        property(one(&deployment, CLUSTER), "properties.networkProfile.loadBalancerProfile.outboundIPs.publicIPs");
    assert_eq!(ips.text(), "[{id: 'a'}, {id: 'b'}]");
}

#[test]
fn client_and_principal_of_an_identity_differ() {
    let text =
        "resource \"azurerm_user_assigned_identity\" \"x\" {\n  name = \"id\"\n  resource_group_name = \"g\"\n}\n";
    let client = principal(text, "azurerm_user_assigned_identity.x.client_id");
    assert!(client.ends_with(".properties.clientId"));
    let deployment = clean(&format!(
        "{text}{}",
        assignment("role_definition_name = \"Reader\"", "azurerm_user_assigned_identity.x.principal_id")
    ));
    assert!(matches!(
        property(one(&deployment, ASSIGNMENT), "properties.principalId").as_symbol(),
        Some(Symbol::Attribute { .. })
    ));
}

#[test]
fn a_name_that_only_the_deployment_chooses_among_many_is_one_name() {
    let choose =
        |test: &str, then: &str, otherwise: &str| format!("data.http.x.{test} == \"1\" ? {then} : ({otherwise})");
    let name = ["a", "b", "c", "d", "e", "f"]
        .iter()
        .fold("\"z\"".to_owned(), |rest, test| choose(test, &format!("\"{test}\""), &rest));
    let deployment = clean(&format!(
        "data \"http\" \"x\" {{}}\nlocals {{\n  name = {name}\n}}\n\
         resource \"azurerm_virtual_network\" \"x\" {{\n  name = local.name\n  resource_group_name = \"rg\"\n}}\n\
         resource \"azurerm_subnet\" \"x\" {{\n  name = \"s\"\n  virtual_network_name = azurerm_virtual_network.x.name\n  resource_group_name = \"rg\"\n}}\n"
    ));
    let network = one(&deployment, "Microsoft.Network/virtualNetworks");
    let subnet = one(&deployment, "Microsoft.Network/virtualNetworks/subnets");
    assert_eq!(subnet.id.names[0].text(), network.id.names[0].text());
}

#[test]
fn a_kubernetes_object_has_the_shape_that_bicep_gives_it() {
    for version in ["", "_v1"] {
        let text = format!(
            "resource \"kubernetes_service_account{version}\" \"a\" {{\n  metadata {{\n    name = \"n\"\n    namespace = \"s\"\n    annotations = {{ \"a/b\" = \"c\" }}\n  }}\n}}\n"
        );
        let deployment = clean(&text);
        let account = one(&deployment, "core/ServiceAccount@v1");
        assert_eq!(account.id.name().as_str(), Some("n"));
        assert_eq!(property(account, "properties.metadata.namespace").as_str(), Some("s"));
    }
}

#[test]
fn what_others_take_from_a_kubernetes_object_is_what_it_says() {
    let text = "resource \"kubernetes_service_account\" \"a\" {\n  metadata {\n    name = \"n\"\n  }\n}\n";
    assert_eq!(principal(text, "kubernetes_service_account.a.metadata[0].name"), "'n'");
}

#[test]
fn the_provider_makes_one_federated_credential_of_an_identity_at_a_time() {
    let deployment = clean(
        "resource \"azurerm_federated_identity_credential\" \"a\" {\n  name = \"n\"\n  parent_id = \"/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i\"\n}\n",
    );
    assert_eq!(deployment.one_by_one.len(), 1);
}
