//! Conditions, equality and substitution against brute force over all assignments of small domains.

use std::sync::Arc;

use proptest::prelude::*;
use rolecall_value::{
    Array, Case, Chosen, Condition, Input, Inputs, Item, Object, Point, Property, Value, equality, substitute, truth,
};

/// Two bools, a closed set of three, an open input and an opaque test.
struct World {
    inputs: Inputs,
    declared: Vec<Arc<Input>>,
}

/// What the inputs are, and whether the opaque test holds.
#[derive(Clone, Debug)]
struct Assignment {
    values: Vec<Value>,
    opaque: bool,
}

const CONSTANTS: [&str; 3] = ["a", "b", "c"];

impl World {
    fn new() -> Self {
        let inputs = Inputs::default();
        let bools = || Some(vec![Value::bool(true), Value::bool(false)]);
        let set = CONSTANTS.iter().map(|constant| Value::string(*constant)).collect();
        let declared = vec![
            inputs.declare("x", bools()),
            inputs.declare("y", bools()),
            inputs.declare("set", Some(set)),
            inputs.declare("open", None),
        ];
        World { inputs, declared }
    }

    /// Every assignment: the open input is one of the constants, or something else.
    fn assignments() -> Vec<Assignment> {
        let mut all = Vec::new();
        for x in [false, true] {
            for y in [false, true] {
                for set in CONSTANTS {
                    for open in ["a", "b", "c", "something else"] {
                        for opaque in [false, true] {
                            let values = vec![Value::bool(x), Value::bool(y), Value::string(set), Value::string(open)];
                            all.push(Assignment { values, opaque });
                        }
                    }
                }
            }
        }
        all
    }

    fn point(&self, assignment: &Assignment) -> Point {
        let mut point = Point::default();
        for (input, value) in self.declared.iter().zip(&assignment.values) {
            point.set(input.id, value.clone());
        }
        point
    }

    fn opaque(&self) -> Condition {
        self.inputs.opaque("test")
    }

    /// Whether a condition holds under an assignment, asked without looking at how it was built.
    fn holds(&self, condition: &Condition, assignment: &Assignment) -> bool {
        let at = self.inputs.at(condition, &self.point(assignment));
        let opaque = self.opaque();
        let chosen = if assignment.opaque { opaque } else { opaque.not() };
        assert!(chosen.implies(&at) || chosen.excludes(&at), "an assignment leaves nothing open: {at:?}");
        chosen.implies(&at)
    }

    fn value(&self, value: &Value, assignment: &Assignment) -> Value {
        let value = substitute(&self.inputs, value, &self.point(assignment), &|_, _| None);
        resolve(self, &value, assignment)
    }
}

/// The value where the opaque test is decided too.
fn resolve(world: &World, value: &Value, assignment: &Assignment) -> Value {
    let (_, chosen) = value
        .alternatives()
        .into_iter()
        .find(|(when, _)| world.holds(when, assignment))
        .expect("one alternative holds");
    if let Some(array) = chosen.as_array() {
        let items = array.items.iter().filter(|item| world.holds(&item.when, assignment));
        return Value::array(items.map(|item| resolve(world, &item.value, assignment)));
    }
    if let Some(object) = chosen.as_object() {
        let properties = object.properties.iter().filter(|(_, property)| world.holds(&property.when, assignment));
        return Value::object(
            properties.map(|(key, property)| (key.clone(), resolve(world, &property.value, assignment))),
        );
    }
    chosen.clone()
}

/// A boolean expression.
#[derive(Clone, Debug)]
enum Formula {
    Bool(usize),
    Is(usize, usize),
    Opaque,
    Constant(bool),
    Not(Box<Formula>),
    And(Box<Formula>, Box<Formula>),
    Or(Box<Formula>, Box<Formula>),
}

impl Formula {
    fn condition(&self, world: &World) -> Condition {
        match self {
            Formula::Bool(input) => truth(&world.inputs, &Value::input(&world.declared[*input])),
            Formula::Is(input, constant) => {
                world.inputs.is(&world.declared[*input], &Value::string(CONSTANTS[*constant]))
            }
            Formula::Opaque => world.opaque(),
            Formula::Constant(value) => Condition::constant(*value),
            Formula::Not(inner) => inner.condition(world).not(),
            Formula::And(a, b) => a.condition(world).and(&b.condition(world)),
            Formula::Or(a, b) => a.condition(world).or(&b.condition(world)),
        }
    }

