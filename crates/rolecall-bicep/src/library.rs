//! What the files of a run share: the files that they import from, each parsed once, and where restored modules lie.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rolecall_source::{FileId, SourceFile};
use rustc_hash::FxHashMap;

use crate::lower::unit::Source;
use crate::modules::Modules;

/// The files imported from in one run, and its module cache.
#[derive(Default)]
pub struct Library {
    modules: Modules,
    bicep: Cells<Source>,
    compiled: Cells<rolecall_arm::Exports>,
}

type Cells<T> = Mutex<FxHashMap<FileId, Arc<OnceLock<Arc<T>>>>>;

fn cell<T>(cells: &Cells<T>, id: FileId) -> Arc<OnceLock<Arc<T>>> {
    cells.lock().unwrap_or_else(PoisonError::into_inner).entry(id).or_default().clone()
}

impl Library {
    /// Nothing imported yet.
    pub fn new(modules: Modules) -> Self {
        Library { modules, ..Library::default() }
    }

    /// Where restored modules lie.
    pub fn modules(&self) -> &Modules {
        &self.modules
    }

    /// A Bicep file that is imported from.
    pub(crate) fn bicep(&self, file: &SourceFile) -> Arc<Source> {
        cell(&self.bicep, file.id).get_or_init(|| Arc::new(Source::new(file))).clone()
    }

    /// A file, where it has been imported from: its tree is at hand.
    pub(crate) fn known(&self, id: FileId) -> Option<Arc<Source>> {
        self.bicep.lock().unwrap_or_else(PoisonError::into_inner).get(&id)?.get().cloned()
    }

    /// A compiled template that is imported from.
    pub(crate) fn compiled(&self, file: &SourceFile) -> Arc<rolecall_arm::Exports> {
        cell(&self.compiled, file.id).get_or_init(|| Arc::new(rolecall_arm::parse_exports(file))).clone()
    }
}
