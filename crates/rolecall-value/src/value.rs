//! Values.

use std::borrow::Cow;
use std::sync::Arc;

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

use crate::{Condition, Input, Key, Origin, ReasonKind, Unknown};

/// How many alternatives a conditional value may have; past it the value is unknown.
pub const MAX_ALTERNATIVES: usize = 64;

/// How large a value may be, counting shared parts as often as they stand in it; past it the value is unknown. It bounds
/// what strings that double at each step, and everything that walks values, can cost.
pub const MAX_SIZE: u32 = 1 << 20;

/// An immutable, shared value and where it comes from. Two values are `==` when they are built alike, wherever they come
/// from; whether they are worth the same is [`equality`](crate::equality)'s question.
#[derive(Clone, Debug)]
pub struct Value {
    pub(crate) kind: Kind,
    pub(crate) origin: Origin,
    pub(crate) size: u32,
}

/// What a value is.
#[derive(Clone, Debug)]
pub enum Kind {
    /// `null`.
    Null,
    /// A bool.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A number with a fraction: JSON data has them, template arithmetic has not.
    Float(f64),
    /// A string.
    Str(Arc<str>),
    /// A string with holes. Never empty, never one literal alone.
    Text(Arc<[Piece]>),
    /// An array.
    Array(Arc<Array>),
    /// An object.
    Object(Arc<Object>),
    /// Settled only by the deployment, or by whoever gives an input its value; equal to itself.
    Symbol(Arc<Symbol>),
    /// Not to be known, and why.
    Unknown(Arc<Unknown>),
    /// One of several, under conditions that exclude each other and together hold always. No alternative is conditional.
    Cond(Arc<[(Condition, Value)]>),
}

/// A part of a string with holes.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// Characters.
    Literal(Arc<str>),
    /// A symbolic or unknown value in string form.
    Hole(Value),
}

/// An array whose items may be there only under a condition.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Array {
    /// The items in order.
    pub items: Vec<Item>,
}

/// An item of an array.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// What it is.
    pub value: Value,
    /// When it is there.
    pub when: Condition,
    /// Whether it stands for any number of items, none included: a loop over something open.
    pub many: bool,
}

/// An object whose properties may be there only under a condition.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Object {
    /// The properties in order.
    pub properties: IndexMap<Key, Property, FxBuildHasher>,
    /// A value whose properties stand behind these: an open object that was merged in.
    pub rest: Option<Value>,
}

/// A property of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Property {
    /// Its name, where that is no known string: the key is then the name's canonical text. So stand the ids of
    /// `userAssignedIdentities`, which templates make from other names.
    pub name: Option<Value>,
    /// What it is.
    pub value: Value,
    /// When it is there.
    pub when: Condition,
}

/// A value that is settled later but equal to itself.
#[derive(Clone, Debug)]
pub enum Symbol {
    /// The value given to an open parameter.
    Input(Arc<Input>),
    /// A property of a resource that only the deployment settles.
    Attribute {
        /// The resource's id.
        resource: Value,
        /// The path in the resource as `reference(…, 'full')` shows it: `properties.principalId`, `identity.principalId`.
        path: Arc<str>,
    },
    /// A fact about where the deployment runs: `subscription().subscriptionId`, `resourceGroup().name`.
    Environment(Arc<str>),
    /// A pure function of arguments of which one at least is symbolic.
    Call {
        /// Its lower-case name; `member` is property access and `each` the element of an open array that a loop is at.
        function: Arc<str>,
        /// Its arguments.
        arguments: Vec<Value>,
    },
}

impl PartialEq for Symbol {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Symbol::Input(a), Symbol::Input(b)) => a.id == b.id,
            (Symbol::Attribute { resource: a, path: p }, Symbol::Attribute { resource: b, path: q }) => {
                p.eq_ignore_ascii_case(q) && a == b
            }
            (Symbol::Environment(a), Symbol::Environment(b)) => a == b,
            (Symbol::Call { function: f, arguments: a }, Symbol::Call { function: g, arguments: b }) => {
                f == g && a == b
            }
            _ => false,
        }
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Kind::Null, Kind::Null) => true,
            (Kind::Bool(a), Kind::Bool(b)) => a == b,
            (Kind::Int(a), Kind::Int(b)) => a == b,
            (Kind::Float(a), Kind::Float(b)) => a == b,
            (Kind::Str(a), Kind::Str(b)) => a == b,
            // Values share their parts, so the same part is often met again.
            (Kind::Text(a), Kind::Text(b)) => Arc::ptr_eq(a, b) || a == b,
            (Kind::Array(a), Kind::Array(b)) => Arc::ptr_eq(a, b) || a == b,
            (Kind::Object(a), Kind::Object(b)) => Arc::ptr_eq(a, b) || a == b,
            (Kind::Symbol(a), Kind::Symbol(b)) => Arc::ptr_eq(a, b) || a == b,
            (Kind::Unknown(a), Kind::Unknown(b)) => Arc::ptr_eq(a, b) || a.text == b.text,
            (Kind::Cond(a), Kind::Cond(b)) => Arc::ptr_eq(a, b) || a == b,
            _ => false,
        }
    }
}

