//! The fast role look-up against a plain one that shares nothing with it.

use std::collections::BTreeSet;

use rolecall_graph::builtins;
use serde_json::Value as Json;

/// Whether a pattern matches, by trying everything. Each `/*/` stands for itself and for `/`.
fn matches(pattern: &str, action: &str) -> bool {
    fn plain(pattern: &[u8], action: &[u8]) -> bool {
        match pattern.split_first() {
            None => action.is_empty(),
            Some((b'*', rest)) => (0..=action.len()).any(|taken| plain(rest, &action[taken..])),
            Some((first, rest)) => action.first() == Some(first) && plain(rest, &action[1..]),
        }
    }
    fn variants(head: String, tail: &str) -> Vec<String> {
        match tail.split_once("/*/") {
            None => vec![head + tail],
            Some((before, after)) => {
                // The second slash may open the next `/*/`.
                let after = format!("/{after}");
                let mut all = variants(format!("{head}{before}/*"), &after);
                all.extend(variants(format!("{head}{before}"), &after));
                all
            }
        }
    }
    let (pattern, action) = (pattern.to_lowercase(), action.to_lowercase());
    variants(String::new(), &pattern).iter().any(|one| plain(one.as_bytes(), action.as_bytes()))
}

fn strings(json: &Json) -> Vec<&str> {
    json.as_array().map(|list| list.iter().filter_map(Json::as_str).collect()).unwrap_or_default()
}

fn plainly_grants(role: &Json, action: &str, data: bool) -> bool {
    let (yes, no) = if data { ("dataActions", "notDataActions") } else { ("actions", "notActions") };
    let blocks = role["permissions"].as_array().expect("blocks");
    blocks.iter().any(|block| {
        let any = |list: &str| strings(&block[list]).into_iter().any(|pattern| matches(pattern, action));
        // No condition of a built-in role restricts anything but writing and deleting role assignments.
        let restricted = block["condition"].is_string() && action.to_lowercase().contains("roleassignments");
        any(yes) && !any(no) && !restricted
    })
}

#[test]
fn for_every_requirement_the_roles_that_grant_all_of_it_agree() {
    let roles: Vec<Json> = include_str!("../data/builtin-roles.jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).expect("a role"))
        .collect();
    let needs: Vec<Json> = serde_json::from_str(include_str!("data/needs.json")).expect("needs");
    assert!(needs.len() > 50, "{}", needs.len());
    let mut granted = 0;
    for need in &needs {
        let (actions, data_actions) = (strings(&need["actions"]), strings(&need["data_actions"]));
        let plain: BTreeSet<&str> = roles
            .iter()
            .filter(|role| actions.iter().all(|action| plainly_grants(role, action, false)))
            .filter(|role| data_actions.iter().all(|action| plainly_grants(role, action, true)))
            .filter_map(|role| role["id"].as_str())
            .collect();
        let own = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let (actions, data_actions) = (own(&actions), own(&data_actions));
        let fast: Vec<_> = builtins().filter(|role| role.grants_all(&actions, &data_actions)).collect();
        let fast: BTreeSet<&str> = fast.iter().map(|role| role.guid.as_str()).collect();
        assert_eq!(fast, plain, "{}", need["id"]);
        granted += fast.len();
    }
    assert!(granted > 500, "{granted}");
}

#[test]
fn access_policies_name_data_actions_that_roles_name_too() {
    let policies: Json = serde_json::from_str(include_str!("../data/access-policies.json")).expect("policies");
    let roles: Vec<_> = builtins().collect();
    for (permission, action) in [
        (("keys", "get"), "Microsoft.KeyVault/vaults/keys/read"),
        (("keys", "encrypt"), "Microsoft.KeyVault/vaults/keys/encrypt/action"),
        (("keys", "decrypt"), "Microsoft.KeyVault/vaults/keys/decrypt/action"),
        (("keys", "wrapkey"), "Microsoft.KeyVault/vaults/keys/wrap/action"),
        (("keys", "unwrapkey"), "Microsoft.KeyVault/vaults/keys/unwrap/action"),
        (("secrets", "get"), "Microsoft.KeyVault/vaults/secrets/getSecret/action"),
        (("certificates", "get"), "Microsoft.KeyVault/vaults/certificates/read"),
    ] {
        assert!(strings(&policies[permission.0][permission.1]).contains(&action), "{permission:?}");
        let named =
            roles.iter().flat_map(|role| &role.blocks).any(|block| block.data_actions.iter().any(|own| own == action));
        assert!(named, "{action}");
    }
}
