//! Answers against deciding plainly at every point of small domains.

mod common;

use std::sync::Arc;

use common::*;
use proptest::prelude::*;
use rolecall_value::{Condition, Input, Point, Value};

/// A condition on a bool and a choice of three.
#[derive(Clone, Debug)]
struct When(u8);

/// What a part of an assignment is, at both values of the bool.
#[derive(Clone, Debug)]
struct Choice(u8, u8);

#[derive(Clone, Debug)]
struct Given {
    when: When,
    principal: Choice,
    role: Choice,
    scope: Choice,
}

const PRINCIPALS: u8 = 4;
const ROLES: [&str; 4] = [READER, NETWORK_CONTRIBUTOR, MIO, ""];
const SCOPES: u8 = 5;

struct Domain {
    flag: Arc<Input>,
    kind: Arc<Input>,
}

const KINDS: [&str; 3] = ["a", "b", "c"];

impl Domain {
    fn flag(&self, builder: &Builder) -> Condition {
        builder.deployment.inputs.is(&self.flag, &Value::bool(true))
    }

    /// The condition that holds at the points whose bit is set.
    fn condition(&self, builder: &Builder, when: &When) -> Condition {
        let inputs = &builder.deployment.inputs;
        let mut all = Condition::FALSE;
        for (place, (flag, kind)) in points().into_iter().enumerate() {
            if when.0 & (1 << place) != 0 {
                let at = inputs.is(&self.flag, &Value::bool(flag)).and(&inputs.is(&self.kind, &text(kind)));
                all = all.or(&at);
            }
        }
        all
    }

    fn choose(&self, builder: &Builder, choice: &Choice, of: impl Fn(u8) -> Value) -> Value {
        Value::choose(&self.flag(builder), &of(choice.0), &of(choice.1))
    }

    fn point(&self, flag: bool, kind: &str) -> Point {
        let mut point = Point::default();
        point.set(self.flag.id, Value::bool(flag));
        point.set(self.kind.id, text(kind));
        point
    }
}

fn points() -> Vec<(bool, &'static str)> {
    [true, false].into_iter().flat_map(|flag| KINDS.map(|kind| (flag, kind))).collect()
}

impl Choice {
    fn at(&self, flag: bool) -> u8 {
        if flag { self.0 } else { self.1 }
    }
}

fn principal(number: u8) -> Value {
    match number {
        0 => principal_of(&id("uai/control")),
        1 => principal_of(&id("uai/kubelet")),
        2 => text("00000000-0000-0000-0000-000000000001"),
        _ => unknown("pick()"),
    }
}

fn role(number: u8) -> Value {
    match ROLES[usize::from(number)] {
        "" => unknown("role()"),
        guid => role_id(guid),
    }
}

fn scope(number: u8) -> Value {
    match number {
        0 => id("subnet/v/nodes"),
        1 => id("vnet/v"),
        2 => text(RG),
        3 => id("uai/kubelet"),
        _ => text("/subscriptions/t"),
    }
}

/// Whether the scope with this number contains the subnet.
fn contains(number: u8) -> bool {
    number <= 2
}

fn grants(role: u8, action: &str) -> bool {
    match ROLES[usize::from(role)] {
        READER => action == SUBNET_READ,
        NETWORK_CONTRIBUTOR => true,
        _ => false,
    }
}

fn given() -> impl Strategy<Value = Given> {
    let choice = |of: u8| (0..of, 0..of).prop_map(|(a, b)| Choice(a, b));
    let roles = u8::try_from(ROLES.len()).expect("few");
    (0..64u8, choice(PRINCIPALS), choice(roles), choice(SCOPES)).prop_map(|(when, principal, role, scope)| Given {
        when: When(when),
        principal,
        role,
        scope,
    })
}

/// What the answer must be where everything is settled but what is unknown or an id from elsewhere.
fn plainly(all: &[Given], at: usize, flag: bool, asked: u8, actions: &[&str]) -> &'static str {
    let mut worst = "granted";
    let rank = |word: &str| ["granted", "undecided", "assumed", "missing"].iter().position(|own| *own == word);
    for action in actions {
        let mut best = "missing";
        for one in all.iter().filter(|one| one.when.0 & (1 << at) != 0 && contains(one.scope.at(flag))) {
            let (own, role) = (one.principal.at(flag), one.role.at(flag));
            let role_unknown = ROLES[usize::from(role)].is_empty();
            if !(role_unknown || grants(role, action)) {
                continue;
            }
            let found = match own {
                _ if own == asked && !role_unknown => "granted",
                _ if own == asked => "undecided",
                3 => "undecided",
                2 if !role_unknown => "assumed",
                2 => "undecided",
                _ => continue,
            };
            if rank(found) < rank(best) {
                best = found;
            }
        }
        if rank(best) > rank(worst) {
            worst = best;
        }
    }
    worst
}

proptest! {
    #[test]
    fn answers_agree_with_every_point(all in prop::collection::vec(given(), 0..5), needed in 0..64u8, asked in (0..2u8, 0..2u8)) {
        let mut builder = Builder::new();
        for short in ["uai/control", "uai/kubelet", "vnet/v", "subnet/v/nodes"] {
            builder.plain(short);
        }
        let domain = Domain {
            flag: builder.deployment.inputs.declare("flag", Some(vec![Value::bool(true), Value::bool(false)])),
            kind: builder.input("kind", &KINDS),
        };
        for one in &all {
            let when = domain.condition(&builder, &one.when);
            let who = domain.choose(&builder, &one.principal, principal);
            let what = domain.choose(&builder, &one.role, role);
            // A resource stands once for each alternative of its scope.
            let flag = domain.flag(&builder);
            for (own, number) in [(flag.clone(), one.scope.0), (flag.not(), one.scope.1)] {
                builder.assign_with(&who, &what, &scope(number), when.and(&own), []);
            }
        }
        let needed = When(needed);
        let when = domain.condition(&builder, &needed);
        let asked = Choice(asked.0, asked.1);
        let who = domain.choose(&builder, &asked, principal);
        let actions = [SUBNET_READ, JOIN];
        let answer = builder.ask_when(&who, &scope(0), &actions, &[], &when);

        let parts = [&answer.granted, &answer.missing, &answer.assumed, &answer.undecided];
        let union = parts.iter().fold(Condition::FALSE, |all, one| all.or(one));
        prop_assert_eq!(union, when);
        for (place, one) in parts.iter().enumerate() {
            prop_assert!(parts[place + 1..].iter().all(|other| one.excludes(other)));
        }
        for (place, (flag, kind)) in points().into_iter().enumerate() {
            let point = domain.point(flag, kind);
            let names = ["granted", "missing", "assumed", "undecided"];
            let found = names.iter().zip(parts).find(|(_, part)| builder.deployment.inputs.at(part, &point).is_true());
            let expected = (needed.0 & (1 << place) != 0).then(|| plainly(&all, place, flag, asked.at(flag), &actions));
            prop_assert_eq!(found.map(|(name, _)| *name), expected);
        }
    }
}
