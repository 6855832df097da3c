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
  scope              = azurerm_resource_group.aks.id
  role_definition_id = "4d97b98b-1d4f-4787-a291-c67834d212e7"
  principal_id       = azurerm_user_assigned_identity.aks.principal_id
  principal_type     = "ServicePrincipal"
}
