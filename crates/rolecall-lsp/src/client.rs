//! The client: what it can do, and what is said to it.

use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use gen_lsp_types::{
    InitializeParams, LogMessageNotification, LogMessageParams, MessageType, Notification, PositionEncodingKind,
    Request, ResourceOperationKind, ShowMessageNotification, ShowMessageParams,
};
use lsp_server::{ErrorCode, Message, RequestId, Response};
use rustc_hash::FxHashMap;

use crate::position::Encoding;

/// What the client can do.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Can {
    pub encoding: Encoding,
    /// It asks for diagnostics, and can be told that it should ask again.
    pub pull: bool,
    pub progress: bool,
    /// It watches files that it is told to watch.
    pub watch: bool,
    /// It can be asked for settings.
    pub configuration: bool,
    /// It takes edits for one version of a document.
    pub versioned_edits: bool,
    /// Whether edits may add files.
    pub create_files: bool,
    pub show_document: bool,
    pub refresh_lenses: bool,
    pub refresh_hints: bool,
}

impl Can {
    fn of(params: &InitializeParams) -> Self {
        let all = &params.capabilities;
        let workspace = all.workspace.as_ref();
        let window = all.window.as_ref();
        let refreshes = |support: Option<bool>| support == Some(true);
        let offered = all.general.as_ref().and_then(|general| general.position_encodings.as_deref());
        Can {
            // Bytes are what is counted here; the first that is offered and known serves otherwise.
            encoding: match offered {
                Some(offered) if offered.contains(&PositionEncodingKind::UTF8) => Encoding::Utf8,
                Some([PositionEncodingKind::UTF32, ..]) => Encoding::Utf32,
                _ => Encoding::Utf16,
            },
            pull: all.text_document.as_ref().is_some_and(|one| one.diagnostic.is_some())
                && workspace.and_then(|one| one.diagnostics.as_ref()).is_some_and(|one| refreshes(one.refresh_support)),
            progress: window.is_some_and(|window| window.work_done_progress == Some(true)),
            watch: workspace
                .and_then(|one| one.did_change_watched_files.as_ref())
                .is_some_and(|one| one.dynamic_registration == Some(true)),
            configuration: workspace.is_some_and(|one| one.configuration == Some(true)),
            versioned_edits: workspace
                .and_then(|one| one.workspace_edit.as_ref())
                .is_some_and(|one| one.document_changes == Some(true)),
            create_files: workspace
                .and_then(|one| one.workspace_edit.as_ref())
                .and_then(|one| one.resource_operations.as_ref())
                .is_some_and(|all| all.contains(&ResourceOperationKind::Create)),
            show_document: window.and_then(|window| window.show_document.as_ref()).is_some_and(|one| one.support),
            refresh_lenses: workspace
                .and_then(|one| one.code_lens.as_ref())
                .is_some_and(|one| refreshes(one.refresh_support)),
            refresh_hints: workspace
                .and_then(|one| one.inlay_hint.as_ref())
                .is_some_and(|one| refreshes(one.refresh_support)),
        }
    }
}

type Send = dyn Fn(Message) + std::marker::Send + Sync;

/// The client.
#[derive(Clone)]
pub(crate) struct Client {
    pub can: Can,
    send: Arc<Send>,
    next: Arc<AtomicI32>,
    /// The methods of requests that it has not answered.
    asked: Arc<Mutex<FxHashMap<RequestId, String>>>,
}

impl Client {
    pub fn new(sender: impl Fn(Message) + std::marker::Send + Sync + 'static, params: &InitializeParams) -> Self {
        Client { can: Can::of(params), send: Arc::new(sender), next: Arc::default(), asked: Arc::default() }
    }

    fn send(&self, message: impl Into<Message>) {
        (self.send)(message.into());
    }

    pub fn notify<N: Notification>(&self, params: N::Params) {
        self.send(lsp_server::Notification::new(N::METHOD.to_string(), params));
    }

    /// A notification of ours.
    pub fn notify_as(&self, method: &str, params: impl serde::Serialize) {
        self.send(lsp_server::Notification::new(method.to_owned(), params));
    }

    pub fn ask<R: Request>(&self, params: R::Params) {
        let id = RequestId::from(self.next.fetch_add(1, Ordering::Relaxed));
        let method = R::METHOD.to_string();
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).insert(id.clone(), method.clone());
        // A request without parameters has none at all.
        let params = serde_json::to_value(params).unwrap_or_default();
        self.send(lsp_server::Request { id, method, params });
    }

    /// The method of the request that is answered.
    pub fn answered(&self, id: &RequestId) -> Option<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).remove(id)
    }

    pub fn respond(&self, id: RequestId, result: serde_json::Value) {
        self.send(Response::new_ok(id, result));
    }

    pub fn refuse(&self, id: RequestId, code: ErrorCode, message: impl Into<String>) {
        self.send(Response::new_err(id, code as i32, message.into()));
    }

    /// Writes to the client's log.
    pub fn log(&self, kind: MessageType, message: impl Into<String>) {
        self.notify::<LogMessageNotification>(LogMessageParams { kind, message: message.into() });
    }

    /// Shows a message to the person.
    pub fn show(&self, kind: MessageType, message: impl Into<String>) {
        self.notify::<ShowMessageNotification>(ShowMessageParams { kind, message: message.into() });
    }
}
