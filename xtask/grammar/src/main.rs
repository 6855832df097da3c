//! Generates the Bicep parser, its digest and the typed layer: `cargo xtask codegen` starts it.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, anyhow, bail};
use tree_sitter_generate::{OptLevel, generate_parser_in_directory};

/// The tree-sitter ABI that the parser is written for.
const ABI: usize = 15;

fn main() -> Result<()> {
    let root = xtask_grammar::root();
    let grammar = root.join(xtask_grammar::GRAMMAR);
    parser(&grammar)?;
    write(&grammar.join("src/grammar.js.sha256"), &xtask_grammar::digest(&root)?)?;
    write(&root.join(xtask_grammar::TYPED_LAYER), &xtask_grammar::typed_layer(&root)?)
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("writing {}", path.display()))
}

/// The embedded JavaScript engine reads `grammar.js`, so this needs nothing installed.
fn parser(grammar: &Path) -> Result<()> {
    let mut diagnostics = Vec::new();
    generate_parser_in_directory(
        grammar,
        Some(grammar.join("src")),
        Some(grammar.join("grammar.js")),
        ABI,
        None,
        Some("native"),
        true,
        OptLevel::default(),
        &mut diagnostics,
    )
    .map_err(|error| anyhow!("{error}"))?;
    match diagnostics.first() {
        Some(diagnostic) => bail!("grammar.js: {diagnostic}"),
        None => Ok(()),
    }
}
