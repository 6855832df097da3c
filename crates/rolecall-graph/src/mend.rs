//! How a deployment is mended, before anybody knows in which words: what a finding asks for, in terms of the graph.
//!
//! Rules make a [`Mend`]; the front end of the language turns it into edits. [`Site`] holds what they share: which template
//! writes a resource, and how one unit of text (a file, a module, a nested template) can name what another declares. The
//! words themselves come from the front end, by [`Units`].

use rolecall_source::{FileId, Files, Safety, Span};
use rolecall_value::{Hop, ResourceId, Symbol, Value};

use crate::aks::CLUSTERS;
use crate::identities::SYSTEM_PRINCIPAL_ID;
use crate::{Deployment, Identities, MadeBy, Resource, ResourceIndex};

/// What mends something: all of the steps or none.
#[derive(Clone, Debug, PartialEq)]
pub struct Mend {
    /// What it does, as an order.
    pub title: String,
    /// Whether it may be done unasked.
    pub safety: Safety,
    /// The steps.
    pub steps: Vec<Step>,
}

/// A step of a [`Mend`].
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Something in a role assignment is set.
    Set {
        /// The assignment.
        assignment: ResourceIndex,
        /// What.
        to: Setting,
    },
    /// A resource is made to wait for another.
    Await {
        /// What waits.
        resource: ResourceIndex,
        /// What it waits for.
        on: ResourceIndex,
    },
    /// A role is assigned.
    Assign(Assign),
}

/// What is set in a role assignment.
#[derive(Clone, Debug, PartialEq)]
pub enum Setting {
    /// Who gets the role: a canonical principal id.
    Principal(Value),
    /// The kind of principal: `ServicePrincipal`.
    PrincipalType(String),
    /// The role.
    Role(RoleChoice),
    /// Where: a resource id.
    Scope(Value),
}

/// A built-in role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleChoice {
    /// Its name.
    pub name: String,
    /// Its GUID.
    pub guid: String,
}

/// A role assignment that is to be made.
#[derive(Clone, Debug, PartialEq)]
pub struct Assign {
    /// What needs it: the cluster, or a part of it.
    pub needed_by: ResourceIndex,
    /// Who gets the role: a canonical principal id.
    pub principal: Value,
    /// The role.
    pub role: RoleChoice,
    /// Where: a resource id.
    pub scope: Value,
    /// Whether what needs it must wait for it.
    pub awaited: bool,
}

/// One instance of a text that declares resources: the file, and the calls that lead to it, innermost first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// A file of it.
    pub file: FileId,
    /// Where the modules or nested templates around it are called.
    pub calls: Vec<Span>,
}

impl Unit {
    /// The unit that calls this one, and where.
    pub fn parent(&self) -> Option<(Unit, Span)> {
        let (call, rest) = self.calls.split_first()?;
        Some((Unit { file: call.file, calls: rest.to_vec() }, *call))
    }

    /// Whether this unit stands in the other, however deep.
    pub fn is_in(&self, outer: &Unit) -> bool {
        self.calls.len() > outer.calls.len() && self.calls.ends_with(&outer.calls)
    }
}

/// What is to be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A resource's id.
    Id,
    /// The principal id of a user-assigned identity.
    PrincipalId,
    /// The principal id of a resource's own identity.
    SystemPrincipalId,
    /// The principal id of the kubelet's identity that a cluster is given by AKS.
    KubeletPrincipalId,
}

/// The words of a language.
pub trait Units {
    /// How the unit that declares a resource names it.
    fn own(&self, unit: &Unit, declared: Span, wanted: Wanted) -> Option<String>;
    /// The outputs of a unit: names and what is written for them.
    fn outputs(&self, unit: &Unit) -> Vec<(String, String)>;
    /// How an output of the unit that is called there is named in the calling one.
    fn output(&self, parent: &Unit, call: Span, name: &str) -> Option<String>;
    /// What a call passes: names of parameters and what is written for them.
    fn arguments(&self, parent: &Unit, call: Span) -> Vec<(String, String)>;
    /// How a unit names a parameter of its own.
    fn parameter(&self, name: &str) -> String;
}

/// A deployment and the texts that it was read from.
pub struct Site<'a> {
    /// The texts.
    pub files: &'a dyn Files,
    /// The deployment.
    pub deployment: &'a Deployment,
    /// Its identities.
    pub identities: Identities<'a>,
}

impl<'a> Site<'a> {
    /// Indexes a deployment.
    pub fn new(files: &'a dyn Files, deployment: &'a Deployment) -> Self {
        Site { files, deployment, identities: Identities::new(deployment) }
    }

