//! Who waits for whom: `dependsOn` in every spelling, references, parents, deployments.

mod deploy;

use deploy::deploy;

fn edges(resources: &str) -> Vec<String> {
    deploy(&format!(r#"{{"resources": [{resources}]}}"#)).edges()
}

const FIRST: &str = r#"{"type": "N.A/b", "name": "x"}"#;

#[test]
fn depends_on_in_every_spelling() {
    for written in [
        "[resourceId('N.A/b', 'x')]",
        "[resourceId('n.a/B', 'X')]",
        "N.A/b/x",
        "[concat('N.A/b/', 'x')]",
        "x",
        "[concat(resourceGroup().id, '/providers/N.A/b/x')]",
        "[format('N.A/b/{0}', 'x')]",
    ] {
        let second = format!(r#"{{"type": "N.C/d", "name": "y", "dependsOn": ["{written}"]}}"#);
        assert_eq!(edges(&format!("{FIRST}, {second}")), ["y -> x"], "{written}");
    }
}

#[test]
fn depends_on_a_child_in_every_spelling() {
    for written in ["[resourceId('N.A/b/c', 'x', 'z')]", "N.A/b/x/c/z", "[concat('N.A/b/', 'x', '/c/', 'z')]", "x/z"] {
        let all = edges(&format!(
            r#"{FIRST}, {{"type": "N.A/b/c", "name": "x/z"}}, {{"type": "N.C/d", "name": "y", "dependsOn": ["{written}"]}}"#
        ));
        assert_eq!(all, ["y -> z"], "{written}");
    }
}

#[test]
fn depends_on_may_be_a_variable_and_conditional() {
    let run = deploy(&format!(
        r#"{{"parameters": {{"p": {{"type": "bool"}}}}, "variables": {{"w": ["x"]}}, "resources": [{FIRST},
        {{"type": "N.C/d", "name": "y", "dependsOn": "[variables('w')]"}},
        {{"type": "N.C/d", "name": "z", "dependsOn": ["[if(parameters('p'), 'x', 'y')]"]}}]}}"#
    ));
    assert_eq!(run.edges(), ["y -> x", "z -> x", "z -> y"]);
}

#[test]
fn the_name_of_a_loop_means_all_its_rounds() {
    let all = edges(
        r#"{"type": "N.A/b", "name": "[concat('x', copyIndex())]", "copy": {"name": "l", "count": 2}},
        {"type": "N.C/d", "name": "y", "dependsOn": ["l"]}"#,
    );
    assert_eq!(all, ["y -> x0", "y -> x1"]);
}

#[test]
fn rounds_wait_for_the_round_that_they_name() {
    let all = edges(
        r#"{"type": "N.A/b", "name": "[concat('x', copyIndex())]", "copy": {"name": "l", "count": 2}},
        {"type": "N.C/d", "name": "[concat('y', copyIndex())]", "copy": {"name": "k", "count": 2},
         "dependsOn": ["[resourceId('N.A/b', concat('x', copyIndex()))]"]}"#,
    );
    assert_eq!(all, ["y0 -> x0", "y1 -> x1"]);
}

#[test]
fn a_child_waits_for_its_parent() {
    assert_eq!(edges(r#"{"type": "N.A/b", "name": "x", "resources": [{"type": "c", "name": "y"}]}"#), ["y -> x"]);
}

#[test]
fn an_id_alone_orders_nothing() {
    let none: [&str; 0] = [];
    assert_eq!(
        edges(&format!(r#"{FIRST}, {{"type": "N.C/d", "name": "y", "v": "[resourceId('N.A/b', 'x')]"}}"#)),
        none
    );
}

#[test]
fn a_reference_by_id_orders() {
    let all =
        edges(&format!(r#"{FIRST}, {{"type": "N.C/d", "name": "y", "v": "[reference(resourceId('N.A/b', 'x')).p]"}}"#));
    assert_eq!(all, ["y -> x"]);
}

#[test]
fn everyone_who_uses_a_variable_waits_for_what_it_refers_to() {
    let run = deploy(&format!(
        r#"{{"variables": {{"w": "[reference('x').p]"}}, "resources": [{FIRST},
        {{"type": "N.C/d", "name": "y", "v": "[variables('w')]"}}, {{"type": "N.C/d", "name": "z", "v": "[variables('w')]"}}]}}"#
    ));
    assert_eq!(run.edges(), ["y -> x", "z -> x"]);
}

#[test]
fn deployments_inside_a_deployment_wait_with_it() {
    let innermost = r#"{"type": "Microsoft.Resources/deployments", "name": "n", "properties": {
        "expressionEvaluationOptions": {"scope": "inner"}, "template": {"resources": [{"type": "N.A/b", "name": "innermost"}]}}}"#;
    let all = edges(&format!(
        r#"{FIRST}, {{"type": "Microsoft.Resources/deployments", "name": "m", "dependsOn": ["x"], "properties": {{
        "expressionEvaluationOptions": {{"scope": "inner"}}, "template": {{"resources": [{innermost}]}}}}}}"#
    ));
    assert!(all.contains(&"innermost -> x".to_owned()), "{all:?}");
}

