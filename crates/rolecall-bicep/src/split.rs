//! Cuts a file into statements before anything is parsed.
//!
//! A grammar-driven parser that meets a mistake guesses how to go on, and a wrong guess can spoil the rest of the file at a high price. This
//! splitter knows only strings, comments, brackets and the few ways in which a statement goes on after a line break, which is enough to say
//! where each statement ends. What is wrong inside one stays inside it.
//!
//! Brackets are trusted first. Only when they do not come out even, or the parser finds the statement broken, does the *restart line* matter:
//! a line that begins a declaration at the statement's own indentation. So an unindented nested resource in a correct file is never cut.

use std::ops::Range;

/// One stretch of the file that should be a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// From the first byte of the first decorator or keyword to the last byte that counts.
    pub range: Range<usize>,
    /// Where the declaration itself begins, after its decorators; `None` while only decorators were seen.
    pub head: Option<usize>,
    /// Where to go on.
    pub next: usize,
    /// What was open at the end.
    pub unclosed: Option<Unclosed>,
    /// How deep its brackets and holes nest.
    pub depth: usize,
}

/// Something that was opened and not closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unclosed {
    /// Offset of what opened it.
    pub at: usize,
    /// What it is.
    pub what: Delimiter,
}

/// What can be opened and closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delimiter {
    /// `{`
    Brace,
    /// `[`
    Bracket,
    /// `(`
    Paren,
    /// A `'''` string.
    MultilineString,
    /// A `/*` comment.
    Comment,
}

impl Delimiter {
    /// How it is written.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Brace => "{",
            Self::Bracket => "[",
            Self::Paren => "(",
            Self::MultilineString => "'''",
            Self::Comment => "/*",
        }
    }
}

/// Keywords with which a statement of a `.bicep` or `.bicepparam` file begins.
const KEYWORDS: [&str; 16] = [
    "targetScope",
    "metadata",
    "param",
    "var",
    "type",
    "func",
    "resource",
    "module",
    "output",
    "assert",
    "test",
    "import",
    "extension",
    "using",
    "extends",
    "extensionConfig",
];

/// After the `=>` at the end of a line these begin the next statement rather than the lambda's body.
const ENDS_LAMBDA: [&str; 9] = ["assert", "import", "metadata", "param", "var", "resource", "output", "module", "type"];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Brace,
    Bracket,
    Paren,
    /// The hole of an interpolated string, with the number of `$` before its quotes (0: single-line).
    Hole {
        dollars: usize,
    },
}

struct Open {
    at: usize,
    kind: Kind,
    /// For a hole: how many brackets of each kind are open outside it.
    outer: [usize; 3],
}

/// The brackets and holes that are open. The counts make a stray closing bracket cheap however much is open.
#[derive(Default)]
struct Stack {
    open: Vec<Open>,
    counts: [usize; 3],
    /// Where in `open` the outermost hole is.
    first_hole: Option<usize>,
    deepest: usize,
}

fn slot(kind: Kind) -> usize {
    match kind {
        Kind::Brace => 0,
        Kind::Bracket => 1,
        Kind::Paren => 2,
        Kind::Hole { .. } => 3,
    }
}

impl Stack {
    fn push(&mut self, at: usize, kind: Kind) {
        let outer = self.counts;
        match self.counts.get_mut(slot(kind)) {
            Some(count) => *count += 1,
            None => {
                self.counts = [0; 3];
                self.first_hole = self.first_hole.or(Some(self.open.len()));
            }
        }
        self.open.push(Open { at, kind, outer });
        self.deepest = self.deepest.max(self.open.len());
    }

    fn truncate(&mut self, len: usize) {
        while self.open.len() > len {
            if let Some(open) = self.open.pop() {
                self.counts = open.outer;
            }
        }
        self.first_hole = self.first_hole.filter(|at| *at < len);
    }

    /// Closes the nearest bracket of this kind, with what was left open inside it; a bracket never reaches out of its hole.
    fn close(&mut self, kind: Kind) {
        if self.counts.get(slot(kind)).is_some_and(|count| *count > 0)
            && let Some(at) = self.open.iter().rposition(|open| open.kind == kind)
        {
            self.truncate(at);
        }
    }

    /// The hole that a `}` ends, if no brace was opened inside it.
    fn hole(&mut self) -> Option<usize> {
        if self.counts[0] > 0 || self.first_hole.is_none() {
            return None;
        }
        let at = self.open.iter().rposition(|open| matches!(open.kind, Kind::Hole { .. }))?;
        let Kind::Hole { dollars } = self.open[at].kind else { return None };
        self.truncate(at + 1);
        Some(dollars)
    }

