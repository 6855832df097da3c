//! Where people see it: the page of `graph --format html` in a browser, the language server in Neovim, the extension of
//! VS Code.

use std::process::Command;

use super::{Bench, Outcome, Tool, finished};
use crate::neovim;

/// Runs `tests/browser/page.cjs`: the page in Chromium, and what Mermaid makes of `graph --format mermaid`.
pub(super) fn browser(bench: &Bench<'_>) -> anyhow::Result<Outcome> {
    let (chromium, modules) = match (bench.tools.get(Tool::Chromium), bench.tools.get(Tool::Drawing)) {
        (Ok(chromium), Ok(modules)) => (chromium, modules),
        (Err(why), _) | (_, Err(why)) => return Ok(Outcome::Skipped(why)),
    };
    let script = bench.root.join("tests/browser/page.cjs");
    let run = finished(Command::new("node").arg(script).arg(&bench.binary).arg(chromium).env("NODE_PATH", modules))?;
    Ok(Outcome::Passed(run.stdout.trim().to_owned()))
}

/// The language server as the configuration of `editors/neovim` starts it.
pub(super) fn neovim(bench: &Bench<'_>) -> anyhow::Result<Outcome> {
    match bench.tools.get(Tool::Neovim) {
        Ok(editor) => neovim::check(bench.root, editor, &bench.binary).map(Outcome::Passed),
        Err(why) => Ok(Outcome::Skipped(why)),
    }
}

/// The extension's types hold, its tests pass, and it can be packed.
pub(super) fn extension(bench: &Bench<'_>) -> anyhow::Result<Outcome> {
    let folder = match bench.tools.get(Tool::Extension) {
        Ok(folder) => folder,
        Err(why) => return Ok(Outcome::Skipped(why)),
    };
    let npm = |script: &str| finished(Command::new("npm").args(["run", "--silent", script]).current_dir(folder));
    npm("check")?;
    let tests = npm("test")?.stdout;
    let passed = tests.lines().find_map(|line| line.split_once(" pass ")).map_or("its", |(_, count)| count);
    npm("package")?;
    let packed = folder.join("rolecall.vsix").metadata()?.len();
    Ok(Outcome::Passed(format!("{passed} tests, and a package of {} kB", packed / 1024)))
}
