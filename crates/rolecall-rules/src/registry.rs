//! Generated from `rules/` by `cargo xtask codegen`: do not edit.

use crate::catalogue::Embedded;

#[rustfmt::skip]
pub(crate) static RULES: &[Embedded] = &[
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
        data: r#"{"families":["role assignments"],"found_by":"check","id":"principal-id-of-no-principal","languages":["arm","bicep","terraform"],"level":"error","requirement":[{"at":[{"resource":"Microsoft.Authorization/roleAssignments"}],"azure":[{"code":"PrincipalNotFound","says":"there is no principal with this id in the directory"}],"breaks_at":"create","confidence":"doc","id":"RA-PRINCIPAL-ID","message":{"do":["set `principalId` to {expected}"],"headline":"{role} is assigned to {value}, which is no principal","why":"a role is assigned to a principal id (the object id), and to nothing else that names the identity"},"sources":["https://learn.microsoft.com/azure/role-based-access-control/troubleshooting","https://github.com/hashicorp/terraform-provider-azurerm/issues/4651","https://github.com/hashicorp/terraform-provider-azurerm/issues/18003"],"title":"principalId is the principal id of an identity: not its client id, its resource id or its name"},{"at":[{"resource":"Microsoft.Authorization/roleAssignments"}],"breaks_at":"create","confidence":"doc","id":"CP-PRINCIPAL-PATH","message":{"do":["set `principalId` to {expected}"],"headline":"{role} is assigned to {value}, which is empty","why":"only a system-assigned identity has its principal id there; the cluster runs as an identity that it is given"},"sources":["https://learn.microsoft.com/azure/aks/use-managed-identity"],"title":"Of a cluster that is given an identity, the principal is that identity's, not `identity.principalId`"}],"since":"0.1.0","title":"A role is assigned to something that is no principal id"}"#,
        page: r#"# principal-id-of-no-principal

A role is assigned to something that names an identity and is not its principal id.

| | |
| --- | --- |
| Level | error (a warning where Azure accepts it and the assignment helps nobody) |
| Breaks | at creation |
| Languages | ARM, Bicep, Terraform |
| Requirement | RA-PRINCIPAL-ID, CP-PRINCIPAL-PATH |
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
        data: r#"{"families":["role assignments"],"found_by":"check","id":"principal-type-missing","languages":["arm","bicep","terraform"],"level":"warning","requirement":[{"at":[{"resource":"Microsoft.Authorization/roleAssignments"}],"azure":[{"code":"PrincipalNotFound","says":"there is no principal with this id in the directory; where it was just created, the directory may not know it yet"}],"breaks_at":"create","confidence":"doc","id":"RA-PRINCIPAL-TYPE","message":{"do":["set `principalType` to `ServicePrincipal`, which is the type of every managed identity"],"headline":"{role} is assigned to {principal} without `principalType`","why":"the identity is created by the same deployment, and without a type Azure looks it up in a directory that may not know it yet"},"sources":["https://learn.microsoft.com/azure/role-based-access-control/troubleshooting","https://learn.microsoft.com/azure/azure-resource-manager/bicep/scenarios-rbac","https://github.com/mspnp/aks-baseline/issues/52"],"title":"An assignment to an identity that the same deployment creates says `principalType: ServicePrincipal`"}],"since":"0.1.0","title":"A role is assigned to a new identity without the type of the principal"}"#,
        page: r#"# principal-type-missing

A role is assigned to an identity that the same deployment creates, without the type of the principal.

| | |
| --- | --- |
| Level | warning (a note in Terraform, whose provider asks again) |
| Breaks | at creation |
| Languages | ARM, Bicep, Terraform |
| Requirement | RA-PRINCIPAL-TYPE |
| Azure error prevented | `PrincipalNotFound` |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

It looks at each role assignment whose principal is a managed identity that the same deployment creates, user-assigned or a resource's own, and says where it certainly has no `principalType`.

## Why it matters

A new identity takes a while to be known everywhere in the directory. Azure looks up a principal whose type is not given, may not find it yet, and fails the deployment; the next attempt works. With a type
given it does not look.

Terraform's provider asks again until the principal is found, so that it only takes longer there.

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

Set `principalType` (`principal_type` in Terraform) to `ServicePrincipal`.

## Options

None.

## What it cannot see

Identities that another deployment creates shortly before.

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
        data: r#"{"families":["private DNS"],"id":"private-dns-zone-without-role","languages":["arm","bicep","terraform"],"level":"error","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters","resource_when":{"equals":"true","path":"properties.apiServerAccessProfile.enablePrivateCluster"},"scope":"properties.apiServerAccessProfile.privateDNSZone","unless":["system","none"]}],"azure":[{"code":"CustomPrivateDNSZoneMissingPermissionError","says":"the service principal or user-assigned identity must be given permission to read and write to the custom private DNS zone"},{"code":"ResourceMissingPermissionError","says":"the service principal or user-assigned identity must be given certain permissions to the zone"},{"code":"PrivateDNSZoneAuthorizationFailed","name_only":true},{"code":"ReconcilePrivateDNS","name_only":true}],"breaks_at":"create","confidence":"doc","id":"DNS-ZONE-ROLE","message":{"do":["assign {role} to {principal} on {scope}, and let the cluster depend on that assignment"],"headline":"{principal} may not write to the private DNS zone {scope}","why":"private cluster {cluster} brings its own private DNS zone{place}, and AKS checks before it creates the cluster that the control plane may read and write it"},"need":{"actions":["Microsoft.Network/privateDnsZones/read","Microsoft.Network/privateDnsZones/write","Microsoft.Network/privateDnsZones/A/write","Microsoft.Network/privateDnsZones/virtualNetworkLinks/write"],"before_cluster":"required","identity":"control-plane","identity_kinds":["user-assigned","service-principal"],"least_role":{"id":"b12aa53e-6015-4669-85d0-8515ebb3ae7f","name":"Private DNS Zone Contributor"},"lesser_actions":["Microsoft.Network/privateDnsZones/A/write","Microsoft.Network/privateDnsZones/virtualNetworkLinks/write"],"other_roles":[{"id":"4d97b98b-1d4f-4787-a291-c67834d212e7","name":"Network Contributor"},{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the private DNS zone","scope_type":"Microsoft.Network/privateDnsZones"},"sources":["https://learn.microsoft.com/azure/aks/private-clusters#configure-a-private-dns-zone","https://learn.microsoft.com/azure/aks/aks-service-permissions","https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/error-codes/customprivatednszonemissingpermissions-error"],"title":"The control plane identity needs to write to a private DNS zone that the cluster brings"}],"since":"0.1.0","title":"The cluster may not write to the private DNS zone that it brings"}"#,
        page: r#"# private-dns-zone-without-role

One line: what is wrong where this rule fires.

| | |
| --- | --- |
| Level | warning |
| Breaks | at run time |
| Languages | ARM, Bicep, Terraform |
| Requirement | EXAMPLE-RULE-ID |
| Azure error prevented | `LinkedAuthorizationFailed` |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

Which clusters it looks at, and what it asks of them.

## Why it matters

What fails, when, and what people see.

## Avoid

### ARM

Exactly one finding of this rule.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "encryption": "[resourceId('Microsoft.Compute/diskEncryptionSets', 'des-aks')]"
  },
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
      "dependsOn": ["[variables('control')]", "[variables('encryption')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "diskEncryptionSetID": "[variables('encryption')]"
      }
    }
  ]
}
```

## Prefer

### ARM

None.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "encryption": "[resourceId('Microsoft.Compute/diskEncryptionSets', 'des-aks')]"
  },
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
      "name": "[guid(variables('encryption'), 'reader')]",
      "scope": "[variables('encryption')]",
      "dependsOn": ["[variables('control')]", "[variables('encryption')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[variables('control')]", "[variables('encryption')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "diskEncryptionSetID": "[variables('encryption')]"
      }
    }
  ]
}
```

