//! Suppressions, the baseline, environments and `init`, in the program as a whole.

mod common;

use common::{Run, Workspace};
use serde_json::Value;

/// A cluster whose control plane is not allowed to join the subnet that is made here.
const CLUSTER: &str = "param env string = 'dev'
resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-control'
  location: 'westeurope'
}
resource vnet 'Microsoft.Network/virtualNetworks@2024-01-01' = {
  name: 'vnet'
  location: 'westeurope'
  properties: { addressSpace: { addressPrefixes: ['10.0.0.0/8'] } }
  resource nodes 'subnets' = { name: 'nodes', properties: { addressPrefix: '10.1.0.0/16' } }
}
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-${env}'
  location: 'westeurope'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 1
      vnetSubnetID: vnet::nodes.id
    }]
    disableLocalAccounts: true
    aadProfile: { managed: true, enableAzureRBAC: true }
  }
}
";

const LINE: &str = "      vnetSubnetID: vnet::nodes.id\n";
const RULE: &str = "subnet-without-role";

fn workspace(text: &str) -> Workspace {
    let workspace = Workspace::new();
    workspace.write("main.bicep", text);
    workspace
}

/// The cluster with a comment of its own line above what is found.
fn above(comment: &str) -> String {
    CLUSTER.replace(LINE, &format!("      // {comment}\n{LINE}"))
}

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.text()))
}

/// The findings as rule and whether they are suppressed.
fn findings(run: &Run) -> Vec<(String, bool)> {
    let document = json(run);
    let findings = document["findings"].as_array().expect("findings").iter();
    let pair =
        |one: &Value| (one["rule"].as_str().expect("a rule").to_owned(), one["suppressed"].as_bool().expect("a flag"));
    findings.map(pair).collect()
}

fn found(text: &str) -> Vec<(String, bool)> {
    findings(&workspace(text).check(&["--format", "json"]))
}

fn one(rule: &str, suppressed: bool) -> Vec<(String, bool)> {
    vec![(rule.to_owned(), suppressed)]
}

#[test]
fn a_comment_suppresses_the_rules_that_it_names_and_is_counted() {
    assert_eq!(found(CLUSTER), one(RULE, false));
    let request = format!("rolecall: ignore[{RULE}] the network team assigns it");
    for text in [above(&request), CLUSTER.replace(LINE, &format!("{} // {request}\n", LINE.trim_end()))] {
        let workspace = workspace(&text);
        let run = workspace.check(&["--format", "json", "--fail-on", "note"]);
        assert_eq!((run.status, findings(&run)), (0, one(RULE, true)), "{}", run.text());
        let counts = &json(&run)["summary"]["findings"];
        assert_eq!((&counts["suppressed"], &counts["warning"], &counts["error"]), (&1.into(), &0.into(), &0.into()));
        let text = workspace.check(&[]).stdout;
        assert!(text.contains("1 suppressed") && !text.contains(RULE), "{text}");
        let sarif = json(&workspace.check(&["--format", "sarif"]));
        let suppression = &sarif["runs"][0]["results"][0]["suppressions"][0];
        assert_eq!(suppression["kind"], "inSource", "{sarif}");
        assert_eq!(suppression["justification"], "the network team assigns it");
        assert!(suppression["location"]["physicalLocation"]["region"]["startLine"].is_number());
    }
}

#[test]
fn a_comment_elsewhere_suppresses_nothing_and_is_unused() {
    let text = format!("// rolecall: ignore[{RULE}] why\n{CLUSTER}");
    assert_eq!(found(&text), [one(RULE, false), one("unused-suppression", false)].concat());
    let workspace = workspace(&text);
    let select = |rule| findings(&workspace.check(&["--format", "json", "--select", rule]));
    assert_eq!(select("unused-suppression"), Vec::new(), "a rule that did not run finds nothing");
    assert_eq!(select(RULE), one(RULE, false));
}

#[test]
fn a_suppression_that_is_not_written_right_suppresses_nothing() {
    for request in ["rolecall: ignore why", "rolecall: ignore[*] why", &format!("rolecall: ignore[{RULE}]")] {
        let all = found(&above(request));
        assert_eq!(all, [one(RULE, false), one("invalid-suppression", false)].concat(), "{request}");
    }
    let half_right = above(&format!("rolecall: ignore[no-such-rule, {RULE}] why"));
    assert_eq!(found(&half_right), [one(RULE, true), one("invalid-suppression", false)].concat());
    let sarif = json(&workspace(&half_right).check(&["--format", "sarif"]));
    let results = sarif["runs"][0]["results"].as_array().expect("results").iter();
    let suppressions: Vec<_> = results.map(|one| one["suppressions"].as_array().map(Vec::len)).collect();
    assert_eq!(suppressions, [Some(0), Some(1)], "SARIF wants them in all results or in none: {sarif}");
}

