//! From identities, scopes, roles and clusters to the assignments that concern them, and back.

use gen_lsp_types::{Location, TextDocumentPositionParams};
use rolecall_graph::{Assignment, CLUSTERS, MadeBy, Permissions, ResourceIndex, RoleRef, USER_ASSIGNED};
use rolecall_source::Span;

use crate::convert::Places;
use crate::describe::{at_scope, of_cluster, of_principal};
use crate::documents::path_of;
use crate::locate::{Site, Subject, sites};
use crate::worker::Worker;

impl Worker {
    /// The granting assignments: of an identity, on a scope, for a cluster's needs; of an assignment the identity.
    pub(crate) fn definition(&self, at: &TextDocumentPositionParams) -> Vec<Location> {
        self.lead(at, |site, permissions, subject| match subject {
            Subject::Resource(index) => match kind(site, *index) {
                What::Cluster => site
                    .deployment
                    .resource(*index)
                    .map(|cluster| of_cluster(site, &cluster.id).into_iter().filter_map(|one| one.by).collect())
                    .unwrap_or_default(),
                What::Identity => written(site, &to(site, permissions, *index)),
                What::Other => {
                    let own: Vec<_> = permissions.assignments().iter().filter(|one| one.resource == *index).collect();
                    let identities = own.iter().flat_map(|one| one.principal.alternatives());
                    let found = identities.filter_map(|(_, value)| permissions.identities().resource_of(value));
                    let mut spans: Vec<_> =
                        found.filter_map(|(_, identity)| site.deployment.origins.span(identity.origin)).collect();
                    if own.is_empty()
                        && let Some(resource) = site.deployment.resource(*index)
                    {
                        spans = written(site, &at_scope(site, permissions, &resource.id));
                    }
                    spans
                }
            },
            Subject::Role(role) => {
                let custom = role.custom.and_then(|index| site.deployment.resource(index));
                custom.and_then(|role| site.deployment.origins.span(role.origin)).into_iter().collect()
            }
            other => granting(site, permissions, other),
        })
    }

    /// The assignments of what stands at a place, and what it is, where that is `declared`.
    pub(crate) fn references(&self, at: &TextDocumentPositionParams, declared: bool) -> Vec<Location> {
        self.lead(at, |site, permissions, subject| {
            let mut spans = granting(site, permissions, subject);
            let own = match subject {
                Subject::Resource(index) => Some(*index),
                Subject::Principal(principal) => {
                    permissions.identities().resource_of(principal).map(|(index, _)| index)
                }
                _ => None,
            };
            let own = own.filter(|_| declared).and_then(|index| site.deployment.resource(index));
            spans.extend(own.and_then(|resource| site.deployment.origins.span(resource.origin)));
            spans
        })
    }

    fn lead(
        &self,
        at: &TextDocumentPositionParams,
        find: impl Fn(&Site<'_>, &Permissions<'_>, &Subject) -> Vec<Span>,
    ) -> Vec<Location> {
        let Some(path) = path_of(&at.text_document.uri) else { return Vec::new() };
        let Some(document) = self.documents.at(&path) else { return Vec::new() };
        let offset = document.offset(self.client.can.encoding, at.position);
        let mut out: Vec<Location> = Vec::new();
        for analysis in self.folders.iter().filter_map(|folder| folder.analysis()) {
            let places = Places {
                files: &*analysis.files,
                documents: &self.documents,
                encoding: self.client.can.encoding,
                pages: None,
            };
            for site in sites(analysis, &path) {
                let permissions = Permissions::new(site.deployment);
                let Some((subject, _)) = site.subject(&permissions, offset) else { continue };
                out.extend(find(&site, &permissions, &subject).into_iter().filter_map(|span| places.location(span)));
            }
        }
        out.sort_by(|a, b| {
            let start = |one: &Location| (one.range.start.line, one.range.start.character);
            (a.uri.as_str(), start(a)).cmp(&(b.uri.as_str(), start(b)))
        });
        out.dedup();
        out
    }
}

enum What {
    Cluster,
    Identity,
    Other,
}

fn kind(site: &Site<'_>, index: ResourceIndex) -> What {
    match site.deployment.resource(index) {
        Some(resource) if resource.id.resource_type.is(CLUSTERS) => What::Cluster,
        Some(resource) if resource.id.resource_type.is(USER_ASSIGNED) => What::Identity,
        _ => What::Other,
    }
}

/// The assignments of an identity that is a resource.
fn to<'p>(site: &Site<'_>, permissions: &'p Permissions<'_>, index: ResourceIndex) -> Vec<&'p Assignment> {
    let Some(resource) = site.deployment.resource(index) else { return Vec::new() };
    of_principal(permissions, &rolecall_graph::user_assigned_principal(&resource.id.to_value()))
}

/// The assignments that concern something.
fn granting(site: &Site<'_>, permissions: &Permissions<'_>, subject: &Subject) -> Vec<Span> {
    let found = match subject {
        Subject::Principal(principal) => of_principal(permissions, principal),
        Subject::Outside(id) => at_scope(site, permissions, id),
        Subject::Resource(index) => match kind(site, *index) {
            What::Identity => to(site, permissions, *index),
            What::Cluster | What::Other => match site.deployment.resource(*index) {
                Some(resource) => at_scope(site, permissions, &resource.id),
                None => Vec::new(),
            },
        },
        Subject::Role(role) => {
            let is_it = |one: &RoleRef| matches!(one, RoleRef::Role(other) if other.guid == role.guid);
            permissions.assignments().iter().filter(|one| one.roles.iter().any(|(_, role)| is_it(role))).collect()
        }
    };
    written(site, &found)
}

/// Where assignments are written; what AKS grants by itself is nowhere.
fn written(site: &Site<'_>, all: &[&Assignment]) -> Vec<Span> {
    let all = all.iter().filter(|one| one.made_by == MadeBy::Template);
    all.filter_map(|one| site.deployment.origins.span(one.origin)).collect()
}
