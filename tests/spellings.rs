//! One scenario, spelled in every language and in the ways in which Terraform is written: the findings are the same.
//!
//! A private cluster with a zone of its own brings its identities only where `brought` says so; the operator role stands on the
//! wrong identity, and nobody may join the subnet or write to the zone.

mod common;

use common::{Workspace, repository};
use serde_json::Value;

const SPELLINGS: [&str; 6] = ["arm", "bicep", "plain", "module", "for_each", "dynamic"];

/// What the findings of a spelling say, without where.
fn findings(spelling: &str) -> Vec<String> {
    let workspace = Workspace::new();
    let folder = repository().join("tests/spellings").join(spelling);
    copy(&folder, &folder, &workspace);
    let run = workspace.check(&["--format", "json"]);
    assert_eq!(run.status, 1, "{spelling}: {}", run.text());
    let document: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(document["diagnostics"].as_array().map(Vec::len), Some(0), "{spelling}: {}", run.stdout);
    let line = |finding: &Value| {
        let text = |name: &str| finding[name].as_str().unwrap_or("-").to_owned();
        let message = text("message").lines().next().unwrap_or_default().to_owned();
        [text("rule"), text("requirement"), text("level"), text("certainty"), text("breaks_at"), text("when"), message]
            .join(" | ")
    };
    let mut lines: Vec<_> = document["findings"].as_array().expect("a list").iter().map(line).collect();
    lines.sort();
    lines
}

fn copy(root: &std::path::Path, folder: &std::path::Path, workspace: &Workspace) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            copy(root, &path, workspace);
        } else {
            let name = path.strip_prefix(root).expect("below").to_string_lossy().into_owned();
            workspace.write(&name, &std::fs::read_to_string(&path).expect("read"));
        }
    }
}

#[test]
fn every_spelling_gives_the_findings_of_its_twins() {
    let expected = [
        "kubelet-identity-without-operator | KUB-MIO | error | definite | create | - | \
         `id-control` may not assign the kubelet identity `id-kubelet`",
        "private-dns-zone-without-role | DNS-ZONE-ROLE | error | definite | create | - | \
         `id-control` may not write to the private DNS zone `privatelink.westeurope.azmk8s.io`",
        "subnet-without-role | NET-SUBNET-DEFAULT | warning | definite | runtime | - | \
         `id-control` may not join the subnet `vnet/nodes`",
        "system-assigned-with-custom-dns-zone | DNS-SYSTEM-ASSIGNED | warning | reachable | create | brought = false | \
         cluster `aks` cannot use the private DNS zone `privatelink.westeurope.azmk8s.io` with a system-assigned identity, \
         when brought = false",
        "virtual-network-without-role | DNS-VNET-ROLE | warning | definite | reconcile | - | \
         `id-control` may not link the private DNS zone of `aks` to the virtual network `vnet`",
    ];
    for spelling in SPELLINGS {
        assert_eq!(findings(spelling), expected, "{spelling}");
    }
}
