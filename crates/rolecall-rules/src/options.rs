//! What a configuration sets of rules beyond their levels. Which options there are is the rules' data.

use std::collections::BTreeMap;

use rolecall_graph::Pattern;

/// The options that are set, each a list of texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleOptions(BTreeMap<(String, String), Vec<String>>);

impl RuleOptions {
    /// Sets an option of a rule.
    pub fn set(&mut self, rule: &str, option: &str, values: Vec<String>) {
        self.0.insert((rule.to_owned(), option.to_owned()), values);
    }

    /// What an option of a rule is set to; nothing where it is not.
    pub fn get(&self, rule: &str, option: &str) -> &[String] {
        self.0.get(&(rule.to_owned(), option.to_owned())).map_or(&[], Vec::as_slice)
    }

    /// The same as patterns; what is none, which a configuration refuses, is left out.
    pub(crate) fn patterns(&self, rule: &str, option: &str) -> Vec<Pattern> {
        self.get(rule, option).iter().filter_map(|text| Pattern::new(text).ok()).collect()
    }
}
