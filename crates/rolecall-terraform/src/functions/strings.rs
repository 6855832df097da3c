//! Strings, paths and regular expressions.

use rolecall_value::{Kind, Piece, Symbol, Value, segments};

use super::{int, is_settled, list, number, text};
use crate::values::{error, pending, piece, scalar_text};

/// The longest text that is made.
const MAX_TEXT: usize = 1 << 20;

/// Functions that need not know all of a string. `None` where they do.
pub(super) fn partly(name: &str, arguments: &[Value]) -> Option<Value> {
    if arguments.iter().all(is_settled) {
        return None;
    }
    let open = |value: &Value| matches!(value.kind(), Kind::Text(_) | Kind::Symbol(_) | Kind::Unknown(_));
    match (name, arguments) {
        ("format", [spec, rest @ ..]) if spec.as_str().is_some() => format(spec.as_str()?, rest),
        ("join", [separator, lists @ ..]) if separator.as_str().is_some() => {
            let mut pieces = Vec::new();
            for list in lists {
                let array = crate::values::as_set(list).or(list.as_array())?;
                for item in &array.items {
                    if item.many || !item.when.is_true() || matches!(item.value.kind(), Kind::Cond(_)) {
                        return None;
                    }
                    if !pieces.is_empty() {
                        pieces.push(Piece::Literal(separator.as_str()?.into()));
                    }
                    pieces.push(piece(&item.value));
                }
            }
            Some(Value::pieces(pieces))
        }
        // The parts of an id: a hole between two slashes is one segment.
        ("split", [separator, string]) => {
            let Kind::Text(pieces) = string.kind() else { return None };
            let separator = separator.as_str().filter(|separator| matches!(*separator, "/" | "|"))?;
            let literal_first = matches!(pieces.first(), Some(Piece::Literal(text)) if text.starts_with('/'));
            match separator {
                "/" if literal_first => Some(Value::array(segments(string))),
                "|" => Some(Value::array(split_text(pieces, '|'))),
                _ => None,
            }
        }
        ("regex", [pattern, string]) => super::patterns::partly(pattern.as_str()?, string),
        ("basename", [string]) => match string.kind() {
            Kind::Text(_) => segments(string).pop(),
            _ => None,
        },
        ("trimspace" | "chomp", [string]) if matches!(string.kind(), Kind::Symbol(_)) => Some(string.clone()),
        ("trimprefix" | "trimsuffix", [string, fix]) => {
            let (Kind::Text(pieces), Some(fix)) = (string.kind(), fix.as_str()) else { return None };
            let mut pieces = pieces.to_vec();
            let edge = if name == "trimprefix" { pieces.first_mut() } else { pieces.last_mut() };
            let Some(Piece::Literal(text)) = edge else { return None };
            let cut = if name == "trimprefix" { text.strip_prefix(fix) } else { text.strip_suffix(fix) };
            match cut {
                Some(cut) => *text = cut.into(),
                // Shorter than what is looked for: the hole beside it decides.
                None if text.len() < fix.len() => return None,
                None => {}
            }
            Some(Value::pieces(pieces))
        }
        ("startswith" | "endswith", [string, fix]) => {
            let (Kind::Text(pieces), Some(fix)) = (string.kind(), fix.as_str()) else { return None };
            let edge = if name == "startswith" { pieces.first() } else { pieces.last() };
            let Some(Piece::Literal(text)) = edge else { return None };
            let (there, common) = if name == "startswith" {
                (text.starts_with(fix), fix.starts_with(&**text))
            } else {
                (text.ends_with(fix), fix.ends_with(&**text))
            };
            if there || !common { Some(Value::bool(there)) } else { None }
        }
        ("formatlist", [spec, rest @ ..]) if spec.as_str().is_some() => {
            let length = rest.iter().filter_map(list).map(|list| list.len()).max()?;
            let whole = rest.iter().all(|one| {
                one.as_array().is_none_or(|array| array.items.iter().all(|item| !item.many && item.when.is_true()))
            });
            if !whole || length > 10_000 {
                return None;
            }
            format_list(spec.as_str()?, rest, length)
        }
        ("jsonencode", [value]) => {
            // Kept whole, so that a `jsondecode` (or a body) finds what was put in.
            (!open(value)).then(|| Value::call("jsonencode", vec![crate::values::without_sets(value)]))
        }
        ("jsondecode", [value]) => match value.as_symbol() {
            Some(Symbol::Call { function, arguments }) if &**function == "jsonencode" => arguments.first().cloned(),
            // The answer of the deployment, read as JSON, is the answer itself.
            Some(Symbol::Attribute { .. }) => Some(value.clone()),
            _ => None,
        },
        ("replace", [string, old, new]) => {
            let (Kind::Text(pieces), Some(old), Some(new)) = (string.kind(), old.as_str(), new.as_str()) else {
                return None;
            };
            // One character can only stand in a literal or inside a hole; a hole keeps its own call.
            if old.chars().count() != 1 {
                return None;
            }
            let replaced = pieces.iter().map(|piece| match piece {
                Piece::Literal(text) => Piece::Literal(text.replace(old, new).into()),
                Piece::Hole(hole) => {
                    Piece::Hole(pending("replace", &[hole.clone(), Value::string(old), Value::string(new)]))
                }
            });
            Some(Value::pieces(replaced))
        }
        ("lower" | "upper", [string]) => {
            let Kind::Text(pieces) = string.kind() else { return None };
            let (function, lower) = if name == "lower" { ("tolower", true) } else { ("toupper", false) };
            Some(Value::pieces(pieces.iter().map(|piece| match piece {
                Piece::Literal(text) if lower => Piece::Literal(text.to_lowercase().into()),
                Piece::Literal(text) => Piece::Literal(text.to_uppercase().into()),
                Piece::Hole(hole) => Piece::Hole(pending(function, std::slice::from_ref(hole))),
            })))
        }
        _ => None,
    }
}

