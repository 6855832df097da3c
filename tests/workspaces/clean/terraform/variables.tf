variable "location" {
  type    = string
  default = "westeurope"
}

variable "workload" {
  type        = string
  description = "What all names contain."
}

variable "environment" {
  type        = string
  description = "dev, test or prod."

  validation {
    condition     = contains(["dev", "test", "prod"], var.environment)
    error_message = "The environment is dev, test or prod."
  }
}

variable "private_cluster" {
  type        = bool
  description = "Whether the API server is reached only from the network."
  default     = true
}

variable "network_plugin" {
  type    = string
  default = "azure"

  validation {
    condition     = contains(["azure", "kubenet"], var.network_plugin)
    error_message = "The network plugin is azure or kubenet."
  }
}

variable "pools" {
  type = map(object({
    size = string
    min  = number
    max  = number
  }))
  description = "Node pools beside the system pool."
  default     = {}
}

variable "tags" {
  type    = map(string)
  default = {}
}