## How to fix

The least role, its scope, and who can give it.

## Options

None.

## What it cannot see

Grants that somebody makes outside the templates.

## References

- <https://learn.microsoft.com/azure/aks/azure-disk-customer-managed-keys>
"#,
    },
    Embedded {
        data: r#"{"families":["network"],"id":"public-ip-without-role","languages":["arm","bicep","terraform"],"level":"warning","requirement":[{"at":[{"for_each":"properties.networkProfile.loadBalancerProfile.outboundIPs.publicIPs[]","resource":"Microsoft.ContainerService/managedClusters","scope":"id"}],"azure":[{"code":"LinkedAuthorizationFailed","says":"the client may write load balancers but may not join the public IP that they are linked to"}],"breaks_at":"runtime","confidence":"doc","id":"NET-OUTBOUND-IPS","message":{"do":["assign {role} (or a custom role with the actions below) to {principal} on {scope}"],"headline":"{principal} may not join the public IP {scope}","why":"cluster {cluster} sends its traffic from that public IP{place}, which is not in its node resource group; each change of its load balancer needs the right to join it"},"need":{"actions":["Microsoft.Network/publicIPAddresses/read","Microsoft.Network/publicIPAddresses/join/action"],"before_cluster":"recommended","identity":"control-plane","least_role":{"id":"4d97b98b-1d4f-4787-a291-c67834d212e7","name":"Network Contributor"},"other_roles":[{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the public IP address","scope_type":"Microsoft.Network/publicIPAddresses"},"sources":["https://learn.microsoft.com/azure/aks/static-ip","https://learn.microsoft.com/azure/aks/aks-service-permissions"],"title":"The control plane identity needs to join the public IPs that the cluster sends traffic from"},{"at":[{"for_each":"properties.networkProfile.loadBalancerProfile.outboundIPPrefixes.publicIPPrefixes[]","resource":"Microsoft.ContainerService/managedClusters","scope":"id"}],"azure":[{"code":"LinkedAuthorizationFailed","says":"the client may write load balancers but may not join the public IP that they are linked to"}],"breaks_at":"runtime","confidence":"doc","id":"NET-OUTBOUND-PREFIXES","message":{"do":["assign {role} (or a custom role with the actions below) to {principal} on {scope}"],"headline":"{principal} may not join the public IP prefix {scope}","why":"cluster {cluster} sends its traffic from that public IP prefix{place}, which is not in its node resource group; each change of its load balancer needs the right to join it"},"need":{"actions":["Microsoft.Network/publicIPPrefixes/read","Microsoft.Network/publicIPPrefixes/join/action"],"before_cluster":"recommended","identity":"control-plane","least_role":{"id":"4d97b98b-1d4f-4787-a291-c67834d212e7","name":"Network Contributor"},"other_roles":[{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the public IP address","scope_type":"Microsoft.Network/publicIPPrefixes"},"sources":["https://learn.microsoft.com/azure/aks/load-balancer-standard","https://learn.microsoft.com/azure/aks/aks-service-permissions"],"title":"The control plane identity needs to join the public IP prefixes that the cluster sends traffic from"},{"at":[{"for_each":"properties.agentPoolProfiles[]","resource":"Microsoft.ContainerService/managedClusters","scope":"nodePublicIPPrefixID"},{"cluster":"parent","resource":"Microsoft.ContainerService/managedClusters/agentPools","scope":"properties.nodePublicIPPrefixID"}],"azure":[{"code":"LinkedAuthorizationFailed","says":"the client may write load balancers but may not join the public IP that they are linked to"}],"breaks_at":"runtime","confidence":"doc","id":"NET-NODE-PUBLIC-IP-PREFIX","message":{"do":["assign {role} (or a custom role with the actions below) to {principal} on {scope}"],"headline":"{principal} may not join the public IP prefix {scope}","why":"the nodes of a pool of cluster {cluster} take their public IPs from that prefix{place}"},"need":{"actions":["Microsoft.Network/publicIPPrefixes/read","Microsoft.Network/publicIPPrefixes/join/action"],"before_cluster":"recommended","identity":"control-plane","least_role":{"id":"4d97b98b-1d4f-4787-a291-c67834d212e7","name":"Network Contributor"},"other_roles":[{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the public IP address","scope_type":"Microsoft.Network/publicIPPrefixes"},"sources":["https://learn.microsoft.com/azure/aks/use-node-public-ips"],"title":"The control plane identity needs to join the prefix that nodes take their public IPs from"}],"since":"0.1.0","title":"The cluster may not use the public IP addresses that it brings"}"#,
        page: r#"# public-ip-without-role

One line: what is wrong where this rule fires.

| | |
| --- | --- |
| Level | warning |
| Breaks | at run time |
| Languages | ARM, Bicep, Terraform |
| Requirement | EXAMPLE-RULE-ID |
| Azure error prevented | `LinkedAuthorizationFailed` |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

Which clusters it looks at, and what it asks of them.

## Why it matters

What fails, when, and what people see.

## Avoid

### ARM

Exactly one finding of this rule.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "encryption": "[resourceId('Microsoft.Compute/diskEncryptionSets', 'des-aks')]"
  },
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
      "dependsOn": ["[variables('control')]", "[variables('encryption')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "diskEncryptionSetID": "[variables('encryption')]"
      }
    }
  ]
}
```

## Prefer

### ARM

None.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "encryption": "[resourceId('Microsoft.Compute/diskEncryptionSets', 'des-aks')]"
  },
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
      "name": "[guid(variables('encryption'), 'reader')]",
      "scope": "[variables('encryption')]",
      "dependsOn": ["[variables('control')]", "[variables('encryption')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[variables('control')]", "[variables('encryption')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "diskEncryptionSetID": "[variables('encryption')]"
      }
    }
  ]
}
```

