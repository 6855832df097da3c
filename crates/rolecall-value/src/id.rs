//! Resource ids and scopes, read out of strings that may have holes.
//!
//! A hole between two slashes is one segment; a hole at the front is an id from elsewhere, of which nothing is known
//! ([`Scope::Opaque`]). An id that a template built by hand is the same id as one that `resourceId()` made.

use std::sync::Arc;

use crate::collections::are_apart;
use crate::construct::Joined;
use crate::{Case, Condition, Equality, Inputs, Kind, Piece, Symbol, Value, equality};

/// The type of resource groups, whose ids name no provider.
const RESOURCE_GROUPS: &str = "Microsoft.Resources/resourceGroups";

/// A resource type: `Microsoft.Network/virtualNetworks/subnets`. Compared without regard to case, and held in one
/// spelling, however it was written.
#[derive(Clone, Debug)]
pub struct ResourceType(Arc<str>);

impl ResourceType {
    /// The type in its one spelling.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is this type.
    pub fn is(&self, name: &str) -> bool {
        self.0.eq_ignore_ascii_case(name)
    }

    /// The lower-case text, to index by.
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl<T: Into<Arc<str>>> From<T> for ResourceType {
    fn from(name: T) -> Self {
        ResourceType(crate::spelling::of_type(name.into()))
    }
}

impl PartialEq for ResourceType {
    fn eq(&self, other: &Self) -> bool {
        self.is(&other.0)
    }
}

impl Eq for ResourceType {}

impl std::fmt::Display for ResourceType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where resources and assignments can stand.
#[derive(Clone, Debug, PartialEq)]
pub enum Scope {
    /// The tenant, `/`.
    Tenant,
    /// A management group, by name.
    ManagementGroup(Value),
    /// A subscription, by id.
    Subscription(Value),
    /// A resource group, by subscription and name.
    ResourceGroup(Value, Value),
    /// A resource, as the scope of extension resources and assignments.
    Resource(Arc<ResourceId>),
    /// Something whose id is not readable, or does not say what it is.
    Opaque(Value),
}

/// The id of a resource.
#[derive(Clone, Debug, PartialEq)]
pub struct ResourceId {
    /// What it stands in.
    pub scope: Scope,
    /// Its full type.
    pub resource_type: ResourceType,
    /// One name for each type segment.
    pub names: Vec<Value>,
}

impl ResourceId {
    /// Reads an id out of a string; conditional values have to be taken apart before.
    pub fn parse(value: &Value) -> Option<ResourceId> {
        match Scope::parse(value) {
            Scope::Resource(id) => Some(Arc::unwrap_or_clone(id)),
            _ => None,
        }
    }

    /// The id as a string value. Names must not be conditional.
    pub fn to_value(&self) -> Value {
        let mut joined = Joined::default();
        self.join(&mut joined);
        joined.finish()
    }

    fn join(&self, into: &mut Joined) {
        self.scope.join(into);
        if let (Scope::Subscription(_), [name]) = (&self.scope, &self.names[..])
            && self.resource_type.is(RESOURCE_GROUPS)
        {
            into.text("/resourceGroups/");
            return into.value(name);
        }
        let mut segments = self.resource_type.as_str().split('/');
        into.text("/providers/");
        into.text(segments.next().unwrap_or_default());
        for (segment, name) in segments.zip(&self.names) {
            into.text("/");
            into.text(segment);
            into.text("/");
            into.value(name);
        }
    }

    /// The last name.
    pub fn name(&self) -> Value {
        self.names.last().cloned().unwrap_or_else(Value::null)
    }

    /// The parent resource of a child resource.
    pub fn parent(&self) -> Option<ResourceId> {
        let (parent, _) = self.resource_type.as_str().rsplit_once('/')?;
        if self.names.len() < 2 {
            return None;
        }
        Some(ResourceId {
            scope: self.scope.clone(),
            resource_type: parent.into(),
            names: self.names[..self.names.len() - 1].to_vec(),
        })
    }

