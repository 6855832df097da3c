//! What a text that is no JSON costs the template in it: what cannot be read is unknown, and nothing else is.

mod common;
mod deploy;

use common::{file, show};
use deploy::{deploy, deploy_with};
use rolecall_arm::parse;
use rolecall_source::Level;
use rolecall_template::ir::{DeploymentSource, Template};
use rolecall_value::Key;

/// The template in a text that is broken in one place.
fn broken(text: &str) -> std::sync::Arc<Template> {
    let parsed = parse(&file(text));
    let errors: Vec<_> = parsed.diagnostics.iter().filter(|one| one.level == Level::Error).collect();
    assert_eq!(errors.len(), 1, "{text}: {errors:#?}");
    parsed.template.expect("a template")
}

fn names(template: &Template) -> Vec<String> {
    template.resources.iter().map(|resource| show(&resource.name)).collect()
}

const STORAGE: &str = r#"{"type": "A/b", "name": "one", "properties": {"x": 1}}"#;
const CLUSTER: &str = r#"{"type": "A/c", "name": "two"}"#;

#[test]
fn a_half_typed_property_of_a_value_makes_a_part_of_the_value_unknown() {
    for half in ["\"y", "\"y\"", "\"y\":", "\"y\": \"z", "y"] {
        let storage = STORAGE.replace("{\"x\": 1}", &format!("{{\"x\": 1,\n{half}\n}}"));
        let template = broken(&format!("{{\"resources\": [{storage}, {CLUSTER}]}}"));
        assert_eq!(names(&template), ["'one'", "'two'"], "{half}");
        let body = show(&template.resources[0].body);
        assert_eq!(body, "{'properties': {...invalid, 'x': 1}}", "{half}");
        assert_eq!(template.incomplete, None, "no resource can be lost: {half}");
    }
}

#[test]
fn a_half_typed_element_makes_a_part_of_its_array_unknown() {
    let template = broken("{\"variables\": {\"v\": [1,\n\"x\n, 2]}}");
    assert_eq!(show(&template.variables[0].value), "[1, ...invalid, 2]");
}

#[test]
fn a_half_typed_property_of_a_resource_may_be_anything() {
    let storage = STORAGE.replace("\"name\"", "\n\"\n\"name\"");
    let template = broken(&format!("{{\"resources\": [{storage}, {CLUSTER}]}}"));
    assert_eq!(names(&template), ["'one'", "'two'"]);
    assert!(template.incomplete.is_some());
}

#[test]
fn a_half_typed_resource_keeps_the_others() {
    for half in ["{\n      \"type\": \"A\"", "{\n      \"type\": \"A/d\",", "{", "\"x", "x"] {
        let template = broken(&format!("{{\n  \"resources\": [\n    {half}\n    {STORAGE},\n    {CLUSTER}\n  ]\n}}"));
        let found = names(&template);
        assert!(found.ends_with(&["'one'".to_owned(), "'two'".to_owned()]), "{half}: {found:?}");
        assert!(template.incomplete.is_some(), "{half}");
    }
}

#[test]
fn a_half_typed_declaration_loses_a_name_at_most() {
    for section in ["parameters", "variables", "outputs"] {
        let text = format!(
            "{{\"{section}\": {{\n\"x\n\"a\": {{\"type\": \"int\", \"value\": 1}}}}, \"resources\": [{CLUSTER}]}}"
        );
        let template = broken(&text);
        let declared = template.parameters.len() + template.variables.len() + template.outputs.len();
        assert_eq!((declared, names(&template).len()), (1, 1), "{section}");
        assert_eq!((template.incomplete, template.lost_names), (None, true), "{section}");
    }
}

