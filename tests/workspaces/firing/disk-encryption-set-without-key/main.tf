resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

data "azurerm_client_config" "current" {}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_key_vault" "main" {
  name                       = "kv-aks"
  resource_group_name        = azurerm_resource_group.main.name
  location                   = azurerm_resource_group.main.location
  tenant_id                  = data.azurerm_client_config.current.tenant_id
  sku_name                   = "standard"
  rbac_authorization_enabled = true
}

resource "azurerm_key_vault_key" "main" {
  name         = "disks"
  key_vault_id = azurerm_key_vault.main.id
  key_type     = "RSA"
  key_size     = 2048
  key_opts     = ["wrapKey", "unwrapKey"]
}

resource "azurerm_disk_encryption_set" "main" {
  name                = "des-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  key_vault_key_id    = azurerm_key_vault_key.main.id

  identity {
    type = "SystemAssigned"
  }
}

resource "azurerm_role_assignment" "read" {
  scope                = azurerm_disk_encryption_set.main.id
  role_definition_name = "Reader"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                   = "aks-prod"
  resource_group_name    = azurerm_resource_group.main.name
  location               = azurerm_resource_group.main.location
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

  disk_encryption_set_id = azurerm_disk_encryption_set.main.id

  azure_active_directory_role_based_access_control {
    azure_rbac_enabled = true
  }
}
