//! From text to one syntax tree for each statement.
//!
//! Parsing never fails: a [`File`] holds every statement, whole or broken, and what is wrong with the broken ones. The parser runs over one
//! statement at a time, within the borders that [`crate::split`] found, and all positions are offsets into the whole file.

use std::cell::RefCell;
use std::ops::{ControlFlow, Range};

use tree_sitter::{Node, ParseOptions, ParseState, Parser, Point, Tree};

use crate::split::{Cut, Splitter, Unclosed, begins_statement, column_of};
use crate::syntax::{Statement, SyntaxKind, SyntaxNode};

/// A parsed file. The text stays with whoever owns it.
#[derive(Debug)]
pub struct File {
    pieces: Vec<Piece>,
}

/// One stretch of a file: a statement, or what stands where one should.
#[derive(Debug)]
pub struct Piece {
    range: Range<usize>,
    tree: Option<Tree>,
    errors: Vec<SyntaxError>,
}

/// A mistake in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Where it is, in bytes of the file.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
}

impl File {
    /// Parses a `.bicep` or `.bicepparam` file.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        thread_local!(static PARSER: RefCell<Option<Parser>> = const { RefCell::new(None) });
        PARSER.with_borrow_mut(|parser| {
            let parser = parser.get_or_insert_with(|| {
                let mut parser = Parser::new();
                // Grammar and library are of one release; a mismatch shows in every test.
                let _ = parser.set_language(&tree_sitter_bicep::LANGUAGE.into());
                parser
            });
            Self { pieces: pieces(parser, text) }
        })
    }

    /// The stretches of the file, in order.
    #[must_use]
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The statements, in order, those with errors included as far as they can be told.
    pub fn statements(&self) -> impl Iterator<Item = Statement<'_>> {
        self.pieces.iter().filter_map(Piece::statement)
    }

    /// What is wrong, in order.
    pub fn errors(&self) -> impl Iterator<Item = &SyntaxError> {
        self.pieces.iter().flat_map(Piece::errors)
    }

    /// Whether anything is wrong.
    #[must_use]
    pub fn has_error(&self) -> bool {
        self.pieces.iter().any(Piece::has_error)
    }
}

impl Piece {
    /// What it covers, in bytes of the file.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// The statement, if it can be told what it is.
    #[must_use]
    pub fn statement(&self) -> Option<Statement<'_>> {
        let root = self.tree.as_ref()?.root_node();
        let mut cursor = root.walk();
        root.named_children(&mut cursor).find_map(Statement::cast)
    }

    /// The tree of this stretch: a `source_file` of one statement, if nothing is wrong.
    #[must_use]
    pub fn tree(&self) -> Option<&Tree> {
        self.tree.as_ref()
    }

    /// What is wrong here.
    #[must_use]
    pub fn errors(&self) -> &[SyntaxError] {
        &self.errors
    }

    /// Whether anything is wrong here.
    #[must_use]
    pub fn has_error(&self) -> bool {
        !self.errors.is_empty()
    }
}

fn pieces(parser: &mut Parser, text: &str) -> Vec<Piece> {
    let mut splitter = Splitter::new(text);
    let mut pieces: Vec<Piece> = Vec::new();
    let mut after_junk = false;
    let mut broken = 0;
    while let Some(cut) = splitter.next_cut() {
        let junk = !begins_statement(text.as_bytes(), cut.range.start);
        if junk {
            // A line that begins no statement is most often the rest of a broken one: one error is enough for the whole stretch.
            match pieces.last_mut() {
                Some(last) if after_junk => last.range.end = cut.range.end,
                Some(last) if last.has_error() => last.range.end = cut.range.end,
                _ => pieces.push(junk_piece(text, &cut)),
            }
        } else {
            let piece = statement_piece(parser, text, cut, &mut splitter, broken > MAX_BROKEN);
            broken += usize::from(piece.has_error());
            pieces.push(piece);
        }
        after_junk = junk;
    }
    pieces
}

