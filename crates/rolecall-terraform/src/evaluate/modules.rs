//! Module calls: where their source is, their instances, their outputs.

use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use rolecall_graph::{GrantsTo, Unresolved};
use rolecall_source::{Diagnostic, ReadError, Span, normalize};
use rolecall_value::{Condition, Hop, Object, Property, Reason, ReasonKind, Value};

use super::frame::{Caller, Calls, Memo, gather};
use super::{Env, Evaluator, Frame, MAX_NESTING, NodeId, Shape};
use crate::config::{Module, ModuleCall, depends_on};
use crate::folders::is_local;
use crate::syntax::{Expr, ExprKind, Step};
use crate::values::{assuming, error, index, without_sets};
use crate::versions;

impl Evaluator<'_> {
    /// The frame of the root module.
    pub fn root_frame(&self, module: Arc<Module>) -> Rc<Frame> {
        self.adopt(&module);
        let azurerm = versions::major(self.files, &self.root, &module, "azurerm");
        let azuread = versions::major(self.files, &self.root, &module, "azuread");
        let frame = self.bare_frame(module, azurerm, azuread);
        self.configure_providers(&frame);
        frame
    }

    /// A frame for what a plan has worked out.
    pub fn plan_frame(&self, module: Arc<Module>, azurerm: Option<u32>) -> Rc<Frame> {
        self.bare_frame(module, azurerm, None)
    }

    fn bare_frame(&self, module: Arc<Module>, azurerm: Option<u32>, azuread: Option<u32>) -> Rc<Frame> {
        Rc::new(Frame {
            origin: self.origins.written(self.file_start()),
            module,
            address: String::new(),
            key: String::new(),
            depth: 0,
            caller: None,
            when: Condition::TRUE,
            many: false,
            providers: Default::default(),
            azurerm,
            azuread,
            waits: NodeId(0),
            variables: Default::default(),
            locals: Default::default(),
            outputs: Default::default(),
            resources: Default::default(),
            calls: Default::default(),
        })
    }

    /// Reads the subscriptions that `provider` blocks name.
    fn configure_providers(&self, frame: &Rc<Frame>) {
        let module = frame.module.clone();
        for block in &module.providers {
            let Some(name) = block.labels.first() else { continue };
            let key = match block.body.attribute("alias").and_then(|alias| alias.value.literal()) {
                Some(alias) => format!("{name}.{alias}"),
                None => name.to_string(),
            };
            let given = self.eval_argument(frame, &Env::default(), &block.body, "subscription_id");
            let given =
                given.filter(|value| !value.is_null() && value.as_str() != Some("") && !self.always_wrong(value));
            // A subscription that depends on conditions is not followed into every id.
            let given = given.map(|value| match value.kind() {
                rolecall_value::Kind::Cond(_) => Value::call("provider", vec![Value::string(key.as_str())]),
                _ => value,
            });
            if let Some(subscription) = given {
                frame.providers.borrow_mut().insert(key, subscription);
            }
        }
    }

    /// The subscription of a provider configuration, as its resources see it.
    pub fn subscription(&self, frame: &Frame, provider: &str) -> Value {
        let providers = frame.providers.borrow();
        providers.get(provider).cloned().unwrap_or_else(|| Value::environment("subscription().subscriptionId"))
    }

    /// `module.call…`: the value, and how many of the steps behind the call's name it took.
    pub(super) fn module_root(
        &self,
        frame: &Rc<Frame>,
        env: &Env,
        call: &Arc<str>,
        steps: &[Step],
        span: Span,
    ) -> (Value, usize) {
        let calls = self.calls(frame, call, span);
        if let Some(missing) = &calls.missing {
            // `module.x["a"].y` and `module.x.y` are outputs of what is not there.
            return (missing.clone(), 1);
        }
        let output = |at: usize| match steps.get(at) {
            Some(Step::Attribute(name)) => Some(name.clone()),
            _ => None,
        };
        let hop = |name: &Arc<str>, value: Value| self.hop(span, Hop::Output(name.clone()), value);
        match (calls.shape, steps) {
            (Shape::Single, _) => match (output(0), calls.frames.first()) {
                (Some(name), Some((_, inner))) => (hop(&name, self.output(inner, &name, span)), 2),
                (None, Some((_, inner))) => (self.outputs(inner, span), 1),
                _ => (error("the module has no instance", format!("module.{call}")), steps.len() + 1),
            },
            // One output of one instance, without asking for all the others.
            (_, [Step::Index(key), ..]) if output(1).is_some() => {
                let key = self.eval(frame, env, key);
                let name = output(1).unwrap_or_else(|| "".into());
                let all = calls.frames.iter().map(|(key, inner)| {
                    let value = self.output(inner, &name, span);
                    (key.clone(), inner.when.clone(), inner.many, value)
                });
                let value = index(&self.inputs, &gather(calls.shape, all), &key);
                (hop(&name, value), 3)
            }
            // `module.x[*].y`: one output of all.
            (Shape::List, [Step::FullSplat | Step::AttributeSplat, ..]) if output(1).is_some() => {
                let name = output(1).unwrap_or_else(|| "".into());
                let all = calls
                    .frames
                    .iter()
                    .map(|(key, inner)| (key.clone(), inner.when.clone(), inner.many, self.output(inner, &name, span)));
                let value = hop(&name, gather(calls.shape, all));
                // What follows is taken of each item.
                match steps.get(2) {
                    None => (value, 3),
                    Some(_) => (self.whole_calls(&calls, span), 1),
                }
            }
            _ => (self.whole_calls(&calls, span), 1),
        }
    }

    fn whole_calls(&self, calls: &Calls, span: Span) -> Value {
        let all = calls
            .frames
            .iter()
            .map(|(key, inner)| (key.clone(), inner.when.clone(), inner.many, self.outputs(inner, span)));
        gather(calls.shape, all)
    }

    fn outputs(&self, frame: &Rc<Frame>, span: Span) -> Value {
        let mut object = Object::default();
        let module = frame.module.clone();
        for name in module.outputs.keys() {
            object.insert(&Value::string(name.clone()), Property::from(self.output(frame, name, span)));
        }
        object.into()
    }

    pub(super) fn wait_for_module(&self, frame: &Rc<Frame>, call: &Arc<str>, span: Span) {
        let calls = self.calls(frame, call, span);
        for (_, inner) in &calls.frames {
            self.refer(self.everything(inner));
        }
    }

    /// A node that refers to all that a module makes.
    fn everything(&self, frame: &Rc<Frame>) -> NodeId {
        let name: Arc<str> = "*".into();
        if let Some(Memo::Done(_, node)) = frame.outputs.borrow().get(&name) {
            return *node;
        }
        let node = self.new_node();
        frame.outputs.borrow_mut().insert(name, Memo::Done(Value::null(), node));
        self.in_node(node, || {
            let module = frame.module.clone();
            for key in module.resources.keys() {
                self.resource(frame, key, self.file_start());
            }
            for call in module.calls.keys() {
                self.wait_for_module(frame, call, self.file_start());
            }
        });
        node
    }

    /// The instances of a module call.
    pub(crate) fn calls(&self, frame: &Rc<Frame>, name: &Arc<str>, span: Span) -> Rc<Calls> {
        self.memo(&frame.calls, name, span, "module", |_| {
            let module = frame.module.clone();
            match module.calls.get(name) {
                Some(call) => self.make_calls(frame, call),
                None => {
                    let text = format!("{}.module.{name}", frame.address);
                    let missing = self.undeclared(frame, "module", name, text, span);
                    Rc::new(Calls { shape: Shape::Single, frames: Vec::new(), missing: Some(missing) })
                }
            }
        })
    }

    fn make_calls(&self, frame: &Rc<Frame>, call: &ModuleCall) -> Rc<Calls> {
        let key = if frame.key.is_empty() { call.name.to_string() } else { format!("{}.{}", frame.key, call.name) };
        let (shape, rounds) = self.rounds(frame, &Env::default(), &call.body, call.span);
        let module = match self.load_module(frame, call, &key) {
            Ok(module) => module,
            Err(reason) => return self.missing_module(frame, call, reason),
        };
        let waits = self.new_node();
        self.link(waits, frame.waits);
        self.in_node(waits, || {
            for target in depends_on(&call.body).unwrap_or_default() {
                self.wait_for(frame, &Env::default(), target);
            }
        });
        let mut frames = Vec::new();
        for round in rounds {
            let address = format!("{}module.{}{}", dotted(&frame.address), call.name, suffix(shape, &round.key));
            let inner = Rc::new(Frame {
                module: module.clone(),
                address,
                key: key.clone(),
                depth: frame.depth + 1,
                caller: Some(Caller { frame: frame.clone(), env: round.env, call: call.name.clone() }),
                when: frame.when.and(&round.when),
                many: frame.many || round.many,
                providers: Default::default(),
                azurerm: frame.azurerm.or_else(|| versions::constraint_major(&module, "azurerm")),
                azuread: frame.azuread.or_else(|| versions::constraint_major(&module, "azuread")),
                waits,
                origin: self.origins.hop(call.span, Hop::Module(call.name.clone()), frame.origin),
                variables: Default::default(),
                locals: Default::default(),
                outputs: Default::default(),
                resources: Default::default(),
                calls: Default::default(),
            });
            self.pass_providers(frame, call, &inner);
            if !inner.module.providers.is_empty() {
                self.configure_providers(&inner);
            }
            frames.push((round.key, inner));
        }
        Rc::new(Calls { shape, frames, missing: None })
    }

    /// Default provider configurations are inherited; others are passed by name.
    fn pass_providers(&self, frame: &Rc<Frame>, call: &ModuleCall, inner: &Frame) {
        let outer = frame.providers.borrow();
        let mut passed = inner.providers.borrow_mut();
        for (name, subscription) in outer.iter().filter(|(name, _)| !name.contains('.')) {
            passed.insert(name.clone(), subscription.clone());
        }
        if let Some(ExprKind::Object(entries)) = call.body.attribute("providers").map(|providers| &providers.value.kind)
        {
            for (to, from) in entries {
                let name = |expr: &Expr| expr.path().join(".");
                match outer.get(&name(from)) {
                    Some(subscription) => passed.insert(name(to), subscription.clone()),
                    None => passed.remove(&name(to)),
                };
            }
        }
    }

    fn load_module(&self, frame: &Rc<Frame>, call: &ModuleCall, key: &str) -> Result<Arc<Module>, String> {
        if frame.depth >= MAX_NESTING {
            return Err(format!("modules stand deeper in each other than the {MAX_NESTING} levels that are followed"));
        }
        let Some(source) = &call.source else { return Err("its source is not written out".to_owned()) };
        let dir = if is_local(source) {
            normalize(&frame.module.dir.join(source))
        } else {
            match self.manifest.get(key) {
                Some(dir) => normalize(&self.root.join(dir)),
                None => {
                    return Err(format!("its source `{source}` is not in .terraform/modules: run `terraform init`"));
                }
            }
        };
        if self.is_ancestor(frame, &dir) {
            return Err(format!("the module in `{source}` calls itself"));
        }
        let module = self.cache.module(self.files, &dir).map_err(|error| match error {
            ReadError::NotFound => format!("there is no folder `{source}`"),
            other => format!("the folder `{source}` cannot be read: {other}"),
        })?;
        if module.files.is_empty() {
            return Err(format!("there is no configuration in `{source}`"));
        }
        self.adopt(&module);
        Ok(module)
    }

    fn is_ancestor(&self, frame: &Rc<Frame>, dir: &Path) -> bool {
        let mut at = Some(frame);
        while let Some(frame) = at {
            if frame.module.dir == dir {
                return true;
            }
            at = frame.caller.as_ref().map(|caller| &caller.frame);
        }
        false
    }

    /// What stands for a module that cannot be read: its call is kept, with all that flows into it.
    fn missing_module(&self, frame: &Rc<Frame>, call: &ModuleCall, reason: String) -> Rc<Calls> {
        let remote = reason.contains("terraform init");
        let message = format!("the module `{}` is not evaluated: {reason}", call.name);
        let diagnostic =
            if remote { Diagnostic::warning(call.span, message) } else { Diagnostic::error(call.span, message) };
        self.say(diagnostic);
        let text = format!("{}module.{}", dotted(&frame.address), call.name);
        let origin = self.origins.hop(call.span, Hop::Module(call.name.clone()), frame.origin);
        let detail = format!("module `{}`: {reason}", call.name);
        let reason = Reason { kind: ReasonKind::Unread, detail: reason.into() };
        // Its arguments may refer to what refers to it: they are evaluated when everything else is.
        self.state.borrow_mut().missing.push((frame.clone(), call.name.clone(), reason.clone(), origin));
        let missing = Value::unknown(reason.kind, detail, text).with_origin(origin);
        Rc::new(Calls { shape: Shape::Single, frames: Vec::new(), missing: Some(missing) })
    }
}

