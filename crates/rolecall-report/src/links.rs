//! Where there is more to read.

use rolecall_rules::Entry;

/// The project's own page, where it has one.
pub(crate) fn project() -> Option<String> {
    let repository = env!("CARGO_PKG_REPOSITORY");
    (!repository.is_empty()).then(|| repository.to_owned())
}

/// The page of a rule in the project's repository.
pub(crate) fn page(rule: &str) -> Option<String> {
    project().map(|project| format!("{project}/blob/v{}/rules/{rule}/README.md", env!("CARGO_PKG_VERSION")))
}

/// Where a rule is explained: its page in the project's repository, else the first of its sources.
pub(crate) fn of_rule(entry: &Entry) -> Option<String> {
    let page = page(&entry.rule.id);
    let mut sources = entry.rule.requirements.iter().flat_map(|requirement| &requirement.sources);
    page.or_else(|| sources.find(|source| source.starts_with("https://")).cloned())
}
