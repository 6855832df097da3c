//! Values.

use std::sync::Arc;

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

use crate::{Condition, Input, Key, Origin};

/// How many alternatives a conditional value may have; past it the value is unknown.
pub const MAX_ALTERNATIVES: usize = 64;

/// How large a value may be, counting shared parts as often as they stand in it; past it the value is unknown. It bounds
/// what strings that double at each step, and everything that walks values, can cost.
pub const MAX_SIZE: u32 = 1 << 20;

/// An immutable, shared value and where it comes from. Two values are `==` when they are built alike, wherever they come
/// from; whether they are worth the same is [`equality`](crate::equality)'s question.
#[derive(Clone, Debug)]
pub struct Value {
    kind: Kind,
    origin: Origin,
    size: u32,
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

/// A value that cannot be known.
#[derive(Clone, Debug, PartialEq)]
pub struct Unknown {
    /// Why.
    pub reason: Reason,
    /// Its type, where that is known.
    pub of_type: Option<Type>,
    /// The canonical text of the expression behind it. The same text in one deployment is the same value.
    pub text: Arc<str>,
}

/// Why something is unknown.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reason {
    /// The kind, by which reasons are counted.
    pub kind: ReasonKind,
    /// The particulars.
    pub detail: Arc<str>,
}

/// Kinds of reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ReasonKind {
    /// A construct or function that is not evaluated.
    Unsupported,
    /// A module, linked template or file that could not be read.
    Unread,
    /// A limit of the analyser.
    Limit,
    /// The template cannot be read there.
    Invalid,
    /// Azure evaluates it, and refuses the deployment when it does: a property that is not there, an argument of the
    /// wrong type. So nothing that is deployed has this value.
    Refused,
    /// Only the running deployment decides, and nothing identifies the value.
    Runtime,
}

impl ReasonKind {
    /// The lower-case name that reports show.
    pub fn name(self) -> &'static str {
        match self {
            ReasonKind::Unsupported => "unsupported",
            ReasonKind::Unread => "unread",
            ReasonKind::Limit => "limit",
            ReasonKind::Invalid => "invalid",
            ReasonKind::Refused => "refused",
            ReasonKind::Runtime => "runtime",
        }
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.detail)
    }
}

/// Types as templates name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// `bool`.
    Bool,
    /// `int`.
    Int,
    /// `string`.
    String,
    /// `array`.
    Array,
    /// `object`.
    Object,
}

impl Type {
    /// The lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            Type::Bool => "bool",
            Type::Int => "int",
            Type::String => "string",
            Type::Array => "array",
            Type::Object => "object",
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

impl From<Kind> for Value {
    fn from(kind: Kind) -> Self {
        let size = kind.size();
        let value = Value { kind, origin: Origin::NONE, size };
        if size <= MAX_SIZE {
            return value;
        }
        let detail = format!("the value is larger than the {MAX_SIZE} parts that are followed");
        Value::unknown(ReasonKind::Limit, detail, digest(&[&value]))
    }
}

/// A short text that stands for values too many or too large to name.
fn digest(values: &[&Value]) -> String {
    let mut hasher = rustc_hash::FxHasher::default();
    for value in values {
        std::hash::Hash::hash(&value.text(), &mut hasher);
    }
    format!("limit#{:016x}", std::hash::Hasher::finish(&hasher))
}

impl Kind {
    fn size(&self) -> u32 {
        let sum = |sizes: &mut dyn Iterator<Item = u32>| sizes.fold(1, u32::saturating_add);
        let text = |text: &str| u32::try_from(text.len() / 16).unwrap_or(u32::MAX);
        match self {
            Kind::Null | Kind::Bool(_) | Kind::Int(_) | Kind::Float(_) => 1,
            Kind::Str(string) => text(string).saturating_add(1),
            Kind::Unknown(unknown) => text(&unknown.text).saturating_add(1),
            Kind::Text(pieces) => sum(&mut pieces.iter().map(|piece| match piece {
                Piece::Literal(string) => text(string),
                Piece::Hole(value) => value.size,
            })),
            Kind::Array(array) => sum(&mut array.items.iter().map(|item| item.value.size)),
            Kind::Object(object) => {
                let properties =
                    object.properties.values().flat_map(|property| property.name.iter().chain([&property.value]));
                sum(&mut properties.chain(&object.rest).map(|value| value.size))
            }
            Kind::Symbol(symbol) => match &**symbol {
                Symbol::Input(_) | Symbol::Environment(_) => 1,
                Symbol::Attribute { resource, path } => resource.size.saturating_add(text(path)),
                Symbol::Call { arguments, .. } => sum(&mut arguments.iter().map(|argument| argument.size)),
            },
            Kind::Cond(alternatives) => sum(&mut alternatives.iter().map(|(_, value)| value.size)),
        }
    }
}

impl Value {
    /// `null`.
    pub fn null() -> Self {
        Kind::Null.into()
    }

