//! Mappings from provider resources to ARM: data in `mappings/`, one file a resource type, and what applies them.
//!
//! A mapping names the ARM type, the arguments that make the id, and for each argument and block the path of the ARM
//! property that it becomes. Arguments of all major versions stand side by side: none changed its meaning. What a mapping
//! does not name is left out of the graph.

use std::sync::OnceLock;

use indexmap::IndexMap;
use rolecall_value::{
    Array, Condition, Inputs, Item, Kind, Object, Property, Reason, ReasonKind, ResourceId, Scope, Unknown, Value,
};
use rustc_hash::FxHashMap;
use serde::Deserialize;

use crate::registry::FILES;
use crate::values::{as_set, attribute, error_condition, is_error, scalar_text};

/// The types of resources of which only the id matters, as `azurerm type, ARM type, argument with the parent's id`.
const TYPES: &str = include_str!("../mappings/types.csv");

/// One resource type.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// The ARM type.
    pub arm: String,
    /// Where it stands, where no parent is named.
    #[serde(default)]
    pub scope: ScopeKind,
    /// Arguments that may hold the id of the parent, first match wins.
    #[serde(default)]
    pub parents: Vec<String>,
    /// The arguments that name it, one for each segment of its type.
    #[serde(default = "name_only")]
    pub names: Vec<String>,
    /// The argument with the id of the resource that this one changes; it is no resource itself then.
    #[serde(default)]
    pub changes: Option<String>,
    /// The array of that resource to which what this one becomes is added.
    #[serde(default)]
    pub element: Option<String>,
    /// Whether the provider locks the parent while it makes one, so that there is one at a time.
    #[serde(default)]
    pub locks_parent: bool,
    /// ARM paths of arguments.
    #[serde(default)]
    pub arguments: IndexMap<String, Target>,
    /// Nested blocks.
    #[serde(default)]
    pub blocks: IndexMap<String, BlockMapping>,
    /// Properties that are always there.
    #[serde(default)]
    pub set: IndexMap<String, serde_json::Value>,
    /// Attributes that others may refer to, by path (`a.b`: attribute `b` of the blocks `a`; a `+` in front makes the
    /// block where none is written).
    #[serde(default)]
    pub exported: IndexMap<String, Export>,
    /// What the provider sends where nothing is written.
    #[serde(default)]
    pub defaults: Vec<Default_>,
}

/// Where a resource stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScopeKind {
    /// In the resource group that it names.
    #[default]
    ResourceGroup,
    /// In the provider's subscription.
    Subscription,
    /// In the tenant.
    Tenant,
}

/// What the inside of a block becomes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlockMapping {
    /// The path in ARM of the block; `x[]` makes an array with an element for each block.
    #[serde(default)]
    pub to: String,
    /// ARM paths of arguments.
    #[serde(default)]
    pub arguments: IndexMap<String, Target>,
    /// Nested blocks.
    #[serde(default)]
    pub blocks: IndexMap<String, BlockMapping>,
    /// Properties that are always there.
    #[serde(default)]
    pub set: IndexMap<String, serde_json::Value>,
}

/// What an argument becomes.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Target {
    /// The property at this path.
    Path(String),
    /// The property at this path, in another form.
    Form {
        /// The path.
        to: String,
        /// The form.
        form: Form,
    },
}

/// What an attribute is.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Export {
    /// The property at this path.
    Path(String),
    /// The id of a resource group.
    Group {
        /// The path of its name.
        group: String,
    },
}

impl Export {
    /// The value of the attribute, of a resource with this id.
    fn value(&self, id: &Value) -> Value {
        match self {
            Export::Path(path) if path.is_empty() => id.clone(),
            Export::Path(path) => Value::attribute(id.clone(), path.as_str()),
            Export::Group { group } => id.map(|id| {
                let name = Value::attribute(id.clone(), group.as_str());
                match ResourceId::parse(id).map(|id| id.scope) {
                    Some(Scope::ResourceGroup(subscription, _)) => Scope::ResourceGroup(subscription, name).to_value(),
                    _ => name,
                }
            }),
        }
    }
}

