//! Who may do what where, as a picture shows it: clusters, the identities that they run as, the scopes, and between
//! identity and scope each permission that is granted, missing, assumed or undecided.
//!
//! All texts are safe to print. What is drawn how is not known here.

use std::collections::{BTreeMap, HashMap};

use rolecall_graph::{
    CLUSTERS, ControlPlane, Deployment, Identities, Kubelet, MadeBy, Permissions, ResourceIndex, RoleRef,
};
use rolecall_rules::{Question, QuestionAnswer, claim};
use rolecall_value::{Condition, Origin, ResourceId, Scope, Value};
use serde::Serialize;

use crate::run::{Base, Deployed};
use crate::sign_in::ways;
use crate::{Run, printable};

/// The pictures of some deployments.
pub struct Picture {
    pub(super) scenes: Vec<Scene>,
}

/// The picture of one deployment.
#[derive(Serialize)]
pub(super) struct Scene {
    /// `main.bicep with prod.bicepparam`.
    pub name: String,
    pub things: Vec<Thing>,
    pub uses: Vec<Use>,
    pub permissions: Vec<Permission>,
    /// Scopes and scopes in them, where the inner one inherits what is needed.
    pub within: Vec<(usize, usize)>,
}

/// A cluster, an identity or a scope.
#[derive(Serialize)]
pub(super) struct Thing {
    pub kind: Kind,
    pub name: String,
    /// The last part of its type: `subnets`.
    pub sort: String,
    pub facts: Vec<Fact>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Kind {
    Cluster,
    Identity,
    Scope,
}

/// A cluster that runs as an identity; numbers of things.
#[derive(Serialize)]
pub(super) struct Use {
    pub cluster: usize,
    pub identity: usize,
    pub role: &'static str,
}

/// What an identity may do, or should be allowed to do, at a scope; numbers of things.
#[derive(Serialize)]
pub(super) struct Permission {
    pub identity: usize,
    pub scope: usize,
    pub role: String,
    pub answer: &'static str,
    /// Whether AKS makes the grant by itself.
    pub by_aks: bool,
    /// Whether a cluster needs it.
    pub needed: bool,
    pub facts: Vec<Fact>,
}

/// A name and a text, for people.
#[derive(Serialize)]
pub(super) struct Fact(&'static str, String);

/// Makes the pictures of deployments; those in which there is nothing to see are left out.
pub fn picture<'d>(run: &Run<'_>, deployments: impl IntoIterator<Item = &'d Deployment>) -> Picture {
    let mut scenes = Vec::new();
    for deployment in deployments {
        let same = |one: &&Deployed<'_>| one.entry == deployment.entry && *one.parameters == *deployment.parameters;
        let Some(deployed) = run.deployments.iter().find(same) else { continue };
        let scene = Painter::new(run, deployment, deployed).paint();
        if !scene.things.is_empty() {
            scenes.push(scene);
        }
    }
    Picture { scenes }
}

struct Painter<'p> {
    run: &'p Run<'p>,
    deployed: &'p Deployed<'p>,
    permissions: Permissions<'p>,
    scene: Scene,
    known: HashMap<(Kind, String), usize>,
    /// The permissions that a resource grants.
    granted: BTreeMap<ResourceIndex, Vec<usize>>,
    /// Permissions that are not granted, by who, what, where and the answer.
    lacking: HashMap<(usize, usize, String, &'static str), usize>,
}

impl<'p> Painter<'p> {
    fn new(run: &'p Run<'p>, deployment: &'p Deployment, deployed: &'p Deployed<'p>) -> Self {
        let name = printable(&run.deployment_name(deployed)).into_owned();
        let scene = Scene { name, things: Vec::new(), uses: Vec::new(), permissions: Vec::new(), within: Vec::new() };
        let (known, granted, lacking) = Default::default();
        Painter { run, deployed, permissions: Permissions::new(deployment), scene, known, granted, lacking }
    }

    fn paint(mut self) -> Scene {
        self.clusters();
        self.assignments();
        for question in &self.deployed.report.questions {
            match question.answer {
                QuestionAnswer::Granted => self.need(question),
                _ => self.lack(question),
            }
        }
        self.scene
    }

