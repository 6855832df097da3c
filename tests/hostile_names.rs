//! Names that anybody may have written, in every format: nothing in them takes effect on a terminal, in the log of a
//! pipeline, in a document or in a picture. What a browser makes of them is looked at in `browser/page.cjs`.

mod common;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use common::{Workspace, repository};
use regex::Regex;
use serde_json::{Value, json};

fn names() -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(repository().join("tests/hostile-names.json")).expect("read");
    serde_json::from_str(&text).expect("JSON")
}

/// A folder for each name with the example in it: its cluster and its kubelet identity are named so, a comment on the line
/// of the finding says so, a suppression in another template gives it as its reason, and folders and parameter files bear
/// it where the system lets them.
fn workspace() -> Workspace {
    let workspace = Workspace::new();
    let example = |file: &str| {
        std::fs::read_to_string(repository().join("examples/aks-byo-identities").join(file)).expect("read")
    };
    for (number, name) in names().values().enumerate() {
        let fits = cfg!(unix) && !name.contains(['/', '\0']) && name.len() < 200;
        let (folder, set) =
            if fits { (format!("{number}{name}"), name.as_str()) } else { (number.to_string(), "prod") };
        let line = "\"resourceId\": \"[variables('kubeletIdentityId')]\"";
        let template = example("azuredeploy.json");
        let commented = template.replace(line, &format!("/* {name} */ {line}"));
        assert_ne!(commented, template);
        workspace.write(&format!("{folder}/azuredeploy.json"), &commented);
        let suppressed = template.replace(
            line,
            &format!("// rolecall: ignore[kubelet-identity-without-operator] {}\n{line}", one_line(name)),
        );
        workspace.write(&format!("{folder}/suppressed/azuredeploy.json"), &suppressed);
        let mut parameters: Value = serde_json::from_str(&example("azuredeploy.parameters.prod.json")).expect("JSON");
        for parameter in ["clusterName", "kubeletIdentityName"] {
            parameters["parameters"][parameter] = json!({"value": name});
        }
        workspace.write(&format!("{folder}/azuredeploy.parameters.{set}.json"), &parameters.to_string());
        workspace.write(&format!("{folder}/suppressed/azuredeploy.parameters.json"), &parameters.to_string());
        workspace.write(
            &format!("{folder}/cut.json"),
            "{\"$schema\": \"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#\", ",
        );
    }
    workspace
}

fn one_line(name: &str) -> String {
    name.replace(['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'], " ")
}

/// What the program writes of it; both streams, since a pipeline's log has both.
fn written(arguments: &[&str]) -> String {
    static WORKSPACE: LazyLock<Workspace> = LazyLock::new(workspace);
    let run = WORKSPACE.run(arguments);
    assert!(run.status < 2, "{}", run.text());
    assert_safe(&run.stderr);
    run.stdout
}

/// Nothing that a terminal obeys, or that begins a command in a log.
#[track_caller]
fn assert_safe(text: &str) {
    static UNSAFE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"[\p{Cc}\p{Cf}\p{Zl}\p{Zp}--[\n]]|(?i:##vso\[|##\[)|(?m:^\s*::)").expect("a pattern")
    });
    for line in text.lines() {
        assert!(!UNSAFE.is_match(line), "{line:?}");
    }
}

#[test]
fn text() {
    let text = written(&["check"]);
    assert_safe(&text);
    assert!(text.matches("error[kubelet-identity-without-operator]").count() > 20, "{text}");
    assert_safe(&written(&["check", "--assumed", "--fail-on", "never"]));
}

#[test]
fn json_and_the_formats_that_are_written_in_it() {
    for arguments in [
        &["check", "--format", "json"][..],
        &["check", "--format", "sarif"],
        &["check", "--format", "gitlab"],
        &["requirements", "--format", "json"],
        &["graph", "--format", "json"],
    ] {
        let text = written(arguments);
        assert_safe(&text);
        serde_json::from_str::<Value>(&text).unwrap_or_else(|error| panic!("{arguments:?}: {error}"));
    }
}

#[test]
fn json_keeps_names_as_they_are() {
    let document: Value = serde_json::from_str(&written(&["check", "--format", "json"])).expect("JSON");
    let messages: Vec<_> =
        document["findings"].as_array().into_iter().flatten().filter_map(|one| one["message"].as_str()).collect();
    for (kind, name) in names() {
        // What holds a slash or a placeholder is read as what it looks like.
        if !name.contains(['/', '$']) {
            assert!(messages.iter().any(|message| message.contains(&name)), "{kind}");
        }
    }
}

