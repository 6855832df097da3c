//! Files that are generated from data and checked in, so that crates build and package without what they come from.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail, ensure};
use rolecall_rules::{ErrorCode, Known, Rule, RuleOption};
use serde::Deserialize;

/// A generated file.
pub struct Generated {
    /// Its path below the repository.
    pub path: &'static str,
    /// What it should hold.
    pub text: String,
}

/// What makes a generated file.
type Generator = fn(&Path) -> anyhow::Result<Generated>;

const GENERATORS: &[Generator] = &[registry, index, schema];

/// Writes every generated file that is not as it should be.
///
/// # Errors
/// What is wrong with the data, with its place; or the system's.
pub fn write(root: &Path) -> anyhow::Result<()> {
    if root.join("grammars").is_dir() {
        grammar(root)?;
    }
    for generated in stale(root)? {
        let path = root.join(generated.path);
        fs::write(&path, generated.text).with_context(|| format!("writing {}", path.display()))?;
    }
    Ok(())
}

/// What follows from the Bicep grammar is made by a crate of its own, since this one depends on it. Its files are checked by the tests of
/// `rolecall-tree-sitter-bicep` and `xtask-grammar`.
fn grammar(root: &Path) -> anyhow::Result<()> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let status = Command::new(cargo)
        .args(["run", "--quiet", "--package", "xtask-grammar", "--features", "generate"])
        .current_dir(root)
        .status()?;
    ensure!(status.success(), "the Bicep parser was not generated");
    Ok(())
}

/// Fails where a generated file is not as it should be.
///
/// # Errors
/// The stale files and the command that mends them; or what is wrong with the data, with its place.
pub fn check(root: &Path) -> anyhow::Result<()> {
    let stale: Vec<_> = stale(root)?.into_iter().map(|generated| generated.path).collect();
    ensure!(stale.is_empty(), "stale: {}; run `cargo xtask codegen`", stale.join(", "));
    Ok(())
}

fn stale(root: &Path) -> anyhow::Result<Vec<Generated>> {
    let mut stale = Vec::new();
    for generator in GENERATORS {
        let generated = generator(root)?;
        // A checkout may have other line ends.
        let current = fs::read_to_string(root.join(generated.path)).unwrap_or_default().replace("\r\n", "\n");
        if current != generated.text {
            stale.push(generated);
        }
    }
    Ok(stale)
}

/// The registry that embeds `rules/`.
pub fn registry(root: &Path) -> anyhow::Result<Generated> {
    let mut text = String::from(
        "//! Generated from `rules/` by `cargo xtask codegen`: do not edit.\n\n\
         use crate::catalogue::Embedded;\n\n\
         #[rustfmt::skip]\n\
         pub(crate) static RULES: &[Embedded] = &[\n",
    );
    for folder in rule_folders(root)? {
        let (data, page) = rule(&folder)?;
        text.push_str(&format!(
            "    Embedded {{\n        data: {},\n        page: {},\n    }},\n",
            raw(&data),
            raw(&page)
        ));
    }
    text.push_str("];\n");
    text.push_str(&format!(
        "\n/// `rules/requirements.toml` with `rules/not-decidable.toml`, as JSON.\n#[rustfmt::skip]\npub(crate) static REQUIREMENTS: &str = {};\n",
        raw(&requirements(root)?)
    ));
    text.push_str(&format!(
        "\n/// `rules/error-codes.toml`, as JSON.\n#[rustfmt::skip]\npub(crate) static ERROR_CODES: &str = {};\n",
        raw(&error_codes(root)?)
    ));
    Ok(Generated { path: "crates/rolecall-rules/src/registry.rs", text })
}

/// The error codes as JSON, a code a line.
fn error_codes(root: &Path) -> anyhow::Result<String> {
    #[derive(Deserialize)]
    struct Codes {
        error: Vec<serde_json::Value>,
    }
    let codes: Codes = data(root, "error-codes.toml")?;
    let text = lines(&codes.error)?;
    let _: Vec<ErrorCode> = serde_json::from_str(&text).context("in error-codes.toml")?;
    Ok(text)
}

/// What a file in `rules/` says.
fn data<T: serde::de::DeserializeOwned>(root: &Path, name: &str) -> anyhow::Result<T> {
    let path = root.join("rules").join(name);
    let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    toml::from_str(&text).with_context(|| format!("in {}", path.display()))
}

/// A JSON array with an element a line, so that changes are seen and merged by lines.
fn lines<T: serde::Serialize>(elements: &[T]) -> anyhow::Result<String> {
    let lines: Vec<_> = elements.iter().map(serde_json::to_string).collect::<Result<_, _>>()?;
    Ok(format!("[\n{}\n]", lines.join(",\n")))
}

