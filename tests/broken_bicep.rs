//! Bicep that somebody is in the middle of typing, or that a tool has mangled, goes through the whole pipeline: no part of
//! it breaks down, and every place that it names lies in its file.
//!
//! The texts are those of the rules' cases. `PROPTEST_CASES` asks for more than the few of a usual run.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use proptest::prelude::*;
use rolecall_source::Files;
use rolecall_workspace::{Options, analyse};

/// What is put in: brackets and quotes that open without an end, and words that begin something.
const PIECES: [&str; 32] = [
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "'",
    "'''",
    "${",
    "\n",
    ":",
    "=",
    ",",
    "?",
    "??",
    ".?",
    "!",
    "::",
    "...",
    "=>",
    "@",
    "//",
    "/*",
    "#disable-next-line",
    "for x in ",
    "if (",
    "resource ",
    "module m 'other.bicep' = ",
    "param p ",
    "existing",
    "\u{e4}",
    "9223372036854775808",
];

/// The Bicep files of the rules' cases.
fn texts() -> &'static [String] {
    static TEXTS: OnceLock<Vec<String>> = OnceLock::new();
    TEXTS.get_or_init(|| {
        let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
        let mut files: Vec<PathBuf> = fs::read_dir(rules)
            .expect("rules")
            .filter_map(|rule| fs::read_dir(rule.ok()?.path().join("cases")).ok())
            .flat_map(|cases| cases.filter_map(|case| Some(case.ok()?.path())))
            .collect();
        files.sort();
        let mut texts = Vec::new();
        for file in files {
            let text = fs::read_to_string(file).expect("read");
            for block in text.split("```bicep").skip(1) {
                let (_, block) = block.split_once('\n').expect("a line");
                texts.push(block.split("\n```").next().unwrap_or_default().to_owned());
            }
        }
        assert!(texts.len() > 20, "there are Bicep cases");
        texts
    })
}

/// One change of a text.
#[derive(Clone, Debug)]
enum Change {
    Delete(prop::sample::Index, usize),
    Repeat(prop::sample::Index, usize),
    Move(prop::sample::Index, prop::sample::Index, usize),
    Insert(prop::sample::Index, usize),
    Cut(prop::sample::Index),
}

fn change() -> impl Strategy<Value = Change> {
    let place = any::<prop::sample::Index>;
    prop_oneof![
        3 => (place(), 1..80usize).prop_map(|(at, length)| Change::Delete(at, length)),
        1 => (place(), 1..80usize).prop_map(|(at, length)| Change::Repeat(at, length)),
        1 => (place(), place(), 1..80usize).prop_map(|(from, to, length)| Change::Move(from, to, length)),
        4 => (place(), 0..PIECES.len()).prop_map(|(at, piece)| Change::Insert(at, piece)),
        1 => place().prop_map(Change::Cut),
    ]
}

fn changed(text: &str, changes: &[Change]) -> String {
    let mut text: Vec<char> = text.chars().collect();
    for change in changes {
        let at = |place: &prop::sample::Index| place.index(text.len() + 1);
        match change {
            Change::Delete(place, length) => {
                let at = at(place);
                text.drain(at..text.len().min(at + length));
            }
            Change::Repeat(place, length) => {
                let at = at(place);
                let piece = text[at..text.len().min(at + length)].to_vec();
                text.splice(at..at, piece);
            }
            Change::Move(from, to, length) => {
                let from = at(from);
                let piece: Vec<char> = text.drain(from..text.len().min(from + length)).collect();
                let to = to.index(text.len() + 1);
                text.splice(to..to, piece);
            }
            Change::Insert(place, piece) => {
                let at = at(place);
                text.splice(at..at, PIECES[*piece].chars());
            }
            Change::Cut(place) => text.truncate(at(place)),
        }
    }
    text.into_iter().collect()
}

/// Runs the pipeline over a folder with these files.
fn analysed(folder: &Path, files: &[(&str, &str)]) {
    let buffers = files.iter().map(|(name, text)| (folder.join(name), Arc::from(*text)));
    let options = Options {
        current_dir: folder.to_owned(),
        root: Some(folder.to_owned()),
        paths: files.iter().map(|(name, _)| folder.join(name)).collect(),
        buffers: buffers.collect(),
        ..Options::default()
    };
    let analysis = analyse(&options).expect("analysed");
    assert!(!analysis.broke_down, "{:?}", analysis.diagnostics);
    let findings = analysis.deployments.iter().flat_map(|one| &one.report.findings).map(|one| one.span);
    for span in findings.chain(analysis.diagnostics.iter().map(|one| one.span)) {
        let file = analysis.files.get(span.file).expect("a file");
        assert!(file.text.get(span.range()).is_some(), "{span:?} of {}", file.path.display());
    }
}

fn config() -> ProptestConfig {
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    match std::env::var_os("PROPTEST_CASES") {
        Some(_) => config,
        None => ProptestConfig { cases: 128, ..config },
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_change_of_a_template_breaks_the_analysis(
        text in prop::sample::select(texts()),
        other in prop::sample::select(texts()),
        changes in prop::collection::vec(change(), 1..6),
    ) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let folder = folder.path().canonicalize().expect("resolved");
        for name in ["main.bicep", "other.bicep", "main.bicepparam"] {
            fs::write(folder.join(name), "").expect("written");
        }
        let text = changed(&text, &changes);
        let parameters =
            changed("using 'main.bicep'\nparam location = 'x'\nparam zone = { a: [1, '${1}'] }\n", &changes);
        analysed(&folder, &[("main.bicep", &text), ("other.bicep", &other), ("main.bicepparam", &parameters)]);
    }
}
