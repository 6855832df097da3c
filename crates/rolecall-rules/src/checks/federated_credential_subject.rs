//! Federated credentials for service accounts whose subject no token has, and service accounts declared beside them that
//! none of them is for.

use rolecall_graph::{Resource, ResourceIndex, USER_ASSIGNED};
use rolecall_source::Note;
use rolecall_value::{Case as Letters, Condition, Kind, Piece, ResourceId, Symbol, Value, equality, id_equality};

use super::Context;
use super::credentials::{self, Credential, is_placeholder, issuing_cluster};
use crate::demand::{Demand, span_of};
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::{Requirement, Rule};
use crate::words;

/// What subjects of service accounts begin with.
const PREFIX: &str = "system:serviceaccount:";

/// The type of service accounts, as extensions name it.
pub(super) const SERVICE_ACCOUNTS: &str = "core/ServiceAccount@v1";

/// The annotation by which a service account names its identity.
pub(super) const CLIENT_ID: &str = "azure.workload.identity/client-id";

/// Stands for what is open in a text.
const HOLE: char = '\u{fffc}';

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let [subject, account] = &rule.requirements[..] else { return };
    let all = credentials::credentials(context);
    for credential in &all {
        let issuers = credentials::given(context, credential.resource, "properties.issuer");
        let of_cluster = issuers
            .iter()
            .filter(|found| issuing_cluster(&found.value).is_some())
            .fold(Condition::FALSE, |any, found| any.or(&found.when));
        for found in credentials::given(context, credential.resource, "properties.subject") {
            let Some(text) = shape(&found.value) else { continue };
            let Some(what) = fault(&text) else { continue };
            // Where another issues the tokens, only what means to be Kubernetes' is judged.
            let meant = if is_of_kubernetes(&text) { Condition::TRUE } else { of_cluster.clone() };
            let when = credential.resource.when.and(&found.when).and(&meant);
            let demand = credential.demand(context, subject, found.value.clone(), &when);
            let case = Case { value: &what, ..Case::new(&demand) };
            work.report.findings.extend(findings::certain(context, rule, &case, &when));
        }
    }
    for &index in context.resources.of(SERVICE_ACCOUNTS) {
        let Some(resource) = context.deployment.resource(index) else { continue };
        for (client, when) in client_ids(context, resource) {
            work.report.findings.extend(unmatched(context, (rule, account), &all, (index, resource), &client, &when));
        }
    }
}

/// A text with a mark for each part of it that is open.
fn shape(value: &Value) -> Option<String> {
    match value.kind() {
        Kind::Str(text) => Some(text.to_string()),
        Kind::Text(pieces) => {
            let mut out = String::new();
            for piece in pieces.iter() {
                match piece {
                    Piece::Literal(text) => out.push_str(text),
                    Piece::Hole(_) => out.push(HOLE),
                }
            }
            Some(out)
        }
        _ => None,
    }
}

fn is_of_kubernetes(subject: &str) -> bool {
    subject.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("system:"))
}

/// What is wrong with a subject; nothing where it may be right.
fn fault(subject: &str) -> Option<String> {
    if is_placeholder(subject) {
        return None;
    }
    let Some(rest) = subject.strip_prefix(PREFIX) else {
        let open = subject.find(HOLE);
        return match open {
            Some(at) if PREFIX.starts_with(&subject[..at]) => None,
            _ if subject.get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX)) => {
                Some("has capital letters in `system:serviceaccount:`".to_owned())
            }
            _ => Some("does not begin with `system:serviceaccount:`".to_owned()),
        };
    };
    let parts: Vec<&str> = rest.split(':').collect();
    match parts.len() {
        // What is open may hold the colon.
        1 if rest.contains(HOLE) => return None,
        1 => return Some("names no service account behind the namespace".to_owned()),
        2 => {}
        _ => return Some("has more parts than a namespace and a name".to_owned()),
    }
    parts.into_iter().find_map(|part| {
        let is_word = part.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
        if part.is_empty() {
            return Some("has an empty namespace or name".to_owned());
        }
        // `NAMESPACE` stands for one that comes later.
        if is_word {
            return None;
        }
        if part.chars().any(char::is_uppercase) {
            return Some(format!("has capital letters in `{}`, and names in Kubernetes have none", shown(part)));
        }
        let stray = |letter: &char| !letter.is_ascii_alphanumeric() && !['-', '.', HOLE].contains(letter);
        part.chars().find(stray).map(|letter| format!("has `{letter}` in a name, which no name in Kubernetes has"))
    })
}

fn shown(part: &str) -> String {
    part.replace(HOLE, "…")
}

