//! What can be saved of text that is no JSON, not even with every leniency that the parser has.
//!
//! Brackets, commas and colons say where each property and element begins and ends. One that cannot be read is a hole: it is
//! blanked out, and what stands around it stays. A bracket that is never closed is closed, and one that closes nothing is
//! blanked out: where, indentation is asked as well, and whichever loses less is believed.
//!
//! What a value means is not known here.

mod lex;
mod repaired;
mod walk;

pub(crate) use repaired::{Hole, Repair, Repaired};
use walk::{Indentation, Walk};

/// How many hints of indentation are doubted in turn.
const MAX_DOUBTED: usize = 4;

/// How many lines are much to lose.
const MUCH: usize = 40;

/// Repairs a text.
pub(crate) fn repair(text: &str) -> Repaired {
    let mut best = Walk::new(text, None).run();
    if !best.is_balanced {
        let count = best.count;
        let mut least = best.cost();
        // Others mislead where indentation does: a bracket that is one column off.
        for doubted in 0..=MAX_DOUBTED {
            let walked = Walk::new(text, Some(Indentation { count, doubted })).run();
            let cost = walked.cost();
            if (cost < least || (cost == least && doubted == 0)) && !walked.gave_up() {
                (best, least) = (walked, cost);
            }
            if least < MUCH {
                break;
            }
        }
    }
    best.write()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::json::{Leniency, parse};

    /// The text repaired, and what was said.
    fn repaired(text: &str) -> (String, Vec<&'static str>) {
        let Repaired { text, faults, .. } = repair(text);
        (text.split_whitespace().collect::<Vec<_>>().join(" "), faults.into_iter().map(|fault| fault.says).collect())
    }

    #[test]
    fn what_cannot_be_read_is_blanked_out_and_the_rest_stays() {
        for (text, left, says) in [
            (r#"{"a": 1, "b", "c": 2}"#, r#"{"a": 1, "c": 2}"#, "behind this name, a colon and a value are missing"),
            (
                "{\"a\": 1,\n \"b\"\n \"c\": 2}",
                r#"{"a": 1, "c": 2}"#,
                "behind this name, a colon and a value are missing",
            ),
            (r#"{"a": 1, "b": , "c": 2}"#, r#"{"a": 1, "c": 2}"#, "this property has no value"),
            ("{\"a\": 1, \"b\":\n \"c\": 2}", r#"{"a": 1, "c": 2}"#, "this property has no value"),
            (r#"{"a": 1, "b": }"#, r#"{"a": 1, }"#, "this property has no value"),
            (r#"{"a": 1, b, "c": 2}"#, r#"{"a": 1, "c": 2}"#, "the name of a property stands in quotes"),
            ("{\"a\": \"x,\n \"c\": 2}", r#"{ "c": 2}"#, "this string is never closed"),
            ("{\"a: \"x\",\n \"c\": 2}", r#"{ "c": 2}"#, "a colon is missing before this"),
            ("{\"a\": \"x\" y\",\n \"c\": 2}", r#"{ "c": 2}"#, "a comma or a bracket is missing before this"),
            ("{\"a\": x\",\n \"c\": 2}", r#"{ "c": 2}"#, "this is no value: text stands in quotes"),
            (r#"{"a": "\u12", "c": 2}"#, r#"{ "c": 2}"#, "no such escape may stand in a string"),
            (r#"{"a": 1,, "c": 2}"#, r#"{"a": 1, "c": 2}"#, "nothing stands before this comma"),
            (r#"{"a" {"x": [1, 2]}, "c": 2}"#, r#"{ "c": 2}"#, "an object or array cannot stand here"),
            (r#"{: 1, "c": 2}"#, r#"{ "c": 2}"#, "no name stands before this colon"),
            (r#"["a": 1, 2]"#, "[ 2]", "a property cannot stand in an array"),
            ("[\n word\n {}\n]", "[ {} ]", "this is no value: text stands in quotes"),
            ("{\"a\": 1 /* { \n, \"c\": 2}", r#"{ "c": 2}"#, "this comment is never closed"),
            (r#"{"c": 2} x"#, r#"{"c": 2}"#, "nothing can stand behind the bracket that closes the outermost one"),
            (r#"x {"c": 2}"#, r#"{"c": 2}"#, "it must begin with a bracket"),
        ] {
            assert_eq!(repaired(text), (left.to_owned(), vec![says]), "{text}");
        }
    }

    #[test]
    fn brackets_are_closed_where_they_were_left_open() {
        for (text, left) in [
            (r#"{"a": 1, "b": [1, 2, {"c": tr"#, r#"{"a": 1, "b": [1, 2, { }]}"#),
            (r#"{"a": 1, "b": "x"#, r#"{"a": 1, }"#),
            (r#"{"a": 1, "b""#, r#"{"a": 1, }"#),
            (r#"{"a": ["x", "y"#, r#"{"a": ["x", ]}"#),
            (r#"{"a": 1 // last"#, r#"{"a": 1} // last"#),
            (r#"{"a": [1, {"b": 2], "c": 3}"#, r#"{"a": [1, {"b": 2}], "c": 3}"#),
            ("{\n  \"a\": {\n    \"b\": 1,\n  \"c\": {}\n}", r#"{ "a": { "b": 1} "c": {} }"#),
            ("[\n  {\n    \"a\": 1\n  {\n    \"b\": 2\n  }\n]", r#"[ { "a": 1} { "b": 2 } ]"#),
            ("{\n  \"a\": [\n    1,\n  \"b\": 2\n}", r#"{ "a": [ 1] "b": 2 }"#),
            ("{\n  \"a\": {\n    \"b\": 1\n  }\n  }\n  \"c\": 2\n}", r#"{ "a": { "b": 1 } "c": 2 }"#),
            ("{\n\"a\": {\n\"b\": [\n1,\n2\n},\n\"c\": 3\n}", r#"{ "a": { "b": [ 1, 2] }, "c": 3 }"#),
        ] {
            let (text, said) = (repaired(text).0, repaired(text).1);
            assert_eq!((text.replace(",]", "]").replace(",}", "}"), said.len()), (left.to_owned(), 1), "{text}");
        }
    }

    #[test]
    fn a_bracket_behind_a_name_closes_nothing_that_an_earlier_line_opened() {
        let text = "{\n  \"a\": {\n    \"b\": },\n    \"c\": 1\n  },\n  \"d\": 2\n}";
        assert_eq!(repaired(text).0, r#"{ "a": { "c": 1 }, "d": 2 }"#);
    }

    #[test]
    fn a_string_may_go_over_lines() {
        let text = "{\"a\": \"[f(\n  'x')]\", \"b\", \"c\": \"one\ntwo\"}";
        assert_eq!(repaired(text).0, "{\"a\": \"[f( 'x')]\", \"c\": \"one two\"}");
    }

    #[test]
    fn values_too_deep_are_holes() {
        for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("{\"a\":[", "]}")] {
            let text = format!("{{\"v\": {}1{}}}", open.repeat(1000), close.repeat(1000));
            let (text, said) = repaired(&text);
            assert!(parse(&text, Leniency::All).is_ok(), "{text}");
            assert_eq!(said, ["it nests too deep to be read"]);
        }
    }

    /// What texts are made of.
    const PIECES: [&str; 24] = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "'",
        "\\",
        "\n",
        "\n  ",
        " ",
        "// x\n",
        "/* x */",
        "/*",
        "é",
        "\"a\"",
        "\"a\": ",
        "\"b\": 1,",
        "true",
        "12",
        "-",
        "\"x\\u00e9\"",
        "{\"c\": [{}]}",
    ];

    proptest! {
        #[test]
        fn what_is_repaired_can_be_read(pieces in prop::collection::vec(0..PIECES.len(), 0..40)) {
            let text: String = pieces.into_iter().map(|piece| PIECES[piece]).collect();
            let repaired = repair(&text);
            prop_assert!(parse(&repaired.text, Leniency::All).is_ok(), "{:?} to {:?}", text, repaired.text);
            let begins_otherwise = repaired.faults.iter().any(|fault| fault.says == "it must begin with a bracket");
            if parse(&text, Leniency::Comments).is_ok() && !begins_otherwise {
                prop_assert_eq!(&repaired.faults, &Vec::new());
                prop_assert_eq!(&repaired.text, &text);
            }
        }
    }
}
