//! How people may sign in to clusters, in words.

use std::collections::BTreeSet;

use rolecall_graph::Login;
use rolecall_rules::{Open, SignIn};

use crate::coverage::count;
use crate::{Run, printable};

/// How many clusters are listed.
const MAX_CLUSTERS: usize = 8;

/// A line for each cluster; what is equal in several deployments once.
pub(crate) fn sign_in_lines(run: &Run<'_>) -> Vec<String> {
    let all = run.deployments.iter().flat_map(|deployed| &deployed.report.sign_in);
    let all: BTreeSet<_> = all.map(|one| format!("people sign in to `{}` {}", one.name, ways(one))).collect();
    let mut lines: Vec<_> = all.iter().take(MAX_CLUSTERS).map(|line| printable(line).into_owned()).collect();
    if all.len() > MAX_CLUSTERS {
        let more = count(all.len() - MAX_CLUSTERS, "more cluster", "more clusters");
        lines.push(format!("and to {more}: `rolecall graph --format json` lists all"));
    }
    lines
}

/// `by local accounts; by Entra ID with roles of Azure (when azureRbac = true)`.
pub(crate) fn ways(one: &SignIn) -> String {
    let way = |(login, open): &(Login, Open)| {
        let by = match login {
            Login::LocalAccount => "by local accounts",
            Login::RoleBindings => "by Entra ID with role bindings",
            Login::AdminGroup => "by Entra ID in a group of administrators",
            Login::AzureRoles => "by Entra ID with roles of Azure",
        };
        match open {
            Open::Now => by.to_owned(),
            Open::When(values) => format!("{by} (when {values})"),
            Open::Undecided => format!("perhaps {by}"),
        }
    };
    one.ways.iter().map(way).collect::<Vec<_>>().join("; ")
}
