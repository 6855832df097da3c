//! A module's folder as one configuration: which files count, overrides, and what the blocks declare.
//!
//! Nothing is evaluated here but what Terraform wants written out (types, defaults, module sources).

use std::path::{Path, PathBuf};
use std::sync::Arc;

use indexmap::IndexMap;
use rolecall_source::{Diagnostic, FileId, Files, ReadError, Span};
use rolecall_value::Value;

use crate::cache::Cache;
use crate::syntax::{Binary, Block, Body, Expr, ExprKind};
use crate::types::{Type, static_value};
use crate::{hcl, json};

/// A module.
#[derive(Debug, Default)]
pub struct Module {
    /// Its folder.
    pub dir: PathBuf,
    /// Its files, in order of their names.
    pub files: Vec<FileId>,
    /// Variables.
    pub variables: IndexMap<Arc<str>, Variable>,
    /// Locals.
    pub locals: IndexMap<Arc<str>, Expr>,
    /// Outputs.
    pub outputs: IndexMap<Arc<str>, Output>,
    /// Resources by `type.name`, data sources by `data.type.name`.
    pub resources: IndexMap<Arc<str>, ResourceBlock>,
    /// Module calls.
    pub calls: IndexMap<Arc<str>, ModuleCall>,
    /// `provider` blocks.
    pub providers: Vec<Block>,
    /// What `required_providers` asks for, by local name: source and version.
    pub required: IndexMap<Arc<str>, (Option<String>, Option<String>)>,
    /// What is wrong with the files.
    pub diagnostics: Vec<Diagnostic>,
}

/// A variable.
#[derive(Debug)]
pub struct Variable {
    /// Its type.
    pub of: Type,
    /// Its default.
    pub default: Option<Value>,
    /// Whether it may be `null`.
    pub nullable: bool,
    /// The values that a validation lists.
    pub allowed: Option<Vec<Value>>,
    /// Where it is declared.
    pub span: Span,
}

/// An output.
#[derive(Debug)]
pub struct Output {
    /// What it is.
    pub value: Option<Expr>,
    /// What must be there first.
    pub depends_on: Vec<Expr>,
}

/// A `resource`, `data` or `ephemeral` block.
#[derive(Debug)]
pub struct ResourceBlock {
    /// Whether it only reads.
    pub data: bool,
    /// `azurerm_kubernetes_cluster`.
    pub kind: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// Everything it says.
    pub body: Body,
    /// Where it is written.
    pub span: Span,
}

/// A `module` block.
#[derive(Debug)]
pub struct ModuleCall {
    /// Its name.
    pub name: Arc<str>,
    /// Its source, where it is written out.
    pub source: Option<String>,
    /// Everything it says.
    pub body: Body,
    /// Where it is written.
    pub span: Span,
}

/// Whether a file belongs to a configuration.
pub fn is_configuration(name: &str) -> bool {
    !name.starts_with('.')
        && !name.ends_with('~')
        && [".tf", ".tf.json", ".tofu", ".tofu.json"].iter().any(|extension| name.ends_with(extension))
}

fn is_override(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    stem == "override" || stem.ends_with("_override")
}

/// The name of a path's file.
pub fn file_name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

/// The configuration files of a folder. A `.tofu` file stands for the `.tf` file of the same name.
pub fn configuration_files(files: &dyn Files, dir: &Path) -> Result<Vec<PathBuf>, ReadError> {
    let listed = files.list(dir)?;
    let tofu = |path: &Path| {
        let name = file_name(path).replace(".tf", ".tofu");
        listed.iter().any(|other| file_name(other) == name)
    };
    Ok(listed
        .iter()
        .filter(|path| is_configuration(file_name(path)) && (file_name(path).contains(".tofu") || !tofu(path)))
        .cloned()
        .collect())
}

/// Loads the module in a folder.
///
/// # Errors
/// Why the folder cannot be listed.
pub fn load(files: &dyn Files, dir: &Path, cache: &Cache) -> Result<Module, ReadError> {
    let mut module = Module { dir: dir.to_owned(), ..Module::default() };
    let (mut overrides, mut unreadable) = (Vec::new(), Vec::new());
    for path in configuration_files(files, dir)? {
        let name = file_name(&path).to_owned();
        let file = match files.read(&path) {
            Ok(file) => file,
            Err(ReadError::NotAFile) => continue,
            Err(error) => {
                unreadable.push(format!("`{name}` cannot be read: {error}"));
                continue;
            }
        };
        module.files.push(file.id);
        let (body, diagnostics) = cache.body(&file, if name.ends_with(".json") { json::parse } else { hcl::parse });
        module.diagnostics.extend(diagnostics);
        if is_override(&name) {
            overrides.push(body);
        } else {
            for block in body.blocks {
                module.declare(block);
            }
        }
    }
    for body in overrides {
        for block in body.blocks {
            module.change(block);
        }
    }
    // Without a file there is no place: the first file of the folder says it.
    if let Some(file) = module.files.first() {
        let say = |message| Diagnostic::error(Span::file_start(*file), message);
        module.diagnostics.extend(unreadable.into_iter().map(say));
    }
    Ok(module)
}

