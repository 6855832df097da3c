locals {
  # What the control plane joins and writes.
  network_scopes = {
    network = module.network.network_id
    routes  = module.network.route_table_id
  }
}

resource "azurerm_role_assignment" "operator" {
  scope                = module.identity["kubelet"].id
  role_definition_name = "Managed Identity Operator"
  principal_id         = module.identity["control"].principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "network" {
  for_each = local.network_scopes

  scope                = each.value
  role_definition_name = "Network Contributor"
  principal_id         = module.identity["control"].principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "egress" {
  count = length(module.network.outbound_address_ids)

  scope                = module.network.outbound_address_ids[count.index]
  role_definition_name = "Network Contributor"
  principal_id         = module.identity["control"].principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "zone" {
  count = var.private_cluster ? 1 : 0

  scope                = module.network.zone_id
  role_definition_name = "Private DNS Zone Contributor"
  principal_id         = module.identity["control"].principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "pull" {
  scope                = azurerm_container_registry.main.id
  role_definition_name = "AcrPull"
  principal_id         = module.identity["kubelet"].principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "secrets" {
  scope                = azurerm_key_vault.main.id
  role_definition_name = "Key Vault Secrets User"
  principal_id         = module.cluster.secrets_provider_object_id
  principal_type       = "ServicePrincipal"
}
