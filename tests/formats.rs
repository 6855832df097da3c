//! What the JSON formats hold, and that every format says the same as the text.

mod common;

use common::{Run, Workspace, repository};
use serde_json::Value;

fn example(arguments: &[&str]) -> Run {
    Workspace::copy_of("examples/aks-byo-identities").check(arguments)
}

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).expect("JSON")
}

fn assert_valid(schema: &Value, document: &Value) {
    let validator = jsonschema::validator_for(schema).expect("a schema");
    let errors: Vec<_> =
        validator.iter_errors(document).map(|error| format!("{} {error}", error.instance_path())).collect();
    assert_eq!(errors, Vec::<String>::new());
}

fn check_schema() -> Value {
    let path = repository().join("crates/rolecall-report/schemas/check.schema.json");
    serde_json::from_str(&std::fs::read_to_string(path).expect("read")).expect("JSON")
}

#[test]
fn the_json_of_check_is_as_its_schema_says() {
    let run = json(&example(&["--format", "json"]));
    assert_valid(&check_schema(), &run);
    assert_eq!(run["findings"][0]["requirement"], "KUB-MIO");
    assert_eq!(run["findings"][0]["deployment"]["parameters"][0], "azuredeploy.parameters.prod.json");
    assert_eq!(run["summary"]["questions"]["missing"], 1);
}

#[test]
fn the_schema_refuses_what_is_not_described() {
    let schema = check_schema();
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let sound = json(&example(&["--format", "json"]));
    for (path, value) in
        [("/findings/0/extra", Value::Null), ("/summary/clusters", "1".into()), ("/schema_version", 2.into())]
    {
        let mut broken = sound.clone();
        let (parent, key) = path.rsplit_once('/').expect("a path");
        let parent = broken.pointer_mut(parent).expect("present");
        parent[key] = value;
        assert!(!validator.is_valid(&broken), "{path}");
    }
}

#[test]
fn the_json_of_broken_files_is_as_its_schema_says_too() {
    let workspace = Workspace::new();
    workspace.write(
        "cut.json",
        "{\"$schema\": \"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#\", ",
    );
    workspace.write_bytes("data.json", b"\xff");
    let run = json(&workspace.check(&["--format", "json"]));
    assert_valid(&check_schema(), &run);
    let files: Vec<_> =
        run["diagnostics"].as_array().expect("a list").iter().map(|one| &one["position"]["file"]).collect();
    assert_eq!(files, ["data.json", "cut.json"]);
}

#[test]
fn columns_count_characters_in_json_and_utf_16_units_in_sarif() {
    let workspace = Workspace::copy_of("examples/aks-byo-identities");
    let template = std::fs::read_to_string(workspace.path().join("azuredeploy.json")).expect("read");
    let wide =
        template.replace("\"resourceId\": \"[variables('kubelet", "/* 😀 */ \"resourceId\": \"[variables('kubelet");
    assert_ne!(wide, template);
    let column = |run: &Run, path: &str| json(run).pointer(path).and_then(Value::as_u64).expect("a column");
    let check = |format| workspace.check(&["--format", format, "azuredeploy.json"]);
    let [json_path, sarif_path] =
        ["/findings/0/position/column", "/runs/0/results/0/locations/0/physicalLocation/region/startColumn"];
    let before = (column(&check("json"), json_path), column(&check("sarif"), sarif_path));
    workspace.write("azuredeploy.json", &wide);
    let after = (column(&check("json"), json_path), column(&check("sarif"), sarif_path));
    assert_eq!((after.0 - before.0, after.1 - before.1), (8, 9));
}

#[test]
fn a_fingerprint_survives_what_does_not_matter() {
    let workspace = Workspace::copy_of("examples/aks-byo-identities");
    let print = |path: &str, folder: &str| {
        let run = json(&ran_in(&workspace, folder, &["check", "--format", "json", path]));
        run["findings"][0]["fingerprint"].as_str().expect("a fingerprint").to_owned()
    };
    std::fs::create_dir(workspace.path().join(".git")).expect("created");
    std::fs::create_dir(workspace.path().join("below")).expect("created");
    let first = print(".", "");
    assert_eq!(print("..", "below"), first, "the folder that the command runs in");
    let template = std::fs::read_to_string(workspace.path().join("azuredeploy.json")).expect("read");
    workspace.write("azuredeploy.json", &format!("// a comment\n\n{template}"));
    assert_eq!(print(".", ""), first, "the line");
    std::fs::rename(workspace.path().join("azuredeploy.json"), workspace.path().join("azuredeploy2.json"))
        .expect("moved");
    for name in ["dev", "prod"] {
        let parameters = |stem: &str| workspace.path().join(format!("{stem}.parameters.{name}.json"));
        std::fs::rename(parameters("azuredeploy"), parameters("azuredeploy2")).expect("moved");
    }
    assert_ne!(print(".", ""), first, "another entry is another finding");
}

