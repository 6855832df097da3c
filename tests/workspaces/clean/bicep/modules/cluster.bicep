import { pool } from 'types.bicep'

param location string
param name string

@allowed(['Free', 'Standard'])
param tier string

param controlPlaneId string
param kubelet object
param subnetId string
param podSubnetId string
param zoneId string?
param throughFirewall bool
param pools pool[]
param tags object

var poolDefaults = {
  type: 'VirtualMachineScaleSets'
  osType: 'Linux'
  osSKU: 'AzureLinux'
  enableAutoScaling: true
  vnetSubnetID: subnetId
  podSubnetID: podSubnetId
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: name
  location: location
  tags: tags
  sku: { name: 'Base', tier: tier }
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${controlPlaneId}': {}
    }
  }
  properties: {
    dnsPrefix: name
    disableLocalAccounts: true
    aadProfile: { managed: true, enableAzureRBAC: true }
    oidcIssuerProfile: { enabled: true }
    securityProfile: { workloadIdentity: { enabled: true } }
    identityProfile: { kubeletidentity: kubelet }
    agentPoolProfiles: [
      union(poolDefaults, { name: 'system', mode: 'System', vmSize: 'Standard_D4s_v5', minCount: 2, maxCount: 5, count: 3 })
    ]
    networkProfile: {
      networkPlugin: 'azure'
      networkDataplane: 'cilium'
      outboundType: throughFirewall ? 'userDefinedRouting' : 'userAssignedNATGateway'
      serviceCidr: '172.16.0.0/16'
      dnsServiceIP: '172.16.0.10'
    }
    apiServerAccessProfile: zoneId == null ? null : {
      enablePrivateCluster: true
      enablePrivateClusterPublicFQDN: false
      privateDNSZone: zoneId
    }
  }

  resource more 'agentPools' = [for one in pools: {
    name: one.name
    properties: union(poolDefaults, { mode: 'User', vmSize: one.size, minCount: one.min, maxCount: one.max, count: one.min })
  }]
}

output name string = cluster.name
