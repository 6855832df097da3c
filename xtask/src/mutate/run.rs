//! One deployment, analysed as often as it is changed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rolecall_graph::{CLUSTERS, Deployment, Language, MadeBy, ROLE_ASSIGNMENTS, ResourceIndex};
use rolecall_report::relative;
use rolecall_rules::{Finding, Question, QuestionAnswer, Report};
use rolecall_source::{Files, Level, SourceFile, Span};
use rolecall_value::Hop;
use rolecall_workspace::{Analysis, Options, Variables, analyse};

use super::edit::Unit;
use super::make::language;
use super::witness;

/// The type of nested deployments.
const DEPLOYMENTS: &str = "Microsoft.Resources/deployments";

/// The folder of a module that calls the one around it.
pub const WRAPPER: &str = "rolecall_wrapper";

/// A deployment of a repository.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The repository.
    pub root: PathBuf,
    /// The file by which the analysis names it.
    pub entry: PathBuf,
    /// Its parameter files.
    pub parameters: Vec<PathBuf>,
    /// The rule that is run alone, where one is.
    pub rule: Option<String>,
    /// What it is called, where not by its path.
    pub label: Option<String>,
}

/// What was seen of a deployment.
pub struct Seen {
    analysis: Analysis,
    place: usize,
    /// How many error diagnostics there are.
    pub errors: Vec<String>,
}

/// The deployments of a repository in which anything was asked or found.
///
/// # Errors
/// The repository cannot be analysed.
pub fn subjects(root: &Path, rule: Option<&str>) -> anyhow::Result<Vec<Subject>> {
    let options = Options {
        current_dir: root.to_path_buf(),
        paths: vec![root.to_path_buf()],
        root: Some(root.to_path_buf()),
        compiled: true,
        ..Options::default()
    };
    let analysis = analyse(&options)?;
    let mut subjects: Vec<Subject> = Vec::new();
    for one in &analysis.deployments {
        if one.report.questions.is_empty() && one.report.findings.is_empty() && one.report.clusters == 0 {
            continue;
        }
        let path = |id| analysis.files.get(id).map(|file| file.path.clone());
        let Some(entry) = path(one.entry) else { continue };
        subjects.push(Subject {
            root: root.to_path_buf(),
            parameters: match language(&entry) {
                // Terraform reads its own by itself.
                Language::Terraform => Vec::new(),
                _ => one.parameters.iter().filter_map(|id| path(*id)).collect(),
            },
            entry,
            rule: rule.map(str::to_owned),
            label: None,
        });
    }
    Ok(subjects)
}

/// Whether a file calls the module that it stands below.
fn is_wrapper(path: &Path) -> bool {
    path.ends_with(Path::new(WRAPPER).join("main.tf"))
}

impl Subject {
    /// Entry and parameters, from the folder that the repository stands in.
    pub fn name(&self) -> String {
        if let Some(label) = &self.label {
            return label.clone();
        }
        let base = self.root.parent().unwrap_or(&self.root);
        let mut name = relative(&self.entry, base);
        for file in &self.parameters {
            name += &format!(" with {}", relative(file, &self.root));
        }
        name
    }

    /// What to analyse, with some texts changed and some parameter files more, and the file that it is known by.
    pub fn options(&self, buffers: Vec<(PathBuf, Arc<str>)>, more: &[PathBuf]) -> (Options, PathBuf) {
        let terraform = language(&self.entry) == Language::Terraform;
        let wrapper = buffers.iter().map(|(path, _)| path).find(|path| terraform && is_wrapper(path));
        let named = wrapper.unwrap_or(&self.entry).clone();
        let (var_files, more) = if terraform { (more, &[][..]) } else { (&[][..], more) };
        let options = Options {
            current_dir: self.root.clone(),
            paths: vec![named.clone()],
            root: Some(self.root.clone()),
            parameters: self.parameters.iter().chain(more).cloned().collect(),
            variables: var_files.iter().cloned().map(Variables::File).collect(),
            select: self.rule.iter().cloned().collect(),
            compiled: true,
            keep_graphs: true,
            buffers: buffers.into_iter().collect(),
            ..Options::default()
        };
        (options, named)
    }

