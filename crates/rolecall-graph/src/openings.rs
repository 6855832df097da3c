//! What may grant what cannot be seen: unread templates, and scripts.
//!
//! It can grant only to whom it knows of: what flows into it decides. A script can grant only what the identities may that
//! it runs as.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use rolecall_value::{Condition, Origin, Reason, ReasonKind, ResourceId, Scope, Value};
use serde::Deserialize;

use crate::answer::Need;
use crate::identities::{SYSTEM_PRINCIPAL_ID, identity_of};
use crate::vaults::vault_of;
use crate::{ControlPlane, Deployment, GrantsTo, Identities, Permissions, ResourceIndex};

/// Something that may grant what cannot be seen.
pub(crate) struct Opening {
    pub(crate) what: String,
    pub(crate) reason: Reason,
    pub(crate) when: Condition,
    /// What flows into it, as folded text.
    text: String,
    /// Whether something unknown flows into it, which may be anything.
    unknown: bool,
    grants_to: GrantsTo,
    /// The principals that it acts as, and when; absent where it may act as anyone.
    acts_as: Option<Vec<(Condition, Value)>>,
    pub(crate) origin: Origin,
}

impl Opening {
    /// Whether all that it may act as is known.
    pub(crate) fn is_bound(&self) -> bool {
        self.acts_as.is_some()
    }

    /// Whether it may grant something to a principal that goes by these folded names: whether one of them flows into it.
    pub(crate) fn reaches(&self, principal: &Value, names: &[String]) -> bool {
        if self.grants_to == GrantsTo::Made && is_own_identity(principal) {
            return false;
        }
        self.knows(names)
    }

    /// Whether one of these folded names flows into it.
    fn knows(&self, names: &[String]) -> bool {
        self.unknown || names.iter().any(|name| mentions(&self.text, name))
    }
}

#[derive(Deserialize)]
struct ScriptFacts {
    types: Vec<String>,
    deploys: Vec<String>,
    gives: Vec<String>,
    gives_in_vaults: Vec<String>,
    acts_as_another: Vec<String>,
}

fn facts() -> Option<&'static ScriptFacts> {
    static FACTS: OnceLock<Option<ScriptFacts>> = OnceLock::new();
    FACTS.get_or_init(|| serde_json::from_str(include_str!("../data/scripts.json")).ok()).as_ref()
}

fn script_types() -> &'static [String] {
    facts().map_or(&[], |facts| &facts.types)
}

impl Permissions<'_> {
    /// When something may be made for a resource that cannot be seen: by a part that could not be read or a script, if it
    /// knows of the resource, or by a policy that deploys what is missing.
    pub fn hidden_for(&self, id: &ResourceId) -> Condition {
        let names = [id.to_value(), id.name()].map(|name| name.text().trim_matches('\'').to_lowercase());
        let parts = self.openings.iter().filter(|one| one.knows(&names)).map(|one| &one.when);
        let types = facts().into_iter().flat_map(|facts| &facts.deploys);
        let policies = types.flat_map(|name| self.deployment().of_type(name)).map(|(_, policy)| &policy.when);
        parts.chain(policies).fold(Condition::FALSE, |any, when| any.or(when))
    }

    /// When each of the openings may give a permission at a scope: one that is bound to its identities, when one of them
    /// may, or when another opening may give them that.
    pub(crate) fn may_give(&self, scope: &Scope, when: &Condition) -> Vec<Condition> {
        let Some(facts) = facts() else { return vec![Condition::TRUE; self.openings.len()] };
        let in_vaults = if vault_of(scope).is_some() { &facts.gives_in_vaults[..] } else { &[] };
        let id = scope.to_value();
        let able = |principal: &Value, action: &String| {
            let need = Need { principal, scope: &id, actions: std::slice::from_ref(action), data_actions: &[], when };
            let answer = self.ask_apart_from_scripts(&need);
            answer.granted.or(&answer.assumed).or(&answer.undecided)
        };
        let mut may: Vec<Condition> = (self.openings.iter())
            .map(|opening| match &opening.acts_as {
                None => Condition::TRUE,
                Some(principals) => principals.iter().fold(Condition::FALSE, |any, (own, principal)| {
                    let ways = facts.gives.iter().chain(in_vaults);
                    ways.fold(any, |any, action| any.or(&own.and(&able(principal, action))))
                }),
            })
            .collect();
        let names: Vec<Vec<(Value, Vec<String>)>> = (self.openings.iter())
            .map(|opening| {
                let principals = opening.acts_as.iter().flatten();
                principals.map(|(_, principal)| (principal.clone(), self.names_of(principal))).collect()
            })
            .collect();
        // Each round hands on by one step; no chain is longer than there are openings.
        for _ in 0..self.openings.len() {
            let before = may.clone();
            for (at, principals) in names.iter().enumerate() {
                for (giver, opening) in
                    self.openings.iter().enumerate().filter(|(giver, one)| *giver != at && one.is_bound())
                {
                    if principals.iter().any(|(principal, names)| opening.reaches(principal, names)) {
                        may[at] = may[at].or(&before[giver].and(&opening.when));
                    }
                }
            }
            if may == before {
                break;
            }
        }
        may
    }
}

