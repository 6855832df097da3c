//! What a deployment needs beyond the permission questions: what whoever deploys it must be allowed to do, and what AKS
//! gives the control plane by itself.
//!
//! The tables are data (`data/permission-tables.json`). Who deploys is never known from a template, so nothing here is
//! granted or missing: it is said what is needed, on what and why.

use std::sync::LazyLock;

use rolecall_graph::{
    AssignmentKind, CLUSTERS, ControlPlane, Deployment, Identities, Kubelet, MadeBy, Permissions, ROLE_ASSIGNMENTS,
};
use rolecall_source::Span;
use rolecall_value::{Condition, ResourceId, Scope, Value};
use serde::Deserialize;

use crate::demand::{ByType, places, span_of};
use crate::model::Subject;
use crate::{outcome, settle};

/// Everything that is needed beyond the permission questions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Needs {
    /// The clusters that templates make, in order.
    pub clusters: Vec<ClusterNeeds>,
    /// What whoever deploys needs, by requirement, scope and place.
    pub deployer: Vec<DeployerNeed>,
}

/// A cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct ClusterNeeds {
    /// Its canonical id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The values of open inputs under which it is made, where it is not for those given.
    pub when: Option<String>,
    /// Where it is written.
    pub span: Span,
}

/// What whoever deploys needs on one resource.
#[derive(Clone, Debug, PartialEq)]
pub struct DeployerNeed {
    /// The entry of the requirements catalogue.
    pub requirement: String,
    /// The actions.
    pub actions: Vec<String>,
    /// On what, canonical.
    pub scope: String,
    /// The same as a person would name it.
    pub scope_name: String,
    /// What it is needed for: `joins the subnet`.
    pub why: String,
    /// The values of open inputs under which it is needed, where it is not for those given.
    pub when: Option<String>,
    /// What makes it needed.
    pub span: Span,
}

/// Permissions of the control plane that AKS sees to by itself.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handled {
    /// What they are needed for.
    pub why: String,
    /// Actions in the node resource group, where AKS makes the control plane Contributor.
    pub actions: Vec<String>,
    /// Actions on the cluster itself.
    pub cluster_actions: Vec<String>,
    /// Actions on the subscription, which AKS does by itself.
    pub subscription_actions: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tables {
    #[expect(dead_code, reason = "for whoever reads the data")]
    source: String,
    deployer: Vec<Row>,
    handled: Vec<Handled>,
}

/// A row of what the deployer needs.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    requirement: String,
    actions: Vec<String>,
    why: String,
    #[expect(dead_code, reason = "for whoever reads the data")]
    sources: Vec<String>,
    at: Vec<Subject>,
    /// Whether it is needed on what the resource of the scope is a part of.
    #[serde(default)]
    parent: bool,
}

static TABLES: LazyLock<Option<Tables>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../data/permission-tables.json")).ok());

/// What AKS gives the control plane of every cluster by itself, in the order of Azure's documentation.
pub fn handled() -> &'static [Handled] {
    TABLES.as_ref().map_or(&[], |tables| &tables.handled)
}

/// What a deployment needs beyond the permission questions. What AKS makes by itself must stand in it already.
pub fn needs(deployment: &Deployment) -> Needs {
    let resources = ByType::new(deployment);
    let mut out = Needs::default();
    for &index in resources.of(CLUSTERS) {
        let Some(resource) = deployment.resource(index) else { continue };
        out.clusters.push(ClusterNeeds {
            id: resource.id.to_value().plain(),
            name: resource.id.name().label(),
            when: settle::when(deployment, &resource.when),
            span: span_of(deployment, &resource.body, resource),
        });
    }
    // One resource stands there once for each alternative of its name.
    out.clusters.dedup_by(|a, b| (a.span, &a.id) == (b.span, &b.id));
    if out.clusters.is_empty() {
        return out;
    }
    let mut add = |requirement: &str, actions: &[String], scope: &Value, why: &str, when: &Condition, span: Span| {
        if when.is_false() {
            return;
        }
        out.deployer.push(DeployerNeed {
            requirement: requirement.to_owned(),
            actions: actions.to_vec(),
            scope: scope.plain(),
            scope_name: outcome::scope(&Scope::parse(scope)).replace('`', ""),
            why: why.to_owned(),
            when: settle::when(deployment, when),
            span,
        });
    };
    for row in TABLES.iter().flat_map(|tables| &tables.deployer) {
        for subject in &row.at {
            for place in places(deployment, &resources, subject, |_, _, when, _| when) {
                let Some(resource) = deployment.resource(place.resource) else { continue };
                let scope = match ResourceId::parse(&place.scope).filter(|_| row.parent) {
                    Some(id) => id.parent().map_or_else(|| place.scope.clone(), |parent| parent.to_value()),
                    None => place.scope.clone(),
                };
                let span = span_of(deployment, &place.scope, resource);
                add(&row.requirement, &row.actions, &scope, &row.why, &place.when, span);
            }
        }
    }
    let identities = Identities::new(deployment);
    let assign = ["Microsoft.ManagedIdentity/userAssignedIdentities/assign/action".to_owned()];
    for &index in resources.of(CLUSTERS) {
        let Some(resource) = deployment.resource(index) else { continue };
        for (when, plane) in identities.control_plane(index) {
            if let ControlPlane::UserAssigned { identity, .. } = plane {
                let span = span_of(deployment, &identity, resource);
                add("DEP-UAI-ASSIGN", &assign, &identity, "gives the cluster its identity", &when, span);
            }
        }
        for (when, kubelet) in identities.kubelet(index) {
            if let Kubelet::Brought { identity, .. } = kubelet {
                let span = span_of(deployment, &identity, resource);
                add("DEP-UAI-ASSIGN", &assign, &identity, "gives the nodes their identity", &when, span);
            }
        }
    }
    let write = ["Microsoft.Authorization/roleAssignments/write".to_owned()];
    for assignment in Permissions::new(deployment).assignments() {
        let Some(resource) = deployment.resource(assignment.resource) else { continue };
        let own = assignment.kind == AssignmentKind::Role && assignment.made_by == MadeBy::Template;
        if own && resource.id.resource_type.is(ROLE_ASSIGNMENTS) {
            let role = assignment.roles.first().map_or("a role", |(_, role)| role.name());
            let span = deployment.origins.span(assignment.origin).unwrap_or(Span::file_start(deployment.entry));
            let why = format!("assigns {role}");
            add("RA-DEPLOYER", &write, &assignment.scope.to_value(), &why, &assignment.when, span);
        }
    }
    out.deployer.dedup();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_read() {
        let tables = TABLES.as_ref().expect("tables");
        assert!(tables.deployer.iter().all(|row| !row.actions.is_empty() && !row.at.is_empty()));
        assert_eq!(handled().len(), 21, "the rows of the documentation");
    }

    #[test]
    fn what_aks_sees_to_in_the_node_resource_group_contributor_allows() {
        let role = rolecall_graph::builtin_named("Contributor").expect("Contributor");
        for row in handled() {
            assert!(role.grants_all(&row.actions, &[]), "{}", row.why);
        }
    }
}
