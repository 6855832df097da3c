//! The names of roles behind their GUIDs.

use gen_lsp_types::{InlayHint, Label, Range, Uri};
use rolecall_graph::builtin;

use crate::documents::path_of;
use crate::locate::{GUID, guids};
use crate::worker::Worker;

impl Worker {
    /// The hints in a part of a document. A role that a template defines has its name beside its GUID anyway.
    pub(crate) fn hints(&self, uri: &Uri, range: Range) -> Vec<InlayHint> {
        let encoding = self.client.can.encoding;
        let document = path_of(uri).and_then(|path| self.documents.at(&path));
        let Some(document) = document.filter(|_| self.settings.inlay_hints != Some(false)) else { return Vec::new() };
        let (start, end) = (document.offset(encoding, range.start), document.offset(encoding, range.end));
        let Some(part) = document.text.get(start..end.max(start)) else { return Vec::new() };
        guids(part)
            .filter_map(|(at, guid)| {
                let end = start + at + GUID;
                // Behind the quote, where one closes.
                let quote = document.text.get(end..).is_some_and(|rest| rest.starts_with(['\'', '"']));
                Some(InlayHint {
                    position: encoding.position(&document.text, &document.lines, end + usize::from(quote)),
                    label: Label::String(builtin(&guid)?.name.clone()),
                    kind: None,
                    text_edits: None,
                    tooltip: None,
                    padding_left: Some(true),
                    padding_right: None,
                    data: None,
                })
            })
            .collect()
    }
}
