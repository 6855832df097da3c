//! What can be saved of text that is no JSON, not even with every leniency that the parser has.
//!
//! Brackets, commas and colons say where each property and element begins and ends. One that cannot be read is a hole: it is
//! blanked out, and what stands around it stays. A bracket that is never closed is closed, and one that closes nothing is
//! blanked out: where, indentation is asked as well, and whichever finds less wrong is believed.
//!
//! What a value means is not known here.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::lex::{Kind, Lexer, Token};

/// How deep a value may stand for the parser: an object counts twice, as its property does.
const MAX_DEPTH: usize = 512;

/// How much may be wrong for indentation to be believed.
const MAX_FAULTS_OF_INDENTATION: usize = 100;

/// Text that can be parsed again.
pub(crate) struct Repaired {
    /// The text, blanked out in parts, and with the brackets that were missing.
    pub(crate) text: String,
    pub(crate) repair: Repair,
    /// What is wrong, in order of place.
    pub(crate) faults: Vec<Fault>,
}

/// What was done to a text.
#[derive(Debug, Default)]
pub(crate) struct Repair {
    /// Where in the new text a bracket was put; ascending.
    pub(crate) inserted: Vec<usize>,
    /// What was lost first of each object or array, by where that begins in the source.
    pub(crate) holes: BTreeMap<usize, Range<usize>>,
    /// Whether it would be done the same wherever the text stands: its first bracket is closed by its last byte, and
    /// nothing was looked for behind.
    pub(crate) is_local: bool,
}

impl Repair {
    /// The offset in the source of one in the new text.
    pub(crate) fn place(&self, offset: usize) -> usize {
        offset - self.inserted.partition_point(|at| *at < offset)
    }
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) range: Range<usize>,
    pub(crate) says: &'static str,
}

/// Repairs a text.
pub(crate) fn repair(text: &str) -> Repaired {
    let by_brackets = Walk::new(text, false).run();
    let walked = if by_brackets.is_balanced {
        by_brackets
    } else {
        let by_indentation = Walk::new(text, true).run();
        let is_better = by_indentation.faults.len() <= by_brackets.faults.len();
        if is_better && !by_indentation.gave_up() { by_indentation } else { by_brackets }
    };
    walked.write()
}

/// A walk along a text.
struct Walk<'t> {
    lexer: Lexer<'t>,
    by_indentation: bool,
    open: Vec<Open>,
    /// How deep the innermost open bracket's values stand.
    depth: usize,
    /// How many of what is open is closed by `}`.
    objects: usize,
    /// Where the outermost object or array begins.
    root: Option<usize>,
    /// Where the last token ends.
    end_of_last: usize,
    is_balanced: bool,
    /// Whether the last token so far closes the outermost bracket.
    is_closed: bool,
    faults: Vec<Fault>,
    blanks: Vec<Range<usize>>,
    inserted: Vec<(usize, u8)>,
    holes: BTreeMap<usize, Range<usize>>,
}

/// An open object or array.
struct Open {
    at: usize,
    closer: u8,
    /// Where its line begins, and how far that is indented.
    line: usize,
    indent: usize,
    /// Whether it lies in a hole.
    is_lost: bool,
    member: Option<Member>,
}

/// The property or element that is being read.
struct Member {
    start: usize,
    stage: Stage,
    wrong: Option<Fault>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Its name was read.
    Named,
    /// Its value is to come.
    Awaiting,
    Whole,
}

impl Member {
    fn new(start: usize, stage: Stage) -> Self {
        Member { start, stage, wrong: None }
    }

    fn is_at(&self, stage: Stage) -> bool {
        self.stage == stage && self.wrong.is_none()
    }
}

impl Open {
    fn is_object(&self) -> bool {
        self.closer == b'}'
    }

    fn weight(&self) -> usize {
        if self.is_object() { 2 } else { 1 }
    }

    fn never_closed(&self) -> Fault {
        let says = if self.is_object() { "this object is never closed" } else { "this array is never closed" };
        Fault { range: self.at..self.at + 1, says }
    }
}

impl<'t> Walk<'t> {
    fn new(text: &'t str, by_indentation: bool) -> Self {
        Walk {
            lexer: Lexer::new(text),
            by_indentation,
            open: Vec::new(),
            depth: 0,
            objects: 0,
            root: None,
            end_of_last: 0,
            is_balanced: true,
            is_closed: false,
            faults: Vec::new(),
            blanks: Vec::new(),
            inserted: Vec::new(),
            holes: BTreeMap::new(),
        }
    }

