//! Kubelet identities whose client id or object id is another identity's, or the other of the two.

use rolecall_graph::{USER_ASSIGNED, user_assigned_principal};
use rolecall_source::Note;
use rolecall_value::{Case as Letters, Condition, ResourceId, Symbol, Value, equality, walk};

use super::Context;
use crate::demand::{Demand, demands, span_of};
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::{Rule, RuleLevel};
use crate::words;

const PROFILE: &str = "properties.identityProfile.kubeletidentity";

/// The properties, what each is called, and the attribute of the identity that it must be.
const PARTS: [(&str, &str); 2] = [("clientId", "properties.clientId"), ("objectId", "properties.principalId")];

/// A property that holds something of another identity.
struct Wrong {
    property: &'static str,
    expected: &'static str,
    value: Value,
    when: Condition,
}

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let deployment = context.deployment;
    let identities = context.permissions.identities();
    for place in demands(deployment, context.resources, rule) {
        let Some(cluster) = deployment.resource(place.resource) else { continue };
        let is_identity = ResourceId::parse(&place.scope).is_some_and(|id| id.resource_type.is(USER_ASSIGNED));
        if !is_identity {
            continue;
        }
        let mut all: Vec<Wrong> = Vec::new();
        for (property, expected) in PARTS {
            for found in walk(&deployment.inputs, &cluster.body, &format!("{PROFILE}.{property}")) {
                for (own, value) in identities.canonical(&found.value).alternatives() {
                    // A text may be filled in later, an attribute is what it is.
                    let decidable = value.as_symbol().is_some() || ResourceId::parse(value).is_some();
                    if !found.certain || !decidable {
                        continue;
                    }
                    let right = match property {
                        "objectId" => user_assigned_principal(&place.scope),
                        _ => Value::attribute(place.scope.clone(), expected),
                    };
                    let same = equality(&deployment.inputs, value, &right, Letters::Insensitive);
                    let when = place.when.and(&found.when).and(&own).and(&same.different);
                    if !when.is_false() {
                        let value = value.clone().with_origin(found.value.origin());
                        all.push(Wrong { property, expected, value, when });
                    }
                }
            }
        }
        // Both at once are one mistake.
        let beside = match &all[..] {
            [first, second] if first.property != second.property && first.when == second.when => all.pop(),
            _ => None,
        };
        for wrong in all {
            let mut demand = Demand { span: span_of(deployment, &wrong.value, cluster), ..place.clone() };
            if !deployment.has_provider(place.resource) {
                // There the resource id alone is enough.
                demand.level = Some(RuleLevel::Warning);
            }
            let says = |wrong: &Wrong| format!("{} is the {}", wrong.property, what(context, &wrong.value));
            let value = match &beside {
                Some(other) => format!("{} and {}", says(&wrong), says(other)),
                None => says(&wrong),
            };
            let needs = |wrong: &Wrong| format!("`{}` to its `{}`", wrong.property, wrong.expected);
            let expected = match &beside {
                Some(other) => format!("{} and {}", needs(&wrong), needs(other)),
                None => needs(&wrong),
            };
            let case = Case { value: &value, expected: &expected, ..Case::new(&demand) };
            let Some(mut finding) = findings::certain(context, rule, &case, &wrong.when) else { continue };
            if let Some(other) = &beside {
                let span = span_of(deployment, &other.value, cluster);
                finding.related.push(Note { message: format!("`{}` is set here", other.property), span });
            }
            work.report.findings.push(finding);
        }
    }
}

/// What a value is, and whose.
fn what(context: &Context<'_>, value: &Value) -> String {
    let name = context.permissions.identities().describe(value);
    match value.as_symbol() {
        Some(Symbol::Attribute { path, .. }) if path.eq_ignore_ascii_case("properties.principalId") => {
            format!("principal id of {name}")
        }
        Some(_) => name,
        None => format!("resource id of {}", words::resource(value)),
    }
}
