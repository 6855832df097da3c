//! A small expression language for tests: `concat('a', env)`, with single names for parameters.

use std::sync::Arc;

use rolecall_source::{FileId, Span};
use rolecall_value::{Input, Inputs, Point, ReasonKind, Value, substitute};

use super::super::{apply, call_with_lambda};

/// The parameters that tests speak of.
pub struct World {
    pub inputs: Inputs,
    /// Closed: `'dev'` or `'prod'`.
    pub env: Arc<Input>,
    /// A bool.
    pub flag: Arc<Input>,
    /// Another bool.
    pub other: Arc<Input>,
    /// Closed: 1, 2 or 3.
    pub number: Arc<Input>,
    /// Without a value.
    pub free: Arc<Input>,
    /// Values given instead of the inputs, in their order.
    pub given: Option<Vec<Value>>,
}

impl World {
    pub fn new() -> Self {
        let inputs = Inputs::default();
        let bools = || Some(vec![Value::bool(true), Value::bool(false)]);
        World {
            env: inputs.declare("env", Some(vec![Value::string("dev"), Value::string("prod")])),
            flag: inputs.declare("flag", bools()),
            other: inputs.declare("other", bools()),
            number: inputs.declare("number", Some(vec![Value::int(1), Value::int(2), Value::int(3)])),
            free: inputs.declare("free", None),
            inputs,
            given: None,
        }
    }

    pub fn all(&self) -> [&Arc<Input>; 5] {
        [&self.env, &self.flag, &self.other, &self.number, &self.free]
    }

    /// The worth of an expression.
    pub fn eval(&self, text: &str) -> Value {
        let mut reader = Reader { world: self, rest: text.trim(), locals: Vec::new() };
        let value = reader.expression();
        assert!(reader.rest.is_empty(), "left over: {}", reader.rest);
        value
    }

    /// The value where the inputs have these values.
    pub fn at(&self, value: &Value, given: &[Value]) -> Value {
        let mut point = Point::default();
        for (input, value) in self.all().into_iter().zip(given) {
            point.set(input.id, value.clone());
        }
        substitute(&self.inputs, value, &point, &|name, arguments| apply(&self.inputs, name, arguments))
    }

    fn name(&self, name: &str) -> Value {
        if let Some(place) = self.all().iter().position(|input| &*input.name == name) {
            return match &self.given {
                Some(given) => given[place].clone(),
                None => Value::input(self.all()[place]),
            };
        }
        match name {
            "principal" => Value::attribute(
                Value::string("/subscriptions/s/resourceGroups/g/providers/A.B/c/d"),
                "properties.principalId",
            ),
            "subscriptionId" => Value::environment("subscription().subscriptionId"),
            "unread" => Value::unknown(ReasonKind::Unread, "the module could not be read", "module.out"),
            _ => panic!("no name {name}"),
        }
    }
}

pub fn span() -> Span {
    Span::new(FileId(0), 0, 0)
}

struct Reader<'a> {
    world: &'a World,
    rest: &'a str,
    locals: Vec<(&'a str, Value)>,
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest.trim_start();
        taken
    }

    fn eat(&mut self, character: char) -> bool {
        let found = self.rest.starts_with(character);
        if found {
            self.take(character.len_utf8());
        }
        found
    }

    fn arguments(&mut self, end: char) -> Vec<Value> {
        let mut values = Vec::new();
        while !self.eat(end) {
            values.push(self.expression());
            self.eat(',');
        }
        values
    }

    fn expression(&mut self) -> Value {
        if self.eat('[') {
            return Value::array(self.arguments(']'));
        }
        if self.rest.starts_with('\'') {
            let end = self.rest[1..].find('\'').expect("a closed string") + 2;
            let text = self.take(end);
            return Value::string(&text[1..text.len() - 1]);
        }
        let end = self.rest.find(|letter: char| !letter.is_alphanumeric() && letter != '-').unwrap_or(self.rest.len());
        let word = self.take(end);
        if let Ok(number) = word.parse() {
            return Value::int(number);
        }
        if self.eat('(') {
            // A lambda is the rest of the call: `map(array, x => body)`.
            let mut values = Vec::new();
            while !self.eat(')') {
                let name_end = self.rest.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(0);
                if self.rest[name_end..].trim_start().starts_with("=>") || self.rest.starts_with('|') {
                    return self.lambda(&word.to_lowercase(), &values);
                }
                values.push(self.expression());
                self.eat(',');
            }
            return apply(&self.world.inputs, &word.to_lowercase(), &values)
                .unwrap_or_else(|| panic!("no function {word}"));
        }
        match word {
            "true" | "false" => Value::bool(word == "true"),
            "null" => Value::null(),
            _ => match self.locals.iter().rev().find(|(name, _)| *name == word) {
                Some((_, value)) => value.clone(),
                None => self.world.name(word),
            },
        }
    }

    /// `x => body)` or `|a b| => body)`.
    fn lambda(&mut self, name: &str, values: &[Value]) -> Value {
        let arrow = self.rest.find("=>").expect("an arrow");
        let names: Vec<&str> = self.take(arrow).trim_matches(['|', ' ']).split(' ').collect();
        self.take(2);
        let body = self.rest;
        let mut after = None;
        let (world, locals) = (self.world, self.locals.clone());
        let mut skip = |given: &[Value]| {
            let mut reader = Reader { world, rest: body, locals: locals.clone() };
            reader.locals.extend(names.iter().copied().zip(given.iter().cloned()));
            let value = reader.expression();
            after = Some(reader.rest);
            value
        };
        // Once for its length, whether the function calls it or not.
        let nothing = vec![Value::null(); names.len()];
        skip(&nothing);
        let value = call_with_lambda(&world.inputs, name, values, &mut [&mut skip], span()).expect("a lambda function");
        self.rest = after.expect("it was read");
        assert!(self.eat(')'), "a call ends with its lambda: {}", self.rest);
        value
    }
}
