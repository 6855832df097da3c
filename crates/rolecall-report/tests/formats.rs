//! Formats on findings made by hand: what no template gives so easily.

use std::path::Path;

use rolecall_report::{Deployed, Run, json, sarif, text};
use rolecall_rules::{BreaksAt, Certainty, Finding, NamedPlace, Question, QuestionAnswer, Report};
use rolecall_source::{Diagnostic, DiskFiles, FileId, Files, Level, Note, Span};

const TEXT: &str = "{\n  \"a\": \"one\",\n  \"b\": \"two\"\n}\n";

fn finding(file: FileId) -> Finding {
    Finding {
        rule: "some-rule".to_owned(),
        requirement: "SOME".to_owned(),
        level: Level::Error,
        certainty: Certainty::Definite,
        breaks_at: Some(BreaksAt::Create),
        headline: "`x` cannot work".to_owned(),
        reasons: vec!["it is needed for y".to_owned(), "found: z".to_owned()],
        places: vec![NamedPlace { reason: 0, offset: "it is needed".len(), span: Span::new(file, 18, 21) }],
        remedy: vec!["mend it".to_owned()],
        azure_error: Some("SomeError".to_owned()),
        resource: "/subscriptions/s/c".to_owned(),
        principal: Some("x".to_owned()),
        scope: None,
        when: None,
        span: Span::new(file, 9, 14),
        related: vec![Note { message: "the other".to_owned(), span: Span::new(file, 23, 28) }],
        fix: None,
        silenced: None,
    }
}

/// What a format writes of reports on one file with this text.
fn written(
    source: &str,
    reports: impl FnOnce(FileId) -> Vec<Report>,
    format: impl Fn(&mut Vec<u8>, &Run<'_>) -> std::io::Result<()>,
) -> String {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let files = DiskFiles::new(dir.path()).expect("resolved");
    std::fs::write(files.root().join("main.json"), source).expect("written");
    let file = files.read(&files.root().join("main.json")).expect("read").id;
    let reports = reports(file);
    let deployments = reports.iter().map(|report| Deployed { entry: file, parameters: &[], report }).collect();
    let current_dir: &Path = files.root();
    let run = Run {
        files: &files,
        current_dir,
        file_count: 1,
        deployments,
        upkeep: &[],
        diagnostics: &[],
        unreadable: &[],
        accepted: 0,
    };
    let mut out = Vec::new();
    format(&mut out, &run).expect("written");
    String::from_utf8(out).expect("text")
}

fn plain(out: &mut Vec<u8>, run: &Run<'_>) -> std::io::Result<()> {
    text::write(out, run, text::Options::default())
}

fn one(finding: Finding) -> Vec<Report> {
    vec![Report { findings: vec![finding], questions: Vec::new(), clusters: 1 }]
}

#[test]
fn a_finding_says_what_why_what_instead_and_what_to_do_in_this_order() {
    let text = written(TEXT, |file| one(finding(file)), plain);
    let expected = "\
error[some-rule] fails at create
`x` cannot work
  it is needed (main.json:3) for y
  found: z
  do: mend it
  Azure says: SomeError
  ┌─ main.json:2:8
  │
2 │   \"a\": \"one\",
  │        ^^^^^
3 │   \"b\": \"two\"
  │        ----- the other

1 error, 0 warnings, 0 notes
";
    assert!(text.starts_with(expected), "{text}");
}

#[test]
fn a_reachable_finding_says_when() {
    let text = written(
        TEXT,
        |file| {
            let when = Some("kind = 'a'".to_owned());
            one(Finding { certainty: Certainty::Reachable, level: Level::Warning, when, ..finding(file) })
        },
        plain,
    );
    assert!(text.starts_with("warning[some-rule] may fail at create\n`x` cannot work, when kind = 'a'\n"), "{text}");
}

#[test]
fn equal_findings_are_shown_once_and_different_ones_each() {
    let reports = |file| {
        let other = Finding { headline: "`y` cannot work".to_owned(), ..finding(file) };
        [finding(file), finding(file), other].into_iter().flat_map(one).collect()
    };
    let text = written(TEXT, reports, plain);
    assert_eq!((text.matches("`x` cannot").count(), text.matches("`y` cannot").count()), (1, 1), "{text}");
    let results = written(TEXT, reports, |out, run| sarif::write(out, run, false));
    assert_eq!(results.matches("\"ruleId\": \"some-rule\"").count(), 2);
    let rows = written(TEXT, reports, |out, run| json::write(out, run));
    assert_eq!(rows.matches("\"rule\": \"some-rule\"").count(), 3);
}

#[test]
fn assumed_findings_of_a_cluster_are_one_note() {
    let reports = |file| {
        let assumed = |requirement: &str| Finding {
            certainty: Certainty::Assumed,
            level: Level::Note,
            requirement: requirement.to_owned(),
            ..finding(file)
        };
        vec![Report { findings: vec![assumed("A"), assumed("B")], questions: Vec::new(), clusters: 1 }]
    };
    let text = written(TEXT, reports, plain);
    assert_eq!(text.matches("note: 2 permissions of `c` (main.json:2)").count(), 1, "{text}");
    assert!(!text.contains("note[some-rule]"), "{text}");
    let shown = written(TEXT, reports, |out, run| text::write(out, run, text::Options { assumed: true, color: false }));
    assert_eq!(shown.matches("note[some-rule]").count(), 2, "{shown}");
}

#[test]
fn undecided_questions_are_listed_with_their_reasons() {
    let reports = |file| {
        let question = Question {
            requirement: "SOME".to_owned(),
            cluster: "/c".to_owned(),
            principal: "p".to_owned(),
            scope: "/s".to_owned(),
            scope_name: "s".to_owned(),
            answer: QuestionAnswer::Undecided,
            when: Some("kind = 'a'".to_owned()),
            by: None,
            inherited_from: None,
            about: None,
            grants: Vec::new(),
            reason: "the module was not read".to_owned(),
            cause: None,
            span: Span::new(file, 9, 14),
        };
        vec![Report { findings: Vec::new(), questions: vec![question.clone(), question], clusters: 1 }]
    };
    let text = written(TEXT, reports, plain);
    let line = "  SOME for `p` on `/s` (main.json:2), when kind = 'a': the module was not read\n";
    assert_eq!(text.matches(line).count(), 1, "{text}");
    assert!(text.ends_with("2 permission questions: 0 granted, 0 missing, 0 assumed, 2 undecided\n"), "{text}");
}

#[test]
fn neither_names_nor_source_lines_steer_the_terminal() {
    let source = TEXT.replace("one", "\u{1b}]0").replace("two", "\u{202e}");
    let text = written(
        &source,
        |file| one(Finding { headline: "`\u{1b}[2J`".to_owned(), related: Vec::new(), ..finding(file) }),
        plain,
    );
    assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text:?}");
    assert!(text.contains("`\\u{1b}[2J`"), "{text}");
}

