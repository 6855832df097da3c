//! Grants that are made outside of the deployment, and that somebody vouches for.
//!
//! Whoever vouches names identities and resources as people and Azure do: by name, by object id, by resource id, with
//! wildcards. A deployment often knows them by what they are made of (`/subscriptions/{subscription().subscriptionId}/…`),
//! so both are compared as text: what the pattern leaves to a wildcard may be anything, and a hole in the deployment's id
//! is its own text. The subscription that a deployment goes to is whichever the grant names. Where only a hole stands
//! between the grant and the scope, it may be the one meant: *perhaps*, never a grant.
//!
//! Which file a grant stands in is not known here, beyond its place.

use std::sync::Arc;

use globset::{GlobBuilder, GlobMatcher};
use rolecall_source::Span;
use rolecall_value::{Kind, Piece, Reason, ReasonKind, ResourceId, Scope, Symbol, Value, segments};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::identities::{PRINCIPAL_ID, SERVICE_PRINCIPAL, SYSTEM_PRINCIPAL_ID, describe, identity_of};
use crate::roles::{RoleDefinition, Roles, Verdict, builtin, builtin_named, builtins, under_condition};
use crate::{Deployment, USER_ASSIGNED};

/// A slash inside of a hole, so that it parts no segments.
const INNER_SLASH: char = '\u{1}';

/// A role that somebody has been given, or will be, without this deployment.
#[derive(Clone, Debug)]
pub struct OutsideGrant {
    /// Who has it.
    pub principal: Principals,
    /// What.
    pub role: OutsideRole,
    /// Where: the scope, or one that contains it.
    pub scope: Pattern,
    /// Azure's condition (ABAC) on the assignment.
    pub condition: Option<String>,
    /// Why somebody vouches for it.
    pub reason: Option<String>,
    /// Where it is written down.
    pub span: Span,
}

/// The grants that are vouched for, in order, found by the names of their principals.
#[derive(Clone, Debug, Default)]
pub struct OutsideGrants {
    grants: Vec<OutsideGrant>,
    /// Those with a name without a wildcard, by it.
    by_name: FxHashMap<String, Vec<usize>>,
    /// Those that have another.
    wild: Vec<usize>,
}

impl OutsideGrants {
    /// Indexes grants.
    pub fn new(grants: Vec<OutsideGrant>) -> Self {
        let mut out = OutsideGrants { grants, ..OutsideGrants::default() };
        for (number, grant) in out.grants.iter().enumerate() {
            for name in grant.principal.0.iter().filter(|name| name.glob.is_none()) {
                out.by_name.entry(name.text.clone()).or_default().push(number);
            }
            if grant.principal.0.iter().any(|name| name.glob.is_some()) {
                out.wild.push(number);
            }
        }
        out
    }

    /// All of them.
    pub fn all(&self) -> &[OutsideGrant] {
        &self.grants
    }

    /// Those for the principal that goes by these names, with their places among all.
    pub(crate) fn of(&self, names: &[String]) -> impl Iterator<Item = (usize, &OutsideGrant)> {
        let named = names.iter().filter_map(|name| self.by_name.get(name)).flatten().copied();
        let is = |number: &usize| names.iter().any(|name| self.grants[*number].principal.is(name));
        let mut numbers: Vec<usize> = named.chain(self.wild.iter().copied().filter(is)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.into_iter().filter_map(|number| Some((number, self.grants.get(number)?)))
    }
}

/// Any of several names for one principal.
#[derive(Clone, Debug)]
pub struct Principals(Vec<Pattern>);

impl Principals {
    /// The principal that goes by any of these.
    pub fn new(names: Vec<Pattern>) -> Self {
        Principals(names)
    }

    /// Whether a name, which is folded, is one of them.
    fn is(&self, name: &str) -> bool {
        self.0.iter().any(|pattern| pattern.fits(name))
    }
}

/// A text with wildcards: `*` stands for anything up to a slash, `**` for anything, `?` for one character, `[ab]` and
/// `{a,b}` for alternatives. Letter case does not count. What the deployment's ids hold in braces,
/// `{resourceGroup().name}`, stands for itself.
#[derive(Clone, Debug)]
pub struct Pattern {
    text: String,
    /// Absent where there is no wildcard.
    glob: Option<GlobMatcher>,
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn new(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() {
            return Err("it is empty".to_owned());
        }
        let folded = hide_slashes(&text.to_lowercase());
        let escaped = escape_holes(&folded);
        let wild = escaped.contains(['*', '?', '[', '{']) || folded.contains('\\');
        let glob = wild.then(|| {
            let glob = GlobBuilder::new(&escaped).literal_separator(true).build();
            glob.map(|glob| glob.compile_matcher()).map_err(|error| error.kind().to_string())
        });
        Ok(Pattern { text: folded, glob: glob.transpose()? })
    }

