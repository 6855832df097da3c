//! Runs the corpus: `test/corpus/*.txt`, in tree-sitter's own format.
//!
//! `UPDATE_CORPUS=1 cargo test -p rolecall-tree-sitter-bicep --test corpus` writes what the parser says into the files, for review.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use tree_sitter::{Node, Parser, TreeCursor};

struct Case {
    name: String,
    source: String,
    expected: String,
}

fn cases(text: &str) -> Vec<Case> {
    let is_rule = |line: &str, of: char| line.len() >= 3 && line.chars().all(|letter| letter == of);
    let lines: Vec<&str> = text.lines().collect();
    let headers: Vec<usize> = (0..lines.len().saturating_sub(2))
        .filter(|at| is_rule(lines[*at], '=') && !lines[at + 1].is_empty() && is_rule(lines[at + 2], '='))
        .collect();
    headers
        .iter()
        .enumerate()
        .map(|(index, start)| {
            let end = headers.get(index + 1).copied().unwrap_or(lines.len());
            let body = &lines[start + 3..end];
            let rule = body.iter().rposition(|line| is_rule(line, '-')).expect("every case has a rule before its tree");
            Case {
                name: lines[start + 1].to_owned(),
                source: body[..rule].join("\n"),
                expected: body[rule + 1..].join("\n").trim().to_owned(),
            }
        })
        .collect()
}

/// The tree as the corpus has it: one named node a line, with its field.
fn shown(root: Node<'_>) -> String {
    let mut out = String::new();
    let mut cursor = root.walk();
    show(&mut cursor, 0, &mut out);
    out
}

fn show(cursor: &mut TreeCursor<'_>, depth: usize, out: &mut String) {
    let node = cursor.node();
    if !out.is_empty() {
        let _ = write!(out, "\n{}", "  ".repeat(depth));
    }
    if let Some(field) = cursor.field_name() {
        let _ = write!(out, "{field}: ");
    }
    if node.is_missing() {
        let kind = if node.is_named() { node.kind().to_owned() } else { format!("{:?}", node.kind()) };
        let _ = write!(out, "(MISSING {kind})");
        return;
    }
    let _ = write!(out, "({}", node.kind());
    if cursor.goto_first_child() {
        loop {
            if cursor.node().is_named() || cursor.node().is_missing() {
                show(cursor, depth + 1, out);
            }
            if !cursor.goto_next_sibling() {
                break;
            }
        }
        cursor.goto_parent();
    }
    out.push(')');
}

fn one_line(tree: &str) -> String {
    tree.split_whitespace().collect::<Vec<_>>().join(" ").replace(" )", ")")
}

fn corpus() -> Vec<PathBuf> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("test/corpus");
    let mut files: Vec<PathBuf> =
        fs::read_dir(dir).expect("the corpus is there").map(|entry| entry.expect("readable").path()).collect();
    files.sort();
    files
}

#[test]
fn every_case_has_its_tree() {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_bicep::LANGUAGE.into()).expect("the grammar fits the library");
    let update = std::env::var_os("UPDATE_CORPUS").is_some();
    let mut wrong = String::new();
    let mut count = 0;
    for path in corpus() {
        let mut rewritten = String::new();
        for case in cases(&fs::read_to_string(&path).expect("readable")) {
            count += 1;
            let tree = parser.parse(&case.source, None).expect("no limit was set");
            let found = shown(tree.root_node());
            if one_line(&found) != one_line(&case.expected) {
                let _ = write!(
                    wrong,
                    "{}: {}\nexpected:\n{}\nfound:\n{found}\n\n",
                    path.display(),
                    case.name,
                    case.expected
                );
            }
            let rule = "=".repeat(80);
            let _ =
                write!(rewritten, "{rule}\n{}\n{rule}\n{}\n{}\n\n{found}\n\n", case.name, case.source, "-".repeat(80));
        }
        if update {
            fs::write(&path, rewritten).expect("writable");
        }
    }
    assert!(update || wrong.is_empty(), "{wrong}");
    assert!(count > 100, "only {count} cases were found");
}

#[test]
fn error_free_cases_and_editing_states_are_kept_apart() {
    for path in corpus() {
        let broken = path.file_stem().is_some_and(|name| name == "editing");
        for case in cases(&fs::read_to_string(&path).expect("readable")) {
            let has_error = case.expected.contains("(ERROR") || case.expected.contains("(MISSING");
            assert_eq!(has_error, broken, "{}: {}", path.display(), case.name);
        }
    }
}
