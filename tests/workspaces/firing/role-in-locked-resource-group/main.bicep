resource app 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-app'
  location: 'westeurope'
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  identity: { type: 'SystemAssigned' }
  properties: {
    dnsPrefix: 'aks-prod'
    disableLocalAccounts: true
    aadProfile: { managed: true, enableAzureRBAC: true }
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
    nodeResourceGroup: 'rg-aks-nodes'
    nodeResourceGroupProfile: { restrictionLevel: 'ReadOnly' }
  }
}

module roles 'roles.bicep' = {
  name: 'node-roles'
  scope: resourceGroup('rg-aks-nodes')
  params: { principal: app.properties.principalId }
  dependsOn: [cluster]
}
