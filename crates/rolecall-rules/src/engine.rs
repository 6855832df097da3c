//! The engine: it applies rules to a deployment, those about permissions first, since others look at their answers.
//!
//! It knows no requirement and no resource type but the cluster's: which ones there are is data.

use rolecall_graph::{Deployment, Permissions};
use rolecall_source::Span;
use rolecall_value::{Condition, Value};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::catalogue::{Entry, rules};
use crate::checks::{self, Context, Mechanism};
use crate::demand::{ByType, Demand, count_clusters, demands};
use crate::model::{IdentityKind, Requirement, RoleNeed, Rule};
use crate::permission::{self, Outcome};
use crate::sign_in::sign_in;
use crate::{Finding, Question, Report, RuleOptions, refused};

/// What rules found so far.
#[derive(Default)]
pub(crate) struct Work<'r> {
    /// What is said.
    pub report: Report,
    /// Where assignments stand that findings about missing permissions name as their cause, with the places of those
    /// findings in the report.
    pub cited: FxHashMap<Span, Vec<usize>>,
    /// The clusters with the kinds of control plane that AKS refuses there, when it does, and whether for the values given.
    pub refused: FxHashMap<(String, IdentityKind), (Condition, bool)>,
    /// Needs that are granted at least in part.
    pub granted: Vec<Granted<'r>>,
    /// Assignments that needs rest on, by their places.
    pub in_use: FxHashSet<usize>,
    /// The questions of rules that are not selected, for those that look at answers.
    pub unsaid: Vec<Question>,
    /// Permissions that are missing, still to be said.
    pub outcomes: Vec<Outcome<'r>>,
}

impl Work<'_> {
    /// The questions of all rules, for those that look at answers.
    pub(crate) fn questions(&self) -> impl Iterator<Item = &Question> {
        self.report.questions.iter().chain(&self.unsaid)
    }
}

/// A need that is granted at least in part.
pub(crate) struct Granted<'r> {
    /// What demands it.
    pub demand: Demand<'r>,
    /// What is needed.
    pub need: &'r RoleNeed,
    /// Who needs it: a principal id.
    pub principal: Value,
    /// What kind of identity that is.
    pub kind: IdentityKind,
    /// Who needs it, as a message names it.
    pub name: String,
    /// When it is granted.
    pub when: Condition,
}

/// Applies rules to a deployment, in which what AKS makes by itself must stand already. Findings and questions follow the
/// order of rules and resources.
pub fn run(deployment: &Deployment, selected: &[&Entry]) -> Report {
    run_with(deployment, selected, &RuleOptions::default())
}

/// [`run`], with what a configuration sets of the rules.
pub fn run_with(deployment: &Deployment, selected: &[&Entry], options: &RuleOptions) -> Report {
    let resources = ByType::new(deployment);
    let mut report = apply(deployment, &resources, selected, options);
    report.clusters = count_clusters(deployment, &resources);
    report.sign_in = sign_in(deployment, &resources);
    report
}

fn apply(deployment: &Deployment, resources: &ByType, selected: &[&Entry], options: &RuleOptions) -> Report {
    let mut work = Work::default();
    let concerned = |rule: &Rule| {
        let mut subjects = rule.requirements.iter().flat_map(|requirement| &requirement.at);
        subjects.any(|subject| !resources.of(&subject.resource).is_empty())
    };
    let selected: Vec<&Rule> = selected.iter().map(|entry| &entry.rule).filter(|rule| concerned(rule)).collect();
    if selected.is_empty() {
        // Most templates have no cluster, and indexing who may do what is then for nothing.
        return work.report;
    }
    let permissions = Permissions::new(deployment);
    let context = Context::new(deployment, resources, &permissions, options);
    let mechanism = |rule: &Rule| checks::of(&rule.id);
    for rule in &selected {
        match mechanism(rule) {
            Mechanism::Engine => requirements(&context, rule, demands(deployment, resources, rule), &mut work),
            Mechanism::Places(find) => {
                let places = find(&context, demands(deployment, resources, rule));
                requirements(&context, rule, places, &mut work);
            }
            Mechanism::Check(check) => check(&context, rule, &mut work),
            Mechanism::Answers(_) => {}
        }
    }
    permission::say(&context, &mut work);
    let late: Vec<_> = selected
        .iter()
        .filter_map(|rule| match mechanism(rule) {
            Mechanism::Answers(check) => Some((check, *rule)),
            _ => None,
        })
        .collect();
    if !late.is_empty() {
        // They look at the answers of all rules, selected or not.
        let is_selected = |rule: &Rule| selected.iter().any(|one| one.id == rule.id);
        let mut unsaid = Work::default();
        for rule in rules().iter().map(|entry| &entry.rule).filter(|rule| !is_selected(rule) && concerned(rule)) {
            match mechanism(rule) {
                Mechanism::Engine => {
                    requirements(&context, rule, demands(deployment, resources, rule), &mut unsaid);
                }
                Mechanism::Places(find) => {
                    let places = find(&context, demands(deployment, resources, rule));
                    requirements(&context, rule, places, &mut unsaid);
                }
                Mechanism::Check(_) | Mechanism::Answers(_) => {}
            }
        }
        work.granted.append(&mut unsaid.granted);
        work.in_use.extend(&unsaid.in_use);
        work.unsaid.append(&mut unsaid.report.questions);
        for (check, rule) in late {
            check(&context, rule, &mut work);
        }
    }
    let order: FxHashMap<&str, usize> =
        selected.iter().zip(0..).map(|(rule, place)| (rule.id.as_str(), place)).collect();
    work.report.findings.sort_by_key(|finding| order.get(finding.rule.as_str()).copied());
    work.report.findings = strongest(work.report.findings);
    work.report
}

/// What the engine does by itself: questions where there is a need, findings where there is none.
fn requirements<'r>(context: &Context<'_>, rule: &'r Rule, places: Vec<Demand<'r>>, work: &mut Work<'r>) {
    let of = |wanted: fn(&Requirement) -> bool| places.iter().filter(move |place| wanted(place.requirement));
    let with_need: Vec<_> = of(|requirement| requirement.need.is_some()).cloned().collect();
    if !with_need.is_empty() {
        permission::apply(context, rule, &with_need, work);
    }
    refused::apply(context, rule, of(|requirement| requirement.need.is_none()), work);
}

/// One finding for each cause: what stands there once for each name of a resource is said once, as certain as it gets.
fn strongest(findings: Vec<Finding>) -> Vec<Finding> {
    let mut out: Vec<Finding> = Vec::with_capacity(findings.len());
    let mut places = FxHashMap::default();
    for finding in findings {
        let key = (finding.rule.clone(), finding.span, finding.principal.clone(), finding.scope.clone());
        match places.get(&key) {
            None => {
                places.insert(key, out.len());
                out.push(finding);
            }
            Some(&place) => {
                let known: &mut Finding = &mut out[place];
                let stronger = (finding.certainty < known.certainty || finding.level > known.level)
                    // Of several that a module makes, the first by its id: their order means nothing.
                    || (finding.certainty, finding.level) == (known.certainty, known.level)
                        && finding.resource < known.resource;
                let other = if stronger { std::mem::replace(known, finding) } else { finding };
                known.alike.extend(other.mend.into_iter().chain(other.alike));
            }
        }
    }
    out
}
