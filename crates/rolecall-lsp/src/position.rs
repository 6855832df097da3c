//! Places as the protocol counts them.

use gen_lsp_types::{Position, Range};
use rolecall_source::LineIndex;

/// What characters of a line are counted in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// Bytes.
    Utf8,
    /// UTF-16 code units.
    #[default]
    Utf16,
    /// Characters.
    Utf32,
}

impl Encoding {
    fn width(self, text: &str) -> usize {
        match self {
            Encoding::Utf8 => text.len(),
            Encoding::Utf16 => text.encode_utf16().count(),
            Encoding::Utf32 => text.chars().count(),
        }
    }

    /// The position of a byte.
    pub fn position(self, text: &str, lines: &LineIndex, offset: usize) -> Position {
        let line = lines.position(text, offset).line;
        let start = lines.line_range(text, line).map_or(0, |range| range.start);
        let mut end = offset.min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let width = text.get(start..end).map_or(0, |before| self.width(before));
        Position { line: line.saturating_sub(1), character: u32::try_from(width).unwrap_or(u32::MAX) }
    }

    /// The range of bytes.
    pub fn range(self, text: &str, lines: &LineIndex, bytes: std::ops::Range<usize>) -> Range {
        Range { start: self.position(text, lines, bytes.start), end: self.position(text, lines, bytes.end) }
    }

    /// The byte at a position; past the end of its line it is the line's end.
    pub fn offset(self, text: &str, lines: &LineIndex, position: Position) -> usize {
        let Some(range) = lines.line_range(text, position.line.saturating_add(1)) else { return text.len() };
        let line = text.get(range.clone()).unwrap_or_default();
        let line = line.strip_suffix('\n').map_or(line, |line| line.strip_suffix('\r').unwrap_or(line));
        let wanted = position.character as usize;
        let mut seen = 0;
        for (at, character) in line.char_indices() {
            if seen >= wanted {
                return range.start + at;
            }
            seen += match self {
                Encoding::Utf8 => character.len_utf8(),
                Encoding::Utf16 => character.len_utf16(),
                Encoding::Utf32 => 1,
            };
        }
        range.start + line.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "a\r\n😀é=x\n";

    #[test]
    fn a_place_is_counted_in_what_was_agreed_on_and_back() {
        let lines = LineIndex::new(TEXT);
        let at = TEXT.find('x').expect("present");
        for (encoding, character) in [(Encoding::Utf8, 7), (Encoding::Utf16, 4), (Encoding::Utf32, 3)] {
            let position = encoding.position(TEXT, &lines, at);
            assert_eq!(position, Position { line: 1, character }, "{encoding:?}");
            assert_eq!(encoding.offset(TEXT, &lines, position), at, "{encoding:?}");
        }
    }

    #[test]
    fn what_lies_past_a_line_or_the_text_is_its_end() {
        let lines = LineIndex::new(TEXT);
        let offset = |line, character| Encoding::Utf16.offset(TEXT, &lines, Position { line, character });
        assert_eq!(offset(0, 99), 1);
        assert_eq!(offset(2, 5), TEXT.len());
        assert_eq!(offset(u32::MAX, 0), TEXT.len());
        assert_eq!(Encoding::Utf16.position(TEXT, &lines, 99), Position { line: 2, character: 0 });
    }
}
