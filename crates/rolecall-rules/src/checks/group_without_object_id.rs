//! Groups of Entra ID that are named by something that is no object id: among a cluster's administrators, and in role
//! bindings of Kubernetes.

use rolecall_graph::{CLUSTERS, Language, guid_text};
use rolecall_value::{Condition, Kind, Piece, Symbol, Value};

use super::credentials::is_placeholder;
use super::{Context, issuer};
use crate::demand::demands;
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::{Rule, RuleLevel};

/// What groups of Kubernetes itself begin with.
const KUBERNETES: &str = "system:";

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let deployment = context.deployment;
    let entra = entra(context);
    for mut place in demands(deployment, context.resources, rule) {
        let Some(what) = fault(&place.scope) else { continue };
        let Some(resource) = deployment.resource(place.resource) else { continue };
        if !resource.id.resource_type.is(CLUSTERS) {
            // Without Entra ID groups have what names somebody gives them.
            place.when = place.when.and(&entra);
        } else if deployment.language != Language::Terraform || place.scope.as_str().is_none() {
            // Terraform's provider refuses a text that is no GUID; what Azure itself does, no source says.
            place.level = Some(RuleLevel::Warning);
        }
        let case = Case { value: &what, ..Case::new(&place) };
        work.report.findings.extend(findings::certain(context, rule, &case, &place.when));
    }
}

/// When some cluster of the deployment lets people in by Entra ID.
fn entra(context: &Context<'_>) -> Condition {
    let clusters = context.resources.of(CLUSTERS).iter().filter_map(|&index| context.deployment.resource(index));
    clusters.fold(Condition::FALSE, |any, cluster| {
        let own = issuer::present(&context.deployment.inputs, cluster, "properties.aadProfile");
        any.or(&cluster.when.and(&own))
    })
}

/// What stands in place of an object id; nothing where it may be one.
fn fault(group: &Value) -> Option<String> {
    let wrong = match group.kind() {
        Kind::Str(text) => guid_text(text).is_none() && !is_placeholder(text) && !text.starts_with(KUBERNETES),
        Kind::Text(pieces) => matches!(pieces.first(), Some(Piece::Literal(text)) if text.starts_with('/')),
        Kind::Symbol(symbol) => match &**symbol {
            Symbol::Attribute { path, .. } => ["displayName", "uniqueName", "mailNickname", "mail"]
                .iter()
                .any(|name| path.rsplit('.').next().unwrap_or(path).eq_ignore_ascii_case(name)),
            _ => false,
        },
        _ => false,
    };
    wrong.then(|| format!("`{}`", group.label()))
}
