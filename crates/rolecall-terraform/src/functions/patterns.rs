//! `regex` and `regexall`.
//!
//! A text that is known in part is matched with several stand-ins for what is not, the words of the pattern among them: where
//! all of them lead to the same places, the match does not hang on it. No match says nothing, since the true text may have
//! one. Taken for granted: nothing is named as the pattern names a collection, `/resourceGroups/`.

use regex::{Captures, Match, Regex};
use rolecall_value::{Kind, Object, Piece, Property, Value};

use crate::values::error;

/// What may stand for a part that holds no slash: its place between slashes makes it a segment.
const SEGMENTS: [&str; 5] = ["\u{fffc}", "a", "Zz-9_0", "a.b:c,d;e=f g@h", "00000000-0000-0000-0000-000000000000"];
/// What may stand for a part of which nothing is known.
const ANYTHING: [&str; 5] =
    ["\u{fffc}", "a", "/a/Zz-9_0/b", "a.b:c,d;e=f g@h", "/subscriptions/a/resourceGroups/b/providers/c.d/e/f"];

/// `regex` or `regexall` of a known text.
pub(super) fn whole(all: bool, pattern: &str, text: &str) -> Option<Value> {
    let Ok(regex) = Regex::new(pattern) else {
        return Some(error("the regular expression cannot be read", format!("regex({pattern})")));
    };
    let string = |found: Option<Match<'_>>| found.map_or_else(Value::null, |found| Value::string(found.as_str()));
    if all {
        return Some(Value::array(regex.captures_iter(text).map(|captures| result(&regex, &captures, string))));
    }
    Some(match regex.captures(text) {
        Some(captures) => result(&regex, &captures, string),
        None => error("the regular expression matches nothing", format!("regex({pattern}, {text})")),
    })
}

/// `regex` of a text that is known in part; `None` where the rest decides.
pub(super) fn partly(pattern: &str, text: &Value) -> Option<Value> {
    let Kind::Text(pieces) = text.kind() else { return None };
    let regex = Regex::new(pattern).ok()?;
    let stand_ins = SEGMENTS.into_iter().zip(ANYTHING).chain(words(pattern).map(|word| (word, word)));
    let mut found = stand_ins.map(|(segment, anything)| {
        let probed = Probed::new(pieces, segment, anything);
        let captures = regex.captures(&probed.text)?;
        let place = |part: Option<Match<'_>>| part.map_or(Some(None), |part| probed.places(part).map(Some));
        let places: Option<Vec<_>> = captures.iter().map(place).collect();
        places
    });
    let first = found.next()??;
    if !found.all(|other| other.as_ref() == Some(&first)) {
        return None;
    }
    let probed = Probed::new(pieces, SEGMENTS[0], ANYTHING[0]);
    let captures = regex.captures(&probed.text)?;
    let value = |part: Option<Match<'_>>| part.map_or_else(Value::null, |part| probed.value(pieces, part));
    Some(result(&regex, &captures, value))
}

/// The words that a pattern looks for, but for those between slashes.
fn words(pattern: &str) -> impl Iterator<Item = &str> {
    let is_inside = |one: char| one.is_alphanumeric() || matches!(one, '-' | '_');
    let last = pattern.matches('/').count();
    let parts = pattern.split('/').enumerate();
    let parts = parts.filter(move |(at, part)| *at == 0 || *at == last || !part.chars().all(is_inside));
    parts.flat_map(move |(_, part)| part.split(move |one| !is_inside(one))).filter(|word| !word.is_empty())
}

/// What `regex` gives for a match: the text, a list of its groups, or an object of the named ones.
fn result<'t>(regex: &Regex, captures: &Captures<'t>, value: impl Fn(Option<Match<'t>>) -> Value) -> Value {
    if regex.captures_len() == 1 {
        return value(captures.get(0));
    }
    if regex.capture_names().flatten().next().is_some() {
        let mut object = Object::default();
        for name in regex.capture_names().flatten() {
            object.insert(&Value::string(name), Property::from(value(captures.name(name))));
        }
        return object.into();
    }
    Value::array(captures.iter().skip(1).map(value))
}

/// A text with something in place of each of its holes.
struct Probed {
    text: String,
    /// Where each piece begins.
    starts: Vec<usize>,
    holes: Vec<bool>,
}

/// A place in a text with holes: a piece, and how far into it.
type Place = (usize, usize);

