//! What the rules about workload identity have in common: the federated credentials of a deployment, whose they are, and
//! which of them are for service accounts. Federation with GitHub and others is nobody's mistake and concerns no rule.

use rolecall_graph::{CLUSTERS, Resource, ResourceIndex};
use rolecall_value::{Condition, Found, Kind, Piece, ResourceId, Symbol, Value};

use super::Context;
use crate::demand::{Demand, span_of};
use crate::model::Requirement;
use crate::trigger;

/// The type of federated credentials.
pub(super) const CREDENTIALS: &str = "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials";

/// Where a cluster says who issues the tokens of its service accounts.
pub(super) const ISSUER_URL: &str = "properties.oidcIssuerProfile.issuerURL";

/// What subjects of Kubernetes begin with; those of service accounts go on with `serviceaccount:`.
const KUBERNETES: &str = "system:";

/// A federated credential that a template makes.
pub(super) struct Credential<'a> {
    /// Its place.
    pub index: ResourceIndex,
    /// What it is.
    pub resource: &'a Resource,
    /// The identity that it is for.
    pub identity: ResourceId,
    /// When it is there, and for a service account.
    pub concerned: Condition,
}

/// The federated credentials that templates make, in order.
pub(super) fn credentials<'a>(context: &Context<'a>) -> Vec<Credential<'a>> {
    let of = |&index: &ResourceIndex| {
        let resource = context.deployment.resource(index)?;
        let of_kubernetes = |found: &Found| {
            head(&found.value)
                .and_then(|text| text.get(..KUBERNETES.len()))
                .is_some_and(|start| start.eq_ignore_ascii_case(KUBERNETES))
        };
        let subjects = given(context, resource, "properties.subject").into_iter().filter(of_kubernetes);
        let issuers = given(context, resource, "properties.issuer")
            .into_iter()
            .filter(|found| issuing_cluster(&found.value).is_some());
        let for_accounts = subjects.chain(issuers).fold(Condition::FALSE, |any, found| any.or(&found.when));
        let concerned = resource.when.and(&for_accounts);
        Some(Credential { index, resource, identity: resource.id.parent()?, concerned })
    };
    context.resources.of(CREDENTIALS).iter().filter_map(of).collect()
}

/// What is given at a path of a resource, with the outputs of clusters rewritten to what they mean.
pub(super) fn given(context: &Context<'_>, resource: &Resource, path: &str) -> Vec<Found> {
    let mut out = Vec::new();
    for found in trigger::given(&context.deployment.inputs, &resource.body, path) {
        let value = context.permissions.identities().canonical(&found.value).or_origin(found.value.origin());
        for (own, one) in value.alternatives() {
            let value = one.clone().or_origin(value.origin());
            out.push(Found { value, when: found.when.and(&own), certain: found.certain });
        }
    }
    out
}

/// The cluster whose issuer URL a value is.
pub(super) fn issuing_cluster(value: &Value) -> Option<ResourceId> {
    match value.as_symbol()? {
        Symbol::Attribute { resource, path } if path.eq_ignore_ascii_case(ISSUER_URL) => {
            ResourceId::parse(resource).filter(|id| id.resource_type.is(CLUSTERS))
        }
        _ => None,
    }
}

/// What a text certainly begins with.
fn head(value: &Value) -> Option<&str> {
    match value.kind() {
        Kind::Str(text) => Some(text),
        Kind::Text(pieces) => match pieces.first()? {
            Piece::Literal(text) => Some(text),
            Piece::Hole(_) => None,
        },
        _ => None,
    }
}

/// Whether a text stands for one that comes later: `<namespace>`, `#{NAMESPACE}#`, `$(NAMESPACE)`, `__NAMESPACE__`,
/// `XXXX-XXXX`, `***`.
pub(super) fn is_placeholder(text: &str) -> bool {
    let crossed = |byte: u8| byte.eq_ignore_ascii_case(&b'x');
    let mut letters = text.bytes().filter(u8::is_ascii_alphanumeric).peekable();
    let only_crosses = letters.peek().is_some() && letters.all(crossed);
    let marked = text.contains("__") || text.contains("***");
    text.is_empty() || only_crosses || marked || text.contains(['<', '>', '{', '}', '$', '#', '%'])
}

impl Credential<'_> {
    /// The place of a requirement in this credential: `value` is what is wrong there.
    pub(super) fn demand<'r>(
        &self,
        context: &Context<'_>,
        requirement: &'r Requirement,
        value: Value,
        when: &Condition,
    ) -> Demand<'r> {
        Demand {
            requirement,
            cluster: self.resource.id.clone(),
            resource: self.index,
            span: span_of(context.deployment, &value, self.resource),
            scope: value,
            when: when.clone(),
            level: None,
        }
    }

    /// The place where the whole credential is what is wrong, of the identity that it is for.
    pub(super) fn whole<'r>(
        &self,
        context: &Context<'_>,
        requirement: &'r Requirement,
        when: &Condition,
    ) -> Demand<'r> {
        let value = self.identity.to_value().with_origin(self.resource.origin);
        self.demand(context, requirement, value, when)
    }
}

/// Credentials of one identity, by the text of its id: what is written alike is the same.
pub(super) fn by_identity<'c, 'a>(credentials: &'c [Credential<'a>]) -> Vec<Vec<&'c Credential<'a>>> {
    let mut groups: Vec<(String, Vec<&Credential<'a>>)> = Vec::new();
    let mut places = rustc_hash::FxHashMap::default();
    for credential in credentials {
        let identity = credential.identity.to_value();
        if identity.first_unknown().is_some() {
            continue;
        }
        let key = identity.text().to_lowercase();
        let place = *places.entry(key.clone()).or_insert(groups.len());
        match groups.get_mut(place) {
            Some((_, group)) => group.push(credential),
            None => groups.push((key, vec![credential])),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}
