//! Which places of a deployment demand what: requirements applied to resources.

use rolecall_graph::{CLUSTERS, Deployment, MadeBy, Resource, ResourceIndex};
use rolecall_source::Span;
use rolecall_value::{Condition, Found, ResourceId, Value, walk};
use rustc_hash::FxHashMap;

use crate::model::{ClusterIs, Requirement, Rule, RuleLevel, Subject};
use crate::trigger;

/// A place that demands a requirement.
#[derive(Clone, Debug)]
pub(crate) struct Demand<'r> {
    /// The requirement.
    pub requirement: &'r Requirement,
    /// The id of the cluster.
    pub cluster: ResourceId,
    /// The resource in which the place is.
    pub resource: ResourceIndex,
    /// The id of what is needed, or what is wrong: neither conditional nor empty.
    pub scope: Value,
    /// When it is demanded.
    pub when: Condition,
    /// Where.
    pub span: Span,
    /// The level of findings, where it is below the requirement's.
    pub level: Option<RuleLevel>,
}

/// The resources of a deployment by type.
pub(crate) struct ByType(FxHashMap<String, Vec<ResourceIndex>>);

impl ByType {
    /// Indexes the resources that templates make.
    pub(crate) fn new(deployment: &Deployment) -> Self {
        let mut types: FxHashMap<String, Vec<ResourceIndex>> = FxHashMap::default();
        for (index, resource) in deployment.enumerate() {
            if resource.made_by == MadeBy::Template && !resource.when.is_false() {
                types.entry(resource.id.resource_type.folded()).or_default().push(index);
            }
        }
        ByType(types)
    }

    /// The resources of a type.
    pub(crate) fn of(&self, resource_type: &str) -> &[ResourceIndex] {
        self.0.get(&resource_type.to_ascii_lowercase()).map_or(&[], Vec::as_slice)
    }
}

/// Everything that demands a requirement of the rule. A place belongs to the first requirement that fits it.
pub(crate) fn demands<'r>(deployment: &Deployment, resources: &ByType, rule: &'r Rule) -> Vec<Demand<'r>> {
    let mut out = Vec::new();
    let mut taken: FxHashMap<(ResourceIndex, &str, usize, &str), Condition> = FxHashMap::default();
    for requirement in &rule.requirements {
        for subject in &requirement.at {
            let each = subject.for_each.as_deref().unwrap_or_default();
            let path = subject.scope.as_deref().unwrap_or_default();
            let claim = |index, number, when: Condition, found: &[Found]| {
                if !found.is_empty() && found.iter().all(|one| is_for_another(rule, requirement, &one.value)) {
                    return Condition::FALSE;
                }
                let taken = taken.entry((index, each, number, path)).or_insert(Condition::FALSE);
                let mine = when.and_not(taken);
                *taken = taken.or(&when);
                mine
            };
            for Place { cluster, resource: index, scope, when } in places(deployment, resources, subject, claim) {
                let Some(resource) = deployment.resource(index) else { continue };
                let span = span_of(deployment, &scope, resource);
                out.push(Demand { requirement, cluster, resource: index, scope, when, span, level: None });
            }
        }
    }
    // In the order in which a resource names them, whichever requirement demands them.
    out.sort_by_key(|demand| (demand.resource, demand.span));
    out
}

/// A place that a subject names.
pub(crate) struct Place {
    /// The id of the cluster.
    pub cluster: ResourceId,
    /// The resource in which the place is.
    pub resource: ResourceIndex,
    /// The id of what is named: neither conditional nor empty.
    pub scope: Value,
    /// When it is.
    pub when: Condition,
}

