//! Which resource types an id can be of that is not readable: the collection that it ends with says it.
//!
//! Which collections there are is data. A collection that is not listed says nothing.

use crate::id::segments;
use crate::{Scope, Value};

const COLLECTIONS: &str = include_str!("../data/collections.csv");

/// Whether a scope of a type that can be known certainly does not contain another: a subnet lies in no public address.
pub(crate) fn are_apart(outer: &Scope, inner: &Scope) -> bool {
    let (Some(outer), Some(inner)) = (types(outer), types(inner)) else { return false };
    let within = |outer: &str, inner: &str| {
        let head = inner.get(..outer.len()).is_some_and(|head| head.eq_ignore_ascii_case(outer));
        head && (inner.len() == outer.len() || inner[outer.len()..].starts_with('/'))
    };
    !outer.iter().any(|outer| inner.iter().any(|inner| within(outer, inner)))
}

/// The types that a scope can be of; `None` where nothing is known of it. Extensions lie in whatever they extend.
fn types(scope: &Scope) -> Option<Vec<&str>> {
    match scope {
        Scope::Resource(id) if !matches!(id.scope, Scope::Resource(_) | Scope::Opaque(_)) => {
            Some(vec![id.resource_type.as_str()])
        }
        Scope::Opaque(value) => collection(value).map(|name| types_with(&name)).filter(|types| !types.is_empty()),
        _ => None,
    }
}

/// The collection in which the id stands: `subnets` of `…/subnets/a`.
fn collection(value: &Value) -> Option<String> {
    match &segments(value)[..] {
        [.., name, _] => name.as_str().map(str::to_owned),
        _ => None,
    }
}

fn types_with(name: &str) -> Vec<&'static str> {
    let rows = COLLECTIONS.lines().skip(1).filter_map(|row| row.split_once(','));
    rows.filter(|(collection, _)| collection.eq_ignore_ascii_case(name)).map(|(_, of_type)| of_type).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Inputs, Piece, contains};

    #[test]
    fn an_id_from_elsewhere_lies_only_in_what_can_have_it() {
        let inputs = Inputs::default();
        let network = Value::environment("network");
        let below = |tail: &str| {
            Scope::parse(&Value::pieces([Piece::Hole(network.clone()), Piece::Literal(tail.to_owned().into())]))
        };
        let known = |tail: &str| Scope::parse(&Value::string(format!("/subscriptions/s/resourceGroups/g{tail}")));
        let decided = |outer: &Scope, inner: &Scope| contains(&inputs, outer, inner).decided();
        let (subnet, other) = (below("/subnets/a"), below("/other/a"));
        let address = known("/providers/Microsoft.Network/publicIPAddresses/p");
        assert_eq!(decided(&address, &subnet), Some(false));
        assert_eq!(decided(&subnet, &address), Some(false));
        assert_eq!(decided(&address, &other), None, "nothing is known of such a collection");
        assert_eq!(decided(&known("/providers/Microsoft.Network/virtualNetworks/v"), &subnet), None);
        assert_eq!(decided(&known("/providers/Microsoft.Network/virtualNetworks/v/subnets/a"), &subnet), None);
        assert_eq!(decided(&known(""), &subnet), None, "a group may have it");
        assert_eq!(decided(&below("/virtualNetworkLinks/a"), &subnet), Some(false));
        let setting = below("/subnets/a/providers/Microsoft.Insights/diagnosticSettings/d");
        assert_eq!(decided(&address, &setting), None, "an extension lies in whatever it extends");
    }
}
