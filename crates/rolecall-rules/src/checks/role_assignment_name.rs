//! Names of role assignments: what is no GUID, one name for two assignments, names that are new at each deployment, and
//! names that do not say whom the role is for, which role it is, and where.

use rolecall_graph::RoleRef;
use rolecall_source::Note;
use rolecall_value::{Case as Letters, Condition, Kind, Piece, ResourceId, Scope, Symbol, Value, equality};
use rustc_hash::FxHashMap;

use super::Context;
use super::assignments::{self, Written};
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::{Requirement, Rule, RuleLevel};
use crate::{Finding, trigger};

/// With how many assignments of the same name an assignment is compared, so that hundreds of them stay cheap.
const MAX_COMPARED: usize = 8;

/// Functions whose value is another one each time.
const NEW: [&str; 4] = ["newguid", "utcnow", "uuid", "timestamp"];

/// What is wrong with a name.
struct Fault {
    /// What is said of it: ``is `x`, which is no GUID``.
    what: String,
    /// Why that matters.
    why: &'static str,
    /// The level, where it is below the rule's.
    level: Option<RuleLevel>,
    /// How Azure refuses.
    azure: &'static str,
}

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let Some(requirement) = rule.requirements.first() else { return };
    let mut named: FxHashMap<String, Vec<Written<'_>>> = FxHashMap::default();
    let mut anywhere: FxHashMap<String, Vec<Written<'_>>> = FxHashMap::default();
    for written in assignments::written(context) {
        let name = written.resource.id.name();
        let when = &written.assignment.when;
        let say = |fault: &Fault, when: &Condition| said(context, (rule, requirement), &written, fault, when);
        let own = no_guid(&name).or_else(|| new_each_time(&written)).or_else(|| weak(context, &written));
        work.report.findings.extend(own.and_then(|fault| say(&fault, when)));
        if written.assignment.many || name.first_unknown().is_some() {
            continue;
        }
        let known = named.entry(written.resource.id.to_value().text().to_lowercase()).or_default();
        for first in known.iter() {
            let when = when.and(&first.assignment.when).and(&differ(context, first, &written));
            if when.is_false() {
                continue;
            }
            let Some(mut finding) = say(&taken(), &when) else { continue };
            if let Some(span) = first.span(context).filter(|span| *span != finding.span) {
                finding.related.push(Note { message: "the other assignment stands here".to_owned(), span });
            }
            work.report.findings.push(finding);
            break;
        }
        if known.len() < MAX_COMPARED {
            known.push(written);
        }
        let known = anywhere.entry(name.text().to_lowercase()).or_default();
        for first in known.iter() {
            let when = when.and(&first.assignment.when).and(&elsewhere(context, first, &written));
            let Some(mut finding) = (!when.is_false()).then(|| say(&taken_elsewhere(), &when)).flatten() else {
                continue;
            };
            if let Some(span) = first.span(context).filter(|span| *span != finding.span) {
                finding.related.push(Note { message: "the other assignment stands here".to_owned(), span });
            }
            work.report.findings.push(finding);
            break;
        }
        if known.len() < MAX_COMPARED {
            known.push(written);
        }
    }
}

fn said(
    context: &Context<'_>,
    (rule, requirement): (&Rule, &Requirement),
    written: &Written<'_>,
    fault: &Fault,
    when: &Condition,
) -> Option<Finding> {
    let mut demand = written.demand(context, requirement, written.resource.id.name(), when);
    demand.level = fault.level;
    let principal = written.principal(context);
    let role = written.name();
    let case =
        Case { principal: &principal, role: &role, value: &fault.what, expected: fault.why, ..Case::new(&demand) };
    let mut finding = findings::certain(context, rule, &case, when)?;
    finding.azure_error = Some(fault.azure.to_owned());
    Some(finding)
}

