//! `check --fix` in ARM templates: the layout and the comments of the file, what cannot be read or written, scopes elsewhere.

mod common;

use common::{Workspace, ran, rolecall};

/// A cluster whose control plane may not assign the kubelet identity, in a template with comments.
const TEMPLATE: &str = r#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-kubelet",
      "location": "westeurope"
    }, // what the nodes run as
    /* the cluster */
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-09-01",
      "name": "aks",
      "location": "westeurope",
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": {
          "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-control')]": {}
        }
      },
      "dependsOn": [
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-control')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-kubelet')]" // both
      ],
      "properties": {
        "dnsPrefix": "aks",
        "disableLocalAccounts": true,
        "aadProfile": { "managed": true, "enableAzureRBAC": true },
        "identityProfile": {
          "kubeletidentity": {
            "resourceId": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-kubelet')]",
            "clientId": "[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-kubelet'), '2023-01-31').clientId]",
            "objectId": "[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-kubelet'), '2023-01-31').principalId]"
          }
        },
        "agentPoolProfiles": [
          { "name": "one", "mode": "System", "count": 1, "vmSize": "Standard_D2s_v5" }
        ]
      }
    }
  ]
}
"#;

fn workspace(text: &str) -> Workspace {
    let workspace = Workspace::new();
    workspace.write("main.json", text);
    workspace
}

fn text(workspace: &Workspace) -> String {
    std::fs::read_to_string(workspace.path().join("main.json")).expect("read")
}

/// A pool in a subnet, whose id is written so.
fn in_subnet(id: &str) -> String {
    TEMPLATE.replace(
        "\"vmSize\": \"Standard_D2s_v5\"",
        &format!("\"vmSize\": \"Standard_D2s_v5\", \"vnetSubnetID\": \"{id}\""),
    )
}

#[test]
fn an_assignment_is_added_in_the_layout_of_the_template_and_its_comments_stay() {
    let workspace = workspace(TEMPLATE);
    let run = workspace.check(&["--fix", "--unsafe-fixes"]);
    assert_eq!(run.status, 0, "{}", run.text());
    let after = text(&workspace);
    assert!(after.contains("      \"type\": \"Microsoft.Authorization/roleAssignments\",\n"), "{after}");
    let new = "    }, // what the nodes run as\n    {\n      \"type\": \"Microsoft.Authorization/roleAssignments\",\n";
    assert!(after.contains(new) && after.contains("    },\n    /* the cluster */\n"), "{after}");
    // Each line is still there, in order, but for the comma that an addition takes.
    let mut new = after.lines();
    let kept = |line: &str| new.any(|one| one == line || one.replacen(", //", " //", 1) == line);
    assert!(TEMPLATE.lines().all(kept), "{after}");
    assert!(after.contains("'id-kubelet')]\", // both\n        \"[extensionResourceId("), "{after}");
    let again = workspace.check(&["--fix", "--unsafe-fixes"]);
    assert_eq!((text(&workspace), again.stderr.as_str()), (after, ""));
}

#[test]
fn windows_line_ends_a_byte_order_mark_and_tabs_stay() {
    let workspace = Workspace::new();
    let styled = TEMPLATE.replace("  ", "\t").replace('\n', "\r\n");
    workspace.write_bytes("main.json", format!("\u{feff}{styled}").as_bytes());
    let run = workspace.check(&["--fix", "--unsafe-fixes"]);
    assert_eq!(run.status, 0, "{}", run.text());
    let after = text(&workspace);
    assert!(after.starts_with("\u{feff}{"), "{after}");
    assert_eq!(after.matches('\n').count(), after.matches("\r\n").count(), "{after:?}");
    assert!(after.contains("\r\n\t\t\t\t\"principalType\": \"ServicePrincipal\"\r\n"), "{after:?}");
}

#[test]
fn a_read_only_template_is_left_and_the_run_fails() {
    let workspace = workspace(TEMPLATE);
    let path = workspace.path().join("main.json");
    let mut permissions = std::fs::metadata(&path).expect("there").permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions).expect("set");
    let run = workspace.check(&["--fix", "--unsafe-fixes"]);
    assert_eq!(run.status, 2, "{}", run.text());
    assert!(run.stderr.contains("cannot write `main.json`: it is read-only"), "{}", run.text());
    assert_eq!(text(&workspace), TEMPLATE);
}

#[test]
fn a_template_that_does_not_parse_gets_no_edit_and_it_is_said_why() {
    let broken = TEMPLATE
        .replace("\"location\": \"westeurope\"\n    }, // what", "\"location\": \"westeurope\",,\n    }, // what");
    let workspace = workspace(&broken);
    let run = workspace.check(&["--fix", "--unsafe-fixes"]);
    assert_eq!(text(&workspace), broken);
    assert_eq!(run.status, 1, "{}", run.text());
    assert!(run.stdout.contains("error"), "{}", run.text());
}

