variable "group_id" {
  type = string
}

resource "azurerm_kubernetes_cluster" "main" {
  name                   = "aks-prod"
  resource_group_name    = "rg-aks"
  location               = "westeurope"
  dns_prefix             = "aks-prod"
  local_account_disabled = true

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type = "SystemAssigned"
  }

  azure_active_directory_role_based_access_control {
    admin_group_object_ids = ["33333333-3333-3333-3333-333333333333"]
  }
}

resource "azurerm_role_assignment" "admins" {
  scope                = azurerm_kubernetes_cluster.main.id
  role_definition_name = "Azure Kubernetes Service RBAC Cluster Admin"
  principal_id         = var.group_id
  principal_type       = "Group"
}
