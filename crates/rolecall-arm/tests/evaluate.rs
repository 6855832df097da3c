//! What expressions are worth: parameters, variables, functions, members, refused values.

mod deploy;

use deploy::{deploy, deploy_all, deploy_with, value, value_with};

const ALLOWED: &str = r#""parameters": {"p": {"type": "string", "allowedValues": ["a", "b"], "defaultValue": "a"}}"#;

#[test]
fn a_default_is_the_value_of_a_parameter() {
    assert_eq!(value(r#""parameters": {"p": {"type": "string", "defaultValue": "a"}}"#, "[parameters('P')]"), "'a'");
}

#[test]
fn what_is_given_wins_over_the_default() {
    let sections = r#""parameters": {"p": {"type": "string", "defaultValue": "a"}}"#;
    assert_eq!(value_with(sections, r#"{"p": {"value": "b"}}"#, "[parameters('p')]"), "'b'");
}

#[test]
fn a_parameter_without_value_is_open() {
    let sections = r#""parameters": {"p": {"type": "string"}}"#;
    assert_eq!(value(sections, "[parameters('p')]"), "parameters('p')");
    assert_eq!(value(sections, "[concat('x-', parameters('p'))]"), "'x-{parameters('p')}'");
}

#[test]
fn a_bool_is_open_and_its_default_is_the_point() {
    let run = deploy(
        r#"{"parameters": {"p": {"type": "bool", "defaultValue": true}},
        "resources": [{"type": "A/b", "name": "x", "v": "[if(parameters('p'), 1, 2)]"}]}"#,
    );
    assert_eq!(run.v("x"), "1 if p; 2 if not p");
    let at = run.body("x").get("v").expect("it").alternatives()[0].0.clone();
    assert!(run.deployment.inputs.at(&at, &run.deployment.point).is_true());
}

#[test]
fn a_bool_that_is_given_stays_open_and_moves_the_point() {
    let run = deploy_with(
        r#"{"parameters": {"p": {"type": "bool", "defaultValue": true}},
        "resources": [{"type": "A/b", "name": "x", "v": "[if(parameters('p'), 1, 2)]"}]}"#,
        r#"{"p": {"value": false}}"#,
    );
    let at = run.body("x").get("v").expect("it").alternatives()[0].0.clone();
    assert!(run.deployment.inputs.at(&at, &run.deployment.point).is_false());
}

#[test]
fn allowed_values_are_the_alternatives() {
    assert_eq!(value(ALLOWED, "[if(equals(parameters('p'), 'b'), 1, 2)]"), "1 if p = 'b'; 2 if p = 'a'");
}

#[test]
fn a_given_value_that_is_not_allowed_is_said() {
    let run = deploy_with(
        &format!(r#"{{{ALLOWED}, "resources": [{{"type": "A/b", "name": "x", "v": "[parameters('p')]"}}]}}"#),
        r#"{"p": {"value": "c"}}"#,
    );
    assert_eq!(run.v("x"), "'c'");
    assert_eq!(run.told(), [("'c' is not allowed for the parameter `p`; allowed are 'a', 'b'".to_owned(), "\"c\"")]);
}

#[test]
fn one_allowed_value_is_the_value() {
    let sections = r#""parameters": {"p": {"type": "string", "allowedValues": ["a"]}}"#;
    assert_eq!(value(sections, "[parameters('p')]"), "'a'");
}

#[test]
fn allowed_values_of_an_array_are_those_of_its_items() {
    let sections = r#""parameters": {"p": {"type": "array", "allowedValues": ["a", "b"], "defaultValue": ["a"]}}"#;
    assert_eq!(value(sections, "[parameters('p')]"), "['a']");
}

#[test]
fn a_placeholder_leaves_the_parameter_open() {
    let sections = r#""parameters": {"p": {"type": "string", "defaultValue": "a"}}"#;
    assert_eq!(value_with(sections, r#"{"p": {"value": "${NAME}"}}"#, "[parameters('p')]"), "parameters('p')");
}

#[test]
fn a_nullable_parameter_left_out_is_null() {
    let sections = r#""parameters": {"p": {"type": "string", "nullable": true}}"#;
    assert_eq!(value(sections, "[coalesce(parameters('p'), 'x')]"), "'x'");
}

#[test]
fn a_default_may_use_other_parameters() {
    let sections = r#""parameters": {"a": {"type": "string", "defaultValue": "[parameters('b')]"},
        "b": {"type": "string", "defaultValue": "x"}}"#;
    assert_eq!(value(sections, "[parameters('a')]"), "'x'");
}

#[test]
fn a_cycle_is_said_where_it_closes() {
    let run = deploy(
        r#"{"parameters": {"a": {"type": "string", "defaultValue": "[parameters('b')]"},
          "b": {"type": "string", "defaultValue": "[parameters('a')]"}},
        "resources": [{"type": "A/b", "name": "x", "v": "[parameters('a')]"}]}"#,
    );
    assert_eq!(
        run.told(),
        [("the parameter `a` depends on itself; Azure refuses the template".to_owned(), "parameters('a')")]
    );
    assert!(run.v("x").starts_with("invalid: "), "{}", run.v("x"));
}

#[test]
fn a_name_that_is_not_declared_is_said() {
    let run = deploy(r#"{"resources": [{"type": "A/b", "name": "x", "v": "[variables('gone')]"}]}"#);
    assert_eq!(run.told().len(), 1);
    assert_eq!(run.told()[0].1, "variables('gone')");
}

#[test]
fn a_given_value_without_parameter_is_said() {
    let run = deploy_with(r#"{"resources": []}"#, r#"{"p": {"value": 1}}"#);
    assert_eq!(run.told().len(), 1, "{:?}", run.told());
    assert_eq!(run.told()[0].1, "1");
}

#[test]
fn a_secret_is_equal_to_itself_alone() {
    let sections = r#""parameters": {"p": {"type": "securestring"}}"#;
    let secret = r#"{"p": {"reference": {"keyVault": {"id": "/v"}, "secretName": "s"}}}"#;
    assert_eq!(value_with(sections, secret, "[parameters('p')]"), "secret('p')");
}

#[test]
fn a_variable_name_may_be_computed() {
    let sections = format!(r#"{ALLOWED}, "variables": {{"x-a": 1, "x-b": 2}}"#);
    assert_eq!(value(&sections, "[variables(concat('x-', parameters('p')))]"), "1 if p = 'a'; 2 if p = 'b'");
}

#[test]
fn a_variable_that_only_some_choices_name_is_refused_for_the_others_and_not_said() {
    let run = deploy(&format!(
        r#"{{{ALLOWED}, "variables": {{"x-a": 1}}, "resources": [{{"type": "A/b", "name": "x", "v": "[variables(concat('x-', parameters('p')))]"}}]}}"#
    ));
    assert_eq!(run.v("x"), "1 if p = 'a'; refused: there is no variable `x-b` if p = 'b'");
    assert_eq!(run.told(), []);
}

#[test]
fn what_is_refused_of_one_resource_is_said_once() {
    let run = deploy(
        r#"{"variables": {"o": {}}, "resources": [{"type": "A/b", "name": "x", "properties": {"a": "[variables('o').p]", "b": "[variables('o').q]"}}]}"#,
    );
    let told = run.told();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].1.contains("variables('o').p"), "{told:?}");
}

#[test]
fn hops_lead_from_the_use_to_where_it_is_written() {
    let run = deploy(
        r#"{"parameters": {"p": {"type": "string", "defaultValue": "a"}}, "variables": {"w": "[parameters('p')]"},
        "resources": [{"type": "A/b", "name": "x", "v": "[variables('w')]"}]}"#,
    );
    assert_eq!(
        run.chain(&run.body("x").get("v").expect("it")),
        ["Variable(\"w\") variables('w')", "Parameter(\"p\") parameters('p')", "Written \"a\""]
    );
}

#[test]
fn hops_lead_through_a_module_and_its_output() {
    let module = r#"{"parameters": {"q": {"type": "string"}}, "outputs": {"o": {"type": "string", "value": "[parameters('q')]"}}}"#;
    let main = r#"{"variables": {"w": "a"}, "resources": [
        {"type": "Microsoft.Resources/deployments", "name": "m", "properties": {"templateLink": {"relativePath": "m.json"},
          "parameters": {"q": {"value": "[variables('w')]"}}}},
        {"type": "A/b", "name": "x", "v": "[reference('m').outputs.o.value]"}]}"#;
    let run = deploy_all(&[("main.json", main), ("m.json", module)], None);
    let chain = run.chain(&run.body("x").get("v").expect("it"));
    assert_eq!(run.v("x"), "'a'");
    assert!(chain.iter().any(|hop| hop.starts_with("Output(\"o\")")), "{chain:?}");
    assert!(chain.iter().any(|hop| hop == "Parameter(\"q\") parameters('q')"), "{chain:?}");
    assert_eq!(chain[chain.len() - 2..], ["Variable(\"w\") variables('w')", "Written \"a\""]);
}

