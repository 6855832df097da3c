//! Colours and hyperlinks for terminals, nothing of either for others; help, completions and manual pages.

mod common;

use common::{Workspace, ran, repository, rolecall};

const EXAMPLE: [&str; 2] = ["check", "examples/aks-byo-identities"];

fn output(environment: &[(&str, &str)], arguments: &[&str]) -> String {
    let mut command = rolecall(&repository());
    ran(command.envs(environment.iter().copied()).args(EXAMPLE).args(arguments)).stdout
}

fn is_colored(text: &str) -> bool {
    text.contains("\u{1b}[")
}

#[test]
fn a_pipe_gets_plain_text_unless_colours_are_forced() {
    assert!(!output(&[], &[]).contains('\u{1b}'));
    assert!(is_colored(&output(&[("CLICOLOR_FORCE", "1")], &[])));
    assert!(!is_colored(&output(&[("CLICOLOR_FORCE", "")], &[])));
    assert!(!is_colored(&output(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], &[])));
}

#[test]
fn what_the_command_line_says_of_colours_wins_over_the_environment() {
    assert!(is_colored(&output(&[("NO_COLOR", "1")], &["--color", "always"])));
    assert!(!is_colored(&output(&[("CLICOLOR_FORCE", "1")], &["--color", "never"])));
    assert!(!is_colored(&output(&[], &["--color", "auto"])));
}

#[test]
fn a_file_gets_plain_text_even_where_colours_are_forced() {
    let workspace = Workspace::copy_of("examples/aks-byo-identities");
    workspace.with_env("CLICOLOR_FORCE", "1", &["check", "--output", "out.txt"]);
    let text = std::fs::read_to_string(workspace.path().join("out.txt")).expect("written");
    assert!(text.contains("error[") && !text.contains('\u{1b}'), "{text}");
}

#[test]
fn links_come_only_with_colours_and_to_terminals_that_know_them() {
    let link = "\u{1b}]8;;";
    assert!(output(&[("FORCE_HYPERLINK", "1"), ("CLICOLOR_FORCE", "1")], &[]).contains(link));
    assert!(!output(&[("FORCE_HYPERLINK", "1")], &[]).contains(link));
    assert!(!output(&[("CLICOLOR_FORCE", "1")], &[]).contains(link));
}

#[test]
fn every_command_has_a_manual_page_and_examples_in_its_help() {
    let help = ran(rolecall(&repository()).arg("--help")).stdout;
    assert!(help.contains("Examples:"), "{help}");
    let commands: Vec<_> = help
        .split("Commands:\n")
        .nth(1)
        .and_then(|rest| rest.split("\n\n").next())
        .into_iter()
        .flat_map(|list| list.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next()))
        .filter(|name| !name.is_empty() && *name != "help")
        .collect();
    assert!(commands.contains(&"check") && commands.contains(&"man"), "{commands:?}");
    for command in commands {
        let help = ran(rolecall(&repository()).args([command, "--help"])).stdout;
        assert!(help.contains("Examples:"), "{command}: {help}");
        let page = ran(rolecall(&repository()).args(["man", command]));
        assert!(page.status == 0 && page.stdout.contains(&format!(".TH rolecall-{command} 1")), "{}", page.text());
    }
    assert!(ran(rolecall(&repository()).arg("man")).stdout.contains(".TH rolecall 1"));
    let unknown = ran(rolecall(&repository()).args(["man", "no-such-command"]));
    assert!(unknown.status == 2 && unknown.stderr.contains("there is no command `no-such-command`"));
}

#[test]
fn every_shell_gets_completions_that_know_the_formats() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let run = ran(rolecall(&repository()).args(["completions", shell]));
        assert!(run.status == 0 && run.stdout.contains("baseline"), "{shell}: {}", run.text());
    }
    assert!(ran(rolecall(&repository()).args(["completions", "bash"])).stdout.contains("azure-pipelines"));
}
