//! What each command does.

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use anstream::{AutoStream, ColorChoice};
use anyhow::{Context, bail};
use rolecall_report::{
    Deployed, Run, azure_pipelines, catalogue, coverage_lines, github, gitlab, graph, json, junit, markdown,
    requirements, sarif, text,
};
use rolecall_rules as rules;
use rolecall_source::Level;
use rolecall_workspace::{Analysis, Fixes, Options, analyse_with};

use crate::arguments::{
    Arguments, Check, Command, FailOn, Format, Graph, GraphFormat, Requirements, RequirementsFormat, RulesFormat,
    Source,
};
use crate::progress::Bar;
use crate::{Status, complain};

/// Runs a command.
pub fn run(arguments: Arguments) -> anyhow::Result<Status> {
    arguments.color.write_global();
    let outcome = match arguments.command {
        Command::Check(check) => run_check(&check),
        Command::Requirements(requirements) => run_requirements(&requirements),
        Command::Graph(graph) => run_graph(&graph),
        Command::Rules { format } => output(None, |out| match format {
            RulesFormat::Table => catalogue::list(out),
            RulesFormat::Json => catalogue::json(out),
        })
        .map(|()| Status::Clean),
        Command::Explain { name } => explain(&name),
        Command::Completions { shell } => crate::manual::completions(shell).map(|()| Status::Clean),
        Command::Man { command } => crate::manual::page(command.as_deref()).map(|()| Status::Clean),
        Command::Init { path } => crate::init::run(path.as_ref()),
        Command::Lsp => rolecall_lsp::run(home()).map(|()| Status::Clean).map_err(Into::into),
    };
    match outcome.as_ref().err().and_then(|error| error.downcast_ref()) {
        Some(rolecall_workspace::Error::Configuration { file, problems }) => {
            text::problems(&mut io::stderr().lock(), file, problems, &current_dir()?)?;
            Ok(Status::Failed)
        }
        _ => outcome,
    }
}

/// The user's folder, which holds the cache of restored modules.
fn home() -> Option<PathBuf> {
    std::env::home_dir().filter(|home| home.is_absolute())
}

/// The folder that the command runs in, links resolved.
pub fn current_dir() -> anyhow::Result<PathBuf> {
    std::env::current_dir().and_then(|folder| folder.canonicalize()).context("cannot tell the current folder")
}

fn run_check(check: &Check) -> anyhow::Result<Status> {
    check.select.iter().chain(&check.ignore).try_for_each(|rule| known_rule(rule))?;
    let options = Options {
        select: check.select.clone(),
        ignore: check.ignore.clone(),
        changed: check.changed,
        baseline: check.baseline.clone(),
        fixes: wanted_fixes(check),
        ..options(&check.source)?
    };
    if check.unsafe_fixes && !check.fix && !check.diff {
        bail!("--unsafe-fixes goes with --fix or --diff");
    }
    if check.diff {
        return crate::fix::show(&options, check);
    }
    let mut analysis = match check.fix {
        true => crate::fix::write(&options, check)?,
        false => analyse_with(&options, &Bar::default())?,
    };
    if let Some(file) = &check.write_baseline {
        let baseline = analysis.baseline();
        output(Some(file), |out| out.write_all(baseline.as_bytes()))?;
        analysis.accept_all();
    }
    let run = as_run(&analysis, &options);
    let limit = match check.fail_on {
        FailOn::Error => Some(Level::Error),
        FailOn::Warning => Some(Level::Warning),
        FailOn::Note => Some(Level::Note),
        FailOn::Never => None,
    };
    let to_file = check.source.output.is_some();
    if check.format != Format::Text || to_file {
        coverage_lines(&run).iter().for_each(|line| complain(line));
    }
    let assumed = check.assumed;
    let shown = text::Options { assumed, color: !to_file && colors(), fixes: !check.fix, links: !to_file && links() };
    output(check.source.output.as_ref(), |out| match check.format {
        Format::Text => text::write(out, &run, shown),
        Format::Json => json::write(out, &run),
        Format::Sarif => sarif::write(out, &run, assumed),
        Format::Github => github::write(out, &run, assumed),
        Format::Gitlab => gitlab::write(out, &run, assumed),
        Format::Junit => junit::write(out, &run, junit::Options { assumed, fails_at: limit }),
        Format::AzurePipelines => azure_pipelines::write(out, &run, assumed),
        Format::Markdown => markdown::write(out, &run),
    })?;
    if check.changed && analysis.deployments.is_empty() && run.worst().is_none() {
        return Ok(Status::Clean);
    }
    Ok(status(&analysis, limit.is_some_and(|limit| run.worst().is_some_and(|worst| worst >= limit))))
}

