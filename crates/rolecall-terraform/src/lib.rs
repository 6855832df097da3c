//! Terraform.
mod config;
mod functions;
mod hcl;
mod json;
mod syntax;
mod types;
mod values;
