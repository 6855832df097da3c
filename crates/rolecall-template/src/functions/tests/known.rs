//! Known arguments.

use super::language::World;

/// Expression, canonical text of its worth, why.
const WORTH: &[(&str, &str, &str)] = &[
    // Strings.
    ("concat('a', 1, true)", "'a1True'", "scalars are written as .NET does"),
    ("concat(['a'], ['b', 'a'])", "['a', 'b', 'a']", "arrays keep duplicates"),
    ("format('{0}-{1:D2}', 'a', 7)", "'a-07'", "D pads with zeros"),
    ("format('{0:N0}', 1234567)", "'1,234,567'", "N groups by thousands"),
    ("format('{0:N}', -1234)", "'-1,234.00'", "N has two decimals unless told"),
    ("format('{0:X4}', 255)", "'00FF'", "X is hexadecimal in upper case"),
    ("format('{0:000}', 5)", "'005'", "zeros alone are a custom format"),
    ("format('{0:D3}', -5)", "'-005'", "the sign is no digit"),
    ("format('{{{0}}}', 'a')", "'\\{a\\}'", "doubled braces are braces"),
    ("format('[{0,4}]', 'ab')", "'[  ab]'", "a positive width aligns right"),
    ("format('[{0,-4}]', 'ab')", "'[ab  ]'", "a negative width aligns left"),
    ("tolower('ÄbC')", "'äbc'", "all letters, not ASCII alone"),
    ("toupper('abc')", "'ABC'", "upper case"),
    ("trim('  a b ')", "'a b'", "white space at both ends"),
    ("replace('a-b-c', '-', '')", "'abc'", "every occurrence"),
    ("replace('aXa', 'x', 'y')", "'aXa'", "with regard to case"),
    ("split('a/b//c', '/')", "['a', 'b', '', 'c']", "empty parts stay"),
    ("split('a,b;c', [',', ';'])", "['a', 'b', 'c']", "any of several delimiters"),
    ("join(['a', 2, 'c'], ', ')", "'a, 2, c'", "ints are written out"),
    ("join(['', 'a'], '-')", "'-a'", "an empty first item is delimited too"),
    ("join([], '-')", "''", "nothing to join"),
    ("substring('abcdef', 2, 3)", "'cde'", "from 0"),
    ("substring('abc', 3)", "''", "the end is inside"),
    ("padleft(7, 3, '0')", "'007'", "an int is written out"),
    ("padleft('abcd', 3)", "'abcd'", "never cut"),
    ("startswith('Abc', 'aB')", "true", "without regard to case"),
    ("endswith('abC', 'Bc')", "true", "without regard to case"),
    ("endswith('c', 'bc')", "false", "longer than the string"),
    ("indexof('abcABC', 'C')", "2", "without regard to case"),
    ("lastindexof('abcABC', 'a')", "3", "from the end"),
    ("indexof('abc', 'x')", "-1", "not there"),
    ("contains('OneTwo', 'two')", "false", "a string's parts are compared with regard to case"),
    ("string([1, 'a', null])", "'[1,\"a\",null]'", "arrays become compact JSON"),
    ("string(createObject('a', true))", "'\\{\"a\":true\\}'", "objects become compact JSON"),
    ("string(true)", "'True'", "as .NET writes a bool"),
    ("base64('one, two')", "'b25lLCB0d28='", "the documentation's example"),
    ("base64tostring('b25lLCB0d28=')", "'one, two'", "the way back"),
    ("datauri('Hello')", "'data:text/plain;charset=utf8;base64,SGVsbG8='", "the documentation's example"),
    ("datauritostring('data:;base64,SGVsbG8=')", "'Hello'", "the way back"),
    ("uricomponent('http://c.com/a b')", "'http%3A%2F%2Fc.com%2Fa%20b'", "all but unreserved characters"),
    ("uricomponenttostring('a%20b%2')", "'a b%2'", "half an escape stays"),
    ("uri('http://c.org/f/a.json', 'n/b.json')", "'http://c.org/f/n/b.json'", "beside the last segment"),
    ("uri('http://c.org/f/', '../b')", "'http://c.org/b'", "dots are resolved"),
    ("uri('http://c.org', 'b')", "'http://c.org/b'", "an empty path is the root"),
    ("uri('http://c.org/f/x?q=1', '/b')", "'http://c.org/b'", "a rooted path"),
    ("uri('http://c.org/f', 'https://d.org/x')", "'https://d.org/x'", "an address of its own"),
    ("guid('a', 'b', 'c')", "'a98fa280-e03f-5afa-8d8e-92d0a9c201e8'", "version 5, joined by a hyphen"),
    // Conversions.
    ("int('-12')", "-12", "from a string"),
    ("bool('TRUE')", "true", "from a string, without regard to case"),
    ("bool(0)", "false", "from an int"),
    ("json('[1, true, null, 2.5]')", "[1, true, null, 2.5]", "all kinds of JSON"),
    ("json('null')", "null", "the old way to write null"),
    ("array('a')", "['a']", "one item"),
    ("array(['a'])", "['a']", "an array stays"),
    // Numbers.
    ("div(-7, 2)", "-3", "towards zero"),
    ("mod(-7, 3)", "-1", "the sign of the dividend"),
    ("add(1, mul(2, sub(5, 2)))", "7", "nested"),
    ("min(3, 1, 2)", "1", "of arguments"),
    ("max([3, 1, 2])", "3", "of an array"),
    // Arrays and objects.
    ("createarray(1, 'a')", "[1, 'a']", "mixed"),
    ("createobject('a', 1, 'A', 2)", "{a: 2}", "names are compared without regard to case"),
    ("union(['a', 'b'], ['b', 'c'])", "['a', 'b', 'c']", "no duplicates"),
    ("union(['a'], ['A'])", "['a', 'A']", "with regard to case"),
    (
        "union(createObject('a', createObject('x', 1, 'y', 1)), createObject('a', createObject('y', 2)))",
        "{a: {x: 1, y: 2}}",
        "nested objects are merged",
    ),
    ("union(createObject('a', [1]), createObject('a', [2]))", "{a: [2]}", "nested arrays are replaced"),
    (
        "shallowmerge([createObject('a', createObject('x', 1)), createObject('a', createObject('y', 2))])",
        "{a: {y: 2}}",
        "nested objects are replaced",
    ),
    ("intersection(['a', 'b', 'c'], ['c', 'b'])", "['b', 'c']", "in the order of the first"),
    ("intersection(createObject('a', 1, 'b', 2), createObject('a', 1, 'b', 3))", "{a: 1}", "name and value"),
    ("contains(['one', 'two'], 'One')", "false", "items are compared with regard to case"),
    ("contains(createObject('One', 1), 'one')", "true", "keys without"),
    ("contains([1, 2], 2)", "true", "ints"),
    ("empty('')", "true", "a string"),
    ("empty([])", "true", "an array"),
    ("empty(createObject())", "true", "an object"),
    ("empty(null)", "true", "null"),
    ("empty([null])", "false", "an item that is null is one"),
    ("length('häß')", "3", "characters, not bytes"),
    ("length(createObject('a', 1))", "1", "properties"),
    ("first(['a', 'b'])", "'a'", "an item"),
    ("last('abc')", "'c'", "a character"),
    ("first('')", "''", "nothing of an empty string"),
    ("first([])", "null", "nothing of an empty array"),
    ("take(['a', 'b', 'c'], 2)", "['a', 'b']", "items"),
    ("take('abc', 9)", "'abc'", "more than there are"),
    ("skip('abc', 1)", "'bc'", "characters"),
    ("skip(['a'], -1)", "['a']", "a negative count is none"),
    ("range(3, 2)", "[3, 4]", "start and count"),
    ("range(3, 0)", "[]", "none"),
    ("flatten([['a'], [], ['b', ['c']]])", "['a', 'b', ['c']]", "one level"),
    ("items(createObject('b', 1, 'a', 2))", "[{key: 'a', value: 2}, {key: 'b', value: 1}]", "sorted by key"),
    ("objectkeys(createObject('b', 1, 'a', 2))", "['a', 'b']", "sorted"),
    ("indexof(['a', 'b', 'a'], 'a')", "0", "the first place"),
    ("lastindexof(['a', 'b', 'a'], 'a')", "2", "the last place"),
    ("tryget(createObject('a', createObject('b', 1)), 'a', 'b')", "1", "step by step"),
    ("tryget(createObject('a', 1), 'x', 'y')", "null", "not there"),
    ("tryget([1, 2], 5)", "null", "beyond the end"),
    ("tryindexfromend([1, 2, 3], 1)", "3", "from the end, from 1"),
    ("tryindexfromend([1], 2)", "null", "beyond the start"),
    ("indexfromend([1, 2, 3], 3)", "1", "from the end, from 1"),
    ("coalesce(null, null, 'a', 'b')", "'a'", "the first that is not null"),
    ("coalesce(null)", "null", "all are null"),
    // Lambdas.
    ("map([1, 2], x => add(x, 1))", "[2, 3]", "each item"),
    ("map(['a', 'b'], |x i| => concat(x, i))", "['a0', 'b1']", "with its index"),
    ("filter([1, 2, 3], x => greater(x, 1))", "[2, 3]", "those that pass"),
    ("reduce([1, 2, 3], 10, |all x| => add(all, x))", "16", "from the start value on"),
    ("sort([3, 1, 2], |a b| => less(a, b))", "[1, 2, 3]", "by the lambda"),
    ("toobject(['a', 'b'], x => x)", "{a: 'a', b: 'b'}", "items by their names"),
    ("mapvalues(createObject('a', 1), x => add(x, 1))", "{a: 2}", "each value"),
    ("groupby(['ab', 'c', 'ad'], x => first(x))", "{a: ['ab', 'ad'], c: ['c']}", "by the lambda's string"),
    // Logic.
    ("equals('a', 'A')", "false", "with regard to case"),
    ("equals(1, '1')", "false", "different types"),
    ("equals([1, createObject('a', null)], [1, createObject('a', null)])", "true", "deeply"),
    ("not(false)", "true", "the opposite"),
    ("and(true, true, false)", "false", "all"),
    ("or(false, false, true)", "true", "any"),
    ("if(false, 'a', 'b')", "'b'", "one of two"),
    ("less('a', 'b')", "true", "strings by their order"),
    ("greaterorequals(2, 2)", "true", "ints"),
    ("true()", "true", "a function without arguments"),
    // Dates.
    ("datetimetoepoch('2023-05-02T15:16:13Z')", "1683040573", "the documentation's example"),
    ("datetimefromepoch(1683040573)", "'2023-05-02T15:16:13Z'", "the way back"),
    ("datetimefromepoch(-1)", "'1969-12-31T23:59:59Z'", "before the epoch"),
    ("datetimeadd('2020-04-07T14:53:14Z', 'P3Y')", "'2023-04-07T14:53:14Z'", "years"),
    ("datetimeadd('2020-04-07T14:53:14Z', '-P9D')", "'2020-03-29T14:53:14Z'", "backwards"),
    ("datetimeadd('20200407T145314Z', 'PT1H30M')", "'20200407T162314Z'", "written as the base is"),
    ("datetimetoepoch('1970-01-02T00:00:00+02:00')", "79200", "an offset is taken off"),
    // Networks.
    ("cidrsubnet('10.144.0.0/20', 24, 1)", "'10.144.1.0/24'", "the documentation's example"),
    ("cidrsubnet('fd00::/48', 64, 2)", "'fd00:0:0:2::/64'", "IPv6"),
    ("cidrhost('10.144.3.0/24', 0)", "'10.144.3.1'", "the first usable address"),
    (
        "parsecidr('10.144.0.0/20')",
        "{network: '10.144.0.0', netmask: '255.255.240.0', broadcast: '10.144.15.255', firstUsable: '10.144.0.1', \
         lastUsable: '10.144.15.254', cidr: 20}",
        "the documentation's example",
    ),
];

