//! Conditional arguments and closed inputs.

use rolecall_value::{Case, Condition, Key, Kind, Value, equality};

use super::language::World;

fn flag(world: &World) -> Condition {
    world.inputs.is(&world.flag, &Value::bool(true))
}

fn is_dev(world: &World) -> Condition {
    world.inputs.is(&world.env, &Value::string("dev"))
}

/// Expression, when it is true, why. The conditions are written as expressions too.
const DECIDED: &[(&str, &str, &str)] = &[
    ("contains(['dev', 'x'], env)", "equals(env, 'dev')", "a closed input against known items"),
    ("contains(['dev', 'prod'], env)", "true", "all that it can be"),
    ("startswith(env, 'PR')", "equals(env, 'prod')", "a string function of a closed input"),
    ("startswith(concat(env, '-a'), 'dev-')", "equals(env, 'dev')", "a hole that is a closed input"),
    ("startswith(concat('id-', free), 'id-')", "true", "the literal front decides"),
    ("startswith(concat('id-', free), 'aks')", "false", "the literal front decides"),
    ("endswith(concat(free, '-id'), '-ID')", "true", "the literal end decides"),
    ("equals(toupper(env), 'DEV')", "equals(env, 'dev')", "computed for each alternative"),
    ("equals(if(flag, 'a', 'b'), 'a')", "flag", "a conditional value"),
    ("equals(length(concat(['a'], if(flag, ['b'], []))), 2)", "flag", "the length of a guarded array"),
    ("equals(first(concat(if(flag, ['a'], []), ['b'])), 'a')", "flag", "the first that is there"),
    ("equals(last(concat(['a'], if(flag, ['b'], []))), 'a')", "not(flag)", "the last that is there"),
    ("equals(first(skip(concat(if(flag, ['a'], []), ['b', 'c']), 1)), 'c')", "not(flag)", "places move"),
    ("equals(length(take(concat(if(flag, ['a'], []), ['b']), 1)), 1)", "true", "one in either case"),
    ("contains(concat(['a'], if(flag, ['b'], [])), 'b')", "flag", "a guarded item"),
    (
        "contains(union(createObject('a', 1), if(flag, createObject('b', 2), createObject())), 'B')",
        "flag",
        "a guarded name",
    ),
    ("empty(if(flag, ['a'], []))", "not(flag)", "nothing but a guarded item"),
    ("empty(concat(if(flag, ['a'], []), if(other, ['b'], [])))", "and(not(flag), not(other))", "two guards"),
    ("empty(concat('a', free))", "false", "a literal piece"),
    ("empty(guid(free))", "false", "a hash is never empty"),
    ("equals(tryget(createObject('dev', 1, 'prod', 2), env), 2)", "equals(env, 'prod')", "looked up by a closed input"),
    ("greater(number, 1)", "not(equals(number, 1))", "an int input"),
    (
        "equals(add(number, if(flag, 1, 0)), 2)",
        "or(and(equals(number, 1), flag), and(equals(number, 2), not(flag)))",
        "a product",
    ),
    ("and(flag, not(flag))", "false", "a contradiction"),
    ("or(flag, not(flag))", "true", "a tautology"),
    ("and(flag, false, unread)", "false", "one false decides"),
    ("or(unread, true)", "true", "one true decides"),
    (
        "equals(coalesce(if(flag, null, 'a'), if(other, null, 'b'), 'c'), 'c')",
        "and(flag, other)",
        "a chain of defaults",
    ),
    ("equals(string(createObject('a', if(flag, 1, 2))), string(createObject('a', 1)))", "flag", "a condition inside"),
    ("equals(join(concat(['a'], if(flag, ['b'], [])), ','), 'a,b')", "flag", "a guarded item"),
    ("equals(split(concat('a/', env), '/'), ['a', 'dev'])", "equals(env, 'dev')", "an input as a segment"),
    ("equals(length(filter(['dev', 'x'], x => equals(x, env))), 1)", "equals(env, 'dev')", "filtered by an input"),
    ("contains(map(concat([1], if(flag, [2], [])), x => add(x, 1)), 3)", "flag", "a guarded item mapped"),
    ("equals(reduce(concat([1], if(flag, [2], [])), 0, |all x| => add(all, x)), 3)", "flag", "a guarded item added"),
    ("equals(indexof(concat('a-', env), 'P'), 2)", "equals(env, 'prod')", "searched in each alternative"),
    ("equals(format('{0}', flag), 'True')", "flag", "a bool input in a string is its text, not itself"),
    ("equals(format('{0}', number), '2')", "equals(number, 2)", "an int input in a string is its digits"),
    ("equals(union(['a', env], ['dev']), ['a', 'dev'])", "equals(env, 'dev')", "duplicates for one alternative"),
    ("equals(intersection(['dev', 'x'], [env]), ['dev'])", "equals(env, 'dev')", "common for one alternative"),
];

