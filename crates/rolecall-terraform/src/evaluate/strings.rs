//! Strings with holes, and functions that read files.

use std::path::PathBuf;
use std::rc::Rc;

use rolecall_source::{ReadError, Span, normalize};
use rolecall_value::{Kind, Piece, ReasonKind, Value};

use super::{Env, Evaluator, Frame};
use crate::functions::is_settled;
use crate::syntax::{Expr, ExprKind, Part};
use crate::values::{as_set, distribute, error, is_error, iterate, make_set, pending, piece};

/// How many files a `fileset` looks at.
const MAX_FILES: usize = 10_000;

impl Evaluator<'_> {
    pub(super) fn template(&self, frame: &Rc<Frame>, env: &Env, parts: &[Part]) -> Value {
        // One hole alone keeps its type.
        if let [Part::Hole(expr)] = parts {
            return self.eval(frame, env, expr);
        }
        let values: Vec<Value> = parts.iter().map(|part| self.part(frame, env, part)).collect();
        join(&values)
    }

    fn part(&self, frame: &Rc<Frame>, env: &Env, part: &Part) -> Value {
        match part {
            Part::Literal(text) => Value::string(text.clone()),
            Part::Hole(expr) => self.eval(frame, env, expr),
            Part::If(test, then, otherwise) => {
                let when = self.truth(&self.eval(frame, env, test));
                let text =
                    |parts: &[Part]| join(&parts.iter().map(|part| self.part(frame, env, part)).collect::<Vec<_>>());
                if when.is_true() {
                    return text(then);
                }
                if when.is_false() {
                    return text(otherwise);
                }
                Value::choose(&when, &text(then), &text(otherwise))
            }
            Part::For(key, value, collection, inner) => {
                let collection = self.eval(frame, env, collection);
                let entries = match iterate(&self.inputs, &collection) {
                    Ok(entries) => entries,
                    Err(error) => return error,
                };
                let mut out = Vec::new();
                for entry in entries {
                    if entry.many {
                        return pending("join", std::slice::from_ref(&collection));
                    }
                    let mut bound = env.clone();
                    if let Some(key) = key {
                        bound = bound.with(key.clone(), entry.key.clone());
                    }
                    bound = bound.with(value.clone(), entry.value.clone());
                    let text = join(&inner.iter().map(|part| self.part(frame, &bound, part)).collect::<Vec<_>>());
                    out.push(if entry.when.is_true() {
                        text
                    } else {
                        Value::choose(&entry.when, &text, &Value::string(""))
                    });
                }
                join(&out)
            }
        }
    }

    pub(super) fn template_file(&self, frame: &Rc<Frame>, path: &Value, variables: &Value, span: Span) -> Value {
        let text = match self.read(frame, path, span) {
            Ok(file) => file,
            Err(value) => return value,
        };
        let parts = match crate::hcl::template(text.id, 0, &text.text) {
            Ok(parts) => parts,
            Err(reason) => {
                return error(
                    format!("the template cannot be read: {reason}"),
                    format!("templatefile({})", path.text()),
                );
            }
        };
        let mut env = Env::default();
        if let Some(object) = variables.as_object() {
            for (key, property) in &object.properties {
                env = env.with(key.shared(), property.value.clone());
            }
        }
        let expr = Expr { kind: ExprKind::Template(parts), span: Span::file_start(text.id) };
        self.eval(frame, &env, &expr)
    }

    /// Functions of files. `None` where it is none of them.
    pub(super) fn file_function(
        &self,
        frame: &Rc<Frame>,
        name: &str,
        arguments: &[Value],
        span: Span,
    ) -> Option<Value> {
        let known = [
            "file",
            "fileexists",
            "fileset",
            "filebase64",
            "filemd5",
            "filesha1",
            "filesha256",
            "filesha512",
            "filebase64sha256",
            "filebase64sha512",
        ];
        if !known.contains(&name) {
            return None;
        }
        if let Some(failed) = arguments.iter().find(|argument| is_error(argument)) {
            return Some(failed.clone());
        }
        Some(distribute(arguments, &mut |arguments| {
            let Some(path) = arguments.first().filter(|path| is_settled(path)) else {
                return pending(name, arguments);
            };
            match name {
                "fileexists" => match self.read(frame, path, span) {
                    Ok(_) => Value::bool(true),
                    Err(value) if is_error(&value) => Value::bool(false),
                    Err(value) => value,
                },
                "fileset" => self.fileset(path, arguments.get(1)),
                _ => match self.read(frame, path, span) {
                    Ok(file) => {
                        let text = Value::string(file.text.as_str());
                        let inner = match name {
                            "file" => return text,
                            "filebase64" => "base64encode",
                            other => other.trim_start_matches("file"),
                        };
                        crate::functions::call(&self.inputs, inner, &[text]).unwrap_or_else(Value::null)
                    }
                    // Bytes that are no text have a hash too; which is of no interest.
                    Err(value) => value,
                },
            }
        }))
    }

    /// A path as Terraform means it: relative to the root module.
    fn absolute(&self, path: &str) -> PathBuf {
        normalize(&self.root.join(path))
    }

    fn read(
        &self,
        frame: &Rc<Frame>,
        path: &Value,
        span: Span,
    ) -> Result<std::sync::Arc<rolecall_source::SourceFile>, Value> {
        let _ = frame;
        let Some(text) = path.as_str() else { return Err(pending("file", std::slice::from_ref(path))) };
        self.files.read(&self.absolute(text)).map_err(|failed| match failed {
            ReadError::NotFound => error(format!("there is no file `{text}`"), format!("file({text})")),
            other => {
                let message = format!("`{text}` is not read: {other}");
                self.say(rolecall_source::Diagnostic::warning(span, message.clone()));
                Value::unknown(ReasonKind::Unread, message, format!("file({text})"))
            }
        })
    }

    fn fileset(&self, dir: &Value, pattern: Option<&Value>) -> Value {
        let (Some(dir), Some(pattern)) = (dir.as_str(), pattern.and_then(Value::as_str)) else {
            return Value::call("fileset", vec![dir.clone()]);
        };
        let base = self.absolute(dir);
        let mut found = Vec::new();
        let mut open = vec![base.clone()];
        let mut seen = 0;
        while let Some(folder) = open.pop() {
            let Ok(listed) = self.files.list(&folder) else { continue };
            for path in listed.iter() {
                seen += 1;
                if seen > MAX_FILES {
                    let detail = format!("`fileset` looks at more than {MAX_FILES} files");
                    return Value::unknown(ReasonKind::Limit, detail, format!("fileset({dir}, {pattern})"));
                }
                let relative = path.strip_prefix(&base).ok().and_then(|path| path.to_str()).unwrap_or_default();
                let depth = relative.matches('/').count();
                if pattern.contains("**") || pattern.matches('/').count() > depth {
                    open.push(path.clone());
                }
                let name = relative.replace('\\', "/");
                if glob(pattern.as_bytes(), name.as_bytes()) && self.files.read(path).is_ok() {
                    found.push(rolecall_value::Item::from(Value::string(name)));
                }
            }
        }
        make_set(found)
    }
}

