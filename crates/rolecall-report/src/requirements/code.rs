//! Ready code: what gives the roles that are missing, as text to paste or as commands to run.
//!
//! The code is what the fixes write, with the place where each piece goes; what a text has no words for is left to whoever
//! owns what it is on, as commands.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use rolecall_rules::{Certainty, Finding, Question, QuestionAnswer, claim};
use rolecall_source::Edit;

use super::Requirements;
use crate::az::{Lack, lacks};
use crate::run::{Base, Deployed};
use crate::{Run, printable, relative};

/// A language that code is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// Bicep.
    Bicep,
    /// ARM templates.
    Arm,
    /// Terraform.
    Terraform,
}

impl Code {
    fn comment(self) -> &'static str {
        match self {
            Code::Bicep | Code::Arm => "//",
            Code::Terraform => "#",
        }
    }

    fn is_of(self, file: &str) -> bool {
        match self {
            Code::Bicep => file.ends_with(".bicep"),
            Code::Arm => (file.ends_with(".json") || file.ends_with(".jsonc")) && !file.ends_with(".tf.json"),
            Code::Terraform => [".tf", ".tofu", ".tf.json", ".tofu.json"].iter().any(|end| file.ends_with(end)),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Code::Bicep => "bicep",
            Code::Arm => "arm",
            Code::Terraform => "terraform",
        }
    }
}

/// Writes the missing role assignments in a language, each with its place, and those that somebody outside may have made.
///
/// # Errors
/// Those of `out`.
pub fn code(out: &mut dyn io::Write, requirements: &Requirements<'_>, language: Code) -> io::Result<()> {
    let run = requirements.run;
    let comment = language.comment();
    let mut written: BTreeSet<String> = BTreeSet::new();
    let mut edits: BTreeSet<&Edit> = BTreeSet::new();
    for deployed in &run.deployments {
        let name = run.deployment_name(deployed);
        let entry = run.name(deployed.entry);
        if !language.is_of(&entry) {
            let own = [Code::Bicep, Code::Arm, Code::Terraform].into_iter().find(|code| code.is_of(&entry));
            let missing = lacking(deployed).count();
            if let (Some(own), 1..) = (own, missing) {
                writeln!(out, "{comment} {}: --format {} writes what it lacks\n", line(&name), own.name())?;
            }
            continue;
        }
        for finding in deployed.report.findings.iter().filter(|one| is_of_a_grant(one)) {
            let Some(fix) = &finding.fix else { continue };
            let unless = unless(finding.certainty == Certainty::Assumed);
            // What another piece writes already, such as an output that names the identity for both, is not written twice.
            let new: Vec<&Edit> = fix.edits.iter().filter(|edit| edits.insert(edit)).collect();
            if new.is_empty() {
                continue;
            }
            writeln!(out, "{comment} {}: {}{unless}", line(&name), line(&fix.title))?;
            for edit in new {
                let place = run.short_place(edit.span, Base::CurrentDir);
                let verb = if edit.span.start == edit.span.end { "behind" } else { "in place of" };
                writeln!(out, "{comment} {verb} {}\n{}\n", line(&place), edit.text.trim_matches(['\n', '\r']))?;
            }
            for new in &fix.files {
                let name = relative(&new.path, run.current_dir);
                writeln!(out, "{comment} in the new file {}\n{}", line(&name), new.text)?;
            }
        }
        let left: Vec<Lack<'_>> = lacks(lacking(deployed).filter(|question| !is_mended(deployed, question)));
        for lack in &left {
            let (title, unless) = (lack.title(), unless(is_assumed(lack)));
            let text =
                format!("{comment} {}: no file has words for {title}; whoever owns it can run{unless}\n", line(&name));
            if written.insert(text.clone()) {
                out.write_all(text.as_bytes())?;
                for command in lack.commands(false) {
                    command.lines().try_for_each(|one| writeln!(out, "{comment}   {one}"))?;
                }
                writeln!(out)?;
            }
        }
    }
    Ok(())
}

