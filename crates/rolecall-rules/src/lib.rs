//! Rules: what can be wrong with a deployment, and how to say so.
//!
//! A rule is a folder `rules/<id>/`; the registry that embeds them is generated. Requirement rules are data, read by one
//! engine; check rules are a function in `checks/`.
//!
//! This crate sees only the resource graph: no syntax, no file, no output format.

mod catalogue;
mod checks;
mod demand;
mod engine;
mod errors;
mod finding;
mod findings;
mod mend;
mod model;
mod needs;
mod options;
mod order;
mod outcome;
mod permission;
mod refused;
mod registry;
mod requirements;
mod settle;
mod sign_in;
mod trigger;
mod upkeep;
mod words;

pub use catalogue::{Entry, claim, rule, rules, rules_against};
pub use engine::{run, run_with};
pub use errors::{ErrorCode, error_code, error_codes};
pub use finding::{
    About, BreaksAt, Certainty, Finding, NamedPlace, Question, QuestionAnswer, Report, Silenced, fingerprint,
};
pub use model::{
    AzureError, BeforeCluster, Breaks, ClusterIs, Confidence, FoundBy, IdentityKind, Message, Requirement, RoleName,
    RoleNeed, Rule, RuleLevel, RuleOption, Subject, Trigger, Who,
};
pub use needs::{ClusterNeeds, DeployerNeed, Handled, Needs, handled, needs};
pub use options::RuleOptions;
pub use requirements::{Evidence, Known, MayNeed, Severity, ShownBy, requirement, requirements};
pub use sign_in::{Open, SignIn};
pub use upkeep::{
    INVALID_SUPPRESSION, STALE_BASELINE, STALE_CONFIGURATION, UNUSED_SUPPRESSION, Upkeep, is_rule, rule_ids, upkeep,
};
