import { roles } from 'roles.bicep'

param principalId string
param networkName string
param routeTableName string
param zoneName string

resource network 'Microsoft.Network/virtualNetworks@2023-11-01' existing = {
  name: networkName
}

resource routes 'Microsoft.Network/routeTables@2023-11-01' existing = {
  name: routeTableName
}

resource zone 'Microsoft.Network/privateDnsZones@2020-06-01' existing = if (!empty(zoneName)) {
  name: zoneName
}

resource onNetwork 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(network.id, principalId, roles.networkContributor)
  scope: network
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.networkContributor)
  }
}

resource onRoutes 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(routes.id, principalId, roles.networkContributor)
  scope: routes
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.networkContributor)
  }
}

resource onZone 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(zoneName)) {
  name: guid(zone.id, principalId, roles.privateZoneContributor)
  scope: zone
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.privateZoneContributor)
  }
}