    fn holds(&self, assignment: &Assignment) -> bool {
        match self {
            Formula::Bool(input) => assignment.values[*input].as_bool() == Some(true),
            Formula::Is(input, constant) => assignment.values[*input].as_str() == Some(CONSTANTS[*constant]),
            Formula::Opaque => assignment.opaque,
            Formula::Constant(value) => *value,
            Formula::Not(inner) => !inner.holds(assignment),
            Formula::And(a, b) => a.holds(assignment) && b.holds(assignment),
            Formula::Or(a, b) => a.holds(assignment) || b.holds(assignment),
        }
    }
}

fn formula() -> impl Strategy<Value = Formula> {
    let leaf = prop_oneof![
        (0..2usize).prop_map(Formula::Bool),
        (2..4usize, 0..3usize).prop_map(|(input, constant)| Formula::Is(input, constant)),
        Just(Formula::Opaque),
        any::<bool>().prop_map(Formula::Constant),
    ];
    leaf.prop_recursive(4, 24, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|a| Formula::Not(Box::new(a))),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| Formula::And(Box::new(a), Box::new(b))),
            (inner.clone(), inner).prop_map(|(a, b)| Formula::Or(Box::new(a), Box::new(b))),
        ]
    })
}

/// A value with conditions in it; holes and symbols are inputs.
#[derive(Clone, Debug)]
enum Shape {
    Text(usize),
    Input(usize),
    Null,
    Choose(Formula, Box<Shape>, Box<Shape>),
    Array(Vec<(Formula, Shape)>),
    Object(Vec<(usize, Formula, Shape)>),
}

impl Shape {
    fn value(&self, world: &World) -> Value {
        match self {
            Shape::Text(constant) => Value::string(CONSTANTS[*constant]),
            Shape::Input(input) => Value::input(&world.declared[*input]),
            Shape::Null => Value::null(),
            Shape::Choose(when, then, otherwise) => {
                Value::choose(&when.condition(world), &then.value(world), &otherwise.value(world))
            }
            Shape::Array(items) => {
                let items = items.iter().map(|(when, shape)| Item {
                    value: shape.value(world),
                    when: when.condition(world),
                    many: false,
                });
                Array { items: items.collect() }.into()
            }
            Shape::Object(properties) => {
                let mut object = Object::default();
                for (name, when, shape) in properties {
                    let property = Property { name: None, value: shape.value(world), when: when.condition(world) };
                    object.insert(&Value::string(CONSTANTS[*name]), property);
                }
                object.into()
            }
        }
    }

    /// The value under an assignment, by the plain meaning of the shape.
    fn at(&self, assignment: &Assignment) -> Value {
        match self {
            Shape::Text(constant) => Value::string(CONSTANTS[*constant]),
            Shape::Input(input) => assignment.values[*input].clone(),
            Shape::Null => Value::null(),
            Shape::Choose(when, then, otherwise) => {
                if when.holds(assignment) {
                    then.at(assignment)
                } else {
                    otherwise.at(assignment)
                }
            }
            Shape::Array(items) => Value::array(
                items.iter().filter(|(when, _)| when.holds(assignment)).map(|(_, shape)| shape.at(assignment)),
            ),
            Shape::Object(properties) => {
                let mut object = Object::default();
                for (name, _, shape) in properties.iter().filter(|(_, when, _)| when.holds(assignment)) {
                    object.insert(&Value::string(CONSTANTS[*name]), shape.at(assignment).into());
                }
                object.into()
            }
        }
    }
}

fn shape() -> impl Strategy<Value = Shape> {
    let leaf = prop_oneof![(0..3usize).prop_map(Shape::Text), (0..4usize).prop_map(Shape::Input), Just(Shape::Null)];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            2 => (formula(), inner.clone(), inner.clone())
                .prop_map(|(when, a, b)| Shape::Choose(when, Box::new(a), Box::new(b))),
            1 => prop::collection::vec((formula(), inner.clone()), 0..3).prop_map(Shape::Array),
            1 => prop::collection::vec((0..3usize, formula(), inner), 0..3).prop_map(Shape::Object),
        ]
    })
}

