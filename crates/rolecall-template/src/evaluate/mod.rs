//! The evaluator: from a template and the values given to it to the deployment that Azure would make of it.
//!
//! Everything is evaluated on demand: a parameter or variable when it is first asked for, a nested deployment when it is
//! deployed or its outputs are referred to. Names, conditions and loops of all resources of a template come first, so that
//! references find what they mean; bodies come second.

mod context;
mod expr;
mod frame;
mod kept;
mod loops;
mod names;
mod nested;
mod reference;
mod resources;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use indexmap::IndexMap;
use rolecall_graph::{Deployment, Language, Resource, ResourceIndex, Unresolved};
use rolecall_source::{Diagnostic, FileId, Span};
use rolecall_value::{Inputs, Key, Origins, Point, ReasonKind, Value};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::ir::{Expr, Template};

/// How deep expressions, references and nested deployments may reach into each other.
pub const MAX_DEPTH: u32 = 400;

/// How often a loop may run: Azure allows 800 rounds.
pub const MAX_ROUNDS: i64 = 10_000;

/// How many expressions one deployment may evaluate; resources and nested deployments count as several.
pub const MAX_STEPS: u64 = 2_000_000;

/// What is said once they are used up.
const TOO_MANY_STEPS: &str = "the deployment needs more steps than are made; the rest of it is not evaluated";

/// What a resource costs in steps.
const RESOURCE_STEPS: u64 = 20;

/// What a nested deployment costs in steps.
const DEPLOYMENT_STEPS: u64 = 200;

/// How deep nested deployments may stand in each other.
pub const MAX_NESTING: u32 = 32;

/// Brings the templates that others link.
pub trait Loader: Sync {
    /// The template at `path`, relative to the file `from`.
    ///
    /// # Errors
    /// Why there is none, as the end of a sentence that names the path.
    fn template(&self, from: FileId, path: &str) -> Result<Arc<Template>, String>;

    /// The template of a registry module or template spec (`br:…`, `br/alias:…`, `ts:…`), as the file `from` names it.
    ///
    /// # Errors
    /// Why there is none, as the end of a sentence that names the module.
    fn module(&self, from: FileId, reference: &str) -> Result<Arc<Template>, String> {
        let _ = (from, reference);
        Err("no restored modules are at hand".to_owned())
    }

    /// The arguments in the parameter file at `path`, relative to the file `from`.
    ///
    /// # Errors
    /// Why there are none, as the end of a sentence that names the path.
    fn arguments(&self, from: FileId, path: &str) -> Result<Arc<Arguments>, String>;
}

/// Values for parameters, as a parameter file gives them.
#[derive(Debug, Default)]
pub struct Arguments {
    /// The file.
    pub file: Option<FileId>,
    /// The values by parameter.
    pub values: IndexMap<Key, Argument>,
    /// Whether others may be lost with what could not be read.
    pub lost: bool,
    /// What was wrong with the file.
    pub diagnostics: Vec<Diagnostic>,
}

/// What is given to one parameter.
#[derive(Debug)]
pub enum Argument {
    /// A value. A secret is a call of `secret`.
    Value(Expr),
    /// What only holds the place of a value that comes later: the parameter is open, unless this is its default anyway.
    Placeholder(Expr),
}

impl Argument {
    /// What is written.
    pub fn expr(&self) -> &Expr {
        match self {
            Argument::Value(expr) | Argument::Placeholder(expr) => expr,
        }
    }
}

/// Evaluates an entry template with the arguments given; later files win.
pub fn evaluate(
    entry: &Arc<Template>,
    given: &[Arc<Arguments>],
    language: Language,
    loader: &dyn Loader,
) -> Deployment {
    let evaluator = Evaluator {
        loader,
        inputs: Arc::new(Inputs::default()),
        origins: Arc::new(Origins::default()),
        state: RefCell::default(),
        depth: Cell::new(0),
        steps: Cell::new(0),
        frames: Cell::new(0),
    };
    let frame = evaluator.entry(entry, given);
    evaluator.deploy(&frame, &[]);
    evaluator.check_given(&frame, given);
    evaluator.finish(entry, given, language)
}

/// The state of one evaluation.
struct Evaluator<'a> {
    loader: &'a dyn Loader,
    inputs: Arc<Inputs>,
    origins: Arc<Origins>,
    state: RefCell<State>,
    depth: Cell<u32>,
    steps: Cell<u64>,
    frames: Cell<u32>,
}

#[derive(Default)]
struct State {
    point: Point,
    resources: Vec<Resource>,
    unresolved: Vec<Unresolved>,
    /// The templates that were deployed, in order.
    frames: Vec<Rc<frame::Frame>>,
    /// Nested templates that see their parent's names, which hold each other.
    entangled: Vec<Rc<frame::Frame>>,
    diagnostics: Vec<Diagnostic>,
    /// What has been said, so that it is said once.
    said: FxHashSet<(Span, String)>,
    /// The limits that have been passed.
    limits: FxHashSet<String>,
    /// Files whose own diagnostics have been taken over.
    files: FxHashSet<FileId>,
    /// The resources that each instance became.
    emitted: FxHashMap<InstanceKey, Vec<ResourceIndex>>,
    edges: Vec<(ResourceIndex, ResourceIndex)>,
    /// See [`Deployment::open_order`].
    open_order: Vec<ResourceIndex>,
    /// See [`Deployment::one_by_one`].
    one_by_one: Vec<ResourceIndex>,
    /// Edges to instances that may be emitted later.
    pending: Vec<(ResourceIndex, InstanceKey)>,
    /// The instances that the expressions evaluated since last asked refer to.
    uses: Vec<InstanceKey>,
    /// The parameter or variable whose expression is being evaluated.
    evaluating: Option<Arc<str>>,
}

