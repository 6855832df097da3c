//! Functions of strings, which may have holes.
//!
//! A hole is taken to be *name-like* where that decides what nothing else could: it holds no `/`, since it stands for one
//! name or identifier (a whole id from elsewhere stands at the front of a string, never between slashes). So `split` by `/`
//! finds the segments of an id that has holes. For other delimiters a hole may hold anything.

use rolecall_value::{Kind, Piece, Symbol, Type, Value};

use super::{Answer, Call, MAX_TEXT, Stop, int, mismatch, str, type_of};

/// The pieces of a string; none of an empty one.
pub(super) fn pieces(value: &Value) -> Result<Vec<Piece>, Stop> {
    match value.kind() {
        Kind::Str(text) if text.is_empty() => Ok(Vec::new()),
        Kind::Str(text) => Ok(vec![Piece::Literal(text.clone())]),
        Kind::Text(pieces) => Ok(pieces.to_vec()),
        _ => Err(mismatch(value, "a string")),
    }
}

/// Whether a symbol is a string that is never empty once deployed: hashes, and the ids of an identity that exists.
pub(super) fn never_empty(value: &Value) -> bool {
    match value.as_symbol() {
        Some(Symbol::Call { function, .. }) => matches!(&**function, "guid" | "uniquestring"),
        Some(Symbol::Attribute { path, .. }) => {
            ["properties.principalId", "properties.clientId"].iter().any(|known| path.eq_ignore_ascii_case(known))
        }
        _ => false,
    }
}

/// Whether a hole holds no `/`: what it is says so, or its being a name between slashes does.
fn is_name_like(hole: &Value) -> bool {
    match hole.kind() {
        Kind::Symbol(symbol) => match &**symbol {
            Symbol::Input(_) | Symbol::Environment(_) => true,
            Symbol::Attribute { path, .. } => {
                let tail = path.rsplit('.').next().unwrap_or(path);
                !tail.eq_ignore_ascii_case("id") && !tail.to_ascii_lowercase().ends_with("resourceid")
            }
            Symbol::Call { function, .. } => !matches!(&**function, "each" | "uri" | "datauri"),
        },
        _ => false,
    }
}

pub(super) fn to_lower(_: &Call<'_>, arguments: &[Value]) -> Answer {
    change_case(arguments, "tolower", |text| text.to_lowercase())
}

pub(super) fn to_upper(_: &Call<'_>, arguments: &[Value]) -> Answer {
    change_case(arguments, "toupper", |text| text.to_uppercase())
}

/// Pieces change one by one: a hole becomes a call.
fn change_case(arguments: &[Value], name: &str, change: fn(&str) -> String) -> Answer {
    let [value] = arguments else { return Err(Stop::Open) };
    let pieces = pieces(value)?;
    Ok(text_of(pieces.into_iter().map(|piece| match piece {
        Piece::Literal(text) => Piece::Literal(change(&text).into()),
        Piece::Hole(hole) => Piece::Hole(super::open(name, &[in_string_form(hole)])),
    })))
}

/// A string of pieces. One hole alone is no string where it is an int or a bool.
pub(super) fn text_of(pieces: impl IntoIterator<Item = Piece>) -> Value {
    in_string_form(Value::pieces(pieces))
}

/// What stands in a hole, as a value that functions of strings take.
fn in_string_form(hole: Value) -> Value {
    match type_of(&hole) {
        Some(Type::Int | Type::Bool) => super::open("string", &[hole]),
        _ => hole,
    }
}

pub(super) fn trim(_: &Call<'_>, arguments: &[Value]) -> Answer {
    let [value] = arguments else { return Err(Stop::Open) };
    let mut pieces = pieces(value)?;
    // White space at the end may go on inside a hole.
    let ends_known = matches!(pieces.first(), None | Some(Piece::Literal(_)))
        && matches!(pieces.last(), None | Some(Piece::Literal(_)));
    if !ends_known {
        return Err(Stop::Open);
    }
    let single = pieces.len() == 1;
    if let Some(Piece::Literal(text)) = pieces.first_mut() {
        *text = text.trim_start().into();
        if text.is_empty() && !single {
            return Err(Stop::Open);
        }
    }
    if let Some(Piece::Literal(text)) = pieces.last_mut() {
        *text = text.trim_end().into();
        if text.is_empty() && !single {
            return Err(Stop::Open);
        }
    }
    Ok(text_of(pieces))
}

/// Whether two letters are the same without regard to case, as .NET's ordinal comparison has it.
fn same_letter(a: char, b: char) -> bool {
    a == b || a.to_uppercase().eq(b.to_uppercase())
}

/// Without regard to case.
pub(super) fn starts_with(_: &Call<'_>, arguments: &[Value]) -> Answer {
    at_end(arguments, false)
}

