using 'main.bicep'

param workload = 'orders'
param environment = 'dev'
param privateCluster = false