    fn gave_up(&self) -> bool {
        self.by_indentation && self.faults.len() > MAX_FAULTS_OF_INDENTATION
    }

    fn run(mut self) -> Self {
        while !self.gave_up()
            && let Some(token) = self.lexer.next()
        {
            if self.by_indentation {
                self.dedent(&token);
            }
            match token.kind {
                _ if self.open.is_empty() => self.outside(&token),
                Kind::Open(closer) => self.opens(&token, closer),
                Kind::Close(closer) => self.closes(&token, closer),
                Kind::Comma => self.comma(&token),
                Kind::Colon => self.colon(&token),
                Kind::Text | Kind::Word => self.scalar(&token),
                Kind::Wrong(says) => self.wrong(&token, says),
            }
            self.end_of_last = token.range.end;
        }
        self.end();
        self
    }

    /// What stands before or behind the outermost bracket.
    fn outside(&mut self, token: &Token) {
        match (token.kind, self.root) {
            (Kind::Open(closer), None) => {
                self.root = Some(token.range.start);
                self.push(token, closer, false);
                return;
            }
            (_, None) => self.fault(token.range.clone(), "it must begin with a bracket"),
            (_, Some(root)) => {
                self.is_balanced = false;
                self.holes.entry(root).or_insert(token.range.clone());
                self.fault(token.range.clone(), "nothing can stand behind the bracket that closes the outermost one");
            }
        }
        self.is_closed = false;
        self.blanks.push(token.range.clone());
    }

    fn opens(&mut self, token: &Token, closer: u8) {
        let Some(top) = self.open.last() else { return };
        let has_place = match &top.member {
            Some(member) if top.is_object() => member.is_at(Stage::Awaiting),
            None => !top.is_object(),
            Some(member) => member.wrong.is_none() || token.starts_line,
        };
        if !has_place {
            self.wrong(token, "an object or array cannot stand here");
        } else if !top.is_object() {
            self.begin(token.range.start, Stage::Awaiting);
        }
        if has_place && self.depth > MAX_DEPTH {
            self.wrong(token, "it nests too deep to be read");
        }
        let is_lost = self.open.last().is_some_and(|top| {
            top.is_lost || top.member.as_ref().is_some_and(|member| member.wrong.is_some())
        });
        self.push(token, closer, is_lost);
    }

    fn push(&mut self, token: &Token, closer: u8, is_lost: bool) {
        let at = token.range.start;
        let opened = Open { at, closer, line: token.line, indent: token.indent, is_lost, member: None };
        self.depth += opened.weight();
        self.objects += usize::from(opened.is_object());
        self.open.push(opened);
    }

    fn pop(&mut self) -> Option<Open> {
        self.finish();
        let closed = self.open.pop()?;
        self.depth -= closed.weight();
        self.objects -= usize::from(closed.is_object());
        if let Some(member) = self.open.last_mut().and_then(|top| top.member.as_mut())
            && member.stage == Stage::Awaiting
        {
            member.stage = Stage::Whole;
        }
        Some(closed)
    }

    fn closes(&mut self, token: &Token, closer: u8) {
        match self.partner(token, closer) {
            Some(partner) => {
                while self.open.len() > partner + 1 {
                    self.close_unclosed();
                }
                self.pop();
                self.is_closed = self.open.is_empty();
            }
            None => {
                self.is_balanced = false;
                self.blanks.push(token.range.clone());
                let Some(top) = self.open.last() else { return };
                if !top.is_lost {
                    self.holes.entry(top.at).or_insert(token.range.clone());
                    self.fault(token.range.clone(), "no bracket is open that this one closes");
                }
            }
        }
    }

    /// Which of the open brackets this one closes.
    fn partner(&self, token: &Token, closer: u8) -> Option<usize> {
        let top = self.open.last()?;
        let alone = if closer == b'}' { self.objects } else { self.open.len() - self.objects };
        if alone == 0 || (self.by_indentation && token.starts_line && token.indent > top.indent) {
            return None;
        }
        let is_near = |open: &&Open| !self.by_indentation || token.starts_line || open.line == token.line;
        if top.closer == closer {
            return Some(self.open.len() - 1);
        }
        let others = self.open.iter().rev().take_while(is_near).position(|open| open.closer == closer)?;
        Some(self.open.len() - 1 - others)
    }

