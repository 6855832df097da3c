//! What the files of a run, or of runs that follow each other, share: the files that they import from, each parsed once,
//! and where restored modules lie.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rolecall_source::{FileId, SourceFile};
use rustc_hash::FxHashMap;

use crate::lower::unit::Source;
use crate::modules::Modules;

/// The files imported from in one run, and its module cache.
#[derive(Default)]
pub struct Library {
    modules: Modules,
    keeps: bool,
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

    /// The same, but it keeps the trees of files that take something from others: those are read anew without being
    /// parsed, once the others change.
    pub fn keeping(modules: Modules) -> Self {
        Library { modules, keeps: true, ..Library::default() }
    }

    /// Lets go of what is made of other files than those that `is_there` says are there.
    pub fn retain(&self, is_there: impl Fn(FileId) -> bool) {
        self.bicep.lock().unwrap_or_else(PoisonError::into_inner).retain(|id, _| is_there(*id));
        self.compiled.lock().unwrap_or_else(PoisonError::into_inner).retain(|id, _| is_there(*id));
        self.modules.retain(is_there);
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

    /// Keeps the tree of a file that took something from others, where that is wanted.
    pub(crate) fn keep(&self, source: &Arc<Source>) {
        if self.keeps {
            let _ = cell(&self.bicep, source.id).set(source.clone());
        }
    }

    /// A compiled template that is imported from.
    pub(crate) fn compiled(&self, file: &SourceFile) -> Arc<rolecall_arm::Exports> {
        cell(&self.compiled, file.id).get_or_init(|| Arc::new(rolecall_arm::parse_exports(file))).clone()
    }
}
