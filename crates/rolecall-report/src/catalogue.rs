//! The catalogue of rules as people and programs read it.

use std::io;

use rolecall_rules::{
    Breaks, Confidence, Entry, ErrorCode, Evidence, Known, RoleNeed, Severity, ShownBy, Who, error_codes, requirements,
    rule_ids, rules, upkeep,
};
use serde_json::{Value, json};

/// Writes one line for each rule and each kind of upkeep: its id, level and title.
///
/// # Errors
/// Those of `out`.
pub fn list(out: &mut dyn io::Write) -> io::Result<()> {
    let width = rule_ids().map(str::len).max().unwrap_or_default();
    for entry in rules() {
        let rule = &entry.rule;
        writeln!(out, "{:width$}  {:7}  {}", rule.id, rule.level.level().name(), rule.title)?;
    }
    for kind in upkeep() {
        writeln!(out, "{:width$}  {:7}  {}", kind.id, kind.level.name(), kind.title)?;
    }
    Ok(())
}

/// Writes the whole catalogue for programs: rules, findings about what people tell the analysis, the requirements catalogue
/// and Azure's error codes.
///
/// # Errors
/// Those of `out`.
pub fn json(out: &mut dyn io::Write) -> io::Result<()> {
    let upkeep = upkeep().iter().map(|kind| json!({ "id": kind.id, "title": kind.title, "level": kind.level.name() }));
    let catalogue = json!({
        "schema_version": 1,
        "rules": rules().iter().map(rule_json).collect::<Vec<_>>(),
        "upkeep": upkeep.collect::<Vec<_>>(),
        "requirements": requirements().iter().map(known_json).collect::<Vec<_>>(),
        "error_codes": error_codes().iter().map(error_json).collect::<Vec<_>>(),
    });
    crate::safe_json::write(out, &catalogue)
}

fn rule_json(entry: &Entry) -> Value {
    let rule = &entry.rule;
    let requirements = rule.requirements.iter().map(|requirement| {
        let azure = requirement.azure.iter();
        json!({
            "id": requirement.id,
            "title": requirement.title,
            "breaks_at": requirement.breaks_at.map(|breaks| Breaks::at(breaks).name()),
            "level": requirement.level.unwrap_or(rule.level).level().name(),
            "confidence": match requirement.confidence {
                Confidence::Doc => "doc",
                Confidence::Issue => "issue",
            },
            "need": requirement.need.as_ref().map(need_json),
            "error_codes": azure.map(|error| error.code.as_str()).collect::<Vec<_>>(),
            "sources": requirement.sources,
        })
    });
    json!({
        "id": rule.id,
        "title": rule.title,
        "level": rule.level.level().name(),
        "families": rule.families,
        "languages": rule.languages,
        "since": rule.since,
        "requirements": requirements.collect::<Vec<_>>(),
    })
}

fn need_json(need: &RoleNeed) -> Value {
    json!({
        "identity": match &need.identity {
            Who::ControlPlane => "control-plane",
            Who::Kubelet => "kubelet",
            Who::AddOn(_) => "add-on",
            Who::Own | Who::Answered(_) => "own",
            Who::Assignee => "assignee",
        },
        "scope_type": need.scope_type,
        "actions": need.actions,
        "data_actions": need.data_actions,
        "least_role": { "name": need.least_role.name, "id": need.least_role.id },
    })
}

fn known_json(known: &Known) -> Value {
    json!({
        "id": known.id,
        "title": known.title,
        "severity": match known.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        },
        "confidence": match known.confidence {
            Evidence::Doc => "doc",
            Evidence::Issue => "issue",
            Evidence::Memory => "memory",
        },
        "rule": rule_of(known).map(|entry| &entry.rule.id),
        "shown_by": known.shown_by.map(ShownBy::name),
        "not_decidable": known.not_decidable,
    })
}

fn error_json(error: &ErrorCode) -> Value {
    let prevented_by = error.prevented_by();
    json!({
        "code": error.code,
        "says": Some(&error.says).filter(|says| !says.is_empty()),
        "name_only": error.name_only,
        "requirements": prevented_by.iter().map(|known| known.id.as_str()).collect::<Vec<_>>(),
        "rules": error.rules().iter().map(|entry| entry.rule.id.as_str()).collect::<Vec<_>>(),
    })
}

/// The rule that claims an entry of the requirements catalogue.
fn rule_of(known: &Known) -> Option<&'static Entry> {
    rules().iter().find(|entry| entry.rule.requirements.iter().any(|requirement| requirement.id == known.id))
}

/// Writes the page of a rule.
///
/// # Errors
/// Those of `out`.
pub fn page(out: &mut dyn io::Write, page: &str) -> io::Result<()> {
    writeln!(out, "{}", page.trim_end())
}

/// Writes what Azure says with an error code, what it comes of and who shows that, and the pages of the rules that prevent
/// it.
///
/// # Errors
/// Those of `out`.
pub fn error(out: &mut dyn io::Write, error: &ErrorCode) -> io::Result<()> {
    if error.name_only {
        writeln!(out, "{}: only the name of this code is known, not when Azure gives it", error.code)?;
    } else {
        writeln!(out, "{}: {}", error.code, error.says)?;
    }
    let known = error.prevented_by();
    if known.is_empty() {
        return writeln!(out, "\nNo rule is known to prevent it.");
    }
    writeln!(
        out,
        "\nIt is prevented by what stands here{}:\n",
        if error.name_only { ", to judge by its name" } else { "" }
    )?;
    for entry in known {
        writeln!(out, "- {} ({}): {}", entry.title, entry.id, shown(entry))?;
    }
    for entry in error.rules() {
        writeln!(out)?;
        page(out, entry.page)?;
    }
    Ok(())
}

/// Who shows an entry of the catalogue.
fn shown(known: &Known) -> String {
    match (rule_of(known), known.shown_by, &known.not_decidable) {
        (Some(entry), ..) => format!("rule {}", entry.rule.id),
        (None, Some(ShownBy::Requirements), _) => "`rolecall requirements` lists it".to_owned(),
        (None, Some(ShownBy::SignIn), _) => "`rolecall graph` says how people sign in".to_owned(),
        (None, None, Some(reason)) => format!("no template shows it. {reason}"),
        (None, None, None) => "no rule asks for it yet".to_owned(),
    }
}