/// The places that a subject names in the resources of its type. `claim` says under which part of its condition an element
/// of a resource, given by its number and by what it names, counts.
pub(crate) fn places(
    deployment: &Deployment,
    resources: &ByType,
    subject: &Subject,
    mut claim: impl FnMut(ResourceIndex, usize, Condition, &[Found]) -> Condition,
) -> Vec<Place> {
    let inputs = &deployment.inputs;
    let mut out = Vec::new();
    for &index in resources.of(&subject.resource) {
        let Some(resource) = deployment.resource(index) else { continue };
        let Some(cluster) = cluster_of(resource, subject.cluster) else { continue };
        let mut applies = resource.when.and_not(&partial_update(deployment, resource));
        if let Some(trigger) = &subject.resource_when {
            applies = applies.and(&trigger::holds(inputs, &resource.body, trigger));
        }
        if let Some(trigger) = &subject.resource_unless {
            applies = applies.and_not(&trigger::holds(inputs, &resource.body, trigger));
        }
        let each = subject.for_each.as_deref().unwrap_or_default();
        for (number, element) in elements(deployment, resource, each).into_iter().enumerate() {
            let mut when = applies.and(&element.when);
            if let Some(trigger) = &subject.when {
                when = when.and(&trigger::holds(inputs, &element.value, trigger));
            }
            let found = match &subject.scope {
                Some(path) => trigger::given(inputs, &element.value, path),
                None => vec![Found {
                    value: resource.id.to_value().with_origin(element.value.origin()),
                    when: Condition::TRUE,
                    certain: true,
                }],
            };
            let mine = claim(index, number, when, &found);
            for found in found {
                let words = subject.unless.iter().map(|word| trigger::is(inputs, &found.value, word));
                let when = words.fold(mine.and(&found.when), |when, word| when.and_not(&word));
                if !when.is_false() {
                    out.push(Place { cluster: cluster.clone(), resource: index, scope: found.value, when });
                }
            }
        }
    }
    out
}

/// Whether a place names a resource of a type that another requirement of the rule is about, and this one is not.
fn is_for_another(rule: &Rule, requirement: &Requirement, value: &Value) -> bool {
    let Some(own) = &requirement.need else { return false };
    let others = rule.requirements.iter().filter_map(|other| other.need.as_ref());
    let mut others = others.filter(|other| other.scope_type != own.scope_type).peekable();
    // Most rules are about one type, and reading an id is dear.
    if others.peek().is_none() {
        return false;
    }
    let Some(id) = ResourceId::parse(value).filter(|id| !id.resource_type.is(&own.scope_type)) else { return false };
    others.any(|other| id.resource_type.is(&other.scope_type))
}

fn cluster_of(resource: &Resource, which: ClusterIs) -> Option<ResourceId> {
    match which {
        ClusterIs::Itself => Some(resource.id.clone()),
        ClusterIs::Parent => resource.id.parent(),
    }
}

/// The elements at a path; the whole body where there is no path.
fn elements(deployment: &Deployment, resource: &Resource, each: &str) -> Vec<Found> {
    if each.is_empty() {
        return vec![Found { value: resource.body.clone(), when: Condition::TRUE, certain: true }];
    }
    let inputs = &deployment.inputs;
    let mut elements = walk(inputs, &resource.body, each);
    for element in elements.iter_mut().filter(|element| !element.certain) {
        element.when = element.when.and(&inputs.opaque(&format!("{} is given", element.value.text())));
    }
    elements
}

/// When a cluster's body names neither node pools nor an identity: it changes a cluster that exists.
pub(crate) fn partial_update(deployment: &Deployment, resource: &Resource) -> Condition {
    if !resource.id.resource_type.is(CLUSTERS) {
        return Condition::FALSE;
    }
    let whole = ["properties.agentPoolProfiles", "identity"]
        .into_iter()
        .flat_map(|path| walk(&deployment.inputs, &resource.body, path))
        .fold(Condition::FALSE, |any, found| any.or(&found.when));
    whole.not()
}

/// Where a value of a resource is written: the resource, where the value does not know.
pub(crate) fn span_of(deployment: &Deployment, value: &Value, resource: &Resource) -> Span {
    let span = |origin| deployment.origins.span(origin);
    span(value.origin()).or_else(|| span(resource.origin)).unwrap_or_else(|| Span::file_start(deployment.entry))
}

/// How many clusters templates make. One that stands there once for each of its names is one.
pub(crate) fn count_clusters(deployment: &Deployment, resources: &ByType) -> usize {
    let mut counted: FxHashMap<Option<Span>, Vec<Condition>> = FxHashMap::default();
    for resource in resources.of(CLUSTERS).iter().filter_map(|&index| deployment.resource(index)) {
        let together = counted.entry(deployment.origins.span(resource.origin)).or_default();
        match together.iter_mut().find(|other| other.excludes(&resource.when)) {
            Some(other) => *other = other.or(&resource.when),
            None => together.push(resource.when.clone()),
        }
    }
    counted.values().map(Vec::len).sum()
}
