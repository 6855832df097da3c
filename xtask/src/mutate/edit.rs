//! Changes of text, and what they look like.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Kind;
use super::run::Seen;

/// A stretch of text and what takes its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Bytes of the file, without a byte order mark.
    pub range: Range<usize>,
    /// What stands there instead.
    pub text: String,
}

/// An edit.
pub fn replace(range: Range<usize>, text: impl Into<String>) -> Edit {
    Edit { range, text: text.into() }
}

/// An edit that only adds.
pub fn insert(at: usize, text: impl Into<String>) -> Edit {
    replace(at..at, text)
}

/// The text after the edits; those that overlap an earlier one are left out.
pub fn apply(text: &str, edits: &[Edit]) -> String {
    let mut edits: Vec<_> = edits.iter().collect();
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        let Some(before) = text.get(at..edit.range.start) else { continue };
        out.push_str(before);
        out.push_str(&edit.text);
        at = edit.range.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// Where a file was changed: the resource or module that is written there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unit {
    /// The file.
    pub file: PathBuf,
    /// Its bytes, as they were.
    pub start: usize,
    /// Behind them.
    pub end: usize,
    /// Whether it calls a module that makes the assignment.
    pub module: bool,
}

impl Unit {
    /// As a range.
    pub fn range(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// A changed deployment.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// How it was changed.
    pub kind: Kind,
    /// What was changed, where it is one thing.
    pub unit: Option<Unit>,
    /// The edits of each file.
    pub edits: Vec<(PathBuf, Vec<Edit>)>,
    /// Files that were not there.
    pub new: Vec<(PathBuf, String)>,
}

impl Mutant {
    /// One changed file.
    pub fn of(kind: Kind, unit: Option<Unit>, file: &Path, edits: Vec<Edit>) -> Self {
        Mutant { kind, unit, edits: vec![(file.to_path_buf(), edits)], new: Vec::new() }
    }

    /// The texts that differ from those on disk.
    pub fn buffers(&self, base: &Seen) -> Vec<(PathBuf, Arc<str>)> {
        let changed = self.edits.iter().filter_map(|(path, edits)| {
            let text = base.text(path)?;
            Some((path.clone(), Arc::from(apply(&text.text, edits))))
        });
        changed.chain(self.new.iter().map(|(path, text)| (path.clone(), Arc::from(text.as_str())))).collect()
    }

    /// How far the end of the changed unit moved.
    pub fn growth(&self) -> isize {
        let Some(unit) = &self.unit else { return 0 };
        let edits = self.edits.iter().filter(|(path, _)| *path == unit.file).flat_map(|(_, edits)| edits);
        edits
            .filter(|edit| edit.range.start >= unit.start && edit.range.end <= unit.end)
            .map(|edit| edit.text.len() as isize - edit.range.len() as isize)
            .sum()
    }

    /// The change as lines, of each file no more than somebody reads.
    pub fn diff(&self, base: &Seen, root: &Path) -> String {
        const MOST: usize = 24;
        let mut out = String::new();
        let texts: BTreeMap<_, _> = self.buffers(base).into_iter().collect();
        for (path, new) in texts {
            let name = path.strip_prefix(root).unwrap_or(&path).display().to_string();
            let old = base.text(&path).map(|file| file.text.clone()).unwrap_or_default();
            let (old, new): (Vec<_>, Vec<_>) = (old.lines().collect(), new.lines().collect());
            let start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
            let tail = old[start..].iter().rev().zip(new[start..].iter().rev()).take_while(|(a, b)| a == b).count();
            let _ = writeln!(out, "    {name}:{}", start + 1);
            for (sign, lines) in [('-', &old[start..old.len() - tail]), ('+', &new[start..new.len() - tail])] {
                for line in lines.iter().take(MOST) {
                    let _ = writeln!(out, "    {sign} {line}");
                }
                if lines.len() > MOST {
                    let _ = writeln!(out, "    {sign} … {} lines more", lines.len() - MOST);
                }
            }
        }
        out
    }
}
