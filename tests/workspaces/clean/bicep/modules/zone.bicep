param location string
param networkName string

resource network 'Microsoft.Network/virtualNetworks@2023-11-01' existing = {
  name: networkName
}

resource zone 'Microsoft.Network/privateDnsZones@2020-06-01' = {
  name: 'privatelink.${location}.azmk8s.io'
  location: 'global'

  resource link 'virtualNetworkLinks' = {
    name: networkName
    location: 'global'
    properties: {
      registrationEnabled: false
      virtualNetwork: { id: network.id }
    }
  }
}

output id string = zone.id
output name string = zone.name