    fn clusters(&mut self) {
        let deployment = self.permissions.deployment();
        for (index, resource) in deployment.of_type(CLUSTERS).filter(|(_, one)| !one.when.is_false()) {
            let cluster = self.resource_thing(Kind::Cluster, &resource.id);
            self.place_fact(cluster, resource.origin);
            let id = resource.id.to_value().plain();
            for one in self.deployed.report.sign_in.iter().filter(|one| one.cluster == id) {
                self.push_fact(cluster, fact("people sign in", &ways(one)));
            }
            let identities = Identities::new(deployment);
            let control = identities.control_plane(index).into_iter().filter_map(|(_, one)| match one {
                ControlPlane::None | ControlPlane::Unknown(_) => None,
                known => known.principal().cloned(),
            });
            let nodes = identities.kubelet(index).into_iter().filter_map(|(_, one)| match one {
                Kubelet::Unknown(_) => None,
                known => known.principal().cloned(),
            });
            let all: Vec<_> =
                control.map(|one| ("control plane", one)).chain(nodes.map(|one| ("kubelet", one))).collect();
            for (role, principal) in all {
                let identity = self.identity(&principal);
                if !self.scene.uses.iter().any(|one| (one.cluster, one.identity, one.role) == (cluster, identity, role))
                {
                    self.scene.uses.push(Use { cluster, identity, role });
                }
            }
        }
    }

    fn assignments(&mut self) {
        let deployment = self.permissions.deployment();
        for assignment in self.permissions.assignments().to_vec() {
            for (own, principal) in assignment.principal.alternatives() {
                for (role_when, role) in &assignment.roles {
                    let when = assignment.when.and(&own).and(role_when);
                    if when.is_false() {
                        continue;
                    }
                    let identity = self.identity(principal);
                    let scope = self.scope(&assignment.scope);
                    let (name, id) = match role {
                        RoleRef::Role(role) => (role.name.to_string(), role.guid.to_string()),
                        RoleRef::Unknown { id, .. } => ("a role that is not known".to_owned(), id.to_string()),
                    };
                    let mut facts = vec![fact("role", &format!("{name} ({id})"))];
                    let by_aks = assignment.made_by != MadeBy::Template;
                    if by_aks {
                        facts.push(fact("assigned by", "AKS itself"));
                    } else {
                        facts.extend(self.place(assignment.origin).map(|place| fact("assigned at", &place)));
                    }
                    facts.extend(self.when(&when));
                    let number = self.add(Permission {
                        identity,
                        scope,
                        role: printable(&name).into_owned(),
                        answer: QuestionAnswer::Granted.name(),
                        by_aks,
                        needed: false,
                        facts,
                    });
                    self.granted.entry(assignment.resource).or_default().push(number);
                }
            }
        }
        debug_assert_eq!(deployment.entry, self.deployed.entry);
    }

    /// A need that is granted: by assignments of the deployment, or by somebody who is vouched for.
    fn need(&mut self, question: &Question) {
        let need = self.need_fact(question);
        let scope = self.question_scope(question);
        let mut found = false;
        for resource in &question.grants {
            for number in self.granted.get(resource).cloned().unwrap_or_default() {
                let Some(permission) = self.scene.permissions.get_mut(number) else { continue };
                let at = permission.scope;
                permission.needed = true;
                permission.facts.push(Fact(need.0, need.1.clone()));
                found = true;
                if at != scope && !self.scene.within.contains(&(at, scope)) {
                    self.scene.within.push((at, scope));
                }
            }
        }
        if !found {
            self.lack(question);
        }
    }

    /// A need with any other answer.
    fn lack(&mut self, question: &Question) {
        let principal = printable(&question.principal).into_owned();
        let identity = match question.about.as_ref() {
            Some(about) => self.identity(&about.principal),
            None => self.thing(Kind::Identity, &principal.to_lowercase(), &principal, ""),
        };
        let scope = self.question_scope(question);
        let known = claim(&question.requirement).and_then(|(_, requirement)| requirement.need.as_ref());
        let role = known.map_or("a permission", |need| need.least_role.name.as_str()).to_owned();
        let answer = question.answer.name();
        let key = (identity, scope, role.clone(), answer);
        let need = self.need_fact(question);
        if let Some(permission) = self.lacking.get(&key).and_then(|number| self.scene.permissions.get_mut(*number)) {
            permission.facts.push(need);
            return;
        }
        let mut facts = vec![fact("least role", &role), fact("because", &question.reason)];
        if let Some(need) = known {
            let actions: Vec<_> = need.actions.iter().chain(&need.data_actions).map(String::as_str).collect();
            facts.push(fact("actions", &actions.join(", ")));
            facts.push(fact("can be granted by", &need.owner));
        }
        facts.extend(question.when.as_ref().map(|when| fact("when", when)));
        facts.push(need);
        let role = printable(&role).into_owned();
        let number = self.add(Permission { identity, scope, role, answer, by_aks: false, needed: true, facts });
        self.lacking.insert(key, number);
    }

