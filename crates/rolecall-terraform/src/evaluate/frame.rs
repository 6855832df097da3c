//! One instance of a module, and what names mean in it.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use rolecall_source::Span;
use rolecall_value::{Array, Condition, Hop, Item, Object, Origin, Property, ResourceId, Value};
use rustc_hash::FxHashMap;

use super::{Env, Evaluator, MAX_DEPTH, NodeId};
use crate::config::{Module, Variable};
use crate::syntax::{Body, Expr, Step};
use crate::types::Type;
use crate::values::{assuming, error, error_condition};

/// An instance of a module.
pub(crate) struct Frame {
    pub module: Arc<Module>,
    /// `module.a.module.b["x"]`; empty for the root.
    pub address: String,
    /// `a.b`, as the manifest of fetched modules names it.
    pub key: String,
    /// How deep it stands.
    pub depth: u32,
    /// The module that calls it, what names mean there, and the call.
    pub caller: Option<Caller>,
    pub when: Condition,
    pub many: bool,
    /// The subscription of each provider configuration, by `azurerm` or `azurerm.alias`.
    pub providers: RefCell<FxHashMap<String, Value>>,
    /// The major version of azurerm, where it is pinned down.
    pub azurerm: Option<u32>,
    pub azuread: Option<u32>,
    /// What must be there before anything in it.
    pub waits: NodeId,
    pub origin: Origin,
    pub(super) variables: RefCell<FxHashMap<Arc<str>, Memo<Value>>>,
    pub(super) locals: RefCell<FxHashMap<Arc<str>, Memo<Value>>>,
    pub(super) outputs: RefCell<FxHashMap<Arc<str>, Memo<Value>>>,
    pub(super) resources: RefCell<FxHashMap<Arc<str>, Memo<Rc<Set>>>>,
    pub(super) calls: RefCell<FxHashMap<Arc<str>, Memo<Rc<Calls>>>>,
}

/// Where a module is called.
pub(crate) struct Caller {
    pub frame: Rc<Frame>,
    pub env: Env,
    /// The name of the call in the caller's module.
    pub call: Arc<str>,
}

/// Something that is worked out once.
#[derive(Clone)]
pub(super) enum Memo<T> {
    /// Its evaluation is under way: to ask for it now is a cycle.
    Running,
    Done(T, NodeId),
}

/// How the instances of a resource or module call are reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// `x.y`.
    Single,
    /// `x.y[0]`.
    List,
    /// `x.y["a"]`.
    Map,
}

/// One instance of a resource.
pub(crate) struct Instance {
    pub key: Value,
    pub when: Condition,
    pub many: bool,
    /// What its block says, in Terraform's shape.
    pub arguments: Value,
    /// What others see of it.
    pub value: Value,
    /// Its ids, with when each is its id; empty where it makes no resource of Azure's.
    pub ids: Vec<(Condition, ResourceId)>,
    pub node: NodeId,
}

/// All instances of a resource.
pub(crate) struct Set {
    pub instances: Vec<Instance>,
    pub value: Value,
}

/// All instances of a module call.
pub(crate) struct Calls {
    pub shape: Shape,
    pub frames: Vec<(Value, Rc<Frame>)>,
    /// What stands for the module where it could not be read.
    pub missing: Option<Value>,
}

/// The instances as one value.
pub(super) fn gather(shape: Shape, all: impl Iterator<Item = (Value, Condition, bool, Value)>) -> Value {
    match shape {
        Shape::Single => {
            let mut all = all;
            all.next().map_or_else(|| error("there is no instance", "no instance"), |(.., value)| value)
        }
        Shape::List => {
            let items = all.map(|(_, when, many, value)| Item { value, when, many });
            Array { items: items.collect() }.into()
        }
        Shape::Map => {
            let mut object = Object::default();
            for (key, when, _, value) in all {
                super::expr::insert(&mut object, &key, Property { name: None, value, when });
            }
            object.into()
        }
    }
}

