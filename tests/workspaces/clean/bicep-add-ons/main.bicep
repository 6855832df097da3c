// A cluster with the add-ons that need roles, encrypted with keys of one vault, and two workloads with identities of their own.
targetScope = 'subscription'

param location string = 'westeurope'

@description('What all names contain.')
@minLength(3)
@maxLength(12)
param workload string

@allowed(['test', 'prod'])
param environment string

@description('Whether the volumes are backed up.')
param backup bool = true

var suffix = '${workload}-${environment}'

resource networkGroup 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-${suffix}-network'
  location: location
}

resource clusterGroup 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-${suffix}-cluster'
  location: location
}

resource snapshotGroup 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-${suffix}-snapshots'
  location: location
}

module control 'modules/identity.bicep' = {
  name: 'control'
  scope: clusterGroup
  params: { location: location, name: 'id-${suffix}-control' }
}

module keys 'modules/keys.bicep' = {
  name: 'keys'
  scope: clusterGroup
  params: { location: location, suffix: suffix, controlPrincipalId: control.outputs.principalId }
}

module network 'modules/network.bicep' = {
  name: 'network'
  scope: networkGroup
  params: { location: location, suffix: suffix, workload: workload, controlPrincipalId: control.outputs.principalId }
}

module cluster 'modules/cluster.bicep' = {
  name: 'cluster'
  scope: clusterGroup
  params: {
    location: location
    suffix: suffix
    controlId: control.outputs.id
    nodesId: network.outputs.nodesId
    gatewayId: network.outputs.gatewayId
    zoneIds: network.outputs.zoneIds
    diskSetId: keys.outputs.diskSetId
    etcdKey: keys.outputs.etcdKey
    vaultId: keys.outputs.vaultId
  }
  // The modules' roles come first, not what they put out alone.
  dependsOn: [keys, network]
}

module onNetwork 'modules/ingress-roles.bicep' = {
  name: 'ingress-roles'
  scope: networkGroup
  params: {
    ingressPrincipalId: cluster.outputs.ingressPrincipalId
    routingPrincipalId: cluster.outputs.routingPrincipalId
    suffix: suffix
    workload: workload
  }
}

module onVault 'modules/vault-roles.bicep' = {
  name: 'vault-roles'
  scope: clusterGroup
  params: {
    vaultName: keys.outputs.vaultName
    providerPrincipalId: cluster.outputs.providerPrincipalId
    routingPrincipalId: cluster.outputs.routingPrincipalId
    workloadPrincipalIds: workloads.outputs.principalIds
  }
}

module workloads 'modules/workloads.bicep' = {
  name: 'workloads'
  scope: clusterGroup
  params: {
    location: location
    suffix: suffix
    issuer: cluster.outputs.issuer
    workloads: [
      { name: 'catalogue', namespace: 'shop' }
      { name: 'payments', namespace: 'money' }
    ]
  }
}

module backups 'modules/backup.bicep' = if (backup) {
  name: 'backup'
  scope: clusterGroup
  params: {
    location: location
    suffix: suffix
    storageName: 'st${workload}${environment}backup'
    clusterName: cluster.outputs.name
  }
}

module onSnapshots 'modules/snapshot-roles.bicep' = if (backup) {
  name: 'snapshot-roles'
  scope: snapshotGroup
  params: { controlPrincipalId: control.outputs.principalId, vaultPrincipalId: backups!.outputs.vaultPrincipalId }
}

module instance 'modules/backup-instance.bicep' = if (backup) {
  name: 'backup-instance'
  scope: clusterGroup
  params: {
    vaultName: backups!.outputs.vaultName
    clusterName: cluster.outputs.name
    snapshotGroupId: snapshotGroup.id
  }
  dependsOn: [onSnapshots]
}
