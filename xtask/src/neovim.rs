//! A real editor: a headless Neovim with the configuration of `editors/neovim` shows a diagnostic at its place, applies the
//! action that mends it, and shows it no more.

use std::io::Write;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};

/// What is opened, and where its diagnostic is.
const FILE: &str = "tests/workspaces/firing/unknown-role/main.tf";

/// Builds the program and runs Neovim, which has to be installed.
pub fn run(root: &Path) -> anyhow::Result<()> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let built = Command::new(cargo).args(["build", "--quiet", "--package", "rolecall"]).current_dir(root).status()?;
    if !built.success() {
        bail!("the program cannot be built");
    }
    let said = check(root, Path::new("nvim"), &root.join("target/debug/rolecall"))?;
    writeln!(std::io::stdout(), "{said}")?;
    Ok(())
}

/// Runs this Neovim with this program, and gives what it says.
pub fn check(root: &Path, editor: &Path, program: &Path) -> anyhow::Result<String> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("main.tf");
    std::fs::copy(root.join(FILE), &file)?;
    std::fs::write(folder.path().join("rolecall.toml"), "")?;
    let output = Command::new("timeout")
        .arg("60")
        .arg(editor)
        .args(["--headless", "-u", "NONE", "-c"])
        .arg(format!("luafile {}", root.join("editors/neovim/check.lua").display()))
        .args(["-c", "cquit 3"])
        .env("ROLECALL", program)
        .env("ROLECALL_CONFIG", root.join("editors/neovim/rolecall.lua"))
        .env("ROLECALL_FILE", &file)
        .current_dir(folder.path())
        .stdin(std::process::Stdio::null())
        .output()
        .context("Neovim cannot be started: install the package neovim")?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        bail!("Neovim saw something else: {said}");
    }
    Ok(said.trim().to_owned())
}
