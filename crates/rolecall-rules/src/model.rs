//! What a rule's data says: the shape of `rules/<id>/rule.toml`.
//!
//! The vocabulary of triggers is fixed: a property is present, or equal to a constant, or one of some (without regard to
//! case), for each element of a path, of a resource type, all of these, any of these. What needs more is a check in Rust.
//! Unknown keys are errors, so a misspelt one cannot silently switch a requirement off.

use rolecall_source::Level;
use serde::Deserialize;

use crate::BreaksAt;

/// A rule.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its id: the name of its folder.
    pub id: String,
    /// What is wrong where it fires: one line.
    pub title: String,
    /// Its level where a finding is definite.
    pub level: RuleLevel,
    /// The version that first had it.
    pub since: String,
    /// What it is about: `network`, `private DNS`.
    pub families: Vec<String>,
    /// The languages whose definitions it reads: `arm`, `bicep`, `terraform`.
    pub languages: Vec<String>,
    /// What finds it.
    #[serde(default)]
    pub found_by: FoundBy,
    /// What a configuration can set of it.
    #[serde(default, rename = "option")]
    pub options: Vec<RuleOption>,
    /// The entries of the requirements catalogue that it claims. An element belongs to the first that fits it.
    #[serde(rename = "requirement")]
    pub requirements: Vec<Requirement>,
}

/// Something that a configuration can set of a rule: a list of texts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleOption {
    /// Its name: kebab-case.
    pub name: String,
    /// What it does: one line.
    pub says: String,
    /// Whether its texts are patterns, as those of `[[grant]]` are.
    #[serde(default)]
    pub patterns: bool,
}

/// What finds the places at which a rule's requirements are demanded, and what is wrong there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FoundBy {
    /// The engine alone, from the data.
    #[default]
    Engine,
    /// A function in `checks/` finds the places, and the engine asks the questions.
    Places,
    /// A function in `checks/` does it.
    Check,
}

/// An entry of the requirements catalogue.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    /// Its id in the catalogue: `KUB-MIO`.
    pub id: String,
    /// What it demands: one line.
    pub title: String,
    /// When a deployment breaks that does not fulfil it; absent where none does.
    pub breaks_at: Option<Breaks>,
    /// The level of its findings, where that is below what the rule's level and `breaks_at` make of it.
    pub level: Option<RuleLevel>,
    /// How well it is confirmed.
    pub confidence: Confidence,
    /// Where that is written.
    pub sources: Vec<String>,
    /// What makes it demanded.
    pub at: Vec<Subject>,
    /// Who needs to do what; absent where no role can help.
    pub need: Option<RoleNeed>,
    /// The kinds of control plane with which AKS refuses what is demanded. Without these and without a need, the place
    /// itself is what is wrong.
    #[serde(default)]
    pub refused_with: Vec<IdentityKind>,
    /// How Azure refuses, the likeliest first.
    #[serde(default)]
    pub azure: Vec<AzureError>,
    /// What a finding says.
    pub message: Message,
}

/// A place in a resource that makes a requirement demanded.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// The resource type.
    pub resource: String,
    /// Which resource is the cluster.
    #[serde(default)]
    pub cluster: ClusterIs,
    /// The path of the elements that each demand it for themselves; `when` and `scope` are then paths in an element.
    pub for_each: Option<String>,
    /// What must hold of the resource as a whole.
    pub resource_when: Option<Trigger>,
    /// What must not hold of it.
    pub resource_unless: Option<Trigger>,
    /// What must hold of the element; nothing more than that there is a scope where it is left out.
    pub when: Option<Trigger>,
    /// The path of the id of the resource that is needed, or of what is wrong; the whole resource where it is left out.
    pub scope: Option<String>,
    /// Words that may stand where the id would and name no resource, without regard to case.
    #[serde(default)]
    pub unless: Vec<String>,
}

/// Which resource is the cluster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClusterIs {
    /// The resource itself.
    #[default]
    Itself,
    /// The resource that it is a child of.
    Parent,
}

