//! How much of each cluster could be told: its identity, its subnets, its zone and its registry.

use std::collections::BTreeMap;
use std::io::{self, Write};

use rolecall_graph::{CLUSTERS, ControlPlane, Deployment, Kubelet, MadeBy, control_plane, kubelet};
use rolecall_rules::{QuestionAnswer, Report};

/// What a cluster has, with the beginnings of the requirements that ask about it.
const PARTS: [(&str, &[&str]); 4] =
    [("identity", &["CP-", "KUB-"]), ("subnets", &["NET-"]), ("zone", &["DNS-"]), ("registry", &["ACR-"])];

/// Clusters, and of how many each part was told. What a cluster has not is told.
#[derive(Default)]
pub struct Resolved {
    clusters: usize,
    parts: [usize; PARTS.len()],
    all: usize,
}

impl Resolved {
    /// Counts the clusters of a deployment. One that stands there once for each of its names is one.
    pub fn add(&mut self, deployment: &Deployment, report: &Report) {
        let mut clusters: BTreeMap<String, [bool; PARTS.len()]> = BTreeMap::new();
        for (index, cluster) in deployment.of_type(CLUSTERS) {
            if cluster.made_by != MadeBy::Template || cluster.when.is_false() {
                continue;
            }
            let planes = control_plane(deployment, index);
            let nodes = kubelet(deployment, index);
            let known = !planes.iter().any(|(_, plane)| matches!(plane, ControlPlane::Unknown(_)))
                && !nodes.iter().any(|(_, nodes)| matches!(nodes, Kubelet::Unknown(_)));
            let id = cluster.id.to_value().plain();
            clusters.entry(id).or_insert([true; PARTS.len()])[0] &= known;
        }
        for row in report.questions.iter().filter(|row| row.answer == QuestionAnswer::Undecided) {
            let Some(parts) = clusters.get_mut(&row.cluster) else { continue };
            for (told, (_, prefixes)) in parts.iter_mut().zip(PARTS) {
                *told &= !prefixes.iter().any(|prefix| row.requirement.starts_with(prefix));
            }
        }
        for parts in clusters.into_values() {
            self.clusters += 1;
            self.all += usize::from(parts.iter().all(|told| *told));
            self.parts.iter_mut().zip(parts).for_each(|(count, told)| *count += usize::from(told));
        }
    }

    /// Writes the shares.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let share = |count: usize| 100.0 * count as f64 / self.clusters.max(1) as f64;
        let parts: Vec<_> =
            PARTS.iter().zip(self.parts).map(|((name, _), count)| format!("{name} {:.1} %", share(count))).collect();
        writeln!(
            out,
            "clusters: {}, of which told in full: {} ({:.1} %); {}",
            self.clusters,
            self.all,
            share(self.all),
            parts.join(", ")
        )
    }
}
