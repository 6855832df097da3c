//! Which resource waits for which.

use rolecall_graph::ResourceIndex;
use rustc_hash::FxHashSet;

use super::State;

/// How many pairs two resources with many instances may make; past it only instances of one key are paired.
const MAX_PAIRS: usize = 4096;

/// A place among the nodes; 0 is the root, whose references order nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct NodeId(pub u32);

/// Something that refers to others: a local, an output, an instance, all instances of a resource.
#[derive(Debug, Default)]
pub(crate) struct Node {
    pub refers: Vec<NodeId>,
    /// The resources that it makes, with the text of their instance key.
    pub makes: Vec<(ResourceIndex, String)>,
    /// Whether it stands for all instances of a resource, each of which has a node of its own.
    pub set: bool,
}

/// The edges between resources: `(waits, for)`.
pub(super) fn edges(state: &State) -> Vec<(ResourceIndex, ResourceIndex)> {
    let mut out = Vec::new();
    let mut seen: FxHashSet<u32> = FxHashSet::default();
    for instance in state.nodes.iter().filter(|node| !node.set && !node.makes.is_empty()) {
        seen.clear();
        let mut open: Vec<NodeId> = instance.refers.clone();
        while let Some(NodeId(at)) = open.pop() {
            let Some(node) = state.nodes.get(at as usize).filter(|_| seen.insert(at)) else { continue };
            if node.makes.is_empty() {
                open.extend(&node.refers);
                continue;
            }
            let pair = instance.makes.len().saturating_mul(node.makes.len()) <= MAX_PAIRS && node.makes.len() <= 64;
            for (from, key) in &instance.makes {
                let same: Vec<_> = node.makes.iter().filter(|(_, other)| pair || other == key).collect();
                out.extend(same.into_iter().map(|(to, _)| (*from, *to)));
                if !pair && let Some((to, _)) = node.makes.first() {
                    out.push((*from, *to));
                }
            }
        }
    }
    out.retain(|(from, to)| from != to);
    out.sort_unstable();
    out.dedup();
    out
}

impl State {
    /// See [`edges`].
    pub fn edges(&self) -> Vec<(ResourceIndex, ResourceIndex)> {
        edges(self)
    }
}
