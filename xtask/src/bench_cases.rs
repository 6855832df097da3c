//! What benchmarks measure that no repository holds: text in the three languages, as large as wanted.

use std::fmt::Write;
use std::path::Path;

/// A cluster with pools in its subnet, and as many identities with a role each as asked for.
pub fn for_each(count: usize) -> String {
    let thousands = count.div_ceil(1000);
    format!(
        r#"locals {{
  # `range` gives no more than 1,024 numbers.
  names = toset([for number in setproduct(range({thousands}), range(1000)) : "id-${{number[0] * 1000 + number[1]}}" if number[0] * 1000 + number[1] < {count}])
}}

resource "azurerm_resource_group" "main" {{
  name     = "rg"
  location = "westeurope"
}}

resource "azurerm_virtual_network" "main" {{
  name                = "vnet"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  address_space       = ["10.0.0.0/16"]
}}

resource "azurerm_subnet" "nodes" {{
  name                 = "nodes"
  resource_group_name  = azurerm_resource_group.main.name
  virtual_network_name = azurerm_virtual_network.main.name
  address_prefixes     = ["10.0.0.0/20"]
}}

resource "azurerm_user_assigned_identity" "this" {{
  for_each            = local.names
  name                = each.key
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}}

resource "azurerm_role_assignment" "network" {{
  for_each             = azurerm_user_assigned_identity.this
  scope                = azurerm_subnet.nodes.id
  role_definition_name = "Network Contributor"
  principal_id         = each.value.principal_id
}}

resource "azurerm_kubernetes_cluster" "main" {{
  name                = "aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks"

  default_node_pool {{
    name           = "system"
    vm_size        = "Standard_D4s_v5"
    vnet_subnet_id = azurerm_subnet.nodes.id
  }}

  identity {{
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.this["id-1"].id]
  }}
}}
"#
    )
}

/// `count` Bicep deployments of a cluster each, which all use the same two modules and import from the same file.
pub fn bicep(folder: &Path, count: usize) -> std::io::Result<()> {
    const SHARED: [(&str, &str); 3] = [
        (
            "shared.bicep",
            "@export()\nvar operator = 'f1a07417-d97a-45cb-824c-7a7467783830'\n@export()\nfunc named(kind string, number int) string => 'id-${kind}-${number}'\n",
        ),
        (
            "identity.bicep",
            "param name string\nparam location string = resourceGroup().location\nresource one 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {\n  name: name\n  location: location\n}\noutput id string = one.id\noutput principalId string = one.properties.principalId\noutput name string = one.name\n",
        ),
        (
            "grant.bicep",
            "import { operator } from 'shared.bicep'\nparam principalId string\nparam on string\nresource one 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' existing = {\n  name: on\n}\nresource grant 'Microsoft.Authorization/roleAssignments@2022-04-01' = {\n  name: guid(one.id, principalId)\n  scope: one\n  properties: {\n    principalId: principalId\n    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', operator)\n  }\n}\n",
        ),
    ];
    for (name, text) in SHARED {
        std::fs::write(folder.join(name), text)?;
    }
    for number in 0..count {
        let text = format!(
            "import {{ named }} from 'shared.bicep'\n\nparam location string = 'westeurope'\n\nmodule identities 'identity.bicep' = [for kind in ['control', 'kubelet']: {{\n  name: 'deploy-${{kind}}'\n  params: {{ name: named(kind, {number}), location: location }}\n}}]\n\nmodule grant 'grant.bicep' = {{\n  name: 'grant'\n  params: {{ principalId: identities[0].outputs.principalId, on: identities[1].outputs.name }}\n}}\n\nresource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {{\n  name: 'aks-{number}'\n  location: location\n  identity: {{\n    type: 'UserAssigned'\n    userAssignedIdentities: {{\n      '${{identities[0].outputs.id}}': {{}}\n    }}\n  }}\n  properties: {{\n    dnsPrefix: 'aks-{number}'\n    agentPoolProfiles: [\n      {{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }}\n    ]\n    identityProfile: {{\n      kubeletidentity: {{ resourceId: identities[1].outputs.id, objectId: identities[1].outputs.principalId }}\n    }}\n  }}\n}}\n"
        );
        std::fs::write(folder.join(format!("main{number}.bicep")), text)?;
    }
    Ok(())
}

