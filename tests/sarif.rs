//! SARIF as its readers want it: by the standard's schema, and with what code scanning shows.

mod common;

use std::path::PathBuf;
use std::process::Command;

use common::{Run, Workspace, repository};
use serde_json::Value;

fn example(arguments: &[&str]) -> Run {
    Workspace::copy_of("examples/aks-byo-identities").check(&[&["--format", "sarif"], arguments].concat())
}

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).expect("JSON")
}

fn assert_valid(document: &Value) {
    let validator = jsonschema::validator_for(&sarif_schema()).expect("a schema");
    let errors: Vec<_> =
        validator.iter_errors(document).map(|error| format!("{} {error}", error.instance_path())).collect();
    assert_eq!(errors, Vec::<String>::new());
}

/// The schema of SARIF 2.1.0, which comes with the crate that its types are generated from.
fn sarif_schema() -> Value {
    let told = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).current_dir(repository()).output().expect("started");
        String::from_utf8(output.stdout).expect("text")
    };
    let version = told("rustc", &["--version", "--verbose"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).expect("a host");
    // Only what this machine needs is sure to be on it.
    let output = told("cargo", &["metadata", "--format-version", "1", "--offline", "--filter-platform", host]);
    let metadata: Value = serde_json::from_str(&output).expect("metadata");
    let packages = metadata["packages"].as_array().expect("packages");
    let package = packages.iter().find(|one| one["name"] == "serde-sarif").expect("a dependency");
    let manifest = PathBuf::from(package["manifest_path"].as_str().expect("a path"));
    let schema = std::fs::read_to_string(manifest.with_file_name("src").join("schema.json")).expect("the schema");
    let mut schema: Value = serde_json::from_str(&schema).expect("JSON");
    // The published pattern of language tags has a stray bracket and is no regular expression; we write no language.
    for of in ["run", "toolComponent"] {
        schema["definitions"][of]["properties"]["language"]["pattern"] = "^[a-zA-Z]{2}".into();
    }
    schema
}

#[test]
fn it_is_as_the_standard_says() {
    assert_valid(&json(&example(&[])));
    assert_valid(&json(&example(&["--assumed"])));
}

