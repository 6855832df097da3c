//! Text that is safe to print: names come from files that anybody may have written. A terminal obeys escape sequences,
//! and what reads the log of a pipeline obeys commands in it.

use std::borrow::Cow;

/// Whether a character would steer a terminal, hide itself or turn the direction of writing.
pub(crate) fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// What begins a command to Azure Pipelines or GitHub Actions wherever it stands in a line of a log.
pub(crate) const COMMAND_MARKS: [&str; 2] = ["##vso[", "##["];

/// What begins one at the start of a line alone.
const LINE_COMMAND: &str = "::";

pub(crate) fn starts_with_ignoring_case(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix))
}

/// Where commands begin in a text, in bytes.
fn commands(text: &str) -> impl Iterator<Item = usize> {
    let marks = |at: &usize| COMMAND_MARKS.iter().any(|mark| starts_with_ignoring_case(&text[*at..], mark));
    text.match_indices('#').map(|(at, _)| at).filter(marks)
}

/// The text with what a terminal or a pipeline would obey written as an escape (`\u{1b}`); line breaks too.
pub fn printable(text: &str) -> Cow<'_, str> {
    let mut escaped: Vec<usize> = commands(text).collect();
    let start = text.len() - text.trim_start().len();
    if text[start..].starts_with(LINE_COMMAND) {
        escaped.push(start);
    }
    if escaped.is_empty() && !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for (at, character) in text.char_indices() {
        if is_unsafe(character) || escaped.contains(&at) {
            out.extend(character.escape_unicode());
        } else {
            out.push(character);
        }
    }
    Cow::Owned(out)
}

/// Source text with such characters replaced by others of the same length in bytes, so that places stay true. Line
/// breaks and tabs stay. Nothing in it begins a line of what is written.
pub(crate) fn printable_source(text: &str) -> Cow<'_, str> {
    let keep = |character: char| matches!(character, '\n' | '\t') || !is_unsafe(character);
    let mut commands = commands(text).peekable();
    if commands.peek().is_none() && text.chars().all(keep) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        match character {
            '\r' => out.push(' '),
            '#' if commands.next_if_eq(&at).is_some() => out.push('?'),
            _ if keep(character) => out.push(character),
            _ => out.push_str(match character.len_utf8() {
                1 => "?",
                2 => "¿",
                3 => "\u{fffd}",
                _ => "\u{fffd}?",
            }),
        }
    }
    Cow::Owned(out)
}

/// A hyperlink, for a terminal that knows them (OSC 8). The text must be printable; of the address only what may stand in
/// one is written.
pub(crate) fn link(text: &str, address: &str) -> String {
    let address: String = address.chars().filter(char::is_ascii_graphic).collect();
    format!("\u{1b}]8;;{address}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_written_out() {
        assert_eq!(printable("a\u{1b}[2Jb\u{202e}\n"), "a\\u{1b}[2Jb\\u{202e}\\u{a}");
        assert!(matches!(printable("plain é, ## title, a::b"), Cow::Borrowed(_)));
    }

    #[test]
    fn what_a_pipeline_would_obey_is_written_out() {
        assert_eq!(printable(" ::set-output name=a::b"), " \\u{3a}:set-output name=a::b");
        assert_eq!(printable("x ##VSO[task.complete]"), "x \\u{23}#VSO[task.complete]");
        assert_eq!(printable("##[add-mask]x ###[y"), "\\u{23}#[add-mask]x #\\u{23}#[y");
    }

    #[test]
    fn replaced_source_keeps_its_length() {
        let text = "a\u{1b}\u{85}\u{202e}\u{e0041}\r\n\t##vso[b";
        let shown = printable_source(text);
        assert_eq!(shown, "a?¿\u{fffd}\u{fffd}? \n\t?#vso[b");
        assert_eq!(shown.len(), text.len());
    }
}
