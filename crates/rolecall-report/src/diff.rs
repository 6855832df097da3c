//! Changes of files as a unified diff, as `git apply` and `patch -p1` take it.

use std::io;
use std::path::Path;

use similar::TextDiff;

use crate::{printable, relative};

/// How many unchanged lines stand around a change.
const CONTEXT: usize = 3;

/// Writes the change of one file, which is named relative to `base`; a file without an old text is new.
///
/// # Errors
/// Those of `out`.
pub fn write(out: &mut dyn io::Write, base: &Path, path: &Path, old: Option<&str>, new: &str) -> io::Result<()> {
    let name = relative(path, base);
    let name = printable(&name);
    let diff = TextDiff::from_lines(old.unwrap_or_default(), new);
    let from = if old.is_some() { format!("a/{name}") } else { "/dev/null".to_owned() };
    let to = format!("b/{name}");
    write!(out, "{}", diff.unified_diff().context_radius(CONTEXT).header(&from, &to))
}
