//! `rolecall.toml` and `--grants`, in the program as a whole.

mod common;

use common::{Run, Workspace};
use serde_json::Value;

/// A cluster on a subnet from another group, and an identity that nothing here gives a role on it.
const CLUSTER: &str = r#"
param name string = 'aks'
resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-control'
  location: 'westeurope'
}
resource nodes 'Microsoft.Network/virtualNetworks/subnets@2024-01-01' existing = {
  name: 'vnet/nodes'
  scope: resourceGroup('rg-network')
}
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: name
  location: 'westeurope'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: name
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 1, vnetSubnetID: nodes.id }]
    disableLocalAccounts: true
    aadProfile: { managed: true, enableAzureRBAC: true }
  }
}
"#;

const SUBNET: &str = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-network/providers/\
                      Microsoft.Network/virtualNetworks/vnet/subnets/nodes";

const RULE: &str = "subnet-without-role";

fn workspace(config: &str) -> Workspace {
    let workspace = Workspace::new();
    workspace.write("main.bicep", CLUSTER);
    workspace.write("rolecall.toml", config);
    workspace
}

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.text()))
}

fn grant(principal: &str, role: &str, scope: &str) -> String {
    format!("[[grant]]\nprincipal = '{principal}'\nrole = '{role}'\nscope = '{scope}'\nreason = 'network team'\n")
}

/// The answers to the permission questions: granted, missing, assumed, undecided.
fn answers(run: &Run) -> [u64; 4] {
    let counts = &json(run)["summary"]["questions"];
    ["granted", "missing", "assumed", "undecided"].map(|name| counts[name].as_u64().expect("a number"))
}

fn rules_of(run: &Run) -> Vec<String> {
    let run = json(run);
    let findings = run["findings"].as_array().expect("findings").iter();
    findings.map(|finding| finding["rule"].as_str().expect("a rule").to_owned()).collect()
}

#[test]
fn a_grant_made_outside_answers_the_question_and_is_named_by_its_place() {
    let without = workspace("").check(&["--format", "json"]);
    assert_eq!(answers(&without), [0, 0, 1, 0]);
    let run = workspace(&grant("id-control", "Network Contributor", "rg-other/**")).check(&["--format", "json"]);
    assert_eq!(answers(&run), [0, 0, 1, 0], "a pattern that is for no scope");
    for scope in [SUBNET, "virtualNetworks/vnet", "/subscriptions/*/resourceGroups/rg-network"] {
        let run = workspace(&grant("id-*", "Network Contributor", scope)).check(&["--format", "json"]);
        assert_eq!((run.status, answers(&run)), (0, [1, 0, 0, 0]), "{scope}: {}", run.text());
        let question = &json(&run)["questions"][0];
        assert_eq!(
            (&question["by"]["position"]["file"], &question["by"]["position"]["line"]),
            (&"rolecall.toml".into(), &1.into())
        );
        assert!(question["reason"].as_str().is_some_and(|reason| reason.contains("network team")), "{question}");
        assert_eq!(rules_of(&run), Vec::<String>::new());
    }
}

#[test]
fn a_grant_of_too_little_changes_nothing() {
    let run = workspace(&grant("id-control", "Reader", SUBNET)).check(&["--format", "json"]);
    assert_eq!(answers(&run), [0, 0, 1, 0], "{}", run.text());
}

#[test]
fn what_the_azure_cli_lists_counts_as_granted() {
    let row = |principal: &str, name: &str| {
        format!(
            r#"[{{ "condition": null, "conditionVersion": null, "createdBy": "a", "createdOn": "2024-01-01T00:00:00+00:00",
            "delegatedManagedIdentityResourceId": null, "description": null,
            "id": "{SUBNET}/providers/Microsoft.Authorization/roleAssignments/0e1c2a34-0000-0000-0000-000000000000",
            "name": "0e1c2a34-0000-0000-0000-000000000000", "principalId": "{principal}", "principalName": "{name}",
            "principalType": "ServicePrincipal", "resourceGroup": "rg-network",
            "roleDefinitionId": "/subscriptions/1/providers/Microsoft.Authorization/roleDefinitions/4d97b98b-1d4f-4787-a291-c67834d212e7",
            "roleDefinitionName": "Network Contributor", "scope": "{SUBNET}",
            "type": "Microsoft.Authorization/roleAssignments", "updatedBy": "a" }}]"#
        )
    };
    let (principal, client) = ("22222222-2222-2222-2222-222222222222", "33333333-3333-3333-3333-333333333333");
    let by_name = workspace("");
    by_name.write("roles.json", &row(principal, "id-control"));
    let run = by_name.check(&["--format", "json", "--grants", "roles.json"]);
    assert_eq!(answers(&run), [1, 0, 0, 0], "{}", run.text());
    assert_eq!(json(&run)["questions"][0]["by"]["position"]["file"], "roles.json");

    // Managed identities are listed by their ids alone: another list says who they are.
    let by_id = workspace("");
    by_id.write("roles.json", &row(principal, client));
    let run = by_id.check(&["--format", "json", "--grants", "roles.json"]);
    assert_eq!((answers(&run), rules_of(&run).contains(&"stale-configuration".to_owned())), ([0, 0, 1, 0], true));
    by_id.write(
        "identities.json",
        &format!(
            r#"[{{ "clientId": "{client}", "id": "/subscriptions/1/resourcegroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-control",
            "location": "westeurope", "name": "id-control", "principalId": "{principal}", "resourceGroup": "rg", "tags": {{}},
            "tenantId": "t", "type": "Microsoft.ManagedIdentity/userAssignedIdentities" }}]"#
        ),
    );
    let run = by_id.check(&["--format", "json", "--grants", "roles.json", "--grants", "identities.json"]);
    assert_eq!((answers(&run), rules_of(&run)), ([1, 0, 0, 0], Vec::new()), "{}", run.text());
}

