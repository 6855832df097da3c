//! Files: what is broken, how configuration may be spelled.

use super::{clean, errors, one, property, run, run_with, value};
use crate::{Cache, Folders, Given, Options};

const GROUP: &str = "resource \"azurerm_resource_group\" \"x\" {\n  name = \"a\"\n  location = \"l\"\n}\n";

fn groups(deployment: &rolecall_graph::Deployment) -> Vec<String> {
    let mut names: Vec<_> = deployment.resources.iter().map(|resource| resource.id.name().plain()).collect();
    names.sort();
    names
}

#[test]
fn one_broken_block_costs_one_block() {
    let text = format!(
        "{GROUP}variable \"v\" {{\n  default = = 1\n}}\n{}",
        GROUP.replace("\"x\"", "\"y\"").replace("\"a\"", "\"b\"")
    );
    let deployment = run(&[("main.tf", &text)]);
    assert_eq!(groups(&deployment), ["a", "b"]);
    assert_eq!(errors(&deployment).len(), 1);
}

#[test]
fn a_missing_brace_costs_the_block_that_misses_it() {
    let text = format!("resource \"azurerm_resource_group\" \"y\" {{\n  name = \"b\"\n  location = \"l\"\n\n{GROUP}");
    let deployment = run(&[("main.tf", &text)]);
    assert_eq!(groups(&deployment), ["a"]);
}

#[test]
fn a_diagnostic_stands_where_the_error_is() {
    let text = format!("{GROUP}variable \"v\" {{\n  default = = 1\n}}\n");
    let deployment = run(&[("main.tf", &text)]);
    let at = deployment.diagnostics[0].span.start as usize;
    assert_eq!(&text[at..at + 1], "=");
}

#[test]
fn deep_nesting_is_a_diagnostic() {
    let deep = format!("variable \"v\" {{\n  default = {}1{}\n}}\n{GROUP}", "[".repeat(10_000), "]".repeat(10_000));
    let deployment = run(&[("main.tf", &deep)]);
    assert_eq!(groups(&deployment), ["a"]);
    assert!(errors(&deployment)[0].contains("nest"), "{:?}", errors(&deployment));
}

#[test]
fn json_configuration_is_configuration() {
    let json = r#"{"variable": {"n": {"default": "a"}},
      "resource": {"azurerm_user_assigned_identity": {"x": {"name": "${var.n}-id", "resource_group_name": "g", "location": "l"}}}}"#;
    let deployment = run(&[("main.tf.json", json)]);
    assert!(
        one(&deployment, "Microsoft.ManagedIdentity/userAssignedIdentities").id.to_value().plain().ends_with("/a-id")
    );
}

#[test]
fn blocks_in_json_may_be_objects_or_arrays() {
    for identity in [r#"{"type": "SystemAssigned"}"#, r#"[{"type": "SystemAssigned"}]"#] {
        let json = format!(
            r#"{{"resource": {{"azurerm_kubernetes_cluster": {{"x": {{"name": "c", "resource_group_name": "g", "identity": {identity}}}}}}}}}"#
        );
        let deployment = run(&[("main.tf.json", &json)]);
        let cluster = one(&deployment, "Microsoft.ContainerService/managedClusters");
        assert_eq!(property(cluster, "identity.type").as_str(), Some("SystemAssigned"));
    }
}

#[test]
fn override_files_replace_arguments() {
    let deployment =
        run(&[("main.tf", GROUP), ("override.tf", "resource \"azurerm_resource_group\" \"x\" {\n  name = \"z\"\n}\n")]);
    assert_eq!(groups(&deployment), ["z"]);
}

#[test]
fn a_tofu_file_stands_for_the_file_of_its_name() {
    let deployment = run(&[("main.tf", GROUP), ("main.tofu", &GROUP.replace("\"a\"", "\"t\""))]);
    assert_eq!(groups(&deployment), ["t"]);
}

#[test]
fn labels_need_no_quotes() {
    let deployment = clean("resource azurerm_resource_group x {\n  name = \"a\"\n  location = \"l\"\n}\n");
    assert_eq!(groups(&deployment), ["a"]);
}

#[test]
fn a_heredoc_keeps_its_last_line_break_and_loses_its_indent() {
    assert_eq!(value("<<-E\n    a\n      b\n    E\n").as_str(), Some("a\n  b\n"));
    assert_eq!(value("<<-E\n    a ${1} b\n      c ${2}\n    E\n").as_str(), Some("a 1 b\n  c 2\n"));
    assert_eq!(value("<<E\n    a ${1} b\n      c\nE\n").as_str(), Some("    a 1 b\n      c\n"));
}

#[test]
fn directives_choose_and_repeat() {
    assert_eq!(
        value(r#""%{ if true }a%{ else }b%{ endif }%{ for x in ["c", "d"] }${x}%{ endfor }""#).as_str(),
        Some("acd")
    );
}

#[test]
fn an_operator_may_end_a_line_in_an_object_for() {
    let expression = "{ for k, v in { a = 1, b = 2 } : k => v if v == 1 ||\n  v == 3 }";
    assert_eq!(value(expression).text(), "{a: 1}");
}

#[test]
fn variable_files_win_in_terraforms_order() {
    let files = [
        (
            "main.tf",
            "variable \"v\" {\n  default = \"d\"\n}\nresource \"azurerm_resource_group\" \"x\" {\n  name = var.v\n}\n",
        ),
        ("terraform.tfvars", "v = \"file\"\n"),
        ("b.auto.tfvars", "v = \"b\"\n"),
        ("a.auto.tfvars.json", "{\"v\": \"a\"}"),
    ];
    assert_eq!(groups(&run(&files[..1])), ["d"]);
    assert_eq!(groups(&run(&files[..2])), ["file"]);
    assert_eq!(groups(&run(&files)), ["b"]);
    let options = Options { given: vec![Given::Value("v".to_owned(), "given".to_owned())] };
    assert_eq!(groups(&run_with(&files, &options)), ["given"]);
}

#[test]
fn an_entry_is_a_folder_that_no_module_call_points_at() {
    let (_dir, files) = super::folder(&[
        ("env/main.tf", "module \"m\" {\n  source = \"../modules/m\"\n}\n"),
        ("modules/m/main.tf", GROUP),
        ("alone/main.tf", GROUP),
        ("docs/readme.md", ""),
    ]);
    let root = rolecall_source::Files::root(&files).to_owned();
    let dirs = ["env", "modules/m", "alone", "docs"].map(|name| root.join(name));
    let found = Folders::new(&files, &dirs, &Cache::default());
    assert_eq!(found.roots(), [root.join("alone"), root.join("env")]);
    assert_eq!(found.roots_of(&root.join("modules/m")), [root.join("env")]);
    assert_eq!(found.roots_of(&root.join("alone")), [root.join("alone")]);
}

#[test]
fn of_modules_that_call_each_other_the_first_is_an_entry() {
    let call = |source: &str| format!("module \"m\" {{\n  source = \"{source}\"\n}}\n");
    let (_dir, files) = super::folder(&[("a/main.tf", &call("../b")), ("b/main.tf", &call("../a"))]);
    let root = rolecall_source::Files::root(&files).to_owned();
    let dirs = ["a", "b"].map(|name| root.join(name));
    assert_eq!(Folders::new(&files, &dirs, &Cache::default()).roots(), [root.join("a")]);
}
