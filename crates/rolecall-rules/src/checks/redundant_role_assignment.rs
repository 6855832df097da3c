//! Assignments that give a principal nothing that another assignment does not give it already.

use rolecall_graph::{Assignment, RoleDefinition, RoleRef};
use rolecall_source::Note;
use rolecall_value::{Condition, Scope, Value, contains};
use rustc_hash::FxHashMap;

use super::Context;
use super::assignments::{self, Written};
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::Rule;

/// With how many assignments of the same principal an assignment is compared, so that hundreds of them stay cheap.
const MAX_COMPARED: usize = 32;

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let Some(requirement) = rule.requirements.first() else { return };
    let mut by_principal: FxHashMap<String, Vec<Written<'_>>> = FxHashMap::default();
    let mut order = Vec::new();
    for written in assignments::in_company(context).into_iter().filter(|one| is_plain(one.assignment)) {
        let key = written.assignment.principal.text().to_lowercase();
        let known = by_principal.entry(key.clone()).or_default();
        if known.is_empty() {
            order.push(key);
        }
        known.push(written);
    }
    for all in order.iter().filter_map(|key| by_principal.get(key)) {
        for (place, less) in all.iter().enumerate().take(MAX_COMPARED) {
            let mut others = all.iter().enumerate().take(MAX_COMPARED).filter(|(other, _)| *other != place);
            let covering = others.find(|(other, more)| {
                // Of two that are worth the same, the later one is too much.
                is_covered(context, less, more) && (*other < place || !is_covered(context, more, less))
            });
            let Some((_, more)) = covering.filter(|_| !is_same(less, all)) else { continue };
            let when = &less.assignment.when;
            let mut demand = less.demand(context, requirement, less.assignment.scope.to_value(), when);
            if let Some(span) = less.span(context) {
                demand.span = span;
            }
            let (principal, role, other) = (less.principal(context), less.name(), more.name());
            let case = Case { principal: &principal, role: &role, value: &other, ..Case::new(&demand) };
            let Some(mut finding) = findings::certain(context, rule, &case, when) else { continue };
            if let Some(span) = more.span(context).filter(|span| *span != finding.span) {
                finding.related.push(Note { message: format!("{other} is assigned here"), span });
            }
            work.report.findings.push(finding);
        }
    }
}

/// Whether it is one assignment of one role to one known principal, whatever the request.
fn is_plain(assignment: &Assignment) -> bool {
    let known = |value: &Value| value.first_unknown().is_none() && !value.is_null() && value.as_str() != Some("");
    !assignment.many
        && assignment.condition.as_ref().is_none_or(Value::is_null)
        && assignment.doubts.is_empty()
        && !assignment.when.is_false()
        // A text that is no id stands where somebody will put one.
        && !matches!(&assignment.scope, Scope::Opaque(scope) if scope.as_str().is_some())
        && matches!(assignment.principal.alternatives()[..], [(_, one)] if known(one))
        && role(assignment).is_some()
}

fn role(assignment: &Assignment) -> Option<&RoleDefinition> {
    match &assignment.roles[..] {
        [(_, RoleRef::Role(role))] => Some(role),
        _ => None,
    }
}

/// Whether whenever one is made, the other is too, at a scope that holds its scope, with a role that grants all that its
/// role does.
fn is_covered(context: &Context<'_>, less: &Written<'_>, more: &Written<'_>) -> bool {
    let (less, more) = (less.assignment, more.assignment);
    let (Some(role), Some(wider)) = (role(less), role(more)) else { return false };
    let any = role.blocks.iter().any(|block| !block.actions.is_empty() || !block.data_actions.is_empty());
    let all =
        role.blocks.iter().all(|block| block.open.is_none() && wider.grants_all(&block.actions, &block.data_actions));
    if !any || !all || !less.when.implies(&more.when) {
        return false;
    }
    let inside: Condition = contains(&context.deployment.inputs, &more.scope, &less.scope).equal;
    less.when.implies(&inside)
}

/// Whether the same assignment stands there twice: a rule of its own speaks of those.
fn is_same(one: &Written<'_>, all: &[Written<'_>]) -> bool {
    let text = |written: &Written<'_>| written.assignment.scope.to_value().text().to_lowercase();
    let guid = |written: &Written<'_>| role(written.assignment).map(|role| role.guid.clone());
    let (scope, id) = (text(one), guid(one));
    let others = all.iter().filter(|other| !std::ptr::eq(other.assignment, one.assignment));
    others.into_iter().any(|other| guid(other) == id && text(other) == scope)
}
