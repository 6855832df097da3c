param vaultName string
param clusterName string
param snapshotGroupId string

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' existing = {
  name: clusterName
}

resource vault 'Microsoft.DataProtection/backupVaults@2024-04-01' existing = {
  name: vaultName
}

resource access 'Microsoft.ContainerService/managedClusters/trustedAccessRoleBindings@2024-05-01' = {
  parent: cluster
  name: 'backup'
  properties: {
    sourceResourceId: vault.id
    roles: ['Microsoft.DataProtection/backupVaults/backup-operator']
  }
}

resource instance 'Microsoft.DataProtection/backupVaults/backupInstances@2024-04-01' = {
  parent: vault
  name: clusterName
  properties: {
    objectType: 'BackupInstance'
    dataSourceInfo: { resourceID: cluster.id, datasourceType: 'Microsoft.ContainerService/managedClusters' }
    policyInfo: {
      policyId: '${vault.id}/backupPolicies/daily'
      policyParameters: {
        dataStoreParametersList: [
          {
            objectType: 'AzureOperationalStoreParameters'
            dataStoreType: 'OperationalStore'
            resourceGroupId: snapshotGroupId
          }
        ]
      }
    }
  }
  dependsOn: [access]
}
