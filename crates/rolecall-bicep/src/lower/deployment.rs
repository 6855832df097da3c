//! Deployments that are written as resources of type `Microsoft.Resources/deployments`, their template an object.
//!
//! The compiler leaves Bicep's expressions in such a template for the deployment around to evaluate, as templates of outer
//! scope do, and escapes what looks like an expression in its strings. So only templates of outer scope are read, and those
//! of inner scope that hold no resources; one that is not written out as an object is left to the evaluator as an address.

use std::sync::Arc;

use indexmap::IndexMap;
use rolecall_source::{Span, Spanned};
use rolecall_template::ir::{
    DeploymentSource, Element, Expr, ExprKind, NestedDeployment, Output, ResourceDecl, Target, Template,
};
use rolecall_value::Key;

use super::{Lower, member};

impl Lower<'_> {
    /// What a deployment written as a resource deploys; its template, link, arguments and place leave the body.
    pub(super) fn raw_deployment(&mut self, body: &mut Vec<Element>) -> Option<NestedDeployment> {
        let mut properties = take(body, "properties")?;
        let ExprKind::Object(elements) = &mut properties.kind else {
            body.push(element("properties", properties));
            return None;
        };
        let inner = elements.iter().any(is_inner_scope);
        let template = take(elements, "template");
        let link = take(elements, "templateLink");
        let arguments = take(elements, "parameters").map(unwrapped);
        let arguments_link = take(elements, "parametersLink").map(|link| member(link, "uri", false));
        body.push(element("properties", properties));
        let (subscription, resource_group) = (take(body, "subscriptionId"), take(body, "resourceGroup"));
        let source = match (template, link) {
            (Some(template), _) => match self.inline_template(template, inner) {
                Ok(template) => DeploymentSource::Inline(Arc::new(template)),
                Err(unread) => DeploymentSource::Remote(unread),
            },
            (None, Some(link)) => linked(link),
            (None, None) => return None,
        };
        let outer_scope = !inner && matches!(source, DeploymentSource::Inline(_));
        Some(NestedDeployment { source, arguments, arguments_link, outer_scope, subscription, resource_group })
    }

    /// The template that is written as an object; what cannot be read comes back as an expression that says so.
    fn inline_template(&mut self, expr: Expr, inner: bool) -> Result<Template, Expr> {
        let span = expr.span;
        let unread = |lower: &Self, what: &str| Err(lower.invalid(span, what));
        if has_expressions(&expr) {
            return unread(self, "a template whose strings are expressions of their own is not read as a value");
        }
        let ExprKind::Object(mut elements) = expr.kind else { return Err(expr) };
        let target = match take(&mut elements, "$schema").as_ref().and_then(text) {
            Some(schema) => target(schema),
            None => Target::ResourceGroup,
        };
        let mut template = Template {
            file: self.unit.id,
            span,
            target,
            symbolic: false,
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
        match take(&mut elements, "resources").map(|resources| self.inline_resources(resources)) {
            None => {}
            Some(Some(resources)) if !inner || resources.is_empty() => template.resources = resources,
            Some(Some(_)) => return unread(self, "a template of inner scope that is written in Bicep is not read"),
            Some(None) => return unread(self, "the resources of the template are not written out"),
        }
        if let Some(Expr { kind: ExprKind::Object(outputs), .. }) = take(&mut elements, "outputs") {
            for output in outputs {
                let Element::Property(name, Expr { kind: ExprKind::Object(mut output), .. }) = output else { continue };
                if let (Some(text), Some(value)) = (text(&name), take(&mut output, "value")) {
                    let output = Output { span: name.span, condition: None, value };
                    template.outputs.insert(Key::from(text), output);
                }
            }
        }
        Ok(template)
    }

    fn inline_resources(&mut self, list: Expr) -> Option<Vec<ResourceDecl>> {
        let ExprKind::Array(items) = list.kind else { return None };
        items
            .into_iter()
            .map(|item| match item {
                Element::Item(Expr { kind: ExprKind::Object(elements), span }) => self.inline_resource(elements, span),
                _ => None,
            })
            .collect()
    }

    fn inline_resource(&mut self, mut body: Vec<Element>, span: Span) -> Option<ResourceDecl> {
        let written = take(&mut body, "type")?;
        let resource_type = Spanned::new(self.share(text(&written)?), written.span);
        let name = take(&mut body, "name")?;
        let children = match take(&mut body, "resources") {
            Some(children) => self.inline_resources(children)?,
            None => Vec::new(),
        };
        if take(&mut body, "copy").is_some() {
            return None;
        }
        for name in ["apiVersion", "comments", "metadata"] {
            take(&mut body, name);
        }
        let deployment = match resource_type.value.eq_ignore_ascii_case("Microsoft.Resources/deployments") {
            true => self.raw_deployment(&mut body),
            false => None,
        };
        Some(ResourceDecl {
            span,
            symbol: None,
            existing: false,
            extension: false,
            resource_type,
            name,
            parent: None,
            scope: take(&mut body, "scope"),
            condition: take(&mut body, "condition"),
            copy: None,
            depends_on: take(&mut body, "dependsOn"),
            body: Expr { kind: ExprKind::Object(body), span },
            children,
            deployment,
        })
    }
}

