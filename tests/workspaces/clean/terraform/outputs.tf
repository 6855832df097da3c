output "cluster_id" {
  value = module.cluster.id
}

output "registry_server" {
  value = azurerm_container_registry.main.login_server
}
