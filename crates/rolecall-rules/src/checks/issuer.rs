//! Whether a cluster issues tokens for its service accounts.

use rolecall_graph::Resource;
use rolecall_value::{Condition, Inputs};

use crate::model::Trigger;
use crate::trigger;

const ENABLED: &str = "properties.oidcIssuerProfile.enabled";
const VERSION: &str = "properties.kubernetesVersion";

/// Since this minor version of Kubernetes 1 AKS turns the issuer of a new cluster on where nothing is said.
const ON_SINCE: u32 = 34;

/// What the body of a cluster says: `path` is the word.
pub(super) fn says(inputs: &Inputs, cluster: &Resource, path: &str, word: &str) -> Condition {
    trigger::holds(inputs, &cluster.body, &Trigger::OneOf(path.to_owned(), vec![word.to_owned()]))
}

/// When there is something at a path of a cluster's body.
pub(super) fn present(inputs: &Inputs, cluster: &Resource, path: &str) -> Condition {
    trigger::holds(inputs, &cluster.body, &Trigger::Present(path.to_owned()))
}

/// When a cluster is one of those that AKS sets up by itself: sign-in and the issuer are on whatever is said.
pub(super) fn automatic(inputs: &Inputs, cluster: &Resource) -> Condition {
    says(inputs, cluster, "sku.name", "Automatic")
}

/// When the issuer is certainly off: it is said to be, or nothing is said and the version is an older one.
pub(super) fn off(inputs: &Inputs, cluster: &Resource) -> Condition {
    let said = trigger::given(inputs, &cluster.body, ENABLED);
    let any = said.iter().fold(Condition::FALSE, |any, found| any.or(&found.when));
    let off = says(inputs, cluster, ENABLED, "false");
    let old = trigger::given(inputs, &cluster.body, VERSION)
        .into_iter()
        .filter(|found| found.value.as_str().is_some_and(is_old))
        .fold(Condition::FALSE, |any, found| any.or(&found.when));
    off.or(&old.and_not(&any)).and_not(&automatic(inputs, cluster))
}

fn is_old(version: &str) -> bool {
    let mut parts = version.split('.').map(str::parse::<u32>);
    matches!((parts.next(), parts.next()), (Some(Ok(1)), Some(Ok(minor))) if minor < ON_SINCE)
}

#[cfg(test)]
mod tests {
    use super::is_old;

    #[test]
    fn versions_before_1_34_are_old() {
        for (version, old) in
            [("1.33", true), ("1.29.4", true), ("1.34.0", false), ("1.35", false), ("2.1", false), ("latest", false)]
        {
            assert_eq!(is_old(version), old, "{version}");
        }
    }
}