/// An ARM template of a cluster in a subnet, with `count` identities and a role assignment for each.
pub fn assignments(count: usize) -> String {
    let mut text = String::from(
        r#"{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#","contentVersion":"1.0.0.0","resources":[
{"type":"Microsoft.Network/virtualNetworks","apiVersion":"2023-09-01","name":"vnet","location":"westeurope","properties":{"subnets":[{"name":"nodes"}]}},
{"type":"Microsoft.ContainerService/managedClusters","apiVersion":"2024-05-01","name":"aks","location":"westeurope","identity":{"type":"UserAssigned","userAssignedIdentities":{"[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities','id-0')]":{}}},"properties":{"dnsPrefix":"aks","agentPoolProfiles":[{"name":"system","mode":"System","vnetSubnetID":"[resourceId('Microsoft.Network/virtualNetworks/subnets','vnet','nodes')]"}]},"dependsOn":["id-0","vnet"]}"#,
    );
    for number in 0..count {
        let _ = write!(
            text,
            ",\n{{\"type\":\"Microsoft.ManagedIdentity/userAssignedIdentities\",\"apiVersion\":\"2023-01-31\",\"name\":\"id-{number}\",\"location\":\"westeurope\"}},\n\
             {{\"type\":\"Microsoft.Authorization/roleAssignments\",\"apiVersion\":\"2022-04-01\",\"name\":\"[guid('vnet','id-{number}','4d97b98b-1d4f-4787-a291-c67834d212e7')]\",\
             \"scope\":\"[resourceId('Microsoft.Network/virtualNetworks','vnet')]\",\"dependsOn\":[\"id-{number}\",\"vnet\"],\"properties\":{{\
             \"principalId\":\"[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities','id-{number}'),'2023-01-31').principalId]\",\"principalType\":\"ServicePrincipal\",\
             \"roleDefinitionId\":\"[subscriptionResourceId('Microsoft.Authorization/roleDefinitions','4d97b98b-1d4f-4787-a291-c67834d212e7')]\"}}}}"
        );
    }
    text.push_str("]}");
    text
}

/// A Bicep file of so many lines, with a cluster and calls of so many modules.
pub fn with_modules(modules: usize, lines: usize) -> String {
    let mut out = "param location string = resourceGroup().location

resource control 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-control'
  location: location
}

resource network 'Microsoft.Network/virtualNetworks@2023-11-01' = {
  name: 'vnet'
  location: location
  properties: { addressSpace: { addressPrefixes: ['10.0.0.0/8'] } }

  resource nodes 'subnets' = {
    name: 'nodes'
    properties: { addressPrefix: '10.1.0.0/16' }
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${control.id}': {} } }
  properties: {
    dnsPrefix: 'aks'
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 1, vmSize: 'Standard_D4s_v5', vnetSubnetID: network::nodes.id }
    ]
  }
}
"
    .to_owned();
    for number in 0..modules {
        let _ = write!(
            out,
            "
module part{number} 'module{number}.bicep' = {{
  name: 'part{number}'
  params: {{ principal: control.properties.principalId, location: location }}
  dependsOn: [ network ]
}}
"
        );
    }
    let mut number = 0;
    while out.lines().count() + 10 < lines {
        let _ = write!(
            out,
            "
resource account{number} 'Microsoft.Storage/storageAccounts@2023-01-01' = {{
  name: 'st${{uniqueString(resourceGroup().id, 'account{number}')}}'
  location: location
  kind: 'StorageV2'
  sku: {{ name: 'Standard_LRS' }}
  properties: {{ minimumTlsVersion: 'TLS1_2', allowBlobPublicAccess: false }}
}}
"
        );
        number += 1;
    }
    out
}

/// One of its modules.
pub fn module_of(number: usize) -> String {
    format!(
        "param principal string
param location string

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {{
  name: 'kv-{number}'
  location: location
  properties: {{ tenantId: tenant().tenantId, enableRbacAuthorization: true, sku: {{ family: 'A', name: 'standard' }} }}
}}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {{
  name: guid(vault.id, principal)
  scope: vault
  properties: {{
    principalId: principal
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions', '4633458b-17de-408a-b874-0445c86b69e6')
  }}
}}
"
    )
}

/// A template as the Bicep compiler writes it from one call of a module with a cluster after the other.
pub fn compiled_clusters(module: &str, size: usize) -> String {
    let calls = (0..).map(|number| Call {
        name: format!("module{number}"),
        arguments: format!(
            r#""clusterName": {{ "value": "aks-{number}" }}, "controlPlaneIdentityName": {{ "value": "id-control-{number}" }}, "kubeletIdentityName": {{ "value": "id-kubelet-{number}" }}, "networkResourceGroup": {{ "value": "rg-network" }}, "virtualNetworkName": {{ "value": "vnet-{number}" }}"#
        ),
        template: module,
    });
    compiled(calls, size)
}

