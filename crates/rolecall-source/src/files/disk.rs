//! The files on disk, with what an open editor holds over them.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use rustc_hash::{FxHashMap, FxHashSet};

use super::{FileId, Files, MAX_BYTES, ReadError, SourceFile, normalize};

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
    files: RwLock<FxHashMap<FileId, Arc<SourceFile>>>,
    folders: RwLock<FxHashMap<PathBuf, Listing>>,
    next: AtomicU32,
    before: Before,
}

/// What the snapshot before this one had read, and what of it still holds.
#[derive(Default)]
struct Before {
    known: Known,
    restored: Known,
    folders: FxHashMap<PathBuf, Listing>,
    /// The files that may have changed, by path with links resolved.
    changed: FxHashMap<PathBuf, Arc<SourceFile>>,
}

/// What may have changed between two snapshots.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    edited: FxHashSet<PathBuf>,
    moved: FxHashSet<PathBuf>,
}

impl Changes {
    /// The content of a file may be another. Its path is absolute, links resolved.
    pub fn edited(&mut self, path: &Path) {
        self.edited.insert(normalize(path));
    }

    /// A file or folder came, went, or was renamed. Its path is absolute.
    pub fn moved(&mut self, path: &Path) {
        self.moved.insert(normalize(path));
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.edited.is_empty() && self.moved.is_empty()
    }

    /// Whether any file or folder came or went.
    pub fn any_moved(&self) -> bool {
        !self.moved.is_empty()
    }

    /// The files whose content may be another.
    pub fn all_edited(&self) -> impl Iterator<Item = &Path> {
        self.edited.iter().map(PathBuf::as_path)
    }

    /// Adds those of another list.
    pub fn extend(&mut self, more: Changes) {
        self.edited.extend(more.edited);
        self.moved.extend(more.moved);
    }

    fn concerns(&self, path: &Path) -> bool {
        // Few paths change at a time, so comparing beats hashing.
        self.edited.iter().any(|one| one == path) || self.moved.iter().any(|one| path.starts_with(one))
    }

