param location string = resourceGroup().location

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: 'kv-aks'
  location: location
  properties: {
    sku: { family: 'A', name: 'standard' }
    tenantId: tenant().tenantId
    enableRbacAuthorization: true
  }
}

resource key 'Microsoft.KeyVault/vaults/keys@2023-07-01' = {
  parent: vault
  name: 'kms'
  properties: {
    kty: 'RSA'
    keySize: 2048
    keyOps: ['encrypt', 'decrypt']
  }
}

resource useKey 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, control.id, 'Key Vault Crypto Service Encryption User')
  scope: vault
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'e147488a-f6f5-4113-8e2d-b22465e65bf6')
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    disableLocalAccounts: true
    aadProfile: { managed: true, enableAzureRBAC: true }
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
    securityProfile: { azureKeyVaultKms: { enabled: true, keyId: key.properties.keyUriWithVersion } }
  }
  dependsOn: [useKey]
}
