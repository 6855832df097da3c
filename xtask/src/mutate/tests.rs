//! The harness over the repository's own workspaces, and what it must not overlook.

use std::path::Path;

use rolecall_graph::Language;

use super::report::Report;
use super::run::{Seen, Subject, subjects};
use super::{Kind, Options, judge, make, mutate, own};

/// Whatever is broken in the repository's own workspaces, the finding that follows comes and no other; whatever means
/// nothing changes nothing; and what may be reached is reached with the values named.
#[test]
fn every_break_of_the_repositorys_own_workspaces_is_found_and_nothing_else() {
    let mut report = Report::default();
    own(&crate::root(), &Options::default(), &mut report).expect("the cases");
    let mut figures = Vec::new();
    report.write(&mut figures).expect("written");
    let wrong = report.wrong();
    assert!(wrong.is_empty(), "{wrong}\n{}", String::from_utf8_lossy(&figures));
}

const BICEP: &str = "
resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'control'
  location: 'westeurope'
}
resource kubelet 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'kubelet'
  location: 'westeurope'
}
resource grant 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid('grant')
  scope: kubelet
  properties: {
    principalId: control.properties.principalId
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'f1a07417-d97a-45cb-824c-7a7467783830')
  }
}
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks'
  location: 'westeurope'
  dependsOn: [
    grant
  ]
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${control.id}': {} }
  }
  properties: {
    dnsPrefix: 'aks'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 1, vmSize: 'Standard_D4s_v5' }]
    identityProfile: { kubeletidentity: { resourceId: kubelet.id } }
  }
}
";

const ARM: &str = r#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'control')]",
    "kubelet": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'kubelet')]"
  },
  "resources": [
    {"type": "Microsoft.ManagedIdentity/userAssignedIdentities", "apiVersion": "2023-01-31", "name": "control", "location": "x"},
    {"type": "Microsoft.ManagedIdentity/userAssignedIdentities", "apiVersion": "2023-01-31", "name": "kubelet", "location": "x"},
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid('grant')]",
      "scope": "[variables('kubelet')]",
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'control'), '2023-01-31').principalId]",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'f1a07417-d97a-45cb-824c-7a7467783830')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks",
      "location": "westeurope",
      "dependsOn": ["[extensionResourceId(variables('kubelet'), 'Microsoft.Authorization/roleAssignments', guid('grant'))]"],
      "identity": {"type": "UserAssigned", "userAssignedIdentities": {"[variables('control')]": {}}},
      "properties": {
        "dnsPrefix": "aks",
        "agentPoolProfiles": [{"name": "system", "mode": "System", "count": 1, "vmSize": "Standard_D4s_v5"}],
        "identityProfile": {"kubeletidentity": {"resourceId": "[variables('kubelet')]"}}
      }
    }
  ]
}
"#;

const TERRAFORM: &str = r#"
locals {
  location = "westeurope"
}
resource "azurerm_resource_group" "main" {
  name     = "rg"
  location = local.location
}
resource "azurerm_user_assigned_identity" "control" {
  name                = "control"
  location            = local.location
  resource_group_name = azurerm_resource_group.main.name
}
resource "azurerm_user_assigned_identity" "kubelet" {
  name                = "kubelet"
  location            = local.location
  resource_group_name = azurerm_resource_group.main.name
}
resource "azurerm_role_assignment" "grant" {
  scope                = azurerm_user_assigned_identity.kubelet.id
  role_definition_name = "Managed Identity Operator"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}
resource "azurerm_kubernetes_cluster" "aks" {
  name                = "aks"
  location            = local.location
  resource_group_name = azurerm_resource_group.main.name
  dns_prefix          = "aks"
  default_node_pool {
    name       = "system"
    vm_size    = "Standard_D4s_v5"
    node_count = 1
  }
  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }
  kubelet_identity {
    client_id                 = azurerm_user_assigned_identity.kubelet.client_id
    object_id                 = azurerm_user_assigned_identity.kubelet.principal_id
    user_assigned_identity_id = azurerm_user_assigned_identity.kubelet.id
  }
  depends_on = [azurerm_role_assignment.grant]
}
"#;

/// A cluster with its own kubelet identity and the grant that it needs, in each language.
const SOUND: [(Language, &str, &str); 3] = [
    (Language::Arm, "main.json", ARM),
    (Language::Bicep, "main.bicep", BICEP),
    (Language::Terraform, "main.tf", TERRAFORM),
];

fn in_folder<R>(name: &str, text: &str, then: impl FnOnce(&Subject, &Seen) -> R) -> R {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join(name), text).expect("written");
    let found = subjects(&folder.path().canonicalize().expect("resolved"), None).expect("analysed");
    let [subject] = &found[..] else { panic!("{name}: {} deployments", found.len()) };
    let base = subject.analyse(Vec::new(), &[]).expect("analysed");
    assert_eq!(base.errors, Vec::<String>::new(), "{name}");
    then(subject, &base)
}

#[test]
fn every_change_is_made_in_every_language() {
    for (language, name, text) in SOUND {
        let mut report = Report::default();
        in_folder(name, text, |subject, _| mutate(subject, &mut report));
        let asks_for_order = judge::rule_of(make::ORDER).is_some();
        for kind in Kind::BREAKING.into_iter().filter(|kind| *kind != Kind::Order || asks_for_order) {
            let counts = report.of_kind(kind, language);
            assert!(counts.lost >= 1 && counts.caught == counts.lost, "{name}: {}: {counts:?}", kind.name());
        }
        for kind in Kind::KEEPING {
            let counts = report.of_kind(kind, language);
            assert!((counts.mutants, counts.noisy) == (1, 0), "{name}: {}: {counts:?}", kind.name());
        }
        assert_eq!(report.wrong(), "");
    }
}

#[test]
fn what_the_analysis_overlooks_is_a_miss_and_what_it_adds_is_noise() {
    for (_, name, text) in SOUND {
        in_folder(name, text, |subject, base| {
            let root = Path::new(&subject.root);
            for mutant in make::breaking(subject, base) {
                if mutant.kind == Kind::Order {
                    continue;
                }
                // As if nothing had been changed.
                let judged = judge::broken(base, base, &mutant, root);
                assert!(
                    !judged.lost.is_empty() && judged.lost.iter().all(|(_, outcome)| outcome.is_err()),
                    "{judged:?}"
                );
            }
            let mutant = make::breaking(subject, base).swap_remove(0);
            let changed = subject.analyse(mutant.buffers(base), &[]).expect("analysed");
            let meant_nothing = judge::kept(base, &changed);
            assert!(meant_nothing.changed.iter().any(|line| line.starts_with("+ kubelet-identity-without-operator")));
            // As if something else had been changed.
            let mutant = super::edit::Mutant { unit: None, ..mutant };
            assert_eq!(judge::broken(base, &changed, &mutant, root).noise.len(), 1);
        });
    }
}

#[test]
fn an_edit_that_breaks_the_text_is_the_harnesss_own_fault() {
    in_folder("main.bicep", BICEP, |subject, base| {
        let broken = vec![(subject.entry.clone(), std::sync::Arc::from("resource x 'y' = {\n"))];
        if let Some(seen) = subject.analyse(broken, &[]) {
            assert!(judge::kept(base, &seen).unsound.is_some());
        }
    });
}
