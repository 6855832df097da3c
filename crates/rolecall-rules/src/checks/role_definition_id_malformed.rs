//! Assignments whose role is given as something that is no id of a role definition.

use rolecall_graph::builtin_named;
use rolecall_value::{ResourceId, Symbol, Value};

use super::Context;
use super::assignments::{self, ROLE, is_guid};
use super::unknown_role::ROLE_DEFINITIONS;
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::Rule;
use crate::trigger;

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let Some(requirement) = rule.requirements.first() else { return };
    for written in assignments::written(context) {
        for found in trigger::given(&context.deployment.inputs, &written.resource.body, ROLE) {
            let Some((what, guid)) = malformed(context, &found.value) else { continue };
            let when = written.assignment.when.and(&found.when);
            if when.is_false() {
                continue;
            }
            let name = context.permissions.identities().describe(&written.assignment.principal);
            let expected = format!("/providers/{ROLE_DEFINITIONS}/{}", guid.as_deref().unwrap_or("<GUID of the role>"));
            let demand = written.demand(context, requirement, found.value, &when);
            let role = written.name();
            let case = Case { principal: &name, role: &role, value: &what, expected: &expected, ..Case::new(&demand) };
            work.report.findings.extend(findings::certain(context, rule, &case, &when));
        }
    }
}

/// What stands there instead of an id, and the GUID of the role where that is known. What may be an id is none of it.
fn malformed(context: &Context<'_>, value: &Value) -> Option<(String, Option<String>)> {
    if let Some(id) = ResourceId::parse(value) {
        let guid = id.name().as_str().filter(|name| is_guid(name)).map(str::to_owned);
        return (!id.resource_type.is(ROLE_DEFINITIONS)).then(|| (format!("an id of {}", id.resource_type), guid));
    }
    if let Some(text) = value.as_str() {
        if is_guid(text) {
            return Some((format!("the bare GUID `{text}`"), Some(text.to_owned())));
        }
        let custom = || context.permissions.roles().custom().find(|role| role.name.eq_ignore_ascii_case(text)).cloned();
        let role = builtin_named(text).or_else(custom)?;
        let guid = is_guid(&role.guid).then(|| role.guid.clone());
        return Some((format!("the name `{text}`"), guid));
    }
    match value.as_symbol()? {
        Symbol::Call { function, .. } if &**function == "guid" => Some(("a bare GUID".to_owned(), None)),
        Symbol::Attribute { resource, path } if path.eq_ignore_ascii_case("name") => {
            let role = ResourceId::parse(resource).filter(|id| id.resource_type.is(ROLE_DEFINITIONS));
            role.map(|_| ("a bare GUID".to_owned(), None))
        }
        _ => None,
    }
}
