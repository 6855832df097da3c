//! `check --fix` in Terraform: the layout that its formatter gives, modules, conditions, what cannot be read or written.

mod common;

use common::Workspace;

/// A cluster whose control plane may not assign the kubelet identity.
const MAIN: &str = r#"resource "azurerm_user_assigned_identity" "control" {
  name                = "id-control"
  resource_group_name = "rg"
  location            = "westeurope"
}

resource "azurerm_user_assigned_identity" "kubelet" {
  name                = "id-kubelet"
  resource_group_name = "rg"
  location            = "westeurope"
} # what the nodes run as

# the cluster
resource "azurerm_kubernetes_cluster" "aks" {
  name                   = "aks"
  resource_group_name    = "rg"
  location               = "westeurope"
  dns_prefix             = "aks"
  local_account_disabled = true

  default_node_pool {
    name       = "one"
    node_count = 1
    vm_size    = "Standard_D2s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  kubelet_identity {
    user_assigned_identity_id = azurerm_user_assigned_identity.kubelet.id
    client_id                 = azurerm_user_assigned_identity.kubelet.client_id
    object_id                 = azurerm_user_assigned_identity.kubelet.principal_id
  }

  azure_active_directory_role_based_access_control {
    azure_rbac_enabled = true
  }
}
"#;

const OPERATOR: &str = r#"
resource "azurerm_role_assignment" "kubelet_managed_identity_operator" {
  scope                = azurerm_user_assigned_identity.kubelet.id
  role_definition_name = "Managed Identity Operator"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
  principal_type       = "ServicePrincipal"
}
"#;

const DEPENDS: &str = "\n  depends_on = [azurerm_role_assignment.kubelet_managed_identity_operator]\n}\n";

fn workspace(text: &str) -> Workspace {
    let workspace = Workspace::new();
    workspace.write("main.tf", text);
    workspace
}

fn read(workspace: &Workspace, path: &str) -> String {
    std::fs::read_to_string(workspace.path().join(path)).expect("read")
}

fn fixed(workspace: &Workspace) -> common::Run {
    workspace.check(&["--fix", "--unsafe-fixes", "--fail-on", "warning"])
}

/// The text that mending must come to: nothing else is touched.
fn expected(text: &str) -> String {
    let text = text.replace("} # what the nodes run as\n", &format!("}} # what the nodes run as\n{OPERATOR}"));
    let end = text.rfind("}\n").expect("the end of the cluster");
    format!("{}{DEPENDS}{}", &text[..end], &text[end + 2..])
}

#[test]
fn an_assignment_stands_behind_its_scope_and_the_cluster_waits_for_it() {
    let workspace = workspace(MAIN);
    let run = fixed(&workspace);
    assert_eq!(read(&workspace, "main.tf"), expected(MAIN), "{}", run.text());
    assert_eq!(run.status, 0, "{}", run.text());
    let again = fixed(&workspace);
    assert_eq!((read(&workspace, "main.tf"), again.stderr.as_str()), (expected(MAIN), ""));
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_stay() {
    let workspace = Workspace::new();
    workspace.write_bytes("main.tf", format!("\u{feff}{}", MAIN.replace('\n', "\r\n")).as_bytes());
    let run = fixed(&workspace);
    let wanted = format!("\u{feff}{}", expected(MAIN).replace('\n', "\r\n"));
    assert_eq!(read(&workspace, "main.tf"), wanted, "{}", run.text());
}

#[test]
fn what_is_added_to_a_block_is_indented_by_tabs_where_it_is() {
    let tabs = MAIN.replace("  ", "\t").replace("\t\t\t", " ");
    let workspace = workspace(&tabs);
    let run = fixed(&workspace);
    assert_eq!(run.status, 0, "{}", run.text());
    let after = read(&workspace, "main.tf");
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let (old, new) = (lines(&tabs), lines(&after));
    assert!(old.iter().all(|line| new.contains(line)), "{after}");
}

#[test]
fn a_read_only_file_is_left_and_the_run_fails() {
    let workspace = workspace(MAIN);
    let path = workspace.path().join("main.tf");
    let mut permissions = std::fs::metadata(&path).expect("there").permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions).expect("set");
    let run = fixed(&workspace);
    assert_eq!(run.status, 2, "{}", run.text());
    assert!(run.stderr.contains("cannot write `main.tf`: it is read-only"), "{}", run.text());
    assert_eq!(read(&workspace, "main.tf"), MAIN);
}

