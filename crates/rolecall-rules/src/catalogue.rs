//! The rules that there are.
//!
//! Their data and pages lie in the generated registry as text; each is read when it is first asked for, together with the
//! others, which takes microseconds.

use std::sync::LazyLock;

use crate::model::{AzureError, Requirement, Rule};
use crate::registry::RULES;

/// A rule as the registry embeds it.
pub(crate) struct Embedded {
    /// `rule.toml`, as JSON.
    pub data: &'static str,
    /// `README.md`.
    pub page: &'static str,
}

/// A rule of the catalogue.
#[derive(Debug)]
pub struct Entry {
    /// Its data.
    pub rule: Rule,
    /// Its page, in Markdown.
    pub page: &'static str,
}

static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    // A test reads every one, so none is lost here.
    let read =
        |embedded: &Embedded| Some(Entry { rule: serde_json::from_str(embedded.data).ok()?, page: embedded.page });
    RULES.iter().filter_map(read).collect()
});

/// All rules, by id.
pub fn rules() -> &'static [Entry] {
    &ENTRIES
}

/// The rule with this id.
pub fn rule(id: &str) -> Option<&'static Entry> {
    rules().iter().find(|entry| entry.rule.id == id)
}

/// The entry of the requirements catalogue with this id, with the rule that claims it.
pub fn claim(id: &str) -> Option<(&'static Entry, &'static Requirement)> {
    let of = |entry: &'static Entry| entry.rule.requirements.iter().find(|one| one.id == id).map(|one| (entry, one));
    rules().iter().find_map(of)
}

/// The rules that prevent this Azure error, without regard to case.
pub fn rules_against(error_code: &str) -> Vec<&'static Entry> {
    let prevents = |entry: &&Entry| {
        let mut codes = entry.rule.requirements.iter().flat_map(|requirement| &requirement.azure);
        codes.any(|azure| azure.code.eq_ignore_ascii_case(error_code))
    };
    rules().iter().filter(prevents).collect()
}

impl Entry {
    /// The Azure errors that it prevents, each code once, in order.
    pub fn azure_errors(&self) -> Vec<&AzureError> {
        let mut errors: Vec<&AzureError> = Vec::new();
        for error in self.rule.requirements.iter().flat_map(|requirement| &requirement.azure) {
            if !errors.iter().any(|known| known.code == error.code) {
                errors.push(error);
            }
        }
        errors
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::{self, Mechanism};
    use crate::model::FoundBy;

    #[test]
    fn every_rule_of_the_registry_is_read() {
        for embedded in RULES {
            let rule: Rule = serde_json::from_str(embedded.data).expect("run `cargo xtask codegen`");
            assert_eq!(rule.problems(), Vec::<String>::new(), "{}", rule.id);
        }
        assert!(!RULES.is_empty());
    }

    #[test]
    fn a_rule_is_found_by_what_its_data_says() {
        for entry in rules() {
            let found_by = match checks::of(&entry.rule.id) {
                Mechanism::Engine => FoundBy::Engine,
                Mechanism::Places(_) => FoundBy::Places,
                Mechanism::Check(_) | Mechanism::Answers(_) => FoundBy::Check,
            };
            assert_eq!(found_by, entry.rule.found_by, "{}", entry.rule.id);
        }
    }

    #[test]
    fn a_rule_is_found_by_the_error_that_it_prevents() {
        let found = rules_against("customkubeletidentitymissingpermissionerror");
        assert_eq!(
            found.iter().map(|entry| &*entry.rule.id).collect::<Vec<_>>(),
            ["kubelet-identity-without-operator"]
        );
        assert!(rules_against("NoSuchError").is_empty());
    }

    /// One rule may demand an entry in several ways, each with its own words.
    #[test]
    fn no_requirement_is_claimed_by_two_rules() {
        let mut ids: Vec<_> = rules()
            .iter()
            .flat_map(|entry| entry.rule.requirements.iter().map(|one| (&one.id, &entry.rule.id)))
            .collect();
        ids.sort();
        ids.dedup();
        let twice: Vec<_> = ids.windows(2).filter(|pair| pair[0].0 == pair[1].0).collect();
        assert!(twice.is_empty(), "{twice:?}");
    }

    /// Questions are looked up by the entry that asks them.
    #[test]
    fn an_entry_that_asks_for_a_permission_is_demanded_in_one_way() {
        for requirement in rules().iter().flat_map(|entry| &entry.rule.requirements) {
            if requirement.need.is_some() {
                assert!(
                    claim(&requirement.id).is_some_and(|(_, one)| std::ptr::eq(one, requirement)),
                    "{}",
                    requirement.id
                );
            }
        }
    }
}
