//! The repository's own workspaces: the cases and examples of rules.

use std::path::{Path, PathBuf};

use anyhow::Context;

/// A heading and the files below it.
#[derive(Clone, Debug, Default)]
pub struct Case {
    /// Where it stands.
    pub name: String,
    /// Names and texts.
    pub files: Vec<(String, String)>,
}

/// All cases of all rules, and the examples of their pages, in order.
///
/// # Errors
/// A file cannot be read.
pub fn all(root: &Path) -> anyhow::Result<Vec<Case>> {
    let mut out = Vec::new();
    for entry in rolecall_rules::rules() {
        let folder = root.join("rules").join(&entry.rule.id);
        let mut files = vec![folder.join("README.md")];
        let cases = folder.join("cases");
        let listed = std::fs::read_dir(&cases).with_context(|| format!("cannot read {}", cases.display()))?;
        let mut listed: Vec<PathBuf> = listed.filter_map(|entry| Some(entry.ok()?.path())).collect();
        listed.sort();
        files.extend(listed.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "md")));
        for file in files {
            let text = std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
            let name = file.strip_prefix(root).unwrap_or(&file).display().to_string();
            out.extend(sections(&text).into_iter().map(|case| Case { name: format!("{name}: {}", case.name), ..case }));
        }
    }
    Ok(out)
}

/// The headings that have files below them.
fn sections(text: &str) -> Vec<Case> {
    let mut out: Vec<Case> = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.starts_with('#') {
            let title = line.trim_start_matches('#').trim();
            out.push(Case { name: title.to_owned(), ..Case::default() });
        } else if let Some(info) = line.strip_prefix("```") {
            let block: Vec<_> = lines.by_ref().take_while(|line| *line != "```").collect();
            let Some(case) = out.last_mut() else { continue };
            if let Some((_, name)) = info.split_once("file=") {
                case.files.push((name.trim().to_owned(), block.join("\n") + "\n"));
            }
        }
    }
    out.retain(|case| !case.files.is_empty());
    out
}

impl Case {
    /// Writes the files into a folder.
    ///
    /// # Errors
    /// The system's.
    pub fn write(&self, folder: &Path) -> std::io::Result<()> {
        for (name, text) in &self.files {
            let path = folder.join(name);
            std::fs::create_dir_all(path.parent().unwrap_or(folder))?;
            std::fs::write(path, text)?;
        }
        Ok(())
    }
}
