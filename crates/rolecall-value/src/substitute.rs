//! Values at one point of the open inputs.

use crate::{Array, Condition, Inputs, Item, Kind, Object, Piece, Point, Property, Symbol, Value};

/// The value once the inputs have the values of `point`. `apply` computes a function by its lower-case name where its
/// arguments now allow it; what it declines stays a call.
pub fn substitute(
    inputs: &Inputs,
    value: &Value,
    point: &Point,
    apply: &dyn Fn(&str, &[Value]) -> Option<Value>,
) -> Value {
    let again = |value: &Value| substitute(inputs, value, point, apply);
    let at = |when: &Condition| inputs.at(when, point);
    let result = match value.kind() {
        Kind::Null | Kind::Bool(_) | Kind::Int(_) | Kind::Float(_) | Kind::Str(_) | Kind::Unknown(_) => value.clone(),
        Kind::Text(pieces) => Value::pieces(pieces.iter().map(|piece| match piece {
            Piece::Literal(_) => piece.clone(),
            Piece::Hole(value) => Piece::Hole(again(value)),
        })),
        Kind::Array(array) => {
            let items = array.items.iter().map(|item| Item {
                value: again(&item.value),
                when: at(&item.when),
                many: item.many,
            });
            Array { items: items.filter(|item| !item.when.is_false()).collect() }.into()
        }
        Kind::Object(object) => {
            let mut result = Object { rest: object.rest.as_ref().map(again), ..Object::default() };
            for (name, property) in object.entries() {
                let when = at(&property.when);
                if !when.is_false() {
                    result.insert(&again(&name), Property { name: None, value: again(&property.value), when });
                }
            }
            result.into()
        }
        Kind::Symbol(symbol) => match &**symbol {
            Symbol::Input(input) => point.get(input.id).cloned().unwrap_or_else(|| value.clone()),
            Symbol::Attribute { resource, path } => Value::attribute(again(resource), path.clone()),
            Symbol::Environment(_) => value.clone(),
            Symbol::Call { function, arguments } => {
                let arguments: Vec<_> = arguments.iter().map(again).collect();
                apply(function, &arguments).unwrap_or_else(|| Value::call(function, arguments))
            }
        },
        Kind::Cond(alternatives) => Value::cond(alternatives.iter().map(|(when, value)| (at(when), again(value)))),
    };
    result.or_origin(value.origin())
}
