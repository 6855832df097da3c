//! What others see of a resource, and the ids that it has.
//!
//! Most types are data ([`crate::mapping`]). Here are those whose id is no matter of renaming: role assignments and
//! definitions, `azapi`, principals of `azuread`, facts about where the deployment runs.

use std::rc::Rc;

use rolecall_graph::service_principal;
use rolecall_value::{
    Array, Condition, Inputs, Item, Kind, Object, Piece, Property, ReasonKind, ResourceId, Scope, Value,
};

use crate::config::ResourceBlock;
use crate::evaluate::{Evaluator, Frame};
use crate::mapping::{self, Mapping, ScopeKind};
use crate::values::{attribute, expand, is_error, pending, piece, scalar_text, without_sets};

const ROLE_ASSIGNMENTS: &str = "Microsoft.Authorization/roleAssignments";
pub(crate) const ROLE_DEFINITIONS: &str = "Microsoft.Authorization/roleDefinitions";

/// How many combinations of conditional names one resource may have.
const MAX_IDS: usize = 256;

/// How many names one resource may have that only the deployment chooses among.
const MAX_CHOICES: usize = 4;

/// What others see of a resource, and what its ids are.
pub(crate) struct Described {
    pub value: Value,
    pub ids: Vec<(Condition, ResourceId)>,
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

    /// An argument; `a.b` is argument `b` of the first block `a`.
    fn get(&self, name: &str) -> Option<Value> {
        let value = match name.split_once('.') {
            Some((block, name)) => attribute(&mapping::blocks(self.arguments, block).into_iter().next()?.0, name),
            None => attribute(self.arguments, name),
        };
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
            inline_subnets(&self.evaluator.inputs, &mut object, &ids, self.block.data);
        }
        self.with_ids(object, ids, Some(mapping))
    }

    /// A name, without what cannot be one.
    fn name(&self, argument: &str) -> Value {
        let missing = || Value::call("name", vec![Value::string(self.address), Value::string(argument)]);
        match self.get(argument) {
            Some(value) => match value.kind() {
                // An alternative that cannot be is left out where the name is put to use.
                Kind::Cond(alternatives) => {
                    let usable: Vec<_> = alternatives.iter().filter(|(_, one)| is_usable(one)).collect();
                    let opaque = |(when, _): &&(Condition, Value)| self.evaluator.inputs.is_opaque(when);
                    if usable.len() > MAX_CHOICES && usable.iter().any(opaque) {
                        return choice(&self.evaluator.inputs, &value);
                    }
                    value.map(|value| scalar_text(value).map_or_else(|| value.clone(), Value::string))
                }
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
            return combine(&self.evaluator.inputs, &[parent, name], |values| child_of(&values[0], arm, &values[1]));
        }
        let mut values = vec![self.subscription.clone()];
        if mapping.scope == ScopeKind::ResourceGroup {
            values.push(self.name("resource_group_name"));
        }
        values.extend(mapping.names.iter().map(|name| self.name(name)));
        combine(&self.evaluator.inputs, &values, |values| {
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
        let ids = combine(&self.evaluator.inputs, &[scope, name], |values| ResourceId {
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
        let ids = combine(&self.evaluator.inputs, &[scope.clone(), guid.clone()], |values| ResourceId {
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
            combine(&self.evaluator.inputs, &[parent, name], |values| child_of(&values[0], &arm, &values[1]))
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
        let path = |made: &'static str, looked_up: &'static str| if self.block.data { looked_up } else { made };
        let client_id = match self.get("client_id").or_else(|| self.get("application_id")) {
            Some(given) if !application || self.block.data => given,
            _ => Value::attribute(id.clone(), path("properties.clientId", "clientId")),
        };
        let object_id = match self.get("object_id") {
            Some(given) if self.block.data => given,
            // Whoever names the application names its service principal.
            _ if of_type == "service_principal" => client_id.map(service_principal),
            // Whoever is in a group has its roles, and membership is said in many places.
            _ if segment == "groups" => Value::attribute(id.clone(), "objectId"),
            _ => Value::attribute(id.clone(), path("properties.principalId", "objectId")),
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

/// Whether something can be a part of an id.
fn is_usable(value: &Value) -> bool {
    !value.is_null() && !is_error(value) && value.as_str() != Some("")
}

/// One of many alternatives, whichever it is: equal where they are equal, open otherwise.
fn choice(inputs: &Inputs, value: &Value) -> Value {
    let text = |(when, one): (Condition, &Value)| match inputs.describe(&when) {
        // What is too long to be written must still differ from all else.
        words if words.starts_with('(') => format!("{} when {when:?}", one.plain()),
        words if words == "true" => one.plain(),
        words => format!("{} when {words}", one.plain()),
    };
    let texts: Vec<_> = value.alternatives().into_iter().map(text).collect();
    Value::call("choice", vec![Value::string(texts.join(", "))]).with_origin(value.origin())
}

/// What a function makes of each combination of alternatives.
pub(crate) fn combine<T>(inputs: &Inputs, values: &[Value], of: impl Fn(&[Value]) -> T) -> Vec<(Condition, T)> {
    let mut values = values.to_vec();
    let count = |value: &Value| value.alternatives().iter().filter(|(_, one)| is_usable(one)).count().max(1);
    while values.iter().map(count).fold(1, usize::saturating_mul) > MAX_IDS {
        let Some(largest) = values.iter_mut().max_by_key(|value| count(value)) else { break };
        *largest = choice(inputs, largest);
    }
    let mut rows: Vec<(Condition, Vec<Value>)> = vec![(Condition::TRUE, Vec::new())];
    for value in &values {
        let mut next = Vec::new();
        let alternatives = value.alternatives();
        let any = alternatives.iter().any(|(_, one)| is_usable(one));
        for (when, row) in &rows {
            for (own, one) in &alternatives {
                // Terraform stops where a name is missing, so what follows from that is of no interest.
                if any && !is_usable(one) {
                    continue;
                }
                let both = when.and(own);
                if !both.is_false() {
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
fn inline_subnets(inputs: &Inputs, object: &mut Object, ids: &[(Condition, ResourceId)], data: bool) {
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
                combine(inputs, &[name], |values| values[0].clone())
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
