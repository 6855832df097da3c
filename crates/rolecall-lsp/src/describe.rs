//! What is shown beside the pointer: who holds what, what a role allows, what a cluster needs.

use std::fmt::Write;

use gen_lsp_types::{Contents, Hover, MarkupContent, MarkupKind, TextDocumentPositionParams};
use rolecall_graph::{Assignment, CLUSTERS, MadeBy, Permissions, ResourceIndex, RoleDefinition, USER_ASSIGNED};
use rolecall_rules::{Question, QuestionAnswer};
use rolecall_source::{Files, Span};
use rolecall_value::{ResourceId, Scope, Value, contains};

use crate::documents::path_of;
use crate::locate::{Site, Subject, sites};
use crate::worker::Worker;

/// How many of a role's actions are listed.
const MAX_ACTIONS: usize = 20;

impl Worker {
    /// What is known of what stands at a place.
    pub(crate) fn hover(&self, at: &TextDocumentPositionParams) -> Option<Hover> {
        let path = path_of(&at.text_document.uri)?;
        let document = self.documents.at(&path)?;
        let offset = document.offset(self.client.can.encoding, at.position);
        let mut texts: Vec<String> = Vec::new();
        let mut range = None;
        for analysis in self.folders.iter().filter_map(|folder| folder.analysis()) {
            for site in sites(analysis, &path) {
                let permissions = Permissions::new(site.deployment);
                let Some((subject, bytes)) = site.subject(&permissions, offset) else { continue };
                let text = describe(&site, &permissions, &subject);
                if !text.is_empty() && !texts.contains(&text) {
                    texts.push(text);
                }
                range.get_or_insert_with(|| self.client.can.encoding.range(&document.text, &document.lines, bytes));
            }
        }
        if texts.is_empty() {
            return None;
        }
        let value = texts.join("\n\n---\n\n");
        Some(Hover { contents: Contents::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value }), range })
    }
}

fn describe(site: &Site<'_>, permissions: &Permissions<'_>, subject: &Subject) -> String {
    match subject {
        Subject::Role(definition) => role(definition),
        Subject::Principal(principal) => identity(site, permissions, principal),
        Subject::Outside(id) => scope(site, permissions, id),
        Subject::Resource(index) => {
            let Some(resource) = site.deployment.resource(*index) else { return String::new() };
            if resource.id.resource_type.is(CLUSTERS) {
                return cluster(site, &resource.id);
            }
            if resource.id.resource_type.is(USER_ASSIGNED) {
                let principal = rolecall_graph::user_assigned_principal(&resource.id.to_value());
                return identity(site, permissions, &principal);
            }
            let granted: Vec<_> = of_resource(permissions, *index).collect();
            if granted.is_empty() {
                return scope(site, permissions, &resource.id);
            }
            let mut out = "**role assignment**\n".to_owned();
            for one in granted {
                let who = permissions.identities().describe(&one.principal);
                let _ = writeln!(out, "- {} for {who} on {}", roles(one), scope_name(&one.scope));
            }
            out
        }
    }
}

fn of_resource<'p>(permissions: &'p Permissions<'_>, index: ResourceIndex) -> impl Iterator<Item = &'p Assignment> {
    permissions.assignments().iter().filter(move |one| one.resource == index)
}

/// The assignments of an identity.
pub(crate) fn of_principal<'p>(permissions: &'p Permissions<'_>, principal: &Value) -> Vec<&'p Assignment> {
    let identities = permissions.identities();
    let key = principal.text().to_lowercase();
    let wanted = identities.resource_of(principal).map(|(index, _)| index);
    let is_it = |value: &Value| {
        let same = wanted.is_some() && identities.resource_of(value).map(|(index, _)| index) == wanted;
        same || value.text().to_lowercase() == key
    };
    let all = permissions.assignments().iter();
    all.filter(|one| one.principal.alternatives().iter().any(|(_, value)| is_it(value))).collect()
}

/// The assignments that count at a resource, whatever stands in their way.
pub(crate) fn at_scope<'p>(site: &Site<'_>, permissions: &'p Permissions<'_>, id: &ResourceId) -> Vec<&'p Assignment> {
    let inner = Scope::Resource(id.clone().into());
    let all = permissions.assignments().iter();
    all.filter(|one| !contains(&site.deployment.inputs, &one.scope, &inner).equal.is_false()).collect()
}

fn identity(site: &Site<'_>, permissions: &Permissions<'_>, principal: &Value) -> String {
    let mut out = format!("**identity** {}\n\n", permissions.identities().describe(principal));
    let all = of_principal(permissions, principal);
    if all.is_empty() {
        out.push_str("Nothing is assigned to it here.\n");
    }
    for one in all {
        let _ = writeln!(out, "- {} on {}{}{}", roles(one), scope_name(&one.scope), by(site, one), when(site, one));
    }
    out
}