#[test]
fn what_is_suppressed_fixed_or_broken_is_as_the_standard_says_too() {
    let workspace = Workspace::copy_of("examples/aks-byo-identities");
    workspace.check(&["--write-baseline", "baseline.json"]);
    let run = json(&workspace.check(&["--format", "sarif", "--baseline", "baseline.json"]));
    assert_eq!(run["runs"][0]["results"][0]["suppressions"][0]["kind"], "external");
    assert_valid(&run);
    let workspace = Workspace::new();
    workspace.write_bytes("a b#.json", b"\xff deploymentTemplate.json");
    let run = json(&workspace.check(&["--format", "sarif"]));
    assert_valid(&run);
    let notification = &run["runs"][0]["invocations"][0]["toolExecutionNotifications"][0];
    assert_eq!(notification["level"], "error");
    assert_eq!(notification["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "a%20b%23.json");
}

#[test]
fn a_rule_carries_its_page_and_what_code_scanning_sorts_by() {
    let run = json(&example(&[]));
    let result = &run["runs"][0]["results"][0];
    let index = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("small");
    let rule = &run["runs"][0]["tool"]["driver"]["rules"][index];
    assert_eq!((&rule["id"], &result["ruleId"]), (&"kubelet-identity-without-operator".into(), &rule["id"]));
    let text = |path: &str| rule.pointer(path).and_then(Value::as_str).unwrap_or_default();
    assert_eq!(text("/name"), "KubeletIdentityWithoutOperator");
    assert!(text("/help/markdown").starts_with("# kubelet-identity-without-operator"));
    assert!(text("/help/text").contains("How to fix") && !text("/help/text").contains("```"));
    assert_ne!(text("/shortDescription/text"), text("/fullDescription/text"));
    assert!(text("/helpUri").starts_with("https://"));
    assert_eq!(text("/defaultConfiguration/level"), "error");
    assert_eq!((text("/properties/precision"), text("/properties/security-severity")), ("very-high", "7.5"));
    let tags: Vec<_> = rule["properties"]["tags"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    assert!(tags.contains(&"security") && tags.contains(&"kubelet identity"), "{tags:?}");
}

#[test]
fn a_result_shows_its_text_its_surroundings_and_the_places_that_belong_to_it() {
    let run = json(&example(&[]));
    let result = &run["runs"][0]["results"][0];
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["region"]["snippet"]["text"], "variables('kubeletIdentityId')");
    let context = place["contextRegion"]["snippet"]["text"].as_str().expect("a text");
    assert!(context.contains("kubeletidentity") && context.lines().count() == 5, "{context}");
    let related = result["relatedLocations"].as_array().expect("places");
    let says = |text: &str| related.iter().any(|one| one["message"]["text"] == text);
    assert!(says("variable `kubeletIdentityId` is set here") && says("Managed Identity Operator is assigned here"));
    let message = result["message"]["text"].as_str().expect("a text");
    assert!(message.contains("([azuredeploy.json:60]("), "{message}");
    assert!(message.contains("fails only with azuredeploy.parameters.prod.json"), "{message}");
}

#[test]
fn a_fingerprint_survives_edits_above_and_of_the_line_itself() {
    let workspace = Workspace::copy_of("examples/aks-byo-identities");
    let prints = || {
        let run = json(&workspace.check(&["--format", "sarif"]));
        let results = run["runs"][0]["results"].as_array().expect("results").clone();
        results.iter().map(|one| one["partialFingerprints"].clone()).collect::<Vec<_>>()
    };
    let before = prints();
    assert!(before.len() == 1 && before[0]["rolecall/v1"].is_string(), "{before:?}");
    let template = std::fs::read_to_string(workspace.path().join("azuredeploy.json")).expect("read");
    let changed =
        template.replace("\"resourceId\": \"[variables('kubelet", "\"resourceId\":     \"[variables('kubelet");
    assert_ne!(changed, template);
    workspace.write("azuredeploy.json", &format!("{}{changed}", "// a comment\n".repeat(10)));
    assert_eq!(prints(), before);
}

#[test]
fn the_run_says_where_the_root_is_and_which_category_it_belongs_to() {
    let run = json(&example(&[]));
    let run = &run["runs"][0];
    assert_eq!(run["automationDetails"]["id"], "rolecall/");
    let root = run["originalUriBaseIds"]["%SRCROOT%"]["uri"].as_str().expect("a URI");
    assert!(root.starts_with("file:///") && root.ends_with('/'), "{root}");
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
}

/// Workspaces with one finding that edits mend: missing grants in the three languages, and a kind of principal to set.
const MENDED: [(&str, &str, &str); 5] = [
    ("subnet-without-role", "azuredeploy.json", "\"Microsoft.Authorization/roleAssignments\""),
    ("disk-encryption-set-without-reader", "main.bicep", "'Microsoft.Authorization/roleAssignments@"),
    ("private-dns-zone-without-role", "main.bicep", "'Microsoft.Authorization/roleAssignments@"),
    ("route-table-without-role", "main.tf", "resource \"azurerm_role_assignment\""),
    ("principal-type-wrong", "main.bicep", "'ServicePrincipal'"),
];

/// A text with its replacements made, whose columns count UTF-16 units.
fn replaced(text: &str, replacements: &Value) -> String {
    let offset = |line: &Value, column: &Value| {
        let number = |value: &Value| usize::try_from(value.as_u64().expect("a number")).expect("small") - 1;
        let start: usize = text.split_inclusive('\n').take(number(line)).map(str::len).sum();
        let mut units = 0;
        let before = text[start..].chars().take_while(|character| {
            let is_before = units < number(column);
            units += character.len_utf16();
            is_before
        });
        start + before.map(char::len_utf8).sum::<usize>()
    };
    let mut edits: Vec<_> = replacements.as_array().expect("replacements").iter().collect();
    edits.sort_by_key(|edit| edit["deletedRegion"]["startLine"].as_u64());
    let mut replaced = text.to_owned();
    for edit in edits.into_iter().rev() {
        let region = &edit["deletedRegion"];
        let place =
            offset(&region["startLine"], &region["startColumn"])..offset(&region["endLine"], &region["endColumn"]);
        replaced.replace_range(place, edit["insertedContent"]["text"].as_str().expect("a text"));
    }
    replaced
}

#[test]
fn the_fixes_of_results_are_the_edits_that_fixing_makes() {
    for (rule, file, mends) in MENDED {
        let workspace = Workspace::copy_of(&format!("tests/workspaces/firing/{rule}"));
        let text = std::fs::read_to_string(workspace.path().join(file)).expect("read");
        // What comes before on a line counts in units of UTF-16.
        let text = text.replace("principalType:", "/* 😀 */ principalType:");
        workspace.write(file, &text);
        let run = json(&workspace.check(&["--format", "sarif"]));
        assert_valid(&run);
        let results = run["runs"][0]["results"].as_array().expect("results");
        let fixes: Vec<_> = results.iter().flat_map(|one| one["fixes"].as_array().into_iter().flatten()).collect();
        let [fix] = fixes[..] else { panic!("{rule}: {} fixes", fixes.len()) };
        assert!(fix["description"]["text"].as_str().is_some_and(|text| !text.is_empty()), "{rule}: {fix}");
        let [change] = &fix["artifactChanges"].as_array().expect("changes")[..] else { panic!("{rule}: {fix}") };
        assert_eq!(change["artifactLocation"]["uri"], file, "{rule}");
        let replaced = replaced(&text, &change["replacements"]);
        workspace.check(&["--fix", "--unsafe-fixes"]);
        let fixed = std::fs::read_to_string(workspace.path().join(file)).expect("read");
        assert_eq!(replaced, fixed, "{rule}");
        assert!(fixed.matches(mends).count() > text.matches(mends).count(), "{rule}: {fixed}");
    }
}