    /// The id of a child resource.
    pub fn child(&self, segment: &str, name: Value) -> ResourceId {
        let mut names = self.names.clone();
        names.push(name);
        ResourceId {
            scope: self.scope.clone(),
            resource_type: format!("{}/{segment}", self.resource_type).into(),
            names,
        }
    }
}

impl Scope {
    /// Reads a scope out of a string; conditional values have to be taken apart before. What cannot be read is opaque.
    pub fn parse(value: &Value) -> Scope {
        parse_segments(&split(value)).unwrap_or_else(|| Scope::Opaque(value.clone()))
    }

    /// The scope as a string value.
    pub fn to_value(&self) -> Value {
        let mut joined = Joined::default();
        match self {
            Scope::Tenant => joined.text("/"),
            _ => self.join(&mut joined),
        }
        joined.finish()
    }

    fn join(&self, into: &mut Joined) {
        match self {
            Scope::Tenant => {}
            Scope::ManagementGroup(name) => {
                into.text("/providers/Microsoft.Management/managementGroups/");
                into.value(name);
            }
            Scope::Subscription(subscription) => {
                into.text("/subscriptions/");
                into.value(subscription);
            }
            Scope::ResourceGroup(subscription, name) => {
                into.text("/subscriptions/");
                into.value(subscription);
                into.text("/resourceGroups/");
                into.value(name);
            }
            Scope::Resource(id) => id.join(into),
            Scope::Opaque(value) => into.value(value),
        }
    }

    /// The resource, where the scope is one.
    pub fn as_resource(&self) -> Option<&ResourceId> {
        match self {
            Scope::Resource(id) => Some(id),
            _ => None,
        }
    }
}

/// Splits a string at its literal slashes. A segment that is one hole is the hole's value.
pub fn segments(value: &Value) -> Vec<Value> {
    split(value).iter().map(Segment::to_value).collect()
}

/// A part of a string between two literal slashes.
enum Segment<'a> {
    Text(&'a str),
    Hole(&'a Value),
    /// Both, or several.
    Mixed(Vec<Piece>),
}

impl<'a> Segment<'a> {
    fn to_value(&self) -> Value {
        match self {
            Segment::Text(text) => Value::string(*text),
            Segment::Hole(value) => Value::clone(value),
            Segment::Mixed(pieces) => Value::pieces(pieces.iter().cloned()),
        }
    }

    fn as_str(&self) -> Option<&str> {
        match self {
            Segment::Text(text) => Some(text),
            Segment::Hole(value) => value.as_str(),
            Segment::Mixed(_) => None,
        }
    }

    /// Adds what follows in the same segment.
    fn add(&mut self, next: Segment<'a>) {
        let piece = |segment: Segment<'a>| match segment {
            Segment::Text(text) => vec![Piece::Literal(text.into())],
            Segment::Hole(value) => vec![Piece::Hole(value.clone())],
            Segment::Mixed(pieces) => pieces,
        };
        *self = match std::mem::replace(self, Segment::Text("")) {
            Segment::Text("") => next,
            before => Segment::Mixed([piece(before), piece(next)].concat()),
        };
    }
}

fn split(value: &Value) -> Vec<Segment<'_>> {
    let pieces = match value.kind() {
        Kind::Str(text) => return text.split('/').map(Segment::Text).collect(),
        Kind::Text(pieces) => pieces,
        _ => return vec![Segment::Hole(value)],
    };
    let mut out = Vec::new();
    let mut current = Segment::Text("");
    for piece in pieces.iter() {
        match piece {
            Piece::Literal(text) => {
                for (index, part) in text.split('/').enumerate() {
                    if index > 0 {
                        out.push(std::mem::replace(&mut current, Segment::Text("")));
                    }
                    if !part.is_empty() {
                        current.add(Segment::Text(part));
                    }
                }
            }
            Piece::Hole(value) => current.add(Segment::Hole(value)),
        }
    }
    out.push(current);
    out
}