#[test]
fn no_name_makes_a_link_in_sarif() {
    let document: Value = serde_json::from_str(&written(&["check", "--format", "sarif"])).expect("JSON");
    let link = Regex::new(r"\]\(([^)]*)\)").expect("a pattern");
    for result in document["runs"][0]["results"].as_array().expect("results") {
        let related = result["relatedLocations"].as_array().map_or(0, Vec::len);
        for target in link.captures_iter(result["message"]["text"].as_str().expect("a text")) {
            assert!(target[1].parse::<usize>().is_ok_and(|id| (1..=related).contains(&id)), "{}", &target[0]);
        }
    }
}

#[test]
fn github() {
    let command =
        Regex::new(r"^::(error|warning|notice) ((?:(?:file|line|endLine|col|endColumn|title)=[^:,\r\n]*,?)*)::.*$")
            .expect("a pattern");
    let text = written(&["check", "--format", "github"]);
    for line in text.lines() {
        assert!(command.is_match(line), "{line}");
        assert_safe(&line.replacen("::", "", 1));
    }
    assert_eq!(text.matches("title=broken-file").count(), names().len());
}

#[test]
fn azure_pipelines() {
    let command = Regex::new(
        r"^##vso\[task\.logissue type=(error|warning);((sourcepath|linenumber|columnnumber|code)=[^;\]]*;)*\].*$",
    )
    .expect("a pattern");
    let text = written(&["check", "--format", "azure-pipelines"]);
    for line in text.lines() {
        assert!(command.is_match(line), "{line}");
        assert_safe(&line.replacen("##vso[", "", 1));
    }
    assert_eq!(text.matches("code=broken-file;").count(), names().len());
}

#[test]
fn junit() {
    let text = written(&["check", "--format", "junit"]);
    assert_safe(&text);
    let report = quick_junit::Report::deserialize_from_str(&text).expect("XML");
    let cases: Vec<_> = report.test_suites.iter().flat_map(|suite| &suite.test_cases).collect();
    assert_eq!(cases.iter().filter(|case| case.classname.as_deref() == Some("broken-file")).count(), names().len());
    assert!(!text.contains("<x/>") && !text.contains("<script"), "{text}");
}

#[test]
fn requirements_as_text() {
    assert_safe(&written(&["requirements"]));
}

#[test]
fn markdown() {
    let text = written(&["check", "--format", "markdown"]) + &written(&["requirements", "--format", "markdown"]);
    assert_safe(&text);
    for markup in ["<script", "<img", "[taken](", "![i]", "<!--"] {
        assert!(!text.contains(markup), "{markup}");
    }
    // A row of a table has as many cells as its head, whatever is in it.
    let cells = |line: &str| line.replace("\\|", "").matches('|').count();
    let rows = Regex::new(r"(?m)^\| answer .*\n\| ---.*\n((?:\|.*\n)+)").expect("a pattern");
    for table in rows.captures_iter(&text) {
        assert!(table[1].lines().all(|row| cells(row) == 8), "{}", &table[1]);
    }
}

#[test]
fn graphviz() {
    let text = written(&["graph", "--format", "dot"]);
    assert_safe(&text);
    let string = Regex::new(r#""(?:[^"\\]|\\.)*""#).expect("a pattern");
    let rest = string.replace_all(&text, "");
    let frame = Regex::new(r"^[\sA-Za-z0-9_{}\[\]=;>-]*$").expect("a pattern");
    assert!(frame.is_match(&rest), "{rest}");
}

#[test]
fn mermaid() {
    let text = written(&["graph", "--format", "mermaid"]);
    assert_safe(&text);
    let label = r#""(?:[\p{L}\p{N} /,._()✗?…-]|#\d+;|<br/>)*""#;
    let thing = format!(r"d\d+t\d+(?:\{{\{{{label}\}}\}}(?::::cluster)?|\(\[{label}\]\)|\[{label}\])");
    let link = format!(r"d\d+t\d+ (?:==|--|-\.) {label} (?:==>|-->|\.-[>xo]) d\d+t\d+");
    let line = Regex::new(&format!(r"^ *(?:flowchart LR|subgraph d\d+\[{label}\]|{thing}|{link}|end|%% [ a-z0-9:,]*|classDef [a-z0-9: -]*|linkStyle [0-9,]* [a-z0-9:#,-]*)$", )).expect("a pattern");
    for one in text.lines() {
        assert!(line.is_match(one), "{one}");
    }
}

#[test]
fn html() {
    let text = written(&["graph", "--format", "html"]);
    let (before, rest) = text.split_once("<script id=\"data\" type=\"application/json\">").expect("data");
    let (data, after) = rest.split_once("</script>").expect("an end");
    assert_safe(data);
    let scenes: Vec<Value> = serde_json::from_str(data).expect("JSON");
    assert_eq!(scenes.len(), 2 * names().len());
    assert!(!data.contains('<') && !before.contains("taken") && !after.contains("taken"));
}
