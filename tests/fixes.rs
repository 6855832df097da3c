//! `check --fix` and `--diff`: what is mended, how the text looks then, and what is left alone.

mod common;

use std::path::Path;

use common::{Run, Workspace, ran, repository, rolecall};

/// A cluster whose control plane lacks a role on a route table, and an assignment without a kind of principal.
const BICEP: &str = "\
resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-control'
  location: 'westeurope'
}
resource kubelet 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-kubelet'
  location: 'westeurope'
} // what the nodes run as

resource reader 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, control.id, 'reader')
  properties: {
    // who
    principalId: control.properties.principalId // by its object id
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')
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
    identityProfile: { kubeletidentity: { resourceId: kubelet.id, clientId: kubelet.properties.clientId, objectId: kubelet.properties.principalId } }
    agentPoolProfiles: [ { name: 'one', mode: 'System', count: 1, vmSize: 'Standard_D2s_v5' } ]
  }
}
";

const OPERATOR: &str = "
// Managed Identity Operator
resource kubeletManagedIdentityOperator 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(kubelet.id, control.id, 'f1a07417-d97a-45cb-824c-7a7467783830')
  scope: kubelet
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'f1a07417-d97a-45cb-824c-7a7467783830')
  }
}
";

fn bicep(text: &str) -> Workspace {
    let workspace = Workspace::new();
    workspace.write("main.bicep", text);
    workspace
}

fn text(workspace: &Workspace, path: &str) -> String {
    std::fs::read_to_string(workspace.path().join(path)).expect("read")
}

#[test]
fn a_safe_fix_is_made_and_an_unsafe_one_is_left_and_said() {
    let workspace = bicep(BICEP);
    let run = workspace.check(&["--fix"]);
    let expected = BICEP.replace(
        "'acdd72a7-3385-48ef-bd42-f606fba81ae7')\n",
        "'acdd72a7-3385-48ef-bd42-f606fba81ae7')\n    principalType: 'ServicePrincipal'\n",
    );
    assert_eq!(text(&workspace, "main.bicep"), expected, "{}", run.text());
    assert_eq!(run.status, 1, "what is left is an error: {}", run.text());
    assert!(run.stderr.contains("1 fix in 1 file:\n  set `principalType` to `ServicePrincipal`\n"), "{}", run.text());
    assert!(run.stderr.contains("1 more can be mended with --unsafe-fixes"), "{}", run.text());
    assert!(run.stdout.contains("error[kubelet-identity-without-operator]"), "{}", run.text());
    assert!(!run.stdout.contains("principal-type-missing"), "{}", run.text());
}

#[test]
fn a_missing_assignment_is_added_beside_its_scope_and_the_cluster_waits_for_it() {
    let workspace = bicep(BICEP);
    let run = workspace.check(&["--fix", "--unsafe-fixes"]);
    assert_eq!(run.status, 0, "{}", run.text());
    let after = text(&workspace, "main.bicep");
    assert!(after.contains(&format!("}} // what the nodes run as\n{OPERATOR}\nresource reader")), "{after}");
    assert!(after.ends_with("  dependsOn: [\n    kubeletManagedIdentityOperator\n  ]\n}\n"), "{after}");
    let again = workspace.check(&["--fix", "--unsafe-fixes"]);
    assert_eq!((text(&workspace, "main.bicep"), again.stderr.as_str()), (after, ""));
}

#[test]
fn a_diff_shows_what_would_be_done_and_does_nothing() {
    let workspace = bicep(BICEP);
    let run = workspace.check(&["--diff"]);
    assert_eq!(run.status, 1, "{}", run.text());
    assert!(run.stdout.starts_with("--- a/main.bicep\n+++ b/main.bicep\n@@ "), "{}", run.text());
    assert!(run.stdout.contains("\n+    principalType: 'ServicePrincipal'\n"), "{}", run.text());
    assert_eq!(text(&workspace, "main.bicep"), BICEP);
    workspace.check(&["--fix"]);
    let done = workspace.check(&["--diff"]);
    assert_eq!((done.status, done.stdout.as_str()), (0, ""), "{}", done.text());
}

