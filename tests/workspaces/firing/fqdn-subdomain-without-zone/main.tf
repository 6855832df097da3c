resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = "rg-aks"
  location            = "westeurope"
}

resource "azurerm_kubernetes_cluster" "main" {
  name                       = "aks-prod"
  resource_group_name        = "rg-aks"
  location                   = "westeurope"
  dns_prefix_private_cluster = "aks-prod"
  local_account_disabled     = true

  private_cluster_enabled = true
  private_dns_zone_id     = "System"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  azure_active_directory_role_based_access_control {
    azure_rbac_enabled = true
  }
}
