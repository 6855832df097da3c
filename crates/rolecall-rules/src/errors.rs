//! Azure's error codes that concern identities: what each says, and which entries of the requirements catalogue prevent it.
//!
//! A code by which a rule's findings are named stands here too, so every code can be looked up, whether or not a rule
//! prevents it.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::catalogue::{Entry, rules_against};
use crate::registry::ERROR_CODES;
use crate::requirements::Known;

/// An error code of Azure.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorCode {
    /// The code, as Azure spells it.
    pub code: String,
    /// What the message says, in our words; empty where only the name is known.
    #[serde(default)]
    pub says: String,
    /// Whether only the name is known: such a code can be looked up, and nothing is headlined by it.
    #[serde(default)]
    pub name_only: bool,
    /// The ids of the entries of the requirements catalogue that prevent it.
    #[serde(default)]
    pub requirements: Vec<String>,
}

impl ErrorCode {
    /// The entries of the catalogue that prevent it, in the order of the catalogue: those that it names, and those of the
    /// rules that name it.
    pub fn prevented_by(&self) -> Vec<&'static Known> {
        let of_rules = rules_against(&self.code).into_iter().flat_map(|entry| {
            let names_it = |azure: &crate::AzureError| azure.code.eq_ignore_ascii_case(&self.code);
            entry.rule.requirements.iter().filter(move |one| one.azure.iter().any(names_it))
        });
        let ids: BTreeSet<&str> =
            of_rules.map(|one| one.id.as_str()).chain(self.requirements.iter().map(String::as_str)).collect();
        let entries = crate::requirements().iter();
        entries.filter(|entry| ids.contains(entry.id.as_str())).collect()
    }

    /// The rules that prevent it, by id: those whose findings name it, and those that claim an entry that it names.
    pub fn rules(&self) -> Vec<&'static Entry> {
        let ids: BTreeSet<&str> = self.prevented_by().into_iter().map(|entry| entry.id.as_str()).collect();
        let claims = |entry: &&Entry| entry.rule.requirements.iter().any(|one| ids.contains(one.id.as_str()));
        crate::rules().iter().filter(claims).collect()
    }
}

static CODES: LazyLock<Vec<ErrorCode>> = LazyLock::new(|| {
    // A test reads it, so nothing is lost here.
    serde_json::from_str(ERROR_CODES).unwrap_or_default()
});

/// All error codes, by name without regard to case.
pub fn error_codes() -> &'static [ErrorCode] {
    &CODES
}

/// The error code of this name, without regard to case.
pub fn error_code(name: &str) -> Option<&'static ErrorCode> {
    error_codes().iter().find(|error| error.code.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_codes_of_the_registry_are_read() {
        let codes: Vec<ErrorCode> = serde_json::from_str(ERROR_CODES).expect("run `cargo xtask codegen`");
        assert!(codes.iter().all(|error| error.name_only == error.says.is_empty()));
        assert!(codes.is_sorted_by_key(|error| error.code.to_lowercase()));
    }

    #[test]
    fn an_error_code_names_entries_that_there_are() {
        for error in error_codes() {
            for id in &error.requirements {
                assert!(crate::requirement(id).is_some(), "{} names {id}", error.code);
            }
        }
    }

    #[test]
    fn every_code_that_a_rule_names_can_be_looked_up() {
        for azure in crate::rules().iter().flat_map(Entry::azure_errors) {
            let known = error_code(&azure.code);
            assert!(known.is_some(), "rules/error-codes.toml lacks {}", azure.code);
            let headlined = known.is_some_and(|known| known.name_only) && !azure.name_only;
            assert!(!headlined, "of {} only the name is known", azure.code);
        }
    }

    #[test]
    fn a_code_leads_to_its_rules_whatever_its_case() {
        let error = error_code("linkedauthorizationFAILED").expect("known");
        assert!(error.rules().iter().any(|entry| entry.rule.id == "subnet-without-role"));
        assert!(error.prevented_by().iter().any(|entry| entry.shown_by.is_some()));
        assert!(error_code("NoSuchError").is_none());
    }
}