/// Whether a path fits a pattern of `*`, `**`, `?` and `{a,b}`.
fn glob(pattern: &[u8], text: &[u8]) -> bool {
    if let Some(open) = pattern.iter().position(|byte| *byte == b'{')
        && let Some(close) = pattern[open..].iter().position(|byte| *byte == b'}')
    {
        return pattern[open + 1..open + close].split(|byte| *byte == b',').any(|choice| {
            let whole = [&pattern[..open], choice, &pattern[open + close + 1..]].concat();
            glob(&whole, text)
        });
    }
    // Places in the text that the pattern so far can reach.
    let mut reached = vec![false; text.len() + 1];
    reached[0] = true;
    let mut at = 0;
    while at < pattern.len() {
        let mut next = vec![false; text.len() + 1];
        let double = pattern[at..].starts_with(b"**");
        match pattern[at] {
            b'*' => {
                let mut on = false;
                for place in 0..=text.len() {
                    on |= reached[place];
                    next[place] = on;
                    if place < text.len() && text[place] == b'/' && !double {
                        on = false;
                    }
                }
                if double {
                    at += 1;
                    // `**/` also stands for no folder.
                    if pattern.get(at + 1) == Some(&b'/') {
                        at += 1;
                        let mut folders = reached.clone();
                        for place in 0..text.len() {
                            folders[place + 1] |= next[place] && text[place] == b'/';
                        }
                        next = folders;
                    }
                }
            }
            byte => {
                for place in 0..text.len() {
                    next[place + 1] = reached[place] && (text[place] == byte || byte == b'?' && text[place] != b'/');
                }
            }
        }
        reached = next;
        at += 1;
    }
    reached[text.len()]
}

/// One string of these values.
pub(super) fn join(values: &[Value]) -> Value {
    distribute(values, &mut |values| {
        let mut pieces: Vec<Piece> = Vec::with_capacity(values.len());
        for value in values {
            if is_error(value) {
                return value.clone();
            }
            match value.kind() {
                Kind::Null => return error("a null value stands in a string", "null in a string"),
                Kind::Array(_) | Kind::Object(_) => {
                    return error(
                        "a collection stands in a string",
                        format!("string of {}", value.text().chars().take(100).collect::<String>()),
                    );
                }
                Kind::Symbol(_) if as_set(value).is_some() => {
                    return error("a set stands in a string", "string of a set");
                }
                _ => pieces.push(piece(value)),
            }
        }
        Value::pieces(pieces)
    })
}
