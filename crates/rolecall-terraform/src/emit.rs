//! From evaluated blocks to resources in ARM's shape.
//!
//! Bodies are data ([`crate::mapping`]) but for role assignments and definitions and `azapi`. What changes another resource
//! (associations, access policies, `azapi_update_resource`) is applied once all resources are there.

use std::collections::BTreeMap;
use std::rc::Rc;

use rolecall_graph::{Change, MadeBy, Resource, ResourceIndex, before_bar};
use rolecall_value::{Condition, Hop, Item, Kind, Object, Origin, Property, ResourceId, Scope, Symbol, Value, truth};

use crate::config::ResourceBlock;
use crate::describe::{ROLE_DEFINITIONS, combine, describe, role_guid};
use crate::evaluate::{Evaluator, Frame, Instance, NodeId};
use crate::mapping::{self, put};
use crate::values::{assuming, attribute, error_condition, is_error, without_sets};

/// What one resource changes in another.
pub(crate) struct Patch {
    target: Value,
    when: Condition,
    many: bool,
    body: Object,
    /// The array to which the body is added, where it is.
    element: Option<String>,
    /// Whether the target is a resource of its own where nothing here makes it.
    stands_alone: bool,
    origin: Origin,
    node: NodeId,
}

impl Evaluator<'_> {
    /// What others see of a resource with these arguments, and its ids.
    pub(crate) fn describe(
        &self,
        frame: &Rc<Frame>,
        block: &ResourceBlock,
        arguments: &Value,
        address: &str,
        provider: &str,
    ) -> (Value, Vec<(Condition, ResourceId)>) {
        let described = describe(self, frame, block, arguments, address, provider);
        (described.value, described.ids)
    }

    /// Evaluates everything in a module and below it, so that what is emitted then finds all it refers to.
    pub(crate) fn walk(&self, frame: &Rc<Frame>) {
        let module = frame.module.clone();
        for (key, block) in &module.resources {
            let set = self.set(frame, key, block.span);
            if &*block.kind == "azurerm_role_definition" && !block.data {
                for instance in &set.instances {
                    self.remember_role(instance);
                }
            }
        }
        for (name, call) in &module.calls {
            for (_, inner) in &self.calls(frame, name, call.span).frames {
                self.walk(inner);
            }
        }
    }

    fn remember_role(&self, instance: &Instance) {
        let (Some(name), Some((_, id))) =
            (attribute(&instance.arguments, "name").as_str().map(str::to_lowercase), instance.ids.first())
        else {
            return;
        };
        // No custom role may have the name of a built-in one.
        self.state.borrow_mut().roles.entry(name).or_insert_with(|| id.name());
    }

    /// Emits the resources of a module and of all below it.
    pub(crate) fn emit(&self, frame: &Rc<Frame>) {
        let module = frame.module.clone();
        for (key, block) in &module.resources {
            if block.data || self.exhausted() {
                continue;
            }
            let set = self.set(frame, key, block.span);
            let node = self.set_node(frame, key);
            for instance in &set.instances {
                self.emit_instance(frame, block, instance, node);
            }
        }
        for (name, call) in &module.calls {
            for (_, inner) in &self.calls(frame, name, call.span).frames {
                self.emit(inner);
            }
        }
    }

    pub(crate) fn emit_instance(
        &self,
        frame: &Rc<Frame>,
        block: &ResourceBlock,
        instance: &Instance,
        set: Option<NodeId>,
    ) {
        let when = frame.when.and(&instance.when);
        if when.is_false() {
            return;
        }
        let mapping = mapping::find(&block.kind);
        let changes = mapping.and_then(|mapping| Some((mapping, mapping.changes.as_deref()?)));
        if instance.ids.is_empty() && changes.is_none() {
            return;
        }
        let many = frame.many || instance.many;
        let origin = self.origins.hop(block.span, Hop::Written, frame.origin);
        let body = match &*block.kind {
            "azurerm_role_assignment" | "azurerm_pim_active_role_assignment" => self.assignment_body(frame, instance),
            "azurerm_role_definition" => definition_body(&instance.arguments),
            "azapi_resource" | "azapi_update_resource" => self.azapi_body(instance),
            _ => match mapping {
                Some(mapping) => mapping.body(&self.inputs, &instance.arguments, frame.azurerm),
                None => return,
            },
        };
        // Where the body holds an error, Terraform stops: nothing is deployed there.
        let wrong = error_condition(&Value::from(body.clone()));
        let possible = when.and_not(&wrong);
        let when = if possible.is_satisfiable() && !wrong.is_false() { possible } else { when };
        let body = match without_sets(&assuming(&body.clone().into(), &when)).as_object() {
            Some(body) => body.clone(),
            None => body,
        };
        if let Some((mapping, argument)) = changes {
            let target = attribute(&instance.arguments, argument);
            let element = mapping.element.clone();
            let node = instance.node;
            self.state.borrow_mut().patches.push(Patch {
                target,
                when,
                many,
                body,
                element,
                stands_alone: false,
                origin,
                node,
            });
            return;
        }
        if &*block.kind == "azapi_update_resource" {
            let target = attribute(&instance.value, "id");
            let node = instance.node;
            self.state.borrow_mut().patches.push(Patch {
                target,
                when,
                many,
                body,
                element: None,
                stands_alone: true,
                origin,
                node,
            });
            return;
        }
        for (own, id) in &instance.ids {
            let when = when.and(own);
            if when.is_false() {
                continue;
            }
            let body = assuming(&body.clone().into(), &when).or_origin(origin);
            let index = self.push(Resource {
                id: id.clone(),
                when: when.clone(),
                many,
                body,
                made_by: MadeBy::Template,
                origin,
            });
            if mapping.is_some_and(|mapping| mapping.locks_parent) {
                self.state.borrow_mut().one_by_one.push(index);
            }
            self.made(instance, set, index);
            if &*block.kind == "azapi_resource" {
                self.state.borrow_mut().unchecked.push(index);
            }
            if &*block.kind == "azurerm_virtual_network" {
                self.emit_subnets(instance, set, id, &when, many, origin);
            }
        }
    }

    fn push(&self, resource: Resource) -> ResourceIndex {
        let mut state = self.state.borrow_mut();
        let index = ResourceIndex(u32::try_from(state.resources.len()).unwrap_or(u32::MAX));
        state.resources.push(resource);
        index
    }

    fn made(&self, instance: &Instance, set: Option<NodeId>, index: ResourceIndex) {
        let mut state = self.state.borrow_mut();
        for NodeId(node) in std::iter::once(instance.node).chain(set) {
            if let Some(node) = state.nodes.get_mut(node as usize) {
                node.makes.push((index, instance.key.text()));
            }
        }
        if let Some(NodeId(node)) = set
            && let Some(node) = state.nodes.get_mut(node as usize)
        {
            node.set = true;
        }
    }

    fn emit_subnets(
        &self,
        instance: &Instance,
        set: Option<NodeId>,
        network: &ResourceId,
        when: &Condition,
        many: bool,
        origin: Origin,
    ) {
        let Some(mapping) = mapping::find("azurerm_subnet") else { return };
        for (subnet, own, each) in mapping::blocks(&instance.arguments, "subnet") {
            let mut body = mapping.body(&self.inputs, &subnet, None);
            for (argument, path) in [("route_table_id", "routeTable"), ("security_group", "networkSecurityGroup")] {
                let id = attribute(&subnet, argument);
                if !is_error(&id) && !id.is_null() && id.as_str() != Some("") {
                    put(&mut body, &["properties", path, "id"], id, &Condition::TRUE);
                }
            }
            for (alternative, name) in combine(&self.inputs, &[attribute(&subnet, "name")], |values| values[0].clone())
            {
                let when = when.and(&own).and(&alternative);
                if when.is_false() {
                    continue;
                }
                let body = without_sets(&assuming(&body.clone().into(), &when));
                let origin = if subnet.origin() == Origin::NONE { origin } else { subnet.origin() };
                let id = network.child("subnets", name);
                let resource = Resource {
                    id,
                    when,
                    many: many || each,
                    body: body.or_origin(origin),
                    made_by: MadeBy::Template,
                    origin,
                };
                let index = self.push(resource);
                self.made(instance, set, index);
            }
        }
    }

    fn assignment_body(&self, frame: &Rc<Frame>, instance: &Instance) -> Object {
        let get = |name: &str| {
            let value = attribute(&instance.arguments, name);
            let key = rolecall_value::Key::from(name);
            let written = instance.arguments.as_object().is_none_or(|object| object.properties.contains_key(&key));
            (written && !value.is_null()).then_some(value)
        };
        let mut body = Object::default();
        let mut set = |path: &[&str], value: Value| put(&mut body, path, value, &Condition::TRUE);
        let subscription = self.subscription(frame, "azurerm");
        let named = get("role_definition_name");
        let given = get("role_definition_id");
        let by_name = |name: &Value| {
            role_guid(self, name).map(|guid| match guid.kind() {
                Kind::Null => Value::null(),
                Kind::Unknown(_) => guid.clone(),
                _ => {
                    let scope = Scope::Subscription(subscription.clone());
                    let id = ResourceId { scope, resource_type: ROLE_DEFINITIONS.into(), names: vec![guid.clone()] };
                    id.to_value()
                }
            })
        };
        let role = match (named, given) {
            (Some(name), Some(id)) => {
                // One of both is `null` under each condition.
                let from_name = by_name(&name).or_origin(name.origin());
                id.map(|id| if id.is_null() || id.as_str() == Some("") { from_name.clone() } else { id.clone() })
            }
            (Some(name), None) => by_name(&name).or_origin(name.origin()),
            (None, Some(id)) => id,
            (None, None) => Value::null(),
        };
        if !role.is_null() {
            // `azurerm_role_definition.x.id` is the id and the scope with a bar between since 2.28, and the id alone before.
            let is_new = frame.azurerm.is_some_and(|major| major >= 3);
            set(&["properties", "roleDefinitionId"], if is_new { role } else { role.map(before_bar) });
        }
        for (name, property) in [
            ("principal_id", "principalId"),
            ("principal_type", "principalType"),
            ("condition", "condition"),
            ("condition_version", "conditionVersion"),
            ("delegated_managed_identity_resource_id", "delegatedManagedIdentityResourceId"),
            ("description", "description"),
        ] {
            if let Some(value) = get(name) {
                set(&["properties", property], value);
            }
        }
        // The provider then says what the principal is.
        if get("principal_type").is_none()
            && let Some(skip) = get("skip_service_principal_aad_check")
        {
            let kind = Value::string("ServicePrincipal");
            put(&mut body, &["properties", "principalType"], kind, &truth(&self.inputs, &skip));
        }
        body
    }

    fn azapi_body(&self, instance: &Instance) -> Object {
        let arguments = &instance.arguments;
        let mut out = mapping::common_body(&self.inputs, arguments);
        if let Some((_, version)) = attribute(arguments, "type").as_str().and_then(|text| text.split_once('@')) {
            out.insert(&Value::string("apiVersion"), Property::from(Value::string(version.trim())));
        }
        let body = attribute(arguments, "body");
        let body = body.map(|body| match body.kind() {
            Kind::Str(text) => match serde_json::from_str(text) {
                Ok(json) => crate::functions::from_json(&json),
                Err(_) => body.clone(),
            },
            Kind::Symbol(symbol) => match &**symbol {
                Symbol::Call { function, arguments } if &**function == "jsonencode" => {
                    arguments.first().cloned().unwrap_or_else(Value::null)
                }
                _ => body.clone(),
            },
            _ => body.clone(),
        });
        for (when, alternative) in body.alternatives() {
            match alternative.as_object() {
                Some(object) => merge_into(&mut out, object, &when),
                None if !is_error(alternative) && !alternative.is_null() => out.rest = Some(alternative.clone()),
                None => {}
            }
        }
        out
    }

    /// Lets resources that change others change them.
    pub(crate) fn apply_patches(&self) {
        let mut state = self.state.borrow_mut();
        let patches = std::mem::take(&mut state.patches);
        let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, resource) in state.resources.iter().enumerate() {
            places.entry(resource.id.to_value().text().to_lowercase()).or_default().push(at);
        }
        for patch in patches {
            let first = state.changes.len();
            for (own, target) in patch.target.alternatives() {
                let when = patch.when.and(&own);
                if when.is_false() {
                    continue;
                }
                let Some(found) = places.get(&target.text().to_lowercase()) else {
                    if let (true, Some(id)) = (patch.stands_alone, ResourceId::parse(target)) {
                        let index = ResourceIndex(u32::try_from(state.resources.len()).unwrap_or(u32::MAX));
                        state.resources.push(Resource {
                            id,
                            when,
                            many: patch.many,
                            body: Value::from(patch.body.clone()).or_origin(patch.origin),
                            made_by: MadeBy::Template,
                            origin: patch.origin,
                        });
                        if let Some(node) = state.nodes.get_mut(patch.node.0 as usize) {
                            node.makes.push((index, String::new()));
                        }
                    }
                    continue;
                };
                for at in found {
                    let index = ResourceIndex(u32::try_from(*at).unwrap_or(u32::MAX));
                    let body = Value::from(patch.body.clone()).or_origin(patch.origin);
                    state.changes.push(Change { resource: index, body, when: when.clone(), awaited_by: Vec::new() });
                    let Some(resource) = state.resources.get_mut(*at) else { continue };
                    let origin = resource.body.origin();
                    let mut body = resource.body.as_object().cloned().unwrap_or_default();
                    match &patch.element {
                        Some(element) => {
                            let path: Vec<&str> = element.trim_end_matches("[]").split('.').collect();
                            let value = Value::from(patch.body.clone()).or_origin(patch.origin);
                            mapping::append(&mut body, &path, Item { value, when: when.clone(), many: patch.many });
                        }
                        None => merge_into(&mut body, &patch.body, &when),
                    }
                    resource.body = Value::from(body).with_origin(origin);
                }
            }
            let made = first..state.changes.len();
            if let Some(node) = state.nodes.get_mut(patch.node.0 as usize) {
                node.changes.extend(made);
            }
        }
    }
}

