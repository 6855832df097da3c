//! The queries fit the grammar and say what an editor expects.

use tree_sitter::{Language, Parser, Query, QueryCursor, StreamingIterator as _};

fn captures(query: &str, text: &str) -> Vec<(String, String)> {
    let language = Language::from(tree_sitter_bicep::LANGUAGE);
    let query = Query::new(&language, query).expect("the query names only what the grammar has");
    let mut parser = Parser::new();
    parser.set_language(&language).expect("the grammar fits the library");
    let tree = parser.parse(text, None).expect("no limit was set");
    let mut cursor = QueryCursor::new();
    let mut found = cursor.captures(&query, tree.root_node(), text.as_bytes());
    let mut captures = Vec::new();
    while let Some((matched, index)) = found.next() {
        let capture = matched.captures()[*index];
        let name = query.capture_names()[capture.index as usize].to_owned();
        captures.push((text[capture.node.byte_range()].to_owned(), name));
    }
    captures
}

/// As editors do: the last pattern that matches a node gives its colour.
fn colour(text: &str, of: &str) -> String {
    let captures = captures(tree_sitter_bicep::HIGHLIGHTS_QUERY, text);
    captures.into_iter().rfind(|(found, _)| found == of).map(|(_, name)| name).unwrap_or_default()
}

#[test]
fn highlights() {
    let text = "@secure()\nparam a string = f('b') // c\nresource d 'e@1' existing = {\n  g: x.h(1)\n}\n";
    for (of, expected) in [
        ("secure", "attribute"),
        ("param", "keyword"),
        ("a", "variable.parameter"),
        ("string", "type.builtin"),
        ("f", "function.call"),
        ("'b'", "string"),
        ("// c", "comment"),
        ("existing", "keyword"),
        ("g", "property"),
        ("x", "variable"),
        ("h", "function.method.call"),
        ("1", "number"),
        ("=", "operator"),
        ("}", "punctuation.bracket"),
    ] {
        assert_eq!(colour(text, of), expected, "{of}");
    }
}

#[test]
fn folds() {
    let found = captures(tree_sitter_bicep::FOLDS_QUERY, "var a = {\n  b: [\n    1\n  ]\n}\n");
    assert_eq!(found.iter().map(|(text, _)| &text[..1]).collect::<Vec<_>>(), ["{", "["]);
}
