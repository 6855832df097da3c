//! The resource graph: what rules see, in one shape for all languages.
//!
//! A [`Deployment`] holds resources in ARM's shape. From it come the role assignments, role definitions and identities,
//! what Azure makes by itself (from data), and the answer to the one question: may this principal do this action at this
//! scope, and under which condition?
//!
//! This crate knows no syntax and no rule, and of output only the graph's own JSON.

mod abac;
mod actions;
mod aks;
mod answer;
mod assignments;
mod deployment;
mod frame;
mod identities;
mod index;
mod json;
mod least;
mod mend;
mod near;
mod open;
mod openings;
mod outside;
mod query;
mod question;
mod roles;
mod sign_in;
mod site;
mod vaults;

pub use actions::{covers, overlaps};
pub use aks::{CLUSTERS, add_managed};
pub use answer::{Answer, Grant, Need, Obstacle};
pub use assignments::{Assignment, AssignmentKind, ROLE_ASSIGNMENTS};
pub use deployment::{Change, Deployment, GrantsTo, Language, MadeBy, Resource, ResourceIndex, Unresolved};
pub use frame::{Frame, Name, NameKind};
pub use identities::{
    ControlPlane, Created, Identities, Kubelet, USER_ASSIGNED, control_plane, describe, kubelet, principal,
    service_principal, user_assigned_principal,
};
pub use json::{Places, graph_json, id_text, value_json};
pub use least::least_role;
pub use mend::{Assign, ExactRole, Mend, RoleChoice, Setting, Step};
pub use near::{NearKind, NearMiss};
pub use outside::{OutsideGrant, OutsideGrants, OutsideRole, Pattern, Principals, Subjects};
pub use query::{Permissions, principal_name};
pub use roles::{
    PermissionBlock, RoleDefinition, RoleRef, Roles, Verdict, before_bar, builtin, builtin_named, builtins, guid_text,
};
pub use sign_in::{Login, logins};
pub use site::{Site, Spelled, Target, Unit, Units, Wanted};
pub use vaults::Idle;