#[test]
fn answers_hold_exactly_when_they_should() {
    let world = World::new();
    let mut wrong = Vec::new();
    for (expression, expected, why) in DECIDED {
        let (value, expected) = (world.eval(expression), world.eval(expected));
        let (value, expected) =
            (rolecall_value::truth(&world.inputs, &value), rolecall_value::truth(&world.inputs, &expected));
        if value != expected {
            wrong.push(format!("{expression} ({why}) holds when {value:?}, not {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_optional_part_makes_one_object_with_a_guarded_property() {
    let world = World::new();
    for function in ["union(createObject('a', 1), PART)", "shallowmerge([createObject('a', 1), PART])"] {
        let value = world.eval(&function.replace("PART", "if(flag, createObject('b', 2), createObject())"));
        let object = value.as_object().expect("one object");
        let property = &object.properties[&Key::from("b")];
        assert_eq!((&property.when, property.value.as_int()), (&flag(&world), Some(2)), "{function}");
    }
}

#[test]
fn a_guarded_property_of_the_same_name_wins_where_it_is_there() {
    let world = World::new();
    let value = world.eval("union(createObject('a', 1), if(flag, createObject('a', 2), createObject()))");
    let object = value.as_object().expect("one object");
    assert!(object.properties[&Key::from("a")].when.is_true());
    let expected = Value::choose(&flag(&world), &Value::int(2), &Value::int(1));
    assert_eq!(equality(&world.inputs, &value.get("a").expect("a"), &expected, Case::Sensitive).decided(), Some(true));
}

#[test]
fn an_optional_part_of_a_nested_object_is_guarded_inside_it() {
    let world = World::new();
    let value = world.eval(
        "union(createObject('n', createObject('a', 1)), if(flag, createObject('n', createObject('b', 2)), createObject()))",
    );
    let nested = value.get("n").expect("n");
    let nested = nested.as_object().expect("one object, not two alternatives");
    assert!(nested.properties[&Key::from("a")].when.is_true());
    assert_eq!(nested.properties[&Key::from("b")].when, flag(&world));
}

#[test]
fn many_independent_optional_parts_stay_one_value() {
    let world = World::new();
    let bools: Vec<_> = (0..20)
        .map(|n| world.inputs.declare(&format!("p{n}"), Some(vec![Value::bool(true), Value::bool(false)])))
        .collect();
    let part = |n: usize, array: bool| {
        let when = world.inputs.is(&bools[n], &Value::bool(true));
        let (full, empty) = match array {
            true => (Value::array([Value::int(n as i64)]), Value::array([])),
            false => (Value::object([(format!("k{n}"), Value::int(1))]), Value::object::<&str>([])),
        };
        Value::choose(&when, &full, &empty)
    };
    let objects: Vec<Value> = (0..20).map(|n| part(n, false)).collect();
    let arrays: Vec<Value> = (0..20).map(|n| part(n, true)).collect();
    for (name, arguments) in [
        ("union", objects.clone()),
        ("shallowmerge", vec![Value::array(objects)]),
        ("concat", arrays.clone()),
        ("union", arrays.clone()),
        ("flatten", vec![Value::array(arrays)]),
    ] {
        let value = super::apply(&world.inputs, name, &arguments).expect("a function");
        let parts = match value.kind() {
            Kind::Object(object) => object.properties.len(),
            Kind::Array(array) => array.items.len(),
            _ => panic!("{name}: {}", value.text()),
        };
        assert_eq!(parts, 20, "{name}");
    }
}

#[test]
fn an_alternative_that_is_wrong_leaves_the_others_their_results() {
    let world = World::new();
    let value = world.eval("union(['a'], if(flag, ['b'], 'c'))");
    let Kind::Cond(alternatives) = value.kind() else { panic!("{}", value.text()) };
    let (when, right) = alternatives.iter().find(|(_, value)| value.as_unknown().is_none()).expect("a right one");
    assert_eq!((when, right.text().as_str()), (&flag(&world), "['a', 'b']"));
}

#[test]
fn text_functions_keep_closed_inputs_as_holes() {
    let world = World::new();
    for (expression, expected) in [
        ("concat('id-', env)", "'id-{parameters(\\'env\\')}'"),
        ("format('{0}-{1}', env, free)", "'{parameters('env')}-{parameters('free')}'"),
        ("guid(env, 'a')", "guid(parameters('env'), 'a')"),
    ] {
        assert_eq!(world.eval(expression).text().replace('\\', ""), expected.replace('\\', ""), "{expression}");
    }
}

#[test]
fn a_closed_input_expands_to_its_alternatives() {
    let world = World::new();
    let value = super::expand(&world.inputs, &Value::input(&world.env));
    assert_eq!(value, Value::choose(&is_dev(&world), &Value::string("dev"), &Value::string("prod")));
}

#[test]
fn an_input_with_many_alternatives_stays_a_symbol() {
    let world = World::new();
    let many = world.inputs.declare("many", Some((0..17).map(Value::int).collect()));
    let value = super::apply(&world.inputs, "add", &[Value::input(&many), Value::int(1)]).expect("a function");
    assert_eq!(value.text(), "add(parameters('many'), 1)");
}

#[test]
fn too_many_combinations_are_a_limit() {
    let world = World::new();
    let choice = |name: &str| Value::input(&world.inputs.declare(name, Some((0..16).map(Value::int).collect())));
    let arguments = [choice("x"), choice("y"), choice("z")];
    let value = super::apply(&world.inputs, "max", &arguments).expect("a function");
    assert_eq!(value.as_unknown().map(|unknown| unknown.reason.kind), Some(rolecall_value::ReasonKind::Limit));
}
