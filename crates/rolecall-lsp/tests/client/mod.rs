//! A scripted client: it speaks the protocol over channels, answers what the server asks, and keeps what it is told.

#![allow(dead_code, clippy::unwrap_used, reason = "each test uses a part of it")]

pub mod replay;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use lsp_server::{Connection, Message, Notification, Request, RequestId, Response};
use serde_json::{Value as Json, json};

/// How long a server may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// A client and the server that it speaks to.
pub struct Client {
    connection: Connection,
    server: Option<JoinHandle<()>>,
    next: i32,
    /// What was published last, by path: the version, and the diagnostics.
    pub published: BTreeMap<PathBuf, (Option<i64>, Vec<Json>)>,
    /// All other notifications.
    pub notified: Vec<Notification>,
    /// What the server asked.
    pub asked: Vec<Request>,
    /// What it is answered about settings.
    pub settings: Json,
    /// What the server offers.
    pub capabilities: Json,
    texts: BTreeMap<PathBuf, (i64, String)>,
}

/// The address of a file.
pub fn uri(path: &Path) -> String {
    let encoded: String = path.to_string_lossy().replace('%', "%25").replace(' ', "%20");
    format!("file://{encoded}")
}

/// The place of the first occurrence of a text, in lines and UTF-16 units.
pub fn position(text: &str, of: &str) -> Json {
    let at = text.find(of).expect("it stands there");
    let line = text[..at].matches('\n').count();
    let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
    json!({ "line": line, "character": text[start..at].encode_utf16().count() })
}

impl Client {
    /// A client that can nothing special, with a folder.
    pub fn start(folder: &Path) -> Self {
        Self::with(Some(folder), json!({}), Json::Null)
    }

    /// A client with capabilities and `initializationOptions`.
    pub fn with(folder: Option<&Path>, capabilities: Json, options: Json) -> Self {
        let (server, connection) = Connection::memory();
        let thread = std::thread::spawn(move || rolecall_lsp::serve(server, None).expect("served"));
        let mut client = Client {
            connection,
            server: Some(thread),
            next: 0,
            published: BTreeMap::new(),
            notified: Vec::new(),
            asked: Vec::new(),
            settings: Json::Null,
            capabilities: Json::Null,
            texts: BTreeMap::new(),
        };
        let folders = folder.map(|folder| json!([{ "uri": uri(folder), "name": "folder" }]));
        let params = json!({
            "processId": null, "rootUri": null, "capabilities": capabilities,
            "workspaceFolders": folders, "initializationOptions": options,
        });
        let result = client.request("initialize", params).expect("initialized");
        client.capabilities = result["capabilities"].clone();
        client.notify("initialized", json!({}));
        client
    }

    /// Sends a notification.
    pub fn notify(&self, method: &str, params: Json) {
        let message = Notification::new(method.to_owned(), params);
        self.connection.sender.send(message.into()).expect("sent");
    }

    /// Sends a request; its number.
    pub fn send(&mut self, method: &str, params: Json) -> RequestId {
        self.next += 1;
        let id = RequestId::from(self.next);
        self.connection.sender.send(Request::new(id.clone(), method.to_owned(), params).into()).expect("sent");
        id
    }

    /// Asks and waits for the answer.
    pub fn request(&mut self, method: &str, params: Json) -> Result<Json, (i32, String)> {
        let id = self.send(method, params);
        self.answer(&id)
    }

    /// Waits for an answer.
    pub fn answer(&mut self, id: &RequestId) -> Result<Json, (i32, String)> {
        loop {
            if let Some(response) = self.step()
                && response.id == *id
            {
                return response.response_result.map_err(|error| (error.code, error.message));
            }
        }
    }

    /// Takes one message; the answer, where it is one.
    fn step(&mut self) -> Option<Response> {
        match self.connection.receiver.recv_timeout(PATIENCE).expect("the server says something") {
            Message::Response(response) => return Some(response),
            Message::Request(request) => {
                let result = match request.method.as_str() {
                    "workspace/configuration" => json!([self.settings]),
                    "window/showDocument" => json!({ "success": true }),
                    _ => Json::Null,
                };
                self.connection.sender.send(Response::new_ok(request.id.clone(), result).into()).expect("sent");
                self.asked.push(request);
            }
            Message::Notification(one) if one.method == "textDocument/publishDiagnostics" => {
                let uri = one.params["uri"].as_str().expect("an address");
                let path = PathBuf::from(uri.strip_prefix("file://").expect("a file").replace("%20", " "));
                let diagnostics = one.params["diagnostics"].as_array().expect("a list").clone();
                self.published.insert(path, (one.params["version"].as_i64(), diagnostics));
            }
            Message::Notification(one) => self.notified.push(one),
        }
        None
    }

