//! The table at the head of a rule's page against the data of the rule: nobody should read one thing and be told another.

use std::collections::BTreeSet;

use rolecall_rules::{Breaks, Entry, Rule, RuleLevel};

/// What stands in the row of that name.
fn row<'p>(page: &'p str, name: &str) -> Option<&'p str> {
    let mut rows = page.lines().take_while(|line| !line.starts_with("## "));
    rows.find_map(|line| line.strip_prefix("| ")?.strip_prefix(name)?.strip_prefix(" | ")?.strip_suffix(" |"))
}

/// The same, where the name says whether it is one or several.
fn counted<'p>(page: &'p str, one: &str, several: &str, count: usize) -> Option<&'p str> {
    row(page, if count > 1 { several } else { one })
}

/// The codes that a text names: what stands in backticks and is one word.
fn codes(text: &str) -> BTreeSet<&str> {
    text.split('`').skip(1).step_by(2).filter(|word| !word.contains(' ')).collect()
}

/// The codes that findings of a rule name.
fn azure_codes(rule: &Rule) -> BTreeSet<&str> {
    let errors = rule.requirements.iter().flat_map(|requirement| &requirement.azure);
    errors.filter(|error| !error.name_only).map(|error| error.code.as_str()).collect()
}

/// What is not as the rule's data say.
fn wrong(entry: &Entry, known: &BTreeSet<&str>) -> Vec<String> {
    let Entry { rule, page } = entry;
    let mut wrong = Vec::new();
    let mut see = |what: &str, holds: bool| {
        if !holds {
            wrong.push(format!("{}: {what}", rule.id));
        }
    };

    let level = match rule.level {
        RuleLevel::Error => "error",
        RuleLevel::Warning => "warning",
        RuleLevel::Note => "note",
    };
    see("Level", row(page, "Level").is_some_and(|text| text.starts_with(level)));

    let breaks = row(page, "Breaks").unwrap_or_default();
    let at = |wanted| rule.requirements.iter().any(|requirement| requirement.breaks_at == wanted);
    for (wanted, words) in [
        (Some(Breaks::Create), "at creation"),
        (Some(Breaks::Reconcile), "when AKS reconciles the cluster"),
        (Some(Breaks::Runtime), "at run time"),
        (None, "never by itself"),
    ] {
        see(&format!("Breaks, '{words}'"), breaks.contains(words) == at(wanted));
    }

    let language = |name: &String| match name.as_str() {
        "arm" => "ARM",
        "bicep" => "Bicep",
        "terraform" => "Terraform",
        _ => "?",
    };
    let languages: Vec<_> = rule.languages.iter().map(language).collect();
    see("Languages", row(page, "Languages") == Some(&languages.join(", ")));
    see("Since", row(page, "Since") == Some(&rule.since));

    let claimed: BTreeSet<_> = rule.requirements.iter().map(|requirement| requirement.id.as_str()).collect();
    let named = counted(page, "Requirement", "Requirements", claimed.len());
    see("Requirements", named.is_some_and(|text| text.split(", ").collect::<BTreeSet<_>>() == claimed));

    let prevented = row(page, "Azure error prevented").or_else(|| row(page, "Azure errors prevented"));
    let named = codes(prevented.unwrap_or_default());
    let is_said = counted(page, "Azure error prevented", "Azure errors prevented", named.len());
    see("Azure errors, one or several", is_said == prevented && is_said.is_some());
    see("Azure errors that are not named", azure_codes(rule).is_subset(&named));
    see("Azure errors that no rule prevents", named.is_subset(known));
    see("Azure errors, 'none known'", named.is_empty() == (prevented == Some("none known")));
    wrong
}

#[test]
fn the_table_of_a_page_says_what_the_rule_does() {
    let known = rolecall_rules::rules().iter().flat_map(|entry| azure_codes(&entry.rule)).collect();
    let wrong: Vec<_> = rolecall_rules::rules().iter().flat_map(|entry| wrong(entry, &known)).collect();
    assert_eq!(wrong, Vec::<String>::new());
}

/// The test above would see each row that is not true.
#[test]
fn a_table_that_is_not_true_is_seen() {
    let known = rolecall_rules::rules().iter().flat_map(|entry| azure_codes(&entry.rule)).collect();
    let entry = rolecall_rules::rule("kubelet-identity-without-operator").expect("a rule");
    for (right, other, seen) in [
        ("| Level | error", "| Level | warning", "Level"),
        ("| Breaks | at creation", "| Breaks | at run time", "Breaks"),
        ("| Languages | ARM, Bicep, Terraform", "| Languages | ARM, Bicep", "Languages"),
        ("| Requirement | KUB-MIO", "| Requirement | KUB-CP-UAI", "Requirements"),
        ("`CustomKubeletIdentityMissingPermissionError`", "none known", "Azure errors"),
    ] {
        let page: &'static str = entry.page.replacen(right, other, 1).leak();
        assert_ne!(page, entry.page, "{right}");
        let wrong = wrong(&Entry { rule: entry.rule.clone(), page }, &known);
        assert!(wrong.iter().any(|one| one.contains(seen)), "{right}: {wrong:?}");
    }
}
