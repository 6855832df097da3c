//! Roles of a control plane or a kubelet that nothing in the deployment needs.
//!
//! What Kubernetes objects may make a cluster need stands in no template: which actions these are is data of the
//! requirements catalogue, and a role with one of them is never called needless.

use std::cell::OnceCell;

use rolecall_graph::{CLUSTERS, MadeBy, ROLE_ASSIGNMENTS, ResourceIndex, RoleDefinition, Verdict};
use rolecall_source::Note;
use rolecall_value::Value;

use super::Context;
use super::allowed::Allowed;
use super::assignments;
use super::holders::{self, Held, Holder, Reach};
use crate::QuestionAnswer;
use crate::catalogue::rules;
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::{Requirement, RoleNeed, Rule, RuleLevel, Who};
use crate::requirements;

const ID: &str = "role-without-need";

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let allowed = Allowed::new(context, rule);
    let undecided = !context.deployment.unresolved.is_empty()
        || work.questions().any(|question| question.answer == QuestionAnswer::Undecided);
    let mut findings = Vec::new();
    for held in context.holders().held(context, Holder::is_of_cluster) {
        let written = &held.written;
        let cited = written.span(context).is_some_and(|span| work.cited.contains_key(&span));
        if cited || written.assignment.many || work.in_use.contains(&written.number) {
            continue;
        }
        for (when, role) in held.roles() {
            if when.is_false() || holders::too_much(&held, role).is_some() || is_explained(context, &held, role) {
                continue;
            }
            if allowed.has(role, &written.assignment.scope, &held.holder.principal) {
                continue;
            }
            let Some(requirement) = requirement(rule, &held, role) else { continue };
            if context.users.has_others(context, &held) {
                continue;
            }
            let mut demand = written.demand(context, requirement, written.assignment.scope.to_value(), &when);
            if let Some(span) = written.span(context) {
                demand.span = span;
            }
            if undecided || held.holder.reach == Reach::Nodes {
                demand.level = Some(RuleLevel::Note);
            }
            let principal = written.principal(context);
            let name = written.name();
            let case = Case {
                principal: &principal,
                role: &name,
                value: &name,
                expected: &held.holder.who,
                ..Case::new(&demand)
            };
            let Some(mut finding) = findings::certain(context, rule, &case, &when) else { continue };
            let origin = held.holder.principal.origin();
            if let Some(span) = context.deployment.origins.span(origin).filter(|span| *span != finding.span) {
                finding.related.push(Note { message: format!("{principal} is used here"), span });
            }
            findings.push(finding);
        }
    }
    work.report.findings.extend(findings);
}

/// Whether nothing needs an assignment that no need rests on, which is given by its place among all.
pub(crate) fn is_needless(context: &Context<'_>, assignment: usize) -> bool {
    let Some(entry) = crate::rule(ID) else { return false };
    let Some(written) = assignments::written_at(context, assignment).filter(|one| !one.assignment.many) else {
        return false;
    };
    context.holders().held_by(context, written, Holder::is_of_cluster).iter().any(|held| {
        let is_needless = |role: &RoleDefinition| {
            holders::too_much(held, role).is_none()
                && !is_explained(context, held, role)
                && requirement(&entry.rule, held, role).is_some()
        };
        held.roles().any(|(when, role)| !when.is_false() && is_needless(role))
            && !context.users.has_others(context, held)
    })
}

/// The first requirement whose need, if it has one, the role would cover for another identity of the cluster.
fn requirement<'r>(rule: &'r Rule, held: &Held<'_, '_>, role: &RoleDefinition) -> Option<&'r Requirement> {
    rule.requirements.iter().find(|requirement| match &requirement.need {
        Some(need) => who(held).as_ref() != Some(&need.identity) && role.grants_all(&need.actions, &need.data_actions),
        None => true,
    })
}

fn who(held: &Held<'_, '_>) -> Option<Who> {
    match held.holder.reach {
        Reach::Nodes => Some(Who::Kubelet),
        Reach::ControlPlane => Some(Who::ControlPlane),
        Reach::AddOn | Reach::Workload => None,
    }
}

/// Whether something that no template shows may need the role: a Kubernetes object; images of any registry; or, on what is
/// not created here, what the identity is needed for elsewhere.
fn is_explained(context: &Context<'_>, held: &Held<'_, '_>, role: &RoleDefinition) -> bool {
    let Some(who) = who(held) else { return true };
    if held.holder.reach == Reach::Nodes && role.blocks.iter().any(|block| !block.data_actions.is_empty()) {
        // Programs read and write data as the identity of their node.
        return true;
    }
    let grants = |action: &String, data: bool| role.grants(action, data) != Verdict::NotGranted;
    let hidden = requirements::requirements().iter().filter_map(|entry| entry.may_need.as_ref());
    let mut hidden = hidden.filter(|need| need.identity == who);
    if hidden.any(|need| {
        need.actions.iter().any(|action| grants(action, false))
            || need.data_actions.iter().any(|action| grants(action, true))
    }) {
        return true;
    }
    // Which registries the nodes pull from stands in no template.
    if who != Who::Kubelet && holders::is_created(context, &held.written.assignment.scope, &held.when) {
        return false;
    }
    let is_for_it = |need: &&RoleNeed| need.identity == who && role.grants_all(&need.actions, &need.data_actions);
    let all = rules().iter().flat_map(|entry| &entry.rule.requirements);
    all.filter_map(|requirement| requirement.need.as_ref()).any(|need| is_for_it(&need))
}

/// What a template writes besides clusters and role assignments, as folded text; read when first asked for.
#[derive(Default)]
pub(super) struct Users(OnceCell<Vec<(ResourceIndex, String)>>);

impl Users {
    /// Whether the identity serves something else as well: another resource runs as it or names it, or a token is
    /// exchanged for it.
    fn has_others(&self, context: &Context<'_>, held: &Held<'_, '_>) -> bool {
        let Some((identity, resource)) = context.permissions.identities().resource_of(&held.holder.principal) else {
            // A principal from outside may serve anything.
            return true;
        };
        if resource.id.resource_type.is(CLUSTERS) {
            return false;
        }
        let id = folded(&resource.id.to_value());
        let runs_as_it = |body: &Value| {
            let given = body.get("identity").and_then(|identity| identity.get("userAssignedIdentities"));
            let given = given.iter().filter_map(Value::as_object).flat_map(|given| given.entries());
            given.into_iter().any(|(key, _)| folded(&key) == id)
        };
        let texts = self.0.get_or_init(|| Self::texts(context));
        texts.iter().filter(|(index, _)| *index != identity).any(|(index, text)| {
            let other = context.deployment.resource(*index);
            let has = other.is_some_and(|other| {
                other.id.parent().is_some_and(|parent| parent == resource.id) || runs_as_it(&other.body)
            });
            has || text.contains(&id)
        })
    }

    fn texts(context: &Context<'_>) -> Vec<(ResourceIndex, String)> {
        let others = context.deployment.enumerate().filter(|(_, other)| {
            let kind = &other.id.resource_type;
            !kind.is(CLUSTERS) && !kind.is(ROLE_ASSIGNMENTS) && other.made_by == MadeBy::Template
        });
        others.map(|(index, other)| (index, folded(&other.body))).collect()
    }
}

fn folded(value: &Value) -> String {
    value.text().trim_matches(['\'', '"']).to_lowercase()
}