/// Another form of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// A list as the keys of an object.
    Keys,
    /// A bool as the string that ARM wants.
    String,
    /// The opposite of a bool.
    Not,
}

/// A default of the provider.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Default_ {
    to: String,
    value: serde_json::Value,
    /// The first major version that has it.
    #[serde(default)]
    since: Option<u32>,
    /// The first major version that has another one.
    #[serde(default)]
    before: Option<u32>,
}

fn name_only() -> Vec<String> {
    vec!["name".to_owned()]
}

fn all() -> &'static FxHashMap<&'static str, Mapping> {
    static ALL: OnceLock<FxHashMap<&'static str, Mapping>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all: FxHashMap<&'static str, Mapping> = FxHashMap::default();
        for line in TYPES.lines().skip(1) {
            let mut fields = line.split(',');
            if let (Some(kind), Some(arm)) = (fields.next(), fields.next()) {
                let parents =
                    fields.next().filter(|parent| !parent.is_empty()).map(str::to_owned).into_iter().collect();
                all.insert(kind, Mapping::plain(arm, parents));
            }
        }
        for (kind, text) in FILES {
            // A test reads every file; one that cannot be read would be left out here.
            if let Ok(mapping) = toml::from_str(text) {
                all.insert(kind, mapping);
            }
        }
        all
    })
}

/// The mapping of a resource type or data source.
pub fn find(kind: &str) -> Option<&'static Mapping> {
    // Of the provider for Kubernetes, `_v1` is another name of the same.
    let kind = if kind.starts_with("kubernetes_") { kind.trim_end_matches("_v1") } else { kind };
    all().get(kind)
}

impl Mapping {
    fn plain(arm: &str, parents: Vec<String>) -> Mapping {
        Mapping {
            arm: arm.to_owned(),
            scope: ScopeKind::ResourceGroup,
            parents,
            names: name_only(),
            changes: None,
            element: None,
            locks_parent: false,
            arguments: IndexMap::new(),
            blocks: IndexMap::new(),
            set: IndexMap::new(),
            exported: IndexMap::new(),
            defaults: Vec::new(),
        }
    }

    /// The ARM body of a resource with these arguments.
    pub fn body(&self, inputs: &Inputs, arguments: &Value, azurerm: Option<u32>) -> Object {
        let mut out = if self.changes.is_some() { Object::default() } else { common_body(inputs, arguments) };
        let level = Level { arguments: &self.arguments, blocks: &self.blocks, set: &self.set };
        level.apply(inputs, arguments, &[], &Condition::TRUE, &mut out);
        for default in &self.defaults {
            if default.before.is_some_and(|before| azurerm.is_none_or(|major| major >= before)) {
                continue;
            }
            let value = match (default.since, azurerm) {
                (Some(since), Some(major)) if major < since => continue,
                (Some(since), None) => {
                    let detail =
                        format!("the default since azurerm {since} differs, and which version runs is not pinned");
                    let text = format!("default of {}", default.to);
                    Kind::Unknown(
                        Unknown {
                            reason: Reason { kind: ReasonKind::Unread, detail: detail.into() },
                            of_type: None,
                            text: text.into(),
                        }
                        .into(),
                    )
                    .into()
                }
                _ => crate::functions::from_json(&default.value),
            };
            let path: Vec<&str> = default.to.split('.').collect();
            let absent = present(&out, &path).not();
            if !absent.is_false() {
                put(&mut out, &path, value, &absent);
            }
        }
        out
    }

    /// Adds what others may refer to: to the blocks that are written, or, where nothing is written (a data source),
    /// blocks of its own.
    pub fn export(&self, arguments: &mut Object, id: &Value, data: bool) {
        export_identity(arguments, id, data);
        for (path, target) in &self.exported {
            let value = target.value(id);
            let path: Vec<&str> = path.split('.').collect();
            export(arguments, &path, &value, data);
        }
    }
}