#[test]
fn a_file_that_does_not_parse_gets_no_edit_and_it_is_said_why() {
    let broken = format!("{MAIN}\nresource \"half\" {{\n");
    let workspace = workspace(&broken);
    let run = fixed(&workspace);
    assert_eq!(read(&workspace, "main.tf"), broken);
    assert_ne!(run.status, 0, "{}", run.text());
    assert!(run.text().contains("main.tf"), "{}", run.text());
}

#[test]
fn of_two_fixes_at_one_place_one_is_made_after_the_other() {
    let zone = "resource \"azurerm_private_dns_zone\" \"zone\" {\n  name                = \"privatelink.westeurope.azmk8s.io\"\n  resource_group_name = \"rg\"\n}\n\n";
    let private = MAIN
        .replace(
            "  dns_prefix             = \"aks\"\n",
            "  dns_prefix_private_cluster = \"aks\"\n  private_cluster_enabled = true\n  private_dns_zone_id = azurerm_private_dns_zone.zone.id\n",
        )
        .replace("# the cluster\n", &format!("{zone}# the cluster\n"));
    let workspace = workspace(&private);
    let run = fixed(&workspace);
    let after = read(&workspace, "main.tf");
    assert_eq!(run.status, 0, "{}", run.text());
    let operator = "azurerm_role_assignment.kubelet_managed_identity_operator";
    let contributor = "azurerm_role_assignment.zone_private_dns_zone_contributor";
    let either = [[operator, contributor], [contributor, operator]];
    assert!(either.iter().any(|pair| after.contains(&format!("  depends_on = [{}]\n", pair.join(", ")))), "{after}");
}

#[test]
fn comments_and_heredocs_around_the_place_stay_as_they_are() {
    let lines = "locals {\n  text = <<-EOT\n    a ${\"b\"}\n      c\n    \u{e9}\n  EOT\n  /* in between */\n}\n\n";
    let text = format!("{lines}{MAIN}").replace(
        "    azure_rbac_enabled = true\n  }\n}\n",
        "    azure_rbac_enabled = true\n  }\n\n  depends_on = [\n    # first\n    azurerm_user_assigned_identity.control, // both\n    azurerm_user_assigned_identity.kubelet  // of them\n  ]\n}\n",
    );
    let workspace = workspace(&text);
    let run = fixed(&workspace);
    assert_eq!(run.status, 0, "{}", run.text());
    let after = read(&workspace, "main.tf");
    assert!(after.starts_with(lines), "{after}");
    for line in text.lines().filter(|line| !line.contains("// of them")) {
        assert!(after.contains(line), "{line}: {after}");
    }
    assert!(after.contains("// of them"), "{after}");
    assert_eq!(fixed(&workspace).stderr, "");
}

/// A module with a cluster and its identity, which needs a role on a zone that the caller makes.
const SPOKE: &str = r#"variable "zone_id" {
  type = string
}

variable "name" {
  type = string
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-${var.name}"
  resource_group_name = "rg"
  location            = "westeurope"
}

resource "azurerm_kubernetes_cluster" "aks" {
  name                       = var.name
  resource_group_name        = "rg"
  location                   = "westeurope"
  dns_prefix_private_cluster = var.name
  private_cluster_enabled    = true
  private_dns_zone_id        = var.zone_id
  local_account_disabled     = true

  default_node_pool {
    name       = "one"
    node_count = 1
    vm_size    = "Standard_D2s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  azure_active_directory_role_based_access_control {
    azure_rbac_enabled = true
  }
}
"#;

