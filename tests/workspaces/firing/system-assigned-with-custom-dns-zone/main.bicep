param location string = 'westeurope'

resource zone 'Microsoft.Network/privateDnsZones@2020-06-01' = {
  name: 'privatelink.westeurope.azmk8s.io'
  location: 'global'
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks'
  location: location
  identity: { type: 'SystemAssigned' }
  properties: {
    disableLocalAccounts: true
    aadProfile: { managed: true, enableAzureRBAC: true }
    dnsPrefix: 'aks'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
    apiServerAccessProfile: {
      enablePrivateCluster: true
      privateDNSZone: zone.id
    }
  }
}
