//! From evaluated blocks to resources in ARM's shape.
//!
//! Most types are data ([`crate::mapping`]). Here are those whose id or body is no matter of renaming: role assignments
//! and definitions, `azapi`, principals of `azuread`, facts about where the deployment runs, and what changes another
//! resource.

use std::collections::BTreeMap;
use std::rc::Rc;

use rolecall_graph::{MadeBy, Resource, ResourceIndex};
use rolecall_value::{
    Array, Condition, Hop, Item, Kind, Object, Origin, Piece, Property, ReasonKind, ResourceId, Scope, Symbol, Value,
};

use crate::config::ResourceBlock;
use crate::evaluate::{Evaluator, Frame, Instance, NodeId};
use crate::mapping::{self, Mapping, ScopeKind, put};
use crate::values::{
    assuming, attribute, error_condition, expand, is_error, pending, piece, scalar_text, without_sets,
};

const ROLE_ASSIGNMENTS: &str = "Microsoft.Authorization/roleAssignments";
const ROLE_DEFINITIONS: &str = "Microsoft.Authorization/roleDefinitions";

/// How many combinations of conditional names one resource may have.
const MAX_IDS: usize = 256;

/// What others see of a resource, and what its ids are.
pub(crate) struct Described {
    pub value: Value,
    pub ids: Vec<(Condition, ResourceId)>,
}

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

/// Describes one instance.
pub(crate) fn describe(
    evaluator: &Evaluator<'_>,
    frame: &Rc<Frame>,
    block: &ResourceBlock,
    arguments: &Value,
    address: &str,
    provider: &str,
) -> Described {
    let describer = Describer {
        evaluator,
        frame,
        block,
        arguments,
        address,
        subscription: evaluator.subscription(frame, provider),
    };
    describer.describe()
}

struct Describer<'a, 'e> {
    evaluator: &'a Evaluator<'e>,
    frame: &'a Rc<Frame>,
    block: &'a ResourceBlock,
    arguments: &'a Value,
    address: &'a str,
    subscription: Value,
}

impl Describer<'_, '_> {
    fn describe(&self) -> Described {
        let known = match &*self.block.kind {
            "azurerm_role_assignment" | "azurerm_pim_active_role_assignment" if !self.block.data => {
                self.role_assignment()
            }
            "azurerm_role_definition" if self.block.data => self.role_lookup(),
            "azurerm_role_definition" => self.role_definition(),
            "azurerm_client_config" | "azuread_client_config" => self.client_config(),
            "azapi_client_config" => self.client_config(),
            "azurerm_subscription" if self.block.data => self.subscription_facts(),
            "azurerm_management_group" if self.block.data => self.management_group(),
            "azapi_resource" | "azapi_update_resource" | "azapi_resource_action" => self.azapi(),
            kind if kind.starts_with("azuread_") => self.principal(kind),
            _ => None,
        };
        let known = known.or_else(|| mapping::find(&self.block.kind).map(|mapping| self.mapped(mapping)));
        known.unwrap_or_else(|| self.opaque())
    }

    fn get(&self, name: &str) -> Option<Value> {
        let value = attribute(self.arguments, name);
        (!is_error(&value) && !value.is_null()).then_some(value)
    }

    fn object(&self) -> Object {
        self.arguments.as_object().cloned().unwrap_or_default()
    }

    /// A resource of which nothing is known but that it is itself.
    fn opaque(&self) -> Described {
        let id = Value::string(self.address);
        let mut object = self.object();
        if &*self.block.kind == "terraform_data"
            && let Some(input) = self.get("input")
        {
            object.insert(&Value::string("output"), Property::from(input));
        }
        mapping::export_identity(&mut object, &id, self.block.data);
        object.properties.retain(|_, property| !property.value.is_null());
        object.rest = Some(Value::attribute(id, ""));
        Described { value: object.into(), ids: Vec::new() }
    }

    /// The value of something with these ids.
    fn with_ids(&self, mut object: Object, ids: Vec<(Condition, ResourceId)>, mapping: Option<&Mapping>) -> Described {
        let mut alternatives: Vec<(Condition, Value)> =
            ids.iter().map(|(when, id)| (when.clone(), id.to_value())).collect();
        let rest = alternatives.iter().fold(Condition::TRUE, |rest, (when, _)| rest.and_not(when));
        // Where a name is missing, Terraform stops.
        alternatives.push((rest, crate::values::error("an argument that must be there is null", self.address)));
        let id = Value::cond(alternatives);
        let own = matches!(mapping, Some(mapping) if mapping.exported.contains_key("id"));
        if !own {
            object.insert(&Value::string("id"), Property::from(id.clone()));
        }
        match mapping {
            Some(mapping) => mapping.export(&mut object, &id, self.block.data),
            None => mapping::export_identity(&mut object, &id, self.block.data),
        }
        // What is `null` here is filled in by the provider.
        object.properties.retain(|_, property| !property.value.is_null());
        object.rest = Some(Value::attribute(id, ""));
        Described { value: object.into(), ids }
    }

