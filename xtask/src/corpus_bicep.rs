//! Bicep's parser against real files: what it cannot read, how fast it is, how it recovers, and whether it agrees with the official one.

#![allow(clippy::print_stdout, reason = "a report goes to standard output")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use rolecall_bicep::File;

/// Every file under a folder that has one of these extensions, in order of path.
pub fn files(dir: &Path, extensions: &[&str]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let entry = entry?;
            let kind = entry.file_type()?;
            let path = entry.path();
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file() && path.extension().is_some_and(|end| extensions.iter().any(|one| end == *one)) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn read(path: &Path) -> Result<Option<String>> {
    let bytes = fs::read(path).with_context(|| path.display().to_string())?;
    Ok(String::from_utf8(bytes).ok())
}

fn mb_per_second(bytes: usize, time: Duration) -> f64 {
    bytes as f64 / 1e6 / time.as_secs_f64().max(f64::EPSILON)
}

/// Parses every file under `dir`; a path that contains one of `skip` counts for time, not for errors.
pub fn parse(dir: &Path, skip: &[String]) -> Result<()> {
    let (mut files_read, mut bytes, mut statements, mut skipped, mut other) = (0, 0, 0, 0, 0);
    let mut time = Duration::ZERO;
    let mut slowest = (Duration::ZERO, PathBuf::new(), 0);
    let mut slowest_ratio = (0.0, PathBuf::new());
    let (mut valid_bytes, mut valid_time) = (0, Duration::ZERO);
    let mut with_errors = Vec::new();
    for path in files(dir, &["bicep", "bicepparam"])? {
        let Some(text) = read(&path)? else {
            other += 1;
            continue;
        };
        let start = Instant::now();
        let file = File::parse(&text);
        let took = start.elapsed();
        time += took;
        files_read += 1;
        bytes += text.len();
        statements += file.pieces().len();
        if took > slowest.0 {
            slowest = (took, path.clone(), text.len());
        }
        let ratio = took.as_secs_f64() * 1e9 / text.len().max(2000) as f64;
        if ratio > slowest_ratio.0 {
            slowest_ratio = (ratio, path.clone());
        }
        let shown = path.strip_prefix(dir).unwrap_or(&path).display().to_string();
        if skip.iter().any(|part| shown.contains(part.as_str())) {
            skipped += 1;
        } else if let Some(error) = file.errors().next() {
            let line = text[..error.span.start].matches('\n').count() + 1;
            let count = file.errors().count();
            with_errors.push(format!("{shown}:{line}: {} ({count})", error.message));
        } else {
            valid_bytes += text.len();
            valid_time += took;
        }
    }
    for line in &with_errors {
        println!("{line}");
    }
    println!("files             {files_read} ({skipped} of them not counted for errors, {other} others are not UTF-8)");
    println!("bytes             {bytes}");
    println!("statements        {statements}");
    println!("files with errors {}", with_errors.len());
    println!(
        "speed             {:.1} MB/s, without errors {:.1} MB/s",
        mb_per_second(bytes, time),
        mb_per_second(valid_bytes, valid_time)
    );
    println!("slowest           {:.1} ms, {} bytes, {}", slowest.0.as_secs_f64() * 1e3, slowest.2, slowest.1.display());
    println!("slowest per byte  {:.0} ns, {}", slowest_ratio.0, slowest_ratio.1.display());
    Ok(())
}
