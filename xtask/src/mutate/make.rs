//! Which mutants a deployment has. What each language writes for them is its module's business.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rolecall_graph::Language;

use super::edit::{Edit, Mutant, Unit};
use super::run::{Seen, Subject};
use super::{Kind, arm, bicep, judge, terraform};

/// A storage account that no template has. What is assigned on it or to it helps nobody; of a type of its own, it is no
/// other resource by another name.
pub const ELSEWHERE: &str = "rolecallelsewhere";
/// What is added to a name in Terraform, where words are joined so.
pub const RENAMED_LABEL: &str = "_renamed";
/// What is added to a name elsewhere.
pub const RENAMED: &str = "Renamed";
/// What stands before the addresses of a Terraform module that is called by another.
pub const WRAPPED: &str = "module.wrapped.";
/// The entry of the requirements catalogue that a cluster must wait for a grant.
pub const ORDER: &str = "RA-DEPENDSON";
/// Roles of which one lacks what is needed.
const WEAK: [&str; 3] = ["Reader", "AcrPull", "Storage Queue Data Reader"];

/// A role in place of another.
#[derive(Clone, Debug)]
pub struct Weak {
    /// Its name.
    pub name: &'static str,
    /// Its GUID.
    pub guid: String,
}

/// The mutants that take away what some granted question rests on.
pub fn breaking(subject: &Subject, base: &Seen) -> Vec<Mutant> {
    let mut units: BTreeMap<Unit, BTreeSet<String>> = BTreeMap::new();
    for (key, grants) in base.granted(&subject.root) {
        for unit in grants.into_iter().flatten() {
            units.entry(unit).or_default().insert(key.about.clone());
        }
    }
    let mut mutants = Vec::new();
    for (unit, requirements) in units {
        let Some(file) = base.text(&unit.file) else { continue };
        let Some(weak) = weak(&requirements).filter(|_| !unit.module || base.only_assigns(&unit)) else { continue };
        for kind in Kind::BREAKING {
            // Until a rule asks for order, nobody can miss it.
            if kind == Kind::Order && judge::rule_of(ORDER).is_none() {
                continue;
            }
            let here = |edits: Vec<Edit>| vec![(unit.file.clone(), edits)];
            let edits = match language(&unit.file) {
                Language::Arm => arm::break_unit(&file.text, &unit, kind, &weak).map(here),
                Language::Bicep => bicep::break_unit(&file.text, &unit, kind, &weak).map(here),
                Language::Terraform => terraform::break_unit(base, &unit, kind, &weak),
            };
            if let Some(edits) = edits {
                mutants.push(Mutant { kind, unit: Some(unit.clone()), edits, new: Vec::new() });
            }
        }
    }
    mutants
}

/// The mutants that mean nothing, of the entry's own text.
pub fn keeping(subject: &Subject, base: &Seen) -> Vec<Mutant> {
    match language(&subject.entry) {
        Language::Terraform => terraform::keep(subject, base),
        one => {
            let Some(file) = base.text(&subject.entry) else { return Vec::new() };
            let mut mutants = Vec::new();
            for kind in Kind::KEEPING {
                let keep: fn(&str, Kind) -> Option<Vec<Edit>> =
                    if one == Language::Bicep { bicep::keep } else { arm::keep };
                if kind == Kind::Wrap {
                    mutants.extend(if one == Language::Bicep {
                        bicep::wrap(&subject.entry, &file.text)
                    } else {
                        arm::wrap(&subject.entry, &file.text)
                    });
                } else if let Some(edits) = keep(&file.text, kind).filter(|edits| !edits.is_empty()) {
                    mutants.push(Mutant::of(kind, None, &subject.entry, edits));
                }
            }
            mutants
        }
    }
}

/// A role that allows nothing of what these requirements need.
fn weak(requirements: &BTreeSet<String>) -> Option<Weak> {
    let needs: Vec<_> = rolecall_rules::rules()
        .iter()
        .flat_map(|entry| &entry.rule.requirements)
        .filter(|one| requirements.contains(&one.id))
        .filter_map(|one| one.need.as_ref())
        .collect();
    WEAK.iter().find_map(|name| {
        let role = rolecall_graph::builtin_named(name)?;
        let helps = needs.iter().any(|need| role.grants_all(&need.actions, &need.data_actions));
        (!helps).then(|| Weak { name, guid: role.guid.clone() })
    })
}

/// The language of a file, from its name.
pub fn language(path: &Path) -> Language {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("bicep") => Language::Bicep,
        Some("tf") => Language::Terraform,
        _ => Language::Arm,
    }
}

/// The name of the rule of a requirement, to group by.
pub fn rule_of(requirement: &str) -> &'static str {
    judge::rule_of(requirement).unwrap_or("?")
}
