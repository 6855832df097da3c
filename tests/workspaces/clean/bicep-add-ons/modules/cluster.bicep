param location string
param suffix string
param controlId string
param nodesId string
param gatewayId string
param zoneIds string[]
param diskSetId string
param etcdKey string
param vaultId string

resource logs 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: 'log-${suffix}'
  location: location
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-${suffix}'
  location: location
  sku: { name: 'Base', tier: 'Standard' }
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${controlId}': {} } }
  properties: {
    dnsPrefix: 'aks-${suffix}'
    disableLocalAccounts: true
    aadProfile: { managed: true, enableAzureRBAC: true }
    diskEncryptionSetID: diskSetId
    agentPoolProfiles: [
      { name: 'system', mode: 'System', vmSize: 'Standard_D4s_v5', count: 3, vnetSubnetID: nodesId }
    ]
    oidcIssuerProfile: { enabled: true }
    securityProfile: {
      workloadIdentity: { enabled: true }
      azureKeyVaultKms: { enabled: true, keyId: etcdKey, keyVaultNetworkAccess: 'Public' }
    }
    metricsProfile: { costAnalysis: { enabled: true } }
    addonProfiles: {
      azureKeyvaultSecretsProvider: { enabled: true, config: { enableSecretRotation: 'true' } }
      ingressApplicationGateway: { enabled: true, config: { applicationGatewayId: gatewayId } }
      omsagent: { enabled: true, config: { logAnalyticsWorkspaceResourceID: logs.id, useAADAuth: 'true' } }
    }
    ingressProfile: { webAppRouting: { enabled: true, dnsZoneResourceIds: zoneIds } }
    serviceMeshProfile: {
      mode: 'Istio'
      istio: {
        revisions: ['asm-1-24']
        certificateAuthority: {
          plugin: {
            keyVaultId: vaultId
            rootCertObjectName: 'root-cert'
            certChainObjectName: 'cert-chain'
            certObjectName: 'ca-cert'
            keyObjectName: 'ca-key'
          }
        }
      }
    }
    networkProfile: { networkPlugin: 'azure', serviceCidr: '172.16.0.0/16', dnsServiceIP: '172.16.0.10' }
  }
}

resource rule 'Microsoft.Insights/dataCollectionRules@2023-03-11' = {
  name: 'dcr-${suffix}'
  location: location
  properties: {
    dataFlows: [{ streams: ['Microsoft-ContainerInsights-Group-Default'], destinations: ['logs'] }]
    destinations: { logAnalytics: [{ name: 'logs', workspaceResourceId: logs.id }] }
  }
}

resource association 'Microsoft.Insights/dataCollectionRuleAssociations@2023-03-11' = {
  scope: cluster
  name: 'ContainerInsightsExtension'
  properties: { dataCollectionRuleId: rule.id }
}

output name string = cluster.name
output issuer string = cluster.properties.oidcIssuerProfile.issuerURL
output ingressPrincipalId string = cluster.properties.addonProfiles.ingressApplicationGateway.identity.objectId
output providerPrincipalId string = cluster.properties.addonProfiles.azureKeyvaultSecretsProvider.identity.objectId
output routingPrincipalId string = cluster.properties.ingressProfile.webAppRouting.identity.objectId
