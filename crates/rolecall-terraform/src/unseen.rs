//! What may grant what cannot be seen: scripts, templates of another language, calls of an API, provisioners.
//!
//! Which types of resources those are is data (`mappings/unseen.csv`). What they do is not known here: what flows into them
//! is kept, and whoever asks for a grant looks whether it may have come from there.

use rolecall_graph::{GrantsTo, Unresolved};
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

/// Commands of which it is known to whom they can give a role in Azure: one a row, below a heading. Where a row has options,
/// it is of the command without any other.
const COMMANDS: &str = include_str!("../mappings/commands.csv");
/// Shells, of which one runs a command as it stands.
const SHELLS: [&str; 7] = ["bash", "sh", "zsh", "/bin/bash", "/bin/sh", "pwsh", "powershell"];

/// To whom a provisioner may give a role; `None` where to nobody: everything that it runs can be read, and is known for that.
/// `label` is its kind, `given` what it is given.
pub(crate) fn grants_to(label: Option<&str>, given: &Value) -> Option<GrantsTo> {
    let interpreter = given.get("interpreter").unwrap_or_else(Value::null);
    let shell = match interpreter.as_array().and_then(|array| array.items.first()) {
        Some(first) => first.value.as_str().unwrap_or_default().to_lowercase(),
        None if interpreter.is_null() => "sh".to_owned(),
        None => String::new(),
    };
    match label {
        // It only copies; what runs the copy is a provisioner of its own.
        Some("file") => None,
        Some("local-exec") if SHELLS.contains(&&*shell) => match given.get("command") {
            Some(command) => script_grants_to(&command, matches!(&*shell, "pwsh" | "powershell")),
            None => Some(GrantsTo::Anyone),
        },
        _ => Some(GrantsTo::Anyone),
    }
}

/// To whom the commands of a shell's script may give roles, all together.
fn script_grants_to(script: &Value, power_shell: bool) -> Option<GrantsTo> {
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
        _ => return Some(GrantsTo::Anyone),
    };
    let lines = joined_lines(&text, if power_shell { '`' } else { '\\' });
    // What a command prints may be another command.
    let nested: &[&str] = if power_shell { &["("] } else { &["$(", "<(", ">(", "`"] };
    if lines.iter().any(|line| nested.iter().any(|open| line.contains(open))) {
        return Some(GrantsTo::Anyone);
    }
    let commands = lines.iter().flat_map(|line| line.split([';', '|', '&']));
    commands.map(str::trim).filter(|command| !command.is_empty()).map(command_grants_to).max().flatten()
}

/// The lines of a script, without those that are comments; one that ends with the shell's mark goes on in the next.
fn joined_lines(text: &str, mark: char) -> Vec<String> {
    let (mut lines, mut current) = (Vec::new(), String::new());
    for line in text.lines() {
        let line = line.trim();
        let (own, goes_on) = match line.strip_suffix(mark) {
            _ if line.starts_with('#') => ("", false),
            Some(own) => (own, true),
            None => (line, false),
        };
        current.push_str(own);
        if goes_on {
            current.push(' ');
        } else {
            lines.push(std::mem::take(&mut current));
        }
    }
    lines.push(current);
    lines
}

/// To whom a command may give a role.
fn command_grants_to(line: &str) -> Option<GrantsTo> {
    let fits = |name: &str, options: &str| {
        let rest = line.strip_prefix(name).filter(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '=']));
        let known = |word: &str| options.split(' ').any(|known| word.split('=').next() == Some(known));
        rest.is_some_and(|rest| {
            let mut given = rest.split_whitespace().filter(|word| word.starts_with('-'));
            options.is_empty() || given.all(known)
        })
    };
    let rows = COMMANDS.lines().skip(1).filter_map(|row| {
        let mut columns = row.split(',');
        Some((columns.next()?, columns.next()?, columns.next()?))
    });
    match rows.filter(|(name, _, options)| fits(name, options)).map(|(_, to, _)| to).next() {
        Some("nobody") => None,
        Some("made") => Some(GrantsTo::Made),
        _ => Some(GrantsTo::Anyone),
    }
}

/// What may be granted by an instance of a resource. `arguments` is what it says, `value` what it then is, and
/// `provisioners` what the scripts are given that run once it is there, each with to whom it may grant.
pub(crate) fn unseen(
    block: &ResourceBlock,
    address: &str,
    (arguments, value): (&Value, &Value),
    provisioners: Vec<(GrantsTo, Value)>,
    when: Condition,
    origin: Origin,
) -> Option<Unresolved> {
    let kind = kind_of(block);
    if kind.is_none() && provisioners.is_empty() {
        return None;
    }
    let scripts_to = provisioners.iter().map(|(to, _)| *to).max();
    let grants_to = if kind.is_some() { GrantsTo::Anyone } else { scripts_to.unwrap_or_default() };
    let mut all = Object::default();
    let mut add = |name: &str, value: &Value| all.insert(&Value::string(name), Property::from(without_sets(value)));
    add("arguments", arguments);
    if !provisioners.is_empty() {
        // A provisioner sees all of the resource as `self`.
        add("self", value);
        add("provisioners", &Value::array(provisioners.into_iter().map(|(_, given)| given)));
    }
    let what = format!("{} `{address}`", kind.unwrap_or("provisioner of"));
    Some(Unresolved {
        reason: Reason { kind: ReasonKind::Runtime, detail: format!("{what} may grant it").into() },
        what,
        when,
        arguments: all.into(),
        grants_to,
        yields: String::new(),
        origin,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_goes_on_is_one_command() {
        let to = |script: &str| script_grants_to(&Value::string(script), true);
        assert_eq!(joined_lines("az aks show --name a `\n --roles x\n", '`'), ["az aks show --name a  --roles x", ""]);
        assert_eq!(to("az aks show --name a `\n --roles x\n"), None);
        assert_eq!(to("az aks show --name a\n--roles x\n"), Some(GrantsTo::Anyone));
        assert_eq!(to("# a comment `\naz role assignment create\n"), Some(GrantsTo::Anyone));
        let holes = Value::pieces([
            Piece::Literal("az aks show --name ".into()),
            Piece::Hole(Value::environment("x")),
            Piece::Literal(" `\n --roles x\n".into()),
        ]);
        assert_eq!(script_grants_to(&holes, true), None);
    }
}
