param location string = 'westeurope'

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-control'
  location: location
}

resource zone 'Microsoft.Network/privateDnsZones@2020-06-01' = {
  name: 'privatelink.westeurope.azmk8s.io'
  location: 'global'
}

resource vnet 'Microsoft.Network/virtualNetworks@2023-09-01' = {
  name: 'vnet'
  location: location
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] }
  }

  resource nodes 'subnets' = {
    name: 'nodes'
    properties: { addressPrefix: '10.0.0.0/20' }
  }
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

resource subnetRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vnet::nodes.id, control.id, 'subnetRole')
  scope: vnet::nodes
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')
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
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5', vnetSubnetID: vnet::nodes.id }
    ]
    networkProfile: { networkPlugin: 'azure' }
    apiServerAccessProfile: {
      enablePrivateCluster: true
      privateDNSZone: zone.id
    }
  }
  dependsOn: [
    zoneRole
    subnetRole
  ]
}
