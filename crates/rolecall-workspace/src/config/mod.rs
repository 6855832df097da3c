//! `rolecall.toml`: what a repository says of itself to the analysis.
//!
//! It is found from the paths up to the root, or named. Everything in it that is not understood is an error with its
//! place, and ends the run: a configuration that is half understood would hide what it was written for. What is
//! understood and applies to nothing is a finding, which is not decided here.
//!
//! `schemas/rolecall.schema.json` describes the file for editors; a test holds it against this parser.

mod listed;
mod reader;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use rolecall_graph::{OutsideGrant, OutsideRole, Pattern, Principals};
use rolecall_rules::RuleOptions;
use rolecall_source::{Diagnostic, DiskFiles, Files, Level, ReadError, SourceFile, Span, Spanned, normalize};

use reader::{Reader, Table};

pub(crate) use listed::read_listed;

/// The name under which it is found.
pub const FILE_NAME: &str = "rolecall.toml";

/// The JSON Schema of `rolecall.toml`.
pub const SCHEMA: &str = include_str!("../../schemas/rolecall.schema.json");

/// What a `rolecall.toml` says.
#[derive(Debug, Default)]
pub(crate) struct Config {
    /// The file; none where there is no configuration.
    pub file: Option<Arc<SourceFile>>,
    /// What is left out of folders.
    pub exclude: Vec<Exclude>,
    /// Levels of rules, by id.
    pub levels: BTreeMap<String, RuleLevel>,
    /// Options of rules.
    pub options: RuleOptions,
    /// Entries with the files that go with them, in order.
    pub deployments: Vec<Configured>,
    /// Assignments made outside, in order.
    pub grants: Vec<OutsideGrant>,
}

/// What findings of a rule are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RuleLevel {
    /// The rule is not run.
    Off,
    /// A definite finding has this level, one that is only reachable the next lower.
    At(Level),
}

/// A deployment that the configuration lists.
#[derive(Debug)]
pub(crate) struct Configured {
    /// Absolute.
    pub entry: Spanned<PathBuf>,
    /// Absolute; of several, later ones win.
    pub parameters: Vec<Spanned<PathBuf>>,
}

/// A glob of paths that are left out of folders, as git reads one.
#[derive(Debug)]
pub(crate) struct Exclude {
    matcher: Gitignore,
    pub span: Span,
    met: AtomicBool,
}

impl Exclude {
    fn excludes(&self, path: &Path, folder: bool) -> bool {
        let inside = path.starts_with(self.matcher.path());
        let met = inside && self.matcher.matched_path_or_any_parents(path, folder).is_ignore();
        if met {
            self.met.store(true, Ordering::Relaxed);
        }
        met
    }

    /// Whether anything was left out because of it.
    pub fn was_met(&self) -> bool {
        self.met.load(Ordering::Relaxed)
    }
}

impl Config {
    /// Whether a path is left out of folders.
    pub fn excludes(&self, path: &Path, folder: bool) -> bool {
        // Every glob is asked, so that each learns whether it is of use.
        self.exclude.iter().fold(false, |any, one| one.excludes(path, folder) | any)
    }

    /// The folder that its paths and globs start from.
    pub fn folder(&self) -> Option<&Path> {
        self.file.as_ref().and_then(|file| file.path.parent())
    }
}

/// The nearest configuration from a folder up to the root.
pub(crate) fn find(files: &DiskFiles, from: &Path) -> Option<PathBuf> {
    let inside = from.ancestors().take_while(|folder| folder.starts_with(files.root()));
    inside.map(|folder| folder.join(FILE_NAME)).find(|path| !matches!(files.read(path), Err(ReadError::NotFound)))
}

/// Reads a configuration.
///
/// # Errors
/// All that is wrong with it, by place.
pub(crate) fn read(file: &Arc<SourceFile>) -> Result<Config, Vec<Diagnostic>> {
    let mut reader = Reader::new(file.id);
    let mut config = Config { file: Some(file.clone()), ..Config::default() };
    let folder = file.path.parent().unwrap_or(&file.path);
    reader.document(&file.text, |reader, top| {
        top.only(reader, &["exclude", "rules", "deployment", "grant"]);
        for glob in top.strings(reader, "exclude") {
            config.exclude.extend(exclude(reader, folder, &glob));
        }
        if let Some(rules) = top.table(reader, "rules") {
            settings(reader, &rules, &mut config);
        }
        for table in top.tables(reader, "deployment") {
            config.deployments.extend(deployment(reader, folder, &table));
        }
        for table in top.tables(reader, "grant") {
            config.grants.extend(grant(reader, &table));
        }
    });
    let problems = reader.finish();
    if problems.is_empty() { Ok(config) } else { Err(problems) }
}

