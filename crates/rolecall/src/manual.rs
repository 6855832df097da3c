//! Completions and manual pages, made of the definition of the command line.

use anyhow::Context;
use clap::CommandFactory;
use clap_complete::Shell;
use clap_mangen::Man;

use crate::arguments::Arguments;
use crate::commands::output;

/// Writes the completions of a shell.
pub fn completions(shell: Shell) -> anyhow::Result<()> {
    let mut command = Arguments::command();
    let name = command.get_name().to_owned();
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut command, name, &mut text);
    output(None, |out| out.write_all(&text))
}

/// Writes the manual page of the program, or of one of its commands.
pub fn page(name: Option<&str>) -> anyhow::Result<()> {
    let mut all = Arguments::command();
    all.build();
    let command = match name {
        None => all,
        Some(name) => all
            .find_subcommand(name)
            .cloned()
            .with_context(|| format!("there is no command `{name}`; `rolecall --help` lists them"))?,
    };
    let page = Man::new(command);
    output(None, |out| page.render(out))
}
