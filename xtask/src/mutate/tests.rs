//! The harness over the repository's own workspaces.

use super::report::Report;
use super::{Options, own};

#[test]
fn every_break_of_the_repositorys_own_workspaces_is_found_and_nothing_else() {
    let mut report = Report::default();
    own(&crate::root(), &Options::default(), &mut report).expect("the cases");
    let mut figures = Vec::new();
    report.write(&mut figures).expect("written");
    let wrong = report.wrong();
    assert!(wrong.is_empty(), "{wrong}\n{}", String::from_utf8_lossy(&figures));
}
