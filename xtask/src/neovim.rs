//! A real editor: a headless Neovim with the configuration of `editors/neovim` shows a diagnostic at its place, applies the
//! action that suppresses it, and shows it no more.

use std::io::Write;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};

/// What is opened, and where its diagnostic is.
const FILE: &str = "tests/workspaces/firing/unknown-role/main.tf";

/// Runs Neovim, which has to be installed.
pub fn run(root: &Path) -> anyhow::Result<()> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let built = Command::new(cargo).args(["build", "--quiet", "--package", "rolecall"]).current_dir(root).status()?;
    if !built.success() {
        bail!("the program cannot be built");
    }
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("main.tf");
    std::fs::copy(root.join(FILE), &file)?;
    std::fs::write(folder.path().join("rolecall.toml"), "")?;
    let output = Command::new("timeout")
        .args(["60", "nvim", "--headless", "-u", "NONE", "-c"])
        .arg(format!("luafile {}", root.join("editors/neovim/check.lua").display()))
        .args(["-c", "cquit 3"])
        .env("ROLECALL", root.join("target/debug/rolecall"))
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
    writeln!(std::io::stdout(), "{}", said.trim())?;
    Ok(())
}
