//! Reading small templates and writing expressions back as short text, so that a test can state what was understood.

#![allow(dead_code)]

use std::sync::Arc;

use rolecall_arm::{Parsed, parse};
use rolecall_source::{Diagnostic, FileId, SourceFile, Span};
use rolecall_template::ir::{Element, Expr, ExprKind, Template};
use rolecall_value::Key;

/// A file with this text.
pub fn file(text: &str) -> SourceFile {
    SourceFile::new(FileId(7), "/base/main.json".into(), text.as_bytes().to_vec()).expect("it is UTF-8")
}

/// The template in the text, which must have no diagnostics.
pub fn template(text: &str) -> Arc<Template> {
    let Parsed { template, diagnostics, .. } = parse(&file(text));
    assert_eq!(diagnostics, [], "{text}");
    template.expect("a template")
}

/// The template whose sections are `sections`.
pub fn with(sections: &str) -> Arc<Template> {
    template(&format!("{{{sections}}}"))
}

/// The value of the variable `v` that is written `value`.
pub fn variable(value: &str) -> Expr {
    let mut template = with(&format!("\"variables\": {{\"v\": {value}}}"));
    let template = Arc::get_mut(&mut template).expect("nobody else has it");
    template.variables.shift_remove(&Key::from("v")).expect("the variable").value
}

/// What the string `text`, quotes left out, is understood as.
pub fn understood(text: &str) -> String {
    show(&variable(&format!("\"{text}\"")))
}

/// The messages with the text that they point at.
pub fn told(text: &str, diagnostics: &[Diagnostic]) -> Vec<(String, String)> {
    diagnostics.iter().map(|one| (one.message.clone(), text[one.span.range()].to_owned())).collect()
}

/// An expression in short: calls as they are, members as `a.b`, locals as `$x`, strings in quotes.
pub fn show(expr: &Expr) -> String {
    let list = |all: &[Element]| {
        let shown: Vec<String> = all
            .iter()
            .map(|element| match element {
                Element::Item(item) => show(item),
                Element::Property(name, value) => format!("{}: {}", show(name), show(value)),
                Element::Spread(spread) => format!("...{}", show(spread)),
            })
            .collect();
        shown.join(", ")
    };
    match &expr.kind {
        ExprKind::Null => "null".into(),
        ExprKind::Bool(value) => value.to_string(),
        ExprKind::Int(value) => value.to_string(),
        ExprKind::Float(value) => format!("{value:?}"),
        ExprKind::Str(text) => format!("'{text}'"),
        ExprKind::Array(items) => format!("[{}]", list(items)),
        ExprKind::Object(properties) => format!("{{{}}}", list(properties)),
        ExprKind::Call { namespace, name, arguments } => {
            let namespace = namespace.as_ref().map(|namespace| format!("{namespace}.")).unwrap_or_default();
            format!("{namespace}{name}({})", arguments.iter().map(show).collect::<Vec<_>>().join(", "))
        }
        ExprKind::Member { base, key, safe, .. } => {
            format!("{}{}[{}]", show(base), if *safe { "?" } else { "" }, show(key))
        }
        ExprKind::Lambda { parameters, body } => format!("({}) => {}", parameters.join(", "), show(body)),
        ExprKind::Local(name) => format!("${name}"),
        ExprKind::Symbol(name) => format!("#{name}"),
        ExprKind::Loop { copy, body } => {
            format!("for {} < {}: {}", copy.name.as_deref().unwrap_or("_"), show(&copy.count), show(body))
        }
        ExprKind::Invalid(_) => "invalid".into(),
    }
}

/// All spans in a template that nobody else has.
pub fn spans(template: &mut Arc<Template>) -> Vec<Span> {
    let mut all = Vec::new();
    let template = Arc::get_mut(template).expect("nobody else has it");
    template.each_span(&mut |span| all.push(*span)).expect("nor what stands in it");
    all
}
