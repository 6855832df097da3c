workload    = "orders"
environment = "prod"

pools = {
  general = { size = "Standard_D8s_v5", min = 3, max = 12 }
  memory  = { size = "Standard_E8s_v5", min = 1, max = 6 }
}
