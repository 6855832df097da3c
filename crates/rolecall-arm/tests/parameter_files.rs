//! Parameter files.

mod common;

use common::{file, show};
use rolecall_arm::{ParameterValue, ParsedParameters, is_placeholder, parse_parameters};
use rolecall_value::Key;

fn read(parameters: &str) -> Vec<(String, String)> {
    let ParsedParameters { parameters, diagnostics, .. } =
        parse_parameters(&file(&format!("{{\"$schema\": \"x\", \"parameters\": {parameters}}}")));
    assert_eq!(diagnostics, []);
    let shown = |value: &ParameterValue| match value {
        ParameterValue::Value(expr) => show(expr),
        ParameterValue::Placeholder(expr) => format!("open {}", show(expr)),
        ParameterValue::Secret(_) => "secret".into(),
    };
    parameters.iter().map(|(key, value)| (key.to_string(), shown(value))).collect()
}

fn only(value: &str) -> String {
    read(&format!("{{\"p\": {{\"value\": {value}}}}}")).remove(0).1
}

#[test]
fn values_are_literal_whatever_they_look_like() {
    assert_eq!(only(r#""[parameters('x')]""#), "'[parameters('x')]'");
    assert_eq!(only(r#""[[x]""#), "'[[x]'");
    assert_eq!(
        only(r#"{"copy": [{"name": "a", "count": 1, "input": 2}]}"#),
        "{'copy': [{'name': 'a', 'count': 1, 'input': 2}]}"
    );
    assert_eq!(only("[1, true, null]"), "[1, true, null]");
}

#[test]
fn secrets_are_references() {
    let given = read(r#"{"p": {"reference": {"keyVault": {"id": "/x"}, "secretName": "s"}}}"#);
    assert_eq!(given, [("p".to_owned(), "secret".to_owned())]);
}

#[test]
fn what_comes_later_is_open() {
    for open in [r#""${AZURE_LOCATION}""#, r#""""#, "{}", r##""#{location}#""##, r#""GEN-UNIQUE-8""#] {
        assert!(only(open).starts_with("open "), "{open}");
    }
    assert!(read(r#"{"p": {"expression": "[externalInput('x')]"}}"#)[0].1.starts_with("open "));
    assert_eq!(only(r#"["a", "${B}"]"#), "['a', invalid]");
}

#[test]
fn a_file_may_be_its_parameters_alone() {
    let parsed = parse_parameters(&file(r#"{"a": {"value": 1}, "other": 2}"#));
    assert_eq!((parsed.parameters.len(), parsed.diagnostics), (1, vec![]));
}

#[test]
fn names_are_looked_up_without_regard_to_case() {
    let parsed = parse_parameters(&file(r#"{"parameters": {"Name": {"value": 1}}}"#));
    assert!(parsed.parameters.contains_key(&Key::from("name")));
}

#[test]
fn a_broken_file_gives_what_came_before_and_leaves_the_rest_open() {
    let parsed = parse_parameters(&file(r#"{"parameters": {"a": {"value": 1}, "b": {"va"#));
    assert_eq!(parsed.diagnostics.len(), 1);
    assert!(matches!(parsed.parameters[&Key::from("a")], ParameterValue::Value(_)));
    assert!(matches!(parsed.parameters[&Key::from("b")], ParameterValue::Placeholder(_)), "its value is lost");
    assert!(parsed.lost, "and others may be");
}

#[test]
fn placeholders_are_told_from_values() {
    for text in [
        "${A}",
        "rg-${A=b}",
        "#{a}#",
        "#{ a.b }#",
        "__name__",
        "$(subscription)",
        "{{x}}",
        "<your id>",
        "GEN-GUID",
        "/subscriptions/[subscription id]/resourceGroups/g",
        "[group-object-id]",
    ] {
        assert!(is_placeholder(text), "{text}");
    }
    for text in [
        "",
        "eastus",
        "a_b",
        "__",
        "10.0.0.0/16",
        "a < b > c",
        "#fff",
        "$5",
        "{\"a\": {}}",
        "generic",
        "<a><b>",
        "[a-z]+",
        "[1, 2]",
    ] {
        assert!(!is_placeholder(text), "{text}");
    }
}