## How to fix

The least role, its scope, and who can give it.

## Options

None.

## What it cannot see

Grants that somebody makes outside the templates.

## References

- <https://learn.microsoft.com/azure/aks/azure-disk-customer-managed-keys>
"#,
    },
    Embedded {
        data: r#"{"families":["container registry"],"found_by":"places","id":"registry-without-pull-role","languages":["arm","bicep","terraform"],"level":"warning","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters","resource_when":{"equals":"Cache","path":"properties.bootstrapProfile.artifactSource"},"scope":"properties.bootstrapProfile.containerRegistryId"}],"azure":[{"code":"VMExtensionError_OrasPullUnauthorized","says":"the node may not pull what it starts from"}],"breaks_at":"reconcile","confidence":"doc","id":"ACR-BOOTSTRAP","message":{"do":["assign {role} to {principal} on {scope}, and let the cluster depend on that assignment; the kubelet identity must be one that the cluster brings"],"headline":"{principal} may not pull from the registry {scope}, from which the nodes start","why":"network-isolated cluster {cluster} starts its nodes from that registry{place}"},"need":{"actions":["Microsoft.ContainerRegistry/registries/pull/read"],"before_cluster":"required","identity":"kubelet","least_role":{"id":"7f951dda-4ed3-4680-a7ca-43fe172d538d","name":"AcrPull"},"other_roles":[{"id":"8311e382-0749-4cb8-b61a-304f252e45ec","name":"AcrPush"},{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the registry","scope_type":"Microsoft.ContainerRegistry/registries"},"sources":["https://learn.microsoft.com/azure/aks/network-isolated"],"title":"The kubelet identity needs to pull from the registry that a network-isolated cluster starts from"},{"at":[{"resource":"Microsoft.ContainerRegistry/registries","resource_when":{"equals":"AbacRepositoryPermissions","path":"properties.roleAssignmentMode"}}],"breaks_at":"runtime","confidence":"doc","id":"ACR-ABAC","message":{"do":["assign {role} to {principal} on {scope}"],"headline":"{principal} may not pull images from the registry {scope}","why":"the nodes of cluster {cluster} pull with that identity, and the registry{place} is made together with the cluster; it decides by repository, so AcrPull and AcrPush count for nothing on it"},"need":{"actions":[],"before_cluster":"recommended","data_actions":["Microsoft.ContainerRegistry/registries/repositories/content/read","Microsoft.ContainerRegistry/registries/repositories/metadata/read"],"identity":"kubelet","least_role":{"id":"b93aa761-3e63-49ed-ac28-beffa264f7ac","name":"Container Registry Repository Reader"},"other_roles":[{"id":"2a1e307c-b015-4ebd-883e-5b7698a07328","name":"Container Registry Repository Writer"},{"id":"2efddaa5-3f1f-4df3-97df-af3f13818f4c","name":"Container Registry Repository Contributor"}],"owner":"whoever owns the registry","scope_type":"Microsoft.ContainerRegistry/registries"},"sources":["https://learn.microsoft.com/azure/container-registry/container-registry-rbac-abac-repository-permissions"],"title":"The kubelet identity needs a repository role on a registry that decides by repository"},{"at":[{"resource":"Microsoft.ContainerRegistry/registries"}],"breaks_at":"runtime","confidence":"doc","id":"ACR-PULL","message":{"do":["assign {role} to {principal} on {scope}"],"headline":"{principal} may not pull images from the registry {scope}","why":"the nodes of cluster {cluster} pull with that identity, and the registry{place} is made together with the cluster; without the right, pods that use its images stay in ImagePullBackOff"},"need":{"actions":["Microsoft.ContainerRegistry/registries/pull/read"],"before_cluster":"recommended","identity":"kubelet","least_role":{"id":"7f951dda-4ed3-4680-a7ca-43fe172d538d","name":"AcrPull"},"other_roles":[{"id":"8311e382-0749-4cb8-b61a-304f252e45ec","name":"AcrPush"},{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the registry","scope_type":"Microsoft.ContainerRegistry/registries"},"sources":["https://learn.microsoft.com/azure/aks/cluster-container-registry-integration","https://learn.microsoft.com/azure/aks/aks-service-permissions#aks-node-mapped-identity"],"title":"The kubelet identity needs to pull from the registry"}],"since":"0.1.0","title":"The kubelet identity may not pull images from the registry"}"#,
        page: r#"# registry-without-pull-role

The kubelet identity of a cluster may not pull images from the registry that is made together with it.

| | |
| --- | --- |
| Level | warning (a note with several clusters or registries, or where the registry also takes a password) |
| Breaks | at run time; at reconciliation where nodes start from the registry |
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
        data: r#"{"families":["role assignments"],"found_by":"check","id":"role-assigned-after-cluster","languages":["arm","bicep","terraform"],"level":"error","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters"}],"breaks_at":"create","confidence":"doc","id":"RA-DEPENDSON","message":{"do":["let the cluster depend on that assignment (`dependsOn`, `depends_on`), or on the module that holds it"],"headline":"cluster {cluster} does not wait for the assignment of {value} to {principal} on {scope}","why":"AKS checks it before it creates the cluster{place}, and nothing makes the cluster wait, so both are created at the same time"},"sources":["https://learn.microsoft.com/azure/aks/private-clusters","https://learn.microsoft.com/azure/aks/configure-kubenet"],"title":"A cluster must depend on the role assignments that AKS looks for at its creation"},{"at":[{"resource":"Microsoft.ContainerService/managedClusters"}],"breaks_at":"create","confidence":"doc","id":"RA-CYCLE","message":{"do":["take away what makes the assignment wait for the cluster (a reference to it, `dependsOn`, `depends_on`), and let the cluster depend on the assignment"],"headline":"the assignment of {value} to {principal} on {scope} waits for cluster {cluster}, which needs it first","why":"AKS checks it before it creates the cluster{place}"},"sources":["https://learn.microsoft.com/azure/aks/use-managed-identity"],"title":"A role that AKS looks for at a cluster's creation cannot be assigned by something that waits for the cluster"}],"since":"0.1.0","title":"The cluster does not wait for a role that AKS looks for before it creates the cluster"}"#,
        page: r#"# role-assigned-after-cluster

One line: what is wrong where this rule fires.

| | |
| --- | --- |
| Level | warning |
| Breaks | at run time |
| Languages | ARM, Bicep, Terraform |
| Requirement | EXAMPLE-RULE-ID |
| Azure error prevented | `LinkedAuthorizationFailed` |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

Which clusters it looks at, and what it asks of them.

## Why it matters

What fails, when, and what people see.

## Avoid

### ARM

Exactly one finding of this rule.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "encryption": "[resourceId('Microsoft.Compute/diskEncryptionSets', 'des-aks')]"
  },
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
      "dependsOn": ["[variables('control')]", "[variables('encryption')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "diskEncryptionSetID": "[variables('encryption')]"
      }
    }
  ]
}
```

## Prefer

### ARM

None.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "encryption": "[resourceId('Microsoft.Compute/diskEncryptionSets', 'des-aks')]"
  },
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
      "name": "[guid(variables('encryption'), 'reader')]",
      "scope": "[variables('encryption')]",
      "dependsOn": ["[variables('control')]", "[variables('encryption')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[variables('control')]", "[variables('encryption')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "diskEncryptionSetID": "[variables('encryption')]"
      }
    }
  ]
}
```

