//! The entry: a root module with the values given to it, as one deployment.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rolecall_graph::{Deployment, Language};
use rolecall_source::{Diagnostic, FileId, Files, ReadError, SourceFile, Span, normalize};
use rolecall_value::{Inputs, Origins, Value};

use crate::cache::Cache;
use crate::config::file_name;
use crate::evaluate::Evaluator;
use crate::syntax::{Body, ExprKind};
use crate::types::{Type, static_value};
use crate::{hcl, json};

/// How much stack an evaluation gets: the depth limit is reached before it is used up.
const STACK: usize = 256 << 20;

/// What is given to a root module.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Options {
    /// Later ones win.
    pub given: Vec<Given>,
}

/// A way to give values to variables.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Given {
    /// `--var name=value`.
    Value(String, String),
    /// `--var-file`: an absolute path.
    File(PathBuf),
}

/// Evaluates a root module: its folder, the variable files beside it that Terraform reads by itself, and what is given.
pub fn evaluate(root: &Path, files: &dyn Files, options: &Options, cache: &Cache) -> Deployment {
    std::thread::scope(|scope| {
        let run = || evaluate_here(root, files, options, cache);
        match std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run) {
            Ok(thread) => match thread.join() {
                Ok(deployment) => deployment,
                Err(panic) => std::panic::resume_unwind(panic),
            },
            Err(error) => nothing(format!("the system gives no stack to evaluate in: {error}")),
        }
    })
}

fn nothing(message: String) -> Deployment {
    Deployment {
        entry: FileId(0),
        parameters: Vec::new(),
        language: Language::Terraform,
        inputs: Arc::new(Inputs::default()),
        point: Default::default(),
        origins: Arc::new(Origins::default()),
        resources: Vec::new(),
        edges: Vec::new(),
        open_order: Vec::new(),
        one_by_one: Vec::new(),
        unchecked: Vec::new(),
        changes: Vec::new(),
        unresolved: Vec::new(),
        frames: Vec::new(),
        outside: Arc::default(),
        diagnostics: vec![Diagnostic::error(Span::file_start(FileId(0)), message)],
    }
}

fn evaluate_here(root: &Path, files: &dyn Files, options: &Options, cache: &Cache) -> Deployment {
    let root = normalize(root);
    let module = match cache.module(files, &root) {
        Ok(module) => module,
        Err(error) => return nothing(format!("the folder cannot be read: {error}")),
    };
    let entry = entry_file(files, &module.files);
    let mut evaluator = Evaluator::new(files, cache, root.clone());
    evaluator.manifest = crate::evaluate::manifest(files, &root);
    let mut parameters = Vec::new();
    let mut diagnostics = Vec::new();
    let automatic = variable_files(files, &root);
    for given in automatic.into_iter().map(Given::File).chain(options.given.iter().cloned()) {
        let path = match &given {
            Given::File(path) => path,
            Given::Value(name, text) => {
                let of = module.variables.get(name.as_str()).map(|variable| &variable.of);
                let value = command_line_value(entry, of, text);
                evaluator.given.insert(name.as_str().into(), value);
                continue;
            }
        };
        match files.read(path) {
            Ok(file) => {
                let (body, problems) = cache.body(&file, variables_in(&file));
                diagnostics.extend(problems);
                parameters.push(file.id);
                give(&mut evaluator, body);
            }
            Err(ReadError::NotFound) if !options.given.contains(&given) => {}
            Err(error) => {
                let message = format!("the variable file `{}` cannot be read: {error}", file_name(path));
                diagnostics.push(Diagnostic::error(Span::file_start(entry), message));
            }
        }
    }
    let frame = evaluator.root_frame(module);
    evaluator.walk(&frame);
    evaluator.emit(&frame);
    evaluator.keep_missing();
    evaluator.apply_patches();
    evaluator.work_out_outputs(&frame);
    let frames = crate::evaluate::frames(&frame);
    let mut state = evaluator.state.into_inner();
    let edges = state.edges();
    let mut all = state.diagnostics;
    all.extend(diagnostics);
    Deployment {
        entry,
        parameters,
        language: Language::Terraform,
        inputs: evaluator.inputs,
        point: state.point,
        origins: evaluator.origins,
        resources: state.resources,
        edges,
        open_order: Vec::new(),
        one_by_one: state.one_by_one,
        unchecked: state.unchecked,
        changes: state.changes,
        unresolved: state.unresolved,
        frames,
        outside: Arc::default(),
        diagnostics: all,
    }
}

/// The file that stands for the root module: `main.tf` where there is one.
fn entry_file(files: &dyn Files, all: &[FileId]) -> FileId {
    let main = all.iter().find(|id| {
        files.get(**id).is_some_and(|file| matches!(file_name(&file.path), "main.tf" | "main.tofu" | "main.tf.json"))
    });
    main.or(all.first()).copied().unwrap_or(FileId(0))
}

/// The variable files that Terraform reads by itself, in order; later ones win.
fn variable_files(files: &dyn Files, root: &Path) -> Vec<PathBuf> {
    let mut out = vec![root.join("terraform.tfvars"), root.join("terraform.tfvars.json")];
    if let Ok(listed) = files.list(root) {
        out.extend(listed.iter().filter(|path| is_automatic(path) && !out.contains(path)).cloned().collect::<Vec<_>>());
    }
    out
}

fn give(evaluator: &mut Evaluator<'_>, body: Body) {
    for attribute in body.attributes {
        let value = static_value(&attribute.value).with_origin(evaluator.origins.written(attribute.span));
        evaluator.given.insert(attribute.name, value);
    }
}

/// A value of `--var`: an expression where the variable's type is a collection, else the text itself.
fn command_line_value(file: FileId, of: Option<&Type>, text: &str) -> Value {
    match of {
        Some(Type::String) | None => Value::string(text),
        Some(_) => match hcl::expression(file, 0, text) {
            Ok(expr) if !matches!(expr.kind, ExprKind::Variable(_)) => static_value(&expr),
            _ => Value::string(text),
        },
    }
}

/// The file that stands for a root module, where its folder has any.
pub fn entry(root: &Path, files: &dyn Files, cache: &Cache) -> Option<FileId> {
    let module = cache.module(files, &normalize(root)).ok()?;
    (!module.files.is_empty()).then(|| entry_file(files, &module.files))
}

/// Whether a file gives values to variables.
pub fn is_variables(path: &Path) -> bool {
    let name = file_name(path);
    !name.starts_with('.') && (name.ends_with(".tfvars") || name.ends_with(".tfvars.json"))
}

/// Whether Terraform reads a variable file by itself, where it stands beside a root module.
pub fn is_automatic(path: &Path) -> bool {
    let name = file_name(path);
    let stem = name.strip_suffix(".json").unwrap_or(name);
    stem == "terraform.tfvars" || stem.ends_with(".auto.tfvars")
}

/// The names of the variables that a root module declares.
pub fn declared(root: &Path, files: &dyn Files, cache: &Cache) -> Vec<Arc<str>> {
    cache.module(files, &normalize(root)).map(|module| module.variables.keys().cloned().collect()).unwrap_or_default()
}

/// The names of the variables that a variable file gives.
pub fn given(file: &SourceFile) -> Vec<Arc<str>> {
    variables_in(file)(file.id, &file.text).0.attributes.into_iter().map(|attribute| attribute.name).collect()
}

/// What reads a variable file.
fn variables_in(file: &SourceFile) -> fn(FileId, &str) -> (Body, Vec<Diagnostic>) {
    if file_name(&file.path).ends_with(".json") { json::variables } else { hcl::parse }
}