#[test]
fn what_is_lost_of_a_description_means_nothing() {
    let parameter = "\"parameters\": {\"p\": {\"type\": \"int\", \"metadata\": {\n\"description\": \"half\n}}}";
    let template = broken(&format!("{{{parameter}, \"resources\": [{CLUSTER}]}}"));
    assert_eq!((template.incomplete, template.lost_names), (None, false));
    assert!(template.parameters.contains_key(&Key::from("p")));
}

#[test]
fn allowed_values_of_which_one_is_lost_allow_anything() {
    let template = broken("{\"parameters\": {\"p\": {\"type\": \"string\", \"allowedValues\": [\"a\",\n\"b\n]}}}");
    assert!(template.parameters[0].allowed.is_none());
}

#[test]
fn only_the_nested_template_that_is_broken_is_incomplete() {
    let nested = |resources: &str| {
        let properties = format!("{{\"mode\": \"Incremental\", \"template\": {{\"resources\": [\n{resources}]}}}}");
        format!("{{\"type\": \"Microsoft.Resources/deployments\", \"name\": \"n\", \"properties\": {properties}}}")
    };
    let text = format!("{{\"resources\": [{}, {}]}}", nested(&format!("\"x\n,{CLUSTER}")), nested(CLUSTER));
    let template = broken(&text);
    let inner = template.deployments().into_iter().map(|deployment| match &deployment.source {
        DeploymentSource::Inline(inner) => (inner.incomplete.is_some(), names(inner).len()),
        _ => panic!("it is written out"),
    });
    assert_eq!(inner.collect::<Vec<_>>(), [(true, 1), (false, 1)]);
    assert_eq!(template.incomplete, None);
}

#[test]
fn a_bracket_too_many_or_too_few_costs_what_it_is_in() {
    let text = format!(
        "{{\n  \"resources\": [\n    {STORAGE},\n    {{\n      \"type\": \"A/d\",\n      \"name\": \"three\",\n      \"properties\": {{\n        \"x\": 1\n      }}\n    }},\n    {CLUSTER}\n  ]\n}}"
    );
    assert_eq!(parse(&file(&text)).diagnostics, []);
    let (opened, closed) = ("\"properties\": {\n", "\n      }\n");
    for changed in [
        text.replace(closed, "\n"),
        text.replace(closed, "\n      }\n      }\n"),
        text.replace(opened, ""),
        text.replace(opened, "\"properties\": {\n        \"y\": {\n"),
        text.replace(opened, "\"properties\": {\n        \"y\": [\n"),
    ] {
        assert_eq!(names(&broken(&changed)), ["'one'", "'three'", "'two'"], "{changed}");
    }
}

#[test]
fn many_mistakes_are_not_all_told() {
    let text = format!("{{\"resources\": [{}]}}", "x, ".repeat(1000));
    assert_eq!(parse(&file(&text)).diagnostics.len(), 10);
}

#[test]
fn what_is_lost_of_an_object_is_unknown_and_what_is_read_of_it_known() {
    let run = deploy(
        "{\"variables\": {\"o\": {\"a\": 1,\n\"b\n}}, \"resources\": [
          {\"type\": \"A/b\", \"name\": \"x\", \"v\": \"[variables('o').a]\"},
          {\"type\": \"A/b\", \"name\": \"y\", \"v\": \"[variables('o').b]\"}
        ]}",
    );
    assert_eq!((run.v("x"), run.v("y")), ("1".to_owned(), "invalid: a part of it cannot be read".to_owned()));
}