    /// A line break ends every string with an open hole.
    fn line_break(&mut self) {
        if let Some(at) = self.first_hole {
            self.truncate(at);
        }
    }
}

/// How a string, or a piece of one, ended.
enum StringEnd {
    Closed(usize),
    Hole(usize),
    Line(usize),
    File,
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

fn is_break(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn end_of_line(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(|byte| is_break(*byte)).map_or(bytes.len(), |offset| at + offset)
}

/// The end of the comment that begins here, or `None` where none begins. The flag is false for a block comment without an end.
pub(crate) fn comment(bytes: &[u8], at: usize) -> Option<(usize, bool)> {
    match (bytes.get(at)?, bytes.get(at + 1)?) {
        (b'/', b'/') => Some((end_of_line(bytes, at), true)),
        (b'/', b'*') => Some(
            bytes[at + 2..]
                .windows(2)
                .position(|pair| pair == b"*/")
                .map_or((bytes.len(), false), |offset| (at + 2 + offset + 2, true)),
        ),
        _ => None,
    }
}

/// Past blanks, line breaks, comments and pragmas. A block comment without an end is no trivia: it is left for the scan to report.
fn skip_trivia(bytes: &[u8], mut at: usize) -> usize {
    while let Some(byte) = bytes.get(at) {
        if is_blank(*byte) || is_break(*byte) {
            at += 1;
        } else if *byte == b'#' {
            at = end_of_line(bytes, at);
        } else if let Some((end, true)) = comment(bytes, at) {
            at = end;
        } else {
            break;
        }
    }
    at
}

fn word(bytes: &[u8], at: usize) -> &[u8] {
    let len = bytes[at..].iter().take_while(|byte| is_word(**byte)).count();
    &bytes[at..at + len]
}

fn is_one_of(word: &[u8], words: &[&str]) -> bool {
    words.iter().any(|candidate| candidate.as_bytes() == word)
}

/// Whether a statement can begin here at all.
pub(crate) fn begins_statement(bytes: &[u8], at: usize) -> bool {
    bytes.get(at) == Some(&b'@') || is_one_of(word(bytes, at), &KEYWORDS)
}

/// Whether this is the beginning of a line that looks like a declaration or decorator, no deeper than `column`.
fn is_restart(bytes: &[u8], at: usize, column: usize) -> bool {
    match column_of(bytes, at) {
        Some(own) if own <= column => {}
        _ => return false,
    }
    if bytes[at] == b'@' {
        return bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic);
    }
    let keyword = word(bytes, at);
    if !is_one_of(keyword, &KEYWORDS) {
        return false;
    }
    let after = at + keyword.len();
    let blanks = bytes[after..].iter().take_while(|byte| is_blank(**byte)).count();
    let Some(next) = bytes.get(after + blanks).copied() else { return false };
    match keyword {
        b"targetScope" => next == b'=',
        b"import" => matches!(next, b'{' | b'*' | b'\''),
        b"using" | b"extends" => next == b'\'' || word(bytes, after + blanks) == b"none",
        b"extension" if next == b'\'' => true,
        _ => blanks > 0 && (next.is_ascii_alphabetic() || next == b'_'),
    }
}

/// The column of a place that only blanks precede on its line.
pub(crate) fn column_of(bytes: &[u8], at: usize) -> Option<usize> {
    let blanks = bytes[..at].iter().rev().take_while(|byte| is_blank(**byte)).count();
    let start = at - blanks;
    (start == 0 || is_break(bytes[start - 1]) || (start == 3 && bytes.starts_with(b"\xef\xbb\xbf"))).then_some(blanks)
}

/// Reads a single-line string on from `at`, which lies inside it.
fn single_line(bytes: &[u8], mut at: usize) -> StringEnd {
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\'' => return StringEnd::Closed(at + 1),
            b'\n' | b'\r' => return StringEnd::Line(at),
            b'$' if bytes.get(at + 1) == Some(&b'{') => return StringEnd::Hole(at + 2),
            b'\\' => match bytes.get(at + 1) {
                Some(b'$') if bytes.get(at + 2) == Some(&b'{') => at += 3,
                Some(next) if !is_break(*next) => at += 2,
                _ => at += 1,
            },
            _ => at += 1,
        }
    }
    StringEnd::Line(at)
}

