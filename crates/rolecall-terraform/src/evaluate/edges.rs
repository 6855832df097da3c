//! Which resource waits for which.

use rolecall_graph::ResourceIndex;
use rustc_hash::{FxHashMap, FxHashSet};

use super::State;

/// How many pairs two resources with many instances may make; past it only instances of one key are paired.
const MAX_PAIRS: usize = 4096;

/// How many instances one instance may be paired with; past it those of its own key stand for all.
const MAX_TARGETS: usize = 64;

/// A place among the nodes; 0 is the root, whose references order nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct NodeId(pub u32);

/// Something that refers to others: a local, an output, an instance, all instances of a resource.
#[derive(Debug, Default)]
pub(crate) struct Node {
    pub refers: Vec<NodeId>,
    /// The resources that it makes, with the text of their instance key.
    pub makes: Vec<(ResourceIndex, String)>,
    /// The changes to other resources that it makes.
    pub changes: Vec<usize>,
    /// How long the longest chain of references behind it is: values may nest as deep.
    pub height: u32,
    /// Whether it stands for all instances of a resource, each of which has a node of its own.
    pub set: bool,
}

/// The edges between resources, `(waits, for)`, and for each change what waits for it.
fn edges(state: &State) -> (Vec<(ResourceIndex, ResourceIndex)>, Vec<Vec<ResourceIndex>>) {
    let mut out = Vec::new();
    let mut awaited: Vec<Vec<ResourceIndex>> = vec![Vec::new(); state.changes.len()];
    let mut seen: FxHashSet<u32> = FxHashSet::default();
    let mut by_key: FxHashMap<u32, FxHashMap<&str, Vec<ResourceIndex>>> = FxHashMap::default();
    for instance in state.nodes.iter().filter(|node| !node.set && !node.makes.is_empty()) {
        seen.clear();
        let mut open: Vec<NodeId> = instance.refers.clone();
        while let Some(NodeId(at)) = open.pop() {
            let Some(node) = state.nodes.get(at as usize).filter(|_| seen.insert(at)) else { continue };
            for change in &node.changes {
                if let Some(by) = awaited.get_mut(*change) {
                    by.extend(instance.makes.iter().map(|(from, _)| *from));
                }
            }
            if node.makes.is_empty() {
                open.extend(&node.refers);
                continue;
            }
            if instance.makes.len().saturating_mul(node.makes.len()) <= MAX_PAIRS && node.makes.len() <= MAX_TARGETS {
                for (from, _) in &instance.makes {
                    out.extend(node.makes.iter().map(|(to, _)| (*from, *to)));
                }
                continue;
            }
            let keys = by_key.entry(at).or_insert_with(|| {
                let mut keys: FxHashMap<&str, Vec<ResourceIndex>> = FxHashMap::default();
                for (to, key) in &node.makes {
                    keys.entry(key).or_default().push(*to);
                }
                keys
            });
            for (from, key) in &instance.makes {
                match keys.get(key.as_str()) {
                    Some(same) => out.extend(same.iter().map(|to| (*from, *to))),
                    None => out.extend(node.makes.first().map(|(to, _)| (*from, *to))),
                }
            }
        }
    }
    out.retain(|(from, to)| from != to);
    out.sort_unstable();
    out.dedup();
    for by in &mut awaited {
        by.sort_unstable();
        by.dedup();
    }
    (out, awaited)
}

impl State {
    /// The edges between resources: `(waits, for)`. Changes learn what waits for them.
    pub fn edges(&mut self) -> Vec<(ResourceIndex, ResourceIndex)> {
        let (edges, awaited) = edges(self);
        for (change, by) in self.changes.iter_mut().zip(awaited) {
            change.awaited_by = by;
        }
        edges
    }
}