#[test]
fn a_name_that_may_be_lost_is_unknown_and_nobody_is_told_to_declare_it() {
    let told = [("this is not valid JSON: this string is never closed".to_owned(), "\"x")];
    let text = "{\"SECTION\": {\n\"x\n\"a\": {\"type\": \"int\"}}, \"resources\": [
          {\"type\": \"A/b\", \"name\": \"x\", \"v\": \"[SECTION('b')]\"}]}";
    for (section, what) in [("variables", "variable"), ("parameters", "parameter")] {
        let run = deploy_with(&text.replace("SECTION", section), r#"{"b": {"value": 1}}"#);
        assert_eq!(run.v("x"), format!("invalid: there is no {what} `b`"));
        assert_eq!(run.told(), told);
    }
    let functions = "{\"functions\": [{\"namespace\": \"n\", \"members\": {\n\"x\n}}], \"resources\": [
          {\"type\": \"A/b\", \"name\": \"x\", \"v\": \"[n.f()]\"}]}";
    let run = deploy(functions);
    assert_eq!((run.v("x"), run.told()), ("invalid: there is no function `n.f`".to_owned(), told.to_vec()));
}

#[test]
fn an_output_that_may_be_lost_is_unknown() {
    let template = "{\"resources\": [], \"outputs\": {\"a\": {\"type\": \"int\", \"value\": 1},\n\"b\n}}";
    let nested = format!(
        "{{\"type\": \"Microsoft.Resources/deployments\", \"name\": \"n\", \"properties\": {{\"mode\": \"Incremental\", \"template\": {template}}}}}"
    );
    let uses = ["a", "b"].map(|name| {
        format!("{{\"type\": \"A/b\", \"name\": \"{name}\", \"v\": \"[reference('n').outputs.{name}.value]\"}}")
    });
    let run = deploy(&format!("{{\"resources\": [{nested}, {}]}}", uses.join(", ")));
    assert_eq!((run.v("a"), run.v("b")), ("1".to_owned(), "invalid: an output that could not be read".to_owned()));
}

#[test]
fn a_value_of_a_parameter_file_that_is_lost_leaves_the_parameter_open() {
    let template = r#"{"parameters": {"p": {"type": "string", "defaultValue": "own"}}, "resources": [
          {"type": "A/b", "name": "x", "v": "[parameters('p')]"}]}"#;
    let run = deploy_with(template, "{\"p\": {\n\"value\": \"half\n}}");
    assert_ne!(run.v("x"), "'own'");
}

const ROLES: &str = r#"{
      "type": "Microsoft.Resources/deployments",
      "name": "roles",
      "resourceGroup": "other",
      "dependsOn": ["a"],
      "properties": {
        "expressionEvaluationOptions": {"scope": "inner"},
        "parameters": {"p": {"value": 1}},
        "template": {
          "parameters": {"p": {"type": "int"}, "q": {"type": "int", "defaultValue": 2}},
          "resources": [{"type": "A/b", "name": "inner", "v": "[parameters('p')]"}]
        }
      }
    }"#;

#[test]
fn a_deployment_whose_template_is_lost_deploys_nobody_knows_what() {
    for (found, half) in [
        ("\"template\": {", "\"templa\n {"),
        ("\"template\": {", "\"template\" {"),
        ("\"properties\": {", "\"properties {"),
        ("{\"scope\": \"inner\"}", "{\"scope\"}"),
        ("\"expressionEvaluationOptions\": {\"scope\": \"inner\"}", "\"expre\n"),
    ] {
        let run = deploy(&format!("{{\"resources\": [{}]}}", ROLES.replacen(found, half, 1)));
        assert!(!run.unresolved().is_empty(), "{half}: {:?}", run.ids());
        assert!(
            run.told().iter().all(|(message, _)| message.starts_with("this is not valid JSON")),
            "{:?}",
            run.told()
        );
    }
}

#[test]
fn arguments_that_may_be_lost_are_unknown() {
    for half in ["{\n\"p\n}", "{\"p\": {\"value\": }}", "x"] {
        let run = deploy(&format!("{{\"resources\": [{}]}}", ROLES.replacen("{\"p\": {\"value\": 1}}", half, 1)));
        assert!(run.v("inner").starts_with("invalid: "), "{half}: {}", run.v("inner"));
        assert!(
            run.told().iter().all(|(message, _)| message.starts_with("this is not valid JSON")),
            "{:?}",
            run.told()
        );
    }
}

