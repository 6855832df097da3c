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
  name: guid(vault.id, control.id, 'Key Vault Crypto User')
  scope: vault
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '12338af0-0e69-4776-bea7-57ae8d297424')
  }
}

resource approve 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, control.id, 'Key Vault Contributor')
  scope: vault
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'f25e0fa2-a7c8-4377-a976-54943a77a395')
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
    securityProfile: {
      azureKeyVaultKms: {
        enabled: true
        keyId: key.properties.keyUriWithVersion
        keyVaultNetworkAccess: 'Private'
        keyVaultResourceId: vault.id
      }
    }
  }
  dependsOn: [useKey, approve]
}
