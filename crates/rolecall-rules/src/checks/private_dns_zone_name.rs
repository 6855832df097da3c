//! Names of private DNS zones that AKS does not take.
//!
//! Only the public cloud's names are known here: of clusters elsewhere, and of names that end as another cloud's do, it
//! says nothing.

use rolecall_value::{Condition, Kind, Piece, ResourceId, Value};

use super::Context;
use crate::demand::{Demand, demands};
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::Rule;
use crate::trigger;

const ZONES: &str = "Microsoft.Network/privateDnsZones";

/// What the names of zones end with.
const SUFFIX: &str = ".azmk8s.io";

/// The label before the region: by private link, or in a virtual network of one's own.
const KINDS: [&str; 2] = ["privatelink", "private"];

/// How long what stands before that may be.
const MAX_SUBZONE: usize = 32;

/// How the names of zones of other clouds end.
const ELSEWHERE: [&str; 4] = [".cn", ".us", ".gov", ".scloud"];

/// How the names of other clouds' regions begin.
const REGIONS_ELSEWHERE: [&str; 5] = ["china", "usgov", "usdod", "ussec", "usnat"];

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let deployment = context.deployment;
    for place in demands(deployment, context.resources, rule) {
        let Some(cluster) = deployment.resource(place.resource) else { continue };
        let Some(id) = ResourceId::parse(&place.scope).filter(|id| id.resource_type.is(ZONES)) else { continue };
        let name = id.name();
        let mut locations: Vec<_> = trigger::given(&deployment.inputs, &cluster.body, "location")
            .into_iter()
            .map(|found| (found.when.clone(), region(&found.value)))
            .collect();
        let known = locations.iter().fold(Condition::FALSE, |any, (when, _)| any.or(when));
        locations.push((known.not(), None));
        for (own, location) in locations {
            let when = place.when.and(&own);
            let Some(wrong) = wrong(&name, location.as_deref()).filter(|_| !when.is_false()) else { continue };
            let region = location.as_deref().unwrap_or("<region>");
            let expected = format!("[<subzone>.]privatelink.{region}{SUFFIX}");
            let demand = Demand { when: when.clone(), ..place.clone() };
            let case = Case { value: &wrong, expected: &expected, ..Case::new(&demand) };
            work.report.findings.extend(findings::certain(context, rule, &case, &when));
        }
    }
}

/// A location in the one spelling that names of zones have.
fn region(location: &Value) -> Option<String> {
    location.as_str().map(|text| text.replace(' ', "").to_ascii_lowercase())
}

/// Whether a word can be the name of a region: all have a point of the compass in it. Others stand for one.
fn is_region(word: &str) -> bool {
    ["east", "west", "north", "south", "central"].iter().any(|point| word.contains(point))
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// What is certainly wrong with the name of a zone, for a cluster at a location.
fn wrong(name: &Value, location: Option<&str>) -> Option<String> {
    let elsewhere = |location: &str| REGIONS_ELSEWHERE.iter().any(|prefix| location.starts_with(prefix));
    if location.is_some_and(elsewhere) {
        return None;
    }
    let end = match name.kind() {
        Kind::Str(text) => text.to_ascii_lowercase(),
        Kind::Text(pieces) => match pieces.last() {
            Some(Piece::Literal(text)) => text.to_ascii_lowercase(),
            _ => return None,
        },
        _ => return None,
    };
    let whole = name.as_str().is_some();
    if ELSEWHERE.iter().any(|suffix| end.ends_with(suffix)) {
        return None;
    }
    let may_end = if whole { end.ends_with(SUFFIX) } else { end.ends_with(SUFFIX) || SUFFIX.ends_with(end.as_str()) };
    if !may_end {
        return Some(format!("does not end with {SUFFIX}"));
    }
    if !whole {
        return None;
    }
    let labels: Vec<&str> = end.strip_suffix(SUFFIX)?.split('.').collect();
    let [subzone @ .., kind, region] = &labels[..] else {
        return Some("lacks the region behind privatelink".to_owned());
    };
    if !KINDS.contains(kind) {
        return Some(format!("has {kind} where privatelink must stand"));
    }
    if subzone.join(".").len() > MAX_SUBZONE {
        return Some(format!("has a subzone of more than {MAX_SUBZONE} characters"));
    }
    match location {
        Some(location) if location != *region && is_region(location) && is_region(region) => {
            Some(format!("stands for the region {region}, and the cluster is in {location}"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(name: &str, location: Option<&str>) -> Option<String> {
        wrong(&Value::string(name), location)
    }

    #[test]
    fn names_with_and_without_a_subzone_are_right() {
        for name in [
            "privatelink.westeurope.azmk8s.io",
            "PrivateLink.WestEurope.azmk8s.io",
            "team.privatelink.westeurope.azmk8s.io",
            "private.westeurope.azmk8s.io",
            "a.private.westeurope.azmk8s.io",
        ] {
            assert_eq!(said(name, Some("westeurope")), None, "{name}");
            assert_eq!(said(name, None), None, "{name}");
        }
    }

    #[test]
    fn other_names_are_wrong() {
        let long = format!("{}.privatelink.westeurope.azmk8s.io", "x".repeat(33));
        for (name, part) in [
            ("aks.contoso.com", "does not end"),
            ("privatelink.azmk8s.io", "lacks the region"),
            ("link.westeurope.azmk8s.io", "has link where"),
            ("azmk8s.io", "does not end"),
            (&long, "more than 32"),
            ("privatelink.northeurope.azmk8s.io", "in westeurope"),
        ] {
            let said = said(name, Some("westeurope"));
            assert!(said.as_deref().is_some_and(|said| said.contains(part)), "{name}: {said:?}");
        }
    }

    #[test]
    fn a_word_that_stands_for_a_region_is_not_compared() {
        assert_eq!(said("privatelink.northeurope.azmk8s.io", Some("changeme")), None);
        assert_eq!(said("privatelink.region.azmk8s.io", Some("westeurope")), None);
    }

    #[test]
    fn nothing_is_said_of_other_clouds() {
        for name in
            ["privatelink.chinaeast2.cx.prod.service.azk8s.cn", "privatelink.x.cx.aks.containerservice.azure.us"]
        {
            assert_eq!(said(name, None), None, "{name}");
        }
        assert_eq!(said("aks.contoso.com", Some("usgovvirginia")), None);
    }

    #[test]
    fn a_name_with_a_hole_is_wrong_only_by_its_end() {
        let hole = || Piece::Hole(Value::environment("resourceGroup().location"));
        let name = |end: &str| Value::pieces([Piece::Literal("aks.".into()), hole(), Piece::Literal(end.into())]);
        assert_eq!(wrong(&name(".azmk8s.io"), None), None);
        assert_eq!(wrong(&name(".io"), None), None);
        assert!(wrong(&name(".contoso.com"), None).is_some());
        assert_eq!(wrong(&Value::pieces([Piece::Literal("aks.".into()), hole()]), None), None);
    }
}