const FUNCTIONS: &str = r#""functions": [{"namespace": "n", "members": {"f": {"parameters": [{"name": "a", "type": "string"}],
    "output": {"type": "string", "value": "[concat('<', parameters('a'), '>')]"}}}}]"#;

#[test]
fn a_user_function_sees_its_own_parameters() {
    let sections = format!(r#"{FUNCTIONS}, "parameters": {{"a": {{"type": "string", "defaultValue": "outside"}}}}"#);
    assert_eq!(value(&sections, "[n.f('x')]"), "'<x>'");
}

#[test]
fn a_user_function_spreads_over_alternatives() {
    assert_eq!(
        value(&format!("{FUNCTIONS}, {ALLOWED}"), "[if(equals(parameters('p'), 'a'), n.f('1'), n.f('2'))]"),
        "'<1>' if p = 'a'; '<2>' if p = 'b'"
    );
}

#[test]
fn a_user_function_with_too_few_arguments_is_refused() {
    assert!(value(FUNCTIONS, "[n.f()]").starts_with("refused: "), "{}", value(FUNCTIONS, "[n.f()]"));
}

#[test]
fn lambdas_see_what_is_around_them() {
    assert_eq!(
        value(
            r#""variables": {"v": "-"}"#,
            "[map(createArray('a', 'b'), lambda('i', concat(lambdaVariables('i'), variables('v'))))]"
        ),
        "['a-', 'b-']"
    );
    assert_eq!(value("", "[filter(createArray(1, 2, 3), lambda('i', greater(lambdaVariables('i'), 1)))]"), "[2, 3]");
    assert_eq!(
        value("", "[reduce(createArray(1, 2), 10, lambda('a', 'b', add(lambdaVariables('a'), lambdaVariables('b'))))]"),
        "13"
    );
}

#[test]
fn a_choice_inside_a_choice_has_both_conditions() {
    let sections = r#""parameters": {"a": {"type": "bool"}, "b": {"type": "bool"}}"#;
    assert_eq!(
        value(sections, "[if(parameters('a'), if(parameters('b'), 1, 2), if(parameters('a'), 3, 4))]"),
        "1 if a and b; 2 if a and not b; 4 if not a"
    );
}

#[test]
fn a_branch_not_taken_refuses_nothing() {
    let run = deploy(
        r#"{"variables": {"o": {}}, "resources": [{"type": "A/b", "name": "x", "v": "[if(false(), variables('o').gone, 1)]"}]}"#,
    );
    assert_eq!(run.v("x"), "1");
    assert_eq!(run.told(), []);
}

#[test]
fn a_missing_property_of_what_is_always_deployed_is_said() {
    let run = deploy(
        r#"{"variables": {"o": {"a": 1}}, "resources": [{"type": "A/b", "name": "x", "properties": "[variables('o').gone]"}]}"#,
    );
    let told = run.told();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].0.contains("there is no property"), "{told:?}");
    assert!(told[0].1.contains("variables('o').gone"), "{told:?}");
}

