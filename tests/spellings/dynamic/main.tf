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

resource "azurerm_user_assigned_identity" "control" {
  count               = var.brought ? 1 : 0
  name                = "id-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = var.location
}

resource "azurerm_user_assigned_identity" "kubelet" {
  count               = var.brought ? 1 : 0
  name                = "id-kubelet"
  resource_group_name = azurerm_resource_group.main.name
  location            = var.location
}

locals {
  control = one(azurerm_user_assigned_identity.control)
  kubelet = try(azurerm_user_assigned_identity.kubelet[0], null)
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

resource "azurerm_role_assignment" "operator" {
  count                = var.brought ? 1 : 0
  scope                = azurerm_user_assigned_identity.control[0].id
  role_definition_name = "Managed Identity Operator"
  principal_id         = azurerm_user_assigned_identity.control[0].principal_id
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

  dynamic "identity" {
    for_each = local.control == null ? ["SystemAssigned"] : []
    content {
      type = identity.value
    }
  }

  dynamic "identity" {
    for_each = local.control == null ? [] : [local.control]
    content {
      type         = "UserAssigned"
      identity_ids = [identity.value.id]
    }
  }

  dynamic "kubelet_identity" {
    for_each = local.kubelet == null ? [] : [local.kubelet]
    content {
      client_id                 = kubelet_identity.value.client_id
      object_id                 = kubelet_identity.value.principal_id
      user_assigned_identity_id = kubelet_identity.value.id
    }
  }

  depends_on = [azurerm_role_assignment.operator]

  azure_active_directory_role_based_access_control {
    azure_rbac_enabled = true
  }
}
