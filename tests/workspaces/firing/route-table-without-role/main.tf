resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_route_table" "main" {
  name                = "rt"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_virtual_network" "main" {
  name                = "vnet"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  address_space       = ["10.0.0.0/16"]
}

resource "azurerm_subnet" "nodes" {
  name                 = "nodes"
  resource_group_name  = azurerm_resource_group.main.name
  virtual_network_name = azurerm_virtual_network.main.name
  address_prefixes     = ["10.0.0.0/20"]
}

resource "azurerm_subnet_route_table_association" "nodes" {
  subnet_id      = azurerm_subnet.nodes.id
  route_table_id = azurerm_route_table.main.id
}

resource "azurerm_role_assignment" "network" {
  scope                = azurerm_virtual_network.main.id
  role_definition_name = "Network Contributor"
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
    name           = "system"
    node_count     = 3
    vm_size        = "Standard_D4s_v5"
    vnet_subnet_id = azurerm_subnet.nodes.id
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  network_profile {
    network_plugin = "kubenet"
  }

  depends_on = [azurerm_role_assignment.network, azurerm_subnet_route_table_association.nodes]

  azure_active_directory_role_based_access_control {
    azure_rbac_enabled = true
  }
}
