//! A workspace folder, or a file outside of all of them, and what is known of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use gen_lsp_types::{
    Diagnostic, MessageType, ProgressNotification, ProgressParams, ProgressToken, WorkDoneProgressBegin,
    WorkDoneProgressCreateParams, WorkDoneProgressCreateRequest, WorkDoneProgressEnd, WorkDoneProgressReport,
};
use rolecall_report::editor::{Place, Remark, remarks};
use rolecall_report::{Deployed, Run};
use rolecall_source::{Changes, FileId, Files, ReadError, SourceFile};
use rolecall_workspace::{Analysis, Error, Options, Progress, Session};

use crate::Shared;
use crate::client::Client;
use crate::convert::Places;
use crate::documents::Documents;

/// A workspace folder, or a file outside of all of them.
pub(crate) struct Folder {
    pub path: PathBuf,
    /// Whether it is a file that stands for itself.
    pub single: bool,
    session: Session,
    analysis: Option<Arc<Analysis>>,
    /// What is wrong with a file that everything rests on, so that nothing could be analysed.
    broken: Option<(Arc<SourceFile>, Vec<rolecall_source::Diagnostic>)>,
    /// Whether something changed since the last analysis.
    pub stale: bool,
    complaint: Option<String>,
}

/// What became of an analysis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// There is something new to say.
    Done,
    /// Something has changed meanwhile.
    Stopped,
}

impl Folder {
    pub fn new(path: PathBuf, single: bool, options: Options) -> Result<Self, Error> {
        let session = Session::new(options)?;
        Ok(Folder { path, single, session, analysis: None, broken: None, stale: true, complaint: None })
    }

    pub fn set_buffer(&mut self, path: &Path, text: Option<Arc<str>>) {
        self.session.set_buffer(path, text);
        self.stale = true;
    }

    pub fn changed(&mut self, changes: Changes) {
        self.session.changed(changes);
        self.stale = true;
    }

    /// What was found last.
    pub fn analysis(&self) -> Option<&Analysis> {
        self.analysis.as_deref()
    }

    /// Analyses what there is now, unless something else comes up.
    pub fn analyse(&mut self, client: &Client, shared: &Shared, number: usize) -> Outcome {
        let start = Instant::now();
        let first = self.analysis.is_none() && client.can.progress;
        let watch = Watch {
            client,
            shared,
            seen: shared.changes.load(Ordering::Acquire),
            progress: first.then(|| ProgressToken::String(format!("rolecall/scan/{number}"))),
            of: AtomicUsize::new(0),
            done: AtomicUsize::new(0),
            percent: AtomicUsize::new(0),
        };
        watch.start(&self.path);
        let analysed = self.session.analyse(&watch);
        watch.end();
        self.stale = false;
        self.broken = None;
        match analysed {
            Ok(analysis) => {
                let work = analysis.work;
                let millis = start.elapsed().as_secs_f64() * 1000.0;
                client.log(
                    MessageType::Log,
                    format!(
                        "{}: {} deployments in {millis:.1} ms: {} judged anew, {} files parsed",
                        self.path.display(),
                        work.deployments,
                        work.judged,
                        work.parsed
                    ),
                );
                if analysis.broke_down {
                    client.log(MessageType::Error, "the analysis of a deployment broke down; please report it");
                }
                self.complaint = None;
                self.analysis = Some(Arc::new(analysis));
            }
            Err(Error::Stopped) => {
                self.stale = true;
                return Outcome::Stopped;
            }
            Err(Error::Configuration { file, problems }) => self.broken = Some((file, problems)),
            Err(error) => {
                let complaint = format!("{}: {error}", self.path.display());
                // Said once, not on every keystroke.
                if self.complaint.as_ref() != Some(&complaint) {
                    client.show(MessageType::Error, complaint.clone());
                }
                self.complaint = Some(complaint);
                self.analysis = None;
            }
        }
        Outcome::Done
    }

