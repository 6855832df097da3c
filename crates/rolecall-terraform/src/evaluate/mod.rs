//! The evaluator: from a root module and the values given to it to the deployment that `terraform apply` would make.
//!
//! Everything is evaluated on demand and once: a variable, local or output when it is first referred to, a resource with
//! all its instances. What refers to what is kept as a graph of nodes; edges between resources are what is left of it once
//! nodes that make no resource (locals, outputs, `time_sleep`) are passed through.

mod edges;
mod expr;
mod frame;
mod kept;
mod modules;
mod resources;
mod strings;

use std::cell::{Cell, RefCell};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use rolecall_graph::{Change, Resource, Unresolved};
use rolecall_source::{Diagnostic, FileId, Files, Span};
use rolecall_value::{Inputs, Origins, Point, ReasonKind, Value};
use rustc_hash::{FxHashMap, FxHashSet};

pub(crate) use edges::{Node, NodeId};
pub(crate) use frame::{Frame, Instance, Shape};
pub(crate) use kept::frames;
pub(crate) use modules::manifest;

use crate::cache::Cache;
use crate::emit::Patch;

/// How deep expressions, references and modules may reach into each other.
pub const MAX_DEPTH: u32 = 400;

/// How many expressions one deployment may evaluate.
pub const MAX_STEPS: u64 = 20_000_000;

/// How many instances a resource or module may have.
pub const MAX_INSTANCES: i64 = 20_000;

/// How deep modules may stand in each other.
pub const MAX_NESTING: u32 = 32;

/// The state of one evaluation.
pub(crate) struct Evaluator<'a> {
    pub files: &'a dyn Files,
    pub cache: &'a Cache,
    /// The folder of the root module.
    pub root: PathBuf,
    pub inputs: Arc<Inputs>,
    pub origins: Arc<Origins>,
    pub state: RefCell<State>,
    /// The node whose references are being found.
    pub current: Cell<NodeId>,
    depth: Cell<u32>,
    steps: Cell<u64>,
    /// The folders of fetched modules, by their place in the tree: `network.subnets`.
    pub manifest: FxHashMap<String, String>,
    /// Values given to the root module's variables, with their places.
    pub given: FxHashMap<Arc<str>, Value>,
}

#[derive(Default)]
pub(crate) struct State {
    pub point: Point,
    pub resources: Vec<Resource>,
    /// See [`rolecall_graph::Deployment::unchecked`].
    pub unchecked: Vec<rolecall_graph::ResourceIndex>,
    pub patches: Vec<Patch>,
    /// The patches that were applied.
    pub changes: Vec<Change>,
    /// GUIDs of roles by lower-case display name: those defined here, and built-in ones that were asked for.
    pub roles: FxHashMap<String, Value>,
    /// See [`rolecall_graph::Deployment::one_by_one`].
    pub one_by_one: Vec<rolecall_graph::ResourceIndex>,
    pub unresolved: Vec<Unresolved>,
    /// Calls of modules that could not be read.
    pub missing: Vec<(Rc<Frame>, Arc<str>, rolecall_value::Reason, rolecall_value::Origin)>,
    pub diagnostics: Vec<Diagnostic>,
    said: FxHashSet<(Span, String)>,
    /// Module folders whose diagnostics have been taken over.
    adopted: FxHashSet<PathBuf>,
    pub nodes: Vec<Node>,
}

impl<'a> Evaluator<'a> {
    pub fn new(files: &'a dyn Files, cache: &'a Cache, root: PathBuf) -> Self {
        let state = State { nodes: vec![Node::default()], ..State::default() };
        Evaluator {
            files,
            cache,
            root,
            inputs: Arc::new(Inputs::default()),
            origins: Arc::new(Origins::default()),
            state: RefCell::new(state),
            current: Cell::new(NodeId(0)),
            depth: Cell::new(0),
            steps: Cell::new(0),
            manifest: FxHashMap::default(),
            given: FxHashMap::default(),
        }
    }

