//! What other files bring in while a file is compiled: imports, and loaded content.

use std::rc::Rc;

use rolecall_source::Span;
use rolecall_template::ir::{Expr, ExprKind};

use super::resource::is_remote;
use super::unit::Unit;
use super::{Lower, member};
use crate::syntax::Expression;

/// How many files one file may import from, at any number of steps.
const MAX_UNITS: usize = 1000;

impl Lower<'_> {
    /// The file that another imports from; none where it is not a Bicep file that can be read.
    pub(super) fn unit_at(&mut self, from: &Unit, path: &str) -> Option<Rc<Unit>> {
        if is_remote(path) || !path.to_ascii_lowercase().ends_with(".bicep") {
            return None;
        }
        let path = from.resolve(path);
        if let Some(known) = self.units.get(&path) {
            return known.clone();
        }
        let number = self.units.len() + 1;
        let unit = match self.files.read(&path) {
            Ok(file) if number <= MAX_UNITS => Some(Rc::new(Unit::new(file.id, file.path.clone(), &file.text, number))),
            _ => None,
        };
        self.units.insert(path, unit.clone());
        unit
    }

    /// The content of a file in place of the function that loads it.
    pub(super) fn load(&mut self, function: &str, arguments: &[Expression<'_>], span: Span) -> ExprKind {
        let Some(path) = arguments.first().and_then(|path| self.literal(*path)) else {
            return ExprKind::Invalid("the path of a file that is loaded must be plain text".into());
        };
        let file = match self.files.read(&self.unit.resolve(&path)) {
            Ok(file) => file,
            Err(error) => {
                let message = format!("`{path}` cannot be loaded: {error}");
                self.error(span, message.clone());
                return ExprKind::Invalid(message.into());
            }
        };
        match function {
            "loadTextContent" => ExprKind::Str(file.text.as_str().into()),
            "loadFileAsBase64" => {
                let text = Expr { kind: ExprKind::Str(file.text.as_str().into()), span };
                super::call("base64", vec![text])
            }
            "loadJsonContent" => {
                let Some(mut value) = rolecall_arm::parse_data(&file) else {
                    return ExprKind::Invalid(format!("`{path}` is no JSON").into());
                };
                if let Some(inner) = arguments.get(1) {
                    let Some(inner) = self.literal(*inner) else {
                        return ExprKind::Invalid("the path into the file must be plain text".into());
                    };
                    for step in inner.trim_start_matches('$').split('.').filter(|step| !step.is_empty()) {
                        if step.contains(['[', '*', '?', '@']) {
                            return ExprKind::Invalid(format!("the JSON path `{inner}` is not followed").into());
                        }
                        value = member(value, step, false);
                    }
                }
                value.kind
            }
            _ => ExprKind::Invalid(format!("`{path}` is YAML, which is not read").into()),
        }
    }
}
