//! Assignments to something that identifies an identity without being its principal id: its client id, its resource id,
//! its name, or the principal id of a cluster's own identity where the cluster has none.
//!
//! An assignment that a finding about a missing permission names as its cause is left to that finding, which then is as
//! serious as the refusal.

use rolecall_graph::{
    AssignmentKind, CLUSTERS, ControlPlane, MadeBy, USER_ASSIGNED, guid_text, user_assigned_principal,
};
use rolecall_value::{Condition, Kind, Piece, ResourceId, Symbol, Value};
use rustc_hash::FxHashMap;

use super::Context;
use super::assignments::{self, Written};
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::{Requirement, Rule, RuleLevel};
use crate::{BreaksAt, Certainty, Finding, mend, trigger, words};

/// The entry for a cluster's own identity that it has not.
const NOT_ITS_OWN: &str = "CP-PRINCIPAL-PATH";

/// What stands in place of a principal id.
struct Mistake {
    /// When it is that.
    when: Condition,
    /// What it is: ``the client id of `id-aks` ``.
    what: String,
    /// What should stand there.
    instead: String,
    /// How Azure takes it.
    kind: Taken,
}

impl Mistake {
    /// Whose principal id should stand there.
    fn of(&self) -> String {
        self.instead.strip_prefix("the principal id of ").unwrap_or(&self.instead).to_owned()
    }
}

/// How Azure takes what is no principal id.
#[derive(Clone, Copy, PartialEq)]
enum Taken {
    /// It has the form of a principal id, and Azure looks for the principal where no type of principal is given.
    AsPrincipal,
    /// It is refused.
    Refused,
    /// It is nothing at all.
    Null,
}

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let of = |own: bool| rule.requirements.iter().find(|requirement| (requirement.id == NOT_ITS_OWN) == own);
    let (Some(value), Some(own)) = (of(false), of(true)) else { return };
    let names = Names::new(context);
    let mut findings = Vec::new();
    for written in assignments::written(context).chain(assignments::policies(context)) {
        let of_policy = written.assignment.kind == AssignmentKind::AccessPolicy;
        let citing = written.span(context).and_then(|span| work.cited.get(&span));
        for (when, principal) in written.assignment.principal.alternatives() {
            let when = written.assignment.when.and(&when);
            let Some(mistake) = mistake(context, &names, principal).filter(|_| !when.is_false()) else { continue };
            // What becomes of other things in an access policy, no source says.
            if of_policy && mistake.kind != Taken::AsPrincipal {
                continue;
            }
            let requirement = if mistake.kind == Taken::Null { own } else { value };
            let found = said(context, (rule, requirement), &written, principal, &mistake, &when);
            if let Some(places) = citing {
                if let Some(refused) = found.filter(|finding| finding.breaks_at == Some(BreaksAt::Create)) {
                    places.iter().for_each(|&place| raise(&mut work.report.findings[place], &refused));
                }
                continue;
            }
            let mend = meant(context, principal)
                .map(|right| mend::principal(context, written.assignment.resource, right, &mistake.of()));
            findings.extend(found.map(|finding| Finding { mend, ..finding }));
        }
    }
    work.report.findings.extend(findings);
}

/// Makes a finding about a permission as serious as what becomes of the assignment that was to give it.
fn raise(finding: &mut Finding, refused: &Finding) {
    let certain = [&*finding, refused].iter().all(|one| one.certainty == Certainty::Definite);
    if certain && finding.level < refused.level {
        finding.level = refused.level;
        finding.breaks_at = refused.breaks_at;
        finding.azure_error.clone_from(&refused.azure_error);
        finding.reasons.push(format!("{}, so the deployment itself fails", refused.headline));
    }
}

/// The principal id of the user-assigned identity whose client id or resource id this is.
fn meant(context: &Context<'_>, principal: &Value) -> Option<Value> {
    let resource = match principal.as_symbol() {
        Some(Symbol::Attribute { resource, path })
            if ["properties.clientId", "id"].iter().any(|own| path.eq_ignore_ascii_case(own)) =>
        {
            resource
        }
        _ => principal,
    };
    let id = ResourceId::parse(resource).filter(|id| id.resource_type.is(USER_ASSIGNED))?;
    let created = context.permissions.identities().created(&id);
    (!created.yes.is_false()).then(|| user_assigned_principal(resource))
}