## How to fix

The least role, its scope, and who can give it.

## Options

None.

## What it cannot see

Grants that somebody makes outside the templates.

## References

- <https://learn.microsoft.com/azure/aks/azure-disk-customer-managed-keys>
"#,
    },
    Embedded {
        data: r#"{"families":["role assignments"],"found_by":"check","id":"role-assignment-name","languages":["arm","bicep","terraform"],"level":"error","requirement":[{"at":[{"resource":"Microsoft.Authorization/roleAssignments"}],"azure":[{"code":"InvalidRoleAssignmentId","says":"the role assignment id must be a GUID"},{"code":"RoleAssignmentUpdateNotPermitted","says":"tenant id, application id, principal id and scope may not be updated"},{"code":"RoleAssignmentExists","says":"the role assignment already exists"}],"breaks_at":"create","confidence":"doc","id":"RA-NAME-GUID","message":{"do":["name it `guid(<scope>, <id of the identity>, <role>)`"],"headline":"the name of the assignment of {role} to {principal} {value}","why":"{expected}"},"sources":["https://learn.microsoft.com/azure/azure-resource-manager/bicep/scenarios-rbac#name","https://learn.microsoft.com/azure/role-based-access-control/troubleshooting","https://github.com/Azure/bicep/issues/8737","https://github.com/Azure/bicep/issues/8774"],"title":"The name of a role assignment is a GUID made of its scope, its principal and its role"}],"since":"0.1.0","title":"The name of a role assignment is refused, now or at the next deployment"}"#,
        page: r#"# role-assignment-name

The name of a role assignment is refused, now or at the next deployment.

| | |
| --- | --- |
| Level | error; a warning for names that are new each time, a note for names that say too little |
| Breaks | at creation |
| Languages | ARM, Bicep, Terraform |
| Requirement | RA-NAME-GUID |
| Azure error prevented | `InvalidRoleAssignmentId`, `RoleAssignmentUpdateNotPermitted`, `RoleAssignmentExists` |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

It looks at the name of each role assignment:

- it is certainly no GUID: error;
- two assignments that certainly exist together have one name at one scope, and certainly differ in principal or role: error;
- it is made with `newGuid()`, `utcNow()` or Terraform's `uuid()`: warning;
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
| Level | error |
| Breaks | at creation |
| Languages | ARM, Bicep, Terraform |
| Requirement | RA-ROLEDEF-FORMAT |
| Azure error prevented | `BadRequestFormat` |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

It looks at the `roleDefinitionId` of each role assignment and says where that is certainly a GUID alone, the name of a role, or the id of a resource of another type, such as
`…/Microsoft.Authorization/roleAssignments/…`.

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
        data: r#"{"families":["network"],"found_by":"places","id":"route-table-without-role","languages":["arm","bicep","terraform"],"level":"error","requirement":[{"at":[{"for_each":"properties.agentPoolProfiles[]","resource":"Microsoft.ContainerService/managedClusters","resource_when":{"equals":"kubenet","path":"properties.networkProfile.networkPlugin"},"scope":"vnetSubnetID"}],"azure":[{"code":"CustomRouteTableMissingPermission","says":"the managed identity or service principal must be given permission to read and write to the custom route table"},{"code":"CustomRouteTableMissingServicePrincipalPermission","name_only":true}],"breaks_at":"create","confidence":"doc","id":"NET-RT-ROLE","message":{"do":["assign {role} (or a custom role with the actions below) to {principal} on {scope}, and let the cluster depend on that assignment"],"headline":"{principal} may not write the route table {scope}","why":"cluster {cluster} uses kubenet in a subnet{place} that has this route table; AKS writes a route for each node into it, and checks before it creates the cluster that it may; a role on the virtual network does not reach the table"},"need":{"actions":["Microsoft.Network/routeTables/read","Microsoft.Network/routeTables/routes/read","Microsoft.Network/routeTables/routes/write"],"before_cluster":"required","identity":"control-plane","identity_kinds":["user-assigned","service-principal"],"least_role":{"id":"4d97b98b-1d4f-4787-a291-c67834d212e7","name":"Network Contributor"},"other_roles":[{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the route table","scope_type":"Microsoft.Network/routeTables"},"sources":["https://learn.microsoft.com/azure/aks/configure-kubenet#bring-your-own-subnet-and-route-table-with-kubenet","https://learn.microsoft.com/azure/aks/aks-service-permissions","https://github.com/MicrosoftDocs/azure-docs/issues/80852"],"title":"The control plane identity needs to write the routes of a custom route table"}],"since":"0.1.0","title":"The cluster may not write the route table of its subnet"}"#,
        page: r#"# route-table-without-role

One line: what is wrong where this rule fires.

| | |
| --- | --- |
| Level | warning |
| Breaks | at run time |
| Languages | ARM, Bicep, Terraform |
| Requirement | EXAMPLE-RULE-ID |
| Azure error prevented | `LinkedAuthorizationFailed` |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

Which clusters it looks at, and what it asks of them.

## Why it matters

What fails, when, and what people see.

## Avoid

### ARM

Exactly one finding of this rule.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "encryption": "[resourceId('Microsoft.Compute/diskEncryptionSets', 'des-aks')]"
  },
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
      "dependsOn": ["[variables('control')]", "[variables('encryption')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "diskEncryptionSetID": "[variables('encryption')]"
      }
    }
  ]
}
```

## Prefer

### ARM

None.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "encryption": "[resourceId('Microsoft.Compute/diskEncryptionSets', 'des-aks')]"
  },
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
      "name": "[guid(variables('encryption'), 'reader')]",
      "scope": "[variables('encryption')]",
      "dependsOn": ["[variables('control')]", "[variables('encryption')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[variables('control')]", "[variables('encryption')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "diskEncryptionSetID": "[variables('encryption')]"
      }
    }
  ]
}
```

