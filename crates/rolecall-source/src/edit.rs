//! Changes to text: what a fix writes, in bytes of files of the snapshot, and files that are new.
//!
//! It knows neither how a language is written nor what is wrong; the front ends make edits, others apply them.

use std::ops::Range;
use std::path::PathBuf;

use crate::{SourceFile, Span};

/// A replacement of bytes: an insertion where the span is empty.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// What is replaced.
    pub span: Span,
    /// What stands there then.
    pub text: String,
}

/// A file that is not there yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFile {
    /// Where: absolute, beside a file of the snapshot.
    pub path: PathBuf,
    /// What stands in it.
    pub text: String,
}

/// What is done to texts together: all of it or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rewrite {
    /// The edits, which do not overlap, by place.
    pub edits: Vec<Edit>,
    /// The files that are added.
    pub files: Vec<NewFile>,
}

impl From<Vec<Edit>> for Rewrite {
    fn from(edits: Vec<Edit>) -> Self {
        Rewrite { edits, files: Vec::new() }
    }
}

impl SourceFile {
    /// A replacement of bytes by text whose lines end as those of the file do: as its first.
    pub fn edit(&self, range: Range<usize>, text: &str) -> Edit {
        let end = self.text.find('\n').unwrap_or_default();
        let text = match self.text[..end].ends_with('\r') {
            true => text.replace("\r\n", "\n").replace('\n', "\r\n"),
            false => text.to_owned(),
        };
        Edit { span: Span::new(self.id, range.start, range.end), text }
    }

    /// The white space in front of the line of a byte.
    pub fn indent(&self, at: usize) -> &str {
        let start = self.text[..at].rfind('\n').map_or(0, |end| end + 1);
        let line = &self.text[start..];
        &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
    }
}

/// What mends something: all of it or nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an order: `set the scope to id-aks-kubelet`.
    pub title: String,
    /// Whether it may be applied unasked.
    pub safety: Safety,
    /// The edits, which do not overlap, by place.
    pub edits: Vec<Edit>,
    /// The files that are added.
    pub files: Vec<NewFile>,
}

/// Whether a fix may be applied unasked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Safety {
    /// It only says better what is meant already.
    Safe,
    /// It gives a permission, or changes what is deployed in another way: somebody must look.
    Unsafe,
}

impl Safety {
    /// The lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            Safety::Safe => "safe",
            Safety::Unsafe => "unsafe",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FileId;

    #[test]
    fn new_lines_end_like_those_of_the_file() {
        let of = |text: &str| SourceFile::new(FileId(0), "a.tf".into(), text.into()).expect("text");
        assert_eq!(of("a\r\nb").edit(0..0, "x\ny\r\n").text, "x\r\ny\r\n");
        assert_eq!(of("a\nb").edit(0..0, "x\n").text, "x\n");
        assert_eq!(of("a").edit(0..0, "x\n").text, "x\n");
    }
}
