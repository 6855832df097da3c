//! Generated from `rules/` by `cargo xtask codegen`: do not edit.

use crate::catalogue::Embedded;

#[rustfmt::skip]
pub(crate) static RULES: &[Embedded] = &[
    Embedded {
        data: r#"{"families":["add-ons"],"found_by":"check","id":"add-on-identity-given","languages":["arm","bicep","terraform"],"level":"warning","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters"}],"confidence":"doc","id":"ADD-BYO-UNSUPPORTED","message":{"do":["leave the identity out, and assign the roles to the `objectId` that the cluster answers for the add-on"],"headline":"an add-on of cluster {cluster} is given the identity {value}, which AKS does not take","why":"the identity of an add-on{place} is what Azure answers, not what a template sets: AKS makes one of its own, and roles of {value} do not help the add-on"},"sources":["https://learn.microsoft.com/azure/aks/managed-identity-overview","https://github.com/hashicorp/terraform-provider-azurerm/issues/30726"],"title":"The identities of add-ons cannot be brought"}],"since":"0.1.0","title":"The cluster gives an add-on an identity, which AKS does not take"}"#,
        page: r#"# add-on-identity-given

A cluster gives one of its add-ons an identity, and AKS takes none.

| | |
| --- | --- |
| Level | warning |
| Breaks | never by itself |
| Languages | ARM, Bicep, Terraform |
| Requirement | ADD-BYO-UNSUPPORTED |
| Azure error prevented | none known |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

Looks at `addonProfiles.*.identity` and `ingressProfile.webAppRouting.identity`, where they name an identity that the deployment itself makes. What an exported template repeats of AKS' own identities is harmless and left alone.

## Why it matters

Only the control plane and the kubelet can be given identities. The identity of an add-on is an output: AKS makes it in the node resource group, and what a template sets is not used. Roles that are assigned to the given identity then do not
help the add-on.

## Avoid

### ARM

An identity for the secrets provider.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-add-on",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-add-on')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "addonProfiles": {
          "azureKeyvaultSecretsProvider": {
            "enabled": true,
            "identity": { "resourceId": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-add-on')]" }
          }
        }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = resourceGroup().location

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource own 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-add-on'
  location: location
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
    addonProfiles: { azureKeyvaultSecretsProvider: { enabled: true, identity: { resourceId: own.id } } }
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_user_assigned_identity" "own" {
  name                = "id-add-on"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azapi_resource" "main" {
  type      = "Microsoft.ContainerService/managedClusters@2024-05-01"
  name      = "aks-prod"
  parent_id = azurerm_resource_group.main.id
  location  = azurerm_resource_group.main.location

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  body = {
    properties = {
      dnsPrefix         = "aks-prod"
      agentPoolProfiles = [{ name = "system", mode = "System", count = 3, vmSize = "Standard_D4s_v5" }]
      addonProfiles = {
        azureKeyvaultSecretsProvider = {
          enabled  = true
          identity = { resourceId = azurerm_user_assigned_identity.own.id }
        }
      }
    }
  }
}
```

## Prefer

### ARM

AKS makes the identity.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "addonProfiles": { "azureKeyvaultSecretsProvider": { "enabled": true } }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = resourceGroup().location

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
    addonProfiles: { azureKeyvaultSecretsProvider: { enabled: true } }
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  key_vault_secrets_provider {
    secret_rotation_enabled = true
  }
}
```

## How to fix

Leave the identity out, and assign roles to the `objectId` that the cluster answers for the add-on.

## Options

None.

## What it cannot see

Identities that the deployment does not make.

## References

- <https://learn.microsoft.com/azure/aks/managed-identity-overview>
"#,
    },
    Embedded {
        data: r#"{"families":["add-ons"],"id":"add-on-with-service-principal","languages":["arm","bicep","terraform"],"level":"warning","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters","resource_when":{"equals":"true","path":"properties.ingressProfile.webAppRouting.enabled"},"scope":"properties.ingressProfile.webAppRouting.enabled"}],"breaks_at":"reconcile","confidence":"doc","id":"ADD-APPROUTING-MI","message":{"do":["give the cluster a managed identity in place of the service principal"],"headline":"application routing of cluster {cluster} needs a managed identity","why":"the add-on is on{place}, and can only be used by clusters that run as a managed identity"},"refused_with":["service-principal"],"sources":["https://learn.microsoft.com/azure/aks/app-routing"],"title":"Application routing needs a cluster with a managed identity"},{"at":[{"resource":"Microsoft.ContainerService/managedClusters","resource_when":{"equals":"true","path":"properties.metricsProfile.costAnalysis.enabled"},"scope":"properties.metricsProfile.costAnalysis.enabled"}],"breaks_at":"reconcile","confidence":"doc","id":"ADD-COST-MI","message":{"do":["give the cluster a managed identity in place of the service principal"],"headline":"cost analysis of cluster {cluster} needs a managed identity","why":"it is on{place}, and documentation asks for a cluster that runs as a managed identity"},"refused_with":["service-principal"],"sources":["https://learn.microsoft.com/azure/aks/cost-analysis"],"title":"Cost analysis needs a cluster with a managed identity"},{"at":[{"resource":"Microsoft.ContainerService/managedClusters","resource_when":{"all":[{"equals":"true","path":"properties.addonProfiles.omsagent.enabled"},{"equals":"true","path":"properties.addonProfiles.omsagent.config.useAADAuth"}]},"scope":"properties.addonProfiles.omsagent.config.useAADAuth"}],"azure":[{"code":"OmsagentInvalidAADAuthInput","name_only":true}],"breaks_at":"reconcile","confidence":"doc","id":"ADD-OMS-MI","message":{"do":["give the cluster a managed identity in place of the service principal"],"headline":"Container Insights of cluster {cluster} sends with a managed identity that the cluster has not","why":"`useAADAuth` is on{place}, and the cluster runs as a service principal"},"refused_with":["service-principal"],"sources":["https://learn.microsoft.com/azure/azure-monitor/containers/kubernetes-monitoring-enable"],"title":"Container Insights with managed identity needs a cluster with one"}],"since":"0.1.0","title":"An add-on needs a managed identity, and the cluster runs as a service principal"}"#,
        page: r#"# add-on-with-service-principal

A cluster runs as a service principal and turns on an add-on that needs a managed identity.

| | |
| --- | --- |
| Level | warning |
| Breaks | when AKS reconciles the cluster |
| Languages | ARM, Bicep, Terraform |
| Requirements | ADD-APPROUTING-MI, ADD-COST-MI, ADD-OMS-MI |
| Azure error prevented | none known |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

Looks at clusters that run as a service principal and have application routing (`ingressProfile.webAppRouting`), cost analysis (`metricsProfile.costAnalysis`) or Container Insights with managed identity (`omsagent` with `useAADAuth`).

## Why it matters

AKS makes the identities of these add-ons only for clusters that run as a managed identity.

## Avoid

### ARM

Application routing on a service principal.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "parameters": {
    "secret": {
      "type": "securestring"
    }
  },
  "resources": [
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "servicePrincipalProfile": { "clientId": "11111111-2222-3333-4444-555555555555", "secret": "[parameters('secret')]" },
        "ingressProfile": { "webAppRouting": { "enabled": true } }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = resourceGroup().location

@secure()
param secret string

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
    servicePrincipalProfile: { clientId: '11111111-2222-3333-4444-555555555555', secret: secret }
    ingressProfile: { webAppRouting: { enabled: true } }
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

variable "secret" {
  type      = string
  sensitive = true
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  service_principal {
    client_id     = "11111111-2222-3333-4444-555555555555"
    client_secret = var.secret
  }

  web_app_routing {
    dns_zone_ids = []
  }
}
```

## Prefer

### ARM

The cluster has a managed identity.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "ingressProfile": { "webAppRouting": { "enabled": true } }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = resourceGroup().location

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
    ingressProfile: { webAppRouting: { enabled: true } }
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  web_app_routing {
    dns_zone_ids = []
  }
}
```

## How to fix

Give the cluster a managed identity. An existing cluster changes with `az aks update --enable-managed-identity`.

## Options

None.

## What it cannot see

By which error AKS refuses is not documented, so it is a warning.

## References

- <https://learn.microsoft.com/azure/aks/app-routing>
- <https://learn.microsoft.com/azure/aks/cost-analysis>
- <https://learn.microsoft.com/azure/aks/use-managed-identity>
"#,
    },
    Embedded {
        data: r#"{"families":["network"],"found_by":"check","id":"api-server-subnet-not-delegated","languages":["arm","bicep","terraform"],"level":"warning","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters","resource_when":{"equals":"true","path":"properties.apiServerAccessProfile.enableVnetIntegration"},"scope":"properties.apiServerAccessProfile.subnetId"}],"azure":[{"code":"ApiserverSubnetConfigError","name_only":true,"says":""}],"breaks_at":"create","confidence":"doc","id":"NET-APISERVER-DELEGATION","message":{"do":["add a delegation to {value} to the subnet, and use it for nothing else"],"headline":"the subnet {scope} is not delegated to {value}","why":"cluster {cluster} puts its API server into that subnet{place}, which this deployment writes, and the subnet must be left to AKS before; the control plane may not write it, so AKS cannot do so by itself"},"sources":["https://learn.microsoft.com/azure/aks/api-server-vnet-integration"],"title":"The subnet for the API server is delegated to managed clusters"}],"since":"0.1.0","title":"The subnet for the API server is not delegated to AKS"}"#,
        page: r#"# api-server-subnet-not-delegated

The subnet for the API server is not delegated to AKS.

| | |
| --- | --- |
| Level | warning |
| Breaks | at creation |
| Languages | ARM, Bicep, Terraform |
| Requirement | NET-APISERVER-DELEGATION |
| Azure error prevented | none known |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

For each cluster with API server integration (`apiServerAccessProfile.enableVnetIntegration`) and a subnet for it (`subnetId`) that this
deployment writes, it looks for a delegation to `Microsoft.ContainerService/managedClusters`.

It says nothing where the control plane may write the subnet (Network Contributor), since AKS then delegates it by itself; nor of a subnet
from elsewhere, of delegations that are open or that Terraform leaves to others (`ignore_changes`), and of AKS Automatic.

## Why it matters

The subnet must be left to AKS before the API server is put into it. Without the delegation AKS has to add it, which an identity that may only
join the subnet cannot do.

## Avoid

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "vnet": "[resourceId('Microsoft.Network/virtualNetworks', 'vnet-aks')]",
    "subnet": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'api')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Network/virtualNetworks",
      "apiVersion": "2023-11-01",
      "name": "vnet-aks",
      "location": "westeurope",
      "properties": {
        "addressSpace": { "addressPrefixes": ["10.0.0.0/16"] },
        "subnets": [{ "name": "api", "properties": { "addressPrefix": "10.0.0.0/28" } }]
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[variables('control')]", "[variables('vnet')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "apiServerAccessProfile": { "enableVnetIntegration": true, "subnetId": "[variables('subnet')]" }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = 'westeurope'

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource network 'Microsoft.Network/virtualNetworks@2023-11-01' = {
  name: 'vnet-aks'
  location: location
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] }
  }
}

resource subnet 'Microsoft.Network/virtualNetworks/subnets@2023-11-01' = {
  parent: network
  name: 'api'
  properties: {
    addressPrefix: '10.0.0.0/28'
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${control.id}': {}
    }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
    apiServerAccessProfile: {
      enableVnetIntegration: true
      subnetId: subnet.id
    }
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = "rg-aks"
  location            = "westeurope"
}

resource "azurerm_virtual_network" "main" {
  name                = "vnet-aks"
  resource_group_name = "rg-aks"
  location            = "westeurope"
  address_space       = ["10.0.0.0/16"]
}

resource "azurerm_subnet" "api" {
  name                 = "api"
  resource_group_name  = "rg-aks"
  virtual_network_name = azurerm_virtual_network.main.name
  address_prefixes     = ["10.0.0.0/28"]
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = "rg-aks"
  location            = "westeurope"
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  api_server_access_profile {
    virtual_network_integration_enabled = true
    subnet_id                           = azurerm_subnet.api.id
  }
}
```

## Prefer

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "vnet": "[resourceId('Microsoft.Network/virtualNetworks', 'vnet-aks')]",
    "subnet": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'api')]",
    "networkContributor": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')]",
    "join": "[extensionResourceId(variables('subnet'), 'Microsoft.Authorization/roleAssignments', guid(variables('subnet'), variables('control'), variables('networkContributor')))]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Network/virtualNetworks",
      "apiVersion": "2023-11-01",
      "name": "vnet-aks",
      "location": "westeurope",
      "properties": {
        "addressSpace": { "addressPrefixes": ["10.0.0.0/16"] },
        "subnets": [
          {
            "name": "api",
            "properties": {
              "addressPrefix": "10.0.0.0/28",
              "delegations": [{ "name": "aks", "properties": { "serviceName": "Microsoft.ContainerService/managedClusters" } }]
            }
          }
        ]
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('subnet'), variables('control'), variables('networkContributor'))]",
      "scope": "[variables('subnet')]",
      "dependsOn": ["[variables('control')]", "[variables('vnet')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('networkContributor')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[variables('control')]", "[variables('vnet')]", "[variables('join')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "apiServerAccessProfile": { "enableVnetIntegration": true, "subnetId": "[variables('subnet')]" }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = 'westeurope'

var networkContributor = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource network 'Microsoft.Network/virtualNetworks@2023-11-01' = {
  name: 'vnet-aks'
  location: location
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] }
  }
}

resource subnet 'Microsoft.Network/virtualNetworks/subnets@2023-11-01' = {
  parent: network
  name: 'api'
  properties: {
    addressPrefix: '10.0.0.0/28'
    delegations: [
      { name: 'aks', properties: { serviceName: 'Microsoft.ContainerService/managedClusters' } }
    ]
  }
}

resource join 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(subnet.id, control.id, networkContributor)
  scope: subnet
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: networkContributor
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${control.id}': {}
    }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
    apiServerAccessProfile: {
      enableVnetIntegration: true
      subnetId: subnet.id
    }
  }
  dependsOn: [join]
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = "rg-aks"
  location            = "westeurope"
}

resource "azurerm_virtual_network" "main" {
  name                = "vnet-aks"
  resource_group_name = "rg-aks"
  location            = "westeurope"
  address_space       = ["10.0.0.0/16"]
}

resource "azurerm_subnet" "api" {
  name                 = "api"
  resource_group_name  = "rg-aks"
  virtual_network_name = azurerm_virtual_network.main.name
  address_prefixes     = ["10.0.0.0/28"]

  delegation {
    name = "aks"

    service_delegation {
      name = "Microsoft.ContainerService/managedClusters"
    }
  }
}

resource "azurerm_role_assignment" "join" {
  scope                = azurerm_subnet.api.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = "rg-aks"
  location            = "westeurope"
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  api_server_access_profile {
    virtual_network_integration_enabled = true
    subnet_id                           = azurerm_subnet.api.id
  }

  depends_on = [azurerm_role_assignment.join]
}
```

## How to fix

Add a delegation to `Microsoft.ContainerService/managedClusters` to the subnet, make it at least a /28, and put nothing else into it.

## Options

None.

## What it cannot see

Delegations that somebody else makes.

## References

- <https://learn.microsoft.com/azure/aks/api-server-vnet-integration>
"#,
    },
    Embedded {
        data: r#"{"families":["add-ons"],"found_by":"places","id":"app-routing-vault-without-role","languages":["arm","bicep","terraform"],"level":"note","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters","resource_when":{"all":[{"equals":"true","path":"properties.ingressProfile.webAppRouting.enabled"},{"equals":"true","path":"properties.addonProfiles.azureKeyvaultSecretsProvider.enabled"}]}}],"breaks_at":"runtime","confidence":"doc","id":"ADD-APPROUTING-KV","message":{"do":["assign {role} to {principal} on {scope}, or, where the vault decides by access policies, allow it `get` for secrets and certificates"],"headline":"{principal} may not read certificates of the vault {scope}","why":"cluster {cluster} has application routing and the secrets provider, and the vault{place} is made together with it; ingresses that take their certificates from there need the right, and no template says whether there are any"},"need":{"actions":[],"before_cluster":"impossible","data_actions":["Microsoft.KeyVault/vaults/secrets/getSecret/action"],"identity":{"add-on":"properties.ingressProfile.webAppRouting"},"least_role":{"id":"db79e9a7-68ee-4b58-9aeb-b90e7c24fcba","name":"Key Vault Certificate User"},"other_roles":[{"id":"4633458b-17de-408a-b874-0445c86b69e6","name":"Key Vault Secrets User"},{"id":"00482a5a-887f-4fb3-b363-3b7fe8e74483","name":"Key Vault Administrator"}],"owner":"whoever owns the key vault","scope_type":"Microsoft.KeyVault/vaults"},"sources":["https://learn.microsoft.com/azure/aks/app-routing-dns-ssl","https://learn.microsoft.com/azure/aks/managed-identity-overview"],"title":"The identity of the application routing add-on needs to read certificates of its vault"}],"since":"0.1.0","title":"The application routing add-on may not read certificates of the vault that is made with the cluster"}"#,
        page: r#"# app-routing-vault-without-role

The application routing add-on may not read certificates of the vault that is made together with the cluster.

| | |
| --- | --- |
| Level | note |
| Breaks | at run time |
| Languages | ARM, Bicep, Terraform |
| Requirement | ADD-APPROUTING-KV |
| Azure error prevented | none known |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

Looks at deployments with one cluster and one vault, where the cluster has application routing and the secrets provider on, and asks whether the identity of **application routing** may read secrets of the vault, which is how certificates are read. Key Vault Certificate
User and Key Vault Secrets User both do. No template says whether ingresses take certificates from the vault, so it is a note.

## Why it matters

Without the right the certificate of an ingress is never fetched, and the ingress serves a self-signed one. `az aks approuting update --attach-kv` assigns the role by itself; a template does not.

## Avoid

### ARM

Nobody lets the add-on read.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.KeyVault/vaults",
      "apiVersion": "2023-07-01",
      "name": "kv-aks",
      "location": "westeurope",
      "properties": {
        "sku": { "family": "A", "name": "standard" },
        "tenantId": "[tenant().tenantId]",
        "enableRbacAuthorization": true
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "ingressProfile": { "webAppRouting": { "enabled": true } },
        "addonProfiles": { "azureKeyvaultSecretsProvider": { "enabled": true } }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
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

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
    ingressProfile: { webAppRouting: { enabled: true } }
    addonProfiles: { azureKeyvaultSecretsProvider: { enabled: true } }
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

data "azurerm_client_config" "current" {}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_key_vault" "main" {
  name                       = "kv-aks"
  resource_group_name        = azurerm_resource_group.main.name
  location                   = azurerm_resource_group.main.location
  tenant_id                  = data.azurerm_client_config.current.tenant_id
  sku_name                   = "standard"
  rbac_authorization_enabled = true
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  key_vault_secrets_provider {
    secret_rotation_enabled = true
  }

  web_app_routing {
    dns_zone_ids = []
  }
}
```

## Prefer

### ARM

The add-on's identity is Key Vault Certificate User on the vault.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.KeyVault/vaults",
      "apiVersion": "2023-07-01",
      "name": "kv-aks",
      "location": "westeurope",
      "properties": {
        "sku": { "family": "A", "name": "standard" },
        "tenantId": "[tenant().tenantId]",
        "enableRbacAuthorization": true
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "ingressProfile": { "webAppRouting": { "enabled": true } },
        "addonProfiles": { "azureKeyvaultSecretsProvider": { "enabled": true } }
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceId('Microsoft.KeyVault/vaults', 'kv-aks'), resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), 'Key Vault Certificate User')]",
      "scope": "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
      "dependsOn": [
        "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
        "[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]"
      ],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), '2024-05-01').ingressProfile.webAppRouting.identity.objectId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'db79e9a7-68ee-4b58-9aeb-b90e7c24fcba')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
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

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
    ingressProfile: { webAppRouting: { enabled: true } }
    addonProfiles: { azureKeyvaultSecretsProvider: { enabled: true } }
  }
}

resource readCertificates 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, cluster.id, 'Key Vault Certificate User')
  scope: vault
  properties: {
    principalId: cluster.properties.ingressProfile.webAppRouting.identity.objectId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'db79e9a7-68ee-4b58-9aeb-b90e7c24fcba')
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

data "azurerm_client_config" "current" {}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_key_vault" "main" {
  name                       = "kv-aks"
  resource_group_name        = azurerm_resource_group.main.name
  location                   = azurerm_resource_group.main.location
  tenant_id                  = data.azurerm_client_config.current.tenant_id
  sku_name                   = "standard"
  rbac_authorization_enabled = true
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  key_vault_secrets_provider {
    secret_rotation_enabled = true
  }

  web_app_routing {
    dns_zone_ids = []
  }
}

resource "azurerm_role_assignment" "certificates" {
  scope                = azurerm_key_vault.main.id
  role_definition_name = "Key Vault Certificate User"
  principal_id         = azurerm_kubernetes_cluster.main.web_app_routing[0].web_app_routing_identity[0].object_id
}
```

## How to fix

Assign Key Vault Certificate User (`db79e9a7-68ee-4b58-9aeb-b90e7c24fcba`) on the vault to `ingressProfile.webAppRouting.identity.objectId` of the cluster.

## Options

None.

## What it cannot see

Which vault ingresses use. With several vaults or clusters it says nothing.

## References

- <https://learn.microsoft.com/azure/aks/app-routing-dns-ssl>
"#,
    },
    Embedded {
        data: r#"{"families":["add-ons"],"id":"app-routing-zone-without-role","languages":["arm","bicep","terraform"],"level":"warning","requirement":[{"at":[{"for_each":"properties.ingressProfile.webAppRouting.dnsZoneResourceIds[]","resource":"Microsoft.ContainerService/managedClusters","resource_when":{"equals":"true","path":"properties.ingressProfile.webAppRouting.enabled"},"scope":""},{"resource":"Microsoft.ContainerService/managedClusters","resource_when":{"equals":"true","path":"properties.ingressProfile.webAppRouting.enabled"},"scope":"properties.ingressProfile.webAppRouting.dnsZoneResourceId"}],"azure":[{"code":"AuthorizationFailed","says":"the client is not authorized to read or write the zone (in the log of external-dns)"}],"breaks_at":"runtime","confidence":"doc","id":"ADD-APPROUTING-DNS","message":{"do":["assign {role} to {principal} on {scope}: its principal id is what the cluster answers at `ingressProfile.webAppRouting.identity.objectId`"],"headline":"{principal} may not write to the DNS zone {scope}","why":"the application routing add-on of cluster {cluster} keeps the records of its ingresses in that zone{place}, with an identity of its own, which AKS makes and gives no role there"},"need":{"actions":["Microsoft.Network/dnsZones/read","Microsoft.Network/dnsZones/A/write","Microsoft.Network/dnsZones/TXT/write"],"before_cluster":"impossible","identity":{"add-on":"properties.ingressProfile.webAppRouting"},"least_role":{"id":"befefa01-2a29-4197-83a8-272ff33ce314","name":"DNS Zone Contributor"},"other_roles":[{"id":"4d97b98b-1d4f-4787-a291-c67834d212e7","name":"Network Contributor"},{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the DNS zone","scope_type":"Microsoft.Network/dnsZones"},"sources":["https://learn.microsoft.com/azure/aks/app-routing-dns-ssl","https://learn.microsoft.com/azure/aks/managed-identity-overview"],"title":"The identity of the application routing add-on needs to write to its DNS zones"},{"at":[{"for_each":"properties.ingressProfile.webAppRouting.dnsZoneResourceIds[]","resource":"Microsoft.ContainerService/managedClusters","resource_when":{"equals":"true","path":"properties.ingressProfile.webAppRouting.enabled"},"scope":""},{"resource":"Microsoft.ContainerService/managedClusters","resource_when":{"equals":"true","path":"properties.ingressProfile.webAppRouting.enabled"},"scope":"properties.ingressProfile.webAppRouting.dnsZoneResourceId"}],"azure":[{"code":"AuthorizationFailed","says":"the client is not authorized to read or write the zone (in the log of external-dns)"}],"breaks_at":"runtime","confidence":"doc","id":"ADD-APPROUTING-PRIVATE-DNS","message":{"do":["assign {role} to {principal} on {scope}: its principal id is what the cluster answers at `ingressProfile.webAppRouting.identity.objectId`"],"headline":"{principal} may not write to the private DNS zone {scope}","why":"the application routing add-on of cluster {cluster} keeps the records of its ingresses in that zone{place}; DNS Zone Contributor is for public zones alone"},"need":{"actions":["Microsoft.Network/privateDnsZones/read","Microsoft.Network/privateDnsZones/A/write","Microsoft.Network/privateDnsZones/TXT/write"],"before_cluster":"impossible","identity":{"add-on":"properties.ingressProfile.webAppRouting"},"least_role":{"id":"b12aa53e-6015-4669-85d0-8515ebb3ae7f","name":"Private DNS Zone Contributor"},"other_roles":[{"id":"4d97b98b-1d4f-4787-a291-c67834d212e7","name":"Network Contributor"},{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the private DNS zone","scope_type":"Microsoft.Network/privateDnsZones"},"sources":["https://learn.microsoft.com/azure/aks/create-nginx-ingress-private-controller","https://github.com/Azure/azure-cli-extensions/issues/7249"],"title":"The identity of the application routing add-on needs to write to its private DNS zones"}],"since":"0.1.0","title":"The application routing add-on may not write to a DNS zone that the cluster names"}"#,
        page: r#"# app-routing-zone-without-role

The application routing add-on may not write to a DNS zone that a cluster names.

| | |
| --- | --- |
| Level | warning |
| Breaks | at run time |
| Languages | ARM, Bicep, Terraform |
| Requirements | ADD-APPROUTING-DNS, ADD-APPROUTING-PRIVATE-DNS |
| Azure error prevented | `AuthorizationFailed` |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

Looks at the zones that the application routing add-on is given (`ingressProfile.webAppRouting.dnsZoneResourceIds`), and asks whether the **add-on's** identity may read each and write its A and TXT
records. AKS makes that identity, `webapprouting-CLUSTER` in the node resource group.

## Why it matters

`az aks approuting zone add --attach-zones` assigns the role by itself; a template does not. The add-on's external-dns then logs AuthorizationFailed, and no name is ever published. The usual slip is DNS Zone Contributor on a
private zone, for which it allows nothing.

## Avoid

### ARM

A role for public zones, on a private one.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Network/privateDnsZones",
      "apiVersion": "2020-06-01",
      "name": "contoso.internal",
      "location": "global"
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[resourceId('Microsoft.Network/privateDnsZones', 'contoso.internal')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "ingressProfile": {
          "webAppRouting": {
            "enabled": true,
            "dnsZoneResourceIds": ["[resourceId('Microsoft.Network/privateDnsZones', 'contoso.internal')]"]
          }
        }
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceId('Microsoft.Network/privateDnsZones', 'contoso.internal'), resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), 'DNS Zone Contributor')]",
      "scope": "[resourceId('Microsoft.Network/privateDnsZones', 'contoso.internal')]",
      "dependsOn": [
        "[resourceId('Microsoft.Network/privateDnsZones', 'contoso.internal')]",
        "[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]"
      ],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), '2024-05-01').ingressProfile.webAppRouting.identity.objectId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'befefa01-2a29-4197-83a8-272ff33ce314')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = resourceGroup().location

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource zone 'Microsoft.Network/privateDnsZones@2020-06-01' = {
  name: 'contoso.internal'
  location: 'global'
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
    ingressProfile: { webAppRouting: { enabled: true, dnsZoneResourceIds: [zone.id] } }
  }
}

resource onZone 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(zone.id, cluster.id, 'DNS Zone Contributor')
  scope: zone
  properties: {
    principalId: cluster.properties.ingressProfile.webAppRouting.identity.objectId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'befefa01-2a29-4197-83a8-272ff33ce314')
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_private_dns_zone" "main" {
  name                = "contoso.internal"
  resource_group_name = azurerm_resource_group.main.name
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  web_app_routing {
    dns_zone_ids = [azurerm_private_dns_zone.main.id]
  }
}

resource "azurerm_role_assignment" "zone" {
  scope                = azurerm_private_dns_zone.main.id
  role_definition_name = "DNS Zone Contributor"
  principal_id         = azurerm_kubernetes_cluster.main.web_app_routing[0].web_app_routing_identity[0].object_id
}
```

## Prefer

### ARM

The role for private zones.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Network/privateDnsZones",
      "apiVersion": "2020-06-01",
      "name": "contoso.internal",
      "location": "global"
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[resourceId('Microsoft.Network/privateDnsZones', 'contoso.internal')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "ingressProfile": {
          "webAppRouting": {
            "enabled": true,
            "dnsZoneResourceIds": ["[resourceId('Microsoft.Network/privateDnsZones', 'contoso.internal')]"]
          }
        }
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceId('Microsoft.Network/privateDnsZones', 'contoso.internal'), resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), 'Private DNS Zone Contributor')]",
      "scope": "[resourceId('Microsoft.Network/privateDnsZones', 'contoso.internal')]",
      "dependsOn": [
        "[resourceId('Microsoft.Network/privateDnsZones', 'contoso.internal')]",
        "[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]"
      ],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), '2024-05-01').ingressProfile.webAppRouting.identity.objectId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b12aa53e-6015-4669-85d0-8515ebb3ae7f')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = resourceGroup().location

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource zone 'Microsoft.Network/privateDnsZones@2020-06-01' = {
  name: 'contoso.internal'
  location: 'global'
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
    ingressProfile: { webAppRouting: { enabled: true, dnsZoneResourceIds: [zone.id] } }
  }
}

resource onZone 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(zone.id, cluster.id, 'Private DNS Zone Contributor')
  scope: zone
  properties: {
    principalId: cluster.properties.ingressProfile.webAppRouting.identity.objectId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b12aa53e-6015-4669-85d0-8515ebb3ae7f')
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_private_dns_zone" "main" {
  name                = "contoso.internal"
  resource_group_name = azurerm_resource_group.main.name
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  web_app_routing {
    dns_zone_ids = [azurerm_private_dns_zone.main.id]
  }
}

resource "azurerm_role_assignment" "zone" {
  scope                = azurerm_private_dns_zone.main.id
  role_definition_name = "Private DNS Zone Contributor"
  principal_id         = azurerm_kubernetes_cluster.main.web_app_routing[0].web_app_routing_identity[0].object_id
}
```

## How to fix

Assign DNS Zone Contributor (`befefa01-2a29-4197-83a8-272ff33ce314`) on each public zone and Private DNS Zone Contributor (`b12aa53e-6015-4669-85d0-8515ebb3ae7f`) on each private one to
`ingressProfile.webAppRouting.identity.objectId` of the cluster (`web_app_routing[0].web_app_routing_identity[0].object_id` in Terraform).

## Options

None.

## What it cannot see

Roles that a pipeline assigns once the cluster is there, and zones that a Kubernetes object names. Zones from elsewhere are worth a note.

## References

- <https://learn.microsoft.com/azure/aks/app-routing-dns-ssl>
- <https://learn.microsoft.com/azure/aks/create-nginx-ingress-private-controller>
"#,
    },
    Embedded {
        data: r#"{"families":["add-ons"],"found_by":"places","id":"application-gateway-without-role","languages":["arm","bicep","terraform"],"level":"warning","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters","resource_when":{"equals":"true","path":"properties.addonProfiles.ingressApplicationGateway.enabled"},"scope":"properties.addonProfiles.ingressApplicationGateway.config.applicationGatewayId"}],"azure":[{"code":"ErrorApplicationGatewayForbidden","says":"the identity of the add-on needs Contributor on the gateway and Reader on its resource group"},{"code":"AuthorizationFailed","says":"the client is not authorized to write the gateway"}],"breaks_at":"runtime","confidence":"doc","id":"ADD-AGIC-GATEWAY","message":{"do":["assign {role} to {principal} on {scope}: its principal id is what the cluster answers at `addonProfiles.ingressApplicationGateway.identity.objectId`"],"headline":"{principal} may not configure the application gateway {scope}","why":"the ingress add-on of cluster {cluster} configures that gateway{place} with an identity of its own, which AKS makes and gives no role there; no ingress is ever served"},"need":{"actions":["Microsoft.Network/applicationGateways/read","Microsoft.Network/applicationGateways/write"],"before_cluster":"impossible","identity":{"add-on":"properties.addonProfiles.ingressApplicationGateway"},"least_role":{"id":"4d97b98b-1d4f-4787-a291-c67834d212e7","name":"Network Contributor"},"other_roles":[{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the gateway","scope_type":"Microsoft.Network/applicationGateways"},"sources":["https://learn.microsoft.com/azure/application-gateway/tutorial-ingress-controller-add-on-existing","https://github.com/Azure/AKS/issues/2573"],"title":"The identity of the ingress add-on needs to read and write the application gateway"},{"at":[{"resource":"Microsoft.ContainerService/managedClusters","resource_when":{"equals":"true","path":"properties.addonProfiles.ingressApplicationGateway.enabled"}}],"breaks_at":"runtime","confidence":"doc","id":"ADD-AGIC-RG-READER","level":"note","message":{"do":["assign {role} to {principal} on {scope}"],"headline":"{principal} may not read the resource group of its application gateway, {scope}","why":"the ingress add-on of cluster {cluster} looks for its gateway{place} in that group, and documentation asks for Reader there"},"need":{"actions":["Microsoft.Network/applicationGateways/read"],"before_cluster":"impossible","identity":{"add-on":"properties.addonProfiles.ingressApplicationGateway"},"least_role":{"id":"acdd72a7-3385-48ef-bd42-f606fba81ae7","name":"Reader"},"other_roles":[{"id":"4d97b98b-1d4f-4787-a291-c67834d212e7","name":"Network Contributor"},{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the resource group","scope_type":"Microsoft.Resources/resourceGroups"},"sources":["https://learn.microsoft.com/azure/application-gateway/tutorial-ingress-controller-add-on-existing","https://github.com/Azure/application-gateway-kubernetes-ingress/issues/997"],"title":"The identity of the ingress add-on needs to read the resource group of the application gateway"}],"since":"0.1.0","title":"The ingress add-on may not configure the application gateway that the cluster names"}"#,
        page: r#"# application-gateway-without-role

The ingress add-on (AGIC) may not configure the application gateway that a cluster names.

| | |
| --- | --- |
| Level | warning (a note where only reading the resource group is missing) |
| Breaks | at run time |
| Languages | ARM, Bicep, Terraform |
| Requirements | ADD-AGIC-GATEWAY, ADD-AGIC-RG-READER |
| Azure errors prevented | `ErrorApplicationGatewayForbidden`, `AuthorizationFailed` |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

Looks at clusters whose ingress add-on (`addonProfiles.ingressApplicationGateway`) is given a gateway that is there already (`applicationGatewayId`), and asks whether the
**add-on's** identity may read and write it, and read its resource group. AKS makes that identity, `ingressapplicationgateway-CLUSTER` in the node resource group; grants to what the cluster answers
(`identity.objectId`), to what Terraform exports and to an identity looked up by that name all count.

## Why it matters

The add-on works as an identity that does not exist before the cluster, and that AKS gives no role on a gateway elsewhere. The cluster comes up, the add-on's pod restarts with
`ErrorApplicationGatewayForbidden`, and no ingress is served. A role for the control plane or the kubelet identity does not help.

## Avoid

### ARM

Nobody lets the add-on configure the gateway.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Network/virtualNetworks",
      "apiVersion": "2023-11-01",
      "name": "vnet-aks",
      "location": "westeurope",
      "properties": { "addressSpace": { "addressPrefixes": ["10.1.0.0/16"] } }
    },
    {
      "type": "Microsoft.Network/virtualNetworks/subnets",
      "apiVersion": "2023-11-01",
      "name": "vnet-aks/gateway",
      "dependsOn": ["[resourceId('Microsoft.Network/virtualNetworks', 'vnet-aks')]"],
      "properties": { "addressPrefix": "10.1.0.0/24" }
    },
    {
      "type": "Microsoft.Network/applicationGateways",
      "apiVersion": "2023-11-01",
      "name": "agw-aks",
      "location": "westeurope",
      "dependsOn": ["[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'gateway')]"],
      "properties": {
        "sku": { "name": "Standard_v2", "tier": "Standard_v2", "capacity": 1 },
        "gatewayIPConfigurations": [
          {
            "name": "gateway",
            "properties": { "subnet": { "id": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'gateway')]" } }
          }
        ]
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[resourceId('Microsoft.Network/applicationGateways', 'agw-aks')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "addonProfiles": {
          "ingressApplicationGateway": {
            "enabled": true,
            "config": { "applicationGatewayId": "[resourceId('Microsoft.Network/applicationGateways', 'agw-aks')]" }
          }
        }
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'gateway'), resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), 'Network Contributor')]",
      "scope": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'gateway')]",
      "dependsOn": [
        "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'gateway')]",
        "[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]"
      ],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), '2024-05-01').addonProfiles.ingressApplicationGateway.identity.objectId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')]"
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceGroup().id, resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), 'Reader')]",
      "dependsOn": ["[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]"],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), '2024-05-01').addonProfiles.ingressApplicationGateway.identity.objectId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = resourceGroup().location

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource network 'Microsoft.Network/virtualNetworks@2023-11-01' = {
  name: 'vnet-aks'
  location: location
  properties: {
    addressSpace: { addressPrefixes: ['10.1.0.0/16'] }
  }
}

resource gatewaySubnet 'Microsoft.Network/virtualNetworks/subnets@2023-11-01' = {
  parent: network
  name: 'gateway'
  properties: { addressPrefix: '10.1.0.0/24' }
}

resource gateway 'Microsoft.Network/applicationGateways@2023-11-01' = {
  name: 'agw-aks'
  location: location
  properties: {
    sku: { name: 'Standard_v2', tier: 'Standard_v2', capacity: 1 }
    gatewayIPConfigurations: [{ name: 'gateway', properties: { subnet: { id: gatewaySubnet.id } } }]
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
    addonProfiles: { ingressApplicationGateway: { enabled: true, config: { applicationGatewayId: gateway.id } } }
  }
}

resource onSubnet 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(gatewaySubnet.id, cluster.id, 'Network Contributor')
  scope: gatewaySubnet
  properties: {
    principalId: cluster.properties.addonProfiles.ingressApplicationGateway.identity.objectId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')
  }
}

resource onGroup 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, cluster.id, 'Reader')
  properties: {
    principalId: cluster.properties.addonProfiles.ingressApplicationGateway.identity.objectId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_virtual_network" "main" {
  name                = "vnet-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  address_space       = ["10.1.0.0/16"]
}

resource "azurerm_subnet" "gateway" {
  name                 = "gateway"
  resource_group_name  = azurerm_resource_group.main.name
  virtual_network_name = azurerm_virtual_network.main.name
  address_prefixes     = ["10.1.0.0/24"]
}

resource "azurerm_application_gateway" "main" {
  name                = "agw-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location

  sku {
    name     = "Standard_v2"
    tier     = "Standard_v2"
    capacity = 1
  }

  gateway_ip_configuration {
    name      = "gateway"
    subnet_id = azurerm_subnet.gateway.id
  }
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  ingress_application_gateway {
    gateway_id = azurerm_application_gateway.main.id
  }
}

resource "azurerm_role_assignment" "subnet" {
  scope                = azurerm_subnet.gateway.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_kubernetes_cluster.main.ingress_application_gateway[0].ingress_application_gateway_identity[0].object_id
}

resource "azurerm_role_assignment" "group" {
  scope                = azurerm_resource_group.main.id
  role_definition_name = "Reader"
  principal_id         = azurerm_kubernetes_cluster.main.ingress_application_gateway[0].ingress_application_gateway_identity[0].object_id
}
```

## Prefer

### ARM

The add-on's identity is Contributor on the gateway.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Network/virtualNetworks",
      "apiVersion": "2023-11-01",
      "name": "vnet-aks",
      "location": "westeurope",
      "properties": { "addressSpace": { "addressPrefixes": ["10.1.0.0/16"] } }
    },
    {
      "type": "Microsoft.Network/virtualNetworks/subnets",
      "apiVersion": "2023-11-01",
      "name": "vnet-aks/gateway",
      "dependsOn": ["[resourceId('Microsoft.Network/virtualNetworks', 'vnet-aks')]"],
      "properties": { "addressPrefix": "10.1.0.0/24" }
    },
    {
      "type": "Microsoft.Network/applicationGateways",
      "apiVersion": "2023-11-01",
      "name": "agw-aks",
      "location": "westeurope",
      "dependsOn": ["[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'gateway')]"],
      "properties": {
        "sku": { "name": "Standard_v2", "tier": "Standard_v2", "capacity": 1 },
        "gatewayIPConfigurations": [
          {
            "name": "gateway",
            "properties": { "subnet": { "id": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'gateway')]" } }
          }
        ]
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[resourceId('Microsoft.Network/applicationGateways', 'agw-aks')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "addonProfiles": {
          "ingressApplicationGateway": {
            "enabled": true,
            "config": { "applicationGatewayId": "[resourceId('Microsoft.Network/applicationGateways', 'agw-aks')]" }
          }
        }
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceId('Microsoft.Network/applicationGateways', 'agw-aks'), resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), 'Contributor')]",
      "scope": "[resourceId('Microsoft.Network/applicationGateways', 'agw-aks')]",
      "dependsOn": [
        "[resourceId('Microsoft.Network/applicationGateways', 'agw-aks')]",
        "[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]"
      ],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), '2024-05-01').addonProfiles.ingressApplicationGateway.identity.objectId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b24988ac-6180-42a0-ab88-20f7382dd24c')]"
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'gateway'), resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), 'Network Contributor')]",
      "scope": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'gateway')]",
      "dependsOn": [
        "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'gateway')]",
        "[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]"
      ],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), '2024-05-01').addonProfiles.ingressApplicationGateway.identity.objectId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')]"
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceGroup().id, resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), 'Reader')]",
      "dependsOn": ["[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]"],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), '2024-05-01').addonProfiles.ingressApplicationGateway.identity.objectId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = resourceGroup().location

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource network 'Microsoft.Network/virtualNetworks@2023-11-01' = {
  name: 'vnet-aks'
  location: location
  properties: {
    addressSpace: { addressPrefixes: ['10.1.0.0/16'] }
  }
}

resource gatewaySubnet 'Microsoft.Network/virtualNetworks/subnets@2023-11-01' = {
  parent: network
  name: 'gateway'
  properties: { addressPrefix: '10.1.0.0/24' }
}

resource gateway 'Microsoft.Network/applicationGateways@2023-11-01' = {
  name: 'agw-aks'
  location: location
  properties: {
    sku: { name: 'Standard_v2', tier: 'Standard_v2', capacity: 1 }
    gatewayIPConfigurations: [{ name: 'gateway', properties: { subnet: { id: gatewaySubnet.id } } }]
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
    addonProfiles: { ingressApplicationGateway: { enabled: true, config: { applicationGatewayId: gateway.id } } }
  }
}

resource onGateway 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(gateway.id, cluster.id, 'Contributor')
  scope: gateway
  properties: {
    principalId: cluster.properties.addonProfiles.ingressApplicationGateway.identity.objectId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b24988ac-6180-42a0-ab88-20f7382dd24c')
  }
}

resource onSubnet 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(gatewaySubnet.id, cluster.id, 'Network Contributor')
  scope: gatewaySubnet
  properties: {
    principalId: cluster.properties.addonProfiles.ingressApplicationGateway.identity.objectId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')
  }
}

resource onGroup 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, cluster.id, 'Reader')
  properties: {
    principalId: cluster.properties.addonProfiles.ingressApplicationGateway.identity.objectId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_virtual_network" "main" {
  name                = "vnet-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  address_space       = ["10.1.0.0/16"]
}

resource "azurerm_subnet" "gateway" {
  name                 = "gateway"
  resource_group_name  = azurerm_resource_group.main.name
  virtual_network_name = azurerm_virtual_network.main.name
  address_prefixes     = ["10.1.0.0/24"]
}

resource "azurerm_application_gateway" "main" {
  name                = "agw-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location

  sku {
    name     = "Standard_v2"
    tier     = "Standard_v2"
    capacity = 1
  }

  gateway_ip_configuration {
    name      = "gateway"
    subnet_id = azurerm_subnet.gateway.id
  }
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  ingress_application_gateway {
    gateway_id = azurerm_application_gateway.main.id
  }
}

resource "azurerm_role_assignment" "gateway" {
  scope                = azurerm_application_gateway.main.id
  role_definition_name = "Contributor"
  principal_id         = azurerm_kubernetes_cluster.main.ingress_application_gateway[0].ingress_application_gateway_identity[0].object_id
}

resource "azurerm_role_assignment" "subnet" {
  scope                = azurerm_subnet.gateway.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_kubernetes_cluster.main.ingress_application_gateway[0].ingress_application_gateway_identity[0].object_id
}

resource "azurerm_role_assignment" "group" {
  scope                = azurerm_resource_group.main.id
  role_definition_name = "Reader"
  principal_id         = azurerm_kubernetes_cluster.main.ingress_application_gateway[0].ingress_application_gateway_identity[0].object_id
}
```

## How to fix

Assign Network Contributor (`4d97b98b-1d4f-4787-a291-c67834d212e7`) or Contributor on the gateway, and Reader on its resource group, to `addonProfiles.ingressApplicationGateway.identity.objectId` of the cluster
(`ingress_application_gateway[0].ingress_application_gateway_identity[0].object_id` in Terraform). The assignments come after the cluster, which makes the identity.

## Options

None.

## What it cannot see

Roles that a pipeline assigns once the cluster is there, and AGIC that is installed by Helm. A gateway from elsewhere is worth a note.

## References

- <https://learn.microsoft.com/azure/application-gateway/tutorial-ingress-controller-add-on-existing>
- <https://learn.microsoft.com/azure/aks/managed-identity-overview>
"#,
    },
    Embedded {
        data: r#"{"families":["add-ons"],"found_by":"places","id":"backup-without-role","languages":["arm","bicep","terraform"],"level":"warning","requirement":[{"at":[{"resource":"Microsoft.KubernetesConfiguration/extensions","resource_when":{"equals":"microsoft.dataprotection.kubernetes","path":"properties.extensionType"}}],"breaks_at":"runtime","confidence":"doc","id":"ADD-BACKUP-STORAGE","level":"note","message":{"do":["assign {role} to {principal} on {scope}: its principal id is what the extension answers at `aksAssignedIdentity.principalId`"],"headline":"{principal} may not write backups to the storage account {scope}","why":"the backup extension stores what it backs up in that account{place}, with an identity of its own, which Azure makes and gives no role there; extensions that still use keys do with Storage Account Contributor"},"need":{"actions":[],"before_cluster":"impossible","data_actions":["Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read","Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write"],"identity":{"answered":"properties.aksAssignedIdentity.principalId"},"least_role":{"id":"ba92f5b4-2d11-453d-a403-e96b0029c9fe","name":"Storage Blob Data Contributor"},"other_roles":[{"id":"b7e6dc6d-f1e8-4753-8033-0f276bb0955b","name":"Storage Blob Data Owner"}],"owner":"whoever owns the storage account","scope_type":"Microsoft.Storage/storageAccounts"},"sources":["https://learn.microsoft.com/azure/backup/azure-kubernetes-service-cluster-backup-concept"],"title":"The backup extension needs to write blobs in its storage account"},{"at":[{"cluster":"parent","resource":"Microsoft.DataProtection/backupVaults/backupInstances","resource_when":{"equals":"Microsoft.ContainerService/managedClusters","path":"properties.dataSourceInfo.datasourceType"},"scope":"properties.dataSourceInfo.resourceID"}],"breaks_at":"runtime","confidence":"doc","id":"ADD-BACKUP-VAULT","message":{"do":["assign {role} to {principal} on {scope}, and let the backup instance depend on that assignment"],"headline":"{principal} may not read the cluster {scope}","why":"the vault backs that cluster up{place}, and reads it as itself"},"need":{"actions":["Microsoft.ContainerService/managedClusters/read"],"before_cluster":"impossible","identity":"own","least_role":{"id":"acdd72a7-3385-48ef-bd42-f606fba81ae7","name":"Reader"},"other_roles":[{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the cluster","scope_type":"Microsoft.ContainerService/managedClusters"},"sources":["https://learn.microsoft.com/azure/backup/azure-kubernetes-service-cluster-backup-concept"],"title":"The identity of the backup vault needs to read the cluster"},{"at":[{"cluster":"parent","for_each":"properties.policyInfo.policyParameters.dataStoreParametersList[]","resource":"Microsoft.DataProtection/backupVaults/backupInstances","resource_when":{"equals":"Microsoft.ContainerService/managedClusters","path":"properties.dataSourceInfo.datasourceType"},"scope":"resourceGroupId"}],"breaks_at":"runtime","confidence":"doc","id":"ADD-BACKUP-VAULT-GROUP","message":{"do":["assign {role} to {principal} on {scope}, and let the backup instance depend on that assignment"],"headline":"{principal} may not read {scope}","why":"the vault keeps the snapshots of cluster {cluster} in that group{place}, and reads it as itself"},"need":{"actions":["Microsoft.Resources/subscriptions/resourceGroups/read"],"before_cluster":"impossible","identity":"own","least_role":{"id":"acdd72a7-3385-48ef-bd42-f606fba81ae7","name":"Reader"},"other_roles":[{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the resource group","scope_type":"Microsoft.Resources/resourceGroups"},"sources":["https://learn.microsoft.com/azure/backup/azure-kubernetes-service-cluster-backup-concept"],"title":"The identity of the backup vault needs to read the resource group of the snapshots"},{"at":[{"cluster":"parent","resource":"Microsoft.DataProtection/backupVaults/backupInstances","resource_when":{"equals":"Microsoft.ContainerService/managedClusters","path":"properties.dataSourceInfo.datasourceType"},"scope":"properties.policyInfo.policyParameters.dataStoreParametersList[].resourceGroupId"}],"breaks_at":"runtime","confidence":"doc","id":"ADD-BACKUP-CLUSTER","message":{"do":["assign {role} to {principal} on {scope}, and let the backup instance depend on that assignment"],"headline":"{principal} may not write snapshots in {scope}","why":"the backup of cluster {cluster} puts the snapshots of its volumes into that group{place}, in the name of the control plane"},"need":{"actions":["Microsoft.Compute/snapshots/read","Microsoft.Compute/snapshots/write","Microsoft.Compute/snapshots/delete"],"before_cluster":"impossible","identity":"control-plane","least_role":{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},"other_roles":[{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the resource group","scope_type":"Microsoft.Resources/resourceGroups"},"sources":["https://learn.microsoft.com/azure/backup/azure-kubernetes-service-cluster-backup-concept"],"title":"The control plane identity needs to write snapshots in their resource group"}],"since":"0.1.0","title":"What backs the cluster up may not reach what it needs"}"#,
        page: r#"# backup-without-role

The backup of a cluster lacks a role: the extension on its storage account, the vault on cluster or snapshots, or the cluster on the snapshots.

| | |
| --- | --- |
| Level | warning (a note for the storage account, where older extensions do with Storage Account Contributor) |
| Breaks | at run time |
| Languages | ARM, Bicep, Terraform |
| Requirements | ADD-BACKUP-STORAGE, ADD-BACKUP-VAULT, ADD-BACKUP-VAULT-GROUP, ADD-BACKUP-CLUSTER |
| Azure error prevented | none known |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

Looks at backup extensions (`microsoft.dataprotection.kubernetes`) and at backup instances of clusters. Three identities work together, and of each it is asked whether it may do its part: the **extension's** own (`aksAssignedIdentity`) write blobs in
the storage account that its settings name, the **backup vault's** read the cluster and the resource group of the snapshots, the **control plane's** write snapshots in that group.

## Why it matters

Everything is deployed without these roles. Configuring or running the backup fails, and a restore finds nothing to restore.

## Avoid

### ARM

The extension may not write to its storage account.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Storage/storageAccounts",
      "apiVersion": "2023-05-01",
      "name": "staksbackup",
      "location": "westeurope",
      "kind": "StorageV2",
      "sku": { "name": "Standard_LRS" },
      "properties": { "allowSharedKeyAccess": false }
    },
    {
      "type": "Microsoft.DataProtection/backupVaults",
      "apiVersion": "2024-04-01",
      "name": "bvault-aks",
      "location": "westeurope",
      "identity": { "type": "SystemAssigned" },
      "properties": { "storageSettings": [{ "datastoreType": "VaultStore", "type": "LocallyRedundant" }] }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }]
      }
    },
    {
      "type": "Microsoft.KubernetesConfiguration/extensions",
      "apiVersion": "2023-05-01",
      "name": "azure-aks-backup",
      "scope": "[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]",
      "dependsOn": ["[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]"],
      "properties": {
        "extensionType": "microsoft.dataprotection.kubernetes",
        "configurationSettings": { "configuration.backupStorageLocation.config.storageAccount": "staksbackup" }
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters/trustedAccessRoleBindings",
      "apiVersion": "2024-05-01",
      "name": "aks-prod/backup",
      "dependsOn": [
        "[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]",
        "[resourceId('Microsoft.DataProtection/backupVaults', 'bvault-aks')]"
      ],
      "properties": {
        "sourceResourceId": "[resourceId('Microsoft.DataProtection/backupVaults', 'bvault-aks')]",
        "roles": ["Microsoft.DataProtection/backupVaults/backup-operator"]
      }
    },
    {
      "type": "Microsoft.DataProtection/backupVaults/backupInstances",
      "apiVersion": "2024-04-01",
      "name": "bvault-aks/aks-prod",
      "dependsOn": [
        "[resourceId('Microsoft.DataProtection/backupVaults', 'bvault-aks')]",
        "[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]"
      ],
      "properties": {
        "objectType": "BackupInstance",
        "dataSourceInfo": {
          "resourceID": "[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]",
          "datasourceType": "Microsoft.ContainerService/managedClusters"
        },
        "policyInfo": {
          "policyId": "[concat(resourceId('Microsoft.DataProtection/backupVaults', 'bvault-aks'), '/backupPolicies/daily')]",
          "policyParameters": {
            "dataStoreParametersList": [
              {
                "objectType": "AzureOperationalStoreParameters",
                "dataStoreType": "OperationalStore",
                "resourceGroupId": "[resourceGroup().id]"
              }
            ]
          }
        }
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceGroup().id, resourceId('Microsoft.DataProtection/backupVaults', 'bvault-aks'), 'Reader')]",
      "dependsOn": ["[resourceId('Microsoft.DataProtection/backupVaults', 'bvault-aks')]"],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.DataProtection/backupVaults', 'bvault-aks'), '2024-04-01', 'full').identity.principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')]"
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceGroup().id, resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), 'Contributor')]",
      "dependsOn": ["[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b24988ac-6180-42a0-ab88-20f7382dd24c')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = resourceGroup().location

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource storage 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'staksbackup'
  location: location
  kind: 'StorageV2'
  sku: { name: 'Standard_LRS' }
  properties: { allowSharedKeyAccess: false }
}

resource backupVault 'Microsoft.DataProtection/backupVaults@2024-04-01' = {
  name: 'bvault-aks'
  location: location
  identity: { type: 'SystemAssigned' }
  properties: {
    storageSettings: [{ datastoreType: 'VaultStore', type: 'LocallyRedundant' }]
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
  }
}

resource extension 'Microsoft.KubernetesConfiguration/extensions@2023-05-01' = {
  scope: cluster
  name: 'azure-aks-backup'
  properties: {
    extensionType: 'microsoft.dataprotection.kubernetes'
    configurationSettings: { 'configuration.backupStorageLocation.config.storageAccount': storage.name }
  }
}

resource access 'Microsoft.ContainerService/managedClusters/trustedAccessRoleBindings@2024-05-01' = {
  parent: cluster
  name: 'backup'
  properties: {
    sourceResourceId: backupVault.id
    roles: ['Microsoft.DataProtection/backupVaults/backup-operator']
  }
}

resource instance 'Microsoft.DataProtection/backupVaults/backupInstances@2024-04-01' = {
  parent: backupVault
  name: 'aks-prod'
  properties: {
    objectType: 'BackupInstance'
    dataSourceInfo: { resourceID: cluster.id, datasourceType: 'Microsoft.ContainerService/managedClusters' }
    policyInfo: {
      policyId: '${backupVault.id}/backupPolicies/daily'
      policyParameters: {
        dataStoreParametersList: [
          {
            objectType: 'AzureOperationalStoreParameters'
            dataStoreType: 'OperationalStore'
            resourceGroupId: resourceGroup().id
          }
        ]
      }
    }
  }
}

resource vaultOnGroup 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, backupVault.id, 'Reader')
  properties: {
    principalId: backupVault.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')
  }
}

resource clusterOnGroup 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, control.id, 'Contributor')
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b24988ac-6180-42a0-ab88-20f7382dd24c')
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_storage_account" "backup" {
  name                     = "staksbackup"
  resource_group_name      = azurerm_resource_group.main.name
  location                 = azurerm_resource_group.main.location
  account_tier             = "Standard"
  account_replication_type = "LRS"
}

resource "azurerm_data_protection_backup_vault" "main" {
  name                = "bvault-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  datastore_type      = "VaultStore"
  redundancy          = "LocallyRedundant"

  identity {
    type = "SystemAssigned"
  }
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }
}

resource "azurerm_kubernetes_cluster_extension" "backup" {
  name           = "azure-aks-backup"
  cluster_id     = azurerm_kubernetes_cluster.main.id
  extension_type = "microsoft.dataprotection.kubernetes"
  configuration_settings = {
    "configuration.backupStorageLocation.config.storageAccount" = azurerm_storage_account.backup.name
  }
}

resource "azurerm_kubernetes_cluster_trusted_access_role_binding" "backup" {
  kubernetes_cluster_id = azurerm_kubernetes_cluster.main.id
  name                  = "backup"
  roles                 = ["Microsoft.DataProtection/backupVaults/backup-operator"]
  source_resource_id    = azurerm_data_protection_backup_vault.main.id
}

resource "azurerm_data_protection_backup_instance_kubernetes_cluster" "main" {
  name                         = "aks-prod"
  location                     = azurerm_resource_group.main.location
  vault_id                     = azurerm_data_protection_backup_vault.main.id
  kubernetes_cluster_id        = azurerm_kubernetes_cluster.main.id
  snapshot_resource_group_name = azurerm_resource_group.main.name
  backup_policy_id             = "${azurerm_data_protection_backup_vault.main.id}/backupPolicies/daily"
}

resource "azurerm_role_assignment" "vault_group" {
  scope                = azurerm_resource_group.main.id
  role_definition_name = "Reader"
  principal_id         = azurerm_data_protection_backup_vault.main.identity[0].principal_id
}

resource "azurerm_role_assignment" "cluster_group" {
  scope                = azurerm_resource_group.main.id
  role_definition_name = "Contributor"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}
```

## Prefer

### ARM

All three may do their part.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Storage/storageAccounts",
      "apiVersion": "2023-05-01",
      "name": "staksbackup",
      "location": "westeurope",
      "kind": "StorageV2",
      "sku": { "name": "Standard_LRS" },
      "properties": { "allowSharedKeyAccess": false }
    },
    {
      "type": "Microsoft.DataProtection/backupVaults",
      "apiVersion": "2024-04-01",
      "name": "bvault-aks",
      "location": "westeurope",
      "identity": { "type": "SystemAssigned" },
      "properties": { "storageSettings": [{ "datastoreType": "VaultStore", "type": "LocallyRedundant" }] }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }]
      }
    },
    {
      "type": "Microsoft.KubernetesConfiguration/extensions",
      "apiVersion": "2023-05-01",
      "name": "azure-aks-backup",
      "scope": "[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]",
      "dependsOn": ["[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]"],
      "properties": {
        "extensionType": "microsoft.dataprotection.kubernetes",
        "configurationSettings": { "configuration.backupStorageLocation.config.storageAccount": "staksbackup" }
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters/trustedAccessRoleBindings",
      "apiVersion": "2024-05-01",
      "name": "aks-prod/backup",
      "dependsOn": [
        "[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]",
        "[resourceId('Microsoft.DataProtection/backupVaults', 'bvault-aks')]"
      ],
      "properties": {
        "sourceResourceId": "[resourceId('Microsoft.DataProtection/backupVaults', 'bvault-aks')]",
        "roles": ["Microsoft.DataProtection/backupVaults/backup-operator"]
      }
    },
    {
      "type": "Microsoft.DataProtection/backupVaults/backupInstances",
      "apiVersion": "2024-04-01",
      "name": "bvault-aks/aks-prod",
      "dependsOn": [
        "[resourceId('Microsoft.DataProtection/backupVaults', 'bvault-aks')]",
        "[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]"
      ],
      "properties": {
        "objectType": "BackupInstance",
        "dataSourceInfo": {
          "resourceID": "[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]",
          "datasourceType": "Microsoft.ContainerService/managedClusters"
        },
        "policyInfo": {
          "policyId": "[concat(resourceId('Microsoft.DataProtection/backupVaults', 'bvault-aks'), '/backupPolicies/daily')]",
          "policyParameters": {
            "dataStoreParametersList": [
              {
                "objectType": "AzureOperationalStoreParameters",
                "dataStoreType": "OperationalStore",
                "resourceGroupId": "[resourceGroup().id]"
              }
            ]
          }
        }
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceGroup().id, resourceId('Microsoft.DataProtection/backupVaults', 'bvault-aks'), 'Reader')]",
      "dependsOn": ["[resourceId('Microsoft.DataProtection/backupVaults', 'bvault-aks')]"],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.DataProtection/backupVaults', 'bvault-aks'), '2024-04-01', 'full').identity.principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')]"
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceGroup().id, resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), 'Contributor')]",
      "dependsOn": ["[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b24988ac-6180-42a0-ab88-20f7382dd24c')]"
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceId('Microsoft.Storage/storageAccounts', 'staksbackup'), extensionResourceId(resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), 'Microsoft.KubernetesConfiguration/extensions', 'azure-aks-backup'), 'Storage Blob Data Contributor')]",
      "scope": "[resourceId('Microsoft.Storage/storageAccounts', 'staksbackup')]",
      "dependsOn": [
        "[resourceId('Microsoft.Storage/storageAccounts', 'staksbackup')]",
        "[extensionResourceId(resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), 'Microsoft.KubernetesConfiguration/extensions', 'azure-aks-backup')]"
      ],
      "properties": {
        "principalId": "[reference(extensionResourceId(resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), 'Microsoft.KubernetesConfiguration/extensions', 'azure-aks-backup'), '2023-05-01').aksAssignedIdentity.principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'ba92f5b4-2d11-453d-a403-e96b0029c9fe')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = resourceGroup().location

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource storage 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'staksbackup'
  location: location
  kind: 'StorageV2'
  sku: { name: 'Standard_LRS' }
  properties: { allowSharedKeyAccess: false }
}

resource backupVault 'Microsoft.DataProtection/backupVaults@2024-04-01' = {
  name: 'bvault-aks'
  location: location
  identity: { type: 'SystemAssigned' }
  properties: {
    storageSettings: [{ datastoreType: 'VaultStore', type: 'LocallyRedundant' }]
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
  }
}

resource extension 'Microsoft.KubernetesConfiguration/extensions@2023-05-01' = {
  scope: cluster
  name: 'azure-aks-backup'
  properties: {
    extensionType: 'microsoft.dataprotection.kubernetes'
    configurationSettings: { 'configuration.backupStorageLocation.config.storageAccount': storage.name }
  }
}

resource access 'Microsoft.ContainerService/managedClusters/trustedAccessRoleBindings@2024-05-01' = {
  parent: cluster
  name: 'backup'
  properties: {
    sourceResourceId: backupVault.id
    roles: ['Microsoft.DataProtection/backupVaults/backup-operator']
  }
}

resource instance 'Microsoft.DataProtection/backupVaults/backupInstances@2024-04-01' = {
  parent: backupVault
  name: 'aks-prod'
  properties: {
    objectType: 'BackupInstance'
    dataSourceInfo: { resourceID: cluster.id, datasourceType: 'Microsoft.ContainerService/managedClusters' }
    policyInfo: {
      policyId: '${backupVault.id}/backupPolicies/daily'
      policyParameters: {
        dataStoreParametersList: [
          {
            objectType: 'AzureOperationalStoreParameters'
            dataStoreType: 'OperationalStore'
            resourceGroupId: resourceGroup().id
          }
        ]
      }
    }
  }
}

resource vaultOnGroup 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, backupVault.id, 'Reader')
  properties: {
    principalId: backupVault.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')
  }
}

resource clusterOnGroup 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, control.id, 'Contributor')
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b24988ac-6180-42a0-ab88-20f7382dd24c')
  }
}

resource extensionOnStorage 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(storage.id, extension.id, 'Storage Blob Data Contributor')
  scope: storage
  properties: {
    principalId: extension.properties.aksAssignedIdentity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'ba92f5b4-2d11-453d-a403-e96b0029c9fe')
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_storage_account" "backup" {
  name                     = "staksbackup"
  resource_group_name      = azurerm_resource_group.main.name
  location                 = azurerm_resource_group.main.location
  account_tier             = "Standard"
  account_replication_type = "LRS"
}

resource "azurerm_data_protection_backup_vault" "main" {
  name                = "bvault-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  datastore_type      = "VaultStore"
  redundancy          = "LocallyRedundant"

  identity {
    type = "SystemAssigned"
  }
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }
}

resource "azurerm_kubernetes_cluster_extension" "backup" {
  name           = "azure-aks-backup"
  cluster_id     = azurerm_kubernetes_cluster.main.id
  extension_type = "microsoft.dataprotection.kubernetes"
  configuration_settings = {
    "configuration.backupStorageLocation.config.storageAccount" = azurerm_storage_account.backup.name
  }
}

resource "azurerm_kubernetes_cluster_trusted_access_role_binding" "backup" {
  kubernetes_cluster_id = azurerm_kubernetes_cluster.main.id
  name                  = "backup"
  roles                 = ["Microsoft.DataProtection/backupVaults/backup-operator"]
  source_resource_id    = azurerm_data_protection_backup_vault.main.id
}

resource "azurerm_data_protection_backup_instance_kubernetes_cluster" "main" {
  name                         = "aks-prod"
  location                     = azurerm_resource_group.main.location
  vault_id                     = azurerm_data_protection_backup_vault.main.id
  kubernetes_cluster_id        = azurerm_kubernetes_cluster.main.id
  snapshot_resource_group_name = azurerm_resource_group.main.name
  backup_policy_id             = "${azurerm_data_protection_backup_vault.main.id}/backupPolicies/daily"
}

resource "azurerm_role_assignment" "vault_group" {
  scope                = azurerm_resource_group.main.id
  role_definition_name = "Reader"
  principal_id         = azurerm_data_protection_backup_vault.main.identity[0].principal_id
}

resource "azurerm_role_assignment" "cluster_group" {
  scope                = azurerm_resource_group.main.id
  role_definition_name = "Contributor"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_role_assignment" "extension_storage" {
  scope                = azurerm_storage_account.backup.id
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = azurerm_kubernetes_cluster_extension.backup.aks_assigned_identity[0].principal_id
}
```

## How to fix

Assign Storage Blob Data Contributor (`ba92f5b4-2d11-453d-a403-e96b0029c9fe`) on the storage account to the extension, Reader (`acdd72a7-3385-48ef-bd42-f606fba81ae7`) on the cluster and on the snapshot resource group to the vault, and Contributor
(`b24988ac-6180-42a0-ab88-20f7382dd24c`) on that group to the control plane identity.

## Options

None.

## What it cannot see

Storage accounts that the deployment does not make, roles that a pipeline or the portal assigns, and what a vaulted backup needs beyond.

## References

- <https://learn.microsoft.com/azure/backup/azure-kubernetes-service-cluster-backup-concept>
"#,
    },
    Embedded {
        data: r#"{"families":["add-ons"],"found_by":"check","id":"backup-without-trusted-access","languages":["arm","bicep","terraform"],"level":"note","requirement":[{"at":[{"cluster":"parent","resource":"Microsoft.DataProtection/backupVaults/backupInstances","resource_when":{"equals":"Microsoft.ContainerService/managedClusters","path":"properties.dataSourceInfo.datasourceType"}}],"breaks_at":"runtime","confidence":"doc","id":"ADD-BACKUP-TRUSTED-ACCESS","message":{"do":["add a `trustedAccessRoleBindings` resource to {scope} with the role `Microsoft.DataProtection/backupVaults/backup-operator` and the vault as `sourceResourceId`"],"headline":"cluster {scope} does not let in the backup vault {principal}","why":"the vault backs the cluster up{place}, and reaches its API by a trusted access role binding alone, which nothing here makes"},"sources":["https://learn.microsoft.com/azure/backup/azure-kubernetes-service-cluster-backup-concept"],"title":"A cluster that is backed up needs a trusted access binding for the vault"}],"since":"0.1.0","title":"The cluster does not let in the vault that backs it up"}"#,
        page: r#"# backup-without-trusted-access

A cluster is backed up by a vault that it does not let in.

| | |
| --- | --- |
| Level | note |
| Breaks | at run time |
| Languages | ARM, Bicep, Terraform |
| Requirement | ADD-BACKUP-TRUSTED-ACCESS |
| Azure error prevented | none known |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

Looks at backup instances of clusters that the same deployment makes, and asks for a trusted access role binding of the cluster with the vault as its source and the role `Microsoft.DataProtection/backupVaults/backup-operator`.

## Why it matters

The vault talks to the backup extension through the cluster's API server. Roles on the cluster do not let it in there; only the binding does.

## Avoid

### ARM

There is no binding.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Storage/storageAccounts",
      "apiVersion": "2023-05-01",
      "name": "staksbackup",
      "location": "westeurope",
      "kind": "StorageV2",
      "sku": { "name": "Standard_LRS" },
      "properties": { "allowSharedKeyAccess": false }
    },
    {
      "type": "Microsoft.DataProtection/backupVaults",
      "apiVersion": "2024-04-01",
      "name": "bvault-aks",
      "location": "westeurope",
      "identity": { "type": "SystemAssigned" },
      "properties": { "storageSettings": [{ "datastoreType": "VaultStore", "type": "LocallyRedundant" }] }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }]
      }
    },
    {
      "type": "Microsoft.KubernetesConfiguration/extensions",
      "apiVersion": "2023-05-01",
      "name": "azure-aks-backup",
      "scope": "[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]",
      "dependsOn": ["[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]"],
      "properties": {
        "extensionType": "microsoft.dataprotection.kubernetes",
        "configurationSettings": { "configuration.backupStorageLocation.config.storageAccount": "staksbackup" }
      }
    },
    {
      "type": "Microsoft.DataProtection/backupVaults/backupInstances",
      "apiVersion": "2024-04-01",
      "name": "bvault-aks/aks-prod",
      "dependsOn": [
        "[resourceId('Microsoft.DataProtection/backupVaults', 'bvault-aks')]",
        "[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]"
      ],
      "properties": {
        "objectType": "BackupInstance",
        "dataSourceInfo": {
          "resourceID": "[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]",
          "datasourceType": "Microsoft.ContainerService/managedClusters"
        },
        "policyInfo": {
          "policyId": "[concat(resourceId('Microsoft.DataProtection/backupVaults', 'bvault-aks'), '/backupPolicies/daily')]",
          "policyParameters": {
            "dataStoreParametersList": [
              {
                "objectType": "AzureOperationalStoreParameters",
                "dataStoreType": "OperationalStore",
                "resourceGroupId": "[resourceGroup().id]"
              }
            ]
          }
        }
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceGroup().id, resourceId('Microsoft.DataProtection/backupVaults', 'bvault-aks'), 'Reader')]",
      "dependsOn": ["[resourceId('Microsoft.DataProtection/backupVaults', 'bvault-aks')]"],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.DataProtection/backupVaults', 'bvault-aks'), '2024-04-01', 'full').identity.principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')]"
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceGroup().id, resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), 'Contributor')]",
      "dependsOn": ["[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b24988ac-6180-42a0-ab88-20f7382dd24c')]"
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceId('Microsoft.Storage/storageAccounts', 'staksbackup'), extensionResourceId(resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), 'Microsoft.KubernetesConfiguration/extensions', 'azure-aks-backup'), 'Storage Blob Data Contributor')]",
      "scope": "[resourceId('Microsoft.Storage/storageAccounts', 'staksbackup')]",
      "dependsOn": [
        "[resourceId('Microsoft.Storage/storageAccounts', 'staksbackup')]",
        "[extensionResourceId(resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), 'Microsoft.KubernetesConfiguration/extensions', 'azure-aks-backup')]"
      ],
      "properties": {
        "principalId": "[reference(extensionResourceId(resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), 'Microsoft.KubernetesConfiguration/extensions', 'azure-aks-backup'), '2023-05-01').aksAssignedIdentity.principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'ba92f5b4-2d11-453d-a403-e96b0029c9fe')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = resourceGroup().location

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource storage 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'staksbackup'
  location: location
  kind: 'StorageV2'
  sku: { name: 'Standard_LRS' }
  properties: { allowSharedKeyAccess: false }
}

resource backupVault 'Microsoft.DataProtection/backupVaults@2024-04-01' = {
  name: 'bvault-aks'
  location: location
  identity: { type: 'SystemAssigned' }
  properties: {
    storageSettings: [{ datastoreType: 'VaultStore', type: 'LocallyRedundant' }]
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
  }
}

resource extension 'Microsoft.KubernetesConfiguration/extensions@2023-05-01' = {
  scope: cluster
  name: 'azure-aks-backup'
  properties: {
    extensionType: 'microsoft.dataprotection.kubernetes'
    configurationSettings: { 'configuration.backupStorageLocation.config.storageAccount': storage.name }
  }
}

resource instance 'Microsoft.DataProtection/backupVaults/backupInstances@2024-04-01' = {
  parent: backupVault
  name: 'aks-prod'
  properties: {
    objectType: 'BackupInstance'
    dataSourceInfo: { resourceID: cluster.id, datasourceType: 'Microsoft.ContainerService/managedClusters' }
    policyInfo: {
      policyId: '${backupVault.id}/backupPolicies/daily'
      policyParameters: {
        dataStoreParametersList: [
          {
            objectType: 'AzureOperationalStoreParameters'
            dataStoreType: 'OperationalStore'
            resourceGroupId: resourceGroup().id
          }
        ]
      }
    }
  }
}

resource vaultOnGroup 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, backupVault.id, 'Reader')
  properties: {
    principalId: backupVault.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')
  }
}

resource clusterOnGroup 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, control.id, 'Contributor')
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b24988ac-6180-42a0-ab88-20f7382dd24c')
  }
}

resource extensionOnStorage 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(storage.id, extension.id, 'Storage Blob Data Contributor')
  scope: storage
  properties: {
    principalId: extension.properties.aksAssignedIdentity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'ba92f5b4-2d11-453d-a403-e96b0029c9fe')
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_storage_account" "backup" {
  name                     = "staksbackup"
  resource_group_name      = azurerm_resource_group.main.name
  location                 = azurerm_resource_group.main.location
  account_tier             = "Standard"
  account_replication_type = "LRS"
}

resource "azurerm_data_protection_backup_vault" "main" {
  name                = "bvault-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  datastore_type      = "VaultStore"
  redundancy          = "LocallyRedundant"

  identity {
    type = "SystemAssigned"
  }
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }
}

resource "azurerm_kubernetes_cluster_extension" "backup" {
  name           = "azure-aks-backup"
  cluster_id     = azurerm_kubernetes_cluster.main.id
  extension_type = "microsoft.dataprotection.kubernetes"
  configuration_settings = {
    "configuration.backupStorageLocation.config.storageAccount" = azurerm_storage_account.backup.name
  }
}

resource "azurerm_data_protection_backup_instance_kubernetes_cluster" "main" {
  name                         = "aks-prod"
  location                     = azurerm_resource_group.main.location
  vault_id                     = azurerm_data_protection_backup_vault.main.id
  kubernetes_cluster_id        = azurerm_kubernetes_cluster.main.id
  snapshot_resource_group_name = azurerm_resource_group.main.name
  backup_policy_id             = "${azurerm_data_protection_backup_vault.main.id}/backupPolicies/daily"
}

resource "azurerm_role_assignment" "vault_group" {
  scope                = azurerm_resource_group.main.id
  role_definition_name = "Reader"
  principal_id         = azurerm_data_protection_backup_vault.main.identity[0].principal_id
}

resource "azurerm_role_assignment" "cluster_group" {
  scope                = azurerm_resource_group.main.id
  role_definition_name = "Contributor"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_role_assignment" "extension_storage" {
  scope                = azurerm_storage_account.backup.id
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = azurerm_kubernetes_cluster_extension.backup.aks_assigned_identity[0].principal_id
}
```

## Prefer

### ARM

The cluster lets the vault in.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Storage/storageAccounts",
      "apiVersion": "2023-05-01",
      "name": "staksbackup",
      "location": "westeurope",
      "kind": "StorageV2",
      "sku": { "name": "Standard_LRS" },
      "properties": { "allowSharedKeyAccess": false }
    },
    {
      "type": "Microsoft.DataProtection/backupVaults",
      "apiVersion": "2024-04-01",
      "name": "bvault-aks",
      "location": "westeurope",
      "identity": { "type": "SystemAssigned" },
      "properties": { "storageSettings": [{ "datastoreType": "VaultStore", "type": "LocallyRedundant" }] }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }]
      }
    },
    {
      "type": "Microsoft.KubernetesConfiguration/extensions",
      "apiVersion": "2023-05-01",
      "name": "azure-aks-backup",
      "scope": "[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]",
      "dependsOn": ["[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]"],
      "properties": {
        "extensionType": "microsoft.dataprotection.kubernetes",
        "configurationSettings": { "configuration.backupStorageLocation.config.storageAccount": "staksbackup" }
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters/trustedAccessRoleBindings",
      "apiVersion": "2024-05-01",
      "name": "aks-prod/backup",
      "dependsOn": [
        "[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]",
        "[resourceId('Microsoft.DataProtection/backupVaults', 'bvault-aks')]"
      ],
      "properties": {
        "sourceResourceId": "[resourceId('Microsoft.DataProtection/backupVaults', 'bvault-aks')]",
        "roles": ["Microsoft.DataProtection/backupVaults/backup-operator"]
      }
    },
    {
      "type": "Microsoft.DataProtection/backupVaults/backupInstances",
      "apiVersion": "2024-04-01",
      "name": "bvault-aks/aks-prod",
      "dependsOn": [
        "[resourceId('Microsoft.DataProtection/backupVaults', 'bvault-aks')]",
        "[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]"
      ],
      "properties": {
        "objectType": "BackupInstance",
        "dataSourceInfo": {
          "resourceID": "[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]",
          "datasourceType": "Microsoft.ContainerService/managedClusters"
        },
        "policyInfo": {
          "policyId": "[concat(resourceId('Microsoft.DataProtection/backupVaults', 'bvault-aks'), '/backupPolicies/daily')]",
          "policyParameters": {
            "dataStoreParametersList": [
              {
                "objectType": "AzureOperationalStoreParameters",
                "dataStoreType": "OperationalStore",
                "resourceGroupId": "[resourceGroup().id]"
              }
            ]
          }
        }
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceGroup().id, resourceId('Microsoft.DataProtection/backupVaults', 'bvault-aks'), 'Reader')]",
      "dependsOn": ["[resourceId('Microsoft.DataProtection/backupVaults', 'bvault-aks')]"],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.DataProtection/backupVaults', 'bvault-aks'), '2024-04-01', 'full').identity.principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')]"
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceGroup().id, resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), 'Contributor')]",
      "dependsOn": ["[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b24988ac-6180-42a0-ab88-20f7382dd24c')]"
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceId('Microsoft.Storage/storageAccounts', 'staksbackup'), extensionResourceId(resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), 'Microsoft.KubernetesConfiguration/extensions', 'azure-aks-backup'), 'Storage Blob Data Contributor')]",
      "scope": "[resourceId('Microsoft.Storage/storageAccounts', 'staksbackup')]",
      "dependsOn": [
        "[resourceId('Microsoft.Storage/storageAccounts', 'staksbackup')]",
        "[extensionResourceId(resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), 'Microsoft.KubernetesConfiguration/extensions', 'azure-aks-backup')]"
      ],
      "properties": {
        "principalId": "[reference(extensionResourceId(resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), 'Microsoft.KubernetesConfiguration/extensions', 'azure-aks-backup'), '2023-05-01').aksAssignedIdentity.principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'ba92f5b4-2d11-453d-a403-e96b0029c9fe')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = resourceGroup().location

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource storage 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'staksbackup'
  location: location
  kind: 'StorageV2'
  sku: { name: 'Standard_LRS' }
  properties: { allowSharedKeyAccess: false }
}

resource backupVault 'Microsoft.DataProtection/backupVaults@2024-04-01' = {
  name: 'bvault-aks'
  location: location
  identity: { type: 'SystemAssigned' }
  properties: {
    storageSettings: [{ datastoreType: 'VaultStore', type: 'LocallyRedundant' }]
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
  }
}

resource extension 'Microsoft.KubernetesConfiguration/extensions@2023-05-01' = {
  scope: cluster
  name: 'azure-aks-backup'
  properties: {
    extensionType: 'microsoft.dataprotection.kubernetes'
    configurationSettings: { 'configuration.backupStorageLocation.config.storageAccount': storage.name }
  }
}

resource access 'Microsoft.ContainerService/managedClusters/trustedAccessRoleBindings@2024-05-01' = {
  parent: cluster
  name: 'backup'
  properties: {
    sourceResourceId: backupVault.id
    roles: ['Microsoft.DataProtection/backupVaults/backup-operator']
  }
}

resource instance 'Microsoft.DataProtection/backupVaults/backupInstances@2024-04-01' = {
  parent: backupVault
  name: 'aks-prod'
  properties: {
    objectType: 'BackupInstance'
    dataSourceInfo: { resourceID: cluster.id, datasourceType: 'Microsoft.ContainerService/managedClusters' }
    policyInfo: {
      policyId: '${backupVault.id}/backupPolicies/daily'
      policyParameters: {
        dataStoreParametersList: [
          {
            objectType: 'AzureOperationalStoreParameters'
            dataStoreType: 'OperationalStore'
            resourceGroupId: resourceGroup().id
          }
        ]
      }
    }
  }
}

resource vaultOnGroup 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, backupVault.id, 'Reader')
  properties: {
    principalId: backupVault.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')
  }
}

resource clusterOnGroup 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, control.id, 'Contributor')
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b24988ac-6180-42a0-ab88-20f7382dd24c')
  }
}

resource extensionOnStorage 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(storage.id, extension.id, 'Storage Blob Data Contributor')
  scope: storage
  properties: {
    principalId: extension.properties.aksAssignedIdentity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'ba92f5b4-2d11-453d-a403-e96b0029c9fe')
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_storage_account" "backup" {
  name                     = "staksbackup"
  resource_group_name      = azurerm_resource_group.main.name
  location                 = azurerm_resource_group.main.location
  account_tier             = "Standard"
  account_replication_type = "LRS"
}

resource "azurerm_data_protection_backup_vault" "main" {
  name                = "bvault-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  datastore_type      = "VaultStore"
  redundancy          = "LocallyRedundant"

  identity {
    type = "SystemAssigned"
  }
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }
}

resource "azurerm_kubernetes_cluster_extension" "backup" {
  name           = "azure-aks-backup"
  cluster_id     = azurerm_kubernetes_cluster.main.id
  extension_type = "microsoft.dataprotection.kubernetes"
  configuration_settings = {
    "configuration.backupStorageLocation.config.storageAccount" = azurerm_storage_account.backup.name
  }
}

resource "azurerm_kubernetes_cluster_trusted_access_role_binding" "backup" {
  kubernetes_cluster_id = azurerm_kubernetes_cluster.main.id
  name                  = "backup"
  roles                 = ["Microsoft.DataProtection/backupVaults/backup-operator"]
  source_resource_id    = azurerm_data_protection_backup_vault.main.id
}

resource "azurerm_data_protection_backup_instance_kubernetes_cluster" "main" {
  name                         = "aks-prod"
  location                     = azurerm_resource_group.main.location
  vault_id                     = azurerm_data_protection_backup_vault.main.id
  kubernetes_cluster_id        = azurerm_kubernetes_cluster.main.id
  snapshot_resource_group_name = azurerm_resource_group.main.name
  backup_policy_id             = "${azurerm_data_protection_backup_vault.main.id}/backupPolicies/daily"
}

resource "azurerm_role_assignment" "vault_group" {
  scope                = azurerm_resource_group.main.id
  role_definition_name = "Reader"
  principal_id         = azurerm_data_protection_backup_vault.main.identity[0].principal_id
}

resource "azurerm_role_assignment" "cluster_group" {
  scope                = azurerm_resource_group.main.id
  role_definition_name = "Contributor"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_role_assignment" "extension_storage" {
  scope                = azurerm_storage_account.backup.id
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = azurerm_kubernetes_cluster_extension.backup.aks_assigned_identity[0].principal_id
}
```

## How to fix

Add the binding (`azurerm_kubernetes_cluster_trusted_access_role_binding` in Terraform).

## Options

None.

## What it cannot see

Bindings that a script makes (`az aks trustedaccess rolebinding create`), which is why it is a note. Of a cluster from elsewhere it says nothing.

## References

- <https://learn.microsoft.com/azure/backup/azure-kubernetes-service-cluster-backup-concept>
- <https://learn.microsoft.com/azure/aks/trusted-access-feature>
"#,
    },
    Embedded {
        data: r#"{"families":["control plane identity"],"found_by":"check","id":"cluster-identity-count","languages":["arm","bicep","terraform"],"level":"error","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters"}],"breaks_at":"create","confidence":"doc","id":"CP-UAI-COUNT","message":{"do":["name only the identity that the control plane is to run as","give further identities to what needs them: `identityProfile.kubeletidentity` for the nodes, federated credentials for workloads"],"headline":"cluster {cluster} names more than one user-assigned identity: {value}","why":"the control plane runs as exactly one identity{place}, and AKS refuses a cluster that names several"},"sources":["https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/kubernetes_cluster","https://github.com/hashicorp/terraform-provider-azurerm/issues/16890","https://github.com/hashicorp/terraform-provider-azurerm/issues/25202"],"title":"A cluster takes exactly one user-assigned identity"},{"at":[{"resource":"Microsoft.ContainerService/managedClusters"}],"breaks_at":"create","confidence":"issue","id":"CP-UAI-IDS-REQUIRED","message":{"do":["for `UserAssigned`, name exactly one identity in `identity.userAssignedIdentities`","for `SystemAssigned`, name none"],"headline":"cluster {cluster} has {value}","why":"the type of the identity and the identities named must agree{place}, or AKS refuses the cluster"},"sources":["https://github.com/Azure/AKS/issues/1971","https://github.com/hashicorp/terraform-provider-azurerm/issues/22307"],"title":"A cluster names a user-assigned identity exactly where the type of its identity is UserAssigned"}],"since":"0.1.0","title":"The number of identities that the cluster names does not fit the type of its identity"}"#,
        page: r#"# cluster-identity-count

The number of identities that the cluster names does not fit the type of its identity.

| | |
| --- | --- |
| Level | error |
| Breaks | at creation |
| Languages | ARM, Bicep, Terraform |
| Requirements | CP-UAI-COUNT, CP-UAI-IDS-REQUIRED |
| Azure error prevented | none known |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

For each cluster it counts `identity.userAssignedIdentities` (`identity_ids`): with the type `UserAssigned` there must be exactly one, with
`SystemAssigned` none.

It says nothing where an entry has an empty name, stands for any number of identities, or where two entries may be the same identity.

## Why it matters

AKS runs the control plane as one identity and refuses a cluster that names several, or none: *The count of user assigned identity
specified in identity.userAssignedIdentities is 2, while expected value is 1.* Further identities are easily listed there for the nodes or for
workloads, which get theirs elsewhere.

## Avoid

### ARM

The identity of the nodes is listed beside that of the control plane.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "kubelet": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-kubelet')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-kubelet",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[variables('control')]", "[variables('kubelet')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {}, "[variables('kubelet')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }]
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = 'westeurope'

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource kubelet 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-kubelet'
  location: location
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${control.id}': {}
      '${kubelet.id}': {}
    }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = "rg-aks"
  location            = "westeurope"
}

resource "azurerm_user_assigned_identity" "kubelet" {
  name                = "id-aks-kubelet"
  resource_group_name = "rg-aks"
  location            = "westeurope"
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = "rg-aks"
  location            = "westeurope"
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id, azurerm_user_assigned_identity.kubelet.id]
  }
}
```

## Prefer

### ARM

The control plane has one identity.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[variables('control')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }]
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = 'westeurope'

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${control.id}': {}
    }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = "rg-aks"
  location            = "westeurope"
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = "rg-aks"
  location            = "westeurope"
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }
}
```

## How to fix

1. Name only the identity of the control plane.
2. Give the nodes theirs in `identityProfile.kubeletidentity` (`kubelet_identity`), and workloads theirs by federated credentials.

## Options

None.

## What it cannot see

Maps and lists that a parameter without a value gives as a whole.

## References

- <https://github.com/hashicorp/terraform-provider-azurerm/issues/16890>
- <https://github.com/hashicorp/terraform-provider-azurerm/issues/25202>
- <https://github.com/Azure/AKS/issues/1971>
"#,
    },
    Embedded {
        data: r#"{"families":["control plane identity"],"id":"cluster-identity-type","languages":["arm","bicep","terraform"],"level":"error","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters","scope":"identity.type","unless":["SystemAssigned","UserAssigned","None"]}],"breaks_at":"create","confidence":"doc","id":"CP-IDENTITY-TYPE","message":{"do":["choose `UserAssigned` with one identity, or `SystemAssigned` with none"],"headline":"cluster {cluster} cannot have an identity of type {scope}","why":"a cluster runs either as its own identity or as one that it is given{place}; AKS takes no other type, and not both at once"},"sources":["https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/kubernetes_cluster","https://github.com/hashicorp/terraform-provider-azurerm/issues/16786","https://github.com/Azure/terraform-azurerm-aks/issues/292"],"title":"The identity of a cluster is either system-assigned or user-assigned"}],"since":"0.1.0","title":"The type of the cluster's identity is none that AKS knows"}"#,
        page: r#"# cluster-identity-type

The type of the cluster's identity is none that AKS knows.

| | |
| --- | --- |
| Level | error |
| Breaks | at creation |
| Languages | ARM, Bicep, Terraform |
| Requirement | CP-IDENTITY-TYPE |
| Azure error prevented | none known |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

It looks at `identity.type` of each cluster: anything but `SystemAssigned`, `UserAssigned` and `None`, in any letter case, is wrong. Other
resource types take `SystemAssigned, UserAssigned`; clusters do not.

It says nothing where the type is open.

## Why it matters

The deployment fails when the cluster is created. The combined type is usual for other resources and for modules that serve many of them,
so it is easily copied.

## Avoid

### ARM

The type for both kinds at once.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[variables('control')]"],
      "identity": {
        "type": "SystemAssigned, UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }]
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = 'westeurope'

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'SystemAssigned, UserAssigned'
    userAssignedIdentities: {
      '${control.id}': {}
    }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = "rg-aks"
  location            = "westeurope"
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = "rg-aks"
  location            = "westeurope"
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "SystemAssigned, UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }
}
```

## Prefer

### ARM

One identity, which the cluster is given.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[variables('control')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }]
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = 'westeurope'

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${control.id}': {}
    }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = "rg-aks"
  location            = "westeurope"
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = "rg-aks"
  location            = "westeurope"
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }
}
```

## How to fix

Choose `UserAssigned` and name one identity, or `SystemAssigned` and name none.

## Options

None.

## What it cannot see

Types that only a parameter without a value decides.

## References

- <https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/kubernetes_cluster>
- <https://github.com/hashicorp/terraform-provider-azurerm/issues/16786>
"#,
    },
    Embedded {
        data: r#"{"families":["control plane identity"],"found_by":"check","id":"cluster-with-service-principal","languages":["arm","bicep","terraform"],"level":"warning","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters"}],"azure":[{"code":"ServicePrincipalValidationClientError","says":"the credentials of the service principal are not valid"}],"confidence":"doc","id":"CP-SERVICE-PRINCIPAL","message":{"do":["give the cluster a managed identity (`identity.type` `UserAssigned` or `SystemAssigned`), and leave out `servicePrincipalProfile`","an existing cluster changes with `az aks update --enable-managed-identity`"],"headline":"cluster {cluster} runs as {principal}","why":"its secret{place} stands on every node and in the state of the deployment, and the cluster fails once it has expired and nobody has renewed it"},"sources":["https://learn.microsoft.com/azure/aks/kubernetes-service-principal","https://learn.microsoft.com/azure/aks/use-managed-identity"],"title":"A cluster should run as a managed identity, not as a service principal"}],"since":"0.1.0","title":"The cluster runs as a service principal, whose secret expires"}"#,
        page: r#"# cluster-with-service-principal

The cluster runs as a service principal, whose secret expires.

| | |
| --- | --- |
| Level | warning |
| Breaks | never by itself |
| Languages | ARM, Bicep, Terraform |
| Requirement | CP-SERVICE-PRINCIPAL |
| Azure error prevented | `ServicePrincipalValidationClientError` |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

It looks at clusters without an identity whose `servicePrincipalProfile.clientId` is given and is not `msi`, the word that stands there when a
managed identity is used. Where the client id is a parameter without a value, it is a note.

It says nothing of a cluster that has an identity beside the service principal.

## Why it matters

The secret of a service principal stands in the deployment, in its state and on every node (`/etc/kubernetes/azure.json`), and it expires.
From then on the cluster makes no load balancers, attaches no disks and pulls no images, until somebody renews it. A managed identity has no
secret.

## Avoid

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "parameters": {
    "secret": { "type": "securestring" }
  },
  "resources": [
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "servicePrincipalProfile": { "clientId": "6b1d0a52-7f3e-4f0c-9d2b-3c8a5e41f907", "secret": "[parameters('secret')]" }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
@secure()
param secret string

param location string = 'westeurope'

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
    servicePrincipalProfile: {
      clientId: '6b1d0a52-7f3e-4f0c-9d2b-3c8a5e41f907'
      secret: secret
    }
  }
}
```

### Terraform

```hcl file=main.tf
variable "secret" {
  type      = string
  sensitive = true
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = "rg-aks"
  location            = "westeurope"
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  service_principal {
    client_id     = "6b1d0a52-7f3e-4f0c-9d2b-3c8a5e41f907"
    client_secret = var.secret
  }
}
```

## Prefer

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "identity": { "type": "SystemAssigned" },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }]
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = 'westeurope'

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = "rg-aks"
  location            = "westeurope"
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type = "SystemAssigned"
  }
}
```

## How to fix

Give the cluster an identity and leave out the service principal. A cluster that exists changes with
`az aks update --enable-managed-identity`; assign the roles of the service principal to the identity before.

## Options

None.

## What it cannot see

Whether the client id that a pipeline passes is `msi`.

## References

- <https://learn.microsoft.com/azure/aks/kubernetes-service-principal>
- <https://learn.microsoft.com/azure/aks/use-managed-identity>
"#,
    },
    Embedded {
        data: r#"{"families":["control plane identity"],"found_by":"check","id":"cluster-without-identity","languages":["arm","bicep","terraform"],"level":"error","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters"}],"breaks_at":"create","confidence":"doc","id":"CP-IDENTITY-MISSING","message":{"do":["give the cluster an identity: `identity.type` `UserAssigned` with one identity, or `SystemAssigned`"],"headline":"cluster {cluster} names neither a managed identity nor a service principal","why":"its control plane and its nodes act in Azure as one of the two, and nothing here says as which"},"sources":["https://github.com/hashicorp/terraform-provider-azurerm/blob/main/internal/services/containers/kubernetes_cluster_resource.go","https://learn.microsoft.com/azure/aks/managed-identity-overview"],"title":"A cluster needs a managed identity or a service principal"}],"since":"0.1.0","title":"The cluster names neither a managed identity nor a service principal"}"#,
        page: r#"# cluster-without-identity

The cluster names neither a managed identity nor a service principal.

| | |
| --- | --- |
| Level | error in Terraform, warning in ARM and Bicep |
| Breaks | at creation |
| Languages | ARM, Bicep, Terraform |
| Requirement | CP-IDENTITY-MISSING |
| Azure error prevented | none known |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

It looks at each cluster with node pools whose definition has no `identity` (or one of type `None`) and no `servicePrincipalProfile` at all.

It says nothing of a definition that only changes a cluster (no node pools and no identity), nor where either block is there but its
content is open: a parameter may fill it in. A template that can be given an identity, and is not by default, is one level lower.

## Why it matters

A cluster acts in Azure as somebody: it joins subnets, makes load balancers, pulls images. Terraform's provider refuses a cluster
without an `identity` or `service_principal` block before it sends anything. What Azure does with such a definition is not documented, so
in ARM and Bicep this is a warning.

## Avoid

### ARM

Nothing says what the cluster runs as.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }]
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = 'westeurope'

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = "rg-aks"
  location            = "westeurope"
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }
}
```

## Prefer

### ARM

The cluster runs as an identity that Azure makes with it.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "identity": { "type": "SystemAssigned" },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }]
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = 'westeurope'

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = "rg-aks"
  location            = "westeurope"
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type = "SystemAssigned"
  }
}
```

## How to fix

Give the cluster an identity: `UserAssigned` with one identity where it uses a network, a zone or a route table of its own, else
`SystemAssigned`.

## Options

None.

## What it cannot see

Whether the definition changes a cluster that exists and keeps its identity, where it lists node pools.

## References

- <https://learn.microsoft.com/azure/aks/managed-identity-overview>
- <https://github.com/hashicorp/terraform-provider-azurerm/blob/main/internal/services/containers/kubernetes_cluster_resource.go>
"#,
    },
    Embedded {
        data: r#"{"families":["add-ons"],"found_by":"check","id":"container-insights-without-rule","languages":["arm","bicep","terraform"],"level":"warning","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters","resource_when":{"all":[{"equals":"true","path":"properties.addonProfiles.omsagent.enabled"},{"equals":"true","path":"properties.addonProfiles.omsagent.config.useAADAuth"}]},"scope":"properties.addonProfiles.omsagent.enabled"}],"breaks_at":"runtime","confidence":"doc","id":"ADD-OMS-MSI","message":{"do":["make a data collection rule with the stream Microsoft-ContainerInsights-Group-Default, and an association (`dataCollectionRuleAssociations`) of it with the cluster"],"headline":"cluster {cluster} sends no logs: no data collection rule is associated with it","why":"Container Insights is on with managed identity{place}; what is collected, and where it goes, a data collection rule says, and nothing here associates one with the cluster"},"sources":["https://learn.microsoft.com/azure/azure-monitor/containers/kubernetes-monitoring-enable","https://learn.microsoft.com/azure/aks/managed-identity-overview"],"title":"Container Insights with managed identity needs a data collection rule that is associated with the cluster"}],"since":"0.1.0","title":"Container Insights is on, and no rule says what is collected from the cluster"}"#,
        page: r#"# container-insights-without-rule

A cluster has Container Insights with managed identity, and no data collection rule is associated with it, so nothing is collected.

| | |
| --- | --- |
| Level | warning |
| Breaks | at run time |
| Languages | ARM, Bicep, Terraform |
| Requirement | ADD-OMS-MSI |
| Azure error prevented | none known |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

Looks at clusters whose monitoring add-on (`addonProfiles.omsagent`) uses managed identity (`useAADAuth`), and asks for a `dataCollectionRuleAssociations` resource on the cluster. Where a module or template could not be read it says nothing.

## Why it matters

With keys the agent sent everything to the workspace that it was given. With managed identity it asks for its rule, and sends nothing while there is none. The command line makes rule and association by itself; templates do not.

## Avoid

### ARM

No rule.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.OperationalInsights/workspaces",
      "apiVersion": "2023-09-01",
      "name": "log-aks",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[resourceId('Microsoft.OperationalInsights/workspaces', 'log-aks')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "addonProfiles": {
          "omsagent": {
            "enabled": true,
            "config": {
              "logAnalyticsWorkspaceResourceID": "[resourceId('Microsoft.OperationalInsights/workspaces', 'log-aks')]",
              "useAADAuth": "true"
            }
          }
        }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = resourceGroup().location

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource logs 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: 'log-aks'
  location: location
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
    addonProfiles: { omsagent: { enabled: true, config: { logAnalyticsWorkspaceResourceID: logs.id, useAADAuth: 'true' } } }
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_log_analytics_workspace" "main" {
  name                = "log-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  oms_agent {
    log_analytics_workspace_id      = azurerm_log_analytics_workspace.main.id
    msi_auth_for_monitoring_enabled = true
  }
}
```

## Prefer

### ARM

A rule, and its association with the cluster.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.OperationalInsights/workspaces",
      "apiVersion": "2023-09-01",
      "name": "log-aks",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[resourceId('Microsoft.OperationalInsights/workspaces', 'log-aks')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "addonProfiles": {
          "omsagent": {
            "enabled": true,
            "config": {
              "logAnalyticsWorkspaceResourceID": "[resourceId('Microsoft.OperationalInsights/workspaces', 'log-aks')]",
              "useAADAuth": "true"
            }
          }
        }
      }
    },
    {
      "type": "Microsoft.Insights/dataCollectionRules",
      "apiVersion": "2023-03-11",
      "name": "MSCI-westeurope-aks-prod",
      "location": "westeurope",
      "dependsOn": ["[resourceId('Microsoft.OperationalInsights/workspaces', 'log-aks')]"],
      "properties": {
        "dataFlows": [{ "streams": ["Microsoft-ContainerInsights-Group-Default"], "destinations": ["logs"] }],
        "destinations": {
          "logAnalytics": [
            {
              "name": "logs",
              "workspaceResourceId": "[resourceId('Microsoft.OperationalInsights/workspaces', 'log-aks')]"
            }
          ]
        }
      }
    },
    {
      "type": "Microsoft.Insights/dataCollectionRuleAssociations",
      "apiVersion": "2023-03-11",
      "name": "ContainerInsightsExtension",
      "scope": "[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]",
      "dependsOn": [
        "[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]",
        "[resourceId('Microsoft.Insights/dataCollectionRules', 'MSCI-westeurope-aks-prod')]"
      ],
      "properties": { "dataCollectionRuleId": "[resourceId('Microsoft.Insights/dataCollectionRules', 'MSCI-westeurope-aks-prod')]" }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = resourceGroup().location

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource logs 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: 'log-aks'
  location: location
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
    addonProfiles: { omsagent: { enabled: true, config: { logAnalyticsWorkspaceResourceID: logs.id, useAADAuth: 'true' } } }
  }
}

resource rule 'Microsoft.Insights/dataCollectionRules@2023-03-11' = {
  name: 'MSCI-westeurope-aks-prod'
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
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_log_analytics_workspace" "main" {
  name                = "log-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  oms_agent {
    log_analytics_workspace_id      = azurerm_log_analytics_workspace.main.id
    msi_auth_for_monitoring_enabled = true
  }
}

resource "azurerm_monitor_data_collection_rule" "main" {
  name                = "MSCI-westeurope-aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location

  data_flow {
    streams      = ["Microsoft-ContainerInsights-Group-Default"]
    destinations = ["logs"]
  }

  destinations {
    log_analytics {
      name                  = "logs"
      workspace_resource_id = azurerm_log_analytics_workspace.main.id
    }
  }
}

resource "azurerm_monitor_data_collection_rule_association" "main" {
  name                    = "ContainerInsightsExtension"
  target_resource_id      = azurerm_kubernetes_cluster.main.id
  data_collection_rule_id = azurerm_monitor_data_collection_rule.main.id
}
```

## How to fix

Make the rule and the association.

## Options

None.

## What it cannot see

Associations that Azure Policy or a pipeline makes.

## References

- <https://learn.microsoft.com/azure/azure-monitor/containers/kubernetes-monitoring-enable>
"#,
    },
    Embedded {
        data: r#"{"families":["add-ons"],"id":"cost-analysis-tier","languages":["arm","bicep","terraform"],"level":"error","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters","resource_unless":{"any":[{"one_of":["Standard","Premium","Paid"],"path":"sku.tier"},{"equals":"Automatic","path":"sku.name"}]},"resource_when":{"equals":"true","path":"properties.metricsProfile.costAnalysis.enabled"},"scope":"properties.metricsProfile.costAnalysis.enabled"}],"breaks_at":"create","confidence":"doc","id":"ADD-COST","message":{"do":["set `sku.tier` to `Standard` or `Premium` (`sku_tier` in Terraform)","or turn cost analysis off"],"headline":"cluster {cluster} has cost analysis and is of the Free tier","why":"cost analysis is on{place}, and there is none in the Free tier, which a cluster is of where `sku.tier` says nothing"},"sources":["https://learn.microsoft.com/azure/aks/cost-analysis","https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/kubernetes_cluster"],"title":"Cost analysis needs the Standard or Premium tier"}],"since":"0.1.0","title":"Cost analysis is on in a cluster of the Free tier"}"#,
        page: r#"# cost-analysis-tier

A cluster of the Free tier has cost analysis on, which the Free tier does not have.

| | |
| --- | --- |
| Level | error |
| Breaks | at creation |
| Languages | ARM, Bicep, Terraform |
| Requirement | ADD-COST |
| Azure error prevented | none known |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

Looks at clusters with `metricsProfile.costAnalysis.enabled` whose tier is Free or not given.

## Why it matters

Terraform's provider refuses it before anything is deployed; documentation says that the cluster must be of the Standard or Premium tier.

## Avoid

### ARM

No tier is the Free tier.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "metricsProfile": { "costAnalysis": { "enabled": true } }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = resourceGroup().location

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
    metricsProfile: { costAnalysis: { enabled: true } }
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  cost_analysis_enabled = true
}
```

## Prefer

### ARM

The Standard tier.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"],
      "sku": { "name": "Base", "tier": "Standard" },
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "metricsProfile": { "costAnalysis": { "enabled": true } }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = resourceGroup().location

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  sku: { name: 'Base', tier: 'Standard' }
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
    metricsProfile: { costAnalysis: { enabled: true } }
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  sku_tier              = "Standard"
  cost_analysis_enabled = true
}
```

## How to fix

Set `sku.tier` to `Standard` or `Premium`, or turn cost analysis off.

## Options

None.

## What it cannot see

Nothing that a template says.

## References

- <https://learn.microsoft.com/azure/aks/cost-analysis>
- <https://learn.microsoft.com/azure/aks/free-standard-pricing-tiers>
"#,
    },
    Embedded {
        data: r#"{"families":["compute"],"found_by":"places","id":"disk-encryption-set-without-key","languages":["arm","bicep","terraform"],"level":"warning","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters","scope":"properties.diskEncryptionSetID"}],"azure":[{"code":"KeyVaultAccessForbidden","says":"the disk encryption set must be granted get, wrap and unwrap on the key (inside CreateVMSSAgentPoolFailed)"}],"breaks_at":"reconcile","confidence":"doc","id":"CMP-DES-KEYVAULT","message":{"do":["assign {role} to {principal} on the vault, or, where the vault decides by access policies, allow it `get`, `wrapKey` and `unwrapKey` for keys; let the cluster depend on it"],"headline":"{principal} may not use the key {scope}","why":"cluster {cluster} encrypts its disks with that set, and the set has its own identity, which must read, wrap and unwrap with the key{place}; no node disk is made without"},"need":{"actions":[],"before_cluster":"required","data_actions":["Microsoft.KeyVault/vaults/keys/read","Microsoft.KeyVault/vaults/keys/wrap/action","Microsoft.KeyVault/vaults/keys/unwrap/action"],"identity":"own","least_role":{"id":"e147488a-f6f5-4113-8e2d-b22465e65bf6","name":"Key Vault Crypto Service Encryption User"},"other_roles":[{"id":"12338af0-0e69-4776-bea7-57ae8d297424","name":"Key Vault Crypto User"},{"id":"14b46e9e-c2b7-41b4-b07b-48a6ebf60603","name":"Key Vault Crypto Officer"},{"id":"00482a5a-887f-4fb3-b363-3b7fe8e74483","name":"Key Vault Administrator"}],"owner":"whoever owns the key vault","scope_type":"Microsoft.KeyVault/vaults/keys"},"sources":["https://learn.microsoft.com/azure/aks/azure-disk-customer-managed-keys","https://learn.microsoft.com/azure/virtual-machines/disk-encryption"],"title":"A disk encryption set needs to read, wrap and unwrap with its key"}],"since":"0.1.0","title":"The disk encryption set of the cluster may not use its key"}"#,
        page: r#"# disk-encryption-set-without-key

The disk encryption set that a cluster's disks are encrypted with may not use its key.

| | |
| --- | --- |
| Level | warning |
| Breaks | when AKS reconciles the cluster |
| Languages | ARM, Bicep, Terraform |
| Requirement | CMP-DES-KEYVAULT |
| Azure error prevented | `KeyVaultAccessForbidden` |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

Looks at the disk encryption sets that clusters use (`diskEncryptionSetID`) and that the deployment makes, and asks whether the set's **own** identity may
read its key, wrap and unwrap with it. Role assignments count on the key, its vault or above; on a vault without `enableRbacAuthorization` its access
policies count instead, and roles for nothing.

## Why it matters

A disk encryption set reads the key as itself, not as the cluster and not as whoever deploys. Without the right the first scale set of the cluster fails
with KeyVaultAccessForbidden, some minutes into the deployment.

## Avoid

### ARM

The set is made, and nobody lets it use the key.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.KeyVault/vaults",
      "apiVersion": "2023-07-01",
      "name": "kv-aks",
      "location": "westeurope",
      "properties": {
        "sku": { "family": "A", "name": "standard" },
        "tenantId": "[tenant().tenantId]",
        "enableRbacAuthorization": true
      }
    },
    {
      "type": "Microsoft.KeyVault/vaults/keys",
      "apiVersion": "2023-07-01",
      "name": "kv-aks/disks",
      "dependsOn": ["[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]"],
      "properties": { "kty": "RSA", "keySize": 2048, "keyOps": ["wrapKey", "unwrapKey"] }
    },
    {
      "type": "Microsoft.Compute/diskEncryptionSets",
      "apiVersion": "2023-04-02",
      "name": "des-aks",
      "location": "westeurope",
      "dependsOn": [
        "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
        "[resourceId('Microsoft.KeyVault/vaults/keys', 'kv-aks', 'disks')]"
      ],
      "identity": { "type": "SystemAssigned" },
      "properties": {
        "activeKey": {
          "sourceVault": { "id": "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]" },
          "keyUrl": "[reference(resourceId('Microsoft.KeyVault/vaults/keys', 'kv-aks', 'disks'), '2023-07-01').keyUriWithVersion]"
        }
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceId('Microsoft.Compute/diskEncryptionSets', 'des-aks'), resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), 'Reader')]",
      "scope": "[resourceId('Microsoft.Compute/diskEncryptionSets', 'des-aks')]",
      "dependsOn": [
        "[resourceId('Microsoft.Compute/diskEncryptionSets', 'des-aks')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[resourceId('Microsoft.Compute/diskEncryptionSets', 'des-aks')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "diskEncryptionSetID": "[resourceId('Microsoft.Compute/diskEncryptionSets', 'des-aks')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
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
  name: 'disks'
  properties: {
    kty: 'RSA'
    keySize: 2048
    keyOps: ['wrapKey', 'unwrapKey']
  }
}

resource des 'Microsoft.Compute/diskEncryptionSets@2023-04-02' = {
  name: 'des-aks'
  location: location
  identity: { type: 'SystemAssigned' }
  properties: {
    activeKey: { sourceVault: { id: vault.id }, keyUrl: key.properties.keyUriWithVersion }
  }
}

resource readSet 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(des.id, control.id, 'Reader')
  scope: des
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
    diskEncryptionSetID: des.id
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

data "azurerm_client_config" "current" {}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_key_vault" "main" {
  name                       = "kv-aks"
  resource_group_name        = azurerm_resource_group.main.name
  location                   = azurerm_resource_group.main.location
  tenant_id                  = data.azurerm_client_config.current.tenant_id
  sku_name                   = "standard"
  rbac_authorization_enabled = true
}

resource "azurerm_key_vault_key" "main" {
  name         = "disks"
  key_vault_id = azurerm_key_vault.main.id
  key_type     = "RSA"
  key_size     = 2048
  key_opts     = ["wrapKey", "unwrapKey"]
}

resource "azurerm_disk_encryption_set" "main" {
  name                = "des-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  key_vault_key_id    = azurerm_key_vault_key.main.id

  identity {
    type = "SystemAssigned"
  }
}

resource "azurerm_role_assignment" "read" {
  scope                = azurerm_disk_encryption_set.main.id
  role_definition_name = "Reader"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  disk_encryption_set_id = azurerm_disk_encryption_set.main.id
}
```

## Prefer

### ARM

The identity of the set is Key Vault Crypto Service Encryption User on the vault.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.KeyVault/vaults",
      "apiVersion": "2023-07-01",
      "name": "kv-aks",
      "location": "westeurope",
      "properties": {
        "sku": { "family": "A", "name": "standard" },
        "tenantId": "[tenant().tenantId]",
        "enableRbacAuthorization": true
      }
    },
    {
      "type": "Microsoft.KeyVault/vaults/keys",
      "apiVersion": "2023-07-01",
      "name": "kv-aks/disks",
      "dependsOn": ["[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]"],
      "properties": { "kty": "RSA", "keySize": 2048, "keyOps": ["wrapKey", "unwrapKey"] }
    },
    {
      "type": "Microsoft.Compute/diskEncryptionSets",
      "apiVersion": "2023-04-02",
      "name": "des-aks",
      "location": "westeurope",
      "dependsOn": [
        "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
        "[resourceId('Microsoft.KeyVault/vaults/keys', 'kv-aks', 'disks')]"
      ],
      "identity": { "type": "SystemAssigned" },
      "properties": {
        "activeKey": {
          "sourceVault": { "id": "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]" },
          "keyUrl": "[reference(resourceId('Microsoft.KeyVault/vaults/keys', 'kv-aks', 'disks'), '2023-07-01').keyUriWithVersion]"
        }
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceId('Microsoft.Compute/diskEncryptionSets', 'des-aks'), resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), 'Reader')]",
      "scope": "[resourceId('Microsoft.Compute/diskEncryptionSets', 'des-aks')]",
      "dependsOn": [
        "[resourceId('Microsoft.Compute/diskEncryptionSets', 'des-aks')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')]"
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceId('Microsoft.KeyVault/vaults', 'kv-aks'), resourceId('Microsoft.Compute/diskEncryptionSets', 'des-aks'), 'Key Vault Crypto Service Encryption User')]",
      "scope": "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
      "dependsOn": [
        "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
        "[resourceId('Microsoft.Compute/diskEncryptionSets', 'des-aks')]"
      ],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.Compute/diskEncryptionSets', 'des-aks'), '2023-04-02', 'full').identity.principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'e147488a-f6f5-4113-8e2d-b22465e65bf6')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[resourceId('Microsoft.Compute/diskEncryptionSets', 'des-aks')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "diskEncryptionSetID": "[resourceId('Microsoft.Compute/diskEncryptionSets', 'des-aks')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
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
  name: 'disks'
  properties: {
    kty: 'RSA'
    keySize: 2048
    keyOps: ['wrapKey', 'unwrapKey']
  }
}

resource des 'Microsoft.Compute/diskEncryptionSets@2023-04-02' = {
  name: 'des-aks'
  location: location
  identity: { type: 'SystemAssigned' }
  properties: {
    activeKey: { sourceVault: { id: vault.id }, keyUrl: key.properties.keyUriWithVersion }
  }
}

resource readSet 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(des.id, control.id, 'Reader')
  scope: des
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')
  }
}

resource useKey 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, des.id, 'Key Vault Crypto Service Encryption User')
  scope: vault
  properties: {
    principalId: des.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'e147488a-f6f5-4113-8e2d-b22465e65bf6')
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
    diskEncryptionSetID: des.id
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

data "azurerm_client_config" "current" {}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_key_vault" "main" {
  name                       = "kv-aks"
  resource_group_name        = azurerm_resource_group.main.name
  location                   = azurerm_resource_group.main.location
  tenant_id                  = data.azurerm_client_config.current.tenant_id
  sku_name                   = "standard"
  rbac_authorization_enabled = true
}

resource "azurerm_key_vault_key" "main" {
  name         = "disks"
  key_vault_id = azurerm_key_vault.main.id
  key_type     = "RSA"
  key_size     = 2048
  key_opts     = ["wrapKey", "unwrapKey"]
}

resource "azurerm_disk_encryption_set" "main" {
  name                = "des-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  key_vault_key_id    = azurerm_key_vault_key.main.id

  identity {
    type = "SystemAssigned"
  }
}

resource "azurerm_role_assignment" "read" {
  scope                = azurerm_disk_encryption_set.main.id
  role_definition_name = "Reader"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_role_assignment" "use_key" {
  scope                = azurerm_key_vault.main.id
  role_definition_name = "Key Vault Crypto Service Encryption User"
  principal_id         = azurerm_disk_encryption_set.main.identity[0].principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  disk_encryption_set_id = azurerm_disk_encryption_set.main.id

  depends_on = [azurerm_role_assignment.use_key]
}
```

## How to fix

Assign Key Vault Crypto Service Encryption User (`e147488a-f6f5-4113-8e2d-b22465e65bf6`) on the vault to the identity of the set (`identity.principalId`;
`identity[0].principal_id` in Terraform), or allow that identity `get`, `wrapKey` and `unwrapKey` in an access policy. Let the cluster depend on it.

## Options

None.

## What it cannot see

Disk encryption sets that the deployment does not make, and keys in a managed HSM. A vault from elsewhere is worth a note.

## References

- <https://learn.microsoft.com/azure/aks/azure-disk-customer-managed-keys>
- <https://learn.microsoft.com/azure/virtual-machines/disk-encryption>
"#,
    },
    Embedded {
        data: r#"{"families":["compute"],"id":"disk-encryption-set-without-reader","languages":["arm","bicep","terraform"],"level":"warning","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters","scope":"properties.diskEncryptionSetID"}],"azure":[{"code":"LinkedAuthorizationFailed","says":"the client may write disks but may not read the disk encryption set that they are linked to"},{"code":"DiskEncryptionSetError","name_only":true}],"breaks_at":"runtime","confidence":"doc","id":"CMP-DES-READER","message":{"do":["assign {role} to {principal} on {scope}"],"headline":"{principal} may not read the disk encryption set {scope}","why":"cluster {cluster} encrypts its disks with that set{place}; the control plane makes the disks of volumes, and each is refused while it may not read the set"},"need":{"actions":["Microsoft.Compute/diskEncryptionSets/read"],"before_cluster":"recommended","identity":"control-plane","least_role":{"id":"acdd72a7-3385-48ef-bd42-f606fba81ae7","name":"Reader"},"other_roles":[{"id":"136d308c-0937-4a49-9bd7-edfb42adbffc","name":"Disk Encryption Set Operator for Managed Disks"},{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the disk encryption set","scope_type":"Microsoft.Compute/diskEncryptionSets"},"sources":["https://learn.microsoft.com/azure/aks/azure-disk-customer-managed-keys","https://github.com/kubernetes-sigs/azuredisk-csi-driver/issues/2609"],"title":"The control plane identity needs to read the disk encryption set of the cluster"}],"since":"0.1.0","title":"The control plane may not read the disk encryption set of the cluster's disks"}"#,
        page: r#"# disk-encryption-set-without-reader

The control plane may not read the disk encryption set that a cluster's disks are encrypted with.

| | |
| --- | --- |
| Level | warning |
| Breaks | at run time |
| Languages | ARM, Bicep, Terraform |
| Requirement | CMP-DES-READER |
| Azure error prevented | `LinkedAuthorizationFailed` |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

Looks at the disk encryption set that a cluster names (`diskEncryptionSetID`), and asks whether the identity that the cluster runs as may read it:
`diskEncryptionSets/read`, on the set or above it.

## Why it matters

Nodes start without that right. Persistent volumes do not: the disk driver works as the control plane, Azure looks whether it may read the set
that a new disk is linked to, and refuses the disk with LinkedAuthorizationFailed. Pods that want a volume then stay in Pending.

## Avoid

### ARM

Nobody lets the cluster read the set.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Compute/diskEncryptionSets",
      "apiVersion": "2023-04-02",
      "name": "des-aks",
      "location": "westeurope",
      "identity": { "type": "SystemAssigned" }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[resourceId('Microsoft.Compute/diskEncryptionSets', 'des-aks')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "diskEncryptionSetID": "[resourceId('Microsoft.Compute/diskEncryptionSets', 'des-aks')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = resourceGroup().location

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource des 'Microsoft.Compute/diskEncryptionSets@2023-04-02' = {
  name: 'des-aks'
  location: location
  identity: { type: 'SystemAssigned' }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
    diskEncryptionSetID: des.id
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_disk_encryption_set" "main" {
  name                = "des-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  key_vault_key_id    = "https://kv-disks.vault.azure.net/keys/disks"

  identity {
    type = "SystemAssigned"
  }
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  disk_encryption_set_id = azurerm_disk_encryption_set.main.id
}
```

## Prefer

### ARM

The control plane identity is Reader on the set.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Compute/diskEncryptionSets",
      "apiVersion": "2023-04-02",
      "name": "des-aks",
      "location": "westeurope",
      "identity": { "type": "SystemAssigned" }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceId('Microsoft.Compute/diskEncryptionSets', 'des-aks'), resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), 'Reader')]",
      "scope": "[resourceId('Microsoft.Compute/diskEncryptionSets', 'des-aks')]",
      "dependsOn": [
        "[resourceId('Microsoft.Compute/diskEncryptionSets', 'des-aks')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[resourceId('Microsoft.Compute/diskEncryptionSets', 'des-aks')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "diskEncryptionSetID": "[resourceId('Microsoft.Compute/diskEncryptionSets', 'des-aks')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = resourceGroup().location

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource des 'Microsoft.Compute/diskEncryptionSets@2023-04-02' = {
  name: 'des-aks'
  location: location
  identity: { type: 'SystemAssigned' }
}

resource readSet 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(des.id, control.id, 'Reader')
  scope: des
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
    diskEncryptionSetID: des.id
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_disk_encryption_set" "main" {
  name                = "des-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  key_vault_key_id    = "https://kv-disks.vault.azure.net/keys/disks"

  identity {
    type = "SystemAssigned"
  }
}

resource "azurerm_role_assignment" "read" {
  scope                = azurerm_disk_encryption_set.main.id
  role_definition_name = "Reader"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  disk_encryption_set_id = azurerm_disk_encryption_set.main.id
}
```

## How to fix

Assign Reader (`acdd72a7-3385-48ef-bd42-f606fba81ae7`) on the disk encryption set to the identity that the cluster runs as.

## Options

None.

## What it cannot see

Sets that a storage class names (`diskEncryptionSetID` in its parameters), and grants made outside of the templates. A set that is not made by the
deployment is worth a note: its owner may have assigned the role.

## References

- <https://learn.microsoft.com/azure/aks/azure-disk-customer-managed-keys>
- <https://learn.microsoft.com/azure/aks/aks-service-permissions>
"#,
    },
    Embedded {
        data: r#"{"families":["role assignments"],"found_by":"check","id":"duplicate-role-assignment","languages":["arm","bicep","terraform"],"level":"error","requirement":[{"at":[{"resource":"Microsoft.Authorization/roleAssignments"}],"azure":[{"code":"RoleAssignmentExists","says":"the role assignment already exists"}],"breaks_at":"create","confidence":"issue","id":"RA-DUPLICATE","message":{"do":["leave out one of the two"],"headline":"{role} is assigned to {principal} twice, under two names","why":"the same role, principal and scope make the same assignment, which Azure takes under one name only"},"sources":["https://github.com/Azure/bicep/issues/8774","https://github.com/Azure/bicep/issues/19936"],"title":"A role is assigned once to a principal at a scope"}],"since":"0.1.0","title":"One role is assigned twice to one principal at one scope"}"#,
        page: r#"# duplicate-role-assignment

One role is assigned twice to one principal at one scope.

| | |
| --- | --- |
| Level | error |
| Breaks | at creation |
| Languages | ARM, Bicep, Terraform |
| Requirement | RA-DUPLICATE |
| Azure error prevented | `RoleAssignmentExists` |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

It looks for role assignments with the same scope, principal and role, all certainly equal, under names that certainly differ, which exist together. The second is refused.

Assignments of one name are one assignment, however often a module makes them, and are left alone. So are assignments with an ABAC condition and those that a loop over something open makes.

## Why it matters

Azure has an assignment once. Under a second name it answers with a conflict, and which of the two comes first changes from deployment to deployment.

## Avoid

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "identity": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks')]",
    "role": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceGroup().id, variables('identity'), variables('role'))]",
      "dependsOn": ["[variables('identity')]"],
      "properties": {
        "principalId": "[reference(variables('identity'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('role')]"
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid('network', variables('identity'))]",
      "dependsOn": ["[variables('identity')]"],
      "properties": {
        "principalId": "[reference(variables('identity'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('role')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
var role = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks'
  location: 'westeurope'
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, identity.id, role)
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: role
  }
}

resource again 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid('network', identity.id)
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: role
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "aks" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "aks" {
  name                = "id-aks"
  location            = "westeurope"
  resource_group_name = azurerm_resource_group.aks.name
}

resource "azurerm_role_assignment" "network" {
  scope                = azurerm_resource_group.aks.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_user_assigned_identity.aks.principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "again" {
  scope              = azurerm_resource_group.aks.id
  role_definition_id = "/providers/Microsoft.Authorization/roleDefinitions/4d97b98b-1d4f-4787-a291-c67834d212e7"
  principal_id       = azurerm_user_assigned_identity.aks.principal_id
  principal_type     = "ServicePrincipal"
}
```

## Prefer

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "identity": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks')]",
    "role": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceGroup().id, variables('identity'), variables('role'))]",
      "dependsOn": ["[variables('identity')]"],
      "properties": {
        "principalId": "[reference(variables('identity'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('role')]"
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('identity'), 'reader')]",
      "dependsOn": ["[variables('identity')]"],
      "properties": {
        "principalId": "[reference(variables('identity'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
var role = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks'
  location: 'westeurope'
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, identity.id, role)
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: role
  }
}

resource reader 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(identity.id, 'reader')
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "aks" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "aks" {
  name                = "id-aks"
  location            = "westeurope"
  resource_group_name = azurerm_resource_group.aks.name
}

resource "azurerm_role_assignment" "network" {
  scope                = azurerm_resource_group.aks.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_user_assigned_identity.aks.principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "reader" {
  scope                = azurerm_resource_group.aks.id
  role_definition_name = "Reader"
  principal_id         = azurerm_user_assigned_identity.aks.principal_id
  principal_type       = "ServicePrincipal"
}
```

## How to fix

Leave one of them out. If both are needed under conditions of their own, make one of them under both.

## Options

None.

## What it cannot see

Assignments of one principal whose ids are given as different parameters; assignments that somebody makes outside of the templates.

## References

- <https://github.com/Azure/bicep/issues/8774>
- <https://github.com/Azure/bicep/issues/19936>
"#,
    },
    Embedded {
        data: r#"{"families":["private DNS"],"found_by":"check","id":"fqdn-subdomain-without-zone","languages":["arm","bicep","terraform"],"level":"error","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters","scope":"properties.fqdnSubdomain"}],"breaks_at":"create","confidence":"doc","id":"DNS-FQDN-SUBDOMAIN","message":{"do":["make the cluster private and set `apiServerAccessProfile.privateDNSZone` to the id of a zone","or set `dnsPrefix` in place of `fqdnSubdomain`"],"headline":"cluster {cluster} sets the subdomain `{value}` without a private DNS zone of its own","why":"`fqdnSubdomain`{place} names the API server in a private DNS zone that the cluster brings, and only a private cluster can bring one"},"sources":["https://learn.microsoft.com/azure/aks/private-clusters","https://github.com/hashicorp/terraform-provider-azurerm/blob/main/internal/services/containers/kubernetes_cluster_resource.go"],"title":"A subdomain of the private name needs a private cluster with a zone of its own"}],"since":"0.1.0","title":"The cluster chooses the subdomain of its private name without a zone of its own"}"#,
        page: r#"# fqdn-subdomain-without-zone

The cluster chooses the subdomain of its private name without a zone of its own.

| | |
| --- | --- |
| Level | error in Terraform, warning in ARM and Bicep |
| Breaks | at creation |
| Languages | ARM, Bicep, Terraform |
| Requirement | DNS-FQDN-SUBDOMAIN |
| Azure error prevented | none known |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

It looks at each cluster with `properties.fqdnSubdomain` (`dns_prefix_private_cluster`): it must be private, and `privateDNSZone` must be the id of
a zone, not `system` or `none`. An empty subdomain is none.

It says nothing where the zone comes from outside.

## Why it matters

The subdomain is the name of the API server in the zone that the cluster brings. Terraform's provider refuses it without one:
*`dns_prefix_private_cluster` should only be set for private cluster with custom private dns zone*. What Azure does with it, the documentation
leaves open, so it is a warning in ARM and Bicep.

## Avoid

### ARM

AKS makes the zone.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[variables('control')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "fqdnSubdomain": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "apiServerAccessProfile": { "enablePrivateCluster": true, "privateDNSZone": "system" }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = 'westeurope'

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${control.id}': {}
    }
  }
  properties: {
    fqdnSubdomain: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
    apiServerAccessProfile: {
      enablePrivateCluster: true
      privateDNSZone: 'system'
    }
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = "rg-aks"
  location            = "westeurope"
}

resource "azurerm_kubernetes_cluster" "main" {
  name                       = "aks-prod"
  resource_group_name        = "rg-aks"
  location                   = "westeurope"
  dns_prefix_private_cluster = "aks-prod"
  private_cluster_enabled    = true
  private_dns_zone_id        = "System"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }
}
```

## Prefer

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "zone": "[resourceId('Microsoft.Network/privateDnsZones', 'privatelink.westeurope.azmk8s.io')]",
    "privateDnsZoneContributor": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b12aa53e-6015-4669-85d0-8515ebb3ae7f')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Network/privateDnsZones",
      "apiVersion": "2020-06-01",
      "name": "privatelink.westeurope.azmk8s.io",
      "location": "global"
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('zone'), variables('control'), variables('privateDnsZoneContributor'))]",
      "scope": "[variables('zone')]",
      "dependsOn": ["[variables('control')]", "[variables('zone')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('privateDnsZoneContributor')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[variables('control')]",
        "[variables('zone')]",
        "[extensionResourceId(variables('zone'), 'Microsoft.Authorization/roleAssignments', guid(variables('zone'), variables('control'), variables('privateDnsZoneContributor')))]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "fqdnSubdomain": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "apiServerAccessProfile": { "enablePrivateCluster": true, "privateDNSZone": "[variables('zone')]" }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = 'westeurope'

var privateDnsZoneContributor = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b12aa53e-6015-4669-85d0-8515ebb3ae7f')

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource zone 'Microsoft.Network/privateDnsZones@2020-06-01' = {
  name: 'privatelink.westeurope.azmk8s.io'
  location: 'global'
}

resource zoneRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(zone.id, control.id, privateDnsZoneContributor)
  scope: zone
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: privateDnsZoneContributor
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${control.id}': {}
    }
  }
  properties: {
    fqdnSubdomain: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
    apiServerAccessProfile: {
      enablePrivateCluster: true
      privateDNSZone: zone.id
    }
  }
  dependsOn: [
    zoneRole
  ]
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = "rg-aks"
  location            = "westeurope"
}

resource "azurerm_private_dns_zone" "aks" {
  name                = "privatelink.westeurope.azmk8s.io"
  resource_group_name = "rg-aks"
}

resource "azurerm_role_assignment" "zone" {
  scope                = azurerm_private_dns_zone.aks.id
  role_definition_name = "Private DNS Zone Contributor"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                       = "aks-prod"
  resource_group_name        = "rg-aks"
  location                   = "westeurope"
  dns_prefix_private_cluster = "aks-prod"
  private_cluster_enabled    = true
  private_dns_zone_id        = azurerm_private_dns_zone.aks.id

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  depends_on = [azurerm_role_assignment.zone]
}
```

## How to fix

Bring a private DNS zone, or set `dnsPrefix` (`dns_prefix`) in place of the subdomain.

## Options

None.

## What it cannot see

Zones that come from outside.

## References

- <https://learn.microsoft.com/azure/aks/private-clusters>
- <https://github.com/hashicorp/terraform-provider-azurerm/blob/main/internal/services/containers/kubernetes_cluster_resource.go>
"#,
    },
    Embedded {
        data: r#"{"families":["add-ons"],"id":"gateway-config-conflict","languages":["arm","bicep","terraform"],"level":"warning","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters","resource_when":{"all":[{"equals":"true","path":"properties.addonProfiles.ingressApplicationGateway.enabled"},{"any":[{"present":"properties.addonProfiles.ingressApplicationGateway.config.subnetId"},{"present":"properties.addonProfiles.ingressApplicationGateway.config.subnetCIDR"}]}]},"scope":"properties.addonProfiles.ingressApplicationGateway.config.applicationGatewayId"}],"azure":[{"code":"IngressAppGwAddonConfigProvideEitherApplicationGatewayIDOrSubnet","name_only":true}],"breaks_at":"create","confidence":"doc","id":"ADD-AGIC-CONFIG","message":{"do":["leave out `subnetId` and `subnetCIDR` where the gateway is there already","or leave out `applicationGatewayId`, and name the new one with `applicationGatewayName`"],"headline":"the ingress add-on of cluster {cluster} is given the gateway {scope} and a subnet for another","why":"it takes either the id of a gateway that is there already{place} or a subnet in which AKS makes one"},"sources":["https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/kubernetes_cluster"],"title":"The ingress add-on takes a gateway that is there already or a subnet to make one in, not both"}],"since":"0.1.0","title":"The ingress add-on is given a gateway that is there already, and a subnet to make one in"}"#,
        page: r#"# gateway-config-conflict

The ingress add-on (AGIC) is given both a gateway that is there already and a subnet to make one in.

| | |
| --- | --- |
| Level | warning |
| Breaks | at creation |
| Languages | ARM, Bicep, Terraform |
| Requirement | ADD-AGIC-CONFIG |
| Azure error prevented | none known |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

Looks at clusters whose ingress add-on has `applicationGatewayId` together with `subnetId` or `subnetCIDR`. A name (`applicationGatewayName`) beside a subnet is right: so the new gateway is called.

## Why it matters

The add-on takes a gateway or makes one. Terraform's provider refuses both at once, and so does AKS, as far as the name of its error tells; nobody confirmed under which conditions, so it is a warning.

## Avoid

### ARM

A gateway and a subnet.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Network/virtualNetworks",
      "apiVersion": "2023-11-01",
      "name": "vnet-aks",
      "location": "westeurope",
      "properties": { "addressSpace": { "addressPrefixes": ["10.1.0.0/16"] } }
    },
    {
      "type": "Microsoft.Network/virtualNetworks/subnets",
      "apiVersion": "2023-11-01",
      "name": "vnet-aks/gateway",
      "dependsOn": ["[resourceId('Microsoft.Network/virtualNetworks', 'vnet-aks')]"],
      "properties": { "addressPrefix": "10.1.0.0/24" }
    },
    {
      "type": "Microsoft.Network/applicationGateways",
      "apiVersion": "2023-11-01",
      "name": "agw-aks",
      "location": "westeurope",
      "dependsOn": ["[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'gateway')]"],
      "properties": {
        "sku": { "name": "Standard_v2", "tier": "Standard_v2", "capacity": 1 },
        "gatewayIPConfigurations": [
          {
            "name": "gateway",
            "properties": { "subnet": { "id": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'gateway')]" } }
          }
        ]
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[resourceId('Microsoft.Network/applicationGateways', 'agw-aks')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "addonProfiles": {
          "ingressApplicationGateway": {
            "enabled": true,
            "config": {
              "applicationGatewayId": "[resourceId('Microsoft.Network/applicationGateways', 'agw-aks')]",
              "subnetCIDR": "10.225.0.0/16"
            }
          }
        }
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceId('Microsoft.Network/applicationGateways', 'agw-aks'), resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), 'Contributor')]",
      "scope": "[resourceId('Microsoft.Network/applicationGateways', 'agw-aks')]",
      "dependsOn": [
        "[resourceId('Microsoft.Network/applicationGateways', 'agw-aks')]",
        "[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]"
      ],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), '2024-05-01').addonProfiles.ingressApplicationGateway.identity.objectId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b24988ac-6180-42a0-ab88-20f7382dd24c')]"
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'gateway'), resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), 'Network Contributor')]",
      "scope": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'gateway')]",
      "dependsOn": [
        "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'gateway')]",
        "[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]"
      ],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), '2024-05-01').addonProfiles.ingressApplicationGateway.identity.objectId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')]"
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceGroup().id, resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), 'Reader')]",
      "dependsOn": ["[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]"],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), '2024-05-01').addonProfiles.ingressApplicationGateway.identity.objectId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = resourceGroup().location

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource network 'Microsoft.Network/virtualNetworks@2023-11-01' = {
  name: 'vnet-aks'
  location: location
  properties: {
    addressSpace: { addressPrefixes: ['10.1.0.0/16'] }
  }
}

resource gatewaySubnet 'Microsoft.Network/virtualNetworks/subnets@2023-11-01' = {
  parent: network
  name: 'gateway'
  properties: { addressPrefix: '10.1.0.0/24' }
}

resource gateway 'Microsoft.Network/applicationGateways@2023-11-01' = {
  name: 'agw-aks'
  location: location
  properties: {
    sku: { name: 'Standard_v2', tier: 'Standard_v2', capacity: 1 }
    gatewayIPConfigurations: [{ name: 'gateway', properties: { subnet: { id: gatewaySubnet.id } } }]
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
    addonProfiles: {
      ingressApplicationGateway: { enabled: true, config: { applicationGatewayId: gateway.id, subnetCIDR: '10.225.0.0/16' } }
    }
  }
}

resource onGateway 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(gateway.id, cluster.id, 'Contributor')
  scope: gateway
  properties: {
    principalId: cluster.properties.addonProfiles.ingressApplicationGateway.identity.objectId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b24988ac-6180-42a0-ab88-20f7382dd24c')
  }
}

resource onSubnet 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(gatewaySubnet.id, cluster.id, 'Network Contributor')
  scope: gatewaySubnet
  properties: {
    principalId: cluster.properties.addonProfiles.ingressApplicationGateway.identity.objectId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')
  }
}

resource onGroup 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, cluster.id, 'Reader')
  properties: {
    principalId: cluster.properties.addonProfiles.ingressApplicationGateway.identity.objectId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_virtual_network" "main" {
  name                = "vnet-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  address_space       = ["10.1.0.0/16"]
}

resource "azurerm_subnet" "gateway" {
  name                 = "gateway"
  resource_group_name  = azurerm_resource_group.main.name
  virtual_network_name = azurerm_virtual_network.main.name
  address_prefixes     = ["10.1.0.0/24"]
}

resource "azurerm_application_gateway" "main" {
  name                = "agw-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location

  sku {
    name     = "Standard_v2"
    tier     = "Standard_v2"
    capacity = 1
  }

  gateway_ip_configuration {
    name      = "gateway"
    subnet_id = azurerm_subnet.gateway.id
  }
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  ingress_application_gateway {
    gateway_id  = azurerm_application_gateway.main.id
    subnet_cidr = "10.225.0.0/16"
  }
}

resource "azurerm_role_assignment" "gateway" {
  scope                = azurerm_application_gateway.main.id
  role_definition_name = "Contributor"
  principal_id         = azurerm_kubernetes_cluster.main.ingress_application_gateway[0].ingress_application_gateway_identity[0].object_id
}

resource "azurerm_role_assignment" "subnet" {
  scope                = azurerm_subnet.gateway.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_kubernetes_cluster.main.ingress_application_gateway[0].ingress_application_gateway_identity[0].object_id
}

resource "azurerm_role_assignment" "group" {
  scope                = azurerm_resource_group.main.id
  role_definition_name = "Reader"
  principal_id         = azurerm_kubernetes_cluster.main.ingress_application_gateway[0].ingress_application_gateway_identity[0].object_id
}
```

## Prefer

### ARM

A gateway alone.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Network/virtualNetworks",
      "apiVersion": "2023-11-01",
      "name": "vnet-aks",
      "location": "westeurope",
      "properties": { "addressSpace": { "addressPrefixes": ["10.1.0.0/16"] } }
    },
    {
      "type": "Microsoft.Network/virtualNetworks/subnets",
      "apiVersion": "2023-11-01",
      "name": "vnet-aks/gateway",
      "dependsOn": ["[resourceId('Microsoft.Network/virtualNetworks', 'vnet-aks')]"],
      "properties": { "addressPrefix": "10.1.0.0/24" }
    },
    {
      "type": "Microsoft.Network/applicationGateways",
      "apiVersion": "2023-11-01",
      "name": "agw-aks",
      "location": "westeurope",
      "dependsOn": ["[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'gateway')]"],
      "properties": {
        "sku": { "name": "Standard_v2", "tier": "Standard_v2", "capacity": 1 },
        "gatewayIPConfigurations": [
          {
            "name": "gateway",
            "properties": { "subnet": { "id": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'gateway')]" } }
          }
        ]
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[resourceId('Microsoft.Network/applicationGateways', 'agw-aks')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "addonProfiles": {
          "ingressApplicationGateway": {
            "enabled": true,
            "config": { "applicationGatewayId": "[resourceId('Microsoft.Network/applicationGateways', 'agw-aks')]" }
          }
        }
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceId('Microsoft.Network/applicationGateways', 'agw-aks'), resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), 'Contributor')]",
      "scope": "[resourceId('Microsoft.Network/applicationGateways', 'agw-aks')]",
      "dependsOn": [
        "[resourceId('Microsoft.Network/applicationGateways', 'agw-aks')]",
        "[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]"
      ],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), '2024-05-01').addonProfiles.ingressApplicationGateway.identity.objectId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b24988ac-6180-42a0-ab88-20f7382dd24c')]"
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'gateway'), resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), 'Network Contributor')]",
      "scope": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'gateway')]",
      "dependsOn": [
        "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'gateway')]",
        "[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]"
      ],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), '2024-05-01').addonProfiles.ingressApplicationGateway.identity.objectId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')]"
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceGroup().id, resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), 'Reader')]",
      "dependsOn": ["[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]"],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), '2024-05-01').addonProfiles.ingressApplicationGateway.identity.objectId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = resourceGroup().location

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource network 'Microsoft.Network/virtualNetworks@2023-11-01' = {
  name: 'vnet-aks'
  location: location
  properties: {
    addressSpace: { addressPrefixes: ['10.1.0.0/16'] }
  }
}

resource gatewaySubnet 'Microsoft.Network/virtualNetworks/subnets@2023-11-01' = {
  parent: network
  name: 'gateway'
  properties: { addressPrefix: '10.1.0.0/24' }
}

resource gateway 'Microsoft.Network/applicationGateways@2023-11-01' = {
  name: 'agw-aks'
  location: location
  properties: {
    sku: { name: 'Standard_v2', tier: 'Standard_v2', capacity: 1 }
    gatewayIPConfigurations: [{ name: 'gateway', properties: { subnet: { id: gatewaySubnet.id } } }]
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
    addonProfiles: { ingressApplicationGateway: { enabled: true, config: { applicationGatewayId: gateway.id } } }
  }
}

resource onGateway 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(gateway.id, cluster.id, 'Contributor')
  scope: gateway
  properties: {
    principalId: cluster.properties.addonProfiles.ingressApplicationGateway.identity.objectId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b24988ac-6180-42a0-ab88-20f7382dd24c')
  }
}

resource onSubnet 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(gatewaySubnet.id, cluster.id, 'Network Contributor')
  scope: gatewaySubnet
  properties: {
    principalId: cluster.properties.addonProfiles.ingressApplicationGateway.identity.objectId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')
  }
}

resource onGroup 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, cluster.id, 'Reader')
  properties: {
    principalId: cluster.properties.addonProfiles.ingressApplicationGateway.identity.objectId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_virtual_network" "main" {
  name                = "vnet-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  address_space       = ["10.1.0.0/16"]
}

resource "azurerm_subnet" "gateway" {
  name                 = "gateway"
  resource_group_name  = azurerm_resource_group.main.name
  virtual_network_name = azurerm_virtual_network.main.name
  address_prefixes     = ["10.1.0.0/24"]
}

resource "azurerm_application_gateway" "main" {
  name                = "agw-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location

  sku {
    name     = "Standard_v2"
    tier     = "Standard_v2"
    capacity = 1
  }

  gateway_ip_configuration {
    name      = "gateway"
    subnet_id = azurerm_subnet.gateway.id
  }
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  ingress_application_gateway {
    gateway_id = azurerm_application_gateway.main.id
  }
}

resource "azurerm_role_assignment" "gateway" {
  scope                = azurerm_application_gateway.main.id
  role_definition_name = "Contributor"
  principal_id         = azurerm_kubernetes_cluster.main.ingress_application_gateway[0].ingress_application_gateway_identity[0].object_id
}

resource "azurerm_role_assignment" "subnet" {
  scope                = azurerm_subnet.gateway.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_kubernetes_cluster.main.ingress_application_gateway[0].ingress_application_gateway_identity[0].object_id
}

resource "azurerm_role_assignment" "group" {
  scope                = azurerm_resource_group.main.id
  role_definition_name = "Reader"
  principal_id         = azurerm_kubernetes_cluster.main.ingress_application_gateway[0].ingress_application_gateway_identity[0].object_id
}
```

## How to fix

Leave out the subnet where the gateway is there already; leave out the gateway's id where AKS shall make one.

## Options

None.

## What it cannot see

Nothing that a template says.

## References

- <https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/kubernetes_cluster>
- <https://learn.microsoft.com/azure/application-gateway/ingress-controller-overview>
"#,
    },
    Embedded {
        data: r#"{"families":["add-ons"],"found_by":"places","id":"gateway-subnet-without-role","languages":["arm","bicep","terraform"],"level":"warning","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters","resource_when":{"equals":"true","path":"properties.addonProfiles.ingressApplicationGateway.enabled"},"scope":"properties.addonProfiles.ingressApplicationGateway.config.applicationGatewayId"},{"resource":"Microsoft.ContainerService/managedClusters","resource_when":{"equals":"true","path":"properties.addonProfiles.ingressApplicationGateway.enabled"},"scope":"properties.addonProfiles.ingressApplicationGateway.config.subnetId"}],"azure":[{"code":"ApplicationGatewayInsufficientPermissionOnSubnet","says":"the client may not join the subnet of the gateway"}],"breaks_at":"runtime","confidence":"doc","id":"ADD-AGIC-SUBNET","message":{"do":["assign {role} (or a custom role with the action below) to {principal} on {scope}"],"headline":"{principal} may not join the gateway subnet {scope}","why":"the application gateway that the ingress add-on of cluster {cluster} configures stands in that subnet{place}, and Azure looks at each change whether whoever makes it may join the subnet"},"need":{"actions":["Microsoft.Network/virtualNetworks/subnets/join/action"],"before_cluster":"impossible","identity":{"add-on":"properties.addonProfiles.ingressApplicationGateway"},"least_role":{"id":"4d97b98b-1d4f-4787-a291-c67834d212e7","name":"Network Contributor"},"other_roles":[{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the virtual network","scope_type":"Microsoft.Network/virtualNetworks/subnets"},"sources":["https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/kubernetes_cluster","https://github.com/Azure/application-gateway-kubernetes-ingress/issues/1463","https://aka.ms/agsubnetjoin"],"title":"The identity of the ingress add-on needs to join the subnet of the application gateway"}],"since":"0.1.0","title":"The ingress add-on may not join the subnet of its application gateway"}"#,
        page: r#"# gateway-subnet-without-role

The ingress add-on (AGIC) may not join the subnet that its application gateway stands in.

| | |
| --- | --- |
| Level | warning |
| Breaks | at run time |
| Languages | ARM, Bicep, Terraform |
| Requirement | ADD-AGIC-SUBNET |
| Azure error prevented | `ApplicationGatewayInsufficientPermissionOnSubnet` |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

Looks at clusters whose ingress add-on is given a gateway that the deployment makes, or a subnet to make one in (`subnetId`), and asks whether the **add-on's** identity may join
the gateway's subnet: `subnets/join/action`.

## Why it matters

Since 2023 Azure checks, whenever an application gateway is changed, that whoever changes it may join its subnet. The add-on changes the gateway for every ingress; a role on the gateway alone is not enough, and
each change fails with `ApplicationGatewayInsufficientPermissionOnSubnet`.

## Avoid

### ARM

The add-on may configure the gateway, and not join its subnet.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Network/virtualNetworks",
      "apiVersion": "2023-11-01",
      "name": "vnet-aks",
      "location": "westeurope",
      "properties": { "addressSpace": { "addressPrefixes": ["10.1.0.0/16"] } }
    },
    {
      "type": "Microsoft.Network/virtualNetworks/subnets",
      "apiVersion": "2023-11-01",
      "name": "vnet-aks/gateway",
      "dependsOn": ["[resourceId('Microsoft.Network/virtualNetworks', 'vnet-aks')]"],
      "properties": { "addressPrefix": "10.1.0.0/24" }
    },
    {
      "type": "Microsoft.Network/applicationGateways",
      "apiVersion": "2023-11-01",
      "name": "agw-aks",
      "location": "westeurope",
      "dependsOn": ["[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'gateway')]"],
      "properties": {
        "sku": { "name": "Standard_v2", "tier": "Standard_v2", "capacity": 1 },
        "gatewayIPConfigurations": [
          {
            "name": "gateway",
            "properties": { "subnet": { "id": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'gateway')]" } }
          }
        ]
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[resourceId('Microsoft.Network/applicationGateways', 'agw-aks')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "addonProfiles": {
          "ingressApplicationGateway": {
            "enabled": true,
            "config": { "applicationGatewayId": "[resourceId('Microsoft.Network/applicationGateways', 'agw-aks')]" }
          }
        }
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceId('Microsoft.Network/applicationGateways', 'agw-aks'), resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), 'Contributor')]",
      "scope": "[resourceId('Microsoft.Network/applicationGateways', 'agw-aks')]",
      "dependsOn": [
        "[resourceId('Microsoft.Network/applicationGateways', 'agw-aks')]",
        "[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]"
      ],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), '2024-05-01').addonProfiles.ingressApplicationGateway.identity.objectId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b24988ac-6180-42a0-ab88-20f7382dd24c')]"
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceGroup().id, resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), 'Reader')]",
      "dependsOn": ["[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]"],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), '2024-05-01').addonProfiles.ingressApplicationGateway.identity.objectId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = resourceGroup().location

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource network 'Microsoft.Network/virtualNetworks@2023-11-01' = {
  name: 'vnet-aks'
  location: location
  properties: {
    addressSpace: { addressPrefixes: ['10.1.0.0/16'] }
  }
}

resource gatewaySubnet 'Microsoft.Network/virtualNetworks/subnets@2023-11-01' = {
  parent: network
  name: 'gateway'
  properties: { addressPrefix: '10.1.0.0/24' }
}

resource gateway 'Microsoft.Network/applicationGateways@2023-11-01' = {
  name: 'agw-aks'
  location: location
  properties: {
    sku: { name: 'Standard_v2', tier: 'Standard_v2', capacity: 1 }
    gatewayIPConfigurations: [{ name: 'gateway', properties: { subnet: { id: gatewaySubnet.id } } }]
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
    addonProfiles: { ingressApplicationGateway: { enabled: true, config: { applicationGatewayId: gateway.id } } }
  }
}

resource onGateway 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(gateway.id, cluster.id, 'Contributor')
  scope: gateway
  properties: {
    principalId: cluster.properties.addonProfiles.ingressApplicationGateway.identity.objectId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b24988ac-6180-42a0-ab88-20f7382dd24c')
  }
}

resource onGroup 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, cluster.id, 'Reader')
  properties: {
    principalId: cluster.properties.addonProfiles.ingressApplicationGateway.identity.objectId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_virtual_network" "main" {
  name                = "vnet-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  address_space       = ["10.1.0.0/16"]
}

resource "azurerm_subnet" "gateway" {
  name                 = "gateway"
  resource_group_name  = azurerm_resource_group.main.name
  virtual_network_name = azurerm_virtual_network.main.name
  address_prefixes     = ["10.1.0.0/24"]
}

resource "azurerm_application_gateway" "main" {
  name                = "agw-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location

  sku {
    name     = "Standard_v2"
    tier     = "Standard_v2"
    capacity = 1
  }

  gateway_ip_configuration {
    name      = "gateway"
    subnet_id = azurerm_subnet.gateway.id
  }
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  ingress_application_gateway {
    gateway_id = azurerm_application_gateway.main.id
  }
}

resource "azurerm_role_assignment" "gateway" {
  scope                = azurerm_application_gateway.main.id
  role_definition_name = "Contributor"
  principal_id         = azurerm_kubernetes_cluster.main.ingress_application_gateway[0].ingress_application_gateway_identity[0].object_id
}

resource "azurerm_role_assignment" "group" {
  scope                = azurerm_resource_group.main.id
  role_definition_name = "Reader"
  principal_id         = azurerm_kubernetes_cluster.main.ingress_application_gateway[0].ingress_application_gateway_identity[0].object_id
}
```

## Prefer

### ARM

It is Network Contributor on the subnet as well.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Network/virtualNetworks",
      "apiVersion": "2023-11-01",
      "name": "vnet-aks",
      "location": "westeurope",
      "properties": { "addressSpace": { "addressPrefixes": ["10.1.0.0/16"] } }
    },
    {
      "type": "Microsoft.Network/virtualNetworks/subnets",
      "apiVersion": "2023-11-01",
      "name": "vnet-aks/gateway",
      "dependsOn": ["[resourceId('Microsoft.Network/virtualNetworks', 'vnet-aks')]"],
      "properties": { "addressPrefix": "10.1.0.0/24" }
    },
    {
      "type": "Microsoft.Network/applicationGateways",
      "apiVersion": "2023-11-01",
      "name": "agw-aks",
      "location": "westeurope",
      "dependsOn": ["[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'gateway')]"],
      "properties": {
        "sku": { "name": "Standard_v2", "tier": "Standard_v2", "capacity": 1 },
        "gatewayIPConfigurations": [
          {
            "name": "gateway",
            "properties": { "subnet": { "id": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'gateway')]" } }
          }
        ]
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[resourceId('Microsoft.Network/applicationGateways', 'agw-aks')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "addonProfiles": {
          "ingressApplicationGateway": {
            "enabled": true,
            "config": { "applicationGatewayId": "[resourceId('Microsoft.Network/applicationGateways', 'agw-aks')]" }
          }
        }
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceId('Microsoft.Network/applicationGateways', 'agw-aks'), resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), 'Contributor')]",
      "scope": "[resourceId('Microsoft.Network/applicationGateways', 'agw-aks')]",
      "dependsOn": [
        "[resourceId('Microsoft.Network/applicationGateways', 'agw-aks')]",
        "[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]"
      ],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), '2024-05-01').addonProfiles.ingressApplicationGateway.identity.objectId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b24988ac-6180-42a0-ab88-20f7382dd24c')]"
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'gateway'), resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), 'Network Contributor')]",
      "scope": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'gateway')]",
      "dependsOn": [
        "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'gateway')]",
        "[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]"
      ],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), '2024-05-01').addonProfiles.ingressApplicationGateway.identity.objectId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')]"
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceGroup().id, resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), 'Reader')]",
      "dependsOn": ["[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]"],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), '2024-05-01').addonProfiles.ingressApplicationGateway.identity.objectId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = resourceGroup().location

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource network 'Microsoft.Network/virtualNetworks@2023-11-01' = {
  name: 'vnet-aks'
  location: location
  properties: {
    addressSpace: { addressPrefixes: ['10.1.0.0/16'] }
  }
}

resource gatewaySubnet 'Microsoft.Network/virtualNetworks/subnets@2023-11-01' = {
  parent: network
  name: 'gateway'
  properties: { addressPrefix: '10.1.0.0/24' }
}

resource gateway 'Microsoft.Network/applicationGateways@2023-11-01' = {
  name: 'agw-aks'
  location: location
  properties: {
    sku: { name: 'Standard_v2', tier: 'Standard_v2', capacity: 1 }
    gatewayIPConfigurations: [{ name: 'gateway', properties: { subnet: { id: gatewaySubnet.id } } }]
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
    addonProfiles: { ingressApplicationGateway: { enabled: true, config: { applicationGatewayId: gateway.id } } }
  }
}

resource onGateway 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(gateway.id, cluster.id, 'Contributor')
  scope: gateway
  properties: {
    principalId: cluster.properties.addonProfiles.ingressApplicationGateway.identity.objectId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b24988ac-6180-42a0-ab88-20f7382dd24c')
  }
}

resource onSubnet 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(gatewaySubnet.id, cluster.id, 'Network Contributor')
  scope: gatewaySubnet
  properties: {
    principalId: cluster.properties.addonProfiles.ingressApplicationGateway.identity.objectId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')
  }
}

resource onGroup 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, cluster.id, 'Reader')
  properties: {
    principalId: cluster.properties.addonProfiles.ingressApplicationGateway.identity.objectId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_virtual_network" "main" {
  name                = "vnet-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  address_space       = ["10.1.0.0/16"]
}

resource "azurerm_subnet" "gateway" {
  name                 = "gateway"
  resource_group_name  = azurerm_resource_group.main.name
  virtual_network_name = azurerm_virtual_network.main.name
  address_prefixes     = ["10.1.0.0/24"]
}

resource "azurerm_application_gateway" "main" {
  name                = "agw-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location

  sku {
    name     = "Standard_v2"
    tier     = "Standard_v2"
    capacity = 1
  }

  gateway_ip_configuration {
    name      = "gateway"
    subnet_id = azurerm_subnet.gateway.id
  }
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  ingress_application_gateway {
    gateway_id = azurerm_application_gateway.main.id
  }
}

resource "azurerm_role_assignment" "gateway" {
  scope                = azurerm_application_gateway.main.id
  role_definition_name = "Contributor"
  principal_id         = azurerm_kubernetes_cluster.main.ingress_application_gateway[0].ingress_application_gateway_identity[0].object_id
}

resource "azurerm_role_assignment" "subnet" {
  scope                = azurerm_subnet.gateway.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_kubernetes_cluster.main.ingress_application_gateway[0].ingress_application_gateway_identity[0].object_id
}

resource "azurerm_role_assignment" "group" {
  scope                = azurerm_resource_group.main.id
  role_definition_name = "Reader"
  principal_id         = azurerm_kubernetes_cluster.main.ingress_application_gateway[0].ingress_application_gateway_identity[0].object_id
}
```

## How to fix

Assign Network Contributor (`4d97b98b-1d4f-4787-a291-c67834d212e7`) on the subnet, or a custom role with `subnets/join/action`, to `addonProfiles.ingressApplicationGateway.identity.objectId` of the cluster.

## Options

None.

## What it cannot see

The subnet of a gateway that the deployment does not make, and roles that a pipeline assigns once the cluster is there.

## References

- <https://learn.microsoft.com/azure/application-gateway/tutorial-ingress-controller-add-on-existing>
- <https://learn.microsoft.com/azure/aks/managed-identity-overview>
"#,
    },
    Embedded {
        data: r#"{"families":["add-ons"],"id":"grafana-without-reader","languages":["arm","bicep","terraform"],"level":"note","requirement":[{"at":[{"resource":"Microsoft.Dashboard/grafana","scope":"properties.grafanaIntegrations.azureMonitorWorkspaceIntegrations[].azureMonitorWorkspaceResourceId"}],"breaks_at":"runtime","confidence":"doc","id":"ADD-GRAFANA","message":{"do":["assign {role} to {principal} on {scope}"],"headline":"{principal} may not read metrics of the workspace {scope}","why":"Grafana shows the metrics of that workspace{place} as its own identity; the portal assigns the role by itself, a template does not"},"need":{"actions":[],"before_cluster":"impossible","data_actions":["Microsoft.Monitor/accounts/data/metrics/read"],"identity":"own","least_role":{"id":"b0d8363b-8ddd-447d-831f-62ca05bff136","name":"Monitoring Data Reader"},"other_roles":[],"owner":"whoever owns the workspace","scope_type":"Microsoft.Monitor/accounts"},"sources":["https://learn.microsoft.com/azure/azure-monitor/metrics/prometheus-grafana"],"title":"The identity of Grafana needs to read metrics of its Azure Monitor workspaces"}],"since":"0.1.0","title":"Grafana may not read the metrics of the workspace that it is integrated with"}"#,
        page: r#"# grafana-without-reader

A managed Grafana may not read the metrics of the Azure Monitor workspace that it is integrated with.

| | |
| --- | --- |
| Level | note |
| Breaks | at run time |
| Languages | ARM, Bicep, Terraform |
| Requirement | ADD-GRAFANA |
| Azure error prevented | none known |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

Looks at managed Grafanas with `azureMonitorWorkspaceIntegrations`, and asks whether the Grafana's own identity may read the metrics of each workspace.

## Why it matters

Dashboards stay empty without the role. The portal assigns it when the two are linked there; a template does not.

## Avoid

### ARM

Nobody lets Grafana read.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.Monitor/accounts",
      "apiVersion": "2023-04-03",
      "name": "amw-aks",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Dashboard/grafana",
      "apiVersion": "2023-09-01",
      "name": "amg-aks",
      "location": "westeurope",
      "dependsOn": ["[resourceId('Microsoft.Monitor/accounts', 'amw-aks')]"],
      "sku": { "name": "Standard" },
      "identity": { "type": "SystemAssigned" },
      "properties": {
        "grafanaIntegrations": {
          "azureMonitorWorkspaceIntegrations": [{ "azureMonitorWorkspaceResourceId": "[resourceId('Microsoft.Monitor/accounts', 'amw-aks')]" }]
        }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
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
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_monitor_workspace" "main" {
  name                = "amw-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_dashboard_grafana" "main" {
  name                  = "amg-aks"
  resource_group_name   = azurerm_resource_group.main.name
  location              = azurerm_resource_group.main.location
  grafana_major_version = 11

  identity {
    type = "SystemAssigned"
  }

  azure_monitor_workspace_integrations {
    resource_id = azurerm_monitor_workspace.main.id
  }
}
```

## Prefer

### ARM

Grafana is Monitoring Data Reader on the workspace.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.Monitor/accounts",
      "apiVersion": "2023-04-03",
      "name": "amw-aks",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Dashboard/grafana",
      "apiVersion": "2023-09-01",
      "name": "amg-aks",
      "location": "westeurope",
      "dependsOn": ["[resourceId('Microsoft.Monitor/accounts', 'amw-aks')]"],
      "sku": { "name": "Standard" },
      "identity": { "type": "SystemAssigned" },
      "properties": {
        "grafanaIntegrations": {
          "azureMonitorWorkspaceIntegrations": [{ "azureMonitorWorkspaceResourceId": "[resourceId('Microsoft.Monitor/accounts', 'amw-aks')]" }]
        }
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceId('Microsoft.Monitor/accounts', 'amw-aks'), resourceId('Microsoft.Dashboard/grafana', 'amg-aks'), 'Monitoring Data Reader')]",
      "scope": "[resourceId('Microsoft.Monitor/accounts', 'amw-aks')]",
      "dependsOn": [
        "[resourceId('Microsoft.Monitor/accounts', 'amw-aks')]",
        "[resourceId('Microsoft.Dashboard/grafana', 'amg-aks')]"
      ],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.Dashboard/grafana', 'amg-aks'), '2023-09-01', 'full').identity.principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b0d8363b-8ddd-447d-831f-62ca05bff136')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
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

resource readMetrics 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(metrics.id, grafana.id, 'Monitoring Data Reader')
  scope: metrics
  properties: {
    principalId: grafana.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b0d8363b-8ddd-447d-831f-62ca05bff136')
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_monitor_workspace" "main" {
  name                = "amw-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_dashboard_grafana" "main" {
  name                  = "amg-aks"
  resource_group_name   = azurerm_resource_group.main.name
  location              = azurerm_resource_group.main.location
  grafana_major_version = 11

  identity {
    type = "SystemAssigned"
  }

  azure_monitor_workspace_integrations {
    resource_id = azurerm_monitor_workspace.main.id
  }
}

resource "azurerm_role_assignment" "metrics" {
  scope                = azurerm_monitor_workspace.main.id
  role_definition_name = "Monitoring Data Reader"
  principal_id         = azurerm_dashboard_grafana.main.identity[0].principal_id
}
```

## How to fix

Assign Monitoring Data Reader (`b0d8363b-8ddd-447d-831f-62ca05bff136`) on the workspace to the identity of Grafana.

## Options

None.

## What it cannot see

Roles that the portal or a pipeline assigns.

## References

- <https://learn.microsoft.com/azure/azure-monitor/metrics/prometheus-grafana>
"#,
    },
    Embedded {
        data: r#"{"families":["control plane identity","kubelet identity"],"found_by":"check","id":"identity-created-after-cluster","languages":["arm","bicep","terraform"],"level":"error","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters"}],"breaks_at":"create","confidence":"doc","id":"CP-UAI-EXISTS-FIRST","message":{"do":["let the cluster depend on the identity (`dependsOn`, `depends_on`), or refer to it by its symbolic name"],"headline":"cluster {cluster} does not wait for the identity {scope}","why":"this deployment creates the identity that the cluster is given{place}, and nothing makes the cluster wait, so both are created at the same time"},"sources":["https://learn.microsoft.com/azure/aks/user-assigned-managed-identity","https://learn.microsoft.com/azure/aks/managed-identity-overview"],"title":"The identities that a cluster is given exist before it"}],"since":"0.1.0","title":"The cluster does not wait for an identity that it runs as"}"#,
        page: r#"# identity-created-after-cluster

The cluster does not wait for an identity that it runs as.

| | |
| --- | --- |
| Level | error (a warning where chance decides) |
| Breaks | at creation |
| Languages | ARM, Bicep, Terraform |
| Requirement | CP-UAI-EXISTS-FIRST |
| Azure error prevented | none known |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

For each cluster it looks for the user-assigned identities that it is given, to its control plane or its nodes, among what the deployment
creates. If one is there and the cluster does not wait for it, through any number of others, it says so.

It says nothing of identities from elsewhere, nor where some `dependsOn` on the way is open.

## Why it matters

Azure creates what does not wait for each other at the same time. The cluster is then refused since its identity is not there, and the same
deployment succeeds when it is repeated. A symbolic name in Bicep or a reference in Terraform makes the cluster wait; an id that is put
together from names does not, and nor does `resourceId` in ARM. Where the cluster waits for something that takes minutes, and the
identity does not wait for that, the identity may be there in time by chance: a warning.

## Avoid

### ARM

Nothing makes the cluster wait.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }]
      }
    }
  ]
}
```

### Bicep

The id is put together from the name.

```bicep file=main.bicep
param location string = 'westeurope'

var controlId = resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${controlId}': {}
    }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
  }
}
```

### Terraform

The id is put together from the name.

```hcl file=main.tf
data "azurerm_resource_group" "main" {
  name = "rg-aks"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = "rg-aks"
  location            = "westeurope"
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = "rg-aks"
  location            = "westeurope"
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = ["${data.azurerm_resource_group.main.id}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-aks-control"]
  }
}
```

## Prefer

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[variables('control')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }]
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = 'westeurope'

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${control.id}': {}
    }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = "rg-aks"
  location            = "westeurope"
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = "rg-aks"
  location            = "westeurope"
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }
}
```

## How to fix

Refer to the identity by its symbolic name (`identity.id`, `azurerm_user_assigned_identity.x.id`), or name it in `dependsOn`.

## Options

None.

## What it cannot see

Whether the identity exists already from an earlier deployment.

## References

- <https://learn.microsoft.com/azure/aks/user-assigned-managed-identity>
- <https://learn.microsoft.com/azure/aks/managed-identity-overview>
"#,
    },
    Embedded {
        data: r#"{"families":["kubelet identity"],"found_by":"check","id":"identity-profile-key","languages":["arm","bicep","terraform"],"level":"warning","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters"}],"confidence":"doc","id":"KUB-KEY-NAME","message":{"do":["rename `{value}` to `{expected}`"],"headline":"cluster {cluster} has `{value}` in its identity profile, which AKS does not know","why":"the one entry of `identityProfile`{place} that AKS reads is `{expected}`; the nodes get an identity that AKS makes, not the one that is meant"},"sources":["https://learn.microsoft.com/azure/aks/use-managed-identity","https://github.com/Azure/azure-rest-api-specs/pull/30958"],"title":"The kubelet identity stands in the identity profile under the name kubeletidentity"}],"since":"0.1.0","title":"The identity profile has an entry that AKS has no use for"}"#,
        page: r#"# identity-profile-key

The identity profile has an entry that AKS has no use for.

| | |
| --- | --- |
| Level | warning |
| Breaks | never by itself |
| Languages | ARM, Bicep, Terraform |
| Requirement | KUB-KEY-NAME |
| Azure error prevented | none known |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

It looks at the names in `properties.identityProfile` of each cluster: the only one that AKS reads is `kubeletidentity`, in any letter case.

In Terraform the provider writes the name, and only `azapi` can get it wrong.

## Why it matters

The property is a map with any names, so a wrong one is no mistake of the template's form. The nodes then get an identity that AKS makes, and
the roles assigned to the one that was meant help nobody.

## Avoid

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "kubelet": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-kubelet')]",
    "managedIdentityOperator": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'f1a07417-d97a-45cb-824c-7a7467783830')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-kubelet",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('kubelet'), variables('control'), variables('managedIdentityOperator'))]",
      "scope": "[variables('kubelet')]",
      "dependsOn": ["[variables('control')]", "[variables('kubelet')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('managedIdentityOperator')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[variables('control')]",
        "[variables('kubelet')]",
        "[extensionResourceId(variables('kubelet'), 'Microsoft.Authorization/roleAssignments', guid(variables('kubelet'), variables('control'), variables('managedIdentityOperator')))]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "identityProfile": {
          "kubelet": {
            "resourceId": "[variables('kubelet')]",
            "clientId": "[reference(variables('kubelet'), '2023-01-31').clientId]",
            "objectId": "[reference(variables('kubelet'), '2023-01-31').principalId]"
          }
        }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = 'westeurope'

var managedIdentityOperator = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'f1a07417-d97a-45cb-824c-7a7467783830')

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource kubelet 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-kubelet'
  location: location
}

resource operator 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(kubelet.id, control.id, managedIdentityOperator)
  scope: kubelet
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: managedIdentityOperator
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${control.id}': {}
    }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
    identityProfile: {
      kubelet: {
        resourceId: kubelet.id
        clientId: kubelet.properties.clientId
        objectId: kubelet.properties.principalId
      }
    }
  }
  dependsOn: [
    operator
  ]
}
```

## Prefer

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "kubelet": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-kubelet')]",
    "managedIdentityOperator": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'f1a07417-d97a-45cb-824c-7a7467783830')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-kubelet",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('kubelet'), variables('control'), variables('managedIdentityOperator'))]",
      "scope": "[variables('kubelet')]",
      "dependsOn": ["[variables('control')]", "[variables('kubelet')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('managedIdentityOperator')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[variables('control')]",
        "[variables('kubelet')]",
        "[extensionResourceId(variables('kubelet'), 'Microsoft.Authorization/roleAssignments', guid(variables('kubelet'), variables('control'), variables('managedIdentityOperator')))]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "identityProfile": {
          "kubeletidentity": {
            "resourceId": "[variables('kubelet')]",
            "clientId": "[reference(variables('kubelet'), '2023-01-31').clientId]",
            "objectId": "[reference(variables('kubelet'), '2023-01-31').principalId]"
          }
        }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = 'westeurope'

var managedIdentityOperator = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'f1a07417-d97a-45cb-824c-7a7467783830')

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource kubelet 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-kubelet'
  location: location
}

resource operator 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(kubelet.id, control.id, managedIdentityOperator)
  scope: kubelet
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: managedIdentityOperator
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${control.id}': {}
    }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
    identityProfile: {
      kubeletidentity: {
        resourceId: kubelet.id
        clientId: kubelet.properties.clientId
        objectId: kubelet.properties.principalId
      }
    }
  }
  dependsOn: [
    operator
  ]
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = "rg-aks"
  location            = "westeurope"
}

resource "azurerm_user_assigned_identity" "kubelet" {
  name                = "id-aks-kubelet"
  resource_group_name = "rg-aks"
  location            = "westeurope"
}

resource "azurerm_role_assignment" "operator" {
  scope                = azurerm_user_assigned_identity.kubelet.id
  role_definition_name = "Managed Identity Operator"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = "rg-aks"
  location            = "westeurope"
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  kubelet_identity {
    user_assigned_identity_id = azurerm_user_assigned_identity.kubelet.id
    client_id                 = azurerm_user_assigned_identity.kubelet.client_id
    object_id                 = azurerm_user_assigned_identity.kubelet.principal_id
  }

  depends_on = [azurerm_role_assignment.operator]
}
```

## How to fix

Rename the entry to `kubeletidentity`.

## Options

None.

## What it cannot see

Names that come from outside as a whole.

## References

- <https://learn.microsoft.com/azure/aks/use-managed-identity>
- <https://github.com/Azure/azure-rest-api-specs/pull/30958>
"#,
    },
    Embedded {
        data: r#"{"families":["control plane identity","kubelet identity"],"id":"identity-unsupported-in-region","languages":["arm","bicep","terraform"],"level":"error","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters","resource_when":{"all":[{"equals":"UserAssigned","path":"identity.type"},{"one_of":["usdodcentral","US DoD Central","usdodeast","US DoD East","usgoviowa","US Gov Iowa","USGov Iowa","USDoD Central","USDoD East"],"path":"location"}]},"scope":"location"}],"breaks_at":"create","confidence":"doc","id":"CP-UAI-REGIONS","message":{"do":["create the cluster in another region","or let it run as its own identity (`identity.type` `SystemAssigned`)"],"headline":"cluster {cluster} cannot run as a user-assigned identity in {scope}","why":"AKS does not support a user-assigned control plane identity in that region{place}"},"sources":["https://learn.microsoft.com/azure/aks/user-assigned-managed-identity"],"title":"Three regions of Azure Government take no user-assigned control plane identity"},{"at":[{"resource":"Microsoft.ContainerService/managedClusters","resource_when":{"all":[{"present":"properties.identityProfile.kubeletidentity.resourceId"},{"one_of":["chinaeast","China East","chinanorth","China North"],"path":"location"}]},"scope":"location"}],"breaks_at":"create","confidence":"doc","id":"KUB-REGIONS","message":{"do":["create the cluster in another region, such as China East 2 or China North 3","or leave out the kubelet identity: AKS then makes one"],"headline":"cluster {cluster} cannot bring its own kubelet identity in {scope}","why":"AKS does not support a kubelet identity that the cluster brings in that region{place}"},"sources":["https://learn.microsoft.com/azure/aks/pre-created-kubelet-managed-identity"],"title":"Two regions of Azure in China take no kubelet identity that the cluster brings"}],"since":"0.1.0","title":"AKS does not support this identity in the region of the cluster"}"#,
        page: r#"# identity-unsupported-in-region

AKS does not support this identity in the region of the cluster.

| | |
| --- | --- |
| Level | error |
| Breaks | at creation |
| Languages | ARM, Bicep, Terraform |
| Requirements | CP-UAI-REGIONS, KUB-REGIONS |
| Azure error prevented | none known |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

It compares the location of each cluster, in either spelling (`chinaeast`, `China East`), with the regions in which AKS lacks an identity:

- a user-assigned control plane identity in US DoD Central, US DoD East and US Gov Iowa;
- a kubelet identity that the cluster brings in China East and China North.

It says nothing where the location is open, such as that of the resource group.

## Why it matters

The deployment fails when the cluster is created, and only in that region: the same templates work elsewhere.

## Avoid

### ARM

China East takes no kubelet identity of one's own.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "kubelet": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-kubelet')]",
    "managedIdentityOperator": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'f1a07417-d97a-45cb-824c-7a7467783830')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "chinaeast"
    },
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-kubelet",
      "location": "chinaeast"
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('kubelet'), variables('control'), variables('managedIdentityOperator'))]",
      "scope": "[variables('kubelet')]",
      "dependsOn": ["[variables('control')]", "[variables('kubelet')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('managedIdentityOperator')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "chinaeast",
      "dependsOn": [
        "[variables('control')]",
        "[variables('kubelet')]",
        "[extensionResourceId(variables('kubelet'), 'Microsoft.Authorization/roleAssignments', guid(variables('kubelet'), variables('control'), variables('managedIdentityOperator')))]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "identityProfile": {
          "kubeletidentity": {
            "resourceId": "[variables('kubelet')]",
            "clientId": "[reference(variables('kubelet'), '2023-01-31').clientId]",
            "objectId": "[reference(variables('kubelet'), '2023-01-31').principalId]"
          }
        }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = 'chinaeast'

var managedIdentityOperator = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'f1a07417-d97a-45cb-824c-7a7467783830')

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource kubelet 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-kubelet'
  location: location
}

resource operator 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(kubelet.id, control.id, managedIdentityOperator)
  scope: kubelet
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: managedIdentityOperator
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${control.id}': {}
    }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
    identityProfile: {
      kubeletidentity: {
        resourceId: kubelet.id
        clientId: kubelet.properties.clientId
        objectId: kubelet.properties.principalId
      }
    }
  }
  dependsOn: [
    operator
  ]
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = "rg-aks"
  location            = "chinaeast"
}

resource "azurerm_user_assigned_identity" "kubelet" {
  name                = "id-aks-kubelet"
  resource_group_name = "rg-aks"
  location            = "chinaeast"
}

resource "azurerm_role_assignment" "operator" {
  scope                = azurerm_user_assigned_identity.kubelet.id
  role_definition_name = "Managed Identity Operator"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = "rg-aks"
  location            = "chinaeast"
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  kubelet_identity {
    user_assigned_identity_id = azurerm_user_assigned_identity.kubelet.id
    client_id                 = azurerm_user_assigned_identity.kubelet.client_id
    object_id                 = azurerm_user_assigned_identity.kubelet.principal_id
  }

  depends_on = [azurerm_role_assignment.operator]
}
```

## Prefer

### ARM

China East 2 does.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "kubelet": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-kubelet')]",
    "managedIdentityOperator": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'f1a07417-d97a-45cb-824c-7a7467783830')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "chinaeast2"
    },
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-kubelet",
      "location": "chinaeast2"
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('kubelet'), variables('control'), variables('managedIdentityOperator'))]",
      "scope": "[variables('kubelet')]",
      "dependsOn": ["[variables('control')]", "[variables('kubelet')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('managedIdentityOperator')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "chinaeast2",
      "dependsOn": [
        "[variables('control')]",
        "[variables('kubelet')]",
        "[extensionResourceId(variables('kubelet'), 'Microsoft.Authorization/roleAssignments', guid(variables('kubelet'), variables('control'), variables('managedIdentityOperator')))]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "identityProfile": {
          "kubeletidentity": {
            "resourceId": "[variables('kubelet')]",
            "clientId": "[reference(variables('kubelet'), '2023-01-31').clientId]",
            "objectId": "[reference(variables('kubelet'), '2023-01-31').principalId]"
          }
        }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = 'chinaeast2'

var managedIdentityOperator = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'f1a07417-d97a-45cb-824c-7a7467783830')

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource kubelet 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-kubelet'
  location: location
}

resource operator 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(kubelet.id, control.id, managedIdentityOperator)
  scope: kubelet
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: managedIdentityOperator
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${control.id}': {}
    }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
    identityProfile: {
      kubeletidentity: {
        resourceId: kubelet.id
        clientId: kubelet.properties.clientId
        objectId: kubelet.properties.principalId
      }
    }
  }
  dependsOn: [
    operator
  ]
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = "rg-aks"
  location            = "chinaeast2"
}

resource "azurerm_user_assigned_identity" "kubelet" {
  name                = "id-aks-kubelet"
  resource_group_name = "rg-aks"
  location            = "chinaeast2"
}

resource "azurerm_role_assignment" "operator" {
  scope                = azurerm_user_assigned_identity.kubelet.id
  role_definition_name = "Managed Identity Operator"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = "rg-aks"
  location            = "chinaeast2"
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  kubelet_identity {
    user_assigned_identity_id = azurerm_user_assigned_identity.kubelet.id
    client_id                 = azurerm_user_assigned_identity.kubelet.client_id
    object_id                 = azurerm_user_assigned_identity.kubelet.principal_id
  }

  depends_on = [azurerm_role_assignment.operator]
}
```

## How to fix

Create the cluster in another region; or leave out the kubelet identity (AKS then makes one), or let the control plane run as its own
identity (`SystemAssigned`).

## Options

None.

## What it cannot see

Regions that were added or changed after this version.

## References

- <https://learn.microsoft.com/azure/aks/user-assigned-managed-identity>
- <https://learn.microsoft.com/azure/aks/pre-created-kubelet-managed-identity>
"#,
    },
    Embedded {
        data: r#"{"families":["add-ons"],"id":"istio-ca-vault-without-role","languages":["arm","bicep","terraform"],"level":"warning","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters","scope":"properties.serviceMeshProfile.istio.certificateAuthority.plugin.keyVaultId"}],"breaks_at":"runtime","confidence":"doc","id":"ADD-ISTIO-CA","message":{"do":["assign {role} to {principal} on {scope}, or, where the vault decides by access policies, allow it `get` for secrets: its principal id is what the cluster answers at `addonProfiles.azureKeyvaultSecretsProvider.identity.objectId`"],"headline":"{principal} may not read secrets of the vault {scope}","why":"the service mesh of cluster {cluster} takes its certificate authority from that vault{place}, by way of the secrets provider and with its identity, which AKS makes and gives no role there"},"need":{"actions":[],"before_cluster":"impossible","data_actions":["Microsoft.KeyVault/vaults/secrets/getSecret/action"],"identity":{"add-on":"properties.addonProfiles.azureKeyvaultSecretsProvider"},"least_role":{"id":"4633458b-17de-408a-b874-0445c86b69e6","name":"Key Vault Secrets User"},"other_roles":[{"id":"db79e9a7-68ee-4b58-9aeb-b90e7c24fcba","name":"Key Vault Certificate User"},{"id":"b86a8fe4-44ce-4948-aee5-eccb2c155cd7","name":"Key Vault Secrets Officer"},{"id":"00482a5a-887f-4fb3-b363-3b7fe8e74483","name":"Key Vault Administrator"}],"owner":"whoever owns the key vault","scope_type":"Microsoft.KeyVault/vaults"},"sources":["https://learn.microsoft.com/azure/aks/istio-plugin-ca"],"title":"The identity of the secrets provider needs to read the secrets of the vault that holds the mesh's certificate authority"}],"since":"0.1.0","title":"The secrets provider may not read the certificate authority of the service mesh"}"#,
        page: r#"# istio-ca-vault-without-role

The secrets provider may not read the vault that holds the certificate authority of the service mesh.

| | |
| --- | --- |
| Level | warning |
| Breaks | at run time |
| Languages | ARM, Bicep, Terraform |
| Requirement | ADD-ISTIO-CA |
| Azure error prevented | none known |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

Looks at clusters whose Istio add-on takes its certificate authority from a vault (`serviceMeshProfile.istio.certificateAuthority.plugin`), and asks whether the identity of the **secrets provider** add-on may read the vault's secrets. Role assignments count on
a vault with `enableRbacAuthorization`, access policies on any other.

## Why it matters

The mesh reads certificate and key through the secrets provider. Without the right its control plane does not start with the authority that is wanted.

## Avoid

### ARM

Nobody lets the secrets provider read the vault.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.KeyVault/vaults",
      "apiVersion": "2023-07-01",
      "name": "kv-aks",
      "location": "westeurope",
      "properties": {
        "sku": { "family": "A", "name": "standard" },
        "tenantId": "[tenant().tenantId]",
        "enableRbacAuthorization": true
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "addonProfiles": { "azureKeyvaultSecretsProvider": { "enabled": true } },
        "serviceMeshProfile": {
          "mode": "Istio",
          "istio": {
            "certificateAuthority": {
              "plugin": {
                "keyVaultId": "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
                "rootCertObjectName": "root-cert",
                "certObjectName": "ca-cert",
                "keyObjectName": "ca-key",
                "certChainObjectName": "cert-chain"
              }
            }
          }
        }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
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

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
    addonProfiles: { azureKeyvaultSecretsProvider: { enabled: true } }
    serviceMeshProfile: {
      mode: 'Istio'
      istio: {
        certificateAuthority: {
          plugin: {
            keyVaultId: vault.id
            rootCertObjectName: 'root-cert'
            certObjectName: 'ca-cert'
            keyObjectName: 'ca-key'
            certChainObjectName: 'cert-chain'
          }
        }
      }
    }
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

data "azurerm_client_config" "current" {}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_key_vault" "main" {
  name                       = "kv-aks"
  resource_group_name        = azurerm_resource_group.main.name
  location                   = azurerm_resource_group.main.location
  tenant_id                  = data.azurerm_client_config.current.tenant_id
  sku_name                   = "standard"
  rbac_authorization_enabled = true
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  key_vault_secrets_provider {
    secret_rotation_enabled = true
  }

  service_mesh_profile {
    mode      = "Istio"
    revisions = ["asm-1-24"]

    certificate_authority {
      key_vault_id           = azurerm_key_vault.main.id
      root_cert_object_name  = "root-cert"
      cert_object_name       = "ca-cert"
      key_object_name        = "ca-key"
      cert_chain_object_name = "cert-chain"
    }
  }
}
```

## Prefer

### ARM

Its identity is Key Vault Secrets User on the vault.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.KeyVault/vaults",
      "apiVersion": "2023-07-01",
      "name": "kv-aks",
      "location": "westeurope",
      "properties": {
        "sku": { "family": "A", "name": "standard" },
        "tenantId": "[tenant().tenantId]",
        "enableRbacAuthorization": true
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "addonProfiles": { "azureKeyvaultSecretsProvider": { "enabled": true } },
        "serviceMeshProfile": {
          "mode": "Istio",
          "istio": {
            "certificateAuthority": {
              "plugin": {
                "keyVaultId": "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
                "rootCertObjectName": "root-cert",
                "certObjectName": "ca-cert",
                "keyObjectName": "ca-key",
                "certChainObjectName": "cert-chain"
              }
            }
          }
        }
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceId('Microsoft.KeyVault/vaults', 'kv-aks'), resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), 'Key Vault Secrets User')]",
      "scope": "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
      "dependsOn": [
        "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
        "[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]"
      ],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), '2024-05-01').addonProfiles.azureKeyvaultSecretsProvider.identity.objectId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4633458b-17de-408a-b874-0445c86b69e6')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
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

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
    addonProfiles: { azureKeyvaultSecretsProvider: { enabled: true } }
    serviceMeshProfile: {
      mode: 'Istio'
      istio: {
        certificateAuthority: {
          plugin: {
            keyVaultId: vault.id
            rootCertObjectName: 'root-cert'
            certObjectName: 'ca-cert'
            keyObjectName: 'ca-key'
            certChainObjectName: 'cert-chain'
          }
        }
      }
    }
  }
}

resource readSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, cluster.id, 'Key Vault Secrets User')
  scope: vault
  properties: {
    principalId: cluster.properties.addonProfiles.azureKeyvaultSecretsProvider.identity.objectId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4633458b-17de-408a-b874-0445c86b69e6')
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

data "azurerm_client_config" "current" {}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_key_vault" "main" {
  name                       = "kv-aks"
  resource_group_name        = azurerm_resource_group.main.name
  location                   = azurerm_resource_group.main.location
  tenant_id                  = data.azurerm_client_config.current.tenant_id
  sku_name                   = "standard"
  rbac_authorization_enabled = true
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  key_vault_secrets_provider {
    secret_rotation_enabled = true
  }

  service_mesh_profile {
    mode      = "Istio"
    revisions = ["asm-1-24"]

    certificate_authority {
      key_vault_id           = azurerm_key_vault.main.id
      root_cert_object_name  = "root-cert"
      cert_object_name       = "ca-cert"
      key_object_name        = "ca-key"
      cert_chain_object_name = "cert-chain"
    }
  }
}

resource "azurerm_role_assignment" "secrets" {
  scope                = azurerm_key_vault.main.id
  role_definition_name = "Key Vault Secrets User"
  principal_id         = azurerm_kubernetes_cluster.main.key_vault_secrets_provider[0].secret_identity[0].object_id
}
```

## How to fix

Assign Key Vault Secrets User (`4633458b-17de-408a-b874-0445c86b69e6`) on the vault to `addonProfiles.azureKeyvaultSecretsProvider.identity.objectId` of the cluster (`key_vault_secrets_provider[0].secret_identity[0].object_id` in Terraform), or allow it `get` for
secrets in an access policy.

## Options

None.

## What it cannot see

Roles that a pipeline assigns once the cluster is there. A vault from elsewhere is worth a note.

## References

- <https://learn.microsoft.com/azure/aks/istio-plugin-ca>
"#,
    },
    Embedded {
        data: r#"{"families":["add-ons"],"id":"istio-ca-without-secrets-provider","languages":["arm","bicep","terraform"],"level":"warning","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters","resource_unless":{"equals":"true","path":"properties.addonProfiles.azureKeyvaultSecretsProvider.enabled"},"resource_when":{"present":"properties.serviceMeshProfile.istio.certificateAuthority.plugin.keyVaultId"},"scope":"properties.serviceMeshProfile.istio.certificateAuthority.plugin.rootCertObjectName"}],"breaks_at":"reconcile","confidence":"doc","id":"ADD-ISTIO-PROVIDER","message":{"do":["set `addonProfiles.azureKeyvaultSecretsProvider.enabled` to `true` (the block `key_vault_secrets_provider` in Terraform), and let its identity read the secrets of the vault"],"headline":"the service mesh of cluster {cluster} cannot read its certificate authority","why":"it takes the authority from a vault{place}, which only the secrets provider add-on reads for it, and that add-on is not on"},"sources":["https://learn.microsoft.com/azure/aks/istio-plugin-ca","https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/kubernetes_cluster"],"title":"A service mesh whose certificate authority lies in a vault needs the secrets provider add-on"}],"since":"0.1.0","title":"The service mesh takes its certificate authority from a vault without the add-on that reads it"}"#,
        page: r#"# istio-ca-without-secrets-provider

A service mesh takes its certificate authority from a vault, and the add-on that reads vaults is not on.

| | |
| --- | --- |
| Level | warning |
| Breaks | when AKS reconciles the cluster |
| Languages | ARM, Bicep, Terraform |
| Requirement | ADD-ISTIO-PROVIDER |
| Azure error prevented | none known |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

Looks at clusters whose Istio add-on takes its certificate authority from a vault, and whose secrets provider add-on (`addonProfiles.azureKeyvaultSecretsProvider`) is not on.

## Why it matters

The mesh reads certificate and key through the secrets provider, and has no other way.

## Avoid

### ARM

The secrets provider is not on.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.KeyVault/vaults",
      "apiVersion": "2023-07-01",
      "name": "kv-aks",
      "location": "westeurope",
      "properties": {
        "sku": { "family": "A", "name": "standard" },
        "tenantId": "[tenant().tenantId]",
        "enableRbacAuthorization": true
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "serviceMeshProfile": {
          "mode": "Istio",
          "istio": {
            "certificateAuthority": {
              "plugin": {
                "keyVaultId": "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
                "rootCertObjectName": "root-cert",
                "certObjectName": "ca-cert",
                "keyObjectName": "ca-key",
                "certChainObjectName": "cert-chain"
              }
            }
          }
        }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
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

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
    serviceMeshProfile: {
      mode: 'Istio'
      istio: {
        certificateAuthority: {
          plugin: {
            keyVaultId: vault.id
            rootCertObjectName: 'root-cert'
            certObjectName: 'ca-cert'
            keyObjectName: 'ca-key'
            certChainObjectName: 'cert-chain'
          }
        }
      }
    }
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

data "azurerm_client_config" "current" {}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_key_vault" "main" {
  name                       = "kv-aks"
  resource_group_name        = azurerm_resource_group.main.name
  location                   = azurerm_resource_group.main.location
  tenant_id                  = data.azurerm_client_config.current.tenant_id
  sku_name                   = "standard"
  rbac_authorization_enabled = true
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  service_mesh_profile {
    mode      = "Istio"
    revisions = ["asm-1-24"]

    certificate_authority {
      key_vault_id           = azurerm_key_vault.main.id
      root_cert_object_name  = "root-cert"
      cert_object_name       = "ca-cert"
      key_object_name        = "ca-key"
      cert_chain_object_name = "cert-chain"
    }
  }
}
```

## Prefer

### ARM

The secrets provider is on, and may read the vault.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.KeyVault/vaults",
      "apiVersion": "2023-07-01",
      "name": "kv-aks",
      "location": "westeurope",
      "properties": {
        "sku": { "family": "A", "name": "standard" },
        "tenantId": "[tenant().tenantId]",
        "enableRbacAuthorization": true
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "addonProfiles": { "azureKeyvaultSecretsProvider": { "enabled": true } },
        "serviceMeshProfile": {
          "mode": "Istio",
          "istio": {
            "certificateAuthority": {
              "plugin": {
                "keyVaultId": "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
                "rootCertObjectName": "root-cert",
                "certObjectName": "ca-cert",
                "keyObjectName": "ca-key",
                "certChainObjectName": "cert-chain"
              }
            }
          }
        }
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceId('Microsoft.KeyVault/vaults', 'kv-aks'), resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), 'Key Vault Secrets User')]",
      "scope": "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
      "dependsOn": [
        "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
        "[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]"
      ],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), '2024-05-01').addonProfiles.azureKeyvaultSecretsProvider.identity.objectId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4633458b-17de-408a-b874-0445c86b69e6')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
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

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
    addonProfiles: { azureKeyvaultSecretsProvider: { enabled: true } }
    serviceMeshProfile: {
      mode: 'Istio'
      istio: {
        certificateAuthority: {
          plugin: {
            keyVaultId: vault.id
            rootCertObjectName: 'root-cert'
            certObjectName: 'ca-cert'
            keyObjectName: 'ca-key'
            certChainObjectName: 'cert-chain'
          }
        }
      }
    }
  }
}

resource readSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, cluster.id, 'Key Vault Secrets User')
  scope: vault
  properties: {
    principalId: cluster.properties.addonProfiles.azureKeyvaultSecretsProvider.identity.objectId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4633458b-17de-408a-b874-0445c86b69e6')
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

data "azurerm_client_config" "current" {}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_key_vault" "main" {
  name                       = "kv-aks"
  resource_group_name        = azurerm_resource_group.main.name
  location                   = azurerm_resource_group.main.location
  tenant_id                  = data.azurerm_client_config.current.tenant_id
  sku_name                   = "standard"
  rbac_authorization_enabled = true
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  key_vault_secrets_provider {
    secret_rotation_enabled = true
  }

  service_mesh_profile {
    mode      = "Istio"
    revisions = ["asm-1-24"]

    certificate_authority {
      key_vault_id           = azurerm_key_vault.main.id
      root_cert_object_name  = "root-cert"
      cert_object_name       = "ca-cert"
      key_object_name        = "ca-key"
      cert_chain_object_name = "cert-chain"
    }
  }
}

resource "azurerm_role_assignment" "secrets" {
  scope                = azurerm_key_vault.main.id
  role_definition_name = "Key Vault Secrets User"
  principal_id         = azurerm_kubernetes_cluster.main.key_vault_secrets_provider[0].secret_identity[0].object_id
}
```

## How to fix

Turn the secrets provider on, and let its identity read the secrets of the vault.

## Options

None.

## What it cannot see

An add-on that is turned on later, by another deployment.

## References

- <https://learn.microsoft.com/azure/aks/istio-plugin-ca>
"#,
    },
    Embedded {
        data: r#"{"families":["KMS"],"found_by":"places","id":"kms-key-without-role","languages":["arm","bicep","terraform"],"level":"error","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters","resource_when":{"all":[{"equals":"true","path":"properties.securityProfile.azureKeyVaultKms.enabled"},{"equals":"Enabled","path":"properties.securityProfile.kubernetesResourceObjectEncryptionProfile.infrastructureEncryption"}]},"scope":"properties.securityProfile.azureKeyVaultKms.keyId"}],"breaks_at":"reconcile","confidence":"doc","id":"KMS-V2-CMK","message":{"do":["assign {role} to {principal} on the vault, and let the cluster depend on that assignment; roles that only wrap and unwrap keys are not enough"],"headline":"{principal} may not encrypt and decrypt with the key {scope}","why":"cluster {cluster} encrypts the resources of its API server with that key{place}; the API server does not start without it"},"need":{"actions":[],"before_cluster":"required","data_actions":["Microsoft.KeyVault/vaults/keys/encrypt/action","Microsoft.KeyVault/vaults/keys/decrypt/action"],"identity":"control-plane","identity_kinds":["user-assigned","service-principal"],"least_role":{"id":"12338af0-0e69-4776-bea7-57ae8d297424","name":"Key Vault Crypto User"},"other_roles":[{"id":"14b46e9e-c2b7-41b4-b07b-48a6ebf60603","name":"Key Vault Crypto Officer"},{"id":"00482a5a-887f-4fb3-b363-3b7fe8e74483","name":"Key Vault Administrator"}],"owner":"whoever owns the key vault","scope_type":"Microsoft.KeyVault/vaults/keys"},"sources":["https://learn.microsoft.com/azure/aks/kms-data-encryption","https://learn.microsoft.com/azure/aks/kms-data-encryption-concepts"],"title":"The control plane identity needs to encrypt and decrypt with the key that all resources of the cluster are encrypted with"},{"at":[{"resource":"Microsoft.ContainerService/managedClusters","resource_when":{"equals":"true","path":"properties.securityProfile.azureKeyVaultKms.enabled"},"scope":"properties.securityProfile.azureKeyVaultKms.keyId"}],"azure":[{"code":"AzureKeyVaultKmsValidateIdentityPermissionCustomerError","says":"the identity has no permission to encrypt and decrypt with keys of the vault"}],"breaks_at":"create","confidence":"doc","id":"KMS-CRYPTO-USER","message":{"do":["assign {role} to {principal} on the vault, and let the cluster depend on that assignment; roles that only wrap and unwrap keys are not enough"],"headline":"{principal} may not encrypt and decrypt with the key {scope}","why":"cluster {cluster} encrypts its secrets with that key{place}; AKS tries it before it creates the cluster, but with a private vault, where the API server fails instead"},"need":{"actions":[],"before_cluster":"required","data_actions":["Microsoft.KeyVault/vaults/keys/encrypt/action","Microsoft.KeyVault/vaults/keys/decrypt/action"],"identity":"control-plane","identity_kinds":["user-assigned","service-principal"],"least_role":{"id":"12338af0-0e69-4776-bea7-57ae8d297424","name":"Key Vault Crypto User"},"other_roles":[{"id":"14b46e9e-c2b7-41b4-b07b-48a6ebf60603","name":"Key Vault Crypto Officer"},{"id":"00482a5a-887f-4fb3-b363-3b7fe8e74483","name":"Key Vault Administrator"}],"owner":"whoever owns the key vault","scope_type":"Microsoft.KeyVault/vaults/keys"},"sources":["https://learn.microsoft.com/azure/aks/use-kms-etcd-encryption"],"title":"The control plane identity needs to encrypt and decrypt with the key of the cluster's secrets"},{"at":[{"resource":"Microsoft.KeyVault/vaults","resource_unless":{"equals":"true","path":"properties.enableRbacAuthorization"}}],"azure":[{"code":"AzureKeyVaultKmsValidateIdentityPermissionCustomerError","says":"the identity has no permission to encrypt and decrypt with keys of the vault"}],"breaks_at":"create","confidence":"doc","id":"KMS-ACCESS-POLICY","message":{"do":["allow {principal} `encrypt` and `decrypt` for keys in an access policy of the vault, and let the cluster depend on it"],"headline":"{principal} may not encrypt and decrypt with the key {scope}","why":"cluster {cluster} encrypts its secrets with that key{place}, and its vault decides by access policies, so roles count for nothing on it; AKS tries the key before it creates the cluster"},"need":{"actions":[],"before_cluster":"required","data_actions":["Microsoft.KeyVault/vaults/keys/encrypt/action","Microsoft.KeyVault/vaults/keys/decrypt/action"],"identity":"control-plane","identity_kinds":["user-assigned","service-principal"],"least_role":{"id":"12338af0-0e69-4776-bea7-57ae8d297424","name":"Key Vault Crypto User"},"other_roles":[{"id":"14b46e9e-c2b7-41b4-b07b-48a6ebf60603","name":"Key Vault Crypto Officer"},{"id":"00482a5a-887f-4fb3-b363-3b7fe8e74483","name":"Key Vault Administrator"}],"owner":"whoever owns the key vault","scope_type":"Microsoft.KeyVault/vaults/keys"},"sources":["https://learn.microsoft.com/azure/aks/use-kms-etcd-encryption"],"title":"The control plane identity needs an access policy with encrypt and decrypt on a vault that decides by access policies"}],"since":"0.1.0","title":"The control plane may not encrypt and decrypt with the key of the cluster's secrets"}"#,
        page: r#"# kms-key-without-role

The identity of the control plane may not encrypt and decrypt with the key that the cluster's secrets are encrypted with.

| | |
| --- | --- |
| Level | error (a warning with a private vault, and for the newer encryption) |
| Breaks | at creation; when AKS reconciles the cluster for the newer encryption |
| Languages | ARM, Bicep, Terraform |
| Requirements | KMS-CRYPTO-USER, KMS-ACCESS-POLICY, KMS-V2-CMK |
| Azure error prevented | `AzureKeyVaultKmsValidateIdentityPermissionCustomerError` |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

Looks at clusters that encrypt with a key of Key Vault (`securityProfile.azureKeyVaultKms`), follows the key's address to its vault, and asks whether the identity that
the cluster runs as may `encrypt` and `decrypt` with the key. On a vault with `enableRbacAuthorization` roles count, on any other its access policies, each for
nothing on the other kind. With `infrastructureEncryption` (the newer encryption) the same is asked.

## Why it matters

AKS tries the key before it creates the cluster, and refuses it. With a private vault it cannot try, and the API server fails instead. The usual slip is
Key Vault Crypto Service Encryption User, which has the right name and only wraps and unwraps keys; the others are a role on a vault that decides by access policies, and
Contributor, which manages a vault and may not use its keys.

## Avoid

### ARM

A role that only wraps and unwraps.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.KeyVault/vaults",
      "apiVersion": "2023-07-01",
      "name": "kv-aks",
      "location": "westeurope",
      "properties": {
        "sku": { "family": "A", "name": "standard" },
        "tenantId": "[tenant().tenantId]",
        "enableRbacAuthorization": true
      }
    },
    {
      "type": "Microsoft.KeyVault/vaults/keys",
      "apiVersion": "2023-07-01",
      "name": "kv-aks/kms",
      "dependsOn": ["[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]"],
      "properties": { "kty": "RSA", "keySize": 2048, "keyOps": ["encrypt", "decrypt"] }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceId('Microsoft.KeyVault/vaults', 'kv-aks'), resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), 'Key Vault Crypto Service Encryption User')]",
      "scope": "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
      "dependsOn": [
        "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'e147488a-f6f5-4113-8e2d-b22465e65bf6')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[extensionResourceId(resourceId('Microsoft.KeyVault/vaults', 'kv-aks'), 'Microsoft.Authorization/roleAssignments', guid(resourceId('Microsoft.KeyVault/vaults', 'kv-aks'), resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), 'Key Vault Crypto Service Encryption User'))]",
        "[resourceId('Microsoft.KeyVault/vaults/keys', 'kv-aks', 'kms')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "securityProfile": {
          "azureKeyVaultKms": {
            "enabled": true,
            "keyId": "[reference(resourceId('Microsoft.KeyVault/vaults/keys', 'kv-aks', 'kms'), '2023-07-01').keyUriWithVersion]"
          }
        }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
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
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
    securityProfile: { azureKeyVaultKms: { enabled: true, keyId: key.properties.keyUriWithVersion } }
  }
  dependsOn: [useKey]
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

data "azurerm_client_config" "current" {}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_key_vault" "main" {
  name                       = "kv-aks"
  resource_group_name        = azurerm_resource_group.main.name
  location                   = azurerm_resource_group.main.location
  tenant_id                  = data.azurerm_client_config.current.tenant_id
  sku_name                   = "standard"
  rbac_authorization_enabled = true
}

resource "azurerm_key_vault_key" "main" {
  name         = "kms"
  key_vault_id = azurerm_key_vault.main.id
  key_type     = "RSA"
  key_size     = 2048
  key_opts     = ["encrypt", "decrypt"]
}

resource "azurerm_role_assignment" "use_key" {
  scope                = azurerm_key_vault.main.id
  role_definition_name = "Key Vault Crypto Service Encryption User"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  key_management_service {
    key_vault_key_id = azurerm_key_vault_key.main.id
  }

  depends_on = [azurerm_role_assignment.use_key]
}
```

## Prefer

### ARM

The control plane identity is Key Vault Crypto User on the vault.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.KeyVault/vaults",
      "apiVersion": "2023-07-01",
      "name": "kv-aks",
      "location": "westeurope",
      "properties": {
        "sku": { "family": "A", "name": "standard" },
        "tenantId": "[tenant().tenantId]",
        "enableRbacAuthorization": true
      }
    },
    {
      "type": "Microsoft.KeyVault/vaults/keys",
      "apiVersion": "2023-07-01",
      "name": "kv-aks/kms",
      "dependsOn": ["[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]"],
      "properties": { "kty": "RSA", "keySize": 2048, "keyOps": ["encrypt", "decrypt"] }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceId('Microsoft.KeyVault/vaults', 'kv-aks'), resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), 'Key Vault Crypto User')]",
      "scope": "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
      "dependsOn": [
        "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '12338af0-0e69-4776-bea7-57ae8d297424')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[extensionResourceId(resourceId('Microsoft.KeyVault/vaults', 'kv-aks'), 'Microsoft.Authorization/roleAssignments', guid(resourceId('Microsoft.KeyVault/vaults', 'kv-aks'), resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), 'Key Vault Crypto User'))]",
        "[resourceId('Microsoft.KeyVault/vaults/keys', 'kv-aks', 'kms')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "securityProfile": {
          "azureKeyVaultKms": {
            "enabled": true,
            "keyId": "[reference(resourceId('Microsoft.KeyVault/vaults/keys', 'kv-aks', 'kms'), '2023-07-01').keyUriWithVersion]"
          }
        }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
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

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
    securityProfile: { azureKeyVaultKms: { enabled: true, keyId: key.properties.keyUriWithVersion } }
  }
  dependsOn: [useKey]
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

data "azurerm_client_config" "current" {}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_key_vault" "main" {
  name                       = "kv-aks"
  resource_group_name        = azurerm_resource_group.main.name
  location                   = azurerm_resource_group.main.location
  tenant_id                  = data.azurerm_client_config.current.tenant_id
  sku_name                   = "standard"
  rbac_authorization_enabled = true
}

resource "azurerm_key_vault_key" "main" {
  name         = "kms"
  key_vault_id = azurerm_key_vault.main.id
  key_type     = "RSA"
  key_size     = 2048
  key_opts     = ["encrypt", "decrypt"]
}

resource "azurerm_role_assignment" "use_key" {
  scope                = azurerm_key_vault.main.id
  role_definition_name = "Key Vault Crypto User"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  key_management_service {
    key_vault_key_id = azurerm_key_vault_key.main.id
  }

  depends_on = [azurerm_role_assignment.use_key]
}
```

## How to fix

Assign Key Vault Crypto User (`12338af0-0e69-4776-bea7-57ae8d297424`) on the vault to the identity that the cluster runs as, or, where the vault decides by access
policies, allow it `encrypt` and `decrypt` for keys. Let the cluster depend on it.

## Options

None.

## What it cannot see

Vaults that the deployment does not make are worth a note. The second role of the newer encryption (Key Vault Contributor in one place of the documentation, Key Vault Reader in
another) is not asked for.

## References

- <https://learn.microsoft.com/azure/aks/use-kms-etcd-encryption>
- <https://learn.microsoft.com/azure/aks/kms-data-encryption>
- <https://learn.microsoft.com/azure/key-vault/general/rbac-guide>
"#,
    },
    Embedded {
        data: r#"{"families":["KMS"],"found_by":"check","id":"kms-private-vault-incomplete","languages":["arm","bicep","terraform"],"level":"error","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters","resource_unless":{"present":"properties.securityProfile.azureKeyVaultKms.keyVaultResourceId"},"resource_when":{"all":[{"equals":"true","path":"properties.securityProfile.azureKeyVaultKms.enabled"},{"equals":"Private","path":"properties.securityProfile.azureKeyVaultKms.keyVaultNetworkAccess"}]},"scope":"properties.securityProfile.azureKeyVaultKms.keyId"}],"azure":[{"code":"BadRequest","says":"the id of the vault is empty although its network access is Private"}],"breaks_at":"create","confidence":"issue","id":"KMS-PRIVATE-VAULT-ID","message":{"do":["set `securityProfile.azureKeyVaultKms.keyVaultResourceId` to the id of the vault"],"headline":"cluster {cluster} does not say which vault it reaches over the network","why":"it names a key{place} and reaches it with `keyVaultNetworkAccess` `Private`; AKS then wants the id of the vault, to which it makes a private endpoint"},"sources":["https://learn.microsoft.com/azure/aks/use-kms-etcd-encryption"],"title":"A private vault must be named by its id"},{"at":[{"resource":"Microsoft.ContainerService/managedClusters","resource_unless":{"any":[{"equals":"true","path":"properties.apiServerAccessProfile.enableVnetIntegration"},{"equals":"Enabled","path":"properties.securityProfile.kubernetesResourceObjectEncryptionProfile.infrastructureEncryption"}]},"resource_when":{"all":[{"equals":"true","path":"properties.securityProfile.azureKeyVaultKms.enabled"},{"equals":"Private","path":"properties.securityProfile.azureKeyVaultKms.keyVaultNetworkAccess"}]},"scope":"properties.securityProfile.azureKeyVaultKms.keyVaultNetworkAccess"}],"breaks_at":"reconcile","confidence":"doc","id":"KMS-PRIVATE-VNETINT","message":{"do":["set `apiServerAccessProfile.enableVnetIntegration` to `true` (`virtual_network_integration_enabled` in Terraform)","or use a public vault"],"headline":"the API server of cluster {cluster} cannot reach the private vault of its key","why":"`keyVaultNetworkAccess` is `Private`{place}, and since September 2024 only an API server in the cluster's own network reaches a private vault"},"sources":["https://learn.microsoft.com/azure/aks/use-kms-etcd-encryption#limitations"],"title":"A private vault needs an API server in the cluster's network"}],"since":"0.1.0","title":"A cluster reaches the vault of its key over the network, without all that this takes"}"#,
        page: r#"# kms-private-vault-incomplete

A cluster reaches the vault of its key over the network, and lacks what that takes: the vault's id, or an API server in its own network.

| | |
| --- | --- |
| Level | error (a warning for the network) |
| Breaks | at creation; when AKS reconciles the cluster for the network |
| Languages | ARM, Bicep, Terraform |
| Requirements | KMS-PRIVATE-VNETINT, KMS-PRIVATE-VAULT-ID |
| Azure error prevented | `BadRequest` |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

Looks at clusters with `keyVaultNetworkAccess` `Private`. They must name the vault by its id (`keyVaultResourceId`; Terraform's provider finds it by itself), and put the API
server into their own network (`apiServerAccessProfile.enableVnetIntegration`).

## Why it matters

AKS makes a private endpoint to the vault, and refuses a cluster that does not say to which. The tunnel by which other API servers reached private vaults is closed to subscriptions that did
not use it before September 2024.

## Avoid

### ARM

The API server is not in the cluster's network.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.KeyVault/vaults",
      "apiVersion": "2023-07-01",
      "name": "kv-aks",
      "location": "westeurope",
      "properties": {
        "sku": { "family": "A", "name": "standard" },
        "tenantId": "[tenant().tenantId]",
        "enableRbacAuthorization": true
      }
    },
    {
      "type": "Microsoft.KeyVault/vaults/keys",
      "apiVersion": "2023-07-01",
      "name": "kv-aks/kms",
      "dependsOn": ["[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]"],
      "properties": { "kty": "RSA", "keySize": 2048, "keyOps": ["encrypt", "decrypt"] }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceId('Microsoft.KeyVault/vaults', 'kv-aks'), resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), 'Key Vault Crypto User')]",
      "scope": "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
      "dependsOn": [
        "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '12338af0-0e69-4776-bea7-57ae8d297424')]"
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceId('Microsoft.KeyVault/vaults', 'kv-aks'), resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), 'Key Vault Contributor')]",
      "scope": "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
      "dependsOn": [
        "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'f25e0fa2-a7c8-4377-a976-54943a77a395')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[extensionResourceId(resourceId('Microsoft.KeyVault/vaults', 'kv-aks'), 'Microsoft.Authorization/roleAssignments', guid(resourceId('Microsoft.KeyVault/vaults', 'kv-aks'), resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), 'Key Vault Crypto User'))]",
        "[extensionResourceId(resourceId('Microsoft.KeyVault/vaults', 'kv-aks'), 'Microsoft.Authorization/roleAssignments', guid(resourceId('Microsoft.KeyVault/vaults', 'kv-aks'), resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), 'Key Vault Contributor'))]",
        "[resourceId('Microsoft.KeyVault/vaults/keys', 'kv-aks', 'kms')]",
        "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "securityProfile": {
          "azureKeyVaultKms": {
            "enabled": true,
            "keyId": "[reference(resourceId('Microsoft.KeyVault/vaults/keys', 'kv-aks', 'kms'), '2023-07-01').keyUriWithVersion]",
            "keyVaultNetworkAccess": "Private",
            "keyVaultResourceId": "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]"
          }
        }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
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
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

data "azurerm_client_config" "current" {}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_key_vault" "main" {
  name                       = "kv-aks"
  resource_group_name        = azurerm_resource_group.main.name
  location                   = azurerm_resource_group.main.location
  tenant_id                  = data.azurerm_client_config.current.tenant_id
  sku_name                   = "standard"
  rbac_authorization_enabled = true
}

resource "azurerm_key_vault_key" "main" {
  name         = "kms"
  key_vault_id = azurerm_key_vault.main.id
  key_type     = "RSA"
  key_size     = 2048
  key_opts     = ["encrypt", "decrypt"]
}

resource "azurerm_role_assignment" "use_key" {
  scope                = azurerm_key_vault.main.id
  role_definition_name = "Key Vault Crypto User"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_role_assignment" "approve" {
  scope                = azurerm_key_vault.main.id
  role_definition_name = "Key Vault Contributor"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  key_management_service {
    key_vault_key_id         = azurerm_key_vault_key.main.id
    key_vault_network_access = "Private"
  }

  depends_on = [azurerm_role_assignment.use_key, azurerm_role_assignment.approve]
}
```

## Prefer

### ARM

The API server is in the cluster's network.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.KeyVault/vaults",
      "apiVersion": "2023-07-01",
      "name": "kv-aks",
      "location": "westeurope",
      "properties": {
        "sku": { "family": "A", "name": "standard" },
        "tenantId": "[tenant().tenantId]",
        "enableRbacAuthorization": true
      }
    },
    {
      "type": "Microsoft.KeyVault/vaults/keys",
      "apiVersion": "2023-07-01",
      "name": "kv-aks/kms",
      "dependsOn": ["[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]"],
      "properties": { "kty": "RSA", "keySize": 2048, "keyOps": ["encrypt", "decrypt"] }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceId('Microsoft.KeyVault/vaults', 'kv-aks'), resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), 'Key Vault Crypto User')]",
      "scope": "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
      "dependsOn": [
        "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '12338af0-0e69-4776-bea7-57ae8d297424')]"
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceId('Microsoft.KeyVault/vaults', 'kv-aks'), resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), 'Key Vault Contributor')]",
      "scope": "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
      "dependsOn": [
        "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'f25e0fa2-a7c8-4377-a976-54943a77a395')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[extensionResourceId(resourceId('Microsoft.KeyVault/vaults', 'kv-aks'), 'Microsoft.Authorization/roleAssignments', guid(resourceId('Microsoft.KeyVault/vaults', 'kv-aks'), resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), 'Key Vault Crypto User'))]",
        "[extensionResourceId(resourceId('Microsoft.KeyVault/vaults', 'kv-aks'), 'Microsoft.Authorization/roleAssignments', guid(resourceId('Microsoft.KeyVault/vaults', 'kv-aks'), resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), 'Key Vault Contributor'))]",
        "[resourceId('Microsoft.KeyVault/vaults/keys', 'kv-aks', 'kms')]",
        "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "securityProfile": {
          "azureKeyVaultKms": {
            "enabled": true,
            "keyId": "[reference(resourceId('Microsoft.KeyVault/vaults/keys', 'kv-aks', 'kms'), '2023-07-01').keyUriWithVersion]",
            "keyVaultNetworkAccess": "Private",
            "keyVaultResourceId": "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]"
          }
        },
        "apiServerAccessProfile": { "enableVnetIntegration": true }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
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
    apiServerAccessProfile: { enableVnetIntegration: true }
  }
  dependsOn: [useKey, approve]
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

data "azurerm_client_config" "current" {}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_key_vault" "main" {
  name                       = "kv-aks"
  resource_group_name        = azurerm_resource_group.main.name
  location                   = azurerm_resource_group.main.location
  tenant_id                  = data.azurerm_client_config.current.tenant_id
  sku_name                   = "standard"
  rbac_authorization_enabled = true
}

resource "azurerm_key_vault_key" "main" {
  name         = "kms"
  key_vault_id = azurerm_key_vault.main.id
  key_type     = "RSA"
  key_size     = 2048
  key_opts     = ["encrypt", "decrypt"]
}

resource "azurerm_role_assignment" "use_key" {
  scope                = azurerm_key_vault.main.id
  role_definition_name = "Key Vault Crypto User"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_role_assignment" "approve" {
  scope                = azurerm_key_vault.main.id
  role_definition_name = "Key Vault Contributor"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  key_management_service {
    key_vault_key_id         = azurerm_key_vault_key.main.id
    key_vault_network_access = "Private"
  }

  api_server_access_profile {
    virtual_network_integration_enabled = true
  }

  depends_on = [azurerm_role_assignment.use_key, azurerm_role_assignment.approve]
}
```

## How to fix

Set `keyVaultResourceId` to the id of the vault, and `enableVnetIntegration` to `true`, with a subnet where the cluster brings its network.

## Options

None.

## What it cannot see

Whether a subscription still may use the tunnel.

## References

- <https://learn.microsoft.com/azure/aks/use-kms-etcd-encryption>
- <https://learn.microsoft.com/azure/aks/api-server-vnet-integration>
"#,
    },
    Embedded {
        data: r#"{"families":["KMS"],"found_by":"places","id":"kms-private-vault-without-role","languages":["arm","bicep","terraform"],"level":"error","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters","resource_unless":{"equals":"Enabled","path":"properties.securityProfile.kubernetesResourceObjectEncryptionProfile.infrastructureEncryption"},"resource_when":{"all":[{"equals":"true","path":"properties.securityProfile.azureKeyVaultKms.enabled"},{"equals":"Private","path":"properties.securityProfile.azureKeyVaultKms.keyVaultNetworkAccess"}]},"scope":"properties.securityProfile.azureKeyVaultKms.keyId"}],"azure":[{"code":"LinkedAuthorizationFailed","says":"the client may write private endpoints but may not approve connections to the vault"}],"breaks_at":"create","confidence":"doc","id":"KMS-PRIVATE","message":{"do":["assign {role} to {principal} on {scope}, and let the cluster depend on that assignment"],"headline":"{principal} may not approve the private link to the vault {scope}","why":"cluster {cluster} reaches the vault of its key over the network{place}, and AKS makes the private endpoint in the name of the control plane"},"need":{"actions":["Microsoft.KeyVault/vaults/read","Microsoft.KeyVault/vaults/privateEndpointConnectionsApproval/action"],"before_cluster":"required","identity":"control-plane","identity_kinds":["user-assigned","service-principal"],"least_role":{"id":"f25e0fa2-a7c8-4377-a976-54943a77a395","name":"Key Vault Contributor"},"lesser_actions":["Microsoft.KeyVault/vaults/read"],"other_roles":[{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the key vault","scope_type":"Microsoft.KeyVault/vaults"},"sources":["https://learn.microsoft.com/azure/aks/use-kms-etcd-encryption"],"title":"The control plane identity needs to approve the private link to a vault that is reached over the network"}],"since":"0.1.0","title":"The control plane may not approve the private link to the vault of the cluster's key"}"#,
        page: r#"# kms-private-vault-without-role

The identity of the control plane may not approve the private link to the vault that holds the cluster's key.

| | |
| --- | --- |
| Level | error (a warning where only reading the vault is missing) |
| Breaks | at creation |
| Languages | ARM, Bicep, Terraform |
| Requirement | KMS-PRIVATE |
| Azure error prevented | `LinkedAuthorizationFailed` |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

Looks at clusters that reach the vault of their key over the network (`keyVaultNetworkAccess` `Private`), and asks whether the identity that the cluster runs as may approve
private endpoint connections to it: `vaults/privateEndpointConnectionsApproval/action`. Crypto roles do not include that.

## Why it matters

AKS makes a private endpoint from the API server to the vault in the name of the control plane. Without the right to approve it the cluster is not created.

## Avoid

### ARM

The identity may use the key, and not approve the link to its vault.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.KeyVault/vaults",
      "apiVersion": "2023-07-01",
      "name": "kv-aks",
      "location": "westeurope",
      "properties": {
        "sku": { "family": "A", "name": "standard" },
        "tenantId": "[tenant().tenantId]",
        "enableRbacAuthorization": true
      }
    },
    {
      "type": "Microsoft.KeyVault/vaults/keys",
      "apiVersion": "2023-07-01",
      "name": "kv-aks/kms",
      "dependsOn": ["[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]"],
      "properties": { "kty": "RSA", "keySize": 2048, "keyOps": ["encrypt", "decrypt"] }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceId('Microsoft.KeyVault/vaults', 'kv-aks'), resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), 'Key Vault Crypto User')]",
      "scope": "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
      "dependsOn": [
        "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '12338af0-0e69-4776-bea7-57ae8d297424')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[extensionResourceId(resourceId('Microsoft.KeyVault/vaults', 'kv-aks'), 'Microsoft.Authorization/roleAssignments', guid(resourceId('Microsoft.KeyVault/vaults', 'kv-aks'), resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), 'Key Vault Crypto User'))]",
        "[resourceId('Microsoft.KeyVault/vaults/keys', 'kv-aks', 'kms')]",
        "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "securityProfile": {
          "azureKeyVaultKms": {
            "enabled": true,
            "keyId": "[reference(resourceId('Microsoft.KeyVault/vaults/keys', 'kv-aks', 'kms'), '2023-07-01').keyUriWithVersion]",
            "keyVaultNetworkAccess": "Private",
            "keyVaultResourceId": "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]"
          }
        },
        "apiServerAccessProfile": { "enableVnetIntegration": true }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
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

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
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
    apiServerAccessProfile: { enableVnetIntegration: true }
  }
  dependsOn: [useKey]
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

data "azurerm_client_config" "current" {}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_key_vault" "main" {
  name                       = "kv-aks"
  resource_group_name        = azurerm_resource_group.main.name
  location                   = azurerm_resource_group.main.location
  tenant_id                  = data.azurerm_client_config.current.tenant_id
  sku_name                   = "standard"
  rbac_authorization_enabled = true
}

resource "azurerm_key_vault_key" "main" {
  name         = "kms"
  key_vault_id = azurerm_key_vault.main.id
  key_type     = "RSA"
  key_size     = 2048
  key_opts     = ["encrypt", "decrypt"]
}

resource "azurerm_role_assignment" "use_key" {
  scope                = azurerm_key_vault.main.id
  role_definition_name = "Key Vault Crypto User"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  key_management_service {
    key_vault_key_id         = azurerm_key_vault_key.main.id
    key_vault_network_access = "Private"
  }

  api_server_access_profile {
    virtual_network_integration_enabled = true
  }

  depends_on = [azurerm_role_assignment.use_key]
}
```

## Prefer

### ARM

It is Key Vault Contributor on the vault as well.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.KeyVault/vaults",
      "apiVersion": "2023-07-01",
      "name": "kv-aks",
      "location": "westeurope",
      "properties": {
        "sku": { "family": "A", "name": "standard" },
        "tenantId": "[tenant().tenantId]",
        "enableRbacAuthorization": true
      }
    },
    {
      "type": "Microsoft.KeyVault/vaults/keys",
      "apiVersion": "2023-07-01",
      "name": "kv-aks/kms",
      "dependsOn": ["[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]"],
      "properties": { "kty": "RSA", "keySize": 2048, "keyOps": ["encrypt", "decrypt"] }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceId('Microsoft.KeyVault/vaults', 'kv-aks'), resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), 'Key Vault Crypto User')]",
      "scope": "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
      "dependsOn": [
        "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '12338af0-0e69-4776-bea7-57ae8d297424')]"
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceId('Microsoft.KeyVault/vaults', 'kv-aks'), resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), 'Key Vault Contributor')]",
      "scope": "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
      "dependsOn": [
        "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'f25e0fa2-a7c8-4377-a976-54943a77a395')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[extensionResourceId(resourceId('Microsoft.KeyVault/vaults', 'kv-aks'), 'Microsoft.Authorization/roleAssignments', guid(resourceId('Microsoft.KeyVault/vaults', 'kv-aks'), resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), 'Key Vault Crypto User'))]",
        "[extensionResourceId(resourceId('Microsoft.KeyVault/vaults', 'kv-aks'), 'Microsoft.Authorization/roleAssignments', guid(resourceId('Microsoft.KeyVault/vaults', 'kv-aks'), resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), 'Key Vault Contributor'))]",
        "[resourceId('Microsoft.KeyVault/vaults/keys', 'kv-aks', 'kms')]",
        "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "securityProfile": {
          "azureKeyVaultKms": {
            "enabled": true,
            "keyId": "[reference(resourceId('Microsoft.KeyVault/vaults/keys', 'kv-aks', 'kms'), '2023-07-01').keyUriWithVersion]",
            "keyVaultNetworkAccess": "Private",
            "keyVaultResourceId": "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]"
          }
        },
        "apiServerAccessProfile": { "enableVnetIntegration": true }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
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
    apiServerAccessProfile: { enableVnetIntegration: true }
  }
  dependsOn: [useKey, approve]
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

data "azurerm_client_config" "current" {}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_key_vault" "main" {
  name                       = "kv-aks"
  resource_group_name        = azurerm_resource_group.main.name
  location                   = azurerm_resource_group.main.location
  tenant_id                  = data.azurerm_client_config.current.tenant_id
  sku_name                   = "standard"
  rbac_authorization_enabled = true
}

resource "azurerm_key_vault_key" "main" {
  name         = "kms"
  key_vault_id = azurerm_key_vault.main.id
  key_type     = "RSA"
  key_size     = 2048
  key_opts     = ["encrypt", "decrypt"]
}

resource "azurerm_role_assignment" "use_key" {
  scope                = azurerm_key_vault.main.id
  role_definition_name = "Key Vault Crypto User"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_role_assignment" "approve" {
  scope                = azurerm_key_vault.main.id
  role_definition_name = "Key Vault Contributor"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  key_management_service {
    key_vault_key_id         = azurerm_key_vault_key.main.id
    key_vault_network_access = "Private"
  }

  api_server_access_profile {
    virtual_network_integration_enabled = true
  }

  depends_on = [azurerm_role_assignment.use_key, azurerm_role_assignment.approve]
}
```

## How to fix

Assign Key Vault Contributor (`f25e0fa2-a7c8-4377-a976-54943a77a395`) on the vault to the identity that the cluster runs as, beside Key Vault Crypto User, and let the
cluster depend on both.

## Options

None.

## What it cannot see

Vaults that the deployment does not make are worth a note.

## References

- <https://learn.microsoft.com/azure/aks/use-kms-etcd-encryption>
"#,
    },
    Embedded {
        data: r#"{"families":["KMS"],"found_by":"check","id":"kms-vault-firewall","languages":["arm","bicep","terraform"],"level":"warning","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters","resource_unless":{"any":[{"equals":"Private","path":"properties.securityProfile.azureKeyVaultKms.keyVaultNetworkAccess"},{"equals":"Enabled","path":"properties.securityProfile.kubernetesResourceObjectEncryptionProfile.infrastructureEncryption"}]},"resource_when":{"equals":"true","path":"properties.securityProfile.azureKeyVaultKms.enabled"},"scope":"properties.securityProfile.azureKeyVaultKms.keyId"}],"breaks_at":"reconcile","confidence":"doc","id":"KMS-TENANT","message":{"do":["set `networkAcls.defaultAction` of the vault to `Allow`","or reach it over the network: `keyVaultNetworkAccess` `Private` and an API server in the cluster's own network"],"headline":"the firewall of the vault {scope} shuts out cluster {cluster}","why":"the cluster encrypts its secrets with a key of that vault, reached as a public one, and the vault lets in selected networks alone{place}; the plug-in that reads the key is in none of them"},"sources":["https://learn.microsoft.com/azure/aks/use-kms-etcd-encryption#limitations"],"title":"A vault whose firewall lets in selected networks alone cannot hold the key of a cluster"}],"since":"0.1.0","title":"The firewall of the vault shuts out the cluster that its key is for"}"#,
        page: r#"# kms-vault-firewall

The firewall of the vault that holds the key of a cluster lets in selected networks alone, and so shuts out the cluster.

| | |
| --- | --- |
| Level | warning |
| Breaks | when AKS reconciles the cluster |
| Languages | ARM, Bicep, Terraform |
| Requirement | KMS-TENANT |
| Azure error prevented | none known |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

Looks at the vaults of the keys that clusters encrypt their secrets with, where they are reached as public ones, and the deployment makes them: `networkAcls.defaultAction`
must not be `Deny`.

## Why it matters

The plug-in that reads the key stands beside the API server, outside of all networks that a firewall can name. Documentation says that a vault with public access from
selected networks is not supported.

## Avoid

### ARM

The vault lets in selected networks.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.KeyVault/vaults",
      "apiVersion": "2023-07-01",
      "name": "kv-aks",
      "location": "westeurope",
      "properties": {
        "sku": { "family": "A", "name": "standard" },
        "tenantId": "[tenant().tenantId]",
        "enableRbacAuthorization": true,
        "networkAcls": { "bypass": "AzureServices", "defaultAction": "Deny" }
      }
    },
    {
      "type": "Microsoft.KeyVault/vaults/keys",
      "apiVersion": "2023-07-01",
      "name": "kv-aks/kms",
      "dependsOn": ["[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]"],
      "properties": { "kty": "RSA", "keySize": 2048, "keyOps": ["encrypt", "decrypt"] }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceId('Microsoft.KeyVault/vaults', 'kv-aks'), resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), 'Key Vault Crypto User')]",
      "scope": "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
      "dependsOn": [
        "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '12338af0-0e69-4776-bea7-57ae8d297424')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[extensionResourceId(resourceId('Microsoft.KeyVault/vaults', 'kv-aks'), 'Microsoft.Authorization/roleAssignments', guid(resourceId('Microsoft.KeyVault/vaults', 'kv-aks'), resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), 'Key Vault Crypto User'))]",
        "[resourceId('Microsoft.KeyVault/vaults/keys', 'kv-aks', 'kms')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "securityProfile": {
          "azureKeyVaultKms": {
            "enabled": true,
            "keyId": "[reference(resourceId('Microsoft.KeyVault/vaults/keys', 'kv-aks', 'kms'), '2023-07-01').keyUriWithVersion]"
          }
        }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
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
    networkAcls: { bypass: 'AzureServices', defaultAction: 'Deny' }
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

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
    securityProfile: { azureKeyVaultKms: { enabled: true, keyId: key.properties.keyUriWithVersion } }
  }
  dependsOn: [useKey]
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

data "azurerm_client_config" "current" {}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_key_vault" "main" {
  name                       = "kv-aks"
  resource_group_name        = azurerm_resource_group.main.name
  location                   = azurerm_resource_group.main.location
  tenant_id                  = data.azurerm_client_config.current.tenant_id
  sku_name                   = "standard"
  rbac_authorization_enabled = true

  network_acls {
    bypass         = "AzureServices"
    default_action = "Deny"
  }
}

resource "azurerm_key_vault_key" "main" {
  name         = "kms"
  key_vault_id = azurerm_key_vault.main.id
  key_type     = "RSA"
  key_size     = 2048
  key_opts     = ["encrypt", "decrypt"]
}

resource "azurerm_role_assignment" "use_key" {
  scope                = azurerm_key_vault.main.id
  role_definition_name = "Key Vault Crypto User"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  key_management_service {
    key_vault_key_id = azurerm_key_vault_key.main.id
  }

  depends_on = [azurerm_role_assignment.use_key]
}
```

## Prefer

### ARM

The vault lets in all networks, and its roles decide.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.KeyVault/vaults",
      "apiVersion": "2023-07-01",
      "name": "kv-aks",
      "location": "westeurope",
      "properties": {
        "sku": { "family": "A", "name": "standard" },
        "tenantId": "[tenant().tenantId]",
        "enableRbacAuthorization": true,
        "networkAcls": { "bypass": "AzureServices", "defaultAction": "Allow" }
      }
    },
    {
      "type": "Microsoft.KeyVault/vaults/keys",
      "apiVersion": "2023-07-01",
      "name": "kv-aks/kms",
      "dependsOn": ["[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]"],
      "properties": { "kty": "RSA", "keySize": 2048, "keyOps": ["encrypt", "decrypt"] }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceId('Microsoft.KeyVault/vaults', 'kv-aks'), resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), 'Key Vault Crypto User')]",
      "scope": "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
      "dependsOn": [
        "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '12338af0-0e69-4776-bea7-57ae8d297424')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[extensionResourceId(resourceId('Microsoft.KeyVault/vaults', 'kv-aks'), 'Microsoft.Authorization/roleAssignments', guid(resourceId('Microsoft.KeyVault/vaults', 'kv-aks'), resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), 'Key Vault Crypto User'))]",
        "[resourceId('Microsoft.KeyVault/vaults/keys', 'kv-aks', 'kms')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "securityProfile": {
          "azureKeyVaultKms": {
            "enabled": true,
            "keyId": "[reference(resourceId('Microsoft.KeyVault/vaults/keys', 'kv-aks', 'kms'), '2023-07-01').keyUriWithVersion]"
          }
        }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
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
    networkAcls: { bypass: 'AzureServices', defaultAction: 'Allow' }
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

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
    securityProfile: { azureKeyVaultKms: { enabled: true, keyId: key.properties.keyUriWithVersion } }
  }
  dependsOn: [useKey]
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

data "azurerm_client_config" "current" {}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_key_vault" "main" {
  name                       = "kv-aks"
  resource_group_name        = azurerm_resource_group.main.name
  location                   = azurerm_resource_group.main.location
  tenant_id                  = data.azurerm_client_config.current.tenant_id
  sku_name                   = "standard"
  rbac_authorization_enabled = true

  network_acls {
    bypass         = "AzureServices"
    default_action = "Allow"
  }
}

resource "azurerm_key_vault_key" "main" {
  name         = "kms"
  key_vault_id = azurerm_key_vault.main.id
  key_type     = "RSA"
  key_size     = 2048
  key_opts     = ["encrypt", "decrypt"]
}

resource "azurerm_role_assignment" "use_key" {
  scope                = azurerm_key_vault.main.id
  role_definition_name = "Key Vault Crypto User"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  key_management_service {
    key_vault_key_id = azurerm_key_vault_key.main.id
  }

  depends_on = [azurerm_role_assignment.use_key]
}
```

## How to fix

Set `networkAcls.defaultAction` to `Allow`, or reach the vault over the network (`keyVaultNetworkAccess` `Private`).

## Options

None.

## What it cannot see

Vaults that the deployment does not make, and whether a vault is of another tenant, which is not supported either.

## References

- <https://learn.microsoft.com/azure/aks/use-kms-etcd-encryption>
"#,
    },
    Embedded {
        data: r#"{"families":["kubelet identity"],"found_by":"check","id":"kubelet-identity-invalid","languages":["arm","bicep","terraform"],"level":"error","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters","scope":"properties.identityProfile.kubeletidentity.resourceId"}],"azure":[{"code":"CustomKubeletIdentityPropertyError","name_only":true,"says":""},{"code":"InvalidManagedIdentityResourceID","name_only":true,"says":""}],"breaks_at":"create","confidence":"doc","id":"KUB-MUST-BE-UAI","message":{"do":["set it to the id of a resource of type Microsoft.ManagedIdentity/userAssignedIdentities"],"headline":"cluster {cluster} cannot use {scope} as its kubelet identity: it is {value}","why":"`identityProfile.kubeletidentity.resourceId`{place} must be the resource id of a user-assigned identity"},"sources":["https://learn.microsoft.com/azure/aks/pre-created-kubelet-managed-identity"],"title":"A kubelet identity that the cluster brings must be a user-assigned identity"}],"since":"0.1.0","title":"The kubelet identity is no user-assigned identity"}"#,
        page: r#"# kubelet-identity-invalid

The kubelet identity is no user-assigned identity.

| | |
| --- | --- |
| Level | error |
| Breaks | at creation |
| Languages | ARM, Bicep, Terraform |
| Requirement | KUB-MUST-BE-UAI |
| Azure error prevented | none known |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

It looks at `properties.identityProfile.kubeletidentity.resourceId` (`kubelet_identity.user_assigned_identity_id`) of each cluster: the id of
a resource of another type is wrong, and so is what is certainly no resource id, such as a name, a principal id or a client id.

It says nothing of ids that are open, nor of text that looks like a placeholder.

## Why it matters

AKS attaches the identity to the machines of the node pools by its resource id, checks the id before it creates anything, and refuses the
cluster.

## Avoid

### ARM

The principal id stands where the resource id must.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "kubelet": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-kubelet')]",
    "managedIdentityOperator": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'f1a07417-d97a-45cb-824c-7a7467783830')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-kubelet",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('kubelet'), variables('control'), variables('managedIdentityOperator'))]",
      "scope": "[variables('kubelet')]",
      "dependsOn": ["[variables('control')]", "[variables('kubelet')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('managedIdentityOperator')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[variables('control')]",
        "[variables('kubelet')]",
        "[extensionResourceId(variables('kubelet'), 'Microsoft.Authorization/roleAssignments', guid(variables('kubelet'), variables('control'), variables('managedIdentityOperator')))]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "identityProfile": { "kubeletidentity": { "resourceId": "[reference(variables('kubelet'), '2023-01-31').principalId]" } }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = 'westeurope'

var managedIdentityOperator = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'f1a07417-d97a-45cb-824c-7a7467783830')

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource kubelet 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-kubelet'
  location: location
}

resource operator 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(kubelet.id, control.id, managedIdentityOperator)
  scope: kubelet
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: managedIdentityOperator
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${control.id}': {}
    }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
    identityProfile: {
      kubeletidentity: {
        resourceId: kubelet.properties.principalId
      }
    }
  }
  dependsOn: [
    operator
  ]
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = "rg-aks"
  location            = "westeurope"
}

resource "azurerm_user_assigned_identity" "kubelet" {
  name                = "id-aks-kubelet"
  resource_group_name = "rg-aks"
  location            = "westeurope"
}

resource "azurerm_role_assignment" "operator" {
  scope                = azurerm_user_assigned_identity.kubelet.id
  role_definition_name = "Managed Identity Operator"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = "rg-aks"
  location            = "westeurope"
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  kubelet_identity {
    user_assigned_identity_id = azurerm_user_assigned_identity.kubelet.principal_id
    client_id                 = azurerm_user_assigned_identity.kubelet.client_id
    object_id                 = azurerm_user_assigned_identity.kubelet.principal_id
  }

  depends_on = [azurerm_role_assignment.operator]
}
```

## Prefer

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "kubelet": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-kubelet')]",
    "managedIdentityOperator": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'f1a07417-d97a-45cb-824c-7a7467783830')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-kubelet",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('kubelet'), variables('control'), variables('managedIdentityOperator'))]",
      "scope": "[variables('kubelet')]",
      "dependsOn": ["[variables('control')]", "[variables('kubelet')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('managedIdentityOperator')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[variables('control')]",
        "[variables('kubelet')]",
        "[extensionResourceId(variables('kubelet'), 'Microsoft.Authorization/roleAssignments', guid(variables('kubelet'), variables('control'), variables('managedIdentityOperator')))]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "identityProfile": { "kubeletidentity": { "resourceId": "[variables('kubelet')]" } }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = 'westeurope'

var managedIdentityOperator = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'f1a07417-d97a-45cb-824c-7a7467783830')

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource kubelet 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-kubelet'
  location: location
}

resource operator 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(kubelet.id, control.id, managedIdentityOperator)
  scope: kubelet
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: managedIdentityOperator
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${control.id}': {}
    }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
    identityProfile: {
      kubeletidentity: {
        resourceId: kubelet.id
      }
    }
  }
  dependsOn: [
    operator
  ]
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = "rg-aks"
  location            = "westeurope"
}

resource "azurerm_user_assigned_identity" "kubelet" {
  name                = "id-aks-kubelet"
  resource_group_name = "rg-aks"
  location            = "westeurope"
}

resource "azurerm_role_assignment" "operator" {
  scope                = azurerm_user_assigned_identity.kubelet.id
  role_definition_name = "Managed Identity Operator"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = "rg-aks"
  location            = "westeurope"
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  kubelet_identity {
    user_assigned_identity_id = azurerm_user_assigned_identity.kubelet.id
    client_id                 = azurerm_user_assigned_identity.kubelet.client_id
    object_id                 = azurerm_user_assigned_identity.kubelet.principal_id
  }

  depends_on = [azurerm_role_assignment.operator]
}
```

## How to fix

Set it to the `id` of a resource of type `Microsoft.ManagedIdentity/userAssignedIdentities`.

## Options

None.

## What it cannot see

Ids that come from outside as a whole.

## References

- <https://learn.microsoft.com/azure/aks/pre-created-kubelet-managed-identity>
"#,
    },
    Embedded {
        data: r#"{"families":["kubelet identity"],"found_by":"check","id":"kubelet-identity-mismatch","languages":["arm","bicep","terraform"],"level":"error","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters","scope":"properties.identityProfile.kubeletidentity.resourceId"}],"azure":[{"code":"CustomKubeletIdentityPropertyError","name_only":true,"says":""}],"breaks_at":"create","confidence":"doc","id":"KUB-TRIPLE-CONSISTENT","message":{"do":["set, from {scope}, {expected}","in ARM and Bicep `resourceId` alone is enough"],"headline":"the kubelet identity of cluster {cluster} is {scope}, but its {value}","why":"the three ids of a kubelet identity{place} must be those of one identity"},"sources":["https://github.com/hashicorp/terraform-provider-azurerm/blob/main/internal/services/containers/kubernetes_cluster_resource.go","https://github.com/Azure/azure-rest-api-specs/pull/30958"],"title":"The client id, object id and resource id of a kubelet identity belong to one identity"}],"since":"0.1.0","title":"The client id or object id of the kubelet identity is not that of the identity named"}"#,
        page: r#"# kubelet-identity-mismatch

The client id or object id of the kubelet identity is not that of the identity named.

| | |
| --- | --- |
| Level | error in Terraform, warning in ARM and Bicep |
| Breaks | at creation |
| Languages | ARM, Bicep, Terraform |
| Requirement | KUB-TRIPLE-CONSISTENT |
| Azure error prevented | none known |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

For each cluster that brings its own kubelet identity it compares `clientId` and `objectId` with the identity that `resourceId` names: it finds
those of another identity, and the two swapped. `objectId` is the principal id.

It says nothing where one of the ids is text or open: whose id a GUID is, no template says.

## Why it matters

The three ids are one identity given three times. AKS resolves the identity from the resource id, so in ARM and Bicep that alone is enough;
Terraform's provider asks for all three and sends them as they are. Whatever reads the wrong one later (role assignments for the nodes,
secrets drivers) gets another identity.

## Avoid

### ARM

The client id and the object id are swapped.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "kubelet": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-kubelet')]",
    "managedIdentityOperator": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'f1a07417-d97a-45cb-824c-7a7467783830')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-kubelet",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('kubelet'), variables('control'), variables('managedIdentityOperator'))]",
      "scope": "[variables('kubelet')]",
      "dependsOn": ["[variables('control')]", "[variables('kubelet')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('managedIdentityOperator')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[variables('control')]",
        "[variables('kubelet')]",
        "[extensionResourceId(variables('kubelet'), 'Microsoft.Authorization/roleAssignments', guid(variables('kubelet'), variables('control'), variables('managedIdentityOperator')))]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "identityProfile": {
          "kubeletidentity": {
            "resourceId": "[variables('kubelet')]",
            "clientId": "[reference(variables('kubelet'), '2023-01-31').principalId]",
            "objectId": "[reference(variables('kubelet'), '2023-01-31').clientId]"
          }
        }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = 'westeurope'

var managedIdentityOperator = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'f1a07417-d97a-45cb-824c-7a7467783830')

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource kubelet 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-kubelet'
  location: location
}

resource operator 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(kubelet.id, control.id, managedIdentityOperator)
  scope: kubelet
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: managedIdentityOperator
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${control.id}': {}
    }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
    identityProfile: {
      kubeletidentity: {
        resourceId: kubelet.id
        clientId: kubelet.properties.principalId
        objectId: kubelet.properties.clientId
      }
    }
  }
  dependsOn: [
    operator
  ]
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = "rg-aks"
  location            = "westeurope"
}

resource "azurerm_user_assigned_identity" "kubelet" {
  name                = "id-aks-kubelet"
  resource_group_name = "rg-aks"
  location            = "westeurope"
}

resource "azurerm_role_assignment" "operator" {
  scope                = azurerm_user_assigned_identity.kubelet.id
  role_definition_name = "Managed Identity Operator"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = "rg-aks"
  location            = "westeurope"
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  kubelet_identity {
    user_assigned_identity_id = azurerm_user_assigned_identity.kubelet.id
    client_id                 = azurerm_user_assigned_identity.kubelet.principal_id
    object_id                 = azurerm_user_assigned_identity.kubelet.client_id
  }

  depends_on = [azurerm_role_assignment.operator]
}
```

## Prefer

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "kubelet": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-kubelet')]",
    "managedIdentityOperator": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'f1a07417-d97a-45cb-824c-7a7467783830')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-kubelet",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('kubelet'), variables('control'), variables('managedIdentityOperator'))]",
      "scope": "[variables('kubelet')]",
      "dependsOn": ["[variables('control')]", "[variables('kubelet')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('managedIdentityOperator')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[variables('control')]",
        "[variables('kubelet')]",
        "[extensionResourceId(variables('kubelet'), 'Microsoft.Authorization/roleAssignments', guid(variables('kubelet'), variables('control'), variables('managedIdentityOperator')))]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "identityProfile": {
          "kubeletidentity": {
            "resourceId": "[variables('kubelet')]",
            "clientId": "[reference(variables('kubelet'), '2023-01-31').clientId]",
            "objectId": "[reference(variables('kubelet'), '2023-01-31').principalId]"
          }
        }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = 'westeurope'

var managedIdentityOperator = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'f1a07417-d97a-45cb-824c-7a7467783830')

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource kubelet 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-kubelet'
  location: location
}

resource operator 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(kubelet.id, control.id, managedIdentityOperator)
  scope: kubelet
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: managedIdentityOperator
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${control.id}': {}
    }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
    identityProfile: {
      kubeletidentity: {
        resourceId: kubelet.id
        clientId: kubelet.properties.clientId
        objectId: kubelet.properties.principalId
      }
    }
  }
  dependsOn: [
    operator
  ]
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = "rg-aks"
  location            = "westeurope"
}

resource "azurerm_user_assigned_identity" "kubelet" {
  name                = "id-aks-kubelet"
  resource_group_name = "rg-aks"
  location            = "westeurope"
}

resource "azurerm_role_assignment" "operator" {
  scope                = azurerm_user_assigned_identity.kubelet.id
  role_definition_name = "Managed Identity Operator"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = "rg-aks"
  location            = "westeurope"
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  kubelet_identity {
    user_assigned_identity_id = azurerm_user_assigned_identity.kubelet.id
    client_id                 = azurerm_user_assigned_identity.kubelet.client_id
    object_id                 = azurerm_user_assigned_identity.kubelet.principal_id
  }

  depends_on = [azurerm_role_assignment.operator]
}
```

## How to fix

Take all three from one identity, or in ARM and Bicep leave out `clientId` and `objectId`.

## Options

None.

## What it cannot see

Whose id a GUID is.

## References

- <https://github.com/hashicorp/terraform-provider-azurerm/blob/main/internal/services/containers/kubernetes_cluster_resource.go>
- <https://github.com/Azure/azure-rest-api-specs/pull/30958>
"#,
    },
    Embedded {
        data: r#"{"families":["kubelet identity"],"id":"kubelet-identity-without-operator","languages":["arm","bicep","terraform"],"level":"error","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters","scope":"properties.identityProfile.kubeletidentity.resourceId"}],"azure":[{"code":"CustomKubeletIdentityMissingPermissionError","says":"a cluster with a user-assigned identity must be granted Managed Identity Operator to assign its kubelet identity (HTTP 400 before anything is created)"}],"breaks_at":"create","confidence":"doc","id":"KUB-MIO","message":{"do":["assign {role} to {principal} on {scope}, and let the cluster depend on that assignment"],"headline":"{principal} may not assign the kubelet identity {scope}","why":"cluster {cluster} brings its own kubelet identity{place}, which AKS lets the control plane attach only with userAssignedIdentities/assign/action on it"},"need":{"actions":["Microsoft.ManagedIdentity/userAssignedIdentities/assign/action","Microsoft.ManagedIdentity/userAssignedIdentities/read"],"before_cluster":"required","identity":"control-plane","identity_kinds":["user-assigned"],"least_role":{"id":"f1a07417-d97a-45cb-824c-7a7467783830","name":"Managed Identity Operator"},"lesser_actions":["Microsoft.ManagedIdentity/userAssignedIdentities/read"],"other_roles":[{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the kubelet identity","scope_type":"Microsoft.ManagedIdentity/userAssignedIdentities"},"sources":["https://learn.microsoft.com/azure/aks/use-managed-identity#add-role-assignment","https://learn.microsoft.com/azure/aks/managed-identity-overview"],"title":"The control plane identity needs to read and assign a kubelet identity that the cluster brings"}],"since":"0.1.0","title":"The control plane may not assign the kubelet identity that the cluster brings"}"#,
        page: r#"# kubelet-identity-without-operator

The control plane of a cluster may not assign the kubelet identity that the cluster brings.

| | |
| --- | --- |
| Level | error (a warning where only `read` is lacking) |
| Breaks | at creation |
| Languages | ARM, Bicep, Terraform |
| Requirement | KUB-MIO |
| Azure error prevented | `CustomKubeletIdentityMissingPermissionError` |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

For each cluster that names its own kubelet identity (`properties.identityProfile.kubeletidentity.resourceId`) and runs its control plane as a
user-assigned identity, it asks whether the control plane identity may do
`Microsoft.ManagedIdentity/userAssignedIdentities/assign/action` and `Microsoft.ManagedIdentity/userAssignedIdentities/read` on the kubelet
identity. The grant may stand on the identity itself or on anything that contains it, by a built-in or a custom role.

It asks the same where one identity serves as both: the identity then needs the role on itself.

It says nothing of clusters whose control plane is system-assigned or a service principal: AKS refuses a kubelet identity there, whatever
the grants.

## Why it matters

AKS attaches the kubelet identity to the node scale sets in the name of the control plane identity, and checks before it creates anything
that this is allowed. Without the grant the deployment fails, and fails again at each retry.

The usual slip is a grant that looks right: on the control plane identity in place of the kubelet identity, to the kubelet identity in place
of the control plane identity, or of Managed Identity Contributor, which may change identities but not assign them.

## Avoid

### ARM

The role is assigned on the control plane identity itself, which says nothing about the kubelet identity.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "kubelet": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-kubelet')]",
    "operator": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'f1a07417-d97a-45cb-824c-7a7467783830')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-kubelet",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('control'), variables('control'), variables('operator'))]",
      "scope": "[variables('control')]",
      "dependsOn": ["[variables('control')]", "[variables('kubelet')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('operator')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[variables('control')]", "[variables('kubelet')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "identityProfile": {
          "kubeletidentity": {
            "resourceId": "[variables('kubelet')]",
            "clientId": "[reference(variables('kubelet'), '2023-01-31').clientId]",
            "objectId": "[reference(variables('kubelet'), '2023-01-31').principalId]"
          }
        }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = 'westeurope'

var operator = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'f1a07417-d97a-45cb-824c-7a7467783830')

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource kubelet 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-kubelet'
  location: location
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(control.id, control.id, operator)
  scope: control
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: operator
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${control.id}': {}
    }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
    identityProfile: {
      kubeletidentity: {
        resourceId: kubelet.id
        clientId: kubelet.properties.clientId
        objectId: kubelet.properties.principalId
      }
    }
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_user_assigned_identity" "kubelet" {
  name                = "id-aks-kubelet"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_role_assignment" "operator" {
  scope                = azurerm_user_assigned_identity.control.id
  role_definition_name = "Managed Identity Operator"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  kubelet_identity {
    client_id                 = azurerm_user_assigned_identity.kubelet.client_id
    object_id                 = azurerm_user_assigned_identity.kubelet.principal_id
    user_assigned_identity_id = azurerm_user_assigned_identity.kubelet.id
  }
}
```

## Prefer

### ARM

The role is assigned on the kubelet identity, and the cluster waits for the assignment.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "kubelet": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-kubelet')]",
    "operator": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'f1a07417-d97a-45cb-824c-7a7467783830')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-kubelet",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('kubelet'), variables('control'), variables('operator'))]",
      "scope": "[variables('kubelet')]",
      "dependsOn": ["[variables('control')]", "[variables('kubelet')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('operator')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[variables('control')]",
        "[variables('kubelet')]",
        "[extensionResourceId(variables('kubelet'), 'Microsoft.Authorization/roleAssignments', guid(variables('kubelet'), variables('control'), variables('operator')))]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "identityProfile": {
          "kubeletidentity": {
            "resourceId": "[variables('kubelet')]",
            "clientId": "[reference(variables('kubelet'), '2023-01-31').clientId]",
            "objectId": "[reference(variables('kubelet'), '2023-01-31').principalId]"
          }
        }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = 'westeurope'

var operator = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'f1a07417-d97a-45cb-824c-7a7467783830')

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource kubelet 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-kubelet'
  location: location
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(kubelet.id, control.id, operator)
  scope: kubelet
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: operator
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${control.id}': {}
    }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
    identityProfile: {
      kubeletidentity: {
        resourceId: kubelet.id
        clientId: kubelet.properties.clientId
        objectId: kubelet.properties.principalId
      }
    }
  }
  dependsOn: [
    assignment
  ]
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_user_assigned_identity" "kubelet" {
  name                = "id-aks-kubelet"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_role_assignment" "operator" {
  scope                = azurerm_user_assigned_identity.kubelet.id
  role_definition_name = "Managed Identity Operator"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  kubelet_identity {
    client_id                 = azurerm_user_assigned_identity.kubelet.client_id
    object_id                 = azurerm_user_assigned_identity.kubelet.principal_id
    user_assigned_identity_id = azurerm_user_assigned_identity.kubelet.id
  }

  depends_on = [azurerm_role_assignment.operator]
}
```

## How to fix

1. Assign Managed Identity Operator (`f1a07417-d97a-45cb-824c-7a7467783830`) to the `principalId` of the control plane identity, with the
   kubelet identity as the scope. A custom role with the two actions does as well.
2. Let the cluster depend on the assignment (`dependsOn`). A module's output does not wait for the module's other resources, so depend on the
   module itself.

## Options

None.

## What it cannot see

- Grants that somebody makes outside the templates, by script or policy. Where the kubelet identity or the control plane identity is not
  created by the deployment, the permission is listed as assumed and never reported as missing.
- Whether a grant has reached all of Azure yet when the cluster is created: a new assignment may take minutes to count.

## References

- <https://learn.microsoft.com/azure/aks/use-managed-identity#add-role-assignment>
- <https://learn.microsoft.com/azure/aks/managed-identity-overview>
"#,
    },
    Embedded {
        data: r#"{"families":["add-ons"],"id":"oms-agent-without-publisher","languages":["arm","bicep","terraform"],"level":"note","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters","resource_unless":{"equals":"true","path":"properties.addonProfiles.omsagent.config.useAADAuth"},"resource_when":{"equals":"true","path":"properties.addonProfiles.omsagent.enabled"}}],"breaks_at":"runtime","confidence":"doc","id":"ADD-OMS-LEGACY","message":{"do":["use managed identity (`useAADAuth` `true`; keys are retired in September 2026)","or assign {role} to {principal} on {scope}"],"headline":"{principal} may not publish metrics of cluster {scope}","why":"the monitoring add-on of cluster {cluster}{place} sends logs with a key, and metrics with an identity of its own, to which the command line gives the role and a template does not"},"need":{"actions":[],"before_cluster":"impossible","data_actions":["Microsoft.Insights/Metrics/Write"],"identity":{"add-on":"properties.addonProfiles.omsagent"},"least_role":{"id":"3913510d-42f4-4e42-8a64-420c390055eb","name":"Monitoring Metrics Publisher"},"other_roles":[],"owner":"whoever owns the cluster","scope_type":"Microsoft.ContainerService/managedClusters"},"sources":["https://github.com/Azure/AKS/issues/2315","https://learn.microsoft.com/azure/aks/managed-identity-overview"],"title":"The identity of the monitoring add-on needs to publish metrics of the cluster where it uses keys"}],"since":"0.1.0","title":"The monitoring add-on may not publish metrics of the cluster"}"#,
        page: r#"# oms-agent-without-publisher

The monitoring add-on of a cluster uses keys, and its identity may not publish metrics.

| | |
| --- | --- |
| Level | note |
| Breaks | at run time |
| Languages | ARM, Bicep, Terraform |
| Requirement | ADD-OMS-LEGACY |
| Azure error prevented | none known |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

Looks at clusters whose monitoring add-on (`addonProfiles.omsagent`) is on without managed identity (`useAADAuth`), and asks whether the **add-on's** identity may publish metrics of the cluster.

## Why it matters

Logs arrive all the same; custom metrics do not. Nearly all older templates are so, which is why it is a note.

## Avoid

### ARM

Nobody lets the add-on publish.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.OperationalInsights/workspaces",
      "apiVersion": "2023-09-01",
      "name": "log-aks",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[resourceId('Microsoft.OperationalInsights/workspaces', 'log-aks')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "addonProfiles": {
          "omsagent": {
            "enabled": true,
            "config": {
              "logAnalyticsWorkspaceResourceID": "[resourceId('Microsoft.OperationalInsights/workspaces', 'log-aks')]"
            }
          }
        }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = resourceGroup().location

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource logs 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: 'log-aks'
  location: location
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
    addonProfiles: { omsagent: { enabled: true, config: { logAnalyticsWorkspaceResourceID: logs.id } } }
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_log_analytics_workspace" "main" {
  name                = "log-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  oms_agent {
    log_analytics_workspace_id = azurerm_log_analytics_workspace.main.id
  }
}
```

## Prefer

### ARM

The add-on's identity is Monitoring Metrics Publisher on the cluster.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.OperationalInsights/workspaces",
      "apiVersion": "2023-09-01",
      "name": "log-aks",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[resourceId('Microsoft.OperationalInsights/workspaces', 'log-aks')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "addonProfiles": {
          "omsagent": {
            "enabled": true,
            "config": {
              "logAnalyticsWorkspaceResourceID": "[resourceId('Microsoft.OperationalInsights/workspaces', 'log-aks')]"
            }
          }
        }
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), 'Monitoring Metrics Publisher')]",
      "scope": "[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]",
      "dependsOn": ["[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]"],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), '2024-05-01').addonProfiles.omsagent.identity.objectId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '3913510d-42f4-4e42-8a64-420c390055eb')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = resourceGroup().location

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource logs 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: 'log-aks'
  location: location
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
    addonProfiles: { omsagent: { enabled: true, config: { logAnalyticsWorkspaceResourceID: logs.id } } }
  }
}

resource publish 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(cluster.id, cluster.id, 'Monitoring Metrics Publisher')
  scope: cluster
  properties: {
    principalId: cluster.properties.addonProfiles.omsagent.identity.objectId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '3913510d-42f4-4e42-8a64-420c390055eb')
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_log_analytics_workspace" "main" {
  name                = "log-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  oms_agent {
    log_analytics_workspace_id = azurerm_log_analytics_workspace.main.id
  }
}

resource "azurerm_role_assignment" "publish" {
  scope                = azurerm_kubernetes_cluster.main.id
  role_definition_name = "Monitoring Metrics Publisher"
  principal_id         = azurerm_kubernetes_cluster.main.oms_agent[0].oms_agent_identity[0].object_id
}
```

## How to fix

Use managed identity (`useAADAuth`), or assign Monitoring Metrics Publisher (`3913510d-42f4-4e42-8a64-420c390055eb`) on the cluster to `addonProfiles.omsagent.identity.objectId`.

## Options

None.

## What it cannot see

Roles that the command line or a pipeline assigns once the cluster is there.

## References

- <https://learn.microsoft.com/azure/aks/managed-identity-overview>
"#,
    },
    Embedded {
        data: r#"{"families":["least privilege"],"found_by":"check","id":"overprivileged-identity","languages":["arm","bicep","terraform"],"level":"warning","requirement":[{"at":[{"resource":"Microsoft.Authorization/roleAssignments"}],"confidence":"doc","id":"RA-OVERPRIVILEGED","message":{"do":["assign the role that its work needs, on the resources that it works on","if a workload needs that much, give it a workload identity of its own, which other pods cannot use"],"headline":"{principal} holds {role}, and {value}","why":"{expected}"},"sources":["https://learn.microsoft.com/azure/aks/managed-identity-overview","https://learn.microsoft.com/azure/aks/imds-restriction"],"title":"Identities of a cluster hold no role that gives roles or changes everything on a resource group or more"}],"since":"0.1.0","title":"An identity of a cluster may give roles or change everything on a resource group or more"}"#,
        page: r#"# overprivileged-identity

An identity of a cluster may give roles, or change everything, on a resource group or more.

| | |
| --- | --- |
| Level | warning; note where a workload identity may change a resource group |
| Breaks | never by itself |
| Languages | ARM, Bicep, Terraform |
| Requirement | RA-OVERPRIVILEGED |
| Azure error prevented | none known |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

It looks at the roles that templates assign to the identities of clusters: the kubelet's and the add-ons', with which every pod on a node can act;
workload identities (those with a federated credential for a Kubernetes service account); and the control plane's. It speaks of

- roles that give roles (Owner, User Access Administrator, Role Based Access Control Administrator, custom roles with
  `Microsoft.Authorization/roleAssignments/write`) on a resource group, a subscription or more;
- roles that change everything (Contributor and custom roles like it) on a subscription or more; on a resource group too, unless it is the control
  plane's.

What a role may do is taken from its definition and not from its name. An assignment under a condition (ABAC) is left alone.

## Why it matters

By default every pod can ask the node for a token of the kubelet identity. Whoever takes over one pod then holds what that identity holds; a role that
gives roles makes the owner of the resource group or of the subscription of them. AKS needs none of it: pulling images takes AcrPull on the
registry, and the node resource group is the control plane's without a role of yours.

## Avoid

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": { "cluster": "[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]" },
  "resources": [
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "identity": { "type": "SystemAssigned" },
      "properties": {
        "dnsPrefix": "aks-prod",
        "disableLocalAccounts": true,
        "aadProfile": { "managed": true, "enableAzureRBAC": true },
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }]
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceGroup().id, variables('cluster'), 'Contributor')]",
      "dependsOn": ["[variables('cluster')]"],
      "properties": {
        "principalId": "[reference(variables('cluster'), '2024-05-01').identityProfile.kubeletidentity.objectId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b24988ac-6180-42a0-ab88-20f7382dd24c')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  identity: { type: 'SystemAssigned' }
  properties: {
    dnsPrefix: 'aks-prod'
    disableLocalAccounts: true
    aadProfile: { managed: true, enableAzureRBAC: true }
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
  }
}

resource contributor 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, cluster.id, 'Contributor')
  properties: {
    principalId: cluster.properties.identityProfile.kubeletidentity.objectId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b24988ac-6180-42a0-ab88-20f7382dd24c')
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_kubernetes_cluster" "main" {
  name                   = "aks-prod"
  resource_group_name    = azurerm_resource_group.main.name
  location               = azurerm_resource_group.main.location
  dns_prefix             = "aks-prod"
  local_account_disabled = true

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type = "SystemAssigned"
  }

  azure_active_directory_role_based_access_control {
    azure_rbac_enabled = true
  }
}

resource "azurerm_role_assignment" "contributor" {
  scope                = azurerm_resource_group.main.id
  role_definition_name = "Contributor"
  principal_id         = azurerm_kubernetes_cluster.main.kubelet_identity[0].object_id
  principal_type       = "ServicePrincipal"
}
```

## Prefer

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "cluster": "[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]",
    "registry": "[resourceId('Microsoft.ContainerRegistry/registries', 'acrprod')]"
  },
  "resources": [
    {
      "type": "Microsoft.ContainerRegistry/registries",
      "apiVersion": "2023-07-01",
      "name": "acrprod",
      "location": "westeurope",
      "sku": { "name": "Basic" }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "identity": { "type": "SystemAssigned" },
      "properties": {
        "dnsPrefix": "aks-prod",
        "disableLocalAccounts": true,
        "aadProfile": { "managed": true, "enableAzureRBAC": true },
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }]
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('registry'), variables('cluster'), 'AcrPull')]",
      "scope": "[variables('registry')]",
      "dependsOn": ["[variables('cluster')]", "[variables('registry')]"],
      "properties": {
        "principalId": "[reference(variables('cluster'), '2024-05-01').identityProfile.kubeletidentity.objectId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '7f951dda-4ed3-4680-a7ca-43fe172d538d')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
resource registry 'Microsoft.ContainerRegistry/registries@2023-07-01' = {
  name: 'acrprod'
  location: 'westeurope'
  sku: { name: 'Basic' }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  identity: { type: 'SystemAssigned' }
  properties: {
    dnsPrefix: 'aks-prod'
    disableLocalAccounts: true
    aadProfile: { managed: true, enableAzureRBAC: true }
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
  }
}

resource pull 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(registry.id, cluster.id, 'AcrPull')
  scope: registry
  properties: {
    principalId: cluster.properties.identityProfile.kubeletidentity.objectId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '7f951dda-4ed3-4680-a7ca-43fe172d538d')
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_container_registry" "main" {
  name                = "acrprod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  sku                 = "Basic"
}

resource "azurerm_kubernetes_cluster" "main" {
  name                   = "aks-prod"
  resource_group_name    = azurerm_resource_group.main.name
  location               = azurerm_resource_group.main.location
  dns_prefix             = "aks-prod"
  local_account_disabled = true

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type = "SystemAssigned"
  }

  azure_active_directory_role_based_access_control {
    azure_rbac_enabled = true
  }
}

resource "azurerm_role_assignment" "pull" {
  scope                = azurerm_container_registry.main.id
  role_definition_name = "AcrPull"
  principal_id         = azurerm_kubernetes_cluster.main.kubelet_identity[0].object_id
  principal_type       = "ServicePrincipal"
}
```

## How to fix

Assign the least role for what the identity does, on the resources that it does it on. What one workload needs (an operator that creates Azure
resources, say) belongs to a workload identity of its own. `rolecall explain role-without-need` and `role-on-broad-scope` say more on roles that are merely too much.

## Options

None. Where such a role is meant, suppress the finding with the reason: `rolecall: ignore[overprivileged-identity] reason`.

## What it cannot see

Whether pods are kept from the node's tokens (by network policies, or by IMDS restriction, a preview); roles that somebody assigns outside of the
templates; identities that are given to pods by other means.

## References

- <https://learn.microsoft.com/azure/aks/managed-identity-overview>
- <https://learn.microsoft.com/azure/aks/imds-restriction>
"#,
    },
    Embedded {
        data: r#"{"families":["role assignments"],"found_by":"check","id":"principal-id-of-no-principal","languages":["arm","bicep","terraform"],"level":"error","requirement":[{"at":[{"resource":"Microsoft.Authorization/roleAssignments"}],"azure":[{"code":"PrincipalNotFound","says":"there is no principal with this id in the directory"}],"breaks_at":"create","confidence":"doc","id":"RA-PRINCIPAL-ID","message":{"do":["set `principalId` to {expected}"],"headline":"{role} is assigned to {value}, which is no principal","why":"a role is assigned to a principal id (the object id), and to nothing else that names the identity"},"sources":["https://learn.microsoft.com/azure/role-based-access-control/troubleshooting","https://github.com/hashicorp/terraform-provider-azurerm/issues/4651","https://github.com/hashicorp/terraform-provider-azurerm/issues/18003"],"title":"principalId is the principal id of an identity: not its client id, its resource id or its name"},{"at":[{"resource":"Microsoft.Authorization/roleAssignments"}],"breaks_at":"create","confidence":"doc","id":"CP-PRINCIPAL-PATH","message":{"do":["set `principalId` to {expected}"],"headline":"{role} is assigned to {value}, which is empty","why":"only a system-assigned identity has its principal id there; the cluster runs as an identity that it is given"},"sources":["https://learn.microsoft.com/azure/aks/use-managed-identity"],"title":"Of a cluster that is given an identity, the principal is that identity's, not `identity.principalId`"}],"since":"0.1.0","title":"A role is assigned to something that is no principal id"}"#,
        page: r#"# principal-id-of-no-principal

A role is assigned to something that names an identity and is not its principal id.

| | |
| --- | --- |
| Level | error (a warning where Azure accepts it and the assignment helps nobody) |
| Breaks | at creation |
| Languages | ARM, Bicep, Terraform |
| Requirements | RA-PRINCIPAL-ID, CP-PRINCIPAL-PATH |
| Azure error prevented | `PrincipalNotFound` |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

It looks at the `principalId` of each role assignment and says where that is certainly

- the client id of an identity (`properties.clientId`, `client_id`) or of an application,
- the object id of an application registration, which is not that of its service principal,
- the resource id of an identity, or the path that `id` is since version 3 of Terraform's `azuread` provider,
- the name of an identity that the deployment creates,
- `identity.principalId` of a cluster that is created with a user-assigned identity: only a system-assigned one has its principal id there.

An assignment that the finding of another rule names as the reason why a permission is missing is left to that finding.

Where `principalType` is given, Azure does not look whether there is such a principal: a client id is then accepted, and the finding is a
warning. Anything that has not the form of a GUID is refused all the same.

## Why it matters

An identity has three ids. Roles are given to its principal id, which is also called object id. With another one the deployment fails, or,
worse, it goes through and the identity may do nothing.

## Avoid

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "identity": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks')]",
    "role": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceGroup().id, variables('identity'), variables('role'))]",
      "dependsOn": ["[variables('identity')]"],
      "properties": {
        "principalId": "[reference(variables('identity'), '2023-01-31').clientId]",
        "roleDefinitionId": "[variables('role')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
var role = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks'
  location: 'westeurope'
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, identity.id, role)
  properties: {
    principalId: identity.id
    principalType: 'ServicePrincipal'
    roleDefinitionId: role
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "aks" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "aks" {
  name                = "id-aks"
  location            = "westeurope"
  resource_group_name = azurerm_resource_group.aks.name
}

resource "azurerm_role_assignment" "network" {
  scope                = azurerm_resource_group.aks.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_user_assigned_identity.aks.client_id
  principal_type       = "ServicePrincipal"
}
```

## Prefer

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "identity": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks')]",
    "role": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceGroup().id, variables('identity'), variables('role'))]",
      "dependsOn": ["[variables('identity')]"],
      "properties": {
        "principalId": "[reference(variables('identity'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('role')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
var role = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks'
  location: 'westeurope'
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, identity.id, role)
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: role
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "aks" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "aks" {
  name                = "id-aks"
  location            = "westeurope"
  resource_group_name = azurerm_resource_group.aks.name
}

resource "azurerm_role_assignment" "network" {
  scope                = azurerm_resource_group.aks.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_user_assigned_identity.aks.principal_id
  principal_type       = "ServicePrincipal"
}
```

## How to fix

Use `properties.principalId` of a user-assigned identity (`principal_id` in Terraform), `identity.principalId` of a resource with an identity of its own, and `object_id` of what the `azuread` provider gives.

## Options

None.

## What it cannot see

Ids that are given as parameters, and ids that are written as text: a GUID does not say what it is the id of. The `id` of an `azuread` resource where no version of the provider is
required, since it is an object id in one and a path in the other.

## References

- <https://learn.microsoft.com/azure/role-based-access-control/troubleshooting>
- <https://learn.microsoft.com/azure/aks/use-managed-identity>
"#,
    },
    Embedded {
        data: r#"{"families":["role assignments"],"found_by":"check","id":"principal-type-missing","languages":["arm","bicep"],"level":"warning","requirement":[{"at":[{"resource":"Microsoft.Authorization/roleAssignments"}],"azure":[{"code":"PrincipalNotFound","says":"there is no principal with this id in the directory; where it was just created, the directory may not know it yet"}],"breaks_at":"create","confidence":"doc","id":"RA-PRINCIPAL-TYPE","message":{"do":["set `principalType` to `ServicePrincipal`, which is the type of every managed identity"],"headline":"{role} is assigned to {principal} without `principalType`","why":"the identity is created by the same deployment, and without a type Azure looks it up in a directory that may not know it yet"},"sources":["https://learn.microsoft.com/azure/role-based-access-control/troubleshooting","https://learn.microsoft.com/azure/azure-resource-manager/bicep/scenarios-rbac","https://github.com/mspnp/aks-baseline/issues/52"],"title":"An assignment to an identity that the same deployment creates says `principalType: ServicePrincipal`"}],"since":"0.1.0","title":"A role is assigned to a new identity without the type of the principal"}"#,
        page: r#"# principal-type-missing

A role is assigned to an identity that the same deployment creates, without the type of the principal.

| | |
| --- | --- |
| Level | warning |
| Breaks | at creation |
| Languages | ARM, Bicep |
| Requirement | RA-PRINCIPAL-TYPE |
| Azure error prevented | `PrincipalNotFound` |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

It looks at each role assignment whose principal is a managed identity that the same deployment creates, user-assigned or a resource's own, and says where it certainly has no `principalType`.

## Why it matters

A new identity takes a while to be known everywhere in the directory. Azure looks up a principal whose type is not given, may not find it yet, and fails the deployment; the next attempt works. With a type
given it does not look.

Terraform's provider asks again until the principal is found, so nothing is said of Terraform.

## Avoid

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "identity": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks')]",
    "role": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceGroup().id, variables('identity'), variables('role'))]",
      "dependsOn": ["[variables('identity')]"],
      "properties": {
        "principalId": "[reference(variables('identity'), '2023-01-31').principalId]",
        "roleDefinitionId": "[variables('role')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
var role = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks'
  location: 'westeurope'
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, identity.id, role)
  properties: {
    principalId: identity.properties.principalId
    roleDefinitionId: role
  }
}
```

## Prefer

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "identity": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks')]",
    "role": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceGroup().id, variables('identity'), variables('role'))]",
      "dependsOn": ["[variables('identity')]"],
      "properties": {
        "principalId": "[reference(variables('identity'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('role')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
var role = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks'
  location: 'westeurope'
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, identity.id, role)
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: role
  }
}
```

## How to fix

Set `principalType` to `ServicePrincipal`.

## Options

None.

## What it cannot see

- Identities that another deployment creates shortly before.
- Assignments that Terraform makes through `azapi`.

## References

- <https://learn.microsoft.com/azure/role-based-access-control/troubleshooting>
- <https://learn.microsoft.com/azure/azure-resource-manager/bicep/scenarios-rbac>
"#,
    },
    Embedded {
        data: r#"{"families":["role assignments"],"found_by":"check","id":"principal-type-wrong","languages":["arm","bicep","terraform"],"level":"error","requirement":[{"at":[{"resource":"Microsoft.Authorization/roleAssignments"}],"azure":[{"code":"UnmatchedPrincipalType","says":"the principal has another type than the one specified"}],"breaks_at":"create","confidence":"issue","id":"RA-PRINCIPAL-TYPE-WRONG","message":{"do":["set `principalType` to `{expected}`"],"headline":"{role} is assigned to {principal} as a `{value}`, and it is a `{expected}`","why":"Azure compares the type with the principal's own"},"sources":["https://github.com/Azure/modern-web-app-pattern-dotnet/issues/129","https://github.com/Azure/azure-cli/issues/11594"],"title":"principalType is the type that the principal has: ServicePrincipal for every managed identity"}],"since":"0.1.0","title":"The type of a principal is not the one that it has"}"#,
        page: r#"# principal-type-wrong

An assignment says of its principal that it is of another type than it is.

| | |
| --- | --- |
| Level | error |
| Breaks | at creation |
| Languages | ARM, Bicep, Terraform |
| Requirement | RA-PRINCIPAL-TYPE-WRONG |
| Azure error prevented | `UnmatchedPrincipalType` |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

It looks at the `principalType` of each role assignment whose principal is certainly a managed identity, or a service principal, group or user of Terraform's `azuread` provider, and says where it is
certainly another one. Every managed identity is a `ServicePrincipal`; `MSI` is none of the types.

## Why it matters

Azure compares the type with the principal and refuses the assignment.

## Avoid

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "identity": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks')]",
    "role": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceGroup().id, variables('identity'), variables('role'))]",
      "dependsOn": ["[variables('identity')]"],
      "properties": {
        "principalId": "[reference(variables('identity'), '2023-01-31').principalId]",
        "principalType": "User",
        "roleDefinitionId": "[variables('role')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
var role = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks'
  location: 'westeurope'
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, identity.id, role)
  properties: {
    principalId: identity.properties.principalId
    principalType: 'Group'
    roleDefinitionId: role
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "aks" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "aks" {
  name                = "id-aks"
  location            = "westeurope"
  resource_group_name = azurerm_resource_group.aks.name
}

resource "azurerm_role_assignment" "network" {
  scope                = azurerm_resource_group.aks.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_user_assigned_identity.aks.principal_id
  principal_type       = "User"
}
```

## Prefer

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "identity": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks')]",
    "role": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceGroup().id, variables('identity'), variables('role'))]",
      "dependsOn": ["[variables('identity')]"],
      "properties": {
        "principalId": "[reference(variables('identity'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('role')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
var role = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks'
  location: 'westeurope'
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, identity.id, role)
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: role
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "aks" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "aks" {
  name                = "id-aks"
  location            = "westeurope"
  resource_group_name = azurerm_resource_group.aks.name
}

resource "azurerm_role_assignment" "network" {
  scope                = azurerm_resource_group.aks.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_user_assigned_identity.aks.principal_id
  principal_type       = "ServicePrincipal"
}
```

## How to fix

Set `principalType` to `ServicePrincipal`.

## Options

None.

## What it cannot see

Principals that are given as ids: nothing says what they are.

## References

- <https://github.com/Azure/modern-web-app-pattern-dotnet/issues/129>
- <https://learn.microsoft.com/rest/api/authorization/role-assignments/create>
"#,
    },
    Embedded {
        data: r#"{"families":["private DNS"],"found_by":"check","id":"private-dns-zone-name","languages":["arm","bicep","terraform"],"level":"error","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters","resource_when":{"equals":"true","path":"properties.apiServerAccessProfile.enablePrivateCluster"},"scope":"properties.apiServerAccessProfile.privateDNSZone","unless":["system","none"]}],"azure":[{"code":"InvalidPrivateDNSZoneResourceID","name_only":true,"says":""}],"breaks_at":"create","confidence":"doc","id":"DNS-ZONE-NAME","message":{"do":["name the zone {expected}","or let AKS make the zone: `privateDNSZone` `system`"],"headline":"cluster {cluster} cannot use the private DNS zone {scope}: the name {value}","why":"AKS writes the address of the API server only into a zone{place} that is named {expected} (`private` in place of `privatelink` with API server integration; a subzone has 32 characters at most)"},"sources":["https://learn.microsoft.com/azure/aks/private-clusters"],"title":"The name of a private DNS zone that the cluster brings is that of its region under azmk8s.io"}],"since":"0.1.0","title":"AKS does not take a private DNS zone of this name"}"#,
        page: r#"# private-dns-zone-name

AKS does not take a private DNS zone of this name.

| | |
| --- | --- |
| Level | error |
| Breaks | at creation |
| Languages | ARM, Bicep, Terraform |
| Requirement | DNS-ZONE-NAME |
| Azure error prevented | none known |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

It looks at each private cluster that brings its own private DNS zone (`privateDNSZone` is an id, not `system` or `none`). In the public cloud
the zone must be named

    [<subzone>.]privatelink.<region>.azmk8s.io

(or `private` in place of `privatelink`, with API server integration), where the region is that of the cluster and the subzone has at most 32
characters.

It says nothing of clusters in other clouds, of names that end as another cloud's do, nor of names that are open, unless their end alone shows
that they are wrong.

## Why it matters

AKS checks the name before it creates anything, and refuses the cluster. Templates that are copied to another region often keep the old name.

## Avoid

### ARM

The cluster is in West Europe.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "zone": "[resourceId('Microsoft.Network/privateDnsZones', 'privatelink.northeurope.azmk8s.io')]",
    "privateDnsZoneContributor": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b12aa53e-6015-4669-85d0-8515ebb3ae7f')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Network/privateDnsZones",
      "apiVersion": "2020-06-01",
      "name": "privatelink.northeurope.azmk8s.io",
      "location": "global"
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('zone'), variables('control'), variables('privateDnsZoneContributor'))]",
      "scope": "[variables('zone')]",
      "dependsOn": ["[variables('control')]", "[variables('zone')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('privateDnsZoneContributor')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[variables('control')]",
        "[variables('zone')]",
        "[extensionResourceId(variables('zone'), 'Microsoft.Authorization/roleAssignments', guid(variables('zone'), variables('control'), variables('privateDnsZoneContributor')))]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "apiServerAccessProfile": { "enablePrivateCluster": true, "privateDNSZone": "[variables('zone')]" }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = 'westeurope'

var privateDnsZoneContributor = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b12aa53e-6015-4669-85d0-8515ebb3ae7f')

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource zone 'Microsoft.Network/privateDnsZones@2020-06-01' = {
  name: 'privatelink.northeurope.azmk8s.io'
  location: 'global'
}

resource zoneRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(zone.id, control.id, privateDnsZoneContributor)
  scope: zone
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: privateDnsZoneContributor
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${control.id}': {}
    }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
    apiServerAccessProfile: {
      enablePrivateCluster: true
      privateDNSZone: zone.id
    }
  }
  dependsOn: [
    zoneRole
  ]
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = "rg-aks"
  location            = "westeurope"
}

resource "azurerm_private_dns_zone" "aks" {
  name                = "privatelink.northeurope.azmk8s.io"
  resource_group_name = "rg-aks"
}

resource "azurerm_role_assignment" "zone" {
  scope                = azurerm_private_dns_zone.aks.id
  role_definition_name = "Private DNS Zone Contributor"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = "rg-aks"
  location            = "westeurope"
  dns_prefix          = "aks-prod"

  private_cluster_enabled = true
  private_dns_zone_id     = azurerm_private_dns_zone.aks.id

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  depends_on = [azurerm_role_assignment.zone]
}
```

## Prefer

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "zone": "[resourceId('Microsoft.Network/privateDnsZones', 'privatelink.westeurope.azmk8s.io')]",
    "privateDnsZoneContributor": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b12aa53e-6015-4669-85d0-8515ebb3ae7f')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Network/privateDnsZones",
      "apiVersion": "2020-06-01",
      "name": "privatelink.westeurope.azmk8s.io",
      "location": "global"
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('zone'), variables('control'), variables('privateDnsZoneContributor'))]",
      "scope": "[variables('zone')]",
      "dependsOn": ["[variables('control')]", "[variables('zone')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('privateDnsZoneContributor')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[variables('control')]",
        "[variables('zone')]",
        "[extensionResourceId(variables('zone'), 'Microsoft.Authorization/roleAssignments', guid(variables('zone'), variables('control'), variables('privateDnsZoneContributor')))]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "apiServerAccessProfile": { "enablePrivateCluster": true, "privateDNSZone": "[variables('zone')]" }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = 'westeurope'

var privateDnsZoneContributor = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b12aa53e-6015-4669-85d0-8515ebb3ae7f')

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource zone 'Microsoft.Network/privateDnsZones@2020-06-01' = {
  name: 'privatelink.${location}.azmk8s.io'
  location: 'global'
}

resource zoneRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(zone.id, control.id, privateDnsZoneContributor)
  scope: zone
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: privateDnsZoneContributor
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${control.id}': {}
    }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
    apiServerAccessProfile: {
      enablePrivateCluster: true
      privateDNSZone: zone.id
    }
  }
  dependsOn: [
    zoneRole
  ]
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = "rg-aks"
  location            = "westeurope"
}

resource "azurerm_private_dns_zone" "aks" {
  name                = "privatelink.westeurope.azmk8s.io"
  resource_group_name = "rg-aks"
}

resource "azurerm_role_assignment" "zone" {
  scope                = azurerm_private_dns_zone.aks.id
  role_definition_name = "Private DNS Zone Contributor"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = "rg-aks"
  location            = "westeurope"
  dns_prefix          = "aks-prod"

  private_cluster_enabled = true
  private_dns_zone_id     = azurerm_private_dns_zone.aks.id

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  depends_on = [azurerm_role_assignment.zone]
}
```

## How to fix

Name the zone after the region of the cluster, best from the same parameter: `privatelink.${location}.azmk8s.io`. Or set `privateDNSZone` to
`system`, and AKS makes the zone.

## Options

None.

## What it cannot see

The names of other clouds, and names that come from outside.

## References

- <https://learn.microsoft.com/azure/aks/private-clusters>
"#,
    },
    Embedded {
        data: r#"{"families":["private DNS"],"id":"private-dns-zone-without-role","languages":["arm","bicep","terraform"],"level":"error","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters","resource_when":{"equals":"true","path":"properties.apiServerAccessProfile.enablePrivateCluster"},"scope":"properties.apiServerAccessProfile.privateDNSZone","unless":["system","none"]}],"azure":[{"code":"CustomPrivateDNSZoneMissingPermissionError","says":"the service principal or user-assigned identity must be given permission to read and write to the custom private DNS zone"},{"code":"ResourceMissingPermissionError","says":"the service principal or user-assigned identity must be given certain permissions to the zone"},{"code":"PrivateDNSZoneAuthorizationFailed","name_only":true},{"code":"ReconcilePrivateDNS","name_only":true}],"breaks_at":"create","confidence":"doc","id":"DNS-ZONE-ROLE","message":{"do":["assign {role} to {principal} on {scope}, and let the cluster depend on that assignment"],"headline":"{principal} may not write to the private DNS zone {scope}","why":"private cluster {cluster} brings its own private DNS zone{place}, and AKS checks before it creates the cluster that the control plane may read and write it"},"need":{"actions":["Microsoft.Network/privateDnsZones/read","Microsoft.Network/privateDnsZones/write","Microsoft.Network/privateDnsZones/A/write","Microsoft.Network/privateDnsZones/virtualNetworkLinks/write"],"before_cluster":"required","identity":"control-plane","identity_kinds":["user-assigned","service-principal"],"least_role":{"id":"b12aa53e-6015-4669-85d0-8515ebb3ae7f","name":"Private DNS Zone Contributor"},"lesser_actions":["Microsoft.Network/privateDnsZones/A/write","Microsoft.Network/privateDnsZones/virtualNetworkLinks/write"],"other_roles":[{"id":"4d97b98b-1d4f-4787-a291-c67834d212e7","name":"Network Contributor"},{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the private DNS zone","scope_type":"Microsoft.Network/privateDnsZones"},"sources":["https://learn.microsoft.com/azure/aks/private-clusters#configure-a-private-dns-zone","https://learn.microsoft.com/azure/aks/aks-service-permissions","https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/error-codes/customprivatednszonemissingpermissions-error"],"title":"The control plane identity needs to write to a private DNS zone that the cluster brings"}],"since":"0.1.0","title":"The cluster may not write to the private DNS zone that it brings"}"#,
        page: r#"# private-dns-zone-without-role

The control plane of a private cluster may not write to the private DNS zone that the cluster brings.

| | |
| --- | --- |
| Level | error (a warning where only the rights to records and links are lacking) |
| Breaks | at creation |
| Languages | ARM, Bicep, Terraform |
| Requirement | DNS-ZONE-ROLE |
| Azure errors prevented | `CustomPrivateDNSZoneMissingPermissionError`, `ResourceMissingPermissionError` |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

For each private cluster whose `properties.apiServerAccessProfile.privateDNSZone` is the id of a zone, and that runs as a user-assigned
identity or a service principal, it asks whether that identity may do `Microsoft.Network/privateDnsZones/read`, `…/write`, `…/A/write` and
`…/virtualNetworkLinks/write` on the zone. The grant may stand on the zone, its resource group or above, by a built-in or a custom role.

`system`, `none`, an empty string and `null` are no zone. A cluster that runs as its own identity is the business of
system-assigned-with-custom-dns-zone, and the network that the zone is linked to that of virtual-network-without-role.

## Why it matters

AKS checks before it creates the cluster that the control plane may read and write the zone, since it puts the record of the API server
there. Without the grant the deployment fails, and fails again at each retry.

The usual slip: the zone is in a hub subscription, and the role was given in the cluster's, or it was given on the virtual network alone.

## Avoid

### ARM

The role is on the virtual network.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "zone": "[resourceId('Microsoft.Network/privateDnsZones', 'privatelink.westeurope.azmk8s.io')]",
    "vnet": "[resourceId('Microsoft.Network/virtualNetworks', 'vnet-aks')]",
    "subnet": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'nodes')]",
    "networkContributor": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Network/privateDnsZones",
      "apiVersion": "2020-06-01",
      "name": "privatelink.westeurope.azmk8s.io",
      "location": "global"
    },
    {
      "type": "Microsoft.Network/virtualNetworks",
      "apiVersion": "2023-09-01",
      "name": "vnet-aks",
      "location": "westeurope",
      "properties": {
        "addressSpace": { "addressPrefixes": ["10.0.0.0/16"] },
        "subnets": [{ "name": "nodes", "properties": { "addressPrefix": "10.0.0.0/20" } }]
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('vnet'), variables('control'), variables('networkContributor'))]",
      "scope": "[variables('vnet')]",
      "dependsOn": ["[variables('control')]", "[variables('vnet')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('networkContributor')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[variables('control')]",
        "[variables('zone')]",
        "[extensionResourceId(variables('vnet'), 'Microsoft.Authorization/roleAssignments', guid(variables('vnet'), variables('control'), variables('networkContributor')))]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [
          {
            "name": "system",
            "mode": "System",
            "count": 3,
            "vmSize": "Standard_D4s_v5",
            "vnetSubnetID": "[variables('subnet')]"
          }
        ],
        "networkProfile": { "networkPlugin": "azure" },
        "apiServerAccessProfile": { "enablePrivateCluster": true, "privateDNSZone": "[variables('zone')]" }
      }
    }
  ]
}
```

### Bicep

Nobody gives the identity a role.

```bicep file=main.bicep
param location string = 'westeurope'

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource zone 'Microsoft.Network/privateDnsZones@2020-06-01' = {
  name: 'privatelink.${location}.azmk8s.io'
  location: 'global'
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${control.id}': {}
    }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
    apiServerAccessProfile: {
      enablePrivateCluster: true
      privateDNSZone: zone.id
    }
  }
}
```

### Terraform

The role lets its holder read the zone only.

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_private_dns_zone" "aks" {
  name                = "privatelink.westeurope.azmk8s.io"
  resource_group_name = azurerm_resource_group.main.name
}

resource "azurerm_role_assignment" "zone" {
  scope                = azurerm_private_dns_zone.aks.id
  role_definition_name = "Reader"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                    = "aks-prod"
  resource_group_name     = azurerm_resource_group.main.name
  location                = azurerm_resource_group.main.location
  dns_prefix              = "aks-prod"
  private_cluster_enabled = true
  private_dns_zone_id     = azurerm_private_dns_zone.aks.id

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  depends_on = [azurerm_role_assignment.zone]
}
```

## Prefer

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "zone": "[resourceId('Microsoft.Network/privateDnsZones', 'privatelink.westeurope.azmk8s.io')]",
    "privateDnsZoneContributor": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b12aa53e-6015-4669-85d0-8515ebb3ae7f')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Network/privateDnsZones",
      "apiVersion": "2020-06-01",
      "name": "privatelink.westeurope.azmk8s.io",
      "location": "global"
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('zone'), variables('control'), variables('privateDnsZoneContributor'))]",
      "scope": "[variables('zone')]",
      "dependsOn": ["[variables('control')]", "[variables('zone')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('privateDnsZoneContributor')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[variables('control')]",
        "[extensionResourceId(variables('zone'), 'Microsoft.Authorization/roleAssignments', guid(variables('zone'), variables('control'), variables('privateDnsZoneContributor')))]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "apiServerAccessProfile": { "enablePrivateCluster": true, "privateDNSZone": "[variables('zone')]" }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = 'westeurope'

var privateDnsZoneContributor = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b12aa53e-6015-4669-85d0-8515ebb3ae7f')

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource zone 'Microsoft.Network/privateDnsZones@2020-06-01' = {
  name: 'privatelink.${location}.azmk8s.io'
  location: 'global'
}

resource zoneRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(zone.id, control.id, privateDnsZoneContributor)
  scope: zone
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: privateDnsZoneContributor
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${control.id}': {}
    }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
    apiServerAccessProfile: {
      enablePrivateCluster: true
      privateDNSZone: zone.id
    }
  }
  dependsOn: [
    zoneRole
  ]
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_private_dns_zone" "aks" {
  name                = "privatelink.westeurope.azmk8s.io"
  resource_group_name = azurerm_resource_group.main.name
}

resource "azurerm_role_assignment" "zone" {
  scope                = azurerm_private_dns_zone.aks.id
  role_definition_name = "Private DNS Zone Contributor"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                    = "aks-prod"
  resource_group_name     = azurerm_resource_group.main.name
  location                = azurerm_resource_group.main.location
  dns_prefix              = "aks-prod"
  private_cluster_enabled = true
  private_dns_zone_id     = azurerm_private_dns_zone.aks.id

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  depends_on = [azurerm_role_assignment.zone]
}
```

## How to fix

1. Assign Private DNS Zone Contributor (`b12aa53e-6015-4669-85d0-8515ebb3ae7f`) to the `principalId` of the control plane identity, with the
   zone as the scope. A zone in another subscription needs the assignment there: a module, a nested deployment or a provider alias.
2. Let the cluster depend on the assignment.

## Options

None.

## What it cannot see

- Grants that somebody makes outside the templates. Where the zone or the identity is not created by the deployment, the permission is
  listed as assumed and never reported as missing.
- Whether a grant has reached all of Azure yet when the cluster is created: a new assignment may take minutes to count.
- What AKS does with a zone of a cluster that is not private: no source says.

## References

- <https://learn.microsoft.com/azure/aks/private-clusters#configure-a-private-dns-zone>
- <https://learn.microsoft.com/azure/aks/aks-service-permissions>
- <https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/error-codes/customprivatednszonemissingpermissions-error>
"#,
    },
    Embedded {
        data: r#"{"families":["network"],"id":"public-ip-without-role","languages":["arm","bicep","terraform"],"level":"warning","requirement":[{"at":[{"for_each":"properties.networkProfile.loadBalancerProfile.outboundIPs.publicIPs[]","resource":"Microsoft.ContainerService/managedClusters","scope":"id"}],"azure":[{"code":"LinkedAuthorizationFailed","says":"the client may write load balancers but may not join the public IP that they are linked to"}],"breaks_at":"runtime","confidence":"doc","id":"NET-OUTBOUND-IPS","message":{"do":["assign {role} (or a custom role with the actions below) to {principal} on {scope}"],"headline":"{principal} may not join the public IP {scope}","why":"cluster {cluster} sends its traffic from that public IP{place}, which is not in its node resource group; each change of its load balancer needs the right to join it"},"need":{"actions":["Microsoft.Network/publicIPAddresses/read","Microsoft.Network/publicIPAddresses/join/action"],"before_cluster":"recommended","identity":"control-plane","least_role":{"id":"4d97b98b-1d4f-4787-a291-c67834d212e7","name":"Network Contributor"},"other_roles":[{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the public IP address","scope_type":"Microsoft.Network/publicIPAddresses"},"sources":["https://learn.microsoft.com/azure/aks/static-ip","https://learn.microsoft.com/azure/aks/aks-service-permissions"],"title":"The control plane identity needs to join the public IPs that the cluster sends traffic from"},{"at":[{"for_each":"properties.networkProfile.loadBalancerProfile.outboundIPPrefixes.publicIPPrefixes[]","resource":"Microsoft.ContainerService/managedClusters","scope":"id"}],"azure":[{"code":"LinkedAuthorizationFailed","says":"the client may write load balancers but may not join the public IP that they are linked to"}],"breaks_at":"runtime","confidence":"doc","id":"NET-OUTBOUND-PREFIXES","message":{"do":["assign {role} (or a custom role with the actions below) to {principal} on {scope}"],"headline":"{principal} may not join the public IP prefix {scope}","why":"cluster {cluster} sends its traffic from that public IP prefix{place}, which is not in its node resource group; each change of its load balancer needs the right to join it"},"need":{"actions":["Microsoft.Network/publicIPPrefixes/read","Microsoft.Network/publicIPPrefixes/join/action"],"before_cluster":"recommended","identity":"control-plane","least_role":{"id":"4d97b98b-1d4f-4787-a291-c67834d212e7","name":"Network Contributor"},"other_roles":[{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the public IP address","scope_type":"Microsoft.Network/publicIPPrefixes"},"sources":["https://learn.microsoft.com/azure/aks/load-balancer-standard","https://learn.microsoft.com/azure/aks/aks-service-permissions"],"title":"The control plane identity needs to join the public IP prefixes that the cluster sends traffic from"},{"at":[{"for_each":"properties.agentPoolProfiles[]","resource":"Microsoft.ContainerService/managedClusters","scope":"nodePublicIPPrefixID"},{"cluster":"parent","resource":"Microsoft.ContainerService/managedClusters/agentPools","scope":"properties.nodePublicIPPrefixID"}],"azure":[{"code":"LinkedAuthorizationFailed","says":"the client may write load balancers but may not join the public IP that they are linked to"}],"breaks_at":"runtime","confidence":"doc","id":"NET-NODE-PUBLIC-IP-PREFIX","message":{"do":["assign {role} (or a custom role with the actions below) to {principal} on {scope}"],"headline":"{principal} may not join the public IP prefix {scope}","why":"the nodes of a pool of cluster {cluster} take their public IPs from that prefix{place}"},"need":{"actions":["Microsoft.Network/publicIPPrefixes/read","Microsoft.Network/publicIPPrefixes/join/action"],"before_cluster":"recommended","identity":"control-plane","least_role":{"id":"4d97b98b-1d4f-4787-a291-c67834d212e7","name":"Network Contributor"},"other_roles":[{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the public IP address","scope_type":"Microsoft.Network/publicIPPrefixes"},"sources":["https://learn.microsoft.com/azure/aks/use-node-public-ips"],"title":"The control plane identity needs to join the prefix that nodes take their public IPs from"}],"since":"0.1.0","title":"The cluster may not use the public IP addresses that it brings"}"#,
        page: r#"# public-ip-without-role

The control plane may not join a public IP address or prefix that the cluster brings.

| | |
| --- | --- |
| Level | warning |
| Breaks | at run time |
| Languages | ARM, Bicep, Terraform |
| Requirements | NET-OUTBOUND-IPS, NET-OUTBOUND-PREFIXES, NET-NODE-PUBLIC-IP-PREFIX |
| Azure error prevented | `LinkedAuthorizationFailed` |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

For each public IP (`outboundIPs`) and each prefix (`outboundIPPrefixes`) that a cluster names for its outgoing traffic, and each prefix
that a node pool takes the addresses of its nodes from (`nodePublicIPPrefixID`, in the cluster or in an `agentPools` resource), it asks
whether the control plane identity may read and join it: `Microsoft.Network/publicIPAddresses/read` and `…/join/action`, or the same of
`publicIPPrefixes`. The grant may stand on the address or prefix, its resource group or above, by a built-in or a custom role.

What stands in the node resource group needs nothing: AKS itself makes the control plane Contributor there.

## Why it matters

AKS puts the addresses into its load balancer in the name of the control plane, which must be allowed to join them at each change. Without
that, changes of the load balancer fail: services stay pending, and outgoing traffic keeps or loses its address.

## Avoid

### ARM

Nobody gives the control plane a role on the address.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "address": "[resourceId('Microsoft.Network/publicIPAddresses', 'pip-egress')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Network/publicIPAddresses",
      "apiVersion": "2023-09-01",
      "name": "pip-egress",
      "location": "westeurope",
      "sku": { "name": "Standard" },
      "properties": { "publicIPAllocationMethod": "Static" }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[variables('control')]", "[variables('address')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "networkProfile": {
          "networkPlugin": "azure",
          "outboundType": "loadBalancer",
          "loadBalancerProfile": {
            "outboundIPs": { "publicIPs": [{ "id": "[variables('address')]" }] }
          }
        }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = 'westeurope'

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource address 'Microsoft.Network/publicIPAddresses@2023-09-01' = {
  name: 'pip-egress'
  location: location
  sku: { name: 'Standard' }
  properties: { publicIPAllocationMethod: 'Static' }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${control.id}': {}
    }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
    networkProfile: {
      networkPlugin: 'azure'
      loadBalancerProfile: {
        outboundIPs: { publicIPs: [{ id: address.id }] }
      }
    }
  }
}
```

### Terraform

The role is on the virtual network, and the prefix stands beside it.

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_virtual_network" "main" {
  name                = "vnet-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  address_space       = ["10.0.0.0/16"]
}

resource "azurerm_subnet" "nodes" {
  name                 = "nodes"
  resource_group_name  = azurerm_resource_group.main.name
  virtual_network_name = azurerm_virtual_network.main.name
  address_prefixes     = ["10.0.0.0/20"]
}

resource "azurerm_public_ip_prefix" "egress" {
  name                = "ippre-egress"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  prefix_length       = 30
}

resource "azurerm_role_assignment" "network" {
  scope                = azurerm_virtual_network.main.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name           = "system"
    node_count     = 3
    vm_size        = "Standard_D4s_v5"
    vnet_subnet_id = azurerm_subnet.nodes.id
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  network_profile {
    network_plugin = "azure"

    load_balancer_profile {
      outbound_ip_prefix_ids = [azurerm_public_ip_prefix.egress.id]
    }
  }

  depends_on = [azurerm_role_assignment.network]
}
```

## Prefer

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "address": "[resourceId('Microsoft.Network/publicIPAddresses', 'pip-egress')]",
    "networkContributor": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Network/publicIPAddresses",
      "apiVersion": "2023-09-01",
      "name": "pip-egress",
      "location": "westeurope",
      "sku": { "name": "Standard" },
      "properties": { "publicIPAllocationMethod": "Static" }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('address'), variables('control'), variables('networkContributor'))]",
      "scope": "[variables('address')]",
      "dependsOn": ["[variables('control')]", "[variables('address')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('networkContributor')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[variables('control')]",
        "[extensionResourceId(variables('address'), 'Microsoft.Authorization/roleAssignments', guid(variables('address'), variables('control'), variables('networkContributor')))]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "networkProfile": {
          "networkPlugin": "azure",
          "outboundType": "loadBalancer",
          "loadBalancerProfile": {
            "outboundIPs": { "publicIPs": [{ "id": "[variables('address')]" }] }
          }
        }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = 'westeurope'

var networkContributor = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource address 'Microsoft.Network/publicIPAddresses@2023-09-01' = {
  name: 'pip-egress'
  location: location
  sku: { name: 'Standard' }
  properties: { publicIPAllocationMethod: 'Static' }
}

resource addressRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(address.id, control.id, networkContributor)
  scope: address
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: networkContributor
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${control.id}': {}
    }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
    networkProfile: {
      networkPlugin: 'azure'
      loadBalancerProfile: {
        outboundIPs: { publicIPs: [{ id: address.id }] }
      }
    }
  }
  dependsOn: [
    addressRole
  ]
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_virtual_network" "main" {
  name                = "vnet-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  address_space       = ["10.0.0.0/16"]
}

resource "azurerm_subnet" "nodes" {
  name                 = "nodes"
  resource_group_name  = azurerm_resource_group.main.name
  virtual_network_name = azurerm_virtual_network.main.name
  address_prefixes     = ["10.0.0.0/20"]
}

resource "azurerm_public_ip_prefix" "egress" {
  name                = "ippre-egress"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  prefix_length       = 30
}

resource "azurerm_role_assignment" "network" {
  scope                = azurerm_resource_group.main.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name           = "system"
    node_count     = 3
    vm_size        = "Standard_D4s_v5"
    vnet_subnet_id = azurerm_subnet.nodes.id
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  network_profile {
    network_plugin = "azure"

    load_balancer_profile {
      outbound_ip_prefix_ids = [azurerm_public_ip_prefix.egress.id]
    }
  }

  depends_on = [azurerm_role_assignment.network]
}
```

## How to fix

Assign Network Contributor (`4d97b98b-1d4f-4787-a291-c67834d212e7`), or a custom role with the two actions, to the `principalId` of the
control plane identity, with the address or prefix, or the resource group that holds them, as the scope.

## Options

None.

## What it cannot see

- Grants that somebody makes outside the templates. Where the address, the prefix or the identity is not created by the deployment, the
  permission is listed as assumed and never reported as missing.
- Addresses that manifests name (`loadBalancerIP`, the annotations of services): they are no part of a template.

## References

- <https://learn.microsoft.com/azure/aks/static-ip>
- <https://learn.microsoft.com/azure/aks/load-balancer-standard>
- <https://learn.microsoft.com/azure/aks/use-node-public-ips>
- <https://learn.microsoft.com/azure/aks/aks-service-permissions>
"#,
    },
    Embedded {
        data: r#"{"families":["least privilege","role assignments"],"found_by":"check","id":"redundant-role-assignment","languages":["arm","bicep","terraform"],"level":"note","requirement":[{"at":[{"resource":"Microsoft.Authorization/roleAssignments"}],"confidence":"doc","id":"RA-REDUNDANT","message":{"do":["leave out this assignment; or the other one, if this is all that is needed"],"headline":"{role} gives {principal} nothing that {value} does not give it","why":"all actions of the role are in the other one, which is assigned on the same scope or a wider one"},"sources":["https://learn.microsoft.com/azure/role-based-access-control/best-practices"],"title":"No role of a principal is covered by another role that it holds on the same scope or a wider one"}],"since":"0.1.0","title":"A role assignment gives nothing that another one does not give already"}"#,
        page: r#"# redundant-role-assignment

A role assignment gives its principal nothing that another assignment does not give it already.

| | |
| --- | --- |
| Level | note |
| Breaks | never by itself |
| Languages | ARM, Bicep, Terraform |
| Requirement | RA-REDUNDANT |
| Azure error prevented | none known |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

It compares the roles of one principal. An assignment is too much where another one is made whenever it is, on the same scope or one that contains
it, with a role whose actions and data actions hold all of its own. The same role at the same scope is for
[duplicate-role-assignment](../duplicate-role-assignment/README.md).

## Why it matters

It hides what the principal may do: taking the narrower role away changes nothing, and the wider one is what an attacker gets.

## Avoid

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "identity": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-app')]",
    "network": "[resourceId('Microsoft.Network/virtualNetworks', 'vnet-app')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-app",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Network/virtualNetworks",
      "apiVersion": "2023-11-01",
      "name": "vnet-app",
      "location": "westeurope",
      "properties": { "addressSpace": { "addressPrefixes": ["10.0.0.0/16"] } }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceGroup().id, variables('identity'), 'Network Contributor')]",
      "dependsOn": ["[variables('identity')]"],
      "properties": {
        "principalId": "[reference(variables('identity'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')]"
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('network'), variables('identity'), 'Network Contributor')]",
      "scope": "[variables('network')]",
      "dependsOn": ["[variables('identity')]", "[variables('network')]"],
      "properties": {
        "principalId": "[reference(variables('identity'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-app'
  location: 'westeurope'
}

resource vnet 'Microsoft.Network/virtualNetworks@2023-11-01' = {
  name: 'vnet-app'
  location: 'westeurope'
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] }
  }
}

resource group 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, identity.id, 'Network Contributor')
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')
  }
}

resource network 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vnet.id, identity.id, 'Network Contributor')
  scope: vnet
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-app"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "identity" {
  name                = "id-app"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_virtual_network" "main" {
  name                = "vnet-app"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  address_space       = ["10.0.0.0/16"]
}

resource "azurerm_role_assignment" "group" {
  scope                = azurerm_resource_group.main.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_user_assigned_identity.identity.principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "network" {
  scope                = azurerm_virtual_network.main.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_user_assigned_identity.identity.principal_id
  principal_type       = "ServicePrincipal"
}
```

## Prefer

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "identity": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-app')]",
    "network": "[resourceId('Microsoft.Network/virtualNetworks', 'vnet-app')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-app",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Network/virtualNetworks",
      "apiVersion": "2023-11-01",
      "name": "vnet-app",
      "location": "westeurope",
      "properties": { "addressSpace": { "addressPrefixes": ["10.0.0.0/16"] } }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('network'), variables('identity'), 'Network Contributor')]",
      "scope": "[variables('network')]",
      "dependsOn": ["[variables('identity')]", "[variables('network')]"],
      "properties": {
        "principalId": "[reference(variables('identity'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-app'
  location: 'westeurope'
}

resource vnet 'Microsoft.Network/virtualNetworks@2023-11-01' = {
  name: 'vnet-app'
  location: 'westeurope'
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] }
  }
}

resource network 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vnet.id, identity.id, 'Network Contributor')
  scope: vnet
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-app"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "identity" {
  name                = "id-app"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_virtual_network" "main" {
  name                = "vnet-app"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  address_space       = ["10.0.0.0/16"]
}

resource "azurerm_role_assignment" "network" {
  scope                = azurerm_virtual_network.main.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_user_assigned_identity.identity.principal_id
  principal_type       = "ServicePrincipal"
}
```

## How to fix

Keep the one that says what is needed, which is mostly the narrower one.

## Options

None. Where such a role is meant, suppress the finding with the reason: `rolecall: ignore[redundant-role-assignment] reason`.

## What it cannot see

Assignments under a condition (ABAC), in loops over something open, or of custom roles that are defined elsewhere; roles that several others cover together.

## References

- <https://learn.microsoft.com/azure/role-based-access-control/best-practices>
"#,
    },
    Embedded {
        data: r#"{"families":["container registry"],"found_by":"places","id":"registry-without-pull-role","languages":["arm","bicep","terraform"],"level":"warning","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters","resource_when":{"equals":"Cache","path":"properties.bootstrapProfile.artifactSource"},"scope":"properties.bootstrapProfile.containerRegistryId"}],"azure":[{"code":"VMExtensionError_OrasPullUnauthorized","says":"the node may not pull what it starts from"}],"breaks_at":"reconcile","confidence":"doc","id":"ACR-BOOTSTRAP","message":{"do":["assign {role} to {principal} on {scope}, and let the cluster depend on that assignment; the kubelet identity must be one that the cluster brings"],"headline":"{principal} may not pull from the registry {scope}, from which the nodes start","why":"network-isolated cluster {cluster} starts its nodes from that registry{place}"},"need":{"actions":["Microsoft.ContainerRegistry/registries/pull/read"],"before_cluster":"required","identity":"kubelet","least_role":{"id":"7f951dda-4ed3-4680-a7ca-43fe172d538d","name":"AcrPull"},"other_roles":[{"id":"8311e382-0749-4cb8-b61a-304f252e45ec","name":"AcrPush"},{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the registry","scope_type":"Microsoft.ContainerRegistry/registries"},"sources":["https://learn.microsoft.com/azure/aks/network-isolated"],"title":"The kubelet identity needs to pull from the registry that a network-isolated cluster starts from"},{"at":[{"resource":"Microsoft.ContainerRegistry/registries","resource_when":{"equals":"AbacRepositoryPermissions","path":"properties.roleAssignmentMode"}}],"breaks_at":"runtime","confidence":"doc","id":"ACR-ABAC","message":{"do":["assign {role} to {principal} on {scope}"],"headline":"{principal} may not pull images from the registry {scope}","why":"the nodes of cluster {cluster} pull with that identity, and the registry{place} is made together with the cluster; it decides by repository, so AcrPull and AcrPush count for nothing on it"},"need":{"actions":[],"before_cluster":"recommended","data_actions":["Microsoft.ContainerRegistry/registries/repositories/content/read","Microsoft.ContainerRegistry/registries/repositories/metadata/read"],"identity":"kubelet","least_role":{"id":"b93aa761-3e63-49ed-ac28-beffa264f7ac","name":"Container Registry Repository Reader"},"other_roles":[{"id":"2a1e307c-b015-4ebd-883e-5b7698a07328","name":"Container Registry Repository Writer"},{"id":"2efddaa5-3f1f-4df3-97df-af3f13818f4c","name":"Container Registry Repository Contributor"}],"owner":"whoever owns the registry","scope_type":"Microsoft.ContainerRegistry/registries"},"sources":["https://learn.microsoft.com/azure/container-registry/container-registry-rbac-abac-repository-permissions"],"title":"The kubelet identity needs a repository role on a registry that decides by repository"},{"at":[{"resource":"Microsoft.ContainerRegistry/registries"}],"breaks_at":"runtime","confidence":"doc","id":"ACR-PULL","message":{"do":["assign {role} to {principal} on {scope}"],"headline":"{principal} may not pull images from the registry {scope}","why":"the nodes of cluster {cluster} pull with that identity, and the registry{place} is made together with the cluster; without the right, pods that use its images stay in ImagePullBackOff"},"need":{"actions":["Microsoft.ContainerRegistry/registries/pull/read"],"before_cluster":"recommended","identity":"kubelet","least_role":{"id":"7f951dda-4ed3-4680-a7ca-43fe172d538d","name":"AcrPull"},"other_roles":[{"id":"8311e382-0749-4cb8-b61a-304f252e45ec","name":"AcrPush"},{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the registry","scope_type":"Microsoft.ContainerRegistry/registries"},"sources":["https://learn.microsoft.com/azure/aks/cluster-container-registry-integration","https://learn.microsoft.com/azure/aks/aks-service-permissions#aks-node-mapped-identity"],"title":"The kubelet identity needs to pull from the registry"}],"since":"0.1.0","title":"The kubelet identity may not pull images from the registry"}"#,
        page: r#"# registry-without-pull-role

The kubelet identity of a cluster may not pull images from the registry that is made together with it.

| | |
| --- | --- |
| Level | warning (a note with several clusters or registries, or where the registry also takes a password) |
| Breaks | at run time; when AKS reconciles the cluster where nodes start from the registry |
| Languages | ARM, Bicep, Terraform |
| Requirements | ACR-PULL, ACR-ABAC, ACR-BOOTSTRAP |
| Azure error prevented | `VMExtensionError_OrasPullUnauthorized`; `401 Unauthorized` and ImagePullBackOff at run time |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

No template says which registry a cluster pulls from. Where a deployment makes one cluster and one registry, the registry is taken for the
cluster's own, and it is asked whether the **kubelet** identity may pull: `registries/pull/read`, or, where `roleAssignmentMode` is
`AbacRepositoryPermissions`, the data actions of a repository role, since AcrPull counts for nothing there. With several of either the
answer is worth a note only. A registry that lets everybody pull (`anonymousPullEnabled`) is left out.

A network-isolated cluster names the registry that its nodes start from (`bootstrapProfile.containerRegistryId`); that is asked for always.

## Why it matters

The nodes pull images as the kubelet identity, not as the control plane. Without the right the cluster comes up, and every pod that uses an
image of the registry stays in ImagePullBackOff. The usual slip is AcrPull for the control plane identity, which never pulls anything.

## Avoid

### ARM

AcrPull goes to the control plane identity.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "cluster": "[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]",
    "registry": "[resourceId('Microsoft.ContainerRegistry/registries', 'acrprod')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.ContainerRegistry/registries",
      "apiVersion": "2023-07-01",
      "name": "acrprod",
      "location": "westeurope",
      "sku": { "name": "Premium" }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[variables('control')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }]
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('registry'), variables('cluster'), 'AcrPull')]",
      "scope": "[variables('registry')]",
      "dependsOn": ["[variables('registry')]", "[variables('cluster')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '7f951dda-4ed3-4680-a7ca-43fe172d538d')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = resourceGroup().location

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource registry 'Microsoft.ContainerRegistry/registries@2023-07-01' = {
  name: 'acrprod'
  location: location
  sku: { name: 'Premium' }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${control.id}': {} }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
  }
}

resource pull 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(registry.id, cluster.id, 'AcrPull')
  scope: registry
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '7f951dda-4ed3-4680-a7ca-43fe172d538d')
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_container_registry" "main" {
  name                = "acrprod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  sku                 = "Premium"
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }
}

resource "azurerm_role_assignment" "pull" {
  scope                = azurerm_container_registry.main.id
  role_definition_name = "AcrPull"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}
```

## Prefer

### ARM

AcrPull goes to the kubelet identity, which AKS names in the cluster's output.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "cluster": "[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]",
    "registry": "[resourceId('Microsoft.ContainerRegistry/registries', 'acrprod')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.ContainerRegistry/registries",
      "apiVersion": "2023-07-01",
      "name": "acrprod",
      "location": "westeurope",
      "sku": { "name": "Premium" }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[variables('control')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }]
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('registry'), variables('cluster'), 'AcrPull')]",
      "scope": "[variables('registry')]",
      "dependsOn": ["[variables('registry')]", "[variables('cluster')]"],
      "properties": {
        "principalId": "[reference(variables('cluster'), '2024-05-01').identityProfile.kubeletidentity.objectId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '7f951dda-4ed3-4680-a7ca-43fe172d538d')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = resourceGroup().location

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource registry 'Microsoft.ContainerRegistry/registries@2023-07-01' = {
  name: 'acrprod'
  location: location
  sku: { name: 'Premium' }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${control.id}': {} }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
  }
}

resource pull 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(registry.id, cluster.id, 'AcrPull')
  scope: registry
  properties: {
    principalId: cluster.properties.identityProfile.kubeletidentity.objectId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '7f951dda-4ed3-4680-a7ca-43fe172d538d')
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_container_registry" "main" {
  name                = "acrprod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  sku                 = "Premium"
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }
}

resource "azurerm_role_assignment" "pull" {
  scope                = azurerm_container_registry.main.id
  role_definition_name = "AcrPull"
  principal_id         = azurerm_kubernetes_cluster.main.kubelet_identity[0].object_id
}
```

## How to fix

Assign AcrPull (`7f951dda-4ed3-4680-a7ca-43fe172d538d`) on the registry to the kubelet identity:
`properties.identityProfile.kubeletidentity.objectId` of the cluster, `kubelet_identity[0].object_id` in Terraform, or the principal id of
the kubelet identity that the cluster brings. On a registry that decides by repository, assign Container Registry Repository Reader
(`b93aa761-3e63-49ed-ac28-beffa264f7ac`).

## Options

None.

## What it cannot see

Grants made outside of the templates (`az aks update --attach-acr`), image pull secrets in the cluster, and registries that are not made by
the deployment.

## References

- <https://learn.microsoft.com/azure/aks/cluster-container-registry-integration>
- <https://learn.microsoft.com/azure/container-registry/container-registry-rbac-abac-repository-permissions>
- <https://learn.microsoft.com/azure/aks/network-isolated>
"#,
    },
    Embedded {
        data: r#"{"families":["compute"],"id":"reserved-compute-without-role","languages":["arm","bicep","terraform"],"level":"warning","requirement":[{"at":[{"for_each":"properties.agentPoolProfiles[]","resource":"Microsoft.ContainerService/managedClusters","scope":"capacityReservationGroupID"},{"cluster":"parent","resource":"Microsoft.ContainerService/managedClusters/agentPools","scope":"properties.capacityReservationGroupID"}],"breaks_at":"reconcile","confidence":"doc","id":"CMP-CRG","message":{"do":["assign {role} to {principal} on the resource group of {scope}, and let the cluster depend on that assignment; it can take an hour to spread"],"headline":"{principal} may not put nodes into the capacity reservation group {scope}","why":"a node pool of cluster {cluster} takes its machines from that group{place}, for which AKS wants a user-assigned identity with Contributor on the group's resource group"},"need":{"actions":["Microsoft.Compute/capacityReservationGroups/read","Microsoft.Compute/capacityReservationGroups/deploy/action"],"before_cluster":"required","identity":"control-plane","identity_kinds":["user-assigned"],"least_role":{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},"other_roles":[{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the capacity reservation","scope_type":"Microsoft.Compute/capacityReservationGroups"},"sources":["https://learn.microsoft.com/azure/aks/use-capacity-reservation-groups"],"title":"The control plane identity needs to deploy into the capacity reservation group of a node pool"},{"at":[{"for_each":"properties.agentPoolProfiles[]","resource":"Microsoft.ContainerService/managedClusters","scope":"hostGroupID"},{"cluster":"parent","resource":"Microsoft.ContainerService/managedClusters/agentPools","scope":"properties.hostGroupID"}],"breaks_at":"reconcile","confidence":"doc","id":"CMP-HOSTGROUP","message":{"do":["assign {role} to {principal} on the resource group of {scope}, and let the cluster depend on that assignment"],"headline":"{principal} may not put nodes on the host group {scope}","why":"a node pool of cluster {cluster} runs on the dedicated hosts of that group{place}, for which AKS wants a user-assigned identity with Contributor on the group's resource group"},"need":{"actions":["Microsoft.Compute/hostGroups/read","Microsoft.Compute/hostGroups/write"],"before_cluster":"required","identity":"control-plane","identity_kinds":["user-assigned"],"least_role":{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},"other_roles":[{"id":"96ebd254-ecc7-4590-aff5-e9af3ff5f3b3","name":"Dedicated Host Contributor Role"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the hosts","scope_type":"Microsoft.Compute/hostGroups"},"sources":["https://learn.microsoft.com/azure/aks/use-azure-dedicated-hosts"],"title":"The control plane identity needs to write to the dedicated host group of a node pool"}],"since":"0.1.0","title":"The control plane may not put nodes into the reserved capacity or on the hosts that a node pool names"}"#,
        page: r#"# reserved-compute-without-role

The control plane may not put nodes into the capacity reservation group, or on the dedicated hosts, that a node pool names.

| | |
| --- | --- |
| Level | warning |
| Breaks | when AKS reconciles the cluster |
| Languages | ARM, Bicep, Terraform |
| Requirements | CMP-CRG, CMP-HOSTGROUP |
| Azure error prevented | none known |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

Looks at the capacity reservation groups (`capacityReservationGroupID`) and dedicated host groups (`hostGroupID`) of node pools, and asks whether the
user-assigned identity that the cluster runs as may use them: `capacityReservationGroups/read` and `/deploy/action`, `hostGroups/read` and `/write`. With a system-assigned
identity neither works; that is [`system-assigned-with-reserved-compute`](../system-assigned-with-reserved-compute/README.md).

## Why it matters

AKS makes the machines of a pool in the name of the control plane, and Azure lets nobody place machines in somebody's reserved capacity without a role
there. The pool fails while the rest of the cluster comes up.

## Avoid

### ARM

Nobody lets the cluster use the group.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Compute/capacityReservationGroups",
      "apiVersion": "2023-09-01",
      "name": "crg-aks",
      "location": "westeurope",
      "zones": ["1"]
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[resourceId('Microsoft.Compute/capacityReservationGroups', 'crg-aks')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [
          {
            "name": "system",
            "mode": "System",
            "count": 3,
            "vmSize": "Standard_D4s_v5",
            "capacityReservationGroupID": "[resourceId('Microsoft.Compute/capacityReservationGroups', 'crg-aks')]"
          }
        ]
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = resourceGroup().location

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource reserved 'Microsoft.Compute/capacityReservationGroups@2023-09-01' = {
  name: 'crg-aks'
  location: location
  zones: ['1']
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      {
        name: 'system'
        mode: 'System'
        count: 3
        vmSize: 'Standard_D4s_v5'
        capacityReservationGroupID: reserved.id
      }
    ]
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_capacity_reservation_group" "main" {
  name                = "crg-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  zones               = ["1"]
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
    capacity_reservation_group_id = azurerm_capacity_reservation_group.main.id
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }
}
```

## Prefer

### ARM

The control plane identity is Contributor on the resource group of the capacity reservation group.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Compute/capacityReservationGroups",
      "apiVersion": "2023-09-01",
      "name": "crg-aks",
      "location": "westeurope",
      "zones": ["1"]
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceGroup().id, resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), 'Contributor')]",
      "dependsOn": ["[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b24988ac-6180-42a0-ab88-20f7382dd24c')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[resourceId('Microsoft.Authorization/roleAssignments', guid(resourceGroup().id, resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), 'Contributor'))]",
        "[resourceId('Microsoft.Compute/capacityReservationGroups', 'crg-aks')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [
          {
            "name": "system",
            "mode": "System",
            "count": 3,
            "vmSize": "Standard_D4s_v5",
            "capacityReservationGroupID": "[resourceId('Microsoft.Compute/capacityReservationGroups', 'crg-aks')]"
          }
        ]
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = resourceGroup().location

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource reserved 'Microsoft.Compute/capacityReservationGroups@2023-09-01' = {
  name: 'crg-aks'
  location: location
  zones: ['1']
}

resource useGroup 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, control.id, 'Contributor')
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b24988ac-6180-42a0-ab88-20f7382dd24c')
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      {
        name: 'system'
        mode: 'System'
        count: 3
        vmSize: 'Standard_D4s_v5'
        capacityReservationGroupID: reserved.id
      }
    ]
  }
  dependsOn: [useGroup]
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_capacity_reservation_group" "main" {
  name                = "crg-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  zones               = ["1"]
}

resource "azurerm_role_assignment" "group" {
  scope                = azurerm_resource_group.main.id
  role_definition_name = "Contributor"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
    capacity_reservation_group_id = azurerm_capacity_reservation_group.main.id
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  depends_on = [azurerm_role_assignment.group]
}
```

## How to fix

Assign Contributor (`b24988ac-6180-42a0-ab88-20f7382dd24c`) on the group's resource group to the identity that the cluster runs as, before the cluster:
documentation says that it can take an hour to spread.

## Options

None.

## What it cannot see

Which actions AKS uses is not documented, only the role: a custom role with other actions than those asked for is taken for too little. Groups from
elsewhere are worth a note.

## References

- <https://learn.microsoft.com/azure/aks/use-capacity-reservation-groups>
- <https://learn.microsoft.com/azure/aks/use-azure-dedicated-hosts>
"#,
    },
    Embedded {
        data: r#"{"families":["add-ons"],"id":"retired-add-on","languages":["arm","bicep","terraform"],"level":"warning","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters","resource_when":{"equals":"true","path":"properties.addonProfiles.httpApplicationRouting.enabled"},"scope":"properties.addonProfiles.httpApplicationRouting.enabled"}],"confidence":"doc","id":"ADD-HTTP-APP-ROUTING","message":{"do":["use application routing (`ingressProfile.webAppRouting`) instead, and let its identity write to your DNS zone"],"headline":"cluster {cluster} turns on HTTP application routing, which is retired","why":"the add-on{place} was retired in March 2025, and was never meant for production"},"sources":["https://learn.microsoft.com/azure/aks/app-routing-migration","https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/kubernetes_cluster"],"title":"HTTP application routing is retired"},{"at":[{"resource":"Microsoft.ContainerService/managedClusters","resource_when":{"equals":"true","path":"properties.podIdentityProfile.enabled"},"scope":"properties.podIdentityProfile.enabled"}],"azure":[{"code":"PodIdentityAddonUserAssignedIdentitiesNotAllowedInCreation","name_only":true},{"code":"PodIdentityAddonIdentitiesAssignmentError","name_only":true}],"confidence":"doc","id":"ADD-POD-IDENTITY","message":{"do":["use workload identity instead: `oidcIssuerProfile`, `securityProfile.workloadIdentity` and federated credentials"],"headline":"cluster {cluster} gives pods identities by the pod-managed identity add-on, which is no longer supported","why":"the add-on{place} was deprecated in October 2022 and patched until September 2025; it also intercepts the token requests of other pods of the node"},"sources":["https://learn.microsoft.com/azure/aks/use-azure-ad-pod-identity","https://learn.microsoft.com/azure/aks/workload-identity-migrate-from-pod-identity"],"title":"Pod-managed identity is deprecated and no longer supported"}],"since":"0.1.0","title":"The cluster turns on an add-on that is retired"}"#,
        page: r#"# retired-add-on

A cluster turns on an add-on that Azure has retired: HTTP application routing, or pod-managed identity.

| | |
| --- | --- |
| Level | warning |
| Breaks | never by itself |
| Languages | ARM, Bicep, Terraform |
| Requirements | ADD-HTTP-APP-ROUTING, ADD-POD-IDENTITY |
| Azure error prevented | none known |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

Looks at `addonProfiles.httpApplicationRouting` and `podIdentityProfile`, where they are on.

## Why it matters

HTTP application routing was retired in March 2025; application routing takes its place. Pod-managed identity was deprecated in October 2022, and the add-on was patched until September 2025; workload identity takes its place.

## Avoid

### ARM

HTTP application routing.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "addonProfiles": { "httpApplicationRouting": { "enabled": true } }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = resourceGroup().location

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
    addonProfiles: { httpApplicationRouting: { enabled: true } }
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  http_application_routing_enabled = true
}
```

## Prefer

### ARM

Application routing.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "ingressProfile": { "webAppRouting": { "enabled": true } }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = resourceGroup().location

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
    ingressProfile: { webAppRouting: { enabled: true } }
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  web_app_routing {
    dns_zone_ids = []
  }
}
```

## How to fix

Turn the add-on off, and use what takes its place.

## Options

None.

## What it cannot see

Pod identity that is installed by Helm.

## References

- <https://learn.microsoft.com/azure/aks/app-routing-migration>
- <https://learn.microsoft.com/azure/aks/use-azure-ad-pod-identity>
"#,
    },
    Embedded {
        data: r#"{"families":["role assignments"],"found_by":"check","id":"role-assigned-after-cluster","languages":["arm","bicep","terraform"],"level":"error","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters"}],"breaks_at":"create","confidence":"doc","id":"RA-DEPENDSON","message":{"do":["let the cluster depend on that assignment (`dependsOn`, `depends_on`), or on the module that holds it"],"headline":"cluster {cluster} does not wait for the assignment of {value} to {principal} on {scope}","why":"AKS checks it before it creates the cluster{place}, and nothing makes the cluster wait, so both are created at the same time"},"sources":["https://learn.microsoft.com/azure/aks/private-clusters","https://learn.microsoft.com/azure/aks/configure-kubenet"],"title":"A cluster must depend on the role assignments that AKS looks for at its creation"},{"at":[{"resource":"Microsoft.ContainerService/managedClusters"}],"breaks_at":"create","confidence":"doc","id":"RA-CYCLE","message":{"do":["take away what makes the assignment wait for the cluster (a reference to it, `dependsOn`, `depends_on`), and let the cluster depend on the assignment"],"headline":"the assignment of {value} to {principal} on {scope} waits for cluster {cluster}, which needs it first","why":"AKS checks it before it creates the cluster{place}"},"sources":["https://learn.microsoft.com/azure/aks/use-managed-identity"],"title":"A role that AKS looks for at a cluster's creation cannot be assigned by something that waits for the cluster"}],"since":"0.1.0","title":"The cluster does not wait for a role that AKS looks for before it creates the cluster"}"#,
        page: r#"# role-assigned-after-cluster

A role that AKS looks for before it creates the cluster is assigned, and the cluster does not wait for the assignment.

| | |
| --- | --- |
| Level | error (a warning where the cluster waits for another role assignment or something slow, so that the assignment may be there in time) |
| Breaks | at creation |
| Languages | ARM, Bicep, Terraform |
| Requirements | RA-DEPENDSON, RA-CYCLE |
| Azure errors prevented | that of the permission: `CustomKubeletIdentityMissingPermissionError`, `CustomPrivateDNSZoneMissingPermissionError` and others |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

For each permission that AKS looks for before it creates a cluster, that a user-assigned identity or a service principal needs, and that the
deployment grants (kubelet identity, private DNS zone, route table, API server subnet), it asks whether the cluster waits for an assignment
that grants it: by `dependsOn` or `depends_on`, by a reference to it, or by waiting for the module or nested deployment that holds it.
Anything on the way counts.

It also reports an assignment that itself waits for the cluster (RA-CYCLE): no order helps then. Where what the cluster waits for is not
known in full it says nothing, nor of roles that count only later, nor of permissions that nobody grants: those have rules of their own.

## Why it matters

Azure creates at the same time what does not wait for each other. A role assignment is quick and a cluster slow, so it often works, until
the check comes first: then the deployment fails with the error of the missing permission, though the template holds the grant, and the next
attempt works.

## Avoid

### ARM

The role is right, and nothing makes the cluster wait for it.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "zone": "[resourceId('Microsoft.Network/privateDnsZones', 'privatelink.westeurope.azmk8s.io')]",
    "privateDnsZoneContributor": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b12aa53e-6015-4669-85d0-8515ebb3ae7f')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Network/privateDnsZones",
      "apiVersion": "2020-06-01",
      "name": "privatelink.westeurope.azmk8s.io",
      "location": "global"
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('zone'), variables('control'), variables('privateDnsZoneContributor'))]",
      "scope": "[variables('zone')]",
      "dependsOn": ["[variables('control')]", "[variables('zone')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('privateDnsZoneContributor')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[variables('control')]", "[variables('zone')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "apiServerAccessProfile": { "enablePrivateCluster": true, "privateDNSZone": "[variables('zone')]" }
      }
    }
  ]
}
```

### Bicep

An output of the module that holds the kubelet identity makes the cluster wait for that module, and the role is in another.

```bicep file=main.bicep
param location string = 'westeurope'

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

module kubelet 'kubelet.bicep' = {
  name: 'kubelet'
}

module grant 'grant.bicep' = {
  name: 'grant'
  params: {
    principalId: control.properties.principalId
    kubeletName: kubelet.outputs.name
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${control.id}': {}
    }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
    identityProfile: {
      kubeletidentity: {
        resourceId: kubelet.outputs.id
        clientId: kubelet.outputs.clientId
        objectId: kubelet.outputs.principalId
      }
    }
  }
}
```

```bicep file=kubelet.bicep
param location string = 'westeurope'

resource kubelet 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-kubelet'
  location: location
}

output id string = kubelet.id
output name string = kubelet.name
output clientId string = kubelet.properties.clientId
output principalId string = kubelet.properties.principalId
```

```bicep file=grant.bicep
param principalId string
param kubeletName string

var managedIdentityOperator = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'f1a07417-d97a-45cb-824c-7a7467783830')

resource kubelet 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' existing = {
  name: kubeletName
}

resource operator 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(kubelet.id, principalId, managedIdentityOperator)
  scope: kubelet
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: managedIdentityOperator
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_user_assigned_identity" "kubelet" {
  name                = "id-aks-kubelet"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_role_assignment" "operator" {
  scope                = azurerm_user_assigned_identity.kubelet.id
  role_definition_name = "Managed Identity Operator"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  kubelet_identity {
    client_id                 = azurerm_user_assigned_identity.kubelet.client_id
    object_id                 = azurerm_user_assigned_identity.kubelet.principal_id
    user_assigned_identity_id = azurerm_user_assigned_identity.kubelet.id
  }
}
```

## Prefer

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "zone": "[resourceId('Microsoft.Network/privateDnsZones', 'privatelink.westeurope.azmk8s.io')]",
    "privateDnsZoneContributor": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b12aa53e-6015-4669-85d0-8515ebb3ae7f')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Network/privateDnsZones",
      "apiVersion": "2020-06-01",
      "name": "privatelink.westeurope.azmk8s.io",
      "location": "global"
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('zone'), variables('control'), variables('privateDnsZoneContributor'))]",
      "scope": "[variables('zone')]",
      "dependsOn": ["[variables('control')]", "[variables('zone')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('privateDnsZoneContributor')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[variables('control')]",
        "[variables('zone')]",
        "[extensionResourceId(variables('zone'), 'Microsoft.Authorization/roleAssignments', guid(variables('zone'), variables('control'), variables('privateDnsZoneContributor')))]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "apiServerAccessProfile": { "enablePrivateCluster": true, "privateDNSZone": "[variables('zone')]" }
      }
    }
  ]
}
```

### Bicep

The cluster depends on the module that holds the role.

```bicep file=main.bicep
param location string = 'westeurope'

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource kubelet 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-kubelet'
  location: location
}

module grant 'grant.bicep' = {
  name: 'grant'
  params: {
    principalId: control.properties.principalId
    kubeletName: kubelet.name
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${control.id}': {}
    }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
    identityProfile: {
      kubeletidentity: {
        resourceId: kubelet.id
        clientId: kubelet.properties.clientId
        objectId: kubelet.properties.principalId
      }
    }
  }
  dependsOn: [
    grant
  ]
}
```

```bicep file=grant.bicep
param principalId string
param kubeletName string

var managedIdentityOperator = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'f1a07417-d97a-45cb-824c-7a7467783830')

resource kubelet 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' existing = {
  name: kubeletName
}

resource operator 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(kubelet.id, principalId, managedIdentityOperator)
  scope: kubelet
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: managedIdentityOperator
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_user_assigned_identity" "kubelet" {
  name                = "id-aks-kubelet"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_role_assignment" "operator" {
  scope                = azurerm_user_assigned_identity.kubelet.id
  role_definition_name = "Managed Identity Operator"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  kubelet_identity {
    client_id                 = azurerm_user_assigned_identity.kubelet.client_id
    object_id                 = azurerm_user_assigned_identity.kubelet.principal_id
    user_assigned_identity_id = azurerm_user_assigned_identity.kubelet.id
  }

  depends_on = [azurerm_role_assignment.operator]
}
```

## How to fix

1. Name the assignment, or the module that holds it, in the cluster's `dependsOn` (Terraform: `depends_on`). A reference to a module's output waits
   for the whole module in ARM and Bicep, and only for that output in Terraform.
2. Take away what makes the assignment wait for the cluster. Where it needs something of the cluster, as its own identity, give the cluster a
   user-assigned identity instead.

## Options

None.

## What it cannot see

- How long a new assignment takes to count: Azure may refuse the cluster minutes after the assignment was made. A second attempt then works.
- Assignments of earlier deployments: where the same role is in force already, the order no longer matters.

## References

- <https://learn.microsoft.com/azure/aks/private-clusters>
- <https://learn.microsoft.com/azure/aks/configure-kubenet>
"#,
    },
    Embedded {
        data: r#"{"families":["role assignments"],"found_by":"check","id":"role-assignment-name","languages":["arm","bicep","terraform"],"level":"error","requirement":[{"at":[{"resource":"Microsoft.Authorization/roleAssignments"}],"azure":[{"code":"InvalidRoleAssignmentId","says":"the role assignment id must be a GUID"},{"code":"RoleAssignmentUpdateNotPermitted","says":"tenant id, application id, principal id and scope may not be updated"},{"code":"RoleAssignmentExists","says":"the role assignment already exists"}],"breaks_at":"create","confidence":"doc","id":"RA-NAME-GUID","message":{"do":["name it `guid(<scope>, <id of the identity>, <role>)`"],"headline":"the name of the assignment of {role} to {principal} {value}","why":"{expected}"},"sources":["https://learn.microsoft.com/azure/azure-resource-manager/bicep/scenarios-rbac#name","https://learn.microsoft.com/azure/role-based-access-control/troubleshooting","https://github.com/Azure/bicep/issues/8737","https://github.com/Azure/bicep/issues/8774","https://github.com/MicrosoftDocs/azure-docs/issues/85388"],"title":"The name of a role assignment is a GUID made of its scope, its principal and its role"}],"since":"0.1.0","title":"The name of a role assignment is refused, now or at the next deployment"}"#,
        page: r#"# role-assignment-name

The name of a role assignment is refused, now or at the next deployment.

| | |
| --- | --- |
| Level | error; a warning for names that are new each time or taken at another scope, a note for names that say too little |
| Breaks | at creation |
| Languages | ARM, Bicep, Terraform |
| Requirement | RA-NAME-GUID |
| Azure errors prevented | `InvalidRoleAssignmentId`, `RoleAssignmentUpdateNotPermitted`, `RoleAssignmentExists` |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

It looks at the name of each role assignment:

- it is certainly no GUID: error;
- two assignments that certainly exist together have one name at one scope, and certainly differ in principal or role: error;
- two assignments that certainly exist together have one name at two scopes: warning;
- it is made with `newGuid()`, `utcNow()` or Terraform's `uuid()`, and neither the principal nor the scope is: warning;
- it is made with `guid()` of values among which nothing stands for the principal, the role or the scope: note. An identity is named by its principal id, its id or its name; any text of its own stands for the role.

Names that Terraform's provider chooses, and names that are parameters, are left alone.

## Why it matters

The name says which assignment it is. Where two have the same, or where the name stays and the principal changes (an identity was deleted and made again), Azure takes the second for a change of the first, and
refuses it. Where the name is new at each deployment, the second deployment makes the same assignment again, which it refuses as well.

## Avoid

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "identity": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks')]",
    "role": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[format('{0}-network', resourceGroup().name)]",
      "dependsOn": ["[variables('identity')]"],
      "properties": {
        "principalId": "[reference(variables('identity'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('role')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param name string = newGuid()

var role = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks'
  location: 'westeurope'
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: name
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: role
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "aks" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "aks" {
  name                = "id-aks"
  location            = "westeurope"
  resource_group_name = azurerm_resource_group.aks.name
}

resource "azurerm_role_assignment" "network" {
  name                 = "network-contributor"
  scope                = azurerm_resource_group.aks.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_user_assigned_identity.aks.principal_id
  principal_type       = "ServicePrincipal"
}
```

## Prefer

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "identity": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks')]",
    "role": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceGroup().id, variables('identity'), variables('role'))]",
      "dependsOn": ["[variables('identity')]"],
      "properties": {
        "principalId": "[reference(variables('identity'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('role')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
var role = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks'
  location: 'westeurope'
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, identity.id, role)
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: role
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "aks" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "aks" {
  name                = "id-aks"
  location            = "westeurope"
  resource_group_name = azurerm_resource_group.aks.name
}

resource "azurerm_role_assignment" "network" {
  scope                = azurerm_resource_group.aks.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_user_assigned_identity.aks.principal_id
  principal_type       = "ServicePrincipal"
}
```

## How to fix

Name it `guid(<scope>, <id of the identity>, <role>)`. In Terraform leave `name` out.

## Options

None.

## What it cannot see

Names that are given as parameters, and what a `guid()` is made of where all of it is known text.

## References

- <https://learn.microsoft.com/azure/azure-resource-manager/bicep/scenarios-rbac#name>
- <https://learn.microsoft.com/azure/role-based-access-control/troubleshooting>
"#,
    },
    Embedded {
        data: r#"{"families":["role assignments"],"found_by":"check","id":"role-definition-id-malformed","languages":["arm","bicep","terraform"],"level":"error","requirement":[{"at":[{"resource":"Microsoft.Authorization/roleAssignments"}],"azure":[{"code":"BadRequestFormat","says":"the request was incorrectly formatted"}],"breaks_at":"create","confidence":"doc","id":"RA-ROLEDEF-FORMAT","message":{"do":["set `roleDefinitionId` to `{expected}`, or to what `subscriptionResourceId('Microsoft.Authorization/roleDefinitions', …)` gives"],"headline":"the role for {principal} is given as {value}, which is no id of a role definition","why":"Azure takes the resource id of a role definition, with the scope or `/providers` in front"},"sources":["https://learn.microsoft.com/azure/azure-resource-manager/bicep/scenarios-rbac","https://github.com/Azure/bicep/issues/2031","https://github.com/Azure/bicep/issues/1863"],"title":"roleDefinitionId is the resource id of a role definition: not its GUID alone, and not its name"}],"since":"0.1.0","title":"A role is assigned by something that is no id of a role definition"}"#,
        page: r#"# role-definition-id-malformed

The role of an assignment is given as something that is no id of a role definition.

| | |
| --- | --- |
| Level | error (a warning for the id of a resource of another type) |
| Breaks | at creation |
| Languages | ARM, Bicep, Terraform |
| Requirement | RA-ROLEDEF-FORMAT |
| Azure error prevented | `BadRequestFormat` |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

It looks at the `roleDefinitionId` of each role assignment and says where that is certainly a GUID alone, the name of a role, or the id of a resource of another type, such as
`…/Microsoft.Authorization/roleAssignments/…`.

Of an id of another type Azure has been seen to take the GUID at its end, so that templates with this slip are deployed. Nothing promises that, and readers are misled: a warning.

The scope in front of the id does not matter: a role definition is addressed through the tenant, the subscription, or what it is assigned on.

## Why it matters

Azure refuses the assignment. The messages name the format of the request and seldom the property.

## Avoid

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "identity": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks')]",
    "role": "4d97b98b-1d4f-4787-a291-c67834d212e7"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceGroup().id, variables('identity'), variables('role'))]",
      "dependsOn": ["[variables('identity')]"],
      "properties": {
        "principalId": "[reference(variables('identity'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('role')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
var role = subscriptionResourceId('Microsoft.Authorization/roleAssignments', '4d97b98b-1d4f-4787-a291-c67834d212e7')

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks'
  location: 'westeurope'
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, identity.id, role)
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: role
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "aks" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "aks" {
  name                = "id-aks"
  location            = "westeurope"
  resource_group_name = azurerm_resource_group.aks.name
}

resource "azurerm_role_assignment" "network" {
  scope              = azurerm_resource_group.aks.id
  role_definition_id = "4d97b98b-1d4f-4787-a291-c67834d212e7"
  principal_id       = azurerm_user_assigned_identity.aks.principal_id
  principal_type     = "ServicePrincipal"
}
```

## Prefer

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "identity": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks')]",
    "role": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceGroup().id, variables('identity'), variables('role'))]",
      "dependsOn": ["[variables('identity')]"],
      "properties": {
        "principalId": "[reference(variables('identity'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('role')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
var role = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks'
  location: 'westeurope'
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, identity.id, role)
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: role
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "aks" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "aks" {
  name                = "id-aks"
  location            = "westeurope"
  resource_group_name = azurerm_resource_group.aks.name
}

resource "azurerm_role_assignment" "network" {
  scope                = azurerm_resource_group.aks.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_user_assigned_identity.aks.principal_id
  principal_type       = "ServicePrincipal"
}
```

## How to fix

Write `subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '<GUID>')`. In Terraform set `role_definition_name`, or `role_definition_id` to `role_definition_resource_id` of the role.

## Options

None.

## What it cannot see

Ids that are given as parameters, and texts that are neither a GUID nor the name of a role.

## References

- <https://learn.microsoft.com/azure/azure-resource-manager/bicep/scenarios-rbac>
- <https://github.com/Azure/bicep/issues/2031>
"#,
    },
    Embedded {
        data: r#"{"families":["least privilege","role assignments"],"found_by":"check","id":"role-in-locked-resource-group","languages":["arm","bicep"],"level":"note","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters","resource_when":{"equals":"ReadOnly","path":"properties.nodeResourceGroupProfile.restrictionLevel"}}],"confidence":"doc","id":"RA-NODE-RG-LOCKDOWN","message":{"do":["leave the assignment out, or assign a role to read","or make the changes by way of the cluster"],"headline":"{principal} holds {role}, where nobody may change anything","why":"cluster {value} locks its node resource group (`nodeResourceGroupProfile.restrictionLevel` is `ReadOnly`): a deny assignment blocks changes whatever the roles"},"sources":["https://learn.microsoft.com/azure/aks/node-resource-group-lockdown"],"title":"No role to change resources is assigned in a node resource group that is locked"}],"since":"0.1.0","title":"A role to change resources is assigned in a node resource group in which nobody may change any"}"#,
        page: r#"# role-in-locked-resource-group

A role to change resources is assigned in a node resource group in which nobody may change any.

| | |
| --- | --- |
| Level | note |
| Breaks | never by itself |
| Languages | ARM, Bicep |
| Requirement | RA-NODE-RG-LOCKDOWN |
| Azure error prevented | none known |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

For each cluster that locks its node resource group (`nodeResourceGroupProfile.restrictionLevel` is `ReadOnly`) it looks for roles that templates
assign on that group or in it, and that are good for more than reading. Those of the cluster's own control plane are left out.

## Why it matters

A deny assignment blocks changes to what lies in the group. Whoever relies on such a role finds out at work.

## Avoid

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "app": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-app')]",
    "cluster": "[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-app",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "identity": { "type": "SystemAssigned" },
      "properties": {
        "dnsPrefix": "aks-prod",
        "disableLocalAccounts": true,
        "aadProfile": { "managed": true, "enableAzureRBAC": true },
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "nodeResourceGroup": "rg-aks-nodes",
        "nodeResourceGroupProfile": { "restrictionLevel": "ReadOnly" }
      }
    },
    {
      "type": "Microsoft.Resources/deployments",
      "apiVersion": "2022-09-01",
      "name": "node-roles",
      "resourceGroup": "rg-aks-nodes",
      "dependsOn": ["[variables('cluster')]", "[variables('app')]"],
      "properties": {
        "mode": "Incremental",
        "template": {
          "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
          "contentVersion": "1.0.0.0",
          "resources": [
            {
              "type": "Microsoft.Authorization/roleAssignments",
              "apiVersion": "2022-04-01",
              "name": "[guid('rg-aks-nodes', variables('app'), 'Network Contributor')]",
              "properties": {
                "principalId": "[reference(variables('app'), '2023-01-31').principalId]",
                "principalType": "ServicePrincipal",
                "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')]"
              }
            }
          ]
        }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
resource app 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-app'
  location: 'westeurope'
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  identity: { type: 'SystemAssigned' }
  properties: {
    dnsPrefix: 'aks-prod'
    disableLocalAccounts: true
    aadProfile: { managed: true, enableAzureRBAC: true }
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
    nodeResourceGroup: 'rg-aks-nodes'
    nodeResourceGroupProfile: { restrictionLevel: 'ReadOnly' }
  }
}

module roles 'roles.bicep' = {
  name: 'node-roles'
  scope: resourceGroup('rg-aks-nodes')
  params: { principal: app.properties.principalId }
  dependsOn: [cluster]
}
```

```bicep file=roles.bicep
param principal string

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, principal, 'Network Contributor')
  properties: {
    principalId: principal
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')
  }
}
```

## Prefer

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "app": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-app')]",
    "cluster": "[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-app",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "identity": { "type": "SystemAssigned" },
      "properties": {
        "dnsPrefix": "aks-prod",
        "disableLocalAccounts": true,
        "aadProfile": { "managed": true, "enableAzureRBAC": true },
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "nodeResourceGroup": "rg-aks-nodes",
        "nodeResourceGroupProfile": { "restrictionLevel": "ReadOnly" }
      }
    },
    {
      "type": "Microsoft.Resources/deployments",
      "apiVersion": "2022-09-01",
      "name": "node-roles",
      "resourceGroup": "rg-aks-nodes",
      "dependsOn": ["[variables('cluster')]", "[variables('app')]"],
      "properties": {
        "mode": "Incremental",
        "template": {
          "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
          "contentVersion": "1.0.0.0",
          "resources": [
            {
              "type": "Microsoft.Authorization/roleAssignments",
              "apiVersion": "2022-04-01",
              "name": "[guid('rg-aks-nodes', variables('app'), 'Reader')]",
              "properties": {
                "principalId": "[reference(variables('app'), '2023-01-31').principalId]",
                "principalType": "ServicePrincipal",
                "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')]"
              }
            }
          ]
        }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
resource app 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-app'
  location: 'westeurope'
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  identity: { type: 'SystemAssigned' }
  properties: {
    dnsPrefix: 'aks-prod'
    disableLocalAccounts: true
    aadProfile: { managed: true, enableAzureRBAC: true }
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
    nodeResourceGroup: 'rg-aks-nodes'
    nodeResourceGroupProfile: { restrictionLevel: 'ReadOnly' }
  }
}

module roles 'roles.bicep' = {
  name: 'node-roles'
  scope: resourceGroup('rg-aks-nodes')
  params: { principal: app.properties.principalId }
  dependsOn: [cluster]
}
```

```bicep file=roles.bicep
param principal string

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, principal, 'Reader')
  properties: {
    principalId: principal
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')
  }
}
```

## How to fix

Leave the assignment out. What lies in the node resource group is changed by way of the cluster: by its properties and by Kubernetes objects.

## Options

None. Where such a role is meant, suppress the finding with the reason: `rolecall: ignore[role-in-locked-resource-group] reason`.

## What it cannot see

Which identities the deny assignment excepts, which is not documented; clusters of AKS Automatic, whose group is always locked; the azurerm
provider of Terraform, which has no such property (azapi has).

## References

- <https://learn.microsoft.com/azure/aks/node-resource-group-lockdown>
"#,
    },
    Embedded {
        data: r#"{"families":["least privilege"],"found_by":"check","id":"role-on-broad-scope","languages":["arm","bicep","terraform"],"level":"note","requirement":[{"at":[{"resource":"Microsoft.Authorization/roleAssignments"}],"confidence":"doc","id":"RA-BROAD-SCOPE","message":{"do":["assign it on {value}, unless Kubernetes objects use more of what lies there"],"headline":"{principal} holds {role}, and needs it on {value} alone","why":"on the wider scope the role is good for all else that lies or will lie there"},"sources":["https://learn.microsoft.com/azure/aks/managed-identity-overview","https://learn.microsoft.com/azure/aks/pre-created-kubelet-managed-identity"],"title":"The roles of the identities of a cluster are assigned on the resources that they are needed on"}],"since":"0.1.0","title":"An identity of a cluster holds a role on more than it needs"}"#,
        page: r#"# role-on-broad-scope

An identity of a cluster holds a role on a resource group or more, and needs it on one resource.

| | |
| --- | --- |
| Level | note |
| Breaks | never by itself |
| Languages | ARM, Bicep, Terraform |
| Requirement | RA-BROAD-SCOPE |
| Azure error prevented | none known |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

It takes the roles that templates assign to the control plane's and the kubelet's identity on resource groups, subscriptions and management groups,
and on which needs of the deployment rest. Where these needs all lie on one resource, or in it, it names that. For several, the resource group is
the plainer place.

It says nothing where some need of the identity is undecided or must be granted elsewhere, since that may lie on the wider scope too; of needs
for which Microsoft's own pages ask for the resource group (capacity reservations, host groups); nor of roles that
[overprivileged-identity](../overprivileged-identity/README.md) speaks of.

## Why it matters

What comes into the resource group later falls under the role as well, and nobody looks at the assignment again.

## Avoid

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "subnet": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'nodes')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Network/virtualNetworks",
      "apiVersion": "2023-11-01",
      "name": "vnet-aks",
      "location": "westeurope",
      "properties": {
        "addressSpace": { "addressPrefixes": ["10.0.0.0/16"] },
        "subnets": [{ "name": "nodes", "properties": { "addressPrefix": "10.0.0.0/20" } }]
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceGroup().id, variables('control'), 'Network Contributor')]",
      "dependsOn": ["[variables('control')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[variables('control')]",
        "[resourceId('Microsoft.Network/virtualNetworks', 'vnet-aks')]",
        "[resourceId('Microsoft.Authorization/roleAssignments', guid(resourceGroup().id, variables('control'), 'Network Contributor'))]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "disableLocalAccounts": true,
        "aadProfile": { "managed": true, "enableAzureRBAC": true },
        "agentPoolProfiles": [
          {
            "name": "system",
            "mode": "System",
            "count": 3,
            "vmSize": "Standard_D4s_v5",
            "vnetSubnetID": "[variables('subnet')]"
          }
        ]
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: 'westeurope'
}

resource vnet 'Microsoft.Network/virtualNetworks@2023-11-01' = {
  name: 'vnet-aks'
  location: 'westeurope'
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] }
  }

  resource nodes 'subnets' = {
    name: 'nodes'
    properties: { addressPrefix: '10.0.0.0/20' }
  }
}

resource network 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, control.id, 'Network Contributor')
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${control.id}': {} }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    disableLocalAccounts: true
    aadProfile: { managed: true, enableAzureRBAC: true }
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5', vnetSubnetID: vnet::nodes.id }
    ]
  }
  dependsOn: [network]
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_virtual_network" "main" {
  name                = "vnet-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  address_space       = ["10.0.0.0/16"]
}

resource "azurerm_subnet" "nodes" {
  name                 = "nodes"
  resource_group_name  = azurerm_resource_group.main.name
  virtual_network_name = azurerm_virtual_network.main.name
  address_prefixes     = ["10.0.0.0/20"]
}

resource "azurerm_role_assignment" "network" {
  scope                = azurerm_resource_group.main.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_kubernetes_cluster" "main" {
  name                   = "aks-prod"
  resource_group_name    = azurerm_resource_group.main.name
  location               = azurerm_resource_group.main.location
  dns_prefix             = "aks-prod"
  local_account_disabled = true

  default_node_pool {
    name           = "system"
    node_count     = 3
    vm_size        = "Standard_D4s_v5"
    vnet_subnet_id = azurerm_subnet.nodes.id
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  azure_active_directory_role_based_access_control {
    azure_rbac_enabled = true
  }

  depends_on = [azurerm_role_assignment.network]
}
```

## Prefer

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "subnet": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'nodes')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Network/virtualNetworks",
      "apiVersion": "2023-11-01",
      "name": "vnet-aks",
      "location": "westeurope",
      "properties": {
        "addressSpace": { "addressPrefixes": ["10.0.0.0/16"] },
        "subnets": [{ "name": "nodes", "properties": { "addressPrefix": "10.0.0.0/20" } }]
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('subnet'), variables('control'), 'Network Contributor')]",
      "scope": "[variables('subnet')]",
      "dependsOn": ["[variables('control')]", "[resourceId('Microsoft.Network/virtualNetworks', 'vnet-aks')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[variables('control')]",
        "[resourceId('Microsoft.Network/virtualNetworks', 'vnet-aks')]",
        "[extensionResourceId(variables('subnet'), 'Microsoft.Authorization/roleAssignments', guid(variables('subnet'), variables('control'), 'Network Contributor'))]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "disableLocalAccounts": true,
        "aadProfile": { "managed": true, "enableAzureRBAC": true },
        "agentPoolProfiles": [
          {
            "name": "system",
            "mode": "System",
            "count": 3,
            "vmSize": "Standard_D4s_v5",
            "vnetSubnetID": "[variables('subnet')]"
          }
        ]
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: 'westeurope'
}

resource vnet 'Microsoft.Network/virtualNetworks@2023-11-01' = {
  name: 'vnet-aks'
  location: 'westeurope'
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] }
  }

  resource nodes 'subnets' = {
    name: 'nodes'
    properties: { addressPrefix: '10.0.0.0/20' }
  }
}

resource network 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vnet::nodes.id, control.id, 'Network Contributor')
  scope: vnet::nodes
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${control.id}': {} }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    disableLocalAccounts: true
    aadProfile: { managed: true, enableAzureRBAC: true }
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5', vnetSubnetID: vnet::nodes.id }
    ]
  }
  dependsOn: [network]
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_virtual_network" "main" {
  name                = "vnet-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  address_space       = ["10.0.0.0/16"]
}

resource "azurerm_subnet" "nodes" {
  name                 = "nodes"
  resource_group_name  = azurerm_resource_group.main.name
  virtual_network_name = azurerm_virtual_network.main.name
  address_prefixes     = ["10.0.0.0/20"]
}

resource "azurerm_role_assignment" "network" {
  scope                = azurerm_subnet.nodes.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_kubernetes_cluster" "main" {
  name                   = "aks-prod"
  resource_group_name    = azurerm_resource_group.main.name
  location               = azurerm_resource_group.main.location
  dns_prefix             = "aks-prod"
  local_account_disabled = true

  default_node_pool {
    name           = "system"
    node_count     = 3
    vm_size        = "Standard_D4s_v5"
    vnet_subnet_id = azurerm_subnet.nodes.id
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  azure_active_directory_role_based_access_control {
    azure_rbac_enabled = true
  }

  depends_on = [azurerm_role_assignment.network]
}
```

## How to fix

Assign the role on the resources themselves: on the subnet or its network, on the zone, on the registry.

## Options

None. Where such a role is meant, suppress the finding with the reason: `rolecall: ignore[role-on-broad-scope] reason`.

## What it cannot see

What Kubernetes objects use: an internal load balancer in another subnet, a public IP by annotation. Where they do, the wider scope may be right.

## References

- <https://learn.microsoft.com/azure/aks/managed-identity-overview>
- <https://learn.microsoft.com/azure/aks/pre-created-kubelet-managed-identity>
"#,
    },
    Embedded {
        data: r#"{"families":["least privilege"],"found_by":"check","id":"role-without-need","languages":["arm","bicep","terraform"],"level":"warning","requirement":[{"at":[{"resource":"Microsoft.Authorization/roleAssignments"}],"breaks_at":"runtime","confidence":"issue","id":"ACR-WRONG-IDENTITY","message":{"do":["assign the role to the kubelet identity (`identityProfile.kubeletidentity.objectId`, in Terraform `kubelet_identity[0].object_id`), or leave it out where that has it already"],"headline":"{principal} holds {value}, and pulls no images","why":"{expected}; nodes pull images as the kubelet identity"},"need":{"actions":["Microsoft.ContainerRegistry/registries/pull/read"],"before_cluster":"recommended","identity":"kubelet","least_role":{"id":"7f951dda-4ed3-4680-a7ca-43fe172d538d","name":"AcrPull"},"owner":"whoever owns the registry","scope_type":"Microsoft.ContainerRegistry/registries"},"sources":["https://learn.microsoft.com/azure/aks/cluster-container-registry-integration"],"title":"The role to pull images is the kubelet identity's, and not the control plane's"},{"at":[{"resource":"Microsoft.Authorization/roleAssignments"}],"confidence":"doc","id":"RA-UNNEEDED","message":{"do":["leave it out; if something outside of the deployment needs it, say so where it is assigned"],"headline":"{principal} holds {value}, which nothing here needs","why":"{expected}, and no need of the cluster that the deployment shows rests on that role"},"sources":["https://learn.microsoft.com/azure/aks/managed-identity-overview"],"title":"Each role of the identities of a cluster serves something that the deployment needs"}],"since":"0.1.0","title":"An identity of a cluster holds a role that nothing in the deployment needs"}"#,
        page: r#"# role-without-need

An identity of a cluster holds a role that nothing in the deployment needs.

| | |
| --- | --- |
| Level | warning; note for the kubelet's identity, which pods can use too, and where the deployment is not known in full |
| Breaks | at run time where images are not pulled; else never by itself |
| Languages | ARM, Bicep, Terraform |
| Requirements | ACR-WRONG-IDENTITY, RA-UNNEEDED |
| Azure error prevented | none known |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

It takes the roles that templates assign to the control plane's and the kubelet's identity and leaves out those that a need of the deployment
rests on, as `rolecall check` asks for them. Of the rest it leaves out what may be needed without a template showing it:

- roles for what Kubernetes objects make a cluster do: load balancers, public IPs and subnets named in annotations, volumes, storage accounts,
  pod identities;
- on resources that the deployment does not create, roles for what such an identity is needed for elsewhere (AcrPull of the kubelet on any registry);
- roles of identities that serve something else as well: another resource runs as them, or a federated credential names them.

It is a warning only where the deployment leaves no question undecided and everything in it could be read.

## Why it matters

A role that nobody needs is a right that somebody can misuse, and often a slip: AcrPull for the control plane is the usual one, after which
pods cannot pull images, since nodes pull as the kubelet identity.

## Avoid

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "registry": "[resourceId('Microsoft.ContainerRegistry/registries', 'acrprod')]",
    "cluster": "[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.ContainerRegistry/registries",
      "apiVersion": "2023-07-01",
      "name": "acrprod",
      "location": "westeurope",
      "sku": { "name": "Basic" }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[variables('control')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "disableLocalAccounts": true,
        "aadProfile": { "managed": true, "enableAzureRBAC": true },
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }]
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('registry'), variables('cluster'), 'AcrPull')]",
      "scope": "[variables('registry')]",
      "dependsOn": ["[variables('cluster')]", "[variables('registry')]"],
      "properties": {
        "principalId": "[reference(variables('cluster'), '2024-05-01').identityProfile.kubeletidentity.objectId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '7f951dda-4ed3-4680-a7ca-43fe172d538d')]"
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('registry'), variables('control'), 'AcrPull')]",
      "scope": "[variables('registry')]",
      "dependsOn": ["[variables('control')]", "[variables('registry')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '7f951dda-4ed3-4680-a7ca-43fe172d538d')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: 'westeurope'
}

resource registry 'Microsoft.ContainerRegistry/registries@2023-07-01' = {
  name: 'acrprod'
  location: 'westeurope'
  sku: { name: 'Basic' }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${control.id}': {} }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    disableLocalAccounts: true
    aadProfile: { managed: true, enableAzureRBAC: true }
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
  }
}

resource pull 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(registry.id, cluster.id, 'AcrPull')
  scope: registry
  properties: {
    principalId: cluster.properties.identityProfile.kubeletidentity.objectId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '7f951dda-4ed3-4680-a7ca-43fe172d538d')
  }
}

resource needless 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(registry.id, control.id, 'AcrPull')
  scope: registry
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '7f951dda-4ed3-4680-a7ca-43fe172d538d')
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_container_registry" "main" {
  name                = "acrprod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  sku                 = "Basic"
}

resource "azurerm_kubernetes_cluster" "main" {
  name                   = "aks-prod"
  resource_group_name    = azurerm_resource_group.main.name
  location               = azurerm_resource_group.main.location
  dns_prefix             = "aks-prod"
  local_account_disabled = true

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  azure_active_directory_role_based_access_control {
    azure_rbac_enabled = true
  }
}

resource "azurerm_role_assignment" "pull" {
  scope                = azurerm_container_registry.main.id
  role_definition_name = "AcrPull"
  principal_id         = azurerm_kubernetes_cluster.main.kubelet_identity[0].object_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "needless" {
  scope                = azurerm_container_registry.main.id
  role_definition_name = "AcrPull"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
  principal_type       = "ServicePrincipal"
}
```

## Prefer

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "registry": "[resourceId('Microsoft.ContainerRegistry/registries', 'acrprod')]",
    "cluster": "[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.ContainerRegistry/registries",
      "apiVersion": "2023-07-01",
      "name": "acrprod",
      "location": "westeurope",
      "sku": { "name": "Basic" }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[variables('control')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "disableLocalAccounts": true,
        "aadProfile": { "managed": true, "enableAzureRBAC": true },
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }]
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('registry'), variables('cluster'), 'AcrPull')]",
      "scope": "[variables('registry')]",
      "dependsOn": ["[variables('cluster')]", "[variables('registry')]"],
      "properties": {
        "principalId": "[reference(variables('cluster'), '2024-05-01').identityProfile.kubeletidentity.objectId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '7f951dda-4ed3-4680-a7ca-43fe172d538d')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: 'westeurope'
}

resource registry 'Microsoft.ContainerRegistry/registries@2023-07-01' = {
  name: 'acrprod'
  location: 'westeurope'
  sku: { name: 'Basic' }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: 'westeurope'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${control.id}': {} }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    disableLocalAccounts: true
    aadProfile: { managed: true, enableAzureRBAC: true }
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
  }
}

resource pull 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(registry.id, cluster.id, 'AcrPull')
  scope: registry
  properties: {
    principalId: cluster.properties.identityProfile.kubeletidentity.objectId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '7f951dda-4ed3-4680-a7ca-43fe172d538d')
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_container_registry" "main" {
  name                = "acrprod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  sku                 = "Basic"
}

resource "azurerm_kubernetes_cluster" "main" {
  name                   = "aks-prod"
  resource_group_name    = azurerm_resource_group.main.name
  location               = azurerm_resource_group.main.location
  dns_prefix             = "aks-prod"
  local_account_disabled = true

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  azure_active_directory_role_based_access_control {
    azure_rbac_enabled = true
  }
}

resource "azurerm_role_assignment" "pull" {
  scope                = azurerm_container_registry.main.id
  role_definition_name = "AcrPull"
  principal_id         = azurerm_kubernetes_cluster.main.kubelet_identity[0].object_id
  principal_type       = "ServicePrincipal"
}
```

## How to fix

Leave the assignment out, or give it to the identity that needs it. `rolecall check --format json` lists every need with what grants it.

## Options

None. Where such a role is meant, suppress the finding with the reason: `rolecall: ignore[role-without-need] reason`.

## What it cannot see

What programs in the cluster use the kubelet identity for, which is why that is a note; what somebody needs outside of the deployment.

## References

- <https://learn.microsoft.com/azure/aks/managed-identity-overview>
- <https://learn.microsoft.com/azure/aks/cluster-container-registry-integration>
"#,
    },
    Embedded {
        data: r#"{"families":["network"],"found_by":"check","id":"route-table-associated-after-cluster","languages":["arm","bicep","terraform"],"level":"error","requirement":[{"at":[{"for_each":"properties.agentPoolProfiles[]","resource":"Microsoft.ContainerService/managedClusters","scope":"vnetSubnetID"}],"azure":[{"code":"ExistingRouteTableNotAssociatedWithSubnet","name_only":true,"says":""},{"code":"SubnetMissingRouteTableAssociation","name_only":true,"says":""},{"code":"CustomRouteTableInvalidUpdateAttempt","name_only":true,"says":""}],"breaks_at":"create","confidence":"doc","id":"NET-RT-ASSOC-ORDER","message":{"do":["let the cluster depend on what attaches the route table (`dependsOn`, `depends_on`)"],"headline":"cluster {cluster} does not wait until the subnet {scope} has the route table {value}","why":"AKS looks for the route table of the subnet{place} when it creates the cluster, and nothing makes the cluster wait for what attaches it"},"sources":["https://learn.microsoft.com/azure/aks/configure-kubenet#bring-your-own-subnet-and-route-table-with-kubenet","https://learn.microsoft.com/azure/aks/egress-outboundtype"],"title":"A route table is attached to the subnet before the cluster is created"}],"since":"0.1.0","title":"The cluster does not wait until its subnet has the route table"}"#,
        page: r#"# route-table-associated-after-cluster

The cluster does not wait until its subnet has the route table.

| | |
| --- | --- |
| Level | error with user-defined routing, warning with kubenet and for associations in Terraform |
| Breaks | at creation |
| Languages | ARM, Bicep, Terraform |
| Requirement | NET-RT-ASSOC-ORDER |
| Azure error prevented | none known |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

For each cluster whose node pools use a subnet to which this deployment attaches a route table, it looks whether the cluster waits for what
attaches it: the subnet or its network in ARM and Bicep, the association in Terraform. It asks so with `outboundType` `userDefinedRouting` and
with kubenet.

It says nothing of subnets from elsewhere, nor where some `dependsOn` on the way is open.

## Why it matters

With user-defined routing AKS looks for the route table when it creates the cluster, and refuses the cluster without. With kubenet it makes a
table of its own where it finds none, and the one that is attached later takes the routes to the pods away. An association in Terraform that
the cluster does not wait for is made at the same time as the cluster, and which comes first is left to chance: a warning.

## Avoid

### ARM

Nothing makes the cluster wait for the network.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "table": "[resourceId('Microsoft.Network/routeTables', 'rt-aks')]",
    "vnet": "[resourceId('Microsoft.Network/virtualNetworks', 'vnet-aks')]",
    "subnet": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'nodes')]",
    "networkContributor": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Network/routeTables",
      "apiVersion": "2023-11-01",
      "name": "rt-aks",
      "location": "westeurope",
      "properties": {}
    },
    {
      "type": "Microsoft.Network/virtualNetworks",
      "apiVersion": "2023-11-01",
      "name": "vnet-aks",
      "location": "westeurope",
      "dependsOn": ["[variables('table')]"],
      "properties": {
        "addressSpace": { "addressPrefixes": ["10.0.0.0/16"] },
        "subnets": [
          {
            "name": "nodes",
            "properties": {
              "addressPrefix": "10.0.1.0/24",
              "routeTable": { "id": "[variables('table')]" }
            }
          }
        ]
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('subnet'), variables('control'), variables('networkContributor'))]",
      "scope": "[variables('subnet')]",
      "dependsOn": ["[variables('control')]", "[variables('vnet')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('networkContributor')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[variables('control')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [
          {
            "name": "system",
            "mode": "System",
            "count": 3,
            "vmSize": "Standard_D4s_v5",
            "vnetSubnetID": "[variables('subnet')]"
          }
        ],
        "networkProfile": { "networkPlugin": "azure", "outboundType": "userDefinedRouting" }
      }
    }
  ]
}
```

### Bicep

The id of the subnet is put together from names.

```bicep file=main.bicep
param location string = 'westeurope'

var networkContributor = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource table 'Microsoft.Network/routeTables@2023-11-01' = {
  name: 'rt-aks'
  location: location
  properties: {}
}

resource network 'Microsoft.Network/virtualNetworks@2023-11-01' = {
  name: 'vnet-aks'
  location: location
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] }
  }

  resource nodes 'subnets' = {
    name: 'nodes'
    properties: {
      addressPrefix: '10.0.1.0/24'
      routeTable: { id: table.id }
    }
  }
}

resource networkRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(network::nodes.id, control.id, networkContributor)
  scope: network::nodes
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: networkContributor
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${control.id}': {}
    }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5', vnetSubnetID: resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'nodes') }
    ]
    networkProfile: {
      networkPlugin: 'azure'
      outboundType: 'userDefinedRouting'
    }
  }
}
```

### Terraform

The cluster waits for the subnet, and not for the association.

```hcl file=main.tf
resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = "rg-aks"
  location            = "westeurope"
}

resource "azurerm_virtual_network" "main" {
  name                = "vnet-aks"
  resource_group_name = "rg-aks"
  location            = "westeurope"
  address_space       = ["10.0.0.0/16"]
}

resource "azurerm_subnet" "nodes" {
  name                 = "nodes"
  resource_group_name  = "rg-aks"
  virtual_network_name = azurerm_virtual_network.main.name
  address_prefixes     = ["10.0.1.0/24"]
}

resource "azurerm_route_table" "main" {
  name                = "rt-aks"
  resource_group_name = "rg-aks"
  location            = "westeurope"
}

resource "azurerm_subnet_route_table_association" "nodes" {
  subnet_id      = azurerm_subnet.nodes.id
  route_table_id = azurerm_route_table.main.id
}

resource "azurerm_role_assignment" "network" {
  scope                = azurerm_subnet.nodes.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = "rg-aks"
  location            = "westeurope"
  dns_prefix          = "aks-prod"

  default_node_pool {
    name           = "system"
    node_count     = 3
    vm_size        = "Standard_D4s_v5"
    vnet_subnet_id = azurerm_subnet.nodes.id
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  network_profile {
    network_plugin = "azure"
    outbound_type  = "userDefinedRouting"
  }
}
```

## Prefer

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "table": "[resourceId('Microsoft.Network/routeTables', 'rt-aks')]",
    "vnet": "[resourceId('Microsoft.Network/virtualNetworks', 'vnet-aks')]",
    "subnet": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'nodes')]",
    "networkContributor": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Network/routeTables",
      "apiVersion": "2023-11-01",
      "name": "rt-aks",
      "location": "westeurope",
      "properties": {}
    },
    {
      "type": "Microsoft.Network/virtualNetworks",
      "apiVersion": "2023-11-01",
      "name": "vnet-aks",
      "location": "westeurope",
      "dependsOn": ["[variables('table')]"],
      "properties": {
        "addressSpace": { "addressPrefixes": ["10.0.0.0/16"] },
        "subnets": [
          {
            "name": "nodes",
            "properties": {
              "addressPrefix": "10.0.1.0/24",
              "routeTable": { "id": "[variables('table')]" }
            }
          }
        ]
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('subnet'), variables('control'), variables('networkContributor'))]",
      "scope": "[variables('subnet')]",
      "dependsOn": ["[variables('control')]", "[variables('vnet')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('networkContributor')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[variables('control')]",
        "[variables('vnet')]",
        "[extensionResourceId(variables('subnet'), 'Microsoft.Authorization/roleAssignments', guid(variables('subnet'), variables('control'), variables('networkContributor')))]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [
          {
            "name": "system",
            "mode": "System",
            "count": 3,
            "vmSize": "Standard_D4s_v5",
            "vnetSubnetID": "[variables('subnet')]"
          }
        ],
        "networkProfile": { "networkPlugin": "azure", "outboundType": "userDefinedRouting" }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = 'westeurope'

var networkContributor = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource table 'Microsoft.Network/routeTables@2023-11-01' = {
  name: 'rt-aks'
  location: location
  properties: {}
}

resource network 'Microsoft.Network/virtualNetworks@2023-11-01' = {
  name: 'vnet-aks'
  location: location
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] }
  }

  resource nodes 'subnets' = {
    name: 'nodes'
    properties: {
      addressPrefix: '10.0.1.0/24'
      routeTable: { id: table.id }
    }
  }
}

resource networkRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(network::nodes.id, control.id, networkContributor)
  scope: network::nodes
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: networkContributor
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${control.id}': {}
    }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5', vnetSubnetID: network::nodes.id }
    ]
    networkProfile: {
      networkPlugin: 'azure'
      outboundType: 'userDefinedRouting'
    }
  }
  dependsOn: [
    networkRole
  ]
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = "rg-aks"
  location            = "westeurope"
}

resource "azurerm_virtual_network" "main" {
  name                = "vnet-aks"
  resource_group_name = "rg-aks"
  location            = "westeurope"
  address_space       = ["10.0.0.0/16"]
}

resource "azurerm_subnet" "nodes" {
  name                 = "nodes"
  resource_group_name  = "rg-aks"
  virtual_network_name = azurerm_virtual_network.main.name
  address_prefixes     = ["10.0.1.0/24"]
}

resource "azurerm_route_table" "main" {
  name                = "rt-aks"
  resource_group_name = "rg-aks"
  location            = "westeurope"
}

resource "azurerm_subnet_route_table_association" "nodes" {
  subnet_id      = azurerm_subnet.nodes.id
  route_table_id = azurerm_route_table.main.id
}

resource "azurerm_role_assignment" "network" {
  scope                = azurerm_subnet.nodes.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = "rg-aks"
  location            = "westeurope"
  dns_prefix          = "aks-prod"

  default_node_pool {
    name           = "system"
    node_count     = 3
    vm_size        = "Standard_D4s_v5"
    vnet_subnet_id = azurerm_subnet.nodes.id
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  network_profile {
    network_plugin = "azure"
    outbound_type  = "userDefinedRouting"
  }

  depends_on = [azurerm_subnet_route_table_association.nodes, azurerm_role_assignment.network]
}
```

## How to fix

Let the cluster depend on the subnet, or in Terraform on the association: `depends_on = [azurerm_subnet_route_table_association.nodes]`.

## Options

None.

## What it cannot see

Route tables that somebody else attaches.

## References

- <https://learn.microsoft.com/azure/aks/configure-kubenet#bring-your-own-subnet-and-route-table-with-kubenet>
- <https://learn.microsoft.com/azure/aks/egress-outboundtype>
"#,
    },
    Embedded {
        data: r#"{"families":["network"],"found_by":"places","id":"route-table-without-role","languages":["arm","bicep","terraform"],"level":"error","requirement":[{"at":[{"for_each":"properties.agentPoolProfiles[]","resource":"Microsoft.ContainerService/managedClusters","resource_when":{"equals":"kubenet","path":"properties.networkProfile.networkPlugin"},"scope":"vnetSubnetID"}],"azure":[{"code":"CustomRouteTableMissingPermission","says":"the managed identity or service principal must be given permission to read and write to the custom route table"},{"code":"CustomRouteTableMissingServicePrincipalPermission","name_only":true}],"breaks_at":"create","confidence":"doc","id":"NET-RT-ROLE","message":{"do":["assign {role} (or a custom role with the actions below) to {principal} on {scope}, and let the cluster depend on that assignment"],"headline":"{principal} may not write the route table {scope}","why":"cluster {cluster} uses kubenet in a subnet{place} that has this route table; AKS writes a route for each node into it, and checks before it creates the cluster that it may; a role on the virtual network does not reach the table"},"need":{"actions":["Microsoft.Network/routeTables/read","Microsoft.Network/routeTables/routes/read","Microsoft.Network/routeTables/routes/write"],"before_cluster":"required","identity":"control-plane","identity_kinds":["user-assigned","service-principal"],"least_role":{"id":"4d97b98b-1d4f-4787-a291-c67834d212e7","name":"Network Contributor"},"other_roles":[{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the route table","scope_type":"Microsoft.Network/routeTables"},"sources":["https://learn.microsoft.com/azure/aks/configure-kubenet#bring-your-own-subnet-and-route-table-with-kubenet","https://learn.microsoft.com/azure/aks/aks-service-permissions","https://github.com/MicrosoftDocs/azure-docs/issues/80852"],"title":"The control plane identity needs to write the routes of a custom route table"}],"since":"0.1.0","title":"The cluster may not write the route table of its subnet"}"#,
        page: r#"# route-table-without-role

The control plane of a kubenet cluster may not write the route table of its subnet.

| | |
| --- | --- |
| Level | error |
| Breaks | at creation |
| Languages | ARM, Bicep, Terraform |
| Requirement | NET-RT-ROLE |
| Azure error prevented | `CustomRouteTableMissingPermission` |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

For each cluster with `networkPlugin` `kubenet` whose node pools use a subnet with a route table, and that runs as a user-assigned identity
or a service principal, it asks whether that identity may do `Microsoft.Network/routeTables/read`, `…/routes/read` and `…/routes/write` on
the table. The table is read from wherever the deployment says it: the subnet, the list of subnets in the virtual network, or Terraform's
association. The grant may stand on the table, its resource group or above, by a built-in or a custom role.

A cluster that runs as its own identity is refused with any table: system-assigned-with-custom-network. Other network plugins write no
routes.

## Why it matters

With kubenet AKS writes a route for each node into the table of the subnet, and checks before it creates the cluster that it may. A route
table is a resource of its own beside the virtual network, so Network Contributor on the network, which suffices for everything else, does
not reach it.

## Avoid

### ARM

The role is on the virtual network.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "vnet": "[resourceId('Microsoft.Network/virtualNetworks', 'vnet-aks')]",
    "subnet": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'nodes')]",
    "table": "[resourceId('Microsoft.Network/routeTables', 'rt-aks')]",
    "networkContributor": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Network/routeTables",
      "apiVersion": "2023-09-01",
      "name": "rt-aks",
      "location": "westeurope",
      "properties": {
        "routes": [
          {
            "name": "default",
            "properties": {
              "addressPrefix": "0.0.0.0/0",
              "nextHopType": "VirtualAppliance",
              "nextHopIpAddress": "10.1.0.4"
            }
          }
        ]
      }
    },
    {
      "type": "Microsoft.Network/virtualNetworks",
      "apiVersion": "2023-09-01",
      "name": "vnet-aks",
      "location": "westeurope",
      "dependsOn": ["[variables('table')]"],
      "properties": {
        "addressSpace": { "addressPrefixes": ["10.0.0.0/16"] },
        "subnets": [
          {
            "name": "nodes",
            "properties": { "addressPrefix": "10.0.0.0/20", "routeTable": { "id": "[variables('table')]" } }
          }
        ]
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('vnet'), variables('control'), variables('networkContributor'))]",
      "scope": "[variables('vnet')]",
      "dependsOn": ["[variables('control')]", "[variables('vnet')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('networkContributor')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[variables('control')]",
        "[extensionResourceId(variables('vnet'), 'Microsoft.Authorization/roleAssignments', guid(variables('vnet'), variables('control'), variables('networkContributor')))]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [
          {
            "name": "system",
            "mode": "System",
            "count": 3,
            "vmSize": "Standard_D4s_v5",
            "vnetSubnetID": "[variables('subnet')]"
          }
        ],
        "networkProfile": { "networkPlugin": "kubenet", "outboundType": "userDefinedRouting" }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = 'westeurope'

var networkContributor = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource table 'Microsoft.Network/routeTables@2023-09-01' = {
  name: 'rt-aks'
  location: location
}

resource vnet 'Microsoft.Network/virtualNetworks@2023-09-01' = {
  name: 'vnet-aks'
  location: location
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] }
  }

  resource nodes 'subnets' = {
    name: 'nodes'
    properties: { addressPrefix: '10.0.0.0/20', routeTable: { id: table.id } }
  }
}

resource networkRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vnet.id, control.id, networkContributor)
  scope: vnet
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: networkContributor
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${control.id}': {}
    }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5', vnetSubnetID: vnet::nodes.id }
    ]
    networkProfile: { networkPlugin: 'kubenet', outboundType: 'userDefinedRouting' }
  }
  dependsOn: [
    networkRole
  ]
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_route_table" "main" {
  name                = "rt-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_virtual_network" "main" {
  name                = "vnet-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  address_space       = ["10.0.0.0/16"]
}

resource "azurerm_subnet" "nodes" {
  name                 = "nodes"
  resource_group_name  = azurerm_resource_group.main.name
  virtual_network_name = azurerm_virtual_network.main.name
  address_prefixes     = ["10.0.0.0/20"]
}

resource "azurerm_subnet_route_table_association" "nodes" {
  subnet_id      = azurerm_subnet.nodes.id
  route_table_id = azurerm_route_table.main.id
}

resource "azurerm_role_assignment" "network" {
  scope                = azurerm_virtual_network.main.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name           = "system"
    node_count     = 3
    vm_size        = "Standard_D4s_v5"
    vnet_subnet_id = azurerm_subnet.nodes.id
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  network_profile {
    network_plugin = "kubenet"
    outbound_type  = "userDefinedRouting"
  }

  depends_on = [azurerm_role_assignment.network, azurerm_subnet_route_table_association.nodes]
}
```

## Prefer

### ARM

The role is on the table too, and the cluster waits for both.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "vnet": "[resourceId('Microsoft.Network/virtualNetworks', 'vnet-aks')]",
    "subnet": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'nodes')]",
    "table": "[resourceId('Microsoft.Network/routeTables', 'rt-aks')]",
    "networkContributor": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Network/routeTables",
      "apiVersion": "2023-09-01",
      "name": "rt-aks",
      "location": "westeurope",
      "properties": {
        "routes": [
          {
            "name": "default",
            "properties": {
              "addressPrefix": "0.0.0.0/0",
              "nextHopType": "VirtualAppliance",
              "nextHopIpAddress": "10.1.0.4"
            }
          }
        ]
      }
    },
    {
      "type": "Microsoft.Network/virtualNetworks",
      "apiVersion": "2023-09-01",
      "name": "vnet-aks",
      "location": "westeurope",
      "dependsOn": ["[variables('table')]"],
      "properties": {
        "addressSpace": { "addressPrefixes": ["10.0.0.0/16"] },
        "subnets": [
          {
            "name": "nodes",
            "properties": { "addressPrefix": "10.0.0.0/20", "routeTable": { "id": "[variables('table')]" } }
          }
        ]
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('vnet'), variables('control'), variables('networkContributor'))]",
      "scope": "[variables('vnet')]",
      "dependsOn": ["[variables('control')]", "[variables('vnet')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('networkContributor')]"
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('table'), variables('control'), variables('networkContributor'))]",
      "scope": "[variables('table')]",
      "dependsOn": ["[variables('control')]", "[variables('table')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('networkContributor')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[variables('control')]",
        "[extensionResourceId(variables('vnet'), 'Microsoft.Authorization/roleAssignments', guid(variables('vnet'), variables('control'), variables('networkContributor')))]",
        "[extensionResourceId(variables('table'), 'Microsoft.Authorization/roleAssignments', guid(variables('table'), variables('control'), variables('networkContributor')))]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [
          {
            "name": "system",
            "mode": "System",
            "count": 3,
            "vmSize": "Standard_D4s_v5",
            "vnetSubnetID": "[variables('subnet')]"
          }
        ],
        "networkProfile": { "networkPlugin": "kubenet", "outboundType": "userDefinedRouting" }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = 'westeurope'

var networkContributor = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource table 'Microsoft.Network/routeTables@2023-09-01' = {
  name: 'rt-aks'
  location: location
}

resource vnet 'Microsoft.Network/virtualNetworks@2023-09-01' = {
  name: 'vnet-aks'
  location: location
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] }
  }

  resource nodes 'subnets' = {
    name: 'nodes'
    properties: { addressPrefix: '10.0.0.0/20', routeTable: { id: table.id } }
  }
}

resource networkRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vnet.id, control.id, networkContributor)
  scope: vnet
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: networkContributor
  }
}

resource tableRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(table.id, control.id, networkContributor)
  scope: table
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: networkContributor
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${control.id}': {}
    }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5', vnetSubnetID: vnet::nodes.id }
    ]
    networkProfile: { networkPlugin: 'kubenet', outboundType: 'userDefinedRouting' }
  }
  dependsOn: [
    networkRole
    tableRole
  ]
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_route_table" "main" {
  name                = "rt-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_virtual_network" "main" {
  name                = "vnet-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  address_space       = ["10.0.0.0/16"]
}

resource "azurerm_subnet" "nodes" {
  name                 = "nodes"
  resource_group_name  = azurerm_resource_group.main.name
  virtual_network_name = azurerm_virtual_network.main.name
  address_prefixes     = ["10.0.0.0/20"]
}

resource "azurerm_subnet_route_table_association" "nodes" {
  subnet_id      = azurerm_subnet.nodes.id
  route_table_id = azurerm_route_table.main.id
}

resource "azurerm_role_assignment" "network" {
  scope                = azurerm_virtual_network.main.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_role_assignment" "routes" {
  scope                = azurerm_route_table.main.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name           = "system"
    node_count     = 3
    vm_size        = "Standard_D4s_v5"
    vnet_subnet_id = azurerm_subnet.nodes.id
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  network_profile {
    network_plugin = "kubenet"
    outbound_type  = "userDefinedRouting"
  }

  depends_on = [azurerm_role_assignment.network, azurerm_role_assignment.routes, azurerm_subnet_route_table_association.nodes]
}
```

## How to fix

1. Assign Network Contributor (`4d97b98b-1d4f-4787-a291-c67834d212e7`), or a custom role with the three actions, to the `principalId` of the
   control plane identity, with the route table (or the resource group of table and network) as the scope.
2. Let the cluster depend on the assignment, in Terraform also on the `azurerm_subnet_route_table_association`.

## Options

None.

## What it cannot see

- Grants that somebody makes outside the templates. Where the route table or the identity is not created by the deployment, the permission
  is listed as assumed and never reported as missing.
- The route table of a subnet that this deployment does not describe: nothing here names it.
- Tables of clusters with another network plugin and `outboundType` `userDefinedRouting`: AKS only looks for them, and writes nothing.

## References

- <https://learn.microsoft.com/azure/aks/configure-kubenet#bring-your-own-subnet-and-route-table-with-kubenet>
- <https://learn.microsoft.com/azure/aks/aks-service-permissions>
- <https://github.com/MicrosoftDocs/azure-docs/issues/80852>
"#,
    },
    Embedded {
        data: r#"{"families":["network"],"id":"subnet-without-role","languages":["arm","bicep","terraform"],"level":"error","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters","resource_unless":{"equals":"false","path":"properties.apiServerAccessProfile.enableVnetIntegration"},"scope":"properties.apiServerAccessProfile.subnetId"}],"azure":[{"code":"ResourceMissingPermissionError","says":"the user-assigned identity must be given certain permissions to the subnet"}],"breaks_at":"create","confidence":"doc","id":"NET-APISERVER-SUBNET","message":{"do":["assign {role} (or a custom role with the actions below) to {principal} on {scope}, and let the cluster depend on that assignment"],"headline":"{principal} may not put the API server into the subnet {scope}","why":"cluster {cluster} puts its API server into that subnet{place}, and AKS checks before it creates the cluster that the control plane may join it and the load balancer in it"},"need":{"actions":["Microsoft.Network/virtualNetworks/subnets/read","Microsoft.Network/virtualNetworks/subnets/join/action","Microsoft.Network/virtualNetworks/subnets/joinLoadBalancer/action"],"before_cluster":"required","identity":"control-plane","identity_kinds":["user-assigned"],"least_role":{"id":"4d97b98b-1d4f-4787-a291-c67834d212e7","name":"Network Contributor"},"other_roles":[{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the virtual network","scope_type":"Microsoft.Network/virtualNetworks/subnets"},"sources":["https://learn.microsoft.com/azure/aks/api-server-vnet-integration","https://learn.microsoft.com/azure/aks/automatic/quick-automatic-custom-network"],"title":"The control plane identity needs to join the subnet that the API server is put into"},{"at":[{"for_each":"properties.agentPoolProfiles[]","resource":"Microsoft.ContainerService/managedClusters","scope":"vnetSubnetID","when":{"equals":"VirtualMachines","path":"type"}},{"cluster":"parent","resource":"Microsoft.ContainerService/managedClusters/agentPools","resource_when":{"equals":"VirtualMachines","path":"properties.type"},"scope":"properties.vnetSubnetID"}],"azure":[{"code":"InvalidParameter","says":"the pool's subnet cannot be used"}],"breaks_at":"create","confidence":"doc","id":"NET-VM-POOLS","message":{"do":["assign {role} (or a custom role with the actions below) to {principal} on {scope}, and let the cluster depend on that assignment"],"headline":"{principal} may not join the subnet {scope}","why":"a node pool of type VirtualMachines of cluster {cluster} uses that subnet{place}; AKS makes its machines in the name of the control plane, which must be allowed to join the subnet before"},"need":{"actions":["Microsoft.Network/virtualNetworks/subnets/read","Microsoft.Network/virtualNetworks/subnets/join/action"],"before_cluster":"required","identity":"control-plane","least_role":{"id":"4d97b98b-1d4f-4787-a291-c67834d212e7","name":"Network Contributor"},"other_roles":[{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the virtual network","scope_type":"Microsoft.Network/virtualNetworks/subnets"},"sources":["https://learn.microsoft.com/azure/aks/virtual-machines-node-pools"],"title":"The control plane identity needs to join the subnet of a pool of single virtual machines"},{"at":[{"for_each":"properties.agentPoolProfiles[]","resource":"Microsoft.ContainerService/managedClusters","resource_when":{"equals":"Auto","path":"properties.nodeProvisioningProfile.mode"},"scope":"vnetSubnetID"}],"azure":[{"code":"LinkedAuthorizationFailed","says":"the client may write virtual machines but may not join the subnet that they are linked to"}],"breaks_at":"reconcile","confidence":"doc","id":"NET-NAP","message":{"do":["assign {role} (or a custom role with the actions below) to {principal} on {scope}"],"headline":"{principal} may not join the subnet {scope}","why":"cluster {cluster} provisions its nodes by itself and puts them into that subnet{place}; without the right to join it no node is added"},"need":{"actions":["Microsoft.Network/virtualNetworks/subnets/read","Microsoft.Network/virtualNetworks/subnets/join/action"],"before_cluster":"recommended","identity":"control-plane","least_role":{"id":"4d97b98b-1d4f-4787-a291-c67834d212e7","name":"Network Contributor"},"other_roles":[{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the virtual network","scope_type":"Microsoft.Network/virtualNetworks/subnets"},"sources":["https://learn.microsoft.com/azure/aks/node-auto-provisioning-networking","https://learn.microsoft.com/azure/aks/node-auto-provisioning-custom-vnet"],"title":"The control plane identity needs to join the subnets of a cluster that makes its nodes by itself"},{"at":[{"for_each":"properties.agentPoolProfiles[]","resource":"Microsoft.ContainerService/managedClusters","resource_when":{"equals":"userAssignedNATGateway","path":"properties.networkProfile.outboundType"},"scope":"vnetSubnetID"}],"azure":[{"code":"LinkedAuthorizationFailed","says":"the client may write virtual machines but may not join the subnet that they are linked to"}],"breaks_at":"reconcile","confidence":"doc","id":"NET-NATGW","message":{"do":["assign {role} (or a custom role with the actions below) to {principal} on {scope}"],"headline":"{principal} may not join the subnet {scope}","why":"the node pools of cluster {cluster} go out through the NAT gateway of that subnet{place}; the cluster starts, and its load balancers, scaling and upgrades fail later"},"need":{"actions":["Microsoft.Network/virtualNetworks/subnets/read","Microsoft.Network/virtualNetworks/subnets/join/action"],"before_cluster":"recommended","identity":"control-plane","least_role":{"id":"4d97b98b-1d4f-4787-a291-c67834d212e7","name":"Network Contributor"},"other_roles":[{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the virtual network","scope_type":"Microsoft.Network/virtualNetworks/subnets"},"sources":["https://learn.microsoft.com/azure/aks/nat-gateway"],"title":"The control plane identity needs to join a subnet that goes out through a NAT gateway"},{"at":[{"for_each":"properties.agentPoolProfiles[]","resource":"Microsoft.ContainerService/managedClusters","scope":"vnetSubnetID","when":{"equals":"User","path":"mode"}},{"cluster":"parent","resource":"Microsoft.ContainerService/managedClusters/agentPools","scope":"properties.vnetSubnetID"}],"azure":[{"code":"LinkedAuthorizationFailed","says":"the client may write virtual machines but may not join the subnet that they are linked to"},{"code":"AuthorizationFailed","says":"the client is not authorized to read the subnet"}],"breaks_at":"runtime","confidence":"doc","id":"NET-SUBNET-POOLS","message":{"do":["assign {role} (or a custom role with the actions below) to {principal} on {scope}"],"headline":"{principal} may not join the subnet {scope}","why":"a node pool of cluster {cluster} uses that subnet{place}; the cluster starts, and its load balancers, scaling and upgrades fail later"},"need":{"actions":["Microsoft.Network/virtualNetworks/subnets/read","Microsoft.Network/virtualNetworks/subnets/join/action"],"before_cluster":"recommended","identity":"control-plane","least_role":{"id":"4d97b98b-1d4f-4787-a291-c67834d212e7","name":"Network Contributor"},"other_roles":[{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the virtual network","scope_type":"Microsoft.Network/virtualNetworks/subnets"},"sources":["https://learn.microsoft.com/azure/aks/node-pools#add-a-node-pool-with-a-unique-subnet","https://learn.microsoft.com/azure/aks/aks-service-permissions"],"title":"The control plane identity needs to join the subnet that a further node pool brings"},{"at":[{"for_each":"properties.agentPoolProfiles[]","resource":"Microsoft.ContainerService/managedClusters","scope":"vnetSubnetID"},{"resource":"Microsoft.ContainerService/managedClusters","scope":"properties.hostedSystemProfile.nodeSubnetID"},{"resource":"Microsoft.ContainerService/managedClusters","scope":"properties.hostedSystemProfile.systemNodeSubnetID"}],"azure":[{"code":"LinkedAuthorizationFailed","says":"the client may write virtual machines but may not join the subnet that they are linked to"},{"code":"AuthorizationFailed","says":"the client is not authorized to read the subnet"}],"breaks_at":"runtime","confidence":"doc","id":"NET-SUBNET-DEFAULT","message":{"do":["assign {role} (or a custom role with the actions below) to {principal} on {scope}"],"headline":"{principal} may not join the subnet {scope}","why":"a node pool of cluster {cluster} uses that subnet{place}; the cluster starts, and its load balancers, scaling and upgrades fail later"},"need":{"actions":["Microsoft.Network/virtualNetworks/subnets/read","Microsoft.Network/virtualNetworks/subnets/join/action"],"before_cluster":"recommended","identity":"control-plane","least_role":{"id":"4d97b98b-1d4f-4787-a291-c67834d212e7","name":"Network Contributor"},"other_roles":[{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the virtual network","scope_type":"Microsoft.Network/virtualNetworks/subnets"},"sources":["https://learn.microsoft.com/azure/aks/configure-kubenet","https://learn.microsoft.com/azure/aks/concepts-network-cni-overview","https://github.com/Azure/AKS/issues/2673"],"title":"The control plane identity needs to join the subnet that the cluster's node pools bring"},{"at":[{"for_each":"properties.agentPoolProfiles[]","resource":"Microsoft.ContainerService/managedClusters","scope":"podSubnetID"},{"cluster":"parent","resource":"Microsoft.ContainerService/managedClusters/agentPools","scope":"properties.podSubnetID"}],"azure":[{"code":"LinkedAuthorizationFailed","says":"the client may write virtual machines but may not join the subnet that they are linked to"}],"breaks_at":"runtime","confidence":"doc","id":"NET-POD-SUBNET","message":{"do":["assign {role} (or a custom role with the actions below) to {principal} on {scope}"],"headline":"{principal} may not join the pod subnet {scope}","why":"the pods of a node pool of cluster {cluster} take their addresses from that subnet{place}"},"need":{"actions":["Microsoft.Network/virtualNetworks/subnets/read","Microsoft.Network/virtualNetworks/subnets/join/action"],"before_cluster":"recommended","identity":"control-plane","least_role":{"id":"4d97b98b-1d4f-4787-a291-c67834d212e7","name":"Network Contributor"},"other_roles":[{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the virtual network","scope_type":"Microsoft.Network/virtualNetworks/subnets"},"sources":["https://learn.microsoft.com/azure/aks/concepts-network-cni-overview","https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-pod-subnet"],"title":"The control plane identity needs to join the subnet that a node pool's pods take their addresses from"}],"since":"0.1.0","title":"The cluster may not join a subnet that its node pools use"}"#,
        page: r#"# subnet-without-role

The control plane may not join a subnet that the cluster brings for its nodes, its pods or its API server.

| | |
| --- | --- |
| Level | error where AKS looks for it at creation, else a warning |
| Breaks | at creation (API server, pools of single virtual machines), when AKS reconciles the cluster (node auto-provisioning, NAT gateway), at run time (all others) |
| Languages | ARM, Bicep, Terraform |
| Requirements | NET-APISERVER-SUBNET, NET-VM-POOLS, NET-NAP, NET-NATGW, NET-SUBNET-POOLS, NET-SUBNET-DEFAULT, NET-POD-SUBNET |
| Azure errors prevented | `ResourceMissingPermissionError`, `InvalidParameter`, `LinkedAuthorizationFailed`, `AuthorizationFailed` |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

For each subnet that a node pool brings for its nodes (`vnetSubnetID`) or pods (`podSubnetID`), in the cluster or in an `agentPools` resource, and
for those of an AKS Automatic cluster's hosted system (`hostedSystemProfile`), it asks whether the control plane identity may do
`Microsoft.Network/virtualNetworks/subnets/read` and `Microsoft.Network/virtualNetworks/subnets/join/action` on that subnet. For the subnet of the
API server (`apiServerAccessProfile.subnetId`) it asks a user-assigned identity for `…/subnets/joinLoadBalancer/action` too. The grant may stand on
the subnet, its virtual network, the resource group or above, by a built-in or a custom role.

A subnet that one cluster uses several times is one finding, and the use that breaks first speaks.

## Why it matters

AKS looks for the role before it creates a cluster whose API server is put into the subnet, and makes the machines of a pool of type
`VirtualMachines` in the name of the control plane: without the role the deployment fails.

Other nodes come up without it, since AKS creates them with rights of its own. What needs the control plane identity fails later: load balancers of
services stay pending, pools do not scale, upgrades stop, and with node provisioning (`nodeProvisioningProfile`) no node is ever added.

## Avoid

### ARM

Nobody gives the control plane identity a role on the subnet.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "vnet": "[resourceId('Microsoft.Network/virtualNetworks', 'vnet-aks')]",
    "subnet": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'nodes')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Network/virtualNetworks",
      "apiVersion": "2023-09-01",
      "name": "vnet-aks",
      "location": "westeurope",
      "properties": {
        "addressSpace": { "addressPrefixes": ["10.0.0.0/16"] },
        "subnets": [{ "name": "nodes", "properties": { "addressPrefix": "10.0.0.0/20" } }]
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[variables('control')]", "[variables('vnet')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [
          {
            "name": "system",
            "mode": "System",
            "count": 3,
            "vmSize": "Standard_D4s_v5",
            "vnetSubnetID": "[variables('subnet')]"
          }
        ],
        "networkProfile": { "networkPlugin": "azure" }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = 'westeurope'

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource vnet 'Microsoft.Network/virtualNetworks@2023-09-01' = {
  name: 'vnet-aks'
  location: location
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] }
  }

  resource nodes 'subnets' = {
    name: 'nodes'
    properties: { addressPrefix: '10.0.0.0/20' }
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${control.id}': {}
    }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5', vnetSubnetID: vnet::nodes.id }
    ]
    networkProfile: { networkPlugin: 'azure' }
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_virtual_network" "main" {
  name                = "vnet-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  address_space       = ["10.0.0.0/16"]
}

resource "azurerm_subnet" "nodes" {
  name                 = "nodes"
  resource_group_name  = azurerm_resource_group.main.name
  virtual_network_name = azurerm_virtual_network.main.name
  address_prefixes     = ["10.0.0.0/20"]
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name           = "system"
    node_count     = 3
    vm_size        = "Standard_D4s_v5"
    vnet_subnet_id = azurerm_subnet.nodes.id
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }
}
```

## Prefer

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "vnet": "[resourceId('Microsoft.Network/virtualNetworks', 'vnet-aks')]",
    "subnet": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'nodes')]",
    "networkContributor": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Network/virtualNetworks",
      "apiVersion": "2023-09-01",
      "name": "vnet-aks",
      "location": "westeurope",
      "properties": {
        "addressSpace": { "addressPrefixes": ["10.0.0.0/16"] },
        "subnets": [{ "name": "nodes", "properties": { "addressPrefix": "10.0.0.0/20" } }]
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('subnet'), variables('control'), variables('networkContributor'))]",
      "scope": "[variables('subnet')]",
      "dependsOn": ["[variables('control')]", "[variables('vnet')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('networkContributor')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[variables('control')]", "[variables('vnet')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [
          {
            "name": "system",
            "mode": "System",
            "count": 3,
            "vmSize": "Standard_D4s_v5",
            "vnetSubnetID": "[variables('subnet')]"
          }
        ],
        "networkProfile": { "networkPlugin": "azure" }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = 'westeurope'

var networkContributor = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource vnet 'Microsoft.Network/virtualNetworks@2023-09-01' = {
  name: 'vnet-aks'
  location: location
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] }
  }

  resource nodes 'subnets' = {
    name: 'nodes'
    properties: { addressPrefix: '10.0.0.0/20' }
  }
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vnet::nodes.id, control.id, networkContributor)
  scope: vnet::nodes
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: networkContributor
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${control.id}': {}
    }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5', vnetSubnetID: vnet::nodes.id }
    ]
    networkProfile: { networkPlugin: 'azure' }
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_virtual_network" "main" {
  name                = "vnet-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  address_space       = ["10.0.0.0/16"]
}

resource "azurerm_subnet" "nodes" {
  name                 = "nodes"
  resource_group_name  = azurerm_resource_group.main.name
  virtual_network_name = azurerm_virtual_network.main.name
  address_prefixes     = ["10.0.0.0/20"]
}

resource "azurerm_role_assignment" "network" {
  scope                = azurerm_subnet.nodes.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name           = "system"
    node_count     = 3
    vm_size        = "Standard_D4s_v5"
    vnet_subnet_id = azurerm_subnet.nodes.id
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }
}
```

## How to fix

Assign Network Contributor (`4d97b98b-1d4f-4787-a291-c67834d212e7`), or a custom role with the two actions, to the `principalId` of the control
plane identity, on the subnet or its virtual network. A system-assigned identity exists only once the cluster does: let the assignment take
`reference(…, 'full').identity.principalId` of the cluster, or change to a user-assigned identity.

## Options

None.

## What it cannot see

- Grants that somebody makes outside the templates. Where the subnet or the identity is not created by the deployment, the permission is
  listed as assumed and never reported as missing.
- Whether a subnet is in use at all: a pool without nodes needs it as little as one that is never scaled.

## References

- <https://learn.microsoft.com/azure/aks/api-server-vnet-integration>
- <https://learn.microsoft.com/azure/aks/virtual-machines-node-pools>
- <https://learn.microsoft.com/azure/aks/node-auto-provisioning-networking>
- <https://learn.microsoft.com/azure/aks/nat-gateway>
- <https://learn.microsoft.com/azure/aks/configure-kubenet>
- <https://learn.microsoft.com/azure/aks/concepts-network-cni-overview>
- <https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-pod-subnet>
- <https://github.com/Azure/AKS/issues/2673>
"#,
    },
    Embedded {
        data: r#"{"families":["private DNS"],"id":"system-assigned-with-custom-dns-zone","languages":["arm","bicep","terraform"],"level":"error","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters","resource_when":{"equals":"true","path":"properties.apiServerAccessProfile.enablePrivateCluster"},"scope":"properties.apiServerAccessProfile.privateDNSZone","unless":["system","none"]}],"azure":[{"code":"OnlySupportedOnUserAssignedMSICluster","says":"a system-assigned managed identity is not supported with a custom private DNS zone; use a user-assigned one"},{"code":"SystemAssignedIdentityNotSupportedForCustomPrivateDNSZone","name_only":true,"says":""}],"breaks_at":"create","confidence":"doc","id":"DNS-SYSTEM-ASSIGNED","message":{"do":["give the cluster a user-assigned identity (`identity.type` `UserAssigned`) that holds Private DNS Zone Contributor on the zone","or let AKS make the zone: `privateDNSZone` `system`"],"headline":"cluster {cluster} cannot use the private DNS zone {scope} with a system-assigned identity","why":"it brings its own private DNS zone{place}, and AKS must be able to write to the zone before the cluster's own identity exists"},"refused_with":["system-assigned"],"sources":["https://learn.microsoft.com/azure/aks/private-clusters","https://learn.microsoft.com/azure/aks/system-assigned-managed-identity"],"title":"A private DNS zone that the cluster brings needs a user-assigned control plane identity or a service principal"}],"since":"0.1.0","title":"A system-assigned control plane identity cannot use a private DNS zone that the cluster brings"}"#,
        page: r#"# system-assigned-with-custom-dns-zone

A cluster with a system-assigned control plane identity brings its own private DNS zone.

| | |
| --- | --- |
| Level | error |
| Breaks | at creation |
| Languages | ARM, Bicep, Terraform |
| Requirement | DNS-SYSTEM-ASSIGNED |
| Azure error prevented | `OnlySupportedOnUserAssignedMSICluster` |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

It looks at each cluster whose `properties.apiServerAccessProfile.privateDNSZone` is a zone of its own, and reports it where the control plane
identity is system-assigned. `system`, `none`, an empty string, `null` and nothing at all are no zone of its own, in any case of letters. A
cluster with a user-assigned identity or a service principal is fine, and so is a partial update of a cluster that exists.

## Why it matters

AKS writes the API server's record to the zone before the cluster's own identity exists, so that identity can never hold a role in time. AKS
refuses the cluster.

## Avoid

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.Network/privateDnsZones",
      "apiVersion": "2020-06-01",
      "name": "privatelink.westeurope.azmk8s.io",
      "location": "global"
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[resourceId('Microsoft.Network/privateDnsZones', 'privatelink.westeurope.azmk8s.io')]"],
      "identity": { "type": "SystemAssigned" },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "apiServerAccessProfile": {
          "enablePrivateCluster": true,
          "privateDNSZone": "[resourceId('Microsoft.Network/privateDnsZones', 'privatelink.westeurope.azmk8s.io')]"
        }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = 'westeurope'

resource zone 'Microsoft.Network/privateDnsZones@2020-06-01' = {
  name: 'privatelink.westeurope.azmk8s.io'
  location: 'global'
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
    apiServerAccessProfile: {
      enablePrivateCluster: true
      privateDNSZone: zone.id
    }
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_private_dns_zone" "main" {
  name                = "privatelink.westeurope.azmk8s.io"
  resource_group_name = azurerm_resource_group.main.name
}

resource "azurerm_kubernetes_cluster" "main" {
  name                    = "aks-prod"
  resource_group_name     = azurerm_resource_group.main.name
  location                = azurerm_resource_group.main.location
  dns_prefix              = "aks-prod"
  private_cluster_enabled = true
  private_dns_zone_id     = azurerm_private_dns_zone.main.id

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type = "SystemAssigned"
  }
}
```

## Prefer

### ARM

The identity exists before the cluster and holds its role on the zone.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "zone": "[resourceId('Microsoft.Network/privateDnsZones', 'privatelink.westeurope.azmk8s.io')]",
    "privateDnsZoneContributor": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b12aa53e-6015-4669-85d0-8515ebb3ae7f')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Network/privateDnsZones",
      "apiVersion": "2020-06-01",
      "name": "privatelink.westeurope.azmk8s.io",
      "location": "global"
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('zone'), variables('control'), variables('privateDnsZoneContributor'))]",
      "scope": "[variables('zone')]",
      "dependsOn": [
        "[variables('control')]",
        "[variables('zone')]"
      ],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('privateDnsZoneContributor')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[variables('control')]",
        "[extensionResourceId(variables('zone'), 'Microsoft.Authorization/roleAssignments', guid(variables('zone'), variables('control'), variables('privateDnsZoneContributor')))]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "apiServerAccessProfile": {
          "enablePrivateCluster": true,
          "privateDNSZone": "[variables('zone')]"
        }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = 'westeurope'

var privateDnsZoneContributor = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b12aa53e-6015-4669-85d0-8515ebb3ae7f')

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource zone 'Microsoft.Network/privateDnsZones@2020-06-01' = {
  name: 'privatelink.westeurope.azmk8s.io'
  location: 'global'
}

resource zoneRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(zone.id, control.id, privateDnsZoneContributor)
  scope: zone
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: privateDnsZoneContributor
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${control.id}': {}
    }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
    apiServerAccessProfile: {
      enablePrivateCluster: true
      privateDNSZone: zone.id
    }
  }
  dependsOn: [
    zoneRole
  ]
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_private_dns_zone" "main" {
  name                = "privatelink.westeurope.azmk8s.io"
  resource_group_name = azurerm_resource_group.main.name
}

resource "azurerm_role_assignment" "zone" {
  scope                = azurerm_private_dns_zone.main.id
  role_definition_name = "Private DNS Zone Contributor"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                    = "aks-prod"
  resource_group_name     = azurerm_resource_group.main.name
  location                = azurerm_resource_group.main.location
  dns_prefix              = "aks-prod"
  private_cluster_enabled = true
  private_dns_zone_id     = azurerm_private_dns_zone.main.id

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  depends_on = [azurerm_role_assignment.zone]
}
```

## How to fix

Give the cluster a user-assigned identity that holds Private DNS Zone Contributor on the zone, or set `privateDNSZone` to `system` and let AKS
make the zone.

## Options

None.

## What it cannot see

- A zone that comes by a parameter without a value may turn out to be `system`; it is not reported, and counts as undecided.
- A cluster that is not private (`enablePrivateCluster` is not true) is left alone: no source says what AKS does with its zone.

## References

- <https://learn.microsoft.com/azure/aks/private-clusters>
- <https://learn.microsoft.com/azure/aks/system-assigned-managed-identity>
"#,
    },
    Embedded {
        data: r#"{"families":["network"],"found_by":"places","id":"system-assigned-with-custom-network","languages":["arm","bicep","terraform"],"level":"error","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters","resource_unless":{"equals":"false","path":"properties.apiServerAccessProfile.enableVnetIntegration"},"scope":"properties.apiServerAccessProfile.subnetId"}],"azure":[{"code":"OnlySupportedOnUserAssignedMSICluster","says":"a system-assigned managed identity is not supported with a subnet of one's own; use a user-assigned one"}],"breaks_at":"create","confidence":"issue","id":"NET-APISERVER-UAI","message":{"do":["give the cluster a user-assigned identity (`identity.type` `UserAssigned`) that holds Network Contributor on {scope}"],"headline":"cluster {cluster} cannot put its API server into the subnet {scope} with a system-assigned identity","why":"it brings its own subnet for the API server{place}, and AKS must be able to join that before the cluster's own identity exists"},"refused_with":["system-assigned"],"sources":["https://learn.microsoft.com/azure/aks/api-server-vnet-integration"],"title":"An API server in a subnet that the cluster brings needs a user-assigned control plane identity"},{"at":[{"for_each":"properties.agentPoolProfiles[]","resource":"Microsoft.ContainerService/managedClusters","resource_when":{"equals":"kubenet","path":"properties.networkProfile.networkPlugin"},"scope":"vnetSubnetID"}],"azure":[{"code":"CustomRouteTableWithUnsupportedMSIType","says":"clusters with a system-assigned identity do not support bringing a route table"},{"code":"OnlySupportedOnUserAssignedMSICluster","says":"a system-assigned managed identity is not supported with a custom route table; use a user-assigned one"}],"breaks_at":"create","confidence":"doc","id":"NET-RT-KUBENET-SYSTEM","message":{"do":["give the cluster a user-assigned identity (`identity.type` `UserAssigned`) that holds Network Contributor on {scope}"],"headline":"cluster {cluster} cannot use the route table {scope} with a system-assigned identity","why":"it uses kubenet in a subnet{place} that has this route table, and AKS must be able to write routes into it before the cluster's own identity exists"},"refused_with":["system-assigned"],"sources":["https://learn.microsoft.com/azure/aks/configure-kubenet#bring-your-own-subnet-and-route-table-with-kubenet","https://github.com/Azure/AKS/issues/2333"],"title":"kubenet with a custom route table needs a user-assigned control plane identity"},{"at":[{"for_each":"properties.agentPoolProfiles[]","resource":"Microsoft.ContainerService/managedClusters","resource_when":{"equals":"Automatic","path":"sku.name"},"scope":"vnetSubnetID"},{"resource":"Microsoft.ContainerService/managedClusters","resource_when":{"equals":"Automatic","path":"sku.name"},"scope":"properties.hostedSystemProfile.nodeSubnetID"},{"resource":"Microsoft.ContainerService/managedClusters","resource_when":{"equals":"Automatic","path":"sku.name"},"scope":"properties.hostedSystemProfile.systemNodeSubnetID"}],"azure":[{"code":"OnlySupportedOnUserAssignedMSICluster","says":"a system-assigned managed identity is not supported with a virtual network of one's own; use a user-assigned one"}],"breaks_at":"create","confidence":"doc","id":"NET-AUTOMATIC","message":{"do":["give the cluster a user-assigned identity (`identity.type` `UserAssigned`) that holds Network Contributor on the virtual network"],"headline":"cluster {cluster} cannot use the subnet {scope} with a system-assigned identity","why":"it is an AKS Automatic cluster in a network of its own{place}, which needs an identity that can hold roles before the cluster exists"},"refused_with":["system-assigned"],"sources":["https://learn.microsoft.com/azure/aks/automatic/quick-automatic-custom-network"],"title":"AKS Automatic in a network that the cluster brings needs a user-assigned control plane identity"}],"since":"0.1.0","title":"A system-assigned control plane identity cannot use this network of the cluster's own"}"#,
        page: r#"# system-assigned-with-custom-network

A cluster runs as its own identity and brings a network that AKS uses before that identity exists.

| | |
| --- | --- |
| Level | error |
| Breaks | at creation |
| Languages | ARM, Bicep, Terraform |
| Requirements | NET-APISERVER-UAI, NET-RT-KUBENET-SYSTEM, NET-AUTOMATIC |
| Azure errors prevented | `OnlySupportedOnUserAssignedMSICluster`, `CustomRouteTableWithUnsupportedMSIType` |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

It reports a cluster whose control plane is its own (system-assigned) identity and that names one of these:

- a subnet for its API server (`properties.apiServerAccessProfile.subnetId`);
- with `networkPlugin` `kubenet`, a subnet that has a route table, wherever the deployment says so;
- as an AKS Automatic cluster (`sku.name` `Automatic`), a subnet of its own for nodes (`vnetSubnetID`, `hostedSystemProfile`).

Subnets of other clusters are no mistake: AKS joins them with rights of its own at first (system-assigned-with-own-resources says what comes
later). A partial update of a cluster that exists is left alone.

## Why it matters

AKS joins these networks, or writes into the table, before it creates the cluster, and the cluster's own identity comes with the cluster: no
role can be given in time. AKS refuses the cluster, whatever roles are given.

## Avoid

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "vnet": "[resourceId('Microsoft.Network/virtualNetworks', 'vnet-aks')]",
    "apiserver": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'apiserver')]"
  },
  "resources": [
    {
      "type": "Microsoft.Network/virtualNetworks",
      "apiVersion": "2023-09-01",
      "name": "vnet-aks",
      "location": "westeurope",
      "properties": {
        "addressSpace": { "addressPrefixes": ["10.0.0.0/16"] },
        "subnets": [
          {
            "name": "apiserver",
            "properties": {
              "addressPrefix": "10.0.0.0/28",
              "delegations": [{ "name": "aks", "properties": { "serviceName": "Microsoft.ContainerService/managedClusters" } }]
            }
          }
        ]
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[variables('vnet')]"],
      "identity": { "type": "SystemAssigned" },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "apiServerAccessProfile": { "enableVnetIntegration": true, "subnetId": "[variables('apiserver')]" }
      }
    }
  ]
}
```

### Bicep

The subnet has a route table, and kubenet writes into it.

```bicep file=main.bicep
param location string = 'westeurope'

resource table 'Microsoft.Network/routeTables@2023-09-01' = {
  name: 'rt-aks'
  location: location
}

resource vnet 'Microsoft.Network/virtualNetworks@2023-09-01' = {
  name: 'vnet-aks'
  location: location
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] }
  }

  resource nodes 'subnets' = {
    name: 'nodes'
    properties: { addressPrefix: '10.0.0.0/20', routeTable: { id: table.id } }
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'SystemAssigned' }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5', vnetSubnetID: vnet::nodes.id }
    ]
    networkProfile: { networkPlugin: 'kubenet', outboundType: 'userDefinedRouting' }
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_virtual_network" "main" {
  name                = "vnet-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  address_space       = ["10.0.0.0/16"]
}

resource "azurerm_subnet" "apiserver" {
  name                 = "apiserver"
  resource_group_name  = azurerm_resource_group.main.name
  virtual_network_name = azurerm_virtual_network.main.name
  address_prefixes     = ["10.0.0.0/28"]

  delegation {
    name = "aks"

    service_delegation {
      name = "Microsoft.ContainerService/managedClusters"
    }
  }
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type = "SystemAssigned"
  }

  api_server_access_profile {
    virtual_network_integration_enabled = true
    subnet_id                           = azurerm_subnet.apiserver.id
  }
}
```

## Prefer

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "vnet": "[resourceId('Microsoft.Network/virtualNetworks', 'vnet-aks')]",
    "apiserver": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'apiserver')]",
    "networkContributor": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Network/virtualNetworks",
      "apiVersion": "2023-09-01",
      "name": "vnet-aks",
      "location": "westeurope",
      "properties": {
        "addressSpace": { "addressPrefixes": ["10.0.0.0/16"] },
        "subnets": [
          {
            "name": "apiserver",
            "properties": {
              "addressPrefix": "10.0.0.0/28",
              "delegations": [{ "name": "aks", "properties": { "serviceName": "Microsoft.ContainerService/managedClusters" } }]
            }
          }
        ]
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('vnet'), variables('control'), variables('networkContributor'))]",
      "scope": "[variables('vnet')]",
      "dependsOn": ["[variables('control')]", "[variables('vnet')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('networkContributor')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[variables('control')]",
        "[extensionResourceId(variables('vnet'), 'Microsoft.Authorization/roleAssignments', guid(variables('vnet'), variables('control'), variables('networkContributor')))]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "apiServerAccessProfile": { "enableVnetIntegration": true, "subnetId": "[variables('apiserver')]" }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = 'westeurope'

var networkContributor = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource table 'Microsoft.Network/routeTables@2023-09-01' = {
  name: 'rt-aks'
  location: location
}

resource vnet 'Microsoft.Network/virtualNetworks@2023-09-01' = {
  name: 'vnet-aks'
  location: location
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] }
  }

  resource nodes 'subnets' = {
    name: 'nodes'
    properties: { addressPrefix: '10.0.0.0/20', routeTable: { id: table.id } }
  }
}

resource networkRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vnet.id, control.id, networkContributor)
  scope: vnet
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: networkContributor
  }
}

resource tableRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(table.id, control.id, networkContributor)
  scope: table
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: networkContributor
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${control.id}': {}
    }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5', vnetSubnetID: vnet::nodes.id }
    ]
    networkProfile: { networkPlugin: 'kubenet', outboundType: 'userDefinedRouting' }
  }
  dependsOn: [
    networkRole
    tableRole
  ]
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_virtual_network" "main" {
  name                = "vnet-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  address_space       = ["10.0.0.0/16"]
}

resource "azurerm_subnet" "apiserver" {
  name                 = "apiserver"
  resource_group_name  = azurerm_resource_group.main.name
  virtual_network_name = azurerm_virtual_network.main.name
  address_prefixes     = ["10.0.0.0/28"]

  delegation {
    name = "aks"

    service_delegation {
      name = "Microsoft.ContainerService/managedClusters"
    }
  }
}

resource "azurerm_role_assignment" "network" {
  scope                = azurerm_virtual_network.main.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  api_server_access_profile {
    virtual_network_integration_enabled = true
    subnet_id                           = azurerm_subnet.apiserver.id
  }

  depends_on = [azurerm_role_assignment.network]
}
```

## How to fix

1. Give the cluster a user-assigned identity (`identity.type` `UserAssigned`).
2. Assign it Network Contributor (`4d97b98b-1d4f-4787-a291-c67834d212e7`) on the virtual network, and on the route table where there is one.
3. Let the cluster depend on the assignments.

## Options

None.

## What it cannot see

- The route table of a subnet that this deployment does not describe.
- Clusters whose identity only the deployment decides: the question is then undecided, with the reason.

## References

- <https://learn.microsoft.com/azure/aks/api-server-vnet-integration>
- <https://learn.microsoft.com/azure/aks/configure-kubenet#bring-your-own-subnet-and-route-table-with-kubenet>
- <https://learn.microsoft.com/azure/aks/automatic/quick-automatic-custom-network>
- <https://github.com/Azure/AKS/issues/2333>
"#,
    },
    Embedded {
        data: r#"{"families":["KMS"],"id":"system-assigned-with-kms","languages":["arm","bicep","terraform"],"level":"error","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters","resource_unless":{"equals":"Enabled","path":"properties.securityProfile.kubernetesResourceObjectEncryptionProfile.infrastructureEncryption"},"resource_when":{"equals":"true","path":"properties.securityProfile.azureKeyVaultKms.enabled"},"scope":"properties.securityProfile.azureKeyVaultKms.keyId"}],"breaks_at":"create","confidence":"doc","id":"KMS-UAI","message":{"do":["give the cluster a user-assigned identity (`identity.type` `UserAssigned`) that may encrypt and decrypt with the key"],"headline":"cluster {cluster} cannot encrypt its secrets with a key of Key Vault with a system-assigned identity","why":"it names a key{place}, which the control plane must be allowed to use before the cluster is created, and its own identity is there only afterwards"},"refused_with":["system-assigned"],"sources":["https://learn.microsoft.com/azure/aks/use-kms-etcd-encryption#limitations"],"title":"Encrypting secrets with a key of Key Vault needs a user-assigned control plane identity"}],"since":"0.1.0","title":"A system-assigned identity cannot be used with a key of Key Vault for the cluster's secrets"}"#,
        page: r#"# system-assigned-with-kms

A cluster with a system-assigned identity encrypts its secrets with a key of Key Vault, which AKS refuses.

| | |
| --- | --- |
| Level | error |
| Breaks | at creation |
| Languages | ARM, Bicep, Terraform |
| Requirement | KMS-UAI |
| Azure error prevented | none known |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

Looks at clusters with `securityProfile.azureKeyVaultKms.enabled`, which run as their own identity.

## Why it matters

The API server cannot start without the key, and the identity must hold a role on it before the cluster is created; a system-assigned identity is made only with the
cluster. AKS refuses the cluster: the feature does not support the identity type SystemAssigned.

## Avoid

### ARM

The cluster runs as itself.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.KeyVault/vaults",
      "apiVersion": "2023-07-01",
      "name": "kv-aks",
      "location": "westeurope",
      "properties": {
        "sku": { "family": "A", "name": "standard" },
        "tenantId": "[tenant().tenantId]",
        "enableRbacAuthorization": true
      }
    },
    {
      "type": "Microsoft.KeyVault/vaults/keys",
      "apiVersion": "2023-07-01",
      "name": "kv-aks/kms",
      "dependsOn": ["[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]"],
      "properties": { "kty": "RSA", "keySize": 2048, "keyOps": ["encrypt", "decrypt"] }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[resourceId('Microsoft.KeyVault/vaults/keys', 'kv-aks', 'kms')]"],
      "identity": { "type": "SystemAssigned" },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "securityProfile": {
          "azureKeyVaultKms": {
            "enabled": true,
            "keyId": "[reference(resourceId('Microsoft.KeyVault/vaults/keys', 'kv-aks', 'kms'), '2023-07-01').keyUriWithVersion]"
          }
        }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
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
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
    securityProfile: { azureKeyVaultKms: { enabled: true, keyId: key.properties.keyUriWithVersion } }
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

data "azurerm_client_config" "current" {}

resource "azurerm_key_vault" "main" {
  name                       = "kv-aks"
  resource_group_name        = azurerm_resource_group.main.name
  location                   = azurerm_resource_group.main.location
  tenant_id                  = data.azurerm_client_config.current.tenant_id
  sku_name                   = "standard"
  rbac_authorization_enabled = true
}

resource "azurerm_key_vault_key" "main" {
  name         = "kms"
  key_vault_id = azurerm_key_vault.main.id
  key_type     = "RSA"
  key_size     = 2048
  key_opts     = ["encrypt", "decrypt"]
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type = "SystemAssigned"
  }

  key_management_service {
    key_vault_key_id = azurerm_key_vault_key.main.id
  }
}
```

## Prefer

### ARM

The cluster runs as an identity that is there before it and may use the key.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.KeyVault/vaults",
      "apiVersion": "2023-07-01",
      "name": "kv-aks",
      "location": "westeurope",
      "properties": {
        "sku": { "family": "A", "name": "standard" },
        "tenantId": "[tenant().tenantId]",
        "enableRbacAuthorization": true
      }
    },
    {
      "type": "Microsoft.KeyVault/vaults/keys",
      "apiVersion": "2023-07-01",
      "name": "kv-aks/kms",
      "dependsOn": ["[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]"],
      "properties": { "kty": "RSA", "keySize": 2048, "keyOps": ["encrypt", "decrypt"] }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceId('Microsoft.KeyVault/vaults', 'kv-aks'), resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), 'Key Vault Crypto User')]",
      "scope": "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
      "dependsOn": [
        "[resourceId('Microsoft.KeyVault/vaults', 'kv-aks')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '12338af0-0e69-4776-bea7-57ae8d297424')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[extensionResourceId(resourceId('Microsoft.KeyVault/vaults', 'kv-aks'), 'Microsoft.Authorization/roleAssignments', guid(resourceId('Microsoft.KeyVault/vaults', 'kv-aks'), resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), 'Key Vault Crypto User'))]",
        "[resourceId('Microsoft.KeyVault/vaults/keys', 'kv-aks', 'kms')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "securityProfile": {
          "azureKeyVaultKms": {
            "enabled": true,
            "keyId": "[reference(resourceId('Microsoft.KeyVault/vaults/keys', 'kv-aks', 'kms'), '2023-07-01').keyUriWithVersion]"
          }
        }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
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

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }]
    securityProfile: { azureKeyVaultKms: { enabled: true, keyId: key.properties.keyUriWithVersion } }
  }
  dependsOn: [useKey]
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

data "azurerm_client_config" "current" {}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_key_vault" "main" {
  name                       = "kv-aks"
  resource_group_name        = azurerm_resource_group.main.name
  location                   = azurerm_resource_group.main.location
  tenant_id                  = data.azurerm_client_config.current.tenant_id
  sku_name                   = "standard"
  rbac_authorization_enabled = true
}

resource "azurerm_key_vault_key" "main" {
  name         = "kms"
  key_vault_id = azurerm_key_vault.main.id
  key_type     = "RSA"
  key_size     = 2048
  key_opts     = ["encrypt", "decrypt"]
}

resource "azurerm_role_assignment" "use_key" {
  scope                = azurerm_key_vault.main.id
  role_definition_name = "Key Vault Crypto User"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  key_management_service {
    key_vault_key_id = azurerm_key_vault_key.main.id
  }

  depends_on = [azurerm_role_assignment.use_key]
}
```

## How to fix

Give the cluster a user-assigned identity, assign it Key Vault Crypto User (`12338af0-0e69-4776-bea7-57ae8d297424`) on the vault, and let the cluster depend on that assignment.

## Options

None.

## What it cannot see

Nothing that a template says. With the newer encryption (`infrastructureEncryption`) it says nothing, since no source tells what is refused there.

## References

- <https://learn.microsoft.com/azure/aks/use-kms-etcd-encryption>
"#,
    },
    Embedded {
        data: r#"{"families":["kubelet identity"],"id":"system-assigned-with-kubelet-identity","languages":["arm","bicep","terraform"],"level":"error","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters","scope":"properties.identityProfile.kubeletidentity.resourceId"}],"azure":[{"code":"CustomKubeletIdentityOnlySupportedOnUserAssignedMSICluster","says":"a custom kubelet identity is only supported on a cluster with a user-assigned identity"}],"breaks_at":"create","confidence":"doc","id":"KUB-CP-UAI","message":{"do":["give the cluster a user-assigned identity (`identity.type` `UserAssigned`) that holds Managed Identity Operator on {scope}","or leave out the kubelet identity: AKS then makes one"],"headline":"cluster {cluster} cannot bring its own kubelet identity {scope} with {principal}","why":"AKS attaches a kubelet identity that a cluster brings{place} only in the name of a user-assigned identity"},"refused_with":["system-assigned","service-principal"],"sources":["https://learn.microsoft.com/azure/aks/managed-identity-overview","https://learn.microsoft.com/azure/aks/use-managed-identity","https://github.com/hashicorp/terraform-provider-azurerm/issues/17990"],"title":"A kubelet identity that the cluster brings needs a user-assigned control plane identity"}],"since":"0.1.0","title":"A cluster that brings its own kubelet identity needs a user-assigned control plane identity"}"#,
        page: r#"# system-assigned-with-kubelet-identity

A cluster brings its own kubelet identity, and its control plane is no user-assigned identity.

| | |
| --- | --- |
| Level | error |
| Breaks | at creation |
| Languages | ARM, Bicep, Terraform |
| Requirement | KUB-CP-UAI |
| Azure error prevented | `CustomKubeletIdentityOnlySupportedOnUserAssignedMSICluster` |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

It looks at each cluster that names a kubelet identity (`properties.identityProfile.kubeletidentity.resourceId`) and reports it where the
control plane runs as the cluster's own (system-assigned) identity or as a service principal. A cluster with a user-assigned identity is the
business of kubelet-identity-without-operator, which asks for its role. A partial update of a cluster that exists is left alone.

## Why it matters

AKS attaches a kubelet identity of yours to the nodes in the name of the control plane, before the cluster's own identity can hold any role.
It refuses such a cluster before it creates anything, whatever roles are given.

## Avoid

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "kubelet": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-kubelet')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-kubelet",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[variables('kubelet')]"],
      "identity": { "type": "SystemAssigned" },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "identityProfile": {
          "kubeletidentity": {
            "resourceId": "[variables('kubelet')]",
            "clientId": "[reference(variables('kubelet'), '2023-01-31').clientId]",
            "objectId": "[reference(variables('kubelet'), '2023-01-31').principalId]"
          }
        }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = 'westeurope'

resource kubelet 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-kubelet'
  location: location
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'SystemAssigned' }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
    identityProfile: {
      kubeletidentity: {
        resourceId: kubelet.id
        clientId: kubelet.properties.clientId
        objectId: kubelet.properties.principalId
      }
    }
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "kubelet" {
  name                = "id-aks-kubelet"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type = "SystemAssigned"
  }

  kubelet_identity {
    client_id                 = azurerm_user_assigned_identity.kubelet.client_id
    object_id                 = azurerm_user_assigned_identity.kubelet.principal_id
    user_assigned_identity_id = azurerm_user_assigned_identity.kubelet.id
  }
}
```

## Prefer

### ARM

The control plane is a user-assigned identity that may assign the kubelet identity.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "kubelet": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-kubelet')]",
    "managedIdentityOperator": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'f1a07417-d97a-45cb-824c-7a7467783830')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-kubelet",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('kubelet'), variables('control'), variables('managedIdentityOperator'))]",
      "scope": "[variables('kubelet')]",
      "dependsOn": ["[variables('control')]", "[variables('kubelet')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('managedIdentityOperator')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[variables('control')]",
        "[variables('kubelet')]",
        "[extensionResourceId(variables('kubelet'), 'Microsoft.Authorization/roleAssignments', guid(variables('kubelet'), variables('control'), variables('managedIdentityOperator')))]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "identityProfile": {
          "kubeletidentity": {
            "resourceId": "[variables('kubelet')]",
            "clientId": "[reference(variables('kubelet'), '2023-01-31').clientId]",
            "objectId": "[reference(variables('kubelet'), '2023-01-31').principalId]"
          }
        }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = 'westeurope'

var managedIdentityOperator = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'f1a07417-d97a-45cb-824c-7a7467783830')

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource kubelet 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-kubelet'
  location: location
}

resource operator 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(kubelet.id, control.id, managedIdentityOperator)
  scope: kubelet
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: managedIdentityOperator
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${control.id}': {}
    }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }
    ]
    identityProfile: {
      kubeletidentity: {
        resourceId: kubelet.id
        clientId: kubelet.properties.clientId
        objectId: kubelet.properties.principalId
      }
    }
  }
  dependsOn: [
    operator
  ]
}
```

### Terraform

AKS makes the kubelet identity; roles go to what it made.

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  identity {
    type = "SystemAssigned"
  }
}

resource "azurerm_container_registry" "main" {
  name                = "crprod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  sku                 = "Standard"
}

resource "azurerm_role_assignment" "pull" {
  scope                = azurerm_container_registry.main.id
  role_definition_name = "AcrPull"
  principal_id         = azurerm_kubernetes_cluster.main.kubelet_identity[0].object_id
}
```

## How to fix

1. Give the cluster a user-assigned identity and assign it Managed Identity Operator (`f1a07417-d97a-45cb-824c-7a7467783830`) on the kubelet
   identity, before the cluster.
2. Or leave the kubelet identity out: AKS makes one in the node resource group, and its object id is in the cluster's `identityProfile`.

## Options

None.

## What it cannot see

- Clusters whose identity only the deployment decides: the question is then undecided, with the reason.

## References

- <https://learn.microsoft.com/azure/aks/managed-identity-overview>
- <https://learn.microsoft.com/azure/aks/use-managed-identity>
- <https://github.com/hashicorp/terraform-provider-azurerm/issues/17990>
"#,
    },
    Embedded {
        data: r#"{"families":["control plane identity"],"found_by":"check","id":"system-assigned-with-own-resources","languages":["arm","bicep","terraform"],"level":"warning","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters"}],"breaks_at":"runtime","confidence":"doc","id":"CP-SYSTEM-ASSIGNED-BYO","message":{"do":["give the cluster a user-assigned identity, assign the roles to that, and let the cluster depend on the assignments"],"headline":"{principal} can hold its role on {value} only once the cluster is there","why":"cluster {cluster} uses resources that are not in its node resource group{place}, and its identity is created with it, so the roles that it needs on them come after it; until they have spread (up to an hour), load balancers, scaling and upgrades fail"},"sources":["https://learn.microsoft.com/azure/aks/managed-identity-overview","https://learn.microsoft.com/azure/aks/system-assigned-managed-identity"],"title":"A cluster with subnets, addresses or tables of its own should run as a user-assigned identity"}],"since":"0.1.0","title":"A system-assigned control plane identity gets its roles only after the cluster is created"}"#,
        page: r#"# system-assigned-with-own-resources

A cluster runs as its own identity, which gets its roles on subnets and addresses only once the cluster is there.

| | |
| --- | --- |
| Level | warning |
| Breaks | at run time |
| Languages | ARM, Bicep, Terraform |
| Requirement | CP-SYSTEM-ASSIGNED-BYO |
| Azure error prevented | none known |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

It looks at clusters that run as their own (system-assigned) identity and use resources outside their node resource group, subnets and
public IPs above all, on which the deployment gives that identity its roles. It reports each such cluster once and names the resources.

Where nobody gives the role, the rule for that resource speaks (subnet-without-role, public-ip-without-role); where AKS refuses the
combination at creation, so do the others whose names begin with `system-assigned-with`.

## Why it matters

The identity is created with the cluster, so its roles come after it. Until they are made and have spread, which takes up to an hour, what
needs them fails: load balancers of services stay pending, pools do not scale, upgrades stop. A user-assigned identity can hold its roles
before.

## Avoid

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "vnet": "[resourceId('Microsoft.Network/virtualNetworks', 'vnet-aks')]",
    "subnet": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'nodes')]",
    "networkContributor": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')]"
  },
  "resources": [
    {
      "type": "Microsoft.Network/virtualNetworks",
      "apiVersion": "2023-09-01",
      "name": "vnet-aks",
      "location": "westeurope",
      "properties": {
        "addressSpace": { "addressPrefixes": ["10.0.0.0/16"] },
        "subnets": [{ "name": "nodes", "properties": { "addressPrefix": "10.0.0.0/20" } }]
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[variables('vnet')]"],
      "identity": { "type": "SystemAssigned" },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [
          {
            "name": "system",
            "mode": "System",
            "count": 3,
            "vmSize": "Standard_D4s_v5",
            "vnetSubnetID": "[variables('subnet')]"
          }
        ],
        "networkProfile": { "networkPlugin": "azure" }
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('vnet'), resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), variables('networkContributor'))]",
      "scope": "[variables('vnet')]",
      "dependsOn": ["[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]"],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), '2024-05-01', 'full').identity.principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('networkContributor')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = 'westeurope'

var networkContributor = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')

resource vnet 'Microsoft.Network/virtualNetworks@2023-09-01' = {
  name: 'vnet-aks'
  location: location
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] }
  }

  resource nodes 'subnets' = {
    name: 'nodes'
    properties: { addressPrefix: '10.0.0.0/20' }
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'SystemAssigned' }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5', vnetSubnetID: vnet::nodes.id }
    ]
    networkProfile: { networkPlugin: 'azure' }
  }
}

resource networkRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vnet.id, cluster.id, networkContributor)
  scope: vnet
  properties: {
    principalId: cluster.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: networkContributor
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_virtual_network" "main" {
  name                = "vnet-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  address_space       = ["10.0.0.0/16"]
}

resource "azurerm_subnet" "nodes" {
  name                 = "nodes"
  resource_group_name  = azurerm_resource_group.main.name
  virtual_network_name = azurerm_virtual_network.main.name
  address_prefixes     = ["10.0.0.0/20"]
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name           = "system"
    node_count     = 3
    vm_size        = "Standard_D4s_v5"
    vnet_subnet_id = azurerm_subnet.nodes.id
  }

  identity {
    type = "SystemAssigned"
  }
}

resource "azurerm_role_assignment" "network" {
  scope                = azurerm_subnet.nodes.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_kubernetes_cluster.main.identity[0].principal_id
}
```

## Prefer

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "vnet": "[resourceId('Microsoft.Network/virtualNetworks', 'vnet-aks')]",
    "subnet": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'nodes')]",
    "networkContributor": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Network/virtualNetworks",
      "apiVersion": "2023-09-01",
      "name": "vnet-aks",
      "location": "westeurope",
      "properties": {
        "addressSpace": { "addressPrefixes": ["10.0.0.0/16"] },
        "subnets": [{ "name": "nodes", "properties": { "addressPrefix": "10.0.0.0/20" } }]
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('vnet'), variables('control'), variables('networkContributor'))]",
      "scope": "[variables('vnet')]",
      "dependsOn": ["[variables('control')]", "[variables('vnet')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('networkContributor')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[variables('control')]",
        "[extensionResourceId(variables('vnet'), 'Microsoft.Authorization/roleAssignments', guid(variables('vnet'), variables('control'), variables('networkContributor')))]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [
          {
            "name": "system",
            "mode": "System",
            "count": 3,
            "vmSize": "Standard_D4s_v5",
            "vnetSubnetID": "[variables('subnet')]"
          }
        ],
        "networkProfile": { "networkPlugin": "azure" }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = 'westeurope'

var networkContributor = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource vnet 'Microsoft.Network/virtualNetworks@2023-09-01' = {
  name: 'vnet-aks'
  location: location
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] }
  }

  resource nodes 'subnets' = {
    name: 'nodes'
    properties: { addressPrefix: '10.0.0.0/20' }
  }
}

resource networkRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vnet.id, control.id, networkContributor)
  scope: vnet
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: networkContributor
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${control.id}': {}
    }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5', vnetSubnetID: vnet::nodes.id }
    ]
    networkProfile: { networkPlugin: 'azure' }
  }
  dependsOn: [
    networkRole
  ]
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_virtual_network" "main" {
  name                = "vnet-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  address_space       = ["10.0.0.0/16"]
}

resource "azurerm_subnet" "nodes" {
  name                 = "nodes"
  resource_group_name  = azurerm_resource_group.main.name
  virtual_network_name = azurerm_virtual_network.main.name
  address_prefixes     = ["10.0.0.0/20"]
}

resource "azurerm_role_assignment" "network" {
  scope                = azurerm_subnet.nodes.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name           = "system"
    node_count     = 3
    vm_size        = "Standard_D4s_v5"
    vnet_subnet_id = azurerm_subnet.nodes.id
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  depends_on = [azurerm_role_assignment.network]
}
```

## How to fix

1. Create a user-assigned identity and give it the roles that the cluster's own identity has now.
2. Name it in the cluster's `identity`, and let the cluster depend on the assignments.

## Options

None.

## What it cannot see

- Roles that a pipeline gives after the deployment: the permission is then reported as missing by the rule for the resource.

## References

- <https://learn.microsoft.com/azure/aks/managed-identity-overview>
- <https://learn.microsoft.com/azure/aks/system-assigned-managed-identity>
"#,
    },
    Embedded {
        data: r#"{"families":["compute"],"id":"system-assigned-with-reserved-compute","languages":["arm","bicep","terraform"],"level":"error","requirement":[{"at":[{"for_each":"properties.agentPoolProfiles[]","resource":"Microsoft.ContainerService/managedClusters","scope":"capacityReservationGroupID"}],"breaks_at":"create","confidence":"doc","id":"CMP-CRG-SYSTEM","message":{"do":["give the cluster a user-assigned identity (`identity.type` `UserAssigned`) that holds Contributor on the resource group of {scope}"],"headline":"cluster {cluster} cannot use the capacity reservation group {scope} with a system-assigned identity","why":"a node pool takes its machines from that group{place}, and the identity must hold Contributor there before the pool is made; AKS does not support a system-assigned identity for it"},"refused_with":["system-assigned"],"sources":["https://learn.microsoft.com/azure/aks/use-capacity-reservation-groups"],"title":"A capacity reservation group needs a user-assigned control plane identity"},{"at":[{"for_each":"properties.agentPoolProfiles[]","resource":"Microsoft.ContainerService/managedClusters","scope":"hostGroupID"}],"breaks_at":"reconcile","confidence":"doc","id":"CMP-HOSTGROUP-SYSTEM","message":{"do":["give the cluster a user-assigned identity (`identity.type` `UserAssigned`) that holds Contributor on the resource group of {scope}"],"headline":"cluster {cluster} cannot use the host group {scope} with a system-assigned identity","why":"a node pool runs on the dedicated hosts of that group{place}, for which AKS wants a user-assigned identity with Contributor on the group's resource group"},"refused_with":["system-assigned"],"sources":["https://learn.microsoft.com/azure/aks/use-azure-dedicated-hosts"],"title":"A dedicated host group needs a user-assigned control plane identity"}],"since":"0.1.0","title":"A system-assigned identity cannot use reserved capacity or dedicated hosts"}"#,
        page: r#"# system-assigned-with-reserved-compute

A cluster with a system-assigned identity names reserved capacity or dedicated hosts, which only a user-assigned identity can use.

| | |
| --- | --- |
| Level | error (a warning for dedicated hosts) |
| Breaks | at creation; when AKS reconciles the cluster for dedicated hosts |
| Languages | ARM, Bicep, Terraform |
| Requirements | CMP-CRG-SYSTEM, CMP-HOSTGROUP-SYSTEM |
| Azure error prevented | none known |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

Looks at node pools of the cluster itself with a capacity reservation group (`capacityReservationGroupID`) or a dedicated host group (`hostGroupID`), where the
cluster runs as its own identity.

## Why it matters

The identity must hold Contributor on the group's resource group before the pool is made, and a system-assigned identity is there only afterwards. Documentation
says of capacity reservations that system-assigned identities do not work, and of host groups that a user-assigned one is required.

## Avoid

### ARM

The cluster runs as itself.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.Compute/capacityReservationGroups",
      "apiVersion": "2023-09-01",
      "name": "crg-aks",
      "location": "westeurope",
      "zones": ["1"]
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[resourceId('Microsoft.Compute/capacityReservationGroups', 'crg-aks')]"],
      "identity": { "type": "SystemAssigned" },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [
          {
            "name": "system",
            "mode": "System",
            "count": 3,
            "vmSize": "Standard_D4s_v5",
            "capacityReservationGroupID": "[resourceId('Microsoft.Compute/capacityReservationGroups', 'crg-aks')]"
          }
        ]
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = resourceGroup().location

resource reserved 'Microsoft.Compute/capacityReservationGroups@2023-09-01' = {
  name: 'crg-aks'
  location: location
  zones: ['1']
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'SystemAssigned' }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      {
        name: 'system'
        mode: 'System'
        count: 3
        vmSize: 'Standard_D4s_v5'
        capacityReservationGroupID: reserved.id
      }
    ]
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_capacity_reservation_group" "main" {
  name                = "crg-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  zones               = ["1"]
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
    capacity_reservation_group_id = azurerm_capacity_reservation_group.main.id
  }

  identity {
    type = "SystemAssigned"
  }
}
```

## Prefer

### ARM

The cluster runs as an identity that is there before it and holds the role.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Compute/capacityReservationGroups",
      "apiVersion": "2023-09-01",
      "name": "crg-aks",
      "location": "westeurope",
      "zones": ["1"]
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceGroup().id, resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), 'Contributor')]",
      "dependsOn": ["[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b24988ac-6180-42a0-ab88-20f7382dd24c')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[resourceId('Microsoft.Authorization/roleAssignments', guid(resourceGroup().id, resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), 'Contributor'))]",
        "[resourceId('Microsoft.Compute/capacityReservationGroups', 'crg-aks')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [
          {
            "name": "system",
            "mode": "System",
            "count": 3,
            "vmSize": "Standard_D4s_v5",
            "capacityReservationGroupID": "[resourceId('Microsoft.Compute/capacityReservationGroups', 'crg-aks')]"
          }
        ]
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = resourceGroup().location

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource reserved 'Microsoft.Compute/capacityReservationGroups@2023-09-01' = {
  name: 'crg-aks'
  location: location
  zones: ['1']
}

resource useGroup 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, control.id, 'Contributor')
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b24988ac-6180-42a0-ab88-20f7382dd24c')
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      {
        name: 'system'
        mode: 'System'
        count: 3
        vmSize: 'Standard_D4s_v5'
        capacityReservationGroupID: reserved.id
      }
    ]
  }
  dependsOn: [useGroup]
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_capacity_reservation_group" "main" {
  name                = "crg-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  zones               = ["1"]
}

resource "azurerm_role_assignment" "group" {
  scope                = azurerm_resource_group.main.id
  role_definition_name = "Contributor"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
    capacity_reservation_group_id = azurerm_capacity_reservation_group.main.id
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  depends_on = [azurerm_role_assignment.group]
}
```

## How to fix

Give the cluster a user-assigned identity, assign it Contributor (`b24988ac-6180-42a0-ab88-20f7382dd24c`) on the group's resource group, and let the cluster depend on
that assignment.

## Options

None.

## What it cannot see

Pools that are added later, by another deployment.

## References

- <https://learn.microsoft.com/azure/aks/use-capacity-reservation-groups>
- <https://learn.microsoft.com/azure/aks/use-azure-dedicated-hosts>
"#,
    },
    Embedded {
        data: r#"{"families":["role assignments"],"found_by":"check","id":"unknown-role","languages":["arm","bicep","terraform"],"level":"warning","option":[{"name":"known-roles","says":"names and GUIDs of custom roles that are defined elsewhere"}],"requirement":[{"at":[{"resource":"Microsoft.Authorization/roleAssignments"}],"azure":[{"code":"RoleDefinitionDoesNotExist","says":"there is no role definition with this id"}],"breaks_at":"create","confidence":"issue","id":"RA-UNKNOWN-ROLE","message":{"do":["if {expected} is meant, assign that"],"headline":"`{value}`, assigned to {principal}, is no built-in role, and no custom role of this deployment","why":"Azure refuses an assignment of a role that is not there"},"sources":["https://github.com/Azure/bicep/issues/3366","https://learn.microsoft.com/azure/role-based-access-control/built-in-roles"],"title":"A role that is assigned is built in, or defined as a custom role"}],"since":"0.1.0","title":"A role is assigned that is neither built in nor defined here"}"#,
        page: r#"# unknown-role

A role is assigned that is neither built in nor defined in the deployment.

| | |
| --- | --- |
| Level | warning where a built-in role has nearly this name or GUID, note otherwise |
| Breaks | at creation |
| Languages | ARM, Bicep, Terraform |
| Requirement | RA-UNKNOWN-ROLE |
| Azure error prevented | `RoleDefinitionDoesNotExist` |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

It looks up the role of each assignment among the built-in roles and among the role definitions of the deployment. Where it is in neither and its name or GUID is certain, it says so, and names the built-in
role that has nearly the same.

A role that is like no built-in one is perhaps a custom role that is defined elsewhere: that is a note.

## Why it matters

A slip in a GUID or a name is found only when Azure refuses the assignment, after the resources before it are there.

## Avoid

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "identity": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks')]",
    "role": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e8')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceGroup().id, variables('identity'), variables('role'))]",
      "dependsOn": ["[variables('identity')]"],
      "properties": {
        "principalId": "[reference(variables('identity'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('role')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
var role = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e8')

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks'
  location: 'westeurope'
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, identity.id, role)
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: role
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "aks" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "aks" {
  name                = "id-aks"
  location            = "westeurope"
  resource_group_name = azurerm_resource_group.aks.name
}

resource "azurerm_role_assignment" "network" {
  scope                = azurerm_resource_group.aks.id
  role_definition_name = "Network Contributer"
  principal_id         = azurerm_user_assigned_identity.aks.principal_id
  principal_type       = "ServicePrincipal"
}
```

## Prefer

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "identity": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks')]",
    "role": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceGroup().id, variables('identity'), variables('role'))]",
      "dependsOn": ["[variables('identity')]"],
      "properties": {
        "principalId": "[reference(variables('identity'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('role')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
var role = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks'
  location: 'westeurope'
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, identity.id, role)
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: role
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "aks" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "aks" {
  name                = "id-aks"
  location            = "westeurope"
  resource_group_name = azurerm_resource_group.aks.name
}

resource "azurerm_role_assignment" "network" {
  scope                = azurerm_resource_group.aks.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_user_assigned_identity.aks.principal_id
  principal_type       = "ServicePrincipal"
}
```

## How to fix

Take the role that is named, or define the custom role in the same deployment.

## Options

`known-roles`: names and GUIDs of custom roles that are defined elsewhere.

```toml
[rules.unknown-role]
known-roles = ["Platform Network Joiner"]
```

## What it cannot see

Roles that are given as parameters; custom roles that are defined elsewhere; built-in roles that Azure has since added.

## References

- <https://learn.microsoft.com/azure/role-based-access-control/built-in-roles>
- <https://github.com/Azure/bicep/issues/3366>
"#,
    },
    Embedded {
        data: r#"{"families":["private DNS","network"],"found_by":"places","id":"virtual-network-without-role","languages":["arm","bicep","terraform"],"level":"warning","requirement":[{"at":[{"for_each":"properties.agentPoolProfiles[]","resource":"Microsoft.ContainerService/managedClusters","resource_when":{"equals":"true","path":"properties.apiServerAccessProfile.enablePrivateCluster"},"scope":"vnetSubnetID"}],"azure":[{"code":"LinkedAuthorizationFailed","says":"the client may write virtual network links but may not join the network that they are linked to"},{"code":"CreateOrUpdateVirtualNetworkLinkFailed","name_only":true}],"breaks_at":"reconcile","confidence":"doc","id":"DNS-VNET-ROLE","message":{"do":["assign {role} (or a custom role with the actions below) to {principal} on {scope}"],"headline":"{principal} may not link the private DNS zone of {cluster} to the virtual network {scope}","why":"private cluster {cluster} brings its own private DNS zone, which AKS links to the network of its node pools{place}; that needs virtualNetworks/join/action on the network as a whole, and a role on a subnet or on the zone does not reach it"},"need":{"actions":["Microsoft.Network/virtualNetworks/join/action"],"before_cluster":"recommended","identity":"control-plane","identity_kinds":["user-assigned","service-principal"],"least_role":{"id":"4d97b98b-1d4f-4787-a291-c67834d212e7","name":"Network Contributor"},"other_roles":[{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the virtual network","scope_type":"Microsoft.Network/virtualNetworks"},"sources":["https://learn.microsoft.com/azure/aks/private-clusters#configure-a-private-dns-zone"],"title":"The control plane identity needs to join the virtual network that a private DNS zone is linked to"}],"since":"0.1.0","title":"The cluster may not link its private DNS zone to the virtual network of its node pools"}"#,
        page: r#"# virtual-network-without-role

The control plane of a private cluster may not join the virtual network that AKS links the cluster's private DNS zone to.

| | |
| --- | --- |
| Level | warning |
| Breaks | when AKS reconciles the cluster |
| Languages | ARM, Bicep, Terraform |
| Requirement | DNS-VNET-ROLE |
| Azure error prevented | `LinkedAuthorizationFailed` |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

For each private cluster that brings its own private DNS zone and a subnet for its node pools, and that runs as a user-assigned identity or
a service principal, it asks whether that identity may do `Microsoft.Network/virtualNetworks/join/action` on the virtual network of the
subnet. The grant may stand on the network, its resource group or above, by a built-in or a custom role. Pools in one network are one
finding.

It says nothing where AKS makes the zone (`system`, `none` or nothing): AKS links that with rights of its own.

## Why it matters

AKS links the zone to the network of the nodes in the name of the control plane. Writing the link needs the right to join the network that
is linked, which a role on the zone does not give, nor one on a subnet: a subnet is below the network, and roles count downwards. The nodes
cannot resolve the name of their API server until the link stands.

## Avoid

### ARM

The role is on the subnet.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "zone": "[resourceId('Microsoft.Network/privateDnsZones', 'privatelink.westeurope.azmk8s.io')]",
    "vnet": "[resourceId('Microsoft.Network/virtualNetworks', 'vnet-aks')]",
    "subnet": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'nodes')]",
    "privateDnsZoneContributor": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b12aa53e-6015-4669-85d0-8515ebb3ae7f')]",
    "networkContributor": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Network/privateDnsZones",
      "apiVersion": "2020-06-01",
      "name": "privatelink.westeurope.azmk8s.io",
      "location": "global"
    },
    {
      "type": "Microsoft.Network/virtualNetworks",
      "apiVersion": "2023-09-01",
      "name": "vnet-aks",
      "location": "westeurope",
      "properties": {
        "addressSpace": { "addressPrefixes": ["10.0.0.0/16"] },
        "subnets": [{ "name": "nodes", "properties": { "addressPrefix": "10.0.0.0/20" } }]
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('zone'), variables('control'), variables('privateDnsZoneContributor'))]",
      "scope": "[variables('zone')]",
      "dependsOn": ["[variables('control')]", "[variables('zone')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('privateDnsZoneContributor')]"
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('subnet'), variables('control'), variables('networkContributor'))]",
      "scope": "[variables('subnet')]",
      "dependsOn": ["[variables('control')]", "[variables('vnet')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('networkContributor')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[variables('control')]",
        "[extensionResourceId(variables('zone'), 'Microsoft.Authorization/roleAssignments', guid(variables('zone'), variables('control'), variables('privateDnsZoneContributor')))]",
        "[extensionResourceId(variables('subnet'), 'Microsoft.Authorization/roleAssignments', guid(variables('subnet'), variables('control'), variables('networkContributor')))]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [
          {
            "name": "system",
            "mode": "System",
            "count": 3,
            "vmSize": "Standard_D4s_v5",
            "vnetSubnetID": "[variables('subnet')]"
          }
        ],
        "networkProfile": { "networkPlugin": "azure" },
        "apiServerAccessProfile": { "enablePrivateCluster": true, "privateDNSZone": "[variables('zone')]" }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = 'westeurope'

var privateDnsZoneContributor = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b12aa53e-6015-4669-85d0-8515ebb3ae7f')
var networkContributor = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource zone 'Microsoft.Network/privateDnsZones@2020-06-01' = {
  name: 'privatelink.${location}.azmk8s.io'
  location: 'global'
}

resource vnet 'Microsoft.Network/virtualNetworks@2023-09-01' = {
  name: 'vnet-aks'
  location: location
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] }
  }

  resource nodes 'subnets' = {
    name: 'nodes'
    properties: { addressPrefix: '10.0.0.0/20' }
  }
}

resource zoneRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(zone.id, control.id, privateDnsZoneContributor)
  scope: zone
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: privateDnsZoneContributor
  }
}

resource subnetRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vnet::nodes.id, control.id, networkContributor)
  scope: vnet::nodes
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: networkContributor
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${control.id}': {}
    }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5', vnetSubnetID: vnet::nodes.id }
    ]
    networkProfile: { networkPlugin: 'azure' }
    apiServerAccessProfile: {
      enablePrivateCluster: true
      privateDNSZone: zone.id
    }
  }
  dependsOn: [
    zoneRole
    subnetRole
  ]
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_private_dns_zone" "aks" {
  name                = "privatelink.westeurope.azmk8s.io"
  resource_group_name = azurerm_resource_group.main.name
}

resource "azurerm_virtual_network" "main" {
  name                = "vnet-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  address_space       = ["10.0.0.0/16"]
}

resource "azurerm_subnet" "nodes" {
  name                 = "nodes"
  resource_group_name  = azurerm_resource_group.main.name
  virtual_network_name = azurerm_virtual_network.main.name
  address_prefixes     = ["10.0.0.0/20"]
}

resource "azurerm_role_assignment" "zone" {
  scope                = azurerm_private_dns_zone.aks.id
  role_definition_name = "Private DNS Zone Contributor"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_role_assignment" "network" {
  scope                = azurerm_subnet.nodes.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                    = "aks-prod"
  resource_group_name     = azurerm_resource_group.main.name
  location                = azurerm_resource_group.main.location
  dns_prefix              = "aks-prod"
  private_cluster_enabled = true
  private_dns_zone_id     = azurerm_private_dns_zone.aks.id

  default_node_pool {
    name           = "system"
    node_count     = 3
    vm_size        = "Standard_D4s_v5"
    vnet_subnet_id = azurerm_subnet.nodes.id
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  depends_on = [azurerm_role_assignment.zone, azurerm_role_assignment.network]
}
```

## Prefer

### ARM

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "zone": "[resourceId('Microsoft.Network/privateDnsZones', 'privatelink.westeurope.azmk8s.io')]",
    "vnet": "[resourceId('Microsoft.Network/virtualNetworks', 'vnet-aks')]",
    "subnet": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'nodes')]",
    "privateDnsZoneContributor": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b12aa53e-6015-4669-85d0-8515ebb3ae7f')]",
    "networkContributor": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')]"
  },
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Network/privateDnsZones",
      "apiVersion": "2020-06-01",
      "name": "privatelink.westeurope.azmk8s.io",
      "location": "global"
    },
    {
      "type": "Microsoft.Network/virtualNetworks",
      "apiVersion": "2023-09-01",
      "name": "vnet-aks",
      "location": "westeurope",
      "properties": {
        "addressSpace": { "addressPrefixes": ["10.0.0.0/16"] },
        "subnets": [{ "name": "nodes", "properties": { "addressPrefix": "10.0.0.0/20" } }]
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('zone'), variables('control'), variables('privateDnsZoneContributor'))]",
      "scope": "[variables('zone')]",
      "dependsOn": ["[variables('control')]", "[variables('zone')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('privateDnsZoneContributor')]"
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('vnet'), variables('control'), variables('networkContributor'))]",
      "scope": "[variables('vnet')]",
      "dependsOn": ["[variables('control')]", "[variables('vnet')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[variables('networkContributor')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[variables('control')]",
        "[extensionResourceId(variables('zone'), 'Microsoft.Authorization/roleAssignments', guid(variables('zone'), variables('control'), variables('privateDnsZoneContributor')))]",
        "[extensionResourceId(variables('vnet'), 'Microsoft.Authorization/roleAssignments', guid(variables('vnet'), variables('control'), variables('networkContributor')))]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [
          {
            "name": "system",
            "mode": "System",
            "count": 3,
            "vmSize": "Standard_D4s_v5",
            "vnetSubnetID": "[variables('subnet')]"
          }
        ],
        "networkProfile": { "networkPlugin": "azure" },
        "apiServerAccessProfile": { "enablePrivateCluster": true, "privateDNSZone": "[variables('zone')]" }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = 'westeurope'

var privateDnsZoneContributor = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b12aa53e-6015-4669-85d0-8515ebb3ae7f')
var networkContributor = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource zone 'Microsoft.Network/privateDnsZones@2020-06-01' = {
  name: 'privatelink.${location}.azmk8s.io'
  location: 'global'
}

resource vnet 'Microsoft.Network/virtualNetworks@2023-09-01' = {
  name: 'vnet-aks'
  location: location
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] }
  }

  resource nodes 'subnets' = {
    name: 'nodes'
    properties: { addressPrefix: '10.0.0.0/20' }
  }
}

resource zoneRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(zone.id, control.id, privateDnsZoneContributor)
  scope: zone
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: privateDnsZoneContributor
  }
}

resource networkRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vnet.id, control.id, networkContributor)
  scope: vnet
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: networkContributor
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${control.id}': {}
    }
  }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5', vnetSubnetID: vnet::nodes.id }
    ]
    networkProfile: { networkPlugin: 'azure' }
    apiServerAccessProfile: {
      enablePrivateCluster: true
      privateDNSZone: zone.id
    }
  }
  dependsOn: [
    zoneRole
    networkRole
  ]
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_private_dns_zone" "aks" {
  name                = "privatelink.westeurope.azmk8s.io"
  resource_group_name = azurerm_resource_group.main.name
}

resource "azurerm_virtual_network" "main" {
  name                = "vnet-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  address_space       = ["10.0.0.0/16"]
}

resource "azurerm_subnet" "nodes" {
  name                 = "nodes"
  resource_group_name  = azurerm_resource_group.main.name
  virtual_network_name = azurerm_virtual_network.main.name
  address_prefixes     = ["10.0.0.0/20"]
}

resource "azurerm_role_assignment" "zone" {
  scope                = azurerm_private_dns_zone.aks.id
  role_definition_name = "Private DNS Zone Contributor"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_role_assignment" "network" {
  scope                = azurerm_virtual_network.main.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                    = "aks-prod"
  resource_group_name     = azurerm_resource_group.main.name
  location                = azurerm_resource_group.main.location
  dns_prefix              = "aks-prod"
  private_cluster_enabled = true
  private_dns_zone_id     = azurerm_private_dns_zone.aks.id

  default_node_pool {
    name           = "system"
    node_count     = 3
    vm_size        = "Standard_D4s_v5"
    vnet_subnet_id = azurerm_subnet.nodes.id
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  depends_on = [azurerm_role_assignment.zone, azurerm_role_assignment.network]
}
```

## How to fix

Assign Network Contributor (`4d97b98b-1d4f-4787-a291-c67834d212e7`), or a custom role with the action, to the `principalId` of the control
plane identity, with the virtual network as the scope. It then holds for the subnets too.

## Options

None.

## What it cannot see

- Grants that somebody makes outside the templates. Where the virtual network or the identity is not created by the deployment, the
  permission is listed as assumed and never reported as missing.
- Links that the template itself makes between the zone and the network (`privateDnsZones/virtualNetworkLinks`): no source says whether AKS
  then needs no right to join.

## References

- <https://learn.microsoft.com/azure/aks/private-clusters#configure-a-private-dns-zone>
"#,
    },
    Embedded {
        data: r#"{"families":["add-ons"],"found_by":"places","id":"virtual-node-subnet-without-role","languages":["arm","bicep","terraform"],"level":"warning","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters","resource_when":{"equals":"true","path":"properties.addonProfiles.aciConnectorLinux.enabled"},"scope":"properties.addonProfiles.aciConnectorLinux.config.SubnetName"}],"azure":[{"code":"ACIConnectorRequiresAzureNetworking","name_only":true},{"code":"InvalidACIConnectorSubnetName","name_only":true}],"breaks_at":"runtime","confidence":"doc","id":"ADD-ACI","message":{"do":["assign {role} to {principal} on {scope}: its principal id is what the cluster answers at `addonProfiles.aciConnectorLinux.identity.objectId`"],"headline":"{principal} may not use the subnet {scope}","why":"the virtual node add-on of cluster {cluster} starts containers in that subnet{place}, with an identity of its own, which AKS lets into the node resource group alone; its pod restarts for ever"},"need":{"actions":["Microsoft.Network/virtualNetworks/subnets/read","Microsoft.Network/virtualNetworks/subnets/join/action"],"before_cluster":"impossible","identity":{"add-on":"properties.addonProfiles.aciConnectorLinux"},"least_role":{"id":"4d97b98b-1d4f-4787-a291-c67834d212e7","name":"Network Contributor"},"other_roles":[{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the virtual network","scope_type":"Microsoft.Network/virtualNetworks/subnets"},"sources":["https://learn.microsoft.com/azure/aks/virtual-nodes-cli","https://learn.microsoft.com/azure/aks/managed-identity-overview"],"title":"The identity of the virtual node add-on needs to join its subnet"}],"since":"0.1.0","title":"The virtual node add-on may not use its subnet"}"#,
        page: r#"# virtual-node-subnet-without-role

The virtual node add-on may not use the subnet that it is given.

| | |
| --- | --- |
| Level | warning |
| Breaks | at run time |
| Languages | ARM, Bicep, Terraform |
| Requirement | ADD-ACI |
| Azure error prevented | none known |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

Looks at clusters with virtual nodes (`addonProfiles.aciConnectorLinux`) in a network of their own. `SubnetName` is the name of a subnet in the network of the node pools; it is asked whether the **add-on's** identity may read and join that
subnet. AKS makes that identity, `aciconnectorlinux-CLUSTER` in the node resource group, and lets it into that group alone.

## Why it matters

The cluster comes up. The pod of the add-on fails to read or join the subnet and restarts for ever, and the virtual node never appears. A role for the control plane does not help.

## Avoid

### ARM

Only the control plane may use the network.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Network/virtualNetworks",
      "apiVersion": "2023-11-01",
      "name": "vnet-aks",
      "location": "westeurope",
      "properties": { "addressSpace": { "addressPrefixes": ["10.1.0.0/16"] } }
    },
    {
      "type": "Microsoft.Network/virtualNetworks/subnets",
      "apiVersion": "2023-11-01",
      "name": "vnet-aks/nodes",
      "dependsOn": ["[resourceId('Microsoft.Network/virtualNetworks', 'vnet-aks')]"],
      "properties": { "addressPrefix": "10.1.0.0/24" }
    },
    {
      "type": "Microsoft.Network/virtualNetworks/subnets",
      "apiVersion": "2023-11-01",
      "name": "vnet-aks/virtual-nodes",
      "dependsOn": ["[resourceId('Microsoft.Network/virtualNetworks', 'vnet-aks')]"],
      "properties": { "addressPrefix": "10.1.0.0/24" }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'nodes'), resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), 'Network Contributor')]",
      "scope": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'nodes')]",
      "dependsOn": [
        "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'nodes')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'nodes')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [
          {
            "name": "system",
            "mode": "System",
            "count": 3,
            "vmSize": "Standard_D4s_v5",
            "vnetSubnetID": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'nodes')]"
          }
        ],
        "addonProfiles": { "aciConnectorLinux": { "enabled": true, "config": { "SubnetName": "virtual-nodes" } } }
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = resourceGroup().location

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource network 'Microsoft.Network/virtualNetworks@2023-11-01' = {
  name: 'vnet-aks'
  location: location
  properties: {
    addressSpace: { addressPrefixes: ['10.1.0.0/16'] }
  }
}

resource nodes 'Microsoft.Network/virtualNetworks/subnets@2023-11-01' = {
  parent: network
  name: 'nodes'
  properties: { addressPrefix: '10.1.0.0/24' }
}

resource virtualNodes 'Microsoft.Network/virtualNetworks/subnets@2023-11-01' = {
  parent: network
  name: 'virtual-nodes'
  properties: { addressPrefix: '10.1.0.0/24' }
}

resource onNodes 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(nodes.id, control.id, 'Network Contributor')
  scope: nodes
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5', vnetSubnetID: nodes.id }]
    addonProfiles: { aciConnectorLinux: { enabled: true, config: { SubnetName: 'virtual-nodes' } } }
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_virtual_network" "main" {
  name                = "vnet-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  address_space       = ["10.1.0.0/16"]
}

resource "azurerm_subnet" "nodes" {
  name                 = "nodes"
  resource_group_name  = azurerm_resource_group.main.name
  virtual_network_name = azurerm_virtual_network.main.name
  address_prefixes     = ["10.1.0.0/24"]
}

resource "azurerm_subnet" "virtual" {
  name                 = "virtual-nodes"
  resource_group_name  = azurerm_resource_group.main.name
  virtual_network_name = azurerm_virtual_network.main.name
  address_prefixes     = ["10.1.4.0/24"]
}

resource "azurerm_role_assignment" "nodes" {
  scope                = azurerm_subnet.nodes.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
    vnet_subnet_id = azurerm_subnet.nodes.id
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  aci_connector_linux {
    subnet_name = azurerm_subnet.virtual.name
  }
}
```

## Prefer

### ARM

The add-on's identity is Network Contributor on its subnet.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "id-aks-control",
      "location": "westeurope"
    },
    {
      "type": "Microsoft.Network/virtualNetworks",
      "apiVersion": "2023-11-01",
      "name": "vnet-aks",
      "location": "westeurope",
      "properties": { "addressSpace": { "addressPrefixes": ["10.1.0.0/16"] } }
    },
    {
      "type": "Microsoft.Network/virtualNetworks/subnets",
      "apiVersion": "2023-11-01",
      "name": "vnet-aks/nodes",
      "dependsOn": ["[resourceId('Microsoft.Network/virtualNetworks', 'vnet-aks')]"],
      "properties": { "addressPrefix": "10.1.0.0/24" }
    },
    {
      "type": "Microsoft.Network/virtualNetworks/subnets",
      "apiVersion": "2023-11-01",
      "name": "vnet-aks/virtual-nodes",
      "dependsOn": ["[resourceId('Microsoft.Network/virtualNetworks', 'vnet-aks')]"],
      "properties": { "addressPrefix": "10.1.0.0/24" }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'nodes'), resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), 'Network Contributor')]",
      "scope": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'nodes')]",
      "dependsOn": [
        "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'nodes')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'nodes')]",
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [
          {
            "name": "system",
            "mode": "System",
            "count": 3,
            "vmSize": "Standard_D4s_v5",
            "vnetSubnetID": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'nodes')]"
          }
        ],
        "addonProfiles": { "aciConnectorLinux": { "enabled": true, "config": { "SubnetName": "virtual-nodes" } } }
      }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'virtual-nodes'), resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), 'Network Contributor')]",
      "scope": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'virtual-nodes')]",
      "dependsOn": [
        "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-aks', 'virtual-nodes')]",
        "[resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod')]"
      ],
      "properties": {
        "principalId": "[reference(resourceId('Microsoft.ContainerService/managedClusters', 'aks-prod'), '2024-05-01').addonProfiles.aciConnectorLinux.identity.objectId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')]"
      }
    }
  ]
}
```

### Bicep

```bicep file=main.bicep
param location string = resourceGroup().location

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource network 'Microsoft.Network/virtualNetworks@2023-11-01' = {
  name: 'vnet-aks'
  location: location
  properties: {
    addressSpace: { addressPrefixes: ['10.1.0.0/16'] }
  }
}

resource nodes 'Microsoft.Network/virtualNetworks/subnets@2023-11-01' = {
  parent: network
  name: 'nodes'
  properties: { addressPrefix: '10.1.0.0/24' }
}

resource virtualNodes 'Microsoft.Network/virtualNetworks/subnets@2023-11-01' = {
  parent: network
  name: 'virtual-nodes'
  properties: { addressPrefix: '10.1.0.0/24' }
}

resource onNodes 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(nodes.id, control.id, 'Network Contributor')
  scope: nodes
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-prod'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks-prod'
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5', vnetSubnetID: nodes.id }]
    addonProfiles: { aciConnectorLinux: { enabled: true, config: { SubnetName: 'virtual-nodes' } } }
  }
}

resource onVirtual 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(virtualNodes.id, cluster.id, 'Network Contributor')
  scope: virtualNodes
  properties: {
    principalId: cluster.properties.addonProfiles.aciConnectorLinux.identity.objectId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')
  }
}
```

### Terraform

```hcl file=main.tf
resource "azurerm_resource_group" "main" {
  name     = "rg-aks"
  location = "westeurope"
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-aks-control"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}

resource "azurerm_virtual_network" "main" {
  name                = "vnet-aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  address_space       = ["10.1.0.0/16"]
}

resource "azurerm_subnet" "nodes" {
  name                 = "nodes"
  resource_group_name  = azurerm_resource_group.main.name
  virtual_network_name = azurerm_virtual_network.main.name
  address_prefixes     = ["10.1.0.0/24"]
}

resource "azurerm_subnet" "virtual" {
  name                 = "virtual-nodes"
  resource_group_name  = azurerm_resource_group.main.name
  virtual_network_name = azurerm_virtual_network.main.name
  address_prefixes     = ["10.1.4.0/24"]
}

resource "azurerm_role_assignment" "nodes" {
  scope                = azurerm_subnet.nodes.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-prod"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks-prod"

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
    vnet_subnet_id = azurerm_subnet.nodes.id
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  aci_connector_linux {
    subnet_name = azurerm_subnet.virtual.name
  }
}

resource "azurerm_role_assignment" "virtual" {
  scope                = azurerm_subnet.virtual.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_kubernetes_cluster.main.aci_connector_linux[0].connector_identity[0].object_id
}
```

## How to fix

Assign Network Contributor (`4d97b98b-1d4f-4787-a291-c67834d212e7`) on the subnet to `addonProfiles.aciConnectorLinux.identity.objectId` of the cluster (`aci_connector_linux[0].connector_identity[0].object_id` in Terraform).

## Options

None.

## What it cannot see

Roles that a pipeline assigns once the cluster is there. A network from elsewhere is worth a note.

## References

- <https://learn.microsoft.com/azure/aks/virtual-nodes-cli>
- <https://learn.microsoft.com/azure/aks/managed-identity-overview>
"#,
    },
];

/// `rules/requirements.toml` with `rules/not-decidable.toml`, as JSON.
#[rustfmt::skip]
pub(crate) static REQUIREMENTS: &str = r#"[
{"confidence":"doc","id":"CP-IDENTITY-MISSING","severity":"error","title":"Cluster declares neither a managed identity nor a service principal"},
{"confidence":"doc","id":"CP-IDENTITY-TYPE","severity":"error","title":"identity.type must be exactly SystemAssigned or UserAssigned (not the combined \"SystemAssigned, UserAssigned\")"},
{"confidence":"doc","id":"CP-UAI-COUNT","severity":"error","title":"Exactly one user-assigned identity may be given to the cluster"},
{"confidence":"issue","id":"CP-UAI-IDS-REQUIRED","severity":"error","title":"UserAssigned needs identity_ids / userAssignedIdentities; SystemAssigned must not list any"},
{"confidence":"doc","id":"CP-UAI-EXISTS-FIRST","severity":"error","title":"The user-assigned identity resource must exist before the cluster; role assignments for it belong before the cluster too"},
{"confidence":"doc","id":"CP-SYSTEM-ASSIGNED-BYO","severity":"warning","title":"System-assigned control plane with bring-your-own resources in a template: roles cannot be granted before creation"},
{"confidence":"doc","id":"CP-PRINCIPAL-PATH","severity":"error","title":"Role assignments for a UserAssigned cluster must use the UAI principalId, not cluster.identity.principalId (null)"},
{"confidence":"doc","id":"CP-NODE-RG-CONTRIBUTOR","severity":"info","title":"Control plane identity gets Contributor on the node resource group automatically; no assignment is needed","not_decidable":"AKS assigns this by itself, and the permission query counts it; there is nothing that a template could lack."},
{"confidence":"doc","id":"CP-SERVICE-PRINCIPAL","severity":"warning","title":"Service principal authentication is discouraged; prefer managed identity"},
{"confidence":"doc","id":"CP-NO-SWITCH-BACK","severity":"info","title":"A managed-identity cluster cannot go back to a service principal; tenant move/migration of a managed-identity cluster is unsupported","not_decidable":"It is about changing a cluster that exists, and a template shows only what the cluster shall be."},
{"confidence":"doc","id":"CP-SP-MIGRATION-KUBELET","severity":"info","title":"After SP -> managed identity the kubelet keeps the SP until each node pool is upgraded; add-on permissions and attach-acr must be redone outside the CLI","not_decidable":"It is about changing a cluster that exists, and a template shows only what the cluster shall be."},
{"confidence":"doc","id":"CP-IDENTITY-SWITCH-DELAY","severity":"info","title":"Changing the control plane identity takes effect only after token expiry (hours): keep the old identity and its roles","not_decidable":"It is about changing a cluster that exists, and a template shows only what the cluster shall be."},
{"confidence":"doc","id":"CP-UAI-REGIONS","severity":"error","title":"User-assigned control plane identity unsupported in USDOD Central, USDOD East, USGov Iowa"},
{"confidence":"doc","id":"CP-PROPAGATION","severity":"info","title":"Role grants to the cluster identity may take up to 60 minutes to populate","not_decidable":"How long an assignment takes to spread is seen only at run time."},
{"confidence":"doc","id":"KUB-MIO","severity":"error","title":"Control plane identity needs Managed Identity Operator on a bring-your-own kubelet identity"},
{"confidence":"doc","id":"KUB-CP-UAI","severity":"error","title":"A custom kubelet identity requires a user-assigned control plane identity"},
{"confidence":"doc","id":"KUB-MUST-BE-UAI","severity":"error","title":"Pre-created kubelet identity must be a user-assigned managed identity resource"},
{"confidence":"doc","id":"KUB-TRIPLE-CONSISTENT","severity":"error","title":"client_id, object_id and resource id of the kubelet identity must be given together and belong to the same identity"},
{"confidence":"doc","id":"KUB-KEY-NAME","severity":"warning","title":"identityProfile key for kubelet is \"kubeletidentity\""},
{"confidence":"doc","id":"KUB-REGIONS","severity":"error","title":"Pre-created kubelet identity unsupported in China East and China North (21Vianet)"},
{"confidence":"doc","id":"KUB-UPDATE-DOWNTIME","severity":"info","title":"Changing the kubelet identity reimages/upgrades node pools (cordon/drain); azurerm forces replacement of the cluster","not_decidable":"It is about changing a cluster that exists, and a template shows only what the cluster shall be."},
{"confidence":"memory","id":"KUB-SHARED-IDENTITY","severity":"warning","title":"Same user-assigned identity used for control plane and kubelet","not_decidable":"No public source says that one identity may not be both; what it then needs is asked by KUB-MIO."},
{"confidence":"memory","id":"KUB-OVERPRIVILEGED","severity":"warning","title":"Kubelet identity holds more than image pull (any Contributor/Owner/KV/Network role)","not_decidable":"No public source says which roles a kubelet identity may hold beyond pulling images."},
{"confidence":"doc","id":"KUB-VOLUMES","may_need":{"actions":["Microsoft.Storage/storageAccounts/listKeys/action"],"data_actions":["Microsoft.Storage/storageAccounts/fileServices/fileshares/files/read","Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"],"identity":"kubelet"},"severity":"info","title":"The drivers for files and blobs read account keys, and reach shares without one, as the kubelet identity","not_decidable":"Which volumes there are stands in Kubernetes; a role with these actions is not called needless."},
{"confidence":"issue","id":"KUB-POD-IDENTITY","may_need":{"actions":["Microsoft.ManagedIdentity/userAssignedIdentities/assign/action","Microsoft.Compute/virtualMachineScaleSets/write"],"identity":"kubelet"},"severity":"info","title":"Pod identities that the cluster's users install give identities to nodes as the kubelet identity","not_decidable":"Which programs run in the cluster stands in no template; a role with these actions is not called needless."},
{"confidence":"doc","id":"ACR-PULL","severity":"warning","title":"Kubelet identity needs AcrPull on the registry (RBAC registry mode)"},
{"confidence":"doc","id":"ACR-ABAC","severity":"warning","title":"ABAC-mode registry: AcrPull is not honoured; use Container Registry Repository Reader"},
{"confidence":"issue","id":"ACR-WRONG-IDENTITY","severity":"warning","title":"AcrPull granted to the control plane identity instead of the kubelet identity"},
{"confidence":"doc","id":"ACR-BOOTSTRAP","severity":"error","title":"Network-isolated cluster with BYO bootstrap ACR: kubelet identity needs AcrPull before creation; custom control plane and kubelet identities required"},
{"confidence":"doc","id":"DNS-SPECIAL-VALUES","severity":"info","title":"privateDNSZone \"system\" / \"none\" (case-insensitive) or omitted need no DNS role and allow system-assigned","not_decidable":"It says which values name no zone: the rules about private DNS zones leave them out."},
{"confidence":"doc","id":"DNS-SYSTEM-ASSIGNED","severity":"error","title":"Custom private DNS zone is not supported with a system-assigned control plane identity"},
{"confidence":"doc","id":"DNS-ZONE-ROLE","severity":"error","title":"Custom private DNS zone: control plane identity needs Private DNS Zone Contributor on the zone"},
{"confidence":"doc","id":"DNS-VNET-ROLE","severity":"warning","title":"Custom private DNS zone: control plane identity also needs Network Contributor on the VNet (zone link)"},
{"confidence":"doc","id":"DNS-ZONE-NAME","severity":"error","title":"Custom zone name must be [subzone.]privatelink.<region>.azmk8s.io (or private.<region>... with API server VNet integration); subzone <= 32 chars"},
{"confidence":"doc","id":"DNS-FQDN-SUBDOMAIN","severity":"error","title":"fqdnSubdomain / dns_prefix_private_cluster only with a private cluster and custom zone"},
{"confidence":"doc","id":"DNS-CROSS-SUB","severity":"warning","title":"Zone in another subscription: register Microsoft.ContainerService in both; assignment must be deployed at that subscription's scope","not_decidable":"Whether a subscription has registered a resource provider stands in no template. A role on the zone is asked for wherever it lies."},
{"confidence":"doc","id":"NET-SUBNET-DEFAULT","severity":"warning","title":"BYO node subnet (system/default pool): control plane identity needs join+read on the subnet"},
{"confidence":"doc","id":"NET-SUBNET-POOLS","severity":"warning","title":"Every other node pool's own subnet needs the same grant (inline pools and separate agentPools resources)"},
{"confidence":"doc","id":"NET-POD-SUBNET","severity":"warning","title":"Pod subnet (dynamic IP allocation) needs the same grant"},
{"confidence":"issue","id":"NET-APISERVER-UAI","severity":"error","title":"API server VNet integration with BYO subnet requires a user-assigned identity"},
{"confidence":"doc","id":"NET-APISERVER-SUBNET","severity":"error","title":"API server subnet: control plane identity needs Network Contributor on it (and on the node subnet)"},
{"confidence":"doc","id":"NET-APISERVER-DELEGATION","severity":"error","title":"API server subnet must be dedicated, >= /28 and delegated to Microsoft.ContainerService/managedClusters"},
{"confidence":"doc","id":"NET-RT-KUBENET-SYSTEM","severity":"error","title":"kubenet with a custom route table on the BYO subnet requires a user-assigned identity"},
{"confidence":"doc","id":"NET-RT-ROLE","severity":"error","title":"Custom route table: control plane identity needs read/write on the route table"},
{"confidence":"doc","id":"NET-RT-ASSOC-ORDER","severity":"error","title":"Custom route table must be associated to the subnet before the cluster; one route table for all the cluster's subnets, not shared between clusters (kubenet)"},
{"confidence":"doc","id":"NET-UDR-OUTBOUND","severity":"info","title":"outboundType userDefinedRouting: BYO subnet with associated route table and default route; system-assigned identity only with Azure CNI","not_decidable":"What it demands beyond NET-RT-ROLE and NET-RT-ASSOC-ORDER is routing; no identity is concerned."},
{"confidence":"doc","id":"NET-NATGW","severity":"error","title":"outboundType userAssignedNATGateway: BYO subnet must have a NAT gateway with public IP/prefix; use a user-assigned identity with subnet rights"},
{"confidence":"doc","id":"NET-OUTBOUND-IPS","severity":"warning","title":"Static outbound public IPs outside the node RG: join/read on each public IP (control plane) and for the deployer"},
{"confidence":"doc","id":"NET-OUTBOUND-PREFIXES","severity":"warning","title":"Outbound public IP prefixes outside the node RG"},
{"confidence":"doc","id":"NET-STATIC-INGRESS-IP","may_need":{"actions":["Microsoft.Network/publicIPAddresses/read","Microsoft.Network/publicIPAddresses/write","Microsoft.Network/publicIPAddresses/join/action"],"identity":"control-plane"},"severity":"info","title":"Static ingress public IP outside the node RG: Network Contributor on the IP's resource group","not_decidable":"The address is named by an annotation of a Kubernetes Service."},
{"confidence":"doc","id":"NET-NSG-OTHER-RG","may_need":{"actions":["Microsoft.Network/networkSecurityGroups/read","Microsoft.Network/networkSecurityGroups/write"],"identity":"control-plane"},"severity":"warning","title":"NSG in another resource group on a cluster subnet: NSG read/write for LoadBalancer rules","not_decidable":"AKS writes the security group in the node resource group, and another one only where a Kubernetes Service makes it; a group on a subnet of its own it leaves alone."},
{"confidence":"doc","id":"NET-ILB-SUBNET","may_need":{"actions":["Microsoft.Network/virtualNetworks/subnets/read","Microsoft.Network/virtualNetworks/subnets/join/action"],"identity":"control-plane"},"severity":"info","title":"Internal load balancer in a subnet of another RG / different subnet: subnets/read (join for IP allocation)","not_decidable":"The subnet is named by an annotation of a Kubernetes Service."},
{"confidence":"doc","id":"NET-PLS","may_need":{"actions":["Microsoft.Network/privateLinkServices/write","Microsoft.Network/routeTables/join/action"],"identity":"control-plane"},"severity":"info","title":"Private Link Service via annotation: Network Contributor on the VNet; route table / NSG on that subnet need join too","not_decidable":"The private link service is asked for by an annotation of a Kubernetes Service."},
{"confidence":"doc","id":"NET-NODE-PUBLIC-IP-PREFIX","severity":"warning","title":"Node public IP prefix in another RG: Network Contributor on that RG/prefix"},
{"confidence":"doc","id":"NET-EGRESS-GATEWAY","may_need":{"actions":["Microsoft.Network/publicIPPrefixes/join/action"],"identity":"control-plane"},"severity":"info","title":"Static egress gateway with existing prefix: Network Contributor on the prefix","not_decidable":"The prefix is named by a Kubernetes object; the node pool says only how long one of its own is."},
{"confidence":"doc","id":"NET-NAP","severity":"error","title":"Node auto-provisioning (Karpenter) with BYO VNet: Network Contributor on the VNet, or custom role subnets/read+join on every subnet used"},
{"confidence":"doc","id":"NET-AUTOMATIC","severity":"error","title":"AKS Automatic with custom VNet: user-assigned identity + Network Contributor on VNet (NAP) and API server subnet"},
{"confidence":"doc","id":"NET-VM-POOLS","severity":"error","title":"agentPool type VirtualMachines in a custom VNet: user-assigned identity + Network Contributor on target subnet"},
{"confidence":"doc","id":"NET-NODEIP-POOL","severity":"warning","title":"IP-based LB backend pools (backendPoolType NodeIP): virtualNetworks/joinLoadBalancer/action on the VNet","not_decidable":"It is a permission of whoever deploys, who stands in no template."},
{"confidence":"doc","id":"NET-DDOS","severity":"info","title":"VNet tied to a DDoS plan (policy): identity writing the VNet needs ddosProtectionPlans/join/action","not_decidable":"It is a permission of whoever deploys, who stands in no template."},
{"confidence":"memory","id":"NET-ASG","severity":"info","title":"Application security groups on a pool: join on the ASG","not_decidable":"No public source confirms that AKS needs it."},
{"confidence":"doc","id":"CMP-DES-READER","severity":"warning","title":"OS/data disk encryption set: control plane identity needs Reader (diskEncryptionSets/read) on the DES"},
{"confidence":"doc","id":"CMP-DES-KEYVAULT","severity":"error","title":"The DES's own identity needs Key Vault Crypto Service Encryption User on the vault (RBAC vault) or get/wrapKey/unwrapKey policy"},
{"confidence":"doc","id":"CMP-PPG","severity":"warning","title":"Proximity placement group: proximityPlacementGroups/write for the identity creating/operating the cluster","not_decidable":"It is a permission of whoever creates the cluster, who stands in no template."},
{"confidence":"doc","id":"CMP-CRG","severity":"warning","title":"Capacity reservation group: user-assigned identity with Contributor on the CRG's resource group; system-assigned does not work"},
{"confidence":"doc","id":"CMP-CRG-SYSTEM","severity":"error","title":"Capacity reservation group: a system-assigned control plane identity does not work"},
{"confidence":"doc","id":"CMP-HOSTGROUP","severity":"warning","title":"Dedicated host group: user-assigned identity with Contributor on the host group's resource group"},
{"confidence":"doc","id":"CMP-HOSTGROUP-SYSTEM","severity":"warning","title":"Dedicated host group: a user-assigned control plane identity is required"},
{"confidence":"doc","id":"CMP-DISKS","may_need":{"actions":["Microsoft.Compute/disks/read","Microsoft.Compute/disks/write"],"identity":"control-plane"},"severity":"info","title":"Existing managed disks outside the node RG: disks/read + disks/write (not covered by Network Contributor)","not_decidable":"The disk is named by a PersistentVolume of Kubernetes; no template says which disks a cluster mounts."},
{"confidence":"doc","id":"CMP-STORAGE","may_need":{"actions":["Microsoft.Storage/storageAccounts/read","Microsoft.Storage/storageAccounts/write","Microsoft.Storage/storageAccounts/listKeys/action"],"identity":"control-plane"},"severity":"info","title":"Storage accounts for AzureFile/AzureDisk: storageAccounts read/write/delete/listKeys (auto inside node RG)","not_decidable":"The storage account is named by a storage class of Kubernetes; accounts that AKS makes lie in the node resource group, where it may do everything."},
{"confidence":"issue","id":"CMP-PIS","severity":"warning","title":"Prepared image specification: Reader on the RG containing it","not_decidable":"No public schema of the resource shows where a node pool names its prepared image specification, which is a preview."},
{"confidence":"doc","id":"KMS-UAI","severity":"error","title":"Key Vault KMS etcd encryption requires a user-assigned control plane identity"},
{"confidence":"doc","id":"KMS-CRYPTO-USER","severity":"error","title":"KMS: control plane identity needs encrypt+decrypt on the vault: Key Vault Crypto User"},
{"confidence":"doc","id":"KMS-ACCESS-POLICY","severity":"error","title":"Non-RBAC vault: access policy key permissions encrypt + decrypt for the control plane identity object id"},
{"confidence":"doc","id":"KMS-PRIVATE","severity":"error","title":"KMS with private vault: also Key Vault Contributor (private link approval); keyVaultResourceId required"},
{"confidence":"issue","id":"KMS-PRIVATE-VAULT-ID","severity":"error","title":"KMS with private vault: keyVaultResourceId is required"},
{"confidence":"doc","id":"KMS-PRIVATE-VNETINT","severity":"error","title":"KMS private vault needs API server VNet integration"},
{"confidence":"doc","id":"KMS-V2-CMK","severity":"warning","title":"New KMS data encryption (infrastructureEncryption + customer-managed key): managed identity, Key Vault Crypto User + Key Vault Contributor"},
{"confidence":"doc","id":"KMS-TENANT","severity":"error","title":"BYO key vault from another tenant is unsupported; vault firewall \"selected networks\" unsupported"},
{"confidence":"doc","id":"ADD-AGIC-GATEWAY","severity":"warning","title":"AGIC add-on with an existing Application Gateway: add-on identity needs Contributor (or Network Contributor) on the gateway and Reader on its resource group"},
{"confidence":"doc","id":"ADD-AGIC-RG-READER","severity":"warning","title":"AGIC: add-on identity needs Reader on the gateway's resource group"},
{"confidence":"doc","id":"ADD-AGIC-SUBNET","severity":"warning","title":"AGIC: add-on identity needs subnets/join/action on the gateway subnet when the VNet is outside the node RG"},
{"confidence":"doc","id":"ADD-AGIC-CONFIG","severity":"error","title":"AGIC config: exactly one of gateway id / gateway name / subnet id / subnet CIDR"},
{"confidence":"doc","id":"ADD-APPROUTING-KV","severity":"warning","title":"Application routing with Key Vault certificates: add-on identity needs Key Vault Certificate User (current docs) / Key Vault Secrets User (seed) on the vault"},
{"confidence":"doc","id":"ADD-APPROUTING-DNS","severity":"warning","title":"Application routing with public DNS zones: DNS Zone Contributor on each zone (zones of one kind in the same RG)"},
{"confidence":"doc","id":"ADD-APPROUTING-PRIVATE-DNS","severity":"warning","title":"Application routing with private DNS zones: Private DNS Zone Contributor (not DNS Zone Contributor) on each zone"},
{"confidence":"doc","id":"ADD-APPROUTING-MI","severity":"error","title":"Application routing add-on requires a managed-identity cluster"},
{"confidence":"doc","id":"ADD-HTTP-APP-ROUTING","severity":"warning","title":"HTTP application routing (retired): identity auto-gets Reader on node RG and Contributor on the DNS zone"},
{"confidence":"doc","id":"ADD-OMS-LEGACY","severity":"info","title":"omsagent with legacy auth: add-on identity needs Monitoring Metrics Publisher on the cluster"},
{"confidence":"doc","id":"ADD-OMS-MSI","severity":"warning","title":"omsagent with managed identity auth (useAADAuth=true): no role, but a data collection rule + association to the cluster is required; cluster must not use a service principal"},
{"confidence":"doc","id":"ADD-OMS-MI","severity":"warning","title":"Container Insights with managed identity needs a cluster that is no service principal cluster"},
{"confidence":"doc","id":"ADD-OMS-DEPLOYER","severity":"info","shown_by":"requirements","title":"Enabling Container Insights: deployer needs workspace sharedkeys/read, workspace read, solutions read/write"},
{"confidence":"doc","id":"ADD-ACI","severity":"warning","title":"Virtual nodes: ACI connector identity needs Network Contributor on the virtual-node subnet"},
{"confidence":"doc","id":"ADD-KVSECRETS","severity":"info","shown_by":"requirements","title":"Key Vault secrets provider add-on: its identity (or the workload identity used) needs Key Vault Secrets User (secret) / Key Vault Certificate User (key, cert)"},
{"confidence":"doc","id":"ADD-ISTIO-CA","severity":"warning","title":"Istio add-on plug-in CA: Key Vault secrets provider add-on must be on, and its identity needs Key Vault Secrets User on the CA vault"},
{"confidence":"doc","id":"ADD-ISTIO-PROVIDER","severity":"warning","title":"Istio add-on plug-in CA: the Key Vault secrets provider add-on must be on"},
{"confidence":"doc","id":"ADD-NO-IDENTITY","severity":"info","title":"Add-ons that need no identity: azure-policy (incl. gatekeeper), Calico, AzureNPM, Azure CNI network monitoring","not_decidable":"It says which add-ons need no identity; there is nothing that a template could lack."},
{"confidence":"doc","id":"ADD-COST","severity":"error","title":"Cost analysis: Standard/Premium tier and managed identity; own identity created by AKS with read on the node RG"},
{"confidence":"doc","id":"ADD-COST-MI","severity":"warning","title":"Cost analysis needs a cluster with a managed identity"},
{"confidence":"doc","id":"ADD-POD-IDENTITY","may_need":{"actions":["Microsoft.ManagedIdentity/userAssignedIdentities/assign/action"],"identity":"control-plane"},"severity":"warning","title":"Microsoft Entra pod-managed identity is deprecated (2022-10-24; archived 2023-09; add-on unsupported after 2025-09): use workload identity"},
{"confidence":"doc","id":"ADD-BACKUP-STORAGE","severity":"warning","title":"AKS Backup extension: extension identity needs Storage Blob Data Contributor on the storage account"},
{"confidence":"doc","id":"ADD-BACKUP-VAULT","severity":"warning","title":"AKS Backup: vault identity needs Reader on cluster and snapshot RG, plus trusted access role binding Microsoft.DataProtection/backupVaults/backup-operator"},
{"confidence":"doc","id":"ADD-BACKUP-VAULT-GROUP","severity":"warning","title":"AKS Backup: vault identity needs Reader on the snapshot resource group"},
{"confidence":"doc","id":"ADD-BACKUP-CLUSTER","severity":"warning","title":"AKS Backup: control plane identity needs Contributor on the snapshot resource group"},
{"confidence":"doc","id":"ADD-BACKUP-TRUSTED-ACCESS","severity":"warning","title":"AKS Backup: the cluster needs a trusted access role binding for the vault"},
{"confidence":"memory","id":"ADD-PROMETHEUS","severity":"info","title":"Managed Prometheus: managed-identity cluster + data collection rule association; no role for the cluster identity","not_decidable":"It says that no role is needed; no public documentation says what else a template could lack."},
{"confidence":"doc","id":"ADD-GRAFANA","severity":"info","title":"Managed Grafana identity needs Monitoring Data Reader on the Azure Monitor workspace"},
{"confidence":"memory","id":"ADD-DEFENDER","severity":"info","title":"Microsoft Defender profile: no user role assignment; workspace id required","not_decidable":"It says that no role is needed, and that a workspace has to be named is not confirmed."},
{"confidence":"doc","id":"ADD-KEDA","severity":"info","shown_by":"requirements","title":"KEDA add-on with Azure scalers: workload identity + FIC for system:serviceaccount:kube-system:keda-operator, role on the scaled resource"},
{"confidence":"memory","id":"ADD-FLUX","severity":"info","title":"Flux (GitOps) extension with ACR/Blob/private source uses workload or kubelet identity","not_decidable":"Which identity a source of Flux uses is said by its own Kubernetes object, and no public source confirms what it needs."},
{"confidence":"doc","id":"ADD-BYO-UNSUPPORTED","severity":"warning","title":"Add-on identities cannot be brought: do not declare addonProfiles.*.identity / webAppRouting.identity as input"},
{"confidence":"doc","id":"WI-OIDC","severity":"error","title":"Workload identity requires the OIDC issuer"},
{"confidence":"doc","id":"WI-FIC-WITHOUT-CLUSTER","severity":"warning","title":"Federated credential with system:serviceaccount subject but the cluster has workload identity / OIDC disabled"},
{"confidence":"doc","id":"WI-ISSUER","severity":"error","title":"FIC issuer must be the cluster's oidcIssuerProfile.issuerURL (exact, with trailing slash)"},
{"confidence":"doc","id":"WI-SUBJECT","severity":"error","title":"FIC subject must be system:serviceaccount:<namespace>:<service-account>, matched case-sensitively"},
{"confidence":"doc","id":"WI-AUDIENCE","severity":"error","title":"FIC must have exactly one audience: api://AzureADTokenExchange"},
{"confidence":"doc","id":"WI-FIC-LIMIT","severity":"error","title":"At most 20 federated credentials per identity; issuer+subject unique per identity"},
{"confidence":"doc","id":"WI-FIC-SERIAL","severity":"error","title":"Federated credentials under one identity must be created one after another (dependsOn chain / @batchSize(1) / copy mode serial)"},
{"confidence":"doc","id":"WI-FIC-NAME","severity":"error","title":"FIC name: 3-120 chars, alphanumeric/dash/underscore, first alphanumeric; all properties mandatory"},
{"confidence":"doc","id":"WI-FIC-REGIONS","severity":"warning","title":"FIC creation unsupported on UAIs in some regions (stored doc, 2024-02-28: Malaysia South, New Zealand North)"},
{"confidence":"doc","id":"WI-OIDC-NO-DISABLE","severity":"info","title":"OIDC issuer cannot be disabled once enabled (azurerm: forces new cluster)"},
{"confidence":"memory","id":"WI-DEDICATED-IDENTITY","severity":"warning","title":"Federated credential placed on the control plane or kubelet identity"},
{"confidence":"doc","id":"WI-ROLE-TARGET","severity":"error","title":"Workload roles go to the workload UAI principalId; clientId is only for the service-account annotation"},
{"confidence":"doc","id":"AAD-LEGACY","severity":"error","title":"Legacy Entra integration (clientAppID/serverAppID/serverAppSecret) is deprecated: use aadProfile.managed"},
{"confidence":"doc","id":"AAD-ENABLE","severity":"warning","title":"Cluster without Entra integration: kubeconfig user credential equals cluster admin"},
{"confidence":"doc","id":"AAD-LOCAL-ACCOUNTS","severity":"warning","title":"Local accounts left enabled with Entra integration: --admin certificate is a non-auditable backdoor"},
{"confidence":"doc","id":"AAD-LOCAL-NO-AAD","severity":"error","title":"disableLocalAccounts=true without Entra integration locks everybody out / is rejected"},
{"confidence":"doc","id":"AAD-NO-ADMIN","severity":"warning","title":"Entra integration with no admin group, no Azure RBAC and local accounts disabled: nobody is cluster admin"},
{"confidence":"doc","id":"AAD-ADMIN-GROUPS-RBAC","severity":"info","title":"adminGroupObjectIDs together with enableAzureRBAC: seed says the admin group field is irrelevant then"},
{"confidence":"doc","id":"AAD-RBAC-USER-PAIR","severity":"warning","title":"Azure RBAC for Kubernetes: a principal needs Cluster User Role AND one \"Azure Kubernetes Service RBAC ...\" role"},
{"confidence":"doc","id":"AAD-RBAC-ROLE-NO-EFFECT","severity":"warning","title":"AKS RBAC data-plane roles assigned while enableAzureRBAC is off have no effect"},
{"confidence":"doc","id":"AAD-RBAC-ROLES","severity":"info","title":"The four AKS data-plane roles and what they may do"},
{"confidence":"doc","id":"AAD-CLUSTER-ADMIN-ROLE","severity":"warning","title":"\"Azure Kubernetes Service Cluster Admin Role\" only serves --admin kubeconfig (plus runCommand); useless with local accounts disabled, a bypass of Entra otherwise"},
{"confidence":"doc","id":"AAD-RBAC-DISABLED","severity":"error","title":"Kubernetes RBAC disabled (enableRBAC=false) is incompatible with Entra integration and Azure RBAC"},
{"confidence":"doc","id":"AAD-AZURE-RBAC-RECOMMENDED","severity":"info","title":"Entra integration without Azure RBAC for Kubernetes authorization (manual RoleBindings needed)"},
{"confidence":"doc","id":"AAD-ADMIN-GROUP-ID","severity":"error","title":"adminGroupObjectIDs must be group object ids (GUID)"},
{"confidence":"doc","id":"RA-PRINCIPAL-ID","severity":"error","title":"principalId must be the identity's principalId/objectId: not clientId, not the resource id, not the identity name"},
{"confidence":"doc","id":"RA-PRINCIPAL-TYPE","severity":"warning","title":"principalType: ServicePrincipal should be set for managed identities (replication delay)"},
{"confidence":"issue","id":"RA-PRINCIPAL-TYPE-WRONG","severity":"error","title":"principalType User/Group on a managed identity"},
{"confidence":"doc","id":"RA-NAME-GUID","severity":"error","title":"Role assignment name must be a GUID built from scope + principal + role (guid(scope, principalId, roleDefinitionId))"},
{"confidence":"issue","id":"RA-DUPLICATE","severity":"error","title":"Same (scope, principal, role) declared twice under different names"},
{"confidence":"doc","id":"RA-REDUNDANT","severity":"info","title":"Assignment already covered by another role of the same principal at the same or a parent scope"},
{"confidence":"doc","id":"RA-DEPENDSON","severity":"error","title":"Cluster must depend on the role assignments it needs (dependsOn / depends_on / module output)"},
{"confidence":"doc","id":"RA-CYCLE","severity":"warning","title":"Assignment for a system-assigned / add-on / AKS-created kubelet identity depends on the cluster: it can never precede it"},
{"confidence":"doc","id":"RA-ROLEDEF-FORMAT","severity":"error","title":"roleDefinitionId must be a full resource id (subscriptionResourceId(...roleDefinitions, guid) or /providers/Microsoft.Authorization/roleDefinitions/guid), not a bare GUID, role name or a roleAssignments path"},
{"confidence":"doc","id":"RA-UNKNOWN-ROLE","severity":"warning","title":"Role GUID is not a known built-in role (typo) or role name misspelt"},
{"confidence":"issue","id":"RA-WRONG-SCOPE","severity":"error","title":"Required role is granted to the right principal but at a scope that does not contain the needed resource","not_decidable":"It is a cause, not a finding of its own: findings of missing permissions name the assignment at another scope."},
{"confidence":"doc","id":"RA-OVERPRIVILEGED","severity":"warning","title":"Owner / Contributor / User Access Administrator / RBAC Administrator for a cluster, kubelet, add-on or workload identity at subscription, MG or resource-group scope"},
{"confidence":"doc","id":"RA-UNNEEDED","severity":"warning","title":"A role of the control plane's or the kubelet's identity that no need of the deployment explains"},
{"confidence":"doc","id":"RA-BROAD-SCOPE","severity":"info","title":"Role broader in scope than the resource needing it (Network Contributor on RG/subscription while one subnet is used; AcrPull on RG)"},
{"confidence":"doc","id":"RA-DEPLOYER","severity":"info","shown_by":"requirements","title":"Creating role assignments needs roleAssignments/write for the deployer: Owner, User Access Administrator or Role Based Access Control Administrator"},
{"confidence":"doc","id":"RA-ORPHAN","severity":"info","title":"Assignment to a recreated identity keeps the old principal; role assignment must be re-created","not_decidable":"It is about an identity that is deleted and made anew, and a template shows only what shall be there."},
{"confidence":"doc","id":"RA-WILDCARD","severity":"info","title":"Action matching rules: case-insensitive; * spans any characters; \"/*/\" must also match zero segments; notActions subtract inside the same permission block only; dataActions are separate from actions","not_decidable":"It says how actions are matched, which the permission query does."},
{"confidence":"doc","id":"RA-CONDITION","severity":"info","title":"Assignment with an ABAC condition / condition_version may not grant the needed action","not_decidable":"It is a cause, not a finding of its own: where a condition decides at each request about what is needed, the question stays undecided and says so."},
{"confidence":"doc","id":"RA-NODE-RG-LOCKDOWN","severity":"info","title":"Assignments on resources in the node RG fail or are pointless with node resource group lockdown ReadOnly"},
{"confidence":"doc","id":"DEP-UAI-ASSIGN","severity":"info","shown_by":"requirements","title":"Deployer must be able to assign the user-assigned identities: userAssignedIdentities/assign/action"},
{"confidence":"doc","id":"DEP-CREATOR-TABLE","severity":"info","shown_by":"requirements","title":"Creator permission table (see required-permissions.json)"},
{"confidence":"doc","id":"DEP-SUBNET-JOIN","severity":"info","shown_by":"requirements","title":"Deployer needs subnets/join/action on BYO subnets"},
{"confidence":"doc","id":"CP-KV-SECRETS-EXAMPLE","may_need":{"data_actions":["Microsoft.KeyVault/vaults/secrets/getSecret/action"],"identity":"control-plane"},"severity":"info","title":"Pre-creation grant on a key vault for the control plane identity (seed example: Key Vault Secrets User at vault scope)","not_decidable":"AKS needs no such grant; it is one that may be there."},
{"confidence":"memory","id":"DNS-REQUIRES-PRIVATE-CLUSTER","severity":"warning","title":"privateDNSZone set while enablePrivateCluster is not true","not_decidable":"What AKS does with a zone of a cluster that is not private is not documented."},
{"confidence":"doc","id":"AAD-RESOURCE-ROLES","severity":"info","title":"Azure-level roles on the cluster resource (two access levels: ARM resource vs Kubernetes API)"},
{"confidence":"doc","id":"RA-GROUP-LATENCY","severity":"info","title":"AcrPull (or any role) given to an Entra group containing the kubelet identity: membership is cached, the grant may lag","not_decidable":"How long a membership takes to count is seen only at run time."}
]"#;

/// `rules/error-codes.toml`, as JSON.
#[rustfmt::skip]
pub(crate) static ERROR_CODES: &str = r#"[
{"code":"AADNotSupported","name_only":true},
{"code":"AADSTS70021","requirements":["WI-ISSUER"],"says":"no federated credential of the identity matches the token that was presented"},
{"code":"AADSTS700211","requirements":["WI-ISSUER"],"says":"no federated credential of the identity has the issuer of the token that was presented"},
{"code":"AADSTS700212","requirements":["WI-AUDIENCE"],"says":"no federated credential of the identity has the audience of the token that was presented"},
{"code":"AADSTS700213","requirements":["WI-SUBJECT"],"says":"no federated credential of the identity has the subject of the token that was presented"},
{"code":"AADSTS7002138","requirements":["WI-SUBJECT"],"says":"no federated credential of the identity has the subject of the token that was presented, in these letters"},
{"code":"ACIConnectorRequiresAzureNetworking","name_only":true,"requirements":["ADD-ACI"]},
{"code":"AddContainerInsightsSolutionError","name_only":true,"requirements":["ADD-OMS-DEPLOYER"]},
{"code":"ApiserverSubnetConfigError","name_only":true,"requirements":["NET-APISERVER-DELEGATION"]},
{"code":"ApplicationGatewayInsufficientPermissionOnSubnet","requirements":["ADD-AGIC-SUBNET"],"says":"the client may not join the subnet that the application gateway lies in"},
{"code":"AssociateRouteTableToSubnetError","name_only":true},
{"code":"AuthorizationFailed","requirements":["NET-SUBNET-DEFAULT","NET-SUBNET-POOLS","ADD-AGIC-GATEWAY","ADD-APPROUTING-DNS","RA-DEPLOYER"],"says":"the client may not do this action at this scope"},
{"code":"AzureKeyVaultKmsValidateIdentityPermissionCustomerError","requirements":["KMS-CRYPTO-USER","KMS-ACCESS-POLICY"],"says":"the identity may not encrypt and decrypt with the keys of the vault"},
{"code":"AzureKeyvaultSecretsProviderNotSupportedWithOrchestratorVersion","name_only":true},
{"code":"BadRequest","requirements":["KMS-PRIVATE"],"says":"the request contradicts itself; the message says where (a private key vault without its resource id is one case)"},
{"code":"BadRequestFormat","requirements":["RA-ROLEDEF-FORMAT"],"says":"the request was incorrectly formatted"},
{"code":"CheckAccessError","name_only":true},
{"code":"ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity","requirements":["WI-FIC-SERIAL"],"says":"two federated credentials of one identity are written at the same time"},
{"code":"CreateOrUpdateVirtualNetworkLinkFailed","requirements":["DNS-VNET-ROLE"],"says":"the private DNS zone could not be linked to the virtual network"},
{"code":"CreateRoleAssignmentError","name_only":true},
{"code":"CreateRoleAssignmentOnMSIError","name_only":true},
{"code":"CustomKubeletIdentityMissingPermissionError","requirements":["KUB-MIO","RA-DEPENDSON"],"says":"a cluster with a user-assigned identity must be granted Managed Identity Operator to assign its kubelet identity"},
{"code":"CustomKubeletIdentityOnlySupportedOnUserAssignedMSICluster","requirements":["KUB-CP-UAI"],"says":"a custom kubelet identity is only supported on a cluster with a user-assigned identity"},
{"code":"CustomKubeletIdentityPropertyError","name_only":true,"requirements":["KUB-MUST-BE-UAI","KUB-TRIPLE-CONSISTENT"]},
{"code":"CustomPrivateDNSZoneMissingPermissionError","requirements":["DNS-ZONE-ROLE","RA-DEPENDSON"],"says":"the service principal or user-assigned identity must be given permission to read and write to the custom private DNS zone"},
{"code":"CustomRouteTableCannotCrossSubscription","name_only":true},
{"code":"CustomRouteTableInvalidUpdateAttempt","name_only":true,"requirements":["NET-RT-ASSOC-ORDER"]},
{"code":"CustomRouteTableMissingPermission","requirements":["NET-RT-ROLE","RA-DEPENDSON"],"says":"the managed identity or service principal must be given permission to read and write to the custom route table"},
{"code":"CustomRouteTableMissingServicePrincipalPermission","name_only":true,"requirements":["NET-RT-ROLE"]},
{"code":"CustomRouteTableNotFound","name_only":true},
{"code":"CustomRouteTableWithMSINotSupported","name_only":true},
{"code":"CustomRouteTableWithUnsupportedMSIType","requirements":["NET-RT-KUBENET-SYSTEM"],"says":"clusters with a system-assigned identity do not support bringing a route table"},
{"code":"DiskEncryptionSetError","name_only":true,"requirements":["CMP-DES-READER"]},
{"code":"ErrorApplicationGatewayForbidden","requirements":["ADD-AGIC-GATEWAY"],"says":"the ingress controller may not read the application gateway: its identity needs Contributor on it and Reader on its resource group"},
{"code":"ExistingRouteTableNotAssociatedWithSubnet","name_only":true,"requirements":["NET-RT-ASSOC-ORDER","NET-UDR-OUTBOUND"]},
{"code":"FQDNSubdomainRecordAlreadyExistsError","name_only":true},
{"code":"GetCheckAccessClientError","name_only":true},
{"code":"GetSubnetError","name_only":true},
{"code":"GetUserAssignedIdentityResourceError","name_only":true},
{"code":"HTTPApplicationRoutingConfigInvalid","name_only":true},
{"code":"IngressAppGwAddonConfigApplicationGatewayAccessDenied","name_only":true,"requirements":["ADD-AGIC-CONFIG"]},
{"code":"IngressAppGwAddonConfigProvideEitherApplicationGatewayIDOrSubnet","name_only":true,"requirements":["ADD-AGIC-CONFIG"]},
{"code":"IngressAppGwAddonConfigSubnetAccessDenied","name_only":true,"requirements":["ADD-AGIC-CONFIG"]},
{"code":"InvalidACIConnectorSubnetName","name_only":true,"requirements":["ADD-ACI"]},
{"code":"InvalidAdminGroupObjectID","name_only":true,"requirements":["AAD-ADMIN-GROUP-ID"]},
{"code":"InvalidManagedIdentityResourceID","name_only":true,"requirements":["KUB-MUST-BE-UAI"]},
{"code":"InvalidParameter","requirements":["NET-VM-POOLS"],"says":"a parameter of the request cannot be used; the message names it"},
{"code":"InvalidPPGID","name_only":true,"requirements":["CMP-PPG"]},
{"code":"InvalidPPGRegion","name_only":true,"requirements":["CMP-PPG"]},
{"code":"InvalidPPGSubscription","name_only":true,"requirements":["CMP-PPG"]},
{"code":"InvalidPrivateDNSZoneMode","name_only":true,"requirements":["DNS-REQUIRES-PRIVATE-CLUSTER"]},
{"code":"InvalidPrivateDNSZoneResourceID","name_only":true,"requirements":["DNS-ZONE-NAME"]},
{"code":"InvalidPublicIPPrefixDifferentLocation","name_only":true,"requirements":["NET-NODE-PUBLIC-IP-PREFIX"]},
{"code":"InvalidPublicIPPrefixDifferentSub","name_only":true,"requirements":["NET-NODE-PUBLIC-IP-PREFIX"]},
{"code":"InvalidPublicIPPrefixType","name_only":true,"requirements":["NET-NODE-PUBLIC-IP-PREFIX"]},
{"code":"InvalidRoleAssignmentId","requirements":["RA-NAME-GUID"],"says":"the role assignment id must be a GUID"},
{"code":"InvalidUserDefinedRoutingWithLoadBalancerProfile","name_only":true,"requirements":["NET-UDR-OUTBOUND"]},
{"code":"KeyVaultAccessForbidden","requirements":["CMP-DES-KEYVAULT"],"says":"the disk encryption set may not get, wrap and unwrap with its key"},
{"code":"LinkedAuthorizationFailed","requirements":["DNS-VNET-ROLE","NET-SUBNET-DEFAULT","NET-SUBNET-POOLS","NET-OUTBOUND-IPS","NET-OUTBOUND-PREFIXES","NET-PLS","NET-NAP","NET-DDOS","CMP-DES-READER","KMS-PRIVATE","DEP-UAI-ASSIGN","DEP-SUBNET-JOIN"],"says":"the client may write a resource, but may not do what it takes to link it to another one, which the message names with the action"},
{"code":"LogAnalyticsWorkspaceKeyAccessDenied","name_only":true,"requirements":["ADD-OMS-DEPLOYER"]},
{"code":"LogAnalyticsWorkspaceKeyAccessDeniedCrossSubscription","name_only":true,"requirements":["ADD-OMS-DEPLOYER"]},
{"code":"LogAnalyticsWorkspaceNotFoundForAzureDefender","name_only":true,"requirements":["ADD-DEFENDER"]},
{"code":"LogAnalyticsWorkspaceNotSet","name_only":true},
{"code":"LogAnalyticsWorkspaceNotSetForAzureDefender","name_only":true,"requirements":["ADD-DEFENDER"]},
{"code":"ManagedNATGatewayWithCustomVNetNotAllowed","name_only":true,"requirements":["NET-NATGW"]},
{"code":"MSICredentialNotExistError","name_only":true},
{"code":"NATGatewayNotAssociatedWithPublicIPOrIPPrefix","name_only":true,"requirements":["NET-NATGW"]},
{"code":"NonePrivateDNSZonePublicFQDNDisabledError","name_only":true,"requirements":["DNS-REQUIRES-PRIVATE-CLUSTER"]},
{"code":"OIDCIssuerCannotBeDisabled","name_only":true,"requirements":["WI-OIDC-NO-DISABLE"]},
{"code":"OmsagentInvalidAADAuthInput","name_only":true,"requirements":["ADD-OMS-MSI"]},
{"code":"OnlySupportedOnUserAssignedMSICluster","requirements":["DNS-SYSTEM-ASSIGNED","NET-POD-SUBNET","NET-APISERVER-UAI","NET-RT-KUBENET-SYSTEM","NET-AUTOMATIC"],"says":"a system-assigned managed identity is not supported with a resource of one's own; use a user-assigned one"},
{"code":"PodIdentityAddonIdentitiesAssignmentError","name_only":true,"requirements":["ADD-POD-IDENTITY"]},
{"code":"PodIdentityAddonUserAssignedIdentitiesNotAllowedInCreation","name_only":true,"requirements":["ADD-POD-IDENTITY"]},
{"code":"PodIdentityAddonWithKubeNetNotAllowed","name_only":true,"requirements":["ADD-POD-IDENTITY"]},
{"code":"PPGNotFound","name_only":true,"requirements":["CMP-PPG"]},
{"code":"PrincipalNotFound","requirements":["RA-PRINCIPAL-ID","RA-PRINCIPAL-TYPE"],"says":"there is no principal with this id in the directory"},
{"code":"PrivateDNSZoneAuthorizationFailed","name_only":true,"requirements":["DNS-ZONE-ROLE"]},
{"code":"PrivateDNSZoneResourceNotFoundError","name_only":true},
{"code":"RBACNotEnabledForAAD","name_only":true,"requirements":["AAD-RBAC-DISABLED"]},
{"code":"ReconcileAddonIdentityError","name_only":true},
{"code":"ReconcileAddonIdentityRoleAssignmentError","name_only":true},
{"code":"ReconcileAgentPoolIdentityError","name_only":true},
{"code":"ReconcileKubeletIdentityError","name_only":true},
{"code":"ReconcileMSICredentialError","name_only":true},
{"code":"ReconcileNetworkSecurityGroupError","name_only":true},
{"code":"ReconcilePrivateDNS","name_only":true,"requirements":["DNS-ZONE-ROLE"]},
{"code":"ReconcileRouteTableError","name_only":true},
{"code":"ReconcileStandardLoadBalancerError","name_only":true},
{"code":"ReconcileVNetError","name_only":true,"requirements":["NET-SUBNET-DEFAULT","NET-SUBNET-POOLS"]},
{"code":"ResourceMissingPermissionError","requirements":["DNS-ZONE-ROLE","NET-APISERVER-SUBNET","CMP-PIS","RA-DEPENDSON"],"says":"the service principal or user-assigned identity must be given certain permissions to a resource, which the message names with the action"},
{"code":"RoleAssignmentExists","requirements":["RA-DUPLICATE"],"says":"the role assignment already exists"},
{"code":"RoleAssignmentLimitExceeded","name_only":true},
{"code":"RoleAssignmentUpdateNotPermitted","requirements":["RA-NAME-GUID"],"says":"tenant id, application id, principal id and scope may not be updated"},
{"code":"RoleDefinitionDoesNotExist","requirements":["RA-ROLEDEF-FORMAT","RA-UNKNOWN-ROLE"],"says":"there is no role definition with this id"},
{"code":"RouteTableInvalidNextHop","name_only":true,"requirements":["NET-UDR-OUTBOUND"]},
{"code":"RouteTableMissingDefaultRouteError","name_only":true,"requirements":["NET-UDR-OUTBOUND"]},
{"code":"ServicePrincipalNotFound","name_only":true},
{"code":"ServicePrincipalValidationClientError","requirements":["CP-SERVICE-PRINCIPAL"],"says":"the credentials of the service principal are not valid"},
{"code":"SubnetIsDelegated","name_only":true},
{"code":"SubnetMissingRouteTableAssociation","name_only":true,"requirements":["NET-RT-ASSOC-ORDER"]},
{"code":"SubnetNotAssociatedWithNATGateway","name_only":true,"requirements":["NET-NATGW"]},
{"code":"SubnetNotFound","name_only":true},
{"code":"SystemAssignedIdentityNotSupportedForCustomPrivateDNSZone","name_only":true,"requirements":["DNS-SYSTEM-ASSIGNED"]},
{"code":"TooManyCustomRouteTables","name_only":true,"requirements":["NET-RT-ASSOC-ORDER"]},
{"code":"unauthorized_client","name_only":true},
{"code":"UnmatchedPrincipalType","requirements":["RA-PRINCIPAL-TYPE-WRONG"],"says":"the principal has another type than the one specified"},
{"code":"UpdateNodeSPError","name_only":true},
{"code":"UserAssignedNATGatewayWithManagedVNetNotAllowed","name_only":true,"requirements":["NET-NATGW"]},
{"code":"VMExtensionError_OrasPullUnauthorized","requirements":["ACR-BOOTSTRAP"],"says":"the node may not pull what it starts from"}
]"#;