    fn mapped(&self, mapping: &Mapping) -> Described {
        let mut object = self.object();
        let ids = self.ids(mapping);
        if mapping.changes.is_some() {
            let described = self.with_ids(object, ids, Some(mapping));
            return Described { ids: Vec::new(), ..described };
        }
        if &*self.block.kind == "azurerm_virtual_network" {
            inline_subnets(&mut object, &ids, self.block.data);
        }
        self.with_ids(object, ids, Some(mapping))
    }

    /// A name, without what cannot be one.
    fn name(&self, argument: &str) -> Value {
        let missing = || Value::call("name", vec![Value::string(self.address), Value::string(argument)]);
        match self.get(argument) {
            Some(value) => match value.kind() {
                // An alternative that cannot be is left out where the name is put to use.
                Kind::Cond(_) => value.map(|value| scalar_text(value).map_or_else(|| value.clone(), Value::string)),
                _ => match scalar_text(&value) {
                    Some(text) if !text.is_empty() => Value::string(text),
                    Some(_) => missing(),
                    None => value,
                },
            },
            None => missing(),
        }
    }

    /// The ids of a mapped resource, each with its condition.
    fn ids(&self, mapping: &Mapping) -> Vec<(Condition, ResourceId)> {
        let parent = mapping.parents.iter().find_map(|name| self.get(name));
        let last = mapping.names.last().map_or("name", String::as_str);
        if let Some(parent) = parent {
            let name = self.name(last);
            let arm = mapping.arm.as_str();
            return combine(&[parent, name], |values| child_of(&values[0], arm, &values[1]));
        }
        let mut values = vec![self.subscription.clone()];
        if mapping.scope == ScopeKind::ResourceGroup {
            values.push(self.name("resource_group_name"));
        }
        values.extend(mapping.names.iter().map(|name| self.name(name)));
        combine(&values, |values| {
            let (scope, names) = match mapping.scope {
                ScopeKind::ResourceGroup => {
                    (Scope::ResourceGroup(values[0].clone(), values[1].clone()), values[2..].to_vec())
                }
                ScopeKind::Subscription => (Scope::Subscription(values[0].clone()), values[1..].to_vec()),
                ScopeKind::Tenant => (Scope::Tenant, values[1..].to_vec()),
            };
            let names = filled(names, mapping.arm.matches('/').count(), &Value::string(self.address));
            ResourceId { scope, resource_type: mapping.arm.as_str().into(), names }
        })
    }

    fn role_assignment(&self) -> Option<Described> {
        let scope = self.get("scope").unwrap_or_else(|| Value::call("scope", vec![Value::string(self.address)]));
        let name = match self.get("name") {
            Some(_) => self.name("name"),
            None => Value::call("guid", vec![Value::string(self.address)]),
        };
        let ids = combine(&[scope, name], |values| ResourceId {
            scope: Scope::parse(&values[0]),
            resource_type: ROLE_ASSIGNMENTS.into(),
            names: vec![values[1].clone()],
        });
        Some(self.with_ids(self.object(), ids, None))
    }

    fn role_definition(&self) -> Option<Described> {
        let scope = self.get("scope").unwrap_or_else(|| Value::call("scope", vec![Value::string(self.address)]));
        let guid = match self.get("role_definition_id") {
            Some(_) => self.name("role_definition_id"),
            None => Value::call("guid", vec![Value::string(self.address)]),
        };
        let ids = combine(&[scope.clone(), guid.clone()], |values| ResourceId {
            scope: Scope::parse(&values[0]),
            resource_type: ROLE_DEFINITIONS.into(),
            names: vec![values[1].clone()],
        });
        let mut described = self.with_ids(self.object(), ids, None);
        if let Some(object) = described.value.as_object() {
            let mut object = object.clone();
            let id = attribute(&described.value, "id");
            // Behind the id, with a bar between, stands the scope.
            let both = crate::values::distribute(&[id.clone(), scope], &mut |values| {
                Value::pieces([piece(&values[0]), Piece::Literal("|".into()), piece(&values[1])])
            });
            for (name, value) in [("id", both), ("role_definition_resource_id", id), ("role_definition_id", guid)] {
                object.insert(&Value::string(name), Property::from(value));
            }
            described.value = object.into();
        }
        Some(described)
    }