#[test]
fn known_arguments_give_known_results() {
    let world = World::new();
    let mut wrong = Vec::new();
    for (expression, expected, why) in WORTH {
        let value = world.eval(expression);
        if value.text() != *expected {
            let reason = value.as_unknown().map(|unknown| unknown.reason.to_string()).unwrap_or_default();
            wrong.push(format!("{expression} ({why}): {expected} is expected, not {} {reason}", value.text()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Expression, a part of the reason.
const WRONG: &[(&str, &str)] = &[
    ("length('a', 'b')", "length takes 1 arguments, not 2"),
    ("union()", "at least 1"),
    ("substring('abc', 2, 2)", "leaves the string"),
    ("substring('abc', -1)", "leaves the string"),
    ("add(9223372036854775807, 1)", "the sum"),
    ("div(1, 0)", "the quotient"),
    ("add('1', 1)", "a string stands where an int is wanted"),
    ("int('x')", "'x' is no int"),
    ("format('{1}', 'a')", "not given"),
    ("format('{0', 'a')", "without }"),
    ("format('a}', 'a')", "without {"),
    ("base64tostring('a')", "no base64"),
    ("max([])", "empty"),
    ("createobject('a')", "no value"),
    ("union(['a'], 'b')", "a string stands where an array is wanted"),
    ("contains(1, 1)", "an int stands where"),
    ("range(0, -1)", "negative"),
    ("cidrsubnet('10.0.0.0/24', 25, 2)", "no part 2"),
    ("cidrsubnet('10.0.0.0/24', 23, 0)", "does not lie within"),
    ("cidrhost('10.0.0.0/30', 2)", "no host 2"),
    ("parsecidr('10.0.0.0/33')", "no address range"),
    ("less('a', 1)", "cannot be compared"),
    ("and(true, 'a')", "a string stands where a bool is wanted"),
    ("uri('c.org', 'x')", "no absolute address"),
    ("fail('no zone')", "no zone"),
    ("indexfromend([1], 2)", "no item 2"),
    ("first(5)", "an int stands where"),
];

#[test]
fn wrong_calls_are_unknown_and_say_what_is_wrong() {
    let world = World::new();
    for (expression, expected) in WRONG {
        let value = world.eval(expression);
        let unknown = value.as_unknown().unwrap_or_else(|| panic!("{expression} is {}", value.text()));
        assert_eq!(unknown.reason.kind, rolecall_value::ReasonKind::Refused, "{expression}");
        assert!(unknown.reason.detail.contains(expected), "{expression}: {}", unknown.reason.detail);
    }
}

/// What is not read here, but perhaps by Azure.
const UNREAD: &[(&str, &str)] = &[
    ("json('{')", "no JSON"),
    ("datetimetoepoch('2023-02-29T00:00:00Z')", "no date"),
    ("datetimeadd('2020-01-01', 'P')", "no duration"),
    ("base64tostring('/w==')", "no UTF-8"),
];

#[test]
fn texts_that_are_not_read_are_no_mistake_of_the_template() {
    let world = World::new();
    for (expression, expected) in UNREAD {
        let value = world.eval(expression);
        let unknown = value.as_unknown().unwrap_or_else(|| panic!("{expression} is {}", value.text()));
        assert_eq!(unknown.reason.kind, rolecall_value::ReasonKind::Unsupported, "{expression}");
        assert!(unknown.reason.detail.contains(expected), "{expression}: {}", unknown.reason.detail);
    }
}

/// What would be too large is refused before it is built.
const HUGE: &[&str] = &[
    "range(0, 1000000000)",
    "range(0, 9223372036854775807)",
    "padleft('x', 1000000000)",
    "padleft('x', 9223372036854775807)",
    "format('{0:D1000000000}', 1)",
    "replace(padleft('', 100000, 'a'), 'a', padleft('', 100000, 'b'))",
    "join(range(0, 60000), padleft('', 100000, 'b'))",
];

#[test]
fn results_that_are_too_large_are_unknown() {
    let world = World::new();
    for expression in HUGE {
        let value = world.eval(expression);
        let unknown = value.as_unknown().unwrap_or_else(|| panic!("{expression} is known"));
        assert_eq!(unknown.reason.kind, rolecall_value::ReasonKind::Limit, "{expression}");
    }
}
