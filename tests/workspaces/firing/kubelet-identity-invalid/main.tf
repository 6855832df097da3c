resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = "rg-aks"
  location            = "westeurope"
}

resource "azurerm_user_assigned_identity" "kubelet" {
  name                = "id-aks-kubelet"
  resource_group_name = "rg-aks"
  location            = "westeurope"
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
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  kubelet_identity {
    user_assigned_identity_id = azurerm_user_assigned_identity.kubelet.principal_id
    client_id                 = azurerm_user_assigned_identity.kubelet.client_id
    object_id                 = azurerm_user_assigned_identity.kubelet.principal_id
  }

  azure_active_directory_role_based_access_control {
    azure_rbac_enabled = true
  }
}
