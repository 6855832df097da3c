//! A folder of its own for each test, and the program run in it.

#![allow(dead_code, reason = "each test program uses its part")]

use std::path::{Path, PathBuf};
use std::process::Command;

/// A temporary folder that the program runs in.
pub struct Workspace(tempfile::TempDir);

/// What a run of the program left.
pub struct Run {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    pub fn text(&self) -> String {
        format!("status {}\n{}\n{}", self.status, self.stdout, self.stderr)
    }
}

/// The program, in a folder, without what the environment says of colours and threads.
pub fn rolecall(folder: &Path) -> Command {
    let mut command = Command::new(snapbox::cmd::cargo_bin!("rolecall"));
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "FORCE_HYPERLINK", "RAYON_NUM_THREADS"] {
        command.env_remove(name);
    }
    command.current_dir(folder);
    command
}

/// The repository.
pub fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

impl Workspace {
    pub fn new() -> Self {
        Workspace(tempfile::tempdir().expect("a temporary folder"))
    }

    /// A copy of a folder of the repository, with all that is in it.
    pub fn copy_of(folder: &str) -> Self {
        let workspace = Workspace::new();
        let mut open = vec![(repository().join(folder), workspace.path().to_owned())];
        while let Some((from, to)) = open.pop() {
            std::fs::create_dir_all(&to).expect("a folder");
            for entry in std::fs::read_dir(from).expect("a folder") {
                let (path, to) = entry.map(|entry| (entry.path(), to.join(entry.file_name()))).expect("an entry");
                match path.is_dir() {
                    true => open.push((path, to)),
                    false => drop(std::fs::copy(path, to).expect("copied")),
                }
            }
        }
        workspace
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn write(&self, path: &str, text: &str) {
        self.write_bytes(path, text.as_bytes());
    }

    pub fn write_bytes(&self, path: &str, bytes: &[u8]) {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("created");
        std::fs::write(path, bytes).expect("written");
    }

    pub fn check(&self, arguments: &[&str]) -> Run {
        self.run(&[&["check"], arguments].concat())
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        ran(rolecall(self.path()).args(arguments))
    }

    pub fn with_env(&self, name: &str, value: &str, arguments: &[&str]) -> Run {
        ran(rolecall(self.path()).args(arguments).env(name, value))
    }
}

/// Runs a command to its end.
pub fn ran(command: &mut Command) -> Run {
    let output = command.output().expect("started");
    Run {
        status: output.status.code().expect("not killed"),
        stdout: String::from_utf8(output.stdout).expect("text"),
        stderr: String::from_utf8(output.stderr).expect("text"),
    }
}
