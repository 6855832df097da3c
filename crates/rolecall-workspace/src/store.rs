//! Every template and parameter file of a run, each parsed once, whichever thread asks first.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use indexmap::IndexMap;
use rolecall_arm::{ParameterValue, Parsed};
use rolecall_source::{DiskFiles, FileId, Files, SourceFile, normalize};
use rolecall_template::evaluate::{Argument, Arguments, Loader};
use rolecall_template::ir::{DeploymentSource, Expr, ExprKind, ResourceDecl, Template};
use rustc_hash::{FxHashMap, FxHashSet};

/// The templates and parameter files of a run.
pub(crate) struct Store<'a> {
    pub files: &'a DiskFiles,
    templates: Cells<Parsed>,
    arguments: Cells<Arc<Arguments>>,
}

type Cells<T> = Mutex<FxHashMap<FileId, Arc<OnceLock<T>>>>;

fn cell<T>(cells: &Cells<T>, id: FileId) -> Arc<OnceLock<T>> {
    cells.lock().unwrap_or_else(PoisonError::into_inner).entry(id).or_default().clone()
}

impl<'a> Store<'a> {
    pub fn new(files: &'a DiskFiles) -> Self {
        Store { files, templates: Mutex::default(), arguments: Mutex::default() }
    }

    /// The template in a file; none where its text holds no object.
    pub fn template(&self, file: &SourceFile) -> Option<Arc<Template>> {
        cell(&self.templates, file.id).get_or_init(|| rolecall_arm::parse(file)).template.clone()
    }

    /// What is wrong with the text of a template.
    pub fn template_diagnostics(&self, file: &SourceFile) -> Vec<rolecall_source::Diagnostic> {
        cell(&self.templates, file.id).get_or_init(|| rolecall_arm::parse(file)).diagnostics.clone()
    }

    /// What a parameter file gives.
    pub fn arguments(&self, file: &SourceFile) -> Arc<Arguments> {
        cell(&self.arguments, file.id).get_or_init(|| Arc::new(read_arguments(file))).clone()
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

    fn arguments(&self, from: FileId, path: &str) -> Result<Arc<Arguments>, String> {
        Ok(Store::arguments(self, &*self.linked(from, path)?))
    }
}

/// The path that `path` means in the file `from`: relative to its folder, whichever slash it is written with.
fn resolve(from: &Path, path: &str) -> PathBuf {
    let path = path.replace('\\', "/");
    let folder = from.parent().unwrap_or(from);
    normalize(&folder.join(path.trim_start_matches('/')))
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
