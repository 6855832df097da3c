//! ARM deployment semantics, shared by ARM JSON and Bicep.
//!
//! The front ends read text into the [`ir`]; the evaluator here turns a template and the values given to it into a
//! [`Deployment`](rolecall_graph::Deployment): parameters, variables, functions, loops, conditions, scopes, nested and linked
//! deployments. What cannot be evaluated becomes an unknown value with its reason.
//!
//! This crate reads no syntax and opens no file (a [`Loader`](evaluate::Loader) brings linked templates), and knows no rule.

pub mod evaluate;
pub mod functions;
pub mod ir;
mod places;

pub use places::Shared;