/// A resource declaration in one round of its loop: the frame's number and the place among its instances.
type InstanceKey = (u32, usize);

/// Stands among what an expression refers to for a round of a loop that cannot be told: no instance has this key.
const SOME_ROUND: InstanceKey = (u32::MAX, usize::MAX);

impl Evaluator<'_> {
    /// Says something once.
    fn say(&self, diagnostic: Diagnostic) {
        let mut state = self.state.borrow_mut();
        if state.said.insert((diagnostic.span, diagnostic.message.clone())) {
            state.diagnostics.push(diagnostic);
        }
    }

    /// An unknown value, said as a diagnostic too, where the limit is first passed: nobody should pass it unnoticed.
    fn limit(&self, span: Span, message: String) -> Value {
        if self.state.borrow_mut().limits.insert(message.clone()) {
            self.say(Diagnostic::warning(span, message.clone()));
        }
        let text = format!("limit at {}..{}", span.start, span.end);
        Value::unknown(ReasonKind::Limit, message, text).with_origin(self.origins.written(span))
    }

    /// Takes over what was wrong with a template's text, once.
    fn adopt(&self, template: &Template) {
        if self.state.borrow_mut().files.insert(template.file) {
            template.diagnostics.iter().cloned().for_each(|diagnostic| self.say(diagnostic));
        }
    }

    fn finish(self, entry: &Template, given: &[Arc<Arguments>], language: Language) -> Deployment {
        let frames = self.kept_frames();
        let state = self.state.into_inner();
        state.entangled.iter().for_each(|frame| frame.disentangle());
        let mut edges: Vec<(ResourceIndex, ResourceIndex)> = state
            .pending
            .iter()
            .flat_map(|(from, to)| state.emitted.get(to).into_iter().flatten().map(move |to| (*from, *to)))
            .chain(state.edges)
            .filter(|(from, to)| from != to)
            .collect();
        edges.sort_unstable();
        edges.dedup();
        let mut open_order = state.open_order;
        open_order.sort_unstable();
        let mut one_by_one = state.one_by_one;
        one_by_one.sort_unstable();
        Deployment {
            entry: entry.file,
            parameters: given.iter().filter_map(|arguments| arguments.file).collect(),
            language,
            inputs: self.inputs,
            point: state.point,
            origins: self.origins,
            resources: state.resources,
            edges,
            open_order,
            one_by_one,
            unchecked: Vec::new(),
            changes: Vec::new(),
            unresolved: state.unresolved,
            frames,
            outside: Arc::default(),
            diagnostics: state.diagnostics,
        }
    }

    /// Runs something one level deeper; past the limit the answer is unknown.
    fn deeper(&self, span: Span, run: impl FnOnce() -> Value) -> Value {
        let depth = self.depth.get();
        let steps = self.steps.get() + 1;
        if depth >= MAX_DEPTH {
            return self.limit(
                span,
                format!("expressions reach deeper into each other than the {MAX_DEPTH} levels that are followed"),
            );
        }
        if steps > MAX_STEPS {
            return self.limit(span, TOO_MANY_STEPS.to_owned());
        }
        self.steps.set(steps);
        self.depth.set(depth + 1);
        let value = run();
        self.depth.set(depth);
        value
    }

    /// Runs something, and gives the instances that it refers to beside its result.
    fn using<T>(&self, run: impl FnOnce() -> T) -> (T, Vec<InstanceKey>) {
        let before = std::mem::take(&mut self.state.borrow_mut().uses);
        let result = run();
        (result, std::mem::replace(&mut self.state.borrow_mut().uses, before))
    }

    /// Counts what costs more than an expression.
    fn charge(&self, steps: u64) {
        self.steps.set(self.steps.get().saturating_add(steps));
    }

    fn exhausted(&self) -> bool {
        self.steps.get() >= MAX_STEPS
    }

    fn next_frame(&self) -> u32 {
        let number = self.frames.get();
        self.frames.set(number + 1);
        number
    }
}

/// What names mean inside loops, lambdas and functions: a chain, innermost first.
#[derive(Clone, Default)]
struct Env(Option<Rc<Binding>>);

struct Binding {
    bound: Bound,
    outer: Env,
}

enum Bound {
    Local(Arc<str>, Value),
    Round { name: Option<Arc<str>>, resource: bool, index: Value },
}

impl Env {
    fn with(&self, bound: Bound) -> Env {
        Env(Some(Rc::new(Binding { bound, outer: self.clone() })))
    }

    fn bindings(&self) -> impl Iterator<Item = &Bound> {
        let mut at = self.0.as_deref();
        std::iter::from_fn(move || {
            let binding = at?;
            at = binding.outer.0.as_deref();
            Some(&binding.bound)
        })
    }

    fn local(&self, name: &str) -> Option<&Value> {
        self.bindings().find_map(|bound| match bound {
            Bound::Local(known, value) if known.eq_ignore_ascii_case(name) => Some(value),
            _ => None,
        })
    }

    /// The index of a loop by name; without one, of the resource's loop, else of the innermost.
    fn index(&self, name: Option<&str>) -> Option<&Value> {
        let rounds = || {
            self.bindings().filter_map(|bound| match bound {
                Bound::Round { name, resource, index } => Some((name, *resource, index)),
                Bound::Local(..) => None,
            })
        };
        match name {
            Some(wanted) => rounds()
                .find(|(name, ..)| name.as_ref().is_some_and(|name| name.eq_ignore_ascii_case(wanted)))
                .map(|(.., index)| index),
            None => rounds().find(|(_, resource, _)| *resource).or_else(|| rounds().next()).map(|(.., index)| index),
        }
    }
}
