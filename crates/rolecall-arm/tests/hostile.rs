//! No text makes it panic, hang or point outside of the text.

mod common;

use common::{file, spans};
use proptest::prelude::*;
use rolecall_arm::{ParameterValue, Parsed, is_template, parse, parse_parameters};
use rolecall_template::ir::Variable;

const TEMPLATE: &str = r##"// comment
{ "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "languageVersion": "2.0",
  "definitions": {"kind": {"type": "string", "allowedValues": ["é", "[[b]"]}},
  "parameters": {"p": {"$ref": "#/definitions/kind", "defaultValue": "[f('\u0041\"é', x.y(1)[0].?z)]"}},
  "functions": [{"namespace": "n", "members": {"m": {"parameters": [{"name": "a"}], "output": {"value": "[parameters('a')]"}}}}],
  "variables": {"copy": [{"name": "c", "count": 2, "input": "[copyIndex('c')]"}], "v": [1, 2.5, true, null, "\ud83d\ude00"]},
  "resources": {"a": {"type": "A/b", "name": "[concat('a\n', lambda('x', lambdaVariables('x')))]", "copy": {"count": 3},
    "resources": [{"type": "c", "name": "d", "condition": "[g()]", "dependsOn": ["a"]}]},
   "d": {"type": "Microsoft.Resources/deployments", "name": "n", "properties": {"parameters": {"p": {"value": "x"}},
    "template": {"resources": [{"type": "A/b", "name": "[[x()]"}], "outputs": {"o": {"value": "[h()]"}}}}}},
  "outputs": {"o": {"copy": {"count": 1, "input": "[i(]"}}} }
"##;

fn check(text: &str) {
    let file = file(text);
    is_template(text);
    let Parsed { template, diagnostics, .. } = parse(&file);
    let given = parse_parameters(&file);
    let mut all = template.map(|mut template| spans(&mut template)).unwrap_or_default();
    all.extend(diagnostics.iter().chain(&given.diagnostics).map(|diagnostic| diagnostic.span));
    all.extend(given.parameters.values().map(|value| match value {
        ParameterValue::Value(expr) | ParameterValue::Placeholder(expr) => expr.span,
        ParameterValue::Secret(span) => *span,
    }));
    for span in all {
        assert!(file.text.get(span.range()).is_some(), "{span:?} in {:?}", file.text);
    }
}

#[test]
fn every_beginning_of_a_template_is_read() {
    for end in (0..TEMPLATE.len()).filter(|end| TEMPLATE.is_char_boundary(*end)) {
        check(&TEMPLATE[..end]);
    }
}

#[test]
fn deep_nesting_is_a_diagnostic() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("{\"resources\":[", "]}")] {
        let text = format!("{{\"variables\": {}1{}}}", open.repeat(10_000), close.repeat(10_000));
        let parsed = parse(&file(&text));
        assert!(parsed.diagnostics.iter().any(|one| one.message.contains("nests too deep")), "{open}");
        let template = parsed.template.expect("a template");
        let is_told = |variable: &Variable| format!("{:?}", variable.value).contains("a part of it cannot be read");
        assert!(template.incomplete.is_some() || template.variables.values().any(is_told), "{open}");
    }
}

#[test]
fn the_deepest_readable_nesting_is_read() {
    let nested =
        r#"{"resources": [{"type": "Microsoft.Resources/deployments", "name": "n", "properties": {"template": "#;
    let depth = 60;
    let text = format!("{}{{}}{}", nested.repeat(depth), "}}]}".repeat(depth));
    assert_eq!(parse(&file(&text)).diagnostics, []);
    let expression = format!("\"[{}{}]\"", "f(".repeat(150), ")".repeat(150));
    let text = format!("{{\"variables\": {{\"v\": {}{expression}{}}}}}", "[".repeat(500), "]".repeat(500));
    assert_eq!(parse(&file(&text)).diagnostics, []);
}

#[test]
fn a_wide_template_is_read_in_linear_time() {
    // Quadratic work on any of these takes minutes.
    let many = |one: &str| (0..100_000).map(|at| one.replace('N', &at.to_string())).collect::<Vec<_>>().join(",");
    let definitions = many(r##""N": {"$ref": "#/definitions/N"}"##);
    let texts = [
        format!("{{\"definitions\": {{{definitions}}}, \"parameters\": {{{definitions}}}}}"),
        format!("{{\"resources\": [{{{}}}]}}", many(r#""kN": "[f('N')]""#)),
        format!("{{\"variables\": {{\"v\": \"[f({})]\"}}}}", many(r"'\u0041N'")),
        format!("{{\"variables\": {{{}}}}}", many(r#""same": 1"#)),
        "{\"a\":[".repeat(100_000),
        format!("{{\"a\": [x {}{}", "[".repeat(50_000), "}".repeat(50_000)),
        format!("{{\"a\": {}", "\"x\n".repeat(100_000)),
    ];
    for text in texts {
        check(&text);
    }
}

proptest! {
    #[test]
    fn any_text_is_read(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn any_expression_is_read(text in r#"[\[\](){}'.,?a-cé0-9\\ un"-]{0,40}"#) {
        check(&format!("{{\"variables\": {{\"v\": \"[{text}]\"}}}}"));
    }

    #[test]
    fn a_mutated_template_is_read(
        edits in prop::collection::vec((0..TEMPLATE.len(), 0..20_usize, r#"[\[\]{}:,"'/*\\u0-9a é😀-]{0,4}"#), 1..6),
    ) {
        let mut text = TEMPLATE.to_owned();
        for (at, length, insert) in edits {
            let floor = |mut at: usize| {
                at = at.min(text.len());
                while !text.is_char_boundary(at) {
                    at -= 1;
                }
                at
            };
            let (start, end) = (floor(at), floor(at + length));
            text.replace_range(start..end, &insert);
        }
        check(&text);
    }
}
