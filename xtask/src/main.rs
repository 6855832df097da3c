//! Developers' helpers: `cargo xtask --help`.

use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand};

mod bench;
mod bench_cases;
mod ci;
mod codegen;
mod corpus;
mod corpus_baseline;
mod corpus_bicep;
mod corpus_diff;
mod corpus_rules;
mod editor;
mod facts;
mod integration;
mod mutate;
mod names;
mod neovim;
mod new_rule;
mod oracle_bicep;
mod parity;
mod recovery;
mod resolved;
mod roundtrip;
mod unknowns;

// As the program has it: what is measured here is what it takes.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
    /// Compares the built-in roles and the permission tables with checkouts of what publishes them.
    Facts {
        /// Folders with role definitions (JSON, or Markdown pages of Azure's documentation) or AKS's permission reference.
        #[arg(required = true)]
        dirs: Vec<PathBuf>,
        /// Takes over roles that are new or changed.
        #[arg(long)]
        write: bool,
        /// With --write: drops roles that no folder has.
        #[arg(long, requires = "write")]
        prune: bool,
    },
    /// Everything that must pass before a change is taken: format, lints, tests, documentation, generated files, packages.
    Ci,
    /// The program beside those that it is made for: validators, pre-commit, the GitHub Action, pip, a browser, editors.
    /// Needs the package registries, and says what it skipped.
    Integration {
        /// Only the steps whose name has this text.
        #[arg(long)]
        only: Option<String>,
        /// Where what is installed is kept for the next time.
        #[arg(long, value_name = "DIR")]
        tools: Option<PathBuf>,
        /// The program, in place of the one that is built for it.
        #[arg(long, value_name = "FILE")]
        binary: Option<PathBuf>,
        /// Also what compiles the program once more: a static binary, a wheel, the hook of pre-commit.
        #[arg(long)]
        all: bool,
    },
    /// Analyses a folder of checked-out repositories.
    Corpus {
        #[command(subcommand)]
        task: CorpusTask,
    },
    /// Breaks grants in deployments, mends them and analyses again.
    Roundtrip {
        /// A folder of repositories, or one.
        dir: PathBuf,
        /// Only deployments whose path has this text.
        #[arg(long)]
        only: Option<String>,
        /// Lists what was not mended.
        #[arg(long)]
        list: bool,
    },
    /// Breaks deployments in known ways and says what was not found, and changes them without meaning.
    Mutate {
        /// The folder: a repository, or a folder of checkouts named `owner+name`; the rules' own cases where left out.
        dir: Option<PathBuf>,
        /// Lists every miss and noise with its change.
        #[arg(long)]
        list: bool,
        /// Only deployments whose path has this text.
        #[arg(long)]
        only: Option<String>,
        /// This rule alone.
        #[arg(long)]
        rule: Option<String>,
        /// The share in percent that must be found in each language.
        #[arg(long, default_value_t = 95.0)]
        at_least: f64,
    },
    /// Tries the language server.
    Editor {
        #[command(subcommand)]
        task: EditorTask,
    },
    /// Measures speed and memory, on Linux.
    Bench {
        /// A folder of Bicep files to measure as well, a quarter, a half and all of it.
        dir: Option<PathBuf>,
        /// Runs this case alone, in this process.
        #[arg(long, hide = true)]
        case: Option<String>,
    },
}

#[derive(Subcommand)]
enum EditorTask {
    /// Makes random edits in copies of folders, and compares after each hundredth what the server says with a fresh check.
    Edits {
        /// The folders.
        #[arg(required = true)]
        dirs: Vec<PathBuf>,
        /// How many edits of each.
        #[arg(long, default_value_t = 2_000)]
        count: usize,
    },
    /// Opens a file in a headless Neovim, and applies an action to its diagnostic.
    Neovim,
}

