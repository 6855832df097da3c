//! Bicep: which of the other statements come out whole.

use std::ops::Range;

use rolecall_bicep::File;
use tree_sitter::Node;

use super::{Change, Damage, Language, Random, half_line, quote};

pub(super) const LANGUAGE: Language =
    Language { name: "bicep", extensions: &["bicep", "bicepparam"], counts, damage, whole };

fn counts(path: &str, text: &str) -> bool {
    // Baselines repeat their source many times over, and some files are broken on purpose.
    let is_apart = path.contains("/baselines") || path.contains("Invalid");
    let file = File::parse(text);
    !is_apart && !file.has_error() && file.pieces().len() > 1
}

fn whole(text: &str) -> Vec<Range<usize>> {
    File::parse(text).pieces().iter().filter(|piece| !piece.has_error()).map(|piece| piece.range()).collect()
}

/// A place in one of the statements.
fn damage(text: &str, damage: Damage, random: &mut Random) -> Option<Change> {
    let file = File::parse(text);
    let piece = random.pick(file.pieces())?;
    Some(match damage {
        Damage::HalfLine => half_line(text, piece.range(), random)?,
        Damage::HalfName => {
            let start = piece.range().start;
            Change { range: start..start, put: "resource half\n".to_owned() }
        }
        Damage::Bracket => {
            let is_bracket = |kind: &str| matches!(kind, "{" | "}" | "[" | "]" | "(" | ")");
            Change::delete(random.pick(&tokens(piece.tree()?.root_node(), is_bracket))?.clone())
        }
        Damage::Quote => quote(random.pick(&tokens(piece.tree()?.root_node(), |kind| kind == "string"))?, random),
        Damage::MultilineQuote => {
            quote(random.pick(&tokens(piece.tree()?.root_node(), |kind| kind == "multiline_string"))?, random)
        }
    })
}

fn tokens(root: Node<'_>, wanted: impl Fn(&str) -> bool) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut cursor = root.walk();
    loop {
        let node = cursor.node();
        if node.child_count() == 0 && wanted(node.kind()) {
            found.push(node.byte_range());
        }
        if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return found;
            }
        }
    }
}
