//! When two values are the same: a pair of conditions, for there are three answers.

use crate::{Condition, Inputs, Item, Kind, Piece, ResourceId, Symbol, Value, id_equality};

/// Whether letter case counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// It counts: values of properties and parameters.
    Sensitive,
    /// It does not: ids, names, GUIDs.
    Insensitive,
}

/// Equal under one condition, different under another, open where neither holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Equality {
    /// When they are certainly equal.
    pub equal: Condition,
    /// When they are certainly different.
    pub different: Condition,
}

impl Equality {
    /// Equal, always.
    pub fn always() -> Self {
        Equality { equal: Condition::TRUE, different: Condition::FALSE }
    }

    /// Different, always.
    pub fn never() -> Self {
        Equality { equal: Condition::FALSE, different: Condition::TRUE }
    }

    /// Nothing can be said.
    pub fn open() -> Self {
        Equality { equal: Condition::FALSE, different: Condition::FALSE }
    }

    /// A decided answer.
    pub fn constant(equal: bool) -> Self {
        if equal { Equality::always() } else { Equality::never() }
    }

    /// Equal exactly when the condition holds, different otherwise.
    pub fn when(condition: Condition) -> Self {
        Equality { different: condition.not(), equal: condition }
    }

    /// Equal where all are, different where any is.
    pub fn all(parts: impl IntoIterator<Item = Equality>) -> Self {
        let mut all = Equality::always();
        for part in parts {
            all.equal = all.equal.and(&part.equal);
            all.different = all.different.or(&part.different);
            if all.different.is_true() {
                break;
            }
        }
        all
    }

    /// Equal where any is, different where all are.
    pub fn any(parts: impl IntoIterator<Item = Equality>) -> Self {
        Equality::all(parts.into_iter().map(Equality::negated)).negated()
    }

    /// The opposite answer.
    #[must_use]
    pub fn negated(self) -> Self {
        Equality { equal: self.different, different: self.equal }
    }

    /// When nothing can be said.
    pub fn undecided(&self) -> Condition {
        self.equal.or(&self.different).not()
    }

    /// The answer, where it is the same under all conditions.
    pub fn decided(&self) -> Option<bool> {
        match (self.equal.is_true(), self.different.is_true()) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        }
    }
}

/// When a value used as a condition is true. What cannot be decided becomes an opaque test, the same one each time.
pub fn truth(inputs: &Inputs, value: &Value) -> Condition {
    match value.kind() {
        Kind::Bool(value) => Condition::constant(*value),
        Kind::Cond(alternatives) => alternatives
            .iter()
            .map(|(when, value)| when.and(&truth(inputs, value)))
            .fold(Condition::FALSE, |all, one| all.or(&one)),
        Kind::Symbol(symbol) => match &**symbol {
            Symbol::Input(input) if input.alternatives.is_some() => inputs.is(input, &Value::bool(true)),
            _ => inputs.opaque(&value.text()),
        },
        _ => inputs.opaque(&value.text()),
    }
}

/// When two values are the same.
pub fn equality(inputs: &Inputs, a: &Value, b: &Value, case: Case) -> Equality {
    match (a.kind(), b.kind()) {
        (Kind::Cond(alternatives), _) => distribute(alternatives, |value| equality(inputs, value, b, case)),
        (_, Kind::Cond(alternatives)) => distribute(alternatives, |value| equality(inputs, a, value, case)),
        // An unknown of one expression is the same each time.
        _ if a == b => Equality::always(),
        (Kind::Unknown(_), _) | (_, Kind::Unknown(_)) => Equality::open(),
        (Kind::Symbol(symbol), _) => symbol_equality(inputs, symbol, a, b, case),
        (_, Kind::Symbol(symbol)) => symbol_equality(inputs, symbol, b, a, case),
        (Kind::Str(a), Kind::Str(b)) => Equality::constant(same_text(a, b, case)),
        (Kind::Text(_), Kind::Text(_) | Kind::Str(_)) | (Kind::Str(_), Kind::Text(_)) => {
            text_equality(inputs, a, b, case)
        }
        (Kind::Array(x), Kind::Array(y)) => array_equality(inputs, &x.items, &y.items, case),
        (Kind::Object(x), Kind::Object(y)) => object_equality(inputs, x, y, case),
        (Kind::Int(x), Kind::Float(y)) | (Kind::Float(y), Kind::Int(x)) => Equality::constant(*x as f64 == *y),
        // Two kinds, or two scalars that are not built alike.
        _ => Equality::never(),
    }
}

fn distribute(alternatives: &[(Condition, Value)], of: impl Fn(&Value) -> Equality) -> Equality {
    let mut all = Equality::open();
    for (when, value) in alternatives {
        let one = of(value);
        all.equal = all.equal.or(&when.and(&one.equal));
        all.different = all.different.or(&when.and(&one.different));
    }
    all
}

