resource group 'Microsoft.Compute/proximityPlacementGroups@2023-09-01' = {
  name: 'ppg-nodes'
  location: 'northeurope'
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  identity: { type: 'SystemAssigned' }
  properties: {
    disableLocalAccounts: true
    aadProfile: { managed: true, enableAzureRBAC: true }
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      {
        name: 'system'
        mode: 'System'
        count: 3
        vmSize: 'Standard_D4s_v5'
        proximityPlacementGroupID: group.id
      }
    ]
  }
}