/// The requirements catalogue as JSON, an entry a line, each with the reason why no template can show it, if there is one.
fn requirements(root: &Path) -> anyhow::Result<String> {
    #[derive(Deserialize)]
    struct Entries {
        entry: Vec<serde_json::Map<String, serde_json::Value>>,
    }
    let Entries { entry: mut entries } = data(root, "requirements.toml")?;
    let Entries { entry: reasons } = data(root, "not-decidable.toml")?;
    for mut reason in reasons {
        let id = reason.get("id").cloned().unwrap_or_default();
        let entry = entries.iter_mut().find(|entry| entry.get("id") == Some(&id));
        let entry =
            entry.with_context(|| format!("not-decidable.toml names {id}, which is not in requirements.toml"))?;
        ensure!(!entry.contains_key("shown_by"), "{id} is shown, and in not-decidable.toml");
        entry.insert("not_decidable".to_owned(), reason.remove("reason").unwrap_or_default());
    }
    let text = lines(&entries)?;
    let _: Vec<Known> = serde_json::from_str(&text).context("in requirements.toml or not-decidable.toml")?;
    Ok(text)
}

/// The list of rules for people, by family.
fn index(root: &Path) -> anyhow::Result<Generated> {
    let mut families: BTreeMap<String, Vec<Rule>> = BTreeMap::new();
    for folder in rule_folders(root)? {
        let path = folder.join("rule.toml");
        let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        let rule: Rule = toml::from_str(&text).with_context(|| format!("in {}", path.display()))?;
        families.entry(rule.families.first().cloned().unwrap_or_default()).or_default().push(rule);
    }
    let mut text = String::from(
        "<!-- Generated from the rules by `cargo xtask codegen`: do not edit. -->\n\n# Rules\n\n\
         What each says, why, and how to mend it, stands on its page; `rolecall explain RULE` shows the same, and\n\
         `rolecall explain CODE` the rules that prevent an Azure error.\n",
    );
    let all: Vec<Rule> = families.values().flatten().cloned().collect();
    for (family, rules) in families {
        text.push_str(&format!(
            "\n## {}{}\n\n| rule | level | says | prevents |\n| --- | --- | --- | --- |\n",
            family[..1].to_uppercase(),
            &family[1..]
        ));
        for rule in rules {
            let errors = rule.requirements.iter().flat_map(|requirement| &requirement.azure);
            let mut codes: Vec<_> = errors.filter(|error| !error.name_only).collect();
            codes.sort_by_key(|error| &error.code);
            codes.dedup_by_key(|error| &error.code);
            let codes: Vec<_> = codes.iter().map(|error| format!("`{}`", error.code)).collect();
            text.push_str(&format!(
                "| [{0}]({0}/README.md) | {1} | {2} | {3} |\n",
                rule.id,
                rule.level.level().name(),
                rule.title,
                codes.join(", ")
            ));
        }
    }
    text.push_str(&codes_index(&all));
    Ok(Generated { path: "rules/README.md", text })
}

/// The schema of `rolecall.toml`, of which the rules and their options are generated.
fn schema(root: &Path) -> anyhow::Result<Generated> {
    const PATH: &str = "crates/rolecall-workspace/schemas/rolecall.schema.json";
    /// What stands around them.
    const OPEN: &str = "      \"additionalProperties\": false,\n      \"properties\": {\n";
    const CLOSE: &str = "      }\n    },\n    \"deployment\": {";
    let text = fs::read_to_string(root.join(PATH)).with_context(|| format!("reading {PATH}"))?.replace("\r\n", "\n");
    let (before, rest) = text.split_once(OPEN).with_context(|| format!("{PATH} has no place for the rules"))?;
    let (_, after) = rest.split_once(CLOSE).with_context(|| format!("{PATH} has no end of the rules"))?;
    let mut entries = BTreeMap::new();
    for one in rolecall_rules::upkeep() {
        entries.insert(one.id.to_owned(), schema_of(one.id, one.title, &[]));
    }
    for folder in rule_folders(root)? {
        let rule: Rule = toml::from_str(&fs::read_to_string(folder.join("rule.toml"))?)?;
        entries.insert(rule.id.clone(), schema_of(&rule.id, &rule.title, &rule.options));
    }
    let entries: Vec<_> = entries.into_values().collect();
    Ok(Generated { path: PATH, text: format!("{before}{OPEN}{}\n{CLOSE}{after}", entries.join(",\n")) })
}

/// What a rule may be set to, a property of the schema.
fn schema_of(id: &str, title: &str, options: &[RuleOption]) -> String {
    let text = |text: &str| serde_json::Value::from(text).to_string();
    let title = text(title);
    if options.is_empty() {
        return format!("        \"{id}\": {{ \"description\": {title}, \"$ref\": \"#/$defs/rule\" }}");
    }
    let options: String = options
        .iter()
        .map(|one| {
            let says = text(&one.says);
            format!(",\n                \"{}\": {{ \"description\": {says}, \"$ref\": \"#/$defs/texts\" }}", one.name)
        })
        .collect();
    format!(
        "        \"{id}\": {{\n          \"description\": {title},\n          \"oneOf\": [\n            \
         {{ \"$ref\": \"#/$defs/level\" }},\n            {{\n              \"type\": \"object\",\n              \
         \"additionalProperties\": false,\n              \"properties\": {{\n                \
         \"level\": {{ \"$ref\": \"#/$defs/level\" }}{options}\n              }}\n            }}\n          ]\n        }}"
    )
}

