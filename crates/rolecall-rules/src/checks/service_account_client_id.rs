//! Service accounts that name an identity by something that is no client id.

use rolecall_graph::{USER_ASSIGNED, guid_text};
use rolecall_value::{Kind, Piece, ResourceId, Symbol, Value};

use super::Context;
use super::credentials::is_placeholder;
use super::federated_credential_subject::{SERVICE_ACCOUNTS, client_ids};
use crate::demand::{Demand, span_of};
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::Rule;
use crate::words;

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let Some(requirement) = rule.requirements.first() else { return };
    for &index in context.resources.of(SERVICE_ACCOUNTS) {
        let Some(account) = context.deployment.resource(index) else { continue };
        for (value, when) in client_ids(context, account) {
            let Some((what, expected)) = fault(&value) else { continue };
            let demand = Demand {
                requirement,
                cluster: account.id.clone(),
                resource: index,
                span: span_of(context.deployment, &value, account),
                scope: value,
                when: when.clone(),
                level: None,
            };
            let case = Case { value: &what, expected: &expected, ..Case::new(&demand) };
            work.report.findings.extend(findings::certain(context, rule, &case, &when));
        }
    }
}

/// What a value is in place of a client id, and what should stand there; nothing where it may be one.
fn fault(value: &Value) -> Option<(String, String)> {
    let of = |name: String, what: &str| Some((format!("the {what} of {name}"), format!("the client id of {name}")));
    if let Some(id) = ResourceId::parse(value) {
        return of(words::resource_id(&id), "resource id");
    }
    let any = || "the client id of the identity".to_owned();
    match value.kind() {
        Kind::Symbol(symbol) => match &**symbol {
            Symbol::Attribute { resource, path } => {
                let id = ResourceId::parse(resource).filter(|id| id.resource_type.is(USER_ASSIGNED))?;
                let principal = path.eq_ignore_ascii_case("properties.principalId");
                of(words::resource_id(&id), "principal id").filter(|_| principal)
            }
            _ => None,
        },
        Kind::Str(text) if !is_placeholder(text) && guid_text(text).is_none() => {
            Some((format!("`{text}`, which is no GUID"), any()))
        }
        Kind::Text(pieces) => match pieces.first() {
            Some(Piece::Literal(text)) if text.starts_with('/') => Some((format!("`{}`", value.label()), any())),
            _ => None,
        },
        _ => None,
    }
}
