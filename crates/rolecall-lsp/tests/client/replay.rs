//! Random edits of open documents, and what a fresh check says of the same contents.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rolecall_report::editor::{Place, remarks};
use rolecall_report::{Deployed, Run};
use rolecall_source::{Files, LineIndex};
use rolecall_workspace::{Options, analyse};
use serde_json::json;

use super::Client;

/// How many edits pass between two comparisons.
const STRIDE: usize = 100;

/// Numbers that look random and are the same each time.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Random(seed)
    }

    /// A number below another.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap_or(0) % end.max(1)
    }
}

/// What people type by halves.
const TYPED: [&str; 14] = [
    "\n",
    "x",
    "'",
    "\"",
    "{",
    "}",
    "(",
    "]",
    "// rolecall: ignore[unknown-role] why\n",
    "resource a 'b' = ",
    "\"a\": 1,",
    "${",
    "dependsOn",
    "é😀",
];

/// A place of a text as the protocol has it.
fn position(text: &str, lines: &LineIndex, offset: usize) -> serde_json::Value {
    let at = lines.position_utf16(text, offset);
    json!({ "line": at.line - 1, "character": at.column - 1 })
}

/// Whether the protocol has a name for a place: it has none in the middle of a character or of a line's end.
fn is_place(text: &str, at: usize) -> bool {
    text.is_char_boundary(at) && !(text[..at].ends_with('\r') && text[at..].starts_with('\n'))
}

/// One edit: the bytes that go and what comes.
fn edit(random: &mut Random, text: &str) -> (std::ops::Range<usize>, String) {
    let mut boundary = |limit: usize| {
        let mut at = random.below(limit + 1);
        while !is_place(text, at) {
            at -= 1;
        }
        at
    };
    let start = boundary(text.len());
    let from = boundary(text.len());
    let some = |from: usize, random: &mut Random| {
        let mut end = (from + random.below(60)).min(text.len());
        while !is_place(text, end) {
            end += 1;
        }
        from..end
    };
    match random.below(4) {
        0 => (some(start, random), String::new()),
        1 => (start..start, text[some(from, random)].to_owned()),
        2 => (some(start, random), TYPED[random.below(TYPED.len())].to_owned()),
        _ => (start..start, TYPED[random.below(TYPED.len())].to_owned()),
    }
}

/// Makes `edits` random edits in files of a folder, all of which are open, and compares after each hundredth what the server
/// says with a fresh check of the same contents. How often it compared.
pub fn replay(folder: &Path, files: &[PathBuf], edits: usize, seed: u64) -> usize {
    let mut client = Client::start(folder);
    let mut texts: BTreeMap<PathBuf, String> = BTreeMap::new();
    for path in files {
        let text = std::fs::read_to_string(path).expect("text");
        client.open(path, &text);
        texts.insert(path.clone(), text);
    }
    let whole = texts.clone();
    let mut random = Random::new(seed);
    let mut compared = 0;
    for number in 1..=edits {
        let path = &files[random.below(files.len())];
        let text = texts.get_mut(path).expect("known");
        // From time to time what was broken is whole again.
        if random.below(12) == 0 {
            text.clone_from(&whole[path]);
            client.change(path, json!([{ "text": text }]));
        } else {
            let (range, new) = edit(&mut random, text);
            let lines = LineIndex::new(text);
            let place =
                json!({ "start": position(text, &lines, range.start), "end": position(text, &lines, range.end) });
            client.change(path, json!([{ "range": place, "text": new }]));
            text.replace_range(range, &new);
        }
        if number % STRIDE == 0 {
            client.settle();
            let said = said(&client);
            let fresh = fresh(folder, &texts);
            assert_eq!(said, fresh, "after {number} edits (seed {seed})");
            compared += 1;
        }
    }
    compared
}

/// File, line, character, rule and text of each diagnostic.
type Said = Vec<(PathBuf, u64, u64, String, String)>;

fn said(client: &Client) -> Said {
    let mut out = Vec::new();
    for (path, (_, diagnostics)) in &client.published {
        for one in diagnostics {
            let start = &one["range"]["start"];
            let number = |name: &str| start[name].as_u64().expect("a number");
            let text = |name: &str| one[name].as_str().unwrap_or_default().to_owned();
            out.push((path.clone(), number("line"), number("character"), text("code"), text("message")));
        }
    }
    out.sort();
    out
}

fn fresh(folder: &Path, texts: &BTreeMap<PathBuf, String>) -> Said {
    let options = Options {
        current_dir: folder.to_owned(),
        paths: vec![folder.to_owned()],
        buffers: texts.iter().map(|(path, text)| (path.clone(), text.as_str().into())).collect(),
        ..Options::default()
    };
    let analysis = analyse(&options).expect("analysed");
    assert!(!analysis.broke_down, "the analysis broke down");
    let deployed = analysis.deployments.iter().map(|one| Deployed {
        entry: one.entry,
        parameters: &one.parameters,
        report: &one.report,
    });
    let run = Run {
        files: &*analysis.files,
        current_dir: folder,
        file_count: analysis.file_count,
        deployments: deployed.collect(),
        upkeep: &analysis.upkeep,
        diagnostics: &analysis.diagnostics,
        unreadable: &analysis.unreadable,
        accepted: 0,
        broke_down: false,
    };
    let mut out: Said = remarks(&run)
        .iter()
        .map(|remark| {
            let (path, line, column) = match &remark.place {
                Place::Bytes(span) => {
                    let file = analysis.files.get(span.file).expect("a file");
                    let at = file.lines().position_utf16(&file.text, span.start as usize);
                    (file.path.clone(), at.line, at.column)
                }
                Place::Unread(path, at) => (path.clone(), at.line, at.column),
            };
            let rule = remark.rule.unwrap_or_default().to_owned();
            (path, u64::from(line - 1), u64::from(column - 1), rule, remark.message.clone())
        })
        .collect();
    out.sort();
    // What is equal in all that an editor shows is shown once.
    out.dedup();
    out
}
