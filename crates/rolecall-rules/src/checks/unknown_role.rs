//! Assignments of a role that is neither built in nor defined in the deployment.
//!
//! It may be a custom role that somebody defined elsewhere; what is nearly the GUID or name of a built-in role is not.

use std::sync::Arc;

use rolecall_graph::{RoleDefinition, RoleRef, builtin, builtin_named, builtins, guid_text};
use rolecall_value::{Symbol, Value, segments};
use rustc_hash::{FxHashMap, FxHashSet};

use super::Context;
use super::assignments::{self, ROLE};
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::{Rule, RuleLevel};
use crate::{mend, trigger};

/// The type of role definitions.
pub(super) const ROLE_DEFINITIONS: &str = "Microsoft.Authorization/roleDefinitions";

/// How many characters of a GUID may differ from a built-in one that was meant. Two GUIDs that were made apart share
/// about two characters in thirty-two.
const MAX_GUID_DISTANCE: usize = 4;

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let Some(requirement) = rule.requirements.first() else { return };
    let mut defined = Defined::new(context);
    // What somebody says that there is.
    defined.known.extend(context.options.get(&rule.id, "known-roles").iter().map(|role| role.to_lowercase()));
    let mut nearest: FxHashMap<String, Option<Arc<RoleDefinition>>> = FxHashMap::default();
    let mut by_group = None;
    for written in assignments::written(context) {
        if written.assignment.roles.iter().all(|(_, role)| matches!(role, RoleRef::Role(_))) {
            continue;
        }
        for found in trigger::given(&context.deployment.inputs, &written.resource.body, ROLE) {
            let Some(role) = role(&found.value) else { continue };
            if defined.has(&role) {
                continue;
            }
            let when = written.assignment.when.and(&found.when);
            if when.is_false() {
                continue;
            }
            let nearest = nearest.entry(role.to_lowercase()).or_insert_with_key(|role| {
                nearest_guid(by_group.get_or_insert_with(by_groups), role).or_else(|| nearest_name(role))
            });
            let mut demand = written.demand(context, requirement, found.value, &when);
            let expected = nearest.as_ref().map(|role| format!("{} ({})", role.name, role.guid));
            if nearest.is_none() {
                demand.level = Some(RuleLevel::Note);
            }
            let principal = written.principal(context);
            let case = Case {
                principal: &principal,
                value: &role,
                expected: expected.as_deref().unwrap_or_default(),
                ..Case::new(&demand)
            };
            let Some(mut finding) = findings::certain(context, rule, &case, &when) else { continue };
            if let Some(role) = nearest {
                finding.mend = Some(mend::role(written.assignment.resource, &role.name, &role.guid));
            } else {
                finding.remedy =
                    vec!["see that a custom role of this name or GUID exists where it is assigned".to_owned()];
            }
            work.report.findings.push(finding);
        }
    }
}

/// The GUID or name of the role that a role definition id ends with, where it is known.
fn role(id: &Value) -> Option<String> {
    let segments = segments(id);
    let [.., collection, last] = &segments[..] else { return None };
    if !collection.as_str()?.eq_ignore_ascii_case("roleDefinitions") {
        return None;
    }
    let known = match last.as_symbol() {
        // What a role of this name is called by, where only its name is given.
        Some(Symbol::Call { function, arguments }) if &**function == "rolenamed" => arguments.first()?.as_str(),
        _ => last.as_str(),
    };
    known.filter(|text| !text.is_empty()).map(|text| guid_text(text).unwrap_or_else(|| text.to_owned()))
}

/// The roles that a deployment defines.
struct Defined {
    /// GUIDs and names in lower case.
    known: FxHashSet<String>,
    /// Whether one of them may have any GUID or any name.
    open: bool,
}

impl Defined {
    fn new(context: &Context<'_>) -> Self {
        let mut known = FxHashSet::default();
        let mut open = false;
        let resources = context.resources.of(ROLE_DEFINITIONS).iter();
        for resource in resources.filter_map(|index| context.deployment.resource(*index)) {
            let guid = resource.id.name();
            let name = resource.body.get("properties").and_then(|properties| properties.get("roleName"));
            // The GUID that a function makes of other values is none that somebody writes down.
            let made = matches!(guid.as_symbol(), Some(Symbol::Call { function, .. }) if &**function == "guid");
            open |= guid.as_str().is_none() && !made;
            for value in [Some(guid), name].into_iter().flatten() {
                for (_, value) in value.alternatives() {
                    known.extend(value.as_str().map(str::to_lowercase));
                }
            }
        }
        Defined { known, open }
    }

    fn has(&self, role: &str) -> bool {
        self.open || self.known.contains(&role.to_lowercase()) || builtin(role).is_some()
    }
}

/// A group of a GUID by its place, as a key.
type Group = (usize, String);

/// The built-in roles by each group of their GUIDs: what differs from one in as few characters as there are groups less
/// one has a group in common with it.
fn by_groups() -> FxHashMap<Group, Vec<Arc<RoleDefinition>>> {
    let mut out: FxHashMap<Group, Vec<_>> = FxHashMap::default();
    for role in builtins() {
        for (place, group) in role.guid.split('-').enumerate() {
            out.entry((place, group.to_owned())).or_default().push(role.clone());
        }
    }
    out
}

fn nearest_guid(by_group: &FxHashMap<Group, Vec<Arc<RoleDefinition>>>, guid: &str) -> Option<Arc<RoleDefinition>> {
    let groups = guid.split('-').enumerate();
    let sharing = groups.filter_map(|(place, group)| by_group.get(&(place, group.to_owned()))).flatten();
    let of_length = sharing.filter(|role| role.guid.len().abs_diff(guid.len()) <= MAX_GUID_DISTANCE);
    let distance = |role: &&Arc<RoleDefinition>| strsim::osa_distance(&role.guid, guid);
    of_length.filter(|role| distance(role) <= MAX_GUID_DISTANCE).min_by_key(distance).cloned()
}

/// The built-in role with nearly this name; its own where a name stands in place of a GUID.
fn nearest_name(name: &str) -> Option<Arc<RoleDefinition>> {
    /// One character in this many may differ.
    const CHARACTERS: usize = 6;
    if let Some(role) = builtin_named(name) {
        return Some(role);
    }
    let most = (name.chars().count() / CHARACTERS).clamp(1, 4);
    let near = builtins().filter(|role| role.name.len().abs_diff(name.len()) <= most).filter_map(|role| {
        let distance = strsim::osa_distance(&role.name.to_lowercase(), name);
        (distance <= most).then_some((distance, role))
    });
    near.min_by(|(a, one), (b, other)| (a, &one.name).cmp(&(b, &other.name))).map(|(_, role)| role)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_in_a_guid_is_told_from_another_guid() {
        let groups = by_groups();
        let near = |guid| nearest_guid(&groups, guid).map(|role| role.name.clone());
        assert_eq!(near("b24988ac-6180-42a0-ab88-20f7382dd24d").as_deref(), Some("Contributor"));
        assert_eq!(near("b24988ac-6180-42a0-ab88-20f73828dd24c").as_deref(), Some("Contributor"), "one too many");
        assert_eq!(near("b24988ac-0000-0000-0000-000000000000"), None);
    }

    #[test]
    fn a_slip_in_a_name_is_told_from_another_name() {
        let near = |name| nearest_name(name).map(|role| role.name.clone());
        assert_eq!(near("managed identity operater").as_deref(), Some("Managed Identity Operator"));
        assert_eq!(near("acrpul").as_deref(), Some("AcrPull"));
        assert_eq!(near("our own network role"), None);
    }
}
