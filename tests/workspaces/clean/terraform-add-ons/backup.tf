resource "azurerm_storage_account" "backup" {
  count = var.backup ? 1 : 0

  name                      = "st${var.workload}${var.environment}backup"
  resource_group_name       = azurerm_resource_group.cluster.name
  location                  = var.location
  account_tier              = "Standard"
  account_replication_type  = "LRS"
  shared_access_key_enabled = false
}

resource "azurerm_data_protection_backup_vault" "main" {
  count = var.backup ? 1 : 0

  name                = "bvault-${local.suffix}"
  resource_group_name = azurerm_resource_group.cluster.name
  location            = var.location
  datastore_type      = "VaultStore"
  redundancy          = "LocallyRedundant"

  identity {
    type = "SystemAssigned"
  }
}

resource "azurerm_kubernetes_cluster_extension" "backup" {
  count = var.backup ? 1 : 0

  name           = "azure-aks-backup"
  cluster_id     = azurerm_kubernetes_cluster.main.id
  extension_type = "microsoft.dataprotection.kubernetes"
  configuration_settings = {
    "configuration.backupStorageLocation.config.storageAccount" = azurerm_storage_account.backup[0].name
  }
}

resource "azurerm_kubernetes_cluster_trusted_access_role_binding" "backup" {
  count = var.backup ? 1 : 0

  name                  = "backup"
  kubernetes_cluster_id = azurerm_kubernetes_cluster.main.id
  source_resource_id    = azurerm_data_protection_backup_vault.main[0].id
  roles                 = ["Microsoft.DataProtection/backupVaults/backup-operator"]
}

resource "azurerm_data_protection_backup_instance_kubernetes_cluster" "main" {
  count = var.backup ? 1 : 0

  name                         = "aks-${local.suffix}"
  location                     = var.location
  vault_id                     = azurerm_data_protection_backup_vault.main[0].id
  kubernetes_cluster_id        = azurerm_kubernetes_cluster.main.id
  snapshot_resource_group_name = azurerm_resource_group.snapshots.name
  backup_policy_id             = "${azurerm_data_protection_backup_vault.main[0].id}/backupPolicies/daily"

  depends_on = [
    azurerm_role_assignment.vault_on_cluster,
    azurerm_role_assignment.vault_on_snapshots,
    azurerm_role_assignment.cluster_on_snapshots,
    azurerm_role_assignment.extension_on_storage,
    azurerm_kubernetes_cluster_trusted_access_role_binding.backup,
  ]
}

resource "azurerm_role_assignment" "vault_on_cluster" {
  count = var.backup ? 1 : 0

  scope                = azurerm_kubernetes_cluster.main.id
  role_definition_name = "Reader"
  principal_id         = azurerm_data_protection_backup_vault.main[0].identity[0].principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "vault_on_snapshots" {
  count = var.backup ? 1 : 0

  scope                = azurerm_resource_group.snapshots.id
  role_definition_name = "Reader"
  principal_id         = azurerm_data_protection_backup_vault.main[0].identity[0].principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "cluster_on_snapshots" {
  count = var.backup ? 1 : 0

  scope                = azurerm_resource_group.snapshots.id
  role_definition_name = "Contributor"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "extension_on_storage" {
  count = var.backup ? 1 : 0

  scope                = azurerm_storage_account.backup[0].id
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = azurerm_kubernetes_cluster_extension.backup[0].aks_assigned_identity[0].principal_id
  principal_type       = "ServicePrincipal"
}
