//! Assignments that a configuration lets be: by their roles, where they are made, or for whom.

use rolecall_graph::{Pattern, RoleDefinition};
use rolecall_value::{Scope, Value};

use super::Context;
use crate::model::Rule;

/// What the options of a rule allow; an assignment that one of them names is left alone.
pub(super) struct Allowed {
    roles: Vec<Pattern>,
    scopes: Vec<Pattern>,
    identities: Vec<Pattern>,
}

impl Allowed {
    pub(super) fn new(context: &Context<'_>, rule: &Rule) -> Self {
        let patterns = |option: &str| context.options.patterns(&rule.id, option);
        Allowed {
            roles: patterns("allowed-roles"),
            scopes: patterns("allowed-scopes"),
            identities: patterns("allowed-identities"),
        }
    }

    /// Whether this role at this scope for this principal, which is canonical, is allowed.
    pub(super) fn has(&self, role: &RoleDefinition, scope: &Scope, principal: &Value) -> bool {
        self.roles.iter().any(|one| one.is(&role.name) || one.is(&role.guid))
            || self.scopes.iter().any(|one| one.contains(scope))
            || self.identities.iter().any(|one| one.names(principal))
    }
}
