//! Generated from `rules/` by `cargo xtask codegen`: do not edit.

use crate::catalogue::Embedded;

#[rustfmt::skip]
pub(crate) static RULES: &[Embedded] = &[
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
      "name": "[guid(variables('control'), 'operator')]",
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
  name: guid(control.id, 'operator')
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
      "name": "[guid(variables('kubelet'), 'operator')]",
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
        "[extensionResourceId(variables('kubelet'), 'Microsoft.Authorization/roleAssignments', guid(variables('kubelet'), 'operator'))]"
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
  name: guid(kubelet.id, 'operator')
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
        data: r#"{"families":["network"],"id":"subnet-without-role","languages":["arm","bicep","terraform"],"level":"warning","requirement":[{"at":[{"for_each":"properties.agentPoolProfiles[]","resource":"Microsoft.ContainerService/managedClusters","scope":"vnetSubnetID","when":{"equals":"User","path":"mode"}},{"cluster":"parent","resource":"Microsoft.ContainerService/managedClusters/agentPools","scope":"properties.vnetSubnetID"}],"azure":[{"code":"LinkedAuthorizationFailed","says":"the client may write virtual machines but may not join the subnet that they are linked to"},{"code":"AuthorizationFailed","says":"the client is not authorized to read the subnet"}],"breaks_at":"runtime","confidence":"doc","id":"NET-SUBNET-POOLS","message":{"do":["assign {role} (or a custom role with the actions below) to {principal} on {scope}"],"headline":"{principal} may not join the subnet {scope}","why":"a node pool of cluster {cluster} uses that subnet{place}; the cluster starts, and its load balancers, scaling and upgrades fail later"},"need":{"actions":["Microsoft.Network/virtualNetworks/subnets/read","Microsoft.Network/virtualNetworks/subnets/join/action"],"before_cluster":"recommended","identity":"control-plane","least_role":{"id":"4d97b98b-1d4f-4787-a291-c67834d212e7","name":"Network Contributor"},"other_roles":[{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the virtual network","scope_type":"Microsoft.Network/virtualNetworks/subnets"},"sources":["https://learn.microsoft.com/azure/aks/node-pools#add-a-node-pool-with-a-unique-subnet","https://learn.microsoft.com/azure/aks/aks-service-permissions"],"title":"The control plane identity needs to join the subnet that a further node pool brings"},{"at":[{"for_each":"properties.agentPoolProfiles[]","resource":"Microsoft.ContainerService/managedClusters","scope":"vnetSubnetID"}],"azure":[{"code":"LinkedAuthorizationFailed","says":"the client may write virtual machines but may not join the subnet that they are linked to"},{"code":"AuthorizationFailed","says":"the client is not authorized to read the subnet"}],"breaks_at":"runtime","confidence":"doc","id":"NET-SUBNET-DEFAULT","message":{"do":["assign {role} (or a custom role with the actions below) to {principal} on {scope}"],"headline":"{principal} may not join the subnet {scope}","why":"a node pool of cluster {cluster} uses that subnet{place}; the cluster starts, and its load balancers, scaling and upgrades fail later"},"need":{"actions":["Microsoft.Network/virtualNetworks/subnets/read","Microsoft.Network/virtualNetworks/subnets/join/action"],"before_cluster":"recommended","identity":"control-plane","least_role":{"id":"4d97b98b-1d4f-4787-a291-c67834d212e7","name":"Network Contributor"},"other_roles":[{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the virtual network","scope_type":"Microsoft.Network/virtualNetworks/subnets"},"sources":["https://learn.microsoft.com/azure/aks/configure-kubenet","https://learn.microsoft.com/azure/aks/concepts-network-cni-overview","https://github.com/Azure/AKS/issues/2673"],"title":"The control plane identity needs to join the subnet that the cluster's node pools bring"},{"at":[{"for_each":"properties.agentPoolProfiles[]","resource":"Microsoft.ContainerService/managedClusters","scope":"podSubnetID"},{"cluster":"parent","resource":"Microsoft.ContainerService/managedClusters/agentPools","scope":"properties.podSubnetID"}],"azure":[{"code":"LinkedAuthorizationFailed","says":"the client may write virtual machines but may not join the subnet that they are linked to"}],"breaks_at":"runtime","confidence":"doc","id":"NET-POD-SUBNET","message":{"do":["assign {role} (or a custom role with the actions below) to {principal} on {scope}"],"headline":"{principal} may not join the pod subnet {scope}","why":"the pods of a node pool of cluster {cluster} take their addresses from that subnet{place}"},"need":{"actions":["Microsoft.Network/virtualNetworks/subnets/read","Microsoft.Network/virtualNetworks/subnets/join/action"],"before_cluster":"recommended","identity":"control-plane","least_role":{"id":"4d97b98b-1d4f-4787-a291-c67834d212e7","name":"Network Contributor"},"other_roles":[{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the virtual network","scope_type":"Microsoft.Network/virtualNetworks/subnets"},"sources":["https://learn.microsoft.com/azure/aks/concepts-network-cni-overview","https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-pod-subnet"],"title":"The control plane identity needs to join the subnet that a node pool's pods take their addresses from"}],"since":"0.1.0","title":"The cluster may not join a subnet that its node pools use"}"#,
        page: r#"# subnet-without-role

The cluster may not join a subnet that its node pools use.

| | |
| --- | --- |
| Level | warning |
| Breaks | at run time |
| Languages | ARM, Bicep, Terraform |
| Requirements | NET-SUBNET-DEFAULT, NET-SUBNET-POOLS, NET-POD-SUBNET |
| Azure errors prevented | `LinkedAuthorizationFailed`, `AuthorizationFailed` |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

For each subnet that a node pool brings for its nodes (`vnetSubnetID`) or pods (`podSubnetID`), in the cluster or in an `agentPools` resource, it
asks whether the control plane identity may do `Microsoft.Network/virtualNetworks/subnets/read` and
`Microsoft.Network/virtualNetworks/subnets/join/action` on that subnet. The grant may stand on the subnet, its virtual network, the resource
group or above, by a built-in or a custom role. A subnet that several pools of one cluster share is one finding.

## Why it matters

The nodes come up without the role, since AKS creates them with rights of its own. What needs the control plane identity fails later: load
balancers of services stay pending, pools do not scale, upgrades stop.

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
      "type": "Microsoft.Authorization/roleAssignments",
      "apiVersion": "2022-04-01",
      "name": "[guid(variables('subnet'), 'network')]",
      "scope": "[variables('subnet')]",
      "dependsOn": ["[variables('control')]", "[variables('vnet')]"],
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

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vnet::nodes.id, 'network')
  scope: vnet::nodes
  properties: {
    principalId: control.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')
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
- Pools of type `VirtualMachines` fail already when they are created; they are reported like the others.

## References

- <https://learn.microsoft.com/azure/aks/configure-kubenet>
- <https://learn.microsoft.com/azure/aks/concepts-network-cni-overview>
- <https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-pod-subnet>
- <https://github.com/Azure/AKS/issues/2673>
"#,
    },
    Embedded {
        data: r#"{"check":true,"families":["private DNS"],"id":"system-assigned-with-custom-dns-zone","languages":["arm","bicep","terraform"],"level":"error","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters","scope":"properties.apiServerAccessProfile.privateDNSZone"}],"azure":[{"code":"OnlySupportedOnUserAssignedMSICluster","says":"a system-assigned managed identity is not supported with a custom private DNS zone; use a user-assigned one"},{"code":"SystemAssignedIdentityNotSupportedForCustomPrivateDNSZone","name_only":true,"says":""}],"breaks_at":"create","confidence":"doc","id":"DNS-SYSTEM-ASSIGNED","message":{"do":["give the cluster a user-assigned identity (`identity.type` `UserAssigned`) that holds Private DNS Zone Contributor on the zone","or let AKS make the zone: `privateDNSZone` `system`"],"headline":"cluster {cluster} cannot use the private DNS zone {scope} with a system-assigned identity","why":"it brings its own private DNS zone{place}, and AKS must be able to write to the zone before the cluster's own identity exists"},"sources":["https://learn.microsoft.com/azure/aks/private-clusters","https://learn.microsoft.com/azure/aks/system-assigned-managed-identity"],"title":"A private DNS zone that the cluster brings needs a user-assigned control plane identity or a service principal"}],"since":"0.1.0","title":"A system-assigned control plane identity cannot use a private DNS zone that the cluster brings"}"#,
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

The identity exists before the cluster and can be given its role on the zone.

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
      "name": "privatelink.westeurope.azmk8s.io",
      "location": "global"
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": [
        "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
        "[resourceId('Microsoft.Network/privateDnsZones', 'privatelink.westeurope.azmk8s.io')]"
      ],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]": {} }
      },
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

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-aks-control'
  location: location
}

resource zone 'Microsoft.Network/privateDnsZones@2020-06-01' = {
  name: 'privatelink.westeurope.azmk8s.io'
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
];
