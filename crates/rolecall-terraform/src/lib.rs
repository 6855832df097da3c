//! Terraform.
mod hcl;
mod json;
mod syntax;
