//! Imports from compiled templates: what the compiler exported from Bicep lies in ARM JSON as variables, functions and
//! type definitions. What is imported becomes the importing template's own, under a name that no other has.

use std::sync::Arc;

use indexmap::IndexMap;
use rolecall_template::ir::{Copy, Element, Expr, ExprKind, Function, Parameter, Template, Variable};
use rolecall_value::Key;

use super::{Lower, MAX_DEPTH, MAX_NODES, USER_FUNCTIONS, call, string};

/// A compiled template in the lowering of one file that imports from it.
pub(super) struct Compiled {
    number: usize,
    exports: Arc<rolecall_arm::Exports>,
}

impl Compiled {
    pub fn new(exports: Arc<rolecall_arm::Exports>, number: usize) -> Self {
        Compiled { number, exports }
    }

    pub fn types(&self) -> &IndexMap<Key, Parameter> {
        &self.exports.types
    }

    fn template(&self) -> Option<&Arc<Template>> {
        self.exports.template.as_ref()
    }
}

impl Lower<'_> {
    /// An exported variable.
    pub(super) fn compiled_variable(&mut self, from: &Compiled, name: &str) -> ExprKind {
        let found = from.template().and_then(|template| template.variables.get_key_value(&Key::from(name)));
        let Some((declared, variable)) = found else {
            return ExprKind::Invalid(format!("the file exports no `{name}`").into());
        };
        if self.inline {
            return self.adopt(from, &variable.value).kind;
        }
        let own: Arc<str> = format!("_{}.{declared}", from.number).into();
        let key = Key::from(own.clone());
        if !self.imported_variables.contains_key(&key) {
            self.imported_variables.insert(key.clone(), None);
            let value = self.adopt(from, &variable.value);
            self.imported_variables.insert(key, Some(Variable { span: variable.span, value }));
        }
        call("variables", vec![string(&own, variable.span)])
    }

    /// The namespace and name of an exported function.
    pub(super) fn compiled_function(&mut self, from: &Compiled, name: &str) -> Option<(String, String)> {
        let template = from.template()?;
        // One that no Bicep compiler wrote is exported with its namespace.
        let declared = [format!("{USER_FUNCTIONS}.{name}"), name.to_owned()].map(Key::from);
        let function = declared.iter().find_map(|declared| template.functions.get(declared))?;
        let own = format!("_{}.{name}", from.number);
        let key = Key::from(format!("{USER_FUNCTIONS}.{own}"));
        if !self.imported_functions.contains_key(&key) {
            self.imported_functions.insert(key.clone(), None);
            let body = self.adopt(from, &function.body);
            let adopted = Function { span: function.span, parameters: function.parameters.clone(), body };
            self.imported_functions.insert(key, Some(adopted));
        }
        Some((USER_FUNCTIONS.to_owned(), own))
    }

    /// An expression of a compiled template, with what it refers to there adopted as well.
    fn adopt(&mut self, from: &Compiled, expr: &Expr) -> Expr {
        let span = expr.span;
        if self.depth >= MAX_DEPTH || self.nodes >= MAX_NODES {
            return self.invalid(span, "what is imported is nested too deeply, or too large");
        }
        self.depth += 1;
        self.nodes += 1;
        let kind = match &expr.kind {
            ExprKind::Call { namespace: None, name, arguments } if name.eq_ignore_ascii_case("variables") => {
                match &arguments[..] {
                    [Expr { kind: ExprKind::Str(name), .. }] => self.compiled_variable(from, name),
                    _ => ExprKind::Invalid("the name of an imported variable must be plain text".into()),
                }
            }
            ExprKind::Call { namespace: Some(namespace), name, .. } => {
                let name = match &**namespace {
                    USER_FUNCTIONS => name.to_string(),
                    namespace => format!("{namespace}.{name}"),
                };
                let mut kind = map(expr, &mut |inner| self.adopt(from, inner));
                // Built-in functions may name their namespace too, and stay.
                if let Some((namespace, name)) = self.compiled_function(from, &name)
                    && let ExprKind::Call { namespace: own, name: called, .. } = &mut kind
                {
                    (*own, *called) = (Some(namespace.into()), name.into());
                }
                kind
            }
            _ => map(expr, &mut |inner| self.adopt(from, inner)),
        };
        self.depth -= 1;
        Expr { kind, span }
    }
}

/// An expression once more.
pub(super) fn copy(expr: &Expr) -> Expr {
    Expr { kind: map(expr, &mut copy), span: expr.span }
}

/// An expression with each of its parts replaced by what `change` makes of it.
fn map(expr: &Expr, change: &mut dyn FnMut(&Expr) -> Expr) -> ExprKind {
    match &expr.kind {
        ExprKind::Null => ExprKind::Null,
        ExprKind::Bool(value) => ExprKind::Bool(*value),
        ExprKind::Int(value) => ExprKind::Int(*value),
        ExprKind::Float(value) => ExprKind::Float(*value),
        ExprKind::Str(text) => ExprKind::Str(text.clone()),
        ExprKind::Array(items) => ExprKind::Array(items.iter().map(|item| element(item, change)).collect()),
        ExprKind::Object(items) => ExprKind::Object(items.iter().map(|item| element(item, change)).collect()),
        ExprKind::Call { namespace, name, arguments } => {
            let arguments = arguments.iter().map(change).collect();
            ExprKind::Call { namespace: namespace.clone(), name: name.clone(), arguments }
        }
        ExprKind::Member { base, key, safe, from_end } => {
            let (base, key) = (Box::new(change(base)), Box::new(change(key)));
            ExprKind::Member { base, key, safe: *safe, from_end: *from_end }
        }
        ExprKind::Lambda { parameters, body } => {
            ExprKind::Lambda { parameters: parameters.clone(), body: Box::new(change(body)) }
        }
        ExprKind::Local(name) => ExprKind::Local(name.clone()),
        ExprKind::Symbol(name) => ExprKind::Symbol(name.clone()),
        ExprKind::Loop { copy, body } => {
            let Copy { span, name, count, item, index, batch } = &**copy;
            let (name, item, index) = (name.clone(), item.clone(), index.clone());
            let copy = Copy { span: *span, name, count: change(count), item, index, batch: *batch };
            ExprKind::Loop { copy: Box::new(copy), body: Box::new(change(body)) }
        }
        ExprKind::Invalid(reason) => ExprKind::Invalid(reason.clone()),
    }
}

fn element(element: &Element, change: &mut dyn FnMut(&Expr) -> Expr) -> Element {
    match element {
        Element::Item(item) => Element::Item(change(item)),
        Element::Property(name, value) => Element::Property(change(name), change(value)),
        Element::Spread(value) => Element::Spread(change(value)),
    }
}
