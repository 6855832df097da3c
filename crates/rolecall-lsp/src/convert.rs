//! Remarks of the report as the protocol's diagnostics.

use std::collections::BTreeMap;
use std::path::PathBuf;

use gen_lsp_types::{
    Code, CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Location,
    Position, Range, Uri,
};
use rolecall_report::editor::{Place, Remark};
use rolecall_source::{Files, Level, SourceFile, Span};

use crate::documents::Documents;
use crate::position::Encoding;
use crate::requests::SCHEME;

/// The name that stands beside each diagnostic.
pub(crate) const SOURCE: &str = "rolecall";

/// What is known of places.
pub(crate) struct Places<'a> {
    pub files: &'a dyn Files,
    pub documents: &'a Documents,
    pub encoding: Encoding,
    /// Where rules' pages are published.
    pub pages: Option<&'a str>,
}

impl Places<'_> {
    pub fn range(&self, file: &SourceFile, span: Span) -> Range {
        self.encoding.range(&file.text, file.lines(), span.range())
    }

    pub fn location(&self, span: Span) -> Option<Location> {
        let file = self.files.get(span.file)?;
        Some(Location { uri: self.documents.uri(&file.path)?, range: self.range(&file, span) })
    }

    /// The file of a remark and the diagnostic that it is.
    pub fn diagnostic(&self, remark: &Remark<'_>) -> Option<(PathBuf, Diagnostic)> {
        let (path, range) = match &remark.place {
            Place::Bytes(span) => {
                let file = self.files.get(span.file)?;
                (file.path.clone(), self.range(&file, *span))
            }
            Place::Unread(path, at) => {
                let start = Position { line: at.line.saturating_sub(1), character: at.column.saturating_sub(1) };
                (path.clone(), Range { start, end: start })
            }
        };
        let related = remark.related.iter().filter_map(|note| {
            Some(DiagnosticRelatedInformation { location: self.location(note.span)?, message: note.message.clone() })
        });
        let related: Vec<_> = related.collect();
        let diagnostic = Diagnostic {
            range,
            severity: Some(match remark.level {
                Level::Error => DiagnosticSeverity::Error,
                Level::Warning => DiagnosticSeverity::Warning,
                Level::Note => DiagnosticSeverity::Information,
            }),
            code: remark.rule.map(|rule| Code::String(rule.to_owned())),
            code_description: remark.rule.and_then(|rule| page(self.pages, rule)).map(|href| CodeDescription { href }),
            source: Some(SOURCE.to_owned()),
            message: remark.message.clone().into(),
            tags: remark.useless.then(|| vec![DiagnosticTag::Unnecessary]),
            related_information: Some(related).filter(|related| !related.is_empty()),
            data: None,
        };
        Some((path, diagnostic))
    }

    /// The diagnostics of each file, in order.
    pub fn diagnostics(&self, remarks: &[Remark<'_>], into: &mut BTreeMap<PathBuf, Vec<Diagnostic>>) {
        for (path, diagnostic) in remarks.iter().filter_map(|remark| self.diagnostic(remark)) {
            into.entry(path).or_default().push(diagnostic);
        }
    }
}

/// The address of a rule's page: where it is published, else one that the server brings the text of.
pub(crate) fn page(pages: Option<&str>, rule: &str) -> Option<Uri> {
    let address = match pages {
        Some(pages) => pages.replace("{rule}", rule),
        None => rolecall_report::editor::page(rule).unwrap_or_else(|| format!("{SCHEME}:///rules/{rule}.md")),
    };
    Uri::parse(&address).ok()
}

/// Puts the diagnostics of a file in order; what several folders say is said once.
pub(crate) fn settle(all: &mut Vec<Diagnostic>) {
    all.sort_by_cached_key(|one| {
        let start = (one.range.start.line, one.range.start.character);
        let end = (one.range.end.line, one.range.end.character);
        (start, end, serde_json::to_string(one).unwrap_or_default())
    });
    all.dedup();
}
