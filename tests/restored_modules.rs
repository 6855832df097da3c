//! Modules of registries and template specs, read from the cache that `bicep restore` leaves.

mod common;

use common::{Run, Workspace};

const MAIN: &str = "\
param location string = 'westeurope'

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-control'
  location: location
}

module kubelet 'MODULE' = {
  name: 'kubelet'
  params: {
    name: 'id-kubelet'
    operator: control.properties.principalId
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${control.id}': {}
    }
  }
  properties: {
    dnsPrefix: 'aks'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
    identityProfile: {
      kubeletidentity: {
        resourceId: kubelet.outputs.resourceId
        objectId: kubelet.outputs.principalId
      }
    }
  }
}
";

/// An identity on which another one is made operator.
const MODULE: &str = r#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "metadata": { "_generator": { "name": "bicep", "version": "0.30.0.0", "templateHash": "1" } },
  "parameters": { "name": { "type": "string" }, "operator": { "type": "string" } },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "[parameters('name')]",
      "location": "[resourceGroup().location]"
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(parameters('name'))]",
      "scope": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', parameters('name'))]",
      "properties": {
        "principalId": "[parameters('operator')]",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'f1a07417-d97a-45cb-824c-7a7467783830')]"
      }
    }
  ],
  "outputs": {
    "resourceId": { "type": "string", "value": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', parameters('name'))]" },
    "principalId": { "type": "string", "value": "[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', parameters('name')), '2023-01-31').principalId]" }
  }
}
"#;

const GRANTED: &str = "1 permission question: 1 granted";

/// A workspace whose `repo` deploys a module, with one more file.
fn using(module: &str, path: &str, text: &str) -> Workspace {
    let workspace = Workspace::new();
    workspace.write("repo/infra/main.bicep", &MAIN.replace("MODULE", module));
    workspace.write("repo/rolecall.toml", "");
    workspace.write(path, text);
    workspace
}

/// Checks `repo` with `home` as the user's folder.
fn check(workspace: &Workspace, more: &[&str]) -> Run {
    let home = workspace.path().join("home");
    std::fs::create_dir_all(&home).expect("created");
    let arguments = [&["check", "repo", "--select", "kubelet-identity-without-operator"], more].concat();
    workspace.with_env("HOME", home.to_str().expect("text"), &arguments)
}

#[test]
#[cfg(unix)]
fn a_module_lies_in_the_users_cache_by_registry_repository_and_tag() {
    let cached = "home/.bicep/br/mcr.microsoft.com/bicep$avm$res$identity/1.0.0$/main.json";
    let run = check(&using("br/public:avm/res/identity:1.0.0", cached, MODULE), &[]);
    assert!(run.stdout.contains(GRANTED), "{}", run.text());
    let run = check(&using("br:mcr.microsoft.com/bicep/avm/res/identity:1.0.0", cached, MODULE), &[]);
    assert!(run.stdout.contains(GRANTED), "{}", run.text());
}

