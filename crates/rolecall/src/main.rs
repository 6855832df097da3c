//! The command line.
//!
//! It translates arguments into [`rolecall_workspace::Options`], hands what is found to a format, and decides the exit
//! status. It knows no rule and formats nothing itself.

mod arguments;
mod commands;
mod fix;
mod init;
mod manual;
mod progress;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

use arguments::Arguments;

// An analysis makes many small values, from several threads: the allocators of some systems take most of its time then.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What the process ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    /// Nothing at or above `--fail-on`.
    Clean = 0,
    /// Something at or above it.
    Findings = 1,
    /// The run itself failed.
    Failed = 2,
    /// No template was found.
    Nothing = 3,
}

fn main() -> ExitCode {
    // Wrong usage ends here, with status 2.
    let arguments = Arguments::parse();
    // A fault of ours must not look like a finding: it ends with its own status.
    let status = match std::thread::spawn(move || commands::run(arguments)).join() {
        Ok(Ok(status)) => status,
        Ok(Err(error)) => {
            complain(&format!("error: {error:#}"));
            Status::Failed
        }
        Err(_) => {
            complain("error: rolecall broke down; this is a fault of rolecall: please report it");
            Status::Failed
        }
    };
    ExitCode::from(status as u8)
}

/// Writes a line to standard error; where that is closed, nobody listens.
fn complain(message: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{message}");
}