fn exclude(reader: &mut Reader, folder: &Path, glob: &Spanned<String>) -> Option<Exclude> {
    let text = glob.value.trim();
    let build = || {
        if text.is_empty() {
            return Err("it is empty".to_owned());
        }
        if text.starts_with('!') {
            return Err("what is left out cannot be taken in again".to_owned());
        }
        let mut builder = GitignoreBuilder::new(folder);
        builder.add_line(None, text).map_err(|error| error.to_string())?;
        builder.build().map_err(|error| error.to_string())
    };
    match build() {
        Ok(matcher) => Some(Exclude { matcher, span: glob.span, met: AtomicBool::new(false) }),
        Err(why) => {
            reader.say(glob.span, format!("this is no glob of paths: {why}"));
            None
        }
    }
}

fn settings(reader: &mut Reader, rules: &Table<'_>, config: &mut Config) {
    for (id, name, value) in rules.entries() {
        if !rolecall_rules::is_rule(id) {
            let known = rolecall_rules::rule_ids();
            reader.unknown(name, &format!("there is no rule `{id}`"), id, known);
            continue;
        }
        // `rule = "warning"` is short for `rule = { level = "warning" }`.
        let level = match reader.as_table(value) {
            Some(table) => {
                let options = rolecall_rules::rule(id).map_or(&[][..], |entry| &entry.rule.options);
                let known: Vec<_> =
                    std::iter::once("level").chain(options.iter().map(|option| option.name.as_str())).collect();
                table.only(reader, &known);
                for option in options {
                    let mut values = Vec::new();
                    for text in table.strings(reader, &option.name) {
                        match Pattern::new(&text.value) {
                            Err(why) if option.patterns || text.value.trim().is_empty() => {
                                reader.say(text.span, format!("this is no pattern: {why}"));
                            }
                            _ => values.push(text.value),
                        }
                    }
                    config.options.set(id, &option.name, values);
                }
                table.string(reader, "level")
            }
            None => reader.string(value, &format!("`{id}` must be a level, or a table with one")),
        };
        if let Some(level) = level {
            let known = match &*level.value {
                "off" => RuleLevel::Off,
                "note" => RuleLevel::At(Level::Note),
                "warning" => RuleLevel::At(Level::Warning),
                "error" => RuleLevel::At(Level::Error),
                other => {
                    reader.say(level.span, format!("`{other}` is no level: there are off, note, warning and error"));
                    continue;
                }
            };
            config.levels.insert(id.to_owned(), known);
        }
    }
}

fn deployment(reader: &mut Reader, folder: &Path, table: &Table<'_>) -> Option<Configured> {
    table.only(reader, &["entry", "parameters"]);
    let absolute = |path: Spanned<String>| Spanned::new(normalize(&folder.join(&path.value)), path.span);
    let entry = table.required(reader, "entry", "a deployment needs an `entry`: the path of a template");
    let parameters = table.strings(reader, "parameters").into_iter().map(absolute).collect();
    entry.map(|entry| Configured { entry: absolute(entry), parameters })
}

fn grant(reader: &mut Reader, table: &Table<'_>) -> Option<OutsideGrant> {
    table.only(reader, &["principal", "role", "scope", "reason"]);
    let who = "a grant needs a `principal`: an identity's name, resource id or object id";
    let principal = table.required(reader, "principal", who);
    let role = table.required(reader, "role", "a grant needs a `role`: its name or id");
    let place = "a grant needs a `scope`: the id of a resource, or of what contains it";
    let scope = table.required(reader, "scope", place);
    let why = "a grant needs a `reason`: who makes it, or where";
    let reason = table.required(reader, "reason", why);
    let pattern = |reader: &mut Reader, text: &Spanned<String>| match Pattern::new(&text.value) {
        Ok(pattern) => Some(pattern),
        Err(why) => {
            reader.say(text.span, format!("this is no pattern: {why}"));
            None
        }
    };
    let principal = principal.and_then(|text| pattern(reader, &text));
    let scope = scope.and_then(|text| pattern(reader, &text));
    let role = role.and_then(|text| match OutsideRole::new(&text.value) {
        Ok(role) => Some(role),
        Err(why) => {
            reader.say(text.span, format!("this is no role: {why}"));
            None
        }
    });
    Some(OutsideGrant {
        principal: Principals::new(vec![principal?]),
        role: role?,
        scope: scope?,
        condition: None,
        reason: Some(reason?.value),
        span: table.span(),
    })
}

#[cfg(test)]
mod tests;