/// What must hold of a value.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "TriggerData")]
pub enum Trigger {
    /// There is something at this path.
    Present(String),
    /// What is at the path is one of the constants, without regard to case.
    OneOf(String, Vec<String>),
    /// All of these hold.
    All(Vec<Trigger>),
    /// At least one of these holds.
    Any(Vec<Trigger>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TriggerData {
    present: Option<String>,
    path: Option<String>,
    equals: Option<String>,
    one_of: Option<Vec<String>>,
    all: Option<Vec<Trigger>>,
    any: Option<Vec<Trigger>>,
}

impl TryFrom<TriggerData> for Trigger {
    type Error = &'static str;

    fn try_from(data: TriggerData) -> Result<Self, Self::Error> {
        match data {
            TriggerData { present: Some(path), path: None, equals: None, one_of: None, all: None, any: None } => {
                Ok(Trigger::Present(path))
            }
            TriggerData { path: Some(path), equals: Some(one), present: None, one_of: None, all: None, any: None } => {
                Ok(Trigger::OneOf(path, vec![one]))
            }
            TriggerData { path: Some(path), one_of: Some(some), present: None, equals: None, all: None, any: None } => {
                Ok(Trigger::OneOf(path, some))
            }
            TriggerData { all: Some(all), present: None, path: None, equals: None, one_of: None, any: None } => {
                Ok(Trigger::All(all))
            }
            TriggerData { any: Some(any), present: None, path: None, equals: None, one_of: None, all: None } => {
                Ok(Trigger::Any(any))
            }
            _ => Err("a trigger is one of: `present`; `path` with `equals`; `path` with `one_of`; `all`; `any`"),
        }
    }
}

/// Who needs to do what.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleNeed {
    /// Which identity.
    pub identity: Who,
    /// For which kinds of that identity there is the need at all; for every kind where it is left out.
    #[serde(default)]
    pub identity_kinds: Vec<IdentityKind>,
    /// The type of the resource that the scope path names.
    pub scope_type: String,
    /// The control-plane actions needed.
    pub actions: Vec<String>,
    /// The data actions needed.
    #[serde(default)]
    pub data_actions: Vec<String>,
    /// Those of the actions whose lack alone is a warning at most.
    #[serde(default)]
    pub lesser_actions: Vec<String>,
    /// The built-in role with the fewest other rights.
    pub least_role: RoleName,
    /// Other built-in roles that do.
    #[serde(default)]
    pub other_roles: Vec<RoleName>,
    /// Whether the grant must be there when the cluster is created.
    pub before_cluster: BeforeCluster,
    /// Who can give the role: `whoever owns the virtual network`.
    pub owner: String,
}

/// An identity of a cluster, or of a resource that works for one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Who {
    /// The one that the control plane runs as.
    ControlPlane,
    /// The one that the nodes pull images with.
    Kubelet,
    /// The one that AKS makes for an add-on: its path in the cluster's body, as `properties.addonProfiles.omsagent`.
    AddOn(String),
    /// The one that the resource itself has or is given which demands it.
    Own,
    /// The one that the resource which demands it is given by Azure, and names at this path once it is there.
    Answered(String),
    /// None of a cluster's: whom the role is for that is assigned at the place.
    Assignee,
}

/// A kind of identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IdentityKind {
    /// An identity that is a resource of its own.
    UserAssigned,
    /// The cluster's own.
    SystemAssigned,
    /// An application.
    ServicePrincipal,
}

/// A built-in role.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleName {
    /// Its name.
    pub name: String,
    /// Its GUID.
    pub id: String,
}

/// Whether a grant must be there when the cluster is created.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BeforeCluster {
    /// Without it the cluster is refused.
    Required,
    /// The cluster comes up, and works once it is there.
    Recommended,
    /// It can only be given once the cluster is there.
    Impossible,
}

/// How Azure refuses.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AzureError {
    /// The error code.
    pub code: String,
    /// What the message says, in our words.
    #[serde(default)]
    pub says: String,
    /// Whether only the name is known: such a code can be looked up, and findings do not name it.
    #[serde(default)]
    pub name_only: bool,
}

/// What a finding says. In braces stand `principal`, `scope`, `cluster` and `role`; `place`, in `why`, is where the need is
/// written; `value` and `expected` are what a check says stands there and should.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// What is wrong.
    pub headline: String,
    /// Why it matters, and what makes it needed.
    pub why: String,
    /// What to do, a line each.
    #[serde(rename = "do")]
    pub remedy: Vec<String>,
}

/// [`Level`] as data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RuleLevel {
    /// [`Level::Error`].
    Error,
    /// [`Level::Warning`].
    Warning,
    /// [`Level::Note`].
    Note,
}

impl RuleLevel {
    /// The level.
    pub fn level(self) -> Level {
        match self {
            RuleLevel::Error => Level::Error,
            RuleLevel::Warning => Level::Warning,
            RuleLevel::Note => Level::Note,
        }
    }
}