impl Module {
    fn twice(&mut self, span: Span, what: &str, name: &str) {
        let message = format!("the {what} `{name}` is declared twice; the first one counts");
        self.diagnostics.push(Diagnostic::error(span, message));
    }

    fn declare(&mut self, block: Block) {
        let label = |at: usize| block.labels.get(at).cloned().unwrap_or_else(|| "".into());
        match &*block.kind {
            "variable" => {
                let name = label(0);
                if self.variables.contains_key(&name) {
                    return self.twice(block.span, "variable", &name);
                }
                let variable = variable(&name, &block);
                self.variables.insert(name, variable);
            }
            "locals" => {
                for attribute in block.body.attributes {
                    if self.locals.contains_key(&attribute.name) {
                        self.twice(attribute.span, "local value", &attribute.name);
                    } else {
                        self.locals.insert(attribute.name, attribute.value);
                    }
                }
            }
            "output" => {
                let name = label(0);
                let depends_on = depends_on(&block.body).map(|_| ()).is_some();
                let mut body = block.body;
                let list = if depends_on { take(&mut body, "depends_on") } else { None };
                let depends_on = match list.map(|expr| expr.kind) {
                    Some(ExprKind::Tuple(items)) => items,
                    _ => Vec::new(),
                };
                self.outputs.entry(name).or_insert(Output { value: take(&mut body, "value"), depends_on });
            }
            "resource" | "data" | "ephemeral" => {
                let (kind, name) = (label(0), label(1));
                let data = &*block.kind != "resource";
                let key: Arc<str> = match &*block.kind {
                    "resource" => format!("{kind}.{name}").into(),
                    prefix => format!("{prefix}.{kind}.{name}").into(),
                };
                if self.resources.contains_key(&key) {
                    return self.twice(block.span, "resource", &key);
                }
                let span = block.span;
                self.resources.insert(key, ResourceBlock { data, kind, name, body: block.body, span });
            }
            "module" => {
                let name = label(0);
                if self.calls.contains_key(&name) {
                    return self.twice(block.span, "module", &name);
                }
                let source = block.body.attribute("source").and_then(|attribute| match &attribute.value.kind {
                    ExprKind::Str(text) => Some(text.to_string()),
                    _ => None,
                });
                let span = block.span;
                self.calls.insert(name.clone(), ModuleCall { name, source, body: block.body, span });
            }
            "provider" => self.providers.push(block),
            "terraform" => {
                for required in block.body.blocks("required_providers") {
                    for attribute in &required.body.attributes {
                        let entry = match &attribute.value.kind {
                            ExprKind::Object(entries) => {
                                let find = |name: &str| {
                                    let found = entries.iter().find(|(key, _)| key.literal() == Some(name));
                                    found.and_then(|(_, value)| value.literal()).map(str::to_owned)
                                };
                                (find("source"), find("version"))
                            }
                            _ => (None, attribute.value.literal().map(str::to_owned)),
                        };
                        self.required.insert(attribute.name.clone(), entry);
                    }
                }
            }
            _ => {}
        }
    }

    /// What an override file says replaces what was said, attribute by attribute, and nested blocks kind by kind.
    fn change(&mut self, block: Block) {
        let label = |at: usize| block.labels.get(at).cloned().unwrap_or_else(|| "".into());
        match &*block.kind {
            "resource" | "data" => {
                let prefix = if &*block.kind == "data" { "data." } else { "" };
                let key: Arc<str> = format!("{prefix}{}.{}", label(0), label(1)).into();
                match self.resources.get_mut(&key) {
                    Some(known) => overlay(&mut known.body, block.body),
                    None => self.declare(block),
                }
            }
            "module" => match self.calls.get_mut(&label(0)) {
                Some(known) => {
                    overlay(&mut known.body, block.body);
                    let source = known.body.attribute("source").and_then(|source| source.value.literal());
                    known.source = source.map(str::to_owned);
                }
                None => self.declare(block),
            },
            "locals" => {
                for attribute in block.body.attributes {
                    self.locals.insert(attribute.name, attribute.value);
                }
            }
            "variable" => {
                let name = label(0);
                let changed = variable(&name, &block);
                match self.variables.get_mut(&name) {
                    Some(known) => {
                        if changed.default.is_some() {
                            known.default = changed.default;
                        }
                        if block.body.attribute("type").is_some() {
                            known.of = changed.of;
                        }
                        known.allowed = changed.allowed.or(known.allowed.take());
                    }
                    None => {
                        self.variables.insert(name, changed);
                    }
                }
            }
            "output" => {
                self.outputs.shift_remove(&label(0));
                self.declare(block);
            }
            _ => self.declare(block),
        }
    }
}

