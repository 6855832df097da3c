//! Comments by which people suppress findings: `rolecall: ignore[rule] reason`.
//!
//! Only enough of each language is known here to tell comments from strings. Which rules there are, and whether anything is
//! suppressed, is not known.

use std::ops::Range;

/// What begins a comment, and what a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comments {
    /// `//` and `/* */`; `"…"`.
    Json,
    /// `//` and `/* */`; `'…'` with `${…}`, `'''…'''`.
    Bicep,
    /// `#`, `//` and `/* */`; `"…"` with `${…}` and `%{…}`, heredocs.
    Hcl,
}

/// A request to suppress findings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// The rules as written; empty where it names none.
    pub rules: Vec<String>,
    /// Why; empty where it does not say.
    pub reason: String,
    /// The bytes that say so.
    pub range: Range<usize>,
    /// The bytes that findings have to begin in to be suppressed.
    pub covers: Range<usize>,
}

/// The word that all requests have, to look for before anything is parsed.
pub const MARK: &str = "rolecall:";

/// The requests in the comments of a text, in order.
pub fn directives(text: &str, language: Comments) -> Vec<Directive> {
    if !text.contains(MARK) {
        return Vec::new();
    }
    let comments = comments(text, language);
    let mut out = Vec::new();
    for comment in &comments {
        let Some(inner) = text.get(comment.clone()).filter(|inner| inner.contains(MARK)) else { continue };
        let mut at = comment.start;
        for line in inner.split_inclusive('\n') {
            let start = at;
            at += line.len();
            let content = line.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '/' | '#' | '*'));
            let start = start + (line.len() - content.len());
            let content = content.trim_end();
            let content = content.strip_suffix("*/").unwrap_or(content).trim_end();
            let Some((rules, reason)) = content.strip_prefix(MARK).and_then(request) else { continue };
            let range = start..start + content.len();
            out.push(Directive { rules, reason, range, covers: covered(text, comment, &comments) });
        }
    }
    out
}

/// The rules and the reason in what stands behind the mark; none where it is no request.
pub fn request(text: &str) -> Option<(Vec<String>, String)> {
    let rest = text.trim_start().strip_prefix("ignore")?;
    if rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '_')) {
        return None;
    }
    let (rules, reason) = match rest.trim_start().strip_prefix('[').and_then(|list| list.split_once(']')) {
        Some((list, reason)) => (list, reason),
        None => ("", rest),
    };
    let rules = rules.split(',').map(str::trim).filter(|rule| !rule.is_empty() && *rule != "*").map(str::to_owned);
    Some((rules.collect(), reason.trim_start_matches([':', '-', ' ']).trim().to_owned()))
}

/// The line of a comment where something else stands in it, else the next line that has something.
fn covered(text: &str, comment: &Range<usize>, comments: &[Range<usize>]) -> Range<usize> {
    let line_start = |at: usize| text[..at].rfind('\n').map_or(0, |at| at + 1);
    let line_end = |at: usize| text[at..].find('\n').map_or(text.len(), |end| at + end);
    let start = line_start(comment.start);
    let end = line_end(comment.end);
    if !text[start..comment.start].trim().is_empty() || !text[comment.end..end].trim().is_empty() {
        return start..end;
    }
    let mut at = end;
    loop {
        at += text[at..].len() - text[at..].trim_start().len();
        match comments.binary_search_by_key(&at, |comment| comment.start) {
            Ok(place) => at = comments[place].end,
            Err(_) => return line_start(at)..line_end(at),
        }
    }
}

enum Inside {
    /// Code, with the braces that are open in it.
    Code(usize),
    /// A string, until this ends it.
    Text(&'static str),
}

/// The comments of a text, in order.
fn comments(text: &str, language: Comments) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let mut stack = vec![Inside::Code(0)];
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let nested = stack.len() > 1;
        let mut step = 1;
        match stack.last_mut() {
            Some(Inside::Code(braces)) => {
                let line = rest.starts_with(b"//") || (language == Comments::Hcl && rest[0] == b'#');
                if line || rest.starts_with(b"/*") {
                    let length = match line {
                        true => memchr::memchr(b'\n', rest),
                        false => memchr::memmem::find(&rest[2..], b"*/").map(|end| end + 4),
                    };
                    step = length.unwrap_or(rest.len());
                    out.push(at..at + step);
                } else if let Some((quote, length)) = opening(rest, language) {
                    stack.push(Inside::Text(quote));
                    step = length;
                } else if language == Comments::Hcl && rest.starts_with(b"<<") {
                    step = heredoc(&text[at..]).unwrap_or(2);
                } else if rest[0] == b'{' {
                    *braces += 1;
                } else if rest[0] == b'}' {
                    match braces.checked_sub(1) {
                        Some(fewer) => *braces = fewer,
                        None if nested => {
                            stack.pop();
                        }
                        None => {}
                    }
                }
            }
            Some(Inside::Text(end)) => {
                let end = *end;
                let whole = end == "'''";
                if rest.starts_with(end.as_bytes()) || (rest[0] == b'\n' && !whole && language != Comments::Json) {
                    step = if rest[0] == b'\n' { 1 } else { end.len() };
                    stack.pop();
                } else if rest[0] == b'\\' && !whole {
                    step = 2;
                } else if rest.starts_with(b"$${") || rest.starts_with(b"%%{") {
                    step = 3;
                } else if language != Comments::Json
                    && !whole
                    && (rest.starts_with(b"${") || (language == Comments::Hcl && rest.starts_with(b"%{")))
                {
                    stack.push(Inside::Code(0));
                    step = 2;
                }
            }
            None => return out,
        }
        at += step;
    }
    out
}

