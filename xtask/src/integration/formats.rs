//! Each format before those that read it.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};
use serde_json::Value;

use super::{Bench, Outcome, Tool, finished, ran, write};

/// What JSON the program writes, and the JSON Schemas of the repository that describe it.
const JSON: [(&[&str], &str); 2] = [
    (&["check", "--format", "json", "--fail-on", "never"], "crates/rolecall-report/schemas/check.schema.json"),
    (&["requirements", "--format", "json"], "crates/rolecall-report/schemas/requirements.schema.json"),
];

/// The formats that are lines, what a command begins with, and how lines begin that are one.
const LINES: [(&str, &str, &[&str]); 2] = [
    ("github", "::", &["::error ", "::warning ", "::notice "]),
    ("azure-pipelines", "##", &["##vso[task.logissue type="]),
];

/// JSON against the schemas that are published, and line formats against what a runner takes.
pub(super) fn schemas(bench: &Bench<'_>) -> anyhow::Result<Outcome> {
    let folder = &bench.workspace;
    for (arguments, schema) in JSON {
        let schema: Value = serde_json::from_str(&std::fs::read_to_string(bench.root.join(schema))?)?;
        let document: Value = serde_json::from_str(&bench.rolecall(folder, arguments)?.stdout)?;
        let validator = jsonschema::validator_for(&schema)?;
        if let Some(error) = validator.iter_errors(&document).next() {
            bail!("{arguments:?}: {error} at {}", error.instance_path());
        }
    }
    for (format, mark, starts) in LINES {
        let run = bench.rolecall(folder, &["check", "--format", format, "--fail-on", "never"])?;
        let is_known = |line: &str| starts.iter().any(|start| line.starts_with(start));
        if run.stdout.lines().filter(|line| is_known(line)).count() < 20 {
            bail!("{format}: {}", run.text());
        }
        // A runner looks for commands at the start of a line, Azure's anywhere in it.
        let obeyed = |line: &&str| match mark {
            "::" => line.trim_start().starts_with(mark) || line.contains("##["),
            mark => line.get(1..).unwrap_or(line).contains(mark),
        };
        let mut lines = run.stdout.lines().filter(|line| mark != "::" || !is_known(line));
        if let Some(stray) = lines.find(obeyed) {
            bail!("{format}: a name gives a command: {stray}");
        }
    }
    Ok(Outcome::Passed("documents are as their schemas say, and names give no commands".to_owned()))
}

/// Microsoft's validator, with the rules of the standard and those of GitHub.
pub(super) fn sarif(bench: &Bench<'_>) -> anyhow::Result<Outcome> {
    let validator = match bench.tools.get(Tool::Sarif) {
        Ok(validator) => validator,
        Err(why) => return Ok(Outcome::Skipped(why)),
    };
    let folder = &bench.workspace;
    let (file, log) = (bench.dir.join("all.sarif"), bench.dir.join("validation.sarif"));
    let (file, log) = (file.to_string_lossy(), log.to_string_lossy());
    let arguments = ["check", "--format", "sarif", "--assumed", "--fail-on", "never", "--output", &file];
    bench.rolecall(folder, &arguments)?.with_status(0)?;
    let document: Value = serde_json::from_str(&std::fs::read_to_string(&*file)?)?;
    let results = document["runs"][0]["results"].as_array().context("no results")?;
    let fixes = results.iter().filter(|result| result["fixes"].is_array()).count();
    if fixes < 10 {
        bail!("only {fixes} of {} results have fixes: there is too little to validate", results.len());
    }
    let arguments = [
        "validate",
        &file,
        "--rule-kind",
        "Sarif;Ghas",
        "--level",
        "Error;Warning;Note",
        "--log",
        "ForceOverwrite",
        "-o",
        &log,
    ];
    let run = ran(Command::new(validator).args(arguments).env("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1"))?;
    // Its exit status is 0 whatever it finds.
    if !run.stdout.contains("Analysis completed") {
        bail!("the validator did not finish: {}", run.text());
    }
    if let Some(error) = run.stdout.lines().find(|line| line.contains(": error ")) {
        bail!("{error}");
    }
    Ok(Outcome::Passed(format!("no error in {} results, {fixes} of them with fixes", results.len())))
}

/// JUnit against the schema of its best-known reader.
pub(super) fn junit(bench: &Bench<'_>) -> anyhow::Result<Outcome> {
    let (schema, python) = match (bench.tools.get(Tool::Junit), bench.tools.get(Tool::Python)) {
        (Ok(schema), Ok(python)) => (schema, python),
        (Err(why), _) | (_, Err(why)) => return Ok(Outcome::Skipped(why)),
    };
    let file = bench.dir.join("all.xml");
    let run = bench.rolecall(&bench.workspace, &["check", "--format", "junit", "--fail-on", "never"])?;
    write(&file, &run.stdout)?;
    finished(Command::new(python.join("xmlschema-validate")).arg("--schema").arg(schema).arg(&file))?;
    Ok(Outcome::Passed("as the schema says".to_owned()))
}

/// What `init` writes, and a configuration with every key, as an editor's TOML server reads them with the schema; and one
/// that it refuses.
pub(super) fn configuration(bench: &Bench<'_>) -> anyhow::Result<Outcome> {
    let python = match bench.tools.get(Tool::Python) {
        Ok(python) => python,
        Err(why) => return Ok(Outcome::Skipped(why)),
    };
    let folder = bench.dir.join("configuration");
    super::copy(&bench.root.join("examples/aks-byo-identities"), &folder, &|_| {})?;
    bench.rolecall(&folder, &["init"])?.with_status(0)?;
    let written = std::fs::read_to_string(folder.join("rolecall.toml"))?;
    let is_code =
        |line: &&str| line.starts_with('[') || line.split_once(" = ").is_some_and(|(key, _)| !key.contains(' '));
    let code: Vec<_> = written.lines().filter_map(|line| line.strip_prefix("# ")).filter(is_code).collect();
    let schema = bench.root.join("crates/rolecall-workspace/schemas/rolecall.schema.json");
    let lint = |name: &str, text: &str| {
        let file = folder.join(name);
        write(&file, text)?;
        taplo(python, &schema, &file)
    };
    lint("written.toml", &written)?.with_status(0)?;
    lint("uncommented.toml", &code.join("\n"))?.with_status(0).context("with the marks taken away")?;
    if lint("wrong.toml", "[rules]\nsubnet-without-role = 'fatal'\n")?.status == 0 {
        bail!("a level that there is not was accepted");
    }
    Ok(Outcome::Passed("what `init` writes fits the schema, with its marks and without".to_owned()))
}

fn taplo(python: &Path, schema: &Path, file: &Path) -> anyhow::Result<super::Ran> {
    let schema = format!("file://{}", schema.display());
    ran(Command::new(python.join("taplo")).args(["lint", "--no-auto-config", "--schema", &schema]).arg(file))
}
