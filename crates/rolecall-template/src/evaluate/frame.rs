//! One template with its arguments: parameters and variables on demand.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use indexmap::IndexMap;
use rolecall_source::{Diagnostic, Span};
use rolecall_value::{Case, Condition, Hop, Key, ReasonKind, Scope, Type, Value, equality};
use rustc_hash::FxHashMap;

use super::resources::Instances;
use super::{Argument, Arguments, Env, Evaluator, InstanceKey};
use crate::ir::{Parameter, Target, Template};

/// A template being deployed somewhere.
pub(super) struct Frame {
    pub number: u32,
    pub template: Arc<Template>,
    /// The frame whose parameters, variables and scope its expressions see, where they are not its own: nested
    /// templates of outer scope.
    pub outer: Option<Rc<Frame>>,
    /// Where its resources go.
    pub target: Scope,
    /// The deployment's name.
    pub name: Value,
    /// When it is deployed at all.
    pub when: Condition,
    /// The values passed to its parameters.
    pub arguments: IndexMap<Key, Value>,
    /// What holds the place of values that are passed to its parameters later.
    pub placeholders: IndexMap<Key, Value>,
    /// Whether somebody outside may still choose parameters.
    pub entry: bool,
    pub nesting: u32,
    /// The call that brought it about.
    pub origin: rolecall_value::Origin,
    /// The index of that call, where it is a loop.
    pub round: Option<Value>,
    /// The loops around it, which expressions of outer scope see.
    pub env: Env,
    pub slots: RefCell<FxHashMap<(Table, Key), Slot>>,
    pub instances: RefCell<Option<Rc<Instances>>>,
    /// What has been found of them while they are being found.
    pub found: RefCell<Instances>,
    /// The places of top-level resources by symbolic name.
    pub symbols: OnceCell<FxHashMap<Key, usize>>,
    pub outputs: OnceCell<Value>,
    /// Whether its outputs are being evaluated.
    pub giving: std::cell::Cell<bool>,
    pub busy: std::cell::Cell<bool>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Table {
    Parameter,
    Variable,
}

pub(super) enum Slot {
    Busy,
    /// The value, and the resources that it refers to.
    Done(Value, Rc<[InstanceKey]>),
}

impl Frame {
    /// Lets go of what holds it.
    pub fn disentangle(&self) {
        let outer = self.outer.iter();
        outer.for_each(|outer| drop((outer.instances.take(), outer.found.take())));
    }

    /// The frame whose names this frame's expressions see.
    pub fn lexical(self: &Rc<Self>) -> Rc<Frame> {
        let mut frame = self.clone();
        while let Some(outer) = frame.outer.clone() {
            frame = outer;
        }
        frame
    }
}

impl Evaluator<'_> {
    /// The frame of the entry template.
    pub(super) fn entry(&self, template: &Arc<Template>, given: &[Arc<Arguments>]) -> Rc<Frame> {
        self.adopt(template);
        let subscription = Value::environment("subscription().subscriptionId");
        let target = match template.target {
            Target::ResourceGroup => Scope::ResourceGroup(subscription, Value::environment("resourceGroup().name")),
            Target::Subscription => Scope::Subscription(subscription),
            Target::ManagementGroup => Scope::ManagementGroup(Value::environment("managementGroup().name")),
            Target::Tenant => Scope::Tenant,
        };
        let frame = |arguments, placeholders| Frame {
            number: self.next_frame(),
            template: template.clone(),
            outer: None,
            target: target.clone(),
            name: Value::environment("deployment().name"),
            when: Condition::TRUE,
            arguments,
            placeholders,
            entry: true,
            nesting: 0,
            origin: rolecall_value::Origin::NONE,
            round: None,
            env: Env::default(),
            slots: RefCell::default(),
            instances: RefCell::default(),
            found: RefCell::default(),
            symbols: OnceCell::new(),
            outputs: OnceCell::new(),
            giving: std::cell::Cell::new(false),
            busy: std::cell::Cell::new(false),
        };
        let bare = Rc::new(frame(IndexMap::new(), IndexMap::new()));
        let (mut arguments, mut placeholders) = (IndexMap::new(), IndexMap::new());
        for file in given {
            file.diagnostics.iter().cloned().for_each(|diagnostic| self.say(diagnostic));
            for (name, argument) in &file.values {
                let value = self.eval(&bare, &Env::default(), argument.expr());
                let (into, other) = match argument {
                    Argument::Value(_) => (&mut arguments, &mut placeholders),
                    Argument::Placeholder(_) => (&mut placeholders, &mut arguments),
                };
                into.insert(name.clone(), value);
                other.shift_remove(name);
            }
        }
        if given.iter().any(|file| file.lost) {
            for name in template.parameters.keys().filter(|name| !arguments.contains_key(*name)) {
                let lost = || Value::unknown(ReasonKind::Invalid, "its value cannot be read", format!("given {name}"));
                placeholders.entry(name.clone()).or_insert_with(lost);
            }
        }
        Rc::new(frame(arguments, placeholders))
    }