fn parse_segments(segments: &[Segment<'_>]) -> Option<Scope> {
    let keyword = |at: usize, word: &str| {
        segments.get(at).and_then(Segment::as_str).is_some_and(|text| text.eq_ignore_ascii_case(word))
    };
    let segment = |at: usize| segments.get(at).filter(|segment| segment.as_str() != Some(""));
    if segment(0).is_some() {
        return None;
    }
    let end = if keyword(segments.len() - 1, "") { segments.len() - 1 } else { segments.len() };
    let mut at = 1;
    let mut scope = Scope::Tenant;
    if keyword(at, "subscriptions") {
        let subscription = segment(at + 1)?.to_value();
        at += 2;
        if keyword(at, "resourceGroups") {
            scope = Scope::ResourceGroup(subscription, segment(at + 1)?.to_value());
            at += 2;
        } else {
            scope = Scope::Subscription(subscription);
        }
    }
    while at < end {
        if !keyword(at, "providers") {
            return None;
        }
        let mut resource_type = segment(at + 1)?.as_str()?.to_owned();
        let mut names = Vec::new();
        at += 2;
        while at < end && !keyword(at, "providers") {
            resource_type.push('/');
            resource_type.push_str(segment(at)?.as_str()?);
            names.push(segment(at + 1)?.to_value());
            at += 2;
        }
        if names.is_empty() {
            return None;
        }
        scope = if matches!(scope, Scope::Tenant)
            && resource_type.eq_ignore_ascii_case("Microsoft.Management/managementGroups")
        {
            Scope::ManagementGroup(names.swap_remove(0))
        } else {
            Scope::Resource(Arc::new(ResourceId { scope, resource_type: resource_type.into(), names }))
        };
    }
    Some(scope)
}

/// When two names are the same: without regard to case.
pub fn name_equality(inputs: &Inputs, a: &Value, b: &Value) -> Equality {
    equality(inputs, a, b, Case::Insensitive)
}

/// When two ids name the same resource.
pub fn id_equality(inputs: &Inputs, a: &ResourceId, b: &ResourceId) -> Equality {
    if a.resource_type != b.resource_type || a.names.len() != b.names.len() {
        return Equality::never();
    }
    let in_group = matches!(a.scope, Scope::ResourceGroup(..));
    // Where the first name stands in an id that begins with subscription and resource group.
    const FIRST: usize = 8;
    let names = a.names.iter().zip(&b.names).enumerate().rev().map(|(at, (a, b))| {
        let same = in_group && is_same_segment(a, b, FIRST + 2 * at);
        if same { Equality::always() } else { name_equality(inputs, a, b) }
    });
    Equality::all(names.chain(std::iter::once_with(|| scope_equality(inputs, &a.scope, &b.scope))))
}

pub(crate) fn scope_equality(inputs: &Inputs, a: &Scope, b: &Scope) -> Equality {
    match (a, b) {
        (Scope::Tenant, Scope::Tenant) => Equality::always(),
        (Scope::ManagementGroup(a), Scope::ManagementGroup(b)) | (Scope::Subscription(a), Scope::Subscription(b)) => {
            name_equality(inputs, a, b)
        }
        (Scope::ResourceGroup(s, a), Scope::ResourceGroup(t, b)) => {
            Equality::all([name_equality(inputs, a, b), name_equality(inputs, s, t)])
        }
        (Scope::Resource(a), Scope::Resource(b)) => id_equality(inputs, a, b),
        (Scope::Opaque(a), Scope::Opaque(b)) => name_equality(inputs, a, b),
        (Scope::Opaque(_), _) | (_, Scope::Opaque(_)) => Equality::open(),
        _ => Equality::never(),
    }
}

/// When `outer` contains `inner` (or is it), so that an assignment at `outer` counts at `inner`. Whole segments count:
/// `…/virtualNetworks/a` does not contain `…/virtualNetworks/ab`.
pub fn contains(inputs: &Inputs, outer: &Scope, inner: &Scope) -> Equality {
    match (outer, inner) {
        (Scope::Tenant, _) => Equality::always(),
        (Scope::Opaque(_), _) | (_, Scope::Opaque(_)) => opaque_contains(inputs, outer, inner),
        (Scope::ManagementGroup(a), Scope::ManagementGroup(b)) => {
            // One may lie below the other; which does is not written in templates.
            Equality { equal: name_equality(inputs, a, b).equal, ..Equality::open() }
        }
        (Scope::ManagementGroup(_), Scope::Tenant) => Equality::never(),
        (Scope::ManagementGroup(_), Scope::Resource(id)) => match &id.scope {
            Scope::Tenant => Equality::never(),
            scope => contains(inputs, outer, scope),
        },
        (Scope::ManagementGroup(_), _) => Equality::open(),
        (Scope::Subscription(a), Scope::Subscription(b) | Scope::ResourceGroup(b, _)) => name_equality(inputs, a, b),
        (Scope::ResourceGroup(..), Scope::ResourceGroup(..)) => scope_equality(inputs, outer, inner),
        (Scope::Subscription(_) | Scope::ResourceGroup(..), Scope::Resource(id)) => contains(inputs, outer, &id.scope),
        (Scope::Resource(a), Scope::Resource(b)) => {
            let itself = is_or_descends(inputs, a, b);
            Equality::any([itself, contains(inputs, outer, &b.scope)])
        }
        _ => Equality::never(),
    }
}

fn is_or_descends(inputs: &Inputs, ancestor: &ResourceId, id: &ResourceId) -> Equality {
    let mut candidate = Some(id.clone());
    while let Some(id) = candidate {
        if id.names.len() == ancestor.names.len() {
            return id_equality(inputs, ancestor, &id);
        }
        candidate = id.parent();
    }
    Equality::never()
}

/// What can be said of ids that are not readable: equal texts are equal, and an id written as another plus `/…` lies in
/// it.
fn opaque_contains(inputs: &Inputs, outer: &Scope, inner: &Scope) -> Equality {
    if matches!(outer, Scope::Opaque(value) if is_no_id(value)) || are_apart(outer, inner) {
        return Equality::never();
    }
    let (outer, inner) = (outer.to_value(), inner.to_value());
    if outer == inner || rebuilt_contains(&outer, &inner) {
        return Equality::always();
    }
    let whole = |value: &Value| match value.kind() {
        Kind::Text(pieces) => pieces.to_vec(),
        _ => vec![Piece::Hole(value.clone())],
    };
    let (prefix, text) = (whole(&outer), whole(&inner));
    let below = text.len() > prefix.len()
        && text[..prefix.len()] == prefix[..]
        && matches!(&text[prefix.len()], Piece::Literal(rest) if rest.starts_with('/'));
    if below {
        return Equality::always();
    }
    let different = apart(inputs, &outer, &inner);
    Equality { equal: name_equality(inputs, &outer, &inner).equal.and_not(&different), different }
}

/// Whether a value is certainly no id: an id begins with a slash, and a name does not.
fn is_no_id(value: &Value) -> bool {
    let begins_otherwise = |text: &str| text.chars().next().is_some_and(|first| first != '/' && !first.is_whitespace());
    match value.kind() {
        Kind::Str(text) => begins_otherwise(text),
        Kind::Text(pieces) => matches!(pieces.first(), Some(Piece::Literal(text)) if begins_otherwise(text)),
        Kind::Array(_) | Kind::Object(_) => true,
        _ => false,
    }
}

/// When ids lie apart because each ends with another name of the same collection, `…/subnets/a` and `…/subnets/b`: no
/// resource type has a collection twice, so neither can lie in the other.
fn apart(inputs: &Inputs, outer: &Value, inner: &Value) -> Condition {
    let (outer, inner) = (segments(outer), segments(inner));
    let ([.., a, first], [.., b, second]) = (&outer[..], &inner[..]) else { return Condition::FALSE };
    match (a.as_str(), b.as_str()) {
        (Some(a), Some(b)) if a.eq_ignore_ascii_case(b) => name_equality(inputs, first, second).different,
        _ => Condition::FALSE,
    }
}

/// Whether `outer` is an id put together again from the segments of an id from elsewhere, `split(P, '/')[4]` and so on,
/// and `inner` is `P` or lies in it. A subscription that is not named is taken for that of `P`: the deployment can reach
/// no other.
fn rebuilt_contains(outer: &Value, inner: &Value) -> bool {
    let outer = segments(outer);
    let (whole, tail) = match inner.kind() {
        Kind::Text(pieces) => match &pieces[..] {
            [Piece::Hole(whole), Piece::Literal(tail)] => (whole, tail.trim_start_matches('/')),
            _ => return false,
        },
        _ => (inner, ""),
    };
    let taken = |at: usize| outer[at].as_symbol().is_some_and(|symbol| is_segment_of(symbol, whole, at));
    let Some(last) = (0..outer.len()).rev().find(|at| taken(*at)) else { return false };
    // Names stand at even places, beginning with the subscription; the provider's place is even too.
    let from_whole = (2..=last).step_by(2).all(|at| {
        let fixed = at == 6 || (at == 2 && matches!(outer[2].as_symbol(), Some(Symbol::Environment(_))));
        fixed || taken(at)
    });
    let mut tail = tail.split('/');
    from_whole
        && last >= 4
        && outer[last + 1..].iter().all(|segment| {
            let next = tail.next();
            segment.as_str().is_some_and(|text| next.is_some_and(|next| next.eq_ignore_ascii_case(text)))
        })
}

/// Whether a symbol is the segment at `place` of the id `whole`.
fn is_segment_of(symbol: &Symbol, whole: &Value, place: usize) -> bool {
    segment_of(symbol).is_some_and(|(of, at)| of == whole && at.is_none_or(|at| at == place))
}

/// Whether two names are the segment at `place` of the same id from elsewhere: of an id that ends there, its last segment
/// is that.
fn is_same_segment(a: &Value, b: &Value, place: usize) -> bool {
    let (Some(a), Some(b)) = (a.as_symbol(), b.as_symbol()) else { return false };
    segment_of(a).is_some_and(|(whole, _)| is_segment_of(a, whole, place) && is_segment_of(b, whole, place))
}

/// The id that a symbol is a segment of, and the segment's place, where it is not the last one: `split(id, '/')[8]`,
/// `last(split(id, '/'))`.
fn segment_of(symbol: &Symbol) -> Option<(&Value, Option<usize>)> {
    let Symbol::Call { function, arguments } = symbol else { return None };
    match (&**function, &arguments[..]) {
        ("member", [parts, at]) => Some((split_whole(parts)?, Some(usize::try_from(at.as_int()?).ok()?))),
        ("last", [parts]) => Some((split_whole(parts)?, None)),
        _ => None,
    }
}

/// The id of which these are the segments: `split(id, '/')`.
fn split_whole(parts: &Value) -> Option<&Value> {
    let Symbol::Call { function, arguments } = parts.as_symbol()? else { return None };
    match (&**function, &arguments[..]) {
        ("split", [whole, separator]) => (separator.as_str() == Some("/")).then_some(whole),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(text: &str) -> Scope {
        Scope::parse(&Value::string(text))
    }

    fn holds(outer: &str, inner: &str) -> Option<bool> {
        contains(&Inputs::default(), &scope(outer), &scope(inner)).decided()
    }

    const SUBNET: &str = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/n";

    #[test]
    fn an_id_survives_the_way_through_its_parts() {
        let deep = format!("{SUBNET}/providers/Microsoft.Authorization/roleAssignments/r");
        let id = ResourceId::parse(&Value::string(deep.as_str())).expect("an id");
        assert_eq!(id.resource_type.as_str(), "Microsoft.Authorization/roleAssignments");
        assert_eq!(id.to_value(), Value::string(deep.as_str()));
    }

    #[test]
    fn scopes_contain_by_whole_segments() {
        assert_eq!(holds("/subscriptions/s/resourceGroups/g", SUBNET), Some(true));
        assert_eq!(holds("/subscriptions/s/resourceGroups/gg", SUBNET), Some(false));
        assert_eq!(holds(SUBNET.trim_end_matches("/subnets/n"), SUBNET), Some(true));
        let sibling = SUBNET.replace("/subnets/n", "/subnets/nn");
        assert_eq!(holds(SUBNET, &sibling), Some(false));
        assert_eq!(holds(SUBNET, SUBNET.trim_end_matches("/subnets/n")), Some(false));
    }

    #[test]
    fn scopes_compare_without_regard_to_case() {
        assert_eq!(holds(&SUBNET.to_uppercase(), SUBNET), Some(true));
    }

    #[test]
    fn the_tenant_contains_everything_and_a_management_group_perhaps() {
        assert_eq!(holds("/", SUBNET), Some(true));
        assert_eq!(holds("/providers/Microsoft.Management/managementGroups/m", SUBNET), None);
        assert_eq!(holds("/providers/Microsoft.Management/managementGroups/m", "/"), Some(false));
    }

    #[test]
    fn an_extension_resource_lies_in_what_it_extends() {
        let extension = format!("{SUBNET}/providers/Microsoft.Authorization/roleAssignments/r");
        assert_eq!(holds(SUBNET, &extension), Some(true));
        assert_eq!(holds("/subscriptions/s", &extension), Some(true));
        assert_eq!(holds("/subscriptions/t", &extension), Some(false));
    }

    #[test]
    fn an_unknown_subscription_may_be_equal_and_is_never_different() {
        let own = Scope::Subscription(Value::environment("subscription().subscriptionId"));
        let answer = contains(&Inputs::default(), &own, &scope(SUBNET));
        assert_eq!(answer.decided(), None);
    }

    #[test]
    fn a_child_of_an_id_from_outside_lies_in_it() {
        let inputs = Inputs::default();
        let network = Value::input(&inputs.declare("networkId", None));
        let subnet = Value::pieces([Piece::Hole(network.clone()), Piece::Literal("/subnets/n".into())]);
        let decided = contains(&inputs, &Scope::parse(&network), &Scope::parse(&subnet)).decided();
        assert_eq!(decided, Some(true));
        assert_eq!(contains(&inputs, &Scope::parse(&network), &scope(SUBNET)).decided(), None);
    }

    #[test]
    fn an_id_rebuilt_from_its_own_segments_is_the_id() {
        let inputs = Inputs::default();
        let network = Value::input(&inputs.declare("networkId", None));
        let segment = |of: &Value, at| {
            let parts = Value::call("split", vec![of.clone(), Value::string("/")]);
            Value::call("member", vec![parts, Value::int(at)])
        };
        let subnet = |name: &str| {
            let tail = Piece::Literal(format!("/subnets/{name}").into());
            Scope::parse(&Value::pieces([Piece::Hole(network.clone()), tail]))
        };
        let own = Value::environment("subscription().subscriptionId");
        let rebuilt = |group, name| ResourceId {
            scope: Scope::ResourceGroup(own.clone(), segment(&network, group)),
            resource_type: "Microsoft.Network/virtualNetworks".into(),
            names: vec![segment(&network, name)],
        };
        let decided =
            |outer: ResourceId, inner: &Scope| contains(&inputs, &Scope::Resource(outer.into()), inner).decided();
        assert_eq!(decided(rebuilt(4, 8), &subnet("a")), Some(true));
        assert_eq!(decided(rebuilt(4, 8).child("subnets", Value::string("a")), &subnet("a")), Some(true));
        assert_eq!(decided(rebuilt(4, 8).child("subnets", Value::string("b")), &subnet("a")), Some(false));
        assert_eq!(decided(rebuilt(4, 7), &subnet("a")), None);
        let group = Scope::ResourceGroup(own.clone(), segment(&network, 4));
        assert_eq!(contains(&inputs, &group, &subnet("a")).decided(), Some(true));
    }

    #[test]
    fn the_last_segment_of_an_id_is_the_one_that_its_type_has_there() {
        let inputs = Inputs::default();
        let [one, other] = ["a", "b"].map(|name| Value::input(&inputs.declare(name, None)));
        let parts = |of: &Value| Value::call("split", vec![of.clone(), Value::string("/")]);
        let at = |of: &Value, place| Value::call("member", vec![parts(of), Value::int(place)]);
        let network = |name: Value| ResourceId {
            scope: Scope::ResourceGroup(Value::environment("subscription().subscriptionId"), at(&one, 4)),
            resource_type: "Microsoft.Network/virtualNetworks".into(),
            names: vec![name],
        };
        let last = network(Value::call("last", vec![parts(&one)]));
        let decided = |other: &ResourceId| id_equality(&inputs, &last, other).decided();
        assert_eq!(decided(&network(at(&one, 8))), Some(true));
        assert_eq!(decided(&network(at(&one, 6))), None, "no name stands there");
        assert_eq!(decided(&network(at(&other, 8))), None, "the ids are two");
    }

    #[test]
    fn text_that_is_no_id_is_opaque() {
        for text in ["", "vnet", "/subscriptions", "/subscriptions/s/resourceGroups", "/a/b", "/providers/N/t"] {
            assert!(matches!(scope(text), Scope::Opaque(_)) || text.is_empty(), "{text}");
        }
    }
}
