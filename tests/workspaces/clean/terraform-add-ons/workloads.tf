locals {
  workloads = {
    catalogue = { namespace = "shop" }
    payments  = { namespace = "money" }
  }
}

resource "azurerm_user_assigned_identity" "workload" {
  for_each = local.workloads

  name                = "id-${local.suffix}-${each.key}"
  resource_group_name = azurerm_resource_group.cluster.name
  location            = var.location
}

resource "azurerm_federated_identity_credential" "workload" {
  for_each = local.workloads

  name                      = "${each.value.namespace}-${each.key}"
  user_assigned_identity_id = azurerm_user_assigned_identity.workload[each.key].id
  issuer                    = azurerm_kubernetes_cluster.main.oidc_issuer_url
  subject                   = "system:serviceaccount:${each.value.namespace}:${each.key}"
  audience                  = ["api://AzureADTokenExchange"]
}

resource "azurerm_role_assignment" "workload_secrets" {
  for_each = local.workloads

  scope                = azurerm_key_vault.main.id
  role_definition_name = "Key Vault Secrets User"
  principal_id         = azurerm_user_assigned_identity.workload[each.key].principal_id
  principal_type       = "ServicePrincipal"
}
