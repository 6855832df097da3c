//! The one question: may this principal do these actions at this scope, and under which condition?
//!
//! The answer splits the condition of the need into four that exclude each other and cover it: granted, missing,
//! assumed (nothing here grants it, and somebody outside may), undecided (and what stands in the way). *Missing* is said
//! only where nothing that could not be read may hold the grant.
//!
//! What makes a permission needed is not known here.

use rolecall_value::{Case, Condition, Equality, Inputs, Kind, Piece, ResourceId, Scope, Symbol, Value, equality};
use rustc_hash::FxHashMap;

use crate::answer::{Answer, Need};
use crate::assignments::{Assignment, assignments, scopes};
use crate::identities::{PRINCIPAL_ID, SYSTEM_PRINCIPAL_ID, USER_ASSIGNED, application_of, client_of, identity_of};
use crate::index::IdIndex;
use crate::openings::{Opening, openings};
use crate::question::Question;
use crate::roles::Roles;
use crate::{Deployment, Identities, ResourceIndex, near};

pub(crate) const RESOURCE_GROUPS: &str = "Microsoft.Resources/resourceGroups";

/// The permissions that a deployment grants, indexed.
pub struct Permissions<'a> {
    pub(crate) deployment: &'a Deployment,
    pub(crate) identities: Identities<'a>,
    roles: Roles,
    pub(crate) assignments: Vec<Assignment>,
    by_scope: IdIndex,
    /// Assignments at scopes above resource groups, and at what could not be read.
    broad: Vec<u32>,
    pub(crate) by_principal: FxHashMap<String, Vec<u32>>,
    /// The name of the identity that each assignment is for, where it is a known text.
    names: Vec<Option<String>>,
    pub(crate) openings: Vec<Opening>,
}

impl<'a> Permissions<'a> {
    /// Reads the assignments and role definitions of a deployment. What AKS makes must be in it already (see
    /// [`add_managed`](crate::add_managed)).
    pub fn new(deployment: &'a Deployment) -> Self {
        let identities = Identities::new(deployment);
        let roles = Roles::new(deployment);
        let assignments = assignments(deployment, &identities, &roles);
        let mut by_scope = IdIndex::default();
        let mut broad = Vec::new();
        let mut by_principal: FxHashMap<String, Vec<u32>> = FxHashMap::default();
        for (number, assignment) in (0..).zip(&assignments) {
            match level(&assignment.scope) {
                Some(id) => by_scope.insert(&id, number),
                None => broad.push(number),
            }
            for (_, principal) in assignment.principal.alternatives() {
                by_principal.entry(principal_key(principal)).or_default().push(number);
            }
        }
        let names = assignments.iter().map(|assignment| principal_name(&assignment.principal)).collect();
        let openings = openings(deployment, &identities);
        Permissions { deployment, identities, roles, assignments, by_scope, broad, by_principal, names, openings }
    }