fn split_text(pieces: &[Piece], separator: char) -> Vec<Value> {
    let mut out = Vec::new();
    let mut current = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Literal(text) => {
                for (place, part) in text.split(separator).enumerate() {
                    if place > 0 {
                        out.push(Value::pieces(std::mem::take(&mut current)));
                    }
                    current.push(Piece::Literal(part.into()));
                }
            }
            hole => current.push(hole.clone()),
        }
    }
    out.push(Value::pieces(current));
    out
}

pub(super) fn call(name: &str, arguments: &[Value]) -> Option<Value> {
    let first = || text(arguments, 0);
    let string = |text: String| Value::string(text);
    Some(match name {
        "lower" => string(first()?.to_lowercase()),
        "upper" => string(first()?.to_uppercase()),
        "title" => string(title(&first()?)),
        "trimspace" => string(first()?.trim().to_owned()),
        "chomp" => string(first()?.trim_end_matches(['\n', '\r']).to_owned()),
        "trim" => {
            let cutset = text(arguments, 1)?;
            string(first()?.trim_matches(|character| cutset.contains(character)).to_owned())
        }
        "trimprefix" => {
            let (text, fix) = (first()?, text(arguments, 1)?);
            string(text.strip_prefix(&*fix).unwrap_or(&text).to_owned())
        }
        "trimsuffix" => {
            let (text, fix) = (first()?, text(arguments, 1)?);
            string(text.strip_suffix(&*fix).unwrap_or(&text).to_owned())
        }
        "strrev" => string(first()?.chars().rev().collect()),
        "startswith" => Value::bool(first()?.starts_with(&*text(arguments, 1)?)),
        "endswith" => Value::bool(first()?.ends_with(&*text(arguments, 1)?)),
        "strcontains" => Value::bool(first()?.contains(&*text(arguments, 1)?)),
        "substr" => string(substr(&first()?, int(arguments.get(1)?)?, int(arguments.get(2)?)?)?),
        "indent" => {
            let count = usize::try_from(int(arguments.first()?)?).ok().filter(|count| *count <= 1000)?;
            string(text(arguments, 1)?.replace('\n', &format!("\n{}", " ".repeat(count))))
        }
        "split" => {
            let (separator, text) = (first()?, text(arguments, 1)?);
            if separator.is_empty() {
                Value::array(text.chars().map(|character| Value::string(character.to_string())))
            } else {
                Value::array(text.split(&*separator).map(Value::string))
            }
        }
        "join" => {
            let separator = first()?;
            let mut parts = Vec::new();
            for one in &arguments[1..] {
                for value in list(one)? {
                    parts.push(scalar_text(&value)?);
                }
            }
            string(parts.join(&separator))
        }
        "sort" => {
            let texts: Option<Vec<String>> = list(arguments.first()?)?.iter().map(scalar_text).collect();
            let mut texts = texts?;
            texts.sort();
            Value::array(texts.into_iter().map(Value::string))
        }
        "replace" => return replace(&first()?, &text(arguments, 1)?, &text(arguments, 2)?),
        "regex" | "regexall" => return super::patterns::whole(name == "regexall", &first()?, &text(arguments, 1)?),
        "format" => return format(&first()?, &arguments[1..]),
        "formatlist" => {
            let length = arguments[1..].iter().filter_map(list).map(|list| list.len()).max().unwrap_or(1);
            return format_list(&first()?, &arguments[1..], length);
        }
        "basename" => string(first()?.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned()),
        "dirname" => {
            let path = first()?;
            string(match path.trim_end_matches('/').rsplit_once('/') {
                Some(("", _)) => "/".to_owned(),
                Some((parent, _)) => parent.to_owned(),
                None => ".".to_owned(),
            })
        }
        "abspath" | "pathexpand" => string(first()?),
        "provider::azurerm::normalise_resource_id" => string(first()?),
        "provider::azapi::build_resource_id" => {
            let (parent, of_type, name) = (first()?, text(arguments, 1)?, text(arguments, 2)?);
            let last = of_type.rsplit('/').next().unwrap_or_default().to_owned();
            let depth = of_type.matches('/').count();
            let namespace = of_type.split('/').next().unwrap_or_default();
            if depth > 1 && parent.to_lowercase().contains(&namespace.to_lowercase()) {
                string(format!("{parent}/{last}/{name}"))
            } else {
                string(format!("{}/providers/{of_type}/{name}", parent.trim_end_matches('/')))
            }
        }
        _ => return None,
    })
}