fn ran_in(workspace: &Workspace, folder: &str, arguments: &[&str]) -> Run {
    common::ran(common::rolecall(&workspace.path().join(folder)).args(arguments))
}

#[test]
fn files_are_named_from_the_folder_that_the_command_runs_in_and_in_sarif_from_the_root() {
    let workspace = Workspace::copy_of("examples/aks-byo-identities");
    std::fs::create_dir(workspace.path().join(".git")).expect("created");
    std::fs::create_dir(workspace.path().join("below")).expect("created");
    let run = json(&ran_in(&workspace, "below", &["check", "--format", "json", ".."]));
    assert_eq!(run["findings"][0]["position"]["file"], "../azuredeploy.json");
    let run = json(&ran_in(&workspace, "below", &["check", "--format", "sarif", ".."]));
    let place = &run["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"];
    assert_eq!(place["uri"], "azuredeploy.json");
}

#[test]
fn a_finding_of_several_deployments_is_one_in_text_and_sarif_and_one_for_each_in_json() {
    let workspace = Workspace::copy_of("examples/aks-byo-identities");
    std::fs::copy(
        workspace.path().join("azuredeploy.parameters.prod.json"),
        workspace.path().join("azuredeploy.parameters.again.json"),
    )
    .expect("copied");
    let text = workspace.check(&[]).stdout;
    assert_eq!(text.matches("error[").count(), 1, "{text}");
    assert!(
        text.contains(
            "in: azuredeploy.json, fails only with azuredeploy.parameters.again.json, azuredeploy.parameters.prod.json (of 3 parameter sets)"
        ),
        "{text}"
    );
    let sarif = json(&workspace.check(&["--format", "sarif"]));
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    assert_eq!(results.len(), 1);
    assert_eq!(results[0]["properties"]["deployments"].as_array().map(Vec::len), Some(2));
    assert_eq!(json(&workspace.check(&["--format", "json"]))["findings"].as_array().map(Vec::len), Some(2));
}

/// A template whose subnet comes from outside: nobody here can tell whether the role is assigned there.
fn assumed() -> Workspace {
    let workspace = Workspace::copy_of("examples/aks-byo-identities");
    let template = std::fs::read_to_string(workspace.path().join("azuredeploy.json")).expect("read");
    let start =
        template.find("    {\n      \"type\": \"Microsoft.Resources/deployments\"").expect("the nested deployment");
    let end = template.find("    {\n      \"type\": \"Microsoft.ContainerService").expect("the cluster");
    let without = format!("{}{}", &template[..start], &template[end..]).replace(",\n        \"subnet-role\"", "");
    workspace.write("azuredeploy.json", &without);
    std::fs::remove_file(workspace.path().join("azuredeploy.parameters.prod.json")).expect("removed");
    workspace
}

#[test]
fn assumed_findings_are_one_note_in_the_text_and_out_of_sarif_unless_asked_for() {
    let workspace = assumed();
    let text = workspace.check(&[]);
    assert_eq!(text.status, 0, "{}", text.text());
    assert!(text.stdout.contains("must be granted elsewhere: `rolecall requirements` lists them"), "{}", text.stdout);
    assert!(!text.stdout.contains("note[subnet-without-role]"), "{}", text.stdout);
    assert!(workspace.check(&["--assumed"]).stdout.contains("note[subnet-without-role]"));
    let results = |arguments: &[&str]| json(&workspace.check(arguments))["runs"][0]["results"].as_array().map(Vec::len);
    assert_eq!(results(&["--format", "sarif"]), Some(0));
    assert!(results(&["--format", "sarif", "--assumed"]) > Some(0));
    assert_eq!(json(&workspace.check(&["--format", "json"]))["findings"][0]["certainty"], "assumed");
    assert_eq!(workspace.check(&["--fail-on", "note"]).status, 1, "a folded note is a note");
}

#[test]
fn the_graph_holds_the_resources_and_assignments_of_each_deployment() {
    let workspace = Workspace::copy_of("examples/aks-byo-identities");
    let graph = json(&workspace.run(&["graph"]));
    assert_eq!(graph["schema_version"], 1);
    let deployments = graph["deployments"].as_array().expect("deployments");
    assert_eq!(deployments.len(), 2);
    for deployment in deployments {
        let types: Vec<_> =
            deployment["resources"].as_array().expect("a list").iter().map(|one| &one["type"]).collect();
        assert!(types.contains(&&"Microsoft.ContainerService/managedClusters".into()), "{types:?}");
        assert!(deployment["assignments"].as_array().is_some_and(|all| all.len() >= 2));
    }
    let dot = workspace.run(&["graph", "--format", "dot"]).stdout;
    assert!(dot.starts_with("digraph") && dot.contains("label=\"managedClusters\\naks-prod\""), "{dot}");
}