    /// The remarks of the last analysis.
    pub fn with_remarks<T>(&self, then: impl FnOnce(&Analysis, &[Remark<'_>]) -> T) -> Option<T> {
        let analysis = self.analysis.as_deref()?;
        let run = self.run(analysis);
        Some(then(analysis, &remarks(&run)))
    }

    /// An analysis as the report takes it.
    pub fn run<'a>(&'a self, analysis: &'a Analysis) -> Run<'a> {
        let deployed = analysis.deployments.iter().map(|one| Deployed {
            entry: one.entry,
            parameters: &one.parameters,
            report: &one.report,
        });
        Run {
            files: &*analysis.files,
            current_dir: &self.session.options().current_dir,
            file_count: analysis.file_count,
            deployments: deployed.collect(),
            upkeep: &analysis.upkeep,
            diagnostics: &analysis.diagnostics,
            unreadable: &analysis.unreadable,
            accepted: analysis.accepted.len(),
            broke_down: analysis.broke_down,
        }
    }

    /// Adds the diagnostics of each file.
    pub fn diagnostics(
        &self,
        documents: &Documents,
        client: &Client,
        pages: Option<&str>,
        into: &mut BTreeMap<PathBuf, Vec<Diagnostic>>,
    ) {
        let encoding = client.can.encoding;
        if let Some((file, problems)) = &self.broken {
            let one = OneFile(file.clone());
            let places = Places { files: &one, documents, encoding, pages };
            let remarks: Vec<_> = problems
                .iter()
                .map(|problem| Remark {
                    place: Place::Bytes(problem.span),
                    level: problem.level,
                    rule: None,
                    message: problem.message.clone(),
                    related: problem.related.clone(),
                    useless: false,
                    finding: None,
                })
                .collect();
            places.diagnostics(&remarks, into);
        }
        self.with_remarks(|analysis, remarks| {
            // What was found under a configuration that is broken now still stands beside its problems.
            let fresh = self.broken.is_none();
            let places = Places { files: &*analysis.files, documents, encoding, pages };
            let mut found = BTreeMap::new();
            places.diagnostics(remarks, &mut found);
            found.retain(|path, _| fresh || self.broken.as_ref().is_none_or(|(file, _)| file.path != *path));
            for (path, mut all) in found {
                into.entry(path).or_default().append(&mut all);
            }
        });
    }
}

/// A snapshot of one file.
struct OneFile(Arc<SourceFile>);

impl Files for OneFile {
    fn root(&self) -> &Path {
        self.0.path.parent().unwrap_or(&self.0.path)
    }

    fn read(&self, path: &Path) -> Result<Arc<SourceFile>, ReadError> {
        if path == self.0.path { Ok(self.0.clone()) } else { Err(ReadError::NotFound) }
    }

    fn get(&self, id: FileId) -> Option<Arc<SourceFile>> {
        (id == self.0.id).then(|| self.0.clone())
    }
}

/// Follows an analysis: stops it once something changes, and shows how far the first one is.
struct Watch<'a> {
    client: &'a Client,
    shared: &'a Shared,
    seen: u64,
    progress: Option<ProgressToken>,
    of: AtomicUsize,
    done: AtomicUsize,
    /// How much was said last.
    percent: AtomicUsize,
}

impl Watch<'_> {
    fn say(&self, value: impl serde::Serialize) {
        if let (Some(token), Ok(value)) = (&self.progress, serde_json::to_value(value)) {
            self.client.notify::<ProgressNotification>(ProgressParams { token: token.clone(), value });
        }
    }

    fn start(&self, path: &Path) {
        if let Some(token) = &self.progress {
            self.client.ask::<WorkDoneProgressCreateRequest>(WorkDoneProgressCreateParams { token: token.clone() });
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
            self.say(kind(
                "begin",
                &WorkDoneProgressBegin {
                    title: "rolecall".to_owned(),
                    cancellable: Some(false),
                    message: Some(format!("analysing {}", name.unwrap_or_default())),
                    percentage: Some(0),
                },
            ));
        }
    }

    fn end(&self) {
        self.say(kind("end", &WorkDoneProgressEnd::default()));
    }
}

/// A progress value with the kind that it is told by.
fn kind(name: &str, value: &impl serde::Serialize) -> serde_json::Value {
    let mut value = serde_json::to_value(value).unwrap_or_default();
    if let Some(object) = value.as_object_mut() {
        object.insert("kind".to_owned(), name.into());
    }
    value
}

impl Progress for Watch<'_> {
    fn begin(&self, deployments: usize) {
        self.of.store(deployments, Ordering::Relaxed);
    }

    fn step(&self) {
        let (done, of) = (self.done.fetch_add(1, Ordering::Relaxed) + 1, self.of.load(Ordering::Relaxed));
        let percent = done * 100 / of.max(1);
        // In steps, so that a large workspace does not drown the client.
        if self.progress.is_some() && percent >= self.percent.load(Ordering::Relaxed) + 5 {
            self.percent.store(percent, Ordering::Relaxed);
            self.say(kind(
                "report",
                &WorkDoneProgressReport {
                    message: Some(format!("{done} of {of} deployments")),
                    percentage: u32::try_from(percent).ok(),
                    ..WorkDoneProgressReport::default()
                },
            ));
        }
    }

    fn stops(&self) -> bool {
        self.shared.changes.load(Ordering::Acquire) != self.seen
    }
}
