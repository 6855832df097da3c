//! Requirements without a need: AKS refuses what is demanded together with some kinds of control plane, or altogether.

use rolecall_graph::ControlPlane;
use rolecall_source::Note;
use rolecall_value::{Symbol, Value};

use crate::checks::Context;
use crate::demand::Demand;
use crate::findings::{Case, undecided};
use crate::model::{IdentityKind, Rule};
use crate::settle::{Settled, settle};
use crate::{Report, findings, words};

/// Says what is wrong at a place.
pub(crate) fn apply(context: &Context<'_>, rule: &Rule, demand: &Demand<'_>, report: &mut Report) {
    let refused = &demand.requirement.refused_with;
    if refused.is_empty() {
        // What somebody outside gives, this deployment does not say.
        if matches!(demand.scope.as_symbol(), Some(Symbol::Input(_))) {
            return;
        }
        report.findings.extend(findings::certain(context, rule, &Case::new(demand), &demand.when));
        return;
    }
    let cluster = words::resource_id(&demand.cluster);
    for (when, plane) in context.permissions.identities().control_plane(demand.resource) {
        let when = demand.when.and(&when);
        let (name, principal): (String, Option<&Value>) = match &plane {
            ControlPlane::Unknown(_) => (format!("the identity of {cluster}"), None),
            _ => match kind(&plane) {
                Some((kind, principal)) if refused.contains(&kind) => {
                    let name = match kind {
                        IdentityKind::SystemAssigned => format!("the system-assigned identity of {cluster}"),
                        _ => format!("the service principal of {cluster}"),
                    };
                    (name, Some(principal))
                }
                _ => continue,
            },
        };
        let case = Case { principal: &name, ..Case::new(demand) };
        if let ControlPlane::Unknown(reason) = &plane {
            if settle(context.deployment, &when) != Settled::Never {
                report.questions.push(undecided(&case, reason.to_string(), reason.kind.name()));
            }
            continue;
        }
        if let Settled::CannotTell { reason, cause } = settle(context.deployment, &when) {
            report.questions.push(undecided(&case, reason, cause));
            continue;
        }
        let Some(mut finding) = findings::certain(context, rule, &case, &when) else { continue };
        if let Some(span) = principal.and_then(|principal| context.deployment.origins.span(principal.origin())) {
            let message = format!(
                "{} here",
                if name.contains("system") {
                    "the identity is system-assigned"
                } else {
                    "the service principal is named"
                }
            );
            finding.related.push(Note { message, span });
        }
        report.findings.push(finding);
    }
}

fn kind(plane: &ControlPlane) -> Option<(IdentityKind, &Value)> {
    match plane {
        ControlPlane::SystemAssigned { principal } => Some((IdentityKind::SystemAssigned, principal)),
        ControlPlane::UserAssigned { principal, .. } => Some((IdentityKind::UserAssigned, principal)),
        ControlPlane::ServicePrincipal { principal, .. } => Some((IdentityKind::ServicePrincipal, principal)),
        ControlPlane::None | ControlPlane::Unknown(_) => None,
    }
}