## How to fix

The least role, its scope, and who can give it.

## Options

None.

## What it cannot see

Grants that somebody makes outside the templates.

## References

- <https://learn.microsoft.com/azure/aks/azure-disk-customer-managed-keys>
"#,
    },
    Embedded {
        data: r#"{"families":["network"],"id":"subnet-without-role","languages":["arm","bicep","terraform"],"level":"error","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters","scope":"properties.apiServerAccessProfile.subnetId"}],"azure":[{"code":"ResourceMissingPermissionError","says":"the user-assigned identity must be given certain permissions to the subnet"}],"breaks_at":"create","confidence":"doc","id":"NET-APISERVER-SUBNET","message":{"do":["assign {role} (or a custom role with the actions below) to {principal} on {scope}, and let the cluster depend on that assignment"],"headline":"{principal} may not put the API server into the subnet {scope}","why":"cluster {cluster} puts its API server into that subnet{place}, and AKS checks before it creates the cluster that the control plane may join it and the load balancer in it"},"need":{"actions":["Microsoft.Network/virtualNetworks/subnets/read","Microsoft.Network/virtualNetworks/subnets/join/action","Microsoft.Network/virtualNetworks/subnets/joinLoadBalancer/action"],"before_cluster":"required","identity":"control-plane","identity_kinds":["user-assigned"],"least_role":{"id":"4d97b98b-1d4f-4787-a291-c67834d212e7","name":"Network Contributor"},"other_roles":[{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the virtual network","scope_type":"Microsoft.Network/virtualNetworks/subnets"},"sources":["https://learn.microsoft.com/azure/aks/api-server-vnet-integration","https://learn.microsoft.com/azure/aks/automatic/quick-automatic-custom-network"],"title":"The control plane identity needs to join the subnet that the API server is put into"},{"at":[{"for_each":"properties.agentPoolProfiles[]","resource":"Microsoft.ContainerService/managedClusters","scope":"vnetSubnetID","when":{"equals":"VirtualMachines","path":"type"}},{"cluster":"parent","resource":"Microsoft.ContainerService/managedClusters/agentPools","resource_when":{"equals":"VirtualMachines","path":"properties.type"},"scope":"properties.vnetSubnetID"}],"azure":[{"code":"InvalidParameter","says":"the pool's subnet cannot be used"}],"breaks_at":"create","confidence":"doc","id":"NET-VM-POOLS","message":{"do":["assign {role} (or a custom role with the actions below) to {principal} on {scope}, and let the cluster depend on that assignment"],"headline":"{principal} may not join the subnet {scope}","why":"a node pool of type VirtualMachines of cluster {cluster} uses that subnet{place}; AKS makes its machines in the name of the control plane, which must be allowed to join the subnet before"},"need":{"actions":["Microsoft.Network/virtualNetworks/subnets/read","Microsoft.Network/virtualNetworks/subnets/join/action"],"before_cluster":"required","identity":"control-plane","least_role":{"id":"4d97b98b-1d4f-4787-a291-c67834d212e7","name":"Network Contributor"},"other_roles":[{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the virtual network","scope_type":"Microsoft.Network/virtualNetworks/subnets"},"sources":["https://learn.microsoft.com/azure/aks/virtual-machines-node-pools"],"title":"The control plane identity needs to join the subnet of a pool of single virtual machines"},{"at":[{"for_each":"properties.agentPoolProfiles[]","resource":"Microsoft.ContainerService/managedClusters","resource_when":{"equals":"Auto","path":"properties.nodeProvisioningProfile.mode"},"scope":"vnetSubnetID"}],"azure":[{"code":"LinkedAuthorizationFailed","says":"the client may write virtual machines but may not join the subnet that they are linked to"}],"breaks_at":"reconcile","confidence":"doc","id":"NET-NAP","message":{"do":["assign {role} (or a custom role with the actions below) to {principal} on {scope}"],"headline":"{principal} may not join the subnet {scope}","why":"cluster {cluster} provisions its nodes by itself and puts them into that subnet{place}; without the right to join it no node is added"},"need":{"actions":["Microsoft.Network/virtualNetworks/subnets/read","Microsoft.Network/virtualNetworks/subnets/join/action"],"before_cluster":"recommended","identity":"control-plane","least_role":{"id":"4d97b98b-1d4f-4787-a291-c67834d212e7","name":"Network Contributor"},"other_roles":[{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the virtual network","scope_type":"Microsoft.Network/virtualNetworks/subnets"},"sources":["https://learn.microsoft.com/azure/aks/node-auto-provisioning-networking","https://learn.microsoft.com/azure/aks/node-auto-provisioning-custom-vnet"],"title":"The control plane identity needs to join the subnets of a cluster that makes its nodes by itself"},{"at":[{"for_each":"properties.agentPoolProfiles[]","resource":"Microsoft.ContainerService/managedClusters","resource_when":{"equals":"userAssignedNATGateway","path":"properties.networkProfile.outboundType"},"scope":"vnetSubnetID"}],"azure":[{"code":"LinkedAuthorizationFailed","says":"the client may write virtual machines but may not join the subnet that they are linked to"}],"breaks_at":"reconcile","confidence":"doc","id":"NET-NATGW","message":{"do":["assign {role} (or a custom role with the actions below) to {principal} on {scope}"],"headline":"{principal} may not join the subnet {scope}","why":"the node pools of cluster {cluster} go out through the NAT gateway of that subnet{place}; the cluster starts, and its load balancers, scaling and upgrades fail later"},"need":{"actions":["Microsoft.Network/virtualNetworks/subnets/read","Microsoft.Network/virtualNetworks/subnets/join/action"],"before_cluster":"recommended","identity":"control-plane","least_role":{"id":"4d97b98b-1d4f-4787-a291-c67834d212e7","name":"Network Contributor"},"other_roles":[{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the virtual network","scope_type":"Microsoft.Network/virtualNetworks/subnets"},"sources":["https://learn.microsoft.com/azure/aks/nat-gateway"],"title":"The control plane identity needs to join a subnet that goes out through a NAT gateway"},{"at":[{"for_each":"properties.agentPoolProfiles[]","resource":"Microsoft.ContainerService/managedClusters","scope":"vnetSubnetID","when":{"equals":"User","path":"mode"}},{"cluster":"parent","resource":"Microsoft.ContainerService/managedClusters/agentPools","scope":"properties.vnetSubnetID"}],"azure":[{"code":"LinkedAuthorizationFailed","says":"the client may write virtual machines but may not join the subnet that they are linked to"},{"code":"AuthorizationFailed","says":"the client is not authorized to read the subnet"}],"breaks_at":"runtime","confidence":"doc","id":"NET-SUBNET-POOLS","message":{"do":["assign {role} (or a custom role with the actions below) to {principal} on {scope}"],"headline":"{principal} may not join the subnet {scope}","why":"a node pool of cluster {cluster} uses that subnet{place}; the cluster starts, and its load balancers, scaling and upgrades fail later"},"need":{"actions":["Microsoft.Network/virtualNetworks/subnets/read","Microsoft.Network/virtualNetworks/subnets/join/action"],"before_cluster":"recommended","identity":"control-plane","least_role":{"id":"4d97b98b-1d4f-4787-a291-c67834d212e7","name":"Network Contributor"},"other_roles":[{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the virtual network","scope_type":"Microsoft.Network/virtualNetworks/subnets"},"sources":["https://learn.microsoft.com/azure/aks/node-pools#add-a-node-pool-with-a-unique-subnet","https://learn.microsoft.com/azure/aks/aks-service-permissions"],"title":"The control plane identity needs to join the subnet that a further node pool brings"},{"at":[{"for_each":"properties.agentPoolProfiles[]","resource":"Microsoft.ContainerService/managedClusters","scope":"vnetSubnetID"},{"resource":"Microsoft.ContainerService/managedClusters","scope":"properties.hostedSystemProfile.nodeSubnetID"},{"resource":"Microsoft.ContainerService/managedClusters","scope":"properties.hostedSystemProfile.systemNodeSubnetID"}],"azure":[{"code":"LinkedAuthorizationFailed","says":"the client may write virtual machines but may not join the subnet that they are linked to"},{"code":"AuthorizationFailed","says":"the client is not authorized to read the subnet"}],"breaks_at":"runtime","confidence":"doc","id":"NET-SUBNET-DEFAULT","message":{"do":["assign {role} (or a custom role with the actions below) to {principal} on {scope}"],"headline":"{principal} may not join the subnet {scope}","why":"a node pool of cluster {cluster} uses that subnet{place}; the cluster starts, and its load balancers, scaling and upgrades fail later"},"need":{"actions":["Microsoft.Network/virtualNetworks/subnets/read","Microsoft.Network/virtualNetworks/subnets/join/action"],"before_cluster":"recommended","identity":"control-plane","least_role":{"id":"4d97b98b-1d4f-4787-a291-c67834d212e7","name":"Network Contributor"},"other_roles":[{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the virtual network","scope_type":"Microsoft.Network/virtualNetworks/subnets"},"sources":["https://learn.microsoft.com/azure/aks/configure-kubenet","https://learn.microsoft.com/azure/aks/concepts-network-cni-overview","https://github.com/Azure/AKS/issues/2673"],"title":"The control plane identity needs to join the subnet that the cluster's node pools bring"},{"at":[{"for_each":"properties.agentPoolProfiles[]","resource":"Microsoft.ContainerService/managedClusters","scope":"podSubnetID"},{"cluster":"parent","resource":"Microsoft.ContainerService/managedClusters/agentPools","scope":"properties.podSubnetID"}],"azure":[{"code":"LinkedAuthorizationFailed","says":"the client may write virtual machines but may not join the subnet that they are linked to"}],"breaks_at":"runtime","confidence":"doc","id":"NET-POD-SUBNET","message":{"do":["assign {role} (or a custom role with the actions below) to {principal} on {scope}"],"headline":"{principal} may not join the pod subnet {scope}","why":"the pods of a node pool of cluster {cluster} take their addresses from that subnet{place}"},"need":{"actions":["Microsoft.Network/virtualNetworks/subnets/read","Microsoft.Network/virtualNetworks/subnets/join/action"],"before_cluster":"recommended","identity":"control-plane","least_role":{"id":"4d97b98b-1d4f-4787-a291-c67834d212e7","name":"Network Contributor"},"other_roles":[{"id":"b24988ac-6180-42a0-ab88-20f7382dd24c","name":"Contributor"},{"id":"8e3af657-a8ff-443c-a75c-2fe8c4bcb635","name":"Owner"}],"owner":"whoever owns the virtual network","scope_type":"Microsoft.Network/virtualNetworks/subnets"},"sources":["https://learn.microsoft.com/azure/aks/concepts-network-cni-overview","https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-pod-subnet"],"title":"The control plane identity needs to join the subnet that a node pool's pods take their addresses from"}],"since":"0.1.0","title":"The cluster may not join a subnet that its node pools use"}"#,
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
    Embedded {
        data: r#"{"families":["network"],"found_by":"places","id":"system-assigned-with-custom-network","languages":["arm","bicep","terraform"],"level":"error","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters","scope":"properties.apiServerAccessProfile.subnetId"}],"azure":[{"code":"OnlySupportedOnUserAssignedMSICluster","says":"a system-assigned managed identity is not supported with a subnet of one's own; use a user-assigned one"}],"breaks_at":"create","confidence":"issue","id":"NET-APISERVER-UAI","message":{"do":["give the cluster a user-assigned identity (`identity.type` `UserAssigned`) that holds Network Contributor on {scope}"],"headline":"cluster {cluster} cannot put its API server into the subnet {scope} with a system-assigned identity","why":"it brings its own subnet for the API server{place}, and AKS must be able to join that before the cluster's own identity exists"},"refused_with":["system-assigned"],"sources":["https://learn.microsoft.com/azure/aks/api-server-vnet-integration"],"title":"An API server in a subnet that the cluster brings needs a user-assigned control plane identity"},{"at":[{"for_each":"properties.agentPoolProfiles[]","resource":"Microsoft.ContainerService/managedClusters","resource_when":{"equals":"kubenet","path":"properties.networkProfile.networkPlugin"},"scope":"vnetSubnetID"}],"azure":[{"code":"CustomRouteTableWithUnsupportedMSIType","says":"clusters with a system-assigned identity do not support bringing a route table"},{"code":"OnlySupportedOnUserAssignedMSICluster","says":"a system-assigned managed identity is not supported with a custom route table; use a user-assigned one"}],"breaks_at":"create","confidence":"doc","id":"NET-RT-KUBENET-SYSTEM","message":{"do":["give the cluster a user-assigned identity (`identity.type` `UserAssigned`) that holds Network Contributor on {scope}"],"headline":"cluster {cluster} cannot use the route table {scope} with a system-assigned identity","why":"it uses kubenet in a subnet{place} that has this route table, and AKS must be able to write routes into it before the cluster's own identity exists"},"refused_with":["system-assigned"],"sources":["https://learn.microsoft.com/azure/aks/configure-kubenet#bring-your-own-subnet-and-route-table-with-kubenet","https://github.com/Azure/AKS/issues/2333"],"title":"kubenet with a custom route table needs a user-assigned control plane identity"},{"at":[{"for_each":"properties.agentPoolProfiles[]","resource":"Microsoft.ContainerService/managedClusters","resource_when":{"equals":"Automatic","path":"sku.name"},"scope":"vnetSubnetID"},{"resource":"Microsoft.ContainerService/managedClusters","resource_when":{"equals":"Automatic","path":"sku.name"},"scope":"properties.hostedSystemProfile.nodeSubnetID"},{"resource":"Microsoft.ContainerService/managedClusters","resource_when":{"equals":"Automatic","path":"sku.name"},"scope":"properties.hostedSystemProfile.systemNodeSubnetID"}],"azure":[{"code":"OnlySupportedOnUserAssignedMSICluster","says":"a system-assigned managed identity is not supported with a virtual network of one's own; use a user-assigned one"}],"breaks_at":"create","confidence":"doc","id":"NET-AUTOMATIC","message":{"do":["give the cluster a user-assigned identity (`identity.type` `UserAssigned`) that holds Network Contributor on the virtual network"],"headline":"cluster {cluster} cannot use the subnet {scope} with a system-assigned identity","why":"it is an AKS Automatic cluster in a network of its own{place}, which needs an identity that can hold roles before the cluster exists"},"refused_with":["system-assigned"],"sources":["https://learn.microsoft.com/azure/aks/automatic/quick-automatic-custom-network"],"title":"AKS Automatic in a network that the cluster brings needs a user-assigned control plane identity"}],"since":"0.1.0","title":"A system-assigned control plane identity cannot use this network of the cluster's own"}"#,
        page: r#"# system-assigned-with-custom-network

One line: what is wrong where this rule fires.

| | |
| --- | --- |
| Level | warning |
| Breaks | at run time |
| Languages | ARM, Bicep, Terraform |
| Requirement | EXAMPLE-RULE-ID |
| Azure error prevented | `LinkedAuthorizationFailed` |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

Which clusters it looks at, and what it asks of them.

## Why it matters

What fails, when, and what people see.

## Avoid

### ARM

Exactly one finding of this rule.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "encryption": "[resourceId('Microsoft.Compute/diskEncryptionSets', 'des-aks')]"
  },
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
      "dependsOn": ["[variables('control')]", "[variables('encryption')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "diskEncryptionSetID": "[variables('encryption')]"
      }
    }
  ]
}
```

## Prefer

### ARM

None.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "encryption": "[resourceId('Microsoft.Compute/diskEncryptionSets', 'des-aks')]"
  },
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
      "name": "[guid(variables('encryption'), 'reader')]",
      "scope": "[variables('encryption')]",
      "dependsOn": ["[variables('control')]", "[variables('encryption')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[variables('control')]", "[variables('encryption')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "diskEncryptionSetID": "[variables('encryption')]"
      }
    }
  ]
}
```

