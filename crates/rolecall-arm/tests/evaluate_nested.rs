//! Nested and linked deployments: whose parameters and scopes their expressions see, where their resources go, what comes
//! out of them.

mod deploy;

use deploy::{Run, deploy, deploy_all};

/// A nested deployment `m` with these properties besides its template, and `more` beside its properties.
fn nested(more: &str, properties: &str, template: &str) -> String {
    format!(
        r#"{{"type": "Microsoft.Resources/deployments", "name": "m", {more} "properties": {{{properties} "template": {{{template}}}}}}}"#
    )
}

const INNER: &str = r#""expressionEvaluationOptions": {"scope": "inner"},"#;
const PROBE: &str = r#""resources": [{"type": "A/b", "name": "x", "v": "VALUE"}]"#;

fn main_with(head: &str, resources: &str) -> Run {
    deploy(&format!(r#"{{{head} "resources": [{resources}]}}"#))
}

#[test]
fn outer_scope_sees_the_parents_parameters_and_variables() {
    let inner = PROBE.replace("VALUE", "[concat(parameters('p'), variables('w'))]");
    let run = main_with(
        r#""parameters": {"p": {"type": "string", "defaultValue": "a"}}, "variables": {"w": "b"},"#,
        &nested("", r#""parameters": {},"#, &inner),
    );
    assert_eq!(run.v("x"), "'ab'");
}

#[test]
fn inner_scope_sees_its_own() {
    let inner = PROBE.replace("VALUE", "[concat(parameters('p'), variables('w'))]");
    let inner = format!(
        r#""parameters": {{"p": {{"type": "string"}}}}, "variables": {{"w": "[concat(parameters('p'), '2')]"}}, {inner}"#
    );
    let run = main_with(
        r#""parameters": {"p": {"type": "string", "defaultValue": "a"}},"#,
        &nested(
            "",
            &format!(r#"{INNER} "parameters": {{"p": {{"value": "[concat('<', parameters('p'), '>')]"}}}},"#),
            &inner,
        ),
    );
    assert_eq!(run.v("x"), "'<a><a>2'");
}

#[test]
fn a_parameter_that_no_argument_gives_has_its_default() {
    let inner = format!(
        r#""parameters": {{"p": {{"type": "bool", "defaultValue": true}}}}, {}"#,
        PROBE.replace("VALUE", "[parameters('p')]")
    );
    // Nobody else can choose it: it is not open.
    assert_eq!(main_with("", &nested("", INNER, &inner)).v("x"), "true");
}

#[test]
fn a_parameter_without_argument_and_default_is_refused() {
    let inner =
        format!(r#""parameters": {{"p": {{"type": "string"}}}}, {}"#, PROBE.replace("VALUE", "[parameters('p')]"));
    let run = main_with("", &nested("", INNER, &inner));
    assert!(run.v("x").starts_with("refused: "), "{}", run.v("x"));
    assert_eq!(run.told().len(), 1, "{:?}", run.told());
}

const ELSEWHERE: &str = r#""resourceGroup": "g","#;

#[test]
fn resources_go_to_the_group_that_is_named() {
    let inner = PROBE.replace("VALUE", "1");
    let run = main_with("", &nested(ELSEWHERE, INNER, &inner));
    assert!(run.ids().contains(&"$subscription/resourceGroups/g/A/b/x".to_owned()), "{:?}", run.ids());
    let run = main_with("", &nested(r#""subscriptionId": "s", "resourceGroup": "g","#, INNER, &inner));
    assert!(run.ids().contains(&"/subscriptions/s/resourceGroups/g/A/b/x".to_owned()), "{:?}", run.ids());
}

#[test]
fn functions_of_scope_in_an_inner_deployment_are_of_its_target() {
    for (expression, expected) in [
        ("[resourceGroup().name]", "'g'"),
        ("[resourceId('A/b', 'y')]", "'$subscription/resourceGroups/g/A/b/y'"),
        ("[resourceGroup().id]", "'$subscription/resourceGroups/g'"),
        ("[deployment().name]", "'m'"),
    ] {
        let run = main_with("", &nested(ELSEWHERE, INNER, &PROBE.replace("VALUE", expression)));
        assert_eq!(run.v("x"), expected, "{expression}");
    }
}

#[test]
fn functions_of_scope_in_an_outer_deployment_are_of_the_parents_target() {
    for (expression, expected) in [
        ("[resourceGroup().name]", "resourceGroup().name"),
        ("[resourceId('A/b', 'y')]", "'$group/A/b/y'"),
        ("[deployment().name]", "deployment().name"),
    ] {
        let run = main_with("", &nested(ELSEWHERE, "", &PROBE.replace("VALUE", expression)));
        assert_eq!(run.v("x"), expected, "{expression}");
    }
}

#[test]
fn a_relative_scope_in_an_outer_deployment_is_in_the_target_group() {
    let inner =
        r#""resources": [{"type": "Microsoft.Authorization/roleAssignments", "name": "r", "scope": "A.a/b/y"}]"#;
    let run = main_with("", &nested(ELSEWHERE, "", inner));
    let expected = "$subscription/resourceGroups/g/a.a/b/y/Microsoft.Authorization/roleAssignments/r".to_owned();
    assert!(run.ids().contains(&expected), "{:?}", run.ids());
}

#[test]
fn a_conditional_target_is_an_alternative_for_each() {
    let run = main_with(
        r#""parameters": {"p": {"type": "bool"}},"#,
        &nested(r#""resourceGroup": "[if(parameters('p'), 'g', 'h')]","#, INNER, &PROBE.replace("VALUE", "1")),
    );
    let ids = run.ids();
    for expected in ["$subscription/resourceGroups/g/A/b/x when p", "$subscription/resourceGroups/h/A/b/x when not p"] {
        assert!(ids.contains(&expected.to_owned()), "{ids:?}");
    }
}

#[test]
fn a_conditional_deployment_makes_conditional_resources() {
    let run = main_with(
        r#""parameters": {"p": {"type": "bool"}},"#,
        &nested(r#""condition": "[parameters('p')]","#, INNER, &PROBE.replace("VALUE", "1")),
    );
    assert!(run.ids().contains(&"$group/A/b/x when p".to_owned()), "{:?}", run.ids());
}

#[test]
fn a_template_of_a_subscription_makes_groups_and_goes_into_them() {
    let inner = PROBE.replace("VALUE", "[resourceGroup().id]");
    let run = main_with(
        r#""$schema": "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#","#,
        &format!(
            r#"{{"type": "Microsoft.Resources/resourceGroups", "name": "g"}}, {}"#,
            nested(r#""resourceGroup": "g", "dependsOn": ["g"],"#, INNER, &inner)
        ),
    );
    assert_eq!(run.v("x"), "'$subscription/resourceGroups/g'");
    assert!(run.edges().contains(&"x -> g".to_owned()), "{:?}", run.edges());
}

#[test]
fn outputs_come_through_two_levels() {
    let innermost = r#"{"type": "Microsoft.Resources/deployments", "name": "n", "properties": {"expressionEvaluationOptions": {"scope": "inner"},
        "template": {"resources": [{"type": "A/b", "name": "y"}], "outputs": {"o": {"type": "string", "value": "[reference('y').p]"}}}}}"#;
    let inner = format!(
        r#""resources": [{innermost}], "outputs": {{"o": {{"type": "string", "value": "[reference('n').outputs.o.value]"}}}}"#
    );
    let run = main_with(
        "",
        &format!(
            r#"{}, {{"type": "A/probe", "name": "probe", "v": "[reference('m').outputs.o.value]"}}"#,
            nested("", INNER, &inner)
        ),
    );
    assert_eq!(run.v("probe"), "reference('$group/A/b/y').properties.p");
}

#[test]
fn the_name_of_a_deployment_reaches_its_outputs_in_every_spelling() {
    let inner = r#""outputs": {"o": {"type": "string", "value": "a"}}"#;
    for reference in [
        "reference('m')",
        "reference('Microsoft.Resources/deployments/m')",
        "reference(resourceId('Microsoft.Resources/deployments', 'm'), '2022-09-01')",
        "reference(resourceId('Microsoft.Resources/deployments', 'm'), '2022-09-01', 'Full').properties",
    ] {
        let probe = format!(r#"{{"type": "A/probe", "name": "probe", "v": "[{reference}.outputs.o.value]"}}"#);
        let run = main_with("", &format!("{}, {probe}", nested("", INNER, inner)));
        assert_eq!(run.v("probe"), "'a'", "{reference}");
        assert_eq!(run.edges(), ["probe -> m"], "{reference}");
    }
}

const MODULE: &str = r#"{"parameters": {"q": {"type": "string", "defaultValue": "d"}},
    "resources": [{"type": "A/b", "name": "x", "v": "[parameters('q')]"}]}"#;

fn linked(link: &str) -> Run {
    let main = format!(
        r#"{{"parameters": {{"_artifactsLocation": {{"type": "string", "defaultValue": "[deployment().properties.templateLink.uri]"}},
            "_artifactsLocationSasToken": {{"type": "securestring", "defaultValue": ""}}, "base": {{"type": "string", "defaultValue": "https://raw.example.com/repo/"}}}},
        "resources": [{{"type": "Microsoft.Resources/deployments", "name": "m",
        "properties": {{"templateLink": {{{link}}}, "parameters": {{"q": {{"value": "a"}}}}}}}}]}}"#
    );
    deploy_all(&[("main.json", &main), ("nested/m.json", MODULE)], None)
}

#[test]
fn a_linked_template_is_found_however_its_path_is_written() {
    for link in [
        r#""relativePath": "nested/m.json""#,
        r#""relativePath": "[concat('nested/', 'm', '.json')]""#,
        r#""uri": "[uri(deployment().properties.templateLink.uri, 'nested/m.json')]""#,
        r#""uri": "[concat(parameters('_artifactsLocation'), '/nested/m.json', parameters('_artifactsLocationSasToken'))]""#,
        r#""uri": "[uri(parameters('_artifactsLocation'), concat('nested/m.json', parameters('_artifactsLocationSasToken')))]""#,
    ] {
        assert_eq!(linked(link).v("x"), "'a'", "{link}");
    }
}

#[test]
fn a_missing_linked_template_is_said_and_stays_unresolved_with_what_flows_in() {
    let run = linked(r#""relativePath": "gone.json""#);
    let told = run.told();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].1, "\"gone.json\"");
    assert_eq!(run.unresolved()[0].1, "{q: 'a'}");
}

#[test]
fn a_template_on_another_server_is_unresolved() {
    let run = linked(r#""uri": "https://example.com/m.json""#);
    assert_eq!(run.unresolved().len(), 1);
    assert_eq!(run.told(), []);
}

#[test]
fn a_link_whose_name_is_open_is_unresolved_with_a_short_reason() {
    let main = r#"{"parameters": {"size": {"type": "string"}}, "resources": [{"type": "Microsoft.Resources/deployments", "name": "m",
        "properties": {"templateLink": {"uri": "[uri(deployment().properties.templateLink.uri, concat('node-', parameters('size'), '.json'))]"}}}]}"#;
    let run = deploy(main);
    assert_eq!(run.unresolved().len(), 1);
    assert_eq!(run.told(), []);
    assert!(run.unresolved()[0].0.len() < 300, "{:?}", run.unresolved());
}

#[test]
fn a_link_whose_name_is_chosen_is_each_of_the_templates() {
    let main = r#"{"parameters": {"size": {"type": "string", "allowedValues": ["a", "b"]}}, "resources": [{"type": "Microsoft.Resources/deployments", "name": "m",
        "properties": {"templateLink": {"uri": "[uri(deployment().properties.templateLink.uri, concat('node-', parameters('size'), '.json'))]"}}}]}"#;
    let module = |name: &str| format!(r#"{{"resources": [{{"type": "A/b", "name": "{name}"}}]}}"#);
    let run = deploy_all(&[("main.json", main), ("node-a.json", &module("x")), ("node-b.json", &module("y"))], None);
    let ids = run.ids();
    for expected in ["$group/A/b/x when size = 'a'", "$group/A/b/y when size = 'b'"] {
        assert!(ids.contains(&expected.to_owned()), "{ids:?}");
    }
}

