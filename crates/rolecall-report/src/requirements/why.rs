//! The way from one need to its grant, or to the reason why there is none.

use std::collections::BTreeSet;
use std::fmt;
use std::io;

use rolecall_rules::{Question, QuestionAnswer, Who, claim};

use super::Requirements;
use super::document::{at, lines_of};
use crate::printable;

/// Nothing is needed by such an identity on such a scope.
#[derive(Debug)]
pub struct NoSuchNeed {
    /// What there is: who needs something on what.
    pub known: Vec<String>,
}

impl fmt::Display for NoSuchNeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.known[..] {
            [] => f.write_str("no permission is needed at all"),
            known => write!(f, "no such permission is needed; there are: {}", known.join("; ")),
        }
    }
}

/// Writes why an identity needs what it needs on a scope, and what grants it. Both are named as findings name them, by a
/// part of the name or id, or by what they are: `kubelet identity`, `registry`.
///
/// # Errors
/// Those of `out`; the inner error says what there is instead.
pub fn why(
    out: &mut dyn io::Write,
    requirements: &Requirements<'_>,
    identity: &str,
    scope: &str,
) -> io::Result<Result<(), NoSuchNeed>> {
    let run = requirements.run;
    let several = run.deployments.len() > 1;
    let mut known = BTreeSet::new();
    let mut any = false;
    for deployed in &run.deployments {
        for question in &deployed.report.questions {
            known.insert(format!("{} on {}", question.principal, question.scope_name));
            if !is_identity(question, identity) || !is_scope(question, scope) {
                continue;
            }
            any = true;
            if several {
                writeln!(out, "{}", printable(&run.deployment_name(deployed)))?;
            }
            let mut line = |depth: usize, text: String| writeln!(out, "{}{}", "  ".repeat(depth), printable(&text));
            let found = claim(&question.requirement);
            let need = found.and_then(|(_, requirement)| requirement.need.as_ref());
            let actions = need.map_or_else(String::new, |need| {
                need.actions.iter().chain(&need.data_actions).cloned().collect::<Vec<_>>().join(" and ")
            });
            line(0, format!("{} needs {actions} on {}", question.principal, question.scope_name))?;
            line(1, format!("on {}", question.scope))?;
            let title = found.map_or("", |(_, requirement)| requirement.title.as_str());
            line(1, format!("because of {} ({}): {title}", at(run, question.span), question.requirement))?;
            if let Some(when) = &question.when {
                line(1, format!("when {when}"))?;
            }
            line(1, answer(question, |span| at(run, span)))?;
            if matches!(question.answer, QuestionAnswer::Missing | QuestionAnswer::Assumed) {
                lines_of(run, deployed, question).into_iter().try_for_each(|text| line(2, text))?;
            }
            writeln!(out)?;
        }
    }
    Ok(if any { Ok(()) } else { Err(NoSuchNeed { known: known.into_iter().collect() }) })
}

fn answer(question: &Question, place: impl Fn(rolecall_source::Span) -> String) -> String {
    match question.answer {
        QuestionAnswer::Granted => {
            let by = question.by.map(|span| format!(" ({})", place(span))).unwrap_or_default();
            let inherited = question
                .inherited_from
                .as_ref()
                .map(|above| format!(", from which {} inherits: {above}", question.scope_name));
            format!("granted by {}{by}{}", question.reason, inherited.unwrap_or_default())
        }
        QuestionAnswer::Missing => format!("missing: {}", question.reason),
        QuestionAnswer::Assumed => format!("somebody else must grant it: {}", question.reason),
        QuestionAnswer::Undecided => format!("it cannot be told: {}", question.reason),
    }
}

fn is_identity(question: &Question, wanted: &str) -> bool {
    let need = claim(&question.requirement).and_then(|(_, requirement)| requirement.need.as_ref());
    let kind = need.map(|need| match &need.identity {
        Who::ControlPlane => "control-plane identity of the cluster",
        Who::Kubelet => "kubelet identity of the cluster",
        Who::AddOn(_) => "identity that AKS makes for the add-on",
        Who::Own | Who::Answered(_) => "identity of the resource itself",
        Who::Assignee => "whom a role is assigned to",
    });
    let wanted = folded(wanted);
    [Some(question.principal.as_str()), kind].into_iter().flatten().any(|name| folded(name).contains(&wanted))
}

fn is_scope(question: &Question, wanted: &str) -> bool {
    let kind = claim(&question.requirement)
        .and_then(|(_, requirement)| requirement.need.as_ref())
        .and_then(|need| need.scope_type.rsplit('/').next().map(str::to_owned));
    // `registry` is what `registries` is about.
    let stem = folded(wanted);
    let stem = stem.strip_suffix('y').or(stem.strip_suffix('s')).unwrap_or(&stem);
    folded(&question.scope).contains(&folded(wanted)) || kind.is_some_and(|kind| folded(&kind).starts_with(stem))
}

/// A name without regard to case, spaces and hyphens.
fn folded(name: &str) -> String {
    name.chars().filter(|character| !matches!(character, ' ' | '-' | '`')).flat_map(char::to_lowercase).collect()
}
