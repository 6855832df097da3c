//! Which files of a folder may be templates or parameter files.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::WalkBuilder;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use memchr::memmem;
use rayon::prelude::*;
use rolecall_arm::{Schema, is_stamped_by_bicep, schema_of};
use rolecall_source::{Changes, DiskFiles, Files, Level, ReadError, SourceFile, Unreadable};
use rustc_hash::FxHashMap;

use crate::config::Config;
use crate::terraform::is_configuration_file;

/// A template or parameter file that was met.
pub(crate) struct Met {
    pub file: Arc<SourceFile>,
    pub role: Role,
}

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// It is a template, of whatever language.
    Template,
    /// It gives values to parameters.
    Parameters,
    /// It is a part of a Terraform configuration.
    Configuration,
}

/// What a file is for, from its name and the beginning of its text.
pub(crate) fn role(path: &Path, text: &str) -> Option<Role> {
    if is_configuration_file(path) {
        return Some(Role::Configuration);
    }
    if has_extension(path, &["bicep"]) {
        return Some(Role::Template);
    }
    if has_extension(path, &["bicepparam"]) {
        return Some(Role::Parameters);
    }
    Some(match schema_of(text)? {
        Schema::Template(_) => Role::Template,
        Schema::Parameters => Role::Parameters,
    })
}

/// What a folder holds.
#[derive(Default)]
pub(crate) struct Folder {
    pub files: Vec<Met>,
    /// Templates that were left out because the Bicep file that they were compiled from stands beside them.
    pub compiled: Vec<PathBuf>,
    pub unreadable: Vec<Unreadable>,
}

/// What stands below folders, as long as nothing there comes or goes.
#[derive(Default)]
pub(crate) struct Walks {
    folders: FxHashMap<PathBuf, Walked>,
    /// What was read and is of no use.
    useless: FxHashMap<PathBuf, Useless>,
    /// See [`Walks::configurations`].
    configurations: FxHashMap<PathBuf, Vec<PathBuf>>,
}

#[derive(Default)]
struct Walked {
    paths: Vec<PathBuf>,
    unreadable: Vec<Unreadable>,
}

#[derive(Clone)]
enum Useless {
    Nothing,
    LeftOut,
    Failed(Level, ReadError),
}

impl Walks {
    /// Whether what was walked still stands there after these changes.
    pub fn survive(&self, changes: &Changes) -> bool {
        let is_ignore = |path: &Path| path.file_name().is_some_and(|name| name == ".gitignore" || name == ".ignore");
        !changes.any_moved() && !changes.all_edited().any(is_ignore)
    }

    /// Whether nothing was walked yet.
    pub fn is_empty(&self) -> bool {
        self.folders.is_empty() && self.configurations.is_empty()
    }

    /// Forgets what was read of files that may have changed.
    pub fn forget(&mut self, changes: &Changes) {
        for path in changes.all_edited() {
            self.useless.remove(path);
        }
    }

    /// Reads what is of use below a folder: files that git ignores or the configuration excludes, and hidden ones, are
    /// left out. So are templates that were compiled from a Bicep file beside them, unless `with_compiled` or the
    /// configuration lists them: they can be many times as large as their sources. By path.
    pub fn walk(&mut self, files: &DiskFiles, folder: &Path, config: &Arc<Config>, with_compiled: bool) -> Folder {
        if !self.folders.contains_key(folder) {
            self.folders.insert(folder.to_owned(), Walked::new(files, folder, config));
        }
        let Some(walked) = self.folders.get(folder) else { return Folder::default() };
        let listed = |path: &Path| config.deployments.iter().any(|one| one.entry.value == path);
        let leave_out = |path: &Path, text: &str| !with_compiled && !listed(path) && is_compiled(path, text);
        let mut met = read_all(files, &walked.paths, &leave_out, Some(&mut self.useless));
        met.unreadable.extend(walked.unreadable.iter().cloned());
        met.unreadable.sort_by(|a, b| a.path.cmp(&b.path));
        met
    }

    /// The folders at and below one in which a Terraform configuration stands, in order; nothing is read.
    pub fn configurations(&mut self, folder: &Path, config: &Arc<Config>) -> Vec<PathBuf> {
        if let Some(known) = self.configurations.get(folder) {
            return known.clone();
        }
        let entries = builder(folder, folder, Some(config.clone())).build().filter_map(Result::ok);
        let is_file = |entry: &ignore::DirEntry| entry.file_type().is_some_and(|kind| !kind.is_dir());
        let files = entries.filter(|entry| is_file(entry) && is_configuration_file(entry.path()));
        let mut folders: Vec<_> = files.filter_map(|entry| Some(entry.path().parent()?.to_owned())).collect();
        folders.sort();
        folders.dedup();
        self.configurations.insert(folder.to_owned(), folders.clone());
        folders
    }
}

