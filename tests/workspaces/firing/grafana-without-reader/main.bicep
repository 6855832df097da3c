param location string = resourceGroup().location

resource metrics 'Microsoft.Monitor/accounts@2023-04-03' = {
  name: 'amw-aks'
  location: location
}

resource grafana 'Microsoft.Dashboard/grafana@2023-09-01' = {
  name: 'amg-aks'
  location: location
  sku: { name: 'Standard' }
  identity: { type: 'SystemAssigned' }
  properties: {
    grafanaIntegrations: { azureMonitorWorkspaceIntegrations: [{ azureMonitorWorkspaceResourceId: metrics.id }] }
  }
}
