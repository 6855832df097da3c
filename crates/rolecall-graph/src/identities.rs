//! The identities of a deployment: which ones its clusters run as, and which one a principal id means.
//!
//! One identity is reached by many values: the cluster's `identityProfile`, an add-on's `identity`, the
//! `userAssignedIdentities` of any resource. [`Identities::canonical`] rewrites them all to attributes of the identity
//! itself. What an identity may do is not known here.

use rolecall_value::{Condition, Found, Kind, Reason, ReasonKind, ResourceId, Scope, Symbol, Value, id_equality, walk};

use crate::aks::{self, CLUSTERS};
use crate::index::IdIndex;
use crate::open::expand;
use crate::query::RESOURCE_GROUPS;
use crate::{Deployment, MadeBy, Resource, ResourceIndex};

/// The type of user-assigned identities.
pub const USER_ASSIGNED: &str = "Microsoft.ManagedIdentity/userAssignedIdentities";

/// The path of a user-assigned identity's principal id.
pub(crate) const PRINCIPAL_ID: &str = "properties.principalId";
const CLIENT_ID: &str = "properties.clientId";
/// The path of the principal id of a resource's own identity.
pub(crate) const SYSTEM_PRINCIPAL_ID: &str = "identity.principalId";
/// The extension resource `default` that stands for the system-assigned identity of what it extends.
const OWN_IDENTITY: &str = "Microsoft.ManagedIdentity/identities";
/// Where an extension of a cluster answers the principal id of the identity that Azure makes for it.
pub(crate) const EXTENSION_PRINCIPAL_ID: &str = "properties.aksAssignedIdentity.principalId";
const USER_ASSIGNED_PREFIX: &str = "identity.userAssignedIdentities";

/// What a cluster's control plane runs as.
#[derive(Clone, Debug, PartialEq)]
pub enum ControlPlane {
    /// The cluster's own identity, which lives and dies with it.
    SystemAssigned {
        /// Its principal id.
        principal: Value,
    },
    /// A managed identity that the cluster is given.
    UserAssigned {
        /// The identity's resource id.
        identity: Value,
        /// Its principal id.
        principal: Value,
    },
    /// A service principal.
    ServicePrincipal {
        /// Its client id, as the cluster names it.
        client_id: Value,
        /// Its principal id: the cluster does not say it.
        principal: Value,
    },
    /// The cluster says neither.
    None,
    /// It cannot be told.
    Unknown(Reason),
}

impl ControlPlane {
    /// The principal id, where there is an identity.
    pub fn principal(&self) -> Option<&Value> {
        match self {
            ControlPlane::SystemAssigned { principal }
            | ControlPlane::UserAssigned { principal, .. }
            | ControlPlane::ServicePrincipal { principal, .. } => Some(principal),
            ControlPlane::None | ControlPlane::Unknown(_) => None,
        }
    }
}

/// What a cluster's nodes pull images and read settings as.
#[derive(Clone, Debug, PartialEq)]
pub enum Kubelet {
    /// An identity that the cluster is given.
    Brought {
        /// The identity's resource id.
        identity: Value,
        /// Its principal id.
        principal: Value,
        /// Whether it is certain that one is given: `false` where an open parameter may leave it out.
        certain: bool,
    },
    /// The identity that AKS makes in the node resource group.
    Made {
        /// The identity's resource id.
        identity: Value,
        /// Its principal id.
        principal: Value,
    },
    /// The cluster's service principal.
    ServicePrincipal {
        /// Its client id.
        client_id: Value,
        /// Its principal id.
        principal: Value,
    },
    /// It cannot be told.
    Unknown(Reason),
}

impl Kubelet {
    /// The principal id, where it is known whose it is.
    pub fn principal(&self) -> Option<&Value> {
        match self {
            Kubelet::Brought { principal, .. }
            | Kubelet::Made { principal, .. }
            | Kubelet::ServicePrincipal { principal, .. } => Some(principal),
            Kubelet::Unknown(_) => None,
        }
    }
}

