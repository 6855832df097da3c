//! How much of a file one mistake costs: breaks one place in each of many real files and counts which of the statements and
//! resources elsewhere stay whole.

#![allow(clippy::print_stdout, reason = "a report goes to standard output")]

mod arm;
mod bicep;

use std::collections::HashMap;
use std::fs;
use std::ops::Range;
use std::path::Path;

use anyhow::Result;

/// A small generator of its own, so that a run can be repeated.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % limit.max(1)
    }

    fn pick<'o, T>(&mut self, of: &'o [T]) -> Option<&'o T> {
        of.get(self.below(of.len()))
    }
}

#[derive(Clone, Copy)]
enum Damage {
    HalfLine,
    HalfName,
    Bracket,
    Quote,
    MultilineQuote,
}

/// What is put in the place of a part of a text.
struct Change {
    range: Range<usize>,
    put: String,
}

impl Change {
    fn delete(range: Range<usize>) -> Self {
        Change { range, put: String::new() }
    }
}

/// A language whose files are broken.
struct Language {
    name: &'static str,
    extensions: &'static [&'static str],
    /// Whether a file counts, by its path and text.
    counts: fn(&str, &str) -> bool,
    /// A place to break; none where the file has none of that kind.
    damage: fn(&str, Damage, &mut Random) -> Option<Change>,
    /// What of a text was read whole.
    whole: fn(&str) -> Vec<Range<usize>>,
}

/// Breaks `count` files of each language, in each of the ways, and prints the share of what stands elsewhere that is whole.
pub fn recover(dir: &Path, count: usize, seed: u64, show: bool) -> Result<()> {
    for language in [bicep::LANGUAGE, arm::LANGUAGE] {
        let mut files: Vec<String> = Vec::new();
        for path in crate::corpus_bicep::files(dir, language.extensions)? {
            let name = path.display().to_string();
            files.extend(fs::read_to_string(&path).ok().filter(|text| (language.counts)(&name, text)));
        }
        for (name, damage) in [
            ("half a line", Damage::HalfLine),
            ("half a name", Damage::HalfName),
            ("a bracket", Damage::Bracket),
            ("a quote", Damage::Quote),
            ("a quote of a multi-line string", Damage::MultilineQuote),
        ] {
            let mut random = Random(seed);
            let (mut broken, mut others, mut whole, mut tries) = (0, 0, 0, 0);
            while broken < count && tries < count * 20 {
                tries += 1;
                let Some(text) = random.pick(&files) else { break };
                let Some((kept, of, example)) = one(&language, text, damage, &mut random) else { continue };
                broken += 1;
                others += of;
                whole += kept;
                if show && kept < of {
                    println!("--- {name}: {kept} of {of}\n{example}");
                }
            }
            if broken > 0 {
                let share = 100.0 * f64::from(whole) / f64::from(others);
                println!(
                    "{} {name:30} {broken} files, {whole} of {others} elsewhere whole: {share:.2} %",
                    language.name
                );
            }
        }
    }
    Ok(())
}

fn one(language: &Language, text: &str, damage: Damage, random: &mut Random) -> Option<(u32, u32, String)> {
    let Change { range: cut, put } = (language.damage)(text, damage, random)?;
    let broken = format!("{}{put}{}", &text[..cut.start], &text[cut.end..]);
    let mut left: HashMap<&str, usize> = HashMap::new();
    for range in (language.whole)(&broken) {
        *left.entry(&broken[range]).or_default() += 1;
    }
    let (mut kept, mut of, mut lost) = (0, 0, String::new());
    for other in (language.whole)(text) {
        if other.start < cut.end.max(cut.start + 1) && cut.start < other.end {
            continue;
        }
        of += 1;
        match left.get_mut(&text[other.clone()]) {
            // A tree depends on nothing but its own text.
            Some(left) if *left > 0 => {
                *left -= 1;
                kept += 1;
            }
            _ => {
                lost.push_str("  lost: ");
                lost.push_str(text[other].lines().next().unwrap_or_default());
                lost.push('\n');
            }
        }
    }
    let line_start = text[..cut.start].rfind('\n').map_or(0, |at| at + 1);
    let line = text[line_start..].lines().next().unwrap_or_default();
    Some((kept, of, format!("  {:?} became {put:?} in {line:?}\n{lost}", &text[cut])))
}

/// One half of a line in a part of a text.
fn half_line(text: &str, range: Range<usize>, random: &mut Random) -> Option<Change> {
    let (start, line) = *random.pick(&lines(text, range))?;
    let mut middle = line.len() / 2;
    while !line.is_char_boundary(middle) {
        middle -= 1;
    }
    let is_first = random.below(2) == 0;
    Some(Change::delete(if is_first { start..start + middle } else { start + middle..start + line.len() }))
}

/// The lines in a part of a text that are more than a bracket.
fn lines(text: &str, range: Range<usize>) -> Vec<(usize, &str)> {
    let mut at = range.start;
    let mut lines = Vec::new();
    for line in text[range].split_inclusive('\n') {
        if line.trim().len() > 1 {
            lines.push((at, line.trim_end()));
        }
        at += line.len();
    }
    lines
}

/// One of the quotes of a string.
fn quote(string: &Range<usize>, random: &mut Random) -> Change {
    let is_first = random.below(2) == 0;
    Change::delete(if is_first { string.start..string.start + 1 } else { string.end - 1..string.end })
}