#[derive(Subcommand)]
enum CorpusTask {
    /// Says how many files were read, what failed, how long it took and which file took longest.
    Run {
        /// The folder: each folder in it is a repository.
        dir: PathBuf,
        /// Lists what failed.
        #[arg(long)]
        failures: bool,
    },
    /// Says how often each rule speaks, which never does, and which does on more than a fifth of the deployments.
    Rules {
        /// The folder: each folder in it is a repository.
        dir: PathBuf,
        /// Only repositories whose name has this text.
        #[arg(long)]
        only: Option<String>,
    },
    /// Compares the findings of two builds.
    Diff {
        /// A build of the program, or a revision that is built for it.
        base: String,
        /// The folder: each folder in it is a repository.
        dir: PathBuf,
        /// Lists every finding that was added, removed or changed.
        #[arg(long)]
        list: bool,
        /// Only repositories whose name has this text.
        #[arg(long)]
        only: Option<String>,
    },
    /// Compares the graphs of Bicep files with those of the templates that the compiler made of them.
    Parity {
        /// The folder: any depth.
        dir: PathBuf,
        /// Lists every pair that differs, with its first difference.
        #[arg(long)]
        list: bool,
        /// Only pairs whose path has this text.
        #[arg(long)]
        only: Option<String>,
    },
    /// Says how much of what matters for identities the Terraform evaluator can tell.
    Unknowns {
        /// The folder: each folder in it is a repository.
        dir: PathBuf,
        /// Lists the error diagnostics.
        #[arg(long)]
        errors: bool,
    },
    /// Accepts all findings of each repository in a baseline, which must hide them, also below ten more lines in each file.
    Baseline {
        /// The folder: each folder in it is a repository.
        dir: PathBuf,
    },
    /// Looks up every name of the Terraform mappings in the provider's documentation.
    Names {
        /// A checkout of hashicorp/terraform-provider-azurerm.
        provider: PathBuf,
    },
    /// Compares the findings with tests/truth.toml.
    Check {
        /// The folder: each folder in it is a repository, named `owner+name` or `owner+name@commit`.
        dir: PathBuf,
        /// Writes rows for the findings that have none, to be judged.
        #[arg(long)]
        rows: bool,
    },
    /// Parses every Bicep file under a folder: errors, speed, the slowest file.
    Parse {
        /// The folder.
        dir: PathBuf,
        /// Files whose path contains this are broken on purpose: their errors do not count.
        #[arg(long)]
        skip: Vec<String>,
    },
    /// Compares Bicep's trees with the official parser's, from the `*.syntax.bicep` baselines under a folder.
    Oracle {
        /// The folder.
        dir: PathBuf,
        /// Baselines whose path contains this are of broken files.
        #[arg(long, default_value = "Invalid")]
        skip: Vec<String>,
    },
    /// Breaks one place in each of many files of Bicep and ARM, and counts which statements and resources elsewhere stay whole.
    Recover {
        /// The folder.
        dir: PathBuf,
        /// How many files.
        #[arg(long, default_value_t = 500)]
        count: usize,
        /// Where the choice of places begins.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Prints what was lost.
        #[arg(long)]
        show: bool,
    },
}

fn main() -> anyhow::Result<()> {
    let root = root();
    match Arguments::parse().task {
        Task::Codegen { check: true } => codegen::check(&root),
        Task::Codegen { check: false } => codegen::write(&root),
        Task::NewRule { id, check } => new_rule::run(&root, &id, check),
        Task::Ci => ci::run(&root),
        Task::Integration { only, tools, binary, all } => {
            integration::run(&root, &integration::Options { only, tools, binary, all })
        }
        Task::Corpus { task: CorpusTask::Run { dir, failures } } => corpus::run(&dir, failures),
        Task::Facts { dirs, write, prune } => facts::run(&root, &dirs, write, prune),
        Task::Corpus { task: CorpusTask::Rules { dir, only } } => corpus_rules::run(&dir, only.as_deref()),
        Task::Corpus { task: CorpusTask::Diff { base, dir, list, only } } => {
            corpus_diff::run(&root, &base, &dir, list, only.as_deref())
        }
        Task::Corpus { task: CorpusTask::Parity { dir, list, only } } => parity::run(&dir, list, only.as_deref()),
        Task::Corpus { task: CorpusTask::Check { dir, rows } } => corpus::check(&root, &dir, rows),
        Task::Corpus { task: CorpusTask::Parse { dir, skip } } => corpus_bicep::parse(&dir, &skip),
        Task::Corpus { task: CorpusTask::Oracle { dir, skip } } => oracle_bicep::oracle(&dir, &skip),
        Task::Corpus { task: CorpusTask::Recover { dir, count, seed, show } } => {
            recovery::recover(&dir, count, seed, show)
        }
        Task::Corpus { task: CorpusTask::Unknowns { dir, errors } } => unknowns::run(&dir, errors),
        Task::Roundtrip { dir, only, list } => roundtrip::run(&dir, only.as_deref(), list),
        Task::Mutate { dir, list, only, rule, at_least } => {
            mutate::run(&root, dir.as_deref(), &mutate::Options { list, only, rule, at_least })
        }
        Task::Corpus { task: CorpusTask::Baseline { dir } } => corpus_baseline::run(&dir),
        Task::Corpus { task: CorpusTask::Names { provider } } => names::run(&root, &provider),
        Task::Editor { task: EditorTask::Edits { dirs, count } } => editor::edits(&dirs, count),
        Task::Editor { task: EditorTask::Neovim } => neovim::run(&root),
        Task::Bench { dir, case: None } => bench::run(&root, dir.as_deref()),
        Task::Bench { dir, case: Some(case) } => bench::one(&root, dir.as_deref(), &case),
    }
}

/// The repository.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}