/// The principals that a script runs as, and when; `None` where it may act as somebody else.
fn acts_as(
    deployment: &Deployment,
    identities: &Identities<'_>,
    script: ResourceIndex,
) -> Option<Vec<(Condition, Value)>> {
    let body = &deployment.resource(script)?.body;
    // What cannot be read may sign in.
    if body.first_unknown().is_some() {
        return None;
    }
    let body = body.text().to_lowercase();
    if facts()?.acts_as_another.iter().any(|word| body.contains(word.as_str())) {
        return None;
    }
    let mut principals = Vec::new();
    for (when, own) in identities.control_plane(script) {
        match own {
            ControlPlane::None => {}
            ControlPlane::Unknown(_) => return None,
            own => principals.push((when, own.principal()?.clone())),
        }
    }
    Some(principals)
}

/// All of a deployment, in order.
pub(crate) fn openings(deployment: &Deployment, identities: &Identities<'_>) -> Vec<Opening> {
    let unresolved = deployment.unresolved.iter().map(|unresolved| Opening {
        what: unresolved.what.clone(),
        reason: unresolved.reason.clone(),
        when: unresolved.when.clone(),
        text: String::new(),
        unknown: false,
        grants_to: unresolved.grants_to,
        acts_as: None,
        origin: unresolved.origin,
    });
    let scripts: Vec<_> = (deployment.enumerate())
        .filter(|(_, resource)| script_types().iter().any(|script| resource.id.resource_type.is(script)))
        .collect();
    let bodies = scripts.iter().map(|(index, resource)| {
        let what = format!("script `{}`", resource.id.name().label());
        Opening {
            reason: Reason { kind: ReasonKind::Runtime, detail: format!("{what} may grant it").into() },
            what,
            when: resource.when.clone(),
            text: String::new(),
            unknown: false,
            grants_to: GrantsTo::Anyone,
            acts_as: acts_as(deployment, identities, *index),
            origin: resource.origin,
        }
    });
    let mut all: Vec<Opening> = unresolved.chain(bodies).collect();
    let arguments = deployment.unresolved.iter().map(|unresolved| &unresolved.arguments);
    let arguments: Vec<_> = arguments.chain(scripts.iter().map(|(_, resource)| &resource.body)).collect();
    let knowledge: Vec<_> = arguments.iter().map(|value| Knowledge::new(deployment, value)).collect();
    for (place, opening) in all.iter_mut().enumerate() {
        let mut seen = BTreeSet::from([place]);
        let mut ahead = vec![place];
        while let Some(own) = ahead.pop().and_then(|at| knowledge.get(at)) {
            opening.unknown |= own.unknown;
            opening.text.push_str(&own.text);
            opening.text.push('\n');
            ahead.extend(own.from.iter().copied().filter(|from| seen.insert(*from)));
        }
    }
    all
}

/// Whether a canonical principal is the identity that a resource has of its own.
fn is_own_identity(principal: &Value) -> bool {
    identity_of(principal).is_some_and(|(_, path)| path.eq_ignore_ascii_case(SYSTEM_PRINCIPAL_ID))
}

/// What flows into something that cannot be seen.
struct Knowledge {
    /// Folded.
    text: String,
    /// Whether something flows in that may be anything.
    unknown: bool,
    /// The places of the unresolved parts out of which something flows in: that can be no more than flowed into them.
    from: Vec<usize>,
}

impl Knowledge {
    fn new(deployment: &Deployment, value: &Value) -> Self {
        let mut knowledge = Knowledge { text: value.text().to_lowercase(), unknown: false, from: Vec::new() };
        value.each_unknown(&mut |unknown| {
            let source = deployment.unresolved.iter().position(|one| comes_out_of(&unknown.text, &one.yields));
            knowledge.unknown |= source.is_none();
            knowledge.from.extend(source);
        });
        knowledge
    }
}

/// Whether an unknown value is an output of something, or a part of one.
fn comes_out_of(text: &str, yields: &str) -> bool {
    let rest = if yields.is_empty() { None } else { text.strip_prefix(yields) };
    rest.is_some_and(|rest| (rest.is_empty() || rest.starts_with(['.', '['])) && !rest.contains('('))
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
