//! What grows without bound is cut, and it is said that it was.

mod deploy;

use std::collections::BTreeSet;
use std::fmt::Write;

use deploy::{Run, deploy};
use rolecall_value::{MAX_ALTERNATIVES, ReasonKind, Value};

/// Which limits are told of.
fn messages(run: &Run) -> BTreeSet<String> {
    run.told().into_iter().map(|(message, _)| message).collect()
}

/// Whether a limit stands in the property `v` of the resource `x`.
fn is_limited(run: &Run) -> bool {
    let value = run.body("x").get("v").expect("the value");
    let kind = value.first_unknown().and_then(Value::as_unknown).map(|unknown| unknown.reason.kind);
    kind == Some(ReasonKind::Limit)
}

/// Variables of which each is made of the one before.
fn variables(first: &str, count: usize, next: &str) -> String {
    let mut all = format!(r#""v0": "{first}""#);
    for at in 1..=count {
        let _ = write!(all, r#", "v{at}": "{}""#, next.replace("LAST", &format!("variables('v{}')", at - 1)));
    }
    format!(r#""variables": {{{all}}}"#)
}

/// Parameters `p0`, `p1`, … of a type.
fn parameters(count: usize, of_type: &str) -> String {
    let all: Vec<_> = (0..count).map(|at| format!(r#""p{at}": {{"type": "{of_type}"}}"#)).collect();
    format!(r#""parameters": {{{}}}"#, all.join(", "))
}

#[test]
fn a_loop_of_a_billion_rounds_stands_for_many() {
    let run = deploy(
        r#"{"resources": [{"type": "A/b", "name": "[concat('x', copyIndex())]", "copy": {"name": "l", "count": 1000000000}}]}"#,
    );
    assert_eq!(run.ids(), ["$group/A/b/x{copyindex('l')}*"]);
    assert_eq!(run.told().len(), 1);
    assert_eq!(run.told()[0].1, "1000000000");
}

#[test]
fn loops_in_loops_end_when_the_steps_are_used_up() {
    let run = deploy(
        r#"{"variables": {"copy": [{"name": "a", "count": 800, "input": {"copy": [{"name": "b", "count": 800, "input": {
        "copy": [{"name": "c", "count": 800, "input": 1}]}}]}}]}, "resources": [{"type": "A/b", "name": "x", "v": "[variables('a')]"}]}"#,
    );
    assert_eq!(messages(&run).len(), 1, "{:?}", run.told());
    assert_eq!(run.unresolved().len(), 0, "{:?}", run.unresolved());
}

#[test]
fn deployments_in_loops_in_deployments_end_and_leave_something_unresolved() {
    let mut template = r#"{"resources": []}"#.to_owned();
    for at in 0..10 {
        template = format!(
            r#"{{"resources": [{{"type": "Microsoft.Resources/deployments", "name": "[concat('d{at}-', copyIndex())]",
            "copy": {{"name": "l", "count": 10}}, "properties": {{"expressionEvaluationOptions": {{"scope": "inner"}}, "template": {template}}}}}]}}"#
        );
    }
    let run = deploy(&template);
    assert_eq!(messages(&run).len(), 1, "{:?}", run.told());
    assert!(!run.unresolved().is_empty());
    assert!(run.deployment.resources.len() < 100_000);
}

