//! How certain it is that a condition holds.

use rolecall_graph::Deployment;
use rolecall_source::Level;
use rolecall_value::Condition;

use crate::model::{Breaks, Requirement, Rule, RuleLevel};
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

/// The level of a finding: the rule's, where that is allowed to be an error and the place allows it (`most`), lowered as
/// the certainty demands.
pub(crate) fn level(
    rule: &Rule,
    requirement: &Requirement,
    lesser: bool,
    most: Option<RuleLevel>,
    certainty: Certainty,
) -> Level {
    let mut level = rule.level.level();
    if lesser || requirement.breaks_at.map(Breaks::at) != Some(BreaksAt::Create) {
        level = level.min(Level::Warning);
    }
    for own in [requirement.level, most].into_iter().flatten() {
        level = level.min(own.level());
    }
    match certainty {
        Certainty::Definite => level,
        Certainty::Reachable => level.lowered(),
        Certainty::Assumed => Level::Note,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(id: &str) -> &'static Rule {
        &crate::rule(id).expect("a rule").rule
    }

    #[test]
    fn a_reachable_finding_is_one_level_lower_and_an_assumed_one_a_note() {
        let rule = rule("kubelet-identity-without-operator");
        let level = |certainty| level(rule, &rule.requirements[0], false, None, certainty);
        assert_eq!(level(Certainty::Definite), Level::Error);
        assert_eq!(level(Certainty::Reachable), Level::Warning);
        assert_eq!(level(Certainty::Assumed), Level::Note);
    }

    #[test]
    fn only_what_is_refused_at_creation_is_an_error() {
        let mut rule = rule("kubelet-identity-without-operator").clone();
        rule.requirements[0].breaks_at = Some(crate::Breaks::Runtime);
        assert_eq!(level(&rule, &rule.requirements[0], false, None, Certainty::Definite), Level::Warning);
        assert!(rule.problems().iter().any(|problem| problem.contains("refused at creation")));
    }

    #[test]
    fn a_place_may_lower_the_level_before_the_certainty_does() {
        let rule = rule("kubelet-identity-without-operator");
        let level = |certainty| level(rule, &rule.requirements[0], false, Some(RuleLevel::Warning), certainty);
        assert_eq!(level(Certainty::Definite), Level::Warning);
        assert_eq!(level(Certainty::Reachable), Level::Note);
    }

    #[test]
    fn lacking_lesser_actions_alone_is_a_warning() {
        let rule = rule("kubelet-identity-without-operator");
        assert_eq!(level(rule, &rule.requirements[0], true, None, Certainty::Definite), Level::Warning);
    }
}
