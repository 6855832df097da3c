//! The confined, memoised snapshot of files that an analysis reads.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use rustc_hash::FxHashMap;

use crate::{LineColumn, LineIndex};

/// The largest file that is read.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// A file of one snapshot. Numbers follow the order of reading, so nothing printed may depend on them.
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

/// What stands in a folder, or why that cannot be told.
type Listing = Result<Arc<[PathBuf]>, ReadError>;

/// What each path gave.
type Known = FxHashMap<PathBuf, Result<Arc<SourceFile>, ReadError>>;

/// The files on disk.
pub struct DiskFiles {
    root: PathBuf,
    allowed: Vec<PathBuf>,
    /// Texts that stand in for files, by normalised path.
    buffers: BTreeMap<PathBuf, Arc<str>>,
    known: RwLock<Known>,
    /// What was read of module caches outside of the root: a path that leads there by other ways stays outside.
    restored: RwLock<Known>,
    files: RwLock<Vec<Arc<SourceFile>>>,
    folders: RwLock<FxHashMap<PathBuf, Listing>>,
}

impl DiskFiles {
    /// A snapshot of what lies below `root`.
    ///
    /// # Errors
    /// The system's, where `root` cannot be resolved.
    pub fn new(root: &Path) -> std::io::Result<Self> {
        Ok(DiskFiles {
            root: root.canonicalize()?,
            allowed: Vec::new(),
            buffers: BTreeMap::new(),
            known: RwLock::default(),
            restored: RwLock::default(),
            files: RwLock::default(),
            folders: RwLock::default(),
        })
    }

    /// Allows one more file, or all below one more folder: what the command line names.
    pub fn allow(&mut self, path: &Path) {
        if let Ok(path) = path.canonicalize() {
            self.allowed.push(path);
        }
    }

    /// Puts a text over the file of this absolute path, links resolved, as an open editor does; there need be no such file.
    /// It counts from the next reading on, so it is set before anything is read.
    pub fn put(&mut self, path: &Path, text: impl Into<Arc<str>>) {
        self.buffers.insert(normalize(path), text.into());
    }

    /// Reads a file by absolute path and keeps it only where `wanted` says so of its bytes: what a walk over a folder
    /// comes by need not stay in memory. `None` is a file that is not wanted; [`Files::read`] would still read it.
    ///
    /// # Errors
    /// Why it cannot be read. Bytes that are wanted and no UTF-8 are an error too.
    pub fn read_if(&self, path: &Path, wanted: impl Fn(&[u8]) -> bool) -> Result<Option<Arc<SourceFile>>, ReadError> {
        let path = normalize(path);
        let real = match self.known(&path) {
            Some(known) => return known.map(|file| Some(file).filter(|file| wanted(file.text.as_bytes()))),
            None => self.resolve(&path)?,
        };
        if let Some(known) = self.known(&real) {
            return known.map(|file| Some(file).filter(|file| wanted(file.text.as_bytes())));
        }
        let bytes = self.bytes(&real)?;
        if !wanted(&bytes) {
            return Ok(None);
        }
        let kept = self.remember(real.clone(), self.keep(real.clone(), bytes));
        if real == path { kept.map(Some) } else { self.remember(path, kept).map(Some) }
    }

    /// The path with its links resolved, where it may be looked at.
    fn confine(&self, path: &Path) -> Result<PathBuf, ReadError> {
        let real = path.canonicalize().map_err(|error| io_error(&error))?;
        if self.is_inside(&real) { Ok(real) } else { Err(ReadError::Outside) }
    }

    fn is_inside(&self, real: &Path) -> bool {
        real.starts_with(&self.root) || self.allowed.iter().any(|allowed| real.starts_with(allowed))
    }

    fn load_restored(&self, cache: &Path, inside: &Path) -> Result<Arc<SourceFile>, ReadError> {
        let cache = cache.canonicalize().map_err(|error| io_error(&error))?;
        let path = cache.join(inside);
        if self.is_inside(&cache) {
            return self.read(&path);
        }
        // The folder's own name, so that one that is a link leads nowhere.
        let folder = inside.components().next().map(|folder| cache.join(folder));
        let real = path.canonicalize().map_err(|error| io_error(&error))?;
        if !folder.is_some_and(|folder| real.starts_with(folder)) {
            return Err(ReadError::Outside);
        }
        readable(&real)?;
        if let Some(known) = self.restored.read().unwrap_or_else(PoisonError::into_inner).get(&real) {
            return known.clone();
        }
        let bytes = self.bytes(&real)?;
        self.keep(real, bytes)
    }