#[test]
fn a_template_that_includes_itself_three_times_ends() {
    let one = |at| {
        format!(
            r#"{{"type": "Microsoft.Resources/deployments", "name": "d{at}", "properties": {{"templateLink": {{"relativePath": "main.json"}}}}}}"#
        )
    };
    let run = deploy(&format!(r#"{{"resources": [{}, {}, {}]}}"#, one(0), one(1), one(2)));
    assert!(!run.unresolved().is_empty());
    assert!(!run.told().is_empty());
}

#[test]
fn strings_that_double_become_unknown() {
    for first in ["0123456789", "[concat('x', parameters('p0'))]"] {
        let run = deploy(&format!(
            r#"{{{}, {}, "resources": [{{"type": "A/b", "name": "x", "v": "[variables('v60')]"}}]}}"#,
            parameters(1, "string"),
            variables(first, 60, "[concat(LAST, LAST)]")
        ));
        assert!(is_limited(&run), "{first}");
        assert_eq!(messages(&run).len(), 1, "{:?}", run.told());
    }
}

#[test]
fn arrays_that_double_become_unknown() {
    for next in ["[createArray(LAST, LAST)]", "[createObject('a', LAST, 'b', LAST)]"] {
        let run = deploy(&format!(
            r#"{{{}, "resources": [{{"type": "A/b", "name": "x", "v": "[variables('v60')]"}}]}}"#,
            variables("a", 60, next)
        ));
        assert!(is_limited(&run), "{next}");
        assert_eq!(messages(&run).len(), 1, "{:?}", run.told());
    }
}

#[test]
fn a_thousand_choices_one_in_another_are_followed_to_a_limit() {
    let mut choices = parameters(1000, "bool");
    let _ = write!(choices, r#", "variables": {{"v0": "z""#);
    for at in 1..=1000 {
        let _ = write!(choices, r#", "v{at}": "[if(parameters('p{}'), 'a{at}', variables('v{}'))]""#, at - 1, at - 1);
    }
    let run = deploy(&format!(r#"{{{choices}}}, "resources": [{{"type": "A/b", "name": "[variables('v1000')]"}}]}}"#));
    // Past the limit on alternatives all are one unknown, and the choices around it go on.
    assert!(run.deployment.resources.len() <= MAX_ALTERNATIVES, "{}", run.deployment.resources.len());
    // Both limits that were passed are named: how deep variables reach, and how many alternatives a value has.
    let told = messages(&run);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told.iter().any(|message| message.contains("400 levels")), "{told:?}");
    assert!(told.iter().any(|message| message.contains("more than the 64")), "{told:?}");
}

#[test]
fn a_name_of_two_hundred_open_parameters_is_one_name() {
    let arguments: Vec<_> = (0..200).map(|at| format!("parameters('p{at}')")).collect();
    let run = deploy(&format!(
        r#"{{{}, "resources": [{{"type": "A/b", "name": "[concat({})]"}}]}}"#,
        parameters(200, "string"),
        arguments.join(", ")
    ));
    assert_eq!(run.deployment.resources.len(), 1);
    assert!(run.ids()[0].ends_with("{parameters('p199')}"), "{:?}", run.ids());
}

#[test]
fn two_hundred_choices_in_one_name_are_too_many() {
    let arguments: Vec<_> = (0..200).map(|at| format!("if(parameters('p{at}'), 'x', 'y')")).collect();
    let run = deploy(&format!(
        r#"{{{}, "resources": [{{"type": "A/b", "name": "x", "v": "[concat({})]"}}]}}"#,
        parameters(200, "bool"),
        arguments.join(", ")
    ));
    assert!(run.v("x").starts_with("limit: "), "{}", run.v("x"));
}

#[test]
fn a_long_chain_of_variables_ends_at_the_depth_that_is_followed() {
    let run = deploy(&format!(
        r#"{{{}, "resources": [{{"type": "A/b", "name": "x", "v": "[variables('v5000')]"}}]}}"#,
        variables("a", 5000, "[LAST]")
    ));
    assert!(run.v("x").starts_with("limit: "), "{}", run.v("x"));
    assert_eq!(run.told().len(), 1, "{:?}", run.told());
}

#[test]
fn networks_that_refer_to_one_another_in_a_row_are_looked_at_once_each() {
    let network = |at: usize| {
        format!(
            r#"{{"type": "Microsoft.Network/virtualNetworks", "name": "v{at}", "properties": {{"subnets": [{{"name": "s",
            "a": "[reference('v{0}').subnets[0].id]", "b": "[reference('v{0}').subnets[0].id]"}}]}}}}"#,
            at + 1
        )
    };
    let all: Vec<_> = (0..60).map(network).collect();
    let run = deploy(&format!(r#"{{"resources": [{}]}}"#, all.join(", ")));
    assert_eq!(run.deployment.resources.len(), 60);
}