/// Whether two known values are the same, objects without regard to the order of their properties.
fn same(a: &Value, b: &Value) -> bool {
    match (a.as_object(), b.as_object(), a.as_array(), b.as_array()) {
        (Some(x), Some(y), ..) => {
            x.properties.len() == y.properties.len()
                && x.properties.iter().all(|(key, property)| {
                    y.properties.get(key).is_some_and(|other| same(&property.value, &other.value))
                })
        }
        (_, _, Some(x), Some(y)) => {
            x.items.len() == y.items.len() && x.items.iter().zip(&y.items).all(|(x, y)| same(&x.value, &y.value))
        }
        _ => a == b,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn conditions_hold_where_their_formulas_do(formula in formula()) {
        let world = World::new();
        let condition = formula.condition(&world);
        for assignment in World::assignments() {
            prop_assert_eq!(world.holds(&condition, &assignment), formula.holds(&assignment), "{:?}", assignment);
        }
    }

    #[test]
    fn relations_between_conditions_agree_with_all_assignments(a in formula(), b in formula()) {
        let world = World::new();
        let (x, y) = (a.condition(&world), b.condition(&world));
        let all = World::assignments();
        prop_assert_eq!(x.implies(&y), all.iter().all(|at| !a.holds(at) || b.holds(at)));
        prop_assert_eq!(x.excludes(&y), all.iter().all(|at| !a.holds(at) || !b.holds(at)));
        prop_assert_eq!(x == y, all.iter().all(|at| a.holds(at) == b.holds(at)));
        prop_assert_eq!(x.is_true(), all.iter().all(|at| a.holds(at)));
        prop_assert_eq!(x.is_satisfiable(), all.iter().any(|at| a.holds(at)));
        prop_assert_eq!(x.and_not(&y).is_false(), x.implies(&y));
    }

    #[test]
    fn a_witness_satisfies_and_avoids_opaque_tests(formula in formula(), start in 0..96usize) {
        let world = World::new();
        let condition = formula.condition(&world);
        let all = World::assignments();
        let from = &all[start];
        let Some(witness) = world.inputs.witness(&condition, &world.point(from)) else {
            prop_assert!(!all.iter().any(|at| formula.holds(at)), "no witness although there is one");
            return Ok(());
        };
        let mut found = from.clone();
        for choice in &witness.choices {
            let place = choice.input.id.0 as usize;
            found.values[place] = match &choice.value {
                Chosen::Is(value) => value.clone(),
                Chosen::IsNoneOf(_) => Value::string("something else"),
            };
        }
        for (_, holds) in &witness.opaque {
            found.opaque = *holds;
        }
        prop_assert!(formula.holds(&found), "{witness} does not satisfy");
        if witness.opaque.is_empty() {
            // Then it holds whatever the opaque test says.
            found.opaque = !found.opaque;
            prop_assert!(formula.holds(&found), "{witness} needs the opaque test");
        } else {
            let without = |at: &&Assignment| formula.holds(at) && formula.holds(&Assignment { opaque: !at.opaque, values: at.values.clone() });
            prop_assert!(all.iter().find(without).is_none(), "{witness} uses an opaque test without need");
        }
        if formula.holds(from) && formula.holds(&Assignment { opaque: !from.opaque, values: from.values.clone() }) {
            prop_assert!(witness.choices.is_empty(), "the point itself satisfies, but {witness}");
        }
    }

    #[test]
    fn equality_agrees_with_all_assignments(a in shape(), b in shape()) {
        let world = World::new();
        let (x, y) = (a.value(&world), b.value(&world));
        let answer = equality(&world.inputs, &x, &y, Case::Sensitive);
        prop_assert!(answer.equal.excludes(&answer.different), "both equal and different");
        for at in World::assignments() {
            let equal = same(&a.at(&at), &b.at(&at));
            prop_assert!(equal || !world.holds(&answer.equal, &at), "wrongly equal at {:?}", at);
            prop_assert!(!equal || !world.holds(&answer.different, &at), "wrongly different at {:?}", at);
        }
    }

    #[test]
    fn equality_of_closed_scalars_is_decided_everywhere(a in formula(), b in formula(), x in 0..3usize, y in 0..3usize) {
        let world = World::new();
        let choose = |when: &Formula, constant: usize| {
            Value::choose(&when.condition(&world), &Value::string(CONSTANTS[constant]), &Value::input(&world.declared[2]))
        };
        let constant = Value::string(CONSTANTS[y]);
        let other = Value::choose(&b.condition(&world), &constant, &Value::null());
        let answer = equality(&world.inputs, &choose(&a, x), &other, Case::Sensitive);
        prop_assert!(answer.undecided().is_false());
    }

    #[test]
    fn substituting_a_point_gives_the_value_there(shape in shape()) {
        let world = World::new();
        let value = shape.value(&world);
        for at in World::assignments() {
            let (found, expected) = (world.value(&value, &at), shape.at(&at));
            prop_assert!(same(&found, &expected), "{} and not {} at {:?}", found.text(), expected.text(), at);
        }
    }
}
