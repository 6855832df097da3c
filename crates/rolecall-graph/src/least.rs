//! The built-in role that grants what is needed and the least else.
//!
//! How much a role grants is counted in the actions that built-in roles name; what none of them names counts for nothing.

use std::sync::{Arc, LazyLock, OnceLock};

use crate::roles::{RoleDefinition, Verdict, builtins};

/// The actions that built-in roles name without a wildcard, in lower case and in order: those of the control plane, and those
/// on data.
static KNOWN: LazyLock<[Vec<String>; 2]> = LazyLock::new(|| {
    let mut known = [Vec::new(), Vec::new()];
    for role in builtins() {
        for block in &role.blocks {
            known[0].extend(block.actions.iter().chain(&block.not_actions).map(|one| one.to_ascii_lowercase()));
            known[1]
                .extend(block.data_actions.iter().chain(&block.not_data_actions).map(|one| one.to_ascii_lowercase()));
        }
    }
    known.map(|mut all| {
        all.retain(|one| !one.contains('*'));
        all.sort();
        all.dedup();
        all
    })
});

impl RoleDefinition {
    /// How many of the actions that built-in roles name this role grants, or may grant.
    pub fn breadth(&self) -> usize {
        [false, true].into_iter().map(|data| self.granted(data)).sum()
    }

    fn granted(&self, data: bool) -> usize {
        let known = &KNOWN[usize::from(data)];
        let mut meant = vec![false; known.len()];
        for block in &self.blocks {
            for pattern in if data { &block.data_actions } else { &block.actions } {
                // What a pattern covers begins as it does up to its wildcard.
                let pattern = pattern.to_ascii_lowercase();
                let head = pattern.split('*').next().unwrap_or_default();
                // `/*/` stands for nothing as well.
                let head = head.strip_suffix('/').unwrap_or(head);
                let start = known.partition_point(|one| one.as_str() < head);
                let rest = known[start..].iter().take_while(|one| one.starts_with(head));
                meant[start..].iter_mut().zip(rest).for_each(|(meant, _)| *meant = true);
            }
        }
        let meant = known.iter().zip(meant).filter(|(_, meant)| *meant);
        meant.filter(|(action, _)| self.grants(action, data) != Verdict::NotGranted).count()
    }
}

/// The built-in role that grants all of these and the least else; of several the one with the lowest id. None where it takes
/// more than one role.
pub fn least_role(actions: &[String], data_actions: &[String]) -> Option<Arc<RoleDefinition>> {
    static BREADTHS: LazyLock<Vec<OnceLock<usize>>> = LazyLock::new(|| builtins().map(|_| OnceLock::new()).collect());
    let enough = builtins().zip(&*BREADTHS).filter(|(role, _)| role.grants_all(actions, data_actions));
    // They come in order of id, of which the first of the least is taken.
    enough.min_by_key(|(role, breadth)| *breadth.get_or_init(|| role.breadth())).map(|(role, _)| role)
}
