variable "secret" {
  type      = string
  sensitive = true
}

resource "azurerm_kubernetes_cluster" "main" {
  name                   = "aks-prod"
  resource_group_name    = "rg-aks"
  location               = "westeurope"
  dns_prefix             = "aks-prod"
  local_account_disabled = true

  default_node_pool {
    name       = "system"
    node_count = 3
    vm_size    = "Standard_D4s_v5"
  }

  service_principal {
    client_id     = "6b1d0a52-7f3e-4f0c-9d2b-3c8a5e41f907"
    client_secret = var.secret
  }

  azure_active_directory_role_based_access_control {
    azure_rbac_enabled = true
  }
}
