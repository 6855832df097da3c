variable "location" {
  type    = string
  default = "westeurope"
}

variable "brought" {
  type    = bool
  default = true
}

resource "azurerm_resource_group" "main" {
  name     = "rg"
  location = var.location
}

module "identity" {
  source              = "./identity"
  for_each            = toset(["control", "kubelet"])
  name                = "id-${each.key}"
  resource_group_name = azurerm_resource_group.main.name
  location            = var.location
}

resource "azurerm_virtual_network" "main" {
  name                = "vnet"
  resource_group_name = azurerm_resource_group.main.name
  location            = var.location
  address_space       = ["10.0.0.0/16"]
}

resource "azurerm_subnet" "nodes" {
  name                 = "nodes"
  resource_group_name  = azurerm_resource_group.main.name
  virtual_network_name = azurerm_virtual_network.main.name
  address_prefixes     = ["10.0.0.0/20"]
}

resource "azurerm_private_dns_zone" "main" {
  name                = "privatelink.westeurope.azmk8s.io"
  resource_group_name = azurerm_resource_group.main.name
}

module "cluster" {
  source              = "./cluster"
  resource_group_name = azurerm_resource_group.main.name
  location            = var.location
  identity            = var.brought ? module.identity["control"] : null
  kubelet_identity    = var.brought ? module.identity["kubelet"] : null
  operator_scope      = module.identity["control"].id
  operator            = module.identity["control"].principal_id
  network = {
    subnet_id = azurerm_subnet.nodes.id
    zone_id   = azurerm_private_dns_zone.main.id
  }
}