## How to fix

The least role, its scope, and who can give it.

## Options

None.

## What it cannot see

Grants that somebody makes outside the templates.

## References

- <https://learn.microsoft.com/azure/aks/azure-disk-customer-managed-keys>
"#,
    },
    Embedded {
        data: r#"{"families":["kubelet identity"],"id":"system-assigned-with-kubelet-identity","languages":["arm","bicep","terraform"],"level":"error","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters","scope":"properties.identityProfile.kubeletidentity.resourceId"}],"azure":[{"code":"CustomKubeletIdentityOnlySupportedOnUserAssignedMSICluster","says":"a custom kubelet identity is only supported on a cluster with a user-assigned identity"}],"breaks_at":"create","confidence":"doc","id":"KUB-CP-UAI","message":{"do":["give the cluster a user-assigned identity (`identity.type` `UserAssigned`) that holds Managed Identity Operator on {scope}","or leave out the kubelet identity: AKS then makes one"],"headline":"cluster {cluster} cannot bring its own kubelet identity {scope} with {principal}","why":"AKS attaches a kubelet identity that a cluster brings{place} only in the name of a user-assigned identity"},"refused_with":["system-assigned","service-principal"],"sources":["https://learn.microsoft.com/azure/aks/managed-identity-overview","https://learn.microsoft.com/azure/aks/use-managed-identity","https://github.com/hashicorp/terraform-provider-azurerm/issues/17990"],"title":"A kubelet identity that the cluster brings needs a user-assigned control plane identity"}],"since":"0.1.0","title":"A cluster that brings its own kubelet identity needs a user-assigned control plane identity"}"#,
        page: r#"# system-assigned-with-kubelet-identity

One line: what is wrong where this rule fires.

| | |
| --- | --- |
| Level | warning |
| Breaks | at run time |
| Languages | ARM, Bicep, Terraform |
| Requirement | EXAMPLE-RULE-ID |
| Azure error prevented | `LinkedAuthorizationFailed` |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

Which clusters it looks at, and what it asks of them.

## Why it matters

What fails, when, and what people see.

## Avoid

### ARM

Exactly one finding of this rule.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "encryption": "[resourceId('Microsoft.Compute/diskEncryptionSets', 'des-aks')]"
  },
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
      "dependsOn": ["[variables('control')]", "[variables('encryption')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "diskEncryptionSetID": "[variables('encryption')]"
      }
    }
  ]
}
```

## Prefer

### ARM

None.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "encryption": "[resourceId('Microsoft.Compute/diskEncryptionSets', 'des-aks')]"
  },
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
      "name": "[guid(variables('encryption'), 'reader')]",
      "scope": "[variables('encryption')]",
      "dependsOn": ["[variables('control')]", "[variables('encryption')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[variables('control')]", "[variables('encryption')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "diskEncryptionSetID": "[variables('encryption')]"
      }
    }
  ]
}
```