impl Evaluator<'_> {
    pub fn eval_argument(&self, frame: &Rc<Frame>, env: &Env, body: &Body, name: &str) -> Option<Value> {
        body.attribute(name).map(|attribute| self.eval(frame, env, &attribute.value))
    }

    /// A bare name.
    pub(super) fn variable_root(&self, frame: &Rc<Frame>, env: &Env, name: &str, span: Span) -> Value {
        if let Some(value) = env.get(name) {
            return value.clone();
        }
        match name {
            // Old configurations write types without quotes.
            "string" | "number" | "bool" | "any" => Value::string(name),
            _ => self.root(frame, env, name, &[], span).0,
        }
    }

    /// What the first names of a traversal mean, and how many of its steps that took.
    pub(super) fn root(&self, frame: &Rc<Frame>, env: &Env, name: &str, steps: &[Step], span: Span) -> (Value, usize) {
        if let Some(value) = env.get(name) {
            return (value.clone(), 0);
        }
        let step = |at: usize| match steps.get(at) {
            Some(Step::Attribute(name)) => Some(name),
            _ => None,
        };
        let wrong = |text: &str| error(format!("`{text}` refers to nothing"), format!("{text} at {}", span.start));
        match (name, step(0)) {
            ("var", Some(name)) => (self.variable(frame, name, span), 1),
            ("local", Some(name)) => (self.local(frame, name, span), 1),
            ("module", Some(call)) => self.module_root(frame, env, call, &steps[1..], span),
            ("data" | "ephemeral", Some(kind)) => match step(1) {
                Some(resource) => {
                    let key: Arc<str> = format!("{name}.{kind}.{resource}").into();
                    (self.resource(frame, &key, span), 2)
                }
                None => (wrong(name), steps.len()),
            },
            ("path", Some(which)) => (self.path(frame, which), 1),
            ("terraform", Some(fact)) => (Value::environment(format!("terraform.{fact}")), 1),
            ("tofu", Some(fact)) => (Value::environment(format!("terraform.{fact}")), 1),
            ("self", _) => (Value::environment("self"), 0),
            ("each" | "count", _) => (wrong(name), steps.len()),
            (kind, Some(resource)) => {
                let key: Arc<str> = format!("{kind}.{resource}").into();
                (self.resource(frame, &key, span), 1)
            }
            _ => (wrong(name), steps.len()),
        }
    }

    fn path(&self, frame: &Rc<Frame>, which: &str) -> Value {
        if which != "module" {
            return Value::string(".");
        }
        Value::string(relative(&self.root, &frame.module.dir))
    }

    fn variable(&self, frame: &Rc<Frame>, name: &Arc<str>, span: Span) -> Value {
        let value = self.memo(&frame.variables, name, span, "variable", |_| self.variable_value(frame, name, span));
        self.hop(span, Hop::Parameter(name.clone()), value)
    }

    fn variable_value(&self, frame: &Rc<Frame>, name: &Arc<str>, span: Span) -> Value {
        let Some(variable) = frame.module.variables.get(name) else {
            return self.undeclared(frame, "variable", name, format!("{}.var.{name}", frame.address), span);
        };
        let Some(caller) = &frame.caller else { return self.open_variable(variable, name) };
        let call = caller.frame.module.calls.get(&caller.call);
        let argument = call.and_then(|call| call.body.attribute(name));
        let default = || match &variable.default {
            Some(default) => default.clone(),
            None => error(format!("the module gets no value for `{name}`"), format!("{}.var.{name}", frame.address)),
        };
        let value = match argument {
            Some(argument) => {
                let value = variable.of.convert(&self.eval(&caller.frame, &caller.env, &argument.value));
                let value = assuming(&value, &frame.when);
                if variable.nullable {
                    value
                } else {
                    value.map(|value| if value.is_null() { default() } else { value.clone() })
                }
            }
            None => default(),
        };
        value.or_origin(self.origins.written(variable.span))
    }

    /// A variable of the root module: open as DESIGN section 3 has it.
    fn open_variable(&self, variable: &Variable, name: &Arc<str>) -> Value {
        let given = self.given.get(name).map(|value| {
            let origin = value.origin();
            variable.of.convert(value).or_origin(origin)
        });
        let value = given.or_else(|| variable.default.clone()).filter(|value| !value.is_null() || variable.nullable);
        let alternatives = match (&variable.allowed, &variable.of) {
            (Some(allowed), _) => Some(allowed.clone()),
            (None, Type::Bool) => {
                let mut all = vec![Value::bool(true), Value::bool(false)];
                if value.as_ref().is_some_and(Value::is_null) {
                    all.push(Value::null());
                }
                Some(all)
            }
            _ => None,
        };
        let alternatives = alternatives.map(|mut all| {
            if let Some(value) = value.as_ref().filter(|value| value.is_known() && !all.contains(value)) {
                all.push(value.clone());
            }
            all
        });
        let origin = self.origins.written(variable.span);
        match (alternatives, value) {
            // A closed choice of collections is rarely one: what is given is the value.
            (Some(all), Some(value)) if all.len() > 1 && all.iter().all(is_scalar) => {
                let input = self.inputs.declare(name, Some(all));
                let origin = if value.origin() == Origin::NONE { origin } else { value.origin() };
                self.state.borrow_mut().point.set(input.id, value);
                Value::input(&input).with_origin(origin)
            }
            (_, Some(value)) => value.or_origin(origin),
            (all, None) => {
                let all = all.filter(|all| all.iter().all(is_scalar));
                Value::input(&self.inputs.declare(name, all)).with_origin(origin)
            }
        }
    }

    fn local(&self, frame: &Rc<Frame>, name: &Arc<str>, span: Span) -> Value {
        let value = self.memo(&frame.locals, name, span, "local value", |_| {
            let module = frame.module.clone();
            match module.locals.get(name) {
                Some(expr) => assuming(&self.eval(frame, &Env::default(), expr), &frame.when),
                None => self.undeclared(frame, "local value", name, format!("{}.local.{name}", frame.address), span),
            }
        });
        self.hop(span, Hop::Variable(name.clone()), value)
    }

    pub(super) fn output(&self, frame: &Rc<Frame>, name: &Arc<str>, span: Span) -> Value {
        self.memo(&frame.outputs, name, span, "output", |node| {
            let module = frame.module.clone();
            let Some(output) = module.outputs.get(name) else {
                return error(format!("the module has no output `{name}`"), format!("{}.{name}", frame.address));
            };
            self.in_node(node, || {
                for target in &output.depends_on {
                    self.wait_for(frame, &Env::default(), target);
                }
            });
            match &output.value {
                Some(expr) => assuming(&self.eval(frame, &Env::default(), expr), &frame.when),
                None => Value::null(),
            }
        })
    }

    /// Works something out once, in a node of its own to which the current node refers.
    pub(super) fn memo<T: Clone + Cyclic>(
        &self,
        memos: &RefCell<FxHashMap<Arc<str>, Memo<T>>>,
        name: &Arc<str>,
        span: Span,
        what: &str,
        run: impl FnOnce(NodeId) -> T,
    ) -> T {
        let known = memos.borrow().get(name).cloned();
        match known {
            Some(Memo::Done(value, node)) => {
                self.refer(node);
                value
            }
            Some(Memo::Running) => {
                let message = format!("the {what} `{name}` depends on itself");
                self.say(rolecall_source::Diagnostic::error(span, message.clone()));
                T::cyclic(error(message, format!("cycle {name}")))
            }
            None => {
                memos.borrow_mut().insert(name.clone(), Memo::Running);
                let node = self.new_node();
                let mut value = self.in_node(node, || run(node));
                if self.settle(node) > MAX_DEPTH {
                    let message = format!("references reach further than the {MAX_DEPTH} steps that are followed");
                    value = T::cyclic(self.limit(span, message));
                }
                memos.borrow_mut().insert(name.clone(), Memo::Done(value.clone(), node));
                self.refer(node);
                value
            }
        }
    }

    /// Whether an argument's error is one under every condition.
    pub fn always_wrong(&self, value: &Value) -> bool {
        error_condition(value).is_true()
    }

    /// An element of `depends_on`: a resource, a module, a data source.
    pub fn wait_for(&self, frame: &Rc<Frame>, env: &Env, target: &Expr) {
        let path = target.path();
        match path[..] {
            ["module", call, ..] => self.wait_for_module(frame, &call.into(), target.span),
            ["data", kind, name, ..] => {
                self.resource(frame, &format!("data.{kind}.{name}").into(), target.span);
            }
            ["var" | "local" | "path" | "each" | "count", ..] => {
                self.eval(frame, env, target);
            }
            [kind, name, ..] => {
                self.resource(frame, &format!("{kind}.{name}").into(), target.span);
            }
            _ => {}
        }
    }
}

/// What stands for something that depends on itself.
pub(super) trait Cyclic {
    fn cyclic(error: Value) -> Self;
}

impl Cyclic for Value {
    fn cyclic(error: Value) -> Self {
        error
    }
}

impl Cyclic for Rc<Set> {
    fn cyclic(error: Value) -> Self {
        Rc::new(Set { instances: Vec::new(), value: error })
    }
}

impl Cyclic for Rc<Calls> {
    fn cyclic(error: Value) -> Self {
        Rc::new(Calls { shape: Shape::Single, frames: Vec::new(), missing: Some(error) })
    }
}

fn is_scalar(value: &Value) -> bool {
    value.as_array().is_none() && value.as_object().is_none()
}

/// A folder as seen from another, with `/`.
pub(super) fn relative(from: &std::path::Path, to: &std::path::Path) -> String {
    let parts = |path: &std::path::Path| -> Vec<String> {
        path.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect()
    };
    let (from, to) = (parts(from), parts(to));
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let mut out: Vec<String> = vec!["..".to_owned(); from.len() - common];
    out.extend(to[common..].iter().cloned());
    if out.is_empty() { ".".to_owned() } else { out.join("/") }
}