/// For which findings fixes are made: a format that does not show them needs none.
fn wanted_fixes(check: &Check) -> Fixes {
    let shown = matches!(check.format, Format::Json | Format::Sarif | Format::Gitlab | Format::Text | Format::Markdown);
    match (shown || check.fix || check.diff, check.assumed) {
        (false, _) => Fixes::None,
        (true, false) => Fixes::Wrong,
        (true, true) => Fixes::Assumed,
    }
}

fn run_graph(command: &Graph) -> anyhow::Result<Status> {
    let options = Options { keep_graphs: true, ..options(&command.source)? };
    let analysis = analyse_with(&options, &Bar::default())?;
    let run = as_run(&analysis, &options);
    coverage_lines(&run).iter().for_each(|line| complain(line));
    let deployments = || analysis.deployments.iter().filter_map(|one| one.deployment.as_deref());
    output(command.source.output.as_ref(), |out| match command.format {
        GraphFormat::Json => graph::json(out, &graph::values(&run, deployments())),
        GraphFormat::Dot => graph::dot(out, &graph::values(&run, deployments())),
        GraphFormat::Mermaid => graph::mermaid(out, &graph::picture(&run, deployments())),
        GraphFormat::Html => graph::html(out, &graph::picture(&run, deployments())),
    })?;
    Ok(status(&analysis, run.diagnostics.iter().any(|one| one.level == Level::Error)))
}

fn run_requirements(command: &Requirements) -> anyhow::Result<Status> {
    let code = match command.format {
        RequirementsFormat::Bicep => Some(requirements::Code::Bicep),
        RequirementsFormat::Arm => Some(requirements::Code::Arm),
        RequirementsFormat::Terraform => Some(requirements::Code::Terraform),
        _ => None,
    };
    if command.custom_role && code.is_none() && command.format != RequirementsFormat::Az {
        bail!("--custom-role goes with --format az, bicep, arm or terraform");
    }
    let fixes = if command.custom_role { Fixes::Exact } else { Fixes::Assumed };
    // What is needed does not depend on which rules somebody wants to hear of.
    let select = rules::rules().iter().map(|entry| entry.rule.id.clone()).collect();
    let options =
        Options { keep_graphs: true, fixes: code.map_or(Fixes::None, |_| fixes), select, ..options(&command.source)? };
    let analysis = analyse_with(&options, &Bar::default())?;
    let run = as_run(&analysis, &options);
    let needs: Vec<_> = analysis
        .deployments
        .iter()
        .map(|one| one.deployment.as_deref().map(rules::needs).unwrap_or_default())
        .collect();
    let requirements = requirements::Requirements { run: &run, needs: &needs };
    let file = command.source.output.as_ref();
    match (&command.why[..], command.format) {
        ([identity, scope], _) => {
            let mut outcome = Ok(());
            output(file, |out| {
                outcome = requirements::why(out, &requirements, identity, scope)?;
                Ok(())
            })?;
            if let Err(unknown) = outcome {
                bail!("`{identity}` on `{scope}`: {unknown}");
            }
        }
        (_, RequirementsFormat::Az) => output(file, |out| requirements::az(out, &requirements, command.custom_role))?,
        (_, RequirementsFormat::Bicep | RequirementsFormat::Arm | RequirementsFormat::Terraform) => {
            output(file, |out| code.map_or(Ok(()), |language| requirements::code(out, &requirements, language)))?
        }
        (_, RequirementsFormat::Table) => output(file, |out| requirements::table(out, &requirements))?,
        (_, RequirementsFormat::Json) => output(file, |out| requirements::json(out, &requirements))?,
        (_, RequirementsFormat::Markdown) => output(file, |out| requirements::markdown(out, &requirements))?,
    }
    Ok(status(&analysis, run.diagnostics.iter().any(|one| one.level == Level::Error)))
}

