//! Federated credentials that Azure refuses beside others of the same identity: those beyond the twentieth, and those whose
//! issuer and subject another has already.

use rolecall_source::Note;
use rolecall_value::{Case as Letters, Condition, equality, id_equality};

use super::Context;
use super::credentials::{self, Credential, by_identity};
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::{Requirement, Rule};
use crate::{Finding, words};

/// How many credentials an identity may have.
const MOST: usize = 20;

/// With how many of its identity a credential is compared.
const MAX_COMPARED: usize = 32;

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let [limit, pairs] = &rule.requirements[..] else { return };
    let all = credentials::credentials(context);
    for group in by_identity(&all) {
        work.report.findings.extend(too_many(context, (rule, limit), &group));
        for (place, second) in group.iter().enumerate().take(MAX_COMPARED) {
            let mut earlier = group[..place].iter();
            work.report.findings.extend(earlier.find_map(|first| same(context, (rule, pairs), first, second)));
        }
    }
}

/// The credential that is one too many for the values given.
fn too_many(
    context: &Context<'_>,
    (rule, requirement): (&Rule, &Requirement),
    group: &[&Credential<'_>],
) -> Option<Finding> {
    let (inputs, point) = (&context.deployment.inputs, &context.deployment.point);
    let there = |one: &&&Credential<'_>| inputs.at(&one.resource.when, point).is_true();
    let mut distinct: Vec<&Credential<'_>> = Vec::new();
    for one in group.iter().filter(there) {
        // Two that may have one id may be one.
        let other =
            |known: &&Credential<'_>| id_equality(inputs, &known.resource.id, &one.resource.id).different.is_true();
        if distinct.iter().all(other) {
            distinct.push(one);
        }
    }
    let any = distinct.iter().fold(Condition::FALSE, |any, one| any.or(&one.concerned));
    let last = distinct.get(MOST)?;
    let count = distinct.len().to_string();
    let when = last.resource.when.and(&any);
    let demand = last.whole(context, requirement, &when);
    findings::certain(context, rule, &Case { value: &count, ..Case::new(&demand) }, &when)
}

fn same(
    context: &Context<'_>,
    (rule, requirement): (&Rule, &Requirement),
    first: &Credential<'_>,
    second: &Credential<'_>,
) -> Option<Finding> {
    let inputs = &context.deployment.inputs;
    let two = id_equality(inputs, &first.resource.id, &second.resource.id).different;
    let equal = |path: &str| {
        let (a, b) =
            (credentials::given(context, first.resource, path), credentials::given(context, second.resource, path));
        let pairs = a.iter().flat_map(|a| b.iter().map(move |b| (a, b)));
        pairs.fold(Condition::FALSE, |any, (a, b)| {
            let equal = equality(inputs, &a.value, &b.value, Letters::Sensitive).equal;
            any.or(&a.when.and(&b.when).and(&equal))
        })
    };
    let both = first.resource.when.and(&second.concerned).and(&two);
    if both.is_false() || second.resource.many {
        return None;
    }
    let when = both.and(&equal("properties.issuer")).and(&equal("properties.subject"));
    let subject = credentials::given(context, second.resource, "properties.subject").into_iter().next()?.value;
    let demand = second.demand(context, requirement, subject.clone(), &when);
    let value = format!("`{}`", subject.label());
    let expected = words::resource_id(&first.identity);
    let case = Case { value: &value, expected: &expected, ..Case::new(&demand) };
    let mut finding = findings::certain(context, rule, &case, &when)?;
    let declared = context.deployment.origins.span(first.resource.origin);
    finding.related.extend(declared.map(|span| Note { message: "the first credential stands here".to_owned(), span }));
    Some(finding)
}
