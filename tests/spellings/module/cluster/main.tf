variable "resource_group_name" {
  type = string
}

variable "location" {
  type = string
}

variable "identity" {
  type = object({
    id           = string
    client_id    = string
    principal_id = string
  })
  default = null
}

variable "kubelet_identity" {
  type = object({
    id           = string
    client_id    = string
    principal_id = string
  })
  default = null
}

variable "operator_scope" {
  type = string
}

variable "operator" {
  type = string
}

variable "network" {
  type = object({
    subnet_id = optional(string)
    zone_id   = optional(string)
  })
}

resource "azurerm_role_assignment" "operator" {
  scope                = var.operator_scope
  role_definition_name = "Managed Identity Operator"
  principal_id         = var.operator
}

resource "azurerm_kubernetes_cluster" "main" {
  name                    = "aks"
  resource_group_name     = var.resource_group_name
  location                = var.location
  dns_prefix              = "aks"
  local_account_disabled  = true
  private_cluster_enabled = true
  private_dns_zone_id     = var.network.zone_id

  default_node_pool {
    name           = "system"
    node_count     = 3
    vm_size        = "Standard_D4s_v5"
    vnet_subnet_id = var.network.subnet_id
  }

  dynamic "identity" {
    for_each = var.identity == null ? ["SystemAssigned"] : []
    content {
      type = identity.value
    }
  }

  dynamic "identity" {
    for_each = var.identity == null ? [] : [var.identity]
    content {
      type         = "UserAssigned"
      identity_ids = [identity.value.id]
    }
  }

  dynamic "kubelet_identity" {
    for_each = var.kubelet_identity == null ? [] : [var.kubelet_identity]
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
