//! What stands in the way where a comparison stays open, and values taken apart by what is open in them.

use rolecall_value::{Condition, Inputs, Kind, Piece, Reason, ReasonKind, ResourceId, Symbol, Value};

/// Why something is open.
#[derive(Clone, Debug, PartialEq)]
pub enum Openness {
    /// Somebody outside settles it: an open parameter, an id from elsewhere. The sentence names it.
    Outside(String),
    /// It cannot be told.
    Undecided(Reason),
}

impl Openness {
    /// Why a question about these values is open: an unknown in them counts first, then an open parameter; what is left
    /// is settled by the deployment. `sentence` says what is open.
    pub(crate) fn of(values: &[&Value], sentence: impl Fn() -> String) -> Openness {
        if let Some(unknown) = values.iter().find_map(|value| value.first_unknown()).and_then(Value::as_unknown) {
            return Openness::Undecided(unknown.reason.clone());
        }
        if values.iter().any(|value| comes_from_outside(value)) {
            return Openness::Outside(sentence());
        }
        Openness::Undecided(Reason { kind: ReasonKind::Runtime, detail: sentence().into() })
    }

    /// The sentence.
    pub fn text(&self) -> &str {
        match self {
            Openness::Outside(text) => text,
            Openness::Undecided(reason) => &reason.detail,
        }
    }
}

/// Whether an open parameter is in a value, other than by way of something that only the running deployment settles.
pub(crate) fn comes_from_outside(value: &Value) -> bool {
    match value.kind() {
        Kind::Symbol(symbol) => match &**symbol {
            Symbol::Input(_) => true,
            Symbol::Environment(_) => false,
            Symbol::Attribute { resource, .. } => {
                // The outputs of a deployment are settled by it, whatever its name is made of.
                let deployment = ResourceId::parse(resource)
                    .is_some_and(|id| id.resource_type.is("Microsoft.Resources/deployments"));
                !deployment && comes_from_outside(resource)
            }
            Symbol::Call { arguments, .. } => arguments.iter().any(comes_from_outside),
        },
        Kind::Text(pieces) => {
            pieces.iter().any(|piece| matches!(piece, Piece::Hole(value) if comes_from_outside(value)))
        }
        Kind::Cond(alternatives) => alternatives.iter().any(|(_, value)| comes_from_outside(value)),
        _ => false,
    }
}

/// The alternatives of a value, an input with a closed set of them included.
pub(crate) fn expand(inputs: &Inputs, value: &Value) -> Vec<(Condition, Value)> {
    let mut out = Vec::new();
    for (when, value) in value.alternatives() {
        match value.as_symbol() {
            Some(Symbol::Input(input)) => match &input.alternatives {
                Some(alternatives) => out.extend(alternatives.iter().map(|alternative| {
                    (when.and(&inputs.is(input, alternative)), alternative.clone().or_origin(value.origin()))
                })),
                None => out.push((when, value.clone())),
            },
            _ => out.push((when, value.clone())),
        }
    }
    out.retain(|(when, _)| !when.is_false());
    out
}

/// The value as far as it matters under a condition.
pub(crate) fn narrow(value: &Value, when: &Condition) -> Value {
    match value.kind() {
        Kind::Cond(alternatives) => {
            let left = alternatives.iter().filter(|(own, _)| !own.excludes(when)).cloned();
            Value::cond(left).or_origin(value.origin())
        }
        _ => value.clone(),
    }
}
