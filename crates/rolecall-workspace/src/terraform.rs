//! Which Terraform deployments there are: root modules with the values given to them, and plans.
//!
//! What stands in a file is `rolecall-terraform`'s business; here it is only told which folders are deployments.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use rolecall_graph::Deployment;
use rolecall_source::{DiskFiles, FileId, Files, Lookup, Recorder, SourceFile};
use rolecall_terraform::{Cache, Folders, declared, entry, given, is_automatic, is_configuration, is_variables};
use rustc_hash::FxHashSet;

use crate::config::{Config, Configured};
use crate::discover::AsGiven;
use crate::{Error, walk};

/// A deployment to evaluate.
pub(crate) enum Planned {
    /// A root module, with what is given to its variables.
    Root { dir: PathBuf, options: rolecall_terraform::Options },
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
}

impl Named {
    /// Takes a file that was named; `false` where it is none of Terraform's.
    pub fn take(&mut self, path: &Path) -> bool {
        let folder = path.parent().unwrap_or(path).to_owned();
        if is_configuration_file(path) {
            self.of_files.push(folder);
        } else if is_variables(path) {
            self.variables.push(path.to_owned());
        } else {
            return false;
        }
        true
    }
}

/// What `--var`, `--var-file` and `--plan` name.
#[derive(Default)]
pub(crate) struct Given {
    pub var: Vec<(String, String)>,
    /// As given, and read.
    pub var_files: Vec<(PathBuf, Arc<SourceFile>)>,
    pub plans: Vec<PathBuf>,
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
    given: &Given,
    config: &Config,
) -> Result<Vec<Planned>, Error> {
    named.met.sort();
    named.met.dedup();
    prepare(files, cache, &named.met);
    let mut roots: Vec<(PathBuf, Vec<PathBuf>)> =
        Folders::new(files, &named.met, cache).roots().into_iter().map(|dir| (dir, Vec::new())).collect();
    if !named.of_files.is_empty() || !named.variables.is_empty() {
        // Who calls the folder of a file may stand anywhere below the root.
        let dirs = walk::folders_with(files.root(), is_configuration_file);
        prepare(files, cache, &dirs);
        let folders = Folders::new(files, &dirs, cache);
        for dir in &named.of_files {
            roots.extend(folders.roots_of(dir).into_iter().map(|root| (root, Vec::new())));
        }
        let has_configuration: FxHashSet<&Path> = dirs.iter().map(PathBuf::as_path).collect();
        for file in &named.variables {
            let above = file.ancestors().skip(1).take_while(|above| above.starts_with(files.root()));
            let Some(dir) = above.into_iter().find(|above| has_configuration.contains(above)) else { continue };
            let own = file.parent() == Some(dir) && is_automatic(file);
            roots.push((dir.to_owned(), if own { Vec::new() } else { vec![file.clone()] }));
        }
    }
    roots
        .extend(named.met.iter().map(|dir| (dir.clone(), Vec::new())).filter(|(dir, _)| listed(config, dir).is_some()));
    roots.sort();
    roots.dedup();
    let mut roots: Vec<_> = roots
        .into_iter()
        .flat_map(|(dir, own)| match listed(config, &dir).filter(|_| own.is_empty()) {
            Some(listed) => listed.into_iter().map(|var_files| (dir.clone(), var_files)).collect(),
            None => vec![(dir, own)],
        })
        .collect();
    // A file that is not there is said where the configuration is weighed.
    roots.retain(|(_, var_files)| var_files.iter().all(|path| files.read(path).is_ok()));
    let mut planned = with_values(files, cache, roots, given)?;
    planned.extend(given.plans.iter().cloned().map(Planned::Plan));
    Ok(planned)
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
    roots: Vec<(PathBuf, Vec<PathBuf>)>,
    values: &Given,
) -> Result<Vec<Planned>, Error> {
    let declared: Vec<FxHashSet<Arc<str>>> =
        roots.iter().map(|(dir, _)| declared(dir, files, cache).into_iter().collect()).collect();
    let someone_declares = |name: &str| roots.is_empty() || declared.iter().any(|names| names.contains(name));
    if let Some((name, _)) = values.var.iter().find(|(name, _)| !someone_declares(name)) {
        return Err(Error::Variable { variable: name.clone() });
    }
    let contents: Vec<Vec<Arc<str>>> = values.var_files.iter().map(|(_, file)| given(file)).collect();
    for ((path, _), names) in values.var_files.iter().zip(&contents) {
        if let Some(first) = names.first().filter(|_| !names.iter().any(|name| someone_declares(name))) {
            return Err(Error::Variables { path: path.clone(), variable: first.to_string() });
        }
    }
    let planned = roots.into_iter().zip(&declared).map(|((dir, mut var_files), declared)| {
        let fitting = values.var_files.iter().zip(&contents);
        let fitting = fitting.filter(|(_, names)| names.iter().any(|name| declared.contains(name)));
        var_files.extend(fitting.map(|((_, file), _)| file.path.clone()));
        let var = values.var.iter().filter(|(name, _)| declared.contains(name.as_str())).cloned().collect();
        Planned::Root { dir, options: rolecall_terraform::Options { var, var_files } }
    });
    Ok(planned.collect())
}

/// Evaluates a deployment. The files are those that it read.
pub(crate) fn evaluate(planned: &Planned, files: &DiskFiles, cache: &Cache) -> (Deployment, Vec<FileId>) {
    let recorder = Recorder::new(files);
    let deployment = match planned {
        Planned::Root { dir, options } => rolecall_terraform::evaluate(dir, &recorder, options, cache),
        Planned::Plan(path) => rolecall_terraform::evaluate_plan(path, &recorder),
    };
    let read = recorder.into_lookups().into_iter().filter_map(|(path, lookup)| match lookup {
        Lookup::Found(id) if is_configuration_file(&path) || is_variables(&path) => Some(id),
        Lookup::Found(id) if id == deployment.entry => Some(id),
        _ => None,
    });
    let read = read.collect();
    (deployment, read)
}

/// Splits `--var name=value`.
fn variable(given: &str) -> Result<(String, String), Error> {
    match given.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => Ok((name.trim().to_owned(), value.to_owned())),
        _ => Err(Error::NoVariable { given: given.to_owned() }),
    }
}

/// Reads what the options give to Terraform's variables, and names the plans.
pub(crate) fn read(
    files: &DiskFiles,
    var_files: &[AsGiven],
    plans: &[AsGiven],
    var: &[String],
) -> Result<Given, Error> {
    let plans = plans.iter().map(|one| Ok(one.read(files)?.path.clone()));
    Ok(Given {
        var: var.iter().map(|one| variable(one)).collect::<Result<_, _>>()?,
        var_files: var_files
            .iter()
            .map(|one| Ok((one.given.clone(), one.read(files)?)))
            .collect::<Result<_, Error>>()?,
        plans: plans.collect::<Result<_, Error>>()?,
    })
}
