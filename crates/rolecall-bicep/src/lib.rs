//! Bicep's front end.
//!
//! [`split`] cuts a file into statements, [`parse`](mod@parse) reads each of them into a tree, [`syntax`] gives the trees types, and
//! [`parse()`] lowers them to the template IR as the official compiler does to ARM: operators become functions, names of
//! parameters and variables calls. What a file takes from others while it is compiled (imports, loaded content) is read
//! through [`Files`](rolecall_source::Files); modules are only named, and [`Modules`] says where those of registries lie.
//! Nothing is evaluated here.

mod edit;
mod library;
mod lower;
mod modules;
pub mod parse;
pub mod split;
pub mod syntax;

pub use edit::mend;
pub use library::Library;
pub use lower::{ParameterFile, Parsed, parse, parse_parameters};
pub use modules::Modules;
pub use parse::{File, Piece, SyntaxError};
