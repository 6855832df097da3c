//! Nested and linked deployments.

use jsonc_parser::ast::{Object, Value};
use jsonc_parser::common::{Range, Ranged};
use rolecall_source::Spanned;
use rolecall_template::ir::{DeploymentSource, Element, Expr, ExprKind, NestedDeployment};
use std::sync::Arc;

use crate::lower::{Lower, field, text_field};
use crate::resource::outside_body;
use crate::template::is_expression;

impl Lower<'_> {
    /// What a resource of type `Microsoft.Resources/deployments` deploys; `None` where it does not say.
    pub(crate) fn deployment(&mut self, resource: &Object<'_>) -> Option<NestedDeployment> {
        let properties = match field(resource, "properties") {
            Some(Value::Object(properties)) => properties,
            Some(expression @ Value::StringLit(_)) => {
                let source = self.value(expression);
                return Some(self.bare_deployment(resource, DeploymentSource::Remote(source)));
            }
            _ if self.may_have(resource, "properties") => return Some(self.unread_deployment(resource)),
            _ => return None,
        };
        self.report_duplicates(properties);
        let is_scope_lost = self.may_have(properties, "expressionEvaluationOptions")
            || field(properties, "expressionEvaluationOptions")
                .and_then(Value::as_object)
                .is_some_and(|options| self.may_have(options, "scope"));
        if is_scope_lost {
            return Some(self.unread_deployment(resource));
        }
        let inner_scope = field(properties, "expressionEvaluationOptions")
            .and_then(Value::as_object)
            .and_then(|options| text_field(options, "scope"))
            .is_some_and(|scope| scope.value.eq_ignore_ascii_case("inner"));
        let source = match (field(properties, "template"), field(properties, "templateLink")) {
            (Some(Value::Object(template)), _) => {
                let outer_scope = !inner_scope;
                let kept = self.kept_at(template, outer_scope);
                DeploymentSource::Inline(kept.unwrap_or_else(|| Arc::new(self.template(template, outer_scope))))
            }
            (Some(expression), _) => DeploymentSource::Remote(self.value(expression)),
            (None, Some(Value::Object(link))) => self.linked(link),
            (None, Some(expression)) => {
                let link = self.value(expression);
                DeploymentSource::Remote(self.member(link, "uri"))
            }
            (None, None) if ["template", "templateLink"].iter().any(|name| self.may_have(properties, name)) => {
                return Some(self.unread_deployment(resource));
            }
            (None, None) => return None,
        };
        let mut deployment = self.bare_deployment(resource, source);
        // A linked template never sees its parent's parameters.
        deployment.outer_scope = !inner_scope && matches!(deployment.source, DeploymentSource::Inline(_));
        deployment.arguments = match field(properties, "parameters") {
            Some(arguments) => Some(self.arguments(arguments)),
            None => self.may_have(properties, "parameters").then(|| {
                let lost = vec![self.lost_part(properties.range)];
                Expr { kind: ExprKind::Object(lost), span: self.span(properties.range) }
            }),
        };
        self.take_hole(properties.range);
        deployment.arguments_link = match field(properties, "parametersLink") {
            Some(Value::Object(link)) => {
                field(link, "relativePath").or_else(|| field(link, "uri")).map(|path| self.value(path))
            }
            Some(expression) => {
                let link = self.value(expression);
                Some(self.member(link, "uri"))
            }
            None => None,
        };
        Some(deployment)
    }

    /// A deployment of which nobody knows what it deploys, since that cannot be read.
    fn unread_deployment(&mut self, resource: &Object<'_>) -> NestedDeployment {
        let source = self.invalid(resource.range, "it cannot be read");
        self.bare_deployment(resource, DeploymentSource::Remote(source))
    }

    fn bare_deployment(&mut self, resource: &Object<'_>, source: DeploymentSource) -> NestedDeployment {
        NestedDeployment {
            source,
            arguments: None,
            arguments_link: None,
            outer_scope: false,
            subscription: self.field_or_lost(resource, "subscriptionId"),
            resource_group: self.field_or_lost(resource, "resourceGroup"),
        }
    }

    fn linked(&mut self, link: &Object<'_>) -> DeploymentSource {
        self.report_duplicates(link);
        if let Some(path) = field(link, "relativePath") {
            return match path {
                Value::StringLit(literal) if !is_expression(&literal.value) => {
                    DeploymentSource::Path(Spanned::new(self.share(&literal.value), self.span(literal.range)))
                }
                path => DeploymentSource::Remote(self.value(path)),
            };
        }
        match field(link, "uri").or_else(|| field(link, "id")) {
            Some(address) => DeploymentSource::Remote(self.value(address)),
            None => DeploymentSource::Remote(self.invalid(link.range, "the link has no `relativePath`, `uri` or `id`")),
        }
    }

    /// What the deployment says beside its template and arguments, which are evaluated on their own.
    pub(crate) fn deployment_body(&mut self, resource: &Object<'_>) -> Expr {
        let mut body = self.object_without(resource, |name| {
            outside_body(name)
                || ["properties", "subscriptionId", "resourceGroup"].iter().any(|n| n.eq_ignore_ascii_case(name))
        });
        if let (ExprKind::Object(elements), Some(Value::Object(properties))) =
            (&mut body.kind, field(resource, "properties"))
        {
            let name = Expr { kind: ExprKind::Str(self.share("properties")), span: self.span(properties.range) };
            let rest = self.object_without(properties, |name| {
                ["template", "templateLink", "parameters", "parametersLink", "extensionConfigs"]
                    .iter()
                    .any(|n| n.eq_ignore_ascii_case(name))
            });
            elements.push(Element::Property(name, rest));
        }
        body
    }

    /// The arguments, unwrapped to an object of values.
    fn arguments(&mut self, arguments: &Value<'_>) -> Expr {
        let Value::Object(object) = arguments else {
            // An expression gives `{name: {"value": …}}` as a whole: unwrapped by `mapValues`.
            let whole = self.value(arguments);
            if !matches!(whole.kind, ExprKind::Call { .. } | ExprKind::Member { .. } | ExprKind::Local(_)) {
                return whole;
            }
            let span = whole.span;
            let argument = self.share("argument");
            let local = Expr { kind: ExprKind::Local(argument.clone()), span };
            let body = Box::new(self.member(local, "value"));
            let unwrap = Expr { kind: ExprKind::Lambda { parameters: vec![argument], body }, span };
            let name = self.share("mapValues");
            return Expr { kind: ExprKind::Call { namespace: None, name, arguments: vec![whole, unwrap] }, span };
        };
        self.report_duplicates(object);
        let mut elements: Vec<_> = self.lost(object.range).into_iter().collect();
        self.take_hole(object.range);
        elements.reserve(object.properties.len());
        for property in &object.properties {
            let name = property.name.as_str();
            let name = Expr { kind: ExprKind::Str(self.share(name)), span: self.span(property.name.range()) };
            let value = self.argument(&property.value);
            elements.push(Element::Property(name, value));
        }
        Expr { kind: ExprKind::Object(elements), span: self.span(object.range) }
    }

    fn argument(&mut self, argument: &Value<'_>) -> Expr {
        let Value::Object(object) = argument else {
            let whole = self.value(argument);
            return match argument {
                Value::StringLit(literal) if is_expression(&literal.value) => self.member(whole, "value"),
                _ => {
                    self.error(argument.range(), "an argument must be an object with a `value` or a `reference`");
                    self.invalid(argument.range(), "the argument is no object with a `value`")
                }
            };
        };
        if let Some(value) = field(object, "value").or_else(|| field(object, "expression")) {
            return self.value(value);
        }
        if field(object, "copy").is_some() {
            // A loop named `value` makes the value.
            let whole = self.value(argument);
            return self.member(whole, "value");
        }
        match field(object, "reference") {
            Some(reference) => self.secret(object.range, reference),
            None => self.invalid(object.range, "the argument has neither a `value` nor a `reference`"),
        }
    }

    /// A secret of a key vault: `secret(<id of the vault>, <name of the secret>)`.
    fn secret(&mut self, range: Range, reference: &Value<'_>) -> Expr {
        let parts = reference.as_object();
        let vault = parts.and_then(|parts| field(field(parts, "keyVault")?.as_object()?, "id"));
        let secret = parts.and_then(|parts| field(parts, "secretName"));
        let arguments = [vault, secret].map(|part| match part {
            Some(part) => self.value(part),
            None => self.invalid(reference.range(), "the reference does not name it"),
        });
        let kind = ExprKind::Call { namespace: None, name: self.share("secret"), arguments: arguments.into() };
        Expr { kind, span: self.span(range) }
    }

    /// `base.name`, written nowhere.
    fn member(&mut self, base: Expr, name: &str) -> Expr {
        let span = base.span;
        let key = Box::new(Expr { kind: ExprKind::Str(self.share(name)), span });
        Expr { kind: ExprKind::Member { base: Box::new(base), key, safe: false, from_end: false }, span }
    }
}
