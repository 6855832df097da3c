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
    /// What was lost first of each object or array, by where that begins in the source.
    pub(crate) holes: BTreeMap<usize, Range<usize>>,
    /// Whether it would be done the same wherever the text stands: its first bracket is closed by its last byte, and
    /// nothing was looked for behind.
    pub(crate) is_local: bool,
}

impl Repair {
    /// The offset in the source of one in the new text.
    pub(crate) fn place(&self, offset: usize) -> usize {
        offset - self.inserted.partition_point(|at| *at < offset)
    }
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) range: Range<usize>,
    pub(crate) says: &'static str,
}
