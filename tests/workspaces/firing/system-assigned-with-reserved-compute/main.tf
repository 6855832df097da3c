resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_capacity_reservation_group" "main" {
  name                = "crg-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  zones               = ["1"]
}

resource "azurerm_kubernetes_cluster" "main" {
  name                   = "aks-prod"
  resource_group_name    = azurerm_resource_group.main.name
  location               = azurerm_resource_group.main.location
  dns_prefix             = "aks-prod"
  local_account_disabled = true

  default_node_pool {
    name                          = "system"
    node_count                    = 3
    vm_size                       = "Standard_D4s_v5"
    capacity_reservation_group_id = azurerm_capacity_reservation_group.main.id
  }

  identity {
    type = "SystemAssigned"
  }

  azure_active_directory_role_based_access_control {
    azure_rbac_enabled = true
  }
}
