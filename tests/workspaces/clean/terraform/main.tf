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

locals {
  suffix = "${var.workload}-${var.environment}"
  tags   = merge(var.tags, { workload = var.workload, environment = var.environment })
}

data "azurerm_client_config" "current" {}

resource "azurerm_resource_group" "network" {
  name     = "rg-${local.suffix}-network"
  location = var.location
  tags     = local.tags
}

resource "azurerm_resource_group" "cluster" {
  name     = "rg-${local.suffix}-cluster"
  location = var.location
  tags     = local.tags
}

module "network" {
  source = "./modules/network"

  resource_group_name = azurerm_resource_group.network.name
  location            = var.location
  suffix              = local.suffix
  zone_name           = var.private_cluster ? "privatelink.${var.location}.azmk8s.io" : null
}

module "identity" {
  source   = "./modules/identity"
  for_each = toset(["control", "kubelet"])

  name                = "id-${local.suffix}-${each.key}"
  resource_group_name = azurerm_resource_group.cluster.name
  location            = var.location
  tags                = local.tags
}

resource "azurerm_container_registry" "main" {
  name                = "cr${var.workload}${var.environment}"
  resource_group_name = azurerm_resource_group.cluster.name
  location            = var.location
  sku                 = "Premium"
  admin_enabled       = false
}

resource "azurerm_key_vault" "main" {
  name                       = "kv-${local.suffix}"
  resource_group_name        = azurerm_resource_group.cluster.name
  location                   = var.location
  tenant_id                  = data.azurerm_client_config.current.tenant_id
  sku_name                   = "standard"
  rbac_authorization_enabled = true
  purge_protection_enabled   = true
}

module "cluster" {
  source = "./modules/cluster"

  name                 = "aks-${local.suffix}"
  resource_group_name  = azurerm_resource_group.cluster.name
  location             = var.location
  sku_tier             = var.environment == "prod" ? "Standard" : "Free"
  control_plane_id     = module.identity["control"].id
  kubelet              = module.identity["kubelet"]
  nodes_subnet_id      = module.network.nodes_subnet_id
  private_dns_zone_id  = module.network.zone_id
  private_cluster      = var.private_cluster
  network_plugin       = var.network_plugin
  outbound_address_ids = module.network.outbound_address_ids
  pools                = var.pools
  tags                 = local.tags

  # What AKS looks for before it creates the cluster, and the routes of the subnet.
  depends_on = [
    azurerm_role_assignment.operator,
    azurerm_role_assignment.network,
    azurerm_role_assignment.zone,
    module.network,
  ]
}
