variable "name" {
  type = string
}

variable "resource_group_name" {
  type = string
}

variable "location" {
  type = string
}

variable "sku_tier" {
  type = string
}

variable "control_plane_id" {
  type = string
}

variable "kubelet" {
  type = object({
    id           = string
    client_id    = string
    principal_id = string
  })
}

variable "nodes_subnet_id" {
  type = string
}

variable "private_cluster" {
  type = bool
}

variable "private_dns_zone_id" {
  type = string
}

variable "network_plugin" {
  type = string
}

variable "outbound_address_ids" {
  type = list(string)
}

variable "pools" {
  type = map(object({
    size = string
    min  = number
    max  = number
  }))
}

variable "tags" {
  type = map(string)
}

resource "azurerm_kubernetes_cluster" "this" {
  name                      = var.name
  resource_group_name       = var.resource_group_name
  location                  = var.location
  dns_prefix                = var.name
  sku_tier                  = var.sku_tier
  local_account_disabled    = true
  oidc_issuer_enabled       = true
  workload_identity_enabled = true
  private_cluster_enabled   = var.private_cluster
  private_dns_zone_id       = var.private_dns_zone_id
  tags                      = var.tags

  default_node_pool {
    name                 = "system"
    vm_size              = "Standard_D4s_v5"
    auto_scaling_enabled = true
    min_count            = 2
    max_count            = 5
    vnet_subnet_id       = var.nodes_subnet_id
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [var.control_plane_id]
  }

  kubelet_identity {
    client_id                 = var.kubelet.client_id
    object_id                 = var.kubelet.principal_id
    user_assigned_identity_id = var.kubelet.id
  }

  azure_active_directory_role_based_access_control {
    azure_rbac_enabled = true
  }

  key_vault_secrets_provider {
    secret_rotation_enabled = true
  }

  network_profile {
    network_plugin = var.network_plugin
    outbound_type  = "loadBalancer"
    service_cidr   = "172.16.0.0/16"
    dns_service_ip = "172.16.0.10"

    load_balancer_profile {
      outbound_ip_address_ids = var.outbound_address_ids
    }
  }
}

resource "azurerm_kubernetes_cluster_node_pool" "this" {
  for_each = var.pools

  name                  = each.key
  kubernetes_cluster_id = azurerm_kubernetes_cluster.this.id
  vm_size               = each.value.size
  auto_scaling_enabled  = true
  min_count             = each.value.min
  max_count             = each.value.max
  vnet_subnet_id        = var.nodes_subnet_id
}

output "id" {
  value = azurerm_kubernetes_cluster.this.id
}

output "secrets_provider_object_id" {
  value = azurerm_kubernetes_cluster.this.key_vault_secrets_provider[0].secret_identity[0].object_id
}
