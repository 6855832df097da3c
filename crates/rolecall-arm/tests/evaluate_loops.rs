//! What loops make: of resources, properties, variables and outputs, over what is known, partly known and open.

mod deploy;

use deploy::{deploy, value};

fn ids(sections: &str, resource: &str) -> Vec<String> {
    let comma = if sections.is_empty() { "" } else { "," };
    deploy(&format!(r#"{{{sections}{comma}"resources": [{resource}]}}"#)).ids()
}

#[test]
fn a_resource_is_there_once_for_each_round() {
    assert_eq!(
        ids("", r#"{"type": "A/b", "name": "[concat('x', copyIndex())]", "copy": {"name": "l", "count": 2}}"#),
        ["$group/A/b/x0", "$group/A/b/x1"]
    );
}

#[test]
fn an_offset_is_added_to_the_index() {
    assert_eq!(
        ids("", r#"{"type": "A/b", "name": "[concat('x', copyIndex(1))]", "copy": {"name": "l", "count": 2}}"#),
        ["$group/A/b/x1", "$group/A/b/x2"]
    );
    assert_eq!(
        ids("", r#"{"type": "A/b", "name": "[concat('x', copyIndex('L', 5))]", "copy": {"name": "l", "count": 1}}"#),
        ["$group/A/b/x5"]
    );
}

#[test]
fn no_round_is_no_resource() {
    let none: [&str; 0] = [];
    assert_eq!(ids("", r#"{"type": "A/b", "name": "x", "copy": {"name": "l", "count": 0}}"#), none);
}

#[test]
fn the_index_without_a_name_is_of_the_resource_inside_a_property_loop() {
    let run = deploy(
        r#"{"resources": [{"type": "A/b", "name": "[concat('x', copyIndex())]", "copy": {"name": "l", "count": 2},
        "v": {"copy": [{"name": "p", "count": 2, "input": "[concat(copyIndex(), '-', copyIndex('p'))]"}]}}]}"#,
    );
    assert_eq!(run.v("x1"), "{p: ['1-0', '1-1']}");
}

#[test]
fn a_child_sees_the_loop_of_its_parent() {
    assert_eq!(
        ids(
            "",
            r#"{"type": "A/b", "name": "[concat('x', copyIndex())]", "copy": {"name": "l", "count": 2},
            "resources": [{"type": "c", "name": "[concat('y', copyIndex('l'))]"}]}"#
        ),
        ["$group/A/b/x0", "$group/A/b/x0/c/y0", "$group/A/b/x1", "$group/A/b/x1/c/y1"]
    );
}

#[test]
fn a_variable_loop_makes_an_array() {
    let sections = r#""variables": {"copy": [{"name": "a", "count": 2, "input": {"i": "[copyIndex('a')]"}}],
        "o": {"copy": [{"name": "b", "count": 2, "input": "[copyIndex('b', 1)]"}], "c": 1}}"#;
    assert_eq!(value(sections, "[variables('a')]"), "[{i: 0}, {i: 1}]");
    assert_eq!(value(sections, "[variables('o')]"), "{b: [1, 2], c: 1}");
}

#[test]
fn a_loop_over_a_parameter_takes_its_items() {
    assert_eq!(
        ids(
            r#""parameters": {"p": {"type": "array", "defaultValue": ["u", "v"]}}"#,
            r#"{"type": "A/b", "name": "[parameters('p')[copyIndex()]]", "copy": {"name": "l", "count": "[length(parameters('p'))]"}}"#
        ),
        ["$group/A/b/u", "$group/A/b/v"]
    );
}

#[test]
fn a_loop_over_an_open_array_is_one_round_that_stands_for_many() {
    assert_eq!(
        ids(
            r#""parameters": {"p": {"type": "array"}}"#,
            r#"{"type": "A/b", "name": "[parameters('p')[copyIndex()].name]", "copy": {"name": "l", "count": "[length(parameters('p'))]"}}"#
        ),
        ["$group/A/b/{parameters('p')[*].name}*"]
    );
}

#[test]
fn an_open_count_is_one_round_that_stands_for_many() {
    assert_eq!(
        ids(
            r#""parameters": {"n": {"type": "int"}}"#,
            r#"{"type": "A/b", "name": "[concat('x', copyIndex())]", "copy": {"name": "l", "count": "[parameters('n')]"}}"#
        ),
        ["$group/A/b/x{copyindex('l')}*"]
    );
}

#[test]
fn a_conditional_count_has_rounds_under_conditions() {
    assert_eq!(
        ids(
            r#""parameters": {"p": {"type": "bool"}}"#,
            r#"{"type": "A/b", "name": "[concat('x', copyIndex())]", "copy": {"name": "l", "count": "[if(parameters('p'), 2, 1)]"}}"#
        ),
        ["$group/A/b/x0", "$group/A/b/x1 when p"]
    );
}

#[test]
fn an_array_of_two_lengths_has_its_items_under_conditions() {
    let sections = r#""parameters": {"p": {"type": "bool"}},
        "variables": {"a": "[if(parameters('p'), createArray('u', 'v'), createArray('w'))]"}"#;
    assert_eq!(value(sections, "[length(variables('a'))]"), "2 if p; 1 if not p");
    assert_eq!(
        ids(
            sections,
            r#"{"type": "A/b", "name": "[variables('a')[copyIndex()]]", "copy": {"name": "l", "count": "[length(variables('a'))]"}}"#
        ),
        ["$group/A/b/u when p", "$group/A/b/v when p", "$group/A/b/w when not p"]
    );
}

#[test]
fn items_that_may_be_missing_are_rounds_under_conditions() {
    let sections = r#""parameters": {"p": {"type": "bool"}}, "variables": {
        "a": "[concat(createArray('u'), if(parameters('p'), createArray('v'), createArray()), createArray('w'))]"}"#;
    assert_eq!(
        ids(
            sections,
            r#"{"type": "A/b", "name": "[variables('a')[copyIndex()]]", "copy": {"name": "l", "count": "[length(variables('a'))]"}}"#
        ),
        ["$group/A/b/u", "$group/A/b/v when p", "$group/A/b/w"]
    );
}

#[test]
fn the_index_before_anything_uncertain_is_known() {
    let sections = r#""parameters": {"p": {"type": "bool"}}, "variables": {
        "a": "[concat(createArray('u'), if(parameters('p'), createArray('v'), createArray()))]"}"#;
    let all = ids(
        sections,
        r#"{"type": "A/b", "name": "[concat('x', copyIndex())]", "copy": {"name": "l", "count": "[length(variables('a'))]"}}"#,
    );
    assert_eq!(all[0], "$group/A/b/x0");
    assert!(all[1].ends_with(" when p"), "{all:?}");
}

