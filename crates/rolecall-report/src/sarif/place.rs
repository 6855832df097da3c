//! Places in files as SARIF writes them.

use std::path::Path;

use rolecall_source::{SourceFile, Span};
use serde_sarif::sarif::{ArtifactContent, ArtifactLocation, Location, PhysicalLocation, Region};

use crate::{Run, paths, relative};

/// The name of the folder that files are relative to.
pub(super) const ROOT: &str = "%SRCROOT%";

/// How many lines are shown before and behind what a place spans.
const CONTEXT_LINES: u32 = 2;

/// The longest snippet, in bytes: minified templates stand in one line.
const MAX_SNIPPET: usize = 4_000;

/// A place with its text and the lines around it.
pub(super) fn location(run: &Run<'_>, span: Span) -> Option<Location> {
    let file = run.file(span.file)?;
    let mut place = physical(run, &file.path);
    let mut region = plain_region(&file, span);
    region.snippet = snippet(&file, span.start as usize..span.end as usize);
    if region.snippet.is_some() {
        place.context_region = context(&file, span);
    }
    place.region = Some(region);
    Some(Location::builder().physical_location(place).build())
}

/// A span as lines and columns.
pub(super) fn plain_region(file: &SourceFile, span: Span) -> Region {
    let at = |offset: u32| file.lines().position_utf16(&file.text, offset as usize);
    let (start, end) = (at(span.start), at(span.end));
    Region::builder()
        .start_line(i64::from(start.line))
        .start_column(i64::from(start.column))
        .end_line(i64::from(end.line))
        .end_column(i64::from(end.column))
        .build()
}

/// The beginning of a file.
pub(super) fn start_region() -> Region {
    Region::builder().start_line(1_i64).start_column(1_i64).end_line(1_i64).end_column(1_i64).build()
}

/// The lines around a span.
fn context(file: &SourceFile, span: Span) -> Option<Region> {
    let line = |offset: u32| file.lines().position(&file.text, offset as usize).line;
    let first = line(span.start).saturating_sub(CONTEXT_LINES).max(1);
    let start = file.lines().line_range(&file.text, first)?.start;
    let mut last = line(span.end);
    let mut end = file.lines().line_range(&file.text, last)?.end;
    for next in last + 1..=last + CONTEXT_LINES {
        // Behind the last line break there may be no line.
        let Some(range) = file.lines().line_range(&file.text, next).filter(|range| !range.is_empty()) else { break };
        (last, end) = (next, range.end);
    }
    let text = snippet(file, start..end)?;
    Some(Region::builder().start_line(i64::from(first)).end_line(i64::from(last)).snippet(text).build())
}

fn snippet(file: &SourceFile, range: std::ops::Range<usize>) -> Option<ArtifactContent> {
    let text = file.text.get(range).filter(|text| !text.is_empty() && text.len() <= MAX_SNIPPET)?;
    Some(ArtifactContent::builder().text(text).build())
}

/// A file.
pub(super) fn physical(run: &Run<'_>, path: &Path) -> PhysicalLocation {
    PhysicalLocation::builder().artifact_location(artifact(run, path)).build()
}

/// A file by its path from the root, or by all of its path where it lies elsewhere.
pub(super) fn artifact(run: &Run<'_>, path: &Path) -> ArtifactLocation {
    let root = run.files.root();
    if path.starts_with(root) {
        ArtifactLocation::builder().uri(paths::uri(&relative(path, root))).uri_base_id(ROOT).build()
    } else {
        ArtifactLocation::builder().uri(paths::file_uri(path)).build()
    }
}
