//! `check --format markdown`, the page of a job or a pull request.

mod common;

use common::Workspace;

#[test]
fn a_missing_role_is_a_row_with_its_actions_least_role_and_scope() {
    let run = Workspace::copy_of("examples/aks-byo-identities").check(&["--format", "markdown"]);
    assert_eq!(run.status, 1, "{}", run.text());
    let row = "| error | id-aks-control | Microsoft.ManagedIdentity/userAssignedIdentities/assign/action, \
               Microsoft.ManagedIdentity/userAssignedIdentities/read | id-aks-kubelet | Managed Identity Operator \
               (f1a07417-d97a-45cb-824c-7a7467783830) | kubelet-identity-without-operator (azuredeploy.json:134) | \
               azuredeploy.json, fails only with azuredeploy.parameters.prod.json (of 2 parameter sets) |";
    assert!(run.stdout.lines().any(|line| line == row), "{}", run.stdout);
    assert!(run.stdout.contains("3 granted, 1 missing"), "{}", run.stdout);
}

#[test]
fn a_name_makes_no_markup_and_no_second_row() {
    let hostile = "<img src=x> | a_b [l](x)\\n@team $x$";
    let example = Workspace::copy_of("examples/aks-byo-identities");
    let template = example.path().join("azuredeploy.json");
    let named = std::fs::read_to_string(&template).expect("read").replace("id-aks-control", hostile);
    std::fs::write(&template, named).expect("written");
    let page = example.check(&["--format", "markdown"]).stdout;
    let row = page.lines().find(|line| line.contains("Managed Identity Operator")).expect("a row");
    assert!(row.contains("&lt;img src=x\\> \\| a\\_b \\[l\\](x)") && row.ends_with(" |"), "{row}");
    assert!(!page.contains("<img") && !page.contains("@team") && !page.contains("$x$"), "{page}");
}

#[test]
fn a_clean_run_and_an_empty_one_say_so() {
    let example = Workspace::copy_of("examples/aks-byo-identities");
    let page = example.check(&["--format", "markdown", "azuredeploy.parameters.dev.json"]).stdout;
    assert!(page.contains("Nothing is wrong."), "{page}");
    let empty = Workspace::new().check(&["--format", "markdown"]);
    assert!(empty.status == 3 && empty.stdout.contains("nothing to check"), "{}", empty.text());
}
