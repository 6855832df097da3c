//! Which Terraform deployments there are: root modules with the values given to them, and plans.
//!
//! What stands in a file is `rolecall-terraform`'s business; here it is only told which folders are deployments.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use rolecall_graph::Deployment;
use rolecall_source::{DiskFiles, FileId, Files, Lookup, Lookups, Recorder, SourceFile};
use rolecall_terraform::{Cache, Folders, declared, entry, given, is_automatic, is_configuration, is_variables};
use rustc_hash::FxHashSet;

use crate::Error;
use crate::config::{Config, Configured};
use crate::named::{AsGiven, Given as AsNamed, Wanted};
use crate::walk::{self, Walks};

/// A deployment to evaluate.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Planned {
    /// A root module, with what is given to its variables.
    Root {
        /// Its folder.
        dir: PathBuf,
        options: rolecall_terraform::Options,
        /// Whether only some of what could be given was asked about.
        partial: bool,
        /// Whether it is asked about only if it reads a file that was named.
        if_it_reads: bool,
    },
    /// A plan in JSON.
    Plan(PathBuf),
}

impl Planned {
    /// The file that stands for it.
    pub fn entry(&self, files: &DiskFiles, cache: &Cache) -> Option<FileId> {
        match self {
            Planned::Root { dir, .. } => entry(dir, files, cache),
            Planned::Plan(path) => files.read(path).ok().map(|file| file.id),
        }
    }
}

/// What the paths name of Terraform.
#[derive(Default)]
pub(crate) struct Named {
    /// Folders with configuration that were met in folders that were named.
    pub met: Vec<PathBuf>,
    /// Folders of configuration files that were named.
    pub of_files: Vec<PathBuf>,
    /// Variable files that were named.
    pub variables: Vec<PathBuf>,
    /// Whether files were named that only a function of Terraform's could read.
    pub others: bool,
    /// Whether only what was named is asked about in the folders that were met.
    pub changed: bool,
}

impl Named {
    /// Takes a file that was named.
    pub fn take(&mut self, path: &Path) {
        let folder = path.parent().unwrap_or(path).to_owned();
        if is_configuration_file(path) {
            self.of_files.push(folder);
        } else if is_variables(path) {
            self.variables.push(path.to_owned());
        } else {
            self.others |= !walk::is_bicep(path);
        }
    }
}

/// Whether nothing but Terraform reads a file.
pub(crate) fn is_its_own(path: &Path) -> bool {
    is_configuration_file(path) || is_variables(path)
}

/// What a root module is asked about with.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum With {
    /// All that it is analysed with.
    All,
    /// The sets of values with this file.
    File(PathBuf),
    /// All, if it reads a file that was named.
    IfItReads,
}

/// What `--var`, `--var-file` and `--plan` name, in order.
#[derive(Default)]
pub(crate) struct Given {
    pub variables: Vec<Variables>,
    pub plans: Vec<PathBuf>,
}

/// What gives values to variables.
pub(crate) enum Variables {
    Value(String, String),
    /// A file as given, as read, and what it gives values to.
    File(PathBuf, Arc<SourceFile>, Vec<Arc<str>>),
}

/// Whether a file is one of a configuration.
pub(crate) fn is_configuration_file(path: &Path) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(is_configuration)
}

