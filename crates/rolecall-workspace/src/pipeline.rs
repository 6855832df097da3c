//! From paths to findings.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use rayon::prelude::*;
use rolecall_bicep::Modules;
use rolecall_graph::{Deployment, OutsideGrants, Subjects, add_managed};
use rolecall_rules::Entry;
use rolecall_source::{Diagnostic, DiskFiles, FileId, Files, Span};
use rolecall_template::evaluate::evaluate;
use rolecall_terraform::Cache;
use rustc_hash::FxHashSet;

use crate::baseline::Baseline;
use crate::config::{self, Config, RuleLevel, read_listed};
use crate::discover::{Discovery, Planned, discover};
use crate::named::{Named, Wanted, open};
use crate::review::Review;
use crate::store::Store;
use crate::{Analysed, Analysis, Error, Options, terraform};

/// The stack of each thread: evaluation recurses up to its own depth limit, and no further.
const STACK: usize = 256 << 20;

/// Who is told how far an analysis is, from several threads.
pub trait Progress: Sync {
    /// So many deployments are to be analysed.
    fn begin(&self, deployments: usize);
    /// One of them is.
    fn step(&self);
}

/// Nobody.
impl Progress for () {
    fn begin(&self, _: usize) {}
    fn step(&self) {}
}

/// Analyses what the options name.
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
    let pool =
        rayon::ThreadPoolBuilder::new().stack_size(STACK).build().map_err(|error| Error::Threads(error.to_string()))?;
    pool.install(|| run(options, progress))
}

fn run(options: &Options, progress: &dyn Progress) -> Result<Analysis, Error> {
    let (files, named) = open(options)?;
    let config = Arc::new(configuration(&files, &named)?);
    let listed = named.grants.iter().map(|file| file.read(&files)).collect::<Result<Vec<_>, _>>()?;
    let listed = in_file(&files, read_listed(&listed))?;
    let outside = Arc::new(OutsideGrants::new(config.grants.iter().cloned().chain(listed).collect()));
    let baseline = match &named.baseline {
        Some(file) => in_file(&files, Baseline::read(&file.read(&files)?))?,
        None => Baseline::default(),
    };
    let store = Store::new(&files, Modules::new(named.module_cache.clone(), options.home.clone()));
    let modules = rolecall_terraform::Cache::default();
    let Discovery { planned, templates, parameters, linked, unreadable, compiled, terraform } =
        discover(&store, &modules, &named, options, &config)?;
    let mut diagnostics: Vec<_> = templates.iter().flat_map(|file| store.template_diagnostics(file)).collect();
    diagnostics.extend(parameters.iter().flat_map(|file| store.arguments(file).diagnostics.clone()));
    // From here on each entry's tree lives as long as its deployments.
    store.keep_only(&linked);
    let rules = selected(options, &config);
    let wanted = Wanted::new(&named, config.file.as_deref());
    let judge = Judge { rules: &rules, outside: &outside, wanted: &wanted, keep_graph: options.keep_graphs };
    progress.begin(planned.len() + terraform.len());
    let stepped = |outcome| {
        progress.step();
        outcome
    };
    let mut outcomes: Vec<_> =
        planned.into_par_iter().map(|planned| stepped(judge.template(&store, planned))).collect();
    outcomes.par_extend(terraform.into_par_iter().map(|planned| stepped(judge.terraform(&files, &modules, &planned))));
    let of_terraform: FxHashSet<_> = outcomes.iter().flat_map(|outcome| &outcome.read).collect();
    let file_count = templates.len() + parameters.len() + of_terraform.len();
    drop(store);

    let mut subjects = Subjects::default();
    let mut deployments = Vec::new();
    let mut broke_down = false;
    let mut partial = FxHashSet::default();
    for outcome in outcomes {
        partial.extend(outcome.analysed.iter().filter(|_| outcome.partial).map(|one| one.entry));
        diagnostics.extend(outcome.diagnostics);
        broke_down |= outcome.broke_down;
        subjects.extend(outcome.subjects);
        deployments.extend(outcome.analysed);
    }
    deployments.sort_by_cached_key(|one| files.get(one.entry).map(|file| file.path.clone()));
    // A template's own diagnostics come with each of its deployments.
    let place = |id: FileId| files.get(id).map(|file| file.path.clone());
    diagnostics.sort_by_cached_key(|one| (place(one.span.file), one.span.start, one.span.end, one.message.clone()));
    diagnostics.dedup();
    let (upkeep, accepted) = (Vec::new(), Vec::new());
    let mut analysis =
        Analysis { files, file_count, deployments, upkeep, diagnostics, unreadable, accepted, compiled, broke_down };
    let review =
        Review { options, named: &named, config: &config, outside: outside.all(), subjects: &subjects, partial };
    review.run(&mut analysis, baseline);
    Ok(analysis)
}

