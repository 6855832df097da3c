//! Assignments whose role is given as something that is no id of a role definition.

use rolecall_graph::{before_bar, builtin_named, guid_text};
use rolecall_value::{Condition, Kind, Piece, ResourceId, Symbol, Value};

use super::Context;
use super::assignments::{self, ROLE, Written};
use super::credentials::is_placeholder;
use super::unknown_role::ROLE_DEFINITIONS;
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::{Requirement, Rule, RuleLevel};
use crate::{Finding, trigger};

/// What stands in place of the id of a role definition.
struct Malformed {
    /// When.
    when: Condition,
    /// The value.
    value: Value,
    /// What it is.
    what: String,
    /// The GUID of the role, where that is known.
    guid: Option<String>,
    /// Whether Azure certainly refuses it. Of an id of another type it takes the GUID at the end, as templates show that
    /// are deployed so; nothing promises that.
    refused: bool,
}

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let Some(requirement) = rule.requirements.first() else { return };
    /// How many ids that are well formed are kept: most assignments are of a few roles.
    const KEPT: usize = 8;
    let mut well: Vec<Value> = Vec::new();
    for written in assignments::written(context) {
        let mut all: Vec<Malformed> = Vec::new();
        for found in trigger::given(&context.deployment.inputs, &written.resource.body, ROLE) {
            if well.contains(&found.value) {
                continue;
            }
            let Some(mut one) = malformed(context, &found.value) else {
                well.extend(Some(found.value).filter(|_| well.len() < KEPT));
                continue;
            };
            one.when = written.assignment.when.and(&found.when);
            // Several values of one parameter are one mistake; the value given speaks for them.
            match all.iter_mut().find(|known| known.refused == one.refused) {
                _ if one.when.is_false() => {}
                Some(known) => {
                    let when = known.when.or(&one.when);
                    if context.deployment.inputs.at(&one.when, &context.deployment.point).is_true() {
                        *known = one;
                    }
                    known.when = when;
                }
                None => all.push(one),
            }
        }
        work.report.findings.extend(all.iter().filter_map(|one| said(context, (rule, requirement), &written, one)));
    }
}

fn said(
    context: &Context<'_>,
    (rule, requirement): (&Rule, &Requirement),
    written: &Written<'_>,
    one: &Malformed,
) -> Option<Finding> {
    let principal = written.principal(context);
    let expected = format!("/providers/{ROLE_DEFINITIONS}/{}", one.guid.as_deref().unwrap_or("<GUID of the role>"));
    let mut demand = written.demand(context, requirement, one.value.clone(), &one.when);
    demand.level = (!one.refused).then_some(RuleLevel::Warning);
    let case = Case { principal: &principal, value: &one.what, expected: &expected, ..Case::new(&demand) };
    let mut finding = findings::certain(context, rule, &case, &one.when)?;
    if !one.refused {
        finding.breaks_at = None;
        finding.azure_error = None;
        let text = "it has been seen to take the GUID at the end whatever the type, which nothing promises";
        finding.reasons.push(text.to_owned());
    }
    Some(finding)
}

/// Whether a text is words, as the names of roles are, and neither an id nor a place to fill in.
fn is_words(text: &str) -> bool {
    let of_words = |byte: u8| byte.is_ascii_alphanumeric() || b" -_().".contains(&byte);
    text.trim().contains(' ') && text.bytes().all(of_words) && !is_placeholder(text)
}

/// What stands there instead of an id. What may be an id is none of it.
fn malformed(context: &Context<'_>, value: &Value) -> Option<Malformed> {
    let some = |what: String, guid: Option<String>, refused| {
        Some(Malformed { when: Condition::FALSE, value: value.clone(), what, guid, refused })
    };
    let bar = |text: &str| text.contains('|');
    let with_scope = match value.kind() {
        Kind::Str(text) => bar(text),
        Kind::Text(pieces) => pieces.iter().any(|piece| matches!(piece, Piece::Literal(text) if bar(text))),
        _ => false,
    };
    if with_scope {
        let guid = ResourceId::parse(&before_bar(value)).and_then(|id| id.name().as_str().and_then(guid_text));
        return some("an id and a scope with a bar between".to_owned(), guid, true);
    }
    if let Some(id) = ResourceId::parse(value) {
        let name = id.name();
        let guid = name.as_str().and_then(guid_text);
        let refused = name.as_str().is_some() && guid.is_none();
        return some(format!("an id of {}", id.resource_type), guid, refused)
            .filter(|_| !id.resource_type.is(ROLE_DEFINITIONS));
    }
    if let Some(text) = value.as_str() {
        if let Some(guid) = guid_text(text) {
            return some(format!("the bare GUID `{text}`"), Some(guid), true);
        }
        let custom = || context.permissions.roles().custom().find(|role| role.name.eq_ignore_ascii_case(text)).cloned();
        return match builtin_named(text).or_else(custom) {
            Some(role) => some(format!("the name `{text}`"), guid_text(&role.guid), true),
            None if is_words(text) => some(format!("the text `{text}`"), None, true),
            None => None,
        };
    }
    match value.as_symbol()? {
        Symbol::Call { function, .. } if &**function == "guid" => some("a bare GUID".to_owned(), None, true),
        Symbol::Attribute { resource, path } if path.eq_ignore_ascii_case("name") => {
            let role = ResourceId::parse(resource).filter(|id| id.resource_type.is(ROLE_DEFINITIONS));
            role.and_then(|_| some("a bare GUID".to_owned(), None, true))
        }
        _ => None,
    }
}
