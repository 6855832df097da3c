//! Files that are a part of deployments, named or changed: which deployments they stand for.

mod common;

use std::collections::BTreeSet;

use common::{Run, Workspace};
use serde_json::Value;

/// A cluster that asks one permission question, whose name comes from outside.
const CLUSTER: &str = "resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' existing = {
  name: 'id'
}
resource aks 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-${env}'
  location: 'westeurope'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: { dnsPrefix: env, agentPoolProfiles: [{ name: 'system', count: 1, mode: 'System', vnetSubnetID: subnet }] }
}
";

const SUBNET: &str =
    "/subscriptions/1/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/vnet/subnets/nodes";

const CALLS: &str =
    "param env string = 'dev'\nmodule aks '../modules/aks.bicep' = { name: 'aks', params: { env: env } }\n";

const TERRAFORM: &str = r#"
variable "env" {
  type    = string
  default = "dev"
}
data "azurerm_user_assigned_identity" "control" {
  name                = "id"
  resource_group_name = "rg"
}
resource "azurerm_kubernetes_cluster" "aks" {
  name                = "aks-${var.env}"
  resource_group_name = "rg"
  location            = "westeurope"
  dns_prefix          = "aks"
  identity {
    type         = "UserAssigned"
    identity_ids = [data.azurerm_user_assigned_identity.control.id]
  }
  default_node_pool {
    name           = "system"
    vm_size        = "Standard_D2s_v5"
    node_count     = 1
    vnet_subnet_id = "/subscriptions/1/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/vnet/subnets/nodes"
  }
}
"#;

const LINKS: &str = r#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [{
    "type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "inner",
    "properties": { "mode": "Incremental", "templateLink": { "relativePath": "nested/aks.json" } }
  }]
}"#;

fn arm_cluster() -> String {
    format!(
        r#"{{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [{{
    "type": "Microsoft.ContainerService/managedClusters", "apiVersion": "2024-05-01", "name": "aks", "location": "westeurope",
    "identity": {{ "type": "UserAssigned", "userAssignedIdentities": {{ "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id')]": {{}} }} }},
    "properties": {{ "dnsPrefix": "aks", "agentPoolProfiles": [{{ "name": "system", "count": 1, "mode": "System", "vnetSubnetID": "{SUBNET}" }}] }}
  }}]
}}"#
    )
}

/// Deployments in three languages that share modules; two of Bicep's have parameter files.
fn repository() -> Workspace {
    let workspace = Workspace::new();
    workspace.write(".git/HEAD", "");
    workspace.write("README.md", "");
    workspace.write("package.json", "{}");
    let bicep = format!("param env string = 'dev'\nvar subnet = '{SUBNET}'\n{CLUSTER}");
    workspace.write("modules/names.bicep", "@export()\nvar prefix = 'x'\n");
    workspace.write(
        "modules/aks.bicep",
        &format!("import {{ prefix }} from 'names.bicep'\n{}", bicep.replace("'aks-", "'${prefix}-")),
    );
    workspace.write("one/main.bicep", CALLS);
    workspace.write("one/base.bicepparam", "using none\nparam env = 'base'\n");
    workspace.write("one/dev.bicepparam", "using 'main.bicep'\nextends 'base.bicepparam'\n");
    workspace.write("one/prod.bicepparam", "using 'main.bicep'\nparam env = 'prod'\n");
    workspace.write("two/main.bicep", &format!("{CALLS}output tags object = loadJsonContent('../data/tags.json')\n"));
    workspace.write("data/tags.json", "{}");
    workspace.write("alone/main.bicep", &bicep);
    workspace.write("arm/main.json", LINKS);
    workspace.write("arm/nested/aks.json", &arm_cluster());
    workspace.write("tf/modules/aks/main.tf", TERRAFORM);
    for root in ["tf/live", "tf/test"] {
        workspace.write(&format!("{root}/main.tf"), "module \"aks\" {\n  source = \"../modules/aks\"\n}\n");
    }
    let loaded = TERRAFORM.replace("\"rg\"", "yamldecode(file(\"${path.module}/../data.yaml\")).group");
    workspace.write("tf/env/main.tf", &loaded);
    workspace.write("tf/env/sets/prod.tfvars", "env = \"prod\"\n");
    workspace.write("tf/data.yaml", "group: rg\n");
    workspace
}

/// The deployments that questions were asked of: entry, and the parameter files.
fn deployments(run: &Run) -> BTreeSet<String> {
    let document: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.text()));
    let questions = document["questions"].as_array().expect("questions").iter();
    let name = |one: &Value| {
        let parameters = one["deployment"]["parameters"].as_array().expect("parameters").iter();
        let entry = [one["deployment"]["entry"].as_str().expect("an entry")].into_iter();
        entry.chain(parameters.filter_map(Value::as_str)).collect::<Vec<_>>().join(" ")
    };
    questions.map(name).collect()
}

const ONE: [&str; 2] = ["one/main.bicep one/dev.bicepparam", "one/main.bicep one/prod.bicepparam"];

/// What a file of the repository stands for.
const STANDS_FOR: [(&str, &[&str]); 14] = [
    ("modules/aks.bicep", &[ONE[0], ONE[1], "two/main.bicep"]),
    ("modules/names.bicep", &[ONE[0], ONE[1], "two/main.bicep"]),
    ("one/main.bicep", &ONE),
    ("one/prod.bicepparam", &[ONE[1]]),
    ("one/base.bicepparam", &[ONE[0]]),
    ("two/main.bicep", &["two/main.bicep"]),
    ("data/tags.json", &["two/main.bicep"]),
    ("alone/main.bicep", &["alone/main.bicep"]),
    ("arm/nested/aks.json", &["arm/main.json"]),
    ("tf/modules/aks/main.tf", &["tf/live/main.tf", "tf/test/main.tf"]),
    ("tf/live/main.tf", &["tf/live/main.tf"]),
    ("tf/env/sets/prod.tfvars", &["tf/env/main.tf tf/env/sets/prod.tfvars"]),
    ("tf/data.yaml", &["tf/env/main.tf"]),
    ("package.json", &[]),
];

