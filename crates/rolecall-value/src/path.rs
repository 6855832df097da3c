//! Property paths, as data files write them: `properties.agentPoolProfiles[].vnetSubnetID`.

use crate::{Condition, Inputs, Key, Kind, ReasonKind, Symbol, Value, truth};

/// A value at the end of a path.
#[derive(Clone, Debug)]
pub struct Found {
    /// What is there: neither conditional nor `null`.
    pub value: Value,
    /// When it is there.
    pub when: Condition,
    /// Whether it is certain that there is something: `false` below values that are symbolic or unknown themselves.
    pub certain: bool,
}

/// All values at a path below `value`. `name[]` stands for each item of an array, or each value of an object. Absent,
/// `null` and refused values are not there.
pub fn walk(inputs: &Inputs, value: &Value, path: &str) -> Vec<Found> {
    let segments: Vec<&str> = path.split('.').filter(|segment| !segment.is_empty()).collect();
    let mut found = Vec::new();
    step(inputs, Found { value: value.clone(), when: Condition::TRUE, certain: true }, &segments, &mut found);
    found
}

fn step(inputs: &Inputs, at: Found, segments: &[&str], found: &mut Vec<Found>) {
    if at.when.is_false() || at.value.is_null() || is_refused(&at.value) {
        return;
    }
    if let Kind::Cond(alternatives) = at.value.kind() {
        for (when, value) in alternatives.iter() {
            let value = value.clone().or_origin(at.value.origin());
            step(inputs, Found { value, when: at.when.and(when), certain: at.certain }, segments, found);
        }
        return;
    }
    let Some((segment, rest)) = segments.split_first() else {
        found.push(at);
        return;
    };
    let (name, each) = match segment.strip_suffix("[]") {
        Some(name) => (name, true),
        None => (*segment, false),
    };
    let certain = at.certain && !is_open(&at.value, name);
    let Some(value) = at.value.get(name) else { return };
    if each {
        for item in items(inputs, Found { value, when: at.when, certain }) {
            step(inputs, item, rest, found);
        }
    } else {
        step(inputs, Found { value, when: at.when, certain }, rest, found);
    }
}

/// Whether nobody knows if the value has a property of this name.
fn is_open(value: &Value, name: &str) -> bool {
    match value.kind() {
        Kind::Symbol(_) | Kind::Unknown(_) => true,
        Kind::Object(object) => {
            let own = object.properties.get(&Key::from(name));
            object.rest.is_some() && own.is_none_or(|property| !property.when.is_true())
        }
        _ => false,
    }
}

/// Whether no deployment has the value.
fn is_refused(value: &Value) -> bool {
    value.as_unknown().is_some_and(|unknown| unknown.reason.kind == ReasonKind::Refused)
}

fn items(inputs: &Inputs, at: Found) -> Vec<Found> {
    match at.value.kind() {
        Kind::Cond(alternatives) => alternatives
            .iter()
            .flat_map(|(when, value)| {
                let when = at.when.and(when);
                items(inputs, Found { value: value.clone(), when, certain: at.certain })
            })
            .collect(),
        Kind::Array(array) => array
            .items
            .iter()
            .map(|item| Found {
                value: item.value.clone(),
                when: at.when.and(&item.when),
                certain: at.certain && !item.many,
            })
            .collect(),
        Kind::Object(object) => object
            .properties
            .values()
            .map(|property| Found {
                value: property.value.clone(),
                when: at.when.and(&property.when),
                certain: at.certain,
            })
            .collect(),
        Kind::Symbol(_) => {
            let element = Symbol::Call { function: "each".into(), arguments: vec![at.value.clone()] };
            // Whether the array has any item is a question of its own.
            let any = truth(inputs, &Value::call("any", vec![at.value.clone()]));
            let value = Value::from(element).with_origin(at.value.origin());
            vec![Found { value, when: at.when.and(&any), certain: false }]
        }
        Kind::Unknown(_) => vec![Found { certain: false, ..at }],
        _ => Vec::new(),
    }
}
