//! The generated files follow from the grammar. `cargo xtask codegen` writes them, and is what to run when a test here fails.

use std::fs;
use std::path::Path;

use sha2::{Digest as _, Sha256};
use tree_sitter_generate::{OptLevel, generate_parser_for_grammar};

const STALE: &str = "stale: run `cargo xtask codegen`";

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("a checked-in file")
}

/// Running `grammar.js` needs a JavaScript engine, so what it makes is known by the digest of the `grammar.js` that made it.
#[test]
fn grammar_json_is_of_this_grammar_js() {
    let digest = Sha256::digest(read("grammar.js").replace("\r\n", "\n").as_bytes());
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(read("src/grammar.js.sha256").trim(), digest, "src/grammar.json is {STALE}");
}

#[test]
fn the_parser_is_of_this_grammar_json() {
    let version = (0, 1, 0);
    let written = read("tree-sitter.json");
    assert!(written.contains(r#""version": "0.1.0""#), "this test and tree-sitter.json name the same version");
    let mut diagnostics = Vec::new();
    let (name, parser) =
        generate_parser_for_grammar(&read("src/grammar.json"), Some(version), OptLevel::default(), &mut diagnostics)
            .expect("a grammar");
    assert_eq!(name, "bicep");
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    assert!(parser == read("src/parser.c"), "src/parser.c is {STALE}");
}

#[test]
fn every_child_has_a_field() {
    let types: serde_json::Value = serde_json::from_str(tree_sitter_bicep::NODE_TYPES).expect("JSON");
    for node in types.as_array().expect("a list") {
        assert!(node.get("children").is_none(), "{} has children without a field", node["type"]);
    }
}