/// Writes the properties of one object into another, where the condition holds.
fn merge_into(out: &mut Object, from: &Object, when: &Condition) {
    for (key, property) in &from.properties {
        let both = when.and(&property.when);
        let known = out.properties.get(key).and_then(|known| known.value.as_object().cloned());
        match (known, property.value.as_object()) {
            (Some(mut inner), Some(changes)) => {
                merge_into(&mut inner, changes, &both);
                let before = out.properties.get(key).map_or(Condition::FALSE, |known| known.when.clone());
                let merged = Property { name: property.name.clone(), value: inner.into(), when: before.or(&both) };
                out.properties.insert(key.clone(), merged);
            }
            _ => {
                let name = property.name.clone().unwrap_or_else(|| Value::string(key.shared()));
                out.insert(&name, Property { name: None, value: property.value.clone(), when: both });
            }
        }
    }
}

fn definition_body(arguments: &Value) -> Object {
    let mut body = Object::default();
    let always = Condition::TRUE;
    for (name, property) in
        [("name", "roleName"), ("description", "description"), ("assignable_scopes", "assignableScopes")]
    {
        let value = attribute(arguments, name);
        if !is_error(&value) && !value.is_null() {
            put(&mut body, &["properties", property], value, &always);
        }
    }
    for (block, when, many) in mapping::blocks(arguments, "permissions") {
        let mut inner = Object::default();
        for (name, property) in [
            ("actions", "actions"),
            ("not_actions", "notActions"),
            ("data_actions", "dataActions"),
            ("not_data_actions", "notDataActions"),
        ] {
            let value = attribute(&block, name);
            if !is_error(&value) && !value.is_null() {
                put(&mut inner, &[property], value, &always);
            }
        }
        mapping::append(&mut body, &["properties", "permissions"], Item { value: inner.into(), when, many });
    }
    body
}
