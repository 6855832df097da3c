//! `requirements --format bicep|arm|terraform|az`: what is missing, ready to paste or to run.

mod common;

use std::path::Path;

use common::{Workspace, ran, rolecall};

/// A cluster whose control plane may not assign the kubelet identity, and a subnet that is made elsewhere.
const BICEP: &str = "\
param subnetId string

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-control'
  location: 'westeurope'
}

resource kubelet 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-kubelet'
  location: 'westeurope'
}

resource aks 'Microsoft.ContainerService/managedClusters@2024-09-01' = {
  name: 'aks'
  location: 'westeurope'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks'
    disableLocalAccounts: true
    aadProfile: { managed: true, enableAzureRBAC: true }
    identityProfile: { kubeletidentity: { resourceId: kubelet.id, clientId: kubelet.properties.clientId, objectId: kubelet.properties.principalId } }
    agentPoolProfiles: [ { name: 'one', mode: 'System', count: 1, vmSize: 'Standard_D2s_v5', vnetSubnetID: subnetId } ]
  }
}
";

fn requirements(workspace: &Workspace, arguments: &[&str]) -> common::Run {
    ran(rolecall(workspace.path()).arg("requirements").args(arguments))
}

fn bicep() -> Workspace {
    let workspace = Workspace::new();
    workspace.write("main.bicep", BICEP);
    workspace
}

#[test]
fn the_code_of_a_language_is_what_the_fixes_write_with_its_place() {
    let run = requirements(&bicep(), &["--format", "bicep"]);
    assert_eq!(run.status, 0, "{}", run.text());
    assert!(
        run.stdout.contains("// behind main.bicep:11\n// Managed Identity Operator\nresource kubelet"),
        "{}",
        run.text()
    );
    assert!(run.stdout.contains("  name: guid(kubelet.id, control.id, 'f1a07417-"), "{}", run.text());
    assert!(run.stdout.contains("dependsOn: [\n"), "{}", run.text());
}

#[test]
fn of_another_language_it_is_said_which_format_writes_it() {
    let run = requirements(&bicep(), &["--format", "terraform"]);
    assert_eq!(run.stdout, "# main.bicep: --format bicep writes what it lacks\n\n", "{}", run.text());
}

#[test]
fn the_commands_give_each_role_once_and_say_what_they_must_be_told() {
    let run = requirements(&bicep(), &["--format", "az"]);
    assert_eq!(run.status, 0, "{}", run.text());
    let text = &run.stdout;
    assert!(text.starts_with("#!/bin/sh\nset -eu\n"), "{text}");
    assert!(text.contains(": \"${SUBSCRIPTION_ID:?"), "{text}");
    assert!(text.contains(": \"${SUBNET_ID:?"), "{text}");
    assert!(
        text.contains("--role f1a07417-d97a-45cb-824c-7a7467783830 --assignee-principal-type ServicePrincipal"),
        "{text}"
    );
    assert!(text.contains("  --scope \"$SUBNET_ID\"\n"), "{text}");
    assert!(text.contains("unless somebody has granted it\n"), "{text}");
    // What a shell makes of it has no mistake in its syntax.
    let checked = std::process::Command::new("sh").args(["-n", "-c", text]).status();
    assert!(checked.is_ok_and(|status| status.success()), "{text}");
}

#[test]
fn a_role_of_its_own_has_exactly_the_actions() {
    let run = requirements(&bicep(), &["--format", "az", "--custom-role"]);
    let text = &run.stdout;
    assert!(text.contains("az role definition create --role-definition "), "{text}");
    assert!(text.contains("userAssignedIdentities/assign/action"), "{text}");
    assert!(!text.contains("f1a07417-"), "{text}");
    let code = requirements(&bicep(), &["--format", "bicep", "--custom-role"]).stdout;
    assert!(code.contains("          'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action'\n"), "{code}");
    assert!(code.contains("    roleDefinitionId: kubeletRole.id\n") && !code.contains("f1a07417-"), "{code}");
    // In another resource group the module brings the role.
    assert!(code.contains("    roleDefinitionId: role.id\n") && !code.contains("4d97b98b-"), "{code}");
    let run = requirements(&bicep(), &["--format", "json", "--custom-role"]);
    assert_eq!(run.status, 2, "{}", run.text());
}

#[test]
fn what_no_file_has_words_for_is_left_to_whoever_owns_it_as_commands() {
    // What Bicep compiles is written into Bicep, which is not here.
    let workspace = Workspace::new();
    workspace.write(
        "main.json",
        r#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "metadata": { "_generator": { "name": "bicep", "version": "0.30.23.60470", "templateHash": "1" } },
  "resources": [
    {
      "type": "Microsoft.Network/virtualNetworks",
      "apiVersion": "2023-11-01",
      "name": "vnet",
      "location": "westeurope",
      "properties": {
        "addressSpace": { "addressPrefixes": [ "10.0.0.0/16" ] },
        "subnets": [ { "name": "nodes", "properties": { "addressPrefix": "10.0.0.0/24" } } ]
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-09-01",
      "name": "aks",
      "location": "westeurope",
      "identity": { "type": "SystemAssigned" },
      "dependsOn": [ "[resourceId('Microsoft.Network/virtualNetworks', 'vnet')]" ],
      "properties": {
        "dnsPrefix": "aks",
        "agentPoolProfiles": [
          {
            "name": "one",
            "mode": "System",
            "count": 1,
            "vmSize": "Standard_D2s_v5",
            "vnetSubnetID": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet', 'nodes')]"
          }
        ]
      }
    }
  ]
}
"#,
    );
    let run = workspace.check(&["--fail-on", "never"]);
    assert!(run.stdout.contains("whoever owns the scope can run:\n  # Network Contributor for "), "{}", run.text());
    assert!(run.stdout.contains("  az role assignment create --role "), "{}", run.text());
    let run = workspace.check(&["--fail-on", "never", "--format", "markdown"]);
    assert!(run.stdout.contains("### For whoever owns the scope\n"), "{}", run.text());
}

/// What the code says of a firing workspace, where its rule is one that gives a role.
#[test]
fn every_rule_with_a_role_to_give_has_its_code_and_its_commands() {
    let gives = |entry: &&rolecall_rules::Entry| {
        entry.rule.found_by != rolecall_rules::FoundBy::Check
            && entry.rule.requirements.iter().any(|one| one.need.is_some())
    };
    for entry in rolecall_rules::rules().iter().filter(gives) {
        let folder = Path::new("tests/workspaces/firing").join(&entry.rule.id);
        if !common::repository().join(&folder).is_dir() {
            continue;
        }
        let workspace = Workspace::copy_of(&folder.to_string_lossy());
        let role = |one: &rolecall_rules::Requirement| one.need.as_ref().map(|need| need.least_role.id.clone());
        let roles: Vec<String> = entry.rule.requirements.iter().filter_map(role).collect();
        let az = requirements(&workspace, &["--format", "az"]).stdout;
        assert!(roles.iter().any(|role| az.contains(&format!("--role {role} "))), "{}: {az}", entry.rule.id);
        let written = ["bicep", "arm", "terraform"].iter().any(|format| {
            let text = requirements(&workspace, &["--format", format]).stdout;
            text.contains("behind ") || text.contains("in place of ")
        });
        assert!(written, "{}", entry.rule.id);
    }
}
