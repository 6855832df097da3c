//! Federated credentials of one identity that are made at the same time: Azure refuses all but one.

use rolecall_graph::ResourceIndex;
use rolecall_source::Note;
use rolecall_value::id_equality;
use rustc_hash::FxHashMap;

use super::Context;
use super::credentials::{self, Credential, by_identity};
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::{Requirement, Rule, RuleLevel};
use crate::order::{Before, Order};
use crate::{Finding, words};

/// With how many credentials of its identity a credential is compared: Azure takes no more than twenty.
const MAX_COMPARED: usize = 32;

const BY_CHANCE: &str = "one of them waits for slow resources first, so they may be made one after another, by chance";

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let Some(requirement) = rule.requirements.first() else { return };
    let all = credentials::credentials(context);
    let order = Order::new(context.deployment);
    for group in by_identity(&all) {
        let mut before: FxHashMap<ResourceIndex, Before> = FxHashMap::default();
        for credential in group.iter().take(MAX_COMPARED) {
            before.insert(credential.index, order.before(credential.index));
        }
        let mut best: Option<Finding> = None;
        for (place, credential) in group.iter().enumerate().take(MAX_COMPARED) {
            let looped = open_loop(context, (rule, requirement), credential);
            let pairs = group[..place].iter().filter_map(|other| {
                let (one, two) = (before.get(&other.index)?, before.get(&credential.index)?);
                pair(context, (rule, requirement), &order, (other, one), (credential, two))
            });
            for finding in looped.into_iter().chain(pairs) {
                let stronger = |known: &Finding| {
                    (finding.certainty, std::cmp::Reverse(finding.level))
                        < (known.certainty, std::cmp::Reverse(known.level))
                };
                if best.as_ref().is_none_or(stronger) {
                    best = Some(finding);
                }
            }
        }
        // However many there are, it is one mistake.
        work.report.findings.extend(best);
    }
}

fn alone(context: &Context<'_>, index: ResourceIndex) -> bool {
    context.deployment.one_by_one.binary_search(&index).is_ok()
}

/// One that stands for any number, and is made for one identity.
fn open_loop(
    context: &Context<'_>,
    (rule, requirement): (&Rule, &Requirement),
    credential: &Credential<'_>,
) -> Option<Finding> {
    let own = ["[*]", "copyindex(", "cursor("];
    let identity = credential.identity.to_value().text().to_lowercase();
    let of_round = own.iter().any(|round| identity.contains(round));
    if !credential.resource.many || alone(context, credential.index) || of_round {
        return None;
    }
    let demand = credential.whole(context, requirement, &credential.concerned);
    findings::certain(context, rule, &Case::new(&demand), &credential.concerned)
}

fn pair(
    context: &Context<'_>,
    (rule, requirement): (&Rule, &Requirement),
    order: &Order<'_>,
    (first, one): (&Credential<'_>, &Before),
    (second, two): (&Credential<'_>, &Before),
) -> Option<Finding> {
    if one.open || two.open || one.known.contains(&second.index) || two.known.contains(&first.index) {
        return None;
    }
    if alone(context, first.index) && alone(context, second.index) {
        return None;
    }
    // Two that have one id are one.
    let same = id_equality(&context.deployment.inputs, &first.resource.id, &second.resource.id);
    let both = first.resource.when.and(&second.resource.when).and(&same.different);
    let when = both.and(&first.concerned.or(&second.concerned));
    if when.is_false() {
        return None;
    }
    let mut demand = second.whole(context, requirement, &when);
    let by_chance = order.wins_by_chance(one, two) || order.wins_by_chance(two, one);
    demand.level = by_chance.then_some(RuleLevel::Warning);
    let mut finding = findings::certain(context, rule, &Case::new(&demand), &when)?;
    if by_chance {
        finding.reasons.push(BY_CHANCE.to_owned());
    }
    let declared = context.deployment.origins.span(first.resource.origin).filter(|span| *span != finding.span);
    finding.related.extend(declared.map(|span| Note {
        message: format!("{} is made at the same time", words::resource_id(&first.resource.id)),
        span,
    }));
    Some(finding)
}
