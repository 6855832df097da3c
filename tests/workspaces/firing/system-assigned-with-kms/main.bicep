param location string = resourceGroup().location

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

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'SystemAssigned' }
  properties: {
    disableLocalAccounts: true
    aadProfile: { managed: true, enableAzureRBAC: true }
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
    securityProfile: { azureKeyVaultKms: { enabled: true, keyId: key.properties.keyUriWithVersion } }
  }
}
