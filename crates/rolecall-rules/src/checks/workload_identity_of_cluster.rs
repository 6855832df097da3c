//! Federated credentials by which pods become the identity that a cluster itself runs as.

use rolecall_graph::{CLUSTERS, ControlPlane, Kubelet, principal_name, user_assigned_principal};
use rolecall_value::{Condition, ResourceId, Value, id_equality};

use super::Context;
use super::by_name::ByName;
use super::credentials;
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::Rule;
use crate::words;

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let Some(requirement) = rule.requirements.first() else { return };
    let deployment = context.deployment;
    let all = credentials::credentials(context);
    let mut used: Vec<(Condition, Value, String)> = Vec::new();
    for &index in context.resources.of(CLUSTERS).iter().filter(|_| !all.is_empty()) {
        let Some(cluster) = deployment.resource(index) else { continue };
        let name = words::resource_id(&cluster.id);
        for (when, plane) in context.permissions.identities().control_plane(index) {
            if let ControlPlane::UserAssigned { identity, .. } = plane {
                used.push((cluster.when.and(&when), identity, format!("control-plane identity of cluster {name}")));
            }
        }
        for (when, kubelet) in context.permissions.identities().kubelet(index) {
            if let Kubelet::Brought { identity, certain: true, .. } = kubelet {
                used.push((cluster.when.and(&when), identity, format!("kubelet identity of cluster {name}")));
            }
        }
    }
    let ids: Vec<_> = used.iter().map(|(_, identity, _)| ResourceId::parse(identity)).collect();
    let principals: Vec<_> = used.iter().map(|(_, identity, _)| user_assigned_principal(identity)).collect();
    let by_name = ByName::new(principals.iter());
    for credential in &all {
        let name = principal_name(&user_assigned_principal(&credential.identity.to_value()));
        for place in by_name.candidates(name.as_deref()) {
            let ((own, _, what), Some(id)) = (&used[place], &ids[place]) else { continue };
            let same = id_equality(&deployment.inputs, &credential.identity, id);
            let when = credential.concerned.and(own).and(&same.equal);
            let demand = credential.whole(context, requirement, &when);
            let case = Case { value: what, ..Case::new(&demand) };
            if let Some(finding) = findings::certain(context, rule, &case, &when) {
                work.report.findings.push(finding);
                break;
            }
        }
    }
}
