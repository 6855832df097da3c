//! Nested and linked deployments.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use indexmap::IndexMap;
use rolecall_graph::{GrantsTo, ResourceIndex, Unresolved};
use rolecall_source::{Diagnostic, Span};
use rolecall_value::{Condition, Hop, Key, Kind, Reason, ReasonKind, Scope, Value};

use super::context::{path_in_folder, relative_link};
use super::frame::Frame;
use super::resources::{Instance, declaration};
use super::{Env, Evaluator, InstanceKey, MAX_NESTING};
use crate::ir::{DeploymentSource, NestedDeployment, ResourceDecl, Template};

/// What a nested deployment turned out to be.
#[derive(Clone)]
pub(super) enum Nested {
    /// A template in its frame.
    Frame(Rc<Frame>),
    /// A template that could not be had.
    Unresolved(Rc<Missing>),
}

/// A template that could not be had.
pub(super) struct Missing {
    what: String,
    reason: Reason,
    span: Span,
}

impl Missing {
    fn new(what: String, kind: ReasonKind, detail: String, span: Span) -> Self {
        Missing { what, reason: Reason { kind, detail: detail.into() }, span }
    }
}

impl Evaluator<'_> {
    /// The deployments that an instance is, one for each alternative of where it is deployed.
    pub(super) fn nested(&self, frame: &Rc<Frame>, instance: &Instance) -> Vec<(Condition, Nested)> {
        if let Some(known) = instance.deployments.get() {
            return known.clone();
        }
        let Some(resource) = declaration(frame, &instance.path) else { return Vec::new() };
        let Some(deployment) = &resource.deployment else { return Vec::new() };
        if instance.resolving.replace(true) {
            let detail = format!("the deployment `{}` depends on its own outputs", instance.name.plain());
            self.say(Diagnostic::error(resource.span, format!("{detail}; Azure refuses the template")));
            let missing = Missing::new("a nested deployment".to_owned(), ReasonKind::Invalid, detail, resource.span);
            return vec![(Condition::TRUE, Nested::Unresolved(Rc::new(missing)))];
        }
        let (made, uses) = self.using(|| self.resolve(frame, instance, resource, deployment));
        // What the arguments refer to, the deployment waits for, whoever asked for its outputs first.
        let _ = instance.uses.set(uses);
        instance.resolving.set(false);
        instance.deployments.get_or_init(|| made).clone()
    }

    fn resolve(
        &self,
        frame: &Rc<Frame>,
        instance: &Instance,
        resource: &ResourceDecl,
        deployment: &NestedDeployment,
    ) -> Vec<(Condition, Nested)> {
        let call = self.origins.hop(resource.span, Hop::Module(instance.name.plain().into()), frame.origin);
        let (arguments, open) = self.arguments(frame, &instance.env, deployment);
        let mut made = Vec::new();
        for (when, source) in self.sources(frame, &instance.env, resource, deployment) {
            let template = match source {
                Ok(template) => template,
                Err(missing) => {
                    made.push((when, Nested::Unresolved(Rc::new(missing))));
                    continue;
                }
            };
            for (alternative, target) in self.targets(frame, &instance.env, resource, deployment, &template) {
                let alternative = when.and(&alternative);
                if alternative.is_false() {
                    continue;
                }
                self.charge(super::DEPLOYMENT_STEPS);
                let mut arguments = arguments.clone();
                for (name, open) in template.parameters.keys().zip(open.iter().cycle()) {
                    let given = || self.member(open, &Value::string(name.as_str()), false, false);
                    arguments.entry(name.clone()).or_insert_with(given);
                }
                let inner = Frame {
                    number: self.next_frame(),
                    template: template.clone(),
                    outer: deployment.outer_scope.then(|| frame.clone()),
                    target,
                    name: instance.name.clone(),
                    when: frame.when.and(&instance.when).and(&alternative),
                    arguments,
                    placeholders: IndexMap::new(),
                    entry: false,
                    nesting: frame.nesting + 1,
                    env: if deployment.outer_scope { instance.env.clone() } else { Env::default() },
                    slots: RefCell::default(),
                    instances: RefCell::default(),
                    found: RefCell::default(),
                    symbols: OnceCell::new(),
                    outputs: OnceCell::new(),
                    giving: std::cell::Cell::new(false),
                    busy: std::cell::Cell::new(false),
                    origin: call,
                    round: instance.index.clone(),
                };
                let inner = Rc::new(inner);
                if inner.outer.is_some() {
                    self.state.borrow_mut().entangled.push(inner.clone());
                }
                made.push((alternative, Nested::Frame(inner)));
            }
        }
        made
    }

    /// The templates that a deployment may be of, each under its condition.
    fn sources(
        &self,
        frame: &Rc<Frame>,
        env: &Env,
        resource: &ResourceDecl,
        deployment: &NestedDeployment,
    ) -> Vec<(Condition, Result<Arc<Template>, Missing>)> {
        if frame.nesting >= MAX_NESTING {
            let detail =
                format!("deployments stand in each other deeper than the {MAX_NESTING} levels that are followed");
            self.say(Diagnostic::warning(resource.span, detail.clone()));
            let missing = Missing::new("a nested deployment".to_owned(), ReasonKind::Limit, detail, resource.span);
            return vec![(Condition::TRUE, Err(missing))];
        }
        match &deployment.source {
            DeploymentSource::Inline(template) => vec![(Condition::TRUE, Ok(template.clone()))],
            DeploymentSource::Path(path) => {
                vec![(Condition::TRUE, self.load(frame, &path.value, path.span))]
            }
            DeploymentSource::Remote(link) => {
                let value = crate::functions::take_apart(&self.inputs, &self.eval(frame, env, link));
                let alternatives = value.alternatives().into_iter();
                alternatives.map(|(when, value)| (when, self.linked(frame, value, link.span))).collect()
            }
        }
    }

    /// The template behind an address.
    fn linked(&self, frame: &Frame, address: &Value, span: Span) -> Result<Arc<Template>, Missing> {
        if let Some(path) = relative_link(address) {
            return self.load(frame, &path, span);
        }
        if let Some(path) = address.as_str().filter(|path| is_relative(path)) {
            return self.load(frame, path, span);
        }
        // The address of a folder that somebody copies the templates to, and a path in it: where a template lies at
        // that path here, it is the one.
        if let Some(path) = path_in_folder(address)
            && let Ok(template) = self.loader.template(frame.template.file, &path)
        {
            self.adopt(&template);
            return Ok(template);
        }
        if let Some(path) = address.as_str().filter(|path| is_of_registry(path)) {
            let template = self.loader.module(frame.template.file, path).map_err(|why| {
                let what = format!("module `{path}`");
                let detail = format!("{what} cannot be read: {why}");
                Missing::new(what, ReasonKind::Unread, detail, span)
            })?;
            self.adopt(&template);
            return Ok(template);
        }
        let what = format!("linked template {}", short(address));
        let detail = match address.as_str() {
            Some(_) => format!("{what} lies elsewhere, and nothing is fetched"),
            None => format!("the address of {what} is not known here"),
        };
        Err(Missing::new(what, ReasonKind::Unread, detail, span))
    }

    fn load(&self, frame: &Frame, path: &str, span: Span) -> Result<Arc<Template>, Missing> {
        let template = self.loader.template(frame.template.file, path).map_err(|why| {
            let detail = format!("the linked template `{path}` cannot be read: {why}");
            self.say(Diagnostic::warning(span, detail.clone()));
            Missing::new(format!("linked template `{path}`"), ReasonKind::Unread, detail, span)
        })?;
        self.adopt(&template);
        Ok(template)
    }

    /// What is given to parameters by name, and the whole of it where it may give more.
    fn arguments(
        &self,
        frame: &Rc<Frame>,
        env: &Env,
        deployment: &NestedDeployment,
    ) -> (IndexMap<Key, Value>, Option<Value>) {
        let mut arguments = IndexMap::new();
        if let Some(written) = &deployment.arguments_link {
            let link = self.eval(frame, env, written);
            let path = link.as_str().map(Arc::from).or_else(|| relative_link(&link));
            let file = path.and_then(|path| self.loader.arguments(frame.template.file, &path).ok());
            for (name, argument) in file.iter().flat_map(|file| &file.values) {
                arguments.insert(name.clone(), self.eval(frame, &Env::default(), argument.expr()));
            }
        }
        if let Some(written) = &deployment.arguments {
            let value = self.eval(frame, env, written);
            if let Kind::Object(object) = value.kind() {
                for (name, property) in &object.properties {
                    arguments.insert(name.clone(), property.value.clone());
                }
                return (arguments, object.rest.is_some().then(|| value.clone()));
            }
        }
        (arguments, None)
    }

    /// Where a deployment itself stands, where it names another place than the frame's: `None` where it does not.
    pub(super) fn named_targets(
        &self,
        frame: &Rc<Frame>,
        env: &Env,
        deployment: &NestedDeployment,
    ) -> Option<Vec<(Condition, Scope)>> {
        let eval = |written: &Option<crate::ir::Expr>| written.as_ref().map(|written| self.eval(frame, env, written));
        let subscription = eval(&deployment.subscription);
        let group = eval(&deployment.resource_group);
        let own = match &frame.target {
            Scope::ResourceGroup(subscription, _) | Scope::Subscription(subscription) => subscription.clone(),
            _ => Value::environment("subscription().subscriptionId"),
        };
        Some(match (subscription, group) {
            (None, None) => return None,
            (Some(subscription), None) => subscription
                .alternatives()
                .into_iter()
                .map(|(when, subscription)| (when, Scope::Subscription(subscription.clone())))
                .collect(),
            (subscription, Some(group)) => {
                let subscription = subscription.unwrap_or(own);
                let mut targets = Vec::new();
                for (when, subscription) in subscription.alternatives() {
                    for (inner, group) in group.alternatives() {
                        let both = when.and(&inner);
                        if !both.is_false() {
                            targets.push((both, Scope::ResourceGroup(subscription.clone(), group.clone())));
                        }
                    }
                }
                targets
            }
        })
    }

    /// Where the template is deployed to.
    fn targets(
        &self,
        frame: &Rc<Frame>,
        env: &Env,
        resource: &ResourceDecl,
        deployment: &NestedDeployment,
        template: &Template,
    ) -> Vec<(Condition, Scope)> {
        if let Some(written) = &resource.scope {
            return super::names::scopes(&self.eval(frame, env, written), &frame.target);
        }
        if let Some(targets) = self.named_targets(frame, env, deployment) {
            return targets;
        }
        // A template for a subscription that is deployed from a resource group goes to its subscription.
        let target = match (template.target, &frame.target) {
            (crate::ir::Target::Subscription, Scope::ResourceGroup(subscription, _)) => {
                Scope::Subscription(subscription.clone())
            }
            (crate::ir::Target::Tenant, _) => Scope::Tenant,
            _ => frame.target.clone(),
        };
        vec![(Condition::TRUE, target)]
    }

    /// Deploys what an instance deploys. `own` are the nodes of the deployment itself: they settle after everything in
    /// it, and everything in it waits for what they wait for.
    pub(super) fn deploy_nested(
        &self,
        frame: &Rc<Frame>,
        instance: &Instance,
        resource: &ResourceDecl,
        own: &[ResourceIndex],
        waits_for: &[InstanceKey],
    ) {
        for (alternative, nested) in self.nested(frame, instance) {
            match nested {
                Nested::Frame(inner) if inner.when.is_false() => {}
                Nested::Frame(inner) => {
                    let made = self.deploy(&inner, waits_for);
                    let mut state = self.state.borrow_mut();
                    for inner in made {
                        state.edges.extend(own.iter().map(|own| (*own, inner)));
                    }
                }
                Nested::Unresolved(missing) => {
                    let deployment = resource.deployment.as_ref();
                    let env = &instance.env;
                    let arguments = deployment
                        .and_then(|deployment| deployment.arguments.as_ref())
                        .map_or_else(Value::null, |written| self.eval(frame, env, written));
                    let when = frame.when.and(&instance.when).and(&alternative);
                    let origin = self.origins.hop(missing.span, Hop::Written, frame.origin);
                    self.state.borrow_mut().unresolved.push(Unresolved {
                        what: missing.what.clone(),
                        reason: missing.reason.clone(),
                        when,
                        arguments,
                        grants_to: GrantsTo::Anyone,
                        yields: format!("reference({}).outputs", instance.id().text()),
                        origin,
                    });
                }
            }
        }
    }

    /// Text of the template that could not be read, or that there were no steps left for: it may hold anything.
    pub(super) fn lost(&self, frame: &Frame, span: Span, kind: ReasonKind) {
        let (what, detail) = match kind {
            ReasonKind::Limit => ("the part of the template that is not evaluated", super::TOO_MANY_STEPS),
            _ => (
                "the part of the template that cannot be read",
                "a part of the template cannot be read, and may hold more resources",
            ),
        };
        self.state.borrow_mut().unresolved.push(Unresolved {
            what: what.to_owned(),
            reason: Reason { kind, detail: detail.into() },
            when: frame.when.clone(),
            arguments: Value::unknown(kind, detail, format!("lost at {}", span.start)),
            grants_to: GrantsTo::Anyone,
            yields: String::new(),
            origin: self.origins.hop(span, Hop::Written, frame.origin),
        });
    }

    /// The outputs of an instance that is a deployment, each as an object with its `value`.
    pub(super) fn outputs(&self, frame: &Rc<Frame>, instance: &Instance) -> Option<Value> {
        let nested = self.nested(frame, instance);
        if nested.is_empty() {
            return None;
        }
        let name = instance.id().text();
        Some(Value::cond(nested.into_iter().map(|(when, nested)| {
            let outputs = match nested {
                Nested::Frame(inner) => self.frame_outputs(&inner),
                Nested::Unresolved(missing) => Value::unknown(
                    missing.reason.kind,
                    missing.reason.detail.clone(),
                    format!("reference({name}).outputs"),
                ),
            };
            (when, outputs)
        })))
    }

    fn frame_outputs(&self, frame: &Rc<Frame>) -> Value {
        if let Some(known) = frame.outputs.get() {
            return known.clone();
        }
        if frame.giving.replace(true) {
            let detail = "the outputs of the deployment depend on themselves";
            self.say(Diagnostic::error(frame.template.span, format!("{detail}; Azure refuses the template")));
            return Value::unknown(ReasonKind::Invalid, detail, format!("outputs of {}", frame.name.text()));
        }
        let template = frame.template.clone();
        // Who uses an output waits for the deployment, and so for everything in it.
        let (outputs, _) = self.using(|| {
            let outputs = template.outputs.iter().map(|(name, output)| {
                let value = self.eval(frame, &frame.env, &output.value);
                let origin = self.origins.hop(output.span, Hop::Output(name.shared()), value.origin());
                (name.clone(), Value::object([("value", value.with_origin(origin))]))
            });
            let outputs = Value::object(outputs.collect::<Vec<_>>());
            if template.may_declare_more() { self.lost_outputs(frame, outputs) } else { outputs }
        });
        frame.giving.set(false);
        frame.outputs.get_or_init(|| outputs).clone()
    }

    /// Outputs beside which others may stand that could not be read.
    fn lost_outputs(&self, frame: &Frame, outputs: Value) -> Value {
        let detail = "an output that could not be read";
        let lost = Value::unknown(ReasonKind::Invalid, detail, format!("outputs of {}", frame.name.text()));
        self.merge(vec![lost, outputs], frame.template.span)
    }
}

/// Whether a module lies in a registry or is a template spec, as Bicep names them.
fn is_of_registry(path: &str) -> bool {
    ["br:", "br/", "ts:", "ts/"].iter().any(|prefix| path.starts_with(prefix))
}

/// Whether an address is a path relative to the template that names it.
fn is_relative(address: &str) -> bool {
    !address.is_empty() && !address.starts_with(['/', '\\']) && !address.contains(':') && !is_of_registry(address)
}

/// The beginning of what an address is, for messages.
fn short(value: &Value) -> String {
    const LONGEST: usize = 100;
    let text = value.text();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
