//! `rolecall requirements`: what is needed, by whom, and what grants it.

mod common;

use std::collections::BTreeSet;

use common::{Run, Workspace, ran, repository, rolecall};
use serde_json::Value;

/// The clean workspace of a language: every permission is granted.
fn clean(language: &str, arguments: &[&str]) -> Run {
    let folder = repository().join("tests/workspaces/clean");
    ran(rolecall(&folder).args(["requirements", language]).args(arguments))
}

fn example(arguments: &[&str]) -> Run {
    Workspace::copy_of("examples/aks-byo-identities").run(&[&["requirements"], arguments].concat())
}

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("no JSON: {}", run.text()))
}

#[test]
fn the_json_is_as_its_schema_says_in_every_language() {
    let path = repository().join("crates/rolecall-report/schemas/requirements.schema.json");
    let schema = serde_json::from_str(&std::fs::read_to_string(path).expect("read")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    for run in ["arm", "bicep", "terraform"].map(|language| clean(language, &["--format", "json"])) {
        let document = json(&run);
        let errors: Vec<_> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new());
        assert!(document["deployments"][0]["clusters"][0]["permissions"].as_array().is_some_and(|all| !all.is_empty()));
    }
    let mut broken = json(&example(&["--format", "json"]));
    assert!(validator.is_valid(&broken));
    broken["deployments"][0]["clusters"][0]["permissions"][0]["answer"] = "perhaps".into();
    assert!(!validator.is_valid(&broken));
}

#[test]
fn a_missing_and_a_granted_permission_stand_under_their_cluster() {
    let document = json(&example(&["--format", "json", "azuredeploy.parameters.prod.json"]));
    let cluster = &document["deployments"][0]["clusters"][0];
    assert_eq!(cluster["name"], "aks-prod");
    let [missing, granted] = &cluster["permissions"].as_array().expect("a list")[..] else { panic!("{cluster}") };
    assert_eq!((&missing["answer"], &missing["granted_by"]), (&"missing".into(), &Value::Null));
    assert_eq!(missing["why"]["azure_errors"][0], "CustomKubeletIdentityMissingPermissionError");
    assert_eq!(missing["least_role"]["name"], "Managed Identity Operator");
    assert_eq!(granted["granted_by"]["position"]["line"], 99);
    assert_eq!(granted["identity"], "control plane");
}

#[test]
fn what_is_granted_above_the_scope_says_from_where() {
    let document = json(&clean("bicep", &["--format", "json"]));
    let rows = document["deployments"][0]["clusters"][0]["permissions"].as_array().expect("a list");
    let inherited =
        |row: &&Value| row["granted_by"]["inherited_from"].as_str().is_some_and(|from| from.contains("vnet-"));
    assert!(rows.iter().any(|row| inherited(&row)), "{rows:#?}");
    assert!(rows.iter().any(|row| row["granted_by"]["inherited_from"].is_null()));
}

/// A cluster that brings everything for which whoever deploys needs a permission.
const BROUGHT: &str = "
resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = { name: 'control', location: 'westeurope' }
resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' existing = { name: 'logs' }
resource vnet 'Microsoft.Network/virtualNetworks@2023-09-01' existing = {
  name: 'vnet'
  resource nodes 'subnets' existing = { name: 'nodes' }
}
resource role 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vnet.id, control.id, 'role')
  scope: vnet
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')
  }
}
resource aks 'Microsoft.ContainerService/managedClusters@2024-09-01' = {
  name: 'aks'
  location: 'westeurope'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    diskEncryptionSetID: resourceId('Microsoft.Compute/diskEncryptionSets', 'des')
    addonProfiles: { omsagent: { enabled: true, config: { logAnalyticsWorkspaceResourceID: workspace.id } } }
    networkProfile: { loadBalancerProfile: { backendPoolType: 'NodeIP' } }
    agentPoolProfiles: [ { name: 'one', mode: 'System', count: 1, vmSize: 'Standard_D2s_v5', vnetSubnetID: vnet::nodes.id } ]
  }
  dependsOn: [ role ]
}
";

