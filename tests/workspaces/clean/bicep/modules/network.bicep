param location string
param suffix string
param throughFirewall bool
param firewallAddress string

resource routes 'Microsoft.Network/routeTables@2023-11-01' = {
  name: 'rt-${suffix}'
  location: location
  properties: {
    disableBgpRoutePropagation: true
    routes: throughFirewall ? [
      {
        name: 'default'
        properties: {
          addressPrefix: '0.0.0.0/0'
          nextHopType: 'VirtualAppliance'
          nextHopIpAddress: firewallAddress
        }
      }
    ] : []
  }
}

resource address 'Microsoft.Network/publicIPAddresses@2023-11-01' = if (!throughFirewall) {
  name: 'pip-${suffix}-egress'
  location: location
  sku: { name: 'Standard' }
  properties: { publicIPAllocationMethod: 'Static' }
}

resource gateway 'Microsoft.Network/natGateways@2023-11-01' = if (!throughFirewall) {
  name: 'ng-${suffix}'
  location: location
  sku: { name: 'Standard' }
  properties: {
    publicIpAddresses: [{ id: address.id }]
  }
}

resource filter 'Microsoft.Network/networkSecurityGroups@2023-11-01' = {
  name: 'nsg-${suffix}'
  location: location
  properties: {
    securityRules: [
      {
        name: 'web'
        properties: {
          access: 'Allow'
          direction: 'Inbound'
          priority: 100
          protocol: 'Tcp'
          sourceAddressPrefix: 'Internet'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRanges: ['80', '443']
        }
      }
    ]
  }
}

var egress = throughFirewall ? { routeTable: { id: routes.id } } : { natGateway: { id: gateway.id } }

resource network 'Microsoft.Network/virtualNetworks@2023-11-01' = {
  name: 'vnet-${suffix}'
  location: location
  properties: {
    addressSpace: { addressPrefixes: ['10.20.0.0/16'] }
    subnets: [
      {
        name: 'nodes'
        properties: {
          addressPrefix: '10.20.0.0/20'
          networkSecurityGroup: { id: filter.id }
          ...egress
        }
      }
      {
        name: 'pods'
        properties: {
          addressPrefix: '10.20.64.0/18'
          ...egress
          delegations: [
            {
              name: 'aks'
              properties: { serviceName: 'Microsoft.ContainerService/managedClusters' }
            }
          ]
        }
      }
      {
        name: 'endpoints'
        properties: { addressPrefix: '10.20.16.0/24' }
      }
    ]
  }

  resource nodes 'subnets' existing = {
    name: 'nodes'
  }

  resource pods 'subnets' existing = {
    name: 'pods'
  }
}

output networkName string = network.name
output routeTableName string = routes.name
output nodesId string = network::nodes.id
output podsId string = network::pods.id