/// A name that is no GUID, whatever is still open in it.
fn no_guid(name: &Value) -> Option<Fault> {
    let stray = |text: &str| !text.bytes().all(|byte| byte.is_ascii_hexdigit() || b"-{}()".contains(&byte));
    let wrong = match name.kind() {
        Kind::Str(text) => stray(text) || text.bytes().filter(u8::is_ascii_hexdigit).count() != 32,
        Kind::Text(pieces) => pieces.iter().any(|piece| matches!(piece, Piece::Literal(text) if stray(text))),
        Kind::Symbol(symbol) => {
            matches!(&**symbol, Symbol::Call { function, .. } if &**function == "uniquestring")
        }
        _ => false,
    };
    wrong.then(|| Fault {
        what: format!("is `{}`, which is no GUID", name.label()),
        why: "Azure takes nothing but a GUID as the name of a role assignment",
        level: None,
        azure: "InvalidRoleAssignmentId",
    })
}

/// A name that is another one at each deployment. Where the principal or the scope is as well, so is the assignment.
fn new_each_time(written: &Written<'_>) -> Option<Fault> {
    /// What is nested deeper than this is no name that somebody writes.
    const MAX_DEPTH: usize = 16;
    fn is_new(value: &Value, depth: usize) -> bool {
        match value.kind() {
            Kind::Symbol(symbol) => match &**symbol {
                Symbol::Call { function, arguments } => {
                    NEW.contains(&&**function)
                        || (depth < MAX_DEPTH && arguments.iter().any(|argument| is_new(argument, depth + 1)))
                }
                _ => false,
            },
            Kind::Text(pieces) => {
                depth < MAX_DEPTH
                    && pieces.iter().any(|piece| matches!(piece, Piece::Hole(value) if is_new(value, depth + 1)))
            }
            _ => false,
        }
    }
    let also_new = |value: &Value| {
        let text = value.text();
        NEW.iter().any(|function| text.contains(&format!("{function}(")))
    };
    let assignment = written.assignment;
    let new = is_new(&written.resource.id.name(), 0)
        && !also_new(&assignment.principal)
        && !also_new(&assignment.scope.to_value());
    new.then(|| Fault {
        what: "is another one at each deployment".to_owned(),
        why: "the next deployment makes a second assignment of the same role, which Azure refuses",
        level: Some(RuleLevel::Warning),
        azure: "RoleAssignmentExists",
    })
}

fn taken() -> Fault {
    Fault {
        what: "is that of another assignment at the same scope".to_owned(),
        why: "they are one resource, of which neither the principal nor the role can be changed",
        level: None,
        azure: "RoleAssignmentUpdateNotPermitted",
    }
}

/// When two assignments of one name are are at different scopes: whoever copies the first forgets the name.
fn elsewhere(context: &Context<'_>, a: &Written<'_>, b: &Written<'_>) -> Condition {
    let (a, b) = (a.assignment.scope.to_value(), b.assignment.scope.to_value());
    equality(&context.deployment.inputs, &a, &b, Letters::Insensitive).different
}

fn taken_elsewhere() -> Fault {
    Fault {
        what: "is that of another assignment at another scope".to_owned(),
        why: "a name is taken once in all of the tenant, and Azure refuses to move the first assignment",
        level: Some(RuleLevel::Warning),
        azure: "RoleAssignmentUpdateNotPermitted",
    }
}

/// When two assignments are for different principals or of different roles.
fn differ(context: &Context<'_>, a: &Written<'_>, b: &Written<'_>) -> Condition {
    let inputs = &context.deployment.inputs;
    let principal = equality(inputs, &a.assignment.principal, &b.assignment.principal, Letters::Insensitive);
    let mut role = Condition::FALSE;
    for (own, one) in &a.assignment.roles {
        for (when, other) in &b.assignment.roles {
            if matches!((one, other), (RoleRef::Role(one), RoleRef::Role(other)) if one.guid != other.guid) {
                role = role.or(&own.and(when));
            }
        }
    }
    principal.different.or(&role)
}

