//! What the command line names, and the snapshot of files that it confines.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rolecall_source::{DiskFiles, Files, Lookup, Lookups, SourceFile, normalize};
use rustc_hash::FxHashSet;

use crate::{Error, Options, Variables, root};

/// What the command line names, with links resolved.
#[derive(Default)]
pub(crate) struct Named {
    pub folders: Vec<PathBuf>,
    pub files: Vec<AsGiven>,
    /// The roots of the files, as far as something marks them; else their own folders.
    pub roots: Vec<Root>,
    /// Whether the files are those that changed in the folders, which alone are asked about.
    pub changed: bool,
    pub parameters: Vec<AsGiven>,
    pub variables: Vec<Given>,
    pub plans: Vec<AsGiven>,
    pub module_cache: Option<PathBuf>,
    pub config: Option<AsGiven>,
    pub grants: Vec<AsGiven>,
    pub baseline: Option<AsGiven>,
}

impl Named {
    /// The folder that holds all that is named.
    pub fn base(&self) -> PathBuf {
        let files: &[AsGiven] = if self.changed { &[] } else { &self.files };
        let files = files.iter().chain(&self.plans).map(|file| file.real.parent().unwrap_or(&file.real));
        let mut all = self.folders.iter().map(PathBuf::as_path).chain(files);
        let first = all.next().map(Path::to_path_buf).unwrap_or_default();
        let shared = |a: PathBuf, b: &Path| {
            a.components().zip(b.components()).take_while(|(a, b)| a == b).map(|(both, _)| both).collect()
        };
        all.fold(first, shared)
    }

    /// Whether all that concerns this was asked about, since a folder that was named holds it.
    pub fn covers(&self, path: &Path) -> bool {
        !self.changed && self.folders.iter().any(|folder| path.starts_with(folder))
    }

    /// Whether values are given in place of those that belong to the templates.
    pub fn replaces_values(&self, options: &Options) -> bool {
        !(self.parameters.is_empty() && options.variables.is_empty())
    }
}

/// The files that deployments are asked for by, whatever reads them.
#[derive(Default)]
pub(crate) struct Wanted {
    paths: FxHashSet<PathBuf>,
    /// Whether one of them has a say in every deployment.
    pub everything: bool,
}

impl Wanted {
    /// Those that were named. `config` is the configuration in force.
    pub fn new(named: &Named, config: Option<&SourceFile>) -> Self {
        let paths: FxHashSet<PathBuf> = named.files.iter().map(|file| file.real.clone()).collect();
        let single = named.baseline.iter().chain(&named.grants).map(|file| &file.real);
        let everything = paths.iter().any(|path| path.file_name().is_some_and(|name| name == "bicepconfig.json"))
            || single.chain(config.map(|file| &file.path)).any(|path| paths.contains(path));
        Wanted { everything: named.changed && everything, paths }
    }

    pub fn has(&self, path: &Path) -> bool {
        self.paths.contains(path)
    }

    /// Whether one of them was looked up, or would have been there to be.
    pub fn looked_up(&self, files: &dyn Files, lookups: &Lookups) -> bool {
        // Most runs ask for no file by its name.
        !self.paths.is_empty()
            && lookups.iter().any(|(path, lookup)| match lookup {
                Lookup::Found(id) => files.get(*id).is_some_and(|file| self.has(&file.path)),
                Lookup::Failed(_) | Lookup::Listed(_) => self.has(&path),
            })
    }
}

/// Where the deployments stand that a file may be a part of.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Root {
    pub path: PathBuf,
    /// Whether it is a repository, or was said to be the root: the folder of a file that lies about is searched no deeper.
    pub marked: bool,
}

/// A way to give values to Terraform's variables, with links resolved.
pub(crate) enum Given {
    Value(String),
    File(AsGiven),
}

/// A file as it was given, and with its links resolved.
pub(crate) struct AsGiven {
    pub given: PathBuf,
    pub real: PathBuf,
}

impl AsGiven {
    pub fn read(&self, files: &DiskFiles) -> Result<Arc<SourceFile>, Error> {
        files.read(&self.real).map_err(|error| Error::Path { path: self.given.clone(), reason: error.to_string() })
    }
}

