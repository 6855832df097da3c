//! The thread that does the work: documents, folders, and what is published.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError};

use gen_lsp_types::{
    CodeLensRefreshRequest, ConfigurationItem, ConfigurationParams, ConfigurationRequest, Diagnostic,
    DiagnosticRefreshRequest, DidChangeConfigurationParams, DidChangeTextDocumentParams, DidChangeWatchedFilesParams,
    DidChangeWatchedFilesRegistrationOptions, DidChangeWorkspaceFoldersParams, DidCloseTextDocumentParams,
    DidOpenTextDocumentParams, DidSaveTextDocumentParams, FileChangeType, FileSystemWatcher, GlobPattern,
    InitializeParams, InlayHintRefreshRequest, MessageType, PublishDiagnosticsNotification, PublishDiagnosticsParams,
    Registration, RegistrationParams, RegistrationRequest, Uri, WorkspaceFolders,
};
use lsp_server::{ErrorCode, Notification, Request, Response};
use rolecall_source::Changes;

use crate::client::Client;
use crate::documents::{Documents, path_of};
use crate::folder::{Folder, Outcome};
use crate::settings::{SECTION, Settings};
use crate::{Shared, convert};

/// What there is to do.
pub(crate) enum Job {
    Request(Request),
    Notification(Notification),
    Response(Response),
}

/// Whether a notification changes what is to be analysed.
pub(crate) fn changes(method: &str) -> bool {
    matches!(
        method,
        "textDocument/didOpen"
            | "textDocument/didChange"
            | "textDocument/didClose"
            | "workspace/didChangeWatchedFiles"
            | "workspace/didChangeWorkspaceFolders"
            | "workspace/didChangeConfiguration"
    )
}

/// What is watched: all that an analysis may look up. Templates also load other files, which people save in editors.
const WATCHED: &str =
    "**/*.{bicep,bicepparam,json,jsonc,tf,tofu,tfvars,hcl,yaml,yml,tpl,tftpl,txt,toml,gitignore,ignore}";

/// What the client was told last of a file.
#[derive(Default)]
pub(crate) struct Published {
    version: Option<i32>,
    pub diagnostics: Vec<Diagnostic>,
}

/// The thread that does the work.
pub(crate) struct Worker {
    pub client: Client,
    pub shared: Arc<Shared>,
    pub documents: Documents,
    pub folders: Vec<Folder>,
    pub settings: Settings,
    /// What was said last, by path. Where the client asks by itself, what it would be told.
    pub published: BTreeMap<PathBuf, Published>,
    home: Option<PathBuf>,
    /// The workspace's folders, links resolved.
    roots: Vec<PathBuf>,
    scans: usize,
}

impl Worker {
    pub fn new(client: Client, shared: Arc<Shared>, home: Option<PathBuf>, params: &InitializeParams) -> Self {
        let mut worker = Worker {
            client,
            shared,
            documents: Documents::default(),
            folders: Vec::new(),
            settings: Settings::default(),
            published: BTreeMap::new(),
            home,
            roots: roots(params),
            scans: 0,
        };
        if let Some(given) = &params.initialization_options {
            worker.set(given);
        }
        worker
    }

    /// Works until the queue ends.
    pub fn run(&mut self, jobs: &Receiver<Job>) {
        self.guarded("starting", |worker| worker.start());
        loop {
            let job = match jobs.try_recv() {
                Ok(job) => job,
                Err(TryRecvError::Disconnected) => return,
                Err(TryRecvError::Empty) if self.is_stale() => {
                    self.guarded("analysing", |worker| {
                        worker.refresh();
                    });
                    continue;
                }
                Err(TryRecvError::Empty) => {
                    // Whoever was not waited for has been answered by now.
                    self.shared.cancelled().clear();
                    match jobs.recv() {
                        Ok(job) => job,
                        Err(_) => return,
                    }
                }
            };
            match job {
                Job::Request(request) => {
                    let id = request.id.clone();
                    let method = request.method.clone();
                    if !self.guarded(&method, |worker| worker.request(request)) {
                        self.client.refuse(id, ErrorCode::InternalError, "this broke down; please report it");
                    }
                }
                Job::Notification(notification) => {
                    let method = notification.method.clone();
                    self.guarded(&method, |worker| worker.notification(notification));
                }
                Job::Response(response) => {
                    self.guarded("an answer", |worker| worker.response(response));
                }
            }
        }
    }