/// When the deployment creates something.
#[derive(Clone, Debug, PartialEq)]
pub struct Created {
    /// When it certainly does.
    pub yes: Condition,
    /// When it may: a resource of it may have this id.
    pub open: Condition,
}

/// The identities of one deployment.
pub struct Identities<'a> {
    deployment: &'a Deployment,
    resources: IdIndex,
}

impl<'a> Identities<'a> {
    /// Indexes a deployment.
    pub fn new(deployment: &'a Deployment) -> Self {
        let mut resources = IdIndex::default();
        for (index, resource) in deployment.enumerate() {
            resources.insert(&resource.id, index.0);
        }
        Identities { deployment, resources }
    }

    /// The resources that may have this id, each with when it has for sure and when it may.
    pub fn resources(&self, id: &ResourceId) -> Vec<(ResourceIndex, Created)> {
        let mut out = Vec::new();
        for number in self.resources.candidates(id) {
            let index = ResourceIndex(number);
            let Some(resource) = self.deployment.resource(index) else { continue };
            let same = id_equality(&self.deployment.inputs, &resource.id, id);
            if !same.different.is_true() {
                let yes = resource.when.and(&same.equal);
                let open = resource.when.and(&same.undecided());
                out.push((index, Created { yes, open }));
            }
        }
        out
    }

    /// When the deployment creates the resource with this id, or one that it is part of.
    pub fn created(&self, id: &ResourceId) -> Created {
        let mut created = Created { yes: Condition::FALSE, open: Condition::FALSE };
        let mut at = Some(id.clone());
        while let Some(id) = at {
            for (_, one) in self.resources(&id) {
                created.yes = created.yes.or(&one.yes);
                created.open = created.open.or(&one.open);
            }
            at = id.parent();
        }
        created.open = created.open.and_not(&created.yes);
        created
    }

    /// When the deployment creates the identity that a canonical, unconditional principal id belongs to.
    pub fn principal_created(&self, principal: &Value) -> Created {
        if application_of(principal).is_some() {
            return Created { yes: Condition::TRUE, open: Condition::FALSE };
        }
        match identity_of(principal).and_then(|(resource, _)| ResourceId::parse(resource)) {
            Some(id) => self.created(&id),
            None => Created { yes: Condition::FALSE, open: Condition::FALSE },
        }
    }

    /// What a cluster's control plane runs as; see [`control_plane`].
    pub fn control_plane(&self, cluster: ResourceIndex) -> Vec<(Condition, ControlPlane)> {
        control_plane(self.deployment, cluster)
    }

    /// What a cluster's nodes run as; see [`kubelet`].
    pub fn kubelet(&self, cluster: ResourceIndex) -> Vec<(Condition, Kubelet)> {
        kubelet(self.deployment, cluster)
    }

    /// The identities that AKS makes for an add-on, which is named by its path in the cluster's body, as principal ids; and
    /// when it makes one that is not known. A cluster that runs as a service principal has none.
    pub fn add_on(&self, cluster: ResourceIndex, path: &str) -> (Vec<(Condition, Value)>, Condition) {
        let service_principal = self.control_plane(cluster).into_iter();
        let none = service_principal
            .filter(|(_, plane)| matches!(plane, ControlPlane::ServicePrincipal { .. }))
            .fold(Condition::FALSE, |any, (when, _)| any.or(&when));
        let (known, open) = aks::addon_principals(self.deployment, cluster, path);
        let known = known.into_iter().map(|(when, principal)| (when.and_not(&none), principal));
        (known.filter(|(when, _)| !when.is_false()).collect(), open.and_not(&none))
    }

    /// The value with the outputs of clusters and identity blocks rewritten to what they mean: a principal id to
    /// `properties.principalId` of the identity (or `identity.principalId` of the resource that has its own), a
    /// `resourceId` to the id.
    pub fn canonical(&self, value: &Value) -> Value {
        value.map(|value| self.canonical_one(value).unwrap_or_else(|| value.clone()).or_origin(value.origin()))
    }

