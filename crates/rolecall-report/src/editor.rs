//! What an editor shows in files: findings and problems as remarks on places, each with its text.

use std::collections::BTreeMap;
use std::path::PathBuf;

use rolecall_rules::{Certainty, Finding, STALE_BASELINE, STALE_CONFIGURATION, UNUSED_SUPPRESSION};
use rolecall_source::{Level, LineColumn, Note, Span};

use crate::run::{Base, Shared};
use crate::{Run, links, printable};

/// How many of the permissions that a note stands for it names.
const MAX_NAMED: usize = 10;

/// One remark.
#[derive(Clone, Debug, PartialEq)]
pub struct Remark<'a> {
    /// Where.
    pub place: Place,
    /// How serious it is.
    pub level: Level,
    /// The rule's id; none for a problem of the file itself.
    pub rule: Option<&'a str>,
    /// What to say, in lines.
    pub message: String,
    /// Other places that explain it.
    pub related: Vec<Note>,
    /// Whether what stands there is of no use any more.
    pub useless: bool,
    /// The finding that it shows, where it shows one.
    pub finding: Option<&'a Finding>,
}

/// Where a remark belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Bytes of a file that was read.
    Bytes(Span),
    /// A place in a file that could not be read.
    Unread(PathBuf, LineColumn),
}

/// Where the page of a rule is published, if it is.
pub fn page(rule: &str) -> Option<String> {
    links::page(rule)
}

/// The remarks of a run: what is not silenced, what is equal in several deployments once. What somebody outside must grant
/// is one note for each cluster.
pub fn remarks<'a>(run: &Run<'a>) -> Vec<Remark<'a>> {
    let several = run.deployments.len() > 1;
    let mut out: Vec<_> = run.unreadable.iter().map(unread).collect();
    out.extend(run.diagnostics.iter().map(|one| Remark {
        place: Place::Bytes(one.span),
        level: one.level,
        rule: None,
        message: printable(&one.message).into_owned(),
        related: one.related.clone(),
        useless: false,
        finding: None,
    }));
    let mut elsewhere: BTreeMap<(PathBuf, u32, &str), Vec<Shared<'a>>> = BTreeMap::new();
    for shared in run.shared_findings(true) {
        let found = shared.finding;
        if found.silenced.is_some() {
            continue;
        }
        if found.certainty == Certainty::Assumed {
            let cluster = (run.path(found.span.file), found.span.start, found.resource.as_str());
            elsewhere.entry(cluster).or_default().push(shared);
        } else {
            out.push(finding(run, &shared, several));
        }
    }
    out.extend(elsewhere.into_values().filter_map(|all| assumed(&all)));
    out
}

fn unread<'a>(one: &rolecall_source::Unreadable) -> Remark<'a> {
    Remark {
        place: Place::Unread(one.path.clone(), one.at()),
        level: one.level,
        rule: None,
        message: printable(&one.message()).into_owned(),
        related: Vec::new(),
        useless: false,
        finding: None,
    }
}

fn finding<'a>(run: &Run<'a>, shared: &Shared<'a>, several: bool) -> Remark<'a> {
    let found = shared.finding;
    let (headline, mut lines) = run.message(found, |span| run.short_place(span, Base::CurrentDir));
    let certainty = match (found.breaks_at, found.certainty) {
        (Some(breaks_at), Certainty::Definite) => format!("definite: fails at {}", breaks_at.name()),
        (Some(breaks_at), certainty) => format!("{}: may fail at {}", certainty.name(), breaks_at.name()),
        (None, certainty) => certainty.name().to_owned(),
    };
    lines.insert(0, certainty);
    if several {
        lines.extend(run.whereabouts(shared, Base::CurrentDir).into_iter().map(|line| format!("in: {line}")));
    }
    lines.insert(0, headline);
    Remark {
        place: Place::Bytes(found.span),
        level: found.level,
        rule: Some(&found.rule),
        message: text(&lines),
        related: found.related.clone(),
        useless: [UNUSED_SUPPRESSION, STALE_CONFIGURATION, STALE_BASELINE].contains(&found.rule.as_str()),
        finding: Some(found),
    }
}

/// One note in place of the assumed findings of a cluster.
fn assumed<'a>(all: &[Shared<'a>]) -> Option<Remark<'a>> {
    let first = all.first()?.finding;
    let name = &first.resource_name;
    let (noun, verb) = if all.len() == 1 { ("permission", "is") } else { ("permissions", "are") };
    let count = all.len();
    let mut lines = vec![
        format!("{count} {noun} of `{name}` {verb} not granted here and must be granted elsewhere"),
        Certainty::Assumed.name().to_owned(),
    ];
    lines.extend(all.iter().take(MAX_NAMED).map(|shared| shared.finding.headline.clone()));
    if count > MAX_NAMED {
        lines.push(format!("and {} more", count - MAX_NAMED));
    }
    Some(Remark {
        place: Place::Bytes(first.span),
        level: Level::Note,
        rule: None,
        message: text(&lines),
        related: Vec::new(),
        useless: false,
        finding: None,
    })
}

/// Lines as one text in which names take no effect.
fn text(lines: &[String]) -> String {
    lines.iter().map(|line| printable(line)).collect::<Vec<_>>().join("\n")
}
