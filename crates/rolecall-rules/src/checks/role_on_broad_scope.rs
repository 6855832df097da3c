//! Roles of a control plane or a kubelet on a resource group or more, of which a few resources are all that is needed.

use rolecall_graph::{MadeBy, Need};
use rolecall_value::{ResourceId, Scope, Value};
use rustc_hash::FxHashMap;

use super::Context;
use super::allowed::Allowed;
use super::holders::{self, Holder, Width};
use crate::QuestionAnswer;
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::Rule;
use crate::words;

/// What Microsoft's own pages ask for a role on the resource group of.
const BY_GROUP: [&str; 2] = ["Microsoft.Compute/capacityReservationGroups", "Microsoft.Compute/hostGroups"];

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let Some(requirement) = rule.requirements.first() else { return };
    let wide: Vec<_> = (context.holders().held(context, Holder::is_of_cluster).into_iter())
        .filter(|held| {
            let assignment = held.written.assignment;
            let wide = holders::width(&assignment.scope).is_some_and(|width| width > Width::Resource);
            wide && !assignment.many && work.in_use.contains(&held.written.number)
        })
        .collect();
    if wide.is_empty() {
        return;
    }
    let (needs, allowed) = (needs(context, work), Allowed::new(context, rule));
    let mut findings = Vec::new();
    for held in wide {
        let written = &held.written;
        let Some(scopes) = needs.get(&written.number) else { continue };
        // For several resources, a role on the group that holds them is the plainer way.
        let Some(one) = together(scopes) else { continue };
        let is_allowed = |role| allowed.has(role, &written.assignment.scope, &held.holder.principal);
        if held.roles().any(|(_, role)| holders::too_much(&held, role).is_some() || is_allowed(role)) {
            continue;
        }
        let principal = written.principal(context);
        let plain = principal.replace('`', "");
        let open = |answer| matches!(answer, QuestionAnswer::Undecided | QuestionAnswer::Assumed);
        if work.questions().any(|one| one.principal == plain && open(one.answer)) {
            // It may be needed on more.
            continue;
        }
        let mut demand = written.demand(context, requirement, written.assignment.scope.to_value(), &held.when);
        if let Some(span) = written.span(context) {
            demand.span = span;
        }
        let role = written.name();
        let case = Case { principal: &principal, role: &role, value: &one, ..Case::new(&demand) };
        findings.extend(findings::certain(context, rule, &case, &held.when));
    }
    work.report.findings.extend(findings);
}

/// The one resource that these are, or lie in, as a message names it.
fn together(scopes: &[Value]) -> Option<String> {
    if let [one] = scopes {
        return Some(words::resource(one));
    }
    let root = |scope: &Value| {
        let id = ResourceId::parse(scope)?;
        std::iter::successors(Some(id), ResourceId::parent).last()
    };
    let first = root(scopes.first()?)?;
    let all = scopes.iter().all(|scope| root(scope).as_ref() == Some(&first));
    all.then(|| words::resource_id(&first))
}

/// On which resources each assignment is needed; none of those that are needed by the group.
fn needs(context: &Context<'_>, work: &Work<'_>) -> FxHashMap<usize, Vec<Value>> {
    let mut out: FxHashMap<usize, Vec<Value>> = FxHashMap::default();
    let mut by_group = Vec::new();
    for granted in &work.granted {
        let scope = &granted.demand.scope;
        let need = Need {
            principal: &granted.principal,
            scope,
            actions: &granted.need.actions,
            data_actions: &granted.need.data_actions,
            when: &granted.when,
        };
        let of_group = |id: ResourceId| BY_GROUP.iter().any(|name| id.resource_type.is(name));
        let of_group =
            matches!(Scope::parse(scope), Scope::ResourceGroup(..)) || ResourceId::parse(scope).is_some_and(of_group);
        for grant in context.permissions.ask(&need).grants {
            if grant.made_by != MadeBy::Template {
                continue;
            }
            if of_group {
                by_group.push(grant.assignment);
            }
            let known = out.entry(grant.assignment).or_default();
            if !known.iter().any(|one| one.text().eq_ignore_ascii_case(&scope.text())) {
                known.push(scope.clone());
            }
        }
    }
    by_group.iter().for_each(|number| drop(out.remove(number)));
    out
}