/// Resolves what the command line names, and opens the snapshot that it confines.
pub(crate) fn open(options: &Options) -> Result<(DiskFiles, Named), Error> {
    let unreadable = |path: &Path, error: std::io::Error| Error::Path { path: path.into(), reason: error.to_string() };
    let here = [PathBuf::from(".")];
    // A plan is all that is asked about where nothing else is named.
    let nothing_named = options.paths.is_empty() && options.plans.is_empty();
    let paths = if nothing_named || options.changed { &here[..] } else { &options.paths };
    let mut named = Named { changed: options.changed, ..Named::default() };
    let mut roots = Vec::new();
    let as_given = |path: &PathBuf| {
        let full = options.current_dir.join(path);
        // What an open editor holds need not be on disk.
        let real = if options.buffers.contains_key(&full) { Ok(full) } else { full.canonicalize() };
        match real {
            Ok(real) => Ok(AsGiven { given: path.clone(), real }),
            Err(error) => Err(unreadable(path, error)),
        }
    };
    for path in paths {
        let AsGiven { given, real } = as_given(path)?;
        roots.push(root::of(&real));
        if real.is_dir() {
            std::fs::read_dir(&real).map_err(|error| unreadable(path, error))?;
            named.folders.push(real);
        } else {
            named.roots.push(root::marked(&real));
            named.files.push(AsGiven { given, real });
        }
    }
    if options.changed {
        // One that is gone was a part of what still names it.
        let changed = options.paths.iter().map(|path| {
            let full = options.current_dir.join(path);
            AsGiven { given: path.clone(), real: full.canonicalize().unwrap_or_else(|_| normalize(&full)) }
        });
        named.files.extend(changed);
    }
    named.parameters = options.parameters.iter().map(as_given).collect::<Result<_, _>>()?;
    named.module_cache = match options.module_cache.as_ref().map(as_given).transpose()? {
        Some(cache) if !cache.real.is_dir() => {
            return Err(Error::Path { path: cache.given, reason: "it is no folder".to_owned() });
        }
        cache => cache.map(|cache| cache.real),
    };
    let variables = options.variables.iter().map(|one| match one {
        Variables::Value(text) => Ok(Given::Value(text.clone())),
        Variables::File(path) => as_given(path).map(Given::File),
    });
    named.variables = variables.collect::<Result<_, _>>()?;
    named.plans = options.plans.iter().map(as_given).collect::<Result<_, _>>()?;
    named.config = options.config.as_ref().map(as_given).transpose()?;
    named.grants = options.grants.iter().map(as_given).collect::<Result<_, _>>()?;
    named.baseline = options.baseline.as_ref().map(as_given).transpose()?;
    if roots.is_empty() {
        roots.extend(named.plans.first().map(|plan| root::of(&plan.real)));
    }
    let mut files = match &options.root {
        Some(given) => {
            let files = DiskFiles::new(&options.current_dir.join(given))
                .map_err(|error| Error::Root { path: given.clone(), reason: error.to_string() })?;
            if let Some(outside) = named.folders.iter().find(|folder| !folder.starts_with(files.root())) {
                let reason = format!("`{}` lies outside of it", outside.display());
                return Err(Error::Root { path: given.clone(), reason });
            }
            named.roots = vec![Root { path: files.root().to_owned(), marked: true }];
            files
        }
        None => DiskFiles::new(&roots[0]).map_err(|error| unreadable(&roots[0], error))?,
    };
    if options.root.is_none() {
        roots.iter().skip(1).for_each(|root| files.allow(root));
    }
    named.roots.sort();
    named.roots.dedup();
    let asked_for: &[AsGiven] = if named.changed { &[] } else { &named.files };
    let lists = [&named.parameters, &named.plans, &named.grants];
    let variables = named.variables.iter().filter_map(|one| match one {
        Given::File(file) => Some(file),
        Given::Value(_) => None,
    });
    let single = named.config.iter().chain(&named.baseline).chain(variables);
    lists.into_iter().flatten().chain(asked_for).chain(single).for_each(|file| files.allow(&file.real));
    options.buffers.iter().for_each(|(path, text)| files.put(path, text.clone()));
    Ok((files, named))
}
