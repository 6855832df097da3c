//! Bicep's front end.
//!
//! [`split`] cuts a file into statements, [`parse`] reads each of them into a tree, [`syntax`] gives the trees types.

pub mod parse;
pub mod split;
pub mod syntax;

pub use parse::{File, Piece, SyntaxError};