#[test]
fn a_list_that_is_none_is_status_2_with_its_place() {
    let workspace = workspace("");
    for (text, says) in
        [("{", "not valid JSON"), ("{}", "which is an array"), ("[{\"scope\": \"/\"}]", "`principalId`")]
    {
        workspace.write("roles.json", text);
        let run = workspace.check(&["--grants", "roles.json"]);
        assert_eq!(run.status, 2, "{}", run.text());
        assert!(run.stderr.contains(says) && run.stderr.contains("roles.json:1:"), "{}", run.stderr);
    }
    assert_eq!(workspace.check(&["--grants", "none.json"]).status, 2);
}

#[test]
fn a_configuration_that_is_not_understood_is_status_2_and_points_into_the_file() {
    let run = workspace("exclude = []\nfail_on = 'note'\n").check(&[]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{}", run.text());
    assert!(run.stderr.contains("error: there is no key `fail_on` here"), "{}", run.stderr);
    assert!(run.stderr.contains("rolecall.toml:2:1"), "{}", run.stderr);
    assert_eq!(workspace("").check(&["--config", "none.toml"]).status, 2);
}

#[test]
fn the_nearest_configuration_up_to_the_root_counts_unless_one_is_named() {
    let workspace = workspace("[rules]\nsubnet-without-role = 'off'\n");
    workspace.write(".git/HEAD", "");
    workspace.write("infra/aks/main.bicep", CLUSTER);
    let asked = |arguments: &[&str]| answers(&workspace.check(&[&["--format", "json"], arguments].concat()));
    assert_eq!(asked(&["infra/aks"]), [0, 0, 0, 0]);
    workspace.write("infra/rolecall.toml", "");
    assert_eq!(asked(&["infra/aks"]), [0, 0, 1, 0]);
    assert_eq!(asked(&["infra/aks/main.bicep"]), [0, 0, 1, 0]);
    assert_eq!(asked(&["infra/aks", "--config", "rolecall.toml"]), [0, 0, 0, 0]);
    assert_eq!(asked(&["infra/aks", "main.bicep"]), [0, 0, 0, 0], "the one above both");
}

#[test]
fn entries_that_apply_to_nothing_are_found_with_their_place() {
    let config = [
        "exclude = ['samples']\n",
        &grant("id-gone", "Reader", SUBNET),
        &grant("id-control", "Reader", "virtualNetworks/vnet-gone"),
        &grant("id-control", "Reader", SUBNET),
        "[[deployment]]\nentry = 'gone.bicep'\n",
    ];
    let workspace = workspace(&config.concat());
    let run = workspace.check(&["--format", "json"]);
    let document = json(&run);
    let stale: Vec<_> = document["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter(|one| one["rule"] == "stale-configuration")
        .collect();
    let lines: Vec<_> = stale
        .iter()
        .map(|one| (one["position"]["line"].as_u64().expect("a line"), one["level"].as_str().expect("a level")))
        .collect();
    assert_eq!(lines, [(1, "warning"), (2, "warning"), (7, "warning"), (18, "error")], "{}", run.text());
    assert!(stale.iter().all(|one| one["deployment"]["entry"] == "rolecall.toml"), "{}", run.text());
    assert_eq!(run.status, 1);
    assert_eq!(workspace.check(&["--ignore", "stale-configuration"]).status, 0);
}

#[test]
fn only_a_run_over_all_that_the_configuration_is_for_finds_it_stale() {
    let workspace = workspace(&grant("id-gone", "Reader", "/subscriptions/2"));
    workspace.write("infra/main.bicep", CLUSTER);
    for path in ["main.bicep", "infra"] {
        let run = workspace.check(&["--format", "json", path]);
        assert!(!rules_of(&run).contains(&"stale-configuration".to_owned()), "{}", run.text());
    }
    assert!(rules_of(&workspace.check(&["--format", "json"])).contains(&"stale-configuration".to_owned()));
}

#[test]
fn what_is_excluded_is_not_analysed_unless_an_entry_links_it() {
    let workspace = workspace("exclude = ['samples', 'modules/**']\n");
    workspace.write("samples/main.bicep", CLUSTER);
    workspace.write("modules/aks.bicep", CLUSTER);
    workspace.write("calls/main.bicep", "module aks '../modules/aks.bicep' = { name: 'aks' }\n");
    let entries = |arguments: &[&str]| -> Vec<String> {
        let document = json(&workspace.check(&[&["--format", "json"], arguments].concat()));
        let questions = document["questions"].as_array().expect("questions").iter();
        questions.map(|one| one["deployment"]["entry"].as_str().expect("an entry").to_owned()).collect()
    };
    assert_eq!(entries(&[]), ["calls/main.bicep", "main.bicep"]);
    assert_eq!(entries(&["samples/main.bicep"]), ["samples/main.bicep"], "what is named is analysed");
}

#[test]
fn grants_and_listed_deployments_hold_for_terraform_too() {
    let workspace = Workspace::new();
    workspace.write(
        "infra/main.tf",
        r#"
variable "env" {
  type = string
}
resource "azurerm_user_assigned_identity" "control" {
  name                = "id-control-${var.env}"
  resource_group_name = "rg"
  location            = "westeurope"
}
data "azurerm_subnet" "nodes" {
  name                 = "nodes"
  resource_group_name  = "rg-network"
  virtual_network_name = "vnet"
}
resource "azurerm_kubernetes_cluster" "aks" {
  name                = "aks"
  resource_group_name = "rg"
  location            = "westeurope"
  dns_prefix          = "aks"
  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }
  default_node_pool {
    name           = "system"
    vm_size        = "Standard_D2s_v5"
    node_count     = 1
    vnet_subnet_id = data.azurerm_subnet.nodes.id
  }
  local_account_disabled = true
  azure_active_directory_role_based_access_control {
    azure_rbac_enabled = true
  }
}
"#,
    );
    for env in ["dev", "prod"] {
        workspace.write(&format!("infra/env/{env}.tfvars"), &format!("env = \"{env}\"\n"));
    }
    let listed = |env| format!("[[deployment]]\nentry = 'infra'\nparameters = ['infra/env/{env}.tfvars']\n");
    let config = [listed("dev"), listed("prod"), grant("id-control-prod", "Network Contributor", SUBNET)].concat();
    workspace.write("rolecall.toml", &config);
    let run = workspace.check(&["--format", "json"]);
    let document = json(&run);
    let questions = document["questions"].as_array().expect("questions").iter();
    let answers: Vec<_> =
        questions.map(|one| (one["deployment"]["parameters"][0].as_str(), one["answer"].as_str())).collect();
    let expected = [(Some("infra/env/dev.tfvars"), Some("assumed")), (Some("infra/env/prod.tfvars"), Some("granted"))];
    assert_eq!(answers, expected, "{}", run.text());
    assert_eq!(rules_of(&run), [RULE], "{}", run.text());
}

#[test]
fn an_option_of_a_rule_is_obeyed_and_one_that_there_is_not_is_refused() {
    let custom = CLUSTER.to_owned()
        + "resource joins 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid('joins')
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '0e1c2a34-1111-2222-3333-444444444444')
  }
}
";
    let workspace = workspace("");
    workspace.write("main.bicep", &custom);
    let found = || rules_of(&workspace.check(&["--format", "json"])).contains(&"unknown-role".to_owned());
    assert!(found());
    workspace.write("rolecall.toml", "[rules.unknown-role]\nknown-roles = ['0E1C2A34-1111-2222-3333-444444444444']\n");
    assert!(!found());
    workspace.write("rolecall.toml", "[rules.unknown-role]\nknown-role = ['x']\n");
    let run = workspace.check(&[]);
    assert_eq!(run.status, 2, "{}", run.text());
    assert!(run.stderr.contains("did you mean `known-roles`?"), "{}", run.stderr);
}

