//! The places that a template's nodes keep, to be moved when the text around them changes.
//!
//! What a node means is not looked at, only where it stands.

use std::sync::Arc;

use rolecall_source::{Span, Spanned};

use crate::ir::{Copy, DeploymentSource, Element, Expr, ExprKind, NestedDeployment, Parameter, ResourceDecl, Template};

/// A template is shared with somebody who counts on its places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shared;

impl Template {
    /// Whether it may declare names that could not be read.
    pub fn may_declare_more(&self) -> bool {
        self.lost_names || self.incomplete.is_some()
    }

    /// Hands every span in it to `each`, nested templates' included.
    ///
    /// # Errors
    /// [`Shared`], where a nested template is; what was moved until then stays moved.
    pub fn each_span(&mut self, each: &mut impl FnMut(&mut Span)) -> Result<(), Shared> {
        each(&mut self.span);
        self.file = self.span.file;
        self.parameters.values_mut().for_each(|parameter| of_parameter(parameter, each));
        for variable in self.variables.values_mut() {
            each(&mut variable.span);
            of_expr(&mut variable.value, each);
        }
        for function in self.functions.values_mut() {
            each(&mut function.span);
            of_expr(&mut function.body, each);
        }
        for output in self.outputs.values_mut() {
            each(&mut output.span);
            of_option(&mut output.condition, each);
            of_expr(&mut output.value, each);
        }
        self.incomplete.iter_mut().for_each(&mut *each);
        for diagnostic in &mut self.diagnostics {
            diagnostic.each_span(each);
        }
        self.resources.iter_mut().try_for_each(|resource| of_resource(resource, each))
    }

    /// The nested deployments and modules that it declares, at any depth of resources, in order.
    pub fn deployments(&self) -> Vec<&NestedDeployment> {
        fn collect<'t>(resources: &'t [ResourceDecl], into: &mut Vec<&'t NestedDeployment>) {
            for resource in resources {
                into.extend(&resource.deployment);
                collect(&resource.children, into);
            }
        }
        let mut all = Vec::new();
        collect(&self.resources, &mut all);
        all
    }

    /// The same, to be changed.
    pub fn deployments_mut(&mut self) -> Vec<&mut NestedDeployment> {
        fn collect<'t>(resources: &'t mut [ResourceDecl], into: &mut Vec<&'t mut NestedDeployment>) {
            for resource in resources {
                into.extend(&mut resource.deployment);
                collect(&mut resource.children, into);
            }
        }
        let mut all = Vec::new();
        collect(&mut self.resources, &mut all);
        all
    }
}

fn of_parameter(parameter: &mut Parameter, each: &mut impl FnMut(&mut Span)) {
    each(&mut parameter.span);
    of_option(&mut parameter.default, each);
    parameter.allowed.iter_mut().flatten().for_each(|allowed| of_expr(allowed, each));
}

fn of_resource(resource: &mut ResourceDecl, each: &mut impl FnMut(&mut Span)) -> Result<(), Shared> {
    each(&mut resource.span);
    if let Some(symbol) = &mut resource.symbol {
        each(&mut symbol.span);
    }
    each(&mut resource.resource_type.span);
    of_expr(&mut resource.name, each);
    of_expr(&mut resource.body, each);
    for part in [&mut resource.parent, &mut resource.scope, &mut resource.condition, &mut resource.depends_on] {
        of_option(part, each);
    }
    if let Some(copy) = &mut resource.copy {
        of_copy(copy, each);
    }
    if let Some(deployment) = &mut resource.deployment {
        of_deployment(deployment, each)?;
    }
    resource.children.iter_mut().try_for_each(|child| of_resource(child, each))
}

fn of_deployment(deployment: &mut NestedDeployment, each: &mut impl FnMut(&mut Span)) -> Result<(), Shared> {
    let NestedDeployment { source, arguments, arguments_link, subscription, resource_group, .. } = deployment;
    for part in [arguments, arguments_link, subscription, resource_group] {
        of_option(part, each);
    }
    match source {
        DeploymentSource::Inline(template) => Arc::get_mut(template).ok_or(Shared)?.each_span(each)?,
        DeploymentSource::Path(Spanned { span, .. }) => each(span),
        DeploymentSource::Remote(address) => of_expr(address, each),
    }
    Ok(())
}

fn of_copy(copy: &mut Copy, each: &mut impl FnMut(&mut Span)) {
    each(&mut copy.span);
    of_expr(&mut copy.count, each);
}

fn of_option(expr: &mut Option<Expr>, each: &mut impl FnMut(&mut Span)) {
    if let Some(expr) = expr {
        of_expr(expr, each);
    }
}

fn of_expr(expr: &mut Expr, each: &mut impl FnMut(&mut Span)) {
    each(&mut expr.span);
    match &mut expr.kind {
        ExprKind::Array(elements) | ExprKind::Object(elements) => {
            for element in elements {
                match element {
                    Element::Item(item) | Element::Spread(item) => of_expr(item, each),
                    Element::Property(name, value) => {
                        of_expr(name, each);
                        of_expr(value, each);
                    }
                }
            }
        }
        ExprKind::Call { arguments, .. } => arguments.iter_mut().for_each(|argument| of_expr(argument, each)),
        ExprKind::Member { base, key, .. } => {
            of_expr(base, each);
            of_expr(key, each);
        }
        ExprKind::Lambda { body, .. } => of_expr(body, each),
        ExprKind::Loop { copy, body } => {
            of_copy(copy, each);
            of_expr(body, each);
        }
        ExprKind::Null
        | ExprKind::Bool(_)
        | ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Str(_)
        | ExprKind::Local(_)
        | ExprKind::Symbol(_)
        | ExprKind::Invalid(_) => {}
    }
}
