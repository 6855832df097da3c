//! Bicep for [tree-sitter](https://tree-sitter.github.io): `.bicep` and `.bicepparam` files.
//!
//! ```
//! let mut parser = tree_sitter::Parser::new();
//! parser.set_language(&tree_sitter_bicep::LANGUAGE.into()).expect("the grammar fits the library");
//! let tree = parser.parse("param name string = 'x'\n", None).expect("no limit was set");
//! assert!(!tree.root_node().has_error());
//! ```

use tree_sitter_language::LanguageFn;

#[allow(unsafe_code, reason = "the parser is C")]
mod ffi {
    unsafe extern "C" {
        fn tree_sitter_bicep() -> *const ();
    }

    pub(super) const fn language() -> super::LanguageFn {
        // SAFETY: the generated parser exports this function, and it returns a static language.
        unsafe { super::LanguageFn::from_raw(tree_sitter_bicep) }
    }
}

/// The grammar; `.into()` makes a `tree_sitter::Language` of it.
pub const LANGUAGE: LanguageFn = ffi::language();

/// Every kind of node with its fields and children, as JSON.
pub const NODE_TYPES: &str = include_str!("../../src/node-types.json");

/// The highlighting query.
pub const HIGHLIGHTS_QUERY: &str = include_str!("../../queries/highlights.scm");

/// The folding query.
pub const FOLDS_QUERY: &str = include_str!("../../queries/folds.scm");
