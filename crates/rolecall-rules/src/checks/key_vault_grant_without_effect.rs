//! Grants on the data of a key vault that decides by the other kind of grant: roles where it asks its access policies, and
//! access policies where it asks roles.
//!
//! It looks at the identities of clusters and of their workloads. Where the other kind is there as well, nothing is lost; and
//! where a need on the vault is found to be missing, that finding names the cause.

use rolecall_graph::{Assignment, AssignmentKind, Idle, RoleDefinition, RoleRef, principal_name};
use rolecall_source::Note;
use rolecall_value::{Case as Letters, Condition, Scope, contains, equality};

use super::Context;
use super::assignments::Written;
use super::by_name::ByName;
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::Rule;
use crate::words;

/// What roles for vaults grant data actions below.
const DATA: &str = "microsoft.keyvault/vaults/";

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let idle = context.permissions.idle();
    if idle.is_empty() {
        return;
    }
    let others = Others::new(context);
    let mut findings = Vec::new();
    for one in &idle {
        let Some(requirement) = rule.requirements.iter().find(|known| of_kind(&known.id) == one.assignment.kind) else {
            continue;
        };
        let Some(written) = written(context, one) else { continue };
        let Some(vault) = context.deployment.resource(one.vault) else { continue };
        let when = concerned(context, one).and(&granted(&one.assignment));
        let when = when.and_not(&others.serve(context, one));
        let (principal, name) = (written.principal(context), words::resource_id(&vault.id));
        let missed = |finding: &crate::Finding| {
            // Only what is missing breaks something.
            let there = finding.scope.as_deref().is_some_and(|scope| is_in(scope, &vault.id.to_value().plain()));
            there
                && finding.breaks_at.is_some()
                && finding.principal.as_deref().is_some_and(|known| known == principal.replace('`', ""))
        };
        if work.report.findings.iter().any(missed) {
            continue;
        }
        let scope = one.assignment.scope.to_value().with_origin(one.assignment.origin);
        let mut demand = written.demand(context, requirement, scope, &when);
        demand.span = written.span(context).unwrap_or(demand.span);
        let role = match &one.assignment.roles[..] {
            [(_, RoleRef::Role(role))] => role.name.clone(),
            _ => "a role".to_owned(),
        };
        let case = Case { principal: &principal, role: &role, value: &name, ..Case::new(&demand) };
        let Some(mut finding) = findings::certain(context, rule, &case, &when) else { continue };
        let declared = context.deployment.origins.span(vault.origin).filter(|span| *span != finding.span);
        finding.related.extend(declared.map(|span| Note { message: format!("vault {name} is declared here"), span }));
        findings.push(finding);
    }
    work.report.findings.extend(findings);
}

/// The kind of grant that an entry of the catalogue is about.
fn of_kind(requirement: &str) -> AssignmentKind {
    match requirement {
        "KV-POLICY-NO-EFFECT" => AssignmentKind::AccessPolicy,
        _ => AssignmentKind::Role,
    }
}

fn written<'a>(context: &Context<'a>, idle: &'a Idle) -> Option<Written<'a>> {
    let resource = context.deployment.resource(idle.assignment.resource)?;
    let own = idle.assignment.made_by == rolecall_graph::MadeBy::Template && !idle.assignment.many;
    own.then_some(Written { number: usize::MAX, assignment: &idle.assignment, resource })
}

/// When a grant is for an identity of a cluster or of its workloads.
fn concerned(context: &Context<'_>, idle: &Idle) -> Condition {
    let inputs = &context.deployment.inputs;
    let mut all = Condition::FALSE;
    for (own, principal) in idle.assignment.principal.alternatives() {
        let name = principal_name(principal);
        for holder in context.holders().candidates(name.as_deref()) {
            let same = equality(inputs, principal, &holder.principal, Letters::Insensitive);
            all = all.or(&idle.assignment.when.and(&own).and(&holder.when).and(&same.equal));
        }
    }
    all
}

/// When the role that is granted is one for the data of vaults.
fn granted(assignment: &Assignment) -> Condition {
    let is_for_vaults = |role: &RoleDefinition| {
        let actions = role.blocks.iter().flat_map(|block| &block.data_actions);
        actions.into_iter().any(|action| action.to_ascii_lowercase().starts_with(DATA))
    };
    let roles = assignment.roles.iter();
    roles.fold(Condition::FALSE, |any, (when, role)| match role {
        RoleRef::Role(role) if is_for_vaults(role) => any.or(when),
        _ => any,
    })
}

/// The grants that may allow something with the data of vaults.
struct Others<'a> {
    all: Vec<&'a Assignment>,
    by_name: ByName,
}

impl<'a> Others<'a> {
    fn new(context: &Context<'a>) -> Self {
        let all = context.permissions.assignments().iter().filter(|one| !may_grant(one).is_false());
        let all: Vec<&Assignment> = all.collect();
        Others { by_name: ByName::new(all.iter().map(|one| &one.principal)), all }
    }

    /// When the same identity may have what the vault does ask, on it or on a part of it.
    fn serve(&self, context: &Context<'_>, idle: &Idle) -> Condition {
        let inputs = &context.deployment.inputs;
        let Some(vault) = context.deployment.resource(idle.vault) else { return Condition::FALSE };
        let here = Scope::parse(&vault.id.to_value());
        let name = principal_name(&idle.assignment.principal);
        let others = self.by_name.candidates(name.as_deref()).into_iter().filter_map(|place| self.all.get(place));
        let others = others.filter(|other| other.kind != idle.assignment.kind);
        others.fold(Condition::FALSE, |any, other| {
            let above = contains(inputs, &other.scope, &here).different;
            let apart = above.and(&contains(inputs, &here, &other.scope).different);
            let another =
                equality(inputs, &other.principal, &idle.assignment.principal, Letters::Insensitive).different;
            any.or(&other.when.and(&may_grant(other)).and_not(&another).and_not(&apart))
        })
    }
}

fn may_grant(assignment: &Assignment) -> Condition {
    let open = assignment.roles.iter().filter(|(_, role)| matches!(role, RoleRef::Unknown { .. }));
    open.fold(granted(assignment), |any, (when, _)| any.or(when))
}

/// Whether an id is another or lies in it.
fn is_in(id: &str, outer: &str) -> bool {
    let (id, outer) = (id.to_lowercase(), outer.to_lowercase());
    id.strip_prefix(&*outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
