//! The GitHub Action: its steps, run as a runner runs them, with a release that is built here.
//!
//! Of the runner's expressions there are the few that the action uses; one more is an error, so that this fails rather than
//! tests something else.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};
use yaml_rust2::{Yaml, YamlLoader};

use super::{Bench, Outcome, Ran, Tool, copy, finished, git, ran, write};

/// Workflows, the action and its scripts, as their linters see them.
pub(super) fn lint(bench: &Bench<'_>) -> anyhow::Result<Outcome> {
    let python = match bench.tools.get(Tool::Python) {
        Ok(python) => python,
        Err(why) => return Ok(Outcome::Skipped(why)),
    };
    let scripts = [".ci/run", ".github/package.sh", ".github/action/install.sh", ".github/action/run.sh"];
    finished(Command::new(python.join("shellcheck")).args(scripts).current_dir(bench.root))?;
    let paths = std::env::join_paths(
        [python.to_owned()].into_iter().chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
    )?;
    for workflow in [".github/workflows/ci.yml", ".github/workflows/release.yml"] {
        finished(Command::new(python.join("actionlint")).arg(workflow).env("PATH", &paths).current_dir(bench.root))?;
    }
    Ok(Outcome::Passed("nothing to say of workflows and scripts".to_owned()))
}

/// Runs the action: on a mistake, on what is right, without code scanning, and with an archive that was tampered with.
pub(super) fn run(bench: &Bench<'_>) -> anyhow::Result<Outcome> {
    let releases = bench.dir.join("releases");
    let version = bench.rolecall(bench.dir, &["--version"])?.stdout;
    let version = version.trim().rsplit(' ').next().unwrap_or_default();
    let release = releases.join(format!("v{version}"));
    // What the action installs on this machine. What is in it is the program that is tried, however it is linked.
    let target = format!("{}-unknown-linux-musl", std::env::consts::ARCH);
    finished(Command::new(bench.root.join(".github/package.sh")).arg(&target).arg(&bench.binary).arg(&release))?;
    let repository = bench.dir.join("checked-out");
    copy(&bench.root.join("examples/aks-byo-identities"), &repository.join("infra"), &|_| {})?;
    git(&repository, &["init", "--quiet"])?;
    let runner = Runner { bench, repository: &repository, releases: &releases };

    let found = runner.run("found", &[])?;
    found.verdict(1)?;
    let sarif = std::fs::read_to_string(found.output("sarif")?)?;
    let uploads = found.uploads.first().context("nothing is uploaded")?;
    if !sarif.contains("kubelet-identity-without-operator") || !uploads.contains("rolecall.sarif") {
        bail!("the SARIF file lacks the finding: {uploads}");
    }
    let row = "| error | id-aks-control | Microsoft.ManagedIdentity/userAssignedIdentities/assign/action";
    if !found.summary.contains("### Missing roles") || !found.summary.contains(row) {
        bail!("the summary lacks the missing role: {}", found.summary);
    }
    runner.run("right", &[("paths", "infra/azuredeploy.parameters.dev.json")])?.verdict(0)?;
    runner.run("lenient", &[("fail-on", "never")])?.verdict(0)?;
    let annotated = runner.run("annotated", &[("upload-sarif", "false")])?;
    annotated.verdict(1)?;
    if !annotated.uploads.is_empty() || !annotated.log.contains("::error file=infra/azuredeploy.json,line=134") {
        bail!("no annotation: {}", annotated.log);
    }
    runner.run("wrong usage", &[("args", "--no-such-option")])?.ends_at("Run rolecall", 2)?;
    runner.run("nothing", &[("working-directory", ".git")])?.verdict(3)?;

    let archive = release.join(format!("rolecall-{version}-{target}.tar.gz"));
    let mut bytes = std::fs::read(&archive)?;
    bytes.push(0);
    std::fs::write(&archive, bytes)?;
    let tampered = runner.run("tampered", &[])?;
    tampered.ends_at("Install rolecall", 1)?;
    if !tampered.log.contains("not the") || tampered.path.contains("rolecall") {
        bail!("an archive with a wrong checksum is not refused: {}", tampered.log);
    }
    Ok(Outcome::Passed("installs, judges, uploads, summarises, refuses a wrong checksum".to_owned()))
}

struct Runner<'a> {
    bench: &'a Bench<'a>,
    repository: &'a Path,
    releases: &'a Path,
}

/// What a run of the action left.
#[derive(Default)]
struct Job {
    log: String,
    summary: String,
    /// What came onto the PATH.
    path: String,
    /// For each upload what it was given.
    uploads: Vec<String>,
    outputs: BTreeMap<String, String>,
    /// The step that it ended at, and its status.
    ended: Option<(String, i32)>,
}

impl Job {
    /// Whether the last step ended with a status, and none before it failed.
    fn verdict(&self, status: i32) -> anyhow::Result<()> {
        let ended = self.ended.as_ref().map(|(step, status)| (step.as_str(), *status));
        match (ended, status) {
            (None, 0) => Ok(()),
            (Some(("Judge", found)), wanted) if found == wanted => Ok(()),
            _ => bail!("expected the verdict {status}, not {ended:?}: {}", self.log),
        }
    }

