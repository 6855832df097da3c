//! From paths to findings.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Weak};
use std::time::Instant;

use rayon::prelude::*;
use rolecall_graph::{Deployment, OutsideGrants, Subjects, add_managed};
use rolecall_rules::{Entry, RuleOptions};
use rolecall_source::{Changes, Diagnostic, DiskFiles, FileId, Files, Lookups, SourceFile, Span};
use rolecall_template::evaluate::{Arguments, evaluate};
use rolecall_template::ir::Template;
use rolecall_terraform::Cache;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::baseline::Baseline;
use crate::config::{self, Config, RuleLevel, read_listed};
use crate::discover::{Discovery, Planned, discover};
use crate::named::{Named, Wanted, open};
use crate::review::Review;
use crate::session::{Kept, Progress};
use crate::store::{Asked, Asking, Store};
use crate::walk::Walks;
use crate::{Analysed, Analysis, Error, Fixes, Options, Work, fixes, terraform};

/// What holds for all deployments of a run.
pub(crate) struct Scene {
    /// The configuration's file and those with listed grants.
    sources: (Option<FileId>, Vec<FileId>),
    config: Arc<Config>,
    outside: Arc<OutsideGrants>,
    rules: Vec<&'static Entry>,
    /// Which findings have their fixes.
    fixes: Fixes,
    walks: Walks,
}

impl Scene {
    /// Whether a deployment has the same findings in both.
    fn judges_like(&self, other: &Scene) -> bool {
        let ids = |scene: &Scene| scene.rules.iter().map(|entry| entry.rule.id.as_str()).collect::<Vec<_>>();
        let no_grants = self.outside.all().is_empty() && other.outside.all().is_empty();
        let same_options = self.config.options == other.config.options;
        (no_grants || self.sources == other.sources)
            && ids(self) == ids(other)
            && same_options
            && self.fixes == other.fixes
    }
}

/// A deployment that was judged, and what has to stay for that to hold.
pub(crate) struct Judged {
    basis: Basis,
    outcome: Outcome,
}

enum Basis {
    Template {
        template: Weak<Template>,
        given: Vec<Arc<Arguments>>,
        asked: Asked,
    },
    Terraform(Lookups),
    /// It is not to be used again.
    None,
}

/// What a deployment is known by.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) enum DeploymentKey {
    /// Its entry, what gives values to its parameters, and whether there is more of that which was not asked about.
    Template(FileId, Vec<Option<FileId>>, bool),
    Terraform(terraform::Planned),
}

