//! The function library, one expression a line, by hand; and what it makes of what is open.

use rolecall_value::Value;

use super::{value, value_in};
use crate::functions::is_settled;
use crate::values::without_sets;

pub(super) const TABLE: &str = include_str!("console_expressions.txt");

pub(super) fn rows() -> impl Iterator<Item = (&'static str, &'static str)> {
    TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.rsplit_once(" => "))
}

pub(super) fn json(value: &Value) -> serde_json::Value {
    let value = without_sets(value);
    assert!(is_settled(&value), "{}", value.text());
    let encoded =
        crate::functions::call(&rolecall_value::Inputs::default(), "jsonencode", &[value]).expect("a function");
    serde_json::from_str(encoded.as_str().expect("text")).expect("JSON")
}

#[test]
fn each_expression_of_the_table_is_worth_what_stands_behind_it() {
    let mut wrong = Vec::new();
    for (expression, expected) in rows() {
        let expected: serde_json::Value = serde_json::from_str(expected).expect(expected);
        let found = value(expression);
        if !is_settled(&without_sets(&found)) || json(&found) != expected {
            wrong.push(format!("{expression}: {}", found.text()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn functions_of_what_is_open_stay_as_narrow_as_they_can() {
    let open = "variable \"v\" {\n  type = string\n}\nvariable \"l\" {\n  type = list(string)\n}\n";
    let cases = [
        ("lower(var.v)", "tolower(parameters('v'))"),
        ("length(var.l)", "length(parameters('l'))"),
        ("concat([\"a\"], var.l)[0]", "'a'"),
        ("keys({ a = var.v })", "['a']"),
        ("compact([var.v, \"\"])", "[parameters('v')]"),
        ("format(\"%s-x\", var.v)", "'{parameters('v')}-x'"),
        ("join(\"/\", [\"a\", var.v])", "'a/{parameters('v')}'"),
        ("trimprefix(\"pre-${var.v}\", \"pre-\")", "parameters('v')"),
        ("startswith(\"/subscriptions/${var.v}\", \"/\")", "true"),
        ("replace(\"a-${var.v}\", \"-\", \"\")", "'a{replace(parameters('v'), '-', '')}'"),
        ("flatten([[var.v], []])", "[parameters('v')]"),
        ("jsondecode(jsonencode({ a = var.v })).a", "parameters('v')"),
        ("[for x in var.l : x]", "[parameters('l')[*]*]"),
        ("var.l[*]", "[parameters('l')[*]*]"),
    ];
    for (expression, expected) in cases {
        assert_eq!(value_in(open, expression).text(), expected, "{expression}");
    }
}

#[test]
fn what_is_unknown_keeps_its_reason() {
    let missing = "module \"m\" {\n  source = \"not/here\"\n}\n";
    for expression in ["lower(module.m.x)", "module.m.x + 1", "cidrsubnet(module.m.x, 4, 2)", "length(module.m.x)"] {
        let value = value_in(missing, expression);
        let reason = &value.as_unknown().unwrap_or_else(|| panic!("{expression}: {}", value.text())).reason;
        assert!(reason.detail.contains("terraform init"), "{expression}");
    }
}

#[test]
fn conditional_arguments_give_conditional_results() {
    let flag = "variable \"f\" {\n  type = bool\n  default = false\n}\n";
    let texts = |expression: &str| {
        let value = value_in(flag, expression);
        let mut texts: Vec<_> = value.alternatives().iter().map(|(_, value)| value.plain()).collect();
        texts.sort();
        texts
    };
    assert_eq!(texts("upper(var.f ? \"a\" : \"b\")"), ["A", "B"]);
    assert_eq!(texts("length(concat([1], var.f ? [2] : []))"), ["1", "2"]);
    assert_eq!(texts("contains(var.f ? [\"a\"] : [], \"a\")"), ["false", "true"]);
    assert_eq!(texts("length(var.f ? [1] : []) > 0 ? \"some\" : \"none\""), ["none", "some"]);
    assert_eq!(texts("lookup(var.f ? { a = \"x\" } : {}, \"a\", \"y\")"), ["x", "y"]);
}
