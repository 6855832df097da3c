//! The table that people read in a terminal.

use std::io;

use super::Requirements;
use super::document::{ClusterRows, DeploymentRows, Document, PermissionRow, because, need, place};
use crate::printable;

/// Writes everything for people.
///
/// # Errors
/// Those of `out`.
pub fn table(out: &mut dyn io::Write, requirements: &Requirements<'_>) -> io::Result<()> {
    let document = Document::new(requirements);
    let several = document.deployments.len() > 1;
    for deployment in &document.deployments {
        if deployment.clusters.is_empty() {
            continue;
        }
        if several {
            writeln!(out, "{}\n", printable(&deployment.name))?;
        }
        deployment.clusters.iter().try_for_each(|one| cluster(out, one))?;
        deployer(out, deployment)?;
    }
    if document.deployments.iter().any(|one| !one.clusters.is_empty()) {
        handled(out, &document)?;
    }
    let coverage = crate::coverage(requirements.run);
    writeln!(out, "{coverage}")
}

fn cluster(out: &mut dyn io::Write, cluster: &ClusterRows) -> io::Result<()> {
    let at = if cluster.created_here { place(cluster.position.as_ref()) } else { "not created here".to_owned() };
    let when = cluster.when.as_ref().map(|when| format!(", when {when}")).unwrap_or_default();
    writeln!(out, "cluster {} ({}){}", printable(&cluster.name), printable(&at), printable(&when))?;
    if cluster.permissions.is_empty() {
        writeln!(out, "  needs no permission beyond those that AKS gives it by itself")?;
    }
    let cells: Vec<[String; 4]> = cluster.permissions.iter().map(cells).collect();
    let width = |column: usize| cells.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths = [width(0), width(1), width(2)];
    for (row, [answer, who, on, role]) in cluster.permissions.iter().zip(&cells) {
        let [a, w, o] = widths;
        writeln!(out, "  {answer:a$}  {who:w$}  on {on:o$}  {role}")?;
        details(out, row)?;
    }
    writeln!(out)
}

fn cells(row: &PermissionRow) -> [String; 4] {
    let role = row.least_role.as_ref().map(|role| role.name.clone()).unwrap_or_default();
    let plain = |text: &str| printable(text).into_owned();
    [row.answer.to_owned(), plain(&row.principal), plain(&row.scope_name), plain(&role)]
}

fn details(out: &mut dyn io::Write, row: &PermissionRow) -> io::Result<()> {
    let mut line = |label: &str, text: &str| writeln!(out, "      {label}: {}", printable(text));
    let actions: Vec<_> = row.actions.iter().chain(&row.data_actions).map(String::as_str).collect();
    line("actions", &actions.join(", "))?;
    line("why", &need(row))?;
    if let Some(when) = &row.when {
        line("when", when)?;
    }
    let label = match row.answer {
        "granted" => "by",
        "undecided" => "cannot tell",
        _ => "because",
    };
    line(label, &because(row))
}

fn deployer(out: &mut dyn io::Write, deployment: &DeploymentRows) -> io::Result<()> {
    if deployment.deployer.is_empty() {
        return Ok(());
    }
    writeln!(out, "whoever deploys {} needs", printable(&deployment.name))?;
    for row in &deployment.deployer {
        let when = row.when.as_ref().map(|when| format!(", when {when}")).unwrap_or_default();
        writeln!(out, "  {} on {}", row.actions.join(", "), printable(&row.scope_name))?;
        let at = place(row.position.as_ref());
        writeln!(
            out,
            "      why: {}: {} ({}){}",
            row.requirement,
            printable(&row.why),
            printable(&at),
            printable(&when)
        )?;
    }
    writeln!(out)
}

fn handled(out: &mut dyn io::Write, document: &Document) -> io::Result<()> {
    writeln!(out, "AKS sees to these by itself: the control plane is Contributor on the node resource group")?;
    for row in &document.handled_by_aks {
        let mut parts = row.in_node_resource_group.to_vec();
        parts.extend(row.on_cluster.iter().map(|action| format!("{action} on the cluster")));
        parts.extend(row.on_subscription.iter().map(|action| format!("{action} on the subscription")));
        writeln!(out, "  {}: {}", row.why, parts.join(", "))?;
    }
    writeln!(out)
}
