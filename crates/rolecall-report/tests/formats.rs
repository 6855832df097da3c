//! Formats on findings made by hand: what no template gives so easily.

use std::path::Path;

use rolecall_graph::Login;
use rolecall_report::{Deployed, Run, azure_pipelines, github, gitlab, json, junit, sarif, text};
use rolecall_rules::{
    BreaksAt, Certainty, Finding, NamedPlace, Open, Question, QuestionAnswer, Report, SignIn, Silenced,
};
use rolecall_source::{Diagnostic, DiskFiles, Edit, FileId, Files, Fix, Level, Note, Safety, Span};
use serde_json::Value;

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
        resource_name: "c".to_owned(),
        principal: Some("x".to_owned()),
        scope: None,
        when: None,
        span: Span::new(file, 9, 14),
        related: vec![Note { message: "the other".to_owned(), span: Span::new(file, 23, 28) }],
        mend: None,
        fix: None,
        alike: Vec::new(),
        silenced: None,
    }
}

fn undecided(file: FileId) -> Question {
    Question {
        requirement: "SOME".to_owned(),
        cluster: "/c".to_owned(),
        cluster_name: "c".to_owned(),
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
        cause: Some("unread".to_owned()),
        span: Span::new(file, 9, 14),
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
        broke_down: false,
    };
    let mut out = Vec::new();
    format(&mut out, &run).expect("written");
    String::from_utf8(out).expect("text")
}

fn plain(out: &mut Vec<u8>, run: &Run<'_>) -> std::io::Result<()> {
    text::write(out, run, text::Options::default())
}

