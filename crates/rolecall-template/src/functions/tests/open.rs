//! Symbolic and unknown arguments.

use rolecall_value::{Kind, ReasonKind, Value};

use super::language::World;

/// Expression, canonical text of its worth, why.
const SYMBOLIC: &[(&str, &str, &str)] = &[
    ("uniquestring(free)", "uniquestring(parameters('free'))", "a hash stays a call"),
    ("uniquestring('a')", "uniquestring('a')", "of known arguments too"),
    ("add(free, 1)", "add(parameters('free'), 1)", "arithmetic stays a call"),
    ("string(free)", "string(parameters('free'))", "its type is not known"),
    ("concat(free, '')", "parameters('free')", "a string of one hole is the hole"),
    (
        "tolower(concat('A-', free))",
        "'a-{tolower(parameters('free'))}'",
        "literal pieces change, a hole becomes a call",
    ),
    (
        "replace(concat('a-b-', free), '-', '')",
        "'ab{replace(parameters('free'), '-', '')}'",
        "pieces change one by one",
    ),
    ("length([free, principal])", "2", "the items need not be known"),
    (
        "first([principal, free])",
        "reference('/subscriptions/s/resourceGroups/g/providers/A.B/c/d').properties.principalId",
        "an item as it is",
    ),
    (
        "last(split(concat('/subscriptions/', subscriptionId, '/x/', free), '/'))",
        "parameters('free')",
        "the name in an id",
    ),
    ("length(split(concat('/subscriptions/', subscriptionId, '/x'), '/'))", "4", "a hole is one segment"),
    ("take(concat('abc', free), 2)", "'ab'", "before the hole"),
    ("substring(concat('abc', free), 1, 2)", "'bc'", "before the hole"),
    ("take(concat('a', free), 2)", "take('a{parameters('free')}', 2)", "the hole is reached"),
    ("skip(concat('ab', free), 1)", "'b{parameters('free')}'", "the hole stays"),
    ("coalesce(free, 'a')", "parameters('free')", "a value that is given is not null"),
    (
        "coalesce(null, principal, 'a')",
        "reference('/subscriptions/s/resourceGroups/g/providers/A.B/c/d').properties.principalId",
        "nor is an attribute",
    ),
    ("contains(concat('a-', free), 'a-')", "true", "a literal piece has it"),
    ("contains(concat('a-', free), 'x')", "contains('a-{parameters('free')}', 'x')", "the hole may have it"),
    (
        "equals(free, principal)",
        "equals(parameters('free'), reference('/subscriptions/s/resourceGroups/g/providers/A.B/c/d').properties.principalId)",
        "not decided",
    ),
    ("equals(principal, 'a')", "false", "no id of a principal"),
    ("contains([free, 'a'], 'a')", "true", "another item decides"),
    ("concat(['a'], free)", "['a', parameters('free')[*]*]", "an open array is any number of its element"),
    ("map(free, x => concat('a', x))", "['a{parameters('free')[*]}'*]", "mapped as one element"),
    ("uri('https://a.b/c/', concat('d/', free))", "'https://a.b/c/d/{parameters('free')}'", "a plain relative path"),
    (
        "uri(concat('https://', free, '/x/y.json'), 'z.json')",
        "'https://{parameters('free')}/x/z.json'",
        "up to the last slash",
    ),
    ("tryget(free, 'a')", "tryget(parameters('free'), 'a')", "whether it is there is open"),
    ("createObject(concat('a', free), 1)", "{'a{parameters('free')}': 1}", "a symbolic name"),
    (
        "json(string(createObject('a', principal)))",
        "{a: reference('/subscriptions/s/resourceGroups/g/providers/A.B/c/d').properties.principalId}",
        "there and back",
    ),
    ("filter(free, x => equals(x, 'a'))", "[parameters('free')[*]*]", "whether it passes is not one question"),
];

#[test]
fn symbolic_arguments_give_what_is_determined_and_calls_otherwise() {
    let world = World::new();
    let mut wrong = Vec::new();
    for (expression, expected, why) in SYMBOLIC {
        let value = world.eval(expression);
        if value.text().replace('\\', "") != *expected {
            wrong.push(format!("{expression} ({why}): {expected} is expected, not {}", value.text()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn equal_calls_are_equal_and_equality_ignores_the_order() {
    let world = World::new();
    assert_eq!(world.eval("uniquestring(free, 'a')"), world.eval("uniqueString(free, 'a')"));
    assert_eq!(world.eval("equals(free, principal)"), world.eval("equals(principal, free)"));
}

#[test]
fn strings_keep_unknowns_as_holes_and_arrays_what_is_known() {
    let world = World::new();
    assert_eq!(world.eval("concat('a-', unread)").text(), "'a-{module.out}'");
    assert_eq!(world.eval("format('{0}/x', unread)").text(), "'{module.out}/x'");
    assert_eq!(world.eval("concat(['a'], unread)").text(), "['a', module.out[*]*]");
    assert_eq!(world.eval("union(['a'], unread)").text(), "['a', module.out[*]*]");
}

#[test]
fn other_functions_of_unknowns_are_unknown_for_the_first_reason() {
    let world = World::new();
    let value = world.eval("add(unread, 1)");
    let unknown = value.as_unknown().expect("unknown");
    assert_eq!((unknown.reason.kind, &*unknown.text), (ReasonKind::Unread, "add(module.out, 1)"));
    assert_eq!(value, world.eval("add(unread, 1)"));
}

#[test]
fn one_undecided_argument_keeps_its_reason_in_logic() {
    let world = World::new();
    let value = world.eval("and(flag, equals(unread, 'a'))");
    let Kind::Cond(alternatives) = value.kind() else { panic!("{}", value.text()) };
    assert!(
        alternatives
            .iter()
            .any(|(_, value)| value.as_unknown().is_some_and(|unknown| unknown.reason.kind == ReasonKind::Unread))
    );
}

#[test]
fn what_is_merged_before_an_open_object_is_uncertain_and_after_it_certain() {
    let world = World::new();
    let value = world.eval("union(createObject('before', 1), free, createObject('after', 2))");
    let object = value.as_object().expect("an object");
    assert_eq!(object.rest.as_ref().map(Value::text).as_deref(), Some("parameters('free')"));
    assert_eq!(value.get("after"), Some(Value::int(2)));
    let before = value.get("before").expect("before");
    let Kind::Cond(alternatives) = before.kind() else { panic!("{}", before.text()) };
    assert_eq!(alternatives.len(), 2, "its own value, or what the open object says");
    assert!(alternatives.iter().all(|(when, _)| world.inputs.is_opaque(when)));
    assert_eq!(value.get("elsewhere").map(|value| value.text()).as_deref(), Some("parameters('free').elsewhere"));
}

#[test]
fn items_keep_their_own_origin() {
    let world = World::new();
    let origins = rolecall_value::Origins::default();
    let origin = origins.written(super::language::span());
    let item = Value::string("a").with_origin(origin);
    for (name, more) in [("first", vec![]), ("last", vec![])] {
        let arguments: Vec<Value> = [Value::array([item.clone()])].into_iter().chain(more).collect();
        assert_eq!(super::apply(&world.inputs, name, &arguments).expect("a function").origin(), origin, "{name}");
    }
    let union = super::apply(&world.inputs, "union", &[Value::array([item.clone()]), Value::array([Value::int(1)])]);
    assert_eq!(union.expect("a function").as_array().expect("an array").items[0].value.origin(), origin);
}
