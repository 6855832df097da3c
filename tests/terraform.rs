//! Terraform on the command line: which folders are deployments, what is given to them, and where things are said.

mod common;

use common::Workspace;

/// A cluster that brings its kubelet identity; `var.on` says where the role is given.
const CLUSTER: &str = r#"variable "location" {
  default = "westeurope"
}

variable "on" {
  type    = string
  default = "kubelet"
}

resource "azurerm_resource_group" "main" {
  name     = "rg"
  location = var.location
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = var.location
}

resource "azurerm_user_assigned_identity" "kubelet" {
  name                = "id-kubelet"
  resource_group_name = azurerm_resource_group.main.name
  location            = var.location
}

resource "azurerm_role_assignment" "operator" {
  scope                = var.on == "kubelet" ? azurerm_user_assigned_identity.kubelet.id : azurerm_user_assigned_identity.control.id
  role_definition_name = "Managed Identity Operator"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = var.location
  dns_prefix          = "aks"

  default_node_pool {
    name       = "system"
    node_count = 1
    vm_size    = "Standard_D2s_v5"
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

  local_account_disabled = true

  azure_active_directory_role_based_access_control {
    azure_rbac_enabled = true
  }

  depends_on = [azurerm_role_assignment.operator]
}
"#;

const WRONG: &str = "on = \"control\"\n";
const FINDING: &str = "`id-control` may not assign the kubelet identity `id-kubelet`";

/// A root module that calls the cluster as a module.
fn calling(source: &str, more: &str) -> String {
    format!("module \"aks\" {{\n  source = \"{source}\"\n{more}}}\n")
}

fn workspace(files: &[(&str, &str)]) -> Workspace {
    let workspace = Workspace::new();
    files.iter().for_each(|(path, text)| workspace.write(path, text));
    workspace
}

#[test]
fn a_root_module_in_a_folder_is_a_deployment() {
    let run = workspace(&[("main.tf", CLUSTER)]).check(&[]);
    assert_eq!(run.status, 0, "{}", run.text());
    assert!(run.stdout.contains("1 deployment, 1 cluster: 1 permission question: 1 granted"), "{}", run.text());
}

#[test]
fn a_finding_names_its_place_in_the_configuration() {
    let run = workspace(&[("infra/main.tf", CLUSTER), ("infra/terraform.tfvars", WRONG)]).check(&["infra"]);
    assert_eq!(run.status, 1, "{}", run.text());
    assert!(run.stdout.contains(FINDING), "{}", run.text());
    assert!(run.stdout.contains("┌─ infra/main.tf:53:"), "{}", run.text());
}

#[test]
fn the_spellings_of_opentofu_and_json_are_read_too() {
    let json = r#"{"resource": {"azurerm_kubernetes_cluster": {"main": {"name": "aks", "location": "l",
        "resource_group_name": "rg", "dns_prefix": "aks", "identity": {"type": "SystemAssigned"},
        "default_node_pool": {"name": "system", "vm_size": "s"}}}}}"#;
    let run = workspace(&[("a/main.tofu", CLUSTER), ("b/main.tf.json", json)]).check(&[]);
    assert!(run.stdout.contains("2 deployments, 2 clusters"), "{}", run.text());
}

#[test]
fn a_module_is_no_deployment_of_its_own() {
    let files = [("modules/aks/main.tf", CLUSTER), ("env/main.tf", &calling("../modules/aks", ""))];
    let run = workspace(&files).check(&[]);
    assert!(run.stdout.contains("1 deployment, 1 cluster"), "{}", run.text());
}

#[test]
fn a_file_of_a_module_stands_for_the_root_modules_that_call_it() {
    let files = [
        ("modules/aks/main.tf", CLUSTER),
        ("prod/main.tf", &calling("../modules/aks", "  on = \"control\"\n")),
        ("dev/main.tf", &calling("../modules/aks", "")),
        ("other/main.tf", "resource \"azurerm_resource_group\" \"x\" {\n  name = \"x\"\n}\n"),
    ];
    let workspace = workspace(&files);
    let named = ["--root", ".", "modules/aks/main.tf"];
    let run = workspace.check(&named);
    assert_eq!(run.status, 1, "{}", run.text());
    assert!(
        run.stdout.contains("2 deployments, 2 clusters: 2 permission questions: 1 granted, 1 missing"),
        "{}",
        run.text()
    );
    assert!(run.stdout.contains("in: prod/main.tf") && !run.stdout.contains("in: dev/main.tf"), "{}", run.text());
}

