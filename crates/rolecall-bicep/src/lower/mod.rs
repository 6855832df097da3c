//! From syntax to the template IR.
//!
//! What a broken statement lacks becomes [`ExprKind::Invalid`], and the template says that a part of it could not be read.

mod compiled;
mod content;
mod deployment;
mod expression;
mod names;
mod parameters;
mod resource;
mod text;
mod types;
pub(crate) mod unit;
mod yaml;

use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use indexmap::IndexMap;
use rolecall_source::{Diagnostic, Files, SourceFile, Span};
use rolecall_template::ir::{Expr, ExprKind, Function, Output, Parameter, Target, Template, Variable};
use rolecall_value::Key;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::syntax::{
    FunctionDeclaration, OutputDeclaration, ParameterDeclaration, Statement, StringLiteral, SyntaxNode,
    VariableDeclaration,
};
use content::Imported;
pub use parameters::{ParameterFile, parse_parameters};
use unit::{Source, Unit};

use crate::library::Library;

/// A Bicep file that was read.
#[derive(Debug)]
pub struct Parsed {
    /// The template; there is one for every text.
    pub template: Option<Arc<Template>>,
    /// What is wrong with the text, in its order. The template has the same list: show one of the two.
    pub diagnostics: Vec<Diagnostic>,
    /// The files that it imports from, as absolute paths: they are no deployments of their own.
    pub imports: Vec<PathBuf>,
}

/// The namespace that the official compiler gives to user-defined functions.
const USER_FUNCTIONS: &str = "__bicep";

/// The function that gives a resource where it is deployed, and `null` where it is not.
const DEPLOYED: &str = "deployed";

/// The function by which a value waits for a resource that it says nothing of.
const WAITING: &str = "waiting";

/// How deep expressions may nest, chains of operators included.
const MAX_DEPTH: usize = 300;

/// How many expressions one file may become: what is imported or written out in place counts each time.
const MAX_NODES: usize = 4_000_000;

/// Reads a Bicep file. `files` brings what it imports and loads, `library` what others have imported before.
pub fn parse(file: &SourceFile, files: &dyn Files, library: &Library) -> Parsed {
    let source = library.known(file.id).unwrap_or_else(|| Arc::new(Source::new(file)));
    let mut lower = Lower::new(Rc::new(Unit::new(source.clone(), 0)), files, library);
    let mut template = lower.template();
    if lower.loaded || !lower.imports.is_empty() {
        library.keep(&source);
    }
    let mut diagnostics = std::mem::take(&mut lower.diagnostics);
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span.start, diagnostic.span.end));
    template.diagnostics.clone_from(&diagnostics);
    let imports = lower.imports.into_keys().collect();
    Parsed { template: Some(Arc::new(template)), diagnostics, imports }
}

/// What lowering of one file needs.
pub(crate) struct Lower<'f> {
    files: &'f dyn Files,
    library: &'f Library,
    /// The file being lowered: the one asked for, or one that it imports from.
    unit: Rc<Unit>,
    /// Files imported from, by path; where one cannot be read, why.
    imports: IndexMap<PathBuf, Result<Imported, Arc<str>>>,
    /// The same by the number of the importing file and the path written in it.
    imports_by_path: FxHashMap<(usize, String), Result<Imported, Arc<str>>>,
    /// Whether the content of another file was asked for.
    loaded: bool,
    /// The names of loops, lambdas and functions, innermost last.
    locals: Vec<Arc<str>>,
    /// How many of them belong to loops of resources and modules; the others are known only inside of a value.
    declared_locals: usize,
    /// The symbolic names of the resources around, innermost last.
    around: Vec<Arc<str>>,
    /// What the file is deployed to.
    target: Target,
    /// What loops are named after: the property or declaration that holds them.
    holder: Arc<str>,
    /// Whether variables and parameters are written out in place: parameter files have no template to look them up in.
    inline: bool,
    /// The variables and parameters being written out.
    open: Vec<(usize, String)>,
    /// Where `base` leads: the values of the parameter file that this one extends.
    base: Option<Rc<Unit>>,
    imported_variables: IndexMap<Key, Option<Variable>>,
    imported_functions: IndexMap<Key, Option<Function>>,
    names: FxHashSet<Arc<str>>,
    loops: FxHashMap<Arc<str>, usize>,
    depth: usize,
    nodes: usize,
    diagnostics: Vec<Diagnostic>,
}

