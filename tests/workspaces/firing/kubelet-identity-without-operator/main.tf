resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_user_assigned_identity" "kubelet" {
  name                = "id-kubelet"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_role_assignment" "operator" {
  scope                = azurerm_user_assigned_identity.control.id
  role_definition_name = "Managed Identity Operator"
  principal_type       = "ServicePrincipal"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                   = "aks"
  resource_group_name    = azurerm_resource_group.main.name
  location               = azurerm_resource_group.main.location
  dns_prefix             = "aks"
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
    client_id                 = azurerm_user_assigned_identity.kubelet.client_id
    object_id                 = azurerm_user_assigned_identity.kubelet.principal_id
    user_assigned_identity_id = azurerm_user_assigned_identity.kubelet.id
  }

  depends_on = [azurerm_role_assignment.operator]

  azure_active_directory_role_based_access_control {
    azure_rbac_enabled = true
  }
}
