//! What must pass before a change is taken.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::bail;

/// A step: what it is called, its arguments to cargo, and its environment.
type Step = (&'static str, &'static [&'static str], &'static [(&'static str, &'static str)]);

const STEPS: [Step; 5] = [
    ("format", &["fmt", "--all", "--check"], &[]),
    ("lints", &["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"], &[]),
    ("tests", &["test", "--workspace", "--locked", "--quiet"], &[]),
    ("documentation", &["doc", "--workspace", "--no-deps", "--locked"], &[("RUSTDOCFLAGS", "-D warnings")]),
    ("generated files", &["xtask", "codegen", "--check"], &[]),
];

const PACKAGES: [&str; 7] = ["package", "--workspace", "--exclude", "xtask", "--locked", "--allow-dirty", "--quiet"];

/// Runs every step; the first that fails ends the run.
pub fn run(root: &Path) -> anyhow::Result<()> {
    let mut out = std::io::stdout();
    for (name, arguments, environment) in STEPS {
        step(root, &mut out, name, arguments, environment)?;
    }
    // Cargo keeps what it unpacks to verify by the folder it was packed in and by version, so an old folder would be
    // verified against the sources of an earlier run.
    let target = tempfile::tempdir()?;
    let target = target.path().to_string_lossy();
    step(root, &mut out, "packages", &PACKAGES, &[("CARGO_TARGET_DIR", &target)])?;
    let has_deny =
        Command::new(cargo()).args(["deny", "--version"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    if has_deny.is_ok_and(|status| status.success()) {
        // Advisories need a database from the network; they are checked where a network is, by `cargo deny check`.
        step(root, &mut out, "dependencies", &["deny", "check", "bans", "licenses", "sources"], &[])
    } else {
        writeln!(out, "== dependencies: skipped, for cargo-deny is not installed (cargo install cargo-deny --locked)")?;
        Ok(())
    }
}

fn step(
    root: &Path,
    out: &mut impl Write,
    name: &str,
    arguments: &[&str],
    environment: &[(&str, &str)],
) -> anyhow::Result<()> {
    writeln!(out, "== {name}: cargo {}", arguments.join(" "))?;
    let start = Instant::now();
    let status = Command::new(cargo()).args(arguments).envs(environment.iter().copied()).current_dir(root).status()?;
    if !status.success() {
        bail!("{name} failed: cargo {}", arguments.join(" "));
    }
    writeln!(out, "== {name}: passed in {:.0} s", start.elapsed().as_secs_f64())?;
    Ok(())
}

fn cargo() -> String {
    std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned())
}