/// What the configuration says, where there is one.
fn configuration(files: &DiskFiles, named: &Named) -> Result<Config, Error> {
    let file = match &named.config {
        Some(file) => file.read(files)?,
        None => match config::find(files, &named.base()) {
            Some(path) => files.read(&path).map_err(|error| Error::Path { path, reason: error.to_string() })?,
            None => return Ok(Config::default()),
        },
    };
    config::read(&file).map_err(|problems| Error::Configuration { file, problems })
}

/// The error that problems in a file that is used beside the templates are.
fn in_file<T>(files: &DiskFiles, read: Result<T, Vec<Diagnostic>>) -> Result<T, Error> {
    read.map_err(|mut problems| {
        let first = problems.first().map_or(FileId(0), |problem| problem.span.file);
        problems.retain(|problem| problem.span.file == first);
        match files.get(first) {
            Some(file) => Error::Configuration { file, problems },
            None => Error::Threads("a file that was read is gone".to_owned()),
        }
    })
}

/// The rules to run.
fn selected(options: &Options, config: &Config) -> Vec<&'static Entry> {
    rolecall_rules::rules().iter().filter(|entry| is_selected(options, config, &entry.rule.id)).collect()
}

/// Whether findings of a rule, or of upkeep, are wanted. What the command line selects is run whatever the configuration
/// says.
pub(crate) fn is_selected(options: &Options, config: &Config, id: &str) -> bool {
    let named = |list: &[String]| list.iter().any(|one| one == id);
    let wanted = match options.select.is_empty() {
        true => config.levels.get(id) != Some(&RuleLevel::Off),
        false => named(&options.select),
    };
    wanted && !named(&options.ignore)
}

#[derive(Default)]
struct Outcome {
    analysed: Option<Analysed>,
    /// What grants from outside can be for, where there are such.
    subjects: Subjects,
    diagnostics: Vec<Diagnostic>,
    broke_down: bool,
    /// Terraform's files that were read.
    read: Vec<FileId>,
    /// Whether its entry has parameter sets that were not asked about.
    partial: bool,
}

/// What is done with each deployment.
struct Judge<'a> {
    rules: &'a [&'a Entry],
    outside: &'a Arc<OutsideGrants>,
    wanted: &'a Wanted,
    keep_graph: bool,
}

impl Judge<'_> {
    /// A template.
    fn template(&self, store: &Store<'_>, planned: Planned) -> Outcome {
        let entry = Some(planned.file.id);
        guarded(entry, || {
            let start = Instant::now();
            let Planned { file, template, given, partial } = planned;
            let deployment = evaluate(&template, &given, crate::store::language(&file.path), store);
            drop(template);
            Outcome { partial, ..self.judge(start, deployment) }
        })
    }

    /// A Terraform root module or plan.
    fn terraform(&self, files: &DiskFiles, modules: &Cache, planned: &terraform::Planned) -> Outcome {
        guarded(planned.entry(files, modules), || {
            let start = Instant::now();
            let evaluated = terraform::evaluate(planned, files, modules, self.wanted);
            let Some((deployment, read)) = evaluated else { return Outcome::default() };
            let partial = matches!(planned, terraform::Planned::Root { partial: true, .. });
            Outcome { read, partial, ..self.judge(start, deployment) }
        })
    }

    fn judge(&self, start: Instant, mut deployment: Deployment) -> Outcome {
        let diagnostics = std::mem::take(&mut deployment.diagnostics);
        add_managed(&mut deployment);
        deployment.outside = self.outside.clone();
        let report = rolecall_rules::run(&deployment, self.rules);
        let mut subjects = Subjects::default();
        if !self.outside.all().is_empty() {
            subjects = Subjects::of(&deployment);
            report.questions.iter().for_each(|question| subjects.add(&question.principal, &question.scope));
        }
        let (entry, parameters) = (deployment.entry, deployment.parameters.clone());
        let deployment = self.keep_graph.then_some(deployment);
        let analysed = Analysed { entry, parameters, report, elapsed: start.elapsed(), deployment };
        Outcome { analysed: Some(analysed), subjects, diagnostics, ..Outcome::default() }
    }
}

/// One deployment. A fault of ours takes only this one down.
fn guarded(entry: Option<FileId>, run: impl FnOnce() -> Outcome) -> Outcome {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| {
        let message = "the analysis of this template broke down; this is a fault of rolecall: please report it";
        let diagnostics = entry.map(|entry| Diagnostic::error(Span::file_start(entry), message));
        Outcome { diagnostics: diagnostics.into_iter().collect(), broke_down: true, ..Outcome::default() }
    })
}