/// The finding of a mistake, as strong as it certainly is.
fn said(
    context: &Context<'_>,
    (rule, requirement): (&Rule, &Requirement),
    written: &Written<'_>,
    principal: &Value,
    mistake: &Mistake,
    when: &Condition,
) -> Option<Finding> {
    let when = when.and(&mistake.when);
    let origin = written.assignment.written_principal.origin();
    let principal = principal.clone().or_origin(origin);
    let mut demand = written.demand(context, requirement, principal, &when);
    let role = written.name();
    let make = |demand: &_, when: &Condition| {
        let case = Case { role: &role, value: &mistake.what, expected: &mistake.instead, ..Case::new(demand) };
        findings::certain(context, rule, &case, when)
    };
    if mistake.kind != Taken::AsPrincipal {
        // By which code Azure refuses what is no GUID is not confirmed.
        return make(&demand, &when).map(|finding| Finding { azure_error: None, ..finding });
    }
    // Where a type is given, Azure does not look whether there is such a principal, nor in a vault's access policies.
    let of_policy = written.assignment.kind == AssignmentKind::AccessPolicy;
    let refused = make(&demand, &if of_policy { Condition::FALSE } else { when.and(&written.type_absent()) });
    if refused.as_ref().is_some_and(|finding| finding.certainty == Certainty::Definite) {
        return refused;
    }
    demand.level = Some(RuleLevel::Warning);
    let silent = make(&demand, &when).map(|mut finding| {
        finding.breaks_at = Some(BreaksAt::Runtime);
        finding.azure_error = None;
        let text = match of_policy {
            true => "a vault takes any id in an access policy, and the policy then helps nobody",
            false => "Azure accepts it where a `principalType` is given, and the assignment then helps nobody",
        };
        finding.reasons.push(text.to_owned());
        finding
    });
    silent.or(refused)
}

/// What is wrong with a canonical, unconditional principal id; nothing where it may be right.
fn mistake(context: &Context<'_>, names: &Names, principal: &Value) -> Option<Mistake> {
    let always = |what: String, instead: String, kind| Some(Mistake { when: Condition::TRUE, what, instead, kind });
    if let Some(id) = ResourceId::parse(principal) {
        // The id of an object of Microsoft Graph is its principal id.
        let object = is_graph(&id);
        let name = words::resource_id(&id);
        return always(format!("the resource id of {name}"), format!("the principal id of {name}"), Taken::Refused)
            .filter(|_| !object);
    }
    if let Some(name) = names.created.get(&principal.text().to_lowercase()) {
        let owner = format!("`{}`", principal.label());
        return Some(Mistake {
            when: name.clone(),
            what: format!("the name of {owner}"),
            instead: format!("the principal id of {owner}"),
            kind: Taken::Refused,
        });
    }
    if let Some((clusters, client)) = names.clients.get(&principal.text().to_lowercase()) {
        return Some(Mistake {
            when: client.clone(),
            what: format!("the client id of the service principal of cluster {clusters}"),
            instead: "the object id of that service principal".to_owned(),
            kind: Taken::AsPrincipal,
        });
    }
    match principal.kind() {
        Kind::Array(_) => return always("a list".to_owned(), "one principal id".to_owned(), Taken::Refused),
        Kind::Object(_) => return always("an object".to_owned(), "a principal id".to_owned(), Taken::Refused),
        Kind::Str(text) if text.starts_with('/') => {}
        Kind::Text(pieces) if matches!(pieces.first(), Some(Piece::Literal(text)) if text.starts_with('/')) => {}
        Kind::Symbol(symbol) => return attribute_mistake(context, symbol),
        _ => return None,
    }
    always(format!("the path `{}`", principal.label()), "the object id alone".to_owned(), Taken::Refused)
}