fn array_equality(inputs: &Inputs, x: &[Item], y: &[Item], case: Case) -> Equality {
    /// How many pairs of items that may be absent are compared.
    const MAX_PAIRS: usize = 1024;
    let plain = |items: &[Item]| items.iter().all(|item| item.when.is_true() && !item.many);
    if plain(x) && plain(y) {
        if x.len() != y.len() {
            return Equality::never();
        }
        return Equality::all(x.iter().zip(y).map(|(x, y)| equality(inputs, &x.value, &y.value, case)));
    }
    if x.iter().chain(y).any(|item| item.many) || x.len().saturating_mul(y.len()) > MAX_PAIRS {
        return Equality::open();
    }
    // Row by row from the end: `row[j]` is the answer for what follows item i of one and item j of the other.
    let absent =
        |items: &[Item]| Equality::when(items.iter().fold(Condition::TRUE, |all, item| all.and_not(&item.when)));
    let mut below: Vec<Equality> = (0..=y.len()).map(|j| absent(&y[j..])).collect();
    for (i, a) in x.iter().enumerate().rev() {
        let mut row = vec![absent(&x[i..])];
        for (j, b) in y.iter().enumerate().rev() {
            let both = a.when.and(&b.when);
            let here = equality(inputs, &a.value, &b.value, case);
            let (skip_a, skip_b, next) = (&below[j], &row[row.len() - 1], &below[j + 1]);
            let only_a = a.when.and_not(&b.when);
            let equal = here.equal.and(&next.equal).and(&both);
            let different = here.different.or(&next.different).and(&both);
            row.push(Equality {
                equal: skip_a.equal.and_not(&a.when).or(&skip_b.equal.and(&only_a)).or(&equal),
                different: skip_a.different.and_not(&a.when).or(&skip_b.different.and(&only_a)).or(&different),
            });
        }
        row.reverse();
        below = row;
    }
    below.swap_remove(0)
}

fn object_equality(inputs: &Inputs, x: &crate::Object, y: &crate::Object, case: Case) -> Equality {
    if x.rest.is_some() || y.rest.is_some() {
        return Equality::open();
    }
    let named = |object: &crate::Object| object.properties.values().all(|property| property.name.is_none());
    let missing = y.properties.iter().filter(|(key, _)| !x.properties.contains_key(*key));
    let parts = x
        .properties
        .iter()
        .map(|(key, property)| match y.properties.get(key) {
            None => Equality::when(property.when.not()),
            Some(other) => {
                let both = property.when.and(&other.when);
                let values = equality(inputs, &property.value, &other.value, case);
                let neither = property.when.or(&other.when).not();
                Equality {
                    equal: both.and(&values.equal).or(&neither),
                    different: both.or(&neither).not().or(&both.and(&values.different)),
                }
            }
        })
        .chain(missing.map(|(_, property)| Equality::when(property.when.not())));
    let answer = Equality::all(parts);
    // A name that is not known may turn out to be one that is missing here.
    if named(x) && named(y) { answer } else { Equality { different: Condition::FALSE, ..answer } }
}

fn same_text(a: &str, b: &str, case: Case) -> bool {
    match case {
        Case::Sensitive => a == b,
        Case::Insensitive => a.eq_ignore_ascii_case(b) || (!a.is_ascii() && a.to_lowercase() == b.to_lowercase()),
    }
}

/// `symbol` is what `a` is; `b` is neither conditional nor unknown nor built like `a`.
fn symbol_equality(inputs: &Inputs, symbol: &Symbol, a: &Value, b: &Value, case: Case) -> Equality {
    if case == Case::Insensitive {
        if let Some(inner) = without_case_change(a) {
            return equality(inputs, inner, b, case);
        }
        if let Some(inner) = without_case_change(b) {
            return equality(inputs, a, inner, case);
        }
    }
    match (symbol, b.kind()) {
        (Symbol::Input(input), _) if b.is_known() => input_equality(inputs, input, b, case),
        (_, Kind::Symbol(other)) => match (symbol, &**other) {
            (Symbol::Attribute { resource: x, path: p }, Symbol::Attribute { resource: y, path: q }) => {
                attribute_equality(inputs, (x, p), (y, q))
            }
            (Symbol::Call { function: f, arguments: x }, Symbol::Call { function: g, arguments: y })
                if f == g && x.len() == y.len() =>
            {
                let letters = if &**f == "serviceprincipal" { Case::Insensitive } else { Case::Sensitive };
                let arguments = Equality::all(x.iter().zip(y).map(|(x, y)| equality(inputs, x, y, letters)));
                // Hashes of different texts differ, and service principals of different applications; other functions may map
                // two values to one.
                let injective = matches!(&**f, "guid" | "uniquestring" | "serviceprincipal");
                let different = if injective { arguments.different } else { Condition::FALSE };
                Equality { equal: arguments.equal, different }
            }
            // A GUID is made of its arguments with `-` between them.
            (Symbol::Call { function: f, arguments: x }, Symbol::Call { function: g, arguments: y })
                if &**f == "guid" && f == g =>
            {
                text_equality(inputs, &joined(x), &joined(y), Case::Sensitive)
            }
            _ => Equality::open(),
        },
        (Symbol::Attribute { path, .. }, Kind::Str(text)) if identifier(path).is_some() => {
            if is_guid(text) {
                Equality::open()
            } else {
                Equality::never()
            }
        }
        (Symbol::Attribute { path, .. }, Kind::Text(pieces)) if identifier(path).is_some() => {
            let id = matches!(pieces.first(), Some(Piece::Literal(text)) if text.starts_with('/'));
            if id { Equality::never() } else { Equality::open() }
        }
        (_, Kind::Text(_)) => text_equality(inputs, a, b, case),
        _ => Equality::open(),
    }
}