    /// Does something; a fault of ours takes down what is known, and nothing else. Whether it went well.
    fn guarded(&mut self, what: &str, does: impl FnOnce(&mut Self)) -> bool {
        let done = catch_unwind(AssertUnwindSafe(|| does(self))).is_ok();
        if !done {
            self.client
                .log(MessageType::Error, format!("{what} broke down; this is a fault of rolecall: please report it"));
            if self.is_stale() {
                // What was half done is done anew once something changes: the same would break down again.
                self.open_folders();
                self.folders.iter_mut().for_each(|folder| folder.stale = false);
            }
        }
        done
    }

    fn start(&mut self) {
        self.client.log(MessageType::Info, format!("rolecall {} serves", env!("CARGO_PKG_VERSION")));
        if self.client.can.watch {
            let watchers =
                vec![FileSystemWatcher { glob_pattern: GlobPattern::Pattern(WATCHED.to_owned()), kind: None }];
            let options = DidChangeWatchedFilesRegistrationOptions { watchers };
            self.client.ask::<RegistrationRequest>(RegistrationParams {
                registrations: vec![Registration {
                    id: "rolecall/files".to_owned(),
                    method: "workspace/didChangeWatchedFiles".to_owned(),
                    register_options: serde_json::to_value(options).ok(),
                }],
            });
        }
        self.ask_for_settings();
        self.open_folders();
    }

    fn is_stale(&self) -> bool {
        self.folders.iter().any(|folder| folder.stale)
    }

    /// Opens all folders anew, and the documents that lie in none.
    fn open_folders(&mut self) {
        self.folders.clear();
        for root in self.roots.clone() {
            self.open_folder(root, false);
        }
        self.open_singles();
    }

    fn open_folder(&mut self, path: PathBuf, single: bool) {
        let options = self.settings.options(&path, self.home.clone());
        match Folder::new(path, single, options) {
            Ok(mut folder) => {
                self.client.log(MessageType::Info, format!("opens {}", folder.path.display()));
                for document in self.documents.iter() {
                    folder.set_buffer(&document.path, Some(document.text.as_str().into()));
                }
                self.folders.push(folder);
            }
            Err(error) => self.client.show(MessageType::Error, error.to_string()),
        }
    }

    /// Open documents outside of all folders stand for themselves.
    fn open_singles(&mut self) {
        let alone = |path: &Path| {
            !self.roots.iter().any(|root| path.starts_with(root)) && !self.folders.iter().any(|one| one.path == path)
        };
        let new: Vec<_> = self.documents.iter().map(|one| one.path.clone()).filter(|path| alone(path)).collect();
        for path in new {
            self.open_folder(path, true);
        }
    }

    /// Brings everything up to date and tells the client; whether nothing changed meanwhile.
    pub fn refresh(&mut self) -> bool {
        for folder in self.folders.iter_mut().filter(|folder| folder.stale) {
            self.scans += 1;
            if folder.analyse(&self.client, &self.shared, self.scans) == Outcome::Stopped {
                return false;
            }
        }
        self.publish();
        true
    }

    fn publish(&mut self) {
        let mut all = BTreeMap::new();
        for folder in &self.folders {
            folder.diagnostics(&self.documents, &self.client, self.settings.pages.as_deref(), &mut all);
        }
        all.values_mut().for_each(convert::settle);
        let mut anything = false;
        let gone: Vec<_> = self.published.keys().filter(|path| !all.contains_key(*path)).cloned().collect();
        let open = self.documents.iter().map(|document| document.path.clone());
        for path in gone.into_iter().chain(open) {
            all.entry(path).or_default();
        }
        for (path, diagnostics) in all {
            let version = self.documents.at(&path).map(|document| document.version);
            let before = self.published.get(&path);
            let same = before.map_or(diagnostics.is_empty(), |before| before.diagnostics == diagnostics);
            // The version of a text tells that its diagnostics are those of what stands there now.
            if same && (version.is_none() || before.is_some_and(|before| before.version == version)) {
                continue;
            }
            anything |= !same;
            if !self.client.can.pull
                && let Some(uri) = self.documents.uri(&path)
            {
                let diagnostics = diagnostics.clone();
                self.client.notify::<PublishDiagnosticsNotification>(PublishDiagnosticsParams {
                    uri,
                    version,
                    diagnostics,
                });
            }
            match diagnostics.is_empty() && version.is_none() {
                true => self.published.remove(&path),
                false => self.published.insert(path, Published { version, diagnostics }),
            };
        }
        if anything {
            self.client.notify_as("rolecall/status", serde_json::json!({ "text": self.coverage() }));
            if self.client.can.pull {
                self.client.ask::<DiagnosticRefreshRequest>(());
            }
            if self.client.can.refresh_lenses {
                self.client.ask::<CodeLensRefreshRequest>(());
            }
            if self.client.can.refresh_hints {
                self.client.ask::<InlayHintRefreshRequest>(());
            }
        }
    }

