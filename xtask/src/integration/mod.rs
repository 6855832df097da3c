//! The program beside those that it is made for: validators, pre-commit, a runner of GitHub Actions, pip, a browser, editors.
//!
//! What is needed is installed by name from the package registries, into a folder of its own where they allow it, while the
//! first steps run. Where that cannot be, the step is skipped, and the last line says so.

mod action;
mod editors;
mod formats;
mod hooks;
mod install;
mod same;
mod tools;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::{Context, bail};

use tools::{Tool, Tools};

/// What the steps share.
struct Bench<'a> {
    /// The repository.
    root: &'a Path,
    /// A folder for what the steps make.
    dir: &'a Path,
    /// The program that is tried.
    binary: PathBuf,
    /// A folder with all that formats have to cope with: every rule fires in one of the languages, deployments are clean,
    /// files are broken, and names are hostile. Nobody changes it.
    workspace: PathBuf,
    tools: &'a Tools,
    /// Whether what takes minutes is tried as well.
    all: bool,
}

/// What came of a step.
enum Outcome {
    Passed(String),
    Skipped(String),
}

/// Something to try.
struct Step {
    name: &'static str,
    run: fn(&Bench<'_>) -> anyhow::Result<Outcome>,
    tools: &'static [Tool],
    /// Whether it compiles the program once more, which takes minutes.
    long: bool,
}

const fn step(name: &'static str, run: fn(&Bench<'_>) -> anyhow::Result<Outcome>, tools: &'static [Tool]) -> Step {
    Step { name, run, tools, long: false }
}

/// First those that need nothing, so that there is something to do while tools are installed.
const STEPS: [Step; 13] = [
    step("schemas", formats::schemas, &[]),
    step("GitHub Action", action::run, &[]),
    step("same bytes", same::run, &[]),
    step("SARIF validator", formats::sarif, &[Tool::Sarif]),
    step("JUnit schema", formats::junit, &[Tool::Python, Tool::Junit]),
    step("configuration in editors", formats::configuration, &[Tool::Python]),
    step("workflows and scripts", action::lint, &[Tool::Python]),
    step("pre-commit", hooks::run, &[Tool::Python]),
    step("browser", editors::browser, &[Tool::Chromium, Tool::Drawing]),
    step("Neovim", editors::neovim, &[Tool::Neovim]),
    step("VS Code extension", editors::extension, &[Tool::Extension]),
    Step { name: "static binary", run: install::static_program, tools: &[], long: true },
    Step { name: "wheel", run: install::wheel, tools: &[Tool::Python], long: true },
];

/// Which steps are run, and with what.
pub struct Options {
    /// Only those whose name has this text, long ones too.
    pub only: Option<String>,
    /// Where what is installed is kept.
    pub tools: Option<PathBuf>,
    /// The program, in place of the one that is built for it.
    pub binary: Option<PathBuf>,
    /// Also what compiles the program once more: a static binary, a wheel, the hook of pre-commit.
    pub all: bool,
}

/// `integration`: the steps that are asked for.
pub fn run(root: &Path, options: &Options) -> anyhow::Result<()> {
    let only = options.only.as_deref();
    let is_asked = |step: &&Step| only.map_or(options.all || !step.long, |only| step.name.contains(only));
    let steps: Vec<&Step> = STEPS.iter().filter(is_asked).collect();
    if steps.is_empty() {
        bail!("no step has that name: there are {}", STEPS.map(|step| step.name).join(", "));
    }
    let dir = tempfile::tempdir()?;
    let path = dir.path().canonicalize()?;
    let tools = Tools::new(root, options.tools.as_deref().unwrap_or(&path.join("tools")));
    let (failed, skipped) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()));
    std::thread::scope(|scope| -> anyhow::Result<()> {
        for tool in steps.iter().flat_map(|step| step.tools) {
            let tools = &tools;
            scope.spawn(move || tools.get(*tool).is_ok());
        }
        let binary = match &options.binary {
            Some(binary) => binary.canonicalize().with_context(|| format!("there is no {}", binary.display()))?,
            None => built(root)?,
        };
        let workspace = workspace(root, &path)?;
        let bench = Bench { root, dir: &path, binary, workspace, tools: &tools, all: options.all };
        // Steps wait for others' programs more than they work.
        let next = AtomicUsize::new(0);
        let work = || {
            while let Some(step) = steps.get(next.fetch_add(1, Ordering::Relaxed)) {
                let start = Instant::now();
                let outcome = (step.run)(&bench);
                let (name, took) = (step.name, start.elapsed().as_secs_f64());
                let (line, kept) = match outcome {
                    Ok(Outcome::Passed(what)) => (format!("{what}, in {took:.0} s"), None),
                    Ok(Outcome::Skipped(why)) => (format!("skipped, for {why}"), Some(&skipped)),
                    Err(error) => (format!("failed after {took:.0} s: {error:#}"), Some(&failed)),
                };
                writeln!(std::io::stdout(), "== integration: {name}: {line}")?;
                if let Some(mut kept) = kept.and_then(|kept| kept.lock().ok()) {
                    kept.push(name);
                }
            }
            Ok(())
        };
        std::thread::scope(|scope| {
            let workers = [scope.spawn(work), scope.spawn(work)];
            workers.into_iter().try_for_each(|one| one.join().unwrap_or_else(|_| bail!("a step broke down")))
        })
    })?;
    let failed = failed.into_inner().unwrap_or_default();
    let mut skipped = skipped.into_inner().unwrap_or_default();
    if !options.all && only.is_none() {
        let long = STEPS.iter().filter(|step| step.long).map(|step| step.name);
        skipped.extend(long.chain(["the hook that pre-commit compiles (these take --all)"]));
    }
    if !skipped.is_empty() {
        writeln!(std::io::stdout(), "== integration: skipped: {}", skipped.join(", "))?;
    }
    if !failed.is_empty() {
        bail!("failed: {}", failed.join(", "));
    }
    Ok(())
}

/// The program as developers build it.
fn built(root: &Path) -> anyhow::Result<PathBuf> {
    finished(Command::new(cargo()).args(["build", "--package", "rolecall", "--locked"]).current_dir(root))?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    Ok(target.join("debug").join(format!("rolecall{}", std::env::consts::EXE_SUFFIX)))
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
}

/// Makes the workspace of the steps.
fn workspace(root: &Path, dir: &Path) -> anyhow::Result<PathBuf> {
    let folder = dir.join("workspace");
    copy(&root.join("tests/workspaces"), &folder, &|_| {})?;
    copy(&root.join("examples"), &folder.join("examples"), &|_| {})?;
    write(&folder.join("broken/main.bicep"), "resource x 'a@b' = {\n")?;
    write(&folder.join("broken/main.tf"), "resource \"azurerm_subnet\" {\n")?;
    let template = std::fs::read_to_string(root.join("examples/aks-byo-identities/azuredeploy.json"))?;
    let hostile = "::error::<script>alert(1)</script>##vso[task.complete]]]>&\\u001b[31m%0A|`@a";
    write(&folder.join("hostile/azuredeploy.json"), &template.replace("id-aks-control", hostile))?;
    let prod = "examples/aks-byo-identities/azuredeploy.parameters.prod.json";
    std::fs::copy(root.join(prod), folder.join("hostile/azuredeploy.parameters.json"))?;
    git(&folder, &["init", "--quiet"])?;
    Ok(folder)
}