/// Finds the deployments, in order of their folders; plans last.
pub(crate) fn discover(
    files: &DiskFiles,
    cache: &Cache,
    mut named: Named,
    paths: &crate::named::Named,
    given: &Given,
    config: &Arc<Config>,
    walks: &mut Walks,
) -> Result<Vec<Planned>, Error> {
    named.met.sort();
    named.met.dedup();
    prepare(files, cache, &named.met);
    let mut roots: Vec<(PathBuf, With)> = Vec::new();
    if !named.changed {
        let met = Folders::new(files, &named.met, cache).roots().into_iter();
        let listed = named.met.iter().filter(|dir| listed(config, dir).is_some()).cloned();
        roots.extend(met.chain(listed).map(|dir| (dir, With::All)));
    }
    if named.others || !(named.of_files.is_empty() && named.variables.is_empty()) {
        // Who calls the folder of a file may stand anywhere below its root.
        let dirs = match named.changed {
            true => std::mem::take(&mut named.met),
            false => paths.roots.iter().flat_map(|root| walks.configurations(&root.path, config)).collect(),
        };
        prepare(files, cache, &dirs);
        let folders = Folders::new(files, &dirs, cache);
        let has_configuration: FxHashSet<&Path> = dirs.iter().map(PathBuf::as_path).collect();
        for dir in named.of_files.iter().filter(|dir| !named.changed || has_configuration.contains(dir.as_path())) {
            let listed = folders.users_of(dir).into_iter().filter(|dir| listed(config, dir).is_some());
            roots.extend(folders.roots_of(dir).into_iter().chain(listed).map(|root| (root, With::All)));
        }
        for file in &named.variables {
            let listed = dirs.iter().filter(|dir| listed_with(config, dir, file).next().is_some());
            let above = || file.ancestors().skip(1).find(|above| has_configuration.contains(above));
            let found: Vec<_> = listed.map(PathBuf::as_path).collect();
            let found = if found.is_empty() { above().into_iter().collect() } else { found };
            for dir in found {
                let own = file.parent() == Some(dir) && is_automatic(file);
                roots.push((dir.to_owned(), if own { With::All } else { With::File(file.clone()) }));
            }
        }
        if named.others {
            let listed = dirs.iter().filter(|dir| listed(config, dir).is_some()).cloned();
            roots.extend(folders.roots().into_iter().chain(listed).map(|root| (root, With::IfItReads)));
        }
    }
    roots.sort();
    roots.dedup();
    // The whole comes before its parts.
    let mut whole: FxHashSet<PathBuf> = FxHashSet::default();
    let mut asked = Vec::new();
    for (dir, with) in roots {
        if with == With::All {
            whole.insert(dir.clone());
        } else if whole.contains(&dir) && (with == With::IfItReads || listed(config, &dir).is_some()) {
            continue;
        }
        let sets: Vec<Vec<PathBuf>> = match &with {
            With::File(file) if listed(config, &dir).is_none() => vec![vec![file.clone()]],
            With::File(file) => listed_with(config, &dir, file).collect(),
            With::All | With::IfItReads => listed(config, &dir).unwrap_or_else(|| vec![Vec::new()]),
        };
        asked.extend(sets.into_iter().map(|var_files| (dir.clone(), with.clone(), var_files)));
    }
    // A file that is not there is said where the configuration is weighed.
    asked.retain(|(.., var_files)| var_files.iter().all(|path| files.read(path).is_ok()));
    let mut planned = with_values(files, cache, asked, given)?;
    planned.extend(given.plans.iter().cloned().map(Planned::Plan));
    Ok(planned)
}

/// Those of the lists in which a file stands.
fn listed_with(config: &Config, dir: &Path, file: &Path) -> impl Iterator<Item = Vec<PathBuf>> {
    let lists = listed(config, dir).unwrap_or_default();
    lists.into_iter().filter(move |list| list.iter().any(|path| path == file))
}

/// The lists of variable files that the configuration says to analyse a root module with; none where it does not list it,
/// by its folder or a file in it.
fn listed(config: &Config, dir: &Path) -> Option<Vec<Vec<PathBuf>>> {
    let of = |one: &&Configured| {
        let entry = &one.entry.value;
        entry == dir || (is_configuration_file(entry) && entry.parent() == Some(dir))
    };
    let with = |one: &Configured| one.parameters.iter().map(|path| path.value.clone()).collect();
    let lists: Vec<_> = config.deployments.iter().filter(of).map(with).collect();
    Some(lists).filter(|lists| !lists.is_empty())
}

fn prepare(files: &DiskFiles, cache: &Cache, dirs: &[PathBuf]) {
    dirs.par_iter().for_each(|dir| cache.prepare(files, dir));
}

