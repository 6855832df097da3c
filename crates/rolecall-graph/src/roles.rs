//! Role definitions: the built-in ones, and those that a deployment defines.
//!
//! The built-in roles are text, one role a line in order of id; a line is parsed when its role is first asked for.
//! Whether a role is assigned to anybody is not known here.

use std::sync::{Arc, OnceLock};

use rolecall_value::{
    Condition, Inputs, Kind, Piece, Reason, ReasonKind, ResourceId, Symbol, Value, name_equality, segments,
};
use serde::Deserialize;

use crate::actions::{covers, overlaps};
use crate::open::{self, expand};
use crate::{Deployment, ResourceIndex, abac};

const BUILT_IN: &str = include_str!("../data/builtin-roles.jsonl");
const TYPE: &str = "Microsoft.Authorization/roleDefinitions";

/// A role definition.
#[derive(Clone, Debug, PartialEq)]
pub struct RoleDefinition {
    /// Its name in ids: a GUID, in lower case where it is known; otherwise canonical text.
    pub guid: String,
    /// Its display name.
    pub name: String,
    /// What it grants: each block by itself.
    pub blocks: Vec<PermissionBlock>,
    /// The resource that defines it, where it is not built in.
    pub custom: Option<ResourceIndex>,
}

/// Actions that are granted together: a block grants what its lists of actions cover and its lists of exceptions do not.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct PermissionBlock {
    /// Actions of the control plane, with wildcards.
    pub actions: Vec<String>,
    /// Exceptions from `actions`.
    pub not_actions: Vec<String>,
    /// Actions on data, with wildcards.
    pub data_actions: Vec<String>,
    /// Exceptions from `data_actions`.
    pub not_data_actions: Vec<String>,
    /// Azure's condition (ABAC) under which the block grants anything.
    pub condition: Option<String>,
    /// Why the lists are not all known: the block then grants nothing for sure, and anything perhaps.
    #[serde(skip)]
    pub open: Option<Reason>,
}

/// Whether a role grants an action.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// It does.
    Granted,
    /// It may.
    Perhaps(Reason),
    /// It does not.
    NotGranted,
}

/// What a role id leads to.
#[derive(Clone, Debug)]
pub enum RoleRef {
    /// A role whose definition is known.
    Role(Arc<RoleDefinition>),
    /// A role of which nothing is known.
    Unknown {
        /// The id as it would be shown.
        id: String,
        /// What stands in the way.
        because: Reason,
    },
}

impl RoleRef {
    /// The role's name, or its id where it is unknown.
    pub fn name(&self) -> &str {
        match self {
            RoleRef::Role(role) => &role.name,
            RoleRef::Unknown { id, .. } => id,
        }
    }
}

impl RoleDefinition {
    /// Whether the role grants an action, or a data action.
    pub fn grants(&self, action: &str, data: bool) -> Verdict {
        let mut answer = Verdict::NotGranted;
        for block in &self.blocks {
            match block.grants(action, data) {
                Verdict::Granted => return Verdict::Granted,
                Verdict::Perhaps(reason) => answer = Verdict::Perhaps(reason),
                Verdict::NotGranted => {}
            }
        }
        answer
    }

    /// Whether the role grants all of these for sure.
    pub fn grants_all(&self, actions: &[String], data_actions: &[String]) -> bool {
        actions.iter().all(|action| self.grants(action, false) == Verdict::Granted)
            && data_actions.iter().all(|action| self.grants(action, true) == Verdict::Granted)
    }
}

impl PermissionBlock {
    fn grants(&self, action: &str, data: bool) -> Verdict {
        if let Some(reason) = &self.open {
            return Verdict::Perhaps(reason.clone());
        }
        let (granted, excepted) = match data {
            true => (&self.data_actions, &self.not_data_actions),
            false => (&self.actions, &self.not_actions),
        };
        if !granted.iter().any(|pattern| covers(pattern, action))
            || excepted.iter().any(|pattern| overlaps(pattern, action))
        {
            return Verdict::NotGranted;
        }
        match self.condition.as_deref() {
            Some(condition) => under_condition(condition, action),
            None => Verdict::Granted,
        }
    }
}