    /// `data "azurerm_role_definition"`: the id of a role by name or GUID.
    fn role_lookup(&self) -> Option<Described> {
        let by_name = self.get("name").map(|name| role_guid(self.evaluator, &name));
        let guid = self.get("role_definition_id").or(by_name)?;
        let scope = self.get("scope");
        let id = match scope {
            Some(scope) => crate::values::distribute(&[scope, guid.clone()], &mut |values| {
                Value::pieces([
                    piece(&values[0]),
                    Piece::Literal(format!("/providers/{ROLE_DEFINITIONS}/").into()),
                    piece(&values[1]),
                ])
            }),
            None => guid.map(|guid| {
                Value::pieces([Piece::Literal(format!("/providers/{ROLE_DEFINITIONS}/").into()), piece(guid)])
            }),
        };
        let mut object = self.object();
        for (name, value) in [("id", id.clone()), ("role_definition_id", guid)] {
            object.insert(&Value::string(name), Property::from(value));
        }
        object.rest = Some(Value::attribute(id, ""));
        Some(Described { value: object.into(), ids: Vec::new() })
    }

    fn client_config(&self) -> Option<Described> {
        let facts = [
            ("tenant_id", Value::environment("tenant().tenantId")),
            ("subscription_id", self.subscription.clone()),
            ("subscription_resource_id", subscription_id(&self.subscription)),
            ("object_id", Value::environment("deployer().objectId")),
            ("client_id", Value::environment("deployer().clientId")),
        ];
        let object = Object { rest: Some(Value::environment("deployer()")), ..facts_object(facts) };
        Some(Described { value: object.into(), ids: Vec::new() })
    }

    fn subscription_facts(&self) -> Option<Described> {
        let given = self.get("subscription_id").filter(|value| value.as_str() != Some(""));
        let subscription = given.unwrap_or_else(|| self.subscription.clone());
        let id = subscription.map(subscription_id);
        let facts = [
            ("id", id.clone()),
            ("subscription_id", subscription),
            ("tenant_id", Value::environment("tenant().tenantId")),
            ("display_name", Value::attribute(id.clone(), "displayName")),
        ];
        let object = Object { rest: Some(Value::attribute(id, "")), ..facts_object(facts) };
        Some(Described { value: object.into(), ids: Vec::new() })
    }

    fn management_group(&self) -> Option<Described> {
        let name = self.get("name").or_else(|| self.get("group_id"))?;
        let id = name.map(|name| Scope::ManagementGroup(name.clone()).to_value());
        let mut object = self.object();
        object.insert(&Value::string("id"), Property::from(id.clone()));
        object.rest = Some(Value::attribute(id, ""));
        Some(Described { value: object.into(), ids: Vec::new() })
    }

    fn azapi(&self) -> Option<Described> {
        let arm = azapi_type(&self.get("type")?)?;
        let ids = match self.get("resource_id") {
            Some(id) => {
                let ids = id.alternatives();
                ids.into_iter().filter_map(|(when, id)| Some((when, ResourceId::parse(id)?))).collect()
            }
            None => Vec::new(),
        };
        let ids: Vec<(Condition, ResourceId)> = if ids.is_empty() {
            let parent = self.get("parent_id").or_else(|| self.get("resource_id"))?;
            let name = self.name("name");
            combine(&[parent, name], |values| child_of(&values[0], &arm, &values[1]))
        } else {
            ids
        };
        let mut described = self.with_ids(self.object(), ids, None);
        if let Some(object) = described.value.as_object() {
            let mut object = object.clone();
            let id = attribute(&described.value, "id");
            object.insert(&Value::string("output"), Property::from(self.azapi_output(&id)));
            described.value = object.into();
        }
        if &*self.block.kind == "azapi_resource_action" {
            described.ids.clear();
        }
        Some(described)
    }

    /// The answer of the deployment; `response_export_values` may name paths in it.
    fn azapi_output(&self, id: &Value) -> Value {
        let whole = Value::attribute(id.clone(), "");
        let Some(exports) = self.get("response_export_values") else { return whole };
        let Some(exports) = exports.as_object() else { return whole };
        let mut object = Object { rest: Some(whole.clone()), ..Object::default() };
        for (name, property) in exports.entries() {
            let value = match property.value.as_str() {
                Some("*" | "@") => whole.clone(),
                Some(path) => Value::attribute(id.clone(), path),
                None => continue,
            };
            object.insert(&name, Property::from(value));
        }
        object.into()
    }