/// [`BreaksAt`] as data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Breaks {
    /// [`BreaksAt::Create`].
    Create,
    /// [`BreaksAt::Reconcile`].
    Reconcile,
    /// [`BreaksAt::Runtime`].
    Runtime,
}

impl Breaks {
    /// When it breaks.
    pub fn at(self) -> BreaksAt {
        match self {
            Breaks::Create => BreaksAt::Create,
            Breaks::Reconcile => BreaksAt::Reconcile,
            Breaks::Runtime => BreaksAt::Runtime,
        }
    }
}

/// How well a fact is confirmed. What is only remembered is not shipped, so there is no word for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// By Azure's documentation or source.
    Doc,
    /// By reports of users.
    Issue,
}

impl Confidence {
    /// In words.
    pub fn describe(self) -> &'static str {
        match self {
            Confidence::Doc => "confirmed by documentation or source",
            Confidence::Issue => "confirmed by reports",
        }
    }
}

impl Rule {
    /// What is wrong with the data, beyond what its types say.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if self.id.is_empty() || !self.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') {
            problems.push(format!("the id '{}' is not kebab-case without digits", self.id));
        }
        if self.requirements.is_empty() {
            problems.push("it has no [[requirement]]".to_owned());
        }
        if self.level == RuleLevel::Error && self.requirements.iter().all(|one| one.breaks_at != Some(Breaks::Create)) {
            problems.push("only what is refused at creation can be an error, and none of it is".to_owned());
        }
        for requirement in &self.requirements {
            let id = &requirement.id;
            if requirement.need.is_some() && !requirement.refused_with.is_empty() {
                problems.push(format!("{id}: what is refused whatever the roles has no need"));
            }
            if self.found_by == FoundBy::Places && requirement.need.is_none() && requirement.refused_with.is_empty() {
                problems.push(format!("{id}: places are found for a need or for `refused_with`"));
            }
            if requirement.at.is_empty() {
                problems.push(format!("{id}: it has no [[requirement.at]], so nothing demands it"));
            }
            if let Some(need) = &requirement.need {
                if need.actions.is_empty() && need.data_actions.is_empty() {
                    problems.push(format!("{id}: it needs no action"));
                }
                if let Some(stray) = need.lesser_actions.iter().find(|action| !need.actions.contains(action)) {
                    problems.push(format!("{id}: the lesser action '{stray}' is none of its actions"));
                }
            }
            for text in requirement.message.lines() {
                if let Some(stray) = stray_placeholder(text) {
                    problems.push(format!("{id}: a message has the unknown placeholder '{stray}'"));
                }
            }
        }
        problems
    }
}

impl Message {
    fn lines(&self) -> impl Iterator<Item = &str> {
        [&self.headline, &self.why].into_iter().chain(&self.remedy).map(String::as_str)
    }
}

/// The names that may stand in braces in a message.
pub(crate) const PLACEHOLDERS: [&str; 7] = ["principal", "scope", "cluster", "role", "place", "value", "expected"];

fn stray_placeholder(text: &str) -> Option<&str> {
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let end = rest[open..].find('}').map_or(rest.len(), |close| open + close + 1);
        let placeholder = &rest[open..end];
        let name = placeholder.trim_start_matches('{').trim_end_matches('}');
        if !PLACEHOLDERS.contains(&name) {
            return Some(placeholder);
        }
        rest = &rest[end..];
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trigger(json: &str) -> Result<Trigger, serde_json::Error> {
        serde_json::from_str(json)
    }

    #[test]
    fn triggers_nest() {
        let all =
            trigger(r#"{"all":[{"present":"a.b"},{"any":[{"path":"c","equals":"x"},{"path":"c","one_of":["y"]}]}]}"#);
        assert!(matches!(all, Ok(Trigger::All(parts)) if matches!(&parts[1], Trigger::Any(any) if any.len() == 2)));
    }

    #[test]
    fn a_trigger_beyond_the_vocabulary_is_an_error() {
        for json in [r#"{"not":{"present":"a"}}"#, r#"{"present":"a","equals":"b"}"#, r#"{"path":"a"}"#, "{}"] {
            assert!(trigger(json).is_err(), "{json}");
        }
    }

    #[test]
    fn placeholders_are_known_names() {
        assert_eq!(stray_placeholder("{principal} on {scope}"), None);
        assert_eq!(stray_placeholder("{principal} on {skope}"), Some("{skope}"));
        assert_eq!(stray_placeholder("an open {brace"), Some("{brace"));
    }
}
