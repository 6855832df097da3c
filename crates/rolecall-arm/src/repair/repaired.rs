//! What a repair leaves.

use std::collections::BTreeMap;
use std::ops::Range;

/// Text that can be parsed again.
pub(crate) struct Repaired {
    /// The text, blanked out in parts, and with the brackets that were missing.
    pub(crate) text: String,
    pub(crate) repair: Repair,
    /// What is wrong, in order of place.
    pub(crate) faults: Vec<Fault>,
}

/// What was done to a text.
#[derive(Debug, Default)]
pub(crate) struct Repair {
    /// Where in the new text a bracket was put; ascending.
    pub(crate) inserted: Vec<usize>,
    /// What was lost of each object or array, by where that begins in the source.
    pub(crate) holes: BTreeMap<usize, Hole>,
    /// Whether it would be done the same wherever the text stands: its first bracket is closed by its last token, and
    /// nothing was looked for behind.
    pub(crate) is_local: bool,
}

impl Repair {
    /// The offset in the source of one in the new text.
    pub(crate) fn place(&self, offset: usize) -> usize {
        offset - self.inserted.partition_point(|at| *at < offset)
    }
}

/// What was lost of an object or array.
#[derive(Clone, Debug)]
pub(crate) struct Hole {
    /// Where it begins to be lost.
    pub(crate) range: Range<usize>,
    /// The name of the property, as far as it can be read; none where more than one may be lost.
    name: Option<Name>,
}

#[derive(Clone, Debug)]
struct Name {
    text: Box<str>,
    is_whole: bool,
}

impl Hole {
    /// A hole of which nobody knows what it was.
    pub(crate) fn unnamed(range: Range<usize>) -> Self {
        Hole { range, name: None }
    }

    /// A property that cannot be read.
    pub(crate) fn of_property(text: &str, range: Range<usize>) -> Self {
        let lost = text.get(range.clone()).unwrap_or_default();
        let inner = lost.strip_prefix('"').unwrap_or(lost);
        let end = inner.find(|c: char| !c.is_ascii_alphanumeric() && !"$_-.".contains(c)).unwrap_or(inner.len());
        let (text, tail) = inner.split_at(end);
        let whole = tail.strip_prefix('"');
        // Whatever else stands behind the name, or behind a second colon, may be another property.
        let behind = whole.unwrap_or(tail).trim_start();
        let ends = behind.is_empty() || behind.starts_with([':', '[', '{']) || (whole.is_some() && behind == ",");
        let is_one = ends && lost.bytes().filter(|byte| *byte == b':').count() < 2;
        let name = Name { text: text.into(), is_whole: whole.is_some() };
        Hole { range, name: is_one.then_some(name) }
    }

    /// Another one beside it.
    pub(crate) fn join(&mut self) {
        self.name = None;
    }

    /// Whether what was lost may be a property of this name.
    pub(crate) fn may_be(&self, property: &str) -> bool {
        self.name.as_ref().is_none_or(|name| {
            let beginning = if name.is_whole { Some(property) } else { property.get(..name.text.len()) };
            beginning.is_some_and(|beginning| beginning.eq_ignore_ascii_case(&name.text))
        })
    }
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) range: Range<usize>,
    pub(crate) says: &'static str,
}
