//! Whether a changed deployment was told from the one that it was made of.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rolecall_rules::{BeforeCluster, Breaks, Finding, Question, QuestionAnswer};
use rolecall_source::Level;
use rolecall_value::ReasonKind;

use super::Kind;
use super::edit::Mutant;
use super::make;
use super::run::{Key, Seen};

/// What became of a mutant that takes permissions away.
#[derive(Debug, Default)]
pub struct Broken {
    /// Questions that rested on what was changed alone, and whether their loss was found; if not, what was said.
    pub lost: Vec<(Key, Result<(), String>)>,
    /// Questions that rested on it too, and whose answer then hangs on something that is not there to be read, with what
    /// was said: whether they are lost nobody can tell.
    pub unread: Vec<(Key, String)>,
    /// Findings that have nothing to do with it.
    pub noise: Vec<String>,
    /// The change is no template any more, with what the analyser said: the harness's own fault.
    pub unsound: Option<String>,
}

/// The questions that a change of this unit takes the grants of: those that rest on nothing else, and all.
fn touched(base: &Seen, mutant: &Mutant, root: &Path) -> (BTreeSet<Key>, BTreeSet<Key>) {
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
pub fn broken(base: &Seen, seen: &Seen, mutant: &Mutant, root: &Path) -> Broken {
    if let Some(error) = new_error(base, seen) {
        return Broken { unsound: Some(error), ..Broken::default() };
    }
    let new = new_findings(base, seen);
    let (lost, touched) = if mutant.kind == Kind::Order {
        let late = unordered(base, seen);
        (late.clone(), late)
    } else {
        touched(base, mutant, root)
    };
    let moved = |end: usize| end.saturating_add_signed(mutant.growth());
    let in_unit = |finding: &Finding| {
        mutant.unit.as_ref().is_some_and(|unit| seen.stands_in(finding, &unit.file, unit.start..moved(unit.end)))
    };
    let mut judged = Broken::default();
    for key in lost {
        if mutant.kind == Kind::Order {
            let outcome = late(&key, &new);
            judged.lost.push((key, outcome));
        } else if let Some(outcome) = gone(&key, seen, new.iter().any(|finding| in_unit(finding))) {
            match outcome.is_err().then(|| unread(&key, seen)).flatten() {
                Some(said) => judged.unread.push((key, said)),
                None => judged.lost.push((key, outcome)),
            }
        }
    }
    // What a cluster waited for by way of the grant, it waits for no more.
    let after = seen.awaited_ids();
    let late: Vec<_> = base.awaited_ids().into_iter().filter(|id| !after.contains(id)).collect();
    let follows = |finding: &Finding| {
        let found = Key::finding(finding);
        in_unit(finding)
            || touched.iter().any(|key| key.principal == found.principal && key.scope == found.scope)
            // Where several lose it at once, nothing says any more which of them belongs to which resource.
            || touched.iter().any(|key| rule_of(&key.about) == Some(&found.about) && key.principal == found.principal)
                && touched.iter().any(|key| rule_of(&key.about) == Some(&found.about) && key.scope == found.scope)
            // What was taken away may be what left it open before.
            || base.is_open(&found)
            || late.iter().any(|id| found.scope.starts_with(id.as_str()))
    };
    let noise = new.iter().filter(|finding| !follows(finding)).map(|finding| line(seen, finding, root));
    Broken { noise: noise.collect(), ..judged }
}

/// What is said of a question that cannot be answered because something is not there to be read, and of which nothing else
/// is said.
fn unread(key: &Key, seen: &Seen) -> Option<String> {
    let mut rows = seen.report().questions.iter().filter(|row| Key::question(row) == *key).peekable();
    let first = rows.peek()?.reason.clone();
    let is_unread = |row: &Question| {
        row.answer == QuestionAnswer::Undecided && row.cause.as_deref() == Some(ReasonKind::Unread.name())
    };
    rows.all(is_unread).then_some(first)
}

/// Whether the loss of a permission was found; `None` where it hangs on a test that nobody can decide whether it is needed,
/// so that nobody can say that it is missing either, and where Azure refuses the identity anyway. `caused` says that the
/// change itself was found.
fn gone(key: &Key, seen: &Seen, caused: bool) -> Option<Result<(), String>> {
    let about = Key { about: rule_of(&key.about).unwrap_or_default().to_owned(), ..key.clone() };
    let rows: Vec<_> = seen.report().questions.iter().filter(|row| Key::question(row) == *key).collect();
    let says = |answer| rows.iter().any(|row| row.answer == answer);
    let gone = says(QuestionAnswer::Missing) || says(QuestionAnswer::Assumed);
    let found = seen.report().findings.iter().any(|finding| Key::finding(finding) == about);
    if !says(QuestionAnswer::Granted) && gone && found || caused && !gone {
        return Some(Ok(()));
    }
    if !rows.is_empty() && rows.iter().all(|row| row.cause.as_deref() == Some("condition")) {
        return None;
    }
    // Of an identity that Azure refuses there, only that is said.
    if gone && !rows.is_empty() && rows.iter().all(|row| is_refused(row, seen)) {
        return None;
    }
    let said: Vec<_> = rows.iter().map(|row| format!("{}: {}", row.answer.name(), row.reason)).collect();
    Some(Err(if said.is_empty() { "the question is not asked any more".to_owned() } else { said.join("; ") }))
}

/// Whether the cluster of a question is found to have a kind of identity that Azure refuses there.
fn is_refused(row: &Question, seen: &Seen) -> bool {
    let refuses = |finding: &&Finding| {
        let mut all = rolecall_rules::rules().iter().flat_map(|entry| &entry.rule.requirements);
        all.any(|one| one.id == finding.requirement && !one.refused_with.is_empty())
    };
    let errors = seen.report().findings.iter().filter(|finding| finding.level == Level::Error);
    errors.filter(refuses).any(|finding| finding.resource == row.cluster)
}

/// Whether it was found that a cluster does not wait for a grant.
fn late(key: &Key, new: &[&Finding]) -> Result<(), String> {
    let about = |finding: &&Finding| {
        let found = Key::finding(finding);
        found.principal == key.principal && found.scope == key.scope
    };
    match new.iter().any(about) {
        true => Ok(()),
        false => Err("nothing says that the cluster does not wait".to_owned()),
    }
}

/// The granted questions whose grants must be there before the cluster, and for which no cluster waits any more.
fn unordered(base: &Seen, seen: &Seen) -> BTreeSet<Key> {
    let must = |key: &Key| {
        let mut all = rolecall_rules::rules().iter().flat_map(|entry| &entry.rule.requirements);
        all.any(|one| {
            let early = one.need.as_ref().is_some_and(|need| need.before_cluster == BeforeCluster::Required);
            one.id == key.about && early && one.breaks_at == Some(Breaks::Create)
        })
    };
    let after = seen.awaited_grants();
    base.awaited_grants().into_iter().filter(|key| must(key) && !after.contains(key)).collect()
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

fn line(seen: &Seen, finding: &Finding, root: &Path) -> String {
    let place = seen.place(finding.span, root);
    format!("{place}: {} {} {}", finding.rule, finding.certainty.name(), finding.headline)
}