#[test]
fn of_two_fixes_at_one_place_one_is_made_after_the_other() {
    let zone = r#"    {
      "type": "Microsoft.Network/privateDnsZones",
      "apiVersion": "2020-06-01",
      "name": "privatelink.westeurope.azmk8s.io",
      "location": "global"
    },
    /* the cluster */"#;
    let two = TEMPLATE.replace("    /* the cluster */", zone).replace(
        "\"dnsPrefix\": \"aks\",",
        "\"fqdnSubdomain\": \"aks\",\n        \"apiServerAccessProfile\": { \"enablePrivateCluster\": true, \"privateDNSZone\": \"[resourceId('Microsoft.Network/privateDnsZones', 'privatelink.westeurope.azmk8s.io')]\" },",
    );
    let workspace = workspace(&two);
    let run = workspace.check(&["--fix", "--unsafe-fixes"]);
    let after = text(&workspace);
    assert_eq!(after.matches("Microsoft.Authorization/roleAssignments\",\n").count(), 2, "{after}\n{}", run.text());
    assert!(!run.stdout.contains("error["), "{}", run.text());
}

#[test]
fn a_template_that_bicep_compiled_is_left_alone_and_it_is_said_why() {
    let stamped = TEMPLATE.replace(
        "\"contentVersion\": \"1.0.0.0\",",
        "\"contentVersion\": \"1.0.0.0\",\n  \"metadata\": { \"_generator\": { \"name\": \"bicep\", \"version\": \"0.30.23.60470\", \"templateHash\": \"1\" } },",
    );
    let workspace = workspace(&stamped);
    let run = workspace.check(&["--fix", "--unsafe-fixes"]);
    assert_eq!(text(&workspace), stamped);
    assert!(run.stderr.contains("the template is compiled from Bicep, and would be overwritten"), "{}", run.text());
}

#[test]
fn what_somebody_outside_may_grant_is_mended_only_where_that_is_asked_for() {
    let outside = in_subnet("[resourceId('rg-network', 'Microsoft.Network/virtualNetworks/subnets', 'vnet', 'nodes')]");
    let workspace = workspace(&outside);
    workspace.check(&["--fix", "--unsafe-fixes"]);
    assert!(!text(&workspace).contains("Network Contributor") && !text(&workspace).contains("4d97b98b"));
    let run = workspace.check(&["--fix", "--unsafe-fixes", "--assumed", "--fail-on", "note"]);
    assert_eq!(run.status, 0, "{}", run.text());
    assert!(text(&workspace).contains("4d97b98b"), "{}", run.text());
}

#[test]
fn a_role_in_another_resource_group_is_given_by_a_nested_deployment_that_goes_there() {
    let outside = in_subnet("[resourceId('rg-network', 'Microsoft.Network/virtualNetworks/subnets', 'vnet', 'nodes')]");
    let workspace = workspace(&outside);
    let run = workspace.check(&["--fix", "--unsafe-fixes", "--assumed", "--fail-on", "note"]);
    assert_eq!(run.status, 0, "{}", run.text());
    let after = text(&workspace);
    let id = "resourceId('rg-network', 'Microsoft.Network/virtualNetworks/subnets', 'vnet', 'nodes')";
    assert!(after.contains(&format!("\"resourceGroup\": \"[split({id}, '/')[4]]\"")), "{after}");
    assert!(after.contains("\"expressionEvaluationOptions\": {\n          \"scope\": \"inner\"\n"), "{after}");
    assert!(after.contains("\"scope\": \"[parameters('scope')]\""), "{after}");
    let again = workspace.check(&["--diff", "--unsafe-fixes", "--assumed"]);
    assert_eq!((again.status, again.stdout.as_str()), (0, ""), "{}", again.text());
}

#[test]
fn an_id_that_is_a_parameter_says_where_its_nested_deployment_goes() {
    let given = in_subnet("[parameters('subnetId')]")
        .replace("\"resources\": [\n    {\n      \"type\": \"Microsoft.Man", "\"parameters\": {\n    \"subnetId\": { \"type\": \"string\" }\n  },\n  \"resources\": [\n    {\n      \"type\": \"Microsoft.Man");
    let workspace = workspace(&given);
    let run = ran(rolecall(workspace.path()).args(["requirements", "--format", "arm"]));
    assert_eq!(run.status, 0, "{}", run.text());
    assert!(run.stdout.contains("; unless somebody has granted it\n"), "{}", run.text());
    assert!(run.stdout.contains("\"subscriptionId\": \"[split(parameters('subnetId'), '/')[2]]\""), "{}", run.text());
    let run = workspace.check(&["--fix", "--unsafe-fixes", "--assumed", "--fail-on", "note"]);
    assert_eq!(run.status, 0, "{}", run.text());
}

#[test]
fn an_identity_is_asked_by_the_version_that_its_template_has_in_a_variable() {
    let versions = TEMPLATE
        .replace("\"apiVersion\": \"2023-01-31\"", "\"apiVersion\": \"[variables('version').identity]\"")
        .replace("  \"resources\": [\n    {\n      \"type\": \"Microsoft.Man", "  \"variables\": {\n    \"version\": { \"identity\": \"2023-01-31\" }\n  },\n  \"resources\": [\n    {\n      \"type\": \"Microsoft.Man");
    let workspace = workspace(&versions);
    let run = workspace.check(&["--fix", "--unsafe-fixes"]);
    assert_eq!(run.status, 0, "{}", run.text());
    assert!(text(&workspace).contains("variables('version').identity).principalId]\""), "{}", text(&workspace));
}
