//! What clients ask for.

use gen_lsp_types::{
    CodeActionParams, CodeLensParams, DefinitionParams, DocumentDiagnosticParams, ExecuteCommandParams, HoverParams,
    InlayHintParams, MessageType, ReferenceParams, ShowDocumentParams, ShowDocumentRequest, TextDocumentContentParams,
    TextDocumentContentResult, Uri, WorkspaceDiagnosticParams,
};
use lsp_server::{ErrorCode, Request};
use rolecall_report::requirements::{Requirements, markdown};
use serde_json::Value as Json;

use crate::worker::Worker;

/// The scheme of addresses whose text the server brings: `rolecall:///rules/<rule>.md`.
pub(crate) const SCHEME: &str = "rolecall";

/// Shows the page of the rule that is its argument.
pub(crate) const OPEN_PAGE: &str = "rolecall.openPage";

/// Gives the permissions that clusters need, as Markdown.
pub(crate) const SHOW_REQUIREMENTS: &str = "rolecall.showRequirements";

/// Why there is no answer.
enum Refusal {
    Params(serde_json::Error),
    /// Nobody waits for it any more.
    Cancelled,
    /// The text is another by now.
    Modified,
    Unknown,
}

impl From<serde_json::Error> for Refusal {
    fn from(error: serde_json::Error) -> Self {
        Refusal::Params(error)
    }
}

impl Worker {
    /// Answers a request.
    pub(crate) fn request(&mut self, request: Request) {
        let Request { id, method, params } = request;
        let cancelled = self.shared.cancelled().remove(&id);
        let answer = if cancelled { Err(Refusal::Cancelled) } else { self.answer(&method, params) };
        match answer {
            // It may have been taken back while it was worked on.
            Ok(_) if self.shared.cancelled().remove(&id) => {
                self.client.refuse(id, ErrorCode::RequestCanceled, "cancelled");
            }
            Ok(result) => self.client.respond(id, result),
            Err(Refusal::Cancelled) => self.client.refuse(id, ErrorCode::RequestCanceled, "cancelled"),
            Err(Refusal::Modified) => self.client.refuse(id, ErrorCode::ContentModified, "the text has changed"),
            Err(Refusal::Params(error)) => self.client.refuse(id, ErrorCode::InvalidParams, error.to_string()),
            Err(Refusal::Unknown) => {
                self.client.refuse(id, ErrorCode::MethodNotFound, format!("{method} is not known"));
            }
        }
    }

    fn answer(&mut self, method: &str, params: Json) -> Result<Json, Refusal> {
        // Pages are about no text.
        if method == "workspace/textDocumentContent" {
            let params: TextDocumentContentParams = serde_json::from_value(params)?;
            let text = self.content(&params.uri).unwrap_or_default();
            return Ok(serde_json::to_value(TextDocumentContentResult { text })?);
        }
        // Whatever is asked, it is asked about what stands there now.
        if !self.refresh() {
            return Err(Refusal::Modified);
        }
        Ok(match method {
            "textDocument/hover" => {
                let params: HoverParams = serde_json::from_value(params)?;
                serde_json::to_value(self.hover(&params.text_document_position_params))?
            }
            "textDocument/definition" => {
                let params: DefinitionParams = serde_json::from_value(params)?;
                serde_json::to_value(self.definition(&params.text_document_position_params))?
            }
            "textDocument/references" => {
                let params: ReferenceParams = serde_json::from_value(params)?;
                let declared = params.context.include_declaration;
                serde_json::to_value(self.references(&params.text_document_position_params, declared))?
            }
            "textDocument/codeLens" => {
                let params: CodeLensParams = serde_json::from_value(params)?;
                serde_json::to_value(self.lenses(&params.text_document.uri))?
            }
            "textDocument/inlayHint" => {
                let params: InlayHintParams = serde_json::from_value(params)?;
                serde_json::to_value(self.hints(&params.text_document.uri, params.range))?
            }
            "textDocument/codeAction" => {
                let params: CodeActionParams = serde_json::from_value(params)?;
                serde_json::to_value(self.actions(&params))?
            }
            "textDocument/diagnostic" => {
                let params: DocumentDiagnosticParams = serde_json::from_value(params)?;
                serde_json::to_value(self.document_diagnostics(&params))?
            }
            "workspace/diagnostic" => {
                let params: WorkspaceDiagnosticParams = serde_json::from_value(params)?;
                serde_json::to_value(self.workspace_diagnostics(params))?
            }
            "workspace/executeCommand" => {
                let params: ExecuteCommandParams = serde_json::from_value(params)?;
                self.execute(&params)?
            }
            "rolecall/coverage" => serde_json::json!({ "text": self.coverage() }),
            "rolecall/requirements" => serde_json::json!({ "markdown": self.requirements() }),
            _ => return Err(Refusal::Unknown),
        })
    }

    fn execute(&mut self, params: &ExecuteCommandParams) -> Result<Json, Refusal> {
        match params.command.as_str() {
            OPEN_PAGE => {
                let rule = params.arguments.as_ref().and_then(|arguments| arguments.first()?.as_str());
                if let Some(rule) = rule {
                    self.open_page(rule);
                }
                Ok(Json::Null)
            }
            SHOW_REQUIREMENTS => Ok(self.requirements().into()),
            _ => Err(Refusal::Unknown),
        }
    }

    /// Shows a rule's page: as a document where the client can, else as a message.
    fn open_page(&self, rule: &str) {
        let page = crate::convert::page(self.settings.pages.as_deref(), rule);
        if let Some(uri) = page.filter(|_| self.client.can.show_document) {
            let external = (uri.scheme() != SCHEME).then_some(true);
            self.client.ask::<ShowDocumentRequest>(ShowDocumentParams {
                uri,
                external,
                take_focus: Some(true),
                selection: None,
            });
        } else if let Some(text) = page_text(rule) {
            self.client.show(MessageType::Info, text);
        }
    }

    /// The text at an address of ours.
    fn content(&self, uri: &Uri) -> Option<String> {
        match uri.path() {
            "/requirements.md" => Some(self.requirements()),
            path => page_text(path.strip_prefix("/rules/")?.strip_suffix(".md")?).map(str::to_owned),
        }
    }

    /// How much was analysed, in one line.
    pub(crate) fn coverage(&self) -> String {
        let lines = self.folders.iter().filter_map(|folder| {
            let analysis = folder.analysis()?;
            Some(rolecall_report::coverage(&folder.run(analysis)))
        });
        let lines: Vec<_> = lines.collect();
        if lines.is_empty() { "nothing analysed yet".to_owned() } else { lines.join("; ") }
    }

    /// What every cluster needs, as Markdown.
    fn requirements(&self) -> String {
        let mut out = Vec::new();
        for folder in &self.folders {
            let Some(analysis) = folder.analysis() else { continue };
            let run = folder.run(analysis);
            let deployments = analysis.deployments.iter();
            let needs: Vec<_> = deployments
                .map(|one| one.deployment.as_deref().map(rolecall_rules::needs).unwrap_or_default())
                .collect();
            // Writing to memory does not fail.
            let _ = markdown(&mut out, &Requirements { run: &run, needs: &needs });
        }
        String::from_utf8(out).unwrap_or_default()
    }
}

/// The page of a rule, or of what is said about suppressions and configuration.
fn page_text(rule: &str) -> Option<&'static str> {
    let upkeep = || rolecall_rules::upkeep().iter().find(|one| one.id == rule).map(|one| one.page);
    rolecall_rules::rule(rule).map(|entry| entry.page).or_else(upkeep)
}