    /// Where a resource is declared, and in which unit.
    pub fn declared(&self, resource: ResourceIndex) -> Option<(Unit, Span)> {
        let resource = self.deployment.resource(resource).filter(|one| one.made_by == MadeBy::Template)?;
        let chain = self.deployment.origins.chain(resource.origin);
        let (first, rest) = chain.split_first()?;
        if first.hop != Hop::Written {
            return None;
        }
        let calls = rest.iter().filter(|node| matches!(node.hop, Hop::Module(_))).map(|node| node.span).collect();
        Some((Unit { file: first.span.file, calls }, first.span))
    }

    /// Whether a declaration stands for one resource alone: neither a loop nor a module that is called twice makes more of it.
    pub fn is_single(&self, resource: ResourceIndex) -> bool {
        let Some(own) = self.deployment.resource(resource) else { return false };
        let span = |one: &Resource| self.deployment.origins.span(one.origin);
        let place = span(own);
        let mut others = self.deployment.resources.iter().filter(|one| one.made_by == MadeBy::Template);
        !own.many && others.all(|one| one.id == own.id || span(one) != place || one.when.excludes(&own.when))
    }

    /// The resource with this id, where a template certainly creates it.
    pub fn created(&self, id: &Value) -> Option<(ResourceIndex, &'a Resource)> {
        let id = ResourceId::parse(id)?;
        let found = self.identities.resources(&id).into_iter().find(|(_, created)| !created.yes.is_false());
        let index = found?.0;
        self.deployment.resource(index).map(|resource| (index, resource))
    }

    /// The resource by which a canonical principal id is named, and how.
    pub fn principal(&self, principal: &Value) -> Option<(ResourceIndex, Wanted)> {
        let Some(Symbol::Attribute { resource, path }) = principal.as_symbol() else { return None };
        let (index, found) = self.created(resource)?;
        match found.made_by {
            MadeBy::Template if path.eq_ignore_ascii_case(SYSTEM_PRINCIPAL_ID) => {
                Some((index, Wanted::SystemPrincipalId))
            }
            MadeBy::Template => Some((index, Wanted::PrincipalId)),
            MadeBy::Azure(cluster) => {
                let owner = self.deployment.resource(cluster)?;
                let kubelets = self.identities.kubelet(cluster);
                let is_kubelet = kubelets.iter().any(|(_, kubelet)| kubelet.principal() == Some(principal));
                (owner.id.resource_type.is(CLUSTERS) && is_kubelet).then_some((cluster, Wanted::KubeletPrincipalId))
            }
        }
    }

    /// How a unit can name something of a resource that is declared in it, below it or above it.
    pub fn spell(&self, words: &dyn Units, unit: &Unit, resource: ResourceIndex, wanted: Wanted) -> Option<String> {
        let (home, declared) = self.declared(resource)?;
        if home.calls == unit.calls && same_place(self, &home, unit) {
            if !unit.calls.is_empty() && !self.is_single(resource) {
                // The call is a loop, or there are several: the text says nothing of one of them.
                return None;
            }
            return words.own(&home, declared, wanted);
        }
        if home.is_in(unit) {
            // Down: an output of the module that leads there.
            let depth = home.calls.len() - unit.calls.len() - 1;
            let call = home.calls[depth];
            let file = if depth == 0 { home.file } else { home.calls[depth - 1].file };
            let child = Unit { file, calls: home.calls[depth..].to_vec() };
            let inner = folded(&self.spell(words, &child, resource, wanted)?);
            let outputs = words.outputs(&child);
            let name = outputs.into_iter().find(|(_, text)| folded(text) == inner)?.0;
            return words.output(unit, call, &name);
        }
        // Up: what the caller passes.
        let (parent, call) = unit.parent()?;
        let outer = folded(&self.spell(words, &parent, resource, wanted)?);
        let passed = words.arguments(&parent, call);
        let name = passed.into_iter().find(|(_, text)| folded(text) == outer)?.0;
        Some(words.parameter(&name))
    }

    /// The text that a span covers.
    pub fn text(&self, span: Span) -> Option<String> {
        let file = self.files.get(span.file)?;
        file.text.get(span.start as usize..span.end as usize).map(str::to_owned)
    }
}

/// Whether two units with the same calls are one: Terraform's modules have several files.
fn same_place(site: &Site<'_>, a: &Unit, b: &Unit) -> bool {
    let folder = |unit: &Unit| site.files.get(unit.file).and_then(|file| file.path.parent().map(ToOwned::to_owned));
    a.file == b.file || folder(a) == folder(b)
}

/// A text without white space.
fn folded(text: &str) -> String {
    text.split_whitespace().collect()
}
