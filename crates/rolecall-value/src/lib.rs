//! The value domain: what an expression of a template is worth before it is deployed.
//!
//! A [`Value`] is known, symbolic (an attribute that only the deployment will settle, or a pure function of such),
//! conditional, or unknown with its reason. [`Condition`]s range over the open [`Inputs`] of a deployment.
//! [`equality`] answers with a pair of conditions. [`ResourceId`] and [`Scope`] read ids out of strings, holes and all.
//! [`Origin`] leads from a value to the bytes that wrote it and the hops it came by.
//!
//! This crate evaluates no expression, calls no template function and knows no resource type or role.

mod collections;
mod condition;
mod construct;
mod describe;
mod equality;
mod id;
mod inputs;
mod key;
mod origin;
mod path;
mod spelling;
mod substitute;
mod text;
mod unknown;
mod value;

pub use condition::{Condition, MAX_NODES, MAX_VARIABLES};
pub use equality::{Case, Equality, equality, truth};
pub use id::{ResourceId, ResourceType, Scope, contains, id_equality, name_equality, segments};
pub use inputs::{Choice, Chosen, Input, InputId, Inputs, Point, Witness};
pub use key::Key;
pub use origin::{Hop, Origin, OriginNode, Origins};
pub use path::{Found, walk};
pub use substitute::substitute;
pub use unknown::{Reason, ReasonKind, Type, Unknown};
pub use value::{Array, Item, Kind, MAX_ALTERNATIVES, MAX_SIZE, Object, Piece, Property, Symbol, Value};