/// Without regard to case.
pub(super) fn ends_with(_: &Call<'_>, arguments: &[Value]) -> Answer {
    at_end(arguments, true)
}

fn at_end(arguments: &[Value], from_end: bool) -> Answer {
    let [value, sought] = arguments else { return Err(Stop::Open) };
    let sought: Vec<char> = match sought.kind() {
        Kind::Str(text) if from_end => text.chars().rev().collect(),
        Kind::Str(text) => text.chars().collect(),
        Kind::Text(_) => return Err(Stop::Open),
        _ => return Err(mismatch(sought, "a string")),
    };
    let pieces = pieces(value)?;
    let known = if from_end { pieces.last() } else { pieces.first() };
    let known: Vec<char> = match known {
        Some(Piece::Literal(text)) if from_end => text.chars().rev().take(sought.len()).collect(),
        Some(Piece::Literal(text)) => text.chars().take(sought.len()).collect(),
        _ => Vec::new(),
    };
    if known.iter().zip(&sought).any(|(a, b)| !same_letter(*a, *b)) {
        return Ok(Value::bool(false));
    }
    match (known.len() < sought.len(), pieces.len() > 1 || matches!(pieces.first(), Some(Piece::Hole(_)))) {
        (false, _) => Ok(Value::bool(true)),
        (true, false) => Ok(Value::bool(false)),
        (true, true) => Err(Stop::Open),
    }
}

/// Whether a string has a part, with regard to case. A piece that has it decides.
pub(super) fn contains(value: &Value, sought: &Value) -> Answer {
    let sought = match sought.kind() {
        Kind::Int(number) => number.to_string(),
        _ if sought == value => return Ok(Value::bool(true)),
        _ => str(sought)?.to_owned(),
    };
    let pieces = pieces(value)?;
    if sought.is_empty() || pieces.iter().any(|piece| matches!(piece, Piece::Literal(text) if text.contains(&sought))) {
        return Ok(Value::bool(true));
    }
    match pieces.iter().any(|piece| matches!(piece, Piece::Hole(_))) {
        true => Err(Stop::Open),
        false => Ok(Value::bool(false)),
    }
}

/// The place of a part in UTF-16 units, without regard to case; -1 where there is none.
pub(super) fn index_of(text: &str, sought: &str, from_end: bool) -> Answer {
    let (text, sought): (Vec<char>, Vec<char>) = (text.chars().collect(), sought.chars().collect());
    if sought.is_empty() {
        let units: usize = text.iter().map(|letter| letter.len_utf16()).sum();
        return Ok(Value::int(if from_end { i64::try_from(units).unwrap_or(i64::MAX) } else { 0 }));
    }
    if text.len().saturating_mul(sought.len()) > MAX_TEXT * 16 {
        return Err(Stop::Limit("the search is too long".to_owned()));
    }
    let here = |window: &[char]| window.iter().zip(&sought).all(|(a, b)| same_letter(*a, *b));
    let mut windows = text.windows(sought.len());
    let place = if from_end { windows.rposition(here) } else { windows.position(here) };
    let units = |place: usize| text[..place].iter().map(|letter| letter.len_utf16()).sum::<usize>();
    Ok(Value::int(place.and_then(|place| i64::try_from(units(place)).ok()).unwrap_or(-1)))
}

/// With regard to case. Pieces change one by one, which is all there is to change where the sought part cannot go over the
/// border of a hole: a single character, or a hole that nothing of it touches.
pub(super) fn replace(_: &Call<'_>, arguments: &[Value]) -> Answer {
    let [value, old, new] = arguments else { return Err(Stop::Open) };
    let all = pieces(value)?;
    let old = str(old)?;
    let with = match new.kind() {
        Kind::Str(_) | Kind::Text(_) => pieces(new)?,
        Kind::Symbol(_) | Kind::Unknown(_) => vec![Piece::Hole(new.clone())],
        _ => return Err(mismatch(new, "a string")),
    };
    if old.is_empty() {
        return Err(Stop::Invalid("an empty string cannot be replaced".to_owned()));
    }
    let holes = all.iter().any(|piece| matches!(piece, Piece::Hole(_)));
    if holes && old.chars().nth(1).is_some() {
        return Err(Stop::Open);
    }
    let matches: usize = all
        .iter()
        .map(|piece| match piece {
            Piece::Literal(text) => text.matches(old).count(),
            Piece::Hole(_) => 0,
        })
        .sum();
    let grown = matches.saturating_mul(usize::try_from(new.size()).unwrap_or(usize::MAX).saturating_mul(16));
    if grown > MAX_TEXT {
        return Err(Stop::Limit(format!("the result is longer than the {MAX_TEXT} bytes that are followed")));
    }
    let mut out = Vec::new();
    for piece in all {
        match piece {
            Piece::Literal(text) => {
                for (index, part) in text.split(old).enumerate() {
                    if index > 0 {
                        out.extend(with.iter().cloned());
                    }
                    out.push(Piece::Literal(part.into()));
                }
            }
            Piece::Hole(hole) => {
                let call = super::open("replace", &[in_string_form(hole), Value::string(old), new.clone()]);
                out.push(Piece::Hole(call));
            }
        }
    }
    Ok(text_of(out))
}