/// What all resources of Azure's have.
fn common() -> &'static BlockMapping {
    static COMMON: OnceLock<BlockMapping> = OnceLock::new();
    COMMON.get_or_init(|| {
        let target = |to: &str| Target::Path(to.to_owned());
        let mut identity = BlockMapping { to: "identity".to_owned(), ..BlockMapping::default() };
        identity.arguments.insert("type".to_owned(), target("type"));
        for name in ["identity_ids", "user_assigned_identity_id"] {
            identity
                .arguments
                .insert(name.to_owned(), Target::Form { to: "userAssignedIdentities".to_owned(), form: Form::Keys });
        }
        let mut all = BlockMapping::default();
        for name in ["location", "tags"] {
            all.arguments.insert(name.to_owned(), target(name));
        }
        all.blocks.insert("identity".to_owned(), identity);
        all
    })
}

/// What every resource says: location, tags, identity.
pub fn common_body(inputs: &Inputs, arguments: &Value) -> Object {
    let mut out = Object::default();
    common().level().apply(inputs, arguments, &[], &Condition::TRUE, &mut out);
    out
}

/// Adds what every resource with an identity exports.
pub fn export_identity(arguments: &mut Object, id: &Value, data: bool) {
    for (path, target) in [("principal_id", "identity.principalId"), ("tenant_id", "identity.tenantId")] {
        export(arguments, &["identity", path], &Value::attribute(id.clone(), target), data);
    }
}

/// One level of a mapping: a resource's own, or a block's.
struct Level<'a> {
    arguments: &'a IndexMap<String, Target>,
    blocks: &'a IndexMap<String, BlockMapping>,
    set: &'a IndexMap<String, serde_json::Value>,
}

impl BlockMapping {
    fn level(&self) -> Level<'_> {
        Level { arguments: &self.arguments, blocks: &self.blocks, set: &self.set }
    }
}

impl Level<'_> {
    /// Writes what the block with these arguments becomes below `prefix` of `out`.
    fn apply<'p>(&'p self, inputs: &Inputs, arguments: &Value, prefix: &[&'p str], when: &Condition, out: &mut Object) {
        for (name, value) in self.set {
            put(out, &joined(prefix, name), crate::functions::from_json(value), when);
        }
        for (name, target) in self.arguments {
            let Some((value, own)) = argument(arguments, name) else { continue };
            let (path, form) = match target {
                Target::Path(path) => (path, None),
                Target::Form { to, form } => (to, Some(*form)),
            };
            let when = when.and(&own);
            let value = match form {
                Some(form) => formed(&crate::values::expand(inputs, &value), form),
                None => value,
            };
            put(out, &joined(prefix, path), value, &when);
        }
        for (name, block) in self.blocks {
            for (value, own, many) in blocks(arguments, name) {
                let mut when = when.and(&own);
                if let Some(path) = block.to.strip_suffix("[]") {
                    // Of a block that nobody knows, the ARM body is as unknown, with all that is below.
                    let inner = if matches!(value.kind(), Kind::Unknown(_)) && !is_error(&value) {
                        value
                    } else {
                        let mut inner = Object::default();
                        block.level().apply(inputs, &value, &[], &Condition::TRUE, &mut inner);
                        Value::from(inner).or_origin(value.origin())
                    };
                    append(out, &joined(prefix, path), Item { value: inner, when, many });
                    continue;
                }
                if many {
                    // Whether a loop over something open makes the block is a question of its own.
                    when = when.and(&inputs.opaque(&format!("any({})", value.text())));
                }
                let path = joined(prefix, &block.to);
                if !path.is_empty() {
                    ensure(out, &path, &when);
                }
                block.level().apply(inputs, &value, &path, &when, out);
            }
        }
    }
}

fn joined<'a>(prefix: &[&'a str], path: &'a str) -> Vec<&'a str> {
    prefix.iter().copied().chain(path.split('.').filter(|part| !part.is_empty())).collect()
}

/// An argument that is there and not `null`, and when it is.
fn argument(arguments: &Value, name: &str) -> Option<(Value, Condition)> {
    let value = match arguments.kind() {
        Kind::Object(object) => {
            let property = object.properties.get(&rolecall_value::Key::from(name))?;
            return Some((property.value.clone(), property.when.clone())).filter(|(value, _)| !value.is_null());
        }
        Kind::Symbol(_) | Kind::Unknown(_) => attribute(arguments, name),
        _ => return None,
    };
    (!is_error(&value) && !value.is_null()).then_some((value, Condition::TRUE))
}

