//! Which folders are root modules: those that hold configuration and that nobody calls.
//!
//! Only what a module call writes out is known here; nothing is evaluated.

use std::path::{Path, PathBuf};

use rolecall_source::{Files, normalize};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::cache::Cache;

/// Folders with configuration, and which of them call which.
#[derive(Debug, Default)]
pub struct Folders {
    dirs: Vec<PathBuf>,
    /// For each the places of those that it calls.
    calls: Vec<Vec<usize>>,
}

impl Folders {
    /// Those among `dirs` that hold configuration.
    pub fn new(files: &dyn Files, dirs: &[PathBuf], cache: &Cache) -> Self {
        let mut modules: Vec<_> = dirs
            .iter()
            .filter_map(|dir| Some((normalize(dir), cache.module(files, dir).ok()?)))
            .filter(|(_, module)| !module.files.is_empty())
            .collect();
        modules.sort_by(|(a, _), (b, _)| a.cmp(b));
        modules.dedup_by(|(a, _), (b, _)| a == b);
        let places: FxHashMap<&Path, usize> =
            modules.iter().enumerate().map(|(place, (dir, _))| (dir.as_path(), place)).collect();
        let calls = modules.iter().enumerate().map(|(from, (dir, module))| {
            let local = module.calls.values().filter_map(|call| call.source.as_deref().filter(|one| is_local(one)));
            let called = local.filter_map(|source| places.get(&*normalize(&dir.join(source))).copied());
            // A module that calls itself is no less a root.
            called.filter(|to| *to != from).collect()
        });
        let calls = calls.collect();
        Folders { calls, dirs: modules.into_iter().map(|(dir, _)| dir).collect() }
    }

    /// The root modules, in order: nobody calls them, or only such as they call themselves.
    pub fn roots(&self) -> Vec<PathBuf> {
        self.root_places().into_iter().map(|place| self.dirs[place].clone()).collect()
    }

    /// The root modules that a folder is a part of; the folder itself where it is no part of any.
    pub fn roots_of(&self, dir: &Path) -> Vec<PathBuf> {
        let dir = normalize(dir);
        let Some(wanted) = self.dirs.iter().position(|known| *known == dir) else { return vec![dir] };
        let roots = self.root_places().into_iter();
        let using = roots.filter(|root| self.reached(*root).contains(&wanted)).map(|root| self.dirs[root].clone());
        using.collect()
    }

    /// The folders that a folder is a part of, itself among them, in order.
    pub fn users_of(&self, dir: &Path) -> Vec<PathBuf> {
        let dir = normalize(dir);
        let Some(wanted) = self.dirs.iter().position(|known| *known == dir) else { return Vec::new() };
        let using = (0..self.dirs.len()).filter(|from| self.reached(*from).contains(&wanted));
        using.map(|place| self.dirs[place].clone()).collect()
    }

    fn root_places(&self) -> Vec<usize> {
        let called: FxHashSet<usize> = self.calls.iter().flatten().copied().collect();
        let mut reached = FxHashSet::default();
        let mut roots = Vec::new();
        let free = (0..self.dirs.len()).filter(|place| !called.contains(place));
        // Behind them come those in circles, of which the first stands for the circle.
        for place in free.chain(0..self.dirs.len()) {
            if !reached.contains(&place) {
                roots.push(place);
                self.reach(place, &mut reached);
            }
        }
        roots.sort_unstable();
        roots
    }

    fn reached(&self, from: usize) -> FxHashSet<usize> {
        let mut reached = FxHashSet::default();
        self.reach(from, &mut reached);
        reached
    }

    fn reach(&self, from: usize, reached: &mut FxHashSet<usize>) {
        let mut open = vec![from];
        while let Some(place) = open.pop() {
            if reached.insert(place) {
                open.extend(&self.calls[place]);
            }
        }
    }
}

/// Whether a module's source is a folder of the same repository.
pub(crate) fn is_local(source: &str) -> bool {
    source.starts_with("./") || source.starts_with("../") || source == "." || source == ".."
}
