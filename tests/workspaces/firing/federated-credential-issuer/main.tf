resource "azurerm_kubernetes_cluster" "main" {
  name                      = "aks-prod"
  resource_group_name       = "rg-aks"
  location                  = "westeurope"
  dns_prefix                = "aks-prod"
  local_account_disabled    = true
  oidc_issuer_enabled       = true
  workload_identity_enabled = true

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

resource "azurerm_user_assigned_identity" "api" {
  name                = "id-api"
  resource_group_name = "rg-aks"
  location            = "westeurope"
}

resource "azurerm_federated_identity_credential" "api" {
  name                      = "api"
  user_assigned_identity_id = azurerm_user_assigned_identity.api.id
  issuer                    = trimsuffix(azurerm_kubernetes_cluster.main.oidc_issuer_url, "/")
  subject                   = "system:serviceaccount:apps:api"
  audience                  = ["api://AzureADTokenExchange"]
}