#[test]
fn a_module_that_is_not_restored_leaves_the_question_open() {
    let workspace = using("br/public:avm/res/identity:1.0.0", "repo/empty", "");
    let run = check(&workspace, &["--format", "json"]);
    assert!(run.stdout.contains(r#""undecided": 1"#), "{}", run.text());
    assert!(run.stdout.contains("it is not restored: run `bicep restore`"), "{}", run.text());
    let graph = workspace.run(&["graph", "repo", "--module-cache", "repo"]);
    assert!(graph.stdout.contains("Microsoft.Resources/deployments/kubelet"), "the call is kept: {}", graph.text());
}

#[test]
fn a_cache_can_be_named_on_the_command_line() {
    let workspace = using("br/public:identity:V1", "cache/br/mcr.microsoft.com/bicep$identity/V1$1/main.json", MODULE);
    let run = check(&workspace, &["--module-cache", "cache"]);
    assert!(run.stdout.contains(GRANTED), "{}", run.text());
    assert_eq!(check(&workspace, &["--module-cache", "no-such-folder"]).status, 2);
}

#[test]
fn the_nearest_bicepconfig_says_what_an_alias_means() {
    let cached = "cache/br/example.azurecr.io$5000/platform$identity/1$/main.json";
    let workspace = using("br/own:identity:1", cached, MODULE);
    workspace.write("repo/bicepconfig.json", r#"{"moduleAliases": {"br": {"own": {"registry": "elsewhere.io"}}}}"#);
    assert!(!check(&workspace, &["--module-cache", "cache"]).stdout.contains(GRANTED));
    workspace.write(
        "repo/infra/bicepconfig.json",
        r#"{
          // a comment, and a comma at the end
          "extends": "../base.json",
          "moduleAliases": { "br": { "own": { "registry": "EXAMPLE.azurecr.io:5000", } } },
        }"#,
    );
    workspace
        .write("repo/base.json", r#"{"moduleAliases": {"br": {"own": {"modulePath": "platform", "registry": "x"}}}}"#);
    let run = check(&workspace, &["--module-cache", "cache"]);
    assert!(run.stdout.contains(GRANTED), "{}", run.text());
}

#[test]
#[cfg(unix)]
fn a_bicepconfig_names_the_cache() {
    let cached = "home/modules/br/e.io/identity/1$/main.json";
    let workspace = using("br:e.io/identity:1", cached, MODULE);
    workspace.write("repo/bicepconfig.json", r#"{"cacheRootDirectory": "~/modules"}"#);
    let run = check(&workspace, &[]);
    assert!(run.stdout.contains(GRANTED), "{}", run.text());
}

#[test]
fn a_template_spec_lies_in_the_cache_with_its_template_inside() {
    let subscription = "11111111-2222-3333-4444-555555555555";
    let spec = format!(r#"{{"id": "/subscriptions/x", "properties": {{"mainTemplate": {MODULE}}}}}"#);
    let cached = format!("cache/ts/{subscription}/rg-specs/identity/v1/main.json");
    let workspace = using("ts/specs:Identity:V1", &cached, &spec);
    let alias = format!(r#"{{"subscription": "{subscription}", "resourceGroup": "RG-specs"}}"#);
    let config = format!(r#"{{"moduleAliases": {{"ts": {{"specs": {alias}}}}}}}"#);
    workspace.write("repo/bicepconfig.json", &config);
    let run = check(&workspace, &["--module-cache", "cache"]);
    assert!(run.stdout.contains(GRANTED), "{}", run.text());
}

#[test]
fn a_restored_module_below_the_root_is_no_deployment_of_its_own() {
    let cached = "repo/cache/br/mcr.microsoft.com/bicep$identity/1$/main.json";
    let workspace = using("br/public:identity:1", cached, MODULE);
    let run = check(&workspace, &["--module-cache", "repo/cache"]);
    assert!(run.stdout.contains("1 deployment, 1 cluster"), "{}", run.text());
    assert!(run.stdout.contains(GRANTED), "{}", run.text());
}

#[test]
fn what_is_imported_from_a_restored_module_is_what_it_exports() {
    let exports = r#"{
      "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
      "languageVersion": "2.0",
      "contentVersion": "1.0.0.0",
      "metadata": { "__bicep_exported_variables!": [ { "name": "names" } ] },
      "definitions": {
        "flag": { "type": "bool", "metadata": { "__bicep_export!": true } }
      },
      "functions": [ { "namespace": "__bicep", "members": {
        "twice": {
          "parameters": [ { "type": "string", "name": "text" } ],
          "output": { "type": "string", "value": "[__bicep.join(parameters('text'), parameters('text'))]" },
          "metadata": { "__bicep_export!": true }
        },
        "join": {
          "parameters": [ { "type": "string", "name": "a" }, { "type": "string", "name": "b" } ],
          "output": { "type": "string", "value": "[format('{0}{1}', parameters('a'), parameters('b'))]" }
        }
      } } ],
      "variables": { "prefix": "id", "names": [ "[format('{0}-a', variables('prefix'))]" ] },
      "resources": {}
    }"#;
    let workspace = Workspace::new();
    workspace.write("cache/br/mcr.microsoft.com/bicep$types/1$/main.json", exports);
    workspace.write(
        "repo/main.bicep",
        "import { names, twice, flag } from 'br/public:types:1'\nimport * as types from 'br/public:types:1'\n\
         param some flag\nparam other types.flag\nvar prefix = 'own'\n\
         resource one 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = if (some && other) {\n\
         name: '${prefix}-${names[0]}-${types.names[0]}-${twice('x')}-${types.twice('y')}'\n}\n",
    );
    let graph = workspace.run(&["graph", "repo", "--module-cache", "cache"]);
    assert!(graph.stdout.contains("/own-id-a-id-a-xx-yy"), "{}", graph.text());
    // Both are bools, so the condition is over two inputs and no opaque test.
    assert!(graph.stdout.contains(r#""when": "other and some""#), "{}", graph.text());
}

#[test]
#[cfg(unix)]
fn nothing_else_of_a_cache_is_read() {
    let workspace = using("../../cache/br/e.io/identity/1$/main.json", "cache/br/e.io/identity/1$/main.json", MODULE);
    workspace.write("repo/infra/other.bicep", "module restored 'br:e.io/identity:1' = {\n  name: 'm'\n}\n");
    let run = check(&workspace, &["--module-cache", "cache"]);
    assert!(!run.stdout.contains(GRANTED), "{}", run.text());
    assert!(run.stdout.contains("it lies outside the root"), "{}", run.text());
}