    /// Principals of the directory.
    fn principal(&self, kind: &str) -> Option<Described> {
        let of_type = kind.strip_prefix("azuread_")?;
        let (segment, application) = match of_type {
            "service_principal" => ("servicePrincipals", false),
            "application" | "application_registration" => ("applications", true),
            "group" | "group_without_members" => ("groups", false),
            "user" => ("users", false),
            _ => return None,
        };
        let name = if self.block.data {
            match self.arguments.is_known() {
                true => Value::string(self.arguments.text()),
                false => Value::call("azuread", vec![without_sets(self.arguments)]),
            }
        } else {
            Value::string(self.address)
        };
        let resource = ResourceId {
            scope: Scope::Tenant,
            resource_type: format!("Microsoft.Graph/{segment}").into(),
            names: vec![name],
        };
        let id = resource.to_value();
        // Two principals that are made here differ; one that is looked up may be any other.
        let path = if self.block.data { "objectId" } else { "properties.principalId" };
        let object_id = match self.get("object_id") {
            Some(given) if self.block.data => given,
            _ => Value::attribute(id.clone(), path),
        };
        let client_id = match self.get("client_id").or_else(|| self.get("application_id")) {
            Some(given) if !application || self.block.data => given,
            _ => Value::attribute(id.clone(), "clientId"),
        };
        let own_id = match self.frame.azuread {
            Some(major) if major >= 3 => object_id
                .map(|object_id| Value::pieces([Piece::Literal(format!("/{segment}/").into()), piece(object_id)])),
            Some(_) => object_id.clone(),
            None => Value::unknown(
                ReasonKind::Unread,
                "`id` is an object id before azuread 3 and a path since; which version runs is not pinned",
                format!("{}.id", self.address),
            ),
        };
        let mut object = self.object();
        for (name, value) in
            [("id", own_id), ("object_id", object_id), ("client_id", client_id.clone()), ("application_id", client_id)]
        {
            object.insert(&Value::string(name), Property::from(value));
        }
        object.properties.retain(|_, property| !property.value.is_null());
        object.rest = Some(Value::attribute(id, ""));
        Some(Described { value: object.into(), ids: Vec::new() })
    }
}

fn facts_object<const N: usize>(facts: [(&str, Value); N]) -> Object {
    let mut object = Object::default();
    for (name, value) in facts {
        object.insert(&Value::string(name), Property::from(value));
    }
    object
}

fn subscription_id(subscription: &Value) -> Value {
    Scope::Subscription(subscription.clone()).to_value()
}

/// Alternatives whose conditions cover everything.
fn covering(mut alternatives: Vec<(Condition, Value)>) -> Vec<(Condition, Value)> {
    let mut rest = Condition::TRUE;
    let count = alternatives.len();
    for (place, (when, _)) in alternatives.iter_mut().enumerate() {
        if place + 1 == count {
            *when = rest.clone();
        } else {
            rest = rest.and_not(when);
        }
    }
    alternatives
}

/// What a function makes of each combination of alternatives.
fn combine<T>(values: &[Value], of: impl Fn(&[Value]) -> T) -> Vec<(Condition, T)> {
    let mut rows: Vec<(Condition, Vec<Value>)> = vec![(Condition::TRUE, Vec::new())];
    let usable = |value: &Value| !value.is_null() && !is_error(value) && value.as_str() != Some("");
    for value in values {
        let mut next = Vec::new();
        let alternatives = value.alternatives();
        let any = alternatives.iter().any(|(_, one)| usable(one));
        for (when, row) in &rows {
            for (own, one) in &alternatives {
                // Terraform stops where a name is missing, so what follows from that is of no interest.
                if any && !usable(one) {
                    continue;
                }
                let both = when.and(own);
                if !both.is_false() && next.len() < MAX_IDS {
                    let mut row = row.clone();
                    row.push((*one).clone());
                    next.push((both, row));
                }
            }
        }
        rows = next;
    }
    rows.into_iter().map(|(when, row)| (when, of(&row))).collect()
}

/// As many names as the type has segments; what is missing is taken of an id that cannot be read.
fn filled(mut names: Vec<Value>, count: usize, of: &Value) -> Vec<Value> {
    while names.len() < count {
        let level = i64::try_from(count - names.len()).unwrap_or(0);
        names.insert(0, Value::call("parentname", vec![of.clone(), Value::int(level)]));
    }
    names
}

