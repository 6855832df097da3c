//! Federated credentials for service accounts whose issuer is no cluster's.
//!
//! Other Kubernetes than Azure's have issuers of their own: what is not known to be wrong is left alone.

use rolecall_graph::CLUSTERS;
use rolecall_value::{Kind, Piece, ResourceId, Symbol, Value};

use super::Context;
use super::credentials::{self, ISSUER_URL, is_placeholder, issuing_cluster};
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::Rule;
use crate::words;

/// What issuers of Azure's clusters have in their host names.
const AKS: &str = ".prod-aks.azure.com/";

/// Hosts that issue other tokens than those of service accounts, and whose they are.
const OTHERS: [(&str, &str); 5] = [
    ("token.actions.githubusercontent.com", "is the issuer of GitHub Actions, which knows no service account"),
    ("vstoken.dev.azure.com", "is the issuer of Azure DevOps, which knows no service account"),
    ("kubernetes.default.svc", "is the name of the API server inside the cluster, which Entra ID cannot reach"),
    (".azmk8s.io", "is the address of the API server, which is not its issuer"),
    ("login.microsoftonline.com", "is the issuer of Entra ID itself, which takes no tokens of its own"),
];

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let Some(requirement) = rule.requirements.first() else { return };
    for credential in credentials::credentials(context) {
        for found in credentials::given(context, credential.resource, "properties.issuer") {
            let Some(what) = fault(&found.value) else { continue };
            let when = credential.concerned.and(&found.when);
            let demand = credential.demand(context, requirement, found.value.clone(), &when);
            let case = Case { value: &what, ..Case::new(&demand) };
            work.report.findings.extend(findings::certain(context, rule, &case, &when));
        }
    }
}

/// What is wrong with an issuer; nothing where it may be right.
fn fault(issuer: &Value) -> Option<String> {
    match issuer.kind() {
        Kind::Str(text) => of_text(text),
        Kind::Text(pieces) => of_pieces(pieces),
        Kind::Symbol(symbol) => match &**symbol {
            Symbol::Attribute { resource, path } => of_attribute(resource, path),
            Symbol::Call { function, arguments } => of_call(function, arguments),
            Symbol::Input(_) | Symbol::Environment(_) => None,
        },
        _ => None,
    }
}

fn of_text(text: &str) -> Option<String> {
    if is_placeholder(text) {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    if let Some((_, what)) = OTHERS.iter().find(|(host, _)| lower.contains(host)) {
        return Some((*what).to_owned());
    }
    if !lower.starts_with("https://") {
        return Some("is no `https://` address".to_owned());
    }
    (lower.contains(AKS) && !lower.ends_with('/')).then(without_slash)
}

fn without_slash() -> String {
    "has no slash at its end, as those of clusters have".to_owned()
}

fn of_pieces(pieces: &[Piece]) -> Option<String> {
    let literal: String = pieces
        .iter()
        .filter_map(|piece| match piece {
            Piece::Literal(text) => Some(&**text),
            Piece::Hole(_) => None,
        })
        .collect();
    if is_placeholder(&literal) {
        return None;
    }
    for piece in pieces {
        let Piece::Hole(hole) = piece else { continue };
        if issuing_cluster(hole).is_some() {
            return Some("is the issuer URL of the cluster with something added to it".to_owned());
        }
        let of_cluster = match hole.as_symbol() {
            Some(Symbol::Attribute { resource, path }) => of_attribute(resource, path),
            _ => None,
        };
        if of_cluster.is_some() {
            return of_cluster;
        }
    }
    let first = match pieces.first()? {
        Piece::Literal(text) => text.to_ascii_lowercase(),
        Piece::Hole(_) => return None,
    };
    if first.starts_with('/') || first.starts_with("http://") {
        return Some("is no `https://` address".to_owned());
    }
    let last = matches!(pieces.last()?, Piece::Literal(text) if !text.ends_with('/'));
    (last && literal.to_ascii_lowercase().contains(AKS)).then(without_slash)
}

/// Anything of a cluster but its issuer URL. What is read of it as a whole may be that.
fn of_attribute(resource: &Value, path: &str) -> Option<String> {
    let id = ResourceId::parse(resource).filter(|id| id.resource_type.is(CLUSTERS))?;
    let other = !path.is_empty() && !path.eq_ignore_ascii_case(ISSUER_URL);
    other.then(|| format!("is made of `{path}` of cluster {}, which is not its issuer", words::resource_id(&id)))
}

/// The issuer URL of a cluster after something is cut off.
fn of_call(function: &str, arguments: &[Value]) -> Option<String> {
    let (first, rest) = arguments.split_first()?;
    issuing_cluster(first)?;
    let word = rest.first().and_then(Value::as_str).unwrap_or_default();
    let cut = match function {
        "trimsuffix" | "trim" => word.contains('/'),
        "trimprefix" | "replace" => "https://".contains(word) && !word.is_empty(),
        "substring" | "substr" => true,
        _ => false,
    };
    cut.then(|| format!("is the issuer URL of the cluster, of which `{function}` takes something away"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn issuers_of_clusters_end_in_a_slash() {
        let url = "https://westeurope.oic.prod-aks.azure.com/11111111-1111-1111-1111-111111111111/22222222-2222-2222-2222-222222222222";
        assert!(of_text(url).is_some_and(|what| what.contains("slash")));
        assert_eq!(of_text(&format!("{url}/")), None);
        let hole = Piece::Hole(Value::environment("tenant().tenantId"));
        let start = Piece::Literal("https://westeurope.oic.prod-aks.azure.com/".into());
        assert!(of_pieces(&[start.clone(), hole.clone(), Piece::Literal("/x".into())]).is_some());
        assert_eq!(of_pieces(&[start, hole]), None);
    }

    #[test]
    fn issuers_of_other_kubernetes_are_left_alone() {
        for issuer in ["https://oidc.eks.eu-west-1.amazonaws.com/id/ABC", "https://container.googleapis.com/v1/x"] {
            assert_eq!(of_text(issuer), None, "{issuer}");
        }
    }

    #[test]
    fn a_placeholder_is_not_judged() {
        for issuer in ["<issuer>", "#{issuer}#", "$(issuer)", "__ISSUER__", "XXXXXXXX-XXXX", ""] {
            assert_eq!(of_text(issuer), None, "{issuer}");
        }
    }
}