## How to fix

The least role, its scope, and who can give it.

## Options

None.

## What it cannot see

Grants that somebody makes outside the templates.

## References

- <https://learn.microsoft.com/azure/aks/azure-disk-customer-managed-keys>
"#,
    },
    Embedded {
        data: r#"{"families":["control plane identity"],"found_by":"check","id":"system-assigned-with-own-resources","languages":["arm","bicep","terraform"],"level":"warning","requirement":[{"at":[{"resource":"Microsoft.ContainerService/managedClusters"}],"breaks_at":"runtime","confidence":"doc","id":"CP-SYSTEM-ASSIGNED-BYO","message":{"do":["give the cluster a user-assigned identity, assign the roles to that, and let the cluster depend on the assignments"],"headline":"{principal} can hold its role on {value} only once the cluster is there","why":"cluster {cluster} uses resources that are not in its node resource group{place}, and its identity is created with it, so the roles that it needs on them come after it; until they have spread (up to an hour), load balancers, scaling and upgrades fail"},"sources":["https://learn.microsoft.com/azure/aks/managed-identity-overview","https://learn.microsoft.com/azure/aks/system-assigned-managed-identity"],"title":"A cluster with subnets, addresses or tables of its own should run as a user-assigned identity"}],"since":"0.1.0","title":"A system-assigned control plane identity gets its roles only after the cluster is created"}"#,
        page: r#"# system-assigned-with-own-resources

One line: what is wrong where this rule fires.

| | |
| --- | --- |
| Level | warning |
| Breaks | at run time |
| Languages | ARM, Bicep, Terraform |
| Requirement | EXAMPLE-RULE-ID |
| Azure error prevented | `LinkedAuthorizationFailed` |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

Which clusters it looks at, and what it asks of them.

## Why it matters

What fails, when, and what people see.

## Avoid

### ARM

Exactly one finding of this rule.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "encryption": "[resourceId('Microsoft.Compute/diskEncryptionSets', 'des-aks')]"
  },
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
      "dependsOn": ["[variables('control')]", "[variables('encryption')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "diskEncryptionSetID": "[variables('encryption')]"
      }
    }
  ]
}
```

## Prefer

### ARM

None.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "encryption": "[resourceId('Microsoft.Compute/diskEncryptionSets', 'des-aks')]"
  },
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
      "name": "[guid(variables('encryption'), 'reader')]",
      "scope": "[variables('encryption')]",
      "dependsOn": ["[variables('control')]", "[variables('encryption')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[variables('control')]", "[variables('encryption')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "diskEncryptionSetID": "[variables('encryption')]"
      }
    }
  ]
}
```

