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
  description = "test or prod."

  validation {
    condition     = contains(["test", "prod"], var.environment)
    error_message = "The environment is test or prod."
  }
}

variable "backup" {
  type        = bool
  description = "Whether the volumes are backed up."
  default     = true
}