    fn notification(&mut self, notification: Notification) {
        let Notification { method, params } = notification;
        let read = match method.as_str() {
            "textDocument/didOpen" => self.with(params, Self::opened),
            "textDocument/didChange" => self.with(params, Self::edited),
            "textDocument/didClose" => self.with(params, Self::closed),
            "textDocument/didSave" => self.with(params, Self::saved),
            "workspace/didChangeWatchedFiles" => self.with(params, Self::watched),
            "workspace/didChangeWorkspaceFolders" => self.with(params, Self::moved_folders),
            "workspace/didChangeConfiguration" => self.with(params, Self::configured),
            _ => Ok(()),
        };
        if let Err(error) = read {
            self.client.log(MessageType::Error, format!("{method} cannot be understood: {error}"));
        }
    }

    fn with<P: serde::de::DeserializeOwned>(
        &mut self,
        params: serde_json::Value,
        does: impl FnOnce(&mut Self, P),
    ) -> Result<(), serde_json::Error> {
        does(self, serde_json::from_value(params)?);
        Ok(())
    }

    fn opened(&mut self, params: DidOpenTextDocumentParams) {
        let one = params.text_document;
        let Some(document) = self.documents.open(one.uri, one.version, one.text) else { return };
        let (path, text): (_, Arc<str>) = (document.path.clone(), document.text.as_str().into());
        self.folders.iter_mut().for_each(|folder| folder.set_buffer(&path, Some(text.clone())));
        self.open_singles();
    }

    fn edited(&mut self, params: DidChangeTextDocumentParams) {
        let one = params.text_document;
        let encoding = self.client.can.encoding;
        let uri = &one.text_document_identifier.uri;
        let Some(document) = self.documents.change(uri, one.version, encoding, params.content_changes) else { return };
        let (path, text): (_, Arc<str>) = (document.path.clone(), document.text.as_str().into());
        self.folders.iter_mut().for_each(|folder| folder.set_buffer(&path, Some(text.clone())));
    }

    fn closed(&mut self, params: DidCloseTextDocumentParams) {
        let Some(document) = self.documents.close(&params.text_document.uri) else { return };
        self.folders.retain(|folder| !(folder.single && folder.path == document.path));
        self.folders.iter_mut().for_each(|folder| folder.set_buffer(&document.path, None));
        if !self.is_stale() {
            self.publish();
        }
    }

    fn saved(&mut self, _: DidSaveTextDocumentParams) {
        if !self.client.can.watch {
            // Nobody tells what else changed on disk: all of it is looked at again.
            for folder in &mut self.folders {
                let mut changes = Changes::default();
                changes.moved(if folder.single { folder.path.parent().unwrap_or(&folder.path) } else { &folder.path });
                folder.changed(changes);
            }
        }
    }

    fn watched(&mut self, params: DidChangeWatchedFilesParams) {
        let mut changes = Changes::default();
        for event in params.changes {
            let Some(path) = path_of(&event.uri) else { continue };
            // What the editor holds counts, whatever is on disk.
            match event.kind {
                FileChangeType::Changed if self.documents.at(&path).is_some() => {}
                FileChangeType::Changed => changes.edited(&path),
                _ => changes.moved(&path),
            }
        }
        if !changes.is_empty() {
            self.folders.iter_mut().for_each(|folder| folder.changed(changes.clone()));
        }
    }