/// Strings with `-` between them.
fn joined(values: &[Value]) -> Value {
    let hyphen = || Piece::Literal("-".into());
    let pieces = values.iter().map(|value| Piece::Hole(value.clone()));
    Value::pieces(pieces.flat_map(|piece| [hyphen(), piece]).skip(1))
}

fn without_case_change(value: &Value) -> Option<&Value> {
    match value.as_symbol()? {
        Symbol::Call { function, arguments } if matches!(&**function, "tolower" | "toupper") => arguments.first(),
        _ => None,
    }
}

fn input_equality(inputs: &Inputs, input: &crate::Input, constant: &Value, case: Case) -> Equality {
    match (&input.alternatives, constant.as_str(), case) {
        (Some(alternatives), Some(text), Case::Insensitive) => Equality::when(
            alternatives
                .iter()
                .filter(|value| value.as_str().is_some_and(|value| same_text(value, text, case)))
                .fold(Condition::FALSE, |all, value| all.or(&inputs.is(input, value))),
        ),
        // Another spelling of the constant would be equal too, so nothing proves a difference.
        (None, Some(text), Case::Insensitive) if text.chars().any(char::is_alphabetic) => {
            Equality { equal: inputs.is(input, constant), ..Equality::open() }
        }
        _ => Equality::when(inputs.is(input, constant)),
    }
}

/// What an attribute identifies, where it is an identifier of an identity.
fn identifier(path: &str) -> Option<&'static str> {
    let tail = path.rsplit('.').next().unwrap_or(path);
    [("principalId", "principal"), ("objectId", "principal"), ("clientId", "client")]
        .into_iter()
        .find(|(name, _)| tail.eq_ignore_ascii_case(name))
        .map(|(_, class)| class)
}

fn attribute_equality(inputs: &Inputs, (x, p): (&Value, &str), (y, q): (&Value, &str)) -> Equality {
    let (class, other) = (identifier(p), identifier(q));
    if class.is_some() && other.is_some() && class != other {
        return Equality::never();
    }
    // The identity that a resource is or has of its own: no two resources share it.
    let own = |path: &str| {
        ["properties.principalId", "properties.clientId", "identity.principalId"]
            .iter()
            .any(|known| path.eq_ignore_ascii_case(known))
    };
    let same_path = p.eq_ignore_ascii_case(q);
    let both_own = own(p) && own(q);
    if !same_path && !both_own {
        return Equality::open();
    }
    let resources = match (ResourceId::parse(x), ResourceId::parse(y)) {
        (Some(x), Some(y)) => id_equality(inputs, &x, &y),
        _ => equality(inputs, x, y, Case::Insensitive),
    };
    Equality {
        equal: if same_path { resources.equal } else { Condition::FALSE },
        different: if both_own { resources.different } else { Condition::FALSE },
    }
}

fn is_guid(text: &str) -> bool {
    let groups: Vec<_> = text.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// One unit of a string with holes.
#[derive(Clone, Copy)]
enum Unit<'a> {
    Char(char),
    Hole(&'a Value),
}

impl Unit<'_> {
    fn same(self, other: Unit<'_>, case: Case) -> bool {
        match (self, other) {
            (Unit::Char(a), Unit::Char(b)) => match case {
                Case::Sensitive => a == b,
                Case::Insensitive => a == b || a.to_lowercase().eq(b.to_lowercase()),
            },
            (Unit::Hole(a), Unit::Hole(b)) => a == b,
            _ => false,
        }
    }
}