    fn load_folder(&self, dir: &Path) -> Result<Arc<[PathBuf]>, ReadError> {
        let mut paths: Vec<PathBuf> = self.buffers_in(dir).cloned().collect();
        let on_disk = self.confine(dir).and_then(|real| {
            let entries = std::fs::read_dir(real).map_err(|error| io_error(&error))?;
            // By the name that was asked for, so that a link's content keeps the link's name.
            Ok(entries.filter_map(|entry| Some(dir.join(entry.ok()?.file_name()))).collect::<Vec<_>>())
        });
        match on_disk {
            Ok(more) => paths.extend(more),
            Err(error) if paths.is_empty() => return Err(error),
            Err(_) => {}
        }
        paths.sort_unstable();
        paths.dedup();
        Ok(paths.into())
    }

    /// The path with its links resolved, where it names a file that may be read.
    fn resolve(&self, path: &Path) -> Result<PathBuf, ReadError> {
        if self.buffers.contains_key(path) {
            return Ok(path.to_path_buf());
        }
        let real = self.confine(path)?;
        readable(&real)?;
        Ok(real)
    }

    fn load(&self, path: &Path) -> Result<Arc<SourceFile>, ReadError> {
        let real = self.resolve(path)?;
        if real != path {
            return self.read(&real);
        }
        let bytes = self.bytes(&real)?;
        self.keep(real, bytes)
    }

    fn bytes(&self, real: &Path) -> Result<Vec<u8>, ReadError> {
        match self.buffers.get(real) {
            Some(text) => Ok(text.as_bytes().to_vec()),
            None => std::fs::read(real).map_err(|error| io_error(&error)),
        }
    }

    /// The buffers of a folder, not of those below it.
    fn buffers_in(&self, dir: &Path) -> impl Iterator<Item = &PathBuf> {
        self.buffers.keys().filter(move |path| path.parent() == Some(dir))
    }

    fn keep(&self, real: PathBuf, bytes: Vec<u8>) -> Result<Arc<SourceFile>, ReadError> {
        let mut files = self.files.write().unwrap_or_else(PoisonError::into_inner);
        let id = FileId(u32::try_from(files.len()).unwrap_or(u32::MAX));
        let file = Arc::new(SourceFile::new(id, real, bytes)?);
        files.push(file.clone());
        Ok(file)
    }

    fn known(&self, path: &Path) -> Option<Result<Arc<SourceFile>, ReadError>> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).get(path).cloned()
    }

    fn remember(
        &self,
        path: PathBuf,
        answer: Result<Arc<SourceFile>, ReadError>,
    ) -> Result<Arc<SourceFile>, ReadError> {
        self.known.write().unwrap_or_else(PoisonError::into_inner).entry(path).or_insert(answer).clone()
    }
}

impl Files for DiskFiles {
    fn root(&self) -> &Path {
        &self.root
    }

    fn read(&self, path: &Path) -> Result<Arc<SourceFile>, ReadError> {
        let path = normalize(path);
        if let Some(known) = self.known(&path) {
            return known;
        }
        let loaded = self.load(&path);
        self.remember(path, loaded)
    }

    fn read_restored(&self, cache: &Path, inside: &Path) -> Result<Arc<SourceFile>, ReadError> {
        if inside.as_os_str().is_empty() || !inside.components().all(|part| matches!(part, Component::Normal(_))) {
            return Err(ReadError::Outside);
        }
        let path = normalize(&cache.join(inside));
        let known = |path: &Path| self.restored.read().unwrap_or_else(PoisonError::into_inner).get(path).cloned();
        if let Some(known) = known(&path) {
            return known;
        }
        let loaded = self.load_restored(cache, inside);
        let mut restored = self.restored.write().unwrap_or_else(PoisonError::into_inner);
        // One file has one number, whatever way leads to it and whichever thread came first.
        let loaded = match &loaded {
            Ok(file) => restored.entry(file.path.clone()).or_insert(loaded).clone(),
            Err(_) => loaded,
        };
        restored.entry(path).or_insert(loaded).clone()
    }

    fn get(&self, id: FileId) -> Option<Arc<SourceFile>> {
        self.files.read().unwrap_or_else(PoisonError::into_inner).get(id.0 as usize).cloned()
    }

    fn list(&self, dir: &Path) -> Result<Arc<[PathBuf]>, ReadError> {
        let dir = normalize(dir);
        if let Some(known) = self.folders.read().unwrap_or_else(PoisonError::into_inner).get(&dir) {
            return known.clone();
        }
        let listed = self.load_folder(&dir);
        self.folders.write().unwrap_or_else(PoisonError::into_inner).entry(dir).or_insert(listed).clone()
    }
}

/// One look-up that an analysis made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// The file was there.
    Found(FileId),
    /// It was not, or could not be read: were it to appear, the analysis would change.
    Failed(ReadError),
    /// It is a folder, and this is what stood in it.
    Listed(Arc<[PathBuf]>),
}

