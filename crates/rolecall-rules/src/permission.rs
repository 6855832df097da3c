//! Requirements with a need: it is asked for each demand whether who needs it is granted it, and said what follows.
//!
//! It knows no requirement and no resource type: which ones there are is data.

use rolecall_graph::{Answer, ControlPlane, Deployment, Kubelet, Need, Permissions, ResourceIndex};
use rolecall_value::{Condition, Origin, Reason, ReasonKind, Scope, Value};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::checks::Context;
use crate::demand::{Demand, partial_update};
use crate::engine::{Granted, Work};
use crate::findings::{Case, finding, question, undecided};
use crate::model::{IdentityKind, RoleNeed, Rule, Who};
use crate::outcome::{Missing, say_assumed, say_missing};
use crate::settle::{self, Settled, settle};
use crate::{About, Certainty, Finding, Question, QuestionAnswer, Report, words};

const RESOURCE_GROUPS: &str = "Microsoft.Resources/resourceGroups";

/// A need: what one identity needs on one resource, for one cluster.
struct Group<'d, 'r> {
    need: &'r RoleNeed,
    demands: Vec<&'d Demand<'r>>,
    who: Identity,
    when: Condition,
}

/// Whose need it is.
#[derive(Clone)]
enum Identity {
    /// This principal's.
    Principal(IdentityKind, Value),
    /// That of a cluster that is not created here.
    Outside(String),
    /// It cannot be told.
    Unknown(Reason, String),
}

impl Identity {
    fn name(&self, context: &Context<'_>) -> String {
        match self {
            Identity::Principal(_, principal) => context.permissions.identities().describe(principal),
            Identity::Outside(name) | Identity::Unknown(_, name) => name.clone(),
        }
    }

    /// What tells it from others.
    fn key(&self) -> String {
        match self {
            Identity::Principal(_, principal) => principal.text().to_lowercase(),
            Identity::Outside(name) => format!("outside {name}"),
            Identity::Unknown(reason, name) => format!("unknown {name}: {reason}"),
        }
    }
}

/// Asks what the demands of a rule need, each of which has a need. What is missing is said later, by [`say`]: only when all
/// rules have asked is it known which assignments are of use.
pub(crate) fn apply<'r>(context: &Context<'_>, rule: &'r Rule, all: &[Demand<'r>], work: &mut Work<'r>) {
    let report = &mut work.report;
    let groups = groups(context, all);
    let mut missing = Outcomes::default();
    let mut assumed = Outcomes::default();
    for group in &groups {
        let Some(first) = group.demands.first() else { continue };
        let name = group.who.name(context);
        let case = Case { principal: &name, others: &group.demands[1..], ..Case::new(first) };
        let asked = report.questions.len();
        match &group.who {
            Identity::Unknown(reason, _) => {
                report.questions.push(undecided(&case, reason.to_string(), reason.kind.name()));
            }
            Identity::Outside(_) => {
                let because =
                    format!("cluster {} is not created by this deployment", words::resource_id(&first.cluster));
                if ask_part(context, &case, &group.when, QuestionAnswer::Assumed, &because, report) {
                    assumed.add(rule, group, &group.when, None, Some(because));
                }
            }
            Identity::Principal(kind, principal) => {
                let (answer, lesser) = ask(context.permissions, group, principal, &first.scope);
                work.in_use.extend(answer.grants.iter().map(|grant| grant.assignment));
                granted(context, &case, &answer, report);
                if !answer.granted.is_false() {
                    work.granted.push(Granted {
                        demand: (**first).clone(),
                        need: group.need,
                        principal: principal.clone(),
                        kind: *kind,
                        name: name.clone(),
                        when: answer.granted.clone(),
                    });
                }
                let nobody = "no assignment of this deployment grants it";
                if ask_part(context, &case, &answer.missing, QuestionAnswer::Missing, nobody, report) {
                    missing.add(rule, group, &answer.missing.and_not(&lesser), Some((&answer, false)), None);
                    missing.add(rule, group, &answer.missing.and(&lesser), Some((&answer, true)), None);
                }
                let because =
                    answer.assumed_because.clone().unwrap_or_else(|| "somebody outside may grant it".to_owned());
                if ask_part(context, &case, &answer.assumed, QuestionAnswer::Assumed, &because, report) {
                    assumed.add(rule, group, &answer.assumed, Some((&answer, false)), Some(because));
                }
                cannot_tell(context, &case, &answer, report);
                for row in &mut report.questions[asked..] {
                    let when = match row.answer {
                        QuestionAnswer::Granted => &answer.granted,
                        QuestionAnswer::Missing => &answer.missing,
                        QuestionAnswer::Assumed => &answer.assumed,
                        QuestionAnswer::Undecided => &answer.undecided,
                    };
                    let (principal, scope) = (principal.clone(), first.scope.clone());
                    row.about = Some(About { principal, scope, when: when.clone() });
                }
            }
        }
    }
    work.outcomes.extend(missing.0.into_iter().chain(assumed.0));
}