    /// Analyses the deployment with some texts changed and some parameter files more.
    pub fn analyse(&self, buffers: Vec<(PathBuf, Arc<str>)>, more: &[PathBuf]) -> Option<Seen> {
        let terraform = language(&self.entry) == Language::Terraform;
        let (options, named) = self.options(buffers, more);
        let analysis = analyse(&options).ok()?;
        let is_it = |path: &Path| if terraform { path.parent() == named.parent() } else { *path == named };
        let entry = |id| analysis.files.get(id).is_some_and(|file| is_it(&file.path));
        let place = analysis.deployments.iter().position(|one| entry(one.entry))?;
        let errors = analysis.diagnostics.iter().filter(|one| one.level == Level::Error);
        let errors = errors.map(|one| one.message.clone()).collect();
        Some(Seen { errors, place, analysis })
    }
}

/// What tells one question or finding from another, whatever the answer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// The requirement of a question, the rule of a finding.
    pub about: String,
    /// Who.
    pub principal: String,
    /// On what.
    pub scope: String,
}

impl Key {
    /// Of a question.
    pub fn question(question: &Question) -> Self {
        let Question { requirement, principal, scope, .. } = question;
        Key { about: requirement.clone(), principal: principal.clone(), scope: scope.to_lowercase() }
    }

    /// Of a finding.
    pub fn finding(finding: &Finding) -> Self {
        Key {
            about: finding.rule.clone(),
            principal: finding.principal.clone().unwrap_or_default(),
            scope: finding.scope.clone().unwrap_or_default().to_lowercase(),
        }
    }
}

impl Seen {
    /// What the rules say.
    pub fn report(&self) -> &Report {
        &self.analysis.deployments[self.place].report
    }

    /// The resource graph.
    pub fn deployment(&self) -> Option<&Deployment> {
        self.analysis.deployments[self.place].deployment.as_deref()
    }

    /// What the deployment is written in.
    pub fn language(&self) -> Language {
        self.deployment().map_or(Language::Arm, |deployment| deployment.language)
    }

    /// Whether nothing was asked or found.
    pub fn is_empty(&self) -> bool {
        self.report().questions.is_empty() && self.report().findings.is_empty()
    }

    /// Whether a question that a finding of this key answers cannot be told.
    pub fn is_open(&self, finding: &Key) -> bool {
        let open = self.report().questions.iter().filter(|row| row.answer == QuestionAnswer::Undecided);
        open.map(Key::question).any(|key| {
            let rule = super::judge::rule_of(&key.about);
            rule == Some(&finding.about) && (&key.principal, &key.scope) == (&finding.principal, &finding.scope)
        })
    }

    /// Whether nothing more than notes is said of it.
    pub fn is_right(&self) -> bool {
        self.errors.is_empty() && self.report().findings.iter().all(|one| one.level == Level::Note)
    }

    /// A file as it was read.
    pub fn text(&self, path: &Path) -> Option<Arc<SourceFile>> {
        self.analysis.files.read(path).ok()
    }

    /// Whether anything of a finding stands within these bytes of a file.
    pub fn stands_in(&self, finding: &Finding, file: &Path, range: std::ops::Range<usize>) -> bool {
        let within = |span: Span| {
            let same = self.analysis.files.get(span.file).is_some_and(|known| known.path == file);
            same && (span.start as usize) < range.end && (span.end as usize) > range.start
        };
        within(finding.span) || finding.related.iter().any(|note| within(note.span))
    }

    /// `main.bicep:12`.
    pub fn place(&self, span: Span, root: &Path) -> String {
        let Some(file) = self.analysis.files.get(span.file) else { return "?".to_owned() };
        let line = file.lines().position(&file.text, span.start as usize).line;
        format!("{}:{line}", relative(&file.path, root))
    }