fn explain(name: &str) -> anyhow::Result<Status> {
    if let Some(entry) = rules::rule(name) {
        output(None, |out| catalogue::page(out, entry.page))?;
        return Ok(Status::Clean);
    }
    if let Some(kind) = rules::upkeep().iter().find(|kind| kind.id == name) {
        output(None, |out| catalogue::page(out, kind.page))?;
        return Ok(Status::Clean);
    }
    if let Some(error) = rules::error_code(name) {
        output(None, |out| catalogue::error(out, error))?;
        return Ok(Status::Clean);
    }
    let known = rules::rule_ids().chain(rules::error_codes().iter().map(|error| error.code.as_str()));
    bail!("there is no rule and no known Azure error named `{name}`{}", suggestion(name, known));
}

fn options(source: &Source) -> anyhow::Result<Options> {
    Ok(Options {
        current_dir: current_dir()?,
        paths: source.paths.clone(),
        root: source.root.clone(),
        parameters: source.parameters.clone(),
        config: source.config.clone(),
        grants: source.grants.clone(),
        variables: source.variables.0.clone(),
        plans: source.plan.clone(),
        module_cache: source.module_cache.clone(),
        home: home(),
        ..Options::default()
    })
}

/// An analysis as formats take it.
pub fn as_run<'a>(analysis: &'a Analysis, options: &'a Options) -> Run<'a> {
    let deployed = analysis.deployments.iter().map(|one| Deployed {
        entry: one.entry,
        parameters: &one.parameters,
        report: &one.report,
    });
    Run {
        files: &*analysis.files,
        upkeep: &analysis.upkeep,
        current_dir: &options.current_dir,
        file_count: analysis.file_count,
        deployments: deployed.collect(),
        diagnostics: &analysis.diagnostics,
        unreadable: &analysis.unreadable,
        accepted: analysis.accepted.len(),
        broke_down: analysis.broke_down,
    }
}

/// The exit status of an analysis, and what standard error says of it.
fn status(analysis: &Analysis, failed: bool) -> Status {
    let left_out = analysis.compiled.len();
    if left_out > 0 {
        let (noun, verb) = if left_out == 1 { ("template", "was") } else { ("templates", "were") };
        complain(&format!(
            "note: {left_out} {noun} {verb} left out that Bicep compiled from a file beside it; name a template to analyse it"
        ));
    }
    if analysis.broke_down {
        return Status::Failed;
    }
    if failed {
        return Status::Findings;
    }
    if analysis.deployments.is_empty() {
        complain(
            "no ARM template, Bicep file or Terraform configuration was found under the paths given (a JSON file is a template by its $schema)",
        );
        return Status::Nothing;
    }
    Status::Clean
}

/// Writes to a file or to standard output. A reader that has gone away is no failure.
pub fn output(file: Option<&PathBuf>, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> anyhow::Result<()> {
    if let Some(path) = file {
        let cannot = || format!("cannot write `{}`", path.display());
        let mut out = BufWriter::new(std::fs::File::create(path).with_context(cannot)?);
        return write(&mut out).and_then(|()| out.flush()).with_context(cannot);
    }
    let mut out = BufWriter::new(io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => done.context("cannot write to standard output"),
    }
}

/// Whether standard output takes colours.
fn colors() -> bool {
    AutoStream::choice(&io::stdout()) != ColorChoice::Never
}

/// Whether it takes hyperlinks: a terminal that knows them, where nobody wants plain text.
fn links() -> bool {
    colors() && supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout)
}

fn known_rule(id: &str) -> anyhow::Result<()> {
    if !rules::is_rule(id) {
        bail!("there is no rule `{id}`{}; `rolecall rules` lists all", suggestion(id, rules::rule_ids()));
    }
    Ok(())
}

/// `; did you mean …?`, where something is near enough; for a part of names, those that have it.
fn suggestion<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    /// How many are listed, and how short a part may be.
    const MOST: usize = 5;
    const SHORTEST: usize = 3;
    let name = name.to_lowercase();
    let known: Vec<&str> = known.collect();
    let having: Vec<_> = known.iter().filter(|one| one.to_lowercase().contains(&name)).collect();
    if !having.is_empty() && name.chars().count() >= SHORTEST {
        let listed: Vec<_> = having.iter().take(MOST).map(|one| format!("`{one}`")).collect();
        let more = having.len().saturating_sub(MOST);
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        return format!("; did you mean {}{more}?", listed.join(", "));
    }
    let distance = |one: &str| strsim::jaro_winkler(&name, &one.to_lowercase());
    let nearest = known.into_iter().map(|one| (distance(one), one)).max_by(|(a, _), (b, _)| a.total_cmp(b));
    match nearest {
        Some((near, one)) if near > 0.8 => format!("; did you mean `{one}`?"),
        _ => String::new(),
    }
}
