//! `check --fix` in Bicep where the scope lies in another resource group: a module that is deployed there.

mod common;

use common::{Workspace, ran, rolecall};

/// A cluster in a subnet that another resource group has.
const BICEP: &str = "\
param networkGroup string

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-control'
  location: 'westeurope'
}

resource network 'Microsoft.Network/virtualNetworks@2023-04-01' existing = {
  name: 'vnet'
  scope: resourceGroup(networkGroup)

  resource nodes 'subnets' existing = {
    name: 'nodes'
  }
}

resource aks 'Microsoft.ContainerService/managedClusters@2024-09-01' = {
  name: 'aks'
  location: 'westeurope'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks'
    disableLocalAccounts: true
    aadProfile: { managed: true, enableAzureRBAC: true }
    agentPoolProfiles: [ { name: 'one', mode: 'System', count: 1, vmSize: 'Standard_D2s_v5', vnetSubnetID: network::nodes.id } ]
  }
}
";

/// The module that the first fix adds.
const MODULE: &str = "\
// Assigns a role on a resource of type Microsoft.Network/virtualNetworks/subnets in the resource group that it is deployed to.

param virtualNetworkName string
param subnetName string

@description('The object id of the managed identity that gets the role.')
param principalId string

@description('The GUID of the role.')
param roleId string

resource virtualNetwork 'Microsoft.Network/virtualNetworks@2023-11-01' existing = {
  name: virtualNetworkName
}

resource subnet 'Microsoft.Network/virtualNetworks/subnets@2023-11-01' existing = {
  parent: virtualNetwork
  name: subnetName
}

resource roleAssignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(subnet.id, principalId, roleId)
  scope: subnet
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleId)
  }
}
";

const NAME: &str = "subnetRoleAssignment.bicep";

fn workspace(text: &str) -> Workspace {
    let workspace = Workspace::new();
    workspace.write("main.bicep", text);
    workspace
}

fn text(workspace: &Workspace, path: &str) -> String {
    std::fs::read_to_string(workspace.path().join(path)).unwrap_or_default()
}

fn fix(workspace: &Workspace) -> common::Run {
    workspace.check(&["--fix", "--unsafe-fixes", "--assumed", "--fail-on", "note"])
}

#[test]
fn a_module_is_added_that_is_deployed_to_where_the_scope_is() {
    let workspace = workspace(BICEP);
    let run = fix(&workspace);
    assert_eq!(run.status, 0, "{}", run.text());
    assert_eq!(text(&workspace, NAME), MODULE);
    let call = "\n\n// Network Contributor, in the resource group of what it is on\nmodule network_nodesNetworkContributor \
                'subnetRoleAssignment.bicep' = {\n  name: 'network_nodesNetworkContributor'\n  scope: resourceGroup(networkGroup)\n  \
                params: {\n    virtualNetworkName: split(network::nodes.id, '/')[8]\n    subnetName: split(network::nodes.id, '/')[10]\n    \
                principalId: control.properties.principalId\n    roleId: '4d97b98b-1d4f-4787-a291-c67834d212e7'\n  }\n}\n";
    let after = text(&workspace, "main.bicep");
    let (before, behind) = BICEP.split_at(BICEP.find("\n\nresource aks").expect("there"));
    assert_eq!(after, format!("{before}{}{behind}", call.trim_end_matches('\n')));
    let again = fix(&workspace);
    assert_eq!((text(&workspace, "main.bicep"), again.stderr.as_str()), (after, ""));
}

#[test]
fn an_id_that_is_a_parameter_says_where_the_module_goes() {
    let given =
        BICEP.replace("param networkGroup string", "param subnetId string").replace("network::nodes.id", "subnetId");
    let start = given.find("resource network").expect("there");
    let end = given.find("resource aks").expect("there");
    let workspace = workspace(&format!("{}{}", &given[..start], &given[end..]));
    let run = fix(&workspace);
    assert_eq!(run.status, 0, "{}", run.text());
    let after = text(&workspace, "main.bicep");
    assert!(after.contains("  scope: resourceGroup(split(subnetId, '/')[2], split(subnetId, '/')[4])\n"), "{after}");
    assert_eq!(text(&workspace, NAME), MODULE);
}