    /// The text that stands for itself alone, wildcards and all.
    pub fn literal(text: &str) -> Self {
        Pattern { text: hide_slashes(&text.trim().to_lowercase()), glob: None }
    }

    /// Whether a text fits, which is folded and whose inner slashes are hidden already.
    fn fits(&self, folded: &str) -> bool {
        self.text == folded || self.glob.as_ref().is_some_and(|glob| glob.is_match(folded))
    }

    /// Whether a text fits.
    pub fn is(&self, text: &str) -> bool {
        self.fits(&hide_slashes(&text.to_lowercase()))
    }

    /// Whether it certainly is the scope, or one that contains it: its id, or the end of that.
    pub fn contains(&self, scope: &Scope) -> bool {
        self.covers(&ScopeText::new(scope)) == Verdict::Granted
    }

    /// Whether a canonical principal goes by such a name, resource id or object id.
    pub fn names(&self, principal: &Value) -> bool {
        principal_names(principal).iter().any(|name| self.fits(name))
    }

    /// Whether it is a scope that contains this one, as far as can be told.
    fn covers(&self, scope: &ScopeText) -> Verdict {
        let own: Vec<&str> = self.text.trim_end_matches('/').split('/').collect();
        let by_name = !self.text.starts_with('/');
        let fits = |prefix: &str| self.fits(prefix) || (by_name && self.fits(last_segments(prefix, own.len())));
        if scope.prefixes().any(fits) {
            return Verdict::Granted;
        }
        if self.glob.is_some() || by_name {
            // Who writes a pattern can say what the holes may be; the subscription is the grant's own.
            let named = own.get(2).filter(|_| scope.own_subscription && !by_name);
            let moved = named.and_then(|subscription| scope.in_subscription(subscription));
            let fits = moved.is_some_and(|moved| moved.prefixes().any(|prefix| self.fits(prefix)));
            return if fits { Verdict::Granted } else { Verdict::NotGranted };
        }
        let Some(need) = scope.segments.get(..own.len()) else { return self.above(scope) };
        let same = |at: usize| need[at] == own[at] || (at == 2 && scope.own_subscription);
        if (0..own.len()).all(same) {
            return Verdict::Granted;
        }
        let may_be = |at: usize| {
            let Some((prefix, suffix)) = &scope.open[at] else { return false };
            own[at].len() >= prefix.len() + suffix.len()
                && own[at].starts_with(&**prefix)
                && own[at].ends_with(&**suffix)
        };
        // Below a resource group at least: an id that is all holes may be anything.
        if own.len() > 4 && (0..own.len()).all(|at| same(at) || may_be(at)) {
            let detail = format!("the grant is at `{}`, and the deployment decides whether that is here", self.text);
            return Verdict::Perhaps(Reason { kind: ReasonKind::Runtime, detail: detail.into() });
        }
        self.above(scope)
    }

    /// What is meant by the tenant and by management groups holds for whatever subscription they can contain.
    fn above(&self, scope: &ScopeText) -> Verdict {
        let own = self.text.trim_end_matches('/');
        let above = own.is_empty() || own.starts_with("/providers/microsoft.management/managementgroups/");
        if above && scope.segments.get(1).is_some_and(|keyword| keyword == "subscriptions") {
            return Verdict::Granted;
        }
        Verdict::NotGranted
    }
}

/// Writes slashes in braces as [`INNER_SLASH`].
fn hide_slashes(text: &str) -> String {
    let mut depth = 0_usize;
    let hide = |character| {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if character == '/' && depth > 0 { INNER_SLASH } else { character }
    };
    text.chars().map(hide).collect()
}

/// The pattern with the holes in it taken literally: braces around an expression, which has a bracket or a dot in it, not
/// around alternatives.
fn escape_holes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let Some(close) = matching_brace(&rest[open..]) else { break };
        let hole = &rest[open..open + close + 1];
        out.push_str(&rest[..open]);
        if hole.contains(['(', '.']) && !hole.contains(',') || hole.contains("('") {
            out.push_str(&globset::escape(hole));
        } else {
            out.push_str(hole);
        }
        rest = &rest[open + close + 1..];
    }
    out.push_str(rest);
    out
}

