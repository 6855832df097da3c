//! Clusters whose type of identity does not fit the number of user-assigned identities that they name.

use rolecall_value::{Case as Letters, Condition, Inputs, Kind, Object, Piece, Symbol, Value, equality, walk};

use super::Context;
use crate::demand::{Demand, demands, span_of};
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::{Rule, Trigger};
use crate::{trigger, words};

/// The entry for more identities than one; the rule's other one is for none, and for some beside another type.
const SEVERAL: &str = "CP-UAI-COUNT";

/// How many identities are compared with each other.
const MOST: usize = 32;

/// How many identities a cluster names.
struct Counted {
    /// When it names none.
    none: Condition,
    /// When it names at least one.
    some: Condition,
    /// When it names at least two.
    several: Condition,
    /// Their names, as a message shows them.
    names: String,
}

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let deployment = context.deployment;
    let inputs = &deployment.inputs;
    for place in demands(deployment, context.resources, rule) {
        let Some(cluster) = deployment.resource(place.resource) else { continue };
        for identity in walk(inputs, &cluster.body, "identity") {
            let is = |name: &str| {
                let own = Trigger::OneOf("type".to_owned(), vec![name.to_owned()]);
                place.when.and(&identity.when).and(&trigger::holds(inputs, &identity.value, &own))
            };
            let (user, system) = (is("UserAssigned"), is("SystemAssigned"));
            let given = identity.value.get("userAssignedIdentities").unwrap_or_else(Value::null);
            let (mut none, mut some, mut several) = (Condition::FALSE, Condition::FALSE, Condition::FALSE);
            let mut names = String::new();
            for (own, given) in given.alternatives() {
                let Some(counted) = count(inputs, given) else { continue };
                none = none.or(&own.and(&counted.none));
                some = some.or(&own.and(&counted.some));
                several = several.or(&own.and(&counted.several));
                if names.len() < counted.names.len() {
                    names = counted.names;
                }
            }
            let mut say = |several: bool, value: &str, at: &Value, when: &Condition| {
                let Some(requirement) = rule.requirements.iter().find(|one| (one.id == SEVERAL) == several) else {
                    return;
                };
                let demand = Demand { requirement, span: span_of(deployment, at, cluster), ..place.clone() };
                let case = Case { value, ..Case::new(&demand) };
                work.report.findings.extend(findings::certain(context, rule, &case, when));
            };
            let beside = format!("the identity type SystemAssigned and yet names {names}");
            say(true, &names, &given, &user.and(&several));
            say(false, "the identity type UserAssigned and names no identity", &identity.value, &user.and(&none));
            say(false, &beside, &given, &system.and(&some));
        }
    }
}

/// Counts the identities in a map; none where that cannot be told.
fn count(inputs: &Inputs, map: &Value) -> Option<Counted> {
    let object = match map.kind() {
        Kind::Null => &Object::default(),
        Kind::Object(object) => object,
        _ => return None,
    };
    let entries: Vec<_> = object.entries().filter(|(_, property)| !property.when.is_false()).collect();
    // An empty name is filled in later, `null` takes an identity away, and who knows what a loop makes.
    let clear = |name: &Value, value: &Value| {
        !value.is_null() && name.as_str() != Some("") && name.first_unknown().is_none() && !of_many(name)
    };
    let countable = object.rest.is_none()
        && entries.len() <= MOST
        && entries.iter().all(|(name, property)| clear(name, &property.value));
    if !countable {
        return None;
    }
    let some = entries.iter().fold(Condition::FALSE, |any, (_, property)| any.or(&property.when));
    let mut several = Condition::FALSE;
    for (at, (name, property)) in entries.iter().enumerate() {
        for (other, beside) in &entries[at + 1..] {
            let different = equality(inputs, name, other, Letters::Insensitive).different;
            several = several.or(&property.when.and(&beside.when).and(&different));
        }
    }
    let names: Vec<_> = entries.iter().map(|(name, _)| words::resource(name)).collect();
    Some(Counted { none: some.not(), some, several, names: names.join(" and ") })
}

/// Whether a value is made for each element of something open, of which there may be any number.
fn of_many(value: &Value) -> bool {
    match value.kind() {
        Kind::Text(pieces) => pieces.iter().any(|piece| matches!(piece, Piece::Hole(hole) if of_many(hole))),
        Kind::Symbol(symbol) => match &**symbol {
            Symbol::Attribute { resource, .. } => of_many(resource),
            Symbol::Call { function, arguments } => &**function == "each" || arguments.iter().any(of_many),
            Symbol::Input(_) | Symbol::Environment(_) => false,
        },
        Kind::Cond(alternatives) => alternatives.iter().any(|(_, value)| of_many(value)),
        _ => false,
    }
}