fn title(text: &str) -> String {
    let mut start = true;
    text.chars()
        .flat_map(|character| {
            let upper = start;
            start = !character.is_alphanumeric() && character != '_' && character != '\'';
            if upper { character.to_uppercase().collect::<Vec<_>>() } else { vec![character] }
        })
        .collect()
}

fn substr(text: &str, offset: i64, length: i64) -> Option<String> {
    let characters: Vec<char> = text.chars().collect();
    let count = i64::try_from(characters.len()).ok()?;
    let start = if offset < 0 { (count + offset).max(0) } else { offset.min(count) };
    let end = if length < 0 { count } else { start.saturating_add(length).min(count) };
    let (start, end) = (usize::try_from(start).ok()?, usize::try_from(end).ok()?);
    Some(characters.get(start..end)?.iter().collect())
}

fn replace(text: &str, old: &str, new: &str) -> Option<Value> {
    let inner = old.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')).filter(|inner| !inner.is_empty());
    let replaced = match inner {
        Some(pattern) => {
            let Ok(regex) = regex::Regex::new(pattern) else {
                return Some(error("the regular expression cannot be read", format!("replace(/{pattern}/)")));
            };
            regex.replace_all(text, new).into_owned()
        }
        None if old.is_empty() && text.len() > 10_000 => return None,
        None => text.replace(old, new),
    };
    (replaced.len() <= MAX_TEXT).then(|| Value::string(replaced))
}

fn format_list(spec: &str, arguments: &[Value], length: usize) -> Option<Value> {
    let lists: Vec<Option<Vec<Value>>> = arguments.iter().map(list).collect();
    let mut out = Vec::with_capacity(length);
    for place in 0..length {
        let row: Option<Vec<Value>> = arguments
            .iter()
            .zip(&lists)
            .map(|(scalar, list)| match list {
                Some(list) => list.get(place).cloned(),
                None => Some(scalar.clone()),
            })
            .collect();
        out.push(format(spec, &row?)?);
    }
    Some(Value::array(out))
}

