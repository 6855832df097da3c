//! When a trigger holds of a value.
//!
//! What stays open becomes an opaque test, so that a demand that may not exist leads to *cannot tell* and never to a
//! finding.

use rolecall_value::{Case, Condition, Found, Inputs, Symbol, Value, equality, truth, walk};

use crate::model::Trigger;

/// When the trigger holds.
pub(crate) fn holds(inputs: &Inputs, value: &Value, trigger: &Trigger) -> Condition {
    match trigger {
        Trigger::Present(path) => {
            given(inputs, value, path).into_iter().fold(Condition::FALSE, |any, found| any.or(&found.when))
        }
        Trigger::OneOf(path, constants) => given(inputs, value, path).iter().fold(Condition::FALSE, |any, found| {
            let one =
                constants.iter().fold(Condition::FALSE, |any, constant| any.or(&is(inputs, &found.value, constant)));
            any.or(&found.when.and(&one))
        }),
        Trigger::All(parts) => parts.iter().fold(Condition::TRUE, |all, part| all.and(&holds(inputs, value, part))),
        Trigger::Any(parts) => parts.iter().fold(Condition::FALSE, |any, part| any.or(&holds(inputs, value, part))),
    }
}

/// What is given at a path: absent, `null` and empty values are not. Each is given under its condition, in which an opaque
/// test stands where an open value decides. An input with a closed set of alternatives is given once for each.
pub(crate) fn given(inputs: &Inputs, value: &Value, path: &str) -> Vec<Found> {
    let mut out = Vec::new();
    for found in walk(inputs, value, path) {
        let alternatives = match found.value.as_symbol() {
            Some(Symbol::Input(input)) => input.alternatives.as_ref().map(|values| (input, values)),
            _ => None,
        };
        match alternatives {
            None => out.push(found),
            Some((input, values)) => out.extend(values.iter().map(|value| Found {
                value: value.clone().with_origin(found.value.origin()),
                when: found.when.and(&inputs.is(input, value)),
                certain: found.certain,
            })),
        }
    }
    for found in out.iter_mut().filter(|found| !found.certain) {
        found.when = found.when.and(&inputs.opaque(&format!("{} is given", found.value.text())));
    }
    out.retain(|found| !found.when.is_false() && !found.value.is_null() && found.value.as_str() != Some(""));
    out
}

/// When a value is the constant; an opaque test where that is open. `true` and `false` are the booleans as well.
pub(crate) fn is(inputs: &Inputs, value: &Value, constant: &str) -> Condition {
    if let Ok(expected) = constant.parse::<bool>()
        && value.as_str().is_none()
    {
        let truth = truth(inputs, value);
        return if expected { truth } else { truth.not() };
    }
    let same = equality(inputs, value, &Value::string(constant), Case::Insensitive);
    let open = same.undecided();
    if open.is_false() {
        return same.equal;
    }
    same.equal.or(&open.and(&inputs.opaque(&format!("{} is '{constant}'", value.text()))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trigger(json: &str) -> Trigger {
        serde_json::from_str(json).expect("a trigger")
    }

    fn pool() -> Value {
        Value::object([("mode", Value::string("user")), ("subnet", Value::string("")), ("zone", Value::null())])
    }

    #[test]
    fn letter_case_does_not_count() {
        let inputs = Inputs::default();
        assert!(holds(&inputs, &pool(), &trigger(r#"{"path":"mode","equals":"User"}"#)).is_true());
        assert!(holds(&inputs, &pool(), &trigger(r#"{"path":"mode","one_of":["System","Gateway"]}"#)).is_false());
    }

    #[test]
    fn a_boolean_is_the_word_for_it() {
        let inputs = Inputs::default();
        let body = Value::object([("on", Value::bool(true))]);
        assert!(holds(&inputs, &body, &trigger(r#"{"path":"on","equals":"true"}"#)).is_true());
        assert!(holds(&inputs, &body, &trigger(r#"{"path":"on","equals":"false"}"#)).is_false());
    }

    #[test]
    fn empty_null_and_absent_are_not_present() {
        let inputs = Inputs::default();
        for path in ["subnet", "zone", "nothing", "mode.deeper"] {
            assert!(holds(&inputs, &pool(), &Trigger::Present(path.to_owned())).is_false(), "{path}");
        }
    }

    #[test]
    fn an_allowed_empty_string_is_not_present() {
        let inputs = Inputs::default();
        let input = inputs.declare("subnet", Some(vec![Value::string(""), Value::string("/s")]));
        let pool = Value::object([("subnet", Value::input(&input))]);
        let condition = holds(&inputs, &pool, &Trigger::Present("subnet".to_owned()));
        assert_eq!(condition, inputs.is(&input, &Value::string("/s")));
    }

    #[test]
    fn all_and_any_combine() {
        let inputs = Inputs::default();
        let both = r#"{"all":[{"present":"mode"},{"present":"subnet"}]}"#;
        assert!(holds(&inputs, &pool(), &trigger(both)).is_false());
        assert!(holds(&inputs, &pool(), &trigger(&both.replace("all", "any"))).is_true());
    }

    #[test]
    fn what_an_open_object_holds_is_an_opaque_test() {
        let inputs = Inputs::default();
        let open = Value::input(&inputs.declare("pool", None));
        let condition = holds(&inputs, &open, &Trigger::Present("subnet".to_owned()));
        assert!(inputs.is_opaque(&condition) && !condition.is_true());
    }
}