    /// The deployment.
    pub fn deployment(&self) -> &'a Deployment {
        self.deployment
    }

    /// The identities of the deployment.
    pub fn identities(&self) -> &Identities<'a> {
        &self.identities
    }

    /// The role definitions of the deployment.
    pub fn roles(&self) -> &Roles {
        &self.roles
    }

    /// The assignments of the deployment, in order of their resources.
    pub fn assignments(&self) -> &[Assignment] {
        &self.assignments
    }

    /// The assignments that a resource makes.
    pub fn made_by(&self, resource: ResourceIndex) -> &[Assignment] {
        let start = self.assignments.partition_point(|one| one.resource < resource);
        let rest = &self.assignments[start..];
        &rest[..rest.partition_point(|one| one.resource == resource)]
    }

    /// The name of the identity that an assignment is for, as [`principal_name`] has it; none where it may be one of
    /// several.
    pub fn assigned_to(&self, number: usize) -> Option<&str> {
        self.names.get(number)?.as_deref()
    }

    /// Answers a need.
    pub fn ask(&self, need: &Need<'_>) -> Answer {
        self.ask_among(need, &|_| true)
    }

    /// Answers a need as if there were only some of the assignments.
    pub fn ask_among(&self, need: &Need<'_>, among: &dyn Fn(&Assignment) -> bool) -> Answer {
        self.ask_with(need, among, true)
    }

    /// Answers a need as if there were no scripts of which it is known as whom they act.
    pub(crate) fn ask_apart_from_scripts(&self, need: &Need<'_>) -> Answer {
        self.ask_with(need, &|_| true, false)
    }

    fn ask_with(&self, need: &Need<'_>, among: &dyn Fn(&Assignment) -> bool, scripts: bool) -> Answer {
        let mut answer = Answer::nothing();
        for (when, principal) in self.identities.canonical(need.principal).alternatives() {
            for (own, scope) in scopes(&self.identities, &Scope::Opaque(need.scope.clone())) {
                let when = need.when.and(&when).and(&own);
                if !when.is_false() {
                    let part =
                        Question { of: self, need, principal, scope: &scope, when: &when, among, scripts }.answer();
                    answer.add(part);
                }
            }
        }
        answer.near.sort_by_key(|near| (near.kind, near.assignment));
        answer.near.dedup_by_key(|near| (near.kind, near.assignment));
        answer.near.truncate(near::MAX);
        if [&answer.granted, &answer.missing, &answer.assumed, &answer.undecided].iter().any(|one| one.is_too_large()) {
            answer.give_up(need.when);
        }
        answer
    }

    /// The assignments whose scope may contain this one, in order.
    pub(crate) fn at_scope(&self, scope: &Scope) -> Vec<u32> {
        let mut found = self.broad.clone();
        let mut at = scope.clone();
        loop {
            let mut id = level(&at);
            if id.is_none() && matches!(at, Scope::Opaque(_)) {
                return (0..).take(self.assignments.len()).collect();
            }
            while let Some(one) = id {
                found.extend(self.by_scope.candidates(&one));
                id = if one.resource_type.is(RESOURCE_GROUPS) { None } else { one.parent() };
            }
            at = match at {
                Scope::Resource(id) => id.scope.clone(),
                _ => break,
            };
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Whether an assignment is certainly for another identity than that of this name: a cheap look before the real one.
    pub(crate) fn is_for_another(&self, number: u32, name: Option<&str>) -> bool {
        match (self.names.get(number as usize), name) {
            (Some(Some(own)), Some(name)) => own != name,
            _ => false,
        }
    }

    /// When two principal ids are the same. Two resources that the deployment writes under different names are two, even
    /// where the names are open parameters.
    pub(crate) fn same_principal(&self, a: &Value, b: &Value) -> Equality {
        if [a, b].into_iter().any(|one| matches!(one.kind(), Kind::Array(_) | Kind::Object(_))) {
            return Equality::never();
        }
        let mut same = equality(self.inputs(), a, b, Case::Insensitive);
        if [a, b].into_iter().filter_map(identity_of).any(|(resource, _)| is_name(resource)) {
            // What a name refers to was not found, so it may be anything.
            same.different = Condition::FALSE;
        }
        if [(a, b), (b, a)].into_iter().any(|(one, other)| application_of(one).is_some() && is_managed_identity(other))
        {
            return Equality::never();
        }
        if let (Some((x, p)), Some((y, q))) = (identity_of(a), identity_of(b))
            && p.eq_ignore_ascii_case(q)
            && !same.undecided().is_false()
            && let (Some(x), Some(y)) = (ResourceId::parse(x), ResourceId::parse(y))
            && self.are_two(&x, &y)
        {
            same.different = same.different.or(&same.undecided());
        }
        for (one, other) in [(a, b), (b, a)] {
            // No service principal has the id of its application for its own.
            if let Some(client) = client_of(one) {
                let own = equality(self.inputs(), client, other, Case::Insensitive).equal;
                same.different = same.different.or(&same.undecided().and(&own));
            }
            // Whoever deploys is there before the identities that the deployment creates.
            if is_deployer(one) {
                let new = same.undecided().and(&self.identities.principal_created(other).yes);
                same.different = same.different.or(&new);
            }
        }
        same
    }

    /// Whether these are the ids of two resources that the deployment itself writes.
    fn are_two(&self, a: &ResourceId, b: &ResourceId) -> bool {
        let own = |id: &ResourceId| {
            let found = self.identities.resources(id).into_iter().map(|(index, _)| index);
            let mut exact = found.filter(|index| self.deployment.resource(*index).is_some_and(|own| own.id == *id));
            exact.next()
        };
        let plain = |id: &ResourceId| id.names.iter().all(is_plain_name);
        a.resource_type == b.resource_type
            && plain(a)
            && plain(b)
            && matches!((own(a), own(b)), (Some(a), Some(b)) if a != b)
    }

    pub(crate) fn inputs(&self) -> &Inputs {
        &self.deployment.inputs
    }
}

/// Whether a principal is whoever deploys.
fn is_deployer(principal: &Value) -> bool {
    let is_fact =
        |value: &Value| matches!(value.as_symbol(), Some(Symbol::Environment(fact)) if fact.starts_with("deployer()"));
    is_fact(principal) || identity_of(principal).is_some_and(|(whose, _)| is_fact(whose))
}

/// Whether a text names a resource without being its id.
fn is_name(resource: &Value) -> bool {
    match resource.kind() {
        Kind::Str(text) => !text.starts_with('/'),
        Kind::Text(pieces) => matches!(pieces.first(), Some(Piece::Literal(text)) if !text.starts_with('/')),
        _ => false,
    }
}

/// Whether a canonical principal is a managed identity.
fn is_managed_identity(principal: &Value) -> bool {
    identity_of(principal).is_some_and(|(resource, path)| {
        path.eq_ignore_ascii_case(SYSTEM_PRINCIPAL_ID)
            || path.eq_ignore_ascii_case(PRINCIPAL_ID)
                && ResourceId::parse(resource).is_some_and(|id| id.resource_type.is(USER_ASSIGNED))
    })
}

/// Whether a name is made of text, parameters and facts about the deployment alone: computed names may coincide.
fn is_plain_name(name: &Value) -> bool {
    let plain = |value: &Value| matches!(value.as_symbol(), Some(Symbol::Input(_) | Symbol::Environment(_)));
    match name.kind() {
        Kind::Str(_) => true,
        Kind::Text(pieces) => pieces.iter().all(|piece| match piece {
            Piece::Literal(_) => true,
            Piece::Hole(value) => plain(value),
        }),
        _ => plain(name),
    }
}

pub(crate) fn principal_key(principal: &Value) -> String {
    principal.text().to_lowercase()
}

/// The folded type and name of the identity behind a canonical principal id, where both are known texts: principals
/// with two of them are two.
pub fn principal_name(principal: &Value) -> Option<String> {
    let (resource, path) = identity_of(principal)?;
    if !path.eq_ignore_ascii_case(PRINCIPAL_ID) && !path.eq_ignore_ascii_case(SYSTEM_PRINCIPAL_ID) {
        return None;
    }
    let id = ResourceId::parse(resource)?;
    Some(format!("{}/{}", id.resource_type.folded(), id.name().as_str()?.to_lowercase()))
}

/// The id by which a scope is indexed.
pub(crate) fn level(scope: &Scope) -> Option<ResourceId> {
    match scope {
        Scope::Resource(id) => Some((**id).clone()),
        Scope::ResourceGroup(subscription, name) => Some(ResourceId {
            scope: Scope::Subscription(subscription.clone()),
            resource_type: RESOURCE_GROUPS.into(),
            names: vec![name.clone()],
        }),
        _ => None,
    }
}
