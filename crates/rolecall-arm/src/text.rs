//! From places in a part of a text, or in a decoded JSON string, back to places in the file; and names stored once.

use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashSet;

/// Maps offsets in a part of a file, out of which pieces are cut, to offsets in the file.
#[derive(Debug, Default)]
pub(crate) struct Seams {
    /// Where the part starts.
    start: usize,
    /// Ascending.
    cuts: Vec<Cut>,
}

/// A piece that was cut out.
#[derive(Debug)]
struct Cut {
    /// Where its stand-in begins in what is left.
    at: usize,
    /// Where it ends in the file.
    end: usize,
}

impl Seams {
    /// What stands where a piece was cut out: an object too.
    const STAND_IN: &str = "{}";

    /// The part `part` of a text without the objects at `cut`, which lie in it in this order and apart.
    pub(crate) fn cut(
        text: &str,
        part: Range<usize>,
        cut: impl Iterator<Item = Range<usize>>,
    ) -> Option<(String, Self)> {
        let mut left = String::new();
        let mut cuts = Vec::new();
        let mut from = part.start;
        for piece in cut {
            left.push_str(text.get(from..piece.start)?);
            cuts.push(Cut { at: left.len(), end: piece.end });
            left.push_str(Self::STAND_IN);
            from = piece.end;
        }
        left.push_str(text.get(from..part.end)?);
        Some((left, Seams { start: part.start, cuts }))
    }

    /// The offset in the file of an offset in what is left.
    pub(crate) fn place(&self, offset: usize) -> usize {
        let behind = |cut: &Cut| cut.at + Self::STAND_IN.len();
        match self.cuts.partition_point(|cut| behind(cut) <= offset).checked_sub(1) {
            None => self.start + offset,
            Some(before) => self.cuts[before].end + (offset - behind(&self.cuts[before])),
        }
    }

    /// Which of the pieces that were cut out stood where an object of what is left begins.
    pub(crate) fn piece_at(&self, offset: usize) -> Option<usize> {
        self.cuts.binary_search_by_key(&offset, |cut| cut.at).ok()
    }
}

/// Maps offsets in the value of a JSON string to offsets in the file.
pub(crate) struct Offsets {
    /// The file offset of the first byte of the content.
    start: usize,
    /// For each escape: where what it stands for ends in the value, and where it ends in the file. Ascending.
    escapes: Vec<(usize, usize)>,
}

impl Offsets {
    /// For a string without escapes whose content starts at `start`.
    pub(crate) fn plain(start: usize) -> Self {
        Offsets { start, escapes: Vec::new() }
    }

    /// For the string whose raw content, quotes left out, is `raw` and starts at `start`.
    pub(crate) fn new(raw: &str, start: usize) -> Self {
        let mut escapes = Vec::new();
        let (mut from, mut decoded) = (0, 0);
        while let Some(found) = raw.get(from..).and_then(|rest| memchr::memchr(b'\\', rest.as_bytes())) {
            let escape = &raw[from + found..];
            let (raw_length, length) = escape_lengths(escape);
            decoded += found + length;
            from += found + raw_length;
            escapes.push((decoded, start + from));
        }
        Offsets { start, escapes }
    }

    /// The file offset of an offset in the value that lies between characters.
    pub(crate) fn file_offset(&self, offset: usize) -> usize {
        match self.escapes.partition_point(|&(end, _)| end <= offset).checked_sub(1) {
            None => self.start + offset,
            Some(before) => {
                let (end, file) = self.escapes[before];
                file + (offset - end)
            }
        }
    }
}

/// How many bytes the escape at the start of `text` has, and how many what it stands for.
fn escape_lengths(text: &str) -> (usize, usize) {
    let unit = |at: usize| text.get(at..at + 4).and_then(|digits| u32::from_str_radix(digits, 16).ok());
    match text.as_bytes().get(1) {
        Some(b'u') => match unit(2) {
            // Two surrogates make one character of four bytes.
            Some(0xD800..=0xDBFF) => (12, 4),
            Some(code) => (6, char::from_u32(code).map_or(3, char::len_utf8)),
            None => (2, 1),
        },
        // Only in texts that are no strict JSON: `\x41`, and a line that goes on.
        Some(b'x') => {
            (4, text.get(2..4).and_then(|d| u8::from_str_radix(d, 16).ok()).map_or(1, |b| 1 + usize::from(b > 0x7F)))
        }
        Some(b'\n') => (2, 0),
        Some(b'\r') => (if text.as_bytes().get(2) == Some(&b'\n') { 3 } else { 2 }, 0),
        Some(_) => match text[1..].chars().next() {
            Some('\u{2028}' | '\u{2029}') => (4, 0),
            other => {
                let length = other.map_or(0, char::len_utf8);
                (1 + length, length)
            }
        },
        None => (1, 0),
    }
}

/// Short texts, each stored once: function names and property names come back thousands of times.
#[derive(Default)]
pub(crate) struct Names(FxHashSet<Arc<str>>);

impl Names {
    const LONGEST: usize = 48;
    /// Bounded, so that no choice of names can make the set slow.
    const MOST: usize = 1 << 14;

    /// The text, shared where it came before.
    pub(crate) fn share(&mut self, text: &str) -> Arc<str> {
        if text.len() > Self::LONGEST {
            return text.into();
        }
        if let Some(known) = self.0.get(text) {
            return known.clone();
        }
        let shared: Arc<str> = text.into();
        if self.0.len() < Self::MOST {
            self.0.insert(shared.clone());
        }
        shared
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_behind_escapes_point_into_the_file() {
        let raw = r#"a\"b\u00e9c\ud83d\ude00d\ne"#;
        let value = "a\"b\u{e9}c\u{1f600}d\ne";
        let offsets = Offsets::new(raw, 100);
        let places = [("a", "a"), ("\"", "\\\""), ("b", "b"), ("\u{e9}", "\\u00e9"), ("c", "c\\ud83d")]
            .into_iter()
            .chain([("\u{1f600}", "\\ud83d"), ("d", "d\\n"), ("\n", "\\n"), ("e", "e")]);
        for (inside, outside) in places {
            let at = value.find(inside).expect("in the value");
            let expected = if inside == "e" { raw.len() - 1 } else { raw.find(outside).expect("in the raw text") };
            assert_eq!(offsets.file_offset(at), 100 + expected, "{inside:?}");
        }
        assert_eq!(offsets.file_offset(value.len()), 100 + raw.len());
    }
}
