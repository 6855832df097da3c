//! What must pass before a change is taken.

use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, bail};

/// A step: what it is called, its arguments to cargo, and its environment.
type Step = (&'static str, &'static [&'static str], &'static [(&'static str, &'static str)]);

const STEPS: [Step; 5] = [
    ("format", &["fmt", "--all", "--check"], &[]),
    ("lints", &["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"], &[]),
    ("tests", &["test", "--workspace", "--locked", "--quiet"], &[]),
    ("documentation", &["doc", "--workspace", "--no-deps", "--locked"], &[("RUSTDOCFLAGS", "-D warnings")]),
    ("generated files", &["xtask", "codegen", "--check"], &[]),
];

const PACKAGES: [&str; 8] =
    ["package", "--workspace", "--exclude", "xtask", "--locked", "--allow-dirty", "--quiet", "--no-verify"];

/// Runs every step; the first that fails ends the run.
pub fn run(root: &Path) -> anyhow::Result<()> {
    let mut out = std::io::stdout();
    for (name, arguments, environment) in STEPS {
        step(root, &mut out, name, arguments, environment)?;
    }
    packages(root, &mut out)?;
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

/// Packs every crate and compiles what was packed, as one workspace: the verification of `cargo package` itself builds each
/// crate twice, and all that they depend on anew.
fn packages(root: &Path, out: &mut impl Write) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let target = folder.path().to_string_lossy();
    step(root, out, "packages", &PACKAGES, &[("CARGO_TARGET_DIR", &target)])?;
    let unpacked = folder.path().join("unpacked");
    std::fs::create_dir(&unpacked)?;
    let mut manifest = "[workspace]\nresolver = \"3\"\nmembers = [\"*\"]\n\n[patch.crates-io]\n".to_owned();
    for entry in std::fs::read_dir(folder.path().join("package"))? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "crate") {
            continue;
        }
        let status = Command::new("tar").arg("-xzf").arg(&path).arg("-C").arg(&unpacked).status()?;
        let name = path.file_stem().and_then(|name| name.to_str()).context("a package has a name")?;
        if !status.success() {
            bail!("{name} cannot be unpacked");
        }
        let (krate, _) = name.rsplit_once('-').context("a package has a version")?;
        writeln!(manifest, "{krate} = {{ path = \"{name}\" }}")?;
    }
    std::fs::write(unpacked.join("Cargo.toml"), manifest)?;
    std::fs::copy(root.join("Cargo.lock"), unpacked.join("Cargo.lock"))?;
    // What they depend on was checked with the lints, under the same settings.
    let target = std::env::var("CARGO_TARGET_DIR").map_or_else(|_| root.join("target"), |target| root.join(target));
    let environment =
        [("CARGO_TARGET_DIR", &*target.to_string_lossy()), ("CARGO_PROFILE_DEV_DEBUG", "line-tables-only")];
    step(&unpacked, out, "what was packed", &["check", "--workspace", "--quiet"], &environment)
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
