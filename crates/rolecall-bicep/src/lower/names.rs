//! What names mean: in the file where they stand, and in those that it imports from.

use std::rc::Rc;
use std::sync::Arc;

use rolecall_source::Span;
use rolecall_template::ir::{ExprKind, Function, Variable};
use rolecall_value::Key;

use super::content::Imported;
use super::unit::{Declared, Unit};
use super::{Lower, MAX_DEPTH, USER_FUNCTIONS, call, string};
use crate::syntax::Statement;

impl Lower<'_> {
    /// What a name means where it stands.
    pub(super) fn name(&mut self, name: &str, span: Span) -> ExprKind {
        if let Some(local) = self.locals.iter().rev().find(|local| &***local == name) {
            return ExprKind::Local(local.clone());
        }
        if let Some((symbol, _)) = self.symbol(name) {
            return ExprKind::Symbol(symbol);
        }
        let unit = self.unit.clone();
        match unit.declared.get(name) {
            Some(Declared::Parameter(place) | Declared::Variable(place)) if self.inline => {
                self.written_out(&unit, *place, name, span)
            }
            Some(Declared::Parameter(_)) if unit.number == 0 => call("parameters", vec![string(name, span)]),
            Some(Declared::Variable(_)) if unit.number == 0 => call("variables", vec![string(name, span)]),
            Some(Declared::Variable(place)) => self.imported_variable(&unit, *place, name, span),
            Some(Declared::Import { path, name }) => self.imported_name(&unit, path, name, span),
            _ => {
                let message = format!("there is no `{name}` here");
                if unit.number == 0 && !self.unit_is_broken() {
                    self.error(span, message.clone());
                }
                ExprKind::Invalid(message.into())
            }
        }
    }

    /// A file with syntax errors has its own diagnostics: what it seems not to declare may stand in what is broken.
    fn unit_is_broken(&self) -> bool {
        self.unit.file.has_error()
    }

    /// A name that another file exports.
    pub(super) fn imported_name(&mut self, unit: &Unit, path: &str, name: &str, span: Span) -> ExprKind {
        match self.import_at(unit, path) {
            Ok(Imported::Bicep(other)) => self.name_in(&other, name, span),
            Ok(Imported::Compiled(other)) => self.compiled_variable(&other, name),
            Err(why) => ExprKind::Invalid(why),
        }
    }

    /// A name of another file, in that file.
    pub(super) fn name_in(&mut self, unit: &Rc<Unit>, name: &str, span: Span) -> ExprKind {
        // Files may import a name from each other in a circle.
        if self.depth >= MAX_DEPTH {
            return self
                .limit(span, &format!("the name is imported through more than the {MAX_DEPTH} files that are followed"))
                .kind;
        }
        self.depth += 1;
        let kind = self.elsewhere(unit, |lower| lower.name(name, span));
        self.depth -= 1;
        kind
    }

    /// Lowers something that stands in another file, or at another place without the names around.
    pub(super) fn elsewhere<T>(&mut self, unit: &Rc<Unit>, run: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.unit, unit.clone());
        let locals = std::mem::take(&mut self.locals);
        let around = std::mem::take(&mut self.around);
        let holder = self.holder.clone();
        let result = run(self);
        self.holder = holder;
        self.around = around;
        self.locals = locals;
        self.unit = before;
        result
    }

    /// A variable or parameter in place of its name.
    fn written_out(&mut self, unit: &Rc<Unit>, place: usize, name: &str, span: Span) -> ExprKind {
        let at = (unit.number, name.to_owned());
        if self.open.contains(&at) {
            return ExprKind::Invalid(format!("`{name}` depends on itself").into());
        }
        self.open.push(at);
        let kind = self.elsewhere(unit, |lower| {
            let value = match unit.statement(place) {
                Some(Statement::VariableDeclaration(one)) => one.value(),
                Some(Statement::ParameterAssignment(one)) => one.value(),
                _ => None,
            };
            match value {
                Some(value) => lower.expression(value).kind,
                None => lower.invalid(span, "it has no value").kind,
            }
        });
        self.open.pop();
        kind
    }

    /// A variable of a file that is imported from: it becomes one of the template's own.
    fn imported_variable(&mut self, unit: &Rc<Unit>, place: usize, name: &str, span: Span) -> ExprKind {
        let own: Arc<str> = format!("_{}.{name}", unit.number).into();
        let key = Key::from(own.clone());
        if !self.imported_variables.contains_key(&key) {
            self.imported_variables.insert(key.clone(), None);
            let variable: Option<Variable> = self.elsewhere(unit, |lower| match unit.statement(place) {
                Some(Statement::VariableDeclaration(one)) => Some(lower.variable(one)),
                _ => None,
            });
            self.imported_variables.insert(key, variable);
        }
        call("variables", vec![string(&own, span)])
    }

    /// The namespace and name of the function that a name means, where it is a user's.
    pub(super) fn function_in(&mut self, unit: &Rc<Unit>, name: &str) -> Option<(String, String)> {
        match unit.declared.get(name)? {
            Declared::Function(_) if unit.number == 0 && !self.inline => {
                Some((USER_FUNCTIONS.to_owned(), name.to_owned()))
            }
            Declared::Function(place) => {
                let place = *place;
                let own = format!("_{}.{name}", unit.number);
                let key = Key::from(format!("{USER_FUNCTIONS}.{own}"));
                if !self.imported_functions.contains_key(&key) {
                    self.imported_functions.insert(key.clone(), None);
                    let function: Option<Function> = self.elsewhere(unit, |lower| match unit.statement(place) {
                        Some(Statement::FunctionDeclaration(one)) => Some(lower.function(one)),
                        _ => None,
                    });
                    self.imported_functions.insert(key, function);
                }
                Some((USER_FUNCTIONS.to_owned(), own))
            }
            Declared::Import { path, name } => {
                let (path, name) = (path.clone(), name.clone());
                self.function_at(unit, &path, &name)
            }
            _ => None,
        }
    }

    /// The namespace and name of a function that another file exports.
    pub(super) fn function_at(&mut self, unit: &Unit, path: &str, name: &str) -> Option<(String, String)> {
        match self.import_at(unit, path).ok()? {
            Imported::Bicep(other) if self.depth < MAX_DEPTH => {
                self.depth += 1;
                let found = self.function_in(&other, name);
                self.depth -= 1;
                found
            }
            Imported::Bicep(_) => None,
            Imported::Compiled(other) => self.compiled_function(&other, name),
        }
    }
}
