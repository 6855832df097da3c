//! Resources and modules.

use std::sync::Arc;

use rolecall_source::{Span, Spanned};
use rolecall_template::ir::{Copy, DeploymentSource, Element, Expr, ExprKind, NestedDeployment, ResourceDecl, Target};

use super::{Lower, call, string};
use crate::modules::is_remote;
use crate::syntax::{
    DeclarationBody, Decorator, Expression, ForBody, ForExpression, ForVariable, ModuleDeclaration, Object, ObjectItem,
    PropertyKey, ResourceDeclaration, SyntaxNode,
};

/// What a body is of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Resource,
    Extension,
    Module,
}

/// What the body of a resource or module says about itself.
#[derive(Default)]
struct Body {
    name: Option<Expr>,
    parent: Option<Expr>,
    scope: Option<Expr>,
    depends_on: Option<Expr>,
    params: Option<Expr>,
    /// What a module's extensions get: no part of the graph, but the module waits for what it refers to.
    extension_configs: Option<Expr>,
    rest: Vec<Element>,
    children: Vec<ResourceDecl>,
    /// What kind of scope a module goes to, where it names one.
    target: Option<Target>,
    span: Option<Span>,
}

/// The parts around a body.
struct Frame<'t> {
    object: Option<Object<'t>>,
    condition: Option<Expr>,
    copy: Option<Copy>,
    /// How many names of locals it brought.
    locals: usize,
}