#[test]
fn an_id_that_is_a_variable_says_where_the_module_goes_where_it_is_known_at_the_start() {
    let with = |value: &str| {
        let given = BICEP.replace(
            "param networkGroup string",
            &format!("param networkId string\nvar group = 'rg'\nvar subnetId = {value}"),
        );
        let given = given.replace("network::nodes.id", "subnetId");
        let start = given.find("resource network").expect("there");
        let end = given.find("resource aks").expect("there");
        workspace(&format!("{}{}", &given[..start], &given[end..]))
    };
    let early = with("'${networkId}/subnets/nodes'");
    let run = fix(&early);
    assert_eq!(run.status, 0, "{}", run.text());
    let after = text(&early, "main.bicep");
    assert!(after.contains("  scope: resourceGroup(split(subnetId, '/')[2], split(subnetId, '/')[4])\n"), "{after}");
    // What a resource answers is not known then: Bicep refuses it as a scope.
    let late = with("'${control.properties.tenantId}${networkId}/subnets/nodes'");
    fix(&late);
    assert!(!late.path().join(NAME).exists());
}

#[test]
fn a_module_that_is_there_already_is_used_and_another_of_its_name_is_left_alone() {
    let workspace = workspace(BICEP);
    workspace.write(NAME, MODULE);
    assert_eq!(fix(&workspace).status, 0);
    assert!(text(&workspace, "main.bicep").contains("'subnetRoleAssignment.bicep'"));
    let workspace = self::workspace(BICEP);
    workspace.write(NAME, "// ours\n");
    assert_eq!(fix(&workspace).status, 0);
    assert_eq!(text(&workspace, NAME), "// ours\n");
    assert!(text(&workspace, "main.bicep").contains("'subnetRoleAssignment2.bicep'"));
    assert_eq!(text(&workspace, "subnetRoleAssignment2.bicep"), MODULE);
}

#[test]
fn a_diff_shows_the_new_file_and_makes_none() {
    let workspace = workspace(BICEP);
    let run = workspace.check(&["--diff", "--unsafe-fixes", "--assumed"]);
    assert!(run.stdout.contains("--- /dev/null\n+++ b/subnetRoleAssignment.bicep\n@@ "), "{}", run.text());
    assert!(!workspace.path().join(NAME).exists());
}

#[test]
fn every_format_with_fixes_and_the_code_carry_the_new_file() {
    let workspace = workspace(BICEP);
    let json = workspace.check(&["--format", "json", "--assumed"]).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let findings = json["findings"].as_array().expect("findings");
    let files = findings.iter().find_map(|finding| finding["fix"]["files"].as_array()).expect("a file");
    assert_eq!((files[0]["file"].as_str(), files[0]["text"].as_str()), (Some(NAME), Some(MODULE)));
    let sarif = workspace.check(&["--format", "sarif", "--assumed"]).stdout;
    let sarif: serde_json::Value = serde_json::from_str(&sarif).expect("JSON");
    let changes = sarif["runs"][0]["results"].as_array().expect("results").iter();
    let changes: Vec<_> = changes.filter_map(|one| one["fixes"][0]["artifactChanges"].as_array()).flatten().collect();
    let new = changes.iter().find(|one| one["artifactLocation"]["uri"] == NAME).expect("a change of the new file");
    assert_eq!(new["replacements"][0]["insertedContent"]["text"], MODULE);
    let code = ran(rolecall(workspace.path()).args(["requirements", "--format", "bicep"])).stdout;
    assert!(code.contains(&format!("// in the new file {NAME}\n{MODULE}")), "{code}");
}

#[test]
fn a_folder_that_takes_no_file_is_left_as_it_is() {
    let workspace = workspace(BICEP);
    // What is there is no file: nothing can be made in its place.
    std::fs::create_dir(workspace.path().join(NAME)).expect("a folder");
    assert_eq!(fix(&workspace).status, 0);
    assert_eq!(text(&workspace, "subnetRoleAssignment2.bicep"), MODULE);
}
