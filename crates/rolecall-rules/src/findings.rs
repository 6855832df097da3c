//! Findings and questions put together, the same way for the engine and for checks.

use rolecall_graph::Deployment;
use rolecall_source::Note;
use rolecall_value::Condition;

use crate::checks::Context;
use crate::demand::Demand;
use crate::model::{Breaks, Requirement, Rule};
use crate::settle::Settled;
use crate::{Certainty, Finding, NamedPlace, Question, QuestionAnswer, settle, words};

/// What a finding or question is about.
pub(crate) struct Case<'c> {
    /// The requirement.
    pub requirement: &'c Requirement,
    /// The place that demands it first.
    pub demand: &'c Demand<'c>,
    /// Other places of the cluster that demand the same.
    pub others: &'c [&'c Demand<'c>],
    /// Who is concerned, as a message names it; empty where nobody is.
    pub principal: &'c str,
    /// What stands there, for `{value}` in a message.
    pub value: &'c str,
    /// What should stand there, for `{expected}` in a message.
    pub expected: &'c str,
    /// The role, for `{role}` in a message, where the requirement has no need that says it.
    pub role: &'c str,
}

impl<'c> Case<'c> {
    /// A case of one demand, which concerns nobody in particular.
    pub(crate) fn new(demand: &'c Demand<'c>) -> Self {
        Case { requirement: demand.requirement, demand, others: &[], principal: "", value: "", expected: "", role: "" }
    }
}

/// A finding with what a rule's data says of it, and the places that demand what is missing.
pub(crate) fn finding(
    deployment: &Deployment,
    rule: &Rule,
    case: &Case<'_>,
    lesser: bool,
    (certainty, when): (Certainty, Option<String>),
) -> Finding {
    let Case { requirement, demand, others, principal, value, expected, role } = *case;
    let scope = words::resource(&demand.scope);
    let cluster = words::resource_id(&demand.cluster);
    let role = requirement.need.as_ref().map_or_else(|| role.to_owned(), |need| words::role(&need.least_role));
    let names: [(&str, &str); 6] = [
        ("principal", principal),
        ("scope", &scope),
        ("cluster", &cluster),
        ("role", &role),
        ("value", value),
        ("expected", expected),
    ];
    let fill = |template: &str| words::fill(template, &names);
    let why = fill(&requirement.message.why);
    let places = why.place.map(|offset| NamedPlace { reason: 0, offset, span: demand.span });
    let mut related = words::hops(deployment, demand.scope.origin());
    for other in others {
        if other.span != demand.span && !related.iter().any(|note| note.span == other.span) {
            related.push(Note { message: format!("{scope} is used here too"), span: other.span });
        }
    }
    let level = settle::level(rule, requirement, lesser, demand.level, certainty);
    let own = demand.cluster.to_value();
    Finding {
        rule: rule.id.clone(),
        requirement: requirement.id.clone(),
        level,
        certainty,
        breaks_at: requirement.breaks_at.map(Breaks::at),
        headline: fill(&requirement.message.headline).text,
        reasons: vec![why.text],
        places: places.into_iter().collect(),
        remedy: requirement.message.remedy.iter().map(|line| fill(line).text).collect(),
        azure_error: requirement.azure.iter().find(|error| !error.name_only).map(|error| error.code.clone()),
        // What a permission is needed on is always said, if it is the cluster itself.
        scope: Some(demand.scope.plain()).filter(|_| requirement.need.is_some() || demand.scope != own),
        resource: own.plain(),
        resource_name: plain(&cluster),
        principal: Some(plain(principal)).filter(|name| !name.is_empty()),
        when,
        span: demand.span,
        related,
        mend: None,
        fix: None,
        alike: Vec::new(),
        silenced: None,
    }
}

/// A finding under a condition; none where that cannot be decided, or never holds.
pub(crate) fn certain(context: &Context<'_>, rule: &Rule, case: &Case<'_>, when: &Condition) -> Option<Finding> {
    let certainty = match settle::settle(context.deployment, when) {
        Settled::Never | Settled::CannotTell { .. } => return None,
        Settled::Definite => (Certainty::Definite, None),
        Settled::Reachable(values) => (Certainty::Reachable, Some(values)),
    };
    let certainty = match certainty {
        (Certainty::Definite, None)
            if context.deployment.resource(case.demand.resource).is_some_and(|own| own.many) =>
        {
            (Certainty::Reachable, Some("the loop that makes it runs".to_owned()))
        }
        certainty => certainty,
    };
    Some(finding(context.deployment, rule, case, false, certainty))
}

/// A question without an answer.
pub(crate) fn undecided(case: &Case<'_>, reason: String, cause: &str) -> Question {
    Question { cause: Some(cause.to_owned()), ..question(case, QuestionAnswer::Undecided, reason) }
}

/// A question with an answer that always holds.
pub(crate) fn question(case: &Case<'_>, answer: QuestionAnswer, reason: String) -> Question {
    Question {
        requirement: case.requirement.id.clone(),
        cluster: case.demand.cluster.to_value().plain(),
        cluster_name: plain(&words::resource_id(&case.demand.cluster)),
        principal: plain(case.principal),
        scope: case.demand.scope.plain(),
        scope_name: plain(&words::resource(&case.demand.scope)),
        answer,
        when: None,
        by: None,
        inherited_from: None,
        about: None,
        grants: Vec::new(),
        reason,
        cause: None,
        span: case.demand.span,
    }
}

/// A name without the marks that messages put around it.
fn plain(name: &str) -> String {
    name.replace('`', "")
}
