variable "resource_group_name" {
  type = string
}

variable "location" {
  type = string
}

variable "suffix" {
  type = string
}


variable "zone_name" {
  type        = string
  description = "The private DNS zone of the API server; none where it is public."
}

locals {
  subnets = {
    nodes     = ["10.20.0.0/20"]
    endpoints = ["10.20.16.0/24"]
  }
}

resource "azurerm_virtual_network" "this" {
  name                = "vnet-${var.suffix}"
  resource_group_name = var.resource_group_name
  location            = var.location
  address_space       = ["10.20.0.0/16"]
}

resource "azurerm_subnet" "this" {
  for_each = local.subnets

  name                 = each.key
  resource_group_name  = var.resource_group_name
  virtual_network_name = azurerm_virtual_network.this.name
  address_prefixes     = each.value
}

resource "azurerm_network_security_group" "nodes" {
  name                = "nsg-${var.suffix}"
  resource_group_name = var.resource_group_name
  location            = var.location
}

resource "azurerm_subnet_network_security_group_association" "nodes" {
  subnet_id                 = azurerm_subnet.this["nodes"].id
  network_security_group_id = azurerm_network_security_group.nodes.id
}

# kubenet writes its routes here.
resource "azurerm_route_table" "this" {
  name                = "rt-${var.suffix}"
  resource_group_name = var.resource_group_name
  location            = var.location
}

resource "azurerm_subnet_route_table_association" "nodes" {
  subnet_id      = azurerm_subnet.this["nodes"].id
  route_table_id = azurerm_route_table.this.id
}

resource "azurerm_public_ip" "egress" {
  count = 2

  name                = "pip-${var.suffix}-egress-${count.index}"
  resource_group_name = var.resource_group_name
  location            = var.location
  sku                 = "Standard"
  allocation_method   = "Static"
}

resource "azurerm_private_dns_zone" "this" {
  count = var.zone_name == null ? 0 : 1

  name                = var.zone_name
  resource_group_name = var.resource_group_name
}

resource "azurerm_private_dns_zone_virtual_network_link" "this" {
  count = var.zone_name == null ? 0 : 1

  name                  = "vnet-${var.suffix}"
  resource_group_name   = var.resource_group_name
  private_dns_zone_name = azurerm_private_dns_zone.this[0].name
  virtual_network_id    = azurerm_virtual_network.this.id
}

output "network_id" {
  value = azurerm_virtual_network.this.id
}

output "nodes_subnet_id" {
  value = azurerm_subnet.this["nodes"].id
}

output "route_table_id" {
  value = azurerm_route_table.this.id
}

output "outbound_address_ids" {
  value = azurerm_public_ip.egress[*].id
}

output "zone_id" {
  value = one(azurerm_private_dns_zone.this[*].id)
}