impl Probed {
    fn new(pieces: &[Piece], segment: &str, anything: &str) -> Self {
        let mut probed = Probed { text: String::new(), starts: Vec::new(), holes: Vec::new() };
        let ends_segment = |at: Option<&Piece>, before: bool| match at {
            Some(Piece::Literal(text)) => {
                if before {
                    text.ends_with('/')
                } else {
                    text.starts_with('/')
                }
            }
            Some(Piece::Hole(_)) => false,
            None => !before,
        };
        for (at, piece) in pieces.iter().enumerate() {
            probed.starts.push(probed.text.len());
            probed.holes.push(matches!(piece, Piece::Hole(_)));
            let previous = at.checked_sub(1).and_then(|at| pieces.get(at));
            let is_segment =
                previous.is_some() && ends_segment(previous, true) && ends_segment(pieces.get(at + 1), false);
            probed.text.push_str(match piece {
                Piece::Literal(text) => text,
                Piece::Hole(_) if is_segment => segment,
                Piece::Hole(_) => anything,
            });
        }
        probed
    }

    /// From where to where a part goes; `None` where it begins or ends within a stand-in.
    fn places(&self, part: Match<'_>) -> Option<(Place, Place)> {
        Some((self.place(part.start())?, self.place(part.end())?))
    }

    fn place(&self, at: usize) -> Option<Place> {
        let piece = self.starts.partition_point(|start| *start <= at).checked_sub(1)?;
        let end = self.starts.get(piece + 1).copied().unwrap_or(self.text.len());
        let offset = at - self.starts[piece];
        match self.holes[piece] {
            true if at == end => Some((piece + 1, 0)),
            true => (offset == 0).then_some((piece, 0)),
            false => Some((piece, offset)),
        }
    }

    /// A part as the text that it stands for.
    fn value(&self, pieces: &[Piece], part: Match<'_>) -> Value {
        let parts = pieces.iter().enumerate().filter_map(|(at, piece)| {
            let start = self.starts[at];
            let end = self.starts.get(at + 1).copied().unwrap_or(self.text.len());
            let (from, to) = (part.start().max(start), part.end().min(end));
            (from < to).then(|| match piece {
                Piece::Literal(_) => Piece::Literal(self.text[from..to].into()),
                hole => hole.clone(),
            })
        });
        Value::pieces(parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(parts: [&str; 4]) -> Value {
        let holes = ["first", "second"].map(|name| Piece::Hole(Value::environment(name)));
        let [a, b, c, d] = parts.map(|part| Piece::Literal(part.into()));
        let [first, second] = holes;
        Value::pieces([a, first, b, second, c, d])
    }

    #[test]
    fn a_match_that_does_not_hang_on_what_is_unknown_is_found() {
        let id = text(["/subscriptions/", "/resourceGroups/", "/providers/Microsoft.Network/virtualNetworks/v", ""]);
        let found = partly("(.*?/resourceGroups/[^/]+)", &id).expect("a match");
        assert_eq!(found.text(), Value::array([text(["/subscriptions/", "/resourceGroups/", "", ""])]).text());
        assert_eq!(partly("[^/]+$", &id).expect("a match").as_str(), Some("v"));
        assert_eq!(
            partly("/resourceGroups/(?P<group>[^/]+)/", &id).expect("a match").get("group"),
            Some(Value::environment("second"))
        );
    }

    #[test]
    fn a_match_that_hangs_on_what_is_unknown_is_not() {
        let id = text(["/subscriptions/", "/resourceGroups/", "/providers/Microsoft.Network/virtualNetworks/v", ""]);
        for pattern in ["[0-9a-f]{8}-", "s/[a-z]", "resourceGroups/(rg-[^/]+)", "[^/]-[^/]", "Groups/([^/]+)/"] {
            assert!(partly(pattern, &id).is_none(), "{pattern}");
        }
        let name = text(["", "", "-dev", ""]);
        for pattern in ["prod|dev", "^([^.]+)", "(.*?)dev"] {
            assert!(partly(pattern, &name).is_none(), "{pattern}: what is unknown may have it");
        }
        let below = text(["", "", "/subnets/s", ""]);
        assert!(partly("([^/]+)/subnets", &below).is_none(), "what is in front may have slashes");
        assert_eq!(partly("[^/]+$", &below).expect("a match").as_str(), Some("s"));
    }
}
