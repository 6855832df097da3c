//! Two kinds of workspaces under all rules at once. In `tests/workspaces/firing/<rule>` stands a deployment in which that rule
//! fires, once, and no other does; those in `tests/workspaces/clean` are right, of a realistic size: in each language a platform of one
//! cluster, and a cluster with add-ons, keys of its own and workloads that have identities.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rolecall_rules::{Certainty, Finding, QuestionAnswer};
use rolecall_source::Level;
use rolecall_workspace::{Analysis, Options, analyse};

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workspaces").join(name);
    folder.canonicalize().expect("a folder")
}

fn run(folder: &Path) -> Analysis {
    let options = Options { current_dir: folder.to_owned(), root: Some(folder.to_owned()), ..Options::default() };
    let analysis = analyse(&options).expect("analysed");
    let broken: Vec<_> = analysis.diagnostics.iter().filter(|one| one.level > Level::Note).collect();
    assert!(broken.is_empty(), "{broken:#?}");
    analysis
}

/// What must be true somewhere else is no mistake.
fn mistakes(analysis: &Analysis) -> impl Iterator<Item = &Finding> {
    let reports = analysis.deployments.iter().map(|deployment| &deployment.report);
    reports.flat_map(|report| &report.findings).filter(|finding| finding.certainty != Certainty::Assumed)
}

#[test]
fn every_rule_fires_in_its_workspace_alone() {
    let mut wrong = Vec::new();
    for entry in rolecall_rules::rules() {
        let id = &entry.rule.id;
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workspaces/firing").join(id);
        if !path.is_dir() {
            wrong.push(format!("{id} has no tests/workspaces/firing/{id}"));
            continue;
        }
        let analysis = run(&folder("firing").join(id));
        let mut fired: BTreeMap<&str, usize> = BTreeMap::new();
        for finding in mistakes(&analysis) {
            *fired.entry(&finding.rule).or_default() += 1;
        }
        if fired != BTreeMap::from([(id.as_str(), 1)]) {
            wrong.push(format!("in tests/workspaces/firing/{id} fires {fired:?}, not that rule once"));
        }
    }
    for entry in std::fs::read_dir(folder("firing")).expect("a folder") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        if !rolecall_rules::rules().iter().any(|entry| entry.rule.id == name) {
            wrong.push(format!("tests/workspaces/firing/{name} belongs to no rule"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// They hold most of what rules ask about: were they read badly, silence would prove nothing.
#[test]
fn no_rule_fires_where_all_is_right() {
    for (name, clusters, questions) in [
        ("arm", 2, 13),
        ("bicep", 2, 15),
        ("terraform", 1, 9),
        ("arm-add-ons", 1, 14),
        ("bicep-add-ons", 1, 15),
        ("terraform-add-ons", 1, 15),
    ] {
        let analysis = run(&folder("clean").join(name));
        let found: Vec<_> = mistakes(&analysis).map(|finding| (&finding.rule, &finding.headline)).collect();
        assert!(found.is_empty(), "{name}: {found:#?}");
        let reports = || analysis.deployments.iter().map(|deployment| &deployment.report);
        assert_eq!(reports().map(|report| report.clusters).sum::<usize>(), clusters, "{name}");
        let open: Vec<_> = reports()
            .flat_map(|report| &report.questions)
            .filter(|question| question.answer != QuestionAnswer::Granted)
            .map(|question| (&question.requirement, &question.reason))
            .collect();
        assert!(open.is_empty(), "{name}: {open:#?}");
        let granted = reports().map(|report| report.questions.len()).sum::<usize>();
        assert!(granted >= questions, "{name}: {granted} permissions were asked about");
    }
}