#[test]
fn two_arrays_with_other_gaps_do_not_run_in_step() {
    // Without p, the first item of `b` is looked at in the round of 'v', not the second.
    let sections = r#""parameters": {"p": {"type": "bool"}}, "variables": {
        "a": "[concat(if(parameters('p'), createArray('u'), createArray()), createArray('v'))]",
        "b": "[concat(createArray('y'), if(parameters('p'), createArray('z'), createArray()))]"}"#;
    let run = deploy(&format!(
        r#"{{{sections}, "resources": [{{"type": "A/b", "name": "[variables('a')[copyIndex()]]",
        "copy": {{"name": "l", "count": "[length(variables('a'))]"}}, "v": "[variables('b')[copyIndex()]]"}}]}}"#
    ));
    assert_ne!(run.v("v"), "z if p; null if not p");
    assert_ne!(run.v("v"), "'z'");
}

#[test]
fn a_condition_may_use_the_index() {
    assert_eq!(
        ids(
            "",
            r#"{"type": "A/b", "name": "[concat('x', copyIndex())]", "condition": "[equals(copyIndex(), 1)]", "copy": {"name": "l", "count": 3}}"#
        ),
        ["$group/A/b/x1"]
    );
}

#[test]
fn an_output_loop_gives_an_array() {
    let run = deploy(
        r#"{"resources": [
        {"type": "Microsoft.Resources/deployments", "name": "m", "properties": {"expressionEvaluationOptions": {"scope": "inner"},
          "template": {"outputs": {"o": {"type": "array", "copy": {"count": 2, "input": "[concat('x', copyIndex())]"}}}}}},
        {"type": "A/b", "name": "x", "v": "[reference('m').outputs.o.value[1]]"}]}"#,
    );
    assert_eq!(run.v("x"), "'x1'");
}

#[test]
fn a_module_loop_makes_a_deployment_for_each_round() {
    let all = ids(
        "",
        r#"{"type": "Microsoft.Resources/deployments", "name": "[concat('m', copyIndex())]", "copy": {"name": "l", "count": 2},
          "properties": {"expressionEvaluationOptions": {"scope": "inner"}, "parameters": {"n": {"value": "[copyIndex()]"}},
          "template": {"parameters": {"n": {"type": "int"}}, "resources": [{"type": "A/b", "name": "[concat('x', parameters('n'))]"}]}}}"#,
    );
    assert_eq!(all[..2], ["$group/A/b/x0", "$group/A/b/x1"]);
}

#[test]
fn nested_loops_see_both_indices() {
    assert_eq!(
        value(
            r#""variables": {"copy": [{"name": "a", "count": 2, "input": {"copy": [{"name": "b", "count": 2,
            "input": "[add(mul(copyIndex('a'), 10), copyIndex('b'))]"}]}}]}"#,
            "[variables('a')]"
        ),
        "[{b: [0, 1]}, {b: [10, 11]}]"
    );
}

#[test]
fn an_index_outside_of_any_loop_is_refused() {
    assert!(value("", "[copyIndex()]").starts_with("refused: "));
}