/// The blocks of a name: what they say, when they are there, whether they stand for many.
pub fn blocks(arguments: &Value, name: &str) -> Vec<(Value, Condition, bool)> {
    let Some((value, when)) = argument(arguments, name) else { return Vec::new() };
    if arguments.as_object().is_none() {
        return Vec::new();
    }
    let mut out = Vec::new();
    for (own, value) in value.alternatives() {
        let when = when.and(&own);
        match as_set(value).or(value.as_array()) {
            Some(array) => {
                out.extend(array.items.iter().map(|item| (item.value.clone(), when.and(&item.when), item.many)))
            }
            None if value.as_object().is_some() => out.push((value.clone(), when, false)),
            // Nobody here knows how many there are, and what they say.
            None if matches!(value.kind(), Kind::Unknown(_)) && !is_error(value) => {
                out.push((value.clone(), when, true))
            }
            None => {}
        }
    }
    out.retain(|(value, when, _)| !when.is_false() && !value.is_null());
    out
}

fn formed(value: &Value, form: Form) -> Value {
    value.map(|value| match form {
        Form::Not => match value.as_bool() {
            Some(value) => Value::bool(!value),
            None => Value::call("not", vec![value.clone()]),
        },
        Form::String => match scalar_text(value) {
            Some(text) => Value::string(text),
            None => value.clone(),
        },
        Form::Keys => {
            let mut object = Object::default();
            let empty = || Property::from(Value::from(Object::default()));
            match as_set(value).or(value.as_array()) {
                Some(array) => {
                    for item in &array.items {
                        object.insert(&item.value, Property { when: item.when.clone(), ..empty() });
                    }
                }
                None if value.is_null() => return value.clone(),
                None => match value.kind() {
                    Kind::Str(_) | Kind::Text(_) => object.insert(value, empty()),
                    // A list that is open: its elements are the keys.
                    Kind::Unknown(_) if is_error(value) => return value.clone(),
                    _ => object.insert(&Value::call("each", vec![value.clone()]), empty()),
                },
            }
            object.into()
        }
    })
}

/// Writes a value at a path. `x[]` in the path stands for the elements of a list that is the value.
pub fn put(out: &mut Object, path: &[&str], value: Value, when: &Condition) {
    if when.is_false() {
        return;
    }
    let Some((head, rest)) = path.split_first() else { return };
    if let Some(name) = head.strip_suffix("[]") {
        let wrap = |value: &Value| {
            let mut inner = Object::default();
            if rest.is_empty() {
                return value.clone();
            }
            put(&mut inner, rest, value.clone(), &Condition::TRUE);
            Value::from(inner)
        };
        let list = value.map(|value| match as_set(value).or(value.as_array()) {
            Some(array) => Array {
                items: array.items.iter().map(|item| Item { value: wrap(&item.value), ..item.clone() }).collect(),
            }
            .into(),
            None if value.is_null() => value.clone(),
            // One where ARM has a list.
            None if matches!(value.kind(), Kind::Str(_) | Kind::Text(_)) => {
                Array { items: vec![Item { value: wrap(value), when: Condition::TRUE, many: false }] }.into()
            }
            None => Array {
                items: vec![Item {
                    value: wrap(&Value::call("each", vec![value.clone()])),
                    when: Condition::TRUE,
                    many: true,
                }],
            }
            .into(),
        });
        return put(out, &[name], list, when);
    }
    if rest.is_empty() {
        out.insert(&Value::string(*head), Property { name: None, value, when: when.clone() });
        return;
    }
    inside(out, head, when, |inner| put(inner, rest, value, when));
}

/// Lets an object be at a path.
fn ensure(out: &mut Object, path: &[&str], when: &Condition) {
    if let Some((head, rest)) = path.split_first() {
        inside(out, head, when, |inner| ensure(inner, rest, when));
    }
}