#[test]
fn a_missing_property_of_what_may_not_be_deployed_is_not_said() {
    let run = deploy(
        r#"{"parameters": {"p": {"type": "bool"}}, "variables": {"o": {}}, "resources":
        [{"condition": "[parameters('p')]", "type": "A/b", "name": "x", "properties": "[variables('o').gone]"}]}"#,
    );
    assert_eq!(run.told(), []);
}

#[test]
fn a_call_with_the_wrong_number_of_arguments_is_said_wherever_it_stands() {
    let run = deploy(
        r#"{"parameters": {"p": {"type": "bool"}}, "variables": {"o": "[createObject('a', 1, 'b')]"}, "resources":
        [{"condition": "[parameters('p')]", "type": "A/b", "name": "x", "properties": "[union(variables('o'), createObject())]"}]}"#,
    );
    let told = run.told();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].1, "createObject('a', 1, 'b')");
}

#[test]
fn a_known_object_is_looked_into_by_an_open_choice() {
    let sections = format!(r#"{ALLOWED}, "variables": {{"o": {{"A": 1, "b": 2}}}}"#);
    assert_eq!(value(&sections, "[variables('o')[parameters('p')]]"), "1 if p = 'a'; 2 if p = 'b'");
    assert_eq!(
        value(
            &format!(r#"{ALLOWED}, "variables": {{"o": {{"a": {{"x": 1}}}}}}"#),
            "[variables('o')[parameters('p')].x]"
        ),
        "1 if p = 'a'; refused: member: there is no property b among a if p = 'b'"
    );
}

#[test]
fn a_property_with_a_symbolic_name_may_be_the_one_looked_up() {
    let sections = r#""parameters": {"n": {"type": "string"}}, "variables": {"o": {"[parameters('n')]": 1, "a": 2}}"#;
    assert_eq!(value(sections, "[variables('o')[parameters('n')]]"), "1");
    // If `n` is 'a', there are two of the name and the order decides: that is not told.
    assert_eq!(value(sections, "[variables('o').a]"), r"{parameters(\'n\'): 1, a: 2}.a");
}

#[test]
fn names_of_parameters_stand_in_any_case() {
    assert_eq!(value(r#""variables": {"Name": "x"}"#, "[VARIABLES('nAME')]"), "'x'");
}

#[test]
fn json_text_with_holes_is_an_object_with_holes() {
    let sections = r#""parameters": {"s": {"type": "string"}}"#;
    assert_eq!(
        value(
            sections,
            r#"[json(concat('{\"id\": \"', parameters('s'), '\", \"n\": [1, \"a-', parameters('s'), '\"]}'))]"#
        ),
        "{id: parameters('s'), n: [1, 'a-{parameters('s')}']}"
    );
}