/// The same from one call of `cluster`, and then of a module of storage after the other.
pub fn compiled_modules(cluster: &str, size: usize) -> String {
    let arguments = r#""clusterName": { "value": "aks" }, "networkResourceGroup": { "value": "rg-network" }, "virtualNetworkName": { "value": "vnet" }"#;
    let first = Call { name: "cluster".to_owned(), arguments: arguments.to_owned(), template: cluster };
    let module = storage();
    let others = (0..).map(|number| Call {
        name: format!("storage{number}"),
        arguments: format!(r#""name": {{ "value": "st{number}" }}, "containers": {{ "value": ["a", "b"] }}"#),
        template: &module,
    });
    compiled(std::iter::once(first).chain(others), size)
}

/// A call of a module, with its template.
struct Call<'t> {
    name: String,
    arguments: String,
    template: &'t str,
}

fn compiled<'t>(calls: impl Iterator<Item = Call<'t>>, size: usize) -> String {
    let mut out = String::from(
        "{\n  \"$schema\": \"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#\",\n  \"contentVersion\": \"1.0.0.0\",\n  \"resources\": [\n",
    );
    for (number, Call { name, arguments, template }) in calls.enumerate() {
        if out.len() >= size {
            break;
        }
        if number > 0 {
            out.push_str(",\n");
        }
        // Writing to a string cannot fail.
        let _ = write!(
            out,
            "{{ \"type\": \"Microsoft.Resources/deployments\", \"apiVersion\": \"2022-09-01\", \"name\": \"{name}\", \"properties\": {{ \"mode\": \"Incremental\", \"expressionEvaluationOptions\": {{ \"scope\": \"inner\" }}, \"parameters\": {{ {arguments} }}, \"template\": {template} }} }}"
        );
    }
    out.push_str("\n  ]\n}\n");
    out
}

/// A module like those of registries: types and settings with what each is for, and few resources. Public templates of three
/// megabytes have some 5,500 expressions; so many of these have 6,000.
fn storage() -> String {
    const SETTINGS: usize = 30;
    let mut types = String::new();
    let mut parameters = String::new();
    let mut properties = String::new();
    for number in 0..SETTINGS {
        let _ = write!(
            parameters,
            "\n      \"setting{number}\": {{\n        \"type\": \"string\",\n        \"nullable\": true,\n        \"metadata\": {{\n          \"description\": \"Optional. What setting {number} of the account is worth, where that is not left to the platform.\"\n        }}\n      }},"
        );
        let _ = write!(
            types,
            "\n          \"property{number}\": {{\n            \"type\": \"string\",\n            \"nullable\": true,\n            \"metadata\": {{\n              \"description\": \"Optional. What property {number} of one of its containers is, and what follows where nobody says it: the platform decides.\"\n            }}\n          }},"
        );
        let _ = write!(
            properties,
            "\n          \"setting{number}\": \"[if(empty(parameters('setting{number}')), format('{{0}}-{number}', parameters('name')), parameters('setting{number}'))]\","
        );
    }
    format!(
        r#"{{
    "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
    "contentVersion": "1.0.0.0",
    "definitions": {{
      "containerType": {{
        "type": "object",
        "properties": {{{types}
          "name": {{ "type": "string" }}
        }}
      }}
    }},
    "parameters": {{{parameters}
      "containers": {{ "type": "array", "defaultValue": [] }},
      "location": {{ "type": "string", "defaultValue": "[resourceGroup().location]" }},
      "name": {{ "type": "string", "metadata": {{ "description": "Required. The name of the account." }} }}
    }},
    "resources": [
      {{
        "type": "Microsoft.Storage/storageAccounts",
        "apiVersion": "2023-01-01",
        "name": "[parameters('name')]",
        "location": "[parameters('location')]",
        "sku": {{ "name": "Standard_LRS" }},
        "properties": {{{properties}
          "minimumTlsVersion": "TLS1_2"
        }}
      }},
      {{
        "copy": {{ "name": "containers", "count": "[length(parameters('containers'))]" }},
        "type": "Microsoft.Storage/storageAccounts/blobServices/containers",
        "apiVersion": "2023-01-01",
        "name": "[format('{{0}}/default/{{1}}', parameters('name'), parameters('containers')[copyIndex()])]",
        "dependsOn": ["[resourceId('Microsoft.Storage/storageAccounts', parameters('name'))]"]
      }}
    ],
    "outputs": {{
      "id": {{ "type": "string", "value": "[resourceId('Microsoft.Storage/storageAccounts', parameters('name'))]" }}
    }}
  }}"#
    )
}
