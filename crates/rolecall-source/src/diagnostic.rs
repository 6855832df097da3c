//! What is wrong with an input, as opposed to what is wrong with the deployment it describes.

use std::path::PathBuf;

use crate::{LineColumn, ReadError, Span};

/// How serious a diagnostic or finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// Worth knowing.
    Note,
    /// Likely to go wrong.
    Warning,
    /// Will be refused, or could not be read.
    Error,
}

impl Level {
    /// The lower-case name that every output format uses.
    pub fn name(self) -> &'static str {
        match self {
            Level::Note => "note",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }

    /// One level lower; a note stays a note.
    pub fn lowered(self) -> Self {
        match self {
            Level::Error => Level::Warning,
            Level::Warning | Level::Note => Level::Note,
        }
    }
}

/// A remark about an input that is broken, incomplete or beyond a limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How serious it is.
    pub level: Level,
    /// What is wrong, why it matters and what to do.
    pub message: String,
    /// Where.
    pub span: Span,
    /// Other places that explain it.
    pub related: Vec<Note>,
}

/// A second place that belongs to a diagnostic or finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What is there.
    pub message: String,
    /// Where.
    pub span: Span,
}

/// A file or folder that could not be looked into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Its absolute path.
    pub path: PathBuf,
    /// How much that matters.
    pub level: Level,
    /// Why it could not be read.
    pub error: ReadError,
}

impl Unreadable {
    /// The place in it to show: the first bad byte, or its start.
    pub fn at(&self) -> LineColumn {
        match self.error {
            ReadError::NotUtf8 { at, .. } => at,
            _ => LineColumn { line: 1, column: 1 },
        }
    }

    /// What to say of it.
    pub fn message(&self) -> String {
        format!("this file was not analysed: {}", self.error)
    }
}

impl Diagnostic {
    /// An error-level diagnostic.
    pub fn error(span: Span, message: impl Into<String>) -> Self {
        Diagnostic { level: Level::Error, message: message.into(), span, related: Vec::new() }
    }

    /// A warning-level diagnostic.
    pub fn warning(span: Span, message: impl Into<String>) -> Self {
        Diagnostic { level: Level::Warning, message: message.into(), span, related: Vec::new() }
    }

    /// Hands every span of it to `each`.
    pub fn each_span(&mut self, each: &mut impl FnMut(&mut Span)) {
        each(&mut self.span);
        self.related.iter_mut().for_each(|note| each(&mut note.span));
    }

    /// Adds a second place.
    pub fn with_note(mut self, span: Span, message: impl Into<String>) -> Self {
        self.related.push(Note { message: message.into(), span });
        self
    }
}