fn expected(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn a_file_stands_for_the_deployments_that_it_is_a_part_of_whether_named_or_changed() {
    let workspace = repository();
    for (file, stands_for) in STANDS_FOR {
        let changed = workspace.check(&["--format", "json", "--changed", file]);
        assert_eq!((changed.status, deployments(&changed)), (0, expected(stands_for)), "{file} changed");
        let named = workspace.check(&["--format", "json", file]);
        assert_eq!(deployments(&named), expected(stands_for), "{file} named: {}", named.text());
        assert_eq!(named.status, if stands_for.is_empty() { 3 } else { 0 }, "{file} named");
    }
}

#[test]
fn several_files_stand_for_all_that_each_of_them_does() {
    let workspace = repository();
    let files: Vec<_> = STANDS_FOR.iter().map(|(file, _)| *file).collect();
    let all: BTreeSet<_> = STANDS_FOR.iter().flat_map(|(_, stands_for)| expected(stands_for)).collect();
    for flags in [&["--format", "json", "--changed"][..], &["--format", "json"]] {
        assert_eq!(deployments(&workspace.check(&[flags, &files].concat())), all, "{flags:?}");
    }
    let two = ["one/prod.bicepparam", "tf/live/main.tf"];
    let run = workspace.check(&[&["--format", "json", "--changed"][..], &two].concat());
    assert_eq!(deployments(&run), expected(&[ONE[1], "tf/live/main.tf"]));
}

#[test]
fn a_change_that_touches_no_deployment_passes() {
    let workspace = repository();
    for changed in [&[][..], &["README.md"], &["package.json", "gone.json"], &["gone.bicep"]] {
        let run = workspace.check(&[&["--changed", "--fail-on", "note"], changed].concat());
        assert_eq!((run.status, run.stdout.contains("0 deployments")), (0, true), "{changed:?}: {}", run.text());
    }
}

#[test]
fn a_module_that_is_gone_concerns_those_that_still_call_it() {
    let workspace = repository();
    std::fs::remove_file(workspace.path().join("modules/aks.bicep")).expect("removed");
    let run = workspace.check(&["--changed", "modules/aks.bicep"]);
    assert!(run.stdout.contains("one/main.bicep") && run.stdout.contains("3 deployments"), "{}", run.text());
}

#[test]
fn what_the_configuration_excludes_is_not_analysed_when_it_changes() {
    let workspace = repository();
    workspace.write("rolecall.toml", "exclude = ['alone', 'two', 'tf/test']\n");
    let run = workspace.check(&[
        "--format",
        "json",
        "--changed",
        "alone/main.bicep",
        "modules/aks.bicep",
        "tf/modules/aks/main.tf",
    ]);
    assert_eq!((run.status, deployments(&run)), (0, expected(&[ONE[0], ONE[1], "tf/live/main.tf"])), "{}", run.text());
    let named = workspace.check(&["--format", "json", "alone/main.bicep"]);
    assert_eq!(deployments(&named), expected(&["alone/main.bicep"]));
}

#[test]
fn a_changed_configuration_concerns_all_deployments() {
    let workspace = repository();
    let all = deployments(&workspace.check(&["--format", "json"]));
    workspace.write("rolecall.toml", "");
    workspace.write("bicepconfig.json", "{}");
    for changed in ["rolecall.toml", "bicepconfig.json"] {
        assert_eq!(deployments(&workspace.check(&["--format", "json", "--changed", changed])), all, "{changed}");
    }
    assert!(all.len() > 6, "{all:?}");
}

#[test]
fn a_changed_file_says_nothing_of_what_was_not_analysed() {
    let workspace = repository();
    workspace.write(
        "rolecall.toml",
        "exclude = ['none']\n[[grant]]\nprincipal = 'gone'\nrole = 'Reader'\nscope = '/'\nreason = 'r'\n",
    );
    workspace.write("broken.bicep", "resource x =\n");
    let run = workspace.check(&["--changed", "--fail-on", "note", "tf/live/main.tf"]);
    assert!(!run.stdout.contains("stale-configuration") && !run.stdout.contains("broken.bicep"), "{}", run.text());
    let run = workspace.check(&["--changed", "broken.bicep"]);
    assert_eq!(run.status, 1, "{}", run.text());
}

#[test]
fn a_listed_parameter_file_stands_for_the_deployments_it_is_listed_with() {
    let workspace = repository();
    workspace.write("sets/prod.tfvars", "env = \"prod\"\n");
    workspace.write("sets/prod.json", "{\"$schema\": \"https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#\", \"parameters\": {\"env\": {\"value\": \"prod\"}}}");
    let listed = |entry, set| format!("[[deployment]]\nentry = '{entry}'\nparameters = ['{set}']\n");
    let config = listed("tf/env", "sets/prod.tfvars")
        + &listed("alone/main.bicep", "sets/prod.json")
        + "[[deployment]]\nentry = 'alone/main.bicep'\n";
    workspace.write("rolecall.toml", &config);
    for flags in [&["--format", "json", "--changed"][..], &["--format", "json"]] {
        let run = workspace.check(&[flags, &["sets/prod.tfvars", "sets/prod.json"]].concat());
        let with = ["tf/env/main.tf sets/prod.tfvars", "alone/main.bicep sets/prod.json"];
        assert_eq!(deployments(&run), expected(&with), "{flags:?}: {}", run.text());
    }
}
