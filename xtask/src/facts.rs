//! Facts against their sources: built-in roles and permission tables, from checkouts of what publishes them.
//!
//! Roles are read wherever a JSON file or a fenced block of a Markdown page has definitions in Azure's own shape; permissions
//! from Markdown tables whose first column lists actions. Nothing is fetched: the folders are given.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde::Deserialize;
use serde_json::{Map, Value, json};

const ROLES: &str = "crates/rolecall-graph/data/builtin-roles.jsonl";
const TABLES: &str = "crates/rolecall-rules/data/permission-tables.json";

/// The page whose tables list what AKS needs.
const PAGE: &str = "aks-service-permissions.md";

/// A role as the data has it, a line of JSON; by its GUID.
type RoleLines = BTreeMap<String, String>;

/// Compares the facts with what the folders publish; with `write`, takes over roles that are new or changed, and with `prune`
/// drops those that no folder has.
///
/// # Errors
/// A folder has neither roles nor tables, or a file cannot be read or written.
pub fn run(root: &Path, dirs: &[PathBuf], write: bool, prune: bool) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let mut roles = RoleLines::new();
    let mut tables: Vec<(String, BTreeSet<String>)> = Vec::new();
    for dir in dirs {
        for file in files(dir)? {
            let Ok(text) = std::fs::read_to_string(&file) else { continue };
            if file.extension().is_some_and(|extension| extension == "json") {
                if text.contains("\"BuiltInRole\"")
                    && let Ok(value) = serde_json::from_str(&text)
                {
                    add_roles(&value, &mut roles);
                }
                continue;
            }
            for block in fenced_json(&text).filter(|block| block.contains("\"BuiltInRole\"")) {
                if let Ok(value) = serde_json::from_str(&block) {
                    add_roles(&value, &mut roles);
                }
            }
            if file.file_name().is_some_and(|name| name == PAGE) {
                tables.extend(permission_tables(&text));
            }
        }
    }
    if roles.is_empty() && tables.is_empty() {
        bail!("no definition of a built-in role and no {PAGE} was found");
    }
    if roles.is_empty() {
        writeln!(out, "roles: no definition was found")?;
    } else {
        compare_roles(&mut out, root, roles, write, prune)?;
    }
    if tables.is_empty() {
        writeln!(out, "tables: {PAGE} was not found")?;
    } else {
        compare_tables(&mut out, root, &tables)?;
    }
    Ok(())
}

