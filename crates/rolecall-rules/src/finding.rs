//! What rules say.

use rolecall_graph::{Mend, ResourceIndex};
use rolecall_source::{Fix, Level, Note, Span};
use rolecall_value::{Condition, Value};

use crate::SignIn;

/// Something wrong with a deployment. It has one primary place, in the template that has to change.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The rule's id.
    pub rule: String,
    /// The entry of the requirements catalogue; empty where it is about what people tell the analysis.
    pub requirement: String,
    /// How serious it is here: the rule's level, lowered as the certainty demands.
    pub level: Level,
    /// How certain it is.
    pub certainty: Certainty,
    /// When the deployment breaks.
    pub breaks_at: Option<BreaksAt>,
    /// What is wrong, with names: one line.
    pub headline: String,
    /// Why: the facts and places that make it needed; then, in lines that begin with `found: `, what was found instead.
    /// [`Finding::reasons_with_places`] writes them with the places that they name.
    pub reasons: Vec<String>,
    /// The places that the reasons name, in the order in which they are named.
    pub places: Vec<NamedPlace>,
    /// What to do, with the exact actions and the least role. One line each, without the word `do:`.
    pub remedy: Vec<String>,
    /// The error that Azure gives.
    pub azure_error: Option<String>,
    /// The canonical id of the resource that the finding is about.
    pub resource: String,
    /// The same as a person would name it.
    pub resource_name: String,
    /// The principal that it is about, as a person would name it.
    pub principal: Option<String>,
    /// The scope that it is about, canonical.
    pub scope: Option<String>,
    /// The values of open inputs under which it holds, where it does not at the point given.
    pub when: Option<String>,
    /// Where.
    pub span: Span,
    /// Other places: the hop chain, the near miss, the other side.
    pub related: Vec<Note>,
    /// How the deployment is mended, where that can be said exactly. Whoever has the texts makes `fix` of it.
    pub mend: Option<Mend>,
    /// What mends the same of other resources, such as those of another instance of the module, for which this finding stands
    /// as well.
    pub alike: Vec<Mend>,
    /// How the text is mended, where that can be said exactly.
    pub fix: Option<Fix>,
    /// Why it is not to be said: rules leave that to others.
    pub silenced: Option<Silenced>,
}

/// Why a finding is counted and not said.
#[derive(Clone, Debug, PartialEq)]
pub enum Silenced {
    /// A comment suppresses it.
    Comment {
        /// Why.
        reason: String,
        /// Where.
        span: Span,
    },
    /// It is in the baseline.
    Baseline,
}

/// A place that a reason names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamedPlace {
    /// Which of the reasons.
    pub reason: usize,
    /// Behind which byte of it the place is to be written.
    pub offset: usize,
    /// The place.
    pub span: Span,
}

impl Finding {
    /// A finding about what people tell the analysis, at the level that it has without a configuration. `subject` tells it
    /// from others of its kind in the file.
    pub fn of_upkeep(id: &str, span: Span, headline: String, subject: &str) -> Self {
        let level = crate::upkeep().iter().find(|one| one.id == id).map_or(Level::Warning, |one| one.level);
        Finding {
            rule: id.to_owned(),
            requirement: String::new(),
            level,
            certainty: Certainty::Definite,
            breaks_at: None,
            headline,
            reasons: Vec::new(),
            places: Vec::new(),
            remedy: Vec::new(),
            azure_error: None,
            resource: subject.to_owned(),
            resource_name: subject.to_owned(),
            principal: None,
            scope: None,
            when: None,
            span,
            related: Vec::new(),
            mend: None,
            fix: None,
            alike: Vec::new(),
            silenced: None,
        }
    }

    /// What stays the same while a finding stays, for baselines and code scanning. `entry` is the path of the deployment's
    /// entry, or of the file that it is about, from the root.
    pub fn fingerprint(&self, entry: &str) -> String {
        fingerprint(&[
            self.rule.as_str(),
            self.requirement.as_str(),
            entry,
            self.resource.as_str(),
            self.principal.as_deref().unwrap_or_default(),
            self.scope.as_deref().unwrap_or_default(),
        ])
    }

