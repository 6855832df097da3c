// A platform for one cluster: network, private name resolution, registry, vault, identities, and the cluster last.
targetScope = 'subscription'

import { pool } from 'modules/types.bicep'

@description('The region of everything.')
param location string = 'westeurope'

@description('What all names contain.')
@minLength(3)
@maxLength(12)
param workload string

@allowed(['dev', 'test', 'prod'])
param environment string

@description('Whether the API server is reached only from the network.')
param privateCluster bool = true

@description('Whether outgoing traffic passes the firewall or a NAT gateway.')
param throughFirewall bool = false

param firewallAddress string = '10.200.0.4'

@description('Node pools beside the system pool.')
param pools pool[] = []

param tags object = {}

var suffix = '${workload}-${environment}'
var allTags = union(tags, { workload: workload, environment: environment })

resource networkGroup 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-${suffix}-network'
  location: location
  tags: allTags
}

resource clusterGroup 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-${suffix}-cluster'
  location: location
  tags: allTags
}

module network 'modules/network.bicep' = {
  name: 'network'
  scope: networkGroup
  params: {
    location: location
    suffix: suffix
    throughFirewall: throughFirewall
    firewallAddress: firewallAddress
  }
}

module zone 'modules/zone.bicep' = if (privateCluster) {
  name: 'zone'
  scope: networkGroup
  params: {
    location: location
    networkName: network.outputs.networkName
  }
}

module identities 'modules/identity.bicep' = [for role in ['control', 'kubelet']: {
  name: 'identity-${role}'
  scope: clusterGroup
  params: {
    location: location
    name: 'id-${suffix}-${role}'
    tags: allTags
  }
}]

module registry 'modules/registry.bicep' = {
  name: 'registry'
  scope: clusterGroup
  params: {
    location: location
    name: 'cr${workload}${environment}'
    pullerId: identities[1].outputs.principalId
  }
}

module vault 'modules/vault.bicep' = {
  name: 'vault'
  scope: clusterGroup
  params: {
    location: location
    name: 'kv-${suffix}'
    readerId: identities[1].outputs.principalId
  }
}

module networkRoles 'modules/network-roles.bicep' = {
  name: 'network-roles'
  scope: networkGroup
  params: {
    principalId: identities[0].outputs.principalId
    networkName: network.outputs.networkName
    routeTableName: network.outputs.routeTableName
    zoneName: privateCluster ? zone.outputs.name : ''
  }
}

module operatorRole 'modules/operator-role.bicep' = {
  name: 'operator-role'
  scope: clusterGroup
  params: {
    principalId: identities[0].outputs.principalId
    identityName: identities[1].outputs.name
  }
}

module cluster 'modules/cluster.bicep' = {
  name: 'cluster'
  scope: clusterGroup
  params: {
    location: location
    name: 'aks-${suffix}'
    tier: environment == 'prod' ? 'Standard' : 'Free'
    controlPlaneId: identities[0].outputs.id
    kubelet: {
      resourceId: identities[1].outputs.id
      clientId: identities[1].outputs.clientId
      objectId: identities[1].outputs.principalId
    }
    subnetId: network.outputs.nodesId
    podSubnetId: network.outputs.podsId
    zoneId: privateCluster ? zone.outputs.id : null
    throughFirewall: throughFirewall
    pools: pools
    tags: allTags
  }
  dependsOn: [
    networkRoles
    operatorRole
    registry
  ]
}

output clusterName string = cluster.outputs.name
output registryServer string = registry.outputs.server
