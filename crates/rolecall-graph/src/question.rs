//! One need of one principal at one scope, weighed against every assignment that may serve.
//!
//! For each action two conditions grow: when it is granted for sure, and when it may be and nobody can tell. From them and
//! from what is not created here the four parts of the answer follow.

use rolecall_value::{Condition, Equality, Kind, Origin, Reason, ReasonKind, ResourceId, Scope, Value, contains};

use crate::answer::{Answer, Grant, Need, Obstacle};
use crate::assignments::{Assignment, AssignmentKind};
use crate::identities::{application_of, describe, identity_of};
use crate::open;
use crate::outside::{ScopeText, principal_names};
use crate::query::{Permissions, level, principal_name};
use crate::roles::{RoleRef, Verdict, under_condition};
use crate::vaults::{vault_of, vault_uses_roles};
use crate::{MadeBy, near};

/// One need for one principal at one scope.
pub(crate) struct Question<'q> {
    pub(crate) of: &'q Permissions<'q>,
    pub(crate) need: &'q Need<'q>,
    pub(crate) principal: &'q Value,
    pub(crate) scope: &'q Scope,
    pub(crate) when: &'q Condition,
    /// Which assignments count.
    pub(crate) among: &'q dyn Fn(&Assignment) -> bool,
    /// Whether scripts count of which it is known as whom they act.
    pub(crate) scripts: bool,
}

/// What is known about one action so far: two conditions, neither of them exact about the rest.
#[derive(Clone)]
struct Coverage {
    sure: Condition,
    undecided: Condition,
}

