//! The rules as SARIF describes them: what code scanning shows of an alert beside its message.

use std::collections::BTreeMap;

use rolecall_rules::{Confidence, Entry, RuleLevel, Upkeep, rules, upkeep};
use rolecall_source::Level;
use serde_json::json;
use serde_sarif::sarif::{
    MultiformatMessageString, PropertyBag, ReportingConfiguration, ReportingDescriptor, ToolComponent,
};

use super::plain;
use crate::links;

/// The tool with all its rules, in the order of their ids.
pub(super) fn driver() -> ToolComponent {
    let rules = rules().iter().map(of_rule).chain(upkeep().iter().map(of_upkeep)).collect::<Vec<_>>();
    let mut driver = ToolComponent::builder()
        .name("rolecall")
        .full_name(format!("rolecall {}", env!("CARGO_PKG_VERSION")))
        .version(env!("CARGO_PKG_VERSION"))
        .semantic_version(env!("CARGO_PKG_VERSION"))
        .short_description(plain(env!("CARGO_PKG_DESCRIPTION")))
        .rules(rules)
        .build();
    driver.information_uri = links::project();
    driver
}

fn of_rule(entry: &Entry) -> ReportingDescriptor {
    let rule = &entry.rule;
    let confirmed = rule.requirements.iter().all(|requirement| requirement.confidence == Confidence::Doc);
    let mut tags = vec!["security".to_owned(), "azure".to_owned(), "identity".to_owned()];
    tags.extend(rule.families.iter().cloned());
    let properties = BTreeMap::from([
        // What is said is worked out, not guessed; what is left is how well the facts are confirmed.
        ("precision".to_owned(), json!(if confirmed { "very-high" } else { "high" })),
        ("problem.severity".to_owned(), json!(problem_severity(rule.level.level()))),
        ("security-severity".to_owned(), json!(security_severity(rule.level))),
    ]);
    let properties = PropertyBag::builder().tags(tags).additional_properties(properties).build();
    let mut descriptor = descriptor(&rule.id, &rule.title, entry.page, rule.level.level(), properties);
    descriptor.help_uri = links::of_rule(entry);
    descriptor
}

/// What people tell the analysis is no matter of security, and has no severity of that kind.
fn of_upkeep(kind: &Upkeep) -> ReportingDescriptor {
    let properties = BTreeMap::from([
        ("precision".to_owned(), json!("very-high")),
        ("problem.severity".to_owned(), json!(problem_severity(kind.level))),
    ]);
    let tags = vec!["maintainability".to_owned()];
    let properties = PropertyBag::builder().tags(tags).additional_properties(properties).build();
    let mut descriptor = descriptor(kind.id, kind.title, kind.page, kind.level, properties);
    descriptor.help_uri = links::project();
    descriptor
}

fn descriptor(id: &str, title: &str, page: &str, level: Level, properties: PropertyBag) -> ReportingDescriptor {
    ReportingDescriptor::builder()
        .id(id)
        .name(pascal_case(id))
        .short_description(plain(title))
        .full_description(plain(&summary(page)))
        .help(MultiformatMessageString::builder().text(without_examples(page)).markdown(page).build())
        .default_configuration(ReportingConfiguration::builder().level(json!(level.name())).build())
        .properties(properties)
        .build()
}

fn problem_severity(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "recommendation",
    }
}

/// How serious code scanning shows a rule to be, from 0 to 10: an error is high, a warning medium, a note low.
fn security_severity(level: RuleLevel) -> &'static str {
    match level {
        RuleLevel::Error => "7.5",
        RuleLevel::Warning => "5.0",
        RuleLevel::Note => "2.5",
    }
}

/// `SubnetWithoutRole`.
fn pascal_case(id: &str) -> String {
    let word = |word: &str| {
        let mut characters = word.chars();
        characters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(characters).collect::<String>()
    };
    id.split('-').map(word).collect()
}

/// The first paragraph of a page, in one line.
fn summary(page: &str) -> String {
    let paragraph = page.split("\n\n").find(|part| !part.starts_with('#')).unwrap_or_default();
    paragraph.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A page without the sections that show whole templates.
fn without_examples(page: &str) -> String {
    let example = |section: &&str| ["Avoid", "Prefer"].iter().any(|title| section.starts_with(title));
    let sections: Vec<_> = page.split("\n## ").filter(|section| !example(section)).collect();
    sections.join("\n## ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_friendly_name_is_the_id_in_pascal_case() {
        assert_eq!(pascal_case("subnet-without-role"), "SubnetWithoutRole");
    }

    #[test]
    fn every_rule_has_a_description_in_full_and_help_without_its_templates() {
        for rule in driver().rules.expect("rules") {
            let text = rule.full_description.expect("a description").text;
            assert!(text.len() > 20 && !text.contains(['\n', '|', '#']), "{}: {text}", rule.id);
            let help = rule.help.expect("help");
            let template = ["```json", "```bicep", "```hcl"].iter().any(|fence| help.text.contains(fence));
            assert!(!template && help.text.contains(&text[..20]), "{}: {}", rule.id, help.text);
        }
    }
}
