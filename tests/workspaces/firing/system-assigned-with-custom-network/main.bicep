param location string = 'westeurope'

resource vnet 'Microsoft.Network/virtualNetworks@2023-09-01' = {
  name: 'vnet'
  location: location
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] }
  }

  resource apiserver 'subnets' = {
    name: 'apiserver'
    properties: { addressPrefix: '10.0.0.0/20', delegations: [{ name: 'aks', properties: { serviceName: 'Microsoft.ContainerService/managedClusters' } }] }
  }
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
      enableVnetIntegration: true
      subnetId: vnet::apiserver.id
    }
  }
}
