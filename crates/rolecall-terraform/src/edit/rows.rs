//! Attributes in the lines of a block, as `terraform fmt` lays them out: where attributes that fit a line each follow one another,
//! their equals signs stand under one another. A line that is empty, holds a comment alone, or begins or ends a value of several
//! lines, parts them.

use std::ops::Range;

use hcl_edit::Span as _;
use hcl_edit::structure::Block;
use rolecall_source::Edit;

use super::text::Text;

/// What belongs at the end of a block, behind what it says of itself.
const LAST: [&str; 2] = ["depends_on", "providers"];

/// An attribute.
struct Row {
    name: String,
    key: Range<usize>,
    equals: usize,
    value: Range<usize>,
    /// The lines on which it begins and ends.
    lines: (usize, usize),
}

impl Row {
    /// Whether its equals sign is one of those that stand under one another.
    fn is_aligned(&self, text: &Text) -> bool {
        self.lines.0 == self.lines.1 || text.slice(self.value.clone()).starts_with("<<")
    }
}

fn rows(text: &Text, block: &Block) -> Option<Vec<Row>> {
    let line = |at: usize| text.slice(0..at).matches('\n').count();
    let row = |attribute: &hcl_edit::structure::Attribute| {
        let (key, value) = (attribute.key.span()?, attribute.value.span()?);
        let equals = key.end + text.slice(key.end..value.end).find('=')?;
        // The span of a value may go on up to what follows.
        let end = value.start + text.slice(value.clone()).trim_end().len();
        let lines = (line(key.start), line(end));
        Some(Row { name: attribute.key.as_str().to_owned(), key, equals, value: value.start..end, lines })
    };
    let mut all = block.body.attributes().map(row).collect::<Option<Vec<Row>>>()?;
    all.sort_by_key(|row| row.key.start);
    Some(all)
}

/// The attributes whose equals signs stand under one another with what stands on a line.
fn around<'r>(text: &Text, rows: &'r [Row], line: usize) -> &'r [Row] {
    let mut start = rows.partition_point(|row| row.lines.0 < line);
    let mut end = start;
    let mut first = line;
    while start > 0 && rows[start - 1].is_aligned(text) && rows[start - 1].lines.0 + 1 == first {
        start -= 1;
        first -= 1;
    }
    let mut next = line;
    while rows.get(end).is_some_and(|row| row.is_aligned(text) && row.lines.0 == next) {
        end += 1;
        next += 1;
    }
    &rows[start..end]
}

/// How long the longest name is, where the equals signs stand one behind it. A group that is laid out in another way stays so.
fn width(text: &Text, group: &[Row]) -> Option<usize> {
    let width = group.iter().map(|row| row.key.len()).max()?;
    let is_padded = |row: &Row| text.slice(row.key.end..row.equals) == padding(row, width);
    group.iter().all(is_padded).then_some(width)
}

/// What stands between a name and its equals sign.
fn padding(row: &Row, width: usize) -> String {
    " ".repeat(width + 1 - row.key.len())
}

/// The edits that add an attribute to a block: behind that one, else behind what the block says of itself.
pub(super) fn add(text: &Text, block: &Block, name: &str, value: &str, behind: &str) -> Result<Vec<Edit>, String> {
    let rows = rows(text, block).ok_or("the block has no place")?;
    let last = || rows.iter().rfind(|row| !LAST.contains(&row.name.as_str())).or(rows.last());
    let anchor = rows.iter().find(|row| row.name == behind).or_else(last).ok_or("the block has no attribute")?;
    let open = block.span().ok_or("the block has no place")?.start;
    if !text.slice(open..anchor.key.start).contains('\n') {
        return Err("the block stands on one line".to_owned());
    }
    let group = around(text, &rows, anchor.lines.1 + 1);
    let mut edits = Vec::new();
    let width = match (width(text, group), group.first()) {
        (Some(width), _) if width < name.len() => {
            edits.extend(group.iter().map(|row| text.edit(row.key.end..row.equals, padding(row, name.len()))));
            name.len()
        }
        (Some(width), _) => width,
        (None, Some(first)) => (first.equals - first.key.start).saturating_sub(1),
        (None, None) => name.len(),
    };
    let indent = text.indent(anchor.key.start).to_owned();
    let at = text.line_end(anchor.value.end);
    edits.push(text.edit(at..at, format!("\n{indent}{name:width$} = {value}")));
    Ok(edits)
}