#[test]
fn the_one_line_of_a_minified_file_is_not_shown() {
    let source = format!("{{\"a\":\"one\",\"b\":\"{}\"}}", "x".repeat(100_000));
    let text =
        written(&source, |file| one(Finding { places: Vec::new(), related: Vec::new(), ..finding(file) }), plain);
    assert!(text.contains("  --> main.json:1\n") && text.len() < 1000, "{} bytes", text.len());
}

#[test]
fn colours_only_colour() {
    let colored = written(
        TEXT,
        |file| one(finding(file)),
        |out, run| text::write(out, run, text::Options { assumed: false, color: true }),
    );
    let mut without = String::new();
    let mut rest = colored.as_str();
    while let Some((before, behind)) = rest.split_once("\u{1b}[") {
        without.push_str(before);
        rest = behind.split_once('m').expect("an escape that ends").1;
    }
    without.push_str(rest);
    assert_ne!(colored, without);
    assert_eq!(without, written(TEXT, |file| one(finding(file)), plain));
}

#[test]
fn the_worst_of_findings_and_diagnostics_counts() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let files = DiskFiles::new(dir.path()).expect("resolved");
    let diagnostics = [Diagnostic::warning(Span::file_start(FileId(0)), "odd")];
    let report = Report { findings: vec![finding(FileId(0))], ..Report::default() };
    let deployed = Deployed { entry: FileId(0), parameters: &[], report: &report };
    let run = |deployments, diagnostics| Run {
        files: &files,
        current_dir: files.root(),
        file_count: 0,
        deployments,
        upkeep: &[],
        diagnostics,
        unreadable: &[],
        accepted: 0,
    };
    assert_eq!(run(vec![], &[]).worst(), None);
    assert_eq!(run(vec![], &diagnostics).worst(), Some(Level::Warning));
    assert_eq!(run(vec![deployed], &diagnostics).worst(), Some(Level::Error));
}
