//! The cases of rules and the examples on their pages, run through the whole pipeline with that rule alone.
//!
//! `rules/<id>/cases/*.md` holds cases: a heading `## …`, fenced files (` ```json file=main.json `) and one block
//! ` ```expect `. A line there is `RULE LEVEL CERTAINTY FILE:LINE TEXT` for each finding expected, where the text is a part of the
//! message, or `none`; a line `question REQUIREMENT ANSWER TEXT` names a row that must be among the questions. Files fenced
//! with `twin=` in place of `file=` say the same in another language, and must give the same findings and questions, apart
//! from their places. On a page, each example under `## Avoid` gives exactly one finding of the rule and each under `## Prefer` none.

#[path = "common/cases.rs"]
mod cases;

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use cases::{Section, case_files, examples, rules_folder, sections};

use rolecall_rules::{Entry, Finding, Question, Report};
use rolecall_source::{Files, Span};
use rolecall_workspace::{Analysis, Options, analyse};

/// What makes a case no case.
fn malformed(case: &Section) -> Option<String> {
    if case.files.is_empty() {
        return Some("it has no file".to_owned());
    }
    let [expect] = &case.expect[..] else { return Some("it has not exactly one block of expectations".to_owned()) };
    let findings: Vec<_> = expect.iter().filter(|line| !line.starts_with("question ")).collect();
    if findings.is_empty() {
        return Some("it says neither a finding nor `none`".to_owned());
    }
    if findings.iter().any(|line| *line == "none") && findings.len() > 1 {
        return Some("it says `none` and something".to_owned());
    }
    let short = expect.iter().find(|line| *line != "none" && line.split(' ').count() < 4);
    short.map(|line| format!("'{line}' says too little"))
}

struct Outcome {
    _dir: tempfile::TempDir,
    root: PathBuf,
    analysis: Analysis,
}

/// Runs one rule, or all of them where none is named.
fn run(files: &[(String, String)], rule: Option<&str>) -> Outcome {
    run_all(files, rule.as_slice())
}

/// Runs these rules, or all of them where none is named.
fn run_all(files: &[(String, String)], rules: &[&str]) -> Outcome {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let root = dir.path().canonicalize().expect("resolved");
    for (name, text) in files {
        let path = root.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("created");
        fs::write(path, text).expect("written");
    }
    let options = Options {
        current_dir: root.clone(),
        root: Some(root.clone()),
        select: rules.iter().map(|rule| (*rule).to_owned()).collect(),
        keep_graphs: true,
        ..Options::default()
    };
    let analysis = analyse(&options).expect("analysed");
    Outcome { _dir: dir, root, analysis }
}

impl Outcome {
    fn reports(&self) -> impl Iterator<Item = &Report> {
        self.analysis.deployments.iter().map(|deployment| &deployment.report)
    }

    fn place(&self, span: Span) -> String {
        let Some(file) = self.analysis.files.get(span.file) else { return "?".to_owned() };
        let line = file.lines().position(&file.text, span.start as usize).line;
        let name = file.path.strip_prefix(&self.root).unwrap_or(&file.path);
        format!("{}:{line}", name.display())
    }

    /// A finding on one line, as expectations name it.
    fn line(&self, finding: &Finding) -> String {
        Self::line_at(finding, |span| self.place(span))
    }

    /// The same, with places as `place` writes them.
    fn line_at(finding: &Finding, place: impl Fn(Span) -> String) -> String {
        let (level, certainty) = (finding.level.name(), finding.certainty.name());
        let mut line = format!("{} {level} {certainty} {} {}", finding.rule, place(finding.span), finding.headline);
        if let Some(when) = &finding.when {
            let _ = write!(line, ", when {when}");
        }
        for reason in finding.reasons_with_places(&place) {
            let _ = write!(line, "; {reason}");
        }
        for remedy in &finding.remedy {
            let _ = write!(line, "; do: {remedy}");
        }
        line
    }

    fn question(question: &Question) -> String {
        let when = question.when.as_ref().map(|when| format!(" when {when}")).unwrap_or_default();
        format!("question {} {}{when} {}", question.requirement, question.answer.name(), question.reason)
    }

    /// All findings and questions without their places, in an order that does not depend on them.
    fn placeless(&self) -> Vec<String> {
        let findings = self.reports().flat_map(|report| &report.findings);
        let findings = findings.map(|finding| Self::line_at(finding, |_| "(place)".to_owned()));
        let questions = self.reports().flat_map(|report| &report.questions).map(Self::question);
        let mut lines: Vec<_> = findings.chain(questions).collect();
        lines.sort();
        lines
    }