    /// Takes messages until something holds.
    pub fn until(&mut self, holds: impl Fn(&Client) -> bool) {
        let start = Instant::now();
        while !holds(self) {
            assert!(start.elapsed() < PATIENCE, "it never came: {:#?}", self.published);
            self.step();
        }
    }

    /// Waits until all that was sent so far is worked off.
    pub fn settle(&mut self) {
        self.request("rolecall/coverage", json!({})).expect("answered");
    }

    /// Opens a document.
    pub fn open(&mut self, path: &Path, text: &str) {
        self.texts.insert(path.to_owned(), (1, text.to_owned()));
        let document = json!({ "uri": uri(path), "languageId": "any", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// Replaces the text of an open document.
    pub fn replace(&mut self, path: &Path, text: &str) -> i64 {
        self.texts.insert(path.to_owned(), (self.texts[path].0, text.to_owned()));
        self.change(path, json!([{ "text": text }]))
    }

    /// Sends changes to an open document; its version then.
    pub fn change(&mut self, path: &Path, changes: Json) -> i64 {
        let known = self.texts.get_mut(path).expect("open");
        known.0 += 1;
        let document = json!({ "uri": uri(path), "version": known.0 });
        let version = known.0;
        self.notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
        version
    }

    /// Closes a document.
    pub fn close(&mut self, path: &Path) {
        self.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri(path) } }));
    }

    /// The diagnostics of a version of a document, once they come.
    pub fn diagnostics(&mut self, path: &Path, version: i64) -> Vec<Json> {
        self.until(|client| client.published.get(path).is_some_and(|one| one.0 == Some(version)));
        self.published[path].1.clone()
    }

    /// The diagnostics of a file now.
    pub fn now(&mut self, path: &Path) -> Vec<Json> {
        self.settle();
        self.published.get(path).map(|one| one.1.clone()).unwrap_or_default()
    }

    /// Asks about a place in a document.
    pub fn at(&mut self, method: &str, path: &Path, position: Json) -> Json {
        let params = json!({
            "textDocument": { "uri": uri(path) }, "position": position, "context": { "includeDeclaration": true },
        });
        self.request(method, params).expect("answered")
    }

    /// Tells of files that changed on disk: 1 created, 2 changed, 3 deleted.
    pub fn watched(&self, changes: &[(&Path, u32)]) {
        let changes: Vec<_> = changes.iter().map(|(path, kind)| json!({ "uri": uri(path), "type": kind })).collect();
        self.notify("workspace/didChangeWatchedFiles", json!({ "changes": changes }));
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        self.request("shutdown", Json::Null).expect("shut down");
        self.notify("exit", Json::Null);
        self.server.take().expect("running").join().expect("ended well");
    }
}

/// The rules of diagnostics, in order.
pub fn rules(diagnostics: &[Json]) -> Vec<String> {
    diagnostics.iter().map(|one| one["code"].as_str().unwrap_or("-").to_owned()).collect()
}

/// A text after the edits that a workspace edit makes in its only document.
pub fn applied(text: &str, edit: &Json) -> String {
    let edits = match &edit["documentChanges"] {
        Json::Array(changes) => changes[0]["edits"].clone(),
        _ => edit["changes"].as_object().expect("changes").values().next().expect("a document").clone(),
    };
    let offset = |position: &Json| {
        let line = position["line"].as_u64().expect("a line");
        let start = text.split_inclusive('\n').take(line as usize).map(str::len).sum::<usize>();
        let units = position["character"].as_u64().expect("a character") as usize;
        let mut seen = 0;
        let rest = &text[start..];
        start
            + rest
                .char_indices()
                .find(|(_, c)| {
                    let at = seen;
                    seen += c.len_utf16();
                    at >= units
                })
                .map_or(rest.len(), |(at, _)| at)
    };
    let mut all: Vec<_> = edits.as_array().expect("edits").iter().collect();
    all.sort_by_key(|edit| std::cmp::Reverse(offset(&edit["range"]["start"])));
    let mut out = text.to_owned();
    for edit in all {
        let range = offset(&edit["range"]["start"])..offset(&edit["range"]["end"]);
        out.replace_range(range, edit["newText"].as_str().expect("a text"));
    }
    out
}
