# A cluster with the add-ons that need roles, encrypted with keys of one vault, and two workloads with identities of their own.
terraform {
  required_version = ">= 1.6"

  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 4.0"
    }
  }
}

provider "azurerm" {
  features {}
}

data "azurerm_client_config" "current" {}

locals {
  suffix = "${var.workload}-${var.environment}"
}

resource "azurerm_resource_group" "network" {
  name     = "rg-${local.suffix}-network"
  location = var.location
}

resource "azurerm_resource_group" "cluster" {
  name     = "rg-${local.suffix}-cluster"
  location = var.location
}

resource "azurerm_resource_group" "snapshots" {
  name     = "rg-${local.suffix}-snapshots"
  location = var.location
}

resource "azurerm_user_assigned_identity" "control" {
  name                = "id-${local.suffix}-control"
  resource_group_name = azurerm_resource_group.cluster.name
  location            = var.location
}

resource "azurerm_kubernetes_cluster" "main" {
  name                      = "aks-${local.suffix}"
  resource_group_name       = azurerm_resource_group.cluster.name
  location                  = var.location
  dns_prefix                = "aks-${local.suffix}"
  sku_tier                  = "Standard"
  local_account_disabled    = true
  oidc_issuer_enabled       = true
  workload_identity_enabled = true
  cost_analysis_enabled     = true
  disk_encryption_set_id    = azurerm_disk_encryption_set.nodes.id

  default_node_pool {
    name                 = "system"
    vm_size              = "Standard_D4s_v5"
    auto_scaling_enabled = true
    min_count            = 2
    max_count            = 5
    vnet_subnet_id       = azurerm_subnet.nodes.id
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }

  azure_active_directory_role_based_access_control {
    azure_rbac_enabled = true
  }

  key_management_service {
    key_vault_key_id = azurerm_key_vault_key.etcd.id
  }

  key_vault_secrets_provider {
    secret_rotation_enabled = true
  }

  ingress_application_gateway {
    gateway_id = azurerm_application_gateway.ingress.id
  }

  web_app_routing {
    dns_zone_ids = [azurerm_dns_zone.public.id, azurerm_private_dns_zone.internal.id]
  }

  oms_agent {
    log_analytics_workspace_id      = azurerm_log_analytics_workspace.main.id
    msi_auth_for_monitoring_enabled = true
  }

  service_mesh_profile {
    mode      = "Istio"
    revisions = ["asm-1-24"]

    certificate_authority {
      key_vault_id           = azurerm_key_vault.main.id
      root_cert_object_name  = "root-cert"
      cert_chain_object_name = "cert-chain"
      cert_object_name       = "ca-cert"
      key_object_name        = "ca-key"
    }
  }

  network_profile {
    network_plugin = "azure"
    service_cidr   = "172.16.0.0/16"
    dns_service_ip = "172.16.0.10"
  }

  # AKS tries the key, and reads the set of the disks, before there is a cluster.
  depends_on = [
    azurerm_role_assignment.etcd_key,
    azurerm_role_assignment.disk_key,
    azurerm_role_assignment.disk_set,
    azurerm_role_assignment.nodes_subnet,
  ]
}
