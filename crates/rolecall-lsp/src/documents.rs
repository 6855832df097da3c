//! The documents that are open in the editor.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gen_lsp_types::{Position, TextDocumentContentChangeEvent, Uri};
use rolecall_source::LineIndex;

use crate::position::Encoding;

/// An open document.
pub(crate) struct Document {
    /// As the client writes it.
    pub uri: Uri,
    /// Where it is, links resolved.
    pub path: PathBuf,
    pub version: i32,
    pub text: String,
    pub lines: LineIndex,
}

impl Document {
    fn new(uri: Uri, path: PathBuf, version: i32, text: String) -> Self {
        Document { uri, path, version, lines: LineIndex::new(&text), text }
    }

    /// The byte at a position.
    pub fn offset(&self, encoding: Encoding, position: Position) -> usize {
        encoding.offset(&self.text, &self.lines, position)
    }

    fn change(&mut self, encoding: Encoding, change: TextDocumentContentChangeEvent) {
        match change {
            TextDocumentContentChangeEvent::TextDocumentContentChangePartial(part) => {
                let start = self.offset(encoding, part.range.start);
                let end = self.offset(encoding, part.range.end).max(start);
                self.text.replace_range(start..end, &part.text);
                self.lines.replace(start..end, &part.text);
            }
            TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(whole) => {
                self.text = whole.text;
                self.lines = LineIndex::new(&self.text);
            }
        }
    }
}

/// The open documents, by path.
#[derive(Default)]
pub(crate) struct Documents(BTreeMap<PathBuf, Document>);

impl Documents {
    /// The path of a file that was opened; none where the address is none of a file.
    pub fn open(&mut self, uri: Uri, version: i32, text: String) -> Option<&Document> {
        let path = path_of(&uri)?;
        self.0.insert(path.clone(), Document::new(uri, path.clone(), version, text));
        self.0.get(&path)
    }

    /// The document after changes, which the client orders so that each applies to what the one before left.
    pub fn change(
        &mut self,
        uri: &Uri,
        version: i32,
        encoding: Encoding,
        changes: Vec<TextDocumentContentChangeEvent>,
    ) -> Option<&Document> {
        let document = self.0.get_mut(&path_of(uri)?)?;
        document.version = version;
        for change in changes {
            document.change(encoding, change);
        }
        Some(document)
    }

    pub fn close(&mut self, uri: &Uri) -> Option<Document> {
        self.0.remove(&path_of(uri)?)
    }

    pub fn at(&self, path: &Path) -> Option<&Document> {
        self.0.get(path)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Document> {
        self.0.values()
    }

    /// How the client is told of a file: as it opened it, where it did.
    pub fn uri(&self, path: &Path) -> Option<Uri> {
        match self.at(path) {
            Some(document) => Some(document.uri.clone()),
            None => Uri::from_file_path(path).ok(),
        }
    }
}

/// The path that an address means, links resolved as far as the file or its folder is there.
pub(crate) fn path_of(uri: &Uri) -> Option<PathBuf> {
    if uri.scheme() != "file" {
        return None;
    }
    let path = uri.to_file_path().ok()?;
    if let Ok(real) = path.canonicalize() {
        return Some(real);
    }
    let above = path.parent().and_then(|parent| parent.canonicalize().ok());
    match (above, path.file_name()) {
        (Some(above), Some(name)) => Some(above.join(name)),
        _ => Some(rolecall_source::normalize(&path)),
    }
}

#[cfg(test)]
mod tests {
    use gen_lsp_types::{Range, TextDocumentContentChangePartial, TextDocumentContentChangeWholeDocument};

    use super::*;

    fn part(from: (u32, u32), to: (u32, u32), text: &str) -> TextDocumentContentChangeEvent {
        let position = |(line, character)| Position { line, character };
        let range = Range { start: position(from), end: position(to) };
        TextDocumentContentChangePartial::new(range, None, text.to_owned()).into()
    }

    #[test]
    fn each_change_applies_to_what_the_one_before_left() {
        let mut documents = Documents::default();
        let uri = Uri::parse("file:///nowhere/a%20b.bicep").expect("an address");
        let opened = documents.open(uri.clone(), 1, "one\r\ntwo\n".to_owned()).expect("a file");
        assert_eq!(opened.path, PathBuf::from("/nowhere/a b.bicep"));
        let changes = vec![part((0, 0), (0, 3), "é😀"), part((0, 3), (1, 1), "+")];
        let changed = documents.change(&uri, 2, Encoding::Utf16, changes).expect("open");
        assert_eq!((changed.text.as_str(), changed.version), ("é😀+wo\n", 2));
        let whole = TextDocumentContentChangeWholeDocument { text: "new".to_owned() };
        let changed = documents.change(&uri, 3, Encoding::Utf16, vec![whole.into()]).expect("open");
        assert_eq!(changed.text, "new");
        let backwards = documents.change(&uri, 4, Encoding::Utf16, vec![part((0, 2), (0, 1), "-")]).expect("open");
        assert_eq!(backwards.text, "ne-w", "a range that ends before it begins replaces nothing");
        assert!(documents.close(&uri).is_some());
        assert!(documents.change(&uri, 5, Encoding::Utf16, Vec::new()).is_none());
    }

    #[test]
    fn only_files_have_a_path() {
        assert_eq!(path_of(&Uri::parse("untitled:Untitled-1").expect("an address")), None);
    }
}
