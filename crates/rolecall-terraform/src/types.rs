//! Type constraints, and the conversion of values to them.

use std::sync::Arc;

use indexmap::IndexMap;
use rolecall_value::{Array, Item, Kind, Object, Property, Value};

use crate::syntax::{Expr, ExprKind};
use crate::values::{as_set, make_set, number_text, scalar_text};

/// A type constraint.
#[derive(Clone, Debug)]
pub enum Type {
    /// `any`, or what is not understood.
    Any,
    /// `string`.
    String,
    /// `number`.
    Number,
    /// `bool`.
    Bool,
    /// `list(…)`.
    List(Box<Type>),
    /// `set(…)`.
    Set(Box<Type>),
    /// `map(…)`.
    Map(Box<Type>),
    /// `tuple([…])`.
    Tuple(Vec<Type>),
    /// `object({…})`.
    Object(IndexMap<Arc<str>, Field>),
}

/// An attribute of an object type.
#[derive(Clone, Debug)]
pub struct Field {
    of: Type,
    /// What stands for an absent attribute, where it may be absent.
    optional: Option<Value>,
}

impl Type {
    /// Reads a type constraint; old configurations quote it.
    pub fn parse(expr: &Expr) -> Type {
        match &expr.kind {
            ExprKind::Variable(name) | ExprKind::Str(name) => match &**name {
                "string" => Type::String,
                "number" => Type::Number,
                "bool" => Type::Bool,
                "list" => Type::List(Box::new(Type::Any)),
                "set" => Type::Set(Box::new(Type::Any)),
                "map" => Type::Map(Box::new(Type::Any)),
                _ => Type::Any,
            },
            ExprKind::Call(name, arguments, _) => {
                let inner = || Box::new(arguments.first().map_or(Type::Any, Type::parse));
                match (&**name, arguments.first().map(|argument| &argument.kind)) {
                    ("list", _) => Type::List(inner()),
                    ("set", _) => Type::Set(inner()),
                    ("map", _) => Type::Map(inner()),
                    ("tuple", Some(ExprKind::Tuple(items))) => Type::Tuple(items.iter().map(Type::parse).collect()),
                    ("object", Some(ExprKind::Object(entries))) => Type::Object(
                        entries
                            .iter()
                            .filter_map(|(key, value)| Some((Arc::from(key.literal()?), Field::parse(value))))
                            .collect(),
                    ),
                    _ => Type::Any,
                }
            }
            _ => Type::Any,
        }
    }

    /// Converts a value as far as it is known. What does not fit stays as it is: saying so is `validate`'s business.
    pub fn convert(&self, value: &Value) -> Value {
        if let Kind::Cond(_) = value.kind() {
            return value.map(|value| self.convert(value));
        }
        if value.is_null() {
            return value.clone();
        }
        let converted = match self {
            Type::Any => return value.clone(),
            Type::String => match scalar_text(value) {
                Some(text) => Value::string(text),
                None => return value.clone(),
            },
            Type::Number => match value.as_str().and_then(parse_number) {
                Some(number) => number,
                None => return value.clone(),
            },
            Type::Bool => match value.as_str() {
                Some("true") => Value::bool(true),
                Some("false") => Value::bool(false),
                _ => return value.clone(),
            },
            Type::List(of) => match as_set(value).or(value.as_array()) {
                Some(array) => each(array, of).into(),
                None => return value.clone(),
            },
            Type::Set(of) => match as_set(value).or(value.as_array()) {
                Some(array) => make_set(each(array, of).items),
                None => return value.clone(),
            },
            Type::Tuple(types) => match value.as_array() {
                Some(array) => {
                    let items = array.items.iter().enumerate().map(|(place, item)| Item {
                        value: types.get(place).map_or_else(|| item.value.clone(), |of| of.convert(&item.value)),
                        ..item.clone()
                    });
                    Array { items: items.collect() }.into()
                }
                None => return value.clone(),
            },
            Type::Map(of) => match value.as_object() {
                Some(object) => {
                    let mut out = object.clone();
                    for property in out.properties.values_mut() {
                        property.value = of.convert(&property.value);
                    }
                    out.into()
                }
                None => return value.clone(),
            },
            Type::Object(fields) => match value.as_object() {
                Some(object) => convert_object(object, fields),
                None => return value.clone(),
            },
        };
        converted.or_origin(value.origin())
    }
}

