//! `corpus names`: whether every name in the Terraform mappings stands in the provider's documentation.
//!
//! A type must have a page of its own. An argument must stand on that page, or, where it belongs to an older major version,
//! in an upgrade guide or the change log.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, bail};
use toml::Value;

/// Checks the mappings against a checkout of the provider.
pub fn run(root: &Path, provider: &Path) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let mappings = root.join("crates/rolecall-terraform/mappings");
    let docs = provider.join("website/docs");
    let older = older(provider, &docs)?;
    let (mut types, mut names, mut old, mut unknown) = (0, 0, 0, 0);
    for (kind, wanted) in wanted(&mappings)? {
        types += 1;
        let Some(page) = page(&docs, &kind) else {
            unknown += 1;
            writeln!(out, "{kind}: there is no page")?;
            continue;
        };
        for name in wanted {
            names += 1;
            if has_word(&page, &name) {
                continue;
            }
            if has_word(&older, &name) {
                old += 1;
            } else {
                unknown += 1;
                writeln!(out, "{kind}: nothing says `{name}`")?;
            }
        }
    }
    writeln!(out, "{types} types, {names} names: {old} only of older versions, {unknown} not documented")?;
    Ok(())
}

/// What the guides and the change log say of older versions.
fn older(provider: &Path, docs: &Path) -> anyhow::Result<String> {
    let mut text = String::new();
    for folder in [provider.to_path_buf(), docs.to_path_buf(), docs.join("guides")] {
        for entry in std::fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
            if path.is_file() && (name.contains("guide") || name.starts_with("changelog")) {
                text.push_str(&std::fs::read_to_string(&path).unwrap_or_default());
            }
        }
    }
    if text.is_empty() {
        bail!("there is no guide in {}", docs.display())
    }
    Ok(text)
}

fn page(docs: &Path, kind: &str) -> Option<String> {
    let name = kind.strip_prefix("azurerm_")?;
    let endings = [".html.markdown", ".html.md", ".markdown", ".md"];
    endings.iter().find_map(|ending| std::fs::read_to_string(docs.join(format!("r/{name}{ending}"))).ok())
}

/// The types with the names that the mappings use of them.
fn wanted(mappings: &Path) -> anyhow::Result<Vec<(String, Vec<String>)>> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(mappings)? {
        let path = entry?.path();
        // Other providers have documentation of their own.
        let own = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("azurerm_"));
        if own && path.extension().is_some_and(|extension| extension == "toml") {
            let text = std::fs::read_to_string(&path)?;
            let mapping: toml::Table = toml::from_str(&text).with_context(|| path.display().to_string())?;
            let mut names = Vec::new();
            of_block(&mapping, &mut names);
            let lists = ["names", "parents"].iter().filter_map(|list| mapping.get(*list)?.as_array()).flatten();
            names.extend(lists.chain(mapping.get("changes")).filter_map(Value::as_str).map(str::to_owned));
            let exported = mapping.get("exported").and_then(Value::as_table).into_iter().flat_map(toml::Table::keys);
            names.extend(exported.flat_map(|path| path.split('.')).map(|name| name.trim_start_matches('+').to_owned()));
            names.sort();
            names.dedup();
            all.push((path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), names));
        }
    }
    for line in std::fs::read_to_string(mappings.join("types.csv"))?.lines().skip(1) {
        let mut fields = line.split(',');
        if let (Some(kind), parent) = (fields.next(), fields.nth(1)) {
            all.push((
                kind.to_owned(),
                parent.filter(|parent| !parent.is_empty()).map(str::to_owned).into_iter().collect(),
            ));
        }
    }
    all.sort();
    Ok(all)
}

fn of_block(block: &toml::Table, names: &mut Vec<String>) {
    let table = |name: &str| block.get(name).and_then(Value::as_table);
    names.extend(table("arguments").into_iter().flat_map(toml::Table::keys).cloned());
    for (name, inner) in table("blocks").into_iter().flatten() {
        names.push(name.clone());
        if let Some(inner) = inner.as_table() {
            of_block(inner, names);
        }
    }
}

/// Whether a text has a name as a word of its own.
fn has_word(text: &str, word: &str) -> bool {
    let part = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    let bytes = text.as_bytes();
    text.match_indices(word).any(|(at, _)| {
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        !part(before) && !part(bytes.get(at + word.len()))
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_name_is_a_word_of_its_own() {
        assert!(super::has_word("* `subnet_id` - the id", "subnet_id"));
        assert!(!super::has_word("* `pod_subnet_id` - the id", "subnet_id"));
        assert!(!super::has_word("* `subnet_ids` - the ids", "subnet_id"));
    }
}