    fn add(&mut self, permission: Permission) -> usize {
        self.scene.permissions.push(permission);
        self.scene.permissions.len() - 1
    }

    fn need_fact(&self, question: &Question) -> Fact {
        let title = claim(&question.requirement).map_or("", |(_, requirement)| requirement.title.as_str());
        let place = self.run.short_place(question.span, Base::CurrentDir);
        fact("needed", &format!("{}: {title} ({place})", question.requirement))
    }

    fn question_scope(&mut self, question: &Question) -> usize {
        let id = question.about.as_ref().and_then(|about| ResourceId::parse(&about.scope));
        match id {
            Some(id) => self.resource_thing(Kind::Scope, &id),
            None => self.thing(Kind::Scope, &question.scope.to_lowercase(), &question.scope_name, ""),
        }
    }

    fn identity(&mut self, principal: &Value) -> usize {
        let name = self.permissions.identities().describe(principal).replace('`', "");
        let found = self.permissions.identities().resource_of(principal).map(|(_, resource)| resource.clone());
        let sort = match &found {
            Some(resource) if resource.id.resource_type.is(CLUSTERS) => "identity of a cluster",
            Some(resource) if resource.made_by != MadeBy::Template => "identity that AKS makes",
            Some(_) => "identity",
            None => "identity from elsewhere",
        };
        let count = self.scene.things.len();
        let number = self.thing(Kind::Identity, &principal.text().to_lowercase(), &name, sort);
        if number == count
            && let Some(resource) = found
        {
            self.push_fact(number, fact("id", &resource.id.to_value().plain()));
            self.place_fact(number, resource.origin);
        }
        number
    }

    fn scope(&mut self, scope: &Scope) -> usize {
        let key = scope.to_value().plain();
        let (name, sort) = match scope {
            Scope::Resource(id) => return self.resource_thing(Kind::Scope, id),
            Scope::ResourceGroup(_, name) => (name.label(), "resource group"),
            Scope::Subscription(id) => (id.label(), "subscription"),
            Scope::ManagementGroup(name) => (name.label(), "management group"),
            Scope::Tenant => ("the tenant".to_owned(), "tenant"),
            Scope::Opaque(value) => (value.label(), "scope that is not known"),
        };
        self.thing(Kind::Scope, &key.to_lowercase(), &name, sort)
    }

    fn resource_thing(&mut self, kind: Kind, id: &ResourceId) -> usize {
        let text = id.to_value().plain();
        let name = id.names.iter().map(Value::label).collect::<Vec<_>>().join("/");
        let sort = id.resource_type.as_str().rsplit('/').next().unwrap_or_default();
        let count = self.scene.things.len();
        let number = self.thing(kind, &text.to_lowercase(), &name, sort);
        if number == count {
            self.push_fact(number, fact("type", id.resource_type.as_str()));
            self.push_fact(number, fact("id", &text));
        }
        number
    }

    fn thing(&mut self, kind: Kind, key: &str, name: &str, sort: &str) -> usize {
        if let Some(number) = self.known.get(&(kind, key.to_owned())) {
            return *number;
        }
        let [name, sort] = [name, sort].map(|text| printable(text).into_owned());
        self.scene.things.push(Thing { kind, name, sort, facts: Vec::new() });
        self.known.insert((kind, key.to_owned()), self.scene.things.len() - 1);
        self.scene.things.len() - 1
    }

    fn place_fact(&mut self, thing: usize, origin: Origin) {
        if let Some(place) = self.place(origin) {
            self.push_fact(thing, fact("declared at", &place));
        }
    }

    fn push_fact(&mut self, thing: usize, fact: Fact) {
        if let Some(thing) = self.scene.things.get_mut(thing) {
            thing.facts.push(fact);
        }
    }

    fn place(&self, origin: Origin) -> Option<String> {
        let span = self.permissions.deployment().origins.span(origin)?;
        Some(self.run.short_place(span, Base::CurrentDir))
    }

    fn when(&self, when: &Condition) -> Option<Fact> {
        let inputs = &self.permissions.deployment().inputs;
        (!when.is_true()).then(|| fact("when", &inputs.describe(when)))
    }
}

fn fact(name: &'static str, text: &str) -> Fact {
    Fact(name, printable(text).into_owned())
}