fn units(value: &Value) -> Vec<Unit<'_>> {
    match value.kind() {
        Kind::Str(text) => text.chars().map(Unit::Char).collect(),
        Kind::Text(pieces) => {
            let mut out = Vec::new();
            for piece in pieces.iter() {
                match piece {
                    Piece::Literal(text) => out.extend(text.chars().map(Unit::Char)),
                    Piece::Hole(hole) => out.push(Unit::Hole(hole)),
                }
            }
            out
        }
        _ => vec![Unit::Hole(value)],
    }
}

/// Whether `a` has all that `b` has and characters beyond: `MC_{name}` is never `{name}`, whatever the name.
fn is_longer(a: &[Unit<'_>], b: &[Unit<'_>]) -> bool {
    const MAX_HOLES: usize = 16;
    let holes = |units: &[Unit<'_>]| units.iter().filter(|unit| matches!(unit, Unit::Hole(_))).count();
    if a.len() - holes(a) <= b.len() - holes(b) || holes(a) > MAX_HOLES {
        return false;
    }
    let mut left: Vec<Unit<'_>> = a.iter().copied().filter(|unit| matches!(unit, Unit::Hole(_))).collect();
    b.iter().filter(|unit| matches!(unit, Unit::Hole(_))).all(|hole| {
        let same = left.iter().position(|unit| unit.same(*hole, Case::Sensitive));
        same.map(|place| left.swap_remove(place)).is_some()
    })
}

/// Strings with holes: what both begin and end with is taken away, and what is left decides where it can.
fn text_equality(inputs: &Inputs, a: &Value, b: &Value, case: Case) -> Equality {
    let (a, b) = (units(a), units(b));
    let front = a.iter().zip(&b).take_while(|(a, b)| a.same(**b, case)).count();
    let (a, b) = (&a[front..], &b[front..]);
    let back = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a.same(**b, case)).count();
    let (a, b) = (&a[..a.len() - back], &b[..b.len() - back]);
    let clash =
        |a: Option<&Unit<'_>>, b: Option<&Unit<'_>>| matches!((a, b), (Some(Unit::Char(_)), Some(Unit::Char(_))));
    let has_char = |units: &[Unit<'_>]| units.iter().any(|unit| matches!(unit, Unit::Char(_)));
    match (a, b) {
        ([], []) => Equality::always(),
        ([], rest) | (rest, []) if has_char(rest) => Equality::never(),
        _ if clash(a.first(), b.first()) || clash(a.last(), b.last()) => Equality::never(),
        _ if is_longer(a, b) || is_longer(b, a) => Equality::never(),
        ([Unit::Hole(a)], [Unit::Hole(b)]) => equality(inputs, a, b, case),
        ([Unit::Hole(hole)], rest) | (rest, [Unit::Hole(hole)]) => {
            let text: Option<String> = rest
                .iter()
                .map(|unit| match unit {
                    Unit::Char(character) => Some(*character),
                    Unit::Hole(_) => None,
                })
                .collect();
            match text {
                Some(text) => equality(inputs, hole, &Value::string(text), case),
                None => Equality::open(),
            }
        }
        _ => Equality::open(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guids_of_more_and_fewer_arguments_differ_where_the_texts_do() {
        let inputs = Inputs::default();
        let group = Value::environment("resourceGroup().name");
        let guid = |arguments: &[Value]| Value::call("guid", arguments.to_vec());
        let text = |text: &str| Value::string(text);
        let decided = |a: &Value, b: &Value| equality(&inputs, a, b, Case::Insensitive).decided();
        assert_eq!(
            decided(&guid(&[text("a"), group.clone()]), &guid(&[text("b"), group.clone(), text("c")])),
            Some(false)
        );
        assert_eq!(
            decided(&guid(&[text("a-b"), group.clone()]), &guid(&[text("a"), text("b"), group.clone()])),
            Some(true)
        );
        assert_eq!(decided(&guid(std::slice::from_ref(&group)), &guid(&[text("a"), text("b")])), None);
    }

    #[test]
    fn a_string_that_holds_another_and_more_is_a_different_one() {
        let inputs = Inputs::default();
        let name = Value::environment("resourceGroup().name");
        let other = Value::environment("deployment().name");
        let hole = |value: &Value| Piece::Hole(value.clone());
        let longer = Value::pieces([Piece::Literal("MC_".into()), hole(&name), Piece::Literal("_a".into())]);
        let decided = |a: &Value, b: &Value| equality(&inputs, a, b, Case::Insensitive).decided();
        assert_eq!(decided(&longer, &name), Some(false));
        assert_eq!(decided(&name, &longer), Some(false));
        assert_eq!(decided(&longer, &other), None, "the other name may be just this one");
        let both = Value::pieces([hole(&other), Piece::Literal("-".into()), hole(&name)]);
        assert_eq!(decided(&both, &Value::pieces([hole(&name), hole(&other)])), Some(false));
        assert_eq!(decided(&longer, &both), None);
    }
}
