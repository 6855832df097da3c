//! Resources and data sources: their instances, what they say, what others see of them.

use std::rc::Rc;
use std::sync::Arc;

use rolecall_source::{Diagnostic, Level, Span};
use rolecall_value::{Array, Condition, Hop, Item, Key, Kind, Object, Property, ReasonKind, Value};

use super::expr::{insert, whole_number};
use super::frame::{Instance, Memo, Set, gather};
use super::modules::{dotted, suffix};
use super::{Env, Evaluator, Frame, MAX_INSTANCES, NodeId, Shape};
use crate::config::{ResourceBlock, depends_on};
use crate::syntax::{Block, Body, Expr, ExprKind};
use crate::unseen::{grants_to, unseen};
use crate::values::{assuming, error, error_condition, expand, is_error, iterate};

/// One round of `count` or `for_each`.
pub(crate) struct Round {
    pub key: Value,
    pub env: Env,
    pub when: Condition,
    pub many: bool,
}

impl Evaluator<'_> {
    /// The rounds that `count` or `for_each` asks for.
    pub(crate) fn rounds(&self, frame: &Rc<Frame>, env: &Env, body: &Body, span: Span) -> (Shape, Vec<Round>) {
        if let Some(count) = body.attribute("count") {
            let value = expand(&self.inputs, &self.eval(frame, env, &count.value));
            return (Shape::List, self.count_rounds(env, &value, count.value.span));
        }
        if let Some(for_each) = body.attribute("for_each") {
            let value = self.eval(frame, env, &for_each.value);
            let entries = match iterate(&self.inputs, &value) {
                Ok(entries) => entries,
                Err(failed) => {
                    if let Some(unknown) = failed.as_unknown() {
                        let message = format!("`for_each` cannot be evaluated: {}", unknown.reason);
                        self.say(Diagnostic::warning(for_each.value.span, message));
                    }
                    // What it would make stays possible: no instance would be a claim too.
                    let each = Value::object([("key", failed.clone()), ("value", failed.clone())]);
                    let env = env.with("each", each);
                    return (Shape::Map, vec![Round { key: failed, env, when: Condition::TRUE, many: true }]);
                }
            };
            if entries.len() as i64 > MAX_INSTANCES {
                let message = format!(
                    "`for_each` has {} elements, more than the {MAX_INSTANCES} that are followed",
                    entries.len()
                );
                self.limit(span, message);
            }
            let rounds = entries.into_iter().take(usize::try_from(MAX_INSTANCES).unwrap_or(usize::MAX)).map(|entry| {
                let value = assuming(&entry.value, &entry.when);
                let each = Value::object([("key", entry.key.clone()), ("value", value)]);
                Round { key: entry.key, env: env.with("each", each), when: entry.when, many: entry.many }
            });
            return (Shape::Map, rounds.collect());
        }
        (Shape::Single, vec![Round { key: Value::null(), env: env.clone(), when: Condition::TRUE, many: false }])
    }

    fn count_rounds(&self, env: &Env, value: &Value, span: Span) -> Vec<Round> {
        let round = |index: Value, when: Condition, many: bool| {
            let count = Value::object([("index", index.clone())]);
            Round { key: index, env: env.with("count", count), when, many }
        };
        let mut lengths: Vec<(Condition, i64)> = Vec::new();
        for (when, value) in value.alternatives() {
            match whole_number(value) {
                Some(count) if count <= MAX_INSTANCES => lengths.push((when, count)),
                Some(count) => {
                    let message =
                        format!("`count` is {count}, more than the {MAX_INSTANCES} instances that are followed");
                    self.limit(span, message);
                    return vec![round(Value::call("count", vec![value.clone()]), Condition::TRUE, true)];
                }
                // Terraform refuses these.
                None if is_error(value) || value.is_null() => {}
                None => return vec![round(Value::call("each_key", vec![value.clone()]), Condition::TRUE, true)],
            }
        }
        if lengths.is_empty() {
            // An error whatever the inputs are: no instance would be a claim too.
            return vec![round(value.clone(), Condition::TRUE, true)];
        }
        let longest = lengths.iter().map(|(_, count)| *count).max().unwrap_or(0);
        (0..longest)
            .map(|index| {
                let reached = lengths.iter().filter(|(_, count)| *count > index);
                round(Value::int(index), reached.fold(Condition::FALSE, |any, (when, _)| any.or(when)), false)
            })
            .collect()
    }

    /// What a resource's name means.
    pub(super) fn resource(&self, frame: &Rc<Frame>, key: &Arc<str>, span: Span) -> Value {
        if !frame.module.resources.contains_key(key) {
            return self.undeclared(frame, "resource", key, format!("{}{key}", dotted(&frame.address)), span);
        }
        self.set(frame, key, span).value.clone()
    }

    /// What a name means that nothing in the module declares: Terraform refuses the module, so no deployment has the value.
    /// Where a file could not be read whole, it may be declared there.
    pub(super) fn undeclared(&self, frame: &Frame, what: &str, name: &str, text: String, span: Span) -> Value {
        let detail = format!("there is no {what} `{name}`");
        if frame.module.diagnostics.iter().any(|one| one.level == Level::Error) {
            return error(detail, text);
        }
        self.say(Diagnostic::warning(span, format!("{detail}: Terraform refuses this module")));
        Value::unknown(ReasonKind::Refused, detail, text)
    }

    /// The instances of a resource.
    pub(crate) fn set(&self, frame: &Rc<Frame>, key: &Arc<str>, span: Span) -> Rc<Set> {
        self.memo(&frame.resources, key, span, "resource", |node| {
            let module = frame.module.clone();
            match module.resources.get(key) {
                Some(block) => Rc::new(self.make_set(frame, key, block, node)),
                None => Rc::new(Set { instances: Vec::new(), value: Value::null() }),
            }
        })
    }

    /// The node of all instances of a resource that has been evaluated.
    pub(crate) fn set_node(&self, frame: &Frame, key: &str) -> Option<NodeId> {
        match frame.resources.borrow().get(key) {
            Some(Memo::Done(_, node)) => Some(*node),
            _ => None,
        }
    }

    fn make_set(&self, frame: &Rc<Frame>, key: &str, block: &ResourceBlock, node: NodeId) -> Set {
        let (shape, rounds) = self.rounds(frame, &Env::default(), &block.body, block.span);
        self.in_node(node, || {
            for target in depends_on(&block.body).unwrap_or_default() {
                self.wait_for(frame, &Env::default(), target);
            }
        });
        self.link(node, frame.waits);
        // What `count`, `for_each` and `depends_on` refer to, all instances wait for.
        let before: Vec<NodeId> =
            self.state.borrow().nodes.get(node.0 as usize).map(|node| node.refers.clone()).unwrap_or_default();
        let mut instances = Vec::with_capacity(rounds.len());
        for round in rounds {
            if self.exhausted() {
                break;
            }
            let inner = self.new_node();
            before.iter().for_each(|to| self.link(inner, *to));
            let address = format!("{}{key}{}", dotted(&frame.address), suffix(shape, &round.key));
            let instance = self.in_node(inner, || self.instance(frame, block, round, &address, inner));
            self.settle(inner);
            self.link(node, inner);
            instances.push(instance);
        }
        let all = instances.iter().map(|one| (one.key.clone(), one.when.clone(), one.many, one.value.clone()));
        let value = gather(shape, all);
        Set { instances, value }
    }

    fn instance(
        &self,
        frame: &Rc<Frame>,
        block: &ResourceBlock,
        round: Round,
        address: &str,
        node: NodeId,
    ) -> Instance {
        let mut arguments = self.body(frame, &round.env, &block.body);
        left_to_others(&block.body, address, &mut arguments);
        let arguments = Value::from(arguments);
        let arguments =
            assuming(&arguments, &frame.when.and(&round.when)).with_origin(self.origins.written(block.span));
        let provider = match block.body.attribute("provider").map(|provider| provider.value.path().join(".")) {
            Some(provider) if !provider.is_empty() => provider,
            _ => block.kind.split('_').next().unwrap_or_default().to_owned(),
        };
        let described = crate::describe::describe(self, frame, block, &arguments, address, &provider);
        let origin = self.origins.written(block.span);
        let scripts = block.body.blocks("provisioner");
        let scripts: Vec<_> = scripts
            .filter(|one| one.body.attribute("when").and_then(|when| when.value.literal()) != Some("destroy"))
            .map(|one| (one.labels.first(), Value::from(self.body(frame, &round.env, &one.body))))
            .filter_map(|(label, given)| Some((grants_to(label.map(|label| &**label), &given)?, given)))
            .collect();
        let when = frame.when.and(&round.when);
        let hop = self.origins.hop(block.span, Hop::Written, frame.origin);
        let unseen = unseen(block, address, (&arguments, &described.value), scripts, when, hop);
        self.state.borrow_mut().unresolved.extend(unseen);
        Instance {
            key: round.key,
            when: round.when,
            many: round.many,
            arguments,
            value: described.value.with_origin(origin),
            ids: described.ids,
            node,
        }
    }

    /// What a block says, in Terraform's shape: nested blocks are lists of objects.
    pub(super) fn body(&self, frame: &Rc<Frame>, env: &Env, body: &Body) -> Object {
        let mut object = Object::default();
        for attribute in &body.attributes {
            if matches!(&*attribute.name, "count" | "for_each" | "provider" | "depends_on" | "lifecycle") {
                continue;
            }
            let value = self.eval(frame, env, &attribute.value);
            object.insert(&Value::string(attribute.name.clone()), Property::from(value));
        }
        for block in &body.blocks {
            match &*block.kind {
                "lifecycle" | "provisioner" | "connection" | "timeouts" => {}
                "dynamic" => self.dynamic(frame, env, block, &mut object),
                kind => {
                    let value =
                        Value::from(self.body(frame, env, &block.body)).with_origin(self.origins.written(block.span));
                    add_block(&mut object, kind, Item::from(value));
                }
            }
        }
        object
    }

    fn dynamic(&self, frame: &Rc<Frame>, env: &Env, block: &Block, object: &mut Object) {
        let Some(kind) = block.labels.first() else { return };
        let Some(for_each) = block.body.attribute("for_each") else { return };
        let Some(content) = block.body.blocks("content").next() else { return };
        let iterator = block.body.attribute("iterator").and_then(|iterator| iterator.value.literal()).unwrap_or(kind);
        let collection = self.eval(frame, env, &for_each.value);
        let Ok(entries) = iterate(&self.inputs, &collection) else {
            // The error is one of the whole resource.
            if !error_condition(&collection).is_false() {
                add_block(object, kind, Item::from(collection));
            }
            return;
        };
        add_blocks(object, kind);
        for entry in entries {
            let value = assuming(&entry.value, &entry.when);
            let bound = Value::object([("key", entry.key), ("value", value)]);
            let inner = env.with(iterator, bound);
            let content_value = Value::from(self.body(frame, &inner, &content.body));
            let value = assuming(&content_value, &entry.when).with_origin(self.origins.written(block.span));
            add_block(object, kind, Item { value, when: entry.when, many: entry.many });
        }
    }
}

