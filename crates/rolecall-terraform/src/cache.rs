//! Modules that several deployments of one snapshot, or of snapshots that follow each other, share.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rolecall_source::{Diagnostic, FileId, Files, ReadError, SourceFile, normalize};
use rustc_hash::FxHashMap;

use crate::config::{self, Module};
use crate::syntax::Body;

/// Module folders that have been read. A folder counts as read before only where the same files still stand in it, so
/// every evaluation makes (and records) all of its look-ups.
#[derive(Default)]
pub struct Cache {
    folders: Mutex<FxHashMap<PathBuf, Read>>,
    /// The trees of files, where they are kept.
    bodies: Option<Mutex<FxHashMap<FileId, Arc<Parsed>>>>,
}

/// The files that stood in a folder, and the module that they make.
type Read = (Vec<FileId>, Arc<Module>);

type Parsed = (Body, Vec<Diagnostic>);

impl Cache {
    /// One that keeps each file's tree too, so that a folder is read again without parsing what did not change.
    pub fn keeping() -> Self {
        Cache { bodies: Some(Mutex::default()), ..Cache::default() }
    }

    /// Lets go of what is made of other files than those that `is_there` says are there.
    pub fn retain(&self, is_there: impl Fn(FileId) -> bool) {
        let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        folders.retain(|_, (ids, _)| ids.iter().all(|id| is_there(*id)));
        if let Some(bodies) = &self.bodies {
            bodies.lock().unwrap_or_else(PoisonError::into_inner).retain(|id, _| is_there(*id));
        }
    }

    /// Reads the module in a folder ahead, whichever thread asks; that it cannot be read is said where it is used.
    pub fn prepare(&self, files: &dyn Files, dir: &Path) {
        let _ = self.module(files, &normalize(dir));
    }

    /// The module in a folder.
    pub(crate) fn module(&self, files: &dyn Files, dir: &Path) -> Result<Arc<Module>, ReadError> {
        let paths = config::configuration_files(files, dir)?;
        let ids: Vec<FileId> = paths.iter().filter_map(|path| Some(files.read(path).ok()?.id)).collect();
        let known = self.folders.lock().unwrap_or_else(PoisonError::into_inner).get(dir).cloned();
        if let Some((_, module)) = known.filter(|(known, _)| *known == ids) {
            return Ok(module);
        }
        let module = Arc::new(config::load(files, dir, self)?);
        self.folders.lock().unwrap_or_else(PoisonError::into_inner).insert(dir.to_owned(), (ids, module.clone()));
        Ok(module)
    }

    /// The tree of a file as `parse` reads it, and what is wrong with its text.
    pub(crate) fn body(&self, file: &SourceFile, parse: fn(FileId, &str) -> Parsed) -> Parsed {
        let Some(bodies) = &self.bodies else { return parse(file.id, &file.text) };
        let known = bodies.lock().unwrap_or_else(PoisonError::into_inner).get(&file.id).cloned();
        let parsed = known.unwrap_or_else(|| {
            let parsed = Arc::new(parse(file.id, &file.text));
            bodies.lock().unwrap_or_else(PoisonError::into_inner).insert(file.id, parsed.clone());
            parsed
        });
        (*parsed).clone()
    }
}