## How to fix

The least role, its scope, and who can give it.

## Options

None.

## What it cannot see

Grants that somebody makes outside the templates.

## References

- <https://learn.microsoft.com/azure/aks/azure-disk-customer-managed-keys>
"#,
    },
    Embedded {
        data: r#"{"families":["role assignments"],"found_by":"check","id":"unknown-role","languages":["arm","bicep","terraform"],"level":"warning","requirement":[{"at":[{"resource":"Microsoft.Authorization/roleAssignments"}],"azure":[{"code":"RoleDefinitionDoesNotExist","says":"there is no role definition with this id"}],"breaks_at":"create","confidence":"issue","id":"RA-UNKNOWN-ROLE","message":{"do":["if {expected} is meant, assign that"],"headline":"`{value}`, assigned to {principal}, is no built-in role, and no custom role of this deployment","why":"Azure refuses an assignment of a role that is not there"},"sources":["https://github.com/Azure/bicep/issues/3366","https://learn.microsoft.com/azure/role-based-access-control/built-in-roles"],"title":"A role that is assigned is built in, or defined as a custom role"}],"since":"0.1.0","title":"A role is assigned that is neither built in nor defined here"}"#,
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

None.

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

One line: what is wrong where this rule fires.

| | |
| --- | --- |
| Level | warning |
| Breaks | at run time |
| Languages | ARM, Bicep, Terraform |
| Requirement | EXAMPLE-RULE-ID |
| Azure error prevented | `LinkedAuthorizationFailed` |
| Fix | by hand |
| Since | 0.1.0 |

## What it does

Which clusters it looks at, and what it asks of them.

## Why it matters

What fails, when, and what people see.

## Avoid

### ARM

Exactly one finding of this rule.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "encryption": "[resourceId('Microsoft.Compute/diskEncryptionSets', 'des-aks')]"
  },
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
      "dependsOn": ["[variables('control')]", "[variables('encryption')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "diskEncryptionSetID": "[variables('encryption')]"
      }
    }
  ]
}
```

## Prefer

### ARM

None.

```json file=main.json
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": {
    "control": "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks-control')]",
    "encryption": "[resourceId('Microsoft.Compute/diskEncryptionSets', 'des-aks')]"
  },
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
      "name": "[guid(variables('encryption'), 'reader')]",
      "scope": "[variables('encryption')]",
      "dependsOn": ["[variables('control')]", "[variables('encryption')]"],
      "properties": {
        "principalId": "[reference(variables('control'), '2023-01-31').principalId]",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')]"
      }
    },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks-prod",
      "location": "westeurope",
      "dependsOn": ["[variables('control')]", "[variables('encryption')]"],
      "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": { "[variables('control')]": {} }
      },
      "properties": {
        "dnsPrefix": "aks-prod",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5" }],
        "diskEncryptionSetID": "[variables('encryption')]"
      }
    }
  ]
}
```

## How to fix

The least role, its scope, and who can give it.

## Options

None.

## What it cannot see

Grants that somebody makes outside the templates.

## References

- <https://learn.microsoft.com/azure/aks/azure-disk-customer-managed-keys>
"#,
    },
];
