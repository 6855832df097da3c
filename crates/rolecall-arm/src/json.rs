//! The JSON parser and how much it lets pass. What is in the text is not known here.

use jsonc_parser::ast::Value;
use jsonc_parser::errors::ParseError;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

/// What of a text that is no JSON is accepted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Leniency {
    Comments,
    TrailingCommas,
    All,
}

/// The tree of a text; none where it holds nothing.
pub(crate) fn parse(text: &str, leniency: Leniency) -> Result<Option<Value<'_>>, ParseError> {
    let all = leniency == Leniency::All;
    let options = ParseOptions {
        allow_comments: true,
        allow_trailing_commas: leniency >= Leniency::TrailingCommas,
        allow_loose_object_property_names: all,
        allow_missing_commas: all,
        allow_single_quoted_strings: all,
        allow_hexadecimal_numbers: all,
        allow_unary_plus_numbers: all,
        allow_bare_decimal_point_numbers: all,
        allow_non_finite_numbers: all,
        allow_extended_string_escapes: all,
    };
    Ok(parse_to_ast(text, &CollectOptions::default(), &options)?.value)
}

/// Whether it is JSON for the parser, with every leniency that it has.
pub(crate) fn is_lenient_json(text: &str) -> bool {
    matches!(parse(text, Leniency::All), Ok(Some(_)))
}