fn junk_piece(text: &str, cut: &Cut) -> Piece {
    let error = match cut.unclosed {
        Some(unclosed) => unclosed_error(text, unclosed),
        None => {
            let line = text[cut.range.clone()].lines().next().unwrap_or_default().trim_end();
            SyntaxError {
                span: cut.range.start..cut.range.start + line.len(),
                message: "expected a declaration such as `param`, `var`, `resource`, `module` or `output`".to_owned(),
            }
        }
    };
    Piece { range: cut.range.clone(), tree: None, errors: vec![error] }
}

fn unclosed_error(text: &str, unclosed: Unclosed) -> SyntaxError {
    let delimiter = unclosed.what.text();
    let signs = text[unclosed.at..].len() - text[unclosed.at..].trim_start_matches('$').len();
    let end = unclosed.at + signs + delimiter.len();
    SyntaxError { span: unclosed.at..end, message: format!("this `{delimiter}` is never closed") }
}

fn statement_piece(
    parser: &mut Parser,
    text: &str,
    cut: Cut,
    splitter: &mut Splitter<'_>,
    skip_unclosed: bool,
) -> Piece {
    let mut cut = cut;
    if cut.depth > MAX_DEPTH {
        let error = SyntaxError {
            span: first_line(text, &cut.range),
            message: "this statement is nested too deeply".to_owned(),
        };
        return Piece { range: cut.range, tree: None, errors: vec![error] };
    }
    let mut tree = if skip_unclosed && cut.unclosed.is_some() { None } else { parse_range(parser, text, &cut.range) };
    if tree.as_ref().is_none_or(|tree| tree.root_node().has_error())
        && let Some(shorter) = splitter.shorten(&cut)
    {
        splitter.accept(&shorter);
        tree = parse_range(parser, text, &shorter.range);
        cut = shorter;
    }
    let errors = errors(text, &cut, tree.as_ref());
    Piece { range: cut.range, tree, errors }
}

/// Deeper than this no correct file nests, and nobody's recursion should have to follow.
const MAX_DEPTH: usize = 256;

/// With more broken statements than this in a file, those that never close are not looked into.
const MAX_BROKEN: usize = 500;

/// What the parser may spend on a statement, in its own rounds of 100 steps. Something correct takes at most one step a byte or so; a round
/// spent in recovery counts for more.
fn allowance(bytes: usize) -> usize {
    2000 + bytes / 80
}

const ROUND_OF_RECOVERY: usize = 12;

fn parse_range(parser: &mut Parser, text: &str, range: &Range<usize>) -> Option<Tree> {
    // Rows and columns are nobody's business here, so the points stay zero.
    let zero = Point::new(0, 0);
    let included =
        tree_sitter::Range { start_byte: range.start, end_byte: range.end, start_point: zero, end_point: zero };
    parser.set_included_ranges(&[included]).ok()?;
    let bytes = text.as_bytes();
    let mut left = allowance(range.len());
    let mut progress =
        |state: &ParseState| match left.checked_sub(if state.has_error() { ROUND_OF_RECOVERY } else { 1 }) {
            Some(less) => {
                left = less;
                ControlFlow::Continue(())
            }
            None => ControlFlow::Break(()),
        };
    let tree = parser.parse_with_options(
        &mut |at, _| bytes.get(at..).unwrap_or_default(),
        None,
        Some(ParseOptions::new().progress_callback(&mut progress)),
    );
    if tree.is_none() {
        parser.reset();
    }
    tree
}