/// What `ignore_changes` names and the resource does not set, somebody else sets.
fn left_to_others(body: &Body, address: &str, arguments: &mut Object) {
    for lists in body.blocks("lifecycle").filter_map(|lifecycle| lifecycle.body.attribute("ignore_changes")) {
        let ExprKind::Tuple(names) = &lists.value.kind else { continue };
        for name in names.iter().filter_map(Expr::literal).filter(|name| !name.contains(['.', '['])) {
            let key = Key::from(name);
            if !arguments.properties.contains_key(&key) {
                let detail = format!("`{address}` leaves `{name}` to others by `ignore_changes`");
                let value = Value::unknown(ReasonKind::Runtime, detail, format!("{address}.{name}"));
                arguments.properties.insert(key, Property::from(value));
            }
        }
    }
}

fn add_blocks(object: &mut Object, kind: &str) {
    let key = Key::from(kind);
    if !object.properties.contains_key(&key) {
        insert(object, &Value::string(kind), Property::from(Value::from(Array::default())));
    }
}

fn add_block(object: &mut Object, kind: &str, item: Item) {
    let key = Key::from(kind);
    let mut array = match object.properties.get(&key).map(|property| property.value.kind()) {
        Some(Kind::Array(array)) => (**array).clone(),
        _ => Array::default(),
    };
    array.items.push(item);
    object.properties.insert(key, Property::from(Value::from(array)));
}
