import { roleId, roles } from 'roles.bicep'

param location string
param suffix string
param storageName string
param clusterName string

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' existing = {
  name: clusterName
}

resource storage 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: storageName
  location: location
  kind: 'StorageV2'
  sku: { name: 'Standard_LRS' }
  properties: { allowSharedKeyAccess: false }
}

resource vault 'Microsoft.DataProtection/backupVaults@2024-04-01' = {
  name: 'bvault-${suffix}'
  location: location
  identity: { type: 'SystemAssigned' }
  properties: {
    storageSettings: [{ datastoreType: 'VaultStore', type: 'LocallyRedundant' }]
  }
}

resource extension 'Microsoft.KubernetesConfiguration/extensions@2023-05-01' = {
  scope: cluster
  name: 'azure-aks-backup'
  properties: {
    extensionType: 'microsoft.dataprotection.kubernetes'
    configurationSettings: { 'configuration.backupStorageLocation.config.storageAccount': storage.name }
  }
}

resource readCluster 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(cluster.id, vault.id, roles.reader)
  scope: cluster
  properties: {
    principalId: vault.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: roleId(roles.reader)
  }
}

resource writeBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(storage.id, extension.id, roles.blobContributor)
  scope: storage
  properties: {
    principalId: extension.properties.aksAssignedIdentity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: roleId(roles.blobContributor)
  }
}

output vaultName string = vault.name
output vaultPrincipalId string = vault.identity.principalId