    fn canonical_one(&self, value: &Value) -> Option<Value> {
        if let Some(certain) = where_there(value) {
            return Some(self.canonical(&certain));
        }
        match value.as_symbol()? {
            Symbol::Attribute { resource, path } => {
                if let Some(id) = strip_prefix(path, &format!("{USER_ASSIGNED_PREFIX}.")) {
                    let (id, tail) = id.rsplit_once('.')?;
                    return attribute_of_identity(&Value::string(id), tail);
                }
                own_identity(resource, path)
                    .or_else(|| self.cluster_output(resource, path))
                    .or_else(|| self.looked_up(resource, path))
            }
            // A managed identity is a service principal too.
            Symbol::Call { function, arguments } if &**function == SERVICE_PRINCIPAL => {
                let Some(Symbol::Attribute { resource, path }) = arguments.first()?.as_symbol() else { return None };
                path.eq_ignore_ascii_case(CLIENT_ID)
                    .then(|| ResourceId::parse(resource).filter(|id| id.resource_type.is(USER_ASSIGNED)))
                    .flatten()
                    .map(|_| user_assigned_principal(resource))
            }
            Symbol::Call { function, arguments } if &**function == "member" => {
                let [base, tail] = &arguments[..] else { return None };
                let Some(Symbol::Call { function, arguments }) = base.as_symbol() else { return None };
                let ("member", [block, id]) = (&**function, &arguments[..]) else { return None };
                match block.as_symbol()? {
                    Symbol::Attribute { path, .. } if path.eq_ignore_ascii_case(USER_ASSIGNED_PREFIX) => {
                        Some(id.map(|id| {
                            attribute_of_identity(id, tail.as_str().unwrap_or_default())
                                .unwrap_or_else(|| value.clone())
                        }))
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn cluster_output(&self, resource: &Value, path: &str) -> Option<Value> {
        let id = ResourceId::parse(resource).filter(|id| id.resource_type.is(CLUSTERS))?;
        let original = Value::attribute(resource.clone(), path);
        let mut rest = Condition::TRUE;
        let mut alternatives = Vec::new();
        for (index, created) in self.resources(&id) {
            for (when, identity) in self.output_identity(index, path) {
                let tail = path.rsplit('.').next().unwrap_or_default();
                let value =
                    identity.map(|identity| attribute_of_identity(identity, tail).unwrap_or_else(|| original.clone()));
                let when = rest.and(&created.yes).and(&when);
                rest = rest.and_not(&when);
                alternatives.push((when, value));
            }
        }
        if alternatives.is_empty() {
            return None;
        }
        alternatives.push((rest, original));
        Some(Value::cond(alternatives))
    }

    /// An attribute of an identity that is looked up by name in the node resource group which a cluster answers.
    fn looked_up(&self, resource: &Value, path: &str) -> Option<Value> {
        let id = ResourceId::parse(resource).filter(|id| id.resource_type.is(USER_ASSIGNED))?;
        let groups = self.answered_groups(&id.scope)?.into_iter();
        let placed = |scope| ResourceId { scope, ..id.clone() }.to_value();
        Some(Value::cond(groups.map(|(when, scope)| (when, Value::attribute(placed(scope), path)))))
    }

    /// A scope with the node resource group in it that a cluster answers, as the groups that it may be; the conditions cover
    /// everything.
    pub(crate) fn placed(&self, scope: Scope) -> Vec<(Condition, Scope)> {
        let group = match &scope {
            Scope::Resource(id) => &id.scope,
            scope => scope,
        };
        let Some(groups) = self.answered_groups(group) else { return vec![(Condition::TRUE, scope)] };
        let placed = |group| match &scope {
            Scope::Resource(id) => Scope::Resource(ResourceId { scope: group, ..(**id).clone() }.into()),
            _ => group,
        };
        groups.into_iter().map(|(when, group)| (when, placed(group))).collect()
    }

    /// The groups that a resource group may be of which a cluster answers the name, itself where nothing here creates the
    /// cluster; `None` where its name is no answer of a cluster.
    fn answered_groups(&self, scope: &Scope) -> Option<Vec<(Condition, Scope)>> {
        let Scope::ResourceGroup(_, group) = scope else { return None };
        let Symbol::Attribute { resource: cluster, path } = group.as_symbol()? else { return None };
        let cluster = ResourceId::parse(cluster).filter(|id| id.resource_type.is(CLUSTERS))?;
        aks::node_group_path().filter(|own| own.eq_ignore_ascii_case(path))?;
        let mut rest = Condition::TRUE;
        let mut alternatives = Vec::new();
        for (index, created) in self.resources(&cluster) {
            for (when, group) in aks::groups_of(self.deployment, index) {
                let when = rest.and(&created.yes).and(&when);
                rest = rest.and_not(&when);
                alternatives.push((when, group));
            }
        }
        alternatives.push((rest, scope.clone()));
        alternatives.retain(|(when, _)| !when.is_false());
        Some(alternatives)
    }

    /// Whether a scope is a resource group that AKS makes.
    pub(crate) fn is_node_group(&self, scope: &Scope) -> bool {
        let Scope::ResourceGroup(subscription, name) = scope else { return false };
        let id = ResourceId {
            scope: Scope::Subscription(subscription.clone()),
            resource_type: RESOURCE_GROUPS.into(),
            names: vec![name.clone()],
        };
        let made = |index| self.deployment.resource(index).is_some_and(|own| own.made_by != MadeBy::Template);
        self.resources(&id).into_iter().any(|(index, created)| made(index) && created.open.is_false())
    }

    /// The identity behind an output of a cluster, as ids under conditions.
    fn output_identity(&self, cluster: ResourceIndex, path: &str) -> Vec<(Condition, Value)> {
        if strip_prefix(path, "properties.identityProfile.kubeletidentity.").is_some() {
            let kubelets = self.kubelet(cluster).into_iter();
            return kubelets
                .filter_map(|(when, kubelet)| match kubelet {
                    Kubelet::Brought { identity, .. } | Kubelet::Made { identity, .. } => Some((when, identity)),
                    _ => None,
                })
                .collect();
        }
        aks::addon_identity(self.deployment, cluster, path)
    }

    /// A principal as a person would name it.
    pub fn describe(&self, principal: &Value) -> String {
        describe(principal)
    }

    /// The resource that a canonical principal id belongs to, where this deployment creates it.
    pub fn resource_of(&self, principal: &Value) -> Option<(ResourceIndex, &'a Resource)> {
        let id = ResourceId::parse(identity_of(principal)?.0)?;
        let (index, _) = self.resources(&id).into_iter().find(|(_, created)| !created.yes.is_false())?;
        self.deployment.resource(index).map(|resource| (index, resource))
    }
}

/// A principal as a person would name it: `` `id-aks` ``, ``control-plane identity of `aks` ``.
pub fn describe(principal: &Value) -> String {
    let name = |resource: &Value| ResourceId::parse(resource).map_or_else(|| resource.label(), |id| id.name().label());
    match principal.as_symbol() {
        Some(Symbol::Attribute { resource, path }) => {
            let cluster = ResourceId::parse(resource).is_some_and(|id| id.resource_type.is(CLUSTERS));
            let name = name(resource);
            match &*path.to_ascii_lowercase() {
                "properties.principalid" => format!("`{name}`"),
                "properties.clientid" => format!("client id of `{name}`"),
                "identity.principalid" if cluster => format!("control-plane identity of `{name}`"),
                "identity.principalid" | "properties.aksassignedidentity.principalid" => {
                    format!("identity of `{name}`")
                }
                _ => format!("{path} of `{name}`"),
            }
        }
        Some(Symbol::Call { function, arguments }) if &**function == SERVICE_PRINCIPAL => {
            let client = arguments.first();
            match client.and_then(identity_of) {
                Some((resource, _)) => format!("service principal of `{}`", name(resource)),
                None => format!("service principal `{}`", client.map(Value::plain).unwrap_or_default()),
            }
        }
        _ if matches!(principal.kind(), Kind::Array(_)) => "a list".to_owned(),
        _ if matches!(principal.kind(), Kind::Object(_)) => "an object".to_owned(),
        _ => format!("`{}`", principal.label()),
    }
}

/// The function that leads from a client id to the principal id of a service principal; no template can call it.
pub(crate) const SERVICE_PRINCIPAL: &str = "serviceprincipal";

/// The principal id of the service principal with this client id, which is neither conditional nor unknown.
pub fn service_principal(client_id: &Value) -> Value {
    Value::call(SERVICE_PRINCIPAL, vec![client_id.clone()]).with_origin(client_id.origin())
}

/// The client id by which a canonical principal is known, where it is a service principal.
pub(crate) fn client_of(principal: &Value) -> Option<&Value> {
    let Symbol::Call { function, arguments } = principal.as_symbol()? else { return None };
    arguments.first().filter(|_| &**function == SERVICE_PRINCIPAL)
}

/// The application, made by the deployment, whose service principal a canonical principal is.
pub(crate) fn application_of(principal: &Value) -> Option<&Value> {
    let (resource, path) = identity_of(client_of(principal)?)?;
    path.eq_ignore_ascii_case(CLIENT_ID).then_some(resource)
}

/// The resource that has the identity, and the path of its principal id.
pub(crate) fn identity_of(principal: &Value) -> Option<(&Value, &str)> {
    match principal.as_symbol()? {
        Symbol::Attribute { resource, path } => Some((resource, path)),
        _ => None,
    }
}

/// The attribute that a safe access (`aks.?identity.?principalId ?? ''`) gives where it gives a principal or an id at all:
/// nobody holds a role by `null` or an empty string.
fn where_there(value: &Value) -> Option<Value> {
    let Symbol::Call { function, arguments } = value.as_symbol()? else { return None };
    match (&**function, &arguments[..]) {
        ("tryget", [base, key]) => {
            let base = where_there(base).unwrap_or_else(|| base.clone());
            matches!(base.as_symbol(), Some(Symbol::Attribute { .. })).then(|| base.get(key.as_str()?)).flatten()
        }
        ("coalesce", [first, rest @ ..]) if rest.iter().all(|one| one.is_null() || one.as_str() == Some("")) => {
            Some(where_there(first).unwrap_or_else(|| first.clone()))
        }
        _ => None,
    }
}

/// `text` without a prefix that may differ in case.
fn strip_prefix<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}

/// What an attribute means that stands for a resource's own identity: that of the extension resource made for it, and where
/// extensions of a cluster answer theirs.
fn own_identity(resource: &Value, path: &str) -> Option<Value> {
    if path.eq_ignore_ascii_case(EXTENSION_PRINCIPAL_ID) {
        return Some(Value::attribute(resource.clone(), SYSTEM_PRINCIPAL_ID));
    }
    let id = ResourceId::parse(resource).filter(|id| id.resource_type.is(OWN_IDENTITY))?;
    let Scope::Resource(owner) = &id.scope else { return None };
    let tail = path.rsplit('.').next().unwrap_or_default();
    ["principalId", "clientId", "tenantId"]
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(tail))
        .map(|known| Value::attribute(owner.to_value(), format!("identity.{known}")))
}

fn attribute_of_identity(identity: &Value, tail: &str) -> Option<Value> {
    match &*tail.to_ascii_lowercase() {
        "principalid" | "objectid" => Some(Value::attribute(identity.clone(), PRINCIPAL_ID)),
        "clientid" => Some(Value::attribute(identity.clone(), CLIENT_ID)),
        "resourceid" => Some(identity.clone()),
        _ => None,
    }
}

/// The principal id of a user-assigned identity.
pub fn user_assigned_principal(identity: &Value) -> Value {
    Value::attribute(identity.clone(), PRINCIPAL_ID).or_origin(identity.origin())
}

/// The canonical principal behind any value of a principal id. Whoever asks often makes [`Identities`] once.
pub fn principal(deployment: &Deployment, value: &Value) -> Value {
    Identities::new(deployment).canonical(value)
}

/// What a cluster's control plane runs as, under conditions that together cover the cluster's own. They exclude each
/// other but where several identities are given at once, which AKS refuses.
pub fn control_plane(deployment: &Deployment, cluster: ResourceIndex) -> Vec<(Condition, ControlPlane)> {
    let Some(resource) = deployment.resource(cluster) else { return Vec::new() };
    let mut out = Vec::new();
    let absent = Value::null();
    let identity = resource.body.get("identity").unwrap_or(absent);
    for (when, identity) in identity.alternatives() {
        let when = resource.when.and(&when);
        if when.is_false() {
            continue;
        }
        match identity.kind() {
            Kind::Null => without_identity(deployment, resource, when, &mut out),
            Kind::Object(_) => with_identity(deployment, resource, when, identity, &mut out),
            _ => out.push((when, ControlPlane::Unknown(reason_for(identity, "the cluster's identity")))),
        }
    }
    out
}

fn reason_for(value: &Value, what: &str) -> Reason {
    match value.first_unknown().and_then(Value::as_unknown) {
        Some(unknown) => unknown.reason.clone(),
        None => Reason { kind: ReasonKind::Runtime, detail: format!("`{}` decides {what}", value.plain()).into() },
    }
}

fn with_identity(
    deployment: &Deployment,
    resource: &Resource,
    when: Condition,
    identity: &Value,
    out: &mut Vec<(Condition, ControlPlane)>,
) {
    let kind = identity.get("type").unwrap_or_else(Value::null);
    for (own, kind) in expand(&deployment.inputs, &kind) {
        let when = when.and(&own);
        if when.is_false() {
            continue;
        }
        let types: Vec<String> = match kind.kind() {
            Kind::Str(text) => text.split(',').map(|part| part.trim().to_ascii_lowercase()).collect(),
            Kind::Null => Vec::new(),
            _ => {
                out.push((when, ControlPlane::Unknown(reason_for(&kind, "the type of the cluster's identity"))));
                continue;
            }
        };
        let has = |name: &str| types.iter().any(|own| own == name);
        if has("userassigned") {
            user_assigned(resource, when, identity, out);
        } else if has("systemassigned") {
            let principal = Value::attribute(resource.id.to_value(), SYSTEM_PRINCIPAL_ID)
                .or_origin(kind.origin())
                .or_origin(resource.origin);
            let mut beside = Vec::new();
            without_identity(deployment, resource, when, &mut beside);
            out.extend(beside.into_iter().map(|(when, plane)| match plane {
                ControlPlane::None => (when, ControlPlane::SystemAssigned { principal: principal.clone() }),
                ControlPlane::Unknown(reason) => (when, ControlPlane::Unknown(reason)),
                // No source says which of the two AKS then uses.
                _ => {
                    let detail = "the cluster names both an identity and a service principal".into();
                    (when, ControlPlane::Unknown(Reason { kind: ReasonKind::Runtime, detail }))
                }
            }));
        } else if types.is_empty() || has("none") || has("") {
            without_identity(deployment, resource, when, out);
        } else {
            let detail = format!("'{}' is no type of identity", kind.plain()).into();
            out.push((when, ControlPlane::Unknown(Reason { kind: ReasonKind::Invalid, detail })));
        }
    }
}

fn user_assigned(resource: &Resource, when: Condition, identity: &Value, out: &mut Vec<(Condition, ControlPlane)>) {
    let given = identity.get("userAssignedIdentities").unwrap_or_else(Value::null);
    for (own, given) in given.alternatives() {
        let when = when.and(&own);
        if when.is_false() {
            continue;
        }
        let Kind::Object(object) = given.kind() else {
            let reason = match given.kind() {
                Kind::Symbol(_) | Kind::Unknown(_) | Kind::Text(_) => {
                    reason_for(given, "which identity the cluster is given")
                }
                _ => no_identity_given(),
            };
            out.push((when, ControlPlane::Unknown(reason)));
            continue;
        };
        let mut rest = when.clone();
        for (identity, property) in object.entries() {
            let when = when.and(&property.when);
            if when.is_false() {
                continue;
            }
            rest = rest.and_not(&when);
            // An identity that an object is spread over or that a loop makes is one of many.
            let identity =
                identity.or_origin(property.value.origin()).or_origin(given.origin()).or_origin(resource.origin);
            let plane = match identity.as_unknown() {
                Some(unknown) => ControlPlane::Unknown(unknown.reason.clone()),
                None => ControlPlane::UserAssigned { principal: user_assigned_principal(&identity), identity },
            };
            out.push((when, plane));
        }
        if !rest.is_false() {
            let reason = object
                .rest
                .as_ref()
                .map_or_else(no_identity_given, |rest| reason_for(rest, "which identity the cluster is given"));
            out.push((rest, ControlPlane::Unknown(reason)));
        }
    }
}

fn no_identity_given() -> Reason {
    Reason { kind: ReasonKind::Invalid, detail: "identity.userAssignedIdentities names no identity".into() }
}

fn without_identity(
    deployment: &Deployment,
    resource: &Resource,
    when: Condition,
    out: &mut Vec<(Condition, ControlPlane)>,
) {
    let mut rest = when.clone();
    for Found { value, when: own, certain } in
        walk(&deployment.inputs, &resource.body, "properties.servicePrincipalProfile.clientId")
    {
        // `msi` stands where a managed identity is used instead.
        if value.as_str().is_some_and(|text| text.is_empty() || text.eq_ignore_ascii_case("msi")) {
            continue;
        }
        let when = rest.and(&own);
        if when.is_false() {
            continue;
        }
        rest = rest.and_not(&when);
        out.push((
            when,
            match value.as_unknown() {
                Some(unknown) => ControlPlane::Unknown(unknown.reason.clone()),
                None if !certain => {
                    ControlPlane::Unknown(reason_for(&value, "whether the cluster has a service principal"))
                }
                None => ControlPlane::ServicePrincipal { principal: service_principal(&value), client_id: value },
            },
        ));
    }
    if !rest.is_false() {
        out.push((rest, ControlPlane::None));
    }
}

/// What a cluster's nodes run as, under conditions that exclude each other and together cover the cluster's own.
pub fn kubelet(deployment: &Deployment, cluster: ResourceIndex) -> Vec<(Condition, Kubelet)> {
    let Some(resource) = deployment.resource(cluster) else { return Vec::new() };
    let mut out = Vec::new();
    let mut rest = resource.when.clone();
    for found in walk(&deployment.inputs, &resource.body, "properties.identityProfile.kubeletidentity.resourceId") {
        if found.value.as_str() == Some("") {
            continue;
        }
        let when = rest.and(&found.when);
        if when.is_false() {
            continue;
        }
        rest = rest.and_not(&when);
        let kubelet = match found.value.as_unknown() {
            Some(unknown) => Kubelet::Unknown(unknown.reason.clone()),
            None => Kubelet::Brought {
                principal: user_assigned_principal(&found.value),
                identity: found.value,
                certain: found.certain,
            },
        };
        out.push((when, kubelet));
    }
    if rest.is_false() {
        return out;
    }
    let mut service_principal = Condition::FALSE;
    for (when, plane) in control_plane(deployment, cluster) {
        if let ControlPlane::ServicePrincipal { client_id, principal } = plane {
            let when = rest.and(&when);
            service_principal = service_principal.or(&when);
            if !when.is_false() {
                out.push((when, Kubelet::ServicePrincipal { client_id, principal }));
            }
        }
    }
    rest = rest.and_not(&service_principal);
    for (when, identity) in aks::kubelet_identity(deployment, resource) {
        let when = rest.and(&when);
        if !when.is_false() {
            out.push((when, Kubelet::Made { principal: user_assigned_principal(&identity), identity }));
        }
    }
    out
}
