//! What came of all mutants: figures by change, language and requirement, and the list of what went wrong.

use std::collections::BTreeMap;
use std::io::{self, Write};

use anyhow::bail;
use rolecall_graph::Language;

use super::Kind;
use super::edit::Mutant;
use super::judge::{Broken, Kept};
use super::make::rule_of;
use super::run::{Seen, Subject};

/// What was counted of one way of changing one language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Mutants.
    pub mutants: usize,
    /// Permissions that were taken away, or findings replayed.
    pub lost: usize,
    /// Those of them that were found.
    pub caught: usize,
    /// Permissions that something not there to be read may still grant: neither lost nor kept, as far as anybody can tell.
    pub unread: usize,
    /// Mutants with a finding too many, or a change that means nothing and changed something.
    pub noisy: usize,
    /// Mutants that are no templates any more.
    pub unsound: usize,
}

impl Counts {
    fn add(&mut self, other: Counts) {
        self.mutants += other.mutants;
        self.lost += other.lost;
        self.caught += other.caught;
        self.unread += other.unread;
        self.noisy += other.noisy;
        self.unsound += other.unsound;
    }
}

/// What came of all mutants.
#[derive(Debug, Default)]
pub struct Report {
    deployments: BTreeMap<Language, usize>,
    kinds: BTreeMap<(Kind, Language), Counts>,
    requirements: BTreeMap<(&'static str, String, Language), Counts>,
    wrong: Vec<String>,
    /// What was not there to be read, and how many questions hang on it.
    unread: BTreeMap<String, usize>,
}

impl Report {
    /// Counts a deployment.
    pub fn deployment(&mut self, base: &Seen) {
        *self.deployments.entry(base.language()).or_default() += 1;
    }

    /// Adds another's figures.
    pub fn add(&mut self, other: Report) {
        for (language, count) in other.deployments {
            *self.deployments.entry(language).or_default() += count;
        }
        for (key, counts) in other.kinds {
            self.kinds.entry(key).or_default().add(counts);
        }
        for (key, counts) in other.requirements {
            self.requirements.entry(key).or_default().add(counts);
        }
        self.wrong.extend(other.wrong);
        for (what, count) in other.unread {
            *self.unread.entry(what).or_default() += count;
        }
    }

    /// Counts a mutant that takes permissions away.
    pub fn broken(&mut self, subject: &Subject, base: &Seen, mutant: &Mutant, broken: Broken) {
        let language = base.language();
        let counts = self.kinds.entry((mutant.kind, language)).or_default();
        counts.mutants += 1;
        let mut wrong = Vec::new();
        if let Some(error) = broken.unsound {
            counts.unsound += 1;
            wrong.push(format!("unsound: {error}"));
        }
        if !broken.noise.is_empty() {
            counts.noisy += 1;
            wrong.extend(broken.noise.iter().map(|line| format!("noise: {line}")));
        }
        for (key, outcome) in broken.lost {
            let caught = usize::from(outcome.is_ok());
            let requirement = (rule_of(&key.about), key.about.clone(), language);
            let requirement = self.requirements.entry(requirement).or_default();
            for counts in [&mut *counts, requirement] {
                counts.lost += 1;
                counts.caught += caught;
            }
            if let Err(said) = outcome {
                wrong.push(format!("missed: {} for {} on {}: {said}", key.about, key.principal, key.scope));
            }
        }
        for (key, said) in broken.unread {
            let requirement = (rule_of(&key.about), key.about.clone(), language);
            self.requirements.entry(requirement).or_default().unread += 1;
            counts.unread += 1;
            wrong.push(format!("not read: {} for {} on {}: {said}", key.about, key.principal, key.scope));
            *self.unread.entry(said).or_default() += 1;
        }
        self.explain(subject, base, mutant, wrong);
    }

    /// Counts a mutant that means nothing.
    pub fn kept(&mut self, subject: &Subject, base: &Seen, mutant: &Mutant, kept: Kept) {
        let counts = self.kinds.entry((mutant.kind, base.language())).or_default();
        counts.mutants += 1;
        counts.noisy += usize::from(!kept.changed.is_empty());
        let mut wrong: Vec<_> = kept.changed.iter().map(|line| format!("noise: {line}")).collect();
        if let Some(error) = kept.unsound {
            counts.unsound += 1;
            wrong.push(format!("unsound: {error}"));
        }
        self.explain(subject, base, mutant, wrong);
    }

