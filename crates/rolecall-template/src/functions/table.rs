//! The one table that declares every template function.

use std::sync::LazyLock;

use rolecall_value::Value;
use rustc_hash::FxHashMap;

use super::{Answer, Call};
use super::{arrays, conversions, dates, format, hash, logic, merge, network, numbers, strings, uri};

/// A function of the template language.
#[derive(Clone, Copy, Debug)]
pub struct Signature {
    /// Its name in lower case.
    pub name: &'static str,
    /// The fewest arguments it takes.
    pub min: usize,
    /// The most arguments it takes; `usize::MAX` where there is no limit.
    pub max: usize,
    /// Who computes it.
    pub role: Role,
    pub(super) compute: Option<Compute>,
}

/// Who computes a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// This library, from its arguments alone.
    Pure,
    /// This library, which calls back for the lambda among the arguments.
    Lambda,
    /// The evaluator: it needs parameters, resources, scopes, loops, the clock or files.
    Context,
}

/// How conditional arguments and open inputs reach a function.
#[derive(Clone, Copy)]
pub(super) enum Compute {
    /// As they are.
    Joined(fn(&Call<'_>, &[Value]) -> Answer),
    /// One alternative each, closed inputs taken apart.
    Strict(fn(&Call<'_>, &[Value]) -> Answer),
    /// One alternative each; inputs stay, to become holes.
    Text(fn(&Call<'_>, &[Value]) -> Answer),
}

impl std::fmt::Debug for Compute {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Compute::Joined(_) => "Joined",
            Compute::Strict(_) => "Strict",
            Compute::Text(_) => "Text",
        })
    }
}

/// The function of this lower-case name. The `list…` functions of resource types are not declared: any name that begins
/// with `list` may be one.
pub fn signature(name: &str) -> Option<&'static Signature> {
    static BY_NAME: LazyLock<FxHashMap<&str, &Signature>> =
        LazyLock::new(|| TABLE.iter().map(|signature| (signature.name, signature)).collect());
    BY_NAME.get(name).copied()
}

const ANY: usize = usize::MAX;

const fn joined(name: &'static str, min: usize, max: usize, compute: fn(&Call<'_>, &[Value]) -> Answer) -> Signature {
    Signature { name, min, max, role: Role::Pure, compute: Some(Compute::Joined(compute)) }
}

const fn strict(name: &'static str, min: usize, max: usize, compute: fn(&Call<'_>, &[Value]) -> Answer) -> Signature {
    Signature { name, min, max, role: Role::Pure, compute: Some(Compute::Strict(compute)) }
}

const fn text(name: &'static str, min: usize, max: usize, compute: fn(&Call<'_>, &[Value]) -> Answer) -> Signature {
    Signature { name, min, max, role: Role::Pure, compute: Some(Compute::Text(compute)) }
}

/// The arity counts the lambdas.
const fn with_lambda(name: &'static str, min: usize, max: usize) -> Signature {
    Signature { name, min, max, role: Role::Lambda, compute: None }
}

const fn context(name: &'static str, min: usize, max: usize) -> Signature {
    Signature { name, min, max, role: Role::Context, compute: None }
}

