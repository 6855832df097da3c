//! Developers' helpers: `cargo xtask --help`.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line prints")]

#[cfg(feature = "corpus")]
mod corpus_bicep;
mod grammar;
#[cfg(feature = "corpus")]
mod oracle_bicep;
#[cfg(feature = "corpus")]
mod recovery_bicep;
mod syntax;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Developers' helpers")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write the generated files that are checked in
    Codegen {
        /// Change nothing; fail if a file is stale
        #[arg(long)]
        check: bool,
    },
    /// Run Bicep's parser over real files
    #[cfg(feature = "corpus")]
    Corpus {
        #[command(subcommand)]
        command: Corpus,
    },
    /// The part of `codegen` that needs the grammar generator
    #[command(hide = true)]
    GenerateParser {
        #[arg(long)]
        check: bool,
    },
}

#[cfg(feature = "corpus")]
#[derive(Subcommand)]
enum Corpus {
    /// Parse every Bicep file under a folder: errors, speed, slowest file
    Parse {
        dir: std::path::PathBuf,
        /// Files whose path contains this are broken on purpose: their errors do not count
        #[arg(long)]
        skip: Vec<String>,
    },
    /// Compare our trees with the official parser's, from the `*.syntax.bicep` baselines under a folder
    Oracle {
        dir: std::path::PathBuf,
        /// Baselines whose path contains this are of invalid files
        #[arg(long, default_value = "Invalid")]
        skip: Vec<String>,
    },
    /// Break one statement in each of many files and count which of the others stay whole
    Recover {
        dir: std::path::PathBuf,
        #[arg(long, default_value_t = 500)]
        count: usize,
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Print what was lost
        #[arg(long)]
        show: bool,
    },
}

#[cfg(feature = "corpus")]
fn corpus(command: &Corpus) -> Result<()> {
    match command {
        Corpus::Parse { dir, skip } => corpus_bicep::parse(dir, skip),
        Corpus::Recover { dir, count, seed, show } => recovery_bicep::recover(dir, *count, *seed, *show),
        Corpus::Oracle { dir, skip } => oracle_bicep::oracle(dir, skip),
    }
}

fn main() -> Result<()> {
    match Cli::parse().command {
        Command::Codegen { check } => grammar::codegen(check),
        #[cfg(feature = "corpus")]
        Command::Corpus { command } => corpus(&command),
        Command::GenerateParser { check } => grammar::generate_parser(check),
    }
}