/// Gives each root module what it declares of the values on the command line. A variable file is for the root modules
/// that declare something in it: the rest of it may be for others.
fn with_values(
    files: &DiskFiles,
    cache: &Cache,
    roots: Vec<(PathBuf, With, Vec<PathBuf>)>,
    values: &Given,
) -> Result<Vec<Planned>, Error> {
    let declared: Vec<FxHashSet<Arc<str>>> =
        roots.iter().map(|(dir, ..)| declared(dir, files, cache).into_iter().collect()).collect();
    let someone_declares = |name: &str| roots.is_empty() || declared.iter().any(|names| names.contains(name));
    for one in &values.variables {
        match one {
            Variables::Value(name, _) if !someone_declares(name) => {
                return Err(Error::Variable { variable: name.clone() });
            }
            Variables::File(path, _, names) if !names.iter().any(|name| someone_declares(name)) => {
                let Some(first) = names.first() else { continue };
                return Err(Error::Variables { path: path.clone(), variable: first.to_string() });
            }
            _ => {}
        }
    }
    let planned = roots.into_iter().zip(&declared).map(|((dir, with, var_files), declared)| {
        let fitting = values.variables.iter().filter_map(|one| match one {
            Variables::Value(name, text) => {
                declared.contains(name.as_str()).then(|| rolecall_terraform::Given::Value(name.clone(), text.clone()))
            }
            Variables::File(_, file, names) => names
                .iter()
                .any(|name| declared.contains(name))
                .then(|| rolecall_terraform::Given::File(file.path.clone())),
        });
        let given = var_files.into_iter().map(rolecall_terraform::Given::File).chain(fitting).collect();
        let (partial, if_it_reads) = (matches!(with, With::File(_)), with == With::IfItReads);
        Planned::Root { dir, options: rolecall_terraform::Options { given }, partial, if_it_reads }
    });
    Ok(planned.collect())
}

/// Evaluates a deployment, and tells what it looked up.
pub(crate) fn evaluate(planned: &Planned, files: &DiskFiles, cache: &Cache) -> (Deployment, Lookups) {
    let recorder = Recorder::new(files);
    let deployment = match planned {
        Planned::Root { dir, options, .. } => rolecall_terraform::evaluate(dir, &recorder, options, cache),
        Planned::Plan(path) => rolecall_terraform::evaluate_plan(path, &recorder),
    };
    (deployment, recorder.into_lookups())
}

/// Whether a deployment with these look-ups is asked about.
pub(crate) fn is_wanted(planned: &Planned, files: &DiskFiles, lookups: &Lookups, wanted: &Wanted) -> bool {
    match planned {
        Planned::Root { if_it_reads, .. } => !if_it_reads || wanted.looked_up(files, lookups),
        Planned::Plan(_) => true,
    }
}

/// The files of Terraform among what a deployment looked up.
pub(crate) fn read_by(deployment: &Deployment, lookups: &Lookups) -> Vec<FileId> {
    let read = lookups.iter().filter_map(|(path, lookup)| match lookup {
        Lookup::Found(id) if is_its_own(&path) => Some(*id),
        Lookup::Found(id) if *id == deployment.entry => Some(*id),
        _ => None,
    });
    read.collect()
}

/// Splits `--var name=value`.
fn variable(given: &str) -> Result<(String, String), Error> {
    match given.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => Ok((name.trim().to_owned(), value.to_owned())),
        _ => Err(Error::NoVariable { given: given.to_owned() }),
    }
}

/// Reads what the options give to Terraform's variables, and names the plans.
pub(crate) fn read(files: &DiskFiles, variables: &[AsNamed], plans: &[AsGiven]) -> Result<Given, Error> {
    let plans = plans.iter().map(|one| Ok(one.read(files)?.path.clone()));
    let variables = variables.iter().map(|one| match one {
        AsNamed::Value(text) => variable(text).map(|(name, value)| Variables::Value(name, value)),
        AsNamed::File(one) => {
            let file = one.read(files)?;
            let names = given(&file);
            Ok(Variables::File(one.given.clone(), file, names))
        }
    });
    Ok(Given { variables: variables.collect::<Result<_, Error>>()?, plans: plans.collect::<Result<_, Error>>()? })
}