/// A snapshot that remembers what was asked of it, failed look-ups too.
pub struct Recorder<'a> {
    files: &'a dyn Files,
    lookups: Mutex<BTreeMap<PathBuf, Lookup>>,
}

impl<'a> Recorder<'a> {
    /// Records what is asked of `files` through this.
    pub fn new(files: &'a dyn Files) -> Self {
        Recorder { files, lookups: Mutex::default() }
    }

    /// What was asked, by path.
    pub fn into_lookups(self) -> BTreeMap<PathBuf, Lookup> {
        self.lookups.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Files for Recorder<'_> {
    fn root(&self) -> &Path {
        self.files.root()
    }

    fn read(&self, path: &Path) -> Result<Arc<SourceFile>, ReadError> {
        let answer = self.files.read(path);
        let lookup = match &answer {
            Ok(file) => Lookup::Found(file.id),
            Err(error) => Lookup::Failed(error.clone()),
        };
        self.lookups.lock().unwrap_or_else(PoisonError::into_inner).insert(normalize(path), lookup);
        answer
    }

    fn read_restored(&self, cache: &Path, inside: &Path) -> Result<Arc<SourceFile>, ReadError> {
        let answer = self.files.read_restored(cache, inside);
        let lookup = match &answer {
            Ok(file) => Lookup::Found(file.id),
            Err(error) => Lookup::Failed(error.clone()),
        };
        self.lookups.lock().unwrap_or_else(PoisonError::into_inner).insert(normalize(&cache.join(inside)), lookup);
        answer
    }

    fn get(&self, id: FileId) -> Option<Arc<SourceFile>> {
        self.files.get(id)
    }

    fn list(&self, dir: &Path) -> Result<Arc<[PathBuf]>, ReadError> {
        let answer = self.files.list(dir);
        let lookup = match &answer {
            Ok(paths) => Lookup::Listed(paths.clone()),
            Err(error) => Lookup::Failed(error.clone()),
        };
        self.lookups.lock().unwrap_or_else(PoisonError::into_inner).insert(normalize(dir), lookup);
        answer
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

/// Whether a path, links resolved, names a file of a size that is read.
fn readable(real: &Path) -> Result<(), ReadError> {
    let metadata = std::fs::metadata(real).map_err(|error| io_error(&error))?;
    if !metadata.is_file() {
        return Err(ReadError::NotAFile);
    }
    if metadata.len() > MAX_BYTES {
        return Err(ReadError::TooLarge { bytes: metadata.len() });
    }
    Ok(())
}

fn io_error(error: &std::io::Error) -> ReadError {
    match error.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => ReadError::NotFound,
        _ => ReadError::Io(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot() -> (tempfile::TempDir, DiskFiles) {
        let dir = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir(dir.path().join("root")).expect("created");
        let files = DiskFiles::new(&dir.path().join("root")).expect("resolved");
        (dir, files)
    }

    #[test]
    fn a_file_is_read_once_whatever_its_spelling() {
        let (_dir, files) = snapshot();
        std::fs::write(files.root().join("a.json"), "1").expect("written");
        let first = files.read(&files.root().join("a.json")).expect("read");
        std::fs::write(files.root().join("a.json"), "2").expect("written");
        let second = files.read(&files.root().join("x/../a.json")).expect("read");
        assert_eq!((first.id, "1"), (second.id, second.text.as_str()));
    }

    #[test]
    fn a_buffer_stands_in_for_a_file_and_for_one_that_is_not_there() {
        let (_dir, mut files) = snapshot();
        let (kept, new) = (files.root().join("a.json"), files.root().join("new/b.json"));
        std::fs::write(&kept, "disk").expect("written");
        files.put(&kept, "buffer");
        files.put(&new, "new");
        assert_eq!(files.read(&kept).expect("read").text, "buffer");
        assert_eq!(files.read(&new).expect("read").text, "new");
        assert_eq!(files.read_if(&kept, |bytes| bytes == b"buffer").expect("read").expect("wanted").text, "buffer");
        assert_eq!(*files.list(files.root()).expect("listed"), [kept]);
        assert_eq!(*files.list(&files.root().join("new")).expect("listed"), [new]);
    }

    #[test]
    #[cfg(unix)]
    fn a_link_out_of_the_root_is_not_followed() {
        let (dir, files) = snapshot();
        std::fs::write(dir.path().join("secret"), "s").expect("written");
        std::os::unix::fs::symlink(dir.path().join("secret"), files.root().join("link")).expect("linked");
        assert_eq!(files.read(&files.root().join("link")).expect_err("outside"), ReadError::Outside);
        assert_eq!(files.read(&files.root().join("../secret")).expect_err("outside"), ReadError::Outside);
    }

    #[test]
    fn a_file_named_on_the_command_line_may_lie_outside() {
        let (dir, mut files) = snapshot();
        std::fs::write(dir.path().join("p.json"), "{}").expect("written");
        files.allow(&dir.path().join("p.json"));
        assert!(files.read(&dir.path().canonicalize().expect("resolved").join("p.json")).is_ok());
    }

    fn cache(dir: &tempfile::TempDir) -> PathBuf {
        let cache = dir.path().join("cache");
        std::fs::create_dir_all(cache.join("br/m")).expect("created");
        std::fs::write(cache.join("br/m/main.json"), "{}").expect("written");
        std::fs::write(cache.join("secret"), "s").expect("written");
        cache
    }

    #[test]
    fn a_module_cache_is_read_through_its_own_door_alone() {
        let (dir, files) = snapshot();
        let cache = cache(&dir);
        let module = Path::new("br/m/main.json");
        let first = files.read_restored(&cache, module).expect("read");
        assert_eq!(files.read_restored(&cache, module).expect("read").id, first.id);
        assert_eq!(files.read(&cache.join(module)).expect_err("outside"), ReadError::Outside);
        assert_eq!(files.read_restored(&cache, Path::new("br/../secret")).expect_err("outside"), ReadError::Outside);
        assert_eq!(files.read_restored(&cache, Path::new("br/n/main.json")).expect_err("none"), ReadError::NotFound);
    }

    #[test]
    #[cfg(unix)]
    fn a_link_out_of_a_folder_of_the_cache_is_not_followed() {
        let (dir, files) = snapshot();
        let cache = cache(&dir);
        std::os::unix::fs::symlink(&cache, cache.join("ts")).expect("linked");
        std::os::unix::fs::symlink(cache.join("secret"), cache.join("br/link")).expect("linked");
        for inside in ["ts/secret", "br/link"] {
            let error = files.read_restored(&cache, Path::new(inside)).expect_err("outside");
            assert_eq!(error, ReadError::Outside, "{inside}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_an_error_with_their_place() {
        let (_dir, files) = snapshot();
        std::fs::write(files.root().join("a"), b"ab\na\xff").expect("written");
        let error = files.read(&files.root().join("a")).expect_err("no text");
        assert_eq!(error, ReadError::NotUtf8 { offset: 4, at: LineColumn { line: 2, column: 2 } });
    }

    #[test]
    fn a_file_that_is_not_wanted_is_not_kept() {
        let (_dir, files) = snapshot();
        let path = files.root().join("a");
        std::fs::write(&path, b"no text \xff").expect("written");
        assert!(files.read_if(&path, |_| false).expect("read").is_none());
        assert!(files.read_if(&path, |_| true).is_err());
        std::fs::write(&path, "text").expect("written");
        assert!(files.read_if(&path, |_| true).is_err(), "what was kept is the answer every time");
    }

    #[test]
    fn a_byte_order_mark_is_no_text() {
        let (_dir, files) = snapshot();
        std::fs::write(files.root().join("a"), "\u{feff}{}").expect("written");
        let file = files.read(&files.root().join("a")).expect("read");
        assert_eq!((file.text.as_str(), file.byte_order_mark), ("{}", true));
    }

    #[test]
    #[cfg(unix)]
    fn a_folder_is_listed_in_order_and_only_inside_the_root() {
        let (dir, files) = snapshot();
        for name in ["b", "a"] {
            std::fs::write(files.root().join(name), "").expect("written");
        }
        let listed = files.list(files.root()).expect("listed");
        assert_eq!(listed.to_vec(), [files.root().join("a"), files.root().join("b")]);
        std::os::unix::fs::symlink(dir.path(), files.root().join("up")).expect("linked");
        assert_eq!(files.list(&files.root().join("up")).expect_err("outside"), ReadError::Outside);
        assert_eq!(files.list(&files.root().join("..")).expect_err("outside"), ReadError::Outside);
    }

    #[test]
    fn a_listed_folder_is_recorded() {
        let (_dir, files) = snapshot();
        let recorder = Recorder::new(&files);
        assert!(recorder.list(files.root()).is_ok());
        let root = files.root().to_owned();
        assert!(matches!(recorder.into_lookups().get(&root), Some(Lookup::Listed(paths)) if paths.is_empty()));
    }

    #[test]
    fn failed_look_ups_are_recorded_too() {
        let (_dir, files) = snapshot();
        let recorder = Recorder::new(&files);
        let path = files.root().join("missing");
        assert!(recorder.read(&path).is_err());
        assert_eq!(recorder.into_lookups().get(&path), Some(&Lookup::Failed(ReadError::NotFound)));
    }
}
