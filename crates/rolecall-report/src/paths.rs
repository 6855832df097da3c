//! How paths are written.

use std::path::{Component, Path};

/// `path` as seen from the folder `base`, with `/`; both absolute. Where they share no folder it stays absolute.
pub fn relative(path: &Path, base: &Path) -> String {
    let mut ours = path.components().peekable();
    let mut theirs = base.components().peekable();
    let mut shared = 0;
    while let (Some(a), Some(b)) = (ours.peek(), theirs.peek())
        && a == b
    {
        shared += usize::from(matches!(a, Component::Normal(_)));
        ours.next();
        theirs.next();
    }
    let up = theirs.count();
    if shared == 0 && up > 0 {
        return join(path.components());
    }
    let rest = join(ours);
    match (up, rest.is_empty()) {
        (0, true) => ".".to_owned(),
        (0, false) => rest,
        (up, true) => vec![".."; up].join("/"),
        (up, false) => format!("{}{rest}", "../".repeat(up)),
    }
}

fn join<'a>(components: impl Iterator<Item = Component<'a>>) -> String {
    let mut out = String::new();
    for component in components {
        match component {
            Component::RootDir => out.push('/'),
            Component::Prefix(prefix) => out.push_str(&prefix.as_os_str().to_string_lossy()),
            other => {
                if !out.is_empty() && !out.ends_with('/') {
                    out.push('/');
                }
                out.push_str(&other.as_os_str().to_string_lossy());
            }
        }
    }
    out
}

/// A relative path as a URI reference: what is not unreserved is percent-encoded.
pub(crate) fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// An absolute path as a URI.
pub(crate) fn file_uri(path: &Path) -> String {
    let path = join(path.components());
    // What Windows puts before a path whose links are resolved is no part of a URI.
    let path = path.trim_start_matches(r"\\?\");
    let slash = if path.starts_with('/') { "" } else { "/" };
    format!("file://{slash}{}", uri(path))
}

/// The same for a folder, which ends with a slash.
pub(crate) fn folder_uri(path: &Path) -> String {
    let uri = file_uri(path);
    if uri.ends_with('/') { uri } else { format!("{uri}/") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(path: &str, base: &str) -> String {
        relative(Path::new(path), Path::new(base))
    }

    #[test]
    fn paths_are_written_as_seen_from_the_base() {
        assert_eq!(seen("/r/a/b.json", "/r"), "a/b.json");
        assert_eq!(seen("/r/b.json", "/r/x/y"), "../../b.json");
        assert_eq!(seen("/r/b", "/r/b"), ".");
        assert_eq!(seen("/r", "/r/b"), "..");
    }

    #[test]
    fn paths_that_share_no_folder_stay_absolute() {
        assert_eq!(seen("/other/b.json", "/r/x"), "/other/b.json");
        assert_eq!(seen("/r/b.json", "/"), "r/b.json");
    }

    #[test]
    fn a_uri_escapes_all_that_could_mean_something_else() {
        assert_eq!(uri("a b/ä#?.json"), "a%20b/%C3%A4%23%3F.json");
    }
}
