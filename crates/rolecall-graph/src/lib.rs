//! The resource graph: what rules see, in one shape for all languages.
//!
//! A [`Deployment`] holds resources in ARM's shape. From it come the role assignments, role definitions and identities,
//! what Azure makes by itself (from data), and the answer to the one question: may this principal do this action at this
//! scope, and under which condition?
//!
//! This crate knows no syntax, no rule and no output format.

mod deployment;

pub use deployment::{Deployment, Language, MadeBy, Resource, ResourceIndex, Unresolved};
