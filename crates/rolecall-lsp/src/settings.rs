//! What a person sets in the editor.

use std::path::{Path, PathBuf};

use rolecall_workspace::Options;
use serde::Deserialize;

/// The section that they stand in.
pub(crate) const SECTION: &str = "rolecall";

/// Settings, as `initializationOptions` or the client's configuration give them. Paths are relative to the folder.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Settings {
    /// The configuration in place of the nearest `rolecall.toml`.
    pub config: Option<PathBuf>,
    /// Findings that are accepted.
    pub baseline: Option<PathBuf>,
    /// The cache of restored Bicep modules.
    pub module_cache: Option<PathBuf>,
    /// Rules that alone are run.
    pub select: Vec<String>,
    /// Rules that are not run.
    pub ignore: Vec<String>,
    /// Where rules' pages are published, with `{rule}` for the id.
    pub pages: Option<String>,
    /// Whether clusters have a line with their permissions above them.
    pub code_lens: Option<bool>,
    /// Whether the names of roles stand behind their GUIDs.
    pub inlay_hints: Option<bool>,
}

impl Settings {
    /// Those in a value that the client gave; `null` is none.
    ///
    /// # Errors
    /// What of it cannot be understood.
    pub fn read(value: &serde_json::Value) -> Result<Self, String> {
        if value.is_null() {
            return Ok(Settings::default());
        }
        Settings::deserialize(value).map_err(|error| error.to_string())
    }

    /// What is analysed for a folder, or for one file.
    pub fn options(&self, path: &Path, home: Option<PathBuf>) -> Options {
        let folder = if path.is_file() { path.parent().unwrap_or(path) } else { path };
        let given = |path: &Option<PathBuf>| path.clone().filter(|path| !path.as_os_str().is_empty());
        Options {
            current_dir: folder.to_owned(),
            paths: vec![path.to_owned()],
            config: given(&self.config),
            baseline: given(&self.baseline),
            module_cache: given(&self.module_cache),
            select: self.select.clone(),
            ignore: self.ignore.clone(),
            home,
            keep_graphs: true,
            ..Options::default()
        }
    }
}
