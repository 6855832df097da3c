//! Where a value comes from.

use std::sync::{Arc, Mutex, PoisonError};

use rolecall_source::Span;

/// A place and the chain of hops behind it: a small number into the deployment's [`Origins`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin(u32);

impl Origin {
    /// No place: made by the analyser itself.
    pub const NONE: Origin = Origin(u32::MAX);
}

/// How a value came to a place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Hop {
    /// It is written there.
    Written,
    /// Through the parameter of this name.
    Parameter(Arc<str>),
    /// Through the variable or local of this name.
    Variable(Arc<str>),
    /// Through the output of this name of a module or nested deployment.
    Output(Arc<str>),
    /// Through the call of this module or nested deployment.
    Module(Arc<str>),
}

/// One step of a chain.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OriginNode {
    /// The bytes.
    pub span: Span,
    /// How the value came here.
    pub hop: Hop,
    /// Where it came from.
    pub from: Option<Origin>,
}

/// The arena of a deployment's origins.
#[derive(Debug, Default)]
pub struct Origins(Mutex<Vec<OriginNode>>);

impl Origins {
    /// A value written at `span`.
    pub fn written(&self, span: Span) -> Origin {
        self.push(OriginNode { span, hop: Hop::Written, from: None })
    }

    /// A value that comes to `span` by `hop` from `from`.
    pub fn hop(&self, span: Span, hop: Hop, from: Origin) -> Origin {
        let from = Some(from).filter(|from| *from != Origin::NONE);
        self.push(OriginNode { span, hop, from })
    }

    /// The place of an origin.
    pub fn span(&self, origin: Origin) -> Option<Span> {
        self.nodes().get(origin.0 as usize).map(|node| node.span)
    }

    /// The chain from the place where the value is used to where it was written.
    pub fn chain(&self, origin: Origin) -> Vec<OriginNode> {
        let nodes = self.nodes();
        let mut chain = Vec::new();
        let mut at = Some(origin);
        while let Some(node) = at.and_then(|origin| nodes.get(origin.0 as usize)) {
            chain.push(node.clone());
            at = node.from;
        }
        chain
    }

    fn push(&self, node: OriginNode) -> Origin {
        let mut nodes = self.nodes();
        let number = u32::try_from(nodes.len()).unwrap_or(u32::MAX);
        if number == u32::MAX {
            return Origin::NONE;
        }
        nodes.push(node);
        Origin(number)
    }

    fn nodes(&self) -> std::sync::MutexGuard<'_, Vec<OriginNode>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
