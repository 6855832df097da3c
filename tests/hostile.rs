//! Templates written to cost much: each ends soon, in both languages, and a diagnostic names the limit that was passed.

mod common;

use std::fmt::Write;
use std::time::{Duration, Instant};

use common::Workspace;

/// Far above what any of these takes, far below what following all of it would.
const LONGEST: Duration = Duration::from_secs(120);

/// Analyses one file and asserts that a diagnostic says `limit`.
#[track_caller]
fn is_bounded(file: &str, text: &str, limit: &str) {
    let workspace = Workspace::new();
    workspace.write(file, text);
    let start = Instant::now();
    let run = workspace.run(&["check", file, "--format", "json", "--fail-on", "never"]);
    assert!(start.elapsed() < LONGEST, "{:?}", start.elapsed());
    assert_eq!(run.status, 0, "{}", run.text());
    let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    let messages: Vec<_> =
        report["diagnostics"].as_array().into_iter().flatten().filter_map(|one| one["message"].as_str()).collect();
    assert!(messages.iter().any(|message| message.contains(limit)), "{messages:?}");
}

fn template(parts: &str) -> String {
    format!(
        "{{\"$schema\": \"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#\", {parts}}}"
    )
}

#[test]
fn a_module_that_includes_itself_ends_at_the_nesting_that_is_followed() {
    let calls: String = (0..3).map(|at| format!("module m{at} 'main.bicep' = {{\n  name: 'm{at}'\n}}\n")).collect();
    is_bounded("main.bicep", &calls, "deeper than the 32 levels");
    let call = |at| {
        format!(
            r#"{{"type": "Microsoft.Resources/deployments", "apiVersion": "2021-04-01", "name": "d{at}",
            "properties": {{"mode": "Incremental", "templateLink": {{"relativePath": "main.json"}}}}}}"#
        )
    };
    let calls: Vec<_> = (0..3).map(call).collect();
    is_bounded("main.json", &template(&format!("\"resources\": [{}]", calls.join(","))), "deeper than the 32 levels");
}

#[test]
fn strings_that_double_at_each_step_end_at_the_largest_value() {
    let mut bicep = "var v0 = 'some text that is long enough'\n".to_owned();
    let mut arm = "\"v0\": \"some text that is long enough\"".to_owned();
    for at in 1..=60 {
        let last = at - 1;
        let _ = writeln!(bicep, "var v{at} = '${{v{last}}}${{v{last}}}'");
        let _ = write!(arm, ", \"v{at}\": \"[concat(variables('v{last}'), variables('v{last}'))]\"");
    }
    bicep += "resource x 'Microsoft.Web/sites@2023-01-01' = {\n  name: 'x'\n  tags: { v: v60 }\n}\n";
    is_bounded("main.bicep", &bicep, "longer than the 16777216 bytes");
    let resource = r#"{"type": "Microsoft.Web/sites", "apiVersion": "2023-01-01", "name": "x", "tags": {"v": "[variables('v60')]"}}"#;
    is_bounded(
        "main.json",
        &template(&format!("\"variables\": {{{arm}}}, \"resources\": [{resource}]")),
        "larger than",
    );
}

#[test]
fn a_thousand_choices_in_one_another_end_at_the_depth_that_is_followed() {
    let mut bicep = String::new();
    let mut parameters = Vec::new();
    let (mut choice, mut call) = ("'z'".to_owned(), "'z'".to_owned());
    for at in 0..1000 {
        let _ = writeln!(bicep, "param p{at} bool");
        parameters.push(format!("\"p{at}\": {{\"type\": \"bool\"}}"));
        choice = format!("p{at} ? 'a{at}' : {choice}");
        call = format!("if(parameters('p{at}'), 'a{at}', {call})");
    }
    let _ = writeln!(bicep, "resource x 'Microsoft.Web/sites@2023-01-01' = {{\n  name: {choice}\n}}");
    is_bounded("main.bicep", &bicep, "levels");
    let resource = format!(r#"{{"type": "Microsoft.Web/sites", "apiVersion": "2023-01-01", "name": "[{call}]"}}"#);
    let parts = format!("\"parameters\": {{{}}}, \"resources\": [{resource}]", parameters.join(","));
    is_bounded("main.json", &template(&parts), "deep");
}

#[test]
fn a_thousand_choices_one_after_another_end_at_the_alternatives_that_are_followed() {
    let mut bicep = "var v0 = 'z'\n".to_owned();
    let mut parameters = Vec::new();
    let mut variables = vec!["\"v0\": \"z\"".to_owned()];
    for at in 1..=1000 {
        let last = at - 1;
        let _ = writeln!(bicep, "param p{at} bool\nvar v{at} = p{at} ? 'a{at}' : v{last}");
        parameters.push(format!("\"p{at}\": {{\"type\": \"bool\"}}"));
        variables.push(format!("\"v{at}\": \"[if(parameters('p{at}'), 'a{at}', variables('v{last}'))]\""));
    }
    bicep += "resource x 'Microsoft.Web/sites@2023-01-01' = {\n  name: v1000\n}\n";
    is_bounded("main.bicep", &bicep, "more than the 64");
    let resource = r#"{"type": "Microsoft.Web/sites", "apiVersion": "2023-01-01", "name": "[variables('v1000')]"}"#;
    let parts = format!(
        "\"parameters\": {{{}}}, \"variables\": {{{}}}, \"resources\": [{resource}]",
        parameters.join(","),
        variables.join(",")
    );
    is_bounded("main.json", &template(&parts), "more than the 64");
}

#[test]
fn a_loop_of_a_billion_rounds_is_one_round_that_stands_for_many() {
    let bicep =
        "resource x 'Microsoft.Web/sites@2023-01-01' = [for i in range(0, 1000000000): {\n  name: 'x${i}'\n}]\n";
    is_bounded("main.bicep", bicep, "range: ");
    let resource = r#"{"type": "Microsoft.Web/sites", "apiVersion": "2023-01-01", "name": "[concat('x', copyIndex())]",
        "copy": {"name": "l", "count": 1000000000}}"#;
    is_bounded("main.json", &template(&format!("\"resources\": [{resource}]")), "10000 are followed");
}
