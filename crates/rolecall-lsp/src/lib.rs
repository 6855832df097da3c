//! The language server: what `check` knows, while people type.
//!
//! One thread reads messages and notes which of them make running work useless; another does everything else in the order
//! of the messages (`worker`): it keeps the texts of open documents, analyses each workspace folder with a
//! [`Session`](rolecall_workspace::Session), publishes what it says, and answers questions about places.
//!
//! No rule is known here, nothing is evaluated, and of a finding only its place and its edits are looked into: what it says
//! is worded by `rolecall-report`.

mod actions;
mod capabilities;
mod client;
mod convert;
mod describe;
mod documents;
mod folder;
mod hints;
mod lens;
mod locate;
mod navigate;
mod position;
mod pull;
mod requests;
mod settings;
mod worker;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};

use gen_lsp_types::{InitializeParams, InitializeResult, ServerInfo};
use lsp_server::{Connection, Message, RequestId};
use rustc_hash::FxHashSet;

use client::Client;
use worker::{Job, Worker};

/// The stack of the thread that answers: it walks values as deep as evaluation makes them.
const STACK: usize = 64 << 20;

/// Why the server ended.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The client said what the protocol does not know.
    #[error("the client broke the protocol: {0}")]
    Protocol(String),
    /// A stream or a thread failed.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// What both threads know.
#[derive(Default)]
pub(crate) struct Shared {
    /// How many messages have come that change what is to be analysed.
    changes: AtomicU64,
    /// Requests that nobody waits for any more.
    cancelled: Mutex<FxHashSet<RequestId>>,
}

impl Shared {
    fn cancelled(&self) -> std::sync::MutexGuard<'_, FxHashSet<RequestId>> {
        self.cancelled.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Serves a client on standard input and output until it leaves. `home` is the user's folder, which holds the cache of
/// restored Bicep modules.
///
/// # Errors
/// The client broke the protocol, or a stream failed.
pub fn run(home: Option<PathBuf>) -> Result<(), Error> {
    let (connection, threads) = Connection::stdio();
    serve(connection, home)?;
    Ok(threads.join()?)
}

/// Serves a client until it leaves.
///
/// # Errors
/// The client broke the protocol.
pub fn serve(connection: Connection, home: Option<PathBuf>) -> Result<(), Error> {
    let protocol = |error: lsp_server::ProtocolError| Error::Protocol(error.to_string());
    let (id, params) = connection.initialize_start().map_err(protocol)?;
    let params: InitializeParams =
        serde_json::from_value(params).map_err(|error| Error::Protocol(error.to_string()))?;
    let sender = connection.sender.clone();
    // A client that has gone away is told nothing.
    let client = Client::new(move |message| drop(sender.send(message)), &params);
    let result = InitializeResult {
        capabilities: capabilities::of(&client.can),
        server_info: Some(ServerInfo {
            name: "rolecall".to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        }),
    };
    let result = serde_json::to_value(result).map_err(|error| Error::Protocol(error.to_string()))?;
    connection.initialize_finish(id, result).map_err(protocol)?;

    let shared = Arc::new(Shared::default());
    let (queue, jobs) = mpsc::channel();
    let mut worker = Worker::new(client, shared.clone(), home, &params);
    let worker =
        std::thread::Builder::new().name("worker".to_owned()).stack_size(STACK).spawn(move || worker.run(&jobs))?;
    for message in &connection.receiver {
        let job = match message {
            Message::Request(request) if connection.handle_shutdown(&request).map_err(protocol)? => break,
            Message::Request(request) => Job::Request(request),
            Message::Response(response) => Job::Response(response),
            Message::Notification(notification) => match notification.method.as_str() {
                "exit" => break,
                "$/cancelRequest" => {
                    if let Some(id) = cancelled(notification.params) {
                        shared.cancelled().insert(id);
                    }
                    continue;
                }
                _ => {
                    if worker::changes(&notification.method) {
                        shared.changes.fetch_add(1, Ordering::Release);
                    }
                    Job::Notification(notification)
                }
            },
        };
        if queue.send(job).is_err() {
            break;
        }
    }
    // What runs is of no use any more.
    shared.changes.fetch_add(1, Ordering::Release);
    drop(queue);
    // The worker ends with its queue; that it broke down it has said itself.
    let _ = worker.join();
    Ok(())
}

fn cancelled(params: serde_json::Value) -> Option<RequestId> {
    #[derive(serde::Deserialize)]
    struct Params {
        id: RequestId,
    }
    serde_json::from_value::<Params>(params).ok().map(|params| params.id)
}
