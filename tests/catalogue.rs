//! The requirements catalogue against the rules: each entry of the families that are done is claimed by exactly one rule, or
//! it is said why no template can show it.

use std::collections::{BTreeMap, BTreeSet};

use rolecall_rules::{Evidence, Severity, requirements};

/// The rules that claim each entry.
fn claims() -> BTreeMap<&'static str, Vec<&'static str>> {
    let mut claims: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for entry in rolecall_rules::rules() {
        let ids: BTreeSet<&str> = entry.rule.requirements.iter().map(|requirement| requirement.id.as_str()).collect();
        for id in ids {
            claims.entry(id).or_default().push(&entry.rule.id);
        }
    }
    claims
}

#[test]
fn every_entry_is_claimed_by_a_rule_or_shown_or_said_to_be_undecidable() {
    let claims = claims();
    let left: Vec<_> = requirements()
        .iter()
        .filter(|entry| !claims.contains_key(&*entry.id) && entry.shown_by.is_none() && entry.not_decidable.is_none())
        .map(|entry| &entry.id)
        .collect();
    assert_eq!(left, Vec::<&String>::new(), "neither claimed by a rule, nor shown, nor in rules/not-decidable.toml");
}

#[test]
fn what_is_shown_instead_of_claimed_is_no_mistake() {
    let claims = claims();
    for entry in requirements().iter().filter(|entry| entry.shown_by.is_some()) {
        assert_eq!(entry.severity, Severity::Info, "{}", entry.id);
        assert!(!claims.contains_key(&*entry.id), "{} is claimed by {:?}", entry.id, claims.get(&*entry.id));
    }
}

#[test]
fn no_entry_is_claimed_twice() {
    let twice: Vec<_> = claims().into_iter().filter(|(_, rules)| rules.len() > 1).collect();
    assert_eq!(twice, Vec::new());
}

#[test]
fn what_is_claimed_is_in_the_catalogue_and_confirmed() {
    let known: BTreeMap<&str, Evidence> =
        requirements().iter().map(|entry| (entry.id.as_str(), entry.confidence)).collect();
    for (id, rules) in claims() {
        let confidence = known.get(id);
        let confirmed = matches!(confidence, Some(Evidence::Doc | Evidence::Issue));
        assert!(confirmed, "{id}, claimed by {rules:?}, is {confidence:?}");
    }
}

#[test]
fn what_is_not_decidable_has_a_reason_and_no_rule() {
    let claims = claims();
    for entry in requirements() {
        let Some(reason) = &entry.not_decidable else { continue };
        assert!(reason.ends_with('.'), "{} has no reason", entry.id);
        assert!(!claims.contains_key(&*entry.id), "{} is claimed by {:?}", entry.id, claims.get(&*entry.id));
    }
}
