//! A finding that holds for other values than those given says for which; given these, it must hold for sure.

use std::path::PathBuf;
use std::sync::Arc;

use rolecall_graph::Language;
use rolecall_rules::{Certainty, Finding};
use serde_json::{Map, Value};

use super::report::Report;
use super::run::{Seen, Subject};

/// A text that no template compares with.
const OTHER: &str = "rolecall-other";

/// Gives each reachable finding the values that it names.
pub fn replay(subject: &Subject, base: &Seen, report: &mut Report) {
    for finding in &base.report().findings {
        // That a loop runs is no value that anybody could give.
        let names_values = |when: &str| when.contains(" = ") || when.contains(" is not ");
        if finding.certainty == Certainty::Reachable && finding.when.as_deref().is_some_and(names_values) {
            report.replayed(subject, base, wrong(subject, base, finding));
        }
    }
}

/// Why a replayed finding is not definite.
fn wrong(subject: &Subject, base: &Seen, finding: &Finding) -> Option<String> {
    let when = finding.when.as_deref().unwrap_or_default();
    let named = || format!("{} at {}, when {when}", finding.rule, base.place(finding.span, &subject.root));
    let Some(values) = values(when) else { return Some(format!("{}: the values cannot be read", named())) };
    let (path, text) = parameters(subject, base.language(), &values);
    let buffers = vec![(path.clone(), Arc::from(text.as_str()))];
    let Some(seen) = subject.analyse(buffers, &[path]) else {
        return Some(format!("{}: the values are not accepted", named()));
    };
    let place = base.place(finding.span, &subject.root);
    let same = |one: &&Finding| one.rule == finding.rule && seen.place(one.span, &subject.root) == place;
    let found: Vec<_> = seen.report().findings.iter().filter(same).collect();
    if found.iter().any(|one| one.certainty == Certainty::Definite) {
        return None;
    }
    let instead = found.first().map_or("nothing", |one| one.certainty.name());
    Some(format!("{}: {instead} with these values", named()))
}

/// A file that gives the values.
fn parameters(subject: &Subject, language: Language, values: &Map<String, Value>) -> (PathBuf, String) {
    if language == Language::Terraform {
        let lines = values.iter().map(|(name, value)| format!("{name} = {value}\n"));
        return (subject.entry.with_file_name("rolecall-witness.tfvars"), lines.collect());
    }
    let given: Map<_, _> =
        values.iter().map(|(name, value)| (name.clone(), serde_json::json!({"value": value}))).collect();
    let schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#";
    let text = serde_json::json!({"$schema": schema, "contentVersion": "1.0.0.0", "parameters": given});
    (subject.entry.with_file_name("rolecall-witness.parameters.json"), text.to_string())
}

/// The values that the text of a witness names: `a = 'x' and b = true and c is not 'y' or 'z'`.
pub fn values(when: &str) -> Option<Map<String, Value>> {
    let mut out = Map::new();
    let mut rest = when;
    loop {
        let (name, after) = rest.split_once(' ')?;
        let (value, after) = if let Some(after) = after.strip_prefix("= ") {
            constant(after)?
        } else {
            let (mut excluded, mut after) = constant(after.strip_prefix("is not ")?)?;
            while let Some(more) = after.strip_prefix(" or ") {
                (excluded, after) = constant(more)?;
            }
            let other = match excluded {
                Value::Number(number) => Value::from(number.as_i64()?.checked_add(1_000_003)?),
                _ => Value::from(OTHER),
            };
            (other, after)
        };
        out.insert(name.to_owned(), value);
        match after.strip_prefix(" and ") {
            Some(more) => rest = more,
            None => return after.is_empty().then_some(out),
        }
    }
}

/// A constant as messages write it, and what follows.
fn constant(text: &str) -> Option<(Value, &str)> {
    if let Some(quoted) = text.strip_prefix('\'') {
        let mut value = String::new();
        let mut characters = quoted.char_indices();
        while let Some((at, character)) = characters.next() {
            match character {
                '\'' => return Some((value.into(), &quoted[at + 1..])),
                '\\' => value.push(characters.next()?.1),
                _ => value.push(character),
            }
        }
        return None;
    }
    let end = text.find(' ').unwrap_or(text.len());
    Some((serde_json::from_str(&text[..end]).ok()?, &text[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_values_of_a_witness_are_read_from_its_text() {
        let read = |when: &str| values(when).map(Value::from);
        let expected = serde_json::json!({"a": "x and y'", "b": true, "c": OTHER, "d": 3});
        assert_eq!(read(r"a = 'x and y\'' and b = true and c is not '' or 'z' and d = 3"), Some(expected));
        assert_eq!(read("a = 'x"), None);
        assert_eq!(read("a"), None);
    }
}
