//! The syntax tree that HCL and JSON configuration both become.
//!
//! Every node keeps the bytes that wrote it. Nothing is evaluated and no block type is known here.

use std::sync::Arc;

use rolecall_source::Span;

/// The inside of a file or block.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// `name = value`, in order.
    pub attributes: Vec<Attribute>,
    /// Blocks, in order.
    pub blocks: Vec<Block>,
}

/// `name = value`.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// Its name.
    pub name: Arc<str>,
    /// What it is.
    pub value: Expr,
    /// Name and value.
    pub span: Span,
}

/// `kind "label" { … }`.
#[derive(Clone, Debug)]
pub struct Block {
    /// `resource`, `identity`, …
    pub kind: Arc<str>,
    /// Labels, quoted or not.
    pub labels: Vec<Arc<str>>,
    /// What stands between the braces.
    pub body: Body,
    /// All of its text.
    pub span: Span,
}

/// An expression.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// The bytes that wrote it.
    pub span: Span,
}

/// What an expression is.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// `null`.
    Null,
    /// `true`, `false`.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// A string without holes.
    Str(Arc<str>),
    /// A string with holes.
    Template(Vec<Part>),
    /// `[a, b]`.
    Tuple(Vec<Expr>),
    /// `{ a = b }`. A bare word as key is a string.
    Object(Vec<(Expr, Expr)>),
    /// A bare name.
    Variable(Arc<str>),
    /// `base.a[0][*].b`.
    Traversal(Box<Expr>, Vec<Step>),
    /// `test ? then : otherwise`.
    Conditional(Box<[Expr; 3]>),
    /// `name(arguments…)`; the flag is a final `...`.
    Call(Arc<str>, Vec<Expr>, bool),
    /// `!a`, `-a`.
    Unary(Unary, Box<Expr>),
    /// `a + b`.
    Binary(Binary, Box<[Expr; 2]>),
    /// `[for k, v in c : …]`, `{for … : k => v}`.
    For(Box<For>),
    /// What could not be read, and why.
    Invalid(Arc<str>),
}

/// A step of a traversal.
#[derive(Clone, Debug)]
pub enum Step {
    /// `.name`.
    Attribute(Arc<str>),
    /// `[key]`.
    Index(Expr),
    /// `.*`: the attributes that follow are taken of each item.
    AttributeSplat,
    /// `[*]`: everything that follows is taken of each item.
    FullSplat,
}

/// A part of a string with holes.
#[derive(Clone, Debug)]
pub enum Part {
    /// Characters.
    Literal(Arc<str>),
    /// `${expression}`.
    Hole(Expr),
    /// `%{ if }`.
    If(Expr, Vec<Part>, Vec<Part>),
    /// `%{ for }`.
    For(Option<Arc<str>>, Arc<str>, Expr, Vec<Part>),
}

/// A unary operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unary {
    /// `-`.
    Minus,
    /// `!`.
    Not,
}

/// A binary operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the operators'")]
pub enum Binary {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    And,
    Or,
}

/// A `for` expression.
#[derive(Clone, Debug)]
pub struct For {
    /// The name of the key.
    pub key: Option<Arc<str>>,
    /// The name of the value.
    pub value: Arc<str>,
    /// What is walked over.
    pub collection: Expr,
    /// The key of the result, where it is an object.
    pub result_key: Option<Expr>,
    /// The result.
    pub result: Expr,
    /// `...`: values of one key are gathered in a list.
    pub grouping: bool,
    /// `if`.
    pub condition: Option<Expr>,
}

impl Body {
    /// An attribute by name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| &*attribute.name == name)
    }

    /// The blocks of a kind.
    pub fn blocks<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Block> {
        self.blocks.iter().filter(move |block| &*block.kind == kind)
    }
}

impl Expr {
    /// The text of a string without holes, or of a bare name: what old configurations quote and new ones do not.
    pub fn literal(&self) -> Option<&str> {
        match &self.kind {
            ExprKind::Str(text) | ExprKind::Variable(text) => Some(text),
            _ => None,
        }
    }

    /// The names of a traversal up to its first index or splat: `module.x["a"].y` is `module`, `x`.
    pub fn path(&self) -> Vec<&str> {
        match &self.kind {
            ExprKind::Variable(name) => vec![name],
            ExprKind::Traversal(base, steps) => {
                let mut path = base.path();
                for step in steps {
                    match step {
                        Step::Attribute(name) => path.push(name),
                        _ => break,
                    }
                }
                path
            }
            // Old configurations quote references.
            ExprKind::Str(text) => text.split('.').collect(),
            ExprKind::Template(parts) => match &parts[..] {
                [Part::Hole(inner)] => inner.path(),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }
}