    fn everything(&self) -> String {
        let findings = self.reports().flat_map(|report| &report.findings).map(|finding| self.line(finding));
        let questions = self.reports().flat_map(|report| &report.questions).map(Self::question);
        let diagnostics = self.analysis.diagnostics.iter().map(|one| format!("diagnostic {}", one.message));
        findings.chain(questions).chain(diagnostics).map(|line| format!("    {line}\n")).collect()
    }
}

/// Whether `actual` is what `expected` names: the words before the text, then the text somewhere.
fn fits(actual: &str, expected: &str, words: usize) -> bool {
    let split = |line: &str| {
        let mut parts = line.splitn(words + 1, ' ').map(str::to_owned);
        let head: Vec<_> = parts.by_ref().take(words).collect();
        (head, parts.next().unwrap_or_default())
    };
    let ((actual, message), (expected, text)) = (split(actual), split(expected));
    actual == expected && message.contains(&text)
}

/// What is not as the case says.
fn wrong(case: &Section, rule: &str) -> Option<String> {
    if let Some(problem) = malformed(case) {
        return Some(problem);
    }
    let outcome = run(&case.files, Some(rule));
    let actual: Vec<_> = outcome.reports().flat_map(|report| &report.findings).map(|one| outcome.line(one)).collect();
    let questions: Vec<_> = outcome.reports().flat_map(|report| &report.questions).map(Outcome::question).collect();
    let (questions_expected, findings): (Vec<_>, Vec<_>) =
        case.expect[0].iter().filter(|line| *line != "none").partition(|line| line.starts_with("question "));
    let mut problems = String::new();
    let mut left = actual;
    for expected in findings {
        match left.iter().position(|actual| fits(actual, expected, 4)) {
            Some(place) => drop(left.remove(place)),
            None => problems += &format!("  not found: {expected}\n"),
        }
    }
    for more in left {
        problems += &format!("  not expected: {more}\n");
    }
    for expected in questions_expected {
        if !questions.iter().any(|actual| fits(actual, expected, 3)) {
            problems += &format!("  not asked: {expected}\n");
        }
    }
    if !case.twins.is_empty() {
        let twin = run(&case.twins, Some(rule));
        let (ours, theirs) = (outcome.placeless(), twin.placeless());
        for line in ours.iter().filter(|line| !theirs.contains(line)) {
            problems += &format!("  not said of the twin: {line}\n");
        }
        for line in theirs.iter().filter(|line| !ours.contains(line)) {
            problems += &format!("  said of the twin alone: {line}\n");
        }
        if ours.len() != theirs.len() {
            problems += &format!("  {} lines, of the twin {}\n", ours.len(), theirs.len());
        }
        for diagnostic in &twin.analysis.diagnostics {
            problems += &format!("  in the twin: {}\n", diagnostic.message);
        }
    }
    let broken = outcome.analysis.diagnostics.iter().any(|one| one.level == rolecall_source::Level::Error);
    if outcome.analysis.deployments.is_empty() || broken {
        problems += "  the files are no sound deployment\n";
    }
    (!problems.is_empty()).then(|| format!("{problems}  in all:\n{}", outcome.everything()))
}

/// The rules to run: all, or the one that the environment variable `RULE` names, while somebody writes it.
fn rules() -> impl Iterator<Item = &'static Entry> {
    let only = std::env::var("RULE").ok();
    rolecall_rules::rules().iter().filter(move |entry| only.as_ref().is_none_or(|only| *only == entry.rule.id))
}

