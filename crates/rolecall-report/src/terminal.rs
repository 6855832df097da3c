//! Text that is safe to print: names come from files that anybody may have written, and a terminal obeys what it reads.

use std::borrow::Cow;

/// Whether a character would steer a terminal, hide itself or turn the direction of writing.
fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The text with what a terminal would obey written as an escape (`\u{1b}`); line breaks too.
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if is_unsafe(character) {
            out.extend(character.escape_unicode());
        } else {
            out.push(character);
        }
    }
    Cow::Owned(out)
}

/// Source text with such characters replaced by others of the same length in bytes, so that places stay true. Line
/// breaks and tabs stay.
pub(crate) fn printable_source(text: &str) -> Cow<'_, str> {
    let keep = |character: char| matches!(character, '\n' | '\t') || !is_unsafe(character);
    if text.chars().all(keep) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\r' => out.push(' '),
            _ if keep(character) => out.push(character),
            _ => out.push(match character.len_utf8() {
                1 => '?',
                2 => '¿',
                _ => '\u{fffd}',
            }),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_written_out() {
        assert_eq!(printable("a\u{1b}[2Jb\u{202e}\n"), "a\\u{1b}[2Jb\\u{202e}\\u{a}");
        assert!(matches!(printable("plain é"), Cow::Borrowed(_)));
    }

    #[test]
    fn replaced_source_keeps_its_length() {
        let text = "a\u{1b}\u{85}\u{202e}\r\n\tb";
        let shown = printable_source(text);
        assert_eq!(shown, "a?¿\u{fffd} \n\tb");
        assert_eq!(shown.len(), text.len());
    }
}
