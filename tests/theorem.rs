//! What fixes write for a missing permission, added to the deployment, can be read, leaves no permission missing, and brings up
//! nothing new: for each rule that says that a permission is missing, in each of its cases and examples.
//!
//! Where nothing is written, `theorem.txt` says of which case, and why. `cargo test --test theorem` shows what is not as it says.

#[path = "common/cases.rs"]
mod cases;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use cases::{Section, case_files, examples, sections};
use rolecall_rules::{Entry, Finding, FoundBy, rules};
use rolecall_source::Level;
use rolecall_workspace::{Analysis, Fixes, Options, analyse, mend};

/// Where and why nothing is written.
const REFUSED: &str = include_str!("theorem.txt");

/// What a system-assigned identity brings with it: whoever assigns its role can do so only once the cluster is there.
const OF_LATE_GRANTS: &str = "system-assigned-with-own-resources";

/// A deployment in one language.
struct Case {
    name: String,
    language: &'static str,
    files: Vec<(String, String)>,
}

/// What came of a case.
enum Outcome {
    /// No permission is missing in it, or it was no sound deployment before.
    Nothing,
    Mended,
    /// What is still missing, with the reasons.
    Refused(String),
    /// What was written is wrong.
    Wrong(String),
}

fn is_of_a_grant(entry: &Entry) -> bool {
    entry.rule.found_by != FoundBy::Check && entry.rule.requirements.iter().any(|one| one.need.is_some())
}

fn permission_rules() -> impl Iterator<Item = &'static Entry> {
    rules().iter().filter(|entry| is_of_a_grant(entry))
}

fn language(files: &[(String, String)]) -> Option<&'static str> {
    let any = |end: &str| files.iter().any(|(name, _)| Path::new(name).extension().is_some_and(|own| own == end));
    match (any("tf"), any("bicep"), any("json")) {
        (true, false, _) => Some("terraform"),
        (false, true, _) => Some("bicep"),
        (false, false, true) => Some("arm"),
        _ => None,
    }
}

/// The cases and examples of a rule.
fn cases(entry: &Entry) -> Vec<Case> {
    let id = &entry.rule.id;
    let mut all: Vec<(String, Section)> = Vec::new();
    for file in case_files(id) {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(&file).expect("read");
        all.extend(sections(&text, "##").into_iter().map(|section| (name.clone(), section)));
    }
    all.extend(examples(entry.page, "Avoid").into_iter().map(|section| ("README.md".to_owned(), section)));
    let mut out = Vec::new();
    for (file, section) in all {
        // What is expected there need not be a missing permission: that is seen when it is analysed.
        let name = format!("{id}/{file}: {}", section.heading);
        for files in [section.files, section.twins] {
            let Some(language) = language(&files) else { continue };
            out.push(Case { name: name.clone(), language, files });
        }
    }
    out
}

/// What tells findings apart.
fn key(finding: &Finding) -> (String, String, Option<String>, Option<String>) {
    (finding.rule.clone(), finding.resource.clone(), finding.principal.clone(), finding.scope.clone())
}

fn findings(analysis: &Analysis) -> impl Iterator<Item = &Finding> {
    analysis.deployments.iter().flat_map(|one| &one.report.findings).filter(|one| one.silenced.is_none())
}

fn missing(analysis: &Analysis) -> Vec<&Finding> {
    let rules: BTreeSet<&str> = permission_rules().map(|entry| entry.rule.id.as_str()).collect();
    findings(analysis).filter(|finding| rules.contains(finding.rule.as_str())).collect()
}

fn errors(analysis: &Analysis) -> usize {
    analysis.diagnostics.iter().filter(|one| one.level == Level::Error).count()
}

