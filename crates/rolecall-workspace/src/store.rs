//! Every template and parameter file of a run, each parsed once, whichever thread asks first. What the run before left is
//! taken over where its text, and all that was looked up to read it, is the same.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};

use indexmap::IndexMap;
use rolecall_arm::ParameterValue;
use rolecall_bicep::Library;
use rolecall_graph::Language;
use rolecall_source::{Diagnostic, DiskFiles, FileId, Files, Lookups, Recorder, SourceFile, normalize};
use rolecall_template::evaluate::{Argument, Arguments, Loader};
use rolecall_template::ir::{DeploymentSource, Expr, ExprKind, Template};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::named::Wanted;

/// The templates and parameter files of a run.
pub(crate) struct Store<'a> {
    pub files: &'a DiskFiles,
    library: &'a Library,
    before: &'a Trees,
    templates: Cells<Parsed>,
    arguments: Cells<Given>,
    parsed: AtomicUsize,
}

/// What a run leaves to the next one.
#[derive(Default)]
pub(crate) struct Trees {
    /// What is read again after an edit is taken out.
    templates: Mutex<FxHashMap<FileId, Arc<Parsed>>>,
    arguments: FxHashMap<FileId, Arc<Given>>,
}

impl Trees {
    /// Adds those of an earlier run that are not here.
    pub fn fill(&mut self, before: Trees) {
        let templates = self.templates.get_mut().unwrap_or_else(PoisonError::into_inner);
        for (id, parsed) in before.templates.into_inner().unwrap_or_else(PoisonError::into_inner) {
            templates.entry(id).or_insert(parsed);
        }
        for (id, given) in before.arguments {
            self.arguments.entry(id).or_insert(given);
        }
    }

    fn templates(&self) -> MutexGuard<'_, FxHashMap<FileId, Arc<Parsed>>> {
        self.templates.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The template of a file as it was.
    fn template(&self, id: FileId) -> Option<Arc<Parsed>> {
        self.templates().get(&id).cloned()
    }

    /// The same where nobody else reads it, which is gone then.
    fn take_template(&self, id: FileId) -> Option<Parsed> {
        let mut templates = self.templates();
        Arc::into_inner(templates.remove(&id)?)
    }
}

/// A template file that was read.
struct Parsed {
    template: Option<Arc<Template>>,
    diagnostics: Vec<Diagnostic>,
    /// What of it is no JSON; only of ARM templates.
    unsound: Option<Range<usize>>,
    /// The files that it links or imports from.
    uses: Vec<PathBuf>,
    /// What was looked up to read it.
    lookups: Lookups,
}

impl Parsed {
    fn arm(file: &SourceFile, parsed: rolecall_arm::Parsed) -> Self {
        let rolecall_arm::Parsed { template, diagnostics, unsound } = parsed;
        let uses = template.as_ref().map(|template| links(file, template)).unwrap_or_default();
        Parsed { template, diagnostics, unsound, uses, lookups: Lookups::default() }
    }
}

/// A parameter file that was read.
struct Given {
    arguments: Arc<Arguments>,
    /// The template that it says it is for.
    using: Option<PathBuf>,
    /// What was looked up to read it.
    lookups: Lookups,
}

type Cells<T> = Mutex<FxHashMap<FileId, Arc<OnceLock<Arc<T>>>>>;

fn cell<T>(cells: &Cells<T>, id: FileId) -> Arc<OnceLock<Arc<T>>> {
    cells.lock().unwrap_or_else(PoisonError::into_inner).entry(id).or_default().clone()
}

fn read<T>(cells: Cells<T>) -> FxHashMap<FileId, Arc<T>> {
    let cells = cells.into_inner().unwrap_or_else(PoisonError::into_inner);
    cells.into_iter().filter_map(|(id, cell)| Some((id, cell.get()?.clone()))).collect()
}

impl<'a> Store<'a> {
    pub fn new(files: &'a DiskFiles, library: &'a Library, before: &'a Trees) -> Self {
        let (templates, arguments) = (Mutex::default(), Mutex::default());
        Store { files, library, before, templates, arguments, parsed: AtomicUsize::new(0) }
    }

