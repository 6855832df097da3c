//! What the rules about least privilege have in common: the identities of a deployment's clusters, who can act as them,
//! and which of the roles that templates assign they hold.

use rolecall_graph::{
    CLUSTERS, Kubelet, MadeBy, PermissionBlock, RoleDefinition, RoleRef, USER_ASSIGNED, Verdict, covers,
};
use rolecall_value::{Case, Condition, ResourceId, Scope, Value, equality};
use rustc_hash::FxHashMap;

use super::Context;
use super::assignments::{self, Written};
use super::by_name::ByName;
use super::credentials::CREDENTIALS;
use crate::demand::partial_update;
use crate::words;

const RESOURCE_GROUPS: &str = "Microsoft.Resources/resourceGroups";

/// How the subject of a service account in Kubernetes begins.
const SERVICE_ACCOUNT: &str = "system:serviceaccount:";

/// What gives roles to anybody.
const ASSIGN: &str = "Microsoft.Authorization/roleAssignments/write";

/// Who can act as an identity: the more, the earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
    /// Every pod, since the nodes have it: the kubelet's.
    Nodes,
    /// Every pod, since the nodes have it: an add-on's.
    AddOn,
    /// The pods under a service account.
    Workload,
    /// Nobody but AKS.
    ControlPlane,
}

/// An identity of a cluster.
pub(super) struct Holder {
    /// Its principal id.
    pub principal: Value,
    /// Who can act as it.
    pub reach: Reach,
    /// The same as a clause.
    pub who: String,
    /// When it is one.
    pub when: Condition,
}

impl Holder {
    /// Whether it is the kubelet's or the control plane's.
    pub(super) fn is_of_cluster(&self) -> bool {
        matches!(self.reach, Reach::Nodes | Reach::ControlPlane)
    }
}

/// An assignment to an identity of a cluster.
pub(super) struct Held<'a, 'h> {
    /// The assignment.
    pub written: Written<'a>,
    /// Whom it is for.
    pub holder: &'h Holder,
    /// When it is made, and for that identity.
    pub when: Condition,
}

/// The identities of the clusters that templates make.
pub(super) struct Holders {
    /// Those that most can act as first.
    all: Vec<Holder>,
    by_name: ByName,
}

impl Holders {
    pub(super) fn new(context: &Context<'_>) -> Self {
        let all = all(context);
        Holders { by_name: ByName::new(all.iter().map(|holder| &holder.principal)), all }
    }

    /// Those that a principal with an identity of this name may be; all, where it has none.
    pub(super) fn candidates(&self, name: Option<&str>) -> impl Iterator<Item = &Holder> {
        self.by_name.candidates(name).into_iter().filter_map(|place| self.all.get(place))
    }

    /// The roles that templates assign to those of them that are wanted.
    pub(super) fn held<'a, 'h>(&'h self, context: &Context<'a>, wanted: impl Fn(&Holder) -> bool) -> Vec<Held<'a, 'h>> {
        if !self.all.iter().any(&wanted) {
            return Vec::new();
        }
        assignments::written(context).flat_map(|written| self.held_by(context, written, &wanted)).collect()
    }

    /// The same of one assignment. An identity that is two things at once is the first of them.
    pub(super) fn held_by<'a, 'h>(
        &'h self,
        context: &Context<'a>,
        written: Written<'a>,
        wanted: impl Fn(&Holder) -> bool,
    ) -> Vec<Held<'a, 'h>> {
        let mut out = Vec::new();
        for (own, principal) in written.assignment.principal.alternatives() {
            let mut rest = written.assignment.when.and(&own);
            for holder in self.candidates(context.permissions.assigned_to(written.number)).filter(|one| wanted(one)) {
                if rest.is_false() {
                    break;
                }
                let same = equality(&context.deployment.inputs, principal, &holder.principal, Case::Insensitive);
                let when = rest.and(&holder.when).and(&same.equal);
                if !when.is_false() {
                    rest = rest.and_not(&when);
                    out.push(Held { written, holder, when });
                }
            }
        }
        out
    }
}

