//! Requirements without a need: AKS refuses what is demanded together with some kinds of control plane, or altogether.

use rolecall_graph::{ControlPlane, Deployment};
use rolecall_source::Note;
use rolecall_value::{Condition, Symbol, Value};
use rustc_hash::FxHashMap;

use crate::checks::Context;
use crate::demand::Demand;
use crate::engine::Work;
use crate::findings::{Case, undecided};
use crate::model::{IdentityKind, Rule, RuleLevel};
use crate::settle::{Settled, settle};
use crate::{BreaksAt, Certainty, findings, words};

/// Says what is wrong at places. Several at which a cluster uses the same thing are one finding.
pub(crate) fn apply<'d, 'r: 'd>(
    context: &Context<'_>,
    rule: &Rule,
    places: impl Iterator<Item = &'d Demand<'r>>,
    work: &mut Work<'_>,
) {
    let mut together: Vec<Vec<&Demand<'_>>> = Vec::new();
    let mut known: FxHashMap<(&str, String, String), usize> = FxHashMap::default();
    for demand in places {
        if demand.requirement.refused_with.is_empty() {
            // What somebody outside gives, this deployment does not say.
            if !matches!(demand.scope.as_symbol(), Some(Symbol::Input(_))) {
                work.report.findings.extend(findings::certain(context, rule, &Case::new(demand), &demand.when));
            }
            continue;
        }
        let (cluster, scope) = (demand.cluster.to_value().text(), demand.scope.text().to_lowercase());
        let place = *known.entry((&demand.requirement.id, cluster, scope)).or_insert(together.len());
        match together.get_mut(place) {
            Some(demands) => demands.push(demand),
            None => together.push(vec![demand]),
        }
    }
    for demands in together {
        refused(context, rule, demands, work);
    }
}

/// Says with which identities AKS refuses what is demanded.
fn refused(context: &Context<'_>, rule: &Rule, mut demands: Vec<&Demand<'_>>, work: &mut Work<'_>) {
    let Deployment { inputs, point, .. } = context.deployment;
    // The first that is demanded for the values given speaks.
    if let Some(place) = demands.iter().position(|demand| inputs.at(&demand.when, point).is_true()) {
        demands[..=place].rotate_right(1);
    }
    let Some((&demand, others)) = demands.split_first() else { return };
    let demanded = others.iter().fold(demand.when.clone(), |any, other| any.or(&other.when));
    let refused = &demand.requirement.refused_with;
    let cluster = words::resource_id(&demand.cluster);
    for (when, plane) in context.permissions.identities().control_plane(demand.resource) {
        let when = demanded.and(&when);
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
        let case = Case { principal: &name, others, ..Case::new(demand) };
        if let ControlPlane::Unknown(reason) = &plane {
            if settle(context.deployment, &when) != Settled::Never {
                work.report.questions.push(undecided(&case, reason.to_string(), reason.kind.name()));
            }
            continue;
        }
        if let Settled::CannotTell { reason, cause } = settle(context.deployment, &when) {
            work.report.questions.push(undecided(&case, reason, cause));
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
        if let Some((kind, _)) = kind(&plane)
            && finding.certainty != Certainty::Assumed
            // What only does not work leaves a cluster that needs its permissions.
            && (rule.level, finding.breaks_at) == (RuleLevel::Error, Some(BreaksAt::Create))
        {
            let key = (demand.cluster.to_value().text(), kind);
            let known = work.refused.entry(key).or_insert((Condition::FALSE, false));
            *known = (known.0.or(&when), known.1 || finding.certainty == Certainty::Definite);
        }
        work.report.findings.push(finding);
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