    /// Closes what a line that is indented no deeper cannot be in.
    fn dedent(&mut self, token: &Token) {
        if !token.starts_line || self.open.last().is_none_or(|top| top.indent < token.indent) {
            return;
        }
        let least = match token.kind {
            Kind::Close(_) => token.indent + 1,
            Kind::Open(_) => token.indent,
            Kind::Text if self.lexer.is_before_colon(token.range.end) => token.indent,
            _ => return,
        };
        while self.open.len() > 1 && self.open.last().is_some_and(|top| top.indent >= least) {
            self.close_unclosed();
        }
    }

    fn close_unclosed(&mut self) {
        self.is_balanced = false;
        let Some(closed) = self.pop() else { return };
        if closed.is_lost {
            return;
        }
        self.inserted.push((self.end_of_last, closed.closer));
        let Fault { range, says } = closed.never_closed();
        // What stands in it may belong to what is around it, or the other way about.
        for at in [Some(closed.at), self.open.last().map(|top| top.at)].into_iter().flatten() {
            self.holes.entry(at).or_insert(range.clone());
        }
        self.fault(range, says);
    }

    fn comma(&mut self, token: &Token) {
        let Some(top) = self.open.last_mut() else { return };
        let is_lost = top.is_lost;
        match top.member.take() {
            None if !is_lost => {
                self.blanks.push(token.range.clone());
                self.fault(token.range.clone(), "nothing stands before this comma");
            }
            Some(member) if !member.is_at(Stage::Whole) => self.hole(member, token.range.end),
            _ => {}
        }
    }

    fn colon(&mut self, token: &Token) {
        match self.open.last_mut().and_then(|top| top.member.as_mut()) {
            Some(member) if member.is_at(Stage::Named) => member.stage = Stage::Awaiting,
            _ => self.wrong(token, "no name stands before this colon"),
        }
    }

    /// A string, number or word: a value or a name.
    fn scalar(&mut self, token: &Token) {
        let Some(top) = self.open.last() else { return };
        let is_name = self.lexer.is_before_colon(token.range.end);
        let starts_line = token.starts_line;
        let is_object = top.is_object();
        let begins = match &top.member {
            None => true,
            Some(_) if is_object && is_name => true,
            Some(member) if is_object => {
                member.wrong.is_none() && member.stage != Stage::Awaiting && starts_line
            }
            Some(member) => member.wrong.is_none() || starts_line,
        };
        if begins {
            self.begin(token.range.start, if is_object { Stage::Named } else { Stage::Awaiting });
            if !is_object && is_name {
                self.wrong(token, "a property cannot stand in an array");
            } else if is_object {
                if let Some(says) = self.lexer.no_name(token) {
                    self.wrong(token, says);
                }
                return;
            }
        }
        let Some(member) = self.open.last_mut().and_then(|top| top.member.as_mut()) else { return };
        if member.is_at(Stage::Named) {
            self.wrong(token, "a colon is missing before this");
        } else if !member.is_at(Stage::Awaiting) {
            self.wrong(token, "a comma or a bracket is missing before this");
        } else if self.depth > MAX_DEPTH {
            self.wrong(token, "it nests too deep to be read");
        } else if let Some(says) = self.lexer.no_value(token) {
            self.wrong(token, says);
        } else {
            member.stage = Stage::Whole;
        }
    }

    /// A token that has no place here; what it is part of cannot be read.
    fn wrong(&mut self, token: &Token, says: &'static str) {
        let Some(top) = self.open.last() else { return };
        let begins = top.member.as_ref().is_none_or(|member| member.is_at(Stage::Whole) && token.starts_line);
        if begins {
            self.begin(token.range.start, Stage::Awaiting);
        }
        if let Some(member) = self.open.last_mut().and_then(|top| top.member.as_mut()) {
            member.wrong.get_or_insert(Fault { range: token.range.clone(), says });
        }
    }

    fn begin(&mut self, start: usize, stage: Stage) {
        self.finish();
        if let Some(top) = self.open.last_mut() {
            top.member = Some(Member::new(start, stage));
        }
    }

    /// The last member of the innermost bracket ends.
    fn finish(&mut self) {
        let member = self.open.last_mut().and_then(|top| top.member.take());
        if let Some(member) = member.filter(|member| !member.is_at(Stage::Whole)) {
            self.hole(member, self.end_of_last);
        }
    }