    /// A bool.
    pub fn bool(value: bool) -> Self {
        Kind::Bool(value).into()
    }

    /// An integer.
    pub fn int(value: i64) -> Self {
        Kind::Int(value).into()
    }

    /// A string.
    pub fn string(text: impl Into<Arc<str>>) -> Self {
        Kind::Str(text.into()).into()
    }

    /// A string of pieces: neighbouring literals are joined, nested strings are spliced in, scalars are written out. A
    /// hole must not be conditional (see [`Value::map`]).
    pub fn pieces(pieces: impl IntoIterator<Item = Piece>) -> Self {
        let mut out: Vec<Piece> = Vec::new();
        let mut literal = String::new();
        let flush = |literal: &mut String, out: &mut Vec<Piece>| {
            if !literal.is_empty() {
                out.push(Piece::Literal(std::mem::take(literal).into()));
            }
        };
        let mut add = |piece: &Piece, literal: &mut String| match piece {
            Piece::Literal(text) => literal.push_str(text),
            Piece::Hole(value) => match value.scalar_text() {
                Some(text) => literal.push_str(&text),
                None => {
                    flush(literal, &mut out);
                    out.push(Piece::Hole(value.clone()));
                }
            },
        };
        for piece in pieces {
            match &piece {
                Piece::Hole(Value { kind: Kind::Text(inner), .. }) => {
                    for piece in inner.iter() {
                        add(piece, &mut literal);
                    }
                }
                piece => add(piece, &mut literal),
            }
        }
        if out.is_empty() {
            return Value::string(literal);
        }
        flush(&mut literal, &mut out);
        match &out[..] {
            [Piece::Hole(only)] if only.is_stringlike() => only.clone(),
            _ => Kind::Text(out.into()).into(),
        }
    }

    /// An array of items that are all there.
    pub fn array(values: impl IntoIterator<Item = Value>) -> Self {
        let items = values.into_iter().map(Item::from).collect();
        Array { items }.into()
    }

    /// An object of properties that are all there.
    pub fn object<K: Into<Key>>(properties: impl IntoIterator<Item = (K, Value)>) -> Self {
        let properties = properties.into_iter().map(|(key, value)| (key.into(), Property::from(value))).collect();
        Object { properties, rest: None }.into()
    }

    /// The value of an open parameter.
    pub fn input(input: &Arc<Input>) -> Self {
        Symbol::Input(input.clone()).into()
    }

    /// A property that the deployment settles.
    pub fn attribute(resource: Value, path: impl Into<Arc<str>>) -> Self {
        let path = path.into();
        resource.map(|resource| match resource.kind() {
            Kind::Unknown(_) => resource.clone(),
            _ => Symbol::Attribute { resource: resource.clone(), path: path.clone() }.into(),
        })
    }

    /// A fact about where the deployment runs.
    pub fn environment(name: impl Into<Arc<str>>) -> Self {
        Symbol::Environment(name.into()).into()
    }

    /// A pure function that cannot be computed yet.
    pub fn call(function: &str, arguments: Vec<Value>) -> Self {
        Symbol::Call { function: function.into(), arguments }.into()
    }

