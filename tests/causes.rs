//! One mistake is one finding, as serious as what becomes of the deployment, with all rules at work.

mod common;

use common::Workspace;
use serde_json::Value;

/// The rule, the level and the moment of each finding above a note.
fn findings(files: &[(&str, &str)]) -> Vec<[String; 3]> {
    let workspace = Workspace::new();
    for (name, text) in files {
        workspace.write(name, text);
    }
    let run = workspace.check(&["--format", "json", "--fail-on", "never"]);
    let document: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("no JSON: {}", run.text()));
    let all = document["findings"].as_array().expect("a list").iter();
    all.filter(|one| one["level"] != "note")
        .map(|one| ["rule", "level", "breaks_at"].map(|name| one[name].as_str().unwrap_or_default().to_owned()))
        .collect()
}

const IDENTITY: &str = r#"
resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-control'
  location: 'westeurope'
}
"#;

const NETWORK: &str = r#"
resource table 'Microsoft.Network/routeTables@2023-09-01' = {
  name: 'rt'
  location: 'westeurope'
}

resource vnet 'Microsoft.Network/virtualNetworks@2023-09-01' = {
  name: 'vnet'
  location: 'westeurope'
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] }
  }

  resource nodes 'subnets' = {
    name: 'nodes'
    properties: { addressPrefix: '10.0.0.0/20', routeTable: ROUTES }
  }
}
"#;