    /// The reasons with the places that they name, each as ` (place)` where it is named; `show` writes a place, such as
    /// `main.json:88`.
    pub fn reasons_with_places(&self, show: impl Fn(Span) -> String) -> Vec<String> {
        let mut reasons = self.reasons.clone();
        // From the back, so that offsets stay true.
        for place in self.places.iter().rev() {
            if let Some(reason) = reasons.get_mut(place.reason)
                && reason.is_char_boundary(place.offset)
            {
                reason.insert_str(place.offset, &format!(" ({})", show(place.span)));
            }
        }
        reasons
    }
}

/// A name for what these parts make up together: 32 hexadecimal digits.
pub fn fingerprint(parts: &[&str]) -> String {
    use sha2::Digest;
    let digest = sha2::Sha256::digest(parts.join("\0"));
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// How certain a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// It holds for the values given.
    Definite,
    /// It holds for other values that the parameters allow.
    Reachable,
    /// It holds unless somebody outside this deployment sees to it.
    Assumed,
}

impl Certainty {
    /// The lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            Certainty::Definite => "definite",
            Certainty::Reachable => "reachable",
            Certainty::Assumed => "assumed",
        }
    }
}

/// When a deployment breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BreaksAt {
    /// Azure refuses to create the resource.
    Create,
    /// The resource is created and fails to settle.
    Reconcile,
    /// It settles and fails at work.
    Runtime,
}

impl BreaksAt {
    /// The lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            BreaksAt::Create => "create",
            BreaksAt::Reconcile => "reconcile",
            BreaksAt::Runtime => "runtime",
        }
    }
}

/// One part of the answer to one permission question.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// The entry of the requirements catalogue.
    pub requirement: String,
    /// The canonical id of the cluster that it is needed for.
    pub cluster: String,
    /// The same as a person would name it.
    pub cluster_name: String,
    /// Who needs it, as a person would name it.
    pub principal: String,
    /// On what, canonical.
    pub scope: String,
    /// The same as a person would name it.
    pub scope_name: String,
    /// The answer.
    pub answer: QuestionAnswer,
    /// The values of open inputs under which this part of the answer holds; `None` is always.
    pub when: Option<String>,
    /// What grants it.
    pub by: Option<Span>,
    /// Where it is granted, canonical, where that is not the scope itself but what contains it.
    pub inherited_from: Option<String>,
    /// What it is about in the graph, where the principal is known.
    pub about: Option<About>,
    /// The resources that grant it, or a part of it, where it is granted.
    pub grants: Vec<ResourceIndex>,
    /// Why it is granted, missing or undecided.
    pub reason: String,
    /// A short name for the kind of reason of an undecided question, to count by.
    pub cause: Option<String>,
    /// What makes it needed.
    pub span: Span,
}

/// What a part of an answer is about, as the graph has it.
#[derive(Clone, Debug, PartialEq)]
pub struct About {
    /// Who needs the permission: a canonical principal id.
    pub principal: Value,
    /// On what: a resource id.
    pub scope: Value,
    /// When this part of the answer holds.
    pub when: Condition,
}

/// The answer to a permission question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum QuestionAnswer {
    /// Somebody grants it.
    Granted,
    /// Nobody does.
    Missing,
    /// Nobody here does, and somebody outside may.
    Assumed,
    /// It cannot be told.
    Undecided,
}

impl QuestionAnswer {
    /// The lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            QuestionAnswer::Granted => "granted",
            QuestionAnswer::Missing => "missing",
            QuestionAnswer::Assumed => "assumed",
            QuestionAnswer::Undecided => "undecided",
        }
    }
}

/// Everything that the rules say of one deployment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// Every permission question and its answers.
    pub questions: Vec<Question>,
    /// How many clusters the deployment has.
    pub clusters: usize,
    /// How people may sign in to them, in order.
    pub sign_in: Vec<SignIn>,
}
