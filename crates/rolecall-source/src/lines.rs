//! Lines and columns, worked out only when a place is shown.

/// The starts of the lines of one text.
#[derive(Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

/// A 1-based line and column; which unit the column counts is the caller's choice of method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LineColumn {
    /// 1-based line.
    pub line: u32,
    /// 1-based column.
    pub column: u32,
}

impl LineIndex {
    /// Indexes a text; lines end with `\n` (a `\r` before it belongs to the line's end).
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| u32::try_from(at + 1).unwrap_or(u32::MAX)));
        LineIndex { starts }
    }

    /// Follows a change of the text: `range` of it, in bytes, gave way to `text`.
    pub fn replace(&mut self, range: std::ops::Range<usize>, text: &str) {
        let place = |at: usize| self.starts.partition_point(|start| *start as usize <= at);
        let (first, behind) = (place(range.start), place(range.end));
        let new = LineIndex::new(text).starts.into_iter().skip(1);
        let offset = |start: usize| u32::try_from(start).unwrap_or(u32::MAX);
        let new: Vec<u32> = new.map(|start| offset(start as usize + range.start)).collect();
        for start in self.starts.iter_mut().skip(behind) {
            *start = offset(*start as usize - range.len() + text.len());
        }
        self.starts.splice(first..behind, new);
    }

    /// The 1-based line and column of a byte offset; columns count characters.
    pub fn position(&self, text: &str, offset: usize) -> LineColumn {
        self.locate(text, offset, |before| before.chars().count())
    }

    /// The same with columns in UTF-16 code units, as SARIF and LSP count them.
    pub fn position_utf16(&self, text: &str, offset: usize) -> LineColumn {
        self.locate(text, offset, |before| before.encode_utf16().count())
    }

    /// The bytes of a 1-based line, its end included.
    pub fn line_range(&self, text: &str, line: u32) -> Option<std::ops::Range<usize>> {
        let index = (line as usize).checked_sub(1)?;
        let start = *self.starts.get(index)? as usize;
        let end = self.starts.get(index + 1).map_or(text.len(), |end| *end as usize);
        (start <= end).then_some(start..end)
    }

    fn locate(&self, text: &str, offset: usize, width: impl Fn(&str) -> usize) -> LineColumn {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.starts.partition_point(|start| *start as usize <= offset) - 1;
        let before = &text[self.starts[line] as usize..offset];
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        LineColumn { line: clamp(line + 1), column: clamp(width(before) + 1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_or_utf16_units() {
        let text = "a\n😀é=x";
        let index = LineIndex::new(text);
        let at = text.find('x').expect("present");
        assert_eq!(index.position(text, at), LineColumn { line: 2, column: 4 });
        assert_eq!(index.position_utf16(text, at), LineColumn { line: 2, column: 5 });
    }

    #[test]
    fn an_index_follows_its_text() {
        let before = "ab\ncd\n\nef";
        for start in 0..=before.len() {
            for end in start..=before.len() {
                for new in ["", "x", "\n", "x\ny", "\n\n"] {
                    let mut index = LineIndex::new(before);
                    index.replace(start..end, new);
                    let mut after = before.to_owned();
                    after.replace_range(start..end, new);
                    assert_eq!(index.starts, LineIndex::new(&after).starts, "{start}..{end} by {new:?}");
                }
            }
        }
    }

    #[test]
    fn lines_are_cut_behind_their_ends() {
        let text = "a\nbc";
        let index = LineIndex::new(text);
        assert_eq!([0, 1, 2, 3].map(|line| index.line_range(text, line)), [None, Some(0..2), Some(2..4), None]);
    }

    #[test]
    fn an_offset_inside_a_character_or_past_the_end_is_clamped() {
        let text = "é";
        let index = LineIndex::new(text);
        assert_eq!(index.position(text, 1), LineColumn { line: 1, column: 1 });
        assert_eq!(index.position(text, 99), LineColumn { line: 1, column: 2 });
    }
}