fn overlay(body: &mut Body, changes: Body) {
    for attribute in changes.attributes {
        match body.attributes.iter_mut().find(|known| known.name == attribute.name) {
            Some(known) => *known = attribute,
            None => body.attributes.push(attribute),
        }
    }
    body.blocks.retain(|known| !changes.blocks.iter().any(|block| block.kind == known.kind));
    body.blocks.extend(changes.blocks);
}

fn take(body: &mut Body, name: &str) -> Option<Expr> {
    let at = body.attributes.iter().position(|attribute| &*attribute.name == name)?;
    Some(body.attributes.swap_remove(at).value)
}

/// The elements of `depends_on`.
pub fn depends_on(body: &Body) -> Option<&[Expr]> {
    match &body.attribute("depends_on")?.value.kind {
        ExprKind::Tuple(items) => Some(items),
        _ => None,
    }
}

fn variable(name: &str, block: &Block) -> Variable {
    let of = block.body.attribute("type").map_or(Type::Any, |attribute| Type::parse(&attribute.value));
    let default = block.body.attribute("default").map(|attribute| of.convert(&static_value(&attribute.value)));
    let nullable =
        block.body.attribute("nullable").is_none_or(|attribute| !matches!(attribute.value.kind, ExprKind::Bool(false)));
    let allowed = block
        .body
        .blocks("validation")
        .filter_map(|validation| listed(&validation.body.attribute("condition")?.value, name))
        .next()
        .map(|mut values| {
            // What stands as default is allowed, whatever the validation says.
            if let Some(default) = &default
                && !values.contains(default)
                && default.is_known()
            {
                values.push(default.clone());
            }
            values.iter().map(|value| of.convert(value)).collect()
        });
    Variable { of, default, nullable, allowed, span: block.span }
}

/// The values that a validation lists, where it allows nothing else.
fn listed(condition: &Expr, name: &str) -> Option<Vec<Value>> {
    match &condition.kind {
        ExprKind::Call(function, arguments, _) => match (&**function, &arguments[..]) {
            ("contains", [list, value]) if is_variable(value, name) => {
                let list = match &list.kind {
                    ExprKind::Call(function, inner, _) if matches!(&**function, "tolist" | "toset") => inner.first()?,
                    _ => list,
                };
                let ExprKind::Tuple(items) = &list.kind else { return None };
                let values: Vec<Value> = items.iter().map(static_value).collect();
                values.iter().all(Value::is_known).then_some(values).filter(|values| !values.is_empty())
            }
            ("try" | "alltrue", [inner, ..]) => match &inner.kind {
                ExprKind::Tuple(items) => items.iter().find_map(|item| listed(item, name)),
                _ => listed(inner, name),
            },
            ("anytrue", [list]) => match &list.kind {
                ExprKind::Tuple(items) => {
                    let all: Option<Vec<Vec<Value>>> = items.iter().map(|item| one_of(item, name)).collect();
                    all.map(|all| all.concat())
                }
                _ => None,
            },
            _ => None,
        },
        ExprKind::Binary(Binary::And, sides) => listed(&sides[0], name).or_else(|| listed(&sides[1], name)),
        ExprKind::Binary(Binary::Or, sides) => {
            let mut values = one_of(&sides[0], name)?;
            values.extend(one_of(&sides[1], name)?);
            Some(values)
        }
        ExprKind::Conditional(parts) => match &parts[0].kind {
            ExprKind::Binary(operator @ (Binary::Equal | Binary::NotEqual), sides)
                if is_variable(&sides[0], name) && matches!(sides[1].kind, ExprKind::Null) =>
            {
                let (null, other) = if *operator == Binary::Equal { (1, 2) } else { (2, 1) };
                let mut values = listed(&parts[other], name)?;
                if !matches!(parts[null].kind, ExprKind::Bool(false)) {
                    values.push(Value::null());
                }
                Some(values)
            }
            _ => None,
        },
        _ => None,
    }
}

/// `contains(…)`, or `var.x == "a"`.
fn one_of(expr: &Expr, name: &str) -> Option<Vec<Value>> {
    match &expr.kind {
        ExprKind::Binary(Binary::Equal, sides) if is_variable(&sides[0], name) => {
            let value = static_value(&sides[1]);
            value.is_known().then(|| vec![value])
        }
        _ => listed(expr, name),
    }
}

fn is_variable(expr: &Expr, name: &str) -> bool {
    expr.path() == ["var", name]
}