/// Reads a multi-line string on from `at`, which lies inside it.
fn multi_line(bytes: &[u8], mut at: usize, dollars: usize) -> StringEnd {
    let run = |at: usize, of: u8| bytes[at..].iter().take_while(|byte| **byte == of).count();
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\'' => {
                let quotes = run(at, b'\'');
                at += quotes;
                if quotes >= 3 {
                    return StringEnd::Closed(at);
                }
            }
            b'$' if dollars > 0 => {
                let signs = run(at, b'$');
                at += signs;
                if signs >= dollars && bytes.get(at) == Some(&b'{') {
                    return StringEnd::Hole(at + 1);
                }
            }
            _ => at += 1,
        }
    }
    StringEnd::File
}

/// The opening of a string at `at`: where its text begins, and whether it is multi-line with how many `$`.
fn string_opening(bytes: &[u8], at: usize) -> Option<(usize, Option<usize>)> {
    let dollars = bytes[at..].iter().take_while(|byte| **byte == b'$').count();
    if bytes[at + dollars..].starts_with(b"'''") {
        return Some((at + dollars + 3, Some(dollars)));
    }
    (dollars == 0).then_some((at + 1, None))
}

/// Walks a file statement by statement.
pub struct Splitter<'t> {
    bytes: &'t [u8],
    at: usize,
    /// Bytes that may still be read a second time; once used up, restart lines are believed at once, so that the work stays linear.
    spare: usize,
}

impl<'t> Splitter<'t> {
    /// Begins at the file's first byte.
    #[must_use]
    pub fn new(text: &'t str) -> Self {
        let bytes = text.as_bytes();
        let at = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        Self { bytes, at, spare: bytes.len() * 4 + 1024 }
    }

    /// The next statement; `None` at the end.
    pub fn next_cut(&mut self) -> Option<Cut> {
        let start = skip_trivia(self.bytes, self.at);
        if start >= self.bytes.len() {
            return None;
        }
        let mut cut = scan(self.bytes, start, self.spare == 0);
        if cut.unclosed.is_some()
            && let Some(shorter) = self.shorten(&cut)
        {
            cut = shorter;
        }
        self.at = cut.next;
        Some(cut)
    }

    /// The part of a broken statement before the first restart line inside it, if there is one. Going on there is up to [`Self::accept`].
    #[must_use]
    pub fn shorten(&mut self, cut: &Cut) -> Option<Cut> {
        if cut.head.is_none() && cut.unclosed.is_none() {
            return None;
        }
        let column = column_of(self.bytes, cut.range.start).unwrap_or(0);
        let mut at = cut.head.unwrap_or(cut.range.start);
        loop {
            at = end_of_line(self.bytes, at);
            at += self.bytes[at..].iter().take_while(|byte| is_break(**byte) || is_blank(**byte)).count();
            if at >= cut.range.end {
                return None;
            }
            if is_restart(self.bytes, at, column) {
                break;
            }
        }
        self.spare = self.spare.saturating_sub(cut.range.end - cut.range.start);
        let shorter = scan(&self.bytes[..at], cut.range.start, false);
        Some(Cut { next: at, ..shorter })
    }

    /// Goes on after this cut rather than after the one that was handed out.
    pub fn accept(&mut self, cut: &Cut) {
        self.at = cut.next;
    }
}

/// Finds the end of the statement that begins at `start`. With `eager`, a restart line ends it whatever is open.
fn scan(bytes: &[u8], start: usize, eager: bool) -> Cut {
    let mut scan = Scan {
        bytes,
        at: start,
        end: start,
        stack: Stack::default(),
        head: (bytes[start] != b'@').then_some(start),
        column: column_of(bytes, start).unwrap_or(0),
        eager,
        unclosed: None,
    };
    while scan.step() {}
    let unclosed = scan.unclosed.or_else(|| {
        scan.stack.open.iter().rev().find_map(|open| {
            let what = match open.kind {
                Kind::Brace => Delimiter::Brace,
                Kind::Bracket => Delimiter::Bracket,
                Kind::Paren => Delimiter::Paren,
                Kind::Hole { .. } => return None,
            };
            Some(Unclosed { at: open.at, what })
        })
    });
    Cut { range: start..scan.end, head: scan.head, next: scan.at, unclosed, depth: scan.stack.deepest }
}

struct Scan<'t> {
    bytes: &'t [u8],
    at: usize,
    /// After the last byte that is neither blank nor comment.
    end: usize,
    stack: Stack,
    head: Option<usize>,
    column: usize,
    eager: bool,
    unclosed: Option<Unclosed>,
}

