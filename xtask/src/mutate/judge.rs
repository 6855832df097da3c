//! Whether a changed deployment was told from the one that it was made of.

use std::collections::{BTreeMap, BTreeSet};

use rolecall_rules::{BeforeCluster, Breaks, Finding, QuestionAnswer};

use super::Kind;
use super::edit::Mutant;
use super::make;
use super::run::{Key, Seen};

/// What became of a mutant that takes permissions away.
#[derive(Debug, Default)]
pub struct Broken {
    /// Questions that rested on what was changed alone, and whether their loss was found; if not, what was said.
    pub lost: Vec<(Key, Result<(), String>)>,
    /// Findings that have nothing to do with it.
    pub noise: Vec<String>,
    /// The change is no template any more, with what the analyser said: the harness's own fault.
    pub unsound: Option<String>,
}

/// The questions that a change of this unit takes the grants of: those that rest on nothing else, and all.
fn touched(base: &Seen, mutant: &Mutant, root: &std::path::Path) -> (BTreeSet<Key>, BTreeSet<Key>) {
    let (mut lost, mut all) = (BTreeSet::new(), BTreeSet::new());
    let Some(unit) = &mutant.unit else { return (lost, all) };
    for (key, grants) in base.granted(root) {
        let here = grants.iter().filter(|units| units.contains(unit)).count();
        if here > 0 {
            all.insert(key.clone());
        }
        if here > 0 && here == grants.len() {
            lost.insert(key);
        }
    }
    (lost, all)
}

/// Judges a mutant that takes permissions away.
pub fn broken(base: &Seen, seen: &Seen, mutant: &Mutant, root: &std::path::Path) -> Broken {
    if let Some(error) = new_error(base, seen) {
        return Broken { unsound: Some(error), ..Broken::default() };
    }
    let new = new_findings(base, seen);
    if mutant.kind == Kind::Order {
        return unordered(base, seen, &new, root);
    }
    let (lost, touched) = touched(base, mutant, root);
    let moved = |end: usize| end.saturating_add_signed(mutant.growth());
    let in_unit = |finding: &Finding| {
        mutant.unit.as_ref().is_some_and(|unit| seen.stands_in(finding, &unit.file, unit.start..moved(unit.end)))
    };
    let caused = new.iter().any(|finding| in_unit(finding));
    let about = |key: &Key| {
        let rule = rule_of(&key.about).unwrap_or_default();
        Key { about: rule.to_owned(), ..key.clone() }
    };
    let found: BTreeSet<_> = seen.report().findings.iter().map(Key::finding).collect();
    let judged = lost.into_iter().map(|key| {
        let rows: Vec<_> = seen.report().questions.iter().filter(|row| Key::question(row) == key).collect();
        let says = |answer| rows.iter().any(|row| row.answer == answer);
        let gone = says(QuestionAnswer::Missing) || says(QuestionAnswer::Assumed);
        let ok = !says(QuestionAnswer::Granted) && gone && found.contains(&about(&key)) || caused && !gone;
        let said = || match &rows[..] {
            [] => "the question is not asked any more".to_owned(),
            rows => {
                rows.iter().map(|row| format!("{}: {}", row.answer.name(), row.reason)).collect::<Vec<_>>().join("; ")
            }
        };
        let outcome = if ok { Ok(()) } else { Err(said()) };
        (key, outcome)
    });
    let expected: BTreeSet<_> = touched.iter().map(about).collect();
    let noise = new.iter().filter(|finding| !expected.contains(&Key::finding(finding)) && !in_unit(finding));
    Broken { lost: judged.collect(), noise: noise.map(|finding| line(seen, finding, root)).collect(), unsound: None }
}

/// Judges a mutant in which nothing depends on a grant any more: whoever needs it before its cluster stands must hear of it,
/// unless something else makes the cluster wait.
fn unordered(base: &Seen, seen: &Seen, new: &[&Finding], root: &std::path::Path) -> Broken {
    let must = |key: &Key| {
        let all = rolecall_rules::rules().iter().flat_map(|entry| &entry.rule.requirements);
        all.into_iter().any(|one| {
            let early = one.need.as_ref().is_some_and(|need| need.before_cluster == BeforeCluster::Required);
            one.id == key.about && early && Option::from(one.breaks_at) == Some(Breaks::Create)
        })
    };
    let after = seen.awaited();
    let mut judged = Vec::new();
    let mut expected = BTreeSet::new();
    for key in base.awaited().into_iter().filter(|key| must(key) && !after.contains(key)) {
        let about = |finding: &&&Finding| {
            let found = Key::finding(finding);
            found.principal == key.principal && found.scope == key.scope
        };
        let found = new.iter().any(|finding| about(&finding));
        expected.insert((key.principal.clone(), key.scope.clone()));
        judged.push((key, if found { Ok(()) } else { Err("nothing says that the cluster does not wait".to_owned()) }));
    }
    let foreign = new.iter().filter(|finding| {
        let Key { principal, scope, .. } = Key::finding(finding);
        !expected.contains(&(principal, scope))
    });
    Broken { lost: judged, noise: foreign.map(|finding| line(seen, finding, root)).collect(), unsound: None }
}

