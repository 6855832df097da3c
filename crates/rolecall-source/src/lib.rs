//! Bytes, places in them, and what is to be said about them.
//!
//! Everything that reads a file goes through [`Files`]: a snapshot that is confined to a root, reads each file once and
//! can be asked which look-ups an analysis made. [`Span`] is a byte range in one file; [`LineIndex`] turns bytes into
//! lines and columns only when something is printed. [`Diagnostic`] says that an input is broken or incomplete.
//!
//! This crate knows no language, no Azure and no output format.

mod diagnostic;
mod edit;
mod files;
mod lines;
mod span;
mod suppress;
mod write;

pub use diagnostic::{Diagnostic, Level, Note, Unreadable};
pub use edit::{Edit, Fix, NewFile, Rewrite, Safety};
pub use files::{Changes, DiskFiles, FileId, Files, Lookup, Lookups, ReadError, Recorder, SourceFile, normalize};
pub use lines::{LineColumn, LineIndex};
pub use span::{Span, Spanned};
pub use suppress::{Comments, Directive, MARK, directives, request};
pub use write::{WriteError, create_file, replace_file};
