//! Markdown tables, for pull requests and job summaries.

use std::io;

use super::Requirements;
use super::document::{ClusterRows, Document, because, need, place};
use crate::markdown::{cells, escaped};

/// Writes everything as Markdown.
///
/// # Errors
/// Those of `out`.
pub fn markdown(out: &mut dyn io::Write, requirements: &Requirements<'_>) -> io::Result<()> {
    let document = Document::new(requirements);
    writeln!(out, "# Permissions\n")?;
    for deployment in document.deployments.iter().filter(|one| !one.clusters.is_empty()) {
        writeln!(out, "## {}\n", escaped(&deployment.name))?;
        deployment.clusters.iter().try_for_each(|one| cluster(out, one))?;
        if !deployment.deployer.is_empty() {
            writeln!(out, "### Whoever deploys it\n\n| actions | on | why | place |\n| --- | --- | --- | --- |")?;
            for row in &deployment.deployer {
                let why = format!("{}: {}", row.requirement, row.why);
                let why = row.when.as_ref().map_or(why.clone(), |when| format!("{why}, when {when}"));
                let at = place(row.position.as_ref());
                cells(out, &[&row.actions.join(", "), &row.scope_name, &why, &at])?;
            }
            writeln!(out)?;
        }
    }
    if document.deployments.iter().any(|one| !one.clusters.is_empty()) {
        writeln!(
            out,
            "## What AKS sees to by itself\n\nThe control plane is Contributor on the node resource group.\n\n\
             | why | in the node resource group | on the cluster | on the subscription |\n| --- | --- | --- | --- |"
        )?;
        for row in &document.handled_by_aks {
            let list = |actions: &[String]| actions.join(", ");
            let (group, own) = (list(row.in_node_resource_group), list(row.on_cluster));
            cells(out, &[row.why, &group, &own, &list(row.on_subscription)])?;
        }
        writeln!(out)?;
    }
    writeln!(out, "{}", document.counts())
}

fn cluster(out: &mut dyn io::Write, cluster: &ClusterRows) -> io::Result<()> {
    let at = if cluster.created_here { place(cluster.position.as_ref()) } else { "not created here".to_owned() };
    let when = cluster.when.as_ref().map(|when| format!(", when {when}")).unwrap_or_default();
    writeln!(out, "### Cluster {} ({}){}\n", escaped(&cluster.name), escaped(&at), escaped(&when))?;
    if cluster.permissions.is_empty() {
        return writeln!(out, "It needs no permission beyond those that AKS gives it by itself.\n");
    }
    writeln!(
        out,
        "| answer | who | on | actions | least role | why | because |\n| --- | --- | --- | --- | --- | --- | --- |"
    )?;
    for row in &cluster.permissions {
        let actions: Vec<_> = row.actions.iter().chain(&row.data_actions).map(String::as_str).collect();
        let role = row.least_role.as_ref().map(|role| role.name.clone()).unwrap_or_default();
        let mut because = because(row);
        if let Some(when) = &row.when {
            because += &format!(", when {when}");
        }
        cells(out, &[row.answer, &row.principal, &row.scope_name, &actions.join(", "), &role, &need(row), &because])?;
    }
    writeln!(out)
}
