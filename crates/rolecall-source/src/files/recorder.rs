//! What an analysis asked of a snapshot, so that a later one can tell whether it would ask and learn the same.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::{FileId, Files, ReadError, SourceFile, normalize};

/// What a look-up gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// The file was there.
    Found(FileId),
    /// It was not, or could not be read: were it to appear, the analysis would change.
    Failed(ReadError),
    /// It is a folder, and this is what stood in it.
    Listed(Arc<[PathBuf]>),
}

impl Lookup {
    fn of_file(answer: &Result<Arc<SourceFile>, ReadError>) -> Self {
        match answer {
            Ok(file) => Lookup::Found(file.id),
            Err(error) => Lookup::Failed(error.clone()),
        }
    }

    fn of_folder(answer: &Result<Arc<[PathBuf]>, ReadError>) -> Self {
        match answer {
            Ok(paths) => Lookup::Listed(paths.clone()),
            Err(error) => Lookup::Failed(error.clone()),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Asked {
    File(PathBuf),
    /// A file of a module cache.
    Restored(PathBuf, PathBuf),
    Folder(PathBuf),
}

/// The look-ups that an analysis made, each once.
#[derive(Clone, Debug, Default)]
pub struct Lookups(BTreeMap<Asked, Lookup>);

impl Lookups {
    /// Whether all would give the same in another snapshot. They are made there, so they count as made.
    pub fn hold(&self, files: &dyn Files) -> bool {
        self.0.iter().all(|(asked, known)| {
            *known
                == match asked {
                    Asked::File(path) => Lookup::of_file(&files.read(path)),
                    Asked::Restored(cache, inside) => Lookup::of_file(&files.read_restored(cache, inside)),
                    Asked::Folder(dir) => Lookup::of_folder(&files.list(dir)),
                }
        })
    }

    /// Whether none was made.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What was looked up, by path, with what it gave; a restored module by its place in the cache.
    pub fn iter(&self) -> impl Iterator<Item = (PathBuf, &Lookup)> {
        self.0.iter().map(|(asked, lookup)| {
            let path = match asked {
                Asked::File(path) | Asked::Folder(path) => path.clone(),
                Asked::Restored(cache, inside) => normalize(&cache.join(inside)),
            };
            (path, lookup)
        })
    }
}

/// A snapshot that remembers what was asked of it, failed look-ups too.
pub struct Recorder<'a> {
    files: &'a dyn Files,
    lookups: Mutex<BTreeMap<Asked, Lookup>>,
}

impl<'a> Recorder<'a> {
    /// Records what is asked of `files` through this.
    pub fn new(files: &'a dyn Files) -> Self {
        Recorder { files, lookups: Mutex::default() }
    }

    /// What was asked.
    pub fn into_lookups(self) -> Lookups {
        Lookups(self.lookups.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    fn record(&self, asked: Asked, lookup: Lookup) {
        self.lookups.lock().unwrap_or_else(PoisonError::into_inner).insert(asked, lookup);
    }
}

impl Files for Recorder<'_> {
    fn root(&self) -> &Path {
        self.files.root()
    }

    fn read(&self, path: &Path) -> Result<Arc<SourceFile>, ReadError> {
        let answer = self.files.read(path);
        self.record(Asked::File(normalize(path)), Lookup::of_file(&answer));
        answer
    }

    fn read_restored(&self, cache: &Path, inside: &Path) -> Result<Arc<SourceFile>, ReadError> {
        let answer = self.files.read_restored(cache, inside);
        self.record(Asked::Restored(cache.to_owned(), inside.to_owned()), Lookup::of_file(&answer));
        answer
    }

    fn get(&self, id: FileId) -> Option<Arc<SourceFile>> {
        self.files.get(id)
    }

    fn list(&self, dir: &Path) -> Result<Arc<[PathBuf]>, ReadError> {
        let answer = self.files.list(dir);
        self.record(Asked::Folder(normalize(dir)), Lookup::of_folder(&answer));
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DiskFiles;

    fn snapshot() -> (tempfile::TempDir, DiskFiles) {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let files = DiskFiles::new(dir.path()).expect("resolved");
        (dir, files)
    }

    #[test]
    fn a_listed_folder_is_recorded() {
        let (_dir, files) = snapshot();
        let recorder = Recorder::new(&files);
        assert!(recorder.list(files.root()).is_ok());
        let lookups = recorder.into_lookups();
        assert!(matches!(lookups.iter().next(), Some((_, Lookup::Listed(paths))) if paths.is_empty()));
    }

    #[test]
    fn failed_look_ups_are_recorded_too() {
        let (_dir, files) = snapshot();
        let recorder = Recorder::new(&files);
        let path = files.root().join("missing");
        assert!(recorder.read(&path).is_err());
        let lookups = recorder.into_lookups();
        assert_eq!(lookups.iter().next(), Some((path, &Lookup::Failed(ReadError::NotFound))));
    }

    #[test]
    fn look_ups_hold_until_one_of_them_would_give_something_else() {
        let (_dir, files) = snapshot();
        let (a, b) = (files.root().join("a"), files.root().join("b"));
        std::fs::write(&a, "1").expect("written");
        let recorder = Recorder::new(&files);
        let _ = (recorder.read(&a), recorder.read(&b));
        let lookups = recorder.into_lookups();
        assert!(lookups.hold(&files));
        std::fs::write(&b, "2").expect("written");
        let mut changes = crate::Changes::default();
        changes.moved(&b);
        let mut next = DiskFiles::new(files.root()).expect("resolved");
        next.follow(&files, &changes, false);
        assert!(!lookups.hold(&next));
    }
}