fn one(finding: Finding) -> Vec<Report> {
    vec![Report { findings: vec![finding], questions: Vec::new(), clusters: 1, sign_in: Vec::new() }]
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
fn in_a_file_the_worst_stands_first_and_then_what_comes_first() {
    let reports = |file| {
        let at = |rule: &str, level: Level, start: usize| Finding {
            rule: rule.to_owned(),
            level,
            span: Span::new(file, start, start + 1),
            ..finding(file)
        };
        let findings = vec![at("a", Level::Note, 1), at("b", Level::Error, 9), at("c", Level::Error, 4)];
        vec![Report { findings, clusters: 1, ..Report::default() }]
    };
    let text = written(TEXT, reports, plain);
    let heads: Vec<_> = text.lines().filter(|line| line.contains("] fails at")).collect();
    assert_eq!(heads, ["error[c] fails at create", "error[b] fails at create", "note[a] fails at create"], "{text}");
    let sarif = written(TEXT, reports, |out, run| sarif::write(out, run, false));
    let sarif: Value = serde_json::from_str(&sarif).expect("JSON");
    let rules: Vec<_> =
        sarif["runs"][0]["results"].as_array().into_iter().flatten().map(|one| &one["ruleId"]).collect();
    assert_eq!(rules, ["a", "c", "b"], "by place");
}

#[test]
fn how_much_can_be_mended_is_said_where_fixes_were_made() {
    let fix = |safety| Some(Fix { title: "mend".to_owned(), safety, edits: Vec::new(), files: Vec::new() });
    let reports = |file| {
        let mended = |name: &str, safety| Finding { headline: name.to_owned(), fix: fix(safety), ..finding(file) };
        let findings = vec![mended("a", Safety::Safe), mended("b", Safety::Unsafe), mended("c", Safety::Unsafe)];
        vec![Report { findings, clusters: 1, ..Report::default() }]
    };
    let text =
        written(TEXT, reports, |out, run| text::write(out, run, text::Options { fixes: true, ..Default::default() }));
    let line = "1 can be mended with --fix, 2 more with --fix --unsafe-fixes; --diff in place of --fix shows how\n";
    assert!(text.contains(&format!("3 errors, 0 warnings, 0 notes\n{line}")), "{text}");
    assert!(!written(TEXT, reports, plain).contains("can be mended"));
}

#[test]
fn assumed_findings_of_a_cluster_are_one_note() {
    let reports = |file| {
        let assumed = |requirement: &str| Finding {
            certainty: Certainty::Assumed,
            level: Level::Note,
            requirement: requirement.to_owned(),
            resource: "/subscriptions/s/aks-${parameters('env')}".to_owned(),
            resource_name: "aks-{env}".to_owned(),
            ..finding(file)
        };
        vec![Report {
            findings: vec![assumed("A"), assumed("B")],
            questions: Vec::new(),
            clusters: 1,
            sign_in: Vec::new(),
        }]
    };
    let text = written(TEXT, reports, plain);
    assert_eq!(text.matches("note: 2 permissions of `aks-{env}` (main.json:2)").count(), 1, "{text}");
    assert!(!text.contains("note[some-rule]"), "{text}");
    let shown = written(TEXT, reports, |out, run| {
        text::write(out, run, text::Options { assumed: true, ..text::Options::default() })
    });
    assert_eq!(shown.matches("note[some-rule]").count(), 2, "{shown}");
}

#[test]
fn undecided_questions_are_listed_with_their_reasons() {
    let reports = |file| {
        let question = undecided(file);
        vec![Report {
            findings: Vec::new(),
            questions: vec![question.clone(), question],
            clusters: 1,
            sign_in: Vec::new(),
        }]
    };
    let text = written(TEXT, reports, plain);
    let line = "  SOME for `p` on `/s` (main.json:2), when kind = 'a': the module was not read\n";
    assert_eq!(text.matches(line).count(), 1, "{text}");
    let end = "2 permission questions: 0 granted, 0 missing, 0 assumed, 2 undecided\n\
               not decided: 2 for a module, template or file that was not there to read\n";
    assert!(text.ends_with(end), "{text}");
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
fn what_is_not_decided_is_counted_by_its_kind_the_most_frequent_first() {
    let reports = |file: FileId| {
        let question = |cause: &str| Question { cause: Some(cause.to_owned()), ..undecided(file) };
        let questions = ["limit", "outside", "outside", "unread"].map(question).to_vec();
        vec![Report { findings: Vec::new(), questions, clusters: 1, sign_in: Vec::new() }]
    };
    let text = written(TEXT, reports, plain);
    let last = "not decided: 2 for values that only whoever deploys knows, 1 for a limit of the analysis, \
                1 for a module, template or file that was not there to read";
    assert_eq!(text.lines().last(), Some(last));
}

#[test]
fn the_text_ends_with_how_people_sign_in_to_each_cluster_once() {
    let aks = SignIn {
        cluster: "/c".to_owned(),
        name: "aks\u{202e}".to_owned(),
        ways: vec![
            (Login::LocalAccount, Open::Now),
            (Login::AzureRoles, Open::When("azureRbac = true".to_owned())),
            (Login::AdminGroup, Open::Undecided),
        ],
    };
    let report = Report { clusters: 1, sign_in: vec![aks], ..Report::default() };
    let text = written(TEXT, |_| vec![report.clone(), report], plain);
    let line = "people sign in to `aks\\u{202e}` by local accounts; by Entra ID with roles of Azure (when azureRbac = true); \
                perhaps by Entra ID in a group of administrators";
    assert_eq!(text.lines().last(), Some(line));
    assert_eq!(text.matches("people sign in").count(), 1, "{text}");
}

#[test]
fn a_terminal_that_knows_links_gets_them_and_the_text_stays() {
    let known = |file| one(Finding { rule: "subnet-without-role".to_owned(), ..finding(file) });
    let linked =
        written(TEXT, known, |out, run| text::write(out, run, text::Options { links: true, ..Default::default() }));
    let mut without = String::new();
    let mut addresses = Vec::new();
    let mut rest = linked.as_str();
    while let Some((before, behind)) = rest.split_once("\u{1b}]8;;") {
        let (address, behind) = behind.split_once("\u{1b}\\").expect("a link that ends");
        without.push_str(before);
        addresses.push(address);
        rest = behind;
    }
    without.push_str(rest);
    assert_eq!(without, written(TEXT, known, plain));
    assert!(addresses.iter().any(|address| address.starts_with("https://")), "{addresses:?}");
    assert!(addresses.iter().any(|address| address.starts_with("file:///") && address.ends_with("/main.json")));
}

#[test]
fn colours_only_colour() {
    let colored = written(
        TEXT,
        |file| one(finding(file)),
        |out, run| text::write(out, run, text::Options { color: true, ..text::Options::default() }),
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
        broke_down: false,
    };
    assert_eq!(run(vec![], &[]).worst(), None);
    assert_eq!(run(vec![], &diagnostics).worst(), Some(Level::Warning));
    assert_eq!(run(vec![deployed], &diagnostics).worst(), Some(Level::Error));
}

/// A fix in two edits.
fn fix(file: FileId) -> Fix {
    let edit = |start, end, text: &str| Edit { span: Span::new(file, start, end), text: text.to_owned() };
    let edits = vec![edit(9, 14, "\"x\""), edit(28, 28, ",\n")];
    Fix { title: "set it to x".to_owned(), safety: Safety::Unsafe, edits, files: Vec::new() }
}

#[test]
fn a_fix_is_in_json_with_places_and_texts() {
    let text =
        written(TEXT, |file| one(Finding { fix: Some(fix(file)), ..finding(file) }), |out, run| json::write(out, run));
    let document: Value = serde_json::from_str(&text).expect("JSON");
    let written = &document["findings"][0]["fix"];
    assert_eq!((&written["title"], &written["safety"]), (&"set it to x".into(), &"unsafe".into()));
    let place = |line, column, end_line, end_column| serde_json::json!({"file": "main.json", "line": line, "column": column, "end_line": end_line, "end_column": end_column});
    assert_eq!(written["edits"][0], serde_json::json!({"position": place(2, 8, 2, 13), "text": "\"x\""}));
    assert_eq!(written["edits"][1], serde_json::json!({"position": place(3, 13, 3, 13), "text": ",\n"}));
    let schema: Value = serde_json::from_str(json::SCHEMA).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    assert!(
        validator.is_valid(&document),
        "{:?}",
        validator.iter_errors(&document).map(|one| one.to_string()).collect::<Vec<_>>()
    );
}

#[test]
fn a_fix_is_in_sarif_as_replacements_of_regions() {
    let text = written(
        TEXT,
        |file| one(Finding { fix: Some(fix(file)), ..finding(file) }),
        |out, run| sarif::write(out, run, false),
    );
    let document: Value = serde_json::from_str(&text).expect("JSON");
    let change = &document["runs"][0]["results"][0]["fixes"][0]["artifactChanges"][0];
    assert_eq!(change["artifactLocation"]["uri"], "main.json");
    let first = &change["replacements"][0];
    assert_eq!((&first["deletedRegion"]["startColumn"], &first["deletedRegion"]["endColumn"]), (&8.into(), &13.into()));
    assert_eq!(first["insertedContent"]["text"], "\"x\"");
    assert_eq!(change["replacements"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_place_in_a_sarif_message_leads_to_its_location_and_a_name_leads_nowhere() {
    let headline = "`[x](1)\u{f0001}y\u{f0002}2\u{f0003}` cannot work".to_owned();
    let reports = |file| one(Finding { headline, ..finding(file) });
    let text = written(TEXT, reports, |out, run| sarif::write(out, run, false));
    let document: Value = serde_json::from_str(&text).expect("JSON");
    let result = &document["runs"][0]["results"][0];
    let message = result["message"]["text"].as_str().expect("a text");
    assert!(message.contains("it is needed ([main.json:3](2)) for y"), "{message}");
    assert_eq!(message.matches("](").count(), 1, "{message}");
    let place = &result["relatedLocations"][1];
    assert_eq!((&place["id"], &place["physicalLocation"]["region"]["startLine"]), (&2.into(), &3.into()));
    assert_eq!(place["physicalLocation"]["region"]["snippet"]["text"], "\"b\"");
}

#[test]
fn a_sarif_run_that_broke_down_says_so() {
    let text = written(
        TEXT,
        |file| one(finding(file)),
        |out, run| {
            let broken = Run { deployments: run.deployments.clone(), broke_down: true, ..*run };
            sarif::write(out, &broken, false)
        },
    );
    let document: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(document["runs"][0]["invocations"][0]["executionSuccessful"], false);
}

#[test]
fn what_does_not_fail_the_run_is_skipped_in_junit() {
    let reports = |file| one(Finding { level: Level::Warning, ..finding(file) });
    let with = |fails_at| {
        move |out: &mut Vec<u8>, run: &Run<'_>| junit::write(out, run, junit::Options { assumed: false, fails_at })
    };
    assert!(written(TEXT, reports, with(Some(Level::Error))).contains("skipped=\"1\" errors=\"0\" failures=\"0\""));
    assert!(written(TEXT, reports, with(Some(Level::Warning))).contains("skipped=\"0\" errors=\"0\" failures=\"1\""));
    assert!(written(TEXT, reports, with(None)).contains("skipped=\"1\" errors=\"0\" failures=\"0\""));
}

#[test]
fn what_is_suppressed_is_in_sarif_and_skipped_in_junit_and_in_no_annotation() {
    let reports = |file| one(Finding { silenced: Some(Silenced::Baseline), ..finding(file) });
    let sarif = written(TEXT, reports, |out, run| sarif::write(out, run, false));
    assert_eq!(sarif.matches("\"kind\": \"external\"").count(), 1);
    let options = junit::Options { assumed: false, fails_at: Some(Level::Error) };
    let junit = written(TEXT, reports, |out, run| junit::write(out, run, options));
    assert!(junit.contains("<skipped message=\"it is in the baseline\""), "{junit}");
    assert_eq!(written(TEXT, reports, |out, run| github::write(out, run, true)), "");
    assert_eq!(written(TEXT, reports, |out, run| azure_pipelines::write(out, run, true)), "");
    assert_eq!(written(TEXT, reports, |out, run| gitlab::write(out, run, true)), "[]\n");
}

#[test]
fn issues_that_gitlab_would_take_for_one_are_told_apart() {
    let reports = |file| {
        let other = Finding { headline: "`y` cannot work".to_owned(), ..finding(file) };
        vec![Report { findings: vec![finding(file), other], questions: Vec::new(), clusters: 1, sign_in: Vec::new() }]
    };
    let text = written(TEXT, reports, |out, run| gitlab::write(out, run, false));
    let issues: Vec<Value> = serde_json::from_str(&text).expect("JSON");
    assert_eq!(issues.len(), 2);
    assert_ne!(issues[0]["fingerprint"], issues[1]["fingerprint"]);
}
