//! How values are made, so that each thing has one form.

use std::sync::Arc;

use crate::{
    Array, Condition, Input, Item, Key, Kind, MAX_ALTERNATIVES, MAX_SIZE, Object, Origin, Piece, Property, Reason,
    ReasonKind, Symbol, Unknown, Value,
};

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
        let mut joined = Joined::default();
        for piece in pieces {
            match &piece {
                Piece::Literal(text) => joined.text(text),
                Piece::Hole(value) => joined.value(value),
            }
        }
        joined.finish()
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

/// A string that is put together from left to right.
#[derive(Default)]
pub(crate) struct Joined {
    pieces: Vec<Piece>,
    /// Characters behind the last piece.
    literal: String,
}

impl Joined {
    /// Adds characters.
    pub fn text(&mut self, text: &str) {
        self.literal.push_str(text);
    }

    /// Adds a value in string form.
    pub fn value(&mut self, value: &Value) {
        let Kind::Text(pieces) = value.kind() else { return self.hole(value) };
        for piece in pieces.iter() {
            match piece {
                Piece::Literal(text) => self.text(text),
                Piece::Hole(value) => self.hole(value),
            }
        }
    }

    fn hole(&mut self, value: &Value) {
        match value.scalar_text() {
            Some(text) => self.text(&text),
            None => {
                self.flush();
                self.pieces.push(Piece::Hole(value.clone()));
            }
        }
    }

    fn flush(&mut self) {
        if !self.literal.is_empty() {
            self.pieces.push(Piece::Literal(self.literal.as_str().into()));
            self.literal.clear();
        }
    }

    /// The string.
    pub fn finish(mut self) -> Value {
        if self.pieces.is_empty() {
            return Value::string(self.literal);
        }
        self.flush();
        match &self.pieces[..] {
            [Piece::Hole(only)] if only.is_stringlike() => only.clone(),
            _ => Kind::Text(self.pieces.into()).into(),
        }
    }
}