#[test]
fn metadata_suppresses_in_arm_templates() {
    let example = Workspace::copy_of("examples/aks-byo-identities");
    let path = example.path().join("azuredeploy.json");
    let text = std::fs::read_to_string(&path).expect("read");
    let cluster = "      \"type\": \"Microsoft.ContainerService/managedClusters\",";
    let metadata = "      \"metadata\": { \"rolecall\": \"ignore[kubelet-identity-without-operator] a test\" },";
    std::fs::write(&path, text.replace(cluster, &format!("{metadata}\n{cluster}"))).expect("written");
    let run = example.check(&["--format", "json"]);
    assert_eq!((run.status, findings(&run)), (0, one("kubelet-identity-without-operator", true)), "{}", run.text());
}

#[test]
fn comments_suppress_in_terraform() {
    let text = r#"
resource "azurerm_user_assigned_identity" "control" {
  name                = "id-control"
  resource_group_name = "rg"
  location            = "westeurope"
}
resource "azurerm_subnet" "nodes" {
  name                 = "nodes"
  resource_group_name  = "rg"
  virtual_network_name = "vnet"
  address_prefixes     = ["10.1.0.0/16"]
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
    vnet_subnet_id = azurerm_subnet.nodes.id
  }
  local_account_disabled = true
  azure_active_directory_role_based_access_control {
    azure_rbac_enabled = true
  }
}
"#;
    let workspace = Workspace::new();
    workspace.write("main.tf", text);
    assert_eq!(findings(&workspace.check(&["--format", "json"])), one(RULE, false));
    let line = "    vnet_subnet_id";
    workspace.write("main.tf", &text.replace(line, &format!("    # rolecall: ignore[{RULE}] why\n{line}")));
    let run = workspace.check(&["--format", "json"]);
    assert_eq!(findings(&run), one(RULE, true), "{}", run.text());
}

#[test]
fn a_baseline_accepts_what_there_is_and_survives_edits() {
    let workspace = workspace(CLUSTER);
    workspace.write("broken.json", "{\"$schema\": \"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#\", \"resources\": [}");
    assert_eq!(workspace.check(&["--fail-on", "warning"]).status, 1);
    let run = workspace.check(&["--fail-on", "warning", "--write-baseline", "baseline.json"]);
    assert_eq!(run.status, 0, "{}", run.text());
    let check = || workspace.check(&["--format", "json", "--fail-on", "note", "--baseline", "baseline.json"]);
    assert_eq!((check().status, findings(&check())), (0, one(RULE, true)), "{}", check().text());
    workspace.write(
        "main.bicep",
        &format!("{}{}", "// a comment\n\n".repeat(5), CLUSTER.replace("vnet::nodes.id", "vnet::nodes.id // more")),
    );
    assert_eq!((check().status, findings(&check())), (0, one(RULE, true)), "{}", check().text());
    let sarif = json(&workspace.check(&["--format", "sarif", "--baseline", "baseline.json"]));
    assert_eq!(sarif["runs"][0]["results"][0]["suppressions"][0]["kind"], "external");

    let renamed = CLUSTER.replace("name: 'nodes'", "name: 'pods'");
    workspace.write("main.bicep", &renamed);
    assert_eq!(findings(&check()), [one(RULE, false), one("stale-baseline", false)].concat(), "{}", check().text());
    let run = workspace.check(&["--baseline", "baseline.json", "--write-baseline", "baseline.json"]);
    assert_eq!((run.status, check().status, findings(&check())), (0, 0, one(RULE, true)));
}

#[test]
fn what_is_no_baseline_is_status_2() {
    let workspace = workspace(CLUSTER);
    for text in ["", "[]", "{\"schema_version\": 2}", "{\"schema_version\": 1, \"findings\": [{}], \"problems\": []}"] {
        workspace.write("baseline.json", text);
        let run = workspace.check(&["--baseline", "baseline.json"]);
        assert_eq!((run.status, run.stderr.contains("baseline.json:1:")), (2, true), "{}", run.text());
    }
    assert_eq!(workspace.check(&["--baseline", "none.json"]).status, 2);
}

#[test]
fn a_finding_says_which_environments_it_is_in() {
    let assigned = format!(
        "param assigned bool = true\n{CLUSTER}resource join 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (assigned) {{
  name: guid('join')
  scope: vnet
  properties: {{
    principalId: control.properties.principalId
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')
  }}
}}
"
    );
    let workspace = workspace(&assigned);
    for (name, value) in [("dev", true), ("test", true), ("prod", false)] {
        workspace.write(
            &format!("{name}.bicepparam"),
            &format!("using 'main.bicep'\nparam env = '{name}'\nparam assigned = {value}\n"),
        );
    }
    let text = workspace.check(&[]).stdout;
    assert!(text.contains("in: main.bicep, fails only with prod.bicepparam (of 3 parameter sets)"), "{text}");
    let others = "in: main.bicep, may fail only with dev.bicepparam, test.bicepparam (of 3 parameter sets)";
    assert!(text.contains(others), "{text}");
    workspace.write("main.bicep", CLUSTER);
    for name in ["dev", "test", "prod"] {
        workspace.write(&format!("{name}.bicepparam"), &format!("using 'main.bicep'\nparam env = '{name}'\n"));
    }
    let text = workspace.check(&[]).stdout;
    assert!(text.contains("in: main.bicep, with all its 3 parameter sets"), "{text}");
    assert!(!text.contains("fails only with"), "{text}");
}