/// Which rules prevent which Azure error. Codes of which only the name is known are left to `rolecall explain`.
fn codes_index(rules: &[Rule]) -> String {
    let mut codes: BTreeMap<String, (&str, BTreeSet<&str>)> = BTreeMap::new();
    for rule in rules {
        let errors = rule.requirements.iter().flat_map(|requirement| &requirement.azure);
        for error in errors.filter(|error| !error.name_only) {
            let known = codes.entry(error.code.to_lowercase()).or_insert((&error.code, BTreeSet::new()));
            known.1.insert(&rule.id);
        }
    }
    let mut text = String::from("\n## Azure error codes\n\n| code | prevented by |\n| --- | --- |\n");
    for (code, rules) in codes.values() {
        let rules: Vec<_> = rules.iter().map(|id| format!("[{id}]({id}/README.md)")).collect();
        text.push_str(&format!("| `{code}` | {} |\n", rules.join(", ")));
    }
    text
}

/// The folders of rules, by id. Those that begin with `_` are none.
fn rule_folders(root: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let rules = root.join("rules");
    let mut folders = Vec::new();
    for entry in fs::read_dir(&rules).with_context(|| format!("reading {}", rules.display()))? {
        let entry = entry?;
        if entry.file_type()?.is_dir() && !entry.file_name().to_string_lossy().starts_with(['_', '.']) {
            folders.push(entry.path());
        }
    }
    folders.sort();
    Ok(folders)
}

/// The data of a rule as JSON and its page.
fn rule(folder: &Path) -> anyhow::Result<(String, String)> {
    let path = folder.join("rule.toml");
    let read = |path: &Path| {
        let text = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
        anyhow::Ok(text.replace("\r\n", "\n"))
    };
    let text = read(&path)?;
    let parsed: Rule = toml::from_str(&text).with_context(|| format!("in {}", path.display()))?;
    let mut problems = parsed.problems();
    if folder.file_name().is_none_or(|name| name.to_string_lossy() != parsed.id.as_str()) {
        problems.push(format!("its id is '{}', which is not its folder's name", parsed.id));
    }
    let page = read(&folder.join("README.md"))?;
    problems.extend(page_problems(&page, &parsed));
    if !problems.is_empty() {
        bail!("{}: {}", path.display(), problems.join("; "));
    }
    let data: serde_json::Value = toml::from_str(&text)?;
    Ok((serde_json::to_string(&data)?, page))
}

/// The parts that every page has.
const SECTIONS: [&str; 8] =
    ["What it does", "Why it matters", "Avoid", "Prefer", "How to fix", "Options", "What it cannot see", "References"];

fn page_problems(page: &str, rule: &Rule) -> Vec<String> {
    let mut problems = Vec::new();
    if page.lines().next() != Some(&*format!("# {}", rule.id)) {
        problems.push(format!("README.md does not begin with '# {}'", rule.id));
    }
    for section in SECTIONS {
        if !page.lines().any(|line| line.strip_prefix("## ") == Some(section)) {
            problems.push(format!("README.md has no section '## {section}'"));
        }
    }
    let unnamed = rule.options.iter().filter(|option| !page.contains(&format!("`{}`", option.name)));
    problems.extend(unnamed.map(|option| format!("README.md says nothing of the option `{}`", option.name)));
    problems
}

/// A raw string literal that holds `text`, whatever stands in it.
fn raw(text: &str) -> String {
    let mut hashes = String::from("#");
    while text.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    format!("r{hashes}\"{text}\"{hashes}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_files_are_true() {
        // `cargo xtask codegen` writes them.
        check(&crate::root()).expect("run `cargo xtask codegen`");
    }

    #[test]
    fn a_misspelt_key_is_an_error_with_its_place() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let folder = dir.path().join("rules/bad");
        fs::create_dir_all(&folder).expect("created");
        let template = fs::read_to_string(crate::root().join("rules/kubelet-identity-without-operator/rule.toml"));
        let text = template.expect("read").replace("breaks_at", "break_at");
        let line = 1 + text.lines().position(|line| line.starts_with("break_at")).expect("the key");
        fs::write(folder.join("rule.toml"), text).expect("written");
        let error = format!("{:#}", write(dir.path()).expect_err("an unknown key"));
        assert!(error.contains("rule.toml") && error.contains(&format!("line {line}")), "{error}");
        assert!(error.contains("break_at"), "{error}");
    }

    #[test]
    fn raw_strings_hold_anything() {
        assert_eq!(raw("a\"#b"), "r##\"a\"#b\"##");
        assert_eq!(raw("plain"), "r#\"plain\"#");
    }
}