#[test]
fn unsafe_fixes_alone_are_wrong_usage() {
    let run = bicep(BICEP).check(&["--unsafe-fixes"]);
    assert_eq!(run.status, 2, "{}", run.text());
}

#[test]
fn windows_line_ends_a_byte_order_mark_and_tabs_stay() {
    let workspace = Workspace::new();
    let styled = BICEP.replace("  ", "\t").replace('\n', "\r\n");
    workspace.write_bytes("main.bicep", format!("\u{feff}{styled}").as_bytes());
    let run = workspace.check(&["--fix", "--unsafe-fixes"]);
    assert_eq!(run.status, 0, "{}", run.text());
    let after = text(&workspace, "main.bicep");
    assert!(after.starts_with("\u{feff}resource control"), "{after}");
    assert_eq!(after.matches('\n').count(), after.matches("\r\n").count(), "{after:?}");
    assert!(after.contains("\r\n\t\tprincipalType: 'ServicePrincipal'\r\n"), "{after:?}");
}

#[test]
fn a_read_only_file_is_left_and_the_run_fails() {
    let workspace = bicep(BICEP);
    let path = workspace.path().join("main.bicep");
    let mut permissions = std::fs::metadata(&path).expect("there").permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions).expect("set");
    let run = workspace.check(&["--fix"]);
    assert_eq!(run.status, 2, "{}", run.text());
    assert!(run.stderr.contains("cannot write `main.bicep`: it is read-only"), "{}", run.text());
    assert_eq!(text(&workspace, "main.bicep"), BICEP);
}

#[test]
fn a_file_that_does_not_parse_gets_no_edit_and_it_is_said_why() {
    let broken = format!("{BICEP}\nresource 'half\n");
    let workspace = bicep(&broken);
    let run = workspace.check(&["--fix", "--unsafe-fixes"]);
    assert_eq!(text(&workspace, "main.bicep"), broken);
    assert!(run.stderr.contains("not mended: ") && run.stderr.contains("main.bicep` does not parse"), "{}", run.text());
}

#[test]
fn of_two_fixes_at_one_place_one_is_made_after_the_other() {
    // Both end the list of what the cluster waits for.
    let two = BICEP.replace(
        "resource aks ",
        "resource zone 'Microsoft.Network/privateDnsZones@2020-06-01' = {\n  name: 'privatelink.westeurope.azmk8s.io'\n  \
         location: 'global'\n}\nresource aks ",
    );
    let two = two.replace(
        "    dnsPrefix: 'aks'\n",
        "    fqdnSubdomain: 'aks'\n    apiServerAccessProfile: { enablePrivateCluster: true, privateDNSZone: zone.id }\n",
    );
    let workspace = bicep(&two);
    let run = workspace.check(&["--fix", "--unsafe-fixes"]);
    let after = text(&workspace, "main.bicep");
    assert!(
        after.contains("    kubeletManagedIdentityOperator\n    zonePrivateDNSZoneContributor\n")
            || after.contains("    zonePrivateDNSZoneContributor\n    kubeletManagedIdentityOperator\n"),
        "{after}\n{}",
        run.text()
    );
    assert!(!run.stdout.contains("error["), "{}", run.text());
}

#[test]
fn a_suppressed_finding_is_not_mended() {
    let silent = BICEP.replace(
        "resource reader ",
        "// rolecall: ignore[principal-type-missing] our provider waits\nresource reader ",
    );
    let workspace = bicep(&silent);
    workspace.check(&["--fix"]);
    assert_eq!(text(&workspace, "main.bicep"), silent);
}

/// The rules whose firing workspace is mended as a whole.
const MENDED: [&str; 13] = [
    "identity-created-after-cluster",
    "kubelet-identity-without-operator",
    "principal-id-of-no-principal",
    "principal-type-missing",
    "principal-type-wrong",
    "private-dns-zone-without-role",
    "public-ip-without-role",
    "registry-without-pull-role",
    "role-assigned-after-cluster",
    "route-table-without-role",
    "subnet-without-role",
    "unknown-role",
    "virtual-network-without-role",
];

fn firing(rule: &str) -> Workspace {
    Workspace::copy_of(&Path::new("tests/workspaces/firing").join(rule).to_string_lossy())
}