/// `format`. `None` where a verb needs to know a value that is open.
fn format(spec: &str, arguments: &[Value]) -> Option<Value> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut literal = String::new();
    let mut characters = spec.chars().peekable();
    let mut next = 0;
    while let Some(character) = characters.next() {
        if character != '%' {
            literal.push(character);
            continue;
        }
        if characters.peek() == Some(&'%') {
            characters.next();
            literal.push('%');
            continue;
        }
        let (mut flags, mut width, mut precision) = (String::new(), String::new(), None);
        while let Some(&flag) = characters.peek() {
            if !matches!(flag, '-' | '+' | '0' | ' ' | '#') {
                break;
            }
            flags.push(flag);
            characters.next();
        }
        let mut index = String::new();
        while let Some(&digit) = characters.peek() {
            match digit {
                '[' => {
                    characters.next();
                    while let Some(digit) = characters.next_if(char::is_ascii_digit) {
                        index.push(digit);
                    }
                    characters.next_if_eq(&']');
                }
                '.' => {
                    characters.next();
                    precision = Some(String::new());
                }
                digit if digit.is_ascii_digit() => {
                    characters.next();
                    match &mut precision {
                        Some(precision) => precision.push(digit),
                        None => width.push(digit),
                    }
                }
                _ => break,
            }
        }
        let verb = characters.next()?;
        if let Ok(index) = index.parse::<usize>() {
            next = index.checked_sub(1)?;
        }
        let Some(argument) = arguments.get(next) else {
            return Some(error("`format` has fewer arguments than its text asks for", format!("format({spec})")));
        };
        next += 1;
        if !is_settled(argument) {
            if !matches!(verb, 's' | 'v' | 'd') || !width.is_empty() {
                return None;
            }
            pieces.push(Piece::Literal(std::mem::take(&mut literal).into()));
            pieces.push(Piece::Hole(argument.clone()));
            continue;
        }
        let (width, precision) = (width.parse().unwrap_or(0), precision.map(|digits| digits.parse().unwrap_or(0)));
        literal.push_str(&verb_text(verb, argument, &flags, width, precision)?);
        if literal.len() > MAX_TEXT {
            return None;
        }
    }
    pieces.push(Piece::Literal(literal.into()));
    Some(Value::pieces(pieces))
}

fn verb_text(verb: char, value: &Value, flags: &str, width: usize, precision: Option<usize>) -> Option<String> {
    if width > 10_000 || precision.is_some_and(|digits| digits > 1000) {
        return None;
    }
    let signed = |text: String| if flags.contains('+') && !text.starts_with('-') { format!("+{text}") } else { text };
    let body = match verb {
        's' => scalar_text(value)?,
        'v' => match scalar_text(value) {
            Some(text) => text,
            None => super::encode::json_text(value)?,
        },
        'q' => super::encode::json_text(&Value::string(scalar_text(value)?))?,
        'd' => signed(format!("{}", number(value)?.trunc() as i64)),
        'x' => format!("{:x}", int(value)?),
        'X' => format!("{:X}", int(value)?),
        'o' => format!("{:o}", int(value)?),
        'b' => format!("{:b}", int(value)?),
        't' => scalar_text(value)?,
        'f' => signed(format!("{:.*}", precision.unwrap_or(6), number(value)?)),
        'e' => signed(format!("{:e}", number(value)?)),
        'g' => signed(crate::values::scalar_text(&crate::types::from_float(number(value)?))?),
        _ => return None,
    };
    let body = match (verb, precision) {
        ('s', Some(count)) => body.chars().take(count).collect(),
        _ => body,
    };
    let missing = width.saturating_sub(body.chars().count());
    Some(if flags.contains('-') {
        format!("{body}{}", " ".repeat(missing))
    } else if flags.contains('0') && verb != 's' {
        match body.strip_prefix('-') {
            Some(rest) => format!("-{}{rest}", "0".repeat(missing)),
            None => format!("{}{body}", "0".repeat(missing)),
        }
    } else {
        format!("{}{body}", " ".repeat(missing))
    })
}