#[test]
fn cases_come_out_as_they_say() {
    let mut failures = String::new();
    for entry in rules() {
        let id = &entry.rule.id;
        let files = case_files(id);
        assert!(!files.is_empty(), "{id} has no cases");
        for file in files {
            let cases = sections(&fs::read_to_string(&file).expect("read"), "##");
            assert!(!cases.is_empty(), "{} has no case", file.display());
            for case in cases {
                if let Some(problem) = wrong(&case, id) {
                    let _ = write!(failures, "{}: {}\n{problem}\n", file.display(), case.heading);
                }
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn examples_of_pages_are_true() {
    for Entry { rule, page } in rules() {
        for (heading, count) in [("Avoid", 1), ("Prefer", 0)] {
            let examples = examples(page, heading);
            assert!(!examples.is_empty(), "{}: {heading} has no example", rule.id);
            for example in examples {
                let outcome = run(&example.files, Some(&rule.id));
                let findings: Vec<_> = outcome.reports().flat_map(|report| &report.findings).collect();
                let place = format!("{}: {heading}, {}\n{}", rule.id, example.heading, outcome.everything());
                assert_eq!(findings.len(), count, "{place}");
                assert!(findings.iter().all(|finding| finding.rule == rule.id), "{place}");
            }
        }
    }
}

/// Nobody should copy one mistake with the cure of another.
#[test]
fn what_pages_prefer_is_right_by_all_rules() {
    let mut wrong = String::new();
    for Entry { rule, page } in rules() {
        for example in examples(page, "Prefer") {
            let outcome = run(&example.files, None);
            let findings = outcome.reports().flat_map(|report| &report.findings);
            for finding in findings.filter(|finding| finding.certainty != rolecall_rules::Certainty::Assumed) {
                let _ = writeln!(wrong, "{}: Prefer, {}\n    {}", rule.id, example.heading, outcome.line(finding));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// The template of `cargo xtask new-rule` is a rule like any other.
#[test]
fn the_template_is_a_rule_whose_page_is_true() {
    let read = |name: &str| fs::read_to_string(rules_folder().join("_template").join(name)).expect("read");
    let text = read("rule.toml").replace("RULE-ID", "a-new-rule");
    let entry = Entry { rule: toml::from_str(&text).expect("a rule"), page: "" };
    for (heading, count) in [("Avoid", 1), ("Prefer", 0)] {
        for example in examples(&read("README.md"), heading) {
            let outcome = run(&example.files, Some(&entry.rule.id));
            let graph = outcome.analysis.deployments[0].deployment.as_ref().expect("kept");
            let report = rolecall_rules::run(graph, &[&entry]);
            assert_eq!(report.findings.len(), count, "{heading}: {report:#?}");
        }
    }
    for file in case_files("_template") {
        for case in sections(&fs::read_to_string(file).expect("read"), "##") {
            assert_eq!(malformed(&case), None, "{}", case.heading);
        }
    }
}

#[test]
fn what_expectations_leave_out_counts_against_them() {
    let template = rules_folder().join("kubelet-identity-without-operator/README.md");
    let page = fs::read_to_string(template).expect("read");
    let mut case = examples(&page, "Avoid").swap_remove(0);
    let rule = "kubelet-identity-without-operator";
    case.expect = vec![vec!["none".to_owned()]];
    assert!(wrong(&case, rule).expect("a finding").contains("not expected"));
    case.expect = vec![vec![format!("{rule} error definite main.json:1 nothing of the kind")]];
    assert!(wrong(&case, rule).expect("another finding").contains("not found"));
    case.expect = Vec::new();
    assert!(wrong(&case, rule).is_some());
}

/// What makes a permission missing is said with the permission, and not a second time by itself.
#[test]
fn a_mistaken_principal_is_blamed_once() {
    let rules = ["kubelet-identity-without-operator", "principal-id-of-no-principal"];
    let page = fs::read_to_string(rules_folder().join(rules[0]).join("README.md")).expect("read");
    let mut files = examples(&page, "Prefer").swap_remove(0).files;
    let right = "[reference(variables('control'), '2023-01-31').principalId]";
    assert!(files[0].1.contains(right), "the example names the principal");
    files[0].1 = files[0].1.replace(right, "[reference(variables('control'), '2023-01-31').clientId]");
    let blamed = |rules: &[&str]| -> Vec<String> {
        run_all(&files, rules).reports().flat_map(|report| &report.findings).map(|one| one.rule.clone()).collect()
    };
    assert_eq!(blamed(&rules), [rules[0]]);
    assert_eq!(blamed(&rules[1..]), [rules[1]], "alone it speaks");
}

/// A role that went to the wrong identity is what makes the permission missing, and is not needless beside that.
#[test]
fn a_role_for_the_wrong_identity_is_blamed_once() {
    let rules = ["registry-without-pull-role", "role-without-need"];
    let page = fs::read_to_string(rules_folder().join(rules[1]).join("README.md")).expect("read");
    let mut files = examples(&page, "Prefer").swap_remove(0).files;
    let right = "[reference(variables('cluster'), '2024-05-01').identityProfile.kubeletidentity.objectId]";
    assert!(files[0].1.contains(right), "the example names the principal");
    files[0].1 = files[0].1.replace(right, "[reference(variables('control'), '2023-01-31').principalId]");
    let blamed = |rules: &[&str]| -> Vec<String> {
        run_all(&files, rules).reports().flat_map(|report| &report.findings).map(|one| one.rule.clone()).collect()
    };
    assert_eq!(blamed(&rules), [rules[0]]);
    assert_eq!(blamed(&rules[1..]), [rules[1]], "alone it speaks");
}
