param location string = resourceGroup().location

@secure()
param secret string

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  properties: {
    disableLocalAccounts: true
    aadProfile: { managed: true, enableAzureRBAC: true }
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
    servicePrincipalProfile: { clientId: '11111111-2222-3333-4444-555555555555', secret: secret }
    ingressProfile: { webAppRouting: { enabled: true } }
  }
}