/// A name made of too little: of two assignments that differ in what it lacks, the second is taken for a change of the
/// first.
fn weak(context: &Context<'_>, written: &Written<'_>) -> Option<Fault> {
    let name = written.resource.id.name();
    let Some(Symbol::Call { function, arguments }) = name.as_symbol() else { return None };
    // What a name is made of that Terraform's provider chooses is known, and nobody's choice.
    if &**function != "guid" || arguments.iter().all(Value::is_known) || name.first_unknown().is_some() {
        return None;
    }
    let seed = name.text().to_lowercase();
    // Which round of a loop it is stands for whatever the rounds differ in.
    if ["[*]", "copyindex("].iter().any(|round| seed.contains(round)) {
        return None;
    }
    let lacks = [
        ("principal", !says_principal(context, written, &seed)),
        ("role", !says_role(context, written, arguments, &seed)),
        ("scope", !says_scope(&written.assignment.scope, &seed)),
    ];
    let lacking: Vec<_> = lacks.into_iter().filter(|(_, lacks)| *lacks).map(|(what, _)| what).collect();
    (!lacking.is_empty()).then(|| Fault {
        what: format!("says nothing of its {}", lacking.join(" and its ")),
        why: "where that changes, Azure takes it for a change of the assignment that is there, and refuses it",
        level: Some(RuleLevel::Note),
        azure: "RoleAssignmentUpdateNotPermitted",
    })
}

/// Whether a seed names a value: its text, without the quotes around it.
fn says(seed: &str, value: &Value) -> bool {
    let text = value.text().to_lowercase();
    let text = text.trim_matches('\'');
    !text.is_empty() && seed.contains(text)
}

fn says_id(seed: &str, id: &ResourceId) -> bool {
    says(seed, &id.to_value()) || says(seed, &id.name())
}

fn says_principal(context: &Context<'_>, written: &Written<'_>, seed: &str) -> bool {
    let all = [&written.assignment.principal, &written.assignment.written_principal];
    all.into_iter().flat_map(Value::alternatives).any(|(_, principal)| {
        if says(seed, principal) || principal.is_null() || principal.first_unknown().is_some() {
            return true;
        }
        let Some((resource, _)) = assignments::attribute(principal) else { return false };
        let Some(id) = ResourceId::parse(resource) else { return says(seed, resource) };
        says_id(seed, &id)
            || context.written_as(&id).any(|one| match one.made_by {
                rolecall_graph::MadeBy::Azure(cluster) => {
                    context.deployment.resource(cluster).is_some_and(|cluster| says_id(seed, &cluster.id))
                }
                rolecall_graph::MadeBy::Template => false,
            })
    })
}

/// Any text of its own stands for the role: nobody writes it for another reason. The text in an id is not its own.
fn says_role(context: &Context<'_>, written: &Written<'_>, arguments: &[Value], seed: &str) -> bool {
    let letters = |text: &str| text.bytes().any(|byte| byte.is_ascii_alphabetic());
    let text = |argument: &Value| match argument.kind() {
        Kind::Str(text) => !text.is_empty(),
        Kind::Text(pieces) => {
            let literal = |piece: &Piece| matches!(piece, Piece::Literal(text) if letters(text));
            !argument.text().starts_with("'/") && pieces.iter().any(literal)
        }
        _ => false,
    };
    let role = trigger::given(&context.deployment.inputs, &written.resource.body, assignments::ROLE);
    arguments.iter().any(text)
        || role.is_empty()
        || role.iter().any(|found| {
            let name = rolecall_value::segments(&found.value).pop();
            found.value.first_unknown().is_some() || name.is_some_and(|name| says(seed, &name))
        })
}

fn says_scope(scope: &Scope, seed: &str) -> bool {
    match scope {
        // There is but one tenant, and few management groups.
        Scope::Tenant | Scope::ManagementGroup(_) => true,
        Scope::Subscription(name) | Scope::ResourceGroup(_, name) => follows(seed, name),
        Scope::Resource(id) => says_id(seed, id) || follows(seed, &id.name()),
        Scope::Opaque(value) => value.first_unknown().is_some() || follows(seed, value),
    }
}

/// Whether a seed names a value, or everything open that it is made of.
fn follows(seed: &str, value: &Value) -> bool {
    says(seed, value)
        || match value.kind() {
            Kind::Text(pieces) => pieces.iter().all(|piece| match piece {
                Piece::Literal(_) => true,
                Piece::Hole(hole) => follows(seed, hole),
            }),
            Kind::Symbol(symbol) => match &**symbol {
                Symbol::Call { arguments, .. } => {
                    let mut open = arguments.iter().filter(|argument| !argument.is_known()).peekable();
                    open.peek().is_some() && open.all(|argument| follows(seed, argument))
                }
                _ => false,
            },
            _ => false,
        }
}
