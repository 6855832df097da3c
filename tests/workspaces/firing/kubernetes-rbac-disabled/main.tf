resource "azurerm_kubernetes_cluster" "main" {
  name                              = "aks-prod"
  resource_group_name               = "rg-aks"
  location                          = "westeurope"
  dns_prefix                        = "aks-prod"
  local_account_disabled            = true
  role_based_access_control_enabled = false

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type = "SystemAssigned"
  }

  azure_active_directory_role_based_access_control {
    azure_rbac_enabled = true
  }
}
