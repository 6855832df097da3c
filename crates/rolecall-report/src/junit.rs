//! JUnit XML, which every pipeline shows as test results.
//!
//! A deployment is a test suite, and a finding in it a test case: failed at or above the level that fails the run, else
//! skipped, with what it says. So the report fails exactly where the run does. A deployment without findings is one test
//! case that passes, and broken files are a suite of their own.

use std::io;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use rolecall_rules::{Certainty, Finding, Silenced};
use rolecall_source::Level;

use crate::remark::{BROKEN_FILE, remarks, safe};
use crate::run::{Base, Deployed};
use crate::{Run, printable};

/// What decides about the report.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Assumed findings too.
    pub assumed: bool,
    /// From which level on a finding is a failure; none is.
    pub fails_at: Option<Level>,
}

/// Writes a run.
///
/// # Errors
/// Those of `out`.
pub fn write(out: &mut dyn io::Write, run: &Run<'_>, options: Options) -> io::Result<()> {
    let mut report = Report::new("rolecall");
    let mut files = TestSuite::new("files");
    for remark in remarks(run, false).into_iter().filter(|remark| remark.check == BROKEN_FILE) {
        let place = remark.place.as_ref().map(|place| format!("{}:{}", place.path, place.start.line));
        let case =
            Case { level: remark.level, class: BROKEN_FILE, name: place.unwrap_or_default(), lines: remark.lines };
        files.add_test_case(case.finish(options.fails_at));
    }
    if !files.test_cases.is_empty() {
        report.add_test_suite(files);
    }
    for deployed in &run.deployments {
        report.add_test_suite(suite(run, deployed, options));
    }
    let mut upkeep = TestSuite::new("configuration and suppressions");
    for finding in run.upkeep {
        upkeep.add_test_case(case(run, finding, options.fails_at));
    }
    if !upkeep.test_cases.is_empty() {
        report.add_test_suite(upkeep);
    }
    let text = report.to_string().map_err(io::Error::other)?;
    // The schema that Jenkins follows counts what is skipped in each suite, and not in all of them.
    let total = format!(" skipped=\"{}\"", report.skipped);
    out.write_all(text.replacen(&total, "", 1).as_bytes())
}

fn suite(run: &Run<'_>, deployed: &Deployed<'_>, options: Options) -> TestSuite {
    let name = run.deployment_name_from(deployed, Base::Root);
    let mut suite = TestSuite::new(&*printable(&name));
    for finding in &deployed.report.findings {
        if options.assumed || finding.certainty != Certainty::Assumed {
            suite.add_test_case(case(run, finding, options.fails_at));
        }
    }
    if suite.test_cases.is_empty() {
        let says = match deployed.report.clusters {
            0 => "no AKS cluster: there was nothing to check",
            _ => "nothing is wrong with its identities",
        };
        suite.add_test_case(TestCase::new(says, TestCaseStatus::success()));
    }
    suite
}

/// A finding as a test case.
fn case(run: &Run<'_>, finding: &Finding, fails_at: Option<Level>) -> TestCase {
    let (headline, lines) = run.message(finding, |span| run.short_place(span, Base::Root));
    let place = run.short_place(finding.span, Base::Root);
    let lines: Vec<_> = std::iter::once(headline.clone()).chain(lines).chain([format!("at {place}")]).collect();
    let name = printable(&format!("{headline} ({place})")).into_owned();
    let case = Case { level: finding.level, class: &finding.rule, name, lines: safe(lines) };
    match &finding.silenced {
        None => case.finish(fails_at),
        Some(Silenced::Comment { reason, .. }) => case.skipped(&format!("suppressed: {}", printable(reason))),
        Some(Silenced::Baseline) => case.skipped("it is in the baseline"),
    }
}

struct Case<'c> {
    level: Level,
    class: &'c str,
    name: String,
    lines: Vec<String>,
}

impl Case<'_> {
    fn finish(self, fails_at: Option<Level>) -> TestCase {
        if fails_at.is_none_or(|limit| self.level < limit) {
            let headline = self.lines.first().cloned().unwrap_or_default();
            return self.skipped(&headline);
        }
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status.set_message(self.lines.first().map(String::as_str).unwrap_or_default());
        status.set_type(self.level.name()).set_description(self.lines.join("\n"));
        self.with(status)
    }

    fn skipped(self, why: &str) -> TestCase {
        let mut status = TestCaseStatus::skipped();
        status.set_type(self.level.name()).set_message(why).set_description(self.lines.join("\n"));
        self.with(status)
    }

    fn with(self, status: TestCaseStatus) -> TestCase {
        let mut case = TestCase::new(self.name, status);
        case.set_classname(&*printable(self.class));
        case
    }
}
