workload    = "shop"
environment = "prod"
