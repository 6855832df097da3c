//! What may grant what cannot be seen: scripts, templates of another language, calls of an API, provisioners.
//!
//! Which types of resources those are is data (`mappings/unseen.csv`). What they do is not known here: what flows into them
//! is kept, and whoever asks for a grant looks whether it may have come from there.

use rolecall_graph::Unresolved;
use rolecall_value::{Condition, Object, Origin, Property, Reason, ReasonKind, Value};

use crate::config::ResourceBlock;
use crate::values::without_sets;

/// Types of resources and data sources with a word for what they are.
const TYPES: &str = include_str!("../mappings/unseen.csv");

/// What a type of resource is that may grant what cannot be seen: `script`.
fn kind_of(block: &ResourceBlock) -> Option<&'static str> {
    let mut rows = TYPES.lines().filter_map(|row| row.split_once(','));
    rows.find(|(name, _)| match name.strip_prefix("data.") {
        Some(name) => block.data && name == &*block.kind,
        None => !block.data && *name == &*block.kind,
    })
    .map(|(_, kind)| kind)
}

/// What may be granted by an instance of a resource. `arguments` is what it says, `value` what it then is, and
/// `provisioners` what the scripts are given that run once it is there.
pub(crate) fn unseen(
    block: &ResourceBlock,
    address: &str,
    (arguments, value): (&Value, &Value),
    provisioners: Vec<Value>,
    when: Condition,
    origin: Origin,
) -> Option<Unresolved> {
    let kind = kind_of(block);
    if kind.is_none() && provisioners.is_empty() {
        return None;
    }
    let mut all = Object::default();
    let mut add = |name: &str, value: &Value| all.insert(&Value::string(name), Property::from(without_sets(value)));
    add("arguments", arguments);
    if !provisioners.is_empty() {
        // A provisioner sees all of the resource as `self`.
        add("self", value);
        add("provisioners", &Value::array(provisioners));
    }
    let what = format!("{} `{address}`", kind.unwrap_or("provisioner of"));
    Some(Unresolved {
        reason: Reason { kind: ReasonKind::Runtime, detail: format!("{what} may grant it").into() },
        what,
        when,
        arguments: all.into(),
        yields: String::new(),
        origin,
    })
}
