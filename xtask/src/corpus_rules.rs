//! How often each rule speaks on real repositories: which never does, and which does so often that somebody should look.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use rolecall_rules::Certainty;
use rolecall_source::Level;

use crate::corpus::{analysis, name, repositories};

/// What a rule said.
#[derive(Clone, Debug, Default)]
struct Said {
    /// Deployments with a cluster in which it says something that is not for others to see to.
    with_cluster: usize,
    /// Other deployments.
    without: usize,
    /// Deployments in which all that it says is for others to see to.
    assumed: usize,
    /// Findings that are not assumed, by level: errors, warnings, notes.
    levels: [usize; 3],
    /// Repositories.
    repositories: usize,
}

/// `corpus rules`.
///
/// # Errors
/// The folder cannot be read, or a repository cannot be analysed.
pub fn run(dir: &Path, only: Option<&str>) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let mut said: BTreeMap<String, Said> =
        rolecall_rules::rules().iter().map(|entry| (entry.rule.id.clone(), Said::default())).collect();
    let (mut deployments, mut with_cluster) = (0_usize, 0_usize);
    for repository in repositories(dir)?.iter().filter(|path| only.is_none_or(|text| name(path).contains(text))) {
        let analysis = analysis(repository, Vec::new(), false)?;
        let mut here: BTreeMap<&str, bool> = BTreeMap::new();
        for one in &analysis.deployments {
            let cluster = one.report.clusters > 0;
            deployments += 1;
            with_cluster += usize::from(cluster);
            let mut spoke: BTreeMap<&str, bool> = BTreeMap::new();
            for finding in &one.report.findings {
                let Some(rule) = said.get_mut(&finding.rule) else { continue };
                let own = finding.certainty != Certainty::Assumed;
                *spoke.entry(&finding.rule).or_default() |= own;
                *here.entry(&finding.rule).or_default() |= own;
                if own {
                    rule.levels[place(finding.level)] += 1;
                }
            }
            for (rule, own) in spoke {
                let Some(rule) = said.get_mut(rule) else { continue };
                match (own, cluster) {
                    (true, true) => rule.with_cluster += 1,
                    (true, false) => rule.without += 1,
                    (false, _) => rule.assumed += 1,
                }
            }
        }
        for rule in here.into_iter().filter_map(|(rule, own)| own.then_some(rule)) {
            said.entry(rule.to_owned()).or_default().repositories += 1;
        }
    }
    writeln!(out, "{deployments} deployments, {with_cluster} of them with a cluster\n")?;
    writeln!(
        out,
        "| rule | of those with a cluster | of others | assumed | repositories | errors | warnings | notes | |"
    )?;
    writeln!(out, "| --- | --: | --: | --: | --: | --: | --: | --: | --- |")?;
    for (rule, said) in said {
        let [errors, warnings, notes] = said.levels;
        let share = 100.0 * said.with_cluster as f64 / with_cluster.max(1) as f64;
        let mark = match said.with_cluster {
            0 if said.without == 0 && said.assumed == 0 => "never",
            0 if said.without == 0 => "only assumed",
            _ if said.with_cluster * 5 > with_cluster => "more than a fifth",
            _ => "",
        };
        writeln!(
            out,
            "| {rule} | {} ({share:.1} %) | {} | {} | {} | {errors} | {warnings} | {notes} | {mark} |",
            said.with_cluster, said.without, said.assumed, said.repositories
        )?;
    }
    Ok(())
}

fn place(level: Level) -> usize {
    match level {
        Level::Error => 0,
        Level::Warning => 1,
        Level::Note => 2,
    }
}
