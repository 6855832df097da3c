param location string = 'westeurope'
param brought bool = true

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-control'
  location: location
}

resource kubelet 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-kubelet'
  location: location
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

resource zone 'Microsoft.Network/privateDnsZones@2020-06-01' = {
  name: 'privatelink.westeurope.azmk8s.io'
  location: 'global'
}

resource operator 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(control.id, 'operator')
  scope: control
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'f1a07417-d97a-45cb-824c-7a7467783830')
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks'
  location: location
  identity: brought
    ? { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
    : { type: 'SystemAssigned' }
  properties: {
    dnsPrefix: 'aks'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5', vnetSubnetID: vnet::nodes.id }
    ]
    apiServerAccessProfile: { enablePrivateCluster: true, privateDNSZone: zone.id }
    disableLocalAccounts: true
    aadProfile: { managed: true, enableAzureRBAC: true }
    identityProfile: brought ? { kubeletidentity: { resourceId: kubelet.id } } : null
  }
  dependsOn: [operator]
}