#[test]
fn a_variable_file_that_is_named_stands_for_its_root_module_with_these_values() {
    let workspace = workspace(&[("main.tf", CLUSTER), ("env/prod.tfvars", WRONG), ("env/dev.tfvars", "")]);
    assert_eq!(workspace.check(&[]).status, 0, "it counts only where it is named");
    let run = workspace.check(&["--root", ".", "env/prod.tfvars", "env/dev.tfvars"]);
    assert_eq!(run.status, 1, "{}", run.text());
    assert!(
        run.stdout.contains("in: main.tf, fails only with env/prod.tfvars (of 2 parameter sets)"),
        "{}",
        run.text()
    );
    assert!(run.stdout.contains("2 deployments, 2 clusters"), "{}", run.text());
}

#[test]
fn values_on_the_command_line_win_over_files() {
    let workspace = workspace(&[("main.tf", CLUSTER), ("wrong.tfvars", WRONG), ("right.tfvars", "on = \"kubelet\"\n")]);
    assert_eq!(workspace.check(&["--var", "on=control"]).status, 1);
    assert_eq!(workspace.check(&["--var-file", "wrong.tfvars"]).status, 1);
    assert_eq!(workspace.check(&["--var-file", "wrong.tfvars", "--var-file", "right.tfvars"]).status, 0);
    assert_eq!(workspace.check(&["--var-file", "wrong.tfvars", "--var", "on=kubelet"]).status, 0);
    assert_eq!(workspace.check(&["--var", "on=kubelet", "--var-file", "wrong.tfvars"]).status, 1);
}

#[test]
fn values_reach_only_the_root_modules_that_declare_them() {
    let other = "resource \"azurerm_resource_group\" \"x\" {\n  name = \"x\"\n}\n";
    let workspace = workspace(&[("aks/main.tf", CLUSTER), ("other/main.tf", other), ("prod.tfvars", WRONG)]);
    let run = workspace.check(&["--var-file", "prod.tfvars", "--format", "json"]);
    assert_eq!(run.status, 1, "{}", run.text());
    let run = workspace.check(&["--var-file", "prod.tfvars"]);
    assert!(run.stdout.contains("in: aks/main.tf with prod.tfvars"), "{}", run.text());
}

#[test]
fn values_that_nobody_declares_are_refused() {
    let workspace = workspace(&[("main.tf", CLUSTER), ("typo.tfvars", "no = 1\n")]);
    for (arguments, says) in [
        (["--var", "onn=control"], "declares the variable `onn`"),
        (["--var", "on"], "write `--var name=value`"),
        (["--var-file", "typo.tfvars"], "`typo.tfvars` gives `no`"),
        (["--var-file", "none.tfvars"], "cannot read `none.tfvars`"),
        (["--plan", "none.json"], "cannot read `none.json`"),
    ] {
        let run = workspace.check(&arguments);
        assert_eq!(run.status, 2, "{}", run.text());
        assert!(run.stderr.contains(says), "{}", run.text());
    }
}

#[test]
fn a_broken_block_costs_that_block_and_is_said_where_it_stands() {
    let broken = format!("{CLUSTER}\nresource \"azurerm_subnet\" \"x\" {{\n  name = = \"x\"\n}}\n");
    let run = workspace(&[("main.tf", &broken)]).check(&[]);
    assert_eq!(run.status, 1, "{}", run.text());
    assert!(
        run.stdout.contains("main.tf:66:10") && run.stdout.contains("1 cluster: 1 permission question: 1 granted"),
        "{}",
        run.text()
    );
}

