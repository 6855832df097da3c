//! From types, names and scopes as templates write them to resource ids.

use rolecall_value::{Condition, ResourceId, Scope, Value, segments};

/// The ids that a resource may have, each under its condition.
pub(super) type Ids = Vec<(Condition, ResourceId)>;

/// The scopes that a written scope means. It is an id, `type/name` of a resource in `target`, or an object with an `id`
/// (Bicep's resources and `resourceGroup()`).
pub(super) fn scopes(written: &Value, target: &Scope) -> Vec<(Condition, Scope)> {
    written
        .alternatives()
        .into_iter()
        .flat_map(|(when, value)| {
            let id = match value.as_object() {
                Some(_) => value.get("id").unwrap_or_else(|| value.clone()),
                None => value.clone(),
            };
            let ids = id.alternatives().into_iter();
            ids.map(|(inner, id)| (when.and(&inner), scope(id, target))).collect::<Vec<_>>()
        })
        .filter(|(when, _)| !when.is_false())
        .collect()
}

pub(super) fn scope(written: &Value, target: &Scope) -> Scope {
    match Scope::parse(written) {
        Scope::Opaque(_) => {}
        scope => return scope,
    }
    let parts = segments(written);
    let relative = parts.len() >= 3
        && parts.len() % 2 == 1
        && parts[0].as_str().is_some_and(|provider| provider.contains('.'))
        && parts[1..].iter().step_by(2).all(|part| part.as_str().is_some());
    if !relative {
        return Scope::Opaque(written.clone());
    }
    let types = std::iter::once(&parts[0]).chain(parts[1..].iter().step_by(2));
    let resource_type = types.filter_map(Value::as_str).collect::<Vec<_>>().join("/");
    if resource_type.eq_ignore_ascii_case("Microsoft.Management/managementGroups") {
        return Scope::ManagementGroup(parts[2].clone());
    }
    let names = parts[2..].iter().step_by(2).cloned().collect();
    Scope::Resource(ResourceId { scope: target.clone(), resource_type: resource_type.into(), names }.into())
}

/// The id of a resource of this type and name in a scope. The type may hold `providers` where the resource extends
/// another (`Microsoft.Network/virtualNetworks/providers/roleAssignments`, named `vnet/Microsoft.Authorization/guid`).
pub(super) fn id_in(scope: &Scope, resource_type: &str, name: &Value) -> ResourceId {
    let types: Vec<&str> = resource_type.split('/').collect();
    if let Some(at) = types.iter().position(|part| part.eq_ignore_ascii_case("providers")) {
        let base_type = types[..at].join("/");
        let names = segments(name);
        // One name for each type segment after the provider, then the extension's provider, then its names.
        let base_names = at.saturating_sub(1);
        if at >= 2 && names.len() > base_names + 1 {
            let base = ResourceId {
                scope: scope.clone(),
                resource_type: base_type.into(),
                names: names[..base_names].to_vec(),
            };
            if let Some(provider) = names[base_names].as_str() {
                let extension = std::iter::once(provider).chain(types[at + 1..].iter().copied());
                return ResourceId {
                    scope: Scope::Resource(base.into()),
                    resource_type: extension.collect::<Vec<_>>().join("/").into(),
                    names: names[base_names + 1..].to_vec(),
                };
            }
        }
    }
    let scope = if is_of_tenant(resource_type) { Scope::Tenant } else { scope.clone() };
    ResourceId { scope, resource_type: resource_type.into(), names: split_name(name, types.len() - 1) }
}

/// A name cut into as many segments as the type has; what cannot be cut stays a question about the whole.
pub(super) fn split_name(name: &Value, wanted: usize) -> Vec<Value> {
    if wanted <= 1 {
        return vec![name.clone()];
    }
    let parts = segments(name);
    if parts.len() == wanted {
        return parts;
    }
    if parts.iter().all(|part| part.as_str().is_some()) && parts.len() < wanted {
        // Azure refuses the name: what is there stays.
        let text = Value::array(parts.clone()).text();
        let missing = |at: usize| super::expr::refused("the name has too few segments", &format!("{text}[{at}]"));
        return (0..wanted).map(|at| parts.get(at).cloned().unwrap_or_else(|| missing(at))).collect();
    }
    (0..wanted)
        .map(|at| Value::call("segment", vec![name.clone(), Value::int(i64::try_from(at).unwrap_or(i64::MAX))]))
        .collect()
}

