//! The picture as one page that needs nothing else: no network, no other file.
//!
//! The drawing is done by Cytoscape.js (MIT, `page/cytoscape.min.js`, its notice at its head, taken from the npm package
//! `cytoscape` 3.35.0 as it is). What comes from templates stands in the page once, as JSON in which no tag can begin, and
//! the script shows it as text alone.

use std::io;

use super::picture::Picture;

const PAGE: &str = include_str!("page/page.html");
const STYLE: &str = include_str!("page/page.css");
const SCRIPT: &str = include_str!("page/page.js");
const LIBRARY: &str = include_str!("page/cytoscape.min.js");

/// Writes the page.
///
/// # Errors
/// Those of `out`.
pub fn html(out: &mut dyn io::Write, picture: &Picture) -> io::Result<()> {
    let data = serde_json::to_string(&picture.scenes)?.replace('<', "\\u003c");
    let mut rest = PAGE;
    for (mark, text) in [("{{style}}", STYLE), ("{{library}}", LIBRARY), ("{{data}}", &data), ("{{script}}", SCRIPT)] {
        let (before, after) = rest.split_once(mark).unwrap_or((rest, ""));
        out.write_all(before.as_bytes())?;
        out.write_all(text.as_bytes())?;
        rest = after;
    }
    out.write_all(rest.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_whole_and_asks_nobody() {
        let mut out = Vec::new();
        html(&mut out, &Picture { scenes: Vec::new() }).expect("written");
        let page = String::from_utf8(out).expect("text");
        assert!(
            page.starts_with("<!doctype html>") && page.trim_end().ends_with("</html>") && !page.contains("{{data}}")
        );
        assert_eq!(page.matches("<script").count(), page.matches("</script>").count());
        for reference in [" src=", "<link", "@import", "url("] {
            assert!(!PAGE.contains(reference) && !STYLE.contains(reference), "{reference}");
        }
    }
}