/// Says what is missing, once all rules have asked.
pub(crate) fn say(context: &Context<'_>, work: &mut Work<'_>) {
    for outcome in std::mem::take(&mut work.outcomes) {
        if outcome.is_moot(&work.refused) {
            continue;
        }
        let Some((finding, near)) = said(context, outcome, &work.in_use) else { continue };
        if finding.certainty != Certainty::Assumed {
            let place = work.report.findings.len();
            for span in near.into_iter().filter_map(|origin| context.deployment.origins.span(origin)) {
                work.cited.entry(span).or_default().push(place);
            }
        }
        work.report.findings.push(finding);
    }
}

/// Findings to be: one for each cluster, identity and resource, whichever requirements of the rule demand it.
#[derive(Default)]
struct Outcomes<'r>(Vec<Outcome<'r>>, FxHashMap<(String, String, String, bool), usize>);

/// A permission that one identity lacks on one resource.
pub(crate) struct Outcome<'r> {
    rule: &'r Rule,
    who: Identity,
    lesser: bool,
    parts: Vec<Part<'r>>,
}

/// What one requirement demands of it.
struct Part<'r> {
    need: &'r RoleNeed,
    demands: Vec<Demand<'r>>,
    when: Condition,
    answer: Option<Answer>,
    because: Option<String>,
}

impl<'r> Outcomes<'r> {
    fn add(
        &mut self,
        rule: &'r Rule,
        group: &Group<'_, 'r>,
        when: &Condition,
        answer: Option<(&Answer, bool)>,
        because: Option<String>,
    ) {
        let Some(first) = group.demands.first().filter(|_| !when.is_false()) else { return };
        let lesser = answer.is_some_and(|(_, lesser)| lesser);
        let key = (first.cluster.to_value().text(), group.who.key(), first.scope.text().to_lowercase(), lesser);
        let place = *self.1.entry(key).or_insert(self.0.len());
        let part = Part {
            need: group.need,
            demands: group.demands.iter().map(|demand| (*demand).clone()).collect(),
            when: when.clone(),
            answer: answer.map(|(answer, _)| answer.clone()),
            because,
        };
        match self.0.get_mut(place) {
            Some(known) => known.parts.push(part),
            None => self.0.push(Outcome { rule, who: group.who.clone(), lesser, parts: vec![part] }),
        }
    }
}

impl<'r> Outcome<'r> {
    /// Whether it is about an identity that the cluster cannot have, so that what it lacks is nothing to mend.
    fn is_moot(&self, refused: &FxHashMap<(String, IdentityKind), (Condition, bool)>) -> bool {
        let Identity::Principal(kind, _) = &self.who else { return false };
        let of_control_plane = self.parts.iter().all(|part| part.need.identity == Who::ControlPlane);
        let cluster = self.parts.first().and_then(|part| part.demands.first()).map(|demand| &demand.cluster);
        let known = cluster.and_then(|id| refused.get(&(id.to_value().text(), *kind)));
        of_control_plane
            && known.is_some_and(|(when, definite)| {
                *definite || self.parts.iter().all(|part| part.when.and_not(when).is_false())
            })
    }

    /// The part that speaks for all, its condition and what can be said of that: of those that hold for the values given
    /// the most serious. Where only all of them together always hold, the least serious is what is certain.
    fn speaker(&self, deployment: &Deployment) -> Option<(usize, Condition, Settled)> {
        let level = |part: &Part<'_>| {
            let of = |demand: &Demand<'_>| {
                settle::level(self.rule, demand.requirement, self.lesser, demand.level, Certainty::Definite)
            };
            part.demands.iter().map(of).max()
        };
        let settled: Vec<_> = self.parts.iter().map(|part| settle(deployment, &part.when)).collect();
        // The first of equals.
        let most = |wanted: fn(&Settled) -> bool| {
            let those = (0..self.parts.len()).rev().filter(|place| wanted(&settled[*place]));
            those.max_by_key(|place| level(&self.parts[*place]))
        };
        if let Some(place) = most(|settled| *settled == Settled::Definite) {
            return Some((place, self.parts[place].when.clone(), Settled::Definite));
        }
        let all = self.parts.iter().fold(Condition::FALSE, |all, part| all.or(&part.when));
        if settle(deployment, &all) == Settled::Definite {
            let place = (0..self.parts.len()).min_by_key(|place| level(&self.parts[*place]))?;
            return Some((place, all, Settled::Definite));
        }
        let place = most(|settled| matches!(settled, Settled::Reachable(_)))?;
        Some((place, self.parts[place].when.clone(), settle(deployment, &self.parts[place].when)))
    }
}