impl Evaluator<'_> {
    /// Keeps the calls of modules that could not be read, with all that flows into them.
    pub(crate) fn keep_missing(&self) {
        loop {
            let Some((frame, name, reason, origin)) = self.state.borrow_mut().missing.pop() else { return };
            let module = frame.module.clone();
            let Some(call) = module.calls.get(&name) else { continue };
            let mut arguments = Object::default();
            for attribute in &call.body.attributes {
                // What `each` means is in `for_each`.
                if !matches!(&*attribute.name, "source" | "version" | "providers" | "depends_on" | "count") {
                    let value = self.eval(
                        &frame,
                        &Env::default()
                            .with("each", Value::environment("each"))
                            .with("count", Value::environment("count")),
                        &attribute.value,
                    );
                    let value = without_sets(&assuming(&value, &frame.when));
                    arguments.insert(&Value::string(attribute.name.clone()), Property::from(value));
                }
            }
            self.state.borrow_mut().unresolved.push(Unresolved {
                what: format!("module `{name}`"),
                reason,
                when: frame.when.clone(),
                arguments: arguments.into(),
                grants_to: GrantsTo::Anyone,
                yields: format!("{}module.{name}", dotted(&frame.address)),
                origin,
            });
        }
    }
}

pub(super) fn dotted(address: &str) -> String {
    if address.is_empty() { String::new() } else { format!("{address}.") }
}

/// How an instance is written behind its name.
pub(super) fn suffix(shape: Shape, key: &Value) -> String {
    match shape {
        Shape::Single => String::new(),
        Shape::List => format!("[{}]", key.plain()),
        Shape::Map => match key.as_str() {
            Some(key) => format!("[\"{key}\"]"),
            None => format!("[{}]", key.text()),
        },
    }
}

/// The folders of fetched modules, from `.terraform/modules/modules.json`.
pub(crate) fn manifest(files: &dyn rolecall_source::Files, root: &Path) -> rustc_hash::FxHashMap<String, String> {
    let path: PathBuf = root.join(".terraform/modules/modules.json");
    let Ok(file) = files.read(&path) else { return Default::default() };
    let Ok(json) = serde_json::from_str::<serde_json::Value>(&file.text) else { return Default::default() };
    let entries = json.get("Modules").and_then(serde_json::Value::as_array).into_iter().flatten();
    entries
        .filter_map(|entry| Some((entry.get("Key")?.as_str()?.to_owned(), entry.get("Dir")?.as_str()?.to_owned())))
        .collect()
}
