//! How a deployment is mended, before anybody knows in which words: what a finding asks for, in terms of the graph.
//!
//! Rules make a [`Mend`]; the front end of the language turns it into edits, with the help of [`Site`](crate::Site).

use rolecall_source::Safety;
use rolecall_value::Value;

use crate::ResourceIndex;

/// What mends something: all of the steps or none.
#[derive(Clone, Debug, PartialEq)]
pub struct Mend {
    /// What it does, as an order.
    pub title: String,
    /// Whether it may be done unasked.
    pub safety: Safety,
    /// The steps.
    pub steps: Vec<Step>,
    /// What does as well, where the text has no words for this.
    pub otherwise: Option<Box<Mend>>,
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
    /// That it is made whenever the deployment is.
    Always,
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
    /// What kind of resource that is.
    pub scope_type: String,
    /// Whether what needs it must wait for it.
    pub awaited: bool,
    /// What exactly is needed.
    pub exact: ExactRole,
    /// Whether a role of its own with exactly that is assigned, in place of the built-in one.
    pub is_exact: bool,
}

impl Assign {
    /// The name of the role that is assigned.
    pub fn role_name(&self) -> &str {
        if self.is_exact { &self.exact.name } else { &self.role.name }
    }
}

/// A role that has exactly what is needed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExactRole {
    /// Its name.
    pub name: String,
    /// The actions.
    pub actions: Vec<String>,
    /// The actions on data.
    pub data_actions: Vec<String>,
}
