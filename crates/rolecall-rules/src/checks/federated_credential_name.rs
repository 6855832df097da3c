//! Names of federated credentials that Azure does not take.

use rolecall_value::{Kind, Piece, Value};

use super::Context;
use super::credentials::{self, is_placeholder};
use crate::engine::Work;
use crate::findings::{self, Case};
use crate::model::Rule;

/// How long a name may be.
const LENGTH: std::ops::RangeInclusive<usize> = 3..=120;

pub(super) fn check<'r>(context: &Context<'_>, rule: &'r Rule, work: &mut Work<'r>) {
    let Some(requirement) = rule.requirements.first() else { return };
    for credential in credentials::credentials(context) {
        let name = credential.resource.id.name();
        let Some(what) = fault(&name) else { continue };
        let name = name.or_origin(credential.resource.origin);
        let demand = credential.demand(context, requirement, name, &credential.concerned);
        let case = Case { value: &what, ..Case::new(&demand) };
        work.report.findings.extend(findings::certain(context, rule, &case, &credential.concerned));
    }
}

/// What is wrong with a name, whatever is still open in it.
fn fault(name: &Value) -> Option<String> {
    match name.kind() {
        Kind::Str(text) => of_pieces(&[text], false),
        Kind::Text(pieces) => {
            fn literal(piece: &Piece) -> Option<&str> {
                match piece {
                    Piece::Literal(text) => Some(text),
                    Piece::Hole(_) => None,
                }
            }
            let texts: Vec<&str> = pieces.iter().filter_map(literal).collect();
            of_pieces(&texts, true)
        }
        _ => None,
    }
}

fn of_pieces(pieces: &[&str], open: bool) -> Option<String> {
    // What begins with a hyphen lacks its prefix, which comes later: `${var.prefix}-api`, and the prefix is empty so far.
    let without_prefix = pieces.first().is_some_and(|piece| !open && piece.starts_with(['-', '_']));
    if without_prefix || pieces.iter().any(|piece| is_placeholder(piece)) {
        return None;
    }
    let stray = |letter: &char| !letter.is_ascii_alphanumeric() && !['-', '_'].contains(letter);
    if let Some(letter) = pieces.iter().flat_map(|piece| piece.chars()).find(stray) {
        return Some(format!("has `{letter}` in it"));
    }
    let length: usize = pieces.iter().map(|piece| piece.len()).sum();
    if length > *LENGTH.end() {
        return Some(format!("has more than {} characters", LENGTH.end()));
    }
    (!open && (1..*LENGTH.start()).contains(&length)).then(|| format!("has fewer than {} characters", LENGTH.start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_azure_does_not_take_are_faults() {
        for (name, says) in
            [("fic.api", "has `.`"), ("ab", "fewer"), (&*"a".repeat(121), "more than 120"), ("apps/api", "has `/`")]
        {
            let what = fault(&Value::string(name)).unwrap_or_default();
            assert!(what.contains(says), "{name}: {what}");
        }
    }

    #[test]
    fn names_that_azure_takes_and_open_ones_are_not() {
        let hole = Piece::Hole(Value::environment("x"));
        for name in [
            Value::string("fic-api_1"),
            Value::string("abc"),
            Value::string("<name>"),
            Value::string("***-api"),
            Value::string("-api"),
            Value::pieces([hole.clone(), Piece::Literal("-a".into())]),
            Value::pieces([Piece::Literal("a".into()), hole]),
            Value::environment("y"),
        ] {
            assert_eq!(fault(&name), None, "{name:?}");
        }
    }
}
