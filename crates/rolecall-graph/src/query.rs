//! The one question: may this principal do these actions at this scope, and under which condition?
//!
//! The answer splits the condition of the need into four that exclude each other and cover it: granted, missing,
//! assumed (nothing here grants it, and somebody outside may), undecided (and what stands in the way). *Missing* is said
//! only where nothing that could not be read may hold the grant.
//!
//! What makes a permission needed is not known here.

use std::sync::OnceLock;

use rolecall_value::{
    Case, Condition, Equality, Inputs, Kind, Origin, Piece, Reason, ReasonKind, ResourceId, Scope, Symbol, Value,
    contains, equality,
};
use rustc_hash::FxHashMap;
use serde::Deserialize;

use crate::assignments::{Assignment, AssignmentKind, assignments, scopes, vault_of, vault_uses_roles};
use crate::identities::{describe, identity_of};
use crate::index::IdIndex;
use crate::near::{self, NearMiss};
use crate::open::Openness;
use crate::roles::{RoleRef, Roles, Verdict, under_condition};
use crate::{Deployment, Identities, MadeBy, ResourceIndex};

const RESOURCE_GROUPS: &str = "Microsoft.Resources/resourceGroups";

/// A permission that somebody needs.
#[derive(Clone, Copy, Debug)]
pub struct Need<'n> {
    /// Who: a principal id.
    pub principal: &'n Value,
    /// On what: the id of a resource, resource group or subscription.
    pub scope: &'n Value,
    /// Actions of the control plane, all of which are needed; they may have wildcards.
    pub actions: &'n [String],
    /// Actions on data, all of which are needed.
    pub data_actions: &'n [String],
    /// When.
    pub when: &'n Condition,
}

/// The answer to a need. The four conditions exclude each other and together are the need's; where a condition is too
/// large to reason about, all of it is undecided.
#[derive(Clone, Debug)]
pub struct Answer {
    /// When it is granted for sure.
    pub granted: Condition,
    /// What grants it, or part of it.
    pub grants: Vec<Grant>,
    /// When nobody can have granted it.
    pub missing: Condition,
    /// When nothing here grants it and somebody outside may.
    pub assumed: Condition,
    /// Why somebody outside may.
    pub assumed_because: Option<String>,
    /// When it cannot be told.
    pub undecided: Condition,
    /// What stands in the way of telling.
    pub obstacles: Vec<Obstacle>,
    /// What is there instead, the most useful first.
    pub near: Vec<NearMiss>,
}

/// An assignment that grants at least one of the actions that are needed.
#[derive(Clone, Debug)]
pub struct Grant {
    /// Its place among [`Permissions::assignments`].
    pub assignment: usize,
    /// The resource that makes it.
    pub resource: ResourceIndex,
    /// What it is.
    pub kind: AssignmentKind,
    /// The role's name.
    pub role: String,
    /// Where it is granted: the scope of the need, or one that contains it.
    pub scope: Scope,
    /// When.
    pub when: Condition,
    /// Who makes it.
    pub made_by: MadeBy,
    /// Where it is written.
    pub origin: Origin,
}

/// What stands in the way of an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Obstacle {
    /// When it does.
    pub when: Condition,
    /// Why it cannot be seen through.
    pub reason: Reason,
    /// What it is, as a person would name it.
    pub what: String,
    /// Where.
    pub origin: Origin,
}

/// Something that may grant what cannot be seen: an unread template, a script.
struct Opening {
    what: String,
    reason: Reason,
    when: Condition,
    /// What flows into it, as folded text.
    text: String,
    /// Whether something unknown flows into it, which may be anything.
    unknown: bool,
    origin: Origin,
}

/// The permissions that a deployment grants, indexed.
pub struct Permissions<'a> {
    pub(crate) deployment: &'a Deployment,
    pub(crate) identities: Identities<'a>,
    roles: Roles,
    pub(crate) assignments: Vec<Assignment>,
    by_scope: IdIndex,
    /// Assignments at scopes above resource groups, and at what could not be read.
    broad: Vec<u32>,
    pub(crate) by_principal: FxHashMap<String, Vec<u32>>,
    openings: Vec<Opening>,
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

