//! The language server under a scripted client: how long a keystroke takes, whether memory stays flat, and random edits of
//! real files.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde_json::json;

use crate::bench_cases::{module_of, with_modules};

#[path = "../../crates/rolecall-lsp/tests/client/mod.rs"]
mod client;

use client::Client;
use client::replay::replay;

/// How many keystrokes are timed.
const KEYSTROKES: usize = 200;

/// In how many places at least, where there are so many.
const PLACES: usize = 20;

/// How many edits memory is watched for.
const EDITS: usize = 10_000;

/// Keystroke to diagnostics in a file that is open: in descriptions all over a template in JSON and in names before them, which
/// are no JSON while they are typed, else in a comment at the end.
pub fn keystrokes(case: &str, folder: &Path, path: &Path) -> anyhow::Result<()> {
    let folder = folder.canonicalize()?;
    let path = path.canonicalize()?;
    let text = std::fs::read_to_string(&path)?;
    let mut client = Client::start(&folder);
    client.open(&path, &text);
    client.diagnostics(&path, 1);
    let mut places = descriptions(&text);
    let is_json = !places.is_empty();
    if !is_json {
        // A comment at the end changes nothing that is found.
        let mark = if path.extension().is_some_and(|extension| extension == "tf") { "#" } else { "//" };
        let line = text.lines().count();
        // A place behind the end is the end.
        let version = client.change(&path, json!([typed((line, 0), &format!("\n{mark}\n"))]));
        client.diagnostics(&path, version);
        places.push((line + usize::from(text.ends_with('\n')), mark.len()));
    }
    let mut timed = |change: serde_json::Value| {
        let start = Instant::now();
        let version = client.change(&path, json!([change]));
        client.diagnostics(&path, version);
        start.elapsed()
    };
    let places: Vec<_> = places.iter().copied().cycle().take(KEYSTROKES).collect();
    report(case, "keystroke", places.iter().map(|place| timed(typed(*place, "x"))).collect())?;
    if is_json {
        // A name before a description, broken off, and taken back.
        let half = |line: usize, height: usize| {
            let text = if height == 0 { "\"half\n" } else { "" };
            let (start, end) =
                (json!({ "line": line, "character": 0 }), json!({ "line": line + height, "character": 0 }));
            json!({ "range": { "start": start, "end": end }, "text": text })
        };
        let times = places.iter().flat_map(|(line, _)| [half(*line, 0), half(*line, 1)].map(&mut timed));
        report(case, "half-typed name", times.collect())?;
    }
    Ok(())
}

fn report(case: &str, what: &str, mut times: Vec<Duration>) -> anyhow::Result<()> {
    times.sort();
    let of = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)].as_secs_f64() * 1000.0;
    writeln!(std::io::stdout(), "{case}: {what} to diagnostics {:.1} ms (95 %), {:.1} ms (median)", of(95), of(50))?;
    Ok(())
}

/// A change that inserts a text.
fn typed((line, character): (usize, usize), text: &str) -> serde_json::Value {
    let at = json!({ "line": line, "character": character });
    json!({ "range": { "start": at, "end": at }, "text": text })
}

/// Where descriptions of a template in JSON begin: some, evenly spread, each in a line of its own.
fn descriptions(text: &str) -> Vec<(usize, usize)> {
    const MARK: &str = "\"description\": \"";
    let in_line = |(number, line): (usize, &str)| {
        let at = line.find(MARK)? + MARK.len();
        Some((number, line[..at].encode_utf16().count()))
    };
    let all: Vec<_> = text.lines().enumerate().filter_map(in_line).collect();
    let step = (all.len() / PLACES).max(1);
    all.into_iter().step_by(step).collect()
}

/// Memory after a thousand edits, and after ten thousand.
pub fn memory(folder: &Path) -> anyhow::Result<()> {
    let folder = folder.canonicalize()?;
    let path = folder.join("main.bicep");
    let text = std::fs::read_to_string(&path)?;
    let mut client = Client::start(&folder);
    client.open(&path, &text);
    let mut sizes = Vec::new();
    for number in 1..=EDITS {
        let version = client.replace(&path, &format!("{text}// {number}\n"));
        client.diagnostics(&path, version);
        client.notified.clear();
        if number == EDITS / 10 || number == EDITS {
            sizes.push(resident()?);
        }
    }
    writeln!(std::io::stdout(), "memory: {} kB after {} edits, {} kB after {EDITS}", sizes[0], EDITS / 10, sizes[1])?;
    Ok(())
}

/// What this process has in memory, in kB.
fn resident() -> anyhow::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status").context("memory is measured on Linux alone")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no size is told")?;
    Ok(line.trim().trim_end_matches("kB").trim().parse()?)
}

/// The cases of `bench`.
pub fn case(name: &str, dir: Option<&Path>) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let root = folder.path();
    match name {
        "editor-bicep" | "editor-memory" => {
            std::fs::write(root.join("main.bicep"), with_modules(10, 1_000))?;
            (0..10)
                .try_for_each(|number| std::fs::write(root.join(format!("module{number}.bicep")), module_of(number)))?;
            match name {
                "editor-memory" => memory(root),
                _ => keystrokes(name, root, &root.join("main.bicep")),
            }
        }
        "editor-folder" => {
            let dir = dir.context("name a folder")?;
            let file = ["main.tf", "main.bicep", "azuredeploy.json"].map(|name| dir.join(name));
            let file = file.into_iter().find(|file| file.is_file()).context("it has no main file")?;
            keystrokes(name, dir, &file)
        }
        _ => bail!("there is no case {name}"),
    }
}

/// Replays random edits over copies of the folders of real files; only files of a size that people type in are edited.
pub fn edits(dirs: &[PathBuf], count: usize) -> anyhow::Result<()> {
    for (seed, dir) in (1..).zip(dirs) {
        let copy = tempfile::tempdir()?;
        let folder = copy.path().canonicalize()?;
        copy_folder(dir, &folder)?;
        let mut files = Vec::new();
        list(&folder, &mut files)?;
        files.sort();
        files.truncate(60);
        if files.is_empty() {
            bail!("{} has nothing to edit", dir.display());
        }
        let compared = replay(&folder, &files, count, seed);
        writeln!(
            std::io::stdout(),
            "{}: {count} edits of {} files, {compared} comparisons",
            dir.display(),
            files.len()
        )?;
    }
    Ok(())
}

fn copy_folder(from: &Path, to: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let (path, kind) = {
            let entry = entry?;
            (entry.path(), entry.file_type()?)
        };
        let Some(name) = path.file_name() else { continue };
        if kind.is_dir() && name != ".git" {
            copy_folder(&path, &to.join(name))?;
        } else if kind.is_file() {
            std::fs::copy(&path, to.join(name))?;
        }
    }
    Ok(())
}

fn list(folder: &Path, into: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let wanted = path
            .extension()
            .is_some_and(|one| ["bicep", "bicepparam", "tf", "tfvars", "json"].iter().any(|known| one == *known));
        if path.is_dir() && !path.ends_with(".git") {
            list(&path, into)?;
        } else if wanted && path.metadata()?.len() < 200_000 && std::fs::read_to_string(&path).is_ok() {
            into.push(path);
        }
    }
    Ok(())
}
