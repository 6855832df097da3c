//! Identities by name: those of two known names are two, and need no comparison.

use rolecall_graph::principal_name;
use rolecall_value::Value;
use rustc_hash::FxHashMap;

/// Principals by the names of their identities.
pub(super) struct ByName {
    named: FxHashMap<String, Vec<usize>>,
    unnamed: Vec<usize>,
    count: usize,
}

impl ByName {
    pub(super) fn new<'v>(principals: impl Iterator<Item = &'v Value>) -> Self {
        let mut out = ByName { named: FxHashMap::default(), unnamed: Vec::new(), count: 0 };
        for (number, principal) in principals.enumerate() {
            match principal_name(principal) {
                Some(name) => out.named.entry(name).or_default().push(number),
                None => out.unnamed.push(number),
            }
            out.count = number + 1;
        }
        out
    }

    /// The places of those that one of this name may be, in order; of all, where it has none.
    pub(super) fn candidates(&self, name: Option<&str>) -> Vec<usize> {
        let Some(name) = name else { return (0..self.count).collect() };
        let mut out: Vec<usize> = self.named.get(name).into_iter().chain([&self.unnamed]).flatten().copied().collect();
        out.sort_unstable();
        out
    }
}