#[test]
fn the_arguments_of_a_deployment_order_it_alone() {
    // Whoever asks for the outputs first evaluates the arguments.
    let all = edges(&format!(
        r#"{{"type": "N.C/d", "name": "y", "v": "[reference('m').outputs.o.value]"}}, {FIRST}, {}"#,
        deployment("", r#""parameters": {"q": {"value": "[reference('x').p]"}},"#)
    ));
    assert_eq!(all, ["inner -> x", "m -> inner", "m -> x", "y -> m"]);
}

#[test]
fn a_deployment_that_needs_its_own_output_is_said() {
    let run = deploy(&format!(
        r#"{{"resources": [{}]}}"#,
        deployment(
            "",
            r#""parameters": {"q": {"value": "[concat(reference('m').outputs.o.value, reference('m').outputs.o.value)]"}},"#
        )
    ));
    assert_eq!(run.told().len(), 1, "{:?}", run.told());
}

#[test]
fn symbolic_names_order() {
    let run = deploy(
        r#"{"languageVersion": "2.0", "resources": {"a": {"type": "N.A/b", "name": "x"},
        "l": {"type": "N.A/b", "name": "[concat('w', copyIndex())]", "copy": {"name": "l", "count": 2}},
        "b": {"type": "N.C/d", "name": "y", "dependsOn": ["a", "l[1]"]},
        "c": {"type": "N.C/d", "name": "z", "dependsOn": ["l"]}}}"#,
    );
    assert_eq!(run.edges(), ["y -> w1", "y -> x", "z -> w0", "z -> w1"]);
}

const DEPLOYMENT: &str = r#"{"type": "Microsoft.Resources/deployments", "name": "m", DEPENDS "properties": {
    "expressionEvaluationOptions": {"scope": "inner"}, ARGUMENTS "template": {"parameters": {"q": {"type": "string", "defaultValue": ""}},
    "resources": [{"type": "N.A/b", "name": "inner"}], "outputs": {"o": {"type": "string", "value": "a"}}}}}"#;

fn deployment(depends: &str, arguments: &str) -> String {
    DEPLOYMENT.replace("DEPENDS", depends).replace("ARGUMENTS", arguments)
}

#[test]
fn what_a_deployment_makes_waits_for_what_the_deployment_waits_for() {
    let all = edges(&format!("{FIRST}, {}", deployment(r#""dependsOn": ["x"],"#, "")));
    assert!(all.contains(&"inner -> x".to_owned()), "{all:?}");
}

#[test]
fn a_reference_in_an_argument_makes_the_deployment_wait() {
    let all =
        edges(&format!("{FIRST}, {}", deployment("", r#""parameters": {"q": {"value": "[reference('x').p]"}},"#)));
    assert!(all.contains(&"inner -> x".to_owned()), "{all:?}");
    assert!(all.contains(&"m -> x".to_owned()), "{all:?}");
}

#[test]
fn who_waits_for_a_deployment_waits_for_what_it_makes() {
    let all = edges(&format!(r#"{}, {{"type": "N.C/d", "name": "y", "dependsOn": ["m"]}}"#, deployment("", "")));
    assert!(all.contains(&"y -> m".to_owned()) && all.contains(&"m -> inner".to_owned()), "{all:?}");
}

#[test]
fn who_uses_an_output_waits_for_the_deployment() {
    let all = edges(&format!(
        r#"{}, {{"type": "N.C/d", "name": "y", "v": "[reference('m').outputs.o.value]"}}"#,
        deployment("", "")
    ));
    assert!(all.contains(&"y -> m".to_owned()), "{all:?}");
}

#[test]
fn an_outer_deployment_that_refers_to_the_parents_resource_waits_for_it() {
    // Azure evaluates the reference in the parent, before it deploys the nested template.
    let all = edges(&format!(
        r#"{FIRST}, {{"type": "Microsoft.Resources/deployments", "name": "m", "properties": {{"template": {{
        "resources": [{{"type": "N.C/d", "name": "inner", "v": "[reference('x').p]"}}]}}}}}}"#
    ));
    assert!(all.contains(&"inner -> x".to_owned()), "{all:?}");
}

fn serial(mode: &str, count: &str) -> deploy::Run {
    deploy(&format!(
        r#"{{"parameters": {{"n": {{"type": "int"}}}}, "resources": [{{"type": "N.A/b", "name": "[format('x{{0}}', copyIndex())]",
        "copy": {{"name": "l", "count": {count}{mode}}}}}]}}"#
    ))
}

#[test]
fn rounds_of_a_serial_loop_wait_for_the_batch_before() {
    let all = |mode| serial(mode, "4").edges();
    assert_eq!(all(r#", "mode": "serial""#), ["x1 -> x0", "x2 -> x1", "x3 -> x2"]);
    let pairs = r#", "mode": "Serial", "batchSize": 2"#;
    assert_eq!(all(pairs), ["x2 -> x0", "x2 -> x1", "x3 -> x0", "x3 -> x1"]);
    for parallel in ["", r#", "mode": "parallel", "batchSize": 1"#] {
        assert_eq!(all(parallel), [""; 0], "{parallel}");
    }
}

#[test]
fn an_open_loop_makes_one_after_another_where_it_says_so() {
    let alone = |mode| serial(mode, "\"[parameters('n')]\"").deployment.one_by_one.len();
    assert_eq!(alone(r#", "mode": "serial", "batchSize": 1"#), 1);
    assert_eq!(alone(r#", "mode": "serial", "batchSize": 2"#), 0);
    assert_eq!(alone(""), 0);
}
