locals {
  ingress_id    = azurerm_kubernetes_cluster.main.ingress_application_gateway[0].ingress_application_gateway_identity[0].object_id
  routing_id    = azurerm_kubernetes_cluster.main.web_app_routing[0].web_app_routing_identity[0].object_id
  provider_id   = azurerm_kubernetes_cluster.main.key_vault_secrets_provider[0].secret_identity[0].object_id
  ingress_roles = {
    gateway = { role = "Contributor", scope = azurerm_application_gateway.ingress.id }
    subnet  = { role = "Network Contributor", scope = azurerm_subnet.gateway.id }
    group   = { role = "Reader", scope = azurerm_resource_group.network.id }
  }
}

resource "azurerm_role_assignment" "ingress" {
  for_each = local.ingress_roles

  scope                = each.value.scope
  role_definition_name = each.value.role
  principal_id         = local.ingress_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "public_zone" {
  scope                = azurerm_dns_zone.public.id
  role_definition_name = "DNS Zone Contributor"
  principal_id         = local.routing_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "private_zone" {
  scope                = azurerm_private_dns_zone.internal.id
  role_definition_name = "Private DNS Zone Contributor"
  principal_id         = local.routing_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "certificates" {
  scope                = azurerm_key_vault.main.id
  role_definition_name = "Key Vault Certificate User"
  principal_id         = local.routing_id
  principal_type       = "ServicePrincipal"
}

# The certificate authority of the mesh.
resource "azurerm_role_assignment" "mesh" {
  scope                = azurerm_key_vault.main.id
  role_definition_name = "Key Vault Secrets User"
  principal_id         = local.provider_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_log_analytics_workspace" "main" {
  name                = "log-${local.suffix}"
  resource_group_name = azurerm_resource_group.cluster.name
  location            = var.location
}

resource "azurerm_monitor_data_collection_rule" "containers" {
  name                = "dcr-${local.suffix}"
  resource_group_name = azurerm_resource_group.cluster.name
  location            = var.location

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

resource "azurerm_monitor_data_collection_rule_association" "containers" {
  name                    = "ContainerInsightsExtension"
  target_resource_id      = azurerm_kubernetes_cluster.main.id
  data_collection_rule_id = azurerm_monitor_data_collection_rule.containers.id
}
