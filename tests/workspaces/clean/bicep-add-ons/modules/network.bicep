import { roleId, roles } from 'roles.bicep'

param location string
param suffix string
param workload string
param controlPrincipalId string

resource network 'Microsoft.Network/virtualNetworks@2023-11-01' = {
  name: 'vnet-${suffix}'
  location: location
  properties: {
    addressSpace: { addressPrefixes: ['10.30.0.0/16'] }
    subnets: [
      { name: 'nodes', properties: { addressPrefix: '10.30.0.0/20' } }
      { name: 'gateway', properties: { addressPrefix: '10.30.16.0/24' } }
    ]
  }

  resource nodes 'subnets' existing = {
    name: 'nodes'
  }

  resource gateway 'subnets' existing = {
    name: 'gateway'
  }
}

resource joinNodes 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(network::nodes.id, controlPrincipalId, roles.networkContributor)
  scope: network::nodes
  properties: {
    principalId: controlPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: roleId(roles.networkContributor)
  }
}

resource address 'Microsoft.Network/publicIPAddresses@2023-11-01' = {
  name: 'pip-${suffix}-gateway'
  location: location
  sku: { name: 'Standard' }
  properties: { publicIPAllocationMethod: 'Static' }
}

var gatewayName = 'agw-${suffix}'
var of = resourceId('Microsoft.Network/applicationGateways', gatewayName)

resource gateway 'Microsoft.Network/applicationGateways@2023-11-01' = {
  name: gatewayName
  location: location
  properties: {
    sku: { name: 'WAF_v2', tier: 'WAF_v2', capacity: 2 }
    gatewayIPConfigurations: [{ name: 'gateway', properties: { subnet: { id: network::gateway.id } } }]
    frontendIPConfigurations: [{ name: 'public', properties: { publicIPAddress: { id: address.id } } }]
    frontendPorts: [{ name: 'http', properties: { port: 80 } }]
    backendAddressPools: [{ name: 'none' }]
    backendHttpSettingsCollection: [{ name: 'http', properties: { port: 80, protocol: 'Http' } }]
    httpListeners: [
      {
        name: 'http'
        properties: {
          frontendIPConfiguration: { id: '${of}/frontendIPConfigurations/public' }
          frontendPort: { id: '${of}/frontendPorts/http' }
          protocol: 'Http'
        }
      }
    ]
    requestRoutingRules: [
      {
        name: 'http'
        properties: {
          ruleType: 'Basic'
          priority: 100
          httpListener: { id: '${of}/httpListeners/http' }
          backendAddressPool: { id: '${of}/backendAddressPools/none' }
          backendHttpSettings: { id: '${of}/backendHttpSettingsCollection/http' }
        }
      }
    ]
  }
}

resource publicZone 'Microsoft.Network/dnsZones@2018-05-01' = {
  name: '${workload}.example.com'
  location: 'global'
}

resource internalZone 'Microsoft.Network/privateDnsZones@2020-06-01' = {
  name: '${workload}.internal'
  location: 'global'
}

output nodesId string = network::nodes.id
output gatewayId string = gateway.id
output zoneIds string[] = [publicZone.id, internalZone.id]