impl Question<'_> {
    pub(crate) fn answer(&self) -> Answer {
        let actions: Vec<(&str, bool)> = (self.need.actions.iter().map(|action| (action.as_str(), false)))
            .chain(self.need.data_actions.iter().map(|action| (action.as_str(), true)))
            .collect();
        let nothing = Coverage { sure: Condition::FALSE, undecided: Condition::FALSE };
        let mut coverage = vec![nothing; actions.len()];
        let mut answer = Answer::nothing();
        let mut because = Vec::new();
        let at_scope = self.of.at_scope(self.scope);
        let vault = self.vault();
        let name = principal_name(self.principal);
        for &number in &at_scope {
            if self.of.is_for_another(number, name.as_deref()) {
                continue;
            }
            self.weigh(number as usize, &actions, vault.as_ref(), &mut coverage, &mut answer);
        }
        self.weigh_outside(&actions, &mut coverage, &mut answer);
        let all = |of: &dyn Fn(&Coverage) -> Condition| {
            coverage.iter().map(of).fold(self.when.clone(), |all, one| all.and(&one))
        };
        answer.granted = all(&|one| one.sure.clone());
        let rest = self.when.and_not(&answer.granted);
        if rest.is_false() {
            answer.obstacles.clear();
            return answer;
        }
        let (hidden, outside) = self.elsewhere(&mut answer.obstacles, &mut because);
        let perhaps = all(&|one| one.sure.or(&one.undecided).or(&hidden));
        answer.undecided = rest.and(&perhaps);
        let rest = rest.and_not(&answer.undecided);
        let elsewhere = all(&|one| one.sure.or(&one.undecided).or(&hidden).or(&outside));
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
    ) {
        let assignment = &self.of.assignments[number];
        let base = self.when.and(&assignment.when);
        if base.is_false() || !(self.among)(assignment) {
            return;
        }
        let mut scope = contains(self.of.inputs(), &assignment.scope, self.scope);
        if assignment.on_node_group {
            // AKS makes the group itself, so nothing lies in it but what names it.
            scope = Equality::when(scope.equal);
        }
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
        let mut doubts: Vec<(Condition, Reason)> = Vec::new();
        let who_open = possible.and_not(&who.equal);
        if !who_open.is_false() {
            doubts.extend(self.who_open(assignment, &who_open));
        }
        let scope_open = possible.and_not(&scope.equal);
        if !scope_open.is_false() {
            let outer = assignment.scope.to_value();
            let sentence = || format!("`{}` may contain `{}`", outer.label(), self.scope.to_value().label());
            doubts.push((scope_open, open::because(&[&outer, &self.scope.to_value()], sentence)));
        }
        if assignment.many && !self.is_same_round(assignment) {
            let values = [&assignment.principal, &assignment.scope.to_value()];
            let sentence =
                || "a loop over something open decides how many assignments there are, and to whom".to_owned();
            doubts.push((possible.clone(), open::because(&values, sentence)));
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
                        Verdict::Perhaps(reason) => doubts.push((region.clone(), reason)),
                        Verdict::NotGranted => continue,
                    },
                }
                for (when, verdict) in self.under_assignment_condition(assignment, action) {
                    match verdict {
                        Verdict::Granted => {}
                        Verdict::Perhaps(reason) => doubts.push((when, reason)),
                        Verdict::NotGranted => region = region.and_not(&when),
                    }
                }
                if let Some(vault) = vault.filter(|_| data && assignment.kind == AssignmentKind::Role) {
                    region = region.and_not(&vault.different);
                    let open = vault.undecided();
                    if !open.is_false() {
                        let detail = "whether the vault decides by role assignments is open".into();
                        doubts.push((open, Reason { kind: ReasonKind::Runtime, detail }));
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
                    undecided = undecided.or(&when);
                    answer.obstacle(Obstacle {
                        when,
                        reason: why.clone(),
                        what: format!("an assignment of {}", role.name()),
                        origin: assignment.origin,
                    });
                }
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

    /// What the grants that somebody outside makes do for each action.
    fn weigh_outside(&self, actions: &[(&str, bool)], coverage: &mut [Coverage], answer: &mut Answer) {
        let outside = &self.of.deployment.outside;
        if outside.all().is_empty() {
            return;
        }
        let names = principal_names(self.principal);
        let scope = ScopeText::new(self.scope);
        for (number, grant) in outside.of(&names) {
            let place = grant.covers(&scope);
            if place == Verdict::NotGranted {
                continue;
            }
            let mut grants = false;
            for (coverage, &(action, data)) in coverage.iter_mut().zip(actions) {
                let role = grant.grants(self.of.roles(), action, data);
                match [&place, &role].into_iter().find(|verdict| **verdict != Verdict::Granted) {
                    None => {
                        coverage.sure = self.when.clone();
                        grants = true;
                    }
                    Some(Verdict::Perhaps(reason)) => {
                        coverage.undecided = self.when.clone();
                        answer.obstacle(Obstacle {
                            when: self.when.clone(),
                            reason: reason.clone(),
                            what: format!("{} granted outside", grant.role.name()),
                            origin: Origin::NONE,
                        });
                    }
                    Some(_) => {}
                }
            }
            if grants {
                answer.outside.push((number, self.when.clone()));
            }
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
    fn who_open(&self, assignment: &Assignment, open: &Condition) -> Vec<(Condition, Reason)> {
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
                    Kind::Str(_) => Reason { kind: ReasonKind::Outside, detail: sentence().into() },
                    _ => open::because(&[principal, self.principal], sentence),
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
        let principal = self.when.and_not(&self.of.identities.principal_created(self.principal).yes);
        let resource = match level(self.scope) {
            Some(id) => self.when.and_not(&self.of.identities.created(&id).yes),
            None => self.when.clone(),
        };
        let scope = self.scope.to_value();
        for (value, outside, what) in [(self.principal, &principal, "the principal"), (&scope, &resource, "the scope")]
        {
            // What is created here is known for what it is, whatever its name.
            let Some(unknown) = value.first_unknown().and_then(Value::as_unknown).filter(|_| !outside.is_false())
            else {
                continue;
            };
            hidden = hidden.or(outside);
            obstacles.push(Obstacle {
                when: outside.clone(),
                reason: unknown.reason.clone(),
                what: what.to_owned(),
                origin: value.origin(),
            });
        }
        let names = self.of.names_of(self.principal);
        let mut may_give = None;
        for (place, opening) in self.of.openings.iter().enumerate() {
            let mut when = self.when.and(&opening.when);
            if when.is_false() || !opening.reaches(self.principal, &names) {
                continue;
            }
            if opening.is_bound() {
                if !self.scripts {
                    continue;
                }
                let may_give = may_give.get_or_insert_with(|| self.of.may_give(self.scope, self.when));
                when = when.and(&may_give[place]);
                if when.is_false() {
                    continue;
                }
            }
            hidden = hidden.or(&when);
            obstacles.push(Obstacle {
                when,
                reason: opening.reason.clone(),
                what: opening.what.clone(),
                origin: opening.origin,
            });
        }
        let from = |what: String| format!("{what} is not created by this deployment");
        if !principal.is_false() {
            because.push((principal.clone(), from(describe(self.principal))));
        }
        if !resource.is_false() {
            because.push((resource.clone(), from(format!("`{}`", short_scope(self.scope)))));
        }
        (hidden, principal.or(&resource))
    }
}

impl Permissions<'_> {
    /// The texts by which the principal can be passed on: itself, the identity's id and name, and those of the cluster
    /// that it comes with.
    pub(crate) fn names_of(&self, principal: &Value) -> Vec<String> {
        let mut values = vec![principal.clone()];
        if let Some(application) = application_of(principal) {
            // Which of the service principals is the application's, their ids do not say.
            values.extend([application.clone(), Value::string("Microsoft.Graph/servicePrincipals/")]);
        }
        let mut add = |id: &ResourceId| values.extend([id.to_value(), id.name()]);
        match identity_of(principal).map(|(resource, _)| (resource, ResourceId::parse(resource))) {
            Some((_, Some(id))) => {
                add(&id);
                for (index, _) in self.identities.resources(&id) {
                    if let Some(MadeBy::Azure(cluster)) = self.deployment.resource(index).map(|own| own.made_by)
                        && let Some(cluster) = self.deployment.resource(cluster)
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
fn short_scope(scope: &Scope) -> String {
    match scope {
        Scope::Tenant => "the tenant".to_owned(),
        Scope::ManagementGroup(name) | Scope::Subscription(name) | Scope::ResourceGroup(_, name) => name.label(),
        Scope::Resource(id) => id.name().label(),
        Scope::Opaque(value) => value.label(),
    }
}