    /// What the next run may take over.
    pub fn into_trees(self) -> Trees {
        Trees { templates: Mutex::new(read(self.templates)), arguments: read(self.arguments) }
    }

    /// How many files were parsed.
    pub fn parsed(&self) -> usize {
        self.parsed.load(Ordering::Relaxed)
    }

    /// The template in a file; none where its text holds no object.
    pub fn template(&self, file: &SourceFile) -> Option<Arc<Template>> {
        self.read_template(file).template.clone()
    }

    /// Whether a file is a module that `bicep restore` left.
    pub fn is_restored(&self, file: &SourceFile) -> bool {
        self.library.modules().holds(&file.path, self.files)
    }

    /// What is wrong with the text of a template.
    pub fn template_diagnostics(&self, file: &SourceFile) -> Vec<Diagnostic> {
        self.read_template(file).diagnostics.clone()
    }

    /// The files that a template links by a relative path, and those that it imports from: they are no templates of their
    /// own.
    pub fn uses(&self, file: &SourceFile) -> Vec<PathBuf> {
        self.read_template(file).uses.clone()
    }

    fn read_template(&self, file: &SourceFile) -> Arc<Parsed> {
        self.template_with(file, || self.parse(file))
    }

    fn template_with(&self, file: &SourceFile, parse: impl FnOnce() -> Parsed) -> Arc<Parsed> {
        let read = || match self.before.template(file.id) {
            Some(known) if known.lookups.hold(self.files) => known,
            _ => {
                self.parsed.fetch_add(1, Ordering::Relaxed);
                Arc::new(parse())
            }
        };
        cell(&self.templates, file.id).get_or_init(read).clone()
    }

    /// Whether a template is one that was asked about, or one was looked up while it was read: it imports from it or loads
    /// it; what it links is not counted.
    pub fn template_concerns(&self, file: &SourceFile, wanted: &Wanted) -> bool {
        wanted.has(&file.path) || wanted.looked_up(self.files, &self.read_template(file).lookups)
    }

    fn parse(&self, file: &SourceFile) -> Parsed {
        if language(&file.path) == Language::Bicep {
            let recorder = Recorder::new(self.files);
            let rolecall_bicep::Parsed { template, diagnostics, imports } =
                rolecall_bicep::parse(file, &recorder, self.library);
            let mut uses = template.as_ref().map(|template| links(file, template)).unwrap_or_default();
            uses.extend(imports);
            return Parsed { template, diagnostics, unsound: None, uses, lookups: recorder.into_lookups() };
        }
        let before = self.files.before(&file.path);
        let parsed = match before.and_then(|before| Some((before, self.before.take_template(before.id)?))) {
            Some((before, Parsed { template, diagnostics, unsound, .. })) => {
                rolecall_arm::parse_again(file, before, rolecall_arm::Parsed { template, diagnostics, unsound })
            }
            None => rolecall_arm::parse(file),
        };
        Parsed::arm(file, parsed)
    }

    /// What a parameter file gives.
    pub fn arguments(&self, file: &SourceFile) -> Arc<Arguments> {
        self.given(file).arguments.clone()
    }

    /// The template that a `.bicepparam` file names.
    pub fn using(&self, file: &SourceFile) -> Option<PathBuf> {
        self.given(file).using.clone()
    }

    /// Whether a parameter file is one that was asked about, or one was looked up while it was read: it extends it, imports
    /// from it or loads it.
    pub fn parameter_concerns(&self, file: &SourceFile, wanted: &Wanted) -> bool {
        wanted.has(&file.path) || wanted.looked_up(self.files, &self.given(file).lookups)
    }

