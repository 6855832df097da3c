//! Reading small templates and writing expressions back as short text, so that a test can state what was understood.

#![allow(dead_code)]

use std::sync::Arc;

use rolecall_arm::{Parsed, parse};
use rolecall_source::{Diagnostic, FileId, SourceFile, Span};
use rolecall_template::ir::{DeploymentSource, Element, Expr, ExprKind, ResourceDecl, Template};
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

/// All spans in a template.
pub fn spans(template: &Template) -> Vec<Span> {
    let mut all = vec![template.span];
    all.extend(template.incomplete);
    all.extend(template.diagnostics.iter().flat_map(|one| one.related.iter().map(|note| note.span).chain([one.span])));
    for parameter in template.parameters.values() {
        all.push(parameter.span);
        parameter.default.iter().chain(parameter.allowed.iter().flatten()).for_each(|e| expr_spans(e, &mut all));
    }
    for variable in template.variables.values() {
        all.push(variable.span);
        expr_spans(&variable.value, &mut all);
    }
    for function in template.functions.values() {
        all.push(function.span);
        expr_spans(&function.body, &mut all);
    }
    for output in template.outputs.values() {
        all.push(output.span);
        output.condition.iter().chain([&output.value]).for_each(|e| expr_spans(e, &mut all));
    }
    template.resources.iter().for_each(|resource| resource_spans(resource, &mut all));
    all
}

fn resource_spans(resource: &ResourceDecl, all: &mut Vec<Span>) {
    all.extend([resource.span, resource.resource_type.span]);
    all.extend(resource.symbol.as_ref().map(|symbol| symbol.span));
    all.extend(resource.copy.as_ref().map(|copy| copy.span));
    let ResourceDecl { name, body, scope, condition, depends_on, .. } = resource;
    [scope, condition, depends_on].into_iter().flatten().chain([name, body]).for_each(|e| expr_spans(e, all));
    resource.copy.iter().for_each(|copy| expr_spans(&copy.count, all));
    resource.children.iter().for_each(|child| resource_spans(child, all));
    if let Some(deployment) = &resource.deployment {
        match &deployment.source {
            DeploymentSource::Inline(template) => all.extend(spans(template)),
            DeploymentSource::Path(path) => all.push(path.span),
            DeploymentSource::Remote(address) => expr_spans(address, all),
        }
        deployment.arguments.iter().chain(&deployment.arguments_link).for_each(|e| expr_spans(e, all));
    }
}

fn expr_spans(expr: &Expr, all: &mut Vec<Span>) {
    all.push(expr.span);
    match &expr.kind {
        ExprKind::Array(elements) | ExprKind::Object(elements) => {
            for element in elements {
                match element {
                    Element::Item(one) | Element::Spread(one) => expr_spans(one, all),
                    Element::Property(name, value) => {
                        expr_spans(name, all);
                        expr_spans(value, all);
                    }
                }
            }
        }
        ExprKind::Call { arguments, .. } => arguments.iter().for_each(|argument| expr_spans(argument, all)),
        ExprKind::Member { base, key, .. } => {
            expr_spans(base, all);
            expr_spans(key, all);
        }
        ExprKind::Lambda { body, .. } => expr_spans(body, all),
        ExprKind::Loop { copy, body } => {
            all.push(copy.span);
            expr_spans(&copy.count, all);
            expr_spans(body, all);
        }
        _ => {}
    }
}
