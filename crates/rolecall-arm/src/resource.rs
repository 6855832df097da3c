//! Resources: arrays, symbolic names, children.
//!
//! What is handed over, in short: types and names stay as written. So a child in its parent's `resources` has the last
//! segment alone, an extension resource there its full type (it has a provider in it) and a name of its own, and the old
//! spelling `Microsoft.Network/virtualNetworks/providers/roleAssignments` with the name
//! `vnet/Microsoft.Authorization/<guid>` is not taken apart: whoever builds ids tells them from the type's text.
//! A type that is an expression is the text of that expression, brackets included. A resource of an extension
//! (`import` or `extension`: Kubernetes, Microsoft Graph) has its own kind of type (`core/Service@v1`), and an invalid name
//! where it has none.

use std::sync::Arc;

use jsonc_parser::ast::{Object, Value};
use jsonc_parser::common::Ranged;
use rolecall_source::Spanned;
use rolecall_template::ir::{Expr, ExprKind, ResourceDecl};

use crate::lower::{Lower, field, text_field};

/// What a resource says about itself and its deployment; the rest of it is its body.
const OUTSIDE_BODY: [&str; 14] = [
    "apiProfile",
    "comments",
    "condition",
    "copy",
    "dependsOn",
    "existing",
    "extension",
    "import",
    "metadata",
    "name",
    "resources",
    "scope",
    "type",
    "$comments",
];

/// The type of nested deployments.
const DEPLOYMENTS: &str = "Microsoft.Resources/deployments";

pub(crate) fn outside_body(name: &str) -> bool {
    OUTSIDE_BODY.iter().any(|known| known.eq_ignore_ascii_case(name))
}

impl Lower<'_> {
    /// The resources of a template or of a parent: an array, or an object of symbolic names.
    pub(crate) fn resources(&mut self, resources: &Value<'_>) -> Vec<ResourceDecl> {
        match resources {
            Value::Array(array) => {
                array.elements.iter().filter_map(|resource| self.resource_or_error(resource, None)).collect()
            }
            Value::Object(object) => {
                self.report_duplicates(object);
                let mut declared: Vec<ResourceDecl> = Vec::with_capacity(object.properties.len());
                for property in &object.properties {
                    let symbol = Spanned::new(self.share(property.name.as_str()), self.span(property.name.range()));
                    declared.extend(self.resource_or_error(&property.value, Some(symbol)));
                }
                declared
            }
            Value::NullKeyword(_) => Vec::new(),
            other => {
                self.error(other.range(), "`resources` must be an array, or an object of symbolic names");
                Vec::new()
            }
        }
    }

    /// Where an existing resource lies, where it names another resource group or subscription.
    fn place_of_existing(&mut self, object: &Object<'_>) -> Option<Expr> {
        let subscription = field(object, "subscriptionId").map(|subscription| self.value(subscription));
        let group = field(object, "resourceGroup").map(|group| self.value(group));
        let name = if group.is_some() { "resourceGroup" } else { "subscription" };
        let arguments: Vec<_> = subscription.into_iter().chain(group).collect();
        let span = arguments.first()?.span;
        Some(Expr { kind: ExprKind::Call { namespace: None, name: self.share(name), arguments }, span })
    }

    fn resource_or_error(&mut self, value: &Value<'_>, symbol: Option<Spanned<Arc<str>>>) -> Option<ResourceDecl> {
        match value {
            Value::Object(object) => Some(self.resource(object, symbol)),
            other => {
                self.error(other.range(), "a resource must be an object");
                None
            }
        }
    }

    fn resource(&mut self, object: &Object<'_>, symbol: Option<Spanned<Arc<str>>>) -> ResourceDecl {
        // Azure's own resources may name the extension `az`; those of others carry their version in the type.
        let extension = field(object, "import").or_else(|| field(object, "extension")).is_some()
            && field(object, "apiVersion").is_none();
        let resource_type = match text_field(object, "type") {
            Some(literal) => Spanned::new(self.share(&literal.value), self.span(literal.range)),
            None => {
                self.missing(object, "a resource must have a `type`");
                Spanned::new(self.share(""), self.span(object.range))
            }
        };
        let name = match field(object, "name") {
            Some(name) => self.value(name),
            None => {
                if !extension {
                    self.missing(object, "a resource must have a `name`");
                }
                self.invalid(object.range, "the resource has no name")
            }
        };
        let existing = matches!(field(object, "existing"), Some(Value::BooleanLit(literal)) if literal.value);
        let deployment = if resource_type.value.eq_ignore_ascii_case(DEPLOYMENTS) && !existing {
            self.deployment(object)
        } else {
            None
        };
        let body =
            if deployment.is_some() { self.deployment_body(object) } else { self.object_without(object, outside_body) };
        let mut scope = self.field_or_lost(object, "scope");
        if scope.is_none() && existing {
            scope = self.place_of_existing(object);
        }
        self.pass_over(object, "metadata");
        // Only these can make another resource of it, or more than one.
        if !["type", "copy", "existing", "resources"].iter().any(|name| self.may_have(object, name)) {
            self.take_hole(object.range);
        }
        ResourceDecl {
            span: self.span(object.range),
            symbol,
            existing,
            extension,
            resource_type,
            name,
            parent: None,
            scope,
            condition: self.field_or_lost(object, "condition"),
            copy: field(object, "copy").map(|copy| self.copy(copy)),
            depends_on: self.field_or_lost(object, "dependsOn"),
            body,
            children: field(object, "resources").map(|children| self.resources(children)).unwrap_or_default(),
            deployment,
        }
    }
}
