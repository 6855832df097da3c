resource "azurerm_resource_group" "aks" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "aks" {
  name                = "id-aks"
  location            = "westeurope"
  resource_group_name = azurerm_resource_group.aks.name
}

resource "azurerm_role_assignment" "network" {
  scope                = azurerm_resource_group.aks.id
  role_definition_name = "Network Contributer"
  principal_id         = azurerm_user_assigned_identity.aks.principal_id
  principal_type       = "ServicePrincipal"
}