fn attribute_mistake(context: &Context<'_>, symbol: &Symbol) -> Option<Mistake> {
    let always = |what: String, instead: String, kind| Some(Mistake { when: Condition::TRUE, what, instead, kind });
    let (resource, path) = match symbol {
        Symbol::Attribute { resource, path } => (resource, path),
        Symbol::Environment(fact) if &**fact == "deployer().clientId" => {
            let (what, instead) = ("the client id of whoever deploys", "their object id");
            return always(what.to_owned(), instead.to_owned(), Taken::AsPrincipal);
        }
        _ => return None,
    };
    let id = ResourceId::parse(resource);
    let name = id.as_ref().map_or_else(|| format!("`{}`", resource.label()), words::resource_id);
    let application = id.as_ref().is_some_and(|id| id.resource_type.is("Microsoft.Graph/applications"));
    let tail = path.rsplit('.').next().unwrap_or(path).to_ascii_lowercase();
    let of_service_principal = || format!("the object id of the service principal of {name}");
    match &*tail {
        "clientid" if application => {
            always(format!("the client id of application {name}"), of_service_principal(), Taken::AsPrincipal)
        }
        "clientid" => {
            always(format!("the client id of {name}"), format!("the principal id of {name}"), Taken::AsPrincipal)
        }
        "principalid" | "objectid" if application => {
            always(format!("the object id of application {name}"), of_service_principal(), Taken::AsPrincipal)
        }
        "id" if path.eq_ignore_ascii_case("id") && id.as_ref().is_some_and(|id| !is_graph(id)) => {
            always(format!("the resource id of {name}"), format!("the principal id of {name}"), Taken::Refused)
        }
        "principalid" if path.eq_ignore_ascii_case("identity.principalId") => {
            let cluster = id.filter(|id| id.resource_type.is(CLUSTERS))?;
            let when = user_assigned(context, &cluster);
            let what = format!("`identity.principalId` of cluster {name}");
            let instead = "the principal id of the identity that the cluster is given".to_owned();
            Some(Mistake { when, what, instead, kind: Taken::Null }).filter(|one| !one.when.is_false())
        }
        _ => None,
    }
}

fn is_graph(id: &ResourceId) -> bool {
    id.resource_type.as_str().to_ascii_lowercase().starts_with("microsoft.graph/")
}

/// When the deployment creates the cluster with nothing but identities that it is given.
fn user_assigned(context: &Context<'_>, cluster: &ResourceId) -> Condition {
    let inputs = &context.deployment.inputs;
    let mut any = Condition::FALSE;
    for (index, created) in context.permissions.identities().resources(cluster) {
        let Some(resource) = context.deployment.resource(index) else { continue };
        for found in trigger::given(inputs, &resource.body, "identity.type") {
            if found.value.as_str().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("UserAssigned")) {
                any = any.or(&created.yes.and(&found.when));
            }
        }
    }
    any
}

/// What names somebody without being a principal id.
struct Names {
    /// The names of the identities and clusters that the deployment creates, and when it does.
    created: FxHashMap<String, Condition>,
    /// The client ids by which clusters know their service principals, with the names of those clusters.
    clients: FxHashMap<String, (String, Condition)>,
}

impl Names {
    fn new(context: &Context<'_>) -> Self {
        let mut names: FxHashMap<String, Condition> = FxHashMap::default();
        for resource in [USER_ASSIGNED, CLUSTERS].into_iter().flat_map(|kind| context.deployment.of_type(kind)) {
            let (name, when) = (resource.1.id.name(), &resource.1.when);
            let may_be_an_id = name.as_str().is_some_and(|text| text.is_empty() || guid_text(text).is_some());
            if resource.1.made_by == MadeBy::Template && !may_be_an_id && name.first_unknown().is_none() {
                let known = names.entry(name.text().to_lowercase()).or_insert(Condition::FALSE);
                *known = known.or(when);
            }
        }
        let mut clients: FxHashMap<String, (String, Condition)> = FxHashMap::default();
        for (index, cluster) in context.deployment.of_type(CLUSTERS) {
            for (when, plane) in context.permissions.identities().control_plane(index) {
                let ControlPlane::ServicePrincipal { client_id, .. } = plane else { continue };
                // A place to fill in says nothing, and an attribute is known for a client id by itself.
                let says = match client_id.kind() {
                    Kind::Str(text) => {
                        guid_text(text).is_some_and(|guid| guid.bytes().any(|one| one != b'0' && one != b'-'))
                    }
                    Kind::Symbol(symbol) => matches!(**symbol, Symbol::Input(_)),
                    _ => false,
                };
                if says {
                    let when = cluster.when.and(&when);
                    let name = words::resource_id(&cluster.id);
                    let known = clients.entry(client_id.text().to_lowercase()).or_insert((name, Condition::FALSE));
                    known.1 = known.1.or(&when);
                }
            }
        }
        Names { created: names, clients }
    }
}
