//! The ways in which people get the program: a static binary, and a wheel.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::bail;

use super::{Bench, Outcome, Ran, Tool, cargo, finished, ran};

/// A static binary, built without optimisation: what is tried is how it is linked and packed.
pub(super) struct Static {
    /// The target that it is built for.
    pub target: String,
    pub binary: PathBuf,
    /// What a build with the same environment shares with this one.
    pub environment: Vec<(String, String)>,
}

/// Builds it: with musl as releases are where that target is installed, else with glibc.
pub(super) fn static_binary(bench: &Bench<'_>) -> anyhow::Result<Static> {
    let arch = std::env::consts::ARCH;
    let sysroot = finished(Command::new("rustc").args(["--print", "sysroot"]).current_dir(bench.root))?.stdout;
    let musl = format!("{arch}-unknown-linux-musl");
    let has_musl = PathBuf::from(sysroot.trim()).join("lib/rustlib").join(&musl).is_dir();
    let target = if has_musl { musl } else { format!("{arch}-unknown-linux-gnu") };
    let folder = bench.root.join("target/integration");
    let environment = [
        ("CARGO_BUILD_TARGET", target.as_str()),
        ("CARGO_TARGET_DIR", &folder.to_string_lossy()),
        ("RUSTFLAGS", "-C target-feature=+crt-static"),
        ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0"),
        ("CARGO_PROFILE_RELEASE_LTO", "off"),
        ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "256"),
        ("CARGO_PROFILE_RELEASE_INCREMENTAL", "true"),
    ];
    let environment: Vec<_> = environment.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let build = ["build", "--release", "--locked", "--package", "rolecall"];
    finished(Command::new(cargo()).args(build).envs(environment.iter().cloned()).current_dir(bench.root))?;
    let binary = folder.join(&target).join("release/rolecall");
    Ok(Static { target, binary, environment })
}

/// The static binary is static, and finds what it should.
pub(super) fn static_program(bench: &Bench<'_>) -> anyhow::Result<Outcome> {
    let built = static_binary(bench)?;
    // The loader says so of what it is not needed for.
    let linked = ran(Command::new("ldd").arg(&built.binary))?;
    if !format!("{}{}", linked.stdout, linked.stderr).contains("statically linked") && linked.status == 0 {
        bail!("it is not static: {}", linked.text());
    }
    finds_the_mistake(bench, &built.binary)?;
    Ok(Outcome::Passed(format!("for {}, finds the mistake of the example", built.target)))
}

/// The program that pip installs from a wheel finds what it should.
pub(super) fn wheel(bench: &Bench<'_>) -> anyhow::Result<Outcome> {
    let python = match bench.tools.get(Tool::Python) {
        Ok(python) => python,
        Err(why) => return Ok(Outcome::Skipped(why)),
    };
    let wheels = bench.dir.join("wheels");
    let build = ["build", "--profile", "dev", "--locked", "--quiet", "--out"];
    finished(Command::new(python.join("maturin")).args(build).arg(&wheels).current_dir(bench.root))?;
    let venv = bench.dir.join("from-wheel");
    finished(Command::new(python.join("python")).args(["-m", "venv"]).arg(&venv))?;
    let pip = ["install", "--quiet", "--disable-pip-version-check", "--no-index", "--find-links"];
    finished(Command::new(venv.join("bin/pip")).args(pip).arg(&wheels).arg("rolecall"))?;
    finds_the_mistake(bench, &venv.join("bin/rolecall"))?;
    Ok(Outcome::Passed("the program from it finds the mistake of the example".to_owned()))
}

fn finds_the_mistake(bench: &Bench<'_>, program: &Path) -> anyhow::Result<Ran> {
    let example = bench.root.join("examples/aks-byo-identities");
    ran(Command::new(program).arg("check").current_dir(example))?.with_status(1)
}
