//! Changes of files as a unified diff, as `git apply` and `patch -p1` take it.

use std::io;
use std::path::Path;

use similar::TextDiff;

use crate::{printable, relative};

/// How many unchanged lines stand around a change.
const CONTEXT: usize = 3;

/// Writes the change of one file, which is named relative to `base`.
///
/// # Errors
/// Those of `out`.
pub fn write(out: &mut dyn io::Write, base: &Path, path: &Path, old: &str, new: &str) -> io::Result<()> {
    let name = relative(path, base);
    let name = printable(&name);
    let diff = TextDiff::from_lines(old, new);
    let (from, to) = (format!("a/{name}"), format!("b/{name}"));
    write!(out, "{}", diff.unified_diff().context_radius(CONTEXT).header(&from, &to))
}