    /// A member of the innermost bracket cannot be read.
    fn hole(&mut self, member: Member, end: usize) {
        let Some(top) = self.open.last() else { return };
        if top.is_lost {
            return;
        }
        let range = member.start..end;
        // What was closed in it is blanked out.
        while self.inserted.pop_if(|(at, _)| *at > range.start).is_some() {}
        self.holes.entry(top.at).or_insert(range.clone());
        self.blanks.push(range);
        let says = match member.stage {
            Stage::Named => "behind this name, a colon and a value are missing",
            _ => "this property has no value",
        };
        let incomplete = Fault { range: member.start..self.end_of_last, says };
        self.faults.push(member.wrong.unwrap_or(incomplete));
    }

    fn fault(&mut self, range: Range<usize>, says: &'static str) {
        self.faults.push(Fault { range, says });
    }

    /// The text ends.
    fn end(&mut self) {
        let Some(top) = self.open.last() else { return };
        self.is_balanced = false;
        self.is_closed = false;
        let end = self.lexer.text.len();
        let is_in_member = top.member.as_ref().filter(|member| !member.is_at(Stage::Whole));
        let lost = is_in_member.map_or(end, |member| member.start)..end;
        if is_in_member.is_none() && !top.is_lost {
            let Fault { range, says } = top.never_closed();
            self.fault(range, says);
        }
        while let Some(closed) = self.pop() {
            if !closed.is_lost {
                self.holes.entry(closed.at).or_insert(lost.clone());
                self.inserted.push((self.end_of_last, closed.closer));
            }
        }
    }

