//! From paths to findings.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use rayon::prelude::*;
use rolecall_graph::{Deployment, add_managed};
use rolecall_rules::Entry;
use rolecall_source::{Diagnostic, DiskFiles, FileId, Files, Span};
use rolecall_template::evaluate::evaluate;
use rolecall_terraform::Cache;
use rustc_hash::FxHashSet;

use crate::discover::{Discovery, Planned, discover, open};
use crate::store::Store;
use crate::{Analysed, Analysis, Error, Options, terraform};

/// The stack of each thread: evaluation recurses up to its own depth limit, and no further.
const STACK: usize = 256 << 20;

/// Analyses what the options name.
///
/// # Errors
/// What they name is wrong; a file that is merely found broken is a diagnostic.
pub fn analyse(options: &Options) -> Result<Analysis, Error> {
    let pool =
        rayon::ThreadPoolBuilder::new().stack_size(STACK).build().map_err(|error| Error::Threads(error.to_string()))?;
    pool.install(|| run(options))
}

fn run(options: &Options) -> Result<Analysis, Error> {
    let (files, named) = open(options)?;
    let store = Store::new(&files);
    let modules = rolecall_terraform::Cache::default();
    let Discovery { planned, templates, parameters, linked, unreadable, compiled, terraform } =
        discover(&store, &modules, &named, options)?;
    let mut diagnostics: Vec<_> = templates.iter().flat_map(|file| store.template_diagnostics(file)).collect();
    diagnostics.extend(parameters.iter().flat_map(|file| store.arguments(file).diagnostics.clone()));
    // From here on each entry's tree lives as long as its deployments.
    store.keep_only(&linked);
    let rules = selected(options);
    let judge = Judge { rules: &rules, keep_graph: options.keep_graphs };
    let mut outcomes: Vec<_> = planned.into_par_iter().map(|planned| judge.template(&store, planned)).collect();
    outcomes.par_extend(terraform.into_par_iter().map(|planned| judge.terraform(&files, &modules, &planned)));
    let of_terraform: FxHashSet<_> = outcomes.iter().flat_map(|outcome| &outcome.read).collect();
    let file_count = templates.len() + parameters.len() + of_terraform.len();
    drop(store);

    let mut deployments = Vec::new();
    let mut broke_down = false;
    for outcome in outcomes {
        diagnostics.extend(outcome.diagnostics);
        broke_down |= outcome.broke_down;
        deployments.extend(outcome.analysed);
    }
    deployments.sort_by_cached_key(|one| files.get(one.entry).map(|file| file.path.clone()));
    // A template's own diagnostics come with each of its deployments.
    let place = |id: FileId| files.get(id).map(|file| file.path.clone());
    diagnostics.sort_by_cached_key(|one| (place(one.span.file), one.span.start, one.span.end, one.message.clone()));
    diagnostics.dedup();
    Ok(Analysis { files, file_count, deployments, diagnostics, unreadable, compiled, broke_down })
}

/// The rules to run.
fn selected(options: &Options) -> Vec<&'static Entry> {
    let wanted = |id: &String| options.select.is_empty() || options.select.contains(id);
    rolecall_rules::rules()
        .iter()
        .filter(|entry| wanted(&entry.rule.id) && !options.ignore.contains(&entry.rule.id))
        .collect()
}

#[derive(Default)]
struct Outcome {
    analysed: Option<Analysed>,
    diagnostics: Vec<Diagnostic>,
    broke_down: bool,
    /// Terraform's files that were read.
    read: Vec<FileId>,
}

/// What is done with each deployment.
struct Judge<'a> {
    rules: &'a [&'a Entry],
    keep_graph: bool,
}

impl Judge<'_> {
    /// A template.
    fn template(&self, store: &Store<'_>, planned: Planned) -> Outcome {
        let entry = Some(planned.file.id);
        guarded(entry, || {
            let start = Instant::now();
            let Planned { file, template, given } = planned;
            let deployment = evaluate(&template, &given, crate::store::language(&file.path), store);
            drop(template);
            self.judge(start, deployment)
        })
    }

    /// A Terraform root module or plan.
    fn terraform(&self, files: &DiskFiles, modules: &Cache, planned: &terraform::Planned) -> Outcome {
        guarded(planned.entry(files, modules), || {
            let start = Instant::now();
            let (deployment, read) = terraform::evaluate(planned, files, modules);
            Outcome { read, ..self.judge(start, deployment) }
        })
    }

    fn judge(&self, start: Instant, mut deployment: Deployment) -> Outcome {
        let diagnostics = std::mem::take(&mut deployment.diagnostics);
        add_managed(&mut deployment);
        let report = rolecall_rules::run(&deployment, self.rules);
        let (entry, parameters) = (deployment.entry, deployment.parameters.clone());
        let deployment = self.keep_graph.then_some(deployment);
        let analysed = Analysed { entry, parameters, report, elapsed: start.elapsed(), deployment };
        Outcome { analysed: Some(analysed), diagnostics, ..Outcome::default() }
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
