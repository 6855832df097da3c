//! The document that all formats of `requirements` show.

use rolecall_rules::{BeforeCluster, Certainty, DeployerNeed, Needs, Question, QuestionAnswer, Who, claim, handled};
use rolecall_source::Span;
use serde::Serialize;

use super::Requirements;
use crate::json::{Position, position};
use crate::run::{Base, Deployed};
use crate::{Run, Summary};

#[derive(Serialize)]
pub(super) struct Document {
    schema_version: u32,
    pub deployments: Vec<DeploymentRows>,
    pub handled_by_aks: Vec<HandledRow>,
    summary: SummaryRow,
}

#[derive(Serialize)]
pub(super) struct DeploymentRows {
    pub entry: String,
    pub parameters: Vec<String>,
    pub clusters: Vec<ClusterRows>,
    pub deployer: Vec<DeployerRow>,
    #[serde(skip)]
    pub name: String,
}

#[derive(Serialize)]
pub(super) struct ClusterRows {
    pub id: String,
    pub name: String,
    /// Whether a template of the deployment makes it.
    pub created_here: bool,
    pub when: Option<String>,
    pub position: Option<Position>,
    pub permissions: Vec<PermissionRow>,
}

#[derive(Serialize)]
pub(super) struct PermissionRow {
    pub answer: &'static str,
    pub identity: Option<&'static str>,
    pub principal: String,
    pub scope: String,
    #[serde(skip)]
    pub scope_name: String,
    pub actions: Vec<String>,
    pub data_actions: Vec<String>,
    pub least_role: Option<RoleRow>,
    pub before_cluster: Option<&'static str>,
    pub owner: Option<String>,
    pub when: Option<String>,
    pub why: WhyRow,
    pub granted_by: Option<GrantRow>,
    /// Why it is granted, missing, assumed or undecided.
    pub reason: String,
}

#[derive(Serialize)]
pub(super) struct RoleRow {
    pub name: String,
    pub id: String,
}

#[derive(Serialize)]
pub(super) struct WhyRow {
    pub requirement: String,
    pub rule: Option<String>,
    pub title: String,
    pub azure_errors: Vec<String>,
    pub position: Option<Position>,
}

#[derive(Serialize)]
pub(super) struct GrantRow {
    pub inherited_from: Option<String>,
    pub position: Option<Position>,
}

#[derive(Serialize)]
pub(super) struct DeployerRow {
    pub requirement: String,
    pub actions: Vec<String>,
    pub scope: String,
    #[serde(skip)]
    pub scope_name: String,
    pub why: String,
    pub when: Option<String>,
    pub position: Option<Position>,
}

#[derive(Serialize)]
pub(super) struct HandledRow {
    pub why: &'static str,
    pub in_node_resource_group: &'static [String],
    pub on_cluster: &'static [String],
    pub on_subscription: &'static [String],
}

#[derive(Serialize)]
struct SummaryRow {
    deployments: usize,
    clusters: usize,
    granted: usize,
    missing: usize,
    assumed: usize,
    undecided: usize,
}

impl Document {
    pub(super) fn new(requirements: &Requirements<'_>) -> Self {
        let Requirements { run, needs } = *requirements;
        let handled = handled().iter().map(|row| HandledRow {
            why: &row.why,
            in_node_resource_group: &row.actions,
            on_cluster: &row.cluster_actions,
            on_subscription: &row.subscription_actions,
        });
        let Summary { deployments, clusters, questions: [granted, missing, assumed, undecided], .. } = run.summary();
        Document {
            schema_version: 1,
            deployments: run.deployments.iter().zip(needs).map(|(one, needs)| deployment(run, one, needs)).collect(),
            handled_by_aks: handled.collect(),
            summary: SummaryRow { deployments, clusters, granted, missing, assumed, undecided },
        }
    }

    /// `2 missing of 9 permissions`, …
    pub(super) fn counts(&self) -> String {
        let SummaryRow { granted, missing, assumed, undecided, .. } = self.summary;
        format!("{granted} granted, {missing} missing, {assumed} assumed, {undecided} undecided")
    }
}

fn deployment(run: &Run<'_>, deployed: &Deployed<'_>, needs: &Needs) -> DeploymentRows {
    let mut clusters: Vec<ClusterRows> = needs
        .clusters
        .iter()
        .map(|cluster| ClusterRows {
            id: cluster.id.clone(),
            name: cluster.name.clone(),
            created_here: true,
            when: cluster.when.clone(),
            position: position(run, cluster.span),
            permissions: Vec::new(),
        })
        .collect();
    for question in &deployed.report.questions {
        let place = clusters.iter().position(|cluster| cluster.id == question.cluster).unwrap_or_else(|| {
            clusters.push(ClusterRows {
                id: question.cluster.clone(),
                name: question.cluster_name.clone(),
                created_here: false,
                when: None,
                position: None,
                permissions: Vec::new(),
            });
            clusters.len() - 1
        });
        clusters[place].permissions.push(permission(run, question));
    }
    DeploymentRows {
        entry: run.name(deployed.entry),
        parameters: deployed.parameters.iter().map(|file| run.name(*file)).collect(),
        clusters,
        deployer: needs.deployer.iter().map(|need| deployer(run, need)).collect(),
        name: run.deployment_name(deployed),
    }
}