/// Writes commands of the Azure CLI that give what is missing, and what must be granted elsewhere; with `custom` by roles that
/// have exactly the actions.
///
/// # Errors
/// Those of `out`.
pub fn az(out: &mut dyn io::Write, requirements: &Requirements<'_>, custom: bool) -> io::Result<()> {
    let run = requirements.run;
    let all = lacks(run.deployments.iter().flat_map(lacking));
    let mut variables: BTreeMap<String, String> = BTreeMap::new();
    all.iter().for_each(|lack| lack.variables(&mut variables));
    writeln!(out, "#!/bin/sh\nset -eu\n")?;
    for (name, value) in &variables {
        writeln!(out, ": \"${{{name}:?set it to what stands for it in the deployment}}\" # {}", line(value))?;
    }
    if !variables.is_empty() {
        writeln!(out)?;
    }
    for lack in &all {
        writeln!(out, "# {}{}", lack.title(), unless(is_assumed(lack)))?;
        lack.commands(custom).iter().try_for_each(|command| writeln!(out, "{command}"))?;
        writeln!(out)?;
    }
    Ok(())
}

/// What nobody grants, and what somebody outside may.
fn lacking<'d>(deployed: &'d Deployed<'_>) -> impl Iterator<Item = &'d Question> {
    let is_lacking = |one: &&Question| matches!(one.answer, QuestionAnswer::Missing | QuestionAnswer::Assumed);
    deployed.report.questions.iter().filter(is_lacking)
}

fn is_assumed(lack: &Lack<'_>) -> bool {
    lack.questions.iter().all(|one| one.answer == QuestionAnswer::Assumed)
}

fn unless(assumed: bool) -> &'static str {
    if assumed { "; unless somebody has granted it" } else { "" }
}

fn missing<'d>(deployed: &'d Deployed<'_>) -> impl Iterator<Item = &'d Question> {
    deployed.report.questions.iter().filter(|one| one.answer == QuestionAnswer::Missing)
}

fn is_missing(finding: &Finding) -> bool {
    finding.certainty != Certainty::Assumed && is_of_a_grant(finding)
}

/// Whether a finding says that a role is lacking.
fn is_of_a_grant(finding: &Finding) -> bool {
    claim(&finding.requirement).is_some_and(|(_, one)| one.need.is_some())
}

/// Whether the finding about a question has a fix.
pub(crate) fn is_mended(deployed: &Deployed<'_>, question: &Question) -> bool {
    let rule = claim(&question.requirement).map(|(entry, _)| entry.rule.id.as_str());
    deployed.report.findings.iter().any(|finding| {
        Some(finding.rule.as_str()) == rule
            && finding.principal.as_deref() == Some(&question.principal)
            && finding.scope.as_deref().unwrap_or(&finding.resource) == question.scope
            && finding.fix.is_some()
    })
}

/// The commands for what no file has words for, in the order of the run.
pub(crate) fn left_to_owners<'d>(run: &'d Run<'_>) -> Vec<Lack<'d>> {
    let left = run.deployments.iter().flat_map(|deployed| {
        missing(deployed).filter(|question| !is_mended(deployed, question) && is_found(deployed, question))
    });
    lacks(left)
}

/// Whether something is said about a question, and not silenced.
fn is_found(deployed: &Deployed<'_>, question: &Question) -> bool {
    let rule = claim(&question.requirement).map(|(entry, _)| entry.rule.id.as_str());
    deployed.report.findings.iter().any(|finding| {
        finding.silenced.is_none()
            && is_missing(finding)
            && Some(finding.rule.as_str()) == rule
            && finding.principal.as_deref() == Some(&question.principal)
            && finding.scope.as_deref().unwrap_or(&finding.resource) == question.scope
    })
}

/// A text in one line of a comment.
fn line(text: &str) -> String {
    printable(text).replace(['\n', '\r'], " ")
}