impl Value {
    /// What it is.
    pub fn kind(&self) -> &Kind {
        &self.kind
    }

    /// How large it is, in parts of which [`MAX_SIZE`] are followed: a scalar is one, 16 bytes of a string are one more.
    pub fn size(&self) -> u32 {
        self.size
    }

    /// Where it comes from.
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// The same value from elsewhere.
    #[must_use]
    pub fn with_origin(mut self, origin: Origin) -> Self {
        self.origin = origin;
        self
    }

    /// The same value from elsewhere, unless it already has an origin.
    #[must_use]
    pub fn or_origin(self, origin: Origin) -> Self {
        if self.origin == Origin::NONE { self.with_origin(origin) } else { self }
    }

    /// Applies a function to each alternative; the result has the same conditions.
    #[must_use]
    pub fn map(&self, mut function: impl FnMut(&Value) -> Value) -> Value {
        match &self.kind {
            Kind::Cond(alternatives) => {
                let mapped: Vec<_> = alternatives.iter().map(|(when, value)| (when.clone(), function(value))).collect();
                Value::cond(mapped).or_origin(self.origin)
            }
            _ => function(self),
        }
    }

    /// The alternatives and when each holds; one that always does where the value is not conditional.
    pub fn alternatives(&self) -> Vec<(Condition, &Value)> {
        match &self.kind {
            Kind::Cond(alternatives) => alternatives.iter().map(|(when, value)| (when.clone(), value)).collect(),
            _ => vec![(Condition::TRUE, self)],
        }
    }

    /// The text of a known string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::Str(text) => Some(text),
            _ => None,
        }
    }

    /// A known integer.
    pub fn as_int(&self) -> Option<i64> {
        match self.kind {
            Kind::Int(value) => Some(value),
            _ => None,
        }
    }

    /// A known bool.
    pub fn as_bool(&self) -> Option<bool> {
        match self.kind {
            Kind::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// An array.
    pub fn as_array(&self) -> Option<&Array> {
        match &self.kind {
            Kind::Array(array) => Some(array),
            _ => None,
        }
    }

    /// An object.
    pub fn as_object(&self) -> Option<&Object> {
        match &self.kind {
            Kind::Object(object) => Some(object),
            _ => None,
        }
    }

    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null)
    }

    /// The reason, where it is unknown.
    pub fn as_unknown(&self) -> Option<&Unknown> {
        match &self.kind {
            Kind::Unknown(unknown) => Some(unknown),
            _ => None,
        }
    }

    /// The symbol, where it is one.
    pub fn as_symbol(&self) -> Option<&Symbol> {
        match &self.kind {
            Kind::Symbol(symbol) => Some(symbol),
            _ => None,
        }
    }

    /// Whether everything in it is known: no symbol, unknown, condition or open-ended part.
    pub fn is_known(&self) -> bool {
        match &self.kind {
            Kind::Null | Kind::Bool(_) | Kind::Int(_) | Kind::Float(_) | Kind::Str(_) => true,
            Kind::Text(_) | Kind::Symbol(_) | Kind::Unknown(_) | Kind::Cond(_) => false,
            Kind::Array(array) => {
                array.items.iter().all(|item| !item.many && item.when.is_true() && item.value.is_known())
            }
            Kind::Object(object) => {
                let known = |property: &Property| {
                    property.name.is_none() && property.when.is_true() && property.value.is_known()
                };
                object.rest.is_none() && object.properties.values().all(known)
            }
        }
    }

    /// The first unknown in it, looking into strings, arrays, objects and symbols.
    pub fn first_unknown(&self) -> Option<&Value> {
        self.find_unknown(&|_| true)
    }

    /// Calls `each` with every part of it that is unknown.
    pub fn each_unknown(&self, each: &mut dyn FnMut(&Unknown)) {
        let each = std::cell::RefCell::new(each);
        self.find_unknown(&|unknown| {
            (each.borrow_mut())(unknown);
            false
        });
    }

    /// The first part of it that is unknown for a reason of this kind.
    pub fn first_of_kind(&self, kind: ReasonKind) -> Option<&Value> {
        self.find_unknown(&|unknown| unknown.reason.kind == kind)
    }

    fn find_unknown(&self, wanted: &dyn Fn(&Unknown) -> bool) -> Option<&Value> {
        let find = |value| Value::find_unknown(value, wanted);
        match &self.kind {
            Kind::Unknown(unknown) if wanted(unknown) => Some(self),
            Kind::Text(pieces) => pieces.iter().find_map(|piece| match piece {
                Piece::Hole(value) => find(value),
                Piece::Literal(_) => None,
            }),
            Kind::Array(array) => array.items.iter().find_map(|item| find(&item.value)),
            Kind::Object(object) => object
                .properties
                .values()
                .flat_map(|property| property.name.iter().chain([&property.value]))
                .chain(object.rest.as_ref())
                .find_map(find),
            Kind::Symbol(symbol) => match &**symbol {
                Symbol::Attribute { resource, .. } => find(resource),
                Symbol::Call { arguments, .. } => arguments.iter().find_map(find),
                Symbol::Input(_) | Symbol::Environment(_) => None,
            },
            Kind::Cond(alternatives) => alternatives.iter().find_map(|(_, value)| find(value)),
            _ => None,
        }
    }

    /// A property by name, as templates look it up: without regard to case, `null` where a conditional one is absent.
    /// `None` where it cannot be there at all.
    pub fn get(&self, name: &str) -> Option<Value> {
        match &self.kind {
            Kind::Object(object) => object.get(name),
            Kind::Symbol(symbol) => Some(symbol.member(self, name)),
            Kind::Unknown(unknown) => Some(self.derived(unknown, &format!(".{name}"))),
            Kind::Cond(alternatives) => {
                let found: Vec<_> = alternatives.iter().map(|(when, value)| (when.clone(), value.get(name))).collect();
                found.iter().any(|(_, value)| value.is_some()).then(|| {
                    Value::cond(found.into_iter().map(|(when, value)| (when, value.unwrap_or_else(Value::null))))
                })
            }
            _ => None,
        }
    }

    /// An unknown made from this unknown by an access that is written `suffix`.
    pub(crate) fn derived(&self, unknown: &Unknown, suffix: &str) -> Value {
        let derived =
            Unknown { reason: unknown.reason.clone(), of_type: None, text: format!("{}{suffix}", unknown.text).into() };
        Value::from(Kind::Unknown(Arc::new(derived))).with_origin(self.origin)
    }

    /// How a scalar reads inside a string.
    pub(crate) fn scalar_text(&self) -> Option<Cow<'_, str>> {
        match &self.kind {
            Kind::Str(text) => Some(Cow::Borrowed(text)),
            Kind::Int(value) => Some(value.to_string().into()),
            Kind::Float(value) => Some(value.to_string().into()),
            // As .NET writes them, and so Azure.
            Kind::Bool(value) => Some(if *value { "True" } else { "False" }.into()),
            Kind::Null => Some("".into()),
            _ => None,
        }
    }

    /// Whether a string made of this value alone is the value itself.
    pub(crate) fn is_stringlike(&self) -> bool {
        match &self.kind {
            Kind::Symbol(symbol) => match &**symbol {
                Symbol::Attribute { .. } | Symbol::Environment(_) => true,
                Symbol::Call { function, .. } => &**function != "member" && &**function != "each",
                Symbol::Input(_) => true,
            },
            Kind::Unknown(_) => true,
            _ => false,
        }
    }
}

