//! How certain it is that a condition holds.

use rolecall_graph::Deployment;
use rolecall_source::Level;
use rolecall_value::Condition;

use crate::model::{Requirement, Rule};
use crate::{BreaksAt, Certainty};

/// What can be said of a condition.
#[derive(Debug, PartialEq)]
pub(crate) enum Settled {
    /// It never holds.
    Never,
    /// It holds for the values given.
    Definite,
    /// It holds for other values that the inputs allow; these.
    Reachable(String),
    /// Whether it holds for any values cannot be told.
    CannotTell {
        /// Why.
        reason: String,
        /// The kind of reason.
        cause: &'static str,
    },
}

/// Weighs a condition against the values given.
pub(crate) fn settle(deployment: &Deployment, condition: &Condition) -> Settled {
    let inputs = &deployment.inputs;
    if condition.is_false() {
        return Settled::Never;
    }
    if inputs.at(condition, &deployment.point).is_true() {
        return Settled::Definite;
    }
    match inputs.witness(condition, &deployment.point) {
        None => Settled::CannotTell {
            reason: "the conditions are too many to be followed".to_owned(),
            cause: rolecall_value::ReasonKind::Limit.name(),
        },
        Some(witness) if !witness.opaque.is_empty() => {
            let tests: Vec<_> = witness.opaque.iter().map(|(test, _)| format!("`{test}`")).collect();
            let reason = format!("it depends on {}, which only the deployment decides", tests.join(" and "));
            Settled::CannotTell { reason, cause: "condition" }
        }
        Some(witness) => Settled::Reachable(witness.to_string()),
    }
}

/// For which values of the inputs a part of an answer holds; `None` is for those given.
pub(crate) fn when(deployment: &Deployment, condition: &Condition) -> Option<String> {
    if deployment.inputs.at(condition, &deployment.point).is_true() {
        return None;
    }
    let witness = deployment.inputs.witness(condition, &deployment.point)?;
    Some(witness.to_string()).filter(|text| !text.is_empty())
}

/// The level of a finding: the rule's, where that is allowed to be an error, lowered as the certainty demands.
pub(crate) fn level(rule: &Rule, requirement: &Requirement, lesser: bool, certainty: Certainty) -> Level {
    let mut level = rule.level.level();
    if lesser || requirement.breaks_at.at() != BreaksAt::Create {
        level = level.min(Level::Warning);
    }
    match certainty {
        Certainty::Definite => level,
        Certainty::Reachable => level.lowered(),
        Certainty::Assumed => Level::Note,
    }
}
