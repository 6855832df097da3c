//! The program as a whole: exit statuses, what it says of broken input, and that it goes on with the rest.

mod common;

use common::{Workspace, rolecall};
use snapbox::str;

const CLUSTER_WITH_SYSTEM_IDENTITY: &str = r#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2024-05-01",
      "name": "aks",
      "location": "westeurope",
      "identity": { "type": "SystemAssigned" },
      "properties": { "dnsPrefix": "aks", "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 1 }] }
    }
  ]
}
"#;

/// A template that puts `{}` where the resources go.
fn template(resources: &str) -> String {
    format!(
        "{{\n  \"$schema\": \"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#\",\n  \
         \"contentVersion\": \"1.0.0.0\",\n  \"resources\": [{resources}]\n}}\n"
    )
}

#[test]
fn nothing_wrong_is_status_0() {
    let workspace = Workspace::new();
    workspace.write("main.json", CLUSTER_WITH_SYSTEM_IDENTITY);
    let run = workspace.check(&[]);
    assert_eq!(run.status, 0, "{}", run.text());
    assert!(run.stdout.contains("1 deployment, 1 cluster"), "{}", run.text());
}

#[test]
fn a_finding_is_status_1_and_only_at_or_above_the_level_asked_for() {
    let example = Workspace::copy_of("examples/aks-byo-identities");
    assert_eq!(example.check(&[]).status, 1);
    assert_eq!(example.check(&["--fail-on", "never"]).status, 0);
    assert_eq!(example.check(&["--ignore", "kubelet-identity-without-operator"]).status, 0);
    assert_eq!(example.check(&["--select", "subnet-without-role"]).status, 0);
    assert_eq!(example.check(&["--select", "kubelet-identity-without-operator", "--fail-on", "warning"]).status, 1);
}

