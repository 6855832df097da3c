import { roleId, roles } from 'roles.bicep'

param ingressPrincipalId string
param routingPrincipalId string
param suffix string
param workload string

resource gateway 'Microsoft.Network/applicationGateways@2023-11-01' existing = {
  name: 'agw-${suffix}'
}

resource network 'Microsoft.Network/virtualNetworks@2023-11-01' existing = {
  name: 'vnet-${suffix}'

  resource subnet 'subnets' existing = {
    name: 'gateway'
  }
}

resource publicZone 'Microsoft.Network/dnsZones@2018-05-01' existing = {
  name: '${workload}.example.com'
}

resource internalZone 'Microsoft.Network/privateDnsZones@2020-06-01' existing = {
  name: '${workload}.internal'
}

resource configure 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(gateway.id, ingressPrincipalId, roles.contributor)
  scope: gateway
  properties: {
    principalId: ingressPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: roleId(roles.contributor)
  }
}

resource join 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(network::subnet.id, ingressPrincipalId, roles.networkContributor)
  scope: network::subnet
  properties: {
    principalId: ingressPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: roleId(roles.networkContributor)
  }
}

resource read 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, ingressPrincipalId, roles.reader)
  properties: {
    principalId: ingressPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: roleId(roles.reader)
  }
}

resource publicRecords 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(publicZone.id, routingPrincipalId, roles.dnsContributor)
  scope: publicZone
  properties: {
    principalId: routingPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: roleId(roles.dnsContributor)
  }
}

resource internalRecords 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(internalZone.id, routingPrincipalId, roles.privateZoneContributor)
  scope: internalZone
  properties: {
    principalId: routingPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: roleId(roles.privateZoneContributor)
  }
}