    /// Says which given values no parameter takes.
    pub(super) fn check_given(&self, frame: &Rc<Frame>, given: &[Arc<Arguments>]) {
        for (name, argument) in given.iter().flat_map(|file| &file.values) {
            if !frame.template.may_declare_more() && !frame.template.parameters.contains_key(name) {
                let message = format!(
                    "the template has no parameter `{name}`; Azure refuses a deployment that is given one: rename it or take it out"
                );
                self.say(Diagnostic::warning(argument.expr().span, message));
            }
        }
    }

    /// The value of a parameter where `span` uses it, or may use it where that is not `certain`.
    pub(super) fn parameter(&self, frame: &Rc<Frame>, name: &str, span: Span, certain: bool) -> Value {
        let frame = frame.lexical();
        let template = frame.template.clone();
        match template.parameters.get_full(&Key::from(name)) {
            Some((_, key, parameter)) => {
                let value =
                    self.slot(&frame, Table::Parameter, key, span, || self.compute_parameter(&frame, key, parameter));
                let origin = self.origins.hop(span, Hop::Parameter(key.shared()), value.origin());
                value.with_origin(origin)
            }
            None => self.undeclared(&template, "parameter", name, span, certain),
        }
    }

    /// The value of a variable where `span` uses it, or may use it where that is not `certain`.
    pub(super) fn variable(&self, frame: &Rc<Frame>, name: &str, span: Span, certain: bool) -> Value {
        let frame = frame.lexical();
        let template = frame.template.clone();
        match template.variables.get_full(&Key::from(name)) {
            Some((_, key, variable)) => {
                let value = self
                    .slot(&frame, Table::Variable, key, span, || self.eval(&frame, &Env::default(), &variable.value));
                let origin = self.origins.hop(span, Hop::Variable(key.shared()), value.origin());
                value.with_origin(origin)
            }
            None => self.undeclared(&template, "variable", name, span, certain),
        }
    }

    fn undeclared(&self, template: &Template, what: &str, name: &str, span: Span, certain: bool) -> Value {
        let detail = format!("there is no {what} `{name}`");
        let kind = match certain || template.may_declare_more() {
            true => ReasonKind::Invalid,
            // Only who chooses this name is refused.
            false => ReasonKind::Refused,
        };
        if certain && !template.may_declare_more() {
            let message = format!("{detail}; Azure refuses the template: declare it or mend the name");
            self.say(Diagnostic::warning(span, message));
        }
        Value::unknown(kind, detail, format!("{what}s('{name}')")).with_origin(self.origins.written(span))
    }

    fn slot(&self, frame: &Frame, table: Table, key: &Key, span: Span, compute: impl FnOnce() -> Value) -> Value {
        let at = (table, key.clone());
        match frame.slots.borrow().get(&at) {
            Some(Slot::Done(value, uses)) => {
                self.state.borrow_mut().uses.extend_from_slice(uses);
                return value.clone();
            }
            Some(Slot::Busy) => {
                let what = if table == Table::Parameter { "parameter" } else { "variable" };
                let message = format!("the {what} `{key}` depends on itself; Azure refuses the template");
                self.say(Diagnostic::error(span, message.clone()));
                return Value::unknown(ReasonKind::Invalid, message, format!("{what}s('{key}')"));
            }
            None => {}
        }
        frame.slots.borrow_mut().insert(at.clone(), Slot::Busy);
        let before = self.state.borrow_mut().evaluating.replace(key.shared());
        let (value, mut uses) = self.using(|| self.deeper(span, compute));
        uses.sort_unstable();
        uses.dedup();
        let mut state = self.state.borrow_mut();
        state.evaluating = before;
        state.uses.extend_from_slice(&uses);
        frame.slots.borrow_mut().insert(at, Slot::Done(value.clone(), uses.into()));
        value
    }

