//! How people may sign in to the clusters of a deployment, for those who read a report. What is wrong with that, rules say.

use rolecall_graph::{CLUSTERS, Deployment, Login, logins};
use rolecall_value::Value;

use crate::demand::ByType;
use crate::settle::{Settled, settle};

/// How people may sign in to a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// The canonical id of the cluster.
    pub cluster: String,
    /// The cluster as a person would name it.
    pub name: String,
    /// The ways, at least one.
    pub ways: Vec<(Login, Open)>,
}

/// Whether a way is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Open {
    /// It is, for the values given.
    Now,
    /// It is for these other values.
    When(String),
    /// That cannot be told.
    Undecided,
}

/// How people may sign in to each cluster; those of which nothing is said are left out.
pub(crate) fn sign_in(deployment: &Deployment, resources: &ByType) -> Vec<SignIn> {
    let clusters = resources.of(CLUSTERS).iter().filter_map(|&index| deployment.resource(index));
    let all = clusters.map(|cluster| {
        let ways = logins(deployment, cluster).into_iter().filter_map(|(login, when)| {
            let open = match settle(deployment, &cluster.when.and(&when)) {
                Settled::Never => return None,
                Settled::Definite => Open::Now,
                Settled::Reachable(values) => Open::When(values),
                Settled::CannotTell { .. } => Open::Undecided,
            };
            Some((login, open))
        });
        SignIn {
            cluster: cluster.id.to_value().plain(),
            name: cluster.id.names.iter().map(Value::label).collect::<Vec<_>>().join("/"),
            ways: ways.collect(),
        }
    });
    all.filter(|one| !one.ways.is_empty()).collect()
}