/// The type and names of a child that stands inside its parent: `subnets` in a virtual network; an extension such as
/// `Microsoft.Authorization/roleAssignments` or `providers/locks` extends the parent.
pub(super) fn id_under(parent: &ResourceId, resource_type: &str, name: &Value) -> ResourceId {
    let full = parent.resource_type.as_str();
    let below = match resource_type.get(..full.len()) {
        Some(prefix) if prefix.eq_ignore_ascii_case(full) => resource_type[full.len()..].strip_prefix('/'),
        _ => None,
    };
    let short = below.unwrap_or(resource_type);
    let names = segments(name);
    if let Some(rest) = strip_providers(short)
        // A full name repeats the parent's before the provider.
        && let Some(at) = names.len().checked_sub(rest.split('/').count() + 1)
        && (at == 0 || at == parent.names.len())
        && let [provider, own @ ..] = &names[at..]
        && let Some(provider) = provider.as_str()
        && !own.is_empty()
    {
        return ResourceId {
            scope: Scope::Resource(parent.clone().into()),
            resource_type: format!("{provider}/{rest}").into(),
            names: own.to_vec(),
        };
    }
    if below.is_none() && short.split('/').next().is_some_and(|provider| provider.contains('.')) {
        return id_in(&Scope::Resource(parent.clone().into()), short, name);
    }
    let wanted = short.split('/').count();
    // A full name may repeat the parent's.
    let own = if names.len() == wanted { names } else { split_name(name, wanted + parent.names.len()) };
    let own = if own.len() > wanted { own[own.len() - wanted..].to_vec() } else { own };
    ResourceId {
        scope: parent.scope.clone(),
        resource_type: format!("{full}/{short}").into(),
        names: parent.names.iter().cloned().chain(own).collect(),
    }
}

fn strip_providers(resource_type: &str) -> Option<&str> {
    let (first, rest) = resource_type.split_once('/')?;
    first.eq_ignore_ascii_case("providers").then_some(rest)
}

fn is_of_tenant(resource_type: &str) -> bool {
    ["Microsoft.Management/managementGroups", "Microsoft.Subscription/aliases"]
        .iter()
        .any(|known| resource_type.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group() -> Scope {
        Scope::parse(&Value::string("/subscriptions/s/resourceGroups/g"))
    }

    fn id(text: &str) -> ResourceId {
        ResourceId::parse(&Value::string(text)).expect("an id")
    }

    const NETWORK: &str = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v";

    #[test]
    fn an_extension_in_the_old_spelling_extends_what_its_type_begins_with() {
        let made = id_in(
            &group(),
            "Microsoft.Network/virtualNetworks/subnets/providers/roleAssignments",
            &Value::string("v/n/Microsoft.Authorization/r"),
        );
        let expected = format!("{NETWORK}/subnets/n/providers/Microsoft.Authorization/roleAssignments/r");
        assert_eq!(made.to_value(), Value::string(expected));
    }

    #[test]
    fn a_child_inside_its_parent_may_be_short_or_full() {
        for (resource_type, name) in [
            ("subnets", "n"),
            ("Microsoft.Network/virtualNetworks/subnets", "n"),
            ("Microsoft.Network/virtualNetworks/subnets", "v/n"),
        ] {
            let made = id_under(&id(NETWORK), resource_type, &Value::string(name));
            assert_eq!(made.to_value(), Value::string(format!("{NETWORK}/subnets/n")), "{resource_type} {name}");
        }
    }

    #[test]
    fn an_extension_inside_its_parent_extends_it() {
        let expected = Value::string(format!("{NETWORK}/providers/Microsoft.Authorization/roleAssignments/r"));
        for (resource_type, name) in [
            ("Microsoft.Authorization/roleAssignments", "r"),
            ("providers/roleAssignments", "Microsoft.Authorization/r"),
        ] {
            let made = id_under(&id(NETWORK), resource_type, &Value::string(name));
            assert_eq!(made.to_value(), expected, "{resource_type}");
        }
    }

    #[test]
    fn a_scope_may_be_an_id_or_a_type_and_name_in_the_target() {
        for written in [NETWORK, "Microsoft.Network/virtualNetworks/v"] {
            let (_, scope) = scopes(&Value::string(written), &group()).remove(0);
            assert_eq!(scope.to_value(), Value::string(NETWORK));
        }
    }
}