fn matching_brace(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// Which role an outside grant is of.
#[derive(Clone, Debug)]
pub enum OutsideRole {
    /// Whatever is needed.
    Any,
    /// These, which a pattern found among the built-in ones.
    BuiltIn(Vec<Arc<RoleDefinition>>, String),
    /// One that is not built in: by name or GUID, folded.
    Custom(String),
}

impl OutsideRole {
    /// Reads a role: a name, a GUID, the id of a definition, or a pattern of names.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn new(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let last = text.rsplit('/').next().unwrap_or(text);
        if text == "*" || text == "**" {
            return Ok(OutsideRole::Any);
        }
        if let Some(role) = builtin(last).or_else(|| builtin_named(text)) {
            return Ok(OutsideRole::BuiltIn(vec![role], text.to_owned()));
        }
        let pattern = Pattern::new(text)?;
        if pattern.glob.is_none() {
            return Ok(OutsideRole::Custom(last.to_lowercase()));
        }
        let roles: Vec<_> = builtins().filter(|role| pattern.is(&role.name)).collect();
        if roles.is_empty() {
            return Err("no built-in role has such a name".to_owned());
        }
        Ok(OutsideRole::BuiltIn(roles, text.to_owned()))
    }

    /// The role as a person would name it.
    pub fn name(&self) -> &str {
        match self {
            OutsideRole::Any => "any role",
            OutsideRole::BuiltIn(roles, text) => match &roles[..] {
                [role] => &role.name,
                _ => text,
            },
            OutsideRole::Custom(text) => text,
        }
    }
}

impl OutsideGrant {
    /// Whether it is made at a scope that contains this one.
    pub(crate) fn covers(&self, scope: &ScopeText) -> Verdict {
        self.scope.covers(scope)
    }

    /// Whether its role grants an action.
    pub(crate) fn grants(&self, roles: &Roles, action: &str, data: bool) -> Verdict {
        let of_roles = |roles: &[Arc<RoleDefinition>]| {
            let mut answer = Verdict::NotGranted;
            for role in roles {
                match role.grants(action, data) {
                    Verdict::Granted => return Verdict::Granted,
                    Verdict::Perhaps(reason) => answer = Verdict::Perhaps(reason),
                    Verdict::NotGranted => {}
                }
            }
            answer
        };
        let verdict = match &self.role {
            OutsideRole::Any => Verdict::Granted,
            OutsideRole::BuiltIn(roles, _) => of_roles(roles),
            OutsideRole::Custom(name) => {
                let custom = roles.custom().find(|role| role.guid == *name || role.name.to_lowercase() == *name);
                match custom {
                    Some(role) => of_roles(std::slice::from_ref(role)),
                    None => {
                        let detail = format!("role `{name}` is neither built in nor defined here");
                        Verdict::Perhaps(Reason { kind: ReasonKind::Unread, detail: detail.into() })
                    }
                }
            }
        };
        match (&self.condition, verdict) {
            (Some(condition), Verdict::Granted) => under_condition(condition, action),
            (_, verdict) => verdict,
        }
    }

    /// What to say where it grants something.
    pub fn says(&self) -> String {
        let reason = self.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
        format!("{} on `{}`, granted outside{reason}", self.role.name(), self.scope.text.replace(INNER_SLASH, "/"))
    }
}

/// A scope as patterns are compared with it.
#[derive(Clone)]
pub(crate) struct ScopeText {
    /// Its folded segments, holes in braces.
    segments: Vec<String>,
    /// They together.
    text: String,
    /// For segments with holes the text before the first and behind the last.
    open: Vec<Option<(String, String)>>,
    /// Whether it lies in the subscription that the deployment goes to.
    own_subscription: bool,
}

impl ScopeText {
    pub(crate) fn new(scope: &Scope) -> Self {
        let values = segments(&scope.to_value());
        let own = |value: &Value| matches!(value.as_symbol(), Some(Symbol::Environment(_)));
        ScopeText {
            own_subscription: values.get(2).is_some_and(own),
            open: values.iter().map(edges).collect(),
            ..ScopeText::of(values.iter().map(|value| segment_text(value, values.len() > 1)).collect())
        }
    }

    fn of(segments: Vec<String>) -> Self {
        let text = segments.join("/");
        ScopeText { open: segments.iter().map(|_| None).collect(), segments, text, own_subscription: false }
    }

    fn in_subscription(&self, subscription: &str) -> Option<ScopeText> {
        let mut segments = self.segments.clone();
        subscription.clone_into(segments.get_mut(2)?);
        Some(ScopeText::of(segments))
    }