/// By one delimiter or any of several. Holes are name-like where the delimiter is `/` (see above); otherwise a string
/// with holes is not split.
pub(super) fn split(_: &Call<'_>, arguments: &[Value]) -> Answer {
    let [value, delimiters] = arguments else { return Err(Stop::Open) };
    let pieces = pieces(value)?;
    let delimiters: Vec<&str> = match delimiters.kind() {
        Kind::Array(array) if array.items.iter().all(|item| item.when.is_true() && !item.many) => {
            array.items.iter().map(|item| str(&item.value)).collect::<Result<_, _>>()?
        }
        Kind::Array(_) => return Err(Stop::Open),
        _ => vec![str(delimiters)?],
    };
    let delimiters: Vec<&str> = delimiters.into_iter().filter(|delimiter| !delimiter.is_empty()).collect();
    let splittable = pieces.iter().enumerate().all(|(index, piece)| match piece {
        Piece::Literal(_) => true,
        Piece::Hole(hole) => delimiters == ["/"] && (is_name_like(hole) || is_segment(&pieces, index)),
    });
    if !splittable {
        return Err(Stop::Open);
    }
    let mut parts: Vec<Vec<Piece>> = vec![Vec::new()];
    let mut add = |piece: Piece, fresh: bool| {
        if fresh {
            parts.push(Vec::new());
        }
        if let Some(part) = parts.last_mut() {
            part.push(piece);
        }
    };
    for piece in &pieces {
        match piece {
            Piece::Literal(text) => {
                let mut rest: &str = text;
                let mut fresh = false;
                while let Some((place, delimiter)) = first_delimiter(rest, &delimiters) {
                    add(Piece::Literal(rest[..place].into()), fresh);
                    rest = &rest[place + delimiter..];
                    fresh = true;
                }
                add(Piece::Literal(rest.into()), fresh);
            }
            Piece::Hole(_) => add(piece.clone(), false),
        }
    }
    Ok(Value::array(parts.into_iter().map(text_of)))
}

/// Whether a hole that is not at the front stands alone between slashes.
fn is_segment(pieces: &[Piece], index: usize) -> bool {
    let before = index.checked_sub(1).and_then(|index| pieces.get(index));
    let after = pieces.get(index + 1);
    matches!(before, Some(Piece::Literal(text)) if text.ends_with('/'))
        && match after {
            Some(Piece::Literal(text)) => text.starts_with('/'),
            Some(Piece::Hole(_)) => false,
            None => true,
        }
}

/// Where the first delimiter stands and how long it is.
fn first_delimiter(text: &str, delimiters: &[&str]) -> Option<(usize, usize)> {
    delimiters
        .iter()
        .filter_map(|delimiter| Some((text.find(delimiter)?, delimiter.len())))
        .min_by_key(|(place, _)| *place)
}

/// The items, written out, with a delimiter between.
pub(super) fn join(call: &Call<'_>, arguments: &[Value]) -> Answer {
    let [array, delimiter] = arguments else { return Err(Stop::Open) };
    let Kind::Array(items) = array.kind() else { return Err(mismatch(array, "an array")) };
    let between = match delimiter.kind() {
        Kind::Str(_) | Kind::Text(_) => pieces(delimiter)?,
        Kind::Symbol(_) | Kind::Unknown(_) => vec![Piece::Hole(delimiter.clone())],
        _ => return Err(mismatch(delimiter, "a string")),
    };
    if items.items.iter().any(|item| item.many) {
        return Err(Stop::Open);
    }
    let length =
        items.items.len().saturating_mul(usize::try_from(delimiter.size()).unwrap_or(usize::MAX).saturating_mul(16));
    if length > MAX_TEXT {
        return Err(Stop::Limit(format!("the result is longer than the {MAX_TEXT} bytes that are followed")));
    }
    let conditional = |item: &rolecall_value::Item| !item.when.is_true() || matches!(item.value.kind(), Kind::Cond(_));
    let mut strings: Vec<(rolecall_value::Condition, Vec<Piece>)> = vec![(rolecall_value::Condition::TRUE, Vec::new())];
    for item in &items.items {
        let value = super::spread::written(call.inputs, &item.value);
        if !conditional(item) && !matches!(value.kind(), Kind::Cond(_)) {
            for (_, pieces) in &mut strings {
                extend(pieces, &between, &value)?;
            }
            continue;
        }
        let mut next = Vec::new();
        for (when, pieces) in strings {
            for (alternative, value) in value.alternatives() {
                let when = when.and(&item.when).and(&alternative);
                if !when.is_false() {
                    let mut pieces = pieces.clone();
                    extend(&mut pieces, &between, value)?;
                    next.push((when, pieces));
                }
            }
            let without = when.and_not(&item.when);
            if !without.is_false() {
                next.push((without, pieces));
            }
        }
        if next.len() > rolecall_value::MAX_ALTERNATIVES {
            return Err(Stop::Limit("the array has too many alternatives".to_owned()));
        }
        strings = next;
    }
    Ok(Value::cond(strings.into_iter().map(|(when, pieces)| (when, text_of(pieces)))))
}

