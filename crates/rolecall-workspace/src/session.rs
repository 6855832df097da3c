//! Analysing the same paths again and again, as an editor needs it.
//!
//! Evaluation is a pure function of the files that it looked up. So a [`Session`] keeps the tree of each file by its content,
//! and each deployment by its look-ups, and a run takes over what still holds: typing in one file parses that file, and
//! judges the deployments that looked it up. Each run leaves only what it used, so nothing grows.

use std::path::Path;
use std::sync::Arc;

use rolecall_bicep::{Library, Modules};
use rolecall_source::{Changes, DiskFiles, FileId};
use rolecall_terraform::Cache;
use rustc_hash::FxHashMap;

use crate::named::Named;
use crate::pipeline::{self, DeploymentKey, Judged, Scene};
use crate::store::Trees;
use crate::{Analysis, Error, Options};

/// The stack of each thread: evaluation recurses up to its own depth limit, and no further.
const STACK: usize = 256 << 20;

/// Analyses what the options name, once.
///
/// # Errors
/// What they name is wrong; a file that is merely found broken is a diagnostic.
pub fn analyse(options: &Options) -> Result<Analysis, Error> {
    analyse_with(options, &())
}

/// The same, with somebody who is told how far it is.
///
/// # Errors
/// Those of [`analyse`].
pub fn analyse_with(options: &Options, progress: &dyn Progress) -> Result<Analysis, Error> {
    Session { keeps: false, ..Session::new(options.clone())? }.analyse(progress)
}

/// Who is told how far an analysis is, from several threads.
pub trait Progress: Sync {
    /// So many deployments are to be analysed.
    fn begin(&self, deployments: usize);
    /// One of them is.
    fn step(&self);
    /// Whether the analysis is of no use any more. It stops before the next deployment; what is done by then is kept.
    fn stops(&self) -> bool {
        false
    }
}

/// Nobody.
impl Progress for () {
    fn begin(&self, _: usize) {}
    fn step(&self) {}
}

/// Paths that are analysed again and again.
pub struct Session {
    options: Options,
    pool: rayon::ThreadPool,
    keeps: bool,
    changes: Changes,
    kept: Kept,
}

/// What runs leave to the next one.
#[derive(Default)]
pub(crate) struct Kept {
    /// The files of the last run, and whether it came to its end.
    pub files: Option<(Arc<DiskFiles>, bool)>,
    pub scene: Option<Scene>,
    pub trees: Trees,
    pub deployments: FxHashMap<DeploymentKey, Arc<Judged>>,
    shared: Option<Arc<Shared>>,
}

/// What all deployments share.
pub(crate) struct Shared {
    pub library: Library,
    pub modules: Cache,
}

impl Shared {
    /// Lets go of what is made of other files than those that `is_there` says are there.
    pub fn retain(&self, is_there: impl Fn(FileId) -> bool) {
        self.library.retain(&is_there);
        self.modules.retain(&is_there);
    }
}

impl Kept {
    pub fn shared(&mut self, named: &Named, options: &Options, keeps: bool) -> Arc<Shared> {
        let make = || {
            let modules = Modules::new(named.module_cache.clone(), options.home.clone());
            Arc::new(match keeps {
                true => Shared { library: Library::keeping(modules), modules: Cache::keeping() },
                false => Shared { library: Library::new(modules), modules: Cache::default() },
            })
        };
        self.shared.get_or_insert_with(make).clone()
    }
}

impl Session {
    /// Nothing analysed yet.
    ///
    /// # Errors
    /// The threads could not be started.
    pub fn new(options: Options) -> Result<Self, Error> {
        let pool = rayon::ThreadPoolBuilder::new().stack_size(STACK).build();
        let pool = pool.map_err(|error| Error::Threads(error.to_string()))?;
        Ok(Session { options, pool, keeps: true, changes: Changes::default(), kept: Kept::default() })
    }

    /// What is analysed.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Puts a text over a file (an absolute path, links resolved), as an open editor does, or takes it away again.
    pub fn set_buffer(&mut self, path: &Path, text: Option<Arc<str>>) {
        let before = match text {
            Some(text) => self.options.buffers.insert(path.to_owned(), text),
            None => self.options.buffers.remove(path),
        };
        match before.is_some() && self.options.buffers.contains_key(path) || path.is_file() {
            true => self.changes.edited(path),
            false => self.changes.moved(path),
        }
    }

    /// What has changed on disk since the last run.
    pub fn changed(&mut self, changes: Changes) {
        self.changes.extend(changes);
    }

    /// Analyses what there is now.
    ///
    /// # Errors
    /// What the options name is wrong, or `progress` stopped it; the session can go on all the same.
    pub fn analyse(&mut self, progress: &dyn Progress) -> Result<Analysis, Error> {
        let Session { options, pool, keeps, changes, kept } = self;
        pool.install(|| pipeline::run(options, kept, changes, *keeps, progress))
    }
}
