//! Audiences of federated credentials for service accounts.

use rolecall_value::{Kind, Value, walk};

use super::Context;
use super::credentials::{self, is_placeholder};
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::{Rule, RuleLevel};

/// What Entra ID asks tokens to be for.
const AUDIENCE: &str = "api://AzureADTokenExchange";

/// What it asks for in other clouds, besides.
const OF_CLOUDS: [&str; 2] = ["api://AzureADTokenExchangeUSGov", "api://AzureADTokenExchangeChina"];

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let [count, audience] = &rule.requirements[..] else { return };
    let deployment = context.deployment;
    for credential in credentials::credentials(context) {
        for found in walk(&deployment.inputs, &credential.resource.body, "properties.audiences") {
            let Some(array) = found.value.as_array().filter(|_| found.certain) else { continue };
            let when = credential.concerned.and(&found.when);
            let certain = array.items.iter().all(|item| item.when.is_true() && !item.many);
            if certain && array.items.len() != 1 {
                let value = found.value.clone().or_origin(credential.resource.origin);
                let demand = credential.demand(context, count, value, &when);
                let number = array.items.len().to_string();
                let case = Case { value: &number, expected: AUDIENCE, ..Case::new(&demand) };
                work.report.findings.extend(findings::certain(context, rule, &case, &when));
                continue;
            }
            for item in &array.items {
                for (own, value) in item.value.alternatives() {
                    let Some((what, level)) = fault(value) else { continue };
                    let when = when.and(&item.when).and(&own);
                    let at = value.clone().or_origin(item.value.origin()).or_origin(found.value.origin());
                    let mut demand = credential.demand(context, audience, at, &when);
                    demand.level = level;
                    let case = Case { value: &what, expected: AUDIENCE, ..Case::new(&demand) };
                    work.report.findings.extend(findings::certain(context, rule, &case, &when));
                }
            }
        }
    }
}

/// What is wrong with an audience, and how serious it is at most: one of somebody's own may be meant.
fn fault(audience: &Value) -> Option<(String, Option<RuleLevel>)> {
    let Kind::Str(text) = audience.kind() else { return None };
    if is_placeholder(text) || **text == *AUDIENCE || OF_CLOUDS.contains(&&**text) {
        return None;
    }
    let meant = text.to_ascii_lowercase().contains("azureadtokenexchange");
    Some((format!("`{text}`"), (!meant).then_some(RuleLevel::Note)))
}