/// The finding of an outcome, and where the near misses stand that it names; none where its condition leaves open whether
/// it is ever so.
fn said(context: &Context<'_>, mut outcome: Outcome<'_>, in_use: &FxHashSet<usize>) -> Option<(Finding, Vec<Origin>)> {
    let Deployment { inputs, point, .. } = context.deployment;
    let (place, condition, settled) = outcome.speaker(context.deployment)?;
    let mut speaker = outcome.parts.remove(place);
    // Of the places that demand it the first that does for the values given.
    if let Some(place) = speaker.demands.iter().position(|demand| inputs.at(&demand.when, point).is_true()) {
        speaker.demands[..=place].rotate_right(1);
    }
    let (first, others) = speaker.demands.split_first()?;
    let others: Vec<_> = others.iter().chain(outcome.parts.iter().flat_map(|part| &part.demands)).collect();
    let need = speaker.need;
    let name = outcome.who.name(context);
    let case = Case { principal: &name, others: &others, ..Case::new(first) };
    let (mut certainty, mut when) = match settled {
        Settled::Never | Settled::CannotTell { .. } => return None,
        Settled::Definite => (Certainty::Definite, None),
        Settled::Reachable(values) => (Certainty::Reachable, Some(values)),
    };
    if context.deployment.resource(first.resource).is_some_and(|resource| resource.many) && when.is_none() {
        certainty = Certainty::Reachable;
        when = Some("the loop that makes the cluster runs".to_owned());
    }
    if speaker.because.is_some() {
        certainty = Certainty::Assumed;
    }
    let mut finding = finding(context.deployment, outcome.rule, &case, outcome.lesser, (certainty, when));
    if outcome.lesser {
        let scope = words::resource(&first.scope);
        finding.headline = format!("{name} lacks {} on {scope}", need.lesser_actions.join(" and "));
        finding.reasons.push("whether Azure insists on that is not confirmed".to_owned());
    }
    let principal = match &outcome.who {
        Identity::Principal(_, principal) => Some(principal),
        _ => None,
    };
    let near = speaker.answer.as_ref().map_or(&[][..], |answer| &answer.near);
    let missing = Missing { need, demand: first, principal, name: &name, when: &condition, near, in_use };
    match &speaker.because {
        Some(because) => say_assumed(context, &missing, because, &mut finding),
        None => say_missing(context, &missing, &mut finding),
    }
    Some((finding, near.iter().map(|near| near.origin).collect()))
}

