//! How much of a file one mistake costs: breaks one statement of each of many real files and counts which of the others stay whole.

#![allow(clippy::print_stdout, reason = "a report goes to standard output")]

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use anyhow::{Result, bail};
use rolecall_bicep::File;
use tree_sitter::Node;

/// A small generator of its own, so that a run can be repeated.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % limit.max(1)
    }
}

#[derive(Clone, Copy)]
enum Damage {
    HalfLine,
    Bracket,
    Quote,
    MultilineQuote,
}

/// Breaks one statement in each of `count` files, in each of the ways, and prints the share of the others that come out whole.
pub fn recover(dir: &Path, count: usize, seed: u64, show: bool) -> Result<()> {
    let mut files: Vec<String> = Vec::new();
    for path in crate::corpus_bicep::files(dir)? {
        let name = path.display().to_string();
        // Baselines repeat their source many times over.
        if name.contains("/baselines") || name.contains("Invalid") {
            continue;
        }
        if let Ok(text) = fs::read_to_string(&path) {
            files.push(text);
        }
    }
    for (name, damage) in [
        ("half a line", Damage::HalfLine),
        ("a bracket", Damage::Bracket),
        ("a quote", Damage::Quote),
        ("a quote of a multi-line string", Damage::MultilineQuote),
    ] {
        let mut random = Random(seed);
        let (mut broken, mut others, mut whole, mut tries) = (0, 0, 0, 0);
        while broken < count && tries < count * 200 {
            tries += 1;
            let text = &files[random.below(files.len())];
            let Some((kept, of, example)) = one(text, damage, &mut random) else { continue };
            broken += 1;
            others += of;
            whole += kept;
            if show && kept < of {
                println!("--- {name}: {kept} of {of}\n{example}");
            }
        }
        if broken == 0 {
            bail!("no file could be broken");
        }
        println!(
            "{name:30} {broken} files, {whole} of {others} other statements whole: {:.2} %",
            100.0 * whole as f64 / others as f64
        );
    }
    Ok(())
}

fn one(text: &str, damage: Damage, random: &mut Random) -> Option<(usize, usize, String)> {
    let file = File::parse(text);
    if file.has_error() || file.pieces().len() < 2 {
        return None;
    }
    let piece = &file.pieces()[random.below(file.pieces().len())];
    let range = piece.range();
    let cut = match damage {
        Damage::HalfLine => half_line(text, range.clone(), random)?,
        Damage::Bracket => {
            pick(&tokens(piece.tree()?.root_node(), |kind| matches!(kind, "{" | "}" | "[" | "]" | "(" | ")")), random)?
        }
        Damage::Quote => {
            let strings = tokens(piece.tree()?.root_node(), |kind| kind == "string");
            let string = pick(&strings, random)?;
            if random.below(2) == 0 { string.start..string.start + 1 } else { string.end - 1..string.end }
        }
        Damage::MultilineQuote => {
            let string = pick(&tokens(piece.tree()?.root_node(), |kind| kind == "multiline_string"), random)?;
            if random.below(2) == 0 { string.start..string.start + 1 } else { string.end - 1..string.end }
        }
    };
    let broken = format!("{}{}", &text[..cut.start], &text[cut.end..]);
    let after = File::parse(&broken);
    let mut whole: HashMap<&str, usize> = HashMap::new();
    for piece in after.pieces().iter().filter(|piece| !piece.has_error()) {
        *whole.entry(&broken[piece.range()]).or_default() += 1;
    }
    let mut kept = 0;
    let mut of = 0;
    let mut lost = String::new();
    for other in file.pieces().iter().filter(|other| other.range() != range) {
        of += 1;
        match whole.get_mut(&text[other.range()]) {
            // A tree depends on nothing but its statement's text.
            Some(left) if *left > 0 => {
                *left -= 1;
                kept += 1;
            }
            _ => {
                lost.push_str("  lost: ");
                lost.push_str(text[other.range()].lines().next().unwrap_or_default());
                lost.push('\n');
            }
        }
    }
    let line_start = text[..cut.start].rfind('\n').map_or(0, |at| at + 1);
    let line = text[line_start..].lines().next().unwrap_or_default();
    Some((kept, of, format!("  deleted {:?} from {line:?}\n{lost}", &text[cut])))
}

fn half_line(text: &str, range: std::ops::Range<usize>, random: &mut Random) -> Option<std::ops::Range<usize>> {
    let lines: Vec<(usize, &str)> = text[range.clone()]
        .split_inclusive('\n')
        .scan(range.start, |at, line| {
            let start = *at;
            *at += line.len();
            Some((start, line.trim_end()))
        })
        .filter(|(_, line)| line.trim().len() > 1)
        .collect();
    let (start, line) = lines.get(random.below(lines.len()))?;
    let mut middle = line.len() / 2;
    while !line.is_char_boundary(middle) {
        middle -= 1;
    }
    Some(if random.below(2) == 0 { *start..start + middle } else { start + middle..start + line.len() })
}

fn pick(ranges: &[std::ops::Range<usize>], random: &mut Random) -> Option<std::ops::Range<usize>> {
    ranges.get(random.below(ranges.len())).cloned()
}

fn tokens(root: Node<'_>, wanted: impl Fn(&str) -> bool) -> Vec<std::ops::Range<usize>> {
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