fn permission(run: &Run<'_>, question: &Question) -> PermissionRow {
    let known = claim(&question.requirement);
    let need = known.and_then(|(_, requirement)| requirement.need.as_ref());
    let granted = question.answer == QuestionAnswer::Granted;
    PermissionRow {
        answer: question.answer.name(),
        identity: need.map(|need| match &need.identity {
            Who::ControlPlane => "control plane",
            Who::Kubelet => "kubelet",
            Who::AddOn(_) => "add-on",
            Who::Own | Who::Answered(_) => "own",
            Who::Assignee => "assignee",
        }),
        principal: question.principal.clone(),
        scope: question.scope.clone(),
        scope_name: question.scope_name.clone(),
        actions: need.map_or_else(Vec::new, |need| need.actions.clone()),
        data_actions: need.map_or_else(Vec::new, |need| need.data_actions.clone()),
        least_role: need.map(|need| RoleRow { name: need.least_role.name.clone(), id: need.least_role.id.clone() }),
        before_cluster: need.map(|need| match need.before_cluster {
            BeforeCluster::Required => "required",
            BeforeCluster::Recommended => "recommended",
            BeforeCluster::Impossible => "impossible",
        }),
        owner: need.map(|need| need.owner.clone()),
        when: question.when.clone(),
        why: WhyRow {
            requirement: question.requirement.clone(),
            rule: known.map(|(entry, _)| entry.rule.id.clone()),
            title: known.map_or_else(String::new, |(_, requirement)| requirement.title.clone()),
            azure_errors: known.map_or_else(Vec::new, |(_, requirement)| {
                let told = requirement.azure.iter().filter(|error| !error.name_only);
                told.map(|error| error.code.clone()).collect()
            }),
            position: position(run, question.span),
        },
        granted_by: granted.then(|| GrantRow {
            inherited_from: question.inherited_from.clone(),
            position: question.by.and_then(|span| position(run, span)),
        }),
        reason: question.reason.clone(),
    }
}

fn deployer(run: &Run<'_>, need: &DeployerNeed) -> DeployerRow {
    DeployerRow {
        requirement: need.requirement.clone(),
        actions: need.actions.clone(),
        scope: need.scope.clone(),
        scope_name: need.scope_name.clone(),
        why: need.why.clone(),
        when: need.when.clone(),
        position: position(run, need.span),
    }
}

/// The lines of a finding about the same need, without its headline: what was found instead and what to do.
pub(super) fn lines_of(run: &Run<'_>, deployed: &Deployed<'_>, question: &Question) -> Vec<String> {
    let rule = claim(&question.requirement).map(|(entry, _)| entry.rule.id.as_str());
    let is_it = |finding: &&rolecall_rules::Finding| {
        Some(finding.rule.as_str()) == rule
            && finding.principal.as_deref() == Some(&question.principal)
            && finding.scope.as_deref().unwrap_or(&finding.resource) == question.scope
            && (finding.certainty == Certainty::Assumed) == (question.answer == QuestionAnswer::Assumed)
    };
    let finding = deployed.report.findings.iter().find(is_it);
    finding.map_or_else(Vec::new, |finding| {
        let (headline, mut lines) = run.message(finding, |span| run.short_place(span, Base::CurrentDir));
        lines.insert(0, headline);
        lines
    })
}

/// `main.bicep:88`, where it is known.
pub(super) fn place(position: Option<&Position>) -> String {
    position.map_or_else(|| "elsewhere".to_owned(), |position| format!("{}:{}", position.file, position.line))
}

/// Why an answer is what it is, with the place of a grant.
pub(super) fn because(row: &PermissionRow) -> String {
    let mut text = row.reason.clone();
    if let Some(grant) = &row.granted_by {
        text += &format!(" ({})", place(grant.position.as_ref()));
        if grant.inherited_from.is_some() {
            text += &format!(", from which {} inherits", row.scope_name);
        }
    }
    text
}

/// What makes a permission needed.
pub(super) fn need(row: &PermissionRow) -> String {
    let mut text = format!("{}: {} ({})", row.why.requirement, row.why.title, place(row.why.position.as_ref()));
    if !row.why.azure_errors.is_empty() {
        text += &format!("; Azure says {}", row.why.azure_errors.join(" or "));
    }
    text
}

/// A place as a run names it.
pub(super) fn at(run: &Run<'_>, span: Span) -> String {
    run.short_place(span, Base::CurrentDir)
}