/// The values by which a service account names its identity.
pub(super) fn client_ids(context: &Context<'_>, account: &Resource) -> Vec<(Value, Condition)> {
    let Some(annotations) = account.body.get("properties").and_then(|body| body.get("metadata")?.get("annotations"))
    else {
        return Vec::new();
    };
    let mut out = Vec::new();
    for (own, annotations) in annotations.alternatives() {
        let Some(object) = annotations.as_object() else { continue };
        for (name, property) in object.entries() {
            if name.as_str() != Some(CLIENT_ID) {
                continue;
            }
            let value = context.permissions.identities().canonical(&property.value);
            for (when, one) in value.alternatives() {
                let when = account.when.and(&own).and(&property.when).and(&when);
                let at = one.clone().or_origin(property.value.origin()).or_origin(account.origin);
                if !when.is_false() && !one.is_null() {
                    out.push((at, when));
                }
            }
        }
    }
    out
}

/// The finding that no credential of the identity that a service account names is for it. Where the deployment makes
/// none of that identity, somebody else may.
fn unmatched(
    context: &Context<'_>,
    (rule, requirement): (&Rule, &Requirement),
    all: &[Credential<'_>],
    (index, account): (ResourceIndex, &Resource),
    client: &Value,
    when: &Condition,
) -> Option<crate::Finding> {
    let inputs = &context.deployment.inputs;
    let Some(Symbol::Attribute { resource, path }) = client.as_symbol() else { return None };
    let identity = ResourceId::parse(resource).filter(|id| id.resource_type.is(USER_ASSIGNED))?;
    if !path.eq_ignore_ascii_case("properties.clientId") {
        return None;
    }
    let metadata = account.body.get("properties")?.get("metadata")?;
    let name = metadata.get("name")?;
    let namespace = metadata.get("namespace").filter(|namespace| !namespace.is_null());
    let namespace = namespace.unwrap_or_else(|| Value::string("default"));
    let expected = Value::pieces([
        Piece::Literal(PREFIX.into()),
        Piece::Hole(namespace),
        Piece::Literal(":".into()),
        Piece::Hole(name),
    ]);
    let mut when = when.clone();
    let (mut any, mut found) = (Condition::FALSE, None);
    for credential in all {
        let same = id_equality(inputs, &credential.identity, &identity);
        if same.different.is_true() {
            continue;
        }
        for subject in credentials::given(context, credential.resource, "properties.subject") {
            let there = credential.resource.when.and(&subject.when);
            let matches = equality(inputs, &subject.value, &expected, Letters::Sensitive);
            when = when.and_not(&there.and_not(&same.different).and_not(&matches.different));
            let its = there.and(&same.equal).and(&credential.concerned);
            if !its.is_false() && found.is_none() {
                found = Some(subject.value.clone());
            }
            any = any.or(&its);
        }
    }
    let when = when.and(&any);
    let found = found?;
    let demand = Demand {
        requirement,
        cluster: account.id.clone(),
        resource: index,
        span: span_of(context.deployment, client, account),
        scope: identity.to_value().with_origin(client.origin()),
        when: when.clone(),
        level: None,
    };
    let (expected, value) = (format!("`{}`", expected.label()), format!("`{}`", found.label()));
    let case = Case { value: &value, expected: &expected, ..Case::new(&demand) };
    let mut finding = findings::certain(context, rule, &case, &when)?;
    if let Some(span) = context.deployment.origins.span(found.origin()) {
        let message = format!("a federated credential of {} is for {value}", words::resource_id(&identity));
        finding.related.push(Note { message, span });
    }
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_token_has_is_a_fault() {
        for (subject, says) in [
            ("System:ServiceAccount:apps:api", "capital letters in `system"),
            ("system:serviceaccount:Apps:api", "capital letters in `Apps`"),
            ("system:serviceaccount:apps", "names no service account"),
            ("system:serviceaccount:apps:", "empty"),
            ("system:serviceaccount:apps:api:v1", "more parts"),
            ("system:serviceaccount:apps/api", "names no service account"),
            ("system:serviceaccount:apps: api", "has ` `"),
            ("system:serviceaccount:*:api", "has `*`"),
            ("system:serviceaccounts:apps:api", "does not begin"),
            ("apps:api", "does not begin"),
            ("system:serviceaccount:\u{fffc}:Api", "capital letters in `Api`"),
        ] {
            let what = fault(subject).unwrap_or_default();
            assert!(what.contains(says), "{subject}: {what}");
        }
    }

    #[test]
    fn what_may_be_right_is_left_alone() {
        for subject in [
            "system:serviceaccount:apps:api",
            "system:serviceaccount:apps:api-1.web",
            "system:serviceaccount:\u{fffc}",
            "system:serviceaccount:\u{fffc}:\u{fffc}-sa",
            "system:\u{fffc}",
            "\u{fffc}",
            "system:serviceaccount:<namespace>:api",
            "system:serviceaccount:NAMESPACE:NAME",
        ] {
            assert_eq!(fault(subject), None, "{subject}");
        }
    }
}
