//! The fenced files below the headings of a Markdown text, as rules' cases and pages have them.

use std::fs;
use std::path::{Path, PathBuf};

/// A heading and the fenced blocks below it.
#[derive(Debug, Default)]
pub struct Section {
    pub heading: String,
    pub files: Vec<(String, String)>,
    /// The same once more in another language.
    pub twins: Vec<(String, String)>,
    pub expect: Vec<Vec<String>>,
}

/// The sections of a Markdown text whose headings begin with `marker`; a heading of a higher level ends one.
pub fn sections(text: &str, marker: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut open = false;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(heading) = line.strip_prefix(marker).and_then(|rest| rest.strip_prefix(' ')) {
            sections.push(Section { heading: heading.to_owned(), ..Section::default() });
            open = true;
        } else if line.starts_with('#') && line.bytes().take_while(|byte| *byte == b'#').count() < marker.len() {
            open = false;
        } else if let Some(info) = line.strip_prefix("```") {
            let block: Vec<_> = lines.by_ref().take_while(|line| *line != "```").map(str::to_owned).collect();
            let Some(section) = sections.last_mut().filter(|_| open) else { continue };
            if info == "expect" {
                section.expect.push(block);
            } else if let Some((_, name)) = info.split_once("file=") {
                section.files.push((name.trim().to_owned(), block.join("\n") + "\n"));
            } else if let Some((_, name)) = info.split_once("twin=") {
                section.twins.push((name.trim().to_owned(), block.join("\n") + "\n"));
            }
        }
    }
    sections
}

/// The folder of the rules.
pub fn rules_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("rules")
}

/// The case files of a rule.
pub fn case_files(rule: &str) -> Vec<PathBuf> {
    let folder = fs::read_dir(rules_folder().join(rule).join("cases")).expect("a folder of cases");
    let mut files: Vec<_> = folder.map(|entry| entry.expect("read").path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    files.sort();
    files
}

/// The examples below a heading of a page, one for each language.
pub fn examples(page: &str, heading: &str) -> Vec<Section> {
    let start = page.find(&format!("\n## {heading}\n")).expect("the section") + 1;
    let end = page[start..].find("\n## ").map_or(page.len(), |length| start + length);
    sections(&page[start..end], "###")
}
