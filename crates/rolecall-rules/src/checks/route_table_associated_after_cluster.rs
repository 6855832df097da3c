//! Route tables that a subnet gets while, or after, the cluster in it is created.

use rolecall_graph::ResourceIndex;
use rolecall_source::Note;
use rolecall_value::{Condition, Value};

use super::{Context, subnets};
use crate::demand::{Demand, demands};
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::{Rule, RuleLevel, Trigger};
use crate::order::Order;
use crate::trigger;

const TABLE: &str = "properties.routeTable.id";

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let deployment = context.deployment;
    let inputs = &deployment.inputs;
    let order = Order::new(deployment);
    let mut places: Vec<Demand<'r>> = Vec::new();
    for place in demands(deployment, context.resources, rule) {
        // Pools in one subnet are one case.
        match places.iter_mut().find(|known| known.resource == place.resource && known.scope == place.scope) {
            Some(known) => known.when = known.when.or(&place.when),
            None => places.push(place),
        }
    }
    for place in places {
        let Some(cluster) = deployment.resource(place.resource) else { continue };
        let before = order.before(place.resource);
        if before.open {
            continue;
        }
        // What a subnet that is there gets, or what is made while the cluster waits for something slow, may come in time.
        let (mut early, mut late, mut racing) = (Condition::FALSE, Condition::FALSE, Condition::FALSE);
        let mut tables: Vec<Value> = Vec::new();
        for part in subnets::parts(deployment, context.permissions.identities(), &place.scope) {
            let changes = deployment.changes.iter().filter(|change| change.resource == part.resource);
            let changes: Vec<_> = changes
                .flat_map(|change| {
                    let tables = trigger::given(inputs, &change.body, TABLE).into_iter();
                    tables.map(move |found| (change, found))
                })
                .collect();
            for found in trigger::given(inputs, &part.body, TABLE) {
                if changes.iter().any(|(_, other)| other.value == found.value) {
                    continue;
                }
                let when = part.when.and(&found.when);
                if before.known.contains(&part.resource) {
                    early = early.or(&when);
                } else if order.wins_by_chance(&order.before(part.resource), &before) {
                    racing = racing.or(&when);
                    tables.push(found.value);
                } else {
                    late = late.or(&when);
                    tables.push(found.value);
                }
            }
            for (change, found) in changes {
                let when = part.when.and(&change.when).and(&found.when);
                let waits = |by: &ResourceIndex| *by == place.resource || before.known.contains(by);
                if change.awaited_by.iter().any(waits) {
                    early = early.or(&when);
                } else {
                    racing = racing.or(&when);
                    tables.push(found.value);
                }
            }
        }
        let Some(table) = tables.first() else { continue };
        let is = |path: &str, constant: &str| {
            let trigger = Trigger::OneOf(path.to_owned(), vec![constant.to_owned()]);
            trigger::holds(inputs, &cluster.body, &trigger)
        };
        let routed = is("properties.networkProfile.outboundType", "userDefinedRouting");
        let kubenet = is("properties.networkProfile.networkPlugin", "kubenet");
        let late = place.when.and(&late).and_not(&early);
        let racing = place.when.and(&racing).and_not(&early);
        let attached = deployment.origins.span(table.origin());
        let table = crate::words::resource(table);
        let mut say = |when: Condition, level: Option<RuleLevel>| {
            let demand = Demand { level, ..place.clone() };
            let case = Case { value: &table, ..Case::new(&demand) };
            let Some(mut finding) = findings::certain(context, rule, &case, &when) else { return };
            finding.related.extend(attached.map(|span| Note { message: format!("{table} is attached here"), span }));
            work.report.findings.push(finding);
        };
        let sure = late.and(&routed);
        say(sure.clone(), None);
        // kubenet attaches a table of its own where it finds none, which the deployment then takes away again.
        say(late.or(&racing).and(&kubenet.or(&routed)).and_not(&sure), Some(RuleLevel::Warning));
    }
}
