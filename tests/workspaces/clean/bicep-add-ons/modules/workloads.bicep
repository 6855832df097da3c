param location string
param suffix string
param issuer string

@description('What runs in the cluster: its service account and the namespace of that.')
param workloads { name: string, namespace: string }[]

resource identities 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = [for one in workloads: {
  name: 'id-${suffix}-${one.name}'
  location: location
}]

resource credentials 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials@2023-01-31' = [for (one, at) in workloads: {
  parent: identities[at]
  name: '${one.namespace}-${one.name}'
  properties: {
    issuer: issuer
    subject: 'system:serviceaccount:${one.namespace}:${one.name}'
    audiences: ['api://AzureADTokenExchange']
  }
}]

output principalIds string[] = [for (one, at) in workloads: identities[at].properties.principalId]