fn all(context: &Context<'_>) -> Vec<Holder> {
    let deployment = context.deployment;
    let identities = context.permissions.identities();
    let mut by_aks: FxHashMap<_, Vec<_>> = FxHashMap::default();
    for (_, made) in deployment.of_type(USER_ASSIGNED) {
        if let MadeBy::Azure(cluster) = made.made_by {
            by_aks.entry(cluster).or_default().push(made);
        }
    }
    let mut out = Vec::new();
    for &index in context.resources.of(CLUSTERS) {
        let Some(cluster) = deployment.resource(index) else { continue };
        let own = cluster.when.and_not(&partial_update(deployment, cluster));
        let name = words::resource_id(&cluster.id);
        let mut add = |when: &Condition, principal: &Value, reach: Reach, who: &str| {
            let when = own.and(when);
            if !when.is_false() {
                out.push(Holder { principal: principal.clone(), reach, who: format!("{who} {name}"), when });
            }
        };
        const PODS: &str = "every pod can act as it on the nodes of";
        for (when, kubelet) in identities.kubelet(index) {
            match kubelet {
                Kubelet::Brought { principal, certain: true, .. } | Kubelet::Made { principal, .. } => {
                    add(&when, &principal, Reach::Nodes, PODS);
                }
                _ => {}
            }
        }
        for made in by_aks.get(&index).into_iter().flatten() {
            let principal = rolecall_graph::user_assigned_principal(&made.id.to_value());
            add(&made.when, &principal, Reach::AddOn, PODS);
        }
        for (when, plane) in identities.control_plane(index) {
            if let Some(principal) = plane.principal() {
                add(&when, principal, Reach::ControlPlane, "it is the control plane's of");
            }
        }
    }
    for &index in context.resources.of(CREDENTIALS) {
        let Some(credential) = deployment.resource(index) else { continue };
        let Some(identity) = credential.id.parent() else { continue };
        let subject = credential.body.get("properties").and_then(|properties| properties.get("subject"));
        let account = subject.and_then(|subject| Some(subject.plain().strip_prefix(SERVICE_ACCOUNT)?.to_owned()));
        let Some(account) = account else { continue };
        let who = format!("the pods under the service account `{}` can act as it", account.replace(':', "/"));
        // An identity that AKS made is looked up in the group that the cluster answers.
        let principal = identities.canonical(&rolecall_graph::user_assigned_principal(&identity.to_value()));
        for (own, principal) in principal.alternatives() {
            let when = credential.when.and(&own);
            if !when.is_false() {
                let principal = principal.clone();
                out.push(Holder { principal, reach: Reach::Workload, who: who.clone(), when });
            }
        }
    }
    out.sort_by_key(|holder| holder.reach);
    out
}

impl Held<'_, '_> {
    /// The roles that are known, each with when it is assigned.
    pub(super) fn roles(&self) -> impl Iterator<Item = (Condition, &RoleDefinition)> {
        self.written.assignment.roles.iter().filter_map(|(own, role)| match role {
            RoleRef::Role(role) => Some((self.when.and(own), &**role)),
            RoleRef::Unknown { .. } => None,
        })
    }
}

/// How much a scope holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Width {
    /// A resource and what lies in it.
    Resource,
    /// A resource group.
    Group,
    /// A subscription at least.
    Subscription,
}

/// How much a scope holds, where that can be told.
pub(super) fn width(scope: &Scope) -> Option<Width> {
    match scope {
        Scope::Tenant | Scope::ManagementGroup(_) | Scope::Subscription(_) => Some(Width::Subscription),
        Scope::ResourceGroup(..) => Some(Width::Group),
        Scope::Resource(id) if id.resource_type.is(RESOURCE_GROUPS) => Some(Width::Group),
        Scope::Resource(_) => Some(Width::Resource),
        Scope::Opaque(_) => None,
    }
}

/// What makes a role dangerous.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Power {
    /// It gives roles to anybody, its holder included.
    Assign,
    /// It changes everything.
    Change,
}

/// What makes a role dangerous, whatever the request.
pub(super) fn power(role: &RoleDefinition) -> Option<Power> {
    let all = "*/write";
    let changes = |block: &PermissionBlock| {
        block.open.is_none()
            && block.condition.is_none()
            && block.actions.iter().any(|action| covers(action, all))
            && !block.not_actions.iter().any(|action| covers(action, all))
    };
    match role.grants(ASSIGN, false) {
        Verdict::Granted => Some(Power::Assign),
        _ => role.blocks.iter().any(changes).then_some(Power::Change),
    }
}

/// Whether a role is more than this identity should hold there; `Some(true)` where a little less so.
pub(super) fn too_much(held: &Held<'_, '_>, role: &RoleDefinition) -> Option<(Power, bool)> {
    if held.written.assignment.condition.as_ref().is_some_and(|condition| !condition.is_null()) {
        // It was thought about what it may be used for.
        return None;
    }
    let width = width(&held.written.assignment.scope)?;
    let power = power(role)?;
    match (held.holder.reach, power, width) {
        (_, _, Width::Resource) | (Reach::ControlPlane, Power::Change, Width::Group) => None,
        (Reach::Workload, Power::Change, Width::Group) => Some((power, true)),
        _ => Some((power, false)),
    }
}

/// Whether the deployment certainly creates the resource of a scope whenever this holds.
pub(super) fn is_created(context: &Context<'_>, scope: &Scope, when: &Condition) -> bool {
    let id = match scope {
        Scope::Resource(id) => ResourceId::clone(id),
        _ => return false,
    };
    when.implies(&context.permissions.identities().created(&id).yes)
}

#[cfg(test)]
mod tests {
    use rolecall_graph::builtin_named;

    use super::*;

    fn of(name: &str) -> Option<Power> {
        power(&builtin_named(name).expect("a built-in role"))
    }

    #[test]
    fn roles_that_give_roles_are_told_from_those_that_change_everything() {
        for name in ["Owner", "User Access Administrator", "Role Based Access Control Administrator"] {
            assert_eq!(of(name), Some(Power::Assign), "{name}");
        }
        assert_eq!(of("Contributor"), Some(Power::Change));
    }

    #[test]
    fn roles_for_one_service_or_for_reading_are_not_dangerous() {
        for name in ["Reader", "Network Contributor", "AcrPull", "Key Vault Data Access Administrator"] {
            assert_eq!(of(name), None, "{name}");
        }
    }
}
