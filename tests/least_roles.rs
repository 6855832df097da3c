//! The least role, against all built-in roles one by one.

use std::collections::BTreeSet;

use rolecall_graph::{RoleDefinition, Verdict, builtins, least_role};
use rolecall_rules::{RoleNeed, rules};

fn needs() -> Vec<&'static RoleNeed> {
    let requirements = rules().iter().flat_map(|entry| &entry.rule.requirements);
    requirements.filter_map(|requirement| requirement.need.as_ref()).collect()
}

/// The actions that any built-in role names without a wildcard.
fn known(list: fn(&rolecall_graph::PermissionBlock) -> [&Vec<String>; 2]) -> BTreeSet<String> {
    let blocks: Vec<_> = builtins().flat_map(|role| role.blocks.clone()).collect();
    let all = blocks.iter().flat_map(list).flatten().map(|one| one.to_ascii_lowercase());
    all.filter(|one| !one.contains('*')).collect()
}

/// How many of them a role grants, one by one.
fn breadth(role: &RoleDefinition, control: &BTreeSet<String>, data: &BTreeSet<String>) -> usize {
    let granted = |all: &BTreeSet<String>, data: bool| {
        all.iter().filter(|action| role.grants(action, data) != Verdict::NotGranted).count()
    };
    granted(control, false) + granted(data, true)
}

#[test]
fn the_least_role_of_every_need_and_of_every_two_is_what_trying_all_roles_gives() {
    let control = known(|block| [&block.actions, &block.not_actions]);
    let data = known(|block| [&block.data_actions, &block.not_data_actions]);
    let roles: Vec<_> = builtins().collect();
    assert!(roles.len() >= 900, "{} roles", roles.len());
    let mut breadths: Vec<Option<usize>> = vec![None; roles.len()];
    let lists: BTreeSet<[Vec<String>; 2]> =
        needs().iter().map(|need| [need.actions.clone(), need.data_actions.clone()]).collect();
    let lists: Vec<_> = lists.into_iter().collect();
    // Which roles grant all of each list: of two lists, those that grant all of both.
    let grants = |[actions, data_actions]: &[Vec<String>; 2], role: &RoleDefinition| {
        let all = |all: &[String], data: bool| all.iter().all(|one| role.grants(one, data) == Verdict::Granted);
        all(actions, false) && all(data_actions, true)
    };
    let granting: Vec<Vec<bool>> =
        lists.iter().map(|list| roles.iter().map(|role| grants(list, role)).collect()).collect();
    let pairs = (0..lists.len()).flat_map(|first| (first..lists.len()).map(move |second| (first, second)));
    for (first, second) in pairs {
        let union = |which: usize| [lists[first][which].clone(), lists[second][which].clone()].concat();
        let (actions, data_actions) = (union(0), union(1));
        let mut best: Option<(usize, &str)> = None;
        for (place, role) in roles.iter().enumerate() {
            if !granting[first][place] || !granting[second][place] {
                continue;
            }
            let own = *breadths[place].get_or_insert_with(|| breadth(role, &control, &data));
            if best.is_none_or(|known| (own, role.guid.as_str()) < known) {
                best = Some((own, &role.guid));
            }
        }
        let found = least_role(&actions, &data_actions);
        let found = found.as_ref().map(|role| (role.breadth(), role.guid.as_str()));
        assert_eq!(found, best, "{actions:?} {data_actions:?}");
    }
}

#[test]
fn the_least_role_of_a_rule_grants_what_it_needs() {
    for need in needs() {
        let role = rolecall_graph::builtin(&need.least_role.id).expect("a built-in role");
        assert!(role.grants_all(&need.actions, &need.data_actions), "{}", role.name);
    }
}
