//! The walk along a text that finds its holes.

use std::collections::BTreeMap;
use std::ops::Range;

use super::lex::{Kind, Lexer, Token};
use super::repaired::{Fault, Hole, Repair, Repaired};

/// How deep a value may stand for the parser: an object counts twice, as its property does.
const MAX_DEPTH: usize = 512;

/// How much may be wrong for indentation to be believed.
const MAX_FAULTS_OF_INDENTATION: usize = 100;

/// How many more brackets of a kind open than close.
#[derive(Clone, Copy, Default)]
pub(super) struct Count {
    braces: isize,
    brackets: isize,
}

impl Count {
    fn of(&mut self, closer: u8) -> &mut isize {
        if closer == b'}' { &mut self.braces } else { &mut self.brackets }
    }
}

/// What a walk by indentation goes by.
pub(super) struct Indentation {
    /// How many more brackets open than close from here on, as far as indentation is to say which.
    pub(super) count: Count,
    /// How many hints are passed over.
    pub(super) doubted: usize,
}

impl Indentation {
    /// Whether a hint is followed.
    fn is_believed(&mut self) -> bool {
        let is_believed = self.doubted == 0;
        self.doubted = self.doubted.saturating_sub(1);
        is_believed
    }
}

/// A walk along a text.
pub(super) struct Walk<'t> {
    lexer: Lexer<'t>,
    by_indentation: Option<Indentation>,
    pub(super) count: Count,
    open: Vec<Open>,
    /// Which of what is open are objects, and which arrays.
    objects: Vec<usize>,
    arrays: Vec<usize>,
    /// Where the outermost object or array begins.
    root: Option<usize>,
    /// Where the last token ends.
    end_of_last: usize,
    /// How many lines are indented as if they stood elsewhere.
    misplaced: usize,
    /// Whether this line is.
    is_askew: bool,
    pub(super) is_balanced: bool,
    /// Whether the last token so far closes the outermost bracket.
    is_closed: bool,
    faults: Vec<Fault>,
    blanks: Vec<Range<usize>>,
    inserted: Vec<(usize, u8)>,
    holes: BTreeMap<usize, Hole>,
}

/// An open object or array.
struct Open {
    at: usize,
    closer: u8,
    /// Where its line begins, and how far that is indented.
    line: usize,
    indent: usize,
    /// Whether that says nothing of where it stands.
    is_askew: bool,
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

    fn awaits_value(&self) -> bool {
        self.member.as_ref().is_some_and(|member| member.is_at(Stage::Awaiting))
    }

    fn never_closed(&self) -> Fault {
        let says = if self.is_object() { "this object is never closed" } else { "this array is never closed" };
        Fault { range: self.at..self.at + 1, says }
    }
}

impl<'t> Walk<'t> {
    pub(super) fn new(text: &'t str, by_indentation: Option<Indentation>) -> Self {
        Walk {
            lexer: Lexer::new(text),
            by_indentation,
            count: Count::default(),
            open: Vec::new(),
            objects: Vec::new(),
            arrays: Vec::new(),
            root: None,
            end_of_last: 0,
            misplaced: 0,
            is_askew: false,
            is_balanced: true,
            is_closed: false,
            faults: Vec::new(),
            blanks: Vec::new(),
            inserted: Vec::new(),
            holes: BTreeMap::new(),
        }
    }

    /// How many lines are lost, or indented as if they stood elsewhere.
    pub(super) fn cost(&self) -> usize {
        let lines = |blank: &Range<usize>| {
            let blank = self.lexer.text.as_bytes().get(blank.clone()).unwrap_or_default();
            1 + memchr::memchr_iter(b'\n', blank).count()
        };
        self.blanks.iter().map(lines).sum::<usize>() + self.misplaced
    }

    pub(super) fn gave_up(&self) -> bool {
        self.by_indentation.is_some() && self.faults.len() > MAX_FAULTS_OF_INDENTATION
    }

