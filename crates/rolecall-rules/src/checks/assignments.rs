//! What the rules about role assignments have in common: which assignments a template makes, what they are called, and
//! whose identity a principal id is.

use std::borrow::Cow;

use rolecall_graph::{
    Assignment, AssignmentKind, Deployment, MadeBy, ROLE_ASSIGNMENTS, Resource, ResourceIndex, RoleRef, principal_name,
};
use rolecall_source::Span;
use rolecall_value::{Condition, ResourceId, Symbol, Value};
use rustc_hash::FxHashMap;

use super::Context;
use crate::demand::{Demand, span_of};
use crate::model::Requirement;
use crate::outcome;

/// The path of a role in an assignment.
pub(super) const ROLE: &str = "properties.roleDefinitionId";

/// A role assignment that a template makes.
#[derive(Clone, Copy)]
pub(super) struct Written<'a> {
    /// Its place among all assignments.
    pub number: usize,
    /// What it grants.
    pub assignment: &'a Assignment,
    /// The resource that it is.
    pub resource: &'a Resource,
}

/// The role assignments that templates make, in order.
pub(super) fn written<'a>(context: &Context<'a>) -> impl Iterator<Item = Written<'a>> {
    of_kind(context, AssignmentKind::Role).filter(is_of_role)
}

/// The one at a place among all assignments, where it is one of them.
pub(super) fn written_at<'a>(context: &Context<'a>, number: usize) -> Option<Written<'a>> {
    let assignment = context.permissions.assignments().get(number)?;
    written_by(context, AssignmentKind::Role, number, assignment).filter(is_of_role)
}

fn is_of_role(one: &Written<'_>) -> bool {
    one.resource.id.resource_type.is(ROLE_ASSIGNMENTS)
}

/// Those whose principal may have another as well: no other needs to be compared with any.
pub(super) fn in_company<'a>(context: &Context<'a>) -> Vec<Written<'a>> {
    let names = |one: &Written<'a>| -> Vec<Option<Cow<'a, str>>> {
        match &one.assignment.principal.alternatives()[..] {
            [_] => vec![context.permissions.assigned_to(one.number).map(Cow::Borrowed)],
            several => several.iter().map(|(_, principal)| principal_name(principal).map(Cow::Owned)).collect(),
        }
    };
    let all: Vec<_> = written(context).map(|one| (names(&one), one)).collect();
    let mut counts: FxHashMap<&Option<Cow<'a, str>>, usize> = FxHashMap::default();
    all.iter().flat_map(|(names, _)| names).for_each(|name| *counts.entry(name).or_default() += 1);
    let shared = |name: &Option<Cow<'a, str>>| counts.get(name).is_some_and(|count| *count > 1);
    all.iter().filter(|(names, _)| names.iter().any(shared)).map(|(_, one)| *one).collect()
}

/// The entries that templates write into the access policies of vaults, in order.
pub(super) fn policies<'a>(context: &Context<'a>) -> impl Iterator<Item = Written<'a>> {
    of_kind(context, AssignmentKind::AccessPolicy)
}

fn of_kind<'a>(context: &Context<'a>, kind: AssignmentKind) -> impl Iterator<Item = Written<'a>> {
    let all = context.permissions.assignments().iter().enumerate();
    all.filter_map(move |(number, assignment)| written_by(context, kind, number, assignment))
}

fn written_by<'a>(
    context: &Context<'a>,
    kind: AssignmentKind,
    number: usize,
    assignment: &'a Assignment,
) -> Option<Written<'a>> {
    let resource = context.deployment.resource(assignment.resource)?;
    let own = assignment.kind == kind && assignment.made_by == MadeBy::Template;
    own.then_some(Written { number, assignment, resource })
}

impl Written<'_> {
    /// The role and where it is assigned, as a message names them: ``AcrPull on `registry` ``.
    pub(super) fn name(&self) -> String {
        let role = match &self.assignment.roles[..] {
            [(_, RoleRef::Role(role))] => &*role.name,
            _ => "a role",
        };
        format!("{role} on {}", outcome::scope(&self.assignment.scope))
    }

    /// The place of a requirement in this assignment: `value` is what is wrong there.
    pub(super) fn demand<'r>(
        &self,
        context: &Context<'_>,
        requirement: &'r Requirement,
        value: Value,
        when: &Condition,
    ) -> Demand<'r> {
        let span = span_of(context.deployment, &value, self.resource);
        // What is written elsewhere is right there, and only wrong here.
        let here = |own: &Span| own.file == span.file && own.start <= span.start && span.end <= own.end;
        Demand {
            requirement,
            cluster: self.resource.id.clone(),
            resource: self.assignment.resource,
            span: self.span(context).filter(|own| !here(own)).unwrap_or(span),
            scope: value,
            when: when.clone(),
            level: None,
        }
    }

    /// Whom it is for, as a message names them.
    pub(super) fn principal(&self, context: &Context<'_>) -> String {
        match &self.assignment.principal.alternatives()[..] {
            [(_, one)] if !one.is_null() && one.as_str() != Some("") => context.permissions.identities().describe(one),
            _ => "a principal".to_owned(),
        }
    }

    /// Where the assignment stands.
    pub(super) fn span(&self, context: &Context<'_>) -> Option<Span> {
        context.deployment.origins.span(self.assignment.origin)
    }

    /// When no type of principal is given.
    pub(super) fn type_absent(&self) -> Condition {
        let Some(given) = &self.assignment.principal_type else { return Condition::TRUE };
        let absent = given.alternatives().into_iter().filter(|(_, kind)| kind.is_null() || kind.as_str() == Some(""));
        absent.fold(Condition::FALSE, |any, (when, _)| any.or(&when))
    }
}

/// The attribute of a resource that a value is: the resource's id and the path.
pub(super) fn attribute(value: &Value) -> Option<(&Value, &str)> {
    match value.as_symbol()? {
        Symbol::Attribute { resource, path } => Some((resource, path)),
        _ => None,
    }
}

/// The resource that has the identity of a canonical principal id: a managed identity, or what has one of its own.
pub(super) fn owner(principal: &Value) -> Option<ResourceId> {
    let (resource, path) = attribute(principal)?;
    let id = ResourceId::parse(resource)?;
    let own = if id.resource_type.is(rolecall_graph::USER_ASSIGNED) {
        path.eq_ignore_ascii_case("properties.principalId")
    } else {
        path.eq_ignore_ascii_case("identity.principalId")
    };
    own.then_some(id)
}

/// The resources of a deployment that can have an identity, by the text of their ids.
pub(super) struct ByText(FxHashMap<String, Vec<ResourceIndex>>);

impl ByText {
    /// Indexes them.
    pub(super) fn new(deployment: &Deployment) -> Self {
        let mut all: FxHashMap<String, Vec<_>> = FxHashMap::default();
        for (index, resource) in deployment.enumerate() {
            let identity = resource.id.resource_type.is(rolecall_graph::USER_ASSIGNED)
                || resource.body.get("identity").is_some_and(|identity| !identity.is_null());
            if identity {
                all.entry(resource.id.to_value().text().to_lowercase()).or_default().push(index);
            }
        }
        ByText(all)
    }

    /// The resources with this id.
    pub(super) fn of(&self, id: &ResourceId) -> &[ResourceIndex] {
        self.0.get(&id.to_value().text().to_lowercase()).map_or(&[], Vec::as_slice)
    }
}
