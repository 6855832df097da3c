//! The generated files of the Bicep grammar: the parser in C, and the typed syntax layer over its nodes.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use sha2::{Digest as _, Sha256};

use crate::syntax;

/// The command that a stale file asks for.
pub const COMMAND: &str = "cargo xtask codegen";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn typed_layer() -> Result<(PathBuf, String)> {
    let node_types = root().join("grammars/bicep/src/node-types.json");
    let text = fs::read_to_string(&node_types).with_context(|| node_types.display().to_string())?;
    Ok((root().join("crates/rolecall-bicep/src/syntax/generated.rs"), syntax::typed_layer(&text)?))
}

/// Writes the parser alone, or checks it.
pub fn generate_parser(check: bool) -> Result<()> {
    let grammar = root().join("grammars/bicep");
    parser::codegen(&grammar, check)?;
    let digest = digest(&grammar.join("grammar.js"))?;
    let path = grammar.join("src/grammar.js.sha256");
    if check {
        return up_to_date(&path, &digest);
    }
    fs::write(&path, digest).with_context(|| path.display().to_string())
}

/// What the grammar's tests know the source of the generated files by.
fn digest(path: &Path) -> Result<String> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let digest = Sha256::digest(text.replace("\r\n", "\n").as_bytes());
    Ok(digest.iter().map(|byte| format!("{byte:02x}")).chain(["\n".to_owned()]).collect())
}

/// Writes the parser and the typed layer, or with `check` only says whether they are up to date.
pub fn codegen(check: bool) -> Result<()> {
    generate_parser(check)?;
    let (path, text) = typed_layer()?;
    if check {
        return up_to_date(&path, &text);
    }
    fs::write(&path, text).with_context(|| path.display().to_string())
}

fn up_to_date(path: &Path, text: &str) -> Result<()> {
    let found = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    if found != text {
        bail!("{} is stale: run `{COMMAND}`", path.display());
    }
    Ok(())
}

#[cfg(feature = "grammar")]
mod parser {
    use std::fs;
    use std::path::Path;

    use anyhow::{Context as _, Result, anyhow, bail};
    use tree_sitter_generate::{OptLevel, generate_parser_in_directory};

    use super::up_to_date;

    /// The tree-sitter ABI that the parser is written for.
    const ABI: usize = 15;

    const GENERATED: [&str; 3] = ["grammar.json", "node-types.json", "parser.c"];

    pub(super) fn codegen(grammar: &Path, check: bool) -> Result<()> {
        let source = grammar.join("src");
        if !check {
            return generate(grammar, &source);
        }
        let scratch = tempfile::tempdir()?;
        generate(grammar, scratch.path())?;
        for file in GENERATED {
            let text = fs::read_to_string(scratch.path().join(file)).context(file)?;
            up_to_date(&source.join(file), &text)?;
        }
        Ok(())
    }

    /// The embedded JavaScript engine reads `grammar.js`, so this needs nothing installed.
    fn generate(grammar: &Path, out: &Path) -> Result<()> {
        let mut diagnostics = Vec::new();
        generate_parser_in_directory(
            grammar,
            Some(out),
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
}

#[cfg(not(feature = "grammar"))]
mod parser {
    use std::path::Path;
    use std::process::Command;

    use anyhow::{Context as _, Result, bail};

    /// Starts this program once more, built with the generator, and without what depends on the files to be generated.
    pub(super) fn codegen(_: &Path, check: bool) -> Result<()> {
        let status = Command::new(env!("CARGO"))
            .args([
                "run",
                "--quiet",
                "--package",
                "xtask",
                "--no-default-features",
                "--features",
                "grammar",
                "--",
                "generate-parser",
            ])
            .args(check.then_some("--check"))
            .status()
            .context("cargo")?;
        if !status.success() {
            bail!("the parser was not generated");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_typed_layer_is_up_to_date() {
        let (path, text) =
            typed_layer().expect("node-types.json has a field for every child and a name for every union");
        if let Err(error) = up_to_date(&path, &text) {
            panic!("{error:#}");
        }
    }
}