/// Rules about roles that somebody may mean, and what of their options names the assignment of their workspace.
const ALLOWED: [(&str, &str, &str); 9] = [
    ("role-on-broad-scope", "allowed-roles", "network *"),
    ("role-on-broad-scope", "allowed-roles", "4d97b98b-1d4f-4787-a291-c67834d212e7"),
    ("role-on-broad-scope", "allowed-scopes", "resourceGroups/*"),
    ("role-on-broad-scope", "allowed-identities", "id-aks-*"),
    ("overprivileged-identity", "allowed-identities", "aks-prod-agentpool"),
    ("overprivileged-identity", "allowed-roles", "Contributor"),
    ("role-without-need", "allowed-scopes", "registries/acrprod"),
    ("role-without-need", "allowed-roles", "AcrPull"),
    ("cluster-admin-role", "allowed-identities", "parameters('groupId')"),
];

#[test]
fn what_an_option_allows_is_left_alone_and_nothing_else() {
    for (rule, option, value) in ALLOWED {
        let workspace = Workspace::copy_of(&format!("tests/workspaces/firing/{rule}"));
        let found = |value: &str| {
            workspace.write("rolecall.toml", &format!("[rules.{rule}]\n{option} = [\"{value}\"]\n"));
            rules_of(&workspace.check(&["--format", "json"]))
        };
        assert_eq!(found(value), [""; 0], "{rule}: {option} = {value}");
        assert_eq!(found("someone/else"), [rule], "{rule}: {option}");
    }
}
