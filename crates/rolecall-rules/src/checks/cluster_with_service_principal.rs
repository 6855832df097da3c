//! Clusters that run as a service principal, and have no identity beside it.

use rolecall_graph::ControlPlane;
use rolecall_value::{Condition, Inputs, Kind, Symbol, Value};

use super::Context;
use crate::demand::{Demand, demands, span_of};
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::Rule;
use crate::trigger;

/// What stands where a client id would, and means a managed identity.
const MANAGED: &str = "msi";

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let deployment = context.deployment;
    let identities = context.permissions.identities();
    for place in demands(deployment, context.resources, rule) {
        let Some(cluster) = deployment.resource(place.resource) else { continue };
        for (when, plane) in identities.control_plane(place.resource) {
            let ControlPlane::ServicePrincipal { client_id, principal } = plane else { continue };
            if !matches!(client_id.kind(), Kind::Str(_) | Kind::Text(_) | Kind::Symbol(_)) {
                continue;
            }
            let when = place.when.and(&when).and_not(&managed(&deployment.inputs, &client_id));
            let demand = Demand { span: span_of(deployment, &client_id, cluster), ..place.clone() };
            let name = identities.describe(&principal);
            let case = Case { principal: &name, ..Case::new(&demand) };
            work.report.findings.extend(findings::certain(context, rule, &case, &when));
        }
    }
}

/// When a client id is the word for a managed identity, or left empty.
fn managed(inputs: &Inputs, client_id: &Value) -> Condition {
    match client_id.as_symbol() {
        // What is given by hand is written as the word is.
        Some(Symbol::Input(input)) if input.alternatives.is_none() => inputs.is(input, &Value::string(MANAGED)),
        // What a resource answers is no word that somebody chose.
        Some(Symbol::Attribute { .. }) => Condition::FALSE,
        _ => trigger::is(inputs, client_id, MANAGED).or(&trigger::is(inputs, client_id, "")),
    }
}