#[test]
fn a_module_that_is_not_fetched_is_said_at_its_call() {
    let call = "module \"network\" {\n  source  = \"Azure/network/azurerm\"\n  version = \"5.0\"\n}\n";
    let run = workspace(&[("main.tf", &format!("{CLUSTER}{call}"))]).check(&[]);
    assert_eq!(run.status, 0, "{}", run.text());
    assert!(run.stdout.contains("warning: the module `network` is not evaluated"), "{}", run.text());
    assert!(run.stdout.contains("run `terraform init`") && run.stdout.contains("main.tf:64:1"), "{}", run.text());
}

#[test]
#[cfg(unix)]
fn a_configuration_file_that_cannot_be_read_is_said_once() {
    let workspace = workspace(&[("main.tf", CLUSTER)]);
    workspace.write_bytes("more.tf", b"locals {\n  a = \"\xff\"\n}\n");
    let run = workspace.check(&[]);
    assert_eq!(run.status, 1, "{}", run.text());
    assert!(run.stdout.contains("--> more.tf:2:8") && run.stdout.contains("1 cluster"), "{}", run.text());
}

#[test]
fn the_graph_of_a_root_module_is_written() {
    let run = workspace(&[("main.tf", CLUSTER)]).run(&["graph"]);
    assert_eq!(run.status, 0, "{}", run.text());
    let graph: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    let deployment = &graph["deployments"][0];
    assert_eq!((&deployment["entry"], &deployment["language"]), (&"main.tf".into(), &"terraform".into()));
    let roles: Vec<_> =
        deployment["assignments"].as_array().expect("a list").iter().map(|one| &one["role"]["name"]).collect();
    assert!(roles.contains(&&"Managed Identity Operator".into()), "{}", run.stdout);
}

#[test]
fn a_plan_alone_is_analysed_where_no_path_is_given() {
    let plan = r#"{
  "format_version": "1.2",
  "resource_changes": [
    {
      "address": "azurerm_kubernetes_cluster.main", "mode": "managed", "type": "azurerm_kubernetes_cluster", "name": "main",
      "change": { "actions": ["create"], "after_unknown": { "id": true },
        "after": { "name": "aks", "resource_group_name": "rg", "location": "l", "private_cluster_enabled": true,
          "private_dns_zone_id": "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/privateDnsZones/privatelink.l.azmk8s.io",
          "identity": [{ "type": "SystemAssigned" }], "default_node_pool": [{ "name": "system", "vm_size": "s" }] } }
    }
  ]
}
"#;
    let workspace = workspace(&[("main.tf", CLUSTER), ("plans/plan.json", plan)]);
    let run = workspace.check(&["--plan", "plans/plan.json"]);
    assert_eq!(run.status, 1, "{}", run.text());
    assert!(run.stdout.contains("error[system-assigned-with-custom-dns-zone]"), "{}", run.text());
    assert!(
        run.stdout.contains("plans/plan.json:5:") && run.stdout.contains("1 deployment, 1 cluster"),
        "{}",
        run.text()
    );
    let both = workspace.check(&[".", "--plan", "plans/plan.json"]);
    assert!(both.stdout.contains("2 deployments, 2 clusters"), "{}", both.text());
}

#[test]
fn what_is_no_plan_is_an_error() {
    let run = workspace(&[("plan.json", "{}")]).check(&["--plan", "plan.json"]);
    assert_eq!(run.status, 1, "{}", run.text());
    assert!(run.stdout.contains("the file is no plan in JSON"), "{}", run.text());
}

#[test]
fn output_is_the_same_for_any_number_of_threads() {
    let workspace = Workspace::new();
    for number in 0..20 {
        let wrong = if number % 3 == 0 { "  on = \"control\"\n" } else { "" };
        workspace.write(&format!("env{number}/main.tf"), &calling("../modules/aks", wrong));
        workspace.write(&format!("broken{number}/main.tf"), "resource \"a\" {\n  x = = 1\n}\n");
    }
    workspace.write("modules/aks/main.tf", CLUSTER);
    for format in ["text", "json", "sarif"] {
        let outputs = ["1", "2", "8"].map(|threads| {
            let run = workspace.with_env("RAYON_NUM_THREADS", threads, &["check", "--format", format]);
            assert_eq!(run.status, 1);
            run.stdout
        });
        assert!(outputs.iter().all(|output| *output == outputs[0]), "{format}");
    }
}