/// Sorted by name.
pub(super) static TABLE: &[Signature] = &[
    strict("add", 2, 2, numbers::add),
    joined("and", 2, ANY, logic::and),
    joined("array", 1, 1, arrays::array),
    strict("base64", 1, 1, conversions::base64),
    strict("base64tojson", 1, 1, conversions::base64_to_json),
    strict("base64tostring", 1, 1, conversions::base64_to_string),
    strict("bool", 1, 1, conversions::bool),
    strict("cidrhost", 2, 2, network::cidr_host),
    strict("cidrsubnet", 3, 3, network::cidr_subnet),
    joined("coalesce", 1, ANY, logic::coalesce),
    joined("concat", 1, ANY, merge::concat),
    strict("contains", 2, 2, arrays::contains),
    context("copyindex", 0, 2),
    joined("createarray", 0, ANY, merge::create_array),
    joined("createobject", 0, ANY, merge::create_object),
    strict("datauri", 1, 1, uri::data_uri),
    strict("datauritostring", 1, 1, uri::data_uri_to_string),
    strict("datetimeadd", 2, 3, dates::date_time_add),
    strict("datetimefromepoch", 1, 1, dates::date_time_from_epoch),
    strict("datetimetoepoch", 1, 1, dates::date_time_to_epoch),
    context("deployer", 0, 0),
    context("deployment", 0, 0),
    strict("div", 2, 2, numbers::div),
    strict("empty", 1, 1, arrays::empty),
    strict("endswith", 2, 2, strings::ends_with),
    context("environment", 0, 0),
    joined("equals", 2, 2, logic::equals),
    context("extensionresourceid", 3, ANY),
    context("extensions", 1, 1),
    joined("fail", 1, 1, logic::fail),
    joined("false", 0, 0, logic::literal_false),
    with_lambda("filter", 2, 2),
    strict("first", 1, 1, arrays::first),
    joined("flatten", 1, 1, merge::flatten),
    strict("float", 1, 1, conversions::float),
    text("format", 1, ANY, format::format),
    strict("greater", 2, 2, logic::greater),
    strict("greaterorequals", 2, 2, logic::greater_or_equals),
    with_lambda("groupby", 2, 2),
    text("guid", 1, ANY, hash::guid),
    joined("if", 3, 3, logic::if_then_else),
    joined("indexfromend", 2, 2, super::access::index_from_end),
    strict("indexof", 2, 2, arrays::index_of),
    strict("int", 1, 1, conversions::int),
    strict("intersection", 2, ANY, merge::intersection),
    strict("items", 1, 1, arrays::items),
    strict("join", 2, 2, strings::join),
    strict("json", 1, 1, conversions::json),
    strict("last", 1, 1, arrays::last),
    strict("lastindexof", 2, 2, arrays::last_index_of),
    strict("length", 1, 1, arrays::length),
    strict("less", 2, 2, logic::less),
    strict("lessorequals", 2, 2, logic::less_or_equals),
    context("loadfileasbase64", 1, 1),
    context("loadjsoncontent", 1, 3),
    context("loadtextcontent", 1, 2),
    context("loadyamlcontent", 1, 3),
    context("managementgroup", 0, 1),
    context("managementgroupresourceid", 2, ANY),
    with_lambda("map", 2, 2),
    with_lambda("mapvalues", 2, 2),
    strict("max", 1, ANY, numbers::max),
    strict("min", 1, ANY, numbers::min),
    strict("mod", 2, 2, numbers::modulo),
    strict("mul", 2, 2, numbers::mul),
    context("newguid", 0, 0),
    joined("not", 1, 1, logic::not),
    joined("null", 0, 0, logic::null),
    strict("objectkeys", 1, 1, arrays::object_keys),
    joined("or", 2, ANY, logic::or),
    strict("padleft", 2, 3, strings::pad_left),
    context("parameters", 1, 1),
    strict("parsecidr", 1, 1, network::parse_cidr),
    context("pickzones", 3, 5),
    context("providers", 1, 2),
    strict("range", 2, 2, arrays::range),
    with_lambda("reduce", 3, 3),
    context("reference", 1, 3),
    context("references", 1, 2),
    strict("replace", 3, 3, strings::replace),
    context("resourcegroup", 0, 2),
    context("resourceid", 2, ANY),
    context("resourceinfo", 1, 1),
    joined("shallowmerge", 1, 1, merge::shallow_merge),
    strict("skip", 2, 2, arrays::skip),
    with_lambda("sort", 2, 2),
    strict("split", 2, 2, strings::split),
    strict("startswith", 2, 2, strings::starts_with),
    strict("string", 1, 1, conversions::string),
    strict("sub", 2, 2, numbers::sub),
    context("subscription", 0, 1),
    context("subscriptionresourceid", 2, ANY),
    strict("substring", 2, 3, strings::substring),
    strict("take", 2, 2, arrays::take),
    context("tenant", 0, 0),
    context("tenantresourceid", 2, ANY),
    strict("tolower", 1, 1, strings::to_lower),
    with_lambda("toobject", 2, 3),
    strict("toupper", 1, 1, strings::to_upper),
    strict("trim", 1, 1, strings::trim),
    joined("true", 0, 0, logic::literal_true),
    joined("tryget", 2, ANY, super::access::try_get),
    joined("tryindexfromend", 2, 2, super::access::try_index_from_end),
    joined("union", 1, ANY, merge::union),
    text("uniquestring", 1, ANY, hash::unique_string),
    strict("uri", 2, 2, uri::uri),
    strict("uricomponent", 1, 1, uri::component),
    strict("uricomponenttostring", 1, 1, uri::component_to_string),
    context("utcnow", 0, 1),
    context("variables", 1, 1),
];
