//! ARM templates and parameter files in JSON, read into the template IR.
//!
//! [`parse`] never fails as a whole: what cannot be read becomes a diagnostic and an
//! [`ExprKind::Invalid`](rolecall_template::ir::ExprKind::Invalid), and everything around it stays. Where more than a value
//! is lost, [`Template::incomplete`](rolecall_template::ir::Template::incomplete) says so.
//!
//! Nothing is evaluated, resolved or opened here, and no resource type is known but that of a nested deployment.

mod again;
mod deployment;
mod detect;
mod document;
mod edit;
mod expression;
mod json;
mod lost;
mod lower;
mod parameters;
mod repair;
mod resource;
mod suppress;
mod template;
mod text;

pub use again::parse_again;
pub use detect::{Schema, is_stamped_by_bicep, is_template, schema_of};
pub use edit::mend;
pub use parameters::{ParameterValue, ParsedParameters, is_placeholder, parse_data, parse_parameters};
pub use suppress::metadata_directives;
pub use template::{Exports, Parsed, parse, parse_exports, parse_template_spec};
