param location string = 'westeurope'

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-control'
  location: location
}

resource zone 'Microsoft.Network/privateDnsZones@2020-06-01' = {
  name: 'privatelink.westeurope.azmk8s.io'
  location: 'global'
}

resource zoneRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(zone.id, control.id, 'zoneRole')
  scope: zone
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b12aa53e-6015-4669-85d0-8515ebb3ae7f')
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${control.id}': {}
    }
  }
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
