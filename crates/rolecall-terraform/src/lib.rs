//! Terraform and OpenTofu: what `terraform plan` would show, as far as identities go and without the providers.
//!
//! [`evaluate`] turns a root module into a deployment. Files become syntax trees (`hcl`, `json`), a folder becomes a
//! module (`config`), the evaluator works out variables, locals, modules and resources with all their instances, and
//! `mapping` says what each provider resource is in ARM. [`evaluate_plan`] reads what Terraform planned itself.
//!
//! This crate starts no process, asks no provider and knows no rule.

mod cache;
mod config;
mod deployment;
mod describe;
mod edit;
mod emit;
mod evaluate;
mod folders;
mod functions;
mod hcl;
mod json;
mod mapping;
mod plan;
mod registry;
mod syntax;
#[cfg(test)]
mod tests;
mod types;
mod unseen;
mod values;
mod versions;

pub use cache::Cache;
pub use config::is_configuration;
pub use deployment::{Given, Options, declared, entry, evaluate, given, is_automatic, is_variables};
pub use edit::{Mended, mend};
pub use folders::Folders;
pub use plan::evaluate_plan;