#[test]
fn whoever_deploys_needs_what_the_table_of_the_documentation_says() {
    let workspace = Workspace::new();
    workspace.write("main.bicep", BROUGHT);
    let document = json(&workspace.run(&["requirements", "--format", "json"]));
    let rows = document["deployments"][0]["deployer"].as_array().expect("a list");
    let needs = |action: &str, scope: &str| {
        let is_it = |row: &&Value| {
            let actions = row["actions"].as_array().expect("a list");
            actions.iter().any(|one| one == action) && row["scope"].as_str().is_some_and(|own| own.ends_with(scope))
        };
        rows.iter().filter(is_it).count()
    };
    for (action, scope) in [
        ("Microsoft.ContainerService/managedClusters/write", "/aks"),
        ("Microsoft.Compute/diskEncryptionSets/read", "/des"),
        ("Microsoft.OperationalInsights/workspaces/sharedkeys/read", "/logs"),
        ("Microsoft.Network/virtualNetworks/subnets/join/action", "/vnet/subnets/nodes"),
        ("Microsoft.Network/virtualNetworks/joinLoadBalancer/action", "/virtualNetworks/vnet"),
        ("Microsoft.ManagedIdentity/userAssignedIdentities/assign/action", "/control"),
        ("Microsoft.Authorization/roleAssignments/write", "/virtualNetworks/vnet"),
    ] {
        assert_eq!(needs(action, scope), 1, "{action} on {scope}: {rows:#?}");
    }
    assert_eq!(needs("Microsoft.Network/applicationGateways/write", ""), 0);
}

#[test]
fn every_entry_that_requirements_show_is_shown() {
    let workspace = Workspace::new();
    workspace.write("main.bicep", BROUGHT);
    let shown = workspace.run(&["requirements"]).stdout;
    let path = repository().join("rules/requirements.toml");
    let catalogue: toml::Table = toml::from_str(&std::fs::read_to_string(path).expect("read")).expect("entries");
    let entries = catalogue["entry"].as_array().expect("a list");
    let marked =
        entries.iter().filter(|entry| entry.get("shown_by").and_then(|by| by.as_str()) == Some("requirements"));
    let left: BTreeSet<&str> =
        marked.filter_map(|entry| entry["id"].as_str()).filter(|id| !shown.contains(id)).collect();
    assert!(left.is_empty(), "not shown: {left:?}");
}

#[test]
fn the_table_says_who_on_what_why_and_by_what() {
    let table = example(&["azuredeploy.parameters.prod.json"]).stdout;
    for line in [
        "cluster aks-prod (azuredeploy.json:114)\n",
        "  missing  id-aks-control  on id-aks-kubelet            Managed Identity Operator\n",
        "      why: KUB-MIO: The control plane identity needs to read and assign a kubelet identity that the cluster brings \
         (azuredeploy.json:134); Azure says CustomKubeletIdentityMissingPermissionError\n",
        "      by: Network Contributor on `vnet-spoke-prod/snet-aks` (azuredeploy.json:99)\n",
        "AKS sees to these by itself: the control plane is Contributor on the node resource group\n",
    ] {
        assert!(table.contains(line), "{line}\n{table}");
    }
}

#[test]
fn markdown_is_a_table_in_which_no_name_is_markup() {
    let workspace = Workspace::copy_of("examples/aks-byo-identities");
    let parameters = workspace.path().join("azuredeploy.parameters.prod.json");
    let text = std::fs::read_to_string(&parameters).expect("read").replace("aks-prod", "<script>|x");
    std::fs::write(&parameters, text).expect("written");
    let text = workspace.run(&["requirements", "--format", "markdown", "azuredeploy.parameters.prod.json"]).stdout;
    assert!(text.contains("### Cluster &lt;script\\>\\|x"), "{text}");
    assert!(!text.contains("<script>"));
    assert!(text.contains("| missing | id-aks-control | id-aks-kubelet |"), "{text}");
}

#[test]
fn why_leads_from_the_need_to_the_grant_or_to_the_reason_that_there_is_none() {
    let granted = clean("bicep", &["--why", "kubelet identity", "registry"]).stdout;
    assert!(granted.contains("needs Microsoft.ContainerRegistry/registries/pull/read on crorders"), "{granted}");
    assert!(granted.contains("  granted by AcrPull on"), "{granted}");
    let missing = example(&["--why", "control plane", "id-aks-kubelet", "azuredeploy.parameters.prod.json"]);
    assert!(missing.stdout.contains("  missing: no assignment of this deployment grants it\n"), "{}", missing.text());
    assert!(
        missing.stdout.contains("found: Managed Identity Operator for this principal, but on"),
        "{}",
        missing.text()
    );
}

#[test]
fn a_need_that_nobody_has_is_answered_with_those_that_there_are() {
    let run = example(&["--why", "nobody", "nothing"]);
    assert_eq!(run.status, 2, "{}", run.text());
    assert!(run.stderr.contains("there are: id-aks-control on id-aks-kubelet"), "{}", run.text());
}

#[test]
fn what_is_needed_does_not_depend_on_the_levels_of_rules() {
    let workspace = Workspace::copy_of("examples/aks-byo-identities");
    workspace.write("rolecall.toml", "[rules]\nkubelet-identity-without-operator = \"off\"\n");
    let table = workspace.run(&["requirements"]).stdout;
    assert!(table.contains("KUB-MIO"), "{table}");
}