/// A cluster in a subnet; `identity` is its identity.
fn cluster(identity: &str, plugin: &str) -> String {
    format!(
        r#"
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {{
  name: 'aks'
  location: 'westeurope'
  identity: {identity}
  properties: {{
    dnsPrefix: 'aks'
    agentPoolProfiles: [
      {{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5', vnetSubnetID: vnet::nodes.id }}
    ]
    networkProfile: {{ networkPlugin: '{plugin}' }}
  }}
}}
"#
    )
}

/// Network Contributor on the subnet.
fn assignment(principal: &str, more: &str) -> String {
    format!(
        r#"
resource join 'Microsoft.Authorization/roleAssignments@2022-04-01' = {{
  name: guid(vnet::nodes.id, 'id-control', 'join')
  scope: vnet::nodes
  properties: {{
    principalId: {principal}
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')
    {more}
  }}
}}
"#
    )
}

const USER_ASSIGNED: &str = "{ type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }";

fn with_assignment(principal: &str, more: &str) -> Vec<[String; 3]> {
    let network = NETWORK.replace("ROUTES", "null");
    let text = [IDENTITY, &network, &cluster(USER_ASSIGNED, "azure"), &assignment(principal, more)].concat();
    findings(&[("main.bicep", &text)])
}

fn one(rule: &str, level: &str, breaks_at: &str) -> Vec<[String; 3]> {
    vec![[rule, level, breaks_at].map(str::to_owned)]
}

#[test]
fn a_permission_whose_assignment_is_refused_is_an_error_since_the_deployment_fails() {
    let refused = one("subnet-without-role", "error", "create");
    assert_eq!(with_assignment("cluster.identity.principalId", "principalType: 'ServicePrincipal'"), refused);
    assert_eq!(with_assignment("control.id", "principalType: 'ServicePrincipal'"), refused);
    assert_eq!(with_assignment("control.properties.clientId", ""), refused);
}

#[test]
fn a_permission_whose_assignment_helps_nobody_is_no_error() {
    let silent = one("subnet-without-role", "warning", "runtime");
    assert_eq!(with_assignment("control.properties.clientId", "principalType: 'ServicePrincipal'"), silent);
}

#[test]
fn what_an_identity_lacks_that_the_cluster_cannot_have_is_not_said() {
    let network = NETWORK.replace("ROUTES", "{ id: table.id }");
    let own = "{ type: 'SystemAssigned' }";
    let kubenet = [&*network, &cluster(own, "kubenet")].concat();
    assert_eq!(findings(&[("main.bicep", &kubenet)]), one("system-assigned-with-custom-network", "error", "create"));
    let azure = [&*network, &cluster(own, "azure")].concat();
    assert_eq!(findings(&[("main.bicep", &azure)]), one("subnet-without-role", "warning", "runtime"));
}

#[test]
fn what_an_identity_lacks_is_said_beside_what_only_does_not_work_with_it() {
    let network = NETWORK.replace("ROUTES", "null");
    let group = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-reserved/providers/Microsoft.Compute/capacityReservationGroups/crg";
    let pool = format!("capacityReservationGroupID: '{group}', vnetSubnetID:");
    let own = cluster("{ type: 'SystemAssigned' }", "azure").replace("vnetSubnetID:", &pool);
    let rules: Vec<_> =
        findings(&[("main.bicep", &[&*network, &own].concat())]).into_iter().map(|[rule, ..]| rule).collect();
    assert_eq!(rules, ["subnet-without-role", "system-assigned-with-reserved-compute"]);
}

#[test]
fn whoever_deploys_is_none_of_the_identities_that_are_new() {
    let network = NETWORK.replace("ROUTES", "null");
    let own = cluster("{ type: 'SystemAssigned' }", "azure");
    let text = [&*network, &own, &assignment("deployer().objectId", "")].concat();
    assert_eq!(findings(&[("main.bicep", &text)]), one("subnet-without-role", "warning", "runtime"));
}

#[test]
fn a_cluster_that_does_not_ask_azure_is_said_once_for_its_roles_and_its_administrators() {
    let text = |azure: &str| {
        format!(
            r#"
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {{
  name: 'aks'
  location: 'westeurope'
  identity: {{ type: 'SystemAssigned' }}
  properties: {{
    dnsPrefix: 'aks'
    disableLocalAccounts: true
    aadProfile: {{ managed: true, enableAzureRBAC: {azure} }}
    agentPoolProfiles: [{{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }}]
  }}
}}

resource admins 'Microsoft.Authorization/roleAssignments@2022-04-01' = {{
  name: guid(cluster.id, '22222222-2222-2222-2222-222222222222', 'admin')
  scope: cluster
  properties: {{
    principalId: '22222222-2222-2222-2222-222222222222'
    principalType: 'Group'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b')
  }}
}}
"#
        )
    };
    assert_eq!(findings(&[("main.bicep", &text("true"))]), Vec::<[String; 3]>::new());
    let expected = [["kubernetes-role-without-azure-rbac", "warning", "runtime"].map(str::to_owned)];
    assert_eq!(findings(&[("main.bicep", &text("false"))]), expected);
}

#[test]
fn a_role_that_a_vault_does_not_ask_is_said_by_what_lacks_the_permission() {
    let template = format!(
        r#"{IDENTITY}
resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {{
  name: 'kv-kms'
  location: 'westeurope'
  properties: {{ sku: {{ family: 'A', name: 'standard' }}, tenantId: tenant().tenantId, accessPolicies: [] }}

  resource key 'keys' = {{
    name: 'etcd'
    properties: {{ kty: 'RSA' }}
  }}
}}

resource encrypt 'Microsoft.Authorization/roleAssignments@2022-04-01' = {{
  name: guid(vault.id, control.id, 'encrypt')
  scope: vault
  properties: {{
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '12338af0-0e69-4776-bea7-57ae8d297424')
  }}
}}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {{
  name: 'aks'
  location: 'westeurope'
  identity: {{ type: 'UserAssigned', userAssignedIdentities: {{ '${{control.id}}': {{}} }} }}
  properties: {{
    dnsPrefix: 'aks'
    agentPoolProfiles: [{{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }}]
    securityProfile: {{
      azureKeyVaultKms: {{
        enabled: true
        keyId: vault::key.properties.keyUriWithVersion
        keyVaultNetworkAccess: 'Public'
      }}
    }}
  }}
  dependsOn: [encrypt]
}}
"#
    );
    let found = findings(&[("main.bicep", &template)]);
    assert_eq!(found, [["kms-key-without-role", "error", "create"].map(str::to_owned)]);
}