    fn write(mut self) -> Repaired {
        let mut blanked = self.lexer.text.as_bytes().to_vec();
        for blank in self.blanks {
            blanked[blank].fill(b' ');
        }
        let mut text = Vec::with_capacity(blanked.len() + self.inserted.len());
        let mut inserted = Vec::with_capacity(self.inserted.len());
        let mut from = 0;
        for (at, bracket) in self.inserted {
            text.extend(&blanked[from..at]);
            inserted.push(text.len());
            text.push(bracket);
            from = at;
        }
        text.extend(&blanked[from..]);
        self.faults.sort_by_key(|fault| (fault.range.start, fault.range.end));
        let is_local = self.is_balanced && self.is_closed && !self.lexer.looked_out();
        Repaired {
            text: String::from_utf8(text).unwrap_or_default(),
            repair: Repair { inserted, holes: self.holes, is_local },
            faults: self.faults,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::document::{can_be_read, is_json};

    /// The text repaired, and what was said.
    fn repaired(text: &str) -> (String, Vec<&'static str>) {
        let Repaired { text, faults, .. } = repair(text);
        (text.split_whitespace().collect::<Vec<_>>().join(" "), faults.into_iter().map(|fault| fault.says).collect())
    }

    #[test]
    fn what_cannot_be_read_is_blanked_out_and_the_rest_stays() {
        for (text, left, says) in [
            (r#"{"a": 1, "b", "c": 2}"#, r#"{"a": 1, "c": 2}"#, "behind this name, a colon and a value are missing"),
            ("{\"a\": 1,\n \"b\"\n \"c\": 2}", r#"{"a": 1, "c": 2}"#, "behind this name, a colon and a value are missing"),
            (r#"{"a": 1, "b": , "c": 2}"#, r#"{"a": 1, "c": 2}"#, "this property has no value"),
            ("{\"a\": 1, \"b\":\n \"c\": 2}", r#"{"a": 1, "c": 2}"#, "this property has no value"),
            (r#"{"a": 1, "b": }"#, r#"{"a": 1, }"#, "this property has no value"),
            (r#"{"a": 1, b, "c": 2}"#, r#"{"a": 1, "c": 2}"#, "the name of a property stands in quotes"),
            ("{\"a\": \"x,\n \"c\": 2}", r#"{ "c": 2}"#, "this string is never closed"),
            ("{\"a: \"x\",\n \"c\": 2}", r#"{ "c": 2}"#, "a colon is missing before this"),
            ("{\"a\": \"x\" y\",\n \"c\": 2}", r#"{ "c": 2}"#, "a comma or a bracket is missing before this"),
            ("{\"a\": x\",\n \"c\": 2}", r#"{ "c": 2}"#, "this is no value: text stands in quotes"),
            (r#"{"a": "\u12", "c": 2}"#, r#"{ "c": 2}"#, "no such escape may stand in a string"),
            (r#"{"a": 1,, "c": 2}"#, r#"{"a": 1, "c": 2}"#, "nothing stands before this comma"),
            (r#"{"a" {"x": [1, 2]}, "c": 2}"#, r#"{ "c": 2}"#, "an object or array cannot stand here"),
            (r#"{: 1, "c": 2}"#, r#"{ "c": 2}"#, "no name stands before this colon"),
            (r#"["a": 1, 2]"#, "[ 2]", "a property cannot stand in an array"),
            ("[\n word\n {}\n]", "[ {} ]", "this is no value: text stands in quotes"),
            ("{\"a\": 1 /* { \n, \"c\": 2}", r#"{ "c": 2}"#, "this comment is never closed"),
            (r#"{"c": 2} x"#, r#"{"c": 2}"#, "nothing can stand behind the bracket that closes the outermost one"),
            (r#"x {"c": 2}"#, r#"{"c": 2}"#, "it must begin with a bracket"),
        ] {
            assert_eq!(repaired(text), (left.to_owned(), vec![says]), "{text}");
        }
    }

    #[test]
    fn brackets_are_closed_where_they_were_left_open() {
        for (text, left) in [
            (r#"{"a": 1, "b": [1, 2, {"c": tr"#, r#"{"a": 1, "b": [1, 2, { }]}"#),
            (r#"{"a": 1, "b": "x"#, r#"{"a": 1, }"#),
            (r#"{"a": 1, "b""#, r#"{"a": 1, }"#),
            (r#"{"a": ["x", "y"#, r#"{"a": ["x", ]}"#),
            (r#"{"a": 1 // last"#, r#"{"a": 1} // last"#),
            (r#"{"a": [1, {"b": 2], "c": 3}"#, r#"{"a": [1, {"b": 2}], "c": 3}"#),
            ("{\n  \"a\": {\n    \"b\": 1,\n  \"c\": {}\n}", r#"{ "a": { "b": 1} "c": {} }"#),
            ("[\n  {\n    \"a\": 1\n  {\n    \"b\": 2\n  }\n]", r#"[ { "a": 1} { "b": 2 } ]"#),
            ("{\n  \"a\": [\n    1,\n  \"b\": 2\n}", r#"{ "a": [ 1] "b": 2 }"#),
            ("{\n  \"a\": {\n    \"b\": 1\n  }\n  }\n  \"c\": 2\n}", r#"{ "a": { "b": 1 } "c": 2 }"#),
            ("{\n\"a\": {\n\"b\": [\n1,\n2\n},\n\"c\": 3\n}", r#"{ "a": { "b": [ 1, 2] }, "c": 3 }"#),
        ] {
            let (text, said) = (repaired(text).0, repaired(text).1);
            assert_eq!((text.replace(",]", "]").replace(",}", "}"), said.len()), (left.to_owned(), 1), "{text}");
        }
    }

    #[test]
    fn a_string_may_go_over_lines() {
        let text = "{\"a\": \"[f(\n  'x')]\", \"b\", \"c\": \"one\ntwo\"}";
        assert_eq!(repaired(text).0, "{\"a\": \"[f( 'x')]\", \"c\": \"one two\"}");
    }

    #[test]
    fn values_too_deep_are_holes() {
        for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("{\"a\":[", "]}")] {
            let text = format!("{{\"v\": {}1{}}}", open.repeat(1000), close.repeat(1000));
            let (text, said) = repaired(&text);
            assert!(can_be_read(&text), "{text}");
            assert_eq!(said, ["it nests too deep to be read"]);
        }
    }
    /// What texts are made of.
    const PIECES: [&str; 24] = [
        "{", "}", "[", "]", ",", ":", "\"", "'", "\\", "\n", "\n  ", " ", "// x\n", "/* x */", "/*", "é", "\"a\"", "\"a\": ",
        "\"b\": 1,", "true", "12", "-", "\"x\\u00e9\"", "{\"c\": [{}]}",
    ];

    proptest! {
        #[test]
        fn what_is_repaired_can_be_read(pieces in prop::collection::vec(0..PIECES.len(), 0..40)) {
            let text: String = pieces.into_iter().map(|piece| PIECES[piece]).collect();
            let repaired = repair(&text);
            prop_assert!(can_be_read(&repaired.text), "{:?} to {:?}", text, repaired.text);
            let begins_otherwise = repaired.faults.iter().any(|fault| fault.says == "it must begin with a bracket");
            if is_json(&text) && !begins_otherwise {
                prop_assert_eq!(&repaired.faults, &Vec::new());
                prop_assert_eq!(&repaired.text, &text);
            }
        }
    }
}
