//! Assignments of one role to one principal at one scope under different names: Azure takes only the first.

use rolecall_graph::{Assignment, RoleRef};
use rolecall_source::Note;
use rolecall_value::{Condition, Value, id_equality};
use rustc_hash::FxHashMap;

use super::Context;
use super::assignments::{self, Written};
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::Rule;

/// With how many assignments of the same an assignment is compared, so that hundreds of them stay cheap.
const MAX_COMPARED: usize = 8;

/// An assignment as far as it grants one role to one principal.
struct Grant<'a> {
    written: Written<'a>,
    principal: &'a Value,
    role: &'a str,
    when: Condition,
}

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let Some(requirement) = rule.requirements.first() else { return };
    let mut earlier: FxHashMap<String, Vec<Grant<'_>>> = FxHashMap::default();
    for written in assignments::in_company(context).into_iter().filter(|one| is_plain(one.assignment)) {
        for (key, grant) in grants(written) {
            let known = earlier.entry(key).or_default();
            for first in known.iter() {
                let two = id_equality(&context.deployment.inputs, &first.written.resource.id, &written.resource.id);
                let when = first.when.and(&grant.when).and(&two.different);
                if when.is_false() {
                    continue;
                }
                let scope = written.assignment.scope.to_value();
                let mut demand = written.demand(context, requirement, scope, &when);
                if let Some(span) = written.span(context) {
                    demand.span = span;
                }
                let name = context.permissions.identities().describe(grant.principal);
                let role = written.name();
                let case = Case { principal: &name, role: &role, value: grant.role, ..Case::new(&demand) };
                let Some(mut finding) = findings::certain(context, rule, &case, &when) else { continue };
                if let Some(span) = first.written.span(context).filter(|span| *span != finding.span) {
                    finding.related.push(Note { message: "it is assigned here already".to_owned(), span });
                }
                work.report.findings.push(finding);
                break;
            }
            if known.len() < MAX_COMPARED {
                known.push(grant);
            }
        }
    }
}

/// Whether it is one assignment, and grants the role whatever the request.
fn is_plain(assignment: &Assignment) -> bool {
    !assignment.many && assignment.condition.is_none() && assignment.doubts.is_empty()
}

/// What an assignment grants to whom, by texts that are the same only where it is the same.
fn grants<'a>(written: Written<'a>) -> Vec<(String, Grant<'a>)> {
    let assignment = written.assignment;
    let scope = assignment.scope.to_value();
    let mut out = Vec::new();
    if scope.first_unknown().is_some() {
        return out;
    }
    for (own, principal) in assignment.principal.alternatives() {
        let when = assignment.when.and(&own);
        let nobody = principal.is_null() || principal.as_str() == Some("") || principal.first_unknown().is_some();
        if when.is_false() || nobody {
            continue;
        }
        for (own, role) in &assignment.roles {
            let RoleRef::Role(role) = role else { continue };
            let when = when.and(own);
            if !when.is_false() {
                let key = format!("{}\n{}\n{}", scope.text(), principal.text(), role.guid).to_lowercase();
                out.push((key, Grant { written, principal, role: &role.name, when }));
            }
        }
    }
    out
}