impl Scan<'_> {
    /// Reads one token; false at the end of the statement.
    fn step(&mut self) -> bool {
        let Some(byte) = self.bytes.get(self.at).copied() else { return false };
        match byte {
            b' ' | b'\t' => self.at += 1,
            b'\n' | b'\r' => return self.line_break(),
            b'/' | b'#' => return self.comment(byte),
            b'\'' | b'$' => self.string(),
            b'}' => match self.stack.hole() {
                Some(dollars) => self.rest_of_string(self.at, self.at + 1, (dollars > 0).then_some(dollars), true),
                None => self.bracket(|stack, _| stack.close(Kind::Brace)),
            },
            b'{' => self.bracket(|stack, at| stack.push(at, Kind::Brace)),
            b'[' => self.bracket(|stack, at| stack.push(at, Kind::Bracket)),
            b'(' => self.bracket(|stack, at| stack.push(at, Kind::Paren)),
            b']' => self.bracket(|stack, _| stack.close(Kind::Bracket)),
            b')' => self.bracket(|stack, _| stack.close(Kind::Paren)),
            _ => self.advance(self.at + 1),
        }
        true
    }

    fn advance(&mut self, to: usize) {
        self.at = to;
        self.end = to;
    }

    fn bracket(&mut self, apply: impl FnOnce(&mut Stack, usize)) {
        apply(&mut self.stack, self.at);
        self.advance(self.at + 1);
    }

    fn comment(&mut self, byte: u8) -> bool {
        if byte == b'#' && column_of(self.bytes, self.at).is_some() {
            self.at = end_of_line(self.bytes, self.at);
            return true;
        }
        match comment(self.bytes, self.at) {
            Some((end, true)) => self.at = end,
            Some((end, false)) => {
                self.unclosed = Some(Unclosed { at: self.at, what: Delimiter::Comment });
                self.advance(end);
                return false;
            }
            None => self.advance(self.at + 1),
        }
        true
    }

    fn string(&mut self) {
        match string_opening(self.bytes, self.at) {
            Some((text, dollars)) => self.rest_of_string(self.at, text, dollars, false),
            None => self.advance(self.at + self.bytes[self.at..].iter().take_while(|byte| **byte == b'$').count()),
        }
    }

    fn rest_of_string(&mut self, opened: usize, from: usize, dollars: Option<usize>, in_hole: bool) {
        let end = match dollars {
            None => single_line(self.bytes, from),
            Some(dollars) => multi_line(self.bytes, from, dollars),
        };
        match end {
            StringEnd::Closed(at) => {
                if in_hole {
                    self.stack.truncate(self.stack.open.len() - 1);
                }
                self.advance(at);
            }
            StringEnd::Hole(at) => {
                if !in_hole {
                    self.stack.push(opened, Kind::Hole { dollars: dollars.unwrap_or(0) });
                }
                self.advance(at);
            }
            StringEnd::Line(at) => self.advance(at),
            StringEnd::File => {
                let opened = self.stack.open.last().filter(|_| in_hole).map_or(opened, |hole| hole.at);
                self.unclosed = Some(Unclosed { at: opened, what: Delimiter::MultilineString });
                self.advance(self.bytes.len());
            }
        }
    }

    fn line_break(&mut self) -> bool {
        self.stack.line_break();
        let next = skip_trivia(self.bytes, self.at);
        if next >= self.bytes.len() {
            self.at = next;
            return false;
        }
        let goes_on = if !self.stack.open.is_empty() {
            !(self.eager && is_restart(self.bytes, next, self.column))
        } else if self.head.is_none() {
            if self.bytes[next] != b'@' {
                self.head = Some(next);
            }
            true
        } else {
            self.continues_at(next)
        };
        if goes_on {
            self.at = next;
        }
        goes_on
    }

    /// Whether a statement with all brackets closed goes on at `next`, the first thing after a line break.
    fn continues_at(&self, next: usize) -> bool {
        let first = self.bytes[next];
        if matches!(first, b'?' | b':' | b'|') {
            return self.bytes.get(next + 1) != Some(&first);
        }
        let before = &self.bytes[..self.end];
        // Type arguments may span lines, and nothing else ends or begins a line like this.
        if first == b'>' || matches!(before, [.., b'<' | b',']) {
            return true;
        }
        let word = word(self.bytes, next);
        if before.ends_with(b"=>") {
            return !is_one_of(word, &ENDS_LAMBDA);
        }
        before.ends_with(b"=") && word == b"if" && !matches!(before, [.., b'=' | b'!' | b'<' | b'>', b'='])
    }
}
