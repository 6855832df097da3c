variable "location" {
  type    = string
  default = "westeurope"
}

variable "brought" {
  type    = bool
  default = true
}

resource "azurerm_resource_group" "main" {
  name     = "rg"
  location = var.location
}

locals {
  identities = toset(["control", "kubelet"])
  roles = {
    operator = { role = "Managed Identity Operator", on = "control", to = "control" }
  }
}

resource "azurerm_user_assigned_identity" "this" {
  for_each            = local.identities
  name                = "id-${each.key}"
  resource_group_name = azurerm_resource_group.main.name
  location            = var.location
}

resource "azurerm_virtual_network" "main" {
  name                = "vnet"
  resource_group_name = azurerm_resource_group.main.name
  location            = var.location
  address_space       = ["10.0.0.0/16"]
}

resource "azurerm_subnet" "nodes" {
  name                 = "nodes"
  resource_group_name  = azurerm_resource_group.main.name
  virtual_network_name = azurerm_virtual_network.main.name
  address_prefixes     = ["10.0.0.0/20"]
}

resource "azurerm_private_dns_zone" "main" {
  name                = "privatelink.westeurope.azmk8s.io"
  resource_group_name = azurerm_resource_group.main.name
}

resource "azurerm_role_assignment" "this" {
  for_each             = local.roles
  scope                = azurerm_user_assigned_identity.this[each.value.on].id
  role_definition_name = each.value.role
  principal_id         = azurerm_user_assigned_identity.this[each.value.to].principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                    = "aks"
  resource_group_name     = azurerm_resource_group.main.name
  location                = var.location
  dns_prefix              = "aks"
  local_account_disabled  = true
  private_cluster_enabled = true
  private_dns_zone_id     = azurerm_private_dns_zone.main.id

  default_node_pool {
    name           = "system"
    node_count     = 3
    vm_size        = "Standard_D4s_v5"
    vnet_subnet_id = azurerm_subnet.nodes.id
  }

  identity {
    type         = var.brought ? "UserAssigned" : "SystemAssigned"
    identity_ids = var.brought ? [azurerm_user_assigned_identity.this["control"].id] : null
  }

  kubelet_identity {
    client_id                 = var.brought ? azurerm_user_assigned_identity.this["kubelet"].client_id : null
    object_id                 = var.brought ? azurerm_user_assigned_identity.this["kubelet"].principal_id : null
    user_assigned_identity_id = var.brought ? azurerm_user_assigned_identity.this["kubelet"].id : null
  }

  depends_on = [azurerm_role_assignment.this]

  azure_active_directory_role_based_access_control {
    azure_rbac_enabled = true
  }
}