    /// Something unknown. `text` identifies the expression behind it.
    pub fn unknown(kind: ReasonKind, detail: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        let reason = Reason { kind, detail: detail.into() };
        Kind::Unknown(Arc::new(Unknown { reason, of_type: None, text: text.into() })).into()
    }

    /// One of several values. Conditions must exclude each other and cover everything; impossible alternatives vanish,
    /// conditional ones are flattened, equal ones joined.
    pub fn cond(alternatives: impl IntoIterator<Item = (Condition, Value)>) -> Self {
        let mut out: Vec<(Condition, Value)> = Vec::new();
        let mut add = |when: Condition, value: &Value| {
            if when.is_false() {
                return;
            }
            match out.iter_mut().find(|(_, known)| known == value) {
                Some((known, _)) => *known = known.or(&when),
                None => out.push((when, value.clone())),
            }
        };
        for (when, value) in alternatives {
            match &value.kind {
                Kind::Cond(inner) => inner.iter().for_each(|(inner, value)| add(when.and(inner), value)),
                _ => add(when, &value),
            }
        }
        match out.len() {
            0 => Value::unknown(ReasonKind::Invalid, "no alternative is possible", "no alternative"),
            1 => out.swap_remove(0).1,
            n if n > MAX_ALTERNATIVES => Value::unknown(
                ReasonKind::Limit,
                format!("the value has {n} alternatives, more than the {MAX_ALTERNATIVES} that are followed"),
                digest(&out.iter().map(|(_, value)| value).collect::<Vec<_>>()),
            ),
            _ => Kind::Cond(out.into()).into(),
        }
    }

    /// One value where the condition holds and another where not.
    pub fn choose(when: &Condition, then: &Value, otherwise: &Value) -> Self {
        Value::cond([(when.clone(), then.clone()), (when.not(), otherwise.clone())])
    }

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
        match &self.kind {
            Kind::Unknown(_) => Some(self),
            Kind::Text(pieces) => pieces.iter().find_map(|piece| match piece {
                Piece::Hole(value) => value.first_unknown(),
                Piece::Literal(_) => None,
            }),
            Kind::Array(array) => array.items.iter().find_map(|item| item.value.first_unknown()),
            Kind::Object(object) => object
                .properties
                .values()
                .flat_map(|property| property.name.iter().chain([&property.value]))
                .chain(object.rest.as_ref())
                .find_map(Value::first_unknown),
            Kind::Symbol(symbol) => match &**symbol {
                Symbol::Attribute { resource, .. } => resource.first_unknown(),
                Symbol::Call { arguments, .. } => arguments.iter().find_map(Value::first_unknown),
                Symbol::Input(_) | Symbol::Environment(_) => None,
            },
            Kind::Cond(alternatives) => alternatives.iter().find_map(|(_, value)| value.first_unknown()),
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
    fn scalar_text(&self) -> Option<String> {
        match &self.kind {
            Kind::Str(text) => Some(text.to_string()),
            Kind::Int(value) => Some(value.to_string()),
            Kind::Float(value) => Some(value.to_string()),
            // As .NET writes them, and so Azure.
            Kind::Bool(value) => Some(if *value { "True" } else { "False" }.to_owned()),
            Kind::Null => Some(String::new()),
            _ => None,
        }
    }

    /// Whether a string made of this value alone is the value itself.
    fn is_stringlike(&self) -> bool {
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

impl From<Value> for Item {
    fn from(value: Value) -> Self {
        Item { value, when: Condition::TRUE, many: false }
    }
}

impl From<Value> for Property {
    fn from(value: Value) -> Self {
        Property { name: None, value, when: Condition::TRUE }
    }
}

impl From<Array> for Value {
    fn from(array: Array) -> Self {
        Kind::Array(Arc::new(array)).into()
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Kind::Object(Arc::new(object)).into()
    }
}

impl From<Symbol> for Value {
    fn from(symbol: Symbol) -> Self {
        Kind::Symbol(Arc::new(symbol)).into()
    }
}
