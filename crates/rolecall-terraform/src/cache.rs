//! Modules that several deployments of one snapshot share.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rolecall_source::{FileId, Files, ReadError, normalize};
use rustc_hash::FxHashMap;

use crate::config::{self, Module};

/// Module folders that have been read. A folder counts as read before only where the same files still stand in it, so
/// every evaluation makes (and records) all of its look-ups.
#[derive(Default)]
pub struct Cache(Mutex<FxHashMap<PathBuf, Read>>);

/// The files that stood in a folder, and the module that they make.
type Read = (Vec<FileId>, Arc<Module>);

impl Cache {
    /// Reads the module in a folder ahead, whichever thread asks; that it cannot be read is said where it is used.
    pub fn prepare(&self, files: &dyn Files, dir: &Path) {
        let _ = self.module(files, &normalize(dir));
    }

    /// The module in a folder.
    pub(crate) fn module(&self, files: &dyn Files, dir: &Path) -> Result<Arc<Module>, ReadError> {
        let paths = config::configuration_files(files, dir)?;
        let ids: Vec<FileId> = paths.iter().filter_map(|path| Some(files.read(path).ok()?.id)).collect();
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(dir).cloned();
        if let Some((_, module)) = known.filter(|(known, _)| *known == ids) {
            return Ok(module);
        }
        let module = Arc::new(config::load(files, dir)?);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(dir.to_owned(), (ids, module.clone()));
        Ok(module)
    }
}