/// The JSON and Markdown files below a folder, in order.
fn files(dir: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in ignore::WalkBuilder::new(dir).standard_filters(false).build() {
        let path = entry.with_context(|| format!("reading {}", dir.display()))?.into_path();
        if path.extension().is_some_and(|extension| extension == "json" || extension == "md") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The blocks of a Markdown text that are fenced as JSON.
fn fenced_json(text: &str) -> impl Iterator<Item = String> {
    let mut lines = text.lines();
    std::iter::from_fn(move || {
        lines.find(|line| line.trim_start().starts_with("```json"))?;
        Some(lines.by_ref().take_while(|line| line.trim() != "```").collect::<Vec<_>>().join("\n"))
    })
}

/// Adds the built-in roles of a definition or of a list of them.
fn add_roles(value: &Value, roles: &mut RoleLines) {
    match value {
        Value::Array(all) => all.iter().for_each(|one| add_roles(one, roles)),
        Value::Object(own) => match own.get("properties") {
            // As Azure's API answers.
            Some(Value::Object(properties)) => {
                let name = own.get("name").cloned();
                let mut flat = properties.clone();
                flat.extend(name.map(|name| ("name".to_owned(), name)));
                roles.extend(role_line(&flat));
            }
            _ => roles.extend(role_line(own)),
        },
        _ => {}
    }
}

/// A built-in role as a line of the data.
fn role_line(role: &Map<String, Value>) -> Option<(String, String)> {
    let text = |name: &str| role.get(name).and_then(Value::as_str);
    if text("roleType").or(text("type")) != Some("BuiltInRole") {
        return None;
    }
    let id = text("name")?.to_ascii_lowercase();
    let mut blocks = Vec::new();
    for block in role.get("permissions")?.as_array()? {
        let mut own = Map::new();
        for list in ["actions", "notActions", "dataActions", "notDataActions"] {
            let mut values: Vec<&Value> = Vec::new();
            for value in block.get(list).and_then(Value::as_array).into_iter().flatten() {
                // Some are published twice.
                if !values.contains(&value) {
                    values.push(value);
                }
            }
            if !values.is_empty() {
                own.insert(list.to_owned(), json!(values));
            }
        }
        let condition = block.get("condition").filter(|condition| !condition.is_null());
        own.extend(condition.map(|condition| ("condition".to_owned(), condition.clone())));
        blocks.push(Value::Object(own));
    }
    let line = json!({ "id": id, "name": text("roleName")?, "permissions": blocks });
    Some((id, line.to_string()))
}

fn compare_roles(
    out: &mut impl Write,
    root: &Path,
    sources: RoleLines,
    write: bool,
    prune: bool,
) -> anyhow::Result<()> {
    let path = root.join(ROLES);
    let text = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    let mut ours = RoleLines::new();
    for line in text.lines() {
        let role: Value = serde_json::from_str(line).with_context(|| format!("in {}", path.display()))?;
        ours.insert(role["id"].as_str().unwrap_or_default().to_owned(), line.to_owned());
    }
    let (mut new, mut changed) = (0, 0);
    let mut taken = RoleLines::new();
    for (id, line) in &sources {
        match ours.get(id) {
            None => {
                new += 1;
                taken.insert(id.clone(), line.clone());
                writeln!(out, "+ {} {id}", name(line))?;
            }
            Some(own) if actions(own) != actions(line) => {
                changed += 1;
                taken.insert(id.clone(), line.clone());
                writeln!(out, "~ {} {id}", name(line))?;
                let (before, after) = (actions(own), actions(line));
                before.difference(&after).try_for_each(|action| writeln!(out, "    - {action}"))?;
                after.difference(&before).try_for_each(|action| writeln!(out, "    + {action}"))?;
            }
            Some(_) => {}
        }
    }
    let gone: Vec<String> = ours.keys().filter(|id| !sources.contains_key(*id)).cloned().collect();
    for id in &gone {
        writeln!(out, "- {} {id}", ours.get(id).map(|line| name(line)).unwrap_or_default())?;
    }
    let same = sources.len() - new - changed;
    writeln!(
        out,
        "roles: {} published, {same} as here, {new} new, {changed} changed, {} only here",
        sources.len(),
        gone.len()
    )?;
    if write {
        ours.extend(taken);
        if prune {
            gone.iter().for_each(|id| drop(ours.remove(id)));
        }
        let text: String = ours.values().map(|line| format!("{line}\n")).collect();
        std::fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
        writeln!(out, "wrote {ROLES}")?;
    }
    Ok(())
}

fn name(line: &str) -> String {
    serde_json::from_str::<Value>(line).map_or_else(|_| String::new(), |role| role["name"].to_string())
}

/// What a role says, an entry for each action.
fn actions(line: &str) -> BTreeSet<String> {
    let role: Value = serde_json::from_str(line).unwrap_or_default();
    let mut all = BTreeSet::from([format!("name: {}", role["name"])]);
    for (number, block) in role["permissions"].as_array().into_iter().flatten().enumerate() {
        for (list, values) in block.as_object().into_iter().flatten() {
            match values {
                Value::Array(values) => {
                    all.extend(values.iter().map(|value| format!("block {number}: {list}: {value}")));
                }
                value => drop(all.insert(format!("block {number}: {list}: {value}"))),
            }
        }
    }
    all
}

/// The actions in the first column of each table, by the heading above it.
fn permission_tables(text: &str) -> Vec<(String, BTreeSet<String>)> {
    let mut tables: Vec<(String, BTreeSet<String>)> = Vec::new();
    let mut heading = String::new();
    for line in text.lines() {
        if let Some(text) = line.strip_prefix('#') {
            heading = text.trim_start_matches('#').trim().to_owned();
        }
        let row = line.trim_start_matches('>').trim();
        let Some(first) = row.strip_prefix('|').and_then(|row| row.split('|').next()) else { continue };
        let words = first.split('`').skip(1).step_by(2).map(str::trim);
        let actions: Vec<_> = words.filter(|word| word.starts_with("Microsoft.") && word.contains('/')).collect();
        if actions.is_empty() {
            continue;
        }
        if tables.last().is_none_or(|(last, _)| *last != heading) {
            tables.push((heading.clone(), BTreeSet::new()));
        }
        let table = tables.last_mut().map(|(_, table)| table);
        table.into_iter().for_each(|table| table.extend(actions.iter().map(|action| (*action).to_owned())));
    }
    tables
}

/// The tables of the project.
#[derive(Deserialize)]
struct Tables {
    deployer: Vec<Row>,
    handled: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    #[serde(default)]
    sources: Vec<String>,
    #[serde(default)]
    actions: Vec<String>,
    #[serde(default)]
    cluster_actions: Vec<String>,
    #[serde(default)]
    subscription_actions: Vec<String>,
}

fn compare_tables(out: &mut impl Write, root: &Path, published: &[(String, BTreeSet<String>)]) -> anyhow::Result<()> {
    let path = root.join(TABLES);
    let text = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    let tables: Tables = serde_json::from_str(&text).with_context(|| format!("in {}", path.display()))?;
    let page = PAGE.trim_end_matches(".md");
    let of_page = |row: &&Row| row.sources.is_empty() || row.sources.iter().any(|source| source.contains(page));
    let rows = tables.deployer.iter().filter(of_page).chain(&tables.handled);
    let listed: BTreeSet<String> = rows
        .flat_map(|row| row.actions.iter().chain(&row.cluster_actions).chain(&row.subscription_actions))
        .map(|action| action.to_lowercase())
        .collect();
    let needs = rolecall_rules::rules().iter().flat_map(|entry| &entry.rule.requirements);
    let needs = needs.filter_map(|requirement| requirement.need.as_ref());
    let needs = needs.flat_map(|need| need.actions.iter().chain(&need.data_actions));
    let hidden = rolecall_rules::requirements().iter().filter_map(|entry| entry.may_need.as_ref());
    let asked: Vec<&String> =
        needs.chain(hidden.flat_map(|need| need.actions.iter().chain(&need.data_actions))).collect();
    let known = |action: &str| {
        listed.contains(&action.to_lowercase()) || asked.iter().any(|own| rolecall_graph::covers(action, own))
    };
    for (heading, actions) in published {
        let lacking: Vec<_> = actions.iter().filter(|action| !known(action)).collect();
        writeln!(
            out,
            "tables: {heading}: {} actions, {} of them known here",
            actions.len(),
            actions.len() - lacking.len()
        )?;
        lacking.iter().try_for_each(|action| writeln!(out, "    + {action}"))?;
    }
    let all: BTreeSet<String> =
        published.iter().flat_map(|(_, actions)| actions).map(|action| action.to_lowercase()).collect();
    let gone: Vec<_> = listed.difference(&all).collect();
    writeln!(out, "tables: {} actions listed here, {} of them published no more", listed.len(), gone.len())?;
    gone.iter().try_for_each(|action| writeln!(out, "    - {action}"))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEFINITION: &str = r#"{ "name": "0000AAAA-0000-0000-0000-000000000000", "roleName": "A role", "roleType": "BuiltInRole",
        "permissions": [{ "actions": ["a/read"], "notActions": [], "dataActions": [], "condition": null }] }"#;
    const LINE: &str =
        r#"{"id":"0000aaaa-0000-0000-0000-000000000000","name":"A role","permissions":[{"actions":["a/read"]}]}"#;

    #[test]
    fn a_role_is_read_from_a_list_and_from_a_page() {
        let mut roles = RoleLines::new();
        add_roles(&serde_json::from_str(&format!("[{DEFINITION}]")).expect("JSON"), &mut roles);
        assert_eq!(roles.values().collect::<Vec<_>>(), [LINE]);
        let page = format!("# Roles\n\n```json\n{DEFINITION}\n```\n\ntext\n");
        let block = fenced_json(&page).next().expect("a block");
        let mut of_page = RoleLines::new();
        add_roles(&serde_json::from_str(&block).expect("JSON"), &mut of_page);
        assert_eq!(of_page, roles);
    }

    #[test]
    fn a_role_that_is_not_built_in_is_none() {
        let mut roles = RoleLines::new();
        add_roles(&serde_json::from_str(&DEFINITION.replace("BuiltIn", "Custom")).expect("JSON"), &mut roles);
        assert!(roles.is_empty());
    }

    #[test]
    fn tables_list_the_actions_of_their_first_column() {
        let page = "## Needed\n\n> | Permission | Reason |\n> |---|---|\n> | `Microsoft.A/b/read` <br/> `Microsoft.A/b/write` | as `Microsoft.C/d` says |\n";
        let table = BTreeSet::from(["Microsoft.A/b/read".to_owned(), "Microsoft.A/b/write".to_owned()]);
        assert_eq!(permission_tables(page), [("Needed".to_owned(), table)]);
    }

    #[test]
    fn the_roles_of_the_project_are_in_the_shape_that_is_written() {
        let text = std::fs::read_to_string(crate::root().join(ROLES)).expect("read");
        for line in text.lines() {
            let role: Value = serde_json::from_str(line).expect("JSON");
            let published = json!({
                "name": role["id"], "roleName": role["name"], "roleType": "BuiltInRole", "permissions": role["permissions"],
            });
            let written = published.as_object().and_then(role_line).expect("a role").1;
            assert_eq!(actions(&written), actions(line));
        }
    }
}
