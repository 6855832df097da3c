//! Roles that AKS looks for before it creates a cluster, and that are assigned without the cluster waiting for them.

use rolecall_graph::{MadeBy, Need, ResourceIndex};
use rolecall_source::Note;
use rustc_hash::FxHashMap;

use super::Context;
use crate::demand::Demand;
use crate::engine::{Granted, Work};
use crate::findings::{self, Case};
use crate::model::{BeforeCluster, Breaks, IdentityKind, Requirement, Rule, RuleLevel};
use crate::order::{Before, Order};
use crate::{Finding, NamedPlace, mend, words};

/// The entry for an assignment that itself waits for the cluster.
const CYCLE: &str = "RA-CYCLE";

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let order = Order::new(context.deployment);
    let mut before: FxHashMap<ResourceIndex, Before> = FxHashMap::default();
    let mut findings = Vec::new();
    for granted in &work.granted {
        let requirement = granted.demand.requirement;
        let must = granted.need.before_cluster == BeforeCluster::Required
            && requirement.breaks_at == Some(Breaks::Create)
            // With the cluster's own identity AKS refuses these whatever the order.
            && granted.kind != IdentityKind::SystemAssigned;
        if !must {
            continue;
        }
        let cluster = granted.demand.resource;
        let early = before.entry(cluster).or_insert_with(|| order.before(cluster));
        if !early.open {
            findings.extend(late(context, rule, granted, early, &order));
        }
    }
    work.report.findings.extend(findings);
}

/// The finding that a permission is granted, but not before the cluster is created.
fn late(
    context: &Context<'_>,
    rule: &Rule,
    granted: &Granted<'_>,
    early: &Before,
    order: &Order<'_>,
) -> Option<Finding> {
    let permissions = context.permissions;
    let need = Need {
        principal: &granted.principal,
        scope: &granted.demand.scope,
        actions: &granted.need.actions,
        data_actions: &granted.need.data_actions,
        when: &granted.when,
    };
    let in_time = permissions.ask_among(&need, &|assignment| {
        assignment.made_by != MadeBy::Template || early.known.contains(&assignment.resource)
    });
    let when = granted.when.and_not(&in_time.granted).and_not(&in_time.undecided);
    if when.is_false() {
        return None;
    }
    let all = permissions.ask(&need);
    let grant = all.grants.iter().find(|grant| {
        grant.made_by == MadeBy::Template && !early.known.contains(&grant.resource) && !grant.when.excludes(&when)
    })?;
    let its = order.before(grant.resource);
    let cyclic = its.known.contains(&granted.demand.resource);
    let of = |wanted: fn(&Requirement) -> bool| rule.requirements.iter().find(|requirement| wanted(requirement));
    let requirement =
        if cyclic { of(|requirement| requirement.id == CYCLE) } else { of(|requirement| requirement.id != CYCLE) }?;
    let deployment = context.deployment;
    let cluster = deployment.resource(granted.demand.resource)?;
    let span = deployment.origins.span(cluster.origin).unwrap_or(granted.demand.span);
    // Where the cluster waits for something slow, the assignment may be there in time, by chance.
    let by_chance = !cyclic && order.wins_by_chance(&its, early);
    let level = by_chance.then_some(RuleLevel::Warning);
    let demand = Demand { requirement, span, level, ..granted.demand.clone() };
    let asked_for = &granted.demand.requirement.title;
    let case = Case { principal: &granted.name, value: &grant.role, expected: asked_for, ..Case::new(&demand) };
    let mut finding = findings::certain(context, rule, &case, &when)?;
    let azure = granted.demand.requirement.azure.iter().find(|error| !error.name_only);
    finding.azure_error = azure.map(|error| error.code.clone()).or(finding.azure_error);
    let scope = words::resource(&granted.demand.scope);
    if !cyclic {
        let (what, on) = (words::resource_id(&cluster.id), format!("the assignment of {}", grant.role));
        finding.mend = Some(mend::wait(granted.demand.resource, grant.resource, &what, &on));
    }
    if let Some(span) = deployment.origins.span(grant.origin) {
        let text = format!("found: {} on {scope}, assigned", grant.role);
        finding.places.push(NamedPlace { reason: finding.reasons.len(), offset: text.len(), span });
        finding.reasons.push(text);
        finding.related.push(Note { message: format!("{} is assigned here", grant.role), span });
    }
    if by_chance {
        finding.reasons.push(
            "the cluster waits for what takes as long, so the assignment may be there in time, by chance".to_owned(),
        );
    }
    if granted.demand.span != finding.span {
        finding.related.push(Note { message: format!("{scope} is used here"), span: granted.demand.span });
    }
    Some(finding)
}
