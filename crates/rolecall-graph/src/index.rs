//! Resource ids by type and name, so that nothing has to compare all with all.

use rolecall_value::ResourceId;
use rustc_hash::FxHashMap;

/// Numbers under ids: of resources, of assignments.
#[derive(Debug, Default)]
pub(crate) struct IdIndex {
    types: FxHashMap<String, Bucket>,
}

#[derive(Debug, Default)]
struct Bucket {
    named: FxHashMap<String, Vec<u32>>,
    /// Those whose last name is not a known text.
    open: Vec<u32>,
}

impl IdIndex {
    pub(crate) fn insert(&mut self, id: &ResourceId, number: u32) {
        let bucket = self.types.entry(id.resource_type.folded()).or_default();
        match id.name().as_str() {
            Some(name) => bucket.named.entry(name.to_lowercase()).or_default().push(number),
            None => bucket.open.push(number),
        }
    }

    /// What may stand under this id, ascending: everything else is certainly another.
    pub(crate) fn candidates(&self, id: &ResourceId) -> Vec<u32> {
        let Some(bucket) = self.types.get(&id.resource_type.folded()) else { return Vec::new() };
        let mut out = bucket.open.clone();
        match id.name().as_str() {
            Some(name) => out.extend(bucket.named.get(&name.to_lowercase()).into_iter().flatten()),
            None => out.extend(bucket.named.values().flatten()),
        }
        out.sort_unstable();
        out
    }
}