impl<'f> Lower<'f> {
    fn new(unit: Rc<Unit>, files: &'f dyn Files, library: &'f Library) -> Self {
        Lower {
            files,
            library,
            unit,
            imports: IndexMap::new(),
            imports_by_path: FxHashMap::default(),
            loaded: false,
            locals: Vec::new(),
            declared_locals: 0,
            around: Vec::new(),
            target: Target::ResourceGroup,
            holder: "".into(),
            inline: false,
            open: Vec::new(),
            base: None,
            imported_variables: IndexMap::new(),
            imported_functions: IndexMap::new(),
            names: FxHashSet::default(),
            loops: FxHashMap::default(),
            depth: 0,
            nodes: 0,
            diagnostics: Vec::new(),
        }
    }

    fn template(&mut self) -> Template {
        let unit = self.unit.clone();
        self.target = self.target_scope();
        let mut template = Template {
            file: unit.id,
            span: Span::new(unit.id, 0, unit.text.len()),
            target: self.target,
            symbolic: true,
            generator: None,
            parameters: IndexMap::new(),
            variables: IndexMap::new(),
            functions: IndexMap::new(),
            resources: Vec::new(),
            outputs: IndexMap::new(),
            incomplete: None,
            lost_names: false,
            diagnostics: Vec::new(),
        };
        for piece in unit.file.pieces() {
            for error in piece.errors() {
                let span = Span::new(unit.id, error.span.start, error.span.end);
                self.diagnostics.push(Diagnostic::error(span, error.message.clone()));
            }
            let statement = piece.statement();
            // A broken resource may have lost properties, and what is no statement may have been one.
            let loses =
                matches!(statement, None | Some(Statement::ResourceDeclaration(_) | Statement::ModuleDeclaration(_)));
            template.lost_names |= piece.has_error();
            if piece.has_error() && loses && template.incomplete.is_none() {
                let range = piece.range();
                template.incomplete = Some(Span::new(unit.id, range.start, range.end));
            }
            if let Some(statement) = statement {
                self.statement(statement, &mut template);
            }
        }
        let imported = std::mem::take(&mut self.imported_variables);
        template.variables.extend(imported.into_iter().filter_map(|(name, variable)| Some((name, variable?))));
        let imported = std::mem::take(&mut self.imported_functions);
        template.functions.extend(imported.into_iter().filter_map(|(name, function)| Some((name, function?))));
        template
    }

    /// What the file says it is deployed to.
    fn target_scope(&self) -> Target {
        let value = self.unit.file.statements().find_map(|statement| match statement {
            Statement::TargetScopeDeclaration(declaration) => self.literal(declaration.value()?),
            _ => None,
        });
        match value.as_deref() {
            Some("subscription") => Target::Subscription,
            Some("managementGroup") => Target::ManagementGroup,
            Some("tenant") => Target::Tenant,
            _ => Target::ResourceGroup,
        }
    }

    fn statement(&mut self, statement: Statement<'_>, template: &mut Template) {
        match statement {
            Statement::ParameterDeclaration(declaration) => {
                let Some((name, span)) = declaration.name().map(|name| self.named(name)) else { return };
                let parameter = self.parameter(declaration, span);
                template.parameters.insert(Key::from(name), parameter);
            }
            Statement::VariableDeclaration(declaration) => {
                let Some((name, _)) = declaration.name().map(|name| self.named(name)) else { return };
                let variable = self.variable(declaration);
                template.variables.insert(Key::from(name), variable);
            }
            Statement::FunctionDeclaration(declaration) => {
                let Some((name, _)) = declaration.name().map(|name| self.named(name)) else { return };
                let function = self.function(declaration);
                template.functions.insert(Key::from(format!("{USER_FUNCTIONS}.{name}")), function);
            }
            Statement::ResourceDeclaration(declaration) => {
                if let Some(resource) = self.resource(declaration) {
                    template.resources.push(resource);
                }
            }
            Statement::ModuleDeclaration(declaration) => {
                if let Some(module) = self.module(declaration) {
                    template.resources.push(module);
                }
            }
            Statement::OutputDeclaration(declaration) => {
                let Some((name, _)) = declaration.name().map(|name| self.named(name)) else { return };
                let output = self.output(declaration);
                template.outputs.insert(Key::from(name), output);
            }
            _ => {}
        }
    }