    pub(super) fn run(mut self) -> Self {
        while !self.gave_up()
            && let Some(token) = self.lexer.next()
        {
            self.dedent(&token);
            match token.kind {
                Kind::Open(closer) => *self.count.of(closer) += 1,
                Kind::Close(closer) => *self.count.of(closer) -= 1,
                _ => {}
            }
            let is_in = |open: &Open| match token.kind {
                Kind::Close(_) => open.indent == token.indent,
                _ => open.indent < token.indent,
            };
            if token.starts_line {
                self.is_askew = !self.open.last().is_none_or(is_in);
                self.misplaced += usize::from(self.is_askew);
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
        if let (Kind::Open(closer), None) = (token.kind, self.root) {
            self.root = Some(token.range.start);
            return self.push(token, closer, false);
        }
        if let Some(root) = self.root {
            self.is_balanced = false;
            self.is_closed = false;
            self.lose(root, Hole::unnamed(token.range.clone()));
        }
        let says = match self.root {
            None => "it must begin with a bracket",
            Some(_) => "nothing can stand behind the bracket that closes the outermost one",
        };
        let is_told = self.faults.last().is_some_and(|fault| fault.says == says);
        if !is_told {
            self.fault(token.range.clone(), says);
        }
        self.blanks.push(token.range.clone());
    }

    fn opens(&mut self, token: &Token, closer: u8) {
        let Some(top) = self.open.last() else { return };
        let has_place = match &top.member {
            Some(_) if top.is_object() => top.awaits_value(),
            None => !top.is_object(),
            Some(member) => member.wrong.is_none() || token.starts_line,
        };
        if !has_place {
            self.wrong(token, "an object or array cannot stand here");
        } else if !top.is_object() {
            self.begin(token.range.start, Stage::Awaiting);
        }
        if has_place && self.is_too_deep() {
            self.wrong(token, "it nests too deep to be read");
        }
        let is_lost = self
            .open
            .last()
            .is_some_and(|top| top.is_lost || top.member.as_ref().is_some_and(|member| member.wrong.is_some()));
        self.push(token, closer, is_lost);
    }

    fn push(&mut self, token: &Token, closer: u8, is_lost: bool) {
        let at = token.range.start;
        let (line, indent, is_askew) = (token.line, token.indent, self.is_askew);
        let opened = Open { at, closer, line, indent, is_askew, is_lost, member: None };
        let place = self.open.len();
        self.alike(closer).push(place);
        self.open.push(opened);
    }

    /// Which of what is open this one closes, the innermost last.
    fn alike(&mut self, closer: u8) -> &mut Vec<usize> {
        if closer == b'}' { &mut self.objects } else { &mut self.arrays }
    }

    /// Whether the parser reads no value of the innermost open bracket.
    fn is_too_deep(&self) -> bool {
        2 * self.objects.len() + self.arrays.len() > MAX_DEPTH
    }

    fn lose(&mut self, of: usize, hole: Hole) {
        self.holes.entry(of).and_modify(Hole::join).or_insert(hole);
    }

    fn pop(&mut self) -> Option<Open> {
        self.finish();
        let closed = self.open.pop()?;
        self.alike(closed.closer).pop();
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
                    self.lose(top.at, Hole::unnamed(token.range.clone()));
                    self.fault(token.range.clone(), "no bracket is open that this one closes");
                }
            }
        }
    }

    /// Which of the open brackets this one closes.
    fn partner(&mut self, token: &Token, closer: u8) -> Option<usize> {
        let top = self.open.last()?;
        let is_odd = match token.starts_line {
            true => token.indent > top.indent && !top.is_askew,
            false => token.line != top.line,
        };
        if let Some(indentation) = &mut self.by_indentation
            && is_odd
            && *indentation.count.of(closer) < 0
            && indentation.is_believed()
        {
            *indentation.count.of(closer) += 1;
            return None;
        }
        let is_top = top.closer == closer;
        let partner = *self.alike(closer).last()?;
        // In the middle of a line, a bracket closes one that the line opened.
        let is_near = self.by_indentation.is_none() || token.starts_line || self.open[partner].line == token.line;
        (is_top || is_near).then_some(partner)
    }

    /// Closes what a line that is indented no deeper cannot be in.
    fn dedent(&mut self, token: &Token) {
        let Some(mut indentation) = self.by_indentation.take_if(|_| token.starts_line) else { return };
        let is_name = token.kind == Kind::Text && self.lexer.is_before_colon(token.range.end);
        let cannot_be_in = |open: &Open| match token.kind {
            Kind::Close(_) => open.indent > token.indent,
            // In an array it has its place, however it is indented.
            Kind::Open(_) => open.indent >= token.indent && open.is_object() && !open.awaits_value(),
            _ => open.indent >= token.indent && is_name,
        };
        while self.open.len() > 1
            && let Some(top) = self.open.last()
            && *indentation.count.of(top.closer) > 0
            && !top.is_askew
            && cannot_be_in(top)
            && indentation.is_believed()
        {
            *indentation.count.of(top.closer) -= 1;
            self.close_unclosed();
        }
        self.by_indentation = Some(indentation);
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
            self.lose(at, Hole::unnamed(range.clone()));
        }
        self.fault(range, says);
    }

    fn comma(&mut self, token: &Token) {
        let Some(top) = self.open.last_mut() else { return };
        let (is_lost, array) = (top.is_lost, (!top.is_object()).then_some(top.at));
        match top.member.take() {
            None if !is_lost => {
                self.blanks.push(token.range.clone());
                if let Some(array) = array {
                    self.lose(array, Hole::unnamed(token.range.clone()));
                }
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
            Some(member) if is_object => member.wrong.is_none() && member.stage != Stage::Awaiting && starts_line,
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
        let is_too_deep = self.is_too_deep();
        let Some(member) = self.open.last_mut().and_then(|top| top.member.as_mut()) else { return };
        if member.is_at(Stage::Named) {
            self.wrong(token, "a colon is missing before this");
        } else if !member.is_at(Stage::Awaiting) {
            self.wrong(token, "a comma or a bracket is missing before this");
        } else if is_too_deep {
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
        // What was repaired in it is blanked out.
        while self.inserted.pop_if(|(at, _)| *at > range.start).is_some() {}
        while self.blanks.pop_if(|blank| blank.start >= range.start).is_some() {}
        self.holes.extract_if(range.clone(), |_, _| true).for_each(drop);
        let hole = match top.is_object() {
            true => Hole::of_property(self.lexer.text, range.clone()),
            false => Hole::unnamed(range.clone()),
        };
        self.lose(top.at, hole);
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
                self.lose(closed.at, Hole::unnamed(lost.clone()));
                self.inserted.push((self.end_of_last, closed.closer));
            }
        }
    }

    pub(super) fn write(mut self) -> Repaired {
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
