//! What string literals say, once quotes and escapes are read.

/// The text of `'…'`, quotes included.
pub(super) fn single_line(raw: &str) -> String {
    let inner = raw.strip_prefix('\'').unwrap_or(raw);
    unescape(inner.strip_suffix('\'').unwrap_or(inner))
}

/// The text of a piece of an interpolated string: `'a ${`, `} b ${` or `} c'`.
pub(super) fn piece(raw: &str) -> String {
    let inner = raw.strip_prefix(['\'', '}']).unwrap_or(raw);
    let inner = inner.strip_suffix("${").or_else(|| inner.strip_suffix('\'')).unwrap_or(inner);
    unescape(inner)
}

/// The text of `'''…'''`, with any `$` before it.
pub(super) fn multiline(raw: &str) -> String {
    let inner = raw.trim_start_matches('$');
    let inner = inner.strip_prefix("'''").unwrap_or(inner);
    let inner = inner.strip_suffix("'''").unwrap_or(inner);
    without_first_break(inner).to_owned()
}

/// The text of a piece of an interpolated multi-line string; `dollars` is how many stand before its quotes.
pub(super) fn multiline_piece(raw: &str, dollars: usize) -> String {
    let hole = format!("{}{{", "$".repeat(dollars));
    let begins = raw.starts_with('$') || raw.starts_with('\'');
    let inner = match begins {
        true => without_first_break(raw.trim_start_matches('$').strip_prefix("'''").unwrap_or(raw)),
        false => raw.strip_prefix('}').unwrap_or(raw),
    };
    inner.strip_suffix(&hole).or_else(|| inner.strip_suffix("'''")).unwrap_or(inner).to_owned()
}

fn without_first_break(text: &str) -> &str {
    text.strip_prefix("\r\n").or_else(|| text.strip_prefix('\n')).unwrap_or(text)
}

fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(escaped) = rest.chars().next() else { break };
        rest = &rest[escaped.len_utf8()..];
        match escaped {
            'n' => out.push('\n'),
            'r' => out.push('\r'),
            't' => out.push('\t'),
            'u' => {
                let code = rest.strip_prefix('{').and_then(|rest| rest.split_once('}'));
                if let Some((digits, behind)) = code {
                    out.extend(u32::from_str_radix(digits, 16).ok().and_then(char::from_u32));
                    rest = behind;
                }
            }
            other => out.push(other),
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_stand_for_what_they_name() {
        assert_eq!(single_line(r"'a\'b\\c\n\u{1f600}\${x}'"), "a'b\\c\n\u{1f600}${x}");
    }

    #[test]
    fn pieces_lose_quotes_and_holes() {
        assert_eq!([piece("'a${"), piece("}b${"), piece("}c'")], ["a", "b", "c"]);
        assert_eq!(multiline_piece("$$'''\na$${", 2), "a");
        assert_eq!(multiline_piece("}b${x}$${", 2), "b${x}");
        assert_eq!(multiline_piece("}c'''", 2), "c");
    }

    #[test]
    fn a_multi_line_string_begins_behind_its_first_break() {
        assert_eq!(multiline("'''\r\n a\\n\n'''"), " a\\n\n");
        assert_eq!(multiline("''' a'''"), " a");
    }
}
