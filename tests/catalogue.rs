//! The requirements catalogue against the rules: each entry of the families that are done is claimed by exactly one rule, or
//! it is said why no template can show it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde::Deserialize;

#[derive(Deserialize)]
struct Catalogue {
    entry: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    id: String,
    #[serde(default)]
    confidence: String,
    #[serde(default)]
    reason: String,
}

/// Families of which every entry is looked after.
const FAMILIES: [&str; 5] = ["CP-", "KUB-", "ACR-", "DNS-", "NET-"];

/// Entries about role assignments that decide whether a grant counts.
const ASSIGNMENTS: [&str; 10] = [
    "RA-PRINCIPAL-ID",
    "RA-WRONG-SCOPE",
    "RA-DEPENDSON",
    "RA-CYCLE",
    "RA-ROLEDEF-FORMAT",
    "RA-UNKNOWN-ROLE",
    "RA-PRINCIPAL-TYPE",
    "RA-PRINCIPAL-TYPE-WRONG",
    "RA-NAME-GUID",
    "RA-DUPLICATE",
];

fn read(name: &str) -> Vec<Entry> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules").join(name);
    let catalogue: Catalogue = toml::from_str(&fs::read_to_string(path).expect("read")).expect("entries");
    catalogue.entry
}

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
fn every_entry_of_the_families_is_claimed_or_said_to_be_undecidable() {
    let claims = claims();
    let undecidable: BTreeSet<String> = read("not-decidable.toml").into_iter().map(|entry| entry.id).collect();
    let looked_after = |id: &str| FAMILIES.iter().any(|family| id.starts_with(family)) || ASSIGNMENTS.contains(&id);
    let left: Vec<_> = read("requirements.toml")
        .into_iter()
        .map(|entry| entry.id)
        .filter(|id| looked_after(id) && !claims.contains_key(id.as_str()) && !undecidable.contains(id))
        .collect();
    assert_eq!(left, Vec::<String>::new(), "neither claimed by a rule nor in rules/not-decidable.toml");
}

#[test]
fn no_entry_is_claimed_twice() {
    let twice: Vec<_> = claims().into_iter().filter(|(_, rules)| rules.len() > 1).collect();
    assert_eq!(twice, Vec::new());
}

#[test]
fn what_is_claimed_is_in_the_catalogue_and_confirmed() {
    let known: BTreeMap<String, String> =
        read("requirements.toml").into_iter().map(|entry| (entry.id, entry.confidence)).collect();
    for (id, rules) in claims() {
        let confidence = known.get(id).map(String::as_str);
        assert!(matches!(confidence, Some("doc" | "issue")), "{id}, claimed by {rules:?}, is {confidence:?}");
    }
}

#[test]
fn what_is_not_decidable_has_a_reason_and_no_rule() {
    let claims = claims();
    for entry in read("not-decidable.toml") {
        assert!(entry.reason.ends_with('.'), "{} has no reason", entry.id);
        assert!(!claims.contains_key(entry.id.as_str()), "{} is claimed by {:?}", entry.id, claims.get(&*entry.id));
    }
}