/// What became of a mutant that means nothing.
#[derive(Debug, Default)]
pub struct Kept {
    /// What is said of one and not of the other, each with its sign.
    pub changed: Vec<String>,
    /// As in [`Broken`].
    pub unsound: Option<String>,
}

/// Judges a mutant that means nothing.
pub fn kept(base: &Seen, seen: &Seen) -> Kept {
    if let Some(error) = new_error(base, seen) {
        return Kept { unsound: Some(error), ..Kept::default() };
    }
    let mut counts: BTreeMap<String, isize> = BTreeMap::new();
    for (seen, step) in [(base, -1), (seen, 1)] {
        for row in rows(seen) {
            *counts.entry(row).or_default() += step;
        }
    }
    let sign = |count: isize| if count > 0 { '+' } else { '-' };
    let changed = counts.into_iter().filter(|(_, count)| *count != 0);
    Kept { changed: changed.map(|(row, count)| format!("{} {row}", sign(count))).collect(), unsound: None }
}

/// A text as it would read without the changes: Terraform's addresses name what has no other name.
fn as_before(text: &str) -> String {
    [make::RENAMED_LABEL, make::RENAMED, make::WRAPPED]
        .iter()
        .fold(text.to_owned(), |text, mark| text.replace(mark, ""))
}

/// All that is said of a deployment, without places.
fn rows(seen: &Seen) -> Vec<String> {
    let report = seen.report();
    // Inputs are named in the order in which they are declared.
    let when = |when: &Option<String>| {
        let mut parts: Vec<_> = when.iter().flat_map(|when| when.split(" and ")).collect();
        parts.sort_unstable();
        if parts.is_empty() { String::new() } else { format!(" when {}", parts.join(" and ")) }
    };
    let questions = report.questions.iter().map(|row| {
        let (answer, when) = (row.answer.name(), when(&row.when));
        format!("{} {answer}{when}: {} on {}", row.requirement, row.principal, row.scope)
    });
    let findings = report.findings.iter().map(|one| {
        let (level, certainty, when) = (one.level.name(), one.certainty.name(), when(&one.when));
        let (principal, scope) =
            (one.principal.as_deref().unwrap_or_default(), one.scope.as_deref().unwrap_or_default());
        format!("{} {level} {certainty}{when}: {} {principal} on {scope}", one.rule, one.resource)
    });
    questions.chain(findings).map(|row| as_before(&row)).collect()
}

/// The first error that the changed text has and the other has not.
fn new_error(base: &Seen, seen: &Seen) -> Option<String> {
    seen.errors.iter().map(|error| as_before(error)).find(|error| !base.errors.contains(error))
}

/// The findings that the changed deployment has more of.
fn new_findings<'s>(base: &Seen, seen: &'s Seen) -> Vec<&'s Finding> {
    let key = |finding: &Finding| (Key::finding(finding), finding.resource.clone());
    let mut known: BTreeMap<_, usize> = BTreeMap::new();
    for finding in &base.report().findings {
        *known.entry(key(finding)).or_default() += 1;
    }
    let is_new = |finding: &&Finding| match known.get_mut(&key(finding)) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    };
    seen.report().findings.iter().filter(is_new).collect()
}

/// The rule that claims a requirement.
pub fn rule_of(requirement: &str) -> Option<&'static str> {
    rolecall_rules::rules()
        .iter()
        .find(|entry| entry.rule.requirements.iter().any(|known| known.id == requirement))
        .map(|entry| entry.rule.id.as_str())
}

fn line(seen: &Seen, finding: &Finding, root: &std::path::Path) -> String {
    let place = seen.place(finding.span, root);
    format!("{place}: {} {} {}", finding.rule, finding.certainty.name(), finding.headline)
}
