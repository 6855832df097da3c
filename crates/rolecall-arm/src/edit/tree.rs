//! The tree of a template's text, which outlives the parse: a text is mended in many places, and parsed once.

use jsonc_parser::ast::Value;
use jsonc_parser::common::{Range, Ranged};
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

/// A value with its place.
pub(super) enum Json {
    Object(Object),
    Array(Array),
    Text(Range, String),
    Other(Range),
}

/// An object with its place.
pub(super) struct Object {
    range: Range,
    pub properties: Vec<Property>,
}

/// A member of an object, its name included in the place.
pub(super) struct Property {
    range: Range,
    pub name: String,
    pub value: Json,
}

/// A list with its place.
pub(super) struct Array {
    range: Range,
    pub elements: Vec<Json>,
}

/// The tree of a text; `None` where it does not parse.
pub(super) fn parse(text: &str) -> Option<Json> {
    parse_to_ast(text, &CollectOptions::default(), &ParseOptions::default()).ok()?.value.map(owned)
}

fn owned(value: Value<'_>) -> Json {
    match value {
        Value::Object(object) => {
            let properties = object.properties.into_iter().map(|one| Property {
                range: one.range,
                name: one.name.as_str().to_owned(),
                value: owned(one.value),
            });
            Json::Object(Object { range: object.range, properties: properties.collect() })
        }
        Value::Array(array) => {
            Json::Array(Array { range: array.range, elements: array.elements.into_iter().map(owned).collect() })
        }
        Value::StringLit(text) => Json::Text(text.range, text.value.into_owned()),
        other => Json::Other(other.range()),
    }
}

impl Json {
    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Json::Object(object) => Some(object),
            _ => None,
        }
    }

    pub fn as_text(&self) -> Option<&str> {
        match self {
            Json::Text(_, text) => Some(text),
            _ => None,
        }
    }
}

impl Ranged for Json {
    fn range(&self) -> Range {
        match self {
            Json::Object(object) => object.range,
            Json::Array(array) => array.range,
            Json::Text(range, _) | Json::Other(range) => *range,
        }
    }
}

impl Ranged for Object {
    fn range(&self) -> Range {
        self.range
    }
}

impl Ranged for Property {
    fn range(&self) -> Range {
        self.range
    }
}

impl Ranged for Array {
    fn range(&self) -> Range {
        self.range
    }
}