/// Runs the pipeline once: with what earlier runs left in `kept` and with what has changed since, which are both brought
/// up to date, where it `keeps` anything.
pub(crate) fn run(
    options: &Options,
    kept: &mut Kept,
    changes: &mut Changes,
    keeps: bool,
    progress: &dyn Progress,
) -> Result<Analysis, Error> {
    let (mut files, named) = open(options)?;
    if let Some((before, whole)) = &kept.files {
        files.follow(before, changes, !whole);
    }
    let files = Arc::new(files);
    // Whatever comes of the run, the next one follows these files.
    let had_changed = std::mem::take(changes);
    kept.files = Some((files.clone(), false)).filter(|_| keeps);
    let mut scene = scene(options, &files, &named, &had_changed, kept)?;
    let baseline = match &named.baseline {
        Some(file) => in_file(&files, Baseline::read(&file.read(&files)?))?,
        None => Baseline::default(),
    };
    let shared = kept.shared(&named, options, keeps);
    let (library, modules) = (&shared.library, &shared.modules);
    let trees = std::mem::take(&mut kept.trees);
    let store = Store::new(&files, library, &trees);
    let (config, walks) = (scene.config.clone(), &mut scene.walks);
    let discovery = discover(&store, modules, &named, options, &config, walks);
    let outside = scene.outside.clone();
    let rules = scene.rules.clone();
    kept.scene = Some(scene).filter(|_| keeps);
    let Discovery { planned, templates, parameters, linked, unreadable, compiled, terraform } = match discovery {
        Ok(discovery) => discovery,
        Err(error) => {
            let mut now = store.into_trees();
            now.fill(trees);
            kept.trees = now;
            return Err(error);
        }
    };
    let mut diagnostics: Vec<_> = templates.iter().flat_map(|file| store.template_diagnostics(file)).collect();
    diagnostics.extend(parameters.iter().flat_map(|file| store.arguments(file).diagnostics.clone()));
    if !keeps {
        // From here on each entry's tree lives as long as its deployments.
        store.keep_only(&linked);
    }
    let wanted = Wanted::new(&named, config.file.as_deref());
    let of = planned.len() + terraform.len();
    progress.begin(of);
    let judge = Judge {
        rules: &rules,
        options: &config.options,
        outside: &outside,
        wanted: &wanted,
        keep_graph: options.keep_graphs,
        files: &files,
        fixes: options.fixes,
        keeps,
        before: &kept.deployments,
        progress,
        reused: AtomicUsize::new(0),
    };
    let mut outcomes: Vec<_> = planned.into_par_iter().map(|planned| judge.template(&store, planned)).collect();
    outcomes.par_extend(terraform.into_par_iter().map(|planned| judge.terraform(&files, modules, planned)));
    let work = Work { parsed: store.parsed(), judged: of - judge.reused.into_inner(), deployments: of };
    let mut now = store.into_trees();
    let stopped = outcomes.iter().any(Option::is_none);
    if stopped {
        now.fill(trees);
    }
    if keeps {
        kept.trees = now;
        let deployments = outcomes.iter().flatten().map(|(key, judged)| (key.clone(), judged.clone()));
        if stopped {
            kept.deployments.extend(deployments);
        } else {
            kept.deployments = deployments.collect();
            kept.files = Some((files.clone(), true));
            shared.retain(|id| files.get(id).is_some());
        }
    }
    if stopped {
        return Err(Error::Stopped);
    }
    let outcomes: Vec<_> = outcomes.into_iter().flatten().map(|(_, judged)| judged).collect();
    let of_terraform: FxHashSet<_> = outcomes.iter().flat_map(|judged| &judged.outcome.read).collect();
    let file_count = templates.len() + parameters.len() + of_terraform.len();

    let mut subjects = Subjects::default();
    let mut deployments = Vec::new();
    let mut broke_down = false;
    let mut partial = FxHashSet::default();
    for judged in outcomes {
        // A run of its own has no other use for it.
        let outcome = Arc::try_unwrap(judged).map_or_else(|judged| judged.outcome.clone(), |judged| judged.outcome);
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
    let mut analysis = Analysis {
        files,
        file_count,
        deployments,
        upkeep,
        diagnostics,
        unreadable,
        accepted,
        compiled,
        broke_down,
        work,
    };
    let review =
        Review { options, named: &named, config: &config, outside: outside.all(), subjects: &subjects, partial };
    review.run(&mut analysis, baseline);
    Ok(analysis)
}

/// What holds for all deployments: as it was before, where nothing that it rests on has changed (a new walk tells anew which
/// excludes are of use). Otherwise deployments that would be judged by it in another way are let go of.
fn scene(
    options: &Options,
    files: &DiskFiles,
    named: &Named,
    changes: &Changes,
    kept: &mut Kept,
) -> Result<Scene, Error> {
    if let Some(scene) = &mut kept.scene {
        match scene.walks.survive(changes) {
            true => scene.walks.forget(changes),
            false => scene.walks = Walks::default(),
        }
    }
    let file = configuration(files, named)?;
    let listed = named.grants.iter().map(|file| file.read(files)).collect::<Result<Vec<_>, _>>()?;
    let sources = (file.as_ref().map(|file| file.id), listed.iter().map(|file| file.id).collect());
    if let Some(scene) = kept.scene.take_if(|scene| scene.sources == sources && !scene.walks.is_empty()) {
        return Ok(scene);
    }
    let config = match file {
        Some(file) => config::read(&file).map_err(|problems| Error::Configuration { file, problems })?,
        None => Config::default(),
    };
    let listed = in_file(files, read_listed(&listed))?;
    let outside = Arc::new(OutsideGrants::new(config.grants.iter().cloned().chain(listed).collect()));
    let rules = selected(options, &config);
    let scene =
        Scene { sources, config: Arc::new(config), outside, rules, fixes: options.fixes, walks: Walks::default() };
    if !kept.scene.take().is_some_and(|before| before.judges_like(&scene)) {
        kept.deployments.clear();
    }
    Ok(scene)
}

/// The configuration, where there is one.
fn configuration(files: &DiskFiles, named: &Named) -> Result<Option<Arc<SourceFile>>, Error> {
    let found = match &named.config {
        Some(file) => Some(file.read(files)?),
        None => match config::find(files, &named.base()) {
            Some(path) => Some(files.read(&path).map_err(|error| Error::Path { path, reason: error.to_string() })?),
            None => None,
        },
    };
    Ok(found)
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

/// What came of one deployment.
#[derive(Clone, Default)]
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
    rules: &'a [&'static Entry],
    options: &'a RuleOptions,
    outside: &'a Arc<OutsideGrants>,
    wanted: &'a Wanted,
    keep_graph: bool,
    files: &'a DiskFiles,
    fixes: Fixes,
    keeps: bool,
    before: &'a FxHashMap<DeploymentKey, Arc<Judged>>,
    progress: &'a dyn Progress,
    reused: AtomicUsize,
}

