//! What pipelines read: annotations, logging commands and reports.

mod common;

use common::{Run, Workspace};
use serde_json::Value;

fn example(format: &str) -> Run {
    Workspace::copy_of("examples/aks-byo-identities").check(&["--format", format])
}

#[test]
fn github_gets_one_annotation_for_a_finding_with_its_place_and_all_that_it_says() {
    let run = example("github");
    assert_eq!(run.status, 1, "{}", run.text());
    let start = "::error file=azuredeploy.json,line=134,endLine=134,col=29,endColumn=59,title=kubelet-identity-without-operator::\
                 `id-aks-control` may not assign the kubelet identity `id-aks-kubelet`%0A";
    assert!(run.stdout.starts_with(start), "{}", run.stdout);
    assert_eq!(run.stdout.lines().count(), 1, "{}", run.stdout);
    assert!(run.stdout.contains("%0Ain: azuredeploy.json, fails only with azuredeploy.parameters.prod.json"));
}

#[test]
fn azure_pipelines_gets_one_issue_for_a_finding() {
    let run = example("azure-pipelines");
    let start = "##vso[task.logissue type=error;sourcepath=azuredeploy.json;linenumber=134;columnnumber=29;\
                 code=kubelet-identity-without-operator;]`id-aks-control` may not assign";
    assert!(run.stdout.starts_with(start), "{}", run.stdout);
    assert_eq!(run.stdout.lines().count(), 1, "{}", run.stdout);
}

#[test]
fn gitlab_gets_issues_in_the_shape_of_its_code_quality_report() {
    let issues: Value = serde_json::from_str(&example("gitlab").stdout).expect("JSON");
    let issue = &issues[0];
    assert_eq!(
        (&issue["check_name"], &issue["severity"]),
        (&"kubelet-identity-without-operator".into(), &"critical".into())
    );
    assert_eq!(
        (&issue["location"]["path"], &issue["location"]["lines"]["begin"]),
        (&"azuredeploy.json".into(), &134.into())
    );
    assert_eq!(issue["fingerprint"].as_str().map(str::len), Some(32));
    assert!(issue["description"].as_str().is_some_and(|text| text.contains("do: set the scope")));
}

#[test]
fn junit_has_a_suite_for_each_deployment_and_fails_where_the_run_does() {
    let run = example("junit");
    assert!(
        run.stdout.contains("<testsuites name=\"rolecall\" tests=\"2\" failures=\"1\" errors=\"0\">"),
        "{}",
        run.stdout
    );
    assert_eq!(run.stdout.matches("<testsuite name=\"azuredeploy.json with azuredeploy.parameters.").count(), 2);
    assert!(run.stdout.contains("classname=\"kubelet-identity-without-operator\""));
    let run = Workspace::copy_of("examples/aks-byo-identities").check(&["--format", "junit", "--fail-on", "never"]);
    assert!(run.status == 0 && run.stdout.contains("skipped=\"1\" errors=\"0\" failures=\"0\""), "{}", run.stdout);
}

#[test]
fn a_broken_file_is_said_in_every_format() {
    let workspace = Workspace::copy_of("examples/aks-byo-identities");
    workspace.write_bytes("x.json", b"\xff deploymentTemplate.json");
    workspace.write(
        "y.json",
        "{\"$schema\": \"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#\", ",
    );
    for (format, unreadable, cut) in [
        ("github", "::error file=x.json,line=1,", "::error file=y.json,line=1,"),
        ("azure-pipelines", "type=error;sourcepath=x.json;linenumber=1;", "type=error;sourcepath=y.json;linenumber=1;"),
        ("gitlab", "\"path\": \"x.json\"", "\"path\": \"y.json\""),
        ("junit", "<testcase name=\"x.json:1\" classname=\"broken-file\">", "<testcase name=\"y.json:1\""),
    ] {
        let run = workspace.check(&["--format", format]);
        assert!(run.stdout.contains(unreadable) && run.stdout.contains(cut), "{format}: {}", run.stdout);
    }
}

#[test]
fn every_format_says_on_standard_error_what_was_analysed() {
    for format in ["json", "sarif", "github", "gitlab", "junit", "azure-pipelines"] {
        let run = example(format);
        let expected = "analysed azuredeploy.json with azuredeploy.parameters.dev.json; with azuredeploy.parameters.prod.json\n\
                        2 deployments, 2 clusters: 4 permission questions: 3 granted, 1 missing, 0 assumed, 0 undecided\n";
        assert_eq!(run.stderr, expected, "{format}");
    }
}