impl Field {
    fn parse(expr: &Expr) -> Field {
        match &expr.kind {
            ExprKind::Call(name, arguments, _) if &**name == "optional" => {
                let of = arguments.first().map_or(Type::Any, Type::parse);
                let default = arguments.get(1).map_or_else(Value::null, static_value);
                Field { optional: Some(of.convert(&default)), of }
            }
            _ => Field { of: Type::parse(expr), optional: None },
        }
    }
}

fn each(array: &Array, of: &Type) -> Array {
    Array { items: array.items.iter().map(|item| Item { value: of.convert(&item.value), ..item.clone() }).collect() }
}

fn convert_object(object: &Object, fields: &IndexMap<Arc<str>, Field>) -> Value {
    let mut out = Object { rest: object.rest.clone(), ..Object::default() };
    for (name, field) in fields {
        let found = object.properties.get(&rolecall_value::Key::from(name.clone()));
        let key = Value::string(name.clone());
        match (found, &field.optional) {
            (Some(property), optional) => {
                // An attribute that is `null` takes its default too.
                let value = property.value.map(|value| match optional {
                    Some(default) if value.is_null() => default.clone(),
                    _ => field.of.convert(value),
                });
                let value = match optional {
                    Some(default) if !property.when.is_true() => Value::choose(&property.when, &value, default),
                    _ => value,
                };
                let when = if optional.is_some() { rolecall_value::Condition::TRUE } else { property.when.clone() };
                out.insert(&key, Property { name: None, value, when });
            }
            (None, Some(default)) if object.rest.is_none() => out.insert(&key, Property::from(default.clone())),
            _ => {}
        }
    }
    out.into()
}

/// A number written in a string.
pub fn parse_number(text: &str) -> Option<Value> {
    if let Ok(int) = text.parse::<i64>() {
        return Some(Value::int(int));
    }
    let float: f64 = text.parse().ok().filter(|float: &f64| float.is_finite())?;
    Some(from_float(float))
}

/// A number as an integer where it is one.
pub fn from_float(float: f64) -> Value {
    if float.fract() == 0.0 && float.abs() < 9e15 {
        return Value::int(float as i64);
    }
    Kind::Float(float).into()
}

/// The value of an expression that may not refer to anything: defaults of variables and optional attributes.
pub fn static_value(expr: &Expr) -> Value {
    match &expr.kind {
        ExprKind::Null => Value::null(),
        ExprKind::Bool(value) => Value::bool(*value),
        ExprKind::Int(value) => Value::int(*value),
        ExprKind::Float(value) => from_float(*value),
        ExprKind::Str(text) => Value::string(text.clone()),
        ExprKind::Tuple(items) => Value::array(items.iter().map(static_value)),
        ExprKind::Object(entries) => {
            let mut object = Object::default();
            for (key, value) in entries {
                let key = static_value(key);
                let key = match number_text(&key) {
                    Some(text) => Value::string(text),
                    None => key,
                };
                object.insert(&key, Property::from(static_value(value)));
            }
            object.into()
        }
        ExprKind::Unary(crate::syntax::Unary::Minus, inner) => match static_value(inner).kind() {
            Kind::Int(value) => Value::int(value.saturating_neg()),
            Kind::Float(value) => from_float(-value),
            _ => Value::null(),
        },
        _ => Value::unknown(
            rolecall_value::ReasonKind::Invalid,
            "a default must not refer to anything",
            format!("default at {}", expr.span.start),
        ),
    }
}
