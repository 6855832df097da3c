//! The typed view of a syntax tree: a type for each kind of node, an enum for each group, an accessor for each field.
//!
//! The types wrap tree-sitter's nodes and are `Copy`. A node cast to its type may still lack parts, when the text is broken: single fields are
//! therefore optional, whatever the grammar says, and a token that the parser made up to go on counts as absent.
//!
//! [`generated`] comes from the grammar's `node-types.json`: `cargo xtask codegen`.

use std::iter::FusedIterator;
use std::marker::PhantomData;
use std::num::NonZeroU16;
use std::ops::Range;
use std::sync::LazyLock;

use tree_sitter::{Language, Node, TreeCursor};

#[rustfmt::skip]
pub mod generated;

pub use generated::*;

/// A node, or a group of nodes, with a type.
pub trait SyntaxNode<'t>: Copy {
    /// The node as this type, if it is of that kind.
    fn cast(node: Node<'t>) -> Option<Self>;

    /// The node itself.
    fn node(self) -> Node<'t>;

    /// Where it stands, in bytes of the file.
    fn span(self) -> Range<usize> {
        self.node().byte_range()
    }

    /// Its text, out of the text of the file.
    fn text(self, file: &str) -> &str {
        file.get(self.span()).unwrap_or_default()
    }

    /// Whether something in it is broken.
    fn has_error(self) -> bool {
        self.node().has_error()
    }
}

/// A token that is there or not: the `?` of a safe access, the word `existing`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Token<'t>(Node<'t>);

impl<'t> SyntaxNode<'t> for Token<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        (!node.is_named()).then_some(Self(node))
    }

    fn node(self) -> Node<'t> {
        self.0
    }
}

/// The language's numbers for kinds and fields, looked up by name once.
struct Numbers {
    kinds: Vec<Option<SyntaxKind>>,
    fields: [Option<NonZeroU16>; Field::COUNT],
}

static NUMBERS: LazyLock<Numbers> = LazyLock::new(|| {
    let language = Language::from(tree_sitter_bicep::LANGUAGE);
    let kinds = (0..language.node_kind_count())
        .map(|id| {
            let id = u16::try_from(id).ok()?;
            SyntaxKind::from_name(language.node_kind_for_id(id)?, language.node_kind_is_named(id))
        })
        .collect();
    Numbers { kinds, fields: Field::ALL.map(|field| language.field_id_for_name(field.name())) }
});

impl SyntaxKind {
    /// The kind of a node; `None` for punctuation and for nodes that only errors make.
    #[must_use]
    pub fn of(node: Node<'_>) -> Option<Self> {
        NUMBERS.kinds.get(usize::from(node.kind_id())).copied().flatten()
    }
}

fn field<'t, T: SyntaxNode<'t>>(node: Node<'t>, field: Field) -> Option<T> {
    let child = node.child_by_field_id(NUMBERS.fields[field as usize]?.get())?;
    if child.is_missing() { None } else { T::cast(child) }
}

fn fields<'t, T: SyntaxNode<'t>>(node: Node<'t>, field: Field) -> Children<'t, T> {
    let mut cursor = node.walk();
    let more = cursor.goto_first_child();
    Children { cursor, more, field: NUMBERS.fields[field as usize], types: PhantomData }
}

/// The children of a node in one field, in order.
pub struct Children<'t, T> {
    cursor: TreeCursor<'t>,
    more: bool,
    field: Option<NonZeroU16>,
    types: PhantomData<T>,
}

impl<'t, T: SyntaxNode<'t>> Iterator for Children<'t, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        while self.more {
            let found = (self.cursor.field_id() == self.field).then(|| self.cursor.node());
            self.more = self.cursor.goto_next_sibling();
            if let Some(node) = found.filter(|node| !node.is_missing()).and_then(T::cast) {
                return Some(node);
            }
        }
        None
    }
}

impl<'t, T: SyntaxNode<'t>> FusedIterator for Children<'t, T> {}
