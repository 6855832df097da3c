//! Which files of a folder may be templates or parameter files.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::WalkBuilder;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use memchr::memmem;
use rayon::prelude::*;
use rolecall_arm::{Schema, is_stamped_by_bicep, schema_of};
use rolecall_source::{DiskFiles, Files, Level, ReadError, SourceFile, Unreadable};

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

/// Reads what is of use below a folder: files that git ignores or the configuration excludes, and hidden ones, are left
/// out. So are templates that were compiled from a Bicep file beside them, unless `with_compiled` or the configuration
/// lists them: they can be many times as large as their sources. By path.
pub(crate) fn walk(files: &DiskFiles, folder: &Path, config: &Arc<Config>, with_compiled: bool) -> Folder {
    let mut paths = Vec::new();
    let mut unreadable = Vec::new();
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
    let listed = |path: &Path| config.deployments.iter().any(|one| one.entry.value == path);
    let mut met = read_all(files, paths, &|path, text| !with_compiled && !listed(path) && is_compiled(path, text));
    met.unreadable.extend(unreadable);
    met.unreadable.sort_by(|a, b| a.path.cmp(&b.path));
    met
}

/// The folders at and below one in which a Terraform configuration stands, in order; nothing is read.
pub(crate) fn configurations(folder: &Path, config: &Arc<Config>) -> Vec<PathBuf> {
    let entries = builder(folder, folder, Some(config.clone())).build().filter_map(Result::ok);
    let is_file = |entry: &ignore::DirEntry| entry.file_type().is_some_and(|kind| !kind.is_dir());
    let files = entries.filter(|entry| is_file(entry) && is_configuration_file(entry.path()));
    let mut folders: Vec<_> = files.filter_map(|entry| Some(entry.path().parent()?.to_owned())).collect();
    folders.sort();
    folders.dedup();
    folders
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
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<_> =
        entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| is_of_interest(path)).collect();
    paths.sort();
    read_all(files, paths, &|_, _| false).files
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

fn read_all(files: &DiskFiles, paths: Vec<PathBuf>, leave_out: &(dyn Fn(&Path, &str) -> bool + Sync)) -> Folder {
    let read: Vec<_> = paths.into_par_iter().map(|path| (read(files, &path, leave_out), path)).collect();
    let mut folder = Folder::default();
    for (outcome, path) in read {
        match outcome {
            Ok(Read::Met(met)) => folder.files.push(met),
            Ok(Read::Nothing) => {}
            Ok(Read::LeftOut) => folder.compiled.push(path),
            Err((level, error)) => folder.unreadable.push(Unreadable { path, level, error }),
        }
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
