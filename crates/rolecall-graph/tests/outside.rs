//! Grants made outside that somebody vouches for.

mod common;

use common::*;
use rolecall_graph::{Answer, OutsideGrant, OutsideGrants, OutsideRole, Pattern, Principals, Subjects};
use rolecall_source::{FileId, Span};
use rolecall_value::{Piece, Value};

const NODES: &str = "/subscriptions/s/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/v/subnets/nodes";

fn grant(principal: &str, role: &str, scope: &str) -> OutsideGrant {
    OutsideGrant {
        principal: Principals::new(vec![Pattern::new(principal).expect("a pattern")]),
        role: OutsideRole::new(role).expect("a role"),
        scope: Pattern::new(scope).expect("a pattern"),
        condition: None,
        reason: None,
        span: Span::file_start(FileId(0)),
    }
}

/// The answer to whether `uai/control` may join a subnet that is not created here.
fn asked_at(scope: &Value, grants: &[OutsideGrant]) -> Answer {
    let mut builder = Builder::new();
    let control = builder.plain("uai/control");
    builder.deployment.outside = OutsideGrants::new(grants.to_vec()).into();
    builder.ask(&principal_of(&control), scope, &[JOIN])
}

fn asked(principal: &str, role: &str, scope: &str) -> &'static str {
    verdict(&asked_at(&text(NODES), &[grant(principal, role, scope)]))
}

#[test]
fn a_grant_counts_whichever_name_its_principal_goes_by() {
    let id = id("uai/control");
    for name in ["control", "CONTROL", "con*", id.as_str().expect("known"), "*"] {
        assert_eq!(asked(name, "Network Contributor", NODES), "granted", "{name}");
    }
    for name in ["kubelet", "controller", "/subscriptions/*"] {
        assert_eq!(asked(name, "Network Contributor", NODES), "assumed", "{name}");
    }
}

#[test]
fn a_grant_counts_at_its_scope_and_below() {
    let vnet = NODES.strip_suffix("/subnets/nodes").expect("a subnet");
    let wild = "/subscriptions/*/resourceGroups/net";
    for scope in
        [NODES, vnet, "/subscriptions/S/resourcegroups/NET", "/subscriptions/s", "/", wild, "v", "subnets/nodes", "**"]
    {
        assert_eq!(asked("control", "Network Contributor", scope), "granted", "{scope}");
    }
    let other = NODES.replace("/nodes", "/node");
    for scope in
        [other.as_str(), "/subscriptions/t", "/subscriptions/s/resourceGroups/ne", "/subscriptions/*/nodes", "es"]
    {
        assert_eq!(asked("control", "Network Contributor", scope), "assumed", "{scope}");
    }
}

#[test]
fn only_a_role_with_the_action_counts() {
    for role in ["4d97b98b-1d4f-4787-a291-c67834d212e7", "network contributor", "Network *", "*"] {
        assert_eq!(asked("control", role, NODES), "granted", "{role}");
    }
    assert_eq!(asked("control", "Reader", NODES), "assumed");
    assert_eq!(asked("control", "Our Own Role", NODES), "undecided");
    assert!(OutsideRole::new("No Such*").is_err());
}

#[test]
fn several_grants_may_do_it_together() {
    let mut builder = Builder::new();
    let control = builder.plain("uai/control");
    builder.deployment.outside =
        OutsideGrants::new(vec![grant("control", "Reader", NODES), grant("control", MIO, NODES)]).into();
    let answer = builder.ask(&principal_of(&control), &text(NODES), &[ASSIGN, "Microsoft.Insights/metrics/read"]);
    assert_eq!((verdict(&answer), answer.outside.len()), ("granted", 2));
}

#[test]
fn a_condition_on_the_assignment_holds_for_its_own_actions() {
    let mut own = grant("control", "Network Contributor", NODES);
    own.condition = Some("@Resource[Microsoft.Network:name] StringEquals 'x'".to_owned());
    assert_eq!(verdict(&asked_at(&text(NODES), &[own])), "undecided");
}

fn own_scope(group: Value, subnet: &str) -> Value {
    let environment = |name: &str| Value::environment(name);
    let tail = format!("/providers/Microsoft.Network/virtualNetworks/v/subnets/{subnet}");
    Value::pieces([
        Piece::Literal("/subscriptions/".into()),
        Piece::Hole(environment("subscription().subscriptionId")),
        Piece::Literal("/resourceGroups/".into()),
        Piece::Hole(group),
        Piece::Literal(tail.into()),
    ])
}

#[test]
fn the_deployments_own_subscription_is_the_one_that_the_grant_names() {
    let scope = own_scope(text("net"), "nodes");
    for own in [NODES, "/subscriptions/s/resourceGroups/n*", "/subscriptions/s"] {
        let answer = asked_at(&scope, &[grant("control", "Network Contributor", own)]);
        assert_eq!(verdict(&answer), "granted", "{own}");
    }
}

#[test]
fn where_a_hole_stands_between_the_grant_and_the_scope_nobody_can_tell() {
    let scope = own_scope(Value::environment("resourceGroup().name"), "nodes");
    let verdict_of =
        |scope: &Value, own: &str| verdict(&asked_at(scope, &[grant("control", "Network Contributor", own)]));
    assert_eq!(verdict_of(&scope, NODES), "undecided");
    assert_eq!(verdict_of(&scope, "/subscriptions/s/resourceGroups/*"), "granted");
    assert_eq!(verdict_of(&scope, &NODES.replace("nodes", "pods")), "assumed");
    let as_shown = scope.plain();
    assert_eq!(verdict_of(&scope, &as_shown), "granted", "{as_shown}");
}

#[test]
fn a_bad_pattern_is_refused() {
    for bad in ["", "  ", "id-[", "id-{a"] {
        assert!(Pattern::new(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_grant_for_nobody_and_nothing_here_is_told_from_others() {
    let mut builder = Builder::new();
    builder.plain("uai/control");
    builder.plain("subnet/v/nodes");
    let subjects = Subjects::of(&builder.deployment);
    let known = |principal, scope| {
        let grant = grant(principal, "Reader", scope);
        (subjects.know_principal(&grant), subjects.know_scope(&grant))
    };
    assert_eq!(known("control", "/subscriptions/s/resourceGroups/g"), (true, true));
    assert_eq!(known("gone", "nodes"), (false, true));
    assert_eq!(known("control", "/subscriptions/t"), (true, false));
}
