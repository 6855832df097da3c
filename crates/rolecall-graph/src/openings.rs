//! What may grant what cannot be seen: unread templates, and scripts.
//!
//! It can grant only to whom it knows of: what flows into it decides.

use std::sync::OnceLock;

use rolecall_value::{Condition, Origin, Reason, ReasonKind};
use serde::Deserialize;

use crate::Deployment;

/// Something that may grant what cannot be seen.
pub(crate) struct Opening {
    pub(crate) what: String,
    pub(crate) reason: Reason,
    pub(crate) when: Condition,
    /// What flows into it, as folded text.
    text: String,
    /// Whether something unknown flows into it, which may be anything.
    unknown: bool,
    pub(crate) origin: Origin,
}

impl Opening {
    /// Whether one of these folded names flows into it.
    pub(crate) fn knows(&self, names: &[String]) -> bool {
        self.unknown || names.iter().any(|name| mentions(&self.text, name))
    }
}

#[derive(Deserialize)]
struct ScriptFacts {
    types: Vec<String>,
}

fn script_types() -> &'static [String] {
    static FACTS: OnceLock<Vec<String>> = OnceLock::new();
    FACTS.get_or_init(|| {
        serde_json::from_str::<ScriptFacts>(include_str!("../data/scripts.json"))
            .map_or_else(|_| Vec::new(), |facts| facts.types)
    })
}

/// All of a deployment, in order.
pub(crate) fn openings(deployment: &Deployment) -> Vec<Opening> {
    let unresolved = deployment.unresolved.iter().map(|unresolved| Opening {
        what: unresolved.what.clone(),
        reason: unresolved.reason.clone(),
        when: unresolved.when.clone(),
        text: unresolved.arguments.text().to_lowercase(),
        unknown: unresolved.arguments.first_unknown().is_some(),
        origin: unresolved.origin,
    });
    let scripts = deployment
        .resources
        .iter()
        .filter(|resource| script_types().iter().any(|script| resource.id.resource_type.is(script)));
    let scripts = scripts.map(|resource| {
        let what = format!("script `{}`", resource.id.name().label());
        Opening {
            reason: Reason { kind: ReasonKind::Runtime, detail: format!("{what} may grant it").into() },
            what,
            when: resource.when.clone(),
            text: resource.body.text().to_lowercase(),
            unknown: resource.body.first_unknown().is_some(),
            origin: resource.origin,
        }
    });
    unresolved.chain(scripts).collect()
}

/// Whether a text has a name in it that is no part of a longer word.
fn mentions(text: &str, name: &str) -> bool {
    let word = |character: Option<char>| character.is_some_and(|c| c.is_alphanumeric() || c == '-' || c == '_');
    let (first, last) = (name.chars().next(), name.chars().next_back());
    text.match_indices(name).any(|(at, _)| {
        let before = word(first) && word(text[..at].chars().next_back());
        let after = word(last) && word(text[at + name.len()..].chars().next());
        !before && !after
    })
}