impl Lower<'_> {
    pub(super) fn resource(&mut self, declaration: ResourceDeclaration<'_>) -> Option<ResourceDecl> {
        let name = declaration.name()?;
        let (name, name_span) = self.named(name);
        let symbol = match self.around.last() {
            Some(outer) => Arc::from(format!("{outer}::{name}")),
            None => name,
        };
        let written = declaration.ty().and_then(|ty| self.string_text(ty)).unwrap_or_default();
        // `k8s:core/Secret@v1` names the extension.
        let written = written.split_once(':').map_or(&*written, |(_, written)| written);
        let (short, version) = written.split_once('@').unwrap_or((written, ""));
        // Azure's versions are dates. Types of extensions keep their version, and need be no paths of providers.
        let around = self.around.last().and_then(|outer| self.unit.resources.get(&**outer)).cloned();
        let extension = match &around {
            Some(outer) => is_of_extension(&outer.full_type, &outer.api_version),
            None => is_of_extension(short, version),
        };
        let full = match &around {
            // A child of an extension's resource is one of its own, with the full type.
            Some(outer) if extension => {
                let version = if version.is_empty() { &outer.api_version } else { version };
                format!("{}/{short}@{version}", outer.full_type)
            }
            _ => String::new(),
        };
        let shown = match (extension, full.is_empty()) {
            (true, true) => written,
            (true, false) => &full,
            (false, _) => short,
        };
        let type_span = declaration.ty().map_or(name_span, |ty| self.span(ty));
        let resource_type = Spanned::new(self.share(shown), type_span);
        let outer_locals = self.declared_locals;
        let mut frame = self.open_body(declaration.body(), &symbol);
        self.batch(declaration.decorators(), &mut frame);
        self.declared_locals = self.locals.len();
        self.around.push(symbol.clone());
        let mut body = frame
            .object
            .map(|object| self.body(object, if extension { Kind::Extension } else { Kind::Resource }))
            .unwrap_or_default();
        self.around.pop();
        self.locals.truncate(self.locals.len() - frame.locals);
        self.declared_locals = outer_locals;
        let span = self.span(declaration);
        if extension {
            let rest = std::mem::take(&mut body.rest);
            let properties = Expr { kind: ExprKind::Object(rest), span };
            body.rest = vec![Element::Property(string("properties", span), properties)];
        }
        let existing = declaration.existing().is_some();
        // What a resource is where nothing is said may hang on the version.
        if !extension && !existing && !version.is_empty() {
            body.rest.push(Element::Property(string("apiVersion", type_span), string(version, type_span)));
        }
        let deployment = if resource_type.value.eq_ignore_ascii_case("Microsoft.Resources/deployments") && !existing {
            self.raw_deployment(&mut body.rest)
        } else {
            None
        };
        Some(ResourceDecl {
            span,
            symbol: Some(Spanned::new(symbol, name_span)),
            existing,
            extension,
            resource_type,
            name: body.name.unwrap_or_else(|| self.invalid(span, "the resource has no name")),
            parent: body.parent,
            scope: body.scope,
            condition: frame.condition,
            copy: frame.copy,
            depends_on: body.depends_on,
            body: Expr { kind: ExprKind::Object(body.rest), span: body.span.unwrap_or(span) },
            children: body.children,
            deployment,
        })
    }

    pub(super) fn module(&mut self, declaration: ModuleDeclaration<'_>) -> Option<ResourceDecl> {
        let (symbol, name_span) = self.named(declaration.name()?);
        let mut frame = self.open_body(declaration.body(), &symbol);
        self.batch(declaration.decorators(), &mut frame);
        self.declared_locals = self.locals.len();
        let mut body = frame.object.map(|object| self.body(object, Kind::Module)).unwrap_or_default();
        let round = frame.copy.as_ref().and_then(|copy| copy.name.clone());
        self.locals.truncate(self.locals.len() - frame.locals);
        self.declared_locals = 0;
        let span = self.span(declaration);
        let source = match declaration.path() {
            None => DeploymentSource::Remote(self.invalid(span, "the module names no file")),
            Some(path) => {
                let span = self.span(path);
                match self.string_text(path) {
                    None => DeploymentSource::Remote(self.invalid(span, "the path of a module must be plain text")),
                    Some(path) if is_remote(&path) => DeploymentSource::Remote(string(&path, span)),
                    Some(path) => DeploymentSource::Path(Spanned::new(path.into(), span)),
                }
            }
        };
        let options = vec![Element::Property(string("scope", span), string("inner", span))];
        let options = Expr { kind: ExprKind::Object(options), span };
        let properties = vec![
            Element::Property(string("expressionEvaluationOptions", span), options),
            Element::Property(string("mode", span), string("Incremental", span)),
        ];
        let properties = Expr { kind: ExprKind::Object(properties), span };
        let mut rest = vec![Element::Property(string("properties", span), properties)];
        // Where the deployment is kept, unless it goes to a resource group.
        if body.target.unwrap_or(self.target) != Target::ResourceGroup {
            let around = if self.target == Target::ResourceGroup { "resourceGroup" } else { "deployment" };
            let around = Expr { kind: call(around, Vec::new()), span };
            rest.push(Element::Property(string("location", span), super::member(around, "location", false)));
        }
        if let Some(configs) = body.extension_configs {
            let before = body.depends_on.take().map(Element::Spread);
            let waits = before.into_iter().chain([Element::Item(configs)]).collect();
            body.depends_on = Some(Expr { kind: ExprKind::Array(waits), span });
        }
        rest.extend(body.rest.into_iter().filter(|element| is_property(element, &["tags", "identity"])));
        Some(ResourceDecl {
            span,
            symbol: Some(Spanned::new(symbol.clone(), name_span)),
            existing: false,
            extension: false,
            resource_type: Spanned::new(self.share("Microsoft.Resources/deployments"), name_span),
            name: body.name.unwrap_or_else(|| generated_name(&symbol, round, span)),
            parent: None,
            scope: body.scope,
            condition: frame.condition,
            copy: frame.copy,
            depends_on: body.depends_on,
            body: Expr { kind: ExprKind::Object(rest), span: body.span.unwrap_or(span) },
            children: Vec::new(),
            deployment: Some(NestedDeployment {
                source,
                arguments: body.params,
                arguments_link: None,
                outer_scope: false,
                subscription: None,
                resource_group: None,
            }),
        })
    }

    /// Takes loop and condition off a body. The loop's names are locals from here on.
    fn open_body<'t>(&mut self, body: Option<DeclarationBody<'t>>, symbol: &Arc<str>) -> Frame<'t> {
        let mut frame = Frame { object: None, condition: None, copy: None, locals: 0 };
        match body {
            Some(DeclarationBody::Object(object)) => frame.object = Some(object),
            Some(DeclarationBody::IfBody(body)) => {
                frame.condition = body.condition().and_then(|c| c.expression()).map(|one| self.expression(one));
                frame.object = body.body();
            }
            Some(DeclarationBody::ForExpression(one)) => {
                let before = self.locals.len();
                frame.copy = Some(self.copy(one, Some(symbol.clone())));
                frame.locals = self.locals.len() - before;
                match one.body() {
                    Some(ForBody::Expression(Expression::Object(object))) => frame.object = Some(object),
                    Some(ForBody::IfBody(body)) => {
                        frame.condition = body.condition().and_then(|c| c.expression()).map(|one| self.expression(one));
                        frame.object = body.body();
                    }
                    _ => {}
                }
            }
            None => {}
        }
        frame
    }

    /// The head of a loop. Its names are locals from here on.
    pub(super) fn copy(&mut self, one: ForExpression<'_>, name: Option<Arc<str>>) -> Copy {
        let span = self.span(one);
        let iterated = self.optional(one.iterated(), one, "the loop runs over nothing");
        let count = Expr { span: iterated.span, kind: call("length", vec![iterated]) };
        let (item, index) = match one.variable() {
            Some(ForVariable::Identifier(item)) => (Some(self.named(item).0), None),
            Some(ForVariable::IndexVariables(both)) => {
                (both.item().map(|item| self.named(item).0), both.index().map(|index| self.named(index).0))
            }
            None => (None, None),
        };
        self.locals.extend(item.iter().chain(&index).cloned());
        Copy { span, name, count, item, index, batch: None }
    }

    /// How many rounds of a loop `@batchSize(…)` allows at a time.
    fn batch<'t>(&mut self, decorators: impl Iterator<Item = Decorator<'t>>, frame: &mut Frame<'_>) {
        let Some(copy) = &mut frame.copy else { return };
        for decorator in decorators {
            let (name, size) = match decorator.expression() {
                Some(Expression::CallExpression(call)) => (call.function(), call.arguments().next()),
                Some(Expression::MethodCall(call)) => (call.method(), call.arguments().next()),
                _ => continue,
            };
            if let (Some(name), Some(size)) = (name, size)
                && name.text(&self.unit.text) == "batchSize"
            {
                copy.batch = size.text(&self.unit.text).trim().parse().ok();
            }
        }
    }

    /// What kind of scope an expression means.
    fn kind_of_scope(&self, scope: Expression<'_>) -> Option<Target> {
        let of_function = |name: &str| {
            Some(match name {
                "resourceGroup" => Target::ResourceGroup,
                "subscription" => Target::Subscription,
                "managementGroup" => Target::ManagementGroup,
                "tenant" => Target::Tenant,
                _ => return None,
            })
        };
        match scope {
            Expression::CallExpression(call) => of_function(call.function()?.text(&self.unit.text)),
            Expression::MethodCall(call) => of_function(call.method()?.text(&self.unit.text)),
            Expression::ParenthesizedExpression(inner) => self.kind_of_scope(inner.expression()?),
            Expression::ConditionalExpression(one) => self.kind_of_scope(one.consequence()?),
            scope => match &*self.resource_symbol(scope)?.1.full_type.to_ascii_lowercase() {
                "microsoft.resources/resourcegroups" => Some(Target::ResourceGroup),
                "microsoft.management/managementgroups" => Some(Target::ManagementGroup),
                "microsoft.subscription/aliases" => Some(Target::Subscription),
                _ => None,
            },
        }
    }

    fn body(&mut self, object: Object<'_>, kind: Kind) -> Body {
        let module = kind == Kind::Module;
        let mut body = Body { span: Some(self.span(object)), ..Body::default() };
        for item in object.items() {
            match item {
                ObjectItem::Property(property) => {
                    let name = match property.key() {
                        Some(PropertyKey::Identifier(name)) => Some(self.named(name).0),
                        Some(PropertyKey::StringLiteral(name)) => self.string_text(name).map(Arc::from),
                        None => None,
                    };
                    let value = |lower: &mut Self| lower.optional(property.value(), property, "there is no value");
                    match name.as_deref() {
                        Some("dependsOn") => body.depends_on = Some(value(self)),
                        // What an extension's resource says is all its own.
                        _ if kind == Kind::Extension => body.rest.extend(self.property(property)),
                        Some("name") => body.name = Some(value(self)),
                        Some("parent") if !module => body.parent = Some(value(self)),
                        Some("scope") => {
                            body.target = property.value().and_then(|value| self.kind_of_scope(value));
                            body.scope = Some(value(self));
                        }
                        Some("params") if module => body.params = Some(value(self)),
                        Some("extensionConfigs") if module => body.extension_configs = Some(value(self)),
                        _ => body.rest.extend(self.property(property)),
                    }
                }
                ObjectItem::ResourceDeclaration(inner) => body.children.extend(self.resource(inner)),
                ObjectItem::Spread(spread) => {
                    let value = self.optional(spread.value(), spread, "there is no value");
                    body.rest.push(Element::Spread(value));
                }
            }
        }
        body
    }
}

