//! Same input, same bytes: whatever the number of threads, and the order in which a folder lists its files.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use anyhow::bail;

use super::{Bench, Outcome, copy, ran};

/// How many copies of the workspace are made, each in another order, and how many commands are run in each.
const COPIES: usize = 15;
const RUNS: usize = 14;

const THREADS: [&str; 7] = ["1", "2", "3", "4", "5", "8", "16"];

const COMMANDS: [&[&str]; RUNS] = [
    &["check", "--format", "text"],
    &["check", "--format", "json"],
    &["check", "--format", "sarif", "--assumed"],
    &["check", "--format", "github"],
    &["check", "--format", "gitlab"],
    &["check", "--format", "junit"],
    &["check", "--format", "azure-pipelines"],
    &["check", "--format", "markdown"],
    &["graph", "--format", "json"],
    &["graph", "--format", "dot"],
    &["graph", "--format", "mermaid"],
    &["graph", "--format", "html"],
    &["requirements"],
    &["requirements", "--format", "json"],
];

/// Runs every command in every copy.
pub(super) fn run(bench: &Bench<'_>) -> anyhow::Result<Outcome> {
    let mut first: BTreeMap<&[&str], String> = BTreeMap::new();
    let mut runs = 0;
    for number in 0..COPIES {
        // One path for all, since SARIF names the root.
        let folder = bench.dir.join("same");
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        // All languages, findings of several rules, broken files and hostile names: a part, since the program is slow as
        // developers build it.
        for part in ["broken", "clean", "examples", "hostile"] {
            copy(&bench.workspace.join(part), &folder.join(part), &|entries| shuffle(entries, number))?;
        }
        for (command, turn) in COMMANDS.iter().zip(0..RUNS) {
            let threads = THREADS[(number + turn) % THREADS.len()];
            let run =
                ran(Command::new(&bench.binary).args(*command).current_dir(&folder).env("RAYON_NUM_THREADS", threads))?;
            let written = format!("{}\n{}\n{}", run.status, run.stdout, run.stderr);
            let known = first.entry(command).or_insert_with(|| written.clone());
            if *known != written {
                let line = known.lines().zip(written.lines()).find(|(a, b)| a != b);
                bail!("{command:?} with {threads} threads in copy {number} differs: {line:?}");
            }
            runs += 1;
        }
    }
    Ok(Outcome::Passed(format!("{runs} runs of {} commands, in {COPIES} orders of the folders", COMMANDS.len())))
}

/// Another order for each number.
fn shuffle(entries: &mut [PathBuf], number: usize) {
    let key = |path: &PathBuf| {
        let name = path.to_string_lossy();
        let seed = 0xcbf2_9ce4_8422_2325_u64 ^ (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        name.bytes().fold(seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
    };
    entries.sort_by_key(key);
}
