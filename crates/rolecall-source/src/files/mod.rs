//! The confined, memoised snapshot of files that an analysis reads.

mod disk;
mod recorder;

use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, OnceLock};

use crate::{LineColumn, LineIndex};

pub use disk::{Changes, DiskFiles};
pub use recorder::{Lookup, Lookups, Recorder};

/// The largest file that is read.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// One content of a file: snapshots that follow each other give it the same number while it is the same, and a new one
/// once it is not. Numbers follow the order of reading, so nothing printed may depend on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// A file that was read.
#[derive(Debug)]
pub struct SourceFile {
    /// Its number in the snapshot.
    pub id: FileId,
    /// Its absolute path, symbolic links resolved.
    pub path: PathBuf,
    /// Its text without a leading byte order mark.
    pub text: String,
    /// Whether a byte order mark stood before the text.
    pub byte_order_mark: bool,
    lines: OnceLock<LineIndex>,
}

impl SourceFile {
    /// A file from bytes at hand.
    ///
    /// # Errors
    /// [`ReadError::NotUtf8`] where the bytes are no UTF-8.
    pub fn new(id: FileId, path: PathBuf, bytes: Vec<u8>) -> Result<Self, ReadError> {
        let mut text = String::from_utf8(bytes)
            .map_err(|error| ReadError::not_utf8(error.as_bytes(), error.utf8_error().valid_up_to()))?;
        let byte_order_mark = text.starts_with('\u{feff}');
        if byte_order_mark {
            text.drain(..'\u{feff}'.len_utf8());
        }
        Ok(SourceFile { id, path, text, byte_order_mark, lines: OnceLock::new() })
    }

    /// The line index, built on first use.
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }
}

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// There is no such file.
    NotFound,
    /// The path, links resolved, lies outside everything that may be read.
    Outside,
    /// The path names a folder or a device.
    NotAFile,
    /// The bytes are not UTF-8.
    NotUtf8 {
        /// How many bytes are.
        offset: usize,
        /// Where the first that is not stands.
        at: LineColumn,
    },
    /// The file is larger than is read.
    TooLarge {
        /// Its size in bytes.
        bytes: u64,
    },
    /// The system refused, in its words.
    Io(String),
}

impl ReadError {
    fn not_utf8(bytes: &[u8], offset: usize) -> Self {
        let text = bytes.get(..offset).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default();
        ReadError::NotUtf8 { offset, at: LineIndex::new(text).position(text, offset) }
    }
}

impl std::fmt::Display for ReadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ReadError::NotFound => write!(f, "there is no such file"),
            ReadError::Outside => write!(f, "it lies outside the root, and nothing outside is read (see --root)"),
            ReadError::NotAFile => write!(f, "it is not a regular file"),
            ReadError::NotUtf8 { offset, .. } => {
                write!(f, "it is not UTF-8 (first bad byte at offset {offset}); save it as UTF-8")
            }
            ReadError::TooLarge { bytes } => {
                write!(f, "it has {bytes} bytes, more than the {MAX_BYTES} that are read")
            }
            ReadError::Io(message) => write!(f, "{message}"),
        }
    }
}

impl std::error::Error for ReadError {}

/// A snapshot of files: each is read at most once, and nothing outside the allowed places is read at all.
pub trait Files: Send + Sync {
    /// The folder that confines reading, links resolved.
    fn root(&self) -> &Path;

    /// Reads a file by absolute path, or returns what an earlier call read.
    ///
    /// # Errors
    /// Why it cannot be read; the same answer every time.
    fn read(&self, path: &Path) -> Result<Arc<SourceFile>, ReadError>;

    /// A file that was read before.
    fn get(&self, id: FileId) -> Option<Arc<SourceFile>>;

    /// Reads a restored module: the file `inside` of the module cache `cache` (absolute), which may lie outside of the root.
    /// `inside` is a plain relative path below a folder of the cache; a link that leads out of that folder is not followed.
    ///
    /// # Errors
    /// Why it cannot be read; the same answer every time.
    fn read_restored(&self, cache: &Path, inside: &Path) -> Result<Arc<SourceFile>, ReadError> {
        let _ = (cache, inside);
        Err(ReadError::NotFound)
    }

    /// What stands in a folder, by absolute path and in order. Whether each may be read is [`Files::read`]'s question.
    ///
    /// # Errors
    /// Why it cannot be listed; the same answer every time.
    fn list(&self, dir: &Path) -> Result<Arc<[PathBuf]>, ReadError> {
        let _ = dir;
        Err(ReadError::NotFound)
    }
}

/// Removes `.` and resolves `..` by the path's text alone.
pub fn normalize(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}