fn spokes(calls: &str) -> Workspace {
    let zone = "resource \"azurerm_private_dns_zone\" \"zone\" {\n  name                = \"privatelink.westeurope.azmk8s.io\"\n  resource_group_name = \"rg\"\n}\n";
    let workspace = workspace(&format!("{zone}{calls}"));
    workspace.write("spoke/main.tf", SPOKE);
    workspace
}

const CALL: &str = "\nmodule \"NAME\" {\n  source  = \"./spoke\"\n  name    = \"NAME\"\n  zone_id = azurerm_private_dns_zone.zone.id\n}\n";

#[test]
fn what_each_instance_of_a_module_needs_is_written_into_it_once() {
    let workspace = spokes(&[CALL.replace("NAME", "one"), CALL.replace("NAME", "two")].concat());
    let before = read(&workspace, "main.tf");
    let run = fixed(&workspace);
    assert_eq!(run.status, 0, "{}", run.text());
    let after = read(&workspace, "spoke/main.tf");
    assert_eq!(after.matches("resource \"azurerm_role_assignment\"").count(), 1, "{after}");
    assert!(after.contains("  scope                = var.zone_id\n"), "{after}");
    assert_eq!(read(&workspace, "main.tf"), before);
}

#[test]
fn what_one_instance_of_a_module_needs_is_not_written_into_it_for_all() {
    let granted = "\nmodule \"two\" {\n  source  = \"./spoke\"\n  name    = \"two\"\n  zone_id = \"/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/dns/providers/Microsoft.Network/privateDnsZones/privatelink.westeurope.azmk8s.io\"\n}\n";
    let workspace = spokes(&format!("{}{granted}", CALL.replace("NAME", "one")));
    let run = workspace.check(&["--fix", "--unsafe-fixes"]);
    assert_eq!(read(&workspace, "spoke/main.tf"), SPOKE, "{}", run.text());
    assert!(run.stderr.contains("not mended: "), "{}", run.text());
}

/// A module whose cluster has an identity of its own only where it is asked for.
const OPTIONAL: &str = r#"variable "own" {
  type    = string
  default = "yes"
}

variable "subnet_id" {
  type = string
}

resource "azurerm_kubernetes_cluster" "aks" {
  name                   = "aks"
  resource_group_name    = "rg"
  location               = "westeurope"
  dns_prefix             = "aks"
  local_account_disabled = true

  default_node_pool {
    name           = "one"
    node_count     = 1
    vm_size        = "Standard_D2s_v5"
    vnet_subnet_id = var.subnet_id
  }

  dynamic "identity" {
    for_each = var.own == "yes" ? ["identity"] : []

    content {
      type = "SystemAssigned"
    }
  }

  azure_active_directory_role_based_access_control {
    azure_rbac_enabled = true
  }
}
"#;

fn optional(outputs: &str) -> Workspace {
    let workspace = workspace(
        "resource \"azurerm_virtual_network\" \"main\" {\n  name                = \"vnet\"\n  resource_group_name = \"rg\"\n  location            = \"westeurope\"\n  address_space       = [\"10.0.0.0/16\"]\n}\n\nresource \"azurerm_subnet\" \"nodes\" {\n  name                 = \"nodes\"\n  resource_group_name  = \"rg\"\n  virtual_network_name = azurerm_virtual_network.main.name\n  address_prefixes     = [\"10.0.0.0/20\"]\n}\n\nmodule \"aks\" {\n  source    = \"./aks\"\n  subnet_id = azurerm_subnet.nodes.id\n}\n",
    );
    workspace.write("aks/main.tf", &format!("{OPTIONAL}{outputs}"));
    workspace
}