fn is_property(element: &Element, names: &[&str]) -> bool {
    match element {
        Element::Property(Expr { kind: ExprKind::Str(name), .. }, _) => names.contains(&&**name),
        _ => false,
    }
}

/// Whether a type is one of an extension (Kubernetes, Microsoft Graph) and not of Azure: it names no provider, or has a
/// version that is no date.
fn is_of_extension(short: &str, version: &str) -> bool {
    let of_provider = short.split('/').next().is_some_and(|first| first.contains('.'));
    !of_provider || !(version.is_empty() || is_date(version))
}

/// Whether an API version begins with a date, as all of Azure's do.
fn is_date(version: &str) -> bool {
    let form = |(place, byte): (usize, &u8)| if matches!(place, 4 | 7) { *byte == b'-' } else { byte.is_ascii_digit() };
    version.len() >= 10 && version.as_bytes()[..10].iter().enumerate().all(form)
}

/// The name that the compiler gives to a module without one: its symbolic name and a hash of the deployment around.
fn generated_name(symbol: &str, round: Option<Arc<str>>, span: Span) -> Expr {
    let deployment = Expr { kind: call("deployment", Vec::new()), span };
    let deployment = super::member(deployment, "name", false);
    let hash = Expr { kind: call("uniqueString", vec![string(symbol, span), deployment]), span };
    let mut arguments = vec![string(if round.is_some() { "{0}-{1}-{2}" } else { "{0}-{1}" }, span)];
    arguments.push(string(symbol, span));
    if let Some(round) = round {
        arguments.push(Expr { kind: call("copyIndex", vec![string(&round, span)]), span });
    }
    arguments.push(hash);
    Expr { kind: call("format", arguments), span }
}
