//! What is there instead of a grant that is missing: the assignment that was meant, and how it misses.

use rolecall_value::{Condition, Equality, Origin, ResourceId, Scope, Value, contains, id_equality, name_equality};

use crate::aks::CLUSTERS;
use crate::answer::{Answer, Need};
use crate::assignments::{Assignment, AssignmentKind};
use crate::identities::{SYSTEM_PRINCIPAL_ID, client_of, describe, identity_of};
use crate::query::{Permissions, principal_key, principal_name};
use crate::roles::{RoleRef, Verdict};
use crate::{ControlPlane, MadeBy, ResourceIndex};

/// How many near misses an answer names.
pub(crate) const MAX: usize = 3;

/// An assignment that nearly grants what is needed.
#[derive(Clone, Debug)]
pub struct NearMiss {
    /// How it misses.
    pub kind: NearKind,
    /// Its place among [`Permissions::assignments`].
    pub assignment: usize,
    /// The resource that makes it.
    pub resource: ResourceIndex,
    /// The role's name.
    pub role: String,
    /// Who has it, as a person would name it.
    pub principal: String,
    /// Where it is granted.
    pub scope: Scope,
    /// The actions that are needed and that it lacks.
    pub lacking: Vec<String>,
    /// When it is granted.
    pub when: Condition,
    /// Where it is written.
    pub origin: Origin,
}

/// How an assignment misses; the more useful to know, the earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NearKind {
    /// It names the identity's client id instead of its principal id.
    PrincipalIsClientId,
    /// It names the identity's resource id instead of its principal id.
    PrincipalIsResourceId,
    /// It names the identity's name instead of its principal id.
    PrincipalIsName,
    /// It names the cluster's own identity, and the cluster is given another.
    PrincipalIsSystemAssigned,
    /// It is made only under a narrower condition.
    NarrowerCondition,
    /// It is at another scope.
    AnotherScope,
    /// Its role lacks an action.
    RoleLacksAction,
    /// It is a role on the data of a vault that decides by its access policies.
    VaultAsksPolicies,
    /// It is for another principal.
    AnotherPrincipal,
}

/// The near misses of an answer that is not all granted.
pub(crate) fn find(
    of: &Permissions<'_>,
    need: &Need<'_>,
    principal: &Value,
    scope: &Scope,
    at_scope: &[u32],
    answer: &Answer,
) -> Vec<NearMiss> {
    let open = answer.missing.or(&answer.assumed);
    if open.is_false() {
        return Vec::new();
    }
    let mut out = Vec::new();
    for grant in &answer.grants {
        let assignment = &of.assignments[grant.assignment];
        if grant.when.excludes(&open) && lacking(assignment, need).is_some_and(|lacks| lacks.is_empty()) {
            push(of, &mut out, NearKind::NarrowerCondition, grant.assignment, need);
        }
    }
    let name = principal_name(principal);
    let policies = &of.asks_policies(scope);
    for &place in at_scope {
        let number = place as usize;
        let assignment = &of.assignments[number];
        if assignment.made_by != MadeBy::Template || assignment.when.excludes(&open) {
            continue;
        }
        let there = contains(of.inputs(), &assignment.scope, scope);
        if !open.implies(&there.equal) {
            continue;
        }
        let Some(lacks) = lacking(assignment, need) else { continue };
        let another = of.is_for_another(place, name.as_deref());
        let same = if another { Equality::never() } else { of.same_principal(&assignment.principal, principal) };
        if open.implies(&same.equal) {
            if !lacks.is_empty() {
                push(of, &mut out, NearKind::RoleLacksAction, number, need);
            } else if assignment.kind == AssignmentKind::Role && !need.data_actions.is_empty() && open.implies(policies)
            {
                push(of, &mut out, NearKind::VaultAsksPolicies, number, need);
            }
        } else if lacks.is_empty() && open.implies(&same.different) {
            let kind = mistaken(of, assignment, principal).unwrap_or(NearKind::AnotherPrincipal);
            push(of, &mut out, kind, number, need);
        }
    }
    for &number in of.by_principal.get(&principal_key(principal)).into_iter().flatten() {
        let number = number as usize;
        let assignment = &of.assignments[number];
        if assignment.made_by == MadeBy::Template
            && !assignment.when.excludes(&open)
            && open.implies(&contains(of.inputs(), &assignment.scope, scope).different)
            && lacking(assignment, need).is_some_and(|lacks| lacks.is_empty())
        {
            push(of, &mut out, NearKind::AnotherScope, number, need);
        }
    }
    out.sort_by_key(|near| (near.kind, near.assignment));
    out.truncate(MAX);
    out
}

fn push(of: &Permissions<'_>, out: &mut Vec<NearMiss>, kind: NearKind, number: usize, need: &Need<'_>) {
    let assignment = &of.assignments[number];
    out.push(NearMiss {
        kind,
        assignment: number,
        resource: assignment.resource,
        role: assignment.roles.first().map(|(_, role)| role.name().to_owned()).unwrap_or_default(),
        principal: describe(&assignment.principal),
        scope: assignment.scope.clone(),
        lacking: lacking(assignment, need).unwrap_or_default(),
        when: assignment.when.clone(),
        origin: assignment.origin,
    });
}

/// What is needed and not granted for sure by the role; `None` where the role is open.
fn lacking(assignment: &Assignment, need: &Need<'_>) -> Option<Vec<String>> {
    let [(_, RoleRef::Role(role))] = &assignment.roles[..] else { return None };
    let actions = need.actions.iter().map(|action| (action, false));
    let all = actions.chain(need.data_actions.iter().map(|action| (action, true)));
    let lacks = all.filter(|(action, data)| role.grants(action, *data) != Verdict::Granted);
    Some(lacks.map(|(action, _)| action.clone()).collect())
}

/// How the assignment names the right identity by the wrong value.
fn mistaken(of: &Permissions<'_>, assignment: &Assignment, principal: &Value) -> Option<NearKind> {
    if let Some(client) = client_of(principal) {
        let same = name_equality(of.inputs(), client, &assignment.principal).equal.is_true();
        return same.then_some(NearKind::PrincipalIsClientId);
    }
    let (identity, _) = identity_of(principal)?;
    let own = ResourceId::parse(identity);
    let is_own = |value: &Value| match (&own, ResourceId::parse(value)) {
        (Some(own), Some(other)) => id_equality(of.inputs(), own, &other).equal.is_true(),
        _ => value == identity,
    };
    let written = &assignment.principal;
    if let Some((resource, path)) = identity_of(written) {
        if path.to_ascii_lowercase().ends_with("clientid") && is_own(resource) {
            return Some(NearKind::PrincipalIsClientId);
        }
        let cluster = ResourceId::parse(resource).filter(|id| id.resource_type.is(CLUSTERS))?;
        let given = of.identities.resources(&cluster).into_iter().any(|(index, _)| {
            let planes = of.identities.control_plane(index);
            planes.iter().any(|(_, plane)| {
                matches!(plane, ControlPlane::UserAssigned { .. }) && plane.principal() == Some(principal)
            })
        });
        return (path.eq_ignore_ascii_case(SYSTEM_PRINCIPAL_ID) && given)
            .then_some(NearKind::PrincipalIsSystemAssigned);
    }
    if is_own(written) {
        return Some(NearKind::PrincipalIsResourceId);
    }
    let named = own.is_some_and(|own| name_equality(of.inputs(), &own.name(), written).equal.is_true());
    named.then_some(NearKind::PrincipalIsName)
}