/// Which of what a resource says beside its body may have been lost with `half`.
fn unread(half: &str) -> Vec<&'static str> {
    let template = broken(&format!("{{\"resources\": [{{\"type\": \"A/b\",\n{half}\n\"name\": \"one\"}}]}}"));
    let one = &template.resources[0];
    let lost = [
        ("scope", one.scope.is_some()),
        ("condition", one.condition.is_some()),
        ("dependsOn", one.depends_on.is_some()),
        ("more", template.incomplete.is_some()),
    ];
    lost.into_iter().filter(|(_, is_lost)| *is_lost).map(|(name, _)| name).collect()
}

#[test]
fn a_half_typed_name_says_what_it_may_become() {
    for (half, expected) in [
        ("\"dep", vec!["dependsOn"]),
        ("\"dependsOn\" [\"x\"],", vec!["dependsOn"]),
        ("\"dependsOn\": ,", vec!["dependsOn"]),
        ("\"s", vec!["scope"]),
        ("\"scope\": \"[resou", vec!["scope"]),
        ("\"con", vec!["condition"]),
        ("\"co", vec!["condition", "more"]),
        ("\"kind\": \"Stor", vec![]),
        ("\"dependsOnly\"", vec![]),
        ("\"ki, \"sku\": 1,", vec!["scope", "condition", "dependsOn", "more"]),
        ("\"ki\" \"sku\" 1,", vec!["scope", "condition", "dependsOn", "more"]),
        ("\"", vec!["scope", "condition", "dependsOn", "more"]),
    ] {
        assert_eq!(unread(half), expected, "{half}");
    }
}

#[test]
fn a_loop_that_is_lost_leaves_the_other_loops() {
    let good = "{\"name\": \"good\", \"count\": 2, \"input\": 1}";
    for half in ["{\"name\": \"half\", \"count\": 2, \"input\": }", "{ \"na }\n"] {
        let template = parse(&file(&format!("{{\"variables\": {{\"copy\": [\n{good},\n{half}\n]}}}}"))).template;
        let template = template.expect("a template");
        assert!(template.variables.contains_key(&Key::from("good")), "{half}");
        assert!(template.lost_names, "{half}");
    }
}

#[test]
fn a_function_of_which_something_is_lost_is_not_called_wrongly() {
    let function =
        "{\"namespace\": \"n\", \"members\": {\"f\": {\"parameters\": [{\"name\": }], \"output\": {\"value\": 1}}}}";
    let run = deploy(&format!(
        "{{\"functions\": [{function}], \"resources\": [{{\"type\": \"A/b\", \"name\": \"x\", \"v\": \"[n.f(1)]\"}}]}}"
    ));
    assert_eq!(run.v("x"), "invalid: there is no function `n.f`");
}

#[test]
fn a_half_typed_section_costs_what_it_may_be() {
    for (half, expected) in [
        ("\"contentVersion\": \"1.", (false, false)),
        ("\"varia", (false, true)),
        ("\"re", (true, false)),
        ("\"", (true, true)),
    ] {
        let template = broken(&format!("{{\n{half}\n\"metadata\": {{}}}}"));
        assert_eq!((template.incomplete.is_some(), template.lost_names), expected, "{half}");
    }
}

#[test]
fn a_parameter_that_may_be_given_in_what_is_lost_is_open() {
    let template = r#"{"parameters": {"p": {"type": "string", "defaultValue": "own"}}, "resources": [
          {"type": "A/b", "name": "x", "v": "[parameters('p')]"}]}"#;
    for half in ["{\"p\": ,}", "{\n\"p\n}", "{\n\"q\": {\"value\": 1},\n\"p\"\n}"] {
        assert_ne!(deploy_with(template, half).v("x"), "'own'", "{half}");
    }
    assert_eq!(deploy_with(template, "{\"p\": {\"metadata\": {\n\"half\n}}}").v("x"), "'own'");
}
