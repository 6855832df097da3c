//! How fast, and in how much memory: whole runs, compared with parsing alone.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::bench_cases::{assignments, bicep, compiled_clusters, compiled_modules, for_each};
use crate::editor;
use anyhow::{Context, bail};
use rolecall_source::{DiskFiles, Files};
use rolecall_workspace::{Options, analyse};

const EXAMPLE: &str = "examples/aks-byo-identities/azuredeploy.json";

/// The cases that run in a process of their own, so that each has its own peak of memory. Those that grow show what one
/// more costs.
const CASES: [&str; 13] = [
    "compiled-3mb",
    "folder-of-500",
    "assignments-5000",
    "bicep-250",
    "bicep-500",
    "bicep-1000",
    "for-each-5000",
    "for-each-10000",
    "terraform-600",
    "editor-bicep",
    "editor-arm",
    "editor-clusters",
    "editor-memory",
];

/// The cases of a folder that is given: as it is, and its Bicep files by name, each as a deployment of its own.
const FOLDER_CASES: [&str; 4] = ["folder", "quarter", "half", "all"];

/// Builds everything for release and measures it; `dir` is a folder of Bicep files to measure as well.
pub fn run(root: &Path, dir: Option<&Path>) -> anyhow::Result<()> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let release = |arguments: &[&str]| {
        let status = Command::new(&cargo).args(arguments).current_dir(root).status()?;
        if status.success() { Ok(()) } else { bail!("cargo {} failed", arguments.join(" ")) }
    };
    release(&["build", "--release", "--quiet", "--package", "rolecall"])?;
    start_up(root)?;
    for case in CASES {
        release(&["run", "--release", "--quiet", "--package", "xtask", "--", "bench", "--case", case])?;
    }
    if let Some(dir) = dir {
        // Cargo runs in the repository, wherever this began.
        let dir = dir.canonicalize().with_context(|| format!("cannot read {}", dir.display()))?;
        let dir = dir.to_str().context("the folder's name is no text")?;
        for case in FOLDER_CASES {
            release(&["run", "--release", "--quiet", "--package", "xtask", "--", "bench", dir, "--case", case])?;
        }
    }
    Ok(())
}

/// One small file, process start included.
fn start_up(root: &Path) -> anyhow::Result<()> {
    const RUNS: usize = 50;
    let binary = root.join("target/release/rolecall");
    let mut times = Vec::new();
    for _ in 0..RUNS {
        let start = Instant::now();
        let status = Command::new(&binary)
            .args(["check", "--fail-on", "never", EXAMPLE])
            .current_dir(root)
            .stdout(Stdio::null())
            .status()
            .with_context(|| format!("cannot run {}", binary.display()))?;
        times.push(start.elapsed());
        if !status.success() {
            bail!("{} failed", binary.display());
        }
    }
    times.sort();
    let (fastest, median) = (times[0], times[RUNS / 2]);
    writeln!(std::io::stdout(), "small file, end to end: {} ms (fastest {} ms)", millis(median), millis(fastest))?;
    Ok(())
}

/// One case, in this process.
pub fn one(root: &Path, dir: Option<&Path>, case: &str) -> anyhow::Result<()> {
    if let "editor-arm" | "editor-clusters" = case {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("main.json");
        let example = std::fs::read_to_string(root.join(EXAMPLE))?;
        let template = match case {
            "editor-arm" => compiled_modules(&example, 3_000_000),
            _ => compiled_clusters(&example, 3_000_000),
        };
        std::fs::write(&path, template)?;
        return editor::keystrokes(case, folder.path(), &path);
    }
    if case.starts_with("editor") {
        return editor::case(case, dir);
    }
    if let Some(dir) = dir {
        return of_folder(dir, case);
    }
    let folder = tempfile::tempdir()?;
    let example = std::fs::read_to_string(root.join(EXAMPLE))?;
    match case.split_once('-') {
        Some(("bicep", count)) => bicep(folder.path(), count.parse()?)?,
        Some(("compiled", _)) => {
            std::fs::write(folder.path().join("main.json"), compiled_clusters(&example, 3_000_000))?
        }
        Some(("folder", _)) => {
            for number in 0..500 {
                std::fs::write(folder.path().join(format!("template{number}.json")), &example)?;
            }
        }
        Some(("assignments", count)) => {
            std::fs::write(folder.path().join("main.json"), assignments(count.parse()?))?;
        }
        Some(("for", each)) => {
            let count = each.trim_start_matches("each-").parse()?;
            std::fs::write(folder.path().join("main.tf"), for_each(count))?;
        }
        Some(("terraform", count)) => {
            for number in 0..count.parse()? {
                let root = folder.path().join(format!("root{number}"));
                std::fs::create_dir(&root)?;
                std::fs::write(root.join("main.tf"), for_each(3))?;
            }
        }
        _ => bail!("there is no case {case}"),
    }
    if case.starts_with("for") || case.starts_with("terraform") {
        return measure(case, 0, None, &Options { current_dir: folder.path().to_path_buf(), ..Options::default() });
    }
    if case.starts_with("assignments") {
        return of_rules(case, folder.path());
    }
    let (bytes, parsing) = parse_alone(folder.path())?;
    let options = Options { current_dir: folder.path().to_path_buf(), ..Options::default() };
    measure(case, bytes, Some(parsing), &options)
}