impl Walked {
    fn new(files: &DiskFiles, folder: &Path, config: &Arc<Config>) -> Self {
        let Walked { mut paths, mut unreadable } = Walked::default();
        for entry in builder(files.root(), folder, Some(config.clone())).build() {
            match entry {
                Ok(entry) => {
                    let Some(kind) = entry.file_type() else { continue };
                    if kind.is_symlink() && entry.path().is_dir() {
                        // Links to folders are not followed: what they lead to below the root is met by its own path.
                        if !entry.path().canonicalize().is_ok_and(|real| real.starts_with(files.root())) {
                            let path = entry.into_path();
                            unreadable.push(Unreadable { path, level: Level::Warning, error: ReadError::Outside });
                        }
                    } else if !kind.is_dir() && is_of_interest(entry.path()) {
                        paths.push(entry.into_path());
                    }
                }
                Err(error) => {
                    if let Some(path) = path_of(&error) {
                        let error = ReadError::Io(reason_of(&error));
                        unreadable.push(Unreadable { path, level: Level::Error, error });
                    }
                }
            }
        }
        let new = files.buffers().filter(|path| path.starts_with(folder) && is_of_interest(path) && !path.exists());
        let new: Vec<_> = new.filter(|path| !is_left_out(files.root(), folder, path, config)).collect();
        if !new.is_empty() {
            paths.extend(new.into_iter().map(Path::to_owned));
            paths.sort();
        }
        Walked { paths, unreadable }
    }
}

/// Whether a walk over a folder would leave a file out that is not on disk yet.
fn is_left_out(root: &Path, folder: &Path, path: &Path, config: &Config) -> bool {
    let Ok(inside) = path.strip_prefix(folder) else { return true };
    let hidden = inside.components().any(|part| part.as_os_str().to_string_lossy().starts_with('.'));
    let above = ignored_above(root, path);
    let mut parts = path.ancestors().take_while(|part| *part != folder);
    hidden || parts.any(|part| is_ignored(&above, part, part != path) || config.excludes(part, part != path))
}

fn builder(root: &Path, folder: &Path, config: Option<Arc<Config>>) -> WalkBuilder {
    let above = ignored_above(root, folder);
    let mut builder = WalkBuilder::new(folder);
    // What lies outside the root, or in the user's own configuration, has no say.
    builder.parents(false).git_global(false).require_git(false).sort_by_file_path(Ord::cmp);
    builder.filter_entry(move |entry| {
        let folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        let excluded = || config.as_ref().is_some_and(|config| config.excludes(entry.path(), folder));
        entry.depth() == 0 || !(is_ignored(&above, entry.path(), folder) || excluded())
    });
    builder
}

/// Reads what is of use among the files of one folder, not below it. What cannot be read was not asked for.
pub(crate) fn siblings(files: &DiskFiles, folder: &Path) -> Vec<Met> {
    let Ok(listed) = files.list(folder) else { return Vec::new() };
    let paths: Vec<_> = listed.iter().filter(|path| is_of_interest(path)).cloned().collect();
    read_all(files, &paths, &|_, _| false, None).files
}

/// Whether the Bicep compiler wrote the template from a file beside it.
fn is_compiled(path: &Path, text: &str) -> bool {
    is_json(path) && is_stamped_by_bicep(text) && path.with_extension("bicep").is_file()
}

/// What reading gave.
enum Read {
    Met(Met),
    /// Nothing of use.
    Nothing,
    LeftOut,
}

