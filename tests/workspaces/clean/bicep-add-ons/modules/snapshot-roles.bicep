import { roleId, roles } from 'roles.bicep'

param controlPrincipalId string
param vaultPrincipalId string

resource write 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, controlPrincipalId, roles.contributor)
  properties: {
    principalId: controlPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: roleId(roles.contributor)
  }
}

resource read 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, vaultPrincipalId, roles.reader)
  properties: {
    principalId: vaultPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: roleId(roles.reader)
  }
}