/// Adds an element to the array at a path.
pub fn append(out: &mut Object, path: &[&str], item: Item) {
    match path {
        [] => {}
        [name] => {
            let key = rolecall_value::Key::from(*name);
            let when = item.when.clone();
            let (mut array, before) = match out.properties.get(&key) {
                Some(known) => (known.value.as_array().cloned().unwrap_or_default(), known.when.clone()),
                None => (Array::default(), Condition::FALSE),
            };
            array.items.push(item);
            let property = Property { name: None, value: array.into(), when: before.or(&when) };
            out.properties.insert(key, property);
        }
        [head, rest @ ..] => {
            let when = item.when.clone();
            inside(out, head, &when, |inner| append(inner, rest, item));
        }
    }
}

fn inside(out: &mut Object, name: &str, when: &Condition, change: impl FnOnce(&mut Object)) {
    let key = rolecall_value::Key::from(name);
    let (mut inner, before) = match out.properties.get(&key) {
        Some(known) => (known.value.as_object().cloned().unwrap_or_default(), known.when.clone()),
        None => (Object::default(), Condition::FALSE),
    };
    change(&mut inner);
    out.properties.insert(key, Property { name: None, value: inner.into(), when: before.or(when) });
}

/// When something is at a path.
fn present(object: &Object, path: &[&str]) -> Condition {
    let Some((head, rest)) = path.split_first() else { return Condition::TRUE };
    let Some(property) = object.properties.get(&rolecall_value::Key::from(*head)) else { return Condition::FALSE };
    let inner = property
        .value
        .alternatives()
        .into_iter()
        .map(|(when, value)| match value.kind() {
            Kind::Null => Condition::FALSE,
            Kind::Object(inner) => when.and(&present(inner, rest)),
            _ => when,
        })
        .fold(Condition::FALSE, |all, one| all.or(&one));
    property.when.and(&inner)
}

fn export(object: &mut Object, path: &[&str], value: &Value, always: bool) {
    let Some((head, rest)) = path.split_first() else { return };
    let (head, always) = match head.strip_prefix('+') {
        Some(head) => (head, true),
        None => (*head, always),
    };
    let key = rolecall_value::Key::from(head);
    if rest.is_empty() {
        // What is written wins, unless it is `null` or an empty string.
        let open = object
            .properties
            .get(&key)
            .is_none_or(|known| known.value.is_null() || !error_condition(&known.value).is_false());
        if open {
            object.insert(&Value::string(head), Property::from(value.clone()));
        } else if let Some(known) = object.properties.get_mut(&key) {
            known.value = known.value.map(|known| if known.is_null() { value.clone() } else { known.clone() });
        }
        return;
    }
    let into = |known: &Value| -> Value {
        known.map(|known| match known.kind() {
            Kind::Object(inner) => {
                let mut inner = (**inner).clone();
                export(&mut inner, rest, value, always);
                Value::from(inner).or_origin(known.origin())
            }
            _ => known.clone(),
        })
    };
    match object.properties.get_mut(&key) {
        Some(property) if !property.value.is_null() => {
            property.value = property.value.map(|known| match known.as_array() {
                Some(array) if array.items.is_empty() && always => {
                    let mut inner = Object::default();
                    export(&mut inner, rest, value, always);
                    Value::array([Value::from(inner)])
                }
                Some(array) => Array {
                    items: array.items.iter().map(|item| Item { value: into(&item.value), ..item.clone() }).collect(),
                }
                .into(),
                None => into(known),
            });
        }
        _ if always => {
            let mut inner = Object::default();
            export(&mut inner, rest, value, always);
            object.insert(&Value::string(head), Property::from(Value::array([Value::from(inner)])));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mapping_can_be_read_and_is_registered() {
        let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("mappings");
        let mut names: Vec<String> = std::fs::read_dir(dir)
            .expect("the folder of mappings")
            .filter_map(|entry| entry.expect("an entry").file_name().into_string().ok())
            .filter_map(|name| name.strip_suffix(".toml").map(str::to_owned))
            .collect();
        names.sort();
        let mut registered: Vec<&str> = FILES.iter().map(|(kind, _)| *kind).collect();
        registered.sort_unstable();
        assert_eq!(names, registered, "list every file of mappings/ in src/registry.rs");
        for (kind, text) in FILES {
            let mapping: Result<Mapping, _> = toml::from_str(text);
            assert!(mapping.is_ok(), "{kind}: {}", mapping.err().map(|error| error.to_string()).unwrap_or_default());
        }
    }
}
