//! Findings and questions put together, the same way for the engine and for checks.

use rolecall_graph::Deployment;
use rolecall_source::Note;

use crate::demand::Demand;
use crate::model::{Requirement, Rule};
use crate::{Certainty, Finding, NamedPlace, Question, QuestionAnswer, settle, words};

/// What a finding or question is about.
pub(crate) struct Case<'c> {
    /// The requirement.
    pub requirement: &'c Requirement,
    /// The place that demands it first.
    pub demand: &'c Demand<'c>,
    /// Other places of the cluster that demand the same.
    pub others: &'c [&'c Demand<'c>],
    /// Who is concerned, as a message names it.
    pub principal: &'c str,
}

/// A finding with what a rule's data says of it, and the places that demand what is missing.
pub(crate) fn finding(
    deployment: &Deployment,
    rule: &Rule,
    case: &Case<'_>,
    lesser: bool,
    (certainty, when): (Certainty, Option<String>),
) -> Finding {
    let Case { requirement, demand, others, principal } = *case;
    let scope = words::resource(&demand.scope);
    let cluster = words::resource_id(&demand.cluster);
    let role = requirement.need.as_ref().map(|need| words::role(&need.least_role)).unwrap_or_default();
    let names: [(&str, &str); 4] =
        [("principal", principal), ("scope", &scope), ("cluster", &cluster), ("role", &role)];
    let fill = |template: &str| words::fill(template, &names);
    let why = fill(&requirement.message.why);
    let places = why.place.map(|offset| NamedPlace { reason: 0, offset, span: demand.span });
    let mut related = words::hops(deployment, demand.scope.origin());
    for other in others {
        if other.span != demand.span && !related.iter().any(|note| note.span == other.span) {
            related.push(Note { message: format!("{scope} is used here too"), span: other.span });
        }
    }
    Finding {
        rule: rule.id.clone(),
        requirement: requirement.id.clone(),
        level: settle::level(rule, requirement, lesser, certainty),
        certainty,
        breaks_at: Some(requirement.breaks_at.at()),
        headline: fill(&requirement.message.headline).text,
        reasons: vec![why.text],
        places: places.into_iter().collect(),
        remedy: requirement.message.remedy.iter().map(|line| fill(line).text).collect(),
        azure_error: requirement.azure.iter().find(|error| !error.name_only).map(|error| error.code.clone()),
        resource: demand.cluster.to_value().plain(),
        principal: Some(plain(principal)),
        scope: Some(demand.scope.plain()),
        when,
        span: demand.span,
        related,
        silenced: None,
    }
}

/// A question without an answer.
pub(crate) fn undecided(case: &Case<'_>, reason: String, cause: &str) -> Question {
    Question { cause: Some(cause.to_owned()), ..question(case, QuestionAnswer::Undecided, reason) }
}

/// A question with an answer that always holds.
pub(crate) fn question(case: &Case<'_>, answer: QuestionAnswer, reason: String) -> Question {
    Question {
        requirement: case.requirement.id.clone(),
        principal: plain(case.principal),
        scope: case.demand.scope.plain(),
        answer,
        when: None,
        by: None,
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