    /// Counts a finding that was replayed with the values that it names; `wrong` where it did not come definite.
    pub fn replayed(&mut self, subject: &Subject, base: &Seen, wrong: Option<String>) {
        let counts = self.kinds.entry((Kind::Replay, base.language())).or_default();
        counts.mutants += 1;
        counts.lost += 1;
        match wrong {
            None => counts.caught += 1,
            Some(wrong) => self.wrong.push(format!("{}: replay\n  missed: {wrong}\n", subject.name())),
        }
    }

    fn explain(&mut self, subject: &Subject, base: &Seen, mutant: &Mutant, wrong: Vec<String>) {
        if !wrong.is_empty() {
            let lines: String = wrong.iter().map(|line| format!("  {line}\n")).collect();
            let diff = mutant.diff(base, &subject.root);
            self.wrong.push(format!("{}: {}\n{lines}{diff}", subject.name(), mutant.kind.name()));
        }
    }

    /// The figures of one language, all changes together.
    pub fn of(&self, language: Language) -> Counts {
        let mut all = Counts::default();
        for (_, counts) in self.kinds.iter().filter(|((_, known), _)| *known == language) {
            all.add(*counts);
        }
        all
    }

    /// The figures of one change in one language.
    #[cfg(test)]
    pub fn of_kind(&self, kind: Kind, language: Language) -> Counts {
        self.kinds.get(&(kind, language)).copied().unwrap_or_default()
    }

    /// Writes every miss, noise and unsound mutant with its change.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn list(&self, out: &mut dyn Write) -> io::Result<()> {
        self.wrong.iter().try_for_each(|one| writeln!(out, "{one}"))
    }

    /// Writes the figures.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let head = |out: &mut dyn Write, name: &str| {
            let [mutants, lost, caught, unread, noisy, unsound] =
                ["mutants", "lost", "caught", "unread", "noisy", "unsound"];
            writeln!(out, "\n{name:<64}{mutants:>8}{lost:>8}{caught:>8}{unread:>8}{noisy:>8}{unsound:>8}")
        };
        let row = |out: &mut dyn Write, name: String, counts: &Counts| {
            let Counts { mutants, lost, caught, unread, noisy, unsound } = counts;
            writeln!(out, "{name:<64}{mutants:>8}{lost:>8}{caught:>8}{unread:>8}{noisy:>8}{unsound:>8}")
        };
        head(out, "change")?;
        for ((kind, language), counts) in &self.kinds {
            row(out, format!("{:<16}{}", kind.name(), language.name()), counts)?;
        }
        head(out, "requirement")?;
        for ((rule, requirement, language), counts) in &self.requirements {
            row(out, format!("{requirement:<16}{:<11}{rule}", language.name()), counts)?;
        }
        head(out, "language")?;
        for (language, deployments) in &self.deployments {
            row(out, format!("{} ({deployments} deployments)", language.name()), &self.of(*language))?;
        }
        if !self.unread.is_empty() {
            writeln!(out, "\nnot there to be read, with the questions that hang on it")?;
        }
        self.unread.iter().try_for_each(|(what, count)| writeln!(out, "{count:8}  {what}"))
    }

    /// # Errors
    /// Less than `at_least` percent was caught in a language, more than `most_noise` percent of its mutants were noisy, or
    /// there was nothing to mutate.
    pub fn verdict(&self, at_least: f64, most_noise: f64) -> anyhow::Result<()> {
        let percent = |part: usize, all: usize| if all == 0 { 0.0 } else { 100.0 * part as f64 / all as f64 };
        if self.deployments.is_empty() {
            bail!("there is no deployment in which anything is asked");
        }
        let mut short = Vec::new();
        for language in self.deployments.keys() {
            let counts = self.of(*language);
            if counts.lost > 0 && percent(counts.caught, counts.lost) < at_least {
                short.push(format!("{}: {:.1} % caught", language.name(), percent(counts.caught, counts.lost)));
            }
            if percent(counts.noisy, counts.mutants) > most_noise {
                short.push(format!("{}: {:.1} % noisy", language.name(), percent(counts.noisy, counts.mutants)));
            }
        }
        if !short.is_empty() {
            bail!("{}", short.join(", "));
        }
        Ok(())
    }

    /// Everything that went wrong, as one text.
    #[cfg(test)]
    pub fn wrong(&self) -> String {
        self.wrong.concat()
    }
}
