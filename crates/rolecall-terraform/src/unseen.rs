//! What may grant what cannot be seen: scripts, templates of another language, calls of an API, provisioners.
//!
//! Which types of resources those are is data (`mappings/unseen.csv`). What they do is not known here: what flows into them
//! is kept, and whoever asks for a grant looks whether it may have come from there.

use rolecall_graph::Unresolved;
use rolecall_value::{Condition, Kind, Object, Origin, Piece, Property, Reason, ReasonKind, Value};

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

/// Commands that give nobody a role in Azure, whatever their arguments: one a row, below a heading.
const HARMLESS: &str = include_str!("../mappings/harmless.csv");
/// Shells, of which one runs a command as it stands.
const SHELLS: [&str; 7] = ["bash", "sh", "zsh", "/bin/bash", "/bin/sh", "pwsh", "PowerShell"];

/// Whether a provisioner can give nobody a role: everything that it runs can be read, and is known for that. `label` is its
/// kind, `given` what it is given.
pub(crate) fn is_harmless(label: Option<&str>, given: &Value) -> bool {
    let interpreter = given.get("interpreter").unwrap_or_else(Value::null);
    let shell = match interpreter.as_array().and_then(|array| array.items.first()) {
        Some(first) => first.value.as_str().is_some_and(|name| SHELLS.contains(&name)),
        None => interpreter.is_null(),
    };
    match label {
        // It only copies; what runs the copy is a provisioner of its own.
        Some("file") => true,
        Some("local-exec") => shell && given.get("command").is_some_and(|command| runs_only_harmless(&command)),
        _ => false,
    }
}

/// Whether a shell's script runs nothing but commands that give nobody a role.
fn runs_only_harmless(script: &Value) -> bool {
    /// What stands for a value that is known only later: no part of a command's name.
    const HOLE: char = '\u{fffc}';
    let text = match script.kind() {
        Kind::Str(text) => text.to_string(),
        Kind::Text(pieces) => pieces
            .iter()
            .map(|piece| match piece {
                Piece::Literal(text) => text.to_string(),
                Piece::Hole(_) => HOLE.to_string(),
            })
            .collect(),
        _ => return false,
    };
    // What a command prints may be another command.
    if text.contains("$(") || text.contains('`') {
        return false;
    }
    let text = text.replace("\\\r\n", " ").replace("\\\n", " ");
    text.split(['\n', ';', '|', '&']).map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).all(
        |line| {
            HARMLESS.lines().skip(1).any(|command| {
                line.strip_prefix(command).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '=']))
            })
        },
    )
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