#[test]
fn listed_deployments_are_analysed_as_listed() {
    let workspace = workspace(CLUSTER);
    for name in ["dev", "test", "prod"] {
        workspace.write(&format!("{name}.bicepparam"), &format!("using 'main.bicep'\nparam env = '{name}'\n"));
    }
    let sets = |arguments: &[&str]| -> Vec<Value> {
        let document = json(&workspace.check(&[&["--format", "json"], arguments].concat()));
        let findings = document["findings"].as_array().expect("findings").iter();
        findings.map(|one| one["deployment"]["parameters"].clone()).collect()
    };
    assert_eq!(sets(&[]).len(), 3);
    workspace.write(
        "rolecall.toml",
        "[[deployment]]\nentry = 'main.bicep'\n[[deployment]]\nentry = 'main.bicep'\nparameters = ['dev.bicepparam', 'prod.bicepparam']\n",
    );
    assert_eq!(sets(&[]), [serde_json::json!([]), serde_json::json!(["dev.bicepparam", "prod.bicepparam"])]);
    assert_eq!(sets(&["prod.bicepparam"]), [serde_json::json!(["dev.bicepparam", "prod.bicepparam"])]);
}

#[test]
fn every_run_says_how_much_was_analysed() {
    let workspace = workspace(CLUSTER);
    for format in ["json", "sarif"] {
        let run = workspace.check(&["--format", format]);
        assert!(run.stderr.contains("1 deployment, 1 cluster: 1 permission question"), "{}", run.stderr);
    }
    let run = workspace.check(&["--output", "report.txt"]);
    assert!(run.stderr.contains("1 deployment, 1 cluster"), "{}", run.stderr);
    let empty = Workspace::new();
    empty.write("main.bicep", "");
    assert!(empty.check(&["--format", "sarif"]).stderr.contains("no AKS cluster: there was nothing to check"));
}

#[test]
fn levels_come_from_the_configuration() {
    let workspace = workspace(CLUSTER);
    for (level, status, count) in [("error", 1, 1), ("warning", 0, 1), ("note", 0, 1), ("off", 0, 0)] {
        workspace.write("rolecall.toml", &format!("[rules]\n{RULE} = '{level}'\n"));
        let run = workspace.check(&["--format", "json"]);
        assert_eq!((run.status, findings(&run).len()), (status, count), "{level}: {}", run.text());
        if count > 0 {
            assert_eq!(json(&run)["findings"][0]["level"], level);
        }
    }
    assert_eq!(findings(&workspace.check(&["--format", "json", "--select", RULE])).len(), 1);
}

#[test]
fn init_writes_what_is_found_and_what_it_writes_can_be_used() {
    let outside = CLUSTER
        .replace(
            "resource vnet 'Microsoft.Network/virtualNetworks@2024-01-01' = {",
            "resource vnet 'Microsoft.Network/virtualNetworks@2024-01-01' existing = {",
        )
        .replace("  location: 'westeurope'\n  properties: { addressSpace: { addressPrefixes: ['10.0.0.0/8'] } }\n", "")
        .replace(
            "resource nodes 'subnets' = { name: 'nodes', properties: { addressPrefix: '10.1.0.0/16' } }",
            "resource nodes 'subnets' existing = { name: 'nodes' }",
        );
    let workspace = workspace(&outside);
    workspace.write("prod.bicepparam", "using 'main.bicep'\nparam env = 'prod'\n");
    let run = workspace.run(&["init"]);
    assert_eq!(run.status, 0, "{}", run.text());
    assert!(run.stdout.contains("main.bicep with prod.bicepparam: 1 cluster"), "{}", run.stdout);
    let path = workspace.path().join("rolecall.toml");
    let written = std::fs::read_to_string(&path).expect("written");
    let before = workspace.check(&["--format", "json", "--fail-on", "note"]);
    assert_eq!(json(&before)["summary"]["questions"]["assumed"], 1, "{}", before.text());

    // Its keys and tables without the marks.
    let is_code =
        |line: &str| line.starts_with('[') || line.split_once(" = ").is_some_and(|(key, _)| !key.contains(' '));
    let code: Vec<_> =
        written.lines().filter_map(|line| line.strip_prefix("# ")).filter(|line| is_code(line)).collect();
    workspace.write("rolecall.toml", &code.join("\n").replace("exclude = [\"samples/**\"]", ""));
    let after = workspace.check(&["--format", "json", "--fail-on", "note"]);
    assert_eq!(
        (after.status, &json(&after)["summary"]["questions"]["granted"]),
        (0, &1.into()),
        "{}\n{}",
        code.join("\n"),
        after.text()
    );
    assert_eq!(json(&after)["questions"][0]["deployment"]["parameters"][0], "prod.bicepparam");

    let again = workspace.run(&["init"]);
    assert_eq!((again.status, again.stderr.contains("already")), (2, true), "{}", again.text());
    assert_eq!(Workspace::new().run(&["init"]).status, 2);
}
