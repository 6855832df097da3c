//! The hooks with pre-commit itself: on a commit that must fail, one that must pass, and one that touches no deployment.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

use super::{Bench, Outcome, Ran, Tool, copy, git, install, ran, write};

/// Tries the hooks.
pub(super) fn run(bench: &Bench<'_>) -> anyhow::Result<Outcome> {
    let python = match bench.tools.get(Tool::Python) {
        Ok(python) => python,
        Err(why) => return Ok(Outcome::Skipped(why)),
    };
    // A hook comes from a commit, so what is there is committed in a copy.
    let hooks = bench.dir.join("hooks");
    git(bench.root, &["clone", "--quiet", "--no-hardlinks", ".", &hooks.to_string_lossy()])?;
    let listed = git(bench.root, &["ls-files", "--cached", "--others", "--exclude-standard"])?.stdout;
    for file in listed.lines().filter(|file| bench.root.join(file).is_file()) {
        let target = hooks.join(file);
        std::fs::create_dir_all(target.parent().unwrap_or(&target))?;
        std::fs::copy(bench.root.join(file), &target)?;
    }
    git(&hooks, &["add", "--all"])?;
    git(&hooks, &["commit", "--quiet", "--allow-empty", "--message", "what is there"])?;

    let repository = bench.dir.join("user");
    copy(&bench.root.join("examples/aks-byo-identities"), &repository.join("infra"), &|_| {})?;
    write(&repository.join("package.json"), "{}\n")?;
    git(&repository, &["init", "--quiet"])?;
    let home = bench.dir.join("pre-commit");
    let try_hook = |id: &str, files: &[&str], environment: &[(String, String)]| {
        git(&repository, &["add", "--all"])?;
        let path = std::env::var_os("PATH").unwrap_or_default();
        let paths: Vec<PathBuf> =
            bench.binary.parent().map(Path::to_owned).into_iter().chain(std::env::split_paths(&path)).collect();
        let mut command = Command::new(python.join("pre-commit"));
        command.arg("try-repo").arg(&hooks).args([id, "--verbose", "--files"]).args(files).current_dir(&repository);
        command.env("PATH", std::env::join_paths(paths)?).env("PRE_COMMIT_HOME", &home);
        ran(command.envs(environment.iter().cloned()))
    };

    let prod = "infra/azuredeploy.parameters.prod.json";
    let expect = |id: &str, environment: &[(String, String)]| -> anyhow::Result<()> {
        let fails = try_hook(id, &[prod, "package.json"], environment)?;
        says(&fails, 1, "kubelet-identity-without-operator").context("a change that is wrong")?;
        let passes = try_hook(id, &["infra/azuredeploy.parameters.dev.json"], environment)?;
        says(&passes, 0, "1 deployment, 1 cluster").context("a change that is right")?;
        let nothing = try_hook(id, &["package.json"], environment)?;
        says(&nothing, 0, "0 deployments").context("a change that touches no deployment")
    };
    expect("rolecall-system", &[]).context("rolecall-system")?;
    if !bench.all {
        let what = "the hook that runs what is installed fails, passes, and passes what touches no deployment";
        return Ok(Outcome::Passed(what.to_owned()));
    }
    let built = install::static_binary(bench)?;
    expect("rolecall", &built.environment).context("rolecall, compiled by pre-commit")?;
    Ok(Outcome::Passed("both hooks fail, pass, and pass what touches no deployment".to_owned()))
}

fn says(run: &Ran, status: i32, text: &str) -> anyhow::Result<()> {
    if run.status != status || !run.stdout.contains(text) {
        bail!("expected status {status} and `{text}`: {}", run.text());
    }
    Ok(())
}
