//! What holds for any text at all, correct or not.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;
use rolecall_bicep::File;
use rolecall_bicep::syntax::SyntaxNode as _;

/// The grammar's own corpus: every construct, and as much that is not Bicep around it.
static SEEDS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../grammars/bicep/test/corpus");
    let files = fs::read_dir(corpus).expect("the grammar's corpus");
    files.map(|entry| fs::read_to_string(entry.expect("an entry").path()).expect("UTF-8")).collect()
});

/// Only white space, comments and pragmas lie between the pieces of a file.
fn is_trivia(mut text: &str) -> bool {
    loop {
        text = text.trim_start_matches([' ', '\t', '\r', '\n', '\u{feff}']);
        if text.is_empty() {
            return true;
        }
        let end = if text.starts_with("//") || text.starts_with('#') {
            text.find(['\r', '\n']).unwrap_or(text.len())
        } else if let Some(inside) = text.strip_prefix("/*") {
            match inside.find("*/") {
                Some(end) => end + 4,
                None => return false,
            }
        } else {
            return false;
        };
        text = &text[end..];
    }
}

fn check(text: &str) {
    let file = File::parse(text);
    let mut at = 0;
    for piece in file.pieces() {
        let range = piece.range();
        assert!(range.start >= at && range.end > range.start, "pieces are in order and not empty");
        assert!(is_trivia(&text[at..range.start]), "{:?} is in no piece", &text[at..range.start]);
        at = range.end;
        if let Some(statement) = piece.statement() {
            let span = statement.span();
            assert!(range.start <= span.start && span.end <= range.end, "a statement lies in its piece");
        }
        if !piece.has_error() {
            let statement = piece.statement().expect("a piece without errors is a statement");
            assert_eq!(statement.span(), range, "and nothing else");
            assert!(!statement.has_error());
            let alone = File::parse(&text[range]);
            let shapes: Vec<_> = alone.statements().map(|statement| statement.node().to_sexp()).collect();
            assert_eq!(shapes, [statement.node().to_sexp()], "a statement does not depend on what stands around it");
        }
        for error in piece.errors() {
            assert!(text.get(error.span.clone()).is_some(), "an error lies in the text: {error:?}");
            assert!(!error.message.is_empty());
        }
    }
    assert!(is_trivia(&text[at..]), "{:?} is in no piece", &text[at..]);
}

fn tokens() -> impl Strategy<Value = String> {
    let token = prop::sample::select(vec![
        "param ",
        "var ",
        "resource ",
        "module ",
        "output ",
        "type ",
        "func ",
        "import ",
        "@",
        "a",
        "b1 ",
        " = ",
        "\n",
        "\r\n",
        "  ",
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        "'",
        "'''",
        "$'''",
        "$$",
        "${",
        "\\",
        "\\'",
        "//",
        "/*",
        "*/",
        "#disable-next-line x",
        ":",
        "::",
        ",",
        ".",
        "?",
        "??",
        "!",
        "|",
        "||",
        "&&",
        "=>",
        "==",
        "<",
        ">",
        "if (",
        "for x in ",
        "...",
        "null",
        "12",
        "-",
        "ü",
        "\u{feff}",
    ]);
    prop::collection::vec(token, 0..60).prop_map(|tokens| tokens.concat())
}

fn mutated() -> impl Strategy<Value = String> {
    (
        any::<prop::sample::Index>(),
        any::<prop::sample::Index>(),
        0..400usize,
        prop::collection::vec((any::<prop::sample::Index>(), 0..6usize, tokens()), 1..4),
    )
        .prop_map(|(seed, start, len, edits)| {
            let seed = seed.get(SEEDS.as_slice());
            let start = start.index(seed.len());
            let mut text: Vec<char> = seed.get(start..).unwrap_or_default().chars().take(len + 1).collect();
            for (place, removed, inserted) in edits {
                let at = place.index(text.len() + 1);
                let end = (at + removed).min(text.len());
                text.splice(at..end, inserted.chars().take(8));
            }
            text.into_iter().collect()
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text(text in ".{0,200}") {
        check(&text);
    }

    #[test]
    fn any_tokens(text in tokens()) {
        check(&text);
    }

    #[test]
    fn mutated_bicep(text in mutated()) {
        check(&text);
    }
}

#[test]
fn every_prefix_of_the_corpus() {
    // What stands in an editor while someone types.
    for seed in SEEDS.iter() {
        let starts: Vec<usize> = seed.match_indices("\n====").map(|(at, _)| at).collect();
        for start in starts.into_iter().step_by(7) {
            for (end, _) in seed[start..].char_indices().take(300) {
                check(&seed[start..start + end]);
            }
        }
    }
}

/// A fuzzer where a fuzzing toolchain runs it, a test with random inputs elsewhere.
#[test]
fn fuzz_text() {
    bolero::check!().for_each(|bytes: &[u8]| check(&String::from_utf8_lossy(bytes)));
}

#[test]
fn fuzz_grammar_and_scanner() {
    bolero::check!().for_each(|bytes: &[u8]| {
        let mut parser = tree_sitter::Parser::new();
        parser.set_language(&tree_sitter_bicep::LANGUAGE.into()).expect("the grammar fits the library");
        let tree = parser.parse(bytes, None).expect("no limit was set");
        assert!(tree.root_node().end_byte() <= bytes.len());
    });
}

#[test]
fn the_state_of_the_scanner_is_bounded() {
    let nested = |depth: usize| format!("var a = {}1{}", "'${".repeat(depth), "}'".repeat(depth));
    let mut parser = tree_sitter::Parser::new();
    parser.set_language(&tree_sitter_bicep::LANGUAGE.into()).expect("the grammar fits the library");
    let mut has_error =
        |depth: usize| parser.parse(nested(depth), None).expect("no limit was set").root_node().has_error();
    assert!(!has_error(200));
    assert!(has_error(201));
    assert!(has_error(5000));
}