    fn concerns_folder(&self, dir: &Path) -> bool {
        // What appears may have brought its folder with it.
        self.moved.iter().any(|one| one.starts_with(dir) || dir.starts_with(one))
    }
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
            next: AtomicU32::new(0),
            before: Before::default(),
        })
    }

    /// Takes over what an earlier snapshot read, `changes` apart: it is not read from disk again, and keeps its number. What
    /// counts as read is still only what is asked of this snapshot. It comes before the first reading. `unasked` takes
    /// over what the earlier one had taken over and nobody asked it for, too: its run broke off.
    pub fn follow(&mut self, before: &DiskFiles, changes: &Changes, unasked: bool) {
        let held = |all: &RwLock<Known>, before: &Known, changed: &mut FxHashMap<PathBuf, Arc<SourceFile>>| {
            let all = all.read().unwrap_or_else(PoisonError::into_inner);
            let more = before.iter().filter(|(path, _)| unasked && !all.contains_key(*path));
            let mut held = Known::default();
            for (path, answer) in all.iter().chain(more) {
                let real = answer.as_ref().map_or(path.as_path(), |file| file.path.as_path());
                if !(changes.concerns(path) || (real != path && changes.concerns(real))) {
                    held.insert(path.clone(), answer.clone());
                } else if let Ok(file) = answer {
                    changed.insert(file.path.clone(), file.clone());
                }
            }
            held
        };
        self.next = AtomicU32::new(before.next.load(Ordering::Relaxed));
        // What lies inside now may have lain outside then.
        if (&self.root, &self.allowed) != (&before.root, &before.allowed) {
            return;
        }
        let mut changed = FxHashMap::default();
        let known = held(&before.known, &before.before.known, &mut changed);
        let restored = held(&before.restored, &before.before.restored, &mut changed);
        let folders = before.folders.read().unwrap_or_else(PoisonError::into_inner);
        let more = before.before.folders.iter().filter(|_| unasked);
        let folders = more.chain(folders.iter()).filter(|(dir, _)| !changes.concerns_folder(dir));
        let folders = folders.map(|(dir, listing)| (dir.clone(), listing.clone())).collect();
        self.before = Before { known, restored, folders, changed };
    }

    /// What stood in a file, path with links resolved, before it changed: the text that the snapshot before this one read.
    pub fn before(&self, path: &Path) -> Option<&Arc<SourceFile>> {
        self.before.changed.get(path)
    }

    /// The files that were asked for and read, by path.
    pub fn all(&self) -> Vec<Arc<SourceFile>> {
        let read = |known: &RwLock<Known>| {
            let known = known.read().unwrap_or_else(PoisonError::into_inner);
            known.values().filter_map(|answer| answer.clone().ok()).collect::<Vec<_>>()
        };
        let mut all = read(&self.known);
        all.extend(read(&self.restored));
        all.sort_unstable_by(|a, b| (&a.path, a.id).cmp(&(&b.path, b.id)));
        all.dedup_by_key(|file| file.id);
        all
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

    /// The paths of the texts that stand in for files.
    pub fn buffers(&self) -> impl Iterator<Item = &Path> {
        self.buffers.keys().map(PathBuf::as_path)
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
        let unchanged = self.before.changed.get(&real).filter(|file| !file.byte_order_mark);
        if let Some(file) = unchanged.filter(|file| file.text.as_bytes() == bytes) {
            return Ok(self.enter(file.clone()));
        }
        let id = FileId(self.next.fetch_add(1, Ordering::Relaxed));
        Ok(self.enter(Arc::new(SourceFile::new(id, real, bytes)?)))
    }

    fn enter(&self, file: Arc<SourceFile>) -> Arc<SourceFile> {
        self.files.write().unwrap_or_else(PoisonError::into_inner).insert(file.id, file.clone());
        file
    }

    fn known(&self, path: &Path) -> Option<Result<Arc<SourceFile>, ReadError>> {
        if let Some(known) = self.known.read().unwrap_or_else(PoisonError::into_inner).get(path) {
            return Some(known.clone());
        }
        let held = self.before.known.get(path)?.clone().map(|file| self.enter(file));
        Some(self.remember(path.to_path_buf(), held))
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
        let held = self.before.restored.get(&path).cloned().map(|held| held.map(|file| self.enter(file)));
        let loaded = held.unwrap_or_else(|| self.load_restored(cache, inside));
        let mut restored = self.restored.write().unwrap_or_else(PoisonError::into_inner);
        // One file has one number, whatever way leads to it and whichever thread came first.
        let loaded = match &loaded {
            Ok(file) => restored.entry(file.path.clone()).or_insert(loaded).clone(),
            Err(_) => loaded,
        };
        restored.entry(path).or_insert(loaded).clone()
    }

    fn get(&self, id: FileId) -> Option<Arc<SourceFile>> {
        self.files.read().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }

    fn list(&self, dir: &Path) -> Result<Arc<[PathBuf]>, ReadError> {
        let dir = normalize(dir);
        if let Some(known) = self.folders.read().unwrap_or_else(PoisonError::into_inner).get(&dir) {
            return known.clone();
        }
        let held = self.before.folders.get(&dir).cloned();
        let listed = held.unwrap_or_else(|| self.load_folder(&dir));
        self.folders.write().unwrap_or_else(PoisonError::into_inner).entry(dir).or_insert(listed).clone()
    }
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
    use crate::LineColumn;

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
    fn a_snapshot_that_follows_reads_again_only_what_changed() {
        let (_dir, files) = snapshot();
        let (same, other) = (files.root().join("same"), files.root().join("other"));
        for path in [&same, &other] {
            std::fs::write(path, "1").expect("written");
        }
        let first = [&same, &other].map(|path| files.read(path).expect("read").id);
        for path in [&same, &other] {
            std::fs::write(path, "2").expect("written");
        }
        let mut changes = Changes::default();
        changes.edited(&other);
        let mut next = DiskFiles::new(files.root()).expect("resolved");
        next.follow(&files, &changes, false);
        let (kept, read) = (next.read(&same).expect("read"), next.read(&other).expect("read"));
        assert_eq!((kept.id, kept.text.as_str()), (first[0], "1"), "nobody said that it changed");
        assert_eq!(read.text, "2");
        assert!(!first.contains(&read.id), "another content has another number");
        assert_eq!(next.get(kept.id).expect("known").text, "1");
    }

    #[test]
    fn a_content_that_is_the_same_again_keeps_its_number() {
        let (_dir, files) = snapshot();
        let path = files.root().join("a");
        std::fs::write(&path, "1").expect("written");
        let first = files.read(&path).expect("read").id;
        let mut changes = Changes::default();
        changes.edited(&path);
        let mut next = DiskFiles::new(files.root()).expect("resolved");
        next.follow(&files, &changes, false);
        assert_eq!(next.read(&path).expect("read").id, first);
    }

    #[test]
    fn what_comes_and_goes_is_seen_by_the_snapshot_that_follows() {
        let (_dir, files) = snapshot();
        let (new, old) = (files.root().join("sub/new"), files.root().join("old"));
        std::fs::write(&old, "").expect("written");
        assert_eq!(files.read(&new).expect_err("not there"), ReadError::NotFound);
        assert!(files.list(&files.root().join("sub")).is_err());
        assert!(files.read(&old).is_ok());
        std::fs::create_dir(files.root().join("sub")).expect("created");
        std::fs::write(&new, "").expect("written");
        std::fs::remove_file(&old).expect("removed");
        let mut changes = Changes::default();
        changes.moved(&new);
        changes.moved(&old);
        let mut next = DiskFiles::new(files.root()).expect("resolved");
        next.follow(&files, &changes, false);
        assert!(next.read(&new).is_ok());
        assert!(next.read(&old).is_err());
        assert_eq!(*next.list(&files.root().join("sub")).expect("listed"), [new]);
        assert_eq!(*next.list(files.root()).expect("listed"), [files.root().join("sub")]);
    }

    #[test]
    fn only_what_was_asked_of_a_snapshot_counts_as_read() {
        let (_dir, files) = snapshot();
        for name in ["a", "b"] {
            std::fs::write(files.root().join(name), name).expect("written");
            files.read(&files.root().join(name)).expect("read");
        }
        let mut next = DiskFiles::new(files.root()).expect("resolved");
        next.follow(&files, &Changes::default(), false);
        next.read(&files.root().join("b")).expect("read");
        assert_eq!(next.all().iter().map(|file| file.text.as_str()).collect::<Vec<_>>(), ["b"]);
        let known = |unasked| {
            let mut last = DiskFiles::new(files.root()).expect("resolved");
            last.follow(&next, &Changes::default(), unasked);
            last.read(&files.root().join("a")).expect("read").id
                == files.read(&files.root().join("a")).expect("read").id
        };
        assert!(known(true), "a run that broke off loses nothing");
        assert!(!known(false));
    }
}
