//! What other files bring in while a file is compiled: imports, and loaded content.

use std::rc::Rc;
use std::sync::Arc;

use rolecall_source::Span;
use rolecall_template::ir::{Expr, ExprKind};

use super::compiled::Compiled;
use super::unit::Unit;
use super::{Lower, member};
use crate::modules::is_remote;
use crate::syntax::Expression;

/// How many files one file may import from, at any number of steps.
const MAX_IMPORTS: usize = 1000;

/// A file that another imports from.
#[derive(Clone)]
pub(super) enum Imported {
    Bicep(Rc<Unit>),
    Compiled(Rc<Compiled>),
}

impl Lower<'_> {
    /// The file that another imports from, or why it cannot be had.
    pub(super) fn import_at(&mut self, from: &Unit, path: &str) -> Result<Imported, Arc<str>> {
        let at = (from.number, path.to_owned());
        if let Some(known) = self.imports_by_path.get(&at) {
            return known.clone();
        }
        let imported = self.import(from, path);
        self.imports_by_path.entry(at).or_insert(imported).clone()
    }

    fn import(&mut self, from: &Unit, path: &str) -> Result<Imported, Arc<str>> {
        let place = if is_remote(path) { path.into() } else { from.resolve(path) };
        // What an alias of a registry means depends on where the file stands; a restored module has a place of its own.
        let found = match is_remote(path) {
            true => self.library.modules().find(path, &from.path, self.files),
            false => self.files.read(&place).map_err(|error| error.to_string()),
        };
        let place = found.as_ref().map_or(place, |file| file.path.clone());
        if let Some(known) = self.imports.get(&place) {
            return known.clone();
        }
        let number = self.imports.len() + 1;
        let imported = match found {
            Err(why) => Err(format!("nothing can be imported from `{path}`: {why}").into()),
            Ok(_) if number > MAX_IMPORTS => Err("the file imports from too many others".into()),
            Ok(file) if file.path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) => {
                Ok(Imported::Compiled(Rc::new(Compiled::new(self.library.compiled(&file), number))))
            }
            Ok(file) => Ok(Imported::Bicep(Rc::new(Unit::new(self.library.bicep(&file), number)))),
        };
        self.imports.entry(place).or_insert(imported).clone()
    }

    /// The content of a file in place of the function that loads it.
    pub(super) fn load(&mut self, function: &str, arguments: &[Expression<'_>], span: Span) -> ExprKind {
        let Some(path) = arguments.first().and_then(|path| self.literal(*path)) else {
            return ExprKind::Invalid("the path of a file that is loaded must be plain text".into());
        };
        self.loaded = true;
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
            "loadJsonContent" => match rolecall_arm::parse_data(&file) {
                Some(value) => self.part(value, arguments.get(1).copied()),
                None => ExprKind::Invalid(format!("`{path}` is no JSON").into()),
            },
            _ => match super::yaml::parse(&file) {
                Ok(value) => self.part(value, arguments.get(1).copied()),
                Err(why) => ExprKind::Invalid(format!("`{path}` cannot be loaded: {why}").into()),
            },
        }
    }

    /// The part of loaded data that a JSON path means.
    fn part(&mut self, mut value: Expr, path: Option<Expression<'_>>) -> ExprKind {
        let Some(path) = path else { return value.kind };
        let Some(path) = self.literal(path) else {
            return ExprKind::Invalid("the path into the file must be plain text".into());
        };
        let Some(steps) = steps(&path) else {
            return ExprKind::Invalid(format!("the JSON path `{path}` is not followed").into());
        };
        for step in steps {
            value = match step {
                Step::Name(name) => member(value, name, false),
                Step::Index(index) => {
                    let span = value.span;
                    let key = Box::new(Expr { kind: ExprKind::Int(index), span });
                    Expr { kind: ExprKind::Member { base: Box::new(value), key, safe: false, from_end: false }, span }
                }
            };
        }
        value.kind
    }
}

/// A step of a JSON path.
#[derive(Debug, PartialEq, Eq)]
enum Step<'p> {
    Name(&'p str),
    Index(i64),
}

/// The steps of a JSON path that means one value: `$.a.b`, `a[0].b`, `['a b'].c`. Wildcards, slices and filters are none.
fn steps(path: &str) -> Option<Vec<Step<'_>>> {
    let mut rest = path.strip_prefix('$').unwrap_or(path);
    let mut steps = Vec::new();
    while !rest.is_empty() {
        if let Some(inner) = rest.strip_prefix('[') {
            let quoted = inner.strip_prefix('\'').map(|name| (name, "']"));
            let quoted = quoted.or_else(|| inner.strip_prefix('"').map(|name| (name, "\"]")));
            let step = match quoted {
                Some((name, close)) => {
                    let (name, behind) = name.split_once(close)?;
                    rest = behind;
                    (!name.contains('\\')).then_some(Step::Name(name))?
                }
                None => {
                    let (index, behind) = inner.split_once(']')?;
                    rest = behind;
                    Step::Index(index.trim().parse().ok().filter(|index| *index >= 0)?)
                }
            };
            steps.push(step);
            continue;
        }
        rest = rest.strip_prefix('.').unwrap_or(rest);
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        let (name, behind) = rest.split_at(end);
        if name.is_empty() || name.contains(['*', '?', '@', ']', '(', ' ']) {
            return None;
        }
        steps.push(Step::Name(name));
        rest = behind;
    }
    Some(steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_json_path_is_names_and_indices() {
        let all = [Step::Name("a"), Step::Index(2), Step::Name("b c")];
        for path in ["$.a[2]['b c']", "a[2]['b c']", "$['a'][2][\"b c\"]"] {
            assert_eq!(steps(path).as_deref(), Some(&all[..]), "{path}");
        }
        assert_eq!(steps("$"), Some(Vec::new()));
    }

    #[test]
    fn a_path_that_may_mean_several_values_is_none() {
        for path in ["a.*", "$..a", "a[*]", "a[-1]", "a[?(@.b)]", "a[0", "a."] {
            assert_eq!(steps(path), None, "{path}");
        }
    }
}