/// Demands of one requirement by cluster, identity and scope, in order.
fn groups<'d, 'r>(context: &Context<'_>, all: &'d [Demand<'r>]) -> Vec<Group<'d, 'r>> {
    let mut groups: Vec<Group<'d, 'r>> = Vec::new();
    let mut places: FxHashMap<(&str, String, String, String), usize> = FxHashMap::default();
    for demand in all {
        let Some(need) = &demand.requirement.need else { continue };
        let cluster = demand.cluster.to_value().text();
        let scope = demand.scope.text().to_lowercase();
        for (when, who) in identities(context, demand, need) {
            let when = demand.when.and(&when);
            if when.is_false() {
                continue;
            }
            let who = unreadable(&demand.scope, need)
                .map_or(who.clone(), |reason| Identity::Unknown(reason, who.name(context)));
            let key = (demand.requirement.id.as_str(), cluster.clone(), who.key(), scope.clone());
            let place = *places.entry(key).or_insert(groups.len());
            match groups.get_mut(place) {
                Some(group) => {
                    group.when = group.when.or(&when);
                    group.demands.push(demand);
                }
                None => groups.push(Group { need, demands: vec![demand], who, when }),
            }
        }
    }
    groups
}

/// Why a scope is nothing that can be asked about: an id of another type, or no id at all.
fn unreadable(scope: &Value, need: &RoleNeed) -> Option<Reason> {
    let invalid = |detail: String| Some(Reason { kind: ReasonKind::Invalid, detail: detail.into() });
    if need.scope_type.eq_ignore_ascii_case(RESOURCE_GROUPS) && matches!(Scope::parse(scope), Scope::ResourceGroup(..))
    {
        return None;
    }
    match rolecall_value::ResourceId::parse(scope) {
        Some(id) if id.resource_type.is(&need.scope_type) => None,
        Some(id) => invalid(format!("the id is one of {}, not of {}", id.resource_type, need.scope_type)),
        None if scope.as_str().is_some() => invalid(format!("`{}` is no resource id", scope.plain())),
        None => None,
    }
}

/// The identities that a need is for, under conditions. Kinds that do not have the need are left out.
fn identities(context: &Context<'_>, demand: &Demand<'_>, need: &RoleNeed) -> Vec<(Condition, Identity)> {
    let deployment = context.deployment;
    let known = context.permissions.identities();
    let cluster = words::resource_id(&demand.cluster);
    let own = || deployment.resource(demand.resource).map(|resource| words::resource_id(&resource.id));
    let name = match &need.identity {
        Who::ControlPlane => format!("the control-plane identity of {cluster}"),
        Who::Kubelet => format!("the kubelet identity of {cluster}"),
        Who::AddOn(path) => {
            format!("the {} identity of {cluster}", path.rsplit('.').next().unwrap_or_default())
        }
        Who::Own | Who::Answered(_) => format!("the identity of {}", own().unwrap_or_default()),
        Who::Assignee => "whom the role is for".to_owned(),
    };
    let (mut holders, mut rest) = (Vec::new(), Condition::TRUE);
    let is_its_own = matches!(need.identity, Who::Own | Who::Answered(_) | Who::Assignee);
    match deployment.resource(demand.resource) {
        Some(resource) if is_its_own || resource.id == demand.cluster => {
            holders.push((demand.resource, Condition::TRUE));
            rest = Condition::FALSE;
        }
        _ => {
            for (index, created) in known.resources(&demand.cluster) {
                let Some(resource) = deployment.resource(index) else { continue };
                // A cluster that this only changes says nothing of its identity.
                let own = created.yes.and_not(&partial_update(deployment, resource));
                holders.push((index, rest.and(&own)));
                rest = rest.and_not(&own);
            }
        }
    }
    let mut out = Vec::new();
    for (index, own) in holders {
        for (when, principal) in principals(context, need, index) {
            let who = match principal {
                Ok((kind, _)) if !need.identity_kinds.is_empty() && !need.identity_kinds.contains(&kind) => continue,
                Ok((kind, principal)) => Identity::Principal(kind, principal),
                Err(reason) => Identity::Unknown(reason, name.clone()),
            };
            out.push((own.and(&when), who));
        }
    }
    out.push((rest, Identity::Outside(name)));
    out
}

/// The kind and principal id of an identity, or why they are not known.
type Holder = Result<(IdentityKind, Value), Reason>;

/// The holders of one resource that a need is for.
fn principals(context: &Context<'_>, need: &RoleNeed, resource: ResourceIndex) -> Vec<(Condition, Holder)> {
    let known = context.permissions.identities();
    match &need.identity {
        Who::ControlPlane | Who::Own => {
            let planes = known.control_plane(resource).into_iter();
            planes.filter_map(|(when, plane)| Some((when, of_plane(plane)?))).collect()
        }
        Who::Kubelet => {
            let kubelets = known.kubelet(resource).into_iter();
            kubelets.map(|(when, kubelet)| (when, of_kubelet(kubelet))).collect()
        }
        Who::AddOn(path) => {
            let (made, open) = known.add_on(resource, path);
            let mut out: Vec<_> =
                made.into_iter().map(|(when, principal)| (when, Ok((IdentityKind::UserAssigned, principal)))).collect();
            let detail = "the node resource group is not known".into();
            out.push((open, Err(Reason { kind: ReasonKind::Runtime, detail })));
            out
        }
        Who::Answered(path) => {
            let Some(own) = context.deployment.resource(resource) else { return Vec::new() };
            let principal = known.canonical(&Value::attribute(own.id.to_value(), path.as_str())).or_origin(own.origin);
            vec![(own.when.clone(), Ok((IdentityKind::SystemAssigned, principal)))]
        }
        // Of which kind whoever has a role is, nobody asks.
        Who::Assignee => {
            let here = context.permissions.made_by(resource).iter();
            here.flat_map(|one| one.principal.alternatives())
                .filter(|(_, principal)| !principal.is_null() && principal.as_str() != Some(""))
                .map(|(when, principal)| (when, Ok((IdentityKind::UserAssigned, principal.clone()))))
                .collect()
        }
    }
}

/// What the control plane runs as. Of a cluster that names nothing there is nothing to ask: that it does is a finding.
fn of_plane(plane: ControlPlane) -> Option<Holder> {
    match plane {
        ControlPlane::SystemAssigned { principal } => Some(Ok((IdentityKind::SystemAssigned, principal))),
        ControlPlane::UserAssigned { principal, .. } => Some(Ok((IdentityKind::UserAssigned, principal))),
        ControlPlane::ServicePrincipal { principal, .. } => Some(Ok((IdentityKind::ServicePrincipal, principal))),
        ControlPlane::None => None,
        ControlPlane::Unknown(reason) => Some(Err(reason)),
    }
}

fn of_kubelet(kubelet: Kubelet) -> Holder {
    match kubelet {
        Kubelet::Brought { principal, .. } | Kubelet::Made { principal, .. } => {
            Ok((IdentityKind::UserAssigned, principal))
        }
        Kubelet::ServicePrincipal { principal, .. } => Ok((IdentityKind::ServicePrincipal, principal)),
        Kubelet::Unknown(reason) => Err(reason),
    }
}

/// The answer to a group's need, and when no more than the lesser actions are missing.
fn ask(permissions: &Permissions<'_>, group: &Group<'_, '_>, principal: &Value, scope: &Value) -> (Answer, Condition) {
    let need = group.need;
    let question = |actions: &[String]| {
        permissions.ask(&Need { principal, scope, actions, data_actions: &need.data_actions, when: &group.when })
    };
    let answer = question(&need.actions);
    if need.lesser_actions.is_empty() || answer.missing.is_false() {
        return (answer, Condition::FALSE);
    }
    let greater: Vec<_> = need.actions.iter().filter(|action| !need.lesser_actions.contains(action)).cloned().collect();
    let lesser = question(&greater).missing.not();
    (answer, lesser)
}

/// Adds the row of a part of an answer. Whether the part is more than a test that nobody can decide.
fn ask_part(
    context: &Context<'_>,
    case: &Case<'_>,
    condition: &Condition,
    answer: QuestionAnswer,
    reason: &str,
    report: &mut Report,
) -> bool {
    match settle(context.deployment, condition) {
        Settled::Never => return false,
        Settled::CannotTell { reason, cause } => {
            report.questions.push(undecided(case, reason, cause));
            return false;
        }
        Settled::Definite => report.questions.push(question(case, answer, reason.to_owned())),
        Settled::Reachable(values) => {
            report.questions.push(Question { when: Some(values), ..question(case, answer, reason.to_owned()) });
        }
    }
    true
}

fn granted(context: &Context<'_>, case: &Case<'_>, answer: &Answer, report: &mut Report) {
    if answer.granted.is_false() {
        return;
    }
    let grant = answer.grants.iter().find(|grant| !grant.when.excludes(&answer.granted));
    if grant.is_none()
        && let Some(grant) =
            answer.outside.first().and_then(|(number, _)| context.deployment.outside.all().get(*number))
    {
        report.questions.push(Question {
            when: settle::when(context.deployment, &answer.granted),
            by: Some(grant.span),
            ..question(case, QuestionAnswer::Granted, grant.says())
        });
        return;
    }
    let reason = grant.map_or_else(
        || "it is granted".to_owned(),
        |grant| {
            let scope = words::resource(&grant.scope.to_value());
            match grant.made_by {
                rolecall_graph::MadeBy::Template => format!("{} on {scope}", grant.role),
                rolecall_graph::MadeBy::Azure(_) => format!("{} on {scope}, which Azure itself assigns", grant.role),
            }
        },
    );
    let at_scope = |grant: &&rolecall_graph::Grant| {
        let scopes = [&grant.scope.to_value(), &case.demand.scope].map(|scope| scope.text().to_lowercase());
        scopes[0] == scopes[1]
    };
    let above = grant.filter(|grant| !at_scope(grant)).map(|grant| grant.scope.to_value().plain());
    report.questions.push(Question {
        when: settle::when(context.deployment, &answer.granted),
        inherited_from: above,
        by: grant.and_then(|grant| context.deployment.origins.span(grant.origin)),
        grants: answer.grants.iter().map(|grant| grant.resource).collect(),
        ..question(case, QuestionAnswer::Granted, reason)
    });
}

fn cannot_tell(context: &Context<'_>, case: &Case<'_>, answer: &Answer, report: &mut Report) {
    if answer.undecided.is_false() {
        return;
    }
    let (reason, cause) = match answer.obstacles.first() {
        Some(obstacle) => (format!("{}: {}", obstacle.what, obstacle.reason), obstacle.reason.kind),
        None => ("the conditions are too many to be followed".to_owned(), ReasonKind::Limit),
    };
    let when = settle::when(context.deployment, &answer.undecided);
    report.questions.push(Question { when, ..undecided(case, reason, cause.name()) });
}
