//! Developers' helpers: `cargo xtask --help`.

use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand};

mod codegen;
mod new_rule;

/// Developers' helpers.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Writes the files that are generated from data.
    Codegen {
        /// Changes nothing; fails where a file is not what would be written.
        #[arg(long)]
        check: bool,
    },
    /// Makes a rule from the template.
    NewRule {
        /// The rule's id: kebab-case, naming the bad thing.
        id: String,
        /// Writes nothing; says whether the id is free and the template in order.
        #[arg(long)]
        check: bool,
    },
}

fn main() -> anyhow::Result<()> {
    let root = root();
    match Arguments::parse().task {
        Task::Codegen { check: true } => codegen::check(&root),
        Task::Codegen { check: false } => codegen::write(&root),
        Task::NewRule { id, check } => new_rule::run(&root, &id, check),
    }
}

/// The repository.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}