impl<'a> Permissions<'a> {
    /// Reads the assignments and role definitions of a deployment. What AKS makes must be in it already (see
    /// [`add_managed`](crate::add_managed)).
    pub fn new(deployment: &'a Deployment) -> Self {
        let identities = Identities::new(deployment);
        let roles = Roles::new(deployment);
        let assignments = assignments(deployment, &identities, &roles);
        let mut by_scope = IdIndex::default();
        let mut broad = Vec::new();
        let mut by_principal: FxHashMap<String, Vec<u32>> = FxHashMap::default();
        for (number, assignment) in (0..).zip(&assignments) {
            match level(&assignment.scope) {
                Some(id) => by_scope.insert(&id, number),
                None => broad.push(number),
            }
            for (_, principal) in assignment.principal.alternatives() {
                by_principal.entry(principal_key(principal)).or_default().push(number);
            }
        }
        let openings = openings(deployment);
        Permissions { deployment, identities, roles, assignments, by_scope, broad, by_principal, openings }
    }

    /// The deployment.
    pub fn deployment(&self) -> &'a Deployment {
        self.deployment
    }

    /// The identities of the deployment.
    pub fn identities(&self) -> &Identities<'a> {
        &self.identities
    }

    /// The role definitions of the deployment.
    pub fn roles(&self) -> &Roles {
        &self.roles
    }

    /// The assignments of the deployment, in order of their resources.
    pub fn assignments(&self) -> &[Assignment] {
        &self.assignments
    }

    /// Answers a need.
    pub fn ask(&self, need: &Need<'_>) -> Answer {
        let mut answer = Answer::nothing();
        for (when, principal) in self.identities.canonical(need.principal).alternatives() {
            for (own, scope) in scopes(&self.identities, &Scope::Opaque(need.scope.clone())) {
                let when = need.when.and(&when).and(&own);
                if !when.is_false() {
                    let part = Question { of: self, need, principal, scope: &scope, when: &when }.answer();
                    answer.add(part);
                }
            }
        }
        answer.near.truncate(near::MAX);
        if [&answer.granted, &answer.missing, &answer.assumed, &answer.undecided].iter().any(|one| one.is_too_large()) {
            answer.give_up(need.when);
        }
        answer
    }

    /// The assignments whose scope may contain this one, in order.
    fn at_scope(&self, scope: &Scope) -> Vec<u32> {
        let mut found = self.broad.clone();
        let mut at = scope.clone();
        loop {
            let mut id = level(&at);
            if id.is_none() && matches!(at, Scope::Opaque(_)) {
                return (0..).take(self.assignments.len()).collect();
            }
            while let Some(one) = id {
                found.extend(self.by_scope.candidates(&one));
                id = if one.resource_type.is(RESOURCE_GROUPS) { None } else { one.parent() };
            }
            at = match at {
                Scope::Resource(id) => id.scope.clone(),
                _ => break,
            };
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// When two principal ids are the same. Two resources that the deployment writes under different names are two, even
    /// where the names are open parameters.
    pub(crate) fn same_principal(&self, a: &Value, b: &Value) -> Equality {
        let mut same = equality(self.inputs(), a, b, Case::Insensitive);
        if let (Some((x, p)), Some((y, q))) = (identity_of(a), identity_of(b))
            && p.eq_ignore_ascii_case(q)
            && !same.undecided().is_false()
            && let (Some(x), Some(y)) = (ResourceId::parse(x), ResourceId::parse(y))
            && self.are_two(&x, &y)
        {
            same.different = same.different.or(&same.undecided());
        }
        same
    }

    /// Whether these are the ids of two resources that the deployment itself writes.
    fn are_two(&self, a: &ResourceId, b: &ResourceId) -> bool {
        let own = |id: &ResourceId| {
            let found = self.identities.resources(id).into_iter().map(|(index, _)| index);
            let mut exact = found.filter(|index| self.deployment.resource(*index).is_some_and(|own| own.id == *id));
            exact.next()
        };
        let plain = |id: &ResourceId| id.names.iter().all(is_plain_name);
        a.resource_type == b.resource_type
            && plain(a)
            && plain(b)
            && matches!((own(a), own(b)), (Some(a), Some(b)) if a != b)
    }

    pub(crate) fn inputs(&self) -> &Inputs {
        &self.deployment.inputs
    }
}

/// Whether a name is made of text, parameters and facts about the deployment alone: computed names may coincide.
fn is_plain_name(name: &Value) -> bool {
    let plain = |value: &Value| matches!(value.as_symbol(), Some(Symbol::Input(_) | Symbol::Environment(_)));
    match name.kind() {
        Kind::Str(_) => true,
        Kind::Text(pieces) => pieces.iter().all(|piece| match piece {
            Piece::Literal(_) => true,
            Piece::Hole(value) => plain(value),
        }),
        _ => plain(name),
    }
}

pub(crate) fn principal_key(principal: &Value) -> String {
    principal.text().to_lowercase()
}

/// The id by which a scope is indexed.
fn level(scope: &Scope) -> Option<ResourceId> {
    match scope {
        Scope::Resource(id) => Some((**id).clone()),
        Scope::ResourceGroup(subscription, name) => Some(ResourceId {
            scope: Scope::Subscription(subscription.clone()),
            resource_type: RESOURCE_GROUPS.into(),
            names: vec![name.clone()],
        }),
        _ => None,
    }
}

fn openings(deployment: &Deployment) -> Vec<Opening> {
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
        let what = format!("script `{}`", resource.id.name().plain());
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

/// One need for one principal at one scope.
struct Question<'q> {
    of: &'q Permissions<'q>,
    need: &'q Need<'q>,
    principal: &'q Value,
    scope: &'q Scope,
    when: &'q Condition,
}

/// What is known about one action so far: three conditions, none of them exact about the rest.
#[derive(Clone)]
struct Coverage {
    sure: Condition,
    undecided: Condition,
    outside: Condition,
}

impl Question<'_> {
    fn answer(&self) -> Answer {
        let actions: Vec<(&str, bool)> = (self.need.actions.iter().map(|action| (action.as_str(), false)))
            .chain(self.need.data_actions.iter().map(|action| (action.as_str(), true)))
            .collect();
        let nothing = Coverage { sure: Condition::FALSE, undecided: Condition::FALSE, outside: Condition::FALSE };
        let mut coverage = vec![nothing; actions.len()];
        let mut answer = Answer::nothing();
        let mut because = Vec::new();
        let at_scope = self.of.at_scope(self.scope);
        let vault = self.vault();
        for &number in &at_scope {
            self.weigh(number as usize, &actions, vault.as_ref(), &mut coverage, &mut answer, &mut because);
        }
        let (hidden, outside) = self.elsewhere(&mut answer.obstacles, &mut because);

        let all = |of: &dyn Fn(&Coverage) -> Condition| {
            coverage.iter().map(of).fold(self.when.clone(), |all, one| all.and(&one))
        };
        answer.granted = all(&|one| one.sure.clone());
        let rest = self.when.and_not(&answer.granted);
        let perhaps = all(&|one| one.sure.or(&one.undecided).or(&hidden));
        answer.undecided = rest.and(&perhaps);
        let rest = rest.and_not(&answer.undecided);
        let elsewhere = all(&|one| one.sure.or(&one.undecided).or(&one.outside).or(&hidden).or(&outside));
        answer.assumed = rest.and(&elsewhere);
        answer.missing = rest.and_not(&answer.assumed);

        let assumed = because.into_iter().find(|(when, _)| !when.excludes(&answer.assumed));
        answer.assumed_because = assumed.map(|(_, text)| text);
        answer.obstacles.retain(|obstacle| !obstacle.when.excludes(&answer.undecided));
        answer.near = near::find(self.of, self.need, self.principal, self.scope, &at_scope, &answer);
        answer
    }

    /// What one assignment does for each action.
    fn weigh(
        &self,
        number: usize,
        actions: &[(&str, bool)],
        vault: Option<&Equality>,
        coverage: &mut [Coverage],
        answer: &mut Answer,
        because: &mut Vec<(Condition, String)>,
    ) {
        let assignment = &self.of.assignments[number];
        let base = self.when.and(&assignment.when);
        if base.is_false() {
            return;
        }
        let scope = contains(self.of.inputs(), &assignment.scope, self.scope);
        if scope.different.is_true() {
            return;
        }
        let who = self.who(assignment);
        if who.different.is_true() {
            return;
        }
        let possible = base.and_not(&scope.different).and_not(&who.different);
        if possible.is_false() {
            return;
        }
        let mut doubts: Vec<(Condition, Openness)> = Vec::new();
        let who_open = possible.and_not(&who.equal);
        if !who_open.is_false() {
            doubts.extend(self.who_open(assignment, &who_open));
        }
        let scope_open = possible.and_not(&scope.equal);
        if !scope_open.is_false() {
            let outer = assignment.scope.to_value();
            let sentence = || format!("`{}` may contain `{}`", outer.plain(), self.scope.to_value().plain());
            doubts.push((scope_open, Openness::of(&[&outer, &self.scope.to_value()], sentence)));
        }
        if assignment.many && !self.is_same_round(assignment) {
            let values = [&assignment.principal, &assignment.scope.to_value()];
            let sentence =
                || "a loop over something open decides how many assignments there are, and to whom".to_owned();
            doubts.push((possible.clone(), Openness::of(&values, sentence)));
        }
        doubts.extend(assignment.doubts.iter().map(|(when, why)| (possible.and(when), why.clone())));

        let mut grants = Condition::FALSE;
        let mut role_name = None;
        for (own, role) in &assignment.roles {
            let region = possible.and(own);
            if region.is_false() {
                continue;
            }
            for (coverage, &(action, data)) in coverage.iter_mut().zip(actions) {
                let mut region = region.clone();
                let mut doubts = doubts.clone();
                match role {
                    RoleRef::Unknown { because, .. } => doubts.push((region.clone(), because.clone())),
                    RoleRef::Role(role) => match role.grants(action, data) {
                        Verdict::Granted => {}
                        Verdict::Perhaps(reason) => doubts.push((region.clone(), Openness::Undecided(reason))),
                        Verdict::NotGranted => continue,
                    },
                }
                for (when, verdict) in self.under_assignment_condition(assignment, action) {
                    match verdict {
                        Verdict::Granted => {}
                        Verdict::Perhaps(reason) => doubts.push((when, Openness::Undecided(reason))),
                        Verdict::NotGranted => region = region.and_not(&when),
                    }
                }
                if let Some(vault) = vault.filter(|_| data && assignment.kind == AssignmentKind::Role) {
                    region = region.and_not(&vault.different);
                    let open = vault.undecided();
                    if !open.is_false() {
                        let detail = "whether the vault decides by role assignments is open".into();
                        doubts.push((open, Openness::Undecided(Reason { kind: ReasonKind::Runtime, detail })));
                    }
                }
                let mut sure = region.clone();
                let mut undecided = Condition::FALSE;
                for (when, why) in &doubts {
                    let when = region.and(when);
                    if when.is_false() {
                        continue;
                    }
                    sure = sure.and_not(&when);
                    match why {
                        Openness::Outside(text) => because.push((when, text.clone())),
                        Openness::Undecided(reason) => {
                            undecided = undecided.or(&when);
                            answer.obstacle(Obstacle {
                                when,
                                reason: reason.clone(),
                                what: format!("an assignment of {}", role.name()),
                                origin: assignment.origin,
                            });
                        }
                    }
                }
                coverage.outside = coverage.outside.or(&region.and_not(&sure).and_not(&undecided));
                coverage.undecided = coverage.undecided.or(&undecided);
                coverage.sure = coverage.sure.or(&sure);
                if !sure.is_false() {
                    grants = grants.or(&sure);
                    role_name = Some(role.name());
                }
            }
        }
        if let Some(role) = role_name {
            answer.grants.push(Grant {
                assignment: number,
                resource: assignment.resource,
                kind: assignment.kind,
                role: role.to_owned(),
                scope: assignment.scope.clone(),
                when: grants,
                made_by: assignment.made_by,
                origin: assignment.origin,
            });
        }
    }

    fn who(&self, assignment: &Assignment) -> Equality {
        let mut all = Equality::open();
        for (when, principal) in assignment.principal.alternatives() {
            let same = self.of.same_principal(principal, self.principal);
            all.equal = all.equal.or(&when.and(&same.equal));
            all.different = all.different.or(&when.and(&same.different));
        }
        all
    }

    /// Why it is open whether the assignment is for this principal, for each alternative of its own.
    fn who_open(&self, assignment: &Assignment, open: &Condition) -> Vec<(Condition, Openness)> {
        let mut out = Vec::new();
        for (when, principal) in assignment.principal.alternatives() {
            let when = open.and(&when);
            if when.is_false() {
                continue;
            }
            let sentence = || format!("{} may be {}", describe(principal), describe(self.principal));
            out.push((
                when,
                match principal.kind() {
                    // An id that somebody looked up and wrote down.
                    Kind::Str(_) => Openness::Outside(sentence()),
                    _ => Openness::of(&[principal, self.principal], sentence),
                },
            ));
        }
        out
    }

    /// Whether what is needed stands in the same round of a loop as the assignment.
    fn is_same_round(&self, assignment: &Assignment) -> bool {
        let of_loop = |value: &Value| {
            let text = value.text();
            ["[*]", "copyindex(", "cursor("].iter().any(|symbol| text.contains(symbol))
        };
        let own = [&assignment.principal, &assignment.scope.to_value()].into_iter().any(of_loop);
        let ours = of_loop(self.principal) || of_loop(&self.scope.to_value());
        own && ours
    }

    fn under_assignment_condition(&self, assignment: &Assignment, action: &str) -> Vec<(Condition, Verdict)> {
        let Some(condition) = &assignment.condition else { return Vec::new() };
        let alternatives = condition.alternatives().into_iter();
        alternatives
            .filter(|(_, value)| !value.is_null() && value.as_str() != Some(""))
            .map(|(when, value)| {
                // Attributes and set members may have holes; the actions seldom do.
                (when, under_condition(value.as_str().unwrap_or_default(), action))
            })
            .collect()
    }

    /// How the vault that the scope lies in decides, where the deployment says.
    fn vault(&self) -> Option<Equality> {
        if self.need.data_actions.is_empty() {
            return None;
        }
        let vault = vault_of(self.scope)?;
        let mut all: Option<Equality> = None;
        for (index, created) in self.of.identities.resources(&vault) {
            let Some(resource) = self.of.deployment.resource(index) else { continue };
            let (roles, _) = vault_uses_roles(self.of.deployment, resource);
            // Where this resource is not the vault, roles count.
            let same = all.get_or_insert_with(|| Equality::constant(true));
            same.different = same.different.or(&created.yes.and(&roles.different));
            same.equal = same.equal.and_not(&created.yes.and_not(&roles.equal));
        }
        all
    }

    /// When something unseen may hold the grant, and when somebody outside may.
    fn elsewhere(
        &self,
        obstacles: &mut Vec<Obstacle>,
        because: &mut Vec<(Condition, String)>,
    ) -> (Condition, Condition) {
        let mut hidden = Condition::FALSE;
        let scope = self.scope.to_value();
        for (value, what) in [(self.principal, "the principal"), (&scope, "the scope")] {
            if let Some(unknown) = value.first_unknown().and_then(Value::as_unknown) {
                hidden = self.when.clone();
                obstacles.push(Obstacle {
                    when: self.when.clone(),
                    reason: unknown.reason.clone(),
                    what: what.to_owned(),
                    origin: value.origin(),
                });
            }
        }
        let names = self.names();
        for opening in &self.of.openings {
            let when = self.when.and(&opening.when);
            if when.is_false() || !(opening.unknown || names.iter().any(|name| mentions(&opening.text, name))) {
                continue;
            }
            hidden = hidden.or(&when);
            obstacles.push(Obstacle {
                when,
                reason: opening.reason.clone(),
                what: opening.what.clone(),
                origin: opening.origin,
            });
        }
        let principal = self.when.and_not(&self.of.identities.principal_created(self.principal).yes);
        let resource = match level(self.scope) {
            Some(id) => self.when.and_not(&self.of.identities.created(&id).yes),
            None => self.when.clone(),
        };
        let from = |what: String| format!("{what} is not created by this deployment");
        if !principal.is_false() {
            because.push((principal.clone(), from(describe(self.principal))));
        }
        if !resource.is_false() {
            because.push((resource.clone(), from(format!("`{}`", short_scope(self.scope)))));
        }
        (hidden, principal.or(&resource))
    }

    /// The texts by which the principal can be passed on: itself, the identity's id and name, and those of the cluster
    /// that it comes with.
    fn names(&self) -> Vec<String> {
        let mut values = vec![self.principal.clone()];
        let mut add = |id: &ResourceId| values.extend([id.to_value(), id.name()]);
        match identity_of(self.principal).map(|(resource, _)| (resource, ResourceId::parse(resource))) {
            Some((_, Some(id))) => {
                add(&id);
                for (index, _) in self.of.identities.resources(&id) {
                    if let Some(MadeBy::Azure(cluster)) = self.of.deployment.resource(index).map(|own| own.made_by)
                        && let Some(cluster) = self.of.deployment.resource(cluster)
                    {
                        add(&cluster.id);
                    }
                }
            }
            Some((resource, None)) => values.push(resource.clone()),
            None => {}
        }
        let mut names: Vec<String> = values
            .iter()
            .map(|value| value.text().trim_matches('\'').to_lowercase())
            .filter(|name| name.len() > 1)
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// A scope by its name, as a person would say it.
pub(crate) fn short_scope(scope: &Scope) -> String {
    match scope {
        Scope::Tenant => "the tenant".to_owned(),
        Scope::ManagementGroup(name) | Scope::Subscription(name) | Scope::ResourceGroup(_, name) => name.plain(),
        Scope::Resource(id) => id.name().plain(),
        Scope::Opaque(value) => value.plain(),
    }
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

impl Answer {
    fn nothing() -> Self {
        Answer {
            granted: Condition::FALSE,
            grants: Vec::new(),
            missing: Condition::FALSE,
            assumed: Condition::FALSE,
            assumed_because: None,
            undecided: Condition::FALSE,
            obstacles: Vec::new(),
            near: Vec::new(),
        }
    }

    fn add(&mut self, part: Answer) {
        self.granted = self.granted.or(&part.granted);
        self.missing = self.missing.or(&part.missing);
        self.assumed = self.assumed.or(&part.assumed);
        self.undecided = self.undecided.or(&part.undecided);
        self.assumed_because = self.assumed_because.take().or(part.assumed_because);
        self.grants.extend(part.grants);
        self.obstacles.extend(part.obstacles);
        self.near.extend(part.near);
    }

    /// One entry for each reason and place.
    fn obstacle(&mut self, new: Obstacle) {
        let known = self
            .obstacles
            .iter_mut()
            .find(|known| known.origin == new.origin && known.reason == new.reason && known.what == new.what);
        match known {
            Some(known) => known.when = known.when.or(&new.when),
            None => self.obstacles.push(new),
        }
    }

    fn give_up(&mut self, when: &Condition) {
        (self.granted, self.missing, self.assumed) = (Condition::FALSE, Condition::FALSE, Condition::FALSE);
        self.undecided = when.clone();
        self.near.clear();
        self.obstacles.push(Obstacle {
            when: when.clone(),
            reason: Reason { kind: ReasonKind::Limit, detail: "its conditions are too many to follow".into() },
            what: "the question".to_owned(),
            origin: Origin::NONE,
        });
    }
}