    fn compute_parameter(&self, frame: &Rc<Frame>, key: &Key, parameter: &Parameter) -> Value {
        let default = || parameter.default.as_ref().map(|expr| self.eval(frame, &Env::default(), expr));
        let argument = frame.arguments.get(key);
        if !frame.entry {
            let without = || {
                default().unwrap_or_else(|| {
                    if parameter.nullable {
                        return Value::null();
                    }
                    let message = format!("the deployment gives its parameter `{key}` no value");
                    Value::unknown(ReasonKind::Refused, message, format!("parameters('{key}')"))
                        .with_origin(self.origins.written(parameter.span))
                })
            };
            let Some(given) = argument else { return without() };
            // `null` stands for no value, where the parameter has one of its own.
            let is_null = |value: &Value| value.is_null();
            let any_null = given.alternatives().iter().any(|(_, value)| is_null(value));
            return match any_null && parameter.default.is_some() {
                true => given.map(|given| {
                    if is_null(given) {
                        without()
                    } else {
                        given.clone().or_origin(argument.map_or(rolecall_value::Origin::NONE, Value::origin))
                    }
                }),
                false => given.clone(),
            };
        }
        let declared = self.origins.written(parameter.span);
        // By convention the folder that the template itself lies in.
        if key.as_str().eq_ignore_ascii_case("_artifactsLocation") {
            return Value::environment(ARTIFACTS).with_origin(declared);
        }
        let given = argument;
        let default = || match frame.placeholders.get(key) {
            Some(placeholder) => default().filter(|default| default == placeholder),
            None => default(),
        };
        match self.alternatives(frame, parameter) {
            Some(alternatives) => {
                let chosen = given.cloned().or_else(default);
                if let (Some(value), [_, _, ..]) = (&chosen, &alternatives[..])
                    && value.is_known()
                {
                    let same = |one: &&Value| equality(&self.inputs, one, value, Case::Insensitive).equal.is_true();
                    let Some(alternative) = alternatives.iter().find(same).cloned() else {
                        return self.not_allowed(key, value, &alternatives);
                    };
                    let origin = value.origin();
                    let input = self.inputs.declare(key.as_str(), Some(alternatives));
                    self.state.borrow_mut().point.set(input.id, alternative.with_origin(origin));
                    return Value::input(&input).with_origin(if given.is_some() { origin } else { declared });
                }
                if let [only] = &alternatives[..] {
                    return only.clone();
                }
                Value::input(&self.inputs.declare(key.as_str(), Some(alternatives))).with_origin(declared)
            }
            None => match given.cloned().or_else(default) {
                Some(value) => value,
                None if parameter.nullable && !frame.placeholders.contains_key(key) => {
                    Value::null().with_origin(declared)
                }
                None => Value::input(&self.inputs.declare(key.as_str(), None)).with_origin(declared),
            },
        }
    }

    fn not_allowed(&self, key: &Key, value: &Value, alternatives: &[Value]) -> Value {
        if let Some(span) = self.origins.span(value.origin()) {
            let allowed = alternatives.iter().map(Value::text).collect::<Vec<_>>().join(", ");
            let message = format!("{} is not allowed for the parameter `{key}`; allowed are {allowed}", value.text());
            self.say(Diagnostic::warning(span, message));
        }
        value.clone()
    }

    /// The closed set of values that a parameter can have.
    fn alternatives(&self, frame: &Rc<Frame>, parameter: &Parameter) -> Option<Vec<Value>> {
        // The allowed values of an array are those of its items.
        if matches!(parameter.of_type, Some(Type::Array | Type::Object)) {
            return None;
        }
        if let Some(allowed) = &parameter.allowed {
            let values: Vec<_> = allowed.iter().map(|expr| self.eval(frame, &Env::default(), expr)).collect();
            return Some(values).filter(|values| !values.is_empty() && values.iter().all(Value::is_known));
        }
        (parameter.of_type == Some(Type::Bool)).then(|| vec![Value::bool(true), Value::bool(false)])
    }
}

/// The name of the symbol for the folder that linked templates are relative to.
pub(super) const ARTIFACTS: &str = "deployment().properties.templateLink.uri";
