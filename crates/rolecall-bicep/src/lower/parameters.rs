//! `.bicepparam` files: values for the parameters of the template that they name.

use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use indexmap::IndexMap;
use rolecall_source::{Diagnostic, FileId, Files, SourceFile, Span};
use rolecall_template::ir::Expr;
use rolecall_value::Key;

use super::Lower;
use super::unit::{Source, Unit};
use crate::library::Library;
use crate::syntax::{Statement, SyntaxNode, UsingPath};

/// How many files may extend one another.
const MAX_EXTENDS: usize = 32;

/// A `.bicepparam` file that was read.
#[derive(Debug)]
pub struct ParameterFile {
    /// The file.
    pub file: FileId,
    /// The template that it is for, as an absolute path; none for `using none` and for registries.
    pub using: Option<PathBuf>,
    /// The values by parameter, those of the files that it extends included; nothing in them refers to another statement.
    pub values: IndexMap<Key, Expr>,
    /// What is wrong with the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a `.bicepparam` file. `files` brings what it extends, imports and loads, `library` what others have imported before.
pub fn parse_parameters(file: &SourceFile, files: &dyn Files, library: &Library) -> ParameterFile {
    let source = library.known(file.id).unwrap_or_else(|| Arc::new(Source::new(file)));
    library.keep(&source);
    let unit = Rc::new(Unit::new(source, 0));
    let mut lower = Lower::new(unit.clone(), files, library);
    lower.inline = true;
    let mut read = ParameterFile { file: file.id, using: None, values: IndexMap::new(), diagnostics: Vec::new() };
    lower.parameter_file(&unit, &mut read, 0);
    for error in unit.file.errors() {
        let span = Span::new(unit.id, error.span.start, error.span.end);
        lower.diagnostics.push(Diagnostic::error(span, error.message.clone()));
    }
    read.diagnostics = lower.diagnostics;
    read.diagnostics.sort_by_key(|diagnostic| (diagnostic.span.start, diagnostic.span.end));
    read
}

impl Lower<'_> {
    fn parameter_file(&mut self, unit: &Rc<Unit>, into: &mut ParameterFile, depth: usize) {
        let extended = unit.file.statements().find_map(|statement| match statement {
            Statement::ExtendsDeclaration(one) => unit.plain(one.path()?),
            _ => None,
        });
        let mut base = None;
        if let Some(path) = extended
            && depth < MAX_EXTENDS
            && let Ok(file) = self.files.read(&unit.resolve(&path))
        {
            // Numbers of imported files count up from 1; these count down.
            let number = usize::MAX - depth;
            let extended = Rc::new(Unit::new(self.library.bicep(&file), number));
            self.parameter_file(&extended, into, depth + 1);
            base = Some(extended);
        }
        self.base = base;
        self.elsewhere(unit, |lower| {
            for statement in unit.file.statements() {
                match statement {
                    Statement::UsingDeclaration(one) => {
                        if let Some(UsingPath::StringLiteral(path)) = one.path()
                            && let Some(path) = unit.plain(path)
                        {
                            into.using = (!crate::modules::is_remote(&path)).then(|| unit.resolve(&path));
                        }
                    }
                    Statement::ParameterAssignment(one) => {
                        let (Some(name), Some(value)) = (one.name(), one.value()) else { continue };
                        let value = lower.expression(value);
                        into.values.insert(Key::from(name.text(&unit.text)), value);
                    }
                    _ => {}
                }
            }
        });
    }
}
