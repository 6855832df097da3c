//! Rules that the vocabulary of triggers cannot express: a function each, in the file of the rule's name.

use rolecall_graph::{Deployment, Permissions};

use crate::Report;
use crate::demand::ByType;
use crate::model::Rule;

mod system_assigned_with_custom_dns_zone;

/// What a check sees.
pub(crate) struct Context<'a> {
    /// The deployment.
    pub deployment: &'a Deployment,
    /// Its resources by type.
    pub resources: &'a ByType,
    /// Its identities and what they may do.
    pub permissions: &'a Permissions<'a>,
}

/// A check: it adds what it finds to the report.
pub(crate) type Check = fn(&Context<'_>, &Rule, &mut Report);

/// The check of the rule with this id.
pub(crate) fn of(id: &str) -> Option<Check> {
    match id {
        "system-assigned-with-custom-dns-zone" => Some(system_assigned_with_custom_dns_zone::check),
        _ => None,
    }
}