fn scope(site: &Site<'_>, permissions: &Permissions<'_>, id: &ResourceId) -> String {
    let all = at_scope(site, permissions, id);
    if all.is_empty() {
        return String::new();
    }
    let mut out = format!("**who holds what on** `{}`\n\n", id.name().plain());
    for one in all {
        let who = permissions.identities().describe(&one.principal);
        let at = match &one.scope {
            Scope::Resource(own) if own.to_value() == id.to_value() => String::new(),
            above => format!(", from {}", scope_name(above)),
        };
        let _ = writeln!(out, "- {who}: {}{at}{}{}", roles(one), by(site, one), when(site, one));
    }
    out
}

fn roles(one: &Assignment) -> String {
    let mut names: Vec<String> = one.roles.iter().map(|(_, role)| format!("**{}**", role.name())).collect();
    names.dedup();
    if names.is_empty() { "access by its policies".to_owned() } else { names.join(" or ") }
}

/// A scope as a person would name it.
fn scope_name(scope: &Scope) -> String {
    match scope {
        Scope::Tenant => "the tenant".to_owned(),
        Scope::ManagementGroup(name) => format!("the management group `{}`", name.plain()),
        Scope::Subscription(_) => "the subscription".to_owned(),
        Scope::ResourceGroup(_, name) => match name.as_str() {
            Some(name) => format!("the resource group `{name}`"),
            None => "the resource group".to_owned(),
        },
        Scope::Resource(id) => format!("`{}`", id.name().plain()),
        Scope::Opaque(value) => format!("`{}`", value.plain()),
    }
}

fn by(site: &Site<'_>, one: &Assignment) -> String {
    match one.made_by {
        MadeBy::Azure(_) => " (AKS grants it)".to_owned(),
        MadeBy::Template => {
            let span = site.deployment.origins.span(one.origin);
            span.and_then(|span| place(site, span)).map(|place| format!(" ({place})")).unwrap_or_default()
        }
    }
}

fn when(site: &Site<'_>, one: &Assignment) -> String {
    if one.when.is_true() { String::new() } else { format!(", when {}", site.deployment.inputs.describe(&one.when)) }
}

/// `main.bicep:12`.
fn place(site: &Site<'_>, span: Span) -> Option<String> {
    let file = site.analysis.files.get(span.file)?;
    let line = file.lines().position(&file.text, span.start as usize).line;
    Some(format!("{}:{line}", file.path.file_name()?.to_string_lossy()))
}

fn role(role: &RoleDefinition) -> String {
    let kind = if role.custom.is_some() { "custom role" } else { "built-in role" };
    let mut out = format!("**{}**, {kind} `{}`\n\n", role.name, role.guid);
    for block in &role.blocks {
        let lists = [
            ("may", &block.actions),
            ("but not", &block.not_actions),
            ("may with data", &block.data_actions),
            ("but not with data", &block.not_data_actions),
        ];
        for (verb, actions) in lists.into_iter().filter(|(_, actions)| !actions.is_empty()) {
            let _ = writeln!(out, "{verb}:");
            actions.iter().take(MAX_ACTIONS).for_each(|action| {
                let _ = writeln!(out, "- `{action}`");
            });
            if actions.len() > MAX_ACTIONS {
                let _ = writeln!(out, "- and {} more", actions.len() - MAX_ACTIONS);
            }
            out.push('\n');
        }
        if let Some(condition) = &block.condition {
            let _ = writeln!(out, "under the condition `{condition}`\n");
        }
        if let Some(reason) = &block.open {
            let _ = writeln!(out, "not all of it is known: {reason}\n");
        }
    }
    out
}

/// The questions about one cluster.
pub(crate) fn of_cluster<'a>(site: &Site<'a>, id: &ResourceId) -> Vec<&'a Question> {
    let id = id.to_value().plain();
    site.analysed.report.questions.iter().filter(|question| question.cluster == id).collect()
}

fn cluster(site: &Site<'_>, id: &ResourceId) -> String {
    let questions = of_cluster(site, id);
    let mut out = format!("**cluster** `{}`: {}\n\n", id.name().plain(), crate::lens::tally(&questions));
    if questions.is_empty() {
        return out;
    }
    out.push_str("| needs | who | on | state |\n| --- | --- | --- | --- |\n");
    for question in questions {
        let state = match question.answer {
            QuestionAnswer::Granted => match question.by.and_then(|span| place(site, span)) {
                Some(place) => format!("granted ({place})"),
                None => "granted".to_owned(),
            },
            QuestionAnswer::Missing => "**missing**".to_owned(),
            QuestionAnswer::Assumed => "elsewhere".to_owned(),
            QuestionAnswer::Undecided => format!("cannot tell: {}", question.reason),
        };
        let when = question.when.as_ref().map(|when| format!(", when {when}")).unwrap_or_default();
        let cells = [&question.requirement, &question.principal, &question.scope_name, &format!("{state}{when}")];
        let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|").replace('\n', " ")).collect();
        let _ = writeln!(out, "| {} |", cells.join(" | "));
    }
    out
}
