//! The canonical text of a value: the same text in one deployment means the same value.

use std::fmt::Write;

use crate::{Kind, Piece, ResourceId, Symbol, Value};

impl Value {
    /// The canonical text: JSON for what is known, holes in braces, and expressions as templates write them.
    pub fn text(&self) -> String {
        let mut out = String::new();
        self.write_text(&mut out);
        out
    }

    /// The text as a person would name the value: a string without quotes.
    pub fn plain(&self) -> String {
        match self.kind() {
            Kind::Str(text) => text.to_string(),
            Kind::Text(pieces) => {
                let mut out = String::new();
                write_pieces(pieces, &mut out, false);
                out
            }
            _ => self.text(),
        }
    }

    /// The text as a message shows it: holes by what fills them, without arguments. Two values may have the same.
    pub fn label(&self) -> String {
        match self.kind() {
            Kind::Text(pieces) => {
                let piece = |piece: &Piece| match piece {
                    Piece::Literal(text) => text.to_string(),
                    Piece::Hole(value) => format!("{{{}}}", value.hole_label()),
                };
                pieces.iter().map(piece).collect()
            }
            Kind::Symbol(symbol) if !matches!(**symbol, Symbol::Input(_)) => self.hole_label(),
            _ => self.plain(),
        }
    }

    fn hole_label(&self) -> String {
        match self.kind() {
            Kind::Symbol(symbol) => match &**symbol {
                Symbol::Input(input) => input.name.to_string(),
                Symbol::Environment(fact) => fact.to_string(),
                Symbol::Attribute { resource, path } => {
                    let name = ResourceId::parse(resource).map_or_else(|| resource.label(), |id| id.name().label());
                    format!("{name}.{path}")
                }
                Symbol::Call { function, arguments } => match (&**function, &arguments[..]) {
                    ("member", [base, key]) => match key.as_str() {
                        Some(name) => format!("{}.{name}", base.hole_label()),
                        None => format!("{}[{}]", base.hole_label(), key.label()),
                    },
                    ("each", [base]) => format!("{}[*]", base.hole_label()),
                    _ => format!("{function}(…)"),
                },
            },
            Kind::Unknown(_) => "?".to_owned(),
            _ => self.label(),
        }
    }

    fn write_text(&self, out: &mut String) {
        match self.kind() {
            Kind::Null => out.push_str("null"),
            Kind::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Kind::Int(value) => {
                let _ = write!(out, "{value}");
            }
            Kind::Float(value) => {
                let _ = write!(out, "{value:?}");
            }
            Kind::Str(text) => {
                out.push('\'');
                write_escaped(text, out);
                out.push('\'');
            }
            Kind::Text(pieces) => {
                out.push('\'');
                write_pieces(pieces, out, true);
                out.push('\'');
            }
            Kind::Array(array) => {
                out.push('[');
                for (index, item) in array.items.iter().enumerate() {
                    out.push_str(if index == 0 { "" } else { ", " });
                    if !item.when.is_true() {
                        let _ = write!(out, "when {:?}: ", item.when);
                    }
                    item.value.write_text(out);
                    out.push_str(if item.many { "*" } else { "" });
                }
                out.push(']');
            }
            Kind::Object(object) => {
                out.push('{');
                for (index, (key, property)) in object.properties.iter().enumerate() {
                    out.push_str(if index == 0 { "" } else { ", " });
                    if !property.when.is_true() {
                        let _ = write!(out, "when {:?}: ", property.when);
                    }
                    write_escaped(key.as_str(), out);
                    out.push_str(": ");
                    property.value.write_text(out);
                }
                if let Some(rest) = &object.rest {
                    out.push_str("; ...");
                    rest.write_text(out);
                }
                out.push('}');
            }
            Kind::Symbol(symbol) => symbol.write_text(out),
            Kind::Unknown(unknown) => {
                let _ = write!(out, "{}", unknown.text);
            }
            Kind::Cond(alternatives) => {
                out.push('(');
                for (index, (when, value)) in alternatives.iter().enumerate() {
                    let _ = write!(out, "{}{when:?} ? ", if index == 0 { "" } else { " : " });
                    value.write_text(out);
                }
                out.push(')');
            }
        }
    }
}

impl Symbol {
    fn write_text(&self, out: &mut String) {
        match self {
            Symbol::Input(input) => {
                let _ = write!(out, "parameters('{}')", input.name);
            }
            Symbol::Attribute { resource, path } => {
                let dot = if path.is_empty() { "" } else { "." };
                let _ = write!(out, "reference({}){dot}{path}", resource.text());
            }
            Symbol::Environment(name) => out.push_str(name),
            Symbol::Call { function, arguments } => match (&**function, &arguments[..]) {
                ("member", [base, key]) => {
                    base.write_text(out);
                    match key.as_str() {
                        Some(name) => {
                            let _ = write!(out, ".{name}");
                        }
                        None => {
                            let _ = write!(out, "[{}]", key.text());
                        }
                    }
                }
                ("each", [base]) => {
                    base.write_text(out);
                    out.push_str("[*]");
                }
                _ => {
                    let _ = write!(out, "{function}(");
                    for (index, argument) in arguments.iter().enumerate() {
                        out.push_str(if index == 0 { "" } else { ", " });
                        argument.write_text(out);
                    }
                    out.push(')');
                }
            },
        }
    }
}

fn write_pieces(pieces: &[Piece], out: &mut String, escaped: bool) {
    for piece in pieces {
        match piece {
            Piece::Literal(text) if escaped => write_escaped(text, out),
            Piece::Literal(text) => out.push_str(text),
            Piece::Hole(value) => {
                out.push('{');
                value.write_text(out);
                out.push('}');
            }
        }
    }
}

/// So that no text of one value can be taken for that of another.
fn write_escaped(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(place) = rest.find(['\'', '\\', '{', '}']) {
        let (plain, special) = rest.split_at(place);
        out.push_str(plain);
        out.push('\\');
        out.push_str(&special[..1]);
        rest = &special[1..];
    }
    out.push_str(rest);
}