#[test]
fn wrong_usage_is_status_2() {
    let workspace = Workspace::new();
    for arguments in [&["check", "--no-such-option"][..], &["check", "no-such-path"], &["no-such-command"], &[]] {
        let run = workspace.run(arguments);
        assert_eq!(run.status, 2, "{arguments:?}: {}", run.text());
        assert!(!run.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn an_unknown_rule_is_refused_with_the_nearest_name() {
    let run = Workspace::new().check(&["--select", "subnet-without-rule"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("did you mean `subnet-without-role`?"), "{}", run.stderr);
}

#[test]
fn an_empty_folder_is_status_3() {
    let run = Workspace::new().check(&[]);
    assert_eq!((run.status, run.stdout.contains("no AKS cluster")), (3, true), "{}", run.text());
    assert!(run.stderr.contains("no ARM template, Bicep file or Terraform configuration was found"), "{}", run.stderr);
}

#[test]
fn templates_without_a_cluster_are_status_0_and_said_to_be_without() {
    let workspace = Workspace::new();
    workspace.write("main.json", &template(""));
    let run = workspace.check(&[]);
    assert_eq!(run.status, 0, "{}", run.text());
    assert!(run.stdout.contains("1 deployment, no AKS cluster: there was nothing to check"), "{}", run.stdout);
}

#[test]
fn a_json_file_is_a_template_only_by_its_schema() {
    let workspace = Workspace::new();
    workspace.write("package.json", "{\"resources\": []}");
    workspace.write("schema.json", "{\"$schema\": \"http://json-schema.org/draft-07/schema#\"}");
    assert_eq!(workspace.check(&[]).status, 3);
}

#[test]
fn the_help_of_every_command_has_no_option_that_does_nothing() {
    let run = Workspace::new().run(&["check", "--help"]);
    assert_eq!(run.status, 0);
    for option in [
        "--format",
        "--output",
        "--fail-on",
        "--select",
        "--ignore",
        "--parameters",
        "--root",
        "--assumed",
        "--var",
        "--var-file",
        "--plan",
        "--config",
        "--grants",
        "--baseline",
        "--write-baseline",
        "--color",
        "--fix",
        "--unsafe-fixes",
        "--diff",
    ] {
        assert!(run.stdout.contains(option), "{option}");
    }
    assert!(run.stdout.contains("Exit status: 0"));
}

/// Checks a folder with one broken file beside a sound cluster: the diagnostic, and that the cluster is analysed still.
fn beside_a_cluster(workspace: &Workspace, status: i32, says: &[&str]) {
    workspace.write("sound/main.json", CLUSTER_WITH_SYSTEM_IDENTITY);
    let run = workspace.check(&[]);
    assert_eq!(run.status, status, "{}", run.text());
    for said in says {
        assert!(run.stdout.contains(said), "{said:?} is not in:\n{}", run.text());
    }
    assert!(run.stdout.contains("1 cluster"), "{}", run.text());
}

#[test]
fn a_template_that_is_not_utf_8_is_an_error_with_its_place() {
    let workspace = Workspace::new();
    let text = template("\n{ \"type\": \"A/b\", \"name\": \"M\u{0}ller\" }");
    let bytes: Vec<u8> = text.bytes().map(|byte| if byte == 0 { 0xfc } else { byte }).collect();
    workspace.write_bytes("latin1.json", &bytes);
    beside_a_cluster(&workspace, 1, &["error: this file was not analysed: it is not UTF-8", "--> latin1.json:5:28"]);
}

#[test]
fn a_template_in_utf_16_is_an_error_and_data_in_another_encoding_a_warning() {
    let workspace = Workspace::new();
    let utf16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(template("").encode_utf16().flat_map(u16::to_le_bytes)).collect();
    workspace.write_bytes("wide.json", &utf16);
    workspace.write_bytes("data.json", b"{\"name\": \"M\xfcller\"}");
    let says = [
        "error: this file was not analysed",
        "--> wide.json:1:1",
        "warning: this file was not analysed",
        "--> data.json:1:12",
    ];
    beside_a_cluster(&workspace, 1, &says);
}

#[test]
fn a_file_named_that_cannot_be_read_is_status_2() {
    let workspace = Workspace::new();
    workspace.write_bytes("bad.json", b"{\xff}");
    let run = workspace.check(&["bad.json"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("cannot read `bad.json`: it is not UTF-8"), "{}", run.stderr);
}

#[test]
fn a_truncated_template_is_an_error_where_it_ends() {
    let workspace = Workspace::new();
    workspace.write("cut.json", &template("{ \"type\": \"A/b\"")[..150]);
    beside_a_cluster(&workspace, 1, &["error: ", "┌─ cut.json:4:"]);
}

#[test]
fn a_cluster_before_the_break_of_a_truncated_template_is_still_seen() {
    let workspace = Workspace::new();
    let cut = CLUSTER_WITH_SYSTEM_IDENTITY.rfind(']').expect("present");
    workspace.write("cut.json", &CLUSTER_WITH_SYSTEM_IDENTITY[..cut]);
    let run = workspace.check(&[]);
    assert_eq!(run.status, 1, "{}", run.text());
    assert!(run.stdout.contains("1 cluster"), "{}", run.text());
}

#[test]
fn a_missing_linked_template_is_said_where_it_is_named() {
    let workspace = Workspace::new();
    let link = "\n{ \"type\": \"Microsoft.Resources/deployments\", \"apiVersion\": \"2022-09-01\", \"name\": \"roles\",\n\
                \"properties\": { \"mode\": \"Incremental\", \"templateLink\": { \"relativePath\": \"roles.json\" } } }";
    workspace.write("main.json", &template(link));
    workspace.write("sound/main.json", CLUSTER_WITH_SYSTEM_IDENTITY);
    let run = workspace.check(&[]);
    assert!(run.stdout.contains("roles.json"), "{}", run.text());
    assert!(run.stdout.contains("there is no such file"), "{}", run.text());
    assert!(run.stdout.contains("main.json:6:"), "{}", run.text());
    assert!(run.stdout.contains("1 cluster"), "{}", run.text());
}

#[test]
fn a_nesting_of_ten_thousand_ends_in_a_diagnostic() {
    let workspace = Workspace::new();
    let deep = format!(
        "{{ \"type\": \"A/b\", \"name\": \"n\", \"properties\": {}{} }}",
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    workspace.write("deep.json", &template(&deep));
    beside_a_cluster(&workspace, 1, &["error: ", "deep.json:"]);
}

#[test]
fn an_expression_of_ten_thousand_calls_in_each_other_ends_in_a_diagnostic() {
    let workspace = Workspace::new();
    let deep = format!("{}'a'{}", "concat(".repeat(10_000), ")".repeat(10_000));
    workspace.write("deep.json", &template(&format!("{{ \"type\": \"A/b\", \"name\": \"[{deep}]\" }}")));
    workspace.write("sound/main.json", CLUSTER_WITH_SYSTEM_IDENTITY);
    let run = workspace.check(&[]);
    assert!(run.status == 0 || run.status == 1, "{}", run.text());
    assert!(run.stdout.contains("deep.json:") && run.stdout.contains("1 cluster"), "{}", run.text());
}

#[test]
fn a_copy_of_a_milliard_ends_in_a_diagnostic() {
    let workspace = Workspace::new();
    let copy = "{ \"type\": \"Microsoft.Storage/storageAccounts\", \"apiVersion\": \"2023-01-01\", \"name\": \"[concat('s', copyIndex())]\", \
                \"copy\": { \"name\": \"all\", \"count\": 1000000000 } }";
    workspace.write("many.json", &template(copy));
    workspace.write("sound/main.json", CLUSTER_WITH_SYSTEM_IDENTITY);
    let run = workspace.check(&[]);
    assert!(run.stdout.contains("many.json:"), "{}", run.text());
    assert!(run.stdout.contains("1 cluster"), "{}", run.text());
}

#[test]
fn a_circle_of_parameters_ends_in_a_diagnostic() {
    let workspace = Workspace::new();
    let text = CLUSTER_WITH_SYSTEM_IDENTITY
        .replace("\"resources\"", "\"parameters\": {\n    \"a\": { \"type\": \"string\", \"defaultValue\": \"[parameters('b')]\" },\n    \"b\": { \"type\": \"string\", \"defaultValue\": \"[parameters('a')]\" }\n  },\n  \"resources\"")
        .replace("\"dnsPrefix\": \"aks\"", "\"dnsPrefix\": \"[parameters('a')]\"");
    workspace.write("main.json", &text);
    let run = workspace.check(&[]);
    assert_eq!(run.status, 1, "{}", run.text());
    assert!(run.stdout.contains("error: ") && run.stdout.contains("main.json:"), "{}", run.text());
    assert!(run.stdout.contains("1 cluster"), "{}", run.text());
}

#[test]
#[cfg(unix)]
fn a_link_out_of_the_root_is_not_followed() {
    let workspace = Workspace::new();
    let outside = Workspace::new();
    outside.write("secret.json", &template(""));
    std::os::unix::fs::symlink(outside.path().join("secret.json"), workspace.path().join("link.json")).expect("linked");
    std::os::unix::fs::symlink(outside.path(), workspace.path().join("folder")).expect("linked");
    let says = [
        "error: this file was not analysed: it lies outside the root",
        "--> link.json:1:1",
        "warning: ",
        "--> folder:1:1",
    ];
    beside_a_cluster(&workspace, 1, &says);
}

#[test]
#[cfg(unix)]
fn a_file_that_cannot_be_read_is_an_error_and_a_dangling_link_too() {
    use std::os::unix::fs::PermissionsExt;
    let workspace = Workspace::new();
    workspace.write("closed.json", &template(""));
    let closed = workspace.path().join("closed.json");
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o000)).expect("closed");
    std::os::unix::fs::symlink("nowhere.json", workspace.path().join("dangling.json")).expect("linked");
    beside_a_cluster(&workspace, 1, &["--> dangling.json:1:1"]);
    // To the superuser no file is closed.
    if std::fs::read(&closed).is_err() {
        beside_a_cluster(&workspace, 1, &["--> closed.json:1:1"]);
    }
}

#[test]
fn names_cannot_steer_the_terminal() {
    let workspace = Workspace::new();
    workspace.write(
        "main.json",
        &CLUSTER_WITH_SYSTEM_IDENTITY.replace("\"name\": \"aks\"", "\"name\": \"[\\u001b]2;x\\u0007\""),
    );
    let run = workspace.check(&[]);
    assert!(!run.stdout.contains('\u{1b}') && !run.stdout.contains('\u{7}'), "{:?}", run.stdout);
}

#[test]
fn output_goes_to_the_file_named() {
    let example = Workspace::copy_of("examples/aks-byo-identities");
    let run = example.check(&["--format", "json", "--output", "out.json"]);
    assert_eq!((run.status, run.stdout.as_str()), (1, ""));
    assert!(std::fs::read_to_string(example.path().join("out.json")).expect("written").contains("KUB-MIO"));
    let run = example.check(&["--output", "no/such/folder/out.txt"]);
    assert_eq!(run.status, 2, "{}", run.text());
}

#[test]
fn output_is_the_same_for_any_number_of_threads() {
    let example = Workspace::copy_of("examples/aks-byo-identities");
    for number in 0..20 {
        example.write(&format!("more/template{number}.json"), CLUSTER_WITH_SYSTEM_IDENTITY);
        example.write(&format!("more/broken{number}.json"), &template("{")[..140]);
    }
    for format in ["text", "json", "sarif"] {
        let outputs = ["1", "2", "8"].map(|threads| {
            let run = example.with_env("RAYON_NUM_THREADS", threads, &["check", "--format", format]);
            assert_eq!(run.status, 1);
            run.stdout
        });
        assert!(outputs.iter().all(|output| *output == outputs[0]), "{format}");
    }
}

#[test]
fn a_parameter_file_stands_for_the_deployments_that_use_it() {
    let example = Workspace::copy_of("examples/aks-byo-identities");
    let dev = example.check(&["azuredeploy.parameters.dev.json"]);
    assert_eq!(dev.status, 0, "{}", dev.text());
    assert!(dev.stdout.contains("1 deployment,"), "{}", dev.text());
    assert_eq!(example.check(&["azuredeploy.parameters.prod.json"]).status, 1);
}

#[test]
fn parameter_files_that_are_named_replace_those_beside_the_template() {
    let example = Workspace::copy_of("examples/aks-byo-identities");
    let run = example.check(&["--parameters", "azuredeploy.parameters.dev.json"]);
    assert_eq!(run.status, 0, "{}", run.text());
    assert!(run.stdout.contains("1 deployment,"), "{}", run.text());
    let both = ["--parameters", "azuredeploy.parameters.dev.json", "--parameters", "azuredeploy.parameters.prod.json"];
    assert_eq!(example.check(&both).status, 1, "the later file wins");
}

#[test]
fn a_parameter_that_no_template_declares_is_refused() {
    let example = Workspace::copy_of("examples/aks-byo-identities");
    example.write("other.json", "{\"parameters\": {\"noSuchParameter\": {\"value\": 1}}}");
    let run = example.check(&["--parameters", "other.json"]);
    assert_eq!(run.status, 2, "{}", run.text());
    assert!(run.stderr.contains("noSuchParameter"), "{}", run.stderr);
}

#[test]
fn a_linked_template_stands_for_those_that_link_it() {
    let workspace = Workspace::new();
    let link = "{ \"type\": \"Microsoft.Resources/deployments\", \"apiVersion\": \"2022-09-01\", \"name\": \"inner\", \
                \"properties\": { \"mode\": \"Incremental\", \"templateLink\": { \"relativePath\": \"nested/inner.json\" } } }";
    workspace.write("main.json", &template(link));
    workspace.write("nested/inner.json", CLUSTER_WITH_SYSTEM_IDENTITY);
    assert!(workspace.check(&[]).stdout.contains("1 deployment, 1 cluster"));
    for named in [&["nested/inner.json"][..], &["main.json", "nested/inner.json"]] {
        let run = workspace.check(named);
        assert!(run.stdout.contains("1 deployment, 1 cluster"), "{}", run.text());
    }
}

#[test]
fn a_template_compiled_from_bicep_beside_it_is_no_entry_unless_it_is_named() {
    let workspace = Workspace::new();
    let stamp = "\"metadata\": { \"_generator\": { \"name\": \"bicep\", \"version\": \"0.30\" } },\n  \"resources\"";
    workspace.write("main.json", &CLUSTER_WITH_SYSTEM_IDENTITY.replace("\"resources\"", stamp));
    assert_eq!(workspace.check(&[]).status, 0);
    workspace.write("main.bicep", "param name string = 'x'\n");
    let run = workspace.check(&[]);
    assert!(run.stdout.contains("1 deployment, no AKS cluster"), "{}", run.text());
    assert!(run.stderr.contains("1 template was left out that Bicep compiled"), "{}", run.stderr);
    assert_eq!(workspace.check(&["main.json"]).status, 0);
}

#[test]
fn files_that_git_ignores_are_left_out_unless_named() {
    let workspace = Workspace::new();
    workspace.write(".gitignore", "build/\n");
    workspace.write("build/main.json", CLUSTER_WITH_SYSTEM_IDENTITY);
    assert_eq!(workspace.check(&[]).status, 3);
    assert_eq!(workspace.check(&["build"]).status, 0);
}

#[test]
fn a_root_that_does_not_hold_the_path_is_refused() {
    let workspace = Workspace::new();
    workspace.write("a/main.json", CLUSTER_WITH_SYSTEM_IDENTITY);
    workspace.write("b/x", "");
    assert_eq!(workspace.check(&["a", "--root", "b"]).status, 2);
    assert_eq!(workspace.check(&["a", "--root", "."]).status, 0);
}

#[test]
fn a_linked_template_outside_the_root_is_not_read() {
    let workspace = Workspace::new();
    let link = "{ \"type\": \"Microsoft.Resources/deployments\", \"apiVersion\": \"2022-09-01\", \"name\": \"inner\", \
                \"properties\": { \"mode\": \"Incremental\", \"templateLink\": { \"relativePath\": \"../shared/inner.json\" } } }";
    workspace.write("app/main.json", &template(link));
    workspace.write("shared/inner.json", CLUSTER_WITH_SYSTEM_IDENTITY);
    let run = workspace.check(&["app"]);
    assert!(run.stdout.contains("outside the root") && !run.stdout.contains("1 cluster"), "{}", run.text());
    assert!(workspace.check(&["app", "--root", "."]).stdout.contains("1 cluster"));
}

#[test]
fn a_reader_that_has_gone_away_is_no_failure() {
    use std::process::Stdio;
    let example = Workspace::copy_of("examples/aks-byo-identities");
    let mut child = rolecall(example.path())
        .args(["check", "--format", "json", "--fail-on", "never"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("started");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("ended");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(0) && stderr.contains("2 deployments, 2 clusters: "), "{stderr}");
    assert!(!stderr.contains("cannot write"), "{stderr}");
}

#[test]
fn rules_are_listed_and_explained_by_id_and_by_azure_error() {
    let workspace = Workspace::new();
    assert!(workspace.run(&["rules"]).stdout.contains("subnet-without-role"));
    assert!(workspace.run(&["explain", "subnet-without-role"]).stdout.starts_with("# subnet-without-role"));
    let run = workspace.run(&["explain", "customkubeletidentitymissingpermissionerror"]);
    assert!(run.stdout.contains("# kubelet-identity-without-operator"), "{}", run.text());
    let run = workspace.run(&["explain", "kubelet-identity-without-operators"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("did you mean `kubelet-identity-without-operator`?"), "{}", run.stderr);
}

#[test]
fn the_catalogue_can_be_read_by_programs() {
    let catalogue: serde_json::Value =
        serde_json::from_str(&Workspace::new().run(&["rules", "--format", "json"]).stdout).expect("JSON");
    let of = |list: &str, key: &str, name: &str| {
        let found = catalogue[list].as_array().expect("a list").iter().find(|one| one[key] == name);
        found.unwrap_or_else(|| panic!("{list} lacks {name}")).clone()
    };
    let rule = of("rules", "id", "kubelet-identity-without-operator");
    assert_eq!(rule["level"], "error");
    assert_eq!(rule["requirements"][0]["need"]["identity"], "control-plane");
    assert_eq!(of("requirements", "id", "KUB-MIO")["rule"], "kubelet-identity-without-operator");
    assert_eq!(of("requirements", "id", "DEP-SUBNET-JOIN")["shown_by"], "requirements");
    let error = of("error_codes", "code", "CustomKubeletIdentityMissingPermissionError");
    assert!(error["rules"].as_array().expect("a list").contains(&rule["id"]));
}

#[test]
fn an_error_code_is_explained_though_no_rule_prevents_it() {
    let run = Workspace::new().run(&["explain", "SubnetIsDelegated"]);
    assert_eq!(run.status, 0, "{}", run.text());
    assert!(run.stdout.contains("only the name of this code is known"), "{}", run.stdout);
    assert!(run.stdout.contains("No rule is known to prevent it"), "{}", run.stdout);
}

#[test]
fn an_error_code_leads_to_all_that_prevents_it() {
    let run = Workspace::new().run(&["explain", "LinkedAuthorizationFailed"]);
    assert!(run.stdout.starts_with("LinkedAuthorizationFailed: the client may write a resource"), "{}", run.stdout);
    assert!(run.stdout.contains("(NET-SUBNET-DEFAULT): rule subnet-without-role"), "{}", run.stdout);
    assert!(run.stdout.contains("(DEP-UAI-ASSIGN): `rolecall requirements` lists it"), "{}", run.stdout);
    assert!(run.stdout.contains("\n# subnet-without-role\n"), "{}", run.stdout);
}

#[test]
fn an_unknown_word_is_no_error_code_and_the_nearest_is_named() {
    let run = Workspace::new().run(&["explain", "LinkedAuthorisationFailed"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("did you mean `LinkedAuthorizationFailed`?"), "{}", run.stderr);
}

#[test]
fn a_part_of_names_leads_to_those_that_have_it() {
    let run = Workspace::new().run(&["explain", "subnet-without"]);
    assert_eq!(run.status, 2);
    let known = "`gateway-subnet-without-role`, `subnet-without-role`, `virtual-node-subnet-without-role`?";
    assert!(run.stderr.contains(&format!("did you mean {known}")), "{}", run.stderr);
}

#[test]
fn an_error_message_is_plain() {
    let run = Workspace::new().check(&["nowhere"]);
    snapbox::assert_data_eq!(run.stderr.trim_end(), str!["error: cannot read `nowhere`: [..]"]);
}
