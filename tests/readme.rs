//! The README shows what the program really writes.

mod common;

use common::{ran, repository, rolecall};

#[test]
fn the_output_in_the_readme_is_what_the_example_gives() {
    let readme = std::fs::read_to_string(repository().join("README.md")).expect("read");
    let run = ran(rolecall(&repository()).args(["check", "examples/aks-byo-identities"]));
    assert_eq!(run.status, 1, "{}", run.text());
    let shown = readme
        .split("<!-- output of `rolecall check examples/aks-byo-identities` -->\n```text\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .expect("the README shows the output of the example");
    snapbox::assert_data_eq!(run.stdout.trim_end(), snapbox::Data::text(shown.trim_end()).raw());
}

#[test]
fn the_commands_in_the_readme_name_what_there_is() {
    let readme = std::fs::read_to_string(repository().join("README.md")).expect("read");
    assert!(readme.contains("cargo run --release -- check examples/aks-byo-identities"));
    assert!(readme.contains("cargo xtask ci"));
    assert!(readme.contains("(rules/README.md)"));
    let rules = std::fs::read_to_string(repository().join("rules/README.md")).expect("read");
    for rule in ran(rolecall(&repository()).arg("rules")).stdout.lines() {
        let id = rule.split_whitespace().next().expect("an id");
        assert!(readme.contains(id) || rules.contains(id), "neither the README nor the list of rules names {id}");
    }
}