/// What is left of a grant under a condition of Azure's.
pub(crate) fn under_condition(condition: &str, action: &str) -> Verdict {
    match abac::holds(condition, action) {
        Some(true) => Verdict::Granted,
        Some(false) => Verdict::NotGranted,
        None => Verdict::Perhaps(Reason {
            kind: ReasonKind::Runtime,
            detail: format!("a condition on the grant decides about {action} at each request").into(),
        }),
    }
}

#[derive(Deserialize)]
struct Line {
    id: String,
    name: String,
    permissions: Vec<PermissionBlock>,
}

type Entry = (&'static str, OnceLock<Option<Arc<RoleDefinition>>>);

fn lines() -> &'static [Entry] {
    static LINES: OnceLock<Vec<Entry>> = OnceLock::new();
    LINES.get_or_init(|| BUILT_IN.lines().map(|line| (line, OnceLock::new())).collect())
}

fn parsed((line, role): &'static Entry) -> Option<Arc<RoleDefinition>> {
    role.get_or_init(|| {
        let Line { id, name, permissions } = serde_json::from_str(line).ok()?;
        Some(Arc::new(RoleDefinition { guid: id, name, blocks: permissions, custom: None }))
    })
    .clone()
}

/// The text of a line between these places, where it has them.
fn field(line: &'static str, prefix: &str) -> Option<&'static str> {
    line.strip_prefix(prefix)?.split('"').next()
}

fn line_guid(line: &'static str) -> &'static str {
    field(line, "{\"id\":\"").unwrap_or_default()
}

/// The built-in role with this id, which is a GUID in any case, with its hyphens or without.
pub fn builtin(guid: &str) -> Option<Arc<RoleDefinition>> {
    let guid = guid_text(guid)?;
    let lines = lines();
    let at = lines.binary_search_by(|(line, _)| line_guid(line).cmp(&guid)).ok()?;
    parsed(&lines[at])
}

/// A GUID as Azure shows it: in lower case, with hyphens. Azure reads it without hyphens too.
pub fn guid_text(text: &str) -> Option<String> {
    const GROUPS: [usize; 5] = [8, 4, 4, 4, 12];
    let mut digits = text.to_ascii_lowercase();
    if digits.split('-').map(str::len).eq(GROUPS) {
        digits.retain(|character| character != '-');
    }
    if digits.len() != 32 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut rest = digits.as_str();
    let groups = GROUPS.map(|length| {
        let (group, tail) = rest.split_at(length);
        rest = tail;
        group
    });
    Some(groups.join("-"))
}

/// The built-in role with this display name, in any case.
pub fn builtin_named(name: &str) -> Option<Arc<RoleDefinition>> {
    let found = lines().iter().find(|(line, _)| {
        let start = "{\"id\":\"".len() + line_guid(line).len() + "\"".len();
        line.get(start..).and_then(|rest| field(rest, ",\"name\":\"")).is_some_and(|own| own.eq_ignore_ascii_case(name))
    });
    found.and_then(parsed)
}

/// All built-in roles, in order of id.
pub fn builtins() -> impl Iterator<Item = Arc<RoleDefinition>> {
    lines().iter().filter_map(parsed)
}

/// The roles that assignments of one deployment can name.
pub struct Roles {
    custom: Vec<(Value, Condition, Arc<RoleDefinition>)>,
}

impl Roles {
    /// Reads the role definitions of a deployment.
    pub fn new(deployment: &Deployment) -> Self {
        let custom = deployment.of_type(TYPE).map(|(index, resource)| {
            (resource.id.name(), resource.when.clone(), Arc::new(definition(index, &resource.id, &resource.body)))
        });
        Roles { custom: custom.collect() }
    }

    /// The roles that a deployment defines.
    pub fn custom(&self) -> impl Iterator<Item = &Arc<RoleDefinition>> {
        self.custom.iter().map(|(_, _, role)| role)
    }

    /// What the id of a role definition leads to; the conditions exclude each other and cover everything. The scope in
    /// front of the id does not count: one definition is addressed through the subscription, the resource group, the
    /// tenant or what it is assigned on.
    pub fn resolve(&self, inputs: &Inputs, id: &Value) -> Vec<(Condition, RoleRef)> {
        let mut out = Vec::new();
        for (when, id) in expand(inputs, id) {
            let name = role_name(&id);
            for (inner, name) in expand(inputs, &name) {
                self.resolve_name(inputs, &when.and(&inner), &id, &name, &mut out);
            }
        }
        out
    }

    fn resolve_name(
        &self,
        inputs: &Inputs,
        when: &Condition,
        id: &Value,
        name: &Value,
        out: &mut Vec<(Condition, RoleRef)>,
    ) {
        if when.is_false() {
            return;
        }
        if let Some(role) = name.as_str().and_then(builtin) {
            out.push((when.clone(), RoleRef::Role(role)));
            return;
        }
        let mut rest = when.clone();
        let mut may_be = Condition::FALSE;
        for (own, _, role) in &self.custom {
            let same = name_equality(inputs, own, name);
            let equal = rest.and(&same.equal);
            if !equal.is_false() {
                rest = rest.and_not(&equal);
                out.push((equal, RoleRef::Role(role.clone())));
            }
            may_be = may_be.or(&same.undecided());
        }
        if rest.is_false() {
            return;
        }
        let because = match name.as_str() {
            Some(text) if !text.is_empty() => Reason {
                kind: ReasonKind::Unread,
                detail: format!("role definition '{text}' is neither built in nor defined here").into(),
            },
            Some(_) => Reason { kind: ReasonKind::Invalid, detail: "the role definition id is empty".into() },
            None => open::because(&[id], || format!("`{}` decides which role it is", id.plain())),
        };
        out.push((rest, RoleRef::Unknown { id: id.plain(), because }));
    }
}

/// An id without what stands behind a bar: Terraform names a role definition by its id and its scope with a bar between.
pub fn before_bar(id: &Value) -> Value {
    match id.kind() {
        Kind::Str(text) => match text.split_once('|') {
            Some((id, _)) => Value::string(id),
            None => id.clone(),
        },
        Kind::Text(pieces) => {
            let bar = pieces.iter().position(|piece| matches!(piece, Piece::Literal(text) if text.contains('|')));
            let Some(at) = bar else { return id.clone() };
            let mut kept = pieces[..at].to_vec();
            if let Piece::Literal(text) = &pieces[at] {
                kept.push(Piece::Literal(text.split('|').next().unwrap_or_default().into()));
            }
            Value::pieces(kept)
        }
        _ => id.clone(),
    }
}

/// The last segment of a role definition's id, or the id of an attribute's resource.
fn role_name(id: &Value) -> Value {
    let id = &before_bar(id);
    if let Some(Symbol::Attribute { resource, path }) = id.as_symbol()
        && (path.eq_ignore_ascii_case("id") || path.eq_ignore_ascii_case("name"))
        && ResourceId::parse(resource).is_some_and(|id| id.resource_type.is(TYPE))
    {
        return role_name(resource);
    }
    segments(id).into_iter().rev().find(|segment| segment.as_str() != Some("")).unwrap_or_else(|| id.clone())
}

fn definition(index: ResourceIndex, id: &ResourceId, body: &Value) -> RoleDefinition {
    let guid = match id.name().as_str() {
        Some(text) => text.to_ascii_lowercase(),
        None => id.name().plain(),
    };
    let properties = body.get("properties").unwrap_or_else(Value::null);
    let name =
        properties.get("roleName").filter(|name| !name.is_null()).map_or_else(|| guid.clone(), |name| name.plain());
    let blocks = match properties.get("permissions").as_ref().map(Value::kind) {
        Some(Kind::Array(permissions)) => permissions
            .items
            .iter()
            .map(|item| if item.many || !item.when.is_true() { open_block(&item.value) } else { block(&item.value) })
            .collect(),
        Some(Kind::Null) | None => Vec::new(),
        Some(_) => vec![open_block(&properties.get("permissions").unwrap_or_else(Value::null))],
    };
    RoleDefinition { guid, name, blocks, custom: Some(index) }
}

fn open_block(value: &Value) -> PermissionBlock {
    let reason = match value.first_unknown().and_then(Value::as_unknown) {
        Some(unknown) => unknown.reason.clone(),
        None => Reason {
            kind: ReasonKind::Unsupported,
            detail: "the permissions of the role definition depend on open parameters".into(),
        },
    };
    PermissionBlock { open: Some(reason), ..PermissionBlock::default() }
}

fn block(value: &Value) -> PermissionBlock {
    if value.as_object().is_none() || !value.is_known() {
        return open_block(value);
    }
    let list = |name: &str| -> Vec<String> {
        let items = value.get(name);
        let items = items.as_ref().and_then(Value::as_array).map(|array| array.items.as_slice()).unwrap_or_default();
        items.iter().filter_map(|item| item.value.as_str().map(str::to_owned)).collect()
    };
    PermissionBlock {
        actions: list("actions"),
        not_actions: list("notActions"),
        data_actions: list("dataActions"),
        not_data_actions: list("notDataActions"),
        condition: value.get("condition").as_ref().and_then(Value::as_str).map(str::to_owned),
        open: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_role_and_lines_are_in_order() {
        assert!(lines().iter().all(|entry| parsed(entry).is_some()));
        assert!(lines().windows(2).all(|pair| line_guid(pair[0].0) < line_guid(pair[1].0)));
        assert_eq!(builtins().count(), lines().len());
    }

    #[test]
    fn a_role_is_found_by_id_and_by_name_in_any_case() {
        let by_id = builtin("B24988AC-6180-42a0-ab88-20f7382dd24c").expect("Contributor");
        let by_name = builtin_named("contributor").expect("Contributor");
        assert_eq!((by_id.name.as_str(), by_id.guid.as_str()), ("Contributor", "b24988ac-6180-42a0-ab88-20f7382dd24c"));
        assert_eq!(by_id, by_name);
        assert_eq!(builtin("b24988ac618042a0ab8820f7382dd24c"), Some(by_id));
        assert!(builtin("").is_none() && builtin_named("").is_none());
    }

    fn grants(role: &str, action: &str) -> bool {
        builtin_named(role).expect("a role").grants(action, false) == Verdict::Granted
    }

    #[test]
    fn facts_about_well_known_roles() {
        let assign = "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action";
        assert!(grants("Managed Identity Operator", assign));
        assert!(!grants("Managed Identity Contributor", assign));
        let join = "Microsoft.Network/virtualNetworks/subnets/join/action";
        assert!(grants("Network Contributor", join));
        assert!(!grants("Reader", join));
        assert!(grants("Reader", "Microsoft.Network/virtualNetworks/subnets/read"));
        assert!(grants("Contributor", join));
        assert!(!grants("Contributor", "Microsoft.Authorization/roleAssignments/write"));
        assert!(!grants("Contributor", "Microsoft.Authorization/*"));
        assert!(grants("Owner", "Microsoft.Authorization/roleAssignments/write"));
    }

    #[test]
    fn data_actions_are_apart_from_actions() {
        let role = builtin_named("Key Vault Secrets User").expect("a role");
        let get = "Microsoft.KeyVault/vaults/secrets/getSecret/action";
        assert_eq!(role.grants(get, true), Verdict::Granted);
        assert_eq!(role.grants(get, false), Verdict::NotGranted);
        assert_eq!(builtin_named("Owner").expect("a role").grants(get, true), Verdict::NotGranted);
    }

    #[test]
    fn a_blocks_exceptions_take_nothing_from_another_block() {
        let text = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let role = RoleDefinition {
            guid: String::new(),
            name: String::new(),
            blocks: vec![
                PermissionBlock { actions: text(&["a/*"]), not_actions: text(&["a/write"]), ..Default::default() },
                PermissionBlock { actions: text(&["a/write"]), ..Default::default() },
            ],
            custom: None,
        };
        assert_eq!(role.grants("a/write", false), Verdict::Granted);
        assert_eq!(role.grants("b/write", false), Verdict::NotGranted);
    }

    #[test]
    fn a_condition_leaves_open_what_it_restricts_and_nothing_else() {
        let role = builtin_named("Azure File Sync Administrator").expect("a role");
        assert_eq!(role.grants("Microsoft.StorageSync/register/action", false), Verdict::Granted);
        assert!(matches!(role.grants("Microsoft.Authorization/roleAssignments/write", false), Verdict::Perhaps(_)));
    }
}