    /// What contains it, and it itself, from the outside in.
    fn prefixes(&self) -> impl Iterator<Item = &str> {
        let inner = self.text.match_indices('/').map(|(at, _)| at).filter(|at| *at > 0);
        inner.chain([self.text.len()]).map(|end| &self.text[..end])
    }
}

/// The end of a path, of that many segments.
fn last_segments(path: &str, count: usize) -> &str {
    let slash = path.rmatch_indices('/').nth(count.saturating_sub(1));
    slash.map_or(path, |(at, _)| &path[at + 1..])
}

/// A segment as [`Value::plain`] of the whole id shows it; the only one is the id itself.
fn segment_text(value: &Value, of_several: bool) -> String {
    let text = match value.kind() {
        Kind::Str(_) | Kind::Text(_) => value.plain(),
        _ if of_several => format!("{{{}}}", value.plain()),
        _ => return value.plain().to_lowercase(),
    };
    hide_slashes(&text.to_lowercase())
}

fn edges(value: &Value) -> Option<(String, String)> {
    let literal = |piece: Option<&Piece>| match piece {
        Some(Piece::Literal(text)) => text.to_lowercase(),
        _ => String::new(),
    };
    match value.kind() {
        Kind::Str(_) => None,
        Kind::Text(pieces) => Some((literal(pieces.first()), literal(pieces.last()))),
        _ => Some(Default::default()),
    }
}

/// The names by which people and Azure know a canonical principal, folded.
pub(crate) fn principal_names(principal: &Value) -> Vec<String> {
    let mut names = vec![describe(principal).replace('`', ""), principal.plain()];
    if let Some((resource, path)) = identity_of(principal) {
        if path.eq_ignore_ascii_case(PRINCIPAL_ID) || path.eq_ignore_ascii_case(SYSTEM_PRINCIPAL_ID) {
            names.push(resource.plain());
            names.extend(ResourceId::parse(resource).map(|id| id.name().plain()));
        }
    } else if let Some(Symbol::Call { function, arguments }) = principal.as_symbol()
        && &**function == SERVICE_PRINCIPAL
    {
        names.extend(arguments.first().map(Value::plain));
    }
    names.iter_mut().for_each(|name| *name = hide_slashes(&name.to_lowercase()));
    names.sort_unstable();
    names.dedup();
    names
}

/// The identities and scopes that deployments know of, for finding grants that are for none of them.
#[derive(Clone, Default)]
pub struct Subjects {
    principals: FxHashSet<String>,
    scopes: Vec<ScopeText>,
}

impl Subjects {
    /// Those of a deployment.
    pub fn of(deployment: &Deployment) -> Self {
        let mut subjects = Subjects::default();
        let ids = deployment.resources.iter().map(|resource| resource.id.clone());
        for id in ids.chain(crate::json::named(deployment).into_values()) {
            if id.resource_type.is(USER_ASSIGNED) {
                subjects.principals.extend(principal_names(&Value::attribute(id.to_value(), PRINCIPAL_ID)));
            }
            subjects.scopes.push(ScopeText::new(&Scope::Resource(Arc::new(id))));
        }
        for resource in &deployment.resources {
            if resource.body.get("identity").is_some_and(|identity| !identity.is_null()) {
                let own = Value::attribute(resource.id.to_value(), SYSTEM_PRINCIPAL_ID);
                subjects.principals.extend(principal_names(&own));
            }
        }
        subjects
    }

    /// Adds what was asked about: a principal and a scope as questions name them.
    pub fn add(&mut self, principal: &str, scope: &str) {
        self.principals.insert(hide_slashes(&principal.to_lowercase()));
        let folded = hide_slashes(&scope.to_lowercase());
        self.scopes.push(ScopeText::of(folded.split('/').map(str::to_owned).collect()));
    }

    /// Adds those of another deployment.
    pub fn extend(&mut self, other: Subjects) {
        self.principals.extend(other.principals);
        self.scopes.extend(other.scopes);
    }

    /// Whether a grant may be for one of these identities.
    pub fn know_principal(&self, grant: &OutsideGrant) -> bool {
        grant.principal.0.iter().any(|name| match name.glob {
            None => self.principals.contains(&name.text),
            Some(_) => self.principals.iter().any(|known| name.fits(known)),
        })
    }

    /// Whether a grant may count at one of these scopes.
    pub fn know_scope(&self, grant: &OutsideGrant) -> bool {
        self.scopes.iter().any(|scope| grant.covers(scope) != Verdict::NotGranted)
    }
}