    fn ends_at(&self, step: &str, status: i32) -> anyhow::Result<()> {
        match &self.ended {
            Some((at, found)) if at == step && *found == status => Ok(()),
            ended => bail!("expected `{step}` to end with {status}, not {ended:?}: {}", self.log),
        }
    }

    fn output(&self, name: &str) -> anyhow::Result<&str> {
        self.outputs.get(name).map(String::as_str).with_context(|| format!("there is no output `{name}`"))
    }
}

impl Runner<'_> {
    /// Runs the steps with these inputs until one fails.
    fn run(&self, name: &str, given: &[(&str, &str)]) -> anyhow::Result<Job> {
        let text = std::fs::read_to_string(self.bench.root.join("action.yml"))?;
        let action = YamlLoader::load_from_str(&text)?.into_iter().next().context("an empty action")?;
        let releases = format!("file://{}", self.releases.display());
        let mut inputs: BTreeMap<String, String> = BTreeMap::from([("releases".to_owned(), releases)]);
        for (input, declared) in action["inputs"].as_hash().context("inputs")? {
            let input = input.as_str().context("an input")?;
            let given = given.iter().find(|(name, _)| *name == input).map(|(_, value)| *value);
            let default = declared["default"].as_str().context("an input without default")?;
            inputs.entry(input.to_owned()).or_insert_with(|| given.unwrap_or(default).to_owned());
        }
        let temp = self.bench.dir.join("runner").join(name);
        std::fs::create_dir_all(&temp)?;
        let file = |name: &str| temp.join(name);
        for name in ["output", "summary", "path"] {
            write(&file(name), "")?;
        }
        let mut job = Job::default();
        for step in action["runs"]["steps"].as_vec().context("steps")? {
            let value = |text: &str| self.expanded(text, &inputs, &job.outputs);
            if let Some(condition) = step["if"].as_str()
                && value(condition)? != "true"
            {
                continue;
            }
            if step["uses"].as_str().is_some() {
                let with = step["with"].as_hash().context("with")?;
                let given = with.values().filter_map(Yaml::as_str).map(value).collect::<anyhow::Result<Vec<_>>>()?;
                job.uploads.push(given.join(" "));
                continue;
            }
            let step_name = step["name"].as_str().context("a step without a name")?;
            let script = file("step.sh");
            write(&script, step["run"].as_str().context("a step that neither runs nor uses")?)?;
            let paths = std::fs::read_to_string(file("path"))?;
            let paths: Vec<_> = paths.lines().map(str::to_owned).chain(std::env::var("PATH")).collect();
            let mut command = Command::new("bash");
            command.args(["--noprofile", "--norc", "-eo", "pipefail"]).arg(&script).current_dir(self.repository);
            command.env("PATH", paths.join(":")).env("RUNNER_OS", "Linux").env("RUNNER_ARCH", runner_arch());
            command.env("RUNNER_TEMP", &temp).env("GITHUB_WORKSPACE", self.repository).env("GITHUB_ACTIONS", "true");
            command.env("GITHUB_OUTPUT", file("output")).env("GITHUB_STEP_SUMMARY", file("summary"));
            command.env("GITHUB_PATH", file("path"));
            for (variable, text) in step["env"].as_hash().into_iter().flatten() {
                let (variable, text) = (variable.as_str().context("env")?, text.as_str().context("env")?);
                command.env(variable, value(text)?);
            }
            let Ran { status, stdout, stderr } = ran(&mut command)?;
            job.log += &format!("## {step_name}\n{stdout}{stderr}");
            if step["id"].as_str().is_some() {
                let outputs = std::fs::read_to_string(file("output"))?;
                let pair = |line: &str| line.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
                job.outputs = outputs.lines().filter_map(pair).collect();
            }
            if status != 0 {
                job.ended = Some((step_name.to_owned(), status));
                break;
            }
        }
        job.summary = std::fs::read_to_string(file("summary"))?;
        job.path = std::fs::read_to_string(file("path"))?;
        Ok(job)
    }

    /// A text with its expressions in place.
    fn expanded(
        &self,
        text: &str,
        inputs: &BTreeMap<String, String>,
        outputs: &BTreeMap<String, String>,
    ) -> anyhow::Result<String> {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once("${{") {
            let (expression, after) = behind.split_once("}}").context("an expression without an end")?;
            out += before;
            out += &match expression.trim().split_once(" == ") {
                Some((left, right)) => (self.operand(left, inputs, outputs)? == right.trim_matches('\'')).to_string(),
                None => self.operand(expression.trim(), inputs, outputs)?,
            };
            rest = after;
        }
        Ok(out + rest)
    }

    fn operand(
        &self,
        name: &str,
        inputs: &BTreeMap<String, String>,
        outputs: &BTreeMap<String, String>,
    ) -> anyhow::Result<String> {
        if name == "github.action_path" {
            return Ok(self.bench.root.to_string_lossy().into_owned());
        }
        let found = match name.split_once('.') {
            Some(("inputs", input)) => inputs.get(input),
            Some(("steps", output)) => output.strip_prefix("run.outputs.").and_then(|output| outputs.get(output)),
            _ => None,
        };
        found.cloned().with_context(|| format!("the expression `{name}` is not known here"))
    }
}

fn runner_arch() -> &'static str {
    if std::env::consts::ARCH == "aarch64" { "ARM64" } else { "X64" }
}