/// What ends the string that begins here, and how long its beginning is.
fn opening(rest: &[u8], language: Comments) -> Option<(&'static str, usize)> {
    match language {
        Comments::Bicep if rest.starts_with(b"'''") => Some(("'''", 3)),
        Comments::Bicep if rest[0] == b'\'' => Some(("'", 1)),
        Comments::Json | Comments::Hcl if rest[0] == b'"' => Some(("\"", 1)),
        _ => None,
    }
}

/// The length of a heredoc, from `<<` to its last line.
fn heredoc(text: &str) -> Option<usize> {
    let name = text.trim_start_matches('<').trim_start_matches('-');
    let name = &name[..name.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '-').unwrap_or(name.len())];
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let mut at = text.find('\n')? + 1;
    for line in text[at..].split_inclusive('\n') {
        at += line.len();
        if line.trim() == name {
            return Some(at);
        }
    }
    Some(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The requests of a text: rules, reason, and what they cover.
    fn found(text: &str, language: Comments) -> Vec<(String, String, String)> {
        let found = directives(text, language).into_iter();
        found.map(|one| (one.rules.join("+"), one.reason, text[one.covers].trim().to_owned())).collect()
    }

    fn one(rules: &str, reason: &str, covers: &str) -> Vec<(String, String, String)> {
        vec![(rules.to_owned(), reason.to_owned(), covers.to_owned())]
    }

    #[test]
    fn a_comment_is_for_its_line_or_the_next_that_has_something() {
        assert_eq!(
            found("a: 1 // rolecall: ignore[x] why\nb: 2", Comments::Bicep)[0].2,
            "a: 1 // rolecall: ignore[x] why"
        );
        for text in [
            "// rolecall: ignore[x] why\nb: 2\nc: 3",
            "  // rolecall: ignore[x] why\n\n  // more\n  /* and more */\nb: 2",
            "/* rolecall: ignore[x] why */\nb: 2",
            "/*\n * text\n * rolecall: ignore[x] why\n */\nb: 2",
        ] {
            for language in [Comments::Json, Comments::Bicep, Comments::Hcl] {
                assert_eq!(found(text, language), one("x", "why", "b: 2"), "{text}");
            }
        }
        assert_eq!(found("# rolecall: ignore[x] why\nb = 2", Comments::Hcl), one("x", "why", "b = 2"));
    }

    #[test]
    fn comments_may_stand_above_each_other() {
        let text = "// rolecall: ignore[x] one\n// rolecall: ignore[y, z] two\nb: 2";
        let both = [one("x", "one", "b: 2"), one("y+z", "two", "b: 2")].concat();
        assert_eq!(found(text, Comments::Bicep), both);
    }

    #[test]
    fn what_is_in_a_string_is_no_comment() {
        for (text, language) in [
            (r#"{"a": "// rolecall: ignore[x] why"}"#, Comments::Json),
            (r#"{"a": "\"// rolecall: ignore[x] why"}"#, Comments::Json),
            ("a: 'b // rolecall: ignore[x] why'", Comments::Bicep),
            ("a: 'b\\' // rolecall: ignore[x] why'", Comments::Bicep),
            ("a: '${b('c')} // rolecall: ignore[x] why'", Comments::Bicep),
            ("a: '''\n// rolecall: ignore[x] why\n'''", Comments::Bicep),
            ("a = \"${b[\"c\"]} # rolecall: ignore[x] why\"", Comments::Hcl),
            ("a = <<-EOT\n  # rolecall: ignore[x] why\n  EOT\n", Comments::Hcl),
            ("a: 1 # rolecall: ignore[x] why", Comments::Bicep),
        ] {
            assert_eq!(found(text, language), Vec::new(), "{text}");
        }
        let behind = "a = <<EOT\ntext\nEOT\nb = \"$${c\" # rolecall: ignore[x] why";
        assert_eq!(found(behind, Comments::Hcl).len(), 1);
        assert_eq!(found("a: '${b({ c: 'd' })}' // rolecall: ignore[x] why", Comments::Bicep).len(), 1);
    }

    #[test]
    fn requests_lack_rules_or_reasons_and_other_text_is_none() {
        let parts = |rules: &[&str], reason: &str| {
            Some((rules.iter().map(|rule| (*rule).to_owned()).collect::<Vec<_>>(), reason.to_owned()))
        };
        assert_eq!(request(" ignore[a] why"), parts(&["a"], "why"));
        assert_eq!(request("ignore [a,b]: why"), parts(&["a", "b"], "why"));
        assert_eq!(request(" ignore[a]"), parts(&["a"], ""));
        assert_eq!(request(" ignore why"), parts(&[], "why"));
        assert_eq!(request(" ignore[*] why"), parts(&[], "why"));
        assert_eq!(request(" ignored"), None);
        assert_eq!(request(" finds it"), None);
        assert_eq!(found("// see `rolecall: ignore[x] why`", Comments::Bicep), Vec::new());
    }

    #[test]
    fn broken_text_ends_nothing_but_itself() {
        let text = "a: 'open\nb: 1 // rolecall: ignore[x] why";
        assert_eq!(found(text, Comments::Bicep).len(), 1);
        for text in [
            "/* rolecall: ignore[x] why",
            "// rolecall: ignore[x",
            "'${'${'${rolecall:",
            "<<",
            "<<A\nrolecall:",
            "é// rolecall: ignore[é] é",
        ] {
            for language in [Comments::Json, Comments::Bicep, Comments::Hcl] {
                directives(text, language);
            }
        }
    }
}