/// Adds one item. An empty first item is kept as an empty literal, so that the next one is delimited.
fn extend(pieces: &mut Vec<Piece>, between: &[Piece], value: &Value) -> Result<(), Stop> {
    if !pieces.is_empty() {
        pieces.extend(between.iter().cloned());
    }
    match value.kind() {
        Kind::Array(_) | Kind::Object(_) => return Err(mismatch(value, "a string")),
        _ => pieces.push(Piece::Hole(value.clone())),
    }
    Ok(())
}

/// The UTF-16 units of the string from `start` on, `length` of them.
pub(super) fn substring(_: &Call<'_>, arguments: &[Value]) -> Answer {
    let (value, start, length) = match arguments {
        [value, start] => (value, int(start)?, None),
        [value, start, length] => (value, int(start)?, Some(int(length)?)),
        _ => return Err(Stop::Open),
    };
    let wrong = || Stop::Invalid("the part leaves the string".to_owned());
    let start = usize::try_from(start).map_err(|_| wrong())?;
    let length = length.map(usize::try_from).transpose().map_err(|_| wrong())?;
    let behind = cut(pieces(value)?, start, false)?.ok_or_else(wrong)?;
    let part = match length {
        Some(length) => cut(behind, length, true)?.ok_or_else(wrong)?,
        None => behind,
    };
    Ok(text_of(part))
}

pub(super) fn take(value: &Value, n: usize) -> Answer {
    let pieces = pieces(value)?;
    Ok(cut(pieces, n, true)?.map_or_else(|| value.clone(), text_of))
}

pub(super) fn skip(value: &Value, n: usize) -> Answer {
    let pieces = pieces(value)?;
    Ok(cut(pieces, n, false)?.map_or_else(|| Value::string(""), text_of))
}

/// The first `n` UTF-16 units, or what is behind them. `None` where there are fewer; open where a hole comes before.
fn cut(pieces: Vec<Piece>, n: usize, keep_front: bool) -> Result<Option<Vec<Piece>>, Stop> {
    let mut left = n;
    let mut front = Vec::new();
    let mut pieces = pieces.into_iter();
    while left > 0 {
        let Some(piece) = pieces.next() else { return Ok(None) };
        let Piece::Literal(text) = &piece else { return Err(Stop::Open) };
        let units = text.encode_utf16().count();
        if units <= left {
            left -= units;
            front.push(piece);
            continue;
        }
        let mut seen = 0;
        let place = text
            .char_indices()
            .find(|(_, letter)| {
                let here = seen >= left;
                seen += letter.len_utf16();
                here
            })
            .map_or(text.len(), |(place, _)| place);
        let (before, after) = text.split_at(place);
        front.push(Piece::Literal(before.into()));
        let behind = [Piece::Literal(after.into())].into_iter().chain(pieces).collect();
        return Ok(Some(if keep_front { front } else { behind }));
    }
    Ok(Some(if keep_front { front } else { pieces.collect() }))
}

/// Fills up from the left, with a space where no character is given.
pub(super) fn pad_left(_: &Call<'_>, arguments: &[Value]) -> Answer {
    let (value, length, filler) = match arguments {
        [value, length] => (value, length, " "),
        [value, length, filler] => (value, length, str(filler)?),
        _ => return Err(Stop::Open),
    };
    let length = int(length)?;
    let text = match value.kind() {
        Kind::Int(number) => number.to_string(),
        _ => str(value)?.to_owned(),
    };
    if filler.chars().count() != 1 {
        return Err(Stop::Invalid("the filler is one character".to_owned()));
    }
    let units = text.encode_utf16().count();
    let missing = usize::try_from(length.max(0)).unwrap_or(usize::MAX).saturating_sub(units);
    if missing > MAX_TEXT / 4 {
        return Err(Stop::Limit(format!("a string of {length} characters is not followed")));
    }
    Ok(Value::string(filler.repeat(missing) + &text))
}