#[test]
fn a_template_that_includes_itself_is_followed_to_a_limit() {
    let main = r#"{"resources": [{"type": "A/b", "name": "x"}, {"type": "Microsoft.Resources/deployments", "name": "m",
        "properties": {"templateLink": {"relativePath": "main.json"}}}]}"#;
    let run = deploy(main);
    assert_eq!(run.unresolved().len(), 1, "{:?}", run.unresolved());
    assert_eq!(run.told().len(), 1, "{:?}", run.told());
    assert!(run.deployment.resources.len() < 100);
}

#[test]
fn a_template_that_breaks_off_is_unresolved() {
    let run = deploy(r#"{"resources": [{"type": "A/b", "name": "x"}, {"type": "A/b", "#);
    assert_eq!(run.unresolved().len(), 1, "{:?}", run.unresolved());
    assert!(run.ids().contains(&"$group/A/b/x".to_owned()), "{:?}", run.ids());
}

#[test]
fn arguments_of_every_kind_flow_in() {
    let inner = format!(
        r#""parameters": {{"o": {{"type": "object"}}, "s": {{"type": "securestring"}}}}, {}"#,
        PROBE.replace("VALUE", "[concat(parameters('o').a, '/', parameters('s'))]")
    );
    let arguments = r#""parameters": {"o": {"value": {"a": "[variables('w')]"}},
        "s": {"reference": {"keyVault": {"id": "/v"}, "secretName": "n"}}},"#;
    let run = main_with(r#""variables": {"w": "b"},"#, &nested("", &format!("{INNER} {arguments}"), &inner));
    assert_eq!(run.v("x"), "'b/{secret('/v', 'n')}'");
}
