//! `rolecall init`: a commented `rolecall.toml` made of what is found.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use rolecall_report::{Run, coverage, printable, relative};
use rolecall_rules::{QuestionAnswer, rules};
use rolecall_source::Files;
use rolecall_workspace::{Analysis, CONFIGURATION, Options, analyse};

use crate::Status;
use crate::commands::{as_run, current_dir, output};

/// What stands above everything.
const HEAD: &str = "\
# What templates do not say of themselves to `rolecall check`. Every key may be left out; paths and globs start from this
# file's folder. `rolecall rules` lists the rules, `rolecall explain RULE` shows a rule's page, with its options.

# Paths left out of folders, each a glob as in .gitignore.
# exclude = [\"samples/**\"]

# What findings of a rule are: off, note, warning or error. One that only some parameter values bring about is one lower.
# [rules]
";

const DEPLOYMENTS: &str = "
# What is analysed, found from the templates and the files beside them. List a template here to have it analysed with other
# files, or with several together; what is not listed is analysed as it is found.
";

const GRANTS: &str = "
# Role assignments made outside of these templates, by another team or a pipeline. Take the marks away from those that are
# made, and say who makes them: what they cover is granted. `*` stands for anything up to a slash, `**` for anything.
";

/// Writes the configuration for a folder.
pub fn run(path: Option<&PathBuf>) -> anyhow::Result<Status> {
    let current_dir = current_dir()?;
    let folder = current_dir.join(path.map_or(Path::new("."), PathBuf::as_path));
    let folder = folder.canonicalize().with_context(|| format!("cannot read `{}`", folder.display()))?;
    if !folder.is_dir() {
        bail!("`{}` is no folder", folder.display());
    }
    let target = folder.join(CONFIGURATION);
    let shown = relative(&target, &current_dir);
    if target.exists() {
        bail!("there is a `{shown}` already; it stays as it is");
    }
    let options = Options { current_dir: current_dir.clone(), paths: vec![folder.clone()], ..Options::default() };
    let analysis = analyse(&options)?;
    if analysis.deployments.is_empty() {
        bail!("no template of any language was found under `{}`, so there is nothing to configure", folder.display());
    }
    // Whatever turned up in the meantime stays.
    let mut file = std::fs::File::create_new(&target).with_context(|| format!("cannot write `{shown}`"))?;
    file.write_all(configuration(&analysis, &folder).as_bytes()).with_context(|| format!("cannot write `{shown}`"))?;
    let run = as_run(&analysis, &options);
    output(None, |out| {
        writeln!(out, "wrote {}; `rolecall check` analyses", printable(&shown))?;
        deployments(&run).iter().try_for_each(|line| writeln!(out, "  {}", printable(line)))?;
        writeln!(out, "{}", coverage(&run))
    })?;
    Ok(Status::Clean)
}

/// The deployments, those with clusters first.
fn deployments(run: &Run<'_>) -> Vec<String> {
    let line = |deployed: &rolecall_report::Deployed<'_>| {
        let clusters = match deployed.report.clusters {
            0 => "no AKS cluster".to_owned(),
            1 => "1 cluster".to_owned(),
            many => format!("{many} clusters"),
        };
        format!("{}: {clusters}", run.deployment_name(deployed))
    };
    let (with, without): (Vec<_>, Vec<_>) = run.deployments.iter().partition(|deployed| deployed.report.clusters > 0);
    with.into_iter().chain(without).map(line).collect()
}

fn configuration(analysis: &Analysis, folder: &Path) -> String {
    let mut out = HEAD.to_owned();
    for entry in rules() {
        let _ = writeln!(out, "# {} = \"{}\"", entry.rule.id, entry.rule.level.level().name());
    }
    out.push_str(DEPLOYMENTS);
    let name = |id| analysis.files.get(id).map(|file| quoted(&relative(&file.path, folder))).unwrap_or_default();
    for one in analysis.deployments.iter().filter(|one| one.report.clusters > 0) {
        let _ = writeln!(out, "#\n# [[deployment]]\n# entry = {}", name(one.entry));
        if !one.parameters.is_empty() {
            let parameters: Vec<_> = one.parameters.iter().map(|file| name(*file)).collect();
            let _ = writeln!(out, "# parameters = [{}]", parameters.join(", "));
        }
    }
    out.push_str(GRANTS);
    let grants = assumed(analysis);
    for (principal, role, scope) in &grants {
        let _ = writeln!(out, "#\n# [[grant]]\n# principal = {}\n# role = {}", quoted(principal), quoted(role));
        let _ = writeln!(out, "# scope = {}\n# reason = \"who makes it, or where\"", quoted(scope));
    }
    if grants.is_empty() {
        let _ = writeln!(out, "#\n# [[grant]]\n# principal = \"id-aks-*\"\n# role = \"Network Contributor\"");
        let _ = writeln!(out, "# scope = \"virtualNetworks/vnet-hub\"\n# reason = \"who makes it, or where\"");
    }
    out
}

/// What must be granted elsewhere: who needs which role where.
fn assumed(analysis: &Analysis) -> BTreeSet<(String, String, String)> {
    let questions = analysis.deployments.iter().flat_map(|one| &one.report.questions);
    let assumed = questions.filter(|question| question.answer == QuestionAnswer::Assumed);
    let with_role = |question: &rolecall_rules::Question| {
        let mut requirements = rules().iter().flat_map(|entry| &entry.rule.requirements);
        let need = requirements.find(|requirement| requirement.id == question.requirement)?.need.as_ref()?;
        Some((question.principal.clone(), need.least_role.name.clone(), question.scope.clone()))
    };
    assumed.filter_map(with_role).collect()
}

/// A TOML string, in one line.
fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            control if control.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(control));
            }
            other => out.push(other),
        }
    }
    out.push('"');
    out
}
