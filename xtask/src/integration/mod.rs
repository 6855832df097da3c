//! The program beside those that it is made for: validators, pre-commit, a runner of GitHub Actions, pip.
//!
//! What is needed is installed by name from the package registries into a folder of its own. Where that cannot be, the step
//! is skipped, and the last line says so.

mod action;
mod formats;
mod hooks;
mod install;
mod same;
mod tools;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, bail};

use tools::Tools;

/// What the steps share.
struct Bench<'a> {
    /// The repository.
    root: &'a Path,
    /// A folder for what the steps make.
    dir: &'a Path,
    /// The program as developers build it.
    binary: PathBuf,
    tools: Tools,
    /// Whether what takes minutes is tried as well.
    all: bool,
}

/// What came of a step.
enum Outcome {
    Passed(String),
    Skipped(String),
}

type Step = (&'static str, fn(&Bench<'_>) -> anyhow::Result<Outcome>);

const STEPS: [Step; 9] = [
    ("same bytes", same::run),
    ("schemas", formats::schemas),
    ("SARIF validator", formats::sarif),
    ("JUnit schema", formats::junit),
    ("configuration in editors", formats::configuration),
    ("workflows and scripts", action::lint),
    ("installed program", install::installed),
    ("GitHub Action", action::run),
    ("pre-commit", hooks::run),
];

/// `integration`: all steps, or those whose name holds a text. What is installed is kept in `tools`, where that is given; `all`
/// has pre-commit compile the hook too.
pub fn run(root: &Path, only: Option<&str>, tools: Option<&Path>, all: bool) -> anyhow::Result<()> {
    let mut out = std::io::stdout();
    finished(Command::new(cargo()).args(["build", "--package", "rolecall", "--locked"]).current_dir(root))?;
    let dir = tempfile::tempdir()?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let binary = target.join("debug").join(format!("rolecall{}", std::env::consts::EXE_SUFFIX));
    let path = dir.path().canonicalize()?;
    let bench = Bench { root, dir: &path, binary, tools: Tools::new(tools.unwrap_or(&path.join("tools"))), all };
    let (mut failed, mut skipped) = (Vec::new(), Vec::new());
    for (name, step) in STEPS.iter().filter(|(name, _)| only.is_none_or(|only| name.contains(only))) {
        let start = Instant::now();
        let outcome = step(&bench);
        let took = start.elapsed().as_secs_f64();
        match outcome {
            Ok(Outcome::Passed(what)) => writeln!(out, "== integration: {name}: {what}, in {took:.0} s")?,
            Ok(Outcome::Skipped(why)) => {
                writeln!(out, "== integration: {name}: skipped, for {why}")?;
                skipped.push(*name);
            }
            Err(error) => {
                writeln!(out, "== integration: {name}: failed after {took:.0} s: {error:#}")?;
                failed.push(*name);
            }
        }
    }
    if !skipped.is_empty() {
        writeln!(out, "== integration: skipped: {}", skipped.join(", "))?;
    }
    if !failed.is_empty() {
        bail!("failed: {}", failed.join(", "));
    }
    Ok(())
}

/// What a command left.
struct Ran {
    status: i32,
    stdout: String,
    stderr: String,
}

impl Ran {
    fn text(&self) -> String {
        format!("status {}\n{}\n{}", self.status, self.stdout, self.stderr)
    }

    /// Fails where the status is another.
    fn with_status(self, status: i32) -> anyhow::Result<Ran> {
        if self.status != status {
            bail!("expected status {status}: {}", self.text());
        }
        Ok(self)
    }
}

/// Runs a command to its end.
fn ran(command: &mut Command) -> anyhow::Result<Ran> {
    let output = command.output().with_context(|| format!("cannot start {command:?}"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    Ok(Ran { status: output.status.code().unwrap_or(-1), stdout, stderr })
}

/// Runs a command that must succeed.
fn finished(command: &mut Command) -> anyhow::Result<Ran> {
    ran(command)?.with_status(0).with_context(|| format!("{command:?}"))
}

/// Git, as nobody in particular and without anybody's configuration.
fn git(folder: &Path, arguments: &[&str]) -> anyhow::Result<Ran> {
    let identity = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "init.defaultBranch=main"];
    finished(
        Command::new("git").args(identity).args(arguments).current_dir(folder).env("GIT_CONFIG_GLOBAL", "/dev/null"),
    )
}

/// Copies a folder with all that is in it, in the order that `order` gives to the entries of each folder.
fn copy(from: &Path, to: &Path, order: &dyn Fn(&mut Vec<PathBuf>)) -> anyhow::Result<()> {
    std::fs::create_dir_all(to)?;
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        entries.push(entry?.path());
    }
    entries.sort();
    order(&mut entries);
    for entry in entries {
        let target = to.join(entry.file_name().unwrap_or_default());
        if entry.is_dir() {
            copy(&entry, &target, order)?;
        } else {
            std::fs::copy(&entry, &target)?;
        }
    }
    Ok(())
}

/// Writes a file and the folders above it.
fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    std::fs::create_dir_all(path.parent().unwrap_or(path))?;
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

fn cargo() -> String {
    std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned())
}

impl Bench<'_> {
    /// The program in a folder.
    fn rolecall(&self, folder: &Path, arguments: &[&str]) -> anyhow::Result<Ran> {
        ran(Command::new(&self.binary).args(arguments).current_dir(folder))
    }

    /// A workspace with all that formats have to cope with: every rule fires in one of the languages, deployments are clean,
    /// files are broken, and names are hostile.
    fn workspace(&self) -> anyhow::Result<PathBuf> {
        let folder = self.dir.join("workspace");
        if folder.exists() {
            return Ok(folder);
        }
        copy(&self.root.join("tests/workspaces"), &folder, &|_| {})?;
        copy(&self.root.join("examples"), &folder.join("examples"), &|_| {})?;
        write(&folder.join("broken/main.bicep"), "resource x 'a@b' = {\n")?;
        write(&folder.join("broken/main.tf"), "resource \"azurerm_subnet\" {\n")?;
        let template = std::fs::read_to_string(self.root.join("examples/aks-byo-identities/azuredeploy.json"))?;
        let hostile = "::error::<script>alert(1)</script>##vso[task.complete]]]>&\\u001b[31m%0A|`@a";
        write(&folder.join("hostile/azuredeploy.json"), &template.replace("id-aks-control", hostile))?;
        let prod = "examples/aks-byo-identities/azuredeploy.parameters.prod.json";
        std::fs::copy(self.root.join(prod), folder.join("hostile/azuredeploy.parameters.json"))?;
        git(&folder, &["init", "--quiet"])?;
        Ok(folder)
    }
}