    /// Where a resource is written, and where the modules that hold it are called, innermost first. Only files below the
    /// root count.
    pub fn units(&self, resource: ResourceIndex, root: &Path) -> Vec<Unit> {
        let Some(deployment) = self.deployment() else { return Vec::new() };
        let Some(resource) = deployment.resource(resource) else { return Vec::new() };
        // What Azure assigns by itself, and what stands in the middle of a key vault, is not taken apart.
        if resource.made_by != MadeBy::Template || !resource.id.resource_type.is(ROLE_ASSIGNMENTS) {
            return Vec::new();
        }
        let mut units = Vec::new();
        for node in deployment.origins.chain(resource.origin) {
            let module = match node.hop {
                Hop::Written => false,
                Hop::Module(_) => true,
                _ => continue,
            };
            let Some(file) = self.analysis.files.get(node.span.file) else { continue };
            if !file.path.starts_with(root) {
                continue;
            }
            let (start, end) = (node.span.start as usize, node.span.end as usize);
            units.push(Unit { file: file.path.clone(), start, end, module });
        }
        units
    }

    /// Whether a module that is called at a unit makes nothing but role assignments. The loss of one that makes more is more
    /// than the loss of a grant.
    pub fn only_assigns(&self, unit: &Unit) -> bool {
        let Some(deployment) = self.deployment() else { return false };
        let here = |span: Span| {
            let same = self.analysis.files.get(span.file).is_some_and(|file| file.path == unit.file);
            same && (span.start as usize, span.end as usize) == (unit.start, unit.end)
        };
        let made = deployment.resources.iter().filter(|resource| {
            !resource.id.resource_type.is(ROLE_ASSIGNMENTS) && !resource.id.resource_type.is(DEPLOYMENTS)
        });
        made.into_iter().all(|resource| !deployment.origins.chain(resource.origin).iter().any(|node| here(node.span)))
    }

    /// What some cluster waits for.
    fn awaited(&self) -> BTreeSet<ResourceIndex> {
        let Some(deployment) = self.deployment() else { return BTreeSet::new() };
        let mut waits_for: BTreeMap<ResourceIndex, Vec<ResourceIndex>> = BTreeMap::new();
        for &(waits, on) in &deployment.edges {
            waits_for.entry(waits).or_default().push(on);
        }
        let mut ahead: Vec<_> = deployment.of_type(CLUSTERS).map(|(index, _)| index).collect();
        let mut awaited = BTreeSet::new();
        while let Some(at) = ahead.pop() {
            ahead.extend(waits_for.get(&at).into_iter().flatten().filter(|next| awaited.insert(**next)));
        }
        awaited
    }

    /// The ids of what some cluster waits for, in lower case.
    pub fn awaited_ids(&self) -> BTreeSet<String> {
        let Some(deployment) = self.deployment() else { return BTreeSet::new() };
        let resources = self.awaited().into_iter().filter_map(|index| deployment.resource(index));
        resources.map(|resource| resource.id.to_value().plain().to_lowercase()).collect()
    }

    /// The granted questions of which some cluster waits for a grant. What holds under a test that nobody can decide is left
    /// out: whatever follows from it cannot be told either.
    pub fn awaited_grants(&self) -> BTreeSet<Key> {
        let awaited = self.awaited();
        let decided = |row: &&Question| row.when.as_deref().is_none_or(|when| witness::values(when).is_some());
        let granted = self.report().questions.iter().filter(|row| row.answer == QuestionAnswer::Granted);
        let early = granted.filter(decided).filter(|row| row.grants.iter().any(|grant| awaited.contains(grant)));
        early.map(Key::question).collect()
    }

    /// The questions that are granted, each with the places of what grants it.
    pub fn granted(&self, root: &Path) -> BTreeMap<Key, Vec<Vec<Unit>>> {
        let mut out: BTreeMap<Key, Vec<Vec<Unit>>> = BTreeMap::new();
        for question in &self.report().questions {
            if question.answer == QuestionAnswer::Granted {
                let grants = question.grants.iter().map(|resource| self.units(*resource, root));
                out.entry(Key::question(question)).or_default().extend(grants);
            }
        }
        out
    }
}