#[test]
fn an_output_that_nothing_uses_yet_names_an_identity_of_a_module() {
    let output = "\noutput \"identity\" {\n  value = try(azurerm_kubernetes_cluster.aks.identity[0], null)\n}\n";
    let workspace = optional(output);
    let module = read(&workspace, "aks/main.tf");
    let run = workspace.check(&["--fix", "--unsafe-fixes"]);
    assert!(read(&workspace, "main.tf").contains(" = module.aks.identity.principal_id\n"), "{}", run.text());
    assert_eq!(read(&workspace, "aks/main.tf"), module);
}

#[test]
fn beside_a_dynamic_block_an_assignment_is_made_only_where_that_is() {
    let workspace = optional("");
    let run = workspace.check(&["--fix", "--unsafe-fixes"]);
    let assignment = "\nresource \"azurerm_role_assignment\" \"subnet_network_contributor\" {\n  count = length(var.own == \"yes\" ? [\"identity\"] : [])\n\n  scope                = var.subnet_id\n  role_definition_name = \"Network Contributor\"\n  principal_id         = one(azurerm_kubernetes_cluster.aks.identity[*].principal_id)\n  principal_type       = \"ServicePrincipal\"\n}\n";
    assert_eq!(read(&workspace, "aks/main.tf"), format!("{OPTIONAL}{assignment}"), "{}", run.text());
}

#[test]
fn an_identity_of_a_dynamic_block_gets_an_output_that_is_empty_without_it() {
    let workspace = optional("");
    // The module knows no name for the subnet as it is.
    let by_network = OPTIONAL.replace("= var.subnet_id", "= \"${var.subnet_id}/subnets/nodes\"");
    workspace.write("aks/main.tf", &by_network);
    let root = read(&workspace, "main.tf").replace("= azurerm_subnet.nodes.id", "= azurerm_virtual_network.main.id");
    workspace.write("main.tf", &root);
    let run = workspace.check(&["--fix", "--unsafe-fixes"]);
    let module = read(&workspace, "aks/main.tf");
    let output = "\noutput \"aks_identity_principal_id\" {\n  value = one(azurerm_kubernetes_cluster.aks.identity[*].principal_id)\n}\n";
    assert_eq!(module, format!("{by_network}{output}"), "{}", run.text());
    assert!(read(&workspace, "main.tf").contains(" = module.aks.aks_identity_principal_id\n"), "{}", run.text());
}

#[test]
fn a_role_of_its_own_has_exactly_the_actions_and_is_enough() {
    let workspace = workspace(MAIN);
    let code = workspace.run(&["requirements", "--format", "terraform", "--custom-role"]);
    let definition = "resource \"azurerm_role_definition\" \"kubelet_aks_kub_mio\" {\n  name  = \"AKS KUB-MIO kubelet\"\n  scope = split(\"/providers/\", azurerm_user_assigned_identity.kubelet.id)[0]\n\n  permissions {\n    actions = [";
    assert!(code.stdout.contains(definition), "{}", code.text());
    assert!(
        code.stdout.contains(
            "  role_definition_id = azurerm_role_definition.kubelet_aks_kub_mio.role_definition_resource_id\n"
        ),
        "{}",
        code.text()
    );
    // Pasted where it says, it is enough.
    let written = &code.stdout[code.stdout.find("resource ").expect("code")..];
    let blocks = written.split("\n\n# ").next().expect("the blocks");
    let text = expected(MAIN).replace(OPERATOR.trim_end(), &format!("\n{blocks}"));
    let text = text.replace(
        "azurerm_role_assignment.kubelet_managed_identity_operator",
        "azurerm_role_assignment.kubelet_aks_kub_mio",
    );
    workspace.write("main.tf", &text);
    let run = workspace.check(&["--fail-on", "warning"]);
    assert_eq!(run.status, 0, "{text}\n{}", run.text());
    assert!(run.stdout.contains("1 permission question: 1 granted"), "{}", run.text());
}