/// The edits that put another attribute in the place of one.
pub(super) fn replace(text: &Text, block: &Block, old: &str, name: &str, value: &str) -> Result<Vec<Edit>, String> {
    let rows = rows(text, block).ok_or("the block has no place")?;
    let own = rows.iter().find(|row| row.name == old).ok_or("the block has no such attribute")?;
    let group = around(text, &rows, own.lines.0);
    let others = || group.iter().filter(|row| row.name != old);
    let mut edits = Vec::new();
    let width = match width(text, group) {
        Some(_) => {
            let width = others().map(|row| row.key.len()).max().unwrap_or(0).max(name.len());
            let moved = others().filter(|row| row.equals - row.key.start != width + 1);
            edits.extend(moved.map(|row| text.edit(row.key.end..row.equals, padding(row, width))));
            width
        }
        None => (own.equals - own.key.start).saturating_sub(1),
    };
    edits.push(text.edit(own.key.start..own.value.end, format!("{name:width$} = {value}")));
    edits.sort_by_key(|edit| edit.span.start);
    Ok(edits)
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;
    use std::sync::Arc;

    use rolecall_source::{FileId, SourceFile};

    use super::*;

    /// The block of a text after edits.
    fn edited(rows: &str, edits: impl Fn(&Text, &Block) -> Result<Vec<Edit>, String>) -> Result<String, String> {
        let source = format!("module \"m\" {{\n{rows}}}\n");
        let body = hcl_edit::parser::parse_body(&source).expect("a body");
        let source = Arc::new(SourceFile::new(FileId(0), "main.tf".into(), source.into()).expect("text"));
        let text = Text { source: source.clone(), body: Rc::new(body) };
        let mut edits = edits(&text, text.body.blocks().next().expect("a block"))?;
        edits.sort_by_key(|edit| edit.span.start);
        let mut out = source.text.to_string();
        for edit in edits.iter().rev() {
            out.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
        }
        Ok(out.strip_prefix("module \"m\" {\n").and_then(|out| out.strip_suffix("}\n")).expect("the block").to_owned())
    }

    fn added(rows: &str, name: &str, behind: &str) -> String {
        edited(rows, |text, block| add(text, block, name, "1", behind)).expect("edits")
    }

    #[test]
    fn a_longer_name_moves_the_equals_signs_of_its_neighbours() {
        let rows = "  source = \"./m\"\n\n  a   = 1\n  bcd = 2 # two\n";
        assert_eq!(added(rows, "longer", ""), "  source = \"./m\"\n\n  a      = 1\n  bcd    = 2 # two\n  longer = 1\n");
    }

    #[test]
    fn a_shorter_name_is_padded() {
        assert_eq!(added("  abc = 1\n  d   = 2\n", "x", "abc"), "  abc = 1\n  x   = 1\n  d   = 2\n");
    }

    #[test]
    fn values_of_several_lines_and_comments_part_what_is_aligned() {
        let rows = "  abcdef = {\n    g = 1\n  }\n";
        assert_eq!(added(rows, "x", ""), "  abcdef = {\n    g = 1\n  }\n  x = 1\n");
        let rows = "  abcdef = 1\n  # of its own\n  g = 1\n";
        assert_eq!(added(rows, "xy", ""), "  abcdef = 1\n  # of its own\n  g  = 1\n  xy = 1\n");
    }

    #[test]
    fn what_is_laid_out_in_another_way_stays_so() {
        let rows = "  a    = 1\n  b    = 2\n";
        assert_eq!(added(rows, "x", ""), "  a    = 1\n  b    = 2\n  x    = 1\n");
        assert_eq!(added("  a = 1\n  bcd = 2\n", "xyz", ""), "  a = 1\n  bcd = 2\n  xyz = 1\n");
    }

    #[test]
    fn what_a_block_waits_for_stays_behind() {
        let rows = "  a = 1\n\n  depends_on = [b]\n";
        assert_eq!(added(rows, "xy", ""), "  a  = 1\n  xy = 1\n\n  depends_on = [b]\n");
    }

    #[test]
    fn another_name_in_the_place_of_one_moves_its_neighbours() {
        let of = |name: &'static str| move |text: &Text, block: &Block| replace(text, block, "bcd", name, "3");
        let rows = "  a   = 1\n  bcd = 2\n";
        assert_eq!(edited(rows, of("longer")).as_deref(), Ok("  a      = 1\n  longer = 3\n"));
        assert_eq!(edited(rows, of("b")).as_deref(), Ok("  a = 1\n  b = 3\n"));
        assert_eq!(edited("  a  = 1\n  bcd = 2\n", of("bcd")).as_deref(), Ok("  a  = 1\n  bcd = 3\n"));
    }
}
