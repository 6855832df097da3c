//! Assignments that say of a principal that it is of another kind than it is.

use rolecall_value::{Condition, ResourceId, Value};

use super::Context;
use super::assignments::{self, Written};
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::Rule;
use crate::{Finding, mend, trigger};

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let Some(requirement) = rule.requirements.first() else { return };
    for written in assignments::written(context) {
        if written.assignment.principal_type.is_none() {
            continue;
        }
        let principals = written.assignment.principal.alternatives();
        let kinds: Vec<_> =
            principals.into_iter().filter_map(|(when, principal)| Some((when, principal, kind(principal)?))).collect();
        for (own, principal, kind) in kinds {
            for (wrong, value) in other_than(context, &written, kind) {
                let when = written.assignment.when.and(&own).and(&wrong);
                if when.is_false() {
                    continue;
                }
                let demand = written.demand(context, requirement, value.clone(), &when);
                let name = context.permissions.identities().describe(principal);
                let (role, says) = (written.name(), value.plain());
                let case = Case { principal: &name, role: &role, value: &says, expected: kind, ..Case::new(&demand) };
                let mend = mend::principal_type(written.assignment.resource, kind);
                let found = findings::certain(context, rule, &case, &when);
                work.report.findings.extend(found.map(|finding| Finding { mend: Some(mend), ..finding }));
            }
        }
    }
}

/// What kind of principal a canonical principal id certainly belongs to.
fn kind(principal: &Value) -> Option<&'static str> {
    if assignments::owner(principal).is_some() {
        return Some("ServicePrincipal");
    }
    let (resource, path) = assignments::attribute(principal)?;
    let id = ResourceId::parse(resource)?;
    let of_type = |name: &str| id.resource_type.is(name);
    let is_object = ["properties.principalId", "objectId"].iter().any(|known| path.eq_ignore_ascii_case(known));
    match is_object {
        true if of_type("Microsoft.Graph/servicePrincipals") => Some("ServicePrincipal"),
        true if of_type("Microsoft.Graph/groups") => Some("Group"),
        true if of_type("Microsoft.Graph/users") => Some("User"),
        _ => None,
    }
}

/// The types given that are certainly not this one.
fn other_than(context: &Context<'_>, written: &Written<'_>, kind: &str) -> Vec<(Condition, Value)> {
    let given = trigger::given(&context.deployment.inputs, &written.resource.body, "properties.principalType");
    let is = |says: &str| {
        // A group of another tenant is a group as well.
        says.eq_ignore_ascii_case(kind) || (kind == "Group" && says.eq_ignore_ascii_case("ForeignGroup"))
    };
    let wrong = given.into_iter().filter(|found| found.value.as_str().is_some_and(|says| !is(says)));
    wrong.map(|found| (found.when, found.value)).collect()
}
