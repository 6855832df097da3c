//! What follows from the Bicep grammar's `grammar.js`: the parser in C, and the typed layer over its nodes.
//!
//! `cargo xtask codegen` runs all of it.

mod syntax;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};

/// The grammar's folder, below the repository.
pub const GRAMMAR: &str = "grammars/bicep";

/// The typed layer's path below the repository.
pub const TYPED_LAYER: &str = "crates/rolecall-bicep/src/syntax/generated.rs";

/// The repository.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &Path) -> Result<String> {
    let text = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    Ok(text.replace("\r\n", "\n"))
}

/// What the typed layer should hold.
///
/// # Errors
/// A child without a field, or a field whose kinds have no common name.
pub fn typed_layer(root: &Path) -> Result<String> {
    syntax::typed_layer(&read(&root.join(GRAMMAR).join("src/node-types.json"))?)
}

/// By this the grammar's tests know which `grammar.js` the generated files are of.
///
/// # Errors
/// The system's.
pub fn digest(root: &Path) -> Result<String> {
    let digest = Sha256::digest(read(&root.join(GRAMMAR).join("grammar.js"))?.as_bytes());
    Ok(digest.iter().map(|byte| format!("{byte:02x}")).chain(["\n".to_owned()]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_typed_layer_is_up_to_date() {
        let expected = typed_layer(&root()).expect("a field for every child and a name for every union");
        let found = read(&root().join(TYPED_LAYER)).expect("a checked-in file");
        assert!(found == expected, "{TYPED_LAYER} is stale: run `cargo xtask codegen`");
    }
}
