//! From paths to findings.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use rayon::prelude::*;
use rolecall_graph::{Language, add_managed};
use rolecall_rules::Entry;
use rolecall_source::{Diagnostic, FileId, Files, Span};
use rolecall_template::evaluate::evaluate;

use crate::discover::{Discovery, Planned, discover, open};
use crate::store::Store;
use crate::{Analysed, Analysis, Error, Options};

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
    let Discovery { planned, templates, parameters, linked, unreadable, compiled } = discover(&store, &named, options)?;
    let mut diagnostics: Vec<_> = templates.iter().flat_map(|file| store.template_diagnostics(file)).collect();
    diagnostics.extend(parameters.iter().flat_map(|file| store.arguments(file).diagnostics.clone()));
    // From here on each entry's tree lives as long as its deployments.
    store.keep_only(&linked);
    let rules = selected(options);
    let outcomes: Vec<_> =
        planned.into_par_iter().map(|planned| deployment(&store, planned, &rules, options.keep_graphs)).collect();
    let file_count = templates.len() + parameters.len();
    drop(store);

    let mut deployments = Vec::new();
    let mut broke_down = false;
    for outcome in outcomes {
        diagnostics.extend(outcome.diagnostics);
        broke_down |= outcome.broke_down;
        deployments.extend(outcome.analysed);
    }
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
}

/// One deployment. A fault of ours takes only this one down.
fn deployment(store: &Store<'_>, planned: Planned, rules: &[&Entry], keep_graph: bool) -> Outcome {
    let entry = planned.file.id;
    match catch_unwind(AssertUnwindSafe(|| analyse_one(store, planned, rules, keep_graph))) {
        Ok(outcome) => outcome,
        Err(_) => {
            let message = "the analysis of this template broke down; this is a fault of rolecall: please report it";
            let diagnostics = vec![Diagnostic::error(Span::file_start(entry), message)];
            Outcome { analysed: None, diagnostics, broke_down: true }
        }
    }
}

fn analyse_one(store: &Store<'_>, planned: Planned, rules: &[&Entry], keep_graph: bool) -> Outcome {
    let start = Instant::now();
    let Planned { file, template, given } = planned;
    let mut deployment = evaluate(&template, &given, Language::Arm, store);
    drop(template);
    let diagnostics = std::mem::take(&mut deployment.diagnostics);
    add_managed(&mut deployment);
    let report = rolecall_rules::run(&deployment, rules);
    let parameters = given.iter().filter_map(|given| given.file).collect();
    let deployment = keep_graph.then_some(deployment);
    Outcome {
        analysed: Some(Analysed { entry: file.id, parameters, report, elapsed: start.elapsed(), deployment }),
        diagnostics,
        broke_down: false,
    }
}