/// Whether a string in it looks like an expression of ARM: it comes out of a file, and is evaluated by the deployment itself.
fn has_expressions(expr: &Expr) -> bool {
    let mut open = vec![expr];
    while let Some(expr) = open.pop() {
        match &expr.kind {
            ExprKind::Str(text) if text.starts_with('[') => return true,
            ExprKind::Array(elements) | ExprKind::Object(elements) => {
                for element in elements {
                    match element {
                        Element::Item(value) | Element::Spread(value) => open.push(value),
                        Element::Property(name, value) => open.extend([name, value]),
                    }
                }
            }
            _ => {}
        }
    }
    false
}

/// What a template is deployed to, by its schema.
fn target(schema: &str) -> Target {
    let file = schema.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    match file.split("deploymenttemplate").next() {
        Some("subscription") => Target::Subscription,
        Some("managementgroup") => Target::ManagementGroup,
        Some("tenant") => Target::Tenant,
        _ => Target::ResourceGroup,
    }
}

fn linked(link: Expr) -> DeploymentSource {
    let span = link.span;
    let ExprKind::Object(mut elements) = link.kind else {
        return DeploymentSource::Remote(member(Expr { kind: link.kind, span }, "uri", false));
    };
    if let Some(path) = take(&mut elements, "relativePath") {
        return match text(&path) {
            Some(text) => DeploymentSource::Path(Spanned::new(text.into(), path.span)),
            None => DeploymentSource::Remote(path),
        };
    }
    let address = take(&mut elements, "uri").or_else(|| take(&mut elements, "id"));
    let reason = "the link has no `relativePath`, `uri` or `id`";
    DeploymentSource::Remote(address.unwrap_or(Expr { kind: ExprKind::Invalid(reason.into()), span }))
}

/// The arguments as an object of values, out of `{name: {value: …}}`.
fn unwrapped(arguments: Expr) -> Expr {
    let span = arguments.span;
    let ExprKind::Object(elements) = arguments.kind else {
        let argument: Arc<str> = "argument".into();
        let local = Expr { kind: ExprKind::Local(argument.clone()), span };
        let body = Box::new(member(local, "value", false));
        let unwrap = Expr { kind: ExprKind::Lambda { parameters: vec![argument], body }, span };
        let kind = super::call("mapValues", vec![Expr { kind: arguments.kind, span }, unwrap]);
        return Expr { kind, span };
    };
    let unwrapped = elements.into_iter().map(|one| match one {
        Element::Property(name, Expr { kind: ExprKind::Object(mut parts), span }) => {
            let value = take(&mut parts, "value");
            Element::Property(name, value.unwrap_or(Expr { kind: ExprKind::Object(parts), span }))
        }
        Element::Property(name, value) => Element::Property(name, member(value, "value", false)),
        other => other,
    });
    Expr { kind: ExprKind::Object(unwrapped.collect()), span }
}

fn is_inner_scope(one: &Element) -> bool {
    let Element::Property(name, Expr { kind: ExprKind::Object(options), .. }) = one else { return false };
    text(name).is_some_and(|name| name.eq_ignore_ascii_case("expressionEvaluationOptions"))
        && options.iter().any(|option| match option {
            Element::Property(_, value) => text(value).is_some_and(|scope| scope.eq_ignore_ascii_case("inner")),
            _ => false,
        })
}

/// Takes a property out of an object's elements.
fn take(elements: &mut Vec<Element>, name: &str) -> Option<Expr> {
    let place = elements.iter().position(|one| match one {
        Element::Property(key, _) => text(key).is_some_and(|key| key.eq_ignore_ascii_case(name)),
        _ => false,
    })?;
    match elements.remove(place) {
        Element::Property(_, value) => Some(value),
        _ => None,
    }
}

fn element(name: &str, value: Expr) -> Element {
    let span = value.span;
    Element::Property(super::string(name, span), value)
}

fn text(expr: &Expr) -> Option<&str> {
    match &expr.kind {
        ExprKind::Str(text) => Some(text),
        _ => None,
    }
}
