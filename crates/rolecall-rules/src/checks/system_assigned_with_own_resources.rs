//! Clusters that run as their own identity and use resources of their own, on which that identity can hold no role before
//! the cluster is there.

use rolecall_source::Note;
use rolecall_value::Condition;

use super::Context;
use crate::demand::Demand;
use crate::engine::{Granted, Work};
use crate::findings::{self, Case};
use crate::model::{BeforeCluster, Breaks, IdentityKind, Rule, Who};
use crate::words;

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let Some(requirement) = rule.requirements.first() else { return };
    let mut clusters: Vec<(Vec<&Granted<'_>>, Condition)> = Vec::new();
    for granted in &work.granted {
        let concerned = granted.kind == IdentityKind::SystemAssigned
            && granted.need.identity == Who::ControlPlane
            // What is needed once the cluster is there can wait for it.
            && granted.need.before_cluster != BeforeCluster::Impossible
            // What is refused at creation has a rule of its own.
            && granted.demand.requirement.breaks_at != Some(Breaks::Create);
        if !concerned {
            continue;
        }
        match clusters
            .iter_mut()
            .find(|(known, _)| known.first().is_some_and(|one| one.demand.cluster == granted.demand.cluster))
        {
            Some((known, when)) => {
                *when = when.or(&granted.when);
                known.push(granted);
            }
            None => clusters.push((vec![granted], granted.when.clone())),
        }
    }
    let mut findings = Vec::new();
    for (mut granted, when) in clusters {
        // Not in the order of the rules that asked, of which others may be selected.
        granted.sort_by_key(|one| one.demand.span);
        let Some(first) = granted.first() else { continue };
        let demand = Demand { requirement, ..first.demand.clone() };
        let mut scopes: Vec<String> = granted.iter().map(|one| words::resource(&one.demand.scope)).collect();
        scopes.sort();
        scopes.dedup();
        let scopes = scopes.join(", ");
        let case = Case { principal: &first.name, value: &scopes, ..Case::new(&demand) };
        let Some(mut finding) = findings::certain(context, rule, &case, &when) else { continue };
        for other in &granted[1..] {
            if other.demand.span != finding.span && !finding.related.iter().any(|note| note.span == other.demand.span) {
                let message = format!("{} is used here", words::resource(&other.demand.scope));
                finding.related.push(Note { message, span: other.demand.span });
            }
        }
        findings.push(finding);
    }
    work.report.findings.extend(findings);
}
