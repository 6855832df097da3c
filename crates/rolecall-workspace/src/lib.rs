//! Which deployments a set of paths describes, and what is wrong with each: the pipeline from files to findings.
//!
//! [`analyse`] and [`Session`] find the root, walk the paths, tell entry templates from linked ones, pair them with parameter
//! files, evaluate each pair and run the rules over it. Files are read and parsed once, in parallel; results come in the order
//! of paths whatever the number of threads.
//!
//! Nothing is printed here, and no rule or format is known.

mod baseline;
mod config;
mod discover;
mod fixes;
mod links;
mod named;
mod parameters;
mod pipeline;
mod review;
mod root;
mod session;
mod store;
mod suppressions;
mod terraform;
mod walk;

use std::path::PathBuf;
use std::sync::Arc;

use rolecall_rules::{Finding, Report};
use rolecall_source::{Diagnostic, DiskFiles, FileId, Files, Fix, SourceFile, Unreadable};

pub use config::{FILE_NAME as CONFIGURATION, SCHEMA as CONFIGURATION_SCHEMA};
pub use fixes::{Changed, Mended, Unmended, mend};
pub use session::{Progress, Session, analyse, analyse_with};

/// What to analyse.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The folder that relative paths start from, absolute.
    pub current_dir: PathBuf,
    /// Folders and files; none means the current folder.
    pub paths: Vec<PathBuf>,
    /// Whether the paths are files that changed: the current folder is analysed, and in it only the deployments that one
    /// of them belongs to. They need not be there.
    pub changed: bool,
    /// The folder that confines reading, where it is not to be found out.
    pub root: Option<PathBuf>,
    /// Parameter files in place of those beside the templates; later ones win.
    pub parameters: Vec<PathBuf>,
    /// Values for Terraform's variables, beside the files that Terraform reads by itself; later ones win.
    pub variables: Vec<Variables>,
    /// Terraform plans in JSON: where no path is given, they alone are analysed.
    pub plans: Vec<PathBuf>,
    /// The configuration, where it is not to be found out.
    pub config: Option<PathBuf>,
    /// What the Azure CLI listed: role assignments that were made outside, and managed identities.
    pub grants: Vec<PathBuf>,
    /// The findings that are accepted.
    pub baseline: Option<PathBuf>,
    /// The module cache of `bicep restore`, where it is not to be found out.
    pub module_cache: Option<PathBuf>,
    /// The user's folder, absolute: `.bicep` in it is the module cache that nothing else names.
    pub home: Option<PathBuf>,
    /// Rules that alone are run, whatever the configuration says; none means all.
    pub select: Vec<String>,
    /// Rules that are not run.
    pub ignore: Vec<String>,
    /// Whether templates that the Bicep compiler wrote are entries even where their source stands beside them.
    pub compiled: bool,
    /// Whether the resource graphs are kept.
    pub keep_graphs: bool,
    /// For which findings the edits are made that mend them.
    pub fixes: Fixes,
    /// Texts that stand in for files, as those of an open editor do, by absolute path with links resolved.
    pub buffers: std::collections::BTreeMap<PathBuf, Arc<str>>,
}

/// For which findings edits are made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fixes {
    /// For none.
    #[default]
    None,
    /// For what is wrong.
    Wrong,
    /// For what somebody outside must see to as well: where nobody does, the deployment can do it itself.
    Assumed,
    /// As before, with roles that have exactly what is needed in place of built-in ones.
    Exact,
}

/// A way to give values to Terraform's variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Variables {
    /// One value: `name=value`.
    Value(String),
    /// A file of them.
    File(PathBuf),
}

/// Why nothing could be analysed: what the command line names is wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A path that was given cannot be read.
    #[error("cannot read `{}`: {reason}", path.display())]
    Path {
        /// The path as given.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The root that was given is of no use.
    #[error("cannot use `{}` as the root: {reason}", path.display())]
    Root {
        /// The path as given.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A parameter file that was given belongs to no template under the paths.
    #[error("`{}` gives `{parameter}`, which no template under the paths given declares", path.display())]
    Parameters {
        /// The path as given.
        path: PathBuf,
        /// The first of its parameters that does not fit.
        parameter: String,
    },
    /// A variable file that was given belongs to no root module under the paths.
    #[error("`{}` gives `{variable}`, and nothing that a Terraform root module under the paths given declares", path.display())]
    Variables {
        /// The path as given.
        path: PathBuf,
        /// The first of its variables.
        variable: String,
    },
    /// A variable that was given belongs to no root module under the paths.
    #[error("no Terraform root module under the paths given declares the variable `{variable}`")]
    Variable {
        /// Its name.
        variable: String,
    },
    /// What should be a variable has no name or no value.
    #[error("`--var {given}` names no variable and value: write `--var name=value`")]
    NoVariable {
        /// As given.
        given: String,
    },
    /// A configuration, or a file that the command line names beside the templates, says what cannot be understood.
    #[error("`{}` cannot be used", file.path.display())]
    Configuration {
        /// The file.
        file: Arc<SourceFile>,
        /// What is wrong with it, by place.
        problems: Vec<Diagnostic>,
    },
    /// Whoever follows the run stopped it.
    #[error("the analysis was stopped")]
    Stopped,
    /// The threads could not be started.
    #[error("cannot start the threads of the analysis: {0}")]
    Threads(String),
}

/// What an analysis found.
pub struct Analysis {
    /// The files that were read.
    pub files: Arc<DiskFiles>,
    /// How many templates, configuration and parameter files were read.
    pub file_count: usize,
    /// The deployments, by path of entry and parameters.
    pub deployments: Vec<Analysed>,
    /// What is wrong with the configuration, with suppressions and the baseline, by path and place.
    pub upkeep: Vec<Finding>,
    /// What is wrong with the files, by path and place.
    pub diagnostics: Vec<Diagnostic>,
    /// What could not be read, by path.
    pub unreadable: Vec<Unreadable>,
    /// Problems of files that the baseline accepts, which are in neither list: the file from the root, and the message.
    pub accepted: Vec<(String, String)>,
    /// Templates that were left out because the Bicep file that they were compiled from stands beside them.
    pub compiled: Vec<PathBuf>,
    /// Whether a part of the analysis broke down; a diagnostic says which.
    pub broke_down: bool,
    /// What had to be done for it.
    pub work: Work,
}

/// What a run did, the rest being taken over from the run before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// How many templates and parameter files were read anew, those of Terraform apart.
    pub parsed: usize,
    /// How many deployments were evaluated and judged.
    pub judged: usize,
    /// How many there are.
    pub deployments: usize,
}

/// One deployment and what is wrong with it.
#[derive(Clone)]
pub struct Analysed {
    /// The entry template; of a Terraform root module the file that stands for it.
    pub entry: FileId,
    /// The files that gave values to its parameters or variables.
    pub parameters: Vec<FileId>,
    /// What the rules say.
    pub report: Report,
    /// What its rules could mend and its text does not let them, where fixes were wanted.
    pub unmended: Vec<Unmended>,
    unmade: Arc<fixes::Unmade>,
    /// How long it took, files and parsing apart.
    pub elapsed: std::time::Duration,
    /// Its resource graph, where it was to be kept.
    pub deployment: Option<Arc<rolecall_graph::Deployment>>,
}

impl Analysed {
    /// The fix of one of its findings: made now, where the analysis made none and kept the graph.
    pub fn fix<'a>(&'a self, files: &dyn Files, finding: &'a Finding) -> Option<&'a Fix> {
        let unmade = || self.unmade.fix(files, self.deployment.as_deref()?, finding);
        finding.fix.as_ref().or_else(unmade)
    }
}