#[test]
fn what_fires_is_mended_and_nothing_else_is_found_then() {
    for rule in MENDED {
        let workspace = firing(rule);
        let run = workspace.check(&["--fix", "--unsafe-fixes", "--fail-on", "warning"]);
        assert_eq!(run.status, 0, "{rule}: {}", run.text());
        let again = workspace.check(&["--diff", "--unsafe-fixes"]);
        assert_eq!((again.status, again.stdout.as_str()), (0, ""), "{rule}: {}", again.text());
    }
}

#[test]
fn every_rule_with_a_role_to_give_is_mended_where_it_fires() {
    let with_need = |entry: &&rolecall_rules::Entry| {
        let mut requirements = entry.rule.requirements.iter();
        // What a check finds is not always that a role is missing.
        entry.rule.found_by != rolecall_rules::FoundBy::Check
            && requirements.any(|one| one.need.is_some())
            && repository().join("tests/workspaces/firing").join(&entry.rule.id).is_dir()
    };
    let left: Vec<_> = rolecall_rules::rules()
        .iter()
        .filter(with_need)
        .map(|entry| entry.rule.id.as_str())
        .filter(|rule| {
            let workspace = firing(rule);
            workspace.check(&["--fix", "--unsafe-fixes", "--fail-on", "warning"]).status != 0
        })
        .collect();
    assert_eq!(left, Vec::<&str>::new(), "not mended");
}

#[test]
fn what_is_missing_on_a_network_and_on_its_subnet_is_given_on_the_network_alone() {
    let workspace = Workspace::copy_of("tests/workspaces/clean/bicep");
    let roles = text(&workspace, "modules/network-roles.bicep");
    let (start, end) = (roles.find("resource onNetwork"), roles.find("resource onRoutes"));
    let (start, end) = start.zip(end).expect("both assignments");
    workspace.write("modules/network-roles.bicep", &format!("{}{}", &roles[..start], &roles[end..]));
    let before = text(&workspace, "modules/network.bicep");
    let run = workspace.check(&["--fix", "--unsafe-fixes", "--fail-on", "warning"]);
    assert_eq!(run.status, 0, "{}", run.text());
    assert_eq!(text(&workspace, "modules/network.bicep"), before, "{}", run.text());
    assert!(text(&workspace, "modules/network-roles.bicep").contains("scope: network\n"), "{}", run.text());
}

#[test]
fn a_block_that_is_added_to_terraform_is_aligned_as_its_formatter_does() {
    let workspace = firing("application-gateway-without-role");
    let before = text(&workspace, "main.tf");
    workspace.check(&["--fix", "--unsafe-fixes"]);
    let after = text(&workspace, "main.tf");
    let new: Vec<&str> = after.lines().filter(|line| !before.lines().any(|old| old == *line)).collect();
    assert!(new.iter().any(|line| line.contains("azurerm_application_gateway.main.id")), "{after}");
    let at: Vec<_> = new.iter().filter(|line| line.starts_with("  ")).map(|line| line.find(" = ")).collect();
    assert!(at.len() >= 2 && at.windows(2).all(|pair| pair[0] == pair[1] && pair[0].is_some()), "{new:?}");
}

#[test]
fn the_json_and_sarif_of_check_carry_the_edits() {
    let workspace = bicep(BICEP);
    let json = workspace.check(&["--format", "json"]).stdout;
    assert!(json.contains("set `principalType` to `ServicePrincipal`"), "{json}");
    let sarif = workspace.check(&["--format", "sarif"]).stdout;
    assert!(sarif.contains("principalType: 'ServicePrincipal'"), "{sarif}");
}

fn example() -> Run {
    let folder = repository().join("examples/aks-byo-identities");
    ran(rolecall(&folder).args(["check", "--diff", "--unsafe-fixes"]))
}

#[test]
fn a_moved_assignment_gets_another_name() {
    let run = example();
    assert!(run.stdout.contains("+      \"scope\": \"[resourceId("), "{}", run.text());
    assert!(run.stdout.contains("+      \"name\": \"[guid("), "{}", run.text());
}