fn errors(text: &str, cut: &Cut, tree: Option<&Tree>) -> Vec<SyntaxError> {
    let mut errors: Vec<_> = cut.unclosed.map(|unclosed| unclosed_error(text, unclosed)).into_iter().collect();
    match tree {
        None => errors.push(SyntaxError {
            span: first_line(text, &cut.range),
            message: "this statement cannot be read".to_owned(),
        }),
        Some(tree) if tree.root_node().has_error() => collect(text, tree, &mut errors),
        Some(tree) if tree.root_node().named_child_count() == 0 => {
            errors
                .push(SyntaxError { span: first_line(text, &cut.range), message: "expected a declaration".to_owned() });
        }
        Some(tree) => {
            // The grammar takes a directive anywhere; the compiler takes none behind something else.
            let root = tree.root_node();
            let directive =
                |node: &Node<'_>| node.kind() == "pragma" && column_of(text.as_bytes(), node.start_byte()).is_none();
            let found = root.children(&mut root.walk()).find(directive);
            errors.extend(found.map(|node| SyntaxError {
                span: node.byte_range(),
                message: "a directive stands on a line of its own".to_owned(),
            }));
        }
    }
    if cut.unclosed.is_some() {
        // What is missing at the very end says the same once more.
        errors.retain(|error| error.span.start < cut.range.end);
    }
    errors.sort_by_key(|error| error.span.start);
    errors
}

fn first_line(text: &str, range: &Range<usize>) -> Range<usize> {
    let line = text[range.clone()].lines().next().unwrap_or_default().trim_end();
    range.start..range.start + line.len()
}

/// More errors than this in one statement say nothing new.
const MAX_ERRORS: usize = 16;

/// One error for each error node and each missing token, none for what lies inside another.
fn collect(text: &str, tree: &Tree, errors: &mut Vec<SyntaxError>) {
    let mut cursor = tree.walk();
    // Kept along the way, since asking a node for its parent searches the whole tree.
    let mut parents: Vec<Option<SyntaxKind>> = Vec::new();
    while errors.len() < MAX_ERRORS {
        let node = cursor.node();
        if node.is_missing() {
            errors.push(missing(text, node, parents.last().copied().flatten()));
        } else if node.is_error() {
            errors.push(unexpected(text, node));
        }
        if node.has_error() && !node.is_error() && cursor.goto_first_child() {
            parents.push(SyntaxKind::of(node));
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
            parents.pop();
        }
    }
}

fn missing(text: &str, node: Node<'_>, parent: Option<SyntaxKind>) -> SyntaxError {
    // A missing token has no extent: point at the end of what stands before it.
    let before = text[..node.start_byte()].trim_end_matches([' ', '\t', '\r', '\n']).len();
    let message = match (SyntaxKind::of(node), parent) {
        (
            _,
            Some(
                SyntaxKind::String
                | SyntaxKind::MultilineString
                | SyntaxKind::StringRight
                | SyntaxKind::MultilineStringRight,
            ),
        ) => "this string is not closed".to_owned(),
        (Some(SyntaxKind::StringRight), _) => "expected the `}` that ends the hole of a string".to_owned(),
        (Some(SyntaxKind::VariableReference), Some(SyntaxKind::Property)) => "expected a value".to_owned(),
        (Some(SyntaxKind::VariableReference), _) => "expected an expression".to_owned(),
        (Some(SyntaxKind::TypeReference), _) => "expected a type".to_owned(),
        (Some(SyntaxKind::Identifier), _) => "expected a name".to_owned(),
        (Some(SyntaxKind::String), _) => "expected a string".to_owned(),
        _ => format!("expected `{}`", node.kind()),
    };
    SyntaxError { span: before..before, message }
}

fn unexpected(text: &str, node: Node<'_>) -> SyntaxError {
    let start = node.start_byte();
    let skipped = text[node.byte_range()].trim_start();
    let start = start + node.byte_range().len() - skipped.len();
    let span = first_line(text, &(start..node.end_byte()));
    let shown: String = text[span.clone()].chars().take(40).collect();
    let message = if shown.is_empty() {
        "unexpected line break".to_owned()
    } else {
        format!("unexpected `{}`", shown.trim_end())
    };
    SyntaxError { span, message }
}