impl Symbol {
    /// The value of a property of this symbol; `value` is the symbol as a value.
    fn member(&self, value: &Value, name: &str) -> Value {
        let symbol = match self {
            Symbol::Attribute { resource, path } if path.is_empty() => {
                Symbol::Attribute { resource: resource.clone(), path: name.into() }
            }
            Symbol::Attribute { resource, path } => {
                Symbol::Attribute { resource: resource.clone(), path: format!("{path}.{name}").into() }
            }
            Symbol::Environment(fact) => Symbol::Environment(format!("{fact}.{name}").into()),
            Symbol::Input(_) | Symbol::Call { .. } => {
                Symbol::Call { function: "member".into(), arguments: vec![value.clone(), Value::string(name)] }
            }
        };
        Value::from(symbol).with_origin(value.origin)
    }
}

impl Object {
    /// Adds a property; one of the same name is replaced where the new one is there. A conditional name adds one
    /// property for each of its alternatives.
    pub fn insert(&mut self, name: &Value, property: Property) {
        for (when, name) in name.alternatives() {
            let key = match name.as_str() {
                Some(text) => Key::from(text),
                None => Key::from(name.text()),
            };
            let when = property.when.and(&when);
            let old = self.properties.get(&key).filter(|_| !when.is_true());
            let property = match old {
                Some(old) => Property {
                    name: old.name.clone(),
                    value: Value::choose(&when, &property.value, &old.value),
                    when: when.or(&old.when),
                },
                None => Property {
                    name: name.as_str().is_none().then(|| name.clone()),
                    value: property.value.clone(),
                    when,
                },
            };
            self.properties.insert(key, property);
        }
    }

    /// The properties with their names as values.
    pub fn entries(&self) -> impl Iterator<Item = (Value, &Property)> {
        self.properties
            .iter()
            .map(|(key, property)| (property.name.clone().unwrap_or_else(|| Value::string(key.shared())), property))
    }

    fn get(&self, name: &str) -> Option<Value> {
        let behind = |object: &Object| object.rest.as_ref().and_then(|rest| rest.get(name));
        match self.properties.get(&Key::from(name)) {
            Some(property) if property.when.is_true() => Some(property.value.clone()),
            Some(property) => {
                let otherwise = behind(self).unwrap_or_else(Value::null);
                Some(Value::choose(&property.when, &property.value, &otherwise))
            }
            None => behind(self),
        }
    }
}