/// The id of a resource by its parent's id: a child of it, an extension on it, or a resource in the group it is.
fn child_of(parent: &Value, arm: &str, name: &Value) -> ResourceId {
    let scope = Scope::parse(parent);
    if let (Some(of), Some((prefix, segment))) = (scope.as_resource(), arm.rsplit_once('/'))
        && of.resource_type.is(prefix)
    {
        return of.child(segment, name.clone());
    }
    let count = arm.matches('/').count();
    let scope = match scope {
        // The id of a key or a version of the parent lies below it.
        Scope::Opaque(value) if count > 1 => Scope::Opaque(Value::call("scopeof", vec![value])),
        other => other,
    };
    ResourceId { scope, resource_type: arm.into(), names: filled(vec![name.clone()], count, parent) }
}

/// The type of an azapi resource without its version.
fn azapi_type(value: &Value) -> Option<String> {
    let text = match value.kind() {
        Kind::Str(text) => text.to_string(),
        // `"Microsoft.X/y@${var.version}"`.
        Kind::Text(pieces) => match pieces.first()? {
            Piece::Literal(text) if text.contains('@') => text.to_string(),
            _ => return None,
        },
        _ => return None,
    };
    let name = text.split('@').next()?.trim();
    name.contains('/').then(|| name.to_owned())
}

/// The GUID of a role by its display name.
pub(crate) fn role_guid(evaluator: &Evaluator<'_>, name: &Value) -> Value {
    expand(&evaluator.inputs, name).map(|name| match name.as_str() {
        Some(text) => {
            let lower = text.to_lowercase();
            if let Some(guid) = evaluator.state.borrow().roles.get(&lower) {
                return guid.clone();
            }
            match rolecall_graph::builtin_named(text) {
                Some(role) => {
                    let guid = Value::string(role.guid.as_str());
                    evaluator.state.borrow_mut().roles.insert(lower, guid.clone());
                    guid
                }
                None => Value::call("rolenamed", vec![name.clone()]),
            }
        }
        None if name.is_null() || is_error(name) => name.clone(),
        None => pending("rolenamed", std::slice::from_ref(name)),
    })
}

/// Gives the subnets written inside a network their ids.
fn inline_subnets(object: &mut Object, ids: &[(Condition, ResourceId)], data: bool) {
    let key = rolecall_value::Key::from("subnet");
    let Some(property) = object.properties.get_mut(&key).filter(|_| !data) else { return };
    property.value = property.value.map(|value| {
        let Some(array) = crate::values::as_set(value).or(value.as_array()) else { return value.clone() };
        let items = array.items.iter().map(|item| {
            let mut subnet = match item.value.as_object() {
                Some(subnet) => subnet.clone(),
                None => Object { rest: Some(item.value.clone()), ..Object::default() },
            };
            let name = attribute(&item.value, "name");
            let id = Value::cond(covering(
                combine(&[name], |values| values[0].clone())
                    .into_iter()
                    .flat_map(|(when, name)| {
                        ids.iter()
                            .map(move |(own, id)| (when.and(own), id.child("subnets", name.clone()).to_value()))
                            .collect::<Vec<_>>()
                    })
                    .collect(),
            ));
            subnet.insert(&Value::string("id"), Property::from(id));
            Item { value: subnet.into(), ..item.clone() }
        });
        Array { items: items.collect() }.into()
    });
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
            self.made(instance, set, index);
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
            for (alternative, name) in combine(&[attribute(&subnet, "name")], |values| values[0].clone()) {
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
            // `azurerm_role_definition.x.id` is the id and the scope, with a bar between.
            set(&["properties", "roleDefinitionId"], role.map(before_bar));
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
            && get("skip_service_principal_aad_check").and_then(|value| value.as_bool()) == Some(true)
        {
            set(&["properties", "principalType"], Value::string("ServicePrincipal"));
        }
        body
    }

    fn azapi_body(&self, instance: &Instance) -> Object {
        let arguments = &instance.arguments;
        let mut out = mapping::common_body(&self.inputs, arguments);
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

fn before_bar(value: &Value) -> Value {
    match value.kind() {
        Kind::Str(text) => match text.split_once('|') {
            Some((id, _)) => Value::string(id),
            None => value.clone(),
        },
        Kind::Text(pieces) => {
            let bar = pieces.iter().position(|piece| matches!(piece, Piece::Literal(text) if text.contains('|')));
            let Some(at) = bar else { return value.clone() };
            let mut kept = pieces[..at].to_vec();
            if let Piece::Literal(text) = &pieces[at] {
                kept.push(Piece::Literal(text.split('|').next().unwrap_or_default().into()));
            }
            Value::pieces(kept)
        }
        _ => value.clone(),
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