impl Judge<'_> {
    /// A template; none where the run is to stop.
    fn template(&self, store: &Store<'_>, planned: Planned) -> Option<(DeploymentKey, Arc<Judged>)> {
        let Planned { file, template, given, partial } = planned;
        let key = DeploymentKey::Template(file.id, given.iter().map(|one| one.file).collect(), partial);
        let same = |one: &[Arc<Arguments>], other: &[Arc<Arguments>]| {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| Arc::ptr_eq(one, other))
        };
        let known = |basis: &Basis| match basis {
            Basis::Template { template: before, given: arguments, asked } => {
                std::ptr::eq(before.as_ptr(), Arc::as_ptr(&template)) && same(arguments, &given) && asked.holds(store)
            }
            _ => false,
        };
        if let Some(judged) = self.known(&key, known) {
            return Some((key, judged));
        }
        self.observed(key, Some(file.id), || {
            let start = Instant::now();
            let asking = Asking::new(store);
            let deployment = evaluate(&template, &given, crate::store::language(&file.path), &asking);
            let basis = match self.keeps {
                true => Basis::Template { template: Arc::downgrade(&template), given, asked: asking.into_asked() },
                false => Basis::None,
            };
            Judged { basis, outcome: Outcome { partial, ..self.judge(start, deployment) } }
        })
    }

    /// A Terraform root module or plan; none where the run is to stop.
    fn terraform(
        &self,
        files: &DiskFiles,
        modules: &Cache,
        planned: terraform::Planned,
    ) -> Option<(DeploymentKey, Arc<Judged>)> {
        let key = DeploymentKey::Terraform(planned.clone());
        let known = |basis: &Basis| matches!(basis, Basis::Terraform(lookups) if lookups.hold(files));
        if let Some(judged) = self.known(&key, known) {
            return Some((key, judged));
        }
        self.observed(key, planned.entry(files, modules), || {
            let start = Instant::now();
            let (deployment, lookups) = terraform::evaluate(&planned, files, modules);
            if !terraform::is_wanted(&planned, files, &lookups, self.wanted) {
                return Judged { basis: Basis::Terraform(lookups), outcome: Outcome::default() };
            }
            let read = terraform::read_by(&deployment, &lookups);
            let partial = matches!(planned, terraform::Planned::Root { partial: true, .. });
            let outcome = Outcome { read, partial, ..self.judge(start, deployment) };
            Judged { basis: Basis::Terraform(lookups), outcome }
        })
    }

    fn known(&self, key: &DeploymentKey, holds: impl Fn(&Basis) -> bool) -> Option<Arc<Judged>> {
        let judged = self.before.get(key).filter(|judged| holds(&judged.basis))?;
        self.reused.fetch_add(1, Ordering::Relaxed);
        self.progress.step();
        Some(judged.clone())
    }

    fn observed(
        &self,
        key: DeploymentKey,
        entry: Option<FileId>,
        run: impl FnOnce() -> Judged,
    ) -> Option<(DeploymentKey, Arc<Judged>)> {
        if self.progress.stops() {
            return None;
        }
        let judged = guarded(entry, run);
        self.progress.step();
        Some((key, Arc::new(judged)))
    }

    fn judge(&self, start: Instant, mut deployment: Deployment) -> Outcome {
        let diagnostics = std::mem::take(&mut deployment.diagnostics);
        add_managed(&mut deployment);
        deployment.outside = self.outside.clone();
        let mut report = rolecall_rules::run_with(&deployment, self.rules, self.options);
        let (mut unmended, mut unmade) = (Vec::new(), fixes::Unmade::default());
        match self.fixes {
            Fixes::None if self.keep_graph => unmade = fixes::Unmade::of(&report.findings),
            Fixes::None => {}
            wanted => unmended = fixes::make(self.files, &deployment, &mut report.findings, wanted),
        }
        // It is about this graph alone, and equal findings of other deployments are the same.
        report.findings.iter_mut().for_each(|finding| (finding.mend, finding.alike) = (None, Vec::new()));
        let mut subjects = Subjects::default();
        if !self.outside.all().is_empty() {
            subjects = Subjects::of(&deployment);
            report.questions.iter().for_each(|question| subjects.add(&question.principal, &question.scope));
        }
        let (entry, parameters) = (deployment.entry, deployment.parameters.clone());
        let deployment = self.keep_graph.then(|| Arc::new(deployment));
        let (elapsed, unmade) = (start.elapsed(), Arc::new(unmade));
        let analysed = Analysed { entry, parameters, report, unmended, unmade, elapsed, deployment };
        Outcome { analysed: Some(analysed), subjects, diagnostics, ..Outcome::default() }
    }
}

/// One deployment. A fault of ours takes only this one down.
fn guarded(entry: Option<FileId>, run: impl FnOnce() -> Judged) -> Judged {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| {
        let message = "the analysis of this template broke down; this is a fault of rolecall: please report it";
        let diagnostics = entry.map(|entry| Diagnostic::error(Span::file_start(entry), message));
        let diagnostics = diagnostics.into_iter().collect();
        Judged { basis: Basis::None, outcome: Outcome { diagnostics, broke_down: true, ..Outcome::default() } }
    })
}
