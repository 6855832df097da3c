using 'main.bicep'

param workload = 'shop'
param environment = 'prod'