    fn moved_folders(&mut self, params: DidChangeWorkspaceFoldersParams) {
        let paths = |folders: Vec<gen_lsp_types::WorkspaceFolder>| {
            folders.into_iter().filter_map(|folder| path_of(&folder.uri)).collect::<Vec<_>>()
        };
        let (added, removed) = (paths(params.event.added), paths(params.event.removed));
        self.roots.retain(|root| !removed.contains(root));
        self.roots = outermost(self.roots.iter().cloned().chain(added).collect());
        let roots = self.roots.clone();
        let inside = |path: &Path| roots.iter().any(|root| path.starts_with(root));
        self.folders.retain(|folder| match folder.single {
            true => !inside(&folder.path),
            false => roots.contains(&folder.path),
        });
        for root in roots
            .iter()
            .filter(|root| !self.folders.iter().any(|folder| folder.path == **root))
            .cloned()
            .collect::<Vec<_>>()
        {
            self.open_folder(root, false);
        }
        self.open_singles();
        if !self.is_stale() {
            self.publish();
        }
    }

    fn configured(&mut self, params: DidChangeConfigurationParams) {
        if self.client.can.configuration {
            self.ask_for_settings();
        } else if let Some(section) = params.settings.get(SECTION) {
            self.reconfigure(section);
        }
    }

    fn ask_for_settings(&self) {
        if self.client.can.configuration {
            let item = ConfigurationItem { scope_uri: None, section: Some(SECTION.to_owned()) };
            self.client.ask::<ConfigurationRequest>(ConfigurationParams { items: vec![item] });
        }
    }

    fn response(&mut self, response: Response) {
        let method = self.client.answered(&response.id).unwrap_or_default();
        match response.response_result {
            Err(error) => {
                self.client.log(MessageType::Warning, format!("the client refused {method}: {}", error.message));
            }
            Ok(result) if method == "workspace/configuration" => {
                if let Some(given) = result.get(0).filter(|given| !given.is_null()) {
                    self.reconfigure(given);
                }
            }
            Ok(_) => {}
        }
    }

    fn reconfigure(&mut self, given: &serde_json::Value) {
        let before = self.settings.clone();
        self.set(given);
        if self.settings != before {
            self.open_folders();
        }
    }

    fn set(&mut self, given: &serde_json::Value) {
        match Settings::read(given) {
            Ok(settings) => self.settings = settings,
            Err(error) => self.client.show(MessageType::Error, format!("these settings cannot be understood: {error}")),
        }
    }
}

/// The folders of a workspace.
fn roots(params: &InitializeParams) -> Vec<PathBuf> {
    let mut uris: Vec<&Uri> = Vec::new();
    match &params.workspace_folders_initialize_params.workspace_folders {
        Some(WorkspaceFolders::WorkspaceFolderList(folders)) => uris.extend(folders.iter().map(|folder| &folder.uri)),
        _ => {
            #[allow(deprecated, reason = "older clients say nothing else")]
            uris.extend(&params.root_uri);
        }
    }
    outermost(uris.into_iter().filter_map(path_of).collect())
}

/// Folders without those that lie in others.
fn outermost(mut folders: Vec<PathBuf>) -> Vec<PathBuf> {
    folders.sort();
    folders.dedup_by(|inner, outer| inner.starts_with(outer));
    folders
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use lsp_server::Message;

    use super::*;

    #[test]
    fn what_breaks_down_is_told_of_and_the_next_job_is_done() {
        let params = InitializeParams::default();
        let (sender, said) = mpsc::channel();
        let client = Client::new(move |message| drop(sender.send(message)), &params);
        let mut worker = Worker::new(client, Arc::default(), None, &params);
        assert!(!worker.guarded("this", |_| panic!("on purpose")));
        assert!(worker.guarded("that", |_| {}));
        let told = |message: Message| match message {
            Message::Notification(one) => one.params.to_string().contains("this broke down"),
            _ => false,
        };
        assert!(said.try_iter().any(told));
    }

    #[test]
    fn a_folder_inside_another_is_a_part_of_it() {
        let paths = |names: &[&str]| names.iter().map(PathBuf::from).collect::<Vec<_>>();
        assert_eq!(outermost(paths(&["/a/b", "/ab", "/a", "/a"])), paths(&["/a", "/ab"]));
    }
}