/// A rule that has nothing to say of the cases here, so that nothing is done for rules.
const NO_RULE: &str = "backup-without-trusted-access";

/// How long evaluation takes, and how long rules take after it: the medians of several runs.
fn of_rules(case: &str, folder: &Path) -> anyhow::Result<()> {
    const RUNS: usize = 9;
    let select = vec![NO_RULE.to_owned()];
    let options = Options { current_dir: folder.to_path_buf(), keep_graphs: true, select, ..Options::default() };
    let every: Vec<_> = rolecall_rules::rules().iter().collect();
    let (mut evaluation, mut rules, mut resources) = (Vec::new(), Vec::new(), 0);
    for _ in 0..RUNS {
        let analysis = analyse(&options)?;
        evaluation.push(analysis.deployments.iter().map(|one| one.elapsed).sum());
        let graphs: Vec<_> = analysis.deployments.iter().filter_map(|one| one.deployment.as_deref()).collect();
        resources = graphs.iter().map(|graph| graph.resources.len()).sum();
        let start = Instant::now();
        let reports: Vec<_> = graphs.iter().map(|graph| rolecall_rules::run(graph, &every)).collect();
        rules.push(start.elapsed());
        drop(std::hint::black_box(reports));
    }
    let median = |times: &mut Vec<Duration>| {
        times.sort();
        millis(times[RUNS / 2])
    };
    let (evaluation, rules) = (median(&mut evaluation), median(&mut rules));
    let peak = peak().unwrap_or_else(|| "unknown".to_owned());
    writeln!(
        std::io::stdout(),
        "{case}: {resources} resources: evaluation {evaluation} ms, rules {rules} ms, peak {peak}"
    )?;
    Ok(())
}

/// A folder as it is, or a share of its Bicep files by name.
fn of_folder(dir: &Path, case: &str) -> anyhow::Result<()> {
    let every = match case {
        "folder" | "all" => 1,
        "half" => 2,
        "quarter" => 4,
        _ => bail!("there is no case {case}"),
    };
    let mut files = Vec::new();
    let mut open = vec![dir.canonicalize()?];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() && !path.is_symlink() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "bicep") {
                files.push(path);
            }
        }
    }
    files.sort();
    let chosen: Vec<PathBuf> = files.into_iter().step_by(every).collect();
    let sizes = chosen.iter().map(|path| Ok(std::fs::metadata(path)?.len())).collect::<std::io::Result<Vec<_>>>()?;
    let bytes = usize::try_from(sizes.iter().sum::<u64>())?;
    let paths = if case == "folder" { vec![dir.to_owned()] } else { chosen };
    let options = Options { current_dir: dir.to_owned(), paths, ..Options::default() };
    measure(case, bytes, None, &options)
}

/// A whole run, and what it cost.
fn measure(case: &str, bytes: usize, parsing: Option<Duration>, options: &Options) -> anyhow::Result<()> {
    let start = Instant::now();
    let analysis = analyse(options)?;
    let whole = start.elapsed();
    let clusters: usize = analysis.deployments.iter().map(|one| one.report.clusters).sum();
    let megabytes = bytes as f64 / 1e6;
    let times = parsing.map(|parsing| whole.as_secs_f64() / parsing.as_secs_f64());
    writeln!(
        std::io::stdout(),
        "{case}: {megabytes:.1} MB, {} deployments, {clusters} clusters: {} ms, {:.1} MB/s,{} peak {}",
        analysis.deployments.len(),
        millis(whole),
        megabytes / whole.as_secs_f64(),
        times.map(|times| format!(" {times:.1} times parsing alone,")).unwrap_or_default(),
        peak().unwrap_or_else(|| "unknown".to_owned()),
    )?;
    Ok(())
}

/// The bytes of a folder's files and how long parsing them takes, one after the other.
fn parse_alone(folder: &Path) -> anyhow::Result<(usize, Duration)> {
    let files = DiskFiles::new(folder)?;
    let mut paths: Vec<PathBuf> = std::fs::read_dir(files.root())?.filter_map(|one| Some(one.ok()?.path())).collect();
    paths.sort();
    let sources = paths.iter().map(|path| files.read(path)).collect::<Result<Vec<_>, _>>()?;
    let start = Instant::now();
    for source in &sources {
        let template = match source.path.extension().is_some_and(|extension| extension == "bicep") {
            // With a library of its own, as if nothing were shared.
            true => rolecall_bicep::parse(source, &files, &rolecall_bicep::Library::default()).template,
            false => rolecall_arm::parse(source).template,
        };
        if template.is_none() {
            bail!("{} is no template", source.path.display());
        }
    }
    Ok((sources.iter().map(|source| source.text.len()).sum(), start.elapsed()))
}

fn millis(time: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() * 1000.0)
}

/// The most memory that this process ever had, as Linux says.
fn peak() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(format!("{:.0} MB", kilobytes / 1000.0))
}
