//! Expectations are worked out by hand from Azure's documentation of the functions, and written as canonical texts.

mod language;

mod conditional;
mod known;
mod open;
mod points;

use super::*;

#[test]
fn the_table_is_sorted_so_that_every_function_is_found() {
    for pair in table::TABLE.windows(2) {
        assert!(pair[0].name < pair[1].name, "{} stands before {}", pair[0].name, pair[1].name);
    }
}

#[test]
fn names_in_the_table_are_lower_case_and_arities_are_ranges() {
    for signature in table::TABLE {
        assert_eq!(signature.name, signature.name.to_lowercase());
        assert!(signature.min <= signature.max, "{}", signature.name);
        assert_eq!(signature.compute.is_some(), signature.role == Role::Pure, "{}", signature.name);
    }
}