fn read_all(
    files: &DiskFiles,
    paths: &[PathBuf],
    leave_out: &(dyn Fn(&Path, &str) -> bool + Sync),
    useless: Option<&mut FxHashMap<PathBuf, Useless>>,
) -> Folder {
    let known = useless.as_deref();
    let read = |path: &PathBuf| match known.and_then(|known| known.get(path)) {
        Some(Useless::Nothing) => Ok(Read::Nothing),
        Some(Useless::LeftOut) => Ok(Read::LeftOut),
        Some(Useless::Failed(level, error)) => Err((*level, error.clone())),
        None => read(files, path, leave_out),
    };
    let read: Vec<_> = paths.par_iter().map(read).collect();
    let mut folder = Folder::default();
    let mut found = FxHashMap::default();
    for (outcome, path) in read.into_iter().zip(paths) {
        let of_no_use = match outcome {
            Ok(Read::Met(met)) => {
                folder.files.push(met);
                continue;
            }
            Ok(Read::Nothing) => Useless::Nothing,
            Ok(Read::LeftOut) => {
                folder.compiled.push(path.clone());
                Useless::LeftOut
            }
            Err((level, error)) => {
                folder.unreadable.push(Unreadable { path: path.clone(), level, error: error.clone() });
                Useless::Failed(level, error)
            }
        };
        // What a link leads to changes by another name.
        if useless.as_ref().is_some_and(|useless| !useless.contains_key(path)) && !path.is_symlink() {
            found.insert(path.clone(), of_no_use);
        }
    }
    if let Some(useless) = useless {
        useless.extend(found);
    }
    folder
}

fn read(
    files: &DiskFiles,
    path: &Path,
    leave_out: &(dyn Fn(&Path, &str) -> bool + Sync),
) -> Result<Read, (Level, ReadError)> {
    let announced = Cell::new(false);
    let left_out = Cell::new(false);
    let wanted = |bytes: &[u8]| match std::str::from_utf8(bytes) {
        Ok(text) => {
            let text = text.trim_start_matches('\u{feff}');
            let role = role(path, text);
            left_out.set(role == Some(Role::Template) && leave_out(path, text));
            role.is_some() && !left_out.get()
        }
        Err(_) => {
            announced.set(!is_json(path) || announces_template(bytes));
            true
        }
    };
    match files.read_if(path, wanted) {
        Ok(None) if left_out.get() => Ok(Read::LeftOut),
        Ok(file) => {
            let met = file.and_then(|file| Some(Met { role: role(path, &file.text)?, file }));
            Ok(met.map_or(Read::Nothing, Read::Met))
        }
        // Data in another encoding, or of a size that no template has, is probably none.
        Err(error @ ReadError::NotUtf8 { .. }) if !announced.get() => Err((Level::Warning, error)),
        Err(error @ ReadError::TooLarge { .. }) => Err((Level::Warning, error)),
        Err(error) => Err((Level::Error, error)),
    }
}

/// Whether bytes that are no UTF-8 name an ARM schema all the same, in UTF-16 or between the bad bytes.
fn announces_template(bytes: &[u8]) -> bool {
    let text: Vec<u8> = bytes.iter().filter(|byte| **byte != 0).map(u8::to_ascii_lowercase).collect();
    [&b"deploymenttemplate.json"[..], b"deploymentparameters.json"]
        .iter()
        .any(|name| memmem::find(&text, name).is_some())
}

fn is_of_interest(path: &Path) -> bool {
    is_json(path) || has_extension(path, &["bicep", "bicepparam"]) || is_configuration_file(path)
}

/// Whether a file is Bicep's, which Terraform has no use for.
pub(crate) fn is_bicep(path: &Path) -> bool {
    has_extension(path, &["bicep", "bicepparam"])
}

fn is_json(path: &Path) -> bool {
    has_extension(path, &["json", "jsonc"])
}

fn has_extension(path: &Path, wanted: &[&str]) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| wanted.iter().any(|known| extension.eq_ignore_ascii_case(known)))
}

/// The ignore files between the root and a folder, outermost first.
fn ignored_above(root: &Path, folder: &Path) -> Vec<Gitignore> {
    let between = folder.ancestors().skip(1).take_while(|above| above.starts_with(root));
    let mut out: Vec<_> = between
        .filter_map(|above| {
            let file = above.join(".gitignore");
            let mut builder = GitignoreBuilder::new(above);
            (file.is_file() && builder.add(file).is_none()).then(|| builder.build().ok()).flatten()
        })
        .collect();
    out.reverse();
    out
}

fn is_ignored(above: &[Gitignore], path: &Path, folder: bool) -> bool {
    let decided = above.iter().rev().map(|ignore| ignore.matched(path, folder)).find(|answer| !answer.is_none());
    decided.is_some_and(|answer| answer.is_ignore())
}

fn path_of(error: &ignore::Error) -> Option<PathBuf> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path.clone()),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        _ => None,
    }
}

fn reason_of(error: &ignore::Error) -> String {
    error.io_error().map_or_else(|| error.to_string(), ToString::to_string)
}
