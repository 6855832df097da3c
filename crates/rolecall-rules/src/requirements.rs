//! The requirements catalogue: what AKS and Azure demand of the identities of a cluster, whether or not a rule claims it.
//!
//! Its entries lie in the generated registry as text, with what `not-decidable.toml` says of them. What a rule demands in
//! detail is the rule's own; here stands what is known at all, and who shows it.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::model::Who;
use crate::registry::REQUIREMENTS;

/// An entry of the requirements catalogue.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// Its id: `KUB-MIO`.
    pub id: String,
    /// What is demanded: one line.
    pub title: String,
    /// What it is worth at most.
    pub severity: Severity,
    /// How well it is confirmed.
    pub confidence: Evidence,
    /// Who shows it, where no rule does.
    #[serde(default)]
    pub shown_by: Option<ShownBy>,
    /// What it may make an identity of a cluster need without a template showing it: objects in Kubernetes do.
    #[serde(default)]
    pub may_need: Option<MayNeed>,
    /// Why no template can show it, where none can.
    #[serde(default)]
    pub not_decidable: Option<String>,
}

/// What an identity of a cluster may need without a template showing it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MayNeed {
    /// Which identity.
    pub identity: Who,
    /// The control-plane actions.
    #[serde(default)]
    pub actions: Vec<String>,
    /// The data actions.
    #[serde(default)]
    pub data_actions: Vec<String>,
}

/// What an entry is worth at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Azure refuses what does not fulfil it.
    Error,
    /// Something does not work later, or is not as it should be.
    Warning,
    /// Good to know.
    Info,
}

/// How well an entry is confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// By Azure's documentation or source.
    Doc,
    /// By reports of users.
    Issue,
    /// Not at all: no rule may claim it.
    Memory,
}

/// Who shows an entry that is no mistake of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ShownBy {
    /// `rolecall requirements`, which lists what a deployment needs: here, what whoever deploys needs.
    Requirements,
    /// `rolecall graph`, which says how people sign in to each cluster.
    SignIn,
}

impl ShownBy {
    /// The lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            ShownBy::Requirements => "requirements",
            ShownBy::SignIn => "sign-in",
        }
    }
}

static ENTRIES: LazyLock<Vec<Known>> = LazyLock::new(|| {
    // A test reads it, so nothing is lost here.
    serde_json::from_str(REQUIREMENTS).unwrap_or_default()
});

/// All entries, in the order of the catalogue.
pub fn requirements() -> &'static [Known] {
    &ENTRIES
}

/// The entry with this id.
pub fn requirement(id: &str) -> Option<&'static Known> {
    requirements().iter().find(|entry| entry.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_of_the_registry_is_read() {
        let entries: Vec<Known> = serde_json::from_str(REQUIREMENTS).expect("run `cargo xtask codegen`");
        assert!(!entries.is_empty());
    }
}
