import { roleId, roles } from 'roles.bicep'

param vaultName string
param providerPrincipalId string
param routingPrincipalId string
param workloadPrincipalIds string[]

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = {
  name: vaultName
}

// The certificate authority of the mesh.
resource mesh 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, providerPrincipalId, roles.secretsUser)
  scope: vault
  properties: {
    principalId: providerPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: roleId(roles.secretsUser)
  }
}

resource certificates 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, routingPrincipalId, roles.certificateUser)
  scope: vault
  properties: {
    principalId: routingPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: roleId(roles.certificateUser)
  }
}

resource secrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for principalId in workloadPrincipalIds: {
  name: guid(vault.id, principalId, roles.secretsUser)
  scope: vault
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: roleId(roles.secretsUser)
  }
}]
