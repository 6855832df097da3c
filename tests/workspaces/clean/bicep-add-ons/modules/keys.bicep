import { roleId, roles } from 'roles.bicep'

param location string
param suffix string
param controlPrincipalId string

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: 'kv-${suffix}'
  location: location
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'premium' }
    enableRbacAuthorization: true
    enablePurgeProtection: true
  }

  resource etcd 'keys' = {
    name: 'etcd'
    properties: { kty: 'RSA', keySize: 3072, keyOps: ['encrypt', 'decrypt'] }
  }

  resource disks 'keys' = {
    name: 'disks'
    properties: { kty: 'RSA', keySize: 3072, keyOps: ['wrapKey', 'unwrapKey'] }
  }
}

resource diskSet 'Microsoft.Compute/diskEncryptionSets@2023-04-02' = {
  name: 'des-${suffix}'
  location: location
  identity: { type: 'SystemAssigned' }
  properties: {
    activeKey: { sourceVault: { id: vault.id }, keyUrl: vault::disks.properties.keyUriWithVersion }
  }
}

resource diskKey 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, diskSet.id, roles.encryptionUser)
  scope: vault
  properties: {
    principalId: diskSet.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: roleId(roles.encryptionUser)
  }
}

resource readSet 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(diskSet.id, controlPrincipalId, roles.reader)
  scope: diskSet
  properties: {
    principalId: controlPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: roleId(roles.reader)
  }
}

resource etcdKey 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, controlPrincipalId, roles.cryptoUser)
  scope: vault
  properties: {
    principalId: controlPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: roleId(roles.cryptoUser)
  }
}

output vaultId string = vault.id
output vaultName string = vault.name
output diskSetId string = diskSet.id
output etcdKey string = vault::etcd.properties.keyUriWithVersion