    fn parameter(&mut self, declaration: ParameterDeclaration<'_>, span: Span) -> Parameter {
        let mut parameter = Parameter { span, of_type: None, default: None, allowed: None, nullable: false };
        self.declared_type(declaration, &mut parameter);
        parameter.default = declaration.default().map(|default| self.expression(default));
        // The types of resources' properties are not known; a default that is a bool tells one.
        if parameter.of_type.is_none()
            && parameter.allowed.is_none()
            && parameter.default.as_ref().is_some_and(expression::is_bool)
        {
            parameter.of_type = Some(rolecall_value::Type::Bool);
        }
        parameter
    }

    fn variable(&mut self, declaration: VariableDeclaration<'_>) -> Variable {
        let (name, span) = match declaration.name() {
            Some(name) => self.named(name),
            None => (self.share(""), self.span(declaration)),
        };
        self.holder = name;
        Variable { span, value: self.optional(declaration.value(), declaration, "the variable has no value") }
    }

    fn function(&mut self, declaration: FunctionDeclaration<'_>) -> Function {
        let span = declaration.name().map_or_else(|| self.span(declaration), |name| self.span(name));
        let parameters: Vec<_> =
            declaration.parameters().filter_map(|parameter| Some(self.named(parameter.name()?).0)).collect();
        let before = std::mem::replace(&mut self.locals, parameters.clone());
        let body = self.optional(declaration.body(), declaration, "the function has no body");
        self.locals = before;
        Function { span, parameters, body }
    }

    fn output(&mut self, declaration: OutputDeclaration<'_>) -> Output {
        let span = declaration.name().map_or_else(|| self.span(declaration), |name| self.span(name));
        self.holder = declaration.name().map_or_else(|| "".into(), |name| self.named(name).0);
        let value = self.optional(declaration.value(), declaration, "the output has no value");
        Output { span, condition: None, value }
    }

    fn span<'t>(&self, node: impl SyntaxNode<'t>) -> Span {
        let range = node.span();
        Span::new(self.unit.id, range.start, range.end)
    }

    fn named<'t>(&mut self, name: impl SyntaxNode<'t>) -> (Arc<str>, Span) {
        let unit = self.unit.clone();
        (self.share(name.text(&unit.text)), self.span(name))
    }

    /// A short text, stored once.
    fn share(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.names.get(text) {
            return known.clone();
        }
        let shared: Arc<str> = text.into();
        if text.len() <= 48 {
            self.names.insert(shared.clone());
        }
        shared
    }

    /// The text of a string without holes.
    fn literal(&self, value: crate::syntax::Expression<'_>) -> Option<String> {
        match value {
            crate::syntax::Expression::StringLiteral(literal) => self.string_text(literal),
            _ => None,
        }
    }

    fn string_text(&self, literal: StringLiteral<'_>) -> Option<String> {
        match literal {
            StringLiteral::String(string) => Some(text::single_line(string.text(&self.unit.text))),
            StringLiteral::MultilineString(string) => Some(text::multiline(string.text(&self.unit.text))),
            _ => None,
        }
    }

    fn invalid(&self, span: Span, reason: &str) -> Expr {
        Expr { kind: ExprKind::Invalid(reason.into()), span }
    }

    fn error(&mut self, span: Span, message: impl Into<String>) {
        self.diagnostics.push(Diagnostic::error(span, message));
    }
}

/// A call of a built-in function.
fn call(name: &str, arguments: Vec<Expr>) -> ExprKind {
    ExprKind::Call { namespace: None, name: name.into(), arguments }
}

fn string(text: &str, span: Span) -> Expr {
    Expr { kind: ExprKind::Str(text.into()), span }
}

/// `base.name`, written nowhere.
fn member(base: Expr, name: &str, safe: bool) -> Expr {
    let span = base.span;
    let key = Box::new(string(name, span));
    Expr { kind: ExprKind::Member { base: Box::new(base), key, safe, from_end: false }, span }
}
