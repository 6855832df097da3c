//! Every template and parameter file of a run, each parsed once, whichever thread asks first.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use indexmap::IndexMap;
use rolecall_arm::ParameterValue;
use rolecall_bicep::{Library, Modules};
use rolecall_graph::Language;
use rolecall_source::{DiskFiles, FileId, Files, Lookup, Recorder, SourceFile, normalize};
use rolecall_template::evaluate::{Argument, Arguments, Loader};
use rolecall_template::ir::{DeploymentSource, Expr, ExprKind, ResourceDecl, Template};
use rustc_hash::{FxHashMap, FxHashSet};

/// The templates and parameter files of a run.
pub(crate) struct Store<'a> {
    pub files: &'a DiskFiles,
    library: Library,
    templates: Cells<Parsed>,
    arguments: Cells<Given>,
}

/// A template file that was read.
struct Parsed {
    template: Option<Arc<Template>>,
    diagnostics: Vec<rolecall_source::Diagnostic>,
    /// The files that it imports from.
    imports: Vec<PathBuf>,
    /// What was looked up while it was read.
    lookups: Lookups,
}

type Lookups = Arc<BTreeMap<PathBuf, Lookup>>;

impl Parsed {
    fn arm(rolecall_arm::Parsed { template, diagnostics }: rolecall_arm::Parsed) -> Self {
        Parsed { template, diagnostics, imports: Vec::new(), lookups: Lookups::default() }
    }
}

/// A parameter file that was read.
#[derive(Clone)]
struct Given {
    arguments: Arc<Arguments>,
    /// The template that it says it is for.
    using: Option<PathBuf>,
    lookups: Lookups,
}

type Cells<T> = Mutex<FxHashMap<FileId, Arc<OnceLock<T>>>>;

fn cell<T>(cells: &Cells<T>, id: FileId) -> Arc<OnceLock<T>> {
    cells.lock().unwrap_or_else(PoisonError::into_inner).entry(id).or_default().clone()
}

impl<'a> Store<'a> {
    pub fn new(files: &'a DiskFiles, modules: Modules) -> Self {
        Store { files, library: Library::new(modules), templates: Mutex::default(), arguments: Mutex::default() }
    }

    /// The template in a file; none where its text holds no object.
    pub fn template(&self, file: &SourceFile) -> Option<Arc<Template>> {
        cell(&self.templates, file.id).get_or_init(|| self.parse(file)).template.clone()
    }

    /// Whether a file is a module that `bicep restore` left.
    pub fn is_restored(&self, file: &SourceFile) -> bool {
        self.library.modules().holds(&file.path, self.files)
    }

    /// What is wrong with the text of a template.
    pub fn template_diagnostics(&self, file: &SourceFile) -> Vec<rolecall_source::Diagnostic> {
        cell(&self.templates, file.id).get_or_init(|| self.parse(file)).diagnostics.clone()
    }

    /// The files that a template imports from: they are no templates of their own.
    pub fn imports(&self, file: &SourceFile) -> Vec<PathBuf> {
        cell(&self.templates, file.id).get_or_init(|| self.parse(file)).imports.clone()
    }

    /// What was looked up while a template was read: what it imports from and loads, not what it links.
    pub fn template_lookups(&self, file: &SourceFile) -> Lookups {
        cell(&self.templates, file.id).get_or_init(|| self.parse(file)).lookups.clone()
    }

    fn parse(&self, file: &SourceFile) -> Parsed {
        if language(&file.path) == Language::Bicep {
            let recorder = Recorder::new(self.files);
            let rolecall_bicep::Parsed { template, diagnostics, imports } =
                rolecall_bicep::parse(file, &recorder, &self.library);
            return Parsed { template, diagnostics, imports, lookups: recorder.into_lookups().into() };
        }
        Parsed::arm(rolecall_arm::parse(file))
    }

    /// What a parameter file gives.
    pub fn arguments(&self, file: &SourceFile) -> Arc<Arguments> {
        self.given(file).arguments
    }

    /// The template that a `.bicepparam` file names.
    pub fn using(&self, file: &SourceFile) -> Option<PathBuf> {
        self.given(file).using
    }

    /// What was looked up while a parameter file was read: what it extends, imports from and loads.
    pub fn parameter_lookups(&self, file: &SourceFile) -> Lookups {
        self.given(file).lookups
    }

