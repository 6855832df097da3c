//! Roles to change what lies in a node resource group in which nobody may change anything.

use rolecall_graph::{MadeBy, RoleDefinition, RoleRef};
use rolecall_value::{Condition, Scope, contains};

use super::Context;
use super::assignments;
use super::holders::Reach;
use crate::demand::demands;
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::Rule;
use crate::words;

const RESOURCE_GROUPS: &str = "Microsoft.Resources/resourceGroups";

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let deployment = context.deployment;
    let of_control_planes = context.holders().held(context, |holder| holder.reach == Reach::ControlPlane);
    let of_control_planes: Vec<_> = of_control_planes.iter().map(|held| held.written.number).collect();
    for place in demands(deployment, context.resources, rule) {
        for group in deployment.resources.iter().filter(|made| made.made_by == MadeBy::Azure(place.resource)) {
            if !group.id.resource_type.is(RESOURCE_GROUPS) {
                continue;
            }
            let Scope::Subscription(subscription) = &group.id.scope else { continue };
            let scope = Scope::ResourceGroup(subscription.clone(), group.id.name());
            for written in assignments::written(context).filter(|one| !of_control_planes.contains(&one.number)) {
                let inside = contains(&deployment.inputs, &scope, &written.assignment.scope).equal;
                let changes = written.assignment.roles.iter().filter_map(|(when, role)| match role {
                    RoleRef::Role(role) => Some((when, role)).filter(|(_, role)| is_to_change(role)),
                    RoleRef::Unknown { .. } => None,
                });
                let changes = changes.fold(Condition::FALSE, |any, (when, _)| any.or(when));
                let when = place.when.and(&group.when).and(&written.assignment.when).and(&inside).and(&changes);
                if when.is_false() {
                    continue;
                }
                let scope = written.assignment.scope.to_value();
                let mut demand = written.demand(context, place.requirement, scope, &when);
                if let Some(span) = written.span(context) {
                    demand.span = span;
                }
                let (principal, role) = (written.principal(context), written.name());
                let cluster = words::resource_id(&place.cluster);
                let case = Case { principal: &principal, role: &role, value: &cluster, ..Case::new(&demand) };
                work.report.findings.extend(findings::certain(context, rule, &case, &when));
            }
        }
    }
}

/// Whether a role is good for more than reading.
fn is_to_change(role: &RoleDefinition) -> bool {
    let reads = |action: &String| action.to_ascii_lowercase().ends_with("/read");
    role.blocks.iter().any(|block| block.open.is_none() && !block.actions.iter().all(reads))
}
