//! A deployment as rules see it.

use std::sync::Arc;

use rolecall_source::{Diagnostic, FileId};
use rolecall_value::{Condition, Inputs, Origin, Origins, Point, Reason, ResourceId, Value};

use crate::{Frame, OutsideGrants};

/// Everything that one entry template, with the values given to it, would deploy.
#[derive(Debug)]
pub struct Deployment {
    /// The entry template.
    pub entry: FileId,
    /// The files that gave values to its parameters.
    pub parameters: Vec<FileId>,
    /// What the entry is written in.
    pub language: Language,
    /// What is left open.
    pub inputs: Arc<Inputs>,
    /// The values given: the point in the space of open inputs at which findings are definite.
    pub point: Point,
    /// Where values come from.
    pub origins: Arc<Origins>,
    /// The resources, nested deployments' included. A resource whose name or scope is conditional stands here once for
    /// each alternative.
    pub resources: Vec<Resource>,
    /// Which resource waits for which: `(waits, for)`, by explicit `dependsOn` and by reference.
    pub edges: Vec<(ResourceIndex, ResourceIndex)>,
    /// The resources that may wait for more than `edges` says, since their `dependsOn` is not known in full: ascending.
    pub open_order: Vec<ResourceIndex>,
    /// The resources that are never made at the same time as others of the same parent: those of a loop over something
    /// open that makes one after another, and those for which a provider locks the parent. Ascending.
    pub one_by_one: Vec<ResourceIndex>,
    /// The resources that reach Azure as they are written although the language has a provider that checks and completes
    /// others (Terraform's `azapi`): ascending.
    pub unchecked: Vec<ResourceIndex>,
    /// What is changed in resources once they are there. Their bodies show them as they are in the end.
    pub changes: Vec<Change>,
    /// What could not be read and might hold more resources.
    pub unresolved: Vec<Unresolved>,
    /// The instances of its texts, with what their names are worth: for whoever edits them.
    pub frames: Vec<Frame>,
    /// Grants made outside that somebody vouches for: evaluation finds none.
    pub outside: Arc<OutsideGrants>,
    /// What is wrong with the templates.
    pub diagnostics: Vec<Diagnostic>,
}

/// A language of infrastructure code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    /// ARM templates in JSON.
    Arm,
    /// Bicep.
    Bicep,
    /// Terraform and OpenTofu.
    Terraform,
}

impl Language {
    /// The lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            Language::Arm => "arm",
            Language::Bicep => "bicep",
            Language::Terraform => "terraform",
        }
    }
}

/// The place of a resource in its deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResourceIndex(pub u32);

/// A resource that is deployed.
#[derive(Clone, Debug)]
pub struct Resource {
    /// Its id; the names in it may be symbolic or unknown, never conditional.
    pub id: ResourceId,
    /// When it is deployed.
    pub when: Condition,
    /// Whether it stands for any number of resources: a loop over something open.
    pub many: bool,
    /// Its evaluated body: an object with `properties`, `identity`, `location`, `sku` and so on.
    pub body: Value,
    /// Who makes it.
    pub made_by: MadeBy,
    /// Where it is written.
    pub origin: Origin,
}

/// A change to a resource that stands in a block of its own, as Terraform's associations do.
#[derive(Clone, Debug)]
pub struct Change {
    /// The resource that is changed.
    pub resource: ResourceIndex,
    /// What is set in it, in the resource's own shape.
    pub body: Value,
    /// When it is changed.
    pub when: Condition,
    /// The resources that wait for the change, apart from those that wait for one of these: ascending.
    pub awaited_by: Vec<ResourceIndex>,
}

/// Who makes a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MadeBy {
    /// The template.
    Template,
    /// Azure itself, because of another resource.
    Azure(ResourceIndex),
}

/// To whom something unseen may give a role.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum GrantsTo {
    /// To what AKS makes or is given for the nodes, the add-ons and the extensions of a cluster: never to the identity that a
    /// resource has of its own.
    Made,
    /// To anyone.
    #[default]
    Anyone,
}

/// Something that could not be read, and might hold resources.
#[derive(Clone, Debug)]
pub struct Unresolved {
    /// What it is, as a person would name it: `linked template 'roles.json'`.
    pub what: String,
    /// Why it could not be read.
    pub reason: Reason,
    /// When it is deployed.
    pub when: Condition,
    /// What flows into it: it can only know of what is among these.
    pub arguments: Value,
    /// To whom of those that it knows of it may give a role.
    pub grants_to: GrantsTo,
    /// How the text of the unknown values begins that come out of it: `module.network`. Empty where nothing does.
    pub yields: String,
    /// Where it is called.
    pub origin: Origin,
}

impl Deployment {
    /// A resource.
    pub fn resource(&self, index: ResourceIndex) -> Option<&Resource> {
        self.resources.get(index.0 as usize)
    }

    /// Whether a provider checks and completes a resource before Azure sees it, as Terraform's azurerm does.
    pub fn has_provider(&self, index: ResourceIndex) -> bool {
        self.language == Language::Terraform && self.unchecked.binary_search(&index).is_err()
    }

    /// The resources with their places.
    pub fn enumerate(&self) -> impl Iterator<Item = (ResourceIndex, &Resource)> {
        (0..).map(ResourceIndex).zip(&self.resources)
    }

    /// The resources of a type, without regard to case.
    pub fn of_type<'a>(&'a self, resource_type: &'a str) -> impl Iterator<Item = (ResourceIndex, &'a Resource)> {
        self.enumerate().filter(move |(_, resource)| resource.id.resource_type.is(resource_type))
    }
}