    fn given(&self, file: &SourceFile) -> Given {
        let read = || {
            if file.path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("bicepparam")) {
                let recorder = Recorder::new(self.files);
                let read = rolecall_bicep::parse_parameters(file, &recorder, &self.library);
                let values = read.values.into_iter().map(|(name, value)| (name, given(value))).collect();
                let arguments = Arguments { file: Some(file.id), values, diagnostics: read.diagnostics };
                let lookups = recorder.into_lookups().into();
                return Given { arguments: Arc::new(arguments), using: read.using, lookups };
            }
            Given { arguments: Arc::new(read_arguments(file)), using: None, lookups: Lookups::default() }
        };
        cell(&self.arguments, file.id).get_or_init(read).clone()
    }

    /// Lets go of all templates but those in these files.
    pub fn keep_only(&self, files: &FxHashSet<FileId>) {
        self.templates.lock().unwrap_or_else(PoisonError::into_inner).retain(|id, _| files.contains(id));
    }

    /// The file at a path relative to another file.
    fn linked(&self, from: FileId, path: &str) -> Result<Arc<SourceFile>, String> {
        let from = self.files.get(from).ok_or("the file that names it is gone")?;
        self.files.read(&resolve(&from.path, path)).map_err(|error| error.to_string())
    }
}

impl Loader for Store<'_> {
    fn template(&self, from: FileId, path: &str) -> Result<Arc<Template>, String> {
        let file = self.linked(from, path)?;
        Store::template(self, &file).ok_or_else(|| "it holds no template".to_owned())
    }

    fn module(&self, from: FileId, reference: &str) -> Result<Arc<Template>, String> {
        let from = self.files.get(from).ok_or("the file that names it is gone")?;
        let file = self.library.modules().find(reference, &from.path, self.files)?;
        let parsed = cell(&self.templates, file.id);
        let parsed = parsed.get_or_init(|| match reference.starts_with("ts") {
            true => Parsed::arm(rolecall_arm::parse_template_spec(&file)),
            false => self.parse(&file),
        });
        parsed.template.clone().ok_or_else(|| "its restored copy holds no template".to_owned())
    }

    fn arguments(&self, from: FileId, path: &str) -> Result<Arc<Arguments>, String> {
        Ok(Store::arguments(self, &*self.linked(from, path)?))
    }
}

/// The language of a template, from its name.
pub(crate) fn language(path: &Path) -> Language {
    match path.extension() {
        Some(extension) if extension.eq_ignore_ascii_case("bicep") => Language::Bicep,
        _ => Language::Arm,
    }
}

/// The path that `path` means in the file `from`: relative to its folder, whichever slash it is written with.
fn resolve(from: &Path, path: &str) -> PathBuf {
    let path = path.replace('\\', "/");
    let folder = from.parent().unwrap_or(from);
    normalize(&folder.join(path.trim_start_matches('/')))
}

/// What a `.bicepparam` file gives: what only the deploying machine knows leaves the parameter open.
fn given(value: Expr) -> Argument {
    match &value.kind {
        ExprKind::Call { namespace: None, name, .. }
            if matches!(&**name, "readEnvironmentVariable" | "externalInput") =>
        {
            Argument::Placeholder(value)
        }
        _ => Argument::Value(value),
    }
}

fn read_arguments(file: &SourceFile) -> Arguments {
    let read = rolecall_arm::parse_parameters(file);
    let mut values = IndexMap::new();
    for (name, value) in read.parameters {
        let argument = match value {
            // `null` leaves the parameter as it is declared.
            ParameterValue::Value(Expr { kind: ExprKind::Null, .. }) => continue,
            ParameterValue::Value(expr) => Argument::Value(expr),
            ParameterValue::Placeholder(expr) => Argument::Placeholder(expr),
            ParameterValue::Secret(span) => {
                let argument = Expr { kind: ExprKind::Str(name.as_str().into()), span };
                let kind = ExprKind::Call { namespace: None, name: "secret".into(), arguments: vec![argument] };
                Argument::Value(Expr { kind, span })
            }
        };
        values.insert(name, argument);
    }
    Arguments { file: Some(file.id), values, diagnostics: read.diagnostics }
}

/// The files that a template links by a relative path, at any depth of what stands in it.
pub(crate) fn links(file: &SourceFile, template: &Template) -> Vec<PathBuf> {
    let mut out = Vec::new();
    let mut templates = vec![template];
    let mut resources: Vec<&ResourceDecl> = Vec::new();
    while let Some(template) = templates.pop() {
        resources.extend(&template.resources);
        while let Some(resource) = resources.pop() {
            resources.extend(&resource.children);
            match resource.deployment.as_ref().map(|deployment| &deployment.source) {
                Some(DeploymentSource::Inline(inner)) => templates.push(inner),
                Some(DeploymentSource::Path(path)) => out.push(resolve(&file.path, &path.value)),
                Some(DeploymentSource::Remote(_)) | None => {}
            }
        }
    }
    out
}
