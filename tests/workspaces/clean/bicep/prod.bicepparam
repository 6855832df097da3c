using 'main.bicep'

param workload = 'orders'
param environment = 'prod'
param throughFirewall = true
param pools = [
  { name: 'general', size: 'Standard_D8s_v5', min: 3, max: 12 }
  { name: 'memory', size: 'Standard_E8s_v5', min: 1, max: 6 }
]
param tags = { owner: 'platform' }
