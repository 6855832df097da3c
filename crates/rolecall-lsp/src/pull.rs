//! Diagnostics for clients that ask for them.

use std::hash::{Hash, Hasher};

use gen_lsp_types::{
    Diagnostic, DocumentDiagnosticParams, DocumentDiagnosticReport, FullDocumentDiagnosticReport,
    RelatedFullDocumentDiagnosticReport, RelatedUnchangedDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport,
    WorkspaceDiagnosticParams, WorkspaceDiagnosticReport, WorkspaceDocumentDiagnosticReport,
    WorkspaceFullDocumentDiagnosticReport, WorkspaceUnchangedDocumentDiagnosticReport,
};
use rustc_hash::{FxHashMap, FxHasher};

use crate::documents::path_of;
use crate::worker::Worker;

/// What tells lists of diagnostics apart.
fn result_id(diagnostics: &[Diagnostic]) -> String {
    let mut hasher = FxHasher::default();
    serde_json::to_string(diagnostics).unwrap_or_default().hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

impl Worker {
    /// The diagnostics of one document.
    pub(crate) fn document_diagnostics(&self, params: &DocumentDiagnosticParams) -> DocumentDiagnosticReport {
        let path = path_of(&params.text_document.uri);
        let known = path.and_then(|path| self.published.get(&path));
        let items = known.map(|known| known.diagnostics.clone()).unwrap_or_default();
        let result_id = result_id(&items);
        if params.previous_result_id.as_ref() == Some(&result_id) {
            return RelatedUnchangedDocumentDiagnosticReport {
                unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id },
                related_documents: None,
            }
            .into();
        }
        RelatedFullDocumentDiagnosticReport {
            full_document_diagnostic_report: FullDocumentDiagnosticReport { result_id: Some(result_id), items },
            related_documents: None,
        }
        .into()
    }

    /// The diagnostics of all files, and of those that had some before.
    pub(crate) fn workspace_diagnostics(&self, params: WorkspaceDiagnosticParams) -> WorkspaceDiagnosticReport {
        let mut before: FxHashMap<_, _> =
            params.previous_result_ids.into_iter().map(|one| (path_of(&one.uri), one)).collect();
        let mut items: Vec<WorkspaceDocumentDiagnosticReport> = Vec::new();
        for (path, known) in &self.published {
            let Some(uri) = self.documents.uri(path) else { continue };
            let version = self.documents.at(path).map(|document| document.version);
            let result_id = result_id(&known.diagnostics);
            let previous = before.remove(&Some(path.clone())).map(|one| one.value);
            items.push(if previous.as_ref() == Some(&result_id) {
                WorkspaceUnchangedDocumentDiagnosticReport {
                    uri,
                    version,
                    unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id },
                }
                .into()
            } else {
                let (result_id, items) = (Some(result_id), known.diagnostics.clone());
                WorkspaceFullDocumentDiagnosticReport {
                    uri,
                    version,
                    full_document_diagnostic_report: FullDocumentDiagnosticReport { result_id, items },
                }
                .into()
            });
        }
        // The cause of these has gone.
        let mut gone: Vec<_> = before.into_values().collect();
        gone.sort_by(|a, b| a.uri.as_str().cmp(b.uri.as_str()));
        items.extend(gone.into_iter().map(|one| {
            let result_id = Some(result_id(&[]));
            WorkspaceDocumentDiagnosticReport::from(WorkspaceFullDocumentDiagnosticReport {
                uri: one.uri,
                version: None,
                full_document_diagnostic_report: FullDocumentDiagnosticReport { result_id, items: Vec::new() },
            })
        }));
        WorkspaceDiagnosticReport { items }
    }
}