fn outcome(case: &Case, fixes: Fixes) -> Outcome {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let root = dir.path().canonicalize().expect("resolved");
    for (name, text) in &case.files {
        let path = root.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("created");
        fs::write(path, text).expect("written");
    }
    let options = Options { current_dir: root.clone(), root: Some(root), fixes, ..Options::default() };
    let before = analyse(&options).expect("analysed");
    if missing(&before).is_empty() || errors(&before) > 0 {
        return Outcome::Nothing;
    }
    let done = mend(&options, true).expect("analysed");
    if errors(&done.analysis) > 0 {
        return Outcome::Wrong("what is written cannot be read".to_owned());
    }
    let left = missing(&done.analysis);
    if !left.is_empty() {
        let refused = done.analysis.deployments.iter().flat_map(|one| &one.unmended).map(|one| one.why.as_str());
        let mut why: Vec<&str> = refused.chain(done.given_up.iter().map(|one| one.why.as_str())).collect();
        why.sort_unstable();
        why.dedup();
        return match why.is_empty() {
            true => Outcome::Refused(format!("nothing mends {}", left[0].rule)),
            false => Outcome::Refused(why.join("; ")),
        };
    }
    let known: BTreeSet<_> = findings(&before).map(key).collect();
    let new = findings(&done.analysis).filter(|one| !known.contains(&key(one)) && one.rule != OF_LATE_GRANTS);
    // A note that another grant is of no use any more is what the new one means.
    match new.max_by_key(|one| one.level) {
        Some(one) if one.level > Level::Note => Outcome::Wrong(format!("new: {} {}", one.rule, one.headline)),
        _ => Outcome::Mended,
    }
}

#[test]
fn what_is_missing_is_mended_or_it_is_said_why_not() {
    let (mut refused, mut wrong) = (Vec::new(), Vec::new());
    let mut mended: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for entry in permission_rules() {
        for case in cases(entry) {
            match outcome(&case, Fixes::Assumed) {
                Outcome::Nothing => {}
                Outcome::Mended => *mended.entry((&entry.rule.id, case.language)).or_default() += 1,
                Outcome::Refused(why) => refused.push(format!("{}: {}: {why}", case.language, case.name)),
                Outcome::Wrong(what) => wrong.push(format!("{}: {}: {what}", case.language, case.name)),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    refused.sort();
    refused.dedup();
    let expected: Vec<&str> = REFUSED.lines().filter(|line| !line.starts_with('#')).collect();
    let new: Vec<_> = refused.iter().filter(|line| !expected.contains(&line.as_str())).collect();
    let gone: Vec<_> = expected.iter().filter(|line| !refused.iter().any(|own| own == *line)).collect();
    assert!(new.is_empty() && gone.is_empty(), "not mended: {new:#?}\nmended now: {gone:#?}");
    let without: Vec<_> = permission_rules()
        .flat_map(|entry| ["bicep", "arm", "terraform"].map(|language| (entry.rule.id.as_str(), language)))
        .filter(|one| !mended.contains_key(one))
        .filter(|(rule, language)| !expected.iter().any(|line| line.starts_with(&format!("{language}: {rule}/"))))
        .collect();
    assert_eq!(without, [], "rules without a case that is mended or refused");
    let sum = |language: &str| mended.iter().filter(|((_, own), _)| *own == language).map(|(_, count)| count).sum();
    let counts: [usize; 3] = [sum("bicep"), sum("arm"), sum("terraform")];
    assert!(counts.iter().all(|count| *count >= 50), "{counts:?}");
}

#[test]
fn a_role_that_has_exactly_what_is_needed_does_as_well() {
    let mut count = 0;
    for entry in permission_rules() {
        for case in cases(entry).iter().filter(|case| case.name.contains("README.md")) {
            match (outcome(case, Fixes::Assumed), outcome(case, Fixes::Exact)) {
                (Outcome::Mended, Outcome::Mended) => count += 1,
                (Outcome::Mended, Outcome::Refused(what) | Outcome::Wrong(what)) => {
                    panic!("{}: {}: {what}", case.language, case.name)
                }
                _ => {}
            }
        }
    }
    assert!(count >= 40, "{count}");
}