    /// Says something once.
    pub fn say(&self, diagnostic: Diagnostic) {
        let mut state = self.state.borrow_mut();
        if state.said.insert((diagnostic.span, diagnostic.message.clone())) {
            state.diagnostics.push(diagnostic);
        }
    }

    /// An unknown value, said as a diagnostic too: for limits, which nobody should pass unnoticed.
    pub fn limit(&self, span: Span, message: String) -> Value {
        self.say(Diagnostic::warning(span, message.clone()));
        let text = format!("limit at {}..{}", span.start, span.end);
        Value::unknown(ReasonKind::Limit, message, text).with_origin(self.origins.written(span))
    }

    /// Takes over what was wrong with a module's files, once.
    pub fn adopt(&self, module: &crate::config::Module) {
        if self.state.borrow_mut().adopted.insert(module.dir.clone()) {
            module.diagnostics.iter().cloned().for_each(|diagnostic| self.say(diagnostic));
        }
    }

    /// Runs something one level deeper; past the limit the answer is unknown.
    fn deeper(&self, span: Span, run: impl FnOnce() -> Value) -> Value {
        let depth = self.depth.get();
        let steps = self.steps.get() + 1;
        if depth >= MAX_DEPTH {
            let message =
                format!("expressions reach deeper into each other than the {MAX_DEPTH} levels that are followed");
            return self.limit(span, message);
        }
        if steps > MAX_STEPS {
            let message = format!(
                "the deployment needs more than the {MAX_STEPS} steps that are made; the rest of it is not evaluated"
            );
            return self.limit(span, message);
        }
        self.steps.set(steps);
        self.depth.set(depth + 1);
        let value = run();
        self.depth.set(depth);
        value
    }

    pub fn exhausted(&self) -> bool {
        self.steps.get() >= MAX_STEPS
    }

    /// A node of its own, in which `run` finds references.
    pub fn in_node<T>(&self, node: NodeId, run: impl FnOnce() -> T) -> T {
        let outer = self.current.replace(node);
        let result = run();
        self.current.set(outer);
        result
    }

    pub fn new_node(&self) -> NodeId {
        let mut state = self.state.borrow_mut();
        let number = u32::try_from(state.nodes.len()).unwrap_or(u32::MAX);
        state.nodes.push(Node::default());
        NodeId(number)
    }

    /// The current node refers to another.
    pub fn refer(&self, to: NodeId) {
        self.link(self.current.get(), to);
    }

    /// Works out how long the chains behind a node are, now that its references are known.
    pub fn settle(&self, NodeId(node): NodeId) -> u32 {
        let mut state = self.state.borrow_mut();
        let refers = state.nodes.get(node as usize).map(|node| node.refers.as_slice()).unwrap_or_default();
        let heights = refers.iter().filter_map(|NodeId(to)| state.nodes.get(*to as usize)).map(|node| node.height);
        let height = heights.max().unwrap_or(0).saturating_add(1);
        if let Some(node) = state.nodes.get_mut(node as usize) {
            node.height = height;
        }
        height
    }

    pub fn link(&self, from: NodeId, to: NodeId) {
        if from == to || to == NodeId(0) {
            return;
        }
        if let Some(node) = self.state.borrow_mut().nodes.get_mut(from.0 as usize)
            && node.refers.last() != Some(&to)
        {
            node.refers.push(to);
        }
    }

    pub fn file_start(&self) -> Span {
        Span::file_start(FileId(0))
    }
}

/// What names mean inside loops and resources: a chain, innermost first.
#[derive(Clone, Default)]
pub(crate) struct Env(Option<Rc<Binding>>);

struct Binding {
    name: Arc<str>,
    value: Value,
    outer: Env,
}

impl Env {
    pub fn with(&self, name: impl Into<Arc<str>>, value: Value) -> Env {
        Env(Some(Rc::new(Binding { name: name.into(), value, outer: self.clone() })))
    }

    pub fn get(&self, name: &str) -> Option<&Value> {
        let mut at = self.0.as_deref();
        while let Some(binding) = at {
            if &*binding.name == name {
                return Some(&binding.value);
            }
            at = binding.outer.0.as_deref();
        }
        None
    }
}
