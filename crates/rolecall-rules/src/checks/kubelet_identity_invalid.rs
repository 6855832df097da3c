//! Kubelet identities that are no user-assigned identity: the id of something else, or no id.

use rolecall_graph::USER_ASSIGNED;
use rolecall_value::{Case as Letters, Inputs, Kind, Piece, ResourceId, Value, equality};

use super::Context;
use crate::demand::demands;
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::Rule;

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    for place in demands(context.deployment, context.resources, rule) {
        let value = match ResourceId::parse(&place.scope) {
            Some(id) if id.resource_type.is(USER_ASSIGNED) => continue,
            Some(id) => format!("the id of one of {}", id.resource_type),
            None if is_no_id(&context.deployment.inputs, &place.scope) => "no resource id".to_owned(),
            None => continue,
        };
        let case = Case { value: &value, ..Case::new(&place) };
        work.report.findings.extend(findings::certain(context, rule, &case, &place.when));
    }
}

/// Whether a value is certainly not the id of a resource.
fn is_no_id(inputs: &Inputs, value: &Value) -> bool {
    match value.kind() {
        // A name, a GUID, a part of an id; what holds other characters may stand for a value that comes later.
        Kind::Str(text) => {
            text.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '/')
                && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.'))
        }
        Kind::Text(pieces) => matches!(pieces.first(), Some(Piece::Literal(text)) if !text.starts_with('/')),
        // A principal id or a client id.
        Kind::Symbol(_) => equality(inputs, value, &Value::string("/"), Letters::Insensitive).different.is_true(),
        _ => false,
    }
}