    fn given(&self, file: &SourceFile) -> Arc<Given> {
        let parse = || {
            if file.path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("bicepparam")) {
                let recorder = Recorder::new(self.files);
                let read = rolecall_bicep::parse_parameters(file, &recorder, self.library);
                let values = read.values.into_iter().map(|(name, value)| (name, given(value))).collect();
                let arguments = Arguments { file: Some(file.id), values, lost: false, diagnostics: read.diagnostics };
                let lookups = recorder.into_lookups();
                return Given { arguments: Arc::new(arguments), using: read.using, lookups };
            }
            Given { arguments: Arc::new(read_arguments(file)), using: None, lookups: Lookups::default() }
        };
        let read = || match self.before.arguments.get(&file.id) {
            Some(known) if known.lookups.hold(self.files) => known.clone(),
            _ => {
                self.parsed.fetch_add(1, Ordering::Relaxed);
                Arc::new(parse())
            }
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
        let parsed = self.template_with(&file, || match reference.starts_with("ts") {
            true => Parsed::arm(&file, rolecall_arm::parse_template_spec(&file)),
            false => self.parse(&file),
        });
        parsed.template.clone().ok_or_else(|| "its restored copy holds no template".to_owned())
    }

    fn arguments(&self, from: FileId, path: &str) -> Result<Arc<Arguments>, String> {
        Ok(Store::arguments(self, &*self.linked(from, path)?))
    }
}

/// What an evaluation asked a store for, so that a later run can tell whether it would get the same.
#[derive(Default)]
pub(crate) struct Asked {
    /// Weakly, so that what changes can be read again in place.
    templates: IndexMap<(FileId, Kind, String), Result<Weak<Template>, String>>,
    arguments: IndexMap<(FileId, String), Result<Arc<Arguments>, String>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Path,
    Module,
}

impl Asked {
    /// Whether a store gives all of it again.
    pub fn holds(&self, store: &Store<'_>) -> bool {
        self.templates.iter().all(|((from, kind, name), known)| {
            let now = match kind {
                Kind::Path => Loader::template(store, *from, name),
                Kind::Module => store.module(*from, name),
            };
            is_same(&now, known, |now, known| std::ptr::eq(Arc::as_ptr(now), known.as_ptr()))
        }) && self
            .arguments
            .iter()
            .all(|((from, path), known)| is_same(&Loader::arguments(store, *from, path), known, Arc::ptr_eq))
    }
}

fn is_same<T, K>(one: &Result<T, String>, other: &Result<K, String>, same: impl Fn(&T, &K) -> bool) -> bool {
    match (one, other) {
        (Ok(one), Ok(other)) => same(one, other),
        (Err(one), Err(other)) => one == other,
        _ => false,
    }
}

/// A store that writes down what it is asked for.
pub(crate) struct Asking<'a> {
    store: &'a Store<'a>,
    asked: Mutex<Asked>,
}

impl<'a> Asking<'a> {
    pub fn new(store: &'a Store<'a>) -> Self {
        Asking { store, asked: Mutex::default() }
    }

    pub fn into_asked(self) -> Asked {
        self.asked.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn asked(&self) -> std::sync::MutexGuard<'_, Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn weak(answer: &Result<Arc<Template>, String>) -> Result<Weak<Template>, String> {
    answer.as_ref().map(Arc::downgrade).map_err(String::clone)
}

impl Loader for Asking<'_> {
    fn template(&self, from: FileId, path: &str) -> Result<Arc<Template>, String> {
        let answer = Loader::template(self.store, from, path);
        self.asked().templates.insert((from, Kind::Path, path.to_owned()), weak(&answer));
        answer
    }

    fn module(&self, from: FileId, reference: &str) -> Result<Arc<Template>, String> {
        let answer = self.store.module(from, reference);
        self.asked().templates.insert((from, Kind::Module, reference.to_owned()), weak(&answer));
        answer
    }

    fn arguments(&self, from: FileId, path: &str) -> Result<Arc<Arguments>, String> {
        let answer = Loader::arguments(self.store, from, path);
        self.asked().arguments.insert((from, path.to_owned()), answer.clone());
        answer
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
    Arguments { file: Some(file.id), values, lost: read.lost, diagnostics: read.diagnostics }
}

/// The files that a template links by a relative path, at any depth of what stands in it.
fn links(file: &SourceFile, template: &Template) -> Vec<PathBuf> {
    let mut out = Vec::new();
    let mut templates = vec![template];
    while let Some(template) = templates.pop() {
        for deployment in template.deployments() {
            match &deployment.source {
                DeploymentSource::Inline(inner) => templates.push(inner),
                DeploymentSource::Path(path) => out.push(resolve(&file.path, &path.value)),
                DeploymentSource::Remote(_) => {}
            }
        }
    }
    out
}
