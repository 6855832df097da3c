//! Functions that call back for each item.

use rolecall_source::Span;
use rolecall_value::{Array, Condition, Inputs, Item, Kind, Object, Property, Value, truth};

use super::{Answer, Call, Stop, expand, mismatch, open, spread, table::Role, wrong_arity};

/// The worth of a lambda's body for given values of its parameters.
pub type Body<'a> = dyn FnMut(&[Value]) -> Value + 'a;

/// Computes `map`, `filter`, `reduce`, `sort`, `toObject`, `mapValues` and `groupBy`. `arguments` are those without the
/// lambdas; each of `lambdas` gives the worth of its body for given parameter values. A lambda with one parameter more
/// than it needs is given the index as well; it may ignore it. `None`: there is no such function.
pub fn call_with_lambda(
    inputs: &Inputs,
    name: &str,
    arguments: &[Value],
    lambdas: &mut [&mut Body<'_>],
    _span: Span,
) -> Option<Value> {
    let signature = super::signature(name).filter(|signature| signature.role == Role::Lambda)?;
    let given: Vec<Value> = arguments.iter().cloned().chain(lambdas.iter().map(|_| Value::null())).collect();
    if let Some(wrong) = wrong_arity(signature, &given) {
        return Some(wrong);
    }
    let call = Call { inputs, name: signature.name };
    let arguments: Vec<Value> = arguments.iter().map(|value| expand(inputs, value)).collect();
    Some(spread::each(&call, &arguments, |chosen| {
        let answer = match (signature.name, chosen, &mut *lambdas) {
            ("map", [array], [body]) => map(array, body),
            ("filter", [array], [body]) => filter(inputs, array, body),
            ("reduce", [array, start], [body]) => reduce(array, start, body),
            ("sort", [array], [body]) => sort(array, body),
            ("mapvalues", [object], [body]) => map_values(object, body),
            ("toobject", [array], [key]) => to_object(inputs, array, key, &mut |item| item.clone()),
            ("toobject", [array], [key, value]) => {
                to_object(inputs, array, key, &mut |item| value(std::slice::from_ref(item)))
            }
            ("groupby", [array], [key]) => group_by(inputs, array, key),
            _ => Err(Stop::Invalid("its arguments stand in the wrong order".to_owned())),
        };
        call.settle(answer, chosen)
    }))
}

/// The items of an array; of one that is not known, any number of its element.
fn items(value: &Value) -> Result<Vec<Item>, Stop> {
    match value.kind() {
        Kind::Array(array) => Ok(array.items.clone()),
        Kind::Symbol(_) | Kind::Unknown(_) => Ok(vec![super::arrays::each_of(value, value)]),
        _ => Err(mismatch(value, "an array")),
    }
}

/// The index of an item is known as long as all before it are always there.
fn indices(items: &[Item]) -> Vec<Value> {
    let mut certain = true;
    items
        .iter()
        .enumerate()
        .map(|(index, item)| {
            certain &= !item.many && item.when.is_true();
            match certain || (index == 0 && !item.many) {
                true => Value::int(i64::try_from(index).unwrap_or(i64::MAX)),
                false => open("index", &[Value::int(i64::try_from(index).unwrap_or(i64::MAX)), item.value.clone()]),
            }
        })
        .collect()
}

fn map(array: &Value, body: &mut Body<'_>) -> Answer {
    let items = items(array)?;
    let places = indices(&items);
    let mapped =
        items.into_iter().zip(places).map(|(item, place)| Item { value: body(&[item.value.clone(), place]), ..item });
    Ok(Array { items: mapped.collect() }.into())
}

fn filter(inputs: &Inputs, array: &Value, body: &mut Body<'_>) -> Answer {
    let items = items(array)?;
    let places = indices(&items);
    let mut kept = Vec::new();
    for (item, place) in items.into_iter().zip(places) {
        let holds = body(&[item.value.clone(), place]);
        // Whether an element of any number passes is not one question, so an open answer keeps it as it is.
        let when = if item.many && holds.as_bool().is_none() {
            item.when.clone()
        } else {
            item.when.and(&truth(inputs, &expand(inputs, &holds)))
        };
        if !when.is_false() {
            kept.push(Item { when, ..item });
        }
    }
    Ok(Array { items: kept }.into())
}

fn reduce(array: &Value, start: &Value, body: &mut Body<'_>) -> Answer {
    let Kind::Array(array) = array.kind() else { return Err(mismatch(array, "an array")) };
    if array.items.iter().any(|item| item.many) {
        return Err(Stop::Open);
    }
    let places = indices(&array.items);
    let mut total = start.clone();
    for (item, place) in array.items.iter().zip(places) {
        let next = body(&[total.clone(), item.value.clone(), place]);
        total = Value::choose(&item.when, &next, &total);
    }
    Ok(total)
}

/// By insertion, with the lambda as *less*; open where it does not decide. Bounded, since a lambda can cost anything.
fn sort(array: &Value, less: &mut Body<'_>) -> Answer {
    let Kind::Array(array) = array.kind() else { return Err(mismatch(array, "an array")) };
    if array.items.len() > 4096 {
        return Err(Stop::Limit("the array is too long to sort".to_owned()));
    }
    if array.items.iter().any(|item| item.many) {
        return Err(Stop::Open);
    }
    let mut sorted: Vec<Item> = Vec::with_capacity(array.items.len());
    for item in &array.items {
        // Behind all that are not greater, so equal items keep their order.
        let (mut low, mut high) = (0, sorted.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match less(&[item.value.clone(), sorted[middle].value.clone()]).as_bool() {
                Some(true) => high = middle,
                Some(false) => low = middle + 1,
                None => return Err(Stop::Open),
            }
        }
        sorted.insert(low, item.clone());
    }
    Ok(Array { items: sorted }.into())
}

fn map_values(object: &Value, body: &mut Body<'_>) -> Answer {
    let Kind::Object(object) = object.kind() else { return Err(mismatch(object, "an object")) };
    let mut mapped = Object::clone(object);
    for property in mapped.properties.values_mut() {
        property.value = body(std::slice::from_ref(&property.value));
    }
    mapped.rest = object.rest.as_ref().map(|rest| open("mapvalues", std::slice::from_ref(rest)));
    Ok(mapped.into())
}

/// Whether a value can be the name of a property.
fn named(name: &Value) -> Result<(), Stop> {
    for (_, name) in name.alternatives() {
        if !matches!(name.kind(), Kind::Str(_) | Kind::Text(_) | Kind::Symbol(_) | Kind::Unknown(_)) {
            return Err(mismatch(name, "a string"));
        }
    }
    Ok(())
}

fn to_object(inputs: &Inputs, array: &Value, key: &mut Body<'_>, value: &mut dyn FnMut(&Value) -> Value) -> Answer {
    let mut object = Object::default();
    for item in items(array)? {
        let name = expand(inputs, &key(std::slice::from_ref(&item.value)));
        named(&name)?;
        let made = value(&item.value);
        if item.many {
            let rest = match array.first_unknown() {
                Some(_) => made.first_unknown().cloned().unwrap_or(made),
                None => open("toobject", &[array.clone(), name, made]),
            };
            object.rest = Some(rest);
            continue;
        }
        object.insert(&name, Property { name: None, value: made, when: item.when });
    }
    Ok(object.into())
}

fn group_by(inputs: &Inputs, array: &Value, key: &mut Body<'_>) -> Answer {
    let Kind::Array(array) = array.kind() else { return Err(mismatch(array, "an array")) };
    let mut groups: indexmap::IndexMap<String, (Value, Vec<Item>)> = indexmap::IndexMap::new();
    for item in &array.items {
        let name = expand(inputs, &key(std::slice::from_ref(&item.value)));
        named(&name)?;
        for (when, name) in name.alternatives() {
            let Some(text) = name.as_str() else { return Err(Stop::Open) };
            let group = groups.entry(text.to_lowercase()).or_insert_with(|| (name.clone(), Vec::new()));
            group.1.push(Item { when: item.when.and(&when), ..item.clone() });
        }
    }
    let mut object = Object::default();
    for (_, (name, items)) in groups {
        let when = items.iter().fold(Condition::FALSE, |all, item| all.or(&item.when));
        object.insert(&name, Property { name: None, value: Array { items }.into(), when });
    }
    Ok(object.into())
}
